"""A build that reuses the one before gives what a full build gives, byte for byte, and opens nothing that it knows."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monopipe import manifest, sources
from monopipe.discovery import SourceFile
from monopipe.sources import Seen
from samples import built, monograph, parquet_hashes, put, sql

SOAK = bool(os.environ.get("MONOPIPE_SOAK"))
NAMES = ("a.md", "b.md", "c.md", "d.txt", "sub/e.md", "sub/f.markdown")
# Two slug alike, two are one title, one slugs to the id that another one gets for slugging alike.
TITLES = ("Alpha", " ALPHA", "A + B", "A - B", "Beta", "Warfarin", "Digoxin", "Aspirin")
DATES = (None, "2024-01-01", "2025-06-01T12:00:00Z")
BODY = """
# {title}

## Dosage

- %d mg orally every 6 hours.

## Drug Interactions

- **Warfarin:** increased risk of bleeding.
- **Digoxin:** levels of digoxin are increased.
- **Beta:** avoid.

## Side Effects

- Nausea
"""
BAD = ("", "no front matter", "---\ntitle: [\n---\n", "---\nno: title\n---\ntext\n", "---\ntitle: x\0\n---\n")

documents = st.one_of(
    st.builds(
        lambda title, date, dose: monograph(title, date, BODY.replace("%d", str(dose))),
        st.sampled_from(TITLES),
        st.sampled_from(DATES),
        st.sampled_from((5, 10, 250)),
    ),
    st.sampled_from(BAD),
)
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), documents),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("copy"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES)),
    st.tuples(st.just("dose"), st.sampled_from(NAMES)),
    st.tuples(st.just("link"), st.sampled_from(NAMES)),
)


def edit(raw: Path, step: tuple[Any, ...]) -> None:
    """One thing that people do to files."""
    what, path = step[0], raw / step[1]
    path.parent.mkdir(parents=True, exist_ok=True)
    if what == "write":
        path.unlink(missing_ok=True)
        path.write_text(step[2], encoding="utf-8")
    elif what == "link":
        path.unlink(missing_ok=True)
        path.symlink_to("/etc")
    elif not path.is_file():
        return
    elif what == "delete":
        path.unlink()
    elif what == "touch":
        os.utime(path)
    elif what == "dose":  # as many bytes as before, and the time of change set back
        status = path.stat()
        path.write_bytes(path.read_bytes().replace(b" 5 mg", b" 7 mg").replace(b"250 mg", b"500 mg"))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif path != raw / step[2]:
        target = raw / step[2]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        if what == "rename":
            path.rename(target)
        else:
            shutil.copy2(path, target)


@contextmanager
def without_database() -> Iterator[None]:
    """Builds without what is derived from the Parquet files, which takes most of the time of a small one."""
    with pytest.MonkeyPatch.context() as patch:
        build = sys.modules["monopipe.build"]
        patch.setattr(build, "load", lambda tables, folder, path, **_: path.write_text("none"))
        patch.setattr(build, "load_again", lambda tables, folder, path: None)
        patch.setattr(build, "broken_promises", lambda tables, folder, **_: [])
        yield


@settings(
    max_examples=200 if SOAK else 6,
    phases=(Phase.explicit, Phase.generate) if not SOAK else tuple(Phase),
    deadline=None,
    database=None,
    derandomize=not SOAK,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.lists(edits, min_size=1, max_size=5), min_size=2, max_size=3))
def test_incremental_builds_equal_full_ones_after_any_edits(rounds: list[list[tuple[Any, ...]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, without_database():
        raw = put(Path(folder) / "raw", always=monograph("Always"))
        out, full = Path(folder) / "out", Path(folder) / "full"
        built(raw, out)
        for steps in rounds:
            for step in steps:
                edit(raw, step)
            kept, anew = built(raw, out), built(raw, full, full=True)
            assert anew.n_reused == 0
            assert kept.rejects == anew.rejects
            assert (kept.counts | {"changes": 0}, kept.findings) == (anew.counts | {"changes": 0}, anew.findings)
            assert parquet_hashes(kept.build_path) == parquet_hashes(anew.build_path)
        again = built(raw, out)
        assert again.n_reused + sum(r.error_kind == "link_leaves_raw" for r in again.rejects) == (
            again.n_documents + again.n_rejects
        )
        assert parquet_hashes(again.build_path) == parquet_hashes(anew.build_path)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch, raw: Path) -> Iterator[dict[str, int]]:
    """How often a file below `raw` is opened, YAML loaded and Markdown parsed."""
    import yaml

    from monopipe import document

    counts = {"opened": 0, "read": 0, "yaml": 0}
    opened, read, load = io.open, document.read, yaml.CSafeLoader.get_single_node

    def counting_open(file: Any, *args: Any, **options: Any) -> Any:
        counts["opened"] += str(file).startswith(str(raw))
        return opened(file, *args, **options)

    def counting_read(*args: Any) -> Any:
        counts["read"] += 1
        return read(*args)

    def counting_load(self: Any) -> Any:
        counts["yaml"] += 1
        return load(self)

    with monkeypatch.context() as patch:
        patch.setattr(io, "open", counting_open)
        patch.setattr("builtins.open", counting_open)
        patch.setattr(document, "read", counting_read)
        patch.setattr(yaml.CSafeLoader, "get_single_node", counting_load, raising=False)
        yield counts


def test_what_is_unchanged_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = put(tmp_path / "raw", **{f"d{n}": monograph(f"Drug {n}") for n in range(40)}), tmp_path / "out"
    put(raw, bad="no front matter", twin=monograph("drug 1", "2020-01-01"))
    with counted(monkeypatch, raw) as counts:
        first = built(raw, out)
    assert (counts["read"], counts["yaml"], first.n_reused) == (42, 41, 0)
    assert counts["opened"] >= 42
    with counted(monkeypatch, raw) as counts:
        second = built(raw, out)
    assert counts == {"opened": 0, "read": 0, "yaml": 0}
    assert (second.n_reused, second.n_documents, second.n_rejects) == (42, 40, 2)
    assert parquet_hashes(second.build_path) == parquet_hashes(first.build_path)
    files = {name: [r.build_path / name for r in (first, second)] for name in ("drugs.parquet", "monopipe.duckdb")}
    assert {name: a.samefile(b) for name, (a, b) in files.items()} == {"drugs.parquet": True, "monopipe.duckdb": False}
    put(raw, d7=monograph("Drug 7", body=BODY.replace("%d", "7")))
    os.utime(raw / "d8.md")
    (raw / "d9.md").rename(raw / "renamed.md")
    with counted(monkeypatch, raw) as counts:
        third = built(raw, out)
    assert (counts["read"], counts["yaml"], third.n_reused) == (1, 1, 41)
    assert counts["opened"] <= 8, "the changed, the touched and the renamed one, and again once they have settled"
    assert [p for (p,) in sql(out, "SELECT source_path FROM documents WHERE drug_id = 'drug-9'")] == ["renamed.md"]


def test_full_reads_everything_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha"), b=monograph("Beta")), tmp_path / "out"
    built(raw, out)
    with counted(monkeypatch, raw) as counts:
        assert built(raw, out, full=True).n_reused == 0
    assert counts["read"] == 2


def test_other_code_reuses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    built(raw, out)
    assert built(raw, out).n_reused == 1
    monkeypatch.setattr(sys.modules["monopipe.plan"], "fingerprint", lambda: "other code")
    assert built(raw, out).n_reused == 0
    assert built(raw, out).n_reused == 1


def test_the_fingerprint_covers_code_vocabularies_and_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Path(manifest.__file__).parent
    package = shutil.copytree(here, tmp_path / "monopipe", ignore=shutil.ignore_patterns("__pycache__"))
    seen = [manifest.fingerprint()]
    monkeypatch.setattr(manifest.resources, "files", lambda name: package)
    assert manifest.fingerprint() == seen[0]
    for name in ("grammar/quantity.py", "vocabulary/units.csv", "search.sql"):
        with (package / name).open("a") as file:
            file.write("\n")
        seen.append(manifest.fingerprint())
    versions = manifest.libraries()
    for name in ("python", *manifest.KEY_LIBRARIES):
        monkeypatch.setattr(manifest, "libraries", lambda name=name: versions | {name: "0"})
        seen.append(manifest.fingerprint())
    assert len(set(seen)) == len(seen) == 4 + 1 + len(manifest.KEY_LIBRARIES)


@pytest.mark.parametrize("name", ["sections.parquet", "sources.json", "manifest.json", "monopipe.duckdb"])
def test_a_damaged_build_is_not_reused(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha"), b=monograph("Beta")), tmp_path / "out"
    first = built(raw, out)
    expected = parquet_hashes(first.build_path)
    data = bytearray((first.build_path / name).read_bytes())
    data[len(data) // 2] ^= 0x10
    (first.build_path / name).write_bytes(data)
    second = built(raw, out)
    assert parquet_hashes(second.build_path) == expected
    assert sql(out, "SELECT count(*) FROM drugs") == [(2,)]
    if name == "monopipe.duckdb":  # is made of the Parquet files
        assert second.n_reused == 2
    else:
        assert second.n_reused == 0
        assert f"the build {first.build_id} is damaged" in caplog.text
    assert [s for (s,) in sql(out, "SELECT status FROM runs ORDER BY run_id")] == ["published", "published"]


def test_a_second_change_in_the_same_tick_is_seen() -> None:
    moment = 1_700_000_000_123_456_789
    file = SourceFile("a.md", 10, moment, moment)
    assert not Seen.of(file, "hash", moment + 1_000_000).is_still(file), "read in the tick of its change"
    assert Seen.of(file, "hash", moment + 1_000_000_000).is_still(file)
    coarse = SourceFile("a.md", 10, moment, 1_700_000_000_000_000_000)
    assert not Seen.of(coarse, "hash", coarse.ctime_ns + 1_000_000_000).is_still(coarse), "a clock of whole seconds"
    assert Seen.of(coarse, "hash", coarse.ctime_ns + 3_000_000_000).is_still(coarse)
    for other in (SourceFile("a.md", 11, moment, moment), SourceFile("a.md", 10, moment, moment + 1)):
        assert not Seen.of(file, "hash", moment + 1_000_000_000).is_still(other)


def test_a_change_that_no_time_tells_is_found_while_files_are_young(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock stands still for the file: only that it was read in the tick of its change gives it away."""
    raw, out = put(tmp_path / "raw", a=monograph("Alpha"), b=monograph("Beta")), tmp_path / "out"
    listed = {path: (raw / path).stat() for path in ("a.md", "b.md")}
    examine = sys.modules["monopipe.discovery"]._examine

    def at_the_same_time(raw: Path, root: Path, path: str) -> SourceFile:
        now = examine(raw, root, path)
        return SourceFile(path, now.size, listed[path].st_mtime_ns, listed[path].st_ctime_ns)

    monkeypatch.setattr(sys.modules["monopipe.discovery"], "_examine", at_the_same_time)
    monkeypatch.setattr(sources, "_TICK", 3_600 * 10**9)
    built(raw, out)
    put(raw, a=monograph("Alpho"))
    built(raw, out)
    assert sql(out, "SELECT name FROM drugs ORDER BY name") == [("Alpho",), ("Beta",)]


def test_a_file_rewritten_while_it_is_read_is_read_again_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha"), b=monograph("Beta")), tmp_path / "out"
    read = sys.modules["monopipe.parts"].read_bytes

    def rewritten_behind(raw: Path, path: str) -> bytes:
        data = read(raw, path)
        (raw / path).write_text(monograph("Gamma" if path == "a.md" else "Beta"))
        return data

    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["monopipe.parts"], "read_bytes", rewritten_behind)
        built(raw, out)
    assert sql(out, "SELECT name FROM drugs ORDER BY name") == [("Alpha",), ("Beta",)]
    built(raw, out)
    assert sql(out, "SELECT name FROM drugs ORDER BY name") == [("Beta",), ("Gamma",)]


def test_the_work_of_a_merge_grows_with_the_documents_not_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, out = put(tmp_path / "raw", **{f"d{n}": monograph(f"Drug {n}") for n in range(60)}), tmp_path / "out"
    built(raw, out)
    put(raw, d7=monograph("Drug 7", body=BODY.replace("%d", "7")))
    candidate, looked_up = sys.modules["monopipe.merge"]._Candidate, 0
    key = candidate.__hash__

    def counting(self: Any) -> int:
        nonlocal looked_up
        looked_up += 1
        return int(key(self))

    monkeypatch.setattr(candidate, "__hash__", counting)
    assert built(raw, out).n_reused == 59
    assert 0 < looked_up <= 10 * 60
