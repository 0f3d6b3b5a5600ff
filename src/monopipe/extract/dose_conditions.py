"""The condition that a dose is for: of its label, its sentence, its paragraph or the list around it.

A reason to change a dose ("Neutropenia: interrupt") and a state of the patient beside a population are none.
"""

from __future__ import annotations

import re

from monopipe.document import Item
from monopipe.extract.conditions import GENERIC, condition_words, expand, is_condition, names_condition
from monopipe.extract.reading import Reading
from monopipe.grammar import Step, read_who, render
from monopipe.headings import section_kind

_MAX_LEAD_WORDS = 12
_CONDITION_HEAD = re.compile(r"\W*(?:indication|condition|disease|disorder|use|setting)s?\b", re.I)
# Behind a label, these words make it a reason to change the dose.
_CHANGES = re.compile(
    r"\W*(?:(?:temporarily|permanently)\s+)?(?:reduce|decrease|lower|halve|withhold|hold|interrupt|omit|suspend|stop"
    r"|discontinue|pause|taper|resume|restart|delay|skip)\b",
    re.I,
)
_RESUMES = re.compile(r"\b(?:resum|restart|recommenc|reintroduc|reinstitut)\w*\b", re.I)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|may|can|could|should|must|will|need|needs|take|takes|receive|depends?)\b",
    re.I,
)
_PEOPLE = re.compile(
    r"(?:the |all |most |some |other |\w+ly )?(?:\w+ )?(?:women|men|patients?|adults|children|infants|people|those|neonates|adolescents|persons"
    r"|individuals|users|recipients)\b",
    re.I,
)
# "For open-angle glaucoma the dose is …", "In septic shock, …": prose that names the condition before its dose.
_FOR_CONDITION = re.compile(
    r"\s*(?:off-label,?\s+)?(?:for|in|to treat|to prevent|against)\s+(?P<condition>[^.;:]{3,90}?)"
    r"(?:,(?!\s*(?:or|and)\b)|\s+(?:the|a|an)\s+(?:\w+\s+){0,2}(?:dose|dosage|regimen)\b|\s+(?:give|use|start)\b"
    r"|(?=\s+\d[\d.,]*(?:\s?(?:to|[–-])\s?\d[\d.,]*)?\s?(?:m?g|µg|mcg|micrograms?|IU|units?|mL|mmol)\b))",
    re.I,
)
_IS_TREATED = re.compile(
    r"\s*(?:off-label,?\s+)?(?P<condition>[^.;:,]{3,60}?)\s+(?:is|are|was|were|has been|have been|may be|can be)\s+(?:\w+ly\s+|also\s+)?"
    r"(?:treated|managed|prevented|relieved|controlled)\s+with\b",
    re.I,
)
# "4 mg IV once for vomiting of unclear cause in adults": prose that names it behind.
_BEHIND = re.compile(
    r"\b(?:for|against)\s+(?:the\s+)?(?P<condition>[A-Za-z][^.,;:()\d]{2,60}?)"
    r"(?=\s*(?:[.,;:()]|$)|\s+(?:in|for|until|if|when|where|as|by|with|on|at|given|has|is)\b)",
    re.I,
)
_BRACKET = re.compile(r"\(([^()]*)\)")
_SETTING = re.compile(r"\b(?:department|intensive|critical|emergency|icu|ward|theatre|ambulance|home|hospital)\b", re.I)


def place_conditions(reading: Reading, item: Item, steps: list[Step]) -> None:
    """Give each step of an item the condition that it is for, or none."""
    declared = bool(item.columns) and _CONDITION_HEAD.match(item.columns[0]) is not None
    reason = bool(item.label) and _CHANGES.match(item.text, item.rest_start) is not None
    for step in steps:
        said = step.dosage.indication_text
        if reason and said and not _is_use(reading, said):
            _drop(step)
            _of_list(reading, item, step, label=False)
        elif said and not declared and not is_condition(reading, said):
            _drop(step)
            _of_list(reading, item, step)
        elif said and not declared and not _concerns(reading, item, step):
            _drop(step)
            _of_list(reading, item, step, label=False)
        if reason and _RESUMES.search(item.text[item.rest_start : step.end]):
            _forget_band(item, step)
        _of_sentence(reading, item, step)
        if step.dosage.indication_text is None:
            _behind(reading, item, step)
        if step.dosage.indication_text is None and not reason:
            _of_paragraph(reading, item, step)


def _concerns(reading: Reading, item: Item, step: Step) -> bool:
    """Whether a label's condition is an indication where the label speaks of a population or a place as well.

    "Severe renal impairment, multiple myeloma" is, "Hepatic impairment (cholestatic hepatitis)" is not.
    """
    label = item.label or ""
    if step.dosage.population not in ("none", "pregnancy") and read_who(label).get("population"):
        pass
    elif not _SETTING.search(label):
        return True
    return _is_use(reading, step.dosage.indication_text or "")


def _is_use(reading: Reading, words: str) -> bool:
    """Whether words share a condition with a label of the usage section."""
    said = condition_words(expand(reading, words))
    return any(said & condition_words(use) for use in reading.usage_labels)


def _set(step: Step, words: str) -> None:
    step.dosage.indication_text = words.strip()
    step.dosage.readable = render(step.dosage)


def _drop(step: Step) -> None:
    """Take back a label as indication that names no condition: a dose is never said to be for what it is not."""
    d = step.dosage
    d.indication_text = None
    kept = [name for name in (d.inherited_fields or "").split("; ") if name and name != "indication_text"]
    d.inherited_fields = "; ".join(kept) or None
    d.readable = render(d)


def _forget_band(item: Item, step: Step) -> None:
    """A dose is resumed when the label's band ("ANC below 500") holds no longer."""
    d = step.dosage
    band = read_who(item.label or "")
    if d.param is not None and d.param == band.get("param"):
        d.param = d.param_low = d.param_high = d.param_unit = None
        kept = [name for name in (d.inherited_fields or "").split("; ") if name and not name.startswith("param")]
        d.inherited_fields = "; ".join(kept) or None
        d.readable = render(d)


def _of_list(reading: Reading, item: Item, step: Step, *, label: bool = True) -> None:
    """Take the nearest list parent or lead-in that is a condition: "Cardiac arrest" over "Non-shockable rhythm: 1 mg"."""
    own = tuple(filter(None, (item.label,))) if label else ()
    for lead in (*own, *reversed(item.leads)):
        if section_kind(lead, exact=True):
            return
        words = lead.strip(" :*")
        if len(words.split()) <= _MAX_LEAD_WORDS and is_condition(reading, words) and not read_who(words):
            step.dosage.indication_text = words
            step.dosage.inherited_fields = "; ".join(filter(None, (step.dosage.inherited_fields, "indication_text")))
            step.dosage.readable = render(step.dosage)
            return
        for inner in _BRACKET.findall(words):  # "52 mg system (contraception)"
            if is_condition(reading, inner) and not read_who(inner) and _is_use(reading, inner):
                _set(step, inner)
                return


def _of_sentence(reading: Reading, item: Item, step: Step) -> None:
    """Take the condition from the beginning of the step's sentence, where prose names it there.

    Beside a label it must be a kind of what the label names: "In severe pulmonary embolism" under "Pulmonary embolism".
    """
    begin = next((a for a, b in item.sentences() if a <= step.start < b), None)
    if begin is None:
        return
    begin = max(begin, item.rest_start) if item.label else begin
    named = _named(reading, item.text, begin)
    if named is None or named.end() > max(step.start, begin) + 120:
        return
    first_number = re.compile(r"\d").search(item.text, begin)
    if first_number is not None and first_number.start() < named.end("condition") and named.end() > step.start:
        return
    said = step.dosage.indication_text
    if said is not None:
        words = condition_words(named["condition"])
        if GENERIC.fullmatch(named["condition"]) or not words & condition_words(expand(reading, said)):
            return
        _drop(step)
    _set(step, named["condition"])


def _named(reading: Reading, text: str, begin: int) -> re.Match[str] | None:
    """The condition that a sentence begins with, if it does; no clause and no people."""
    for pattern in (_FOR_CONDITION, _IS_TREATED):
        named = pattern.match(text, begin)
        if named is None:
            continue
        words = named["condition"]
        if not _VERB.search(words) and not _PEOPLE.match(words) and is_condition(reading, words):
            return named if not read_who(words).get("population") else None
    return None


def _behind(reading: Reading, item: Item, step: Step) -> None:
    """Take the condition from behind the dose: "10 mg once daily serves for perennial allergic rhinitis"."""
    quote = item.text[step.start : step.end]
    number = re.search(r"\d", quote)
    for m in _BEHIND.finditer(quote, number.start() if number else 0):
        words = m["condition"]
        if (
            is_condition(reading, words)
            and not _VERB.search(words)
            and not read_who(words)
            and not GENERIC.fullmatch(words)
        ):
            _set(step, words)
            return


def _of_paragraph(reading: Reading, item: Item, step: Step) -> None:
    """Take the condition that a paragraph begins with: as its title ("Scabies. The 5% cream …") or in its first sentence."""
    if item.kind != "paragraph" or item.label or item.question is not None:
        return
    sentences = list(item.sentences())
    a, b = sentences[0] if sentences else (0, 0)
    title = item.text[a:b].strip(" .*")
    here = next((item.text[x:y] for x, y in sentences if x <= step.start < y), "")
    if names_condition(here):
        return
    if len(title.split()) <= 5 and not _VERB.search(title) and is_condition(reading, title):
        if not read_who(title):
            _set(step, title)
        return
    named = _named(reading, item.text, a)
    if named is not None and step.start >= b:
        _set(step, named["condition"])
