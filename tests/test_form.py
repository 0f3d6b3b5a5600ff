"""One text in many forms of Markdown: how a document is written does not change what its tables say."""

from __future__ import annotations

import dataclasses
import os
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from monopipe.document import read
from monopipe.extract import extract

RAW = Path(__file__).parent.parent / "data" / "raw"
MONOGRAPHS = sorted(p.stem for p in RAW.glob("*.md"))
STEP = 1 if os.environ.get("MONOPIPE_SOAK") else 6
"""Every so many monographs are tried with each form, others with each."""

# What holds the words or their place, and so the form itself.
PLACED = frozenset(
    "row_id line_start line_end char_start char_end source_quote regimen_group side_effect_id fact_id ordinal".split()
)
TOLD_TWICE = frozenset({"documents", "sections", "statements", "mentions", "side_effect_mentions", "findings", "drugs"})


def _bold(mark: str) -> Callable[[str], str]:
    return lambda body: re.sub(r"\*\*([^*\n]+)\*\*", mark, body)


def _line(pattern: str, replacement: str) -> Callable[[str], str]:
    return lambda body: re.sub(rf"(?m){pattern}", replacement, body)


FORMS: dict[str, Callable[[str], str]] = {
    "CR LF": lambda body: body.replace("\n", "\r\n"),
    "dashes as bullets": _line(r"^(\s*)\* ", r"\1- "),
    "plus signs as bullets": _line(r"^(\s*)\* ", r"\1+ "),
    "headings a level deeper": _line(r"^(#{1,5}) ", r"#\1 "),
    "headings without bold": _line(r"^(#+) \*\*(.*?)\*\*\s*$", r"\1 \2"),
    "headings closed": _line(r"^(#+ .*[^#\s])\s*$", r"\1 ##"),
    "colons behind the bold": lambda body: re.sub(r"\*\*([^*\n:]+):\*\*", r"**\1**:", body),
    "bold by underscores": _bold(r"__\1__"),
    "bold by tags": _bold(r"<b>\1</b>"),
    "bold by long tags": _bold(r"<strong>\1</strong>"),
    "spaces behind lines": _line(r"^([*-] .*)$", r"\1 "),
    "protected spaces": lambda body: re.sub(r"(\d) (mg|g|hours|weeks)\b", "\\1\u00a0\\2", body),
}


@cache
def _text(name: str) -> tuple[str, str]:
    text = (RAW / f"{name}.md").read_text(encoding="utf-8")
    front = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    assert front
    return front.group(), text[front.end() :]


def _facts(text: str) -> Counter[tuple[object, ...]]:
    rows = extract(read(text.encode(), "x.md"), "x")
    return Counter(
        (table, *((k, _plain(v)) for k, v in dataclasses.asdict(row).items() if k not in PLACED))  # type: ignore[call-overload]
        for table, found in rows.items()
        if table not in TOLD_TWICE
        for row in found
    )


def _plain(value: object) -> object:
    if not isinstance(value, str):
        return value
    return " ".join(re.sub(r"\*\*|__|</?(?:b|strong)>", "", value).split())


@cache
def _as_written(name: str) -> Counter[tuple[object, ...]]:
    return _facts("".join(_text(name)))


CASES = [(form, name) for k, form in enumerate(FORMS) for name in MONOGRAPHS[k % STEP :: STEP]]


@pytest.mark.parametrize(("form", "name"), CASES)
def test_the_form_does_not_change_the_facts(form: str, name: str) -> None:
    front, body = _text(name)
    facts = _facts(front + FORMS[form](body))
    assert facts - _as_written(name) == Counter()
    assert _as_written(name) - facts == Counter()
