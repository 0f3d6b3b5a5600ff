"""The wordings of signs: each is found in its own example, and each sign is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import monopipe
from monopipe import vocabulary
from monopipe.signs import expanded, one_of, signs

PACKAGE = Path(monopipe.__file__).parent
FILES = sorted(path.stem for path in (PACKAGE / "vocabulary" / "signs").glob("*.csv"))


def _lines() -> list[tuple[str, str, str]]:
    found = []
    for name in FILES:
        wordings: dict[str, list[str]] = {}
        for line in vocabulary.rows(f"signs/{name}"):
            pattern = expanded(line["pattern"], wordings)
            wordings.setdefault(line["sign"], []).append(pattern)
            found.append((line["sign"], pattern, line["example"].partition("|")[0]))
    return found


@pytest.mark.parametrize(("sign", "pattern", "example"), _lines())
def test_a_wording_is_found_in_its_example(sign: str, pattern: str, example: str) -> None:
    assert re.search(pattern, example, re.I), sign


def test_an_example_is_no_empty_word() -> None:
    assert [sign for sign, _, example in _lines() if not example] == []


@pytest.mark.parametrize("name", FILES)
def test_every_sign_is_asked_for(name: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    asked = " ".join(source for source in sources if re.search(rf"""signs\(([\"']){name}\1\)""", source))
    asked += " ".join(line["pattern"] for line in vocabulary.rows(f"signs/{name}"))
    assert [s for s in signs(name) if not re.search(rf"""\[(["']){s}\1\]|{{{s}}}""", asked)] == []


def test_a_place_stands_for_any_wording_of_the_sign() -> None:
    assert expanded(r"not {given} a{2}", {"given": ["given", "taken"]}) == "not (?:given|taken) a{2}"
    assert one_of(["a", "b"]) == "(?:a|b)"
