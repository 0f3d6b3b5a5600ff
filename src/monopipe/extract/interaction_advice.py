"""What a text advises on an interaction, and how severe it calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monopipe.extract.interaction_effects import CLAUSE_END, spans
from monopipe.extract.phrasing import lowered, phrasebook

_SOME_PATIENTS = re.compile(r"\s+(?:in|for|if|when)\b(?!\s+(?:combination|all|any))")
_STRICTEST = ("contraindicated", "avoid", "adjust_dose", "separate_timing", "monitor", "none_needed")


def management_of(texts: Iterable[str]) -> tuple[str, str | None]:
    """The strictest advice of the texts, and the clause that gives it.

    'Contraindicated in severe coagulation disorders' limits the ban to some patients: any other advice goes first.
    """
    best: tuple[int, str, str] | None = None
    for text in texts:
        for start, end in spans(CLAUSE_END, text, 0, len(text)):
            for found in phrasebook("interaction_management").scan(text, start, end):
                advice = found.line["management"]
                rank = _STRICTEST.index(advice)
                if advice == "contraindicated" and _SOME_PATIENTS.match(text, found.end):
                    rank = len(_STRICTEST)
                if advice == "separate_timing" and "within" in lowered(text[start : found.end]):
                    continue
                if best is None or rank < best[0]:
                    best = rank, advice, text[start:end].strip(" .;,")
    return (best[1], best[2]) if best else ("not_stated", None)


def severity_of(text: str) -> str:
    """The severity of an interaction, only where the text calls it so."""
    low = lowered(text)
    if re.search(r"\bcontra-?indicated\b", low):
        return "contraindicated"
    m = re.search(
        r"\b(major|moderate|minor|severe|serious)\b(?=[\s-]*(?:drug[\s-]*)?(?:interaction|severity|$|\)))|severity:\s*(major|moderate|minor)",
        low,
    )
    return {"severe": "major", "serious": "major"}.get(m[1] or m[2], m[1] or m[2]) if m else "unknown"
