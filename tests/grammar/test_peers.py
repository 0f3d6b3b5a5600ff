"""The reader against phrases of other projects' tests, where that file lies beside the repository."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from monopipe.grammar import read

_FILE = Path(__file__).parents[3] / "shared" / "peers" / "dose_phrases.jsonl"
_UNITS = {"ug": "mcg", "[iU]": "unit", "meq": "mEq"}
_NAMES = {"units": "unit", "mcg": "mcg", "iu": "unit", "iU": "unit"}


def _dose(row: dict[str, Any]) -> tuple[Any, Any]:
    return row.get("dose_low"), row.get("dose_high") or row.get("dose_low")


@pytest.mark.skipif(not _FILE.exists(), reason="the phrase file is not here")
def test_doses_of_peers() -> None:
    rows = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
    wrong = wholly = 0
    for row in rows:
        steps = [dataclasses.asdict(s.dosage) for s in read(row["text"], keep_doseless=True)]
        got = steps[0] if steps else {}
        want = row["expected"]
        a, b = _dose(want), _dose(got)
        if want.get("dose_per") in ("h", "min"):  # a rate for us
            b = (got.get("rate_low"), got.get("rate_high"))
        quantity = (got.get("quantity_low"), got.get("quantity_high"))
        fine = a in (b, quantity)
        if not fine and b != (None, None):
            wrong += 1
        wholly += fine and _timing(want) == _timing(got)
    assert wrong <= len(rows) * 0.01, wrong
    assert wholly >= len(rows) * 0.92, wholly


def _timing(row: dict[str, Any]) -> tuple[Any, ...]:
    hours = {"min": 1 / 60, "h": 1, "d": 24, "wk": 168, "mo": 730, "a": 8760, "y": 8760}
    n = row.get("frequency") or row.get("frequency_high") or row.get("frequency_max")
    if n is None and (row.get("dose_per") == "d" or row.get("dose_is") == "per_day"):
        n = 1
    if n is None or row.get("when") or row.get("when_code"):
        return (row.get("as_needed") or None,)
    return row.get("as_needed") or None, round(n / (row.get("period") or 1) / hours[row.get("period_unit") or "d"], 4)
