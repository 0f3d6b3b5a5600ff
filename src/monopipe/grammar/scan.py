"""The island parser: at each token the rules that can begin there, in order; what none reads is passed over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from monopipe.grammar import (
    begins,
    bounds,
    changes,
    conditions,
    cycles,
    lengths,
    limits,
    moments,
    not_doses,
    partners,
    phrases,
    quantity,
    systems,
    timing,
    who,
)
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, PUNCT, WORD, Token, skip
from monopipe.grammar.text import sentence_end
from monopipe.grammar.words import FORMS as FORM_WORDS
from monopipe.grammar.words import (
    MEASURES,
    OFTEN,
    PARAMETERS,
    ROUTES,
    STEPS,
    TIMES,
    WHEN,
    WHO,
    drug_like,
    find,
)


def _band_for(s: Scan, i: int) -> Island | None:
    """A weight after its dose: '0.15 mg IM for 15 to 30 kg', '3 tablets at 38–54 kg'."""
    found = who.bare_band(s.tokens, i + 1, True, True)
    if found is None or found.fields.get("param") != "weight":
        return None
    found.i = i
    return found


Rule = Callable[[Scan, int], "Island | None"]


def _plain(rule: Callable[[list[Token], int], Island | None]) -> Rule:
    return lambda s, i: rule(s.tokens, i)


def _worded(rule: Callable[[list[Token], int, str], Island | None]) -> Rule:
    return lambda s, i: rule(s.tokens, i, s.text)


def _owned(rule: Callable[[list[Token], int, str, Collection[str]], Island | None]) -> Rule:
    return lambda s, i: rule(s.tokens, i, s.text, s.own)


def _band(s: Scan, i: int) -> Island | None:
    """A band of age, weight or clearance without its name, in a label or after a group."""
    after = False
    if s.islands and s.islands[-1].kind == "who":
        k = s.islands[-1].j
        while s.tokens[k].low in ("(", ",", "aged", "who", "are", "of", "and", "weighing", "with") and k < i:
            k += 1
        after = k == i
    found = who.bare_band(s.tokens, i, s.label, after)
    if found is not None and found.fields.get("param") == "creatinine clearance":
        last = next((p.fields["param"] for p in reversed(s.islands[-12:]) if "param" in p.fields), None)
        if last == "eGFR":
            found.fields["param"] = last  # 'eGFR 30–60 mL/min 200 mg, below 30 mL/min 100 mg'
    if found is None and not after and s.tokens[i - 1].low in _THOSE and i:
        found = who.bare_band(s.tokens, i, s.label, True)  # 'those between 15 and 23 kg'
        return found if found is not None and found.fields.get("param_unit") in ("a", "mo", "kg") else None
    if found is None and not after and (aged := _age_of_those(s, i)) is not None:
        return aged
    if found is None and not after and (before := {p.fields["param"] for p in s.islands[-12:] if "param" in p.fields}):
        # '…, 1–4 years 125 mg, 5–12 years 250 mg' after other ages, '26–50 mL/min 1 g q12h' after other clearances
        found = who.bare_band(s.tokens, i, True, True)
        told = found is not None and found.fields.get("param") in before
        if not told or found is None or not (_amount_at(s, found.j) or _of_those(s.tokens, i)):
            return None
    if (
        found is None
        and not after
        and s.tokens[i - 1].low in (";", ",")
        and any(p.kind == "who" for p in s.islands[-12:])
    ):
        found = who.bare_band(s.tokens, i, True, True)  # 'adults 600 mg; 1–12 years 10 mg/kg'
        return found if found is not None and _is_childhood(found) and _amount_at(s, found.j) else None
    return found


def _is_childhood(band: Island) -> bool:
    """Whether a band is a range of ages below 18 years, said in years or months."""
    low, high, unit = (band.fields.get(k) for k in ("param_low", "param_high", "param_unit"))
    if band.fields.get("param") != "age" or low is None or high is None:
        return False
    return bool(low < high <= {"a": 18, "mo": 216}.get(unit or "", 0))


def _age_of_those(s: Scan, i: int) -> Island | None:
    """The age in a bracket that is no more than that, of the young spoken of before it: 'Children with asthma (6–11 years) take'."""
    tokens = s.tokens
    if tokens[i - 1].low != "(" or not i:
        return None
    found = who.bare_band(tokens, i, True, True)
    if found is None or found.fields.get("param") != "age" or tokens[found.j].low != ")":
        return None
    low, high = found.fields["param_low"], found.fields["param_high"]
    if (
        low == high
        or found.fields["param_unit"] not in ("a", "mo")
        or (high or low) > (18 if found.fields["param_unit"] == "a" else 216)
    ):
        return None
    for p in reversed(s.islands[-12:]):
        if p.kind in ("dose", "rate") or (p.kind == "sep" and p.note in ("sentence", "break", "semi")):
            return None
        if p.kind == "who" and p.fields.get("age_group") in _YOUNG:
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
    dosed = quantity.dose(s.tokens, j) if s.tokens[j].value is not None else None
    share = dosed is not None and s.tokens[dosed.j - 1].low == "%" and any(p.note == "share" for p in s.islands[-10:])
    return dosed is not None and (dosed.kind == "dose" or share)


def _age_for(s: Scan, i: int) -> Island | None:
    """An age behind its dose in a row of doses by age: '6 mg under 1 year; 8 mg at 1 year; 12 mg from 3 years'."""
    if not s.islands or s.islands[-1].kind != "dose" or s.islands[-1].j != i:
        return None
    if not any(p.kind == "who" and p.fields.get("param") == "age" for p in s.islands):
        return None
    found = who.bare_band(s.tokens, i, True, True)
    if found is None or found.fields.get("param") != "age":
        return None
    if s.tokens[i].low == "from" and found.fields["param_low"] == found.fields["param_high"]:
        found.fields["param_high"] = None
    return found


def _when(s: Scan, i: int) -> Island | None:
    """A time of day or meal; 'AC' and 'PC' in capitals are one only behind how often or by which way: '(AC)' is a scheme."""
    before = s.islands[-1] if s.islands else None
    behind = before is not None and before.j == i and before.kind in ("often", "route", "dose")
    capitals = s.text[s.tokens[i].start : s.tokens[i].end].isupper()
    if s.tokens[i].low in ("ac", "pc") and capitals and not behind:
        return None
    if s.tokens[i].low == "hs" and capitals and not any(p.kind in ("dose", "rate", "often") for p in s.islands):
        return None  # 'HS: 300 mg every week' is a disease
    found = moments.when(s.tokens, i)
    k = i - 1 - (s.tokens[i - 1].low in ("the", "at"))
    left_out = s.tokens[k].low in ("not", "never", "except", "omit", "omitting")
    if found is not None and (left_out or (s.tokens[k].low == "for" and s.tokens[k - 1].low == "but")):
        return Island("lost", i, found.j)  # 'every 4 hours, not at night', '… but for the night'
    return found


_when.__doc__ = moments.when.__doc__


def _hourly(s: Scan, i: int) -> Island | None:
    """So many hours or weeks apart; of '4-weekly doses' no one knows whether they are four or four weeks apart."""
    found = timing.hourly(s.tokens, i)
    if found is not None and found.note == "doses" and s.text[s.tokens[found.j - 2].start - 1] in "-‐‑–":
        return None
    return found


def _route(s: Scan, i: int) -> Island | None:
    """A route, unless it is that of another drug: 'nasal mupirocin first, …'."""
    found = phrases.route(s.tokens, i, s.text)
    behind = s.tokens[found.j] if found is not None else None
    if found is None or behind is None or not s.own or behind.low in s.own or not drug_like(behind):
        return found
    return Island("lost", found.i, found.j)


_route.__doc__ = phrases.route.__doc__
_SEPARATORS = {
    ";": "semi",
    ",": "comma",
    "and": "and",
    "+": "and",
    "or": "or",
    "|": "cell",
    "(": "open",
    "[": "open",
    ")": "close",
    "]": "close",
    "then": "then",
    "thereafter": "then",
    "plus": "and",
    "&": "and",
    "•": "semi",
    "→": "then",
    "afterwards": "then",
    "than": "than",
    "subsequently": "then",
}


# 'maintenance may then be raised': the words before belong to the step that 'then' begins.
_HELPERS = frozenset("may can should must might could is are be".split())


def separator(s: Scan, i: int) -> Island | None:
    """What divides steps: ';', 'then', 'followed by', 'or', the end of a sentence, a list item."""
    tokens = s.tokens
    t = tokens[i]
    if t.kind == BREAK:
        j = i + 1
        if tokens[j].kind == PUNCT and tokens[j].low in "-*•+":
            j += 1
        if tokens[j].kind == NUMBER and tokens[j + 1].low in (".", ")") and tokens[j + 1].start == tokens[j].end:
            j += 2
        return Island("sep", i, j, None, "break")
    if t.low == ".":
        return (
            Island("sep", i, i + 1, None, "sentence")
            if sentence_end(tokens, i, s.text)
            else Island("sep", i, i + 1, None, "")
        )
    if t.low == "followed":
        if tokens[i + 1].low == "by":
            return Island("sep", i, i + 2, None, "then")
        by = next((k for k in range(i + 2, i + 9) if tokens[k].low in ("by", ".", ";", "")), i)
        return Island("sep", i, i + 1, None, "then") if tokens[by].low == "by" else None
    note = _SEPARATORS.get(t.low)
    if note is None:
        return None
    if note == "then" and tokens[i - 1].low in _HELPERS and tokens[i + 1].value is None:
        return Island("sep", i, i + 1, None, "also")
    if note == "than":
        return Island("sep", i, i + 1, None, "then") if tokens[i - 1].low == "and" else None
    if note == "comma" and _labels_time(tokens, i + 1):
        note = "semi"  # 'Day 1: 200 mg, day 2: 100 mg'
    return Island("sep", i, i + 1, None, note)


_SPELLS = frozenset("day days week weeks wk wks month months cycle cycles".split())


def _labels_time(tokens: list[Token], j: int) -> bool:
    """Whether the label of a time begins at j, as of the next step: 'week 2:', 'days 2–5:', 'from week 3 onwards 40 mg'."""
    since = tokens[j].low == "from"
    j += since
    if tokens[j].low not in _SPELLS or tokens[j + 1].kind != NUMBER:
        return False
    ranged = tokens[j + 2].low in ("-", "–", "to", "and") and tokens[j + 3].kind == NUMBER
    j += 4 if ranged else 2
    if since and tokens[j].low in begins.LATER | {"on", ":"}:
        return tokens[j + 1].value is not None
    return tokens[j].low == ":"


def _exception(s: Scan, i: int) -> Island | None:
    """What divides a dose from that of the people excepted: '20 mg daily, except in the elderly, who take 10 mg'."""
    if not any(p.kind in ("dose", "rate") for p in s.islands[-8:]):
        return None
    named = False
    for k in range(i + 1, i + 12):
        t = s.tokens[k]
        if t.kind in (END, BREAK) or t.low in (".", ";", "or", "and"):
            return None
        if t.value is not None and named and quantity.dose(s.tokens, k) is not None:
            return Island("sep", i, i + 1, None, "semi")
        named = named or find(WHO, s.tokens, k) is not None
    return None


_EXCHANGE = frozenset("change changing switch switching conversion converting transfer transferring".split())
_IS_MADE = frozenset("is are being made over the patient patients treatment therapy".split())


def _exchange(s: Scan, i: int) -> Island | None:
    """What leads from one way of treatment to the next: '…, before a change is made to oral therapy', 'then a switch to'."""
    j = skip(s.tokens, i + 1, ("a", "the", "then"))
    if s.tokens[j].low not in _EXCHANGE or not any(p.kind in ("dose", "rate") for p in s.islands[-8:]):
        return None
    to = skip(s.tokens, j + 1, _IS_MADE)
    return Island("sep", i, to + 1, None, "then") if s.tokens[to].low == "to" else None


def _beside_band(s: Scan, i: int) -> bool:
    """Whether a band ends at token i, but for a comma or a colon."""
    before = [p for p in s.islands[-2:] if p.kind != "sep"][-1:]
    ends = i - (s.tokens[i - 1].low in (",", ":"))
    return any(p.kind == "who" and "param" in p.fields and p.j == ends for p in before)


_SLOWER = frozenset("less slower below lower under".split())


def _dose(s: Scan, i: int) -> Island | None:
    isl = quantity.dose(s.tokens, i)
    if isl is not None and isl.kind == "dose":
        whole = (s.tokens[isl.j].low, s.tokens[isl.j + 1].low) in (("in", "total"), ("in", "all"))
        if (whole or s.tokens[isl.j].low == "altogether") and any(p.kind == "dose" for p in s.islands):
            return Island("lost", isl.i, isl.j)  # '1 mg every 5 minutes; most need 4 mg in total'
        if any(p.kind == "dose" for p in s.islands) and _is_least(s.tokens, i):
            return Island("lost", isl.i, isl.j)  # '0.02 mg/kg IV, minimum dose 0.1 mg'
        if (other := partners.of_another(s, isl)) is not None:
            return other
        if s.tokens[isl.j].low == "each" and s.islands and isl.note in ("mass", "activity"):
            counts = [p for p in s.islands[-2:] if p.kind == "dose" and p.note == "count"]
            if counts:
                return Island("lost", i, isl.j + 1)  # '2 sprays (50 micrograms each)'
        if not_doses.prepared(s.tokens, isl, s.text):
            return Island("lost", isl.i, isl.j)
        isl = not_doses.or_more(s, isl)
        return changes.added(s.tokens, isl) if isl.kind == "dose" else isl
    if isl is not None and isl.kind == "rate" and s.tokens[isl.j].low == "or" and s.tokens[isl.j + 1].low in _SLOWER:
        return Island("lost", isl.i, isl.j + 2)  # 'run at 30 mg/minute or less' bounds how fast
    shared = any(p.note == "share" for p in s.islands[-10:])
    if isl is not None and isl.kind == "strength" and shared and s.tokens[isl.j - 1].low == "%":
        for_band = _beside_band(s, isl.i)
        return quantity.share_again(s.tokens, isl, for_band)
    if isl is not None and not_doses.rate_of_fluid(s.tokens, isl):
        return Island("lost", isl.i, isl.j)
    if isl is not None and isl.kind == "rate" and any(t.low in _PASSED for t in s.tokens[max(i - 4, 0) : i]):
        return Island("lost", isl.i, isl.j)  # 'to maintain a urine output of 100 mL/h'
    if isl is not None and isl.kind == "rate" and isl.fields["rate_unit"] == "mL/min" and s.label:
        return None
    return isl


_dose.__doc__ = quantity.dose.__doc__


def _is_least(tokens: list[Token], i: int) -> bool:
    """Whether an amount is the least that may be given: 'minimum dose 0.1 mg', '(min. 0.1 mg)', but not '5 min 10 mg'."""
    k = i - 1
    while k > 0 and tokens[k].low in _LEAST_BEHIND:
        k -= 1
    return tokens[k].low == "minimum" or (tokens[k].low == "min" and tokens[k - 1].low in ("(", ",", ";", "and"))


_LEAST_BEHIND = frozenset("dose single daily of is : .".split())
_PASSED = frozenset(("urine", "output", "diuresis"))


def _limit(s: Scan, i: int) -> Island | None:
    if _names_disease(s, i):
        return None
    return limits.placed(limits.limit(s.tokens, i), s.islands) or limits.most_a_day(s.tokens, i, s.islands)


_limit.__doc__ = limits.limit.__doc__


def _names_disease(s: Scan, i: int) -> bool:
    """Whether a word for a maximum is a disease in capitals: 'CAP: 500 mg', 'MDD: 20 mg OD', but not 'MDD: 60 mg'."""
    tokens = s.tokens
    if tokens[i].low not in _DISEASES or not s.text[tokens[i].start : tokens[i].end].isupper():
        return False
    colon = next((k for k in range(i + 1, i + 7) if tokens[k].low == ":"), 0)
    given = quantity.dose(tokens, colon + 1) if colon else None
    if any(p.kind == "dose" for p in s.islands):  # a dose that it may cap stands before it
        return tokens[i].low == "cap" and (given is None or given.fields.get("dose_is") != "per_day")
    behind = tokens[i + 1]
    if tokens[i].low == "cap" or (behind.value is None and behind.low not in _OF_LIMIT):
        return True  # 'MDD, adjunct: 2–5 mg'
    return given is not None and find(OFTEN, tokens, given.j) is not None


_OF_LIMIT = frozenset((":", "is", "=", "of", "(", "", ".", "for", "in"))  # behind a maximum
_DISEASES = frozenset(("cap", "mdd"))  # community-acquired pneumonia, major depressive disorder

_NUMBER_RULES: tuple[Rule, ...] = (
    not_doses.date,
    _plain(not_doses.aimed_count),
    not_doses.clock,
    not_doses.free_time,
    _plain(not_doses.multiple),
    not_doses.part_of_dose,
    _plain(changes.one_given),
    _plain(changes.step_word),
    _plain(timing.doses_apart),
    timing.apart,
    _plain(timing.counted),
    _plain(cycles.on_off),
    _plain(cycles.length),
    _plain(bounds.infusion_time),
    _plain(timing.single),
    _plain(timing.count_per),
    _hourly,
    _plain(moments.when),
    changes.later,
    _band,
    _dose,
    _plain(bounds.bounds),
    _plain(quantity.bare),
)
# Of numbers before a unit of mass or activity, "25 to 50 mg", the rules before these read nothing: they are of time and people.
_MEASURED_RULES = _NUMBER_RULES[_NUMBER_RULES.index(_dose) :]

_RULES: list[tuple[Rule, Iterable[str]]] = [
    (
        _worded(phrases.quoted),
        "for form route reason condition components parameter unit partners limit via dosing".split(),
    ),
    (not_doses.otherwise_in_bracket, ("(",)),
    (separator, (*tuple(_SEPARATORS), ".", "followed")),
    (_plain(lengths.infusion), lengths.INFUSION_FIRST),
    (_plain(lengths.course), lengths.COURSE_FIRST),
    (lengths.worn, lengths.WORN_FIRST),
    (not_doses.instead, ("instead", "rather")),
    (not_doses.between, ("between",)),
    (not_doses.taken_on, ("on",)),
    (_plain(changes.changed_from), ("from",)),
    (not_doses.spoken_of, ("the",)),
    (not_doses.taken_before, not_doses.TAKEN_FIRST),
    (not_doses.way_of_another, ("as", "after", "before", "than", "from")),
    (_plain(not_doses.referred), "after before than since following once when until".split()),
    (_plain(who.parameter), (*PARAMETERS, "child")),
    (begins.week, ("week", "weeks", "month", "months", "cycle", "cycles")),
    (not_doses.date, not_doses.MONTHS),
    (_plain(not_doses.multiple), ("twice",)),
    (_plain(timing.dose_times), ("at", "on", "in", "days", "weeks", "months")),
    (_plain(timing.doses_apart), ("twice", "in", "as")),
    (not_doses.not_before, ("before", "until", "from")),
    (_plain(cycles.days), "on from day days d the cycle for given".split()),
    (begins.since, begins.SINCE_FIRST),
    (_plain(limits.at_most), ("highest", "largest", "biggest", "greatest", "nobody", "no")),
    (_limit, (*limits.LIMIT_FIRST,)),
    (_plain(limits.most_is), ("most",)),
    (_band_for, ("for", "at")),
    (_age_for, ("at", "from")),
    (cycles.repeated, ("x", "×")),
    (_plain(cycles.on_off), ("for", "x")),
    (_band, "up over under below above ≥ ≤ < >".split()),
    (
        _plain(cycles.length),
        "of in a an each every the repeated cycle cycles per as for on repeating over".split(),
    ),
    (_worded(conditions.as_needed), "prn as when if whenever where only on after".split()),
    (_exception, ("except", "excepting")),
    (_exchange, ("before", "with", "and")),
    (_plain(changes.repeat), ("repeat", "repeated", "repeating", "again")),
    (
        _plain(changes.increment),
        (
            "in",
            "by",
            "with",
            "using",
            "add",
            "adding",
            "steps",
            "increments",
            "↑",
            "↓",
            *changes.RISES,
            *changes.FALLS,
            *changes.CHANGES_BY,
        ),
    ),
    (_plain(timing.count_per), "up once twice thrice maximum at".split()),
    (_plain(timing.divided), "given divided as split in into (".split()),
    (_plain(timing.single), ("as", "in", "a", "one")),
    (_worded(conditions.once_borne), ("once",)),
    (_plain(timing.once), ("once",)),
    (_worded(timing.frequency_phrase), OFTEN),
    (_plain(timing.every), ("every", "each", "q", "at")),
    (
        _when,
        (
            *WHEN,
            "an",
            "at",
            "half",
            "within",
            "about",
            "shortly",
            "immediately",
            "just",
            "right",
            "without",
            "regardless",
            "irrespective",
            "with",
            "before",
            "after",
            "directly",
        ),
    ),
    (_plain(moments.weekdays), (*moments.DAYS, "on", "every", "each")),
    (
        _plain(bounds.infusion_time),
        "over during infused infuse given administered as a by run slowly inject injected via".split(),
    ),
    (_plain(changes.start_after), ("after", "beyond")),
    (_plain(changes.paused), ("stop", "hold", "withhold", "pause", "interrupt", "omit", "stopped", "withheld", "held")),
    (_plain(changes.beginning), "beginning starting commencing initiating begun started commenced initiated".split()),
    (
        _plain(partners.diluent),
        "added diluted dilute dissolved reconstituted reconstitute dissolve mixed in with into".split(),
    ),
    (
        _plain(bounds.bounds),
        "for x × during over times up at no not minimum maximum within".split(),
    ),
    (
        _worded(conditions.condition),
        "if until till unless as according depending based guided adjusted adjust adjusting titrated in when provided".split(),
    ),
    (_plain(changes.step_word), STEPS),
    (_plain(changes.begun_at), ("initiated", "started", "begun", "commenced")),
    (_plain(changes.single_amount), ("single",)),
    (changes.later, ("a", "an")),
    (changes.booster, "booster third fourth fifth sixth".split()),
    (systems.released, systems.RELEASE_FIRST),
    (
        not_doses.held,
        "contain contains containing hold holds holding deliver delivers delivering provide provides gives yields brings supplies binds neutralises neutralizes".split(),
    ),
    (systems.changed, systems.CHANGED_FIRST),
    (not_doses.in_each, ("in", "per")),
    (not_doses.is_strength, ("is", "are")),
    (not_doses.total, ("cumulative", "total")),
    (not_doses.averaged, ("mean", "median", "average")),
    (
        not_doses.part_of_dose,
        "larger largest greater greatest bigger biggest major smaller remaining most rest".split(),
    ),
    (not_doses.other_form, ("with", "and", "plus", "the")),
    (not_doses.prolonged, "or extended extending extend prolonged prolong lengthened increased continued".split()),
    (not_doses.end_of_range, not_doses.ENDS_OF_RANGE),
    (not_doses.halved, "halve halved double doubled halving doubling".split()),
    (_plain(changes.change), (*changes.CHANGE_FIRST, "drop")),
    (
        _owned(partners.partner),
        "in combined combination together along concomitantly concurrently coadministered co with plus + and".split(),
    ),
    (_plain(quantity.auc), ("auc",)),
    (not_doses.of_which, ("of",)),
    (not_doses.of_solution, ("of", "containing", "with")),
    (not_doses.product_name, ("of",)),
    (not_doses.for_each, ("each", "every")),
    (not_doses.each_unit, ("each", "per", "one")),
    (
        not_doses.threshold,
        "within above over beyond exceeding exceed exceeds below under more less greater higher lower fewer > < ≥ ≤ >= <=".split(),
    ),
    (
        _band,
        "< ≤ <= > ≥ >= below under less lower over above more greater from up at between older younger no not of exceeding fewer".split(),
    ),
    (
        _dose,
        "another about approximately approx around ~ ≈ up at between from a an as usually roughly = total".split(),
    ),
    (_plain(quantity.bare), "a half up at between about".split()),
    (_plain(who.group), (*WHO, *who.SEVERITY, "liver", "kidneys")),
    (_plain(phrases.no_way), ("no", "without")),
    (not_doses.dose_later, ROUTES),
    (_route, ROUTES),
    (_worded(phrases.form), FORM_WORDS),
    (
        _plain(cycles.continuous),
        "continuously continuous indefinitely lifelong without with life for".split(),
    ),
]


def _dispatch() -> dict[str, tuple[Rule, ...]]:
    table: dict[str, list[Rule]] = {}
    for rule, firsts in _RULES:
        for word in dict.fromkeys(firsts):
            table.setdefault(word, []).append(rule)
    # ',' and ';' and the like begin nothing else; words such as 'and' divide only where no other rule reads them
    for word in "and or plus + than ( followed then".split():
        if word in table and separator in table[word]:
            table[word].remove(separator)
            table[word].append(separator)
    return {word: tuple(rules) for word, rules in table.items()}


_TABLE = _dispatch()
_foreign = _owned(partners.foreign)


_GLUE = "/-–—×x"


def _is_tail(tokens: list[Token], i: int, islands: list[Island]) -> bool:
    """Whether the number is the tail of something unread ('10-20-30 mg', '3/500 mg'), and so none of its own."""
    joint, before = tokens[i - 1], tokens[i - 2]
    if joint.kind != PUNCT or joint.low not in _GLUE or before.kind != NUMBER or before.end != joint.start:
        return False
    return not islands or islands[-1].j <= i - 2


def _is_measured(tokens: list[Token], i: int) -> bool:
    """Whether a number, or a range that begins with it, stands before a unit of mass or activity."""
    j = i + 1
    if tokens[j].low in ("to", "-", "–") and tokens[j + 1].value is not None:
        j += 2
    return tokens[j].low in MEASURES


def _label_end(tokens: list[Token], i: int) -> int:
    """The ':' that ends a label beginning at token i, or 0: at most 24 tokens on, no sentence end before it."""
    j = i
    stop = i + 24
    while j < stop:
        t = tokens[j]
        if t.kind in (END, BREAK) or t.low in (";", ".", "|"):
            return 0
        if t.low == ":":
            ratio = t.end > t.start and tokens[j + 1].start == t.end  # a colon that a table's head adds has no width
            if ratio and tokens[j - 1].kind == NUMBER and tokens[j + 1].kind == NUMBER:
                return 0
            return j if j > i else 0
        j += 1
    return 0


_COUNTED = frozenset(
    "day days week weeks month months cycle cycles dose doses step steps phase course stage grade part".split()
)


def _split_number(tokens: list[Token], i: int) -> bool:
    """Whether a blank may have split one number in two: '1 400 mg' is 1400 mg or a 1 and 400 mg; 'day 1 400 mg' is not."""
    before, this = tokens[i - 1], tokens[i]
    return (
        i > 0
        and before.kind == NUMBER == this.kind
        and before.end + 1 == this.start
        and before.low.isdecimal()
        and len(before.low) <= 3
        and len(this.low) == 3
        and this.low.isdecimal()
        and (i < 2 or tokens[i - 2].low not in _COUNTED)
    )


def _caps(limit: Island, joint: Island) -> bool:
    """Whether a maximum stands right before a joining word: what it joins is a maximum too."""
    return limit.kind == "limit" and limit.j == joint.i


def _up_to(islands: list[Island], found: Island) -> bool:
    """Whether 'or' joins an amount to one that 'up to' bounds: 'up to 7.5 mg/kg twice daily or 300 mg a day'."""
    before = [p for p in islands[-4:-1] if p.kind == "dose"][-1:]
    bounded = any(p.fields.get("dose_low") is None and p.fields.get("dose_high") is not None for p in before)
    return bounded and found.fields.get("dose_low") is not None and found.note != "count"


def scan(text: str, tokens: list[Token], own: Collection[str], label: bool = False) -> list[Island]:
    """The islands of a text in order, separators and labels among them."""
    s = Scan(text, tokens, own)
    islands = s.islands
    i = 0
    if (
        tokens[0].kind == NUMBER
        and tokens[1].low in (".", ")")
        and tokens[1].start == tokens[0].end
        and tokens[2].start > tokens[1].end
    ):
        islands.append(Island("sep", 0, 2, None, "break"))
        i = 2
    elif tokens[0].kind == PUNCT and tokens[0].low in "-*•":
        i = 1
    colon = _label_end(tokens, i)
    begin = i
    s.label = label or colon > 0
    capped = False
    capping = not limits.BEHIND_MARKS.isdisjoint([t.low for t in tokens])
    get = _TABLE.get
    while True:
        t = tokens[i]
        if t.kind == END:
            break
        if i == colon and colon:
            fresh = not any(p.i >= begin and p.kind in ("dose", "rate", "limit") for p in islands[-12:])
            if (
                fresh
                and tokens[begin].low in limits.LIMIT_WORDS
                and not _names_disease(s, begin)
                and (top := limits.placed(limits.limit_value(tokens, begin, i + 1, ""), islands))
            ):
                islands.append(top)
                colon, s.label = 0, label
                i = top.j
                continue
            limiting = tokens[begin].low in limits.LIMIT_WORDS and not _names_disease(s, begin)
            if fresh and limiting and tokens[i + 1].kind != END:
                capped = True  # 'Max in 24 h: tablets 200 mg, nasal 40 mg'
            islands.append(Island("sep", i, i + 1, None, ("label", begin)))
            s.label = label
            colon = 0
            i += 1
            # a label within a label: 'Adults: Hypertension: 5 mg'
            colon = _label_end(tokens, i)
            begin = i
            s.label = label or colon > 0
            continue
        found: Island | None = None
        rules = get(t.low) if t.value is None else _NUMBER_RULES
        if t.value is not None and _is_measured(tokens, i):
            rules = _MEASURED_RULES
        if t.kind == NUMBER and i > 1 and tokens[i - 1].end == t.start and _is_tail(tokens, i, islands):
            i += 1
            continue
        if rules is not None:
            for rule in rules:
                found = rule(s, i)
                if found is not None:
                    break
        elif t.kind == BREAK:
            found = separator(s, i)
        if found is None:
            if t.kind == WORD and t.value is None and drug_like(t):
                found = _foreign(s, i)
            if found is None:
                i += 1
                continue
        if found.kind in ("dose", "rate"):
            if capped or _split_number(tokens, i):
                found = Island("lost", found.i, found.j)
            elif (
                len(islands) > 1
                and islands[-1].note == "or"
                and (_caps(islands[-2], islands[-1]) or _up_to(islands, found))
            ):
                found = Island("lost", found.i, found.j)  # 'not more than 20 mg in 24 hours or 80 mg in a course'
            elif capping and (top := limits.limit_behind(tokens, i)) is not None:
                found = top
        if found.kind == "sep" and found.note in ("sentence", "break"):
            capped = False
        if colon and found.j > colon:
            found.j = min(found.j, colon) if found.kind in ("condition", "partner", "foreign", "prn") else found.j
            if found.j > colon:
                colon, s.label = 0, label
        islands.append(found)
        i = found.j
        if found.kind == "sep" and found.note in ("semi", "sentence", "break"):
            colon = _label_end(tokens, i)
            begin = i
            s.label = label or colon > 0
    systems.by_rate(tokens, islands)
    return islands
