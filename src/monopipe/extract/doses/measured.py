"""The measured value that bounds a dose where its label, its table's first cell or its condition says one.

The dose grammar reads ages, weights and clearances; any other value is known by its name, its side and its unit:
"TSH 10 mIU/L or above", "Trough level (mg/L)" over "< 10".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.thresholds import Threshold, named, thresholds
from monopipe.grammar import Step, read_who, render
from monopipe.grammar.criteria import counts_criteria
from monopipe.grammar.dosage import Dosage
from monopipe.grammar.lexer import END, lex
from monopipe.grammar.words import NUMBER_WORDS, PARAMETERS, find

_UNIT = re.compile(r"\s*\(([^()]*)\)\s*$")
_IF = re.compile(r"\s*(?:if|when|in case|where)\b", re.I)
_LASTED = Cued(r"\b(?:has|have|had)\s+(?:been|stayed|remained|kept)\b")
_RESUMED = Cued(r"\b(?:resum\w*|restart\w*|recommenc\w*|reintroduc\w*)\b")
_PERFECT = re.compile(r"\b(?:have|has|had)\b", re.I)
_OR = re.compile(r"\bor\b(?!\s+(?:more|above|over|higher|greater|less|below|lower|under)\b)", re.I)


# "30–50: 7.5 mg", "< 30 5 mg", "B: 5 mg": a band that opens a step and leaves its parameter to the label before.
_BAND = re.compile(
    r"(?P<band>(?P<side>(?:[<>]=?|[≤≥]|below|under|above|over|up\s+to|less\s+than|more\s+than)\s*)?\d+(?:\.\d+)?"
    r"(?P<to>\s*(?:[–-]|to)\s*[<≤]?\s*\d+(?:\.\d+)?)?(?:\s*(?:years?|yrs?|months?|kg|mL/min|m²))?|[A-C])\s*(?:(?P<colon>[:=])\s|\s(?=\d))",
    re.I,
)
_NAME_ENDS = re.compile(r"\s*(?:[<>≤≥\d]|\b(?:[ABC]|below|under|above|over|up\s+to|less|more|from|at|of|between)\b)")
_HAS_UNIT = re.compile(r"[A-Za-z²]\s*$")
_PARAM = ("param", "param_low", "param_high", "param_unit")


def bands_again(item: Item, steps: list[Step]) -> None:
    """Give each dose that a bare band opens that band, and not the one of its label: "CrCl > 50: 10 mg; 30–50: 7.5 mg"."""
    if not steps or item.columns:
        return
    first = steps[0]
    name = _name(item.label or "")
    last: Step | None = None  # the last that a bare band opens
    for step in steps:
        d = step.dosage
        _past_it(item, step)
        own = _name(item.text[step.start : step.end])
        if own and d.param is not None and "param" in read_who(f"{own} 5–6"):
            name = own
        opening = _BAND.match(item.text, step.start, step.end)
        if (
            opening is None
            and last is not None
            and (d.param is None or "param" in (d.inherited_fields or "").split("; "))
        ):
            _same_band(item, step, last)
        if opening is None or not (opening["colon"] or opening["side"] or opening["to"]):
            continue
        if not opening["colon"] and not _begins(d, item.text[opening.end() :]):
            continue  # '30–39 kg 2, 40–54 kg 3, > 70 kg 5 tablets'
        told = read_who(f"{name} {opening['band']}")
        if "param" not in told and opening["colon"] and step is not first:
            d.param = d.param_low = d.param_high = d.param_unit = None  # a band of what, nobody can tell
            d.condition_text = None if d.condition_text == first.dosage.condition_text else d.condition_text
        if "param" not in told or (d.param is not None and told["param"].split(" ")[0] != d.param.split(" ")[0]):
            continue
        if told["param"] == first.dosage.param and not _HAS_UNIT.search(opening["band"]):
            told = {**told, "param_unit": first.dosage.param_unit}
        if d.condition_text == opening["band"]:
            d.condition_text = None
        for column in _PARAM:
            setattr(d, column, told.get(column))
        last = step
        if "population" in told:
            d.population = told["population"]
        if d.param == "age" and item.label and "age_group" not in (d.inherited_fields or ""):
            below = d.param_high is not None and d.param_unit == "a" and d.param_high <= _ADULT
            d.age_group = "pediatric" if below else "unspecified"
        kept = [k for k in (d.inherited_fields or "").split("; ") if k not in ("", *_PARAM)]
        d.inherited_fields = "; ".join(kept) or None
        numbers = set(_NUMBER.findall(opening["band"]))
        d.unread_text = _without(d.unread_text, numbers)
        d.numbers_unread = _without(d.numbers_unread, numbers)
        d.parse_status = "partial" if d.unread_text or d.numbers_unread else "full"
        d.readable = render(d)


def _same_band(item: Item, step: Step, opened: Step) -> None:
    """Give a dose the band that opens the words it goes on from: "15–29: 150 mg first dose, then 100 mg once daily"."""
    if ";" in item.text[opened.start : step.start] or step.dosage.population != opened.dosage.population:
        return
    d = step.dosage
    for column in _PARAM:
        setattr(d, column, getattr(opened.dosage, column))
    d.inherited_fields = "; ".join(
        filter(None, (d.inherited_fields, *(k for k in _PARAM if getattr(d, k) is not None)))
    )
    d.readable = render(d)


def _name(words: str) -> str:
    """The words of a label or a step before its band: "CrCl" of "CrCl 50–60 3.5 mg"."""
    return _NAME_ENDS.split(words, maxsplit=1)[0].strip(" *:")


def _begins(d: Dosage, words: str) -> bool:
    """Whether the number that some words begin with is that of the dose."""
    found = _AMOUNT.match(words)
    values = (d.dose_low, d.dose_high, d.rate_low, d.rate_high)
    return found is not None and float(found.group().replace(",", "")) in values


_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ADULT = 18


# "80 mg for 131–170 kg, 0.6 mg/kg/day above that"
_PAST_IT = re.compile(r"\b(?:(?P<over>above|over|beyond)|below|under)\s+(?:that|this)\b", re.I)


def _past_it(item: Item, step: Step) -> None:
    """Move the band of a step that is said to be for those beyond the band of the dose before it."""
    d = step.dosage
    found = _PAST_IT.search(item.text, step.start, step.end) if d.param is not None else None
    if found is None:
        return
    d.param_low, d.param_high = (d.param_high, None) if found["over"] else (None, d.param_low)
    if d.param_low is None and d.param_high is None:
        d.param = d.param_unit = None
    d.readable = render(d)


def _without(words: str | None, numbers: set[str]) -> str | None:
    return "; ".join(w for w in (words or "").split("; ") if w and w not in numbers) or None


def bound_by_values(item: Item, steps: list[Step]) -> None:
    """Give each dose without a parameter the value that bounds it."""
    for step in steps:
        d = step.dosage
        other = _BAND.match(item.text, step.start, step.end) if step is not steps[0] else None
        if other and other["colon"]:
            continue  # "Level below 7 mg/L: 100 mg; 7–12: 50 mg": a band of its own
        if d.param is not None or _RESUMED.search(item.text, step.start, step.end):
            continue  # a dose that comes back is for those whose value has recovered
        condition = d.condition_text or ""
        if counts_criteria(condition):
            continue  # "if two of: age over 80, weight under 60 kg": none of them alone bounds the dose
        # "increase to 100 mg if fasting glucose exceeds 7 mmol/L" is no other patient: the dose does not suffice yet
        # nor is the infusion that is slowed "when the glucose drops below 14 mmol/L",
        # nor is "when neutrophils have been above 1 for 3 days": that is the course of treatment
        changed = d.step_kind == "titration" or (d.step_kind == "dose_reduction" and d.rate_unit is not None)
        once = _IF.match(condition) and not changed and not _LASTED.search(condition)
        found = _only(condition) if once else None
        inherited = found is None and not item.columns
        found = found or next((t for words in _around(item) if (t := _only(words))), None)
        if found is None or _PERFECT.search(named(found)):
            continue  # "When neutrophils have been above 1 for 3 days": when, and no other patient
        d.param, d.param_low, d.param_high, d.param_unit = _known(named(found)), found.low, found.high, found.unit
        if inherited and not item.label:
            names = ("param", "param_low", "param_high", "param_unit")
            kept = [*filter(None, (d.inherited_fields or "").split("; "))]
            d.inherited_fields = "; ".join([*kept, *(n for n in names if getattr(d, n) is not None)])
        d.readable = render(d)


def _known(name: str) -> str:
    """The name that a measured value has everywhere: "haemoglobin" for "Hb"; one that is not known stays as printed."""
    tokens = lex(name, NUMBER_WORDS)
    found = find(PARAMETERS, tokens, 0)
    return str(found[0][0]) if found is not None and tokens[found[1]].kind == END else name


def _around(item: Item) -> Iterator[str]:
    """The words that may bound all doses of an item: a row's first cell under its head, a label, list parents."""
    if item.columns:
        cell, head = item.cell(0).strip(), item.columns[0]
        yield cell
        unit = _UNIT.search(head)
        yield f"{head[: unit.start()] if unit else head} {cell} {unit[1] if unit else ''}"
        return
    if item.label:
        yield item.label
    if item.parent is not None:
        yield item.parent.label or item.parent.text.rstrip(": ")


def _only(words: str) -> Threshold | None:
    """The first value that words bound; none where another may hold instead."""
    found = next(thresholds(words), None)
    return found if found is not None and not _OR.search(words) else None
