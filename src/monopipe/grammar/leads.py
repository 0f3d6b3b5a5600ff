"""What a step takes from its label and from the headings around it: 'Children: Loading dose: 20 mg/kg'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from monopipe.grammar.coverage import SHARED
from monopipe.grammar.fields import GROUPS, PARAM, Clause, once_daily
from monopipe.grammar.lexer import Token
from monopipe.grammar.who import LASTING

_GROUPS = ("indication", "who", "route", "frequency", "cycle", "bounds")
_DURATION = ("admin_duration", "admin_duration_unit")
_REGULAR = 6  # doses fewer hours apart than these may still be part of the load


def lead(clauses: list[Clause], n: int, context: dict[str, Any], tokens: list[Token], *, first: bool) -> None:
    """Take from the label before the step, then from its headings, what the step does not say itself.

    A label 'Start when stable:' makes only the first step of its instruction the initial one. How often the doses of a
    label 'Weekly schedule:' are is not how often its loading dose is, nor its first one where the others say it.
    """
    before_others = bool(context or clauses[n].label) and _before_others(clauses, n)
    for source in (clauses[n].label, context):
        if source:
            _Lead(clauses[n], source, tokens, source is context, first, before_others).give(opens=n == 0)


def _before_others(clauses: list[Clause], n: int) -> bool:
    """Whether the doses behind a first one say how often they are: '500 mg IV, then 250 mg every week'."""
    if n + 1 == len(clauses):
        return False
    after = clauses[n + 1]
    often = after.fields.get("period_unit") in ("wk", "mo", "a")
    return often and after.link == "then" and after.instruction == clauses[n].instruction


class _Lead:
    """A label, or the headings, over one step, and where among the steps below it that one stands."""

    __slots__ = ("before_others", "c", "f", "first", "heads", "source", "tokens")

    def __init__(
        self, c: Clause, source: dict[str, Any], tokens: list[Token], heads: bool, first: bool, before_others: bool
    ) -> None:
        self.c = c
        self.f = c.fields
        self.source = source
        self.tokens = tokens
        self.heads = heads
        self.first = first
        self.before_others = before_others

    def give(self, *, opens: bool) -> None:
        """Give the step what it lacks, one group of columns after the other."""
        for name in _GROUPS:
            if f"doubt:{name}" in self.c.taken:
                continue
            if name == "who":
                self.give_people()
            elif not self.c.has(GROUPS[name]) and not (name in _KEPT and _KEPT[name](self)):
                self.c.take(self.source, GROUPS[name])
                if name == "bounds" and "bounds_unit" in self.source:
                    self.c.take(self.source, ("dose_count",))  # 'for 3 days (6 doses in all)'
        if self.heads and "dose_unit" in self.f and not self.c.has(SHARED):
            self.c.take(self.source, SHARED)
        if self.runs_as_said():
            self.c.take(self.source, _DURATION)
        if opens or not self.comes_later():
            self.give_kind()
        self.give_sum()
        if self.heads and self.first and self.c.link != "then":  # 'From day 3:' is when the first of its steps begins
            self.c.take(self.source, ("when_code", "start_after", "start_after_unit", "condition_text"))

    def give_people(self) -> None:
        """Give the people: a step's own band keeps the headings' out, its own group only theirs."""
        c, f, source = self.c, self.f, self.source
        if "doubt:band" in c.taken:
            c.take(source, ("age_group", "population"))
            return
        if f.get("age_group") == "all" and source.get("age_group") == "pediatric" and self.of_all_ages():
            f["age_group"] = "pediatric"
        if "if:param" in c.taken and f.get("param") not in LASTING and source.get("param") in LASTING:
            c.forget(PARAM)  # '1–17 years: 5 mg if the glucose is above 15': condition_text keeps the glucose
            c.take(source, PARAM)
        if not c.has(("age_group", "population", "param")):
            c.take(source, GROUPS["who"])
            return
        goes_on = (
            "param" not in f
            and "age_group" in c.inherited
            and "condition_text" in f
            and f.get("age_group") == source.get("age_group")
            and source.get("param") in LASTING
        )
        if goes_on and "age_group" in f:
            c.take(source, PARAM)  # '…; 10 mg if ketones are above 1.5' goes on with the age
        c.take(source, ("age_group", "population"))

    def of_all_ages(self) -> bool:
        """Whether a step is said to be for all ages, which in a section on children are those of children."""
        words = [t.low for t in self.tokens[max(self.c.start, 0) : self.c.end]]
        return any(pair == ("all", "ages") for pair in pairwise(words))

    def keeps_route(self) -> bool:
        """Whether a step has words of its own on the way it is given, though no code for it."""
        return "route_text" in self.f

    def keeps_bounds(self) -> bool:
        """Whether how long the doses below are given is not how long this one is."""
        if self.heads:
            return self.before_others or self.is_passing()  # 'Give for 7 days' is not how long its loading dose is
        return not self.first and self.c.link == "then"  # 'Weeks 1–4: 5 mg, then 10 mg': not how long each of them

    def is_passing(self) -> bool:
        """Whether a step is given once, or changes the dose before it."""
        once = bool(self.f.get("dose_count")) or self.f.get("step_kind") in ("loading", "single")
        return once or self.f.get("dose_is") == "increment"

    def keeps_frequency(self) -> bool:
        """Whether how often the doses below are given is not how often this one is."""
        f, source = self.f, self.source
        if "when_code" in f and not once_daily(source):
            return True  # but 'All doses are given once daily' over '5 mg nocte'
        if f.get("dose_is") == "increment" or f.get("dose_count"):
            return True
        kind = f.get("step_kind")
        if kind in ("loading", "single"):
            return self.heads or source.get("step_kind") != kind
        return kind == "initial" and self.before_others and "when_code" not in f

    def keeps_cycle(self) -> bool:
        """Whether the days that a label names are not those of this step: the second of 'Day 1: 500 mg, then 250 mg once daily'."""
        if "cycle_length" in self.source or (self.first and self.c.link != "then"):
            return False
        f = self.f
        later = self.c.link == "then" and f.get("dose_is") in ("increment", "per_day")
        return later or "bounds_unit" in f or "start_after" in f or f.get("period_unit") in ("d", "wk", "mo")

    def runs_as_said(self) -> bool:
        """Whether a dose is an infusion of the length that its heading says: "By intravenous infusion over 30 minutes"."""
        f = self.f
        dosed = "dose_unit" in f or f.get("dose_basis") == "auc_target"
        if not dosed or "rate_unit" in f or f.get("dose_is") == "increment":
            return False
        ways = (self.source["route"],) if "route" in self.source else (None, "intravenous")
        return f.get("route") in ways and not ("route" not in f and "route_text" in f)

    def give_kind(self) -> None:
        """Give the kind of step, and with it how many doses it is."""
        c, f, source = self.c, self.f, self.source
        kind = source.get("step_kind")
        counted = any(p.kind == "step" and p.note == "once" for p in c.parts)
        if counted and f.get("step_kind") == "single" and kind in ("loading", "initial", "maintenance"):
            del f["step_kind"]  # a loading dose given once is a loading dose; its dose_count says once
        if (
            not kind
            or "step_kind" in f
            or (kind == "single" and "period_unit" in f)
            or (kind == "initial" and not self.heads and not self.first)
            or (kind == "loading" and not self.first and self.lasts())
        ):
            return
        c.take(source, ("step_kind",))
        if source.get("dose_count") and "period_unit" not in f:
            c.take(source, ("dose_count",))

    def comes_later(self) -> bool:
        """Whether a step goes on behind the first: 'Start: 5 mg daily; after 2 weeks 10 mg daily'."""
        kind = self.source.get("step_kind")
        after = self.tokens[max(self.c.start, 0)].low in ("after", "thereafter") or "start_after" in self.f
        return after and (kind == "initial" or (kind == "loading" and self.lasts()))

    def lasts(self) -> bool:
        """Whether a step that follows the loading dose goes on without an end: '600 mg, then 400 mg daily', '2 g, then 1 g q8h'."""
        f = self.f
        often = f.get("period_unit") in ("d", "wk", "mo") or (f.get("period_unit") == "h" and f["period"] >= _REGULAR)
        switched = self.tokens[max(self.c.start, 0)].low in ("switch", "switching", "convert", "change", "step")
        behind = self.c.link == "then" or "start_after" in self.f or switched
        return behind and often and not self.c.has(("bounds_unit", "dose_count", "cycle_days"))

    def give_sum(self) -> None:
        """Make a dose that has no schedule that of a course, below 'Total dose:'."""
        f = self.f
        dosed = f.get("dose_is") == "per_administration" and "period_unit" not in f
        if dosed and self.source.get("dose_is") == "per_course":
            f["dose_is"] = "per_course"
            self.c.inherited.append("dose_is")


_KEPT: Mapping[str, Callable[[_Lead], bool]] = {
    "route": _Lead.keeps_route,
    "bounds": _Lead.keeps_bounds,
    "frequency": _Lead.keeps_frequency,
    "cycle": _Lead.keeps_cycle,
}
"""By group of columns, whether a step keeps that of its label or headings out."""


def lead_of_day(c: Clause) -> None:
    """Make a table's dose that of a day, below 'Daily doses by weight:', unless its cell says how it is given."""
    f = c.fields
    own = c.has(("period_unit", "when_code", "dose_count", "rate_unit", "admin_duration"))
    once = f.get("step_kind") in ("loading", "single") or f.get("dose_basis") == "percent_of_dose"
    if f.get("dose_is") == "per_administration" and not own and not once:
        f["dose_is"] = "per_day"
        c.inherited.append("dose_is")
