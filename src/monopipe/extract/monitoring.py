"""Monitoring: one row for each parameter that the text says to check, with how often where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from monopipe.document import Item
from monopipe.extract import terms
from monopipe.extract.effects import words as effect_words
from monopipe.extract.phrasing import phrasebook
from monopipe.extract.reading import RETOLD, Reading
from monopipe.signs import signs
from monopipe.tables import Monitoring

_SIGN = signs("monitoring")
_LEAD = re.compile(rf"(?:{_SIGN['lead']}(?:\s+|$))+", re.I)
_SAID = re.compile(
    r"\s+(?:monitoring\s+)?(?:(?:should|must|needs?\s+to|has\s+to|have\s+to|may|can|is|are|need|needs|to)\s+"
    rf"(?:also\s+)?(?:be\s+)?(?:\w+ly\s+)?(?:be\s+)?{_SIGN['is_checked']}\b|monitoring\b)",
    re.I,
)
_OFTEN = re.compile(rf"[\s(,]*\b{_SIGN['often']}", re.I)
_FOR_ONE = re.compile(r"(?:on|in|with|if|when|while|for|as|only|after|until|closely|carefully)\b", re.I)
"""Words that begin a condition, which holds for the parameter before it and not for the whole list."""
_TAIL = re.compile(rf"\s+(?:{_SIGN['tail_in']}|{_SIGN['tail']}(?![a-z]*function))\b.*|\s+[<>≤≥=→].*", re.I | re.S)
_SPLIT = re.compile(
    r"\s*(?P<mark>[,;])\s*(?:(?:and|or|and/or|plus|as well as)\s+)?|(?<!-)\s+(?P<word>and/or|and|or|as well as|plus|&)\s+",
    re.I,
)
_NEGATED = re.compile(r"\b(?:no|not|never|n't|without)\b(?!\s+only)|\bunnecessary\b|\bnone\b", re.I)
_ASKS = re.compile(r"\bmonitor|\b(?:check|measure|assess)(?:ed|ing)?\b", re.I)
_MONITORS = re.compile(r"\bmonitor", re.I)
_GENERIC = re.compile(rf"^(?:{_SIGN['generic']}[\s,/&-]*)+$", re.I)
_FINITE = re.compile(rf"\b{_SIGN['finite']}\b", re.I)
_ADVICE = re.compile(
    r"^(?:(?:dose|dosage)\b|stop|avoid|adjust|reduce|discontinue|consult|see|refer|seek|use\b|give\b)", re.I
)
# What is told to the patient, or is to be kept in mind, is not checked.
_COUNSELS = re.compile(
    r"\b(?:tell|told|counsel\w*|advice|advise\w*|educat\w*|teach\w*|patients? (?:should|need to|must) know|information for)\b",
    re.I,
)
_TOLD_LABEL = re.compile(
    r"(?:driv\w+|missed (?:doses?|tablets?)|alcohol|diet|lifestyle|contraception|sun\b|teeth|gums|travel)\b", re.I
)
_CARE = re.compile(r"(?:take |with |use with |special )?(?:care|caution|careful|cautions|beware|warnings?)\b", re.I)
_ORDERS = re.compile(
    r"(?:brush|see|visit|rinse|drink|wear|carry|eat|call|ring|phone|tell|inform|remind|warn|advise|explain|teach|protect|swallow|stay|bring|send|remember)\s",
    re.I,
)
_TIMES = re.compile(
    r"\d|\b(?:first|second|later|start|stable|maintenance|phase|(?:year|month|week|day|cycle)s?)\b", re.I
)
# "Dizziness and fatigue can affect driving at first": a sentence that says what happens asks for no check.
_STATES = re.compile(r"[\w\s,]+\b(?:can|may|might|could|will)\s+(?!need\b|have\s+to\b)\w", re.I)
_FOR = re.compile(r"(?:\s+\w+ly)?\s+for\s+(?:the\s+)?(?:(?:development|occurrence|appearance|presence)\s+of\s+)?", re.I)
_PEOPLE = re.compile(
    r"(?:all\s+|the\s+)?(?:patients?|children|infants?|people|newborns?|neonates?|women|men|adults|users)\b", re.I
)
_SHORT = re.compile(r"\W{0,4}\(([A-Z][A-Za-z]{0,3}[A-Z])s?\)")
_ELECTROLYTE = re.compile(r"(?:K|Na|Mg|Ca|Cl|PO4)(?:2?[+⁺])?")
_WORDS_MAX = 7
# A summary in prose: "Monitor blood counts and …", "Monitoring takes in blood pressure, …".
_IN_SHORT = re.compile(
    r"(?:monitoring(?:\s+parameters)?\s*(?::|takes\s+in|includes|covers|comprises|means|is\s+by|consists\s+of)|monitor)\s+",
    re.I,
)


def monitoring(reading: Reading) -> Iterator[Monitoring]:
    """The parameters that the document says to check; how often may be said where one is told again."""
    told_at = list(_told(reading))
    facts = [fact for fact, _ in told_at]
    text = reading.document.source.text
    full: dict[str, str] = {}
    for fact in facts:  # "complete blood counts (CBCs)"
        if m := _SHORT.match(text, fact.char_end):
            full.setdefault(m.group(1), fact.parameter)
    told: dict[str, Monitoring] = {}
    for fact in facts:
        short = fact.parameter.removesuffix("s")
        named = full.get(short) or reading.abbreviations.get(short) or _SERUM.sub("serum ", fact.parameter)
        fact.parameter_norm = terms.normal(named)
        first = told.setdefault(fact.parameter_norm, fact)
        first.frequency_text = first.frequency_text or fact.frequency_text
    quoted: set[tuple[str, str, str]] = set()
    for fact, item in told_at:
        place = (fact.parameter_norm, fact.section, fact.source_quote.lower())
        if place in quoted:  # the same words in another line: quote the line, or the two places would be one
            for name, value in item.whole().items():
                setattr(fact, name, value)
        quoted.add(place)
        yield fact


def _told(reading: Reading) -> Iterator[tuple[Monitoring, Item]]:
    for item in reading.about("monitoring"):
        if item.kind != "other" and not item.structural and not _is_told(item):
            yield from ((fact, item) for fact in _of_item(item, sure=True))
    for item in reading.about("summary"):
        for a, b in item.sentences():
            if item.section == "summary" and (said := _IN_SHORT.match(item.text, a, b)):
                yield from ((fact, item) for fact in _of_sentence(item, said.end(), b, None, sure=True))
    for item in reading.about(*_ELSEWHERE):
        yield from ((fact, item) for fact in _in_passing(item))
    for item in reading.about("precautions"):
        if item.kind == "other" or item.structural or item.section in ("faqs", "front_matter"):
            continue
        if _is_told(item) or (item.label and _CARE.match(item.label)):
            continue
        headed = any(_MONITORS.search(lead) for lead in item.leads[-2:]) or bool(
            item.label and _MONITORS.search(item.label)
        )
        for a, b in item.sentences():
            sentence = item.text[a:b]
            if (headed and not _FINITE.search(sentence)) or _MONITORS.search(sentence) or _is_request(sentence):
                yield from ((fact, item) for fact in _of_sentence(item, a, b, None, sure=False))


# "Before the first tablet: creatinine, urine dipstick, weight", "At baseline: ECG and electrolytes".
_AT_START = re.compile(
    r"(?P<when>(?:before|prior to|at) (?:(?:the |each |every )?(?:first \w+|start\w*(?: \w+)?|starting \w+|initiation|baseline|treatment|cycle|infusion|dose)|you start))\s*(?::|–|—)\s+",
    re.I,
)
# "Weigh the child at every visit".
_WEIGH = re.compile(
    r"(?:always |please )?(?P<what>weigh)\b(?: (?:the |every |each )?(?:child(?:ren)?|patients?|infants?|bab(?:y|ies)|them|him|her|people|everyone))?"
    r"(?: (?P<when>(?:at |before |on )?(?:each|every|weekly|monthly|daily|yearly)\b[^.;,]{0,30}?))?(?=[.;,]|\s(?:and|or|as|because|since)\b|$)",
    re.I,
)
_SERUM = re.compile(r"^s\.\s?(?=[a-z])", re.I)  # "S. creatinine"
# "Calculate CrCl for every patient above 50 years".
_CALCULATE = re.compile(
    r"(?:always )?(?:calculate|estimate|work out) (?:the )?(?P<what>CrCl|creatinine clearance|e?GFR|BMI|body surface area|BSA|corrected calcium)\b"
    r"(?:\s\([^)]*\))?(?: (?P<when>(?:for|in|before|at) (?:each|every|all|any)\b[^.;,]{0,40}))?",
    re.I,
)
_ELSEWHERE = (
    "usage",
    "dosage",
    "dosage_adults",
    "dosage_children",
    "dosage_special",
    "dosage_adjustments",
    "administration",
    "other",
)


def _in_passing(item: Item) -> Iterator[Monitoring]:
    """What a section on something else says to check: lists of what is checked before the start, and the weight."""
    if item.kind not in ("paragraph", "list_item") or item.structural or item.section in RETOLD:
        return
    spans = [*item.sentences()]
    if spans and item.label:
        spans[0] = (max(item.text.find(item.label), 0), spans[0][1])
    for a, b in spans:
        if start := _AT_START.match(item.text, a, b):
            found = parameters(item.text, start.end(), b, sure=True)
            known = sum(_known(item.text[c:d]) for c, d, _ in found)
            if known > 1 and 2 * known >= len(found):
                for c, d, own in found:
                    yield from _row(item, c, d, own or start["when"], "before_start")
        elif weigh := _WEIGH.match(item.text, a, b):
            row = next(_row(item, a, weigh.end(), weigh["when"], "weighed"))
            row.parameter = row.parameter_norm = "weight"
            row.kind = "clinical"
            yield row
        elif sum_ := _CALCULATE.match(item.text, a, b):
            yield from _row(item, *sum_.span("what"), sum_["when"], "calculated")
        elif _is_request(item.text[a:b]):
            yield from _of_sentence(item, a, b, None, sure=False)


def _is_told(item: Item) -> bool:
    """Whether a heading or label says that the patient is told these words."""
    lead = item.leads[-1] if item.leads else ""
    told = _COUNSELS.search(lead) is not None and _MONITORS.search(lead) is None
    return told or bool(item.label and _TOLD_LABEL.match(item.label))


def _is_request(sentence: str) -> bool:
    """Whether a sentence tells to check something that is a known parameter."""
    return bool(re.match(r"(?:check|measure|assess)\s", sentence, re.I)) and kind(sentence) in (
        "laboratory",
        "drug_level",
        "imaging",
    )


def _of_item(item: Item, *, sure: bool) -> Iterator[Monitoring]:
    if item.kind == "table_row":
        yield from _of_row(item)
        return
    label = item.label if item.section not in ("summary", "front_matter") and not item.question else None
    often: str | None = None
    start = item.rest_start
    if label:
        at = max(item.text.find(label), 0)
        bare = label.split("(")[0].strip()
        if (cut := bare.find(" with ")) > 0 and _known(bare[:cut]):
            bare = bare[:cut]  # "ECG with QT interval"
        if _OFTEN.match(bare) and not _known(bare):
            often = bare
        elif (_known(bare) and not _GENERIC.match(bare) and not _lists(item.rest)) or _is_checked(bare, item.rest):
            first = next(item.sentences(), (start, len(item.text)))
            clause_end = _clause_end(item.text, *first)
            found = _OFTEN.search(item.text, first[0], clause_end)
            if found is None:
                found = _BESIDE.match(item.text, start, clause_end)
            text = item.text[found.start() : clause_end].strip(" ,(;.") if found else None
            dash = max(bare.rfind(" – "), bare.rfind(" — "), bare.rfind(" - "))
            shift = (
                dash + 3 if dash > 0 and _known(bare[dash + 3 :]) else 0
            )  # "Twice daily – trough" is about the trough
            for a, b in _parts_of_label(item.text, at + shift, at + len(bare)):
                yield from _row(item, a, b, text, "label")
            start = clause_end
    for a, b in item.sentences():
        if b > start:
            yield from _of_sentence(
                item, max(a, start), b, often, sure=sure and not (label and start > item.rest_start)
            )


def _is_checked(label: str, rest: str) -> bool:
    """Whether a label names what is checked because only how often stands behind it: "Fits diary: each visit"."""
    words = label.split()
    if len(words) > 4 or _GENERIC.match(label) or _PEOPLE.match(label) or _FINITE.search(label) or _TIMES.search(label):
        return False
    return _OFTEN.match(rest.lstrip()) is not None and _OFTEN.search(label) is None


def _parts_of_label(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parameters that a label joins: "Growth and bone age" names two, "Renal and liver function" is one."""
    parts = list(_members(text, start, end))
    return parts if all(_known(text[a:b]) for a, b in parts) else [(start, end)]


def _lists(rest: str) -> bool:
    """Whether what follows a label lists parameters of its own: "Blood: full blood count, creatinine"."""
    first = _SPLIT.split(rest.strip(" ."))[0]
    return not _BESIDE.match(first) and _known(first) and not _OFTEN.match(first) and not _FINITE.search(rest)


# "Creatinine: with the potassium": when, and nothing further to check
_BESIDE = re.compile(r"\s*(?:with|alongside|along\s+with|together\s+with|at\s+the\s+same\s+time\s+as)\s", re.I)


def _clause_end(text: str, start: int, end: int) -> int:
    semicolon = text.find(";", start, end)
    return semicolon if semicolon >= 0 else end


def _of_row(item: Item) -> Iterator[Monitoring]:
    if not item.cells or [item.cell(k) for k in range(len(item.cells))] == list(item.columns):
        return
    k = next(
        (
            i
            for i, h in enumerate(item.columns)
            if re.search(r"frequen|how often|when|timing|interval|schedule", h, re.I)
        ),
        None,
    )
    often = item.cell(k).strip() if k is not None else None
    if often and _NEGATED.match(often):
        return  # "Urine volume | not routinely"
    # "| Monitoring | mood, sleep |": the parameters stand behind their label
    cell = item.cells[1 if len(item.cells) > 1 and _MONITORS.search(item.cell(0)) else 0]
    for a, b, own in parameters(item.text, *cell, sure=True):
        yield from _row(item, a, b, own or often or None, "table")


def _of_sentence(item: Item, start: int, end: int, often: str | None, *, sure: bool) -> Iterator[Monitoring]:
    for a, b, own in parameters(item.text, start, end, sure=sure):
        yield from _row(item, a, b, own or often, "list" if sure else "sentence")


def _row(item: Item, start: int, end: int, often: str | None, rule: str) -> Iterator[Monitoring]:
    parameter = item.text[start:end]
    yield Monitoring(
        **item.at(start, end),
        rule=rule,
        parameter=parameter,
        parameter_norm=terms.normal(parameter),
        kind=cast("Any", kind(parameter)),
        frequency_text=" ".join(often.split()) if often else None,
    )


# "In heart failure: weight and potassium", "For migraine: blood pressure"
_IN_WHOM = re.compile(r"\s*(?:in|for|with)\s[^:;.,]{2,40}:\s+(?=\S)", re.I)


# "Is the patient on calcium and vitamin D?" asks for no check of them.
_ASKED = re.compile(r"\s*(?:is|are|has|have|does|do|did|any)\b[^.;]*\?\s*$", re.I)


def parameters(text: str, start: int, end: int, *, sure: bool) -> list[tuple[int, int, str | None]]:
    """The parameters of a sentence with how often each is checked; a frequency at the end holds for all before it.

    >>> t = "Full blood count and liver enzymes (weekly), creatinine before each cycle."
    >>> [(t[a:b], f) for a, b, f in parameters(t, 0, len(t), sure=True)]
    [('Full blood count', 'weekly'), ('liver enzymes', 'weekly'), ('creatinine', 'before each cycle')]
    """
    found: list[tuple[int, int, str | None]] = []
    whose = _IN_WHOM.match(text, start, end)
    at = whose.end() if whose else start
    if _ASKED.match(text, at, end):
        return []
    while at < end:
        stop = _clause_end(text, at, end)
        if not _NEGATED.search(text, at, stop) and not _ADVICE.match(text[at:stop].lstrip()):
            found += _clause(text, at, stop, sure=sure)
        at = stop + 1
    return found


def _clause(text: str, start: int, end: int, *, sure: bool) -> list[tuple[int, int, str | None]]:
    while start < end and text[start].isspace():
        start += 1
    by = _BY_ONE.match(text, start, end)
    start = by.end() if by else start
    lead = _LEAD.match(text, start, end)
    asked = by is not None or (lead is not None and _ASKS.search(lead.group()) is not None)
    begin = lead.end() if lead else start
    said = _SAID.search(text, begin, end)
    if not asked and not said and _STATES.match(text, begin, end):
        return []
    often = None
    stop = end
    if said and (watched := _FOR.match(text, said.end(), end)) and _PEOPLE.match(text[begin : said.start()].strip()):
        asked, begin = True, watched.end()  # "patients should be monitored for signs of bleeding"
    elif said:
        asked = True
        often = _often(text, said.end(), end)
        stop = said.start()
    members: list[tuple[int, int, str | None]] = []
    open_from = 0
    for a, b in _members(text, begin, stop):
        a, b, own, closed = _member(text, a, b)
        if own and a >= b and members:  # "…, then every 3 months" belongs to the one before
            members[-1] = (members[-1][0], members[-1][1], members[-1][2] or own)
            continue
        if not _is_parameter(text[a:b], sure=sure or asked):
            continue
        members.append((a, b, own))
        if own and not closed and not _FOR_ONE.match(own):
            members[open_from:] = [(c, d, f or own) for c, d, f in members[open_from:]]
        if own:
            open_from = len(members)
    if said and (also := _SO_IS.search(text, said.end(), end)):  # "…, and so is vitamin B12"
        often = _often(text, said.end(), also.start())
        end -= text.endswith(".", 0, end)
        members += [(a, b, None) for a, b in _members(text, also.end(), end) if _is_parameter(text[a:b], sure=True)]
    return [(a, b, f or often) for a, b, f in members]


_SO_IS = re.compile(r",?\s+and\s+so\s+(?:is|are|must|should)\s+(?:(?:the|an?)\s+)?", re.I)
_BY_ONE = re.compile(
    r"[\w\s,]{0,40}\b(?:one|we|you|they|the (?:doctor|nurse|clinic))\s+(?:(?:should|must|will|also|regularly)\s+)*(?:monitor|check|measure|watch|follow)s?\s+",
    re.I,
)
"""Who does the checking, before what is checked: "Over the months one monitors HbA1c"."""


def _often(text: str, start: int, end: int) -> str | None:
    found = _OFTEN.search(text, start, end)
    return text[found.start() : end].strip(" ,(;.") or None if found else None


def _member(text: str, a: int, b: int) -> tuple[int, int, str | None, bool]:
    """A member's own span, how often it is checked, and whether that stands in its bracket and so for it alone."""
    lead = _LEAD.match(text, a, b)
    begin = lead.end() if lead else a
    own: str | None = None
    closed = False
    stop = b
    found = _OFTEN.search(text, a, b)
    bracket = text.find("(", begin, b)
    if bracket > begin:
        inside = text[bracket + 1 : b].split(")")[0]
        if _OFTEN.match(inside):
            own, closed = inside.strip(), False
            stop = bracket
        elif not text[text.find(")", bracket, b) + 1 : b].strip(" ."):
            stop = bracket
    if found and own is None and (bracket < 0 or found.start() < bracket or found.start() > text.find(")", bracket, b)):
        if found.start() <= begin and not _known(text[found.end() : b]):
            return b, b, text[a:b].strip(" ,(;."), False
        if found.start() > begin:
            own = text[found.start() : b].strip(" ,(;.)")
            stop = min(stop, found.start())
        else:  # "weekly blood counts", "baseline ECG"
            own = text[found.start() : found.end()].strip(" ,(;.")
            begin = found.end()
            if (more := _OFTEN.search(text, begin, b)) and more.start() > begin:
                own, stop = text[more.start() : b].strip(" ,(;.)"), min(stop, more.start())
    tail = _TAIL.search(text, begin + 1, stop)
    if tail and tail.start() > begin:
        stop = tail.start()
    if text[begin:stop].rstrip().endswith(")"):
        stop = max(text.rfind("(", begin, stop), begin)
    while begin < stop and (text[begin].isspace() or text[begin] in ",;.:•-–("):
        begin += 1
    while stop > begin and (text[stop - 1].isspace() or text[stop - 1] in ",;.:-–("):
        stop -= 1
    if hanging := re.search(r"\s+(?:and|or)$", text[begin:stop]):  # "capnography and, on long use, …"
        stop = begin + hanging.start()
    return begin, stop, own, closed


def _members(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between commas and conjunctions; "renal and liver function" and "before and during" stay whole."""
    at = start
    for m in _SPLIT.finditer(text, start, end):
        if m.start() < at or text.count("(", at, m.start()) > text.count(")", at, m.start()):
            continue
        left = text[at : m.start()].strip()
        following = _SPLIT.search(text, m.end(), end)
        right = text[m.end() : following.start() if following else end].strip(" .")
        if m["word"]:
            lead = _LEAD.match(left)
            bare = left[lead.end() :] if lead else left
            if _OFTEN.search(left) or not bare or (not _stands(bare) and _stands(right)) or not right:
                continue
        elif (
            (_ORGAN.search(left) and _FUNCTION.match(text, m.end(), end))
            or not left
            or (_OFTEN.search(left) and re.match(r"(?:then|thereafter|every|and|at|\d+)\b", right, re.I))
        ):
            continue
        yield at, m.start()
        at = m.end()
    yield at, end


# "Renal, hepatic, and thyroid function" is one parameter, as "renal and hepatic function" is.
_ORGANS = r"(?:renal|kidney|hepatic|liver|thyroid|cardiac|pulmonary|respiratory|ha?ematologic(?:al)?|bone\s+marrow)"
_ORGAN = re.compile(rf"(?:^|,\s)(?:and\s+)?{_ORGANS}$", re.I)
_FUNCTION = re.compile(rf"\s*(?:(?:and|or)\s+)?(?:{_ORGANS},?\s+(?:(?:and|or)\s+)?)*{_ORGANS}\s+function\b", re.I)


@lru_cache(maxsize=4096)
def _stands(text: str) -> bool:
    """Whether a phrase is a parameter by itself, not only "renal" or "signs"."""
    bare = text.split("(")[0].strip().lower()
    if bare in ("sign", "signs", "symptom", "symptoms", "renal", "hepatic", "liver", "kidney", "thyroid", "cardiac"):
        return False
    return (
        _known(bare)
        or bare.endswith(" risk")
        or effect_words.is_effect(bare)
        or effect_words.is_abbreviation(text.strip())
    )


@lru_cache(maxsize=4096)
def _known(text: str) -> bool:
    return phrasebook("monitoring_parameters").first(text) is not None


def _is_parameter(text: str, *, sure: bool) -> bool:
    words = text.split()
    if (
        not words
        or len(words) > _WORDS_MAX
        or _GENERIC.match(text)
        or _FINITE.search(text)
        or _ORDERS.match(text)
        or re.search(r"[<>→=%:]|^\d[\d.,]*\s*(?:mg|g|mcg|units?)\b", text)
        or (
            re.search(r"\b(?:patients?|people|workers?|children|women|men|adults|infants)$", text, re.I)
            and not _known(text)
        )
    ):
        return False
    if words[0].lower() in (
        "aim",
        "in",
        "at",
        "with",
        "by",
        "on",
        "as",
        "if",
        "when",
        "after",
        "before",
        "during",
        "then",
        "because",
        "due",
        "to",
    ):
        return False
    if _ELECTROLYTE.fullmatch(text):
        return True
    return _known(text) or effect_words.is_effect(text) or (sure and effect_words.is_term(text) and len(words) < 5)


@lru_cache(maxsize=4096)
def kind(text: str) -> str:
    """The kind of check that a parameter is.

    >>> [kind(t) for t in ("serum potassium levels", "trough level", "bone density", "signs of bleeding", "carton")]
    ['laboratory', 'drug_level', 'imaging', 'clinical', 'other']
    """
    kinds = [f.line["kind"] for f in phrasebook("monitoring_parameters").scan(text)]
    for one in ("imaging", "laboratory"):
        if one in kinds and (one == "imaging" or kinds[0] != "clinical"):
            return one
    if kinds:
        return kinds[0]
    return "clinical" if effect_words.is_effect(text) else "other"
