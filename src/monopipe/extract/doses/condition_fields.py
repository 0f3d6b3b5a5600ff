"""How a step takes the condition that it is for, and loses it: the columns that say so, and its sentence in plain words."""

from __future__ import annotations

import re

from monopipe.cues import folded
from monopipe.document import Item
from monopipe.grammar import Step, read_who, render


def take(step: Step, words: str) -> None:
    """Make words the condition of a step; they are unread no longer."""
    d = step.dosage
    d.indication_text = words.strip()
    parts = (d.unread_text or "").split("; ")
    read = [part for part in parts if _is_of(part, words)]
    d.unread_text = "; ".join(part for part in parts if part not in read) or None
    numbers = (d.numbers_unread or "").split("; ")
    for number in _NUMBER.findall(" ".join(read)):
        if number in numbers:
            numbers.remove(number)
    d.numbers_unread = "; ".join(numbers) or None
    d.parse_status = "partial" if d.unread_text or d.numbers_unread else "full"
    d.readable = render(d)


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _is_of(part: str, words: str) -> bool:
    """Whether unread words, not numbers alone, are some of others."""
    named = any(c.isalpha() for c in part) and folded(part) in folded(words)
    return named and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", words, re.I) is not None


def inherit(step: Step, words: str) -> None:
    """Make words the condition of a step, as ones that stand elsewhere."""
    step.dosage.inherited_fields = "; ".join(filter(None, (step.dosage.inherited_fields, "indication_text")))
    take(step, words)


def drop(step: Step) -> None:
    """Take back a label as indication that names no condition: a dose is never said to be for what it is not."""
    d = step.dosage
    d.indication_text = None
    kept = [name for name in (d.inherited_fields or "").split("; ") if name and name != "indication_text"]
    d.inherited_fields = "; ".join(kept) or None
    d.readable = render(d)


def forget_band(item: Item, step: Step) -> None:
    """A dose is resumed when the label's band ("ANC below 500") holds no longer."""
    d = step.dosage
    band = read_who(item.label or "")
    if d.param is not None and d.param == band.get("param"):
        d.param = d.param_low = d.param_high = d.param_unit = None
        kept = [name for name in (d.inherited_fields or "").split("; ") if name and not name.startswith("param")]
        d.inherited_fields = "; ".join(kept) or None
        d.readable = render(d)
