"""A table's row as a sentence: every cell is read with its column's head."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from monopipe.grammar.lexer import Token
from monopipe.grammar.scan import scan
from monopipe.grammar.steps import Clause, build


def row_clauses(text: str, tokens: list[Token], columns: Sequence[str], own: Collection[str]) -> list[Clause]:
    """The clauses of a row; a cell is read with its column's head."""
    return build(tokens, scan(text, tokens, own), text)
