"""Parquet files that give the same bytes for the same rows, however the rows came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from monopipe.schema import Table

ROWS_PER_GROUP = 65_536


def write_parquet(table: Table, batches: Iterable[pa.RecordBatch], path: Path) -> int:
    """Write the rows, which come sorted by key, as one file; their number."""
    schema = table.arrow_schema
    order = [pq.SortingColumn(schema.get_field_index(name)) for name in table.key]
    rows = 0
    with pq.ParquetWriter(
        path, schema, compression="zstd", sorting_columns=order, write_page_index=True, write_batch_size=1024
    ) as writer:
        for group in _groups(schema, batches):
            writer.write_table(group, row_group_size=ROWS_PER_GROUP)
            rows += group.num_rows
    return rows


def _groups(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in groups of a fixed size: where batches ended must not show in the file."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        while count + batch.num_rows >= ROWS_PER_GROUP:
            room = ROWS_PER_GROUP - count
            yield _joined(schema, [*waiting, batch.slice(0, room)])
            batch, waiting, count = batch.slice(room), [], 0
        if batch.num_rows:
            waiting.append(batch)
            count += batch.num_rows
    if waiting:
        yield _joined(schema, waiting)


def _joined(schema: pa.Schema, batches: list[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches).select(schema.names).cast(schema).combine_chunks()
