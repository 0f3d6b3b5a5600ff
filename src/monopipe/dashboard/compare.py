"""Two to five drugs side by side, and the regimens of all drugs for one condition with their dose intensity."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from monopipe.dashboard.card import advice, interaction_line, share
from monopipe.dashboard.current import Build
from monopipe.dashboard.doses import step_line, who
from monopipe.dashboard.markup import Cell, drug_link, joined, one_line, paged, said, section, show, table
from monopipe.dashboard.schedule import cycle
from monopipe.evidence import Record

_MOST = 5
_OFFERED = 200
_PAGE = 25
_ITEMS = 12
_MANY = "very_common", "common"


def page(build: Build) -> None:
    """The two comparisons, one under the other."""
    show(Markup("<h1>Compare</h1>"))
    chosen = _choose(build)
    if chosen:
        _side_by_side(build, chosen)
    else:
        show(Markup('<p class="mp-muted">Choose two to five drugs to see them side by side.</p>'))
    _for_condition(build)


def _choose(build: Build) -> list[str]:
    """The ids of the drugs to compare; a large collection is narrowed by words first."""
    n = build.value("SELECT count(*) FROM drugs")
    wanted = ""
    if n > _OFFERED:
        wanted = st.text_input("Narrow the list below to drugs whose names hold", key="narrow", live="300ms")
    asked = [d for d in st.query_params.get("drugs", "").split(",") if d]
    kept = st.session_state.get("compared", asked)
    offered = build.records(
        "SELECT drug_id, drug AS name FROM find_drugs(?) LIMIT ?"
        if wanted
        else "SELECT drug_id, name FROM drugs WHERE ? = '' ORDER BY name, drug_id LIMIT ?",
        wanted,
        _OFFERED,
    ) + build.records("SELECT drug_id, name FROM drugs WHERE list_contains(?, drug_id)", kept)
    names = {r["drug_id"]: r["name"] for r in offered}
    if "compared" in st.session_state:  # a drug may be gone with a new build
        st.session_state["compared"] = [d for d in kept if d in names]
        return st.multiselect(
            "Drugs side by side", list(names), format_func=names.__getitem__, max_selections=_MOST, key="compared"
        )
    default = [d for d in asked if d in names][:_MOST]
    return st.multiselect(
        "Drugs side by side", list(names), default, format_func=names.__getitem__, max_selections=_MOST, key="compared"
    )


def _side_by_side(build: Build, chosen: list[str]) -> None:
    drugs = {r["drug_id"]: r for r in build.records("SELECT * FROM drugs WHERE list_contains(?, drug_id)", chosen)}
    paths = {
        r["drug_id"]: r["source_path"]
        for r in build.records("SELECT drug_id, source_path FROM documents WHERE list_contains(?, drug_id)", chosen)
    }
    columns = [d for d in chosen if d in drugs]
    rows: list[list[Cell]] = [
        ["classes", *(drugs[d]["classes"] for d in columns)],
        ["pregnancy", *(advice(drugs[d]["pregnancy"]) for d in columns)],
        ["breastfeeding", *(advice(drugs[d]["lactation"]) for d in columns)],
        ["half-life, hours", *(_range(drugs[d], "half_life_hours") for d in columns)],
    ]
    for title, sql, line in _TOPICS:
        found = build.records(sql, columns)
        rows.append([title, *(_items([r for r in found if r["drug_id"] == d], line, paths[d]) for d in columns)])
    shared = build.records(
        """SELECT term_norm FROM side_effects WHERE list_contains(?, drug_id) AND assertion <> 'negated'
        GROUP BY term_norm HAVING count(DISTINCT drug_id) = ? ORDER BY term_norm""",
        columns,
        len(columns),
    )
    show(table(["about", *(drugs[d]["name"] for d in columns)], rows))
    if len(columns) > 1:
        effects = ", ".join(r["term_norm"] for r in shared) or "none that all of them list"
        show(Markup("<p><strong>Side effects in common:</strong> {}</p>").format(effects))


def _items(rows: list[Record], line: Callable[[Record], Markup], path: str) -> Markup:
    pieces = [said(line(r), r, path) for r in rows[:_ITEMS]]
    if len(rows) > _ITEMS:
        more = Markup("and {} more on its card").format(len(rows) - _ITEMS)
        pieces.append(Markup('<p class="mp-muted">{}</p>').format(drug_link(rows[0]["drug_id"], more)))
    return joined(pieces)


def _range(r: Record, column: str) -> str:
    ends = (r[f"{column}_low"], r[f"{column}_high"])
    return "–".join(dict.fromkeys(f"{e:,.6g}" for e in ends if e is not None))


def _regimen(r: Record) -> Markup:
    what = (
        Markup('<span class="mp-muted">{}:</span>').format(one_line(r["indication_text"]))
        if r["indication_text"]
        else ""
    )
    return joined([what, *who(r), step_line(r)], " ")


_OF = "FROM {} WHERE list_contains(?, drug_id) AND {} ORDER BY drug_id, {}"
_TOPICS: tuple[tuple[str, str, Callable[[Record], Markup]], ...] = (
    ("indications", "SELECT * " + _OF.format("indications", "assertion <> 'negated'", "char_start"),
     lambda r: Markup("{}").format(one_line(r["condition"]))),
    ("dosing", "SELECT * " + _OF.format("regimens", "true", "char_start, sequence"), _regimen),
    ("contraindications", "SELECT * " + _OF.format("contraindications", "assertion <> 'negated'", "char_start"),
     lambda r: Markup("{}").format(one_line(r["condition"]))),
    ("serious side effects", "SELECT * " + _OF.format("side_effects", "is_serious AND assertion <> 'negated'", "term_norm"),
     lambda r: Markup("{} {}").format(one_line(r["term"]), share(r))),
    ("common side effects",
     "SELECT * " + _OF.format("side_effects", f"frequency_category IN {_MANY} AND assertion <> 'negated'", "frequency_high DESC NULLS LAST, term_norm"),
     lambda r: Markup("{} {}").format(one_line(r["term"]), share(r))),
    ("interactions to avoid or adjust",
     "SELECT * " + _OF.format("interactions", "(management IN ('contraindicated', 'avoid', 'adjust_dose') OR severity IN ('contraindicated', 'major'))", "char_start"),
     lambda r: Markup("<strong>{}</strong> {}").format(one_line(r["interactant"]), interaction_line(r))),
)  # fmt: skip


def _for_condition(build: Build) -> None:
    show(section("Regimens for one condition", "condition"))
    wanted = st.text_input(
        "Condition",
        key="condition",
        live="300ms",
        bind="query-params",
        placeholder="part of its name, such as: infection",
    )
    wanted = (wanted or "").strip()
    if not wanted:
        common = build.records(
            """SELECT condition_norm, count(DISTINCT drug_id) AS n FROM regimen_conditions
            GROUP BY condition_norm ORDER BY n DESC, condition_norm LIMIT 12"""
        )
        names = "; ".join(r["condition_norm"] for r in common)
        show(Markup('<p class="mp-muted">Conditions with doses, most drugs first: {}</p>').format(names or "none"))
        return
    n = build.value("SELECT count(*) FROM regimens_for(?)", wanted)
    start = paged(n, _PAGE, "condition_page")
    rows = build.records(
        """SELECT s.*, r.drug, r.source_path, r.condition FROM (
            SELECT row_id, drug, source_path, condition, row_number() OVER () AS place
            FROM regimens_for(?) LIMIT ? OFFSET ?
        ) r JOIN regimens s USING (row_id) ORDER BY place""",
        wanted,
        _PAGE,
        start,
    )
    show(
        table(
            ["drug", "condition", "for", "dose", "a dosing day", "a cycle", "mean a day (intensity)", "unit"],
            [
                [
                    drug_link(r["drug_id"], r["drug"]),
                    one_line(r["condition"]),
                    joined(who(r), " "),
                    joined([said(step_line(r), r, r["source_path"]), cycle(r)]),
                    _range(r, "daily_dose"),
                    _range(r, "dose_per_cycle"),
                    _range(r, "mean_daily_dose"),
                    _unit(r),
                ]
                for r in rows
            ],
            empty="No drug has a dose for a condition with these words.",
        )
    )


def _unit(r: Record) -> str:
    basis = {"per_kg": "/kg", "per_m2": "/m²"}.get(r["dose_basis"] or "", "")
    return f"{(r['dose_unit'] or '').strip('{}[]').replace('ug', 'µg').replace('iU', 'IU')}{basis}"
