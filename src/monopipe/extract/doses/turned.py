"""Tables turned on their side: a column for each kind of patient or use, a row for the dose, one for how often it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from monopipe.document import Item
from monopipe.grammar import Step, read
from monopipe.grammar.heads import head

_DOSE = ("dose", "single")
# What rows beside the dose say of it.
_BESIDE = {"often": "every ", "bounds": "for ", "over": "over ", "route": ""}
_ROWS = frozenset((*_DOSE, *_BESIDE, "limit", "note"))
_NOTHING = re.compile(r"\W*(?:n/?a|none)?\W*", re.I)
_BARE_TIME = re.compile(r"\d[\d–-]*\s*(?:min|h|d|wk|hours?|days?|weeks?|months?)", re.I)
Words = tuple[tuple[str, ...], ...]
"""For each column behind the first what the other rows say of its dose."""


def turned(items: Iterable[Item]) -> dict[int, Words]:
    """The rows of doses of turned tables, by where they begin in the file."""
    rows = [item for item in items if item.columns and not item.structural]
    found: dict[int, Words] = {}
    for _, group in groupby(rows, key=lambda item: (item.section_ordinal, item.columns)):
        table = list(group)
        kinds = [head(row.cell(0)).kind for row in table]
        doses = [row for row, kind in zip(table, kinds, strict=True) if kind in _DOSE]
        if len(table) < 2 or len(doses) != 1 or not set(kinds) <= _ROWS:
            continue
        beside = [(row, kind) for row, kind in zip(table, kinds, strict=True) if kind in _BESIDE]
        n = len(doses[0].columns)
        found[doses[0].char_start] = tuple(
            tuple(_said(row.cell(k), kind) for row, kind in beside if not _NOTHING.fullmatch(row.cell(k)))
            for k in range(1, n)
        )
    return found


def _said(cell: str, kind: str) -> str:
    return f"{_BESIDE[kind]}{cell}" if _BARE_TIME.match(cell) else cell


def read_turned(item: Item, words: Words, leads: tuple[str, ...], own_names: Iterable[str]) -> list[Step]:
    """The steps of a turned table's row of doses: each cell is read below its column's head, with what other rows say."""
    steps: list[Step] = []
    for k, said in enumerate(words, 1):
        if k >= len(item.cells) or not item.cell(k).strip():
            continue
        start, end = item.cells[k]
        above = (*leads, item.columns[k], *said)
        for step in read(item.text[start:end], leads=above, drug_names=tuple(own_names), columns=(item.cell(0),)):
            step.start, step.end = step.start + start, step.end + start
            step.instruction += k * len(item.text)
            steps.append(step)
    return steps


__all__ = ["Words", "read_turned", "turned"]
