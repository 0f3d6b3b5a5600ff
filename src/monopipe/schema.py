"""One declaration per column; every other form of the schema is derived from it.

A row class declares columns with `col`; `@table` turns it into a dataclass and a `Table`. From the annotation,
the docstring and `col` come the Arrow schema (types, nullability, descriptions), the DuckDB DDL with keys and
comments, the check queries and the data dictionary.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeVar, dataclass_transform

if TYPE_CHECKING:
    import pyarrow as pa

REQUIRED: Any = dataclasses.MISSING
_SQL = {str: "VARCHAR", int: "INTEGER", float: "DOUBLE", bool: "BOOLEAN", datetime: "TIMESTAMP"}
_WORDS = {str: "text", int: "int32", float: "float64", bool: "bool", datetime: "timestamp (UTC, µs)"}


def col(description: str, *, key: bool = False, ref: type[Row] | None = None, default: Any = REQUIRED) -> Any:
    """Declare a column: what it means, whether it is in the primary key, and the row class it refers to.

    A column whose annotation allows None is nullable and defaults to None.
    """
    return dataclasses.field(default=default, metadata={"description": description, "key": key, "ref": ref})


class Row:
    """Base of all row classes: a dataclass whose `col` fields are table columns."""

    __table__: typing.ClassVar[Table]


R = TypeVar("R", bound=type[Row])


@dataclass_transform(kw_only_default=True, field_specifiers=(col, dataclasses.field))
def row(cls: R) -> R:
    """Make a class a row without a table of its own: a set of columns that tables share by inheritance."""
    for name, annotation in typing.get_type_hints(cls).items():
        declared = cls.__dict__.get(name)
        if isinstance(declared, dataclasses.Field) and declared.default is REQUIRED and _optional(annotation)[1]:
            declared.default = None
    return typing.cast("R", dataclass(kw_only=True)(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(col, dataclasses.field))
def table(name: str, *, identity: Sequence[str] = ()) -> Callable[[R], R]:
    """Make a class the row of table `name`; `identity` names the columns its content key `row_id` is made of."""

    def declare(cls: R) -> R:
        cls = row(cls)
        cls.__table__ = Table(name, cls, tuple(identity))
        return cls

    return declare


def _optional(annotation: Any) -> tuple[Any, bool]:
    """The annotation without None, and whether None was allowed."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        rest = [a for a in typing.get_args(annotation) if a is not type(None)]
        return rest[0], len(rest) < len(typing.get_args(annotation))
    return annotation, False


@dataclass(frozen=True)
class Column:
    """One column: its name, Python type (str to datetime), meaning, value set (empty when free), key, reference."""

    name: str
    type: Any
    nullable: bool
    description: str
    values: tuple[str, ...]
    key: bool
    ref: type[Row] | None

    @property
    def type_words(self) -> str:
        """The type as the data dictionary prints it."""
        return _WORDS[self.type]

    def sql(self) -> str:
        """The column as one line of `CREATE TABLE`."""
        check = f" CHECK ({self.name} IN ({', '.join(map(quote, self.values))}))" if self.values else ""
        return f"{self.name} {_SQL[self.type]}{'' if self.nullable else ' NOT NULL'}{check}"

    def arrow(self) -> pa.Field:
        """The column as an Arrow field with its description and value set as metadata."""
        import pyarrow as pa

        arrow_type = {
            str: pa.string(),
            int: pa.int32(),
            float: pa.float64(),
            bool: pa.bool_(),
            datetime: pa.timestamp("us", tz="UTC"),
        }[self.type]
        metadata = {"description": self.description}
        if self.values:
            metadata["values"] = " ".join(self.values)
        return pa.field(self.name, arrow_type, self.nullable, metadata)


@dataclass(frozen=True)
class Check:
    """A query that returns the rows breaking one promise of a table; none may come back."""

    table: str
    name: str
    sql: str
    broken_by: str | None = None
    """The condition that a breaking row meets, where the row alone tells: many of these make one query."""


class Table:
    """A table: its row class and everything derived from it."""

    def __init__(self, name: str, row_class: type[Row], identity: tuple[str, ...]) -> None:
        self.name = name
        self.row_class = row_class
        self.identity = identity

    @property
    def description(self) -> str:
        """The meaning of one row: the first line of the row class's docstring."""
        return (self.row_class.__doc__ or "").strip().splitlines()[0]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in order: keys and provenance as inherited, then the table's own."""
        hints = typing.get_type_hints(self.row_class)
        columns = []
        for f in dataclasses.fields(typing.cast("Any", self.row_class)):
            if "description" not in f.metadata:
                continue  # working fields of the extractors, such as `span`, are not columns
            kind, nullable = _optional(hints[f.name])
            values = typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
            meta = f.metadata
            columns.append(
                Column(f.name, str if values else kind, nullable, meta["description"], values, meta["key"], meta["ref"])
            )
        return tuple(columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The names of the primary key columns; rows are sorted by them."""
        return tuple(c.name for c in self.columns if c.key)

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema, with the table's description as metadata."""
        import pyarrow as pa

        return pa.schema([c.arrow() for c in self.columns], metadata={"description": self.description})

    @cached_property
    def _values(self) -> Callable[[Row], tuple[Any, ...]]:
        return attrgetter(*(c.name for c in self.columns))

    def arrow(self, rows: Iterable[Row]) -> pa.Table:
        """The rows as an Arrow table of this schema, built by columns."""
        import pyarrow as pa

        columns: Any = list(zip(*map(self._values, rows), strict=True)) or [()] * len(self.columns)
        schema = self.arrow_schema
        return pa.table([pa.array(v, f.type) for v, f in zip(columns, schema, strict=True)], schema=schema)

    def ddl(self, *, key: bool = True) -> str:
        """`CREATE TABLE` with primary key (or without, to add it later), foreign keys, NOT NULL and value sets."""
        lines = [c.sql() for c in self.columns]
        if key:
            lines.append(f"PRIMARY KEY ({', '.join(self.key)})")
        for c in self.columns:
            if c.ref is not None:
                target = c.ref.__table__
                lines.append(f"FOREIGN KEY ({c.name}) REFERENCES {target.name} ({target.key[0]})")
        return f"CREATE TABLE {self.name} (\n    " + ",\n    ".join(lines) + "\n)"

    def comments(self) -> list[str]:
        """`COMMENT ON` for the table and each column."""
        return [f"COMMENT ON TABLE {self.name} IS {quote(self.description)}"] + [
            f"COMMENT ON COLUMN {self.name}.{c.name} IS {quote(c.description)}" for c in self.columns
        ]

    def checks(self) -> list[Check]:
        """The queries that list every row breaking a key, a reference, a null or a value-set promise."""
        name, key = self.name, ", ".join(self.key)
        checks = [
            Check(name, f"key ({key})", f"SELECT {key}, count(*) n FROM {name} GROUP BY ALL HAVING n > 1"),
        ]
        for c in self.columns:
            if not c.nullable:
                broken_by = f"{c.name} IS NULL"
                checks.append(Check(name, f"{c.name} not null", f"SELECT * FROM {name} WHERE {broken_by}", broken_by))
            if c.values:
                values = ", ".join(map(quote, c.values))
                broken_by = f"{c.name} NOT IN ({values})"
                sql = f"SELECT {c.name} FROM {name} WHERE {broken_by}"
                checks.append(Check(name, f"{c.name} in its value set", sql, broken_by))
            if c.ref is not None:
                target = c.ref.__table__
                known = f"SELECT {target.key[0]} FROM {target.name}"
                sql = f"SELECT {c.name} FROM {name} WHERE {c.name} IS NOT NULL AND {c.name} NOT IN ({known})"
                checks.append(Check(name, f"{c.name} refers to {target.name}", sql))
        return checks

    def dictionary(self) -> str:
        """The table as a section of the data dictionary, in Markdown."""
        lines = [f"## {self.name}", "", self.description, "", "| column | type | null | meaning |", "|---|---|---|---|"]
        for c in self.columns:
            meaning = c.description
            if c.values:
                meaning += " Values: " + ", ".join(f"`{v}`" for v in c.values) + "."
            if c.ref is not None:
                meaning += f" → `{c.ref.__table__.name}`."
            mark = "**" if c.key else ""
            lines.append(f"| {mark}{c.name}{mark} | {c.type_words} | {'yes' if c.nullable else 'no'} | {meaning} |")
        return "\n".join(lines) + "\n"


def quote(text: str) -> str:
    """The text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
