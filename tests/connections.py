"""Run the steps of docs/connect.md that say *tested*, each in its environment: `make connections`.

    python tests/connections.py CLIENTS SUPERSET

Both are folders of virtual environments. Each block must print the number of drugs last.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from monopipe.build import build

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## (.+?) — tested\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONFIG = re.compile(r"^```\n(SECRET_KEY.*?)^```", re.MULTILINE | re.DOTALL)


def main(clients: Path, superset: Path) -> int:
    """The number of connections that failed."""
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        n = build(ROOT / "data" / "raw", folder / "data" / "out", workers=1).counts["drugs"]
        config = CONFIG.search(TEXT)
        assert config is not None
        home = f"SQLALCHEMY_DATABASE_URI = 'sqlite:///{folder / 'superset.db'}'\n"
        (folder / "superset_config.py").write_text(config[1].replace("…", "x" * 42) + home, encoding="utf-8")
        for title, text in SECTION.findall(TEXT):
            environment = superset if "Superset" in title else clients
            for language, code in BLOCK.findall(text):
                good, output = run(language, code, environment, folder, n)
                print(f"{'ok    ' if good else 'FAILED'}  {title}", flush=True)
                if not good:
                    failed += 1
                    print(output)
    return failed


def run(language: str, code: str, environment: Path, folder: Path, n: int) -> tuple[bool, str]:
    """Whether a block ran and printed `n` last, and all that it printed."""
    script = folder / ("block.py" if language == "python" else "block.sh")
    script.write_text(code, encoding="utf-8")
    variables = {
        **os.environ,
        "PATH": f"{(environment / 'bin').absolute()}:{os.environ['PATH']}",
        "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py"),
    }
    command = [(environment / "bin" / "python").absolute() if language == "python" else "sh", script]
    done = subprocess.run(
        command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    lines = done.stdout.split()
    return done.returncode == 0 and lines[-1:] == [str(n)], done.stdout


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])) and 1)
