"""Headings, labels and questions to section kinds, through `vocabulary/headings.csv`.

A phrase matches when its words stand in the heading in order; the phrase with most words wins, then the one that
stands first in the file. A phrase with `within` matches only under a section of one of those kinds; with `top` only where no
known section stands above, with `chapter` there too, but as no label; with `alone` only as the whole heading, for its words
say too little beside others ("alone chapter": both).
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

# "How testolol works": of the drug by its name.
_HOW_IT_WORKS = re.compile(
    r"\W*(?:\d[\d.]*\s+)?how\s+(?:does\s+)?(?!(?:we|you|i|they|to|our|your)\s)(?:[\w/-]+\s+){1,3}(?<!pump )(?<!pen )(?<!team )(?<!clinic )(?<!device )(?:works?|acts?)\W*",
    re.I,
)

_SIDE_BY_SIDE = frozenset(("side_effects_common", "side_effects_rare_serious", "side_effects_long_term"))
_TOP, _CHAPTER, _ALONE = "top", "chapter", "alone"

Phrase = tuple[tuple[str, ...], "SectionKind", frozenset[str]]


def words(text: str) -> tuple[str, ...]:
    """The words of a heading: numbering and 'and' dropped, lower case, plural s off, hyphens joined ('contra-indication')."""
    if numbering := _NUMBERING.match(text):
        text = text[numbering.end() :]
    text = text.lower().replace("contra-ind", "contraind").replace("&amp;", " ")
    return tuple(_singular(w) for w in _WORD.findall(text.replace("-", " ")) if w != "and")


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
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
    if within in _SIDE_BY_SIDE:
        within = "side_effects"  # beside "Rare but serious" stands "Long-term", not below it
    if not exact:
        kind = _best(_phrases("headings"), words(heading), within, exact)
        if kind is None and _HOW_IT_WORKS.fullmatch(heading):
            return "mechanism"
        return (in_brief(heading) if kind in _QUALIFYING else None) or kind
    text = words(_BRACKETS.sub(" ", heading))
    while text:
        kind = _best(_phrases("headings"), text, within, exact)
        if kind is not None or text[0] not in _emphasis():
            return kind
        text = text[1:]
    return None


@lru_cache(maxsize=4096)
def is_loose(heading: str) -> bool:
    """Whether only words that say little know a heading, which they do where no known section stands above it.

    >>> is_loose("From mouth to kidney"), is_loose("Kidney impairment and dosing")
    (True, False)
    """
    return section_kind(heading) is not None and section_kind(heading, "faqs") is None


_QUALIFYING = ("summary", "clinical_use_cases")
"""Kinds whose phrases may only say how another section is told: "Kinetics in brief", "Combinations in practice"."""
_PRACTICE = frozenset({("in", "practice"), ("in", "clinical", "practice"), ("in", "daily", "practice")})
_CLEAR = ("pharmacokinetics", "interactions", "contraindications", "side_effects", "monitoring", "pregnancy_lactation")
"""Kinds that a heading names also among other words: "Testolol's side effects in a nutshell"."""
_SMALL_WORDS = frozenset("the of on a an its this drug about for".split())


@lru_cache(maxsize=4096)
def in_brief(heading: str) -> SectionKind | None:
    """The section that a heading names in all its words but those that say how it is told; None where it names none.

    >>> in_brief("Kinetics in brief"), in_brief("Key points: interactions"), in_brief("Protocol in brief")
    ('pharmacokinetics', 'interactions', None)
    """
    text = words(heading)
    for n in range(1, len(text)):
        for way, rest in ((text[-n:], text[:-n]), (text[:n], text[n:])):
            if way not in _ways():
                continue
            kind = _everywhere().get(tuple(w for w in rest if w not in _SMALL_WORDS))
            if kind is None and (loose := section_kind(" ".join(rest))) in _CLEAR:
                kind = loose
            of_cases = way in _PRACTICE and kind is not None and kind.startswith(("usage", "dosage"))
            if kind not in (None, "other", *_QUALIFYING) and not of_cases:  # "Dosing in practice" is told by cases
                return kind
    return None


@cache
def _everywhere() -> dict[tuple[str, ...], SectionKind]:
    """The phrases that stand for a heading wherever it stands, and their kinds."""
    found = [phrase for ranked in _phrases("headings").values() for _, phrase in reversed(ranked)]
    return {phrase: kind for phrase, kind, parents in found if not parents}


@cache
def _ways() -> frozenset[tuple[str, ...]]:
    """The words by which a heading says how its section is told: all phrases of a summary, and "in practice"."""
    return frozenset(phrase for phrase, kind in _everywhere().items() if kind == "summary") | _PRACTICE


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
    if not label and within and within.startswith("side_effects_"):  # "Rare" at the level of "Common"
        within = "side_effects"
    chapter = top and not label and _CHAPTER in parents
    anywhere = parents == {_ALONE}
    return within in parents or anywhere or (top and _TOP in parents) or chapter


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
