"""Conditions of a list of contraindications: where each stands, and what kind of condition it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from monopipe.cues import Cued
from monopipe.extract import terms
from monopipe.extract.drug_words import is_drug
from monopipe.extract.effects import words as effect_words
from monopipe.extract.phrasing import phrasebook
from monopipe.signs import signs

_SIGN = signs("contraindications")
LEAD = re.compile(
    r"(?:no[.,]\s+|yes[.,]\s+|\([a-h\d]\)\s+)?"
    r"(?:(?:if\s+)?(?:you\s+|your\s+child\s+)?(?:are|have|has|suffer\s+from)\s+(?:(?:had|ever|got|now|in)\s+)*)?"
    rf"(?:{_SIGN['lead']}(?:\s+|$))*",
    re.I,
)
_COMPONENTS = Cued(
    r"""[\s,]*(?:\b(?:or|and|and/or)\b|/)\s*(?:to\s+)?(?:(?:any|one|some)\s+of\s+)?(?:(?:its|the|their|any|an|a|other|another|one|all)\s+)*(?:(?:inactive|other|formulation|listed|product)\s+)*
    (?:components?|excipients?|ingredients?|constituents?|preservatives?)\b(?:\s+(?:of|in)\s+(?:the\s+|its\s+|this\s+)?(?:formulation|product|preparation|medicine|drug|tablet|injection|it)s?)?""", re.I | re.X)  # fmt: skip
_QUALIFIER = Cued(_SIGN["limit"], re.I | re.S)
"""What limits a condition belongs to it as printed, unless it makes half a sentence of it."""
_REASON = re.compile(_SIGN["reason"], re.I | re.S)
_SPLIT = re.compile(
    r"\s*(?P<comma>[,;])\s*(?:(?:and/or|and|or)\s+)?|\s+(?P<word>and/or|and|or|as well as)\s+|(?<=[a-z]{4})/(?=[A-Za-z][\w'’]{3,}\s)",
    re.I,
)
_CAUSE = Cued(
    r"\s(?:after|following|due to|caused by|brought on by|provoked by|triggered by|precipitated by|associated with|secondary to|related to|induced by|from(?!\s(?:patients|people|anyone|those|asthmatics|women)\b))\s"
)
_BINDS = re.compile(
    r"\b(?:such as|e\.g\.,?|including)\s|\b(?:hypersensitiv\w*|allerg\w*|sensitivity|intolerance|anaphyla\w*)\b.*?\bto\b",
    re.I,
)
_FINITE = Cued(
    r"\b(?:is|are|was|were|should|must|may|can|could|has|have|had|will|do|does|need|needs|requires?|occurs?|happens?|contains?|consult|use\s+with\s+(?:\w+\s+)?caution|caution)\b"
)
_RELATIVE_CLAUSE = re.compile(r"\s(?:that|who|which|whose|if|when|where)\s", re.I)
_NEAR_LIMIT = 16
"""Words beyond which a condition is half a sentence."""


_ESCAPE = Cued(
    r"(?P<comma>,)?\s+\(?(?:unless|except (?:if|when|where|in (?:the presence of|(?:patients|people|those) (?:with|who))))\b"
)

_WITH_OR_WITHOUT = re.compile(r",?\s+with\s+or\s+without\s+[^,;.()]{3,40}(?=[,;.]|$)", re.I)
_SYMPTOM = _SIGN["symptom"]
_WITH_SYMPTOM = re.compile(rf"\swith\s+{_SYMPTOM}(?:(?:,|\s+and|\s+or)\s+{_SYMPTOM})*$", re.I)
_IS_SYMPTOM = re.compile(rf"{_SYMPTOM}\b", re.I)
_NEXT = re.compile(r"[,;]|$")
_WHEN_USED = Cued(
    r",?\s+(?:when|if|where)\s+(?:(?:it|the (?:drug|medicine))\s+is\s+)?(?:used|given|taken|prescribed|indicated)\s+(?:for|to|as|in|against)\b"
)


def has_escape(text: str, start: int, end: int) -> bool:
    """Whether the list names a case in which the condition at text[…:start] does not forbid the drug.

    "A, B, unless C" limits A and B, "A (unless C), B" only A.
    """
    stop = text.find(";", start, end)
    m = _ESCAPE.search(text, start, stop if stop >= 0 else end)
    if m is None:
        return False
    if text.count("(", start, m.end()) > text.count(")", start, m.end()):
        return not text[start : m.start()].strip()
    return m["comma"] is not None or not text[start : m.start()].strip()


def conditions(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each condition of a list stands, and where its qualifiers end; examples of a group are conditions too.

    >>> t = "Pregnancy, known hypersensitivity to the drug or any of its components; active ulcer or bleeding."
    >>> [t[a:b] for a, b, _ in conditions(t, 0, len(t))]
    ['Pregnancy', 'hypersensitivity to the drug', 'active ulcer', 'bleeding']
    """
    if aside := _WITH_OR_WITHOUT.search(text, start, end):
        yield from conditions(text, start, aside.start())
        yield from conditions(text, aside.end(), end)
        return
    if limit := _WHEN_USED.search(text, start, end):  # what it is used for is no condition that forbids it
        stop = text.find(";", limit.end(), end)
        before = list(conditions(text, start, limit.start()))
        yield from before[:-1]
        for begin, until, _ in before[-1:]:
            yield begin, until, _trim(text, begin, stop if stop >= 0 else end)[1]
        if stop >= 0:
            yield from conditions(text, stop + 1, end)
        return
    escape = _ESCAPE.search(text, start, end)
    if escape and escape["comma"] and text.count("(", start, escape.start()) == text.count(")", start, escape.start()):
        following = _NEXT.search(text, escape.end(), end)  # "…, unless A and B coexist": neither forbids the drug
        among = " except in " in f" {escape.group().strip(' ,').lower()} "  # "…, except in patients with a pacemaker"
        if following and (among or " and " in text[escape.end() : following.start()]):
            yield from conditions(text, start, escape.start())
            yield from conditions(text, following.end(), end)
            return
    for a, b in _with_examples(text, start, end):
        said = _outside(_REASON, text, a, b)
        stop = _escape(text, a, said)
        if at_any_time := _AT_ANY_TIME.search(text, a + 1, stop):
            stop = at_any_time.start()
        limited = stop < said
        if len(text[a:stop].split()) > _NEAR_LIMIT:
            stop = _outside(_QUALIFIER, text, a, stop)
        components = _COMPONENTS.search(text, a, stop)
        if components and not text[components.end() : stop].strip(" .()"):
            stop = components.start()
        lead = LEAD.match(text, a, stop)
        begin = lead.end() if lead else a
        taken = _TAKEN.match(text, begin, stop)
        if taken and _is_plain_drug(text[taken.end() : stop]):
            begin = taken.end()
        until = said if limited else stop
        begin, stop = _trim(text, begin, stop)
        end_of_last = max(stop, _trim(text, begin, until)[1])
        drugs = list(_drugs(text, begin, stop)) if taken and begin == taken.end() else [(begin, stop)]
        for first, last in drugs:
            if _is_condition(text[first:last]):
                yield first, last, end_of_last if last == stop else last


# "Seizures, now or ever", "asthma (past or present)": that it counts at any time does not limit it.
_AT_ANY_TIME = re.compile(
    r"[\s,]+\(?(?:(?:now|current(?:ly)?|present|active)\s+(?:or|and)\s+(?:ever(?:\s+before)?|past|previous(?:ly)?|in\s+the\s+past)"
    r"|(?:past|previous(?:ly)?)\s+(?:or|and)\s+(?:present|current(?:ly)?|now)|at\s+any\s+time|ever|even\s+(?:if\s+)?(?:in\s+the\s+past|years\s+ago))\)?[\s.]*$",
    re.I,
)


def _escape(text: str, a: int, b: int) -> int:
    """Where "unless …" begins, in brackets or not, or b."""
    m = _ESCAPE.search(text, a + 1, b)
    return m.start() if m else b


_EXAMPLES = re.compile(r"[\s,]+(?P<open>\()?(?:such as|e\.g\.,?|for example,?|including)\s+", re.I)


_TO = re.compile(r"\)\s+to\s", re.I)


def _with_examples(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a list, a group of diseases followed by its examples: "heart disease, such as A or B"."""
    at = start
    for m in _EXAMPLES.finditer(text, start, end):
        if m.start() < at or (text.count("(", at, m.start()) > text.count(")", at, m.start())):
            continue
        stop = text.find(")", m.end(), end) if m["open"] else text.find(";", m.end(), end)
        stop = end if stop < 0 else stop
        groups = list(_members(text, at, m.start()))
        if not groups or kind(text[slice(*groups[-1])]) == "drug":
            continue
        if m["open"] and _TO.match(text, stop, end):
            continue  # "hypersensitivity (e.g., anaphylaxis) to testolol" is one
        yield from groups
        group = kind(text[slice(*groups[-1])])
        if group != "hypersensitivity":
            examples = _whole(text, terms.split(text, m.end(), stop))
            # "pregnancy, including the cream": of a state only diseases are examples
            yield from (e for e in examples if group != "physiological_state" or kind(text[slice(*e)]) == "disease")
        at = stop + 1 if m["open"] else stop
    yield from _members(text, at, end)


def _whole(text: str, pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces, one that hangs joined to the next: "aortic or mitral stenosis"."""
    begin: int | None = None
    for a, b in pieces:
        begin = a if begin is None else begin
        if not (effect_words.hangs(text[begin:b]) and not stands(text[begin:b])):
            yield begin, b
            begin = None


def _outside(pattern: re.Pattern[str] | Cued, text: str, a: int, b: int) -> int:
    """Where the first match outside brackets begins, or b."""
    for m in pattern.finditer(text, a + 1, b):
        if text.count("(", a, m.start()) <= text.count(")", a, m.start()):
            return m.start()
    return b


def _is_condition(text: str) -> bool:
    words = text.split()
    if (
        not words
        or len(words) > _NEAR_LIMIT
        or not any(c.isalpha() for c in text)
        or (len(text) < 3 and not text.isupper())
    ):
        return False
    clause = _RELATIVE_CLAUSE.search(text)
    main = text[: clause.start()] if clause else text
    main = main[: _outside(_QUALIFIER, main, 0, len(main))]
    if _FINITE.search(re.sub(r"\([^)]*\)", "", main)):
        return False
    first = words[0].lower()
    if effect_words.is_generic(text) or first in (
        "not",
        "never",
        "nobody",
        "i",
        "we",
        "no",
        "yes",
        "others",
        "alone",
        "undiluted",
        "caution",
        "see",
        "safe",
        "fine",
        "allowed",
        "permitted",
        "acceptable",
    ):
        return False
    return first != "other" or len(words) > 2


def _members(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between commas, semicolons and conjunctions whose both sides can stand as conditions."""
    at = start
    cause = _cause(text, start, end)
    for m in _SPLIT.finditer(text, start, end):
        if m.start() < at or text.count("(", at, m.start()) > text.count(")", at, m.start()):
            continue
        if m["comma"] == ";":
            yield _trim(text, at, m.start())
            at = m.end()
            cause = _cause(text, at, end)
            continue
        if m["comma"] and _AGAIN.match(text, m.end(), end) and _stands_before(text, at, m.start()):
            yield _trim(text, at, m.start())
            at = m.end()
            cause = _cause(text, at, end)
            continue
        semicolon = text.find(";", m.end(), end)
        right = _right(text, m.end(), end)
        left = text[at : m.start()].strip(" .,;")
        middle = m["comma"] is not None and not stands(right) and _in_the_middle(text, m.end(), end, right)
        if (
            not right
            or (m["word"] and _OF_AGES.fullmatch(left) and _OF_AGES.match(right))
            or _QUALIFIER.expression.match(text[m.start() : end])
            or _REASON.match(text[m.start() : end])
            or (m["word"] == "and" and _WHO_TAKE.match(right))  # "diabetes and take aliskiren" forbid it together
            or (_IS_SYMPTOM.match(right) and _WITH_SYMPTOM.search(left))  # "liver disease with nausea, anorexia or …"
            or not (_parts(left, right, m["comma"] is not None) or (middle and stands(left)))
        ):
            continue
        # "rash or wheeze after sulfonamides": the cause holds for all of them, so they stay together
        if cause and cause.start() > m.end() and (semicolon < 0 or cause.start() < semicolon):
            continue
        yield _trim(text, at, m.start())
        at = m.end()
    yield _trim(text, at, end)


# "Children and adolescents under 18" is one.
_OF_AGES = re.compile(
    r"(?:young\s+)?(?:children|adolescents|teenagers|infants|toddlers|neonates|newborns|babies)\b", re.I
)
_WHO_TAKE = re.compile(r"(?:(?:you\s+)?(?:also\s+)?(?:take|takes|use)|(?:is|are)\s+taking)\s", re.I)
_AGAIN = re.compile(
    r"(?:or |and )?(?:in (?!whom|which)|during |where |when |if |(?:to|from) (?:those|patients|people|anyone|asthmatics|women) |together with )",
    re.I,
)
"""A preposition said again begins a member of its own: "must not be given in A, in B or in C"."""


def _cause(text: str, start: int, end: int) -> re.Match[str] | None:
    """The cause that a list names, up to where a preposition begins a member of its own."""
    again = re.search(r",\s+(?:or |and )?in\s", text[start:end])
    return _CAUSE.search(text, start, start + again.start() if again else end)


def _stands_before(text: str, start: int, end: int) -> bool:
    """Whether the piece before a preposition said again has one too, of its own or right before it, and can stand."""
    left = text[start:end]
    if re.search(r"\b(?:in|to|for|with)\s+(?:patients\s+)?$", text[:start]):
        return bool(left.strip())
    lead = LEAD.match(left.strip())
    return lead is not None and "in" in lead.group().lower().split() and bool(left.strip()[lead.end() :])


def _in_the_middle(text: str, start: int, end: int, right: str) -> bool:
    """Whether a piece stands between commas or conjunctions, before one that can stand: "A, absent activity or B"."""
    after = _SPLIT.search(text, start, end)
    if after is None or after.end() >= end or _BINDS.search(text[:start]):
        return False
    words = right.split()
    return 1 < len(words) <= 4 and not _FINITE.search(right) and stands(_right(text, after.end(), end))


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
    if _COMPONENTS.expression.match(f" or {right}"):
        return False
    lead = LEAD.match(left)
    left = left[lead.end() :] if lead else left
    taken = _TAKEN.match(left)
    if taken and _is_plain_drug(left[taken.end() :]):
        return stands(right) and kind(right) != "drug"
    if _TAKING.search(left) and _only_drugs(right):
        return False
    if _POISONED.search(left) and kind(right) == "drug":
        return False  # "acute intoxication with alcohol, hypnotics or opioids"
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


_POISONED = re.compile(r"\b(?:intoxication|poisoning|overdose)\s+(?:with|by|from|due to)\b", re.I)
_TAKING = re.compile(
    r"\b(?:use|treatment|therapy|administration|co-?administration|concurrent|concomitant)\b.*\b(?:of|with)\b", re.I
)


# "Concomitant use of didanosine": that it is taken besides is what its being a contraindicated drug says.
_TAKEN = re.compile(
    r"(?:alongside\s+|(?:together|along|in\s+combination|in\s+association|combined|(?:taken|given|used)(?:\s+together)?)\s+with\s+|(?:concomitant|concurrent|simultaneous)(?:ly)?\s+(?:(?:use|treatment|therapy|administration|intake)\s+(?:of|with)\s+)?|(?:co-?administration|combination|combined\s+use|treatment|therapy|use)\s+(?:of|with)\s+)"
    r"(?:(?:an?|the|other|either)\s+)?",
    re.I,
)


def _drugs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The drugs that are taken besides, each alone; "non-selective, irreversible MAO inhibitors" are one."""
    at = None
    for a, b in terms.split(text, start, end):
        at = a if at is None else at
        describes = text[b : b + 1] == "," and " " not in text[a:b] and effect_words.hangs(text[a:b])
        if describes and " " in text[b + 1 : end].strip() and not is_drug(text[a:b].lower()):
            continue
        yield at, b
        at = None
    if at is not None:
        yield at, end


def _is_plain_drug(text: str) -> bool:
    """Whether words are the bare name of drugs, with no time, dose or people that limit it."""
    return bool(text.strip()) and len(text.split()) <= 6 and not _LIMITS.search(text)


_LIMITS = re.compile(
    r"(?<![A-Za-z\d])\d|\b(?:that|which|who|within|in|during|after|before|for|at|past|last|recent|drugs?|medicines?)\b|:",
    re.I,
)


def is_taken(text: str, start: int, at: int) -> bool:
    """Whether a member of a list from `start` stands behind "concomitant use of", with nothing but drugs between."""
    found = list(_TAKEN.finditer(text, start, at))
    taken = found[-1] if found else None
    return (
        taken is not None
        and not re.search(r"[;.:]", text[taken.end() : at])
        and _is_plain_drug(text[taken.end() : at] or "x")
    )


def lists_drugs(label: str, rest: str) -> bool:
    """Whether a label about drugs is followed by their names: "Co-administration of QT-prolonging drugs: A, B, C"."""
    members = [rest[a:b] for a, b in terms.split(rest)]
    return kind(label) == "drug" and len(members) > 1 and all(len(m.split()) == 1 and m.islower() for m in members)


def _only_drugs(text: str) -> bool:
    words = re.findall(r"[a-z][a-z-]+", text.lower())
    return bool(words) and all(is_drug(w) or w in ("and", "or") for w in words)


_DEGREE = re.compile(r"^(?:(?:very|severe|moderate|mild|marked|advanced|significant)\s+)+(?=[a-z]+$)", re.I)


@lru_cache(maxsize=4096)
def stands(text: str) -> bool:
    """Whether a phrase can be a condition by itself."""
    bare = text.split("(")[0].strip()
    if not bare or re.match(r"(?:other|another|its|their)\b(?!\s+\w+\s+\w)", bare, re.I):
        return False
    bare = _DEGREE.sub("", bare)  # "severe hepatic" hangs as "hepatic" does
    if (
        effect_words.hangs(bare)
        and not re.search(r"\b(?:elderly|pediatric|paediatric)\b", bare, re.I)
        and len(bare.split()) < 2
    ):
        return False
    return (
        effect_words.is_effect(bare)
        or _VALUE.search(bare) is not None
        or effect_words.is_abbreviation(bare)
        or _phrase_kind(bare) is not None
        or any(is_drug(w) for w in bare.lower().split())
    )


@lru_cache(maxsize=4096)
def _phrase_kind(text: str) -> str | None:
    first: str | None = None
    for found in phrasebook("contraindication_kinds").scan(text):
        if found.line["where"] == "any":
            return found.line["kind"]
        if first is None:
            earlier = effect_words.is_effect(text[: found.start])
            first = "disease" if earlier else found.line["kind"]
    return first


_RASH = re.compile(
    r"\b(?P<drug>\w+)(?:[ -](?:induced|related|associated))?[ -](?:rash|hives|urticaria|angio-?o?edema)\b", re.I
)  # "a mild penicillin rash"


# "LVEF below 40%", "QTc above 500 ms", "INR over 3": a value of the body tells a disease.
_VALUE = re.compile(
    r"\bINR (?:above|over|of)\b|(?:above|below|under|over|than|exceeding|[<>≤≥]=?)\s*\d[\d.,]*\s*"
    r"(?:%|ms\b|msec\b|mm ?Hg\b|bpm\b|(?:beats|[a-zµ]*|[×x]\s*10\S*?)\s*(?:/|per )\s*(?:min|m?L|dL|mm|µL))",
    re.I,
)


# "Benzodiazepine withdrawal", "alcohol use disorder": what a drug has done to somebody is a disease.
_STATE = re.compile(
    r"[a-z]\s(?:withdrawal|dependence|addiction|(?:ab|mis)use|use\s+disorder|intoxication|poisoning|overdose|toxicity)(?:\s(?:syndrome|state))?(?:\s\([^()]*\))?$",
    re.I,
)


# "under 12 months", "adults > 75 years"
_YEARS = re.compile(
    r"(?:adults?|people|patients|those|women|men)?\s*(?:aged\s+)?(?:under|over|below|above|less than|more than|older than|younger than|[<>≤≥])\s*\d+\s*(?:years?|months?|weeks?)\b(?!\s+(?:ago|after|before|since|of (?!age)))",
    re.I,
)
# "Opioid-naive patients", "patients not tolerant to opioids": what patients are used to.
_NAIVE = re.compile(
    r"[\w-]+[ -](?:na[iï]ve|non[ -]?tolerant|intolerant)\s+(?:patients|people|adults|individuals)\b", re.I
)
# In "ACE inhibitor cough" the drug has done something, in "use of NSAIDs in ulcer" it is taken.
_GIVEN = re.compile(r"\b(?:us(?:e|ing)|treatment|therapy|taking|given|taken|with|in|for|and|or|of|to)\b", re.I)


def kind(text: str) -> str:
    """The kind of a condition.

    >>> [kind(t) for t in ("Pregnancy", "use of nitrates", "gastric ulcer", "children under 12 years")]
    ['physiological_state', 'drug', 'disease', 'age']
    """
    if re.match(r"[\w-]+\s+(?:in|within|with|use|therapy|treatment)\b", text) and is_drug(text.split()[0].lower()):
        return "drug"
    if (rash := _RASH.search(text)) and is_drug(rash["drug"].lower()):
        return "hypersensitivity"
    if _YEARS.match(text):
        return "age"
    if _NAIVE.match(text):
        return "other"
    known = _phrase_kind(text)
    if known == "drug" and effect_words.is_effect(text.split("(")[0].split()[-1]) and not _GIVEN.search(text):
        return "disease"
    if known == "drug" and _TAKEN.match(text):
        return known  # "Concomitant use with aliskiren in patients with a GFR < 60 mL/min"
    if known != "hypersensitivity" and (_STATE.search(text) or (known != "age" and _VALUE.search(text))):
        return "disease"
    if known:
        return known
    if effect_words.is_effect(text):
        return "disease"
    return "drug" if any(is_drug(w.strip("().,")) for w in text.lower().split()) else "other"


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and (text[a].isspace() or text[a] in ",;.:*•–—-"):
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in ",;.:*?"):
        b -= 1
    return a, b
