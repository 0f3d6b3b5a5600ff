"""What a build made, in words: the same for the command line, the flow and its artifacts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monopipe.discovery import place
from monopipe.tables import TABLES, Fact

if TYPE_CHECKING:
    from monopipe.build import Report

SHOWN_REJECTS = 10
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Summary:
    """A report with what its build says about coverage, ready to be shown."""

    report: Report
    coverage: float | None
    """Mean share of the documents' characters that became facts; null without documents."""

    @property
    def has_problems(self) -> bool:
        """Whether `--strict` minds: there are rejects or findings of severity `error`."""
        return self.report.n_rejects > 0 or self.report.findings.get("error", 0) > 0

    def record(self) -> dict[str, Any]:
        """The summary as one JSON object."""
        r = self.report
        return {
            "build_id": r.build_id,
            "build_path": str(r.build_path),
            "n_documents": r.n_documents,
            "n_rejects": r.n_rejects,
            "n_reused": r.n_reused,
            "coverage": self.coverage,
            "tables": r.counts,
            "findings": r.findings,
            "rejects": [dataclasses.asdict(reject) for reject in r.rejects],
            "seconds": {stage: round(s, 3) for stage, s in r.seconds.items()},
        }

    def text(self) -> str:
        """The summary for a terminal or a log."""
        r = self.report
        lines = [f"Published build {r.build_id}", "", f"  documents   {self._documents()}"]
        lines += [f"    {place(j)}: {j.error_kind}: {j.error_message}" for j in r.rejects[:SHOWN_REJECTS]]
        if r.n_rejects > SHOWN_REJECTS:
            lines.append(f"    … and {r.n_rejects - SHOWN_REJECTS:,} more: SELECT * FROM rejects")
        if self.coverage is not None:
            lines.append(f"  coverage    {self.coverage:.1%} of the text became facts or repeats one")
        lines += [f"  findings    {_findings(r.findings)}", f"  facts       {self.n_facts:,}"]
        lines += [f"    {left}{right}".rstrip() for left, right in _in_two_columns(_facts(r.counts))]
        if r.seconds:
            stages = ", ".join(f"{stage} {s:.1f}" for stage, s in r.seconds.items())
            lines.append(f"  seconds     {sum(r.seconds.values()):.1f} ({stages})")
        out = r.build_path.parent.parent
        lines += [f"  files       {r.build_path}", "", f'Look inside: monopipe sql {out} "SELECT * FROM drugs"']
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        """The summary as a Markdown document."""
        r = self.report
        lines = [f"# Build {r.build_id}", "", f"Documents: {self._documents()}."]
        if self.coverage is not None:
            lines.append(f"{self.coverage:.1%} of the text became facts or repeats one.")
        lines += [f"Findings: {_findings(r.findings)}.", "", f"Files: `{r.build_path}`", ""]
        if r.rejects:
            lines += ["## Rejects", "", "| file | line | kind | message |", "|---|---|---|---|"]
            for j in r.rejects:
                cells = (j.source_path, str(j.line or ""), j.error_kind, j.error_message)
                lines.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |")
            lines.append("")
        lines += ["## Rows", "", "| table | rows |", "|---|--:|"]
        lines += [f"| {name} | {n:,} |" for name, n in r.counts.items()]
        return "\n".join(lines) + "\n"

    def _documents(self) -> str:
        r = self.report
        reused = f", {r.n_reused:,} of them unchanged and reused" if r.n_reused else ""
        return f"{r.n_documents:,} read, {r.n_rejects:,} rejected{reused}"

    @property
    def n_facts(self) -> int:
        """The number of rows over all tables of facts."""
        return sum(n for _, n in _facts(self.report.counts))


def summarize(report: Report) -> Summary:
    """The report, with the coverage read from its build."""
    import pyarrow.parquet as pq

    ratios = pq.read_table(report.build_path / "documents.parquet", columns=["coverage_ratio"]).column(0).to_pylist()
    return Summary(report, sum(ratios) / len(ratios) if ratios else None)


def _facts(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(name, n) for name, n in counts.items() if issubclass(TABLES[name].row_class, Fact) and name != "findings"]


def _in_two_columns(pairs: list[tuple[str, int]]) -> list[tuple[str, str]]:
    cells = [f"{name:<22}{n:>8,}      " for name, n in pairs]
    half = -(-len(cells) // 2)
    return list(zip(cells[:half], [*cells[half:], ""][:half], strict=True))


def _findings(findings: dict[str, int]) -> str:
    return ", ".join(f"{findings[s]:,} {s}" for s in _SEVERITIES if findings.get(s)) or "none"
