"""Bands of age, weight or clearance without their name: 'adults 600 mg; 1–12 years 10 mg/kg', '3 tablets at 38–54 kg'."""

from __future__ import annotations

from typing import Any

from monopipe.grammar import quantity, who
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, PUNCT, WORD, Token
from monopipe.grammar.words import TIMES, find


def band(s: Scan, i: int) -> Island | None:
    """A band of age, weight or clearance without its name, in a label or after a group."""
    tokens = s.tokens
    after = _follows_group(s, i)
    found = who.bare_band(tokens, i, s.label, after)
    if found is not None:
        lasting = None if after else _lasting(s, i, found)
        return lasting or _of_same_clearance(s, found)
    if after:
        return _bare_age(tokens, i)  # 'Children under 5: 2 mg'
    if i and tokens[i - 1].low in _THOSE:
        found = who.bare_band(tokens, i, s.label, True)  # 'those between 15 and 23 kg'
        if found is not None and found.fields.get("param_unit") in ("a", "mo", *who.WEIGHTS):
            return found
        return _bare_age(tokens, i) or _the_others(s, i)
    if tokens[i].low in ("over", "above") and s.islands and s.islands[-1].j == i and s.islands[-1].kind in _GIVEN:
        old = _bare_age(tokens, i)  # '20 mg daily, 10 mg over 65'
        return old if old is not None and old.fields["param_low"] >= _SENIOR else None
    aged = _age_of_those(s, i) or _months_to_years(s, i)
    if aged is not None:
        return aged
    before = {p.fields["param"] for p in s.islands[-12:] if "param" in p.fields}
    if before and (beyond := _beyond_number(s, i)) is not None:
        return beyond
    if before:
        # '…, 1–4 years 125 mg, 5–12 years 250 mg' after other ages, '26–50 mL/min 1 g q12h' after other clearances
        found = who.bare_band(tokens, i, True, True)
        told = found is not None and found.fields.get("param") in before
        if told and found is not None and (_amount_at(s, found.j) or _of_those(tokens, i)):
            return found
        return _measured(s, i)
    if tokens[i - 1].low in (";", ",") and any(p.kind == "who" for p in s.islands[-12:]):
        found = who.bare_band(tokens, i, True, True)  # 'adults 600 mg; 1–12 years 10 mg/kg'
        return found if found is not None and _is_childhood(found) and _amount_at(s, found.j) else None
    if s.islands and not (s.islands[-1].kind == "sep" and s.islands[-1].j == i):
        return None
    return _first_of_bands(s, i) or _measured(s, i) or _unnamed(s, i)


def _lasting(s: Scan, i: int, found: Island) -> Island | None:
    """How long what a label names lasts, no age: 'Intensive phase (2 months):', 'Otitis media (7–10 days):'."""
    tokens, f = s.tokens, found.fields
    if not s.label or f.get("param") != "age" or not i or tokens[i - 1].low not in ("(", ","):
        return None
    low, high, unit = f["param_low"], f["param_high"], f["param_unit"]
    begin = next((k + 1 for k in range(i - 1, -1, -1) if tokens[k].kind == BREAK or tokens[k].low in (".", ";")), 0)
    if any(p.kind == "who" and p.i >= begin for p in s.islands):
        return None
    if tokens[i - 2].low in _COURSES:
        if low != high and any(t.low in ("year", "years", "yrs") for t in tokens[i : found.j]):
            # 'Induction (3–16 years)' is of those ages, 'Induction, 1 month to 8 years' too, 'Treatment (2–3 years)' may be either
            years = (high or 0) / (12 if unit == "mo" else 1)
            return None if low is None or high is None or years > _LONGEST_COURSE else Island("lost", i, found.j)
        return Island("bounds", i, found.j, {"bounds_low": low, "bounds_high": high, "bounds_unit": unit})
    apart = low == high or (tokens[i - 1].low == "(" and unit in ("d", "wk"))  # 'Gout, 6 weeks'
    return Island("lost", i, found.j) if apart else None


_LONGEST_COURSE = 5  # years
_COURSES = frozenset("phase course treatment therapy induction consolidation continuation intensification".split())


def _bare_age(tokens: list[Token], i: int) -> Island | None:
    """An age without its unit, of people: '20 mg in patients over 75', 'children under 6: 2 mg'."""
    b = who.band(tokens, i)
    if b is None or b.unit is not None or not b.shown or not _ends_group(tokens, b.j):
        return None
    young = tokens[i - 1].low in ("children", "infants")
    if b.high is None and b.low is not None and not young and _OLD_AGES[0] <= b.low <= _OLD_AGES[1]:
        return Island("who", i, b.j, who.bounded("age", b, "a"), "param")
    if young and (b.low is None or b.high is None) and (b.high or b.low or 0) <= _CHILDHOOD["a"]:
        return Island("who", i, b.j, who.bounded("age", b, "a"), "param")
    return None


def _the_others(s: Scan, i: int) -> Island | None:
    """Those on the other side of the bound told last: '10 mg for patients under 60 kg and 20 mg for those above'."""
    return _beyond(s, i) if _ends_group(s.tokens, i + 1) else None


def _beyond(s: Scan, i: int) -> Island | None:
    """Those on the side that a word names of the bound told last."""
    tokens = s.tokens
    above = tokens[i].low in ("above", "over", "heavier", "older")
    if not (above or tokens[i].low in ("below", "under", "lighter", "younger")):
        return None
    told = next((p.fields for p in reversed(s.islands[-12:]) if "param" in p.fields), {})
    bound = told.get("param_high" if above else "param_low")
    if bound is None or told.get("param_low" if above else "param_high") is not None:
        return None
    ends = {"param_low": bound, "param_high": None} if above else {"param_low": None, "param_high": bound}
    group = {"age_group": "unspecified"} if "age_group" in told else {}
    return Island("who", i, i + 1, {"param": told["param"], "param_unit": told["param_unit"], **ends, **group}, "param")


def the_rest(s: Scan, i: int) -> Island | None:
    """Those beyond the band told last: 'under 1 month: 150 units/kg; older: 100 units/kg'; which, may stand in a heading."""
    tokens = s.tokens
    opens = i == 0 or tokens[i - 1].kind == BREAK or tokens[i - 1].low in (";", ".", ",")
    named = tokens[i].low in ("older", "younger", "heavier", "lighter")
    end = i + 1 + (tokens[i + 1].low in ("children", "infants", "ones"))
    if not opens or not (tokens[end].low == ":" or (named and tokens[end].value is not None)):
        return None
    found = _beyond(s, i) or Island("who", i, end, {}, REST)
    found.j = end
    if end == i + 2 and tokens[i + 1].low == "children":
        found.fields["age_group"] = "pediatric"
    return found


REST = "rest"
"""The note of those beyond a band that the text around has."""


def _beyond_number(s: Scan, i: int) -> Island | None:
    """Those beyond the bound told last, which is told again without its unit: 'Children under 12: 5 mg, over 12: 10 mg'."""
    b = who.band(s.tokens, i)
    told: dict[str, Any] = next((p.fields for p in reversed(s.islands[-12:]) if "param" in p.fields), {})
    if b is None or b.unit is not None or not b.shown or not _ends_group(s.tokens, b.j):
        return None
    met = (b.low is not None and b.low == told.get("param_high")) or (
        b.high is not None and b.high == told.get("param_low")
    )
    if not met or told["param"] not in who.LASTING:
        return None
    group = {"age_group": "unspecified"} if "age_group" in told else {}
    return Island("who", i, b.j, {**who.bounded(told["param"], b, told["param_unit"]), **group}, "param")


def _ends_group(tokens: list[Token], j: int) -> bool:
    """Whether no unit or further word follows a bound of people."""
    return tokens[j].kind in (END, BREAK) or tokens[j].low in _BEHIND_GROUP


_BEHIND_GROUP = frozenset(". , ; : ) | and or take takes receive receives start get should need needs are".split())
_OLD_AGES = (50, 95)
_SENIOR = 65
_GIVEN = ("dose", "often", "when")
_CHILDHOOD = {"a": 18, "mo": 216}


def from_birth(s: Scan, i: int) -> Island | None:
    """An age from birth on right before its dose: 'birth to 6 weeks 15 mg daily'."""
    tokens = s.tokens
    if tokens[i + 1].low not in ("to", "until", "–", "-") or tokens[i + 2].kind != NUMBER:
        return None
    found = who.bare_band(tokens, i + 2, True, True)
    bracketed = tokens[i - 1].low == "(" and found is not None and tokens[found.j].low == ")"
    if found is None or found.fields.get("param") != "age":
        return None
    if not (bracketed or _amount_at(s, found.j + (tokens[found.j].low == ":"))):
        return None
    found.i, found.fields["param_low"] = i, None
    return found


def _months_to_years(s: Scan, i: int) -> Island | None:
    """An age from months or days to years right before its dose: '3 months–11 years 0.5 mg'."""
    tokens = s.tokens
    first, last = find(TIMES, tokens, i + 1), find(TIMES, tokens, i + 4)
    if first is None or last is None or first[0][1] not in ("d", "wk", "mo") or last[0][1] != "a":
        return None
    found = who.bare_band(tokens, i, True, True)
    return found if found is not None and _is_childhood(found) and _amount_at(s, found.j) else None


def _first_of_bands(s: Scan, i: int) -> Island | None:
    """A band right before its dose, where the next stands so before its own: '1–11 months 125 mg, 1–4 years 250 mg', '15–25 kg 200 mg, …'."""
    tokens = s.tokens
    found = who.bare_band(tokens, i, True, True)
    if found is None or not _is_listed(found) or (given := quantity.dose(tokens, found.j)) is None:
        return None
    if given.kind != "dose":
        return None
    for k in range(given.j, given.j + _TO_NEXT):
        if tokens[k].kind == END:
            return None
        if tokens[k].low in (",", ";") and tokens[k + 1].kind == NUMBER:
            behind = who.bare_band(tokens, k + 1, True, True)
            if behind is None or not _is_listed(behind) or not _amount_at(s, behind.j):
                return None
            if behind.fields["param"] != found.fields["param"] or _upper_end(behind) < _upper_end(found):
                return None
            _part_from_dose(s)
            return found
    return None


def _part_from_dose(s: Scan) -> None:
    """Make a colon that stands behind a dose divide it from the list: '10 mg/kg once daily: 15–25 kg 200 mg, 26–35 kg 300 mg'."""
    last = s.islands[-1] if s.islands else None
    if last is not None and isinstance(last.note, tuple) and any(p.kind == "dose" for p in s.islands[-8:]):
        last.note = "semi"


def _is_listed(band: Island) -> bool:
    """Whether a band is one of those that doses are listed by: of childhood, or of weight from one value to another."""
    f = band.fields
    weight = f.get("param") in ("weight", "height") and f["param_low"] is not None and f["param_high"] is not None
    return _is_childhood(band) or (weight and f["param_low"] < f["param_high"])


_TO_NEXT = 16


def _upper_end(band: Island) -> float:
    """The upper end of a band, of an age in months."""
    return float(band.fields["param_high"] * (12 if band.fields["param_unit"] == "a" else 1))


def _unnamed(s: Scan, i: int) -> Island | None:
    """A label that is a bound of it does not say what: 'Over 75: 2 mg'."""
    tokens = s.tokens
    k = i + 1 + (tokens[i + 1].low == "than")
    if tokens[i].kind == NUMBER and tokens[i + 1].low in ("and", "or") and tokens[i + 2].low in _BEYOND:
        k = i + 2  # '12 and over: 250 mg'
    elif tokens[i].kind != WORD or tokens[k].kind != NUMBER:
        return None
    if tokens[k + 1].low != ":":
        return None
    return Island("condition", i, k + 1, {"condition_text": s.text[tokens[i].start : tokens[k].end]})


_BEYOND = frozenset("over under above below older younger more less".split())


def _measured(s: Scan, i: int) -> Island | None:
    """A band of what is measured, right before its dose: 'aPTT < 35 s: 80 units/kg; 35–45 s: 40 units/kg', '8–10 mmol/L 2 units'."""
    tokens = s.tokens
    if s.islands and not (s.islands[-1].kind == "sep" and s.islands[-1].j == i):
        return None
    b = who.band(tokens, i)
    if b is None or b.unit is None or ("/" not in b.unit and b.unit != "s"):
        return None
    given = quantity.dose(tokens, b.j + (tokens[b.j].low == ":"))
    if given is None or given.kind not in ("dose", "rate"):
        return None
    for p in reversed(s.islands[-24:]):
        if p.fields.get("param_unit") == b.unit and p.fields["param"] not in who.LASTING:
            told = {"param": p.fields["param"], "param_low": b.low, "param_high": b.high, "param_unit": b.unit}
            return Island("who", i, b.j, told, "param")
    words = s.text[tokens[i].start : tokens[b.j - 1].end]
    return Island("condition", i, b.j, {"condition_text": words}) if b.unit in _IN_BLOOD else None


_IN_BLOOD = frozenset(("mmol/L", "mg/dL", "umol/L"))


def _follows_group(s: Scan, i: int) -> bool:
    """Whether token i stands right behind a group of people: 'children (', 'adults weighing'."""
    if not s.islands or s.islands[-1].kind != "who":
        return False
    k = s.islands[-1].j
    while s.tokens[k].low in ("(", ",", "aged", "who", "are", "of", "and", "weighing", "with") and k < i:
        k += 1
    return k == i


def _of_same_clearance(s: Scan, found: Island) -> Island:
    """A band in mL/min as one of the eGFR, where the last was: 'eGFR 30–60 mL/min 200 mg, below 30 mL/min 100 mg'."""
    if found.fields.get("param") == "creatinine clearance":
        last = next((p.fields["param"] for p in reversed(s.islands[-12:]) if "param" in p.fields), None)
        if last == "eGFR":
            found.fields["param"] = last
    return found


def _is_childhood(band: Island) -> bool:
    """Whether a band is a range of ages below 18 years, said in years or months."""
    low, high, unit = (band.fields.get(k) for k in ("param_low", "param_high", "param_unit"))
    if band.fields.get("param") != "age" or low is None or high is None:
        return False
    return bool(low < high <= _CHILDHOOD.get(unit or "", 0))


def _age_of_those(s: Scan, i: int) -> Island | None:
    """The age in a bracket that is no more than that, of the young spoken of before it: 'Children with asthma (6–11 years) take'.

    Behind a dose it is an age where the dose before has its people in brackets too.
    """
    tokens = s.tokens
    if tokens[i - 1].low != "(" or not i:
        return None
    found = who.bare_band(tokens, i, True, True)
    if found is None or found.fields.get("param") != "age" or tokens[found.j].low != ")":
        return None
    low, high = found.fields["param_low"], found.fields["param_high"]
    if (
        low == high
        or found.fields["param_unit"] not in _CHILDHOOD
        or (high or low) > _CHILDHOOD[found.fields["param_unit"]]
    ):
        return None
    dosed = False
    for p in reversed(s.islands[-12:]):
        if p.kind == "sep" and p.note in ("sentence", "break", "semi"):
            return None
        if p.kind in ("dose", "rate"):
            if dosed:
                return None
            dosed = True
        elif p.kind == "who" and dosed:  # '40 mg (adults), 10 mg (6–12 years)'
            alone = tokens[p.i - 1].low == "(" and tokens[p.j].low == ")"
            return found if alone and "age_group" in p.fields else None
        elif p.kind == "who" and p.fields.get("age_group") in _YOUNG:
            named = tokens[p.j].low == "with" and all(
                tokens[k].kind != PUNCT and tokens[k].low not in _LASTING and not find(TIMES, tokens, k)
                for k in range(p.j + 1, i - 1)
            )
            return found if named else None
    return None


_LASTING = frozenset(  # what makes a bracket of years a time, not an age
    "long longer standing term chronic persistent persisting prolonged established recent lasting duration history "
    "since for on after before over until treatment therapy symptoms who had".split()
)


_YOUNG = frozenset("neonate infant pediatric adolescent".split())


def _of_those(tokens: list[Token], i: int) -> bool:
    """Whether a band stands behind the people it is of: '200 mg to those with 1.0–1.49 m²'."""
    return tokens[i - 1].low in ("with", "of", "weighing", "aged", "at") and tokens[i - 2].low in _THOSE


_THOSE = frozenset("those patients people persons adults children adolescents infants anyone others".split())


def _amount_at(s: Scan, j: int) -> bool:
    """Whether a dose begins at a token, or behind shares another share."""
    dosed = quantity.dose(s.tokens, j) if s.tokens[j].value is not None else None
    share = dosed is not None and s.tokens[dosed.j - 1].low == "%" and any(p.note == "share" for p in s.islands[-10:])
    return dosed is not None and (dosed.kind in ("dose", "rate") or share)


def age_for(s: Scan, i: int) -> Island | None:
    """An age behind its dose in a row of doses by age: '6 mg under 1 year; 8 mg at 1 year; 12 mg from 3 years'."""
    if not s.islands or s.islands[-1].kind not in _GIVEN or s.islands[-1].j != i:
        return None
    found = who.bare_band(s.tokens, i, True, True)
    if found is None or found.fields.get("param") != "age":
        return None
    listed = s.islands[-1].kind == "dose" and any(p.kind == "who" and p.fields.get("param") == "age" for p in s.islands)
    ends = _ends_group(s.tokens, found.j) or s.tokens[found.j].low == "("
    grown = s.tokens[i].low == "from" and found.fields["param_unit"] == "a" and ends
    if not listed and not (grown and found.fields["param_low"] <= _CHILDHOOD["a"]):
        return None  # but '5 mg once daily from 12 years'
    if s.tokens[i].low == "from" and found.fields["param_low"] == found.fields["param_high"]:
        found.fields["param_high"] = None
    return found


def band_for(s: Scan, i: int) -> Island | None:
    """A weight or clearance after its dose: '0.15 mg IM for 15 to 30 kg', 'renal impairment: half the dose at 30–50 mL/min'."""
    found = who.bare_band(s.tokens, i + 1, True, True)
    param = found.fields.get("param") if found is not None else None
    if found is None or not (param == "weight" or (param in _CLEARANCES and _of_kidneys(s.tokens))):
        return None
    found.i = i
    return found


_CLEARANCES = ("creatinine clearance", "eGFR")
_KIDNEYS = frozenset("renal kidney kidneys clearance crcl egfr gfr".split())
_RUNS = frozenset(
    "infuse infused infusion infusing run runs running rate pump drip ml litre iv intravenous intravenously inject injected injection".split()
)


def runs(tokens: list[Token]) -> bool:
    """Whether a text speaks of something that may run at so many mL a minute."""
    return any(t.low in _RUNS and (t.low != "ml" or tokens[n + 1].low != "/") for n, t in enumerate(tokens))


def _of_kidneys(tokens: list[Token]) -> bool:
    """Whether a text speaks of the kidneys, and of nothing that runs."""
    return any(t.low in _KIDNEYS for t in tokens) and not runs(tokens)


def ends_at(s: Scan, i: int) -> bool:
    """Whether a band ends at token i, but for a comma or a colon."""
    before = [p for p in s.islands[-2:] if p.kind != "sep"][-1:]
    ends = i - (s.tokens[i - 1].low in (",", ":"))
    return any(p.kind == "who" and "param" in p.fields and p.j == ends for p in before)
