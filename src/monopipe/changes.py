"""Facts added, removed and changed between two builds, told by `row_id`, which is made from a fact's content.

A fact that only moved within its file did not change, so places are not compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monopipe.schema import Table, quote
from monopipe.tables import TABLES, Fact

if TYPE_CHECKING:
    import duckdb

_PLACES = ("row_id", "line_start", "line_end", "char_start", "char_end")
_DOSES_FIRST = ("regimens", "dose_guidance")


def changes_sql(con: duckdb.DuckDBPyConnection, before: Path, after: Path) -> str:
    """The query for the columns of `changes` from `ordinal` on: what makes the build `after` differ from `before`."""
    # One table at a time: all joins in one query want more memory than a build may take.
    queries = [_table_sql(con, t, before, after) for t in TABLES.values() if issubclass(t.row_class, Fact)]
    for n, sql in enumerate(filter(None, queries)):
        con.execute(f"CREATE TEMP TABLE found AS {sql}" if n == 0 else f"INSERT INTO found {sql}")
    rank = " ".join(f"WHEN {quote(name)} THEN {n}" for n, name in enumerate(_DOSES_FIRST))
    order = f"CASE table_name {rank} ELSE {len(_DOSES_FIRST)} END, table_name, drug_id, row_id, change, column_name"
    return f"SELECT (row_number() OVER (ORDER BY {order}))::INTEGER AS ordinal, * FROM found"


def _table_sql(con: duckdb.DuckDBPyConnection, table: Table, before: Path, after: Path) -> str | None:
    old, new = (f"read_parquet({quote(str(folder / f'{table.name}.parquet'))})" for folder in (before, after))
    if not (before / f"{table.name}.parquet").is_file():
        return None  # a build of an older contract
    had = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {old}").fetchall()}
    columns = [c.name for c in table.columns if c.name in had and c.name not in _PLACES]
    pairs = ", ".join(
        f"{{'c': {quote(c)}, 'o': o.{c}::VARCHAR, 'n': n.{c}::VARCHAR, 'd': o.{c} IS DISTINCT FROM n.{c}}}"
        for c in columns
    )
    differ = " OR ".join(f"o.{c} IS DISTINCT FROM n.{c}" for c in columns)
    return f"""
    SELECT {quote(table.name)} AS table_name, coalesce(n.row_id, o.row_id) AS row_id,
        coalesce(n.drug_id, o.drug_id) AS drug_id, CASE WHEN o.row_id IS NULL THEN 'added' ELSE 'removed' END AS change,
        NULL::VARCHAR AS column_name, NULL::VARCHAR AS old_value, NULL::VARCHAR AS new_value,
        o.source_quote AS old_quote, n.source_quote AS new_quote
    FROM {old} o FULL JOIN {new} n USING (row_id) WHERE o.row_id IS NULL OR n.row_id IS NULL
    UNION ALL
    SELECT {quote(table.name)}, row_id, drug_id, 'changed', p.c, p.o, p.n, old_quote, new_quote
    FROM (
        SELECT n.row_id, n.drug_id, o.source_quote AS old_quote, n.source_quote AS new_quote, unnest([{pairs}]) AS p
        FROM {old} o JOIN {new} n USING (row_id) WHERE {differ}
    ) WHERE p.d"""
