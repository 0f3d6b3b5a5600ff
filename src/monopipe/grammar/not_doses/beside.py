"""What is taken beside a dose: 'with a glass of water (250 mL)', 'between two units of blood', 'with 1% ointment at night'."""

from __future__ import annotations

from monopipe.grammar import quantity
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import NUMBER, Token, skip
from monopipe.grammar.words import OFTEN, SETS, WHEN, find


def other_form(s: Scan, i: int) -> Island | None:
    """Another form of the drug and when it is used, no time of the dose before it: 'with 1% ointment at night'."""
    tokens = s.tokens
    if not any(p.kind == "dose" for p in s.islands[-8:]) or (tokens[i].low == "the" and tokens[i - 1].low != ","):
        return None
    j = skip(tokens, i + 1, ("the", "a", "an"))
    if tokens[j].kind == NUMBER and tokens[j + 1].low == "%":
        j += 2
    j = skip(tokens, j, ("eye", "nasal"))
    if tokens[j].low not in _APPLIED:
        return None
    often = find(WHEN, tokens, j + 1) or find(OFTEN, tokens, j + 1)
    return Island("lost", i, often[1]) if often else None


_APPLIED = SETS["applied_forms"]


def drink(tokens: list[Token], i: int) -> Island | None:
    """What a dose is swallowed with: 'one tablet with a glass of water (250 mL)', 'a cup of tea, about 200 mL'."""
    j = skip(tokens, i + 1, _DRINKS)
    if tokens[j - 1].low not in _LIQUIDS:
        return None
    found = quantity.numbered(tokens, skip(tokens, j, ("(", ",", "about", "approximately", "at", "least")))
    if found is None or found.note != "volume":
        return None
    return Island("lost", i, found.j + (tokens[found.j].low == ")"))


_LIQUIDS = frozenset("water milk juice tea".split())
_DRINKS = _LIQUIDS | frozenset("of plain cold cool warm still tap orange apple fruit".split())


def between(s: Scan, i: int) -> Island | None:
    """What a dose is given between, no dose: '20 mg IV between two units of blood'."""
    found = quantity.numbered(s.tokens, i + 1)
    if found is None or quantity.amount(s.tokens, i) is not None:
        return None  # 'between 10 and 20 mg'
    return Island("lost", i, found.j)


def rate_of_fluid(tokens: list[Token], isl: Island) -> bool:
    """Whether a rate in volume is that of a fluid given beside the dose: 'after rehydration with 0.9% saline at 200 mL/h'."""
    if isl.kind != "rate" or not str(isl.fields.get("rate_unit")).startswith("mL"):
        return False
    k = isl.i - 1
    seen = False
    while k > 0 and (tokens[k].low in _FLUIDS or tokens[k].low in _OF_FLUIDS or tokens[k].kind == NUMBER):
        seen = seen or tokens[k].low in _FLUIDS
        k -= 1
    return seen and tokens[k].low not in ("in", "into")


_FLUIDS = SETS["fluids"]
_OF_FLUIDS = frozenset("sodium normal isotonic balanced intravenous iv oral % ( ) , of at".split())
