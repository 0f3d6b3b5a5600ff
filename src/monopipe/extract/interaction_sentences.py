"""Running text on interactions: whom a sentence names, which of its words tell of them, and who acts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monopipe import vocabulary
from monopipe.cues import Cued
from monopipe.extract.drug_words import is_drug
from monopipe.extract.interactants import Interactant, is_described, listed
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.extract.reading import Reading

_VERB_WORDS = sorted(
    {w for line in vocabulary.rows("interaction_verbs") for w in line["words"].split("|")}, key=len, reverse=True
)
VERB = re.compile(rf"\s+(?:each\s+|both\s+|all\s+|also\s+|do not\s+|does not\s+)?(?:{'|'.join(_VERB_WORDS)})\b")
_APPOSITION = re.compile(r",\s+(?:an?|the|which\s+is|which\s+are|itself|both|all)\s+[^,]+,?\s*$")
_NEW_SUBJECT = re.compile(
    r"(?:;|,)\s+(?:and\s+|but\s+|while\s+|whereas\s+)?(?=[\w(])|\s+(?:but|whereas|while)\s+(?=\w)"
)
_BY = re.compile(
    r"\b(?:affected|influenced|altered|changed|reduced|decreased|increased|raised|lowered|impaired|inhibited|enhanced|weakened|potentiated)\s+by\s+"
)
_WITH = Cued(
    r"\b(?:(?:taken|used|given|combined|co-?administered|administered|prescribed|together|contraindicated|interacts?|interactions?|combination|combining|"
    r"caution|treatment|therapy|co-?administration|co-?prescribed|mixed)(?:\s+\w+){0,2}\s+(?:with|include|includes|including|are)"
    r"|(?:concomitant|concurrent|simultaneous|combined)\s+(?:use|administration|treatment|therapy)?\s*(?:of|with)?|interacts? with|interactions (?:include|are)|include|includes|including|such as|"
    r"(?:levels?|concentrations?|effects?|response|toxicity|metabolism|clearance|exposure|absorption|action)\s+(?:of|to)|with|avoid)\s+(?:other\s+)?"
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
    whole: str = ""
    """The clause with its subject, where `text` leaves it out."""


def told_of(reading: Reading, sentence: str) -> list[Told]:
    """What a sentence tells about whom; a clause with interactants of its own for a subject is told by itself."""
    cut = _next_subject(reading, sentence)
    if cut:
        return [*_told_of(reading, sentence[: cut[0]]), *told_of(reading, sentence[cut[1] :])]
    return _told_of(reading, sentence)


def _next_subject(reading: Reading, sentence: str) -> tuple[int, int] | None:
    """Where a clause ends and the next begins with other interactants: "…, and warfarin is unaffected"."""
    if VERB.search(sentence) is None:
        return None
    for m in _NEW_SUBJECT.finditer(sentence, 1):
        if sentence.count("(", 0, m.start()) > sentence.count(")", 0, m.start()) or not VERB.search(
            sentence, 0, m.start()
        ):
            continue
        verb = VERB.search(sentence, m.end())
        head = sentence[m.end() : verb.start()] if verb else ""
        if not head or len(head) > _LONGEST_SUBJECT or any(c in head for c in ",;:"):
            continue
        named = listed(reading, head, trusted=False)
        if named and all(i.kind in ("drug", "drug_class", "enzyme_modulator") and _surely(i) for i in named):
            return m.start(), m.end()
    return None


_LONGEST_SUBJECT = 60


def _surely(interactant: Interactant) -> bool:
    """Whether a name is one of a known drug or class, not merely a word that could be one."""
    return interactant.kind != "drug" or any(is_drug(w) for w in interactant.norm.split())


def _subject_end(sentence: str) -> re.Match[str] | None:
    """The main verb of a sentence; a class described by what its drugs do has a verb of its own."""
    blank = re.sub(r"\([^)]*\)", lambda m: "x" * len(m.group()), sentence)
    verb = VERB.search(blank)
    described = is_described(sentence) and re.match(r"(?:[\w-]+\s+){1,3}(?:that|which|known)\b", sentence)
    if verb and described and verb.start() <= described.end() + 1:
        return VERB.search(blank, verb.end())
    return verb


def _told_of(reading: Reading, sentence: str) -> list[Told]:
    verb = _subject_end(sentence)
    if verb is None:
        bare = listed(reading, sentence, trusted=False)
        if bare:
            return [Told(bare, sentence)]
    head = sentence[: verb.start()].rsplit(";", 1)[-1] if verb else ""
    subject = listed(reading, _APPOSITION.sub("", head), trusted=False) if head else []
    if verb and subject and not _OBJECT_OF.search(head.split("(")[0]):
        extra, cut = _foods(sentence, subject, verb.end())
        clauses = [Told(subject, sentence[verb.start() : cut], whole=sentence[:cut])]
        return [*clauses, Told(extra, sentence[cut:])] if extra else clauses
    if by := _BY.search(sentence):
        agents = _list_behind(reading, sentence, by.end())
        if agents:
            return [Told(agents, sentence)]
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
