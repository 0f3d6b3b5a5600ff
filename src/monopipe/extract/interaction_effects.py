"""What an interaction does: what changes, in which direction, for whom, and by which mechanism.

A text is read clause by clause. In each, a word for a change ("increased", "lowers") meets a word for what changes
("levels", "risk"); an untoward event ("bleeding") counts as increased by itself. What stands behind "by", "due to" or
"through" explains the mechanism and is no effect of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from monopipe.extract.enzymes import names as enzyme_names
from monopipe.extract.phrasing import Found, lowered, phrasebook

CLAUSE_END = re.compile(r"\s*;\s*|\.\s+|\s[–—]\s|\.\s*$|,\s+(?:hence|but|so)\s+|\s+but\s+|,?\s+whereas\s+")
_PART = re.compile(r",\s+(?:and|or)\s+|,\s+|\s+and/or\s+|\s+and\s+|\s+or\s+|\s+\+\s+")
_CAUSE = re.compile(
    r"\b(?:by (?!up|about|\d|mouth|half|a factor)|due to|because|owing to|through|via|as a result of|from|secondary to|since|which in turn)\b"
)
_ASIDE = re.compile(
    r"^(?:even|despite|although|regardless|without|unlike|e\.g\.|for example|in the uk|until|combine only|unless)\b"
)
_NOT = re.compile(r"\b(?:no|not|without|nor|neither|never|cannot|unlikely to)\b")
_NO_INTERACTION = re.compile(
    r"\b(?:no|not|without|lacks?)\b(?:[\s,-]+\w+){0,5}[\s-]+(?:interaction|interactions|interact)\b|\b(?:do|does|did) not (?:\w+ )?interact"
    r"|\bno (?:\w+ ){0,3}effect\b|\bno (?:\w+[\s-]){0,3}(?:impact|influence)\b|^\s*none\b(?! of)"
    r"|\b(?:is|are|was|were|remains?) (?:not (?:\w+ly )?(?:affected|changed|altered|impaired)|unchanged|unaffected)\b"
    r"|\bno (?:\w+ ){0,4}(?:change|interference|importance|relevance|loss of effect)\b|\bdo(?:es)? not have this effect\b"
    r"|\bof no (?:\w+ )?(?:importance|relevance|significance|consequence)\b|\blittle effect\b|\bnot (?:clinically )?(?:relevant|significant|important)\b"
)
MAY = re.compile(r"\b(?:may|might|could|can|possible|possibly|potential (?:for|to))\b")
_BOTH = re.compile(r"\beach\b.*\bthe other\b|\bboth drugs\b|\beach other\b|\bmutual")
_PRONOUN = re.compile(r"\b(?:its|their)\b")
_PLASMA = re.compile(r"\b(?:plasma|serum|blood)\s+(?P<name>[a-z-]{5,})")
_KINETIC_NOUN = re.compile(r"\b(?:auc|exposure|cmax|bioavailability)\b")


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: the words of the contract's columns."""

    target: str = "unknown"
    direction: str = "unclear"
    affected: str = "unknown"
    assertion: str = "affirmed"
    text: str | None = None
    mechanism_kind: str = "unknown"
    mechanism_entity: str | None = None
    part: str | None = None
    """The words of the clause that say just this effect."""


NO_INTERACTION = Effect("none", "unchanged", "none", "negated")


@dataclass(frozen=True)
class Parties:
    """Whose names a text uses: this drug's own, and those of the interactants."""

    own: frozenset[str]
    others: tuple[str, ...]
    modulator: bool = False
    """Whether the interactants are enzyme modulators or known for changing the levels of others."""
    subject: str = "interactant"
    """Who acts when a clause begins with its verb: the interactant of the label, or this drug."""
    own_modulator: bool = False
    """Whether this drug is known for changing the levels of others."""
    own_text: str = ""
    """Classes and uses of this drug in lower case, to tell its own effect from another's."""

    def owner(self, low: str) -> str | None:
        """Who is named in a piece of text, if anyone."""
        if any(_named(n, low) for n in self.own) or "this drug" in low:
            return "this_drug"
        if any(_named(n, low) for n in self.others) or "the other drug" in low:
            return "interactant"
        return None


def _named(name: str, low: str) -> bool:
    at = low.find(name)
    return at >= 0 and not low[at - 1 : at].isalnum() and len(name) > 2


def effects(text: str, parties: Parties) -> list[Effect]:
    """The effects that a text states, in order, each kind once; generic denials only where it states no other."""
    found: list[Effect] = []
    denied: Effect | None = None
    for start, end in spans(CLAUSE_END, text, 0, len(text)):
        low = lowered(text[start:end])
        if _ASIDE.match(low):
            continue
        if _NO_INTERACTION.search(low) and not _affirmed_change(low):
            denied = denied or replace(NO_INTERACTION, text=text[start:end].strip())
            continue
        told = list(_clause(text[start:end], low, parties))
        several = len({e.target for e in told}) > 1
        found.extend(replace(e, text=e.part or e.text) if several else e for e in told)
    unique: dict[tuple[str, str, str], Effect] = {}
    for effect in found:
        unique.setdefault((effect.target, effect.direction, effect.assertion), effect)
    if not unique and denied:
        return [denied]
    return list(unique.values())


def _affirmed_change(low: str) -> bool:
    change = phrasebook("interaction_changes").first(low)
    negation = _NOT.search(low)
    return (
        change is not None
        and change.line["direction"] != "none"
        and (negation is None or change.end <= negation.start())
    )


def spans(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of text[start:end] between matches that stand outside brackets."""
    at = start
    for m in pattern.finditer(text, start, end):
        if text.count("(", start, m.start()) > text.count(")", start, m.start()):
            continue
        if text[at : m.start()].strip():
            yield at, m.start()
        at = m.end()
    if text[at:end].strip():
        yield at, end


def _clause(text: str, low: str, parties: Parties) -> Iterator[Effect]:
    """The effects of one clause; a change carries on over 'and' and commas: 'increased levels and toxicity'."""
    cause = _CAUSE.search(low)
    region_end = cause.start() if cause and cause.start() > 3 else len(low)
    mechanism = mechanism_of(text)
    carried: Found | None = None
    owner: str | None = None
    either = re.search(r"\beither\b", low) is not None
    for a, b in spans(_PART, low, 0, region_end):
        part = low[a:b]
        changes = [
            c
            for c in phrasebook("interaction_changes").scan(part)
            if part[c.start - 1 : c.start] != "-" and c.line["direction"] != "none"
        ]
        targets = list(phrasebook("interaction_targets").scan(part))
        plasma = _PLASMA.search(part)
        if changes:
            carried = None
        if not targets and not (plasma and changes):
            carried = changes[-1] if changes else carried
            yield from _opposed(text, part, changes, parties, mechanism)
            continue
        if _ASIDE.match(part.strip()):
            continue
        possible = bool(MAY.search(low[:b]))
        seen: set[str] = set()
        if not targets and plasma:
            yield _effect(
                text,
                part,
                "exposure",
                _nearest(changes, plasma.start(), plasma.end()),
                parties,
                possible,
                mechanism,
                low,
            )
        for target in targets:
            kind = target.line["target"]
            if kind in seen:
                continue
            change = _nearest(changes, target.start, target.end)
            if change is None and (not target.line["event"] or (carried and carried.line["direction"] == "increased")):
                change = carried
            if change is None and not target.line["event"]:
                continue
            seen.add(kind)
            effect = _effect(text, part, kind, change, parties, possible, mechanism, low, target)
            if effect.affected == "patient" and owner and "toxic" in part:
                effect = replace(effect, affected=owner)
            if target.line["event"] or change is not carried:
                effect = replace(effect, part=text[a:b].strip(" .;,"))
            yield replace(effect, direction="unclear") if either and effect.direction != "unchanged" else effect
        carried = changes[-1] if changes else carried
        owner = parties.owner(part) or owner


def _opposed(
    text: str, part: str, changes: list[Found], parties: Parties, mechanism: tuple[str, str | None]
) -> Iterator[Effect]:
    """The effect of a verb whose object is the drug itself: 'opposes warfarin'."""
    for change in changes:
        behind = part[change.end :].strip()
        acts = change.line["form"] == "verb" and parties.subject == "interactant"
        if acts and behind.startswith(tuple(parties.own)):
            yield Effect("efficacy", change.line["direction"], "this_drug", "affirmed", text.strip(" .;,"), *mechanism)
            return


def _nearest(changes: list[Found], start: int, end: int) -> Found | None:
    """The change that belongs to a target: the last one before it, else the first behind it."""
    before = [c for c in changes if c.start <= start]
    after = [c for c in changes if c.start >= end]
    return before[-1] if before else after[0] if after else None


def _effect(
    text: str,
    part: str,
    target: str,
    change: Found | None,
    parties: Parties,
    possible: bool,
    mechanism: tuple[str, str | None],
    clause: str,
    place: Found | None = None,
) -> Effect:
    direction = change.line["direction"] if change else "increased"
    if change is not None and _inverts(part, target, change, place):
        direction = {"increased": "decreased", "decreased": "increased"}.get(direction, direction)
    negated = _NOT.search(clause) is not None and (_NOT.search(part) is not None or clause.index(part) > 0)
    kind, entity = mechanism
    if kind == "unknown" and target in ("metabolism", "absorption", "elimination"):
        kind = {"metabolism": "unknown", "absorption": "pk_absorption", "elimination": "pk_elimination"}[target]
    affected = _affected(part, clause, target, change, parties, place)
    if negated:
        direction, affected = "unchanged", "none"
    return Effect(
        target,
        direction,
        affected,
        "negated" if negated else "possible" if possible else "affirmed",
        text.strip(" .;,"),
        kind,
        entity,
    )


def _inverts(part: str, target: str, change: Found, place: Found | None) -> bool:
    """Whether more of the thing named is less of the target: a longer half-life, a worse control."""
    half_life = place is not None and part[place.start : place.end].startswith(("half-life", "half life"))
    return half_life or (target == "efficacy" and part[change.start : change.end].startswith("worse"))


def _affected(part: str, clause: str, target: str, change: Found | None, parties: Parties, place: Found | None) -> str:
    """Whose level or effect changes."""
    if _BOTH.search(clause):
        return "both"
    named = parties.owner(part)
    if target == "test_result":
        return "patient"
    if target == "toxicity_risk":
        return named if named and re.search(r"toxic", part) else "patient"
    if named:
        return named
    action = phrasebook("therapeutic_actions").first(part) if target == "efficacy" and parties.own_text else None
    if action:
        return "this_drug" if action.line["stem"] in parties.own_text else "interactant"
    verb_first = change is not None and change.line["form"] == "verb" and (place is None or change.start < place.start)
    if re.search(r"\btheir\b", part):
        return "interactant"  # this drug is one
    if _PRONOUN.search(part):
        at = _PRONOUN.search(part)
        first = at is not None and clause.lstrip().startswith(("its", "their"))
        return parties.subject if first else _object(parties)
    if verb_first:
        return _object(parties)
    if parties.own_modulator and not parties.modulator and target in ("exposure", "metabolism", "elimination"):
        return "interactant"
    if parties.modulator or _KINETIC_NOUN.search(part) or target == "absorption":
        return "this_drug"
    return "unknown"


def _object(parties: Parties) -> str:
    return "this_drug" if parties.subject == "interactant" else "interactant"


@lru_cache(maxsize=1024)
def mechanism_of(text: str) -> tuple[str, str | None]:
    """The mechanism that a text states, and its enzyme, transporter or process."""
    low = lowered(text)
    for name in enzyme_names(text):
        if name.enzyme != "CYP450" or "induc" in low or "inhib" in low:
            return ("pk_transporter" if name.kind == "transporter" else "pk_enzyme"), name.enzyme
    found = phrasebook("interaction_mechanisms").first(low)
    if found:
        return found.line["mechanism"], text[found.start : found.end] if found.line["entity"] else None
    return "unknown", None
