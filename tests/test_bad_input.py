"""Each bad document of the contract is a row of `rejects` that says what is wrong and where; the others are read."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from monopipe.build import Report, batches, discover, extract_batch, make_plan, merge, open_run, publish, write
from monopipe.errors import BuildError
from samples import built, monograph, put, sql

GOOD = monograph("Good").encode()
ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
DOCUMENTS = {
    "not_utf8": b"---\ntitle: Caf\xe9\n---\n",
    "nul_bytes": b"---\ntitle: A\n---\nnull \x00 here\n",
    "empty_file": b"",
    "too_large": b"---\ntitle: Large\n---\n" + b"x" * (2 * 1024 * 1024),
    "no_front_matter": b"# A heading\n\nAnd text.\n",
    "front_matter_not_mapping": b"---\n- a\n- b\n---\n\ntext\n",
    "front_matter_not_closed": b"---\ntitle: Open\n\n# Open\n",
    "yaml_error": b"---\ntitle: [unclosed\nother: }\n---\n\ntext\n",
    "yaml_too_complex": f"---\ntitle: Bomb\n{ALIASES}---\n\ntext\n".encode(),
    "no_title": b"---\ndescription: nameless\n---\n\n# Heading\n",
    "markdown_too_deep": b"---\ntitle: Deep\n---\n\n" + b">" * 20_000 + b" deep\n",
}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Report]:
    root = tmp_path_factory.mktemp("bad")
    raw = put(root / "raw", good=monograph("Good"), second=monograph("Good", "2024-01-01T00:00:00Z"))
    for kind, data in DOCUMENTS.items():
        (raw / f"{kind}.md").write_bytes(data)
    (raw / "deep_yaml.md").write_bytes(b"---\ntitle: Nested\nx: " + b"[" * 5_000 + b"]" * 5_000 + b"\n---\n\ntext\n")
    (raw / "bom.md").write_bytes(b"\xef\xbb\xbf" + monograph("Bom").encode())
    (raw / "sub").mkdir()
    (raw / "sub" / "CAPITALS.MD").write_bytes(monograph("Capitals").encode())
    (raw / "sub" / "plain.txt").write_bytes(monograph("Plain").encode())
    (raw / ".hidden.md").write_bytes(b"nothing")
    (raw / ".git").mkdir()
    (raw / ".git" / "inside.md").write_bytes(b"nothing")
    (raw / "image.png").write_bytes(b"\x89PNG")
    (raw / "folder.md").mkdir()
    (raw / "folder.md" / "inside.md").write_bytes(monograph("Inside").encode())
    os.mkfifo(raw / "pipe.md")
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / "secret.md").write_bytes(monograph("Secret").encode())
    (raw / "link.md").symlink_to(root / "elsewhere" / "secret.md")
    (raw / "linked").symlink_to(root / "elsewhere")
    (raw / "again").symlink_to(raw / "sub")
    (raw / "broken_link.md").symlink_to("nowhere.md")
    began = time.monotonic()
    report = built(raw, root / "out", max_rejects=1.0)
    assert time.monotonic() - began < 20
    return raw, root / "out", report


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *((f"{kind}.md", kind) for kind in DOCUMENTS),
        ("deep_yaml.md", "yaml_too_complex"),
        ("folder.md", "not_a_file"),
        ("pipe.md", "not_a_file"),
        ("link.md", "link_leaves_raw"),
        ("linked", "link_leaves_raw"),
        ("again", "not_a_file"),
        ("broken_link.md", "unreadable"),
        ("second.md", "duplicate_drug"),
    ],
)
def test_rejected(collection: tuple[Path, Path, Report], path: str, kind: str) -> None:
    _, out, report = collection
    found = [r for r in report.rejects if r.source_path == path]
    assert [r.error_kind for r in found] == [kind]
    assert len(found[0].error_message) > 10
    assert sql(out, f"SELECT error_kind, error_message, line FROM rejects WHERE source_path = '{path}'") == [
        (kind, found[0].error_message, found[0].line)
    ]


def test_the_others_are_read(collection: tuple[Path, Path, Report]) -> None:
    _, out, report = collection
    names = [name for (name,) in sql(out, "SELECT name FROM drugs ORDER BY name")]
    assert names == ["Bom", "Capitals", "Good", "Inside", "Plain"]
    assert report.n_documents == 5
    assert report.n_rejects == len(report.rejects) == len(DOCUMENTS) + 8


def test_a_reject_with_a_line_names_it(collection: tuple[Path, Path, Report]) -> None:
    lines = {r.error_kind: r.line for r in collection[2].rejects}
    assert lines["not_utf8"] == 2
    assert lines["nul_bytes"] == 4


def test_a_file_and_a_folder_without_permission() -> None:
    """Root reads everything, so it becomes somebody else for this."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o777)
        raw = put(place / "raw", good=monograph("Good"), closed=monograph("Closed"))
        put(raw / "shut", hidden=monograph("Hidden"))
        (raw / "closed.md").chmod(0)
        (raw / "shut").chmod(0)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            report = built(raw, place / "out")
        finally:
            if root:
                os.seteuid(0)
            (raw / "shut").chmod(0o755)
        assert [(r.source_path, r.error_kind) for r in report.rejects] == [
            *(("closed.md", "unreadable"), ("shut", "unreadable"))
        ]
        assert sql(place / "out", "SELECT name FROM drugs") == [("Good",)]


def test_files_that_change_between_listing_and_reading(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", **{name: monograph(name) for name in ("gone", "replaced", "grown", "piped", "good")})
    with open_run(raw, tmp_path / "out") as run:
        plan = make_plan(run, discover(run.raw))
        (raw / "gone.md").unlink()
        (raw / "replaced.md").unlink()
        (raw / "replaced.md").mkdir()
        (raw / "piped.md").unlink()
        os.mkfifo(raw / "piped.md")  # nobody writes to it: whoever opens it plainly waits for ever
        (raw / "grown.md").write_bytes(b"x" * (3 * 1024 * 1024))
        (batch,) = batches(run, plan)
        result = extract_batch(batch)
        merged = merge(run, plan, [result])
        write(run, plan, merged)
        publish(run, merged)
    kinds = {r.source_path: r.error_kind for r in result.rejects}
    assert kinds == {
        "gone.md": "vanished",
        "replaced.md": "not_a_file",
        "grown.md": "too_large",
        "piped.md": "not_a_file",
    }
    assert result.n_documents == 1
    (raw / "replaced.md").rmdir()
    (raw / "piped.md").unlink()
    put(raw, **{name: monograph(name) for name in ("gone", "replaced", "grown", "piped")})
    again = built(raw, tmp_path / "out")
    assert (again.n_documents, again.n_reused, again.n_rejects) == (5, 1, 0)


def test_a_fault_of_ours_rejects_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = put(tmp_path / "raw", **{name: monograph(name) for name in ("good", "raises", "nulls", "strange", "twice")})
    module = sys.modules["monopipe.extract"]
    extract = module.extract

    def faulty(document, drug_id):  # type: ignore[no-untyped-def]
        rows = extract(document, drug_id)
        if document.title == "raises":
            raise RecursionError("too deep")
        if document.title == "nulls":
            rows["drugs"][0].name = None
        if document.title == "strange":
            rows["sections"][0].section = "no such kind"
        if document.title == "twice":
            rows["statements"] += rows["statements"][:1]
        return rows

    monkeypatch.setattr(module, "extract", faulty)
    report = built(raw, tmp_path / "out")
    assert {r.source_path: r.error_kind for r in report.rejects} == dict.fromkeys(
        ["nulls.md", "raises.md", "strange.md", "twice.md"], "internal_error"
    )
    messages = {r.source_path: r.error_message for r in report.rejects}
    assert "RecursionError: too deep (test_bad_input.py:" in messages["raises.md"]
    assert "drugs.name is null" in messages["nulls.md"]
    assert "'no such kind', which is not in its value set" in messages["strange.md"]
    assert "statements: the key is not unique" in messages["twice.md"]
    assert sql(tmp_path / "out", "SELECT name FROM drugs") == [("good",)]


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw")
    Path(os.fsdecode(os.fsencode(raw) + b"/\xff.md")).write_text(monograph("Named"))
    built(raw, tmp_path / "out")
    assert sql(tmp_path / "out", "SELECT source_path FROM documents") == [("\\xff.md",)]


@pytest.mark.parametrize("prepare", [lambda raw: None, lambda raw: raw.mkdir(), lambda raw: raw.write_text("a file")])
def test_raw_missing_or_empty(tmp_path: Path, prepare) -> None:  # type: ignore[no-untyped-def]
    prepare(tmp_path / "raw")
    with pytest.raises(BuildError, match=r"raw: (there is no such folder|no documents found)"):
        built(tmp_path / "raw", tmp_path / "out")
    assert not (tmp_path / "out" / "current").exists()


def test_too_many_rejects_publish_nothing(tmp_path: Path) -> None:
    raw = put(tmp_path / "raw", **{f"d{n}": monograph(f"Drug {n}") for n in range(17)})
    out = tmp_path / "out"
    put(raw, bad=" ", worse=" ")
    before = built(raw, out)  # of fewer than 20 documents the share does not count
    assert before.n_rejects == 2
    put(raw, worst=" ")
    with pytest.raises(BuildError, match=r"3 of 20 documents were rejected, more than --max-rejects 0\.05") as caught:
        built(raw, out)
    assert all(f"{name}.md" in str(caught.value) for name in ("bad", "worse", "worst")), "it says which, and why"
    assert (out / "current").resolve() == before.build_path
    assert built(raw, out, max_rejects=0.15).n_rejects == 3
    assert [status for (status,) in sql(out, "SELECT status FROM runs ORDER BY run_id")] == [
        "published",
        "failed",
        "published",
    ]
