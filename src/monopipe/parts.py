"""Batches of documents to parts of tables: what a worker does, and all that it hands back.

A worker reads the documents of its batch and writes one Arrow IPC file a table, each row with the index of its
document in the listing; counts and rejects are all that travels between processes.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from monopipe.discovery import SourceFile, read_bytes, reject
from monopipe.errors import DocumentError
from monopipe.schema import Row, Table
from monopipe.sources import CONTENT_KINDS, Refusal, Seen
from monopipe.tables import TABLES, Reject
from monopipe.timelimit import time_limit

DOCUMENT = "document_index"
CHUNK = 4_096
"""Rows that the merge reads at a time: it reads ahead, so large ones would fill the memory."""
SECONDS_A_DOCUMENT = 60.0
"""Processor time after which a document is given up; the largest that is let in takes some seconds."""
Rows = dict[str, list[Row]]
Tables = dict[str, pa.Table]


@dataclass(frozen=True)
class Batch:
    """Some documents, each with its index in the listing, and the folder that their parts go to."""

    name: str
    raw: Path
    folder: Path
    files: tuple[tuple[int, SourceFile], ...]
    drug_ids: tuple[str, ...] = ()  # set where the slug of the title will not do; as long as files
    hashes: tuple[str, ...] = ()  # set where only these bytes will do; as long as files
    seconds: float = SECONDS_A_DOCUMENT


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch: the part of each table that has rows, and the documents that could not be read."""

    name: str
    n_documents: int
    parts: dict[str, Path]
    rejects: tuple[Reject, ...]
    seen: dict[int, Seen] = field(default_factory=dict)
    """The files by index, but for those that may come out otherwise the next time."""
    refused: dict[str, Refusal] = field(default_factory=dict)
    """Those of them that are no documents, by hash."""


def extract_batch(batch: Batch) -> BatchResult:
    """The rows of the documents of a batch, in files. No document, however broken, stops the others."""
    read: list[tuple[int, Rows]] = []
    failed: dict[int, DocumentError] = {}
    seen: dict[int, Seen] = {}
    for place, (index, file) in enumerate(batch.files):
        try:
            now = time.time_ns()
            data = read_bytes(batch.raw, file.path)
            seen[index] = Seen.of(file, hashlib.sha256(data).hexdigest(), now)
            if batch.hashes and seen[index].sha256 != batch.hashes[place]:
                raise DocumentError("changed_during_run", "the file was changed while it was read; run again")
            with time_limit(batch.seconds):
                read.append((index, _rows(data, file, batch.drug_ids[place] if batch.drug_ids else None)))
        except DocumentError as error:
            failed[index] = error
        except TimeoutError:
            message = f"gave no result within {batch.seconds:g} seconds; split the document, and please report it"
            failed[index] = DocumentError("too_slow", message)
        except Exception as error:
            failed[index] = _internal(error)
    tables, broken = _tables(read)
    failed |= dict(broken)
    parts = {}
    for name, rows in tables.items():
        parts[name] = batch.folder / f"{batch.name}-{name}.arrow"
        with pa.ipc.new_file(parts[name], rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
            writer.write_table(rows, max_chunksize=CHUNK)
    lasting = {index: error for index, error in failed.items() if error.kind in CONTENT_KINDS and index in seen}
    return BatchResult(
        batch.name,
        len(read) - len(broken),
        parts,
        tuple(reject(file.path, failed[index]) for index, file in batch.files if index in failed),
        {index: s for index, s in seen.items() if index in lasting or index not in failed},
        {seen[index].sha256: Refusal(error.kind, str(error), error.line) for index, error in lasting.items()},
    )


def part_schema(table: Table) -> pa.Schema:
    """The schema of a part: the table's columns and the index of the document."""
    return table.arrow_schema.append(pa.field(DOCUMENT, pa.int32(), False))


def _rows(data: bytes, file: SourceFile, drug_id: str | None) -> Rows:
    from monopipe.document import read, slug
    from monopipe.extract import extract

    document = read(data, file.source_path)
    return extract(document, drug_id or slug(document.title))


def _tables(read: list[tuple[int, Rows]]) -> tuple[Tables, list[tuple[int, DocumentError]]]:
    """The rows as Arrow tables, and the documents whose rows break the schema's promises, which are left out.

    The batch is checked as one; only when that fails are the documents tried one by one.
    """
    try:
        return _checked(read), []
    except Exception:
        good, broken = [], []
        for one in read:
            try:
                _checked([one])
                good.append(one)
            except Exception as error:
                broken.append((one[0], _internal(error)))
        return _checked(good), broken


def _checked(read: list[tuple[int, Rows]]) -> Tables:
    """The rows by table; ValueError when they break a promise that the schema makes."""
    rows: Rows = {}
    indices: dict[str, list[int]] = {}
    for index, document in read:
        for name, some in document.items():
            rows.setdefault(name, []).extend(some)
            indices.setdefault(name, []).extend([index] * len(some))
    tables = {}
    for name, some in rows.items():
        if some:
            plain = TABLES[name].arrow(some)
            columns = [*plain.columns, pa.array(indices[name], pa.int32())]
            tables[name] = pa.Table.from_arrays(columns, schema=part_schema(TABLES[name]))
    faults = [fault for name in tables for fault in _faults(TABLES[name], tables)]
    if faults:
        raise ValueError("; ".join(faults))
    return tables


def _faults(table: Table, tables: Tables) -> list[str]:
    """The promises that the rows break: keys, nulls, value sets, references."""
    rows, faults = tables[table.name], []
    keyed = rows.select([DOCUMENT, *table.key]).group_by([DOCUMENT, *table.key]).aggregate([([], "count_all")])
    if keyed.num_rows != rows.num_rows:
        twice = keyed.filter(pc.greater(keyed["count_all"], 1)).select(list(table.key)).slice(0, 3).to_pylist()
        faults.append(f"{table.name}: the key is not unique: {twice}")
    for column in table.columns:
        values = rows[column.name]
        if values.null_count and not column.nullable:
            faults.append(f"{table.name}.{column.name} is null in {values.null_count} rows")
        known: pa.Array | pa.ChunkedArray | None = None
        if column.values:
            known = pa.array(column.values)
        elif column.ref is not None:
            target = column.ref.__table__
            known = tables[target.name][target.key[0]] if target.name in tables else pa.array([], pa.string())
        if known is not None:
            held = values.drop_null()
            strange = held.filter(pc.invert(pc.is_in(held, value_set=known)))
            if len(strange):
                where = "its value set" if column.values else "what it refers to"
                faults.append(f"{table.name}.{column.name} has {strange[0].as_py()!r}, which is not in {where}")
    return faults


def _internal(error: Exception) -> DocumentError:
    """An error of ours as the reason of a reject: what went wrong, and where in the code."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    what = f"{type(error).__name__}: {error}"
    return DocumentError("internal_error", f"a fault of monopipe, please report it with the file: {what} ({where})")
