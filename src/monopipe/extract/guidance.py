"""Advice on dosing that is no dose: what to do in which patients, at which threshold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from monopipe import vocabulary
from monopipe.cues import Cued, folded
from monopipe.document import Item
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.reading import Reading
from monopipe.extract.regimens import DOSAGE_KINDS
from monopipe.extract.terms import split
from monopipe.grammar import has_dose, read, read_who
from monopipe.headings import section_kind
from monopipe.tables import DoseGuidance

_ADVICE = tuple(
    (Cued(v["pattern"]), v["recommendation"], re.compile(v["unless"], re.I) if v["unless"] else None)
    for v in vocabulary.rows("guidance")
)
_BASES = tuple((re.compile(v["pattern"], re.I), v["kind"]) for v in vocabulary.rows("guidance_bases"))

# "adjust based on renal function and age": the words behind name what the advice depends on.
_DEPENDS = re.compile(
    r"\b(?:based on|depend(?:s|ing)? on|according to|guided by|in response to|in the context of|in the setting of"
    r"|(?:used|needed|given|suitable|recommended|appropriate|not) (?:in|for|during|after))\s+"
    r"(?:the (?:context|setting|case|event) of\s+)?(?P<basis>[^.;]+)",
    re.I,
)
_LIKE = re.compile(r"\s+(?:like|such as|including)\s+", re.I)
_POSSIBLE = re.compile(r"\b(?:may|might|could|possibly|sometimes)\b", re.I)
_NEGATED_USE = re.compile(r"\b(?:not|never|no)\b", re.I)
_FOR_DRUG = re.compile(
    r"\b(?:dos(?:e|es|age|ing)(?: (?:adjustments?|reductions?|changes?))?|adjustments?) (?:of|for) (?:the )?([a-z][a-z-]{4,})",
    re.I,
)
# A sentence that only points to guidelines advises nothing itself; the deferral says where it points.
_POINTS_ELSEWHERE = Cued(r"\b(?:guidelines?|information|details?)\b[^.]*\b(?:available|found|given) in\b|^see\b")
_EMPTY_BASIS = frozenset("factors needs combination use therapy treatment it them".split())
_HEAD_UNIT = re.compile(r"(.+?)\s*[(\[](.+)[)\]]")
_THRESHOLD = re.compile(r"\d")


def guidance(reading: Reading) -> Iterator[DoseGuidance]:
    """One row per basis and recommendation of a sentence that holds no dose of this drug.

    "Renal impairment: dose adjustments are required." advises adjust_dose on the basis "Renal impairment".
    """
    for item in reading.about(*DOSAGE_KINDS):
        if item.structural and item.kind in ("heading", "table_row"):
            continue
        rows = list(_in_item(reading, item))
        yield from rows


def _in_item(reading: Reading, item: Item) -> Iterator[DoseGuidance]:
    label_basis = _label_basis(item)
    made: dict[tuple[Any, ...], DoseGuidance] = {}
    for a, b in _clauses(item):
        sentence = item.text[a:b]
        if _POINTS_ELSEWHERE.search(sentence):
            continue
        advised = list(_recommendations(sentence))
        # The grammar is asked last: it costs the most.
        if not advised or (has_dose(sentence) and _states_dose(reading, sentence)):
            continue
        for recommendation in advised:
            for basis in _bases(sentence, label_basis, item):
                row = _row(reading, item, a, b, sentence, basis, recommendation)
                if item.question is not None and row.basis_kind == "other":
                    continue  # the answer to a general question; the faqs table holds it
                key = (row.basis_kind, row.basis, row.recommendation, row.for_drug, row.assertion)
                made.setdefault(key, row)
    yield from made.values()


def _clauses(item: Item) -> Iterator[tuple[int, int]]:
    """The clauses of the item's sentences: each side of a semicolon advises for itself."""
    for a, b in item.sentences():
        at = a
        for m in re.finditer(r";\s+", item.text[a:b]):
            yield at, a + m.start()
            at = a + m.end()
        yield at, b


def _states_dose(reading: Reading, sentence: str) -> bool:
    return any(
        s.dosage.dose_high is not None or s.dosage.dose_low is not None or s.dosage.rate_low is not None
        for s in read(sentence, drug_names=reading.own_names)
    )


def _recommendations(sentence: str) -> Iterator[str]:
    """What the sentence advises; "not recommended" keeps "recommended" words from saying anything else."""
    found: list[str] = []
    low = folded(sentence)
    for advice, recommendation, unless in _ADVICE:
        if recommendation in found or not advice.may_match(low) or not advice.expression.search(sentence):
            continue
        if unless is None or not unless.search(sentence):
            found.append(recommendation)
    if "not_recommended" in found or "contraindicated" in found:
        found = [r for r in found if r in ("not_recommended", "contraindicated", "monitor")]
    if "no_adjustment" in found:
        found = [r for r in found if r not in ("adjust_dose", "reduce_dose", "use_allowed", "consider")]
    if "reduce_dose" in found:
        found = [r for r in found if r not in ("adjust_dose", "use_allowed")]
    if len(found) > 1 and "use_allowed" in found:
        found.remove("use_allowed")
    yield from found


def _label_basis(item: Item) -> str | None:
    """The label, or the heading or lead-in right above, when it says on what the advice depends.

    In a table it is the first cell with its column's head: "eGFR (mL/min)", "30–44" give "eGFR 30–44 mL/min".
    """
    if len(item.cells) > 1 and item.columns:
        head = _HEAD_UNIT.fullmatch(item.columns[0])
        name, unit = (head.group(1), head.group(2)) if head else (item.columns[0], "")
        return f"{name} {item.cell(0).strip()} {unit}".strip()
    if item.question is not None:
        return item.question.rstrip("?").strip()
    label = item.label if item.section != "front_matter" else None
    if label and not section_kind(label, "other", exact=True):
        return label
    for lead in reversed(item.leads[1:]):
        if basis_kind(lead) != "other" and len(lead.split()) <= 10:
            return lead
    return label


def _bases(sentence: str, label: str | None, item: Item) -> list[str]:
    """The words that the advice depends on: the label, else what the sentence names, else the sentence's subject."""
    named = _DEPENDS.search(sentence)
    specific = label is not None and basis_kind(label) != "other"
    if named and not specific:
        words = named.group("basis")
        like = _LIKE.search(words)
        spans = list(split(words))
        members = [words[a:b] for a, b in spans]
        if like:
            members = [m for member in members for m in _LIKE.split(member)]
        cleaned = [re.sub(r"^(?:the|a|an|other)\s+", "", m).strip(" .") for m in members]
        kept = [m for m in cleaned if m and m.lower() not in _EMPTY_BASIS and len(m.split()) <= 8]
        if kept:
            return kept
    if label:
        return [label]
    words = " ".join(sentence.split()[:8]).rstrip(".,;")
    return [words]


@cache
def basis_kind(basis: str) -> Any:
    """What kind of basis the words name."""
    for pattern, kind in _BASES:
        if pattern.search(basis):
            return kind
    return "other"


def _row(
    reading: Reading, item: Item, start: int, end: int, sentence: str, basis: str, recommendation: str
) -> DoseGuidance:
    who = read_who(basis)
    if who.get("param") is None:
        who = {**read_who(sentence), **who}
    kind = basis_kind(basis)
    if kind == "other" and item.topic != "clinical_use_cases":
        kind = next((k for k in map(basis_kind, reversed(item.leads[1:])) if k != "other"), "other")
    if kind == "other":
        kind = "setting" if item.topic == "clinical_use_cases" else "other"
        if kind == "other" and basis == item.label:
            kind = basis_kind(sentence)
    elif item.topic == "clinical_use_cases" and kind not in ("age", "renal", "hepatic", "pregnancy"):
        kind = "setting"
    for_drug = _FOR_DRUG.search(sentence)
    other = for_drug.group(1) if for_drug and names_other_drug(for_drug.group(1), reading.own_names) else None
    negated = kind == "setting" and recommendation == "not_recommended" and _NEGATED_USE.search(sentence)
    return DoseGuidance(
        **item.at(start, end),
        rule="dosing_advice",
        assertion="negated" if negated else "possible" if _POSSIBLE.search(sentence) else "affirmed",
        basis_kind=kind,
        basis=basis,
        param=who.get("param"),
        param_low=who.get("param_low"),
        param_high=who.get("param_high"),
        param_unit=who.get("param_unit"),
        recommendation=recommendation,  # type: ignore[arg-type]
        for_drug=other,
        threshold_given=who.get("param") is not None and _THRESHOLD.search(basis + sentence) is not None,
    )
