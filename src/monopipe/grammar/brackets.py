"""Brackets behind a dose that speak of other patients than it does: '20 mg daily (elderly: 10 mg daily)', or of its making.

What they say must not reach the dose before them. Where a bracket ends its sentence and gives a dose for people it names,
it is a step of its own; else its words are left unread.
"""

from __future__ import annotations

from collections.abc import Iterator

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, WORD, Token

_ENDS = frozenset((".", "|", ""))
_SHARES = frozenset("half halve halved quarter third double reduce reduced smaller".split())
"""Words for another dose than the one before a bracket: '(neonates half)', '(elderly: half)'."""
_BARS = _SHARES | frozenset("avoid avoided not never contraindicated unless except caution cautiously".split())
"""Words that keep people from the dose; 'not to exceed' is a limit, an island of its own."""


def set_apart(tokens: list[Token], islands: list[Island]) -> list[Island]:
    """The islands of a text with those of such brackets as steps of their own, or as lost words."""
    found: list[Island] = []
    dose: Island | None = None
    k = 0
    while k < len(islands):
        isl = islands[k]
        k += 1
        found.append(isl)
        if isl.kind in ("dose", "rate"):
            dose = isl
        elif isl.kind == "sep" and isl.note in ("sentence", "break", "semi"):
            dose = None
        end = _close(islands, k) if dose is not None and isl.kind == "sep" and isl.note == "open" else 0
        if dose is None or end == 0:
            continue
        alone = _ends_instruction(tokens, islands, end)
        begin = isl.j
        for part in _parts(islands[k:end]):
            last = part[-1] is islands[end - 1]
            words = {t.low for t in tokens[begin : islands[end].i if last else part[-1].j]}
            aside = _of_others(part, dose, words, alone and last)
            found += [_lost(p) for p in part] if aside is part and _tells_more(tokens, part, begin) else aside
            begin = part[-1].j
        found.append(islands[end])
        k = end + 1
    return found


def _close(islands: list[Island], k: int) -> int:
    """The end of the bracket whose first island is number k; 0 where it holds another bracket, or none ends it."""
    for n in range(k, len(islands)):
        if islands[n].kind == "sep":
            if islands[n].note == "close":
                return n if n > k else 0
            if islands[n].note in ("open", "break"):
                return 0
    return 0


def _ends_instruction(tokens: list[Token], islands: list[Island], end: int) -> bool:
    """Whether nothing behind a bracket goes on with the dose before it: no word of its sentence, no change of the dose."""
    after = tokens[islands[end].j]
    if after.low not in _ENDS and after.kind != BREAK:
        return False
    for p in islands[end + 1 :]:
        if p.kind == "sep" and (p.note == "break" or isinstance(p.note, tuple)):
            return True
        if p.kind in ("change", "repeat", "dose", "rate"):
            return False
    return True


def _parts(inside: list[Island]) -> Iterator[list[Island]]:
    """What a bracket holds, cut behind each semicolon."""
    part: list[Island] = []
    for isl in inside:
        part.append(isl)
        if isl.kind == "sep" and isl.note == "semi":
            yield part
            part = []
    if part:
        yield part


def _of_others(part: list[Island], dose: Island, words: set[str], alone: bool) -> list[Island]:
    """The islands of a part of a bracket: as they are, as a step of its own, or lost."""
    read = [p for p in part if p.kind != "sep"]
    made = [k for k, p in enumerate(read) if k and (p.kind == "diluent" or p.note == "volume")]
    if dose.kind == "rate" and made and read[made[0] - 1].kind == "dose":
        return [_lost(p) for p in read]  # '5 mg/h (50 mg in 50 mL of saline)': how the infusion is made
    people = [k for k, p in enumerate(read) if p.kind in ("who", "condition")]
    doses = [k for k, p in enumerate(read) if p.kind in ("dose", "rate")]
    if not people or any(p.kind == "change" for p in read):
        labelled = any(p.kind == "sep" and isinstance(p.note, tuple) for p in part)
        return [_lost(p) for p in read] if labelled and doses else part
    if len(doses) == 1 and not words & _BARS and _like(read[doses[0]], dose):
        first = people[0] == 0 and doses[0] == len(people)  # 'elderly: 10 mg daily', '10 mg daily in the elderly'
        if alone and (first or doses[0] == 0):
            return [Island("sep", part[0].i, part[0].i, None, "aside"), *(_one(read[: doses[0]])), *read[doses[0] :]]
        return [_lost(p) for p in read]
    if doses or words & _BARS or any(p.kind == "limit" for p in read):
        return [_lost(p) for p in read]
    return part


def _tells_more(tokens: list[Token], part: list[Island], begin: int) -> bool:
    """Whether the part of a bracket that names people opens with words on something else: '(ideal weight in the obese)'."""
    people = next((p for p in part if p.kind == "who"), None)
    first = next((p for p in part if p.kind != "sep"), None)
    if people is None or first is not people:
        return False
    end = people.i - 1 - (tokens[people.i - 1].low == "the")
    told = tokens[end].low in ("in", "for")
    return told and any(t.kind == WORD and t.low not in _ONLY for t in tokens[begin:end])


_ONLY = frozenset(
    "only also as even or and especially particularly mainly the usual usually dose doses recommended common".split()
)


def _like(other: Island, dose: Island) -> bool:
    """Whether an amount is another of the same kind: not the same dose in other words, nor a part of it."""
    same = ("dose_unit", "dose_basis", "dose_is")
    return (
        other.kind == dose.kind
        and other.note == dose.note
        and other.fields.get("dose_low") is not None
        and all(other.fields.get(k) == dose.fields.get(k) for k in same)
    )


def _one(people: list[Island]) -> list[Island]:
    """Words for people as one island: 'adults' and 'over 65 years' are the elderly."""
    if len(people) < 2:
        return people
    fields = {k: v for p in people for k, v in p.fields.items()}
    return [Island("who", people[0].i, people[-1].j, fields, people[-1].note)]


def _lost(p: Island) -> Island:
    return Island("lost", p.i, p.j)


__all__ = ["set_apart"]
