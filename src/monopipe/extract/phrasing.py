"""Phrases of a vocabulary found in a text: what a line's words stand for, wherever one of them occurs.

A vocabulary line lists its phrases in the column `words`, separated by `|`. A trailing `*` stands for any ending
("increas*"), a space also matches a hyphen, and at the same place the longest phrase wins, then the earlier line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from monopipe import vocabulary


class Found(NamedTuple):
    """A phrase in a text: where it stands, and the vocabulary line it belongs to."""

    start: int
    end: int
    line: Mapping[str, str]


class Phrasebook:
    """The phrases of one vocabulary as one pattern."""

    def __init__(self, name: str) -> None:
        entries = [
            (phrase.strip(), line)
            for line in vocabulary.rows(name)
            for phrase in line["words"].split("|")
            if phrase.strip()
        ]
        entries.sort(key=lambda entry: -len(entry[0]))
        self._exact = {_key(phrase): line for phrase, line in reversed(entries) if not phrase.endswith("*")}
        self._stems: list[tuple[str, Mapping[str, str]]] = [(_key(p[:-1]), ln) for p, ln in entries if p.endswith("*")]
        self._pattern = re.compile(_expression(phrase for phrase, _ in entries))

    def scan(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Found]:
        """The phrases in text[start:end], in order, without overlap."""
        text = lowered(text)
        for m in self._pattern.finditer(text, start, len(text) if end is None else end):
            yield Found(m.start(), m.end(), self._line(m.group()))

    def first(self, text: str, start: int = 0, end: int | None = None) -> Found | None:
        """The first phrase in text[start:end]."""
        text = lowered(text)
        m = self._pattern.search(text, start, len(text) if end is None else end)
        return Found(m.start(), m.end(), self._line(m.group())) if m else None

    def _line(self, phrase: str) -> Mapping[str, str]:
        key = _key(phrase)
        line = self._exact.get(key)
        if line is None:
            line = next(line for stem, line in self._stems if key.startswith(stem))
        return line


def lowered(text: str) -> str:
    """The text in lower case with every character in its place, and typographic apostrophes as plain ones."""
    low = text.lower()
    if low.isascii():
        return low
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.replace("’", "'").replace("\u00a0", " ")


def statement(text: str) -> str:
    """A statement as printed, without its final mark."""
    return text.strip(" \t\n\u00a0.;,")


def _key(phrase: str) -> str:
    return " ".join(phrase.replace("-", " ").replace("‑", " ").split())


def _expression(phrases: Iterable[str]) -> str:
    """One pattern for all phrases, branching letter by letter, so that a place in the text is looked at only once."""
    words: dict[str, Any] = {}
    signs: dict[str, Any] = {}
    for phrase in phrases:
        node = words if phrase[0].isalnum() else signs
        for letter in _key(phrase.rstrip("*")):
            node = node.setdefault(letter, {})
        node["*" if phrase.endswith("*") else ""] = {}
    sides = ([rf"\b{_branch(words)}"] if words else []) + ([_branch(signs)] if signs else [])
    return "|".join(sides)


def _branch(node: dict[str, Any], before: str = "") -> str:
    """The pattern of a node: its longer phrases first, then the phrase that ends here."""
    parts = []
    for letter, child in node.items():
        if letter not in ("", "*"):
            parts.append((r"[\s\-‑]+" if letter == " " else re.escape(letter)) + _branch(child, letter))
    if "*" in node:
        parts.append(r"\w*")
    elif "" in node:
        parts.append(r"(?!\w)" if before.isalnum() else "")
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


@cache
def phrasebook(name: str) -> Phrasebook:
    """The phrases of `vocabulary/<name>.csv`."""
    return Phrasebook(name)
