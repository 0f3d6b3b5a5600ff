"""Rows of the program against rows of the gold: matching, fields, traps.

A gold row and a row of the program are the same fact when their key words agree (a condition, a term, an interactant, a
line for doses). Key words agree when they are equal in normal form, or, on one line, when one holds all words of the
other and at least half of the words are shared: "severe skin reactions" and "skin reactions" are one fact worded
otherwise. Each row matches at most once, the closest pair first. What a gold row does not name is null or the default.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from monopipe.extract.terms import normal
from monopipe.tables import ROW_CLASSES

Cells = dict[str, Any]
_SMALL_WORDS = frozenset("a an and any at by for in of on or other such the to with due risk increased severe".split())

# Columns compared, a table: codes and numbers. Texts as printed are matched as keys, not compared.
_FIELDS = {
    "drug_names": "name_kind",
    "drug_classes": "",
    "indications": "disease_status treatment_phase prior_therapies_min age_group label_status assertion",
    "regimens": "step_kind age_group population param param_low param_high param_unit dose_low dose_high dose_unit dose_basis "
    "dose_is quantity_low quantity_high quantity_unit rate_low rate_high rate_unit route admin_duration "
    "admin_duration_unit frequency frequency_max period period_max period_unit when_code as_needed bounds_low "
    "bounds_high bounds_unit dose_count cycle_length cycle_unit cycle_days days_on cycles_min cycles_max continuous "
    "start_after start_after_unit max_single_dose max_daily_dose max_weekly_dose max_dose_unit condition",
    "side_effects": "frequency_category frequency_basis frequency_low frequency_high is_serious is_long_term severity assertion",
    "contraindications": "kind strength assertion",
    "interactions": "interactant_kind affected effect_target effect_direction mechanism_kind severity management assertion",
    "pregnancy_lactation": "recommendation category assertion",
    "combinations": "",
    "pharmacokinetics": "value_low value_high value_unit comparator",
    "drug_enzymes": "kind contribution assertion",
    "dose_guidance": "recommendation param param_low param_high param_unit",
    "monitoring": "",
}
FIELDS = {table: tuple(columns.split()) for table, columns in _FIELDS.items()}
_ROWS = {c.__table__.name: c for c in ROW_CLASSES}
MAIN = ("indications", "regimens", "side_effects", "interactions")
# A negated row denies a fact: gold may leave it out without being incomplete.
_DENIALS_MAY_BE_LEFT_OUT = ("indications", "side_effects", "contraindications", "pregnancy_lactation")


@dataclass
class Score:
    """Counts of one table, over any number of documents."""

    gold: int = 0
    found: int = 0
    matched: int = 0
    whole: int = 0  # matched rows with every compared field right
    set_fields: int = 0  # fields that the program set in matched rows
    wrong: int = 0  # of these, another value than the gold's
    missing: int = 0  # fields of the gold that the program left null in matched rows
    right: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Take up another document's counts."""
        for f in dataclasses.fields(self):
            setattr(self, f.name, getattr(self, f.name) + getattr(other, f.name))

    @property
    def precision(self) -> float:
        """Share of the program's rows that the gold holds."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold's rows that the program found."""
        return self.matched / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def fields_right(self) -> float:
        """Share of right values among all fields that gold or program sets in matched rows."""
        total = self.right + self.wrong + self.missing
        return self.right / total if total else 1.0


def score(table: str, gold: list[Cells], found: list[Any], abbreviations: dict[str, str] | None = None) -> Score:
    """One table of one document; `abbreviations` writes out the conditions that the gold's doses print short."""
    defaults = {f.name: f.default for f in dataclasses.fields(_ROWS[table]) if f.default is not dataclasses.MISSING}
    wanted = [_gold_cells(row, defaults) for row in gold]
    for row in wanted:
        if isinstance(row.get("condition"), list):
            row["condition"] = [(abbreviations or {}).get(c, c) for c in row["condition"]]
    rows = [_program_cells(row) for row in found]
    if table in _DENIALS_MAY_BE_LEFT_OUT:
        denials = {k for k, row in enumerate(rows) if row["assertion"] == "negated"}
        asked = any(row["assertion"] == "negated" for row in wanted)
        rows = [row for k, row in enumerate(rows) if k not in denials or asked]
    pairs = sorted(
        ((_closeness(table, g, p), -i, -j) for i, g in enumerate(wanted) for j, p in enumerate(rows)), reverse=True
    )
    result = Score(gold=len(wanted), found=len(rows))
    taken_gold: dict[int, int] = {}
    taken_rows: set[int] = set()
    for closeness, i, j in pairs:
        if closeness <= 0 or -i in taken_gold or -j in taken_rows:
            continue
        taken_gold[-i] = -j
        taken_rows.add(-j)
    for i, g in enumerate(wanted):
        if i not in taken_gold:
            result.misses.append(f"missing  {table} {_words(table, g)}: {_shown(gold[i])}")
            continue
        _compare(table, g, rows[taken_gold[i]], result)
    for j, p in enumerate(rows):
        if j not in taken_rows:
            result.misses.append(f"surplus  {table} line {p['line']} {_words(table, p)}: {_quote(p)}")
    return result


def _compare(table: str, g: Cells, p: Cells, result: Score) -> None:
    wrong, missing = [], []
    for name in FIELDS[table]:
        want, got = _value(g, name), _value(p, name)
        if got is not None:
            result.set_fields += 1
        if _same(want, got) or (name in _NAMED and want and got and _agree(_plain(want), _plain(got))):
            result.right += want is not None
        elif got is None:
            missing.append(f"{name} {want!r}")
        else:
            wrong.append(f"{name} {got!r}, gold {want!r}")
    result.matched += 1
    result.whole += not wrong and not missing
    result.wrong += len(wrong)
    result.missing += len(missing)
    where = f"{table} line {p['line']} {_words(table, p)}"
    result.misses += [f"wrong    {where}: {w}: {_quote(p)}" for w in wrong]
    result.misses += [f"null     {where}: {m}: {_quote(p)}" for m in missing]


def sprung(traps: Iterable[Cells], found: dict[str, list[Any]]) -> Iterator[str]:
    """The traps of a document that a row of the program falls into."""
    for trap in traps:
        table = trap["table"]
        for row in map(_program_cells, found.get(table, ())):
            if row.get("assertion") != "negated" and _falls(table, trap, row):
                yield f"trap     {table} line {row['line']}: {trap.get('why', '')}: {_quote(row)}"
                break


def _falls(table: str, trap: Cells, row: Cells) -> bool:
    if "line" in trap and not row["line"] <= trap["line"] <= row["line_end"]:
        return False
    if "dose" in trap and trap["dose"] not in (row.get("dose_low"), row.get("dose_high")):
        return False
    if "unit" in trap and trap["unit"] != row.get("dose_unit"):
        return False
    named = [(k, v) for k, v in trap.items() if k not in ("table", "line", "dose", "unit", "why")]
    return all(
        _content_words(str(v)) == _content_words(str(row.get(k))) if isinstance(v, str) else row.get(k) == v
        for k, v in named
    ) and bool(named or "line" in trap)


_IN_DAYS = {"d": 1.0, "wk": 7.0, "mo": 30.4375, "a": 365.25}


def _age_in_months(cells: Cells) -> None:
    """An age band in months, so that "6 months to 5 years" may stand as 6–60 months or as 0.5–5 years."""
    if cells.get("param") == "age" and cells.get("param_unit") in _IN_DAYS:
        for end in ("param_low", "param_high"):
            if cells.get(end) is not None:
                cells[end] = round(cells[end] * _IN_DAYS[cells["param_unit"]] / _IN_DAYS["mo"], 3)
        cells["param_unit"] = "mo"


def _gold_cells(row: Cells, defaults: Cells) -> Cells:
    cells = {**defaults, "assertion": "affirmed", **row}
    cells.setdefault("line_end", cells.get("line"))
    _age_in_months(cells)
    if cells.get("cycle_days") is not None:
        cells["cycle_days"] = str(cells["cycle_days"]).replace(" ", "")
    return cells


def _program_cells(row: Any) -> Cells:
    cells = {f.name: getattr(row, f.name) for f in dataclasses.fields(row)}
    cells["line"] = cells.get("line_start")
    _age_in_months(cells)
    if cells.get("condition_norm") and "dose_low" in cells:
        cells["condition"] = cells["condition_norm"].split("; ")
    return cells


_UNSET = ("unspecified", "none", "not_stated", "unknown", "unclear", False, "")


def _value(cells: Cells, name: str) -> Any:
    value = cells.get(name)
    if name == "effect_target" and value == "none":
        return value
    if value is None or value in _UNSET:
        return None
    return sorted(value) if isinstance(value, list) else value


_NAMED = ("param", "param_unit")


def _plain(name: str) -> str:
    """A parameter or unit without the marks that differ by spelling: "mL/min/{1.73_m2}" is "mL/min/1.73 m²"."""
    return name.replace("{", "").replace("}", "").replace("_", " ").replace("²", "2").replace("³", "3")


def _same(want: Any, got: Any) -> bool:
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(any(_agree(w, g) for g in got) for w in want)
    if isinstance(want, (int, float)) and isinstance(got, (int, float)):
        return abs(want - got) <= 1e-6 * max(abs(want), 1)
    return bool(want == got)


def _agree(a: str, b: str) -> bool:
    return _likeness(a, b) > 0


_KEYS: dict[str, Callable[[Cells], str]] = {
    "drug_names": lambda r: r["name"],
    "drug_classes": lambda r: r["class_name"],
    "indications": lambda r: r["condition"],
    "side_effects": lambda r: r["term"],
    "contraindications": lambda r: r["condition"],
    "interactions": lambda r: r["interactant"],
    "combinations": lambda r: r["partners"],
    "drug_enzymes": lambda r: f"{r['enzyme']} {r['role']}",
    "monitoring": lambda r: r["parameter"],
    "pregnancy_lactation": lambda r: r["topic"],
    "pharmacokinetics": lambda r: r["parameter"],
}


def _words(table: str, row: Cells) -> str:
    return str(_KEYS[table](row)) if table in _KEYS else ""


def _closeness(table: str, g: Cells, p: Cells) -> float:
    """How close two rows are; 0 when they are not the same fact. The fields that agree decide between equals."""
    near = g.get("line") is not None and p["line"] <= g["line"] <= p["line_end"]
    agreeing = sum(
        _same(_value(g, name), _value(p, name)) for name in FIELDS[table] if _value(g, name) or _value(p, name)
    )
    if table in ("regimens", "dose_guidance"):
        return agreeing + 1 + (g.get("sequence", 1) == p.get("sequence", 1)) / 2 if near else 0
    if table in ("pregnancy_lactation", "pharmacokinetics"):
        same = _KEYS[table](g) == _KEYS[table](p)
        return (agreeing + 1 if near else agreeing / 2) if same else 0
    alike = _likeness(_KEYS[table](g), _KEYS[table](p))
    if not alike or (alike < 1 and not near):
        return 0
    return 100 * alike + 10 * near + agreeing


@cache
def _likeness(a: str, b: str) -> float:
    if normal(a) == normal(b):
        return 1.0
    x, y = _content_words(a), _content_words(b)
    if x == y and x:
        return 0.9
    if not x or not y or not (x <= y or y <= x):
        return 0.0
    share = len(x & y) / len(x | y)
    return 0.8 * share if share >= 0.5 else 0.0


@cache
def _content_words(text: str) -> frozenset[str]:
    words = normal(text).replace("-", " ").replace("/", " ").replace(",", " ").split()
    return frozenset(w.rstrip("s") for w in words if w not in _SMALL_WORDS)


def _shown(row: Cells) -> str:
    return ", ".join(f"{k} {v}" for k, v in row.items())


def _quote(p: Cells) -> str:
    return repr(" ".join(str(p["source_quote"]).split())[:160])
