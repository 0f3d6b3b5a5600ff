"""The build as a Prefect flow: a run now, or served on a schedule.

    python flows/monographs.py [--raw RAW] [--out OUT] [--serve --cron "0 2 * * *"]

The stages are those of `monopipe.build`; Prefect adds retries, logs, artifacts and schedules. What is true stands in
OUT, whatever Prefect's state says: one lock for the whole run, one swap at its end.
"""

# No `from __future__ import annotations` here: Prefect must find the types of the flow's parameters.

import argparse
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

ROOT = Path(__file__).resolve().parent.parent
RAW, OUT = ROOT / "data/raw", ROOT / "data/out"
BATCH, MOST_BATCHES = 500, 40
"""A task costs more than a document: some 500 documents a batch, and never more than 40 batches."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of a call."""
    parser = argparse.ArgumentParser(prog="monographs.py", description="Monographs to tables, under Prefect.")
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of monographs (default: data/raw)")
    parser.add_argument("--out", type=Path, default=OUT, help="output folder (default: data/out)")
    parser.add_argument("--workers", type=int, help="processes (default: the cores that this process may use)")
    parser.add_argument("--full", action="store_true", help="read every document again")
    parser.add_argument("--max-rejects", type=float, default=0.05, help="share of documents (default: 0.05)")
    parser.add_argument("--max-shrink", type=float, default=0.3, help="share of rows a table may lose (default: 0.3)")
    parser.add_argument("--keep", type=int, default=5, help="builds that stay (default: 5)")
    parser.add_argument("--strict", action="store_true", help="exit with 3 on rejects or error findings")
    parser.add_argument("--serve", action="store_true", help="stay and run on the schedule of --cron")
    parser.add_argument("--cron", help='when to run, for example "0 2 * * *"')
    options = parser.parse_args(arguments)
    if bool(options.cron) != options.serve:
        parser.error("--serve and --cron go together")
    if not (0 <= options.max_rejects <= 1 and 0 <= options.max_shrink <= 1):
        parser.error("--max-rejects and --max-shrink are shares, from 0 to 1")
    if options.keep < 1 or (options.workers is not None and options.workers < 1):
        parser.error("--keep and --workers are at least 1")
    options.raw, options.out = options.raw.absolute(), options.out.absolute()
    return options


def prepare() -> None:
    """Apply prefect.toml whatever the current directory is, and find a place for Prefect where HOME is none."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    for name, value in _flat(tomllib.loads((ROOT / "prefect.toml").read_text(encoding="utf-8")), "PREFECT"):
        os.environ.setdefault(name, value)
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    if not any(os.access(p, os.W_OK) for p in (home, *home.parents) if p.exists()):
        os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="prefect-")


def _flat(settings: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in settings.items():
        name = f"{prefix}_{key.upper()}"
        if isinstance(value, dict):
            yield from _flat(value, name)
        else:
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def announce() -> None:
    """Say what takes so long, before it does."""
    if "PREFECT_API_URL" not in os.environ:
        print("Starting the embedded Prefect, which takes 10 to 40 seconds …", file=sys.stderr, flush=True)


prepare()
if __name__ == "__main__":
    OPTIONS = parse()
    if not OPTIONS.serve:
        announce()

from prefect import flow, get_run_logger, task  # noqa: E402
from prefect.artifacts import create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.client.orchestration import get_client  # noqa: E402
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy  # noqa: E402
from prefect.settings import get_current_settings  # noqa: E402
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402
from prefect.utilities.annotations import quote  # noqa: E402

from monopipe.build import (  # noqa: E402
    MAX_REJECTS,
    MAX_SHRINK,
    Batch,
    BatchResult,
    Merged,
    Plan,
    Report,
    Run,
    batches,
    check,
    discover,
    extract_batch,
    make_plan,
    merge,
    open_run,
    publish,
    write,
)
from monopipe.cli import is_about_data  # noqa: E402
from monopipe.errors import BuildError, MonopipeError  # noqa: E402
from monopipe.report import Summary, summarize  # noqa: E402
from monopipe.workers import FEW_DOCUMENTS, in_processes, prepare_worker  # noqa: E402

T = TypeVar("T")
log = logging.getLogger("monopipe.flow")


class _OneLine(logging.Filter):
    """What a user can cause is logged as one line; the whole message stands at the end of the run."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], MonopipeError | OSError):
            record.exc_info = None
        line, cut, _ = record.getMessage().partition("\\n")
        if cut:
            record.msg, record.args = line + " …", ()
        return True


for _name in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_name).addFilter(_OneLine())


def as_is(value: T) -> T:
    """The value for a task, not searched for futures, which would take longer than the task."""
    return cast("T", quote(value))


def plainly(stage: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """The stage's result; a full disk or too little memory, as DuckDB or Arrow tell it, as a BuildError.

    The new error must not hold on to the old one, nor to frames that do: Prefect keeps it until Python ends, and DuckDB
    then complains of what is left.
    """
    try:
        return stage(*arguments, **options)
    except Exception as error:
        if not is_about_data(error):
            raise
        message = str(error).strip()
    raise BuildError(f"{message}\nNothing was published.")


def only_io(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failure may pass by itself: a disk or a network share does, a wrong document does not."""
    try:
        state.result()
    except OSError:
        return True
    except Exception:
        return False
    return False


unkept: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
retried: dict[str, Any] = {"retries": 2, "retry_delay_seconds": 2, "retry_condition_fn": only_io}


@task(**unkept, **retried)
def discovery(run: Run, full: bool = False) -> Plan:
    """The documents below the raw folder, and which of them have to be read."""
    return make_plan(run, discover(run.raw), full=full)


@task(task_run_name="batch-{batch.name}", **unkept, **retried)
def extraction(batch: Batch, pool: Executor | None = None) -> list[BatchResult]:
    """The parts of a batch, from a process of the pool where there is one; from one of its own when the pool died."""
    if pool is None:
        return [extract_batch(batch)]
    try:
        return [pool.submit(extract_batch, batch).result()]
    except BrokenProcessPool:
        log.warning("a worker process died; batch %s is done again", batch.name)
    with _one_by_one:
        return list(in_processes([batch], 1))


_one_by_one = threading.Lock()


@task(**unkept)
def merge_and_check(run: Run, plan: Plan, results: list[BatchResult], **limits: float) -> Merged:
    """The tables, whole, every promise of theirs kept."""
    merged = plainly(merge, run, plan, results)
    plainly(check, run, plan, merged, **limits)
    return merged


@task(**unkept)  # never retried: what is published is published
def publication(run: Run, plan: Plan, merged: Merged, keep: int) -> Report:
    """The build written whole and made the current one."""
    plainly(write, run, plan, merged)
    return publish(run, merged, keep=keep)


THREADS: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=8)  # they only wait: the work is done by processes


@flow(name="monographs", task_runner=THREADS, persist_result=False)
def monographs(
    raw: Path = RAW,
    out: Path = OUT,
    workers: int | None = None,
    full: bool = False,
    max_rejects: float = MAX_REJECTS,
    max_shrink: float = MAX_SHRINK,
    keep: int = 5,
) -> Report:
    """Every monograph below `raw` as tables in `out`."""
    seconds: dict[str, float] = {}
    workers = workers or len(os.sched_getaffinity(0))
    with open_run(raw, out) as run:
        with timed(seconds, "discover"):
            plan = discovery(as_is(run), full)
        with timed(seconds, "extract"):
            results = extracted(cut(run, plan, workers), workers)
        with timed(seconds, "merge and check"):
            limits = {"max_rejects": max_rejects, "max_shrink": max_shrink}
            merged = merge_and_check(as_is(run), as_is(plan), as_is(results), **limits)
        with timed(seconds, "write and publish"):
            report: Report = publication(as_is(run), as_is(plan), as_is(merged), keep)
    report.seconds = seconds
    summary = summarize(report)
    get_run_logger().info(
        "Published build %s: %s documents, %s rejected, %s reused, %s facts",
        *(report.build_id, report.n_documents, report.n_rejects, report.n_reused, summary.n_facts),
    )
    leave_artifacts(summary)
    return report


def cut(run: Run, plan: Plan, workers: int) -> list[Batch]:
    """The documents in batches for tasks: large enough to be worth one, and few however many documents there are."""
    n = len(plan.to_read)
    return batches(run, plan, workers, size=max(min(BATCH, -(-n // workers)), -(-n // MOST_BATCHES), FEW_DOCUMENTS))


def extracted(batches: list[Batch], workers: int) -> list[BatchResult]:
    """The results of all batches; processes are started only where they are worth it."""
    with ExitStack() as stack:
        pool = None
        if workers > 1 and sum(len(b.files) for b in batches) > FEW_DOCUMENTS:
            context = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(min(workers, len(batches)), context, prepare_worker)
            stack.callback(pool.shutdown, cancel_futures=True)
        done = [future.result() for future in [extraction.submit(as_is(b), as_is(pool)) for b in batches]]
    return [result for results in done for result in results]


@contextmanager
def timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    """Note how long a stage took."""
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start


def leave_artifacts(summary: Summary) -> None:
    """A table and a page for Prefect's UI. The build is published: that they fail is no failure of the run."""
    try:
        rows = [{"table": name, "rows": n} for name, n in summary.report.counts.items()]
        create_table_artifact(table=rows, key="monopipe-tables", description="Rows a table")
        create_markdown_artifact(markdown=summary.markdown(), key="monopipe-build", description="What the build made")
    except Exception as error:
        log.warning("the artifacts were not stored: %s", error)


def serve(options: argparse.Namespace) -> int:
    """Stay, and run on the schedule, one run at a time; 2 when there is no server that could keep a schedule."""
    if get_current_settings().api.url is None:
        print(
            "monopipe: a schedule needs a Prefect server: run `prefect server start` and\n"
            "export PREFECT_API_URL=http://127.0.0.1:4200/api",
            file=sys.stderr,
        )
        return 2
    monographs.serve(
        name="served",
        cron=options.cron,
        parameters={k: str(v) if isinstance(v, Path) else v for k, v in chosen(options).items()},
        global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
    )
    return 0


def start_server() -> None:
    """Start the embedded server, if that is what is used, deaf to Ctrl-C.

    A server that stops with the run keeps Prefect for minutes at telling it of the interruption. Prefect stops it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with get_client(sync_client=True):
            pass
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def chosen(options: argparse.Namespace) -> dict[str, Any]:
    """The parameters of the flow, from the options of the call."""
    names = ("raw", "out", "workers", "full", "max_rejects", "max_shrink", "keep")
    return {name: getattr(options, name) for name in names}


def main(options: argparse.Namespace) -> int:
    """The exit code of a call, the same as the command line's."""
    try:
        if options.serve:
            return serve(options)
        start_server()
        summary = summarize(monographs(**chosen(options)))
    except (MonopipeError, OSError) as error:
        print(f"monopipe: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("monopipe: interrupted", file=sys.stderr)
        return 1
    print(summary.text(), end="", flush=True)
    return 3 if options.strict and summary.has_problems else 0


if __name__ == "__main__":
    sys.exit(main(OPTIONS))
