"""The condition that a dose is for: of its label, its sentence, its paragraph or the list around it.

A reason to change a dose ("Neutropenia: interrupt") and a state of the patient beside a population are none.
"""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import GENERIC, is_condition
from monopipe.extract.doses.condition_above import (
    CONDITION_HEAD,
    SETTING_HEAD,
    of_column,
    of_list,
    of_other_column,
    of_what_stands_above,
    uses_of,
)
from monopipe.extract.doses.condition_fields import drop, forget_band, inherit, take
from monopipe.extract.doses.condition_in_text import (
    behind,
    kind_behind,
    of_paragraph,
    of_sentence,
    other_behind,
    part_of,
    parts_of,
)
from monopipe.extract.doses.condition_of_label import (
    CHANGES,
    HAD_BEFORE,
    PURPOSE_ALONE,
    concerns,
    is_allergy_to_drug,
    is_kind_of,
    is_of_setting,
    is_time_of_change,
    names_condition_itself,
    of_bracket,
    of_other_degree,
    shares_use,
    tells,
    told_otherwise,
    without_drugs,
)
from monopipe.extract.doses.condition_phrases import accepts, bare, in_lead, is_event, is_use
from monopipe.extract.doses.treated_states import settle_state
from monopipe.extract.reading import Reading
from monopipe.grammar import Step, names_condition, read_who, render

# Cells of a first column of such a head are reasons to change the dose.
_REASON_HEAD = re.compile(
    r"\W*(?:(?:drug|dose|treatment)?-?(?:related)?\s*)?(?:toxicit|adverse|side effect|reaction|finding|event|nadir|(?:\w+|worst) grade)",
    re.I,
)
_GENE_HEAD = re.compile(
    r"\b(?:genotype|phenotype|metaboli[sz]ers?|acetylators?|DPYD|DPD|TPMT|NUDT15|UGT1A1|CYP\d[A-Z]\d+)\b", re.I
)
_SLOW = re.compile(r"\b(?:poor|slow|partial|intermediate|low|reduced|deficien\w+|absent|no\s+activity)\b", re.I)
# "Withdrawal in epilepsy": how a treatment of it ends, and no reason to reduce the dose.
_ENDING = re.compile(
    r"\W*(?:(?:gradual|slow|dose)\s+)?(?:withdrawal|discontinuation|stopping|cessation|tapering|coming\s+off|weaning)\s+(?:treatment\s+|therapy\s+)?(?:in|for)\s+",
    re.I,
)
_RESUMES = Cued(r"\b(?:resum|restart|recommenc|reintroduc|reinstitut)\w*\b")
_BRACKET = re.compile(r"\(([^()]*)\)")


def place_conditions(reading: Reading, item: Item, steps: list[Step]) -> None:
    """Give each step of an item the condition that it is for, or none."""
    if not steps:
        return
    placing = _Placing(reading, item, steps)
    if item.columns and _GENE_HEAD.search(item.columns[0]) and _SLOW.search(item.cell(0)):
        for step in steps:  # "DPYD result | Partial deficiency": how the drug is broken down, and no disease
            drop(step)
            step.dosage.population = "poor_metabolizer"
            step.dosage.readable = render(step.dosage)
        return
    for step in steps:
        placing.place(step)
    for step in steps:
        settle_state(reading, item, step)


_PATIENTS_WITH = re.compile(
    r"\W*(?:in\s+|for\s+)?(?:patients|people|those|adults|children|individuals)\s+(?:with|who\s+have)\s+", re.I
)


class _Placing:
    """What an item says of the conditions of its steps, whichever step it is."""

    def __init__(self, reading: Reading, item: Item, steps: list[Step]) -> None:
        self.reading, self.item = reading, item
        self.declared = bool(item.columns) and CONDITION_HEAD.match(item.columns[0]) is not None
        """Whether the head of the first column says that its cells are conditions."""
        self._heed_first_column(steps)
        self.beside = of_other_column(reading, item)
        """The condition in another column of the row."""
        self.reason = bool(item.label) and (
            CHANGES.match(item.text, item.rest_start) is not None or is_time_of_change(item.label or "", item)
        )
        """Whether the label is a reason to change the dose: "Neutropenia: interrupt"."""
        self.parts = list(parts_of(reading, item)) if not item.columns else []
        ending = _ENDING.match(item.label or "")
        if ending is not None and accepts(reading, words := bare(item.label[ending.end() :] if item.label else "")):
            self.reason = False
            for step in steps:
                take(step, words)

    def _heed_first_column(self, steps: list[Step]) -> None:
        """A column "Setting" says where, and the lead-in may say what for; one "Toxicity" tells why doses are changed."""
        head = self.item.columns[0] if self.item.columns else ""
        if self.declared and SETTING_HEAD.match(head):
            self.declared = False
            for step in steps if any(in_lead(self.reading, x) for x in self.item.leads[-1:]) else ():
                drop(step)
                of_list(self.reading, self.item, step)
        if head and _REASON_HEAD.match(head):
            for step in steps:
                if (step.dosage.indication_text or "-") in self.item.cell(0):
                    drop(step)

    def place(self, step: Step) -> None:
        """Give a step its condition: what the row or lead says outright, else what label, sentence and surroundings say."""
        reading, item = self.reading, self.item
        if other := told_otherwise(reading, item, step):
            drop(step)
            inherit(step, other)  # "After a heart attack (acute myocardial infarction)"
            return
        said = self._label_alone(step)
        if self.beside and (not said or said in self.beside or not is_use(reading, said)):
            drop(step)
            take(step, self.beside)
            return
        if self.declared and not (said and is_condition(reading, said)) and (own := in_lead(reading, item.cell(0))):
            take(step, own)  # "Chronic Q fever (with doxycycline 100 mg)", "Acute pericarditis, below 70 kg"
            return
        self._doubt_label(step, said)
        if item.label and not item.columns and is_of_setting(item.label):
            of_bracket(reading, item.label, step)
        if self.reason and _RESUMES.search(item.text[item.rest_start : step.end]):
            forget_band(item, step)
        if self._take_from_words(step):
            self._take_from_surroundings(step)

    def _label_alone(self, step: Step) -> str | None:
        """What a label says, without a bracket that is cut short, drugs beside it, and a purpose whose bracket names it."""
        said, label = step.dosage.indication_text, self.item.label
        if said and label and not self.item.columns and said.count("(") > said.count(")"):
            said = said.partition("(")[0].strip()
            take(step, said)
        if said and (alone := without_drugs(said)) != said:
            take(step, said := alone)
        if said and label and PURPOSE_ALONE.fullmatch(_BRACKET.sub("", said).strip()) and "(" in label:
            said = step.dosage.indication_text if of_bracket(self.reading, label, step) else said
        return said

    def _doubt_label(self, step: Step, said: str | None) -> None:
        """Take back what a label says where it is an event, a sentence, a kind, a reason, or no condition at all."""
        reading, item = self.reading, self.item
        if item.label and not item.columns and is_event(item.label):
            use = in_lead(reading, item.label)
            if use and is_use(reading, use):
                drop(step)
                take(step, use)  # "When used for gout"
            elif said is None or said in item.label:
                drop(step)
                of_list(reading, item, step, label=False)
        elif not said:
            return
        elif not self.declared and self._are_some(said):
            drop(step)
            of_list(reading, item, step, label=False)
            if step.dosage.population == "none":
                step.dosage.population = "comorbidity"
            step.dosage.condition_text = step.dosage.condition_text or said
            step.dosage.readable = render(step.dosage)
        elif not self.declared and (other := of_other_degree(said, item)):
            drop(step)
            take(step, other)
        elif not self.declared and (tells(said) or is_kind_of(said, item)):
            drop(step)
            of_list(reading, item, step, label=not (HAD_BEFORE.match(said) or is_allergy_to_drug(said)))
            if step.dosage.indication_text is None and not tells(said):
                named = (
                    GENERIC.fullmatch(said) and item.label and said not in item.label and names_condition(item.label)
                )
                take(step, bare(item.label or "") if named else said)  # "Nerve agents: severe symptoms: 6 mg"
        elif self.reason and not shares_use(reading, said):
            drop(step)
            of_list(reading, item, step, label=False)
        elif not self.declared and not names_condition_itself(reading, said):
            drop(step)
            of_list(reading, item, step)
        elif not self.declared and not concerns(reading, item, step):
            drop(step)
            of_list(reading, item, step, label=False)

    def _are_some(self, said: str) -> bool:
        """Whether a label speaks of some of those whose disease the list names: "Patients with low blood pressure" below "Gout"."""
        people = _PATIENTS_WITH.match(said)
        if people is None or self.item.columns or shares_use(self.reading, said[people.end() :]):
            return False
        return any(is_use(self.reading, bare(_BRACKET.sub("", lead))) for lead in self.item.leads)

    def _take_from_words(self, step: Step) -> bool:
        """Take what the words beside the dose name; false where they name another condition and leave open which it is for."""
        reading, item, d = self.reading, self.item, step.dosage
        if self.parts:
            if not of_sentence(reading, item, step, self.parts):
                return False
        elif item.columns and d.indication_text is None:
            of_column(reading, item, step)
            if d.indication_text is None and not self.reason and (above := of_what_stands_above(reading, item)):
                inherit(step, above)
        if d.indication_text is None:
            behind(reading, item, step)
        elif not item.columns:
            kind_behind(reading, item, step)
            return not other_behind(reading, item, step)
        return True

    def _take_from_surroundings(self, step: Step) -> None:
        """Take what the paragraph, the label or the list around a step names, in this order, where nothing else does."""
        reading, item, d = self.reading, self.item, step.dosage
        if d.indication_text is not None or self.reason:
            return
        of_paragraph(reading, item, step, self.parts)
        if d.indication_text is None:
            self._take_from_label(step)
        if d.indication_text is None and item.parent is not None and (told := of_what_stands_above(reading, item)):
            inherit(step, told)
        paragraph = reading.above_lists.get(item.char_start) if d.indication_text is None else None
        if paragraph is not None and (listed := uses_of(reading, paragraph)):
            inherit(step, listed)

    def _take_from_label(self, step: Step) -> None:
        reading, item = self.reading, self.item
        if item.label and is_use(reading, item.label) and not tells(item.label):
            take(step, item.label)  # a label that looks like a route: "PV"
        elif item.label and not item.columns and of_bracket(reading, item.label, step):
            return
        elif not item.label or read_who(item.label) or self._says_which_step(step):
            of_list(reading, item, step, label=False)
        elif is_use(reading, first := bare(item.label.split(",")[0])):
            take(step, first)  # "Hypertension, can't swallow tablets"

    def _says_which_step(self, step: Step) -> bool:
        """Whether a label says which step a dose is, as "Loading dose", and its sentence names no condition of its own."""
        k = part_of(self.item, step, self.parts)
        silent = k is not None and self.parts[k].named is None and not self.parts[k].otherwise
        return silent and not names_condition(self.item.label or "")
