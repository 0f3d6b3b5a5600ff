"""What is for some, or for a second time: words behind a dose that must not reach it."""

from __future__ import annotations

from monopipe.grammar import quantity, timing
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, Token, skip
from monopipe.grammar.words import OFTEN, ROUTES, TIMES, WHEN, WHO, find

AGAIN_FIRST = (
    "repeat repeated repeating again once twice second third fourth further another extra additional a an".split()
)
"""The words that begin with a second time."""
_TIMES = frozenset(
    "once twice it this the dose up to a second further time times more again only one may can be".split()
)
_ANOTHER = frozenset("second third fourth further another extra additional repeat".split())
_DOSE = frozenset("dose time injection infusion tablet puff spray bolus".split())
_IS_GIVEN = frozenset("may can should is be given taken used added needed only".split())
_IF = frozenset("if when whenever where should".split())


def again_if(s: Scan, i: int) -> Island | None:
    """When a dose is given once more, no condition of its first time: '5 mg IV, repeated if necessary', 'a second dose if in pain'."""
    tokens = s.tokens
    if not any(p.kind == "dose" for p in s.islands[-8:]):
        return None
    low = tokens[i].low
    if low.startswith("repeat"):
        k = skip(tokens, i + 1, _TIMES)
    elif low == "again" or (low in ("once", "twice") and tokens[i + 1].low in ("more", "again")):
        k = skip(tokens, i + 1, ("more", "again", "once"))
    else:
        k = i + (low in ("a", "an"))
        if tokens[k].low not in _ANOTHER or tokens[k + 1].low not in _DOSE:
            return None
        k = skip(tokens, k + 2, _IS_GIVEN)
        if time := find(WHEN, tokens, k + (tokens[k].low == "at")) or find(WHEN, tokens, k):
            k = time[1]  # 'a fourth tablet at night if sleepless'
    return _to_its_end(tokens, i, k + 1) if tokens[k].low in _IF else None


def often_of_others(s: Scan, i: int) -> Island | None:
    """How often a dose is given to some, not to all: '500 mg twice daily, only once daily below 70 kg', 'but daily if frail'."""
    tokens = s.tokens
    if not any(p.kind == "often" for p in s.islands[-4:]):
        return None
    j = i + 1 + (tokens[i + 1].low == "only")
    if often := find(OFTEN, tokens, j):
        k = often[1]
    elif (counted := timing.count_per(tokens, j) or timing.every(tokens, j)) is not None:
        k = counted.j
    else:
        return None
    return _to_its_end(tokens, i, k) if tokens[k].low in _FOR else None


def half_if(s: Scan, i: int) -> Island | None:
    """For whom half or double the dose is, no one whom all of it is for: '1 g at night, half each when CrCl is below 60'."""
    tokens = s.tokens
    if tokens[i].value is not None and tokens[i].low != "half":
        return None
    if tokens[i - 1].low not in (",", ";", "(", "and", "but") or not any(p.kind == "dose" for p in s.islands[-8:]):
        return None
    k = skip(tokens, i + 1, _OF_IT)
    if tokens[k].low == "in" and tokens[k + 1].low in ("each", "both", "the") and not find(WHO, tokens, k + 2):
        return None  # 'half in each nostril', 'half in the morning'
    return _to_its_end(tokens, i, k + 1) if tokens[k].low in _FOR else None


_OF_IT = frozenset("each of that this it them the dose doses amount as much only".split())


def people_behind(s: Scan, i: int) -> Island | None:
    """How it is for other people behind a comma: '7 mg twice daily, elderly once daily', 'for 10 days, children 7 days'."""
    tokens = s.tokens
    j = skip(tokens, i + 1, ("but", "and", "in", "for", "the"))
    hit = find(WHO, tokens, j)
    if hit is None or not hit[0][0]:
        return None
    said = _said_of_dose(s)
    k = skip(tokens, hit[1], ("only", "just", "for", "over"))
    if tokens[k].low == "by" or find(ROUTES, tokens, k):
        told = "route"
    elif find(OFTEN, tokens, k):
        told = "often"
    elif (lasts := quantity.amount(tokens, k)) is not None and find(TIMES, tokens, lasts.j):
        told = "over" if tokens[k - 1].low == "over" else "bounds"
    elif (counted := timing.count_per(tokens, k) or timing.every(tokens, k)) is not None:
        told = counted.kind
    else:
        return None
    return _to_its_end(tokens, i, k) if told in said else None


def _said_of_dose(s: Scan) -> set[str]:
    """What stands behind the last dose of the sentence."""
    kinds: set[str] = set()
    for p in reversed(s.islands[-12:]):
        if p.kind in ("dose", "rate"):
            return kinds
        if p.kind == "sep" and p.note in ("sentence", "break", "semi"):
            return set()
        kinds.add(p.kind)
    return set()


_FOR = frozenset("if in for when with below under over above where after".split())


def _to_its_end(tokens: list[Token], i: int, k: int) -> Island | None:
    """The words from token i to the end of what is said, where they hold no amount."""
    while tokens[k].kind not in (END, BREAK) and tokens[k].low not in (",", ";", ")", "|", "."):
        given = quantity.dose(tokens, k) if tokens[k].kind == NUMBER else None
        if (
            given is not None
            and given.kind in ("dose", "rate")
            and given.note in ("mass", "activity", "volume", "count")
        ):
            return None
        k += 1
    return Island("lost", i, k)


__all__ = ["AGAIN_FIRST", "again_if", "half_if", "often_of_others", "people_behind"]
