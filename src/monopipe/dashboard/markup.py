"""HTML of which every piece that comes from a document is escaped: `Markup.format` escapes what is no Markup.

Text of documents goes to the page through here and nowhere else. Streamlit reads the labels of its widgets as
Markdown, so they hold words of this program only; where an option must show a document's word, the widget is one
whose options are plain text (`selectbox`, `multiselect`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote as url_quote

import streamlit as st
from markupsafe import Markup

from monopipe.evidence import Record

Cell = str | Markup | int | float | None
_NOTHING = Markup('<span class="mp-muted">–</span>')


def show(*pieces: Markup) -> None:
    """The pieces as one block of the page."""
    st.html(Markup("").join(pieces))


def words(code: str | None) -> str:
    """A code of a value set as words: `dose_reduction` → `dose reduction`."""
    return (code or "").replace("_", " ")


def one_line(text: str | None) -> str:
    """The text with its white space made single spaces."""
    return re.sub(r"\s+", " ", text or "").strip()


def joined(pieces: Iterable[Markup | str], between: str = "") -> Markup:
    """The pieces, those that are no markup escaped."""
    return Markup(between).join(pieces)


def badge(text: str, kind: str = "plain") -> Markup:
    """A short word in a box; `kind` only colours what the word says already."""
    return Markup('<span class="mp-badge mp-{}">{}</span>').format(kind, text)


def drug_link(drug_id: str, name: str) -> Markup:
    """A link to the drug's card."""
    return Markup('<a href="./?drug={}" target="_self">{}</a>').format(url_quote(drug_id), name)


def place(path: str | None, line: int | None) -> Markup:
    """Where in the raw folder something stands."""
    text = path if line is None else f"{path}:{line}" if path else f"line {line}"
    return Markup('<span class="mp-place">{}</span>').format(text)


def said(summary: Markup | str, row: Record, path: str | None = None, lines: Markup | None = None) -> Markup:
    """A fact that shows, on a click, the words and the line that say it."""
    return Markup(
        '<details class="mp-fact"><summary>{}</summary><div class="mp-source"><div>{} <span class="mp-muted">· rule '
        "{} · {}</span></div>{}</div></details>"
    ).format(summary, place(path, row["line_start"]), row["rule"], row["row_id"], lines or quoted(row["source_quote"]))


def quoted(text: str) -> Markup:
    """The words as printed in the file."""
    return Markup("<pre><mark>{}</mark></pre>").format(text)


def table(headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, empty: str = "Nothing to show.") -> Markup:
    """The rows as a table that becomes a list of cards on a narrow screen."""
    rows = list(rows)
    if not rows:
        return Markup('<p class="mp-muted">{}</p>').format(empty)
    kinds = [' class="mp-number"' if all(map(_is_number, column)) else "" for column in zip(*rows, strict=True)]
    head = joined(Markup('<th scope="col"{}>{}</th>').format(Markup(k), h) for k, h in zip(kinds, headers, strict=True))
    body = joined(Markup("<tr>{}</tr>").format(joined(map(_cell, headers, kinds, row))) for row in rows)
    return Markup(
        '<div class="mp-scroll"><table class="mp-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, body)


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(header: str, kind: str, value: Cell) -> Markup:
    shown: Any = _NOTHING if value is None or value == "" else f"{value:,}" if isinstance(value, int) else value
    if isinstance(value, float):
        shown = f"{value:,.6g}"
    return Markup('<td data-label="{}"{}><div>{}</div></td>').format(header, Markup(kind), shown)


def section(title: str, anchor: str, *body: Markup, note: str = "") -> Markup:
    """A part of a page with a heading to jump to."""
    after = Markup(' <span class="mp-muted">{}</span>').format(note) if note else ""
    return Markup('<section class="mp-section" id="{}"><h2>{}{}</h2>{}</section>').format(
        anchor, title, after, joined(body)
    )


def tiles(*pairs: tuple[str, Cell]) -> Markup:
    """Labels and values in a row of boxes."""
    boxes = (
        Markup('<div class="mp-tile"><div class="mp-label">{}</div><div class="mp-value">{}</div></div>').format(
            label, f"{value:,}" if isinstance(value, int) else value if value not in (None, "") else _NOTHING
        )
        for label, value in pairs
    )
    return Markup('<div class="mp-tiles">{}</div>').format(joined(boxes))


def paged(n: int, size: int, key: str) -> int:
    """The offset of the page that the reader chose, of `n` rows in pages of `size`."""
    pages = max(1, -(-n // size))
    if pages == 1:
        return 0
    if st.session_state.get(key, 1) > pages:  # a filter or a new build left fewer pages
        st.session_state[key] = pages
    return (int(st.pagination(pages, key=key)) - 1) * size
