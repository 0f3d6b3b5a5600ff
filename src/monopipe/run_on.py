"""Bold paragraphs that go on with other sections under a heading that is over.

Ward notes end their headings early: behind the list of interactions stand "**PK:** …", "**Bloods:** …", "**Pairs:**". One such
paragraph may belong to the section; two that name different others show that its heading no longer holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from monopipe.headings import section_kind
from monopipe.items import Item, Section

if TYPE_CHECKING:
    from monopipe.tables import SectionKind

_LISTS = frozenset("interactions side monitoring combinations overdose storage contraindications".split())
"""Families of sections that list one kind of thing; dosing and precautions speak of others' subjects too."""
_AND = re.compile(r"\s*(?:/|&|,|\band\b)\s*")


def divide(sections: Sequence[Section], items: Sequence[Item]) -> None:
    """Give what stands behind a heading that is over to the sections that its bold paragraphs name, and to `other`."""
    here: dict[int, list[Item]] = {s.ordinal: [] for s in sections if s.known and _family(s.kind) in _LISTS}
    for item in items:
        if item.section_ordinal in here:
            here[item.section_ordinal].append(item)
    for section in sections:
        if section.ordinal in here:
            _divide(section, here[section.ordinal])


def _divide(section: Section, here: list[Item]) -> None:
    named: dict[int, SectionKind | None] = {}
    for k, item in enumerate(here):
        if item.kind == "paragraph" and not item.depth and item.label and item.bold_end:
            named[k] = _kind(item.label)
    own = {_family(section.kind)}
    others = {_family(kind) for kind in named.values() if kind} - own
    if section.kind == "contraindications":
        others.discard("pregnancy")  # a reason against the drug
    if len(others) < 2:
        return
    kind: SectionKind | None = None
    for k, item in enumerate(here):
        if k in named and (kind is not None or (named[k] and _family(named[k] or "") not in own)):
            kind = named[k] or "other"
        if kind is not None:
            item.section = item.topic = kind


def _family(kind: str) -> str:
    return kind.split("_")[0]


def _kind(label: str) -> SectionKind | None:
    """The section that a label names: with all its words, or with each of several joined ones ("Bloods/checks")."""
    if kind := section_kind(label, exact=True):
        return kind
    kinds = {section_kind(part, exact=True) for part in _AND.split(label)}
    return kinds.pop() if len(kinds) == 1 else None
