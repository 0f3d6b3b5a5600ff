"""Amounts that are no dose of the step they stand in: bounds, dates, strengths, a dose that is to be halved."""

from __future__ import annotations

from monopipe.grammar import limits, quantity, timing
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, WORD, Token, skip
from monopipe.grammar.quantity import amount
from monopipe.grammar.text import sentence_end
from monopipe.grammar.words import OFTEN, ROUTES, TIMES, UNITS, WHEN, find

_ABOUT = frozenset("about approximately around roughly only".split())
_SUM = frozenset(
    "of dose doses goal target is about amount the usual held kept limited restricted capped to at".split()
)
_SUM_ASIDE = _SUM | {"daily", "per", "day", ":"}
MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


def threshold(s: Scan, i: int) -> Island | None:
    """A dose that is a bound of something else: 'doses above 40 mg/day', 'more than 5 mg', '20 mg daily or more'."""
    tokens = s.tokens
    j = i
    if tokens[j].low in (
        "above",
        "over",
        "past",
        "beyond",
        "exceeding",
        "exceed",
        "exceeds",
        "below",
        "under",
        ">",
        "<",
        "≥",
        "≤",
        ">=",
        "<=",
    ):
        j += 1
    elif tokens[j].low in (
        "more",
        "less",
        "greater",
        "higher",
        "lower",
        "larger",
        "smaller",
        "fewer",
        "faster",
        "slower",
        "quicker",
    ):
        j += 2 if tokens[j + 1].low in _OF_A_DOSE and tokens[j + 2].low == "than" else 1
        if tokens[j].low != "than":
            return None
        j += 1
    elif tokens[j].low == "within":
        j += 1
    else:
        return None
    isl = quantity.dose(tokens, j)
    if isl is None or isl.kind not in ("dose", "rate"):
        return None
    end = isl.j
    above = tokens[j - 1].low in _ABOVE or (tokens[j - 1].low == "than" and tokens[i].low in _MORE)
    if above and (barred := _barred(tokens, i, j)) is not None:
        return barred
    if isl.kind == "dose" and tokens[j - 1].low in ("than", "above", "over", ">") and _is_needed(tokens, end):
        isl.i, isl.fields["dose_high"] = i, None  # 'doses above 2 micrograms/kg/day are usually required'
        return isl if tokens[j - 2].low not in ("less", "lower", "fewer") else None
    if (often := find(OFTEN, tokens, end)) is not None:
        end = often[1]
    return Island("lost", i, end)


_OF_A_DOSE = frozenset("dose doses amount amounts".split())
_ABOVE = frozenset("above over beyond exceeding > ≥ >=".split())
_MORE = frozenset("more greater higher larger".split())


_CLOSES = frozenset((".", ";", ",", ")", "", "|", "and", "but"))


def _barred(tokens: list[Token], i: int, j: int) -> Island | None:
    """The maximum that an amount is beyond which none is given: 'more than 1.8 mg/day is not recommended'."""
    top = limits.limit_value(tokens, i, j, "")
    if top is None or top.kind != "limit" or tokens[top.j].low not in ("is", "are", "should", "must"):
        return None
    if tokens[top.j + 1].low not in ("not", "never"):
        return None
    end = skip(tokens, top.j + 2, ("be", "generally", "usually", "normally"))
    if tokens[end].low not in ("recommended", "advised", "given", "used", "taken", "licensed", "prescribed"):
        return None
    top.j = end + 1
    return top if tokens[top.j].low in _CLOSES else None  # '… is not recommended in the elderly': of them alone


def _is_needed(tokens: list[Token], j: int) -> bool:
    """Whether an amount is said to be needed: '… are usually required', '… may be needed'."""
    if tokens[j].low not in ("are", "is", "may", "might"):
        return False
    return tokens[skip(tokens, j + 1, _HOW_OFTEN)].low in ("required", "needed", "necessary")


_HOW_OFTEN = frozenset("be usually often sometimes generally commonly frequently normally typically".split())


def otherwise_in_bracket(s: Scan, i: int) -> Island | None:
    """How long, how often or at most how much it is for others, in brackets behind what it is for most: 'for 4/52 (6/52 if prosthetic valve)'."""
    tokens = s.tokens
    j = i + 1
    last = s.islands[-1] if s.islands else None
    if last is not None and last.j == i and (last.kind == "limit" or last.note == SUM):
        return _most_of_others(tokens, i)
    kinds: tuple[str, ...] = ("often", "times", "when", "weekdays")
    span = quantity.amount(tokens, j)
    if often := _often(tokens, j):
        j = often
    elif span is not None and (time := find(TIMES, tokens, span.j)) is not None:
        j = time[1]
        kinds = ("often", "bounds")
    if (
        span is not None
        and j == i + 1
        and span.unit is None
        and any(p.kind in ("dose", "rate") for p in s.islands[-8:])
    ):
        j, kinds = span.j, ()  # '500 micrograms (300 if small)'
    if j == i + 1 or tokens[j].low not in ("if", "in", "when", "for") or (kinds and not _has_said(s, kinds)):
        return None
    end = next((k for k in range(j + 1, j + 12) if tokens[k].low in (")", ";", ".", "") or tokens[k].kind == BREAK), j)
    return Island("lost", i, end + 1) if tokens[end].low == ")" else None


def _most_of_others(tokens: list[Token], i: int) -> Island | None:
    """The most for others in the brackets behind a most: 'to a total of 7.5 mg (3.5 mg in the elderly)', 'max 4 g/day (2 g if frail)'."""
    j = skip(tokens, i + 1, RARELY)
    isl = quantity.dose(tokens, j) if tokens[j].value is not None else None
    if isl is None or isl.kind != "dose":
        return None
    end = next(
        (k for k in range(isl.j + 1, isl.j + 12) if tokens[k].low in (")", ";", "") or tokens[k].kind == BREAK), 0
    )
    return Island("lost", i, end + 1) if end and tokens[end].low == ")" else None


RARELY = frozenset("rarely exceptionally occasionally seldom sometimes even".split())


def _has_said(s: Scan, kinds: tuple[str, ...]) -> bool:
    """Whether something of these kinds stands behind the last dose: a bracket can only be otherwise than what is said."""
    for p in s.islands[:-24:-1]:
        if p.kind in kinds:
            return True
        if p.kind in ("dose", "rate") or (p.kind == "sep" and p.note in ("sentence", "break", "semi")):
            return False
    return False


def date(s: Scan, i: int) -> Island | None:
    """A date, which is no dose: '16 January 2015', 'Jan 15-20, 2015', 'in 2022'."""
    tokens = s.tokens
    j = i
    if tokens[i].low in MONTHS and (tokens[i].low != "may" or tokens[i + 1].kind == NUMBER):
        j += 1
        while tokens[j].kind == NUMBER or tokens[j].low in (",", "-", "–", "st", "nd", "rd", "th"):
            if tokens[j].low == "," and (tokens[j + 1].value or 0) < 1900:
                break
            j += 1
        return Island("lost", i, j) if j > i + 1 else None
    value = tokens[i].value
    if value is not None and tokens[i].kind == NUMBER:
        j = i + 1
        if tokens[j].low in ("st", "nd", "rd", "th"):
            j += 1
        if tokens[j].low in MONTHS and tokens[j].low != "may":
            j += 1
            if tokens[j].low == ",":
                j += 1
            if (tokens[j].value or 0) > 1900:
                j += 1
            return Island("lost", i, j)
    return None


def product_name(s: Scan, i: int) -> Island | None:
    """The product after a count: '2 tablets of amoxicillin 500 mg' — its strength is not the dose."""
    if not s.islands or s.islands[-1].j != i or s.islands[-1].note != "count":
        return None
    tokens = s.tokens
    j = i + 1
    if tokens[j].low == "the" and tokens[j + 1].kind == NUMBER:  # '2 puffs of the 2.5 mcg inhaler'
        holds = quantity.dose(tokens, j + 1)
        if holds is None or holds.kind != "dose" or holds.note not in ("mass", "activity"):
            return None
        named = tokens[holds.j].kind == WORD and not (find(OFTEN, tokens, holds.j) or find(ROUTES, tokens, holds.j))
        return Island("lost", i, holds.j + named) if holds.fields.get("dose_is") == "per_administration" else None
    while (
        (tokens[j].kind == WORD or (tokens[j].low == "/" and tokens[j + 1].kind == WORD and j > i + 1))
        and tokens[j].value is None
        and j < i + 6
        and not find(OFTEN, tokens, j)
        and not find(ROUTES, tokens, j)
        and tokens[j].low not in ("a", "the", "x")
    ):
        if (
            find(TIMES, tokens, j)
            or find(WHEN, tokens, j)
            or tokens[j].low in ("once", "twice", "q", "every", "for", "as", "daily")
        ):
            break
        j += 1
    if j == i + 1:
        return None
    if (
        tokens[j].value is not None
        and (isl := quantity.dose(tokens, j))
        and isl.note in ("mass", "activity")
        and isl.kind == "dose"
    ):
        j = isl.j
        if isl.fields.get("dose_is") != "per_administration":
            return None
        if "dose_components" in isl.fields:  # '1 tablet of sitagliptin/metformin 50/1000 mg' is 50 mg in one tablet
            counted = s.islands[-1]
            held = {k.replace("dose_", "quantity_"): counted.fields[k] for k in ("dose_low", "dose_high", "dose_unit")}
            counted.fields = {**isl.fields, **held}
            counted.note = isl.note
    return Island("product", i, j, {"dose_form": s.text[tokens[i + 1].start : tokens[j - 1].end]})


def other_form(s: Scan, i: int) -> Island | None:
    """Another form of the drug and when it is used, no time of the dose before it: 'with 1% ointment at night'."""
    tokens = s.tokens
    if not any(p.kind == "dose" for p in s.islands[-8:]) or (tokens[i].low == "the" and tokens[i - 1].low != ","):
        return None
    j = skip(tokens, i + 1, ("the", "a", "an"))
    if tokens[j].kind == NUMBER and tokens[j + 1].low == "%":
        j += 2
    form = _form(tokens, skip(tokens, j, ("eye", "nasal")))
    often = find(WHEN, tokens, form) or find(OFTEN, tokens, form) if form else None
    return Island("lost", i, often[1]) if often else None


def thing(s: Scan, i: int) -> Island | None:
    """A thing named after a form, no count of it: 'day 1 of a pill cycle', 'a tablet box'."""
    of_thing = s.tokens[i + 2].low in _THINGS and find(UNITS, s.tokens, i + 1) is not None
    return Island("lost", i, i + 3) if of_thing else None


_THINGS = frozenset(
    "cycle cycles box boxes burden count counts pack packs organiser organizer cutter crusher strength".split()
)


def _form(tokens: list[Token], j: int) -> int:
    """The token behind the words for a form that begin at token j; 0 where none do."""
    return j + 1 if tokens[j].low in _APPLIED else 0


_APPLIED = frozenset(
    "ointment ointments cream creams gel gels drops lotion spray suppository suppositories shampoo".split()
)


def each_unit(s: Scan, i: int) -> Island | None:
    """What one unit holds: 'each puff (100 micrograms)', 'per tablet 5 mg' — a strength, not a dose."""
    tokens = s.tokens
    hit = find(UNITS, tokens, i + 1)
    counted = s.islands[-2:] and any(p.kind == "dose" and p.note == "count" for p in s.islands[-2:])
    if tokens[i].low == "each" and tokens[i + 1].value is not None and counted:  # '2 sprays (each 50 micrograms)'
        held = quantity.dose(tokens, i + 1)
        return Island("lost", i, held.j) if held is not None and held.note in ("mass", "activity") else None
    if hit is None or hit[0].dimension != "count":
        return None
    j = hit[1]
    while j < hit[1] + 3 and tokens[j].low in ("(", "contains", "containing", "of", "delivers", "="):
        j += 1
    if j == hit[1] and tokens[i].low == "one":
        return None
    isl = quantity.dose(tokens, j) if tokens[j].value is not None else None
    if (
        isl is None
        or isl.kind != "dose"
        or isl.note == "count"
        or (tokens[i].low == "one" and tokens[j - 1].low == "(")
    ):
        return None
    return Island("lost", i, isl.j)


_EFFECTS = frozenset(
    "raises raise increases increase lowers reduces decreases elevates will corresponds equals".split()
)


def while_rising(s: Scan, i: int) -> Island | None:
    """The doses between which care is needed, none to give: 'caution when increasing from 5 micrograms to 10 micrograms'."""
    tokens = s.tokens
    if tokens[i + 1].low not in _RISING:
        return None
    k = skip(tokens, i + 2, ("the", "dose", "dosage", "from"))
    if tokens[k].value is None or tokens[k - 1].low != "from":
        return None
    before = quantity.dose(tokens, k)
    if before is not None and tokens[before.j].low == "to" and tokens[before.j + 1].value is not None:
        before = quantity.dose(tokens, before.j + 1)
    return Island("lost", i, before.j) if before is not None and before.kind in ("dose", "rate") else None


_RISING = frozenset("increasing escalating raising titrating uptitrating going moving switching changing".split())


def for_each(s: Scan, i: int) -> Island | None:
    """An amount that another replaces: '125 mg rectally replaces each 100 mg taken by mouth', '1 mg for every 100 units'."""
    tokens = s.tokens
    isl = quantity.dose(tokens, i + 1) if tokens[i + 1].value is not None else None
    does = isl is not None and tokens[isl.j].low in _EFFECTS  # 'each 0.5 mg/kg raises the level by 1 mg/L'
    if not does and (i == 0 or tokens[i - 1].low not in ("for", "replaces", "replace", "replacing", "of")):
        return None
    if isl is None or isl.kind != "dose" or isl.note not in ("mass", "activity", "volume"):
        return None
    end = isl.j
    while tokens[end].low in ("taken", "given", "of", "by", "mouth", "orally", "intravenously"):
        end += 1
    return Island("lost", i, end)


def held(s: Scan, i: int) -> Island | None:
    """What a product or a unit holds, no dose: 'a drop holds about 1.5 micrograms', 'the inhaler delivers 160 µg'."""
    tokens = s.tokens
    j = skip(tokens, i + 1, _ABOUT)
    for _ in range(2):  # 'contains trimethoprim 160 mg'
        if tokens[j].value is None and tokens[j].kind == WORD:
            j += 1
    isl = quantity.dose(tokens, j) if tokens[j].value is not None else None
    if isl is None or isl.kind not in ("dose", "strength"):
        return None
    end = isl.j
    k = skip(tokens, end, ("and", "plus", "with", ","))
    if tokens[k].kind == WORD and tokens[k].value is None and k > end:  # '… and sulfamethoxazole 800 mg'
        k += tokens[k + 1].kind == WORD and tokens[k + 1].value is None  # '… and clavulanic acid 31 mg'
        second = quantity.dose(tokens, k + 1) if tokens[k + 1].value is not None else None
        end = second.j if second is not None and second.kind in ("dose", "strength") else end
    while tokens[end].low == "or" and (other := quantity.dose(tokens, end + 1)) is not None:
        end = other.j  # 'enemas holding 2 g or 4 g'
    again = quantity.dose(tokens, end + 1) if tokens[end].low == "(" else None
    if again is not None and tokens[again.j].low == ")":
        end = again.j + 1  # 'holds 48 mg (2 mmol) of sodium'
    if tokens[i].low in ("gives", "yields", "brings", "supplies") and not any(
        p.kind == "dose" and p.j < i <= p.j + 5 and tokens[p.j].low == "of" for p in s.islands[-4:]
    ):
        return None  # but '1 drop of 0.5% gives up to 0.25 mg'
    for p in s.islands[-4:]:  # 'a drop holds', '2 mg of the citrate contain': the holder is no dose either
        if p.kind == "dose" and (p.j == i or (p.j < i <= p.j + 5 and tokens[p.j].low == "of")):
            p.kind = "lost"
    return Island("lost", i, end)


def is_strength(s: Scan, i: int) -> Island | None:
    """What a preparation is: 'the gel is levodopa 20 mg and carbidopa 5 mg per mL', 'the syrup is 5 mg per 5 mL'."""
    made = s.tokens[i - 1].low in _PREPARED if i else False
    isl = held(s, i) if made else None
    return isl if isl is not None and s.tokens[isl.j - 1].low in _VOLUMES else None


_PREPARED = frozenset(
    "gel solution syrup suspension liquid mixture elixir injection concentrate cream lotion drops spray strength".split()
)


def in_each(s: Scan, i: int) -> Island | None:
    """What each millilitre or litre holds: 'which gives 10 mIU in each mL'; the amount before it is no dose."""
    tokens = s.tokens
    if tokens[i + 1].low not in ("each", "every", "one", "1") or tokens[i + 2].low not in _VOLUMES:
        return None
    for p in s.islands[-1:]:
        if p.kind == "dose" and p.j == i:
            p.kind = "lost"
    return Island("lost", i, i + 3)


_VOLUMES = frozenset("ml millilitre milliliter l litre liter".split())


def clock(s: Scan, i: int) -> Island | None:
    """A time of the clock: '2 a.m.', '10 pm'."""
    return Island("lost", i, i + 2) if s.tokens[i + 1].low in ("am", "pm") else None


def total(s: Scan, i: int) -> Island | None:
    """A sum over doses, none itself: 'to a total of 10 mg', 'cumulative dose of 120–150 mg/kg'."""
    tokens = s.tokens
    j = i + 1
    if tokens[i].low == "total" and tokens[j].low == "of" and (top := limits.limit_behind(tokens, j + 1)):
        top.i = i  # 'a total of 4 g a day must not be exceeded'
        return top
    reached = tokens[i - 1].low in ("a", "the") and tokens[i - 2].low in _REACHING
    aside = tokens[i - 1].low == "(" and any(p.kind == "dose" for p in s.islands)
    j = skip(tokens, j, _SUM_ASIDE if aside else _SUM)  # '1 spray twice daily (total daily dose 200 micrograms)'
    isl = quantity.dose(tokens, j) if tokens[j].value is not None else None
    if isl is None or isl.kind != "dose":
        return None
    told = tokens[isl.j].low in ("is", "was") and tokens[i - 1].low == "a"  # 'a total of 10 g is the usual load'
    told = told or _is_needed(tokens, isl.j)  # 'a total of 0.6 mg/kg may be needed'
    summed = tokens[i - 1].low in (",", "(") or (tokens[i - 2].low, tokens[i - 1].low) == ("for", "a")
    told = told or (
        summed and any(p.kind == "dose" for p in s.islands)
    )  # ', total 6 mg per attack', 'for a total of 1.8 mg'
    return Island("lost", i, isl.j, None, SUM) if tokens[i].low != "total" or reached or told else None


SUM = "sum"
"""The note of a sum over doses."""
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
    j = i + 1
    if tokens[i].value is not None:  # 'half at bedtime', 'two thirds in the morning'; half of a count is a dose
        j += tokens[j].low in _FRACTIONS
        if tokens[i].low != "half" and j == i + 1:
            return None
        last = next((p for p in s.islands[:-12:-1] if p.kind in ("dose", "rate")), None)
        if last is None or last.note == "count":
            return None
    elif tokens[j].low == "(":
        j = next((k + 1 for k in range(j, j + 8) if tokens[k].low == ")"), j)
    elif tokens[j].low not in _PARTS and tokens[i - 1].low not in ("the", "with", "a") and tokens[i].low != "most":
        return None
    j = skip(tokens, j, _PARTS)
    hit = find(WHEN, tokens, j) or (find(WHEN, tokens, j + 1) if tokens[j].kind == WORD else None)
    return Island("lost", i, hit[1]) if hit else None


_FRACTIONS = frozenset("third thirds quarter quarters half".split())
_PARTS = frozenset("part portion share dose half given taken being of the it this amount".split())


def of_which(s: Scan, i: int) -> Island | None:
    """How the parts of a dose are given, no step: '0.9 mg/kg, of which 10% is given as a bolus over one minute'."""
    if s.tokens[i + 1].low != "which" or not any(p.kind == "dose" for p in s.islands[-4:]):
        return None
    j = i + 2
    while s.tokens[j].kind not in (END, BREAK) and s.tokens[j].low != ";" and not _ends(s, j):
        j += 1
    return Island("lost", i, j)


def _ends(s: Scan, j: int) -> bool:
    return s.tokens[j].low == "." and sentence_end(s.tokens, j, s.text)


def prolonged(s: Scan, i: int) -> Island | None:
    """How long a course is for some, none of its usual length: 'for 5 days, extended to 10 days if severe'."""
    tokens = s.tokens
    first = ("for", "up") if tokens[i].low == "or" else ("to", "for", "by", "up")
    if tokens[i + 1].low not in first or not _has_said(s, ("bounds", "often")):
        return None
    found = quantity.amount(
        tokens, skip(tokens, i + 1, ("to", "for", "by", "up", "at", "least", "a", "further", "total", "of"))
    )
    time = find(TIMES, tokens, found.j) if found is not None else None
    if time is None or tokens[time[1]].low not in ("if", "in", "when", "for", "where"):
        return None
    end = time[1]
    while tokens[end].kind not in (END, BREAK) and tokens[end].low not in (",", ";", ")", "|") and not _ends(s, end):
        end += 1
    return Island("lost", i, end)


def end_of_range(s: Scan, i: int) -> Island | None:
    """For whom an end of the range before it is, no one whom the whole dose is for: ', the lower end if CrCl < 30', 'lower in'."""
    tokens = s.tokens
    if not any(p.kind in ("dose", "rate") for p in s.islands[-10:]):
        return None
    j = skip(tokens, i + 1, _END_OF)
    if tokens[j].low not in ("if", "in", "when", "with", "for"):
        return None
    end = j
    while tokens[end].kind not in (END, BREAK) and tokens[end].low not in (",", ";", ")", "|") and not _ends(s, end):
        dosed = quantity.dose(tokens, end) if tokens[end].value is not None else None
        if tokens[end].low in (":", "(") or (dosed is not None and dosed.kind == "dose" and dosed.note != "bare"):
            return None
        end += 1
    return Island("lost", i, end)


_END_OF = frozenset("end ends dose doses part amount amounts limit figure of the range".split())
ENDS_OF_RANGE = "lower higher upper smaller larger lowest highest".split()


def halved(s: Scan, i: int) -> Island | None:
    """A dose that is to be halved or doubled is not the new dose: 'halve a dose of 5 mg or 10 mg BID'."""
    tokens = s.tokens
    j = i + 1
    while j < i + 6 and tokens[j].low in ("a", "the", "dose", "doses", "usual", "of", "any"):
        j += 1
    if tokens[j - 1].low != "of" or tokens[j].value is None:
        return None
    while (isl := quantity.dose(tokens, j)) is not None and isl.kind == "dose":
        j = isl.j
        if often := find(OFTEN, tokens, j):
            j = often[1]
        if tokens[j].low not in ("or", "and") or tokens[j + 1].value is None:
            break
        j += 1
    return Island("lost", i, j)


def or_more(s: Scan, isl: Island) -> Island:
    """A dose followed by 'or more' is a bound, not a dose."""
    t = s.tokens
    k = isl.j
    if (often := find(OFTEN, t, k)) is not None:
        k = often[1]
    if t[k].low == "at" and t[k + 1].low == "a" and t[k + 2].low == "time":
        return Island("lost", isl.i, k + 3)  # '10 puffs, one puff at a time'
    if t[k].low in ("less", "lower", "higher", "more") and t[isl.i - 1].low in ("dose", "doses", "dosage"):
        return Island("lost", isl.i, k + 1)  # 'restart at a dose 2.5 mg lower'
    if t[k].low in ("less", "more", "lower", "higher", "fewer") and t[k + 1].low in (
        "than",
        "each",
        "every",
        "per",
        "a",
    ):
        return Island("lost", isl.i, k + 2)  # 'resume at 1 mg less than the previous dose', '5 mg less each week'
    if t[k].low in _BESIDE_ANOTHER and t[skip(t, k + 1, _REFERS | _QUALITIES | _OTHERS)].low in WHAT_IS_GIVEN:
        return Island("lost", isl.i, k + 1) if t[k + 1].low in _REFERS else isl  # '30 mg above the starting dose'
    if t[k].low in ("less", "lower", "fewer") and (t[k + 1].kind in (END, BREAK) or t[k + 1].low in _CLOSES):
        return Island("lost", isl.i, k + 1)  # 'over 90 s: 3 units less'
    if t[k].low == "or" and t[k + 1].low in ("more", "less", "above", "over", "higher", "below", "greater", "lower"):
        return Island("lost", isl.i, k + 2)
    return isl


_BESIDE_ANOTHER = frozenset("above below over under beyond".split())
_OTHERS = frozenset("starting usual current former existing baseline original maintenance".split())


def prepared(tokens: list[Token], isl: Island, text: str) -> bool:
    """Whether an amount is only made ready for what runs at a rate: '10 IU are added to 500 mL of saline and run at 20 mIU/min'."""
    k = skip(tokens, isl.j, ("is", "are", "should", "may", "be"))
    if k == isl.j or tokens[k].low not in _MADE_READY:
        return False
    while tokens[k].kind not in (END, BREAK) and not (tokens[k].low == "." and sentence_end(tokens, k, text)):
        if tokens[k].kind == NUMBER and (run := quantity.dose(tokens, k)) is not None and run.kind == "rate":
            return True
        k += 1
    return False


_MADE_READY = frozenset("added diluted dissolved mixed reconstituted".split())


def referred(tokens: list[Token], i: int) -> Island | None:
    """A dose that is spoken of, not given: '7 days after the last 20 mg dose', 'once the 5 mg tablets have been stopped'."""
    j = skip(tokens, i + 1, _REFERS)
    if j == i + 1 and tokens[i].low == "after" and i and find(TIMES, tokens, i - 1):
        past = quantity.dose(tokens, j) if tokens[j].kind == NUMBER else None
        told = past is not None and past.kind == "dose" and past.note in ("mass", "activity")
        return Island("lost", i, past.j) if told and past is not None else None  # 'wait 12 hours after 40 mg'
    if (
        j == i + 1
        or tokens[j].value is None
        or tokens[j].kind != NUMBER
        or tokens[j - 1].low in ("least", "each", "every")
    ):
        return None
    isl = quantity.dose(tokens, j)
    if isl is None or isl.kind != "dose" or isl.note not in ("mass", "activity", "volume"):
        return None
    end = skip(tokens, isl.j, _QUALITIES)
    return Island("lost", i, end + 1) if tokens[end].low in WHAT_IS_GIVEN else None


def spoken_of(s: Scan, i: int) -> Island | None:
    """A dose that is not borne: 'patients who cannot tolerate the 10 mg dose', 'if the 20 mg tablet is too much'."""
    tokens = s.tokens
    isl = quantity.dose(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
    if isl is None or isl.kind != "dose":
        return None
    end = isl.j
    if tokens[end - 1].low not in WHAT_IS_GIVEN:
        end = skip(tokens, end, _QUALITIES) + 1
    if tokens[end - 1].low not in WHAT_IS_GIVEN:
        return None
    for k in range(i - 1, max(i - 9, -1), -1):
        if tokens[k].low in (",", ";", ".", ":") or tokens[k].kind == NUMBER:
            return None
        if tokens[k].low in _NOT_BORNE:
            return Island("lost", i, end)
        if tokens[k].low in ("if", "when", "once", "unless"):
            burden = tokens[end].low in ("is", "was") and tokens[end + 1].low in ("too", "not", "badly", "poorly")
            return Island("lost", i, end) if burden else None
    return None


_NOT_BORNE = frozenset("cannot intolerant tolerate tolerates tolerated".split())

_QUALITIES = frozenset("oral iv im sc intravenous intramuscular subcutaneous daily weekly loading test initial".split())


OF_DOSES = _QUALITIES | frozenset("last previous final second third fourth fifth sixth monthly".split())


def free_time(s: Scan, i: int) -> Island | None:
    """Time without the drug: 'then 7 tablet-free days', 'followed by a 7 pill-free day interval'; no dose."""
    tokens = s.tokens
    if (
        tokens[i].kind != NUMBER
        or tokens[i + 1].low not in ("tablet", "pill", "drug", "treatment")
        or tokens[i + 2].low not in ("free", "-")
    ):
        return None
    k = skip(tokens, i + 2, ("-", "free"))
    hit = find(TIMES, tokens, k)
    if hit is None:
        return None
    (factor, unit), end = hit
    on = next((p for p in reversed(s.islands[-4:]) if p.kind == "bounds"), None)
    off = (tokens[i].value or 0) * factor
    whole = (
        on is not None
        and on.fields.get("bounds_unit") == unit == "d"
        and on.fields["bounds_low"] == on.fields["bounds_high"]
    )
    if on is None or not whole or on.fields["bounds_high"] is None:
        return Island("lost", i, end)
    days = on.fields["bounds_high"]
    on.kind, on.note = "days", "on_off"
    on.fields = {"cycle_length": days + off, "cycle_unit": "d", "days_on": int(days)}
    return Island("ignore", i, end)


def multiple(tokens: list[Token], i: int) -> Island | None:
    """A multiple of another dose: '10–15 times the previous oral daily dose', 'twice the usual dose'; no frequency."""
    found = quantity.amount(tokens, i)
    j = found.j if found is not None else i
    j += tokens[j].low in ("times", "fold", "twice")
    if j == i or tokens[j].low not in ("the", "that", "their", "his", "her"):
        return None
    k = skip(tokens, j, {*_REFERS, *_QUALITIES, "usual", "normal", "recommended", "total", "their", "that"})
    return Island("lost", i, k + 1) if tokens[k].low in ("dose", "doses", "dosage") else None


def of_daily_dose(tokens: list[Token], i: int) -> Island | None:
    """The dose that a part is of, no frequency: 'one sixth of the daily dose', 'half of their total daily requirement'."""
    k = skip(tokens, i + 1, ("the", "their", "his", "her", "total", "usual", "previous", "oral", "whole"))
    daily = tokens[k].low in ("daily", "weekly") and tokens[k + 1].low in ("dose", "amount", "requirement", "intake")
    whole = (
        quantity.dose(tokens, k + 3) if tokens[k + 2].low == "(" and tokens[k - 1].low in ("total", "whole") else None
    )
    end = k + 2 if whole is None else whole.j  # 'half of the total daily dose (40 units)'
    return Island("lost", i, end) if daily else None


def instead(s: Scan, i: int) -> Island | None:
    """The dose, or how often, that is not to be: '10 mg once a day instead of 5 mg twice daily', 'rather than twice daily'."""
    tokens = s.tokens
    j = i + 1 + (tokens[i].low == "in" and tokens[i + 1].low == "place")
    if (tokens[j - 1].low, tokens[j].low) not in (("instead", "of"), ("rather", "than"), ("place", "of")):
        return None
    j += 1
    if tokens[j].low.endswith("ing"):  # 'instead of adding a third tablet'
        return Island("lost", i, _clause_end(tokens, j))
    first = skip(tokens, j, _NOT_THIS)
    other = quantity.dose(tokens, first) if tokens[first].value is not None else None
    end = other.j if other is not None and other.kind in ("dose", "rate") else i
    often = find(OFTEN, tokens, max(end, j))
    end = often[1] if often else end
    return Island("lost", i, end) if end > i else None


def with_caution(s: Scan, i: int) -> Island | None:
    """Whom to treat with caution, not whom the dose is for: '20 mg daily, with caution in hepatic impairment'."""
    tokens = s.tokens
    if tokens[i + 1].low not in ("in", "for", "if", "when") or not any(p.kind == "dose" for p in s.islands[-8:]):
        return None
    end = _clause_end(tokens, i + 2)
    if any(tokens[k].value is not None and quantity.dose(tokens, k) is not None for k in range(i + 2, end)):
        return None  # 'with caution in the elderly 5 mg'
    return Island("lost", i, end)


def _clause_end(tokens: list[Token], j: int) -> int:
    """The first token from j on that ends a clause."""
    return next(k for k in range(j, len(tokens)) if tokens[k].kind in (BREAK, END) or tokens[k].low in _CLAUSE_ENDS)


_CLAUSE_ENDS = frozenset(". , ; : ) |".split())
_NOT_THIS = frozenset("a an the one usual full normal standard another second third dose doses of".split())


def left_behind(tokens: list[Token], i: int) -> Island | None:
    """The dose that patients come down from, none to give: 'from 40 mg we go down to 20 mg', 'From 20 mg daily, reduce to 10 mg'."""
    opens = i == 0 or tokens[i - 1].low in _OPENS or tokens[i - 1].kind == BREAK
    found = quantity.dose(tokens, i + 1) if opens and tokens[i + 1].value is not None else None
    if found is None or found.kind != "dose":
        return None
    often = find(OFTEN, tokens, found.j)
    end = often[1] if often else found.j
    k = skip(tokens, end, _WHO_COMES_DOWN)
    down = tokens[k].low in _COMES_DOWN or (tokens[k].low in _GOES and tokens[k + 1].low in ("down", "back"))
    if tokens[end].low == "to" and tokens[end + 1].value is not None:  # 'From 20 mg to 10 mg with ketoconazole'
        other = quantity.dose(tokens, end + 1)
        low, high = (p.fields.get(k) if p is not None else None for p, k in ((other, "dose_high"), (found, "dose_low")))
        down = low is not None and high is not None and low < high and other is not None and other.kind == "dose"
        end += down
    return Island("lost", i, end) if down else None


_OPENS = frozenset(". ; : ( , but and then".split())
_WHO_COMES_DOWN = frozenset(", we i you it one they can may is then the dose".split())
_COMES_DOWN = frozenset("reduce reduced reducing taper tapered drop cut lower lowered decrease decreased halve".split())
_GOES = frozenset("step go come work move stepped going coming".split())


def gives_way(tokens: list[Token], isl: Island) -> Island | None:
    """The dose that another takes the place of, none to give: '5 mg goes to 2.5 mg with …', '1 g is replaced by 500 mg'."""
    k = isl.j
    if often := find(OFTEN, tokens, k):
        k = often[1]
    k = skip(tokens, k, WHAT_IS_GIVEN)
    j = skip(tokens, k, _AUXILIARY)
    verb = tokens[j].low
    ends = (_GIVEN_WAY if j > k else _GIVES_WAY).get(verb, ())
    if not ends:
        return None
    if "" not in ends:
        j = skip(tokens, j + 1, ("down", "back", "then"))
        if tokens[j].low not in ends:
            return None
    end = j + 1
    other = quantity.dose(tokens, end) if tokens[end].value is not None else None
    if other is None or other.kind != isl.kind or other.fields.get("dose_is") == "increment":
        return None
    before, after = isl.fields, other.fields
    less = before.get("dose_unit") == after.get("dose_unit") and (after.get("dose_high") or 0) < (
        before.get("dose_low") or 0
    )
    if verb in _LESSENS:  # '10 mg is reduced to 5 mg in renal failure', but not '… to 5 mg after a week'
        often = find(OFTEN, tokens, other.j)
        k = often[1] if often else other.j
        if not less or tokens[k].low not in _FOR_SOME or find(TIMES, tokens, k + 1) or tokens[k + 1].value is not None:
            return None
    if not less:
        return Island("lost", isl.i, end)
    numbers = tuple(n for n in range(isl.i, isl.j) if tokens[n].kind == NUMBER)
    return Island("change", isl.i, end, {"step_kind": "down"}, None, numbers)


_AUXILIARY = frozenset("is are be then should must may can has to".split())
_LESSENS = frozenset("reduced decreased halved →".split())
_FOR_SOME = frozenset("if in with when where below under".split())
_GIVES_WAY: dict[str, tuple[str, ...]] = {
    "→": ("",),
    **dict.fromkeys(("goes", "go", "drops", "falls", "moves", "shrinks", "comes"), ("to",)),
    **dict.fromkeys(("turns", "changes"), ("to", "into")),
    "becomes": ("",),
    "become": ("",),
}
_GIVEN_WAY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cut", "brought", "lowered", "changed", "reduced", "decreased", "halved"), ("to",)),
    **dict.fromkeys(("replaced", "substituted"), ("by", "with")),
}


def on_top(tokens: list[Token], isl: Island) -> Island | None:
    """What is added to each day's or week's dose and is none: 'an extra 25 micrograms daily', 'two extra tablets a week'."""
    k = isl.i - 1
    while k > 0 and tokens[k].low in ("dose", "doses", "of"):
        k -= 1
    end = isl.j + (tokens[isl.j].low in _EXTRA or (tokens[isl.j].low == "more" and _often(tokens, isl.j + 1) > 0))
    if end == isl.j and tokens[k].low not in _EXTRA and not any(t.low in _EXTRA for t in tokens[isl.i : isl.j]):
        return None
    often = find(OFTEN, tokens, end)
    end = often[1] if often else end
    if tokens[end].low in ("as", "prn") or tokens[end + 1].low in ("needed", "required", "necessary"):
        return None  # 'an additional 8 mg once daily if needed' is a dose beside
    of_time = often[0].period_unit if often else isl.fields.get("period_unit")
    if of_time not in ("d", "wk") and isl.fields.get("dose_is") != "per_day":
        return None
    return Island("lost", isl.i, _clause_end(tokens, end))


_EXTRA = frozenset("extra additional".split())


def drink(tokens: list[Token], i: int) -> Island | None:
    """What a dose is swallowed with: 'one tablet with a glass of water (250 mL)', 'a cup of tea, about 200 mL'."""
    j = skip(tokens, i + 1, _DRINKS)
    if tokens[j - 1].low not in _LIQUIDS:
        return None
    j = skip(tokens, j, ("(", ",", "about", "approximately", "at", "least"))
    found = quantity.dose(tokens, j) if tokens[j].value is not None else None
    if found is None or found.note != "volume":
        return None
    return Island("lost", i, found.j + (tokens[found.j].low == ")"))


_LIQUIDS = frozenset("water milk juice tea".split())
_DRINKS = _LIQUIDS | frozenset("of plain cold cool warm still tap orange apple fruit".split())


def between(s: Scan, i: int) -> Island | None:
    """What a dose is given between, no dose: '20 mg IV between two units of blood'."""
    tokens = s.tokens
    if tokens[i + 1].value is None or quantity.amount(tokens, i) is not None:
        return None
    isl = quantity.dose(tokens, i + 1)
    return Island("lost", i, isl.j) if isl is not None else None


_FLUIDS = frozenset(
    "saline dextrose glucose fluid fluids crystalloid crystalloids colloid colloids lactate ringer water chloride".split()
)
_OF_FLUIDS = frozenset("sodium normal isotonic balanced intravenous iv oral % ( ) , of at".split())


def aimed_count(tokens: list[Token], i: int) -> Island | None:
    """How often something happens to the patient: 'to give two to three soft stools a day', 'more than 3 attacks a week'."""
    found = quantity.amount(tokens, i)
    if found is None or tokens[found.j].kind != WORD:
        return None
    k = next((k for k in range(found.j, found.j + 4) if tokens[k].low in _HAPPENS), 0)
    if not k or any(t.kind != WORD for t in tokens[found.j : k]):
        return None
    end = k + 1
    if tokens[end].low in ("a", "per", "each", "every"):
        end += 1
    end += tokens[end].low in ("day", "daily", "week", "weekly", "month", "year", "night")
    return Island("lost", i, end)


_HAPPENS = frozenset("stools motions attacks episodes seizures relapses exacerbations migraines".split())


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


_REFERS = frozenset("the a an last first final previous initial full at least one of each every".split())
WHAT_IS_GIVEN = frozenset(
    "dose doses bolus infusion infusions injection injections form course therapy treatment tablets tablet capsule capsules patch".split()
)


def taken_before(s: Scan, i: int) -> Island | None:
    """The dose that patients are on when this one is for them: 'patients taking 20 mg daily', 'who took codeine 240 mg a day'."""
    tokens = s.tokens
    k = i - 1
    while k > 0 and tokens[k].low in _SO_FAR:
        k -= 1
    relative = k >= 0 and tokens[k].low in ("who", "that")
    if relative and any(t.low in ("except", "excepting") for t in tokens[max(k - 8, 0) : k]):
        return None  # 'except in the elderly, who take 10 mg daily'
    if not relative and not (k >= 0 and tokens[k].low in _PATIENTS and tokens[i].low in _ON):
        return None
    if not relative and any(t.low in _PUT for t in tokens[max(k - 3, 0) : k]):
        return None  # 'start adult patients on 20 mg daily'
    j = i + 1 + (tokens[i + 1].kind == WORD and tokens[i + 1].value is None and tokens[i + 2].value is not None)
    isl = quantity.dose(tokens, j) if tokens[j].value is not None else None
    if isl is None or isl.kind != "dose" or isl.note not in ("mass", "activity", "volume"):
        return None
    often = _often(tokens, isl.j)
    end = skip(tokens, often or isl.j, ("alone",))
    left = tokens[end].low in _LEAVES  # 'those on 10 mg move to 20 mg'
    return Island("lost", i, end) if often or left or isl.fields.get("dose_is") == "per_day" else None


def not_enough(s: Scan, i: int) -> Island | None:
    """The dose that has not done, before the one to give: 'who have not responded to 40 mg daily after 6 weeks', 'who fail 20 mg'."""
    tokens = s.tokens
    failed = tokens[i].low in _FAILS
    left = tokens[i].low in ("to", "on", "with") and tokens[i - 1].low in _ANSWERS
    said = {t.low for t in tokens[max(i - 6, 0) : i]}
    if not (failed and "who" in said) and not (left and said & _NOT_ENOUGH):
        return None
    isl = quantity.dose(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
    if isl is None or isl.kind != "dose" or isl.note not in ("mass", "activity", "volume"):
        return None
    return Island("lost", i, _often(tokens, isl.j) or isl.j)


_FAILS = frozenset("fail fails failed failing".split())
_ANSWERS = frozenset(
    "respond responds responded responding response responsive controlled symptomatic uncontrolled".split()
)
_NOT_ENOUGH = frozenset(
    "not no inadequate inadequately insufficient insufficiently poor poorly still uncontrolled who".split()
)


def taken_on(s: Scan, i: int) -> Island | None:
    """What patients take of another drug whom a dose is for: '12 micrograms/hour on 30–44 mg of morphine'."""
    if not s.islands or s.islands[-1].kind not in ("dose", "rate") or s.islands[-1].j != i:
        return None
    isl = quantity.dose(s.tokens, i + 1) if s.tokens[i + 1].value is not None else None
    return Island("lost", i, isl.j) if isl is not None and isl.kind == "dose" and isl.note != "count" else None


def _often(tokens: list[Token], j: int) -> int:
    """Where words on how often end that begin at token j, or 0: 'twice daily', 'three times a day', 'every 8 hours'."""
    if often := find(OFTEN, tokens, j):
        return often[1]
    found = timing.count_per(tokens, j) or timing.every(tokens, j)
    return found.j if found is not None and found.kind == "often" else 0


_LEAVES = frozenset(
    "change changes changed move moves moved switch switches switched convert transfer transferred go need needs take takes"
    " receive receives should must may can have start goes steps drops comes stays reduces".split()
)
_ON = frozenset("taking receiving on requiring needing".split())
TAKEN_FIRST = _ON | frozenset("take takes took receive receives received need needs needed require requires".split())
_PUT = frozenset("start starts starting begin beginning put place keep maintain commence initiate we".split())
_SO_FAR = frozenset("already currently previously now usually regularly are is were was have been".split())
_PATIENTS = frozenset("patients patient people person those adults children women men someone anyone".split())


def of_solution(s: Scan, i: int) -> Island | None:
    """What a solution that runs at a rate is made of, no dose: '2 mL/hour of a solution of 10 units in 500 mL'."""
    tokens = s.tokens
    runs = s.islands and s.islands[-1].j == i and str(s.islands[-1].fields.get("rate_unit")).startswith("mL")
    made = i > 0 and tokens[i - 1].low in _MADE and any(p.kind in ("dose", "rate") for p in s.islands[-4:])
    if not (runs or made):
        return None
    isl = quantity.dose(tokens, i + 1) if tokens[i + 1].value is not None else None
    if isl is None or isl.kind not in ("dose", "strength"):
        return None
    held = quantity.dose(tokens, isl.j + 1) if tokens[isl.j].low in ("in", "per") else None
    return Island("lost", i, held.j if held is not None else isl.j)


_MADE = frozenset("solution mixture dilution bag syringe concentration strength".split())


def not_before(s: Scan, i: int) -> Island | None:
    """A day or week that bounds when, and is not that of the dose: 'again not before day 7', 'from 36 weeks of pregnancy'."""
    tokens = s.tokens
    if tokens[i].low == "from":
        found = quantity.amount(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
        time = find(TIMES, tokens, found.j) if found is not None else None
        weeks = time is not None and time[0][1] == "wk" and tokens[time[1]].low not in ("to", "on", "onwards", "onward")
        return (
            Island("lost", i, time[1]) if weeks and time is not None and (tokens[i + 1].value or 0) > _WEEKS else None
        )
    if tokens[i + 1].low not in ("day", "days") or tokens[i + 2].kind != NUMBER:
        return None
    return Island("lost", i, i + 3)


_WEEKS = 12  # later weeks that a dose is given from are those of pregnancy


def dose_later(s: Scan, i: int) -> Island | None:
    """A dose by another way of which no amount is told, so that none of this is of the dose before: 'oral dose 6 hours later'."""
    tokens = s.tokens
    k = i - 1 - (tokens[i - 1].low in ("a", "an", "the"))
    hit = find(ROUTES, tokens, i)
    if k < 1 or tokens[k].low not in _NEXT or hit is None or tokens[hit[1]].low not in _UNSIZED:
        return None
    if not any(p.kind == "dose" for p in s.islands):
        return None
    j = hit[1] + 1
    after = tokens[j].low == "after"
    gap = amount(tokens, j + after)
    time = find(TIMES, tokens, gap.j) if gap else None
    if time is None or not (after or tokens[time[1]].low == "later"):
        return None
    end = time[1] + (not after)
    if tokens[end].low in ("if", "when", "as") and tokens[end + 1].low in ("needed", "necessary", "required"):
        end += 2
    return Island("lost", i, end)


_NEXT = frozenset(", ; then by and".split())
_UNSIZED = frozenset("dose doses therapy treatment".split())


def way_of_another(s: Scan, i: int) -> Island | None:
    """The way of another dose, no way of this one: 'on the same days as the IV dose', 'after the last oral dose'."""
    return other_way(s.tokens, i)


def other_way(tokens: list[Token], i: int) -> Island | None:
    """The words from token i on that name the way of another dose."""
    j = skip(tokens, i + 1, _REFERS)
    if j == i + 1 or (tokens[i].low == "as" and tokens[j - 1].low != "the"):
        return None
    if tokens[i].low == "of" and not _is_share(tokens, i):
        return None
    hit = find(ROUTES, tokens, j)
    if hit is None or hit[0][1]:
        return None
    end = hit[1] + (tokens[hit[1]].low in WHAT_IS_GIVEN)
    if tokens[end].low == "of" and tokens[end + 1].value is not None:
        return None  # 'clears after one oral dose of 150 mg'
    return Island("ignore", i, end) if tokens[end - 1].low in WHAT_IS_GIVEN else None


def _is_share(tokens: list[Token], i: int) -> bool:
    """Whether 'of' stands behind a share: 'a tenth of', 'half of', '20% of'."""
    return tokens[i - 1].low in _SHARES or tokens[i - 1].low.endswith("th")


_SHARES = _FRACTIONS | frozenset(("%",))
