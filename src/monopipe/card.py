"""A drug as a card that a person can read: what the build holds on it, with the words that say it."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

import click

from monopipe.errors import MonopipeError
from monopipe.evidence import Record, near, records

if TYPE_CHECKING:
    import duckdb

_FREQUENCIES = ("very_common", "common", "uncommon", "rare", "very_rare", "not_known", None)
_ASSERTED = {"affirmed": "", "negated": "NOT ", "possible": "possibly ", "conditional": "on condition: "}


def width_of(file: IO[str]) -> int:
    """How wide a card may be: the terminal, within reason."""
    return min(shutil.get_terminal_size().columns, 110) if file.isatty() else 100


def card(con: duckdb.DuckDBPyConnection, words: str, width: int = 100) -> str:
    """The card of the one drug that goes by these words; MonopipeError names near ones when there is none."""
    drug_id = find(con, words)
    [drug] = records(con, "SELECT * FROM drugs WHERE drug_id = ?", drug_id)
    lines = _head(drug)
    for title, table, describe in _PARTS:
        rows = records(con, f"SELECT * FROM {table} WHERE drug_id = ? ORDER BY char_start, row_id", drug_id)
        if rows:
            lines += ["", click.style(title.upper(), bold=True), *describe(rows)]
    [document] = records(con, "SELECT * FROM documents WHERE document_id = ?", drug["document_id"])
    lines += ["", f"Read from {document['source_path']} ({document['coverage_ratio']:.0%} of its text became facts)."]
    return "\n".join(wrapped for line in lines for wrapped in _wrap(line, width)) + "\n"


def find(con: duckdb.DuckDBPyConnection, words: str) -> str:
    """The id of the drug with this id, name, brand, synonym or abbreviation."""
    word = " ".join(words.split()).lower()
    known = """SELECT drug_id, lower(drug_id) AS name, 1 AS rank FROM drugs
        UNION SELECT drug_id, lower(name), 2 FROM drugs
        UNION SELECT drug_id, name_norm, 3 FROM drug_names WHERE assertion = 'affirmed'"""
    found = con.execute(f"SELECT DISTINCT drug_id, rank FROM ({known}) WHERE name = ? ORDER BY ALL", [word]).fetchall()
    best = sorted({drug_id for drug_id, rank in found if rank == min(r for _, r in found)})
    if len(best) == 1:
        return str(best[0])
    if best:
        raise MonopipeError(f"{words!r} is a name of several drugs: {', '.join(best)}; give one of these ids")
    like = near(word, [row[0] for row in con.execute(f"SELECT DISTINCT name FROM ({known}) ORDER BY ALL").fetchall()])
    hint = f"near: {', '.join(like)}" if like else 'all of them: monopipe sql OUT "SELECT drug_id, name FROM drugs"'
    raise MonopipeError(f"there is no drug {words!r}; {hint}")


def _head(drug: Record) -> list[str]:
    lines = [click.style(drug["name"], bold=True) + f"  ({drug['drug_id']})"]
    if drug["is_banned"]:
        lines.append(click.style("BANNED, the document says.", bold=True))
    lines += [f"{label}: {drug[key]}" for label, key in (("Classes", "classes"), ("INN", "inn")) if drug[key]]
    if drug["last_modified"]:
        lines.append(f"Last modified: {drug['last_modified']:%Y-%m-%d}")
    return lines


def _names(rows: list[Record]) -> list[str]:
    return [f"  {kind}: {_joined(r['name'] for r in group)}" for kind, group in _by(rows, "name_kind")]


def _indications(rows: list[Record]) -> list[str]:
    lines = []
    for r in rows:
        abbreviation = f" ({r['condition_abbrev']})" if r["condition_abbrev"] else ""
        limits = [r[c].replace("_", " ") for c in ("disease_status", "treatment_phase", "age_group") if _says(r[c])]
        limits += [f"after at least {r['prior_therapies_min']} therapies"] if r["prior_therapies_min"] else []
        limits += [r[c] for c in ("prior_therapy_required", "risk_category", "biomarker", "prerequisite") if r[c]]
        limits += [f"with {r['partners']}"] if r["partners"] else []
        limits += [r["label_status"].replace("_", "-")] if r["label_status"] not in ("not_stated", "licensed") else []
        lines.append(f"  • {_ASSERTED[r['assertion']]}{r['condition']}{abbreviation}{_after(', '.join(limits))}")
    return lines


def _regimens(rows: list[Record]) -> list[str]:
    lines = []
    firsts = {g: min(r["char_start"] for r in rs) for g, rs in _by(rows, "regimen_group")}
    rows = sorted(rows, key=lambda r: (firsts[r["regimen_group"]], r["regimen_group"], r["sequence"]))
    for _, group in groupby(rows, key=lambda r: r["regimen_group"]):
        quote = None
        for r in group:
            unread = f"  [unread: {r['unread_text'] or r['numbers_unread']}]" if r["parse_status"] != "full" else ""
            mark = "•" if quote is None else "›"
            asserted = "" if r["condition_text"] else _ASSERTED[r["assertion"]]
            lines.append(f"  {mark} {asserted}{r['readable'] or _one_line(r['source_quote'])}{unread}")
            if r["source_quote"] != quote:
                quote = r["source_quote"]
                lines.append(f"      “{_one_line(quote)}” (line {r['line_start']})")
    return lines


def _limits(rows: list[Record]) -> list[str]:
    return [f"  • “{_one_line(r['source_quote'])}” (line {r['line_start']})" for r in rows]


def _side_effects(rows: list[Record]) -> list[str]:
    lines = []
    for frequency in _FREQUENCIES:
        here = [r for r in rows if r["frequency_category"] == frequency and r["assertion"] != "negated"]
        if here:
            terms = (r["term"] + _numbers(r) + (" (serious)" if r["is_serious"] else "") for r in here)
            lines.append(f"  {(frequency or 'frequency not stated').replace('_', ' ')}: {_joined(terms)}")
    negated = [r["term"] for r in rows if r["assertion"] == "negated"]
    return [*lines, f"  NOT: {_joined(negated)}"] if negated else lines


def _numbers(r: Record) -> str:
    ends = sorted({r[c] for c in ("frequency_low", "frequency_high") if r[c] is not None})
    return f" ({'–'.join(f'{100 * e:g}' for e in ends)} %)" if ends else ""


def _interactions(rows: list[Record]) -> list[str]:
    lines = []
    for r in rows:
        says = [r["severity"] if r["severity"] not in ("unknown", "none") else ""]
        if r["assertion"] == "negated":
            says.append("no interaction")
        elif r["effect_target"] not in ("none", "unknown"):
            says.append(f"{r['effect_target'].replace('_', ' ')} {r['effect_direction']}".removesuffix(" unclear"))
        says.append(r["management"].replace("_", " ") if r["management"] not in ("not_stated", "none_needed") else "")
        lines.append(f"  • {r['interactant']}{_after(', '.join(s for s in says if s))}")
        lines.append(f"      “{_one_line(r['source_quote'])}” (line {r['line_start']})")
    return lines


def _contraindications(rows: list[Record]) -> list[str]:
    strengths = {"absolute": "absolute", "relative": "relative", "not_stated": ""}
    return [f"  • {_ASSERTED[r['assertion']]}{r['condition']}{_after(strengths[r['strength']])}" for r in rows]


def _pregnancy(rows: list[Record]) -> list[str]:
    lines = []
    for r in rows:
        says = (r["recommendation"] or "").replace("_", " ")
        category = " ".join(filter(None, (r["category_system"], r["category"])))
        text = _one_line(r["detail"] or r["source_quote"])
        lines.append(f"  • {r['topic']}{_after(', '.join(filter(None, (says, category))))}: {text}")
    return lines


def _pharmacokinetics(rows: list[Record]) -> list[str]:
    return [
        f"  • {r['parameter'].replace('_', ' ')}{_after(r['qualifier'] or '')}: {_one_line(r['value_text'])}"
        for r in rows
    ]


def _findings(rows: list[Record]) -> list[str]:
    return [f"  • {r['severity']}: {r['message']} (line {r['line_start']})" for r in rows]


_PARTS: tuple[tuple[str, str, Callable[[list[Record]], list[str]]], ...] = (
    ("Names", "drug_names", _names),
    ("Indications", "indications", _indications),
    ("Dosing", "regimens", _regimens),
    ("Maximum doses", "dose_limits", _limits),
    ("Side effects", "side_effects", _side_effects),
    ("Interactions", "interactions", _interactions),
    ("Contraindications", "contraindications", _contraindications),
    ("Pregnancy and breastfeeding", "pregnancy_lactation", _pregnancy),
    ("Pharmacokinetics", "pharmacokinetics", _pharmacokinetics),
    ("Findings", "findings", _findings),
)


def _by(rows: list[Record], column: str) -> list[tuple[Any, list[Record]]]:
    """The rows by the value of a column, in the order in which the values first come."""
    groups: dict[Any, list[Record]] = {}
    for r in rows:
        groups.setdefault(r[column], []).append(r)
    return list(groups.items())


def _says(value: str) -> bool:
    return value != "unspecified"


def _after(words: str) -> str:
    return f" — {words}" if words else ""


def _joined(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _wrap(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, max(width, 40), subsequent_indent=indent, break_long_words=False) or [""]
