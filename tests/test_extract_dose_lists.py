"""What the lines of a list or table say of one another: maxima of their own line, weeks from 0, captions, courses."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def regimens(body: str) -> list[Regimen]:
    text = f"---\ntitle: Testolol\n---\n## Dosage\n\n{body}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return sorted((r for r in rows if isinstance(r, Regimen)), key=lambda r: r.char_start)


def said(body: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, c) for c in columns) for row in regimens(body)]


@pytest.mark.parametrize(
    ("lines", "maxima"),
    [
        ("- Start: 5 mg once daily\n- Titrate: increase by 5 mg every week\n- Maximum: 40 mg/day", [40, 40]),
        (
            "1. Begin with 10 mg twice daily.\n2. Increase to 20 mg twice daily.\n3. Do not exceed 60 mg daily.",
            [60, 60],
        ),
        ("- Initial dose: 25 mg daily\n- Usual dose: 50 mg daily\n\nMaximum dose 150 mg/day.", [150, 150]),
        ("- Gout: 5 mg once daily\n  - Max: 20 mg/day\n- Migraine: 5 mg once daily", [20, None]),
        ("- Adults: 5 mg daily\n- Children: 2 mg daily\n- Max: 20 mg/day", [None, None]),  # whose it is, nobody knows
        ("- Start: 5 mg daily\n- Then: 10 mg daily\n- Maximum 20 mg daily in children", [None, None]),
        ("- First dose: 60 mg daily\n- Then: 30 mg daily\n- Maximum: 50 mg/day", [None, 50]),
    ],
)
def test_a_maximum_on_a_line_of_its_own_is_that_of_the_steps_above(lines: str, maxima: list[float | None]) -> None:
    assert [r.max_daily_dose for r in regimens(lines)] == maxima


def test_a_maximum_that_closes_a_caption_is_that_of_its_table() -> None:
    table = "| Use | Dose | Route |\n|---|---|---|\n| Gout | 300 mg twice daily | PO |\n"
    body = f"**Table 1. Joints** (max 4 g/day)\n\n{table}\n**Table 2. Others**\n\n{table.replace('Gout', 'Colitis')}"
    assert said(body, "max_daily_dose", "max_dose_unit") == [(4, "g"), (None, None)]


def test_the_length_of_an_infusion_in_a_column_of_routes_is_that_of_all_steps_of_the_row() -> None:
    body = "| Use | Dose | Route |\n|---|---|---|\n| Sepsis | 15 mg/kg loading dose, then 7.5 mg/kg | IV over 1 h |"
    assert said(body, "dose_low", "route", "admin_duration") == [(15, "intravenous", 1), (7.5, "intravenous", 1)]


@pytest.mark.parametrize(
    "body",
    [
        "- Week 0: 160 mg SC\n- Week 2: 80 mg SC\n- From week 4: 40 mg SC every 2 weeks",
        "| Week | Dose |\n|---|---|\n| 0 | 160 mg SC |\n| 2 | 80 mg SC |\n| 4 onwards | 40 mg SC every 2 weeks |",
        "- Gout: Week 0: 160 mg SC, week 2: 80 mg SC, then 40 mg SC every 2 weeks from week 4",
    ],
)
def test_a_list_that_begins_with_week_0_counts_from_it(body: str) -> None:
    assert said(body, "dose_low", "start_after", "dose_count") == [(160, None, 1), (80, 2, 1), (40, 4, None)]


def test_weeks_count_from_1_where_no_line_says_otherwise() -> None:
    body = "- Week 1: 25 mg daily\n- Week 2: 50 mg daily\n- Week 3 onwards: 100 mg daily"
    assert said(body, "start_after", "dose_count") == [(None, None), (1, None), (2, None)]


@pytest.mark.parametrize(
    ("above", "bounds"),
    [
        ("Give for 7–10 days.", (7, 10)),
        ("The course lasts 10 days.", (10, 10)),
        ("Check the ear after 3 days.", (None, None)),
        ("Symptoms often last for 7 days.", (None, None)),
    ],
)
def test_a_paragraph_gives_the_course_of_the_doses_below_it(above: str, bounds: tuple[float | None, ...]) -> None:
    body = f"{above}\n\n- **Infant:** 50 mg twice a day\n- **Child:** 250 mg twice a day for 5 days"
    assert said(body, "bounds_low", "bounds_high") == [bounds, (5, 5)]


def test_how_often_all_doses_are_given_holds_where_a_line_says_nothing_else() -> None:
    lines = "- **Gout:** 5 mg nocte\n- **Pain:** 5 mg twice daily\n- **Angina:** 5 mg as a single dose"
    body = f"All doses are oral and are given once daily unless the line says otherwise.\n\n{lines}"
    assert said(body, "frequency", "when_code") == [(1, "bedtime"), (2, None), (None, None)]


@pytest.mark.parametrize(
    ("line", "doses"),
    [
        ("Spinal injury: no longer recommended; the former scheme began with a bolus of 30 mg/kg.", []),
        ("Former regimen: 20 mg/kg IV, then 5 mg/kg/h.", []),
        ("Gout: 10 mg once daily. It used to be given as 40 mg once daily.", [10]),
        ("Bleeding: 10 mg/kg IV stat. Factor VIII 50 units/kg goes in first.", [10]),
        ("Bleeding: 1 g IV over 10 minutes. Vitamin K 5 mg IV comes first.", [1]),
        ("Bleeding: 1 g IV over 10 minutes. Fibrinogen 4 g is given in addition.", [1]),
        ("Pain: 5 mg every 2 hours as needed when the background is 10 to 20 mg twice daily.", [5]),
        ("Gout: if the current daily dose is 20 mg, it is raised to 40 mg once daily.", [40]),
        ("No IV access: call for help; a tablet is too slow", []),
        ("Gout: a capsule may be opened. One tablet is taken daily.", [1]),
        ("Pain: a patch is applied once a week", [1]),
        ("Pain: 10 mg once daily in adults who have never taken an opioid.", [10]),
    ],
)
def test_amounts_that_are_given_no_more_or_are_of_something_else(line: str, doses: list[float]) -> None:
    assert [r.dose_high for r in regimens(f"- {line}")] == doses
