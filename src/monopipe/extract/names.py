"""Names of the drug: what its section of names lists, and rows, labels and sentences elsewhere that name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from monopipe import vocabulary
from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import split
from monopipe.tables import DrugName

_KINDS = {line["phrase"]: line["kind"] for line in vocabulary.rows("name_kinds") if line["where"] != "label"}
_LABELS = vocabulary.mapping("name_kinds", "phrase", "kind")
"""What names a name where it stands alone: "Trade" before a cell of brands."""
_INTRODUCTION = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)) + r")s?\b(?:\s+names?)?"
    r"(?:\s+of\s+(?:the|this)\s+(?:drug|medicine|substance|product|compound)(?=\s+is\b))?"
    r"(?:\s*\((?:r?INN|BAN|USAN|JAN)\))?(?:\s+(?:in|you|we|they|i|on|of|for|that|seen|met|sold|kept|stocked)\b[^:;.()]{2,40}?(?=:|\s+(?:is|are)\s))?(?:\s+(?:is|are|includes?)\b)?[\s:=|]*",
    re.I,
)
# "Sold as Alkindi; Plenadren; Colifoam", "Synonyms: cortisol; compound F": what follows a semicolon goes on.
_GOES_ON = re.compile(r"\s*(?P<name>[\w®™'’-]+(?:[ ][\w®™'’()-]+){0,3})\s*$")
_CLAUSE = re.compile(r",?\s(?=(?:while|whereas)\s)|;|\.(?=\s|$)|\n|(?<=\))\s*,")
_INN_BRACKET = re.compile(
    r"([A-Za-z][\w -]{2,40}?)\s*\((?:(?:that|which)\s+is\s+(?:also\s+)?)?(?:the\s+|its\s+)?(?i:r?INN|international\s+non-?proprietary\s+name)\)"
)
_INN = re.compile(r"r?INN", re.I)
# "Citalopram is both the international nonproprietary name and the name you will hear"
_IS_INN = re.compile(
    r"(?P<name>[A-Z][\w-]{3,40})(?:\s+\([^()]*\))?\s+is\s+(?:both\s+|also\s+|at\s+once\s+)?(?:the|its)\s+(?:r?INN|(?:(?:international\s+)?non-?proprietary|approved|official|generic|established)\s+name)\b"
)
# "Patients often say TST for short", "shortened to TST"
_FOR_SHORT = re.compile(r"\b(?P<name>[A-Z]{2,6})\s+for\s+short\b|\bshortened\s+to\s+(?P<to>[A-Z]{2,6})\b")
# "Potassium chloride (KCl) is …"
_SHORT_NAME = r"(?P<short>(?-i:(?!(?:INN|BAN|USAN|JAN|USP|BP|I[VMR]|S[CLR]|P[OR]|[MEC]R|X[LR]|OTC|PDF|U[KS]|EU|ICU|CCU|ED|WHO|FAQs?)\b)(?:[a-z]{1,2}-?)?[A-Z][a-z]?[A-Z][A-Za-z]{0,3}))"
# "Older charts and our American colleagues write testolole (synonym)": others tell what they write.
_WRITE = re.compile(
    r"\b[A-Za-z]{3,}s\s+(?:(?:still|often|also|may)\s+)*(?:write|say|spell\s+it|know\s+it\s+as)\s+(?=[A-Za-z][\w-]{3,})"
)
_SELLERS = re.compile(r"(?:stores|shops|pharmacies|packs|packets|boxes|makers|wholesalers)\b", re.I)
# A bracket that says more of the name before it; one inside a chemical name ("1-(aminomethyl)…") is part of the name.
QUALIFIER = re.compile(r"(?:^|\s+|(?<=[a-z®™]))\(([^()]*)\)(?![\w-])")
_MARKS = re.compile(r"\s*(?:</?\w+>|[®™©])")
# "MTX", "rt-PA", "rHuEPO", "CsA"
_SHORT = re.compile(r"(?:[A-Za-z\d]{1,2}-|[a-z]{1,2})?(?:[A-Z][a-z]?){2,6}")
_NO_NAME = re.compile(
    r"^(?:none|known|no|not|generics?(?:\s+\w+)?$|available|marketed|among|belongs?|n/a|yes|various|many|several|others?|etc|the|an?|it|is|was|were|in|of|for|by|under|vary|varies|unknown|see|seen|still|often|sometimes|rarely|never|now)\b",
    re.I,
)
# "the abbreviation AZA is common", "and as Cetraxal": words around a name.
_SAID_OF = re.compile(
    r"\s(?:on|in)\s+(?:our|the|some|older|old|many|most)\s|\s(?:is|are|was|were)\s|\samong\s+others\b|\s(?:still\s+)?turns?\s+up\b|\sstill\s|\s+(?:and|or)$|\sfor\s+(?=[a-z])"
)
_NAME_LEAD = re.compile(
    r"(?:and\s+)?(?:(?:as|in)\s+(?:an?\s+)?(?:fixed\s+)?combinations?\s+|combined\s+|together\s+)?"
    r"with\s+[a-z][^:;,()]{2,60}?(?::|\s+(?:as|is|are))\s+(?=\w)"
    r"|(?:and\s+)?(?:as|in)\s+(?:an?\s+)?(?:fixed\s+)?combinations?(?:\s+(?:products?|tablets?|preparations?))?\s+(?=\w)"
    r"|(?:also\s+)?(?:as|under\s+the\s+name)\s+|(?:and\s+)?(?:including|such\s+as|e\.g\.,?|for\s+example)\s+",
    re.I,
)
_IN_COMBINATION = re.compile(
    r"\s*(?:and\s+)?(?:as|in)\s+(?:an?\s+)?(?:fixed\s+)?combinations?\b[^;.:]{0,30}?\s(?=[A-Z])"
)
"""Before further brands: "; in combination products Brandamet (with metformin)"."""
_STEM = 6
"""Letters that a salt's name must share with the drug's: "alendronate sodium" is a salt of alendronic acid."""


def names(reading: Reading) -> Iterator[DrugName]:
    """The title, and the names that the alternate-names section gives with their kind."""
    title = reading.document.title_item
    own = normal_name(title.text)
    yield _name(title, 0, len(title.text), "title", "front_matter_title")
    for item in reading.document.items:
        if item.kind == "heading" and (short := _short_of_title(item, reading)):
            yield short
            break
    stems = {w[:_STEM] for w in re.findall(r"[a-z]{4,}", title.text.lower())}
    for item in reading.document.items:
        if item.kind == "paragraph" and item.section in ABOUT_THE_DRUG and (brands := list(_in_bracket(item, reading))):
            yield from brands
            yield from _salts(item, stems)
            break
    for item in _of_names(reading):
        found = [] if _is_of_salts(item.label or item.cell(0)) else list(_names_in(item, reading))
        yield from found
        stems |= {n.name_norm[:_STEM] for n in found if n.name_kind == "inn"}
        taken = [(n.char_start, n.char_end) for n in found]
        for salt in _salts(item, stems):
            if salt.name_norm != own and not any(a < salt.char_end and salt.char_start < b for a, b in taken):
                yield salt


# "Testolol (taken as testolol mesilate; Abcor in the UK, Befix abroad) is …": what a bracket behind the name says of it.
_PLACED = re.compile(
    r"(?P<name>[A-Z][\w-]{2,20}(?: [A-Z][\w-]{1,12})?)[®™]?\s+(?:in\s+(?:the\s+)?[A-Z][A-Za-z]+(?:\s+[A-Z][a-z]+)?|abroad|elsewhere|overseas|here|locally)"
)


def _in_bracket(item: Item, reading: Reading) -> Iterator[DrugName]:
    """The brands that a bracket right behind the drug's name places: "Testolol (Abcor in the UK, Befix abroad) is …"."""
    title = reading.document.title
    bracket = QUALIFIER.match(item.text, len(title)) if item.text.lower().startswith(title.lower()) else None
    for a, b in split(item.text, *bracket.span(1)) if bracket else ():
        if placed := _PLACED.fullmatch(item.text, a, b):
            yield _name(item, *placed.span("name"), "brand", "name_bracket")


def _of_names(reading: Reading) -> Iterator[Item]:
    """The items of the section of names, rows and labels of names elsewhere; other sentences where no section is of names."""
    listed = [item for item in reading.about("alternate_names") if item.kind != "front_matter"]
    yield from listed
    known = {item.char_start for item in listed}
    sheets = identity_sheets(reading)
    for item in reading.document.items:
        if item.char_start in known or item.kind in ("heading", "other"):
            continue
        if item.section in RETOLD:
            if item.section == "summary" and item.label and names_names(item.label):
                yield item
        elif item.section in ABOUT_THE_DRUG and (_column_kind(item) or _is_in_list_of_brands(item)):
            yield item
        elif item.cells:
            if sheet_of(item) in sheets and (_kind_of_label(item.cell(0)) or _is_of_salts(item.cell(0))):
                yield item
        elif (item.label and (_kind_of_label(item.label) or _is_of_salts(item.label))) or (
            not listed and item.section in (*ABOUT_THE_DRUG, "mechanism") and _NAMES_NAMES.search(item.text)
        ):
            yield item


_NAMES_NAMES = Cued(
    r"\b(?:(?:brand|trade|proprietary|official|approved|established|generic) names?|sold (?:here |locally )?(?:as|under)|marketed (?:here |locally )?(?:as|under)|international name|commercial names?|charted as|also (?:called|known as)|(?:international )?non-?proprietary name|proprietary preparations?|(?:stocked|dispensed) as|(?:shops|makers|papers|books|texts|chemists) call it)\b|\(INN\)|\bis the r?INN\b|\bINN:|\bfor short\b|\b(?:originator|biosimilar|generic) brands?\b|\bbrands? (?:we|you|they|on our)\b|\b(?:often|it) written as\b"
)


# "It is marketed in Canada as:", "Brands that you may meet:"
_OPENS_BRANDS = re.compile(
    r"\b(?:(?:marketed|sold|available|supplied|stocked)\b[^.;:]{0,40}\s(?:as|under)(?:\s+the\s+names?)?|(?:brand|trade)(?:s|\s+names?)\b[^.;:]{0,40})\W*$",
    re.I,
)


def _is_in_list_of_brands(item: Item) -> bool:
    """Whether an item stands in a list of brands that the words above it open."""
    return item.kind == "list_item" and bool(item.leads) and _OPENS_BRANDS.search(item.leads[-1]) is not None


def _column_kind(item: Item) -> Any:
    """The kind of names that the first column of a wide table lists: "Brand | Form | Strengths"."""
    if len(item.cells) < 2 or len(item.columns) < 3 or _kind_of_label(item.cell(0)):
        return None
    kind = _kind_of_label(item.columns[0])
    return kind if kind == "brand" and item.columns[0].lower() not in _LOOSE_HEADS else None


_LOOSE_HEADS = frozenset(("product", "products", "generic", "substance", "also", "short"))
"""Heads of columns that list forms as often as names."""


def names_names(text: str) -> bool:
    """Whether a label or a sentence tells what the drug is called."""
    return _kind_of_label(text) is not None or _is_of_salts(text) or _NAMES_NAMES.search(text) is not None


def _is_of_salts(label: str | None) -> bool:
    """Whether a label announces the salts of the drug, of which only those that bear its name are names of it."""
    return label is not None and _SALTS.fullmatch(_plain_label(label)) is not None


ABOUT_THE_DRUG = ("other", "classification", "usage")
"""Sections that may tell the drug's names where none is of names alone."""


def sheet_of(item: Item) -> tuple[int, tuple[str, ...]]:
    """The table that a row stands in."""
    return item.section_ordinal, item.columns


def identity_sheets(reading: Reading) -> frozenset[tuple[int, tuple[str, ...]]]:
    """The tables that tell line by line what the drug is called: "INN | cisplatin", "Brands | Platinol"."""
    rows = (i for i in reading.document.items if len(i.cells) == 2 and i.section not in RETOLD)
    return frozenset(sheet_of(i) for i in rows if _kind_of_label(i.cell(0)))


def _kind_of_label(label: str) -> Any:
    """The kind of names that a label announces and says nothing else: "Established name (INN)"."""
    words = _WHOSE.sub("", _WHERE.sub("", _plain_label(label)))
    if words in _LABELS:
        return _LABELS[words]
    return next(
        (
            _LABELS[w]
            for w in (words.removesuffix("s"), words.removesuffix(" inn"), words.removesuffix(" as"))
            if w in _LABELS
        ),
        None,
    )


@lru_cache(maxsize=1024)
def _plain_label(label: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", label).lower().split())


_PUNCTUATION = re.compile(r"[(),.:/*]+")


# "Brands seen on Irish charts", "Salts stocked elsewhere", "Brand names you may meet"
_WHERE = re.compile(
    r"(?<=[a-z])(?<!generic) (?:that|you|we|here|elsewhere|abroad|seen|met|sold|stocked|kept|used|known|marketed|available|supplied|in|on)\b(?! combin).*"
)
# "US brand names", "Other brands", "Canadian trade names"
_WHOSE = re.compile(
    r"^(?:(?:us|usa|uk|eu|american|british|european|canadian|australian|irish|indian|local|common|usual|main|other|our|former|old)\s+)+(?=(?:brand|trade|proprietary)s?\b)"
)
_SALTS = re.compile(
    rf"(?:salts?|esters?|salt forms?)(?: (?:and|or) (?:salts?|esters?|hydrates?))?(?:{_WHERE.pattern})?"
)


def _names_in(item: Item, reading: Reading) -> Iterator[DrugName]:
    """Clause by clause: an introducing word ("Brands:", "also sold as", "INN") says what names follow.

    "INN: salbutamol; USAN: albuterol" gives an inn and a synonym.
    """
    start = item.rest_start
    for m in _INN_BRACKET.finditer(item.text, start):
        if not _INTRODUCTION.search(m.group(1)):
            yield _name(item, m.start(1), m.end(1), "inn", "name_before_inn")
    for a, b in item.sentences():
        if a < start:
            continue
        if told := _IS_INN.match(item.text, a, b):
            yield _name(item, *told.span("name"), "inn", "name_before_inn")
        if bracketed := _short_of_title(item, reading, a):
            yield bracketed
    if short := _FOR_SHORT.search(item.text, start):
        yield _name(item, *short.span("name" if short["name"] else "to"), "abbreviation", "name_for_short")
    if item.structural and len(item.columns) > 2 and _kind_of_label(item.columns[0]):
        return  # the heads of a wide table
    if column := _column_kind(item):
        yield from _listed(item, *item.cells[0], column, reading)
        return
    if _is_in_list_of_brands(item) and not item.label:
        yield from _listed(item, start, len(item.text), "brand", reading)
        return
    kind = (_kind_of_label(item.label) or _kind(item.label)) if item.label else None
    if len(item.cells) > 1 and not item.structural:
        kind, start = _kind_of_label(item.cell(0)) or _kind(item.cell(0)), item.cells[1][0]
        if kind is None:
            return
    at = start
    carried: Any = None
    prose = False
    for end in [m.start() for m in _CLAUSE.finditer(item.text, at)] + [len(item.text)]:
        clause_kind, clause = carried or kind, at
        at = end + 1
        prose = prose and carried is not None
        said = list(_INTRODUCTION.finditer(item.text, clause, end))
        outside = (m for m in said if not _inside_bracket(item.text, m.start(), clause))
        introduced = next(outside, said[0] if said else None)
        # "Originator brand: Abcor", "The brand is Abcor", but "Abcor, often sold as …"
        far = 28 if introduced and (":" in introduced.group() or item.text[clause - 1 : clause] == ".") else 12
        if introduced and (introduced.start() - clause < far or kind is None):
            clause_kind = _KINDS[introduced.group(1).lower()]
            inside = _inside_bracket(item.text, introduced.start(), clause)
            if inside and kind is None and (stop := item.text.find(")", introduced.end(), end)) > 0:
                clause, end, prose = introduced.end(), stop, True  # "Testolol (brand name Abcor) is …"
            elif inside or item.text[introduced.end() - 1] == "(":
                clause_kind = kind
            else:
                clause, prose = introduced.end(), ":" not in introduced.group()
        else:
            introduced = None
        if written := _WRITE.search(item.text, clause, end):
            clause, clause_kind = (
                written.end(),
                "brand" if kind == "brand" or _SELLERS.match(written.group()) else "synonym",
            )
        if clause_kind is None or (clause_kind == "inn" and clause == start and end == clause):
            continue
        if clause_kind == kind and introduced is None and clause > start and kind == "inn":
            continue  # a further sentence behind the INN tells about it
        # "Abcor (tablets), and as Befix (drops)": what follows a comma goes on.
        carried = (
            clause_kind if item.text[end : end + 1] in (",", " ") or _goes_on(item.text, end, clause_kind) else None
        )
        for name in _listed(item, clause, end, clause_kind, reading):
            # A brand in running text has a capital: "brand names differ by country" names none.
            if not prose or clause_kind != "brand" or name.name != name.name.lower():
                yield name


_SHORT_BEHIND = re.compile(rf"\s+\({_SHORT_NAME}\)", re.I)


def _short_of_title(item: Item, reading: Reading, start: int = 0) -> DrugName | None:
    """The abbreviation in brackets behind the drug's name, where a text begins with it."""
    title = reading.document.title
    end = start + len(title)
    short = _SHORT_BEHIND.match(item.text, end) if item.text[start:end].lower() == title.lower() else None
    return _name(item, *short.span("short"), "abbreviation", "name_bracket") if short else None


def _goes_on(text: str, at: int, kind: Any) -> bool:
    """Whether a list of names goes on behind a semicolon; brands are then written with a capital."""
    if text[at : at + 1] != ";" or kind == "inn":
        return False
    stop = _CLAUSE.search(text, at + 1)
    m = _GOES_ON.match(text, at + 1, stop.start() if stop else len(text))
    if _IN_COMBINATION.match(text, at + 1):
        return bool(kind == "brand")
    return m is not None and not _INTRODUCTION.search(m["name"]) and (kind != "brand" or not m["name"][0].islower())


def _listed(item: Item, start: int, end: int, kind: Any, reading: Reading) -> Iterator[DrugName]:
    for a, b in _members(item.text, start, end, kind):
        qualifier = QUALIFIER.search(item.text, a, b)
        stop = qualifier.start() if qualifier else b
        if said := _SAID_OF.search(item.text, a, stop):
            stop = said.start()
        if lead := _NAME_LEAD.match(item.text, a, stop):
            a = lead.end()
        name = item.text[a:stop]
        if qualifier and kind == "synonym" and _INN.fullmatch(qualifier[1]):
            continue  # "Names: testolol (INN), Abcor" tells it as its INN
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
    if item.text[end - 1] == ")" and "(" not in item.text[start:end]:
        end -= 1
    end -= len(m.group()) if (m := re.search(rf"(?:{_MARKS.pattern})+$", item.text[start:end])) else 0
    name = " ".join(_MARKS.sub("", item.text[start:end]).split())
    return DrugName(**item.at(start, end), rule=rule, name=name, name_norm=normal_name(name), name_kind=kind)


def normal_name(name: str) -> str:
    """A drug name in lower case, without bracketed qualifiers; names are not made singular.

    >>> normal_name("Nexterone (intravenous)"), normal_name("1-(aminomethyl)cyclohexaneacetic acid")
    ('nexterone', '1-(aminomethyl)cyclohexaneacetic acid')
    """
    return " ".join(QUALIFIER.sub("", name).lower().split()) or name.lower()
