"""When a dose is given: times of day, meals, days of the week."""

from __future__ import annotations

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import NUMBER, Token, skip
from monopipe.grammar.quantity import amount
from monopipe.grammar.words import OFTEN, TIMES, WHEN, find

DAYS = frozenset(
    "monday mondays mon tuesday tuesdays tue tues wednesday wednesdays wed thursday thursdays thu thurs friday fridays fri "
    "saturday saturdays sat sunday sundays sun weekdays weekends".split()
)


def when(tokens: list[Token], i: int) -> Island | None:
    """A time of day or meal: 'at bedtime', 'with food', 'mane', '30 minutes before breakfast' (its 30 stays unread)."""
    lost: tuple[int, ...] = ()
    j = i
    if tokens[i].low == "night" and "middle" in [t.low for t in tokens[max(i - 5, 0) : i]]:
        return None  # 'middle-of-the-night'
    if tokens[i].value is not None or tokens[i].low in ("an", "at", "half", "within", "about", "approximately"):
        k = i + 1 if tokens[i].low in ("at", "within") and tokens[i + 1].low in ("least",) else i
        if k != i or tokens[i].low in ("within",):
            k += 1
        if tokens[k].low in ("an", "half") or tokens[k].low == "a":
            k = skip(tokens, k, ("an", "half", "a"))
            hit = find(TIMES, tokens, k)
        else:
            found = amount(tokens, k)
            if found is None:
                return _plain_when(tokens, i)
            hit = find(TIMES, tokens, found.j)
            lost = tuple(n for n in range(k, found.j) if tokens[n].kind == NUMBER)
        if hit is None:
            return _plain_when(tokens, i)
        j = hit[1]
        if tokens[j].low not in ("before", "after", "prior"):
            return _plain_when(tokens, i)
        got = find(WHEN, tokens, j)
        if got is None:
            return None
        return Island("when", i, _more_meals(tokens, got[1]), {"when_code": got[0]}, None, lost)
    return _plain_when(tokens, i)


def _more_meals(tokens: list[Token], j: int) -> int:
    if tokens[j].low in ("and", "or"):
        if tokens[j + 1].low in ("dinner", "supper", "lunch"):
            return j + 2
        if tokens[j + 1].low == "evening" and tokens[j + 2].low in ("meal", "meals"):
            return j + 3
    return j


def _plain_when(tokens: list[Token], i: int) -> Island | None:
    found = _named_when(tokens, i)
    if found is not None and tokens[i - 1].low in ("next", "following") and tokens[found.j].low in _SHOWS:
        return Island("lost", i, found.j)  # 'a cortisol above 50 nmol/L the next morning is abnormal'
    return found


_SHOWS = frozenset("is was are were shows suggests indicates confirms excludes".split())


def _named_when(tokens: list[Token], i: int) -> Island | None:
    low = tokens[i].low
    if (
        low in ("with", "before", "after")
        and tokens[i + 1].low in ("or", "and", "/")
        and tokens[i + 2].low in ("with", "without", "before", "after", "shortly", "immediately")
    ):
        k = i + 3 if tokens[i + 2].low not in ("shortly", "immediately") else i + 4
        if tokens[k].low in ("food", "meals", "meal", "breakfast", "a"):
            both = tokens[i + 2].low == "without"
            return Island("regardless" if both else "doubt", i, k + (2 if tokens[k].low == "a" else 1))
    if low in ("without", "regardless", "irrespective") and tokens[i + 1].low in ("of", "regard"):
        k = i + 2
        k = skip(tokens, k, ("to", "of"))
        if tokens[k].low in ("food", "meals", "meal"):
            return Island("regardless", i, k + 1)
    if low in ("with", "before", "after"):
        k = skip(tokens, i + 1, ("the", "your", "their", "an"))
        if tokens[k].low == "evening" and tokens[k + 1].low in ("meal", "meals"):
            return Island("doubt", i, k + 2)  # in the evening, or with a meal: one column, two things said
    if low in ("shortly", "immediately", "just", "right", "directly") and tokens[i + 1].low in ("before", "after"):
        got = find(WHEN, tokens, i + 1)
        return Island("when", i, got[1], {"when_code": got[0]}) if got else None
    if low == "with" and tokens[i + 1].low in ("the", "each", "every") and tokens[i + 2].low == "dose":
        return None
    got = find(WHEN, tokens, i)
    if got is None:
        return None
    end = _more_meals(tokens, got[1])
    if other := or_when(tokens, end, got[0]):
        return Island("doubt", i, other)  # 'in the morning or evening'
    return Island("when", i, end, {"when_code": got[0]})


def or_when(tokens: list[Token], j: int, code: str) -> int:
    """The token behind another time of day that may be chosen instead: 'or evening', 'or at night'; 0 where none stands here."""
    if tokens[j].low not in ("or", "/"):
        return 0
    if (often := find(OFTEN, tokens, j + 1)) and often[0].when_code not in (None, code):
        return often[1]
    k = skip(tokens, j + 1, ("in", "the", "every", "each"))
    other = find(WHEN, tokens, k) or find(WHEN, tokens, j + 1)
    if other is None and tokens[k].low in _PARTS_OF_DAY and tokens[k].low != code:
        return k + 1
    return other[1] if other is not None and other[0] != code else 0


_PARTS_OF_DAY = frozenset("morning evening night noon bedtime".split())


def weekdays(tokens: list[Token], i: int) -> Island | None:
    """'on Mondays, Wednesdays and Fridays': days of the week; no column holds them, they stay unread."""
    j = i + 1 if tokens[i].low in ("on", "every", "each") else i
    if tokens[j].low not in DAYS:
        return None
    n = 0
    while True:
        if tokens[j].low in DAYS:
            n += 1
            j += 1
        elif tokens[j].low in (",", "and", "/", "&") and (
            tokens[j + 1].low in DAYS or (tokens[j + 1].low == "and" and tokens[j + 2].low in DAYS)
        ):
            j += 1
        else:
            break
    return Island("weekdays", i, j, {}, n)


__all__ = ["or_when", "weekdays", "when"]
