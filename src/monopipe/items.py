"""The parts of a document: sections, and the items that the ledger counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from monopipe.source import Mapped, Source
from monopipe.tables import SectionKind

ItemKind = Literal["front_matter", "heading", "heading_tail", "paragraph", "list_item", "table_row", "other"]

# A full stop ends a sentence when white space and no lower-case letter follow (but "eGFR" may), and no abbreviation stands
# before it.
# It opens with a set of characters, for which `re` skips ahead.
_SENTENCE_END = re.compile(r"[.!?\n](?:(?<=\n)|(?<!\n)[\"'”’)\]]*(?=\s+(?:[^\sa-z]|[a-z]{1,2}[A-Z]{2})|\s*$))")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|ca|cf|Dr|Prof|St|Fig|incl|resp|max|(?<!/)min|spp|subsp|var)|\b[a-z]\.[a-z](?:\.[a-z])?)$"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The spans of the sentences in text[start:end], trimmed, each with its final mark.

    >>> [("Avoid if CrCl < 30 mL/min (e.g. AKI). Monitor.")[a:b] for a, b in sentences(
    ...     "Avoid if CrCl < 30 mL/min (e.g. AKI). Monitor.")]
    ['Avoid if CrCl < 30 mL/min (e.g. AKI).', 'Monitor.']
    """
    return iter(_sentences(text, start, len(text) if end is None else end))


@lru_cache(maxsize=1024)  # an item's text is asked for its sentences by one extractor after the other
def _sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    at = start
    for m in _SENTENCE_END.finditer(text, start, end):
        if text[m.start()] == "." and m.end() < end and _ABBREVIATION.search(text, max(at, m.start() - 12), m.start()):
            continue
        stop = m.start() if text[m.start()] == "\n" else m.end()
        found.append(trimmed(text, at, stop))
        at = m.end()
    found.append(trimmed(text, at, end))
    return tuple((a, b) for a, b in found if a < b)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the spaces at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


@dataclass
class Section:
    """A heading and what stands under it up to the next heading; ordinal 0 is what stands before the first."""

    ordinal: int
    parent: int | None
    level: int
    heading: str | None
    kind: SectionKind
    topic: SectionKind
    char_start: int
    char_end: int = 0
    known: bool = True
    n_content: int = 0


@dataclass
class Item:
    """One statement of the document as plain text that knows its place in the file."""

    kind: ItemKind
    mapped: Mapped
    source: Source
    section: SectionKind
    """Kind of the section where it stands."""
    topic: SectionKind
    """Kind of the section whose subject it is about; parts from `section` in a summary or an FAQ."""
    char_start: int
    char_end: int
    label: str | None = None
    """The words before its colon, if any: `**Label:** rest`."""
    rest_start: int = 0
    """Where in `text` the words behind the label begin."""
    bold_end: int = 0
    """Length of the bold run that the text begins with."""
    leads: tuple[str, ...] = ()
    """Headings, lead-in sentences and list parents that govern it, outermost first."""
    columns: tuple[str, ...] = ()
    """Column heads, when it is a table row."""
    cells: tuple[tuple[int, int], ...] = ()
    """Spans of its cells in `text`, when it is a table row."""
    depth: int = 0
    """Nesting depth, when it is a list item (1 = outermost)."""
    structural: bool = False
    """Whether it only introduces or labels what follows."""
    section_ordinal: int = 0
    heading_level: int = 0
    question: str | None = None
    """The question that it answers, in an FAQ."""
    parent: Item | None = field(default=None, repr=False)
    """The list item that it is nested in."""
    text: str = field(init=False)
    """The plain text, label included."""

    def __post_init__(self) -> None:
        self.text = self.mapped.text

    @property
    def rest(self) -> str:
        """The plain text behind the label."""
        return self.text[self.rest_start :]

    def cell(self, k: int) -> str:
        """The text of a table row's cell; empty where the row is short."""
        return self.text[slice(*self.cells[k])] if k < len(self.cells) else ""

    def sentences(self) -> Iterator[tuple[int, int]]:
        """The spans in `text` of the sentences behind the label."""
        return iter(_sentences(self.text, self.rest_start, len(self.text)))

    def at(self, start: int, end: int) -> dict[str, Any]:
        """The provenance columns of a fact that text[start:end] says."""
        char_start, char_end = self.mapped.span(start, end)
        line = self.source.line
        return {
            "section": self.section,
            "source_quote": self.source.text[char_start:char_end],
            "line_start": line(char_start),
            "line_end": line(max(char_end - 1, char_start)),
            "char_start": char_start,
            "char_end": char_end,
        }

    def whole(self) -> dict[str, Any]:
        """The provenance columns of a fact that the whole item says, label included."""
        return self.at(0, len(self.text))
