"""An island that is no dose, taken into a clause: its columns are set, or its words stay unread.

A column is set once. Where a second island says something else about it, neither is set and both stay unread, but for
what is known of such pairs: 'twice daily three times a week' is how often on which days.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from monopipe.grammar.bands import REST
from monopipe.grammar.fields import GROUPS, Clause, drop, once_daily, rate_of, set_fields
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import Token


def accept(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """Take an island into a clause."""
    _RULES.get(isl.kind, _set)(c, isl, tokens)


def _set(c: Clause, isl: Island, tokens: list[Token]) -> None:
    (c.parts if set_fields(c, isl) else c.unread).append(isl)


def _set_or_doubt(c: Clause, isl: Island, tokens: list[Token]) -> None:
    if set_fields(c, isl):
        c.parts.append(isl)
    else:
        _doubt(c, isl, tokens)


def _keep(c: Clause, isl: Island, tokens: list[Token]) -> None:
    c.parts.append(isl)


def _leave(c: Clause, isl: Island, tokens: list[Token]) -> None:
    c.unread.append(isl)


def _lost(c: Clause, isl: Island, tokens: list[Token]) -> None:
    c.unread.append(isl)
    if isl.note == "session":
        c.taken.add("doubt:frequency")


def _strength(c: Clause, isl: Island, tokens: list[Token]) -> None:
    c.unread.append(isl)
    c.product = isl


def _product(c: Clause, isl: Island, tokens: list[Token]) -> None:
    c.fields.setdefault("dose_form", isl.fields["dose_form"])
    c.parts.append(isl)


def _hint(c: Clause, isl: Island, tokens: list[Token]) -> None:
    c.hints.append(isl)
    c.parts.append(isl)


def _diluent(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """The volume that a dose by mass is given in is its quantity: '500 mg in 100 mL sodium chloride'."""
    dose = c.dose if c.dose is not None and c.dose.kind == "dose" and c.dose.j == isl.i else None
    if isl.fields and dose is not None and dose.note in ("mass", "activity") and "quantity_unit" not in c.fields:
        c.fields.update(isl.fields)
        c.parts.append(isl)
    else:
        c.unread.append(isl)


def _bounds(c: Clause, isl: Island, tokens: list[Token]) -> None:
    if isl.note == "course" and "bounds_unit" in c.fields:
        c.unread.append(isl)  # 'for 7 days; treatment should not exceed 10 days'
    elif "days_on" in c.fields:
        _set(c, isl, tokens)
    else:
        _set_or_doubt(c, isl, tokens)


def _span(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """A span of days is how long the treatment lasts where something says how often."""
    if _of_others(c, isl, tokens):
        _doubt(c, isl, tokens)
    elif "period_unit" in c.fields or "when_code" in c.fields:
        _set(c, isl, tokens)
    else:
        c.unread.append(isl)


def _of_others(c: Clause, isl: Island, tokens: list[Token]) -> bool:
    """Whether a length is that of others than the one before it, of which neither is for all: 'for 3 days in women and 7 in men'."""
    said = next((p for p in c.parts if _GROUP.get(p.kind) == "bounds"), None)
    return said is not None and not _SOME.isdisjoint(t.low for t in tokens[said.j : isl.i])


_SOME = frozenset(("in", "for", "if", "with", "when"))


def _condition(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """A condition is that of the dose, but behind another length it is of that one alone: 'for 10 days, or 14 days if severe'."""
    other = any(p.kind == "span" and p.j == isl.i for p in c.unread)
    (_leave if other else _set)(c, isl, tokens)


def _over(c: Clause, isl: Island, tokens: list[Token]) -> None:
    if any(p.kind == "divided" for p in c.parts):
        c.unread.append(isl)
    elif "bounds_unit" in isl.fields:
        _set_or_doubt(c, isl, tokens)
    else:
        _set(c, isl, tokens)


def _who(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """People on dialysis are some of those with a low clearance: 'below 30 mL/min, on dialysis'."""
    of_renal = isl.fields == {"population": "dialysis"} and c.fields.get("population") == "renal_impairment"
    if of_renal and c.parts and c.parts[-1].kind == "who" and isl.i - c.parts[-1].j <= 1:
        c.fields["population"] = "dialysis"
        c.parts.append(isl)
    elif isl.note == REST:
        c.taken.add("doubt:band")
        _set(c, isl, tokens)
    else:
        _set(c, isl, tokens)


def _limit(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """A maximum that does not say of what is that of a day or of one dose, as its dose is."""
    if isl.note == "unitless":
        most = isl.fields.get("max_daily_dose") or isl.fields.get("max_weekly_dose") or 0
        dose = c.fields.get("dose_high") or c.fields.get("dose_low") or 0
        if c.dose is None or not c.fields.get("dose_unit") or most < dose:  # 'a 50 mg tablet, max 3 a day' are tablets
            c.unread.append(isl)
            return
        isl.fields["max_dose_unit"] = c.fields["dose_unit"]
    if "max" not in isl.fields:
        _set(c, isl, tokens)
        return
    value = isl.fields.pop("max")
    if c.dose is None:
        isl.note = ("max", value)
        c.parts.append(isl)
        return
    f = c.fields
    by_weight = f.get("dose_basis") in ("per_kg", "per_m2")
    per_day = f.get("dose_is") == "per_day" or once_daily(f)
    # '0.1 mg/kg once daily (max. 5 mg)' caps what the weight gives
    of_weight = per_day and by_weight and tokens[isl.i - 1].low == "(" and f.get("dose_is") == "per_administration"
    per_day = per_day and not of_weight
    isl.fields["max_daily_dose" if per_day else "max_single_dose"] = value
    c.taken.add("max")
    rare = f.get("frequency") == 1 and f.get("period_unit") in ("wk", "mo") and "frequency_max" not in f
    by_size = of_weight or (by_weight and ("period_unit" not in f or rare))
    if not per_day and not by_size and (c.dose.j < isl.i - 3):
        c.unread.append(Island("lost", isl.i, isl.j))
    else:
        _set(c, isl, tokens)


def _often(c: Clause, isl: Island, tokens: list[Token]) -> None:
    if isl.note == "whole":
        c.taken.add("whole")
        c.parts.append(isl)
    elif isl.note == "interval" and (_is_changed_to(c) or tokens[isl.i - 1].low == "each"):
        c.unread.append(isl)  # 'increase to 30 mg, then 40 mg, at weekly intervals' is how fast the dose changes
    elif isl.note == "limit" and "period_unit" in c.fields:
        _most_often(c, isl)
    elif set_fields(c, isl):
        c.parts.append(isl)
    else:
        _second_frequency(c, isl, tokens)


def _is_changed_to(c: Clause) -> bool:
    changed = c.fields.get("step_kind") in ("titration", "taper", "down")
    return changed and c.fields.get("dose_is") == "per_administration"


def _most_often(c: Clause, isl: Island) -> None:
    """How often at most, beside how often: 'twice daily, at most four times a day'."""
    f, most = c.fields, isl.fields
    same = f["period_unit"] == most["period_unit"] and f.get("period") == most["period"]
    if same and "frequency_max" not in f and most["frequency_max"] > (f.get("frequency") or 0):
        f["frequency_max"] = most["frequency_max"]
        c.parts.append(isl)
    else:
        c.unread.append(isl)


def _explains(c: Clause, isl: Island, tokens: list[Token]) -> bool:
    """Whether a frequency alone in a bracket says in other words how often: 'twice weekly (every 3–4 days)'."""
    old, new = rate_of(c.fields), rate_of(isl.fields)
    alone = tokens[isl.i - 1].low == "(" and tokens[isl.j].low == ")"
    return alone and old is not None and new is not None and new[0] <= old[0] and old[1] <= new[1] and new[0] > 0


def _second_frequency(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """A second frequency of another scale is the schedule of days ('twice daily three times a week', 'daily every 4 weeks')."""
    f, new = c.fields, isl.fields
    at_most = not new.get("frequency") and f.get("frequency_max") is None
    parted = next((p for p in (*c.parts, isl) if p.note == "divided"), None)
    if _explains(c, isl, tokens):
        c.parts.append(Island("ignore", isl.i, isl.j))
    elif _not_daily(f) != _not_daily(new) and parted is not None and f.get("dose_is") != "per_day":
        _of_the_week(c, isl, parted, tokens)
    elif _not_daily(f) != _not_daily(new):
        _nest(c, isl)
    elif (at_most and all(f.get(k) == new.get(k) for k in ("period_unit", "period"))) or _spaced(f, new):
        c.unread.append(isl)
    else:
        _doubt(c, isl, tokens)


def _spaced(f: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether a second frequency only says how the days of a week lie: 'three times a week, on alternate days'."""
    of_week = f.get("frequency") in (3, 4) and f.get("period_unit") == "wk" and f.get("period") == 1
    return of_week and (new.get("frequency"), new.get("period"), new.get("period_unit")) == (1, 2, "d")


def _not_daily(f: dict[str, Any]) -> bool:
    """Whether a frequency leaves days out: weekly, every other day."""
    unit = f.get("period_unit")
    return unit in ("wk", "mo", "a") or (unit == "d" and (f.get("period") or 1) >= 2)


def _of_the_week(c: Clause, isl: Island, parted: Island, tokens: list[Token]) -> None:
    """A weekly amount in several doses is that of the week; into how many it is divided stays unread: '10 mg once a week in 2 doses'."""
    if parted is isl:
        c.unread.append(isl)
    else:
        drop(c.fields, GROUPS["frequency"])
        c.leave([parted])
        _often(c, isl, tokens)


def _nest(c: Clause, isl: Island) -> None:
    """Keep the frequency within a day in the columns; the schedule of days stays unread, noted as the outer one."""
    f, outer = c.fields, isl
    if _not_daily(f):
        schedule = {k: f[k] for k in GROUPS["frequency"] if k in f}
        drop(f, GROUPS["frequency"])
        earlier = [p for p in c.parts if p.kind == "often"]
        for p in earlier:
            c.parts.remove(p)
        for key, value in isl.fields.items():
            if value is not None:
                f.setdefault(key, value)
        c.parts.append(isl)
        if not earlier:
            return
        outer = Island("often", earlier[0].i, earlier[0].j, schedule)
    outer.note = "outer"
    c.unread.append(outer)


def _doubt(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """Two candidates for one column: neither is set, both stay unread."""
    group = _GROUP[isl.kind]
    c.forget(GROUPS[group])
    c.lose_labels(tokens)
    for part in [p for p in c.parts if _GROUP.get(p.kind) == group]:
        c.leave([part])
        if part.kind == "often" and part.fields.get("when_code"):
            c.fields.pop("when_code", None)
    c.taken.add("doubt:" + group)
    c.unread.append(isl)


_GROUP = {
    "bounds": "bounds",
    "span": "bounds",
    "over": "bounds",
    "route": "route",
    "days": "cycle",
    "when": "when",
    "often": "frequency",
}

_RULES: dict[str, Callable[[Clause, Island, list[Token]], None]] = {
    **dict.fromkeys(("divided", "ignore", "regardless", "plain_cycle"), _keep),
    **dict.fromkeys(("doubt", "foreign", "lab", "times", "weekdays"), _leave),
    **dict.fromkeys(("days", "route", "when"), _set_or_doubt),
    "bounds": _bounds,
    "condition": _condition,
    "diluent": _diluent,
    "hint": _hint,
    "limit": _limit,
    "lost": _lost,
    "often": _often,
    "over": _over,
    "product": _product,
    "span": _span,
    "strength": _strength,
    "who": _who,
}

__all__ = ["accept"]
