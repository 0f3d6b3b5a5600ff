"""Parts to whole tables, and what only the whole collection knows: duplicates, drug ids, links between drugs.

DuckDB sorts and joins the parts within a memory limit and streams the rows to Parquet, so no table has to fit in
memory, and neither the number of batches nor their order shows in the result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset as ds

from monopipe.changes import changes_sql
from monopipe.database import MEMORY, connect
from monopipe.discovery import Discovery, reject
from monopipe.document import slug, title_key
from monopipe.errors import DocumentError
from monopipe.extract.facts import content_key
from monopipe.parquet import write_parquet
from monopipe.parts import DOCUMENT, Batch, BatchResult, extract_batch, part_schema
from monopipe.schema import Table, quote
from monopipe.store import Run, current_build
from monopipe.tables import TABLES, Finding, Reject

if TYPE_CHECKING:
    import duckdb

_AT_THE_END = ("rejects", "runs", "changes")

# A name that two drugs share links to neither; a drug is not linked to itself.
_INTERACTIONS = """
SELECT i.* REPLACE (n.drug_id AS interactant_drug_id)
FROM ({rows}) i LEFT JOIN (
    SELECT i.row_id, min(n.drug_id) AS drug_id
    FROM ({rows}) i JOIN ({names}) n
      ON n.name_norm = i.interactant_norm AND n.assertion = 'affirmed' AND n.drug_id <> i.drug_id
    GROUP BY i.row_id HAVING count(DISTINCT n.drug_id) = 1
) n USING (row_id)
"""
_DRUGS = """
SELECT d.* REPLACE (coalesce(f.n, 0)::INTEGER AS n_findings)
FROM ({rows}) d LEFT JOIN (SELECT drug_id, count(*) AS n FROM ({findings}) GROUP BY drug_id) f USING (drug_id)
"""


@dataclass(frozen=True)
class Merged:
    """What the merge made: row counts by table, every reject, the findings by severity."""

    n_documents: int
    counts: dict[str, int]
    rejects: tuple[Reject, ...]
    findings: dict[str, int]


@dataclass(frozen=True)
class _Header:
    """What the merge has to know of a document."""

    index: int
    source_path: str
    title: str
    drug_id: str
    last_modified: datetime | None

    @property
    def recency(self) -> datetime:
        """Its date of last change; a document without one is older than any other."""
        return self.last_modified or datetime.min.replace(tzinfo=UTC)


def merge(run: Run, found: Discovery, results: Sequence[BatchResult]) -> Merged:
    """All tables but `runs` as Parquet files in the run's folder."""
    rejects = [*found.rejects, *(r for result in results for r in result.rejects)]
    headers = _headers(results)
    winners, losers = _one_a_title(headers)
    rejects += [_duplicate(loser, winner) for loser, winner in losers]
    renamed = _collisions(winners)
    again = _extract_again(run, found, renamed)
    rejects += again.rejects
    rejects.sort(key=lambda r: (r.source_path, r.error_kind))
    left_out = [h.index for h, _ in losers] + [h.index for h, _ in renamed]

    with connect(memory=MEMORY, spill=run.work / "spill") as con:
        con.execute("SET preserve_insertion_order = false")
        con.register("left_out", pa.table({DOCUMENT: pa.array(left_out, pa.int32())}))
        for table in TABLES.values():
            con.register(f"parts_{table.name}", _dataset(table, [*results, again]))
        con.register("more_findings", _duplicate_findings(con, losers, dict(renamed)))
        counts = {table.name: _write(con, run, table) for table in TABLES.values() if table.name not in _AT_THE_END}
        counts["rejects"] = _write_rejects(run, rejects)
        counts["changes"] = _write_changes(con, run)
        findings = con.execute(
            f"SELECT severity, count(*) FROM ({_rows(TABLES['findings'])}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return Merged(counts["documents"], counts, tuple(rejects), dict(findings))


def _headers(results: Iterable[BatchResult]) -> list[_Header]:
    names = ["source_path", "title", "drug_id", "last_modified"]
    headers = []
    for result in results:
        if "documents" in result.parts:
            with pa.memory_map(str(result.parts["documents"])) as file:
                part = pa.ipc.open_file(file).read_all().select([DOCUMENT, *names])
            headers += [_Header(*row.values()) for row in part.to_pylist()]
    return headers


def _one_a_title(headers: Iterable[_Header]) -> tuple[list[_Header], list[tuple[_Header, _Header]]]:
    """The documents that stay, and each of the others with the one that it gives way to."""
    by_title: dict[str, list[_Header]] = {}
    for header in sorted(headers, key=lambda h: h.source_path):
        by_title.setdefault(title_key(header.title), []).append(header)
    winners, losers = [], []
    for same in by_title.values():
        winner = max(same, key=lambda h: h.recency)  # of equally new ones the first, which has the smaller path
        winners.append(winner)
        losers += [(h, winner) for h in same if h is not winner]
    return winners, losers


def _collisions(winners: Iterable[_Header]) -> list[tuple[_Header, str]]:
    """The documents whose title slugs like another one's (or to nothing), each with the id that it gets instead."""
    by_id: dict[str, list[_Header]] = {}
    for header in winners:
        by_id.setdefault(header.drug_id, []).append(header)
    return [(h, unlike_id(h.title)) for h in winners if len(by_id[h.drug_id]) > 1 or not h.drug_id]


def unlike_id(title: str) -> str:
    """The drug id of a title that shares its slug: it depends on the title alone, not on who else is there."""
    mark = hashlib.sha256(title_key(title).encode()).hexdigest()[:8]
    return f"{slug(title)}-{mark}".lstrip("-")


def _extract_again(run: Run, found: Discovery, renamed: list[tuple[_Header, str]]) -> BatchResult:
    """The documents that need another drug id, read once more; there are few."""
    n = len(found.files)  # indices behind all others tell these rows from the first ones
    files = tuple((n + h.index, found.files[h.index]) for h, _ in renamed)
    return extract_batch(Batch("again", run.raw, run.parts, files, tuple(drug_id for _, drug_id in renamed)))


def _duplicate(loser: _Header, winner: _Header) -> Reject:
    message = f"has the same title as {winner.source_path}, which is kept: {_why(loser, winner)}; remove one of them"
    return reject(loser.source_path, DocumentError("duplicate_drug", message))


def _why(loser: _Header, winner: _Header) -> str:
    if loser.recency == winner.recency:
        return "both are equally new and its path comes first"
    return "its lastModified is newer"


def _duplicate_findings(
    con: duckdb.DuckDBPyConnection, losers: list[tuple[_Header, _Header]], renamed: dict[_Header, str]
) -> pa.Table:
    """A finding on each drug of which a second document was left out, at the title of the one that was kept."""
    place: list[Finding] = []
    sql = f"""SELECT section, source_quote, line_start, line_end, char_start, char_end
        FROM ({_rows(TABLES["drug_names"])}) WHERE drug_id = ? AND name_kind = 'title' ORDER BY char_start LIMIT 1"""
    for loser, winner in sorted(losers, key=lambda pair: pair[0].source_path):
        drug_id = renamed.get(winner, winner.drug_id)
        at = (con.execute(sql, [drug_id]).fetchall() or [("front_matter", "", 1, 1, 0, 0)])[0]
        finding = Finding(
            drug_id=drug_id,
            section=at[0],
            source_quote=at[1],
            line_start=at[2],
            line_end=at[3],
            char_start=at[4],
            char_end=at[5],
            rule="duplicate_drug",
            severity="warning",
            message=f"A second document has this title and was left out: {loser.source_path}.",
        )
        finding.row_id = content_key(finding)
        place.append(finding)
    return TABLES["findings"].arrow(place)


def _dataset(table: Table, results: Iterable[BatchResult]) -> ds.Dataset | pa.Table:
    paths = [str(result.parts[table.name]) for result in results if table.name in result.parts]
    schema = part_schema(table)
    return ds.dataset(paths, schema=schema, format="ipc") if paths else schema.empty_table()


def _rows(table: Table) -> str:
    """The query for the rows of a table that stay, unsorted."""
    columns = ", ".join(c.name for c in table.columns)
    sql = f"SELECT {columns} FROM parts_{table.name} WHERE {DOCUMENT} NOT IN (SELECT {DOCUMENT} FROM left_out)"
    return f"{sql} UNION ALL SELECT {columns} FROM more_findings" if table.name == "findings" else sql


def _write(con: duckdb.DuckDBPyConnection, run: Run, table: Table) -> int:
    sql = _rows(table)
    if table.name == "interactions":
        sql = _INTERACTIONS.format(rows=sql, names=_rows(TABLES["drug_names"]))
    elif table.name == "drugs":
        sql = _DRUGS.format(rows=sql, findings=_rows(TABLES["findings"]))
    rows = write_parquet(table, _stream(con, f"{sql} ORDER BY {', '.join(table.key)}"), _path(run, table.name))
    pa.default_memory_pool().release_unused()
    return rows


def _stream(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[pa.RecordBatch]:
    yield from con.sql(sql).to_arrow_reader(8_192)


def _write_rejects(run: Run, rejects: list[Reject]) -> int:
    table = TABLES["rejects"]
    return write_parquet(table, table.arrow(rejects).to_batches(), _path(run, table.name))


def _write_changes(con: duckdb.DuckDBPyConnection, run: Run) -> int:
    table, before = TABLES["changes"], current_build(run.out)
    if before is None:
        return write_parquet(table, [], _path(run, table.name))
    con.execute("SET preserve_insertion_order = true")
    sql = changes_sql(con, before, run.folder)
    numbered = f"SELECT {quote(run.run_id)} AS run_id, * FROM ({sql}) ORDER BY ordinal"
    return write_parquet(table, _stream(con, numbered), _path(run, table.name))


def _path(run: Run, name: str) -> Path:
    return run.folder / f"{name}.parquet"
