"""What a step's own words mean once its neighbours are known: how often a dose is given, or how often it changes."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.fields import GROUPS, PARAM, Clause, comes_to
from monopipe.grammar.lexer import Token
from monopipe.grammar.who import LASTING
from monopipe.grammar.words import NOT_PARENTERAL


def leave_bands(c: Clause, before: Clause | None, tokens: list[Token]) -> None:
    """Leave 'after 1 to 3 weeks, 600 mg' unread: of which of them, nothing before it tells."""
    bands = any(p.kind == "after" and p.lost and tokens[p.i].low == "after" for p in c.parts)
    if bands and (before is None or _in_bands(tokens, c.start)):
        c.forget(("start_after", "start_after_unit"))
        c.leave([p for p in c.parts if p.kind == "after"])


def _in_bands(tokens: list[Token], start: int) -> bool:
    """Whether times before it bound how long something lasted: 'after less than 1 week, 800 mg; after 1 to 3 weeks, 600 mg'."""
    return any(
        t.low in ("after", "for") and tokens[k + 1].low in ("less", "more", "fewer") and tokens[k + 2].low == "than"
        for k, t in enumerate(tokens[: max(start, 0)])
    )


def leave_change(c: Clause) -> None:
    """Take how often a dose changes from how often it is given: 'to 60 mg, 90 mg and 120 mg at monthly intervals'."""
    f = c.fields
    of_day = f.get("dose_is") == "per_day" and f.get("period_unit") in ("wk", "mo")  # 'doubled weekly up to 80 mg/day'
    said = [p for p in c.parts if p.kind == "often" and (p.note == "interval" or of_day)]
    if said and f.get("step_kind") in ("titration", "taper") and f.get("dose_is") != "increment":
        c.forget(GROUPS["frequency"])
        c.leave(said)
        c.taken.add("doubt:frequency")


def sum_up_day(c: Clause, earlier: list[Clause], tokens: list[Token]) -> None:
    """Make a dose whose 'daily' is the sum of a day one of a day, as doses under the same label before it tell."""
    if _of_whole_day(c, [x.fields for x in earlier if x.label == c.label], tokens):
        c.fields["dose_is"] = "per_day"
        c.forget(GROUPS["frequency"])


def _of_whole_day(c: Clause, earlier: list[dict[str, Any]], tokens: list[Token]) -> bool:
    """Whether 'daily' is the sum of a day, as in the divided doses before it: '… 30 mg daily in divided doses; reduce to 10 mg daily'."""
    f = c.fields
    said = [p for p in c.parts if p.kind == "often"]
    plain = len(said) == 1 and said[0].j == said[0].i + 1 and tokens[said[0].i].low == "daily"
    if not plain or c.dose is None or f.get("dose_is") != "per_administration" or "when_code" in f:
        return False
    settled = tokens[c.dose.i - 1].low == "on" and tokens[c.dose.i - 2].low in _SETTLES
    several = any(g.get("period_unit") == "d" and (g.get("frequency") or 0) > 1 for g in earlier)
    if any(_comes_to(g, f) for g in earlier):
        return True  # '8–16 mg three times daily; in the long run 24–48 mg daily'
    divided = any(g.get("dose_is") == "per_day" for g in earlier)
    return (settled and several) or (divided and f.get("step_kind") in ("titration", "dose_reduction", "taper"))


def _comes_to(g: dict[str, Any], f: dict[str, Any]) -> bool:
    """Whether the doses of a day of one step come to the amount of another."""
    of_day = (g.get("frequency") or 0) > 1 and g.get("period_unit") == "d" and g.get("period") == 1
    return of_day and "frequency_max" not in g and g.get("dose_basis") == f.get("dose_basis") and comes_to(g, f)


_SETTLES = frozenset("settle settles stabilise stabilize stabilised stabilized maintained".split())


def drop_aim(c: Clause) -> None:
    """Take back a value that a change waits for: 'increase to 100 mg if fasting glucose exceeds 7 mmol/L' is no other patient."""
    f = c.fields
    slowed = f.get("step_kind") == "dose_reduction" and "rate_unit" in f
    if (slowed or f.get("step_kind") == "titration") and "if:param" in c.taken and f.get("param") not in LASTING:
        c.forget(PARAM)


def count_times(c: Clause) -> None:
    """'Day 1: 12.5 mg once or twice' is once or twice that day; 'Week 0: 40 mg daily' is no single dose."""
    f = c.fields
    said = next((p for p in c.unread if p.kind == "times"), None)
    if said is not None and "cycle_days" in f and "period_unit" not in f:
        least, most = said.note
        f.update(frequency=least, period=1.0, period_unit="d")
        if most > least:
            f["frequency_max"] = most
        c.unread.remove(said)
        c.parts.append(said)
    if "period_unit" in f and f.get("dose_count") == 1 and (c.label.get("dose_count") or _at_a_week(c)):
        del f["dose_count"]


def _at_a_week(c: Clause) -> bool:
    """Whether the one dose of a step is that of a numbered week: '160 mg at week 0'."""
    return any(p.kind == "after" and "dose_count" in p.fields for p in c.parts)


def change_as_needed(c: Clause, tokens: list[Token], text: str) -> None:
    """'Increased to 100 mg if needed': the change is as needed, the dose is not."""
    f = c.fields
    if f.get("step_kind") not in ("titration", "target", "taper") or not f.get("as_needed") or "as_needed_for" in f:
        return
    del f["as_needed"]
    for part in [p for p in c.parts if p.kind == "prn"]:
        printed = text[tokens[part.i].start : tokens[part.j - 1].end]
        if f.setdefault("condition_text", printed) != printed:
            c.leave([part])


def leave_schedule(c: Clause, tokens: list[Token]) -> None:
    """Take back how often a loading dose is that only names its schedule: '8 mg/kg (three-weekly schedule), then …'."""
    often = [p for p in c.parts if p.kind == "often"]
    once = c.fields.get("step_kind") in ("loading", "single")
    if once and often and all(tokens[p.j].low in _SCHEDULES for p in often):
        c.forget(GROUPS["frequency"])
        c.leave(often)


_SCHEDULES = frozenset("schedule schedules regimen regimens scheme programme program".split())


def run_all_day(c: Clause, context: dict[str, Any], tokens: list[Token]) -> None:
    """Make what runs in over 24 hours a rate: '200 mg/24 hours by continuous infusion', below 'By intrathecal infusion'."""
    f = c.fields
    flat = f.get("dose_is") == "per_day" and f.get("dose_basis") == "flat" and "rate_unit" not in f
    unit = str(f.get("dose_unit"))
    if not flat or c.dose is None or (unit.startswith("{") and unit != "{unit}") or "frequency" in f:
        return
    way = f.get("route") or c.label.get("route") or context.get("route")
    if way in NOT_PARENTERAL or not any(t.low in ("24", "24h") for t in tokens[c.dose.i : c.dose.j]):
        return
    if not _is_infused(c, context, tokens):
        return
    f.update(rate_low=f.get("dose_low"), rate_high=f.get("dose_high"), rate_unit=f"{unit}/d")
    c.forget(("dose_low", "dose_high", "dose_unit", "dose_basis", "dose_is"))


def _is_infused(c: Clause, context: dict[str, Any], tokens: list[Token]) -> bool:
    """Whether a step's words, or without a way of its own those above it, speak of an infusion: 'by syringe driver', not 'proton pump'."""
    begin = max(c.start, 0)
    said = {
        t.low
        for k, t in enumerate(tokens[begin : c.end], begin)
        if t.low != "pump" or (tokens[k - 1].low != "proton" and not tokens[k + 1].low.startswith("inhibitor"))
    }
    if "route_text" not in c.fields:
        for source in (c.label, context):
            said.update(f"{source.get('route_text')} {source.get('dose_form')}".lower().split())
    return not _INFUSES.isdisjoint(said)


_INFUSES = frozenset("infusion infused infuse pump driver".split())
