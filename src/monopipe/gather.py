"""The rows of each table from all the places that hold some, in the order of their keys, a range of keys at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from monopipe.parts import DOCUMENT, PIECES, has_pieces, in_order, read_part, rows_below
from monopipe.schema import Table

_AT_ONCE = 4 * 2**20
"""Bytes of files, which are compressed, from which rows are gathered at a time."""

Keep = Callable[[pa.Table], None]


@dataclass(frozen=True)
class Origins:
    """Where the rows of all tables come from: files of this run, and the build before for documents not read again."""

    parts: dict[str, list[Path]]
    """The files of a table that this run made."""
    left_out: pa.Array
    """The documents by index whose rows do not count."""
    before: Path | None
    """The build that has the rows of the reused documents."""
    document_ids: pa.Array
    drug_ids: pa.Array
    source_paths: pa.Array
    """The reused documents; the same bytes may stand under another name now."""

    def sorted(self, table: Table, gone: Keep | None = None) -> Iterator[pa.Table]:
        """The rows of a table that stay, sorted by key, a range of keys at a time; `gone` gets those that do not."""
        paths = self.parts[table.name]
        size = sum(path.stat().st_size for path in paths)
        if self.before is not None:
            size += parquet_path(self.before, table.name).stat().st_size
        ranges = min(len(PIECES), 1 << (size // _AT_ONCE).bit_length()) if has_pieces(table) else 1
        step = len(PIECES) // ranges
        return (self._between(table, first, first + step, gone) for first in range(0, len(PIECES), step))

    def _between(self, table: Table, first: int, end: int, gone: Keep | None) -> pa.Table:
        """The rows of a table that stay between two first characters of the key, sorted."""
        rows = pa.concat_tables(self._all(table, first, end, gone)).combine_chunks()
        return in_order(rows, table.key)

    def _all(self, table: Table, first: int, end: int, gone: Keep | None) -> Iterator[pa.Table]:
        yield table.arrow_schema.empty_table()
        yield from self._of_parts(table, first, end)
        if self.before is not None:
            yield from self._of_before(self.before, table, first, end, gone)

    def reused(self, table: Table, rows: pa.Table) -> pa.Array | pa.ChunkedArray:
        """Which of the rows are taken from the build before."""
        owner, owners = "drug_id", self.drug_ids
        if owner not in rows.schema.names:
            owner, owners = "document_id", self.document_ids
        known = pc.is_in(rows[owner], value_set=owners)
        if table.name == "findings":
            known = pc.and_(known, pc.not_equal(rows["rule"], "duplicate_drug"))
        return known

    def _of_parts(self, table: Table, first: int, end: int) -> Iterator[pa.Table]:
        """The rows that this run has read between two first characters of the key."""
        for path in self.parts[table.name]:
            rows = read_part(table, path, first, end)
            if len(self.left_out):
                rows = rows.filter(pc.invert(pc.is_in(rows[DOCUMENT], value_set=self.left_out)))
            yield rows.drop_columns(DOCUMENT)

    def _of_before(self, before: Path, table: Table, first: int, end: int, gone: Keep | None) -> Iterator[pa.Table]:
        """The rows of the reused documents between two first characters of the key."""
        key = table.key[0]
        low = PIECES[first] if first else ""
        high = PIECES[end] if end < len(PIECES) else None
        with pq.ParquetFile(parquet_path(before, table.name)) as file:
            for group in range(file.num_row_groups):
                if has_pieces(table):
                    held = file.metadata.row_group(group).column(table.arrow_schema.get_field_index(key)).statistics
                    if held.max < low or (high and held.min >= high):
                        continue
                rows = file.read_row_group(group)
                if low or high:
                    start, stop = rows_below(rows[key], low), rows_below(rows[key], high) if high else rows.num_rows
                    rows = rows.slice(start, stop - start)
                stays = self.reused(table, rows)
                if gone is not None:
                    gone(rows.filter(pc.invert(stays)))
                rows = rows.filter(stays)
                if table.name == "documents":
                    paths = self.source_paths.take(pc.index_in(rows["document_id"], value_set=self.document_ids))
                    rows = with_column(rows, "source_path", paths)
                yield rows


def with_column(rows: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    """The rows with other values in a column."""
    at = rows.schema.get_field_index(name)
    return rows.set_column(at, rows.schema.field(at), values)


def parquet_path(folder: Path, name: str) -> Path:
    """The file of a table in the folder of a build."""
    return folder / f"{name}.parquet"
