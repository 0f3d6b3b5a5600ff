"""Whole or not at all: whatever kills a build or stands in its way, readers have the last one or the new one.

Each of these does what it says to a real build in a process of its own. `make soak` does it far more often.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from monopipe import store
from monopipe.errors import BuildError
from monopipe.manifest import damaged, read_manifest
from monopipe.progress import STAGES
from monopipe.tables import TABLES
from samples import built, monograph, put, sql

SOAK = bool(os.environ.get("MONOPIPE_SOAK"))
KILLS = 200 if SOAK else 4
PUBLICATIONS = 100 if SOAK else 6

BUILD = """
import os, signal, sys
from pathlib import Path
from monopipe.build import build

def listen(stage, done, total):
    print(stage, flush=True)
    if stage == sys.argv[3] and done == 0:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]), workers=int(sys.argv[4]), full="full" in sys.argv, progress=listen)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    put(tmp_path / "raw", **{f"d{n:02}": monograph(f"Drug {n}") for n in range(30)})
    (tmp_path / "build.py").write_text(BUILD)
    return tmp_path


def start(place: Path, *options: str, **popen: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, place / "build.py", place / "raw", place / "out", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **popen)


def whole(out: Path) -> str | None:
    """The name of the current build, each file of which is as it was written."""
    build = store.current_build(out)
    if build is None:
        assert not (out / "current").exists()
        return None
    assert damaged(build, read_manifest(build)) == []
    return build.name


def recovered(place: Path, documents: int) -> None:
    """The next run publishes every document and cleans up what the others left."""
    out = place / "out"
    report = built(place / "raw", out)
    assert report.n_documents == documents
    assert whole(out) == report.build_id
    assert sql(out, "SELECT count(*) FROM documents") == [(documents,)]
    assert not list((out / "builds").glob(".work-*"))
    assert not list(out.glob(".current-*"))
    assert {p.name for p in (out / "builds").iterdir() if p.is_dir()} == {b.name for b in store.builds(out)}


@pytest.mark.parametrize("stage", [*STAGES])
def test_killed_at_the_beginning_of_each_stage(place: Path, stage: str) -> None:
    before = built(place / "raw", place / "out").build_id
    put(place / "raw", new=monograph("New"))
    assert start(place, stage, "1").wait(60) == -signal.SIGKILL
    assert whole(place / "out") == before
    recovered(place, 31)
    assert [s for (s,) in sql(place / "out", "SELECT status FROM runs ORDER BY run_id")] == [
        *("published", "unfinished", "published")
    ]


def test_killed_at_any_moment(place: Path) -> None:
    out, chance = place / "out", random.Random()
    began = time.monotonic()
    assert start(place, "none", "1").wait(60) == 0
    lasts = time.monotonic() - began
    before = whole(out)
    killed = tries = 0
    while killed < KILLS:
        tries += 1
        assert tries <= 5 * KILLS, f"only {killed} builds lasted until they were to be killed"
        put(place / "raw", extra=monograph(f"Extra {tries}"))
        workers = chance.choice(("1", "1", "2"))
        began = time.monotonic()
        process = start(place, "none", workers, *(["full"] if chance.random() < 0.3 else []), start_new_session=True)
        try:
            process.wait(chance.uniform(0.2, 1.1) * lasts)
            lasts = time.monotonic() - began
        except subprocess.TimeoutExpired:
            process.kill()  # its workers end by themselves
            process.wait()
            killed += 1
        now = whole(out)
        assert now is not None
        assert now >= (before or ""), "a published build is never taken back"
        before = now
        if tries % 20 == 0:
            recovered(place, 31)
            before = whole(out)
    recovered(place, 31)
    statuses = {s for (s,) in sql(out, "SELECT DISTINCT status FROM runs")}
    assert statuses <= {"published", "unfinished"}
    assert "unfinished" in statuses or not SOAK, "the few kills of the quick test may all come before a run begins"


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """An output folder on a disk of three megabytes."""
    out = place / "out"
    out.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", out], capture_output=True).returncode
    ):
        pytest.skip("no right to mount a small disk here")
    yield out
    subprocess.run(["umount", out], check=True)


def test_a_full_disk(place: Path, small_disk: Path) -> None:
    before = built(place / "raw", small_disk).build_id
    free = os.statvfs(small_disk)
    for left in (0, 50_000, 1_000_000):
        size = max(0, free.f_bavail * free.f_bsize - left)
        (small_disk / "ballast").write_bytes(b"\0" * size)
        command = [sys.executable, "-m", "monopipe", "build", place / "raw", small_disk, "--workers", "1", "--full"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        (small_disk / "ballast").unlink()
        assert done.returncode == 1, (left, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stderr.splitlines()[-1], "it says why"
        assert whole(small_disk) == before
    (small_disk / "ballast").unlink(missing_ok=True)
    recovered(place, 30)


@pytest.mark.parametrize("most", [200, 5_000, 200_000])
def test_files_that_cannot_grow(place: Path, most: int) -> None:
    before = built(place / "raw", place / "out").build_id
    done = subprocess.run(
        [sys.executable, "-m", "monopipe", "build", place / "raw", place / "out", "--workers", "1", "--full"],
        *(),
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert whole(place / "out") == before
    recovered(place, 30)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        raw = put(place / "raw", a=monograph("Alpha"))
        before = built(raw, place / "out").build_id
        os.seteuid(65534)
        try:
            with pytest.raises(BuildError, match=r"cannot be written|Permission denied"):
                built(raw, place / "out")
        finally:
            os.seteuid(0)
        assert whole(place / "out") == before


def test_a_worker_killed_costs_a_second_try(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", **{f"d{n:03}": monograph(f"Drug {n}") for n in range(120)})
    (tmp_path / "build.py").write_text(BUILD)
    process = start(tmp_path, "none", "2")
    killed = 0
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and killed < 2:
        for pid in children.read_text().split() if children.exists() else ():
            command = Path(f"/proc/{pid}/cmdline")
            if killed < 2 and command.exists() and b"spawn_main" in command.read_bytes():
                os.kill(int(pid), signal.SIGKILL)
                killed += 1
                time.sleep(0.5)
        time.sleep(0.02)
    assert process.wait(120) == 0
    assert killed == 2
    assert sql(tmp_path / "out", "SELECT count(*) FROM documents") == [(120,)]
    assert sql(tmp_path / "out", "SELECT count(*) FROM rejects") == [(0,)]
    assert built(raw, tmp_path / "out").n_reused == 120


DEADLY = """
import os, signal, sys
from pathlib import Path
from monopipe import document
from monopipe.build import build

read = document.read

def deadly(data, path):
    if b"deadly" in data:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(data, path)

document.read = deadly  # also in the workers, which import this file

if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]), workers=2)
"""


def test_a_document_that_kills_its_worker_is_found_and_rejected(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", **{f"d{n:03}": monograph(f"Drug {n}") for n in range(80)}, bad=monograph("deadly"))
    (tmp_path / "build.py").write_text(DEADLY)
    subprocess.run([sys.executable, tmp_path / "build.py", raw, tmp_path / "out"], check=True, timeout=600)
    assert sql(tmp_path / "out", "SELECT source_path, error_kind FROM rejects") == [("bad.md", "worker_died")]
    assert sql(tmp_path / "out", "SELECT count(*) FROM documents") == [(80,)]
    again = built(raw, tmp_path / "out")  # where nothing kills it, the next run reads it, and nothing else
    assert (again.n_documents, again.n_rejects, again.n_reused) == (81, 0, 80)


def test_two_builds_at_once(place: Path) -> None:
    processes = [start(place, "none", "1") for _ in range(3)]
    ends = sorted(process.wait(60) for process in processes)
    assert ends[0] == 0
    assert set(ends) <= {0, 1}
    recovered(place, 30)


def test_a_reader_through_many_publications(tmp_path: Path) -> None:
    """Every build holds one round number in every document: a mixed read would see two."""
    raw, out = tmp_path / "raw", tmp_path / "out"
    stop, seen, faults = threading.Event(), set(), []

    def publish(number: int) -> None:
        body = f"\n# {{title}}\n\n## Dosage\n\n- {number} mg orally once daily.\n"
        built(put(raw, **{name: monograph(name, body=body) for name in ("a", "b", "c")}), out)

    def read() -> None:
        while not stop.is_set():
            try:
                build = (out / "current").resolve()
                with duckdb.connect(str(build / "monopipe.duckdb"), read_only=True) as con:
                    doses = con.execute("SELECT DISTINCT dose_low FROM regimens").fetchall()
                    n = con.execute("SELECT count(*) FROM documents").fetchall()
                by_file = set(pq.read_table(build / "regimens.parquet", columns=["dose_low"])[0].to_pylist())
                if n != [(3,)] or len(doses) != 1 or by_file != {doses[0][0]}:
                    faults.append(f"{n} {doses} {by_file}")
                seen.add(doses[0][0])
            except Exception as error:
                faults.append(repr(error))
            time.sleep(0.02)

    publish(1)
    reader = threading.Thread(target=read)
    reader.start()
    for number in range(2, PUBLICATIONS + 2):
        publish(number)
    stop.set()
    reader.join()
    assert faults == []
    assert len(seen) > 1
    assert set(TABLES) <= {p.stem for p in (out / "current").resolve().iterdir()}
