"""The sentences of a text that speak of overdose: what they name are no adverse effects."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.extract.effects.sentences import is_sentence, outside_brackets
from monopipe.items import sentences
from monopipe.signs import MASS


def overdose_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences about overdose, with those behind them that go on about doses taken or treatment.

    >>> t = "Nausea is common. Overdose causes coma. At 5 mg/kg seizures occurred. Rash is rare."
    >>> [t[a:b] for a, b in overdose_spans(t)]
    ['Overdose causes coma.', 'At 5 mg/kg seizures occurred.']
    """
    end = len(text) if end is None else end
    if not _OVERDOSE.search(text, start, end):
        return []
    found = []
    running = False
    for a, b in sentences(text, start, end):
        m = _OVERDOSE.search(text, a, b)
        if m and outside_brackets(text, a, m.start()):
            first = _OVERDOSE_FIRST.match(text, a, b) is not None
            running = first or (_IN_OVERDOSE.search(text, a, b) is not None and is_sentence(text[a:b]))
        else:
            running = running and _GOES_ON.search(text, a, b) is not None
        if running:
            found.append((a, b))
    return found


_OVERDOSE = Cued(r"\bover-?dos(?:e|es|age|ages|ing|ed)\b")
_OVERDOSE_FIRST = re.compile(
    r"(?:[\w'-]+\s+){0,4}?over-?dos(?:e|es|age)(?:\s+(?:of|with)\s+[\w-]+)?\s+(?!and\b|or\b|in\b|with\b)\w"
    r"|(?:in|after|on|with|following|from|during)\s+(?:[\w'-]+\s+){0,4}?over-?dos(?:e|es|age)\b",
    re.I,
)
_IN_OVERDOSE = re.compile(
    r"\b(?:in|after|on|with|from|following|during|at)\s+(?:[\w-]+\s+){0,2}over-?dos(?:e|es|age)\b", re.I
)
_GOES_ON = re.compile(
    rf"\d\s*(?:{MASS}|ml|tablets?|capsules?)\b|^\s*(?:it|this|these|signs|symptoms|features|treatment|"
    r"management|antidote|h(?:a)?emodialysis|dialysis|give|supportive)\b",
    re.I,
)
