"""Which module may import which: a floor imports only from floors below it, or from its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "monopipe"

# A module of the package is placed by its own name, or by that of its folder.
FLOORS = [
    {"errors"},
    {"schema", "vocabulary", "source", "progress", "cues", "signs"},
    {"grammar"},
    {"tables", "views"},
    {"front_matter", "headings", "inline", "outline", "blocks", "items", "run_on", "subjects", "parquet", "manifest"},
    {"document", "database"},
    {"extract", "store", "changes", "discovery"},
    {"sources", "timelimit"},
    {"plan", "parts"},
    {"gather", "merge", "workers"},
    {"build"},
    {"verify", "diff", "query", "evidence", "report", "dosing"},
    {"card", "dictionary", "diagram"},
    {"dashboard"},
    {"cli"},
    {"__main__", "__init__"},
]
FLOOR = {name: height for height, names in enumerate(FLOORS) for name in names}
MODULES = sorted(PACKAGE.rglob("*.py"))


def home(path: Path) -> str:
    """The name that places a file of the package."""
    below = path.relative_to(PACKAGE).parts
    return below[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The dotted names of everything that a file imports at run time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def homes_imported(path: Path) -> set[str]:
    """The parts of the package that a file imports."""
    parts = [name.split(".") for name in imported(path)]
    return {p[1] for p in parts if p[0] == "monopipe" and len(p) > 1}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_floor_or_below(path):
    name = home(path)
    assert name in FLOOR, f"{name} has no floor yet: give it one in {Path(__file__).name}"
    above = {other for other in homes_imported(path) & set(FLOOR) if FLOOR[other] > FLOOR[name]}
    assert not above, f"{name} imports {', '.join(sorted(above))} from above"


def test_extractors_never_touch_the_store_or_files():
    for path in (PACKAGE / "extract").rglob("*.py"):
        assert not homes_imported(path) & {"store", "discovery", "database", "parquet", "build"}, path
        assert not {"os", "pathlib", "shutil"} & {n.split(".")[0] for n in imported(path)}, path


def test_the_grammar_knows_no_table_and_no_document():
    for path in (PACKAGE / "grammar").rglob("*.py"):
        assert homes_imported(path) <= {"errors", "schema", "vocabulary", "cues", "signs", "grammar"}, path


def test_only_flows_import_prefect():
    others = [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    users = [p for p in others if any(n.split(".")[0] == "prefect" for n in imported(p))]
    assert [p.name for p in users if p.name != "test_flow.py"] == []


_OF_VOCABULARIES = {"rows", "mapping", "phrasebook", "_endings", "vocabulary_words", "_phrases"}
"""Functions whose cache may be without bound: they are asked for the few vocabularies and kinds that there are."""


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_cache_grows_with_the_collection(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.args.args and node.name not in _OF_VOCABULARIES:
            decorators = {ast.unparse(d) for d in node.decorator_list}
            unbounded = {"cache", "functools.cache", "lru_cache(maxsize=None)"} & decorators
            assert not unbounded, f"{path}: {node.name} keeps every text it has seen: give its cache a size"
