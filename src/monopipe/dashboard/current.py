"""The current build as the pages see it: attached read-only, and attached anew as soon as another is published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st

from monopipe.database import connect
from monopipe.evidence import Record, records
from monopipe.query import database
from monopipe.schema import quote


@dataclass(frozen=True)
class Build:
    """One build, the same one for as long as a page is being made."""

    path: Path
    """The database file; its folder is the build."""
    connection: duckdb.DuckDBPyConnection

    @property
    def build_id(self) -> str:
        """The build's id, which is the name of its folder."""
        return self.path.parent.name

    def records(self, sql: str, *parameters: Any) -> list[Record]:
        """The rows of a query as dictionaries."""
        # A cursor each, since sessions are threads; the database in use is a cursor's own, and macros need it.
        with self.connection.cursor() as cursor:
            cursor.execute("USE build; SET TimeZone = 'UTC'")
            return records(cursor, sql, *parameters)

    def value(self, sql: str, *parameters: Any) -> Any:
        """The first column of the only row."""
        [row] = self.records(sql, *parameters)
        return next(iter(row.values()))


def current(out: Path) -> Build:
    """The build that `current` points to now; MonopipeError when there is none."""
    path = database(out)
    stat = path.stat()
    return Build(path, _attached(path, stat.st_ino, stat.st_mtime_ns))


@st.cache_resource(max_entries=2, show_spinner=False)
def _attached(path: Path, inode: int, modified: int) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the file attached: no lock is taken, and a file taken away stays readable."""
    con = connect()
    con.execute(f"ATTACH {quote(str(path))} AS build (READ_ONLY)")
    con.execute("SET enable_external_access = false")
    return con
