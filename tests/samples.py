"""Monographs and builds for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb

from monopipe.build import Report, build

BODY = """
# {title}

## Usage

{title} is used for headache.

## Dosage

### Adults

- 500 mg orally every 6 hours.

## Side Effects

- Nausea
- Rash
"""


def monograph(title: str, modified: str | None = "2025-01-01T00:00:00Z", body: str = BODY) -> str:
    """A small monograph, newer or older, or without a date."""
    date = f"lastModified: '{modified}'\n" if modified else ""
    return f"---\ntitle: {title!r}\n{date}---\n" + body.format(title=title)


def put(folder: Path, **texts: str) -> Path:
    """Files `<name>.md` with these texts in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def built(raw: Path, out: Path, **options: Any) -> Report:
    """A build in this process."""
    return build(raw, out, **{"workers": 1, **options})


def sql(out: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over the current build."""
    with duckdb.connect(str((out / "current").resolve() / "monopipe.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def parquet_hashes(build_path: Path) -> dict[str, str]:
    """The hash of every Parquet file but those that tell of the run: `runs` and `changes`."""
    files = sorted(build_path.glob("*.parquet"))
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.stem not in ("runs", "changes")}
