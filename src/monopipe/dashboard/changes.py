"""What changed since the build before, changes of doses first, and the runs that made the builds."""

from __future__ import annotations

from typing import Any

import streamlit as st
from markupsafe import Markup

from monopipe.dashboard.current import Build
from monopipe.dashboard.markup import (
    Cell,
    badge,
    drug_link,
    joined,
    one_line,
    paged,
    quoted,
    section,
    show,
    table,
    words,
)
from monopipe.evidence import Record

_PAGE = 25
_RUNS = 10
_GRADES = {
    "added": "good",
    "removed": "bad",
    "changed": "warn",
    "published": "good",
    "failed": "bad",
    "unfinished": "warn",
}


def page(build: Build) -> None:
    """The changes, by table and kind, and the latest runs."""
    show(Markup("<h1>Changes</h1>"))
    counts = build.records(
        "SELECT table_name, change, count(*) AS n FROM changes GROUP BY ALL ORDER BY min(ordinal), change"
    )
    if not counts:
        show(Markup("<p>Nothing changed since the build before, or there was none.</p>"))
    else:
        _list(build, counts)
    _runs(build)


def _list(build: Build, counts: list[Record]) -> None:
    tables = list(dict.fromkeys(r["table_name"] for r in counts))
    left, right = st.columns(2)
    name = left.selectbox(
        "Table", [None, *tables], format_func=lambda v: words(v) or "all, doses first", key="changed_table"
    )
    kinds = sorted({r["change"] for r in counts})
    kind = right.selectbox("Change", [None, *kinds], format_func=lambda v: v or "any", key="change")
    conditions, parameters = ["true"], list[Any]()
    for column, value in (("table_name", name), ("change", kind)):
        if value:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    where = " AND ".join(conditions)
    n = build.value(f"SELECT count(*) FROM changes WHERE {where}", *parameters)
    show(section("Since the build before", "changes", note=f"{n:,} changes"))
    start = paged(n, _PAGE, "changes_page")
    rows = build.records(
        f"SELECT * FROM changes_by_drug WHERE {where} ORDER BY run_id, ordinal LIMIT ? OFFSET ?",
        *parameters,
        _PAGE,
        start,
    )
    show(table(["change", "table", "drug", "before", "now"], [_row(r) for r in rows]))


def _row(r: Record) -> list[Cell]:
    column = Markup('<span class="mp-muted">{}: </span>').format(words(r["column_name"])) if r["column_name"] else ""
    return [
        badge(r["change"], _GRADES[r["change"]]),
        words(r["table_name"]),
        drug_link(r["drug_id"], r["drug"]),
        _side(column, r["old_value"], r["old_quote"]),
        _side(column, r["new_value"], r["new_quote"]),
    ]


def _side(column: Markup | str, value: str | None, quote: str | None) -> Markup | None:
    if quote is None:
        return None
    if not column:
        return quoted(quote)
    return Markup("<details><summary>{}{}</summary>{}</details>").format(
        column, one_line(value) or "nothing", quoted(quote)
    )


def _runs(build: Build) -> None:
    rows = build.records("SELECT * FROM runs ORDER BY run_id DESC LIMIT ?", _RUNS)
    cells = [
        [
            r["run_id"], badge(r["status"], _GRADES[r["status"]]), r["n_documents"], r["n_rejects"], r["n_rows"],
            joined([r["message"] or ""]),
        ]
        for r in rows
    ]  # fmt: skip
    show(section("Runs", "runs", table(["run", "status", "documents", "rejected", "facts", "message"], cells)))
