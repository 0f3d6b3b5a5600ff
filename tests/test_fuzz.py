"""Mutated monographs: never a traceback, never a hang, never a good document lost, memory bounded."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monopipe.discovery import SourceFile
from monopipe.document import MAX_BYTES
from monopipe.parts import Batch, BatchResult, extract_batch
from monopipe.timelimit import time_limit
from samples import monograph

SOAK = bool(os.environ.get("MONOPIPE_SOAK"))
MUTANTS = 5_000 if SOAK else 60
RAW = Path(__file__).parents[1] / "data" / "raw"
KNOWN_KINDS = frozenset(
    "not_utf8 nul_bytes empty_file too_large no_front_matter front_matter_not_mapping front_matter_not_closed"
    " yaml_error yaml_too_complex no_title markdown_too_deep".split()
)


def mutant(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A real monograph with one to five things done to it."""
    data = chance.choice(seeds)
    for _ in range(chance.randint(1, 5)):
        data = chance.choice(MUTATIONS)(chance, data, seeds)
    return data


def _bytes(chance: random.Random, data: bytes, _seeds: list[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _ascii(chance: random.Random, data: bytes, _seeds: list[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 40)):
        at = chance.randrange(len(changed) + 1)
        changed[at:at] = bytes(chance.choices(b"*_-#>|:[]{}()`\"'&!?,.0123456789 \t\r\n\\<%~", k=chance.randint(1, 6)))
    return bytes(changed)


def _cut(chance: random.Random, data: bytes, _seeds: list[bytes]) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[end:] if chance.random() < 0.5 else data[start:end]


def _lines(chance: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    what = chance.randrange(4)
    at = chance.randrange(len(lines))
    if what == 0:
        del lines[at : at + chance.randint(1, 10)]
    elif what == 1:
        lines[at:at] = chance.choice(seeds).splitlines(keepends=True)[: chance.randint(1, 30)]
    elif what == 2:
        lines[at:at] = lines[at : at + 1] * chance.randint(2, 200)
    else:
        chance.shuffle(lines)
    return b"".join(lines)


def _yaml(chance: random.Random, data: bytes, _seeds: list[bytes]) -> bytes:
    value = chance.choice(
        [
            b"&a [*a, *a]",
            b"!!python/object:os.system x",
            b"[" * 60,
            b"{a: {a: {a: 1}}}",
            b"2024-99-99",
            b".inf",
            b"~",
            b"|\n  text\n  more",
            b'"\\u0000"',
            b"1e999",
            b"0x" + b"f" * 400,
            b"? a\n: b",
            b"<<: *x",
            b"\xef\xbb\xbf",
        ]
    )
    key = chance.choice([b"title", b"lastModified", b"faqs", b"description", b"is_banned", b"x"])
    return data.replace(b"---\n", b"---\n" + key + b": " + value + b"\n", 1)


def _nesting(chance: random.Random, data: bytes, _seeds: list[bytes]) -> bytes:
    unit = chance.choice([b"> ", b"- ", b"1. ", b"  - ", b"**", b"[", b"![", b"<div>", b"| a ", b"`", b"(", b"#"])
    lines = data.splitlines(keepends=True) or [b""]
    at = chance.randrange(len(lines))
    lines[at] = unit * chance.randint(2, 3_000) + lines[at]
    return b"".join(lines)


MUTATIONS = (_bytes, _ascii, _cut, _lines, _yaml, _nesting)


def batch(folder: Path, texts: dict[str, bytes], seconds: float = 60.0) -> BatchResult:
    """What becomes of these documents in a worker."""
    raw, parts = folder / "raw", folder / "parts"
    for path in (raw, parts):
        path.mkdir(exist_ok=True)
    for name, data in texts.items():
        (raw / name).write_bytes(data)
    files = tuple((n, SourceFile(name, len(data), 1)) for n, (name, data) in enumerate(texts.items()))
    return extract_batch(Batch("00000", raw, parts, files, seconds=seconds))


def test_mutated_monographs(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    seeds = [path.read_bytes() for path in sorted(RAW.glob("*.md"))]
    for done in range(0, MUTANTS, 20):
        texts = {f"m{n:05}.md": mutant(chance, seeds) for n in range(done, done + 20)}
        texts["good.md"] = monograph("Good").encode()
        began = time.process_time()
        result = batch(tmp_path, texts)
        assert time.process_time() - began < 120, f"seed {seed}, from {done}"
        strange = [r for r in result.rejects if r.error_kind not in KNOWN_KINDS]
        assert strange == [], f"seed {seed}, from {done}"
        assert "good.md" not in {r.source_path for r in result.rejects}
        assert result.n_documents + len(result.rejects) == len(texts)


FRONT = b"---\ntitle: Large\n---\n\n## Dosage\n\n"
LARGE = {
    "brackets": FRONT + b"[" * (MAX_BYTES - 100),
    "links": FRONT + b"[a](" * ((MAX_BYTES - 100) // 4),
    "cells": FRONT + b"| a | b |\n|---|---|\n" + b"| 5 mg | x |\n" * ((MAX_BYTES - 100) // 13),
    "one_row": FRONT + b"| a | b |\n|---|---|\n" + b"| a " * ((MAX_BYTES - 100) // 4),
    "digits": FRONT + b"7" * (MAX_BYTES - 100),
    "doses": FRONT + b"5 mg " * ((MAX_BYTES - 100) // 5),
    "many_doses": FRONT + (b"5 mg " * 9_990 + b"\n\n") * ((MAX_BYTES - 100) // 49_952),
    "stars": FRONT + b"*" * (MAX_BYTES - 100),
    "ticks": FRONT + b"` `` " * ((MAX_BYTES - 100) // 5),
    "yaml_digits": b"---\ntitle: " + b"9" * (MAX_BYTES - 100) + b"\n---\n",
    "yaml_list": b"---\ntitle: x\na: [" + b"1, " * ((MAX_BYTES - 200) // 3) + b"1]\n---\n",
    "yaml_brackets": b"---\ntitle: x\na: " + b"[" * (MAX_BYTES - 200) + b"\n---\n",
}
MEASURE = """
import resource, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_fuzz import LARGE, batch
result = batch(Path(sys.argv[2]), {"large.md": LARGE[sys.argv[3]], "good.md": LARGE["good"]}, seconds=float(sys.argv[4]))
kinds = [r.error_kind for r in result.rejects]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, result.n_documents, *kinds)
"""
LARGE["good"] = monograph("Good").encode()
MIB = 1_000


@pytest.mark.skipif(not SOAK, reason="minutes: make soak")
@pytest.mark.parametrize("name", [name for name in LARGE if name != "good"])
def test_two_mebibytes_of_anything_are_bounded_in_time_and_memory(tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-c", MEASURE, str(Path(__file__).parent), str(tmp_path), name, "60"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=True)
    mib, n_documents, *kinds = done.stdout.split()
    print(name, done.stdout)
    assert int(mib) < MIB
    assert int(n_documents) + len(kinds) == 2
    assert set(kinds) <= KNOWN_KINDS | {"too_slow"}


def test_a_statement_beyond_all_prose_is_kept_unread(tmp_path: Path) -> None:
    from monopipe.document import MAX_STATEMENT, read
    from monopipe.extract import extract

    long = "Take 5 mg once daily. " * (MAX_STATEMENT // 22 + 1)
    text = f"---\ntitle: Long\n---\n\n## Dosage\n\n{long}\n\nAdults: 25 mg orally twice daily.\n"
    tables = extract(read(text.encode(), "long.md"), "long")
    assert [row.dose_low for row in tables["regimens"]] == [25.0]
    status = {row.source_quote[:10]: row.status for row in tables["statements"]}
    assert status["Take 5 mg "] == "unstructured"
    assert status["Adults: 25"] == "structured"


def test_a_document_that_takes_too_long_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monopipe import document

    read = document.read

    def endless(data: bytes, path: str) -> document.Document:
        while b"endless" in data:
            try:
                sum(range(1_000))
            except Exception:
                continue
        return read(data, path)

    monkeypatch.setattr(document, "read", endless)
    texts = {"bad.md": monograph("endless").encode(), "good.md": monograph("Good").encode()}
    result = batch(tmp_path, texts, seconds=0.5)
    assert [(r.source_path, r.error_kind) for r in result.rejects] == [("bad.md", "too_slow")]
    assert "within 0.5 seconds" in result.rejects[0].error_message
    assert result.n_documents == 1
    assert list(result.seen) == [1], "another time it may be quick enough: it is read again"


def test_the_limit_stops_a_regular_expression_and_other_threads() -> None:
    import re
    import threading

    with pytest.raises(TimeoutError), time_limit(0.3):
        re.match(r"(a+)+$", "a" * 60 + "b")
    ends = []

    def work() -> None:
        try:
            with time_limit(0.3):
                while True:
                    sum(range(1_000))
        except TimeoutError as error:
            ends.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    assert ends == ["not done within 0.3 seconds"]


def test_limits_leave_nothing_behind() -> None:
    import signal

    before = signal.getsignal(signal.SIGPROF)
    with time_limit(0.2):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) == before
