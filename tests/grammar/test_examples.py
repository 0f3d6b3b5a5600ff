"""The grammar, class by class: a text and the columns that its steps must have (examples.tsv)."""

from __future__ import annotations

from pathlib import Path

import pytest

from monopipe.grammar import has_dose, read, read_who

_LINES = [
    line.split("\t")
    for line in Path(__file__).with_name("examples.tsv").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


def _value(text: str) -> object:
    if text in ("None", "True", "False"):
        return {"None": None, "True": True, "False": False}[text]
    try:
        return float(text)
    except ValueError:
        return text.replace("~", " ")


@pytest.mark.parametrize(("kind", "text", "expected"), _LINES, ids=[line[1] for line in _LINES])
def test_example(kind: str, text: str, expected: str) -> None:
    wanted = list(expected.split(" || ")) if expected.strip() else []
    steps = read(text)
    assert len(steps) == len(wanted), [s.dosage.readable for s in steps]
    for step, columns in zip(steps, wanted, strict=True):
        for pair in columns.split():
            column, _, value = pair.partition("=")
            found = getattr(step.dosage, column)
            assert str(found) == str(value).replace("~", " ") or found == _value(value), (column, found, step.dosage)


def test_seed_steps_share_an_instruction() -> None:
    text = "10 mg orally once daily continuously (days 1-28 of repeated 28-day cycles).  May increase to 15 mg daily after 3 cycles if tolerated."
    first, second = read(text)
    assert (first.instruction, second.instruction) == (0, 0)
    assert (first.dosage.sequence, second.dosage.sequence) == (1, 2)
    assert text[second.start : second.end] == "May increase to 15 mg daily after 3 cycles if tolerated"
    assert (second.dosage.daily_dose_low, second.dosage.cycle_days) == (15, "1-28")


def test_leads_give_what_the_text_leaves_out() -> None:
    leads = ("Adults", "Multiple Myeloma (Newly diagnosed)", "CrCl 30–60 mL/min", "Loading dose", "Oral")
    d = read("10 mg once daily", leads=leads)[0].dosage
    assert (d.age_group, d.param_low, d.route, d.step_kind) == ("adult", 30, "oral", "loading")
    assert d.indication_text == "Multiple Myeloma (Newly diagnosed)"
    for name in ("age_group", "param", "route", "step_kind", "indication_text"):
        assert name in (d.inherited_fields or "").split("; ")
    assert read("5 mg IV", leads=("Oral",))[0].dosage.route == "intravenous"


@pytest.mark.parametrize(
    ("columns", "row", "expected"),
    [
        (
            ("CrCl (mL/min)", "Dose (mg)", "Interval"),
            "30–60 | 250 | 12 h",
            {"param_low": 30, "dose_low": 250, "dose_unit": "mg", "period": 12},
        ),
        (
            ("Weight", "Dose (mg/kg)", "Maximum daily dose"),
            "| 10–20 kg | 15 | 60 mg/kg |",
            {"param": "weight", "dose_basis": "per_kg", "max_daily_dose": 60, "max_dose_unit": "mg/kg"},
        ),
        (
            ("Age", "Dose", "Interval", "Max in 24 hours"),
            "3–5 months | 60 mg | 4–6 h | 4 doses",
            {"param": "age", "param_unit": "mo", "period_max": 6, "max_daily_dose": 4},
        ),
        (
            ("Age", "Dose", "Tablets of 30 mg"),
            "5–9 kg | 45 mg | 1½",
            {"param": "weight", "param_unit": "kg", "dose_low": 45, "quantity_low": 1.5, "quantity_unit": "{tablet}"},
        ),
        (
            ("Weight", "Each dose", "Tablets of 400/80 mg"),
            "10–19 kg | 800/160 mg | 2",
            {"dose_components": "800/160 mg", "quantity_low": 2, "quantity_unit": "{tablet}"},
        ),
        (
            ("Weight", "First bag (infused over 30 minutes)"),
            "40–49 kg | 750 mg",
            {"dose_low": 750, "admin_duration": 30, "admin_duration_unit": "min", "indication_text": None},
        ),
        (
            ("Indication", "Dose", "Duration"),
            "Cystitis | 50 mg QID | 5 days",
            {"indication_text": "Cystitis", "frequency": 4, "bounds_low": 5},
        ),
        (
            ("CrCl (mL/min)", "Starting dose", "Highest dose"),
            "40–59 | 400 mg once daily | 600 mg/day",
            {"dose_low": 400, "step_kind": "initial", "max_daily_dose": 600},
        ),
        (
            ("Response", "Increase of the daily dose"),
            "poor | by 50 mg",
            {"dose_low": 50, "dose_is": "increment", "frequency": None},
        ),
        (
            ("Regimen", "Dose", "With"),
            "ABC | 1.4 mg/m² IV day 1 | doxorubicin 50 mg/m² day 1",
            {"dose_low": 1.4, "cycle_days": "1", "partners": "doxorubicin"},
        ),
    ],
)
def test_table_row(columns: tuple[str, ...], row: str, expected: dict[str, object]) -> None:
    steps = read(row, columns=columns)
    assert len(steps) == 1
    for column, value in expected.items():
        assert getattr(steps[0].dosage, column) == value, (column, steps[0].dosage)


def test_a_column_for_each_group_is_a_step_each() -> None:
    adults, children = read("Cystitis | 100 mg BD | 2 mg/kg BD", columns=("Use", "Adults", "Children"))
    assert (adults.dosage.age_group, children.dosage.age_group) == ("adult", "pediatric")
    assert children.dosage.indication_text == "Cystitis"


def test_own_drug_is_no_partner() -> None:
    steps = read("Apixaban 5 mg twice daily; aspirin 75 mg daily", drug_names=("apixaban",))
    assert [s.dosage.dose_low for s in steps] == [5]


def test_doseless_steps_on_request() -> None:
    assert read("every 72 hours") == []
    assert read("every 72 hours", keep_doseless=True)[0].dosage.period == 72


def test_read_who() -> None:
    assert read_who("Elderly (≥65 years)") == {
        "age_group": "geriatric",
        "param": "age",
        "param_low": 65.0,
        "param_unit": "a",
    }
    assert read_who("Child-Pugh B")["population"] == "hepatic_impairment"
    assert read_who("Storage") == {}


def test_has_dose() -> None:
    assert has_dose("take one tablet")
    assert not has_dose("Monitor closely.")


def test_a_head_single_dose_beside_an_interval_is_the_amount_of_each_dose() -> None:
    (step,) = read("4–5 years | 240 mg | 4–6 h", columns=("Age", "Single dose", "Interval"))
    d = step.dosage
    assert (d.dose_low, d.period, d.period_max, d.step_kind, d.dose_count) == (240, 4, 6, "standard", None)
