"""What is generated is current, and what is written about exists."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from monopipe import diagram, dictionary
from monopipe.cli import commands
from monopipe.tables import TABLES

ROOT = Path(__file__).parent.parent


def test_the_data_dictionary_is_current():
    written = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert written == dictionary.markdown(), "stale; refresh it: monopipe tables --markdown > docs/tables.md"


def test_the_diagram_is_current():
    written = (ROOT / "docs" / "tables.svg").read_text(encoding="utf-8")
    assert written == diagram.svg(), "stale; refresh it: monopipe tables --diagram > docs/tables.svg"
    assert all(f">{name}</text>" in written for name in TABLES)


def test_every_test_that_holds_a_promise_exists():
    written = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").partition("## How it works")[0]
    there = re.findall(r"def test_(\w+)", "".join(p.read_text(encoding="utf-8") for p in ROOT.glob("tests/test_*.py")))
    named = re.findall(
        r"`(?!test_)([a-z_0-9]+)…?`", "".join(line.rsplit("|", 2)[-2] for line in written.splitlines() if "|" in line)
    )
    assert len(named) > 30
    assert [name for name in named if not any(test.startswith(name) for test in there)] == []


def test_every_table_and_column_is_described():
    for table in TABLES.values():
        assert table.description.endswith(".")
        for column in table.columns:
            assert column.description, f"{table.name}.{column.name}"


def test_every_command_and_option_has_help():
    for name, command in commands.commands.items():
        assert command.help, name
        shown = CliRunner().invoke(commands, [name, "--help"]).output
        assert "Usage: " in shown
        for option in command.params:
            assert option.param_type_name == "argument" or option.help or option.name == "form", f"{name} {option.name}"


def test_the_lock_names_no_index_and_no_path():
    for name in ("requirements.lock", "requirements-dashboard.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"file:|--find-links|--(extra-)?index-url|^-e |^[./]", text, re.MULTILINE), name
        pins = re.findall(r"^[\w.-]+(\S*)", text, re.MULTILINE)
        assert all(pin.startswith("==") for pin in pins), name


def test_the_lock_holds_every_dependency():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    dashboard = (ROOT / "requirements-dashboard.lock").read_text(encoding="utf-8").lower()
    dev = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").lower()
    extras = project["optional-dependencies"]
    wanted_in = [
        (project["dependencies"], runtime),
        (extras["dashboard"], dashboard),
        (extras["dev"] + extras["dashboard"], dev),
    ]
    for wanted, lock in wanted_in:
        for requirement in wanted:
            name = re.match(r"[\w.-]+", requirement)[0].lower()
            assert f"\n{name}==" in lock, f"{name} is not locked: make lock"


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_leads_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
        if re.match(r"https?://", target):
            continue
        name, _, anchor = target.partition("#")
        path = page.parent / name if name else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings}, target


def test_the_home_page_names_every_page():
    home = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    written_by_this = {"tables", "reading", "queries", "connect", "grammar", "extend"}
    assert written_by_this <= set(re.findall(r"\]\((\w+)\.md\)", home))


def test_the_steps_for_a_table_name_what_there_is():
    text = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:src|tests|docs)/[\w/.]+\.(?:py|sql|tsv|md|svg))`", text):
        assert (ROOT / path).exists() or "antidotes" in path, path
    for name in re.findall(r"`(?:grammar|extract|vocabulary|dashboard)/(\w+\.\w+)`", text):
        assert list((ROOT / "src" / "monopipe").rglob(name)) or name == "antidotes.csv", name
