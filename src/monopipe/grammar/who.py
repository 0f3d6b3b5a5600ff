"""Who a dose is for: age groups, special populations and measured parameters with their bands."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, NUMBER, PUNCT, WORD, Token, skip
from monopipe.grammar.quantity import dose, number
from monopipe.grammar.words import NUMBER_WORDS, PARAMETERS, SETS, TIMES, UNITS, WHO, find

_DASHES = "-–—‑"
_BELOW = SETS["below"]
_ABOVE = SETS["above"]
_OLDER = SETS["older"]
_YOUNGER = frozenset(("under", "younger", "below", "less", "lower", "lighter"))
_OLD = 65
# From here a creatinine that doses go by is that of impaired kidneys.
_RAISED = {"umol/L": 110, "mg/dL": 1.3}
_DAYS = {"d": 1.0, "wk": 7.0, "mo": 30.4375, "a": 365.25}


# A parameter stands with a number or as Child–Pugh class, a group as a phrase, which holds its own longest word, or takes
# another drug.
_CUES = frozenset(
    (
        "pugh",
        "taking",
        "receiving",
        "treated",
        *NUMBER_WORDS,
        *(max((first, *rest), key=len) for first, found in WHO.items() for rest, _ in found),
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_UNPLAIN = re.compile(r"[\d½¼¾⅓⅔⅛‹(.](?:(?<!\.)|(?=\w))")


def may_say_who(text: str) -> bool:
    """Whether a text has a word or a number without which it speaks of nobody; a look before it is read."""
    return _UNPLAIN.search(text) is not None or not _CUES.isdisjoint(_WORD.findall(text.lower()))


class Band(NamedTuple):
    """A band of a parameter: ends, the token after, whether words such as 'over' showed that it is a bound."""

    low: float | None
    high: float | None
    unit: str | None
    j: int
    shown: bool


def _unit(tokens: list[Token], j: int) -> tuple[str, int] | None:
    """The unit of a parameter: years, months, kg, pounds, mL/min, mL/min/1.73 m², mg/dL, µmol/L, kg/m², m², %."""
    low = tokens[j].low
    if low == "yo" or low == "yrs":
        return "a", j + 1
    if low in ("kg", "kgs", "kilograms", "kilogram", "kilos"):
        if tokens[j + 1].low == "/" and tokens[j + 2].low in ("m2", "m²"):
            return "kg/m2", j + 3
        return "kg", j + 1
    if low in _POUNDS:
        return "[lb_av]", j + 1
    if low in ("m2", "m²"):
        return "m2", j + 1
    if low == "cm":
        return "cm", j + 1
    if low == "%":
        return "%", j + 1
    if low == "mmhg" or (low == "mm" and tokens[j + 1].low == "hg"):
        return "mm[Hg]", j + 1 + (low == "mm")
    if low in ("seconds", "second", "sec", "secs", "s"):
        return "s", j + 1
    if low in ("ml", "mls") and tokens[j + 1].low in ("/", "per", "min") and tokens[j + 1].low != "min":
        if tokens[j + 2].low not in ("min", "minute", "mn"):
            return None
        k = j + 3
        if tokens[k].low in ("/", "per") and tokens[k + 1].low == "1.73":
            k += 2
            if tokens[k].low in ("m2", "m²", "m"):
                k += 1
            return "mL/min/{1.73_m2}", k
        return "mL/min", k
    if low in SETS["lab_units"] and tokens[j + 1].low in ("/", "per"):
        if tokens[j + 2].low in ("dl", "l", "litre", "ml"):
            unit = {"µmol": "umol", "μmol": "umol", "micromol": "umol", "µg": "ug"}.get(low, low)
            return unit + "/" + {"dl": "dL", "l": "L", "litre": "L", "ml": "mL"}[tokens[j + 2].low], j + 3
        return None
    if low in ("/", "x", "×") and tokens[j + 1].low in ("µl", "mm3", "ul", "mm³"):
        return "/uL", j + 2
    if low in ("x", "×") and tokens[j + 1].low == "10" and tokens[j + 2].low in ("9", "⁹", "^"):
        k = j + 3
        k = skip(tokens, k, ("9", "/", "l"))
        return "10*9/L", k
    if low == "cells" and tokens[j + 1].low == "/":
        return "/uL", j + 3
    if hit := find(TIMES, tokens, j):
        (factor, unit), k = hit
        if unit in _DAYS and factor == 1:
            return unit, k
    return None


_POUNDS = frozenset("lb lbs pound pounds".split())
WEIGHTS = ("kg", "[lb_av]")
"""The units that a patient's weight is in."""


def band(tokens: list[Token], i: int) -> Band | None:
    """A band: '30–60 mL/min', '< 30', '≥ 65 years', '12 years and over', 'less than 10 kg', '1 month to 4 years'."""
    lead = _band_lead(tokens, i)
    if lead is None or tokens[lead.j].value is None or (first := number(tokens, lead.j)) is None:
        return None
    side, shown = lead.side, lead.shown
    value, k = first
    got = _unit(tokens, k)
    unit, m = got or (None, k)
    if tokens[m].low == "of" and tokens[m + 1].low == "age":
        m += 2
        shown = True
    if both := _both_ends(tokens, m, value, unit, lead._replace(shown=shown)):
        return _suffix(tokens, both)
    if side == 0 and unit in _DAYS and [t.low for t in tokens[m : m + 4]] == ["to", "the", "end", "of"]:
        return Band(value, None, unit, m + 5, True)  # '9 months to the end of breastfeeding'
    if side == 0 and unit in _DAYS and tokens[i - 1].low == "to" and not (i > 1 and tokens[i - 2].value is not None):
        return _suffix(tokens, Band(None, value, unit, m, True))  # 'adolescents to 19 years', 'birth to 2 years'
    if side == 0 and got is None and tokens[k].low == "+" and tokens[k + 1].low not in ("", "("):
        return None
    return _suffix(tokens, Band(value if side >= 0 else None, value if side <= 0 else None, unit, m, shown))


class _BandLead(NamedTuple):
    """The words before the first number of a band."""

    j: int
    """Where the number stands."""
    side: int
    """Whether they make it the upper end (-1), the lower (1), or leave it open (0)."""
    shown: bool
    """Whether they say that it is a band."""
    between: bool
    """Whether "and" joins its ends: 'between 30 and 60'."""


def _band_lead(tokens: list[Token], i: int) -> _BandLead | None:
    """The words before the first number: 'between', 'at least', 'up to', 'no more than', 'below the age of'."""
    j, side = i, 0
    shown = tokens[j].low == "from"
    if tokens[j].low in ("of", "is", ":", "=", "was", "between", "from", "at"):
        j += 1
        if tokens[j].low == "least":
            side, shown = 1, True
            j += 1
    low = tokens[j].low
    between = "between" in (low, tokens[i].low)
    if low in ("half", "quarter"):
        return None  # 'CrCl: half the dose' bounds nothing
    if low == "up" and tokens[j + 1].low == "to":
        side = -1
        j += 2
    elif low in ("no", "not") and tokens[j + 1].low in ("more", "less", "above", "below", "over"):
        side = -1 if tokens[j + 1].low in ("more", "above", "over") else 1
        shown = True
        j += 3 if tokens[j + 2].low == "than" else 2
    elif low in _BELOW or (low in _ABOVE and low != "from"):
        side = -1 if low in _BELOW else 1
        shown = True
        j += 1
        if tokens[j].low in ("than", "=", "or", "the"):
            j += 1
            if tokens[j].low == "equal":
                j += 2 if tokens[j + 1].low == "to" else 1
        if tokens[j].low in ("age", "of"):
            j += 1
    return _BandLead(j, side, shown, between)


_UPPER = frozenset(("<", "≤", "below", "under", "less", "up"))
"""What may stand before the upper end: '30 to below 60'."""


def _both_ends(tokens: list[Token], m: int, value: float, unit: str | None, lead: _BandLead) -> Band | None:
    """A band of two ends, the second behind token m: '30–60', '≥ 30 to < 60', 'over 2 and up to 12 years'."""
    link = tokens[m]
    dash = link.kind == PUNCT and link.low in _DASHES
    if lead.side <= 0:
        joined = dash or link.low in ("to", "and", "through")
        if not joined or not (tokens[m + 1].value is not None or tokens[m + 1].low in _UPPER):
            return None
        n = skip(tokens, m + 1, ("<", "≤", "below", "under", "less", "than", "up", "to"))
        if (second := number(tokens, n)) is None or lead.side:
            return None
        high, end = second
        unit_2, end = _unit(tokens, end) or (None, end)
        if unit is None or unit_2 is None or unit == unit_2:
            if value <= high and (link.low != "and" or lead.between or lead.shown or n > m + 1):
                return Band(value, high, unit_2 or unit, end, lead.shown)
            return None
        return _in_one_unit(value, unit, high, unit_2, end, shown=lead.shown)
    if (dash or link.low in ("to", "and", "but")) and (
        tokens[m + 1].low in _UPPER or tokens[m + 1].low in ("to", "not")
    ):
        if (second := number(tokens, skip(tokens, m + 1, SETS["band_link"]))) is None:
            return None
        got = _unit(tokens, second[1])
        if (got is None or unit is None or got[0] == unit) and value <= second[0]:
            return Band(value, second[0], got[0] if got else unit, got[1] if got else second[1], True)
    elif (dash or link.low == "to") and (second := number(tokens, m + 1)):
        got = _unit(tokens, second[1])
        if got and (unit is None or got[0] == unit) and value <= second[0]:
            return Band(value, second[0], got[0], got[1], True)
    return None


def _in_one_unit(low: float, unit: str, high: float, unit_2: str, end: int, *, shown: bool) -> Band | None:
    """A band of ages whose ends have two units: '1 month to 4 years' and '28 days to 11 years' in months."""
    if unit not in _DAYS or unit_2 not in _DAYS:
        return None
    if unit == "mo" and unit_2 == "a":
        return Band(low, high * 12, "mo", end, shown)
    if unit in ("d", "wk") and unit_2 in ("mo", "a"):
        return Band(round(low * _DAYS[unit] / _DAYS["mo"], 2), high * (12 if unit_2 == "a" else 1), "mo", end, shown)
    return Band(low, high * 7, "d", end, shown) if (unit, unit_2) == ("d", "wk") else None


def _on_a_day(tokens: list[Token], j: int) -> bool:
    """Whether 'on' stands before a time: 'on day 1', 'on the first day', 'on 2 days'."""
    return tokens[j].kind == NUMBER or any(t.low in ("day", "days") for t in tokens[j : j + 3])


def _suffix(tokens: list[Token], b: Band) -> Band:
    """The band with 'and over', 'or under', 'of age', 'old' after it."""
    j = b.j
    low, high, shown = b.low, b.high, b.shown
    for _ in range(3):
        word = tokens[j].low
        if word in ("and", "or") and tokens[j + 1].low in _OLDER and low == high:
            high, shown, j = None, True, j + 2
        elif word in ("and", "or") and tokens[j + 1].low in _YOUNGER and low == high:
            low, shown, j = None, True, j + 2
        elif word == "+" and low == high and b.unit is not None:
            high, shown, j = None, True, j + 1
        elif word in ("old",) or (word == "of" and tokens[j + 1].low == "age"):
            shown, j = True, j + (1 if word == "old" else 2)
        elif word == "on" and shown and low == high and not _on_a_day(tokens, j + 1):
            high, j = None, j + 1  # 'children from 6 years on'
        elif word in ("upwards", "onwards") and low == high:
            high, shown, j = None, True, j + 1
        else:
            break
    return Band(low, high, b.unit, j, shown)


def bounded(param: str, b: Band, unit: str) -> dict[str, Any]:
    """The columns of a parameter's band, in a unit where it prints none; an age from 65 years on is `geriatric`."""
    fields: dict[str, Any] = {
        "param": param,
        "param_low": b.low,
        "param_high": b.high,
        "param_unit": b.unit or unit or None,
    }
    if param == "age" and fields["param_unit"] == "a" and (b.low or 0) >= _OLD:
        fields["age_group"] = "geriatric"
    return fields


def parameter(tokens: list[Token], i: int) -> Island | None:
    """A named parameter and its band: 'CrCl 30–60 mL/min', 'aged 2–12 years', 'body weight under 50 kg', 'eGFR < 30'."""
    if tokens[i].low in ("child", "childs") and tokens[i + 1].low == "pugh":
        return child_pugh(tokens, i)
    hit = find(PARAMETERS, tokens, i)
    if hit is None:
        return None
    (param, unit, population), j = hit
    if tokens[j].low == "(" and tokens[j + 2].low == ")" and find(PARAMETERS, tokens, j + 1):
        j += 3
    if tokens[j].low == "(" and (got := _unit(tokens, j + 1)) and tokens[got[1]].low == ")":
        unit, j = got[0], got[1] + 1
        return Island("who", i, j, {}, ("head", param, unit, population))
    while j < i + 12 and tokens[j].low in SETS["parameter_words"] and tokens[j].low != "":
        j += 1
        if j > i + 8:
            return None
    b = band(tokens, j)
    if b is None:
        return None
    if tokens[j].low == "from" and b.low == b.high:
        b = b._replace(high=None)  # 'age: from 1 month'
    k = i - 1
    while k > 0 and tokens[k].low in ("a", "an", "the"):
        k -= 1
    if k < i - 1 and b.low == b.high and not b.shown:  # 'from a gestational age of 36 weeks', 'under the age of 6'
        from_, below = tokens[k].low in ("from", *_ABOVE), tokens[k].low in _BELOW
        b = b._replace(high=None) if from_ else b._replace(low=None) if below else b
    if param not in LASTING and _is_aim(tokens, i):
        return Island(
            "lost", i, b.j
        )  # 'titrate to a fasting glucose of 4–7 mmol/L' says what is aimed at, not who it is
    if (param == "age" and b.unit is not None and b.unit not in _DAYS) or (b.unit == "s") != (
        unit == "s" and bool(b.unit)
    ):
        return None
    if (
        param in ("age", "weight")
        and b.unit is None
        and (amount := find(UNITS, tokens, b.j))
        and tokens[amount[1]].low != "/"
    ):
        return None  # 'falls with age: up to 3.75 g'
    if b.unit == "%" and param != "HbA1c":
        return None
    if tokens[b.j].low in ("×", "x", "times") and (
        tokens[b.j + 1].low in ("uln", "the", "upper", "normal", "baseline")
    ):
        return None  # 'ALT more than 3 × ULN' is in no unit
    if (
        b.unit is None
        and not b.shown
        and param not in ("creatinine clearance", "eGFR", "GFR", "INR", "age", "weight", "BMI")
    ):
        return None
    if param == "weight" and b.unit not in (*WEIGHTS, None):
        return None
    if param in ("creatinine clearance", "eGFR", "GFR") and b.unit not in ("mL/min", "mL/min/{1.73_m2}", None):
        return None
    if b.unit is None and (b.high or b.low or 0) > _MOST_IN.get(param, b.high or b.low or 0):
        unit = ""  # 'creatinine over 200', 'glucose 8–10' are in other units than they would be in most often
    elif b.unit is None and (b.low or b.high or 0) < _LEAST_IN.get(param, 0):
        unit = ""
    fields = bounded(param, b, unit)
    if (
        population == "renal_impairment"
        and param not in ("serum creatinine", "creatinine")
        and b.high is not None
        and b.high <= 90
    ):
        fields["population"] = population
    if param in ("serum creatinine", "creatinine") and (b.low or 0) >= _RAISED.get(b.unit or "", 1e9):
        fields["population"] = population
    end = b.j
    if (
        tokens[end].low == ")"
        and any(t.low == "(" for t in tokens[i:end])
        and not any(t.low == ")" for t in tokens[i:end])
    ):
        end += 1
    return Island("who", i, end, fields, "param")


# Bare numbers beyond these are in mmol/L, µmol/L or g/L.
_MOST_IN = {"creatinine": 20, "serum creatinine": 20, "haemoglobin": 25}
_LEAST_IN = {"glucose": 35}


def _is_aim(tokens: list[Token], i: int) -> bool:
    """Whether a measured value is one to be reached: 'to a fasting glucose of', 'aiming for an INR of', 'to keep the aPTT'."""
    k = i - 1
    while k > 0 and k > i - 4 and tokens[k].low in _BEFORE_AIM:
        k -= 1
    return k > 0 and (tokens[k].low in _AIMS or (tokens[k].low == "for" and tokens[k - 1].low.startswith("aim")))


_AIMS = frozenset("to keep keeping maintain maintaining achieve reach reaches target targeting".split())
_BEFORE_AIM = frozenset("a an the target fasting serum plasma blood mean morning trough".split())
LASTING = frozenset(
    (
        "age",
        "weight",
        "BMI",
        "body surface area",
        "height",
        "creatinine clearance",
        "eGFR",
        "GFR",
        "gestational age",
        "postmenstrual age",
    )
)


def child_pugh(tokens: list[Token], i: int) -> Island | None:
    """A Child–Pugh class: 'Child-Pugh B', 'Child–Pugh class A or B', 'Child-Pugh score 7–9'."""
    j = i + 2
    j = skip(tokens, j, ("class", "score", "grade", "(", "classes", "category", "of"))
    if tokens[j].low in ("a", "b", "c") and tokens[j].kind != NUMBER:
        letters = [tokens[j].low.upper()]
        j += 1
        while tokens[j].low in ("or", "and", "/", "–", "-") and tokens[j + 1].low in ("b", "c"):
            letters.append(tokens[j + 1].low.upper())
            j += 2
        return Island(
            "who", i, j, {"param": "Child-Pugh " + "/".join(letters), "population": "hepatic_impairment"}, "param"
        )
    b = band(tokens, j)
    if b is None:
        return Island("who", i, j, {"population": "hepatic_impairment"})
    return Island(
        "who",
        i,
        b.j,
        {
            "param": "Child-Pugh score",
            "param_low": b.low,
            "param_high": b.high,
            "param_unit": "1",
            "population": "hepatic_impairment",
        },
        "param",
    )


def _gestation(tokens: list[Token], b: Band) -> tuple[str, Band] | None:
    """The age that is named behind its band: '31 weeks of postmenstrual age and above', "28 weeks' gestation"."""
    j = skip(tokens, b.j, ("'", "’", "of", "completed"))
    if tokens[j].low == "gestation":
        return "gestational age", _suffix(tokens, b._replace(j=j + 1))
    hit = find(PARAMETERS, tokens, j)
    if hit is None or hit[0][0] not in ("gestational age", "postmenstrual age"):
        return None
    return hit[0][0], _suffix(tokens, b._replace(j=hit[1]))


def from_gestation(tokens: list[Token], i: int) -> Island | None:
    """From when in a pregnancy: 'from 28 weeks of gestation until 36 weeks', 'from week 28 of pregnancy'."""
    k = i + 1 + (tokens[i + 1].low == "week")
    low, weeks = tokens[k].value, tokens[k + 1].low in ("weeks", "wk", "wks")
    if low is None or weeks == (k > i + 1):
        return None
    j = skip(tokens, k + 1 + weeks, ("'", "’", "of", "completed"))
    if tokens[j].low not in ("gestation", "pregnancy"):
        return None
    fields: dict[str, Any] = {"param": "gestational age", "param_low": low, "param_unit": "wk"}
    if _NEWBORN.isdisjoint(t.low for t in tokens[:i]):
        fields["population"] = "pregnancy"
    end = skip(tokens, j + 1, ("on", "onwards", "onward"))
    last = skip(tokens, end, ("until", "till", "to", "up", "week"))
    high, counted = tokens[last].value, tokens[last - 1].low == "week"
    if last > end and high is not None and high > low and (counted or tokens[last + 1].low == "weeks"):
        fields["param_high"], end = high, last + 2 - counted
    return Island("who", i, end, fields, "param")


_NEWBORN = frozenset("neonate neonates newborn newborns infant infants baby babies preterm premature born term".split())


def bare_band(tokens: list[Token], i: int, label: bool, after_who: bool) -> Island | None:
    """A band without its name: '≥65 years', '12 years and over', 'under 60 kg', '(2–12 years)' after a group."""
    b = band(tokens, i)
    if b is None or b.unit is None:
        return None
    if not (b.shown or label or after_who):
        return None
    low = tokens[i].low
    if low == "from" and b.low == b.high and (label or after_who or tokens[b.j - 1].low == "age"):
        b = b._replace(high=None)  # 'adolescents from 12 years', 'From 10 years of age'
    if tokens[b.j].low in _OF_AN_EVENT and tokens[b.j + 1].low not in _OF_MOTHER:
        return None  # '4 weeks before surgery:', '2 years without fits:'
    alone = tokens[i - 1].kind != WORD or i == 0  # '7–28 days:', not 'within 4 weeks:'
    if b.unit in _DAYS and (dated := _gestation(tokens, b)) is not None:
        param, b = dated
        return Island("who", i, b.j, bounded(param, b, "wk"), "param")
    if b.unit == "wk" and (b.high or b.low or 0) >= _VIABLE and _of_neonates(tokens, i):
        return Island(
            "lost", i, b.j
        )  # 'neonates of 32 weeks or more': of gestation or since conception, it does not say
    if b.unit in ("a", "mo") or (b.unit in ("d", "wk") and (after_who or (label and alone and low not in ("<", ">")))):
        if not (label or after_who):
            if (
                low == "at"
                or (low == "over" and b.unit not in ("a",))
                or (
                    low in (">", "≥", "more", "less", "<", "≤")
                    and tokens[i - 1].low in ("for", "after", "lasting", "every")
                )
            ):
                return None
            if low == "from" and b.low == b.high:
                return None
        return Island("who", i, b.j, bounded("age", b, b.unit), "param")
    if b.unit in WEIGHTS:
        if tokens[i - 1].low in ("per", "/"):
            return None
        return Island("who", i, b.j, bounded("weight", b, b.unit), "param")
    if b.unit == "cm" and (b.high or b.low or 0) >= _TALL:
        return Island("who", i, b.j, bounded("height", b, "cm"), "param")
    if b.unit in ("mL/min", "mL/min/{1.73_m2}") and (label or (b.shown and low in _BELOW | _ABOVE)):
        fields = bounded("creatinine clearance" if b.unit == "mL/min" else "eGFR", b, b.unit)
        if b.high is not None and b.high <= 90:
            fields["population"] = "renal_impairment"
        return Island("who", i, b.j, fields, "param")
    if b.unit == "m2" and label:
        return Island("who", i, b.j, bounded("body surface area", b, "m2"), "param")
    return None


_VIABLE = 22
_TALL = 45  # fewer cm are the size of something else


def _of_neonates(tokens: list[Token], i: int) -> bool:
    """Whether newborns are named right before token i, who are never so many weeks old."""
    hits = (find(WHO, tokens, k) for k in range(max(i - 4, 0), i))
    born = any(tokens[k].low == "term" and tokens[k - 1].low not in _LASTING for k in range(max(i - 4, 0), i))
    return born or any(hit is not None and hit[0][0] == "neonate" for hit in hits)


_LASTING = frozenset("- long short".split())
SEVERITY = frozenset(("mild", "moderate", "mod", "severe", "mildly", "moderately", "severely", "end"))
_ORGANS = {
    "renal": "renal_impairment",
    "kidneys": "renal_impairment",
    "hepatic": "hepatic_impairment",
    "liver": "hepatic_impairment",
}


_OPENS = frozenset((";", ".", "|", "-", "*", "•"))
_DISEASE = ("itis", "osis", "emia", "aemia", "pathy")
_OF_AN_EVENT = frozenset("before after following prior later earlier ago without".split())
_OF_MOTHER = frozenset("birth births delivery deliveries labour labor rupture contractions".split())
_ELDERS = frozenset("mother mothers father fathers parent parents carer carers contact contacts".split())
_OTHER_STATE = frozenset("ectopic molar unwanted unplanned tubal".split())


_NEITHER = frozenset("not no non without never except excepting excluding unless nor neither".split())
_BUT_FOR = frozenset((("other", "than"), ("apart", "from"), ("all", "but"), ("aside", "from")))
_BETWEEN = frozenset(
    "- on in for with of the a an any known who are is be have has having receiving undergoing needing requiring patients people those"
    " and or starting".split()
)


def is_excepted(tokens: list[Token], i: int, end: int) -> bool:
    """Whether a group is named to say that it is not meant, and no dose for it follows: 'not on dialysis', 'except in the elderly'."""
    if tokens[end].low in ("excluded", "excepted") or tokens[i - 1].low in ("starting", "beginning"):
        return True
    k = i - 1
    while k > 0 and (tokens[k].low in _BETWEEN or tokens[k].low in SEVERITY):
        k -= 1
    if k > 0 and (
        tokens[k].low == "including" or (tokens[k].low in ("also", "even") and tokens[k - 1].low in (",", "("))
    ):
        return True  # '20 mg daily, also in the elderly': of others as well
    if k < 0 or not (tokens[k].low in _NEITHER or (tokens[k - 1].low, tokens[k].low) in _BUT_FOR):
        return False
    if tokens[k].low in ("not", "no", "non", "without", "never"):
        return True
    ahead = skip(tokens, end, _TOLD)
    return ahead == end or tokens[ahead].value is None  # 'except in the elderly, who take 10 mg'


_JOINING = frozenset("or and with who under below over above of at from weighing given on in is are".split())
_ARTICLES = frozenset("the a an their her".split())
_TOLD = frozenset(
    ", ( : who are is be in whom for take takes need needs receive given should have get the dose a".split()
)
_CAUSED = frozenset((("due", "to"), ("secondary", "to"), ("caused", "by")))
_OF_ORGAN = frozenset("hepatic liver alcoholic decompensated compensated advanced chronic underlying the".split())


def _is_cause(tokens: list[Token], j: int) -> bool:
    """Whether what begins at token j is said to be a cause: 'oedema due to hepatic cirrhosis', 'ascites caused by'."""
    k = j - 1
    while k > 0 and (tokens[k].low in _OF_ORGAN or tokens[k].low in SEVERITY):
        k -= 1
    return k > 0 and (tokens[k - 1].low, tokens[k].low) in _CAUSED


def _is_being_born(tokens: list[Token], j: int, end: int) -> bool:
    """Whether a baby is named to say when its mother is given a dose: 'second baby of twins', 'once the baby is born'."""
    behind = (tokens[end].low, tokens[end + 1].low)
    if behind in (("of", "twins"), ("of", "triplets")) or tokens[j - 1].low in ("second", "first", "third"):
        return True
    if behind[0] in ("out", "delivered"):
        return True
    told = tokens[end + 1 : end + 4] if behind[0] in ("is", "has", "was") else []
    return any(t.low in _DELIVERED for t in told)


_DELIVERED = frozenset("born delivered out".split())


def mother(tokens: list[Token], i: int) -> Island | None:
    """A mother who is given the dose, among doses for her child: 'mother 200 mg', '10 mg daily for the mother'."""
    to_her = (
        tokens[i - 1].low == "the" and tokens[i - 2].low in ("for", "to") and tokens[i + 1].low not in ("-", "'", "’")
    )
    given = dose(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
    if not to_her and (given is None or given.kind != "dose"):
        return None
    return Island("who", i, i + 1, {"age_group": "unspecified"}, "group")


_ENDED = ("suppress", "inhibit", "prevent", "stop", "end")


def group(tokens: list[Token], i: int) -> Island | None:
    """A group: 'adults', 'children', 'the elderly', 'severe renal impairment', 'haemodialysis patients', 'infants'."""
    organ = _ORGANS.get(tokens[i].low)
    opens = i == 0 or tokens[i - 1].kind == BREAK or tokens[i - 1].low in _OPENS
    if organ and opens and tokens[i + 1].low in (",", "(", "-", "–", "—") and tokens[i + 2].low in SEVERITY:
        j = i + 2  # 'hepatic, mild-mod', 'renal (severe)'; 'abscess of the liver, severe' is a disease
        while tokens[j].low in SEVERITY or tokens[j].low in ("to", "or", "and", "-", "–", "/"):
            j += 1
        if tokens[j].low == ")" and tokens[j + 1].kind == WORD and tokens[j + 1].value is None:
            return None  # 'liver (severe) abscess'
        return Island("who", i, j, {"population": organ}) if tokens[j].low in (":", ")", ";", ",", "|", "") else None
    j = i
    while j < i + 6 and (tokens[j].low in SEVERITY or (tokens[j].low in ("to", "or", "and") and j > i)):
        j += 1
    hit = find(WHO, tokens, j)
    if hit is None:
        return None
    (age, population), k = hit
    if tokens[j].low in ("renal", "hepatic") and k == j + 1:
        return None
    of_thing = tokens[k].kind == WORD and tokens[k].low not in _JOINING and not find(WHO, tokens, k)
    if tokens[j].low == "preterm" and k == j + 1 and of_thing:
        return None  # 'preterm lung maturation': the patient is the mother
    if is_excepted(tokens, i, k):
        return Island("lost", i, k)  # 'not on dialysis', 'except in the elderly', 'non-obese adults'
    if population == "lactation" and any(t.low.startswith(_ENDED) for t in tokens[max(j - 3, 0) : j]):
        return None  # 'suppression of lactation': of what is treated
    if tokens[j - 1].low in _OTHER_STATE or _is_cause(tokens, j):
        return None  # 'ectopic pregnancy', 'ascites due to cirrhosis': part of a disease's name
    the = j - 1
    while (
        the > j - 5
        and the > 0
        and tokens[the].low not in _ARTICLES
        and (tokens[the].kind == WORD or tokens[the].low == "-")
    ):
        the -= 1
    if age in ("infant", "neonate") and tokens[the].low in _ARTICLES and tokens[the - 1].low == "of":
        return Island("lost", i, k)  # 'after delivery of the baby', 'of the preterm baby': the patient is the mother
    if age in ("infant", "neonate") and _is_being_born(tokens, j, k):
        return Island("lost", i, k)
    if age == "pediatric" and tokens[j - 1].low == "to" and tokens[k].low == "transmission":
        return None  # 'mother-to-child transmission'
    if age == "pediatric" and tokens[j - 1].low == "the" and tokens[j - 3].low in _OF_MOTHER:
        return None  # 'after delivery of the child'
    if age and tokens[j - 1].low == "of" and tokens[j - 2].low in _ELDERS:
        return None  # 'mothers of newborns', 'contacts of children': nobody says how old those are
    if age and tokens[k].low in _OF_MOTHER:
        return None  # 'threatened preterm birth': the patient is the mother
    if population and tokens[k].kind == WORD and tokens[k].low.endswith(_DISEASE):
        return None  # 'peritoneal dialysis peritonitis': part of a disease's name
    fields: dict[str, Any] = {}
    if age:
        fields["age_group"] = age
        if tokens[k].low in ("and", "or", "/", "&", ",") and (second := find(WHO, tokens, k + 1)) and second[0][0]:
            ages = {age, second[0][0]}
            k = second[1]
            if tokens[k].low in ("and", "or", "/", ",") and (third := find(WHO, tokens, k + 1)) and third[0][0]:
                ages.add(third[0][0])
                k = third[1]
            if "adult" in ages and "pediatric" in ages:
                fields["age_group"] = "all"
            elif len(ages) > 1:
                fields["age_group"] = (
                    "pediatric"
                    if ages <= {"pediatric", "adolescent", "infant", "neonate"} and "pediatric" in ages
                    else "unspecified"
                )
                if fields["age_group"] == "unspecified":
                    return Island("who", i, k, {}, "mixed")
        if tokens[k].low in ("dose", "doses") and tokens[i - 1].low in ("usual", "the", "normal", "of"):
            return None
    if population:
        fields["population"] = population
    if not fields:
        return Island("doubt", i, k)
    return Island("who", i, k, fields, "group")
