"""Pharmacokinetics: one row for each value of a clause, or for the clause itself where it states no value.

A clause's label or words say which parameter it speaks about, and the unit has to fit it: of "60% is recovered in urine
within 8 hours" the per cent is the value and the hours are not. A value that belongs to a metabolite, a route or a group
of patients is qualified, so that what has no qualifier holds for the drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monopipe.document import Item
from monopipe.extract.measures import Measure, measures
from monopipe.extract.phrasing import Found, lowered, phrasebook
from monopipe.extract.reading import Reading
from monopipe.tables import Pharmacokinetic

_FITS = {
    "time": ("half_life", "tmax", "onset", "duration"),
    "percent": ("bioavailability", "protein_binding", "food_effect", "elimination_route", "absorption", "metabolism"),
    "volume": ("volume_of_distribution",),
    "clearance": ("clearance",),
    "concentration": (),
}
_CLAUSE = re.compile(r"\s*;\s+|,\s+(?:while|whereas|but)\s+")
_BETWEEN_VALUES = re.compile(r",\s+|\s+and\s+|\s*\(|\s+or\s+|\s+to\s+")
_STARTS_KINETIC = re.compile(
    r"(?:(?:its|the|a|an|plasma|serum|oral|elimination|terminal|mean|protein|systemic|renal|apparent|about|roughly|mainly|after|an?|peak|biological|"
    r"approximately|some|first-pass|onset|time)\s+|\d[\d.–-]*\s?%\s+(?:of\s+)?)*"
    r"(?:absorption|bioavailability|half-li(?:fe|ves)|clearance|binding to (?:albumin|plasma|serum)|peaks?\b|metaboli[sz]|excretion|elimination|"
    r"excreted|volume of distribution|onset of|duration of (?:action|effect)|to peak|protein binding|absorbed|a dose is)",
    re.I,
)
_DRUG_IS = re.compile(
    r"(?:\w+\s+)?(?:is|are|was)\s+(?:\w+\s+){0,3}(?:absorbed|metaboli[sz]ed|excreted|eliminated|bound to (?:plasma|albumin|serum)|bioavailable)"
    r"|\w+\s+has\s+an?\s+(?:\w+\s+){0,3}(?:half-life|bioavailability|volume of distribution)",
    re.I,
)
_NO_KINETICS = re.compile(r"mechanism|pharmacodynam|mode of action", re.I)
_NEGATED = re.compile(
    r"^\s*none\b|^\s*not\b|\bnot (?:\w+ )?(?:metaboli|absorbed|eliminated|excreted|removed|bound|affected|dialys)|\bunaffected|\bnor\b"
    r"|\b(?:does|do|did) not (?:\w+ )?(?:affect|reduce|alter|change|influence|delay)|\bno (?:\w+ )?(?:effect|influence)",
    re.I,
)
_MODULATES = re.compile(r"\b(?:inhibit|induc)", re.I)
_METABOLISED = re.compile(r"\bmetaboli[sz]ed\b.*\b(?:eliminated|excreted)", re.I)
_MAY = re.compile(r"\b(?:may|might|could|possibl[ey])\b", re.I)
_OTHERS = (
    re.compile(r"\bfor\s+(?:the\s+|its\s+)?(?P<other>[\w'’-]{5,}(?:\s[\w'’-]+)?)\s*[.,;)]*\s*$"),
    re.compile(
        r"half-li(?:fe|ves) of\s+(?:the\s+|its\s+)?(?P<other>(?!about|approx|around|roughly|some\b|the\b)[A-Za-z][\w'’-]{4,})"
    ),
    re.compile(r"(?P<other>[A-Z]?[\w'’-]{5,}?)(?:['’]s)?\s+has\s+an?\s+(?:\w+\s+){0,2}half-life"),
)
_NO_OTHER = re.compile(
    r"doses?|patients?|adults?|drug|about|plasma|elimin|termin|which|compound|effect|most|several|least|some|parent|inhib|activ|total|this|each",
    re.I,
)
_NOTES = re.compile(r"note|comment|remark|source", re.I)


@dataclass(frozen=True)
class _Frame:
    """What governs the clauses of a text: the item, its span, the parameter and qualifier of its label."""

    reading: Reading
    item: Item
    label: str
    qualifiers: tuple[str, ...] = ()

    @property
    def parameter(self) -> str | None:
        return label_parameter(self.label) if self.label else None


def label_parameter(label: str) -> str | None:
    """The parameter that a label names, if any.

    >>> label_parameter("Time to peak (tablets)"), label_parameter("Mechanism of Action")
    ('tmax', None)
    """
    if _NO_KINETICS.search(label):
        return None
    found = _best(list(phrasebook("kinetic_parameters").scan(label)))
    return found.line["parameter"] if found else None


def is_kinetic_item(item: Item) -> bool:
    """Whether an item speaks of pharmacokinetics, by its section or by its label."""
    if item.topic == "pharmacokinetics":
        return True
    return bool(item.label) and item.question is None and label_parameter(item.label or "") is not None


def is_kinetic_sentence(reading: Reading, item: Item, start: int, end: int) -> bool:
    """Whether a sentence of a text on how the drug works opens with what the body does to the drug."""
    text = item.text[start:end]
    if _STARTS_KINETIC.match(text):
        return True
    if not _DRUG_IS.match(text):
        return False
    subject = text.split(" ", 1)[0].lower()
    return subject in reading.own_names or subject in ("it", "is", "absorbed", "this", "drug")


def pharmacokinetics(reading: Reading) -> Iterator[Pharmacokinetic]:
    """The pharmacokinetic statements of the document."""
    for item in reading.about("pharmacokinetics", "mechanism", "pharmacodynamics", "faqs"):
        if item.structural or item.kind == "other":
            continue
        if item.cells:
            yield from _table_row(reading, item)
            continue
        whole = item.topic != "faqs" and is_kinetic_item(item)
        frame = _Frame(reading, item, item.label or "")
        for start, end in item.sentences():
            if whole or is_kinetic_sentence(reading, item, start, end):
                yield from _sentence(frame, start, end)


def _table_row(reading: Reading, item: Item) -> Iterator[Pharmacokinetic]:
    """The values of a table row `Parameter | Value …`; several value columns qualify their values."""
    if item.topic not in ("pharmacokinetics", "mechanism", "pharmacodynamics") or not label_parameter(item.cell(0)):
        return
    columns = [k for k in range(1, len(item.cells)) if not (k < len(item.columns) and _NOTES.search(item.columns[k]))]
    for k in columns:
        start, end = item.cells[k]
        head = item.columns[k] if k < len(item.columns) and len(columns) > 1 else ""
        if item.text[start:end].strip(" –—-"):
            yield from _sentence(_Frame(reading, item, item.cell(0), (head,) if head else ()), start, end)


def _sentence(frame: _Frame, start: int, end: int) -> Iterator[Pharmacokinetic]:
    text = frame.item.text
    at = start
    carried: str | None = None
    for m in [*_CLAUSE.finditer(text, start, end), None]:
        stop = m.start() if m else end
        if stop - at > 1:
            for fact in _clause(frame, at, stop, carried):
                carried = fact.parameter
                yield fact
        at = m.end() if m else end


def _clause(frame: _Frame, start: int, end: int, carried: str | None) -> Iterator[Pharmacokinetic]:
    """The values of one clause, or the clause as a statement without a value.

    `carried` is the parameter of the clause before, which "half-life 2 h; 3–12 h in neonates" speaks about still.
    """
    text = frame.item.text
    cues = list(phrasebook("kinetic_parameters").scan(text, start, end))
    cues = [c for c in cues if c.line["label"] != "label"]
    told = next((c.line["parameter"] for c in cues if c.start - start < 15), None)
    used = 0
    earlier: tuple[str, ...] = ()
    for measure, a, b in _segments(text, start, end):
        parameter = _parameter(frame, measure, cues, a, b)
        if parameter is None and carried in _FITS[measure.kind]:
            parameter = carried
        if parameter is None:
            continue
        used += 1
        if not frame.label and told == "absorption" != parameter and used == 1:
            yield _row(frame, start, end, told, None, "", None)
        qualifiers, population = _limits(frame, parameter, (start, end), (a, b), measure)
        if qualifiers and qualifiers[-1] in ("range", "usual"):
            qualifiers = (*earlier, *qualifiers) if earlier != qualifiers else qualifiers
        else:
            earlier = qualifiers
        yield _row(frame, start, end, parameter, measure, "; ".join(dict.fromkeys(qualifiers)), population)
    if used == 0:
        best = _best(cues)
        chosen = frame.parameter or ""
        if best and (not chosen or int(best.line["rank"]) < 5 or chosen in ("absorption", "volume_of_distribution")):
            chosen = best.line["parameter"]
        statement = text[start:end]
        if chosen == "metabolism" and not frame.label and _MODULATES.search(statement):
            return  # what the drug does to an enzyme stands in drug_enzymes
        if chosen == "elimination_route" and _METABOLISED.search(statement):
            yield _row(frame, start, end, "metabolism", None, "", None)
        if chosen and re.search(r"\w{3}", statement):
            group = phrasebook("kinetic_populations").first(text, start, end)
            yield _row(frame, start, end, chosen, None, "", text[group.start : group.end] if group else None)


def _segments(text: str, start: int, end: int) -> Iterator[tuple[Measure, int, int]]:
    """The values of a clause, each with the span of words around it that belongs to it."""
    found = list(measures(text, start, end))
    at = start
    for k, measure in enumerate(found):
        stop = end
        if k + 1 < len(found):
            cuts = list(_BETWEEN_VALUES.finditer(text, measure.end, found[k + 1].start))
            opening = [c for c in cuts if "(" in c.group() and "range" not in text[c.start() : c.end() + 6]]
            cut = cuts[-1] if cuts else None
            if opening and text.find(")", opening[0].end(), found[k + 1].start) < 0 and len(cuts) == 1:
                cut = opening[0]
            stop = cut.start() if cut else found[k + 1].start
        yield measure, at, stop
        at = stop


def _parameter(frame: _Frame, measure: Measure, cues: list[Found], start: int, end: int) -> str | None:
    """The parameter of a value: by the words next to it, else by those of its clause, else by the label."""
    fitting = [c for c in cues if c.line["parameter"] in _FITS[measure.kind]]
    near = _best([c for c in fitting if start <= c.start < end])
    ahead = _best([c for c in fitting if c.end <= measure.start])
    if near and (near.line["rank"] == "6" or near.start >= measure.end) and frame.parameter in _FITS[measure.kind]:
        return frame.parameter
    if near is None and frame.parameter in _FITS[measure.kind] and not (ahead and ahead.line["rank"] in "123"):
        return frame.parameter
    found = near or ahead
    return found.line["parameter"] if found else None


def _best(cues: list[Found]) -> Found | None:
    return min(cues, key=lambda c: (int(c.line["rank"]), c.start), default=None)


def _limits(
    frame: _Frame, parameter: str, clause: tuple[int, int], span: tuple[int, int], measure: Measure
) -> tuple[tuple[str, ...], str | None]:
    """What limits a value: its qualifiers, and the population as printed."""
    text = frame.item.text
    found: list[str] = list(frame.qualifiers)
    book = phrasebook("kinetic_qualifiers")
    places = [*book.scan(frame.label), *book.scan(text, *span)]
    places += [f for f in book.scan(text, *clause) if f.line["scope"] == "clause"]
    for place in places:
        line = place.line
        if line["for"] and parameter not in line["for"].split():
            continue
        if line["scope"] == "clause" and found:
            continue
        if line["qualifier"] and line["qualifier"] not in found:
            found.append(line["qualifier"])
    if parameter in ("half_life", "clearance", "tmax", "duration"):
        other = _other_substance(frame.reading, text[span[0] : span[1]])
        if other:
            found.append(other)
    population = phrasebook("kinetic_populations").first(text, *span) or phrasebook("kinetic_populations").first(
        frame.label
    )
    words = None
    if population:
        source = text if population.end <= span[1] and population.start >= span[0] else frame.label
        words = source[population.start : population.end]
    return tuple(found), words


def _other_substance(reading: Reading, segment: str) -> str | None:
    """The metabolite or other substance that a value belongs to: '60 to 100 hours for the nor-metabolite'."""
    for pattern in _OTHERS:
        m = pattern.search(segment)
        if m is None or _NO_OTHER.match(m["other"]) or m["other"].lower() in reading.own_names:
            continue
        if phrasebook("kinetic_populations").first(m["other"]) is None and not any(measures(m["other"])):
            return m["other"]
    return None


def _row(
    frame: _Frame, start: int, end: int, parameter: str, measure: Measure | None, qualifier: str, population: str | None
) -> Pharmacokinetic:
    statement = frame.item.text[start:end]
    fact = Pharmacokinetic(
        **frame.item.at(start, end),
        rule="kinetic_value" if measure else "kinetic_statement",
        assertion=_assertion(statement, measure),  # type: ignore[arg-type]
        parameter=parameter,  # type: ignore[arg-type]
        qualifier=qualifier or None,
        value_text=statement,
        population=population,
    )
    if measure:
        fact.value_low, fact.value_high = measure.low, measure.high
        fact.value_unit, fact.comparator = measure.unit, measure.comparator
        if parameter == "half_life" and measure.hours is not None:
            fact.half_life_hours_low = _hours(measure.low, measure.hours)
            fact.half_life_hours_high = _hours(measure.high, measure.hours)
    return fact


def _hours(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 6)


def _assertion(statement: str, measure: Measure | None) -> str:
    if measure is None and _NEGATED.search(lowered(statement)):
        return "negated"
    return "possible" if _MAY.search(statement) else "affirmed"
