"""Doses as ward cards and protocol sheets print them, and the amounts beside them that are no dose."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def regimens(dosage: str) -> list[Regimen]:
    uses = "- Meningitis\n- Ovarian cancer (OC): licensed\n- Gout"
    text = f"---\ntitle: Testolol\n---\n## Usage\n\n{uses}\n\n## Dosage\n\n{dosage}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return sorted((r for r in rows if isinstance(r, Regimen)), key=lambda r: r.char_start)


@pytest.mark.parametrize(
    "line",
    [
        "ELITE II used only 50 mg OD",
        "The LIFE trial used 100 mg OD.",
        "Swap: ramipril 10 mg OD roughly = testolol 100 mg OD",
        "Switching: 40 mg PO ≈ 20 mg IV",
        "For a usual dose of 1 g q8h. CrCl by Cockcroft–Gault.",
        "Dissolve 1 g in 20 mL water for injections; stable for 3 h.",
        "Mix: 1 g in 10 mL WFI, then to 100 mL NaCl 0.9% (max 20 mg/mL).",
        "Tabs 15/30/45 mg. Store <30 °C.",
        "Stock: vials 500 mg and 1 g",
        "Repeats: 28 × 50 mg",
        "250 mg caps, 500 mg tabs, 125 mg/5 mL susp.",
        "Doses are rounded to the nearest 2.5 mg.",
        "HD-MTX 12 g/m² in between",
        "Protamine: 1 mg per 1 mg if <8 h; 0.5 mg per 1 mg if 8–12 h",
        "Sodium thiosulfate 20 g/m² IV 6 h after protects hearing",
    ],
)
def test_amounts_of_trials_strengths_and_other_drugs_are_no_doses(line: str) -> None:
    assert [r.source_quote for r in regimens(f"- {line}")] == []


@pytest.mark.parametrize(
    ("line", "dose"),
    [
        ("Two tablets (= 100 mg) OD", 100),
        ("Where the normal dose is 500 mg twice daily, 250 mg BD is given below 30 mL/min.", 250),
        ("Dilute 500 mg in 100 mL saline and infuse over 30 min.", 500),
        ("Tablets: 50 mg once daily", 50),
    ],
)
def test_what_only_looks_like_one_of_those_is_a_dose(line: str, dose: float) -> None:
    assert [r.dose_high for r in regimens(f"- {line}")] == [dose]


def row(heads: str, cells: str) -> Regimen:
    rule = "|" + "---|" * (heads.count("|") + 1)
    (found,) = regimens(f"| {heads} |\n{rule}\n| {cells} |")
    return found


@pytest.mark.parametrize(
    ("heads", "cells", "expected"),
    [
        ("Problem | Dose | Freq. | Days", "Meningitis | 2 g | q6–8h | 7–14 d", (7, 14, None)),
        ("Problem | Dose | Freq. | Days", "Meningitis | 500 mg | QDS | 5–7", (5, 7, None)),
        ("Problem | Dose | Freq. | Days", "Meningitis | 500 mg | QDS | 7", (7, 7, None)),
        ("Problem | Dose | Freq. | Days", "Meningitis | 500 mg | once daily | 7", (None, None, None)),
        ("Problem | Dose | Freq. | Treatment days", "Meningitis | 500 mg | QDS | 7", (7, 7, None)),
        ("Problem | Dose | Freq. | Day(s)", "Meningitis | 500 mg | QDS | 7", (7, 7, None)),
        ("Problem | Dose | Freq. | Day", "Meningitis | 500 mg | QDS | 15", (None, None, "15")),
        ("Problem | Dose | Freq. | Cycle day", "Meningitis | 500 mg | QDS | 15", (None, None, "15")),
        ("Disease | Dose | Freq. | Days", "Gout | 100 mg | BD | 1–7", (None, None, "1-7")),
        ("Disease | Dose | Days | Cycle", "Ovarian cancer | 50 mg/m² | 1, 8 | 21 d", (None, None, "1,8")),
    ],
)
def test_days_of_a_course_and_of_a_cycle(
    heads: str, cells: str, expected: tuple[float | None, float | None, str | None]
) -> None:
    found = row(heads, cells)
    assert (found.bounds_low, found.bounds_high, found.cycle_days) == expected


def test_a_condition_may_stand_in_any_column() -> None:
    found = row("Age | Infection | Dose IV | Interval", "1 month–11 years | Meningitis | 40 mg/kg | q8h")
    assert (found.condition_norm, found.param, found.param_high) == ("meningitis", "age", 132)
    found = row("Code | Tumour | Dose | Schedule | Cycles", "OV-2 | OC | 400 mg/m² | d1 q28d | max 6")
    assert (found.condition_norm, found.cycle_days, found.cycles_min, found.cycles_max) == (
        "ovarian cancer",
        "1",
        None,
        6,
    )
    assert row("Mode | Dose | For", "Extended | 2 g over 3 h q8h | Gout").condition_norm == "gout"
    assert (
        row("Mode | Dose | For", "Long | 2 g q8h | Meningitis, with ampicillin 2 g q4h").condition_norm == "meningitis"
    )
    assert row("Mode | Dose | Who", "Long | 2 g over 3 h q8h | septic shock").condition_norm == "septic shock"


def test_a_head_that_reduces_makes_dose_reductions() -> None:
    found = row("Nadir | Reduce next dose to", "ANC < 0.5 × 10⁹/L | 80%")
    assert (found.step_kind, found.dose_low, found.dose_basis, found.param) == (
        "dose_reduction",
        80,
        "percent_of_dose",
        "ANC",
    )
    found = row("Nadir or toxicity | Reduce testolol to", "Febrile neutropenia | 60 mg/m²")
    assert (found.step_kind, found.dose_low, found.condition_norm) == ("dose_reduction", 60, None)


def test_a_heading_names_what_the_bands_below_it_are_of() -> None:
    rows = "\n\n| Band | Dose |\n|---|---|\n| 15–30 | 20 mg OD |"
    (found,) = regimens(f"### Kidneys (CrCl, mL/min){rows}")
    assert (found.param, found.param_low, found.param_high) == ("creatinine clearance", 15, 30)
    (found,) = regimens(f"### Steps{rows}")
    assert found.param is None


def test_how_long_at_least_and_at_most() -> None:
    found = row("For | Dose | How long", "Gout | 5 mg OD | min 5 d")
    assert (found.bounds_low, found.bounds_high) == (5, None)
    found = row("For | Dose | How long", "Gout | 5 mg OD | max 14 days")
    assert (found.bounds_low, found.bounds_high) == (None, 14)
