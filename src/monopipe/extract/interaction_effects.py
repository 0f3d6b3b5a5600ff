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

from monopipe.extract.drug_words import is_drug
from monopipe.extract.enzymes import GENERAL
from monopipe.extract.enzymes import names as enzyme_names
from monopipe.extract.phrasing import Found, lowered, phrasebook

CLAUSE_END = re.compile(
    r"\s*;\s*|\.\s+|\s[–—]\s|\.\s*$|,\s+(?:hence|but|so)\s+|\s+but\s+|,?\s+whereas\s+|,\s+although\s+"
)
_PART = re.compile(r",\s+(?:and|or)\s+|,\s+|\s+and/or\s+|\s+and\s+|\s+or\s+|\s+\+\s+")
_LOWER = re.compile(r"lower\s+(?!its\b|their\b|the\b|plasma\b|serum\b|blood\b)")
_METABOLISM = re.compile(
    r"\b(?:inhibit|induc|accelerat|speed|slow|block|stimulat)\w*\s+(?:\w+\s+){0,3}?metabolism|\bmetabolism\s+(?:\w+\s+){0,3}?(?:inhibited|induced|accelerated)"
)
_CAUSE = re.compile(
    r"\b(?:by (?!up|about|\d|mouth|half|a factor)|due to|because|owing to|through|via|as a result of|from|secondary to|since|which in turn)\b"
)
_ASIDE = re.compile(
    r"^(?:even|despite|although|regardless|without|unlike|e\.g\.|for example|in the uk|until|combine only|unless)\b"
)
_ADVICE = re.compile(
    r"\s*(?:please\s+|also\s+|therefore\s+)?(?:(?:close|careful|regular|frequent)(?:ly)?\s+(?:\w+\s+)?(?=monitor|check|observ|watch|surveil|supervis))?"
    r"(?:monitor\w*|check\w*|watch|observe|observation|surveillance|supervision|avoid|use|consider|separate|give|take|keep|stop|withhold|withdraw|discontinue"
    r"|(?:do not|don't|never)\s+(?:use|take|give|combine|exceed|mix|co-?administer|administer|start|rely|stop|drink|eat|prescribe|inject)|advise|caution|titrate|assess|measure|choose|warn|finish|hold|postpone|wait|space|stagger|should|must|needs? to|is to be|are to be"
    r"|(?:cut|halve|reduce|lower|decrease|increase|double|raise|adjust|limit|interrupt)\b(?:\s+[\w-]+){0,4}?\s+(?:doses?|dosage|dosing|intake|infusion|consumption|use))\b"
)
_REASON = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|as|since|on account of|given)\s+|:\s+|\(|,\s+(?=(?:increased?|higher|greater|additive|risk|may|possible|enhanced|severe|reduced|decreased)\b)"
)
_SOUGHT = re.compile(r"\b(?:for|of)\s+(?:signs?\s+(?:and symptoms\s+)?of\s+|symptoms?\s+of\s+|evidence\s+of\s+)?")
_NOT = re.compile(r"\b(?:no|not|without|nor|neither|never|cannot|unlikely to)\b")
_NO_INTERACTION = re.compile(
    r"\b(?:no|not|without|lacks?)\b(?:[\s,-]+\w+){0,5}[\s-]+(?:interaction|interactions|interact)\b|\b(?:do|does|did) not (?:\w+ )?interact"
    r"|\bno (?:\w+ ){0,3}effects?\b|\bno (?:\w+[\s-]){0,3}(?:impact|influence)\b|^\s*none\b(?! of)"
    r"|\b(?:is|are|was|were|remains?) (?:not (?:\w+ly )?(?:affected|changed|altered|impaired|influenced)|(?:\w+ )?(?:unchanged|unaffected|unaltered))\b"
    r"|\b(?:do|does|did) not (?:\w+ly )?(?:affect|alter|influence|interfere with)\b|\bno such effect\b"
    r"|\b(?:do|does|did) not change\b(?=\W*$)|^[^,]{0,60}\b(?:unchanged|unaffected|unaltered)\b(?=\W*$)"
    r"|\bno (?:\w+ ){0,4}(?:changes?|interference|importance|relevance|loss of effect)\b|\bdo(?:es)? not have this effect\b"
    r"|\bof no (?:\w+ )?(?:importance|relevance|significance|consequence)\b|\blittle effect\b|\bnot (?:clinically )?(?:relevant|significant|important)\b"
)
MAY = re.compile(
    r"\b(?:may|might|could|possible|possibly|potential (?:for|to)|theoretical(?:ly)?|said to|thought to|believed to|likely to|expected to|suspected)\b"
)
_BOTH = re.compile(
    r"\beach\b.*\bthe other\b|\bboth drugs\b|\beach other\b|\bmutual|\b(?:of|for) both\b(?! \w+ ?(?:and|or))"
)
_EACH = re.compile(r"^(?:the other|each other|one another)\b")
_OTHERS = re.compile(r"\b(?:these|those|other|both)\s+(?:drugs?|agents?|medicines?|medications?)\b")
_PRONOUN = re.compile(r"\b(?:its|their)\b")
_PLASMA = re.compile(r"\b(?:plasma|serum|blood)\s+(?P<name>[a-z-]{5,})")
_KINETIC_NOUN = re.compile(r"\b(?:auc|exposure|cmax|bioavailability)\b")
_DOSE = re.compile(r"\b(?:doses?|dosages?|dosing)\b")
_SETTING = re.compile(
    r"\b(?P<before>\w+\s+)?(?:in|during|when|if|after|while|with pre-?existing|patients with)\s+(?:[\w-]+\s+){0,4}$"
)
_NO_SETTING = frozenset(
    "result results resulting resulted increase increases rise rises fall falls decrease decreases drop reduction change changes".split()
)
_CONSEQUENCE = re.compile(
    r"\b(?:with|causing|cause|causes|leading to|leads? to|resulting in|results? in|and thus|which|hence)\b"
)
_THIRD = re.compile(r"\s+(?:of|to)\s+(?:the\s+)?(?P<name>[\w-]+(?:\s+[\w-]+){0,2})")
_PROCESSES = {"metabolism": -1, "elimination": -1, "absorption": 1}
"""What happens to exposure as a process goes up."""


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
    leads: bool = False
    """Whether the text tells it as the way to another effect: "blocks secretion and raises levels"."""


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
    is_test: bool = False
    """Whether the interactant is a laboratory test."""
    own_text: str = ""
    """Classes and uses of this drug in lower case, to tell its own effect from another's."""

    def mentions(self, low: str) -> list[tuple[int, int, str]]:
        """Where a piece of text names a party, and which."""
        found = [
            (at, at + len(name), owner)
            for names, owner in ((self.own, "this_drug"), (("this drug",), "this_drug"), (self.others, "interactant"))
            for name in names
            if (at := _place(name, low)) >= 0
        ]
        found += [(m.start(), m.end(), "interactant") for m in _OTHERS.finditer(low)]
        return found

    def owner(self, low: str, start: int = 0, end: int = 0, verb: int = -1, after: int = 0) -> str | None:
        """Whose level or effect stands at a place of a clause, by the nearest name.

        A name before the verb that changes it acts and owns nothing: in "gabapentin lowers hydrocodone exposure" the
        exposure is hydrocodone's.
        """
        named = [m for m in self.mentions(low) if m[0] >= after]
        if not named:
            return None
        passive = [m for m in named if not m[1] <= verb < start]
        if not passive:
            return "interactant" if named[0][2] == "this_drug" else "this_drug"
        return min(passive, key=lambda m: start - m[1] if m[1] <= start else abs(m[0] - end) + 1)[2]


def _place(name: str, low: str) -> int:
    """Where a name begins a word of the text, -1 where it does not."""
    at = low.find(name)
    while at > 0 and low[at - 1].isalnum():
        at = low.find(name, at + 1)
    return at if len(name) > 2 else -1


def effects(text: str, parties: Parties) -> list[Effect]:
    """The effects that a text states, in order, each kind once; a denial only where it states none.

    A clause of advice states an effect only in its reason ("avoid because of bleeding"); where the text says nothing
    else, what the advice tells to look for counts ("monitor for bleeding").
    """
    found: list[Effect] = []
    sought: list[Effect] = []
    denied: Effect | None = None
    for start, end in spans(CLAUSE_END, text, 0, len(text)):
        low = lowered(text[start:end])
        if _ASIDE.match(low):
            continue
        if _NO_INTERACTION.search(low) and not _affirmed_change(low):
            denied = denied or replace(NO_INTERACTION, text=text[start:end].strip())
            continue
        if advice := _ADVICE.match(low):
            reason = _REASON.search(low, advice.end())
            if reason:
                found.extend(_clause(text[start + reason.end() : end], low[reason.end() :], parties))
            elif looked := _SOUGHT.search(low, advice.end()):
                sought.extend(_clause(text[start + looked.end() : end], low[looked.end() :], parties))
            continue
        told = list(_clause(text[start:end], low, parties))
        several = len({e.target for e in told}) > 1
        found.extend(replace(e, text=e.part or e.text) if several else e for e in told)
    unique: dict[tuple[str, str, str], Effect] = {}
    for effect in found or [] if denied else found or [e for e in sought if e.target == "toxicity_risk"]:
        key = effect.target, effect.direction, effect.assertion
        if key not in unique or (unique[key].affected == "patient" and effect.affected not in ("patient", "unknown")):
            unique[key] = effect
    stated = [e for e in unique.values() if e.assertion != "negated"]
    if not stated and (denied or unique):
        return [denied or replace(NO_INTERACTION, text=next(iter(unique.values())).text)]
    return _summed(stated)


def _summed(told: list[Effect]) -> list[Effect]:
    """A process that leads to a change in exposure is its mechanism: "lower clearance with higher levels".

    Two findings side by side ("clearance falls and levels rise") are two effects.
    """
    outcome = next((e for e in told if e.target == "exposure" and e.direction in ("increased", "decreased")), None)
    if outcome is None or outcome.assertion == "negated":
        return told
    kept = []
    for effect in told:
        sign = _PROCESSES.get(effect.target)
        follows = effect.leads and sign is not None and effect.assertion != "negated"
        if follows and (effect.direction == outcome.direction) == (sign == 1) and effect.direction != "unclear":
            if outcome.mechanism_kind == "unknown":
                outcome = replace(outcome, mechanism_kind=effect.mechanism_kind or _PROCESS_KINDS[effect.target])
            if outcome.affected == "unknown":
                outcome = replace(outcome, affected=effect.affected)
            continue
        kept.append(effect)
    return [outcome if e.target == "exposure" and e.direction == outcome.direction else e for e in kept]


def _affirmed_change(low: str) -> bool:
    change = phrasebook("interaction_changes").first(low)
    negation = _NOT.search(low)
    return (
        change is not None
        and change.line["direction"] not in ("none", "unchanged")
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


@dataclass(slots=True)
class _Carried:
    """What a part of a clause hands on to the next: "increased levels and toxicity", "not levels or toxicity"."""

    change: Found | None = None
    owner: str | None = None
    affected: str | None = None
    negated: bool = False


def _clause(text: str, low: str, parties: Parties) -> list[Effect]:
    """The effects of one clause; a change carries on over 'and' and commas: 'increased levels and toxicity'."""
    cause = _CAUSE.search(low)
    region_end = cause.start() if cause and cause.start() > 3 else len(low)
    mechanism = mechanism_of(text)
    carried = _Carried()
    told: list[Effect] = []
    for a, b in spans(_PART, low, 0, region_end):
        if a and _ADVICE.match(low[a:b]):
            continue
        told.extend(_part(text, low, a, b, parties, mechanism, carried))
    if re.search(r"\beither\b", low):
        told = [replace(e, direction="unclear") if e.direction != "unchanged" else e for e in told]
    if any(e.target == "toxicity_risk" and e.direction == "increased" for e in told):
        # "an additive effect with pancytopenia": the event is what the effect comes to
        told = [e for e in told if (e.target, e.direction, e.affected) != ("efficacy", "increased", "unknown")]
    return told


def _part(
    text: str, low: str, a: int, b: int, parties: Parties, mechanism: tuple[str, str | None], carried: _Carried
) -> Iterator[Effect]:
    """The effects of one part of a clause."""
    part = low[a:b]
    changes = [
        c
        for c in phrasebook("interaction_changes").scan(part)
        if part[c.start - 1 : c.start] != "-" and c.line["direction"] != "none"
    ]
    if changes or part.startswith(("with ", "by ", "in ")):
        carried.change = None
    if changes and changes[0].line["form"] == "verb" and not _NOT.search(part):
        carried.negated = False
    targets = [t for t in phrasebook("interaction_targets").scan(part) if not _is_setting(part, t)]
    plasma = _PLASMA.search(part)
    if not targets and not (plasma and changes):
        yield from _opposed(text, part, changes, parties, mechanism)
        carried.change = changes[-1] if changes and not _DOSE.search(part) else carried.change
        carried.negated = carried.negated or _NOT.search(part) is not None
        return
    if _ASIDE.match(part.strip()):
        return
    clause = _Clause(text, low, a, b, parties, mechanism, bool(MAY.search(low[:b])), carried)
    if not targets and plasma:
        yield clause.effect("exposure", _nearest(changes, plasma.start(), plasma.end()), plasma.start(), plasma.end())
    seen: set[str] = set()
    at = 0
    for target in targets:
        kind = target.line["target"]
        event = target.line["event"]
        change = _change_of(part, target, changes, at, carried.change)
        adjacent = not event and 0 < at <= target.start and not part[at : target.start].strip()
        after, at = at, target.end
        degree = part[target.start : target.end] == "fatal" and target is not targets[-1]
        acts = target is not targets[-1] and any(
            c.line["form"] == "verb" and target.end <= c.start <= target.end + 2 for c in changes
        )  # "hypokalaemia favours digoxin toxicity" is about the toxicity
        if kind in seen or adjacent or degree or acts or (change is None and event != "1"):
            continue
        seen.add(kind)
        effect = clause.effect(kind, change, target.start, target.end, target, after)
        if effect.affected == "patient" and carried.owner and "toxic" in part:
            effect = replace(effect, affected=carried.owner)
        if event or change is not carried.change:
            effect = replace(effect, part=text[a:b].strip(" .;,"))
        if effect.affected in ("this_drug", "interactant", "both") and kind != "toxicity_risk":
            carried.affected = effect.affected
        acts = change is not None and change.line["form"] == "verb"
        yield replace(effect, leads=acts or target is not targets[-1])
    carried.change = changes[-1] if changes else carried.change
    carried.owner = parties.owner(part) or carried.owner
    carried.negated = carried.negated or any(n.group() != "without" for n in _NOT.finditer(part))


def _is_setting(part: str, target: Found) -> bool:
    """Whether an event is only where or when something else happens: "in anaphylaxis", "in renal impairment"."""
    if target.line["event"] != "1" or target.line["target"] != "toxicity_risk":
        return False
    m = _SETTING.search(part, 0, target.start)
    return m is not None and (m["before"] or "").strip() not in _NO_SETTING


def _change_of(part: str, target: Found, changes: list[Found], at: int, carried: Found | None) -> Found | None:
    """The change that belongs to a target.

    An untoward event is increased by itself: a change before it counts unless another target or a word like "with"
    stands between them, as in "lower levels with a risk of rejection".
    """
    event = target.line["event"]
    if event == "1" and target.line["target"] != "test_result":
        before = [c for c in changes if c.end <= target.start]
        after = [c for c in changes if c.start >= target.end]
        if before and before[-1].start >= at and not _CONSEQUENCE.search(part, before[-1].end, target.start):
            return before[-1]
        if not before and after and after[0].line["form"] == "noun":
            return after[0]
        own = carried is not None and carried.line["direction"] == "increased" and not before
        return carried if own else None
    return _nearest(changes, target.start, target.end) or carried


def _opposed(
    text: str, part: str, changes: list[Found], parties: Parties, mechanism: tuple[str, str | None]
) -> Iterator[Effect]:
    """The effect of a verb whose object is the drug itself: 'opposes warfarin', 'binds oral vancomycin'."""
    possible = "possible" if MAY.search(part) else "affirmed"
    for change in changes:
        target = change.line["object"]
        if not target or _NOT.search(part):
            continue
        behind = re.sub(r"^(?:the|oral|it\b)\s*", "", part[change.end :].strip()) or "it"
        kind = ("pk_absorption", None) if target == "absorption" else mechanism
        acts = parties.subject == "interactant"
        direction = change.line["direction"]
        if _EACH.match(behind):
            yield Effect(target, direction, "both", possible, text.strip(" .;,"), *kind)
            return
        if acts and behind.startswith((*parties.own, "this drug")):
            yield Effect(target, direction, "this_drug", possible, text.strip(" .;,"), *kind)
            return
        if behind.startswith(parties.others) and parties.others and (not acts or _own_acts(part, change, parties)):
            yield Effect(target, direction, "interactant", possible, text.strip(" .;,"), *kind)
            return


def _own_acts(part: str, change: Found, parties: Parties) -> bool:
    return any(owner == "this_drug" and end <= change.start for _, end, owner in parties.mentions(part))


def _nearest(changes: list[Found], start: int, end: int) -> Found | None:
    """The change that belongs to a target: the last one before it, else the first behind it."""
    before = [c for c in changes if c.start <= start]
    after = [c for c in changes if c.start >= end]
    return before[-1] if before else after[0] if after else None


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a clause while its effects are made."""

    text: str
    low: str
    start: int
    end: int
    parties: Parties
    mechanism: tuple[str, str | None]
    possible: bool
    carried: _Carried

    @property
    def part(self) -> str:
        return self.low[self.start : self.end]

    def effect(
        self, target: str, change: Found | None, start: int, end: int, place: Found | None = None, after: int = 0
    ) -> Effect:
        """The effect on a target that stands at start:end of the part, behind another that ends at `after`."""
        direction = change.line["direction"] if change else "increased"
        if place is not None and place.line["event"] == "value":
            direction = "increased"
        elif change is not None and _inverts(self.part, target, change, place):
            direction = {"increased": "decreased", "decreased": "increased"}.get(direction, direction)
        kind, entity = self.mechanism
        if kind == "unknown" and not (place is not None and place.line["inverse"]):
            kind = _PROCESS_KINDS.get(target, "unknown")
            if kind == "pk_elimination" and "hepatic" in self.part:
                kind = "unknown"
        affected = self._affected(target, change, start, end, place, after)
        if opposed := _opposes(self.part, change, place):
            target, affected = "efficacy", affected if affected != "patient" else opposed
            kind = "pharmacodynamic"
        negated = self._is_negated(change, start)
        if negated:
            direction, affected = "unchanged", "none"
        assertion = "negated" if negated else "possible" if self.possible else "affirmed"
        return Effect(target, direction, affected, assertion, self.text.strip(" .;,"), kind, entity)

    def _is_negated(self, change: Found | None, start: int) -> bool:
        """A denial holds for what follows it, "without" only within its part."""
        reach = max(start, change.start if change and change is not self.carried.change else 0)
        return self.carried.negated or any(m.start() < reach for m in _NOT.finditer(self.part))

    def _affected(
        self, target: str, change: Found | None, start: int, end: int, place: Found | None, after: int
    ) -> str:
        """Whose level or effect changes."""
        part, parties = self.part, self.parties
        if _BOTH.search(self.low):
            return "both"
        if target == "test_result":
            return "interactant" if parties.is_test else "patient"
        acting = change if change is not None and change is not self.carried.change else None
        verb = acting.start if acting and acting.line["form"] == "verb" and acting.start < start else -1
        if verb >= 0 and _LOWER.match(part, verb):
            verb = -1  # "lower exposure" is an adjective
        if target == "toxicity_risk":
            toxic = part[start:end].startswith("toxic")
            return (parties.owner(part, start, end, verb, after) if toxic else None) or "patient"
        pronoun = _PRONOUN.search(part, 0, start)
        if pronoun is None and (third := _THIRD.match(part, end)) and self._is_third(third["name"]):
            return "unknown"
        named = parties.owner(part, start, end, verb)
        if named and not (pronoun and all(m[1] <= pronoun.start() for m in parties.mentions(part))):
            return named
        if target == "efficacy" and parties.own_text and (owner := _own_action(part, parties)):
            return owner
        if target == "efficacy" and not pronoun and any("vaccin" in o for o in parties.others):
            return "interactant"  # vaccines change nobody else's effect
        if re.search(r"\btheir\b", part[:start]):
            return "interactant"  # this drug is one
        if pronoun is not None:
            return self._owner_of_pronoun(pronoun, verb, named)
        if verb >= 0:
            return _object(parties)
        if self.start and self.carried.affected:
            return self.carried.affected
        if target in ("exposure", "metabolism", "elimination"):
            if parties.own_modulator != parties.modulator:
                return "interactant" if parties.own_modulator else "this_drug"
            if parties.own_modulator:
                return "unknown"
            if drug := re.search(r"([a-z]{6,})\s+$", part[:start]):
                return "interactant" if is_drug(drug[1]) else "unknown" if target != "exposure" else self._kinetic(part)
        return self._kinetic(part) if target != "absorption" else "this_drug"

    def _kinetic(self, part: str) -> str:
        return "this_drug" if self.parties.modulator or _KINETIC_NOUN.search(part) else "unknown"

    def _is_third(self, name: str) -> bool:
        """Whether a name is neither this drug's nor the interactant's."""
        return not self.parties.mentions(name) and is_drug_or_class(name)

    def _owner_of_pronoun(self, pronoun: re.Match[str], verb: int, named: str | None) -> str:
        """Whose "its" is: the subject's at the beginning or behind a noun, the object's behind a verb."""
        if named == "this_drug":
            return "interactant"  # this drug acts on it
        if not self.low[:2].strip() or self.low.lstrip().startswith(("its", "their")):
            return self.parties.subject
        if verb < 0 and not self.parties.modulator:
            return self.parties.subject
        return _object(self.parties)


_PROCESS_KINDS = {"absorption": "pk_absorption", "elimination": "pk_elimination"}


def is_drug_or_class(name: str) -> bool:
    """Whether the words behind "of" name a drug or a class of drugs."""
    words = name.split()
    return any(is_drug(w) or phrasebook("interactant_heads").first(w) is not None for w in words)


def _own_action(part: str, parties: Parties) -> str | None:
    """Whose effect it is by its kind: the antihypertensive effect is that of the antihypertensive drug."""
    action = phrasebook("therapeutic_actions").first(part)
    if action is None:
        return None
    return "this_drug" if action.line["stem"] in parties.own_text else "interactant"


def _inverts(part: str, target: str, change: Found, place: Found | None) -> bool:
    """Whether more of the thing named is less of the target: a longer half-life, a worse control."""
    inverse = place is not None and bool(place.line["inverse"])
    return inverse or (target == "efficacy" and part[change.start : change.end].startswith("worse"))


_ANTAGONISM = re.compile(r"antagoni[sz]|oppos|revers|counteract|abolish|inhibit")
_EFFECT_OF_ONE = re.compile(r"vaso|bronchodil|pressor")


def _opposes(part: str, change: Found | None, place: Found | None) -> str | None:
    """Who loses an effect when a text says that a vascular effect is antagonised: the drug that the verb acts on."""
    if change is None or place is None or not _EFFECT_OF_ONE.match(part, place.start):
        return None
    if not _ANTAGONISM.match(part, change.start):
        return None
    return "this_drug" if change.line["form"] == "verb" and change.start < place.start else "interactant"


def _object(parties: Parties) -> str:
    return "this_drug" if parties.subject == "interactant" else "interactant"


@lru_cache(maxsize=1024)
def mechanism_of(text: str) -> tuple[str, str | None]:
    """The mechanism that a text states, and its enzyme, transporter or process."""
    low = lowered(text)
    for name in enzyme_names(text):
        if name.enzyme != GENERAL or "induc" in low or "inhib" in low:
            return ("pk_transporter" if name.kind == "transporter" else "pk_enzyme"), name.enzyme
    if _METABOLISM.search(low):
        return "pk_enzyme", None
    found = phrasebook("interaction_mechanisms").first(low)
    if found:
        return found.line["mechanism"], text[found.start : found.end] if found.line["entity"] else None
    return "unknown", None
