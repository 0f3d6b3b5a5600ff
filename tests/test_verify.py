"""What was changed behind the back of a build is found, wherever it is."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from monopipe.cli import run
from monopipe.tables import TABLES
from monopipe.verify import verify
from samples import built, monograph, put, sql

SOAK = bool(os.environ.get("MONOPIPE_SOAK"))
FLIPS = 30
"""Random places in each file of a build; the quick test takes one of them."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("verify")
    raw = put(root / "raw", a=monograph("Alpha"), b=monograph("Beta"), bad="no front matter")
    (raw / "crlf.md").write_bytes(monograph("Crlf").replace("\n", "\r\n").encode())
    (raw / "bom.md").write_bytes(b"\xef\xbb\xbf" + monograph("Bom – ß").encode())
    Path(os.fsdecode(os.fsencode(raw) + b"/\xff.md")).write_text(monograph("Named"))
    built(raw, root / "out")
    return root


def test_a_build_as_published_passes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(place / "out")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert {f"PASS  {name}" for name in TABLES} <= set(told)
    assert all(line.startswith("PASS  ") for line in told)
    assert run(["verify", str(place / "out"), "--raw", str(place / "raw")]) == 0


def test_a_flipped_byte_is_found_in_any_file(place: Path, tmp_path: Path) -> None:
    chance = random.Random()
    build = (place / "out" / "current").resolve()
    for file in sorted(build.iterdir()):
        data = file.read_bytes()
        places = {0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(FLIPS))}
        for at in places if SOAK else chance.sample(sorted(places), 1):
            flipped = bytearray(data)
            flipped[at] ^= 1 << chance.randrange(8)
            copy = tmp_path / "flipped"
            copy.write_bytes(flipped)
            os.replace(copy, file)
            try:
                faults = verify(place / "out", None)
                assert any(faults.values()), f"byte {at} of {file.name}"
                if file.stem in TABLES:
                    assert faults[file.stem], f"byte {at} of {file.name} is blamed on {faults}"
            finally:
                copy.write_bytes(data)
                os.replace(copy, file)
    assert not any(verify(place / "out", None).values())


def test_a_flipped_byte_of_a_monograph_is_found(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = shutil.copytree(place / "raw", tmp_path / "raw")
    data = bytearray((raw / "a.md").read_bytes())
    data[random.Random().randrange(len(data))] ^= 1
    (raw / "a.md").write_bytes(data)
    assert run(["verify", str(place / "out"), "--raw", str(raw)]) == 1
    assert "FAIL  documents\n        a.md: is not the file that was read" in capsys.readouterr().out
    (raw / "a.md").unlink()
    assert verify(place / "out", raw)["documents"] == ["a.md: cannot be read (No such file or directory)"]


def test_files_that_are_missing_or_too_many_are_found(place: Path) -> None:
    build = (place / "out" / "current").resolve()
    (build / "more.txt").write_text("more")
    assert verify(place / "out", None)["more.txt"] == ["more.txt is not in the manifest"]
    (build / "more.txt").unlink()
    (build / "faqs.parquet").rename(place / "faqs.parquet")
    try:
        assert "faqs.parquet is missing" in verify(place / "out", None)["faqs"]
    finally:
        (place / "faqs.parquet").rename(build / "faqs.parquet")


def test_a_build_that_says_what_no_file_says_fails(place: Path, tmp_path: Path) -> None:
    """The hashes are right, what they vouch for is not: a quote, a place, a key, a row that the database lacks."""
    import json

    import pyarrow as pa
    import pyarrow.compute as pc

    from monopipe import manifest, parquet

    out = tmp_path / "out"
    shutil.copytree(place / "out", out, symlinks=True)
    build = (out / "current").resolve()
    wrong = {
        "side_effects": ("source_quote", lambda c: pc.utf8_upper(c)),
        "indications": ("line_start", lambda c: pc.add(c, 1)),
        "regimens": ("drug_id", lambda c: pa.array(["nobody"] * len(c))),
    }
    import pyarrow.parquet as pq

    for name, (column, change) in wrong.items():
        rows = pq.read_table(build / f"{name}.parquet")
        at = rows.schema.get_field_index(column)
        rows = rows.set_column(at, rows.schema.field(at), change(rows[column]).cast(rows.schema.field(at).type))
        parquet.write_parquet(TABLES[name], rows.to_batches(), build / f"{name}.parquet")
    facts = json.loads((build / "manifest.json").read_text())
    for key in ("files", "seal", "libraries", "contract_version"):
        del facts[key]
    (build / "manifest.json").unlink()
    manifest.write_manifest(build, facts)
    faults = verify(out, None)
    assert "'NAUSEA' does not stand at characters" in faults["side_effects"][0]
    assert "does not stand on lines" in faults["indications"][0]
    assert any("drug_id refers to drugs" in fault for fault in faults["regimens"])
    assert len(faults["monopipe.duckdb"]) == 3
    assert [name for name, some in faults.items() if some] == [
        *(name for name in TABLES if name in wrong),
        "monopipe.duckdb",
    ]


def test_what_verify_finds_is_mended_as_advised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each step of "The morning after" in docs/reliability.md, by its command."""
    raw, out = put(tmp_path / "raw", a=monograph("Alpha"), b=monograph("Beta")), tmp_path / "out"
    build = ["build", str(raw), str(out), "--workers", "1", "--quiet"]

    def failed() -> list[str]:
        code = run(["verify", str(out)])
        names = [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("FAIL")]
        assert code == bool(names)
        return names

    assert run(build) == 0
    first = (out / "current").resolve()
    put(raw, b=monograph("Gamma"))
    assert failed() == ["documents"], "raw files changed since the build"
    assert run(build) == 0
    assert failed() == []
    damaged = (out / "current").resolve()
    data = bytearray((damaged / "regimens.parquet").read_bytes())
    data[len(data) // 2] ^= 1
    (damaged / "regimens.parquet").unlink()  # the first build may share the file
    (damaged / "regimens.parquet").write_bytes(data)
    assert failed() == ["regimens"]
    (out / "current").unlink()
    (out / "current").symlink_to(f"builds/{first.name}")  # by hand, to the build before
    assert sql(out, "SELECT name FROM drugs ORDER BY name") == [("Alpha",), ("Beta",)]
    assert failed() == ["documents"], "an older build tells of older files"
    assert run([*build, "--full"]) == 0
    assert failed() == []
    assert sql(out, "SELECT name FROM drugs ORDER BY name") == [("Alpha",), ("Gamma",)]
    assert (out / "current").resolve().name > damaged.name


def test_verify_without_a_build_or_raw_is_wrong_usage(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(tmp_path)]) == 2
    assert run(["verify", str(place / "out"), "--raw", str(tmp_path / "nowhere")]) == 2
    assert "name it: --raw RAW" in capsys.readouterr().err
