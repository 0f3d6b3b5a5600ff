"""What a reader is told of the difference between two builds, and what holds a build back."""

from __future__ import annotations

from pathlib import Path

import pytest

from monopipe.cli import run
from monopipe.errors import BuildError
from samples import BODY, built, monograph, put, sql


def test_a_changed_dose_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"b": monograph("Beta"), "c": monograph("Gamma")}
    raw, out = put(tmp_path / "raw", a=monograph("Alpha"), **texts), tmp_path / "out"
    first = built(raw, out)
    more = BODY.replace("500 mg", "750 mg").replace("- Rash", "- Rash\n- Headache\n")
    put(raw, b=monograph("Beta", body=more))
    (raw / "a.md").unlink()
    built(raw, out)
    told = sql(
        out, "SELECT table_name, drug_id, change, column_name, old_value, new_value FROM changes ORDER BY ordinal"
    )
    assert told[:2] == [
        ("regimens", "beta", "changed", "dose_low", "500.0", "750.0"),
        ("regimens", "beta", "changed", "dose_high", "500.0", "750.0"),
    ]
    assert ("side_effects", "beta", "added", None, None, None) in told
    assert {row[2] for row in told if row[1] == "alpha"} == {"removed"}
    assert "gamma" not in {row[1] for row in told}
    assert run(["diff", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:4] == ["beta", lines[3]]
    assert lines[3].startswith("  ~ regimens: dose_low 500.0 → 750.0, dose_high 500.0 → 750.0")
    assert lines[4:6] == ["      was: 500 mg orally every 6 hours", "      now: 750 mg orally every 6 hours"]
    assert "alpha" in lines
    built(raw, out)
    assert sql(out, "SELECT count(*) FROM changes") == [(0,)]
    assert run(["diff", str(out)]) == 0
    assert "no fact was added, removed or changed" in capsys.readouterr().out
    assert run(["diff", str(out), first.build_id]) == 0
    assert "  ~ regimens: dose_low 500.0 → 750.0" in capsys.readouterr().out


def test_an_incremental_build_tells_the_same_changes_as_a_full_one(tmp_path: Path) -> None:
    body = BODY + "\n## Drug Interactions\n\n- **Alpha:** avoid.\n"
    texts = {f"d{n}": monograph(f"Drug {n}", body=body) for n in range(4)}
    raw = put(tmp_path / "raw", a=monograph("Alpha"), **texts)
    outs = {"kept": False, "anew": True}
    told = {}
    for name in outs:
        built(raw, tmp_path / name)
    put(raw, d1=monograph("Drug 1", body=body.replace("500 mg", "250 mg")), e=monograph("drug 2", "2026-01-01"))
    (raw / "a.md").unlink()  # so the others' interactions lose their link
    (raw / "d3.md").rename(raw / "moved.md")
    for name, full in outs.items():
        built(raw, tmp_path / name, full=full)
        told[name] = sql(tmp_path / name, "SELECT * EXCLUDE (run_id) FROM changes ORDER BY ordinal")
    assert told["kept"] == told["anew"]
    assert any("interactant_drug_id" in row for row in told["kept"])


def test_diff_names_what_it_cannot_find(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw, out = put(tmp_path / "raw", a=monograph("Alpha")), tmp_path / "out"
    assert run(["diff", str(out)]) == 2
    built(raw, out)
    assert run(["diff", str(out)]) == 2
    assert "only one build" in capsys.readouterr().err
    assert run(["diff", str(out), "20200101"]) == 2
    assert "no build '20200101'; there are 2" in capsys.readouterr().err


def test_a_table_that_shrinks_holds_the_build_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw, out = put(tmp_path / "raw", **{f"d{n:02}": monograph(f"Drug {n}") for n in range(30)}), tmp_path / "out"
    first = built(raw, out)
    for n in range(9):  # 30 %
        (raw / f"d{n:02}.md").unlink()
    assert built(raw, out).n_documents == 21
    before = built(raw, out).build_path
    put(
        raw,
        **{
            f"d{n:02}": monograph(f"Drug {n}", body="\n# {title}\n\n## Dosage\n\n- 5 mg daily.\n") for n in range(9, 30)
        },
    )
    with pytest.raises(BuildError, match=r"(?s)held back: tables lost more .*side_effects: 42 rows, now 0"):
        built(raw, out)
    assert (out / "current").resolve() == before
    assert run(["build", str(raw), str(out), "--workers", "1", "--quiet"]) == 1
    assert "--max-shrink 1" in capsys.readouterr().err
    assert run(["build", str(raw), str(out), "--workers", "1", "--quiet", "--max-shrink", "1"]) == 0
    assert sql(out, "SELECT count(*) FROM side_effects") == [(0,)]
    statuses = [s for (s,) in sql(out, "SELECT status FROM runs ORDER BY run_id")]
    assert statuses == ["published", "published", "published", "failed", "failed", "published"]
    assert first.n_documents == 30


def test_of_few_documents_a_share_says_nothing(tmp_path: Path) -> None:
    raw, out = put(tmp_path / "raw", **{f"d{n:02}": monograph(f"Drug {n}") for n in range(19)}), tmp_path / "out"
    built(raw, out)
    for n in range(18):
        (raw / f"d{n:02}.md").unlink()
    assert built(raw, out).n_documents == 1
