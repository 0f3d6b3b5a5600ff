"""Dosing tables as many hands write them: each row's steps, with what the head, the cells and the lead-in say of them."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract

_USES = (
    "Chronic heart failure",
    "Deep vein thrombosis",
    "Herpes zoster",
    "Influenza",
    "Pneumonia",
    "Juvenile idiopathic arthritis",
    "Breast cancer",
    "Multiple myeloma",
    "Schizophrenia",
    "Acute mania",
)


def table(lead: str, *lines: str) -> str:
    """A table below its lead-in; the first line is its head."""
    head, *rows = (f"| {line} |" for line in lines)
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join([lead, "", head, rule, *rows, ""])


def steps(dosage: str, section: str = "Adults") -> list[Any]:
    usage = "\n".join(f"- {use}" for use in _USES)
    body = f"---\ntitle: Testolol\n---\n## Usage\n\n{usage}\n\n## Dosage\n\n### {section}\n\n{dosage}\n"
    return sorted(extract(read(body.encode(), "testolol.md"), "testolol")["regimens"], key=lambda r: r.char_start)


def check(dosage: str, expected: list[dict[str, Any]], section: str = "Adults") -> None:
    """Each step has the values expected of it; a dose that nothing is expected of is one too many."""
    found = steps(dosage, section)
    assert [r.dose_high for r in found] == [e["dose_high"] for e in expected]
    for row, values in zip(found, expected, strict=True):
        assert {name: getattr(row, name) for name in values} == values, row.readable


def band(param: str, low: float | None, high: float | None) -> dict[str, Any]:
    return {"param": param, "param_low": low, "param_high": high}


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        # whose of two maxima a row's are, it does not say
        (
            table("", "Adult dose | Dose in children | Maximum daily dose", "400 mg every 8 hours | 10 mg/kg every 8 hours | 2.4 g (adults); 40 mg/kg (children)"),
            [{"dose_high": 400, "max_daily_dose": None}, {"dose_high": 10, "max_daily_dose": None}],
        ),
        # a day's maximum caps every step, what is told a week is what a daily dose grows by; "MDD" names a disease
        (
            table(
                "",
                "Indication | Starting dose | Titration | Usual dose | Maximum",
                "MDD | 25 mg three times daily | – | 75–100 mg/day | 150 mg/day",
                "Schizophrenia | 25 mg once daily | 25 mg every week | 50 mg twice daily | 100 mg/day",
            ),
            [
                {"dose_high": 25, "frequency": 3, "dose_is": "per_administration", "max_daily_dose": 150},
                {"dose_high": 100, "dose_low": 75, "dose_is": "per_day", "max_daily_dose": 150},
                {"dose_high": 25, "frequency": 1, "dose_is": "per_administration", "max_daily_dose": 100},
                {"dose_high": 25, "period_unit": "wk", "dose_is": "increment", "max_daily_dose": 100},
                {"dose_high": 50, "frequency": 2, "max_daily_dose": 100},
            ],
        ),
        (
            table("", "Indication | Starting dose | Titration", "Schizophrenia | 40 mg every week | 80 mg every week"),
            [{"dose_high": 40, "dose_is": "per_administration"}, {"dose_high": 80, "dose_is": "per_administration"}],
        ),
        # a dash denies what the lead-in says of how long
        (
            table(
                "In chronic heart failure it is taken with food, and each step is kept for two weeks:",
                "Step | Dose | Duration",
                "1 | 3.125 mg twice daily | 2 weeks",
                "2 | 25 mg twice daily | –",
            ),
            [
                {"dose_high": 3.125, "bounds_high": 2, "frequency": 2, "condition_norm": "chronic heart failure"},
                {"dose_high": 25, "bounds_high": None, "frequency": 2, "condition_norm": "chronic heart failure"},
            ],
        ),
        # two steps in a cell, divided by a line break
        (
            table(
                "",
                "Indication | Dose | Duration | Notes",
                "Deep vein thrombosis | 15 mg twice daily for 21 days<br>then 20 mg once daily | at least 3 months | with food",
            ),
            [
                {"dose_high": 15, "frequency": 2, "bounds_high": 21, "condition_norm": "deep vein thrombosis"},
                {"dose_high": 20, "frequency": 1, "bounds_low": 3, "condition_norm": "deep vein thrombosis"},
            ],
        ),
        (
            table("", "Indication | Dose", "Influenza | Adults: 75 mg twice daily<br/>Children: 2 mg/kg twice daily"),
            [{"dose_high": 75, "age_group": "adult"}, {"dose_high": 2, "age_group": "pediatric"}],
        ),
        # an empty first cell goes on with the one above
        (
            table(
                "",
                "Indication | CrCl (mL/min) | Dose",
                "Herpes zoster | 30–49 | 1 g every 12 hours",
                " | < 10 | 500 mg every 24 hours",
            ),
            [
                {"dose_high": 1, "condition_norm": "herpes zoster", **band("creatinine clearance", 30, 49)},
                {"dose_high": 500, "condition_norm": "herpes zoster", **band("creatinine clearance", None, 10)},
            ],
        ),
        # a head's time is that of its doses; a band in each head
        (
            table("", "Body weight | Treatment (5 days) | Prophylaxis (10 days)", "> 15–23 kg | 45 mg b.i.d. | 45 mg daily"),
            [
                {"dose_high": 45, "bounds_high": 5, "frequency": 2, **band("weight", 15, 23)},
                {"dose_high": 45, "bounds_high": 10, "frequency": 1, **band("weight", 15, 23)},
            ],
        ),
        (
            table(
                "",
                "Disease | CrCl 30–59 mL/min | CrCl below 30 mL/min, no dialysis | Dialysis",
                "Multiple myeloma | 10 mg once daily | 15 mg every 48 hours | 5 mg once daily",
            ),
            [
                {"dose_high": 10, "population": "renal_impairment", **band("creatinine clearance", 30, 59)},
                {"dose_high": 15, "population": "renal_impairment", **band("creatinine clearance", None, 30)},
                {"dose_high": 5, "population": "dialysis", "condition_norm": "multiple myeloma", **band(None, None, None)},
            ],
        ),
        (
            table("", " | 2–5 years | 12 years and over", "Dose | 2.5 mg twice daily | 10 mg once daily"),
            [{"dose_high": 2.5, **band("age", 2, 5)}, {"dose_high": 10, **band("age", 12, None)}],
        ),
        # the route of the first column is that of each column of steps
        (
            table("", "Route | Loading dose | Maintenance dose", "Intravenous | 6 mg/kg every 12 hours | 4 mg/kg twice daily"),
            [
                {"dose_high": 6, "step_kind": "loading", "route": "intravenous"},
                {"dose_high": 4, "step_kind": "maintenance", "route": "intravenous"},
            ],
        ),
        # units in heads, whatever stands around them
        (
            table("", "Baseline CrCl (mL/min) | Dose, mg", "50–60 | 3.5"),
            [{"dose_high": 3.5, "dose_unit": "mg", "rate_unit": None, **band("creatinine clearance", 50, 60)}],
        ),
        (
            table("", "Child-Pugh class | Loading dose on day 1 (mg) | Maintenance dose, once daily", "B | 70 | 35 mg"),
            [
                {"dose_high": 70, "step_kind": "loading", "param": "Child-Pugh B", "frequency": None},
                {"dose_high": 35, "step_kind": "maintenance", "param": "Child-Pugh B", "frequency": 1},
            ],
        ),
        # a condition beside a weight; an interval without "every"
        (
            table(
                "",
                "Disease | Route | Dose | Interval | Maximum",
                "Juvenile idiopathic arthritis, below 30 kg | IV | 12 mg/kg | 2 weeks | n/a",
            ),
            [
                {
                    "dose_high": 12,
                    "condition_norm": "juvenile idiopathic arthritis",
                    "period": 2,
                    "unread_text": None,
                    **band("weight", None, 30),
                }
            ],
        ),
        # weeks and days of a first column, the times of the day of the others
        (
            table("", "Week | Morning dose | Evening dose", "1 | – | 25 mg", "2 | 25 mg | 50 mg"),
            [
                {"dose_high": 25, "when_code": "evening", "start_after": None},
                {"dose_high": 25, "when_code": "morning", "start_after": 1, "start_after_unit": "wk"},
                {"dose_high": 50, "when_code": "evening"},
            ],
        ),
        (
            table("", "Day | Total daily dose (mg)", "1 | 24", "2 | 20"),
            [
                {"dose_high": 24, "dose_is": "per_day", "cycle_days": "1"},
                {"dose_high": 20, "dose_is": "per_day", "cycle_days": "2"},
            ],
        ),
        (
            table(
                "",
                "Tumour | Dose (mg/m²) | Days | Cycle length | Number of cycles | Partner",
                "Breast cancer | 1250 | 1, 8 | 21 days | up to 6 | paclitaxel 175 mg/m²",
            ),
            [
                {
                    "dose_high": 1250,
                    "dose_basis": "per_m2",
                    "cycle_days": "1,8",
                    "cycle_length": 21,
                    "cycles_max": 6,
                    "partners": "paclitaxel",
                }
            ],
        ),
        (
            table("", "Phase | Dose | Frequency | Number of doses", "Loading | 200 mg IV | every 8 hours | 6"),
            [{"dose_high": 200, "step_kind": "loading", "period": 8, "dose_count": 6}],
        ),
        # what is given at once, where another column says how often
        (
            table("", "Age | Single dose (mg) | Maximum per day", "4–5 years | 240 | 4 doses"),
            [{"dose_high": 240, "step_kind": "standard", "dose_count": None}],
        ),
        (table("", "Infection | Single dose", "Pneumonia | 2 g IM"), [{"dose_high": 2, "step_kind": "single", "dose_count": 1}]),
    ],
)  # fmt: skip
def test_a_row_of_a_table(dosage: str, expected: list[dict[str, Any]]) -> None:
    check(dosage, expected)


def test_a_row_that_only_its_first_cell_fills_heads_those_below_it() -> None:
    dosage = table(
        "",
        "Infection | Dose | Duration",
        "**Adults** | | ",
        "Pneumonia | 100 mg twice daily | 5 days",
        "**Children over 3 months** | | ",
        "Pneumonia | 0.75 mg/kg four times daily | 7 days",
    )
    adults = {"dose_high": 100, "age_group": "adult", "condition_norm": "pneumonia"}
    children = {"dose_high": 0.75, "age_group": "pediatric", "condition_norm": "pneumonia", **band("age", 3, None)}
    check(dosage, [adults, children], "Usual doses")


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        # amounts of a day, said above the table
        (
            table("Total daily doses, given in two divided doses:", "Day | Schizophrenia | Acute mania", "Day 1 | 50 mg | 100 mg"),
            [
                {"dose_high": 50, "dose_is": "per_day", "frequency": 2, "condition_norm": "schizophrenia"},
                {"dose_high": 100, "dose_is": "per_day", "frequency": 2, "condition_norm": "acute mania"},
            ],
        ),
        # days over which a dose is built up are no length of an infusion and no age
        (
            table("The dose is built up over 5 days:", " | Day 1 | Day 2", "Morning | 10 mg | 20 mg"),
            [
                {"dose_high": 10, "admin_duration": None, "param": None, "cycle_days": "1"},
                {"dose_high": 20, "admin_duration": None, "param": None, "cycle_days": "2"},
            ],
        ),
        # how many tablets hold the dose
        (
            table("", "Body weight (kg) | Dose (mg) | Number of 3 mg tablets", "25–35 | 6 | 2"),
            [{"dose_high": 6, "quantity_high": 2, "quantity_unit": "{tablet}", **band("weight", 25, 35)}],
        ),
        # the row of the limits is none of doses
        (
            table("", " | 2–5 years | 6–11 years", "Dose | 2.5 mg twice daily | 5 mg twice daily", "Maximum | 5 mg/day | 10 mg/day"),
            [{"dose_high": 2.5, "dose_is": "per_administration"}, {"dose_high": 5, "dose_is": "per_administration"}],
        ),
        # other drugs' columns, and a level in blood
        (
            table("", "Age group | Testolol | Rifampicin | Target trough", "Adults | 100 mg daily | 600 mg once a month | 3–8 ng/mL"),
            [{"dose_high": 100, "age_group": "adult", "frequency": 1, "period_unit": "d"}],
        ),
        (
            table("", "Dose level | Dose", "Starting dose | 400 mg twice daily", "First dose reduction | 400 mg once daily"),
            [{"dose_high": 400, "step_kind": "initial"}, {"dose_high": 400, "step_kind": "dose_reduction"}],
        ),
        # a maximum of doses that the lead-in gives once daily
        (
            table("It is taken once daily by mouth.", "Disorder | Start with | Usual dose | Top dose", "Schizophrenia | 5 mg | 10 mg | 20 mg"),
            [
                {"dose_high": 5, "step_kind": "initial", "route": "oral", "frequency": 1},
                {"dose_high": 10, "step_kind": "standard", "max_daily_dose": 20, "max_single_dose": None},
            ],
        ),
        # how many a day; an amount a day that bounds one by weight
        (
            table("", "Disease | Dose (mg/kg/day) | Doses per day | Days of treatment", "Pneumonia | 2.5–4 | 2 | 5–14"),
            [{"dose_high": 4, "dose_is": "per_day", "frequency": 2, "bounds_low": 5, "bounds_unit": "d"}],
        ),
        (
            table("", "Use | Children 1–16 years", "Pneumonia | 0.5 mg/kg/day orally, up to 40 mg/day"),
            [{"dose_high": 0.5, "max_daily_dose": 40, **band("age", 1, 16)}],
        ),
        # strengths and forms are no doses
        (
            table("", "Age | Strength | Dose", "6–12 years | 5 mg | 1 tablet twice daily"),
            [{"dose_high": 1, "dose_unit": "{tablet}", **band("age", 6, 12)}],
        ),
        (
            table("", "Indication | Usual adult dose | Usual paediatric dose", "Influenza | 75 mg | 2 mg/kg"),
            [{"dose_high": 75, "age_group": "adult"}, {"dose_high": 2, "age_group": "pediatric"}],
        ),
        (
            table("", "Patients | Dose", "Adolescents from 12 years | 50 mg"),
            [{"dose_high": 50, "age_group": "adolescent", **band("age", 12, None)}],
        ),
        # a table of a therapy of several drugs
        (
            table("", "Drug | Dose | Frequency", "Amoxicillin | 1 g | twice daily", "Testolol | 500 mg | twice daily"),
            [{"dose_high": 500, "frequency": 2}],
        ),
        # doses of another drug beside those of this one: converted from, given with
        (
            table("", "Oral morphine (mg/day) | Testolol patch (micrograms/hour)", "60–134 | 25"),
            [{"dose_high": None, "rate_high": 25, "rate_unit": "ug/h"}],
        ),
        (
            table("", "Inhibitor | Testolol dose", "Voriconazole 200 mg twice daily | 140 mg once daily", "Fluconazole | 280 mg daily"),
            [{"dose_high": 140, "frequency": 1}, {"dose_high": 280, "frequency": 1}],
        ),
        # what tablets look like is no dose; what makes a change needed is no condition
        (table("", "Tablet | Colour | Scored", "25 micrograms | white | yes"), []),
        (table("", "Vial | Volume of diluent | Concentration", "500 mg | 1.8 mL | 250 mg/mL"), []),
        (
            table("", "Toxicity | Action", "Neutropenia grade 3 | reduce to 150 mg/m²"),
            [{"dose_high": 150, "step_kind": "dose_reduction", "condition_norm": None}],
        ),
        (
            table("", "Weight | Initial dose | Following doses", "≥ 60 kg | 600 mg (two 300 mg injections) | 300 mg every other week"),
            [{"dose_high": 600, "step_kind": "initial"}, {"dose_high": 300, "step_kind": "maintenance", "period": 2}],
        ),
        # "alone" of a second column is no condition; a form as a head keeps the age of its row
        (
            table("", "Disease | Regimen | Dose", "Multiple myeloma | alone | 240 mg every 2 weeks"),
            [{"dose_high": 240, "condition_norm": "multiple myeloma"}],
        ),
        (
            table("", "Age | Oral solution (0.5 mg/mL)", "1–5 years | 2.5 mL once daily"),
            [{"dose_high": 2.5, "dose_unit": "mL", "route": "oral", **band("age", 1, 5)}],
        ),
    ],
)  # fmt: skip
def test_what_stands_around_a_table(dosage: str, expected: list[dict[str, Any]]) -> None:
    check(dosage, expected)


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        (
            table(
                "",
                " | Influenza | Pneumonia",
                "Dose (mg) | 200 | 400",
                "Interval | 12 hours | 24 hours",
                "Duration | 3 days | 7–14 days",
            ),
            [
                {"dose_high": 200, "period": 12, "bounds_high": 3, "condition_norm": "influenza"},
                {"dose_high": 400, "period": 24, "bounds_low": 7, "bounds_high": 14, "condition_norm": "pneumonia"},
            ],
        ),
        (
            table(
                "",
                "Feature | Intravenous treatment | Oral treatment",
                "Dose | 300 mg | 450 mg",
                "Infusion time | 60 minutes | –",
                "Frequency | every 12 hours | twice daily",
            ),
            [
                {"dose_high": 300, "route": "intravenous", "admin_duration": 60, "period": 12},
                {"dose_high": 450, "route": "oral", "admin_duration": None, "frequency": 2},
            ],
        ),
        (
            table("", "Item | Details", "Usual dose | 1 mg", "Frequency | once daily", "Route | oral", "Maximum | 5 mg/day"),
            [{"dose_high": 1, "frequency": 1, "period_unit": "d", "route": "oral"}],
        ),
    ],
)  # fmt: skip
def test_a_table_turned_on_its_side(dosage: str, expected: list[dict[str, Any]]) -> None:
    check(dosage, expected)
    for row in steps(dosage):
        assert row.source_quote in dosage


@pytest.mark.parametrize(
    ("sentence", "route"),
    [
        ("Children are dosed by body weight, always by mouth.", "oral"),
        ("For inhalational anthrax children are dosed by body weight, always by mouth.", "oral"),
        (
            "The dose in chronic heart failure is built up as shown below, by mouth, if each step is well tolerated.",
            "oral",
        ),
        ("The dose depends on the disease and is injected subcutaneously.", "subcutaneous"),
        ("Adults receive the intravenous doses of the table.", "intravenous"),
        ("The table lists the usual doses by weight, given rectally.", "rectal"),
        ("If the patient cannot swallow, the dose below is given intravenously.", None),
        ("Oral doses are absorbed poorly; the table gives those for injection.", None),
        ("Oral morphine is no substitute.", None),
        ("Some are treated by mouth; the doses depend on weight.", None),
    ],
)
def test_the_paragraph_above_a_table_gives_its_route(sentence: str, route: str | None) -> None:
    (dose,) = steps(table(sentence, "Phase | Dose", "Initial | 5 mg once daily"))
    assert dose.route == route


def test_the_dose_of_a_partner_joins_no_words_of_the_cell_behind_it() -> None:
    dosage = table(
        "", "Tumour | Testolol | Given with | Cycles", "Breast cancer | 75 mg/m² IV | cisplatin 75 mg/m² | up to 6"
    )
    check(dosage, [{"dose_high": 75, "partners": "cisplatin", "cycles_max": 6, "cycles_min": None}])


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        (
            table(
                "",
                "Indication | Dose | Induction | Maintenance | Comment",
                "Pneumonia | 3 mg/kg | weeks 0, 2 and 6 | every 6–8 weeks | stop after a year",
            ),
            [
                {"dose_high": 3, "step_kind": "standard", "dose_count": 3, "frequency": None},
                {"dose_high": 3, "step_kind": "maintenance", "period": 6, "period_max": 8, "condition_norm": "pneumonia"},
            ],
        ),
        (
            table("", "Indication | Dose | Loading | Maintenance", "Influenza | 300 mg SC | weeks 0 and 4 | every 12 weeks"),
            [
                {"dose_high": 300, "step_kind": "loading", "dose_count": 2},
                {"dose_high": 300, "step_kind": "maintenance", "period": 12, "route": "subcutaneous"},
            ],
        ),
        (
            table("", "Indication | Dose | First 4 weeks | Thereafter", "Influenza | 150 mg | once weekly | every 4 weeks"),
            [
                {"dose_high": 150, "period": 1, "bounds_high": 4},
                {"dose_high": 150, "period": 4, "bounds_high": None},
            ],
        ),
        (
            table("", "Indication | Dose | Route", "Influenza | 20 mg once daily for 2 weeks, then 10 mg twice a week | oral"),
            [{"dose_high": 20, "route": "oral"}, {"dose_high": 10, "route": "oral"}],
        ),
        (
            table("", "Form | Starting dose | Maintenance | Maximum", "Skin spray | 1 spray daily | 1–3 sprays daily | 3 sprays/day"),
            [{"dose_high": 1, "max_daily_dose": 3}, {"dose_high": 3, "max_daily_dose": 3}],
        ),
        (
            table("", "Indication | Children | Adults | Maximum daily dose", "Influenza | 5 mg once daily | 10 mg once daily | 40 mg"),
            [{"dose_high": 5, "max_daily_dose": None}, {"dose_high": 10, "max_daily_dose": 40}],
        ),
        (
            table("", "Indication | Age | Dose", "Influenza | from 6 weeks | 5 mg once daily"),
            [{"dose_high": 5, **band("age", 6, None)}],
        ),
    ],
)  # fmt: skip
def test_columns_that_speak_of_all_steps_of_a_row(dosage: str, expected: list[dict[str, Any]]) -> None:
    check(dosage, expected)


@pytest.mark.parametrize(
    ("words", "rate"),
    [
        ("One patch of 25 micrograms/day is changed twice a week.", (25, "ug/d", "transdermal")),
        ("Apply a patch of 4.6 mg/24 hours once daily.", (4.6, "mg/d", "transdermal")),
        ("A vaginal ring gives off 7.5 micrograms/day and is replaced every 90 days.", (7.5, "ug/d", "vaginal")),
        ("5 mg/day is replaced by 10 mg once daily.", (None, None, None)),
    ],
)
def test_what_stays_in_place_is_dosed_by_what_it_releases(words: str, rate: tuple[Any, ...]) -> None:
    row = steps(words)[0]
    assert (row.rate_high, row.rate_unit, row.route) == rate
    assert (row.dose_high is None) == (rate[0] is not None)


_BY_CLEARANCE = (
    "Creatinine clearance (mL/min) | Dose",
    "above 60 | no adjustment",
    "40–59 | 3.5 mg",
    "below 40 | not recommended",
)


@pytest.mark.parametrize(
    ("lead", "values"),
    [
        (
            "Outside hospitals it is not recommended below 18 years of age. For influenza it is given as an intravenous"
            " infusion over 45 minutes:",
            {"route": "intravenous", "admin_duration": 45, "condition_norm": "influenza", "age_group": "unspecified"},
        ),
        (
            "A dose of 5 mg is never repeated. In renal impairment the intravenous dose for the prevention of influenza,"
            " repeated every 3 to 4 weeks, follows the creatinine clearance:",
            {"route": "intravenous", "period": 3, "period_max": 4, "condition_norm": "influenza"},
        ),
        (
            "Patients with renal impairment receive a reduced oral dose twice daily for pneumonia, as follows:",
            {"route": "oral", "frequency": 2, "condition_norm": "pneumonia"},
        ),
        (
            "Age alone changes nothing. In renal impairment the first dose is the usual one, and the interval or the dose"
            " is then altered:",
            {"step_kind": "standard", "condition_norm": None},
        ),
    ],
)  # fmt: skip
def test_the_last_sentence_above_a_table_speaks_of_its_doses(lead: str, values: dict[str, Any]) -> None:
    row = next(r for r in steps(table(lead, *_BY_CLEARANCE), "Special Cases") if r.dose_high == 3.5)
    assert {name: getattr(row, name) for name in values} == values


def test_the_length_of_an_infusion_of_one_use_ends_with_its_table() -> None:
    dosage = table(
        "For influenza it is given as an intravenous infusion over 45 minutes:", "Age | Dose", "2–5 years | 1 mg"
    )
    rows = steps(f"{dosage}\nIn pneumonia treatment starts with 2 mg IV once daily.\n", "Children")
    assert [r.admin_duration for r in rows] == [45, None]


def test_months_in_a_first_column_last_from_their_first_to_their_last() -> None:
    rows = ("Months 1–6 | 5 mg once daily", "Months 7–12 | 10 mg once daily", "After 2 years | 20 mg once daily")
    check(
        table("", "Schizophrenia in adults | Oral dose", *rows),
        [
            {
                "dose_high": 5,
                "bounds_high": 6,
                "bounds_unit": "mo",
                "start_after": None,
                "condition_norm": "schizophrenia",
            },
            {"dose_high": 10, "bounds_low": 6, "start_after": 6, "condition_norm": "schizophrenia"},
            {"dose_high": 20, "bounds_high": None, "start_after": 2, "start_after_unit": "a", "route": "oral"},
        ],
    )


@pytest.mark.parametrize(
    ("cell", "bound"),
    [
        ("Low trough level (below 3 micrograms/mL)", ("trough level", None, 3, "ug/mL")),
        ("High potassium (above 6 mmol/L)", ("potassium", 6, None, "mmol/L")),
        ("Anaemia (below 8 g/dL)", (None, None, None, None)),
    ],
)
def test_a_value_in_brackets_bounds_the_dose_of_its_row(cell: str, bound: tuple[Any, ...]) -> None:
    (row,) = steps(table("", "Finding | Dose", f"{cell} | 10 mg IV every 8 weeks"), "Dosage Adjustments")
    assert (row.param, row.param_low, row.param_high, row.param_unit) == bound


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        ("weeks 0, 2 and 6 | not required after week 6", ["standard"]),
        ("once daily for 5 days | continue if it helps for 6 months", ["standard"]),
        ("once weekly | alternate weeks", ["standard", "maintenance"]),
    ],
)
def test_only_a_schedule_makes_a_second_step(cells: str, kinds: list[str]) -> None:
    rows = steps(table("", "Indication | Dose | Induction | Maintenance", f"Pneumonia | 30 mg SC | {cells}"))
    assert [r.step_kind for r in rows] == kinds


@pytest.mark.parametrize(
    ("words", "period", "count"),
    [
        ("375 mg/m² IV in four weekly doses.", 1, 4),
        ("30 mg SC, 4 weekly injections.", 1, 4),
        ("30 mg SC 4-weekly.", 4, None),
    ],
)
def test_four_weekly_doses_are_four(words: str, period: float, count: int | None) -> None:
    (row,) = steps(words)
    assert (row.period, row.period_unit, row.dose_count) == (period, "wk", count)


@pytest.mark.parametrize(
    ("head", "cells", "quantity"),
    [
        ("Dose | Tablets", "3 mg | 1 tablet", (1, "{tablet}")),
        ("Dose (mg) | Capsules", "3 | 2", (2, "{capsule}")),
        ("Tablets | Dose", "half a tablet | 3 mg", (0.5, "{tablet}")),
    ],
)
def test_a_column_of_tablets_beside_one_of_amounts_is_the_same_dose(
    head: str, cells: str, quantity: tuple[float, str]
) -> None:
    (row,) = steps(table("", f"Body weight | {head}", f"15–24 kg | {cells}"), "Children")
    assert (row.dose_low, row.dose_unit, row.quantity_low, row.quantity_unit) == (3, "mg", *quantity)


def test_columns_of_two_forms_are_two_doses() -> None:
    rows = steps(table("", "Body weight | Tablets | Capsules", "15–24 kg | 1 tablet | 2 capsules"), "Children")
    assert [r.dose_unit for r in rows] == ["{tablet}", "{capsule}"]


@pytest.mark.parametrize(
    ("cell", "length", "days"),
    [("7 d", 7, None), ("4–7 days", 7, None), ("1-5", None, "1-5"), ("1, 8, 15", None, "1,8,15")],
)
def test_a_length_in_a_column_of_days_is_no_day(cell: str, length: float | None, days: str | None) -> None:
    (row,) = steps(table("", "Indication | Dose | Freq. | Days", f"Pneumonia | 2 g | once daily | {cell}"))
    assert (row.bounds_high, row.cycle_days) == (length, days)


@pytest.mark.parametrize(
    ("head", "cells", "quantities"),
    [
        ("Treatment, twice daily | Prophylaxis, once daily | Volume of each dose", "30 mg | 30 mg | 5 mL", [5, 5]),
        ("Morning dose | Evening dose | mL per dose", "30 mg | 30 mg | 5", [5, 5]),
        ("Treatment, twice daily | Prophylaxis, once daily | Volume per dose", "60 mg | 30 mg | 5 mL", [None, None]),
    ],
)
def test_a_volume_holds_the_doses_beside_it(head: str, cells: str, quantities: list[float | None]) -> None:
    rows = steps(table("", f"Body weight | {head}", f"15–24 kg | {cells}"), "Children")
    assert [r.quantity_low for r in rows] == quantities
    assert {r.dose_unit for r in rows} == {"mg"}


@pytest.mark.parametrize(
    ("head", "cell", "period", "count"),
    [
        ("Repeat", "once after 10 minutes", 10, 2),
        ("Repeats", "repeated once after 10 minutes", 10, 2),
        ("Repeats", "may be repeated once after 10 minutes", None, None),
        ("Repeat", "every 10 minutes", 10, None),
        ("Repeat every", "10 minutes", 10, None),
        ("Repeat after", "10 minutes", None, None),  # how often, it does not say
        ("Repeat", "no", None, None),
        ("Repeat dose", "in hospital only", None, None),
    ],
)
def test_a_column_of_repeats(head: str, cell: str, period: float | None, count: int | None) -> None:
    (row,) = steps(table("", f"Who | Dose | {head}", f"Child 1–4 years | 5 mg | {cell}"), "Children")
    assert (row.period, row.dose_count, row.start_after) == (period, count, None)


@pytest.mark.parametrize(
    ("comment", "most"),
    [
        ("maximum 20 mg/day", 20),
        ("max 20 mg in 24 hours; check potassium", 20),
        ("not more than 20 mg daily", 20),
        ("total no more than 20 mg", None),
        ("max 20 mg/day in renal impairment", None),
        ("maximum 20 mg", None),
    ],
)
def test_a_maximum_among_the_comments(comment: str, most: float | None) -> None:
    (row,) = steps(
        table("", "Indication | Dose | Frequency | Comments", f"Acute mania | 5 mg | every 6 hours | {comment}")
    )
    assert (row.dose_high, row.max_daily_dose) == (5, most)


@pytest.mark.parametrize(
    "cell",
    [
        "Acute mania, after adenosine 6 mg and 12 mg failed",
        "Acute mania not controlled by lorazepam 4 mg",
        "Acute mania (despite haloperidol 5 mg)",
    ],
)
def test_what_the_patients_have_had_is_no_dose(cell: str) -> None:
    first, second = steps(
        table("", "Situation | First dose | If no response", f"{cell} | 5 mg IV | 10 mg IV after 30 min")
    )
    assert (first.dose_high, first.condition_norm, first.condition_text) == (5, "acute mania", None)
    assert (second.dose_high, second.start_after, second.condition_text) == (10, 30, "if no response")


@pytest.mark.parametrize(
    "title", ["Testovir disoproxil", "Testomicil mofetil", "Testoxetine hydrochloride", "Testolol"]
)
def test_a_drug_is_called_by_its_name_without_the_salt(title: str) -> None:
    short = title.split()[0].lower()
    body = f"---\ntitle: {title}\n---\n## Dosage\n\n" + table("", "Who | Dose", f"Adults | {short} 300 mg once daily")
    (row,) = extract(read(body.encode(), "testo.md"), "testo")["regimens"]
    assert (row.dose_low, row.frequency) == (300, 1)


@pytest.mark.parametrize(
    ("lead", "time", "most"),
    [
        ("Every drip in this table runs IV over 1 hour. Maximum 800 mg per infusion, whatever the weight.", 1, 800),
        ("Drips run IV over 1 hour (max 800 mg per infusion).", 1, 800),
        ("Given intravenously over 1 hour, at most 800 mg per dose regardless of weight.", 1, 800),
        ("Infusions run over 1 hour. Do not exceed 800 mg per dose.", 1, 800),
        ("Some infusions run over 1 hour.", None, None),
    ],
)
def test_the_paragraph_above_caps_and_times_the_doses(lead: str, time: float | None, most: float | None) -> None:
    (row,) = steps(table(lead, "Condition | Dose | How often", "Pneumonia | 8 mg/kg | every 4 weeks"))
    assert (row.admin_duration, row.max_single_dose) == (time, most)


@pytest.mark.parametrize(
    ("cell", "partners"),
    [
        ("Breast cancer, tamoxifen not tolerated", None),
        ("Breast cancer resistant to tamoxifen", None),
        ("Breast cancer with tamoxifen", "tamoxifen"),
        ("Breast cancer (tamoxifen failed)", None),
    ],
)
def test_a_condition_stands_before_what_another_drug_did(cell: str, partners: str | None) -> None:
    (row,) = steps(table("", "Situation | Dose", f"{cell} | 300 mg once daily"))
    assert (row.dose_high, row.partners) == (300, partners)


@pytest.mark.parametrize(
    ("lead", "condition"),
    [
        ("The oral dose for influenza follows body weight.", "influenza"),
        ("For influenza the dose varies with weight.", "influenza"),
        ("Doses in influenza follow the weight.", "influenza"),
        ("Influenza is common here.", None),
    ],
)
def test_the_condition_of_a_table_or_of_nested_items(lead: str, condition: str | None) -> None:
    (row,) = steps(table(lead, "Weight | Dose", "10–20 kg | 30 mg twice daily"), "Children")
    assert row.condition_norm == condition
    nested = f"- **Renal impairment:** {lead}\n  - **CrCl 30–60 mL/min:** 30 mg twice daily\n"
    (row,) = steps(nested, "Special cases")
    assert row.condition_norm == condition


def test_clauses_that_go_by_their_headings_number_stand_alone() -> None:
    dosage = table(
        "4.1 Influenza, adults: 100 mg PO once daily.\n4.2 Pneumonia, by weight, given PO:",
        "Weight | Dose",
        "10–20 kg | 50 mg",
    )
    adult, child = steps(dosage, "4. Doses")
    assert (adult.dose_high, adult.condition_norm, adult.age_group) == (100, "influenza", "adult")
    assert (child.dose_high, child.condition_norm, child.age_group) == (50, "pneumonia", "unspecified")


@pytest.mark.parametrize("label", ["Peripheral rate limit", "Upper limit", "Daily maximum", "Dose ceiling"])
def test_a_label_of_a_limit_gives_no_dose(label: str) -> None:
    assert steps(f"{label}: 10 mg/h.") == []


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("Review", "after 4 weeks"),
        ("When to move on", "target not reached after 4 weeks"),
        ("Onset", "2 hours"),
        ("Duration of action", "30 min"),
        ("Pack size", "100 mL"),
        ("Total dose", "1 g"),
        ("Half-life", "12 h"),
        ("Contains", "50 mg"),
        ("Dilute in", "250 mL glucose 5%"),
        ("Equivalent to", "codeine 30 mg"),
    ],
)
def test_columns_that_say_nothing_of_a_dose(head: str, cell: str) -> None:
    (row,) = steps(table("", f"Indication | Dose | {head}", f"Pneumonia | 100 mg once daily | {cell}"))
    assert (row.dose_high, row.start_after, row.bounds_high, row.dose_unit) == (100, None, None, "mg")


@pytest.mark.parametrize("head", ["Patient's usual dose", "Current dose", "Previous dose (mg)"])
def test_what_was_taken_so_far_is_no_dose(head: str) -> None:
    rows = steps(table("", f"{head} | Dose on the day of surgery", "5 mg once daily | omit", "10 mg once daily | 5 mg"))
    assert [r.dose_high for r in rows] == [5]
    assert rows[0].frequency is None


@pytest.mark.parametrize(("cell", "quantity"), [("2 × 100 mg", 2), ("2 x 100 mg", 2), ("2", 2), ("1 × 200 mg", 1)])
def test_a_count_of_strengths_holds_the_dose_beside_it(cell: str, quantity: float) -> None:
    (row,) = steps(table("", "Weight | Daily dose | Tablets", f"20–29.9 kg | 200 mg | {cell}"), "Children")
    assert (row.dose_high, row.dose_unit, row.quantity_low) == (200, "mg", quantity)


@pytest.mark.parametrize(
    ("head", "days"), [("First day | Following days", "1"), ("First day | Next days", "1"), ("Day 1 | Days 2–5", "1")]
)
def test_the_first_day_and_those_behind_it(head: str, days: str) -> None:
    first, then = steps(table("", f"Who | {head}", "Adults | 200 mg | 100 mg daily"))
    assert (first.dose_high, first.cycle_days) == (200, days)
    assert (then.dose_high, then.frequency, then.cycle_days) == (100, 1, "2-5" if "2" in head else None)


def test_doses_of_one_day_begin_together() -> None:
    rows = steps(table("", "Weeks | Morning | Evening", "1–2 | 25 mg | –", "3–4 | 25 mg | 50 mg"))
    assert [(r.dose_high, r.start_after) for r in rows] == [(25, None), (25, 2), (50, 2)]


def test_a_table_of_what_is_spread_on_the_skin() -> None:
    check(
        table(
            "Skin:",
            "Lesion | Product | How to use | Course",
            "Herpes zoster | 5% cream | apply once or twice daily | 3–4 weeks",
            "Breast cancer | 0.5% gel | apply twice a week | up to 12 weeks",
            "Influenza | 1% eye drops | 1 drop QDS | 7 days in every 28, 2–4 cycles",
        ),
        [
            {
                "dose_low": 1,
                "dose_high": 1,
                "dose_unit": "{application}",
                "dose_form": "5% cream",
                "frequency_max": 2,
                "bounds_low": 3,
            },
            {"dose_low": 1, "dose_high": 1, "route": "topical", "frequency": 2, "period_unit": "wk", "bounds_high": 12},
            {
                "dose_low": 1,
                "dose_high": 1,
                "dose_unit": "{drop}",
                "cycle_length": 28,
                "days_on": 7,
                "cycles_max": 4,
                "route": "ophthalmic",
            },
        ],
    )


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("one fixed tablet of testolol 50 mg/misoprostol 200 mcg", (50, "50 mg/200 mcg", 1, "misoprostol")),
        ("testolol 5 mg/valsartan 160 mg", (5, "5 mg/160 mg", None, "valsartan")),
        ("two fixed-dose tablets of testolol 10 mg and ramipril 5 mg", (2, "10 mg/5 mg", None, "ramipril")),
    ],
)
def test_a_fixed_combination_is_named_part_by_part(product: str, expected: tuple[object, ...]) -> None:
    (d,) = steps(f"- Pneumonia: {product} PO once daily with food")
    assert (d.dose_low, d.dose_components, d.quantity_low, d.partners) == expected
    assert (d.route, d.frequency, d.when_code) == ("oral", 1, "with_meal")
