"""Pregnancy, breastfeeding, contraception and fertility: one row for each topic and recommendation.

A statement is a clause. Its topic comes from its own words, else from its label, the clause before it, or the
heading; clauses that only inform extend the row they stand beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.facts import content_key
from monopipe.extract.phrasing import phrasebook
from monopipe.extract.reading import RETOLD, Reading
from monopipe.tables import Assertion, PregnancyLactation

_CLAUSE = re.compile(
    r"\s*;\s+|,\s+(?:but|while|whereas|although)\s+|,\s+and\s+(?=(?:women|men|both|effective|reliable)\b)|\s+\|\s+|(?<=\w)\s+[–—]\s+(?=\w)"
)
_INNER_LABEL = re.compile(
    r"(?:^|(?<=[.;|]\s))\s*((?:Pregnan|Preg\b|BF\b|Breast|Lactat|Nursing|Contracept|Fertil|Women|Men|Labou?r)[\w\s&/,-]{0,40}?(?:\([^()]*\))?)\s*:\s+"
)
_SYSTEM = r"US\s+FDA|FDA|US|United\s+States|TGA|ADEC|AU|Australian?|Swedish|FASS"
_LETTER = r"(?P<letter>[ABCDX][123]?)\b"
_CATEGORY = Cued(
    rf"""(?:\b(?P<system>{_SYSTEM})(?:'s)?\s+)?(?:\(?(?:former(?:ly)?|old)\)?\s+)?
    (?:pregnancy\s+)?(?:risk\s+)?\bcat(?:egory|\.)?(?:\s+(?:was|is))?\s*[:|(]?\s*(?:(?P<inside>{_SYSTEM})(?=\W)\s*\)?)?\s*:?\s*{_LETTER}
    (?:\s*\((?P<after>{_SYSTEM})[^)]*\))?""",
    re.X | re.I,
)
# "category C (US), B1 (AU)": one more letter behind the first.
_ALSO = re.compile(rf"\s*[,;/]\s*(?:(?P<system>{_SYSTEM}):?\s*)?{_LETTER}(?:\s*\((?P<after>{_SYSTEM})\))?")
# "(US B)", "FDA: C": the system and its letter alone.
_ALONE = re.compile(rf"(?:\((?:former(?:ly)?\s+|ex-)?|(?=\b[A-Z]+:))(?P<system>US|FDA|TGA|AU):?\s+{_LETTER}")
# An entry of a list that identifies the drug: "Pregnancy category: C"
_ENTRY = Cued(rf"\W*(?:(?:{_SYSTEM})\s+)?preg(?:nancy)?\s+(?:risk\s+)?cat(?:egory|\.)?\W")
_LONGEST_ENTRY = 40
_SYSTEMS = {
    "fda": "FDA",
    "us": "FDA",
    "united states": "FDA",
    "us fda": "FDA",
    "tga": "TGA",
    "au": "TGA",
    "adec": "TGA",
    "australian": "TGA",
    "australia": "TGA",
}
_SYSTEMS |= {"swedish": "FASS", "fass": "FASS"}
_PREVENTS = re.compile(
    r"\b(?:effective|reliable|adequate|use|using|highly|barrier|required?|must|should|need(?:ed)?|necessary|strict|until|during|test|avoid|prevent\w*|measures|for at least|advise\w*|both|two)\b",
    re.I,
)
_NO_EFFECT = re.compile(r"\b(?:not|no|without)\b[^.;]*\b(?:contracepti\w+|fertility)", re.I)
_BOTH = Cued(r"\bboth\b|\beither\b")
_NEGATED = re.compile(r"\b(?:not|no|without|never)\s+(?:\w+\s+)?$", re.I)
_REFERENCE = re.compile(r"\b(?:see|refer to)\b.*\b(?:section|information|label|leaflet|guideline|above|below)", re.I)
_TOPICS = ("pregnancy", "lactation", "contraception", "fertility")
_STANDS_FOR = {"monitor": "caution", "no_prevention": "prevention_required"}
_IF = re.compile(r"\bif\b(?! (?:of )?(?:child-?bearing|fertile|premenopausal))", re.I)
_MAY = re.compile(r"\b(?:may|might|could|can)\b", re.I)
_UNHARMED = re.compile(
    r"\b(?:not|no|without)\s+(?:\w+\s+){0,3}?(?:impair|affect|alter|chang|reduc|effect|harm)\w*|\bunaffected\b", re.I
)
_PARTS = re.compile(r"\s*;\s+|,\s+but\s+")  # "a low sperm count in men; no effect in women" denies no harm
_NO_PREVENTION = re.compile(
    r"\b(?:no (?:\w+ )?(?:contracepti\w+|prevention)(?: (?:measures?|methods?))?(?: (?:is|are) (?:required|needed|necessary))?|no need (?:for|of|to use) (?:\w+ )?contracepti\w+"
    r"|no (?:special|extra|particular|additional|specific) (?:measures?|precautions?)|(?:not|never|no longer|none) (?:required|needed|necessary)|(?:is|are) unnecessary"
    r"|(?:(?:do|does) not (?:need|have|require)|need not)(?: to)?(?: use)?(?: \w+)? contracepti\w+)\b",
    re.I,
)
_TEST = re.compile(r"\btest(?:s|ing)? (?:is|are) (?:not|un)", re.I)
_IT = re.compile(r"\W*(?:(?:in )?(?:men|women|it|this|they|these|male patients)\W*)?(?:is|are)?\W*", re.I)
# What still asks for contraception beside words that spare it: "not needed in men, but women must use it".
_DEMANDS = re.compile(r"\b(?:must|should|(?<!not )(?:required|needed|necessary)|until|for at least|advised?)\b", re.I)
_METHOD = re.compile(r"\b(?:recommended|advised|methods?|women|men)\b", re.I)
# "Vials preserved with benzyl alcohol should not be used" tells of one product.
_ONE_PRODUCT = re.compile(
    r"\W*(?:[\w-]+\s)?(?:vials?|formulations?|preparations?|products?|solutions?|ampoules?|elixirs?)\s+(?:that\s+)?(?:contain|preserved|with)\w*\b",
    re.I,
)
_WEAK = frozenset({None, "insufficient_data", "monitor"})
"""What yields to a recommendation beside it on the same topic."""


@dataclass(slots=True)
class _Row:
    topic: str
    recommendation: str | None
    start: int
    end: int
    clause: int
    system: str | None = None
    category: str | None = None


def pregnancy_lactation(reading: Reading) -> Iterator[PregnancyLactation]:
    """The statements on pregnancy, breastfeeding, contraception and fertility."""
    told: list[PregnancyLactation] = []
    for item in reading.about("pregnancy_lactation"):
        if item.kind == "other" or item.structural:
            continue
        if item.cells and [item.cell(k) for k in range(len(item.cells))] == list(item.columns):
            continue
        facts = [_fact(item, row) for row in _rows(item, reading)]
        for fact in facts:
            # A retelling that recommends nothing else is the same fact.
            known = next((f for f in told if _same(f, fact)), None) if fact.section in RETOLD else None
            if known is not None:
                fact.drug_id = known.drug_id = reading.drug_id
                fact.row_id = content_key(known)
            elif fact.section in RETOLD and _is_of_other_topic(told, fact, facts):
                continue
            told.append(fact)
    told += [f for item in reading.document.items if "reg" in item.text[:_LONGEST_ENTRY] for f in _entry(item, told)]
    yield from told


def _entry(item: Item, told: list[PregnancyLactation]) -> Iterator[PregnancyLactation]:
    """The letter categories of an entry among the drug's particulars that the sections have not told."""
    if item.topic == "pregnancy_lactation" or item.kind == "heading" or not _ENTRY.match(item.text, 0, _LONGEST_ENTRY):
        return
    rows: list[_Row] = []
    for m in _letters(item.text):
        _categorize(rows, m)
    known = {f.category for f in told}
    yield from (_fact(item, row) for row in rows if row.category not in known)


def _fact(item: Item, row: _Row) -> PregnancyLactation:
    detail = item.text[row.start : row.end].rstrip(" .")
    said = _STANDS_FOR.get(row.recommendation or "", row.recommendation)
    assertion: Assertion = "affirmed"
    if row.recommendation == "no_prevention":
        assertion = "negated"
    elif said == "prevention_required" and _IF.search(detail):
        assertion = "conditional"
    elif said is None and _MAY.search(detail):
        assertion = "possible"
    elif said is None and row.topic == "fertility" and all(map(_UNHARMED.search, _PARTS.split(detail))):
        assertion = "negated"
    return PregnancyLactation(
        **item.at(row.start, row.end),
        rule="pregnancy_clause" if said else "pregnancy_information",
        assertion=assertion,
        topic=cast("Any", row.topic),
        recommendation=cast("Any", said),
        category_system=row.system,
        category=row.category,
        detail=detail,
    )


def _same(known: PregnancyLactation, fact: PregnancyLactation) -> bool:
    return (
        known.section not in RETOLD
        and known.topic == fact.topic
        and fact.category is None
        and (
            fact.recommendation is None
            or (fact.recommendation, fact.assertion) == (known.recommendation, known.assertion)
            or _shortens(known, fact)
        )
    )


def _is_of_other_topic(
    told: list[PregnancyLactation], fact: PregnancyLactation, beside: list[PregnancyLactation]
) -> bool:
    """Whether a retelling that names no topic repeats what the body says of another one, and of this one differently.

    "Pregnancy & Breastfeeding: Not recommended; contraindicated" tells them one by one.
    """
    body = [f for f in told if f.section not in RETOLD and f.recommendation is not None]
    others = {f.topic for f in beside if f.char_start == fact.char_start and f.topic != fact.topic}
    repeats = any(f.topic in others and f.recommendation == fact.recommendation for f in body)
    return not _BOTH.search(fact.detail or "") and repeats and any(f.topic == fact.topic for f in body)


def _shortens(known: PregnancyLactation, fact: PregnancyLactation) -> bool:
    """Whether a retelling leaves out the condition: "Avoid" for "Avoid unless the benefit justifies the risk"."""
    if known.recommendation != "use_if_benefit_outweighs_risk" or fact.assertion != known.assertion:
        return False
    return any(
        f.line["recommendation"] == fact.recommendation for f in phrasebook("pregnancy_advice").scan(known.detail or "")
    )


def _rows(item: Item, reading: Reading) -> list[_Row]:
    rows: list[_Row] = []
    given = _given(item)
    current: tuple[str, ...] = given
    text = item.text
    aside = 0
    clauses = list(_clauses(item))
    for number, (start, end, label) in enumerate(clauses):
        if number + 1 < len(clauses) and len(current) > 1 and not label:
            current = _left_by(text, current, (start, end), clauses[number + 1])
        if label:
            given = current = topics(label) or given
        clause = text[start:end]
        if not re.search(r"[^\W\d_]{3}", clause) or _REFERENCE.search(clause):
            continue
        letter = _CATEGORY.search(clause)
        if (
            letter
            and any(r.topic == "pregnancy" for r in rows)
            and not re.search(r"[A-Za-z]{3}", clause[: letter.start()] + clause[letter.end() :])
        ):
            aside += 1
            continue  # the category alone belongs to what is said beside it
        by_topic = _advice(text, start, end, current, given, of_another=_is_of_another(clause, reading))
        for topic, advice in by_topic.items():
            _add(rows, topic, advice, start, end, number - aside)
        aside += set(by_topic) == {"contraception"}  # what is said of pregnancy may go on behind it
        if by_topic:
            said = tuple(t for t in by_topic if t in ("pregnancy", "lactation", "fertility"))
            spared = by_topic.get("contraception") == ["no_prevention"]
            current = said or (("contraception",) if spared else current)
    for m in _letters(text):
        _categorize(rows, m)
    if not _CATEGORY.search(text) and item.leads and (above := _CATEGORY.search(item.leads[-1])):
        _categorize(rows, above, in_heading=True)
    return rows


def _left_by(
    text: str, given: tuple[str, ...], clause: tuple[int, int], behind: tuple[int, int, str | None]
) -> tuple[str, ...]:
    """The topics of a clause that names none, where what follows its semicolon recommends on one of those given.

    "Pregnancy & Breastfeeding: Use only if needed; caution while breastfeeding" says the first of pregnancy.
    """
    start, end, label = behind
    same_sentence = text[clause[1] : start].strip() != ""
    if label or not same_sentence or topics(text[slice(*clause)]):
        return given
    found = phrasebook("pregnancy_advice").scan(text, start, end)
    recommends = any(f.line["recommendation"] != "none" for f in found)
    rest = tuple(t for t in given if t not in topics(text[start:end]))
    return rest if recommends and rest else given


_SUBJECT = re.compile(r"\W*(?:oral\s+|the\s+)?(?P<name>[A-Za-z][\w-]{3,})(?=\s)")


def _is_of_another(clause: str, reading: Reading) -> bool:
    """Whether a clause's subject is another drug: "Labetalol is our first choice", "Nifedipine can be used"."""
    m = _SUBJECT.match(clause)
    if m is None or not names_other_drug(m["name"], reading.own_names):
        return False
    low = clause.lower()
    return not any(name in low for name in reading.own_names)


def _letters(text: str) -> Iterator[re.Match[str]]:
    """Every letter category of a text, with its system where one is named."""
    end = 0
    for m in sorted((*_CATEGORY.finditer(text), *_ALONE.finditer(text)), key=lambda m: m.start()):
        also: re.Match[str] | None = m
        while also and also.start() >= end:
            yield also
            end = also.end()
            also = _ALSO.match(text, end)
            also = also if also and (also["system"] or also["after"]) else None


def _given(item: Item) -> tuple[str, ...]:
    """The topics that the label, else the question, else the nearest heading names."""
    label = item.label if item.section != "summary" and not item.question else None
    label = label or item.cell(0)
    for words in (label, item.question, *reversed(item.leads), item.label):
        found = topics(words) if words else ()
        if found:
            return found
    return ()


def topics(text: str) -> tuple[str, ...]:
    """The topics that a text names, in the order of the table's value set.

    >>> topics("Small amounts pass into breast milk.")
    ('lactation',)
    """
    found = {f.line["topic"] for f in phrasebook("pregnancy_topics").scan(text)}
    return tuple(t for t in _TOPICS if t in found)


def _clauses(item: Item) -> Iterator[tuple[int, int, str | None]]:
    """The spans of the item's clauses; with each the label that it begins with, if any."""
    text = item.text
    for start, end in item.sentences():
        label = None
        at = start
        m = _INNER_LABEL.match(text, start, end)
        if m:
            label, at = m.group(1), m.end()
        begin = at
        for cut in [*_CLAUSE.finditer(text, begin, end), None]:
            stop = cut.start() if cut else end
            if cut and text.count("(", at, stop) > text.count(")", at, stop):
                continue
            inner = _INNER_LABEL.match(text, at, stop)
            if inner:
                label, at = inner.group(1), inner.end()
            if stop > at:
                yield at, stop, label
            label = None
            if cut:
                at = cut.end()


def _advice(
    text: str, start: int, end: int, current: tuple[str, ...], given: tuple[str, ...], *, of_another: bool = False
) -> dict[str, list[str | None]]:
    """The topics of a clause, each with what it recommends; an empty list where it only informs."""
    found = [f for f in phrasebook("pregnancy_advice").scan(text, start, end) if f.line["recommendation"] != "none"]
    if of_another or _ONE_PRODUCT.match(text, start, end):
        found = []
    named = topics(text[start:end]) or (("pregnancy",) if _CATEGORY.search(text, start, end) else ())
    advice: dict[str, list[str | None]] = {}
    if "contraception" in named:
        clause = text[start:end]
        spared, n_spared = _NO_PREVENTION.subn(" ", clause)
        required = _PREVENTS.search(clause) and not _NO_EFFECT.search(clause)
        if n_spared and not (required and _DEMANDS.search(spared)):
            return {} if _TEST.search(clause) else {"contraception": ["no_prevention"]}
        advice["contraception"] = ["prevention_required"] if required else []
        named = tuple(t for t in named if t not in ("contraception", "pregnancy"))
        if not named and (required or not found):
            return advice
        if required:
            found = [f for f in found if f.line["recommendation"] != "avoid"]
    else:
        fallback = given if _BOTH.search(text, start, end) and len(given) > 1 else current or given
        if not named and fallback == ("contraception",) and not found:
            clause = text[start:end]
            no_need = _NO_PREVENTION.search(clause)
            if no_need and _IT.fullmatch(clause[: no_need.start()]):
                return {"contraception": ["no_prevention"]}
            if no_need:
                return {}  # "a pregnancy test is not necessary"
            told = _PREVENTS.search(clause) or _METHOD.search(clause)
            return {"contraception": ["prevention_required"] if told else []}
        if not named and not found and len(fallback) > 1:
            return {}  # what informs on no topic of its own says nothing of each
        named = named or fallback
    if not found:
        advice.update({t: [] for t in named if t not in advice})
        return advice
    before, last = start, named
    for k, one in enumerate(found):
        stop = found[k + 1].start if k + 1 < len(found) else end
        recommendation = one.line["recommendation"]
        if recommendation == "compatible" and _NEGATED.search(text[before : one.start]):
            recommendation = "not_recommended"
        elif recommendation == "avoid" and _NEGATED.search(text[before : one.start]):
            continue  # "should not be avoided"
        mine = topics(text[before : one.start]) or topics(text[one.start : stop]) or last
        mine = tuple(t for t in mine if t != "contraception") or last
        consumed = bool(topics(text[before : one.start]))
        before, last = (one.end if consumed else stop), mine
        for topic in mine:
            advice.setdefault(topic, []).append(recommendation)
    for topic in named:
        advice.setdefault(topic, [])
    return advice


def _add(rows: list[_Row], topic: str, advice: list[str | None], start: int, end: int, clause: int) -> None:
    """Put a clause's advice into the rows: extend the topic's row beside it, or begin one."""
    beside = next((r for r in reversed(rows) if r.topic == topic and r.clause >= clause - 1), None)
    strong = [a for a in dict.fromkeys(advice) if a not in _WEAK]
    if len(strong) > 1 and "use_if_benefit_outweighs_risk" in strong:
        # "avoid unless the benefit outweighs the risk" and "may be used if …" say one thing
        strong = ["use_if_benefit_outweighs_risk"]
    if len(strong) > 1 and "caution" in strong and "compatible" in strong:
        strong = [a for a in strong if a != "compatible"]
    said = strong or [a for a in dict.fromkeys(advice) if a]
    if not said or (beside and beside.recommendation and set(said) <= _WEAK):
        if beside:
            beside.end, beside.clause = end, clause
            return
        rows.append(_Row(topic, said[0] if said else None, start, end, clause))
        return
    for k, recommendation in enumerate(said):
        if beside and (beside.recommendation == recommendation or (k == 0 and beside.recommendation in _WEAK)):
            beside.recommendation, beside.end, beside.clause = recommendation, end, clause
        else:
            rows.append(_Row(topic, recommendation, start, end, clause))


def _categorize(rows: list[_Row], m: re.Match[str], *, in_heading: bool = False) -> None:
    """Put a letter category on the pregnancy row that holds it, else on the first; a second one has its own row."""
    said = m.groupdict()
    named = said["system"] or said.get("inside") or said.get("after") or ""
    system = _SYSTEMS.get(" ".join(named.lower().split()))
    letter = m["letter"].upper()
    begin = m.end() - len(m.group().lstrip(" ,;/"))
    mine = [r for r in rows if r.topic == "pregnancy"]
    own_sentence = not in_heading and not m.string[: m.start()].rstrip().endswith((".", ";"))
    row = next((r for r in mine if r.start <= m.start() < r.end and own_sentence), mine[0] if mine else None)
    if row is None or row.category is not None:
        if in_heading:
            return
        row = _Row("pregnancy", None, begin, m.end(), -1)
        rows.append(row)
    row.system, row.category = system, letter
    if not in_heading:
        row.start, row.end = min(row.start, begin), max(row.end, m.end())
