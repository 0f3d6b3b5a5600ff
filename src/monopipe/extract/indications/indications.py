"""What the drug is for: condition × disease status × treatment phase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from monopipe.document import Item
from monopipe.extract.conditions import is_condition
from monopipe.extract.indications.labels import in_table, labelled
from monopipe.extract.indications.lists import BRACKET, Condition, conditions_in
from monopipe.extract.indications.prose import anchors
from monopipe.extract.indications.rows import age_of_lead, limit_of, prerequisite_in, row_of
from monopipe.extract.indications.sentences import VERB, between_semicolons, examples_in, in_prose, in_sentence
from monopipe.extract.indications.words import age_group, clause_end
from monopipe.extract.reading import RETOLD, Reading
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
    r"(?:not|no longer)\s+(?:recommended|indicated|licen[cs]ed|approved|effective|suitable|used|for)\b", re.I
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
        if label and _DENIES.match(label):
            for row in _listed(reading, item, item.rest_start):
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


def _listed(reading: Reading, item: Item, start: int) -> Iterator[Indication]:
    """A list item without a label: its words are the condition, its purpose words tell status and phase.

    "Treatment of deep vein thrombosis, and prevention of recurrence."
    """
    parents = [p for p in (item.parent,) if p is not None and p.label is None]
    sentences = list(item.sentences()) if start else [(0, len(item.text))]
    for a, b in (span for s in sentences for span in between_semicolons(item.text, *s)):
        sentence = item.text[a:b]
        stop = clause_end(item.text, a, b)
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
            around = item.text[stop:b] if also else f"{c.bracket} {item.text[stop:b]}"
            for own in c.limits:
                for row in row_of(reading, item, c, sentence, limit_of(own, around), "list_item"):
                    if len(found) > 1:
                        _only_of_member(row, item, (a, b), found, n)
                    yield row
            if also:
                begin = item.text.index(c.bracket, c.start) + len("also ")
                yield from _bracketed(reading, item, begin, begin + len(c.bracket) - len("also "))
        yield from examples_in(reading, item, a, b, sentence)


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
