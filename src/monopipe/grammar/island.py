"""An island: a run of tokens that one rule read, with the columns it sets; and the pass over a text that finds them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monopipe.grammar.lexer import Token


class Island:
    """What a rule read: tokens i to j (exclusive), the columns it sets, and the number tokens it could not place."""

    __slots__ = ("fields", "i", "j", "kind", "lost", "note")

    def __init__(
        self,
        kind: str,
        i: int,
        j: int,
        fields: dict[str, Any] | None = None,
        note: Any = None,
        lost: tuple[int, ...] = (),
    ) -> None:
        self.kind = kind
        self.i = i
        self.j = j
        self.fields: dict[str, Any] = fields or {}
        self.note = note
        self.lost = lost

    def __repr__(self) -> str:
        return f"{self.kind}[{self.i}:{self.j}]{self.fields}{self.note or ''}"


class Scan:
    """One pass over a text: its tokens, the names of its own drug, and where the pass stands."""

    __slots__ = ("islands", "label", "own", "text", "tokens")

    def __init__(self, text: str, tokens: list[Token], own: Collection[str]) -> None:
        self.text = text
        self.tokens = tokens
        self.own = own
        self.islands: list[Island] = []
        self.label = False
