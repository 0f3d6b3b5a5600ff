"""Which drugs cause an effect, and where the effects of drugs lie: a heat map of drug by body system or effect."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from monopipe.dashboard.card import share
from monopipe.dashboard.current import Build
from monopipe.dashboard.markup import Cell, badge, drug_link, joined, one_line, paged, said, section, show, table, words
from monopipe.evidence import Record

_PAGE = 25
_DRUGS, _COLUMNS = 20, 14
_BY = {
    "body system": "coalesce(lower(body_system), 'not stated')",
    "effect": "term_norm",
    "frequency": "coalesce(replace(frequency_category, '_', ' '), 'not stated')",
}


def page(build: Build) -> None:
    """The search for an effect, its drugs, and the heat map."""
    show(Markup("<h1>Side effects</h1>"))
    wanted = st.text_input(
        "Effect", key="effect", live="300ms", bind="query-params", placeholder="which drugs cause … such as: nausea"
    )
    wanted = (wanted or "").strip()
    if wanted:
        _causing(build, wanted)
    else:
        _shared(build)
    _heat_map(build, wanted)


def _causing(build: Build, wanted: str) -> None:
    n = build.value("SELECT count(*) FROM drugs_causing(?)", wanted)
    show(section("Drugs that cause it", "drugs", note=f"{n:,} statements, the highest stated frequency first"))
    start = paged(n, _PAGE, "effects_page")
    rows = build.records(
        """SELECT s.*, x.drug, o.source_path FROM (
            SELECT row_id, drug, row_number() OVER () AS place FROM drugs_causing(?) LIMIT ? OFFSET ?
        ) x JOIN side_effects s USING (row_id) JOIN documents o ON o.drug_id = s.drug_id ORDER BY place""",
        wanted,
        _PAGE,
        start,
    )
    cells = [
        [
            drug_link(r["drug_id"], r["drug"]),
            said(
                joined([one_line(r["term"]), *([badge("serious", "bad")] if r["is_serious"] else [])], " "),
                r,
                r["source_path"],
            ),
            words(r["frequency_category"]),
            share(r),
            words(r["frequency_basis"]).replace("none", ""),
        ]
        for r in rows
    ]
    show(table(["drug", "effect", "frequency", "of patients", "known from"], cells, empty="No drug lists it."))


def _shared(build: Build) -> None:
    rows = build.records(
        """SELECT term_norm, count(DISTINCT drug_id) AS n, count(*) FILTER (WHERE is_serious) AS serious,
            count(*) FILTER (WHERE frequency_category IN ('very_common', 'common')) AS common
        FROM side_effects WHERE assertion <> 'negated' GROUP BY term_norm ORDER BY n DESC, term_norm LIMIT 12"""
    )
    cells: list[list[Cell]] = [[r["term_norm"], r["n"], r["common"], r["serious"]] for r in rows]
    show(
        section(
            "Effects that most drugs share", "shared", table(["effect", "drugs", "common with", "serious with"], cells)
        )
    )


def _heat_map(build: Build, wanted: str) -> None:
    show(section("Heat map", "map", note="number of effects in each cell"))
    by = st.segmented_control("Drug by", list(_BY), default="body system", required=True, key="by") or "body system"
    only = "AND contains(lower(concat_ws(' ', term, term_norm)), lower(?))" if wanted else "AND ? = ''"
    n = build.value(f"SELECT count(DISTINCT drug_id) FROM side_effects WHERE assertion <> 'negated' {only}", wanted)
    start = paged(n, _DRUGS, "map_page")
    cells = build.records(
        f"""WITH these AS (
            SELECT drug_id, d.name AS drug FROM drugs d SEMI JOIN (
                SELECT drug_id FROM side_effects WHERE assertion <> 'negated' {only}
            ) USING (drug_id) ORDER BY drug, drug_id LIMIT {_DRUGS} OFFSET ?
        ), cells AS (
            SELECT drug_id, any_value(drug) AS drug, {_BY[by]} AS kind, count(*) AS n,
                count(*) FILTER (WHERE is_serious) AS serious
            FROM side_effects JOIN these USING (drug_id) WHERE assertion <> 'negated' GROUP BY drug_id, kind
        ), kinds AS (
            SELECT kind FROM cells GROUP BY kind ORDER BY count(*) DESC, sum(n) DESC, kind LIMIT {_COLUMNS}
        )
        SELECT * FROM cells SEMI JOIN kinds USING (kind) ORDER BY drug, drug_id, kind""",
        wanted,
        start,
    )
    _draw(cells)


def _draw(cells: list[Record]) -> None:
    totals: dict[str, int] = {}
    rows: dict[tuple[str, str], dict[str, Record]] = {}
    for c in cells:
        totals[c["kind"]] = totals.get(c["kind"], 0) + 1
        rows.setdefault((c["drug"], c["drug_id"]), {})[c["kind"]] = c
    columns = sorted(totals, key=lambda k: (k == "not stated", -totals[k], k))
    most = max((c["n"] for c in cells), default=1)
    head = joined(Markup('<th scope="col">{}</th>').format(one_line(k)) for k in columns)
    lines = joined(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            drug_link(drug_id, drug), joined(_cell(found.get(k), most) for k in columns)
        )
        for (drug, drug_id), found in rows.items()
    )
    show(
        Markup(
            '<div class="mp-scroll"><table class="mp-matrix"><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>'
        ).format(head, lines),
        Markup(
            '<p class="mp-muted">A number is the number of effects; ! marks cells with serious ones. Body systems are those that the text files its effects under.</p>'
        ),
    )


def _cell(cell: Record | None, most: int) -> Markup:
    if cell is None:
        return Markup("<td></td>")
    depth = 0.12 + 0.55 * cell["n"] / most
    mark = " !" if cell["serious"] else ""
    return Markup('<td style="background:rgba(11,110,105,{})" title="{}">{}{}</td>').format(
        f"{depth:.2f}", f"{cell['n']} effects, {cell['serious']} of them serious", cell["n"], mark
    )
