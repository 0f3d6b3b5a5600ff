"""The condition that a dose is for: of its label, its sentence, its paragraph or the list around it.

A reason to change a dose ("Neutropenia: interrupt") and a state of the patient beside a population are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import (
    GENERIC,
    PURPOSE,
    condition_words,
    conditions_of,
    is_condition,
)
from monopipe.extract.doses.condition_phrases import (
    SOME_GIVE,
    VERB,
    Named,
    accepts,
    bare,
    in_lead,
    in_other_words,
    in_sentence,
    is_event,
    is_kin_of_use,
    is_use,
    listed_uses,
    opens_otherwise,
    people_first,
    uses,
)
from monopipe.extract.doses.surroundings import AMOUNT
from monopipe.extract.drug_words import is_drug
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal
from monopipe.grammar import Step, names_condition, read_lead, read_who, render
from monopipe.headings import section_kind

_CONDITION_HEAD = re.compile(
    r"\W*(?:indication|condition|disease|disorder|use|setting|infection|problem|diagnosis|tumou?r|cancer|malignancy)s?\b"
    r"|\W*(?:used\s+)?for\W*$",
    re.I,
)
# A first column of such a head says where the dose is given; what for, the lead-in may say.
_SETTING_HEAD = re.compile(r"\W*(?:settings?|situations?|scenarios?|circumstances?|contexts?)\b", re.I)
# Cells of a first column of such a head are reasons to change the dose.
_REASON_HEAD = re.compile(
    r"\W*(?:(?:drug|dose|treatment)?-?(?:related)?\s*)?(?:toxicit|adverse|side effect|reaction|finding|event|nadir|(?:\w+|worst) grade)",
    re.I,
)
_GENE_HEAD = re.compile(
    r"\b(?:genotype|phenotype|metaboli[sz]ers?|acetylators?|DPYD|DPD|TPMT|NUDT15|UGT1A1|CYP\d[A-Z]\d+)\b", re.I
)
_SLOW = re.compile(r"\b(?:poor|slow|partial|intermediate|low|reduced|deficien\w+|absent|no\s+activity)\b", re.I)
# Behind a label, these words make it a reason to change the dose.
_CHANGES = re.compile(
    r"\W*(?:(?:temporarily|permanently)\s+)?(?:reduce|decrease|lower|halve|withhold|hold|interrupt|omit|suspend|stop"
    r"|discontinue|pause|taper|resume|restart|delay|skip"
    r"|remove|take\s+(?:the\s+|any\s+|every\s+)?[\w-]+\s+off)\b",
    re.I,
)
_AFTERWARDS = re.compile(r"\W*(?:after|following|upon|on|in\s+case\s+of|in\s+the\s+event\s+of)\s", re.I)
_TIME_BEFORE = re.compile(
    r"\W*(?:\d|an?\b|one|two|three|four|six)[\w\s–-]*?(?:minute|hour|day|week|month)s?\s+(?:before|prior|after|following)\b",
    re.I,
)
# "After more than 3 weeks of treatment for other diseases": when, not what for
_TREATED_FOR = re.compile(
    r"\W*(?:after|following|beyond)\s+(?:(?:more|less|longer)\s+than\s+|at\s+least\s+|about\s+|up\s+to\s+)?(?:[\d–-]+|an?|one|two|three|four|six|several|a\s+few)\s+"
    r"(?:days?|weeks?|months?|years?)\s+(?:of|on)\b",
    re.I,
)
# "Previous chemotherapy", "No prior biologic", "Steroid-naive": what the patients had before, not what they have.
_HAD_BEFORE = re.compile(
    r"\W*(?:(?:no|without|with|any|one|after)\s+)?(?:previous|prior|earlier|preceding)\s+(?:\w+\s+){0,2}?(?:\w*therap(?:y|ies)|treatments?|use|exposure|biologics?|lines?)\b"
    r"|\W*(?:after|following)\s+(?:failure|intolerance|loss\s+of\s+response|progression)\s+(?:of|to|on|with)\s"
    r"|\W*(?:[\w-]+\s+)?(?:[\w-]+[\s-])?na[iï]ve(?:\s+(?:patients|people|adults))?\W*$"
    r"|\W*(?:heavily\s+|not\s+)?(?:yet\s+|previously\s+|pre-?)?(?:un)?treated(?:\W*$|\s+(?:with|patients|people|adults)\b)",
    re.I,
)
_THEN_CHANGES = re.compile(
    rf"\W*(?:once|when|if|as\s+soon\s+as|after)\s[^,.;]*,\s*(?:then\s+)?{_CHANGES.pattern}", re.I
)
# "Withdrawal in epilepsy": how a treatment of it ends, and no reason to reduce the dose.
_ENDING = re.compile(
    r"\W*(?:(?:gradual|slow|dose)\s+)?(?:withdrawal|discontinuation|stopping|cessation|tapering|coming\s+off|weaning)\s+(?:treatment\s+|therapy\s+)?(?:in|for)\s+",
    re.I,
)
_RESUMES = Cued(r"\b(?:resum|restart|recommenc|reintroduc|reinstitut)\w*\b")
# "4 mg IV once for vomiting of unclear cause in adults": prose that names it behind.
_BEHIND = Cued(
    r"\b(?P<link>for|against|in|to\s+prevent|to\s+treat)\s+(?:the\s+)?(?P<condition>[A-Za-z][^.,;:()\d]{1,60}?)"
    r"(?=\s*(?:[.,;:()–—]|$)|\s+(?:in|for|until|if|when|where|as|by|with|on|at|given|has|is)\b)"
)
_BRACKET = re.compile(r"\(([^()]*)\)")
# A part ends at a semicolon, or where another condition is set against the first: "…, while pyelonephritis needs 200 mg",
# "Adults with gout take 5 mg, children with psoriasis 2 mg".
_SEMICOLON = re.compile(
    r";\s+|:\s+(?=(?:in|for)\s)|,\s+(?:while|whereas)\s+|,\s+(?:and|but)\s+(?=(?:in|for)\s)"
    r"|(?<=[a-z]),\s+(?:and\s+)?(?=(?:adults|children|patients|people|adolescents|infants|women|men|those)\s+(?:who\s+have|with)\s)"
)
_SETTING = re.compile(
    r"\b(?:department|intensive|critical|emergency|icu|ward|theatre|ambulance|home|hospital|ventilation|intubation|cardiac arrest|resuscitation)\b",
    re.I,
)
# A label of a place or a procedure: what the dose is for stands in its bracket, if it does.
_PLACE = Cued(
    r"\b(?:ventilation|intensive|critical|icu|emergency (?:department|room|use|care)|surg(?:ery|ical)|procedures?|intubation|operating"
    r"|perioperative|h(?:a)?emodialysis|ambulance|pre-?hospital)\b"
)
_TREATMENT = re.compile(
    r"\b(?:transplant\w*|chemotherapy|radiotherapy|irradiation|conditioning|dialysis|biops\w+|\w+scopy|extractions?)$",
    re.I,
)
_PREVENTS = re.compile(r"(?:the\s+)?(?:prevention|prophylaxis|prophylactic|against|to prevent)\b", re.I)
# "Poorly responsive ulcers" under "Gastric ulcer" is a kind of the latter.
_DEGREE = re.compile(
    r"(?:(?:(?:poorly|slowly|non-?|more|less|very|partly|partially)[\s-]*)?(?:responsive|responding|healed|healing|resistant|refractory|severe|mild|milder"
    r"|moderate|recurrent|persistent|large|small|complicated|uncomplicated|difficult|stubborn|advanced|early|late|extensive|active|new|old|other"
    r"|controlled|established|confirmed|proven)\s+)+",
    re.I,
)
# In a paragraph of several conditions a sentence that begins so stays with the last.
_GOES_ON = re.compile(
    rf"\s*(?:{SOME_GIVE}|if|when|where|the|this|these|it|they|then|thereafter|after|once|otherwise|alternatively|from (?:the|then)|beyond|later|subsequently|afterwards|should|most|maintenance|treatment|increase|a (?:second|further)"
    r"|in (?:severe|such|these|either|both|resistant|milder))\b",
    re.I,
)
# "It is an option in gout. The usual dose is 5 mg"
_TELLS_DOSE = re.compile(
    r"\s*(?:(?:the|its|a)\s+(?:[\w-]+\s+){0,2}(?:dos(?:e|age)|regimen|course)\s+(?:is|consists|of)|(?:it|this)\s+is\s+(?:given|taken|applied|used|dosed|injected|infused)|(?:it|this|treatment)\s+(?:begins|starts)\s+(?:at|with|on))\b",
    re.I,
)
_CUTS = Cued(
    r"\b(?:reduc(?:e|ed|ing|tion)|lower(?:ed)?|halved?|halving|decreas(?:e|ed|ing)|smaller|withh(?:o|e)ld|interrupt(?:ed)?)\b"
)
# "10 mg once daily, and those who cannot tolerate it may be reduced to 5 mg": the dose of others is cut.
_OTHERS_BEHIND = re.compile(
    r"(?<=[a-z]),?\s+(?:and|but|though|while|whereas)\s+(?:those|people|patients|others|anyone)\s+(?:who|with|on)\b(?=[^.;]*\d)",
    re.I,
)
# What the drug does, not what is done to its dose: "To lower blood pressure in …".
_AIM = re.compile(r"\s*to\s+(?:reduce|lower|decrease)\s+(?!(?:the\s+)?(?:[\w-]+\s+)?dos)", re.I)
# "For pericarditis, 4 mg" below "Gout" is against the former; "In asthma" may be a state of the patient.
_AGAINST = re.compile(r"\s*(?:for|against|to\s+(?:treat|prevent))\s", re.I)
# "In meningeal disease" below "Coccidioidomycosis": a form of the latter
_FORM_OF = re.compile(r"\b(?:diseases?|infections?|involvement|forms?|attacks?|episodes?|relapses?)$", re.I)
_DIGIT = re.compile(r"\d")
_CHANGE = re.compile(r"\b(?:reduc|lower|halv|increas|rais|decreas|add|adjust|titrat|continu|doubl)\w*\b", re.I)
_MAX_TITLE_WORDS = 5


class _Part(NamedTuple):
    """A sentence or a part of one up to a semicolon: where it stands, which sentence, and the condition it names."""

    start: int
    end: int
    sentence: int
    named: Named | None
    otherwise: bool


def place_conditions(reading: Reading, item: Item, steps: list[Step]) -> None:
    """Give each step of an item the condition that it is for, or none."""
    declared = bool(item.columns) and _CONDITION_HEAD.match(item.columns[0]) is not None
    if declared and _SETTING_HEAD.match(item.columns[0]):
        declared = False  # the cell says where, and the lead-in may say what for
        for step in steps if any(in_lead(reading, x) for x in item.leads[-1:]) else ():
            _drop(step)
            _of_list(reading, item, step)
    if item.columns and _REASON_HEAD.match(item.columns[0]):
        for step in steps:
            if (step.dosage.indication_text or "-") in item.cell(0):
                _drop(step)
    if item.columns and _GENE_HEAD.search(item.columns[0]) and _SLOW.search(item.cell(0)):
        for step in steps:  # "DPYD result | Partial deficiency": how the drug is broken down, and no disease
            _drop(step)
            step.dosage.population = "poor_metabolizer"
            step.dosage.readable = render(step.dosage)
        return
    beside = _of_other_column(reading, item)
    reason = bool(item.label) and (
        _CHANGES.match(item.text, item.rest_start) is not None or _is_time_of_change(item.label or "", item)
    )
    parts = list(_parts(reading, item)) if steps and not item.columns else []
    ending = _ENDING.match(item.label or "")
    if ending is not None and accepts(reading, words := bare(item.label[ending.end() :] if item.label else "")):
        reason = False
        for step in steps:
            _set(step, words)
    for step in steps:
        said = step.dosage.indication_text
        if other := _told_otherwise(reading, item, step):
            _drop(step)
            _inherit(step, other)  # "After a heart attack (acute myocardial infarction)"
            continue
        if said and item.label and not item.columns and said.count("(") > said.count(")"):
            said = said.partition("(")[0].strip()  # the bracket of a label that is cut short
            _set(step, said)
        if said and (alone := _without_drugs(said)) != said:
            _set(step, said := alone)
        if said and item.label and _PURPOSE_ALONE.fullmatch(_BRACKET.sub("", said).strip()) and "(" in item.label:
            said = step.dosage.indication_text if _of_bracket(reading, item.label, step) else said
        if beside and (not said or said in beside or not is_use(reading, said)):
            _drop(step)
            _set(step, beside)
            continue
        if declared and not (said and is_condition(reading, said)) and (own := in_lead(reading, item.cell(0))):
            _set(step, own)  # "Chronic Q fever (with doxycycline 100 mg)", "Acute pericarditis, below 70 kg"
            continue
        if item.label and not item.columns and is_event(item.label):
            use = in_lead(reading, item.label)
            if use and is_use(reading, use):
                _drop(step)
                _set(step, use)  # "When used for gout"
            elif said is None or said in item.label:
                _drop(step)
                _of_list(reading, item, step, label=False)
        elif said and not declared and (_tells(said) or _is_kind_of(said, item)):
            _drop(step)
            _of_list(reading, item, step, label=not (_HAD_BEFORE.match(said) or _is_allergy_to_drug(said)))
            if step.dosage.indication_text is None and not _tells(said):
                _set(step, said)
        elif reason and said and not _shares_use(reading, said):
            _drop(step)
            _of_list(reading, item, step, label=False)
        elif said and not declared and not _names(reading, said):
            _drop(step)
            _of_list(reading, item, step)
        elif said and not declared and not _concerns(reading, item, step):
            _drop(step)
            _of_list(reading, item, step, label=False)
        if item.label and not item.columns and _of_setting(item.label):
            _of_bracket(reading, item.label, step)
        if reason and _RESUMES.search(item.text[item.rest_start : step.end]):
            _forget_band(item, step)
        if parts:
            if not _of_sentence(reading, item, step, parts):
                continue
        elif item.columns and step.dosage.indication_text is None:
            _of_column(reading, item, step)
            if step.dosage.indication_text is None and not reason and (above := _above(reading, item)):
                _inherit(step, above)
        if step.dosage.indication_text is None:
            _behind(reading, item, step)
        elif not item.columns:
            _kind_behind(reading, item, step)
            if _other_behind(reading, item, step):
                continue
        if step.dosage.indication_text is None and not reason:
            _of_paragraph(reading, item, step, parts)
        if step.dosage.indication_text is None and not reason:
            if item.label and is_use(reading, item.label) and not _tells(item.label):
                _set(step, item.label)  # a label that looks like a route: "PV"
            elif item.label and not item.columns and _of_bracket(reading, item.label, step):
                continue
            elif not item.label or read_who(item.label) or _says_how(item, step, parts):
                _of_list(reading, item, step, label=False)
            elif is_use(reading, first := bare(item.label.split(",")[0])):
                _set(step, first)  # "Hypertension, can't swallow tablets"
        nested = item.parent is not None and not reason and step.dosage.indication_text is None
        if nested and (told := _above(reading, item)):
            _inherit(step, told)
        paragraph = reading.above_lists.get(item.char_start) if step.dosage.indication_text is None else None
        if paragraph is not None and not reason and (listed := _uses_of(reading, paragraph)):
            _inherit(step, listed)
    for step in steps:
        d = step.dosage
        if d.population == "obesity" and "obes" in (d.indication_text or "").lower():
            d.population = "none"  # what is treated, and no state beside it
            d.readable = render(d)
        elif d.population in _DISEASES and d.param is None and (use := _use_of_label(reading, item, d.population)):
            d.population = "none"
            _set(step, use)
        elif d.population in _DISEASES and d.param is None and _is_treated(reading, item, step):
            d.population = "none"
            d.readable = render(d)


# "Relapse prevention (MDD)": which disease, the bracket says.
_PURPOSE_ALONE = re.compile(
    r"(?:(?:long[- ]term|acute|relapse|recurrence|continuation|secondary|primary)\s+)*"
    r"(?:prevention|prophylaxis|prev|proph|maintenance|treatment|continuation|augmentation|augmenting|induction|therapy|tx)",
    re.I,
)


def _without_drugs(said: str) -> str:
    """A label's condition without the drugs that stand beside it: "HTN + HCTZ", "Peptic ulcer with amoxicillin"."""
    first, *others = _PLUS.split(said)
    return first.strip() if first.strip() and others and all(is_drug(word.strip().lower()) for word in others) else said


_PLUS = re.compile(r"\s(?:\+|plus|with|on)\s")


def _of_other_column(reading: Reading, item: Item) -> str | None:
    """The condition in a column behind the first: "| 1–11 years | Meningitis | 40 mg/kg |".

    What a column "Infection" or "For" holds is one; in other columns only a use of the drug that fills the cell.
    """
    found = []
    for head, (a, b) in zip(item.columns[1:], item.cells[1:], strict=False):
        cell = _BESIDE.split(item.text[a:b].strip(), 1)[0]
        if not cell or AMOUNT.search(cell) or _NO_CONDITION_HEAD.match(head):
            continue
        declared = _CONDITION_HEAD.match(head) is not None and _SETTING_HEAD.match(head) is None
        words = in_lead(reading, cell) if declared else bare(cell)
        if words and (declared or is_use(reading, words) or (_WHO_HEAD.match(head) and accepts(reading, words))):
            found.append(words)
    return found[0] if len(found) == 1 else None


_BESIDE = re.compile(r",?\s+(?:alongside|together\s+with|with|plus|\+)\s", re.I)
_WHO_HEAD = re.compile(r"\W*(?:who|(?:in|for)\s+whom|patients?)\W*$", re.I)
# Of columns with such heads a disease says what to watch, or what another drug is for.
_NO_CONDITION_HEAD = re.compile(
    r"\W*(?:with|note|remark|comment|nb|n\.b|caution|warning|monitor|reason|partner|combination|other|contra|evidence|source)",
    re.I,
)


def _told_otherwise(reading: Reading, item: Item, step: Step) -> str | None:
    """The use in the bracket of the lead that a step has its condition from."""
    said = step.dosage.indication_text
    if not said or "indication_text" not in (step.dosage.inherited_fields or ""):
        return None
    return next((w for lead in item.leads if said in lead and (w := in_other_words(reading, lead))), None)


def _says_how(item: Item, step: Step, parts: list[_Part]) -> bool:
    """Whether a label says which step a dose is, as "Loading dose", and its sentence names no condition of its own."""
    k = _part_of(item, step, parts)
    silent = k is not None and parts[k].named is None and not parts[k].otherwise
    return silent and not names_condition(item.label or "")


_DISEASES = ("comorbidity", "renal_impairment", "hepatic_impairment", "lactation")


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


def _is_time_of_change(label: str, item: Item) -> bool:
    """Whether a label tells after what a dose is changed: "After myalgia on 40 mg: once it has gone, restart at 10 mg"."""
    if _AFTERWARDS.match(label) is None:
        return False
    return AMOUNT.search(label) is not None or _THEN_CHANGES.match(item.text, item.rest_start) is not None


def _parts(reading: Reading, item: Item) -> Iterator[_Part]:
    """The sentences of an item, divided at semicolons, with the conditions they name."""
    special = item.topic in ("dosage_special", "dosage_adjustments")
    for n, (a, b) in enumerate(item.sentences()):
        start = max(a, item.rest_start)
        ends = [m.end() for m in _SEMICOLON.finditer(item.text, start, b)]
        for x, y in zip([start, *ends], [*ends, b], strict=True):
            # where the dose is cut, words of disease are the reason for it, unless the drug is used against them
            aim = _AIM.match(item.text, x, y)
            others = _OTHERS_BEHIND.search(item.text, x, y)
            less = _CUTS.search(item.text, aim.end() if aim else x, others.start() if others else y) is not None
            named = in_sentence(reading, item.text, x, y, use=special or less)
            if named is None and special and not less and set(read_who(item.label or "")) <= {"age_group"}:
                state = in_sentence(reading, item.text, x, y)  # "Elderly patients: In depression, 10 mg"
                named = state if state is not None and is_kin_of_use(reading, state.words) else None
            yield _Part(x, y, n, named, named is None and opens_otherwise(item.text, x, y))


def _names(reading: Reading, words: str) -> bool:
    plain = bare(_BRACKET.sub("", words))
    return (is_condition(reading, words) and bool(conditions_of(reading, words))) or accepts(reading, plain, use=True)


def _of_setting(label: str) -> bool:
    """Whether a label names a place or a procedure, or a treatment whose bracket says what is prevented in it."""
    plain = _BRACKET.sub("", label).strip(" :*")
    return _PLACE.search(plain) is not None or (
        _TREATMENT.search(plain) is not None and any(map(_PREVENTS.match, _BRACKET.findall(label)))
    )


_ALLERGY_TO = re.compile(
    r"(?:(?:in|for|with|if)\s+)?(?P<drug>[a-z]+)(?:\s+(?:allergy|hypersensitivity|intolerance)|[\s-]allergic(?:\s+(?:patients?|people|adults))?)",
    re.I,
)
_DRUG_KINDS = frozenset(
    "penicillin macrolide sulfa sulpha sulfonamide sulphonamide betalactam lactam quinolone nsaid statin opioid opiate".split()
)


def _is_allergy_to_drug(words: str) -> bool:
    """Whether words name an allergy to a drug, for which another is taken and which this one does not treat."""
    found = _ALLERGY_TO.fullmatch(words.strip(" *:"))
    return found is not None and (is_drug(drug := found["drug"].lower()) or drug in _DRUG_KINDS)


def _tells(said: str) -> bool:
    """Whether words are a sentence, a time or earlier treatment, and no name: "Specialists use it for thrombosis"."""
    plain = _BRACKET.sub("", said)
    if _is_allergy_to_drug(plain) or _TIME_BEFORE.match(plain) or _TREATED_FOR.match(plain) or _HAD_BEFORE.match(plain):
        return True
    return len(plain.split()) > 2 and VERB.search(plain) is not None


def _is_kind_of(said: str, item: Item) -> bool:
    """Whether words such as "relapse", "severe cases" or "poorly responsive ulcers" speak of the label's condition."""
    plain = PURPOSE.sub("", _BRACKET.sub("", said)).strip(" :")
    if GENERIC.fullmatch(plain):
        return True
    label = _BRACKET.sub("", item.label or "").strip(" :")
    if not label or label == plain:
        return False
    last = label.split()[-1].lower().rstrip("s")
    cuts = [len(plain) - len(ending) for ending in (last, last + "s") if plain.lower().endswith(ending)]
    return any(_DEGREE.fullmatch(plain, 0, cut) for cut in cuts)


def _concerns(reading: Reading, item: Item, step: Step) -> bool:
    """Whether a label's condition is an indication where the label speaks of a population or a place as well.

    "Severe renal impairment, multiple myeloma" is, "Hepatic impairment (cholestatic hepatitis)" is not.
    """
    label = item.label or ""
    of_population = step.dosage.population not in ("none", "pregnancy") and bool(read_who(label).get("population"))
    if not of_population and not _SETTING.search(label):
        return True
    said = step.dosage.indication_text or ""
    if not of_population and _labels_within(item, said):
        return True  # "Emergency use: Renal colic (ampoules only): 75 mg"
    return _shares_use(reading, said) or is_use(reading, bare(_BRACKET.sub("", said)))


def _labels_within(item: Item, said: str) -> bool:
    """Whether words are a label of their own behind the item's label."""
    at = item.text.find(said, item.rest_start) if said else -1
    return at >= 0 and _ENDS_LABEL.match(item.text, at + len(said)) is not None


_ENDS_LABEL = re.compile(r"\s*(?:\([^()]*\))?:\s")


def _shares_use(reading: Reading, words: str) -> bool:
    """Whether words share a condition with a label of the usage section."""
    said = condition_words(reading.expand(words))
    return any(said & condition_words(use) for use in reading.usage_labels)


def _set(step: Step, words: str) -> None:
    step.dosage.indication_text = words.strip()
    step.dosage.readable = render(step.dosage)


def _inherit(step: Step, words: str) -> None:
    step.dosage.inherited_fields = "; ".join(filter(None, (step.dosage.inherited_fields, "indication_text")))
    _set(step, words)


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


# "An example for giant cell arteritis"
_SCHEME_FOR = re.compile(
    r"^\W*(?:an?|the|one)\s+(?:[\w-]+\s+)?(?:example|scheme|schedule|plan|protocol)\s+(?:for|in|of|against)\s+", re.I
)
# "2.3 Hyperuricemia": the number of a heading
_ORDINAL = re.compile(r"^\s*\d+(?:\.\d+)*\.?\s+(?=[A-Za-z])")
_FULL_STOP = re.compile(r"\.(?<=[a-z\d)]{2}\.)\s+(?=[A-Z])")
_MAX_HEADING_WORDS = 12


def last_sentence(lead: str) -> str:
    """Of a paragraph that leads in only what stands right above the doses: "Avoid it in asthma. In gout it is given by mouth"."""
    first, *others = _FULL_STOP.split(lead)
    told = others and (len(lead.split()) > _MAX_HEADING_WORDS or VERB.search(first))
    return _SCHEME_FOR.sub("", others[-1] if told else lead)


_COLON = re.compile(r":\s+|\s[–—-]\s")
_MARKS = frozenset(":–—-")


def subject_and_way(reading: Reading, lead: str) -> tuple[str, ...]:
    """A heading "Gout: starting low" as the condition and what is said of its doses; any other as it is."""
    if _MARKS.isdisjoint(lead):
        return (lead,)
    subject, *rest = _COLON.split(lead, maxsplit=1)
    way = "".join(rest)
    if (
        not way
        or len(lead.split()) > _MAX_HEADING_WORDS
        or not (accepts(reading, subject) or in_lead(reading, subject))
    ):
        return (lead,)
    return (subject,) if names_condition(way) and not read_lead(way) else (subject, way)


def _of_list(reading: Reading, item: Item, step: Step, *, label: bool = True) -> None:
    """Take the nearest list parent or lead-in that names a condition: "Cardiac arrest" over "Non-shockable rhythm: 1 mg"."""
    own = tuple(filter(None, (item.label,))) if label else ()
    for lead in (*own, *reversed(item.leads)):
        if lead == reading.title_heading or section_kind(lead, exact=True):
            return
        words = listed_uses(_ORDINAL.sub("", last_sentence(lead)).strip(" :*?"))
        if named := in_lead(reading, words):
            if lead == item.label and _is_state(reading, item, named):
                continue  # "CKD not on dialysis" under "Renal anaemia"
            (_set if lead == item.label else _inherit)(step, _printed(reading, words, named))
            return
        if _of_bracket(reading, words, step):
            return


def _is_state(reading: Reading, item: Item, named: str) -> bool:
    """Whether a label's condition is the state of the people below a heading that says what the dose is for."""
    if not read_who(named).get("population") or normal(reading.expand(named)) in uses(reading):
        return False
    return any(in_lead(reading, _ORDINAL.sub("", x).strip(" .:*")) for x in item.leads[-1:])


def _printed(reading: Reading, lead: str, named: str) -> str:
    """A short lead that lists several conditions stands whole."""
    short = _BRACKET.sub("", lead)
    members = conditions_of(reading, short)
    whole = len(members) > 1 and all(accepts(reading, words) for words, _ in members)
    return short if whole and not VERB.search(short) else named


def _of_bracket(reading: Reading, words: str, step: Step) -> bool:
    """Take the condition in a label's bracket: "52 mg system (contraception)", "ICU use (prevention of stress ulcers)"."""
    for inner in _BRACKET.findall(words):
        inner = next((part for part in re.split(r";\s+", inner) if is_use(reading, bare(part))), inner)
        purpose = PURPOSE.match(inner) is not None or re.search(r"\s(?:prophylaxis|prevention)$", inner) is not None
        members = re.split(r",\s+(?:and\s+|or\s+)?", inner)
        several = len(members) > 1 and all(is_use(reading, bare(part)) for part in members)
        named = bare(re.sub(r"\s(?:prophylaxis|prevention)$", "", inner if several else members[0]))
        known = accepts(reading, named, use=True) or (_PLACE.search(words) and accepts(reading, named))
        if _PLACE.search(named):
            continue
        if known or (purpose and named and not read_who(named)):
            _set(step, named)
            return True
    return False


def _part_of(item: Item, step: Step, parts: list[_Part]) -> int | None:
    """The ordinal of the part that holds the step's amount."""
    amount = _DIGIT.search(item.text, step.start, step.end)
    at = amount.start() if amount else step.start
    return next((k for k, p in enumerate(parts) if p.start <= at < p.end), None)


def _of_sentence(reading: Reading, item: Item, step: Step, parts: list[_Part]) -> bool:
    """Take the condition that the step's sentence names for its doses.

    Beside a label it must be a use of the drug, or of the label's kind: "In severe pulmonary embolism" under "Pulmonary
    embolism". It holds to the end of its sentence. False where it names another condition than the headings do, and does
    not say whether the dose is against it.
    """
    k = _part_of(item, step, parts)
    if k is None:
        return True
    named = parts[k].named
    for p in reversed(parts[:k]):
        if named is not None or parts[k].otherwise or p.sentence != parts[k].sentence:
            break
        named = p.named
    said = step.dosage.indication_text
    if named is None:
        before = next((p for p in reversed(parts[:k]) if p.named is not None or p.otherwise), None)
        inherited = "indication_text" in (step.dosage.inherited_fields or "")
        if before is not None and before.named is not None and inherited and _carries_on(item, before, parts[k], parts):
            _set(step, before.named.words)  # what the sentences before name, and not the heading's
        return True
    if said is not None and (named.by in ("place", "state") or GENERIC.fullmatch(named.words)):
        return True  # the label says what for
    if GENERIC.fullmatch(named.words) and any(p.named is not None and p.named != named for p in parts[:k]):
        return True  # "In severe infections" behind "For pneumonia": of the latter
    amount = _DIGIT.search(item.text, parts[k].start)
    if named.by == "use" and amount is not None and amount.start() < named.start:
        return True
    if said is not None:
        kind = condition_words(reading.expand(named.words)) & condition_words(reading.expand(said))
        against = named.by == "event" or (
            named.by == "opening" and _AGAINST.match(item.text, parts[k].start) is not None
        )
        if not kind and not against and not is_use(reading, named.words):
            if named.by == "people" and step.dosage.population == "none":
                step.dosage.population = "comorbidity"  # "Patients with active cancer" under "Treatment of thrombosis"
                step.dosage.readable = render(step.dosage)
            if named.by == "opening" and not _CHANGE.search(item.text, parts[k].start, parts[k].end):
                _drop(step)  # another condition: whether a use or a state of the patient, the words do not say
                return _FORM_OF.search(named.words) is not None
            return True
        _drop(step)
    _set(step, named.words)
    return True


def _of_column(reading: Reading, item: Item, step: Step) -> None:
    """Take the condition that heads the column of the dose: "| CrCl | Stroke prevention | Treatment of DVT |"."""
    heads = {
        item.columns[k]
        for k, (a, b) in enumerate(item.cells[: len(item.columns)])
        if k > 0 and a < step.end and b > step.start and _DIGIT.search(item.text, a, b)
    }
    named = {words for head in heads if not section_kind(head, exact=True) and (words := in_lead(reading, head))}
    if len(named) == 1:
        _inherit(step, named.pop())
    elif not named and (words := in_lead(reading, item.columns[0])) and is_use(reading, words):
        _inherit(step, words)  # "| Delayed puberty in girls | Dose |" over "| Months 1–6 | 5 mg |"


# A paragraph that leads to the table below it: "Doses for asthma depend on age."
_LEADS_ON = re.compile(
    r"\b(?:dos(?:e|es|ed|age|ages|ing)|treated|regimens?|schedules?|table|below|follow\w*|shown)\b", re.I
)


# "The liquid holds 1 mg in each mL", "Oral solution is 0.5 mg/mL": a strength
_CONCENTRATION = re.compile(
    r"\d[\d.,]*\s?(?:m?g|micrograms?|units?)(?:\s+(?:in|per)\s+|\s?/\s?)(?:each\s+|every\s+|one\s+)?(?:[\d.]+\s?)?(?:m?L|millilit\w+)\b",
    re.I,
)


def _uses_of(reading: Reading, paragraph: Item) -> str | None:
    """The conditions that a sentence of a paragraph lists as the uses of the doses below it."""
    for a, b in ((0, len(paragraph.text)), *paragraph.sentences()):
        words = paragraph.text[a:b].strip(" .")
        listed = listed_uses(words)
        if listed != words and all(accepts(reading, x) for x, _ in conditions_of(reading, listed) or [("", "")]):
            return listed
    return None


_FOR_ONLY = re.compile(
    r"\b(?:treats?|(?:treated|licensed|used|given|indicated|prescribed|approved)\s+for)\s+(?P<words>[^.;:,\d]{3,50}?)\s+(?:only|alone)\b",
    re.I,
)


def _above(reading: Reading, item: Item) -> str | None:
    """The condition of the doses of a table, or below a list item, that the paragraph or item right above them names."""
    above = reading.above_tables.get(item.char_start) if item.columns else item.parent
    if above is None or AMOUNT.search(_CONCENTRATION.sub("", above.text)):
        return None
    if listed := _uses_of(reading, above):
        return listed
    before = alone = None
    for a, b in above.sentences():
        named = in_lead(reading, above.text[a:b].strip(" .:"))
        only = _FOR_ONLY.search(above.text, a, b)
        if only is not None and accepts(reading, words := bare(only["words"])):
            named, alone = None, words  # "In children it treats hypertension only. From 6 to 17 years:"
        if alone and above.text[a:b].endswith(":") and read_who(above.text[a:b]):
            return named or alone
        if _LEADS_ON.search(above.text, a, b) and (named or before):
            return named or before
        before = named or (None if opens_otherwise(above.text, a, b) else before)
    return None


def _behind(reading: Reading, item: Item, step: Step) -> None:
    """Take the condition from behind the dose: "10 mg once daily serves for perennial allergic rhinitis"."""
    quote = item.text[step.start : step.end]
    number = _DIGIT.search(quote)
    for m in _BEHIND.finditer(quote, number.start() if number else 0):
        words = m["condition"]
        if (
            is_condition(reading, words)
            and (
                m["link"].lower() != "in"
                or (is_use(reading, words) and _PURPOSE_ALONE.fullmatch(item.label or "therapy"))
            )
            and not VERB.search(words)
            and not read_who(words)
            and not GENERIC.fullmatch(words)
        ):
            _set(step, words)
            return


_PEOPLE_BEHIND = Cued(
    r"\bin\s+(?:adult\s+|elderly\s+)?(?:patients|adults|children|people|those|women|men)\s+with\s+(?P<condition>[A-Za-z][A-Za-z -]{2,60}?)"
    r"(?=\s*(?:[.,;:()]|$)|\s+(?:and|or|who|in|for|until|if|when)\b)"
)


def _kind_behind(reading: Reading, item: Item, step: Step) -> None:
    """Take the kind of the condition that stands behind the dose: "… in patients with severe gout" below "Gout"."""
    said = (step.dosage.indication_text or "").lower()
    number = _DIGIT.search(item.text, step.start, step.end)
    found = _PEOPLE_BEHIND.search(item.text, number.start() if number else step.end, step.end)
    if found is None:
        return
    words = found["condition"]
    if words.lower() != said and words.lower().endswith(said) and is_condition(reading, words):
        _drop(step)
        _set(step, words)


def _other_behind(reading: Reading, item: Item, step: Step) -> bool:
    """Whether another condition than the heading's stands behind the dose: "2 g daily for scabies" below "Gout".

    Of a use it is the dose; of any other condition, a disease or a symptom, the words do not say, and it has none.
    """
    d = step.dosage
    number = _DIGIT.search(item.text, step.start, step.end)
    for m in _BEHIND.finditer(item.text, number.start() if number else step.end, step.end):
        words = bare(m["condition"])
        if m["link"].lower() not in ("for", "against") or words in (d.as_needed_for or "") or GENERIC.fullmatch(words):
            continue
        use = is_use(reading, words)
        if not use and ("indication_text" not in (d.inherited_fields or "") or not accepts(reading, words)):
            continue
        if condition_words(reading.expand(words)) & condition_words(reading.expand(d.indication_text or "")):
            return False
        _drop(step)
        if use:
            _set(step, words)
        return True
    return False


def _of_paragraph(reading: Reading, item: Item, step: Step, parts: list[_Part]) -> None:
    """Take the condition that a paragraph has named: in its title ("Scabies. The 5% cream …") or a sentence before.

    What a sentence names holds until another opens with something else.
    """
    if item.question is not None or item.columns:
        return
    k = _part_of(item, step, parts)
    if k is None or parts[k].otherwise:
        return
    topics = {p.named.words.lower() for p in parts if p.named is not None}
    for p in reversed(parts[:k]):
        if p.named is not None:
            alone = len(topics) < 2 and p.sentence == 0
            goes_on = alone or p.sentence == parts[k].sentence or _GOES_ON.match(item.text, parts[k].start)
            next_tells = p.sentence + 1 == parts[k].sentence and _TELLS_DOSE.match(item.text, parts[k].start)
            if (p.named.by != "use" and goes_on) or next_tells or _others_of(item, p, parts[k]):
                _set(step, p.named.words)
            return
        if p.otherwise:
            return
    title = _title(item)
    if title and (named := in_lead(reading, title)):
        _set(step, named)


_OF_THE_SAME = re.compile(rf"\s*(?:(?:if|when|then|thereafter|otherwise|alternatively)\b|{SOME_GIVE})", re.I)


def _carries_on(item: Item, before: _Part, part: _Part, parts: list[_Part]) -> bool:
    """Whether a sentence goes on with what the one before it names: "If the patient is not better, 10 mg is given"."""
    by_use = before.named is not None and before.named.by == "use"
    opening = next(p for p in parts if p.sentence == part.sentence)
    goes_on = before.sentence < part.sentence and _OF_THE_SAME.match(item.text, opening.start) is not None
    return (goes_on and not by_use) or _others_of(item, before, part)


# "Those over 65 years take 25 mg"
_THOSE = re.compile(
    r"\s*(?:those|the\s+others|others|the\s+(?:rest|remainder)|(?:older|younger|heavier|lighter)\s+ones)\b", re.I
)


def _others_of(item: Item, before: _Part, part: _Part) -> bool:
    """Whether a sentence speaks of others with the condition of the one before it: "Patients older than 75 years take"."""
    if before.sentence + 1 != part.sentence or before.named is None or before.named.by == "use":
        return False
    who = read_who(item.text[part.start : part.end])
    if _THOSE.match(item.text, part.start):
        return bool(who)
    if before.named.by == "people" and "age_group" in who:
        return people_first(item.text, part.start)  # "Adults with mania start with 2 mg. Adolescents start with 1 mg"
    return "param" in who and read_who(item.text[before.start : before.end]).get("param") == who["param"]


def _title(item: Item) -> str | None:
    """The words that a paragraph begins with as its title: bold, or a few without a verb, with a full stop."""
    if item.label or item.kind != "paragraph":
        return None
    a, b = next(iter(item.sentences()), (0, 0))
    title = item.text[a:b].strip(" .*")
    bold = item.bold_end > 0 and abs(item.bold_end - b) <= 2
    return title if bold or (len(title.split()) <= _MAX_TITLE_WORDS and not VERB.search(title)) else None
