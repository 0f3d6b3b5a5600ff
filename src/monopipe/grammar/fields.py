"""The columns of a step while it is gathered: set at most once, never mixed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import NUMBER, Token

PARAM = ("param", "param_low", "param_high", "param_unit")
"""The columns of a band of age, weight or clearance."""
GROUPS: dict[str, tuple[str, ...]] = {
    "indication": ("indication_text",),
    "who": ("age_group", "population", *PARAM),
    "form": ("dose_form",),
    "route": ("route",),
    "frequency": ("frequency", "frequency_max", "period", "period_max", "period_unit"),
    "when": ("when_code",),
    "bounds": ("bounds_low", "bounds_high", "bounds_unit"),
    "cycle": ("cycle_length", "cycle_unit", "cycle_days", "days_on", "continuous"),
    "partners": ("partners",),
    "dose": (
        "dose_low",
        "dose_high",
        "dose_unit",
        "dose_basis",
        "dose_is",
        "quantity_low",
        "quantity_high",
        "quantity_unit",
        "dose_components",
    ),
}


_PER_H = {"min": 60.0, "h": 1.0, "d": 1 / 24, "wk": 1 / 168, "mo": 1 / 730, "a": 1 / 8766}


class Clause:
    """The words of one step while they are gathered: its columns, the islands read, those in doubt."""

    __slots__ = (
        "dose",
        "end",
        "fields",
        "first",
        "hints",
        "inherited",
        "instruction",
        "label",
        "limits",
        "link",
        "parts",
        "product",
        "start",
        "taken",
        "total",
        "unread",
    )

    def __init__(self, link: str, instruction: int) -> None:
        self.link = link
        self.instruction = instruction
        self.fields: dict[str, Any] = {}
        self.parts: list[Island] = []
        self.unread: list[Island] = []
        self.dose: Island | None = None
        self.product: Island | None = None
        self.total: Island | None = None
        self.hints: list[Island] = []
        self.label: dict[str, Any] = {}
        self.taken: set[str] = set()
        self.limits: set[str] = set()
        self.inherited: list[str] = []
        self.start = self.end = -1
        self.first = -1

    def take(self, source: dict[str, Any], group: Iterable[str]) -> None:
        """Copy what the step lacks of a group of columns from elsewhere, and note it as inherited."""
        for key in group:
            if source.get(key) is not None and key not in self.fields:
                self.fields[key] = source[key]
                self.inherited.append(key)

    def forget(self, group: Iterable[str]) -> None:
        """Take columns back."""
        drop(self.fields, group)

    def leave(self, islands: Collection[Island]) -> None:
        """Make islands that were read unread again: their words go to unread_text."""
        self.parts = [p for p in self.parts if p not in islands]
        self.unread.extend(islands)

    def has(self, group: Iterable[str]) -> bool:
        """Whether the step has one of the columns."""
        return not self.fields.keys().isdisjoint(group)

    def span(self, isl: Island) -> None:
        """Reach over an island."""
        self.start = isl.i if self.start < 0 else min(self.start, isl.i)
        self.end = max(self.end, isl.j)

    def shrink(self) -> None:
        """End with the last island."""
        self.end = max(p.j for p in (*self.parts, *self.unread))

    def lose_labels(self, tokens: list[Token]) -> None:
        """Count the numbers of the labels as read by nobody: no column holds them any longer."""
        for p in self.parts:
            if p.kind == "label":
                p.lost = tuple(k for k in range(p.i, p.j) if tokens[k].kind == NUMBER)


def drop(f: dict[str, Any], group: Iterable[str]) -> None:
    """Take back columns."""
    for key in group:
        f.pop(key, None)


def once_daily(f: dict[str, Any]) -> bool:
    """Whether columns say "once daily" and no more."""
    return tuple(f.get(k) for k in GROUPS["frequency"]) == (1, None, 1, None, "d")


def rate_of(f: dict[str, Any]) -> tuple[float, float] | None:
    """How often an hour, at least and at most; null without a period."""
    unit = f.get("period_unit")
    if unit is None:
        return None
    low = f.get("frequency") or f.get("frequency_max") or 0
    high = f.get("frequency_max") or low
    period = (f.get("period") or 1.0) / _PER_H[unit]
    longest = (f.get("period_max") or f.get("period") or 1.0) / _PER_H[unit]
    return low / longest, high / period


def comes_to(f: dict[str, Any], day: dict[str, Any], ends: Iterable[str] = ("dose_low", "dose_high")) -> bool:
    """Whether a dose, as often as it is given at most, comes to the amount of a day: '2 g every 4 hours' to '12 g'."""
    rate = rate_of(f)
    return (
        rate is not None
        and f.get("dose_unit") == day.get("dose_unit")
        and all(
            f.get(k) is not None and day.get(k) is not None and abs(rate[1] * 24 * f[k] - day[k]) < 1e-9 for k in ends
        )
    )


def set_fields(c: Clause, isl: Island) -> bool:
    """Set an island's columns in a clause; false, and nothing set, where another value is there already."""
    return _SETS.get(isl.kind, _set_new)(c, isl.fields, isl.note)


def _set_new(c: Clause, new: dict[str, Any], note: Any) -> bool:
    f = c.fields
    if any(k in f and f[k] != v for k, v in new.items()):
        return False
    f.update({k: v for k, v in new.items() if v is not None})
    return True


def _set_often(c: Clause, new: dict[str, Any], note: Any) -> bool:
    f = c.fields
    if note == "divided" and f.get("dose_is") == "increment" and "period_unit" in f:
        return False  # 'by 50 mg a week to 400 mg daily in 2 divided doses': how often the dose rises is not how often it is given
    if note == "divided" and once_daily(f):
        if f.get("dose_is") == "per_administration" and f.get("dose_basis") != "percent_of_dose":
            f["dose_is"] = "per_day"
        drop(f, GROUPS["frequency"])
    if "period_unit" in f:
        at_most = not new.get("frequency") and new.get("frequency_max") is not None
        if (at_most and f.get("frequency_max") is None) or not _same_rate(f, new):
            return False
    else:
        f.update({k: v for k, v in new.items() if k != "when_code" and v is not None})
    if new.get("when_code"):
        f.setdefault("when_code", new["when_code"])
    return True


def _same_rate(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether two sets of columns say the same: 'twice daily' and 'every 12 hours'."""
    old, now = rate_of(f), rate_of(g)
    return bool(old and now and abs(old[0] - now[0]) < 1e-6 and abs(old[1] - now[1]) < 1e-6)


def _set_who(c: Clause, new: dict[str, Any], note: Any) -> bool:
    f = c.fields
    if "param" in new and "param" in f:
        return False
    if "age_group" in new and f.get("age_group", new["age_group"]) != new["age_group"]:
        return False
    if "population" in new and f.get("population", new["population"]) != new["population"]:
        if "param" not in new:
            return False
        new = {k: v for k, v in new.items() if k != "population"}
    f.update({k: v for k, v in new.items() if v is not None})
    widen(f)
    return True


def _set_step(c: Clause, new: dict[str, Any], note: Any) -> bool:
    f = c.fields
    old, kind = f.get("step_kind"), new["step_kind"]
    if "route" in new and "route_text" in f:
        new = {k: v for k, v in new.items() if k not in ("route", "route_text")}
    if old == "alternative" and kind == "single":
        f.setdefault("dose_count", 1)  # 'alternatively, 200 mg as a single dose'
        return True
    if old in (None, kind, "alternative", "single") or (old, kind) in _GOES_OVER:
        f.update(new)
        return True
    if kind == "single":
        f.setdefault("dose_count", 1)
        if "step_kind" in c.taken and note != "once":
            f["step_kind"] = kind  # the step's own words: 'as a single dose' under the head 'Starting dose'
        return True
    return kind in ("initial", "alternative")


_GOES_OVER = (("titration", "target"), ("initial", "loading"), ("taper", "maintenance"), ("down", "maintenance"))
"""The kinds of a step that a second word changes: 'increased to a target of', 'begins with a loading dose of'."""


def _set_condition(c: Clause, new: dict[str, Any], note: Any) -> bool:
    f = c.fields
    if "condition_text" in f:
        return False
    if "param" in new and "param" not in f and f.get("population", new.get("population")) == new.get("population"):
        c.taken.add("if:param")  # of this step alone
    elif "param" in new:
        new = {"condition_text": new["condition_text"]}
    if "start_after" in f:
        new = {k: v for k, v in new.items() if not k.startswith("start_after")}
    f.update(new)
    return True


def _set_form(c: Clause, new: dict[str, Any], note: Any) -> bool:
    if "dose_form" not in c.fields:
        c.fields.update(new)
    return True


def _set_partner(c: Clause, new: dict[str, Any], note: Any) -> bool:
    if "partners" not in c.fields:
        return _set_new(c, new, note)
    c.fields["partners"] += "; " + new["partners"]
    return True


def _set_route(c: Clause, new: dict[str, Any], note: Any) -> bool:
    f = c.fields
    if "route_text" in f:
        tube = "enteral_tube"  # 'the oral solution by nasogastric tube': oral is the solution's name
        if f.get("route") == tube and note == "form":
            return True
        named = any(p.kind == "route" and p.note == "form" for p in c.parts)
        if not (new.get("route") == tube and named):
            return bool(f.get("route") is not None and f.get("route") == new.get("route"))
    f.update(new)
    return True


def _set_cycle(c: Clause, new: dict[str, Any], note: Any) -> bool:
    if "cycle_length" in c.fields:
        per = {"d": 1.0, "wk": 7.0}
        old, now = (g["cycle_length"] * per.get(g["cycle_unit"], 0.0) for g in (c.fields, new))
        if old and old == now:
            return True  # 'for 14 days, then 7 days off, in 3-week cycles'
    return _set_new(c, new, note)


def _set_days(c: Clause, new: dict[str, Any], note: Any) -> bool:
    return ("cycle_days" in new or "days_on" not in c.fields) and _set_new(c, new, note)


_SETS: dict[str, Callable[[Clause, dict[str, Any], Any], bool]] = {
    "condition": _set_condition,
    "cycle": _set_cycle,
    "days": _set_days,
    "form": _set_form,
    "often": _set_often,
    "partner": _set_partner,
    "route": _set_route,
    "step": _set_step,
    "who": _set_who,
}


def widen(f: dict[str, Any]) -> None:
    """A band that runs from the newborn into childhood is paediatric: 'term neonates to 2 years'."""
    if f.get("age_group") in ("neonate", "infant") and f.get("param") == "age" and f.get("param_low") is None:
        top = (f.get("param_high") or 0) * {"a": 12.0, "mo": 1.0}.get(f.get("param_unit") or "", 0.0)
        if top > (1 if f["age_group"] == "neonate" else 12):
            f["age_group"] = "pediatric"


def unit_by(f: dict[str, Any]) -> str:
    """The unit of a dose with that of the patient it is by: 'mg', 'mg/kg'."""
    return f"{f.get('dose_unit')}{_BY.get(f.get('dose_basis') or '', '')}"


_BY = {"per_kg": "/kg", "per_m2": "/m2"}


def days_of_cycle(f: dict[str, Any]) -> None:
    """A course shorter than the cycle is its days on: 'for 5 days of each 28-day cycle'."""
    if "cycle_length" not in f:
        return
    low, high, unit = (f.get(k) for k in GROUPS["bounds"])
    days = {"d": 1, "wk": 7}.get(f.get("cycle_unit") or "", 0) * (f.get("cycle_length") or 0)
    weekly = tuple(f.get(k) for k in GROUPS["frequency"]) == (1, None, 1, None, "wk")
    per = {"d": 1, "wk": 1 if weekly else 7 if _every_day(f) else 0}.get(unit or "", 0)
    length = (low or 0) * {"d": 1, "wk": 7}.get(unit or "", 0)
    whole = low * per if low is not None and low == high and per else None  # 'weekly for 3 weeks of a 4-week cycle'
    if whole is not None and "days_on" not in f and length < days:
        f["days_on"] = int(whole)
        drop(f, GROUPS["bounds"])


def _every_day(f: dict[str, Any]) -> bool:
    """Whether a dose is given on each day: once daily, every 8 hours, but not every other day."""
    return (f.get("period_unit"), f.get("period")) == ("d", 1) or f.get("period_unit") == "h"


def infer_cycle(f: dict[str, Any]) -> None:
    """The cycle that a long period tells: 'day 1 every 3 weeks'; 'every 3 weeks for 6 cycles' is how often."""
    if "cycle_length" in f or f.get("frequency") != 1 or f.get("period_max") is not None or "frequency_max" in f:
        return
    days = (f.get("period") or 0) * {"d": 1, "wk": 7, "mo": 30, "a": 365}.get(f.get("period_unit") or "", 0)
    last = max((int(d) for d in re.findall(r"\d+", str(f.get("cycle_days", "")))), default=0)
    if "cycle_days" in f and days >= 7 and last <= days:
        f["cycle_length"], f["cycle_unit"] = f["period"], f["period_unit"]
        drop(f, GROUPS["frequency"])


def clash(f: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether two sets of columns say different things about one matter (a group of columns)."""
    if any(k in f and f[k] != v for k, v in new.items()):
        return True
    for group in GROUPS.values():
        mine = {k: f[k] for k in group if k in f}
        theirs = {k: new[k] for k in group if k in new}
        if mine and theirs and mine != theirs and group is not GROUPS["who"] and group is not GROUPS["cycle"]:
            return True
    return False
