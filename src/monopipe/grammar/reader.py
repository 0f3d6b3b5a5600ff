"""Text to dosing steps: lex, scan, build clauses, then decide which are steps and what each inherits."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monopipe.grammar.derive import derive
from monopipe.grammar.dosage import Dosage
from monopipe.grammar.fields import GROUPS, Clause, clash, infer_cycle
from monopipe.grammar.island import Island
from monopipe.grammar.labels import read_label
from monopipe.grammar.lexer import BREAK, END, NAME, NUMBER, PUNCT, TEXT, WORD, Token, lex
from monopipe.grammar.readable import render
from monopipe.grammar.rows import row_clauses
from monopipe.grammar.scan import scan
from monopipe.grammar.steps import build
from monopipe.grammar.words import FILLERS, NUMBER_WORDS, drug_like, known

_DOSE_WORD = re.compile(
    r"\d|½|¼|¾|\b(?:one|two|three|four|five|six|half|a|an)\b[\s-]+(?:\w+[\s-]+)?(?:tab|cap|puff|drop|spray|patch|application|suppositor|sachet|vial|unit|pessar)",
    re.IGNORECASE,
)


@dataclass
class Step:
    """One dosing step: its columns, its own words as offsets into the text, and its instruction's ordinal."""

    dosage: Dosage
    start: int
    end: int
    instruction: int


def has_dose(text: str) -> bool:
    """Whether the text could hold a dose or a rate: it has a digit, or a counted dose form."""
    return _DOSE_WORD.search(text) is not None


@lru_cache(maxsize=4096)
def _context(lead: str) -> tuple[tuple[str, Any], ...]:
    """The columns that a heading, label or lead-in sentence gives to what it encloses."""
    tokens = lex(lead, NUMBER_WORDS)
    end = len(tokens) - 8
    while end and tokens[end - 1].low in (":", ".", "*", "_"):
        end -= 1
    sentence = any(t.low in (".", ";") for t in tokens[:end]) or end > 14
    islands = [p for p in scan(lead, tokens, (), label=True) if p.kind != "sep"]
    fields, _ = read_label(tokens, islands, 0, end, lead, ())
    if "cycle_length" not in fields:  # 'From day 3' heads steps that begin one after the other
        fields = {k: v for k, v in fields.items() if k not in ("cycle_days", "days_on")}
    if sentence:
        fields.pop("indication_text", None)
        for p in islands:
            if p.kind == "often" and "frequency" not in fields:
                fields.update(p.fields)
    return tuple(fields.items())


def read_who(text: str) -> dict[str, Any]:
    """Who a heading, label or phrase speaks of: age_group, population, param and its band, as columns."""
    fields = dict(_context(text))
    return {k: fields[k] for k in GROUPS["who"] if k in fields}


NOT_NAMES = frozenset(("mild", "moderate", "severe", "acute", "chronic", "thinly", "reduce", "do", "monitor", "avoid"))


def _own_name(tokens: list[Token]) -> Collection[str]:
    """The drug-like words before the first number: the text's own drug where none is named."""
    names: set[str] = set()
    for k, t in enumerate(tokens[:4]):
        if t.kind != WORD or known(t.low) or t.value is not None or t.low in NOT_NAMES:
            if t.low in (":", "|", "/"):
                names.clear()  # a label or a cell is a condition, unless it looks like a drug
            break
        names.add(t.low)
        if k == 3:
            names.clear()
    for t in tokens:
        if t.value is not None or t.low in ("with", "plus", "+", "and", "combination"):
            break
        if drug_like(t):
            names.add(t.low)
    return names


def read(
    text: str,
    *,
    leads: Sequence[str] = (),
    drug_names: Collection[str] = (),
    columns: Sequence[str] = (),
    keep_doseless: bool = False,
) -> list[Step]:
    """All dosing steps of a text, in order.

    `leads` are the headings and lead-in sentences around the text, outermost first; `columns` the heads of a table
    row's cells; `drug_names` the names of the drug itself. Steps without dose or rate come only with `keep_doseless`.

    >>> step = read("25 mg orally once daily on days 1-21 of repeated 28-day cycles")[0]
    >>> step.dosage.dose_low, step.dosage.route, step.dosage.cycle_days, step.dosage.dose_per_cycle_low
    (25.0, 'oral', '1-21', 525.0)
    """
    try:
        return _read(text, leads, drug_names, columns, keep_doseless)
    except RecursionError:  # pragma: no cover - the parser does not recurse; a promise is a promise
        return []


def _read(
    text: str, leads: Sequence[str], drug_names: Collection[str], columns: Sequence[str], keep: bool
) -> list[Step]:
    if not keep and not columns and not has_dose(text):
        return []
    tokens = lex(text, NUMBER_WORDS)
    if drug_names:
        own: Collection[str] = {w for name in drug_names for w in (name.lower(), *name.lower().split())}
    else:
        own = _own_name(tokens) if not columns else ()
    if columns:
        clauses, tokens = row_clauses(text, tokens, columns, own)
    else:
        clauses = build(tokens, scan(text, tokens, own), text, own)
    context: dict[str, Any] = {}
    for lead in leads:
        given = dict(_context(lead))
        if any(k in given for k in ("route", "route_text")):
            context.pop("route", None)
            context.pop("route_text", None)
        if "param" in given:
            for k in ("param", "param_low", "param_high", "param_unit"):
                context.pop(k, None)
        context.update(given)
    chosen = _choose(tokens, clauses, own)
    return _finish(tokens, chosen, text, context, keep, own)


def _clean(c: Clause, tokens: list[Token], own: Collection[str]) -> bool:
    """Whether every word of the clause was read: only then may it complete the step before it."""
    if any(p.kind not in ("doubt", "diluent") for p in c.unread):
        return False
    covered = _covered(c)
    return all(k in covered or _ignorable(tokens[k]) or tokens[k].low in own for k in range(c.start, c.end))


def _covered(c: Clause) -> set[int]:
    covered: set[int] = set()
    for p in c.parts:
        covered.update(range(p.i, p.j))
        covered.difference_update(p.lost)
    for p in c.unread:
        covered.difference_update(range(p.i, p.j))
    return covered


def _ignorable(t: Token) -> bool:
    return t.kind in (PUNCT, END) or (t.low in FILLERS and t.kind != NUMBER)


_SHARED = ("max_single_dose", "max_daily_dose", "max_weekly_dose", "max_dose_unit")
_SCHEDULE = ("frequency", "frequency_max", "when_code", "dose_count", "as_needed", "start_after")


_NEGATED = frozenset(("used", "recommended", "given", "prescribed", "administered", "use", "indicated", "advised"))


def _forbidden(c: Clause, tokens: list[Token], following: Clause | None) -> bool:
    """Whether the clause says not to give its dose: 'the 875 mg tablet must not be used', 'avoid 40 mg'."""
    stop = following.start if following is not None else len(tokens)
    for k in range(max(c.start, 0), min(stop, c.end + 8, len(tokens) - 4)):
        t = tokens[k]
        if t.low in (".", ";") and k >= c.end:
            break
        if t.low == "not" and any(u.low in _NEGATED for u in tokens[k + 1 : k + 4]):
            return True
        if t.low == "avoid" and k < c.end:
            return True
    return False


_DIVIDERS = frozenset((",", ";", "then", "or", "and", "+", "•", "thereafter", "&", "plus"))


def _extend(c: Clause, tokens: list[Token], floor: int, following: Clause | None) -> None:
    """Widen a clause to the words around its islands: back to what divides it from the text before, and on likewise."""
    i = c.start
    while i > floor:
        t = tokens[i - 1]
        if (
            t.kind == BREAK
            or t.low in (";", "|", "then", "•", "thereafter")
            or (t.low == "." and tokens[i].start > t.end)
        ):
            break
        i -= 1
    while i < c.start and (tokens[i].low in _DIVIDERS or tokens[i].low in (")", ".", "]", "followed")):
        i += 1
    c.start = i
    j = c.end
    stop = following.start if following is not None else len(tokens) - 8
    while j < stop:
        t = tokens[j]
        if (
            t.kind == BREAK
            or t.low in (";", "|", "then", "•", "thereafter")
            or (t.low == "." and tokens[j + 1].start > t.end)
        ):
            break
        j += 1
    if following is not None and j == stop:
        k = j
        while k > c.end and tokens[k - 1].low not in _DIVIDERS:
            k -= 1
        if k > c.end:
            j = k - 1
    c.end = max(c.end, j)


def _choose(tokens: list[Token], clauses: list[Clause], own: Collection[str]) -> list[Clause]:
    """The clauses that are steps; the others complete the step before them, or lead in the one after."""
    steps: list[Clause] = []
    instruction = 0
    pending: Clause | None = None
    floor = 0
    for number, c in enumerate(clauses):
        following = clauses[number + 1] if number + 1 < len(clauses) else None
        has = c.dose is not None and (
            c.fields.get("dose_low") is not None or c.fields.get("dose_high") is not None or "rate_unit" in c.fields
        )
        if pending is not None and c.link not in ("sentence", "break", "label", "semi"):
            if clash(c.fields, pending.fields):
                pending.unread, pending.parts = pending.unread + pending.parts, []
            else:
                for key, value in pending.fields.items():
                    c.fields.setdefault(key, value)
            c.parts = pending.parts + c.parts
            c.unread = pending.unread + c.unread
            c.start = min(c.start, pending.start) if c.start >= 0 else pending.start
            c.end = max(c.end, pending.end)
            if pending.link in ("then", "or"):
                c.link = pending.link
        pending = None
        previous = steps[-1] if steps else None
        if (
            has
            and previous is not None
            and c.dose is not None
            and c.dose.kind == "rate"
            and c.link in ("sentence", "semi")
            and "rate_unit" not in previous.fields
            and "period_unit" not in c.fields
            and _clean(c, tokens, own)
            and not clash(previous.fields, c.fields)
        ):
            _extend(c, tokens, floor, following)
            previous.fields.update(c.fields)
            previous.parts.extend(c.parts)
            previous.end = max(previous.end, c.end)
            floor = previous.end
            continue
        if has and _forbidden(c, tokens, following):
            continue
        if has:
            if (previous is not None and c.link in ("sentence", "break", "label", "semi") and not _continues(c)) or (
                previous is not None and c.link == "semi" and "age_group" in c.fields
            ):
                instruction += 1
            c.instruction = instruction
            steps.append(c)
            _extend(c, tokens, floor, following)
            floor = c.end
            continue
        if previous is None:
            pending = c
            continue
        if any(p.kind == "repeat" for p in c.parts):
            _extend(c, tokens, floor, following)
            _repeat(previous, c)
            floor = previous.end
            continue
        limits = {k: v for k, v in c.fields.items() if k in _SHARED}
        maximum = next((p for p in c.parts if p.kind == "limit" and isinstance(p.note, tuple)), None)
        if maximum is not None:
            scope = _scope_of_maximum(previous.fields, c.fields)
            if scope is None:  # of a dose or of a day: nothing says which
                _extend(c, tokens, floor, following)
                previous.unread.extend(p for p in c.parts if p.kind != "change")
                previous.unread.extend(c.unread)
                previous.end = floor = max(previous.end, c.end)
                continue
            limits[scope] = maximum.note[1]
            limits["max_dose_unit"] = maximum.fields["max_dose_unit"]
            maximum.note = None
            for key in GROUPS["frequency"]:
                c.fields.pop(key, None)
        alone = _changes_nothing_said(c, tokens)
        if limits and (alone or not _own_schedule(c)):
            group = [s for s in steps if s.instruction == previous.instruction]
            for s in group:
                if not any(k in s.fields for k in _SHARED):
                    s.fields.update(limits)
                    if s is not previous:
                        s.taken.update(limits)
            _extend(c, tokens, floor, following)
            previous.end = max(previous.end, c.end)
            previous.parts.extend(p for p in c.parts if p.kind in ("limit", "change"))
            previous.unread.extend(p for p in c.parts if p.kind not in ("limit", "change"))
            previous.unread.extend(c.unread)
            floor = previous.end
            continue
        if alone:
            if any(t.kind == BREAK or t.low == "." for t in tokens[previous.end : max(c.start, 0)]):
                continue  # a sentence of its own, on something else: "Fever raises the INR"
            _extend(c, tokens, floor, following)
            previous.unread.extend((*c.parts, *c.unread))
            previous.end = floor = max(previous.end, c.end)
            continue
        schedule = any(c.fields.get(k) is not None for k in _SCHEDULE)
        if c.link in ("then", "or") and schedule and c.start >= 0:
            c.instruction = previous.instruction
            steps.append(c)
            _extend(c, tokens, floor, following)
            floor = c.end
            continue
        _extend(c, tokens, floor, following)
        if c.link in ("sentence", "break") and any(p.kind == "condition" and p.i <= c.start + 1 for p in c.parts):
            continue  # 'If the daily dose is small, it may be given once': another matter than the step before
        if c.link in ("", "comma", "and", "or", "semi", "sentence", "break") and (
            c.link in ("", "comma", "and") or _clean(c, tokens, own)
        ):
            # '…; titration may go faster' does not make the dose before it one of titration
            conflict = clash(previous.fields, c.fields) or (c.link == "semi" and "step_kind" in c.fields)
            if not conflict:
                if set(c.fields) <= {"route", "route_text"}:
                    for s in steps:
                        if s.instruction == previous.instruction and "route" not in s.fields:
                            s.fields.update(c.fields)
                            if s is not previous:
                                s.taken.update(c.fields)
                previous.fields.update(c.fields)
                previous.parts.extend(c.parts)
            else:
                previous.unread.extend(c.parts)
            previous.unread.extend(c.unread)
            previous.end = max(previous.end, c.end)
            floor = previous.end
            continue
        if c.link == "semi" and "age_group" in c.fields:
            pending = c
    if not steps and pending is not None:
        pending.instruction = 0
        _extend(pending, tokens, 0, None)
        return [pending]
    return steps


def _day_of_label(c: Clause, tokens: list[Token], text: str) -> None:
    """A label 'Day 2:' or 'Days 3–5:' of no cycle says when the step begins and how long it lasts, as 'Week 2:' does."""
    f = c.fields
    days = c.label.get("cycle_days")
    first, _, last = (days or "").partition("-")
    if not first.isdigit() or (last and not last.isdigit()) or "cycle_length" in f or "cycle_length" in c.label:
        return
    label = next((p for p in c.parts if p.kind == "label"), None)
    if label is not None and ("start_after" in f or (last and "bounds_unit" in f)):
        return
    c.label = {k: v for k, v in c.label.items() if k not in ("cycle_days", "days_on")}
    if label is None or f.get("cycle_days") != days:
        return
    printed = text[tokens[label.i].start : tokens[label.j - 1].start].strip(" *:")
    if f.setdefault("condition_text", printed) != printed:
        return
    del f["cycle_days"], f["days_on"]
    if int(first) > 1:
        f["start_after"], f["start_after_unit"] = float(first) - 1, "d"
    if last:
        f["bounds_low"] = f["bounds_high"] = float(last) - float(first) + 1
        f["bounds_unit"] = "d"


def _change_as_needed(c: Clause, f: dict[str, Any], tokens: list[Token], text: str) -> None:
    """'Increased to 100 mg if needed': the change is as needed, the dose is not."""
    if f.get("step_kind") not in ("titration", "target", "taper") or not f.get("as_needed") or "as_needed_for" in f:
        return
    del f["as_needed"]
    for part in [p for p in c.parts if p.kind == "prn"]:
        printed = text[tokens[part.i].start : tokens[part.j - 1].end]
        if f.setdefault("condition_text", printed) != printed:
            c.parts.remove(part)
            c.unread.append(part)


def _place_maxima(c: Clause) -> None:
    """Give a maximum that stands before its dose its column, now that the dose is known; else it is unread."""
    for p in [p for p in c.parts if p.kind == "limit" and isinstance(p.note, tuple)]:
        scope = _scope_of_maximum(c.fields, {}) if c.dose is not None else None
        if scope is None or scope in c.fields:
            c.parts.remove(p)
            c.unread.append(p)
        else:
            c.fields.update({scope: p.note[1], "max_dose_unit": p.fields["max_dose_unit"]})
            p.note = None


def _repeat(before: Clause, c: Clause) -> None:
    """'Repeat once after 12 hours' makes two doses 12 hours apart of the step before it; other repeats stay unread."""
    f, g = before.fields, c.fields
    before.end = max(before.end, c.end)
    free = not any(k in f for k in (*GROUPS["frequency"], "dose_count", "when_code", "bounds_unit", "cycle_days"))
    unit = g.get("start_after_unit")
    if not (free and g.get("dose_count") == 1 and unit not in (None, "cycle") and set(g) <= _REPEATED):
        before.unread.extend((*c.parts, *c.unread))
        return
    f.update(dose_count=2, frequency=1, period=g["start_after"], period_unit=unit)
    if f.get("step_kind") == "single":
        del f["step_kind"]
    before.parts.extend(p for p in c.parts if p.kind not in ("prn", "condition"))
    before.unread.extend((*c.unread, *(p for p in c.parts if p.kind in ("prn", "condition"))))


_REPEATED = frozenset(("dose_count", "start_after", "start_after_unit", "as_needed", "condition_text"))


def _changes_nothing_said(c: Clause, tokens: list[Token]) -> bool:
    """Whether a clause changes a dose without saying to what: "raised every week", "increased as needed".

    Its interval is that of the change, not of a dose; "increased to twice daily" does say to what.
    """
    change = next((p for p in c.parts if p.kind == "change"), None)
    if change is None:
        return False
    to = tokens[change.j - 1].low == "to"
    return not (to and any(p.kind in ("often", "when") and p.i == change.j for p in c.parts))


def _own_schedule(c: Clause) -> bool:
    """Whether a clause says how often before it says how much at most: "then every 4 hours, maximum 2.4 g daily"."""
    first = min((p.i for p in c.parts if p.kind == "limit"), default=0)
    return any(p.kind in ("often", "when") and p.i < first for p in c.parts)


def _scope_of_maximum(f: dict[str, Any], said: dict[str, Any]) -> str | None:
    """The column of a maximum without a period: daily beside a dose of a day, single where it repeats the frequency.

    "5 mg once daily … maximum 20 mg" caps the day, "2.5 mg twice daily … maximum 10 mg twice daily" each dose.
    """
    often = tuple(f.get(k) for k in GROUPS["frequency"])
    if f.get("dose_is") == "per_day" or often == (1, None, 1, None, "d"):
        return "max_daily_dose"
    return "max_single_dose" if "frequency" in f and often == tuple(said.get(k) for k in GROUPS["frequency"]) else None


def _continues(c: Clause) -> bool:
    """Whether a clause after a full stop, list mark or label goes on with the instruction before it."""
    f = c.fields
    return (
        f.get("step_kind") in ("titration", "taper", "down", "target", "maintenance")
        or f.get("dose_is") == "increment"
        or "start_after" in f
        or ("cycle_days" in f and c.link in ("then", "semi"))
        or c.link == "then"
        or (c.link == "semi" and not any(k in f for k in ("age_group", "param", "population", "indication_text")))
    )


_CHANGED = ("route", "form", "partners", "indication", "who", "frequency", "cycle")
_PLAIN = ("route", "form", "partners", "indication", "who")


def _finish(
    tokens: list[Token], clauses: list[Clause], text: str, context: dict[str, Any], keep: bool, own: Collection[str]
) -> list[Step]:
    made: list[Step] = []
    fields_of: list[dict[str, Any]] = []
    inherited_of: list[list[str]] = []
    for n, c in enumerate(clauses):
        f = c.fields
        _place_maxima(c)
        _day_of_label(c, tokens, text)
        inherited: list[str] = sorted(
            k for k in c.taken if k in f and k in (*_SHARED, "route", "route_text") and k not in c.label
        )
        previous = fields_of[-1] if n and clauses[n - 1].instruction == c.instruction else None
        kind = f.get("step_kind")
        change = kind in ("titration", "taper", "down", "target")
        if kind == "down":
            gradual = (
                f.get("dose_is") == "increment"
                or "start_after" in f
                or "bounds_unit" in f
                or any(x.fields.get("step_kind") in ("taper",) for x in clauses[:n])
            )
            f["step_kind"] = "taper" if gradual else "dose_reduction"
        elif kind is None and f.get("dose_is") == "increment":
            f["step_kind"] = "titration"
        if previous is not None:
            if "dose_low" not in f and "dose_high" not in f and "rate_unit" not in f and "doubt:dose" not in c.taken:
                _take(f, previous, GROUPS["dose"], inherited)
                if f.get("dose_is") == "increment" and kind is None:
                    f["step_kind"] = previous.get("step_kind", "titration")
            elif "dose_unit" not in f and c.dose is not None and c.dose.note == "bare" and "dose_unit" in previous:
                f["dose_unit"] = previous["dose_unit"]
                inherited.append("dose_unit")
            for name in _CHANGED if change else _PLAIN:
                if f"doubt:{name}" in c.taken or (
                    name == "frequency" and ("when_code" in f or f.get("dose_is") in ("per_day", "increment"))
                ):
                    continue
                if name == "frequency" and previous.get("dose_is") == "increment":
                    continue
                if name == "cycle" and (
                    f.get("dose_is") == "increment" or "bounds_unit" in f or "cycle_length" not in previous
                ):
                    continue  # 'day 3' of no cycle is over when the next step begins
                group = GROUPS[name]
                if not any(k in f for k in group):
                    _take(f, previous, group, inherited)
        if c.link == "or" and "step_kind" not in f:
            f["step_kind"] = "alternative"
            if previous is not None and previous.get("dose_is") == "increment" and "dose_unit" in f:
                f["dose_is"] = "increment"  # "increase by 25 mg weekly or 50 mg every 2 weeks"
        if context or c.label:
            _lead(f, c, context, inherited, first=previous is None)
        if f.get("step_kind") in ("titration", "target") and previous is not None and kind != "down":
            previous.setdefault("step_kind", "initial")  # what is increased from is where it starts
        fields_of.append(f)
        inherited_of.append(inherited)
    for n in range(len(clauses) - 2, -1, -1):
        after, c = clauses[n + 1], clauses[n]
        if after.link in ("or", "and") and after.instruction == c.instruction and c.dose is not None:
            f, g = fields_of[n], fields_of[n + 1]
            if (
                f.get("dose_is") != "per_day"
                and not any(
                    k in f
                    for k in (
                        *GROUPS["frequency"],
                        "when_code",
                        "bounds_unit",
                        "dose_count",
                        "cycle_days",
                        "admin_duration",
                    )
                )
                and "doubt:frequency" not in c.taken
            ):
                _take(f, g, GROUPS["frequency"], inherited_of[n])
                _take(f, g, ("when_code", "as_needed", "as_needed_for"), inherited_of[n])
                _take(f, g, GROUPS["bounds"], inherited_of[n])
            elif "period_unit" not in f and "bounds_unit" not in f and "when_code" in f:
                _take(f, g, GROUPS["bounds"], inherited_of[n])
            if not any(k in f for k in GROUPS["route"]):
                _take(f, g, GROUPS["route"], inherited_of[n])
    sequence: dict[int, int] = {}
    floor = 0
    ceilings = _ceilings(clauses, fields_of)
    for n, c in enumerate(clauses):
        if n in ceilings:
            continue
        f = fields_of[n]
        _change_as_needed(c, f, tokens, text)
        infer_cycle(f)
        dosed = f.get("dose_low") is not None or f.get("dose_high") is not None or f.get("rate_unit") is not None
        if f.get("dose_basis") == "percent_of_dose" and f.get("dose_is") == "increment" and "period_unit" not in f:
            continue  # 'reduce by 20%' with no schedule is advice
        if not dosed and not (keep and any(f.get(k) is not None for k in _SCHEDULE)):
            continue
        c.start = max(c.start, floor)
        if c.start >= c.end:
            continue
        floor = c.end
        sequence[c.instruction] = sequence.get(c.instruction, 0) + 1
        made.append(_step(tokens, c, f, inherited_of[n], sequence[c.instruction], text, own))
    order = {k: n for n, k in enumerate(dict.fromkeys(s.instruction for s in made))}
    for s in made:
        s.instruction = order[s.instruction]
    return made


def _ceilings(clauses: list[Clause], fields_of: list[dict[str, Any]]) -> set[int]:
    """The clauses that only cap the step before them; their amount becomes its daily maximum.

    "2 puffs as needed, up to 8 puffs daily" is one step with a maximum, not two doses.
    """
    found: set[int] = set()
    for n in range(1, len(clauses)):
        c, before, f, g = clauses[n], clauses[n - 1], fields_of[n], fields_of[n - 1]
        dose, cap = g.get("dose_high"), f.get("dose_high")
        if (
            before.instruction != c.instruction
            or c.link in ("or", "then")
            or "step_kind" in f
            or f.get("dose_low") is not None
            or dose is None
            or cap is None
            or cap < dose
            or f.get("dose_unit") != g.get("dose_unit")
            or f.get("dose_basis") != g.get("dose_basis")
            or g.get("max_dose_unit") is not None
            or not ("frequency" in g or g.get("as_needed"))
        ):
            continue
        daily = (f.get("frequency"), f.get("frequency_max"), f.get("period"), f.get("period_unit")) == (1, None, 1, "d")
        if not (daily or f.get("dose_is") == "per_day") or any(k in f for k in ("bounds_unit", "when_code")):
            if g.get("period_unit") in ("min", "h") and not any(f.get(k) is not None for k in _SCHEDULE):
                # "0.4 mg every 3 minutes, up to 10 mg": a sum that no column holds
                before.unread.extend((*c.parts, *c.unread))
                before.end = c.end
                found.add(n)
            continue
        g["max_daily_dose"], g["max_dose_unit"] = cap, f["dose_unit"]
        before.parts.extend(c.parts)
        before.unread.extend(c.unread)
        before.end = c.end
        found.add(n)
    return found


def _take(f: dict[str, Any], source: dict[str, Any], group: Sequence[str], inherited: list[str]) -> None:
    for key in group:
        if source.get(key) is not None and key not in f:
            f[key] = source[key]
            inherited.append(key)


def _lead(f: dict[str, Any], c: Clause, context: dict[str, Any], inherited: list[str], *, first: bool) -> None:
    """Take from the label before the step, then from its headings, what the step does not say itself.

    A label 'Start when stable:' makes only the first step of its instruction the initial one.
    """
    for source in (c.label, context):
        for name in ("indication", "who", "route", "frequency", "cycle", "bounds"):
            group = GROUPS[name]
            if f"doubt:{name}" in c.taken:
                continue
            if name == "who":
                own_param = "param" in f
                if "age_group" not in f and "population" not in f and not own_param:
                    _take(f, source, group, inherited)
                else:
                    if "age_group" not in f:
                        _take(f, source, ("age_group",), inherited)
                    if "population" not in f:
                        _take(f, source, ("population",), inherited)
                continue
            if name == "frequency" and ("when_code" in f or f.get("dose_is") == "increment" or f.get("dose_count")):
                continue
            if any(k in f for k in group):
                continue
            _take(f, source, group, inherited)
        if (
            "step_kind" not in f
            and source.get("step_kind")
            and not (source["step_kind"] == "single" and "period_unit" in f)
            and not (source["step_kind"] == "initial" and source is c.label and not first)
        ):
            f["step_kind"] = source["step_kind"]
            inherited.append("step_kind")
            if source.get("dose_count") and "dose_count" not in f and "period_unit" not in f:
                f["dose_count"] = source["dose_count"]
                inherited.append("dose_count")
        for key in ("when_code", "start_after", "start_after_unit", "condition_text"):
            if key not in f and source.get(key) is not None and key in context and source is context:
                f[key] = source[key]
                inherited.append(key)


_COLUMNS = frozenset(Dosage.__dataclass_fields__)


def _step(
    tokens: list[Token],
    c: Clause,
    f: dict[str, Any],
    inherited: list[str],
    sequence: int,
    text: str,
    own: Collection[str],
) -> Step:
    start, end = max(c.start, 0), c.end
    covered = _covered(c)
    numbers: list[str] = []
    words: list[str] = []
    run = -2
    for k in range(start, end):
        if k in covered:
            continue
        t = tokens[k]
        if t.kind == NUMBER:
            numbers.append(text[t.start : t.end])
        elif _ignorable(t) or t.kind == TEXT or t.low in own:
            continue
        if run == k - 1 and words:
            words[-1] += text[tokens[k - 1].end : t.end]
        else:
            words.append(text[t.start : t.end])
        run = k
    infer_cycle(f)
    if f.get("step_kind") == "single" and f.get("frequency") is not None and f.get("dose_count") == 1:
        # A table's head "Single dose" beside an interval means the amount of each dose, not that only one is given.
        del f["step_kind"], f["dose_count"]
    values = {k: v for k, v in f.items() if k in _COLUMNS and v is not None}
    for key, value in values.items():
        if isinstance(value, str) and ("‹" in value or "›" in value):  # the marks of a rendered text
            values[key] = value.replace("‹", "<").replace("›", ">")
    if values.get("dose_low") is None and values.get("dose_high") is None:
        for key in ("dose_basis", "dose_is"):
            values.pop(key, None)
    d = Dosage(**values)
    d.sequence = sequence
    derive(d)
    d.inherited_fields = "; ".join(dict.fromkeys(inherited)) or None
    d.unread_text = "; ".join(words) or None
    d.numbers_unread = "; ".join(numbers) or None
    d.parse_status = "partial" if words or numbers else "full"
    d.readable = render(d)
    while end > start + 1 and tokens[end - 1].kind == PUNCT and tokens[end - 1].low in ",;:.":
        end -= 1
    return Step(d, tokens[start].start, tokens[end - 1].end, c.instruction)


__all__ = ["NAME", "Island", "Step", "has_dose", "read", "read_who"]
