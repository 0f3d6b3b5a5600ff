"""What several steps of one instruction share, and only one of them says: 'A or B, for 10 days', '…, each 3 times a day'."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.coverage import SHARED
from monopipe.grammar.fields import GROUPS, PARAM, Clause
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import Token

_FREE = ("bounds_unit", "dose_count", "cycle_days", "cycle_length", "admin_duration")


def join_list(clauses: list[Clause], tokens: list[Token]) -> None:
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


def share_back(clauses: list[Clause], tokens: list[Token], row: bool) -> None:
    """Give a step what the step that 'or' or 'and' joins to it says for both; a table's last column holds for all."""
    for n in range(len(clauses) - 2, -1, -1):
        c, after = clauses[n], clauses[n + 1]
        if row and after.label != c.label:
            _share_last_column(c, after)
        if after.link not in ("or", "and") or after.instruction != c.instruction or c.dose is None:
            continue
        if after.link == "and" and "start_after" in c.fields:
            continue  # '5 mg after 6 hours, and 5 mg daily for 2 days'
        _share_route(c, after)
        _share_schedule(c, after, tokens)
        if after.link == "or":
            _share_end(c, after, tokens)


def _share_last_column(c: Clause, after: Clause) -> None:
    """A last column 'Duration' holds for the columns before it, but for a dose that is given once."""
    begins = c.fields.get("step_kind") in ("loading", "initial", "titration", "single")
    if not begins and not c.has((*_FREE, "start_after")):
        c.take(after.fields, GROUPS["bounds"])


def _share_schedule(c: Clause, after: Clause, tokens: list[Token]) -> None:
    """Give a bare amount the schedule of the one joined to it: '5 mg or 10 mg twice daily for a week'."""
    f, g = c.fields, after.fields
    if _is_bare(c, after, tokens):
        beside = c.dose is not None and after.dose is not None and c.dose.j == after.dose.i - 1
        if beside and g.get("dose_is") == "per_day" and f.get("dose_unit") == g.get("dose_unit"):
            f["dose_is"] = "per_day"  # '1.5 mg or 2 mg per day'
        c.take(g, (*GROUPS["frequency"], "when_code", "as_needed", "as_needed_for", *GROUPS["bounds"]))
    elif after.link == "and" and _is_divided(after) and _of_daily_dose(c, tokens):
        c.forget(GROUPS["frequency"])  # 'the daily dose is 5 mg/kg for adults and 6 mg/kg for children, in 2 doses'
        f["dose_is"] = "per_day"
        c.take(g, (*GROUPS["frequency"], "route", "route_text"))
    elif "period_unit" not in f and "bounds_unit" not in f and "when_code" in f:
        c.take(g, GROUPS["bounds"])


def _is_bare(c: Clause, after: Clause, tokens: list[Token]) -> bool:
    """Whether a step says nothing of when it is given, and is of the kind of the one joined to it."""
    f, g = c.fields, after.fields
    if _or_else(c, after, tokens):
        return False
    if c.dose is not None and not _WHENEVER.isdisjoint(t.low for t in tokens[c.dose.j : after.start]):
        return False  # '250 mg after each dialysis, or 500 mg every 48 hours'
    kind = f.get("step_kind")
    if after.link == "and" and kind in ("initial", "loading", "single") and kind != g.get("step_kind"):
        return False  # '500 mg at first and 250 mg every 8 hours thereafter'
    if f.get("dose_is") == "per_day" or "doubt:frequency" in c.taken:
        return False
    if c.has((*GROUPS["frequency"], "when_code", "bounds_unit", "dose_count", "cycle_days")):
        return False
    if "admin_duration" in f and "admin_duration" not in c.inherited:
        return False
    changes = [x.get("dose_is") == "increment" for x in (f, g)]
    return changes[0] == changes[1] and ("rate_unit" in f) == ("rate_unit" in g)


def _or_else(c: Clause, after: Clause, tokens: list[Token]) -> bool:
    """Whether a comma sets off more at longer intervals, so that the amount before has intervals of its own: '10 mg, or 20 mg on alternate days'."""
    f, g = c.fields, after.fields
    if c.dose is None or after.dose is None or c.link == "or" or after.link != "or":
        return False
    apart = tokens[c.dose.j].low == "," and tokens[c.dose.j + 1].low == "or"
    less_often = (g.get("period_unit") == "d" and (g.get("period") or 1) >= 2) or g.get("period_unit") == "wk"
    return apart and less_often and (g.get("dose_low") or 0) > (f.get("dose_high") or 0)


_WHENEVER = frozenset("after before during following each every per whenever".split())


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


def _share_end(c: Clause, after: Clause, tokens: list[Token]) -> None:
    """Give a dose with a frequency what is said behind both: 'A or B, for 10 to 14 days', 'A or B, before food'."""
    f, g = c.fields, after.fields
    if "period_unit" not in f:
        return
    if g.get("step_kind") == "alternative" and not c.has(_FREE) and not _for_others(c, after, tokens):
        c.take(g, GROUPS["bounds"])
    if _set_off(after, tokens):
        c.take(g, ("when_code",))  # 'A every 6 hours or B every 12 hours, before food'


def _for_others(c: Clause, after: Clause, tokens: list[Token]) -> bool:
    """Whether a dose is set off as that of others: '75 mg daily or, in patients who tolerate it poorly, 37.5 mg daily for 7 days'."""
    if c.dose is None or after.dose is None:
        return False
    apart = any(tokens[k].low == "or" and tokens[k + 1].low == "," for k in range(c.dose.j, after.dose.i))
    return apart and not any(p.kind == "bounds" and tokens[p.i - 1].low == "," for p in after.parts)


def _set_off(c: Clause, tokens: list[Token]) -> bool:
    """Whether a time of day or meal is set off by a comma, and so of both doses: '…, taken an hour before food'."""
    when = next((p.i for p in c.parts if p.kind == "when"), 0)
    return when > 1 and "," in (tokens[when - 1].low, tokens[when - 2].low)


def _share_route(c: Clause, after: Clause) -> None:
    """Give a dose without a route that of the one joined to it, unless it is a patch: '1 patch daily or 5 mg orally'."""
    f = c.fields
    free = f.get("dose_unit") != "{patch}" and not c.has(("route", "route_text"))
    if free and ("period_unit" not in f or _route_last(after)):
        c.take(after.fields, GROUPS["route"])


def _route_last(c: Clause) -> bool:
    """Whether the route stands behind how often, and so may be of both: '5 mg daily or 10 mg weekly by mouth'."""
    often = max((p.i for p in c.parts if p.kind == "often"), default=-1)
    return all(p.i > often for p in c.parts if p.kind == "route")


def share_each(clauses: list[Clause], tokens: list[Token]) -> None:
    """What each of several doses has: '125 mg at 1–4 years, 250 mg at 5–12 years, each 3 times a day'."""
    for n in range(len(clauses) - 1, 0, -1):
        parts = clauses[n].parts
        said = [p for p in parts if p.kind in ("often", "step") and tokens[p.i - 1].low in ("each", "both", "all")]
        said += [p for p in parts if p.kind == "step" and tokens[p.i - 2].low == "each"]
        each = any(p.kind == "over" and tokens[p.i - 1].low == "each" for p in parts)
        m = n - 1
        while each and m >= 0 and clauses[m].instruction == clauses[n].instruction:
            for group in (("admin_duration", "admin_duration_unit"), ("route", "route_text")):
                if not clauses[m].has(group):  # '500 mg, 750 mg or 1 g, each as a 30-minute infusion'
                    clauses[m].take(clauses[n].fields, group)
            m -= 1
        m = n - 1
        every = any(tokens[p.i - 1].low == "all" for p in said)  # '3–6 kg: 5 mg; 6–10 kg: 15 mg, all once daily'
        while (
            said
            and m >= 0
            and (
                clauses[m].instruction == clauses[n].instruction or (every and clauses[m + 1].link in ("semi", "label"))
            )
        ):
            if not clauses[m].has(("period_unit", "dose_count", "cycle_days", "when_code")):
                for p in said:
                    clauses[m].take(p.fields, [k for k in p.fields if k not in ("route", "route_text")])
            m -= 1


def share_cycle(clauses: list[Clause], tokens: list[Token]) -> None:
    """A bolus and the infusion right behind it are of one cycle: 'D1: 400 mg/m² bolus, then 2400 mg/m² over 46 h every 14 days'."""
    for n in range(1, len(clauses)):
        c, before = clauses[n], clauses[n - 1]
        f, g = c.fields, before.fields
        at_once = any(t.low in _AT_ONCE for t in tokens[max(before.start, 0) : before.end])
        runs = c.link == "then" and "admin_duration" in f and f.get("frequency") == 1 and "cycle_days" not in f
        if at_once and runs and "cycle_days" in g and not before.has(("period_unit", "cycle_length")):
            c.take(g, ("cycle_days", "days_on"))
            before.take(f, (*GROUPS["frequency"], "cycles_min", "cycles_max"))


_AT_ONCE = frozenset(("bolus", "push"))


_OTHER_PEOPLE = frozenset("those others heavier lighter older younger".split())
_PEOPLE = frozenset("those patients children adults people women men".split())
_SCHEDULE = (*GROUPS["frequency"], *GROUPS["when"], *GROUPS["bounds"], "route", "route_text")


def share_among_those(clauses: list[Clause], tokens: list[Token]) -> None:
    """Of a dose that differs by age or weight alone, the rest: '250 mg twice daily below 20 kg; those above 20 kg take 500 mg'."""
    for n in range(1, len(clauses)):
        c, before = clauses[n], clauses[n - 1]
        f, g = c.fields, before.fields
        opens = {t.low for t in tokens[max(c.start, 0) : max(c.start, 0) + 2]}
        if not (c.link in ("semi", "comma", "and") or (c.link == "sentence" and opens & _OTHER_PEOPLE)):
            continue
        own = any(p.kind == "who" and "param" in p.fields for p in c.parts) or _beyond(c, before, tokens)
        same = f.get("param") == g.get("param") or (bool(opens & _PEOPLE) and "param" not in g)
        if not own or f.get("param") not in ("age", "weight") or not same:
            continue
        alone = all(p.kind in ("who", "dose", "hint", "form", "label", "limit") for p in c.parts)
        if alone and f.get("dose_is") == g.get("dose_is") and f.keys().isdisjoint(_SCHEDULE):
            c.take(g, ("age_group", "population", *_SCHEDULE))


def _beyond(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a dose is for those beyond the band before it, which is set: 'of 23–40 kg 60 mg, heavier children 75 mg'."""
    if before.dose is None or c.dose is None or any("param" in p.fields for p in c.parts):
        return False
    f, g = c.fields, before.fields
    words = [t.low for t in tokens[before.dose.j : c.dose.i]]
    divided = max((k for k, word in enumerate(words) if word in (",", ";", ".", "and")), default=0)
    words = [*words[divided:], *(t.low for t in tokens[c.dose.j : c.end + 1])]
    ends = {_ENDS[word] for word in words if word in _ENDS}
    if len(ends) != 1 or f.get("param") not in (None, g.get("param")) or "param" not in g:
        return False
    param, mine, other = ends.pop()
    c.forget(PARAM)
    c.inherited = [key for key in c.inherited if key not in PARAM]
    if g["param"] == param and g.get(other) is not None:
        f.update({"param": param, mine: g[other], "param_unit": g.get("param_unit")})
        return True
    return False


_ENDS = {
    "heavier": ("weight", "param_low", "param_high"),
    "lighter": ("weight", "param_high", "param_low"),
    "older": ("age", "param_low", "param_high"),
    "younger": ("age", "param_high", "param_low"),
}


_LIMITS = frozenset(SHARED)
_ONE = (*GROUPS["who"], "dose_form")


def share_column(clauses: list[Clause], kind: str, i: int, j: int) -> None:
    """Give what a column "Route", "Maximum" or "Volume" says to the steps of the row before it that say nothing of it."""
    if kind == "quantity":
        _share_quantity(clauses, i)
        return
    names = _LIMITS if kind == "limit" else frozenset(("route", "route_text"))
    last = next((c for c in clauses if any(p.kind == kind and i <= p.i < j for p in c.parts)), None)
    if last is None or last.dose is None:
        return
    if kind == "route" and any(p.kind == "over" and i <= p.i < j for p in last.parts):
        names |= {"admin_duration", "admin_duration_unit"}  # "IV over 1 h"
    said = {k: v for k, v in last.fields.items() if k in names}
    parts = [p for p in last.parts if p.kind == kind]
    if len(parts) != 1:
        return
    for c in clauses:
        f, g = {**c.label, **c.fields}, {**last.label, **last.fields}
        if c is last or c.dose is None or c.end > i or any(k in f and k in g and f[k] != g[k] for k in _ONE):
            continue
        if not f.keys().isdisjoint(names) or (kind == "limit" and not _below(f, g)):
            continue
        c.fields.update(said)
        c.taken.update(said)
        if isinstance(parts[0].note, tuple):  # a maximum whose scope the dose beside it tells
            p = parts[0]
            c.parts.append(Island(p.kind, p.i, p.j, dict(p.fields), p.note, p.lost))


def _share_quantity(clauses: list[Clause], end: int) -> None:
    """Give how many tablets or mL hold a dose to the same doses of the row: "30 mg | 30 mg | 5 mL"."""
    last = next((c for c in clauses if "quantity_unit" in c.fields and c.end >= end), None)
    if last is None:
        return
    said = {k: v for k, v in last.fields.items() if k.startswith("quantity_")}
    for c in clauses:
        same = c.dose is not None and all(c.fields.get(k) == last.fields.get(k) for k in _AMOUNT)
        if same and "quantity_unit" not in c.fields:
            c.fields.update(said)
            c.taken.update(said)


_AMOUNT = ("dose_low", "dose_high", "dose_unit", "dose_basis", "dose_is")


def _below(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether a dose is of the kind of a later one that a maximum caps, and no more than that one: by the dose or by the day."""
    if any(f.get(k) != g.get(k) for k in ("dose_unit", "dose_basis", "rate_unit")) or f.get("step_kind") == "loading":
        return False
    if "increment" in (f.get("dose_is"), g.get("dose_is")):
        return f.get("dose_unit") is not None  # what a dose grows by tells nothing of the dose
    alike = f.get("dose_is") == g.get("dose_is")
    high, top = (x.get("dose_high", x.get("rate_high")) if alike else _of_day(x) for x in (f, g))
    return high is not None and top is not None and high <= top


def _of_day(f: dict[str, Any]) -> float | None:
    """The most of one day, where a dose says it."""
    if f.get("dose_is") == "per_day":
        return f.get("dose_high")
    if (f.get("dose_is"), f.get("period_unit"), f.get("period")) != ("per_administration", "d", 1):
        return None
    times = f.get("frequency_max") or f.get("frequency")
    return f["dose_high"] * times if times and f.get("dose_high") is not None else None
