"""Chosen clauses to steps: each takes what it does not say from what stands around it, then becomes columns and unread words.

In turn, from the first: from the step before it (`inherit`), from its label and headings (`leads`), as a step of a course
(`kinds`). Then all together: from the steps behind it (`sharing`) and what caps it (`maxima`). What its own words mean
beside the others is in `amend`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from monopipe.grammar.amend import (
    change_as_needed,
    count_times,
    drop_aim,
    leave_bands,
    leave_change,
    leave_schedule,
    run_all_day,
    sum_up_day,
)
from monopipe.grammar.coverage import SCHEDULE, SHARED, covered_tokens, ignorable
from monopipe.grammar.derive import derive
from monopipe.grammar.dosage import Dosage
from monopipe.grammar.fields import GROUPS, Clause, days_of_cycle, infer_cycle
from monopipe.grammar.inherit import inherit
from monopipe.grammar.kinds import (
    go_on,
    is_change,
    is_share,
    name_alternative,
    name_beginning,
    name_change,
    name_end_of_rise,
    name_share,
    share_kind,
)
from monopipe.grammar.leads import lead, lead_of_day
from monopipe.grammar.lexer import NUMBER, PUNCT, TEXT, Token
from monopipe.grammar.maxima import begin_at_most, caps, place_maxima, place_maximum_of_cell, share_maxima
from monopipe.grammar.readable import render
from monopipe.grammar.sharing import join_list, share_among_those, share_back, share_cycle, share_each


@dataclass
class Step:
    """One dosing step: its columns, its own words as offsets into the text, and its instruction's ordinal."""

    dosage: Dosage
    start: int
    end: int
    instruction: int


_TAKEN = (*SHARED, "route", "route_text", "admin_duration", "admin_duration_unit", *GROUPS["bounds"])
_COLUMNS = frozenset(Dosage.__dataclass_fields__)


def finish(
    tokens: list[Token],
    clauses: list[Clause],
    text: str,
    context: dict[str, Any],
    keep: bool,
    own: Collection[str],
    row: bool = False,
) -> list[Step]:
    """The steps of the chosen clauses with their columns; `keep` keeps those without dose or rate."""
    join_list(clauses, tokens)
    for n in range(len(clauses)):
        _complete(clauses, n, context, tokens, row)
    share_back(clauses, tokens, row)
    share_each(clauses, tokens)
    share_cycle(clauses, tokens)
    if not row:
        share_among_those(clauses, tokens)
    share_maxima(clauses, row)
    made: list[Step] = []
    ordinals: dict[int, int] = {}
    sequence: Counter[int] = Counter()
    floor = 0
    capping = caps(clauses, tokens)
    for n, c in enumerate(clauses):
        if n in capping:
            continue
        name_end_of_rise(clauses, n)
        change_as_needed(c, tokens, text)
        leave_schedule(c, tokens)
        run_all_day(c, context, tokens)
        name_share(c, tokens)
        days_of_cycle(c.fields)
        infer_cycle(c.fields)
        c.start = max(c.start, floor)
        if not _is_step(c.fields, keep) or c.start >= c.end:
            continue
        floor = c.end
        sequence[c.instruction] += 1
        ordinal = ordinals.setdefault(c.instruction, len(ordinals))
        made.append(_step(c, tokens, text, own, sequence[c.instruction], ordinal))
    return made


def _complete(clauses: list[Clause], n: int, context: dict[str, Any], tokens: list[Token], row: bool) -> None:
    """Give a clause what it does not say itself; those before it are complete."""
    c = clauses[n]
    before = clauses[n - 1] if n and clauses[n - 1].instruction == c.instruction else None
    begin_at_most(c, context, tokens)
    place_maxima(c)
    c.inherited = sorted(k for k in c.taken if k in c.fields and k in _TAKEN and k not in c.label)
    leave_bands(c, before, tokens)
    said, change = c.fields.get("step_kind"), is_change(c)
    name_change(clauses, n, before, tokens)
    if before is not None:
        inherit(c, before, said, change, tokens)
        go_on(c, before, tokens)
    leave_change(c)
    sum_up_day(c, clauses[:n], tokens)
    drop_aim(c)
    if before is not None:
        share_kind(c, before, tokens)
    name_alternative(c, before, tokens, first=n == 0)
    if row and context.get("dose_is") == "per_day":
        lead_of_day(c)
    lead(clauses, n, context, tokens, first=before is None)
    aside = c.link == "bracket" and before is not None and "step_kind" not in before.fields
    if aside and said is None:  # 'Load: 200 mg three times a day for a week, then 200 mg daily (100 mg in the elderly)'
        c.fields.pop("step_kind", None)
    count_times(c)
    if row:
        place_maximum_of_cell(c)
    if before is not None:
        name_beginning(clauses, n, tokens)


def _is_step(f: dict[str, Any], keep: bool) -> bool:
    """Whether a clause has a dose or a rate, or where these are kept a schedule: 'reduce by 20%' with none is advice."""
    dosed = any(f.get(k) is not None for k in ("dose_low", "dose_high", "rate_unit"))
    return not is_share(f) and (dosed or (keep and any(f.get(k) is not None for k in SCHEDULE)))


_MONTHS = {"a": 12.0, "mo": 1.0, "wk": 12 / 52, "d": 12 / 365}


def _below_adult(f: dict[str, Any]) -> bool:
    """Whether a band of ages lies beyond the first month and below 18 years."""
    high, unit = f.get("param_high"), f.get("param_unit")
    return high is not None and unit in _MONTHS and 1 < high * _MONTHS[unit] <= 12 * 18


_OUTGROWN = {"neonate": 1, "infant": 24, "pediatric": 216, "adolescent": 240}


def _outgrown(f: dict[str, Any]) -> bool:
    """Whether a band of ages begins where the group that an earlier dose or a heading was for ends; the ages are in months."""
    low, unit = f.get("param_low"), f.get("param_unit")
    return low is not None and unit in _MONTHS and low * _MONTHS[unit] >= _OUTGROWN[f["age_group"]]


def _settle_people(c: Clause) -> None:
    """Take the inherited group from a band of ages that lies outside it, and name the group of a child's ages."""
    f = c.fields
    if f.get("age_group") in ("neonate", "infant") and f.get("population") in ("pregnancy", "lactation"):
        del f["population"]  # 'Pregnancy: 400 mg; newborns of mothers with infection 20 mg/kg'
    if f.get("param") != "age":
        return
    taken = f.get("age_group") == "adult" and "age_group" in c.inherited and _below_adult(f)
    if taken or (f.get("age_group") in _OUTGROWN and _outgrown(f)):
        del f["age_group"]  # 'Adults 600 mg; 1–12 years 10 mg/kg', 'Newborns: 1.5 mg/kg; 2 months and over 1 mg/kg'
    if "age_group" not in f and _below_adult(f):
        f["age_group"] = "pediatric"


def _dosage(f: dict[str, Any]) -> Dosage:
    """The columns of a step; without an amount nothing tells what it would be of."""
    values = {k: v for k, v in f.items() if k in _COLUMNS and v is not None}
    for key, value in values.items():
        if isinstance(value, str) and ("‹" in value or "›" in value):  # the marks of a rendered text
            values[key] = value.replace("‹", "<").replace("›", ">")
    if values.get("dose_low") is None and values.get("dose_high") is None:
        values.pop("dose_basis", None)
        if values.get("dose_is") != "increment" or "rate_unit" not in values:
            values.pop("dose_is", None)
    if "frequency_max" in values:  # "up to 4 times a day": FHIR takes a missing frequency for 1
        values.setdefault("frequency", 0)
    return Dosage(**values)


def _unread(c: Clause, tokens: list[Token], text: str, own: Collection[str]) -> tuple[list[str], list[str]]:
    """The numbers of a step that no rule read, and the runs of its words, these numbers among them."""
    covered = covered_tokens(c)
    numbers: list[str] = []
    words: list[str] = []
    run = -2
    for k in range(max(c.start, 0), c.end):
        t = tokens[k]
        if k in covered or t.start == t.end:  # of no width are the words that a column's head adds
            continue
        if t.kind == NUMBER:
            numbers.append(text[t.start : t.end])
        elif ignorable(t) or t.kind == TEXT or t.low in own:
            continue
        if run == k - 1 and words:
            words[-1] += text[tokens[k - 1].end : t.end]
        else:
            words.append(text[t.start : t.end])
        run = k
    return numbers, words


def _step(c: Clause, tokens: list[Token], text: str, own: Collection[str], sequence: int, instruction: int) -> Step:
    """The step of a complete clause: its columns, what is derived from them, and the words that no rule read."""
    f = c.fields
    if f.get("step_kind") == "single" and f.get("frequency") is not None and f.get("dose_count") == 1:
        # A table's head "Single dose" beside an interval means the amount of each dose, not that only one is given.
        del f["step_kind"], f["dose_count"]
    _settle_people(c)
    d = _dosage(f)
    d.sequence = sequence
    derive(d)
    d.inherited_fields = "; ".join(dict.fromkeys(c.inherited)) or None
    numbers, words = _unread(c, tokens, text, own)
    d.unread_text = "; ".join(words) or None
    d.numbers_unread = "; ".join(numbers) or None
    d.parse_status = "partial" if words else "full"
    d.readable = render(d)
    start, end = _span(c, tokens)
    return Step(d, start, end, instruction)


def _span(c: Clause, tokens: list[Token]) -> tuple[int, int]:
    """Where a step's own words begin and end in the text, without the punctuation behind them."""
    start, end = max(c.start, 0), c.end
    while end > start + 1 and tokens[end - 1].kind == PUNCT and tokens[end - 1].low in ",;:.([":
        end -= 1
    inside = [t.low for t in tokens[start:end] if t.low in ("(", ")")]
    if tokens[end - 1].low == ")" and inside.count(")") > inside.count("("):
        end -= 1  # '(0.1 mg/kg if antibodies were given)': the bracket around a step is none of its words
    return tokens[start].start, tokens[end - 1].end
