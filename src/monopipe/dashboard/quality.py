"""What a curator looks at: the worst documents first, findings, rejects, gaps, deferrals, and what no rule read."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from monopipe.dashboard.current import Build
from monopipe.dashboard.markup import (
    Cell,
    badge,
    drug_link,
    one_line,
    paged,
    place,
    quoted,
    said,
    show,
    table,
    tiles,
    words,
)
from monopipe.evidence import Record

_PAGE = 25
_GRADES = {"error": "bad", "warning": "warn", "info": "info"}


def page(build: Build) -> None:
    """The totals, and the list that was chosen."""
    [t] = build.records(
        """SELECT avg(coverage_ratio) AS covered, count(*) AS documents, (SELECT count(*) FROM rejects) AS rejects,
            (SELECT count(*) FROM findings WHERE severity <> 'info') AS findings,
            (SELECT count(*) FROM statements WHERE status = 'unstructured') AS unread,
            (SELECT count(*) FROM regimens WHERE parse_status <> 'full') AS doses
        FROM documents"""
    )
    show(
        Markup("<h1>Quality</h1>"),
        tiles(
            ("of the text became facts", f"{t['covered'] or 0:.1%}"),
            ("documents", t["documents"]),
            ("documents rejected", t["rejects"]),
            ("errors and warnings", t["findings"]),
            ("statements that no rule read", t["unread"]),
            ("doses not wholly read", t["doses"]),
        ),
    )
    chosen = st.segmented_control("List", list(LISTS), default="Documents", required=True, key="list") or "Documents"
    sql, headers, cells, empty = LISTS[chosen]
    n = build.value(f"SELECT count(*) FROM ({sql})")
    start = paged(n, _PAGE, f"quality_{chosen}")
    rows = build.records(f"{sql} LIMIT ? OFFSET ?", _PAGE, start)
    show(table(headers, [cells(r) for r in rows], empty=empty))


def _document(r: Record) -> list[Cell]:
    return [
        drug_link(r["drug_id"], r["drug"]), place(r["source_path"], None), f"{r['coverage_ratio']:.0%}",
        r["n_unstructured"], r["n_regimens_not_fully_read"], r["n_errors"], r["n_warnings"], r["n_deferrals"],
    ]  # fmt: skip


def _finding(r: Record) -> list[Cell]:
    return [
        badge(r["severity"], _GRADES[r["severity"]]),
        drug_link(r["drug_id"], r["name"]),
        said(r["message"], r, r["source_path"]),
    ]


def _reject(r: Record) -> list[Cell]:
    return [place(r["source_path"], r["line"]), words(r["error_kind"]), r["error_message"]]


def _gap(r: Record) -> list[Cell]:
    return [
        drug_link(r["drug_id"], r["drug"]),
        said(one_line(r["condition"]), r, r["source_path"]),
        r["n_general_regimens"],
    ]


def _deferral(r: Record) -> list[Cell]:
    return [
        drug_link(r["drug_id"], r["name"]),
        words(r["topic"]),
        said(one_line(r["deferred_to"]), r, r["source_path"]),
    ]


def _unread(r: Record) -> list[Cell]:
    return [place(r["source_path"], r["line_start"]), words(r["section"]), words(r["kind"]), quoted(r["source_quote"])]


def _dose(r: Record) -> list[Cell]:
    rest = one_line(r["unread_text"] or r["numbers_unread"])
    return [drug_link(r["drug_id"], r["name"]), said(r["readable"] or "no dose read", r, r["source_path"]), rest]


def _placed(table: str, condition: str, order: str) -> str:
    """The facts of a table with the name of their drug and the path of their document."""
    return (
        f"SELECT t.*, d.name, o.source_path FROM {table} t JOIN drugs d USING (drug_id) JOIN documents o "
        f"ON o.document_id = d.document_id WHERE {condition} ORDER BY {order}, t.drug_id, t.char_start, t.row_id"
    )


_GAPS = "SELECT g.*, i.rule FROM gaps g JOIN indications i USING (row_id) ORDER BY g.n_general_regimens, g.drug, g.line_start, row_id"
_SEVERITY = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"
_WORST = "SELECT * FROM quality ORDER BY n_errors DESC, coverage_ratio, n_warnings DESC, source_path"
LISTS: dict[str, tuple[str, list[str], Callable[[Record], list[Cell]], str]] = {
    "Documents": (_WORST, ["drug", "document", "became facts", "not read", "doses not wholly read", "errors", "warnings", "deferrals"], _document, "There is no document."),
    "Not read": ("SELECT * FROM unread", ["place", "section", "kind", "words"], _unread, "Every statement was read."),
    "Doses": (_placed("regimens", "parse_status <> 'full'", "parse_status DESC"), ["drug", "what was read", "what was not"], _dose, "Every dose was read whole."),
    "Findings": (_placed("findings", "true", _SEVERITY), ["severity", "drug", "finding"], _finding, "There is no finding."),
    "Rejects": ("SELECT * FROM rejects ORDER BY source_path, error_kind", ["document", "kind", "what is wrong"], _reject, "No document was rejected."),
    "Gaps": (_GAPS, ["drug", "indication without a dose of its own", "general doses that may hold"], _gap, "Every indication has a dose."),
    "Deferrals": (_placed("deferrals", "true", "t.topic"), ["drug", "subject", "the text sends the reader to"], _deferral, "Nothing is left to other sources."),
}  # fmt: skip
