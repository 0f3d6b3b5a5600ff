"""All places that name an effect to one row: which places are the same effect, and which of them decides.

Numbers win over a stated class, that over a heading; any place that calls an effect serious makes it so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from monopipe.document import Item
from monopipe.extract import terms
from monopipe.extract.effects import words as effect_words
from monopipe.extract.effects.frequency import Category
from monopipe.extract.effects.members import Effect
from monopipe.extract.effects.settings import Setting
from monopipe.extract.reading import RETOLD, Reading
from monopipe.tables import SideEffect


@dataclass(slots=True)
class Place:
    """One place that names an effect."""

    item: Item
    effect: Effect
    setting: Setting
    rule: str
    negated: bool = False

    def at(self) -> dict[str, Any]:
        """The provenance columns."""
        return self.item.at(self.effect.start, self.effect.until)


@dataclass(frozen=True, slots=True)
class Naming:
    """A place outside the lists of effects that names one: a precaution, an interaction, overdose, an FAQ."""

    item: Item
    start: int
    end: int

    @property
    def term(self) -> str:
        """The words as printed."""
        return self.item.text[self.start : self.end]


@dataclass(slots=True)
class Merged:
    """The places of one effect, and the keys it goes by."""

    places: list[Place] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    named: list[Naming] = field(default_factory=list)


def merge(reading: Reading, places: list[Place]) -> list[Merged]:
    """Places by effect. A retelling in other words, or a short form defined in the document, is the same effect."""
    merged: list[Merged] = []
    by_key: dict[str, Merged] = {}
    for p in places:
        key = effect_words.same(_full(p.effect.term, reading))
        one = by_key.get(key) or next((by_key[k] for k in _aliases(p, reading) if k in by_key), None)
        if one is None and p.item.section in RETOLD:
            one = _retold(key, merged)
            if one is None and len(merged) > 4 and effect_words.heads_group(p.effect.term):
                continue  # "stomach upset" sums up effects that the sections list one by one
        if one is not None and p.negated != one.places[0].negated:
            if p.negated:
                continue  # the text affirms it elsewhere
            merged.remove(one)
            one = None
        if one is None:
            one = Merged()
            merged.append(one)
        one.places.append(p)
        one.keys.add(key)
        by_key[key] = one
        for alias in _aliases(p, reading):
            by_key.setdefault(alias, one)
            one.keys.add(alias)
    return merged


_NAMED_IN = frozenset({"precautions", "interactions", "overdose", "monitoring", "faqs", "side_effects"})
"""Subjects whose text names effects; where the drug is used for, or must not be, the same word is a disease."""


def name_elsewhere(reading: Reading, merged: list[Merged]) -> None:
    """Find the other places that name the effects, by their words as printed."""
    by_words: dict[str, Merged] = {}
    for one in merged:
        if one.places[0].negated:
            continue
        for p in one.places:
            plain = p.effect.term.lower()
            for name in (plain, effect_words.norm(p.effect.term), plain.removesuffix("s") + "s"):
                by_words.setdefault(name, one)
    if not by_words:
        return
    listing = {p.item.char_start for one in merged for p in one.places}
    for item in reading.document.items:
        subject = "side_effects" if item.topic.startswith("side_effects") else item.topic
        asks = item.section == "faqs" and item.kind == "heading"
        if subject not in _NAMED_IN or (item.section.startswith("side_effects") and item.char_start in listing):
            continue
        if (item.kind == "heading" and not asks) or item.kind == "front_matter":
            continue
        for start, end, name in _named(item.text, by_words):
            one = by_words[name]
            if not any(p.item is item and p.effect.start <= start < p.effect.until for p in one.places):
                one.named.append(Naming(item, start, end))


_IN_WORD = re.compile(r"[\w-]")


def _named(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Where a text names one of these as whole words, the longest first where they overlap.

    Plain searches: a pattern of a document's own names costs more to compile than all of its text to search.

    >>> list(_named("Rash and severe rash; rashes", ["rash", "severe rash"]))
    [(0, 4, 'rash'), (9, 20, 'severe rash')]
    """
    low = text.lower()
    if len(low) != len(text):  # a few capitals outside Latin grow in lower case
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    found: list[tuple[int, int, str]] = []
    for name in filter(None, names):
        start = low.find(name)
        while start >= 0:
            end = start + len(name)
            if not (start and _IN_WORD.match(low[start - 1])) and not _IN_WORD.match(low, end):
                found.append((start, -end, name))
            start = low.find(name, start + 1)
    reached = 0
    for start, end, name in sorted(found):
        if start >= reached:
            yield start, -end, name
            reached = -end


def _full(term: str, reading: Reading) -> str:
    """The words that an abbreviation stands for in this document, or the term itself."""
    return reading.abbreviations.get(term, term)


def _aliases(place: Place, reading: Reading) -> list[str]:
    return [effect_words.same(_full(a, reading)) for a in place.effect.aliases]


def _retold(key: str, merged: list[Merged]) -> Merged | None:
    mine = effect_words.loose(key)
    last = terms.singular(key.split()[-1])
    for one in merged:
        for other in one.keys:
            theirs = effect_words.loose(other)
            if mine == theirs or (mine < theirs and last == terms.singular(other.split()[-1])):
                return one
    return None


def side_effect(one: Merged, reading: Reading) -> SideEffect:
    """The row of an effect from all places that name it; the first place gives the words."""
    first = one.places[0]
    best = min(one.places, key=_rank)
    category, basis, low, high, text = _frequency(best)
    if (
        category is None and basis == "numeric"
    ):  # numbers that reach over a border leave the class to words, not headings
        named = (_frequency(p)[:2] for p in one.places)
        category = next((stated for stated, basis_ in named if stated and basis_ == "stated_category"), None)
    effects_ = [p.effect for p in one.places]
    return SideEffect(
        **first.at(),
        rule=first.rule,
        assertion="negated" if first.negated else "affirmed",
        term=first.effect.term,
        term_norm=effect_words.norm(_full(first.effect.term, reading)),
        parent_term=next((e.parent for e in effects_ if e.parent and e.parent != first.effect.term), None),
        frequency_category=category,
        frequency_basis=cast("Any", basis),
        frequency_low=low,
        frequency_high=high,
        frequency_text=text,
        is_serious=not first.negated
        and any(e.is_serious or p.setting.is_serious for e, p in zip(effects_, one.places, strict=True)),
        is_long_term=not first.negated
        and any(e.is_long_term or p.setting.is_long_term for e, p in zip(effects_, one.places, strict=True)),
        severity=cast("Any", first.effect.severity or "unspecified"),
        body_system=next((p.setting.body_system for p in one.places if p.setting.body_system), None),
        n_mentions=len({(p.item.char_start, p.effect.start) for p in one.places}) + len(one.named),
        n_sections=len({p.item.section for p in one.places} | {n.item.section for n in one.named}),
    )


def _frequency(place: Place) -> tuple[Category | None, str, float | None, float | None, str | None]:
    """Class, what it rests on, the numbers and the words of one place."""
    effect, setting = place.effect, place.setting
    if place.negated:
        return None, "none", None, None, None
    numbers, text = effect.numbers, None
    if numbers:
        text = place.item.text[numbers.start : numbers.end]
    elif (effect.category is None or effect.of_some) and setting.numbers:
        numbers, text = setting.numbers, setting.numbers_text
    category = numbers.category if numbers else None
    if numbers:
        if category is None:
            category = effect.category
        if category is None and numbers.reaches(setting.category):
            category = setting.category
        return category, "numeric", numbers.low, numbers.high, text
    if effect.category and not (effect.of_some and setting.category):
        return effect.category, "stated_category", None, None, effect.category_text
    if setting.category:
        return setting.category, setting.basis, None, None, setting.category_text
    return None, "none", None, None, None


def _rank(place: Place) -> int:
    """Numbers before stated class before heading before nothing; the body before retellings."""
    _, basis, low, high, _ = _frequency(place)
    retold = place.item.section in RETOLD
    if low is not None or high is not None:
        return 0 + retold
    return {"stated_category": 2, "heading": 4, "none": 6}.get(basis, 6) + retold
