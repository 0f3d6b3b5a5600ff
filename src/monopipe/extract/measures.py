"""Measured values in a text: a number or a range, its comparator and its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from monopipe import vocabulary
from monopipe.extract.phrasing import lowered

Comparator = Literal["about", "less_than", "more_than", "up_to", "at_least"]

_COMPARATORS: dict[str, Comparator] = {
    **dict.fromkeys(
        "about approximately approx approx. around roughly some circa ca ca. nearly almost ~ ≈ ∼".split(), "about"
    ),
    "close to": "about",
    **dict.fromkeys(("<", "less than", "below", "under", "fewer than"), "less_than"),
    **dict.fromkeys(
        (">", "more than", "over", "above", "exceeds", "exceed", "exceeding", "greater than", "longer than"),
        "more_than",
    ),
    **dict.fromkeys(
        (
            "up to",
            "≤",
            "within",
            "as long as",
            "as much as",
            "at most",
            "no more than",
            "not more than",
            "not above",
            "not over",
            "never above",
            "never more than",
            "maximum",
        ),
        "up_to",
    ),
    **dict.fromkeys(("≥", "at least", "minimum"), "at_least"),
}
_BEHIND: dict[str, Comparator] = {
    **dict.fromkeys(("less", "shorter", "under", "below"), "up_to"),
    **dict.fromkeys(("more", "longer", "over", "above"), "at_least"),
}
_NUMBER_WORDS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+|" + "|".join(_NUMBER_WORDS) + ")"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value in a text; one end is None where the comparator leaves it open."""

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    kind: str
    """What the unit measures: time, percent, volume, clearance or concentration."""
    hours: float | None
    """Hours in one unit of time."""
    comparator: Comparator | None


@cache
def _units() -> dict[str, tuple[str, str, float | None]]:
    return {
        words: (line["unit"], line["kind"], float(line["hours"]) if line["hours"] else None)
        for line in vocabulary.rows("kinetic_units")
        for words in line["words"].split("|")
    }


@cache
def _pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(u) for u in sorted(_units(), key=len, reverse=True))
    spread = rf"(?:\s*(?:{units}))?\s*\(?(?:±|\+/[-–]|\+-)\s*{_NUMBER}\)?"  # a standard deviation is no value
    signs = "|".join(re.escape(c) for c in sorted(_COMPARATORS, key=len, reverse=True))
    return re.compile(
        rf"(?:(?P<sign>(?<!\w)(?:{signs}))\s*)?(?:between\s+(?P<first>{_NUMBER})(?:\s*(?:{units}))?\s+and\s+)?"
        rf"(?<![\w.,])(?P<low>{_NUMBER})(?:{spread})?(?:(?:\s*(?P<other>{units}))?(?:\s*[-–—‑]\s*|\s+to\s+)(?P<high>{_NUMBER})(?:{spread})?)?"
        rf"[\s-]*(?P<unit>{units})(?![\w²])(?:\s+or\s+(?P<behind>less|more|longer|shorter|over|above|below))?"
    )


def measures(text: str, start: int = 0, end: int | None = None) -> Iterator[Measure]:
    """The measured values in text[start:end].

    >>> [(m.low, m.high, m.unit, m.comparator) for m in measures("about 2–3 h; up to 97.5%; between 4 and 6 days")]
    [(2.0, 3.0, 'h', 'about'), (None, 97.5, '%', 'up_to'), (4.0, 6.0, 'd', None)]
    """
    low_text = lowered(text)
    end = len(text) if end is None else end
    for m in _pattern().finditer(low_text, start, end):
        code, kind, hours = _units()[m["unit"]]
        low, high = _number(m["low"]), _number(m["high"]) if m["high"] else None
        if high is not None and m["other"]:  # "30 minutes to 2 hours" is 0.5 to 2 hours
            _, other_kind, other_hours = _units()[m["other"]]
            if other_kind != kind:
                continue
            if hours and other_hours and low is not None:
                low = round(low * other_hours / hours, 6)
        if m["first"]:
            low, high = _number(m["first"]), high or low
        comparator = _COMPARATORS[m["sign"]] if m["sign"] else _BEHIND.get(m["behind"] or "")
        if high is None:
            high = None if comparator in ("more_than", "at_least") else low
            start_value = None if comparator in ("less_than", "up_to") else low
        else:
            start_value = low
            comparator = comparator if comparator == "about" else None
        yield Measure(m.start(), m.end(), start_value, high, code, kind, hours, comparator)


def _number(text: str) -> float:
    return float(_NUMBER_WORDS.get(text, text).replace(",", ""))
