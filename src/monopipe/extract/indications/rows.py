"""Indications as rows: what the words around a condition say of partners, risk, licence, age and earlier treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.indications.licences import WORDS, licence, licences
from monopipe.extract.indications.lists import Condition
from monopipe.extract.indications.words import Limit, age_group, earlier_treatment, limits_in
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal, split
from monopipe.tables import Indication

# "Acute pain" is limited to the acute; "acute lymphoblastic leukaemia" and "COPD" are names of diseases.
_ACUTE = re.compile(
    r"(?:^|\b(?:in|of|due to|stable|unstable|severe|mild|moderate|symptomatic|uncomplicated)\s+)(acute|chronic)\b(?!\s+(?:(?:lympho|myelo|promyelo|mono|granulo|erythro)\w*|obstructive|kidney"
    r"|intermittent|inflammatory demyelinating|fatigue|granulomatous|graft)\b)",
    re.I,
)

_PARTNERS = Cued(
    r"\b(?:in combination with|combined with|together with|given with|added to|in addition to|adjunct to|add-on to|augmentation of|alone or with|(?<=, )with\b(?! or without)|plus|(?<=\()with\b(?! or without)|(?<!associated )with (?=[a-z]+(?:mab|zomib|sone|platin|taxel)))\s*"
    r"(?P<drugs>[^.;()]*?)(?=,?\s+(?:for|in|to|at|as|when|after|it|they)\b|,\s+[\w-]+ (?:is|are|may|can)\b|[.;()]|$)"
)

_NO_DRUG = re.compile(
    r"^(?:(?:little|some|no|good|limited|variable|mixed|poor|great) (?:success|benefit|effect|results?)|other|another|others|diet|exercise|food|water|standard|further|an?other|or other|surgery|(?:general |local )?ana?esthesia"
    r"|psycho\w+|physio\w+|counselling|labou?r)\b.*|^(?:drugs?|therapy)$",
    re.I,
)

_RISK = Cued(
    r"\b((?:low|lower|intermediate|high|higher|standard|very high)-?(?:\s*(?:,|or|and|to|/)\s*(?:low|intermediate|high)(?:-\d)?)*[- ]risk)\b"
)

_BIOMARKER = re.compile(
    r"\b(?:associated with (?:an? )?(?P<named>[^.,;]*(?:abnormality|mutation|deletion|translocation))"
    r"|(?P<marked>[A-Z][A-Za-z0-9-]*\d*[A-Z0-9]*(?:\s+V600E?)?[- ](?:positive|negative|mutated|mutation(?:-positive)?|rearranged)))"
)

_PREREQUISITE = Cued(
    r"\b\w+-dependent \w+|\b(?:after|following|ineligible for|eligible for|with transfusion|transfusion)\s[^.,;|()]*|^outpatients?[^.;]*"
)


def age_of_heads(item: Item) -> Any:
    """The age group that the label of a list, or the words above it, say of all its members: "Adults: gout, angina"."""
    labelled = age_group(item.label or "")
    return labelled if labelled != "unspecified" else age_group(" ".join(item.leads[-1:]))


def limit_of(own: Limit, around: str) -> Limit:
    """The status and phase of a condition: by its own words, else by those around it."""
    named = limits_in(around)[:1]
    status, phase = named[0] if named else (None, None)
    return own[0] or status, own[1] or phase


def row_of(
    reading: Reading,
    item: Item,
    c: Condition,
    sentence: str,
    limit: Limit,
    rule: str,
    whole: str = "",
    whole_start: int | None = None,
) -> Iterator[Indication]:
    """One row; `sentence` is the clause that the condition stands in, `whole` all that may say how it is licensed.

    `whole_start` is where `whole` begins in the item, if not where it is first found.
    """
    condition = reading.named(c.text)
    status, phase = limit
    # "Stroke prevention in …", "Thromboprophylaxis": the name itself says it.
    by_name = [q for q in limits_in(condition) if q[0] in ("prevention", "relapsed_refractory")]
    if by_name and phase is None and status in (None, by_name[0][0]):
        status, phase = by_name[0]
    if rule == "list_item" and (status, phase) == (None, None) and _OF_ATTACKS.match(item.text, c.end):
        status = "prevention"  # "Gout, prevention of flares"
    acute = _ACUTE.search(condition)
    prior = earlier_treatment(f"{sentence}. {item.text[c.end :].split(';')[0]}" if rule == "list_item" else sentence)
    risk, marker = _RISK.search(sentence), _BIOMARKER.search(sentence)
    heads = " ".join((*item.leads[-1:], item.label or ""))  # "Off-label uses:" governs its list
    licensed = licence(c.bracket, sentence, whole)  # "Off-label use: gout (licensed in Japan)"
    licensed = licence(heads) if licensed == "not_stated" else licensed
    named: Any = status or (acute.group(1).lower() if acute else "unspecified")
    if named == "unspecified" and phase is None and _RECEIVED.search(sentence):
        named = "previously_treated"
    # What stands behind the label belongs to the quote; a long list quotes only its member.
    place = item.whole() if rule == "label" else item.at(c.start, c.end)
    affirmed = sentence if rule == "denied_use" else _NOT_FOR.sub("", sentence)
    who: Any = age_group(_without_name(affirmed, c.text))
    if who == "unspecified" and rule == "label":
        who = age_group(_without_name(item.label or "", c.text))
    if who == "unspecified" and rule in ("list_item", "label", "opened_list"):
        who = age_of_heads(item)
    prerequisite = c.prerequisite or prerequisite_in(sentence)
    if prerequisite and re.search(rf"\b(?:during|before) and {re.escape(prerequisite)}", condition):
        prerequisite = None  # "seizures during and after surgery"
    row = Indication(
        **place,
        rule=rule,
        condition=condition,
        condition_norm=normal(reading.expand(c.text)),
        condition_abbrev=_abbreviation(reading, condition),
        disease_status=named,
        treatment_phase=phase or "unspecified",  # type: ignore[arg-type]
        partners=partners_in(reading, ". ".join((c.bracket, sentence, heads))),
        prior_therapies_min=prior.at_least,
        prior_therapy_required=prior.drug,
        risk_category=risk.group(1) if risk else None,
        biomarker=(marker.group("named") or marker.group("marked")) if marker else None,
        prerequisite=prerequisite,
        age_group=who,
        label_status=_label_status(whole, item.text.find(whole) if whole_start is None else whole_start, c) or licensed,
    )
    if _HISTORY.match(c.bracket):
        row.assertion, row.label_status = "negated", "not_stated"
    if in_whom := _licensed_in(c.bracket):
        row.age_group, row.label_status = in_whom, "licensed"
    yield row


_RECEIVED = Cued(
    r"\b(?:has|have)\s+(?:already\s+)?received\s+(?:at\s+least\s+)?(?:one|two|three|\d)\s+(?:or\s+more\s+)?(?:prior|previous)\s+"
    r"(?:lines?\s+of\s+)?(?:therap(?:y|ies)|treatments?|regimens?)\b"
)
_HISTORY = re.compile(
    r"(?:now )?(?:historical(?:ly)?(?: (?:use|only|interest))?|of historical interest|obsolete|abandoned|superseded|no longer \w+|former(?:ly)?(?: use)?|discontinued)\b",
    re.I,
)
"""A bracket that calls a use one of the past: "Angina (historical)"."""
_OF_ATTACKS = re.compile(
    r"\)?\s*[,–(-]\s*(?:for\s+)?(?:the\s+)?(?:prevention|prophylaxis)\s+of\s+(?:[\w-]+\s+){0,3}?(?:relapses?|recurrences?|attacks?|flares?|episodes?|exacerbations?)\b",
    re.I,
)


def _licensed_in(bracket: str) -> Any:
    """In whom a bracket says that a use is licensed, where it is not in others: "(licensed in children, off-label in adults)"."""
    parts = [(age_group(part), licence(part)) for part in re.split(r"[,;]\s+(?:but\s+)?|\s+but\s+", bracket)]
    if len(parts) < 2 or any(age == "unspecified" or how == "not_stated" for age, how in parts):
        return None
    return next((age for age, how in parts if how == "licensed"), None)


def _label_status(sentence: str, start: int, c: Condition) -> Any:
    """Where a sentence names a licensed use and one that is not: the word that stands last before the condition.

    "It is licensed for depression and, off-label, for neuropathic pain."
    """
    named = licences(sentence)
    if len(named) < 2:
        return None
    before = [(m.end(), s) for s in named for m in WORDS[s].finditer(sentence, 0, max(c.start - start, 0))]
    return max(before)[1] if before else None


_NAME = re.compile(r"\S+\s+.+?(?=\s+(?:in|of)\s+|$)", re.I)
# "Varicella: not used in healthy children" says who is not treated.
_NOT_FOR = Cued(r"\b(?:not|never)\s+(?:[\w-]+\s+){0,3}?(?:in|for|under|below)\b[^.;,]*")
_OF_AN_AGE = re.compile(r"\b(?:neonatal|infantile|p(?:a)?ediatric|adolescent|adult|geriatric)\b(?!-)|^infant\b", re.I)


def _without_name(text: str, condition: str) -> str:
    """A text that of the condition's name holds only adjectives of an age.

    "Sudden infant death syndrome" and "preterm labour" say no age of the patients, "late-onset neonatal sepsis" does.
    """
    name = _NAME.match(condition)
    return text.replace(name.group(), " ".join(_OF_AN_AGE.findall(name.group()))) if name else text


def _abbreviation(reading: Reading, condition: str) -> str | None:
    return next((short for short, full in reading.abbreviations.items() if full.lower() == condition.lower()), None)


_NOT_LAST = re.compile(r"\b(?:not|never)\s+$", re.I)


def prerequisite_in(sentence: str) -> str | None:
    """What must have happened, or who the patients must be, beyond the disease: "after surgery", "outpatients"."""
    m = _PREREQUISITE.search(sentence)
    if m is not None and _NOT_LAST.search(sentence, 0, m.start()):
        return None  # "pain (not after tonsillectomy)"
    if m is None or earlier_treatment(m.group()).at_least is not None:
        return None
    return m.group().strip(" .")


_PARTNER_ALONE = re.compile(r"^(?:an?|the)\s+|\s+(?:during|as)\s+\w[\w -]*$", re.I)
"""Words around a partner's name: "corticosteroids during induction"."""


def partners_in(reading: Reading, sentence: str) -> str | None:
    """The drugs that a sentence says it is given with, joined by "; "."""
    m = _PARTNERS.search(sentence)
    if m is None:
        return None
    found = []
    for a, b in split(m.group("drugs")):
        word = _PARTNER_ALONE.sub("", m.group("drugs")[a:b]).strip()
        if word and not _NO_DRUG.match(word) and len(word.split()) <= 4 and word.lower() not in reading.own_names:
            found.append(word)
    return "; ".join(found) or None
