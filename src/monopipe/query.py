"""The current build, opened to read, and SQL over it in the formats people and programs take."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from monopipe.errors import MonopipeError, UsageError
from monopipe.store import DATABASE, current_build

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_EXPLAIN = re.compile(r"\s*explain(\s+analyze|\s*\([^)]*\))?\s", re.IGNORECASE)
_READING = re.compile(r"[\s(]*(from|pivot|unpivot|select|with|describe|show|summarize)\b", re.IGNORECASE)
_BATCH = 10_000


def database(out: Path) -> Path:
    """The database of the current build, with the link resolved once, so that a new build does not disturb."""
    build = current_build(out)
    if build is None:
        raise MonopipeError(f"{out}: no build here yet; make one: monopipe build RAW {out}")
    return build / DATABASE


@contextmanager
def opened(out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current build."""
    import duckdb

    con = duckdb.connect(database(out), read_only=True)
    try:
        yield con
    finally:
        con.close()


class Sandbox:
    """A database for SQL of unknown origin: it sees one build, and nothing else of this machine.

    DuckDB 2.0 lets COPY write over an open database even when that is read-only and external access is off, also
    from inside a SELECT; so the SQL gets a copy of the file, and a copy that was written over is made again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = tempfile.TemporaryDirectory(prefix="monopipe-sql-")
        self._copy = Path(self._folder.name) / DATABASE
        self._made: tuple[int, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the copy."""
        import duckdb

        if self._made != self._state():
            shutil.copyfile(self._path, self._copy)
            self._made = self._state()
        config: Any = {"enable_external_access": "false", "lock_configuration": "true"}
        con = duckdb.connect(self._copy, read_only=True, config=config)
        try:
            yield con
        finally:
            con.close()

    def close(self) -> None:
        """Remove the copy."""
        self._folder.cleanup()

    def _state(self) -> tuple[int, ...]:
        """What changes when the copy is written over; nothing while there is none."""
        if not self._copy.exists():
            return (0,)
        stat = self._copy.stat()
        return stat.st_ino, stat.st_size, stat.st_mtime_ns


@contextmanager
def sandboxed(out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a copy of the current build, for SQL of unknown origin."""
    sandbox = Sandbox(database(out))
    try:
        with sandbox.opened() as con:
            yield con
    finally:
        sandbox.close()


def select(con: duckdb.DuckDBPyConnection, sql: str) -> pa.RecordBatchReader:
    """The result of one reading statement; anything else is refused."""
    from duckdb import StatementType

    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"one statement at a time: this text holds {len(statements)}")
    kind = statements[0].type
    if kind == StatementType.EXPLAIN:
        inner = con.extract_statements(_EXPLAIN.sub("", sql, count=1))
        reads = len(inner) == 1 and inner[0].type == StatementType.SELECT
    else:  # MULTI is what PIVOT unfolds to
        reads = kind == StatementType.SELECT or (kind == StatementType.MULTI and _READING.match(sql) is not None)
    if not reads:
        raise UsageError(f"only reading is possible here: {str(kind).rsplit('.', 1)[-1]} statements are refused")
    relation = con.sql(sql)
    return relation.to_arrow_reader(_BATCH)


def write(result: pa.RecordBatchReader, form: str, file: IO[str], binary: IO[bytes]) -> int:
    """Write the result as `table`, `csv`, `json` or `parquet`; the number of rows."""
    if form == "parquet":
        return _write_parquet(result, binary)
    writers: dict[str, Callable[[list[str], Iterator[tuple[Any, ...]], IO[str]], int]] = {
        "table": _write_table,
        "csv": _write_csv,
        "json": _write_json,
    }
    names = _distinct(result.schema.names)
    rows = (row for batch in result for row in zip(*(c.to_pylist() for c in batch.columns), strict=True))
    return writers[form](names, rows, file)


def _write_parquet(result: pa.RecordBatchReader, binary: IO[bytes]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([f.with_name(n) for f, n in zip(result.schema, _distinct(result.schema.names), strict=True)])
    n = 0
    with pq.ParquetWriter(binary, schema, compression="zstd") as writer:
        for batch in result:
            writer.write_batch(batch.rename_columns(schema.names))
            n += batch.num_rows
    return n


def _write_table(names: list[str], rows: Iterator[tuple[Any, ...]], file: IO[str]) -> int:
    cells = [[_cell(v).replace("\n", "⏎") for v in row] for row in rows]
    file.write(aligned(names, cells))
    return len(cells)


def _write_csv(names: list[str], rows: Iterator[tuple[Any, ...]], file: IO[str]) -> int:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    n = 0
    for row in rows:
        writer.writerow([_cell(v) for v in row])
        n += 1
    return n


def _write_json(names: list[str], rows: Iterator[tuple[Any, ...]], file: IO[str]) -> int:
    """An array with one object a line."""
    n = 0
    for n, row in enumerate(rows, 1):
        record = {name: plain(value) for name, value in zip(names, row, strict=True)}
        file.write(("[\n" if n == 1 else ",\n") + json.dumps(record, ensure_ascii=False))
    file.write("\n]\n" if n else "[]\n")
    return n


def aligned(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows as a text table with a header."""
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    lines = [" │ ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in [names, *rows]]
    lines.insert(1, "─┼─".join("─" * w for w in widths))
    return "\n".join(lines) + "\n"


def plain(value: Any) -> Any:
    """The value in the types of JSON."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case bytes():
            return value.hex()
    return str(value)


def _cell(value: Any) -> str:
    """The value as a cell of a table or of CSV; null is empty."""
    value = plain(value)
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _distinct(names: Sequence[str]) -> list[str]:
    """The names with a number behind those that are taken already."""
    distinct: list[str] = []
    for name in names:
        n, free = 1, name
        while free in distinct:
            n += 1
            free = f"{name}_{n}"
        distinct.append(free)
    return distinct
