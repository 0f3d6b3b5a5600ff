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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
from monopipe.gather import Keep, Origins, parquet_path, with_column
from monopipe.manifest import read_manifest
from monopipe.parquet import write_parquet
from monopipe.parts import (
    DOCUMENT,
    Batch,
    BatchResult,
    extract_batch,
    in_order,
    write_part,
)
from monopipe.plan import Plan
from monopipe.schema import Table, quote
from monopipe.sources import CONTENT_KINDS, Header, Sources, settled
from monopipe.store import Run
from monopipe.tables import FINDING_RULES, TABLES, Finding, Reject

GONE, CAME = "gone", "came"
"""Folders of a run for the rows that make it differ from the build before."""
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
    rows = Origins(
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
            _link(before / f"{name}.parquet", parquet_path(run.folder, name))
    counts = dict(read_manifest(before)["tables"])
    counts["changes"] = write_parquet(TABLES["changes"], [], parquet_path(run.folder, "changes"))
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


def _write_tables(
    run: Run, rows: Origins, losers: list[tuple[_Candidate, _Candidate]], drug_ids: dict[_Candidate, str]
) -> dict[str, int]:
    """Write every table that comes from documents; the number of rows of each."""
    counts: dict[str, int] = {}
    rest = [name for name in TABLES if name not in ("drug_names", "drugs", *_MADE_HERE)]
    for name in ("drug_names", *rest, "drugs"):  # names make links, findings are counted for drugs
        table = TABLES[name]
        with _set_aside(run.work / GONE, table) as gone, _set_aside(run.work / CAME, table) as came:
            batches = (b for piece in _ahead(_pieces(run, rows, table, gone, came)) for b in piece.to_batches())
            counts[name] = write_parquet(table, batches, parquet_path(run.folder, name))
        pa.default_memory_pool().release_unused()
        if name == "drug_names" and losers:
            findings = _duplicate_findings(run, losers, drug_ids)
            path = run.parts / "duplicates-findings.arrow"
            write_part(TABLES["findings"], findings.append_column(DOCUMENT, pa.repeat(-1, len(findings))), path)
            rows.parts["findings"].append(path)
    return counts


def _ahead(pieces: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The pieces, each made beside the writing of the one before."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece
            pa.default_memory_pool().release_unused()  # else what a piece took stays beside the next two


@contextmanager
def _set_aside(folder: Path, table: Table) -> Iterator[Keep]:
    """A file of those rows of a table that a build before does not have, or alone has: few, and soon read again."""
    folder.mkdir(exist_ok=True)
    with pq.ParquetWriter(parquet_path(folder, table.name), table.arrow_schema, compression="none") as writer:
        yield lambda rows: writer.write_table(rows) if rows.num_rows else None


def _pieces(run: Run, rows: Origins, table: Table, gone: Keep, came: Keep) -> Iterator[pa.Table]:
    """The finished rows of a table, sorted by key; what makes it differ from the build before goes to `gone`, `came`."""
    names = _drugs_by_name(run) if table.name == "interactions" else {}
    n_findings: Counter[str] = Counter()
    if table.name == "drugs":
        n_findings = Counter(_read(run.folder, "findings", "drug_id")["drug_id"].to_pylist())

    def finished(piece: pa.Table) -> pa.Table:
        whole = piece
        if table.name == "interactions":
            whole = _linked(piece, names)
        elif table.name == "drugs":
            whole = _with_findings(piece, n_findings)
        if rows.before is not None:
            reused = rows.reused(table, whole)
            came(whole.filter(pc.invert(reused)))
            if table.name == "interactions":
                had, has = (pc.fill_null(r["interactant_drug_id"], "") for r in (piece, whole))
                relinked = pc.and_(reused, pc.not_equal(had, has))
                gone(piece.filter(relinked))
                came(whole.filter(relinked))
        return whole

    return map(finished, rows.sorted(table, gone))


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
    return with_column(rows, "interactant_drug_id", pa.array(links, pa.string()))


def _with_findings(rows: pa.Table, n_findings: Counter[str]) -> pa.Table:
    counts = [n_findings[drug_id] for drug_id in rows["drug_id"].to_pylist()]
    return with_column(rows, "n_findings", pa.array(counts, pa.int32()))


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
    return write_parquet(table, table.arrow(rejects).to_batches(), parquet_path(run.folder, table.name))


def _write_changes(run: Run, before: Path | None, rows: Origins) -> int:
    table = TABLES["changes"]
    if before is None:
        return write_parquet(table, [], parquet_path(run.folder, table.name))
    old, new = (before, run.folder) if rows.before is None else (run.work / GONE, run.work / CAME)
    with connect(memory=MEMORY, spill=run.work / "spill") as con:
        numbered = f"SELECT {quote(run.run_id)} AS run_id, * FROM ({changes_sql(con, old, new)}) ORDER BY ordinal"
        return write_parquet(table, con.sql(numbered).to_arrow_reader(8_192), parquet_path(run.folder, table.name))


def _read(folder: Path, name: str, *columns: str) -> pa.Table:
    """Some columns of a table of a build."""
    with pq.ParquetFile(parquet_path(folder, name)) as file:
        return file.read(columns=list(columns) or None)
