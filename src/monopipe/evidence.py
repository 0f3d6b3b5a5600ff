"""A fact beside the lines of the monograph that say it, with the quote marked."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from monopipe.errors import MonopipeError
from monopipe.tables import TABLES, Fact

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]
_PLACE = ("source_quote", "line_start", "line_end", "char_start", "char_end")


def records(con: duckdb.DuckDBPyConnection, sql: str, *parameters: Any) -> list[Record]:
    """The rows of a query as dictionaries."""
    cursor = con.execute(sql, parameters)
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def explain(con: duckdb.DuckDBPyConnection, row_id: str) -> str:
    """The fact with this `row_id` (or the only one whose id begins so): its columns, then its source, marked."""
    name, fact = _find(con, row_id)
    columns = {c: v for c, v in fact.items() if v is not None and c not in _PLACE}
    width = max(map(len, columns))
    lines = [f"{name} · {TABLES[name].description}", ""]
    lines += [f"  {c:<{width}}  {_shown(v)}" for c, v in columns.items()]
    sql = "SELECT * FROM documents WHERE document_id = (SELECT document_id FROM drugs WHERE drug_id = ?)"
    [document] = records(con, sql, fact["drug_id"])
    return (
        "\n".join([*lines, "", f"{document['source_path']}:{fact['line_start']}", *source_lines(con, document, fact)])
        + "\n"
    )


def _find(con: duckdb.DuckDBPyConnection, row_id: str) -> tuple[str, Record]:
    facts = [name for name, table in TABLES.items() if issubclass(table.row_class, Fact)]
    sql = " UNION ALL ".join(f"SELECT '{name}' AS name, row_id FROM {name}" for name in facts)
    found = con.execute(f"SELECT name, row_id FROM ({sql}) WHERE starts_with(row_id, ?)", [row_id]).fetchall()
    exact = [f for f in found if f[1] == row_id] or found
    if not row_id or not exact:
        raise MonopipeError(f"no fact has the row_id {row_id!r}; row_ids are in the tables' first column")
    if len(exact) > 1:
        shown = ", ".join(f"{i} ({name})" for name, i in sorted(exact)[:5])
        raise MonopipeError(f"{len(exact)} facts have a row_id that begins with {row_id!r}: {shown} …; give more of it")
    name, found_id = exact[0]
    return name, records(con, f"SELECT * FROM {name} WHERE row_id = ?", found_id)[0]


def source_lines(con: duckdb.DuckDBPyConnection, document: Record, fact: Record) -> list[str]:
    """The whole lines that hold the quote, numbered, each with its part of the quote underlined.

    The text comes from the build itself: `sections` holds every line of the body, `statements` what stands in the
    front matter. Where a line is not known whole, the quote stands alone.
    """
    quote, first = fact["source_quote"], fact["line_start"]
    text, start = _context(con, document["document_id"], fact)
    end = start + len(quote)
    lines, position = [], 0
    number = first - len(_lines(text[:start] + "x")) + 1
    for line in _lines(text):
        printed = line.rstrip("\r\n")
        left, right = max(start - position, 0), min(end - position, len(printed))
        if fact["line_start"] <= number <= fact["line_end"]:
            lines.append(f"{number:>6} │ {printed}")
            if right > left:
                lines.append(" " * 6 + " │ " + " " * left + "^" * (right - left))
        position += len(line)
        number += 1
    return lines


def _context(con: duckdb.DuckDBPyConnection, document_id: str, fact: Record) -> tuple[str, int]:
    """A text that holds the quote, whole lines if possible, and where in it the quote begins."""
    quote, first = fact["source_quote"], fact["line_start"]
    sql = "SELECT text, line_start FROM sections WHERE document_id = ? AND ? BETWEEN line_start AND line_end"
    for section in records(con, sql, document_id, first):
        text = section["text"]
        begin = sum(map(len, _lines(text)[: first - section["line_start"]]))
        stop = begin + len(_lines(text[begin:])[0])
        start = text.find(quote, begin, stop + len(quote))
        if begin <= start < stop:
            return text, _nth(con, document_id, fact, text, begin, start)
    sql = """SELECT source_quote, char_start FROM statements
        WHERE document_id = ? AND char_start <= ? AND char_end >= ? ORDER BY char_start DESC LIMIT 1"""
    for statement in records(con, sql, document_id, fact["char_start"], fact["char_end"]):
        return statement["source_quote"], fact["char_start"] - statement["char_start"]
    return quote, 0


def _nth(con: duckdb.DuckDBPyConnection, document_id: str, fact: Record, text: str, begin: int, start: int) -> int:
    """Where the quote begins when its words stand several times in the line: the statement around it knows."""
    sql = """SELECT source_quote, char_start FROM statements
        WHERE document_id = ? AND char_start <= ? AND char_end >= ? AND line_start = ?
        ORDER BY char_start DESC LIMIT 1"""
    around = records(con, sql, document_id, fact["char_start"], fact["char_end"], fact["line_start"])
    if not around:
        return start
    place = text.find(around[0]["source_quote"], begin)
    exact = place + fact["char_start"] - around[0]["char_start"]
    return exact if place >= 0 and text.startswith(fact["source_quote"], exact) else start


def _lines(text: str) -> list[str]:
    """The lines with their ends, by the ends that the document reader counts: other separators are text."""
    return re.findall(r".*?(?:\r\n|\r|\n)|.+\Z", text, re.DOTALL) or [""]


def near(word: str, known: list[str]) -> list[str]:
    """The known names that are spelt like the word or contain it, at most five."""
    folded = {k.casefold(): k for k in reversed(known)}
    close = difflib.get_close_matches(word.casefold(), folded, n=5, cutoff=0.6)
    close += [k for k in folded if len(word) > 2 and word.casefold() in k and k not in close]
    return [folded[k] for k in close[:5]]


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
