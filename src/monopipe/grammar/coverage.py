"""What of a clause's words was read, and what a maximum without a period is of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monopipe.grammar.fields import GROUPS, Clause, once_daily
from monopipe.grammar.lexer import END, NUMBER, PUNCT, Token
from monopipe.grammar.words import FILLERS

SHARED = ("max_single_dose", "max_daily_dose", "max_weekly_dose", "max_dose_unit")
SCHEDULE = ("frequency", "frequency_max", "when_code", "dose_count", "as_needed", "start_after")


def clean(c: Clause, tokens: list[Token], own: Collection[str]) -> bool:
    """Whether every word of the clause was read: only then may it complete the step before it."""
    if any(p.kind not in ("doubt", "diluent") for p in c.unread):
        return False
    covered = covered_tokens(c)
    return all(k in covered or ignorable(tokens[k]) or tokens[k].low in own for k in range(c.start, c.end))


def covered_tokens(c: Clause) -> set[int]:
    """The tokens that a clause's islands read, without the numbers that none of them could place."""
    covered: set[int] = set()
    for p in c.parts:
        covered.update(range(p.i, p.j))
        covered.difference_update(p.lost)
    for p in c.unread:
        covered.difference_update(range(p.i, p.j))
    return covered


def ignorable(t: Token) -> bool:
    """Whether a token says nothing of a dose: punctuation and filler words."""
    return t.kind in (PUNCT, END) or (t.low in FILLERS and t.kind != NUMBER)


def scope_of_maximum(f: dict[str, Any], said: dict[str, Any]) -> str | None:
    """The column of a maximum without a period: daily beside a dose of a day, single where it repeats the frequency.

    "5 mg once daily … maximum 20 mg" caps the day, "2.5 mg twice daily … maximum 10 mg twice daily" each dose.
    """
    often = tuple(f.get(k) for k in GROUPS["frequency"])
    if f.get("dose_is") == "per_day" or once_daily(f):
        return "max_daily_dose"
    once = f.get("dose_count") == 1 or f.keys().isdisjoint(SCHEDULE)
    if once and f.get("dose_basis") in ("per_kg", "per_m2") and f.get("dose_is") == "per_administration":
        return "max_single_dose"  # '2 mg/kg as a single dose; max. 100 mg', '15 mg/kg IV. Max 1 g'
    return "max_single_dose" if "frequency" in f and often == tuple(said.get(k) for k in GROUPS["frequency"]) else None
