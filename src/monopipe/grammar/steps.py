"""Islands to clauses: which words belong to one step.

The islands are taken in order into the open clause. Words that divide, labels, changes of the dose and what the clause
cannot hold beside its own words close it and open the next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from monopipe.grammar.accept import accept
from monopipe.grammar.brackets import set_apart
from monopipe.grammar.equivalents import mark_products, put_dose, unit_of_product
from monopipe.grammar.fields import Clause, set_fields
from monopipe.grammar.gathering import Gathering
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import NUMBER, Token
from monopipe.grammar.named_steps import LOADED_FIRST
from monopipe.grammar.opening import open_clause
from monopipe.grammar.second_dose import second_dose
from monopipe.grammar.settle import settle

_REACHED = ("target", "maintenance")
_JOINS = frozenset(", and or with plus + &".split())


def build(
    tokens: list[Token], islands: list[Island], text: str, own: Collection[str] = (), row: bool = False
) -> list[Clause]:
    """The clauses of a text in order, each with the columns that its own words set."""
    islands = set_apart(tokens, islands)
    mark_products(islands, tokens)
    g = Gathering(tokens, islands, text, own, row)
    for index, isl in enumerate(islands):
        if isl.kind == "sep":
            _divide(g, isl)
        elif g.skip:
            g.c.unread.append(isl)
        elif isl.kind in _TAKES:
            _TAKES[isl.kind](g, isl)
        else:
            _take(g, index, isl)
    g.close("")
    for clause in g.done:
        settle(clause, tokens, text)
    return g.done


def _divide(g: Gathering, sep: Island) -> None:
    """Close the open clause at a word or mark that divides, or keep in mind that it stood there."""
    note = sep.note
    if isinstance(note, tuple):
        open_clause(g, sep)
    elif note == "open":
        g.depth += 1
    elif note == "close":
        g.depth = max(0, g.depth - 1)
        g.skip = g.skip and g.depth > 0
    elif note == "aside":
        g.close("or" if g.sep == "or" else "bracket")
        g.sep, g.depth = "", 0
    elif note in ("sentence", "break"):
        g.depth, g.skip = 0, False
        g.close(note)
        g.sep = note
    elif note == "also" and g.c.dose is None:
        g.c.link = "then"
    elif g.depth:
        return
    elif note in ("semi", "then", "also"):
        _end_step(g, "semi" if note == "semi" else "then")
    elif note and g.sep != "or":
        g.sep = note


def _end_step(g: Gathering, link: str) -> None:
    c = g.c
    if c.parts or c.unread:
        g.close(link)
    elif link == "then" or c.link not in ("sentence", "break", ""):
        c.link = link
    g.sep = link


def _amount(g: Gathering, isl: Island) -> None:
    """Make an amount the dose of the open clause, or of the one that it opens."""
    c = g.c
    behind_limit = c.parts and c.parts[-1].kind == "limit" and c.parts[-1].j == isl.i - 1
    if g.depth and isl.kind == "dose" and behind_limit:
        g.skip = True  # 'maximum 60 mg daily (40 mg daily in the elderly)'
        g.pass_by(isl)
        return
    if c.dose is not None and second_dose(g, isl, c.dose):
        return
    if g.sep == "or" and c.dose is None and c.link == "then" and c.parts and c.parts[-1].kind == "often":
        g.close("or")  # '50 mg, then once daily, or 100 mg'
    c = g.c
    put_dose(c, isl)
    g.join(isl)
    if isl.note == "bare" and c.product is not None:
        unit_of_product(c, g.tokens)


def _repeat(g: Gathering, isl: Island) -> None:
    if g.c.dose is not None:
        g.close("then")
    g.c.link = "then"
    g.c.fields.update(isl.fields)
    g.join(isl)


def _change(g: Gathering, isl: Island) -> None:
    if g.c.dose is not None:
        moved = _reasons(g.c, g.tokens)
        g.close("then")
        for part in moved:
            accept(g.c, part, g.tokens)
            g.c.span(part)
    c = g.c
    c.link = "then"
    if isl.note == "whole":
        c.taken.add("whole")
    if not _of_maintenance(g, isl):
        c.fields["step_kind"] = isl.fields["step_kind"]
    if "condition_text" in isl.fields:
        c.fields.setdefault("condition_text", isl.fields["condition_text"])
    g.join(isl)


def _of_maintenance(g: Gathering, isl: Island) -> bool:
    """Whether a change only says how high the step goes: 'maintenance may be raised to 10 mg', but not 'the maintenance dose may be'."""
    if g.c.fields.get("step_kind") != "maintenance" or g.tokens[isl.i - 1].low not in ("be", "is", "then"):
        return False
    before = [t.low for t in g.tokens[max(isl.i - 4, 0) : isl.i]]
    return "dose" not in before or "then" in before


def _reasons(c: Clause, tokens: list[Token]) -> list[Island]:
    """A condition before a change, taken back from the step before it: '5 mg daily, and if pain persists increased to 10 mg'."""
    last = c.parts[-1]
    of_time = last.kind == "after" and tokens[last.i].low == "after"  # 'and after 7 days the dose is increased to'
    whose = (last.kind == "condition" and tokens[last.i].low in ("if", "when", "once")) or of_time
    if c.dose is None or last.i < c.dose.j or not whose:
        return []
    if tokens[last.i - 1].low not in ("and", ",", "but") or any(p.i > last.i for p in c.unread):
        return []
    c.parts.pop()
    for key in last.fields:
        c.fields.pop(key, None)
    c.taken.discard("if:param")
    c.shrink()
    return [last]


_TAKES: dict[str, Callable[[Gathering, Island], None]] = {
    "change": _change,
    "dose": _amount,
    "rate": _amount,
    "repeat": _repeat,
}


def _take(g: Gathering, index: int, isl: Island) -> None:
    """Take another island into the open clause, or into the one that it opens."""
    opens = _OPENS.get(isl.kind)
    if opens is not None and not g.depth and (link := opens(g, index, isl)):
        g.close(link)
    c = g.c
    if c.dose is None and isl.kind == "step" and _aimed_at(c, isl, g.tokens):
        c.fields["step_kind"] = isl.fields["step_kind"]  # 'then gradually reduced until a maintenance dose of …'
    elif c.dose is None and isl.kind == "who":
        _leave_band(c, isl, g.tokens)
    accept(c, isl, g.tokens)
    c.span(isl)
    g.sep = ""


def _aimed_at(c: Clause, isl: Island, tokens: list[Token]) -> bool:
    """Whether a step is what a change without an amount goes on until: 'reduced until an oral maintenance dose of 5 mg'."""
    until = any(t.low == "until" for t in tokens[max(isl.i - 4, 0) : isl.i])
    return until and isl.fields["step_kind"] in _REACHED and any(p.kind == "change" for p in c.parts)


def _leave_band(c: Clause, band: Island, tokens: list[Token]) -> None:
    """Take back a band with an amount of its own that nobody reads, before the next: '30–39 kg 2, 40–54 kg 3, > 70 kg 5 tablets'."""
    for p in [
        p for p in c.parts if p.kind == "who" and "param" in p.fields and p.fields["param"] == band.fields.get("param")
    ]:
        if any(t.kind == NUMBER for t in tokens[p.j : band.i]) or _apart(p.fields, band.fields):
            c.leave([p])
            for key in ("param", "param_low", "param_high", "param_unit"):
                c.fields.pop(key, None)


def _apart(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether two bands of a parameter have nothing in common: '< 20 kg the same, ≥ 20 kg 2 mg'."""
    ends = ((f.get("param_high"), g.get("param_low")), (g.get("param_high"), f.get("param_low")))
    same = f.get("param_unit") == g.get("param_unit")
    return same and any(high is not None and low is not None and high <= low for high, low in ends)


# Each of these says with which link an island opens a clause; null where it goes on with the open one.


def _further(g: Gathering, index: int, isl: Island) -> str | None:
    return "then" if g.c.dose is not None else None


def _step(g: Gathering, index: int, isl: Island) -> str | None:
    dose, kind = g.c.dose, isl.fields["step_kind"]
    if dose is None or kind == "single":
        return None
    if dose.fields.get("dose_is") == "increment" and kind in _REACHED and _led_to(g.tokens, dose.j, isl.i):
        return "then"  # 'going up by 10 mg every week to a target of 50 mg'
    if kind == "loading" and g.tokens[isl.i - 2].low in LOADED_FIRST:
        return "then"
    another = g.sep or g.c.fields.get("step_kind", kind) != kind
    return ("or" if g.sep == "or" else "then") if another else None


def _led_to(tokens: list[Token], begin: int, i: int) -> bool:
    to = any(t.low == "to" for t in tokens[max(i - 3, begin) : i])
    return to and tokens[i - 1].low in ("a", "the", "to", "usual")


def _way(g: Gathering, index: int, isl: Island) -> str | None:
    """'5 mg orally and IV 2 mg': the way of the dose behind it."""
    return g.sep or "and" if g.c.dose is not None and _leads_on(g.islands, index, g.tokens) else None


def _form(g: Gathering, index: int, isl: Island) -> str | None:
    """'bolus 80 units/kg, infusion 18 units/kg/h': the infusion is what the amount behind it is of."""
    after = g.islands[index + 1] if index + 1 < len(g.islands) else None
    of = g.tokens[isl.j].low == "of"
    kinds = (
        ("rate", "dose") if of and g.tokens[isl.j - 1].low in _WAYS_IN else ("rate",)
    )  # '… or slow injection of 5 mg'
    run = after is not None and after.kind in kinds and after.i - isl.j <= of
    before = isl.i - 1 - (g.tokens[isl.i - 1].low in ("an", "a", "continuous", "slow", "rapid"))
    return g.sep or "and" if g.c.dose is not None and run and g.tokens[before].low in _JOINS else None


_WAYS_IN = frozenset(("infusion", "injection"))


def _leads_on(islands: list[Island], index: int, tokens: list[Token]) -> bool:
    """Whether a route stands between a joining word and another dose, and so is the way of that dose alone."""
    way = islands[index]
    after = islands[index + 1] if index + 1 < len(islands) else None
    amount = after is not None and after.kind == "dose" and after.i == way.j and after.note != "bare"
    before = way.i - 1 - (tokens[way.i - 1].low in ("by", "via", "as", "an"))
    return amount and tokens[before].low in _JOINS


def _another(g: Gathering, index: int, isl: Island) -> str | None:
    """Behind a joining word, what the clause cannot hold beside its own: 'adults 5 mg daily, children 2 mg'."""
    c = g.c
    going_on = "cycle_days" in c.fields or {"period_unit", "bounds_unit"} <= c.fields.keys()
    whole = c.dose is not None or (c.link == "then" and going_on)
    if not whole or g.sep not in ("and", "comma", "or"):
        return None
    probe = Clause("", 0)
    probe.fields = dict(c.fields)
    if set_fields(probe, isl):
        return None
    if _dose_follows(g.islands, index):
        return g.sep
    if isl.kind != "often":
        return None
    if any(of_later(c, g.islands, index) for of_later in (_thereafter, _on_another_day, _later, _in_turn)):
        return "then"  # 'every 2 weeks for 3 doses and every 4 weeks thereafter'
    # 'every 8 hours or every 12 hours': the same dose at another interval
    same_scale = isl.fields.get("period_unit") == c.fields.get("period_unit")
    return "or" if g.sep == "or" and same_scale else None


def _dose_follows(islands: list[Island], index: int) -> bool:
    for isl in islands[index + 1 : index + 6]:
        if isl.kind in ("dose", "rate"):
            return True
        if isl.kind == "sep" and isl.note not in ("open", "close") and not isinstance(isl.note, tuple):
            return False
    return False


def _thereafter(c: Clause, islands: list[Island], index: int) -> bool:
    """Whether another interval follows a counted or bounded part of the treatment: '… and every 4 weeks thereafter'."""
    over = any(k in c.fields for k in ("dose_count", "bounds_unit"))
    return over and any(p.kind == "sep" and p.note == "then" for p in islands[index + 1 : index + 2])


def _later(c: Clause, islands: list[Island], index: int) -> bool:
    """Whether the same dose is given more or less often later on: 'once daily, twice daily after 5 weeks'."""
    return any(p.kind in ("after", "week") and "start_after" in p.fields for p in islands[index + 1 : index + 2])


def _in_turn(c: Clause, islands: list[Island], index: int) -> bool:
    """Whether each interval has a length of its own: '4 times a day for 10 days, twice a day for 7 days'."""
    beside = any(p.kind in ("bounds", "span") and p.i == islands[index].j for p in islands[index + 1 : index + 2])
    return beside and "bounds_unit" in c.fields and "period_unit" in c.fields


def _on_another_day(c: Clause, islands: list[Island], index: int) -> bool:
    """Whether the same dose is given at another rate on another day: '50 mg once on day 1, twice on day 2'."""
    return "cycle_days" in c.fields and any(p.kind == "days" for p in islands[index + 1 : index + 2])


_OPENS: dict[str, Callable[[Gathering, int, Island], str | None]] = {
    "form": _form,
    "further": _further,
    "step": _step,
    "route": _way,
    **dict.fromkeys(("days", "often", "when", "who"), _another),
}
