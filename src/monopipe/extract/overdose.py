"""Overdose: one row a sentence, as sign, management or other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.document import Item
from monopipe.extract.effects.overdoses import overdose_spans
from monopipe.extract.effects.side_effects import OVERDOSE_LABEL, SIDE_EFFECT_TOPICS
from monopipe.extract.phrasing import phrasebook, statement
from monopipe.extract.reading import Reading
from monopipe.tables import Overdose

_LABELS = {
    "management": re.compile(r"manag|treat|antidote|what to do", re.I),
    "sign": re.compile(r"sign|symptom|feature|present|manifest", re.I),
}


def overdose(reading: Reading) -> Iterator[Overdose]:
    """The statements on overdose: its section, and where the side effects or a label elsewhere speak of it."""
    for item in reading.about("overdose"):
        if item.structural or item.kind == "other":
            continue
        yield from _rows(item, item.sentences() if not item.cells else iter([(0, len(item.text))]))
    for item in reading.document.items:
        if item.topic == "overdose" or "dos" not in item.text or item.structural:
            continue
        if item.label and OVERDOSE_LABEL.match(item.label) and item.section not in ("dosage_adjustments", "faqs"):
            yield from _rows(item, item.sentences())
        elif item.topic in SIDE_EFFECT_TOPICS and item.kind in ("paragraph", "list_item", "heading_tail"):
            yield from _rows(item, iter(overdose_spans(item.text, item.rest_start)))


def _rows(item: Item, spans: Iterator[tuple[int, int]]) -> Iterator[Overdose]:
    for start, end in spans:
        detail = item.text[start:end]
        if not re.search(r"\w{3}", detail):
            continue
        yield Overdose(
            **item.at(start, end),
            rule="overdose_sentence",
            aspect=_aspect(detail, (item.label or "", *item.leads[-1:])),  # type: ignore[arg-type]
            detail=statement(detail),
        )


def _aspect(detail: str, labels: tuple[str, ...]) -> str:
    """What a statement names: by its label or heading, else by the first of its words that tells."""
    for label in labels:
        for aspect, pattern in _LABELS.items():
            if pattern.search(label):
                return aspect
    found = phrasebook("overdose_aspects").first(detail)
    return found.line["aspect"] if found else "other"
