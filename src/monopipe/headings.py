"""Headings, labels and questions to section kinds, through `vocabulary/headings.csv`.

A phrase matches when its words stand in the heading in order; the phrase with most words wins, then the one that
stands first in the file. A phrase with `within` matches only under a section of one of those kinds; with `top` only where no
known section stands above, with `alone` only as the whole heading, for its words say too little beside others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from monopipe import vocabulary

if TYPE_CHECKING:
    from monopipe.tables import SectionKind

_NUMBERING = re.compile(
    r"^\s*(?:(?:section|part)\s+)?(?:\(?\d{1,2}(?:\.\d{1,2})*[.):]?|[ivx]{1,4}[.)]|[a-h][.)])\s+", re.I
)
_WORD = re.compile(r"[a-z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)")

_TOP, _ALONE = "top", "alone"

Phrase = tuple[tuple[str, ...], "SectionKind", frozenset[str]]


def words(text: str) -> tuple[str, ...]:
    """The words of a heading: numbering and 'and' dropped, lower case, plural s off, hyphens joined ('contra-indication')."""
    if numbering := _NUMBERING.match(text):
        text = text[numbering.end() :]
    text = text.lower().replace("contra-ind", "contraind").replace("&amp;", " ")
    return tuple(_singular(w) for w in _WORD.findall(text.replace("-", " ")) if w != "and")


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@cache
def _phrases(name: str) -> dict[str, list[tuple[int, Phrase]]]:
    """The phrases of a vocabulary by their first word, with their rank in the file."""
    index: dict[str, list[tuple[int, Phrase]]] = {}
    for rank, line in enumerate(vocabulary.rows(name)):
        phrase: Phrase = (words(line["phrase"]), line["kind"], frozenset(line.get("within", "").split()))  # type: ignore[assignment]
        index.setdefault(phrase[0][0], []).append((rank, phrase))
    return index


def _in_order(phrase: Sequence[str], text: Sequence[str]) -> bool:
    rest = iter(text)
    return all(word in rest for word in phrase)


@lru_cache(maxsize=4096)
def section_kind(heading: str, within: SectionKind | None = None, *, exact: bool = False) -> SectionKind | None:
    """The section kind of a heading under a section of kind `within`; None when no phrase matches.

    With `exact` the phrase must be the whole heading, but for brackets and words of emphasis before it: so labels
    inside a section are matched ("Main side effects").
    """
    if not exact:
        return _best(_phrases("headings"), words(heading), within, exact)
    text = words(_BRACKETS.sub(" ", heading))
    while text:
        kind = _best(_phrases("headings"), text, within, exact)
        if kind is not None or text[0] not in _emphasis():
            return kind
        text = text[1:]
    return None


@cache
def _emphasis() -> frozenset[str]:
    return frozenset(vocabulary.mapping("word_sets", "set", "words")["heading_emphasis"].split("|"))


@lru_cache(maxsize=4096)
def question_topic(question: str) -> SectionKind | None:
    """The section kind that a question asks about, through `vocabulary/questions.csv`."""
    return _best(_phrases("questions"), words(question), None, False)


def _stands(parents: frozenset[str], within: SectionKind | None, label: bool) -> bool:
    """Whether a phrase that is not for everywhere may stand for a heading, or a label, under a section of kind `within`."""
    top = within == "other" or (within is None and not label)
    return within in parents or _ALONE in parents or (top and _TOP in parents)


def _best(
    index: dict[str, list[tuple[int, Phrase]]], text: tuple[str, ...], within: SectionKind | None, exact: bool
) -> SectionKind | None:
    best: tuple[int, int] | None = None
    kind: SectionKind | None = None
    for k, word in enumerate(text[:1] if exact else text):  # only at its beginning can a phrase be the whole
        for rank, (phrase, phrase_kind, parents) in index.get(word, ()):
            if parents and not _stands(parents, within, exact):
                continue
            if (exact or _ALONE in parents) and (k or len(phrase) != len(text)):
                continue
            score = (len(phrase) + (within in parents), -rank)
            if (best is None or score > best) and _in_order(phrase, text[k:]):
                best, kind = score, phrase_kind
    return kind
