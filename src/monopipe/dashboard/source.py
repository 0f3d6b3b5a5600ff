"""The words behind the facts of one document: the statement that a quote stands in, with the quote marked."""

from __future__ import annotations

from bisect import bisect_right

from markupsafe import Markup

from monopipe.dashboard.current import Build
from monopipe.dashboard.markup import quoted, said
from monopipe.evidence import Record


class Source:
    """One document, read once for all facts of a page."""

    def __init__(self, build: Build, document_id: str) -> None:
        self.document = build.records("SELECT * FROM documents WHERE document_id = ?", document_id)[0]
        self._statements = build.records(
            "SELECT source_quote, char_start, char_end FROM statements WHERE document_id = ? ORDER BY char_start",
            document_id,
        )
        self._starts = [s["char_start"] for s in self._statements]

    def proof(self, summary: Markup | str, row: Record) -> Markup:
        """The fact, with its statement behind a click."""
        return said(summary, row, self.document["source_path"], self.marked(row))

    def marked(self, row: Record) -> Markup:
        """The statement around the quote, or the quote alone where it spans several."""
        n = bisect_right(self._starts, row["char_start"]) - 1
        if n < 0 or row["char_end"] > self._statements[n]["char_end"]:
            return quoted(row["source_quote"])
        text = self._statements[n]["source_quote"]
        start = row["char_start"] - self._starts[n]
        end = start + len(row["source_quote"])
        return Markup("<pre>{}<mark>{}</mark>{}</pre>").format(text[:start], text[start:end], text[end:])
