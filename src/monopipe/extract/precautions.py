"""Precautions and warnings: one row a clause, with what it is about and what it recommends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from monopipe import vocabulary
from monopipe.document import Item
from monopipe.extract.phrasing import lowered, phrasebook, statement
from monopipe.extract.reading import Reading
from monopipe.tables import Precaution

_CLAUSE = re.compile(r"\s*;\s+|,\s+(?=but\s)")
_MAY = re.compile(r"\b(?:may|might|could|possibly)\b", re.I)
_REFERENCE = re.compile(r"\bsee\b.*\b(?:information|guideline|protocol|leaflet|section|label)", re.I)
_OPENING = 25
"""A precaution that names its patients does so in its first words."""
_CONDITION = re.compile(r"^\s*(?:if|when|unless|in case)\b", re.I)


def clauses(item: Item, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of a sentence's clauses: parted by semicolons and ', but' where further advice follows."""
    at = start
    for m in _CLAUSE.finditer(item.text, start, end):
        advised = phrasebook("precaution_advice").first(item.text, m.end(), end)
        if m.start() - at > 3 and advised:
            yield at, m.start()
            at = m.end()
    yield at, end


@cache
def _conditions() -> tuple[str, ...]:
    return tuple(ending for line in vocabulary.rows("disease_endings") for ending in line["endings"].split("|"))


def precautions(reading: Reading) -> Iterator[Precaution]:
    """The precautions and warnings of the document."""
    for item in reading.about("precautions"):
        if item.structural or item.kind == "other":
            continue
        spans = item.sentences() if not item.cells else iter([(0, len(item.text))])
        for start, end in spans:
            for a, b in clauses(item, start, end):
                if re.search(r"\w{2}", item.text[a:b]) and not _says_nothing(item.text[a:b]):
                    yield _precaution(item, a, b)


def _says_nothing(text: str) -> bool:
    """Whether the text is only the yes or no of an answer, or sends the reader elsewhere."""
    return text.strip(" .,:–-").lower() in ("yes", "no") or _REFERENCE.search(text) is not None


def _precaution(item: Item, start: int, end: int) -> Precaution:
    detail = item.text[start:end]
    advice = phrasebook("precaution_advice").first(detail)
    conditional = _CONDITION.match(detail)
    return Precaution(
        **item.at(start, end),
        rule="precaution_clause",
        assertion="conditional" if conditional else "possible" if _MAY.search(detail) and not advice else "affirmed",
        category=category(item, detail),  # type: ignore[arg-type]
        topic=item.label or None,
        recommendation=advice.line["recommendation"] if advice else None,  # type: ignore[arg-type]
        detail=statement(detail),
    )


def category(item: Item, detail: str) -> str:
    """What a precaution is about: by its label, which may also name the patients' disease, else by its words."""
    book = phrasebook("precaution_categories")
    by_words = book.first(detail)
    by_label = book.first(item.label) if item.label and item.question is None else None
    if by_label and by_label.line["category"] != "general":
        return by_label.line["category"]
    if by_words and by_words.line["category"] in ("driving", "alcohol"):
        return by_words.line["category"]
    if by_label:
        return "general"
    if item.label and item.question is None and lowered(item.label).rstrip(" .").endswith(_conditions()):
        return "specific_population"
    for lead in reversed(item.leads[-2:]):
        found = book.first(lead)
        if found and (found.line["category"] != "warning" or re.search(r"box", lead, re.I)):
            return found.line["category"]
    if by_words and (by_words.line["category"] == "lifestyle" or by_words.start < _OPENING):
        return by_words.line["category"]
    return "general"
