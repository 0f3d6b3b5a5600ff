"""The parties of an interaction and its effect: whose names a text uses, and what changes for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WITH = re.compile(r"\b(?:with|under|on)\s+$")
_GIVEN = re.compile(
    r"^\W*(?:\w+ )?(?:co-?administration|coadministering|(?:concomitant|concurrent|combined|simultaneous) (?:use|administration|treatment|therapy|dosing)|combination|addition|pre-?treatment)"
    r" (?:with|of) (?:an? |the )?(?:[\w-]+ )?(?:[\d.,]+ ?m?c?g )?(?:doses? of )?$"
)
_OTHERS = re.compile(r"\b(?:these|those|other|both)\s+(?:drugs?|agents?|medicines?|medications?)\b")


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: the words of the contract's columns."""

    target: str = "unknown"
    direction: str = "unclear"
    affected: str = "unknown"
    assertion: str = "affirmed"
    text: str | None = None
    mechanism_kind: str = "unknown"
    mechanism_entity: str | None = None
    part: str | None = None
    """The words of the clause that say just this effect."""
    leads: bool = False
    """Whether the text tells it as the way to another effect: "blocks secretion and raises levels"."""


NO_INTERACTION = Effect("none", "unchanged", "none", "negated")


@dataclass(frozen=True)
class Parties:
    """Whose names a text uses: this drug's own, and those of the interactants."""

    own: frozenset[str]
    others: tuple[str, ...]
    modulator: bool = False
    """Whether the interactants are enzyme modulators or known for changing the levels of others."""
    subject: str = "interactant"
    """Who acts when a clause begins with its verb: the interactant of the label, or this drug."""
    own_modulator: bool = False
    """Whether this drug is known for changing the levels of others."""
    binds: bool = False
    """Whether the interactants are known for binding others in the gut or changing its acid: antacids, food."""
    own_binds: bool = False
    """Whether this drug is."""
    is_test: bool = False
    """Whether the interactant is a laboratory test."""
    eaten: bool = False
    """Whether the interactants are foods or supplements."""
    own_text: str = ""
    """Classes and uses of this drug in lower case, to tell its own effect from another's."""

    def mentions(self, low: str) -> list[tuple[int, int, str]]:
        """Where a piece of text names a party, and which."""
        found = [
            (at, at + len(name), owner)
            for names, owner in ((self.own, "this_drug"), (("this drug",), "this_drug"), (self.others, "interactant"))
            for name in names
            if (at := _place(name, low)) >= 0
        ]
        found += [(m.start(), m.end(), "interactant") for m in _OTHERS.finditer(low)]
        return found

    def owner(self, low: str, start: int = 0, end: int = 0, verb: int = -1, after: int = 0) -> str | None:
        """Whose level or effect stands at a place of a clause, by the nearest name.

        A name before the verb that changes it acts and owns nothing: in "gabapentin lowers hydrocodone exposure" the
        exposure is hydrocodone's.
        """
        # "inadequate contraception with testolol": what stands behind "with" is the partner and owns nothing
        named = [
            m
            for m in (self._behind_with(low, named_, start) for named_ in self.mentions(low))
            if m and m[0] >= after and not (end and m[0] >= end and _WITH.search(low, end, m[0]))
        ]
        if not named:
            return None
        passive = [m for m in named if not m[1] <= verb < start]
        if not passive:
            return "interactant" if named[0][2] == "this_drug" else "this_drug"
        return min(passive, key=lambda m: start - m[1] if m[1] <= start else abs(m[0] - end) + 1)[2]

    def _behind_with(self, low: str, named: tuple[int, int, str], before: int) -> tuple[int, int, str] | None:
        """The place of a name; where it opens the words with "with" and is known to act on others, its next one.

        "With rifampicin the exposure falls", but "with lithium the lithium level rises"; so with what is told to be given:
        "Co-administration of sertraline increased the AUC".
        """
        start, end, owner = named
        acts = owner == "interactant" and (self.modulator or self.binds)
        given = owner == "interactant" and _GIVEN.search(low, 0, start) is not None
        if start >= before or not (given or (acts and _WITH.fullmatch(low, 0, start))):
            return named
        again = low.find(low[start:end], end)
        return (again, again + end - start, owner) if again >= 0 else None


def _place(name: str, low: str) -> int:
    """Where a name begins a word of the text, -1 where it does not."""
    at = low.find(name)
    while at > 0 and low[at - 1].isalnum():
        at = low.find(name, at + 1)
    return at if len(name) > 2 else -1
