"""A box for read-only SQL, the data dictionary beside it, and the result as a download."""

from __future__ import annotations

import io
import threading
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import streamlit as st
from markupsafe import Markup

from monopipe.dashboard.current import Build
from monopipe.dashboard.markup import joined, section, show, table
from monopipe.errors import MonopipeError
from monopipe.query import Sandbox, select, write
from monopipe.tables import TABLES

SECONDS = 20
"""How long a query may take."""
ROWS = 100_000
"""How many rows a download may hold."""
_SHOWN = 1_000
_FIRST = "SELECT drug, condition, readable, daily_dose_high, dose_unit, source_path, line_start\nFROM regimen_sheet\nWHERE daily_dose_high IS NOT NULL\nORDER BY drug, line_start"
_VIEWS = """
SELECT view_name AS name, comment, 'view' AS kind FROM duckdb_views() WHERE database_name = 'build' AND NOT internal
UNION ALL
SELECT DISTINCT function_name || '(' || array_to_string(parameters, ', ') || ')', comment, 'macro' FROM duckdb_functions()
WHERE database_name = 'build' AND function_type = 'table_macro'
ORDER BY kind DESC, name"""


def page(build: Build) -> None:
    """The query and its result on the left, the data dictionary on the right."""
    show(Markup("<h1>SQL</h1>"))
    left, right = st.columns([3, 2], gap="large")
    with right:
        _dictionary(build)
    with left:
        query = st.text_area("One query, read-only, in the SQL of DuckDB", _FIRST, height=180, key="query")
        st.button("Run", type="primary")
        if query and query.strip():
            _answer(build, query)


def _answer(build: Build, query: str) -> None:
    try:
        result, whole = run(build.path, query)
    except (duckdb.Error, MonopipeError) as error:
        show(Markup('<p role="alert"><strong>The query did not run.</strong></p><pre>{}</pre>').format(str(error)))
        return
    shown = f"the first {_SHOWN:,} of " if result.num_rows > _SHOWN else ""
    rest = "" if whole else f"; more are not read, the limit is {ROWS:,}"
    show(Markup('<p class="mp-muted">{}</p>').format(f"{shown}{result.num_rows:,} rows{rest}"))
    st.dataframe(_plain(result.slice(0, _SHOWN)), hide_index=True)
    for column, form in zip(st.columns(2), ("csv", "parquet"), strict=True):
        column.download_button(
            f"Download {form.upper() if form == 'csv' else 'Parquet'}",
            partial(as_file, result, form),
            file_name=f"monopipe.{form}",
            on_click="ignore",
        )


def run(path: Path, query: str) -> tuple[pa.Table, bool]:
    """The rows of a query, as many as may be shown, and whether these are all."""
    stat = path.stat()
    sandbox = _sandbox(path, stat.st_ino, stat.st_mtime_ns)
    with sandbox.opened() as con:
        timer = threading.Timer(SECONDS, con.interrupt)
        timer.start()
        try:
            reader = select(con, query)
            batches, n = [], 0
            for batch in reader:
                batches.append(batch.slice(0, ROWS - n))
                n += batch.num_rows
                if n > ROWS:
                    break
            return pa.Table.from_batches(batches, reader.schema), n <= ROWS
        except duckdb.InterruptException:
            raise MonopipeError(f"it took longer than {SECONDS} seconds and was stopped") from None
        finally:
            timer.cancel()


@st.cache_resource(max_entries=1, on_release=Sandbox.close, show_spinner="Copying the build for queries …")
def _sandbox(path: Path, inode: int, modified: int) -> Sandbox:
    return Sandbox(path)


def as_file(result: pa.Table, form: str) -> bytes:
    """The rows as the bytes of a CSV or Parquet file."""
    text, binary = io.StringIO(), io.BytesIO()
    write(result.to_reader(), form, text, binary)
    return binary.getvalue() if form == "parquet" else text.getvalue().encode()


def _plain(result: pa.Table) -> Any:
    """The rows for the screen, every value as text or number: nested values and names that repeat are no trouble."""
    names = [
        f"{n}" if result.schema.names.index(n) == i else f"{n} ({i + 1})" for i, n in enumerate(result.schema.names)
    ]
    columns = [
        c if _simple(c.type) else pa.array([None if v is None else str(v) for v in c.to_pylist()], pa.string())
        for c in result.columns
    ]
    return pa.table(columns, names=names)


def _simple(kind: pa.DataType) -> bool:
    is_of = (pa.types.is_integer, pa.types.is_floating, pa.types.is_string, pa.types.is_boolean)
    return any(test(kind) for test in is_of)


def _dictionary(build: Build) -> None:
    tables = [
        Markup(
            '<details class="mp-fact"><summary><strong>{}</strong> <span class="mp-muted">{}</span></summary>{}</details>'
        ).format(
            t.name,
            t.description,
            table(
                ["column", "type", "meaning"],
                [[c.name, c.type_words, f"{c.description} {', '.join(c.values)}"] for c in t.columns],
            ),
        )
        for t in TABLES.values()
    ]
    views = [
        Markup('<div class="mp-fact"><strong>{}</strong> <span class="mp-muted">{}</span></div>').format(
            r["name"], r["comment"]
        )
        for r in build.records(_VIEWS)
    ]
    show(
        section("Data dictionary", "dictionary", note="tables; a click shows the columns"),
        Markup('<div class="mp-dictionary">{}</div>').format(joined(tables)),
        section("Views and macros", "views"),
        Markup('<div class="mp-dictionary">{}</div>').format(joined(views)),
    )
