"""The flow: thin over the stages, one real run, and what Prefect must be told."""

import json
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "flows" / "monographs.py"

MONOGRAPH = """\
---
title: "{title}"
---

# {title}

## **Dosage**

- 25 mg orally once daily.
"""


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for title in ("Examplamab", "Otherol"):
        (folder / f"{title}.md").write_text(MONOGRAPH.format(title=title), encoding="utf-8")
    (folder / "broken.md").write_text("no front matter\n", encoding="utf-8")
    return folder


def python(*arguments, cwd, **environment):
    """A finished Python process that knows nothing of this machine's Prefect."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    kept |= {"HOME": str(cwd), "PYTHONIOENCODING": "utf-8", **environment}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=kept, capture_output=True, encoding="utf-8", check=False)


def test_a_real_run_publishes_and_ends_with_the_summary(raw, tmp_path):
    done = python(SCRIPT, "--raw", raw, "--out", tmp_path / "out", "--strict", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    messages = done.stderr.splitlines()
    assert "10 to 40 seconds" in messages[0], "said before Prefect is imported"
    assert "2 read, 1 rejected" in done.stdout
    assert "Traceback" not in done.stderr
    assert "artifacts were not stored" not in done.stderr
    manifest = json.loads((tmp_path / "out" / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["n_documents"], manifest["n_rejects"]) == (2, 1)
    assert "1 rejected" in done.stderr, "the run's log says it too"


@pytest.mark.parametrize(
    "arguments",
    [["--cron", "* * * * *"], ["--serve"], ["--keep", "0"], ["--workers", "0"], ["--max-rejects", "2"], ["--bogus"]],
    ids=" ".join,
)
def test_wrong_usage_is_told_before_prefect_starts(arguments, tmp_path):
    start = time.monotonic()
    done = python(SCRIPT, *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "usage:" in done.stderr
    assert "Starting" not in done.stderr
    assert time.monotonic() - start < 60


# The stages run as plain functions: `task.fn` needs no server. One process for all, as the import takes long.
STAGES = """
import sys
from pathlib import Path
from prefect.flows import load_flow_from_entrypoint

flow = load_flow_from_entrypoint(sys.argv[1] + ":monographs")  # as a worker does it
flow.validate_parameters({"raw": "data/raw", "out": "data/out"})

sys.path.insert(0, str(Path(sys.argv[1]).parent))
import monographs as m
from monopipe.discovery import Discovery, SourceFile
from monopipe.sources import Sources
from monopipe.errors import BuildError

raw, out = Path(sys.argv[2]), Path(sys.argv[3])
for name in ("discovery", "extraction", "merge_and_check", "publication"):
    task = getattr(m, name)
    assert task.persist_result is False and task.cache_policy == m.NO_CACHE, name
    assert bool(task.retries) == (name in ("discovery", "extraction")), name

class Fails:
    def __init__(self, error): self.error = error
    def result(self): raise self.error

assert m.only_io(None, None, Fails(OSError(5, "input/output error")))
assert not m.only_io(None, None, Fails(BuildError("wrong")))
assert not m.only_io(None, None, Fails(ValueError("wrong")))

with m.open_run(raw, out) as run:
    plan = m.discovery.fn(run)
    results = [result for batch in m.cut(run, plan, 2) for result in m.extraction.fn(batch)]
    merged = m.merge_and_check.fn(run, plan, results, max_rejects=0.05)
    report = m.publication.fn(run, plan, merged, 5)
assert (report.n_documents, report.n_rejects) == (2, 1)
assert m.summarize(report).markdown().count("broken.md") == 1

def n_batches(n, workers=2):
    files = tuple(SourceFile(f"{i:06}.md", 1, 1) for i in range(n))
    plan = m.Plan(Discovery(files, ()), "", None, Sources({}, {}, {}), {}, tuple(enumerate(files)))
    cut = m.cut(run, plan, workers)
    assert [f for b in cut for _, f in b.files] == list(files)
    return len(cut)

assert [n_batches(n) for n in (1, 64, 600, 2_000, 20_000, 100_000)] == [1, 1, 2, 4, 40, 40]
"""


def test_the_stages_run_as_tasks_and_their_number_is_bounded(raw, tmp_path):
    done = python("-c", STAGES, SCRIPT, raw, tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_settings_that_the_flow_applies_are_known_to_prefect(tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import monographs\n"
        "from prefect.settings import get_current_settings; s = get_current_settings()\n"
        "print(s.server.analytics_enabled, s.server.ephemeral.startup_timeout_seconds, s.logging.extra_loggers,\n"
        "      s.flows.heartbeat_frequency, s.server.concurrency.lease_storage.rsplit('.', 1)[1], sep='|')"
    )
    done = python("-c", code, cwd=tmp_path)
    assert done.stdout.strip() == "False|120|['monopipe']|30|filesystem", done.stderr
    mine = python("-c", code, cwd=tmp_path, PREFECT_FLOWS_HEARTBEAT_FREQUENCY="60")
    assert "|60|" in mine.stdout, "the user's environment wins"


def test_the_nightly_deployment_leaves_a_night_out_rather_than_pile_up():
    deployments = {d["name"]: d for d in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]}
    nightly = deployments["nightly"]
    assert nightly["schedules"][0]["cron"] == "0 2 * * *"
    assert nightly["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    path, name = nightly["entrypoint"].split(":")
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    assert tomllib.loads((ROOT / "prefect.toml").read_text())["server"]["analytics_enabled"] is False
