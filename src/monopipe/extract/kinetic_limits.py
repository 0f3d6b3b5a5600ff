"""What a pharmacokinetic statement is about and limited to: parameter of its label, route, metabolite, patients."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monopipe.document import Item
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.enzymes import names
from monopipe.extract.measures import measures
from monopipe.extract.phrasing import Found, phrasebook
from monopipe.extract.reading import Reading

# "when creatinine clearance is below 30 mL/min": the band belongs to the patients.
_BAND = re.compile(
    r"(?:\s+(?:is|of))?\s*(?:below|under|above|over|less than|more than|[<>≤≥])?\s*\d+(?:\s*(?:[-–—]|to)\s*\d+)?\s*mL/min",
    re.I,
)
# "92–95% (less in uraemia)", "5 h, longer in the elderly", "4 h, twice that in cirrhosis": of these the value is not.
_THAN_IT = (
    r"(?:less|more|longer|shorter|higher|lower|slower|faster|reduced|increased|prolonged|doubled"
    r"|(?:twice|double|half|triple|(?:two|three|four|five|\d+)[ -](?:times|fold))(?:\s+(?:that|as\s+\w+))?)"
)
_ASIDE = re.compile(
    rf"[(,]\s*(?:(?:and|but)\s+)?(?:is\s+|much\s+|slightly\s+|about\s+|nearly\s+|roughly\s+)*{_THAN_IT}\s+"
    r"(?:in|with|when|for|after|if|by|at)\b[^()\d;]*(?=[().;]|$)",
    re.I,
)
# "Some people are slow metabolisers; half-life 89 hours in them".
_IN_THEM = re.compile(
    r"\b(?:in|for) (?:them|these|those(?! over| under| aged| with| on)|such) ?(?:patients|people|persons|subjects)?\b",
    re.I,
)
_OPENS = re.compile(r"\s*\(\s*(?:up\s+to\s+|about\s+|to\s+|some\s+)?")
# "food shortens it to 5.5 hours"
_FOOD_MAKES = re.compile(
    r"\b(?:food|meals?|breakfast)\s+(?:\w+\s+)?(?:shorten|prolong|delay|lengthen|bring|reduc|rais|lower|increas|decreas)\w*\s+(?:it|this|that|the (?:time|peak|tmax))?\s*(?:from\s+[^,;]{1,20}\s)?to\s+(?:about\s+)?$",
    re.I,
)
# "The anticoagulant effect peaks at 72 h": the level does not.
_EFFECT_PEAKS = re.compile(
    r"\b(?:effect|action|response)\s+(?:[\w-]+\s+){0,6}?peaks?\b|\b(?:peak|maximum|maximal) (?:effect|action|response)\b",
    re.I,
)
# "3.5 times creatinine clearance" compares, and tells of no patients.
_BESIDE_CLEARANCE = re.compile(r"\b(?:times|than|exceed(?:s|ing)?|equals?|equal to|close to)\s+(?:the\s+)?$", re.I)
_NO_KINETICS = re.compile(r"mechanism|pharmacodynam|mode of action", re.I)
_SENTENCE = re.compile(r"\w\s+(?:is|are|was|were)\s+\w")
"""A label that is the beginning of a sentence: "Absorption from the gut is almost complete: …"."""

_OTHERS = (
    re.compile(r"\bfor\s+(?P<other>M\d{1,2})\b"),
    re.compile(r"\bfor\s+(?:the\s+|its\s+)?(?P<other>[\w'’-]{5,}(?:\s[\w'’-]+)?)\s*[.,;)]*\s*$"),
    re.compile(
        r"half-li(?:fe|ves) of\s+(?:the\s+|its\s+)?(?P<other>(?!about|approx|around|roughly|some\b|the\b)[A-Za-z][\w'’-]{4,})"
    ),
    re.compile(r"(?P<other>[A-Z]{2,}|[A-Z]{1,4}-?\d[\w-]*|\d+-[A-Z]{1,4})\s+has\s+an?\s+(?:\w+\s+){0,2}half-life"),
    re.compile(r"(?P<other>[A-Z]?[\w'’-]{5,}?)(?:['’]s)?\s+has\s+an?\s+(?:\w+\s+){0,2}half-life"),
)
_NO_OTHER = re.compile(
    r"doses?|patients?|adults?|drug|about|plasma|elimin|termin|which|compound|effect|most|several|least|some|parent|inhib|activ|total|this|each",
    re.I,
)
_SUBJECT = re.compile(
    r"([A-Z][a-z]{5,})\s+(?:is|are)\s+(?:\w+\s+){0,2}"
    r"(?:metaboli|broken|excreted|eliminated|inactivated|cleared|conjugated|hydroly)"
)
_NO_SUBJECT = re.compile(r"Metabolites?|Elimination|Clearance|Absorption|Excretion", re.I)


@dataclass(frozen=True)
class Frame:
    """What governs the clauses of a text: the item, its span, the parameter and qualifier of its label."""

    reading: Reading
    item: Item
    label: str
    qualifiers: tuple[str, ...] = ()

    @property
    def parameter(self) -> str | None:
        """The parameter that the label names."""
        if not self.label or _SENTENCE.search(self.label):
            return None
        return label_parameter(self.label)


def label_parameter(label: str) -> str | None:
    """The parameter that a label names, if any.

    >>> label_parameter("Time to peak (tablets)"), label_parameter("Mechanism of Action")
    ('tmax', None)
    """
    if _NO_KINETICS.search(label):
        return None
    if label.strip(" .:*").lower() in _WAYS_OUT:
        return "elimination_route"
    found = best_cue([c for c in phrasebook("kinetic_parameters").scan(label) if c.line["parameter"]])
    return found.line["parameter"] if found else None


_WAYS_OUT = frozenset(("renal", "kidney", "kidneys", "hepatobiliary"))
"""Labels that are as a whole the way by which the drug leaves."""


def best_cue(cues: list[Found]) -> Found | None:
    """The most telling of the words for a parameter: the lowest rank, then the first."""
    return min(cues, key=lambda c: (int(c.line["rank"]), c.start), default=None)


def limits(
    frame: Frame, parameter: str, clause: tuple[int, int], span: tuple[int, int], at: int
) -> tuple[tuple[str, ...], str | None]:
    """What limits the value that stands at a place: its qualifiers, and the population as printed."""
    text = frame.item.text
    if aside := _ASIDE.search(text, at, span[1]):
        span = span[0], aside.start()
    for of_those in _ASIDE.finditer(text, clause[0], at):
        if _OPENS.fullmatch(text, of_those.end(), at):
            span = of_those.start(), span[1]  # "doubled in heart failure (6–8 hours)"
    found: list[str] = list(frame.qualifiers)
    book = phrasebook("kinetic_qualifiers")
    places = [*book.scan(frame.label), *book.scan(text, *span)]
    places += [f for f in book.scan(text, *clause) if f.line["scope"] == "clause"]
    if parameter == "food_effect":  # "delays the peak a little and lowers the AUC by 7%"
        places = [p for p in book.scan(text, span[0], at) if parameter in p.line["for"].split()][-1:] or places
    for place in places:
        line = place.line
        if line["for"] and parameter not in line["for"].split():
            continue
        if line["scope"] == "clause" and found:
            continue
        if line["qualifier"] == "range" and at < place.start < span[1]:
            continue  # "58 days (range 15–142)"
        words = text[place.start : place.end] if line["qualifier"] == "as printed" else line["qualifier"]
        if words and words not in found:
            found.append(words)
    if parameter == "metabolism":
        found += [n.enzyme for n in names(text, span[0], at) if _BEFORE_VALUE.fullmatch(text, n.end, at)]
    if parameter in ("tmax", "half_life", "bioavailability") and not found and _FOOD_MAKES.search(text, span[0], at):
        found.append("with food")
    if parameter == "tmax" and _EFFECT_PEAKS.search(text, *span):
        found.append("effect")
    other = None
    if parameter in ("half_life", "clearance", "tmax", "duration"):
        other = _other_substance(frame.reading, text[span[0] : span[1]])
    if other is None and parameter != "food_effect":
        other = _named_before(frame.reading, text, span[0], at) or _given_behind(frame.reading, text, at, span[1])
    if other is None and parameter == "half_life":
        other = _stranger(text, span[0], at)
    if other:
        found.append(other)
    groups = phrasebook("kinetic_populations")
    population, source = groups.first(text, *span), text
    if population is None and _IN_THEM.search(text, *span):
        population = next(reversed(list(groups.scan(text, frame.item.rest_start, span[0]))), None)
    if population and _BESIDE_CLEARANCE.search(source, span[0], population.start):
        population = None
    if population is None:
        population, source = groups.first(frame.label), frame.label
    if population is None:
        return tuple(found), None
    band = _BAND.match(source, population.end)
    return tuple(found), source[population.start : band.end() if band else population.end]


def route_or_substance(frame: Frame, start: int, end: int) -> str:
    """What limits a statement without a value: its route, or the metabolite that it tells of."""
    subject = _SUBJECT.match(frame.item.text, start, end)
    if subject and not _NO_SUBJECT.match(subject[1]) and subject[1].lower() not in frame.reading.own_names:
        return subject[1]
    places = phrasebook("kinetic_qualifiers").scan(frame.item.text, start, end)
    return next((p.line["qualifier"] for p in places if p.line["scope"] == "route"), "")


_BEFORE_VALUE = re.compile(r"\s*[(:–-]?\s*(?:about\s+|up\s+to\s+|[<>~≈≤≥]\s*)?")  # "CYP3A4 60%, CYP2C9 (22%)"
_NAME = re.compile(r"(?<![\w-])(?:[\w-]{6,}|M\d{1,2}(?![\w-]))")
_BESIDE = re.compile(
    r"\b(?:(?P<given>(?<!compared )(?:together )?with|after|during|on)|with|without|by|than|like|unlike|versus|vs\.?|as|from|into|to|before|and|or)\s+(?:[\w-]+\s+)?$",
    re.I,
)
_AT_ONCE = re.compile(r"[\s(:–-]*")


def _named_before(reading: Reading, text: str, start: int, at: int) -> str | None:
    """The drug or metabolite whose value it is: "fluoxetine is 94% bound", "7-hydroxymethotrexate 90–95%".

    A drug that this one is compared with has no part in the value; one that is given with it limits it.
    """
    for m in reversed(list(_NAME.finditer(text, start, at))):
        word = m.group().lower()
        if word in reading.own_names:
            return None
        if _NO_OTHER.match(word):
            continue
        derived = len(word) < 4 or any(len(name) > 5 and word.endswith(name) for name in reading.own_names)
        if derived or names_other_drug(word, reading.own_names):
            beside = _BESIDE.search(text, start, m.start())
            if beside and beside["given"]:
                return text[beside.start() : m.end()]
            return None if beside and not _AT_ONCE.fullmatch(text, m.end(), at) else m.group()
    return None


_GIVEN_BEHIND = re.compile(
    r"[^,;()]{0,30}?\b(?P<given>(?<!compared )(?:together )?with (?:concomitant |added |enzyme |strong |an? |the )?(?P<drug>[\w-]{5,}))",
    re.I,
)
_MODULATORS = ("inducers", "inhibitors", "inducer", "inhibitor")


# "half-life 49 hours; etretinate about 120 days": a strange word where the substance stands, behind the drug's own value
_STRANGE = re.compile(
    r"\s*(?:and\s+)?(?:that\s+of\s+)?(?P<word>[a-z][a-z-]{6,}(?:ate|ide|one|ine|ol|yl|acid))\s+(?:is\s+|has\s+)?(?:about\s+|around\s+|approximately\s+|up\s+to\s+)?$"
)
_NO_STRANGER = frozenset(
    "baseline approximate appropriate alone routine combine estimate intermediate moderate immediate remainder ultimate".split()
)


def _stranger(text: str, start: int, at: int) -> str | None:
    """The word alone before a later value of a text, when it is shaped as the name of a substance."""
    m = _STRANGE.match(text[start:at])
    return m["word"] if m and m["word"] not in _NO_STRANGER and not text[:start].strip().endswith(".") else None


def _given_behind(reading: Reading, text: str, at: int, end: int) -> str | None:
    """The drug that it is given with, behind the value: "14 h with carbamazepine"."""
    m = _GIVEN_BEHIND.match(text, at, end)
    word = m["drug"].lower() if m else ""
    return m["given"] if m and (word in _MODULATORS or names_other_drug(word, reading.own_names)) else None


def _other_substance(reading: Reading, segment: str) -> str | None:
    """The metabolite or other substance that a value belongs to: '60 to 100 hours for the nor-metabolite'."""
    for pattern in _OTHERS:
        m = pattern.search(segment)
        if m is None or _NO_OTHER.match(m["other"]) or m["other"].lower() in reading.own_names:
            continue
        if phrasebook("kinetic_populations").first(m["other"]) is None and not any(measures(m["other"])):
            return m["other"]
    return None
