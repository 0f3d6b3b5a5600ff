"""The wordings of signs: each is found in its own example, and each sign is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import monopipe
from monopipe import vocabulary
from monopipe.signs import Wording, signs, wordings

PACKAGE = Path(monopipe.__file__).parent
FILES = sorted(path.stem for path in (PACKAGE / "vocabulary" / "signs").glob("*.csv"))
WORDINGS = [wording for name in FILES for wording in wordings(name)]
SOURCES = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
PATTERNS = {name: " ".join(line["pattern"] for line in vocabulary.rows(f"signs/{name}")) for name in FILES}


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.sign)
def test_a_wording_is_found_in_its_example(wording: Wording) -> None:
    assert wording.example
    assert re.search(wording.pattern, wording.example, re.I)


@pytest.mark.parametrize("name", FILES)
def test_every_sign_is_asked_for(name: str) -> None:
    if name == "amounts":  # for all other files, and by constants of signs.py
        asked = " ".join([*PATTERNS.values(), *SOURCES])
    else:
        asked = " ".join(
            [PATTERNS[name], *(source for source in SOURCES if re.search(rf"""signs\(["']{name}""", source))]
        )
    assert [s for s in signs(name) if not re.search(rf"""\[(["']){s}\1\]|{{{s}}}""", asked)] == []


def test_a_place_stands_for_any_wording_of_a_sign_above_and_of_amounts(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "signs/amounts": [{"sign": "mass", "pattern": "g|mg", "example": "5 mg"}],
        "signs/here": [
            {"sign": "given", "pattern": "given", "example": "given"},
            {"sign": "given", "pattern": "taken", "example": "taken"},
            {"sign": "dose", "pattern": r"{given} \d{1,3} {mass}", "example": "taken 5 mg|daily"},
        ],
    }
    monkeypatch.setattr(vocabulary, "rows", files.__getitem__)
    assert signs("here") == {"given": "(?:given|taken)", "dose": r"(?:(?:given|taken) \d{1,3} (?:g|mg))"}
    assert [w.example for w in wordings("here")][-1] == "taken 5 mg"
