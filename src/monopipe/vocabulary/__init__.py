"""The words monopipe knows, as CSV files that experts edit; each file's first line names its columns."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The lines of `vocabulary/<name>.csv` in order, one mapping of column to text each; `#` lines are comments."""
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple({k: v.strip() for k, v in line.items()} for line in csv.DictReader(lines))


@cache
def mapping(name: str, key: str, value: str) -> Mapping[str, str]:
    """Two columns of `vocabulary/<name>.csv` as a mapping."""
    return {line[key]: line[value] for line in rows(name)}
