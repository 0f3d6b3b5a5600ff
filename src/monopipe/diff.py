"""What makes one build differ from another, drug by drug, changed doses first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from monopipe.changes import changes_sql
from monopipe.database import connect
from monopipe.errors import UsageError
from monopipe.store import builds, current_build

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def diff(out: Path, names: tuple[str, ...]) -> Iterator[str]:
    """The lines that tell a reader what differs between two builds.

    Without names the current build is told from the one before it, with one name from that one.
    """
    before, after = _two(out, names)
    yield f"From build {before.name} to {after.name}"
    with connect() as con:
        sql = changes_sql(con, before, after)
        found = con.execute(
            f"""SELECT drug_id, change, table_name, row_id, column_name, old_value, new_value, old_quote, new_quote
            FROM ({sql}) ORDER BY min(ordinal) OVER (PARTITION BY drug_id), ordinal"""
        ).fetchall()
    if not found:
        yield "no fact was added, removed or changed"
    for drug_id, rows in groupby(found, key=lambda row: row[0]):
        yield f"\n{drug_id}"
        for (_, change, table, _), same in groupby(rows, key=lambda row: row[:4]):
            yield from _fact(change, table, list(same))
    count = {change: len({(r[2], r[3]) for r in found if r[1] == change}) for change in _SIGNS}
    yield f"\n{count['added']:,} facts added, {count['removed']:,} removed, {count['changed']:,} changed"


def _fact(change: str, table: str, rows: list[Any]) -> Iterator[str]:
    *_, old_quote, new_quote = rows[0]
    if change != "changed":
        yield f"  {_SIGNS[change]} {table}: {_words(new_quote or old_quote)}"
        return
    told = ", ".join(f"{column} {_value(old)} → {_value(new)}" for *_, column, old, new, _o, _n in rows)
    yield f"  {_SIGNS[change]} {table}: {told}"
    if old_quote != new_quote:
        yield f"      was: {_words(old_quote)}"
    yield f"      {'now' if old_quote != new_quote else 'text'}: {_words(new_quote)}"


def _two(out: Path, names: tuple[str, ...]) -> tuple[Path, Path]:
    """The folders of the older and the newer build; UsageError when there are none of these names."""
    there = {build.name: build for build in builds(out)}
    current = current_build(out)
    if current is None:
        raise UsageError(f"{out}: no build here yet")
    for name in names:
        if name not in there:
            raise UsageError(f"{out}: no build {name!r}; there are {', '.join(there)}")
    if len(names) == 2:
        return there[names[0]], there[names[1]]
    if names:
        return there[names[0]], current
    earlier = [build for name, build in there.items() if name < current.name]
    if not earlier:
        raise UsageError(f"{out}: there is only one build; nothing to compare it with")
    return earlier[-1], current


def _value(value: str | None) -> str:
    return "nothing" if value is None else _words(value)


def _words(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if len(words) <= 160 else words[:159] + "…"
