"""An island: a run of tokens that one rule read, with the columns it sets."""

from __future__ import annotations

from typing import Any


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
