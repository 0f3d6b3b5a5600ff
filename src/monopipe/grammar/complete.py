"""What a clause without a dose adds to the steps before it: a maximum, a length, a repeat, the rest of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import pairwise
from typing import Any

from monopipe.grammar.coverage import SCHEDULE, SHARED, clean, scope_of_maximum
from monopipe.grammar.fields import GROUPS, Clause, clash
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, Token
from monopipe.grammar.words import ROUTES, drug_like, find

_DIVIDERS = frozenset((",", ";", "then", "or", "and", "+", "•", "thereafter", "&", "plus"))
_REPEATED = frozenset(("dose_count", "start_after", "start_after_unit", "as_needed", "condition_text"))


class Chosen:
    """The steps of a text so far, a clause that may lead in the next one, and where the words of the last step end."""

    __slots__ = ("floor", "following", "own", "pending", "steps", "tokens")

    def __init__(self, tokens: list[Token], own: Collection[str]) -> None:
        self.tokens = tokens
        self.own = own
        self.steps: list[Clause] = []
        self.pending: Clause | None = None
        self.following: Clause | None = None
        self.floor = 0

    @property
    def last(self) -> Clause:
        """The last step."""
        return self.steps[-1]

    def of_last(self) -> list[Clause]:
        """The steps of the last one's instruction."""
        return [s for s in self.steps if s.instruction == self.last.instruction]

    def add(self, c: Clause) -> None:
        """Add a step."""
        self.steps.append(c)
        self.extend(c)
        self.floor = c.end

    def join(self, c: Clause, *, read: Iterable[Island] = (), unread: Iterable[Island] = ()) -> None:
        """Make the words of a clause those of the last step."""
        last = self.last
        last.parts.extend(read)
        last.unread.extend(unread)
        last.end = self.floor = max(last.end, c.end)

    def extend(self, c: Clause) -> None:
        """Widen a clause to the words around its islands: back to what divides it from the text before, and on likewise."""
        tokens = self.tokens
        i = c.start
        while i > self.floor and not _divides(tokens, i - 1):
            i -= 1
        while i < c.start and (tokens[i].low in _DIVIDERS or tokens[i].low in (")", ".", "]", "followed")):
            i += 1
        c.start = i
        j = c.end
        stop = self.following.start if self.following is not None else len(tokens) - 8
        while j < stop and not _divides(tokens, j):
            j += 1
        if self.following is not None and j == stop:
            k = j
            while k > c.end and tokens[k - 1].low not in _DIVIDERS:
                k -= 1
            if k > c.end:
                j = k - 1
        c.end = max(c.end, j)


def _divides(tokens: list[Token], k: int) -> bool:
    """Whether a token divides what stands before it from what stands behind it."""
    t = tokens[k]
    return (
        t.kind == BREAK
        or t.low in (";", "|", "then", "•", "thereafter")
        or (t.low == "." and tokens[k + 1].start > t.end)
    )


def complete(chosen: Chosen, c: Clause) -> None:
    """Let the first rule that knows a clause without a dose make it part of the steps before it; else it is left out."""
    for rule in _RULES:
        if rule(chosen, c):
            return


def _repeat(chosen: Chosen, c: Clause) -> bool:
    """'Repeat once after 12 hours' makes two doses 12 hours apart of the step before it; one that may be, or if needed, stays unread."""
    if not any(p.kind == "repeat" for p in c.parts):
        return False
    chosen.extend(c)
    f, g = chosen.last.fields, c.fields
    free = not any(k in f for k in (*GROUPS["frequency"], "dose_count", "when_code", "bounds_unit", "cycle_days"))
    unit = g.get("start_after_unit")
    wait = next((p.note for p in c.parts if p.kind == "repeat" and p.note), None)
    if wait is not None:  # 'repeated once after 7 to 14 days'
        g, unit = {**g, "start_after": wait[0]}, wait[2]
    needed = any(p.kind in ("prn", "condition") for p in c.parts)
    top = {k: v for k, v in g.items() if k in SHARED}  # 'may be repeated after 2 hours, up to 200 mg in 24 hours'
    capped = [p for p in c.parts if p.kind == "limit" and not isinstance(p.note, tuple)]
    if top and capped and not any(k in f for k in SHARED):
        f.update(top)
        chosen.last.parts.extend(capped)
        c.parts = [p for p in c.parts if p not in capped]
        g = {k: v for k, v in g.items() if k not in SHARED}
    if needed or not (free and g.get("dose_count") == 1 and unit not in (None, "cycle") and set(g) <= _REPEATED):
        chosen.join(c, unread=(*c.parts, *c.unread))
        return True
    f.update(dose_count=2, frequency=1, period=g["start_after"], period_unit=unit)
    if wait is not None:
        f["period_max"] = wait[1]
    if f.get("step_kind") == "single":
        del f["step_kind"]
    chosen.join(c, read=c.parts, unread=c.unread)
    return True


def _place(chosen: Chosen, c: Clause) -> bool:
    """Give a maximum without a period its column by the step before; it stays unread where nothing says of what it is."""
    maximum = next((p for p in c.parts if p.kind == "limit" and isinstance(p.note, tuple)), None)
    if maximum is None:
        return False
    scope = scope_of_maximum(chosen.last.fields, c.fields)
    if scope is None or any(p.kind == "divided" for p in chosen.last.parts):
        chosen.extend(c)
        chosen.join(c, unread=(*(p for p in c.parts if p.kind != "change"), *c.unread))
        return True
    c.forget(GROUPS["frequency"])
    c.fields.update({scope: maximum.note[1], "max_dose_unit": maximum.fields["max_dose_unit"]})
    maximum.note = None
    return False


def _lengthen(chosen: Chosen, c: Clause) -> bool:
    """Give a length that is all a clause says: "Each infusion runs over 1 hour", "Treatment lasts 10 days"."""
    length = _length_alone(c, chosen.tokens, chosen.own)
    if length is not None and _lengthens(chosen, length):
        chosen.extend(c)
        chosen.join(c, read=(length,))
    return length is not None


def _length_alone(c: Clause, tokens: list[Token], own: Collection[str]) -> Island | None:
    """The length that is all a clause says: "Each infusion runs over 1 hour", "Treatment lasts 10 days"."""
    part = next((p for p in c.parts if p.note in ("each", "this", "course")), None)
    return part if part is not None and set(c.fields) == set(part.fields) and clean(c, tokens, own) else None


def _lengthens(chosen: Chosen, length: Island) -> bool:
    """Give the steps before it a length that they do not have yet; whether the last of them takes it.

    A course is that of one step or of alternatives: of which of several steps in turn, nobody knows. Infusions take
    their time, tablets do not.
    """
    last, group = chosen.last, chosen.of_last()
    if length.note == "course":
        several = any(s.link not in ("or", "comma") for s in group[1:]) or last.fields.get("dose_is") == "increment"
        told = [] if several else [s for s in group if s.fields.keys().isdisjoint(_ENDS)]
    else:
        told = [s for s in (chosen.steps if length.note == "each" else group) if _infused(s)]
    _give(told, length.fields, last)
    return last in told


def _give(steps: Iterable[Clause], columns: dict[str, Any], last: Clause) -> None:
    """Give columns to steps; all but the last, beside which they are said, inherit them."""
    for s in steps:
        s.fields.update(columns)
        if s is not last:
            s.taken.update(columns)


_ENDS = frozenset(("bounds_unit", "cycle_days", "cycles_min", "cycles_max", "dose_count"))


def _infused(c: Clause) -> bool:
    """Whether a step may be an infusion or a slow injection whose time is not said yet."""
    f = c.fields
    way = f.get("route") in (None, "intravenous", "other") and ("route" in f or "route_text" not in f)
    return way and not ("admin_duration" in f or "rate_unit" in f or f.get("dose_is") == "increment")


def _alike(c: Clause, other: Clause) -> bool:
    """Whether two steps are dosed alike, so that what caps one dose caps the other."""
    return all(c.fields.get(k) == other.fields.get(k) for k in ("dose_unit", "dose_basis"))


def _limit(chosen: Chosen, c: Clause) -> bool:
    """Give a maximum to the steps that it is of: those of its people and its way."""
    limits = {k: v for k, v in c.fields.items() if k in SHARED}
    if not limits or (_own_schedule(c) and not _changes_nothing_said(c, chosen.tokens)):
        return False
    of, last = {**c.fields, **_limit_of(c, chosen.tokens)}, chosen.last
    if "route" in of and all("route" not in s.fields for s in chosen.steps):
        del of["route"]  # the way is said in a heading, if at all
    if c.link in ("sentence", "break", "semi") and _beside_another(chosen.tokens, last.end, c, chosen.own):
        return True  # 'With ciclosporin the maximum is 10 mg daily'
    if not _of_same(_with_way(last, chosen.steps), of):
        return True  # 'In the elderly the maximum is 40 mg daily': of others than those of the step
    second = any(k in last.fields for k in SHARED)  # a maximum of its own stands already
    group = [s for s in chosen.of_last() if _of_same(_with_way(s, chosen.steps), of)]
    group = [s for s in group if s is last or "max_single_dose" not in limits or _alike(s, last)]
    course = {k: v for k, v in c.fields.items() if k in GROUPS["bounds"]}
    if set(course) == {"bounds_high", "bounds_unit"} and "bounds_unit" not in last.fields:
        last.fields.update(course)  # 'not more than 1200 mg/day, and for no longer than 10 days'
        last.parts.extend(p for p in c.parts if p.kind == "bounds")
        c.parts = [p for p in c.parts if p.kind != "bounds"]
    _give([s for s in group if not any(k in s.fields for k in SHARED)], limits, last)
    chosen.extend(c)
    kinds = ("change",) if second else ("limit", "change")
    read = [p for p in c.parts if p.kind in kinds]
    chosen.join(c, read=read, unread=(*(p for p in c.parts if p not in read), *c.unread))
    return True


def _limit_of(c: Clause, tokens: list[Token]) -> dict[str, Any]:
    """Whom and which way the words of a maximum name: 'the oral dose must not exceed', 'the maximum in the elderly is'."""
    found: dict[str, Any] = {}
    for k in (k for p in c.parts if p.kind == "limit" for k in range(p.i, p.j)):
        if (way := find(ROUTES, tokens, k)) and not way[0][1]:
            found["route"] = way[0][0]
        if tokens[k].low in _PEOPLE:
            found["age_group"] = _PEOPLE[tokens[k].low]
    return found


def _beside_another(tokens: list[Token], start: int, c: Clause, own: Collection[str]) -> bool:
    """Whether a clause, whose words begin at a token, speaks of another drug."""
    return any(drug_like(t) and t.low not in own for t in tokens[start : c.end])


_PEOPLE = {"elderly": "geriatric", "child": "pediatric", "children": "pediatric", "neonates": "neonate"}


def _with_way(c: Clause, steps: list[Clause]) -> dict[str, Any]:
    """A step's columns with the route that it goes on with."""
    before = [s for s in steps[: steps.index(c) + 1] if s.instruction == c.instruction and "route" in s.fields]
    return {**c.fields, "route": before[-1].fields["route"]} if before else c.fields


def _of_same(f: dict[str, Any], limit: dict[str, Any]) -> bool:
    """Whether a maximum is for the people and the way of a step: what it does not say is as in the step."""
    who = all(f.get(k) == v for k, v in limit.items() if k in GROUPS["who"])
    return who and ("route" not in limit or f.get("route") == limit["route"])


def _change(chosen: Chosen, c: Clause) -> bool:
    """Leave a change without a dose unread: 'increased as needed'."""
    if not _changes_nothing_said(c, chosen.tokens):
        return False
    if not _ends_between(chosen.tokens, chosen.last, c):  # a sentence of its own is on something else
        chosen.extend(c)
        chosen.join(c, unread=(*c.parts, *c.unread))
    return True


def _ends_between(tokens: list[Token], last: Clause, c: Clause) -> bool:
    """Whether a sentence ends between a step and a clause: "5 mg daily. Fever raises the INR"."""
    return any(t.kind == BREAK or t.low == "." for t in tokens[last.end : max(c.start, 0)])


def _changes_nothing_said(c: Clause, tokens: list[Token]) -> bool:
    """Whether a clause changes a dose without saying to what: "raised every week", "increased as needed".

    Its interval is that of the change, not of a dose; "increased to twice daily" does say to what.
    """
    change = next((p for p in c.parts if p.kind == "change"), None)
    if change is None:
        return False
    to = tokens[change.j - 1].low == "to"
    return not (to and any(p.kind in ("often", "when") and p.i == change.j for p in c.parts))


def _own_schedule(c: Clause) -> bool:
    """Whether a clause says how often before it says how much at most: "then every 4 hours, maximum 2.4 g daily"."""
    first = min((p.i for p in c.parts if p.kind == "limit"), default=0)
    return any(p.kind in ("often", "when") and p.i < first for p in c.parts)


def _go_on(chosen: Chosen, c: Clause) -> bool:
    """Give the interval at which a dose goes on: '1 mg IV at once, then every 3 to 5 minutes'."""
    if c.link != "then" or not _from_the_first(chosen.last.fields, c.fields):
        return False
    chosen.extend(c)
    chosen.last.fields.update(c.fields)
    chosen.join(c, read=c.parts, unread=c.unread)
    return True


def _from_the_first(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether an interval goes on from a dose with no time of its own: '1 mg IV at once, then every 3 to 5 minutes'."""
    timed = any(f.get(k) is not None for k in (*SCHEDULE, "bounds_unit", "cycle_days", "step_kind", "rate_unit"))
    return not timed and "period_unit" in g and set(g) <= {*GROUPS["frequency"], "as_needed", "as_needed_for"}


def _follow(chosen: Chosen, c: Clause) -> bool:
    """Make a schedule behind 'then' or 'or' a step: '5 mg once daily, then twice daily'."""
    schedule = any(c.fields.get(k) is not None for k in SCHEDULE)
    if c.link not in ("then", "or") or not schedule or c.start < 0:
        return False
    c.instruction = chosen.last.instruction
    chosen.add(c)
    return True


def _rest(chosen: Chosen, c: Clause) -> bool:
    """Give the last step the rest of its sentence, or a sentence of which every word was read."""
    chosen.extend(c)
    if c.link in ("sentence", "break", "semi") and _denied(c, chosen.tokens):
        return True
    if c.link in ("sentence", "break") and not _OF_SOME.isdisjoint(c.fields):
        return True  # '20 mg daily. A lower dose is needed if CrCl is below 30 mL/min': another matter than the step before
    if c.link == "semi" and not _OF_PEOPLE.isdisjoint(c.fields):
        if "age_group" in c.fields:
            chosen.pending = c
        return True  # '15 mg/kg; those above 40 kg the adult dose'
    beside = c.link in ("", "comma", "and")
    if beside or (c.link in ("or", "semi", "sentence", "break") and clean(c, chosen.tokens, chosen.own)):
        # '…; titration may go faster' does not make the dose before it one of titration
        conflict = clash(chosen.last.fields, c.fields) or (c.link == "semi" and "step_kind" in c.fields)
        if conflict:
            chosen.join(c, unread=(*c.parts, *c.unread))
        else:
            _share(chosen, c)
            chosen.last.fields.update(c.fields)
            chosen.join(c, read=c.parts, unread=c.unread)
    return True


def _share(chosen: Chosen, c: Clause) -> None:
    """Give a way or a length that is all a clause says to all steps of the instruction that lack it."""
    if set(c.fields) <= {"route", "route_text"}:
        _give([s for s in chosen.of_last() if "route" not in s.fields], c.fields, chosen.last)
    if set(c.fields) <= set(GROUPS["bounds"]) and chosen.last.link == "or":  # 'A or B; not for longer than 10 days'
        for s in [s for s in chosen.of_last() if "bounds_unit" not in s.fields]:
            s.fields.update(c.fields)
            s.taken.update(c.fields)


def _denied(c: Clause, tokens: list[Token]) -> bool:
    """Whether a sentence says for whom the drug is not, or who else takes as much: 'It is not recommended below 1 year of age'."""
    said = tokens[max(c.start, 0) : c.end]
    alike = any(t.low == "as" and u.low in ("for", "in", "adults", "adult") for t, u in pairwise(said))
    return any(p.kind in ("who", "condition") for p in c.parts) and (
        alike or any(t.low in _NOT_FOR or t.low in ("same", "likewise", "too", "also") for t in said)
    )


_NOT_FOR = frozenset("not never no avoid avoided contraindicated stop stopped".split())
_OF_PEOPLE = frozenset(GROUPS["who"])
_OF_SOME = frozenset((*GROUPS["who"], "condition_text", "step_kind"))
"""What a sentence without a dose says of some patients only, never of the dose before it."""


_RULES: tuple[Callable[[Chosen, Clause], bool], ...] = (
    _repeat,
    _place,
    _lengthen,
    _limit,
    _change,
    _go_on,
    _follow,
    _rest,
)
