"""Advice on dosing that is no dose: what to do in which patients, at which threshold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from monopipe import vocabulary
from monopipe.cues import Cued, folded
from monopipe.document import Item
from monopipe.extract.doses.regimens import DOSAGE_KINDS
from monopipe.extract.dosing_advice import recommendations
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.reading import Reading
from monopipe.extract.terms import split
from monopipe.extract.thresholds import Threshold, named, thresholds
from monopipe.grammar import has_dose, read, read_who
from monopipe.headings import section_kind
from monopipe.tables import DoseGuidance

_BASES = tuple((Cued(v["pattern"]), v["kind"]) for v in vocabulary.rows("guidance_bases"))
# What a clause may advise beside a dose that it states: "25 mg daily, and check potassium after a week".
_BESIDE_DOSE = frozenset(("monitor", "interrupt"))
# "adjust based on renal function and age": the words behind name what the advice depends on.
_DEPENDS = Cued(
    r"\b(?:based on|depend(?:s|ing)? on|according to|guided by|in response to|in the context of|in the setting of"
    r"|(?:used|needed|given|suitable|recommended|appropriate|not|advised|role|place|use|caution|none) (?:in|for|during|after))\s+"
    r"(?:the (?:context|setting|case|event) of\s+)?(?P<basis>[^.;]+)"
)
_SUBJECT = re.compile(r"(?P<basis>[A-Z][^.;,:]{3,60}?)\s+(?:have|has|is|are|needs?|should|may|must|does|do)\b")
_LIKE = re.compile(r"\s+(?:like|such as|including)\s+", re.I)
_REASON = Cued(r",?\s+(?:because|since|(?<!such )as|although|though|even though|but|so|unless)\s.*", re.I | re.S)
_BASIS_LEAD = re.compile(r"^(?:(?:nor|or|and)\s+)?(?:(?:in|for|with|during|after)\s+)?(?:(?:the|a|an|other)\s+)?", re.I)
_BOTH = re.compile(r"(?P<one>\w+)\s*(?:/|\bor\b|\band\b)\s*(?P<two>\w+)\s+(?P<noun>impairment|dysfunction|disease|failure|insufficiency)", re.I)  # fmt: skip
_PARTS = re.compile(r"\s*/\s*|,\s+(?:or\s+|and\s+)?|\s+(?:or|and)\s+(?!more\b|above\b|over\b|older\b|less\b)", re.I)
_POSSIBLE = Cued(r"\b(?:may|might|could|possibly|sometimes)\b")
_NEGATED_USE = re.compile(r"\b(?:not|never|no)\b", re.I)
_FOR_DRUG = Cued(
    r"\b(?:dos(?:e|es|age|ing)(?: (?:adjustments?|reductions?|changes?))?|adjustments?) (?:of|for) (?:the )?([a-z][a-z-]{4,})"
)
# A sentence that only points to guidelines advises nothing itself; the deferral says where it points.
_POINTS_ELSEWHERE = Cued(r"\b(?:guidelines?|information|details?)\b[^.]*\b(?:available|found|given) in\b|^see\b")
_GENERIC = re.compile(r"\bcomorbid", re.I)
_EMPTY_BASIS = frozenset("factors needs combination use therapy treatment it them".split())
_HEAD_UNIT = re.compile(r"(.+?)\s*[(\[](.+)[)\]]")
# An age that bounds advice: "under 12 years", "children of 6 months"; "3 months before surgery" is a time.
_AGE = re.compile(
    r"(?:\b(?:aged?|under|below|over|above|older than|younger than|at least|from|up to|less than|children|infants|adults|patients)\b|[<>≤≥])"
    r"\D{0,12}\d+(?:\s*(?:[-–—]|to|and)\s*\d+)?\s*(?:years?|months?|weeks?|y|mo)\b(?!\s+(?:before|after|of (?:treatment|therapy|postmenstrual|gestation)|later|ago|gestation|postmenstrual))"
    r"|\d\s*(?:years?|months?|y|weeks?)\s+(?:of age|old|and (?:over|above|older)|or (?:over|above|older|more))",
    re.I,
)
_TIME = re.compile(r"\d\s*(?:years?|months?|weeks?|days?)\b", re.I)


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
    for a, b, stop in _clauses(item):
        clause = item.text[a:b]
        if _POINTS_ELSEWHERE.search(clause) or clause.endswith((":", ":**")):
            continue
        advised = list(recommendations(clause, item.text[a:stop], reading))
        # The grammar is asked last: it costs the most.
        # The first cell of a row says for whom it is: the "30–60 mL/min" of a clearance is no rate.
        dosed = item.text[item.cells[1][0] : b] if len(item.cells) > 1 and item.columns else clause
        if not _BESIDE_DOSE.issuperset(advised) and has_dose(dosed) and _states_dose(reading, dosed):
            advised = [r for r in advised if r in _BESIDE_DOSE]
        for recommendation in advised:
            for basis in _bases(clause, label_basis, item):
                for band in _bands(basis, clause):
                    row = _row(reading, item, (a, b), basis, band, recommendation)
                    if item.question is not None and row.basis_kind == "other":
                        continue  # the answer to a general question; the faqs table holds it
                    key = (row.basis_kind, row.basis, row.recommendation, row.for_drug, row.assertion, row.param)
                    made.setdefault(key, row)
    bounded = {key[1:-1] for key, row in made.items() if row.param is not None}
    # "Not recommended; no data below 18 years" says one thing.
    yield from (row for key, row in made.items() if row.param is not None or key[1:-1] not in bounded)


def _clauses(item: Item) -> Iterator[tuple[int, int, int]]:
    """The clauses of the item's sentences, each with its sentence's end: each side of a semicolon advises for itself."""
    for a, b in item.sentences():
        at = a
        for m in _NEXT_CLAUSE.finditer(item.text, a, b):
            yield at, m.start(), b
            at = m.end()
        yield at, b, b


# "stopped when counts drop, and interrupted during an infection": each act has its own condition.
_NEXT_CLAUSE = re.compile(
    r";\s+|,\s+(?:and|but|or)\s+(?=(?:is\s+|are\s+)?(?:interrupt|stop|discontinue|withh|reduce|halve|avoid)\w*\s+(?:in|if|when|during|for|at)\b)"
)


def _states_dose(reading: Reading, sentence: str) -> bool:
    return any(
        s.dosage.dose_high is not None or s.dosage.dose_low is not None or s.dosage.rate_low is not None
        for s in read(sentence, drug_names=reading.own_names)
    )


def _label_basis(item: Item) -> str | None:
    """The label, or the heading or lead-in right above, when it says on what the advice depends.

    In a table it is the first cell with its column's head: "eGFR (mL/min)", "30–44" give "eGFR 30–44 mL/min".
    """
    if len(item.cells) > 1 and item.columns:
        if basis_kind(item.cell(0)) != "other":
            return item.cell(0).strip()
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
    if label is not None and basis_kind(label) != "other" and not (named and _GENERIC.search(label)):
        if (own := _AGE.search(sentence)) and _who(label) and _who(sentence) not in ({}, _who(label)):
            return [own.group()]  # "Under 3 years: contraindicated. The injection is not recommended below 18 years."
        return _parted(label, item)
    if (
        not named
        and label is None
        and (subject := _SUBJECT.match(sentence))
        and basis_kind(subject["basis"]) != "other"
    ):
        return _parted(subject["basis"], item)
    if named:
        words = _REASON.sub("", named.group("basis"))
        like = _LIKE.search(words)
        members = _parted(words, item, always=True)
        if like:
            members = [m for member in members for m in _LIKE.split(member)]
        cleaned = [_BASIS_LEAD.sub("", m).strip(" .,") for m in members]
        kept = [m for m in cleaned if m and m.lower() not in _EMPTY_BASIS and len(m.split()) <= 8]
        if kept:
            return kept
    if label:
        return _parted(label, item)
    words = " ".join(sentence.split()[:8]).rstrip(".,;")
    return [words]


def _parted(words: str, item: Item, *, always: bool = False) -> list[str]:
    """The bases that a label joins: two organs, settings of use, or parts of different kinds.

    "Renal or hepatic impairment" names two, "Diabetes or asthma" stays one.
    """
    both = _BOTH.fullmatch(words.strip())
    if both and {basis_kind(both["one"]), basis_kind(both["two"])} == {"renal", "hepatic"}:
        return [f"{both['one']} {both['noun']}", f"{both['two']} {both['noun']}"]
    if always:
        return [part for a, b in split(words) for part in re.split(r"\s+/\s+", words[a:b])]
    parts = [p for p in _PARTS.split(re.sub(r"\([^()]*\)", "", words)) if p.strip()]
    kinds = [basis_kind(p) for p in parts]
    if len(parts) < 2 or any(len(p.split()) > 6 for p in parts):
        return [words]
    if item.topic == "clinical_use_cases" and all(
        k == "setting" or (p.strip()[0].isupper() and len(p.split()) <= 2) for k, p in zip(kinds, parts, strict=True)
    ):
        return [p.strip() for p in parts]
    if "other" not in kinds and len(set(kinds)) == len(kinds) and "genotype" in kinds:
        return [p.strip() for p in parts]
    return [words]


# "when white cells fall below 2,500/µL or platelets fall below 50,000/µL": each bounds the advice by itself.
_OR_BELOW = re.compile(
    r"\d[^.;]*\sor\s+(?:the\s+)?(?:[\w-]+\s+){1,4}(?:(?:is|are|falls?|rises?|drops?)\s+)?(?:below|under|above|over|less than|more than|[<>≤≥])",
    re.I,
)


def _bands(basis: str, clause: str) -> list[dict[str, Any]]:
    """The bands of measured parameters that bound the advice; none where several could be meant."""
    # Where the basis is only the clause's beginning, the clause tells all of it.
    found = [] if clause.startswith(basis) else list(thresholds(basis))
    if not found and (who := _who(basis)):
        return [who]
    plain = _REASON.sub("", clause)
    if not found:
        found = list(thresholds(plain))
        if len(found) > 1 and len({t.param for t in found}) == len(found) and _OR_BELOW.search(plain):
            return [_columns(t) for t in found]
        if len(found) > 1 or len(_TIME.findall(plain)) > 1:
            return [{}]
        if not found:
            return [_who(plain) if not _TIME.search(plain) or _AGE.search(plain) else {}]
    return [_columns(t) for t in found]


def _who(text: str) -> dict[str, Any]:
    """The parameter and band of a label or clause; a bare "65 y" bounds nothing."""
    who = read_who(text)
    if who.get("param") is None:
        return {}
    low, high = who.get("param_low"), who.get("param_high")
    bounded = who["param"] != "age" or _AGE.search(text) or re.match(r"\d+\s*(?:[-–—]|to)\s*\d", text)
    if not bounded or (low is not None and low == high):
        return {}
    return {k: v for k, v in who.items() if k.startswith("param")}


def _columns(t: Threshold) -> dict[str, Any]:
    """A threshold as columns, its parameter by the name that doses use for it."""
    param = named(t)
    if t.unit == "kg" and basis_kind(t.param) == "age":
        param = "weight"
    return {"param": param, "param_low": t.low, "param_high": t.high, "param_unit": t.unit}


@lru_cache(maxsize=8192)
def basis_kind(basis: str) -> Any:
    """What kind of basis the words name."""
    low = folded(basis)
    for words, kind in _BASES:
        if words.may_match(low) and words.expression.search(basis):
            return kind
    return "other"


def _row(
    reading: Reading, item: Item, span: tuple[int, int], basis: str, band: dict[str, Any], recommendation: str
) -> DoseGuidance:
    sentence = item.text[slice(*span)]
    kind = basis_kind(basis)
    if kind == "other" and any(names_other_drug(w, reading.own_names) for w in re.findall(r"[A-Za-z-]+", basis)):
        kind = "interaction"
    if kind == "other" and item.label and item.topic != "clinical_use_cases":
        kind = basis_kind(item.label)
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
        **item.at(*span),
        rule="dosing_advice",
        assertion="negated" if negated else "possible" if _POSSIBLE.search(sentence) else "affirmed",
        basis_kind=kind,
        basis=basis,
        param=band.get("param"),
        param_low=band.get("param_low"),
        param_high=band.get("param_high"),
        param_unit=band.get("param_unit"),
        recommendation=recommendation,  # type: ignore[arg-type]
        for_drug=other,
        threshold_given=band.get("param") is not None,
    )
