"""Where the pass that gathers islands to clauses stands: the clauses closed so far, the open one, and what was passed last."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monopipe.grammar.fields import Clause
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import Token


class Gathering:
    """One pass over the islands of a text; `c` is the clause that is open."""

    __slots__ = (
        "c",
        "depth",
        "done",
        "instruction",
        "islands",
        "label",
        "of_row",
        "own",
        "row",
        "sep",
        "skip",
        "text",
        "tokens",
    )

    def __init__(self, tokens: list[Token], islands: list[Island], text: str, own: Collection[str], row: bool) -> None:
        self.tokens = tokens
        self.islands = islands
        self.text = text
        self.own = own
        self.row = row
        self.done: list[Clause] = []
        self.c = Clause("", 0)
        self.instruction = 0
        self.label: dict[str, Any] = {}
        self.of_row: dict[str, Any] = {}  # what the first cells say for all columns
        self.sep = ""  # the last word or mark that divides, since the last island
        self.depth = 0  # of brackets
        self.skip = False  # what else stands in the bracket is read by nobody

    def close(self, link: str) -> None:
        """End the open clause, if it holds anything, and open another under the same label."""
        if self.c.parts or self.c.unread:
            self.done.append(self.c)
        self.c = Clause(link, self.instruction)
        self.c.label = self.label

    def join(self, isl: Island) -> None:
        """Make an island part of the open clause; its columns are set already."""
        self.c.parts.append(isl)
        self.c.span(isl)
        self.sep = ""

    def pass_by(self, isl: Island) -> None:
        """Leave an island of the open clause unread."""
        self.c.unread.append(isl)
        self.c.span(isl)
