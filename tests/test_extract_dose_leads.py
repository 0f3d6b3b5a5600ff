"""What declarations, lists of conditions, groups of people one after the other and heads of columns say of a dose."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract

_USAGE = (
    "- Gout\n- Psoriasis\n- Heart failure\n- Focal seizures\n- Seasonal allergic rhinitis (SAR)\n"
    "- Chronic urticaria (CU)\n- Peripheral arterial disease (PAD)\n- Major depressive disorder (MDD)\n"
    "- Acute coronary syndrome without ST elevation (NSTE-ACS)\n"
)


def regimens(dosage: str, heading: str = "Dosage") -> list[Any]:
    body = f"---\ntitle: Testolol\n---\n## Usage\n\n{_USAGE}\n## {heading}\n\n{dosage}\n"
    return sorted(extract(read(body.encode(), "testolol.md"), "testolol")["regimens"], key=lambda r: r.char_start)


@pytest.mark.parametrize(
    ("sentence", "dose", "frequency"),
    [
        ("All doses are oral and are given once daily unless the line says otherwise.", "5 mg", (1, 1, "d")),
        ("All doses are oral and are given once daily.", "5 mg at night", (1, 1, "d")),
        ("Everything below is given twice a day.", "5 mg", (2, 1, "d")),
        ("Doses here are SC and weekly.", "5 mg", (1, 1, "wk")),
        ("All doses are given once daily.", "5 mg three times a day", (3, 1, "d")),
        ("All doses are given once daily.", "5 mg stat", (None, None, None)),
        ("All doses are given once daily.", "5 mg 2 hours before each infusion", (None, None, None)),
        ("Everything below is given twice a day.", "5 mg at night", (None, None, None)),
        ("All doses in asthma are given three times daily.", "5 mg", (None, None, None)),
    ],
)
def test_a_chapter_declares_how_often_its_doses_are_given(
    sentence: str, dose: str, frequency: tuple[int | None, float | None, str | None]
) -> None:
    (row,) = regimens(f"{sentence}\n\n### Usual doses\n\n- Gout: {dose}")
    assert (row.frequency, row.period, row.period_unit) == frequency


@pytest.mark.parametrize(
    ("sentence", "bounds"),
    [
        ("Give for 7–10 days.", (7, 10, "d")),
        ("Course: 5 days.", (5, 5, "d")),
        ("Treat for at least 2 weeks.", (2, None, "wk")),
        ("Duration 7 days unless stated otherwise.", (7, 7, "d")),
        ("Usually given for 5 days.", (None, None, None)),
        ("Give for 7 days in mild cases.", (None, None, None)),
        ("Review after 5 days.", (None, None, None)),
    ],
)
def test_a_sentence_says_how_long_the_doses_below_it_are_given(
    sentence: str, bounds: tuple[float | None, float | None, str | None]
) -> None:
    first, load, own = regimens(
        f"{sentence}\n\n- Gout: 5 mg twice a day\n- Psoriasis: load 20 mg\n- SAR: 5 mg daily for 3 days"
    )
    assert (first.bounds_low, first.bounds_high, first.bounds_unit) == bounds
    assert (load.bounds_low, own.bounds_low) == (None, 3)


@pytest.mark.parametrize(
    "dose",
    [
        "For skin and soft tissue infections, 500 mg twice daily",
        "Gout: one 5 mg tablet 2 hours before each injection",
        "Gout: 5 mg as a single dose, with amiodarone 5 mg/kg IV over 1 hour",
        "Gout: 5 mg daily",
    ],
)
def test_a_disease_of_the_skin_and_the_way_of_a_partner_leave_the_declared_way(dose: str) -> None:
    assert [r.route for r in regimens(f"Everything here is by mouth.\n\n### Ear infections\n\n- {dose}")] == ["oral"]


@pytest.mark.parametrize(
    ("dosage", "conditions"),
    [
        ("### Tonic-clonic or focal seizures\n\n- 5 mg daily", "tonic-clonic seizure; focal seizure"),
        (
            "### Adults, generalized tonic-clonic or focal seizures\n\n- 5 mg daily",
            "generalized tonic-clonic seizure; focal seizure",
        ),
        (
            "### Acute lymphoblastic or chronic myeloid leukaemia\n\n- 5 mg daily",
            "acute lymphoblastic leukaemia; chronic myeloid leukaemia",
        ),
        ("In hospital, for adrenal crisis:\n\n- 5 mg daily", "adrenal crisis"),
        ("### Recurrent or progressive astrocytoma\n\n- 5 mg daily", "astrocytoma"),
        ("### Gout\n\n- No previous chemotherapy: 5 mg daily", "gout"),
        ("### Gout\n\n- Prior radiotherapy: 5 mg daily", "gout"),
        ("### Gout\n\n- Treatment-naive patients: 5 mg daily", "gout"),
        ("### Gout\n\n- Previously treated myeloma: 5 mg daily", "myeloma"),
        ("- Patients with recurrent SAR: 5 mg daily", "recurrent seasonal allergic rhinitis"),
        ("- Adults with gout who have never had a flare: 5 mg daily", "gout"),
        ("### SAR, CU\n\n- 5 mg daily", "seasonal allergic rhinitis; chronic urticaria"),
        ("Solution is 0.5 mg/mL. Uses: SAR, CU.\n\n| Age | Dose |\n|---|---|\n| 2 years | 1 mg |",
         "seasonal allergic rhinitis; chronic urticaria"),
        ("Indications: gout and SAR.\n\n- Adults: 5 mg daily", "gout; seasonal allergic rhinitis"),
        ("### Gout\n\nFor pericarditis, 5 mg daily.", "pericarditis"),
        ("### Gout\n\nIn chronic colitis the dose is 5 mg once daily.", None),
        ("### Gout\n\nAfter an acute coronary syndrome the dose is 5 mg once daily.", "acute coronary syndrome"),
        ("### Coronary disease\n\nIn NSTE-ACS 5 mg is given.", "acute coronary syndrome without st elevation"),
    ],
)  # fmt: skip
def test_a_lead_names_one_condition_or_several(dosage: str, conditions: str | None) -> None:
    (row,) = regimens(dosage)
    assert row.condition_norm == conditions


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("In heart failure, patients up to 75 years take 4 mg daily. Patients older than 75 years take 2 mg daily.",
         ["heart failure", "heart failure"]),
        ("For gout, adults take 50 mg daily. Those over 65 years take 25 mg daily.", ["gout", "gout"]),
        ("Adults with gout take 5 mg daily. Adolescents aged 13 to 17 years take 2 mg daily.", ["gout", "gout"]),
        ("Adults with gout take 5 mg daily, children with psoriasis 2 mg daily. Women take 3 mg daily.",
         ["gout", "psoriasis", None]),
        ("In gout the dose is 5 mg daily. The same applies to PAD, where 5 mg is taken at night.",
         ["gout", "peripheral arterial disease"]),
        ("The drops are better absorbed: in gout the dose is 16 mg daily.", ["gout"]),
        ("For carotid stenting the patient takes 75 mg daily.", ["carotid stenting"]),
    ],
)  # fmt: skip
def test_a_sentence_keeps_the_condition_before_it_unless_it_names_its_own(
    text: str, conditions: list[str | None]
) -> None:
    assert [r.condition_norm for r in regimens(text)] == conditions
    under = regimens(f"### Inflammation\n\n{text}")
    assert [r.condition_norm for r in under if r.condition_norm != "inflammation"] == [c for c in conditions if c]


def test_heads_of_columns_and_verbs_say_which_step_a_dose_is() -> None:
    rows = "| Indication | Start low | Target | Max/day |\n|---|---|---|---|\n| MDD, adjunct | 2 mg | 5–10 mg | 15 mg |"
    found = regimens(rows)
    assert [(r.step_kind, r.condition_norm, r.max_daily_dose) for r in found] == [
        ("initial", "major depressive disorder", 15),
        ("target", "major depressive disorder", 15),
    ]
    assert [r.step_kind for r in regimens("- Load 20 mg/kg IV, then maintain 5 mg/kg/day.")] == [
        "loading",
        "maintenance",
    ]
    assert [r.step_kind for r in regimens("- 5 mg/hour IV to maintain sedation")] == ["standard"]


def test_a_heading_says_behind_a_colon_whose_its_doses_are() -> None:
    assert [r.age_group for r in regimens("- Gout: 5 mg daily", "2. Treatment schedule: adults")] == ["adult"]
    assert [r.route for r in regimens("- Gout: 5 mg daily", "Dosage: oral")] == ["oral"]


def test_a_bold_line_begins_a_statement_and_ends_the_one_before() -> None:
    lines = "**Gout, 13–17 years.** 2 mg PO qd.\n**Psoriasis, 6–12 years.** 1 mg PO qd."
    assert [(r.condition_norm, r.param_low) for r in regimens(lines)] == [("gout", 13), ("psoriasis", 6)]
    lists = "**Gout, GCS 12 or less**\n\n- 2 g IV\n\n**Psoriasis**\n\n- 1 g IV"
    assert [(r.condition_norm, r.param, r.param_high) for r in regimens(lists)] == [
        ("gout", "GCS", 12),
        ("psoriasis", None, None),
    ]


def test_a_caption_and_a_column_of_creatinine_speak_of_an_organ() -> None:
    table = "**Table 3.** Hepatic impairment\n\n| Bilirubin (× ULN) | Dose |\n|---|---|\n| 1.26–2 | 135 mg |"
    assert [r.population for r in regimens(table)] == ["hepatic_impairment"]
    table = "| Serum creatinine (µmol/L) | Dose |\n|---|---|\n| 120–249 | 10 mg/kg |"
    assert [r.population for r in regimens(table)] == ["renal_impairment"]


def test_older_people_are_geriatric_and_no_way_is_none() -> None:
    rows = regimens("### Adults, gout\n\n- Older or frail people: 5 mg daily\n- Over 60 years: 5 mg daily")
    assert [r.age_group for r in rows] == ["geriatric", "adult"]
    table = "| Use | Dose | Route |\n|---|---|---|\n| Surgery, no IV access | 1 g | PR |"
    assert [r.route for r in regimens(table)] == ["rectal"]


@pytest.mark.parametrize(
    ("dosage", "condition", "text"),
    [
        ("### Gout\n\n- If the infection is severe: 5 mg daily", "gout", "If the infection is severe"),
        ("### Gout\n\n- Once the pain has settled: 5 mg daily", "gout", "Once the pain has settled"),
        ("When the infection recurs: 5 mg daily", None, "When the infection recurs"),
        ("- When used for gout: 5 mg daily", "gout", None),
        ("### Gout\n\n- Once daily: 5 mg", "gout", None),
    ],
)
def test_an_event_in_a_label_is_no_disease_but_the_condition_of_its_dose(
    dosage: str, condition: str | None, text: str | None
) -> None:
    (row,) = regimens(dosage)
    assert (row.condition_norm, row.condition_text) == (condition, text)


@pytest.mark.parametrize(
    ("sentences", "who"),
    [
        ("Unless otherwise indicated the doses are for oral use in adults.", ("adult", "oral", None)),
        ("The doses below apply to adults and are given by mouth.", ("adult", "oral", None)),
        ("These are adult doses. PO, once a day.", ("adult", "oral", 1)),
        ("All doses are oral and for adults. They are taken twice daily.", ("adult", "oral", 2)),
        ("SC again.", ("unspecified", "subcutaneous", None)),
    ],
)
def test_a_terse_declaration_says_for_whom_by_which_way_and_how_often(
    sentences: str, who: tuple[str, str | None, int | None]
) -> None:
    (row,) = regimens(f"{sentences}\n\n- Gout: 5 mg")
    assert (row.age_group, row.route, row.frequency) == who


def test_the_ages_of_a_heading_are_not_those_of_another_group_below_it() -> None:
    rows = regimens("### Children 1–17 years\n\n- Gout: 5 mg daily\n- Neonates: 3 mg daily")
    assert [(r.age_group, r.param_high) for r in rows] == [("pediatric", 17), ("neonate", None)]


@pytest.mark.parametrize(
    ("sentence", "most"),
    [
        ("All of these doses are taken by mouth, and none of them should exceed 20 mg/day.", 20),
        ("Every dose below is given orally, and the total should not go above 20 mg a day.", 20),
        ("The doses that follow are taken by mouth; do not exceed 20 mg daily.", 20),
        ("All doses are oral and should not exceed 20 mg a day in renal impairment.", None),
        ("Each of these doses is taken by mouth and must not exceed 20 mg daily.", 20),
        ("The loading dose is oral and should not exceed 20 mg a day.", None),
        ("All doses are oral; the maximum with verapamil is 20 mg a day.", None),
    ],
)
def test_one_sentence_gives_route_and_maximum_of_all_doses(sentence: str, most: float | None) -> None:
    for row in regimens(f"{sentence}\n\nFor gout the usual dose is 5 mg once daily.\n\n- Psoriasis: 10 mg once daily"):
        assert row.max_daily_dose == most
        assert row.route == "oral" or most is None


@pytest.mark.parametrize(
    ("sentence", "infusion", "meal"),
    [
        ("Intravenous doses are infused over 2 hours. Oral doses are taken one hour before a meal.", 2, "before_meal"),
        ("Each infusion runs over 1 hour.", 1, None),
        ("The oral doses are taken with food.", None, "with_meal"),
        ("Oral doses are taken one hour before or after a meal.", None, None),
        ("Intravenous doses may be infused over 2 hours.", None, None),
        ("Oral ibuprofen doses are taken with food.", None, None),
        ("IV doses are infused over 2 hours; oral doses are swallowed with food.", 2, "with_meal"),
    ],
)
def test_what_is_said_of_one_way_holds_for_the_doses_by_it(
    sentence: str, infusion: float | None, meal: str | None
) -> None:
    infused, oral, bolus = regimens(
        f"{sentence}\n\n- Gout: 5 mg/kg IV every 12 hours\n- Psoriasis: 10 mg orally once daily\n- Heart failure: 5 mg IV bolus"
    )
    assert (infused.admin_duration, infused.when_code) == (infusion, None)
    assert (oral.admin_duration, oral.when_code) == (None, meal)
    assert bolus.admin_duration is None


def test_one_product_gives_the_way_of_all_doses_below() -> None:
    first, second = regimens(
        "### Children\n\nOral suspension 200 mg/5 mL. Not below 6 months.\n\n- Gout: 10 mg/kg once daily\n\n"
        "### Adults\n\nOral suspension 200 mg/5 mL or tablets.\n\n- Gout: 10 mg/kg once daily"
    )
    assert (first.route, second.route) == ("oral", None)


def test_months_behind_a_condition_of_adults_are_how_long_it_is_treated() -> None:
    dosage = "### Adults\n\n- **Gout (3–6 months):** 15 mg once daily\n- **6–11 months:** 5 mg once daily"
    rows = regimens(dosage)
    assert [(r.age_group, r.param) for r in rows] == [("adult", None), ("pediatric", "age")]


def test_those_beyond_the_band_of_a_label_are_not_in_it() -> None:
    rows = regimens("### Children\n\nUnder 1 month: 150 units/kg twice daily; older: 100 units/kg twice daily.")
    assert [(r.age_group, r.param_high) for r in rows] == [("pediatric", 1), ("pediatric", None)]


def test_what_follows_the_start_is_not_the_start() -> None:
    rows = regimens("### Adults\n\n- Start: 5 mg daily; after 4 weeks 10 mg daily")
    assert [r.step_kind for r in rows] == ["initial", "standard"]
