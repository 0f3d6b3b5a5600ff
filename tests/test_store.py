"""Files that do not depend on how rows came in, a database with its promises, a folder that is always whole."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from monopipe import database, store
from monopipe.database import broken_promises
from monopipe.errors import BuildError, UsageError
from monopipe.parquet import ROWS_PER_GROUP, write_parquet
from monopipe.store import current_build, open_run
from monopipe.tables import TABLES, Reject
from samples import built, monograph, put, sql


@pytest.fixture(scope="module")
def build_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("store")
    raw = put(root / "raw", a=monograph("Alpha"), b=monograph("Beta"), c="no front matter")
    return built(raw, root / "out").build_path


def test_same_bytes_wherever_batches_end(tmp_path: Path) -> None:
    table = TABLES["rejects"]
    rows = [
        Reject(source_path=f"{n:07}", error_kind="x", error_message="m" * (n % 7), line=n or None)
        for n in range(ROWS_PER_GROUP + 1000)
    ]
    whole = table.arrow(rows)
    sizes = {"whole": len(rows), "odd": 4097, "small": 251}
    for name, size in sizes.items():
        assert write_parquet(table, whole.to_batches(max_chunksize=size), tmp_path / name) == len(rows)
    assert len({(tmp_path / name).read_bytes() for name in sizes}) == 1
    assert pq.read_metadata(tmp_path / "odd").num_row_groups == 2
    assert pq.read_table(tmp_path / "odd").equals(whole)


@pytest.mark.parametrize("name", TABLES)
def test_parquet_keeps_the_declaration(build_folder: Path, name: str) -> None:
    schema = pq.read_schema(build_folder / f"{name}.parquet")
    assert schema.equals(TABLES[name].arrow_schema, check_metadata=False)
    assert schema.metadata[b"description"].decode() == TABLES[name].description
    for field, column in zip(schema, TABLES[name].columns, strict=True):
        assert field.nullable == column.nullable
        assert field.metadata[b"description"].decode() == column.description


def test_parquet_refuses_a_null_where_none_may_be(tmp_path: Path) -> None:
    rows = TABLES["rejects"].arrow([Reject(source_path="a", error_kind="x", error_message=None)])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="error_message"):
        write_parquet(TABLES["rejects"], rows.to_batches(), tmp_path / "x")


def test_the_database_is_readable_from_1_4_on_and_whole(build_folder: Path) -> None:
    assert sorted(p.name for p in build_folder.iterdir()) == sorted(
        [
            *(f"{name}.parquet" for name in TABLES),
            "monopipe.duckdb",
            "manifest.json",
            "datapackage.json",
            "sources.json",
        ]
    )
    with duckdb.connect(str(build_folder / "monopipe.duckdb"), read_only=True) as con:
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'monopipe'").fetchall()
        assert tags[0][0]["storage_version"].startswith("v1.4")
        uncommented = con.execute(
            """SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL
               AND table_name IN (SELECT table_name FROM duckdb_tables())
               UNION ALL SELECT table_name, NULL FROM duckdb_tables() WHERE comment IS NULL
               UNION ALL SELECT view_name, NULL FROM duckdb_views() WHERE comment IS NULL AND NOT internal
               UNION ALL SELECT function_name, NULL FROM duckdb_functions()
               WHERE comment IS NULL AND NOT internal AND database_name = 'monopipe'"""
        ).fetchall()
        assert uncommented == []
        for name in TABLES:
            n = con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            assert n == pq.read_metadata(build_folder / f"{name}.parquet").num_rows
        moments = con.execute("SELECT DISTINCT last_modified FROM documents").fetchall()
        assert moments == [(datetime(2025, 1, 1),)]  # UTC, without a zone that a reader could shift


def test_the_database_has_every_declared_key(build_folder: Path) -> None:
    with duckdb.connect(str(build_folder / "monopipe.duckdb"), read_only=True) as con:
        held = con.execute(
            """SELECT table_name, constraint_type, constraint_column_names, referenced_table FROM duckdb_constraints()
               WHERE constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')"""
        ).fetchall()
    declared = [(t.name, "PRIMARY KEY", list(t.key), None) for t in TABLES.values()] + [
        (t.name, "FOREIGN KEY", [c.name], c.ref.__table__.name) for t in TABLES.values() for c in t.columns if c.ref
    ]
    assert sorted(map(repr, held)) == sorted(map(repr, declared))


def test_a_large_database_is_written_through_between_tables(
    build_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SMALL", -1)
    database.load(TABLES, build_folder, tmp_path / "large.duckdb", spill=tmp_path)
    held = {}
    for path in (build_folder / "monopipe.duckdb", tmp_path / "large.duckdb"):
        with duckdb.connect(str(path), read_only=True) as con:
            rows = {name: con.execute(f"FROM {name}").fetchall() for name in TABLES}
            keys = con.execute("SELECT constraint_text FROM duckdb_constraints() ORDER BY ALL").fetchall()
            held[path.name] = (rows, keys)
    assert held["large.duckdb"] == held["monopipe.duckdb"]


@pytest.mark.parametrize(
    "fault",
    [
        "INSERT INTO drugs SELECT * FROM drugs",
        "INSERT INTO sections SELECT * FROM sections",
        "UPDATE drugs SET document_id = 'unknown'",
        "UPDATE sections SET section = 'unknown'",
        "UPDATE documents SET title = NULL",
    ],
)
def test_keys_bite(build_folder: Path, tmp_path: Path, fault: str) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes((build_folder / "monopipe.duckdb").read_bytes())
    with duckdb.connect(str(copy)) as con, pytest.raises(duckdb.ConstraintException):
        con.execute(fault)


def test_the_checks_list_every_fault(build_folder: Path, tmp_path: Path) -> None:
    with duckdb.connect() as con:
        for name in TABLES:
            source, copy = build_folder / f"{name}.parquet", tmp_path / f"{name}.parquet"
            change = {
                "drugs": "SELECT * REPLACE (NULL AS name, 'no such document' AS document_id) FROM",
                "sections": "SELECT * REPLACE (0 AS ordinal, 'no such kind' AS section) FROM",
            }.get(name, "FROM")
            con.execute(f"COPY ({change} read_parquet('{source}')) TO '{copy}'")
    faults = broken_promises(TABLES, tmp_path)
    assert [fault.split(":")[:2] for fault in faults] == [
        ["drugs", " name not null"],
        ["drugs", " document_id refers to documents"],
        ["sections", " key (document_id, ordinal)"],
        ["sections", " section in its value set"],
    ]
    assert "no such kind" in faults[-1]
    assert broken_promises(TABLES, build_folder) == []


def test_the_data_package_says_what_the_declaration_says(build_folder: Path) -> None:
    package = json.loads((build_folder / "datapackage.json").read_text())
    resources = {r["name"]: r for r in package["resources"]}
    assert list(resources) == list(TABLES)
    assert all((build_folder / r["path"]).is_file() for r in resources.values())
    drugs = resources["drugs"]["schema"]
    assert drugs["primaryKey"] == ["drug_id"]
    assert drugs["foreignKeys"] == [
        {"fields": ["document_id"], "reference": {"resource": "documents", "fields": ["document_id"]}}
    ]
    fields = {f["name"]: f for f in drugs["fields"]}
    assert fields["name"] == {
        "name": "name",
        "type": "string",
        "description": "Title of the monograph.",
        "constraints": {"required": True},
    }
    assert "contraindicated" in fields["pregnancy"]["constraints"]["enum"]
    assert {f["type"] for r in resources.values() for f in r["schema"]["fields"]} == {
        *("string", "integer", "number", "boolean", "datetime")
    }


ARENAS = """
import ctypes, re, sys, tempfile, threading
from pathlib import Path
from monopipe.store import open_run

libc = ctypes.CDLL(None)
with open_run(Path(sys.argv[1]), Path(sys.argv[2])):
    meet = threading.Barrier(4)
    def allocate():
        meet.wait()
        libc.malloc(1000)
        meet.wait()
    threads = [threading.Thread(target=allocate) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
    libc.fflush(None)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc gives each thread an arena")
def test_threads_of_a_run_share_their_memory(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    folders = [str(tmp_path / "raw"), str(tmp_path / "out")]
    told = subprocess.run([sys.executable, "-c", ARENAS, *folders], capture_output=True, text=True, check=True).stdout
    assert told.count("<heap nr=") == 1


def test_one_run_at_a_time(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", a=monograph("Alpha"))
    with open_run(raw, tmp_path / "out"), pytest.raises(BuildError, match=r"another run \(process \d+ on .* since"):
        built(raw, tmp_path / "out")
    assert built(raw, tmp_path / "out").n_documents == 1


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", a=monograph("Alpha"))
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BuildError, match="out"):
        built(raw, tmp_path / "out")


def test_a_folder_in_place_of_the_link_is_left_alone(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", a=monograph("Alpha"))
    put(tmp_path / "out" / "current", kept="mine")
    with pytest.raises(BuildError, match="nothing was published"):
        built(raw, tmp_path / "out")
    assert (tmp_path / "out" / "current" / "kept.md").read_text() == "mine"
    (tmp_path / "out" / "current" / "kept.md").unlink()
    (tmp_path / "out" / "current").rmdir()
    report = built(raw, tmp_path / "out")
    assert store.builds(tmp_path / "out") == [report.build_path]  # the one that never became current is gone


def test_a_reader_never_sees_a_mixed_or_missing_build(tmp_path: Path) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    stop, seen, faults = threading.Event(), [], []

    def publish() -> None:
        with open_run(raw, out) as run:
            for name in ("a", "b"):
                (run.folder / name).write_text(run.run_id)
            (run.folder / store.MANIFEST).write_text(run.run_id)
            store.publish(run)
            store.prune(out, keep=5)

    def read() -> None:
        while not stop.is_set():
            try:
                folder = (out / "current").resolve()
                told = {(folder / name).read_text() for name in ("a", "b", store.MANIFEST)}
                seen.append(told.pop())
                if told:
                    faults.append(f"mixed: {told}")
            except OSError as error:
                faults.append(repr(error))

    publish()
    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(40):
        publish()
        told, began = len(seen), time.monotonic()  # a reader has the time of five publications, not less
        while len(seen) == told and not faults and time.monotonic() - began < 10:
            time.sleep(0.001)
    stop.set()
    reader.join()
    assert faults == []
    assert len(set(seen)) > 1
    assert len(store.builds(out)) == 5
    assert current_build(out) == store.builds(out)[-1]


def test_the_journal_survives_a_line_cut_short(tmp_path: Path) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    with open_run(raw, out) as run:
        store.publish(run)
    with (out / "builds" / ".runs.jsonl").open("a") as f:
        f.write('\n{"run_id": "2026')
    with open_run(raw, out) as another:
        store.publish(another, n_rows=7)
    assert {run_id: set(events) for run_id, events in store.journal(out).items()} == {
        run.run_id: {"started", "published"},
        another.run_id: {"started", "published"},
    }


def test_a_run_that_died_after_the_swap_has_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or found the disk full when it came to tell of it: its build is one of those that stay."""
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    record = store.record

    def full_disk(run: store.Run, event: str, **facts: object) -> None:
        if event == "published":
            raise OSError(28, "No space left on device")
        record(run, event, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(store, "record", full_disk)
        first = built(raw, out)
    later = [built(raw, out) for _ in range(2)]
    assert store.builds(out) == [r.build_path for r in (first, *later)]
    assert [s for (s,) in sql(out, "SELECT status FROM runs")] == ["published"] * 3


def test_a_removal_cut_short_leaves_no_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    first = built(raw, out)
    with monkeypatch.context() as patch:
        patch.setattr(store.shutil, "rmtree", lambda *_args, **_options: None)  # killed before it began
        second = built(raw, out, keep=1)
    assert first.build_path.is_dir()
    assert store.builds(out) == [second.build_path]
    third = built(raw, out)
    assert not first.build_path.exists()
    assert store.builds(out) == [second.build_path, third.build_path]


def test_keep_is_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        store.prune(tmp_path, 0)


def test_ids_go_on_even_when_the_clock_was_set_back(tmp_path: Path) -> None:
    (tmp_path / "out" / "builds" / "29991231T235959-000000").mkdir(parents=True)
    (tmp_path / "out" / "builds" / "29991231T235959-000000" / store.MANIFEST).write_text("{}")
    with open_run(put(tmp_path / "raw", a=""), tmp_path / "out") as run:
        assert run.run_id > "29991231T235959-000000"
        assert run.started_at.tzinfo is UTC
