"""How to take, prepare and keep the drug: one row an instruction; sentences that state a dose belong to regimens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.phrasing import Found, lowered, phrasebook, statement
from monopipe.extract.presentations import bounds_rate, is_scope, prepares, states_strength
from monopipe.extract.reading import RETOLD, Reading
from monopipe.signs import MASS
from monopipe.tables import Administration

_WHOLLY = ("administration", "storage")
_PARTLY = (
    "dosage",
    "dosage_adults",
    "dosage_children",
    "dosage_special",
    "clinical_use_cases",
    "summary",
    "faqs",
    "interactions",
    "precautions",
)
_SUPPLY = ("alternate_names", "classification", "usage", "other")
"""Sections that may say what the drug comes as, and nothing else on how it is given."""
_DOSE = re.compile(
    rf"\d[\d.,]*\s*(?:[-–]\s*\d[\d.,]*\s*)?(?:{MASS}|ng|mmol|meq|ml|tablets?|capsules?|puffs?|drops?)\b(?!\s*/\s*m?l)"
    r"|\b(?:one|two|three|four)\s+(?:tablets?|capsules?|puffs?|drops?)\b",
    re.I,
)
_NEGATION = re.compile(r"\b(?:not|never|no longer|cannot)\b[\w\s]{0,24}$")
_ROUTE_LABEL = re.compile(r"^routes?(?: of administration)?$", re.I)
_MISSED = Cued(r"\bmiss(?:ed|es)?\b|\bforg[eo]t")
_SKIP = re.compile(r"(?:skip|leave (?:it|the missed dose) out|omit)\b", re.I)
_GIVING = re.compile(
    r"\b(?:take|taken|swallow\w*|give|given|inject\w*|inhale\w*|use|used|apply|applied|administer\w*|by mouth)\b", re.I
)
_MOBILE = re.compile(
    r"^\s*(?:route|food|timing|administration|how to (?:take|use|give)|method|missed dose|storage)\b", re.I
)
_ASKS_WHEN = re.compile(r"\b(?:how (?:long|many days|often)|when)\b", re.I)
_ANSWER_WORD = re.compile(r"^(?:yes|no)[.,:]?$", re.I)


def administration(reading: Reading) -> Iterator[Administration]:
    """The instructions on taking, preparing and keeping the drug."""
    for item in reading.about(*_WHOLLY, *_PARTLY, *_SUPPLY):
        if item.structural or item.kind == "other":
            continue
        supplied: set[int] = set()
        if item.topic not in ("interactions", "precautions") and item.section not in RETOLD:
            for start, end in item.sentences() if not item.cells else ((0, len(item.text)),):
                if states_strength(item, start, end):
                    supplied.add(start)
                    yield _row(item, start, end, "dose_form", None)
        if item.cells or item.topic in _SUPPLY:
            continue
        label = item.label or ""
        wholly = item.topic in _WHOLLY or bool(item.label and _MOBILE.match(label))
        if item.topic in ("interactions", "precautions") and item.section not in ("faqs", "front_matter"):
            continue
        for start, end in item.sentences():
            sentence = item.text[start:end]
            if start in supplied or _ANSWER_WORD.match(sentence):
                continue
            if item.section not in RETOLD and bounds_rate(sentence):
                yield _row(item, start, end, "infusion", None)
                continue
            if _DOSE.search(sentence):
                if item.section not in RETOLD and prepares(sentence):
                    yield _prepared(item, start, end)
                continue
            if is_scope(sentence) and (route := _scope(item, start, end)):
                yield route
                yield from (a for a in _instructions(item, start, end, wholly) if a.aspect != "route")
            else:
                yield from _instructions(item, start, end, wholly)


def _instructions(item: Item, start: int, end: int, wholly: bool) -> Iterator[Administration]:
    """The instructions of one sentence, one row for each short value."""
    sentence = item.text[start:end]
    missed = bool(_MISSED.search(item.question or "") or _MISSED.search(item.label or ""))
    if missed:
        yield _row(item, start, end, "missed_dose", "skip" if _SKIP.match(sentence) else None)
        return
    seen: set[tuple[str, str]] = set()
    for found in phrasebook("administration").scan(sentence):
        aspect, value, where = found.line["aspect"], found.line["value"], found.line["where"]
        if (where == "here" and not wholly) or (aspect, value) in seen or _contradicted(sentence, found):
            continue
        if not wholly and aspect in ("timing", "infusion") and not _GIVING.search(f"{sentence} {item.question}"):
            continue
        if value == "with_water" and ("handling", "swallow_whole") in seen:
            continue
        seen.add((aspect, value))
        yield _row(item, start, end, aspect, value or None)
    aspect = _default_aspect(item)
    if not seen and wholly and re.search(r"\w{2}", sentence) and (item.question is None or aspect != "handling"):
        yield _row(item, start, end, aspect, None)


def _prepared(item: Item, start: int, end: int) -> Administration:
    """How it is prepared, in a sentence that names amounts."""
    found = phrasebook("administration").scan(item.text, start, end)
    values = [f.line["value"] for f in found if f.line["aspect"] == "preparation"]
    return _row(item, start, end, "preparation", values[0] if values else None)


def _scope(item: Item, start: int, end: int) -> Administration | None:
    """The route of all doses of a section, where its words name one."""
    sentence = item.text[start:end].split("unless")[0] or item.text[start:end]
    routes = {f.line["value"] for f in phrasebook("administration").scan(sentence) if f.line["aspect"] == "route"}
    return _row(item, start, end, "route", routes.pop()) if len(routes) == 1 else None


def _contradicted(sentence: str, found: Found) -> bool:
    """Whether a negation before the words turns them round: 'should not be taken with food'."""
    if found.line["value"].startswith("do_not") or not found.line["value"]:
        return False
    return _NEGATION.search(lowered(sentence)[: found.start]) is not None


def _default_aspect(item: Item) -> str:
    if item.topic == "storage":
        return "storage"
    if _ROUTE_LABEL.match(item.label or ""):
        return "route"
    return "timing" if _ASKS_WHEN.search(item.question or "") else "handling"


def _row(item: Item, start: int, end: int, aspect: str, value: str | None) -> Administration:
    return Administration(
        **item.at(start, end),
        rule="administration_phrase" if value else "administration_sentence",
        aspect=aspect,  # type: ignore[arg-type]
        value=value,
        instruction=statement(item.text[start:end]),
    )
