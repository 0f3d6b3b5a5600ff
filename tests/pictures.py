"""Pictures of every page of the dashboard for docs/pictures, made on a build of data/raw: `make pictures`.

python tests/pictures.py [FOLDER]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser import NARROW, WIDE, chromium, served, settled
from monopipe.build import build

ROOT = Path(__file__).parents[1]
PAGES = {
    "drugs": "",
    "drug": "?drug=capecitabine",
    "search": "?find=kidney+function+dose",
    "compare": "compare?drugs=warfarin,apixaban&condition=fibrillation",
    "interactions": "interactions",
    "effects": "effects?effect=nausea",
    "quality": "quality",
    "changes": "changes",
    "sql": "sql",
}


def main(folder: Path) -> None:
    """Take the pictures, wide and narrow."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "out"
        _two_builds(Path(temporary) / "raw", out)
        with served(out) as address, chromium() as browser:
            for shape, size in (("", WIDE), ("-narrow", NARROW)):
                page = browser.new_context(viewport=size).new_page()
                for name, path in PAGES.items():
                    page.goto(f"{address}/{path}")
                    settled(page)
                    if name == "drug":
                        page.locator("#dosing details").first.locator("summary").click()
                    page.screenshot(path=folder / f"{name}{shape}.png")
                    print(folder / f"{name}{shape}.png")


def _two_builds(raw: Path, out: Path) -> None:
    """A build of the monographs after one of their state before some edits, so that there are changes to show."""
    raw.mkdir()
    for path in sorted((ROOT / "data" / "raw").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        (raw / path.name).write_text(text.replace("500 mg", "400 mg"), encoding="utf-8")
    build(raw, out, workers=1)
    build(ROOT / "data" / "raw", out, workers=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
