"""Parts to whole tables, and what only the whole collection knows: duplicates, drug ids, links between drugs.

The rows of a document come from a part that this run made, or from the build before where that one has seen the same
bytes. They are gathered, sorted and written a range of keys at a time, so no table has to fit in memory, and neither the
number of batches nor their order nor what was reused shows in the result.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from monopipe.changes import changes_sql
from monopipe.database import MEMORY, connect
from monopipe.discovery import reject
from monopipe.document import slug, title_key
from monopipe.errors import DocumentError
from monopipe.extract.facts import content_key
from monopipe.manifest import read_manifest
from monopipe.parquet import write_parquet
from monopipe.parts import (
    DOCUMENT,
    PIECES,
    Batch,
    BatchResult,
    extract_batch,
    has_pieces,
    in_order,
    read_part,
    write_part,
)
from monopipe.plan import Plan
from monopipe.schema import Table, quote
from monopipe.sources import CONTENT_KINDS, Header, Sources, settled
from monopipe.store import Run
from monopipe.tables import FINDING_RULES, TABLES, Finding, Reject

_AT_ONCE = 8 * 2**20
"""Bytes of files, which are compressed, from which rows are gathered at a time."""
_MADE_HERE = ("rejects", "runs", "changes")


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
    kept = {w.index for w in reused}
    others = [w for w in winners if w.index not in kept and not (w.index in read and w.drug_id == drug_ids[w])]
    again = _extract_again(run, plan, [(w, drug_ids[w]) for w in others])
    rejects += again.rejects
    rejects.sort(key=lambda r: (r.source_path, r.error_kind))
    left_out = [c.index for c in [*(loser for loser, _ in losers), *others]]
    rows = _Rows(
        {name: [r.parts[name] for r in (*results, again) if name in r.parts] for name in TABLES},
        pa.array(left_out, pa.int32()),
        plan.before if reused else None,
        pa.array([w.sha256 for w in reused], pa.string()),
        pa.array([drug_ids[w] for w in reused], pa.string()),
        pa.array([w.source_path for w in reused], pa.string()),
    )
    counts = _write_tables(run, rows, losers, drug_ids)
    counts["rejects"] = _write_rejects(run, rejects)
    counts["changes"] = _write_changes(run, plan.before, rows)
    failed = {w.index for w in others} - {index - len(plan.found.files) for index in again.seen}
    published = {w.sha256: drug_ids[w] for w in winners if w.index not in failed}
    sources = _sources(run, plan, results, candidates, published, failed)
    return Merged(counts["documents"], len(plan.known), counts, tuple(rejects), _severities(run.folder), sources)


def _same_again(run: Run, plan: Plan, before: Path) -> Merged:
    """The tables of the build before, which are this one's too: the same files under another name."""
    for name in TABLES:
        if name not in ("runs", "changes"):
            _link(before / f"{name}.parquet", _path(run.folder, name))
    counts = dict(read_manifest(before)["tables"])
    counts["changes"] = write_parquet(TABLES["changes"], [], _path(run.folder, "changes"))
    rejects = [Reject(**row) for row in _read(before, "rejects").to_pylist()]
    findings = _severities(before)
    files = settled(run.raw, {plan.found.files[index].path: seen for index, seen in plan.known.items()})
    sources = Sources(files, plan.memory.documents, plan.memory.rejects, plan.memory.others)
    del counts["runs"]
    return Merged(counts["documents"], len(plan.known), counts, tuple(rejects), findings, sources, before)


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


@dataclass(frozen=True)
class _Rows:
    """Where the rows of all tables come from."""

    parts: dict[str, list[Path]]
    """The files of a table that this run made."""
    left_out: pa.Array
    """The documents by index whose rows do not count."""
    before: Path | None
    """The build that has the rows of the reused documents."""
    document_ids: pa.Array
    drug_ids: pa.Array
    source_paths: pa.Array
    """The reused documents; the same bytes may stand under another name now."""

    def sorted(self, table: Table) -> Iterator[pa.Table]:
        """The rows of a table that stay, sorted by key, a range of keys at a time."""
        paths = self.parts[table.name]
        size = sum(path.stat().st_size for path in paths)
        if self.before is not None:
            size += _path(self.before, table.name).stat().st_size
        ranges = min(len(PIECES), 1 << (size // _AT_ONCE).bit_length()) if has_pieces(table) else 1
        step = len(PIECES) // ranges
        for first in range(0, len(PIECES), step) if ranges > 1 else (0,):
            some = [table.arrow_schema.empty_table(), *self._of_parts(table, first, first + step)]
            if self.before is not None:
                some += self._of_before(self.before, table, first, first + step)
            yield in_order(pa.concat_tables(some).combine_chunks(), table.key)

    def _of_parts(self, table: Table, first: int, end: int) -> Iterator[pa.Table]:
        """The rows that this run has read between two first characters of the key."""
        for path in self.parts[table.name]:
            rows = read_part(table, path, first, end)
            if len(self.left_out):
                rows = rows.filter(pc.invert(pc.is_in(rows[DOCUMENT], value_set=self.left_out)))
            yield rows.drop_columns(DOCUMENT)

    def _of_before(self, before: Path, table: Table, first: int, end: int) -> Iterator[pa.Table]:
        """The rows of the reused documents between two first characters of the key."""
        low = PIECES[first] if first else ""
        high = PIECES[end] if end < len(PIECES) else None
        key, names = table.key[0], table.arrow_schema.names
        owner, owners = ("drug_id", self.drug_ids) if "drug_id" in names else ("document_id", self.document_ids)
        with pq.ParquetFile(_path(before, table.name)) as file:
            for group in range(file.num_row_groups):
                column = file.metadata.row_group(group).column(names.index(key))
                if has_pieces(table) and (column.statistics.max < low or (high and column.statistics.min >= high)):
                    continue
                rows = file.read_row_group(group)
                stays = pc.and_(pc.is_in(rows[owner], value_set=owners), pc.greater_equal(rows[key], low))
                if high and has_pieces(table):
                    stays = pc.and_(stays, pc.less(rows[key], high))
                if table.name == "findings":
                    stays = pc.and_(stays, pc.not_equal(rows["rule"], "duplicate_drug"))
                rows = rows.filter(stays)
                if table.name == "documents":
                    paths = self.source_paths.take(pc.index_in(rows["document_id"], value_set=self.document_ids))
                    rows = _with_column(rows, "source_path", paths)
                yield rows


def _write_tables(
    run: Run, rows: _Rows, losers: list[tuple[_Candidate, _Candidate]], drug_ids: dict[_Candidate, str]
) -> dict[str, int]:
    """Write every table that comes from documents; the number of rows of each."""
    counts: dict[str, int] = {}
    rest = [name for name in TABLES if name not in ("drug_names", "drugs", *_MADE_HERE)]
    for name in ("drug_names", *rest, "drugs"):  # names make links, findings are counted for drugs
        table, pieces = TABLES[name], rows.sorted(TABLES[name])
        if name == "interactions":
            names = _drugs_by_name(run)
            pieces = (_linked(piece, names) for piece in pieces)
        elif name == "drugs":
            n_findings = Counter(_read(run.folder, "findings", "drug_id")["drug_id"].to_pylist())
            pieces = (_with_findings(piece, n_findings) for piece in pieces)
        counts[name] = write_parquet(
            table, (b for piece in pieces for b in piece.to_batches()), _path(run.folder, name)
        )
        pa.default_memory_pool().release_unused()
        if name == "drug_names" and losers:
            findings = _duplicate_findings(run, losers, drug_ids)
            path = run.parts / "duplicates-findings.arrow"
            write_part(TABLES["findings"], findings.append_column(DOCUMENT, pa.repeat(-1, len(findings))), path)
            rows.parts["findings"].append(path)
    return counts


def _severities(folder: Path) -> dict[str, int]:
    """The number of findings of a build by severity."""
    return dict(sorted(Counter(_read(folder, "findings", "severity")["severity"].to_pylist()).items()))


def _drugs_by_name(run: Run) -> dict[str, set[str]]:
    """The drugs that have a name, of all the collection."""
    rows = _read(run.folder, "drug_names", "name_norm", "drug_id", "assertion")
    rows = rows.filter(pc.equal(rows["assertion"], "affirmed"))
    drugs: dict[str, set[str]] = {}
    for name, drug_id in zip(rows["name_norm"].to_pylist(), rows["drug_id"].to_pylist(), strict=True):
        drugs.setdefault(name, set()).add(drug_id)
    return drugs


def _linked(rows: pa.Table, names: dict[str, set[str]]) -> pa.Table:
    """Interactions linked to the one other drug that has the interactant's name; a name that two share links to none."""
    links = []
    for name, drug_id in zip(rows["interactant_norm"].to_pylist(), rows["drug_id"].to_pylist(), strict=True):
        others = names.get(name, set()) - {drug_id}
        links.append(others.pop() if len(others) == 1 else None)
    return _with_column(rows, "interactant_drug_id", pa.array(links, pa.string()))


def _with_findings(rows: pa.Table, n_findings: Counter[str]) -> pa.Table:
    counts = [n_findings[drug_id] for drug_id in rows["drug_id"].to_pylist()]
    return _with_column(rows, "n_findings", pa.array(counts, pa.int32()))


def _with_column(rows: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    at = rows.schema.get_field_index(name)
    return rows.set_column(at, rows.schema.field(at), values)


def _duplicate_findings(
    run: Run, losers: list[tuple[_Candidate, _Candidate]], drug_ids: dict[_Candidate, str]
) -> pa.Table:
    """A finding on each drug of which a second document was left out, at the title of the one that was kept."""
    place = ("section", "source_quote", "line_start", "line_end", "char_start", "char_end")
    names = _read(run.folder, "drug_names", "drug_id", "name_kind", *place)
    twice = pa.array({drug_ids[winner] for _, winner in losers}, pa.string())
    names = names.filter(pc.and_(pc.equal(names["name_kind"], "title"), pc.is_in(names["drug_id"], value_set=twice)))
    places: dict[str, dict[str, Any]] = {}
    for name in in_order(names, ["char_start"]).to_pylist():
        places.setdefault(name["drug_id"], {key: name[key] for key in place})
    nowhere = dict(zip(place, ("front_matter", "", 1, 1, 0, 0), strict=True))
    rows: list[Finding] = []
    for loser, winner in sorted(losers, key=lambda pair: pair[0].source_path):
        finding = Finding(
            drug_id=drug_ids[winner],
            rule="duplicate_drug",
            severity=FINDING_RULES["duplicate_drug"][0],
            message=f"A second document has this title and was left out: {loser.source_path}.",
            **places.get(drug_ids[winner], nowhere),
        )
        finding.row_id = content_key(finding)
        rows.append(finding)
    return TABLES["findings"].arrow(rows)


def _write_rejects(run: Run, rejects: list[Reject]) -> int:
    table = TABLES["rejects"]
    return write_parquet(table, table.arrow(rejects).to_batches(), _path(run.folder, table.name))


def _write_changes(run: Run, before: Path | None, rows: _Rows) -> int:
    table = TABLES["changes"]
    if before is None:
        return write_parquet(table, [], _path(run.folder, table.name))
    drugs = pa.concat_tables(_read(folder, "drugs", "drug_id") for folder in (before, run.folder))
    drug_ids = drugs["drug_id"].unique()
    touched = run.work / "touched.parquet"
    pq.write_table(
        pa.table({"drug_id": drug_ids.filter(pc.invert(pc.is_in(drug_ids, value_set=rows.drug_ids)))}), touched
    )
    with connect(memory=MEMORY, spill=run.work / "spill") as con:
        sql = changes_sql(con, before, run.folder, f"SELECT drug_id FROM read_parquet({quote(str(touched))})")
        numbered = f"SELECT {quote(run.run_id)} AS run_id, * FROM ({sql}) ORDER BY ordinal"
        return write_parquet(table, con.sql(numbered).to_arrow_reader(8_192), _path(run.folder, table.name))


def _read(folder: Path, name: str, *columns: str) -> pa.Table:
    """Some columns of a table of a build."""
    with pq.ParquetFile(_path(folder, name)) as file:
        return file.read(columns=list(columns) or None)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
