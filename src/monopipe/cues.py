"""Patterns that are searched only where they can match: a text must hold one of a pattern's cues.

A regular expression that ignores case costs many times a look for plain words. Its cues are derived from the
expression itself: literal pieces of which every text that it matches holds at least one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any


class Cued:
    """A pattern that finds what `re` finds, case ignored, and looks for its cues first."""

    __slots__ = ("cues", "expression")

    def __init__(self, pattern: str, flags: re.RegexFlag = re.I) -> None:
        self.expression = re.compile(pattern, flags)
        self.cues = cues(pattern, flags)

    def may_match(self, low: str) -> bool:
        """Whether a folded text holds a cue: where it holds none, nothing matches."""
        for cue in self.cues:  # noqa: SIM110  (a generator would cost more than the look itself)
            if cue in low:
                return True
        return False

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match in text[start:end]."""
        low = text[start:end].lower()
        if not low.isascii():
            low = folded(low)
        for cue in self.cues:  # as may_match does: of all calls here, nine in ten end without a match
            if cue in low:
                return self.expression.search(text, start, len(text) if end is None else end)
        return None

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The match at the beginning of text[start:end]."""
        if not self.may_match(folded(text[start:end])):
            return None
        return self.expression.match(text, start, len(text) if end is None else end)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches in text[start:end], in order."""
        if not self.may_match(folded(text[start:end])):
            return iter(())
        return self.expression.finditer(text, start, len(text) if end is None else end)

    def sub(self, new: str, text: str) -> str:
        """The text with every match replaced."""
        return self.expression.sub(new, text) if self.may_match(folded(text)) else text


class Family:
    """Patterns of one vocabulary, and which of them may match a text: all their cues are looked for at once."""

    def __init__(self, patterns: Iterable[Cued]) -> None:
        self._patterns = tuple(patterns)
        of_cue: dict[str, set[int]] = {}
        for k, pattern in enumerate(self._patterns):
            for cue in pattern.cues:
                of_cue.setdefault(cue, set()).add(k)
        self._always = of_cue.pop("", set())
        self._cue = re.compile(_longest(of_cue))
        # Where a cue stands, those that it begins with stand too.
        self._of_cue = {cue: set().union(*(of_cue.get(cue[:n], ()) for n in range(1, len(cue) + 1))) for cue in of_cue}

    def may_match(self, low: str) -> list[int]:
        """The ordinals of those that hold a cue in a folded text, in order."""
        found = set(self._always)
        at = self._cue.search(low)
        while at:
            found |= self._of_cue[at.group()]
            at = self._cue.search(low, at.start() + 1)
        return sorted(found)

    def finds(self, text: str) -> bool:
        """Whether one of them is found in a text."""
        return any(self._patterns[k].expression.search(text) for k in self.may_match(folded(text)))


def _longest(words: Iterable[str]) -> str:
    """The pattern of the longest of some words, branching letter by letter, so that a place is looked at only once."""
    behind: dict[str, list[str]] = {}
    for word in words:
        behind.setdefault(word[:1], []).append(word[1:])
    branches = [re.escape(letter) + _longest(rest) for letter, rest in behind.items() if letter]
    ends = [""] if "" in behind else []
    return f"(?:{'|'.join(branches + ends)})" if branches else ""


def folded(text: str) -> str:
    """The text in lower case, as cues are looked for; it may differ in length from the text."""
    low = text.lower()
    # `re` takes these two for s and i when it ignores case; `lower` keeps them.
    return low if low.isascii() else low.replace("ſ", "s").replace("ı", "i")


def cues(pattern: str, flags: re.RegexFlag = re.I) -> tuple[str, ...]:
    r"""Pieces in lower case of which each text that the pattern matches holds one, folded; `("",)` where it needs none.

    >>> cues(r"\b(?:not|never) (?:be )?(?:recommended|advised)\b")
    ('recommended', 'advised')
    """
    found = _needed(_parser.parse(pattern, flags)) or ("",)
    return tuple(cue for cue in found if not any(other in cue for other in found if other != cue))


def _needed(parts: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    """The best cues of a sequence: those of the part whose shortest cue is longest; none where no part must match."""
    found: list[tuple[str, ...]] = []
    run = ""
    for code, argument in parts:
        kind = str(code)
        if kind == "LITERAL" and (argument < 128 or not chr(argument).isalpha()):
            run += chr(argument).lower()
            continue
        found.append((run,))
        run = ""
        if kind == "SUBPATTERN":
            found.append(_needed(argument[3]))
        elif kind == "BRANCH":
            branches = [_needed(branch) for branch in argument[1]]
            if all(branches):
                found.append(tuple(dict.fromkeys(cue for branch in branches for cue in branch)))
        elif kind.endswith("REPEAT") and argument[0] > 0:
            found.append(_needed(argument[2]))
        elif kind == "ASSERT" and argument[0] > 0:  # what must follow; what must stand before may lie outside
            found.append(_needed(argument[1]))
    found.append((run,))
    best = max(found, key=lambda one: (min(map(len, one), default=0), -len(one)))
    return best if all(best) else ()
