"""Batches of documents to parts of tables: what a worker does, and all that it hands back.

A worker reads the documents of its batch and writes one Arrow IPC file a table, each row with the index of its
document in the listing; counts and rejects are all that travels between processes. The rows of a part are cut by the
first character of their key, so that the merge can take the same piece of every part and needs no more memory than
that.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
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
PIECES = "0123456789abcdef"
"""What a key that is a hash begins with: each makes a piece of every part."""
FEW_ROWS = 2_000
"""Up to here a part is not cut."""
AT_ONCE = 20
"""Documents whose rows a worker holds as objects, which take ten times the memory of Arrow's columns."""
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
    tables: dict[str, list[pa.Table]] = {}
    failed: dict[int, DocumentError] = {}
    seen: dict[int, Seen] = {}
    for cut in range(0, len(batch.files), AT_ONCE):
        read = _read(batch, range(cut, min(cut + AT_ONCE, len(batch.files))), seen, failed)
        some, broken = _tables(read)
        failed |= dict(broken)
        for name, rows in some.items():
            tables.setdefault(name, []).append(rows)
        pa.default_memory_pool().release_unused()
    parts = {name: batch.folder / f"{batch.name}-{name}.arrow" for name in tables}
    for name, path in parts.items():
        write_part(TABLES[name], pa.concat_tables(tables.pop(name)), path)
    lasting = {index: error for index, error in failed.items() if error.kind in CONTENT_KINDS and index in seen}
    return BatchResult(
        batch.name,
        len(batch.files) - len(failed),
        parts,
        tuple(reject(file.path, failed[index]) for index, file in batch.files if index in failed),
        {index: s for index, s in seen.items() if index in lasting or index not in failed},
        {seen[index].sha256: Refusal(error.kind, str(error), error.line) for index, error in lasting.items()},
    )


def _read(
    batch: Batch, places: range, seen: dict[int, Seen], failed: dict[int, DocumentError]
) -> list[tuple[int, Rows]]:
    """The rows of some documents of a batch, each with its index; the others are told in `failed`."""
    read: list[tuple[int, Rows]] = []
    for place in places:
        index, file = batch.files[place]
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
    return read


def part_schema(table: Table) -> pa.Schema:
    """The schema of a part: the table's columns and the index of the document."""
    return table.arrow_schema.append(pa.field(DOCUMENT, pa.int32(), False))


def has_pieces(table: Table) -> bool:
    """Whether the key of a table begins with a hash, so that its first characters are equally frequent."""
    return table.key[0] in ("row_id", "document_id")


def write_part(table: Table, rows: pa.Table, path: Path) -> None:
    """The rows, of which there are some, as a file that `read_part` reads range by range."""
    rows = in_order(rows, table.key[:1])
    ends = [0, rows.num_rows]
    if has_pieces(table) and rows.num_rows > FEW_ROWS:
        ends[1:1] = [rows_below(rows[table.key[0]], piece) for piece in PIECES[1:]]
    (whole,) = rows.combine_chunks().to_batches()
    with pa.ipc.new_file(path, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        for start, end in pairwise(ends):
            writer.write_batch(whole.slice(start, end - start))


def read_part(table: Table, path: Path, first: int, end: int) -> pa.Table:
    """The rows of a part from one piece up to another."""
    with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
        whole = reader.num_record_batches == 1
        rows = [reader.get_batch(n) for n in ((0,) if whole else range(first, end))]
    part = pa.Table.from_batches(rows)
    if whole and end - first < len(PIECES):
        start = rows_below(part[table.key[0]], PIECES[first]) if first else 0
        stop = rows_below(part[table.key[0]], PIECES[end]) if end < len(PIECES) else part.num_rows
        part = part.slice(start, stop - start)
    return part


def in_order(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The rows sorted by key. `pa.Table.sort_by` does the same, and loads 50 MiB of code."""
    return rows.take(pc.sort_indices(rows, [(name, "ascending") for name in key]))


def repeated(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The keys of rows that another row has too."""
    keys = in_order(rows.select(list(key)), key)
    if keys.num_rows < 2:
        return keys.slice(0, 0)
    same = [pc.equal(keys[name].slice(1), keys[name].slice(0, keys.num_rows - 1)) for name in key]
    return keys.slice(1).filter(reduce(pc.and_, same))


def rows_below(sorted_keys: pa.ChunkedArray, piece: str) -> int:
    """The number of keys that come before a piece."""
    return int(pc.sum(pc.less(sorted_keys, piece)).as_py() or 0)


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
    twice = repeated(rows, [DOCUMENT, *table.key])
    if twice.num_rows:
        faults.append(f"{table.name}: the key is not unique: {twice.select(list(table.key)).slice(0, 3).to_pylist()}")
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
