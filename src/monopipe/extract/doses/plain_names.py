"""Conditions that no word of disease gives away, by the place where they stand: "For jet lag, 2 mg is taken"."""

from __future__ import annotations

import re
from functools import cache

from monopipe import vocabulary
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.reading import Reading
from monopipe.grammar import read_route, read_who

_PLAIN = re.compile(r"(?!\w+(?:ing|ly)\b)[A-Za-z][\w'’-]*(?: [a-z][\w'’-]*){0,4}")


@cache
def _elsewhere() -> frozenset[str]:
    return frozenset(
        word for line in vocabulary.rows("no_condition_words") for word in re.split(r"\|", line["words"].lower())
    )


def is_plain_name(reading: Reading, words: str) -> bool:
    """Whether words behind "for" can only be what a dose is against: a short plain name, of nobody and nothing else.

    People, times, places, ways of giving, amounts, degrees and purposes are none, nor is a word written large alone,
    which may be a country.
    """
    if not _PLAIN.fullmatch(words) or (words[0].isupper() and " " not in words):
        return False
    parts = re.split(r"[ -]", words.lower())
    if not _elsewhere().isdisjoint([*parts, *words.lower().split()]):
        return False
    return not (read_who(words) or read_route(words) or any(names_other_drug(w, reading.own_names) for w in parts))
