"""Every query of docs/queries.md runs on a build of data/raw, and the views and macros answer as they say."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from samples import built

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^## (\d+\. .+?)\n.*?^```sql\n(.+?)^```", TEXT, re.M | re.S)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    report = built(ROOT / "data" / "raw", tmp_path_factory.mktemp("queries") / "out")
    with duckdb.connect(str(report.build_path / "monopipe.duckdb"), read_only=True) as connection:
        yield connection


def test_there_are_thirteen() -> None:
    assert [int(title.split(".")[0]) for title, _ in QUERIES] == list(range(1, 14))


@pytest.mark.parametrize(("title", "query"), QUERIES, ids=[title for title, _ in QUERIES])
def test_query(con: duckdb.DuckDBPyConnection, title: str, query: str) -> None:
    rows = con.execute(query).fetchall()
    assert rows, "a query that finds nothing shows nothing"
    assert rows == con.execute(query).fetchall()  # an order is stated, so that two readers see the same


def test_a_macro_finds_what_the_view_holds(con: duckdb.DuckDBPyConnection) -> None:
    for (name,) in con.execute("SELECT DISTINCT condition FROM regimen_sheet WHERE condition IS NOT NULL").fetchall():
        assert con.execute("SELECT * FROM regimens_for(?)", [name.upper()]).fetchall(), name
    for term, n in con.execute("SELECT term_norm, n_drugs FROM side_effects_across_drugs LIMIT 20").fetchall():
        drugs = {row[0] for row in con.execute("SELECT * FROM drugs_causing(?)", [term]).fetchall()}
        assert len(drugs) >= n, term


def test_views_lose_and_double_nothing(con: duckdb.DuckDBPyConnection) -> None:
    def count(what: str) -> int:
        return int(con.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])

    assert count("regimen_sheet") == count("regimens")
    assert count("quality") == count("documents")
    assert count("maximum_doses") == count("dose_limits") + count("regimens WHERE max_dose_unit IS NOT NULL")
    assert count("drugs_by_pregnancy") == count("pregnancy_lactation WHERE assertion <> 'negated'")
    linked = count("interactions WHERE interactant_drug_id IS NOT NULL")
    assert count("interactions_both_sides") == count("interactions") + linked
    assert count("(SELECT sum(n_drugs) FROM side_effects_across_drugs HAVING sum(n_drugs) > 0)") <= 1


def tokens(text: str) -> set[str]:
    """The words of a text as the search knows them."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()
    words = re.findall(r"[^\W_]+", plain)
    return {w[:-1] if re.search(r"[a-z]{2}[^isu]s$", w) else w for w in words}


@pytest.mark.parametrize("wanted", ["renal impairment dose", "Warfarin", "the risk of bleeding", "Crohn's disease"])
def test_the_search_of_sections_is_bm25(con: duckdb.DuckDBPyConnection, wanted: str) -> None:
    starts: dict[str, list[tuple[int, int]]] = {}
    for place, document, line in con.execute("SELECT rowid, document_id, line_start FROM sections").fetchall():
        starts.setdefault(document, []).append((line, place))
    counts: dict[int, Counter[str]] = {}
    for document, line, quote in con.execute("SELECT document_id, line_start, source_quote FROM statements").fetchall():
        before = [start for start in sorted(starts[document]) if start[0] <= line]
        if before and tokens(quote):
            counts.setdefault(before[-1][1], Counter()).update(tokens(quote))
    lengths = {place: sum(c.values()) for place, c in counts.items()}
    mean = sum(lengths.values()) / len(lengths)
    scores: Counter[int] = Counter()
    for word in tokens(wanted):
        holding = [place for place, c in counts.items() if word in c]
        weight = math.log(1 + (len(lengths) - len(holding) + 0.5) / (len(holding) + 0.5))
        for place in holding:
            n = counts[place][word]
            scores[place] += weight * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * lengths[place] / mean))
    expected = sorted(scores.items(), key=lambda s: (-s[1], s[0]))[:20]
    found = con.execute("SELECT score, source_path, line_start FROM search_sections(?)", [wanted]).fetchall()
    assert [row[0] for row in found] == pytest.approx([score for _, score in expected], abs=1e-4)
    sections = "SELECT source_path, s.line_start FROM sections s JOIN documents USING (document_id) WHERE s.rowid = ?"
    first = con.execute(sections, [expected[0][0]]).fetchall()[0]
    assert [row[1:] for row in found if row[0] == found[0][0]].count(first) == 1


def test_the_search_of_statements_finds_what_holds_the_words(con: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT words_found, source_quote FROM search_statements(?, top := 1000)"
    found = con.execute(sql, ["creatinine clearances"]).fetchall()
    held = [
        q
        for (q,) in con.execute("SELECT source_quote FROM statements").fetchall()
        if tokens(q) & {"creatinine", "clearance"}
    ]
    assert sorted(q for _, q in found) == sorted(held)
    assert all(n == len(tokens(q) & {"creatinine", "clearance"}) for n, q in found)
    assert con.execute(sql, ["zzzz qqqq"]).fetchall() == []


def test_a_drug_is_found_by_each_of_its_names(con: duckdb.DuckDBPyConnection) -> None:
    names = con.execute("SELECT drug_id, name FROM drug_names WHERE assertion <> 'negated'").fetchall()
    for drug_id, name in names:
        found = con.execute("SELECT drug_id, rank FROM find_drugs(?)", [f" {name.upper()} "]).fetchall()
        assert drug_id in {i for i, rank in found if rank <= 2}, name
    assert con.execute("SELECT drug_id, rank FROM find_drugs('warferin')").fetchall() == [("warfarin", 3)]


def test_the_index_of_the_search_is_the_same_each_time(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    report = built(ROOT / "data" / "raw", tmp_path / "out")
    with duckdb.connect(str(report.build_path / "monopipe.duckdb"), read_only=True) as again:
        for name in ("search_words", "search_postings", "search_lengths"):
            rows = con.execute(f"FROM {name}").fetchall()
            assert len(set(rows)) == len(rows) > 0
            assert rows == again.execute(f"FROM {name}").fetchall()
