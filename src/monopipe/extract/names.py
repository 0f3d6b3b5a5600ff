"""Names and classes of the drug."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from monopipe import vocabulary
from monopipe.document import Item
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal, split
from monopipe.tables import DrugClass, DrugName

_KINDS = vocabulary.mapping("name_kinds", "phrase", "kind")
_INTRODUCTION = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)) + r")s?\b(?:\s+names?)?[\s:=]*", re.I
)
_CLAUSE = re.compile(r";|\.(?=\s|$)|\n|(?<=\))\s*,")
_INN_BRACKET = re.compile(r"([A-Za-z][\w -]{2,40}?)\s*\((?:r?INN|International Non-?proprietary Name)\)")
_QUALIFIER = re.compile(r"\s*\(([^()]*)\)")
_SHORT = re.compile(r"[A-Z]{2,6}")
_NO_NAME = re.compile(r"^(?:none|n/a|not available|various|others?|etc|the|it|is|was)\b", re.I)
_CLASS_NOISE = re.compile(r"^(?:an?|the)\s+", re.I)


def names(reading: Reading) -> Iterator[DrugName]:
    """The title, and the names that the alternate-names section gives with their kind."""
    title = reading.document.title_item
    yield _name(title, 0, len(title.text), "title", "front_matter_title")
    for item in reading.about("alternate_names"):
        if item.kind != "front_matter":
            yield from _names_in(item)


def _names_in(item: Item) -> Iterator[DrugName]:
    """Clause by clause: an introducing word ("Brands:", "also sold as", "INN") says what names follow.

    "INN: salbutamol; USAN: albuterol" gives an inn and a synonym.
    """
    for m in _INN_BRACKET.finditer(item.text, item.rest_start):
        yield _name(item, m.start(1), m.end(1), "inn", "name_before_inn")
    kind = _kind(item.label) if item.label else None
    at = item.rest_start
    for end in [m.start() for m in _CLAUSE.finditer(item.text, at)] + [len(item.text)]:
        clause_kind, start = kind, at
        at = end + 1
        introduced = _INTRODUCTION.search(item.text, start, end)
        if introduced and (introduced.start() - start < 12 or kind is None):
            clause_kind = _KINDS[introduced.group(1).lower()]
            if item.text[introduced.end() - 1] == "(" or _inside_bracket(item.text, introduced.start(), start):
                clause_kind = kind
            else:
                start = introduced.end()
        if clause_kind is None or (clause_kind == "inn" and start == item.rest_start and end == start):
            continue
        if clause_kind == kind and introduced is None and start > item.rest_start and kind == "inn":
            continue  # a further sentence behind the INN tells about it
        yield from _listed(item, start, end, clause_kind)


def _listed(item: Item, start: int, end: int, kind: Any) -> Iterator[DrugName]:
    for a, b in split(item.text, start, end):
        qualifier = _QUALIFIER.search(item.text, a, b)
        stop = qualifier.start() if qualifier else b
        name = item.text[a:stop]
        if not 1 < len(name) <= 60 or _NO_NAME.match(name) or len(name.split()) > 5:
            continue
        yield _name(
            item, a, stop, "abbreviation" if kind == "synonym" and _SHORT.fullmatch(name) else kind, "name_list"
        )
        if qualifier:
            inner = _INTRODUCTION.search(item.text, qualifier.start(1), qualifier.end(1))
            if inner:
                inner_end = item.text.find(",", inner.end(), qualifier.end(1))
                yield from _listed(
                    item, inner.end(), inner_end if inner_end > 0 else qualifier.end(1), _KINDS[inner.group(1).lower()]
                )


def _inside_bracket(text: str, position: int, start: int) -> bool:
    return text.count("(", start, position) > text.count(")", start, position)


def _kind(label: str) -> Any:
    m = _INTRODUCTION.search(label)
    return _KINDS[m.group(1).lower()] if m else "synonym" if re.search(r"\bnames?\b", label, re.I) else None


def _name(item: Item, start: int, end: int, kind: Any, rule: str) -> DrugName:
    name = " ".join(item.text[start:end].split())
    return DrugName(**item.at(start, end), rule=rule, name=name, name_norm=normal_name(name), name_kind=kind)


def normal_name(name: str) -> str:
    """A drug name in lower case, without bracketed qualifiers; names are not made singular."""
    return " ".join(_QUALIFIER.sub("", name).lower().split()) or name.lower()


def classes(reading: Reading) -> Iterator[DrugClass]:
    """The classes that the classification section lists.

    "Immunomodulatory agent, antineoplastic agent." gives two.
    """
    for item in reading.about("classification"):
        start = item.cells[1][0] if len(item.cells) > 1 else item.rest_start
        for a, b in split(item.text, start):
            bracket = _QUALIFIER.search(item.text, a, b)
            stop = bracket.start() if bracket else b
            article = _CLASS_NOISE.match(item.text[a:stop])
            begin = a + (article.end() if article else 0)
            name = item.text[begin:b]
            if name and len(name.split()) <= 8:
                yield DrugClass(**item.at(begin, b), rule="class_list", class_name=name, class_norm=normal(name))
