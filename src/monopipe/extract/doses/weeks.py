"""Weeks that a list or table counts from 0: "Week 0: 160 mg" / "Week 2: 80 mg" / "From week 4: 40 mg every 2 weeks"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from monopipe.document import Item
from monopipe.grammar import Step, render

_ZERO = re.compile(r"\W*(?:(?:at|in)\s+)?(week|month)s?\s+0\b", re.I)
_NUMBERED = re.compile(r"\b(week|month)s?\s+(\d+)\b", re.I)
_NUMBER = re.compile(r"\W*(\d+)\b")
_UNITS: dict[str, Literal["wk", "mo"]] = {"week": "wk", "month": "mo"}


def counted_from_zero(items: Iterable[Item]) -> frozenset[int]:
    """Where the items begin whose list or table has a line for week 0."""
    places: dict[tuple[object, ...], list[tuple[Item, bool]]] = {}
    for item in items:
        if item.kind in ("list_item", "table_row") and not item.structural:
            place = (item.section_ordinal, item.leads, item.columns, item.parent and item.parent.char_start)
            places.setdefault(place, []).append((item, _first_week(item) == 0))
    return frozenset(item.char_start for lines in places.values() if any(z for _, z in lines) for item, _ in lines)


def _first_week(item: Item) -> int | None:
    """The week or month that a line opens with, as its label or in its first cell."""
    if item.columns and item.columns[0].strip(" .").lower().rstrip("s") in _UNITS:
        number = _NUMBER.match(item.cell(0))
        return int(number[1]) if number else None
    if _ZERO.match(item.text):
        return 0
    numbered = _NUMBERED.search(item.label or item.cell(0))
    return int(numbered[2]) if numbered else None


def count_from_zero(item: Item, steps: list[Step]) -> None:
    """Let a line of such a list begin as many weeks on as it says; with no more than one week it is one dose."""
    week = _first_week(item)
    if week is None or len(steps) != 1:
        return
    d = steps[0].dosage
    if week and d.start_after == week - 1 and d.start_after_unit in _UNITS.values():
        d.start_after = float(week)
    elif week == 1 and d.start_after is None:
        d.start_after, d.start_after_unit = 1.0, _UNITS[_unit(item)]
    if d.period_unit is None and d.bounds_unit is None and d.dose_count is None and d.step_kind != "titration":
        d.dose_count = 1
    d.readable = render(d)


def _unit(item: Item) -> str:
    named = _NUMBERED.search(item.label or item.cell(0))
    return (named[1] if named else item.columns[0].strip(" .")).lower().rstrip("s")


__all__ = ["count_from_zero", "counted_from_zero"]
