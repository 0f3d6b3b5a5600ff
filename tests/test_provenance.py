"""Every quote of every row stands at its offsets in its file, whatever the file's encoding habits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import TABLES

RAW = Path(__file__).parent.parent / "data" / "raw"
SEED = Path(__file__).parent.parent.parent / "shared" / "seed"
FILES = sorted(RAW.glob("*.*")) + sorted(SEED.glob("*.txt"))


def crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


VARIANTS = {
    "as_is": lambda text: text,
    "crlf": crlf,
    "bom": lambda text: "\ufeff" + text,
    "non_ascii": lambda text: re.sub(r"(?<=\w) and ", "\xa0and ", text.replace("patients", "pätients 😀")),
    "crlf_bom": lambda text: "\ufeff" + crlf(text),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_quote_stands_at_its_offsets(path: Path, variant: str) -> None:
    text = VARIANTS[variant](path.read_bytes().decode())
    document = read(text.encode(), path.name)
    lines = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
    rows = extract(document, "drug")
    checked = 0
    for name, table in TABLES.items():
        assert {type(r) for r in rows[name]} <= {table.row_class}
        if "source_quote" not in {c.name for c in table.columns}:
            continue
        for row in rows[name]:
            start, end = row.char_start, row.char_end  # type: ignore[attr-defined]
            assert text[start:end] == row.source_quote, (name, row)  # type: ignore[attr-defined]
            assert lines[row.line_start - 1] <= start, (name, row)  # type: ignore[attr-defined]
            assert row.line_end == len([s for s in lines if s < max(end, 1)]), (name, row)  # type: ignore[attr-defined]
            checked += 1
    assert checked > 50


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_rows_fit_their_schema_and_keys_are_unique(path: Path) -> None:
    rows = extract(read(path.read_bytes(), path.name), "drug")
    for name, table in TABLES.items():
        arrow = table.arrow(rows[name])
        for column in table.columns:
            values = arrow[column.name].to_pylist()
            assert column.nullable or None not in values, (name, column.name)
            assert not column.values or set(values) - {None} <= set(column.values), (name, column.name)
        keys = list(zip(*(arrow[k].to_pylist() for k in table.key), strict=True))
        assert len(keys) == len(set(keys)), name


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_keys_do_not_depend_on_other_lines(path: Path) -> None:
    """A line added elsewhere leaves every other fact's row_id as it was."""
    text = path.read_bytes().decode()
    before = extract(read(text.encode(), path.name), "drug")
    after = extract(read((text + "\n\n## Storage\n\nKeep cool.\n").encode(), path.name), "drug")
    for name, table in TABLES.items():
        if table.key == ("row_id",) and name != "findings":
            assert {r.row_id for r in before[name]} <= {r.row_id for r in after[name]}, name  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_statements_account_for_every_line_and_sections_for_every_character(path: Path) -> None:
    document = read(path.read_bytes(), path.name)
    rows = extract(document, "drug")
    source = document.source
    covered = {n for s in rows["statements"] for n in range(s.line_start, s.line_end + 1)}  # type: ignore[attr-defined]
    blank = {n for n in range(1, source.n_lines + 1) if not source.text[slice(*source.line_span(n))].strip("\ufeff ")}
    assert set(range(1, source.n_lines + 1)) <= covered | blank
    sections = "".join(s.text for s in rows["sections"])  # type: ignore[attr-defined]
    assert sections == source.text[document.body_start :]
