"""What the drug is for: condition × disease status × treatment phase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import expand, is_condition, names_condition
from monopipe.extract.indication_prose import Anchor, anchors
from monopipe.extract.indication_words import (
    Limit,
    age_group,
    clause_end,
    earlier_treatment,
    included,
    is_limit,
    limits_in,
    purpose_at,
    uses,
)
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import normal, split
from monopipe.headings import section_kind
from monopipe.tables import Indication

# "Acute pain" is limited to the acute; "acute lymphoblastic leukaemia" and "COPD" are names of diseases.
_ACUTE = re.compile(
    r"(?:^|\b(?:in|of|due to)\s+)(acute|chronic)\b(?!\s+(?:(?:lympho|myelo|promyelo|mono|granulo|erythro)\w*|obstructive|kidney|respiratory distress"
    r"|intermittent|inflammatory demyelinating|fatigue|granulomatous|graft)\b)",
    re.I,
)
# A sentence on a trial tells what was found, not what the drug is for.
_TRIAL = Cued(
    r"\bin (?:an?|one|the|two|three|several|some|\d+) (?:[\w-]+ ){0,2}(?:trials?|stud(?:y|ies)|meta-analys[ie]s)\b"
)
_THIS_USE = re.compile(r"(?:this|these|that|such)(?: (?:use|uses|purpose|indication|condition)s?)?\b", re.I)
_PEOPLE = re.compile(r"\b(?:patients|recipients|people|persons|adults|children|women|men)$", re.I)
_ADJECTIVE = ("al", "ic", "ary", "ar", "ous", "oid", "ive", "ory", "ile", "ed", "acute")

_LABEL_NOISE = re.compile(
    r"^(?:(?:main|primary|other|(?:un)?licen[cs]ed|approved|off-label|investigational)\s+)?(?:indications?|uses?|used for)\b.*$"
    r"|^(?:off-label|investigational|licen[cs]ed|unlicen[cs]ed|approved)$",
    re.I,
)
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_PARTNERS = re.compile(
    r"\b(?:in combination with|combined with|together with|given with|added to|in addition to|alone or with|(?<=, )with|plus|(?<=\()with|(?<!associated )with (?=[a-z]+(?:mab|zomib|sone|platin|taxel)))\s*"
    r"(?P<drugs>[^.;()]*?)(?=\s+(?:for|in|to|at|as|when|after)\b|[.;()]|$)",
    re.I,
)
_NO_DRUG = re.compile(
    r"^(?:other|another|others|diet|exercise|food|water|standard|further|an?other|or other)\b.*|^(?:drugs?|therapy)$",
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
    r"\b\w+-dependent \w+|\b(?:after|following|ineligible for|eligible for|with transfusion|transfusion)\s[^.,;]*|^outpatients?[^.;]*"
)
_OFF_LABEL = Cued(r"\b(?:off-label|unlicen[cs]ed|not licen[cs]ed|unapproved|outside (?:its|the) licen[cs]e)\b")
_INVESTIGATIONAL = Cued(
    r"\b(?:investigational|experimental|under study|(?:being|been) (?:studied|investigated|tested))\b"
)
_LICENSED = Cued(r"\b(?<!un)(?<!not )(?:licen[cs]ed|approved|fda-approved)\b")
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|can|may|should|must|will|does|do|be)\b", re.I)
_ARTICLE = re.compile(
    r"^(?:the|a|an|some|severe forms of|(?:known or )?suspected|known|patients with|adults with|people with|children with|certain|several|many)\s+",
    re.I,
)
# "infections of the ear, throat and skin" is one thing, not three.
_SHARED_HEAD = re.compile(
    r"[^,.;()]*\b(?:(?:infections?|diseases?|disorders?|cancers?|pain|inflammation) of the \w+,|(?:poisoning|overdos(?:e|age)|intoxication) (?:with|by|from) )[^.;]*$",
    re.I,
)
# "The main groups are A (a, b), B (c, d)": the brackets list the conditions.
_GROUPS = re.compile(r"\b(?:groups?|conditions?|diseases?|uses?|indications?)\s+(?:are|include|comprise)\b", re.I)
_GENERAL = re.compile(
    r"^(?:(?:several|many|various|some|most|a number of|common|hematological|serious)\s.*(?:malignancies|diseases|conditions|infections|disorders)|these conditions|the treatment)$",
    re.I,
)


@dataclass(frozen=True)
class _Condition:
    """A condition as printed, where it stands, and what the words before it say of status and phase."""

    text: str
    start: int
    end: int
    limits: tuple[Limit, ...] = ((None, None),)
    bracket: str = ""


def indications(reading: Reading) -> Iterator[Indication]:
    """One row per condition, status and phase of the usage section; elsewhere only sentences that say "used for"."""
    yield from _found(reading)


@lru_cache(maxsize=4)  # doses ask for the uses again
def _found(reading: Reading) -> tuple[Indication, ...]:
    found: list[Indication] = []
    told: list[tuple[str, set[str]]] = []
    for row in _everywhere(reading):
        words = set(row.condition_norm.split())
        if row.section not in RETOLD:
            told.append((row.assertion, words))
        elif told and not any(row.assertion == said and words <= known for said, known in told):
            continue  # a summary's or description's loose words ("used for common infections") add no indication
        found.append(row)
    return tuple(found)


def _everywhere(reading: Reading) -> Iterator[Indication]:
    for item in reading.about("usage"):
        if item.kind == "heading" or item.text.rstrip().endswith(":"):
            continue
        label = item.label if item.section != "front_matter" else None
        if item.cells:
            yield from _in_table(reading, item)
        elif (
            label and not _LABEL_NOISE.match(label) and not section_kind(label, exact=True) and item.kind != "paragraph"
        ):
            yield from _labelled(reading, item)
        elif item.kind == "list_item" or (label and _LABEL_NOISE.match(label)):
            yield from _listed(reading, item, 0 if label is None else item.rest_start)
        else:
            yield from _in_prose(reading, item)


def _labelled(reading: Reading, item: Item) -> Iterator[Indication]:
    """`**Multiple Myeloma (MM):** newly diagnosed and relapsed/refractory MM.`: the label names the condition.

    What stands behind it may be several uses: "Treatment, and prophylaxis in immunocompromised patients."
    """
    end = item.text.rfind(item.label or "", 0, item.rest_start) + len(item.label or "")
    conditions = list(_conditions(item, 0, end))
    seen: set[Limit] = set()
    beside = limits_in(" ".join([*(c.bracket for c in conditions), _beside(item, end)]))
    for a, b in list(item.sentences()) or [(0, end)]:
        if seen and any(anchor.kind == "denied" for anchor in anchors(item.text, a, b)):
            yield from _sentence(reading, item, a, b)
            continue
        own_end = next((m.start() for m in _FURTHER.finditer(item.text, a, b)), b)
        for clause, limit in uses(item.text[a:own_end]):
            limit = limit if any(limit) or not beside or seen else beside[0]
            if limit in seen or (seen and not any(limit) and clause == item.text[a:own_end]):
                continue
            seen.add(limit)
            for c in conditions:
                for own in c.limits:
                    yield from _row(reading, item, c, clause, limit if any(limit) else own, "label")
        yield from _further(reading, item, a, b)
    yield from _examples(reading, item, 0, end, item.text)


def _beside(item: Item, end: int) -> str:
    """The members of a label that are no condition but a status: "Multiple Myeloma (MM), earlier relapse"."""
    return " ".join(item.text[a:b] for a, b in split(item.text, 0, end) if is_limit(item.text[a:b]))


_FURTHER = re.compile(r"(?:,|;)\s*(?:and\s+)?(?=(?:prophylaxis|prevention|treatment) of\b)", re.I)


def _further(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """Another condition named behind the label's own: "maintenance, and prophylaxis of meningeal leukaemia"."""
    for m in _FURTHER.finditer(item.text, start, end):
        for c in _conditions(item, m.end(), end):
            if is_condition(reading, c.text):
                for limit in c.limits:
                    yield from _row(reading, item, c, item.text[m.end() : end], limit, "further_use")


def _in_table(reading: Reading, item: Item) -> Iterator[Indication]:
    """A row of a table of uses: the column whose head says so names the condition."""
    cell = _condition_cell(item)
    for c in _conditions(item, *cell) if cell else ():
        tail = item.text[cell[1] :] if cell else ""
        for own in c.limits:
            yield from _row(reading, item, c, item.text, _limit(own, f"{c.bracket} {tail}"), "table_row")


_CONDITION_HEAD = re.compile(r"\W*(?:indications?|conditions?|diseases?|disorders?|uses?)\b", re.I)


def _condition_cell(item: Item) -> tuple[int, int] | None:
    """The span of the cell that names the condition, by the heads of the columns; none for the row of heads."""
    if [item.cell(k).strip() for k in range(len(item.cells))] == [h.strip() for h in item.columns]:
        return None
    named = (k for k, head in enumerate(item.columns) if _CONDITION_HEAD.match(head))
    k = next(named, 0)
    return item.cells[k] if k < len(item.cells) else None


def _listed(reading: Reading, item: Item, start: int) -> Iterator[Indication]:
    """A list item without a label: its words are the condition, its purpose words tell status and phase.

    "Treatment of deep vein thrombosis, and prevention of recurrence."
    """
    parents = [p for p in (item.parent,) if p is not None and p.label is None]
    sentences = list(item.sentences()) if start else [(0, len(item.text))]
    for a, b in (span for s in sentences for span in _between_semicolons(item.text, *s)):
        sentence = item.text[a:b]
        stop = clause_end(item.text, a, b)
        if a < item.bold_end - 3 and item.bold_end < stop:
            stop = item.bold_end  # "**Focal seizures** with or without generalisation": the bold words name it
        if any(anchor.kind == "denied" for anchor in anchors(item.text, a, stop)) or (
            _VERB.search(_BRACKET.sub("", item.text[a:stop])) and not parents
        ):
            yield from _sentence(reading, item, a, b)
            continue
        for c in _conditions(item, a, stop):
            if a > 0 and not start and not is_condition(reading, c.text):
                continue  # "Cluster headache; adults only"
            also = c.bracket.lower().startswith("also ")
            around = item.text[stop:b] if also else f"{c.bracket} {item.text[stop:b]}"
            for own in c.limits:
                yield from _row(reading, item, c, sentence, _limit(own, around), "list_item")
            if also:
                begin = item.text.index(c.bracket, c.start) + len("also ")
                yield from _bracketed(reading, item, begin, begin + len(c.bracket) - len("also "))
        yield from _examples(reading, item, a, b, sentence)


def _between_semicolons(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a list whose members hold commas of their own."""
    at = start
    for m in re.finditer(r";\s+", text[start:end]):
        yield at, start + m.start()
        at = start + m.end()
    yield at, end


def _bracketed(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """Conditions that a bracket adds: "Endocarditis (also prophylaxis of rheumatic fever)"."""
    for c in _conditions(item, start, end):
        for own in c.limits:
            yield from _row(reading, item, c, item.text[start:end], own, "in_bracket")


def _examples(reading: Reading, item: Item, start: int, end: int, sentence: str) -> Iterator[Indication]:
    """Conditions named as examples of another: "Invasive candidiasis, including candidaemia"."""
    for a, b in included(item.text, start, end):
        for c in _conditions(item, a, b):
            if is_condition(reading, c.text) and not _PEOPLE.search(c.text):
                yield from _row(reading, item, c, sentence, (None, None), "example")


def _in_prose(reading: Reading, item: Item) -> Iterator[Indication]:
    for number, (a, b) in enumerate(item.sentences()):
        found = False
        if _GROUPS.search(item.text, a, b) and item.section == "usage":
            for bracket in _BRACKET.finditer(item.text, a, b):
                for c in _conditions(item, bracket.start(1), bracket.end(1)):
                    found = True
                    yield from _row(reading, item, c, c.text, c.limits[0], "group_examples")
        for row in _sentence(reading, item, a, b):
            found = True
            yield row
        if not found and number == 0 and _is_bare_list(item, a, b):
            for c in _conditions(item, a, b):  # a bare list: "Headache, toothache, period pain."
                yield from _row(reading, item, c, item.text[a:b], c.limits[0], "bare_list")


def _is_bare_list(item: Item, start: int, end: int) -> bool:
    """Whether a sentence is nothing but a list of conditions: "Headache, toothache, period pain."."""
    sentence = item.text[start:end]
    plain = item.section == "usage" and item.label is None and "," in sentence and not _TRIAL.search(sentence)
    return plain and not _VERB.search(sentence) and not any(True for _ in anchors(item.text, start, end))


_RULES = {"for": "used_for", "in": "effect_in", "people": "people_with", "place": "place", "denied": "denied_use"}


def _sentence(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """The conditions that a sentence names as uses, and those it denies.

    "It lowers the pressure in adults with glaucoma and in those with ocular hypertension." names two.
    """
    if _TRIAL.search(item.text, start, end):
        return
    sentence = item.text[start:end]
    subject = _SUBJECT.match(item.text, start, end)
    if subject:
        yield from _called(reading, item, subject)
        return
    rows: list[Indication] = []
    before = ""
    named = False  # whether a use stands before the patients who are given it
    for anchor in anchors(item.text, start, end):
        clause = item.text[anchor.since : anchor.end]
        found = list(_conditions(item, anchor.start, anchor.end))
        if anchor.kind == "denied":
            strict = _DENIES_GERMS.search(item.text, anchor.at, anchor.start)
            found = [c for c in found if not strict or is_condition(reading, c.text)]
            mine = [r for c in found for r in _denied(reading, item, c, clause)]
            if not mine and rows and (_THIS_USE.match(item.text, anchor.start) or rows[-1].rule == "place"):
                for row in rows:
                    row.assertion = "negated"
            rows += mine
            continue
        if anchor.kind != "for" or item.topic != "usage" or _needs_condition(item.text, anchor):
            found = [c for c in found if is_condition(reading, c.text)]
        if anchor.kind == "people" and (named or item.topic != "usage"):
            continue
        named = anchor.kind == "for" and any(is_condition(reading, c.text) for c in found)
        if anchor.kind == "people" and rows and rows[-1].rule == "used_for":
            rows.pop()  # "for raised pressure in children with glaucoma": the condition is that of the patients
        clause = f"{before} {clause}" if " those " in clause else clause
        before = clause
        status = (None, None) if any(any(c.limits[0]) for c in found) else _limit((None, None), clause)
        for c in found:
            for own in c.limits:
                limit = own if any(own) or len(c.limits) > 1 else status
                rows += _row(reading, item, c, clause, limit, _RULES[anchor.kind], sentence)
    yield from rows


# "Chronic urticaria is an off-label use.", "A role in septic shock remains investigational."
_SUBJECT = re.compile(
    r"(?P<use>[^,.;]{4,90}?)\s+(?:is|are|remains?)\s+(?:still\s+|only\s+)?(?P<denied>not\s+)?(?:an?\s+)?(?P<licence>off-label|unlicen[cs]ed"
    r"|investigational|experimental|(?:licen[cs]ed|approved)(?= (?:use|indication)))(?:\s+(?:use|indication)s?)?\s*(?=[.,;]|$)",
    re.I,
)
_WITHIN = re.compile(r".*\b(?:in|against|for)\s+(?=\S)", re.I)


def _called(reading: Reading, item: Item, subject: re.Match[str]) -> Iterator[Indication]:
    """The use that a sentence calls off-label, investigational, licensed or no approved use."""
    a, b = subject.span("use")
    within = _WITHIN.match(item.text, a, b)
    for start in (within.end(), a) if within else (a,):
        found = [c for c in _conditions(item, start, b) if is_condition(reading, c.text)]
        for c in found:
            for row in _row(reading, item, c, subject.group(), c.limits[0], "called"):
                if subject.group("denied"):
                    row.assertion, row.label_status = "negated", "not_stated"
                yield row
        if found:
            return


def _needs_condition(text: str, anchor: Anchor) -> bool:
    """Whether an anchor's words have other senses too: "an adjunct in", "an option for"."""
    return not re.match(r"\w+ed\b|first|uses", text[anchor.at : anchor.start], re.I)


# "Not active against", "not recommended in" deny germs and patients too; only what is known for a condition counts.
_DENIES_GERMS = re.compile(
    r"\b(?:active|activity|recommended|used|approved|advised|suitable)\b(?: (?:in|against))?\s*$", re.I
)
_DENIED_LEAD = re.compile(
    r"^(?:for|in|against|on|the|an?|to treat|treatment of|infestation with)\s+|\s+(?:and|or|but|which|because)$", re.I
)


def _denied(reading: Reading, item: Item, c: _Condition, clause: str) -> Iterator[Indication]:
    """A condition that a sentence says the drug is not for, as a negated row with its bare name."""
    words = re.sub(r"\s+is$", "", _DENIED_LEAD.sub("", c.text))
    if words and (is_condition(reading, words) or item.topic == "usage") and not _VERB.search(words):
        if age_group(words) != "unspecified" and not is_condition(reading, words):
            return  # "not for children under 2 years"
        if _THIS_USE.match(words) or re.match(r"as\s|routine\b", words):
            return
        at = item.text.find(words, c.start, c.end)
        bare = replace(c, text=words, start=at if at >= 0 else c.start)
        for row in _row(reading, item, bare, clause, c.limits[0], "denied_use"):
            row.assertion = "negated"
            row.label_status = "investigational" if _INVESTIGATIONAL.search(clause) else "not_stated"
            yield row


def _conditions(item: Item, start: int, end: int) -> Iterator[_Condition]:
    """The conditions of a list of words, with what stands before each."""
    text = item.text
    limits: tuple[Limit, ...] = ((None, None),)
    end = clause_end(text, start, end)
    whole = _SHARED_HEAD.match(text, start, end)
    for a, b, head in [(start, end, "")] if whole else _members(text, start, end):
        article = _ARTICLE.match(text[a:b])
        a += article.end() if article else 0
        purpose = purpose_at(text, a, b)
        if purpose:
            a, limits = purpose
        elif lead := _LEAD.match(text, a, b):
            a = lead.end()
        while a < b and text[a].isspace():
            a += 1
        article = _ARTICLE.match(text[a:b])
        a += article.end() if article else 0
        words = text[a:b]
        brackets = " ".join(m.group(1) for m in _BRACKET.finditer(words))
        plain = " ".join(_BRACKET.sub("", words).split()).strip(" ,.") + head
        if not plain or len(plain.split()) > 9 or _GENERAL.match(plain) or not re.search(r"[a-zA-Z]{3}", plain):
            continue
        plain = re.sub(r"\s(?:and|or|but)$", "", plain)
        if (
            _OFF_LABEL.expression.fullmatch(plain)
            or plain.lower() in ("recurrence", "relapse", "symptoms")
            or is_limit(plain)
        ):
            continue
        yield _Condition(plain, a, b, limits, brackets)


_LEAD = re.compile(r"(?:for|against|in) ", re.I)
# A member of a list that is one with the next: "prevention and treatment of gout", "known or suspected overdose".
_PURPOSE_NOUN = re.compile(
    r"(?:the )?(?:prevention|treatment|prophylaxis|management|relief|complete)|[^,;]{0,40}\bknown", re.I
)


def _members(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The members of a list, each with the head that it shares with the last one.

    "Primary, secondary and tertiary hypothyroidism" is three conditions, "bone and joint infections" is one.
    """
    joined: list[tuple[int, int, str]] = []
    for a, b in split(text, start, end):
        if joined:
            c, d, _ = joined[-1]
            between = text[d:a].strip().lower()
            alone = not names_condition(text[c:d]) and names_condition(text[a:b])
            pair = text[c:d].lower().endswith("nausea") and text[a:b].lower().startswith("vomiting")
            one = _PURPOSE_NOUN.fullmatch(text, c, d) or (
                text[c:d].endswith(" with") and text.startswith("without ", a)
            )
            if one:  # "prevention and treatment of gout", "migraine with or without aura"
                joined[-1] = (c, b, "")
                continue
            head = _shared_head(text, joined, a, b, between) if alone else ""
            if head:
                joined = [(x, y, h or (head if _is_attribute(text[x:y]) else "")) for x, y, h in joined]
            elif between in ("and", "or", "and/or") and (pair or (alone and len(text[c:d].split()) <= 3)):
                joined[-1] = (c, b, "")
                continue
        joined.append((a, b, ""))
    return joined


def _shared_head(text: str, before: list[tuple[int, int, str]], start: int, end: int, joint: str) -> str:
    """What the last of several attributes shares with those before it: " candidiasis" of "oral and vaginal candidiasis".

    Two with "or" stay one condition: "incomplete or inevitable abortion".
    """
    attribute, _, head = text[start:end].partition(" ")
    if not head or not names_condition(head) or len(head.split()) > 3:
        return ""
    attributes = [_is_attribute(text[a:b]) for a, b, _ in before]
    if not attributes[-1] or not (_is_attribute(attribute) or len(before) > 1):
        return ""
    several = len(before) > 1 and attributes[-2]
    return f" {head}" if several or joint.endswith("and") else ""


def _is_attribute(words: str) -> bool:
    """Whether words are an adjective that needs a noun: "secondary", "Oropharyngeal"."""
    return " " not in words and words.lower().endswith(_ADJECTIVE) and not names_condition(words)


def _limit(own: Limit, around: str) -> Limit:
    """The status and phase of a condition: by its own words, else by those around it."""
    named = limits_in(around)[:1]
    status, phase = named[0] if named else (None, None)
    return own[0] or status, own[1] or phase


def _row(
    reading: Reading,
    item: Item,
    c: _Condition,
    sentence: str,
    limit: Limit,
    rule: str,
    whole: str = "",
) -> Iterator[Indication]:
    """One row; `sentence` is the clause that the condition stands in, `whole` all that may say how it is licensed."""
    condition = expand(reading, c.text)
    status, phase = limit
    # "Stroke prevention in …", "Thromboprophylaxis": the name itself says it.
    by_name = [q for q in limits_in(condition) if q[0] in ("prevention", "relapsed_refractory")]
    if by_name and phase is None and status in (None, by_name[0][0]):
        status, phase = by_name[0]
    acute = _ACUTE.search(condition)
    prior = earlier_treatment(f"{sentence} {item.text[c.end :]}" if rule == "list_item" else sentence)
    risk, marker = _RISK.search(sentence), _BIOMARKER.search(sentence)
    heads = " ".join((*item.leads[-1:], item.label or ""))  # "Off-label uses:" governs its list
    around = f"{c.bracket} {sentence} {whole} {heads}"
    named: Any = status or (acute.group(1).lower() if acute else "unspecified")
    # What stands behind the label belongs to the quote; a long list quotes only its member.
    place = item.whole() if rule == "label" else item.at(c.start, c.end)
    who: Any = age_group(_without_name(sentence, c.text))
    if who == "unspecified" and rule == "label":
        who = age_group(_without_name(item.label or "", c.text))
    yield Indication(
        **place,
        rule=rule,
        condition=condition,
        condition_norm=normal(condition),
        condition_abbrev=_abbreviation(reading, condition),
        disease_status=named,
        treatment_phase=phase or "unspecified",  # type: ignore[arg-type]
        partners=_partners(reading, around),
        prior_therapies_min=prior.at_least,
        prior_therapy_required=prior.drug,
        risk_category=risk.group(1) if risk else None,
        biomarker=(marker.group("named") or marker.group("marked")) if marker else None,
        prerequisite=_prerequisite(sentence),
        age_group=who,
        label_status=_label_status(item.text, c, whole) or _licence(around),
    )


def _licence(text: str) -> Any:
    """How the words license a use."""
    if _OFF_LABEL.search(text):
        return "off_label"
    if _INVESTIGATIONAL.search(text):
        return "investigational"
    return "licensed" if _LICENSED.search(text) else "not_stated"


def _label_status(text: str, c: _Condition, sentence: str) -> Any:
    """Where a sentence names a licensed use and one that is not: the word that stands last before the condition.

    "It is licensed for depression and, off-label, for neuropathic pain."
    """
    if not (_OFF_LABEL.search(sentence) and _LICENSED.search(sentence)):
        return None
    start = text.find(sentence)
    before = [(m.end(), "off_label") for m in _OFF_LABEL.finditer(text, start, c.start)]
    before += [(m.end(), "licensed") for m in _LICENSED.finditer(text, start, c.start)]
    return max(before)[1] if before else None


_NAME_MIDDLE = re.compile(r"^(\S+)\s+(.*?)(?=\s+(?:in|of)\s+|$)", re.I)


def _without_name(text: str, condition: str) -> str:
    """A text without the inner words of the condition's name: "sudden infant death syndrome" says no age."""
    m = _NAME_MIDDLE.match(condition)
    return text.replace(m.group(2), "") if m and m.group(2) and " " in condition else text


def _abbreviation(reading: Reading, condition: str) -> str | None:
    return next((short for short, full in reading.abbreviations.items() if full.lower() == condition.lower()), None)


def _prerequisite(sentence: str) -> str | None:
    m = _PREREQUISITE.search(sentence)
    if m is None or earlier_treatment(m.group()).at_least is not None:
        return None
    return m.group().strip(" .")


def _partners(reading: Reading, sentence: str) -> str | None:
    m = _PARTNERS.search(sentence)
    if m is None:
        return None
    found = []
    for a, b in split(m.group("drugs")):
        word = re.sub(r"^(?:an?|the)\s+", "", m.group("drugs")[a:b]).strip()
        if word and not _NO_DRUG.match(word) and len(word.split()) <= 4 and word.lower() not in reading.own_names:
            found.append(word)
    return "; ".join(found) or None
