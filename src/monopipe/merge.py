"""Parts to whole tables, and what only the whole collection knows: duplicates, drug ids, links between drugs.

The rows of a document come from a part that this run made, or from the build before where that one has seen the same
bytes. DuckDB sorts and joins them within a memory limit and streams them to Parquet, so no table has to fit in memory,
and neither the number of batches nor their order nor what was reused shows in the result.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from monopipe.changes import changes_sql
from monopipe.database import MEMORY, connect
from monopipe.discovery import reject
from monopipe.document import slug, title_key
from monopipe.errors import DocumentError
from monopipe.extract.facts import content_key
from monopipe.manifest import read_manifest
from monopipe.parquet import write_parquet
from monopipe.parts import DOCUMENT, Batch, BatchResult, extract_batch, part_schema
from monopipe.plan import Plan
from monopipe.schema import Table, quote
from monopipe.sources import CONTENT_KINDS, Header, Sources, settled
from monopipe.store import Run
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
    """What the merge made: row counts by table, every reject, the findings by severity, what the next run may reuse."""

    n_documents: int
    n_reused: int
    """Documents that were not read again."""
    counts: dict[str, int]
    rejects: tuple[Reject, ...]
    findings: dict[str, int]
    sources: Sources
    same_as: Path | None = None
    """The build whose tables these are, when nothing has changed."""


@dataclass(frozen=True)
class _Candidate:
    """A readable document, of which one a title gets into the tables."""

    index: int
    source_path: str
    title: str
    drug_id: str
    last_modified: datetime | None
    sha256: str
    rows_as: str | None = None
    """The drug id that its rows in the build before have; null where they are in a part or nowhere."""

    @property
    def recency(self) -> datetime:
        """Its date of last change; a document without one is older than any other."""
        return self.last_modified or datetime.min.replace(tzinfo=UTC)


def merge(run: Run, plan: Plan, results: Sequence[BatchResult]) -> Merged:
    """All tables but `runs` as Parquet files in the run's folder."""
    if plan.unchanged and plan.before is not None:
        return _same_again(run, plan, plan.before)
    rejects = [*plan.found.rejects, *_known_rejects(plan), *(r for result in results for r in result.rejects)]
    candidates = [*_from_parts(results), *_from_before(plan)]
    winners, losers = _one_a_title(candidates)
    rejects += [_duplicate(loser, winner) for loser, winner in losers]
    drug_ids = _drug_ids(winners)
    read = {index for index, _ in plan.to_read}
    reused = [w for w in winners if w.rows_as == drug_ids[w]]
    others = [w for w in winners if w not in set(reused) and not (w.index in read and w.drug_id == drug_ids[w])]
    again = _extract_again(run, plan, [(w, drug_ids[w]) for w in others])
    rejects += again.rejects
    rejects.sort(key=lambda r: (r.source_path, r.error_kind))
    left_out = [c.index for c in [*(loser for loser, _ in losers), *others]]

    with connect(memory=MEMORY, spill=run.work / "spill") as con:
        con.execute("SET preserve_insertion_order = false")
        con.register("left_out", pa.table({DOCUMENT: pa.array(left_out, pa.int32())}))
        columns = {
            "document_id": [w.sha256 for w in reused],
            "drug_id": [w.rows_as for w in reused],
            "source_path": [w.source_path for w in reused],
        }
        con.register("reused", pa.table({name: pa.array(v, pa.string()) for name, v in columns.items()}))
        for table in TABLES.values():
            con.register(f"parts_{table.name}", _dataset(table, [*results, again]))
            con.execute(f"CREATE TEMP VIEW before_{table.name} AS {_before(table, plan.before if reused else None)}")
        con.register("more_findings", _duplicate_findings(con, losers, drug_ids))
        counts = {table.name: _write(con, run, table) for table in TABLES.values() if table.name not in _AT_THE_END}
        counts["rejects"] = _write_rejects(run, rejects)
        counts["changes"] = _write_changes(con, run, plan.before)
        findings = con.execute(
            f"SELECT severity, count(*) FROM ({_rows(TABLES['findings'])}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    failed = {w.index for w in others} - {index - len(plan.found.files) for index in again.seen}
    published = {w.sha256: drug_ids[w] for w in winners if w.index not in failed}
    sources = _sources(run, plan, results, candidates, published, failed)
    return Merged(counts["documents"], len(plan.known), counts, tuple(rejects), dict(findings), sources)


def _same_again(run: Run, plan: Plan, before: Path) -> Merged:
    """The tables of the build before, which are this one's too: the same files under another name."""
    for name in TABLES:
        if name not in ("runs", "changes"):
            _link(before / f"{name}.parquet", _path(run, name))
    counts = dict(read_manifest(before)["tables"])
    counts["changes"] = write_parquet(TABLES["changes"], [], _path(run, "changes"))
    rejects = [Reject(**row) for row in pq.read_table(before / "rejects.parquet").to_pylist()]
    severities = pq.read_table(before / "findings.parquet", columns=["severity"])["severity"].value_counts()
    findings = sorted((str(v["values"]), int(v["counts"].as_py())) for v in severities)
    files = settled(run.raw, {plan.found.files[index].path: seen for index, seen in plan.known.items()})
    sources = Sources(files, plan.memory.documents, plan.memory.rejects, plan.memory.others)
    del counts["runs"]
    return Merged(counts["documents"], len(plan.known), counts, tuple(rejects), dict(findings), sources, before)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links, or too many of them
        shutil.copyfile(source, target)


def _known_rejects(plan: Plan) -> list[Reject]:
    rows = []
    for index, seen in plan.known.items():
        refusal = plan.memory.rejects.get(seen.sha256)
        if refusal is not None:
            rows.append(reject(plan.found.files[index].path, DocumentError(*refusal)))
    return rows


def _from_parts(results: Iterable[BatchResult]) -> list[_Candidate]:
    names = ["source_path", "title", "drug_id", "last_modified", "document_id"]
    candidates = []
    for result in results:
        if "documents" in result.parts:
            with pa.memory_map(str(result.parts["documents"])) as file:
                part = pa.ipc.open_file(file).read_all().select([DOCUMENT, *names])
            candidates += [_Candidate(*row.values()) for row in part.to_pylist()]
    return candidates


def _from_before(plan: Plan) -> list[_Candidate]:
    candidates = []
    for index, seen in plan.known.items():
        header = plan.memory.documents.get(seen.sha256)
        if header is not None:
            path = plan.found.files[index].source_path
            candidates.append(
                _Candidate(
                    *(index, path, header.title, slug(header.title), header.last_modified, seen.sha256, header.drug_id)
                )
            )
    return candidates


def _one_a_title(candidates: Iterable[_Candidate]) -> tuple[list[_Candidate], list[tuple[_Candidate, _Candidate]]]:
    """The documents that stay, and each of the others with the one that it gives way to."""
    by_title: dict[str, list[_Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: c.source_path):
        by_title.setdefault(title_key(candidate.title), []).append(candidate)
    winners, losers = [], []
    for same in by_title.values():
        winner = max(same, key=lambda c: c.recency)  # of equally new ones the first, which has the smaller path
        winners.append(winner)
        losers += [(c, winner) for c in same if c is not winner]
    return winners, losers


def _drug_ids(winners: Iterable[_Candidate]) -> dict[_Candidate, str]:
    """The drug id of each document: the slug of its title, but for titles that slug like another one (or to nothing)."""
    by_slug: dict[str, list[_Candidate]] = {}
    for candidate in winners:
        by_slug.setdefault(candidate.drug_id, []).append(candidate)
    alone = {same[0]: slug for slug, same in by_slug.items() if len(same) == 1 and slug}
    return {c: alone.get(c) or unlike_id(c.title) for same in by_slug.values() for c in same}


def unlike_id(title: str) -> str:
    """The drug id of a title that shares its slug: it depends on the title alone, not on who else is there."""
    mark = hashlib.sha256(title_key(title).encode()).hexdigest()[:8]
    return f"{slug(title)}-{mark}".lstrip("-")


def _extract_again(run: Run, plan: Plan, others: list[tuple[_Candidate, str]]) -> BatchResult:
    """The documents that need another drug id, or whose rows nobody has, read once more; there are few."""
    n = len(plan.found.files)  # indices behind all others tell these rows from the first ones
    files = tuple((n + c.index, plan.found.files[c.index]) for c, _ in others)
    drug_ids, hashes = tuple(drug_id for _, drug_id in others), tuple(c.sha256 for c, _ in others)
    return extract_batch(Batch("again", run.raw, run.parts, files, drug_ids, hashes))


def _sources(
    run: Run,
    plan: Plan,
    results: Sequence[BatchResult],
    candidates: Iterable[_Candidate],
    published: dict[str, str],
    failed: set[int],
) -> Sources:
    """What the next run may rely on: not what `failed` or was rejected for a reason that may have gone by then."""
    seen = dict(plan.known)
    refused = dict(plan.memory.rejects)
    for result in results:
        seen |= result.seen
        refused |= result.refused
    kept = {index: s for index, s in sorted(seen.items()) if index not in failed}
    hashes = {s.sha256 for s in kept.values()}
    return Sources(
        settled(run.raw, {plan.found.files[index].path: s for index, s in kept.items()}),
        {c.sha256: Header(c.title, c.last_modified, published.get(c.sha256)) for c in candidates if c.sha256 in hashes},
        {sha: refusal for sha, refusal in refused.items() if sha in hashes},
        (*plan.found.rejects, *(r for result in results for r in result.rejects if r.error_kind not in CONTENT_KINDS)),
    )


def _duplicate(loser: _Candidate, winner: _Candidate) -> Reject:
    message = f"has the same title as {winner.source_path}, which is kept: {_why(loser, winner)}; remove one of them"
    return reject(loser.source_path, DocumentError("duplicate_drug", message))


def _why(loser: _Candidate, winner: _Candidate) -> str:
    if loser.recency == winner.recency:
        return "both are equally new and its path comes first"
    return "its lastModified is newer"


def _duplicate_findings(
    con: duckdb.DuckDBPyConnection, losers: list[tuple[_Candidate, _Candidate]], drug_ids: dict[_Candidate, str]
) -> pa.Table:
    """A finding on each drug of which a second document was left out, at the title of the one that was kept."""
    con.register("twice", pa.table({"drug_id": pa.array({drug_ids[winner]: 0 for _, winner in losers}, pa.string())}))
    titles = f"""SELECT DISTINCT ON (drug_id) drug_id, section, source_quote, line_start, line_end, char_start, char_end
        FROM ({_rows(TABLES["drug_names"])}) WHERE drug_id IN (FROM twice) AND name_kind = 'title'
        ORDER BY drug_id, char_start"""
    places: dict[str, Any] = {drug_id: place for drug_id, *place in con.execute(titles).fetchall()}
    rows: list[Finding] = []
    for loser, winner in sorted(losers, key=lambda pair: pair[0].source_path):
        at = places.get(drug_ids[winner], ("front_matter", "", 1, 1, 0, 0))
        finding = Finding(
            drug_id=drug_ids[winner],
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
        rows.append(finding)
    return TABLES["findings"].arrow(rows)


def _dataset(table: Table, results: Iterable[BatchResult]) -> ds.Dataset | pa.Table:
    paths = [str(result.parts[table.name]) for result in results if table.name in result.parts]
    schema = part_schema(table)
    return ds.dataset(paths, schema=schema, format="ipc") if paths else schema.empty_table()


def _before(table: Table, before: Path | None) -> str:
    """The query for the rows that the build before has for the documents that were not read again."""
    if before is None:
        return f"SELECT * EXCLUDE ({DOCUMENT}) FROM parts_{table.name} WHERE false"
    rows = f"read_parquet({quote(str(before / f'{table.name}.parquet'))})"
    columns = {c.name for c in table.columns}
    if "source_path" in columns and "document_id" in columns:  # the same bytes may stand under another name now
        return f"SELECT b.* REPLACE (r.source_path AS source_path) FROM {rows} b JOIN reused r USING (document_id)"
    owner = "drug_id" if "drug_id" in columns else "document_id"
    if owner not in columns:
        return f"SELECT * FROM {rows} WHERE false"
    sql = f"SELECT * FROM {rows} WHERE {owner} IN (SELECT {owner} FROM reused)"
    return f"{sql} AND rule <> 'duplicate_drug'" if table.name == "findings" else sql


def _rows(table: Table) -> str:
    """The query for the rows of a table that stay, unsorted."""
    columns = ", ".join(c.name for c in table.columns)
    sql = f"""SELECT {columns} FROM parts_{table.name} WHERE {DOCUMENT} NOT IN (SELECT {DOCUMENT} FROM left_out)
        UNION ALL SELECT {columns} FROM before_{table.name}"""
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


def _write_changes(con: duckdb.DuckDBPyConnection, run: Run, before: Path | None) -> int:
    table = TABLES["changes"]
    if before is None:
        return write_parquet(table, [], _path(run, table.name))
    con.execute("SET preserve_insertion_order = true")
    drugs = [f"SELECT drug_id FROM read_parquet({quote(str(f / 'drugs.parquet'))})" for f in (before, run.folder)]
    touched = f"SELECT drug_id FROM ({' UNION '.join(drugs)}) WHERE drug_id NOT IN (SELECT drug_id FROM reused)"
    sql = changes_sql(con, before, run.folder, touched)
    numbered = f"SELECT {quote(run.run_id)} AS run_id, * FROM ({sql}) ORDER BY ordinal"
    return write_parquet(table, _stream(con, numbered), _path(run, table.name))


def _path(run: Run, name: str) -> Path:
    return run.folder / f"{name}.parquet"
