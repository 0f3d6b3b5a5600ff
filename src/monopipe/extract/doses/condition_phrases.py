"""The condition that prose names: a sentence by how it opens, its subject or its people, a lead-in by its parts.

Words stand as they are printed, without the people, purposes, places and clauses around the condition.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from monopipe.cues import Cued
from monopipe.extract.conditions import GENERIC, PURPOSE, is_condition
from monopipe.extract.doses.plain_names import is_plain_name
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.indications.indications import indications
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal, split
from monopipe.grammar import read_who
from monopipe.signs import MASS, signs

_SIGN = signs("dose_conditions")
_PEOPLE = _SIGN["people"]
_IS = _SIGN["is"]
VERB = re.compile(rf"\b{_SIGN['verb']}\b", re.I)
# Where the words of a condition end: another part of the sentence begins.
_END = re.compile(_SIGN["end"], re.I)
# What stands behind a condition's name: whom it befalls, since when, where, how and until when it is treated.
_BEHIND = re.compile(rf"\s+{_SIGN['behind_name']}.*$", re.I | re.S)
_BEFORE_NAME = re.compile(rf"^(?:{_SIGN['before_name']}\s*)+\b", re.I)
_LEFT_OVER = re.compile(rf"(?:\s+{_SIGN['left_over']})+\.?$", re.I)
_THEN_PEOPLE = re.compile(rf"\s*{_PEOPLE}\b", re.I)
_WHOLLY_PEOPLE = re.compile(_PEOPLE, re.I)
_STARTS_WITH_PEOPLE = re.compile(rf"(?:[\w-]+\s+){{0,3}}{_PEOPLE}\b", re.I)
_NOT_ALONE = re.compile(_SIGN["not_alone"], re.I)

# "Extended treatment in cancer", "rate control in atrial fibrillation".
_PURPOSED = re.compile(r"^(?:[a-z-]+\s+)?(?:treatment|therapy|control|management)\s+(?:of|in|for)\s+", re.I)
# Of all that a disease may be, the one that a drug against infections is given for by itself.
_SEVERE_INFECTIONS = re.compile(r"(?:(?:severe|serious|life-threatening|systemic|deep|and|or)\s+)+infections?", re.I)
_OPENING = re.compile(rf"\s*(?:(?:off-label|however|similarly|likewise),?\s+)?(?P<link>{_SIGN['opening']})\s+", re.I)
# "Some paediatric centres prefer to begin with 5 mg": to those whom the sentence before speaks of.
SOME_GIVE = (
    r"(?:some|many|most|several|certain|a\s+few)\s+(?:[\w-]+\s+){0,2}?(?:centres|centers|clinics|units|hospitals|specialists|clinicians"
    r"|doctors|physicians|prescribers|experts|guidelines|protocols|authorities)\b"
)
# "In case of vomiting" tells when, not what for.
# What a treatment is to prepare for is named whole: "As conditioning before stem cell transplantation".
_PREPARES = re.compile(
    r"\s*as\s+(?=(?:[\w-]+\s+)?(?:conditioning|premedication|preparation|bridging)\s+(?:before|for|to)\s)", re.I
)
_AFTER = re.compile(r"\s*(?:after|following)\s+", re.I)  # "After myocardial infarction 50 mg …", where that is a use
# "After an acute coronary syndrome the dose is 5 mg"; "After resolution of the infection" says when.
_AFTER_EVENT = re.compile(r"\s*(?:after|following)\s+an?\s+(?=(?:[\w-]+\s+){1,4}?(?:the\s+dose|\d|we\s))", re.I)
_LICENCE = re.compile(_SIGN["licence"], re.I)
_EVENT = re.compile(r"(?:the\s+)?(?:case|event|presence|absence)\s+of\b", re.I)
_TREATED = Cued(rf"\s+{_SIGN['treated']}")
# "Stress ulcer prophylaxis is 20 mg", "The maintenance dose after healing of a duodenal ulcer is 20 mg"
_IS_DOSE = re.compile(rf"\s*(?P<words>[^.;:,\d]{{3,60}}?)\s+is\s+(?=\d[\d.,]*\s?(?:{MASS}|mL)\b)", re.I)
_AIMS = re.compile(r"\b(?:prophylaxis|prevention|treatment)\b", re.I)
_HEALED = Cued(
    r"\bdos(?:e|es|age)\s+(?:after|following)\s+(?:healing|remission|resolution|control)\s+of\s+(?:an?\s+|the\s+)?"
)
# "Breakthrough pain can be treated in three ways."
_TOPIC = Cued(
    rf"\s*(?P<words>[^.;:,\d]{{3,60}}?)\s+{_IS}\s+(?:{_SIGN['how']}\s+)?(?:treated|managed|prevented|relieved|approached|handled)\s+{_SIGN['in_ways']}\b"
)
# "Start gout treatment with 100 mg", "Treat cystitis with", "The malaria doses go by weight".
_TREATING = Cued(rf"\s*{_SIGN['treating']}")
_RECEIVE = _SIGN["receive"]
_PEOPLE_WITH = Cued(
    rf"\s*(?P<people>(?:[\w-]+\s+){{0,4}}?{_PEOPLE})\s+(?:[^.;:]{{0,50}}?\s)??(?:with|who\s+have|suffering\s+from|undergoing|exposed\s+to|in"
    rf"|of(?:\s+an?)?(?:\s+(?:patients?|persons?|cases?|people))?(?:\s+(?:with|of))?)\s+(?=(?P<words>[^.;:]{{3,80}}?)\s+{_RECEIVE})"
)
_PEOPLE_SO = Cued(
    rf"\s*(?P<people>(?:[\w-]+\s+){{0,4}}?{_PEOPLE})\s+(?:with|who\s+have|suffering\s+from)\s+(?P<words>[^.;:,\d]{{3,60}}?)\s+"
    rf"{_SIGN['told_of']}\b[^.;]{{3,80}}?{_SIGN['therefore']}"
)
# "From 10 years of age with type 2 diabetes the dose is 10 mg", "Over 65 years and with gout, 5 mg"
_AGED_WITH = re.compile(
    r"\s*(?:from|over|under|above|below|at|between|aged)\s+(?:the\s+age\s+of\s+)?\d[\d–\s-]*(?:(?:to|and)\s+\d+\s+)?(?:years?|months?)"
    r"(?:\s+(?:of\s+age|old|on|onwards|and\s+(?:over|older|above)))?,?\s+(?:and\s+)?(?:with|who\s+have)\s+",
    re.I,
)
# "…, children with psoriasis 2 mg once daily": the verb of the group before it holds.
_PEOPLE_THEN_DOSE = re.compile(
    rf"\s*(?:\w+\s+)?{_PEOPLE}\s+with\s+(?P<words>[^.;:,\d]{{3,60}}?)(?<!\btype)(?<!\bclass)(?<!\bstage)\s+(?=\d)", re.I
)
_PEOPLE_WHO = Cued(
    rf"\s*(?:[\w-]+\s+){{0,4}}?{_PEOPLE}\s+[^.;:]{{0,60}}?\b(?:who\s+have|suffering\s+from)\s+(?=(?P<words>[^.;:]{{3,60}}?)\s+{_RECEIVE})"
)
_PEOPLE_FIRST = re.compile(
    rf"(?:[\w-]+\s+){{0,3}}?{_PEOPLE}\s+(?:(?:older|younger|over|under|above|below|aged|from|of|between)\s[^.,;:]{{2,30}}?\s)?(?:with|who\s+have|suffering\s+from)\s+",
    re.I,
)
# A dose that differs from the usual is given because of what the patients have, not against it.
_STATE = re.compile(
    r"\b(?:replac|instead|start|initial|begin|first|caution|usual(?!ly)|normal|adjust|higher|twice the)\w*\b", re.I
)
_PEOPLE_BEHIND = Cued(
    rf"\s*(?P<words>(?:[\w'’-]+\s+){{1,5}}?)(?:patients|recipients|sufferers)\b(?=[^.;:]{{0,60}}?\s{_RECEIVE})"
)
_USED = Cued(rf"\b{_SIGN['used']}(?:\s+(?!not\b)[a-z][\w-]*){{0,3}}?\s+(?:for|in|against|to\s+treat|to\s+prevent)\s+")
# "The tablet is for adults with diabetes only", "These doses are for thrombosis"
_MEANT = Cued(
    rf"\b(?:is|are)\s+(?:only\s+|all\s+)?for\s+(?:[\w-]+\s+){{0,2}}?{_PEOPLE}\s+with\s+|\bdoses\s+(?:below\s+)?(?:are|apply)\s+(?:all\s+)?(?:for|to)\s+"
)
# "The same applies to gout, where 5 mg …", "This also holds for gout"
_SAME_FOR = Cued(
    r"\s*(?:the\s+same|this|it)\s+(?:(?:dose|dosage|regimen|scheme|schedule|rule)\s+)?(?:also\s+|likewise\s+)?(?:applies|holds|goes|counts|is\s+(?:true|valid|right|correct))\s+(?:to|for|in|of)\s+"
)
# "The fixed combination (hypertension only) is begun at"
_ONLY = re.compile(r"\((?:only\s+(?:for|in)\s+)?(?P<words>[A-Za-z][^()\d]{2,50}?)(?:\s+(?:only|alone))?\)")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"(?<![A-Za-z\d-])\d")  # no part of a name, as in "HER2-positive"
_NUMBERED = re.compile(r"\b(?:type|class|stage) \d\b")
_OF_TIME_OR_DOSE = re.compile(r"\A(?:before|after|during|when)\s|\b(?:dos(?:e|es|ing|age)|infusions?)\b", re.I)
_TO_DO = re.compile(r"\s*to\s+(?!(?:stop|end|withdraw|discontinue|come|wean|taper|reduce the dose)\b)[a-z]+\s", re.I)
_SAMPLING = re.compile(
    r"\w*(?:biops(?:y|ies)|scopy|scopies|extractions?|catheteri[sz]ation|instrumentation|embryo transfers?)\b", re.I
)
_DENIES = re.compile(r"\b(?:not|never|no)\b", re.I)


_DEGREE = re.compile(r"acute|chronic|mild|moderate|severe|stable|unstable|active|recurrent|symptomatic")
_PLACED = ("in", "with", "after", "during", "before", "around")


class Named(NamedTuple):
    """A condition in a text: its words, where they begin and end, and by which part of the sentence it is named."""

    words: str
    start: int
    end: int
    by: str


@lru_cache(maxsize=4)
def uses(reading: Reading) -> frozenset[str]:
    """The conditions of the usage section in normal form: what a dose of this drug can be for."""
    rows = [row for row in indications(reading) if row.assertion != "negated"]
    # "(NSTE-ACS)" behind a use that does not spell it
    short = (m[1] for row in rows for m in _IN_CAPITALS.finditer(row.source_quote))
    return frozenset((*(row.condition_norm for row in rows), *map(normal, short)))


_IN_CAPITALS = re.compile(r"\(([A-Z][A-Z-]{2,9})\)")


def is_use(reading: Reading, words: str) -> bool:
    """Whether words name a condition of the usage section, or a kind of one: "severe gout" where gout is a use."""
    return _is_among(normal(reading.expand(words)), uses(reading))


@lru_cache(maxsize=4096)
def _is_among(said: str, those: frozenset[str]) -> bool:
    parts = said.split()
    if not parts or GENERIC.fullmatch(said) or _WHOLLY_PEOPLE.fullmatch(said):
        return False
    padded, words = f" {said} ", set(parts)
    for known, core, own in _parsed_uses(those):
        if core in padded:
            return True
        if parts[-1] == known[-1] and words.issubset(known) and not own.isdisjoint(words):
            return True
        if len(parts) > 1 and said in (begin := " ".join(known[: len(parts)]), normal(begin)):
            return True
    return said in _bare_uses(those)


@lru_cache(maxsize=4)
def _parsed_uses(those: frozenset[str]) -> tuple[tuple[list[str], str, frozenset[str]], ...]:
    """Of each use its words, its name without a degree, blanks around, and the words up to where or with what it is."""
    parsed = []
    for use in those:
        known = use.split()
        core = " ".join(known[1:]) if len(known) > 2 and _DEGREE.fullmatch(known[0]) else use
        # of "nausea in palliative care" the latter is no kind
        own = frozenset(takewhile(lambda word: word not in _PLACED, known))
        if known:
            parsed.append((known, f" {core} ", own))
    return tuple(parsed)


@lru_cache(maxsize=4)
def _bare_uses(those: frozenset[str]) -> frozenset[str]:
    """The names of uses alone: "sedation" of "sedation of ventilated patients"."""
    return frozenset(normal(bare(use)) for use in those)


def is_kin_of_use(reading: Reading, words: str) -> bool:
    """Whether words share the stem of a use's word: "depression" where "major depressive disorder" is one."""
    own = {w[:_STEM] for w in normal(reading.expand(words)).split() if len(w) > _STEM}
    return any(w[:_STEM] in own for known in uses(reading) for w in known.split() if len(w) > _STEM)


_STEM = 6


def bare(words: str) -> str:
    """A condition's words without what stands before and behind its name.

    >>> bare("the prevention of systemic lupus erythematosus with onset in childhood")
    'systemic lupus erythematosus'
    """
    words = words.strip(" ,;:.*?")
    for opening in (_BEFORE_NAME, PURPOSE, _PURPOSED, _BEFORE_NAME):
        if found := opening.match(words):
            words = words[found.end() :]
    return _LEFT_OVER.sub("", _BEHIND.sub("", words)).strip(" ,;:.*?")


def accepts(reading: Reading, words: str, *, use: bool = False) -> bool:
    """Whether bare words name a condition that a dose can be for; with `use`, one of the usage section."""
    if (
        not 1 < len(words) < 90
        or VERB.search(words)
        or _NUMBER.search(_NUMBERED.sub("", words))
        or _OF_TIME_OR_DOSE.search(words)
    ):
        return False
    if (
        (GENERIC.fullmatch(words) and not _SEVERE_INFECTIONS.fullmatch(words))
        or _NOT_ALONE.fullmatch(words)
        or _STARTS_WITH_PEOPLE.match(words)
    ):
        return False
    if is_use(reading, words) or all(is_use(reading, words[a:b]) for a, b in split(words)):
        return True
    return not use and is_condition(reading, words) and not ({"population", "param"} & set(read_who(words)))


def _accepted(reading: Reading, words: str, use: bool) -> str | None:
    """The bare words of a condition, or those before "with" where they alone are a use: "heart failure with oedema"."""
    words = bare(words)
    before, beside, what = words.partition(" with ")
    if beside and is_use(reading, before) and not any(normal(what) in use for use in uses(reading)):
        words = before
    return words if accepts(reading, words, use=use) else None


def in_sentence(reading: Reading, text: str, start: int, end: int, *, use: bool = False) -> Named | None:
    """The condition that a sentence names for its doses; `use` asks for one of the usage section.

    "For gout, 5 mg …", "Plague calls for …", "Patients with gout receive …", "It is an option in gout".
    """
    prepares = _PREPARES.match(text, start, end)
    if prepares is not None:
        stop = _stop(text, prepares.end(), end)
        return Named(text[prepares.end() : stop].strip(), prepares.end(), stop, "opening")
    after = _AFTER.match(text, start, end)
    opening = _OPENING.match(text, start, end)
    if after is not None and opening is not None:  # "After stenting in angina"
        after = None if _piece(reading, text, opening.end(), end, "opening", use) else after
    if after is not None:
        event = _AFTER_EVENT.match(text, start, end)
        if event is not None and not use and (named := _piece(reading, text, event.end(), end, "event", False)):
            return named
        licence = _LICENCE.match(text, _stop(text, after.end(), end), end)  # what is called a use is one
        if named := _piece(reading, text, after.end(), end, "opening", licence is None or use):
            return named
    if opening is not None and _EVENT.match(text, opening.end(), end):
        return None
    behind = _clause(text, start, end)
    if after is not None and opening is None and _OPENING.match(text, behind, end):  # "After surgery, for gout, 5 mg"
        return in_sentence(reading, text, behind, end, use=use)
    if opening is not None:
        link = opening["link"].lower()
        named = _piece(reading, text, opening.end(), end, "opening", use)
        before = link == "before"
        if named is not None and not before:
            return named
        people = _PEOPLE_FIRST.match(text, opening.end(), end)
        if people is not None:  # a state of the patient, unless the drug is used for it
            return _piece(reading, text, people.end(), end, "people", True) or (
                None
                if use or _STATE.search(text, people.end(), end)
                else _piece(reading, text, people.end(), end, "state", False)
            )
        if not (use or before) and not link.endswith("in") and _DIGIT.search(text, opening.end(), end):
            stop = _stop(text, opening.end(), end)
            words = bare(text[opening.end() : stop])
            if is_plain_name(reading, words) and not _THEN_PEOPLE.match(text, stop, end):
                return Named(words, opening.end(), stop, "place")
        if before:
            words = text[opening.end() : _stop(text, opening.end(), end)]
            sampling = _SAMPLING.search(words)
            if sampling and re.match(r"\s+(?:the|an?|his|her|their)\s", words[sampling.end() :]):
                words = words[: sampling.end()]  # 'Before embryo transfer the endometrium is prepared'
            if len(words.split()) > 1 and sampling is not None and not _STARTS_WITH_PEOPLE.match(words):
                return Named(bare(words), opening.end(), opening.end() + len(words), "opening")
        behind = _clause(text, start, end)
        return _subject(reading, text, behind, end, use) if behind > start else None
    return _subject(reading, text, start, end, use)


def _subject(reading: Reading, text: str, start: int, end: int, use: bool) -> Named | None:
    """The condition that is a sentence's subject, that of its people, or that its drug is used in."""
    treating = _TREATING.match(text, start, end)
    if treating is not None:
        group = next(g for g in ("started", "begun", "subject", "treated", "dosed") if treating[g])
        told = _accepted(reading, treating[group], use or group == "subject")
        if told:
            return Named(told, treating.start(group), treating.end(group), "subject")
    of_age = _AGED_WITH.match(text, start, end)
    if of_age is not None and (named := _piece(reading, text, of_age.end(), end, "people", use)):
        return named
    healed = _HEALED.search(text, start, end)
    if healed is not None and (named := _piece(reading, text, healed.end(), end, "subject", use)):
        return named
    is_dose = _IS_DOSE.match(text, start, end)
    if is_dose is not None and (
        told := _accepted(reading, is_dose["words"], use or not _AIMS.search(is_dose["words"]))
    ):
        return Named(told, is_dose.start("words"), is_dose.end("words"), "subject")
    topic = _TOPIC.match(text, start, end)
    if topic is not None and (told := _accepted(reading, topic["words"], use)):
        return Named(told, topic.start("words"), topic.end("words"), "subject")
    treated = _TREATED.search(text, start, min(end, start + 140))
    if treated is not None and _treats(reading, text, treated.end(), end):
        subject = text[start : treated.start()]
        subject = re.sub(r"^\s*off-label,?\s+", "", re.sub(r"\s*\([^()]*\)", "", subject), flags=re.I)
        for words in dict.fromkeys((subject, subject.rpartition(", ")[2])):  # "After mifepristone, a miscarriage is …"
            told = _accepted(reading, words, use)
            if told and not re.search(r"[,;:]", told):
                return Named(told, start, treated.start(), "subject")
    clause = _clause(text, start, end)
    for pattern in (_PEOPLE_WHO, _PEOPLE_SO, _PEOPLE_WITH, _PEOPLE_BEHIND, _PEOPLE_THEN_DOSE):
        people = pattern.match(text, start, end)
        if people is None and clause > start:
            people = pattern.match(text, clause, end)
        if people is not None and not re.search(r"\brisk\b", people.group(), re.I):
            # "Infants under 3 months of age with gout": of "of … with", the words are those behind the last
            words = re.sub(r"^(?:age|the\s+age)\s+(?:\w+\s+){0,2}?with\s+|\s*\([^()]*\)", "", people["words"])
            told = _accepted(reading, words, use)
            if told:
                return Named(told, people.start("words"), people.end("words"), "people")
    same = _SAME_FOR.match(text, start, end)
    if same is not None and (named := _piece(reading, text, same.end(), end, "subject", use)):
        return named
    only = _ONLY.search(text, start, end)
    if only is not None and is_use(reading, only["words"]) and not _DIGIT.search(text, start, only.start()):
        return Named(only["words"], only.start("words"), only.end("words"), "subject")
    meant = _MEANT.search(text, start, end)
    if meant is not None and not _DENIES.search(text, start, meant.start()):
        return _piece(reading, text, meant.end(), end, "use", use)
    used = _USED.search(text, start, end)
    if used is not None and not _DENIES.search(text, start, used.start()):
        return _piece(reading, text, used.end(), end, "use", use)
    return None


def _clause(text: str, start: int, end: int) -> int:
    """Where a sentence goes on behind the few words it opens with: "Alongside root planing, patients with … take"."""
    comma = text.find(", ", start, min(start + 80, end))
    return comma + 1 if comma > 0 and not _DIGIT.search(text, start, comma) else start


def _treats(reading: Reading, text: str, start: int, end: int) -> bool:
    """Whether what a condition is treated with is a dose or this drug: "… responds to metoclopramide" tells of another."""
    if _THIS.match(text, start, end) or text[start:end].strip().lower().startswith(tuple(reading.own_names)):
        return True
    amount = _SOON.match(text, start, end)
    return amount is not None and not any(
        names_other_drug(w.strip(","), reading.own_names) for w in amount.group().split()
    )


_THIS = re.compile(
    r"\s*(?:it|this|these|the (?:drug|cream|ointment|gel|lotion|drops|tablets?|capsules?|injection|infusion|suspension|usual|same))\b",
    re.I,
)
_SOON = re.compile(
    r"(?:\s*[a-z][\w-]*[,:]?\s){0,6}\s*[\d½¼]|(?:\s*[a-z][\w-]*\s){0,3}\s*(?:one|two|three|half)\b", re.I
)


def people_first(text: str, start: int) -> bool:
    """Whether a sentence has people for its subject: "Adolescents aged 13 to 17 years start with 0.5 mg"."""
    return _STARTS_WITH_PEOPLE.match(text, start) is not None


_HAPPENS = re.compile(
    r"\W*(?:if|when|where|unless|as\s+soon\s+as|in\s+case|in\s+the\s+event|once(?!\s+(?:daily|weekly|monthly|nightly|an?|every|per|in|or)\b))\s+\w",
    re.I,
)


def is_event(label: str) -> bool:
    """Whether a label says when its doses are given, and not what they are for: "When the infection recurs"."""
    return _HAPPENS.match(label) is not None and " " in label.strip()


def opens_otherwise(text: str, start: int, end: int) -> bool:
    """Whether a sentence opens with something that it is for and that is not understood: what was said before is over."""
    opening = _OPENING.match(text, start, end)
    if opening is None or opening["link"].lower() == "before":
        return _TO_DO.match(text, start, end) is not None
    stop = _stop(text, opening.end(), end)
    words = bare(text[opening.end() : stop])
    people = _THEN_PEOPLE.match(text, stop, end)
    if people is not None and read_who(text[opening.end() : people.end()]).get("age_group"):
        return False  # "In older patients": others with the same
    return bool(words) and not (
        words.lower() in ("treatment", "therapy") or GENERIC.fullmatch(words) or _ELSE.match(words) or read_who(words)
    )


_ELSE = re.compile(
    r"(?:the|this|that|these|those|such|some|most|many|all|any|both|either|other|others|each|general|practice|addition|case|cases|combination"
    r"|contrast|\w+ly|[\w-]+ (?:test|scheme|method|protocol|approach)s?|severe|milder|mild|poorly|resistant|refractory|patients?|longer|shorter|most|infusion|injection|tablets?|maintenance|(?:induction of |clinical |complete |partial )*(?:remission|response))\b",
    re.I,
)


def _stop(text: str, start: int, end: int) -> int:
    stop = _END.search(text, start, end)
    return stop.start() if stop else end


def _piece(reading: Reading, text: str, start: int, end: int, by: str, use: bool) -> Named | None:
    stop = _stop(text, start, end)
    words = _accepted(reading, text[start:stop], use)
    return Named(words, start, stop, by) if words else None


# "Experience in Kawasaki disease is small": of doses that follow.
_EXPERIENCE = re.compile(
    r"\W*(?:there\s+(?:is|are)\s+)?(?:[\w-]+\s+){0,2}?(?:experience|data|evidence|use|trials|studies)\s+(?:is\s+[\w-]+\s+)?(?:in|for)\s+",
    re.I,
)
# "Gout is treated in steps", "Angina responds to the following doses"
_TOLD_BELOW = re.compile(
    rf"(?P<words>[^.;:,]{{3,60}}?)\s+(?:{_IS}\s+(?:{_SIGN['how']}\s+)?(?:treated|managed|prevented|given|dosed)|responds\s+to)\b(?!.*\d)",
    re.I,
)


# "In renal impairment the oral dose for the treatment of gout depends on …"
_DOSE_FOR = re.compile(
    r"\bdos(?:e|es|age|ages)\b(?:\s+(?:once|twice|daily))*\s+(?:for|in|against)\s+(?:the\s+)?(?:(?:prevention|prophylaxis|treatment)\s+of\s+)?",
    re.I,
)


# "The weekly pen in obesity", "Tablets for gout"
_PRODUCT_FOR = re.compile(
    r"\W*(?:(?:the|an?)\s+)?(?:[\w-]+\s+){0,3}?(?:pens?|tablets?|capsules?|injections?|infusions?|drops|creams?|ointments?|gels?|patch(?:es)?|sprays?|inhalers?"
    r"|courses?|suppositor(?:y|ies)|enemas?|solutions?|suspensions?|syrups?|granules|sachets?|implants?|foams?|lotions?|dos(?:e|es|age|ages|ing))\s+(?:for|in|against)\s",
    re.I,
)


# "Adults with cancer pain who have never had an opioid": which of them, and no part of the condition's name.
_OF_WHICH = re.compile(
    r",?\s+who\s+(?:(?:have|has|had)\s+(?:never|not|already|had|been|received|taken|used|failed)|are|were|did|do|does|cannot|can|take|receive)\b[^,:]*",
    re.I,
)
_SMALL = frozenset("a an and of or in the for with".split())


def in_other_words(reading: Reading, lead: str) -> str | None:
    """The uses that a lead's bracket gives for plain words before it: "A clot in the leg or lung (DVT or PE)"."""
    for m in re.finditer(r"\(([^()]*)\)", lead):
        members = re.split(r",\s+(?:and\s+|or\s+)?|\s+(?:and|or)\s+|\s*/\s*", m[1])
        named = all(is_use(reading, member) or member in reading.abbreviations for member in members)
        if ";" in m[1] or not named or not all(is_condition(reading, member) for member in members) or read_who(m[1]):
            continue
        plain = lead[: m.start()]
        before = re.split(r"\b(?:for|in|after|against|of)\s+", plain, maxsplit=1)[-1]
        # "Chronic heart failure (HF)" says more than its abbreviation
        shared = set(normal(reading.expand(m[1])).split()) & set(normal(plain).split()) - _SMALL
        if not shared or not any(is_use(reading, bare(words)) for words in (before, plain)):
            return m[1].strip()
    return None


_USES = re.compile(
    r"\W*(?:uses?|used\s+(?:for|in)|indications?|indicated\s+(?:for|in))\s*:?\s+(?P<words>[^.;:]{2,90})", re.I
)


def listed_uses(words: str) -> str:
    """What a sentence or lead lists as the uses of the doses below it; other words stay as they are.

    >>> listed_uses("Uses: SAR, CIU")
    'SAR, CIU'
    """
    listed = _USES.fullmatch(words)
    return listed["words"].strip() if listed else words


# "Wait for withdrawal:", "Check for pregnancy:" bid to do something before the doses, which are for none of it.
BIDS = re.compile(
    r"\W*(?:(?:always|first|please)\s+)?(?:wait|watch|look|check|ask|test\s+for|screen|exclude|rule\s+out|beware|mind|remember|confirm|measure|weigh)\s(?!of\b)",
    re.I,
)


def _heads_use(reading: Reading, word: str) -> bool:
    """Whether one word is what a use is called short: "Mobilisation" where mobilisation of stem cells is one."""
    if " " in word or GENERIC.fullmatch(word) or _NOT_ALONE.fullmatch(word):
        return False
    return any(use.startswith(f"{word.lower()} of ") for use in uses(reading))


# "Ulcers caused by NSAIDs" is one name, of which the participle is no verb.
_CAUSED = re.compile(r"(?P<what>(?:[\w-]+\s+){1,4}?)(?:caused|induced|provoked)\s+by\s+[\w-]+(?:\s+[\w-]+){0,3}", re.I)


@lru_cache(maxsize=256)  # few, for each keeps its document
def in_lead(reading: Reading, lead: str) -> str | None:
    """The condition that a lead-in or heading names: a sentence as one does, else its first part that is one.

    "Procedural sedation by injection, once only", "By body weight, orally, in lupus".
    """
    if inner := in_other_words(reading, lead):
        return inner
    if BIDS.match(lead):
        return None
    lead = _OF_WHICH.sub("", lead)
    plain = re.sub(r"\s*\([^()]*\)", "", lead).strip(" :*?")
    of_people = re.search(rf"\b{_PEOPLE}\b", plain, re.I)
    if len(plain.split()) > 1 and not of_people and normal(reading.expand(plain)) in uses(reading):
        return plain  # the name of a use may end as a purpose does: "hyperuricaemia associated with cancer therapy"
    if _heads_use(reading, plain):
        return plain
    if (caused := _CAUSED.fullmatch(plain)) and accepts(reading, caused["what"]):
        return plain
    if VERB.search(lead):
        named = in_sentence(reading, lead, 0, len(lead))
        if named is None and (told := _TOLD_BELOW.match(lead)):
            return _accepted(reading, told["words"], False)
        if named is None and (dosed := _DOSE_FOR.search(lead)):
            return _accepted(reading, lead[dosed.end() : _stop(lead, dosed.end(), len(lead))], True)
        if named is None and (known := _EXPERIENCE.match(lead)):
            return _accepted(reading, lead[known.end() : _stop(lead, known.end(), len(lead))], True)
        return named.words if named else None
    for part in re.split(r"[,:]\s+|\s+[–—-]\s+", re.sub(r"\s*\([^()]*\)", "", lead)):
        links = [m.end() for m in re.finditer(r"(?:^|\s)(?:for|in|against)\s+", part, re.I)]
        if people := _PEOPLE_FIRST.match(part):
            links.append(people.end())
        of_product = _PRODUCT_FOR.match(part) is not None
        for at in links if of_product else (0, *links):
            if words := _accepted(reading, part[at:], False):
                return words
    return None
