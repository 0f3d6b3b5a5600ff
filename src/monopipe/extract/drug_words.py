"""Words that are drug names, by their INN stem or as a name of their own."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from monopipe import vocabulary


class DrugWords(NamedTuple):
    """Endings of drug names, drug names, and words that look like them and are none; all in lower case."""

    stems: tuple[str, ...]
    names: frozenset[str]
    never: frozenset[str]


@cache
def drug_words() -> DrugWords:
    """The words of `vocabulary/drug_stems.csv` by kind."""
    by_kind: dict[str, list[str]] = {"stem": [], "name": [], "not": []}
    for line in vocabulary.rows("drug_stems"):
        by_kind[line["kind"]].append(line["word"])
    return DrugWords(tuple(by_kind["stem"]), frozenset(by_kind["name"]), frozenset(by_kind["not"]))


def is_drug(word: str) -> bool:
    """Whether a lower-case word is, or looks like, the name of a drug.

    A fixed combination goes by the names of its parts.

    >>> [is_drug(w) for w in ("dexamethasone", "warfarin", "co-amoxiclav", "routine", "patients")]
    [True, True, True, False, False]
    """
    known = drug_words()
    if word.rpartition("-")[2] in known.names:
        return True
    return len(word) > 5 and word not in known.never and word.endswith(known.stems)


def names_other_drug(word: str, own_names: Collection[str]) -> bool:
    """Whether a word names a drug other than this one.

    >>> [names_other_drug(w, {"lenalidomide"}) for w in ("Dexamethasone", "lenalidomide", "routine")]
    [True, False, False]
    """
    word = word.lower()
    if not is_drug(word) or any(part in own_names for part in (word, *word.split("-"))):
        return False
    # atorvastatin is "a statin"
    return word not in drug_words().stems or not any(name.endswith(word) for name in own_names)
