"""The maxima of steps: in which column one stands, which steps it is of, and which amounts are no dose but a maximum."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.coverage import SCHEDULE, SHARED, ignorable, scope_of_maximum
from monopipe.grammar.equivalents import TO_MG
from monopipe.grammar.fields import GROUPS, Clause, once_daily, unit_by
from monopipe.grammar.lexer import WORD, Token


def begin_at_most(c: Clause, context: dict[str, Any], tokens: list[Token]) -> None:
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


def place_maxima(c: Clause) -> None:
    """Give a maximum that stands before its dose its column, now that the dose is known; else it is unread."""
    for p in [p for p in c.parts if p.kind == "limit" and isinstance(p.note, tuple)]:
        scope = scope_of_maximum(c.fields, {}) if c.dose is not None else None
        if scope is None or scope in c.fields:
            c.leave([p])
        else:
            c.fields.update({scope: p.note[1], "max_dose_unit": p.fields["max_dose_unit"]})
            p.note = None


def place_maximum_of_cell(c: Clause) -> None:
    """A table's 'Maximum' of one dose is that of a day where the lead-in says 'once daily'."""
    f = c.fields
    if "max" in c.taken and "max_single_dose" in f and "max_daily_dose" not in f and once_daily(f):
        f["max_daily_dose"] = f.pop("max_single_dose")


def share_maxima(clauses: list[Clause], row: bool) -> None:
    """A daily maximum holds for all steps of its instruction: 'raise by 100 mg to a maximum of 400 mg/day'.

    One that closes an instruction holds for the steps before it, one of a titration for those behind it as well. It ends
    at a step of its own maximum, of other people, by another way, in another column, or that gives more.
    """
    for n, c in enumerate(clauses):
        f = c.fields
        if "max_daily_dose" not in f or any(k in c.inherited for k in SHARED):
            continue
        rises = f.get("step_kind") == "titration" and f.get("dose_is") == "increment"
        if row and not rises:
            continue  # each column is a dose of its own
        for m in (*range(n - 1, -1, -1), *(range(n + 1, len(clauses)) if rises else ())):
            g = clauses[m].fields
            alone = {k for k in SHARED if k in g} <= {"max_single_dose", "max_dose_unit"}
            if clauses[m].instruction != c.instruction or not (
                alone and g.get("max_dose_unit") in (None, f.get("max_dose_unit"))
            ):
                if m < n:
                    continue
                break
            if _same_limit(f, g):
                clauses[m].take(f, ("max_daily_dose", "max_dose_unit"))


def is_capped(g: dict[str, Any], limit: dict[str, Any]) -> bool:
    """Whether a maximum that stands beside a step, and names nobody else, is that step's: one of a day or of each dose."""
    column = next((k for k in ("max_daily_dose", "max_single_dose") if k in limit), None)
    if column is None or any(g.get(k) is not None for k in SHARED):
        return False
    if column == "max_single_dose" and g.get("dose_is") != "per_administration":
        return False
    most = {"max_daily_dose": limit[column], "max_dose_unit": limit["max_dose_unit"]}
    return _same_limit({**{k: g.get(k) for k in ("route", *GROUPS["who"])}, **most}, g)


def _same_limit(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether a step's daily maximum may be another step's as well."""
    if any(f.get(k) != g.get(k) for k in ("route", *GROUPS["who"])) or g.get("step_kind") in ("loading", "single"):
        return False
    flat = "/" not in str(f.get("max_dose_unit"))
    if flat and g.get("rate_unit") == f"{f.get('max_dose_unit')}/d" and g.get("rate_high") is not None:
        return bool(g["rate_high"] <= f["max_daily_dose"])  # what a patch releases in a day
    if not (f.get("dose_basis") == g.get("dose_basis") or flat) or g.get("dose_count") == 1 or "rate_unit" in g:
        return False
    most, unit = g.get("dose_high"), g.get("dose_unit")
    if unit is None or most is None or g.get("dose_basis") == "percent_of_dose":
        return False
    if g.get("dose_basis") == "flat" or not flat:
        return bool(0 < _scale(unit, str(f["max_dose_unit"]).split("/")[0]) * most <= f["max_daily_dose"])
    return unit in TO_MG


def _scale(unit: str | None, other: str | None) -> float:
    """What an amount in one unit is multiplied by to stand in the other; 0 where they are of another kind."""
    if unit == other:
        return 1.0
    return TO_MG[unit] / TO_MG[other] if unit in TO_MG and other in TO_MG else 0.0


def caps(clauses: list[Clause], tokens: list[Token]) -> set[int]:
    """The clauses that only cap the step before them; their amount becomes its daily maximum.

    "2 puffs as needed, up to 8 puffs daily" is one step with a maximum, not two doses.
    """
    found: set[int] = set()
    for n in range(1, len(clauses)):
        c, before = clauses[n], clauses[n - 1]
        if before.instruction != c.instruction or c.link in ("or", "then") or "step_kind" in c.fields:
            continue
        if _caps_rate(c.fields, before.fields) and c.link != "sentence":
            _append(before, c, read=False)  # 'raised every 30 minutes, up to 32 mIU/min'
        elif _leads_in(c, tokens) or not _caps_dose(c, before) or any(p.note == "divided" for p in c.parts):
            continue  # '…, up to 2500 mg/day in 2 to 3 divided doses' says how to take it
        elif (once_daily(c.fields) or c.fields.get("dose_is") == "per_day") and not c.has(("bounds_unit", "when_code")):
            before.fields.update(max_daily_dose=c.fields["dose_high"], max_dose_unit=unit_by(c.fields))
            _append(before, c, read=True)
        elif before.fields.get("period_unit") in ("min", "h") and not any(
            c.fields.get(k) is not None for k in SCHEDULE
        ):
            _append(before, c, read=False)  # "0.4 mg every 3 minutes, up to 10 mg": a sum that no column holds
        else:
            continue
        found.add(n)
    return found


def _append(before: Clause, c: Clause, *, read: bool) -> None:
    """Make the words of a clause, read or unread, those of the step before it."""
    (before.parts if read else before.unread).extend(c.parts)
    before.unread.extend(c.unread)
    before.end = c.end


def _caps_rate(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether a rate without a lower end may cap the rate before it."""
    return bool(f.get("rate_unit")) and f.get("rate_low") is None and g.get("rate_unit") == f["rate_unit"]


def _caps_dose(c: Clause, before: Clause) -> bool:
    """Whether an amount without a lower end is no less than the dose before it, of its kind, and may cap it."""
    f, g = c.fields, before.fields
    dose, cap = g.get("dose_high"), f.get("dose_high")
    if f.get("dose_low") is not None or dose is None or cap is None or g.get("max_dose_unit") is not None:
        return False
    scale, flat = _scale(f.get("dose_unit"), g.get("dose_unit")), _flat_cap(f, g)
    if not scale or not (flat or (f.get("dose_basis") == g.get("dose_basis") and cap * scale >= dose)):
        return False
    repeated = "frequency" in g or g.get("as_needed") or g.get("dose_is") == "increment"
    of_each_day = flat and g.get("dose_is") == "per_day"  # '0.5 mg/kg/day, up to 40 mg/day'
    return bool(repeated) or _per_dose(before, f) or of_each_day


def _per_dose(before: Clause, f: dict[str, Any]) -> bool:
    """Whether an amount of each dose stands before one of a day: '15 mg/kg per dose, up to 60 mg/kg/day'."""
    return before.dose is not None and before.dose.note == "each" and f.get("dose_is") == "per_day"


def _flat_cap(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether an amount of a day caps a dose by weight: '0.2 mg/kg/day in 2 divided doses, up to 20 mg/day'."""
    return (
        f.get("dose_basis") == "flat" and g.get("dose_basis") in ("per_kg", "per_m2") and f.get("dose_is") == "per_day"
    )


def _leads_in(c: Clause, tokens: list[Token]) -> bool:
    """Whether words of its own stand before a clause's amount: '…; in meningeal disease, up to 800 mg daily'."""
    return c.dose is not None and any(
        t.kind == WORD and not ignorable(t) and t.low not in ("then", "total", "dose", "doses", "maximum")
        for t in tokens[max(c.start, 0) : c.dose.i]
    )
