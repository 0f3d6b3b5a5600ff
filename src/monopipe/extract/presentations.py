"""What the drug comes as, and what holds for all its doses: strengths, the route of a whole section, rates not to exceed."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.signs import MASS, signs

_SIGN = signs("presentations")
_FORM = re.compile(_SIGN["form"], re.I)
_HOLDS = Cued(_SIGN["states_strength"])
_LIST = re.compile(_SIGN["list"], re.I)
_AMOUNTS = re.compile(_SIGN["amounts"], re.I)
_LABEL = re.compile(rf"{_SIGN['label']}(?: {_SIGN['kept']})?\W*", re.I)
_STRENGTH_HEAD = re.compile(r"\W*(?:strengths?|contents?|holds|contains)\b", re.I)
_SCOPE = Cued(_SIGN["scope"])
_RATE = Cued(_SIGN["rate"])
_PREPARES = Cued(_SIGN["prepares"])
_PER_TIME = re.compile(r"\d[\d.,–-]*\s*\w+(?:/kg)?(?:\s?/\s?|\sper\s)(?:min|h)\w*", re.I)
_AMOUNT_ALONE = re.compile(rf"\d\s*(?:{MASS}|mmol|mEq)\b|\bbefore\b", re.I)
_SCHEDULE = re.compile(r"\b(?:every \d+|once|twice|daily|times|[OBTQ]D|dose)\b", re.I)


def states_strength(item: Item, start: int, end: int) -> bool:
    """Whether a sentence says what the drug comes as, by its label or by its words.

    A row of a table does where the head of its second column says so.
    """
    if len(item.cells) > 1:
        return len(item.columns) > 1 and _STRENGTH_HEAD.match(item.columns[1]) is not None
    if item.label and _LABEL.fullmatch(item.label):
        return re.search(r"\d", item.text[start:end]) is not None
    if item.label and _FORM.fullmatch(item.label):  # "Tablets: 100 mg and 300 mg, scored"
        return _AMOUNTS.fullmatch(item.text, start, end) is not None
    return _HOLDS.match(item.text, start, end) is not None or _LIST.fullmatch(item.text, start, end) is not None


def is_scope(sentence: str) -> bool:
    """Whether a sentence says what holds for all doses of its section.

    >>> [is_scope(s) for s in ("All doses are by mouth unless stated.", "Subcutaneous, unless stated.", "Take it by mouth.")]
    [True, True, False]
    """
    return _SCOPE.match(sentence) is not None


def bounds_rate(sentence: str) -> bool:
    """Whether a sentence says how fast it may be given at most, or over how long at least; a dose beside it is a regimen's.

    >>> [bounds_rate(s) for s in ("The rate must not exceed 4 mg/min.", "5 mg by infusion over at least 15 minutes once.")]
    [True, False]
    """
    return _RATE.search(sentence) is not None and _AMOUNT_ALONE.search(_PER_TIME.sub("", sentence)) is None


def prepares(sentence: str) -> bool:
    """Whether a sentence says in what the drug is diluted or dissolved."""
    return _PREPARES.search(sentence) is not None and _SCHEDULE.search(sentence) is None
