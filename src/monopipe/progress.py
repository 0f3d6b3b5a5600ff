"""How a build tells how far it is: a bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Progress = Callable[[str, int, int], None]

STAGES = {
    "discover": "looking for documents",
    "extract": "reading documents",
    "merge": "merging tables",
    "check": "checking every promise of the tables",
    "write": "writing the database",
    "publish": "publishing",
}
SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Progress | None]:
    """A listener for `build(progress=…)` that shows the stages on standard error. It never fails a build."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as listen:
            yield listen
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def listen(stage: str, done: int, total: int) -> None:
            with suppress(OSError):
                bar.update(task, description=STAGES.get(stage, stage), completed=done, total=total)

        yield listen


def _lines() -> Progress:
    """A line when a stage begins, and one every few seconds while documents are read."""
    last = 0.0

    def listen(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        words = STAGES.get(stage, stage)
        with suppress(OSError):
            if done == 0 and stage != "extract":
                print(f"{words} …", file=sys.stderr, flush=True)
            elif stage == "extract" and (done in (0, total) or now - last >= SECONDS_BETWEEN_LINES):
                last = now
                print(f"{words}: {done:,} of {total:,}", file=sys.stderr, flush=True)

    return listen
