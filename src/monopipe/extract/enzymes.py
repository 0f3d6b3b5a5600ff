"""Enzymes and transporters, and the drug's own role at them.

A name counts only with words about this drug: "metabolised by CYP1A2, with minor contributions from CYP2J2" makes it
a substrate of both, "CYP3A4 inducers lower its level" says nothing, since there the enzyme describes another drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from monopipe.document import Item
from monopipe.extract.phrasing import Found, lowered, phrasebook
from monopipe.extract.reading import Reading
from monopipe.tables import DrugEnzyme

_NUMBERED = re.compile(
    r"\b(?P<whole>cyp\s?450|cytochrome p[\s-]?450|cyp(?=s?\s(?:enzyme|substrate|system)))(?![\s-]?\d[a-z]\d)"
    r"|\b(?P<family>cyp|ugt|oatp|oat|oct|sult|gst)[\s-]?(?:450[\s-]?)?(?P<form>\d{1,2}[a-z]\d{1,2}|\d[a-z]?\d?(?!\d)|p1b\d)"
)
_FURTHER = re.compile(r"\s*(?:,|/|;|\band/or\b|\band\b|\bor\b|&)+\s*(?:and\s+)?(\d{1,2}[a-z]\d{1,2})\b")
_PROPERTY = re.compile(
    r"(?:\s*(?:,|/|and/or|and|or|&)\s*(?:p-gp|p-glycoprotein|bcrp|cyp\w+|\d\w+))*"
    r"[\s-]*(?:/\s*)?(?:pathway |enzyme )?(?:inhibit(?:or|ors)|induc(?:er|ers)|inhibition\b|induction\b|substrates|poor metaboli|genotyp|variant"
    r"|mediated metabolism of)"
)
_BREAK = re.compile(r"[;:.]\s|\bwhile\b|\bwhereas\b|\bbut\b")
_OTHER_SUBJECT = re.compile(r"\s*([A-Z][a-z]{4,})\s+(?:is|are|was)\s")
_TRANSPORTERS = ("oatp", "oat", "oct")


class Name:
    """An enzyme's name in a text."""

    __slots__ = ("end", "enzyme", "kind", "start")

    def __init__(self, start: int, end: int, enzyme: str, kind: Literal["enzyme", "transporter"]) -> None:
        self.start, self.end, self.enzyme, self.kind = start, end, enzyme, kind


def names(text: str, start: int = 0, end: int | None = None) -> Iterator[Name]:
    """The enzymes and transporters named in text[start:end], in order.

    >>> [n.enzyme for n in names("CYP1A2, 2C9 and 2J2; a substrate of P-gp")]
    ['CYP1A2', 'CYP2C9', 'CYP2J2', 'P-glycoprotein']
    """
    low = lowered(text)
    end = len(text) if end is None else end
    found: list[Name] = []
    for m in _NUMBERED.finditer(low, start, end):
        if m["whole"]:
            found.append(Name(m.start(), m.end(), "CYP450", "enzyme"))
            continue
        family = m["family"]
        kind: Literal["enzyme", "transporter"] = "transporter" if family in _TRANSPORTERS else "enzyme"
        found.append(Name(m.start(), m.end(), family.upper() + m["form"].upper(), kind))
        at = m.end()
        while (more := _FURTHER.match(low, at, end)) is not None:
            found.append(Name(more.start(1), more.end(1), family.upper() + more[1].upper(), kind))
            at = more.end()
    for phrase in phrasebook("enzymes").scan(text, start, end):
        is_enzyme = phrase.line["kind"] == "enzyme"
        found.append(Name(phrase.start, phrase.end, phrase.line["enzyme"], "enzyme" if is_enzyme else "transporter"))
    found.sort(key=lambda name: name.start)
    return iter(found)


def drug_enzymes(reading: Reading) -> Iterator[DrugEnzyme]:
    """The roles of this drug at enzymes and transporters."""
    for item in reading.about("pharmacokinetics", "mechanism", "pharmacodynamics", "interactions"):
        low = item.text.lower()
        if not _may_name(low):
            continue
        label_is_metabolism = bool(item.label) and bool(
            re.search(r"metaboli|biotransform|activation", item.label or "", re.I)
        )
        for start, end in item.sentences():
            yield from _sentence(reading, item, start, end, label_is_metabolism)


def _may_name(low: str) -> bool:
    return "cyp" in low or phrasebook("enzymes").first(low) is not None or _NUMBERED.search(low) is not None


def _sentence(reading: Reading, item: Item, start: int, end: int, substrate: bool) -> Iterator[DrugEnzyme]:
    """The roles that one sentence states."""
    text = item.text
    about_other = _is_about_other(reading, item, start, end)
    cuts = [start, *(m.end() for m in _BREAK.finditer(text, start, end)), end]
    carried: Found | None = None
    for a, b in pairwise(cuts):
        found = list(names(text, a, b))
        if not found:
            continue
        cues = list(phrasebook("enzyme_roles").scan(text, a, b))
        role_cue = next((c for c in cues if c.line["sense"] in ("substrate", "inhibitor", "inducer")), carried)
        carried = role_cue
        for name in found:
            if _PROPERTY.match(lowered(text), name.end):
                continue
            yield from _role(item, (start, end), name, cues, role_cue, substrate, about_other)


def _is_about_other(reading: Reading, item: Item, start: int, end: int) -> bool:
    """Whether the sentence tells of another substance: 'Fluorouracil is broken down by …' in its prodrug's text."""
    m = _OTHER_SUBJECT.match(item.text, start, end)
    if item.topic == "interactions":
        low = lowered(item.text[start:end])
        return item.label is not None or not any(
            low.startswith((n, "it ", "this drug", "the drug")) for n in reading.own_names
        )
    return (
        m is not None
        and m[1].lower() not in reading.own_names
        and m[1].lower() not in ("metabolism", "elimination", "clearance", "absorption", "excretion", "approximately")
    )


def _role(
    item: Item,
    span: tuple[int, int],
    name: Name,
    cues: list[Found],
    role_cue: Found | None,
    substrate: bool,
    about_other: bool,
) -> Iterator[DrugEnzyme]:
    roles = [c for c in cues if c.line["sense"] in ("substrate", "inhibitor", "inducer")]
    before = [c for c in roles if c.end <= name.start]
    after = [c for c in roles if name.end <= c.start < name.end + 40]
    cue = before[-1] if before else after[0] if after else role_cue
    role = cue.line["sense"] if cue else "substrate" if substrate else None
    if role is None or about_other:
        return
    negated = any(c.line["sense"] == "negated" and c.end <= name.start for c in cues)
    if name.enzyme == "CYP450" and not negated:
        return
    share = [c.line["sense"] for c in cues if c.end <= name.start and c.line["sense"] in ("major", "minor")]
    potency = [c.line["sense"] for c in cues if c.end <= name.end and c.line["sense"] in ("strong", "moderate", "weak")]
    yield DrugEnzyme(
        **item.at(*span),
        rule="enzyme_role",
        assertion="negated" if negated else "affirmed",
        enzyme=name.enzyme,
        kind=name.kind,
        role=role,  # type: ignore[arg-type]
        contribution=share[-1] if share and role == "substrate" and not negated else "unspecified",  # type: ignore[arg-type]
        potency=potency[-1] if potency and role != "substrate" and not negated else None,  # type: ignore[arg-type]
    )
