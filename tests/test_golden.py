"""Golden documents: every row of every table, written by hand from the document, compared whole.

A golden row lists its line and every column that is not null or at its default; a table's rows must match one to one.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import TABLES

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
RAW = Path(__file__).parent.parent / "data" / "raw"

# Derived from the row's own content or place: checked by the tests of provenance, keys and rendering.
DERIVED = {
    "row_id",
    "drug_id",
    "document_id",
    "rule",
    "source_quote",
    "line_start",
    "line_end",
    "char_start",
    "char_end",
    "regimen_group",
    "readable",
    "side_effect_id",
    "interactant_drug_id",
    "n_findings",
}


def described(row: Any, groups: dict[str, int]) -> dict[str, Any]:
    """A row in golden form."""
    found: dict[str, Any] = {}
    for f in dataclasses.fields(row):
        value = getattr(row, f.name)
        if f.name in DERIVED or value is None or (f.name != "section" and value == f.default):
            continue
        found[f.name] = value.isoformat() if isinstance(value, datetime) else value
    if hasattr(row, "line_start"):
        found["line"] = row.line_start
    if hasattr(row, "regimen_group"):
        found["instruction"] = groups.setdefault(row.regimen_group, len(groups) + 1)
    return found


def extracted(path: Path) -> dict[str, list[dict[str, Any]]]:
    rows = extract(read(path.read_bytes(), path.name), "drug")
    groups: dict[str, int] = {}
    ordered = sorted(rows["regimens"], key=lambda r: (r.line_start, r.char_start))  # type: ignore[attr-defined]
    for row in ordered:
        described(row, groups)
    return {name: [described(r, groups) for r in rows[name]] for name in TABLES}


def printed(row: dict[str, Any]) -> str:
    """A row as one line of text; numbers compare as numbers, moments as moments."""
    plain = {k: float(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in row.items()}
    plain = {k: v.rstrip(".") if isinstance(v, str) else v for k, v in plain.items()}  # a sentence's own full stop
    if "inherited_fields" in plain:
        plain["inherited_fields"] = sorted(plain["inherited_fields"].split("; "))
    if "last_modified" in plain:
        plain["last_modified"] = datetime.fromisoformat(plain["last_modified"]).isoformat()
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda p: p.stem)
def test_every_row_of_every_table(golden: Path) -> None:
    expected = json.loads(golden.read_text(encoding="utf-8"))
    found = extracted(RAW / f"{golden.stem}.md")
    wrong = []
    for name, rows in expected.items():
        wanted, got = sorted(map(printed, rows)), sorted(map(printed, found[name]))
        wrong += [f"missing {name}: {r}" for r in wanted if r not in got]
        wrong += [f"surplus {name}: {r}" for r in got if r not in wanted]
    assert not wrong, "\n" + "\n".join(wrong)
