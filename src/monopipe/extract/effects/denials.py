"""What a clause says does not happen: the words of the effect, and where an affirmation behind a contrast begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monopipe.cues import Cued
from monopipe.extract.effects import words as effect_words
from monopipe.signs import signs

_SIGN = signs("effects")
_NOT_CAUSED = re.compile(_SIGN["not_caused"], re.I)
_NOT_SEEN = re.compile(_SIGN["not_seen"], re.I)
_NOT_CHANGED = re.compile(
    r"\b(?:is|are|was|were)\s+not\s+(?:\w+ly\s+)?(impaired|reduced|increased|decreased|raised|lowered|altered|disturbed|delayed|affected)\b",
    re.I,
)
_DOES_NOT = Cued(
    r"\b(?:do|does|did)\s+not\s+(?=(?:lower|raise|increase|reduce|decrease|impair)\b(?!\s+the\s+(?:\w+\s+)?(?:risk|incidence|frequency|rate)\s+of\b))"
)
_END = re.compile(
    r"(?<!\sor)(?<!\sand)(?<!,)\s(?:is|are|was|were|has|have|had|with|when|at|during|seen|reported|observed|described|noted|recorded|found|known|"
    r"confirmed|documented|on|after|while|if)\b",
    re.I,
)
_CONTRAST = re.compile(
    r"(?:,|;)?\s+(?:but|however|although|though|while|whereas|yet|except)\b|;|,\s+and\s+(?:at|it|in|is|does|has)\b|\s+and\s+(?:it\s+)?(?:do|does|is|has)\s+not\b",
    re.I,
)


_AT_ALL = re.compile(rf"\W*{_SIGN['never']}", re.I)


def denied_behind(words: str) -> bool:
    """Whether what stands behind an effect says that the drug does not cause it; of some patients it says nothing.

    >>> [denied_behind(w) for w in ("not seen in trials", "No cases so far", "not seen in children", "not reported")]
    [True, True, False, False]
    """
    return _AT_ALL.match(words) is not None


@dataclass(frozen=True, slots=True)
class Denial:
    """The span that names what is denied, the effect when no word prints it alone, and where a contrast begins."""

    start: int
    end: int
    term: str | None = None
    rest: int | None = None
    sure: bool = False
    """Whether all members of a list are effects, also those that no known word marks."""


def denial(text: str, start: int, end: int, *, agent: bool) -> Denial | None:
    """The denial in one clause; `agent` tells that its subject is the drug or the people who take it.

    >>> t = "Weight gain is not seen at these doses."
    >>> d = denial(t, 0, len(t), agent=False)
    >>> t[d.start:d.end].strip()
    'Weight gain'
    >>> t = "Fertility is not impaired."
    >>> denial(t, 0, len(t), agent=False).term
    'impaired fertility'
    """
    changed = _NOT_CHANGED.search(text, start, end)
    if changed:
        subject = text[start : changed.start()].strip(" ,:;")
        last = effect_words.words(subject)[-1:]
        if last and effect_words.is_kind(last[0], "measure") and len(subject) < 40:
            if changed[1].lower() == "affected":
                return Denial(start, changed.end(), subject)
            subject = subject[:1].lower() + subject[1:] if subject[1:2].islower() else subject
            return Denial(start, changed.end(), f"{changed[1].lower()} {subject}")
    seen = _NOT_SEEN.search(text, start, end)
    if seen and _CAUSALITY.search(text, start, seen.start()):
        return None  # "a causal link has not been shown": it is reported all the same
    caused = _NOT_CAUSED.search(text, start, end)
    if caused and seen and caused.end() < seen.start():
        seen = None  # "It does not cause fits and is not associated with rash" begins with what is not caused
    if seen and not agent and effect_words.is_effect(text[start : seen.start()]):
        return Denial(start, seen.start(), rest=_contrast(text, seen.end(), end))
    does_not = _DOES_NOT.search(text, start, end)
    if does_not:
        found = _END.search(text, does_not.end(), end)
        stop = found.start() if found else end
        last = effect_words.words(text[does_not.end() : stop])[-1:]
        if last and effect_words.is_kind(last[0], "measure"):
            return Denial(does_not.end(), stop)
    m = caused
    if m is None or m.group().lower().startswith("without"):
        return None
    rest = _contrast(text, m.end(), end)
    stop = end if rest is None else rest
    said = next((s for s in _END.finditer(text, m.end(), stop) if _outside(text, m.end(), s.start())), None)
    stop = said.start() if said else stop
    members = [x for x in _MEMBER_END.split(text[m.end() : stop]) if x.strip(" .")]
    sure = _OF_EFFECTS.search(m.group()) is not None and len(members) > 1 and any(map(effect_words.is_effect, members))
    return Denial(m.end(), stop, rest=rest, sure=sure)


_CAUSALITY = re.compile(r"\b(?:causal(?:ity)?|cause|link|relationship|association|connection)\s+$", re.I)
_MEMBER_END = re.compile(r",|\s(?:and|or|nor)\s")
_OF_EFFECTS = re.compile(r"\b(?:associated|linked)\b|\bcauses?$", re.I)


def _outside(text: str, start: int, at: int) -> bool:
    return text.count("(", start, at) == text.count(")", start, at)


def _contrast(text: str, start: int, end: int) -> int | None:
    """Where what is said after a contrast begins; a further denial begins with its verb."""
    m = _CONTRAST.search(text, start, end)
    if m is None:
        return None
    return m.start() if m.group().strip().lower().startswith("and") else m.end()
