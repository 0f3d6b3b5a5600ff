"""Signs: the wordings that a rule looks for, read from a vocabulary in which each stands with an example.

A line of `vocabulary/signs/<name>.csv` is one wording of a sign: its name, a pattern (case is ignored), and a text that the
pattern is found in; behind a bar the example only goes on. The lines of one sign are tried in their order. `{other}` in a
pattern stands for any wording of the sign `other`, further up in the file or in `amounts.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from monopipe import vocabulary

_PLACE = re.compile(r"\{([a-z_]+)\}")


class Wording(NamedTuple):
    """One line: the sign, its pattern with all places filled, and the part of the example that it is looked for in."""

    sign: str
    pattern: str
    example: str


def signs(name: str) -> Mapping[str, str]:
    """The signs of one file, each as one expression to look for or to build a longer one of.

    >>> re.search(signs("effects")["never"], "not yet seen in trials") is not None
    True
    """
    found: dict[str, list[str]] = {}
    for wording in wordings(name):
        found.setdefault(wording.sign, []).append(wording.pattern)
    return {sign: _one_of(patterns) for sign, patterns in found.items()}


def wordings(name: str) -> Iterator[Wording]:
    """The lines of one file in order."""
    told: dict[str, list[str]] = {}
    for file in (_SHARED, name) if name != _SHARED else (name,):
        for line in vocabulary.rows(f"signs/{file}"):
            pattern = _PLACE.sub(lambda place: _one_of(told[place[1]]), line["pattern"])
            told.setdefault(line["sign"], []).append(pattern)
            if file == name:
                yield Wording(line["sign"], pattern, line["example"].partition("|")[0])


def _one_of(patterns: list[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


_SHARED = "amounts"
"""The file whose signs every other one may use."""

MASS = signs(_SHARED)["mass"]
"""Units of mass and activity, as text rules look for them behind a number."""
NUMBER = signs(_SHARED)["number"]
"""A number in digits."""
