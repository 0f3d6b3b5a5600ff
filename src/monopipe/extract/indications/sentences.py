"""Paragraphs on what a drug is for: their sentences, the lists that a sentence opens, and bare lists of conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.document import Item
from monopipe.extract.conditions import is_condition
from monopipe.extract.indications.lists import BRACKET, conditions_in
from monopipe.extract.indications.prose import anchors
from monopipe.extract.indications.rows import limit_of, row_of
from monopipe.extract.indications.uses import TRIAL, VERB, in_sentence
from monopipe.extract.indications.words import purpose_at
from monopipe.extract.reading import Reading
from monopipe.tables import Indication

_BESIDE = re.compile(r"(?:with|as|in|for|off[- ]label|unlicen[cs]ed|also|only|if|when)\b", re.I)
# "The main groups are A (a, b), B (c, d)": the brackets list the conditions.
_GROUPS = re.compile(r"\b(?:groups?|conditions?|diseases?|uses?|indications?)\s+(?:are|include|comprise)\b", re.I)


def between_semicolons(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a list whose members hold commas of their own."""
    at = start
    for m in re.finditer(r";\s+", text[start:end]):
        if text.count("(", at, start + m.start()) > text.count(")", at, start + m.start()):
            continue
        yield at, start + m.start()
        at = start + m.end()
    yield at, end


def in_prose(reading: Reading, item: Item) -> Iterator[Indication]:
    """The uses in a paragraph: sentence by sentence, groups in brackets, lists behind a lead, and bare lists."""
    for number, (a, b) in enumerate(span for s in item.sentences() for span in _clauses(item.text, *s)):
        if item.text[a:b].rstrip().endswith(":"):
            continue  # its conditions stand in the list that it opens
        found = False
        if _GROUPS.search(item.text, a, b) and item.section == "usage":
            for bracket in BRACKET.finditer(item.text, a, b):
                if _BESIDE.match(bracket[1]):
                    continue
                for c in conditions_in(item, bracket.start(1), bracket.end(1)):
                    found = True
                    yield from row_of(reading, item, c, c.text, c.limits[0], "group_examples")
        opened = _OPENED.match(item.text, a, b)
        rows = _opened_list(reading, item, opened, b) if opened else in_sentence(reading, item, a, b)
        for row in rows:
            found = True
            yield row
        if not found and (number == 0 or purpose_at(item.text, a, b)) and _is_bare_list(item, a, b):
            members = list(conditions_in(item, a, b))
            for c in members if all(is_condition(reading, c.text) for c in members) else ():
                yield from row_of(reading, item, c, item.text[a:b], c.limits[0], "bare_list")


_MAIN_VERB = (
    r"\b(?:is|are|was|were|may|can|has|have|should|must|will|does|do|covers?|provides?|serves?"
    r"|(?:it|they|this drug|the drug|the vaccine) (?:also )?\w+s)\b"
)
# "…; its use in delirium is off-label": a sentence of its own behind a semicolon, unless it speaks of what was listed.
_OWN_CLAUSE = re.compile(rf";\s+(?=(?!the (?:latter|former|first|last)\b)[^;:.]{{0,80}}?{_MAIN_VERB})", re.I)
_HAS_VERB = re.compile(_MAIN_VERB, re.I)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a sentence that are sentences of their own, divided by semicolons."""
    at = start
    for m in _OWN_CLAUSE.finditer(text, start, end):
        if _HAS_VERB.search(text, at, m.start()):
            yield at, m.start()
            at = m.end()
    yield at, end


_OPENED = re.compile(
    r"(?P<lead>[^:.;()]{0,80}\b(?:uses|indications|purposes|conditions|diseases|disorders|infections)\b[^:.;()]{0,60}):\s+(?=\S)",
    re.I,
)


def _opened_list(reading: Reading, item: Item, opened: re.Match[str], end: int) -> Iterator[Indication]:
    """The conditions behind the colon of a sentence that opens their list: "Several uses are off-label: gout, …"."""
    lead = opened.group("lead")
    denied = any(anchor.kind == "denied" for anchor in anchors(f"{lead} in", 0, len(lead) + 3))
    for a, b in between_semicolons(item.text, opened.end(), end):
        for c in conditions_in(item, a, b):
            for own in c.limits:
                for row in row_of(
                    reading, item, c, item.text[c.start : c.end], limit_of(own, lead), "opened_list", lead
                ):
                    row.assertion = "negated" if denied else row.assertion
                    yield row


def _is_bare_list(item: Item, start: int, end: int) -> bool:
    """Whether a sentence is nothing but a list of conditions: "Headache, toothache, period pain.", "Treatment of gout."."""
    sentence = item.text[start:end]
    plain = item.section == "usage" and item.label is None and not TRIAL.search(sentence)
    plain = plain and ("," in sentence or purpose_at(item.text, start, end) is not None)
    return plain and not VERB.search(sentence) and not any(True for _ in anchors(item.text, start, end))
