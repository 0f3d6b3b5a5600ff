"""Signs: the wordings that a rule looks for, read from a vocabulary in which each stands with an example.

A line of `vocabulary/signs/<name>.csv` is one wording of a sign: its name, a pattern (case is ignored), and a text that the
pattern is found in; behind a bar the example only goes on. The lines of one sign are tried in their order. `{other}` in a
pattern stands for any wording of the sign `other` further up in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from monopipe import vocabulary

_PLACE = re.compile(r"\{([a-z_]+)\}")


def signs(name: str) -> Mapping[str, str]:
    """The signs of one file, each as one expression to look for or to build a longer one of.

    >>> re.search(signs("effects")["never"], "not yet seen in trials") is not None
    True
    """
    wordings: dict[str, list[str]] = {}
    for line in vocabulary.rows(f"signs/{name}"):
        wordings.setdefault(line["sign"], []).append(expanded(line["pattern"], wordings))
    return {sign: one_of(patterns) for sign, patterns in wordings.items()}


def expanded(pattern: str, wordings: Mapping[str, list[str]]) -> str:
    """A pattern with each `{sign}` replaced by its wordings."""
    return _PLACE.sub(lambda place: one_of(wordings[place[1]]), pattern)


def one_of(patterns: list[str]) -> str:
    """An expression for any of several patterns."""
    return f"(?:{'|'.join(patterns)})"
