"""Which drugs, classes and foods interact with which drugs: filters, a matrix, and the statements behind it."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import streamlit as st
from markupsafe import Markup

from monopipe.dashboard.card import interaction_line
from monopipe.dashboard.current import Build
from monopipe.dashboard.markup import badge, drug_link, joined, one_line, paged, said, section, show, table, words
from monopipe.evidence import Record
from monopipe.tables import Interaction

_PAGE = 25
_ROWS, _COLUMNS = 20, 12
_FILTERS = {
    "severity": "severity",
    "management": "advice",
    "mechanism_kind": "mechanism",
    "effect_direction": "direction",
    "interactant_kind": "kind of interactant",
}
_MARKS = (
    ("✕", "contraindicated or to be avoided", "bad"),
    ("±", "dose or timing to be changed", "warn"),
    ("!", "major, moderate or to be monitored", "warn"),
    ("•", "stated, without advice", "info"),
    ("○", "no interaction, the text says", "good"),
)
_MARK = """CASE
    WHEN assertion = 'negated' OR severity = 'none' AND effect_direction = 'unchanged' THEN 4
    WHEN severity = 'contraindicated' OR management IN ('contraindicated', 'avoid') THEN 0
    WHEN management IN ('adjust_dose', 'separate_timing') THEN 1
    WHEN severity IN ('major', 'moderate') OR management = 'monitor' THEN 2
    ELSE 3 END"""


def page(build: Build) -> None:
    """The filters, the matrix of what they leave, and the list."""
    show(Markup("<h1>Interactions</h1>"))
    condition, parameters = _filters()
    n = build.value(f"SELECT count(*) FROM interactions_both_sides WHERE {condition}", *parameters)
    _matrix(build, condition, parameters)
    show(section("Statements", "statements", note=f"{n:,}"))
    start = paged(n, _PAGE, "interactions_page")
    rows = build.records(
        f"""SELECT x.*, i.rule, o.source_path FROM (
            SELECT * FROM interactions_both_sides WHERE {condition}
            ORDER BY drug, other, told_by_other, row_id LIMIT ? OFFSET ?
        ) x JOIN interactions i USING (row_id) JOIN documents o ON o.drug_id = i.drug_id
        ORDER BY x.drug, x.other, x.told_by_other, row_id""",
        *parameters,
        _PAGE,
        start,
    )
    show(table(["drug", "interacts with", "what happens, and what the text advises"], [_row(r) for r in rows]))


def _filters() -> tuple[str, list[Any]]:
    """The filters as an SQL condition and its parameters."""
    values = get_type_hints(Interaction)
    conditions, parameters = ["true"], []
    asked = st.text_input(
        "Drug, class or food",
        key="with",
        live="300ms",
        bind="query-params",
        placeholder="any drug or interactant that holds these words",
    )
    if asked and asked.strip():
        conditions.append("contains(lower(concat_ws(' ', drug, other)), lower(?))")
        parameters.append(asked.strip())
    for column, (name, title) in zip(st.columns(len(_FILTERS)), _FILTERS.items(), strict=True):
        chosen = column.selectbox(
            title, [None, *get_args(values[name])], format_func=lambda v: words(v) or "any", key=name
        )
        if chosen:
            conditions.append(f"{name} = ?")
            parameters.append(chosen)
    left, right = st.columns(2)
    if left.toggle("Only between drugs of this collection", key="collection"):
        conditions.append("other_drug_id IS NOT NULL")
    if not right.toggle("Also what other monographs tell about a drug", value=True, key="told"):
        conditions.append("NOT told_by_other")
    return " AND ".join(conditions), parameters


def _matrix(build: Build, condition: str, parameters: list[Any]) -> None:
    cells = build.records(
        f"""WITH these AS (
            SELECT drug_id, drug, lower(other) AS other, {_MARK} AS mark FROM interactions_both_sides WHERE {condition}
        ), others AS (
            SELECT other FROM these GROUP BY other ORDER BY count(DISTINCT drug_id) DESC, other LIMIT {_COLUMNS}
        ), drugs AS (
            SELECT drug_id FROM these JOIN others USING (other) GROUP BY drug_id ORDER BY count(*) DESC, drug_id LIMIT {_ROWS}
        )
        SELECT drug_id, any_value(drug) AS drug, other, min(mark) AS mark, count(*) AS n
        FROM these JOIN others USING (other) JOIN drugs USING (drug_id) GROUP BY drug_id, other""",
        *parameters,
    )
    others: dict[str, int] = {}
    for c in cells:
        others[c["other"]] = others.get(c["other"], 0) + 1
    columns = sorted(others, key=lambda o: (-others[o], o))
    by_drug: dict[tuple[str, str], dict[str, Record]] = {}
    for c in cells:
        by_drug.setdefault((c["drug"], c["drug_id"]), {})[c["other"]] = c
    head = joined(Markup('<th scope="col">{}</th>').format(one_line(o)) for o in columns)
    lines = joined(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            drug_link(drug_id, drug), joined(_cell(drug, o, found.get(o)) for o in columns)
        )
        for (drug, drug_id), found in sorted(by_drug.items())
    )
    legend = joined((badge(f"{mark} {says}", kind) for mark, says, kind in _MARKS), " ")
    if cells:
        show(
            Markup(
                '<div class="mp-scroll"><table class="mp-matrix"><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>'
            ).format(head, lines),
            Markup('<p style="margin-top:.5rem">{}</p>').format(legend),
        )


def _cell(drug: str, other: str, cell: Record | None) -> Markup:
    if cell is None:
        return Markup("<td></td>")
    mark, says, kind = _MARKS[cell["mark"]]
    number = f" {cell['n']}" if cell["n"] > 1 else ""
    return Markup('<td class="mp-{}" title="{}">{}{}</td>').format(kind, f"{drug} and {other}: {says}", mark, number)


def _row(r: Record) -> list[Markup]:
    other = (
        drug_link(r["other_drug_id"], r["other"]) if r["other_drug_id"] else Markup("{}").format(one_line(r["other"]))
    )
    told = [badge("told by the other's monograph", "info")] if r["told_by_other"] else []
    summary = joined([interaction_line(r) or "stated", *told], " ")
    return [drug_link(r["drug_id"], r["drug"]), other, said(summary, r, r["source_path"])]
