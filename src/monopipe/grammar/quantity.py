"""Amounts: numbers, ranges, units, doses, strengths and rates."""

from __future__ import annotations

from typing import NamedTuple

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import NUMBER, PUNCT, WORD, Token, skip
from monopipe.grammar.words import (
    ADVERBS,
    FILLERS,
    FORMS,
    OFTEN,
    PERS,
    ROUTES,
    SETS,
    TIMES,
    UNITS,
    WHEN,
    Per,
    Unit,
    find,
    is_punct,
    known,
)

_DASHES = "-–—‑"
_HALVES = {"half": 0.5, "quarter": 0.25}
_APPROXIMATE = SETS["approximate"]
_BEFORE_NUMBER = _APPROXIMATE | frozenset(("up", "at", "as", "between", "from", "a"))
_TIMES_SIGN = frozenset(("x", "×", "*"))


class Amount(NamedTuple):
    """One or two numbers in the unit behind them; `low` is null for 'up to N', `high` for 'at least N'.

    `unit` is another one that the lower number has: '500 mg–1 g'.
    """

    low: float | None
    high: float | None
    j: int
    unit: Unit | None


def number(tokens: list[Token], i: int) -> tuple[float, int] | None:
    """The value of one number: '1.5', '1/2', '1 ½', 'one and a half', 'twenty four', '2 (two)', '1.2 million'."""
    token = tokens[i]
    value = token.value
    if value is None:
        if token.low == "a" and tokens[i + 1].low in _HALVES:
            return _HALVES[tokens[i + 1].low], i + 2
        return None
    j = i + 1
    after = tokens[j]
    if (
        after.low == "/"
        and token.kind == NUMBER
        and tokens[j + 1].low in ("2", "3", "4", "8")
        and (value < (tokens[j + 1].value or 0) and value in (1, 2, 3) and not is_punct(tokens[j + 2], "/"))
    ):
        return value / (tokens[j + 1].value or 1), j + 2
    if (
        after.value is not None
        and after.value < 1
        and after.kind == NUMBER
        and after.end - after.start == 1
        and 1 <= value < 100
    ):
        return value + after.value, j + 1
    if (
        token.kind == WORD
        and 20 <= value <= 90
        and after.kind == WORD
        and after.value is not None
        and 1 <= after.value < 10
    ):
        return value + after.value, j + 1
    if token.kind == WORD and value < 1 and after.low in ("a", "an", "of") and find(UNITS, tokens, j + 1):
        return value, j + 1  # 'half a tablet'
    if after.low in _HALVES and value == 1 and tokens[j + 1].low not in ("life", "lives"):
        return _HALVES[after.low], j + 1
    if after.low == "and":
        k = j + 1
        if tokens[k].low in ("a", "one", "1"):
            if tokens[k].low == "1" and tokens[k + 1].low == "/" and tokens[k + 2].low == "2":
                return value + 0.5, k + 3
            k += 1
        if tokens[k].low in _HALVES:
            return value + _HALVES[tokens[k].low], k + 1
    mixed = token.kind == after.kind == NUMBER and tokens[j + 1].low == "/" and tokens[j + 2].low in ("2", "4")
    if mixed and after.low in ("1", "3") and value < 20 and not is_punct(tokens[j + 3], "/"):
        return value + (after.value or 0) / (tokens[j + 2].value or 1), j + 3
    if after.low == "(" and tokens[j + 2].low == ")" and tokens[j + 1].value == value:
        return value, j + 3
    if after.kind == WORD and after.value == value and token.kind == NUMBER:
        return value, j + 1
    if after.low == "thousand":
        return value * 1000, j + 1
    if after.low in ("million", "mega") and tokens[j + 1].low.startswith(("u", "iu", "int")):
        return value, j  # the unit 'million units' holds the factor
    return value, j


def amount(tokens: list[Token], i: int) -> Amount | None:
    """One number or a range: '10', '10–20', '10 to 20', 'between 10 and 20', '2 or 3', 'up to 10', '10 mg to 20 mg'."""
    start = i
    low_word = tokens[i].low
    if tokens[i].value is None and low_word not in _BEFORE_NUMBER:
        return None
    while low_word in _APPROXIMATE:
        i += 1
        low_word = tokens[i].low
        if i > start + 2:
            return None
    bound = ""
    if low_word == "up" and tokens[i + 1].low == "to":
        bound, i = "high", i + 2
        if tokens[i].low == "a" and tokens[i + 1].low == "maximum":
            return None
    elif low_word == "at" and tokens[i + 1].low == "most":
        bound, i = "high", i + 2
    elif low_word == "as" and tokens[i + 1].low in ("much", "high", "many", "far") and tokens[i + 2].low == "as":
        bound, i = "high", i + 3
    elif low_word == "at" and tokens[i + 1].low == "least":
        bound, i = "low", i + 2
    elif low_word == "between":
        bound, i = "between", i + 1
    elif low_word == "from" and tokens[i + 1].value is not None:
        i += 1
    first = number(tokens, i)
    if first is None:
        return None
    value, j = first
    k = j
    unit: Unit | None = None
    if found := find(UNITS, tokens, k):
        unit, k = found
        while is_punct(tokens[k], "/") and (per := find(PERS, tokens, k + 1)):
            k = per[1]
    link = tokens[k]
    joined = (
        (link.kind == PUNCT and link.low in _DASHES)
        or (link.low == "to" and bound != "high")
        or (link.low == "or" and bound != "between")
        or (link.low == "and" and bound == "between")
    )
    if joined and (second := number(tokens, k + 1)) is not None:
        after = find(UNITS, tokens, second[1])
        high = second[0]
        if unit is None:
            if high > value and not (link.low == "or" and bound):
                return Amount(None if bound == "high" else value, high, second[1], None)
        elif after is not None and after[0].dimension == unit.dimension and link.low != "or":
            scaled = value * _scale(unit, after[0])
            if scaled <= high:
                return Amount(scaled, high, second[1], unit if unit.code != after[0].code else None)
    if bound == "between":
        return None
    return Amount(None if bound == "high" else value, None if bound == "low" else value, j, None)


_MASS = {"g": 1000.0, "mg": 1.0, "ug": 0.001, "ng": 0.000001, "L": 1000.0, "mL": 1.0}


def _scale(unit: Unit, target: Unit) -> float:
    """What an amount in `unit` is multiplied by to be in `target`."""
    if unit.code == target.code:
        return unit.factor / target.factor
    return round(_MASS.get(unit.code, 1.0) / _MASS.get(target.code, 1.0), 9)


_MEASURED_AS = frozenset("pe base iron elemental phenytoin equivalent equivalents salt active".split())


_LATER = frozenset("later earlier apart ago".split())
_GAPS = _LATER | frozenset("before after beforehand afterwards prior".split())


def _measured_as(tokens: list[Token], j: int) -> int:
    """The token behind the words for what a mass is measured as, before what it is divided by; j where there are none.

    '20 mg PE/kg', '4 mg elemental iron/kg/day', '8 mg of trimethoprim per kg', '15 mg elemental iron per day'
    """
    for k in range(j, j + 4):
        t = tokens[k]
        if k > j and t.low in ("/", "per") and (hit := find(PERS, tokens, k + 1)) is not None:
            return k if hit[0].kind in ("weight", "area") or tokens[j].low in _MEASURED_AS else j
        if t.kind != WORD or t.low in _NOT_MEASURED_AS or (find(OFTEN, tokens, k) or find(ROUTES, tokens, k)):
            return j
    return j


_NOT_MEASURED_AS = frozenset("to and or plus then if in for with by at every each a an per bolus once up".split())


def pers(tokens: list[Token], j: int) -> tuple[list[Per], float | None, int]:
    """What a unit is divided by: '/kg/day', 'per kilogram per minute', '/m²', 'a day', 'per 5 mL', '/24 h'.

    The number is that of a longer period or volume ('per 72 hours' is 72).
    """
    found: list[Per] = []
    count: float | None = None
    while True:
        low = tokens[j].low
        k = j + 1
        if not found and (at := _measured_as(tokens, j)) > j:
            j = at
            continue
        if low in ("of", "by") and tokens[k].low in ("body", "bodyweight"):
            j = k + (2 if tokens[k].low == "body" else 1)
            continue
        if low in ("bodyweight", "bw") and found:
            j = k
            continue
        if low == "body" and tokens[k].low in ("weight", "surface") and found:
            j = k + (2 if tokens[k + 1].low == "area" else 1)
            continue
        shared = low == "in" and tokens[k].value == 24 and any(t.low == "divided" for t in tokens[k + 2 : k + 6])
        divides = shared or low in ("/", "per") or (low == "." and found and tokens[k].start == tokens[j].end)
        if not divides and not (low in ("a", "an") and tokens[k].low in ("day", "minute", "hour", "week")):
            break
        hit = find(PERS, tokens, k)
        if hit is None and tokens[k].value is not None:
            hit = find(PERS, tokens, k + 1)
            if hit is not None and (tokens[k].value or 0) != 1:
                if hit[0].code == "h" and tokens[k].value == 24:
                    hit = (Per("d", "time"), hit[1])
                else:
                    count = tokens[k].value
        if hit is None or any(p.kind == hit[0].kind for p in found):
            break
        if low in ("a", "an") and tokens[hit[1]].low in (_GAPS if hit[0].code in ("h", "min") else _LATER):
            break  # '500 micrograms an hour later', '10 mg a week apart'
        found.append(hit[0])
        j = hit[1]
    return found, count, j


def unit(tokens: list[Token], i: int) -> tuple[Unit, int] | None:
    """A dose unit: 'mg', 'micrograms', 'million units', 'tablets', '%'; 'DS' or 'oral' may stand before a form."""
    hit = find(UNITS, tokens, i)
    if hit is not None:
        return hit
    if tokens[i].low in ("further", "additional", "extra", "more"):  # 'one further tablet'
        hit = find(UNITS, tokens, i + 1)
        return hit if hit is not None and hit[0].dimension == "count" else None
    for _ in range(3):
        form = find(FORMS, tokens, i)
        if form is None or form[0] != "quality":
            if tokens[i].low not in ("oral", "level", "metered", "heaped", "metered-dose", "of"):
                return None
            i += 1
        else:
            i = form[1]
        hit = find(UNITS, tokens, i)
        if hit is not None:
            return hit if hit[0].dimension == "count" else None
    return None


def _after_forms(tokens: list[Token], j: int) -> int:
    """The token after the words that qualify a form: 'film-coated', 'oral'."""
    while (form := find(FORMS, tokens, j)) and form[0] == "quality":
        j = form[1]
    return j + 1 if tokens[j].low in _OF_A_WAY else j


_OF_A_WAY = frozenset("oral vaginal sublingual buccal rectal transdermal nasal".split())


def _one_more(tokens: list[Token], j: int) -> bool:
    """Whether one more of a counted form stands at a token: 'a second tablet', 'another puff'."""
    hit = find(UNITS, tokens, j)
    told = tokens[j - 1].low in ("another", "second", "third", "further", "fourth")
    counted = hit is not None and hit[0].dimension == "count" and hit[0].code != "{application}"
    return told and counted and not tokens[j].low.endswith("s")


def _value(x: float | None, factor: float) -> float | None:
    if x is None:
        return None
    return x if factor == 1 else round(x * factor, 9)


def dose(tokens: list[Token], i: int) -> Island | None:
    """A dose, a rate or a strength: amount, unit, what it is divided by.

    '25 mg', '10–20 mg/kg/day', '1.5 million units', 'two puffs', '500/125 mg', '5 mg/h' (a rate),
    '250 mg/5 mL' (a strength), '2 × 5 mL'.
    """
    found = amount(tokens, i) or _one(tokens, i)
    if found is None:
        return None
    if tokens[found.j].low in _TIMES_SIGN and (inner := number(tokens, found.j + 1)):
        hit = find(UNITS, tokens, inner[1])
        if hit is not None:
            return _product(tokens, i, found, inner, hit)
    if found.low is not None and found.low < 1 and found.low == found.high:
        found = found._replace(j=skip(tokens, found.j, ("of", "a", "an")))  # 'half of a 5 mg tablet'
    if tokens[found.j].value is not None and tokens[found.j].kind == NUMBER:
        counted = _spoonfuls(tokens, i, found) or _each(tokens, i, found) or _one_of_parts(tokens, i, found)
        counted = counted or _devices(tokens, i, found) or _of_percent(tokens, i, found)
        if counted is not None:
            return counted
    return _measured(tokens, i, found)


def numbered(tokens: list[Token], i: int) -> Island | None:
    """The dose, rate or strength that begins with the number or number word at token i; None where none stands there."""
    return dose(tokens, i) if tokens[i].value is not None else None


def _one(tokens: list[Token], i: int) -> Amount | None:
    """One of what is counted, without a number: 'a tablet', 'a second tablet', 'another puff'."""
    low = tokens[i].low
    if low in ("a", "an", "one") and (hit := find(UNITS, tokens, i + 1)) and hit[0].dimension == "count":
        return Amount(1.0, 1.0, i + 1, None)
    one = i + 1 + (low == "a")
    return Amount(1.0, 1.0, one, None) if low in ("a", "another") and _one_more(tokens, one) else None


def flat(low: float | None, high: float | None, code: str) -> dict[str, object]:
    """The columns of an amount that is divided by nothing."""
    return {
        "dose_low": low,
        "dose_high": high,
        "dose_unit": code,
        "dose_basis": "flat",
        "dose_is": "per_administration",
    }


def _product(
    tokens: list[Token], i: int, found: Amount, inner: tuple[float, int], hit: tuple[Unit, int]
) -> Island | None:
    """So many times an amount: '2 × 5 mL'."""
    of, end = hit
    if of.dimension == "count" or pers(tokens, end)[0]:
        return None
    tail, counted = find(FORMS, tokens, end), find(UNITS, tokens, end)
    times = inner[0] * of.factor
    fields = flat(_value(found.low, times), _value(found.high, times), of.code)
    note = (found, counted[0] if counted else None)
    return Island("dose", i, tail[1] if tail else end, fields, ("product", note))


def _spoonfuls(tokens: list[Token], i: int, found: Amount) -> Island | None:
    """So many spoonfuls of a volume: 'two 5 mL spoonfuls'."""
    hit = find(UNITS, tokens, found.j + 1)
    tail = find(FORMS, tokens, hit[1]) if hit is not None and hit[0].dimension == "volume" else None
    if hit is None or tail is None or not tokens[tail[1] - 1].low.startswith("spoon"):
        return None
    times = (tokens[found.j].value or 0) * hit[0].factor
    fields = flat(_value(found.low, times), _value(found.high, times), hit[0].code)
    return Island("dose", i, tail[1], fields, ("product", None))


def _each(tokens: list[Token], i: int, found: Amount) -> Island | None:
    """A count whose strength names the product: 'four 200 mg capsules', 'half of a 5 mg tablet'."""
    hit, held = find(UNITS, tokens, found.j + 1), number(tokens, found.j)
    if hit is None or held is None or held[1] != found.j + 1 or hit[0].dimension not in ("mass", "activity"):
        return None
    form = _after_forms(tokens, hit[1])
    counted = find(UNITS, tokens, form)
    if counted is None or counted[0].dimension != "count" or found.low is None or (found.high or 0) > _MOST_COUNTED:
        return None
    strength = (held[0] * hit[0].factor, hit[0].code)
    fields = flat(found.low, found.high, counted[0].code)
    if tokens[form - 1].low in _OF_A_WAY:
        fields["route"] = tokens[form - 1].low  # 'one 100 mg vaginal tablet'
    return Island("dose", i, counted[1], fields, ("each", strength, found.j))


def _devices(tokens: list[Token], i: int, found: Amount) -> Island | None:
    """So many devices that each hold an amount: 'three 2 mg auto-injectors', 'two 150 mg prefilled pens'."""
    hit, held = find(UNITS, tokens, found.j + 1), number(tokens, found.j)
    whole = found.low is not None and found.low == found.high and found.low == int(found.low) <= _MOST_COUNTED
    if hit is None or held is None or held[1] != found.j + 1 or hit[0].dimension not in ("mass", "activity"):
        return None
    tail = find(FORMS, tokens, _after_forms(tokens, hit[1]))
    if tail is None or not whole or tokens[tail[1] - 1].low not in _DEVICES:
        return None
    times = held[0] * hit[0].factor
    fields = flat(_value(found.low, times), _value(found.high, times), hit[0].code)
    return Island("dose", i, tail[1], fields, ("product", (found._replace(j=found.j - 1), None)))


_DEVICES = frozenset(
    "pen pens syringe syringes ampoule ampoules ampule ampules injector injectors autoinjector autoinjectors"
    " auto-injector auto-injectors cartridge cartridges".split()
)


def _of_percent(tokens: list[Token], i: int, found: Amount) -> Island | None:
    """A count of what is so strong: of 'one 1.3% patch' the 'one', for the rest is its form."""
    held = number(tokens, found.j)
    if held is None or tokens[held[1]].low != "%" or not 0 < (found.high or 0) <= _MOST_COUNTED:
        return None
    shape = find(UNITS, tokens, _after_forms(tokens, held[1] + 1))
    if shape is None or shape[0].dimension != "count":
        return None
    return Island("dose", i, found.j, flat(found.low, found.high, shape[0].code), "count")


def _one_of_parts(tokens: list[Token], i: int, found: Amount) -> Island | None:
    """One of a product of several substances: 'one 1000/50 mg tablet'."""
    if not found.low == found.high == 1:
        return None
    parts = dose(tokens, found.j)
    if parts is None or "dose_components" not in parts.fields:
        return None
    shape = find(UNITS, tokens, _after_forms(tokens, parts.j))
    if shape is None or shape[0].dimension != "count":
        return None
    parts.fields.update(quantity_low=found.low, quantity_high=found.high, quantity_unit=shape[0].code)
    return Island("dose", i, shape[1], parts.fields, parts.note)


_MOST_COUNTED = 20  # of tablets and the like in one dose


def _measured(tokens: list[Token], i: int, found: Amount) -> Island | None:
    """An amount with its unit, of one substance or several, and what it is divided by."""
    low, high, j, lower = found
    components: str | None = None
    hit = find(UNITS, tokens, j)
    if hit is None and tokens[j].low == "/" and low == high and low is not None and tokens[j + 1].kind == NUMBER:
        k = j + 2
        while tokens[k].low == "/" and tokens[k + 1].kind == NUMBER:
            k += 2
        hit = find(UNITS, tokens, k)
        if hit is None or hit[0].dimension not in ("mass", "activity"):
            return None
        components = "/".join(t.low for t in tokens[i:k] if t.kind == NUMBER) + f" {tokens[k].low}"  # '500/125 mg'
        j = k
    hit = hit or unit(tokens, j)
    if hit is None:
        return None
    of, k = hit
    if lower is not None and low is not None and high is not None:  # '500 mg–1 g' stands in the unit it begins with
        smaller = _scale(of, lower)
        low, high, of = round(low * smaller, 9), round(high * smaller, 9), lower
    if of.dimension == "weight":
        return None
    if of.dimension == "count" and (held := _of_strength(tokens, i, Amount(low, high, k, of))) is not None:
        return held
    while tokens[k].low == "/" and tokens[k + 1].kind == NUMBER and (further := find(UNITS, tokens, k + 2)):
        if not {further[0].dimension, of.dimension} <= {"mass", "activity"}:
            break  # '800 mg/160 mg'
        components = f"{components or f'{tokens[i].low} {tokens[k - 1].low}'}/{tokens[k + 1].low} {tokens[k + 2].low}"
        k = further[1]
    fields = flat(_value(low, of.factor), _value(high, of.factor), of.code)
    if components:
        fields["dose_components"] = components
        if (counted := _so_many(tokens, i, Amount(low, high, k, of), fields)) is not None:
            return counted
    if of.code == "{puff}" and tokens[k - 1].low.startswith("inhalation"):
        fields["route"] = "inhalation"  # the unit says how it is taken
    return _divided(tokens, i, Amount(low, high, k, of), fields)


def _so_many(tokens: list[Token], i: int, found: Amount, fields: dict[str, object]) -> Island | None:
    """So many of a product of several substances: '300/200 mg 1 tab'."""
    count = amount(tokens, found.j)
    shape = find(UNITS, tokens, count.j) if count else None
    if count is None or found.unit is None or shape is None or shape[0].dimension != "count":
        return None
    if (count.high or 0) > _MOST_COUNTED:
        return None
    if count.low == count.high == 1:
        fields.update(quantity_low=1.0, quantity_high=1.0, quantity_unit=shape[0].code)
    else:
        fields.update(dose_low=count.low, dose_high=count.high, dose_unit=shape[0].code)
    return Island("dose", i, shape[1], fields, found.unit.dimension)


def _of_strength(tokens: list[Token], i: int, found: Amount) -> Island | None:
    """A count with the strength behind it: 'one tablet of 2.5/6.25 mg', 'one sachet of 4 mg granules'."""
    low, high, k, of = found
    if of is None or tokens[k].low != "of" or tokens[k + 1].kind != NUMBER or (high or 0) > _MOST_COUNTED:
        return None
    parts = dose(tokens, k + 1)
    if parts is not None and "dose_components" in parts.fields and parts.kind == "dose":
        if low == high == 1:
            parts.fields.update(quantity_low=low, quantity_high=high, quantity_unit=of.code)
            return Island("dose", i, parts.j, parts.fields, parts.note)
        parts.fields.update(dose_low=low, dose_high=high, dose_unit=of.code)  # of two tablets the dose is twice as much
        return Island("dose", i, parts.j, parts.fields, of.dimension)
    held = number(tokens, k + 1)
    inside = find(UNITS, tokens, held[1]) if held else None
    if not held or not inside or inside[0].dimension not in ("mass", "activity") or pers(tokens, inside[1])[0]:
        return None
    strength = (held[0] * inside[0].factor, inside[0].code)
    return Island("dose", i, inside[1], flat(low, high, of.code), ("each", strength, k + 1))


def _divided(tokens: list[Token], i: int, found: Amount, fields: dict[str, object]) -> Island | None:
    """A dose, a rate or a strength by what its amount is divided by: weight, time, volume, a laboratory's unit."""
    of, k = found.unit, found.j
    if of is None:
        return None
    divided, count, end = pers(tokens, k)
    end += tokens[end].low == "bodyweight"
    kinds = {p.kind for p in divided}
    if of.dimension == "percent":
        return Island("strength", i, end) if divided else _percent(tokens, i, k, fields)
    if not divided:
        return Island("dose", i, k, fields, of.dimension)
    if "lab" in kinds:
        return Island("lab", i, end)
    if "volume" in kinds or ("form" in kinds and of.dimension != "count"):
        return Island("strength", i, end)
    fields["dose_basis"] = "per_kg" if "weight" in kinds else "per_m2" if "area" in kinds else "flat"
    clock = next((p.code for p in divided if p.kind == "time"), None)
    if clock is not None and count is not None:
        if of.dimension != "count":
            return Island("strength", i, end)
        fields.update(frequency=1, period=count, period_unit=clock)
        return Island("dose", i, end, fields, of.dimension)
    if clock == "s" or (clock in ("h", "min") and "dose_components" in fields):
        return Island("lost", i, end)
    if clock in ("h", "min"):
        milli = of.dimension == "activity" and of.factor == 0.001  # a rate's unit is no closed set: as printed
        rate = {
            "rate_low": found.low if milli else fields["dose_low"],
            "rate_high": found.high if milli else fields["dose_high"],
            "rate_unit": ("m" if milli else "") + of.code + "".join("/" + p.code for p in divided),
        }
        return Island("rate", i, end, rate, of.dimension)
    if clock == "d":
        fields["dose_is"] = "per_day"
    elif clock in ("wk", "mo"):
        fields.update(frequency=1, period=1.0, period_unit=clock)
    elif "course" in kinds:
        fields["dose_is"] = "per_course"
    elif "dose" in kinds:
        return Island("dose", i, end, fields, "each")
    return Island("dose", i, end, fields, of.dimension)


def _percent(tokens: list[Token], i: int, k: int, fields: dict[str, object]) -> Island:
    """A share of a dose ('75% of the starting dose'), or a strength ('0.1% cream')."""
    j = k
    if tokens[j].low == "of":
        j += 1
        j = skip(
            tokens,
            j,
            SETS["share_of"],
        )
        if (form := find(FORMS, tokens, j)) and tokens[form[1]].low in ("dose", "doses", "dosage"):
            fields["dose_form"] = tokens[j].low  # '50% of the usual patch dose'
            if tokens[j].low == "patch":
                fields["route"] = "transdermal"
            j = form[1]
        if tokens[j].low in ("dose", "doses", "dosage"):
            fields["dose_basis"] = "percent_of_dose"
            large = (fields["dose_high"] or 0) >= 50  # type: ignore[operator]
            if large and any(t.low == "daily" for t in tokens[k:j]):  # 10% of it is each of several doses
                fields["dose_is"] = "per_day"
            return Island("dose", i, j + 1, fields, "share")
    if tokens[k].low == "as" and tokens[k + 1].low in ("a", "an", "bolus", "loading"):
        fields["dose_basis"] = "percent_of_dose"
        return Island("dose", i, k, fields, "share")
    return Island("strength", i, k)


def share_again(tokens: list[Token], isl: Island, for_band: bool = False) -> Island:
    """A second share of a dose: 'cut to 75% of the starting dose, on the third occasion to 50%', '…, below 10 mL/min 50%'."""
    found = amount(tokens, isl.i)
    if (
        found is None
        or found.j + 1 != isl.j
        or not (for_band or tokens[isl.i - 1].low == "to")
        or tokens[isl.j].kind == WORD
    ):
        return isl
    fields = {"dose_low": found.low, "dose_high": found.high, "dose_unit": "%", "dose_basis": "percent_of_dose"}
    return Island("dose", isl.i, isl.j, {**fields, "dose_is": "per_administration"}, "share")


def auc(tokens: list[Token], i: int) -> Island | None:
    """A target exposure: 'AUC 5', 'AUC of 4–6 mg/mL·min', 'target AUC 5'; dose_basis is auc_target."""
    j = i + 1
    j = skip(tokens, j, ("of", "=", "target", "("))
    found = amount(tokens, j)
    if found is None:
        return None
    k = found.j
    hit = find(UNITS, tokens, k)
    if hit and hit[0].code == "mg":
        k = hit[1]
        k = skip(tokens, k, SETS["auc_units"])
    return Island(
        "dose",
        i,
        k,
        {"dose_low": found.low, "dose_high": found.high, "dose_basis": "auc_target", "dose_is": "per_administration"},
        "auc",
    )


GIVEN_ONCE = frozenset("dose infusion injection bolus enema".split())


def bare(tokens: list[Token], i: int) -> Island | None:
    """A count without its unit before a frequency or time: 'take two', '1 bd', 'two mane', 'one at midday'."""
    found = amount(tokens, i)
    if found is None or (found.high or found.low or 0) > 20:
        return None
    j = found.j
    if tokens[i].kind != NUMBER and any(t.low in GIVEN_ONCE for t in tokens[j : j + 3]):
        return None  # 'as one daily infusion'
    before = tokens[i - 1].low if i else ""
    after = tokens[j].low
    if before in ("day", "days", "week", "weeks") and tokens[i - 2].value is not None:
        before = ""  # the end of 'x 3 days'
    verb = before in SETS["taking"]
    if find(TIMES, tokens, j) or after in SETS["no_count_before"] or tokens[j + 1].low in ("dose", "doses"):
        return None  # 'take 2 extra doses a week'
    if tokens[j].kind == WORD and after not in FILLERS and not known(after):
        verb = False  # 'to give two to three soft stools a day'
    if after == "to" and tokens[j + 1].low == "be":
        verb = True
    if not verb:
        often = find(OFTEN, tokens, j) or find(WHEN, tokens, j) or after in ("q", "po", "prn")
        if not often or (before in SETS["no_count_after"] and before != ","):
            return None
        if isinstance(often, tuple) and tokens[often[1]].low in GIVEN_ONCE and tokens[i].kind == WORD:
            return None  # '400 mg/day as one daily infusion'
    if find(ADVERBS, tokens, j) and after in ("hourly", "hrly"):
        return None
    fields = {"dose_low": found.low, "dose_high": found.high, "dose_basis": "flat", "dose_is": "per_administration"}
    return Island("dose", i, j, fields, "bare")
