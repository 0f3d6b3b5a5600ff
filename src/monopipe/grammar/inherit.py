"""What a step takes from the step before it in its instruction: '5 mg orally twice daily, increased to 10 mg'."""

from __future__ import annotations

from collections.abc import Callable

from monopipe.grammar.coverage import ignorable
from monopipe.grammar.fields import GROUPS, Clause
from monopipe.grammar.lexer import WORD, Token
from monopipe.grammar.words import NOT_PARENTERAL

_BY_ANY = ("route", "form", "partners", "indication", "who")
_BY_CHANGE = (*_BY_ANY, "frequency", "cycle")


def inherit(c: Clause, before: Clause, said: str | None, change: bool, tokens: list[Token]) -> None:
    """Take from the step before what a step does not say itself; a change of dose takes its schedule too.

    `said` is the kind of step that its own words name.
    """
    _inherit_dose(c, before, said)
    for name in _BY_CHANGE if change else _BY_ANY:
        ends = _ENDS.get(name)
        if f"doubt:{name}" in c.taken or (ends is not None and ends(c, before, tokens)):
            continue
        group = _people(c, before) if name == "who" else GROUPS[name]
        if not c.has(group):
            c.take(before.fields, group)


def _inherit_dose(c: Clause, before: Clause, said: str | None) -> None:
    """Take the dose, or for a bare number its unit: 'from 10 to 20 mg'."""
    f, g = c.fields, before.fields
    if not c.has(("dose_low", "dose_high", "rate_unit")) and "doubt:dose" not in c.taken:
        c.take(g, GROUPS["dose"])
        if f.get("dose_is") == "increment" and said is None:
            f["step_kind"] = g.get("step_kind", "titration")
    elif "dose_unit" not in f and c.dose is not None and c.dose.note == "bare" and "dose_unit" in g:
        f["dose_unit"] = g["dose_unit"]
        c.inherited.append("dose_unit")


def _people(c: Clause, before: Clause) -> tuple[str, ...]:
    """The columns on people that hold on: a band that is a condition of one dose is of that dose alone."""
    if "doubt:band" in c.taken:
        return ("age_group", "population")  # '< 50 kg: 5 mg; others: 10 mg'
    if "if:param" not in c.taken | before.taken:
        return GROUPS["who"]
    if any(p.kind == "condition" and "population" in p.fields for p in before.parts):
        return ("age_group",)  # '20 mg if CrCl 15–30; 30 mg if above 100 kg'
    return ("age_group", "population")


def _frequency_ends(c: Clause, before: Clause, _: list[Token]) -> bool:
    """Whether how often the dose before was given is not how often this one is, or only half of it would be told."""
    if before.fields.get("dose_is") == "increment" or "when_code" in before.fields:
        return True  # 'once a day in the evening', then 'raised to 20 mg': half of when would be told
    own = "when_code" in c.fields or c.fields.get("dose_is") in ("per_day", "increment")
    return own and c.link != "bracket"


def _cycle_ends(c: Clause, before: Clause, _: list[Token]) -> bool:
    """Whether a step is of no cycle: 'day 3' of no cycle is over when the next step begins."""
    f = c.fields
    return f.get("dose_is") == "increment" or "bounds_unit" in f or "cycle_length" not in before.fields


def _route_ends(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a step is taken by another way than the one before it, or may be."""
    return "route_text" in c.fields or _first_by_vein(c, before) or _injected(c, before, tokens)


def _form_ends(c: Clause, before: Clause, _: list[Token]) -> bool:
    """Whether an amount follows an infusion by its rate, or a rate an injection: '2–4 mg/min infusion, or 0.5 mg/kg at first'."""
    way = str(before.fields.get("dose_form", "")).lower().rsplit(" ", 1)[-1]
    ran, runs = "rate_unit" in before.fields, "rate_unit" in c.fields
    return (way == "infusion" and ran and not runs) or (way in ("injection", "bolus") and runs and not ran)


def _first_by_vein(c: Clause, before: Clause) -> bool:
    """Whether a daily dose follows a first one that is injected: how it is taken is not said."""
    g = before.fields
    first = g.get("step_kind") in ("loading", "single") or g.get("dose_count") == 1
    injected = g.get("route") in ("intravenous", "intramuscular")
    return first and injected and "rate_unit" not in c.fields and c.fields.get("period_unit") == "d"


def _injected(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a step is injected and the one before is not: '5 mg by mouth or 2 mg by injection'."""
    start = before.dose.j if before.dose is not None else max(c.start, 0)
    return before.fields.get("route") in NOT_PARENTERAL and any(
        t.low == "parenterally" or (t.low == "injection" and tokens[k - 1].low in ("by", "an"))
        for k, t in enumerate(tokens[start : c.end], start)
    )


def _people_end(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a step is for others than the one before it, or for all."""
    return (
        _stops(c, tokens)
        or _beside_bracket(c, before, tokens)
        or _of_all_again(c, before, tokens)
        or _of_others(c, before, tokens)
    )


def _of_others(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether words that no rule reads lead in a dose as a group did the one before it: 'smokers 0.7 mg/kg/h; heart failure 0.2 mg/kg/h'."""
    led = [p for p in before.parts if p.kind == "who" and before.dose is not None and p.j <= before.dose.i]
    special = before.fields.get("population", "none") != "none" or before.fields.get("age_group") == "geriatric"
    if (
        c.link != "semi"
        or not led
        or not special
        or c.dose is None
        or c.fields.get("step_kind")
        or c.has(("condition_text",))
    ):
        return False
    read = {k for p in c.parts for k in range(p.i, p.j)}
    own = [k for k in range(max(before.end, 0), c.dose.i) if tokens[k].kind == WORD and not ignorable(tokens[k])]
    return bool(own) and not any(k in read for k in own)


def _of_all_again(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a new sentence may be for all again: '5 mg daily; elderly patients begin with 2.5 mg. The dose may be raised by 2.5 mg'."""
    stop, first, second = (t.low for t in tokens[max(c.start, 1) - 1 : max(c.start, 1) + 2])
    aside = before.link == "semi" and any(p.kind == "who" for p in before.parts)
    return aside and stop == "." and first == "the" and second in ("dose", "dosage", "dosing")


def _beside_bracket(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether the people of the dose beside this one stand in brackets of its own: '2.5 mg (elderly) or 5 mg (others)'."""
    if c.link not in ("or", "and", "comma") or before.dose is None or c.dose is None:
        return False
    for p in before.parts:
        if p.kind == "who" and p.i > before.dose.i:
            marks = [t.low for t in tokens[p.j : c.dose.i] if t.low in ("(", ")")]
            return marks[:1] == [")"]
    return False


def _stops(c: Clause, tokens: list[Token]) -> bool:
    """Whether a step tells how to end the treatment, whoever it is for: 'When stopping, taper by 500 mg'."""
    first, second = tokens[max(c.start, 0)], tokens[max(c.start, 0) + 1]
    return first.low in ("when", "on", "before", "to") and second.low.startswith(
        ("stop", "withdraw", "discontinu", "end")
    )


_ENDS: dict[str, Callable[[Clause, Clause, list[Token]], bool]] = {
    "frequency": _frequency_ends,
    "cycle": _cycle_ends,
    "route": _route_ends,
    "form": _form_ends,
    "who": _people_end,
}
"""By group of columns, whether what the step before said of it ends there."""
