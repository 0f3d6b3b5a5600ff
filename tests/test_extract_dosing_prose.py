"""Doses in running prose: paragraphs as an editor writes them, and the steps that a careful reader finds in them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml

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


HERE = Path(__file__).parent
PROSE = yaml.safe_load((HERE / "prose_doses.yaml").read_text(encoding="utf-8"))
LEVELS = {"Clinical Use Cases": "###", "Dosage Adjustments": "###", "Off-label uses": "#### Adults\n\n#####"}


def _columns(row: Regimen, named: dict[str, Any]) -> dict[str, Any]:
    """What a row says in the columns that are named, and in every column that a paragraph may not fill by chance."""
    said = dataclasses.asdict(row)
    columns = {k: v for k, v in said.items() if k in named or (k in CHECKED and v is not None and v != DEFAULTS[k])}
    if "condition" in named:
        columns["condition"] = (row.condition_norm or "").split("; ")
    return columns


DEFAULTS = {f.name: f.default for f in dataclasses.fields(Regimen)}
CHECKED = (
    "step_kind population param param_low param_high rate_low rate_high frequency frequency_max period period_max"
    " when_code as_needed bounds_low bounds_high dose_count cycle_days start_after max_daily_dose max_single_dose"
).split()


@pytest.mark.parametrize("paragraph", PROSE, ids=lambda p: p["drug"])
def test_paragraphs_are_read_as_a_careful_reader_reads_them(paragraph: dict[str, Any]) -> None:
    wanted = paragraph["rows"]
    conditions = dict.fromkeys(c for row in wanted for c in row.get("condition", ()))
    title, heading = paragraph["drug"].capitalize(), paragraph["heading"]
    usage = f"## Usage\n\n{title} is used for {', '.join(conditions)}.\n\n" if conditions else ""
    place = f"## Dosage\n\n{LEVELS.get(heading, '####')} {heading}\n\n{paragraph['text']}\n"
    text = f"---\ntitle: {title}\n---\n{usage}{place}"
    rows = [r for r in extract(read(text.encode(), "drug.md"), "drug")["regimens"] if isinstance(r, Regimen)]
    found = [_columns(r, w) for r, w in zip(sorted(rows, key=lambda r: r.char_start), wanted, strict=True)]
    assert found == wanted
