"""Amounts that cap the step before them, and what several steps share: maxima, 'each 3 times a day'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monopipe.grammar.coverage import SCHEDULE, SHARED, ignorable
from monopipe.grammar.equivalents import TO_MG
from monopipe.grammar.fields import GROUPS, Clause
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import WORD, Token


def take(f: dict[str, Any], source: dict[str, Any], group: Sequence[str], inherited: list[str]) -> None:
    """Copy what a step lacks of a group of columns from another, and note it as inherited."""
    for key in group:
        if source.get(key) is not None and key not in f:
            f[key] = source[key]
            inherited.append(key)


def share_each(
    tokens: list[Token], clauses: list[Clause], fields_of: list[dict[str, Any]], inherited_of: list[list[str]]
) -> None:
    """What each of several doses has: '125 mg at 1–4 years, 250 mg at 5–12 years, each 3 times a day'."""
    for n in range(len(clauses) - 1, 0, -1):
        said = [p for p in clauses[n].parts if p.kind in ("often", "step") and tokens[p.i - 1].low in ("each", "both")]
        said += [p for p in clauses[n].parts if p.kind == "step" and tokens[p.i - 2].low == "each"]
        each = any(p.kind == "over" and tokens[p.i - 1].low == "each" for p in clauses[n].parts)
        m = n - 1
        while each and m >= 0 and clauses[m].instruction == clauses[n].instruction:
            for group in (("admin_duration", "admin_duration_unit"), ("route", "route_text")):
                if fields_of[m].keys().isdisjoint(group):  # '500 mg, 750 mg or 1 g, each as a 30-minute infusion'
                    take(fields_of[m], fields_of[n], group, inherited_of[m])
            m -= 1
        m = n - 1
        while said and m >= 0 and clauses[m].instruction == clauses[n].instruction:
            f = fields_of[m]
            if not any(k in f for k in ("period_unit", "dose_count", "cycle_days", "when_code")):
                for p in said:
                    new = {k: v for k, v in p.fields.items() if v is not None and k not in ("route", "route_text")}
                    take(f, new, tuple(new), inherited_of[m])
            m -= 1


_OTHER_PEOPLE = frozenset("those others heavier lighter older younger".split())
_PEOPLE = frozenset("those patients children adults people women men".split())
_SCHEDULE = (*GROUPS["frequency"], *GROUPS["when"], *GROUPS["bounds"], "route", "route_text")


def share_among_those(
    tokens: list[Token], clauses: list[Clause], fields_of: list[dict[str, Any]], inherited_of: list[list[str]]
) -> None:
    """Of a dose that differs by age or weight alone, the rest: '250 mg twice daily below 20 kg; those above 20 kg take 500 mg'."""
    for n in range(1, len(clauses)):
        c, f, g = clauses[n], fields_of[n], fields_of[n - 1]
        opens = {t.low for t in tokens[max(c.start, 0) : max(c.start, 0) + 2]}
        if not (c.link in ("semi", "comma", "and") or (c.link == "sentence" and opens & _OTHER_PEOPLE)):
            continue
        own = any(p.kind == "who" and "param" in p.fields for p in c.parts) or _beyond(
            tokens, clauses[n - 1], c, f, g, inherited_of[n]
        )
        same = f.get("param") == g.get("param") or (bool(opens & _PEOPLE) and "param" not in g)
        if not own or f.get("param") not in ("age", "weight") or not same:
            continue
        alone = all(p.kind in ("who", "dose", "hint", "form", "label", "limit") for p in c.parts)
        if alone and f.get("dose_is") == g.get("dose_is") and f.keys().isdisjoint(_SCHEDULE):
            take(f, g, ("age_group", "population", *_SCHEDULE), inherited_of[n])


def _beyond(
    tokens: list[Token], before: Clause, c: Clause, f: dict[str, Any], g: dict[str, Any], inherited: list[str]
) -> bool:
    """Whether a dose is for those beyond the band before it, which is set: 'of 23–40 kg 60 mg, heavier children 75 mg'."""
    if before.dose is None or c.dose is None or any("param" in p.fields for p in c.parts):
        return False
    words = [t.low for t in tokens[before.dose.j : c.dose.i]]
    divided = max((k for k, word in enumerate(words) if word in (",", ";", ".", "and")), default=0)
    words = [*words[divided:], *(t.low for t in tokens[c.dose.j : c.end + 1])]
    ends = {_ENDS[word] for word in words if word in _ENDS}
    if len(ends) != 1 or f.get("param") not in (None, g.get("param")) or "param" not in g:
        return False
    param, mine, other = ends.pop()
    for key in ("param", "param_low", "param_high", "param_unit"):
        f.pop(key, None)
        while key in inherited:
            inherited.remove(key)
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


def share_maxima(
    clauses: list[Clause], fields_of: list[dict[str, Any]], inherited_of: list[list[str]], row: bool
) -> None:
    """A daily maximum holds for all steps of its instruction: 'raise by 100 mg to a maximum of 400 mg/day'.

    One that closes an instruction holds for the steps before it, one of a titration for those behind it as well. It ends
    at a step of its own maximum, of other people, by another way, in another column, or that gives more.
    """
    for n, c in enumerate(clauses):
        f = fields_of[n]
        if "max_daily_dose" not in f or any(k in inherited_of[n] for k in SHARED):
            continue
        rises = f.get("step_kind") == "titration" and f.get("dose_is") == "increment"
        if row and not rises:
            continue  # each column is a dose of its own
        for m in (*range(n - 1, -1, -1), *(range(n + 1, len(clauses)) if rises else ())):
            g = fields_of[m]
            alone = {k for k in SHARED if k in g} <= {"max_single_dose", "max_dose_unit"}
            if clauses[m].instruction != c.instruction or not (
                alone and g.get("max_dose_unit") in (None, f.get("max_dose_unit"))
            ):
                if m < n:
                    continue
                break
            if _same_limit(f, g):
                take(g, f, ("max_daily_dose", "max_dose_unit"), inherited_of[m])


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
        kind = str(f["max_dose_unit"]).split("/")[0]
        scale = 1.0 if unit == kind else TO_MG[unit] / TO_MG[kind] if unit in TO_MG and kind in TO_MG else 0.0
        return bool(0 < scale * most <= f["max_daily_dose"])
    return unit in TO_MG


def _in_units_of(f: dict[str, Any], g: dict[str, Any]) -> float:
    """What an amount of one step is multiplied by to stand in the other's unit; 0 where they are of another kind."""
    a, b = f.get("dose_unit"), g.get("dose_unit")
    return 1.0 if a == b else TO_MG[a] / TO_MG[b] if a in TO_MG and b in TO_MG else 0.0


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


def _of_each_day(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether an amount a day bounds one by weight: '0.5 mg/kg/day, up to 40 mg/day'."""
    return f.get("dose_is") == g.get("dose_is") == "per_day" and _flat_cap(f, g)


def caps(clauses: list[Clause], fields_of: list[dict[str, Any]], tokens: list[Token]) -> set[int]:
    """The clauses that only cap the step before them; their amount becomes its daily maximum.

    "2 puffs as needed, up to 8 puffs daily" is one step with a maximum, not two doses.
    """
    found: set[int] = set()
    for n in range(1, len(clauses)):
        c, before, f, g = clauses[n], clauses[n - 1], fields_of[n], fields_of[n - 1]
        dose, cap = g.get("dose_high"), f.get("dose_high")
        if (
            f.get("rate_unit")
            and f.get("rate_low") is None
            and g.get("rate_unit") == f["rate_unit"]
            and (
                before.instruction == c.instruction
                and c.link not in ("or", "then", "sentence")
                and "step_kind" not in f
            )
        ):
            before.unread.extend((*c.parts, *c.unread))  # 'raised every 30 minutes, up to 32 mIU/min'
            before.end = c.end
            found.add(n)
            continue
        if (
            _leads_in(c, tokens)
            or before.instruction != c.instruction
            or c.link in ("or", "then")
            or "step_kind" in f
            or f.get("dose_low") is not None
            or dose is None
            or cap is None
            or (cap * _in_units_of(f, g) < dose and not _flat_cap(f, g))
            or not _in_units_of(f, g)
            or not (f.get("dose_basis") == g.get("dose_basis") or _flat_cap(f, g))
            or g.get("max_dose_unit") is not None
            or not (
                "frequency" in g
                or g.get("as_needed")
                or g.get("dose_is") == "increment"
                or _per_dose(before, f)
                or _of_each_day(f, g)
            )
        ):
            continue
        if any(p.note == "divided" for p in c.parts):
            continue  # '…, up to 2500 mg/day in 2 to 3 divided doses' says how to take it
        daily = (f.get("frequency"), f.get("frequency_max"), f.get("period"), f.get("period_unit")) == (1, None, 1, "d")
        if not (daily or f.get("dose_is") == "per_day") or any(k in f for k in ("bounds_unit", "when_code")):
            if g.get("period_unit") in ("min", "h") and not any(f.get(k) is not None for k in SCHEDULE):
                # "0.4 mg every 3 minutes, up to 10 mg": a sum that no column holds
                before.unread.extend((*c.parts, *c.unread))
                before.end = c.end
                found.add(n)
            continue
        by = {"per_kg": "/kg", "per_m2": "/m2"}.get(f.get("dose_basis") or "", "")
        g["max_daily_dose"], g["max_dose_unit"] = cap, f["dose_unit"] + by
        before.parts.extend(c.parts)
        before.unread.extend(c.unread)
        before.end = c.end
        found.add(n)
    return found


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
    """Whether a dose is of the kind of a later one that a maximum caps, and no more than that one."""
    alike = all(f.get(k) == g.get(k) for k in ("dose_unit", "dose_basis", "dose_is", "rate_unit"))
    high, top = (x.get("dose_high", x.get("rate_high")) for x in (f, g))
    return alike and f.get("step_kind") != "loading" and high is not None and top is not None and high <= top
