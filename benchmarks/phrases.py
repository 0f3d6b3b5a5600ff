"""Dosing phrases a second, beside splitting the same text with one regular expression, in the same run.

    python benchmarks/phrases.py [--rounds 9] [FILE]

FILE holds JSON lines with a "text" each; without it the phrases are the examples of the grammar's own tests. Splitting
is what any reader must do at the least: numbers, words and signs. The two run interleaved; medians of the rounds.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from monopipe.grammar import read

EXAMPLES = Path(__file__).resolve().parents[1] / "tests" / "grammar" / "examples.tsv"
_PIECES = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+|[^\w\s]")


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    phrases = _phrases(options.file)
    figures: dict[str, list[float]] = {"read": [], "split": []}
    programs: dict[str, Callable[[str], object]] = {"read": read, "split": _PIECES.findall}
    for _ in range(options.rounds + 1):
        for name, program in programs.items():
            begin = time.process_time()
            for text in phrases:
                program(text)
            figures[name].append(time.process_time() - begin)
    # The first round fills the caches of compiled patterns.
    reading, splitting = (statistics.median(figures[name][1:]) for name in ("read", "split"))
    ratios = [r / s for r, s in zip(figures["read"][1:], figures["split"][1:], strict=True)]
    print(f"{len(phrases)} phrases, {sum(map(len, phrases)) / len(phrases):.0f} characters each on average")
    print(f"read   {len(phrases) / reading:9,.0f} phrases a second")
    print(f"split  {len(phrases) / splitting:9,.0f} phrases a second")
    print(f"ratio  {statistics.median(ratios):9.1f}")


def _phrases(file: Path | None) -> list[str]:
    if file:
        return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    with EXAMPLES.open(encoding="utf-8", newline="") as lines:
        return [row[1] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 1]


if __name__ == "__main__":
    main()
