"""Words that are drug names, by their INN stem or as a name of their own."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from monopipe import vocabulary


def names_other_drug(word: str, own_names: Collection[str]) -> bool:
    """Whether a word names a drug other than this one.

    >>> [names_other_drug(w, {"lenalidomide"}) for w in ("dexamethasone", "lenalidomide", "routine", "patients")]
    [True, False, False, False]
    """
    names, stems, never = _words()
    word = word.lower()
    return word not in never and word not in own_names and (word in names or (len(word) > 5 and word.endswith(stems)))


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    names: set[str] = set()
    stems: list[str] = []
    never: set[str] = set()
    for line in vocabulary.rows("drug_stems"):
        words = line["word"].split("|")
        if line["kind"] == "name":
            names.update(words)
        elif line["kind"] == "stem":
            stems.extend(words)
        else:
            never.update(words)
    return frozenset(names), tuple(stems), frozenset(never)
