"""What headings, labels and the words of a sentence say about the effects below or beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from monopipe import vocabulary
from monopipe.cues import Cued
from monopipe.extract.effects import frequency
from monopipe.extract.effects import words as effect_words
from monopipe.extract.effects.frequency import Category, Frequency
from monopipe.extract.effects.members import HOW_BAD, is_long_term, is_serious

Basis = Literal["heading", "stated_category"]
_SERIOUS_LABEL = Cued(
    r"\b(?:serious|severe|dangerous|nasty|grave|alarming|life-threatening|fatal|boxed|black box|emergency|red flags?)\b"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What headings and labels say about the effects below them."""

    category: Category | None = None
    category_text: str | None = None
    basis: Basis = "heading"
    numbers: Frequency | None = None
    numbers_text: str | None = None
    is_serious: bool = False
    is_long_term: bool = False
    body_system: str | None = None
    parent: str | None = None


@lru_cache(maxsize=4096)
def heading(text: str) -> Setting:
    """What a heading or label says: frequency class, numbers, seriousness, long use, body system; else nothing."""
    plain = _said_first(_NUMBERING.sub("", text).strip(" :*?."))
    if plain.lower() in frequency.labels():
        return Setting(category=frequency.labels()[plain.lower()], category_text=plain)
    bare = _BRACKET.sub(" ", plain)
    often = HOW_BAD.sub(" ", plain)  # without "sometimes severe"
    stated = frequency.stated(_BRACKET.sub(" ", often), heads=True) or frequency.stated(often, heads=True)
    numbers = frequency.numeric(plain)
    if numbers:
        bare = bare.replace(plain[numbers.start : numbers.end], " ")
    if not (_is_generic(bare) or _is_about_effects(bare) or not bare.strip()):
        if is_about_long_use(bare):
            return Setting(is_long_term=True)
        if _SEEK_HELP.search(bare):
            return Setting(is_serious=True)
        if system := body_system(bare):
            return Setting(body_system=system)
        meant = _BRACKET.search(plain)  # "Down the road (long-term)", "Nuisances (common)"
        return heading(meant.group().strip("()")) if meant and not effect_words.is_effect(bare) else Setting()
    return Setting(
        category=stated[0] if stated else None,
        category_text=stated[1] if stated else None,
        numbers=numbers,
        numbers_text=plain[numbers.start : numbers.end] if numbers else None,
        is_serious=bool(_SERIOUS_LABEL.search(plain)),
        is_long_term=is_long_term(plain) or is_about_long_use(bare),
    )


# "See a doctor straight away if you get:"
_SEEK_HELP = Cued(
    r"\b(?:see|call|contact|tell|ring|phone|go to|get|seek)\b[^.;:]{0,60}\b(?:straight away|right away|immediately|at once|urgently|without delay|emergency|ambulance)\b|\bstop (?:taking|using) (?:it|this|the)\b[^.;:]{0,40}\bif you\b"
)
_NUMBERING = re.compile(r"^\s*(?:\d+(?:\.\d+)*\.?|[a-z][.)]|\([a-z]\))\s+(?=\D)(?!(?:in|out|of|per|to|or|and)\b|[%–-])")


def _said_first(heading: str) -> str:
    """A heading without the remark behind it: "Rare but serious: call for help", "Serious and worth a call"."""
    for parted_by in (_REMARK, _COMMA, _AND):
        head = parted_by.split(heading, maxsplit=1)[0]
        says = head != heading and (frequency.stated(head, heads=True) or _SERIOUS_LABEL.search(head))
        whole = parted_by is not _REMARK and (_is_generic(heading) or frequency.numeric(heading))
        whole = whole or (parted_by is _AND and effect_words.is_effect(heading))
        if says and _is_generic(head) and not whole:
            return head
    return heading


_REMARK = re.compile(r":\s+|\s+[–—-]\s+")
_COMMA = re.compile(r",\s+")
_AND = re.compile(r"\s+and\s+", re.I)
_BRACKET = re.compile(r"\([^)]*\)")


@cache
def _heading_words() -> dict[str, frozenset[str]]:
    return {line["kind"]: frozenset(line["words"].split("|")) for line in vocabulary.rows("effect_headings")}


def _is_generic(text: str) -> bool:
    """Whether a heading holds only words about side effects as such, those that only headings use included."""
    classed = frequency.class_words(heads=True).sub("common", text)
    kept = " ".join(w for w in _heading_token.findall(classed) if w.lower() not in _heading_words()["general"])
    return bool(text.strip()) and (not kept or effect_words.is_generic(kept))


_heading_token = re.compile(r"[^\s,;]+")


def is_about_long_use(text: str) -> bool:
    """Whether a heading or label only says that what follows comes of long use.

    >>> is_about_long_use("Late effects"), is_about_long_use("After months or years"), is_about_long_use("Late nights")
    (True, True, False)
    """
    known = _heading_words()
    tokens = [w for w in effect_words.words(re.sub("[-/]", " ", text)) if not w[0].isdigit()]
    said = f" {' '.join(tokens)} "
    if not any(f" {phrase} " in said for phrase in known["long_use"]):
        return False
    rest = [w for w in tokens if w not in known["time"] and w not in known["general"]]
    return not rest or effect_words.is_generic(" ".join(rest))


def _is_about_effects(text: str) -> bool:
    """Whether a heading, lead-in or question speaks of side effects as such: "What are the common side effects of X"."""
    return bool(
        re.search(
            r"\b(?:side[- ]?effects|adverse (?:effects|reactions|drug|events)|undesirable effects|"
            r"the following (?:effects|reactions|events|symptoms|complaints))\b",
            text,
            re.I,
        )
    )


@cache
def _systems() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for line in vocabulary.rows("body_systems"):
        kinds.setdefault(line["kind"], set()).update(line["words"].split("|"))
    return {k: frozenset(v) for k, v in kinds.items()}


@lru_cache(maxsize=4096)
def body_system(text: str) -> str | None:
    """The body system that a label names, as printed; None when it holds other words."""
    known = _systems()
    tokens = effect_words.words(text)
    if not tokens or not any(t in known["name"] for t in tokens):
        return None
    if all(t in known["name"] or t in known["noun"] for t in tokens):
        return " ".join(text.split()).strip(" :")
    return None


def combined(outer: Setting, inner: Setting, basis: Basis) -> Setting:
    """What the inner words say, on top of the outer: a class of their own replaces class, numbers and seriousness."""
    if inner == Setting():
        return outer
    said = inner.category is not None or inner.numbers is not None
    return Setting(
        category=inner.category or outer.category,  # numbers that lie in no one class leave the outer one to be asked
        category_text=inner.category_text if said else outer.category_text,
        basis=basis if inner.category else outer.basis,
        numbers=inner.numbers if said else outer.numbers,
        numbers_text=inner.numbers_text if said else outer.numbers_text,
        is_serious=inner.is_serious
        or (outer.is_serious and not inner.is_long_term and not (said and basis == "heading" and inner.category)),
        is_long_term=inner.is_long_term or outer.is_long_term,
        body_system=inner.body_system or outer.body_system,
        parent=outer.parent,
    )


def said(text: str, start: int, end: int) -> Setting:
    """What the words around a list in a sentence state about it."""
    about = text[start:end]
    stated = frequency.stated(about)
    numbers = frequency.numeric(text, start, frequency.before_comparison(text, start, end))
    return Setting(
        category=stated[0] if stated else None,
        category_text=stated[1] if stated else None,
        numbers=numbers,
        numbers_text=text[numbers.start : numbers.end] if numbers else None,
        is_serious=is_serious(about) and not numbers,
        is_long_term=is_long_term(about),
    )
