"""Steps to columns: what a step inherits from its label, its headings and the steps before it, and what stays unread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from monopipe.grammar.coverage import SCHEDULE, SHARED, covered_tokens, ignorable, scope_of_maximum
from monopipe.grammar.derive import derive
from monopipe.grammar.dosage import Dosage
from monopipe.grammar.fields import GROUPS, Clause, days_of_cycle, infer_cycle, once_daily
from monopipe.grammar.lexer import NUMBER, PUNCT, TEXT, Token
from monopipe.grammar.readable import render
from monopipe.grammar.sharing import caps, share_among_those, share_each, share_maxima, take
from monopipe.grammar.who import LASTING


@dataclass
class Step:
    """One dosing step: its columns, its own words as offsets into the text, and its instruction's ordinal."""

    dosage: Dosage
    start: int
    end: int
    instruction: int


_CHANGED = ("route", "form", "partners", "indication", "who", "frequency", "cycle")


_PLAIN = ("route", "form", "partners", "indication", "who")


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
    _join_list(clauses, tokens)
    made: list[Step] = []
    fields_of: list[dict[str, Any]] = []
    inherited_of: list[list[str]] = []
    for n, c in enumerate(clauses):
        f = c.fields
        _at_most(c, context, tokens)
        _place_maxima(c)
        inherited: list[str] = sorted(k for k in c.taken if k in f and k in _TAKEN and k not in c.label)
        previous = fields_of[-1] if n and clauses[n - 1].instruction == c.instruction else None
        bands = any(p.kind == "after" and p.lost and tokens[p.i].low == "after" for p in c.parts)
        if bands and (previous is None or _in_bands(tokens, c.start)):
            f.pop("start_after", None)  # 'after 1 to 3 weeks, 600 mg': of which of them nothing before it tells
            f.pop("start_after_unit", None)
            c.unread.extend(p for p in c.parts if p.kind == "after")
            c.parts = [p for p in c.parts if p.kind != "after"]
        kind = f.get("step_kind")
        change = kind in ("titration", "taper", "down", "target") or c.link == "bracket"
        if kind == "down":
            stepwise = f.get("dose_is") == "increment"
            gradual = (
                (stepwise and "period_unit" in f)
                or (not stepwise and "start_after" in f and not _for_a_reason(clauses, n))
                or ("bounds_unit" in f and not _for_a_reason(clauses, n))
                or any(x.fields.get("step_kind") in ("taper",) for x in clauses[:n])
            )
            f["step_kind"] = "taper" if gradual and not _resumed(clauses, n, tokens) else "dose_reduction"
        elif kind is None and f.get("dose_is") == "increment":
            falls = previous is not None and previous.get("step_kind") == "taper"
            f["step_kind"] = "taper" if falls else "titration"  # 'reduce by 5 mg weekly, then by 2.5 mg weekly'
        if previous is not None:
            if "dose_low" not in f and "dose_high" not in f and "rate_unit" not in f and "doubt:dose" not in c.taken:
                take(f, previous, GROUPS["dose"], inherited)
                if f.get("dose_is") == "increment" and kind is None:
                    f["step_kind"] = previous.get("step_kind", "titration")
            elif "dose_unit" not in f and c.dose is not None and c.dose.note == "bare" and "dose_unit" in previous:
                f["dose_unit"] = previous["dose_unit"]
                inherited.append("dose_unit")
            for name in _CHANGED if change else _PLAIN:
                if f"doubt:{name}" in c.taken or (
                    name == "frequency"
                    and ("when_code" in f or f.get("dose_is") in ("per_day", "increment"))
                    and c.link != "bracket"
                ):
                    continue
                if name == "frequency" and (previous.get("dose_is") == "increment" or "when_code" in previous):
                    continue  # 'once a day in the evening', then 'raised to 20 mg': half of when would be told
                if name == "cycle" and (
                    f.get("dose_is") == "increment" or "bounds_unit" in f or "cycle_length" not in previous
                ):
                    continue  # 'day 3' of no cycle is over when the next step begins
                group = GROUPS[name]
                if name == "route" and (_first_by_vein(previous, f) or _injected(previous, clauses[n - 1], c, tokens)):
                    continue
                if name == "who" and _stops(c, tokens):
                    continue
                if name == "who" and "if:param" in c.taken | clauses[n - 1].taken:
                    group = ("age_group", "population")
                    if any(p.kind == "condition" and "population" in p.fields for p in clauses[n - 1].parts):
                        group = ("age_group",)  # '20 mg if CrCl 15–30; 30 mg if above 100 kg'
                if f.keys().isdisjoint(group) and not (name == "route" and "route_text" in f):
                    take(f, previous, group, inherited)
        if previous is not None and "step_kind" not in f and _goes_on(c, clauses[n - 1], fields_of[-1], tokens):
            f["step_kind"] = previous["step_kind"]
            if "whole" in clauses[n - 1].taken and f["dose_is"] == "per_administration" and "period_unit" not in f:
                f["dose_is"] = "per_day"
        _leave_change(c, f)
        if n and _of_whole_day(
            c, f, [g for x, g in zip(clauses, fields_of, strict=False) if x.label == c.label], tokens
        ):
            f["dose_is"] = "per_day"
            for key in GROUPS["frequency"]:
                f.pop(key, None)
        slowed = f.get("step_kind") == "dose_reduction" and "rate_unit" in f
        if (slowed or f.get("step_kind") == "titration") and "if:param" in c.taken and f.get("param") not in LASTING:
            for key in _PARAM:
                f.pop(key, None)  # 'increase to 100 mg if fasting glucose exceeds 7 mmol/L' is no other patient
        if previous is not None and "step_kind" not in f and _for_other_people(c, clauses[n - 1], tokens):
            f["step_kind"] = previous.get("step_kind", "standard")
        if c.link == "or" and f.get("step_kind") in (None, "single"):
            f["step_kind"] = "alternative"
            timed = (*GROUPS["frequency"], *GROUPS["bounds"], *GROUPS["cycle"], "when_code", "rate_unit")
            if previous is not None and previous.get("dose_count") == 1 and not any(k in f for k in timed):
                take(f, previous, ("dose_count",), inherited)  # '… as a single bolus, or 50 units/kg when …'
            if previous is not None and previous.get("dose_is") == "increment" and "dose_unit" in f:
                f["dose_is"] = "increment"  # "increase by 25 mg weekly or 50 mg every 2 weeks"
        if n and "step_kind" not in f and _instead(c, tokens):
            f["step_kind"] = "alternative"
        if row and context.get("dose_is") == "per_day":
            _of_a_day(f, inherited)
        if context or c.label:
            _lead(f, c, context, inherited, tokens, first=previous is None, before_others=_before_others(clauses, n))
        if c.link == "bracket" and previous is not None and kind is None and "step_kind" not in previous:
            f.pop(
                "step_kind", None
            )  # 'Load: 200 mg three times a day for a week, then 200 mg daily (100 mg in the elderly)'
        _times_of_day(c, f)
        if "period_unit" in f and f.get("dose_count") == 1 and (c.label.get("dose_count") or _at_a_week(c)):
            del f["dose_count"]  # 'Week 0: 40 mg daily'
        single = row and "max" in c.taken and "max_single_dose" in f and "max_daily_dose" not in f
        if single and once_daily(f):
            f["max_daily_dose"] = f.pop("max_single_dose")  # 'Maximum', where the lead-in says 'once daily'
        same = previous is not None and ("rate_unit" in f) == ("rate_unit" in previous)
        changes = f.get("step_kind") in ("titration", "target") and not _is_share(f)  # 'LDL falls by 20–30%'
        if changes and previous is not None and kind != "down" and same:
            begun = any(
                x.instruction == c.instruction and g.get("step_kind") in ("initial", "loading")
                for x, g in zip(clauses, fields_of, strict=False)
            )
            if not begun and not _suffices(clauses[n - 1], tokens):
                previous.setdefault("step_kind", "initial")  # what is increased from is where it starts
            k = n - 1
            while k > 0 and clauses[k].link == "or" and clauses[k - 1].instruction == c.instruction:
                k -= 1
                if ("rate_unit" in fields_of[k]) == ("rate_unit" in f):
                    fields_of[k].setdefault("step_kind", "initial")
        fields_of.append(f)
        inherited_of.append(inherited)
    for n in range(len(clauses) - 2, -1, -1):
        after, c = clauses[n + 1], clauses[n]
        if row and after.label != c.label:
            f, g = fields_of[n], fields_of[n + 1]  # a last column 'Duration' holds for the columns before it
            once = ("bounds_unit", "dose_count", "cycle_days", "cycle_length", "admin_duration", "start_after")
            if not any(k in f for k in once) and f.get("step_kind") not in (
                "loading",
                "initial",
                "titration",
                "single",
            ):
                take(f, g, GROUPS["bounds"], inherited_of[n])
        one_time = (
            after.link == "and" and "start_after" in fields_of[n]
        )  # '5 mg after 6 hours, and 5 mg daily for 2 days'
        if after.link in ("or", "and") and after.instruction == c.instruction and c.dose is not None and not one_time:
            f, g = fields_of[n], fields_of[n + 1]
            begins = f.get("step_kind") in ("initial", "loading", "single") and f.get("step_kind") != g.get("step_kind")
            if (
                not (begins and after.link == "and")  # '500 mg at first and 250 mg every 8 hours thereafter'
                and f.get("dose_is") != "per_day"
                and (g.get("dose_is") == "increment") == (f.get("dose_is") == "increment")
                and not any(
                    k in f for k in (*GROUPS["frequency"], "when_code", "bounds_unit", "dose_count", "cycle_days")
                )
                and ("admin_duration" not in f or "admin_duration" in inherited_of[n])
                and "doubt:frequency" not in c.taken
                and ("rate_unit" in f) == ("rate_unit" in g)
            ):
                take(f, g, GROUPS["frequency"], inherited_of[n])
                take(f, g, ("when_code", "as_needed", "as_needed_for"), inherited_of[n])
                take(f, g, GROUPS["bounds"], inherited_of[n])
            elif after.link == "and" and _is_divided(after) and _of_daily_dose(c, tokens):
                for key in GROUPS[
                    "frequency"
                ]:  # 'the daily dose is 5 mg/kg for adults and 6 mg/kg for children, in 2 doses'
                    f.pop(key, None)
                f["dose_is"] = "per_day"
                take(f, g, (*GROUPS["frequency"], "route", "route_text"), inherited_of[n])
            elif "period_unit" not in f and "bounds_unit" not in f and "when_code" in f:
                take(f, g, GROUPS["bounds"], inherited_of[n])
            free = not any(
                k in f for k in ("bounds_unit", "dose_count", "cycle_days", "cycle_length", "admin_duration")
            )
            others = (
                after.dose is not None
                and any(tokens[k].low == "or" and tokens[k + 1].low == "," for k in range(c.dose.j, after.dose.i))
                and not any(p.kind == "bounds" and tokens[p.i - 1].low == "," for p in after.parts)
            )
            # '75 mg daily or, in patients who tolerate it poorly, 37.5 mg daily for 7 days'
            if (
                after.link == "or"
                and free
                and not others
                and "period_unit" in f
                and g.get("step_kind") == "alternative"
            ):
                take(f, g, GROUPS["bounds"], inherited_of[n])  # 'A or B, for 10 to 14 days'
            if after.link == "or" and "period_unit" in f and _set_off(after, tokens):
                take(f, g, ("when_code",), inherited_of[n])  # 'A every 6 hours or B every 12 hours, before food'
            patch = f.get("dose_unit") == "{patch}"  # '1 patch daily or 5 mg orally'
            if (
                not patch
                and not any(k in f for k in ("route", "route_text"))
                and ("period_unit" not in f or _route_last(after))
            ):
                take(f, g, GROUPS["route"], inherited_of[n])
    share_each(tokens, clauses, fields_of, inherited_of)
    if not row:
        share_among_those(tokens, clauses, fields_of, inherited_of)
    share_maxima(clauses, fields_of, inherited_of, row)
    sequence: dict[int, int] = {}
    floor = 0
    ceilings = caps(clauses, fields_of, tokens)
    for n, c in enumerate(clauses):
        if n in ceilings:
            continue
        f = fields_of[n]
        rises = n and fields_of[n - 1].get("dose_is") == "increment" and clauses[n - 1].instruction == c.instruction
        if rises and f.get("dose_high") is not None and f.get("dose_low") is None:
            f.setdefault("step_kind", fields_of[n - 1].get("step_kind", "titration"))  # '… up to 200 mg twice daily'
        _change_as_needed(c, f, tokens, text)
        _names_schedule(c, f, tokens)
        _runs_all_day(c, f, context, tokens)
        if _of_first_dose(c, tokens):
            f.setdefault("step_kind", "initial")
        days_of_cycle(f)
        infer_cycle(f)
        dosed = f.get("dose_low") is not None or f.get("dose_high") is not None or f.get("rate_unit") is not None
        if _is_share(f):
            continue  # 'reduce by 20%' with no schedule is advice
        if not dosed and not (keep and any(f.get(k) is not None for k in SCHEDULE)):
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


def _instead(c: Clause, tokens: list[Token]) -> bool:
    """Whether a dose is said to take the place of another: 'the same 4 mg may be given every 12 weeks instead'."""
    first = c.dose.j if c.dose is not None else c.end
    return any(tokens[k].low == "instead" and tokens[k + 1].low != "of" for k in range(first, c.end))


def _of_first_dose(c: Clause, tokens: list[Token]) -> bool:
    """Whether a dose is a share of the one that treatment usually begins with: '50% of the usual starting dose'."""
    if c.dose is None or c.dose.note != "share":
        return False
    words = {t.low for t in tokens[c.dose.i : c.dose.j]}
    return not words.isdisjoint(("usual", "normal", "recommended", "standard")) and not words.isdisjoint(
        ("starting", "initial", "first")
    )


def _join_list(clauses: list[Clause], tokens: list[Token]) -> None:
    """A comma before the last 'or' of a list of amounts means 'or': '2.5 mg, 5 mg or 10 mg once daily'."""
    for n in range(len(clauses) - 1, 1, -1):
        after, c, before = clauses[n], clauses[n - 1], clauses[n - 2]
        if after.link != "or" or c.link != "comma" or c.dose is None or before.dose is None:
            continue
        alone = (
            not c.unread
            and tokens[c.dose.i - 1].low == ","
            and (
                (len(c.parts) == 1 and before.dose.j == c.dose.i - 1)
                or all(
                    p.kind == "often" or p is c.dose for p in c.parts
                )  # '7.5 mg a month, 22.5 mg every 3 months or …'
            )
        )
        if alone and before.instruction == c.instruction == after.instruction and c.dose.note == before.dose.note:
            c.link = "or"


def _stops(c: Clause, tokens: list[Token]) -> bool:
    """Whether a step tells how to end the treatment, whoever it is for: 'When stopping, taper by 500 mg'."""
    first, second = tokens[max(c.start, 0)], tokens[max(c.start, 0) + 1]
    return first.low in ("when", "on", "before", "to") and second.low.startswith(
        ("stop", "withdraw", "discontinu", "end")
    )


def _first_by_vein(before: dict[str, Any], f: dict[str, Any]) -> bool:
    """Whether a daily dose follows a first one that is injected: how it is taken is not said."""
    first = (before.get("step_kind") in ("loading", "single") or before.get("dose_count") == 1) and before.get(
        "route"
    ) in ("intravenous", "intramuscular")
    return first and "rate_unit" not in f and f.get("period_unit") == "d"


def _injected(before: dict[str, Any], last: Clause, c: Clause, tokens: list[Token]) -> bool:
    """Whether a step is injected and the one before is not: '5 mg by mouth or 2 mg by injection'."""
    start = last.dose.j if last.dose is not None else max(c.start, 0)
    return before.get("route") in _NOT_PARENTERAL and any(
        t.low == "parenterally" or (t.low == "injection" and tokens[k - 1].low in ("by", "an"))
        for k, t in enumerate(tokens[start : c.end], start)
    )


def _for_a_reason(clauses: list[Clause], n: int) -> bool:
    """Whether a lower dose is the last of its instruction and has a reason: 'If nausea persists, reduce to 5 mg for 2 weeks'."""
    reason = str(clauses[n].fields.get("condition_text")).lower().startswith(("if ", "when "))
    last = n + 1 == len(clauses) or clauses[n + 1].instruction != clauses[n].instruction
    bounded = n > 0 and "bounds_unit" in clauses[n - 1].fields
    return reason and last and not bounded


def _resumed(clauses: list[Clause], n: int, tokens: list[Token]) -> bool:
    """Whether a lower dose is left again: 'reduce to 10 mg for 4 weeks, then resume 20 mg'."""
    if n + 1 == len(clauses) or clauses[n + 1].instruction != clauses[n].instruction:
        return False
    after = clauses[n + 1]
    last = after.dose.i if after.dose is not None else after.end
    return any(t.low.startswith(("resum", "return")) for t in tokens[clauses[n].end : last])


def _further(c: Clause, before: Clause, rises: bool) -> bool:
    """Whether a dose lies beyond the one before it: 'increased to 50 mg and then 100 mg', not '… and then 25 mg'."""
    f, g = c.fields, before.fields
    a, b = f.get("dose_low"), g.get("dose_low")
    alike = all(f.get(k) == g.get(k) for k in ("dose_unit", "dose_basis", "dose_is"))
    return alike and a is not None and b is not None and ((a > b) if rises else (a < b))


def _leave_change(c: Clause, f: dict[str, Any]) -> None:
    """Take how often a dose changes from how often it is given: 'to 60 mg, 90 mg and 120 mg at monthly intervals'."""
    of_day = f.get("dose_is") == "per_day" and f.get("period_unit") in (
        "wk",
        "mo",
    )  # 'doubled every week up to 80 mg/day'
    said = [p for p in c.parts if p.kind == "often" and (p.note == "interval" or of_day)]
    if not said or f.get("step_kind") not in ("titration", "taper") or f.get("dose_is") == "increment":
        return
    for key in GROUPS["frequency"]:
        f.pop(key, None)
    c.parts = [p for p in c.parts if p not in said]
    c.unread.extend(said)
    c.taken.add("doubt:frequency")


def _goes_on(c: Clause, before: Clause, f: dict[str, Any], tokens: list[Token]) -> bool:
    """Whether a step goes on with the change before it: 'taper to 200 mg for 3 days and 100 mg for 2 days', 'then to 5 mg'."""
    if (
        f.get("step_kind") not in ("taper", "titration", "dose_reduction", "target")
        or f.get("dose_is") == "increment"
        or c.dose is None
    ):
        return False
    to = tokens[c.dose.i - 1].low == "to" or _further(c, before, f["step_kind"] == "titration")
    return (c.link in ("then", "comma") and to) or (
        c.link == "and" and (to or f["step_kind"] in ("taper", "target")) and before.dose is not None
    )


def _in_bands(tokens: list[Token], start: int) -> bool:
    """Whether times before it bound how long something lasted: 'after less than 1 week, 800 mg; after 1 to 3 weeks, 600 mg'."""
    return any(
        t.low in ("after", "for") and tokens[k + 1].low in ("less", "more", "fewer") and tokens[k + 2].low == "than"
        for k, t in enumerate(tokens[: max(start, 0)])
    )


def _times_of_day(c: Clause, f: dict[str, Any]) -> None:
    """'Day 1: 12.5 mg once or twice' is once or twice that day."""
    said = next((p for p in c.unread if p.kind == "times"), None)
    if said is None or "cycle_days" not in f or "period_unit" in f:
        return
    least, most = said.note
    f.update(frequency=least, period=1.0, period_unit="d")
    if most > least:
        f["frequency_max"] = most
    c.unread.remove(said)
    c.parts.append(said)


def _at_a_week(c: Clause) -> bool:
    """Whether the one dose of a step is that of a numbered week: '160 mg at week 0'."""
    return any(p.kind == "after" and "dose_count" in p.fields for p in c.parts)


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


def _runs_all_day(c: Clause, f: dict[str, Any], context: dict[str, Any], tokens: list[Token]) -> None:
    """Make what runs in over 24 hours a rate: '200 mg/24 hours by continuous infusion', below 'By intrathecal infusion'."""
    flat = f.get("dose_is") == "per_day" and f.get("dose_basis") == "flat" and "rate_unit" not in f
    unit = str(f.get("dose_unit"))
    if not flat or c.dose is None or (unit.startswith("{") and unit != "{unit}") or "frequency" in f:
        return
    way = f.get("route") or c.label.get("route") or context.get("route")
    if way in _NOT_PARENTERAL:
        return
    begin = max(c.start, 0)
    said = {
        t.low
        for k, t in enumerate(tokens[begin : c.end], begin)
        if t.low != "pump" or (tokens[k - 1].low != "proton" and not tokens[k + 1].low.startswith("inhibitor"))
    }
    if "route_text" not in f:
        for source in (c.label, context):
            said.update(f"{source.get('route_text')} {source.get('dose_form')}".lower().split())
    if _INFUSES.isdisjoint(said) or not any(t.low in ("24", "24h") for t in tokens[c.dose.i : c.dose.j]):
        return
    f.update(rate_low=f.get("dose_low"), rate_high=f.get("dose_high"), rate_unit=f"{unit}/d")
    for key in ("dose_low", "dose_high", "dose_unit", "dose_basis", "dose_is"):
        f.pop(key, None)


_INFUSES = frozenset("infusion infused infuse pump driver".split())
_NOT_PARENTERAL = frozenset(
    "oral sublingual buccal inhalation nasal ophthalmic otic topical transdermal rectal vaginal".split()
)


def _names_schedule(c: Clause, f: dict[str, Any], tokens: list[Token]) -> None:
    """Take back how often a loading dose is that only names its schedule: '8 mg/kg (three-weekly schedule), then …'."""
    named = [p for p in c.parts if p.kind == "often" and tokens[p.j].low in _SCHEDULES]
    if (
        f.get("step_kind") not in ("loading", "single")
        or not named
        or len(named) < sum(p.kind == "often" for p in c.parts)
    ):
        return
    for key in GROUPS["frequency"]:
        f.pop(key, None)
    c.parts = [p for p in c.parts if p not in named]
    c.unread.extend(named)


_SCHEDULES = frozenset("schedule schedules regimen regimens scheme programme program".split())


def _for_other_people(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a dose is the same step for others: 'the maintenance dose is 5 mg in mild gout and 10 mg in severe gout'."""
    if c.link != "and" or c.dose is None or before.dose is None:
        return False
    kinds = [p for p in before.parts if p.kind == "step" and p.i < before.dose.i]
    if not kinds or before.fields.get("step_kind") not in ("maintenance", "initial", "loading"):
        return False
    spans = (tokens[before.dose.j : c.dose.i], tokens[c.dose.j : c.end + 4])
    return tokens[c.dose.i - 1].low == "and" and all(
        any(t.low in _WHOM and not t.value and span[k + 1].low in _PEOPLE for k, t in enumerate(span[:-1]))
        for span in spans
    )


_WHOM = frozenset(("in", "for"))
_PEOPLE = frozenset("patients adults children women men those people infants adolescents elderly older".split())


def _is_divided(c: Clause) -> bool:
    return c.fields.get("dose_is") == "per_day" and any(p.kind == "divided" or p.note == "divided" for p in c.parts)


def _of_daily_dose(c: Clause, tokens: list[Token]) -> bool:
    """Whether the only word on how often is that of 'the daily dose is'."""
    often = [p for p in c.parts if p.kind == "often"]
    return (
        c.dose is not None
        and len(often) == 1
        and often[0].j <= c.dose.i
        and tokens[often[0].j].low in ("dose", "dosage", "amount")
    )


def _suffices(c: Clause, tokens: list[Token]) -> bool:
    """Whether a step is said to do for some: 'in some patients 10 mg once daily is enough'."""
    return any(
        t.low in ("enough", "sufficient", "suffices", "suffice", "adequate") for t in tokens[max(c.start, 0) : c.end]
    )


def _at_most(c: Clause, context: dict[str, Any], tokens: list[Token]) -> None:
    """The most to begin with is a dose: 'Starting dose: no more than 12.5 mg once daily'."""
    f = c.fields
    first = "initial" in (f.get("step_kind"), c.label.get("step_kind"), context.get("step_kind"))
    said = [p for p in c.parts if p.kind == "limit"]
    if c.dose is not None or not first or len(said) != 1 or "max_dose_unit" not in said[0].fields:
        return
    part = said[0]
    unit, _, per = str(part.fields["max_dose_unit"]).partition("/")
    daily = f.pop("max_daily_dose", None)
    value = part.note[1] if isinstance(part.note, tuple) else daily
    if value is None or per not in ("", "kg", "m2"):
        return
    f.pop("max_dose_unit", None)
    basis = {"": "flat", "kg": "per_kg", "m2": "per_m2"}[per]
    f.update(dose_high=value, dose_unit=unit, dose_basis=basis, dose_is="per_day" if daily else "per_administration")
    if daily and tokens[part.j - 1].low in ("daily", "od"):
        f.update(dose_is="per_administration", frequency=1, period=1.0, period_unit="d")
    part.kind, part.note = "dose", None
    c.dose = part


def _place_maxima(c: Clause) -> None:
    """Give a maximum that stands before its dose its column, now that the dose is known; else it is unread."""
    for p in [p for p in c.parts if p.kind == "limit" and isinstance(p.note, tuple)]:
        scope = scope_of_maximum(c.fields, {}) if c.dose is not None else None
        if scope is None or scope in c.fields:
            c.parts.remove(p)
            c.unread.append(p)
        else:
            c.fields.update({scope: p.note[1], "max_dose_unit": p.fields["max_dose_unit"]})
            p.note = None


def _set_off(c: Clause, tokens: list[Token]) -> bool:
    """Whether a time of day or meal is set off by a comma, and so of both doses: '…, taken an hour before food'."""
    when = next((p.i for p in c.parts if p.kind == "when"), 0)
    return when > 1 and "," in (tokens[when - 1].low, tokens[when - 2].low)


def _route_last(c: Clause) -> bool:
    """Whether the route stands behind how often, and so may be of both: '5 mg daily or 10 mg weekly by mouth'."""
    often = max((p.i for p in c.parts if p.kind == "often"), default=-1)
    return all(p.i > often for p in c.parts if p.kind == "route")


def _of_all_ages(c: Clause, tokens: list[Token]) -> bool:
    """Whether a step is said to be for all ages, which in a section on children are those of children."""
    return any(
        t.low == "ages" and tokens[k].low == "all"
        for k, t in enumerate(tokens[max(c.start, 0) + 1 : c.end], max(c.start, 0))
    )


def _lasts(f: dict[str, Any], c: Clause) -> bool:
    """Whether a step that follows the loading dose goes on without an end: '600 mg, then 400 mg daily', '2 g, then 1 g q8h'."""
    ends = any(k in f for k in ("bounds_unit", "dose_count", "cycle_days"))
    often = f.get("period_unit") in ("d", "wk", "mo") or (f.get("period_unit") == "h" and f["period"] >= _REGULAR)
    return c.link == "then" and often and not ends


_REGULAR = 6  # doses fewer hours apart than these may still be part of the load


def _on_that_day(f: dict[str, Any], c: Clause, first: bool) -> bool:
    """Whether a step is of the days that its label names: not the second of 'Day 1: 500 mg, then 250 mg once daily'."""
    later = c.link == "then" and f.get("dose_is") in ("increment", "per_day")
    later = later or "bounds_unit" in f or "start_after" in f or f.get("period_unit") in ("d", "wk", "mo")
    return (first and c.link != "then") or not later


def _before_others(clauses: list[Clause], n: int) -> bool:
    """Whether the doses behind a first one say how often they are: '500 mg IV, then 250 mg every week'."""
    if n + 1 == len(clauses):
        return False
    after = clauses[n + 1]
    often = after.fields.get("period_unit") in ("wk", "mo", "a")
    return often and after.link == "then" and after.instruction == clauses[n].instruction


def _of_whole_day(c: Clause, f: dict[str, Any], before: list[dict[str, Any]], tokens: list[Token]) -> bool:
    """Whether 'daily' is the sum of a day, as in the divided doses before it: '… 30 mg daily in divided doses; reduce to 10 mg daily'."""
    said = [p for p in c.parts if p.kind == "often"]
    plain = len(said) == 1 and said[0].j == said[0].i + 1 and tokens[said[0].i].low == "daily"
    if not plain or c.dose is None or f.get("dose_is") != "per_administration" or "when_code" in f:
        return False
    settled = tokens[c.dose.i - 1].low == "on" and tokens[c.dose.i - 2].low in _SETTLES
    several = any(g.get("period_unit") == "d" and (g.get("frequency") or 0) > 1 for g in before)
    divided = any(g.get("dose_is") == "per_day" for g in before)
    return (settled and several) or (divided and f.get("step_kind") in ("dose_reduction", "taper"))


_SETTLES = frozenset("settle settles stabilise stabilize stabilised stabilized maintained".split())
_PARAM = ("param", "param_low", "param_high", "param_unit")


def _lead(
    f: dict[str, Any],
    c: Clause,
    context: dict[str, Any],
    inherited: list[str],
    tokens: list[Token],
    *,
    first: bool,
    before_others: bool,
) -> None:
    """Take from the label before the step, then from its headings, what the step does not say itself.

    A label 'Start when stable:' makes only the first step of its instruction the initial one. How often the doses of a
    label 'Weekly schedule:' are is not how often its loading dose is, nor its first one where the others say it.
    """
    for source in filter(None, (c.label, context)):
        for name in ("indication", "who", "route", "frequency", "cycle", "bounds"):
            group = GROUPS[name]
            if f"doubt:{name}" in c.taken:
                continue
            if name == "bounds" and source is c.label and not first and c.link == "then":
                continue  # 'Weeks 1–4: 5 mg, then 10 mg': how long each of them, the label does not say
            if name == "bounds" and source is context and (before_others or _is_passing(f)):
                continue  # 'Give for 7 days' is not how long its loading dose is
            if name == "who":
                if f.get("age_group") == "all" and source.get("age_group") == "pediatric" and _of_all_ages(c, tokens):
                    f["age_group"] = "pediatric"
                if "if:param" in c.taken and f.get("param") not in LASTING and source.get("param") in LASTING:
                    for key in _PARAM:
                        f.pop(
                            key, None
                        )  # '1–17 years: 5 mg if the glucose is above 15': condition_text keeps the glucose
                    take(f, source, _PARAM, inherited)
                own_param = "param" in f
                if "age_group" not in f and "population" not in f and not own_param:
                    take(f, source, group, inherited)
                else:
                    if "age_group" not in f:
                        take(f, source, ("age_group",), inherited)
                    elif (
                        not own_param
                        and "age_group" in inherited
                        and "condition_text" in f
                        and f["age_group"] == source.get("age_group")
                        and source.get("param") in LASTING
                    ):
                        take(f, source, _PARAM, inherited)  # '…; 10 mg if ketones are above 1.5' goes on with the age
                    if "population" not in f:
                        take(f, source, ("population",), inherited)
                continue
            if name == "frequency" and (
                ("when_code" in f and not once_daily(source))  # but 'All doses are given once daily' over '5 mg nocte'
                or f.get("dose_is") == "increment"
                or f.get("dose_count")
                or (
                    f.get("step_kind") in ("loading", "single")
                    and (source is context or source.get("step_kind") != f["step_kind"])
                )
                or (f.get("step_kind") == "initial" and before_others and "when_code" not in f)
            ):
                continue
            if not f.keys().isdisjoint(group) or (name == "route" and "route_text" in f):
                continue
            if name == "cycle" and "cycle_length" not in source and not _on_that_day(f, c, first):
                continue
            take(f, source, group, inherited)
        if source is context and "dose_unit" in f and not any(k in f for k in SHARED):
            take(f, source, SHARED, inherited)
        if _runs_as_said(f, source):
            take(f, source, ("admin_duration", "admin_duration_unit"), inherited)
        counted = any(p.kind == "step" and p.note == "once" for p in c.parts)
        if (
            counted
            and f.get("step_kind") == "single"
            and source.get("step_kind") in ("loading", "initial", "maintenance")
        ):
            del f["step_kind"]  # a loading dose given once is a loading dose; its dose_count says once
        if (
            "step_kind" not in f
            and source.get("step_kind")
            and not (source["step_kind"] == "single" and "period_unit" in f)
            and not (source["step_kind"] == "initial" and source is c.label and not first)
            and not (source["step_kind"] == "loading" and not first and _lasts(f, c))
        ):
            f["step_kind"] = source["step_kind"]
            inherited.append("step_kind")
            if source.get("dose_count") and "dose_count" not in f and "period_unit" not in f:
                f["dose_count"] = source["dose_count"]
                inherited.append("dose_count")
        if (
            source.get("dose_is") == "per_course"
            and f.get("dose_is") == "per_administration"
            and "period_unit" not in f
        ):
            f["dose_is"] = "per_course"
            inherited.append("dose_is")
        for key in ("when_code", "start_after", "start_after_unit", "condition_text"):
            if not first or c.link == "then":
                continue  # 'From day 3:' is when the first of its steps begins
            if key not in f and source.get(key) is not None and key in context and source is context:
                f[key] = source[key]
                inherited.append(key)


def _is_passing(f: dict[str, Any]) -> bool:
    """Whether a step is given once, or changes the dose before it."""
    return bool(f.get("dose_count")) or f.get("dose_is") == "increment" or f.get("step_kind") in ("loading", "single")


def _is_share(f: dict[str, Any]) -> bool:
    """Whether a step is a change by a share of something, with no schedule."""
    shared = f.get("dose_basis") == "percent_of_dose" and f.get("dose_is") == "increment"
    return shared and "period_unit" not in f


def _of_a_day(f: dict[str, Any], inherited: list[str]) -> None:
    """Make a table's dose that of a day, below 'Daily doses by weight:', unless its cell says how it is given."""
    own = any(k in f for k in ("period_unit", "when_code", "dose_count", "rate_unit", "admin_duration"))
    once = f.get("step_kind") in ("loading", "single") or f.get("dose_basis") == "percent_of_dose"
    if f.get("dose_is") == "per_administration" and not own and not once:
        f["dose_is"] = "per_day"
        inherited.append("dose_is")


def _runs_as_said(f: dict[str, Any], source: dict[str, Any]) -> bool:
    """Whether a dose is an infusion of the length that its heading says: "By intravenous infusion over 30 minutes"."""
    ways = (source.get("route"),) if "route" in source else (None, "intravenous")
    dosed = (
        ("dose_unit" in f or f.get("dose_basis") == "auc_target")
        and "rate_unit" not in f
        and f.get("dose_is") != "increment"
    )
    return dosed and f.get("route") in ways and not ("route" not in f and "route_text" in f)


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
    covered = covered_tokens(c)
    numbers: list[str] = []
    words: list[str] = []
    run = -2
    for k in range(start, end):
        if k in covered:
            continue
        t = tokens[k]
        if t.kind == NUMBER:
            numbers.append(text[t.start : t.end])
        elif ignorable(t) or t.kind == TEXT or t.low in own:
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
    if f.get("age_group") in ("neonate", "infant") and f.get("population") in ("pregnancy", "lactation"):
        del f["population"]  # 'Pregnancy: 400 mg; newborns of mothers with infection 20 mg/kg'
    taken = f.get("age_group") == "adult" and "age_group" in inherited and _below_adult(f)
    if f.get("param") == "age" and (taken or (f.get("age_group") in _OUTGROWN and _outgrown(f))):
        del f["age_group"]  # 'Adults 600 mg; 1–12 years 10 mg/kg', 'Newborns: 1.5 mg/kg; 2 months and over 1 mg/kg'
    if "age_group" not in f and f.get("param") == "age" and _below_adult(f):
        f["age_group"] = "pediatric"
    values = {k: v for k, v in f.items() if k in _COLUMNS and v is not None}
    for key, value in values.items():
        if isinstance(value, str) and ("‹" in value or "›" in value):  # the marks of a rendered text
            values[key] = value.replace("‹", "<").replace("›", ">")
    if values.get("dose_low") is None and values.get("dose_high") is None:
        values.pop("dose_basis", None)
        if values.get("dose_is") != "increment" or "rate_unit" not in values:
            values.pop("dose_is", None)
    d = Dosage(**values)
    d.sequence = sequence
    derive(d)
    d.inherited_fields = "; ".join(dict.fromkeys(inherited)) or None
    d.unread_text = "; ".join(words) or None
    d.numbers_unread = "; ".join(numbers) or None
    d.parse_status = "partial" if words or numbers else "full"
    d.readable = render(d)
    while end > start + 1 and tokens[end - 1].kind == PUNCT and tokens[end - 1].low in ",;:.([":
        end -= 1
    inside = [t.low for t in tokens[start:end] if t.low in ("(", ")")]
    if tokens[end - 1].low == ")" and inside.count(")") > inside.count("("):
        end -= 1  # '(0.1 mg/kg if antibodies were given)': the bracket around a step is none of its words
    return Step(d, tokens[start].start, tokens[end - 1].end, c.instruction)
