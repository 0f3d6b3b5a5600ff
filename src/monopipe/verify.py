"""Whether a build is what was published, and says what the raw files say: every byte, key, reference and quote."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow.parquet as pq

from monopipe.database import broken_promises, connect
from monopipe.discovery import opened
from monopipe.errors import BuildError, DocumentError, UsageError
from monopipe.manifest import MANIFEST, damaged, read_manifest
from monopipe.schema import Table, quote
from monopipe.source import Source
from monopipe.store import DATABASE, current_build
from monopipe.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHOWN = 5
Faults = dict[str, list[str]]


def verify(out: Path, raw: Path | None) -> Faults:
    """The faults of the current build by table or file; an empty list where all is as it should be.

    The raw folder is the one that the build was made from, unless another is named.
    """
    build = current_build(out)
    if build is None:
        raise UsageError(f"{out}: no build here yet")
    faults: Faults = {MANIFEST: [], **{name: [] for name in TABLES}, DATABASE: []}
    try:
        manifest = read_manifest(build)
    except BuildError as error:
        return faults | {MANIFEST: [str(error)]}
    _files(build, manifest, faults)
    readable = {name for name in TABLES if not faults[name]}
    _rows(build, manifest, readable, faults)
    _promises(build, readable, faults)
    _quotes(build, _raw(manifest, raw), readable, faults)
    return faults


def lines(faults: Faults) -> Iterator[str]:
    """PASS or FAIL a table, with the first faults of each."""
    for name, some in faults.items():
        yield f"{'FAIL' if some else 'PASS'}  {name}"
        yield from (f"        {fault}" for fault in some[:SHOWN])
        if len(some) > SHOWN:
            yield f"        … and {len(some) - SHOWN:,} more"


def _files(build: Path, manifest: dict[str, Any], faults: Faults) -> None:
    """Every file of the build, and no other, has the size and hash of the manifest, which has its seal."""
    if "seal" not in manifest:
        faults[MANIFEST].append("it has no seal")
    for name in sorted({p.name for p in build.iterdir()} ^ {*manifest["files"], MANIFEST}):
        there = (build / name).exists()
        faults.setdefault(_owner(name), []).append(f"{name} {'is not in the manifest' if there else 'is missing'}")
    for name in manifest["files"]:
        faults.setdefault(_owner(name), []).extend(damaged(build, manifest, only=[name]))


def _owner(file: str) -> str:
    return file.removesuffix(".parquet") if file.removesuffix(".parquet") in TABLES else file


def _rows(build: Path, manifest: dict[str, Any], readable: set[str], faults: Faults) -> None:
    """Manifest, Parquet and database hold the same number of rows, and the same rows."""
    for name in readable:
        n = pq.read_metadata(build / f"{name}.parquet").num_rows
        if n != manifest["tables"][name]:
            faults[name].append(f"{n:,} rows, {manifest['tables'][name]:,} by the manifest")
    if faults[DATABASE]:
        return
    try:
        with connect() as con:
            con.execute(f"ATTACH {quote(str(build / DATABASE))} AS build (READ_ONLY)")
            for name in readable:
                columns = ", ".join(c.name for c in TABLES[name].columns)
                summary = f"SELECT count(*), bit_xor(hash({columns})) FROM"
                file = f"(SELECT * REPLACE ({_plain_times(name)}) FROM read_parquet({quote(_path(build, name))}))"
                told, loaded = (con.execute(f"{summary} {s}").fetchall() for s in (file, f"build.{name}"))
                if told != loaded:
                    faults[DATABASE].append(f"{name} holds other rows than {name}.parquet")
    except duckdb.Error as error:
        faults[DATABASE].append(str(error).splitlines()[0])


def _plain_times(name: str) -> str:
    """The columns that the database holds without a time zone, in UTC."""
    times = [c.name for c in TABLES[name].columns if c.type.__name__ == "datetime"]
    first = TABLES[name].columns[0].name
    return ", ".join(f"{c}::TIMESTAMP AS {c}" for c in times) or f"{first} AS {first}"


def _promises(build: Path, readable: set[str], faults: Faults) -> None:
    """Keys, nulls, value sets and references, of tables that can be read and refer to such."""
    tables: dict[str, Table] = {}
    for name, table in TABLES.items():  # what a table refers to comes before it
        if name in readable and all(c.ref is None or c.ref.__table__.name in (name, *tables) for c in table.columns):
            tables[name] = table
    for fault in broken_promises(tables, build):
        name, _, told = fault.partition(": ")
        faults[name].append(told)


def _raw(manifest: dict[str, Any], raw: Path | None) -> Path:
    place = raw or Path(manifest.get("raw", ""))
    if not place.is_dir() or not str(manifest.get("raw") or raw):
        raise UsageError(f"the folder of the monographs is not at {str(place)!r}; name it: --raw RAW")
    return place


def _quotes(build: Path, raw: Path, readable: set[str], faults: Faults) -> None:
    """Every document is still the file that was read, and every quote stands at its place in it."""
    if not {"documents", "drugs"} <= readable:
        return
    with connect() as con:
        for name in sorted(readable):
            con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({quote(_path(build, name))})")
        hashes = dict(con.execute("SELECT source_path, document_id FROM documents ORDER BY ALL").fetchall())
        quotes = groupby(_all_quotes(con, readable), key=lambda row: row[0])
        path, rows = next(quotes, (None, iter(())))
        for document, document_id in hashes.items():
            try:
                with opened(raw / _as_named(document)) as file:
                    data = file.read()
            except (OSError, DocumentError) as error:
                faults["documents"].append(f"{document}: cannot be read ({getattr(error, 'strerror', None) or error})")
                data = b""
            same = hashlib.sha256(data).hexdigest() == document_id
            if data and not same:
                faults["documents"].append(f"{document}: is not the file that was read: its hash differs")
            if path == document:
                if same:
                    _compare(Source(data.decode()), rows, faults)
                path, rows = next(quotes, (None, iter(())))


def _compare(source: Source, rows: Iterator[Any], faults: Faults) -> None:
    for path, table, start, end, first, last, words in rows:
        if start is None:
            if words not in source.text:
                faults[table].append(f"{path}:{first}: the text of the section does not stand in the file")
        elif source.text[start:end] != words:
            faults[table].append(f"{path}:{first}: {words[:60]!r} does not stand at characters {start} to {end}")
        elif words and (source.line(start), source.line(max(start, end - 1))) != (first, last):
            faults[table].append(f"{path}:{first}: {words[:60]!r} does not stand on lines {first} to {last}")


def _all_quotes(con: DuckDBPyConnection, readable: set[str]) -> Iterator[Any]:
    """The quotes of all tables, document by document."""
    selects = []
    for name in readable:
        columns = {c.name for c in TABLES[name].columns}
        if "source_quote" in columns:
            place = "t.char_start, t.char_end, t.line_start, t.line_end, t.source_quote"
            selects.append(f"SELECT source_path, {quote(name)}, {place} FROM {name} t JOIN documents USING (drug_id)")
        elif name == "sections":
            place = "NULL, NULL, t.line_start, t.line_end, t.text"
            selects.append(
                f"SELECT source_path, 'sections', {place} FROM sections t JOIN documents USING (document_id)"
            )
    cursor = con.execute(" UNION ALL ".join(selects) + " ORDER BY 1, 2, 3")
    while some := cursor.fetchmany(10_000):
        yield from some


def _as_named(source_path: str) -> str:
    r"""The path in the file system: what the tables print as `\xff` is a byte that is no UTF-8."""
    if "\\x" not in source_path:
        return source_path
    return os.fsdecode(re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), source_path.encode()))


def _path(build: Path, name: str) -> str:
    return str(build / f"{name}.parquet")
