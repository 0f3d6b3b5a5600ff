"""The DuckDB side: the checks over Parquet, and the database with keys, comments, views and macros."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from itertools import accumulate
from pathlib import Path

import duckdb

from monopipe.errors import BuildError
from monopipe.schema import Check, Table, quote

EXAMPLES = 5
MEGABYTES = 300
MEMORY = f"{MEGABYTES}MB"
"""What DuckDB may take for sorting and loading before it spills to disk; the rest of a build needs memory too."""

_SCRIPTS = ("views.sql", "search.sql")


def connect(
    *, memory: str | None = None, spill: Path | None = None, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory connection whose results depend on nothing but the data: UTC, byte order, no downloads."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'; SET autoinstall_known_extensions = false")
    if memory:
        con.execute(f"SET memory_limit = {quote(memory)}")
    if spill:
        con.execute(f"SET temp_directory = {quote(str(spill))}")
    if threads:
        con.execute(f"SET threads = {threads}")
    return con


def broken_promises(tables: dict[str, Table], folder: Path, *, spill: Path | None = None) -> list[str]:
    """Every promise of the schema that the Parquet files in `folder` break, with the first rows that do."""
    faults = []
    with connect(memory=MEMORY if spill else None, spill=spill) as con:
        for name in tables:
            con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({quote(str(folder / f'{name}.parquet'))})")
        for table in tables.values():
            for check in _suspects(con, table):
                rows = con.execute(f"{check.sql} LIMIT {EXAMPLES + 1}").fetchall()
                if rows:
                    faults.append(_described(check, rows))
    return faults


def _suspects(con: duckdb.DuckDBPyConnection, table: Table) -> list[Check]:
    """The checks of a table, without those that one look at all its rows has passed already."""
    checks = table.checks()
    by_row = [c for c in checks if c.broken_by]
    counts = ", ".join(f"count(*) FILTER (WHERE {c.broken_by})" for c in by_row)
    broken = con.execute(f"SELECT {counts} FROM {table.name}").fetchall()[0]
    passed = {c.name for c, n in zip(by_row, broken, strict=True) if n == 0}
    return [c for c in checks if c.name not in passed]


def _described(check: Check, rows: list[tuple[object, ...]]) -> str:
    shown = "; ".join(", ".join(map(str, row[:4])) for row in rows[:EXAMPLES])
    more = " …" if len(rows) > EXAMPLES else ""
    return f"{check.table}: {check.name}: {shown}{more}"


SMALL, BLOCK, SMALL_BLOCK = 8 * 2**20, 131_072, 16_384
"""Small blocks keep a small database small; with larger ones a large one is loaded in half the time."""


def load(tables: dict[str, Table], folder: Path, path: Path, *, spill: Path) -> None:
    """The Parquet files of `folder` as one database at `path`: tables with keys and comments, views, macros."""
    sizes = {name: (folder / f"{name}.parquet").stat().st_size for name in tables}
    size = sum(sizes.values())
    # no threads of DuckDB's own beside those that fill: they cost a fifth more processor time, and memory
    with connect(memory=_enough(size), spill=spill, threads=1) as con:
        # 1.x readers refuse the storage of 2.0
        options = f"STORAGE_VERSION 'v1.4.0', BLOCK_SIZE {SMALL_BLOCK if size < SMALL else BLOCK}"
        con.execute(f"ATTACH {quote(str(path))} AS build ({options})")
        con.execute("USE build")
        referred = set().union(*map(_refers, tables.values()))
        con.execute("BEGIN")
        for table in tables.values():
            con.execute(table.ddl(key=table.name in referred))
            con.execute(";\n".join(table.comments()))
        con.execute("COMMIT")
        for lanes in _in_turn(tables, sizes):
            _beside(con, *([_filled(t, folder) for t in lane] for lane in lanes))
            if size > SMALL:
                con.execute("CHECKPOINT build")  # until then the indexes of keys stay in memory
            # a key made after the rows costs a third of one that grows with them
            _beside(con, *([_keyed(t) for t in lane if t.name not in referred] for lane in lanes))
        con.execute("SET threads = 2")
        for script in _SCRIPTS:
            con.execute(resources.files("monopipe").joinpath(script).read_text(encoding="utf-8"))
        _written(con, path)


def _enough(size: int) -> str:
    """What a database of Parquet files of this size may take: the keys of its largest tables must fit."""
    return f"{max(MEGABYTES, size * 2 // 3 // 10**6)}MB"


def load_again(tables: Iterable[Table], folder: Path, path: Path) -> None:
    """Other rows in some tables of the database at `path`, to which no other table refers."""
    with connect() as con:
        con.execute(f"ATTACH {quote(str(path))} AS build; USE build")
        for table in tables:
            con.execute(f"DELETE FROM {table.name}")
            con.execute(_filled(table, folder))
        _written(con, path)


def _in_turn(tables: dict[str, Table], sizes: dict[str, int]) -> Iterator[tuple[list[Table], list[Table]]]:
    """The tables in rounds of two lanes of about the same size, each round referring only to those before it.

    First come those that several others refer to, which are small; then the largest one, and as much beside it; and so on.
    """
    n_referring = Counter(name for table in tables.values() for name in _refers(table))
    first = [t for t in tables.values() if n_referring[t.name] > 1]
    yield sorted(first, key=lambda t: len(_refers(t))), []
    waiting = [t for t in tables.values() if t not in first]
    while waiting:
        left = {t.name for t in waiting}
        ready = sorted((t for t in waiting if not _refers(t) & left), key=lambda t: -sizes[t.name])
        full = list(accumulate(sizes[t.name] for t in ready[1:]))
        cut = bisect_left(full, sizes[ready[0].name]) + 2
        yield ready[:1], ready[1:cut]
        waiting = [t for t in waiting if t not in ready[:cut]]


def _refers(table: Table) -> set[str]:
    """The tables that a table refers to."""
    return {c.ref.__table__.name for c in table.columns if c.ref}


def _beside(con: duckdb.DuckDBPyConnection, *lanes: list[str]) -> None:
    """Execute lists of statements beside each other."""

    def execute(statements: list[str]) -> None:
        with con.cursor() as own:
            own.execute("USE build")
            for statement in statements:
                own.execute(statement)

    with ThreadPoolExecutor(len(lanes)) as pool:
        list(pool.map(execute, lanes))


def _filled(table: Table, folder: Path) -> str:
    return (
        f"INSERT INTO {table.name} BY NAME SELECT * FROM read_parquet({quote(str(folder / f'{table.name}.parquet'))})"
    )


def _keyed(table: Table) -> str:
    return f"ALTER TABLE {table.name} ADD PRIMARY KEY ({', '.join(table.key)})"


def _written(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the database through and let go of it."""
    con.execute("CHECKPOINT build")
    con.execute("USE memory")
    con.execute("DETACH build")
    leftover = path.with_name(path.name + ".wal")
    if leftover.exists():
        raise BuildError(f"{leftover}: the database was not written through; run the build again")
