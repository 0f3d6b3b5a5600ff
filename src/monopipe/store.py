"""The output folder: one run in it at a time, whole builds only, `current` swapped in one step.

OUT/current -> builds/<build_id>     what readers open
OUT/builds/<build_id>/               whole builds; the last few are kept
OUT/builds/.work-<run_id>/           what a run is making; removed by it, or by the next run when it died
OUT/builds/.runs.jsonl               the journal: a line when a run starts and one when it ends
OUT/.lock                            held by the kernel for as long as a run lives, however it dies
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import logging
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monopipe.errors import BuildError, MonopipeError, UsageError
from monopipe.manifest import MANIFEST, version

log = logging.getLogger("monopipe")

DATABASE = "monopipe.duckdb"

_M_ARENA_MAX = -8
"""As malloc.h of glibc has it."""


@dataclass(frozen=True)
class Run:
    """A run that holds the output folder: small and picklable, so that stages can be told of it anywhere."""

    run_id: str
    raw: Path
    out: Path
    started_at: datetime

    @property
    def work(self) -> Path:
        """The folder for everything that the run makes."""
        return self.out / "builds" / f".work-{self.run_id}"

    @property
    def parts(self) -> Path:
        """The folder of what the batches return."""
        return self.work / "parts"

    @property
    def folder(self) -> Path:
        """The folder that becomes the build."""
        return self.work / "build"

    @property
    def published(self) -> Path:
        """Where the build stands once published."""
        return self.out / "builds" / self.run_id


@contextmanager
def open_run(raw: Path, out: Path) -> Iterator[Run]:
    """A run from `raw` into `out` that nobody else disturbs; what it leaves behind is cleaned, its end recorded."""
    raw, out = Path(os.path.abspath(raw)), Path(os.path.abspath(out))
    if not raw.is_dir():
        raise BuildError(f"{raw}: there is no such folder; name the folder that holds the monographs")
    with _failures_named(out):
        (out / "builds").mkdir(parents=True, exist_ok=True)
    _share_memory()
    with _locked(out), _failures_named(out):
        _remove_leftovers(out)
        run = Run(_new_id(out), raw, out, datetime.now(UTC))
        record(run, "started", pid=os.getpid(), version=version())
        try:
            run.parts.mkdir(parents=True)
            run.folder.mkdir()
            yield run
        except BaseException as error:
            message = str(error) if isinstance(error, MonopipeError) else f"{type(error).__name__}: {error}"
            with suppress(OSError):  # a full disk must not hide why the run failed
                record(run, "failed", message=message)
            raise
        finally:
            shutil.rmtree(run.work, ignore_errors=True)


def current_build(out: Path) -> Path | None:
    """The folder of the build that readers see, with the link resolved once; None before the first."""
    link = out / "current"
    if not link.is_symlink():
        return None
    build = out / link.readlink()
    return build if (build / MANIFEST).is_file() else None


def builds(out: Path) -> list[Path]:
    """The whole builds, oldest first."""
    folder = out / "builds"
    if not folder.is_dir():
        return []
    return sorted(b for b in folder.iterdir() if not b.name.startswith(".") and (b / MANIFEST).is_file())


def publish(run: Run, **summary: Any) -> Path:
    """Make the finished build the current one, in one step; its folder."""
    for file in run.folder.iterdir():
        _sync(file)
    _sync(run.folder)
    run.folder.rename(run.published)
    _sync(run.published.parent)
    link = run.out / f".current-{run.run_id}"
    link.symlink_to(os.path.join("builds", run.run_id))
    link.replace(run.out / "current")
    _sync(run.out)
    with suppress(OSError):  # published is published; the build itself carries its row of `runs`
        record(run, "published", **summary)
    return run.published


def prune(out: Path, keep: int) -> None:
    """Remove all but the newest `keep` builds; never the current one."""
    if keep < 1:
        raise UsageError(f"keep is {keep}; at least 1 build stays")
    current = current_build(out)
    for build in builds(out)[:-keep]:
        if build != current:
            _remove(build)


def _remove(build: Path) -> None:
    """Remove a build, its manifest first: when that is cut short, the next run sees that it is none."""
    with suppress(OSError):
        (build / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(build, ignore_errors=True)


def record(run: Run, event: str, **facts: Any) -> None:
    """Add a line to the journal that survives a crash right after."""
    _write_line(run.out, run.run_id, event, at=_stamp(run.started_at if event == "started" else None), **facts)


def _write_line(out: Path, run_id: str, event: str, **facts: Any) -> None:
    line = {"run_id": run_id, "event": event, **facts}
    descriptor = os.open(_journal(out), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, ("\n" + json.dumps(line)).encode())  # first, so a line cut short spoils no other
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def journal(out: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """What the journal knows: run → event → its line. A line cut short by a crash is passed over."""
    runs: dict[str, dict[str, dict[str, Any]]] = {}
    try:
        lines = _journal(out).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return runs
    for text in lines:
        with suppress(ValueError, KeyError, TypeError):
            line = json.loads(text)
            runs.setdefault(line["run_id"], {})[line["event"]] = line
    return runs


def _journal(out: Path) -> Path:
    return out / "builds" / ".runs.jsonl"


def _stamp(moment: datetime | None) -> str:
    return (moment or datetime.now(UTC)).isoformat(timespec="microseconds")


def _new_id(out: Path) -> str:
    """An id that sorts by time and behind every build that is there, even when the clock was set back."""
    taken = max((b.name for b in (out / "builds").iterdir() if not b.name.startswith(".")), default="")
    run_id = datetime.now(UTC).strftime("%Y%m%dT%H%M%S-%f")
    return run_id if run_id > taken else f"{taken}a"


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """The kernel's lock on the folder, or a BuildError that names the holder."""
    try:
        file = (out / ".lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{out}: cannot be written ({error.strerror}); check its permissions") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise BuildError(f"{out}: another run ({holder}) is writing here; wait for it to end") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {_stamp(None)}")
        file.flush()
        yield


def _share_memory() -> None:
    """Let all threads of this process allocate from one place.

    glibc gives each thread an arena of its own and keeps there what it has freed, so that the threads of a merge keep a
    hundred MiB from those that load the database; one arena costs no time that could be measured.
    """
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


@contextmanager
def _failures_named(out: Path) -> Iterator[None]:
    """A full disk or a read-only folder is the user's to mend: a BuildError, no traceback."""
    try:
        yield
    except OSError as error:
        place = error.filename or out
        raise BuildError(f"{place}: {error.strerror or error}; nothing was published") from error


def _remove_leftovers(out: Path) -> None:
    """Remove what dead runs left: work folders, folders without manifest, links and builds never published."""
    current = current_build(out)
    known = journal(out)
    if current is not None and "published" not in known.get(current.name, {"published": {}}):
        # it died, or the disk was full, between the swap and the line that tells of it
        _write_line(out, current.name, "published", at=_stamp(None))
    for link in out.glob(".current-*"):
        link.unlink(missing_ok=True)
    for folder in (out / "builds").iterdir():
        events = known.get(folder.name, {})
        never_published = "started" in events and "published" not in events and folder != current
        rubbish = never_published or not (folder / MANIFEST).is_file()
        if folder.is_dir() and rubbish:
            log.warning("removing what run %s left behind", folder.name.removeprefix(".work-"))
            _remove(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
