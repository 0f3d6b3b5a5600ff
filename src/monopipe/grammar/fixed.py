"""Fixed combinations with each substance named beside its amount: 'one tablet of lisinopril 20 mg/hydrochlorothiazide 12.5 mg'."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import NUMBER, WORD, skip
from monopipe.grammar.quantity import amount, dose
from monopipe.grammar.words import FORMS, UNITS, drug_like, find


class _Parts(NamedTuple):
    """The amounts of a product from its own drug's on: that as a dose, the token behind the last, the whole as printed."""

    first: Island
    end: int
    components: str
    partners: str


def parts(s: Scan, i: int) -> Island | None:
    """The dose of a combination at its first amount, this drug's: '20 mg/hydrochlorothiazide 12.5 mg'."""
    if not s.own or s.tokens[i - 1].low not in s.own:
        return None
    found = _parts(s, i, ("/",))
    return _island(i, found) if found is not None else None


def counted(s: Scan, i: int) -> Island | None:
    """So many of a combination: 'one fixed tablet of diclofenac 50 mg/misoprostol 200 mcg'."""
    tokens = s.tokens
    count = amount(tokens, i) if s.own else None
    if count is None or count.low is None or count.low != count.high or count.low > _MOST:
        return None
    k = skip(tokens, count.j, _FIXED)
    fixed, form_at = k > count.j, k
    while (form := find(FORMS, tokens, k)) and form[0] == "quality":
        k = form[1]
    shape = find(UNITS, tokens, k)
    if shape is None or shape[0].dimension != "count":
        return None
    k = skip(tokens, shape[1], ("of", "containing", "with"))
    if tokens[k].low not in s.own:
        return None
    found = _parts(s, skip(tokens, k, s.own), ("/", "and", "plus", "+", "with") if fixed else ("/", "plus", "+"))
    if found is None:
        return None
    isl = _island(i, found)
    if count.low == 1:
        printed = s.text[tokens[form_at].start : tokens[shape[1] - 1].end]
        isl.fields.update(quantity_low=1.0, quantity_high=1.0, quantity_unit=shape[0].code, dose_form=printed)
    else:
        isl.fields.update(dose_low=count.low, dose_high=count.high, dose_unit=shape[0].code)  # two hold twice as much
    return isl


def listed(s: Scan, i: int) -> Island | None:
    """One of three or more numbers that share a unit: '5, 10, or 20 mg once daily', '2.5, 5 or 10 mg/kg'."""
    tokens, numbers, k = s.tokens, [s.tokens[i].value], i + 1
    after = [
        p for p in s.islands[-2:] if p.kind == "dose" and p.j == i - 1 == p.i + 1
    ]  # a number before it in the list
    ranged = tokens[i - 1].low in ("to", "-", "–", "—") and tokens[i - 2].kind == NUMBER
    if tokens[i].kind != NUMBER or tokens[i - 1].low in _COUNTED or tokens[i - 1].kind == NUMBER or ranged:
        return None
    while tokens[k].low in (",", "or") and len(numbers) <= _LONGEST_LIST:
        k += 1 + (tokens[k].low == "," and tokens[k + 1].low == "or")
        if tokens[k].kind != NUMBER or tokens[k].value is None:
            return None
        numbers.append(tokens[k].value)
        k += 1
        if tokens[k - 2].low == "or":
            break
    ascending = all(a is not None and b is not None and a < b for a, b in pairwise(numbers))
    if tokens[k - 2].low != "or" or not ascending or len(numbers) < (2 if after else 3):
        return None
    last = dose(tokens, k - 1)
    if (
        last is None
        or last.kind != "dose"
        or last.note not in ("mass", "activity", "volume")
        or find(FORMS, tokens, last.j)
    ):
        return None  # of '5, 10 or 20 mg tablets' nobody says how many
    factor = (last.fields["dose_low"] or 0) / (numbers[-1] or 1)
    first = round((numbers[0] or 0) * factor, 9)
    return Island("dose", i, i + 1, {**last.fields, "dose_low": first, "dose_high": first}, last.note)


_COUNTED = frozenset("day days week weeks cycle cycles grade grades stage class type phase age".split())
_LONGEST_LIST = 6
_MOST = 4
_FIXED = frozenset("fixed combined combination co-formulated fixed-dose single dose - ".split())


def _parts(s: Scan, k: int, links: tuple[str, ...]) -> _Parts | None:
    """The amounts from token k on, each but the first behind a link and the name of another drug."""
    tokens = s.tokens
    first = dose(tokens, k)
    if first is None or first.kind != "dose" or first.note not in ("mass", "activity"):
        return None
    end, printed, names = first.j, [_amount(s, k, first.j)], []
    while tokens[end].low in links and drug_like(tokens[end + 1]) and tokens[end + 1].low not in s.own:
        name = end + 1
        at = name + 1
        while tokens[at].kind == WORD and tokens[at].value is None and at < name + 3:
            at += 1
        other = dose(tokens, at) if tokens[at].kind == NUMBER else None
        if other is None or other.kind != "dose" or other.note not in ("mass", "activity"):
            return None
        names.append(s.text[tokens[name].start : tokens[at - 1].end])
        printed.append(_amount(s, at, other.j))
        end = other.j
    return _Parts(first, end, "/".join(printed), "; ".join(names)) if names else None


def _amount(s: Scan, i: int, j: int) -> str:
    return s.text[s.tokens[i].start : s.tokens[j - 1].end]


def _island(i: int, found: _Parts) -> Island:
    fields = {**found.first.fields, "dose_components": found.components, "partners": found.partners}
    return Island("dose", i, found.end, fields, found.first.note)


__all__ = ["counted", "listed", "parts"]
