"""Maxima that the text states apart from a dose: "The maximum in children is 400 mg daily"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import conditions_of, is_condition
from monopipe.extract.reading import RETOLD, Reading
from monopipe.grammar import read_ceilings, read_lead, read_who
from monopipe.headings import section_kind
from monopipe.tables import DoseLimit, Fact, Regimen

_LIMIT_LABEL = Cued(r"\bmax(?:imum|imal|\.)?(?:\s|$)")
_CLAUSE = re.compile(r"[;|]\s*")


def dose_limits(
    reading: Reading, item: Item, leads: Sequence[str], taken: Sequence[tuple[int, int]], told: Sequence[Regimen]
) -> Iterator[Fact]:
    """One row per maximum of an item that stands outside the doses, which lie at `taken`.

    In a summary or an FAQ a maximum that a dose has been told with is that dose told again.
    """
    for a, b in _clauses(item):
        if any(start < b and end > a for start, end in taken):
            continue
        for ceiling in read_ceilings(item.text[a:b], reading.own_names):
            where = item.at(a, b)
            same = [
                r for r in told if all(getattr(r, k) == v for k, v in ceiling.columns.items() if k.startswith("max"))
            ]
            if item.section in RETOLD and same:
                yield replace(same[0], **where)
                continue
            own = ceiling.columns
            around = _around((*leads, item.label) if item.label and not item.columns else leads)
            columns = {k: v for k, v in around.items() if not ("param" in own and k.startswith("param"))} | own
            indication = _indication(reading, item, leads)
            norms = [norm for _, norm in conditions_of(reading, indication)]
            yield DoseLimit(
                **where,
                rule="ceiling",
                assertion="conditional" if ceiling.condition_text else "affirmed",
                indication_text=indication,
                condition_norm="; ".join(norms) or None,
                condition_text=ceiling.condition_text,
                unread_text=ceiling.unread_text,
                **columns,
            )


def _clauses(item: Item) -> Iterator[tuple[int, int]]:
    """The spans of the clauses of an item; a table row speaks as one, for its first cell says of whom."""
    if item.columns:
        yield 0, len(item.text)
        return
    label = item.label if item.label and _LIMIT_LABEL.search(item.label) else None
    for n, (a, b) in enumerate(item.sentences()):
        start = a
        if n == 0 and label:  # the label is part of what is said: "Maximum: 40 mg a day"
            start = max(item.text.find(label), 0)
        for m in _CLAUSE.finditer(item.text, a, b):
            yield start, m.start()
            start = m.end()
        yield start, b


def _around(leads: Sequence[str]) -> dict[str, Any]:
    """What headings and labels say of whom and by which route, the innermost last."""
    columns: dict[str, Any] = {}
    for lead in leads:
        given = read_lead(lead)
        for first, group in (("param", "param"), ("route_text", "route")):
            if first in given:
                columns = {k: v for k, v in columns.items() if not k.startswith(group)}
        columns.update(given)
    return columns


def _indication(reading: Reading, item: Item, leads: Sequence[str]) -> str | None:
    for lead in (*filter(None, (item.label,)), *reversed(leads)):
        words = lead.strip(" :*")
        if not section_kind(words, exact=True) and is_condition(reading, words) and not read_who(words):
            return words
    return None
