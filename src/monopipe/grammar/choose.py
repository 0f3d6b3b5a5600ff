"""Clauses to steps: those with a dose or a rate are steps; the others complete the step before them, or lead in the one after."""

from __future__ import annotations

from collections.abc import Collection

from monopipe.grammar.complete import Chosen, complete
from monopipe.grammar.coverage import clean, ignorable
from monopipe.grammar.fields import Clause, clash
from monopipe.grammar.lexer import BREAK, WORD, Token

_NEGATED = frozenset(("used", "recommended", "given", "prescribed", "administered", "use", "indicated", "advised"))
_ADDS = frozenset(("add", "adding", "added", "give", "giving", "supplement"))
_ENDED = ("sentence", "break", "label", "semi")


def choose(tokens: list[Token], clauses: list[Clause], own: Collection[str]) -> list[Clause]:
    """The clauses that are steps; the others complete the step before them, or lead in the one after."""
    chosen = Chosen(tokens, own)
    for n, c in enumerate(clauses):
        chosen.following = clauses[n + 1] if n + 1 < len(clauses) else None
        pending, chosen.pending = chosen.pending, None
        if pending is not None and c.link not in _ENDED and not _apart(pending, c, tokens):
            _lead_in(pending, c)
        if _is_dosed(c):
            _add(chosen, c, clauses[n - 1] if n else None)
        elif chosen.steps:
            complete(chosen, c)
        else:
            chosen.pending = c
    if not chosen.steps and chosen.pending is not None:
        chosen.following = None
        chosen.add(chosen.pending)
    return chosen.steps


def _is_dosed(c: Clause) -> bool:
    """Whether a clause has a dose or a rate."""
    return c.dose is not None and (
        c.fields.get("dose_low") is not None or c.fields.get("dose_high") is not None or "rate_unit" in c.fields
    )


def _lead_in(pending: Clause, c: Clause) -> None:
    """Make the words of a clause without a dose those of the one behind it: 'In adults, once daily: 5 mg'."""
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


def _add(chosen: Chosen, c: Clause, before: Clause | None) -> None:
    """Add a dosed clause as a step, unless it is a rate of the last one, forbidden, or of another drug."""
    tokens = chosen.tokens
    if chosen.steps and _is_rate_of(chosen.last, c, tokens, chosen.own):
        chosen.extend(c)
        chosen.join(c, read=c.parts)
        chosen.last.fields.update(c.fields)
        return
    if _forbidden(c, tokens, chosen.following) or (before is not None and _of_another(before, c, tokens, chosen.own)):
        return
    if chosen.steps:
        others = c.link == "semi" and "age_group" in c.fields
        apart = others or (c.link in _ENDED and not _continues(c, chosen.last, tokens))
        c.instruction = chosen.last.instruction + apart
    else:
        c.instruction = 0
    chosen.add(c)
    _leave_out(c, tokens)
    chosen.floor = c.end


def _is_rate_of(previous: Clause, c: Clause, tokens: list[Token], own: Collection[str]) -> bool:
    """Whether a sentence says how fast the dose before it is given: '500 mg IV. The rate is 50 mg/min'."""
    return (
        c.dose is not None
        and c.dose.kind == "rate"
        and previous.fields.get("dose_is") != "per_day"
        and c.link in ("sentence", "semi")
        and "rate_unit" not in previous.fields
        and "period_unit" not in c.fields
        and "step_kind" not in c.fields  # '…; alternatively 2–4 mg/h' is a step of its own
        and clean(c, tokens, own)
        and not clash(previous.fields, c.fields)
        and not _on_another(previous, c, tokens)
        and not _is_infusion(previous, c, tokens)
    )


def _is_infusion(before: Clause, c: Clause, tokens: list[Token]) -> bool:
    """Whether a rate is that of an infusion beside the doses before it: '20 mg every 10 minutes; or infusion 2 mg/min'."""
    words = [t.low for t in tokens[before.end : c.dose.i if c.dose is not None else c.end]]
    named = bool(words) and words[-1] == "infusion" and not {"each", "the", "every"} & set(words)
    return "or" in words or named


_OF_RATE = frozenset(
    "rate rates infuse infused infusion given give administer administered run started maximum".split()
)


def _on_another(before: Clause, c: Clause, tokens: list[Token]) -> bool:
    """Whether words of its own stand before a rate: 'In life-threatening attacks it may be infused at 1 microgram/min'."""
    words = tokens[before.end : max(c.start, before.end)]
    return any(t.kind == WORD and not ignorable(t) and t.low not in _OF_RATE for t in words)


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


def _apart(before: Clause, c: Clause, tokens: list[Token]) -> bool:
    """Whether a sentence ends between two clauses: what the first says of its own occasion is over."""
    between = tokens[max(before.end, 0) : max(c.start, 0)]
    return any(t.kind == BREAK or (t.low == "." and t.end > t.start) for t in between)


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
