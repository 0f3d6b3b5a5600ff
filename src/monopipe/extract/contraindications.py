"""Contraindications: one row a condition, named without 'known', 'history of' or 'or any of its components'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, cast

from monopipe.document import Item
from monopipe.extract import effect_words, terms
from monopipe.extract.drug_words import is_drug
from monopipe.extract.facts import content_key
from monopipe.extract.phrasing import phrasebook
from monopipe.extract.reading import RETOLD, Reading
from monopipe.tables import Assertion, Contraindication

Strength = Literal["absolute", "relative", "not_stated"]

_PATIENTS = r"(?:(?:all|any|some|adult|those|the|female|male)\s+)?(?:patients?|people|persons?|individuals|subjects|anyone|women|men|those|adults|users)"
_CONTRAINDICATED = re.compile(
    r"""\b(?P<not>not\s+(?:absolutely\s+)?)?(?:contra-?indicated|(?:do|must|should|may|can)\s*not\s+be\s+(?:used|given|taken|administered|prescribed|started)|cannot\s+be\s+(?:used|given|taken)
    |do\s+not\s+(?:use|give|take|administer|prescribe|start)(?:\s+it)?|not\s+to\s+be\s+(?:used|given|taken)|never\s+(?:use|give)|avoid(?:ed)?|must\s+be\s+avoided|not\s+(?:be\s+)?(?:used|given)|(?:absolute\s+|relative\s+|main\s+|known\s+|key\s+)?contra-?indications?\s+(?:are|include|is|includes|to\s+\w+\s+(?:are|include))\s*:?)
    (?:\s+(?:in|for|with|by|during|when|if|to|within|on|among)\b(?!\s+(?:case|order)))*\s*:?\s*""",
    re.I | re.X,
)  # fmt: skip
_SUBJECT_IS = re.compile(
    r"\s+(?:(?:should|must)\s+not\s+(?:receive|take|use|be\s+given)|(?:is|are|being)\s+(?:both\s+)?(?:an?\s+)?(?:absolutely\s+|strictly\s+|also\s+)?(?:absolute\s+|relative\s+)?(?:contra-?indicated|contra-?indications?|to\s+be\s+avoided))\b",
    re.I,
)
_FORBIDS = re.compile(
    r"^[\s:–—-]*(?:(?:absolutely|strictly|always)\s+)?(?:do not use|contra-?indicated|avoid|not recommended|must not be (?:used|given)|should not be (?:used|given)|never)\b",
    re.I,
)
_LEAD = re.compile(
    rf"""(?:no[.,]\s+|yes[.,]\s+)?(?:(?:{_PATIENTS}\s+(?:with|who\s+(?:have|are|had)(?:\s+(?:had|been|taking|receiving))?|having|on|taking|receiving|using|of(?=\s+childbearing))
    |(?:a\s+|an\s+)?(?:(?:previous|personal|prior|past|known|documented)\s+)*history\s+of|known|documented|confirmed|the|an?|any|in|with|of|for|when|if|during|and|or|also|to
    |presence\s+of|use\s+(?:in|during|for)|existing|pre-existing|preexisting)(?:\s+|$))+""",
    re.I | re.X,
)  # fmt: skip
_COMPONENTS = re.compile(
    r"""[\s,]*(?:\b(?:or|and|and/or)\b|/)\s*(?:to\s+)?(?:(?:any|one|some)\s+of\s+)?(?:(?:its|the|their|any|an|a|other|another|one|all)\s+)*(?:(?:inactive|other|formulation|listed|product)\s+)*
    (?:components?|excipients?|ingredients?|constituents?|preservatives?)\b(?:\s+(?:of|in)\s+(?:the\s+|its\s+|this\s+)?(?:formulation|product|preparation|medicine|drug|tablet|injection|it)s?)?""",
    re.I | re.X,
)  # fmt: skip
_QUALIFIER = re.compile(
    r"""[\s,]+\(?(?:such\s+as|e\.g\.|for\s+example|including)\b.*
    |[\s,]+(?:except|unless|excluding|apart\s+from|other\s+than)\b.*
    |\s+(?:while|whilst|until)\b.*
    |,\s+(?:given|current|currently|recent\b(?!\s+\w+)|taken|especially|particularly|which|who|where|whether|when|if|even|within|at|used)\b.*""",
    re.I | re.X | re.S,
)  # fmt: skip
"""What limits a condition belongs to it as printed, unless it makes half a sentence of it."""
_REASON = re.compile(
    r"""\s+(?:because|since|due\s+to\s+(?:the\s+)?(?:risk|lack|potential|teratogenic|possible|its|increased)|owing\s+to|as\s+(?:it|this|there)|as\s+the|where\s+it)\b.*
    |,\s+(?:as\s+(?:it|the|this)|because|due|but)\b.*
    |\s+[–—-]\s+.*""",
    re.I | re.X | re.S,
)  # fmt: skip
_SPLIT = re.compile(
    r"\s*(?P<comma>[,;])\s*(?:(?:and/or|and|or)\s+)?|\s+(?P<word>and/or|and|or|as well as)\s+|(?<=[a-z]{4})/(?=[A-Za-z][\w'’]{3,}\s)",
    re.I,
)
_CAUSE = re.compile(
    r"\s(?:after|following|due to|caused by|associated with|secondary to|related to|induced by|from)\s", re.I
)
_BINDS = re.compile(
    r"\b(?:such as|e\.g\.,?|including)\s|\b(?:hypersensitiv\w*|allerg\w*|sensitivity|intolerance|anaphyla\w*)\b.*?\bto\b",
    re.I,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|should|must|may|can|could|has|have|had|will|do|does|need|needs|requires?|consult|use\s+with\s+(?:\w+\s+)?caution|caution)\b",
    re.I,
)
_RELATIVE_CLAUSE = re.compile(r"\s(?:that|who|which|whose|if|when|where)\s", re.I)
_NONE = re.compile(r"\b(?:no|none)\b[^.;]*\b(?:contra-?indications?|known|absolute)\b|^\s*none\b", re.I)
_REFERENCE = re.compile(
    r"\b(?:see|refer|consult)\b.*\b(?:section|information|label|leaflet|guideline|doctor|physician|insert)", re.I
)
_ABSOLUTE, _RELATIVE = re.compile(r"(?<!\bno )(?<!\bnot )(?<!\bnot an )\babsolut", re.I), re.compile(r"\brelativ", re.I)
_GENERIC_LABEL = re.compile(
    r"^(?:age|allergy|drugs?|medicines?|diseases?|conditions?|medical conditions?|absolute|relative|general|other|others|known|patients?|"
    r"contra-?indications?|(?:absolute|relative)\s+contra-?indications?|drug interactions?|warning|note|important|main|comorbidities)$",
    re.I,
)
_ALLERGY = re.compile(
    r"\b(?:allerg\w+|hypersensitiv\w+|anaphyla\w+|(?:allergic |hypersensitivity )?reactions?)\b", re.I
)
_EMPTY = frozenset("a an the to any other previous serious severe of its known".split())
_NEAR_LIMIT = 16
"""Words beyond which a condition is half a sentence."""


def contraindications(reading: Reading) -> Iterator[Contraindication]:
    """The contraindications of the document; a strength that only a retelling states goes to the first telling."""
    told: list[Contraindication] = []
    for item in reading.about("contraindications"):
        denied = list(_denied(item))
        spans = {(d.char_start, d.char_end) for d in denied}
        stated = (f for f in _of_item(item, reading) if not any(a <= f.char_start < b for a, b in spans))
        for fact in (*denied, *stated):
            if fact.strength == "not_stated" or fact.section in RETOLD:
                _share_strength(fact, told)
            if fact.section in RETOLD and (known := _told_before(fact, told)):
                fact.drug_id = known.drug_id = reading.drug_id
                fact.row_id = content_key(known)
            told.append(fact)
    yield from told


# "Well-controlled diabetes is not a contraindication.", "There are no contraindications relating to hepatic disease."
_DENIED = re.compile(
    r"^(?:an?\s+)?(?P<subject>[^.;:]{3,90}?)\s+(?:is|are)\s+(?:not|no)\s+(?:an?\s+)?(?:absolute\s+)?contra-?indications?\b"
    r"|\bno\s+(?:absolute\s+)?contra-?indications?\s+(?:relating|related|due|with regard)\s+to\s+(?P<object>[^.;:]{3,60})",
    re.I,
)


def _denied(item: Item) -> Iterator[Contraindication]:
    """The conditions that a sentence says are no contraindication, each a negated row."""
    for start, end in item.sentences():
        m = _DENIED.search(item.text[start:end])
        if m is None or (m["subject"] or "").lower() in _NO_SUBJECT:
            continue
        group = "subject" if m["subject"] else "object"
        for a, b in terms.split(item.text, start + m.start(group), start + m.end(group)):
            lead = _LEAD.match(item.text, a, b)
            condition = item.text[lead.end() if lead else a : b].strip(" ,")
            if condition:
                yield Contraindication(
                    **item.at(start, end),
                    rule="denied_contraindication",
                    assertion="negated",
                    condition=condition,
                    condition_norm=terms.normal(condition),
                    kind=cast("Any", kind(condition)),
                )


_NO_SUBJECT = frozenset("there it this these they that he she none".split())


def _told_before(fact: Contraindication, told: list[Contraindication]) -> Contraindication | None:
    """The fact that a retelling says in other words: "allergy to penicillins" for "hypersensitivity to …"."""
    if fact.kind != "hypersensitivity":
        return None
    words = _plain_words(fact.condition_norm)
    for known in told:
        alike = known.section not in RETOLD and known.kind == fact.kind and known.assertion == fact.assertion
        if alike and words <= _plain_words(known.condition_norm):
            return known
    return None


def _plain_words(norm: str) -> set[str]:
    return {terms.singular(w) for w in _ALLERGY.sub("hypersensitivity", norm).split()} - _EMPTY


def _share_strength(fact: Contraindication, told: list[Contraindication]) -> None:
    words = set(fact.condition_norm.split())
    for known in told:
        if words <= set(known.condition_norm.split()) and fact.assertion == known.assertion:
            if known.strength == "not_stated":
                known.strength = fact.strength
            else:
                fact.strength = known.strength
            return


def _of_item(item: Item, reading: Reading) -> Iterator[Contraindication]:
    if item.kind == "other" or item.structural:
        return
    strength = _strength(*item.leads[-2:], item.question or "")
    if item.kind == "table_row":
        if item.cells and [item.cell(k) for k in range(len(item.cells))] != list(item.columns):
            strength = _strength(*(item.cell(k) for k in range(1, len(item.cells))), default=strength)
            yield from _listed(item, *item.cells[0], strength, "affirmed", "table")
        return
    label = item.label if item.section not in ("summary", "front_matter") and item.question is None else None
    if label:
        strength = _strength(label, default=strength)
        end = item.rest_start
        if (
            not _GENERIC_LABEL.match(label.strip())
            and not _names_strength(label)
            and (_FORBIDS.match(item.rest) or stands(label))
        ):
            start = max(item.text.find(label), 0)
            yield from _listed(
                item, start, min(start + len(label), end), _strength(item.rest, default=strength), "affirmed", "label"
            )
            return
    for a, b in item.sentences():
        yield from _of_sentence(item, a, b, strength, reading)


def _names_strength(label: str) -> bool:
    return bool(_ABSOLUTE.search(label) or _RELATIVE.search(label))


def _strength(*texts: str, default: Strength = "not_stated") -> Strength:
    """The strength that headings, labels or words state; the last one that says so decides."""
    strength = default
    for text in texts:
        absolute, relative = _ABSOLUTE.search(text), _RELATIVE.search(text)
        if bool(absolute) != bool(relative):
            strength = "absolute" if absolute else "relative"
    return strength


def _of_sentence(item: Item, start: int, end: int, strength: Strength, reading: Reading) -> Iterator[Contraindication]:
    text = item.text
    sentence = text[start:end]
    if _REFERENCE.search(sentence):
        return
    said = _CONTRAINDICATED.search(text, start, end)
    negated = said is not None and said["not"] is not None and "contra" in said.group().lower()
    if _NONE.search(sentence) and not negated:
        return
    subject = _SUBJECT_IS.search(text, start, end)
    if said or subject:
        strength = _strength(sentence, default=strength)
    if not negated and subject and not _is_own(text[start : subject.start()], reading):
        yield from _listed(item, start, subject.start(), strength, "affirmed", "sentence")
        return
    if said:
        rest = text[said.end() : end].strip(" .")
        if rest:
            assertion: Assertion = "negated" if negated else "affirmed"
            yield from _listed(item, said.end(), end, strength, assertion, "sentence")
        elif not negated and said.start() > start and not _is_own(text[start : said.start()], reading):
            yield from _listed(item, start, said.start(), strength, "affirmed", "sentence")
        return
    yield from _listed(item, start, end, strength, "affirmed", "list")


def _is_own(subject: str, reading: Reading) -> bool:
    """Whether a sentence's subject is the drug itself."""
    words = re.sub(r"^(?:yes|no)[,.]?\s+", "", subject.strip().lower())
    words = re.sub(r"^(?:the|this|its?\suse|use\sof)\s+", "", words).strip()
    return words in ("", "it", "drug", "medicine", "medication", "use", "therapy", "treatment", "not", "is") or any(
        words == n or words.startswith(f"{n} ") for n in reading.own_names
    )


def _listed(
    item: Item, start: int, end: int, strength: Strength, assertion: Assertion, rule: str
) -> Iterator[Contraindication]:
    """The conditions of a list, each with its own span."""
    for a, b, until in conditions(item.text, start, end):
        condition = item.text[a:b]
        yield Contraindication(
            **item.at(a, until),
            rule=rule,
            assertion=assertion,
            condition=condition,
            condition_norm=terms.normal(condition),
            kind=cast("Any", kind(condition)),
            strength=_strength(item.text[a:until], default=strength),
        )


def conditions(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each condition of a list stands, and where its qualifiers end.

    >>> t = "Pregnancy, known hypersensitivity to the drug or any of its components; active ulcer or bleeding."
    >>> [t[a:b] for a, b, _ in conditions(t, 0, len(t))]
    ['Pregnancy', 'hypersensitivity to the drug', 'active ulcer', 'bleeding']
    """
    for a, b in _members(text, start, end):
        stop = _outside(_REASON, text, a, b)
        if len(text[a:stop].split()) > _NEAR_LIMIT:
            stop = _outside(_QUALIFIER, text, a, stop)
        components = _COMPONENTS.search(text, a, stop)
        if components and not text[components.end() : stop].strip(" .()"):
            stop = components.start()
        lead = _LEAD.match(text, a, stop)
        begin = lead.end() if lead else a
        until = stop
        begin, stop = _trim(text, begin, stop)
        condition = text[begin:stop]
        if _is_condition(condition):
            yield begin, stop, max(stop, _trim(text, begin, until)[1])


def _outside(pattern: re.Pattern[str], text: str, a: int, b: int) -> int:
    """Where the first match outside brackets begins, or b."""
    for m in pattern.finditer(text, a + 1, b):
        if text.count("(", a, m.start()) <= text.count(")", a, m.start()):
            return m.start()
    return b


def _is_condition(text: str) -> bool:
    words = text.split()
    if not words or len(words) > _NEAR_LIMIT or not any(c.isalpha() for c in text) or len(text) < 3:
        return False
    clause = _RELATIVE_CLAUSE.search(text)
    main = text[: clause.start()] if clause else text
    main = main[: _outside(_QUALIFIER, main, 0, len(main))]
    if _FINITE.search(re.sub(r"\([^)]*\)", "", main)):
        return False
    first = words[0].lower()
    if effect_words.is_generic(text) or first in ("not", "no", "others", "caution", "see"):
        return False
    return first != "other" or len(words) > 2


def _members(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between commas, semicolons and conjunctions whose both sides can stand as conditions."""
    at = start
    cause = _CAUSE.search(text, start, end)
    for m in _SPLIT.finditer(text, start, end):
        if m.start() < at or text.count("(", at, m.start()) > text.count(")", at, m.start()):
            continue
        if m["comma"] == ";":
            yield _trim(text, at, m.start())
            at = m.end()
            cause = _CAUSE.search(text, at, end)
            continue
        semicolon = text.find(";", m.end(), end)
        right = _right(text, m.end(), end)
        left = text[at : m.start()].strip(" .,;")
        if (
            not right
            or _QUALIFIER.match(text[m.start() : end])
            or _REASON.match(text[m.start() : end])
            or not _parts(left, right, m["comma"] is not None)
        ):
            continue
        # "rash or wheeze after sulfonamides": the cause holds for all of them, so they stay together
        if cause and cause.start() > m.end() and (semicolon < 0 or cause.start() < semicolon):
            continue
        yield _trim(text, at, m.start())
        at = m.end()
    yield _trim(text, at, end)


def _right(text: str, start: int, end: int) -> str:
    """The piece behind a separator; one that hangs ("hepatic or renal impairment") takes the next ones with it."""
    at = start
    while m := _SPLIT.search(text, at, end):
        piece = text[start : m.start()].strip(" .")
        if not effect_words.hangs(piece.split("(")[0]) or stands(piece):
            return piece
        at = m.end()
    return text[start:end].strip(" .")


def _parts(left: str, right: str, comma: bool) -> bool:
    """Whether a list may be parted between two pieces."""
    if _COMPONENTS.match(f" or {right}"):
        return False
    lead = _LEAD.match(left)
    left = left[lead.end() :] if lead else left
    if _BINDS.search(left):  # "hypersensitivity to A or B" is one; "…, severe liver disease" is another
        return (
            stands(right)
            and kind(right) != "drug"
            and not re.match(r"(?:to|other|another|any|related|similar)\b", right, re.I)
        )
    if effect_words.hangs(left.split("(")[0]) and not stands(left):
        return False
    if not comma and (re.search(r"\swith\s", left) or (_CAUSE.search(left) and kind(right) == "drug")):
        return False
    return stands(right) and (comma or stands(left))


@lru_cache(maxsize=10_000)
def stands(text: str) -> bool:
    """Whether a phrase can be a condition by itself."""
    bare = text.split("(")[0].strip()
    if not bare or re.match(r"(?:other|another|its|their)\b(?!\s+\w+\s+\w)", bare, re.I):
        return False
    if (
        effect_words.hangs(bare)
        and not re.search(r"\b(?:elderly|pediatric|paediatric)\b", bare, re.I)
        and len(bare.split()) < 2
    ):
        return False
    return (
        effect_words.is_effect(bare)
        or effect_words.is_abbreviation(bare)
        or _phrase_kind(bare) is not None
        or any(is_drug(w) for w in bare.lower().split())
    )


@lru_cache(maxsize=10_000)
def _phrase_kind(text: str) -> str | None:
    first: str | None = None
    for found in phrasebook("contraindication_kinds").scan(text):
        if found.line["where"] == "any":
            return found.line["kind"]
        if first is None:
            earlier = effect_words.is_effect(text[: found.start])
            first = "disease" if earlier else found.line["kind"]
    return first


def kind(text: str) -> str:
    """The kind of a condition.

    >>> [kind(t) for t in ("Pregnancy", "use of nitrates", "gastric ulcer", "children under 12 years")]
    ['physiological_state', 'drug', 'disease', 'age']
    """
    known = _phrase_kind(text)
    if known:
        return known
    if effect_words.is_effect(text):
        return "disease"
    return "drug" if any(is_drug(w.strip("().,")) for w in text.lower().split()) else "other"


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and (text[a].isspace() or text[a] in ",;.:*•–—-"):
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in ",;.:*"):
        b -= 1
    return a, b
