"""The build end to end: what it publishes, and that nothing but the documents decides what stands in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monopipe import store
from monopipe.build import batches, check, discover, extract_batch, make_plan, merge, open_run, publish, write
from monopipe.errors import BuildError, UsageError
from monopipe.merge import unlike_id
from monopipe.tables import TABLES, Interaction
from samples import built, monograph, parquet_hashes, put, sql

RAW = Path(__file__).parents[1] / "data" / "raw"


def in_another_process(raw: Path, out: Path, workers: int, **environment: str) -> None:
    """A build in a process of its own."""
    code = f"from pathlib import Path; from monopipe.build import build\nif __name__ == '__main__': build(Path({str(raw)!r}), Path({str(out)!r}), workers={workers})"
    script = out.parent / f"{out.name}.py"
    script.write_text(code)
    subprocess.run([sys.executable, script], check=True, env={**os.environ, **environment}, timeout=120)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real") / "out"
    report = built(RAW, out)
    assert report.n_rejects == 0, report.rejects
    return out


def test_what_a_build_publishes(real: Path) -> None:
    assert os.readlink(real / "current") == f"builds/{(real / 'current').resolve().name}"
    folder = real / "current"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["build_id"] == folder.resolve().name
    assert manifest["n_documents"] == len(list(RAW.glob("*.md")))
    assert set(manifest["files"]) == {f.name for f in folder.iterdir()} - {"manifest.json"}
    for name, file in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert list(manifest["tables"]) == list(TABLES)
    for name, n in manifest["tables"].items():
        assert sql(real, f"SELECT count(*) FROM {name}") == [(n,)]
    assert not list((real / "builds").glob(".work-*"))


def test_every_document_has_its_rows(real: Path) -> None:
    missing = sql(
        real,
        """SELECT source_path FROM documents WHERE document_id NOT IN (SELECT document_id FROM sections)
           OR document_id NOT IN (SELECT document_id FROM statements) OR drug_id NOT IN (SELECT drug_id FROM drugs)""",
    )
    assert missing == []


def test_every_quote_stands_at_its_place(real: Path) -> None:
    texts = {p.name: p.read_bytes().decode() for p in RAW.glob("*.md")}
    for name, table in TABLES.items():
        if "source_quote" not in {c.name for c in table.columns}:
            continue
        rows = sql(
            real,
            f"""SELECT d.source_path, t.char_start, t.char_end, t.source_quote FROM {name} t
                JOIN documents d USING (drug_id)""",
        )
        assert [r for r in rows if texts[r[0]][r[1] : r[2]] != r[3]] == [], name


def test_neither_workers_nor_order_nor_surroundings_show(tmp_path: Path) -> None:
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted(RAW.glob("*.md"))}
    texts |= {f"other-{n}": monograph(f"Other {n % 66}", f"2025-01-{1 + n % 28:02}") for n in range(70)}
    texts |= {"plus": monograph("A + B"), "minus": monograph("A - B")}
    forth = put(tmp_path / "forth", **texts)
    back = put(tmp_path / "back", **dict(reversed(texts.items())))
    alone = built(forth, tmp_path / "alone")
    assert alone.n_rejects == 4
    in_another_process(back, tmp_path / "pool", 2, TZ="Asia/Kolkata", LC_ALL="C", PYTHONHASHSEED="7", PYTHONUTF8="0")
    with open_run(forth, tmp_path / "stages") as run:
        plan = make_plan(run, discover(run.raw))
        results = [extract_batch(batch) for batch in reversed(batches(run, plan, size=7))]
        merged = merge(run, plan, results)
        check(run, plan, merged)
        write(run, plan, merged)
        publish(run, merged)
    expected = parquet_hashes(alone.build_path)
    assert len(expected) == len(TABLES) - 2
    assert parquet_hashes(tmp_path / "pool" / "current") == expected
    assert parquet_hashes(tmp_path / "stages" / "current") == expected


def test_the_newest_of_one_title_stays(tmp_path: Path) -> None:
    raw = put(
        tmp_path / "raw",
        a_old=monograph("Same", "2024-01-01T00:00:00Z"),
        b_new=monograph("Same", "2025-06-01T12:00:00+02:00"),
        c_undated=monograph("  SAME ", None),
        d_twin=monograph("Twin"),
        e_twin=monograph("twin"),
        f_copy=monograph("Copy"),
        g_copy=monograph("Copy"),
    )
    report = built(raw, tmp_path / "out")
    out = tmp_path / "out"
    assert sql(out, "SELECT source_path FROM documents ORDER BY 1") == [("b_new.md",), ("d_twin.md",), ("f_copy.md",)]
    assert [(r.source_path, r.error_kind) for r in report.rejects] == [
        (f"{name}.md", "duplicate_drug") for name in ("a_old", "c_undated", "e_twin", "g_copy")
    ]
    assert "b_new.md, which is kept: its lastModified is newer" in report.rejects[0].error_message
    assert "both are equally new" in report.rejects[2].error_message
    found = sql(out, "SELECT drug_id, severity, message, source_quote FROM findings WHERE rule = 'duplicate_drug'")
    assert sorted(f[0] for f in found) == ["copy", "same", "same", "twin"]
    assert {f[1] for f in found} == {"warning"}
    assert {message.split()[-1] for _, _, message, _ in found} == {r.source_path + "." for r in report.rejects}
    assert ("twin", "Twin") in {(f[0], f[3]) for f in found}
    counted = sql(
        out, "SELECT drug_id, n_findings, (SELECT count(*) FROM findings f WHERE f.drug_id = d.drug_id) n FROM drugs d"
    )
    assert all(n_findings == n for _, n_findings, n in counted)
    assert sql(out, "SELECT count(*) FROM sections s ANTI JOIN documents d USING (document_id)") == [(0,)]


def test_titles_that_slug_alike_get_ids_of_their_own(tmp_path: Path) -> None:
    titles = {"plus": "A + B", "minus": "A - B", "other": "Other"}
    raw = put(tmp_path / "raw", **{name: monograph(title) for name, title in titles.items()})
    assert built(raw, tmp_path / "out").n_rejects == 0
    expected = {"A + B": unlike_id("A + B"), "A - B": unlike_id("A - B"), "Other": "other"}
    assert dict(sql(tmp_path / "out", "SELECT name, drug_id FROM drugs")) == expected
    assert len(set(expected.values())) == 3
    assert expected["A + B"].startswith("a-b-")
    for name in ("statements", "drug_names"):
        ids = {i for (i,) in sql(tmp_path / "out", f"SELECT DISTINCT drug_id FROM {name}")}
        assert ids == set(expected.values())


def test_interactants_that_are_drugs_of_the_collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["monopipe.extract"]
    extract = module.extract
    shared = "\n## Alternate Names\n\n**Brand Names:** Sharedon\n"

    def with_interactions(document, drug_id):  # type: ignore[no-untyped-def]
        rows = extract(document, drug_id)
        rows["interactions"] = [
            Interaction(
                row_id=f"{drug_id}/{n}",
                drug_id=drug_id,
                interactant=n,
                interactant_norm=n.lower(),
                interactant_kind="drug",
            )
            for n in ("Alpha", "Beta", "Sharedon", "Unknown")
        ]
        return rows

    monkeypatch.setattr(module, "extract", with_interactions)
    names = ("Alpha", "Beta", "Gamma", "Delta")
    texts = {n: monograph(n) + (shared if n in ("Gamma", "Delta") else "") for n in names}
    built(put(tmp_path / "raw", **texts), tmp_path / "out")
    linked = dict(sql(tmp_path / "out", "SELECT row_id, interactant_drug_id FROM interactions"))
    assert linked["gamma/Alpha"] == "alpha"
    assert linked["alpha/Alpha"] is None  # a drug does not interact with itself
    assert linked["alpha/Beta"] == "beta"
    assert linked["alpha/Unknown"] is None
    assert linked["alpha/Sharedon"] is None  # two drugs have that name
    assert linked["gamma/Sharedon"] == "delta"  # of the two only the other one can be meant


def test_a_dead_run_is_cleaned_up_and_told(tmp_path: Path) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    first = built(raw, out)
    code = f"""
import os, signal
from pathlib import Path
from monopipe.build import open_run
with open_run(Path({str(raw)!r}), Path({str(out)!r})) as run:
    (run.folder / "half.parquet").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == -signal.SIGKILL
    assert list((out / "builds").glob(".work-*"))
    assert (out / "current").resolve() == first.build_path
    second = built(raw, out)
    assert not list((out / "builds").glob(".work-*"))
    assert sorted(p.name for p in store.builds(out)) == [first.build_id, second.build_id]
    runs = sql(out, "SELECT status, finished_at IS NULL, n_documents FROM runs ORDER BY run_id")
    assert runs == [("published", False, 1), ("unfinished", True, None), ("published", False, 1)]
    (out / "builds" / ".runs.jsonl").unlink()  # the history also travels in the builds
    built(raw, out)
    assert [r[0] for r in sql(out, "SELECT status FROM runs ORDER BY run_id")] == [
        *("published", "unfinished", "published", "published")
    ]


def test_a_failure_leaves_the_current_build_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    first = built(raw, out)

    def full_disk(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device", "monopipe.duckdb")

    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["monopipe.build"], "load", full_disk)
        with pytest.raises(BuildError, match=r"monopipe\.duckdb: No space left on device; nothing was published"):
            built(raw, out, full=True)
    assert (out / "current").resolve() == first.build_path
    assert not list((out / "builds").glob(".work-*"))
    built(raw, out)
    (failed,) = sql(out, "SELECT message, finished_at FROM runs WHERE status = 'failed'")
    assert "No space left" in failed[0]
    assert failed[1] is not None


def test_the_last_builds_stay(tmp_path: Path) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    ids = [built(raw, out, keep=2).build_id for _ in range(3)]
    assert [b.name for b in store.builds(out)] == ids[1:]
    for options in ({"keep": 0}, {"workers": 0}):
        with pytest.raises(UsageError):
            built(raw, out, **options)


def test_changes_since_the_build_before(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", a=monograph("Alpha"), b=monograph("Beta"), c=monograph("Gamma"))
    out = tmp_path / "out"
    built(raw, out)
    assert sql(out, "SELECT count(*) FROM changes") == [(0,)]
    put(
        raw, a=monograph("Alpha", body="\nA line more.\n" + monograph("x").split("---\n", 2)[2].replace("x", "{title}"))
    )
    (raw / "b.md").unlink()
    put(raw, d=monograph("Delta"))
    report = built(raw, out)
    rows = sql(out, "SELECT run_id, ordinal, table_name, drug_id, change, old_quote, new_quote FROM changes ORDER BY 2")
    assert {r[0] for r in rows} == {report.build_id}
    assert [r[1] for r in rows] == list(range(1, len(rows) + 1))
    names = {(r[3], r[4], r[5], r[6]) for r in rows if r[2] == "drug_names"}
    assert ("beta", "removed", "Beta", None) in names
    assert ("delta", "added", None, "Delta") in names
    assert "gamma" not in {r[3] for r in rows}
    assert ("alpha", "changed") not in {(r[3], r[4]) for r in rows if r[2] == "drug_names"}  # it only moved


def test_the_listener_hears_every_stage(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    raw = put(tmp_path / "raw", **{f"d{n}": monograph(f"Drug {n}") for n in range(25)})
    report = built(raw, tmp_path / "out", progress=lambda *event: heard.append(event))
    assert list(dict.fromkeys(stage for stage, _, _ in heard)) == list(report.seconds)
    assert [done for stage, done, _ in heard if stage == "extract"] == [0, 20, 25, 25]


def test_an_unchanged_collection_gives_the_same_bytes(real: Path, tmp_path: Path) -> None:
    again = tmp_path / "copied"
    shutil.copytree(RAW, again)
    assert parquet_hashes(built(again, tmp_path / "out").build_path) == parquet_hashes(real / "current")


def test_batches_hold_every_document_once(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", **{f"d{n:03}": "" for n in range(130)})
    with open_run(raw, tmp_path / "out") as run:
        plan = make_plan(run, discover(run.raw))
        for parts in (batches(run, plan), batches(run, plan, 2), batches(run, plan, size=50)):
            assert [index for batch in parts for index, _ in batch.files] == list(range(130))
        assert [len(b.files) for b in batches(run, plan, size=50)] == [50, 50, 30]
