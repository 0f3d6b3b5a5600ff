"""Amounts, maxima, times and routes by what stands around them: 'minimum dose 0.1 mg' is no dose, 'CAP:' no maximum."""

from __future__ import annotations

from monopipe.grammar import (
    bands,
    changes,
    conditions,
    limits,
    moments,
    partners,
    phrases,
    quantity,
    timing,
    whose_maximum,
)
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, Token, skip
from monopipe.grammar.not_doses import beside, replaced, strengths, thresholds
from monopipe.grammar.words import OFTEN, TIMES, UNITS, drug_like, find


def dose(s: Scan, i: int) -> Island | None:
    """An amount; none where it is the least, the sum or a part of a dose, the rate of a fluid, or of another drug."""
    found = quantity.dose(s.tokens, i)
    if found is None:
        return None
    if found.kind == "dose":
        return _dose(s, i, found)
    if found.kind == "rate":
        return _rate(s, i, found)
    percent = found.kind == "strength" and s.tokens[found.j - 1].low == "%"
    if percent and s.tokens[found.i - 1].low == ":" and _share_later(s.tokens, found.j):
        return quantity.share_again(s.tokens, found, True)  # 'CrCl 40–50: 70%; 30–39: 60% of the dose'
    if percent and any(p.note == "share" for p in s.islands[-10:]):
        return quantity.share_again(s.tokens, found, bands.ends_at(s, found.i))
    return found


def _share_later(tokens: list[Token], j: int) -> bool:
    """Whether a list of shares goes on from token j to one that says that it is of the dose."""
    for k in range(j, min(j + 60, len(tokens) - 2)):
        if tokens[k].kind in (END, BREAK) or tokens[k].low == ".":
            return False
        if tokens[k].low == "%" and tokens[k + 1].low == "of":
            shared = quantity.dose(tokens, k - 1)
            return shared is not None and shared.note == "share"
    return False


def applied(s: Scan, i: int) -> Island | None:
    """One application of what is spread on the skin, where only how often is said: '5% cream | apply twice daily'."""
    tokens = s.tokens
    sentence = next((n for n in range(len(s.islands), 0, -1) if s.islands[n - 1].note in ("sentence", "break")), 0)
    measured = any(p.kind == "dose" for p in s.islands[sentence:])
    begin = s.islands[sentence - 1].j if sentence else 0
    if any(t.low.startswith(_CARE) for t in tokens[begin:i]):
        return None  # 'an emollient cream is applied twice daily'
    if measured or tokens[i - 1].low in _NOT_SO or not any(t.low in _SPREAD for t in tokens):
        return None
    k = i + 1
    while not (often := _how_often(tokens, k)):
        strength = tokens[k].kind == NUMBER and tokens[k + 1].low == "%"
        if k > i + 16 or tokens[k].kind in (END, BREAK) or tokens[k].low in _PARTED | _THEN_OFF:
            return None
        if not strength and (tokens[k].value is not None or find(UNITS, tokens, k)):
            return None  # 'apply one patch daily'
        k += 2 if strength else 1
    k = often
    while tokens[k].kind != END and tokens[k].low not in _PARTED:
        if tokens[k].kind == NUMBER and (unit := find(UNITS, tokens, k + 1)) and unit[0].code != "%":
            return None  # 'apply twice daily, 2 g each time'
        k += 1
    fields = quantity.flat(1.0, 1.0, "{application}")
    if not any(t.low in _INSIDE for t in tokens):
        fields["route"] = "topical"
    return Island("dose", i, i + 1, fields, "count")


def _how_often(tokens: list[Token], k: int) -> int:
    """The token behind the words that say how often, where they begin at token k; else 0."""
    if (hit := find(OFTEN, tokens, k)) is not None:
        return hit[1]
    found = timing.count_per(tokens, k)
    if found is None and tokens[k].low in ("every", "each"):
        found = timing.every(tokens, k)
    return found.j if found is not None and found.kind == "often" else 0


_THEN_OFF = frozenset("washed wash rinsed rinse removed remove left until".split())
_INSIDE = frozenset(
    "eye eyes eyelid eyelids lid conjunctival ear ears nose nostril nostrils nasal vagina vaginal vaginally rectal rectally anal anus rectum gum gums mouth oral buccal tube".split()
)
_CARE = tuple(
    "emollient moistur sunscreen sunblock barrier steroid corticosteroid compress pressure heat ice dressing bandage tourniquet sensor pad".split()
)
_NOT_SO = frozenset("not never be".split())
_PARTED = frozenset(". ; | :".split())
_SPREAD = frozenset(
    "cream ointment gel lotion foam paste emulsion shampoo paint solution topical topically thinly layer film skin lesion lesions scalp face"
    " area areas plaques wart warts nail nails".split()
)


def _falls(tokens: list[Token], i: int, behind: int) -> bool:
    """Whether 'a drop' is a fall: 'a drop in blood pressure', 'a drop of 2 g/dL'; but 'a drop in each eye'."""
    of_amount = tokens[behind].low == "of" and tokens[behind + 1].kind == NUMBER
    if tokens[i].low not in ("a", "any") or not (tokens[behind].low == "in" or of_amount):
        return False
    return not any(t.low in _DROPPED_INTO for t in tokens[behind + 1 : behind + 5])


_DROPPED_INTO = frozenset(
    "eye eyes ear ears nostril nostrils nose solution suspension sac canal both each water".split()
)


def _dose(s: Scan, i: int, found: Island) -> Island:
    """A dose by the words around it and the doses before it."""
    tokens, behind = s.tokens, found.j
    lost = Island("lost", found.i, behind)
    if found.fields.get("dose_unit") == "{drop}" and _falls(tokens, i, behind):
        return lost
    if tokens[found.i - 1].low in ("is", "are", "was", "of") and whose_maximum.speaks_of_most(tokens, found.i - 1):
        return lost  # 'the maximum daily dose for patients taking ciclosporin is 10 mg'
    last = next((p for p in reversed(s.islands) if p.kind == "dose"), None)
    if last is not None:
        again = any(t.low in ("repeat", "repeated", "repeating") for t in tokens[last.j : i])
        within = skip(tokens, behind, ("in", "within", "over", "the", "first", "a", "an", "one", "1", "2"))
        if again and tokens[i].low == "up" and within > behind and (time := find(TIMES, tokens, within)):
            return Island("lost", i, time[1])  # '20 mL/kg; repeat as needed up to 60 mL/kg in the first hour'
        whole = (tokens[behind].low, tokens[behind + 1].low) in (("in", "total"), ("in", "all"))
        if whole or tokens[behind].low == "altogether":
            return lost  # '1 mg every 5 minutes; most need 4 mg in total'
        if _is_least(tokens, i):
            return lost  # '0.02 mg/kg IV, minimum dose 0.1 mg'
    if (capped := whose_maximum.further(s, found)) is not None:
        return capped
    if (other := partners.of_another(s, found)) is not None:
        return other
    counted = any(p.kind == "dose" and p.note == "count" for p in s.islands[-2:])
    if counted and tokens[behind].low == "each" and found.note in ("mass", "activity"):
        return Island("lost", i, behind + 1)  # '2 sprays (50 micrograms each)'
    if strengths.prepared(tokens, found, s.text):
        return lost
    if (left := replaced.gives_way(tokens, found) or thresholds.on_top(tokens, found)) is not None:
        return left
    found = thresholds.or_more(s, found)
    return changes.added(tokens, found) if found.kind == "dose" else found


def _rate(s: Scan, i: int, found: Island) -> Island | None:
    """A rate by the words around it."""
    tokens = s.tokens
    if tokens[found.j].low in ("less", "lower", "slower"):
        return Island("lost", found.i, found.j + 1)  # 'over 90 s: 3 units/kg/h less'
    if tokens[found.j].low == "or" and tokens[found.j + 1].low in _SLOWER:
        return Island("lost", found.i, found.j + 2)  # 'run at 30 mg/minute or less' bounds how fast
    if beside.rate_of_fluid(tokens, found) or any(t.low in _PASSED for t in tokens[max(i - 4, 0) : i]):
        return Island("lost", found.i, found.j)  # 'to maintain a urine output of 100 mL/h'
    if found.fields["rate_unit"] != "mL/min":
        return found
    if any(p.kind in ("dose", "lost") for p in s.islands) and not bands.runs(tokens):
        return Island("lost", found.i, found.j)  # '25 mg daily for 30 to 50 mL/min' under a heading on the kidneys
    return None if s.label else found


_SLOWER = frozenset("less slower below lower under".split())


def _is_least(tokens: list[Token], i: int) -> bool:
    """Whether an amount is the least that may be given: 'minimum dose 0.1 mg', '(min. 0.1 mg)', but not '5 min 10 mg'."""
    k = i - 1
    while k > 0 and tokens[k].low in _LEAST_BEHIND:
        k -= 1
    return tokens[k].low == "minimum" or (tokens[k].low == "min" and tokens[k - 1].low in ("(", ",", ";", "and"))


_LEAST_BEHIND = frozenset("dose single daily of is : .".split())
_PASSED = frozenset(("urine", "output", "diuresis"))


def limit(s: Scan, i: int) -> Island | None:
    """A maximum, in the column that its own words or the dose before it tell, unless the word is a disease."""
    if names_disease(s, i):
        return None
    found = limits.placed(limits.limit(s.tokens, i), s.islands)
    found = found or limits.most_in_all(s.tokens, i) or limits.most_a_day(s.tokens, i, s.islands)
    later = _later_limit(s.tokens, found.j) if found is not None else 0
    return Island("lost", i, later) if later else found


def _later_limit(tokens: list[Token], j: int) -> int:
    """The token behind the maximum of later days, where one of the first day ends at token j: no column holds both.

    'no more than 200 mg on day 1 and 150 mg/day thereafter', 'maximum 30 mg on the first day and 20 mg on following days'
    """
    words = [t.low for t in tokens[j : j + 5]]
    first = [t.low for t in tokens[max(j - 2, 0) : j]] in (["day", "1"], ["first", "day"], ["day", "one"])
    if not first and (hours := next((n for n in (4, 5) if words[:n][-3:] == ["first", "24", "hours"]), 0)):
        first, j = True, j + hours
    k = skip(tokens, j, (",", "and", "then", "or"))
    found = quantity.dose(tokens, k) if first and k > j else None
    if found is None or found.kind != "dose":
        return 0
    behind = _how_often(tokens, found.j) or found.j
    on_later = any(t.low in _LATER for t in tokens[behind : behind + 4])
    return behind if on_later or (behind == found.j and found.fields.get("dose_is") == "per_day") else 0


_LATER = frozenset("thereafter subsequently afterwards following subsequent later other".split())


def names_disease(s: Scan, i: int) -> bool:
    """Whether a word for a maximum is a disease in capitals: 'CAP: 500 mg', 'MDD: 20 mg OD', but not 'MDD: 60 mg'."""
    tokens = s.tokens
    if tokens[i].low not in _DISEASES or not s.text[tokens[i].start : tokens[i].end].isupper():
        return False
    colon = next((k for k in range(i + 1, i + 7) if tokens[k].low == ":"), 0)
    first = next((k for k in range(colon + 1, colon + 6) if tokens[k].kind == NUMBER), 0) if colon else 0
    given = quantity.dose(tokens, first) if first else None
    if any(p.kind == "dose" for p in s.islands):  # a dose that it may cap stands before it
        return tokens[i].low == "cap" and (given is None or given.fields.get("dose_is") != "per_day")
    behind = tokens[i + 1]
    if tokens[i].low == "cap" or (behind.value is None and behind.low not in _OF_LIMIT):
        return True  # 'MDD, adjunct: 2–5 mg'
    if given is None:
        return False
    if any(t.low in _BEGINS for t in tokens[colon:first]):
        return True  # 'MDD: initially 20 mg'
    # 'MDD | 25 mg three times daily', 'MDD | 75–100 mg/day', 'MDD: 20 mg/day, then 40 mg/day'; but 'MDD | 60 mg/day'
    between = given.fields.get("dose_low") not in (None, given.fields.get("dose_high"))
    return between or _how_often(tokens, given.j) > 0 or any(t.kind == NUMBER for t in tokens[given.j :])


_BEGINS = frozenset("initially initial start starting begin beginning give take usual usually".split())
_OF_LIMIT = frozenset((":", "is", "=", "of", "(", "", ".", "for", "in"))  # behind a maximum
_DISEASES = frozenset(("cap", "mdd"))  # community-acquired pneumonia, major depressive disorder


def when(s: Scan, i: int) -> Island | None:
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


def hourly(s: Scan, i: int) -> Island | None:
    """So many hours or weeks apart; of '4-weekly doses' no one knows whether they are four or four weeks apart."""
    found = timing.hourly(s.tokens, i)
    if found is not None and found.note == "doses" and s.text[s.tokens[found.j - 2].start - 1] in "-‐‑–":
        return None
    return found


def condition(s: Scan, i: int) -> Island | None:
    """A condition, unless it is that of another act: '(re-evaluate after 3–5 days if no response)'."""
    found = conditions.condition(s.tokens, i, s.text)
    if found is None or found.kind != "condition" or s.tokens[i].low not in ("if", "when"):
        return found
    for k in range(i - 1, max(i - 9, -1), -1):
        if s.tokens[k].low in ("(", ";", ".", ",", ":") or s.tokens[k].kind == BREAK:
            break
        if s.tokens[k].low in _ANOTHER_ACT:
            return Island("lost", found.i, found.j)
    return found


_ANOTHER_ACT = frozenset(
    "evaluate evaluated re-evaluate reevaluate reassess reassessed review reviewed recheck rechecked consult refer biopsy".split()
)


def _also(s: Scan, i: int) -> bool:
    """Whether a way is one more that a dose may be given by: '20 mg every 6 hours; may be given rectally', 'can also be given IM'."""
    tokens, k = s.tokens, i - 1
    while k > i - 7 and tokens[k].low in _MAY_BE_GIVEN:
        k -= 1
    words = {t.low for t in tokens[k + 1 : i]}
    opens = tokens[k].low in (";", ",", "(") and tokens[k + 1].low in ("may", "can")
    may = bool(words & {"may", "can"}) and bool(
        words & {"given", "administered", "used", "taken", "injected", "infused"}
    )
    return may and (opens or "also" in words) and any(p.kind in ("dose", "rate") for p in s.islands[-10:])


_MAY_BE_GIVEN = frozenset(
    "may can also be alternatively given administered used taken injected infused it the dose drug by as via slow slowly".split()
)


def route(s: Scan, i: int) -> Island | None:
    """A route, unless it is that of another drug: 'nasal mupirocin first, …'."""
    found = phrases.route(s.tokens, i, s.text)
    if found is not None and _also(s, i):
        return Island("lost", found.i, found.j)
    behind = s.tokens[found.j] if found is not None else None
    if found is None or behind is None or not s.own or behind.low in s.own or not drug_like(behind):
        return found
    return Island("lost", found.i, found.j)
