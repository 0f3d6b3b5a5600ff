"""The command line as a shell sees it: exit codes, streams, formats, no traceback."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from monopipe import cli
from monopipe.dosing import COLUMNS
from monopipe.tables import TABLES, Fact

MONOGRAPH = """\
---
title: "Examplamab"
description: "A drug for tests"
lastModified: '2025-03-02T10:00:00Z'
---

# **Examplamab**

## **Usage**

- Treatment of **multiple myeloma (MM)**.

**Alternate Names:** Testozole

**Brand Names:** Examplex

## **Dosage**

### **Adults**

- **Multiple myeloma:** 25 mg orally once daily on days 1-21 of repeated 28-day cycles.

## **Side Effects**

### **Common Side Effects**

- Nausea, fatigue, diarrhea/constipation

## **Contraindications**

- Pregnancy

## **Drug Interactions**

- **Warfarin:** No clinically significant interaction.
"""


def monopipe(*arguments, text=None, **options):
    """The finished process of a call, as a shell runs it."""
    options.setdefault("encoding", "utf-8")
    command = [sys.executable, "-m", "monopipe", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, input=text, check=False, **options)


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    (folder / "examplamab.md").write_text(MONOGRAPH, encoding="utf-8")
    (folder / "otherol.md").write_text(MONOGRAPH.replace("xampl", "nother"), encoding="utf-8")
    (folder / "broken.md").write_text("no front matter\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(raw, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    assert cli.run(["build", str(raw), str(out), "--quiet"]) == 0
    return out


def call(capsys, *arguments):
    """Exit code, output and messages of a call in this process."""
    code = cli.run([str(a) for a in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


# build


def test_build_ends_with_a_summary(raw, tmp_path, capsys):
    code, shown, messages = call(capsys, "build", raw, tmp_path / "out")
    assert code == 0
    assert "2 read, 1 rejected" in shown
    assert "broken.md" in shown
    assert str(tmp_path / "out" / "builds") in shown
    assert "reading documents: 3 of 3" in messages
    assert "\r" not in messages, "a bar is for terminals"


def test_build_as_json_is_one_object_on_stdout(raw, tmp_path, capsys):
    code, shown, _ = call(capsys, "build", raw, tmp_path, "--json", "--workers", 1)
    report = json.loads(shown)
    assert code == 0
    assert (report["n_documents"], report["n_rejects"]) == (2, 1)
    assert report["rejects"][0]["source_path"] == "broken.md"
    assert Path(report["build_path"]).samefile(tmp_path / "current")
    assert report["tables"]["drugs"] == 2


def test_a_second_build_of_the_collection_changes_nothing(tmp_path, capsys):
    raw = Path(__file__).parent.parent / "data" / "raw"
    for _ in range(2):
        assert call(capsys, "build", raw, tmp_path, "--quiet") == (0, "", "")
    assert call(capsys, "sql", tmp_path, "SELECT count(*) AS n FROM changes", "--format", "csv")[1] == "n\n0\n"
    assert len(list((tmp_path / "builds").glob("2*"))) == 2


def test_quiet_says_nothing(raw, tmp_path, capsys):
    assert call(capsys, "build", raw, tmp_path, "--quiet") == (0, "", "")


def test_strict_publishes_and_exits_with_3(raw, tmp_path, capsys):
    code, _, _ = call(capsys, "build", raw, tmp_path, "--strict")
    assert code == 3
    assert (tmp_path / "current" / "manifest.json").is_file()


@pytest.mark.parametrize("make", [lambda f: None, lambda f: f.mkdir()], ids=["missing", "empty"])
def test_no_documents_is_an_error_and_publishes_nothing(make, tmp_path, capsys):
    make(tmp_path / "raw")
    code, shown, messages = call(capsys, "build", tmp_path / "raw", tmp_path / "out")
    assert (code, shown) == (1, "")
    assert messages.splitlines()[-1].startswith("monopipe: ")
    assert not (tmp_path / "out" / "current").exists()


def test_too_many_rejects_publish_nothing(tmp_path, capsys):
    raw = tmp_path / "raw"
    raw.mkdir()
    for n in range(20):
        (raw / f"{n}.md").write_text(MONOGRAPH.replace("Examplamab", f"Drug {n}") if n > 1 else "?", encoding="utf-8")
    assert call(capsys, "build", raw, tmp_path / "out", "--workers", 1)[0] == 1
    assert not (tmp_path / "out" / "current").exists()
    assert call(capsys, "build", raw, tmp_path / "out", "--workers", 1, "--max-rejects", 0.1)[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["build"],
        ["build", "raw", "out", "--workers", "0"],
        ["build", "raw", "out", "--keep", "0"],
        ["build", "raw", "out", "--max-rejects", "2"],
        ["sql", "out", "SELECT 1", "--format", "xml"],
        ["tables", "regimen"],
        ["dose"],
        ["dose", "10 mg", "--lines"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(arguments, capsys):
    code, shown, messages = call(capsys, *arguments)
    assert (code, shown) == (2, "")
    assert messages


@pytest.mark.parametrize("command", [["show", "x"], ["sql", "SELECT 1"], ["explain", "x"]], ids=lambda c: c[0])
def test_a_folder_without_a_build_is_one_line(command, tmp_path, capsys):
    code, shown, messages = call(capsys, command[0], tmp_path / "none", command[1])
    assert (code, shown) == (1, "")
    assert "no build here yet" in messages
    assert len(messages.splitlines()) == 1


def test_an_output_folder_that_is_a_file_is_one_line(raw, tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, messages = call(capsys, "build", raw, tmp_path / "file", "--quiet")
    assert code == 1
    assert len(messages.splitlines()) == 1


# show and explain


@pytest.mark.parametrize("name", ["examplamab", "Examplamab", "EXAMPLAMAB "])
def test_show_finds_a_drug_by_any_name(name, out, capsys):
    code, shown, _ = call(capsys, "show", out, name)
    assert code == 0
    assert shown.startswith("Examplamab  (examplamab)")
    assert "examplamab.md" in shown


def test_show_takes_every_name_that_the_build_knows(out, capsys):
    with duckdb.connect(out / "current" / "monopipe.duckdb", read_only=True) as con:
        names = con.execute("SELECT name FROM drug_names GROUP BY ALL HAVING count(DISTINCT drug_id) = 1").fetchall()
    for (name,) in names:
        assert call(capsys, "show", out, name)[0] == 0, name


def test_show_names_near_matches(out, capsys):
    code, shown, messages = call(capsys, "show", out, "examplmab")
    assert (code, shown) == (1, "")
    assert "near: examplamab" in messages


def test_every_fact_can_be_explained_with_its_quote_marked(out, capsys):
    facts = [name for name, table in TABLES.items() if issubclass(table.row_class, Fact)]
    with duckdb.connect(out / "current" / "monopipe.duckdb", read_only=True) as con:
        sql = " UNION ALL ".join(f"SELECT row_id, source_quote, line_start FROM {name}" for name in facts)
        rows = con.execute(sql).fetchall()
    for row_id, quote, line in rows:
        code, shown, _ = call(capsys, "explain", out, row_id)
        assert code == 0
        source = shown.splitlines()
        carets = next(i for i, text in enumerate(source) if text.endswith("^") and set(text) <= set(" │^"))
        marked = source[carets - 1][source[carets].index("^") : len(source[carets])]
        assert marked == quote.splitlines()[0], (row_id, line)
        assert f"examplamab.md:{line}" in shown or f"otherol.md:{line}" in shown


def test_an_unknown_fact_exits_with_1(out, capsys):
    code, _, messages = call(capsys, "explain", out, "nothing")
    assert code == 1
    assert "nothing" in messages


# sql


def test_sql_prints_a_table(out, capsys):
    code, shown, messages = call(capsys, "sql", out, "SELECT drug_id, NULL AS nothing, 1.5 AS x FROM drugs ORDER BY 1")
    assert code == 0
    assert shown.splitlines()[0].split(" │ ")[0].strip() == "drug_id"
    assert shown.splitlines()[2].startswith("enotheramab")
    assert "2 rows" in messages


def test_sql_prints_csv_and_json(out, capsys):
    select = "SELECT drug_id, last_modified, [1, 2] AS list, 'a\"b' AS quoted FROM drugs ORDER BY 1 LIMIT 1"
    rows = list(csv.DictReader(io.StringIO(call(capsys, "sql", out, select, "--format", "csv")[1])))
    assert rows[0]["last_modified"].startswith("2025-03-02T10:00:00")
    assert json.loads(rows[0]["list"]) == [1, 2]
    [record] = json.loads(call(capsys, "sql", out, select, "--format", "json")[1])
    assert record["list"] == [1, 2]
    assert record["quoted"] == 'a"b'
    assert json.loads(call(capsys, "sql", out, "SELECT 1 WHERE false", "--format", "json")[1]) == []


def test_sql_writes_parquet(out, tmp_path):
    done = monopipe("sql", out, "SELECT drug_id, 1 AS a, 2 AS a FROM drugs", "--format", "parquet", encoding=None)
    (tmp_path / "x.parquet").write_bytes(done.stdout)
    with duckdb.connect() as con:
        assert con.execute(f"SELECT count(*), sum(a_2) FROM '{tmp_path}/x.parquet'").fetchone() == (2, 4)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM drugs",
        "CREATE TABLE t (i INTEGER)",
        "CREATE TEMP TABLE t AS SELECT 1",
        "COPY drugs TO '{out}/x.csv'",
        "COPY drugs TO '{database}' (USE_TMP_FILE false)",
        "COPY drugs TO '{database}.wal'",
        "WITH x AS (COPY drugs TO '{database}.wal') SELECT 1",
        "WITH x AS (COPY drugs TO '{database}' (USE_TMP_FILE false)) SELECT 1",
        "EXPLAIN ANALYZE COPY drugs TO '{database}.wal'",
        "EXPLAIN ANALYZE CREATE TEMP TABLE t AS SELECT 1",
        "COPY (PIVOT drugs ON drug_id) TO '{database}.wal'",
        "ATTACH '{out}/other.duckdb'",
        "SELECT * FROM read_csv('/etc/hosts')",
        "SELECT * FROM '/etc/hosts'",
        "SELECT * FROM glob('/*')",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "SELECT 1; DROP TABLE drugs",
        "SELECT nothing FROM drugs",
        "SELEC",
        "",
    ],
)
def test_sql_only_reads_and_only_the_build(statement, out, capsys):
    build = (out / "current").resolve()
    before = {p: p.read_bytes() for p in build.iterdir()}
    sql = statement.format(out=out, database=build / "monopipe.duckdb")
    code, shown, messages = call(capsys, "sql", out, sql)
    assert code in (1, 2)
    assert shown == ""
    assert messages.startswith("monopipe: ")
    assert {p: p.read_bytes() for p in build.iterdir()} == before
    assert not list(out.glob("*.csv"))


@pytest.mark.parametrize(
    "statement", ["FROM drugs", "DESCRIBE drugs", "SHOW TABLES", "EXPLAIN SELECT 1", "PIVOT drugs ON drug_id"]
)
def test_sql_takes_every_way_of_reading(statement, out, capsys):
    assert call(capsys, "sql", out, statement)[0] == 0


# dose


def test_dose_as_json_holds_every_column():
    done = monopipe("dose", "25 mg orally once daily on days 1-21 of a 28-day cycle", "--json")
    [regimen] = json.loads(done.stdout)["regimens"]
    assert set(COLUMNS) <= set(regimen)
    assert {"regimen_group", "condition_norm"} <= set(regimen)
    assert (regimen["dose_low"], regimen["dose_unit"], regimen["route"]) == (25.0, "mg", "oral")
    assert (regimen["dose_per_cycle_low"], regimen["mean_daily_dose_low"]) == (525.0, 18.75)


def test_dose_lines_answer_line_by_line():
    texts = ["10 mg twice daily", "", "nothing to read here", "5 mL every 8 hours\r"]
    done = monopipe("dose", "--lines", text="\n".join(texts) + "\n")
    answers = [json.loads(line)["regimens"] for line in done.stdout.splitlines()]
    assert len(answers) == len(texts)
    assert answers[0][0]["dose_low"] == 10.0
    assert answers[1] == []
    assert answers[3][0]["dose_unit"] == "mL"


def test_dose_lines_stream():
    command = [sys.executable, "-m", "monopipe", "dose", "--lines"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(b"10 mg \xff twice daily\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["regimens"], "an answer before the input ends"
        process.stdin.close()
    assert process.returncode == 0


def test_dose_for_people_marks_what_was_not_read(capsys):
    code, shown, _ = call(capsys, "dose", "Take 25 mg blorpwise orally once daily")
    assert code == 0
    lines = shown.splitlines()
    place = next(i for i, line in enumerate(lines) if "Take 25 mg" in line)
    assert lines[place + 1].count("^") == len("blorpwise")
    assert lines[place + 1].index("^") == lines[place].index("blorpwise")


# tables


def test_tables_lists_all_and_describes_one(capsys):
    assert all(name in call(capsys, "tables")[1] for name in TABLES)
    shown = call(capsys, "tables", "regimens")[1]
    assert all(c.name in shown for c in TABLES["regimens"].columns)
    assert "near: regimens" in call(capsys, "tables", "regimen")[2]


# the process


def test_help_and_the_package_load_nothing_heavy():
    heavy = "{'prefect', 'polars', 'duckdb', 'pyarrow', 'rich', 'markdown_it', 'yaml'}"
    code = (
        "import sys, contextlib, io, monopipe, monopipe.cli\n"
        "with contextlib.redirect_stdout(io.StringIO()) as shown: code = monopipe.cli.run(['--help'])\n"
        f"assert code == 0 and 'build' in shown.getvalue(); print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_works_without_prefect(raw, tmp_path):
    code = (
        "import sys; sys.modules['prefect'] = None\n"
        "from monopipe.cli import run\n"
        f"assert run(['build', {str(raw)!r}, {str(tmp_path)!r}, '--workers', '1', '--quiet']) == 0\n"
        f"assert run(['show', {str(tmp_path)!r}, 'examplamab']) == 0\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_public_names_are_functions_whatever_was_imported():
    code = (
        "import monopipe.build, monopipe.extract, monopipe\n"
        "assert all(callable(f) for f in (monopipe.build, monopipe.extract, monopipe.read))\n"
        "assert 'drugs' in monopipe.TABLES and monopipe.__version__\n"
        "from monopipe import build, extract, read, TABLES\n"
        "from monopipe.build import Report\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_reader_that_has_seen_enough_is_no_error(out):
    sql = "SELECT * FROM range(200000)"
    command = [sys.executable, "-m", "monopipe", "sql", str(out), sql, "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        messages = process.stderr.read()
    assert (process.returncode, messages) == (0, b"")


def test_names_that_are_no_utf8_and_a_narrow_terminal_are_no_traceback(out):
    done = monopipe("show", out, os.fsdecode(b"\xff"))
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    narrow = monopipe("sql", out, "SELECT '≥µ' AS x", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert narrow.returncode == 0


def test_a_damaged_database_is_one_line(raw, tmp_path, capsys):
    assert cli.run(["build", str(raw), str(tmp_path), "--quiet"]) == 0
    (tmp_path / "current" / "monopipe.duckdb").write_bytes(b"damaged")
    code, _, messages = call(capsys, "show", tmp_path, "examplamab")
    assert code == 1
    assert messages.startswith("monopipe: ")
