"""Monitoring: small sections and the rows they must give."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract


def rows(body: str) -> list[Any]:
    found = extract(read(f"---\ntitle: Testolol\n---\n{body}".encode(), "testolol.md"), "testolol")["monitoring"]
    return sorted(found, key=lambda r: r.char_start)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Full blood count, renal and liver function.", [("Full blood count", None), ("renal and liver function", None)]),
        ("Renal, hepatic, and hematologic function; ECG", [("Renal, hepatic, and hematologic function", None), ("ECG", None)]),
        ("TSH, symptoms of hypo- or hyperthyroidism", [("TSH", None), ("symptoms of hypo- or hyperthyroidism", None)]),
        ("Observe for 15 minutes after vaccination for anaphylaxis and syncope.", [("anaphylaxis", None), ("syncope", None)]),
        ("HbA1c, vitamin B12 (long-term use).", [("HbA1c", None), ("vitamin B12", None)]),
        ("aPTT 6 hours after initiation; platelet count", [("aPTT", "6 hours after initiation"), ("platelet count", None)]),
        ("INR daily at first, then at longer intervals; weight", [("INR", "daily at first, then at longer intervals"), ("weight", None)]),
        ("Haemoglobin, renal function at least once a year", [("Haemoglobin", "at least once a year"), ("renal function", "at least once a year")]),
        ("Trough level before the second dose, then twice a week", [("Trough level", "before the second dose, then twice a week")]),
        ("INR more often when starting warfarin; otherwise monitor ECG", [("INR", "more often when starting warfarin"), ("ECG", None)]),
        ("25-hydroxyvitamin D once a year, aim for 75 nmol/L or more.", [("25-hydroxyvitamin D", "once a year")]),
        ("Is the patient on calcium 1,200 mg and vitamin D 1,000 units a day?", []),
        ("Blood count (weekly for 4 weeks, then monthly), ECG", [("Blood count", "weekly for 4 weeks, then monthly"), ("ECG", None)]),
        ("Monitor blood pressure and serum potassium regularly.", [("blood pressure", "regularly"), ("serum potassium", "regularly")]),
        ("LFTs should be checked at baseline and every 6 months.", [("LFTs", "at baseline and every 6 months")]),
        ("Regular monitoring of renal function is recommended.", [("renal function", None)]),
        ("Patients should be monitored for signs of bleeding.", [("signs of bleeding", None)]),
        ("* **Renal function:** every 3 months\n* **Baseline:** CBC", [("Renal function", "every 3 months"), ("CBC", "Baseline")]),
        ("| Parameter | Frequency |\n|---|---|\n| INR | Weekly |", [("INR", "Weekly")]),
        ("| What | When |\n|---|---|\n| INR | Weekly |\n| Urine volume | not routinely |", [("INR", "Weekly")]),
        ("No routine monitoring of INR is required.", []),
        ("* **Growth and bone age:** in children", [("Growth", None), ("bone age", None)]),
        ("Testolol levels after high doses", [("Testolol levels", "after high doses")]),
        ("Platelets at baseline in dialysis patients and health workers", [("Platelets", "at baseline in dialysis patients and health workers")]),
        ("ECG, capnography and, in repeated use, liver function tests", [
            ("ECG", None), ("capnography", None), ("liver function tests", None)]),
        ("Blood pressure, eye pressure on long courses", [("Blood pressure", None), ("eye pressure", "on long courses")]),
        ("BP, U+Es, K+", [("BP", None), ("U+Es", None), ("K+", None)]),
        ("Over the months one monitors HbA1c and body weight.", [("HbA1c", None), ("body weight", None)]),
        ("- ECG with QT interval: before treatment\n- Fits diary: each visit\n- First year: every 3 months", [
            ("ECG", "before treatment"), ("Fits diary", "each visit")]),
        ("- Serum potassium: every 6 months\n- Creatinine: with the potassium\n- Lipids: together with HbA1c", [
            ("Serum potassium", "every 6 months"), ("Creatinine", "with the potassium"), ("Lipids", "together with HbA1c")]),
        ("Serum sodium in the elderly, an ECG in cardiac patients, a chest X-ray in smokers, body weight.", [
            ("Serum sodium", None), ("ECG", None), ("chest X-ray", None), ("body weight", None)]),
        ("Rash and jaundice may be the first sign of trouble.", []),
        ("Keep an eye on weight and mood. Look out for jaundice. Remember tuberculosis.", [
            ("weight", None), ("mood", None), ("jaundice", None)]),
        ("During treatment full blood count every 3 months.", [("full blood count", "every 3 months")]),
        ("- Blood slide: day 3 and day 28\n- GCS and NIHSS: same times", [
            ("Blood slide", "day 3 and day 28"), ("GCS", "same times"), ("NIHSS", "same times")]),
        ("- Ferritin and transferrin saturation: every 3 months", [
            ("Ferritin", "every 3 months"), ("transferrin saturation", "every 3 months")]),
        ("LFTs at 0, 1 and 3 months", [("LFTs", "at 0, 1 and 3 months")]),
        ("Serum magnesium is measured yearly, and so is vitamin B12.", [("Serum magnesium", "yearly"), ("vitamin B12", "yearly")]),
    ],
)  # fmt: skip
def test_parameters(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(m.parameter, m.frequency_text) for m in rows(f"## Monitoring\n\n{text}\n")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* Monitor renal function every 2 weeks. Avoid sun.", ["renal function"]),
        ("* Renal function, CBC monitoring.", ["Renal function", "CBC"]),
        ("* Close monitoring is needed in the elderly.", []),
        ("* Use with caution in asthma; monitor serum potassium.", ["serum potassium"]),
        ("* Rinse the mouth after use. Keep a steroid card.", []),
    ],
)
def test_precautions_that_ask_to_monitor(text: str, expected: list[str]) -> None:
    assert [m.parameter for m in rows(f"## Precautions\n\n{text}\n")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It lowers pressure. **Monitoring Parameters:** heart rate, optic disc.", ["heart rate", "optic disc"]),
        ("In short: a sedative. Monitoring takes in blood pressure and ECG.", ["blood pressure", "ECG"]),
        ("| Class | sedative |\n|---|---|\n| Monitoring | mood, sleep |", ["mood", "sleep"]),
        ("A sedative that raises blood pressure; a heart monitor is at hand.", []),
    ],
)
def test_summaries_that_ask_to_monitor(text: str, expected: list[str]) -> None:
    assert [m.parameter for m in rows(f"## Drug Profile Summary\n\n{text}\n")] == expected


def test_in_whom_and_when_a_value_is_checked() -> None:
    found = rows(
        "## Monitoring\n\nFor migraine: blood pressure. In heart failure: weight and potassium monthly.\n\n- CK: only if weak\n"
    )
    assert [(r.parameter, r.frequency_text) for r in found] == [
        ("blood pressure", None),
        ("weight", "monthly"),
        ("potassium", "monthly"),
        ("CK", "only if weak"),
    ]


def test_what_the_patient_is_told_is_not_checked() -> None:
    body = (
        "## Monitoring and counselling\n\n- ECG\n- **Driving:** dizziness, fatigue\n\n### What to tell the patient\n\n"
        "- Fever and sore throat\n- Brush well and see the dentist twice a year.\n\n"
        "## Precautions and Monitoring\n\n**Take care in:** heart failure, peptic ulcer.\n\n**Monitoring:** glucose.\n"
    )
    assert [m.parameter for m in rows(body)] == ["ECG", "glucose"]


def test_kinds() -> None:
    found = rows("## Monitoring\n\nSerum potassium, trough level, bone density, mood, blood pressure\n")
    assert [m.kind for m in found] == ["laboratory", "drug_level", "imaging", "clinical", "clinical"]


def test_an_abbreviation_names_the_same_parameter() -> None:
    found = rows(
        "## Monitoring\n\nComplete blood counts (CBCs) with differential\n\n## Precautions\n\n* Monitor CBC weekly.\n"
    )
    assert [(m.parameter, m.parameter_norm, m.frequency_text) for m in found] == [
        ("Complete blood counts", "complete blood count", "weekly")
    ]


def test_what_is_checked_before_the_start_is_monitoring_also_in_other_sections() -> None:
    body = """## Usage

- Gout

Before the first tablet: s. creatinine, urine dipstick, weight. Do not wait for the results.

## Dosage

- Before starting: liver function tests, full blood count and lipids.
- Before the first dose: paracetamol 1 g and cetirizine 10 mg.
- Weigh the child at every visit and write it down.
- Weigh the risks against the benefits.
- Calculate the eGFR for every adult over 60 years. Check magnesium first.
"""
    rows = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")["monitoring"]
    assert [(r.parameter_norm, r.frequency_text) for r in rows] == [
        ("serum creatinine", "Before the first tablet"),
        ("urine dipstick", "Before the first tablet"),
        ("weight", "Before the first tablet"),
        ("liver function test", "Before starting"),
        ("full blood count", "Before starting"),
        ("lipid", "Before starting"),
        ("egfr", "for every adult over 60 years"),
        ("magnesium", None),
    ]
