"""The main path in a real browser: search, open a drug, open a quote, publish a new build beneath it.

Skipped where Playwright or Chromium is absent; `make pictures` installs Playwright and runs it.
"""

from __future__ import annotations

import pytest

from browser import CHROMIUM, NARROW, WIDE, chromium, served, settled
from samples import built, monograph, put
from test_dashboard import EVIL, HOSTILE

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A page that remembers what it was asked to fetch and what went wrong in it."""
    page = browser.new_context(viewport=WIDE).new_page()
    page.fetched, page.errors = [], []
    page.on("request", lambda request: page.fetched.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("dialog", lambda dialog: page.errors.append(dialog.message))
    yield page
    page.context.close()


def test_search_open_a_drug_open_a_quote_and_a_new_build_shows(page, tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    put(raw, one=monograph("Oneol"), two=monograph("Twool"))
    built(raw, out)
    with served(out) as address:
        page.goto(address)
        settled(page)
        assert page.get_by_text("· 2 drugs ·").is_visible()
        page.get_by_label("Find a drug").fill("twoo")
        page.get_by_role("link", name="Twool").first.click()
        page.get_by_role("heading", name="Twool").wait_for()
        settled(page)
        fact = page.locator("#dosing details")
        assert not fact.locator("mark").is_visible()
        fact.locator("summary").click()
        assert fact.locator("mark").inner_text() == "500 mg orally every 6 hours"
        assert fact.get_by_text("two.md:16").is_visible()

        put(raw, three=monograph("Threeol"))
        built(raw, out, keep=1)
        page.get_by_role("link", name="Quality").click()
        page.get_by_text("· 3 drugs ·").wait_for()
    assert page.errors == []
    elsewhere = [url for url in page.fetched if not url.startswith((address, "data:", "blob:"))]
    assert elsewhere == []


def test_a_hostile_document_runs_nothing(page, tmp_path):
    put(tmp_path / "raw", evil=monograph(EVIL, body=HOSTILE), other=monograph("Otherol"))
    built(tmp_path / "raw", tmp_path / "out")
    with served(tmp_path / "out") as address:
        for path in (
            "",
            "?find=alert",
            "?drug=otherol",
            "compare?condition=pain",
            "interactions",
            "effects?effect=nausea",
            "quality",
            "sql",
        ):
            page.goto(f"{address}/{path}")
            settled(page)
        page.goto(f"{address}/")
        settled(page)
        page.get_by_role("link", name="alert").first.click()
        settled(page)
        assert EVIL in page.locator("h1").inner_text()
        page.goto(f"{address}/compare")
        settled(page)
        page.get_by_label("Drugs side by side").click()
        page.get_by_role("option").first.click()
        page.locator("th", has_text="alert").first.wait_for()
        assert page.locator("th", has_text="**bold**").count() == 1
        chosen = page.locator("[data-testid=stMultiSelect]")
        assert "**bold** :red[x]" in chosen.inner_text()
        assert chosen.locator("img, strong, a").count() == 0
    assert page.errors == []
    assert [url for url in page.fetched if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_page_is_wider_than_the_screen(browser, tmp_path, size):
    put(tmp_path / "raw", evil=monograph(EVIL, body=HOSTILE), other=monograph("Otherol"))
    built(tmp_path / "raw", tmp_path / "out")
    page = browser.new_context(viewport=size).new_page()
    with served(tmp_path / "out") as address:
        for path in (
            "",
            "?drug=otherol",
            "compare?drugs=otherol",
            "interactions",
            "effects",
            "quality",
            "changes",
            "sql",
        ):
            page.goto(f"{address}/{path}")
            settled(page)
            wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
            assert wide <= size["width"], path
    page.context.close()
