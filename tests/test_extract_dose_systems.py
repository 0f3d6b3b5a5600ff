"""Patches, rings and other systems, shares of a dose, and what patients take of another drug."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.grammar import read


def said(text: str, *names: str) -> list[dict[str, Any]]:
    steps = read(text, drug_names=["testolol"])
    return [{n: getattr(s.dosage, n) for n in names} for s in steps]


RATE = ("dose_low", "rate_low", "rate_high", "rate_unit", "frequency", "period", "period_unit")


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("25 micrograms/day, changed twice a week", [(25, "ug/d", 2, 1, "wk")]),
        ("A vaginal ring gives off 7.5 micrograms/day and is replaced every 90 days.", [(7.5, "ug/d", 1, 90, "d")]),
        ("Start with one 4.6 mg/24 hours patch, renewed every day.", [(4.6, "mg/d", 1, 1, "d")]),
        ("Apply a patch of 0.1 mg/24 hours once a week.", [(0.1, "mg/d", 1, 1, "wk")]),
        ("A vaginal ring delivering 15 micrograms/24 hours, replaced every 4 weeks.", [(15, "ug/d", 1, 4, "wk")]),
        ("The ring sets free 120 micrograms of testolol a day.", [(120, "ug/d", None, None, None)]),
        ("The vaginal ring gives 7.5 micrograms a day and is replaced every 90 days.", [(7.5, "ug/d", 1, 90, "d")]),
        ("200 mg/24 hours by continuous intravenous infusion.", [(200, "mg/d", None, None, None)]),
        ("10 mg per 24 hours by syringe driver.", [(10, "mg/d", None, None, None)]),
        ("5 micrograms/hour patch, changed every 7 days.", [(5, "ug/h", 1, 7, "d")]),
        (
            "One 21 mg/24 hours patch daily for 6 weeks, then 14 mg/24 hours for 2 weeks.",
            [(21, "mg/d", 1, 1, "d"), (14, "mg/d", None, None, None)],
        ),
    ],
)
def test_a_system_is_dosed_by_rate(text: str, steps: list[tuple[Any, ...]]) -> None:
    expected = [dict(zip(RATE, (None, rate, rate, *rest), strict=True)) for rate, *rest in steps]
    assert said(text, *RATE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Give 20 mg/day by mouth after removing the patch.",
        "Remove the patch, then 20 mg/day orally in 2 divided doses.",
        "Gel 20 mg/day. The patch is no longer made.",
    ],
)
def test_a_daily_dose_beside_a_system_is_no_rate(text: str) -> None:
    assert said(text, "dose_low", "dose_is", "rate_low") == [{"dose_low": 20, "dose_is": "per_day", "rate_low": None}]


def test_how_many_patches_and_their_way() -> None:
    names = ("quantity_low", "quantity_unit", "route", "dose_form")
    assert said("One 21 mg/24 hours patch daily", *names) == [
        dict(zip(names, (1, "{patch}", "transdermal", "patch"), strict=True))
    ]


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        (
            "With an eGFR of 30–60 mL/min give 75% of the usual dose, and below 30 mL/min 50%.",
            [("eGFR", 30, 60, 75), ("eGFR", None, 30, 50)],
        ),
        (
            "CrCl 10–30 mL/min: 50% of the dose; CrCl below 10 mL/min: 25%.",
            [("creatinine clearance", 10, 30, 50), ("creatinine clearance", None, 10, 25)],
        ),
    ],
)
def test_a_second_share_for_its_band(text: str, bands: list[tuple[Any, ...]]) -> None:
    names = ("param", "param_low", "param_high", "dose_low")
    assert said(text, *names) == [dict(zip(names, band, strict=True)) for band in bands]


def test_a_share_of_the_dose_of_a_form_ends_before_whom_it_is_not_for() -> None:
    text = (
        "In hepatic impairment 50% of the usual patch dose is applied, and in severe impairment it should be avoided."
    )
    [step] = read(text, drug_names=["testolol"])
    assert (step.dosage.dose_basis, step.dosage.dose_low, step.dosage.route) == ("percent_of_dose", 50, "transdermal")
    assert text[step.start : step.end].endswith("applied")


@pytest.mark.parametrize(
    "text",
    [
        "Patients (meaning at least 60 mg of oral morphine a day for a week) begin with 100 micrograms as needed.",
        "Patients on at least 30 mg of oxycodone daily begin with 100 micrograms as needed.",
    ],
)
def test_what_patients_take_of_another_drug_is_no_dose(text: str) -> None:
    assert said(text, "dose_low", "route", "frequency") == [{"dose_low": 100, "route": None, "frequency": None}]


@pytest.mark.parametrize(
    "text",
    [
        "50 mg q12h, increased by 50 mg per dose every 24 hours; no more than 200 mg q12h.",
        "50 mg q8h; not more than 200 mg q8h.",
        "Give 50 mg q6h; maximum 200 mg q 6 h.",
    ],
)
def test_a_maximum_every_so_many_hours_caps_the_dose(text: str) -> None:
    assert {(s.dosage.max_single_dose, s.dosage.dose_high) for s in read(text)} == {(200, 50)}
