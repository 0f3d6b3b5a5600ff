"""Accuracy against gold: what the program reads from monographs beside what a careful reader wrote down.

    python benchmarks/accuracy.py [--misses] [--table TABLE] [--record BATCH] [DOCUMENT …]

Gold stands in benchmarks/gold, one YAML file a monograph. Without documents named, the report is written to
docs/accuracy.md. `--record BATCH` appends the score of the named documents to the record of first contact.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

import yaml
from scoring import FIELDS, MAIN, Score, score, sprung

from monopipe.document import read
from monopipe.extract import extract

HERE = Path(__file__).resolve().parent
RAW = HERE.parent / "data" / "raw"
GOLD = HERE / "gold"
FIRST_CONTACT = HERE / "first_contact.csv"
REPORT = HERE.parent / "docs" / "accuracy.md"
ABOUT = HERE / "accuracy.md"


class Accuracy:
    """Scores a table, a document and in all."""

    def __init__(self) -> None:
        self.tables = {table: Score() for table in FIELDS}
        self.documents: dict[str, dict[str, Score]] = {}
        self.traps = 0
        self.sprung: list[str] = []
        self.statements = 0
        self.unstructured: list[str] = []

    def add(self, slug: str, rows: dict[str, list[Any]], gold: dict[str, Any] | None) -> None:
        """Take up one document; without gold only its ledger counts."""
        for s in rows["statements"]:
            self.statements += s.status != "structural"
            if s.status == "unstructured":
                quote = " ".join(s.source_quote.split())
                self.unstructured.append(f"unread   {slug}: {s.section} line {s.line_start}: {quote[:200]!r}")
        if gold is None:
            return
        # "CML" may also stand behind "accelerated-phase chronic myeloid leukaemia": its own name is the shortest
        named = [i for i in gold.get("indications") or () if "condition_abbrev" in i]
        short = {i["condition_abbrev"]: i["condition"] for i in sorted(named, key=lambda i: -len(i["condition"]))}
        scores = {t: score(t, gold[t] or [], rows[t], short) for t in FIELDS if t in gold}
        for table, s in scores.items():
            s.misses = [f"{m[:9]}{slug}: {m[9:]}" for m in s.misses]
            self.tables[table].add(s)
        self.documents[slug] = scores
        traps = gold.get("traps") or []
        self.traps += len(traps)
        self.sprung += [f"{m[:9]}{slug}: {m[9:]}" for m in sprung(traps, rows)]

    @property
    def mean_f1(self) -> float:
        """The mean of the four main tables."""
        return sum(self.tables[t].f1 for t in MAIN) / len(MAIN)

    @property
    def whole_regimens(self) -> float:
        """Share of the gold's regimens with every field right."""
        s = self.tables["regimens"]
        return s.whole / s.gold if s.gold else 1.0

    @property
    def wrong_share(self) -> float:
        """Share of wrong values among all fields that the program set in matched rows."""
        return _share(sum(s.wrong for s in self.tables.values()), sum(s.set_fields for s in self.tables.values()))

    def headline(self) -> dict[str, str]:
        """The figures that the goals are stated in."""
        return {
            "mean F1": f"{self.mean_f1:.3f}",
            **{f"F1 {t}": f"{self.tables[t].f1:.3f}" for t in MAIN},
            "regimens wholly right": f"{self.whole_regimens:.3f}",
            "wrong values": f"{self.wrong_share:.2%}",
            "traps sprung": f"{len(self.sprung)} of {self.traps}",
            "unstructured": f"{_share(len(self.unstructured), self.statements):.1%}",
        }


def measure(slugs: list[str], raw: Path, gold: Path) -> Accuracy:
    """Read the documents and compare them with their gold."""
    accuracy = Accuracy()
    for slug in slugs:
        path = next(p for p in (raw / f"{slug}.md", gold / f"{slug}.md") if p.exists())
        rows = extract(read(path.read_bytes(), path.name), slug)
        noted = gold / f"{slug}.yaml"
        accuracy.add(slug, rows, yaml.safe_load(noted.read_text(encoding="utf-8")) if noted.exists() else None)
    return accuracy


def report(accuracy: Accuracy, n_documents: int) -> str:
    """docs/accuracy.md: what gold is, the figures, first contact."""
    head = ABOUT.read_text(encoding="utf-8").rstrip()
    lines = [head, "", "## Now", ""]
    lines += [f"{n_documents} monographs, {len(accuracy.documents)} of them with gold.", ""]
    lines += _table(["figure", "value"], [[k, v] for k, v in accuracy.headline().items()])
    lines += ["", "## A table", ""]
    heads = "table|gold rows|precision|recall|F1|rows wholly right|fields right|wrong values|left null".split("|")
    lines += _table(heads, [_figures(t, s) for t, s in accuracy.tables.items() if s.gold or s.found])
    lines += ["", "## A document", ""]
    rows = []
    for slug, scores in accuracy.documents.items():
        own = [scores[t].f1 for t in MAIN if t in scores]
        regimens = scores.get("regimens", Score())
        wrong = sum(s.wrong for s in scores.values())
        rows.append(
            [slug, f"{sum(own) / max(len(own), 1):.3f}", f"{_share(regimens.whole, regimens.gold):.2f}", str(wrong)]
        )
    lines += _table(["monograph", "mean F1 of the four", "regimens wholly right", "wrong values"], rows)
    if FIRST_CONTACT.exists():
        lines += ["", "## First contact", ""]
        lines += [
            "Each batch was scored once, before any rule was changed for it. Gold was corrected by a second reader "
            "afterwards; the figures are of the gold as it then stood.",
            "",
            "The monographs of batches 1 to 10 follow one skeleton of sections, each writer in his own words. Those of "
            "batches 11 to 14 were written in 32 unusual hands on purpose (US label, European summary of product "
            "characteristics, ward shorthand, plain language, protocol sheet, formulary, encyclopaedia, pocket card …), "
            "those of 15 to 17 by 24 writers of different trades and countries as comes natural to them, all with "
            "headings of their own: these tell what to expect of a collection that many hands write. Batch 17 holds "
            "drugs that are hard to dose in words (insulin, nitrates, fixed combinations by weight).",
            "",
        ]
        with FIRST_CONTACT.open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file))
        lines += _table(table[0], table[1:])
    return "\n".join(lines) + "\n"


def _figures(table: str, s: Score) -> list[str]:
    shares = [f"{x:.3f}" for x in (s.precision, s.recall, s.f1, _share(s.whole, s.gold))]
    if not FIELDS[table]:
        return [table, str(s.gold), *shares[:3], "", "", "", ""]
    return [table, str(s.gold), *shares, f"{s.fields_right:.3f}", str(s.wrong), str(s.missing)]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _record(batch: str, accuracy: Accuracy) -> None:
    figures = {"batch": batch, "documents": str(len(accuracy.documents)), **accuracy.headline()}
    new = not FIRST_CONTACT.exists()
    with FIRST_CONTACT.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, figures, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(figures)


def main() -> None:
    """Score, show, write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("documents", nargs="*", metavar="DOCUMENT", help="names of monographs, without .md")
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of monographs")
    parser.add_argument("--gold", type=Path, default=GOLD, help="folder of gold")
    parser.add_argument("--misses", action="store_true", help="list every difference")
    parser.add_argument("--table", action="append", help="list differences of this table only")
    parser.add_argument("--record", metavar="BATCH", help="append the score to the record of first contact")
    options = parser.parse_args()
    slugs = options.documents or sorted(p.stem for p in options.raw.glob("*.md"))
    accuracy = measure(slugs, options.raw, options.gold)
    if options.misses or options.table:
        shown = [m for t in options.table or FIELDS for m in (accuracy.tables[t].misses if t in FIELDS else [])]
        shown += accuracy.sprung
        shown += accuracy.unstructured if not options.table or "statements" in options.table else []
        print("\n".join(shown))
    if options.record:
        _record(options.record, accuracy)
    width = max(map(len, accuracy.headline()))
    for name, value in accuracy.headline().items():
        print(f"{name:{width}}  {value}", file=sys.stderr)
    if not options.documents and options.raw == RAW:
        REPORT.write_text(report(accuracy, len(slugs)), encoding="utf-8")
        print(f"Report: {REPORT.relative_to(HERE.parent)}", file=sys.stderr)


if __name__ == "__main__":
    main()
