"""Classes of the drug: what its section of classes lists, or a label, a table of its names or a sentence tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from monopipe import vocabulary
from monopipe.document import Item, sentences
from monopipe.extract.facts import content_key
from monopipe.extract.names import ABOUT_THE_DRUG, QUALIFIER, identity_sheets, names_names, sheet_of
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import normal, split
from monopipe.tables import DrugClass

_CLASS_LEAD = re.compile(
    r"^(?:[\w-]+\s+is\s+(?=an?\s)|(?:it\s+)?(?:belongs to|is classified as|is a member of)\s+)?(?:an?|the)\s+(?:(?:class|group|family)\s+of\s+(?:the\s+)?)?"
    r"|^(?:it\s+)?(?:belongs to|is classified as|member of)\s+",
    re.I,
)
_NEXT_LABEL = re.compile(r"[.;]\s+[A-Z][\w /-]{1,30}:\s")
_NO_CLASS = re.compile(r"^(?:which|that|who|used|it|because|with|by|for|so|thus)\b", re.I)
# "Antimetabolite (folate analogue)": a bracket that is a class itself, and no abbreviation of the one before it.
_CLASS_NOUN = re.compile(
    r"\b\S*(?:derivative|analog(?:ue)?|inhibitor|blocker|agonist|antagonist|agent|antibiotic|antibacterial|modulator|hormone|oid|ide|amine|idine)s?$"
)


def classes(reading: Reading) -> Iterator[DrugClass]:
    """The classes that the classification section lists; a summary may tell several of them as one.

    "Immunomodulatory agent, antineoplastic agent." gives two.
    """
    told: list[DrugClass] = []
    for item in _of_classes(reading):
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
    if item.label and names_names(item.label):  # "Generic: testolol. It is a beta blocker"
        yield from () if item.cells else _in_sentences(item, item.rest_start)
        return
    start = item.cells[1][0] if len(item.cells) > 1 else _run_in(item) or item.rest_start
    sentence = not (_is_of_class(item.label or "") or _run_in(item)) or _IS.match(text[start:].lstrip())
    if sentence and (told := list(_in_sentences(item, start))):
        yield from told
        return
    if names_names(text[start:]):
        return
    joined: int | None = None
    for a, b in _class_members(text, start, _list_end(item, start)):
        begin = a if joined is None else joined
        joined = begin if text[b - 1] == "-" else None  # "alpha- and beta-adrenergic agonist" is one
        if joined is not None or _NO_CLASS.match(text[a:b]):
            continue
        lead = _CLASS_LEAD.match(text[begin:b])
        begin += lead.end() if lead else 0
        bracket = QUALIFIER.search(text, begin, b)
        if bracket and bracket.end() == b and (_CLASS_NOUN.search(bracket[1]) or _A.match(bracket[1])):
            yield from _class(item, begin, bracket.start())
            inner = _A.match(text, *bracket.span(1))
            yield from _class(item, inner.end() if inner else bracket.start(1), bracket.end(1))
        else:
            yield from _class(item, begin, b)


def _of_classes(reading: Reading) -> Iterator[Item]:
    """The items of the section of classes, and rows and labels of classes elsewhere; else sentences that tell one."""
    listed = list(reading.about("classification"))
    yield from listed
    known = {item.char_start for item in listed}
    sheets = identity_sheets(reading)
    further = False
    others = [i for i in reading.document.items if i.char_start not in known and i.section not in RETOLD]
    for item in others:
        if item.cells:
            if sheet_of(item) in sheets and _is_of_class(item.cell(0)):
                further = True
                yield item
        elif (item.label and _is_of_class(item.label)) or _run_in(item):
            further = True
            yield item
    if further or any(item.section not in RETOLD for item in listed):
        return
    for item in others:
        prose = item.kind in ("paragraph", "list_item") and item.section in _MAY_TELL
        if prose and any(True for _ in _in_sentences(item, item.rest_start)):
            yield item
            return


_MAY_TELL = (*ABOUT_THE_DRUG, "alternate_names", "mechanism")
_CLASS_LABEL = re.compile(
    r"(?:(?:drug|pharmacolog\w+|therapeutic|pharmacotherapeutic|chemical|medicine)\s+)?(?:class(?:es|ification)?|family|group)",
    re.I,
)


def _is_of_class(label: str) -> bool:
    """Whether a label announces the drug's class and says nothing else."""
    return _CLASS_LABEL.fullmatch(label.strip(" .:*")) is not None


def _run_in(item: Item) -> int:
    """Where the text begins behind bold words that announce the class like a heading: "**Class.** Taxane"; 0 without them."""
    said = item.label is None and not item.cells and item.bold_end > 0 and _is_of_class(item.text[: item.bold_end])
    return item.bold_end if said else 0


# "Pharmacologic class: beta blocker" behind another sentence
_CLASS_INSIDE = re.compile(rf"(?:^|(?<=[.;]\s)){_CLASS_LABEL.pattern}:\s+(?P<list>[^.;]+(?:;\s+[^.;:]+)*)", re.I)
# "Testolol (that is …) is a beta blocker", "It belongs to the beta blockers, a branch of the antihypertensives"
_IS = re.compile(
    r"(?:(?:by\s+(?:\w+\s+)?class|chemically|pharmacologically),?\s+)?(?:(?:it|this)|(?!it\b|this\b)[\w-]+(?:\s+[\w-]+)?)(?:\s*\([^()]*\))?(?:,\s[^,.;:]{3,60},)?\s+"
    r"(?:(?:is|are)\s+(?:an?\s+member\s+of\s+the|one\s+of\s+the|an?)|belongs?\s+to(?:\s+(?:the|an?))?(?:\s+(?:class|group|family)\s+of(?:\s+(?:the|drugs|medicines|medications))?(?:\s+(?:called|known\s+as|named))?(?:\s+the)?)?"
    r"|is\s+(?:counted|classed|grouped|ranked)\s+(?:among|with)(?:\s+the)?)\s+",
    re.I,
)
# "Angiotensin-converting enzyme (ACE) inhibitors"
_SHORT_INSIDE = re.compile(r"\s*\([A-Z][A-Z0-9-]{1,6}\)(?=\s+[a-z])")
_BELONGS = re.compile(r"\bbelongs?\b", re.I)
_DRUGS_FOR = re.compile(r"(?:[\w-]+\s)?anti[\w-]+\s(?:drugs|medicines)|[\w-]+\s[\w-]+\s(?:drugs|medicines)", re.I)
_A = re.compile(r"(?:an?|also an?)\s+(?=[a-z])")
"""Before a class that a bracket adds: "antihistamine (a piperazine)"."""
_AS_WELL = re.compile(
    r"(?:\s*\([^()]*\))?(?:(?:[;,]|,?\s+and)\s+(?:(?:it\s+)?is\s+(?:also\s+)?an?|(?:it\s+)?(?:also\s+)?belongs\s+to(?:\s+the)?|its\s+(?:\w+\s+)?class\s+is(?:\s+an?)?)\s+|\sand\s+(?:an?\s+)?(?!the\b|an?\b|is\b)|(?:;|,)\s+an?\s+(?:branch\s+of\s+(?:the\s+)?)?|\sand,[^,.;]{3,30},\s+(?:to\s+(?:the\s+)?|an?\s+))",
    re.I,
)
_CLASS_STOP = re.compile(
    r"\s*\(|\s(?:that|which|used|given|with|for|in|on|by|to|of|who|taken|whose|and)\b|[,;.:(]", re.I
)


@cache
def _class_name() -> re.Pattern[str]:
    endings = "|".join(line["words"] for line in vocabulary.rows("class_endings"))
    return re.compile(rf"(?:[\w'’,-]+\s+){{0,5}}[\w-]*(?:{endings})s?", re.I)


_NO_NAME_OF_CLASS = re.compile(
    r"(?:(?:new|old|novel|useful|active|chemical|common)\s+)*(?:agent|compound|analog(?:ue)?|derivative)s?", re.I
)


def _in_sentences(item: Item, start: int) -> Iterator[DrugClass]:
    """The classes that a label behind another sentence lists, or that a sentence says the drug is or belongs to."""
    text = item.text
    if inside := _CLASS_INSIDE.search(text, start):
        for a, b in _class_members(text, *inside.span("list")):
            yield from _class(item, a, b)
        return
    before = False
    for a, b in sentences(text, start):
        lead: re.Match[str] | None = _IS.match(text, a, b)
        if before and not (lead and _BELONGS.search(lead.group())):
            return
        told = False
        while lead:
            stop = _CLASS_STOP.search(text, lead.end(), b)
            if stop and (short := _SHORT_INSIDE.match(text, stop.start(), b)):
                behind = _CLASS_STOP.search(text, short.end(), b)
                stop = behind if behind is None or behind.start() > short.end() else stop
            end = stop.start() if stop else b
            name = QUALIFIER.sub("", text[lead.end() : end])
            known = _class_name().fullmatch(name) or (_BELONGS.search(lead.group()) and _DRUGS_FOR.fullmatch(name))
            if known and not _NO_NAME_OF_CLASS.fullmatch(text, lead.end(), end):
                told = True
                yield from _class(item, lead.end(), end)
            lead = _AS_WELL.match(text, end, b) if told else None
        before = before or told


def _class_members(text: str, start: int, end: int | None) -> Iterator[tuple[int, int]]:
    """The members of a list of classes; "serotonin and noradrenaline reuptake inhibitor" is one, "A / B" is two."""
    at: int | None = None
    members = list(split(text, start, end))
    for (a, b), (_, c) in zip_longest(members, members[1:], fillvalue=(0, 0)):
        if text[b : b + 1] == "," and _DESCRIBES.fullmatch(text, a if at is None else at, b) and c > b:
            at = a if at is None else at  # "Recombinant, adjuvanted subunit vaccine" is one
            continue
        joined = at is None and text[b : b + 5] == " and "
        shares = " " not in text[a:b] and _SHARES_TARGET.match(text, b)
        if joined and (shares or _is_spelled_out(text[a:c])):
            at = a
            continue
        begin, at = a if at is None else at, None
        while (stroke := _STROKE.search(text, begin, b)) or (stroke := _dash(text, begin, b)):
            yield begin, stroke.start()
            begin = stroke.end()
        yield begin, b


def _dash(text: str, start: int, end: int) -> re.Match[str] | None:
    """The dash between two names of classes: "Tricyclic antidepressant (TCA) – secondary amine"; not "beta blocker – cardioselective"."""
    dash = _DASH.search(text, start, end)
    parts = (text[start : dash.start()], text[dash.end() : end]) if dash else ()
    bare = [QUALIFIER.sub("", part).strip() for part in parts]
    named = bare and all(_class_name().fullmatch(part) or _CLASS_NOUN.search(part) for part in bare)
    return dash if named else None


def _is_spelled_out(name: str) -> bool:
    """Whether the bracket behind a name is short for all its words: "Serotonin antagonist and reuptake inhibitor (SARI)"."""
    m = _SHORT_FOR.search(name)
    words = re.findall(r"[A-Za-z]+", name[: m.start()]) if m else []
    return m is not None and "".join(w[0] for w in words if w != "and").upper() == m[1]


_SHORT_FOR = re.compile(r"\(([A-Z]{3,6})s?\)$")
_STROKE = re.compile(r"\s/\s")
_DASH = re.compile(r"\s[–—-]\s")
# Words that only describe the class behind their comma.
_DESCRIBES = re.compile(
    r"(?:(?:an?\s+)?(?:highly\s+)?(?:non-?)?(?:selective|competitive|reversible|irreversible|recombinant|synthetic|semi-?synthetic|broad-spectrum|(?:long|short|rapid|intermediate|ultra-long)-acting"
    r"|oral|inhaled|topical|injectable|potent|adjuvanted|inactivated|live|attenuated|conjugated?|humani[sz]ed|human|chimeric|fully human|cardioselective|centrally acting|direct|atypical|(?:first|second|third|fourth)-generation)(?:,\s+)?)+",
    re.I,
)
_SHARES_TARGET = re.compile(r"\sand\s[\w-]+\s(?:reuptake|receptor|channel|oxidase)\b", re.I)


def _list_end(item: Item, start: int) -> int | None:
    """Where a list of classes ends: at the next label, on its own line or behind a full stop; behind a label at its sentence."""
    text = item.text
    ends = [m.start() for m in (_NEXT_LABEL.search(text, start),) if m]
    raw = item.source.text[item.char_start : item.char_end]
    ends += [k for m in _LABEL_LINE.finditer(raw) if (k := text.find(m[1], start)) > start]
    if stop := _FULL_STOP.search(text, start):
        ends.append(stop.start())
    return min(ends, default=None)


_FULL_STOP = re.compile(r"\.\s+(?=[A-Z])")
_LABEL_LINE = re.compile(r"\n([A-Z][\w ’'-]{1,30}:)\s")


_TELLS = re.compile(r"\s(?:is|are|was|were|will|can|may|has|have)\s|^(?:you|we|it|they)\s", re.I)


_DENIED = re.compile(r"(?:but\s+)?(?:not|no longer|never|unlike)\b", re.I)  # "aminoglycoside; not a beta-lactam"


def _class(item: Item, start: int, end: int) -> Iterator[DrugClass]:
    name = item.text[start:end]
    if name and len(name.split()) <= 8 and not _TELLS.search(name) and not _DENIED.match(name):
        yield DrugClass(**item.at(start, end), rule="class_list", class_name=name, class_norm=normal(name))
