"""docs/grammar.md is what the docstrings say now."""

from __future__ import annotations

from pathlib import Path

from monopipe.grammar.guide import guide

_PAGE = Path(__file__).parents[2] / "docs" / "grammar.md"


def test_guide_is_current() -> None:
    assert _PAGE.read_text(encoding="utf-8") == guide(), "run: python -m monopipe.grammar.guide > docs/grammar.md"
