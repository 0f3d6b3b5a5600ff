"""What is for some, or for a second time: words behind a dose that must not reach it."""

from __future__ import annotations

from monopipe.grammar import quantity, timing
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, Token, skip
from monopipe.grammar.words import OFTEN, find

AGAIN_FIRST = "repeat repeated repeating again once twice second third further another a".split()
"""The words that begin with a second time."""
_TIMES = frozenset(
    "once twice it this the dose up to a second further time times more again only one may can be".split()
)
_ANOTHER = frozenset("second third further another repeat".split())
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
        k = i + (low == "a")
        if tokens[k].low not in _ANOTHER or tokens[k + 1].low not in _DOSE:
            return None
        k = skip(tokens, k + 2, _IS_GIVEN)
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


__all__ = ["AGAIN_FIRST", "again_if", "often_of_others"]
