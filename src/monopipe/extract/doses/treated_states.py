"""States of patients that are what a dose treats: "In chronic kidney disease 10 mg", where that is a use of the drug."""

from __future__ import annotations

import re

from monopipe.document import Item
from monopipe.extract.doses.condition_fields import take
from monopipe.extract.doses.condition_phrases import bare, is_use, uses
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal
from monopipe.grammar import Step, read_who, render
from monopipe.headings import section_kind

_BRACKET = re.compile(r"\(([^()]*)\)")
_DISEASES = ("comorbidity", "renal_impairment", "hepatic_impairment", "lactation")


def settle_state(reading: Reading, item: Item, step: Step) -> None:
    """Take back a population that is what the dose treats, and no state beside it."""
    d = step.dosage
    if d.population == "obesity" and "obes" in (d.indication_text or "").lower():
        d.population = "none"
        d.readable = render(d)
    elif d.population in _DISEASES and d.param is None and (use := _use_of_label(reading, item, d.population)):
        d.population = "none"
        take(step, use)
    elif d.population in _DISEASES and d.param is None and _is_treated(reading, item, step):
        d.population = "none"
        d.readable = render(d)


def _use_of_label(reading: Reading, item: Item, population: str) -> str | None:
    """The use that a label or heading names with a word for a population: "Lactation insufficiency", "Chronic kidney disease".

    Below a heading of special groups it is a group.
    """
    own = (item.cell(0) if item.columns else item.label, *reversed(item.leads))
    names = [name for name in own if name and read_who(name).get("population") == population]
    words = bare(_BRACKET.sub("", names[0])) if len(names) == 1 else ""
    if not words or normal(reading.expand(words)) not in uses(reading):
        return None
    above = (section_kind(lead, "dosage") for lead in item.leads if lead != names[0])
    return None if {"dosage_special", "dosage_adjustments"} & set(above) else words


def _is_treated(reading: Reading, item: Item, step: Step) -> bool:
    """Whether the words for a population are those of the use that the dose is for: "In chronic kidney disease 10 mg"."""
    d = step.dosage
    said = d.indication_text
    if not said or item.topic in ("dosage_special", "dosage_adjustments") or "population" in (d.inherited_fields or ""):
        return False
    sentence = item.text[step.start : step.end]
    if not is_use(reading, said) or is_use(reading, said.partition(" with ")[0]) is not (" with " not in said):
        return False
    named = re.compile(rf"{re.escape(said)}(?:\s+patients)?")
    with_people = named.search(sentence)
    rest = read_who(named.sub(" ", sentence))
    return (
        with_people is not None
        and read_who(with_people.group()).get("population") == d.population
        and rest.get("population") != d.population
    )
