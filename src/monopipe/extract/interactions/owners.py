"""Whose level or effect a part of a clause says to change, and in which direction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from monopipe.extract.drug_words import is_drug
from monopipe.extract.interactions.parties import Effect, Parties
from monopipe.extract.phrasing import Found, phrasebook

_LOWER = re.compile(r"lower\s+(?!its\b|their\b|the\b|plasma\b|serum\b|blood\b)")

NOT = re.compile(
    r"\b(?:no|not(?! (?:recommended|advised|advisable|to be|be)\b)|without|nor|neither|never|cannot|unlikely to)\b"
)

_EACH_OTHER = re.compile(r"\beach\b|\bmutual")
_TOXICITY_OF = re.compile(r"risks? of (?P<name>[\w -]{3,40}?)[ -](?:toxicity|poisoning|intoxication)\b")
_ORGAN = re.compile(
    r"\b(?:renal|kidney|hepatic|liver|cardiac|heart|pulmonary|lung|neurological|ocular|bone marrow|ha?ematological|muscle|skin)\s+$"
)
_BOTH = re.compile(
    r"\beach\b.*\bthe other\b|\bboth drugs\b|\beach other\b|\bmutual|\b(?:of|for) both\b(?! \w+ ?(?:and|or))"
)

_GIVEN_WITH = re.compile(r"\s*(?:is|are)\s+(?:given|taken|combined|used|co-?administered|administered)\b")

_WHEN_GIVEN = re.compile(
    r"\b(?:when|if|while|on|after|during|where)\b[\w ]*?\b(?:given|giving|taken|taking|used|using|combined|combining|co-?administered|co-?administration"
    r"|administered|prescribed|combination)\s+(?:\w+ly\s+|together\s+)?(?:with|after|alongside)\b"
)
"""What stands behind it owns no level that stands before it: "levels rise when it is taken with fluvoxamine"."""

_ACTS = re.compile(r"(?:acts?|works?)\b")

_MAKES = re.compile(r"\b(?:makes?|renders?)\b")

_PRONOUN = re.compile(r"\b(?:its|their)\b")

_KINETIC_NOUN = re.compile(r"\b(?:auc|exposure|cmax|bioavailability)\b")

_THIRD = re.compile(r"\s+(?:of|to)\s+(?:the\s+)?(?P<name>[\w-]+(?:\s+[\w-]+){0,2})")


@dataclass(slots=True)
class Carried:
    """What a part of a clause hands on to the next: "increased levels and toxicity", "not levels or toxicity"."""

    change: Found | None = None
    owner: str | None = None
    affected: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a clause while its effects are made."""

    text: str
    low: str
    start: int
    end: int
    parties: Parties
    mechanism: tuple[str, str | None]
    possible: bool
    carried: Carried

    @property
    def part(self) -> str:
        """The words of the part in lower case."""
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
            kind = PROCESS_KINDS.get(target, "unknown")
            if kind == "pk_elimination" and "hepatic" in self.part:
                kind = "unknown"
        parties = self.parties
        affected = self._affected(target, change, start, end, after)
        if opposed := _opposes(self.part, change, place):
            target, affected = "efficacy", affected if affected != "patient" else opposed
            kind = "pharmacodynamic"
        if (
            target == "toxicity_risk"
            and place is not None
            and place.line["event"] == "value"
            and "paradox" in self.part
        ):
            target, direction, affected = "efficacy", "decreased", "this_drug"  # against what the drug is given for
        action = phrasebook("therapeutic_actions").first(self.part, start) if target == "toxicity_risk" else None
        if action and action.start == start and direction == "decreased":
            target = "efficacy"  # "reduces the sedative effect": what is wanted is lost, no harm averted
            affected = self._affected(target, change, start, end, after)
        own = action is None or action.line["stem"] in parties.own_text
        if action and not own and action.start == start and has_own_action(action.line["drugs"], parties.others):
            target, affected = "efficacy", "interactant"  # the pressor effect of dopamine is its own
        negated = self._is_negated(change, start)
        if negated:
            direction, affected = "unchanged", "none"
        assertion = "negated" if negated else "possible" if self.possible else "affirmed"
        return Effect(target, direction, affected, assertion, self.text.strip(" .;,"), kind, entity)

    def _is_negated(self, change: Found | None, start: int) -> bool:
        """A denial holds for what follows it, "without" only within its part."""
        reach = max(start, change.start if change and change is not self.carried.change else 0)
        return self.carried.negated or any(m.start() < reach for m in NOT.finditer(self.part))

    def _affected(self, target: str, change: Found | None, start: int, end: int, after: int) -> str:
        """Whose level or effect changes."""
        part, parties = self.part, self.parties
        if both := _BOTH.search(self.low):
            named_own = [m[1] for m in parties.mentions(self.low[: both.start()]) if m[2] == "this_drug"]
            acts = named_own and change is not None and change.line["form"] == "verb"
            return "interactant" if acts and not _EACH_OTHER.search(self.low) else "both"
        if target == "test_result":
            return "interactant" if parties.is_test else "patient"
        if target == "efficacy" and _ACTS.match(part, start):
            named_before = {m[2] for m in parties.mentions(part[:start])}  # "testolol may work less well"
            return named_before.pop() if len(named_before) == 1 else parties.subject
        acting = change if change is not None and change is not self.carried.change else None
        verb = acting.start if acting and acting.line["form"] == "verb" and acting.start < start else -1
        if verb >= 0 and _LOWER.match(part, verb):
            verb = -1  # "lower exposure" is an adjective
        if target == "toxicity_risk":
            if risk := _TOXICITY_OF.match(part, start):
                named_there = parties.mentions(risk["name"])
                return named_there[0][2] if len(named_there) == 1 else "patient"
            toxic = part[start:end].startswith("toxic") and not _ORGAN.search(part, 0, start)
            return (parties.owner(part, start, end, verb, after) if toxic else None) or "patient"
        pronoun = _PRONOUN.search(part, 0, start)
        if pronoun is None and (third := _THIRD.match(part, end)) and self._is_third(third["name"]):
            return "unknown"
        if target == "efficacy" and (makes := _MAKES.search(part, 0, start)):
            by = [m for m in parties.mentions(part) if m[1] <= makes.start()]
            if by:  # "testolol makes oral contraceptives less effective"
                return "interactant" if by[-1][2] == "this_drug" else "this_drug"
        given = _WHEN_GIVEN.search(part, end)
        if given and not parties.mentions(part[: given.start()]) and pronoun is None:
            partners = {m[2] for m in parties.mentions(part[given.end() :])}
            if len(partners) == 1:
                return "this_drug" if partners == {"interactant"} else "interactant"
        named = parties.owner(part, start, end, verb)
        if named and not (pronoun and all(m[1] <= pronoun.start() for m in parties.mentions(part))):
            return named
        if target == "efficacy" and (owner := _own_action(part, parties)):
            return "this_drug" if parties.eaten else owner  # what is eaten has no effect of its own to lose
        if target in _LEVELS and _class_of_other(part[:start], parties):
            return "interactant"
        if target == "efficacy" and not pronoun and any("vaccin" in o for o in parties.others):
            return "interactant"  # vaccines change nobody else's effect
        if target == "efficacy" and not pronoun and _is_their_own(part[:start], parties):
            return "interactant"
        if target == "efficacy" and not pronoun and verb < 0 and _is_bare_contraceptive(part, start, parties):
            return "interactant"
        if re.search(r"\btheir\b", part[:start]):
            return "interactant"  # this drug is one
        if pronoun is not None:
            return self._owner_of_pronoun(verb, named)
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
        if target == "absorption":
            return self._absorbed()
        return self._kinetic(part)

    def _absorbed(self) -> str:
        """Whose absorption changes where no word says it: that of the drug that does not act in the gut."""
        if self.parties.own_binds != self.parties.binds:
            return "interactant" if self.parties.own_binds else "this_drug"
        return "unknown"

    def _kinetic(self, part: str) -> str:
        return "this_drug" if self.parties.modulator or _KINETIC_NOUN.search(part) else "unknown"

    def _is_third(self, name: str) -> bool:
        """Whether a name is neither this drug's nor the interactant's."""
        return not self.parties.mentions(name) and is_drug_or_class(name)

    def _owner_of_pronoun(self, verb: int, named: str | None) -> str:
        """Whose "its" is: the subject's at the beginning or behind a noun, the object's behind a verb."""
        if _GIVEN_WITH.match(self.low):
            return self.parties.subject  # "When testolol is given with probenecid, its level is raised"
        acting = self.parties.mentions(self.part[:verb]) if verb >= 0 else []
        if named == "this_drug" or (acting and max(acting)[2] == "this_drug"):
            return "interactant"  # this drug acts on it
        if verb >= 0 and not acting and _names_substance(self.part[:verb]):
            return "this_drug"  # "not with milk, because calcium impairs its absorption"
        if not self.low[:2].strip() or self.low.lstrip().startswith(("its", "their")):
            return self.parties.subject
        if verb < 0 and not self.parties.modulator:
            return self.parties.subject
        return _object(self.parties)


PROCESS_KINDS = {"absorption": "pk_absorption", "elimination": "pk_elimination"}


def _names_substance(before: str) -> bool:
    """Whether the word before a verb is a drug, a food or a supplement."""
    word = before.split()[-1] if before.split() else ""
    found = phrasebook("interactants").first(word)
    return is_drug(word) or (found is not None and (found.start, found.end) == (0, len(word)))


def is_drug_or_class(name: str) -> bool:
    """Whether the words behind "of" name a drug or a class of drugs."""
    words = name.split()
    return any(is_drug(w) or phrasebook("interactant_heads").first(w) is not None for w in words)


_LEVELS = frozenset(("exposure", "metabolism", "elimination"))


def _class_of_other(before: str, parties: Parties) -> bool:
    """Whether what stands right before a level is a class that this drug is none of: "anticonvulsant levels"."""
    action = phrasebook("therapeutic_actions").first(before.rstrip().rsplit(" ", 1)[-1]) if before.strip() else None
    return action is not None and bool(parties.own_text) and action.line["stem"] not in parties.own_text


def _is_their_own(before: str, parties: Parties) -> bool:
    """Whether an effect is the interactants' by their class, or as this drug is known for changing levels.

    The lytic effect is that of fibrinolytics; that of a contraceptive is its own.
    """
    kind = re.search(r"([a-z]{5,})\s+$", before)
    if kind and f" {kind[1]}" not in f" {parties.own_text}" and any(kind[1] in o for o in parties.others):
        return True
    return parties.own_modulator and not before.strip() and any("contracepti" in o for o in parties.others)


def _is_bare_contraceptive(part: str, start: int, parties: Parties) -> bool:
    """Whether the efficacy that nobody is named for is that of contraceptives: "efficacy may be reduced"."""
    bare = not part[:start].strip() and part.startswith(("efficacy", "effectiveness"), start)
    return bare and any("contracepti" in o for o in parties.others) and "contracepti" not in parties.own_text


def _own_action(part: str, parties: Parties) -> str | None:
    """Whose effect it is by its kind: the antihypertensive effect is that of the antihypertensive drug."""
    action = phrasebook("therapeutic_actions").first(part)
    if action is None:
        return None
    if has_own_action(action.line["drugs"], parties.others):
        # where this drug's own text has the word too, it may have the effect as well, or only speak of it
        return None if action.line["stem"] in parties.own_text else "interactant"
    if not parties.own_text:
        return None
    return "this_drug" if action.line["stem"] in parties.own_text else "interactant"


def _inverts(part: str, target: str, change: Found, place: Found | None) -> bool:
    """Whether more of the thing named is less of the target: a longer half-life, a control that worsens, a worse tremor."""
    inverse = place is not None and bool(place.line["inverse"])
    word = part[change.start : change.end]
    if word == "worse":  # less of what is good
        return inverse or target == "toxicity_risk"
    return inverse or (target == "efficacy" and word.startswith("worse"))


def has_own_action(known: str, names: Iterable[str]) -> bool:
    """Whether one of the names is among drugs whose own effect is told of, also in the plural or with more words."""
    drugs = known.split("|") if known else []
    return any(
        name.startswith(drug) and not name[len(drug) : len(drug) + 2].strip("s ,") for name in names for drug in drugs
    )


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
