"""What the drug is for: condition × disease status × treatment phase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import is_condition, names_condition
from monopipe.extract.indications.labels import in_table, labelled
from monopipe.extract.indications.licences import is_licence, lead_of
from monopipe.extract.indications.lists import BRACKET, IN_PLAIN_WORDS, REMARK, Condition, conditions_in, prevented_in
from monopipe.extract.indications.named_first import calls_a_use
from monopipe.extract.indications.prose import anchors
from monopipe.extract.indications.rows import age_of_heads, limit_of, partners_in, prerequisite_in, row_of
from monopipe.extract.indications.sentences import between_semicolons, in_prose
from monopipe.extract.indications.uses import VERB, examples_in, in_sentence, only_first, others_for_others
from monopipe.extract.indications.words import age_group, clause_end, is_limit, limits_in, purpose_of
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import split
from monopipe.headings import section_kind
from monopipe.tables import Indication

_LABEL_NOISE = re.compile(
    r"^(?:(?:main|primary|secondary|other|further|additional|common|rare|established|(?:un)?licen[cs]ed|approved|off[- ]label|investigational)\s+)?(?:indications?|uses?|used for)\b.*$",
    re.I,
)


def indications(reading: Reading) -> Iterator[Indication]:
    """One row per condition, status and phase of the usage section; elsewhere only sentences that say "used for"."""
    yield from _found(reading)


@lru_cache(maxsize=4)  # doses ask for the uses again
def _found(reading: Reading) -> tuple[Indication, ...]:
    found: list[Indication] = []
    told: list[tuple[str, set[str]]] = []
    first: dict[tuple[str, ...], Indication] = {}
    for row in _everywhere(reading):
        words = set(row.condition_norm.split())
        if row.section not in RETOLD:
            told.append((row.assertion, words))
            use = (row.condition_norm, row.disease_status, row.treatment_phase, row.assertion)
            _share_age(row, first.setdefault(use, row))
        elif told and not any(row.assertion == said and words <= known for said, known in told):
            continue  # a summary's or description's loose words ("used for common infections") add no indication
        found.append(row)
    return tuple(found)


def _share_age(row: Indication, known: Indication) -> None:
    """Take the age group off a use that is told of others as well: "Adults: gout, angina. Children: gout"."""
    named = {known.age_group, row.age_group}
    if len(named) > 1 and "unspecified" not in named and known.label_status == row.label_status:
        known.age_group = row.age_group = "unspecified"


_DENIES = re.compile(
    r"(?:not|no longer)\s+(?:recommended|indicated|licen[cs]ed|approved|registered|authori[sz]ed|effective|suitable|used|for)\b"
    r"|(?:do not|don't|never)\s+(?:use|give|sell|supply|take|prescribe|offer|recommend)(?:\s+it)?(?=\s+(?:for|in|against|to treat|to prevent)\b)",
    re.I,
)
_OPENS = re.compile(r"\b(?:uses|indications|purposes)\b", re.I)
"""What a label that opens a list of uses says: "Several uses lie outside the licence"."""


# "Not approved for dementia-related psychosis" in a boxed warning; "not indicated in renal failure" tells of patients.
_WARNED_OF = Cued(
    r"\bnot (?:approved|indicated|licen[cs]ed|authori[sz]ed) for (?!patients|people|use\b|children|adults)"
)


def _everywhere(reading: Reading) -> Iterator[Indication]:
    for item in reading.about("precautions"):
        for a, b in item.sentences() if _WARNED_OF.search(item.text) else ():
            if _WARNED_OF.search(item.text, a, b):
                yield from (row for row in in_sentence(reading, item, a, b) if row.assertion == "negated")
    for item in reading.about("usage"):
        if item.kind == "heading":
            continue
        heads = item.leads[-1] if item.leads else ""
        if (
            item.kind == "list_item"
            and (m := _DENIES.match(heads))
            and not _ONLY_DENIES.sub("", heads[m.end() :]).strip(" :.")
        ):
            for row in _listed(reading, item, 0 if item.label is None else item.rest_start):  # under "Not recommended"
                row.assertion, row.label_status = "negated", "not_stated"
                yield row
            continue
        if item.text.rstrip().endswith(":"):
            if item.kind == "paragraph" and item.label is None:
                yield from in_prose(reading, item)  # what it tells before it opens a list
            continue
        label = item.label if item.section != "front_matter" else None
        if label and (denies := _DENIES.match(label)):
            for row in _not_for(reading, item, label, denies.end()):
                row.assertion, row.label_status = "negated", "not_stated"
                yield row
        elif item.cells:
            yield from in_table(reading, item)
        elif label and _names_use(reading, item, label):
            yield from labelled(reading, item)
        elif item.kind == "list_item" or (label and (_opens(label) or _OPENS.search(label))) or _lead(item, 0):
            yield from _listed(reading, item, 0 if label is None else item.rest_start)
        else:
            yield from in_prose(reading, item)


def _names_use(reading: Reading, item: Item, label: str) -> bool:
    """Whether a label is the condition that the words behind it speak of."""
    kind = section_kind(label, exact=True)
    if _opens(label) or (kind and kind == section_kind(label, "usage", exact=True)):  # not so "Contraception"
        return False
    return item.kind != "paragraph" or (is_condition(reading, label) and not VERB.search(label) and item.bold_end > 0)


def _opens(label: str) -> bool:
    """Whether a label names no condition but what its list holds: "Main uses", "Off-label", "In children", "Prevention"."""
    if _LABEL_NOISE.match(label) or is_licence(label) or purpose_of(label) or REMARK.fullmatch(label):
        return True
    if age_group(label) != "unspecified" and not names_condition(label):
        return True
    used = anchors(f"{label} in", 0, len(label) + 3) if VERB.search(label) or label.endswith((" for", " in")) else ()
    return any(anchor.kind in ("for", "in") for anchor in used)


def _not_for(reading: Reading, item: Item, label: str, end: int) -> Iterator[Indication]:
    """What a label denies: the list behind "Not for:", or what it names itself: "NOT for gout - won't work"."""
    named = _ONLY_DENIES.sub("", label[end:]).strip()
    if not named:
        yield from (row for row in _listed(reading, item, item.rest_start) if not only_first(item, row.condition))
        return
    start = item.text.find(label) + label.index(named, end)
    for c in conditions_in(item, start, start + len(named)):
        yield from row_of(reading, item, c, named, c.limits[0], "denied_use")
    for a, b in item.sentences():  # what stands behind the label may deny further uses
        if any(anchor.kind == "denied" for anchor in anchors(item.text, a, b)):
            yield from in_sentence(reading, item, a, b)


_ONLY_DENIES = re.compile(r"^\W*(?:(?:for|in|against|use|uses|to treat|to prevent)\b\W*)*", re.I)


def _listed(reading: Reading, item: Item, start: int) -> Iterator[Indication]:
    """A list item without a label: its words are the condition, its purpose words tell status and phase.

    "Treatment of deep vein thrombosis, and prevention of recurrence."
    """
    parents = [p for p in (item.parent,) if p is not None and p.label is None]
    sentences = list(item.sentences()) if start or item.kind != "list_item" else [(0, len(item.text))]
    said = ""  # "Licensed: A; B. Outside the licence: C; D", "In adults: A. In children: B"
    for a, b in (span for s in sentences for span in _with_remarks(reading, item, *s)):
        if lead := _lead(item, a, b):
            said, a = lead["lead"], lead.end()
        used = list(anchors(item.text, a, b))
        if used and used[0].at == a and used[0].kind == "for":
            a = used[0].start  # "Used for scabies"
        sentence = f"{said} {item.text[a:b]}".strip()
        aim = purpose_of(said or (item.label if start else None) or " ".join(item.leads[-1:]))
        stop = clause_end(item.text, a, b)
        if named := IN_PLAIN_WORDS.search(item.text, a, b):
            stop = max(stop, named.end())
        if a < item.bold_end - 3 and item.bold_end < stop:
            stop = item.bold_end  # "**Focal seizures** with or without generalisation": the bold words name it
        denied = (anchor.start for anchor in used if anchor.kind == "denied" and anchor.start <= stop)
        if any(item.text.count("(", a, k) <= item.text.count(")", a, k) for k in denied) or (
            (VERB.search(BRACKET.sub("", item.text[a:stop])) or calls_a_use(item.text, a, b)) and not parents
        ):
            yield from in_sentence(reading, item, a, b)
            continue
        found = list(conditions_in(item, a, stop))
        if aim and aim[0][0] == "prevention":
            found = prevented_in(item, found, "prevention")
        for n, c in enumerate(found):
            if a > 0 and not start and not is_condition(reading, c.text):
                continue  # "Cluster headache; adults only"
            if n and "," in item.text[found[n - 1].end : c.start] and _is_remark(reading, item, found, n):
                continue
            own = _without_former(sentence, found, n)
            if apart := _licensed_apart(reading, item, c):
                yield from _bracketed(reading, item, *apart)
                own, c = own.replace(f"({c.bracket})", ""), replace(c, bracket="")
            also = c.bracket.lower().startswith("also ")
            others = (BRACKET.sub("", item.text[x:y]) for x, y in split(item.text, a, stop) if x >= c.end)
            beside = ", ".join(words.strip() for words in others if is_limit(words))
            around = item.text[stop:b] if also else f"{c.bracket} {beside} {item.text[stop:b]}"
            told = limits_in(f"{c.bracket}, {beside}" if not also else beside)
            several = told if len(found) == 1 and not any(c.limits[0]) else []
            for one in several if len(several) > 1 else c.limits:  # "Ulcerative colitis, induction and maintenance"
                limit = limit_of(one, around)
                limit = aim[0] if aim and not any(limit) else limit
                for row in row_of(reading, item, c, own, limit, "list_item", own):
                    if len(found) > 1:
                        _only_of_member(reading, row, item, (a, b), found, n)
                    yield row
            if also:
                begin = item.text.index(c.bracket, c.start) + len("also ")
                yield from _bracketed(reading, item, begin, begin + len(c.bracket) - len("also "))
        yield from examples_in(reading, item, a, b, sentence)


def _without_former(sentence: str, found: list[Condition], n: int) -> str:
    """A sentence without the brackets that say how members before one are licensed: "Migraine (off-label), tremor"."""
    for other in found[:n]:
        if other.bracket != found[n].bracket and is_licence(other.bracket):
            sentence = sentence.replace(f"({other.bracket})", "")
    return sentence


def _licensed_apart(reading: Reading, item: Item, c: Condition) -> tuple[int, int, str] | None:
    """The uses in a condition's bracket that are licensed in another way, and how: "Asthma (off-label: COPD)"."""
    at = item.text.find(f"({c.bracket})", c.start) + 1
    lead = lead_of(item.text, at, at + len(c.bracket)) if at else None
    if lead is None or not any(
        is_condition(reading, d.text) for d in conditions_in(item, lead.end(), at + len(c.bracket))
    ):
        return None
    return lead.end(), at + len(c.bracket), lead["lead"]


def _is_remark(reading: Reading, item: Item, found: list[Condition], n: int) -> bool:
    """Whether a member behind a comma says more of the condition before it: "Hepatitis C, genotypes 1 to 4"."""
    joined = _JOINED.search(item.text, found[n - 1].end, found[n].start)
    way = _WAY.fullmatch(found[n].text) or not is_condition(reading, found[n].text)
    return not joined and way and is_condition(reading, found[n - 1].text)


_JOINED = re.compile(r"\b(?:and|or)\b", re.I)
# "Diabetic ketoacidosis, potassium replacement": what is done in it.
_WAY = re.compile(
    r"(?:[\w-]+ )?(?:replacement|repletion|substitution|supplementation|removal|(?:rate|rhythm|symptom|pressure|pain) control)",
    re.I,
)
_BEFORE_COLON = re.compile(r"\s*(?P<lead>[^:;.,]{4,60}):\s+")


def _lead(item: Item, start: int, end: int | None = None) -> re.Match[str] | None:
    """The words before a list that say how it is licensed, or for whom it is: "Off-label for gout", "In children: gout"."""
    end = len(item.text) if end is None else end
    m = _BEFORE_COLON.match(item.text, start, end)
    return m if m and _opens(m["lead"]) else lead_of(item.text, start, end)


def _with_remarks(reading: Reading, item: Item, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a list between semicolons, each with the remark behind it: "Asthma; child", "Croup; unlicensed".

    "Keratitis in adults, and uveitis in children" is two members as well.
    """
    spans: list[tuple[int, int]] = []
    for a, b in between_semicolons(item.text, start, end):
        words = item.text[a:b].strip(" .")
        remark = len(words.split()) <= 5 and (age_group(words) != "unspecified" or is_licence(words))
        if spans and remark and not is_condition(reading, words):
            spans[-1] = (spans[-1][0], b)
            continue
        for begin in others_for_others(reading, item, a, b):
            spans.append((a, begin))
            a = begin
        spans.append((a, b))
    yield from spans


def _only_of_member(
    reading: Reading, row: Indication, item: Item, span: tuple[int, int], found: list[Condition], n: int
) -> None:
    """Keep age and prerequisite only where the member's own words say them: the last one's tail is not the others'.

    A partner in another member's bracket is of that one alone.
    """
    last = n + 1 == len(found)
    own = item.text[found[n].start : span[1] if last else found[n + 1].start]
    before = item.text[span[0] : found[0].start]  # "in children, A and B"
    if row.partners and not last:
        row.partners = partners_in(
            reading, f"{before} {own} {BRACKET.sub('', item.text[found[n + 1].start : span[1]])}"
        )
    own_age: Any = age_group(f"{before} {own}")
    if row.age_group != "unspecified":
        row.age_group = own_age if own_age != "unspecified" else age_of_heads(item)
    row.prerequisite = prerequisite_in(own) if row.prerequisite else None


def _bracketed(reading: Reading, item: Item, start: int, end: int, lead: str = "") -> Iterator[Indication]:
    """Conditions that a bracket adds: "Endocarditis (also prophylaxis of rheumatic fever)"."""
    for c in conditions_in(item, start, end):
        for own in c.limits:
            yield from row_of(reading, item, c, f"{lead} {item.text[start:end]}", own, "in_bracket")
