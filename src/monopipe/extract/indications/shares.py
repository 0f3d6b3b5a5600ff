"""Which words of a sentence on several uses speak of one of them: of one member, one part, or all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from monopipe.extract.indications.lists import Condition
from monopipe.extract.indications.prose import Anchor
from monopipe.extract.indications.words import Limit, age_group, limits_in

# "In adults, it is given for A, to treat B and to prevent C", "for A and for B, in adults as well as in children."
_OPENING = re.compile(r"in (?P<who>[^,;.]{3,40}),\s", re.I)
_VERB_IN = re.compile(
    r"\b(?:licen[cs]ed|approved|indicated|used|given|prescribed|recommended)(?: only)? in (?P<who>[^,;.]{3,40}?) (?:for|to)\b",
    re.I,
)
_CLOSING = re.compile(r",\s+(?:both )?in (?P<who>[^,;.]{3,50})[.;]?\s*$", re.I)


def age_of_all(text: str, start: int, end: int) -> Any:
    """The age group that a sentence states once for all its uses: at its beginning, or at its end for everybody."""
    if m := _OPENING.match(text, start, end):
        who = age_group(m["who"])
        return who if who != "unspecified" else None
    if m := _VERB_IN.search(text, start, end):
        who = age_group(m["who"])
        if who != "unspecified":
            return who
    m = _CLOSING.search(text, start, end)
    return "all" if m and age_group(m["who"]) == "all" else None


def of_member(text: str, anchor: Anchor, found: list[Condition], n: int, *, tail: bool) -> str:
    """A clause as it speaks of one member of its list: what stands within or between others is not said of this one."""
    c = found[n]
    start = found[n - 1].end if n and found[n - 1].end <= c.start else c.start
    end = found[n + 1].start if n + 1 < len(found) and found[n + 1].start >= c.end else c.end
    last = max(found[-1].end, c.end)
    return " ".join((text[anchor.since : found[0].start], text[start:end], text[last : anchor.end] if tail else ""))


def without_later(text: str, start: int, end: int, spans: list[Anchor], anchor: Anchor) -> str:
    """A sentence without the words that open its later uses: "…, and many prescribe it off-label for" is not said of this one."""
    letters = list(text[start:end])
    for later in spans:
        if later.at >= anchor.end and anchor.kind != "place":
            letters[later.at - start : later.start - start] = " " * (later.start - later.at)
    return "".join(letters)


def without_members(text: str, start: int, end: int, found: list[Condition]) -> str:
    """A clause without the members of its list."""
    letters = list(text[start:end])
    for c in found:
        letters[max(c.start - start, 0) : c.end - start] = " " * (c.end - max(c.start, start))
    return "".join(letters)


def of_parts(text: str) -> Iterator[Limit]:
    """Status and phase of each use that a remark names: "both as treatment and as post-exposure prophylaxis"."""
    for part in re.split(r"\s+(?:and|or)\s+|,\s+", text):
        named = limits_in(part)[:1]
        if named or re.search(r"\b(?:treatment|therapy|relief)\b", part, re.I):
            yield named[0] if named else (None, None)
