"""Side effects in tables: a column of effects beside a column of frequencies, or a column for each class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monopipe.document import Item
from monopipe.extract.effects import frequency
from monopipe.extract.effects import words as effect_words
from monopipe.extract.effects.denials import denied_behind
from monopipe.extract.effects.members import Effect, effects, is_long_term, is_serious
from monopipe.extract.effects.merging import Place
from monopipe.extract.effects.settings import Setting, body_system, combined, heading, said

_EFFECT_COLUMN = re.compile(r"effect|reaction|symptom|event|adverse|complication|finding|term", re.I)
_FREQUENCY_COLUMN = re.compile(
    r"frequen|incidence|how often|rate\b|%|percent|patients|occurrence|class\b|category|likelihood", re.I
)
_SYSTEM_COLUMN = re.compile(r"system|organ|soc\b", re.I)
_BRACKET = re.compile(r"\([^()]*\)")
_OTHER_ARM = re.compile(r"placebo|control|comparator|versus", re.I)


def table_row(item: Item, setting: Setting) -> Iterator[Place]:
    """The places in a table row, whose head row tells what its columns hold."""
    if not item.cells or not item.columns or [item.cell(k) for k in range(len(item.cells))] == list(item.columns):
        return
    heads = list(item.columns)
    by_class = [heading(h) for h in heads]
    listed = [k for k in range(len(heads)) if _heads_class(heads[k], by_class[k])]
    if len(listed) > 1:  # a column for each class
        first = body_system(item.cell(0)) if 0 not in listed else None
        for k in listed:
            if k < len(item.cells):
                inside = replace(
                    combined(setting, by_class[k], "stated_category"), body_system=first or setting.body_system
                )
                yield from _cell(item, inside, k)
        return
    classed = next((k for k in range(min(len(heads), len(item.cells))) if _says_how_often(item.cell(k))), None)
    column = next(
        (
            k
            for k, h in enumerate(heads)
            if k != classed
            and _EFFECT_COLUMN.search(h)
            and not _FREQUENCY_COLUMN.search(h)
            and not _SYSTEM_COLUMN.search(h)
        ),
        None,
    )
    system = next((k for k, h in enumerate(heads) if _SYSTEM_COLUMN.search(h) and k != column), None)
    often = next(
        (
            k
            for k, h in enumerate(heads)
            if k not in (column, system) and _FREQUENCY_COLUMN.search(h) and not _OTHER_ARM.search(h)
        ),
        None,
    )
    if often is None and classed != system:  # "Band", "Group": what the cell says counts, whatever its head
        often = classed
    if often is None:  # a column named after the drug holds its figures
        often = next((k for k in range(len(heads)) if k not in (column, system) and _holds_figure(item, k)), None)
    if column is None:
        column = next((k for k in range(len(heads)) if k not in (system, often)), None)
    if column is None or column >= len(item.cells):
        return
    inside = setting
    if often is not None and often < len(item.cells):
        a, b = item.cells[often]
        cell = item.cell(often).strip()
        inner = said(item.text, a, b)
        if inner.category is None and inner.numbers is None and often == classed:
            inner = heading(cell)  # "Often", "NK"
        if inner.numbers is None and "%" in heads[often] and (m := re.match(r"[<>≥≤]?\s?\d", cell)):
            numbers = frequency.numeric(f"{cell}%")
            if numbers and m:
                inner = replace(inner, numbers=replace(numbers, start=a, end=b), numbers_text=cell)
        inside = combined(setting, inner, "stated_category")
    if system is not None and system < len(item.cells):
        inside = replace(inside, body_system=item.cell(system).strip() or None)
    for k, head in enumerate(heads):
        if k not in (column, often, system) and is_long_term(item.cell(k)):
            inside = replace(inside, is_long_term=True)  # a comment: "on long-term use"
        if k not in (column, often, system) and re.search(r"serious|severity|severe", head, re.I):
            inside = replace(
                inside, is_serious=inside.is_serious or bool(re.match(r"\s*(?:yes|serious|severe)", item.cell(k), re.I))
            )
    if is_serious(heads[column]):  # "Serious reaction"
        inside = replace(inside, is_serious=True)
    denied = often is not None and often < len(item.cells) and denied_behind(item.cell(often))
    for place in _cell(item, inside, column):
        yield replace(place, negated=True, rule="denied") if denied else place


def _says_how_often(cell: str) -> bool:
    """Whether a cell is nothing but a class of frequency: "Common (≥1/100 to <1/10)", "Often", "More than 1 in 10"."""
    says = heading(cell)
    return (says.category is not None or says.numbers is not None) and not effect_words.is_effect(cell)


def _heads_class(head: str, says: Setting) -> bool:
    """Whether a column's head is a class of frequency, in words or numbers, not the word "frequency"."""
    if says.category:
        return not _FREQUENCY_COLUMN.search(_BRACKET.sub("", head))
    return says.numbers is not None and not any(c.isalpha() for c in head)


def _holds_figure(item: Item, k: int) -> bool:
    """Whether a cell holds nothing but a frequency, and its column is not another arm's."""
    if k >= len(item.cells) or _OTHER_ARM.search(item.columns[k]):
        return False
    return _FIGURE.fullmatch(item.cell(k).strip()) is not None


_FIGURE = re.compile(r"(?:\d+\s*\()?[<>≥≤~]?\s?\d[\d.,]*(?:\s?(?:-|–|to)\s?\d[\d.]*)?\s?%\)?", re.I)


# "Pain, abdominal": the attribute stands behind.
_TURNED = re.compile(r"\s*(?P<noun>[A-Z][a-z]+),\s+(?P<attribute>[a-z]+)\s*")


def _cell(item: Item, setting: Setting, k: int) -> Iterator[Place]:
    a, b = item.cells[k]
    alone = not any(item.cell(n).strip(" –-—") for n in range(len(item.cells)) if n != k)
    if alone and body_system(item.cell(k)):
        return  # a row that only names the system of those below it
    turned = _TURNED.fullmatch(item.text, a, b)
    if turned and effect_words.is_effect(turned["noun"]) and effect_words.hangs(turned["attribute"]):
        start, end = turned.span("noun")[0], turned.end("attribute")
        yield Place(item, Effect(start, end, end, f"{turned['attribute']} {turned['noun'].lower()}"), setting, "table")
        return
    for e in effects(item.text, a, b, sure=True):
        if setting.numbers and item.cells[0][0] <= setting.numbers.start < len(item.text):
            e.until = max(e.until, setting.numbers.end)
        yield Place(item, e, setting, "table")
