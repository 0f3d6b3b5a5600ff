"""The build: a folder of monographs to a published folder of tables.

Each stage is a function that takes and returns small picklable values, the data itself travels in files, so the
stages run alike in one process, in a pool of processes or as tasks of an orchestrator:

    with open_run(raw, out) as run:
        plan = make_plan(run, discover(run.raw))
        results = [extract_batch(batch) for batch in batches(run, plan)]      # in any order, anywhere
        merged = merge(run, plan, results)
        check(run, plan, merged, max_rejects=0.05)
        write(run, plan, merged)
        report = publish(run, merged, keep=5)
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from monopipe import store
from monopipe.database import broken_promises, load, load_again
from monopipe.discovery import Discovery, discover, place
from monopipe.errors import BuildError, UsageError
from monopipe.manifest import copied, read_manifest, version, write_datapackage, write_manifest
from monopipe.merge import Merged, merge
from monopipe.parquet import write_parquet
from monopipe.parts import Batch, BatchResult, extract_batch
from monopipe.plan import Plan, make_plan
from monopipe.progress import Progress
from monopipe.store import Run, open_run
from monopipe.tables import TABLES, Fact, Reject
from monopipe.tables import Run as RunRow
from monopipe.workers import extract_all

__all__ = [
    "Batch",
    "BatchResult",
    "Discovery",
    "Merged",
    "Plan",
    "Report",
    "Run",
    "batches",
    "build",
    "check",
    "discover",
    "extract_batch",
    "make_plan",
    "merge",
    "open_run",
    "publish",
    "write",
]

log = logging.getLogger("monopipe")

LARGEST_BATCH = 200
SHARE_COUNTS_FROM = 20
"""Of fewer documents or rows, a share says nothing."""
MAX_REJECTS, MAX_SHRINK = 0.05, 0.3
_MAY_SHRINK = ("findings", "rejects", "runs", "changes")


@dataclass
class Report:
    """What a run published: for people, for exit codes, for dashboards."""

    build_id: str
    build_path: Path
    n_documents: int
    n_rejects: int
    n_reused: int
    """Documents that were not read again, for their bytes were those of the build before."""
    counts: dict[str, int]
    rejects: tuple[Reject, ...]
    findings: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)


def build(
    raw: Path,
    out: Path,
    *,
    workers: int | None = None,
    full: bool = False,
    max_rejects: float = MAX_REJECTS,
    max_shrink: float = MAX_SHRINK,
    keep: int = 5,
    progress: Progress | None = None,
) -> Report:
    """Read every monograph below `raw` and publish the tables in `out`; BuildError when nothing was published.

    `workers` defaults to the cores that this process may use. They are spawned, so a script that calls this needs
    the usual `if __name__ == "__main__":`. `full` reads every document again, also those that have not changed.
    `max_rejects` is the share of documents that may be rejected, `max_shrink` the share of its rows that a table may
    lose since the build before; both count from 20 documents on.
    """
    if workers is not None and workers < 1:
        raise UsageError(f"workers is {workers}; at least 1 is needed")
    if keep < 1:
        raise UsageError(f"keep is {keep}; at least 1 build stays")
    workers = workers or len(os.sched_getaffinity(0))
    tell = progress or (lambda stage, done, total: None)
    clock = _Clock(tell)
    with open_run(Path(raw), Path(out)) as run:
        with clock("discover"):
            plan = make_plan(run, discover(run.raw), full=full)
        with clock("extract", len(plan.to_read)):
            done = 0

            def count(result: BatchResult) -> None:
                nonlocal done
                done += result.n_documents + len(result.rejects)
                tell("extract", done, len(plan.to_read))

            results = extract_all(batches(run, plan, workers), workers, count)
        with clock("merge"):
            merged = merge(run, plan, results)
        with clock("check"):
            check(run, plan, merged, max_rejects=max_rejects, max_shrink=max_shrink)
        with clock("write"):
            write(run, plan, merged)
        with clock("publish"):
            report = publish(run, merged, keep=keep)
    report.seconds = clock.seconds
    return report


class _Clock:
    """Measures the stages and tells the listener when they begin and end."""

    def __init__(self, tell: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._tell = tell

    @contextmanager
    def __call__(self, stage: str, total: int = 1) -> Iterator[None]:
        self._tell(stage, 0, total)
        start = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - start
        self._tell(stage, total, total)


def batches(run: Run, plan: Plan, workers: int = 1, size: int | None = None) -> list[Batch]:
    """The documents to read in batches: some for each worker, so that a slow one does not keep the others waiting."""
    files = plan.to_read
    size = size or max(20, min(LARGEST_BATCH, -(-len(files) // (4 * workers))))
    cuts = range(0, len(files), size)
    return [Batch(f"{n:05}", run.raw, run.parts, files[cut : cut + size]) for n, cut in enumerate(cuts)]


def check(
    run: Run, plan: Plan, merged: Merged, *, max_rejects: float = MAX_REJECTS, max_shrink: float = MAX_SHRINK
) -> None:
    """Raise a BuildError that says why the tables must not be published: too few documents or rows, broken promises."""
    n, n_rejects = merged.n_documents + len(merged.rejects), len(merged.rejects)
    if n != len(plan.found.files) + len(plan.found.rejects):
        listed = len(plan.found.files) + len(plan.found.rejects)
        raise BuildError(f"of {listed} documents {n} are in the tables or rejected; please report it")
    if n >= SHARE_COUNTS_FROM and n_rejects > max_rejects * n:
        shown = "\n".join(f"  {place(r)}: {r.error_kind}: {r.error_message}" for r in merged.rejects[:10])
        more = f"\n  … and {n_rejects - 10} more" if n_rejects > 10 else ""
        raise BuildError(
            f"{n_rejects} of {n} documents were rejected, more than --max-rejects {max_rejects:g} allows; "
            f"nothing was published:\n{shown}{more}"
        )
    if merged.same_as is not None:
        return  # these very files have passed
    shrunk = _shrunk(plan, merged, max_shrink)
    if shrunk:
        raise BuildError(
            f"held back: tables lost more of their rows than --max-shrink {max_shrink:g} allows since build "
            f"{plan.before.name if plan.before else ''}; nothing was published. If that is right, run again with "
            "--max-shrink 1:\n  " + "\n  ".join(shrunk)
        )
    tables = {name: table for name, table in TABLES.items() if name != "runs"}
    faults = broken_promises(tables, run.folder, spill=run.work / "spill")
    if faults:
        raise BuildError("the tables break their promises, nothing was published:\n  " + "\n  ".join(faults))


def _shrunk(plan: Plan, merged: Merged, max_shrink: float) -> list[str]:
    """The tables that lost more than a share of their rows since the build before."""
    if plan.before is None:
        return []
    had: dict[str, int] = read_manifest(plan.before)["tables"]
    if had.get("documents", 0) < SHARE_COUNTS_FROM:
        return []
    return [
        f"{name}: {had[name]:,} rows, now {n:,}"
        for name, n in merged.counts.items()
        if name not in _MAY_SHRINK
        and had.get(name, 0) >= SHARE_COUNTS_FROM
        and n < round((1 - max_shrink) * had[name], 6)
    ]


def write(run: Run, plan: Plan, merged: Merged) -> None:
    """Everything of a build that the merged tables do not hold: `runs`, the database, the descriptions."""
    finished = datetime.now(UTC)
    history = _history(run, plan, merged, finished)
    table = TABLES["runs"]
    write_parquet(table, table.arrow(history).to_batches(), run.folder / "runs.parquet")
    merged.sources.write(run.folder)
    known = _write_database(run, merged)
    write_datapackage(run.folder, TABLES)
    facts = {
        "build_id": run.run_id,
        "raw": str(run.raw),
        "started_at": run.started_at.isoformat(),
        "finished_at": finished.isoformat(),
        "monopipe": version(),
        "code_fingerprint": plan.fingerprint,
        "n_documents": merged.n_documents,
        "n_rejects": len(merged.rejects),
        "n_reused": merged.n_reused,
        "tables": {name: merged.counts.get(name, len(history)) for name in TABLES},
    }
    write_manifest(run.folder, facts, known=known)


def _write_database(run: Run, merged: Merged) -> dict[str, Any]:
    """The database, made of the tables or of the one before; the files whose size and hash are known already."""
    path, spill = run.folder / store.DATABASE, run.work / "spill"
    if merged.same_as is None:
        load(TABLES, run.folder, path, spill=spill)
        return {}
    manifest = read_manifest(merged.same_as)
    tables = [f"{name}.parquet" for name in TABLES if name not in ("runs", "changes")]
    if copied(merged.same_as, manifest, store.DATABASE, path):
        load_again([TABLES["runs"], TABLES["changes"]], run.folder, path)
    else:
        path.unlink()
        load(TABLES, run.folder, path, spill=spill)
    return {name: manifest["files"][name] for name in tables}


def publish(run: Run, merged: Merged, *, keep: int = 5) -> Report:
    """Make the build the current one and remove those beyond `keep`."""
    path = store.publish(run, **_summary(merged))
    store.prune(run.out, keep)
    counts = {name: merged.counts[name] for name in TABLES if name in merged.counts}
    return Report(
        *(run.run_id, path, merged.n_documents, len(merged.rejects), merged.n_reused),
        *(counts, merged.rejects, merged.findings),
    )


def _summary(merged: Merged) -> dict[str, Any]:
    n_rows = sum(n for name, n in merged.counts.items() if issubclass(TABLES[name].row_class, Fact))
    return {"n_documents": merged.n_documents, "n_rejects": len(merged.rejects), "n_rows": n_rows}


def _history(run: Run, plan: Plan, merged: Merged, finished: datetime) -> list[RunRow]:
    """The rows of `runs`: those of the current build, what the journal knows besides, and this run."""
    rows: dict[str, RunRow] = {}
    for run_id, events in store.journal(run.out).items():
        ended = events.get("published") or events.get("failed")
        started = events.get("started")
        if started is None:
            continue
        rows[run_id] = RunRow(
            run_id=run_id,
            started_at=datetime.fromisoformat(started["at"]),
            finished_at=datetime.fromisoformat(ended["at"]) if ended else None,
            status=ended["event"] if ended else "unfinished",
            n_documents=ended.get("n_documents") if ended else None,
            n_rejects=ended.get("n_rejects") if ended else None,
            n_rows=ended.get("n_rows") if ended else None,
            message=ended.get("message") if ended else None,
            extractor_version=started.get("version", "unknown"),
        )
    if plan.before is not None:
        known = {c.name for c in TABLES["runs"].columns}
        for row in pq.ParquetFile(plan.before / "runs.parquet").read().to_pylist():
            rows[row["run_id"]] = RunRow(**{k: v for k, v in row.items() if k in known})
    rows[run.run_id] = RunRow(
        run_id=run.run_id,
        started_at=run.started_at,
        finished_at=finished,
        status="published",
        message=None,
        extractor_version=version(),
        **_summary(merged),
    )
    return [rows[run_id] for run_id in sorted(rows)]
