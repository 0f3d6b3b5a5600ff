"""Combinations of drugs: `A + B (condition)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.document import Item
from monopipe.extract.names import normal_name
from monopipe.extract.reading import Reading
from monopipe.tables import Combination, CombinationComponent

_PLUS = re.compile(r"\s+(?:\+|plus|/|&)\s+|\s*\+\s*", re.I)
_CONDITION = re.compile(
    r"\s*(?:\((?P<bracket>.*)\)|\s(?:–|—|-|for|in)\s+(?P<tail>.+)|:\s*(?P<colon>.+))\s*\.?\s*$", re.S
)


def combinations(reading: Reading) -> Iterator[Combination | CombinationComponent]:
    """The combinations that a text lists, and the drugs in each.

    "Lenalidomide + Dexamethasone (Multiple myeloma)" has two components and a condition.
    """
    for item in reading.about("combinations"):
        start = 0 if item.label is None or "+" in item.label else item.rest_start
        for a, b in _lines(item, start):
            yield from _combination(reading, item, a, b)


def _lines(item: Item, start: int) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\n;]+", item.text[start:]):
        yield start + line.start(), start + line.end()


def _combination(reading: Reading, item: Item, start: int, end: int) -> Iterator[Combination | CombinationComponent]:
    text = item.text[start:end]
    condition = _CONDITION.search(text)
    head = text[: condition.start()] if condition else text
    if not _PLUS.search(head):
        condition, head = None, text
    parts = [p.strip(" .,*") for p in _PLUS.split(head)]
    parts = [p for p in parts if p]
    if len(parts) < 2 or any(len(p.split()) > 6 for p in parts):
        return
    norms = [normal_name(p) for p in parts]
    own = [norm in reading.own_names or _names_self(norm, reading) for norm in norms]
    key = " + ".join(sorted(norms))
    said = condition.group("bracket") or condition.group("tail") or condition.group("colon") if condition else None
    place = item.at(start, end)
    yield Combination(
        **place,
        rule="plus_list",
        combination_key=key,
        name=head.strip(" .,"),
        partners="; ".join(p for p, self_ in zip(parts, own, strict=True) if not self_),
        condition_text=said.strip() if said else None,
    )
    for position, (part, norm, self_) in enumerate(zip(parts, norms, own, strict=True), 1):
        yield CombinationComponent(
            **place,
            rule="plus_list",
            combination_key=key,
            position=position,
            component=part,
            component_norm=norm,
            is_self=self_,
        )


def _names_self(norm: str, reading: Reading) -> bool:
    return any(norm.startswith(name + " ") or name.startswith(norm + " ") for name in reading.own_names)
