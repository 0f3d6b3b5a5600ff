"""What can only be said once a clause is whole: of two readings of its words, the one that the other words bear out."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.fields import GROUPS, Clause, comes_to, days_of_cycle, drop, infer_cycle, once_daily
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import NUMBER, Token
from monopipe.grammar.quantity import Amount, amount
from monopipe.grammar.words import TIMES, find

_DAYS = {"d": 1, "wk": 7}
_EACH_DAY = frozenset("daily day nightly evening morning".split())


def settle(c: Clause, tokens: list[Token], text: str) -> None:
    """Settle the columns of a whole clause."""
    _pace(c, tokens)
    _one_of_many(c)
    _of_hints(c, tokens, text)
    _of_product(c, tokens, text)
    for part in c.parts:
        if part.kind == "dose" and isinstance(part.note, tuple):
            _of_each(c, part, tokens, text)
    if c.total is not None:
        _add_up(c, c.total)
    _of_the_day(c, tokens)
    _of_one_infusion(c)
    outer = next((p for p in c.unread if p.note == "outer"), None)
    if outer is not None:
        _schedule(c, outer, tokens)
    days_of_cycle(c.fields)
    infer_cycle(c.fields)
    _with_breaks(c.fields)


def _pace(c: Clause, tokens: list[Token]) -> None:
    """'Raised at weekly intervals to 320 mg a day', 'doubled every week to 40 mg': how fast the dose changes, not how often it is given."""
    f = c.fields
    if c.dose is None or f.get("step_kind") not in ("titration", "taper", "down") or f.get("dose_is") == "increment":
        return
    changed = next((p.j for p in c.parts if p.kind == "change"), c.dose.i)
    for p in [p for p in c.parts if p.kind == "often" and p.i < c.dose.i]:
        of_change = c.dose.kind == "rate" or not _in_a_day(p.fields)  # a rate is given all the time
        between = p.i >= changed and tokens[p.j].low not in _DOSE and of_change
        if between or (p.note == "interval" and f.get("dose_is") == "per_day"):
            c.leave([p])
            drop(f, GROUPS["frequency"])


_DOSE = frozenset(("dose", "doses", "dosage"))


def _in_a_day(f: dict[str, Any]) -> bool:
    """Whether a frequency is of each day: twice daily, every 6 hours."""
    return f.get("period_unit") in ("h", "min") or (f.get("period_unit") == "d" and f.get("period") == 1)


def _one_of_many(c: Clause) -> None:
    """'One injection of 150 mg every 12 weeks' is no single dose."""
    if any(p.note == "one" for p in c.parts) and ("period_unit" in c.fields or "bounds_unit" in c.fields):
        for key in ("step_kind", "dose_count"):
            c.fields.pop(key, None)


def _of_hints(c: Clause, tokens: list[Token], text: str) -> None:
    """A form tells the route where nothing else does: 'inhaler', a patch."""
    f = c.fields
    for hint in c.hints:
        form = text[tokens[hint.i].start : tokens[hint.j - 1].end]
        if "route" not in f and "route_text" not in f:
            f["route"] = hint.fields["route"]
            f["route_text"] = form
        f.setdefault("dose_form", form)
    if c.dose is not None and c.dose.note == "patch" and "route" not in f and "route_text" not in f:
        f["route"] = "transdermal"
        f.setdefault("dose_form", "patch")


def _of_product(c: Clause, tokens: list[Token], text: str) -> None:
    """A strength with its form behind it is a dose form as printed: '40 mg tablets'."""
    product = c.product
    if product is None or product.kind != "strength" or product not in c.unread:
        return
    end = product.j
    for part in c.parts:
        if part.kind in ("form", "hint") and part.i == end:
            end = part.j
    if end > product.j:
        c.fields["dose_form"] = text[tokens[product.i].start : tokens[end - 1].end]
        c.unread.remove(product)
        c.parts.append(product)


def _of_each(c: Clause, part: Island, tokens: list[Token], text: str) -> None:
    """'One 10 mg tablet' is 10 mg in one tablet; of 'four 40 mg tablets' the form is a 40 mg tablet."""
    f = c.fields
    each = part.note[0] == "each"
    begin = part.note[2] if each else part.note[1][0].j + 1 if part.note[1] else part.i  # behind '2 ×'
    form = text[tokens[begin].start : tokens[part.j - 1].end]
    kept = f.setdefault("dose_form", form) == form
    if each and f.get("dose_low") == f.get("dose_high") == 1 and "quantity_unit" not in f:
        value, unit = part.note[1]
        f.update(quantity_low=1.0, quantity_high=1.0, quantity_unit=f["dose_unit"])
        f.update(dose_low=value, dose_high=value, dose_unit=unit)
    elif each and not kept:
        part.lost = tuple(k for k in range(begin, part.j) if tokens[k].kind == NUMBER)


def _add_up(c: Clause, total: Island) -> None:
    """The total of '2 g/day given as 1 g every 12 hours' is read only where the parts add up to it."""
    if not comes_to(c.fields, total.fields, ("dose_high",)) and total in c.parts:
        c.leave([total])


def _of_the_day(c: Clause, tokens: list[Token]) -> None:
    """Whether the amount is what is given at once, or what the doses of a day or a course come to."""
    f = c.fields
    if "whole" in c.taken and f.get("dose_is") == "per_administration" and "period_unit" not in f:
        f["dose_is"] = "per_day"
    if any(p.kind == "divided" or p.note == "divided" for p in c.parts):
        _in_divided_doses(c)
        _in_one_dose(c, tokens)
    _as_single_dose(c, tokens)
    _spread(c, tokens)
    if f.get("dose_basis") == "percent_of_dose" and once_daily(f):
        f["dose_is"] = "per_administration"  # '80% of the daily dose once daily'
    if any(p.note == "portions" for p in c.parts) and f.get("dose_is") == "per_administration":
        f["dose_is"] = "per_course"  # '1 mg in 3 divided doses, 6 hours apart': the amount is that of all three
    if f.get("dose_is") == "per_administration" and "period_unit" not in f and _is_parted(c, tokens):
        f["dose_is"] = "per_course"


def _over_days(c: Clause, tokens: list[Token]) -> tuple[Amount, str] | None:
    """The days or weeks that an amount is given over: 'total dose 3 g over 10 days'."""
    if c.dose is None:
        return None
    k = next((k for k in range(c.dose.j, c.dose.j + 5) if tokens[k].low in ("over", "during")), 0)
    found = amount(tokens, k + 1) if k else None
    time = find(TIMES, tokens, found.j) if found is not None else None
    if found is None or time is None or time[0][1] not in _DAYS or (found.high or 0) * _DAYS[time[0][1]] <= 1:
        return None
    return found, time[0][1]


def _spread(c: Clause, tokens: list[Token]) -> None:
    """'A total of 40 mg/kg over 10 days' is what the doses of 10 days come to."""
    f = c.fields
    each_day = f.get("dose_is") == "per_day" or once_daily(f) or f.get("period_unit") in ("h", "min")
    if each_day and f.get("admin_duration_unit") in ("d", "wk", "mo") and "bounds_unit" not in f:
        days = f.pop("admin_duration")  # '3 g a day over 10 days'
        f.update(bounds_low=days, bounds_high=days, bounds_unit=f.pop("admin_duration_unit"))
    over = _over_days(c, tokens)
    if over is None or c.dose is None or f.get("dose_is") != "per_administration" or "period_unit" in f:
        return
    near = [t.low for t in (*tokens[max(c.dose.i - 3, 0) : c.dose.i + 1], *tokens[c.dose.j : c.dose.j + 2])]
    if "total" not in near and not any(p.kind == "divided" for p in c.parts):
        return
    found, unit = over
    f["dose_is"] = "per_course"
    for key in ("admin_duration", "admin_duration_unit"):
        f.pop(key, None)
    f.update(bounds_low=found.low, bounds_high=found.high or found.low, bounds_unit=unit)
    lost = [p for p in c.unread if c.dose.j <= p.i < found.j]
    c.unread = [p for p in c.unread if p not in lost]
    c.parts += lost


def _is_parted(c: Clause, tokens: list[Token]) -> bool:
    """Whether an amount is a total that is given in parts: 'total dose 0.9 mg/kg, given in two parts'."""
    if c.dose is None:
        return False
    before = [t.low for t in tokens[max(c.dose.i - 4, 0) : c.dose.i]]
    behind = range(c.dose.j + 2, min(c.dose.j + 16, len(tokens)))
    parted = (tokens[k].low in _PARTS and tokens[k - 2].low in ("in", "into", "as") for k in behind)
    return "total" in before and any(parted)


_PARTS = frozenset("parts portions instalments installments halves thirds".split())


def _in_divided_doses(c: Clause) -> None:
    """A dose in divided doses is that of a day: '3 mg daily in divided doses', '1 mg over 24 hours in divided doses'."""
    f = c.fields
    over = next((p for p in c.parts if p.kind == "over"), None)
    if over is not None:
        hours = (f.pop("admin_duration", None), f.pop("admin_duration_unit", None))
        if hours in ((24, "h"), (1, "d")):
            f["dose_is"] = "per_day"
        else:
            c.leave([over])
    portions = f.get("frequency_max") or f.get("frequency") or 0
    whole = f.get("dose_is") == "per_administration" and f.get("dose_basis") != "percent_of_dose"
    if portions > 1 and whole and any(p.note == "divided" for p in c.parts):
        f["dose_is"] = "per_day"  # '25 mg/kg in 3 divided doses': the amount is that of all three
    if once_daily(f) and f.get("dose_is") == "per_administration" and any(p.kind == "divided" for p in c.parts):
        f["dose_is"] = "per_day"
        drop(f, GROUPS["frequency"])


def _in_one_dose(c: Clause, tokens: list[Token]) -> None:
    """'10 mg as one dose' is a single dose; of an amount a day, or 'as one daily dose', it is how often."""
    f = c.fields
    said = next((p for p in c.parts if p.note == "divided"), None)
    if said is None or not once_daily(f) or f.get("dose_is") != "per_administration":
        return
    if "bounds_unit" in f or "when_code" in f or any(t.low in _EACH_DAY for t in tokens[said.i : said.j + 2]):
        return
    drop(f, GROUPS["frequency"])
    f["dose_count"] = 1
    f.setdefault("step_kind", "single")


def _as_single_dose(c: Clause, tokens: list[Token]) -> None:
    """'5 mg/kg/day as a single dose' is given once a day; beside divided doses how often, and when, is left open."""
    f = c.fields
    said = next((p for p in c.parts if p.kind == "step" and p.fields.get("step_kind") == "single"), None)
    if said is None or f.get("dose_is") != "per_day":
        return
    for key in ("step_kind", "dose_count"):
        f.pop(key, None)
    if "or" in (tokens[said.i - 1].low, tokens[said.j].low):
        f.pop("when_code", None)
    elif "period_unit" not in f:
        f.update(frequency=1, period=1.0, period_unit="d")


def _of_one_infusion(c: Clause) -> None:
    """'0.5 units/min for 10 minutes' is one infusion."""
    f = c.fields
    low, high, unit = (f.get(k) for k in GROUPS["bounds"])
    if f.get("rate_unit") and unit == "min" and low == high and "admin_duration" not in f:
        f["admin_duration"], f["admin_duration_unit"] = low, "min"
        drop(f, GROUPS["bounds"])


def _schedule(c: Clause, outer: Island, tokens: list[Token]) -> None:
    """Use the schedule of days that stands beside how often a day, where it is a cycle or the pace of a change."""
    if c.fields.get("dose_is") == "increment":
        # 'taper by 500 mg twice daily every 2 weeks': the amount changes every 2 weeks
        inner = [p for p in c.parts if p.kind == "often"]
        c.forget(GROUPS["frequency"])
        c.fields.update({k: v for k, v in outer.fields.items() if v is not None})
        c.parts = [p for p in c.parts if p.kind != "often"] + [outer]
        c.unread = [p for p in c.unread if p is not outer] + inner
    elif _as_cycle(c.fields, outer.fields) or (_days_beside(c, outer, tokens) and _on_days(c.fields, outer.fields)):
        c.unread.remove(outer)
        c.parts.append(outer)


def _days_beside(c: Clause, outer: Island, tokens: list[Token]) -> bool:
    """Whether a schedule of days stands right beside how often a day: not in 'daily or twice a week', 'daily, with weekly checks'."""
    inner = next((p for p in c.parts if p.kind == "often"), None)
    if inner is None or c.fields.get("step_kind") in ("titration", "taper", "down"):
        return False
    first, second = sorted((inner, outer), key=lambda p: p.i)
    return all(t.low in _BESIDE for t in tokens[first.j : second.i])


_BESIDE = frozenset(", ( on for only given taken".split())


def _as_cycle(f: dict[str, Any], schedule: dict[str, Any]) -> bool:
    """Set the cycle of 'twice daily on days 1 to 14 every 3 weeks', 'twice daily for 14 days every 3 weeks'."""
    length, unit = schedule["period"], schedule["period_unit"]
    once = schedule.get("frequency") == 1 and schedule.get("period_max") is None and unit in _DAYS
    if not once or "cycle_length" in f:
        return False
    if "cycle_days" not in f:
        low, high, scale = (f.get(k) for k in GROUPS["bounds"])
        if low is None or low != high or scale not in _DAYS:
            return False
        on = low * _DAYS[scale]
        if on != int(on) or on > length * _DAYS[unit]:
            return False
        f["days_on"] = int(on)
        drop(f, GROUPS["bounds"])
    f["cycle_length"], f["cycle_unit"] = length, unit
    return True


def _on_days(f: dict[str, Any], schedule: dict[str, Any]) -> bool:
    """Set the days of 'twice daily, 5 days a week', 'twice daily on alternate days'; 'daily … weekly' tells of something else."""
    times, length, unit = schedule.get("frequency"), schedule["period"], schedule["period_unit"]
    of_week = unit == "wk" and length == 1 and times is not None and 1 < times <= 7
    spaced = unit == "d" and times == 1
    exact = schedule.get("frequency_max") is None and schedule.get("period_max") is None
    if not (of_week or spaced) or not exact or f.get("period_unit") != "d" or any(k in f for k in GROUPS["cycle"]):
        return False
    f.update(days_on=times, cycle_length=length, cycle_unit=unit)
    return True


def _with_breaks(f: dict[str, Any]) -> None:
    """'A continuous regimen, for 84 days followed by a 7-day break' is not continuous."""
    days = f.get("cycle_length", 0) * _DAYS.get(f.get("cycle_unit", ""), 0)
    if f.get("continuous") and "days_on" in f and f["days_on"] < days:
        del f["continuous"]


__all__ = ["settle"]
