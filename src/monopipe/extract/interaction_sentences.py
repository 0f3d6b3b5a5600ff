"""Running text on interactions: whom a sentence names, which of its words tell of them, and who acts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monopipe.extract.interactants import Interactant, listed
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.extract.reading import Reading

VERB = re.compile(
    r"\s+(?:each\s+|both\s+|all\s+)?(?:may|can|could|might|should|must|will|is|are|was|has|have|do|does|cannot|add|adds|raise|raises|lower|lowers|increase|increases|decrease|"
    r"decreases|reduce|reduces|shorten|shortens|deepen|deepens|potentiate|potentiates|enhance|enhances|oppose|opposes|impair|impairs|inhibit|"
    r"inhibits|induce|induces|interact|interacts|affect|affects|alter|alters|block|blocks|weaken|weakens|antagonise|antagonises|antagonize|"
    r"antagonizes|prolong|prolongs|worsen|worsens|cause|causes|lead|leads|double|doubles|delay|delays|bind|binds|need|needs|matter|require|requires)\b"
)
_WITH = re.compile(
    r"\b(?:(?:taken|used|given|combined|co-?administered|administered|prescribed|together|contraindicated|interacts?|interactions?|combination|combining|"
    r"caution|treatment|therapy|co-?administration|co-?prescribed|mixed)(?:\s+\w+){0,2}\s+(?:with|include|includes|including|are)"
    r"|(?:concomitant|concurrent|simultaneous|combined)\s+(?:use|administration|treatment|therapy)?\s*(?:of|with)?|interacts? with|interactions (?:include|are)|include|includes|including|such as|"
    r"(?:levels?|concentrations?|effects?|response|toxicity|metabolism|clearance|exposure|absorption|action)\s+(?:of|to)|with|avoid)\s+(?:other\s+)?",
    re.I,
)
_LIST_END = re.compile(
    r"[.;:?]|\s(?:is|are|may|can|should|must|because|due|as it|since|which|who|that|and (?:may|can|should)|if|when|unless|while|leads?|increases?|raises?|lowers?|for|by|in|at|causes?|results?)\s|,\s+(?:and\s+)?(?:the|a|which|so|as)\s"
)
_OBJECT = re.compile(
    r"\b(?:increase|raise|elevate|decrease|reduce|lower|potentiate|enhance|impair|inhibit|affect|alter|weaken|prolong)(?:s|ing)?\s+(?:the\s+)?"
    r"(?:(?:plasma|serum|blood)\s+)?(?:(?:levels?|concentrations?|effects?|clearance|metabolism|toxicity|exposure)\s+(?:of|to)\s+)?(?P<name>[\w'’ ,/-]+?)"
    r"(?:\s+(?:levels?|concentrations?|exposure|toxicity|clearance|effects?|metabolism|absorption)\b|[.;]|$)",
    re.I,
)
_OBJECT_OF = re.compile(
    r"\b(?:levels?|concentrations?|effects?|response|toxicity|metabolism|clearance|exposure|use|combination)\s+(?:of|to|with)\b",
    re.I,
)


@dataclass(frozen=True)
class Told:
    """Interactants of a sentence, the words about them, and who acts in these words."""

    who: list[Interactant]
    text: str
    subject: str = "interactant"


def told_of(reading: Reading, sentence: str) -> list[Told]:
    """What a sentence tells about whom."""
    verb = VERB.search(re.sub(r"\([^)]*\)", lambda m: "x" * len(m.group()), sentence))
    if verb is None:
        bare = listed(reading, sentence, trusted=False)
        if bare:
            return [Told(bare, sentence)]
    head = sentence[: verb.start()].rsplit(";", 1)[-1] if verb else ""
    subject = listed(reading, head, trusted=False) if head else []
    if verb and subject and not _OBJECT_OF.search(head.split("(")[0]):
        extra, cut = _foods(sentence, subject, verb.end())
        clauses = [Told(subject, sentence[verb.start() : cut])]
        return [*clauses, Told(extra, sentence[cut:])] if extra else clauses
    own_acts = any(lowered(sentence).startswith(n) for n in reading.own_names)
    found: list[Interactant] = []
    for m in _WITH.finditer(sentence):
        found.extend(_list_behind(reading, sentence, m.end()))
    if not found and own_acts:
        m_object = _OBJECT.search(sentence)
        found = listed(reading, m_object["name"], trusted=False) if m_object else []
    found.extend(_foods(sentence, found, 0)[0])
    if not found:
        return []
    about = sentence[verb.start() :] if own_acts and verb else sentence
    return [Told(list(dict.fromkeys(found)), about, "this_drug" if own_acts else "interactant")]


def _list_behind(reading: Reading, sentence: str, start: int) -> list[Interactant]:
    """The longest list of interactants that begins at `start`."""
    ends = [
        m.start()
        for m in _LIST_END.finditer(sentence, start)
        if sentence.count("(", start, m.start()) == sentence.count(")", start, m.start())
    ]
    for end in [*ends[:1], *([len(sentence)] if not ends else [])]:
        return listed(reading, sentence[start:end], trusted=False)
    return []


def _foods(sentence: str, found: list[Interactant], start: int) -> tuple[list[Interactant], int]:
    """Further foods and alcohol named behind `start` outside brackets, and where the first of them stands."""
    text = re.sub(r"\([^)]*\)", lambda m: " " * len(m.group()), sentence)
    more: list[Interactant] = []
    first = len(sentence)
    for place in phrasebook("interactants").scan(text, start):
        words = text[place.start : place.end]
        if place.line["kind"] in ("food", "alcohol") and not any(lowered(words) in lowered(i.text) for i in found):
            more.append(Interactant(words, lowered(words), place.line["kind"]))
            first = min(first, place.start)
    return list(dict.fromkeys(more)), first
