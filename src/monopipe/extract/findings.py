"""Matters of data quality that deserve a curator's look: each with a rule name, a severity and a place.

A false alarm costs more than a silence: a rule tells only what two places of the document show side by side.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monopipe.document import Item
from monopipe.extract.reading import RETOLD, Reading
from monopipe.grammar.equivalents import TO_MG
from monopipe.tables import FINDING_RULES, Fact, Finding

_FACTOR = 10.0
"""A dose this many times another of the same condition and unit is looked at."""


def findings(reading: Reading, facts: Mapping[str, Sequence[Fact]]) -> Iterator[Finding]:
    """What a curator should look at in this document."""
    regimens: Sequence[Any] = facts.get("regimens", ())
    items = _Items(reading)
    yield from _structure(reading)
    yield from _faq_copies(facts.get("faqs", ()))
    yield from _half_lives(facts.get("pharmacokinetics", ()))
    yield from _contradicted_uses(facts)
    yield from _uses_without_dose(facts)
    yield from _adjustments_without_threshold(facts.get("dose_guidance", ()), regimens)
    yield from _doses_apart(items, regimens)
    yield from _doses_above_maximum(regimens)
    yield from _told_doses(regimens)
    for table in ("indications", "side_effects", "contraindications"):
        yield from _denied_in_lists(items, facts.get(table, ()))


def _structure(reading: Reading) -> Iterator[Finding]:
    """Unknown headings, empty sections, a description that breaks off, a missing date."""
    d = reading.document
    parents = {s.parent for s in d.sections}
    for s in d.sections:
        if s.ordinal == 0 or not s.heading:
            continue
        is_title = s.ordinal == 1 and s.kind == "other" and s.ordinal in parents
        if not s.known and not is_title and s.heading.lower() not in reading.own_names:
            about = f"; what stands under it is read as {s.kind}" if s.kind != "other" else ""
            yield _at_heading(reading, s.ordinal, "unknown_heading", f"The heading “{s.heading}” is not known{about}.")
        if s.n_content == 0 and s.ordinal not in parents and s.kind != "faqs":
            yield _at_heading(reading, s.ordinal, "empty_section", f"Nothing stands under “{s.heading}”.")
    if d.description and d.description.rstrip().endswith((":", ",", ";", " and", " or")):
        item = next(i for i in d.items if i.label == "description")
        yield _finding(item.whole(), "truncated_description", "The description breaks off before its end.")
    if d.last_modified is None:
        message = "The front matter has no date of last change that can be read."
        yield _finding(d.title_item.whole(), "no_last_modified", message)


def _at_heading(reading: Reading, ordinal: int, rule: str, message: str) -> Finding:
    heading = next(i for i in reading.document.items if i.kind == "heading" and i.section_ordinal == ordinal)
    return _finding(heading.whole(), rule, message)


def _at(fact: Any, rule: str, message: str) -> Finding:
    return _finding(fact.place(), rule, message)


def _finding(place: dict[str, Any], rule: str, message: str) -> Finding:
    return Finding(**place, rule=rule, severity=FINDING_RULES[rule][0], message=message)


def _faq_copies(faqs: Sequence[Any]) -> Iterator[Finding]:
    for faq in faqs:
        if faq.copies_agree is False:
            message = f"Front matter and body answer “{faq.question}” differently."
            yield _at(faq, "faq_copies_differ", message)


def _half_lives(statements: Sequence[Any]) -> Iterator[Finding]:
    """Two half-lives for all patients that do not overlap contradict each other; those of one line tell of two things."""
    stated = [
        s
        for s in statements
        if s.parameter == "half_life" and s.half_life_hours_high is not None and not s.population and not s.qualifier
    ]
    for k, second in enumerate(stated):
        elsewhere = [s for s in stated[:k] if s.line_start != second.line_start]
        if elsewhere and all(_apart(s, second) for s in elsewhere):
            first = elsewhere[0]
            message = f"Half-life of {_hours(second)} h here and {_hours(first)} h in line {first.line_start}."
            yield _at(second, "half_lives_differ", message)


def _apart(one: Any, other: Any) -> bool:
    ends = [(f.half_life_hours_low or 0.0, f.half_life_hours_high) for f in (one, other)]
    return bool(ends[0][0] > ends[1][1] or ends[1][0] > ends[0][1])


def _hours(fact: Any) -> str:
    ends = [e for e in (fact.half_life_hours_low, fact.half_life_hours_high) if e is not None]
    return "–".join(f"{e:g}" for e in dict.fromkeys(ends))


def _contradicted_uses(facts: Mapping[str, Sequence[Any]]) -> Iterator[Finding]:
    """A condition that is both an indication and a contraindication.

    An off-label use against a relative one may be meant; a ban that holds for some way of use is only looked at.
    """
    uses = {i.condition_norm: i for i in facts.get("indications", ()) if i.assertion == "affirmed"}
    for c in facts.get("contraindications", ()):
        use = uses.get(c.condition_norm)
        meant = use is not None and use.label_status == "off_label" and c.strength == "relative"
        if use is not None and not meant and c.assertion == "affirmed":
            message = f"“{c.condition}” is a contraindication here and an indication in line {use.line_start}."
            qualified = _QUALIFIED.search(c.condition) is not None
            yield _at(c, "limited_use" if qualified else "contraindicated_use", message)


_QUALIFIED = re.compile(
    r"\(\s*(?:as|if|when|unless|except|without|in|only|with|until|alone|by|for|under|over|at|during)\b", re.I
)
"""What limits a ban to some patients or some way of use: "Severe malaria (as first treatment)"."""


def _uses_without_dose(facts: Mapping[str, Sequence[Any]]) -> Iterator[Finding]:
    """Where some doses name their condition, an indication that none of them names is a gap."""
    dosed = {c.condition_norm for c in facts.get("regimen_conditions", ())}
    general = any(r.condition_norm is None for r in facts.get("regimens", ()))
    if not dosed or general:
        return
    for use in facts.get("indications", ()):
        words = set(use.condition_norm.split())
        licensed = use.assertion == "affirmed" and use.label_status not in ("off_label", "investigational")
        if licensed and not any(words <= set(d.split()) or set(d.split()) <= words for d in dosed):
            yield _at(use, "indication_without_regimen", f"No dose is given for “{use.condition}”.")


def _adjustments_without_threshold(advice: Sequence[Any], regimens: Sequence[Any]) -> Iterator[Finding]:
    """A renal or hepatic adjustment is asked for, but not from which value on."""
    known = {a.basis_kind for a in advice if a.threshold_given}
    known |= {r.population.removesuffix("_impairment") for r in regimens if r.param is not None}
    for a in advice:
        asks = a.recommendation in ("adjust_dose", "reduce_dose") and a.assertion == "affirmed"
        if asks and a.basis_kind in ("renal", "hepatic") and a.basis_kind not in known and not a.for_drug:
            message = f"An adjustment for “{a.basis}” is asked for without a threshold."
            yield _at(a, "adjustment_without_threshold", message)


_WHO = "condition_norm age_group population param param_low param_high param_unit".split()
_HOW = "step_kind route dose_form frequency frequency_max period period_max period_unit dose_unit dose_basis dose_is".split()
_WHAT = "indication_text partners condition_text cycle_days sequence".split()


def _doses_apart(items: _Items, regimens: Sequence[Any]) -> Iterator[Finding]:
    """Doses of one instruction that differ, and doses ten or more times another in the like case."""
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for r in regimens:
        if r.dose_high and r.frequency:
            groups[tuple(getattr(r, c) for c in (*_WHO, *_HOW))].append(r)
    for rows in groups.values():
        least = min(rows, key=lambda r: r.dose_high)
        for r in rows:
            if r.dose_high >= _FACTOR * least.dose_high:
                message = (
                    f"{r.dose_high:g} {r.dose_unit} is {r.dose_high / least.dose_high:.0f} times the"
                    f" {least.dose_high:g} {least.dose_unit} of line {least.line_start}."
                )
                yield _at(r, "dose_far_from_others", message)
        yield from _same_instruction(items, [r for r in rows if r.condition_norm and r.step_kind != "alternative"])


def _same_instruction(items: _Items, rows: Sequence[Any]) -> Iterator[Finding]:
    first: dict[tuple[Any, ...], Any] = {}
    for r in rows:
        item = items.of(r)
        label = item.label.lower() if item and item.label else None
        if label is None:
            continue
        told = first.setdefault((label, *(getattr(r, c) for c in _WHAT)), r)
        low, high = r.dose_low or 0.0, r.dose_high
        if told.line_start != r.line_start and (low > told.dose_high or high < (told.dose_low or 0.0)):
            message = (
                f"{_dose(r)} here and {_dose(told)} in line {told.line_start}, both for “{item.label if item else ''}”."
            )
            yield _at(r, "doses_differ", message)


def _dose(r: Any) -> str:
    ends = dict.fromkeys(f"{e:g}" for e in (r.dose_low, r.dose_high) if e is not None)
    return f"{'–'.join(ends)} {r.dose_unit}"


def _doses_above_maximum(regimens: Sequence[Any]) -> Iterator[Finding]:
    """A dose above the maximum that stands beside it."""
    for r in regimens:
        if r.dose_basis != "flat" or r.max_dose_unit != r.dose_unit:
            continue
        single = r.dose_low if r.dose_is == "per_administration" else None
        for dose, most in ((single, r.max_single_dose), (r.daily_dose_low, r.max_daily_dose)):
            if dose and most and dose > most:
                message = f"{dose:g} {r.dose_unit} is above the maximum of {most:g} {r.dose_unit} stated with it."
                yield _at(r, "dose_above_maximum", message)


def _told_doses(regimens: Sequence[Any]) -> Iterator[Finding]:
    """A retold dose, an end of which no dose of the body has, alone, a day, or within its range."""
    body: dict[tuple[Any, ...], list[tuple[float, float]]] = defaultdict(list)
    for r in regimens:
        if r.section in RETOLD:
            continue
        factor, unit = _scale(r.dose_unit)
        pairs = ((r.dose_low, r.dose_high), (r.daily_dose_low, r.daily_dose_high), *((m, m) for m in _maxima(r)))
        for low, high in pairs:
            ends = [e for e in (low, high) if e]
            if ends:
                body[unit, r.dose_basis].append((min(ends) * factor, max(ends) * factor))
    for r in regimens:
        if r.section not in RETOLD:
            continue
        factor, unit = _scale(r.dose_unit)
        known = body.get((unit, r.dose_basis))
        amounts = dict.fromkeys(e * factor for e in (r.dose_low, r.dose_high) if e)
        missing = [a for a in amounts if known and not any(low * 0.999 <= a <= high * 1.001 for low, high in known)]
        if missing:
            yield _at(
                r, "told_dose_differs", f"No dose of the body has the {missing[0] / factor:g} {r.dose_unit} told here."
            )


def _maxima(r: Any) -> list[float]:
    return [m for m in (r.max_single_dose, r.max_daily_dose) if m and r.max_dose_unit == r.dose_unit]


def _scale(unit: str | None) -> tuple[float, str | None]:
    """The factor and unit that make amounts of one kind comparable: 0.5 g is 500 mg."""
    return (TO_MG[unit], "mg") if unit in TO_MG else (1.0, unit)


def _denied_in_lists(items: _Items, facts: Sequence[Fact]) -> Iterator[Finding]:
    """An item of a list or table that only denies, among items that affirm: "* Rash", "* No dependence seen"."""
    by_item: dict[int, tuple[Item, list[Fact]]] = {}
    for fact in facts:
        item = items.of(fact)
        if item is not None and item.kind in ("list_item", "table_row"):
            by_item.setdefault(id(item), (item, []))[1].append(fact)
    affirming = {(i.kind, i.leads, i.section_ordinal) for i, own in by_item.values() if any(_affirms(f) for f in own)}
    for item, own in by_item.values():
        denies = all(f.assertion == "negated" for f in own)
        if denies and (item.kind, item.leads, item.section_ordinal) in affirming:
            words = " ".join(item.text.split())
            yield _at(own[0], "denied_in_list", f"“{words}” denies what the other items of its list affirm.")


def _affirms(fact: Fact) -> bool:
    return fact.assertion != "negated"


class _Items:
    """The items of a document by place."""

    def __init__(self, reading: Reading) -> None:
        self._items = sorted(reading.document.items, key=lambda i: (i.char_start, -i.char_end))
        self._starts = [i.char_start for i in self._items]

    def of(self, fact: Any) -> Item | None:
        """The item that a fact stands in."""
        k = bisect_right(self._starts, fact.char_start) - 1
        item = self._items[k] if k >= 0 else None
        return item if item is not None and fact.char_end <= item.char_end else None
