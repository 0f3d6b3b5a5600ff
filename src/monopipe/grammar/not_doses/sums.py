"""Sums of doses, means, and parts of a dose: 'to a total of 10 mg', 'the mean dose was 41.8 mg/day', 'the larger part at bedtime'."""

from __future__ import annotations

from monopipe.grammar import limits, quantity
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, WORD, Token, skip
from monopipe.grammar.not_doses.thresholds import is_needed
from monopipe.grammar.text import part_end
from monopipe.grammar.words import SETS, WHEN, find

SUM = "sum"
"""The note of a sum over doses."""


def total(s: Scan, i: int) -> Island | None:
    """A sum over doses, none itself: 'to a total of 10 mg', 'cumulative dose of 120–150 mg/kg'."""
    tokens = s.tokens
    if tokens[i].low == "total" and tokens[i + 1].low == "of" and (top := limits.limit_behind(tokens, i + 2)):
        top.i = i  # 'a total of 4 g a day must not be exceeded'
        return top
    dosed = any(p.kind == "dose" for p in s.islands)
    aside = tokens[i - 1].low == "(" and dosed  # '1 spray twice daily (total daily dose 200 micrograms)'
    isl = quantity.numbered(tokens, skip(tokens, i + 1, _SUM_ASIDE if aside else _SUM))
    if isl is None or isl.kind != "dose":
        return None
    is_sum = tokens[i].low != "total" or _sums_up(tokens, i, isl.j, dosed)
    return Island("lost", i, isl.j, None, SUM) if is_sum else None


def _sums_up(tokens: list[Token], i: int, end: int, dosed: bool) -> bool:
    """Whether the total at token i, told up to `end`, is that of doses, and no dose: 'to a total of 10 mg'."""
    before, two_before = tokens[i - 1].low, tokens[i - 2].low
    if before in ("a", "the") and two_before in _REACHING:
        return True
    if before == "a" and tokens[end].low in ("is", "was"):
        return True  # 'a total of 10 g is the usual load'
    if is_needed(tokens, end):
        return True  # 'a total of 0.6 mg/kg may be needed'
    return dosed and (before in (",", "(") or (two_before, before) == ("for", "a"))  # ', total 6 mg per attack'


_SUM = frozenset(
    "of dose doses goal target is about amount the usual held kept limited restricted capped to at".split()
)
_SUM_ASIDE = _SUM | {"daily", "per", "day", ":"}
_REACHING = frozenset("to until reaching reach at after once".split())


def averaged(s: Scan, i: int) -> Island | None:
    """What patients took on average, no dose to give: '(the mean exit dose in the trial was 41.8 mg/day)'."""
    tokens = s.tokens
    k = next((k for k in range(i + 1, i + 4) if tokens[k].low in ("dose", "doses", "dosage")), i)
    if k == i or (tokens[i].low == "average" and tokens[k + 1].low not in ("was", "were")):
        return None  # 'the average adult dose is 500 mg' is what to give
    for j in range(k + 1, k + 10):
        if tokens[j].kind in (END, BREAK) or tokens[j].low in (",", ";", ".", ")", ":"):
            return None
        if tokens[j].kind == NUMBER and (isl := quantity.dose(tokens, j)) is not None:
            return Island("lost", i, isl.j) if isl.kind == "dose" else None
    return None


def part_of_dose(s: Scan, i: int) -> Island | None:
    """A time that is of a part of the dose only: 'with the larger part at bedtime', 'the larger (two thirds) at night'."""
    tokens = s.tokens
    j = _past_share(s, i) if tokens[i].value is not None else _past_larger(tokens, i)
    if not j:
        return None
    j = skip(tokens, j, _PARTS)
    hit = find(WHEN, tokens, j) or (find(WHEN, tokens, j + 1) if tokens[j].kind == WORD else None)
    return Island("lost", i, hit[1]) if hit else None


def _past_share(s: Scan, i: int) -> int:
    """The token behind a share of the dose: 'half at bedtime', 'two thirds in the morning'; 0 where half of a count is a dose."""
    j = i + 1 + (s.tokens[i + 1].low in _FRACTIONS)
    if s.tokens[i].low != "half" and j == i + 1:
        return 0
    last = next((p for p in s.islands[:-12:-1] if p.kind in ("dose", "rate")), None)
    return j if last is not None and last.note != "count" else 0


def _past_larger(tokens: list[Token], i: int) -> int:
    """The token behind 'larger' and the like, where they speak of a part: 'the larger (two thirds)', 'most'; else 0."""
    j = i + 1
    if tokens[j].low == "(":
        return next((k + 1 for k in range(j, j + 8) if tokens[k].low == ")"), j)
    if tokens[j].low in _PARTS or tokens[i - 1].low in ("the", "with", "a") or tokens[i].low == "most":
        return j
    return 0


_FRACTIONS = SETS["fractions"]
_PARTS = frozenset("part portion share dose half given taken being of the it this amount".split())


def of_which(s: Scan, i: int) -> Island | None:
    """How the parts of a dose are given, no step: '0.9 mg/kg, of which 10% is given as a bolus over one minute'."""
    if s.tokens[i + 1].low != "which" or not any(p.kind == "dose" for p in s.islands[-4:]):
        return None
    return Island("lost", i, part_end(s.tokens, i + 2, s.text, (";",)))


def of_daily_dose(tokens: list[Token], i: int) -> Island | None:
    """The dose that a part is of, no frequency: 'one sixth of the daily dose', 'half of their total daily requirement'."""
    k = skip(tokens, i + 1, ("the", "their", "his", "her", "total", "usual", "previous", "oral", "whole"))
    if tokens[k].low not in ("daily", "weekly") or tokens[k + 1].low not in ("dose", "amount", "requirement", "intake"):
        return None
    told = tokens[k + 2].low == "(" and tokens[k - 1].low in ("total", "whole")
    whole = quantity.dose(tokens, k + 3) if told else None  # 'half of the total daily dose (40 units)'
    return Island("lost", i, whole.j if whole is not None else k + 2)
