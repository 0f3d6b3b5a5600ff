"""Advice on dosing that is no dose: what to do in which patients, at which threshold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item, sentences
from monopipe.extract.advice_bases import (
    AGE,
    GRADE,
    PATIENTS,
    REASON,
    advises,
    band_of_people,
    bases,
    basis_kind,
    is_act,
    label_basis,
    lead_kind,
    members,
    parted,
    plain_label,
)
from monopipe.extract.conditions import names_condition
from monopipe.extract.doses.limits import MAXIMUM
from monopipe.extract.doses.no_doses import doses_of_this_drug
from monopipe.extract.doses.regimens import DOSAGE_KINDS
from monopipe.extract.dosing_advice import recommendations
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.effects.side_effects import SIDE_EFFECT_TOPICS
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.extract.reading import Reading
from monopipe.extract.thresholds import (
    Threshold,
    bound,
    bound_again,
    bound_of_it,
    bound_of_label,
    named,
    opening_bound,
    thresholds,
)
from monopipe.grammar import has_dose, read
from monopipe.tables import DoseGuidance

# What a clause may advise beside a dose that it states: "25 mg daily, and check potassium after a week".
_BESIDE_DOSE = frozenset(("monitor", "interrupt"))
_BESIDE_DOSE_IN_TABLE = _BESIDE_DOSE | {"discontinue", "not_recommended", "contraindicated"}
# What is done with treatment: its condition may stand behind "for" and "with".
_ACTS = frozenset(("discontinue", "interrupt", "reduce_dose"))
_STOPS = frozenset(("discontinue", "interrupt"))
# What is no advice where the text names nothing that it depends on: "Intravenous infusion is preferred".
_NEEDS_BASIS = frozenset(("use_allowed", "caution", "monitor", "not_recommended", "contraindicated"))
_POSSIBLE = Cued(r"\b(?:may|might|could|possibly|sometimes)\b")
_NEGATED_USE = re.compile(r"\b(?:not|never|no)\b|n['’]t\b", re.I)
_FOR_DRUG = re.compile(
    r"\b(?:dos(?:e|es|age|ing)(?: (?:adjustments?|reductions?|changes?))?|adjustments?) (?:of|for) (?:(?:the|an?|any|oral) )?(?P<drug>[a-z][a-z-]{4,})"
    r"(?: (?:or|and) (?P<second>[a-z][a-z-]{4,}))?",
    re.I,
)
# "The insulin dose may need to be increased".
_ITS_DOSE = re.compile(
    r"(?<!\bon )(?<!\bwith )(?<!\bunder )(?<!\btaking )\b(?P<drug>[a-z][a-z-]{4,}) (?:dos(?:e|es|age)|requirements?) (?:may|might|will|should|must|can|often|usually|needs?)\b",
    re.I,
)
# "Cut the digoxin by half", "halve the warfarin".
_CUT = re.compile(
    r"\b(?:cut|halve|reduce|lower) (?:the )?(?P<drug>[a-z][a-z-]{4,})(?= by (?:half|a|one|\d)| dose\b|\s*[.;,]|\s*$)",
    re.I,
)
# A sentence that only points to guidelines advises nothing itself; the deferral says where it points.
_POINTS_ELSEWHERE = Cued(r"\b(?:guidelines?|information|details?)\b[^.]*\b(?:available|found|given) in\b|^see\b")
_OTHER_LABEL = re.compile(r"[A-Z][a-z]+(?: \w+)?:\W")
_TIME = re.compile(r"\d\s*(?:years?|months?|weeks?|days?)\b", re.I)
# A column of a table of adverse effects that says what to do about them.
_ACTION = re.compile(
    r"\W*(?:(?:your|our|the|first|immediate|nursing)\s)?(?:do|what (?:you|we|i) do|actions?|what to do|management|measures?|response|advice)\b",
    re.I,
)
# A column of ceilings states no dose: "Highest dose".
_CEILING = re.compile(rf"\b(?:{MAXIMUM}|(?:upper|at most|not above)\b)", re.I)
_WHEN = re.compile(r"(?:when|if|while|during)\b", re.I)
_BUT = re.compile(r",\s+(?:but|whereas|while)\s", re.I)
# Words by which a clause turns to other patients than those of the clause before it.
_OTHERS = re.compile(
    r"(?:those|patients|people|others?|adults|children|women|men|in|for|with|at|on|above|below)\b", re.I
)
# "Former scheme: withdrawn after too many seizures" tells of a scheme, and of no patient what to do.
_ABANDONED = re.compile(
    r"\b(?:old|older|former|earlier|previous|obsolete|historical)\s(?:[\w-]+\s){0,2}(?:schedules?|schemes?|regimens?|protocols?|practice)\b",
    re.I,
)
# "Dosing in adults" is a heading for all but children, and what stands under it depends on no age.
_ADULTS = re.compile(r"(?<!older )(?<!elderly )(?<!frail )\badults?\W*$", re.I)
_SWITCH = re.compile(
    r"(?:swap|switch|chang|convert|transfer|mov|com)(?:ing|e|p?ing|t?ing|ring)?\s(?:over\s)?from\b", re.I
)
# "Start with 25 mg twice daily. Increase slowly": how the dose before it goes on.
_PACE = re.compile(r"\W*(?:titrate|increase|raise)\s+(?:(?:the\s+dose|it)\s+)?(?:slowly|gradually)\b", re.I)
# What a bare "below 30 mL/min" is taken for.
_ASSUMED = "creatinine clearance"
_CLEARANCE = re.compile(r"\bc(?:r|l)\w*cl|clearance", re.I)
_CONTINUE = re.compile(r"\s*continue\b", re.I)
_ARISES = re.compile(r"\b(?:develop|occur|appear|aris|emerg|suspect|confirm|persist|recur|at the first sign)", re.I)
_NEW = re.compile(r"(?:new|worsening|development|onset|emergence|signs?|symptoms?)\b", re.I)
"""What a label begins with that tells of what treatment brought: "New heart failure or second-degree AV block"."""
# "… calls for caution, and so does cirrhosis", "… need no adjustment, and neither do patients with renal impairment".
_SO_DOES = re.compile(
    r"(?:,?\s*(?:and|nor)\s+)?(?:so|neither|nor|the same)\s+(?:do|does|is|are|has|have|goes for|applies to|holds for)\s+(?P<basis>[^.;]+)",
    re.I,
)


def guidance(reading: Reading) -> Iterator[DoseGuidance]:
    """One row per basis and recommendation of a sentence that holds no dose of this drug.

    "Renal impairment: dose adjustments are required." advises adjust_dose on the basis "Renal impairment".
    """
    for item in reading.about(*DOSAGE_KINDS):
        if item.structural and item.kind in ("heading", "table_row"):
            continue
        yield from _in_item(reading, item, _clauses(item))
    for item in reading.about(*SIDE_EFFECT_TOPICS):
        if item.structural or len(item.cells) < 2:
            continue
        acts = [k for k, head in enumerate(item.columns) if k and k < len(item.cells) and _ACTION.match(head)]
        yield from _in_item(reading, item, [c for k in acts for c in _parts(item, *item.cells[k])])


def _in_item(reading: Reading, item: Item, clauses: Iterable[tuple[int, int, int]]) -> Iterator[DoseGuidance]:
    label = label_basis(item)
    # The first cell of a row that states a dose names what the dose is for, unless it says for whom it is.
    dosed = _dosed_cells(item)
    acts = is_act(label)
    made: dict[tuple[Any, ...], DoseGuidance] = {}
    advised: list[tuple[str, int]] = []
    on: list[str] = []
    earlier: list[str] = []
    last: dict[str, Any] = {}
    sentence_end, n = -1, 0
    before = (-1, -1)
    for start, b, stop in clauses:
        # "… have not been studied, but no change is expected": the one gives no advice without the other
        joined = stop == sentence_end and not advised and _BUT.match(item.text, before[1], start)
        a = before[0] if joined else start
        before_it, before = before[0] >= 0, (a, b)
        clause = item.text[a:b]
        if item.section == "summary" and _OTHER_LABEL.match(clause):
            continue  # "Dose: 100 mg daily. Watch: pancreatitis."
        earlier.append(clause)
        if _POINTS_ELSEWHERE.search(clause) or clause.endswith((":", ":**")):
            continue
        so = _SO_DOES.match(clause) if stop == sentence_end else None
        opens = stop != sentence_end
        if opens:
            acts = acts and sentence_end < 0  # a label says of the sentence behind it what to do
            on, sentence_end, n = [], stop, n + 1
        if so:
            advised = [(r, 0) for r, _ in advised]
        else:
            advised = list(recommendations(f"{label}: {clause}" if acts else clause, item.text[a:stop], reading))
        if label and _SWITCH.match(label):  # "Changing from X: stop it a day before": X is stopped
            advised = [r for r in advised if r[0] not in _STOPS]
        if any(r == "discontinue" for r, _ in advised) and _ABANDONED.search(f"{label}: {clause}"):
            advised = [r for r in advised if r[0] != "discontinue"]
        # The grammar is asked last: it costs the most.
        if any(r not in _BESIDE_DOSE for r, _ in advised) and has_dose(clause) and _states_dose(reading, item, a, b):
            advised = [r for r in advised if r[0] in _BESIDE_DOSE]
        if _PACE.match(clause) and has_dose(item.text[item.rest_start : a]):
            advised = [r for r in advised if r[0] not in ("caution", "adjust_dose")]
        beside = any(not c <= a < d for c, d in dosed)
        if beside:
            advised = [r for r in advised if r[0] in _BESIDE_DOSE_IN_TABLE]
        if not advised:
            continue
        told = bound_of_it(clause, earlier[:-1]) or bound_again(clause, earlier[:-1])
        rest = _REST.search(clause) if before_it else None
        if rest and not (remains := _remaining(rest, last)):
            continue  # "caution over 75; no adjustment below"
        for recommendation, end in advised:
            over = None if beside and basis_kind(label or "") not in PATIENTS else label
            if a < item.rest_start:
                over = None  # the label is the advice
            own = (
                members(so["basis"])
                if so
                else bases(
                    clause, end, recommendation in _ACTS, over, item, listed=acts, first=n == 1 and opens, opens=opens
                )
            )
            if beside and recommendation == "monitor" and not own and over is None:
                continue  # "40 mg every 4 hours | check magnesium"
            if (
                recommendation == "monitor"
                and own == parted(label or "", item)
                and _is_of_doses(item, label or "", clause)
            ):
                continue  # "**Hypertension:** 5 mg daily. Check the pressure after two weeks."
            paced = recommendation == "adjust_dose" and _PACED.match(clause) is not None
            if paced and own == parted(label or "", item) and _is_paced(item, label or ""):
                continue  # "**Hypertension:** 5 mg daily; titrate every two weeks."
            of_lead = not own or (own == [label] and label in item.leads)
            if recommendation == "monitor" and of_lead and basis_kind(label or "") in ("age", "comorbidity"):
                continue  # "Check the pressure after two weeks", under "Children" or "Hypertension"
            on = own or ([] if _OTHERS.match(clause) else on)
            for basis in on or [_opening_words(clause)]:
                for band in [remains] if rest else _bands(basis, clause, alone=len(on) > 1 or so is not None):
                    band = band or (_columns(told) if told else {})
                    assumed = band.get("param") == _ASSUMED and not _CLEARANCE.search(f"{basis} {clause}")
                    if assumed and "eGFR" in item.text[:a]:
                        band["param"] = "eGFR"  # "no change at any eGFR, but caution below 30 mL/min"
                    band = band if band.get("param") else {**band, **_unsaid(item.text[:a], clause, basis)}
                    last = band if band.get("param") else last
                    for row in _rows(reading, item, (a, b), basis, band, recommendation):
                        if row.basis_kind == "other" and (
                            item.question is not None or (not on and recommendation in _NEEDS_BASIS)
                        ):
                            continue  # the answer to a general question; the faqs table holds it
                        key = (
                            row.basis_kind,
                            row.basis,
                            row.recommendation,
                            row.for_drug,
                            row.assertion,
                            _band_of(row),
                        )
                        made.setdefault(key, row)
    bounded = {key[1:-1] for key, row in made.items() if row.param is not None}
    # "Not recommended; no data below 18 years" says one thing.
    yield from (row for key, row in made.items() if row.param is not None or key[1:-1] not in bounded)


def _opening_words(clause: str) -> str:
    """The first words of a clause, from its condition on where that stands behind what to do: "Stop after an hour if …"."""
    begins = _CONDITION.search(clause)
    return " ".join(clause[begins.start() if begins else 0 :].split()[:8]).rstrip(".,;")


_CONDITION = re.compile(r"(?<=\s)(?:if|when|once|unless)\s(?=\S+\s\S)", re.I)


# "… below 30 mL/min; no change above", "… if CrCl < 30, otherwise no adjustment", "… under 6 years; caution in older children"
_REST = re.compile(
    r"(?:\b(?P<other>otherwise)\b(?=\s+\w|\W*$)|(?<!\bor )(?<!\band )(?<!\bas )(?:\b(?P<up>above|over)|\b(?P<down>below|under))\W*$"
    r"|\bin (?:(?P<older>older)|(?P<younger>younger)) children\b)",
    re.I,
)


def _remaining(rest: re.Match[str], band: dict[str, Any]) -> dict[str, Any]:
    """The band of those whom a band before leaves out; empty where it is not known."""
    low, high = band.get("param_low"), band.get("param_high")
    if (low is None) == (high is None):
        return {}
    up, down = rest["up"] or rest["older"], rest["down"] or rest["younger"]
    if (up and high is None) or (down and low is None):
        return {}
    return {**band, "param_low": high, "param_high": low}


def _band_of(row: DoseGuidance) -> tuple[str | None, float | None, float | None]:
    return row.param, row.param_low, row.param_high


_PACED = re.compile(r"\W*(?:then\s+)?(?:titrate|adjust)\b", re.I)


def _is_paced(item: Item, label: str) -> bool:
    """Whether advice behind a dose of a label's disease tells how that dose is found."""
    own = item.label == label and item.topic in ("dosage", "dosage_adults", "dosage_children", "clinical_use_cases")
    return own and basis_kind(label) in ("comorbidity", "other", "setting") and has_dose(item.rest)


def _is_of_doses(item: Item, label: str, clause: str) -> bool:
    """Whether a label names what the doses behind it are for, and not in whom care is needed."""
    own = item.label == label and item.topic in ("dosage", "dosage_adults", "dosage_children")
    return (
        own and "dose" not in clause.lower() and basis_kind(label) in ("comorbidity", "other") and has_dose(item.rest)
    )


def _dosed_cells(item: Item) -> list[tuple[int, int]]:
    """The cells of a table row that state a dose: beside them the first names what the dose is for."""
    if len(item.cells) < 2 or not item.columns or item.topic in ("dosage_adjustments", *SIDE_EFFECT_TOPICS):
        return []
    heads = (*item.columns, *("" for _ in item.cells))
    return [
        (a, b)
        for (a, b), head in list(zip(item.cells, heads, strict=False))[1:]
        if has_dose(item.text[a:b]) and not _CEILING.search(head) and not any(thresholds(item.text[a:b]))
    ]


def _clauses(item: Item) -> Iterator[tuple[int, int, int]]:
    """The clauses of the item, each with its sentence's end; in a table those of the cells behind the first."""
    if len(item.cells) > 1 and item.columns:
        for cell in item.cells[1:]:
            yield from _parts(item, *cell)
    else:
        if item.label and advises(item.label):
            at = max(item.text.find(item.label), 0)
            yield from _parts(item, at, at + len(item.label))
        yield from _parts(item, plain_label(item) if not item.rest_start else item.rest_start, len(item.text))


def _parts(item: Item, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The clauses of the sentences in text[start:end]: each side of a semicolon, or of "but", advises for itself."""
    for a, b in sentences(item.text, start, end):
        at = a
        for m in _NEXT_CLAUSE.finditer(item.text, a, b):
            yield at, m.start(), b
            at = m.end()
        yield at, b, b


# "stopped when counts drop, and interrupted during an infection": each act has its own condition.
_NEXT_CLAUSE = re.compile(
    r";\s+(?:likewise,\s+)?|,\s+(?:(?:and|but|or)\s+)?(?=(?:is\s+|are\s+)?(?:interrupt|stop|discontinue|withh|reduce|halve|avoid)\w*(?:\s+(?:the\s+)?dose)?\s+(?:below|above|under|over|in|if|when|during|for|at)\b)"
    r"|,\s+(?:and|but)\s+(?=(?:if|when)\s[^,;.]{3,60},\s+(?:(?:also|then)\s+)?(?:interrupt|stop|discontinue|withhold|reduce|halve|avoid)\b)"
    r"|,\s+(?=(?:otherwise|else)\b)|,\s+and\s+(?=for\s+good\s)|,\s+and\s+(?=(?:from|above|below|under|in|for|during|after|on)\s[^,;.]{3,60}\b(?:should|must|is|are)\s+(?:not\b|contra|avoid))"
    r"|,\s+and\s+(?=(?:it|the drug)\s+(?:is|should|must)\s)|,?\s+(?:and|nor)\s+(?=(?:so|neither|nor)\s+(?:do|does|is|are|has|have)\b|none\s+(?:in|for|above|below|over|under|at|with)\b)"
    r"|,\s+(?:but|whereas|while)\s+(?!(?:because|as|since)\b)(?=(?:[\w-]+\s+){0,6}?(?:(?:is|are)\s+(?:not\s+)?(?:contra|recommend|advis)|should|must|caution|not|no|avoid|reduce|needs?)\b)",
    re.I,
)


def _states_dose(reading: Reading, item: Item, start: int, end: int) -> bool:
    """Whether text[start:end] states a dose of this drug; "when diltiazem 120 mg is added" states one of another."""
    steps = read(item.text[start:end], drug_names=reading.own_names)
    for step in steps:
        step.start, step.end = step.start + start, step.end + start
    if _WHEN.match(item.text, start, end):
        steps = doses_of_this_drug(reading, item, steps)
    return any(
        s.dosage.dose_high is not None or s.dosage.dose_low is not None or s.dosage.rate_low is not None for s in steps
    )


# "when white cells fall below 2,500/µL or platelets fall below 50,000/µL": each bounds the advice by itself.
_OR_BELOW = re.compile(
    r"\d[^.;]*\sor\s+(?:the\s+)?(?:[\w-]+\s+){1,4}(?:(?:is|are|falls?|rises?|drops?)\s+)?(?:below|under|above|over|less than|more than|[<>≤≥])",
    re.I,
)


def _bands(basis: str, clause: str, *, alone: bool) -> list[dict[str, Any]]:
    """The bands of measured parameters that bound the advice; none where several could be meant.

    A basis that stands `alone`, as one of several, has only the band of its own words.
    """
    # Where the basis is only the clause's beginning, the clause tells all of it.
    found = [] if clause.startswith(basis) and not alone else list(thresholds(basis))
    if found and basis not in clause and (own := bound(clause)) and not any(thresholds(clause)):
        # "CrCl 30–50 mL/min: …. Under 30 mL/min it should not be used": a bound of its own takes the parameter alone.
        found = [Threshold(t.param, *own) for t in found[:1] if t.unit == own[2]]
        if not found:
            return [{}]
    who = band_of_people(basis) if not found else {}
    if (found or who) and basis not in clause and (ends := opening_bound(clause)):
        # "eGFR 15–29: half the dose. Below 15: stop."
        low, high = ends
        return [{**(_columns(found[0]) if found else who), "param_low": low, "param_high": high}]
    if who:
        other = _OTHER_CLASS.match(clause) if str(who.get("param")).startswith("Child-Pugh") else None
        return [{**who, "param": f"Child-Pugh {other[1]}"} if other else who]
    if alone and not found:
        return [{}]
    plain = REASON.sub("", clause)
    if not found:
        found = list(thresholds(plain))
        if len(found) > 1 and len({t.param for t in found}) == len(found) and _OR_BELOW.search(plain):
            return [_columns(t) for t in found]
        if len(found) > 1 or len(_TIME.findall(plain)) > 1:
            return [{}]
        if not found:
            return [band_of_people(plain) if not _TIME.search(plain) or AGE.search(plain) else {}]
    return [_columns(t) for t in found]


# "Child-Pugh A: 10 mg; C: avoid"
_OTHER_CLASS = re.compile(r"\W*([ABC])\b\s*[:,]")


# "Contraindicated if eGFR <30"
_NO_UNIT = re.compile(
    r"\b(?P<param>eGFR|GFR|CrCl|creatinine clearance)\s*(?:(?:is|of|falls)\s+)?(?:(?P<below>below|under|less than|<|≤)|(?P<above>above|over|more than|>|≥))\s*(?P<n>\d+)\b(?!\s*(?:m?L|%|[-–]))",
    re.I,
)


_CLEARANCE_BOUND = re.compile(r"\b(?P<param>eGFR|GFR|CrCl|creatinine clearance)\b[^.;:\d]{0,16}\d", re.I)
_END = r"(?![\d.]*\d)(?!\s*(?:m?L\b|m?g\b|%|[-–/]|[a-z]+/))"
_BARE_BOUND = re.compile(
    rf"\b(?:(?:at|between|from)\s+)(?P<low>\d+)\s*(?:[-–]|to|and)\s*(?P<high>\d+){_END}(?=\s*(?:[.,;:)]|$))"
    rf"|\b(?:below|under)\s+(?P<below>\d+){_END}(?=\s*(?:[.,;:)]|$))",
    re.I,
)


_BARE_AGE = re.compile(
    r"\W*(?:contra-?indicated|avoid(?:ed)?|not\s+(?:recommended|advised|used)|do\s+not\s+use|caution)\s+"
    r"(?:(?P<above>over|above)|under|below)\s+(?P<years>\d{1,2})(?=\s*(?:[.,;]|$|with\b|if\b|unless\b))",
    re.I,
)


def _unsaid(before: str, clause: str, basis: str) -> dict[str, Any]:
    """The band whose parameter stands before the clause, or whose unit goes without saying."""
    other = _OTHER_CLASS.match(clause)
    if other and "Child-Pugh" in before:
        return {"param": f"Child-Pugh {other[1]}"}
    if basis_kind(basis) == "age" and (aged := _BARE_AGE.match(clause)):  # "Elderly: contraindicated over 75"
        years = float(aged["years"])
        low, high = (years, None) if aged["above"] else (None, years)
        return {"param": "age", "param_low": low, "param_high": high, "param_unit": "a"}
    if of_label := bound_of_label(basis, clause):
        return _columns(of_label)
    named = _CLEARANCE_BOUND.search(before)
    bare = list(_BARE_BOUND.finditer(clause))
    if named and len(bare) == 1 and not re.search(r"\bage|\byears?\b", clause):  # "… if eGFR <30; half at 30–45"
        low, high = (
            float(n) if (n := bare[0][k]) else None for k in (("low", "high") if bare[0]["low"] else ("low", "below"))
        )
        return _columns(Threshold(named["param"], low, high, None))
    bounds = list(_NO_UNIT.finditer(clause))
    if len(bounds) != 1:
        return {}
    m = bounds[0]
    number = float(m["n"])
    low, high = (number, None) if m["above"] else (None, number)
    return _columns(Threshold(m["param"], low, high, None))


def _columns(t: Threshold) -> dict[str, Any]:
    """A threshold as columns, its parameter by the name that doses use for it."""
    param = named(t)
    if t.unit == "kg" and basis_kind(t.param) == "age":
        param = "weight"
    return {"param": param, "param_low": t.low, "param_high": t.high, "param_unit": t.unit}


def _rows(
    reading: Reading, item: Item, span: tuple[int, int], basis: str, band: dict[str, Any], recommendation: str
) -> Iterator[DoseGuidance]:
    """The row of a basis and recommendation; one for each other drug whose dose the clause is about."""
    clause = item.text[slice(*span)]
    kind = _kind(reading, item, span, basis, recommendation)
    if kind == "setting" and recommendation == "no_adjustment" and _CONTINUE.match(clause):
        recommendation = "use_allowed"
    if kind in ("other", "setting") and band.get("param"):
        bounded = basis_kind(band["param"])
        kind = bounded if kind == "other" or bounded in PATIENTS else kind
    others: list[str | None] = [*_other_drugs(reading, clause)]
    negated = kind == "setting" and recommendation == "not_recommended" and _NEGATED_USE.search(clause)
    start = item.cells[0][0] if item.cells and item.columns else span[0]
    for other in others or [None]:
        cut_short = clause.startswith(basis) and len(basis.split()) > 7  # no basis, but the clause's first words
        named_self = other is None or (kind != "other" and basis not in item.leads and not cut_short)
        yield DoseGuidance(
            **item.at(start, span[1]),
            rule="dosing_advice",
            assertion="negated" if negated else "possible" if _POSSIBLE.search(clause) else "affirmed",
            basis_kind=kind if named_self else "interaction",
            basis=basis if named_self or other is None else other,
            param=band.get("param"),
            param_low=band.get("param_low"),
            param_high=band.get("param_high"),
            param_unit=band.get("param_unit"),
            recommendation=recommendation,  # type: ignore[arg-type]
            for_drug=other,
            threshold_given=band.get("param") is not None,
        )


def _kind(reading: Reading, item: Item, span: tuple[int, int], basis: str, recommendation: str) -> Any:
    """What kind of basis the words name: by themselves, else by the label and the headings that they stand under."""
    clause = item.text[slice(*span)]
    kind = basis_kind(basis)
    adverse = is_act(item.label) or _ARISES.search(clause) or _NEW.match(item.label or "")
    listed = item.topic in SIDE_EFFECT_TOPICS  # what is done about an effect, of whatever kind
    if kind in ("other", "comorbidity") and (listed or (adverse and recommendation in _ACTS)):
        return "toxicity"
    if kind == "other" and any(names_other_drug(w, reading.own_names) for w in re.findall(r"[A-Za-z-]+", basis)):
        kind = "interaction"
    if item.topic == "clinical_use_cases":
        return kind if kind in ("age", "renal", "hepatic", "pregnancy") else "setting"
    if kind == "other" and item.label:
        kind = basis_kind(item.label)
    if GRADE.fullmatch(basis) and basis != item.label:
        first, last = next((s for s in item.sentences() if s[0] <= span[0] < s[1]), span)
        told = [
            basis_kind(item.label or ""),
            basis_kind(item.text[first:last]),
            *map(lead_kind, reversed(item.leads[1:])),
        ]
        kind = next((k for k in told if k in ("renal", "hepatic")), kind)
    if kind == "other" and (basis == item.label or clause.startswith(basis)):
        leads = [lead for lead in item.leads[1:] if not _ADULTS.search(lead)]
        kind = next((k for k in map(lead_kind, reversed(leads)) if k != "other"), "other")
    if kind == "other" and names_condition(basis) and len(basis.split()) < 6:
        kind = "toxicity" if item.topic == "dosage_adjustments" and recommendation in _ACTS else "comorbidity"
    return basis_kind(clause) if kind == "other" and basis == item.label else kind


def _other_drugs(reading: Reading, clause: str) -> list[str]:
    """The other drugs whose dose a clause is about: "reduce the dose of digoxin or warfarin"."""
    m = _FOR_DRUG.search(clause)
    words = [w for w in (m["drug"], m["second"]) if w] if m else [c["drug"] for c in _CUT.finditer(clause)]
    words = words or [c["drug"] for c in _ITS_DOSE.finditer(clause)]
    return [w for w in words if names_other_drug(w, reading.own_names) or _is_class(w)]


def _is_class(word: str) -> bool:
    """Whether a word names a class of drugs, by the vocabularies of interactants."""
    low = lowered(word)
    for book in ("interactants", "interactant_heads"):
        found = phrasebook(book).first(low)
        if found is not None and found.end - found.start == len(word):
            return "drug_class" in found.line.values() or found.line.get("role") == "class"
    return False
