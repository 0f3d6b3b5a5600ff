"""What the drug is for: condition × disease status × treatment phase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from monopipe.document import Item
from monopipe.extract.conditions import is_condition
from monopipe.extract.indications.labels import in_table, labelled
from monopipe.extract.indications.lists import BRACKET, IN_PLAIN_WORDS, OFF_LABEL, Condition, conditions_in
from monopipe.extract.indications.prose import anchors
from monopipe.extract.indications.rows import age_of_lead, limit_of, prerequisite_in, row_of
from monopipe.extract.indications.sentences import VERB, between_semicolons, examples_in, in_prose, in_sentence
from monopipe.extract.indications.words import age_group, clause_end, is_limit
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import split
from monopipe.headings import section_kind
from monopipe.tables import Indication

_LABEL_NOISE = re.compile(
    r"^(?:(?:main|primary|other|(?:un)?licen[cs]ed|approved|off[- ]label|investigational)\s+)?(?:indications?|uses?|used for)\b.*$"
    r"|^(?:off[- ]label|investigational|licen[cs]ed|unlicen[cs]ed|approved)$",
    re.I,
)


def indications(reading: Reading) -> Iterator[Indication]:
    """One row per condition, status and phase of the usage section; elsewhere only sentences that say "used for"."""
    yield from _found(reading)


@lru_cache(maxsize=4)  # doses ask for the uses again
def _found(reading: Reading) -> tuple[Indication, ...]:
    found: list[Indication] = []
    told: list[tuple[str, set[str]]] = []
    for row in _everywhere(reading):
        words = set(row.condition_norm.split())
        if row.section not in RETOLD:
            told.append((row.assertion, words))
        elif told and not any(row.assertion == said and words <= known for said, known in told):
            continue  # a summary's or description's loose words ("used for common infections") add no indication
        found.append(row)
    return tuple(found)


_DENIES = re.compile(
    r"(?:not|no longer)\s+(?:recommended|indicated|licen[cs]ed|approved|effective|suitable|used|for)\b"
    r"|(?:do not|don't|never)\s+(?:use|give|sell|supply|take|prescribe|offer|recommend)(?:\s+it)?(?=\s+(?:for|in|against|to treat|to prevent)\b)",
    re.I,
)
_OPENS = re.compile(r"\b(?:uses|indications|purposes)\b", re.I)
"""What a label that opens a list of uses says: "Several uses lie outside the licence"."""


def _everywhere(reading: Reading) -> Iterator[Indication]:
    for item in reading.about("usage"):
        if item.kind == "heading":
            continue
        if item.text.rstrip().endswith(":"):
            if item.kind == "paragraph" and item.label is None:
                yield from in_prose(reading, item)  # what it tells before it opens a list
            continue
        label = item.label if item.section != "front_matter" else None
        if label and (denies := _DENIES.match(label)):
            for row in _not_for(reading, item, label, denies.end()):
                row.assertion, row.label_status = "negated", "not_stated"
                yield row
        elif item.cells:
            yield from in_table(reading, item)
        elif (
            label and not _LABEL_NOISE.match(label) and not section_kind(label, exact=True) and item.kind != "paragraph"
        ):
            yield from labelled(reading, item)
        elif item.kind == "list_item" or (label and (_LABEL_NOISE.match(label) or _OPENS.search(label))):
            yield from _listed(reading, item, 0 if label is None else item.rest_start)
        else:
            yield from in_prose(reading, item)


def _not_for(reading: Reading, item: Item, label: str, end: int) -> Iterator[Indication]:
    """What a label denies: the list behind "Not for:", or what it names itself: "NOT for gout - won't work"."""
    named = _ONLY_DENIES.sub("", label[end:]).strip()
    if not named:
        yield from _listed(reading, item, item.rest_start)
        return
    start = item.text.find(label) + label.index(named, end)
    for c in conditions_in(item, start, start + len(named)):
        yield from row_of(reading, item, c, named, c.limits[0], "denied_use")
    for a, b in item.sentences():  # what stands behind the label may deny further uses
        if any(anchor.kind == "denied" for anchor in anchors(item.text, a, b)):
            yield from in_sentence(reading, item, a, b)


_ONLY_DENIES = re.compile(r"^\W*(?:(?:for|in|against|use|uses|to treat|to prevent)\b\W*)*", re.I)


def _listed(reading: Reading, item: Item, start: int) -> Iterator[Indication]:
    """A list item without a label: its words are the condition, its purpose words tell status and phase.

    "Treatment of deep vein thrombosis, and prevention of recurrence."
    """
    parents = [p for p in (item.parent,) if p is not None and p.label is None]
    sentences = list(item.sentences()) if start else [(0, len(item.text))]
    for a, b in (span for s in sentences for span in _with_remarks(reading, item, *s)):
        sentence = item.text[a:b]
        stop = clause_end(item.text, a, b)
        if named := IN_PLAIN_WORDS.search(item.text, a, b):
            stop = max(stop, named.end())
        if a < item.bold_end - 3 and item.bold_end < stop:
            stop = item.bold_end  # "**Focal seizures** with or without generalisation": the bold words name it
        if any(anchor.kind == "denied" for anchor in anchors(item.text, a, stop)) or (
            VERB.search(BRACKET.sub("", item.text[a:stop])) and not parents
        ):
            yield from in_sentence(reading, item, a, b)
            continue
        found = list(conditions_in(item, a, stop))
        for n, c in enumerate(found):
            if a > 0 and not start and not is_condition(reading, c.text):
                continue  # "Cluster headache; adults only"
            also = c.bracket.lower().startswith("also ")
            said = (BRACKET.sub("", item.text[x:y]) for x, y in split(item.text, a, stop) if x >= c.end)
            beside = " ".join(words for words in said if is_limit(words))
            around = item.text[stop:b] if also else f"{c.bracket} {beside} {item.text[stop:b]}"
            for own in c.limits:
                for row in row_of(reading, item, c, sentence, limit_of(own, around), "list_item"):
                    if len(found) > 1:
                        _only_of_member(row, item, (a, b), found, n)
                    yield row
            if also:
                begin = item.text.index(c.bracket, c.start) + len("also ")
                yield from _bracketed(reading, item, begin, begin + len(c.bracket) - len("also "))
        yield from examples_in(reading, item, a, b, sentence)


def _with_remarks(reading: Reading, item: Item, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a list between semicolons, each with the remark behind it: "Asthma; child", "Croup; unlicensed".

    "Keratitis in adults, and uveitis in children" is two members as well.
    """
    spans: list[tuple[int, int]] = []
    for a, b in between_semicolons(item.text, start, end):
        words = item.text[a:b].strip(" .")
        remark = len(words.split()) <= 5 and (
            age_group(words) != "unspecified" or OFF_LABEL.expression.fullmatch(words)
        )
        if spans and remark and not is_condition(reading, words):
            spans[-1] = (spans[-1][0], b)
            continue
        for m in _AND_ANOTHER.finditer(item.text, a, b):
            if _IN_PEOPLE.search(item.text, a, m.start()) and is_condition(reading, m["what"]):
                spans.append((a, m.start()))
                a = m.start("what")
        spans.append((a, b))
    yield from spans


_PEOPLE = r"(?:adults|children|adolescents|infants|neonates|women|men)"
_IN_PEOPLE = re.compile(rf"\sin\s+(?:\w+\s+)?{_PEOPLE}\b", re.I)
_AND_ANOTHER = re.compile(rf",\s+and\s+(?P<what>[^,;.()]{{4,60}}?)(?=\s+in\s+(?:\w+\s+)?{_PEOPLE}\b)", re.I)


def _only_of_member(row: Indication, item: Item, span: tuple[int, int], found: list[Condition], n: int) -> None:
    """Keep age and prerequisite only where the member's own words say them: the last one's tail is not the others'."""
    own = item.text[found[n].start : found[n + 1].start if n + 1 < len(found) else span[1]]
    before = item.text[span[0] : found[0].start]  # "in children, A and B"
    own_age: Any = age_group(f"{before} {own}")
    if row.age_group != "unspecified":
        row.age_group = own_age if own_age != "unspecified" else age_of_lead(item)
    row.prerequisite = prerequisite_in(own) if row.prerequisite else None


def _bracketed(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """Conditions that a bracket adds: "Endocarditis (also prophylaxis of rheumatic fever)"."""
    for c in conditions_in(item, start, end):
        for own in c.limits:
            yield from row_of(reading, item, c, item.text[start:end], own, "in_bracket")
