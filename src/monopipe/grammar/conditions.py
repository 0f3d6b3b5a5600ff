"""Reasons and conditions: as needed, if tolerated, until progression."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.changes import CHANGE_FIRST
from monopipe.grammar.criteria import criteria_end
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, END, NAME, NUMBER, WORD, Token, skip
from monopipe.grammar.limits import LIMIT_WORDS
from monopipe.grammar.onsets import time_after
from monopipe.grammar.quantity import dose
from monopipe.grammar.text import sentence_end
from monopipe.grammar.timing import count_per
from monopipe.grammar.who import bare_band, parameter
from monopipe.grammar.words import (
    OFTEN,
    ROUTES,
    SETS,
    STEPS,
    TIMES,
    UNITS,
    WHEN,
    find,
)


def as_needed(tokens: list[Token], i: int, text: str) -> Island | None:
    """As needed, with its reason: 'PRN pain', 'as needed for nausea', 'when required', 'if necessary', 'after each loose stool'."""
    low = tokens[i].low
    j = i
    if low == "prn":
        j = i + 1
    elif low in ("as", "when", "if", "whenever", "where", "only"):
        j = i + 1
        j = skip(tokens, j, ("and", "when", "or", "if", "as", "often"))
        if tokens[j].low not in ("needed", "required", "necessary", "reqd", "need", "wanted"):
            return None
        j += 1
        if low != "as" and tokens[j].low == "up" and tokens[j + 1].low == "to" and not count_per(tokens, j):
            return Island("lost", i, j)  # '5 mg daily, if needed up to 20 mg daily' is of the higher dose
        if i and (
            tokens[i - 1].low in ("longer", "more", "higher", "further", "repeated", "up", "down")
            or _lengthens(tokens, i)
        ):
            return None  # "or longer if needed" lengthens the course; the dose itself is not as needed
    elif low == "on" and tokens[i + 1].low == "demand":
        j = i + 2
    elif (
        low == "after"
        and tokens[i + 1].low in ("each", "every")
        and tokens[i + 2].low in ("episode", "loose", "unformed", "bowel", "stool", "attack")
    ):
        end = _reason(tokens, i + 1)
        return Island(
            "prn", i, end, {"as_needed": True, "as_needed_for": text[tokens[i + 1].start : tokens[end - 1].end]}
        )
    else:
        return None
    fields: dict[str, Any] = {"as_needed": True}
    k = j
    if tokens[k].low == "(" and tokens[k + 1].low == "prn" and tokens[k + 2].low == ")":
        k += 3
        j = k
    if (
        tokens[k].low in ("for", "when", "to", "if")
        and tokens[k + 1].low not in ("up", "a", "x")
        and tokens[k + 1].value is None
    ):
        k += 1
    elif low != "prn":
        return Island("prn", i, j, fields)
    start = k
    end = _reason(tokens, start)
    if end > start:
        fields["as_needed_for"] = text[tokens[start].start : tokens[end - 1].end]
        return Island("prn", i, end, fields)
    return Island("prn", i, j, fields)


def _lengthens(tokens: list[Token], i: int) -> bool:
    """Whether a course stands before the words, as in 'or up to 8 weeks if needed'."""
    before = [t.low for t in tokens[max(i - 6, 0) : i]]
    return find(TIMES, tokens, i - 1) is not None and "or" in before and any(t.value for t in tokens[max(i - 3, 0) : i])


def _reason(tokens: list[Token], i: int) -> int:
    """The token after a reason's words: it ends at punctuation, a number, or a dosing word."""
    j = i
    while tokens[j].kind in (WORD, NAME) and tokens[j].value is None and j < i + 9:
        low = tokens[j].low
        if low in SETS["reason_ends"]:
            break
        if j > i and low == "for" and tokens[j + 1].value is not None:
            break
        if low == "for" and tokens[j + 1].low == "up":
            break
        if find(ROUTES, tokens, j) and j + 1 >= i and not (find(ROUTES, tokens, j) or ((0, True), 0))[0][1]:
            break
        if find(OFTEN, tokens, j) and j > i and low not in ("on",):
            break
        if find(WHEN, tokens, j) and j > i and low in ("at", "in", "with", "before", "after"):
            break
        j += 1
    while j > i and tokens[j - 1].low in ("or", "and", "for", "the", "of", "to", "a"):
        j -= 1
    return j


# 'if the full 15 mg is tolerated': the amount is part of the condition.
_OF_A_DOSE = frozenset("is are was were has have does do fails fail proves cannot can".split())


def condition(tokens: list[Token], i: int, text: str) -> Island | None:
    """A condition or an end as printed: 'if tolerated', 'until progression', 'as tolerated', 'according to response', 'unless …'."""
    low = tokens[i].low
    if low in SETS["adjusted"]:
        return _adjusted(tokens, i, text)
    if low == "when" and tokens[i + 1].low == "used":
        return None
    if low == "until" and (aim := _aim(tokens, i)):
        return Island("ignore", i, aim)
    case = (tokens[i + 1].low, tokens[i + 2].low)
    if low == "in" and case[0] != "case" and not (case[0] == "the" and case[1] in ("absence", "presence", "event")):
        return None
    j = _end(tokens, i, text)
    if j == i + 1:
        return None
    given = tokens[j - 1].low == "after" or (tokens[j - 2].low, tokens[j - 1].low) == ("response", "to")
    past = dose(tokens, j) if given and tokens[j].kind == NUMBER else None
    if past is not None and past.kind == "dose" and tokens[past.j].low in (",", ":", ";", ".", "dose", "and"):
        j = past.j  # 'if there is no response after 10 mg,'
    if low in ("if", "when") and _is_of_no_dose(tokens, i, j):
        return Island("lost", i, j)
    fields: dict[str, Any] = {"condition_text": text[tokens[i].start : tokens[j - 1].end]}
    if low == "once" or (low == "when" and _borne_for(tokens, i, j)):
        fields.update(_borne_for(tokens, i, j))
    elif low == "if" or (low == "when" and not any(t.low in _RESUMED for t in tokens[max(i - 8, 0) : i])):
        if not any(criteria_end(tokens, k, text) for k in range(i + 1, min(j, i + 6))):
            fields.update(_measured(tokens, i + 1, j))
        fields.update(_waited(tokens, i + 1, j))
    return Island("condition", i, j, fields)


def _adjusted(tokens: list[Token], i: int, text: str) -> Island | None:
    """What a dose is adjusted to: 'according to response', 'as tolerated'; a change where the dose follows: 'adjusted … to 20 mg'."""
    low = tokens[i].low
    k = skip(tokens, i + 1, SETS["adjusted_link"])
    if low == "as":
        if tokens[k].low not in ("tolerated", "tolerability", "directed", "clinically"):
            return None
        if tokens[k].low == "directed":
            return Island("ignore", i, k + 1)
    elif tokens[k].low not in SETS["adjusted_to"]:
        return None
    end = k + 1
    while tokens[end].low in ("and", "or", "/") and tokens[end + 1].low in SETS["adjusted_to_more"]:
        end += 2
    end += tokens[end].low in ("levels", "level", "function", "pressure", "count", "counts", "concentration")
    changed = low in _ALTERED and tokens[end].low == "to" and tokens[end + 1].value is not None
    if changed and (leads := dose(tokens, end + 1)) is not None and leads.kind in ("dose", "rate"):
        said = {"condition_text": text[tokens[i + 1].start : tokens[end - 1].end]}
        return Island("change", i, end + 1, {"step_kind": "titration", **said})  # '… to 20 mg three times daily'
    return Island("condition", i, end, {"condition_text": text[tokens[i].start : tokens[end - 1].end]})


def _aim(tokens: list[Token], i: int) -> int:
    """Where 'until the target dose of 10–20 mg is reached' names the dose that is aimed at, or 0."""
    k = skip(tokens, i + 1, ("a", "an", "the", "usual"))
    way = find(ROUTES, tokens, k)
    for begin in (way[1] if way and not way[0][1] else k, k):
        aim = find(STEPS, tokens, begin)
        if aim and aim[0][0] in ("target", "maintenance") and tokens[aim[1]].low == "of":
            return k
    return 0


def _end(tokens: list[Token], i: int, text: str) -> int:
    """Where the words of a condition that begins at token i end."""
    j = i + 1
    depth = 0
    while tokens[j].kind not in (END, BREAK) and j < i + 40:
        t = tokens[j]
        if end := criteria_end(tokens, j, text):
            return end
        if t.low == "(":
            if tokens[j + 1].low in LIMIT_WORDS or (tokens[j + 1].low == "up" and tokens[j + 2].low == "to"):
                break
            depth += 1
        elif t.low == ")":
            if depth == 0:
                break
            depth -= 1
        elif t.low in (";", "|") or (t.low == "." and t.end >= 0 and sentence_end(tokens, j, text)):
            break
        elif t.low in (",", ":"):
            joined = tokens[j + 1].low in ("or", "and") and not find(UNITS, tokens, j + 3)
            if depth == 0 and not joined and not _lists_on(tokens, j):
                break
        elif (j > i + 1 and _turns(tokens, j)) or _leads_on(tokens, j, tokens[i].low):
            break
        j += 1
    while tokens[j - 1].low in ("or", "and", ",") and j > i + 1:
        j -= 1  # '1 mg if tolerated or 0.5 mg if not'
    return j


def _lists_on(tokens: list[Token], j: int) -> bool:
    """Whether a comma only divides what is listed: 'if obese, diabetic or over 80', but not 'if severe, 5 mg or 10 mg'."""
    k = j + 1
    while tokens[k].kind == WORD and tokens[k].value is None and k < j + 8:
        k += 1
    words = [t.low for t in tokens[j + 1 : k]]
    ends = tokens[k].kind in (END, BREAK) or tokens[k].low in (".", ";", ")", "|")
    listed = "or" in words[1:4] and words[-1] != "or" and not any(w in CHANGE_FIRST or w in _ORDERS for w in words)
    return tokens[j].low == "," and ends and listed


def _turns(tokens: list[Token], j: int) -> bool:
    """Whether what is to be done in a case begins at token j, without a comma."""
    low, before = tokens[j].low, tokens[j - 1].low
    if low == "the" and tokens[j + 1].low in _DOSES and _changes(tokens, j + 2):
        return True  # 'if the response is poor the dose is increased to 5 mg'
    if low == "it" and _changes(tokens, j + 1):
        return True  # 'when it has been tolerated for 2 weeks it is raised to 10 mg'
    if low == "we" and before not in ("and", "or", "that"):
        return True  # 'when the pain has gone we reduce by 10 mg every week'
    # 'when the pain has gone reduce by 10 mg every week', 'if the rash worsens use 20 mg daily'
    return low in _ORDERS and before not in _NO_ORDER and _of_amount(tokens, j + 1)


def _leads_on(tokens: list[Token], j: int, low: str) -> bool:
    """Whether the next step, a maximum or a dose begins at token j; 'unless' may hold an amount."""
    t = tokens[j]
    if t.low in ("then", "followed"):
        return True
    if low == "unless":
        return False
    if t.low == "up" and tokens[j + 1].low == "to" and tokens[j - 1].low in _SO_FAR and _of_amount(tokens, j):
        return True  # '5 mg; if tolerated up to 10 mg daily'
    if t.low in ("max", "maximum", "not") and tokens[j + 1].low in ("to", "exceed", "dose"):
        return True
    given = dose(tokens, j) if t.kind == NUMBER else None
    if given is None or given.kind != "dose" or given.note not in ("mass", "count", "activity", "volume"):
        return False
    behind, before = tokens[given.j].low, tokens[j - 1].low
    if behind in _OF_A_DOSE or tokens[given.j + 1].low in _OF_A_DOSE:
        return False
    if (before == "the" and behind in ("dose", "doses")) or before in SETS["before_condition_amount"]:
        return False
    if before == "take" and tokens[j - 2].low in ("you", "they", "who"):
        return False  # 'if you take 5 mg'
    return not (before in _BORNE and tokens[j - 2].low in ("has", "have", "had"))


def _is_of_no_dose(tokens: list[Token], i: int, j: int) -> bool:
    """Whether what is said from token i to j is no condition of the dose."""
    return (
        _goes_on(tokens, i, j)  # '40 mg daily for 4 weeks; if healing is incomplete continue for another 4 weeks'
        or _given_up(tokens, i)  # '25 mg twice daily, stop if Hb < 12 g/dL'
        or _orders_else(tokens, i, j)  # '5 mg daily; if there is no response add a thiazide'
        or (i > 0 and tokens[i - 1].low == "not")  # 'not if the mother is dependent'
    )


def once_borne(tokens: list[Token], i: int, text: str) -> Island | None:
    """The condition of a change that 'once' opens: 'once the patient has taken this for 30 days it is increased to 7 mg'."""
    if tokens[i + 1].kind not in (WORD, NAME) or tokens[i + 1].low in _NO_EVENT or find(OFTEN, tokens, i):
        return None
    verb = next((k for k in range(i + 2, i + 8) if tokens[k].low in ("has", "have", "is", "are")), 0)
    if not verb or any(t.low in (",", ".", ";", ":", "") or t.kind == NUMBER for t in tokens[i:verb]):
        return None
    return condition(tokens, i, text)


def reached(tokens: list[Token], i: int, text: str) -> Island | None:
    """A dose that is reached, none to give: 'once the dose reaches 20 mg', 'once at 20 mg', 'after 20 mg is reached'."""
    j = skip(tokens, i + 1, _ON_THE_WAY)
    amount = dose(tokens, j) if tokens[j].kind == NUMBER else None
    if amount is None or amount.kind != "dose" or (i and tokens[i - 1].kind in (WORD, NAME, NUMBER)):
        return None
    end = skip(tokens, amount.j, ("daily", "a", "per", "day"))
    if (
        tokens[end].low in ("is", "has", "was")
        and (k := skip(tokens, end + 1, ("been",)))
        and tokens[k].low == "reached"
    ):
        end = k + 1
    elif tokens[end].low != "," or _THERE.isdisjoint(t.low for t in tokens[i + 1 : j]):
        return None
    return Island("condition", i, end, {"condition_text": text[tokens[i].start : tokens[end - 1].end]})


_THERE = frozenset("at on reaching reaches reached".split())
_ON_THE_WAY = _THERE | frozenset("the a daily dose total down to has have you patients of".split())
_NO_EVENT = frozenset("where when if only more again and or then in on at for by with before after per".split())
_SO_FAR = frozenset("tolerated needed necessary required inadequate insufficient poor unsatisfactory desired".split())
_BORNE = frozenset("tolerated taken received had used".split())
_ALTERED = frozenset("adjusted adjust titrated".split())
_DOSES = frozenset("dose dosage amount infusion".split())


def _changes(tokens: list[Token], j: int) -> bool:
    """Whether a word of change stands behind the verb: 'is increased', 'may then be lowered'; or the verb is one: 'goes up to'."""
    if tokens[j].low in _MOVES and _of_amount(tokens, j + 1):
        return True
    k = skip(tokens, j, frozenset("is are may can should must be then gradually slowly again".split()))
    return k > j and tokens[k].low in CHANGE_FIRST


_MOVES = frozenset("goes rises climbs falls drops increases doubles".split())


def _of_amount(tokens: list[Token], j: int) -> bool:
    """Whether a dose follows, as the object of an order: 'by 10 mg', 'to 20 mg', '5 mg'."""
    j += tokens[j].low in ("up", "down", "back")
    found = dose(tokens, j + (tokens[j].low in ("by", "to", "with", "at", "on")))
    return found is not None and found.kind in ("dose", "rate")


_ORDERS = frozenset(
    "reduce lower decrease increase raise give use add take start restart begin resume switch change continue "
    "repeat inject infuse go drop return step try stay keep".split()
)
_NO_ORDER = frozenset(
    "dose dosage to not and or can cannot could will would may might must should shall do does did they we you i who".split()
)


def _goes_on(tokens: list[Token], i: int, j: int) -> bool:
    """Whether a condition is that of an order to go on, which gives no dose: 'if symptoms persist repeat the course'."""
    for k in range(i + 2, j):
        if tokens[k].low in _GO_ON and tokens[k - 1].low not in _NO_ORDER:
            return not _IS_SO.isdisjoint(t.low for t in tokens[i + 1 : k])
    return False


_GO_ON = frozenset("continue repeat extend prolong".split())
_IS_SO = frozenset(
    "is are was were has have persist persists persisted remain remains recur recurs fail fails occur occurs needed "
    "tolerated necessary required incomplete".split()
)


def _given_up(tokens: list[Token], i: int) -> bool:
    """Whether the words before a condition say that the dose is then no longer given: 'withhold it if', 'to be stopped when'."""
    k = i - 1
    while k > 0 and tokens[k].low in _WHAT_ENDS:
        k -= 1
    return tokens[k].low in _ENDS


def _orders_else(tokens: list[Token], i: int, j: int) -> bool:
    """Whether a clause of its own says what else to do in a case, without a comma or a dose: no condition of the dose before it."""
    alone = i > 0 and (tokens[i - 1].kind == BREAK or tokens[i - 1].low in (";", "."))
    ends = tokens[j].kind in (END, BREAK) or tokens[j].low in (".", ";")
    given_up = tokens[i - 1].low == "," and tokens[j - 1].low in _ENDS and tokens[j - 2].low not in _NO_ORDER
    if ends and given_up and i > 0:
        return True  # '1.7 mg every 6 hours, if creatinine is above baseline discontinue'
    return (
        alone and ends and any(tokens[k].low in _ELSE and tokens[k - 1].low not in _NO_ORDER for k in range(i + 3, j))
    )


_ELSE = frozenset("add give consider check stop discontinue refer call seek substitute withhold".split())


_WHAT_ENDS = frozenset("the it this drug treatment therapy dose doses infusion dosing temporarily permanently".split())
_ENDS = frozenset(
    "stop stopped discontinue discontinued withhold withheld hold held omit omitted interrupt interrupted suspend suspended "
    "pause paused skip cease withdraw withdrawn avoid".split()
)
_RESUMED = frozenset("resume resumed restart restarted recommence reintroduce until".split())


def _waited(tokens: list[Token], i: int, j: int) -> dict[str, Any]:
    """When a step begins that follows a wait in vain: 'if there is no response after 1 hour', 'when pain persists after 2 days'."""
    if not any(t.low in SETS["in_vain"] for t in tokens[i:j]):
        return {}
    k = next((k for k in range(i, j) if tokens[k].low == "after" and not find(TIMES, tokens, k - 1)), j)
    found = time_after(tokens, k) if k < j else None
    return found.fields if found is not None and found.kind == "after" and found.j <= j else {}


def _borne_for(tokens: list[Token], i: int, j: int) -> dict[str, Any]:
    """When a step begins that follows a time on the dose before: 'once this has been taken for 30 days'."""
    if not any(t.low in _BORNE for t in tokens[i:j]):
        return {}
    for k in range(i, j - 2):
        if tokens[k].low == "for" and (end := skip(tokens, k + 1, ("at", "least", "a", "about", "another"))) < j:
            hit = find(TIMES, tokens, end + 1) if tokens[end].value is not None else None
            if hit is not None and hit[1] <= j and hit[0][1] != "s":
                return {"start_after": (tokens[end].value or 0) * hit[0][0], "start_after_unit": hit[0][1]}
    return {}


def _measured(tokens: list[Token], i: int, j: int) -> dict[str, Any]:
    """The first measured value that an if-clause bounds: 'if serum potassium is 5.0 mmol/L or less'.

    None where another may hold instead: 'if age ≥80 years or weight ≤60 kg'.
    """
    if any(tokens[k].low == "or" and parameter(tokens, k + 1) for k in range(i, j)):
        return {}
    for k in range(i, j):
        found = parameter(tokens, k)
        if found is not None and found.j <= j + 1 and "param_unit" in found.fields:
            return {key: v for key, v in found.fields.items() if v is not None}
    bare = bare_band(tokens, i, True, True)
    if bare is not None and bare.j == j and bare.fields.get("param") in ("age", "weight"):
        return {key: v for key, v in bare.fields.items() if v is not None}  # 'if under 25 kg'
    return {}
