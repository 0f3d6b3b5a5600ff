"""The build: a folder of monographs to a published folder of tables.

Each stage is a function that takes and returns small picklable values, the data itself travels in files, so the
stages run alike in one process, in a pool of processes or as tasks of an orchestrator:

    with open_run(raw, out) as run:
        found = discover(run.raw)
        results = [extract_batch(batch) for batch in batches(run, found)]      # in any order, anywhere
        merged = merge(run, found, results)
        check(run, merged, max_rejects=0.05)
        write(run, merged)
        report = publish(run, merged, keep=5)
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from monopipe import store
from monopipe.database import broken_promises, load
from monopipe.discovery import Discovery, discover
from monopipe.errors import BuildError, UsageError
from monopipe.manifest import fingerprint, version, write_datapackage, write_manifest
from monopipe.merge import Merged, merge
from monopipe.parquet import write_parquet
from monopipe.parts import Batch, BatchResult, extract_batch
from monopipe.store import Run, current_build, open_run
from monopipe.tables import TABLES, Fact, Reject
from monopipe.tables import Run as RunRow

__all__ = [
    "Batch",
    "BatchResult",
    "Discovery",
    "Merged",
    "Report",
    "Run",
    "batches",
    "build",
    "check",
    "discover",
    "extract_batch",
    "merge",
    "open_run",
    "publish",
    "write",
]

log = logging.getLogger("monopipe")

LARGEST_BATCH = 200
FEW_DOCUMENTS = 64
"""Up to here one process is done before a second one has started."""
SHARE_COUNTS_FROM = 20
"""Of fewer documents, a share of rejects says nothing."""

Progress = Callable[[str, int, int], None]


@dataclass
class Report:
    """What a run published: for people, for exit codes, for dashboards."""

    build_id: str
    build_path: Path
    n_documents: int
    n_rejects: int
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
    max_rejects: float = 0.05,
    keep: int = 5,
    progress: Progress | None = None,
) -> Report:
    """Read every monograph below `raw` and publish the tables in `out`; BuildError when nothing was published.

    `workers` defaults to the cores that this process may use. They are spawned, so a script that calls this needs
    the usual `if __name__ == "__main__":`. `full` reads every document again, which every build does for now.
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
            found = discover(run.raw)
        with clock("extract", len(found.files)):
            results = _extract(batches(run, found, workers), workers, len(found.files), tell)
        with clock("merge"):
            merged = merge(run, found, results)
        with clock("check"):
            check(run, merged, max_rejects=max_rejects)
        with clock("write"):
            write(run, merged)
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


def batches(run: Run, found: Discovery, workers: int = 1, size: int | None = None) -> list[Batch]:
    """The documents in batches: some for each worker, so that a slow one does not keep the others waiting."""
    files = list(enumerate(found.files))
    size = size or max(20, min(LARGEST_BATCH, -(-len(files) // (4 * workers))))
    cuts = range(0, len(files), size)
    return [Batch(f"{n:05}", run.raw, run.parts, tuple(files[cut : cut + size])) for n, cut in enumerate(cuts)]


def _extract(parts: Sequence[Batch], workers: int, n_documents: int, tell: Progress) -> list[BatchResult]:
    """The results of all batches, in the order of the batches, from as many processes as are worth their start."""
    results: dict[str, BatchResult] = {}
    done = 0
    for result in _one_process(parts) if workers == 1 or n_documents <= FEW_DOCUMENTS else _pool(parts, workers):
        results[result.name] = result
        done += result.n_documents + len(result.rejects)
        tell("extract", done, n_documents)
        for reject in result.rejects:
            if reject.error_kind == "internal_error":
                log.error("%s: %s", reject.source_path, reject.error_message)
    return [results[batch.name] for batch in parts]


def _one_process(parts: Sequence[Batch]) -> Iterator[BatchResult]:
    yield from map(extract_batch, parts)


def _pool(parts: Sequence[Batch], workers: int) -> Iterator[BatchResult]:
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
    with ProcessPoolExecutor(min(workers, len(parts)), context, prepare_worker) as pool:
        try:
            for future in as_completed([pool.submit(extract_batch, batch) for batch in parts]):
                yield future.result()
        except BrokenProcessPool:
            raise BuildError(
                "a worker process died, out of memory or killed; nothing was published; run again, with fewer --workers"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def prepare_worker() -> None:
    """Tune a worker, and let it end with its parent, however that ends."""
    gc.set_threshold(100_000)  # documents make many small objects and no garbage in circles
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def check(run: Run, merged: Merged, *, max_rejects: float = 0.05) -> None:
    """Raise a BuildError that lists every broken promise of the tables, or that says there are too many rejects."""
    n, n_rejects = merged.n_documents + len(merged.rejects), len(merged.rejects)
    if n >= SHARE_COUNTS_FROM and n_rejects > max_rejects * n:
        shown = "\n".join(f"  {_place(r)}: {r.error_kind}: {r.error_message}" for r in merged.rejects[:10])
        more = f"\n  … and {n_rejects - 10} more" if n_rejects > 10 else ""
        raise BuildError(
            f"{n_rejects} of {n} documents were rejected, more than --max-rejects {max_rejects:g} allows; "
            f"nothing was published:\n{shown}{more}"
        )
    tables = {name: table for name, table in TABLES.items() if name != "runs"}
    faults = broken_promises(tables, run.folder)
    if faults:
        raise BuildError("the tables break their promises, nothing was published:\n  " + "\n  ".join(faults))


def _place(reject: Reject) -> str:
    return reject.source_path if reject.line is None else f"{reject.source_path}:{reject.line}"


def write(run: Run, merged: Merged) -> None:
    """Everything of a build that the Parquet files do not hold: `runs`, the database, the descriptions."""
    finished = datetime.now(UTC)
    history = _history(run, merged, finished)
    table = TABLES["runs"]
    write_parquet(table, table.arrow(history).to_batches(), run.folder / "runs.parquet")
    load(TABLES, run.folder, run.folder / store.DATABASE, spill=run.work / "spill")
    write_datapackage(run.folder, TABLES)
    facts = {
        "build_id": run.run_id,
        "started_at": run.started_at.isoformat(),
        "finished_at": finished.isoformat(),
        "monopipe": version(),
        "code_fingerprint": fingerprint(),
        "n_documents": merged.n_documents,
        "n_rejects": len(merged.rejects),
        "tables": {name: merged.counts.get(name, len(history)) for name in TABLES},
    }
    write_manifest(run.folder, facts)


def publish(run: Run, merged: Merged, *, keep: int = 5) -> Report:
    """Make the build the current one and remove those beyond `keep`."""
    path = store.publish(run, **_summary(merged))
    store.prune(run.out, keep)
    counts = {name: merged.counts[name] for name in TABLES if name in merged.counts}
    return Report(run.run_id, path, merged.n_documents, len(merged.rejects), counts, merged.rejects, merged.findings)


def _summary(merged: Merged) -> dict[str, Any]:
    n_rows = sum(n for name, n in merged.counts.items() if issubclass(TABLES[name].row_class, Fact))
    return {"n_documents": merged.n_documents, "n_rejects": len(merged.rejects), "n_rows": n_rows}


def _history(run: Run, merged: Merged, finished: datetime) -> list[RunRow]:
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
    before = current_build(run.out)
    if before is not None:
        known = {c.name for c in TABLES["runs"].columns}
        for row in pq.read_table(before / "runs.parquet").to_pylist():
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
