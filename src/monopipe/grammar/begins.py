"""When a step begins, by the week, cycle or event it begins with: 'Week 2:', 'from week 3', 'in cycle 2', 'from 24 hours after'."""

from __future__ import annotations

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, PUNCT, Token, skip
from monopipe.grammar.onsets import beginning
from monopipe.grammar.words import ORDINALS, TIMES, UNITS, find

LATER = frozenset("later onwards onward beyond after afterwards above".split())
SINCE_FIRST = ("from", "in", "for", "during", "at", "of")
_CYCLES = ("cycle", "cycles")
# 'from the third week of treatment'; of pregnancy or life it is no time of the treatment
_OF_TREATMENT = ("the", "treatment", "therapy", "dosing")


def _unit(tokens: list[Token], i: int) -> str | None:
    """The unit of a numbered week, month or cycle whose name stands at a token; days count those of a cycle."""
    if tokens[i].low in _CYCLES:
        return "cycle"
    hit = find(TIMES, tokens, i)
    return hit[0][1] if hit is not None and hit[0][1] in ("wk", "mo") and hit[0][0] == 1 else None


def _origin(tokens: list[Token], i: int) -> int:
    """The number of the first week or cycle: 0 where the words around count from 'week 0', else 1."""
    low, begin = tokens[i].low.rstrip("s"), max(i - _NEAR, 1)
    around = enumerate(tokens[begin : i + _NEAR], begin)
    return 0 if any(t.value == 0 and tokens[k - 1].low.rstrip("s") == low for k, t in around) else 1


_NEAR = 100
"""Tokens before and behind a week among which one for week 0 counts as of the same scheme."""


def _numbers(tokens: list[Token], j: int) -> tuple[float, float | None, bool, int] | None:
    """The numbers of weeks at a token: the first, the last of a range, whether all later ones are meant, and the token behind."""
    first = tokens[j].value
    if tokens[j].kind != NUMBER or first is None:
        return None
    j += 1
    if tokens[j].low in ("and", "or") and tokens[j + 1].low in LATER:
        return first, None, True, j + 2
    last = tokens[j + 1].value if tokens[j + 1].kind == NUMBER else None
    if (tokens[j].kind == PUNCT and tokens[j].low in "-–") or tokens[j].low == "to":
        return (first, last, False, j + 2) if last is not None else None
    if tokens[j].low == "and" and last == first + 1 and not find(UNITS, tokens, j + 2):
        return first, last, False, j + 2
    open_end = tokens[j].low in LATER or tokens[j].low == "+"
    return first, None, open_end, j + open_end


def _start(first: float, last: float | None, unit: str, origin: int, point: bool) -> dict[str, object]:
    """The columns of a step that begins with a numbered week or cycle: the first one begins at once, be it called 1 or 0."""
    fields: dict[str, object] = {}
    if first > origin:
        fields.update(start_after=first - origin, start_after_unit=unit)
    elif unit == "cycle" and point:
        fields.update(cycles_min=1, cycles_max=1)
    if last is not None and last > first and unit != "cycle":
        n = last - first + 1
        fields.update(bounds_low=n, bounds_high=n, bounds_unit=unit)
    return fields


def week(s: Scan, i: int) -> Island | None:
    """A step's week or cycle as its label: 'Week 1:', 'Weeks 3–4:', 'Month 2:', 'Cycles 2–6:'; it starts after those before it."""
    tokens = s.tokens
    if not s.label:
        return _week_behind(s, i)
    got = _numbers(tokens, i + 1)
    unit = _unit(tokens, i)
    if got is None or unit is None:
        return None
    first, last, open_end, j = got
    origin = _origin(tokens, i)
    if first < origin:
        return None
    point = last is None and not open_end
    fields = _start(first, last, unit, origin, point)
    printed = tokens[i].end > tokens[i].start  # or a word that a table's head adds to "3"
    lost: tuple[int, ...] = ()
    if unit != "cycle" and printed:
        fields = {"condition_text": s.text[tokens[i].start : tokens[j - 1].end], **fields}
    elif unit == "cycle" and last is not None:
        lost = tuple(k for k in range(i + 2, j) if tokens[k].kind == NUMBER)
    if point and origin == 0:
        fields["dose_count"] = 1  # 'Week 0: 160 mg, week 2: 80 mg'
    return Island("week", i, j, fields, None, lost)


def _week_behind(s: Scan, i: int) -> Island | None:
    """A step's week alone in the bracket behind its dose: '5 mg once daily (week 1), 5 mg twice daily (week 2)'."""
    tokens = s.tokens
    unit, got = _unit(tokens, i), _numbers(tokens, i + 1)
    dosed = any(p.kind == "dose" for p in s.islands[-4:])
    if tokens[i - 1].low != "(" or not dosed or got is None or unit not in ("wk", "mo") or tokens[got[3]].low != ")":
        return None
    first, last, open_end, j = got
    fields = _start(first, last, unit, 1, last is None and not open_end)
    words = s.text[tokens[i].start : tokens[j - 1].end]
    return Island("condition", i, j, {"condition_text": words, **fields}) if first >= 1 else None


def since(s: Scan, i: int) -> Island | None:
    """When a step begins: 'from week 3', 'from the third week onwards', 'in cycle 2', 'for weeks 3 and 4', 'from 24 hours after'."""
    tokens = s.tokens
    low = tokens[i].low
    j = i + 1 + (tokens[i + 1].low == "the")
    if low == "from" and tokens[j].kind == NUMBER:
        found = beginning(tokens, i)
        counted = found is not None and _EVENTS.isdisjoint([t.low for t in tokens[i : found.j + 3]])
        return found if counted else None
    ordinal = ORDINALS.get(tokens[j].low) if j > i + 1 else None
    unit = _unit(tokens, j + (ordinal is not None))
    if ordinal is not None and low == "from" and tokens[j + 1].low == "day":
        unit = "d"  # 'once daily from the second day on'
    if unit is None or (s.label and ordinal is None and unit != "cycle"):
        return None  # 'From week 3:' is a label
    if ordinal is not None:
        first, last, open_end, end, origin = float(ordinal), None, False, j + 2, 1
    elif (got := _numbers(tokens, j + 1)) is not None:
        first, last, open_end, end = got
        origin = _origin(tokens, j)
    else:
        return None
    ranged = tokens[end - 1].kind == NUMBER and end > j + 2
    if first < origin or (low != "from" and not _beside_dose(s, i)) or (low == "for" and not ranged):
        return None
    if low in ("of", "at") and unit != "cycle" and not (low == "at" and origin == 0):
        return None
    more = skip(tokens, end, (",", "and", "or", "&"))
    if more > end and tokens[more].kind == NUMBER and not find(UNITS, tokens, more + 1):
        return None  # 'at weeks 0, 2 and 6' counts doses
    if tokens[end].low in LATER or (tokens[end].low == "on" and low == "from"):
        open_end, end = True, end + 1
    if tokens[end].low == "of":
        treated = skip(tokens, end + 1, _OF_TREATMENT)
        if treated == end + 1 or tokens[treated - 1].low == "the":
            return None
        end = treated
    if low == "from" and tokens[i - 1].low in (",", "and", "but") and i and not _amount_behind(tokens, end):
        return None  # '5 mg is given, and from the third day on the INR decides'
    fields = _start(first, last, unit, origin, not (ranged or open_end or low == "from"))
    if low in ("in", "at") and origin == 0 and not ranged:
        fields["dose_count"] = 1  # '160 mg at week 0, 80 mg at week 2'
    if unit == "cycle" and (not fields or any(p.note == "cycles" for p in s.islands[-6:])):
        return Island("lost", i, end, None, "cycles")  # 'weekly in cycles 1 and 2, every 2 weeks in cycles 3 to 6'
    if not fields:
        return None
    lost = tuple(k for k in range(j + 2, end) if tokens[k].kind == NUMBER) if ranged and unit == "cycle" else ()
    return Island("after", i, end, fields, None, lost)


def _amount_behind(tokens: list[Token], j: int) -> bool:
    """Whether an amount stands between a token and the end of its clause."""
    for k in range(j, j + 30):
        if tokens[k].kind in (END, BREAK) or tokens[k].low in (".", ";"):
            return False
        if tokens[k].value is not None and find(UNITS, tokens, k + 1):
            return True
    return False


# a time that is counted from birth is an age, one from food that of a meal
_EVENTS = frozenset("birth delivery born meal meals food eating breakfast".split())


def _beside_dose(s: Scan, i: int) -> bool:
    """Whether the words stand right behind those of a dose or open its clause: '50 mg daily in week 2', 'In week 2 the dose is'."""
    before = s.islands[-1] if s.islands else None
    if before is None or (before.kind == "sep" and before.j == i):
        return i == 0 or before is not None
    return before.j == i and before.kind in ("dose", "often", "route", "over", "when", "bounds", "form", "days")


__all__ = ["LATER", "SINCE_FIRST", "since", "week"]
