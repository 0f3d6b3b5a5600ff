"""Names and classes of the drug."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from monopipe import vocabulary
from monopipe.document import Item
from monopipe.extract.facts import content_key
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import normal, split
from monopipe.tables import DrugClass, DrugName

_KINDS = vocabulary.mapping("name_kinds", "phrase", "kind")
_INTRODUCTION = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)) + r")s?\b(?:\s+names?)?"
    r"(?:\s*\((?:r?INN|BAN|USAN|JAN)\))?(?:\s+(?:is|are|includes?)\b)?[\s:=|]*",
    re.I,
)
_CLAUSE = re.compile(r";|\.(?=\s|$)|\n|(?<=\))\s*,")
_INN_BRACKET = re.compile(r"([A-Za-z][\w -]{2,40}?)\s*\((?:r?INN|International Non-?proprietary Name)\)")
# A bracket that says more of the name before it; one inside a chemical name ("1-(aminomethyl)…") is part of the name.
_QUALIFIER = re.compile(r"(?:^|\s+|(?<=[a-z®™]))\(([^()]*)\)(?![\w-])")
_MARKS = re.compile(r"\s*(?:</?\w+>|[®™©])")
_SHORT = re.compile(r"[A-Z]{2,6}")
_NO_NAME = re.compile(
    r"^(?:none|no|not|n/a|yes|various|many|several|others?|etc|the|an?|it|is|was|were|in|of|for|by|under|vary|varies|unknown|see)\b",
    re.I,
)
# "the abbreviation AZA is common", "and as Cetraxal": words around a name.
_SAID_OF = re.compile(r"\s(?:is|are|was|were)\s")
_NAME_LEAD = re.compile(r"(?:also\s+)?(?:as|under\s+the\s+name)\s+", re.I)
_STEM = 6
"""Letters that a salt's name must share with the drug's: "alendronate sodium" is a salt of alendronic acid."""


def names(reading: Reading) -> Iterator[DrugName]:
    """The title, and the names that the alternate-names section gives with their kind."""
    title = reading.document.title_item
    yield _name(title, 0, len(title.text), "title", "front_matter_title")
    stems = {w[:_STEM] for w in re.findall(r"[a-z]{4,}", title.text.lower())}
    for item in reading.about("alternate_names"):
        if item.kind == "front_matter":
            continue
        found = list(_names_in(item, reading))
        yield from found
        stems |= {n.name_norm[:_STEM] for n in found if n.name_kind == "inn"}
        taken = [(n.char_start, n.char_end) for n in found]
        for salt in _salts(item, stems):
            if not any(a < salt.char_end and salt.char_start < b for a, b in taken):
                yield salt


def _names_in(item: Item, reading: Reading) -> Iterator[DrugName]:
    """Clause by clause: an introducing word ("Brands:", "also sold as", "INN") says what names follow.

    "INN: salbutamol; USAN: albuterol" gives an inn and a synonym.
    """
    start = item.rest_start
    for m in _INN_BRACKET.finditer(item.text, start):
        if not _INTRODUCTION.search(m.group(1)):
            yield _name(item, m.start(1), m.end(1), "inn", "name_before_inn")
    kind = _kind(item.label) if item.label else None
    if len(item.cells) > 1 and not item.structural:
        kind, start = _kind(item.cell(0)), item.cells[1][0]
        if kind is None:
            return
    at = start
    carried: Any = None
    for end in [m.start() for m in _CLAUSE.finditer(item.text, at)] + [len(item.text)]:
        clause_kind, clause = kind or carried, at
        at = end + 1
        prose = False
        introduced = _INTRODUCTION.search(item.text, clause, end)
        if introduced and (introduced.start() - clause < 12 or kind is None):
            clause_kind = _KINDS[introduced.group(1).lower()]
            if item.text[introduced.end() - 1] == "(" or _inside_bracket(item.text, introduced.start(), clause):
                clause_kind = kind
            else:
                clause, prose = introduced.end(), ":" not in introduced.group()
        if clause_kind is None or (clause_kind == "inn" and clause == start and end == clause):
            continue
        if clause_kind == kind and introduced is None and clause > start and kind == "inn":
            continue  # a further sentence behind the INN tells about it
        # "Abcor (tablets), and as Befix (drops)": what follows a comma goes on.
        carried = clause_kind if item.text[end : end + 1] in (",", " ") else None
        for name in _listed(item, clause, end, clause_kind, reading):
            # A brand in running text has a capital: "brand names differ by country" names none.
            if not prose or clause_kind != "brand" or name.name != name.name.lower():
                yield name


def _listed(item: Item, start: int, end: int, kind: Any, reading: Reading) -> Iterator[DrugName]:
    for a, b in _members(item.text, start, end, kind):
        qualifier = _QUALIFIER.search(item.text, a, b)
        stop = qualifier.start() if qualifier else b
        if said := _SAID_OF.search(item.text, a, stop):
            stop = said.start()
        if lead := _NAME_LEAD.match(item.text, a, stop):
            a = lead.end()
        name = item.text[a:stop]
        if not 1 < len(name) <= 60 or _NO_NAME.match(name) or len(name.split()) > 5:
            continue
        yield _name(
            item, a, stop, "abbreviation" if kind == "synonym" and _SHORT.fullmatch(name) else kind, "name_list"
        )
        if not qualifier:
            continue
        inner = _INTRODUCTION.search(item.text, qualifier.start(1), qualifier.end(1))
        if inner:
            inner_end = item.text.find(",", inner.end(), qualifier.end(1))
            yield from _listed(
                item,
                inner.end(),
                inner_end if inner_end > 0 else qualifier.end(1),
                _KINDS[inner.group(1).lower()],
                reading,
            )
        elif kind != "brand" and reading.abbreviations.get(qualifier.group(1)):
            yield _name(item, *qualifier.span(1), "abbreviation", "name_bracket")


def _members(text: str, start: int, end: int, kind: Any) -> Iterator[tuple[int, int]]:
    """The names of a list; the one INN of a combination ("Trimethoprim and sulfamethoxazole") stays whole."""
    whole: tuple[int, int] | None = None
    for a, b in split(text, start, end):
        if kind == "inn" and whole and not re.search("[,;]", text[whole[1] : a]):
            whole = whole[0], b
            continue
        if whole:
            yield whole
        whole = a, b
    if whole:
        yield whole


def _salts(item: Item, stems: set[str]) -> Iterator[DrugName]:
    """The salts of the drug that the text names anywhere: "montelukast (as montelukast sodium)"."""
    for m in _salt_pattern().finditer(item.text, item.rest_start):
        if m.group(1)[:_STEM].lower() in stems:
            yield _name(item, m.start(), m.end(), "synonym", "salt")


@cache
def _salt_pattern() -> re.Pattern[str]:
    salt = "(?:" + "|".join(line["word"] for line in vocabulary.rows("salts")) + ")"
    return re.compile(rf"\b([A-Za-z][a-z-]{{3,}})(?:\s(?:acid|{salt}))*\s{salt}\b")


def _inside_bracket(text: str, position: int, start: int) -> bool:
    return text.count("(", start, position) > text.count(")", start, position)


def _kind(label: str) -> Any:
    m = _INTRODUCTION.search(label)
    return _KINDS[m.group(1).lower()] if m else "synonym" if re.search(r"\bnames?\b|^others?$", label, re.I) else None


def _name(item: Item, start: int, end: int, kind: Any, rule: str) -> DrugName:
    end -= len(m.group()) if (m := re.search(rf"(?:{_MARKS.pattern})+$", item.text[start:end])) else 0
    name = " ".join(_MARKS.sub("", item.text[start:end]).split())
    return DrugName(**item.at(start, end), rule=rule, name=name, name_norm=normal_name(name), name_kind=kind)


def normal_name(name: str) -> str:
    """A drug name in lower case, without bracketed qualifiers; names are not made singular.

    >>> normal_name("Nexterone (intravenous)"), normal_name("1-(aminomethyl)cyclohexaneacetic acid")
    ('nexterone', '1-(aminomethyl)cyclohexaneacetic acid')
    """
    return " ".join(_QUALIFIER.sub("", name).lower().split()) or name.lower()


_CLASS_LEAD = re.compile(
    r"^(?:[\w-]+\s+is\s+(?=an?\s)|(?:it\s+)?(?:belongs to|is classified as|is a member of)\s+)?(?:an?|the)\s+(?:(?:class|group|family)\s+of\s+(?:the\s+)?)?"
    r"|^(?:it\s+)?(?:belongs to|is classified as|member of)\s+",
    re.I,
)
_NEXT_LABEL = re.compile(r"[.;]\s+[A-Z][\w /-]{1,30}:\s")
_NO_CLASS = re.compile(r"^(?:which|that|who|used|it|because|with|by|for|so|thus)\b", re.I)
# "Antimetabolite (folate analogue)": a bracket that is a class itself, and no abbreviation of the one before it.
_CLASS_NOUN = re.compile(
    r"\b\S*(?:derivative|analog(?:ue)?|inhibitor|blocker|agonist|antagonist|agent|antibiotic|antibacterial|modulator|hormone|oid|ide)s?$"
)


def classes(reading: Reading) -> Iterator[DrugClass]:
    """The classes that the classification section lists; a summary may tell several of them as one.

    "Immunomodulatory agent, antineoplastic agent." gives two.
    """
    told: list[DrugClass] = []
    for item in reading.about("classification"):
        for fact in _classes_in(item):
            words = set(fact.class_norm.split())
            again = [t for t in told if set(t.class_norm.split()) & words]
            if fact.section in RETOLD and again and words <= {w for t in again for w in t.class_norm.split()}:
                fact.drug_id = again[0].drug_id = reading.drug_id
                fact.row_id = content_key(again[0])
            told.append(fact)
            yield fact


def _classes_in(item: Item) -> Iterator[DrugClass]:
    text = item.text
    start = item.cells[1][0] if len(item.cells) > 1 else item.rest_start
    label = _NEXT_LABEL.search(text, start)
    joined: int | None = None
    for a, b in split(text, start, label.start() if label else None):
        begin = a if joined is None else joined
        joined = begin if text[b - 1] == "-" else None  # "alpha- and beta-adrenergic agonist" is one
        if joined is not None or _NO_CLASS.match(text[a:b]):
            continue
        lead = _CLASS_LEAD.match(text[begin:b])
        begin += lead.end() if lead else 0
        bracket = _QUALIFIER.search(text, begin, b)
        if bracket and bracket.end() == b and _CLASS_NOUN.search(bracket.group(1)):
            yield from _class(item, begin, bracket.start())
            yield from _class(item, *bracket.span(1))
        else:
            yield from _class(item, begin, b)


def _class(item: Item, start: int, end: int) -> Iterator[DrugClass]:
    name = item.text[start:end]
    if name and len(name.split()) <= 8:
        yield DrugClass(**item.at(start, end), rule="class_list", class_name=name, class_norm=normal(name))
