"""Matters of data quality that deserve a curator's look: each with a rule name, a severity and a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from monopipe.extract.reading import Reading
from monopipe.tables import Fact, Finding

_FACTOR = 10.0
"""A dose this many times another of the same condition and unit is looked at."""


def findings(reading: Reading, facts: Mapping[str, Sequence[Fact]]) -> Iterator[Finding]:
    """What a curator should look at in this document."""
    yield from _structure(reading)
    yield from _faq_copies(facts.get("faqs", ()))
    yield from _half_lives(facts.get("pharmacokinetics", ()))
    yield from _contradicted_uses(facts)
    yield from _uses_without_dose(facts)
    yield from _adjustments_without_threshold(facts.get("dose_guidance", ()))
    yield from _doses_apart(facts.get("regimens", ()))


def _structure(reading: Reading) -> Iterator[Finding]:
    """Unknown headings, empty sections, a description that breaks off, a missing date."""
    d = reading.document
    parents = {s.parent for s in d.sections}
    for s in d.sections:
        if s.ordinal == 0 or not s.heading:
            continue
        if not s.known and s.heading.lower() not in reading.own_names:
            yield _at_heading(reading, s.ordinal, "unknown_heading", "info", f"The heading “{s.heading}” is not known.")
        if s.n_content == 0 and s.ordinal not in parents and s.kind != "faqs":
            yield _at_heading(reading, s.ordinal, "empty_section", "warning", f"Nothing stands under “{s.heading}”.")
    if d.description and d.description.rstrip().endswith((":", ",", ";", " and", " or")):
        item = next(i for i in d.items if i.label == "description")
        message = "The description breaks off before its end."
        yield Finding(**item.whole(), rule="truncated_description", severity="warning", message=message)
    if d.last_modified is None:
        message = "The front matter has no date of last change that can be read."
        yield Finding(**d.title_item.whole(), rule="no_last_modified", severity="info", message=message)


def _at_heading(reading: Reading, ordinal: int, rule: str, severity: Any, message: str) -> Finding:
    heading = next(i for i in reading.document.items if i.kind == "heading" and i.section_ordinal == ordinal)
    return Finding(**heading.whole(), rule=rule, severity=severity, message=message)


def _at(fact: Any, rule: str, severity: Any, message: str) -> Finding:
    return Finding(**fact.place(), rule=rule, severity=severity, message=message)


def _faq_copies(faqs: Sequence[Any]) -> Iterator[Finding]:
    for faq in faqs:
        if faq.copies_agree is False:
            message = f"Front matter and body answer “{faq.question}” differently."
            yield _at(faq, "faq_copies_differ", "warning", message)


def _half_lives(statements: Sequence[Any]) -> Iterator[Finding]:
    """Two half-lives for all patients that do not overlap contradict each other."""
    stated = [
        s
        for s in statements
        if s.parameter == "half_life" and s.half_life_hours_high is not None and not s.population and not s.qualifier
    ]
    for first, second in pairwise(stated):
        low, high = second.half_life_hours_low or 0.0, second.half_life_hours_high
        if low > first.half_life_hours_high or high < (first.half_life_hours_low or 0.0):
            message = f"Half-life of {_hours(second)} h here and {_hours(first)} h in line {first.line_start}."
            yield _at(second, "half_lives_differ", "warning", message)


def _hours(fact: Any) -> str:
    ends = [e for e in (fact.half_life_hours_low, fact.half_life_hours_high) if e is not None]
    return "–".join(f"{e:g}" for e in dict.fromkeys(ends))


def _contradicted_uses(facts: Mapping[str, Sequence[Any]]) -> Iterator[Finding]:
    """A condition that is both an indication and a contraindication."""
    uses = {i.condition_norm: i for i in facts.get("indications", ()) if i.assertion == "affirmed"}
    for c in facts.get("contraindications", ()):
        use = uses.get(c.condition_norm)
        if use is not None and c.assertion == "affirmed":
            message = f"“{c.condition}” is a contraindication here and an indication in line {use.line_start}."
            yield _at(c, "contraindicated_use", "error", message)


def _uses_without_dose(facts: Mapping[str, Sequence[Any]]) -> Iterator[Finding]:
    """Where some doses name their condition, an indication that none of them names is a gap."""
    dosed = {c.condition_norm for c in facts.get("regimen_conditions", ())}
    general = any(r.condition_norm is None for r in facts.get("regimens", ()))
    if not dosed or general:
        return
    for use in facts.get("indications", ()):
        words = set(use.condition_norm.split())
        if use.assertion == "affirmed" and not any(words <= set(d.split()) or set(d.split()) <= words for d in dosed):
            yield _at(use, "indication_without_regimen", "info", f"No dose is given for “{use.condition}”.")


def _adjustments_without_threshold(advice: Sequence[Any]) -> Iterator[Finding]:
    """A renal or hepatic adjustment is asked for, but not from which value on."""
    known = {a.basis_kind for a in advice if a.threshold_given}
    for a in advice:
        asks = a.recommendation in ("adjust_dose", "reduce_dose") and a.assertion == "affirmed"
        if asks and a.basis_kind in ("renal", "hepatic") and a.basis_kind not in known and not a.for_drug:
            message = f"An adjustment for “{a.basis}” is asked for without a threshold."
            yield _at(a, "adjustment_without_threshold", "info", message)


def _doses_apart(regimens: Sequence[Any]) -> Iterator[Finding]:
    """A dose ten or more times another for the same condition, patients, route, unit and basis may be a slip."""
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for r in regimens:
        if r.dose_high and r.dose_is == "per_administration":
            key = (
                r.condition_norm,
                r.age_group,
                r.population,
                r.param,
                r.param_low,
                r.param_high,
                r.route,
                r.dose_unit,
                r.dose_basis,
            )
            groups[key].append(r)
    for rows in groups.values():
        least = min(rows, key=lambda r: r.dose_high)
        for r in rows:
            if r.dose_high >= _FACTOR * least.dose_high:
                message = (
                    f"{r.dose_high:g} {r.dose_unit} is {r.dose_high / least.dose_high:.0f} times the"
                    f" {least.dose_high:g} {least.dose_unit} of line {least.line_start}."
                )
                yield _at(r, "dose_far_from_others", "warning", message)
