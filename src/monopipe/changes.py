"""Facts added, removed and changed between two builds.

A fact is the same in both when its `row_id` is, which is made from its content; and a fact that is gone is the one that
came when both are of the same drug and kind and stand alone in what tells them apart: of a regimen who it is for and
which step it is, so that another dose is a change of that regimen; of any other fact its words. A fact that only moved
within its file did not change, so places are not compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monopipe.schema import Table, quote
from monopipe.tables import TABLES, Fact

if TYPE_CHECKING:
    import duckdb

_NOT_COMPARED = ("line_start", "line_end", "char_start", "char_end", "source_quote")
_CONTENT_KEYS = ("row_id", "regimen_group", "side_effect_id", "fact_id")
"""They change with the content of the fact or of the one it belongs to, which is told by itself."""
_SAME_FACT = {
    "regimens": "drug_id section condition_norm indication_text age_group population param param_low param_high"
    " step_kind sequence".split(),
    "regimen_conditions": ["drug_id", "section", "condition_norm"],
    "regimen_partners": ["drug_id", "section", "partner_norm"],
}
_SAME_WORDS = ["drug_id", "section", "source_quote"]
_DOSES_FIRST = ("regimens", "dose_limits", "dose_guidance")
_DOSE = (
    "dose_low dose_high dose_unit dose_basis dose_is rate_low rate_high rate_unit frequency period period_unit".split()
)
"""The columns of a regimen that a reader must see first when they change, in this order."""


def changes_sql(con: duckdb.DuckDBPyConnection, before: Path, after: Path) -> str:
    """The query for the columns of `changes` from `ordinal` on: what makes the tables in `after` differ from `before`."""
    columns = "table_name, row_id, drug_id, change, column_name, old_value, new_value, old_quote, new_quote"
    con.execute(f"CREATE OR REPLACE TEMP TABLE found AS SELECT {columns} FROM {_empty()} WHERE false")
    # One table at a time: all joins in one query want more memory than a build may take.
    for table in TABLES.values():
        if issubclass(table.row_class, Fact) and (before / f"{table.name}.parquet").is_file():
            _compare(con, table, before, after)
    rank = " ".join(f"WHEN {quote(name)} THEN {n}" for n, name in enumerate(_DOSES_FIRST))
    doses = ", ".join(map(quote, _DOSE))
    order = f"""CASE WHEN table_name = 'regimens' AND column_name IN ({doses}) THEN 0 ELSE 1 END,
        CASE table_name {rank} ELSE {len(_DOSES_FIRST)} END, table_name, drug_id, row_id, change,
        coalesce(list_position([{doses}], column_name), 99), column_name"""
    return f"SELECT (row_number() OVER (ORDER BY {order}))::INTEGER AS ordinal, * FROM found"


def _empty() -> str:
    names = "table_name row_id drug_id change column_name old_value new_value old_quote new_quote".split()
    return f"(SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in names)})"


def _compare(con: duckdb.DuckDBPyConnection, table: Table, before: Path, after: Path) -> None:
    """Add what became of the facts of one table to the table `found`."""
    sources = {"o": before / f"{table.name}.parquet", "n": after / f"{table.name}.parquet"}
    for name, path in sources.items():
        con.execute(f"CREATE OR REPLACE TEMP VIEW all_{name} AS SELECT * FROM read_parquet({quote(str(path))})")
    had = {row[0] for row in con.execute("DESCRIBE SELECT * FROM all_o").fetchall()}
    both = [c.name for c in table.columns if c.name in had]
    tells = ", ".join(c for c in _SAME_FACT.get(table.name, _SAME_WORDS) if c in had)
    for name, other in (("o", "n"), ("n", "o")):
        con.execute(f"""CREATE OR REPLACE TEMP TABLE only_{name} AS
            SELECT *, row_number() OVER (PARTITION BY kind ORDER BY char_start, row_id) AS nth,
                count(*) OVER (PARTITION BY kind) AS n
            FROM (SELECT *, hash({tells}) AS kind FROM all_{name} ANTI JOIN all_{other} USING (row_id))""")
    columns = [c for c in both if c not in (*_NOT_COMPARED, *_CONTENT_KEYS)]
    pairs = ", ".join(
        f"{{'c': {quote(c)}, 'o': o.{c}::VARCHAR, 'n': n.{c}::VARCHAR, 'd': o.{c} IS DISTINCT FROM n.{c}}}"
        for c in columns
    )
    differ = " OR ".join(f"o.{c} IS DISTINCT FROM n.{c}" for c in columns)
    # of those with one row_id, and of those that are the same fact otherwise
    for same in ("all_o o JOIN all_n n USING (row_id)", "only_o o JOIN only_n n USING (kind, nth, n)"):
        con.execute(f"""INSERT INTO found
            SELECT {quote(table.name)}, row_id, drug_id, 'changed', p.c, p.o, p.n, old_quote, new_quote FROM (
                SELECT n.row_id, n.drug_id, o.source_quote AS old_quote, n.source_quote AS new_quote,
                    unnest([{pairs}]) AS p FROM {same} WHERE {differ}
            ) WHERE p.d""")
    for name, other, change in (("o", "n", "removed"), ("n", "o", "added")):
        quotes = "source_quote, NULL" if name == "o" else "NULL, source_quote"
        con.execute(f"""INSERT INTO found
            SELECT {quote(table.name)}, row_id, drug_id, {quote(change)}, NULL, NULL, NULL, {quotes}
            FROM only_{name} ANTI JOIN only_{other} USING (kind, nth, n)""")
