"""What the words around a condition say: status and phase, earlier treatment, age, and where a list of conditions ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from monopipe import vocabulary
from monopipe.cues import Cued, folded
from monopipe.extract.conditions import names_condition
from monopipe.grammar import read_who
from monopipe.signs import signs

Limit = tuple[str | None, str | None]
"""A disease status and a treatment phase."""


@dataclass(frozen=True, slots=True)
class Prior:
    """An earlier treatment that must have failed: at least how many, and which."""

    at_least: int | None
    drug: str | None


def _limits(line: dict[str, str] | object) -> tuple[Limit, ...]:
    assert isinstance(line, dict)
    statuses, phases = line["disease_status"].split("|"), line["treatment_phase"].split("|")
    phases += [""] * (len(statuses) - len(phases))
    statuses += [""] * (len(phases) - len(statuses))
    return tuple((s or None, p or None) for s, p in zip(statuses, phases, strict=True))


def _patterns(name: str) -> tuple[tuple[Cued, tuple[Limit, ...]], ...]:
    return tuple(
        (Cued(rf"(?:\b|(?<=^))(?:{line['pattern']})(?![\w-])"), _limits(line)) for line in vocabulary.rows(name)
    )


_PURPOSES = _patterns("purposes")
_ANY_PURPOSE = Cued("|".join(pattern.expression.pattern for pattern, _ in _PURPOSES))
_STATUSES = _patterns("disease_statuses")
_ALONE = tuple(
    p for line, (p, _) in zip(vocabulary.rows("disease_statuses"), _STATUSES, strict=True) if not line["where"]
)
_ANY_STATUS = Cued("|".join(line["pattern"] for line in vocabulary.rows("disease_statuses")))
# "Maintenance after consolidation therapy", "to prevent relapse": no phase and no purpose of their own.
_NO_LIMIT = re.compile(
    r"\b(?:respon(?:ded|se|ders?|ding) to|after|following)\s+(?:re-?induction|induction|consolidation|adjuvant)\b[^,.;]*|\bmaintenance[^.;]{0,20}?\bto prevent (?:relapse|recurrence)s?|\btreatment,? to (?:lower|reduce|prevent)\b[^.;]*",
    re.I,
)
# A clause that says how the condition is treated, though not in which status: "Treatment, and prophylaxis in …".
_TREATMENT = re.compile(r"\W*(?:[\w-]+\s+){0,2}(?:treatment|(?:mono)?therapy|adjunct|relief|control|healing)\b", re.I)
_NEXT_CLAUSE = re.compile(
    r"[;.]\s+|,\s*(?:and|or|then|and then|followed by)\s+|\s+and\s+(?=(?:also|then|(?:[\w-]+ )?(?:prevention|prophylaxis|maintenance))\b)|,\s*(?=(?:[\w-]+ )?(?:prevention|prophylaxis|maintenance)\b)",
    re.I,
)
_DENIAL = re.compile(r"\W*(?:but )?(?:it is )?not\b", re.I)
_FORMER = Cued(r"\b(?:former(?:ly)?\s+)?(?:preterm|premature)\s+(?=infants?\b)")
_EVERYBODY = Cued(
    r"\b(?:all|any|every) (?:ages?|age groups?)\b|\bincluding children\b|\bchildren (?:included|too|as well)\b"
    r"|\b(?:child and adult|adult and child)\b|\b(?:adults (?:and|as well as) (?:in )?children|children (?:and|as well as) (?:in )?adults)\b(?!\s*(?:aged|from|over|above|older|under|below|up to|at least|with|who|\(?\d))"
)
_AGES_OF = re.compile(r"\s*(?:,|;|\+|&|\bas well as\b|\band\b|\bor\b|\bto\b)\s*", re.I)

_PEOPLE = r"(?:adults|children|adolescents|infants|neonates|patients|people|women|men)"
_AROUND_STATUS = re.compile(
    rf"^(?:(?:long-?term|short-?term|secondary|primary|for|as|in) )+|(?: (?:treatment|therapy|use|only))*(?: (?:of|in) (?:[\w-]+ )?{_PEOPLE})?[ .]*$",
    re.I,
)
_NEWBORN = Cued(r"\bof the newborn\b")
_INFANTILE = Cued(r"\binfantile\b")
# "(ages 6–17)", "aged 2 to 11 years", "(6–12 years)"
_AGE_SPAN = re.compile(
    r"(?P<said>\bage[sd]?(?: (?:from|between|of))?|[(,;])\s*(?P<low>\d{1,2})\s*(?:[–-]|to|and)\s*(?P<high>\d{1,2})(?P<unit>\s*(?:years?|yrs?|y))?(?![\w%])(?! ?(?:mo|w|d))",
    re.I,
)
_OF_AGE, _LAST_CHILD_YEAR, _FIRST_TEEN_YEAR = "age", 18, 12

_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_DRUG = r"(?P<drug>[^.;:()]{3,80}?)"
_DRUG_END = r"(?=\s*(?:[.;:()]|,|$)|\s+(?:and have|and has|or leaves|or who|who|when|in|at|for|to)\b)"
_EARLIER = tuple(
    re.compile(
        r"\b"
        + line["pattern"].replace("{drug}", _DRUG + ("" if not line["pattern"].endswith("{drug}") else _DRUG_END)),
        re.I,
    )
    for line in vocabulary.rows("prior_therapies")
)
_ANY_EARLIER = Cued(
    "|".join(
        [
            *(line["pattern"].replace("{drug}", ".+") for line in vocabulary.rows("prior_therapies")),
            "prior|previous|earlier",
        ]
    )
)
_LINES = re.compile(
    r"\b(?:after|at least|failed|received)\s+(?:at least\s+)?(?P<n>one|two|three|four|five|\d)(?: or more)?\s+(?:prior|previous|earlier)\s+"
    r"(?:lines? of )?(?:therap(?:y|ies)|treatments?|regimens?|lines?)",
    re.I,
)
_NAMED = re.compile(
    r"\b(?:one of which (?:was|included)|that included|including)\s+(?P<drug>[a-z][\w -]{3,60}?)(?=[.,;)]|$)", re.I
)
_HOW_MANY = re.compile(
    r"^(?:at least\s+)?(?P<n>one|two|three|four|five|\d)(?: or more)?\s+(?:(?:other|prior|previous|different)\s+)*\w+",
    re.I,
)
_ARTICLE = re.compile(r"^(?:an?|the|at least)\s+", re.I)


def purpose_at(text: str, start: int, end: int) -> tuple[int, tuple[Limit, ...]] | None:
    """The end of the purpose words that begin at a place, and the statuses and phases they stand for.

    >>> purpose_at("Prevention and treatment of gout", 0, 32)
    (27, (('prevention', None), (None, None)))
    """
    if not _ANY_PURPOSE.match(text, start, end):
        return None
    for pattern, limits in _PURPOSES:
        m = pattern.expression.match(text, start, end)
        if m:
            return m.end(), limits
    return None


# "prophylaxis, not during an acute attack"
_NOT_DURING = re.compile(r"\b(?:but\s+)?not\s+(?:for|in|during|to\s+(?:treat|relieve|stop))\s+[^,.;()]*", re.I)


def limits_in(text: str) -> list[Limit]:
    """The statuses and phases that a text names, in the order of the vocabulary.

    >>> limits_in("newly diagnosed and relapsed/refractory disease")
    [('newly_diagnosed', None), ('relapsed_refractory', None)]
    >>> limits_in("maintenance after consolidation therapy")
    [('maintenance', 'maintenance')]
    """
    if not _ANY_STATUS.may_match(folded(text)):
        return []
    text = _NOT_DURING.sub("", text)
    for m in _NO_LIMIT.finditer(text):
        kept = "maintenance" if m.group().lower().startswith("maintenance") else ""
        text = text.replace(m.group(), kept.ljust(len(m.group())))
    found: list[Limit] = []
    taken: list[tuple[int, int]] = []
    for pattern, limits in _STATUSES:
        for m in pattern.finditer(text):
            if any(m.start() < e and m.end() > s for s, e in taken):
                continue
            taken.append((m.start(), m.end()))
            found += [limit for limit in limits if limit not in found]
    return found


def is_limit(text: str) -> bool:
    """Whether a text is nothing but a status, of whoever: "earlier relapse", "maintenance treatment of older adults"."""
    if not _ANY_STATUS.may_match(folded(text)):
        return False
    bare = _AROUND_STATUS.sub("", text)
    return any(p.expression.fullmatch(words) for p in _ALONE for words in (text, bare))


_GIVEN_FOR = re.compile(
    r"^.*\b(?:used|given|taken|indicated|licen[cs]ed|approved|prescribed)\b[^,;:]*? (?:for|in)\s+(?:the )?(?=\w)", re.I
)


def purpose_of(text: str) -> tuple[Limit, ...]:
    """The statuses and phases that a label or lead stands for, if it is nothing but a purpose: "Prevention of", "Maintenance".

    >>> purpose_of("It is used for the prevention of:"), purpose_of("Treatment"), purpose_of("Gout")
    ((('prevention', None),), ((None, None),), ())
    """
    words = text.strip(" :.")
    if told := _GIVEN_FOR.search(words):
        words = words[told.end() :]
    if is_limit(words):
        return tuple(limits_in(words)[:1])
    found = purpose_at(f"{words} of ", 0, len(words) + 4) or purpose_at(f"{words} ", 0, len(words) + 1)
    return found[1] if found and found[0] >= len(words) else ()


def uses(text: str) -> list[tuple[str, Limit]]:
    """The clauses of what stands behind a condition's label that are uses of their own, each with status and phase.

    >>> [limit for _, limit in uses("Treatment, and prophylaxis in immunocompromised patients.")]
    [(None, None), ('prevention', 'prophylaxis')]
    >>> [limit for _, limit in uses("adjunct to diet, and to exercise")]
    [(None, None)]
    """
    found: list[tuple[str, Limit]] = []
    for clause in _NEXT_CLAUSE.split(text):
        if _DENIAL.match(clause):
            continue
        named = limits_in(clause)
        if not named and _TREATMENT.match(clause):
            named = [(None, None)]
        found += [(clause, limit) for limit in named if limit not in [known for _, known in found]]
    if len(found) < 2:
        return [(text, limit) for _, limit in found] or [(text, (None, None))]
    return found


def earlier_treatment(text: str) -> Prior:
    """What must have been tried before.

    >>> earlier_treatment("in patients who have failed at least two other antipsychotics, one of them atypical")
    Prior(at_least=2, drug='other antipsychotics')
    >>> earlier_treatment("Bradycardia unresponsive to atropine")
    Prior(at_least=None, drug='atropine')
    >>> earlier_treatment("who have received at least two prior therapies, including bortezomib")
    Prior(at_least=2, drug='bortezomib')
    """
    if not _ANY_EARLIER.may_match(folded(text)):
        return Prior(None, None)
    if lines := _LINES.search(text):
        named = _NAMED.search(text, lines.end())
        return Prior(_count(lines.group("n")), named.group("drug").strip() if named else None)
    for pattern in _EARLIER:
        m = pattern.search(text)
        if m is None:
            continue
        words = _ARTICLE.sub("", m.group("drug").strip())
        many = _HOW_MANY.match(words)
        drug = re.sub(r"^(?:one|two|three|four|five|\d)(?: or more)?\s+", "", words)
        return Prior(_count(many.group("n")) if many else None, drug or None)
    return Prior(None, None)


def _count(word: str) -> int:
    return _COUNTS.get(word.lower()) or int(word)


@lru_cache(maxsize=1024)  # asked of one lead or label for each of its conditions
def age_group(text: str) -> str:
    """The one age group that a text names, "all" where it says so; "unspecified" where it names none or several.

    >>> [age_group(t) for t in ("in children over 2 months", "in adults and in children aged 2 years", "ages 6–17")]
    ['pediatric', 'unspecified', 'pediatric']
    """
    if _EVERYBODY.search(text):
        return "all"
    text = _INFANTILE.sub("infant", _NEWBORN.sub("neonatal", _FORMER.sub("", text)))
    groups = {read_who(part).get("age_group", "unspecified") for part in _AGES_OF.split(text)}
    groups -= {"unspecified", "all"}
    if any(letter.isdigit() for letter in text):
        groups |= {"pediatric" for m in _AGE_SPAN.finditer(text) if _is_childhood(m)}
    if groups == {"pediatric", "adolescent"}:  # "children and adolescents"
        return "pediatric"
    return str(groups.pop()) if len(groups) == 1 else "unspecified"


def _is_childhood(span: re.Match[str]) -> bool:
    """Whether a span of years is one of children; that of teenagers alone has another name."""
    low, high = int(span["low"]), int(span["high"])
    told = span["unit"] or span["said"].lower().startswith(_OF_AGE)
    return bool(told) and low < min(high, _FIRST_TEEN_YEAR) and high <= _LAST_CHILD_YEAR


_STOP = re.compile(rf"(?=[\s.:;,])\s*{signs('indications')['list_end']}", re.I)


_CAUSE = re.compile(r"\s+caused by", re.I)
_DRUGS = re.compile(
    r"\s*(?:other |certain )?(?:drugs?|medicines?|NSAIDs?|aspirin|chemotherapy|radiotherapy|antipsychotics?|antibiotics?"
    r"|diuretics?|(?:cortico)?steroids?|anticoagulants?|insulin|heparin|warfarin)(?=\W|$)",
    re.I,
)
_CAUSING = re.compile(r"\s+(?:(?!and\b|or\b)[\w-]+(?:\s+|(?=[,.;)]|$))){1,4}", re.I)


def clause_end(text: str, start: int, end: int) -> int:
    """Where a list of conditions ends: at a word that begins another clause, outside brackets."""
    for m in _STOP.finditer(text, start, end):
        before = text[start : m.start()]
        cause = _CAUSING.match(text, m.end(), end) if _CAUSE.fullmatch(m.group()) else None
        if cause and (names_condition(cause.group()) or _DRUGS.match(cause.group())):
            continue  # "cerebral oedema caused by brain tumours", "ulcers caused by NSAIDs" are one condition
        if m.start() > start and before.count("(") == before.count(")"):
            return m.start()
    return end


def included(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where examples of a condition stand: "Invasive candidiasis, including candidaemia"."""
    m = _INCLUDES.search(text, start, end)
    if m:
        yield m.end(), end


_INCLUDES = Cued(r",?\s+(?:including|such as|like|for example)\s+")
