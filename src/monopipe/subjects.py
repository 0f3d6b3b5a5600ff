"""What the lines under an unknown heading are about, where their own words leave no doubt.

Headings are endless ("Numbers", "The small print"); the words under them are not. A section whose heading no phrase
knows takes the kind for which most of its statements speak, each by the signs in `vocabulary/section_signs.csv`, by a
dose with its schedule, or by the patients it names and what to do for them; or the kind that the words before its lists,
or the heads of its table's columns, name. Where they disagree, or say too little, the kind stays `other` and the statements unread. A heading that names one
of the drug's uses stands over its doses. The heading is reported as unknown either way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

from monopipe import vocabulary
from monopipe.cues import Cued, Family, folded
from monopipe.headings import is_loose, words
from monopipe.items import Item, Section
from monopipe.signs import MASS

if TYPE_CHECKING:
    from monopipe.tables import SectionKind

_MOST = 0.7
"""The share of a section's statements that must speak for a kind."""
_SEVERAL = ("dosage", "side_effects")
"""Kinds for which one statement is too little: doses and complaints are named in passing everywhere."""
_ENOUGH, _FEW = 3, 2
"""How many different signs a section must show; fewer where all of several statements speak, or of pregnancy and milk."""

_DOSE = re.compile(
    rf"\d\s?(?:{MASS}|mmol|m[lL]|tablets?|puffs?|drops?)\b(?!/(?:m?[lL]|dL)\b)|\b[Aa]ppl(?:y|ied)\s(?!for\b|to\s+all\b)"
)
_SCHEDULE = re.compile(
    r"\b(?:once|twice|(?:two|three|four|\d) times|daily|weekly|monthly|nocte|mane|at (?:night|bedtime)|every \d+|every "
    r"(?:day|week|other)|each (?:day|week|morning|evening)|(?:a|per) (?:day|week|dose|cycle)|in divided doses|single dose|(?:may|can) be repeated"
    r"|(?:micrograms?|mcg|[µμ]g|mg|units?)(?:/kg)?/(?:min|hour|h)|mL/(?:hour|h)|q\d+[hdw]|[OBTQ]D|[BTQ]DS|[bt]\.?i\.?d"
    r"|(?:I[MVN]|S[CL]|PO)(?! use)|orally|by mouth|intramuscularly|intravenously|subcutaneously|loading dose|p\.?r\.?n|over \d+ (?:min(?:utes)?|hours?))\b|/(?:day|d|week|dose|h|24 h)\b"
)


_JOINED = re.compile(r"\W*[^\d+:.;]{3,60}(?:\s\+\s[^\d+:.;(]{3,40})+(?:\s*\([^()]*\)|:\s[^.;]+)?\W*")
"""A line that only joins drugs: "Ramipril + amlodipine (hypertension)"."""
_HARM = re.compile(r"\b(?:risk|toxic\w*|crisis|avoid|never|danger\w*|bleeding|syndrome)\b", re.I)

_WHEN = re.compile(
    r"\b(?:before|baseline|after|during|every|each|daily|weekly|monthly|yearly|annually|regularly)\b", re.I
)


@cache
def _signs() -> tuple[tuple[str, Cued], ...]:
    """The signs of each kind as one pattern."""
    return tuple(
        (
            line["kind"],
            Cued(
                r"(?<![\w-])(?:"
                + "|".join(re.escape(s).replace(r"\*", r"\w*") for s in line["signs"].split("|"))
                + r")(?!\w)"
            ),
        )
        for line in vocabulary.rows("section_signs")
    )


@cache
def _any_sign() -> Family:
    return Family(pattern for _, pattern in _signs())


def settle(sections: Sequence[Section], items: Sequence[Item]) -> None:
    """Give the sections with unknown headings, and what stands in them, the kind for which their words speak.

    A section is heard together with the unknown ones below it, which take its kind: "Run it" over "Adults", "Children".
    """
    told = False
    for section in sections:
        if not section.heading or not section.known or section.kind in _OF_ALL:
            if section.kind == "faqs" and section.heading and "?" not in section.heading:
                told_of = [i for i in items if i.section_ordinal == section.ordinal and not i.structural]
                asks = any("?" in i.text or i.question for i in told_of)
                if len(told_of) >= _ENOUGH and not asks and subject([i.text for i in told_of]) in _ASKED_FOR:
                    _correct(section, told_of)  # "Numbers I am asked for"
            continue
        if section.kind == "monitoring":
            _grade(section, [i for i in items if i.section_ordinal == section.ordinal and not i.structural])
            continue
        again, told = told and section.kind == "usage", told or section.kind == "usage"
        if again or is_loose(section.heading):
            _correct(section, [i for i in items if i.section_ordinal == section.ordinal and not i.structural])
        if section.kind == "administration":
            _part(section, items)
        if section.kind == "combinations":
            _by_heads(section, [i for i in items if i.section_ordinal == section.ordinal and not i.structural])
    unknown = {s.ordinal: s for s in sections if s.heading and not s.known and s.kind == "other"}
    if not unknown:
        return
    over_known = {s.parent for s in sections if s.known}
    lines: dict[int, list[Item]] = {ordinal: [] for ordinal in unknown}
    for item in items:
        if item.section_ordinal in unknown and not item.structural:
            lines[item.section_ordinal].append(item)
    for ordinal in unknown:
        family = [ordinal]
        if ordinal not in over_known:  # below a title, or "Side B", stands everything
            for other in unknown.values():
                if other.parent in family:
                    family.append(other.ordinal)
        heard = [item for member in family for item in lines[member]]
        statements = [item for item in heard if item.section == "other"]
        kind = (
            _graded(heard)
            or _tabled(statements)
            or _with_each(statements)
            or _led(statements, unknown[ordinal])
            or _said_by(statements, heard)
            or _of_patients(heard)
        )
        if kind is None and _stops_at_values(statements):
            kind = "dosage_adjustments"
        named = (
            kind is None and ordinal > 1 and _gives_doses(statements)
        )  # the first heading is the title, the drug's name
        if named and _names_one(unknown[ordinal].heading or "", items):
            kind = "dosage"
        if kind is None and _lists_doses(statements):
            kind = "dosage"
        if kind is None:
            continue
        for member in family:
            if unknown[member].kind == "other":
                unknown[member].kind = unknown[member].topic = kind
        for item in statements:
            item.section = item.topic = kind


_OF_ALL = ("faqs", "summary", "clinical_use_cases")
"""Kinds of sections that speak of everything."""


def _part(section: Section, items: Sequence[Item]) -> None:
    """Make doses of the list or table of a section on giving the drug, where its lines are doses: "Giving it"."""
    of_section = (i for i in items if i.section_ordinal == section.ordinal and i.section == section.kind)
    listed = [i for i in of_section if i.kind in ("list_item", "table_row") and not i.structural]
    if len(listed) >= _FEW and subject([i.text for i in listed]) == "dosage":
        for item in listed:
            item.section = item.topic = "dosage"


def _by_heads(section: Section, lines: list[Item]) -> None:
    """Make interactions of what is combined, where the column heads of the table tell what happens and what to do."""
    if _tabled(lines) == "interactions":
        section.kind = section.topic = "interactions"
        section.known = False
        for item in lines:
            item.section = item.topic = "interactions"


_ASKED_FOR = ("pharmacokinetics", "dosage")
"""Kinds of what people ask for, where they ask no question."""
_BESIDE_DOSES = ("monitoring", "contraindications", "usage", "side_effects")
"""Kinds whose words stand beside doses too: "Kidneys" may be on creatinine and yet on doses."""


def _correct(section: Section, lines: list[Item]) -> None:
    """Give a section whose heading is known by a word of little weight ("From mouth to kidney") the kind that its lines speak for.

    So with figures that people ask for, among which there is no question.
    Further uses of which each is told with its dose ("Off-label uses in adults") are doses.
    """
    statements = [item for item in lines if item.section == section.kind]
    if section.kind == "usage" and len(uses := [item for item in statements if item.kind != "paragraph"]) > 1:
        statements = uses
    kind = subject([item.text for item in statements])
    if kind is None or kind in _BESIDE_DOSES or kind.split("_")[0] == section.kind.split("_")[0]:
        return
    if kind != "dosage" and section.kind != "faqs" and not is_loose(section.heading or ""):
        return
    told = section.kind
    section.kind = section.topic = kind
    section.known = False
    for item in lines:
        if item.section == told:
            item.section = item.topic = kind


_GRADE = re.compile(
    r"\W*(?:(?:very |less |most |more )?common|uncommon|(?:very )?rare|(?:in)?frequent|rare (?:but|and) serious|serious)\b[^:.;]{0,40}:",
    re.I,
)


def _grade(section: Section, lines: list[Item]) -> None:
    """Make effects of a section on what to watch for whose lines are labelled by how common it is.

    One whose lines say at which value to hold or stop the drug is on adjustments.
    """
    kind: SectionKind
    if sum(_GRADE.match(item.text) is not None for item in lines) >= _FEW:
        kind = "side_effects"
    elif _stops_at_values(lines):
        kind = "dosage_adjustments"
    else:
        return
    section.kind = section.topic = kind
    section.known = False
    for item in lines:
        if item.section == "monitoring":
            item.section = item.topic = kind


def _stops_at_values(lines: list[Item]) -> bool:
    """Whether most lines say at which value to hold, stop or reduce the drug."""
    return sum(_STOPS.search(item.text) is not None for item in lines) >= max(_ENOUGH, _MOST * len(lines))


# "ALT 3–5 × ULN | hold", "Platelets under 50: stop for good".
_STOPS = re.compile(
    r"\d[^:|]*[:|]\s*(?:hold|withhold|stop|discontinue|interrupt|pause|omit|delay|reduce|halve|restart|continue)\b",
    re.I,
)
# The words before a list that say what it lists; what is not given "with" something interacts.
_LEADS: dict[SectionKind, re.Pattern[str]] = {
    "usage": re.compile(
        r"(?:on |within |outside )?(?:the )?(?:\w+ )?(?:licen[cs]ed|licen[cs]e|label|labell?ed|off[- ]label|un(?:licen[cs]ed|labell?ed)|approved|indications?)\b"
        r"(?!.*\b(?:names?|brands?|products?|strengths?|preparations?|forms?|dos\w+|routes?|countries|makers|abbreviations?)\b)",
        re.I,
    ),
    "contraindications": re.compile(
        r"(?:(?:it |this drug )?(?:is |must |should )?(?:not|never) (?:to )?(?:be )?(?:given|give|used|use|prescribed|taken|started|for)|do not (?:use|give|start|prescribe))\b(?!.*\bwith$)",
        re.I,
    ),
}


# How common what a list or line names is: "Very common:", "Uncommon: bradycardia, rash".
_FREQUENCY = re.compile(
    r"\W*(?P<grade>(?:very |less )?common|uncommon|(?:very )?rare|(?:in)?frequent|frequency not known)(?:\s*\([^()]*\))?\s*(?::|\W*$)",
    re.I,
)


def _graded(heard: list[Item]) -> SectionKind | None:
    """Side effects, where lists or lines are headed by two classes of frequency."""
    told = [found for item in heard for said in (item.text, *item.leads[-1:]) if (found := _FREQUENCY.match(said))]
    return "side_effects" if len({found["grade"].lower() for found in told}) >= _FEW else None


_WITH_DRUG = re.compile(r"\W*with\s+(?!food|meals?\b|a\b|an\b|or\b)[\w' -]{3,40}:\s", re.I)


def _with_each(statements: list[Item]) -> SectionKind | None:
    """Interactions, where the lines say what happens with each drug: "With lithium: its level rises"."""
    told = [item for item in statements if item.kind == "list_item" and _WITH_DRUG.match(item.text)]
    doses = any(_DOSE.search(item.text) for item in told)
    return "interactions" if len(told) >= max(_ENOUGH, _MOST * len(statements)) and not doses else None


def _tabled(statements: list[Item]) -> SectionKind | None:
    """The kind that the column heads of the tables name, where most statements are their rows."""
    rows = [item.columns for item in statements if item.kind == "table_row"]
    if len(rows) < _FEW or 2 * len(rows) < len(statements):
        return None
    kinds = {_head_kind(columns) for columns in rows}
    return kinds.pop() if len(kinds) == 1 else None


@lru_cache(maxsize=256)
def _head_kind(columns: tuple[str, ...]) -> SectionKind | None:
    """The kind of a table with these column heads, through `vocabulary/table_heads.csv`.

    >>> _head_kind(("Toxicity", "Rate")), _head_kind(("Toxicity", "Action")), _head_kind(("Toxicity", "Seen in"))
    ('side_effects', 'dosage_adjustments', None)
    """
    heads = [f" {' '.join(_BRACKET.sub(' ', head).lower().split())}" for head in columns]
    for line in vocabulary.rows("table_heads"):
        sides = [line[side] for side in ("one", "two", "three") if line[side]]
        ends = [tuple(f" {phrase}" for phrase in side.split("|")) for side in sides]
        found = [{k for k, head in enumerate(heads) if head.endswith(said)} for said in ends]
        if all(found) and len(set().union(*found)) >= len(sides):
            return cast("SectionKind", line["kind"])
    return None


_BRACKET = re.compile(r"\([^()]*\)")


def _led(statements: list[Item], section: Section) -> SectionKind | None:
    """The kind that the words before the lists of a section name: "Licensed:", "Not to be given in:"."""
    listed = [item for item in statements if item.kind == "list_item"]
    if len(listed) < _FEW or 2 * len(listed) < len(statements) or any(_DOSE.search(item.text) for item in listed):
        return None
    leads = {item.leads[-1] if item.leads else "" for item in listed}
    kinds = {next((k for k, p in _LEADS.items() if lead != section.heading and p.match(lead)), None) for lead in leads}
    return kinds.pop() if len(kinds) == 1 else None


# A label that names patients, and what is done for them behind it: "Active liver disease: not recommended".
_PATIENTS = re.compile(
    r"\b(?:renal|kidneys?|hepatic|liver|cirrhosis|dialysis|ha?emodialysis|elderly|old(?:er)?|frail|over \d+s?|under \d+s?|crcl|egfr|child-pugh|obes\w+|overweight|underweight|surgery|operation|poor metaboli[sz]ers?)\b",
    re.I,
)
_DONE = re.compile(
    r"[^:|]{2,70}[:|][\s*]*(?:no (?:\w+ )?(?:adjustment|change|reduction)|(?:same|usual|normal|full|half|lower|reduced) (?:the )?(?:\w+ )?dose|reduce|halve|hold|stop|omit|interrupt|caution|careful"
    r"|use with caution|not (?:recommended|advised)|avoid|start (?:low|at|with)|begin (?:low|at|with)|monitor)\b",
    re.I,
)


def _of_patients(heard: list[Item]) -> SectionKind | None:
    """Doses of special patients, where most lines say of patients, and two of kidney, liver, age or weight, what to do."""
    lines = [item for item in heard if item.kind in ("list_item", "table_row")]
    done = [item for item in lines if _DONE.match(item.text) or (item.label and _DOSE.search(item.text))]
    whose = [item for item in done if _PATIENTS.search(re.split(r"[:|]", item.text)[0])]
    few = len(done) < _ENOUGH or len(done) < _MOST * len(heard) or len(whose) < _FEW
    return None if few else "dosage_special"


def _said_by(statements: list[Item], heard: list[Item]) -> SectionKind | None:
    """The kind for which statements speak, alone or with those beside them whose labels name one kind."""
    if not statements:
        return None
    if (kind := subject([item.text for item in statements])) is not None:
        return kind
    labelled = Counter(item.section for item in heard if item.section != "other")
    named = labelled.most_common(1)[0][0] if labelled else None
    kind = subject([item.text for item in heard if item.section in ("other", named)]) if named else None
    if kind is not None and kind == named:
        return kind
    return subject(_sentences(statements)) if named is None else None


def _sentences(statements: list[Item]) -> list[str]:
    """The sentences of paragraphs, where statements are nothing else; in prose each says something of its own."""
    if any(item.kind != "paragraph" or item.label for item in statements):
        return []
    return [item.text[a:b] for item in statements for a, b in item.sentences()]


def subject(texts: list[str]) -> SectionKind | None:
    """The kind of section whose statements these are; None where they do not say it clearly.

    >>> subject(["t½: 1.7 h", "Protein binding: 56 %", "In urine: 66 % unchanged", "Clearance: 91 mL/min"])
    'pharmacokinetics'
    >>> subject(["Store below 25 °C.", "The trial had two arms."])
    """
    votes, shown = _votes(texts)
    if len(texts) > 1 and all(_JOINED.fullmatch(text) and not _HARM.search(text) for text in texts):
        return "combinations"
    if not votes:
        return None
    kind, n = votes.most_common(1)[0]
    enough = _FEW if kind == "pregnancy_lactation" or n == len(texts) > _FEW else _ENOUGH
    if kind == "other" or n < _MOST * len(texts) or len(shown[kind]) < enough or (kind in _SEVERAL and n == 1):
        return None
    if kind == "monitoring" and 2 * sum(_WHEN.search(text) is not None for text in texts) < len(texts):
        return None  # "Potassium down, creatinine up" may be effects
    return cast("SectionKind", kind)


def _votes(texts: list[str]) -> tuple[Counter[str], dict[str, set[str]]]:
    """How many texts speak for each kind, and the signs by which they do."""
    votes: Counter[str] = Counter()
    shown: dict[str, set[str]] = {}
    for text in texts:
        found = {
            kind: {m.group().lower() for m in pattern.expression.finditer(text)}
            for kind, pattern in (_signs()[k] for k in _any_sign().may_match(folded(text)))
        }
        if _DOSE.search(text) and (schedules := {m.group().lower() for m in _SCHEDULE.finditer(text)}):
            found["dosage"] = {"dose", *schedules}
        most = max(map(len, found.values()), default=0)
        best = [kind for kind, signs in found.items() if len(signs) == most]
        if most and len(best) == 1:
            votes[best[0]] += 1
            shown.setdefault(best[0], set()).update(found[best[0]])
    return votes, shown


_HEAD_ENDS = re.compile(r"[:(,]|\s[–—-]\s")


def _names_one(heading: str, items: Sequence[Item]) -> bool:
    """Whether a heading, up to a colon or dash, is the name of a use: "Acute pain: the nasal spray"."""
    printed = _HEAD_ENDS.split(heading)[0].strip()
    name = f" {' '.join(words(printed))} "
    uses = (item.text for item in items if item.section == "usage" and not item.structural)
    if len(printed) <= _SHORTEST:
        return printed.isupper() and any(f"({printed})" in use for use in uses)
    return any(name in f" {' '.join(words(use))} " for use in uses)


_SHORTEST = 3
"""Length up to which a name is an abbreviation, which the uses have to introduce."""


def _lists_doses(statements: list[Item]) -> bool:
    """Whether the lines of a list or table are doses, whatever the paragraphs around it say."""
    lines = [item.text for item in statements if item.kind != "paragraph"]
    return 1 < len(lines) < len(statements) and subject(lines) == "dosage"


def _gives_doses(statements: list[Item]) -> bool:
    """Whether statements speak of doses more than of anything else, be it only some of them."""
    votes, _ = _votes([item.text for item in statements])
    n = votes["dosage"]
    return n > 0 and n == max(votes.values()) and 3 * n >= len(statements)
