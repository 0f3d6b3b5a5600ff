"""Labels and table rows that name a condition, and the further uses that stand behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from monopipe.document import Item
from monopipe.extract.conditions import GENERIC, condition_words, is_condition
from monopipe.extract.indications.licences import WORDS, licence
from monopipe.extract.indications.lists import conditions_in
from monopipe.extract.indications.prose import anchors
from monopipe.extract.indications.rows import limit_of, row_of
from monopipe.extract.indications.uses import VERB, examples_in, examples_of, in_sentence
from monopipe.extract.indications.words import Limit, age_group, clause_end, is_limit, limits_in, purpose_at, uses
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal, split
from monopipe.tables import Indication


def labelled(reading: Reading, item: Item) -> Iterator[Indication]:
    """`**Multiple Myeloma (MM):** newly diagnosed and relapsed/refractory MM.`: the label names the condition.

    What stands behind it may be several uses: "Treatment, and prophylaxis in immunocompromised patients."
    """
    end = item.text.rfind(item.label or "", 0, item.rest_start) + len(item.label or "")
    conditions = list(conditions_in(item, 0, end))
    seen: set[Limit] = set()
    denied = any(map(_DENIED.match, item.rest.split(";")))  # "trials were negative; not recommended"
    denied = denied or _denies_itself(item)
    beside = limits_in(" ".join([*(c.bracket for c in conditions), _beside(item, end)]))
    sentences = list(item.sentences()) or [(0, end)]
    remarks = " ".join(item.text[a:b] for a, b in sentences if _calls(reading, item.text[a:b]))
    for a, b in sentences:
        if seen and any(anchor.kind == "denied" for anchor in anchors(item.text, a, b)):
            yield from in_sentence(reading, item, a, b)
            continue
        own_end = next((m.start() for m in _FURTHER.finditer(item.text, a, b)), b)
        for clause, limit in uses(_without_other_risk(reading, item.text[a:own_end], item.label or "")):
            limit = limit if any(limit) or not beside or seen else beside[0]
            if limit in seen or (seen and not any(limit) and clause == item.text[a:own_end]):
                continue
            seen.add(limit)
            for c in conditions:
                for own in c.limits:
                    for row in row_of(reading, item, c, clause, limit if any(limit) else own, "label", remarks):
                        if denied:
                            row.assertion, row.label_status = "negated", "not_stated"
                        yield row
        yield from _further(reading, item, a, b)
        yield from _same_way(reading, item, a, b)
    if item.rest.strip():
        yield from _kinds(reading, item, remarks)
    yield from examples_in(reading, item, 0, end, item.text)
    if includes := _INCLUDING.match(item.text, item.rest_start):
        yield from examples_of(reading, item, includes.end(), clause_end(item.text, includes.end(), len(item.text)))


# "Helicobacter pylori infection: eradication to reduce the risk of ulcer recurrence": another disease is prevented.
_RISK_OF = re.compile(
    r"\bto (?:lower|reduce) the (?:risk|incidence|rate|frequency) of "
    r"(?!(?:further |future |acute )?(?:relapses?|recurrences?|attacks?|flares?|episodes?|exacerbations?|symptoms?)\b)(?P<what>[^.;,:]+)",
    re.I,
)


def _without_other_risk(reading: Reading, text: str, label: str) -> str:
    """The words behind a label without what they say to prevent, where that is another disease than the label's."""
    risk = _RISK_OF.search(text)
    prevented = condition_words(reading.expand(risk["what"])) if risk is not None else frozenset()
    if risk is None or not prevented or prevented & condition_words(reading.expand(label)):
        return text
    return text[: risk.start()] + " " * (risk.end() - risk.start()) + text[risk.end() :]


def _calls(reading: Reading, sentence: str) -> bool:
    """Whether a sentence behind a label says how its use is licensed: "Off-label.", "Licensed in adults."."""
    return any(words.match(sentence.strip()) for words in WORDS.values()) and not is_condition(reading, sentence)


def _beside(item: Item, end: int) -> str:
    """The members of a label that are no condition but a status: "Multiple Myeloma (MM), earlier relapse"."""
    return " ".join(item.text[a:b] for a, b in split(item.text, 0, end) if is_limit(item.text[a:b]))


# What calls the label's condition no use, and says so of it as a whole: "Not indicated; trials have shown no benefit."
_DENIED = re.compile(
    r"\W*(?:(?:it|this drug|the drug|use) (?:is|was) )?(?:(?:not|never|no longer) (?:\w+ly )?(?:indicated|recommended|advised|used"
    r"|effective|established|proven|suitable|appropriate|helpful|useful|an indication)|(?:should|must) not be used|do not use|contraindicated"
    r"|ineffective|unsuitable|inappropriate|(?:of )?no (?:proven |established |longer an? )?(?:benefit|role|place|use|effect|value|indication))"
    r"(?=\s*(?:[.;,:–—]|$|(?:because|since|owing|any ?more|here|in this|as (?:it|trials|the))\b))",
    re.I,
)

_NOT_FOR = re.compile(
    r"\W*(?:[\w-]+\s+){1,3}(?:is|are|was|has)\s+(?:not|never)\s+(?:been\s+)?(?:\w+ly\s+)?(?:indicated|recommended|licensed|approved|effective|used|useful)\s+"
    r"(?:for|in)\s+(?:the\s+(?:treatment|management|prevention)\s+of\s+)?(?P<what>[^.;,:]+)",
    re.I,
)


def _denies_itself(item: Item) -> bool:
    """Whether the text behind a label denies the label's own use: "Gout: Exemplol is not indicated for gout"."""
    m = _NOT_FOR.match(item.text, item.rest_start)
    label = (item.label or "").split("(")[0]
    return m is not None and m["what"].split("(")[0].strip().lower() == label.strip(" :*").lower()


_FURTHER = re.compile(r"(?:,|;)\s*(?:and\s+)?(?=(?:prophylaxis|prevention|treatment) of\b)", re.I)

_NARROW = r"(?=(?:healing|cure|eradication|(?:long-?term )?maintenance(?: treatment)?) of\b)"

_NARROWER = re.compile(rf"(?:,|;|\band\b)\s*{_NARROW}", re.I)

_FIRST_NARROWER = re.compile(rf"\s*{_NARROW}", re.I)

_NO_KIND = re.compile(
    r"^(?:first|second|third)[- ]line\b|^(?:[\w-]+ )?use (?:to|for|in)\b|\b(?:drug|agent|treatment|therapy|disease|illness|condition|disorder|form|forms|(?:wild-type|mutated|mutant|positive|negative) \w+|state|attack|attacks|episodes?|cardioversion|conversion|termination)$",
    re.I,
)

# A label whose text lists the diseases of a group, be their names of one word: "Respiratory Infections: sinusitis, pneumonia"
_GROUP = re.compile(
    r"(?:infections|diseases|disorders|conditions|cancers|malignanc(?:ies)|tumou?rs|arrhythmias|dermatoses|leuka?emias|lymphomas|anxieties|neuropathies|allergies|ulcers|seizures|emergencies)$",
    re.I,
)
_TREATS = re.compile(
    r"(?:(?:short-term|long-term|symptomatic|palliative|adjunctive|acute|initial)\s+)?\b(?:treatment|management|therapy)\s+of\s+",
    re.I,
)
_USED = re.compile(r"(?:used|given|prescribed|indicated|effective|recommended|reserved)\b", re.I)
_OF_PEOPLE = re.compile(
    r"\b(?:patients?|people|persons?|adults?|children|women|men|recipients?|travell?ers?|contacts?|those|individuals)\b",
    re.I,
)

_ALONE_OR_WITH = re.compile(
    r",?\s+(?:alone|also|in combination|added|as (?:mono|adjunct|add)|with|in (?:adults|children|patients))\b", re.I
)

_SAME_WAY = re.compile(
    r"(?P<use>[^,.;:]{4,70}?)\s+(?:is|are|may be|can be) (?:also )?(?:treated|managed|prevented|controlled|relieved)(?: (?:in the same way|similarly|likewise|too|as well|with it|by it))"
    r"\s*[.;]?$|(?P<also>[^,.;:]{4,70}?)\s+(?:also|likewise) responds?\b",
    re.I,
)


_WITHOUT = re.compile(r"with(?:out)?\b|including\b|such as\b|like\b", re.I)
# "Respiratory infections: used for conditions like pneumonia and bronchitis"
_INCLUDING = re.compile(
    r"\W*(?:(?:(?:used|given|prescribed|indicated|effective) )?(?:(?:in|for|against|to treat|the treatment of|treatment of) )?"
    r"(?:(?:various|other|certain|common|many|some) )?(?:conditions|diseases|disorders|infections|types|forms|cases) )?(?:including|such as|like|for example|e\.g\.,?)\s+",
    re.I,
)


def _kinds(reading: Reading, item: Item, remarks: str) -> Iterator[Indication]:
    """The kinds of the label's condition that open its text: "Epilepsy: focal seizures and absences, alone or added to …"."""
    end = len(item.text)
    start = end - len(item.rest.lstrip())
    group = _GROUP.search(re.sub(r"\s*\([^()]*\)", "", item.label or "").rstrip(" .:*")) is not None
    treats = _TREATS.match(item.text, start) if group else None
    start = treats.end() if treats else start
    stop = clause_end(item.text, start, end)
    cut = _ALONE_OR_WITH.search(item.text, start, stop)
    stop = cut.start() if cut else stop
    if (
        _WITHOUT.match(item.text, start)
        or VERB.search(item.text, start, stop)
        or purpose_at(item.text, start, stop)
        or limits_in(item.text[start:stop])
    ):
        return
    found = list(conditions_in(item, start, stop))
    if found and len(item.text[start : found[0].start].split()) > 1:
        return  # "Emergency contraception: within 72 hours of intercourse or failure of a method"
    known = {normal(w) for w in re.findall(r"[A-Za-z]{2,}", item.label or "")}
    for c in found:
        words = {normal(w) for w in re.findall(r"[A-Za-z]{2,}", c.text)}
        narrow = len(words) > 1 and not words & known
        if group and (treats or len(found) > 1):
            narrow = bool(words - known)
        if (
            not narrow
            or (GENERIC.fullmatch(c.text) if group else _NO_KIND.search(c.text))
            or _OF_PEOPLE.search(c.text)
            or _TREATS.search(c.text)
            or _USED.match(c.text)
            or c.text.endswith("-")
            or not is_condition(reading, c.text)
            or age_group(c.text) != "unspecified"
        ):
            return
    for c in found:
        yield from row_of(reading, item, c, item.text[c.start : c.end], c.limits[0], "narrower_use", remarks)


def _same_way(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """A use told by a sentence behind the label's: "Glossopharyngeal neuralgia is treated in the same way"."""
    m = _SAME_WAY.match(item.text, start, end)
    for c in conditions_in(item, *m.span("use" if m["use"] else "also")) if m else ():
        if is_condition(reading, c.text):
            yield from row_of(reading, item, c, m.group() if m else "", c.limits[0], "further_use")


def _further(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """Another condition named behind the label's own: "maintenance, and prophylaxis of meningeal leukaemia"."""
    known = {normal(w) for w in re.findall(r"[A-Za-z]{3,}", item.label or "")}
    first = _FIRST_NARROWER.match(item.text, start, end)
    more = [m for p in (_FURTHER, _NARROWER) for m in p.finditer(item.text, start, end)]
    for m in [*([first] if first else []), *sorted(more, key=lambda m: m.end())]:
        narrower = m.re is not _FURTHER
        for c in list(conditions_in(item, m.end(), end))[: 1 if narrower else None]:
            words = {normal(w) for w in re.findall(r"[A-Za-z]{3,}", c.text)}
            if narrower and (words & known or len(words) < 2):
                continue  # "Duodenal ulcer: healing of the ulcer"
            if is_condition(reading, c.text):
                for limit in c.limits:
                    yield from row_of(reading, item, c, item.text[m.end() : end], limit, "further_use")


def in_table(reading: Reading, item: Item) -> Iterator[Indication]:
    """A row of a table of uses: the column whose head says so names the condition."""
    cell = _condition_cell(item)
    denied = any(_DENIED.match(item.text[a:b]) for a, b in item.cells if (a, b) != cell)
    licensed = _answered(item)
    for c in conditions_in(item, *cell) if cell else ():
        tail = item.text[cell[1] :] if cell else ""
        for own in c.limits:
            heads = " ".join(item.columns)  # "Licensed for | Patients"
            for row in row_of(reading, item, c, item.text, limit_of(own, f"{c.bracket} {tail}"), "table_row", heads):
                row.label_status = licensed or row.label_status
                if denied:
                    row.assertion, row.label_status = "negated", "not_stated"
                yield row


_YES_OR_NO = re.compile(
    r"\W*(?:(?P<yes>(?:yes|y|licensed|approved)\b)|(?P<no>(?:no|n|not licensed|unlicensed|not approved)\b))"
    r"|\s*(?:(?P<tick>[✓✔])|[✗✘])",
    re.I,
)
_THE_LICENCE = re.compile(r"\W*(?:licen[cs]e|approval)\W*", re.I)


def _answered(item: Item) -> Any:
    """How a column that asks for the licence answers: "Licensed?", "no"; None where there is none."""
    for head, (a, b) in zip(item.columns[1:], item.cells[1:], strict=False):
        asked = "licensed" if _THE_LICENCE.fullmatch(head) else licence(head)
        if asked in ("licensed", "off_label") and (answer := _YES_OR_NO.match(item.text, a, b)):
            return "licensed" if bool(answer["yes"] or answer["tick"]) == (asked == "licensed") else "off_label"
    return None


_CONDITION_HEAD = re.compile(r"\W*(?:indications?|conditions?|diseases?|disorders?|uses?)\b", re.I)


def _condition_cell(item: Item) -> tuple[int, int] | None:
    """The span of the cell that names the condition, by the heads of the columns; none for the row of heads."""
    if [item.cell(k).strip() for k in range(len(item.cells))] == [h.strip() for h in item.columns]:
        return None
    named = (k for k, head in enumerate(item.columns) if _CONDITION_HEAD.match(head))
    k = next(named, 0)
    return item.cells[k] if k < len(item.cells) else None
