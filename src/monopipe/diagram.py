"""The tables and their references as a picture (SVG), from the declarations of the tables."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from monopipe.schema import Column, Table
from monopipe.tables import TABLES

_WIDTH, _LINE, _HEAD, _GAP = 236, 15, 22, 14
_TRUNK = 34
"""Room left of a column of boxes, in which the line from `drugs` runs."""
_COLUMNS = 3


def svg() -> str:
    """All tables: those of the documents and runs at the left, those that refer to a drug in columns beside them."""
    of_drugs = [t for t in TABLES.values() if any(c.ref is TABLES["drugs"].row_class for c in t.columns)]
    left = [t for t in TABLES.values() if t not in of_drugs]
    left.sort(key=lambda t: (t.name not in ("drugs", "documents"), t.name != "drugs"))
    share = -(-sum(map(_height, of_drugs)) // _COLUMNS)
    columns: list[list[Table]] = [[]]
    for table in of_drugs:
        if sum(map(_height, columns[-1])) + _height(table) / 2 > share and len(columns) < _COLUMNS:
            columns.append([])
        columns[-1].append(table)
    top = 24
    pieces = list(_column(left, 10, top, trunk=False))
    bus, lowest = 10, top + sum(map(_height, left))
    for n, tables in enumerate(columns, 1):
        x = 10 + n * (_WIDTH + _TRUNK)
        pieces += _column(tables, x, top, trunk=True)
        lowest = max(lowest, top + sum(map(_height, tables)))
    last = 10 + len(columns) * (_WIDTH + _TRUNK) - _TRUNK // 2
    pieces.append(f'<path d="M{10 + _WIDTH // 2} {top}V{bus}H{last}" class="line"/>')
    width, height = 10 + len(columns) * (_WIDTH + _TRUNK) + _WIDTH + 10, lowest + 6
    return _FRAME.format(width=width, height=height, pieces="\n".join(pieces))


_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>The tables of a build, their keys and references</title>
<style>
text {{ font: 11px sans-serif; fill: #1c2430; }} .name {{ font-weight: bold; font-size: 12px; fill: #fff; }}
.box {{ fill: #fff; stroke: #0b6e69; }} .head {{ fill: #0b6e69; }} .line {{ fill: none; stroke: #7a8794; }}
.rest {{ fill: #56616f; }}
</style>
<rect width="100%" height="100%" fill="#fff"/>
{pieces}
</svg>
"""


def _column(tables: Iterable[Table], x: int, y: int, *, trunk: bool) -> Iterable[str]:
    for table in tables:
        if trunk:  # up to the line from `drugs`, and into the box
            yield f'<path d="M{x - _TRUNK // 2} 10V{y + _HEAD // 2}H{x}" class="line"/>'
        yield from _box(table, x, y)
        y += _height(table)


def _box(table: Table, x: int, y: int) -> Iterable[str]:
    rows = _rows(table)
    yield f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_height(table) - _GAP}" rx="4" class="box"/>'
    yield f'<path d="M{x} {y + _HEAD}v-{_HEAD - 4}q0 -4 4 -4h{_WIDTH - 8}q4 0 4 4v{_HEAD - 4}z" class="head"/>'
    yield f'<text x="{x + 8}" y="{y + 15}" class="name">{escape(table.name)}</text>'
    for n, (text, kind) in enumerate(rows):
        yield f'<text x="{x + 8}" y="{y + _HEAD + 13 + n * _LINE}" class="{kind}">{escape(text)}</text>'


def _rows(table: Table) -> list[tuple[str, str]]:
    """The keys and references of a table, and how many columns it has beside them."""
    shown = [c for c in table.columns if c.key or c.ref is not None]
    rest = len(table.columns) - len(shown)
    return [(_said(c), "column") for c in shown] + [(f"{rest} more columns", "rest")]


def _said(column: Column) -> str:
    target = f" → {column.ref.__table__.name}" if column.ref is not None else ""
    return ("key " if column.key else "") + column.name + target


def _height(table: Table) -> int:
    return _HEAD + len(_rows(table)) * _LINE + 6 + _GAP
