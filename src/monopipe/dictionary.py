"""The data dictionary, from the declarations of the tables."""

from __future__ import annotations

from monopipe.errors import UsageError
from monopipe.evidence import near
from monopipe.schema import Table
from monopipe.tables import FINDING_RULES, TABLES, Fact

_FACT = Table("facts", Fact, ())

_INTRODUCTION = """\
# The tables

<!-- Generated: `monopipe tables --markdown > docs/tables.md`. Change src/monopipe/tables.py instead. -->

Every build holds each table twice: as `<table>.parquet` and in `monopipe.duckdb`, there with keys, value sets and
these words as comments. Columns in bold are the primary key; rows are sorted by it. What the text does not say is
null. Tables of facts begin with the same columns: a `row_id` made from the fact's content, and where the file says it.

![The tables, their keys and references](tables.svg)
"""


def markdown() -> str:
    """All tables as one Markdown document."""
    contents = "\n".join(f"- [{name}](#{name}): {table.description}" for name, table in TABLES.items())
    sections = (table.dictionary() + (_finding_rules() if name == "findings" else "") for name, table in TABLES.items())
    return "\n".join([_INTRODUCTION, contents + "\n", *sections])


def _finding_rules() -> str:
    """The rules of findings as a table."""
    rows = [f"| `{rule}` | {severity} | {when} |" for rule, (severity, when) in FINDING_RULES.items()]
    return "\n".join(["", "| rule | severity | when |", "|---|---|---|", *rows]) + "\n"


def overview() -> str:
    """The tables, one a line."""
    width = max(map(len, TABLES))
    lines = [f"{name:<{width}}  {table.description}" for name, table in TABLES.items()]
    return "\n".join(lines) + "\n\nThe columns of one: monopipe tables TABLE\n"


def one(name: str) -> str:
    """The columns of a table, those of its provenance last; UsageError when there is no such table."""
    if name not in TABLES:
        like = near(name, list(TABLES))
        raise UsageError(
            f"there is no table {name!r}" + (f"; near: {', '.join(like)}" if like else ": monopipe tables")
        )
    table = TABLES[name]
    provenance = {c.name for c in _FACT.columns} if issubclass(table.row_class, Fact) else set()
    columns = [c for c in table.columns if c.name not in provenance] + [
        c for c in table.columns if c.name in provenance
    ]
    width = max(len(c.name) for c in columns)
    lines = [f"{table.name} · {table.description}", f"Key: {', '.join(table.key)}", ""]
    for c in columns:
        words = c.type_words + ("" if c.nullable else ", never null")
        lines.append(f"  {c.name:<{width}}  {c.description}  [{words}]")
        if c.values:
            lines.append(f"  {'':<{width}}    {' '.join(c.values)}")
    return "\n".join(lines) + "\n"
