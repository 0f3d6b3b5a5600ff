"""How the words license a use: within its licence, outside it, or still under investigation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from monopipe import vocabulary
from monopipe.cues import Cued, folded


def _kinds() -> dict[str, Cued]:
    patterns: dict[str, list[str]] = {}
    for line in vocabulary.rows("licences"):
        patterns.setdefault(line["status"], []).append(line["pattern"])
    return {status: Cued(rf"\b(?:{'|'.join(all_of)})\b") for status, all_of in patterns.items()}


WORDS = _kinds()
"""For each status the words that say it, those first that outweigh the others."""

_ANY = Cued("|".join(words.expression.pattern for words in WORDS.values()))

# "The Committee has approved it for", "approved uses in this Trust": what a house allows is no licence.
_HOUSE = r"(?:committee|trust|hospital|formulary|pharmacy|board|department|unit|ward|panel|group|clinic)"
_BY_HOUSE = re.compile(
    rf"\b{_HOUSE}\s+(?:has\s+|have\s+)?(?:\w+ly\s+)?approved\b|\bapproved\s+(?:\w+ly\s+)?(?:(?:uses?|indications?)\s+)?(?:by|in|at|on|within|for)\s+(?:the|this|our|use\s+in\s+the|use\s+in\s+this)\s+(?:[\w-]+\s+){{0,2}}{_HOUSE}\b|\blocally\s+approved\b",
    re.I,
)


@lru_cache(maxsize=64)  # a long list asks its sentence for every member
def licences(text: str) -> frozenset[str]:
    """Every status that a text names."""
    if not _ANY.may_match(folded(text)):
        return frozenset()
    text = _BY_HOUSE.sub(" ", text)
    return frozenset(status for status, words in WORDS.items() if words.search(text))


def licence(*texts: str) -> Any:
    """How texts together license a use; `not_stated` where they do not say.

    >>> licence("gout (off-label)", "Licensed and unlicensed uses"), licence("Registered indications")
    ('off_label', 'licensed')
    """
    named = frozenset[str]().union(*map(licences, texts))
    return next((status for status in WORDS if status in named), "not_stated")


_BESIDE = frozenset(
    "use uses used indication indications for in of by the a an only also but currently as and or to treat is are fda ema "
    "mhra tga eu us usa uk adults children most many some all countries these here yet still often widely this country locally".split()
)


def is_licence(text: str) -> bool:
    """Whether a text says nothing but how something is licensed.

    >>> [is_licence(t) for t in ("FDA-approved for", "Outside the licence", "Approved in gout")]
    [True, True, False]
    """
    if not _ANY.search(text):
        return False
    rest = text
    for words in WORDS.values():
        rest = words.sub(" ", rest)
    return rest != text and all(word in _BESIDE for word in re.findall(r"[a-z0-9]+", rest.lower()))


_LONGEST_LEAD = 60
_LEAD = re.compile(rf"\s*(?P<lead>[^:;.,]{{4,{_LONGEST_LEAD}}})(?::|(?<=\bfor)|(?<=\bin))\s+")


def lead_of(text: str, start: int, end: int) -> re.Match[str] | None:
    """The words before a list that say how what it names is licensed: "Outside the licence: gout", "Off-label for gout"."""
    if not _ANY.search(text, start, min(end, start + _LONGEST_LEAD)):
        return None
    m = _LEAD.match(text, start, end)
    while m and not is_licence(m["lead"]):
        m = _LEAD.match(text, start, m.end("lead"))
    return m
