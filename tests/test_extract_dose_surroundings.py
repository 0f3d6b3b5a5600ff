"""What a dose takes from its surroundings: paragraphs above, bold openings, heads of tables, sentences behind it."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def regimens(body: str) -> list[Regimen]:
    text = f"---\ntitle: Testolol\n---\n## Dosage\n\n{body}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return sorted((r for r in rows if isinstance(r, Regimen)), key=lambda r: r.char_start)


LIST = "- Pain: 50 mg twice daily"
TABLE = "| Use | Dose |\n|---|---|\n| Gout | 300 mg |\n| Colitis | 500 mg once daily |"


@pytest.mark.parametrize(
    ("above", "route"),
    [
        ("Capsules are swallowed whole and not chewed.", "oral"),
        ("Treatment is started by a specialist. All doses are given by deep intramuscular injection.", "intramuscular"),
        ("The suspension is for oral use only.", "oral"),
        ("This product is for intramuscular use.", "intramuscular"),
        ("All injections are subcutaneous.", "subcutaneous"),
        ("**Route:** oral", "oral"),
        ("All doses are oral unless stated otherwise.", "oral"),
        (
            "Take it by mouth before food. The same dose is used intravenously when the oral route is not available.",
            "oral",
        ),
        ("All PO.", "oral"),
        ("IV over 30 min unless stated. Normal kidneys.", "intravenous"),
        ("Testolol SC throughout. d1 = day 1.", "subcutaneous"),
        ("Testolol SC in every row. d1 = day 1.", None),
        ("IV in severe cases only.", None),
        ("The tablets are not given by mouth to patients with a stoma.", None),
        ("The lozenge is sucked and must not be swallowed whole.", None),
        ("Patients who cannot swallow receive the drug through a tube.", None),
        ("Warfarin is taken by mouth.", None),
        ("In most patients the drug is taken by mouth; in severe disease it is infused intravenously.", None),
        ("The drug may be given by mouth or intravenously.", None),
    ],
)
def test_a_paragraph_gives_the_way_of_the_doses_below_it(above: str, route: str | None) -> None:
    assert [r.route for r in regimens(f"{above}\n\n{LIST}")] == [route]


def test_a_way_ends_where_another_one_begins() -> None:
    oral = "Tablets are taken by mouth.\n\n"
    assert [r.route for r in regimens(f"### Adults\n\n{oral}{LIST}\n\n### Children\n\n{LIST}")] == ["oral", None]
    assert [r.route for r in regimens(f"{oral}### Injection\n\n- Pain: 5 mg daily\n\n### Tablets\n\n{LIST}")] == [
        None,
        "oral",
    ]
    assert [r.route for r in regimens(f"{oral}In hospital the injection is used:\n\n{LIST}")] == [None]
    rows = "| Use | Dose |\n|---|---|\n| Colitis | 1 g daily |\n| Status | 2 mg as a slow injection |"
    assert [r.route for r in regimens(oral + rows)] == ["oral", None]


def test_a_terse_sentence_says_how_long_how_much_and_for_whom_of_all_doses() -> None:
    rows = "| Use | Dose | Freq. |\n|---|---|---|\n| Colitis | 500 mg or 1 g | q8h |\n| Gout | 1 g IM | stat |"
    found = regimens(f"By IV infusion over 30 min (max 6 g/day).\n\n{rows}")
    assert [(r.route, r.admin_duration, r.period, r.max_daily_dose) for r in found] == [
        ("intravenous", 30, 8, 6),
        ("intravenous", 30, 8, 6),
        ("intramuscular", None, None, 6),
    ]
    above = "All PO. Adults unless it says otherwise.\n\n"
    found = regimens(f"{above}**Gout:** 50 mg OD.\n\n**Pain, child 6-12 y:** 25 mg OD.")
    assert [(r.route, r.age_group) for r in found] == [("oral", "adult"), ("oral", "pediatric")]
    assert [r.max_daily_dose for r in regimens(f"Max 2 g/day in the elderly.\n\n{rows}")] == [None, None, None]


def test_what_a_sentence_shows_is_the_table_behind_it() -> None:
    shown = f"The table gives the usual intravenous doses.\n\n{TABLE}\n\nIn renal colic 75 mg is given once."
    assert [r.route for r in regimens(shown)] == ["intravenous", "intravenous", None]
    rows = regimens(f"Testolol IV over 2 h in every row.\n\n{TABLE}\n\n{LIST}")
    assert [(r.route, r.admin_duration) for r in rows] == [("intravenous", 2), ("intravenous", 2), (None, None)]


def test_bold_words_that_open_a_paragraph_say_whom_and_by_which_way() -> None:
    opened = regimens("**Intravenous injection.** 2 mg every 4 hours.\n\n**Children 2 to 5 years.** 4 mg once daily.")
    assert [(r.route, r.param_low, r.param_high) for r in opened] == [("intravenous", None, None), (None, 2, 5)]


@pytest.mark.parametrize(
    ("head", "cell", "expected"),
    [
        ("Tablets, dose twice daily", "75 mg", (75, "per_administration", 2)),
        ("Dose (three times a day)", "75 mg", (75, "per_administration", 3)),
        ("Dose (three times a day)", "75 mg once daily", (75, "per_administration", 1)),
        ("Oral dose (mg), given once daily", "100", (100, "per_administration", 1)),
        ("Daily dose (in 2 divided doses)", "200 mg", (200, "per_day", 2)),
        ("Daily dose", "200 mg", (200, "per_day", None)),
        ("Daily dose", "200 mg twice daily", (200, "per_administration", 2)),
        ("Dose", "200 mg", (200, "per_administration", None)),
    ],
)
def test_a_head_says_how_often(head: str, cell: str, expected: tuple[float, str, int | None]) -> None:
    (row,) = regimens(f"| Weight | {head} |\n|---|---|\n| 10 to 20 kg | {cell} |")
    assert (row.dose_low, row.dose_is, row.frequency) == expected
    assert (row.param_low, row.param_high) == (10, 20)


def test_a_column_of_volumes_holds_the_dose_beside_it() -> None:
    (row,) = regimens("| Weight | Dose | Volume |\n|---|---|---|\n| 5-10 kg | 50 mg | 2.5 mL |")
    assert (row.dose_low, row.dose_unit, row.quantity_low, row.quantity_unit) == (50, "mg", 2.5, "mL")


def test_how_often_holds_for_the_table_right_below() -> None:
    said = regimens(f"Doses are taken twice a day.\n\n{TABLE}\n\nFor absence seizures 250 mg is enough.")
    assert [r.frequency for r in said] == [2, 1, None]


@pytest.mark.parametrize(
    ("behind", "minutes"),
    [
        ("Each dose runs over at least 60 minutes.", 60),
        ("The infusion takes about 60 minutes.", 60),
        ("The infusion time must not be less than 15 minutes.", 15),
        ("Infusion time: 30 minutes.", 30),
        ("Every infusion should run for 90 minutes.", 90),
        ("Each dose is infused over 60 to 90 minutes.", None),  # no column holds a range
        ("The infusion must not last longer than 60 minutes.", None),
        ("The infusion is stopped for 30 minutes if flushing occurs.", None),
        ("Each dose lasts 60 minutes.", None),
        ("Doses up to 500 mg are infused over 30 minutes and larger doses over 60 minutes.", None),
        ("Dexamethasone is infused over 15 minutes.", None),
    ],
)
def test_a_sentence_behind_a_dose_says_how_long_an_infusion_takes(behind: str, minutes: float | None) -> None:
    (dose,) = regimens(f"- Sepsis: 1 g IV every 8 hours. {behind}")
    assert (dose.dose_low, dose.admin_duration) == (1, minutes)


def test_infusions_take_their_time_and_tablets_do_not() -> None:
    both = regimens("- Sepsis: 1 g IV every 12 hours, or 500 mg orally every 12 hours. Infusions run over 60 minutes.")
    assert [r.admin_duration for r in both] == [60, None]
    two = regimens("- Candidaemia: 70 mg IV on day 1, then 50 mg IV once daily. Each infusion takes 1 hour.")
    assert [r.admin_duration for r in two] == [1, 1]
    above = regimens(
        "**By intravenous infusion over 30 minutes**\n\n- Sepsis: 1 g every 8 hours\n- Gout: 5 mg orally daily"
    )
    assert [(r.route, r.admin_duration) for r in above] == [("intravenous", 30), ("oral", None)]


@pytest.mark.parametrize(
    ("behind", "bounds"),
    [
        (". Not for longer than 10 days.", (None, 10, "d")),
        ("; treatment should not exceed 5 days.", (None, 5, "d")),
        (". The course is 7 to 10 days.", (7, 10, "d")),
        (". Do not use for more than 4 weeks.", (None, 4, "wk")),
        (". Self-treatment is limited to 7 days.", (None, 7, "d")),
        (". Duration of treatment: 14 days.", (14, 14, "d")),
        (". Treatment for at least 6 weeks.", (6, None, "wk")),
        (". No more than 3 g a day, and for no longer than 3 days.", (None, 3, "d")),
        (". Treatment is continued for 48 hours after the fever has gone.", (None, None, None)),
        (". In children treatment lasts 3 days.", (None, None, None)),
        (". Maintenance treatment lasts 6 months.", (None, None, None)),
        (". If it has spread, treat for 21 days.", (None, None, None)),
        (" for 3 days. Treatment should not exceed 6 days.", (3, 3, "d")),
    ],
)
def test_a_sentence_behind_a_dose_says_how_long_treatment_lasts(
    behind: str, bounds: tuple[float | None, float | None, str | None]
) -> None:
    (dose,) = regimens(f"- Pain: 500 mg orally twice daily{behind}")
    assert (dose.bounds_low, dose.bounds_high, dose.bounds_unit) == bounds


def test_a_course_is_that_of_alternatives_but_of_no_step_in_a_row() -> None:
    either = regimens(
        "- Sickness: 2 mg orally every 6 hours or 4 mg orally every 12 hours; not for longer than 10 days."
    )
    assert [r.bounds_high for r in either] == [10, 10]
    row = regimens("- Thrush: 200 mg orally on day 1, then 100 mg orally once daily. Treatment lasts 2 weeks.")
    assert [r.bounds_high for r in row] == [None, None]


@pytest.mark.parametrize(
    ("dose", "rate"),
    [
        ("150 mg IV over 10 minutes (15 mg/min)", (15, "mg/min")),
        ("4 g IV over 20 minutes (i.e. 200 mg/min)", (200, "mg/min")),
        ("20 mg/kg IV (50 mg/min)", (50, "mg/min")),
        ("1 g IV over 30 minutes (20 mg/min)", (None, None)),  # the three do not agree
        ("500 mg IV (maximum rate 50 mg/min)", (None, "mg/min")),  # no more than a bound
    ],
)
def test_a_rate_in_brackets_is_that_of_the_dose(dose: str, rate: tuple[float | None, str | None]) -> None:
    (row,) = regimens(f"- Status: {dose}.")
    assert (row.rate_low, row.rate_unit) == rate


@pytest.mark.parametrize(
    ("dose", "route"),
    [
        ("10 mL of the oral solution by nasogastric tube twice daily", "enteral_tube"),
        ("5 mg through the gastrostomy tube, as oral suspension, three times daily", "enteral_tube"),
        ("13 mg orally or by nasogastric tube once daily", None),
        ("one patch releasing 5 mg per 24 hours, applied once daily", "transdermal"),
    ],
)
def test_routes_beside_the_name_of_a_form(dose: str, route: str | None) -> None:
    (row,) = regimens(f"- Fits: {dose}.")
    assert row.route == route


def test_a_system_stays_as_long_as_it_is_said_to() -> None:
    (row,) = regimens(
        "**Intrauterine systems:**\n\n- Contraception: releases 14 micrograms/day; replace after 3 years."
    )
    assert (row.route, row.rate_low, row.bounds_low, row.bounds_high, row.bounds_unit) == ("other", 14, 3, 3, "a")


@pytest.mark.parametrize(
    ("line", "maxima"),
    [
        # of all steps of a line, said once
        ("Start with 5 mg orally once daily; the usual dose is 10 mg once daily, and 20 mg per day must not be exceeded.", [20, 20]),
        ("150 mg/day orally at first, then 300 mg/day; a total of 600 mg/day must not be exceeded.", [600, 600]),
        ("25 mg orally twice daily, raised by 50 mg every week; the maintenance dose is 300 mg/day (maximum 600 mg/day).", [600] * 3),
        ("300 mg/m² orally once daily or 150 mg/m² orally every 12 hours, to a maximum of 600 mg/day.", [600, 600]),
        ("100 mg orally once daily, increased by 100 mg every 3 days to a maximum of 400 mg daily; most need 200 mg a day.", [400] * 3),
        ("50 mg orally every 6 hours. No more than 400 mg may be taken in 24 hours.", [400]),
        # of one of them only
        ("5 mg IV every 6 hours, then 10 mg orally every 6 hours. The oral dose must not exceed 60 mg daily.", [None, 60]),
        ("20 mg orally once daily. In the elderly the maximum is 40 mg daily.", [None]),
        ("20 mg orally once daily. Maximum 60 mg daily (40 mg daily in the elderly).", [60]),
        ("Loading dose 800 mg orally, then 400 mg once daily (maximum 600 mg/day).", [None, 600]),
    ],
)  # fmt: skip
def test_a_daily_maximum_holds_for_the_steps_that_it_can_be_of(line: str, maxima: list[float | None]) -> None:
    assert [r.max_daily_dose for r in regimens(f"- Gout: {line}")] == maxima


@pytest.mark.parametrize(
    ("line", "single", "daily"),
    [
        ("0.1 mg/kg orally once daily (max. 5 mg).", 5, None),
        ("10 mg/kg (maximum 600 mg) orally once daily.", 600, None),
        ("10 mg/kg orally once daily, maximum 300 mg daily.", None, 300),
        ("5 mg orally once daily (max. 20 mg).", None, 20),
        ("15 mg/kg orally every 6 hours (max. 1 g).", None, None),  # of a dose or of a day: nothing says which
        ("1 mg/kg SC every 12 hours; neither of the first two doses may exceed 100 mg.", 100, None),
    ],
)
def test_what_a_maximum_caps(line: str, single: float | None, daily: float | None) -> None:
    (row,) = regimens(f"- Gout: {line}")
    assert (row.max_single_dose, row.max_daily_dose) == (single, daily)


def test_a_maximum_of_a_list_holds_for_its_doses() -> None:
    listed = "- Epilepsy (maximum 60 mg/kg/day):\n  - Under 2 years: 10 mg/kg twice daily\n  - 2 to 12 years: 20 mg/kg twice daily"
    assert [(r.max_daily_dose, r.max_dose_unit) for r in regimens(listed)] == [(60, "mg/kg"), (60, "mg/kg")]
    table = "| Age | Treatment | Prophylaxis |\n|---|---|---|\n| 2 to 12 years | 2 mg/kg daily | 1 mg/kg daily, max. 40 mg/day |"
    assert [r.max_daily_dose for r in regimens(table)] == [None, 40]


def test_an_occasion_ends_with_its_sentence() -> None:
    text = (
        "If the heart rate falls below 50/min, it is stopped. In withdrawal the dose is lowered by 2.5 mg every week."
    )
    (row,) = regimens(text)
    assert (row.param, row.source_quote) == (None, "In withdrawal the dose is lowered by 2.5 mg every week")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("- **Pregnancy (TSH 10 mIU/L or above):** 1.6 µg/kg daily.", ("TSH", 10, None, "mIU/L")),
        ("- **Heart rate above 180/min:** reduce to 75% of the dose.", ("heart rate", 180, None, "/min")),
        ("| Trough level (mg/L) | New dose |\n|---|---|\n| < 10 | 1250 mg every 12 hours |", ("trough level", None, 10, "mg/L")),
        ("| Serum level | Dose |\n|---|---|\n| 7–12 µg/mL | 50 mg daily |", ("serum level", 7, 12, "ug/mL")),
        ("- The dose is lowered to 65 mg daily if lipase has risen above 300 U/L.", ("lipase", 300, None, "U/L")),
        ("- Resume at 3 mg daily when platelets exceed 50,000/mm³.", (None, None, None, None)),
        ("- Give 15 mg/kg daily, aiming at a trough level of 10–15 mg/L.", (None, None, None, None)),
        ("| Use | Dose | Remarks |\n|---|---|---|\n| Gout | 75 mg daily | ferritin below 75 µg/L is corrected |", (None,) * 4),
    ],
)  # fmt: skip
def test_a_measured_value_bounds_the_dose_below_it(
    body: str, expected: tuple[str | None, float | None, float | None, str | None]
) -> None:
    (row,) = regimens(body)
    assert (row.param, row.param_low, row.param_high, row.param_unit) == expected


def test_a_sentence_beside_the_dose_names_the_way_of_a_table() -> None:
    said = regimens(f"The dose is built up slowly as shown below, by mouth, if each step is well tolerated.\n\n{TABLE}")
    assert [r.route for r in said] == ["oral", "oral"]


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("In severe dystonia, by implanted pump, by intrathecal infusion.", ("severe dystonia", "intrathecal")),
        ("For hypertension only, and by mouth.", ("hypertension", "oral")),
        ("Adrenal crisis: by intramuscular injection, at home.", ("adrenal crisis", "intramuscular")),
        ("No data in hypertension.", (None, None)),
        ("Hypertension was what it had been developed for.", (None, None)),
    ],
)
def test_a_paragraph_without_a_verb_is_a_heading_of_the_list_below_it(
    above: str, said: tuple[str | None, str | None]
) -> None:
    (row,) = regimens(f"{above}\n\n- **Adult:** 50 mg daily")
    assert (row.condition_norm, row.route) == said


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("The antidote is andexanet alfa; it starts with 400 mg or 800 mg into a vein.", []),
        ("The reversal agent for testolol is idarucizumab: 5 g is given into a vein.", []),
        ("The antidote is testolol, 5 g intravenously.", [5]),
        ("Two 7 mg tablets are no substitute for one of 14 mg, and the tablet goes down with water.", []),
        ("Enough is drunk to pass at least 2 litres of urine a day.", []),
        ("Take 10 mg with 200 mL of water once daily.", [10]),
        ("One adult swallowed 400 mg and another 560 mg without lasting harm.", []),
        ("Give 2 mg/kg/day. In a randomised comparison, 4 mg/kg/day was no more effective.", [2]),
        ("Give 75 mg once daily, there being no evidence that the doses of 150 mg studied in trials do more.", [75]),
        ("Start with 40 mg daily with spironolactone 100 mg. Spironolactone may go up to 400 mg/day.", [40]),
        ("- **Shock:** sodium chloride 0.9% 10 mL/kg over 10 minutes.", []),
        ("20 mg/m² daily in 3 divided doses; potassium chloride 4 mmol/kg daily is given as well.", [20]),
    ],
)
def test_amounts_of_other_drugs_of_fluids_and_of_reports_are_no_doses(text: str, doses: list[float]) -> None:
    assert [r.dose_low for r in regimens(text)] == doses


@pytest.mark.parametrize(
    ("age", "group"),
    [
        ("under 1 year", "pediatric"),
        ("1–5 years", "pediatric"),
        ("6–17 years", "pediatric"),
        ("12–20 years", "unspecified"),
        ("18–64 years", "unspecified"),
        ("0–14 days", "unspecified"),
    ],
)
def test_ages_below_eighteen_years_are_those_of_children(age: str, group: str) -> None:
    (row,) = regimens(f"| Age | Dose |\n|---|---|\n| {age} | 25 mg |")
    assert (row.age_group, row.param) == (group, "age")


@pytest.mark.parametrize(
    ("said", "age_group", "route"),
    [
        ("All doses in this chapter are for adults, by mouth, as prolonged-release tablets.", "adult", "oral"),
        ("Everything here is for adults and goes under the skin (SC).", "adult", "subcutaneous"),
        ("The doses here are for adults by mouth unless we say otherwise.", "adult", "oral"),
        ("This section is for children.", "pediatric", None),
        ("All doses are for adults with normal kidneys.", "unspecified", None),
    ],
)
def test_what_a_chapter_declares_of_all_its_doses_holds_to_its_end(
    said: str, age_group: str, route: str | None
) -> None:
    body = f"## Dose\n\n{said}\n\n### Angina\n\nThink first.\n\n- Usual: 375 mg twice daily.\n\n### Infants\n\n5 mg twice daily by rectum.\n"
    rows = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")["regimens"]
    assert [(r.dose_low, r.age_group, r.route) for r in rows] == [(375, age_group, route), (5, "infant", "rectal")]


@pytest.mark.parametrize("heading", ["How we start it", "The starting doses depend on the disease"])
def test_a_heading_that_tells_something_names_no_step(heading: str) -> None:
    body = f"## Dose\n\n### {heading}\n\n- Gout: 375 mg twice daily.\n"
    rows = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")["regimens"]
    assert [r.step_kind for r in rows] == ["standard"]


@pytest.mark.parametrize(
    ("title", "text", "doses"),
    [
        ("Potassium chloride", "Adults: potassium chloride 2 g three times daily.", [(2, 3)]),
        ("Testol", "If the previous response was less than expected, give 10 mg daily.", [(10, 1)]),
        ("Testol", "In a comparison 4 mg/kg/day was no more effective.", []),
        ("Testol", "Adults: 10 mL of the oral liquid twice a day.", [(10, 2)]),
        ("Testol", "Adults drink 2 L of water a day.", []),
        ("Testol", "The average adult dose is 500 mg three times a day.", [(500, 3)]),
        ("Testol", "The average dose was 41 mg daily.", []),
        ("Testol", "If the 20 mg tablet is too much, give 10 mg daily.", [(10, 1)]),
        ("Testol", "500 mg twice daily. MDD: 4 g daily", [(500, 2)]),
    ],
)
def test_what_only_looks_like_no_dose_is_one(title: str, text: str, doses: list[tuple[float, int]]) -> None:
    front = f"---\ntitle: {title}\n---\n\n## Dosage\n\n"
    rows = extract(read(f"{front}{text}\n".encode(), "t.md"), "testol")["regimens"]
    assert [(r.dose_low, r.frequency) for r in rows] == doses


def test_a_cap_said_of_adults_is_none_of_neonates() -> None:
    body = "## Dosage\n\nAdults. Cap 8 g/day.\n\n- Gout: 2 g three times daily\n- Neonates: 50 mg/kg daily\n"
    rows = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")["regimens"]
    assert [(r.age_group, r.max_daily_dose) for r in rows] == [("adult", 8), ("neonate", None)]


@pytest.mark.parametrize(
    ("chapter", "found"),
    [
        ("# Testol for gout clinics\n\n## Dosage\n\n- 7 mg once daily", [(7, None, "none")]),
        (
            "## Gout: starting low\n\n- Day 1: 2 mg\n- Day 2: 4 mg once daily",
            [(2, "Gout", "none"), (4, "Gout", "none")],
        ),
        ("## Gout – long term\n\n- Adults: 2 mg orally twice a day", [(2, "Gout", "none")]),
        ("## Dosage\n\n### Gout: by depot\n\nCheck for infection:\n\n- 4 mg monthly", [(4, "Gout", "none")]),
        ("## Dosage\n\n### Mobilisation\n\n- Healthy donors: 5 mg daily", [(5, "Mobilisation", "none")]),
        ("## Dosage\n\n### Chronic kidney disease\n\n10 mg once daily.", [(10, "Chronic kidney disease", "none")]),
        ("## Dosage\n\n- Lactation insufficiency (off-label): 2 mg daily", [(2, "Lactation insufficiency", "none")]),
        (
            "## Dosage\n\n### Special groups\n\n- Chronic kidney disease: 5 mg once daily",
            [(5, "Chronic kidney disease", "renal_impairment")],
        ),
    ],
)
def test_a_heading_gives_the_condition_and_no_more(chapter: str, found: list[tuple[float, str | None, str]]) -> None:
    uses = "## Uses\n\n- Gout\n- Chronic kidney disease\n- Lactation insufficiency\n- Mobilisation of stem cells\n\n"
    title, dosage, rest = chapter.partition("## ")
    body = f"{title}{uses}{dosage}{rest}"
    rows = extract(read(f"---\ntitle: Testol\n---\n\n{body}\n".encode(), "t.md"), "testol")["regimens"]
    assert [(r.dose_low, r.indication_text, r.population) for r in rows] == found


def test_a_column_of_people_that_no_word_knows_takes_no_clearance_from_the_column_before_it() -> None:
    rows = regimens(
        "| Use | CrCl >60 | CrCl 30–60 | Machine |\n|---|---|---|---|\n| Gout | 1 g daily | 2 g daily | 3 g daily |"
    )
    assert [(r.dose_low, r.param_low) for r in rows] == [(1, 60), (2, 30), (3, None)]


def test_from_an_age_on_has_no_upper_end() -> None:
    (row,) = regimens("From 10 years of age the dose is 5 mg once daily.")
    assert (row.param, row.param_low, row.param_high) == ("age", 10, None)


@pytest.mark.parametrize(
    ("said", "route", "when"),
    [
        ("Everything here is by mouth, with food.", "oral", "with_meal"),
        ("By mouth, with food or milk. Under 3 months: do not use.", "oral", "with_meal"),
        ("All doses PO once daily, any time of day, with or without food.", "oral", None),
        ("The tablets (5 mg and 10 mg) are taken by mouth, whole, with or without food.", "oral", None),
        ("Adults; all doses sublingual, once daily from day 2.", "sublingual", None),
        ("All doses are given orally 30 minutes before food.", "oral", "before_meal"),
        ("Give by mouth, 30 minutes before or 2 hours after a meal.", "oral", None),
        ("Doses are taken by mouth, on an empty stomach.", "oral", None),
        ("All doses IV, never IM.", None, None),
    ],
)
def test_a_chapter_says_by_which_way_and_at_which_meal(said: str, route: str | None, when: str | None) -> None:
    rows = regimens(f"{said}\n\n- Usual: 5 mg twice daily\n- Late: 5 mg at bedtime")
    assert [(r.route, r.when_code) for r in rows] == [(route, when), (route, "bedtime")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "From 10 years of age with gout the dose is 10 mg daily. Some centres prefer 5 mg daily.",
            [(10, "gout", 10), (5, "gout", 10)],
        ),
        ("After surgery, for gout, 5 mg is given daily.", [(5, "gout", None)]),
        ("Courses for gout:\n\n- Men: 5 mg daily", [(5, "gout", None)]),
    ],
)
def test_a_sentence_gives_its_condition_and_age_to_the_next(
    text: str, found: list[tuple[float, str, float | None]]
) -> None:
    rows = extract(read(f"---\ntitle: Testol\n---\n\n## Uses\n\n- Gout\n\n## Dosage\n\n{text}\n".encode(), "t.md"), "t")
    assert [(r.dose_low, (r.condition_norm or ""), r.param_low) for r in rows["regimens"]] == found


def test_those_whom_the_sentence_before_opens_with_are_meant_and_not_all_of_the_heading() -> None:
    body = "## Doses for children\n\nIn neonates there is little experience. Where there is a need, 1 mg/kg daily is given.\n"
    rows = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")["regimens"]
    assert [r.age_group for r in rows] == ["neonate"]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("- 100 mg daily. Drop to 50 mg daily if sick.", [("standard", 1), ("dose_reduction", 1)]),
        ("- 5 mg daily. LDL falls by 20–30%.", [("standard", 1)]),
        ("- Buvidal Weekly: start with 16 mg", [("initial", None)]),
        ("### Starting under the tongue\n\n- Day 2: 8 mg", [("standard", None)]),
        ("### Low-dose start (outpatients)\n\n- Day 2: 8 mg", [("standard", None)]),
        ("### Starting dose\n\n- Gout: 8 mg", [("initial", None)]),
    ],
)
def test_words_around_a_dose_make_no_step_and_no_frequency_of_it(
    text: str, steps: list[tuple[str, int | None]]
) -> None:
    assert [(r.step_kind, r.frequency) for r in regimens(text)] == steps


def test_nausea_and_vomiting_is_one_condition() -> None:
    (row,) = regimens("- Nausea and vomiting: 10 mg daily")
    assert row.condition_norm == "nausea and vomiting"


def test_an_injected_dose_is_tied_to_no_meal_of_the_chapter() -> None:
    rows = regimens(
        "All doses are taken orally with food unless stated.\n\n- Pain: 5 mg twice daily\n- Pain, severe: 5 mg IM"
    )
    assert [(r.route, r.when_code) for r in rows] == [("oral", "with_meal"), ("intramuscular", None)]


def test_descent_is_a_population() -> None:
    (row,) = regimens("- Asian patients: start with 5 mg once daily")
    assert (row.population, row.indication_text) == ("other", None)


def test_a_mother_among_children_is_none_of_them() -> None:
    rows = regimens("### Children\n\n- Prevention: 10 mg daily for the mother; 1 mg IM for the baby")
    assert [r.age_group for r in rows] == ["unspecified", "infant"]


def test_a_band_without_a_unit_is_in_that_of_its_label() -> None:
    rows = regimens("- Creatinine 120 to 249 micromol/L: 15 mg/kg twice daily; over 500: 7.5 mg/kg once daily")
    assert [(r.param_low, r.param_unit) for r in rows] == [(120, "umol/L"), (500, "umol/L")]


def test_a_dose_put_into_the_pump_prime_is_one_and_sprays_to_prime_with_are_none() -> None:
    assert [r.dose_low for r in regimens("- Bypass: 30 mg/kg IV, and 2 mg/kg in the pump prime")] == [30, 2]
    assert [r.dose_low for r in regimens("- Hay fever: 2 sprays once daily. Prime with 6 sprays.")] == [2]


@pytest.mark.parametrize("label", ["Over 75", "Under 60", "Frail or over 75", "Opioid-naive over 70"])
def test_a_bound_of_it_does_not_say_what_is_a_condition(label: str) -> None:
    (row,) = regimens(f"- {label}: 2 mg daily")
    assert (row.condition_text, row.param) == (label, None)
