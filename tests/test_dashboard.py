"""Every page of the dashboard, run by Streamlit's own test runner on real builds, without a browser."""

from __future__ import annotations

import html
import io
import re
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from monopipe import cli
from monopipe.dashboard import command, quality, schedule
from monopipe.dashboard.app import PAGES
from monopipe.dashboard.doses import dose
from monopipe.dashboard.sql import as_file, run
from monopipe.errors import MonopipeError
from monopipe.evidence import records
from monopipe.query import Sandbox
from samples import built, monograph, put, sql

ROOT = Path(__file__).parents[1]
N = len(list((ROOT / "data" / "raw").glob("*.md")))
EVIL = "<img src=x onerror=alert(1)> **bold** :red[x] $x^2$ [l](http://evil.example)"
HOSTILE = (
    "\n# {title}\n\n## Usage\n\n- Treatment of headache <script>alert(2)</script>.\n\n**Brand Names:** <b>Evil</b>\n\n"
    "## Dosage\n\n### Adults\n\n- **<u>Pain</u>:** 500 mg orally every 6 hours </details><script>alert(3)</script>.\n\n"
    "## Side Effects\n\n### Common Side Effects\n\n- <svg onload=alert(4)>Nausea</svg>, rash\n\n"
    "## Drug Interactions\n\n- **Warfarin <iframe src=x>:** Increased risk of bleeding.\n\n<object data=x>Words that no rule reads</object>\n"
)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dashboard") / "out"
    built(ROOT / "data" / "raw", folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    put(folder / "raw", evil=monograph(EVIL, body=HOSTILE), other=monograph("Otherol"))
    (folder / "raw" / "<img src=y onerror=alert(5)>.md").write_text("no front matter", encoding="utf-8")
    built(folder / "raw", folder / "out")
    put(folder / "raw", evil=monograph(EVIL, body=HOSTILE.replace("500 mg", "400 mg")))
    built(folder / "raw", folder / "out")
    return folder / "out"


def opened(out, page="drugs", **query):
    """The page as a visitor with this address gets it."""
    script = (
        f"from pathlib import Path\nfrom monopipe.dashboard.app import run_page\nrun_page(Path({str(out)!r}), {page!r})"
    )
    app = AppTest.from_string(script, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def markup(app):
    """All HTML of a page but the style sheet."""
    return "\n".join(e.proto.body for e in app.get("html"))


def text(app):
    """What a person reads on a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", markup(app))))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_and_says_which_build_it_is(out, page):
    shown = text(opened(out, page))
    assert f"Build {(out / 'current').readlink().name} · {N} drugs" in shown


def test_the_card_holds_every_fact_with_its_words_and_line(out):
    for (drug_id,) in sql(out, "SELECT drug_id FROM drugs"):
        shown = markup(opened(out, drug=drug_id))
        for table in (
            "indications",
            "regimens",
            "side_effects",
            "interactions",
            "pregnancy_lactation",
            "pharmacokinetics",
        ):
            for row_id, line in sql(out, f"SELECT row_id, line_start FROM {table} WHERE drug_id = '{drug_id}'"):
                source = re.search(
                    rf":{line}</span> <span class=\"mp-muted\">· rule \w+ · {row_id}</span></div>(.*?)</details>",
                    shown,
                    re.S,
                )
                assert source, (drug_id, table, row_id)
                assert "<mark>" in source[1]


def test_the_marked_words_are_the_quote(out):
    shown = markup(opened(out, drug="capecitabine"))
    quotes = {
        re.sub(r"\s+", " ", q) for (q,) in sql(out, "SELECT source_quote FROM regimens WHERE drug_id = 'capecitabine'")
    }
    marked = {re.sub(r"\s+", " ", html.unescape(m)) for m in re.findall(r"<mark>(.*?)</mark>", shown, re.S)}
    assert quotes <= marked


def test_a_drug_is_found_by_any_of_its_names(out):
    app = opened(out)
    for drug_id, name in sql(
        out, "SELECT drug_id, any_value(name) FROM drug_names WHERE assertion = 'affirmed' GROUP BY drug_id, name_kind"
    ):
        app.text_input(key="find").set_value(name).run()
        assert f'href="./?drug={drug_id}"' in markup(app), name
    assert "Warfarin" in text(app.text_input(key="find").set_value("warfarine").run())
    assert "No drug has such a name." in text(app.text_input(key="find").set_value("zzzz").run())


def test_the_search_finds_words_in_the_text(out):
    shown = text(opened(out, find="creatinine clearance of the kidney"))
    assert "In the text" in shown
    hits = sql(
        out, "SELECT source_path, line_start FROM search_sections('creatinine clearance of the kidney', top := 10)"
    )
    assert len(hits) == 10
    assert all(f"{path}:{line}" in shown for path, line in hits)


def test_an_unknown_drug_is_no_traceback(out):
    assert "there is no drug 'warfarinn'; near: warfarin" in text(opened(out, drug="warfarinn"))


def test_compare_sets_drugs_side_by_side(out):
    app = opened(out, "compare", drugs="warfarin,apixaban")
    assert "Direct factor Xa inhibitor" in text(app)
    app.multiselect[0].set_value(["warfarin", "sertraline"]).run()
    assert "Selective serotonin reuptake inhibitor" in text(app)
    assert "Direct factor Xa inhibitor" not in text(app)


def test_compare_shows_the_intensity_of_regimens_for_a_condition(out):
    shown = text(opened(out, "compare", condition="breast cancer"))
    assert "1250 mg/m², orally, twice daily, on days 1–14 of a 21-day cycle" in shown
    assert "mean a day (intensity)" in shown


def test_interactions_filter(out):
    app = opened(out, "interactions")
    app.selectbox(key="management").set_value("avoid").run()
    [[n]] = sql(out, "SELECT count(*) FROM interactions_both_sides WHERE management = 'avoid'")
    assert f"Statements {n}" in text(app)
    app.toggle(key="collection").set_value(True).run()
    [[fewer]] = sql(
        out, "SELECT count(*) FROM interactions_both_sides WHERE management = 'avoid' AND other_drug_id IS NOT NULL"
    )
    assert f"Statements {fewer}" in text(app)
    assert fewer < n


def test_interactions_page_by_page(out):
    app = opened(out, "interactions")
    first = markup(app)
    app.get("pagination")[0].set_value(2).run()
    assert not app.exception
    rows = re.compile(r"· rule \w+ · (\w+)</span>")
    assert len(rows.findall(markup(app))) == 25
    assert rows.findall(first) != rows.findall(markup(app))


def test_which_drugs_cause_an_effect(out):
    shown = text(opened(out, "effects", effect="nausea"))
    for (drug,) in sql(out, "SELECT drug FROM drugs_causing('nausea') LIMIT 25"):
        assert drug in shown


@pytest.mark.parametrize("by", ["effect", "frequency"])
def test_the_heat_map_counts(out, by):
    app = opened(out, "effects")
    app.segmented_control[0].set_value(by).run()
    assert not app.exception
    assert 'class="mp-matrix"' in markup(app)


def test_changes_of_doses_come_first(hostile):
    shown = markup(opened(hostile, "changes"))
    assert shown.index(">regimens<") < shown.index("500 mg") < shown.index("Runs")
    assert "400 mg" in shown


def test_a_new_build_shows_at_the_next_interaction_and_the_old_one_is_not_locked(tmp_path):
    put(tmp_path / "raw", one=monograph("Oneol"))
    built(tmp_path / "raw", tmp_path / "out", keep=1)
    app = opened(tmp_path / "out")
    assert "· 1 drugs ·" in text(app)
    put(tmp_path / "raw", two=monograph("Twool"))
    built(tmp_path / "raw", tmp_path / "out", keep=1)  # removes the build that the app has open
    app.run()
    assert "· 2 drugs ·" in text(app)
    assert "Twool" in text(app)


def test_no_build_yet_is_said(tmp_path):
    assert "no build here yet" in text(opened(tmp_path))


class Tags(HTMLParser):
    """What a browser would make of a page: its elements and their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found, self.data = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.data.append(data)


OURS = set(
    "a blockquote br details div h1 h2 h3 img mark nav p pre section span strong style summary table tbody td th thead tr".split()
)


@pytest.mark.parametrize("page", PAGES)
def test_text_of_documents_is_text(hostile, page):
    [[drug_id]] = sql(hostile, "SELECT drug_id FROM drugs WHERE name LIKE '%alert%'")
    queries = {
        "drugs": [{}, {"drug": drug_id}, {"find": "alert"}],
        "compare": [{"drugs": drug_id, "condition": "pain"}],
        "effects": [{}, {"effect": "nausea"}],
    }
    for query in queries.get(page, [{}]):
        app = opened(hostile, page, **query)
        seen = Tags(markup(app))
        for tag, attributes in seen.found:
            assert tag in OURS, tag
            assert not {a for a in attributes if a.startswith("on")}
            assert attributes.get("href", "#").startswith(("./?drug=", "#"))
            assert attributes.get("src", "data:").startswith("data:image/svg+xml;base64,") or tag != "img"
        assert page in ("changes", "sql") or "<img src=x onerror=alert(1)> **bold** :red[x]" in "".join(seen.data)
        assert not (*app.markdown, *app.title, *app.caption, *app.error)  # what reads its text as Markdown
        for widget in (*app.selectbox, *app.button, *app.text_input, *app.segmented_control, *app.toggle):
            assert "alert" not in widget.label


@pytest.mark.parametrize("name", ["Documents", "Not read", "Doses", "Findings", "Rejects", "Gaps", "Deferrals"])
def test_quality_lists(hostile, name):
    app = opened(hostile, "quality")
    app.segmented_control[0].set_value(name).run()
    assert not app.exception
    shown = Tags(markup(app))
    assert {tag for tag, _ in shown.found} <= OURS
    [[n]] = sql(hostile, f"SELECT count(*) FROM ({quality.LISTS[name][0]})")
    assert [tag for tag, _ in shown.found].count("tr") == (n + 1 if n else 0)
    if not n:
        assert quality.LISTS[name][3] in text(app)


def test_sql_answers_and_downloads(out):
    app = opened(out, "sql")
    app.text_area[0].set_value("SELECT drug_id, 2 AS drug_id, [1, 2] AS list FROM drugs ORDER BY ALL").run()
    assert not app.exception
    assert f"{N} rows" in text(app)
    assert app.dataframe[0].value.shape == (N, 3)
    path = (out / "current").resolve() / "monopipe.duckdb"
    result, whole = run(path, "SELECT name FROM drugs ORDER BY name")
    assert whole
    assert as_file(result, "csv").decode().splitlines()[0] == "name"
    assert pq.read_table(io.BytesIO(as_file(result, "parquet"))).num_rows == N


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM drugs",
        "SELECT 1; SELECT 2",
        "SELECT * FROM nothing",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELEC",
    ],
)
def test_sql_only_reads(out, query):
    app = opened(out, "sql")
    app.text_area[0].set_value(query).run()
    assert not app.exception
    assert "The query did not run." in text(app)


def test_sql_that_overwrites_its_copy_harms_nobody(out, monkeypatch):
    path = (out / "current").resolve() / "monopipe.duckdb"
    before = path.read_bytes()
    sandbox = Sandbox(path)
    with sandbox.opened() as con:
        copy = con.execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchall()[0][0]
    Path(copy).write_bytes(b"spoiled")
    with sandbox.opened() as con:
        assert con.execute("SELECT count(*) FROM drugs").fetchall() == [(N,)]
    sandbox.close()
    assert not Path(copy).exists()
    assert path.read_bytes() == before


def test_sql_stops_what_takes_too_long(out, monkeypatch):
    monkeypatch.setattr("monopipe.dashboard.sql.SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(MonopipeError, match="took longer"):
        run(
            (out / "current").resolve() / "monopipe.duckdb",
            "SELECT count(*) FROM range(100000000000) a, range(1000000) b",
        )
    assert time.monotonic() - start < 10


def step(**columns):
    from monopipe.grammar.dosage import Dosage

    return {**vars(Dosage()), "source_quote": "…", **columns}


def test_a_cycle_is_drawn_as_its_days():
    days = schedule.dosing_days(step(cycle_days="1-3,8", cycle_length=21.0, cycle_unit="d"))
    assert days == [1, 2, 3, 8]
    drawn = schedule.cycle(step(cycle_days="1-3,8", cycle_length=21.0, cycle_unit="d"))
    assert 'alt="4 of 21 days with a dose"' in drawn
    assert schedule.cycle(step(cycle_days="1-3", cycle_length=400.0, cycle_unit="d")) == ""
    assert schedule.cycle(step()) == ""


def test_steps_are_drawn_as_stairs():
    steps = [step(dose_low=d, dose_high=d, dose_unit="mg", sequence=n) for n, d in enumerate((10.0, 20.0), 1)]
    assert 'alt="2 steps"' in schedule.picture(steps)
    assert schedule.picture([steps[0], step(dose_low=1.0, dose_high=1.0, dose_unit="{tablet}", sequence=2)]) == ""


def test_a_dose_reads_without_marks(out):
    with duckdb.connect(str((out / "current").resolve() / "monopipe.duckdb"), read_only=True) as con:
        steps = records(con, "SELECT * FROM regimens")
    assert steps
    for step in steps:
        assert not re.search("[‹›_{}]", dose(step)), dose(step)


def test_the_command_tells_nobody_and_serves_this_machine_only(tmp_path):
    words = command(tmp_path, port=1234, browser=False)
    assert words[0] == sys.executable
    assert {
        "--browser.gatherUsageStats=false",
        "--server.address=127.0.0.1",
        "--server.port=1234",
        "--server.headless=true",
    } <= set(words)
    assert words[-2:] == ["--", str(tmp_path)]


def test_without_the_extra_the_command_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("monopipe.dashboard.find_spec", lambda name: None)
    assert cli.run(["dashboard", str(tmp_path)]) == 1
    assert 'pip install "monopipe[dashboard]"' in capsys.readouterr().err
