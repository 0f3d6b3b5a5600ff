"""Maxima of some people: the words behind a maximum that say whose it is, and the maximum of others that goes on with it."""

from __future__ import annotations

from monopipe.grammar.fields import unit_by
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, Token
from monopipe.grammar.words import OFTEN, find

FURTHER = "further"
"""The note of a maximum of some people behind that of all or of others."""


def further(s: Scan, found: Island) -> Island | None:
    """The maximum of further people, no dose: 'The maximum is 40 mg daily in adults and 20 mg daily in the elderly'.

    So also where the first is said of nobody: 'do not exceed 40 mg daily, or 20 mg daily in the elderly'.
    """
    tokens, joins = s.tokens, s.tokens[found.i - 1].low
    near = [p for p in s.islands[-5:] if p.kind not in ("sep", "often")][-2:]
    bans = (
        p.kind == "lost" and any(t.low in ("exceed", "exceeded", "maximum") for t in tokens[p.i : p.j]) for p in near
    )
    before = ["limit" if ban else p.kind for p, ban in zip(near, bans, strict=True)]
    often = find(OFTEN, tokens, found.j)
    end = often[1] if often else found.j
    joined = joins in ("and", "or", "but") or (joins == "," and tokens[end].low in ("in", "for"))
    several = often is not None and ((often[0].frequency or 2) > 1 or often[0].period_unit != "d")
    people = tokens[end].low in ("in", "for", "if") and tokens[end + 1].value is None  # not "for 3 months"
    of_some = people and before[-1:] == ["limit"] and not several
    again = joins == ";" and found.fields.get("dose_is") == "per_day"  # 'maximum 40 mg/day; 20 mg/day in the elderly'
    of_others = before in (["limit", "who"], ["limit", "lost"]) and joined
    if not of_others and not (of_some and (joined or again)):
        return None
    while people and tokens[end].kind not in (END, BREAK) and tokens[end].low not in _PEOPLE_END:
        end += 1  # the group is that of the maximum, and not of the dose before it
    return Island("lost", found.i, end, None, FURTHER)


_PEOPLE_END = frozenset("; . ) , |".split())


def goes_on(tokens: list[Token], islands: list[Island], found: Island) -> bool:
    """Whether a bare amount goes on with maxima that no dose stands before: 'max 4 mg/kg without adrenaline; 7 mg/kg with it'."""
    opened = [p for p in islands if p.kind in ("limit", "dose", "rate")]
    if not opened or any(p.kind != "limit" for p in opened) or found.kind != "dose":
        return False
    if any(
        p.kind in ("often", "step", "change") or p.note in ("sentence", "break")
        for p in islands[islands.index(opened[0]) :]
    ):
        return False
    if opened[-1].fields.get("max_dose_unit") != unit_by(found.fields):
        return False
    if tokens[found.i - 1].low not in (";", ",", "or", "and", ":"):
        return False
    for k in range(found.j, len(tokens) - 1):
        if tokens[k].low in (";", ".") or tokens[k].kind == BREAK:
            break
        if find(OFTEN, tokens, k) is not None or tokens[k].low in _GIVES:
            return False
    return True


def speaks_of_most(tokens: list[Token], k: int) -> bool:
    """Whether the sentence before token k has told of no amount yet, but of a largest dose: 'the maximum dose in smokers is'."""
    while k > 0 and tokens[k].kind not in (NUMBER, BREAK) and tokens[k].low not in _PEOPLE_END | {":"}:
        if tokens[k].low in ("maximum", "max", "maximal", "highest"):
            return any(t.low in ("dose", "dosage", "doses", "amount") for t in tokens[k + 1 : k + 4])
        k -= 1
    return tokens[0].low in ("maximum", "max", "maximal") and k == 0


def of_people_behind(tokens: list[Token], islands: list[Island], found: Island) -> Island | None:
    """The maximum that people right behind it are those of, and not of the dose before: '10 mg twice daily, max 15 mg/day in the elderly'."""
    top = next((p for p in reversed(islands) if p.kind != "sep"), None)
    if top is None or top.kind != "limit" or not {t.low for t in tokens[top.j : found.i]} <= _AMONG or found.i == top.j:
        return None
    dosed = next((p for p in reversed(islands) if p.kind in ("dose", "rate") or p.note in ("sentence", "break")), None)
    behind = tokens[top.i - 1].low in (",", ";", "(")
    return top if behind and dosed is not None and dosed.kind != "sep" else None


_AMONG = frozenset("in for among the patients people with those".split())


def of_some(tokens: list[Token], islands: list[Island], found: Island) -> Island | None:
    """The maximum of some, where a bare amount goes on with that of others: 'max 16 g/day if < 60 years, 8 g/day if > 60 years'."""
    told = next((p for p in reversed(islands) if p.kind in ("limit", "dose", "rate")), None)
    if told is None or told.kind != "limit" or found.kind != "dose":
        return None
    joined = tokens[found.i - 1].low in (",", "or", "and")
    alike = told.fields.get("max_dose_unit") == unit_by(found.fields)
    often = find(OFTEN, tokens, found.j)
    end = often[1] if often is not None and (often[0].frequency, often[0].period_unit) == (1, "d") else found.j
    return told if joined and alike and tokens[told.j].low in _OF_SOME and tokens[end].low in _OF_SOME else None


_OF_SOME = frozenset("if in for when with without ( < > ≤ ≥ below above under over".split())
_GIVES = frozenset("every times over then hourly at iv im sc orally po".split())
