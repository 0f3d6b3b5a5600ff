"""What a step is beside the others of its instruction: where it begins, a change of dose, or another dose in its place."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.fields import GROUPS, Clause
from monopipe.grammar.lexer import Token

_CHANGES = ("titration", "taper", "down", "target")
_BEGINS = ("initial", "loading")
_TIMED = (*GROUPS["frequency"], *GROUPS["bounds"], *GROUPS["cycle"], "when_code", "rate_unit")


def is_change(c: Clause) -> bool:
    """Whether a clause says that it changes the dose before it, and not whether up, down or away from it for some."""
    return c.fields.get("step_kind") in _CHANGES or c.link == "bracket"


def is_share(f: dict[str, Any]) -> bool:
    """Whether a step is a change by a share of something, with no schedule."""
    shared = f.get("dose_basis") == "percent_of_dose" and f.get("dose_is") == "increment"
    return shared and "period_unit" not in f


def name_change(clauses: list[Clause], n: int, before: Clause | None, tokens: list[Token]) -> None:
    """A way down is a taper where it goes on by itself, else a reduction; a mere difference is a titration."""
    f = clauses[n].fields
    kind = f.get("step_kind")
    if kind == "down":
        f["step_kind"] = "taper" if _is_gradual(clauses, n) and not _resumed(clauses, n, tokens) else "dose_reduction"
    elif kind in (None, "target", "maintenance") and f.get("dose_is") == "increment":
        # 'by 2 units a week to a fasting target of 5 mmol/L'
        falls = before is not None and before.fields.get("step_kind") == "taper"
        f["step_kind"] = "taper" if falls else "titration"  # 'reduce by 5 mg weekly, then by 2.5 mg weekly'


def _is_gradual(clauses: list[Clause], n: int) -> bool:
    """Whether a lower dose is one of a way down: 'reduce by 5 mg every week', 'after 2 weeks reduce to 5 mg'."""
    f = clauses[n].fields
    if f.get("dose_is") == "increment":
        timed = "period_unit" in f
    else:
        timed = "start_after" in f and not _for_a_reason(clauses, n)
    bounded = "bounds_unit" in f and not _for_a_reason(clauses, n)
    return timed or bounded or any(x.fields.get("step_kind") == "taper" for x in clauses[:n])


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


def go_on(c: Clause, before: Clause, tokens: list[Token]) -> None:
    """Make a step that goes on with the change before it a step of that change."""
    f = c.fields
    if "step_kind" in f or not _goes_on(c, before, tokens):
        return
    f["step_kind"] = before.fields["step_kind"]
    if "whole" in before.taken and f["dose_is"] == "per_administration" and "period_unit" not in f:
        f["dose_is"] = "per_day"


def _goes_on(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a step goes on with the change before it: 'taper to 200 mg for 3 days and 100 mg for 2 days', 'then to 5 mg'."""
    kind = before.fields.get("step_kind")
    changes = kind in ("taper", "titration", "dose_reduction", "target")
    if not changes or before.fields.get("dose_is") == "increment" or c.dose is None:
        return False
    to = tokens[c.dose.i - 1].low == "to" or _further(c, before, rises=kind == "titration")
    if c.link == "and":
        return before.dose is not None and (to or kind in ("taper", "target"))
    return c.link in ("then", "comma") and to


def _further(c: Clause, before: Clause, *, rises: bool) -> bool:
    """Whether a dose lies beyond the one before it: 'increased to 50 mg and then 100 mg', not '… and then 25 mg'."""
    f, g = c.fields, before.fields
    a, b = f.get("dose_low"), g.get("dose_low")
    alike = all(f.get(k) == g.get(k) for k in ("dose_unit", "dose_basis", "dose_is"))
    return alike and a is not None and b is not None and ((a > b) if rises else (a < b))


def share_kind(c: Clause, before: Clause, tokens: list[Token]) -> None:
    """Make the same dose for other people a step of the same kind."""
    if "step_kind" not in c.fields and _for_other_people(c, before, tokens):
        c.fields["step_kind"] = before.fields.get("step_kind", "standard")


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


def name_alternative(c: Clause, before: Clause | None, tokens: list[Token], *, first: bool) -> None:
    """Make a step behind 'or', or one that is given instead, an alternative."""
    f = c.fields
    if c.link == "or" and f.get("step_kind") in (None, "single"):
        if f.get("step_kind") == "single" and before is not None and _shares_once(c, before, tokens):
            before.fields.update(step_kind="single", dose_count=1)
        if before is not None and before.dose is not None and "bounds_unit" not in f and "cycle_days" not in f:
            led = any(p.kind == "bounds" and p.j <= before.dose.i for p in before.parts)
            if led:  # 'for up to 8 weeks with 40 mg once daily or 20 mg twice daily'
                c.take(before.fields, GROUPS["bounds"])
        f["step_kind"] = "alternative"
        if before is not None and before.fields.get("dose_count") == 1 and not c.has(_TIMED):
            c.take(before.fields, ("dose_count",))  # '… as a single bolus, or 50 units/kg when …'
        if before is not None and before.fields.get("dose_is") == "increment" and "dose_unit" in f:
            f["dose_is"] = "increment"  # "increase by 25 mg weekly or 50 mg every 2 weeks"
    if not first and "step_kind" not in f and _instead(c, tokens):
        f["step_kind"] = "alternative"


def _shares_once(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether what closes the second of two doses is said of both: '30 mg IV or 60 mg IM as a single dose'."""
    if c.dose is None or before.dose is None or before.has((*_TIMED, "step_kind", "dose_count", "admin_duration")):
        return False
    k = c.dose.i - 1
    return tokens[k].low == "or" and tokens[k - 1].low not in (",", ";", ".")


def _instead(c: Clause, tokens: list[Token]) -> bool:
    """Whether a dose is said to take the place of another: 'the same 4 mg may be given every 12 weeks instead'."""
    first = c.dose.j if c.dose is not None else c.end
    return any(tokens[k].low == "instead" and tokens[k + 1].low != "of" for k in range(first, c.end))


def name_beginning(clauses: list[Clause], n: int, tokens: list[Token]) -> None:
    """Make what a titration increases from the initial step, and all doses that 'or' joins to it, unless another step is."""
    c, before = clauses[n], clauses[n - 1]
    if c.fields.get("step_kind") not in ("titration", "target") or is_share(c.fields) or not _alike(c, before):
        return  # 'LDL falls by 20–30%'
    begun = any(x.instruction == c.instruction and x.fields.get("step_kind") in _BEGINS for x in clauses[:n])
    if not begun and not _suffices(before, tokens):
        before.fields.setdefault("step_kind", "initial")
    k = n - 1
    while k > 0 and clauses[k].link == "or" and clauses[k - 1].instruction == c.instruction:
        k -= 1
        if _alike(c, clauses[k]):
            clauses[k].fields.setdefault("step_kind", "initial")


def _alike(c: Clause, other: Clause) -> bool:
    """Whether two steps are both rates, or both doses."""
    return ("rate_unit" in c.fields) == ("rate_unit" in other.fields)


def _suffices(c: Clause, tokens: list[Token]) -> bool:
    """Whether a step is said to do for some, or for most: 'in some patients 10 mg once daily is enough', 'the usual dose is 10 mg'."""
    words = [t.low for t in tokens[max(c.start, 0) : c.end]]
    usual = any(words[k] == "usual" and words[k + 1] in ("dose", "dosage", "adult") for k in range(len(words) - 1))
    return usual or any(w in ("enough", "sufficient", "suffices", "suffice", "adequate") for w in words)


def name_share(c: Clause, tokens: list[Token]) -> None:
    """Make a share of the usual starting dose an initial step."""
    if _of_first_dose(c, tokens):
        c.fields.setdefault("step_kind", "initial")


def _of_first_dose(c: Clause, tokens: list[Token]) -> bool:
    """Whether a dose is a share of the one that treatment usually begins with: '50% of the usual starting dose'."""
    if c.dose is None or c.dose.note != "share":
        return False
    words = {t.low for t in tokens[c.dose.i : c.dose.j]}
    return not words.isdisjoint(("usual", "normal", "recommended", "standard")) and not words.isdisjoint(
        ("starting", "initial", "first")
    )


def name_end_of_rise(clauses: list[Clause], n: int) -> None:
    """Make the most that a change by steps leads to a step of that change: 'increase by 50 mg … up to 200 mg twice daily'."""
    c = clauses[n]
    before = clauses[n - 1] if n and clauses[n - 1].instruction == c.instruction else None
    rises = before is not None and before.fields.get("dose_is") == "increment"
    if before is not None and rises and c.fields.get("dose_high") is not None and c.fields.get("dose_low") is None:
        c.fields.setdefault("step_kind", before.fields.get("step_kind", "titration"))
