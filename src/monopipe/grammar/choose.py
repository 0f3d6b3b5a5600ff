"""Clauses to steps: which clauses are steps; the others complete the step before them, or lead in the one after."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Any

from monopipe.grammar.coverage import SCHEDULE, SHARED, clean, ignorable, scope_of_maximum
from monopipe.grammar.fields import GROUPS, Clause, clash
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, WORD, Token
from monopipe.grammar.words import ROUTES, drug_like, find

_NEGATED = frozenset(("used", "recommended", "given", "prescribed", "administered", "use", "indicated", "advised"))
_ADDS = frozenset(("add", "adding", "added", "give", "giving", "supplement"))
_DIVIDERS = frozenset((",", ";", "then", "or", "and", "+", "•", "thereafter", "&", "plus"))
_REPEATED = frozenset(("dose_count", "start_after", "start_after_unit", "as_needed", "condition_text"))


def _forbidden(c: Clause, tokens: list[Token], following: Clause | None) -> bool:
    """Whether the clause says not to give its dose: 'the 875 mg tablet must not be used', 'avoid 40 mg'."""
    stop = following.start if following is not None else len(tokens)
    bracket = False  # '20 mg daily (not recommended in children)' forbids it to some only
    for k in range(max(c.start, 0), min(stop, c.end + 8, len(tokens) - 4)):
        t = tokens[k]
        if t.low in ("(", ")") and c.dose is not None and k >= c.dose.j:
            bracket = t.low == "("
        if bracket:
            continue
        if t.low in (".", ";") and k >= c.end:
            break
        if t.low == "not" and any(u.low in _NEGATED for u in tokens[k + 1 : k + 4]):
            return True
        if t.low == "avoid" and tokens[k - 1].low != "to" and k < c.end:
            return True
    return False


def _of_another(before: Clause, c: Clause, tokens: list[Token], own: Collection[str]) -> bool:
    """Whether a clause goes on with another drug's dose: 'add pyridoxine 10 mg daily; 50 mg daily if neuropathy develops'."""
    if c.link not in ("semi", "then", "comma", "or", "and") or before.dose is not None or not before.unread:
        return False
    added = any(p.kind == "foreign" and tokens[p.i - 1].low in _ADDS for p in before.unread if p.i)
    return added and not any(t.low in own for t in tokens[before.end : c.end])


def _denied(c: Clause, tokens: list[Token]) -> bool:
    """Whether a sentence says for whom the drug is not, or who else takes as much: 'It is not recommended below 1 year of age'."""
    said = tokens[max(c.start, 0) : c.end]
    alike = any(t.low == "as" and u.low in ("for", "in", "adults", "adult") for t, u in pairwise(said))
    return any(p.kind == "who" for p in c.parts) and (
        alike or any(t.low in ("not", "never", "no", "same", "likewise", "too", "also") for t in said)
    )


_OF_RATE = frozenset(
    "rate rates infuse infused infusion given give administer administered run started maximum".split()
)


def _on_another(before: Clause, c: Clause, tokens: list[Token]) -> bool:
    """Whether words of its own stand before a rate: 'In life-threatening attacks it may be infused at 1 microgram/min'."""
    words = tokens[before.end : max(c.start, before.end)]
    return any(t.kind == WORD and not ignorable(t) and t.low not in _OF_RATE for t in words)


def _extend(c: Clause, tokens: list[Token], floor: int, following: Clause | None) -> None:
    """Widen a clause to the words around its islands: back to what divides it from the text before, and on likewise."""
    i = c.start
    while i > floor:
        t = tokens[i - 1]
        if (
            t.kind == BREAK
            or t.low in (";", "|", "then", "•", "thereafter")
            or (t.low == "." and tokens[i].start > t.end)
        ):
            break
        i -= 1
    while i < c.start and (tokens[i].low in _DIVIDERS or tokens[i].low in (")", ".", "]", "followed")):
        i += 1
    c.start = i
    j = c.end
    stop = following.start if following is not None else len(tokens) - 8
    while j < stop:
        t = tokens[j]
        if (
            t.kind == BREAK
            or t.low in (";", "|", "then", "•", "thereafter")
            or (t.low == "." and tokens[j + 1].start > t.end)
        ):
            break
        j += 1
    if following is not None and j == stop:
        k = j
        while k > c.end and tokens[k - 1].low not in _DIVIDERS:
            k -= 1
        if k > c.end:
            j = k - 1
    c.end = max(c.end, j)


def _leave_out(c: Clause, tokens: list[Token]) -> None:
    """End a step before words on whom the drug is not for: '50%, and in severe impairment it should be avoided'."""
    if c.dose is None:
        return
    for k in range(c.dose.j, c.end - 1):
        if tokens[k].low != "," or tokens[k + 1].low not in ("and", "but", "whereas", "while"):
            continue
        last = [t.low for t in tokens[k : c.end] if t.kind == WORD][-2:]
        behind = [p for p in (*c.parts, *c.unread) if p.j > k]
        if (last[-1:] == ["avoided"] or last == ["not", "recommended"]) and all(
            c.dose.fields.items() >= p.fields.items() for p in behind
        ):
            c.parts = [p for p in c.parts if p.j <= k]
            c.unread = [p for p in c.unread if p.j <= k]
            c.end = k
            return


def choose(tokens: list[Token], clauses: list[Clause], own: Collection[str]) -> list[Clause]:
    """The clauses that are steps; the others complete the step before them, or lead in the one after."""
    steps: list[Clause] = []
    instruction = 0
    pending: Clause | None = None
    floor = 0
    for number, c in enumerate(clauses):
        following = clauses[number + 1] if number + 1 < len(clauses) else None
        has = c.dose is not None and (
            c.fields.get("dose_low") is not None or c.fields.get("dose_high") is not None or "rate_unit" in c.fields
        )
        if (
            pending is not None
            and c.link not in ("sentence", "break", "label", "semi")
            and not _apart(pending, c, tokens)
        ):
            if clash(c.fields, pending.fields):
                pending.unread, pending.parts = pending.unread + pending.parts, []
            else:
                own_band = "param" in c.fields
                for key, value in pending.fields.items():
                    if not (own_band and key.startswith("param")):
                        c.fields.setdefault(key, value)
            c.parts = pending.parts + c.parts
            c.unread = pending.unread + c.unread
            c.start = min(c.start, pending.start) if c.start >= 0 else pending.start
            c.end = max(c.end, pending.end)
            if pending.link in ("then", "or"):
                c.link = pending.link
        pending = None
        previous = steps[-1] if steps else None
        if (
            has
            and previous is not None
            and c.dose is not None
            and c.dose.kind == "rate"
            and previous.fields.get("dose_is") != "per_day"
            and c.link in ("sentence", "semi")
            and "rate_unit" not in previous.fields
            and "period_unit" not in c.fields
            and "step_kind" not in c.fields  # '…; alternatively 2–4 mg/h' is a step of its own
            and clean(c, tokens, own)
            and not clash(previous.fields, c.fields)
            and not _on_another(previous, c, tokens)
        ):
            _extend(c, tokens, floor, following)
            previous.fields.update(c.fields)
            previous.parts.extend(c.parts)
            previous.end = max(previous.end, c.end)
            floor = previous.end
            continue
        if has and _forbidden(c, tokens, following):
            continue
        if has and number and _of_another(clauses[number - 1], c, tokens, own):
            continue
        if has:
            if (
                previous is not None
                and c.link in ("sentence", "break", "label", "semi")
                and not _continues(c, previous, tokens)
            ) or (previous is not None and c.link == "semi" and "age_group" in c.fields):
                instruction += 1
            c.instruction = instruction
            steps.append(c)
            _extend(c, tokens, floor, following)
            _leave_out(c, tokens)
            floor = c.end
            continue
        if previous is None:
            pending = c
            continue
        if any(p.kind == "repeat" for p in c.parts):
            _extend(c, tokens, floor, following)
            _repeat(previous, c)
            floor = previous.end
            continue
        limits = {k: v for k, v in c.fields.items() if k in SHARED}
        maximum = next((p for p in c.parts if p.kind == "limit" and isinstance(p.note, tuple)), None)
        if maximum is not None:
            scope = scope_of_maximum(previous.fields, c.fields)
            if scope is None or any(
                p.kind == "divided" for p in previous.parts
            ):  # of a dose or of a day: nothing says which
                _extend(c, tokens, floor, following)
                previous.unread.extend(p for p in c.parts if p.kind != "change")
                previous.unread.extend(c.unread)
                previous.end = floor = max(previous.end, c.end)
                continue
            limits[scope] = maximum.note[1]
            limits["max_dose_unit"] = maximum.fields["max_dose_unit"]
            maximum.note = None
            for key in GROUPS["frequency"]:
                c.fields.pop(key, None)
        alone = _changes_nothing_said(c, tokens)
        if (length := _length_alone(c, tokens, own)) is not None:
            if _lengthens(steps, length):
                _extend(c, tokens, floor, following)
                previous.parts.append(length)
                previous.end = floor = max(previous.end, c.end)
            continue
        if limits and (alone or not _own_schedule(c)):
            of = {**c.fields, **_limit_of(c, tokens)}
            if "route" in of and all("route" not in s.fields for s in steps):
                del of["route"]  # the way is said in a heading, if at all
            if c.link in ("sentence", "break", "semi") and _beside_another(tokens, previous.end, c, own):
                continue  # 'With ciclosporin the maximum is 10 mg daily'
            if not _of_same(_with_way(previous, steps), of):
                continue  # 'In the elderly the maximum is 40 mg daily': of others than those of the step
            second = any(k in previous.fields for k in SHARED)  # a maximum of its own stands already
            group = [s for s in steps if s.instruction == previous.instruction and _of_same(_with_way(s, steps), of)]
            group = [s for s in group if s is previous or "max_single_dose" not in limits or _alike(s, previous)]
            course = {k: v for k, v in c.fields.items() if k in GROUPS["bounds"]}
            if set(course) == {"bounds_high", "bounds_unit"} and "bounds_unit" not in previous.fields:
                previous.fields.update(course)  # 'not more than 1200 mg/day, and for no longer than 10 days'
                previous.parts.extend(p for p in c.parts if p.kind == "bounds")
                c.parts = [p for p in c.parts if p.kind != "bounds"]
            for s in group:
                if not any(k in s.fields for k in SHARED):
                    s.fields.update(limits)
                    if s is not previous:
                        s.taken.update(limits)
            _extend(c, tokens, floor, following)
            previous.end = max(previous.end, c.end)
            read = ("change",) if second else ("limit", "change")
            previous.parts.extend(p for p in c.parts if p.kind in read)
            previous.unread.extend(p for p in c.parts if p.kind not in read)
            previous.unread.extend(c.unread)
            floor = previous.end
            continue
        if alone:
            if any(t.kind == BREAK or t.low == "." for t in tokens[previous.end : max(c.start, 0)]):
                continue  # a sentence of its own, on something else: "Fever raises the INR"
            _extend(c, tokens, floor, following)
            previous.unread.extend((*c.parts, *c.unread))
            previous.end = floor = max(previous.end, c.end)
            continue
        schedule = any(c.fields.get(k) is not None for k in SCHEDULE)
        if c.link == "then" and _from_the_first(previous.fields, c.fields):
            _extend(c, tokens, floor, following)
            previous.fields.update(c.fields)
            previous.parts.extend(c.parts)
            previous.unread.extend(c.unread)
            previous.end = floor = max(previous.end, c.end)
            continue
        if c.link in ("then", "or") and schedule and c.start >= 0:
            c.instruction = previous.instruction
            steps.append(c)
            _extend(c, tokens, floor, following)
            floor = c.end
            continue
        _extend(c, tokens, floor, following)
        if c.link in ("sentence", "break", "semi") and _denied(c, tokens):
            continue
        if c.link in ("sentence", "break") and any(p.kind == "condition" and p.i <= c.start + 1 for p in c.parts):
            continue  # 'If the daily dose is small, it may be given once': another matter than the step before
        if c.link in ("", "comma", "and", "or", "semi", "sentence", "break") and (
            c.link in ("", "comma", "and") or clean(c, tokens, own)
        ):
            # '…; titration may go faster' does not make the dose before it one of titration
            conflict = clash(previous.fields, c.fields) or (c.link == "semi" and "step_kind" in c.fields)
            if not conflict:
                if set(c.fields) <= {"route", "route_text"}:
                    for s in steps:
                        if s.instruction == previous.instruction and "route" not in s.fields:
                            s.fields.update(c.fields)
                            if s is not previous:
                                s.taken.update(c.fields)
                if set(c.fields) <= set(GROUPS["bounds"]) and previous.link == "or":
                    for s in steps:  # 'A or B; not for longer than 10 days'
                        if s.instruction == previous.instruction and "bounds_unit" not in s.fields:
                            s.fields.update(c.fields)
                            s.taken.update(c.fields)
                previous.fields.update(c.fields)
                previous.parts.extend(c.parts)
            else:
                previous.unread.extend(c.parts)
            previous.unread.extend(c.unread)
            previous.end = max(previous.end, c.end)
            floor = previous.end
            continue
        if c.link == "semi" and "age_group" in c.fields:
            pending = c
    if not steps and pending is not None:
        pending.instruction = 0
        _extend(pending, tokens, 0, None)
        return [pending]
    return steps


def _from_the_first(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether an interval goes on from a dose with no time of its own: '1 mg IV at once, then every 3 to 5 minutes'."""
    timed = any(f.get(k) is not None for k in (*SCHEDULE, "bounds_unit", "cycle_days", "step_kind", "rate_unit"))
    return not timed and "period_unit" in g and set(g) <= {*GROUPS["frequency"], "as_needed", "as_needed_for"}


def _length_alone(c: Clause, tokens: list[Token], own: Collection[str]) -> Island | None:
    """The length that is all a clause says: "Each infusion runs over 1 hour", "Treatment lasts 10 days"."""
    part = next((p for p in c.parts if p.note in ("each", "this", "course")), None)
    return part if part is not None and set(c.fields) == set(part.fields) and clean(c, tokens, own) else None


def _lengthens(steps: list[Clause], length: Island) -> bool:
    """Give the steps before it a length that they do not have yet; whether the last of them takes it.

    A course is that of one step or of alternatives: of which of several steps in turn, nobody knows. Infusions take
    their time, tablets do not.
    """
    last = steps[-1]
    group = [s for s in steps if s.instruction == last.instruction]
    if length.note == "course":
        several = any(s.link not in ("or", "comma") for s in group[1:]) or last.fields.get("dose_is") == "increment"
        told = [] if several else [s for s in group if s.fields.keys().isdisjoint(_ENDS)]
    else:
        told = [s for s in (steps if length.note == "each" else group) if _infused(s)]
    for s in told:
        s.fields.update(length.fields)
        if s is not last:
            s.taken.update(length.fields)
    return last in told


_ENDS = frozenset(("bounds_unit", "cycle_days", "cycles_min", "cycles_max", "dose_count"))


def _infused(c: Clause) -> bool:
    """Whether a step may be an infusion or a slow injection whose time is not said yet."""
    f = c.fields
    way = f.get("route") in (None, "intravenous", "other") and ("route" in f or "route_text" not in f)
    return way and not ("admin_duration" in f or "rate_unit" in f or f.get("dose_is") == "increment")


def _alike(c: Clause, other: Clause) -> bool:
    """Whether two steps are dosed alike, so that what caps one dose caps the other."""
    return all(c.fields.get(k) == other.fields.get(k) for k in ("dose_unit", "dose_basis"))


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


def _apart(before: Clause, c: Clause, tokens: list[Token]) -> bool:
    """Whether a sentence ends between two clauses: what the first says of its own occasion is over."""
    between = tokens[max(before.end, 0) : max(c.start, 0)]
    return any(t.kind == BREAK or (t.low == "." and t.end > t.start) for t in between)


def _repeat(before: Clause, c: Clause) -> None:
    """'Repeat once after 12 hours' makes two doses 12 hours apart of the step before it; other repeats stay unread."""
    f, g = before.fields, c.fields
    before.end = max(before.end, c.end)
    free = not any(k in f for k in (*GROUPS["frequency"], "dose_count", "when_code", "bounds_unit", "cycle_days"))
    unit = g.get("start_after_unit")
    wait = next((p.note for p in c.parts if p.kind == "repeat" and p.note), None)
    if wait is not None:  # 'repeated once after 7 to 14 days'
        g, unit = {**g, "start_after": wait[0]}, wait[2]
    if not (free and g.get("dose_count") == 1 and unit not in (None, "cycle") and set(g) <= _REPEATED):
        before.unread.extend((*c.parts, *c.unread))
        return
    f.update(dose_count=2, frequency=1, period=g["start_after"], period_unit=unit)
    if wait is not None:
        f["period_max"] = wait[1]
    if f.get("step_kind") == "single":
        del f["step_kind"]
    before.parts.extend(p for p in c.parts if p.kind not in ("prn", "condition"))
    before.unread.extend((*c.unread, *(p for p in c.parts if p.kind in ("prn", "condition"))))


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


def _continues(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a clause after a full stop, list mark or label goes on with the instruction before it."""
    f = c.fields
    return (
        f.get("step_kind") in ("titration", "taper", "down", "target", "maintenance")
        or f.get("dose_is") == "increment"
        or "start_after" in f
        or ("cycle_days" in f and c.link in ("then", "semi"))
        or c.link == "then"
        or _usual_after(c, before, tokens)
        or (c.link == "semi" and not any(k in f for k in ("age_group", "param", "population", "indication_text")))
    )


def _usual_after(c: Clause, before: Clause, tokens: list[Token]) -> bool:
    """Whether a clause says the usual dose behind that to begin with: 'Start: 5 mg daily. Usual range: 10–20 mg daily'."""
    begun = before.fields.get("step_kind") in ("initial", "titration")
    if not begun or any(k in c.fields for k in ("age_group", "param", "population", "indication_text", "step_kind")):
        return False
    words: list[str] = []
    for t in tokens[before.end : c.dose.i if c.dose is not None else c.end]:
        if t.kind == BREAK or t.low in (".", ";"):
            words.clear()
        elif t.kind == WORD:
            words.append(t.low)
    return not {"usual", "usually", "typical", "range"}.isdisjoint(words) and set(words) <= _USUAL


_USUAL = frozenset(
    "the a usual usually typical recommended effective therapeutic normal dose doses dosage range daily oral is are".split()
)
