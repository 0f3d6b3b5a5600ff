"""Prose on what a drug is for: behind which words its conditions stand, and which of them the text denies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from monopipe import vocabulary
from monopipe.cues import Cued
from monopipe.extract.conditions import names_condition

Kind = Literal["for", "in", "people", "denied", "place"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words behind which conditions stand: where the words begin, and the piece of text that they govern."""

    kind: Kind
    at: int
    start: int
    end: int
    since: int
    """Where the clause begins: behind the conditions of the anchor before."""


COUNTRY = f"(?:the )?(?:{vocabulary.mapping('word_sets', 'set', 'words')['countries']})"


def _pattern(kind: str) -> Cued:
    lines = [
        line["pattern"].replace("{place}", COUNTRY)
        for line in vocabulary.rows("indication_anchors")
        if line["kind"] == kind
    ]
    return Cued(rf"(?:\b(?=\w)|(?=[,;.]))(?:{'|'.join(lines)})(?![\w-])(?:\s*:)?\s*")


_KINDS: tuple[tuple[Kind, Cued], ...] = tuple((k, _pattern(k)) for k in ("denied", "for", "people", "in"))
_PATIENTS = re.compile(rf"\w+(?:\s+\w+)?\s+(?:{_pattern('people').expression.pattern})", re.I)
# "In crusted scabies it is combined with oral ivermectin": the place opens the sentence.
# "No role in asthma, in bronchitis or in croup": the list goes on to its "or".
_IN_LIST = re.compile(r",\s+(?P<by>in|for|against)\s+[^,.;:]{3,60}?,?\s+or\s+(?P=by)\s", re.I)
_TURN = re.compile(r",?\s+(?:and|or),\s")
# "For pneumonia and, combined with metronidazole, for abscesses": what follows belongs to the next use.
_AND_FOR = re.compile(r"(?:(?:,|and|or) (?:also )?for|or (?:also )?(?:in|against|to treat|to prevent)|or)\s*", re.I)
# "Pneumonia and, in a low-dose form, rosacea": what follows the inserted words is one more of the same.
_INSERTED = re.compile(
    r"\b(?:and|or),\s+(?:in|as|at|by|with|under|after|off[- ]label)\b[^,.;:()]{0,40},\s+"
    r"(?!(?:for|in|as|to|it|they|the drug|which|where)\b)",
    re.I,
)
_VERB = re.compile(r",?\s(?:is|are|was|were|has|have|can|may|should|must|will|does|do)\s", re.I)
# "It does not help in gout, and there is": what the verb is said of is no condition.
_NEXT_SUBJECT = re.compile(
    r",?\s(?:and|but|or|so|while|whereas)\s+(?:there|it|they|this|that|these|those|\w+ (?:drug|clinicians|experts|specialists))$"
    r"|,\s+(?:and|but|so|while|whereas)\s+[^,]{1,60}$",
    re.I,
)
# "In pheochromocytoma it is given only after an alpha-blocker" is a precaution.
_ONLY_SO = re.compile(
    r"\b(?:given|used|taken|started)\s+(?:only\s+(?:after|with|under|if|when|once)|with\s+(?:great\s+|special\s+|particular\s+)?(?:caution|care)|cautiously)\b",
    re.I,
)
_DOSE_FIRST = re.compile(r"\s+\d[\d.,–-]*$")
_PLACE = re.compile(
    r"(?:in|for|besides|apart from|in addition to) (?=(?P<words>[^,;.]{4,90}?),? (?:it|they|the (?:drug|vaccine|medicine|tablets?|injection)|\w+) (?:is|are|may|can|has|was|should|shows?|prevents|reduces|relieves|controls|lowers|improves)\b)",
    re.I,
)


_PRONOUN = re.compile(r"\s(?:it|they|this drug|the drug)$", re.I)
_HARMS = re.compile(r"\b(?:harmful|dangerous|contra-?indicated|useless|ineffective|avoided|worse|not|no|never)\b", re.I)


def anchors(text: str, start: int, end: int) -> Iterator[Anchor]:
    """The anchors of a sentence in order, each with its reach.

    >>> t = "It is not effective for gout and should not be used for fever."
    >>> [(a.kind, t[a.start : a.end]) for a in anchors(t, 0, len(t))]
    [('denied', 'gout and '), ('denied', 'fever.')]
    """
    found: list[tuple[int, int, Kind, int]] = []
    place = _PLACE.match(text, start, end)
    if place and not _ONLY_SO.search(text, place.end("words"), end):
        words = _DOSE_FIRST.sub("", place["words"])  # "for the prevention of migraine 5 mg is taken"
        found.append((place.start(), -place.end(), "place", place.start("words") + len(words)))
    for kind, pattern in _KINDS:
        for m in pattern.finditer(text, start, end):
            patients = _PATIENTS.match(text, m.start(), end) if kind == "for" else None
            stop = patients.end() if patients else m.end()  # "used in adults with epilepsy"
            found.append((m.start(), -stop, "people" if patients else kind, end))
    inserted = {m.start(): m.end() for m in _INSERTED.finditer(text, start, end)}
    found += [(at, -stop, "in", end) for at, stop in inserted.items()]
    found.sort(key=lambda f: (f[0], f[1]))
    kept: list[tuple[int, int, Kind, int]] = []
    for at, stop, kind, reach in found:
        if kept and kept[-1][2] == "denied" and (_AND_FOR.fullmatch(text, at, -stop) or _IN_LIST.match(text, at, end)):
            continue  # "not intended for gout or for fever" denies both
        if at in inserted and -stop == inserted[at]:
            if not kept:
                continue
            kind = "denied" if kept[-1][2] == "denied" else "in"
        if not kept or at >= -kept[-1][1]:
            kept.append((at, stop, kind, reach))
    since = start
    for k, (at, stop, kind, reach) in enumerate(kept):
        until = min(reach, kept[k + 1][0] if k + 1 < len(kept) else end)
        verb = _VERB.search(text, -stop, until)
        if verb:
            subject = _NEXT_SUBJECT.search(text, -stop, verb.start())
            # "not indicated for gonorrhoea, and viral infections do not respond" denies both
            denied_too = kind == "denied" and subject is not None and names_condition(subject.group())
            until = subject.start() if subject and not denied_too else verb.start()
            if kind == "in" and (pronoun := _PRONOUN.search(text, -stop, until)):
                if _HARMS.search(text, verb.end(), end):
                    continue  # ", and in epilepsy it is harmful"
                until = pronoun.start()
        turn = _TURN.search(text, -stop, until)
        until = turn.start() if turn else until
        yield Anchor(kind, at, -stop, until, since)
        since = since if kind == "place" else until  # "In children it is used for gout": the place holds for the use
