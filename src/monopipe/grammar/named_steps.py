"""What a step is called, and so which it is: the first, a loading or single dose, a booster, a target."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import END, NUMBER, Token, skip
from monopipe.grammar.quantity import GIVEN_ONCE, amount, dose, number
from monopipe.grammar.words import ROUTES, SETS, STEPS, TIMES, find


def _dosed_next(tokens: list[Token], j: int) -> bool:
    """Whether a dose stands at a token, or behind the colon there."""
    found = dose(tokens, j + (tokens[j].low == ":"))
    return found is not None and found.kind in ("dose", "rate")


def _is_moment(tokens: list[Token], j: int) -> bool:
    """Whether words tell when something begins: '1–2 days before travel', 'the evening before surgery'."""
    span = amount(tokens, j) if tokens[j].value is not None else None
    time = find(TIMES, tokens, span.j) if span is not None else None
    k = j
    if time:
        k = time[1]
    elif tokens[j].low == "the" and (find(TIMES, tokens, j + 1) or tokens[j + 1].low in _PARTS):
        k = j + 2
    return k > j and tokens[k].low in ("before", "after", "prior", "of", "following")


_PARTS = frozenset("morning evening night afternoon".split())


def step_word(tokens: list[Token], i: int) -> Island | None:
    """A word for the step: 'loading dose', 'initially', 'maintenance', 'as a single dose', 'target dose', 'alternatively'."""
    hit = find(STEPS, tokens, i)
    if hit is None:
        return None
    (kind, starts), j = hit
    if (tokens[i].low in SETS["no_step_of_time"] and j == i + 1) and (
        find(TIMES, tokens, j) or tokens[j].low in SETS["no_step_before"] or _is_moment(tokens, j)
    ):
        return None
    if tokens[j - 1].low == "immediately" and tokens[j].low in ("following", "after", "before", "prior", "upon"):
        return None  # 'immediately following the bolus'
    k = i - 1
    while tokens[k].low in ("the", "a", "an", "full", "first", "each", "last") and k > 0:
        k -= 1
    before_it = tokens[k].low == "before" and any(t.low == "reached" for t in tokens[j : j + 9])
    aimed_at = (tokens[k].low == "until" or before_it) and (
        kind == "target" or (kind == "maintenance" and tokens[j].low == "of")
    )
    loaded = kind == "loading" and tokens[k].low in LOADED_FIRST and tokens[j - 1].low == "of"
    if i and tokens[k].low in _REFERS and kind != "single" and not (aimed_at or loaded):
        return Island("ignore", i, j)  # '24 hours after the loading dose' is when, not what this step is
    if tokens[j - 1].low in ("start", "beginning", "outset") and tokens[j].low == "of":
        return None  # 'at the start of the session'
    if tokens[j - 1].low == "day" and tokens[k].low in ("from", "since", "by", "within"):
        return None  # 'from the first day in hospital'
    if kind == "target" and _of_a_level(tokens, j):
        return Island("ignore", i, j)
    if kind == "loading" and tokens[i].low == "bolus" and tokens[i - 1].low in ("iv", "intravenous"):
        return None
    if (
        tokens[i].low == "initial"
        and j == i + 1
        and tokens[j].value is None
        and tokens[j].low not in (":", ",", "(", "")
    ):
        return None
    if (
        kind == "initial"
        and tokens[j - 1].low in ("therapy", "treatment", "regimen")
        and tokens[j].low not in (":", ",", "(", "")
    ):
        return None  # 'for the initial treatment of hypertension'
    if kind == "initial" and tokens[j - 1].low in ("at", "with", "on") and tokens[j].low in ("least", "most"):
        return None  # 'started at least 1 week before the operation'
    heads = i == 0 and tokens[j].kind == END  # of a column
    if tokens[i].low == "target" and j == i + 1 and tokens[j].value is None and tokens[j].low not in ("of", ":", "is"):
        return Island("step", i, j, {"step_kind": kind}) if heads else None
    if tokens[j - 1].low == "maintain" and (tokens[i - 1].low == "to" or not (heads or _dosed_next(tokens, j))):
        return None  # 'to maintain the response', 'maintain a urine output of'
    if "one" in (tokens[i].low, tokens[i + 1].low) and tokens[j].low in _EACH_TIME:
        return None  # 'one time per day', 'as one dose every day' say how often
    if tokens[i].low == "immediately" and tokens[j].low in ("before", "after", "followed", "by", "prior"):
        return Island("ignore", i, j)
    if tokens[i].low == "one" and tokens[i + 1].low == "dose" and tokens[j].low in ("of", "in"):
        return None
    if kind == "alternative" and (
        tokens[j].low in ("day", "days", "weeks") or (tokens[i].low == "otherwise" and tokens[j].value is None)
    ):
        return None
    if kind == "initial" and (when := number(tokens, j)) and find(TIMES, tokens, when[1]):
        return Island("ignore", i, j)  # 'starting 24 hours later' says when, not that the dose is the first
    fields: dict[str, Any] = {"step_kind": kind}
    begin = i - (kind == "loading" and tokens[i + 1].low == "dose" and tokens[i - 1].low == "single")
    if kind == "single" or begin < i:  # 'a single loading dose'
        fields["dose_count"] = 1
    for k in range(i + 1, j):  # 'as a single IM dose', 'first IV dose'
        if (way := find(ROUTES, tokens, k)) and not way[0][1] and way[1] <= j:
            fields.update(route=way[0][0], route_text=tokens[k].low)
    while j < i + 12 and tokens[j].low in ("of", "is", "dose", ":") and tokens[j].low != ":":
        j += 1
    return Island("step", begin, j, fields, "starts" if starts else None)


_EACH_TIME = frozenset("daily weekly monthly nightly a per each every".split())


def begun_at(tokens: list[Token], i: int) -> Island | None:
    """A first dose whose amount stands further on: 'started in hospital with 5 mg', 'initiated 12 hours after surgery at a dose of 10 mg'."""
    if tokens[i - 1].low not in ("be", "is", "are", "then", "usually"):
        return None
    for j in range(i + 1, i + 12):
        if tokens[j].low in (",", ".", ";", ":", "(", ""):
            return None
        if tokens[j].low in ("at", "with", "on") and j > i + 1:
            at = skip(tokens, j + 1, _A_DOSE_OF)
            if tokens[at].kind == NUMBER and (at == j + 1 or tokens[at - 1].low == "of"):
                isl = dose(tokens, at)
                first = isl is not None and isl.kind in ("dose", "rate")
                return Island("step", i, i + 1, {"step_kind": "initial"}, "starts") if first else None
    return None


_A_DOSE_OF = frozenset("a an the oral intravenous daily single total starting initial low dose rate of".split())


def single_amount(tokens: list[Token], i: int) -> Island | None:
    """'Single' before an amount: 'a single 2 g dose', 'a single 500 mg tablet', 'one single 300 mg infusion'."""
    amount_of = dose(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
    if amount_of is None or amount_of.kind != "dose":
        return None
    end = amount_of.j
    while (way := find(ROUTES, tokens, end)) is not None and not way[0][1]:
        end = way[1]
    last = tokens[max(end, amount_of.j)].low
    given = last in _ONE_GIVEN or (amount_of.note == "count" and tokens[amount_of.j - 1].low in _ONE_GIVEN)
    return Island("step", i, i + 1, {"step_kind": "single", "dose_count": 1}, "once") if given else None


def one_given(tokens: list[Token], i: int) -> Island | None:
    """One administration with its amount: 'one oral dose of 4 mg', 'one intravenous infusion of 5 mg'."""
    if tokens[i].low != "one":
        return None
    j = i + 1
    fields: dict[str, Any] = {"step_kind": "single", "dose_count": 1}
    if (way := find(ROUTES, tokens, j)) and not way[0][1]:
        fields.update(route=way[0][0], route_text=" ".join(t.low for t in tokens[j : way[1]]))
        j = way[1]
    if tokens[j].low == "loading":
        fields["step_kind"] = "loading"
        j += 1
    if tokens[j].low not in GIVEN_ONCE and tokens[j - 1].low not in GIVEN_ONCE:
        return None
    j += tokens[j].low in GIVEN_ONCE
    if tokens[j].low != "of" or tokens[j + 1].kind != NUMBER or dose(tokens, j + 1) is None:
        return None
    return Island("step", i, j + 1, fields, "one")


_ONE_GIVEN = frozenset("dose tablet capsule injection infusion bolus pulse suppository sachet application".split())


def booster(s: Scan, i: int) -> Island | None:
    """One further dose with its amount: 'a booster of 20 micrograms', after three of them 'a fourth dose of 20 micrograms'."""
    tokens = s.tokens
    j = skip(tokens, i + 1, ("dose", "injection", "of"))
    if tokens[j].kind != NUMBER or dose(tokens, j) is None:
        return None
    if tokens[i].low in _NEXT:
        counted = next((p.fields["dose_count"] for p in reversed(s.islands[-12:]) if "dose_count" in p.fields), None)
        if counted != _NEXT[tokens[i].low] - 1 or j == i + 1:
            return None
    return Island("further", i, j, {"dose_count": 1})


_NEXT = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_REFERS = frozenset("after following before until than since".split())
LOADED_FIRST = ("after", "following")
"""What stands before a load that is told behind the dose it precedes: '200 mg daily after a load of 400 mg'."""
_LEVELS = frozenset(
    "serum plasma blood trough peak level levels inr hba1c concentration aptt map anti-xa range".split()
)


def _of_a_level(tokens: list[Token], j: int) -> bool:
    """Whether a target is one of a measured level, not of a dose: 'target 0.6–0.8 mmol/L', 'target INR 2–3'."""
    if any(t.low in _LEVELS for t in tokens[j : j + 3]):
        return True
    found = amount(tokens, j)
    return (
        found is not None
        and tokens[found.j].low in SETS["lab_units"]
        and tokens[found.j + 1].low == "/"
        and (tokens[found.j + 2].low in ("l", "ml", "dl"))
    )
