"""Lists and terms as people write them: splitting at commas and 'and', group terms with examples, normal forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:and\s+/?\s*or|and|or)\s+|[,;]|\s(?:and/or|and|or)\s(?!/))\s*", re.I)
# Two words joined by "and" that are one thing: "pins and needles".
_IDIOM = re.compile(r"(?<=\bpins and )needles\b|(?<=\baches and )pains\b|(?<=\bhead and )neck\b", re.I)
_OPEN, _CLOSE = "([", ")]"
_STOP = re.compile(r"[\[(\]),;\s]")
"""Where a list may end a member, or a bracket begins or ends."""
_BRACKET = re.compile(r"\s*[\[(]")
_BRACKETS = re.compile(r"\s*[\[(][^\[\]()]*(?:\([^()]*\)[^\[\]()]*)*[)\]]")
_EXAMPLE_MARK = re.compile(
    r"^(?:e\.g\.?,?|for example,?|for instance,?|such as|including|includes|like|notably)\s*:?\s*", re.I
)
_SPACE = re.compile(r"\s+")
_ET_CETERA = re.compile(r"^(?:etc\.?|and others|others|among others|and so on|and more)$", re.I)


@dataclass(frozen=True)
class Term:
    """A term of a list: its words without brackets, where they stand, the bracket behind it, and its group."""

    text: str
    start: int
    end: int
    bracket: str | None = None
    parent: str | None = None


def split(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The spans of a list's members; commas and conjunctions inside brackets do not split.

    >>> t = "rash, allergy (angioedema, SJS), nausea and vomiting."
    >>> [t[a:b] for a, b in split(t)]
    ['rash', 'allergy (angioedema, SJS)', 'nausea', 'vomiting']
    """
    end = len(text) if end is None else end
    depth, at, k = 0, start, start
    while stop := _STOP.search(text, k, end):
        c, k = stop.group(), stop.start()
        if c in _OPEN:
            depth += 1
        elif c in _CLOSE:
            depth = max(depth - 1, 0)
        elif depth == 0:
            m = _SEPARATOR.match(text, k, end)
            if m and m.end() > k and not _IDIOM.match(text, m.end()) and not _decimal(text, m.start(), m.end()):
                yield from _member(text, at, m.start())
                at = k = m.end()
                continue
        k += 1
    yield from _member(text, at, end)


def _decimal(text: str, start: int, end: int) -> bool:
    """Whether a comma stands inside a number, as in 1,000."""
    return (
        end - start == 1 and text[start] == "," and text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()
    )


def _member(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and (text[start].isspace() or text[start] in ",;."):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;.:"):
        end -= 1
    for word in ("and ", "or ", "as well as "):
        if text[start : start + len(word)].lower() == word:
            start += len(word)
    if start < end and not _ET_CETERA.match(text[start:end]):
        yield start, end


def terms(text: str, start: int = 0, end: int | None = None) -> Iterator[Term]:
    """The terms of a list; a group term is followed by the examples in its bracket, which name it as parent.

    A bracket counts as examples when it says so (e.g., such as) or lists several; otherwise it stays a qualifier.

    >>> [(t.text, t.parent) for t in terms("severe allergy (angioedema, SJS), rash (mild)")]
    [('severe allergy', None), ('angioedema', 'severe allergy'), ('SJS', 'severe allergy'), ('rash', None)]
    """
    for a, b in split(text, start, end):
        m = _BRACKET.search(text[a:b])
        if m is None or m.start() == 0:
            yield Term(text[a:b], a, b)
            continue
        open_at = a + m.end()
        close_at = b - 1 if text[b - 1] in _CLOSE else b
        inner_close = _matching(text, open_at, close_at)
        bracket = text[open_at:inner_close].strip()
        head_end = a + m.start()
        tail = text[inner_close + 1 : b].strip()
        head = text[a:head_end].strip()
        yield Term(f"{head} {tail}" if tail else head, a, b if tail else head_end, bracket or None)
        mark = _EXAMPLE_MARK.match(bracket)
        members = list(split(text, open_at + (mark.end() if mark else 0), inner_close))
        if mark or (len(members) > 1 and not re.search(r"\d", bracket)):
            for c, d in members:
                yield Term(text[c:d], c, d, parent=head)


def _matching(text: str, start: int, end: int) -> int:
    depth = 0
    for k in range(start, end):
        if text[k] in _OPEN:
            depth += 1
        elif text[k] in _CLOSE:
            if depth == 0:
                return k
            depth -= 1
    return end


def example_mark(bracket: str) -> int:
    """The length of the words by which a bracket says that it lists examples; 0 where it does not."""
    m = _EXAMPLE_MARK.match(bracket)
    return m.end() if m else 0


def is_examples(bracket: str) -> bool:
    """Whether a bracket says that it lists examples."""
    return _EXAMPLE_MARK.match(bracket) is not None


_KEEP = frozenset(
    """diabetes herpes rabies scabies caries tetanus lupus pus virus typhus thrombus mucus sinus uterus fetus status
    tinnitus bus pancreas pelvis analysis diuresis sepsis arthritis series species glaucoma asbestos kudos chaos
    christmas texas gas bias atlas biceps forceps always perhaps news measles mumps shingles rickets hives rubeola
    dialysis syphilis ascites""".split()
)


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """The singular of an English or Latin plural as found in monographs; unsure words stay as they are.

    >>> [singular(w) for w in "infections allergies rashes diagnoses diabetes nauseous biopsies".split()]
    ['infection', 'allergy', 'rash', 'diagnosis', 'diabetes', 'nauseous', 'biopsy']
    """
    if (
        len(word) < 4
        or word in _KEEP
        or not word.endswith("s")
        or word.endswith(("ss", "us", "is", "itis", "’s", "'s"))
    ):
        return word
    if word.endswith(("oses", "yses")) or (word.endswith("ases") and word.endswith(("stases", "metastases"))):
        return word[:-2] + "is"
    if word.endswith("noses"):
        return word[:-2] + "is"
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word
    if word.endswith(("shes", "ches", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


_SHORT = re.compile(r"(?:^|[ -])[A-Z]{2,4}S$")
"""An abbreviation keeps its S: "AIDS", "NSTE-ACS"."""
_MEASURES = frozenset("hours days weeks months years".split())
"""Units of time stay plural: "children under 12 years"."""


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """The normal form of a term: lower case, last word singular, no markup, brackets or final marks.

    >>> normal("Second Primary Malignancies (e.g., AML)")
    'second primary malignancy'
    >>> normal("NSTE-ACS"), normal("SKIN RASHES")
    ('nste-acs', 'skin rash')
    """
    bare = _BRACKETS.sub("", text) if "(" in text or "[" in text else text
    plain = bare.replace("’", "'").strip(" .,;:*_\"'")
    words = _SPACE.sub(" ", plain.lower()).split(" ")
    if words[-1] not in _MEASURES and not _SHORT.search(plain):
        words[-1] = singular(words[-1])
    return " ".join(words)
