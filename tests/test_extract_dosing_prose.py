"""Doses in running prose: paragraphs as an editor writes them, and the steps that a careful reader finds in them."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def regimens(body: str, heading: str = "#### Adults") -> list[Regimen]:
    text = f"---\ntitle: Testolol\n---\n## Dosage\n\n### Standard Dosage\n\n{heading}\n\n{body}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return sorted((r for r in rows if isinstance(r, Regimen)), key=lambda r: r.char_start)


def said(rows: list[Regimen], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, c) for c in columns) for row in rows]


@pytest.mark.parametrize(
    "heading",
    ["##### Off-label uses", "##### Unlicensed indications", "##### Use with other drugs", "##### Combined use"],
)
def test_a_heading_of_uses_below_the_dosage_is_of_doses(heading: str) -> None:
    rows = regimens(f"{heading}\n\nFor scabies, 5 mg is taken orally once a week.")
    assert said(rows, "dose_low", "route", "condition_norm", "age_group") == [(5, "oral", "scabies", "adult")]
