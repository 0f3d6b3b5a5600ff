"""Maxima that stand apart from the doses: on a line of their own below the steps, or "The maximum in children is 400 mg daily"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import conditions_of, is_condition
from monopipe.extract.reading import RETOLD, Reading
from monopipe.grammar import Step, has_dose, is_capped, names_condition, read_ceilings, read_lead, read_who, render
from monopipe.grammar.words import SETS
from monopipe.headings import section_kind
from monopipe.tables import DoseLimit, Fact, Regimen


def _any_of(words: Collection[str]) -> str:
    return r"(?:{})\b\.?".format("|".join(w.replace(" ", r"\s+") for w in sorted(words)))


MAXIMUM = _any_of(SETS["says_maximum"])
"""The names of a maximum as a pattern: "Max.", "ceiling"."""
AT_MOST = _any_of(SETS["says_maximum"] | SETS["says_at_most"])
"""What tells that an amount is a maximum, as a pattern: "max", "not more than"; of a label it may tell a weight or an age."""
_LIMIT_LABEL = Cued(rf"\b{MAXIMUM}(?:\s|$)")
_CLAUSE = re.compile(r"[;|]\s*")

_LINE_OF_LIMIT = re.compile(rf"\W*(?:the\s+|usual\s+|recommended\s+|total\s+|absolute\s+|daily\s+)*{AT_MOST}", re.I)
Limit = dict[str, Any]


def limits_below(items: Iterable[Item], own_names: Collection[str]) -> dict[int, Limit]:
    """The maximum that a line of its own gives to the steps of the list above it, by where each item begins in the file.

    "Start: 5 mg daily" / "Titrate: …" / "Max: 20 mg/day": of items for other people or conditions it is none's.
    """
    found: dict[int, Limit] = {}
    lists: dict[tuple[object, ...], list[Item]] = {}
    last: tuple[object, ...] = ()
    for item in items:
        if item.columns or item.kind not in ("list_item", "paragraph") or not has_dose(item.text):
            last = ()
            continue
        place: tuple[object, ...] = (
            item.section_ordinal,
            item.leads,
            item.depth,
            item.parent and item.parent.char_start,
        )
        if item.kind == "paragraph":
            place = last if last and last[1] == item.leads else ()
        if _LINE_OF_LIMIT.match(item.text):
            limits = read_ceilings(item.text, own_names)
            alone = len(limits) == 1 and not (limits[0].condition_text or limits[0].unread_text)
            steps = lists.pop(place, [])
            nested = not steps and item.parent is not None and has_dose(item.parent.text)
            if nested and item.parent is not None:
                steps = [item.parent]  # "- Gout: 5 mg daily" / "  - Maximum: 20 mg daily"
            if alone and set(limits[0].columns) <= _MAXIMA and (nested or all(map(_only_step, steps))):
                found.update(dict.fromkeys((step.char_start for step in steps), limits[0].columns))
            last = ()
        elif item.kind == "list_item":
            lists.setdefault(place, []).append(item)
            last = place
        else:
            last = ()
    return found


_MAXIMA = frozenset(("max_single_dose", "max_daily_dose", "max_dose_unit"))


def _only_step(item: Item) -> bool:
    """Whether an item's label says no more than which step it is: "Start:", "Week 2:", or nothing."""
    return not item.label or not (names_condition(item.label) or read_who(item.label))


def cap_steps(steps: Sequence[Step], limit: Limit) -> None:
    """Give the steps of an item the maximum that a line below the list says, where it can be theirs."""
    for step in steps:
        d = step.dosage
        if is_capped({k: v for k, v in vars(d).items() if v is not None}, limit):
            for name, value in limit.items():
                setattr(d, name, value)
            d.inherited_fields = "; ".join(filter(None, (d.inherited_fields, *limit)))
            d.readable = render(d)


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
