"""What a label says a dose is for: a condition of its own, a kind of one, or none: an event, a time, a place."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import GENERIC, PURPOSE, condition_words, conditions_of, is_condition
from monopipe.extract.doses.condition_fields import take
from monopipe.extract.doses.condition_phrases import VERB, accepts, bare, in_other_words, is_use
from monopipe.extract.doses.surroundings import AMOUNT
from monopipe.extract.drug_words import is_drug
from monopipe.extract.reading import Reading
from monopipe.grammar import Step, read_who

# Behind a label, these words make it a reason to change the dose.
CHANGES = re.compile(
    r"\W*(?:(?:temporarily|permanently)\s+)?(?:reduce|decrease|lower|halve|withhold|hold|interrupt|omit|suspend|stop"
    r"|discontinue|pause|taper|resume|restart|delay|skip"
    r"|remove|take\s+(?:the\s+|any\s+|every\s+)?[\w-]+\s+off)\b"
    r"|\W*(?:the\s+)?(?:daily\s+)?(?:dos(?:e|age)|treatment|therapy|infusion)\s+(?:(?:should|must|may|can|has\s+to|needs\s+to)\s+be|is)\s+(?:\w+ly\s+)?"
    r"(?:reduced|decreased|lowered|halved|withheld|held|interrupted|suspended|stopped|discontinued|paused|tapered|resumed|restarted|delayed)\b",
    re.I,
)
_AFTERWARDS = re.compile(r"\W*(?:after|following|upon|on|in\s+case\s+of|in\s+the\s+event\s+of)\s", re.I)
_DEVELOPS = re.compile(
    r"\W*(?:if|when)\s+(?:an?\s+|the\s+)?(?P<what>[^.;,:]{3,40}?)\s+(?:develops?|occurs?|appears?|arises?|emerges?)\b",
    re.I,
)
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
HAD_BEFORE = re.compile(
    r"\W*(?:(?:no|without|with|any|one|after)\s+)?(?:previous|prior|earlier|preceding)\s+(?:\w+\s+){0,2}?(?:\w*therap(?:y|ies)|treatments?|use|exposure|biologics?|lines?)\b"
    r"|\W*(?:after|following)\s+(?:failure|intolerance|loss\s+of\s+response|progression)\s+(?:of|to|on|with)\s"
    r"|\W*(?:[\w-]+\s+)?(?:[\w-]+[\s-])?na[iï]ve(?:\s+(?:patients|people|adults))?\W*$"
    r"|\W*(?:heavily\s+|not\s+)?(?:yet\s+|previously\s+|pre-?)?(?:un)?treated(?:\W*$|\s+(?:with|patients|people|adults)\b)",
    re.I,
)
_THEN_CHANGES = re.compile(rf"\W*(?:once|when|if|as\s+soon\s+as|after)\s[^,.;]*,\s*(?:then\s+)?{CHANGES.pattern}", re.I)
_BRACKET = re.compile(r"\(([^()]*)\)")
_SETTING = re.compile(
    r"\b(?:department|intensive|critical|emergency|icu|ward|theatre|ambulance|home|hospital|ventilation|intubation|cardiac arrest|resuscitation)\b",
    re.I,
)
# A label of a place or a procedure: what the dose is for stands in its bracket, if it does.
_PLACE = Cued(
    r"\b(?:ventilation|intensive|critical|icu|emergency (?:department|room|use|care)|surg(?:ery|ical)|procedures?|intubation|operating"
    r"|perioperative|h(?:a)?emodialysis|ambulance|pre-?hospital)\b"
)
_TEST = re.compile(r"\b(?:diagnos\w+|challenge|provocation|testing)\b", re.I)
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
# "Relapse prevention (MDD)": which disease, the bracket says.
PURPOSE_ALONE = re.compile(
    r"(?:(?:long[- ]term|acute|relapse|recurrence|continuation|secondary|primary)\s+)*"
    r"(?:prevention|prophylaxis|prev|proph|maintenance|treatment|continuation|augmentation|augmenting|induction|therapy|tx)",
    re.I,
)


def without_drugs(said: str) -> str:
    """A label's condition without the drugs that stand beside it: "HTN + HCTZ", "Peptic ulcer with amoxicillin"."""
    first, *others = _PLUS.split(said)
    return first.strip() if first.strip() and others and all(is_drug(word.strip().lower()) for word in others) else said


_PLUS = re.compile(r"\s(?:\+|plus|with|on)\s")


def told_otherwise(reading: Reading, item: Item, step: Step) -> str | None:
    """The use in the bracket of the lead that a step has its condition from."""
    said = step.dosage.indication_text
    if not said or "indication_text" not in (step.dosage.inherited_fields or ""):
        return None
    return next((w for lead in item.leads if said in lead and (w := in_other_words(reading, lead))), None)


def is_time_of_change(label: str, item: Item) -> bool:
    """Whether a label tells after what a dose is changed: "After myalgia on 40 mg: once it has gone, restart at 10 mg"."""
    develops = _DEVELOPS.match(item.text, item.rest_start)
    if develops and develops["what"].lower() == _BRACKET.sub("", label).strip(" :*").lower():
        return True  # "Dyspepsia: if dyspepsia develops, reduce to 250 mg"
    if _AFTERWARDS.match(label) is None:
        return False
    return AMOUNT.search(label) is not None or _THEN_CHANGES.match(item.text, item.rest_start) is not None


def names_condition_itself(reading: Reading, words: str) -> bool:
    """Whether words are the name of a condition, or of a use of the drug, and no more."""
    plain = bare(_BRACKET.sub("", words))
    return (is_condition(reading, words) and bool(conditions_of(reading, words))) or accepts(reading, plain, use=True)


def is_of_setting(label: str) -> bool:
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


def is_allergy_to_drug(words: str) -> bool:
    """Whether words name an allergy to a drug, for which another is taken and which this one does not treat."""
    found = _ALLERGY_TO.fullmatch(words.strip(" *:"))
    return found is not None and (is_drug(drug := found["drug"].lower()) or drug in _DRUG_KINDS)


def tells(said: str) -> bool:
    """Whether words are a sentence, a time or earlier treatment, and no name: "Specialists use it for thrombosis"."""
    plain = _BRACKET.sub("", said)
    if is_allergy_to_drug(plain) or _TIME_BEFORE.match(plain) or _TREATED_FOR.match(plain) or HAD_BEFORE.match(plain):
        return True
    return len(plain.split()) > 2 and VERB.search(plain) is not None


def is_kind_of(said: str, item: Item) -> bool:
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


# "Mild to moderate", "Severe": how bad it is.
_SEVERITY = r"(?:very\s+)?(?:mild|moderate|severe|life-threatening)"
_SEVERITIES = re.compile(rf"{_SEVERITY}(?:\s*(?:to|or|and|–|-|/)\s*{_SEVERITY})*", re.I)


def of_other_degree(said: str, item: Item) -> str | None:
    """The condition of a label within a label that is for another degree of it.

    Under "Mild to moderate pain" "severe pain" is itself, under "Mild hyperthyroidism" "moderate" is hyperthyroidism.
    """
    label = _BRACKET.sub("", item.label or "").strip(" :*")
    degree, own = _SEVERITIES.match(label), _SEVERITIES.match(said)
    if degree is None or own is None or degree.group().lower() == own.group().lower():
        return None
    disease, of = label[degree.end() :].strip(), said[own.end() :].strip(" :*")
    if not disease or of.lower() not in ("", disease.lower()):
        return None
    return said if of else disease


def concerns(reading: Reading, item: Item, step: Step) -> bool:
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
    return shares_use(reading, said) or is_use(reading, bare(_BRACKET.sub("", said)))


def _labels_within(item: Item, said: str) -> bool:
    """Whether words are a label of their own behind the item's label."""
    at = item.text.find(said, item.rest_start) if said else -1
    return at >= 0 and _ENDS_LABEL.match(item.text, at + len(said)) is not None


_ENDS_LABEL = re.compile(r"\s*(?:\([^()]*\))?:\s")


def shares_use(reading: Reading, words: str) -> bool:
    """Whether words share a condition with a label of the usage section."""
    said = condition_words(reading.expand(words))
    return any(said & condition_words(use) for use in reading.usage_labels)


def of_bracket(reading: Reading, words: str, step: Step) -> bool:
    """Take the condition in a label's bracket: "52 mg system (contraception)", "ICU use (prevention of stress ulcers)"."""
    for inner in _BRACKET.findall(words):
        inner = next((part for part in re.split(r";\s+", inner) if is_use(reading, bare(part))), inner)
        purpose = PURPOSE.match(inner) is not None or re.search(r"\s(?:prophylaxis|prevention)$", inner) is not None
        members = re.split(r",\s+(?:and\s+|or\s+)?", inner)
        several = len(members) > 1 and all(is_use(reading, bare(part)) for part in members)
        named = bare(re.sub(r"\s(?:prophylaxis|prevention)$", "", inner if several else members[0]))
        told = (_PLACE.search(words) or _TEST.search(words)) and accepts(reading, named)
        known = accepts(reading, named, use=True) or told
        if _PLACE.search(named) or is_allergy_to_drug(named):
            continue
        if known or (purpose and named and not read_who(named)):
            take(step, named)
            return True
    return False
