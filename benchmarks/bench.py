"""The build against the naive loop, on a generated collection, in the same run.

    python benchmarks/bench.py [--documents 2000 …] [--workers 1 2] [--rounds 1] [--keep FOLDER [--programs NAME …]]

Three builds follow each other: a cold one, one of unchanged documents, one after 1 % of them have changed. `make bench`
takes 2,000 documents, `make bench-large` 2,000 and 20,000, which is an hour's work. With `--keep` what was generated,
built and measured stays in a folder, so that the programs can be run at different times: `--programs naive cold`, later
`--programs unchanged`, then `--programs changed`, with the same code; the table
is of all that were run.

The naive loop reads the front matter, parses the whole Markdown and keeps one row a block, in one process. The
collection is made of the monographs in data/raw: their form, numbers and dosing stay, all other words are replaced by
words of the document's own, so that nothing is fast only because it was met before. Each program runs in a process of
its own, interleaved; CPU and peak memory include its workers, memory that they share counted for each.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
SIZE = 12_500
BUILDS = ("cold", "unchanged", "1 % changed")
MEASURED = "measured.json"
CHANGED = 100
"""Every so many documents, one changes."""
_WORD = re.compile(r"[A-Za-z]{5,}")
_KEPT = re.compile(r"^(?:#|[\w-]+:|\s*-?\s*[qa]:|.*\d)")
_SYLLABLES = "ba be bi bo ca ce co cu da de di do fa fe fi ga ge gi la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi".split()


def main() -> None:
    """Generate, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, nargs="+", default=[2000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="keep the collection and the builds in this folder")
    parser.add_argument(
        "--programs", nargs="+", choices=["naive", "cold", "unchanged", "changed"], help="only these; needs --keep"
    )
    parser.add_argument("--one", nargs=3, metavar=("PROGRAM", "RAW", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        program, raw, out = options.one
        one(program, Path(raw), Path(out))
        return
    if options.programs and not options.keep:
        parser.error("--programs needs --keep: a build that is not cold needs the one before")
    programs = ["naive", *(f"{build}, {n} worker{'s' * (n > 1)}" for n in options.workers for build in BUILDS)]
    if options.programs:
        programs = [p for p in programs if p.partition(", ")[0].removeprefix("1 % ") in options.programs]
    with tempfile.TemporaryDirectory() as temporary:
        for n in options.documents:
            folder = (options.keep or Path(temporary)) / str(n)
            n_bytes = size_of(folder / "raw", n) or generate(folder / "raw", n)
            print(f"\n{n:,} documents of {n_bytes / n / 1000:.1f} kB, {options.rounds} round(s)", end="")
            print(f", load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores\n", flush=True)
            kept = folder / MEASURED
            measured: dict[str, list[dict[str, float]]] = json.loads(kept.read_text()) if kept.exists() else {}
            measured |= {program: [] for program in programs}
            for _ in range(options.rounds):
                for program in programs:
                    measured[program].append(measure(program, folder / "raw", folder / "out"))
                    kept.write_text(json.dumps(measured))
            show(measured, n)


def size_of(raw: Path, n: int) -> int:
    """The bytes of a collection of `n` monographs that is there already; 0 when it is not."""
    sizes = [path.stat().st_size for path in raw.rglob("*.md")]
    return sum(sizes) if len(sizes) == n else 0


def generate(raw: Path, n: int) -> int:
    """`n` monographs of the seed's size in `raw`, all different, the same ones every time; their bytes."""
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir(parents=True)
    patterns = [path.read_text(encoding="utf-8") for path in sorted(RAW.glob("*.md"))]
    total = 0
    for k in range(n):
        chance = random.Random(k)
        text = _document(patterns, chance, k)
        total += (raw / f"{k % 50:02}").mkdir(exist_ok=True) or 0
        total += (raw / f"{k % 50:02}" / f"drug-{k:05}.md").write_text(text, encoding="utf-8")
    return total


def _document(patterns: list[str], chance: random.Random, k: int) -> str:
    """A monograph of one pattern, filled up with the body of others; words without a number are its own."""
    words: dict[str, str] = {}

    def own(match: re.Match[str]) -> str:
        word = match.group()
        if chance.random() < 0.5:  # half of the words stay, so that the rules find as much as they do in real text
            return word
        if word not in words:
            words[word] = "".join(chance.choices(_SYLLABLES, k=max(2, len(word) // 2)))
        return words[word]

    text = patterns[k % len(patterns)]
    _, front, body = text.split("---", 2)
    front = re.sub(r"(?m)^title:.*$", f"title: {''.join(chance.choices(_SYLLABLES, k=4)).title()} {k}", front)
    while len(front) + len(body) < SIZE:
        more = chance.choice(patterns).split("---", 2)[2]
        body += more[: max(0, SIZE - len(front) - len(body))].rsplit("\n\n", 1)[0] + "\n\n"
        if SIZE - len(front) - len(body) < 1500:
            break
    lines = [line if _KEPT.match(line) else _WORD.sub(own, line) for line in body.split("\n")]
    return f"---{front}---" + "\n".join(lines) + f"\n\nDocument {k}.\n"


def measure(program: str, raw: Path, out: Path) -> dict[str, float]:
    """Wall time, CPU time and peak memory of one program, workers included."""
    if program.startswith("1 %"):
        for path in sorted(raw.rglob("*.md"))[::CHANGED]:
            path.write_text(path.read_text(encoding="utf-8") + f"\nChanged for {program}.\n", encoding="utf-8")
    elif not program.startswith("unchanged"):
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, __file__, "--one", program, str(raw), str(out)], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def one(program: str, raw: Path, out: Path) -> None:
    """Run one program in this process and print what it took; imports count."""
    peak = _PeakMemory()
    start = time.perf_counter()
    stages: dict[str, float] = {}
    if program == "naive":
        rows = naive(raw)
    else:
        from monopipe.build import build

        report = build(raw, out, workers=int(program.split()[-2]))
        rows, stages = sum(report.counts.values()), report.seconds
    wall = time.perf_counter() - start
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime
    print(json.dumps({"wall": wall, "cpu": cpu, "mib": peak.mib(), "main": peak.alone(), "rows": rows, **stages}))


def naive(raw: Path) -> int:
    """What one would write first: front matter, full parse, one row a block, all in one list and one Parquet file."""
    import frontmatter
    import pyarrow as pa
    import pyarrow.parquet as pq
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    rows = []
    for path in sorted(raw.rglob("*.md")):
        post = frontmatter.loads(path.read_text(encoding="utf-8"))
        for ordinal, token in enumerate(parser.parse(post.content)):
            if token.type == "inline":
                first, last = token.map or (0, 0)
                rows.append((str(path), str(post["title"]), ordinal, first, last, token.content))
    names = ["path", "title", "ordinal", "first", "last", "text"]
    table = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(table, Path(folder) / "blocks.parquet", compression="zstd")
    return len(rows)


class _PeakMemory:
    """The highest sum of resident memory of this process and its children, sampled ten times a second."""

    def __init__(self) -> None:
        self._peak = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            self._peak = max(self._peak, self._now())
            time.sleep(0.1)

    @staticmethod
    def _now() -> int:
        total = 0
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
        for pid in [str(os.getpid()), *children.read_text().split()]:
            try:
                total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
            except (OSError, IndexError):
                continue
        return total

    def mib(self) -> float:
        """The peak in MiB."""
        return max(self._peak / 2**20, self.alone())

    @staticmethod
    def alone() -> float:
        """The peak of this process without its workers, in MiB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def show(measured: dict[str, list[dict[str, float]]], n: int) -> None:
    """The medians as a table, with the ratios to the naive loop and to the cold build of the same round."""
    naive = measured.get("naive")
    print(
        "| | wall s | CPU s | ms CPU a document | peak MiB | of it main | rows | ÷ naive: wall | CPU | ÷ cold: wall | CPU |"
    )
    print("|---" * 11 + "|")
    for program, rounds in measured.items():
        wall, cpu, mib, main, rows = (
            statistics.median(r[key] for r in rounds) for key in ("wall", "cpu", "mib", "main", "rows")
        )
        cold = measured.get(f"cold, {program.partition(', ')[2]}")
        ratios = [_ratio(rounds, base, key) for base in (naive, cold) for key in ("wall", "cpu")]
        print(
            f"| {program} | {wall:.1f} | {cpu:.1f} | {1000 * cpu / n:.1f} | {mib:.0f} | {main:.0f} | {rows:.0f} | "
            + " | ".join(ratios)
            + " |"
        )
    print()
    for program, rounds in measured.items():
        stages = {k: v for k, v in rounds[-1].items() if k not in ("wall", "cpu", "mib", "main", "rows")}
        if stages:
            print(f"{program}: " + ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages.items()))


def _ratio(rounds: list[dict[str, float]], base: list[dict[str, float]] | None, key: str) -> str:
    """The median of the ratios in each round; nothing where the other program was not run."""
    if not base:
        return ""
    return f"{statistics.median(one[key] / other[key] for one, other in zip(rounds, base, strict=False)):.3f}"


if __name__ == "__main__":
    main()
