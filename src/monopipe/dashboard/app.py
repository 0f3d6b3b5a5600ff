"""The script that Streamlit runs: `streamlit run app.py -- OUT`. Each run sees one build, the one current when it began."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import streamlit as st
from markupsafe import Markup

from monopipe.dashboard import changes, compare, drugs, effects, interactions, quality, sql
from monopipe.dashboard.current import Build, current
from monopipe.dashboard.markup import show
from monopipe.errors import MonopipeError

PAGES: dict[str, tuple[str, Callable[[Build], None]]] = {
    "drugs": ("Drugs", drugs.page),
    "compare": ("Compare", compare.page),
    "interactions": ("Interactions", interactions.page),
    "effects": ("Side effects", effects.page),
    "quality": ("Quality", quality.page),
    "changes": ("Changes", changes.page),
    "sql": ("SQL", sql.page),
}
_STYLE = Path(__file__).with_name("style.css")


def main(out: Path) -> None:
    """The whole app: navigation, and the page that was asked for."""
    st.set_page_config(page_title="monopipe", layout="wide", initial_sidebar_state="collapsed")
    pages = [
        st.Page(partial(run_page, out, name), title=title, url_path=name, default=name == "drugs")
        for name, (title, _) in PAGES.items()
    ]
    st.navigation(pages, position="top").run()


def run_page(out: Path, name: str) -> None:
    """One page over the current build; what goes wrong with the data is said, without a traceback."""
    st.html(_STYLE)
    try:
        build = current(out)
        PAGES[name][1](build)
        _footer(build)
    except MonopipeError as error:
        _failed(str(error))
    except duckdb.CatalogException as error:
        _failed(f"This build lacks something that the dashboard needs; build again with this version. ({error})")


def _footer(build: Build) -> None:
    n = build.value("SELECT count(*) FROM drugs")
    show(
        Markup(
            '<p class="mp-muted" style="margin-top:2rem">Build {} · {} drugs · reports what the documents say; '
            "no medical advice.</p>"
        ).format(build.build_id, f"{n:,}")
    )


def _failed(message: str) -> None:
    show(Markup('<p role="alert"><strong>Nothing to show.</strong> {}</p>').format(message))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
