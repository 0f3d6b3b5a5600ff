"""Combinations of drugs: `A + B (condition)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.document import Item
from monopipe.extract.drug_words import is_drug
from monopipe.extract.names import normal_name
from monopipe.extract.reading import Reading
from monopipe.signs import MASS
from monopipe.tables import Combination, CombinationComponent

_PLUS = re.compile(r"\s+(?:\+|plus|/|&)\s+|\s*\+\s*", re.I)
# Signs that join drugs only where each side is one: "Rifampicin/Dapsone", but not "Mood/sleep"; "A with B", "A, B and C".
_JOINED = re.compile(r"\s*/\s*|\s+(?:with|and)\s+|,\s+(?:and\s+)?", re.I)
# The dose of a component is no part of its name: "Hydrochlorothiazide 12.5 mg", "prednisone (5 mg/day)".
_DOSE = re.compile(rf"\s+\(?\d[\d.,/–-]*\s*(?:{MASS}|mL|mmol|%)(?![a-z]).*$", re.I | re.S)
_CONDITION = re.compile(
    r"\s*(?:\((?P<bracket>.*)\)|(?:\s(?:–|—|-|for|in|after|during|before)|,\s+(?:for|to|in))\s+(?P<tail>.+)|:\s*(?P<colon>.+))\s*\.?\s*$",
    re.S,
)


def combinations(reading: Reading) -> Iterator[Combination | CombinationComponent]:
    """The combinations that a text lists, and the drugs in each.

    "Lenalidomide + Dexamethasone (Multiple myeloma)" has two components and a condition.
    """
    for item in reading.about("combinations"):
        if item.cells:
            yield from _in_row(reading, item)
            continue
        if told := list(_in_prose(reading, item)):
            yield from told
            continue
        start = 0 if item.label is None or len(_parts(item.label, reading)) > 1 else item.rest_start
        for a, b in _lines(item, start):
            yield from _combination(reading, item, a, b)


def _in_row(reading: Reading, item: Item) -> Iterator[Combination | CombinationComponent]:
    """The combination that a cell of a row names; the cell behind it tells what it is for."""
    for k, (a, b) in enumerate(item.cells):
        parts = _parts(item.text[a:b], reading)
        if len(parts) > 1 and _holds_self(parts, reading):
            yield from _rows(reading, item, (a, b), parts, item.text[a:b], item.cell(k + 1).strip(" –-") or None)
            return


# "It is most often given as A + B + C for gastritis": a part is a name of one or two words.
_RUN = re.compile(
    r"(?<![\w-])[\w/-]+(?:\s\+\s[\w/-]+(?:\s(?!(?:for|in|is|are|as|and|or|with|on|at|to|may|can|has)\b)[a-z][\w-]+(?<!s)\b)?)+"
)
_FOR = re.compile(r"\s(?:for|in)\s+(?P<what>[^.;,]{3,60})")
# "It is often combined with metformin, with empagliflozin or with insulin glargine": each is a combination.
_COMBINED = re.compile(
    r"\b(?:is|are|be)\s+(?:\w+\s+){0,2}?(?:combined|paired|given|prescribed|taken|used|coupled)(?:\s+together)?\s+with\s+(?P<list>[^.;:()]+)",
    re.I,
)
_OTHER_ONE = re.compile(r"\s*,\s*(?:(?:and|or)\s+)?with\s+|\s+(?:and|or)\s+with\s+|\s*,\s*or\s+|\s+or\s+", re.I)


def _in_prose(reading: Reading, item: Item) -> Iterator[Combination | CombinationComponent]:
    """The combinations that sentences name: joined by signs, or one after the other behind "combined with"."""
    text = item.text
    for a, b in item.sentences():
        if not _VERB.search(_IN_BRACKETS.sub("", text[a:b])):
            continue
        for m in _RUN.finditer(text, a, b):
            parts = _parts(m.group(), reading)
            if len(parts) > 1 and _holds_self(parts, reading):
                what = _FOR.search(text, m.end(), b)
                yield from _rows(reading, item, m.span(), parts, m.group(), what["what"] if what else None)
        if with_ := _COMBINED.search(text, a, b):
            listed, said = with_["list"], _FOR.search(with_["list"])
            others = _OTHER_ONE.split(listed[: said.start()] if said else listed)
            if all(_is_partner(other) for other in others):
                for other in others:
                    parts = [reading.document.title, other.strip()]
                    yield from _rows(
                        reading, item, with_.span(), parts, " + ".join(parts), said["what"] if said else None
                    )


_IN_BRACKETS = re.compile(r"\([^()]*\)")
_VERB = re.compile(r"\b(?:is|are|has|have|may|can)\b", re.I)


def _is_partner(name: str) -> bool:
    """Whether words are the plain name of a drug or class: not "other drugs", not "A and B"."""
    words = name.split()
    return 0 < len(words) < 4 and " and " not in name and "," not in name and any(map(is_drug, name.lower().split()))


def _holds_self(parts: list[str], reading: Reading) -> bool:
    return any(normal_name(p) in reading.own_names or _names_self(normal_name(p), reading) for p in parts)


def _lines(item: Item, start: int) -> Iterator[tuple[int, int]]:
    text = item.text
    at = start
    for cut in re.finditer(r"[\n;]", text[start:]):
        stop = start + cut.start()
        if text.count("(", at, stop) <= text.count(")", at, stop):
            yield at, stop
            at = stop + 1
    yield at, len(text)


def _combination(reading: Reading, item: Item, start: int, end: int) -> Iterator[Combination | CombinationComponent]:
    text = item.text[start:end]
    condition = _CONDITION.search(text)
    head = text[: condition.start()] if condition else text
    parts = _parts(head, reading)
    if len(parts) < 2:
        condition, head = None, text
        parts = _parts(head, reading)
    if len(parts) < 2 or any(len(p.split()) > 6 for p in parts):
        return
    said = condition.group("bracket") or condition.group("tail") or condition.group("colon") if condition else None
    yield from _rows(reading, item, (start, end), parts, head, said)


def _rows(
    reading: Reading, item: Item, span: tuple[int, int], parts: list[str], head: str, said: str | None
) -> Iterator[Combination | CombinationComponent]:
    """A combination and its components."""
    norms = [normal_name(p) for p in parts]
    own = [norm in reading.own_names or _names_self(norm, reading) for norm in norms]
    key = " + ".join(sorted(norms))
    place = item.at(*span)
    yield Combination(
        **place,
        rule="plus_list",
        combination_key=key,
        name=head.strip(" .,"),
        partners="; ".join(p for p, self_ in zip(parts, own, strict=True) if not self_),
        condition_text=said.strip() if said else None,
    )
    for position, (part, norm, self_) in enumerate(zip(parts, norms, own, strict=True), 1):
        yield CombinationComponent(
            **place,
            rule="plus_list",
            combination_key=key,
            position=position,
            component=part,
            component_norm=norm,
            is_self=self_,
        )


def _parts(head: str, reading: Reading) -> list[str]:
    """The components that a text joins, without their doses."""
    parts = _PLUS.split(head)
    if len(parts) == 1:
        joined = [_DOSE.sub("", p).strip(" .*") for p in _JOINED.split(head)]
        slashes = head.count("/") == len(joined) - 1
        if not any(p.lower() in reading.own_names for p in joined) or not all(
            (slashes and p[:1].isupper() and len(p) > 3) or any(map(is_drug, p.lower().split())) for p in joined
        ):
            return []
        parts = joined
    parts = [one for part in parts for one in _fixed(part, reading)]
    return [p for p in (_DOSE.sub("", part).strip(" .,*") for part in parts) if p]


def _fixed(part: str, reading: Reading) -> list[str]:
    """The drugs of a fixed combination that a part names: "budesonide/formoterol"; the drug's own name stays whole."""
    drugs = part.strip(" .,").split("/")
    whole = len(drugs) < 2 or normal_name(part) in reading.own_names or _names_self(normal_name(part), reading)
    return [part] if whole or not all(is_drug(drug.strip().lower()) for drug in drugs) else drugs


_COMPONENTS = re.compile(r"\s*[/+]\s*|\s+and\s+")


def _names_self(norm: str, reading: Reading) -> bool:
    """Whether a name is the drug's in other words: a longer or shorter form, or the components of its title."""
    components = set(_COMPONENTS.split(norm))
    if len(components) > 1 and components == set(_COMPONENTS.split(normal_name(reading.document.title))):
        return True
    return any(norm.startswith(name + " ") or name.startswith(norm + " ") for name in reading.own_names)
