"""What the drug is for: condition × disease status × treatment phase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from monopipe import vocabulary
from monopipe.document import Item
from monopipe.extract.conditions import CONDITION_WORD, expand, is_condition
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import normal, split
from monopipe.grammar import read_who
from monopipe.headings import section_kind
from monopipe.tables import Indication

_Purpose = tuple[re.Pattern[str], str | None, str | None]


def _patterns(name: str) -> tuple[_Purpose, ...]:
    return tuple(
        (re.compile(rf"\b(?:{v['pattern']})(?![\w-])", re.I), v["disease_status"] or None, v["treatment_phase"] or None)
        for v in vocabulary.rows(name)
    )


_PURPOSES = _patterns("purposes")
_STATUSES = _patterns("disease_statuses")
# "Acute pain" is limited to the acute; "acute lymphoblastic leukaemia" and "COPD" are names of diseases.
_ACUTE = re.compile(
    r"^(acute|chronic)\b(?!\s+(?:(?:lympho|myelo|promyelo|mono|granulo|erythro)\w*|obstructive|coronary|kidney|respiratory distress"
    r"|intermittent|inflammatory demyelinating|fatigue|granulomatous|graft)\b)",
    re.I,
)
# "It is not effective for A and should not be used for B", "no established role in C": uses that the text denies.
_DENIES = re.compile(
    r"(?:\bnot(?= for\b)|\bnor(?= for\b)|\bnever (?:be )?(?:used|given)\b|\bnot (?:intended|indicated|effective|suitable|recommended|licen[cs]ed|approved|active|reliable|used|be (?:used|given|prescribed|tried)|an agent|for use)"
    r"|no(?: (?!longer)\w+)? (?:role|place|value|benefit|effect)|does not (?:abort|treat|prevent|cure|relieve|stop))"
    r"(?:\s+(?:for|in|against|on|to treat))?(?:\s+the)?(?:\s+(?:\w+\s+)?(?:treatment|management|prevention|relief|therapy) of)?\s+",
    re.I,
)
# "in adults with glaucoma and in those with ocular hypertension": the people whom prose names by their condition.
_PEOPLE_WITH = re.compile(
    r"\bin\s+(?:(?:\w+\s+)?(?:adults|patients|those|people|children|adolescents|infants|women|men)|anyone)\s+with\s+",
    re.I,
)

# "X is indicated for A, B and C": where a sentence's conditions begin.
_FOR = re.compile(
    r"\b(?:(?:indicated|used|prescribed|licensed|approved|given|taken|recommended|effective|employed|tried|useful|inhaled|injected|active|reliable)"
    r"(?:\s+\w+ly|\s+alone|\s+off-label)?(?:\s+(?:in|by)\s+(?:adults|children|patients))?\s+(?:for|in|against|to treat|to prevent)"
    r"|first[- ]line (?:drug|agent|choice|treatment) for|\buses? it\b[^.;]{0,40}?\bfor)\s+",
    re.I,
)
_STOP = re.compile(
    r"\s*(?:\.(?=\s|$)|;|,?\s+(?:in combination with|together with|alone or with|when|where|who|whose|which|that|because|if"
    r"|as (?:part of|monotherapy|an? )|usually|including|unless|until|given|either|after (?:elective|failure)|with or without"
    r"|(?:un|non)-?responsive to|resistant to|refractory to|intolerant of|not (?:responding|controlled)|that ha(?:s|ve) failed)\b"
    r"|,\s+(?:as|with|added to|by|under|in addition to|on top of)\s"
    r"|\s+in\s+(?:(?:adults?|children|adolescents?|infants?|neonates?|patients|people|women|men|those|p(?:a)?ediatric)\b))",
    re.I,
)
_LABEL_NOISE = re.compile(
    r"^(?:(?:main|primary|other|(?:un)?licen[cs]ed|approved|off-label)\s+)?(?:indications?|uses?|used for)\b.*$|^off-label$",
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
_PRIOR = re.compile(
    r"\b(?:after|at least|failed|received)\s+(?:at least\s+)?(?P<n>one|two|three|four|\d)(?: or more)?\s+(?:prior|previous|earlier)\s+"
    r"(?:lines? of )?(?:therap(?:y|ies)|treatments?|regimens?|lines?)",
    re.I,
)
_PRIOR_NAME = re.compile(
    r"\b(?:one of which (?:was|included)|including|failure of|failed on)\s+(?P<drug>[a-z][\w -]{3,40}?)(?=[.,;)]|$)",
    re.I,
)
_COUNT = {"one": 1, "two": 2, "three": 3, "four": 4}
_RISK = re.compile(
    r"\b((?:low|lower|intermediate|high|higher|standard|very high)-?(?:\s*(?:,|or|and|to|/)\s*(?:low|intermediate|high)(?:-\d)?)*[- ]risk)\b",
    re.I,
)
_BIOMARKER = re.compile(
    r"\b(?:associated with (?:an? )?(?P<named>[^.,;]*(?:abnormality|mutation|deletion|translocation))"
    r"|(?P<marked>[A-Z][A-Za-z0-9-]*\d*[A-Z0-9]*(?:\s+V600E?)?[- ](?:positive|negative|mutated|mutation(?:-positive)?|rearranged)))"
)
_PREREQUISITE = re.compile(
    r"\b\w+-dependent \w+|\b(?:after|following|ineligible for|eligible for|with transfusion|transfusion)\s[^.,;]*|^outpatients?[^.;]*",
    re.I,
)
_OFF_LABEL = re.compile(
    r"\b(?:off-label|unlicen[cs]ed|not licen[cs]ed|unapproved|outside (?:its|the) licen[cs]e)\b", re.I
)
_INVESTIGATIONAL = re.compile(r"\b(?:investigational|experimental|under study|being studied)\b", re.I)
_LICENSED = re.compile(r"\b(?<!un)(?<!not )(?:licen[cs]ed|approved|fda-approved)\b", re.I)
_NEGATED = re.compile(
    r"\b(?:not (?:intended|indicated|active|effective|reliable|used|recommended|suitable|an agent)|no effect|was removed|does not treat)\b",
    re.I,
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|can|may|should|must|will|does|do|be)\b", re.I)
_ARTICLE = re.compile(
    r"^(?:the|a|an|some|severe forms of|patients with|adults with|people with|children with|certain|several|many)\s+",
    re.I,
)
# "infections of the ear, throat and skin" is one thing, not three.
_SHARED_HEAD = re.compile(
    r"[^,.;()]*\b(?:infections?|diseases?|disorders?|cancers?|pain|inflammation) of the \w+,[^.;]*$", re.I
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
    status: str | None = None
    phase: str | None = None
    bracket: str = ""


def indications(reading: Reading) -> Iterator[Indication]:
    """One row per condition, status and phase of the usage section; elsewhere only sentences that say "used for"."""
    told: list[set[str]] = []
    for row in _everywhere(reading):
        words = set(row.condition_norm.split())
        if row.section not in RETOLD:
            told.append(words)
        elif told and not any(words <= known for known in told):
            continue  # a summary's or description's loose words ("used for common infections") add no indication
        yield row


def _everywhere(reading: Reading) -> Iterator[Indication]:
    for item in reading.about("usage"):
        if item.kind == "heading" or item.text.rstrip().endswith(":"):
            continue
        label = item.label if item.section != "front_matter" else None
        if label and not _LABEL_NOISE.match(label) and not section_kind(label, exact=True) and item.kind != "paragraph":
            yield from _labelled(reading, item)
        elif item.kind in ("list_item", "table_row") or (label and _LABEL_NOISE.match(label)):
            yield from _listed(reading, item, 0 if label is None else item.rest_start)
        else:
            yield from _in_prose(reading, item)


_DENIED_LEAD = re.compile(
    r"^(?:for|in|against|on|the|an?|to treat|treatment of)\s+|\s+(?:and|or|but|which|because)$", re.I
)


def _labelled(reading: Reading, item: Item) -> Iterator[Indication]:
    """`**Multiple Myeloma (MM):** newly diagnosed and relapsed/refractory MM.`: the label names the condition."""
    end = item.text.rfind(item.label or "", 0, item.rest_start) + len(item.label or "")
    conditions = list(_conditions(item, 0, end))
    seen: set[tuple[str | None, str | None]] = set()
    for a, b in list(item.sentences()) or [(0, end)]:
        sentence = item.text[a:b]
        bracket = " ".join(c.bracket for c in conditions)
        for status, phase in _qualified(f"{sentence} {bracket}", bool(seen)):
            if (status, phase) in seen:
                continue
            seen.add((status, phase))
            for c in conditions:
                yield from _row(reading, item, c, sentence, status or c.status, phase or c.phase, "label")


def _listed(reading: Reading, item: Item, start: int) -> Iterator[Indication]:
    """A list item without a label: its words are the condition, its purpose words tell status and phase.

    "Treatment of deep vein thrombosis, and prevention of recurrence."
    """
    parents = [p for p in (item.parent,) if p is not None and p.label is None]
    if item.cells:
        cell = _condition_cell(item)
        for c in _conditions(item, *cell) if cell else ():
            tail = item.text[cell[1] :] if cell else ""
            status, phase = next(iter(_qualified(f"{c.bracket} {tail}", False)))
            yield from _row(reading, item, c, item.text, c.status or status, c.phase or phase, "table_row")
        return
    for a, b in item.sentences() if start else [(0, len(item.text))]:
        sentence = item.text[a:b]
        if _NEGATED.search(sentence) and _DENIES.search(sentence):
            yield from _denied(reading, item, a, b)
            continue
        head = _BRACKET.sub("", item.text[a : _clause_end(item.text, a, b)])
        if _VERB.search(head) and not parents:
            yield from _sentence(reading, item, a, b)
            continue
        tail = item.text[_clause_end(item.text, a, b) : b]
        for c in _conditions(item, a, b):
            status, phase = next(iter(_qualified(f"{c.bracket} {tail}", False)))
            yield from _row(reading, item, c, sentence, c.status or status, c.phase or phase, "list_item")


_CONDITION_HEAD = re.compile(r"\W*(?:indications?|conditions?|diseases?|disorders?|uses?)\b", re.I)


def _condition_cell(item: Item) -> tuple[int, int] | None:
    """The span of the cell that names the condition, by the heads of the columns; none for the row of heads."""
    if [item.cell(k).strip() for k in range(len(item.cells))] == [h.strip() for h in item.columns]:
        return None
    named = (k for k, head in enumerate(item.columns) if _CONDITION_HEAD.match(head))
    k = next(named, 0)
    return item.cells[k] if k < len(item.cells) else None


def _in_prose(reading: Reading, item: Item) -> Iterator[Indication]:
    for number, (a, b) in enumerate(item.sentences()):
        found = False
        if _GROUPS.search(item.text, a, b) and item.section == "usage":
            for bracket in _BRACKET.finditer(item.text, a, b):
                for c in _conditions(item, bracket.start(1), bracket.end(1)):
                    found = True
                    yield from _row(reading, item, c, c.text, c.status, c.phase, "group_examples")
        if _DENIES.search(item.text, a, b):
            yield from _denied(reading, item, a, b)
            continue
        for row in _sentence(reading, item, a, b):
            found = True
            yield row
        if not found and number == 0 and _is_bare_list(item, a, b):
            for c in _conditions(item, a, b):  # a bare list: "Headache, toothache, period pain."
                yield from _row(reading, item, c, item.text[a:b], c.status, c.phase, "bare_list")


def _is_bare_list(item: Item, start: int, end: int) -> bool:
    """Whether a sentence is nothing but a list of conditions: "Headache, toothache, period pain."."""
    sentence = item.text[start:end]
    plain = item.section == "usage" and item.label is None and "," in sentence
    return plain and not _VERB.search(sentence) and not _NEGATED.search(sentence)


def _sentence(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    sentence = item.text[start:end]
    m = _FOR.search(item.text, start, end)
    status, phase = next(iter(_qualified(sentence, False)))
    people = list(_PEOPLE_WITH.finditer(item.text, start, end)) if item.topic == "usage" else []
    if m is not None:
        for c in _conditions(item, m.end(), end):
            yield from _row(reading, item, c, sentence, c.status or status, c.phase or phase, "used_for")
    for k, who in enumerate(people):
        stop = people[k + 1].start() if k + 1 < len(people) else end
        for c in _conditions(item, who.end(), stop):
            if is_condition(reading, c.text):
                yield from _row(
                    reading, item, c, who.group() + c.text, c.status or status, c.phase or phase, "people_with"
                )


def _denied(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """The conditions that a sentence says it is not for, each a negated row."""
    denials = list(_DENIES.finditer(item.text, start, end))
    for k, m in enumerate(denials):
        stop = denials[k + 1].start() if k + 1 < len(denials) else end
        for c in _conditions(item, m.end(), stop):
            words = _DENIED_LEAD.sub("", c.text)
            if words and (is_condition(reading, words) or item.topic == "usage") and not _VERB.search(words):
                named = replace(c, text=words, start=c.end - len(c.text) + c.text.rfind(words))
                for row in _row(reading, item, named, item.text[m.start() : stop], c.status, c.phase, "denied_use"):
                    row.assertion = "negated"
                    yield row


def _conditions(item: Item, start: int, end: int) -> Iterator[_Condition]:
    """The conditions of a list of words, with what stands before each."""
    text = item.text
    status = phase = None
    end = _clause_end(text, start, end)
    whole = _SHARED_HEAD.match(text, start, end)
    for a, b in [(start, end)] if whole else _members(text, start, end):
        article = _ARTICLE.match(text[a:b])
        a += article.end() if article else 0
        for pattern, s, p in _PURPOSES:
            m = pattern.match(text, a, b)
            if m:
                status, phase = s, p
                a = m.end()
                break
        while a < b and text[a].isspace():
            a += 1
        article = _ARTICLE.match(text[a:b])
        a += article.end() if article else 0
        words = text[a:b]
        brackets = " ".join(m.group(1) for m in _BRACKET.finditer(words))
        plain = " ".join(_BRACKET.sub("", words).split()).strip(" ,.")
        if not plain or len(plain.split()) > 9 or _GENERAL.match(plain) or not re.search(r"[a-zA-Z]{3}", plain):
            continue
        if plain.lower() in ("recurrence", "relapse", "symptoms") or any(p.fullmatch(plain) for p, _, _ in _STATUSES):
            continue
        yield _Condition(plain, a, b, status, phase, brackets)


def _members(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The members of a list; what only shares its head with the next is one with it.

    "Bone and joint infections" and "postoperative nausea and vomiting" are one condition each.
    """
    spans = list(split(text, start, end))
    joined: list[tuple[int, int]] = []
    for a, b in spans:
        if joined:
            c, d = joined[-1]
            between = text[d:a].strip().lower()
            alone = not CONDITION_WORD.search(text[c:d]) and CONDITION_WORD.search(text[a:b]) is not None
            pair = text[c:d].lower().endswith("nausea") and text[a:b].lower().startswith("vomiting")
            if between in ("and", "or", "and/or") and (pair or (alone and len(text[c:d].split()) <= 3)):
                joined[-1] = (c, b)
                continue
        joined.append((a, b))
    return joined


def _clause_end(text: str, start: int, end: int) -> int:
    """Where the list of conditions ends: at a word that begins another clause, outside brackets."""
    for m in _STOP.finditer(text, start, end):
        before = text[start : m.start()]
        if m.start() > start and before.count("(") == before.count(")"):
            return m.start()
    return end


def _qualified(sentence: str, later: bool) -> list[tuple[str | None, str | None]]:
    """The statuses and phases a sentence names, one pair each; a first sentence without any gives (None, None)."""
    found: list[tuple[str | None, str | None]] = []
    taken: list[tuple[int, int]] = []
    for pattern, status, phase in _STATUSES:
        for m in pattern.finditer(sentence):
            if any(m.start() < e and m.end() > s for s, e in taken):
                continue
            taken.append((m.start(), m.end()))
            if (status, phase) not in found:
                found.append((status, phase))
    return found or ([] if later else [(None, None)])


def _row(
    reading: Reading, item: Item, c: _Condition, sentence: str, status: Any, phase: Any, rule: str
) -> Iterator[Indication]:
    condition = expand(reading, c.text)
    if status is None and phase is None:  # "Stroke prevention in …", "Thromboprophylaxis": the name itself says it
        by_name = (q for q in _qualified(condition, False) if q[0] in ("prevention", "relapsed_refractory"))
        status, phase = next(by_name, (None, None))
    acute = _ACUTE.match(condition)
    prior = _PRIOR.search(sentence)
    prior_name = _PRIOR_NAME.search(sentence) if prior else None
    risk, marker = _RISK.search(sentence), _BIOMARKER.search(sentence)
    heads = " ".join((*item.leads[-1:], item.label or ""))  # "Off-label uses:" governs its list
    around = f"{c.bracket} {sentence} {heads}"
    who = read_who(sentence)
    named: Any = status or (acute.group(1).lower() if acute else "unspecified")
    # What stands behind the label belongs to the quote; a long list quotes only its member.
    place = item.whole() if rule == "label" else item.at(c.start, c.end)
    yield Indication(
        **place,
        rule=rule,
        assertion="negated" if _NEGATED.search(sentence) else "affirmed",
        condition=condition,
        condition_norm=normal(condition),
        condition_abbrev=_abbreviation(reading, condition),
        disease_status=named,
        treatment_phase=phase or "unspecified",
        partners=_partners(reading, around),
        prior_therapies_min=_count(prior.group("n")) if prior else None,
        prior_therapy_required=prior_name.group("drug").strip() if prior_name else None,
        risk_category=risk.group(1) if risk else None,
        biomarker=(marker.group("named") or marker.group("marked")) if marker else None,
        prerequisite=_prerequisite(sentence),
        age_group="unspecified" if who.get("age_group") == "all" else who.get("age_group", "unspecified"),
        label_status="off_label"
        if _OFF_LABEL.search(around)
        else "investigational"
        if _INVESTIGATIONAL.search(around)
        else "licensed"
        if _LICENSED.search(around)
        else "not_stated",
    )


def _abbreviation(reading: Reading, condition: str) -> str | None:
    return next((short for short, full in reading.abbreviations.items() if full.lower() == condition.lower()), None)


def _count(word: str) -> int:
    return _COUNT.get(word.lower()) or int(word)


def _prerequisite(sentence: str) -> str | None:
    m = _PREREQUISITE.search(sentence)
    if m is None or _PRIOR.search(m.group()):
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
