"""The start page: find a drug by any of its names, or words in the text; and the card of the drug that was chosen."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from monopipe.dashboard import card
from monopipe.dashboard.current import Build
from monopipe.dashboard.markup import (
    Cell,
    badge,
    drug_link,
    joined,
    one_line,
    paged,
    place,
    section,
    show,
    table,
    tiles,
)

_PAGE = 25
_HITS = 10


def page(build: Build) -> None:
    """The search, and below it what it found: by default all drugs; with `?drug=` in the address, one card."""
    words = st.text_input(
        "Find a drug by any of its names, or words in the text",
        key="find",
        type="search",
        live="300ms",
        bind="query-params",
        placeholder="a name, brand, synonym or abbreviation; or words such as: dose in renal failure",
    )
    if words and words.strip():
        _found(build, words.strip())
    elif chosen := st.query_params.get("drug"):
        card.show_card(build, chosen)
    else:
        _all(build)


def _found(build: Build, words: str) -> None:
    names = build.records("SELECT * FROM find_drugs(?) LIMIT ?", words, _PAGE)
    rows: list[list[Cell]] = [
        [drug_link(r["drug_id"], r["drug"]), "" if r["found_as"] == r["drug"] else r["found_as"], r["name_kind"]]
        for r in names
    ]
    show(section("Drugs", "names", table(["drug", "found as", "kind of name"], rows, empty="No drug has such a name.")))
    hits = build.records("SELECT * FROM search_sections(?) LIMIT ?", words, _HITS)
    show(
        section(
            "In the text",
            "text",
            joined(map(_hit, hits)) or Markup('<p class="mp-muted">No section holds these words.</p>'),
            note="sections that speak most of these words",
        )
    )


def _hit(r: dict[str, str | int]) -> Markup:
    return Markup(
        '<details class="mp-fact mp-hit"><summary>{} {} {}</summary><div class="mp-source">{}<pre>{}</pre></div></details>'
    ).format(
        drug_link(str(r["drug_id"]), str(r["drug"])),
        badge(one_line(str(r["heading"] or "front matter"))),
        place(None, int(r["line_start"])),
        place(str(r["source_path"]), int(r["line_start"])),
        str(r["text"]),
    )


def _all(build: Build) -> None:
    [totals] = build.records(
        """SELECT count(*) AS drugs, sum(n_indications) AS indications, sum(n_regimens) AS regimens,
            sum(n_side_effects) AS effects, sum(n_interactions) AS interactions FROM drugs"""
    )
    [read] = build.records(
        "SELECT avg(coverage_ratio) AS covered, (SELECT count(*) FROM rejects) AS rejects FROM documents"
    )
    show(
        Markup("<h1>Drugs</h1>"),
        tiles(
            ("drugs", totals["drugs"]),
            ("indications", int(totals["indications"] or 0)),
            ("dosing steps", int(totals["regimens"] or 0)),
            ("side effects", int(totals["effects"] or 0)),
            ("interactions", int(totals["interactions"] or 0)),
            ("of the text became facts", f"{read['covered'] or 0:.0%}"),
            ("documents rejected", read["rejects"]),
        ),
    )
    start = paged(totals["drugs"], _PAGE, "drugs_page")
    rows = build.records("SELECT * FROM drugs ORDER BY name, drug_id LIMIT ? OFFSET ?", _PAGE, start)
    show(
        table(
            ["drug", "classes", "indications", "dosing steps", "side effects", "interactions", "findings"],
            [
                [
                    joined(
                        [drug_link(r["drug_id"], r["name"]), *([badge("banned", "bad")] if r["is_banned"] else [])], " "
                    ),
                    r["classes"],
                    *(r[f"n_{c}"] for c in ("indications", "regimens", "side_effects", "interactions", "findings")),
                ]
                for r in rows
            ],
        )
    )
