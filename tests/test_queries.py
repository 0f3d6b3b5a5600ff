"""Every query of docs/queries.md runs on a build of data/raw, and the views and macros answer as they say."""

from __future__ import annotations

import re
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


def test_there_are_ten() -> None:
    assert [int(title.split(".")[0]) for title, _ in QUERIES] == list(range(1, 11))


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
    assert count("drugs_by_pregnancy") == count("pregnancy_lactation WHERE assertion <> 'negated'")
    linked = count("interactions WHERE interactant_drug_id IS NOT NULL")
    assert count("interactions_both_sides") == count("interactions") + linked
    assert count("(SELECT sum(n_drugs) FROM side_effects_across_drugs HAVING sum(n_drugs) > 0)") <= 1
