"""Amounts that a dosing line speaks of and tells nobody to give."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def regimens(dosage: str) -> list[Regimen]:
    text = f"---\ntitle: Testolol\n---\n## Usage\n\n- Gout\n- Hypertension\n\n## Dosage\n\n{dosage}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return sorted((r for r in rows if isinstance(r, Regimen)), key=lambda r: r.char_start)


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        # packs
        ("Capsules 25 mg and 75 mg, and an oral solution of 20 mg/mL.", []),
        ("Sachets 500 mg; ampoules 2 mL with 100 mg; syrup 50 mg/5 mL.", []),
        ("The capsules (150 mg, 300 mg) are swallowed whole with water.", []),
        ("The tablets (10 mg) are taken twice daily.", [10]),
        ("Two tablets (10 mg) are taken twice daily.", [10]),
        ("The pen delivers 0.25 mg, 0.5 mg or 1 mg per injection.", []),
        ("We stock the 5 mg and 10 mg tablets only.", []),
        ("20 mg daily. 5 mg tablets can be halved.", [20]),
        ("Modified-release 120 mg and 240 mg capsules exist.", []),
        ("There are 5 mg and 10 mg tablets.", []),
        ("Also sold as 20 mg patches.", []),
        ("The 75 mg capsule is pink.", []),
        ("Only the 5 mg tablet may be crushed.", []),
        ("The pen holds 4 doses of 0.5 mg.", []),
        ("Each actuation releases 100 micrograms.", []),
        ("It comes in 20 mg and 40 mg strengths.", []),
        ("There are two doses: 5 mg daily and 10 mg daily.", [5, 10]),
        ("10 mg IV in 2 mg aliquots.", [10]),
        ("20 mg daily. Sodium content is 46 mg per dose.", [20]),
        ("Standard bag 50 mg in 50 mL. Start at 20 mg IV.", [20]),
        ("Standard syringe: 4 mg in 50 mL glucose 5%.", []),
        ("One vial of 50 mg in 50 mL is given over 1 hour.", [50]),
        ("Twice a day product (400 mg in 5 mL), for gout:\n\n- 8–10 kg: 3 mL twice daily", [3]),
        ("The 3-drug tablet (RHZ 75/150/400 mg) is given in the first phase.", []),
        ("The dispersible tablet of 100 mg is given daily, as follows:\n\n- 4–7 kg: 200 mg daily", [200]),
        ("2 puffs of the 5 mcg inhaler once daily.", [2]),
        ("2 tablets of the 5 mg strength once daily.", [2]),
        ("| Age | Suspension | Volume |\n|---|---|---|\n| 1–5 years | 125 mg in 5 mL | 0.5 mL/kg |", [0.5]),
        # what is to be at hand, and doses of no amount
        ("5 mg daily. Half-unit pen please.", [5]),
        ("5 mg daily, and have a patch on before you stop.", [5]),
        ("5 mg daily. Keep a spray in your pocket.", [5]),
        ("25 mg stat by suppository, followed if necessary after 6 hours by an oral dose.", [25]),
        ("25 mg stat by suppository, then an oral dose of 10 mg.", [25, 10]),
        ("TDD is about 8 mg/day. Half of that is the night dose.", []),
        ("The total daily dose is 8 mg.", [8]),
        # units compared
        ("The label gives both milligrams and units (1 mg is 100 units).", []),
        ("The box states the base; 100 mg of base is 136 mg of the salt.", []),
        # another drug's
        ("20 mg once daily. Add bempedoic acid 180 mg daily if needed.", [20]),
        ("20 mg once daily. Add zorbexine 180 mg daily if needed.", [20]),
        ("10 mg daily. Add a further 5 mg at night.", [10, 5]),
        ("20 mg twice daily + Zorbexa 3 capsules four times a day.", [20]),
        ("20 mg daily. hCG 10,000 units is given on day 12.", [20]),
        ("20 mg daily. The glargine stays where it is (0.2 units/kg at bedtime).", [20]),
        ("10 mg SC on days 1–4, then plerixafor 240 micrograms/kg SC in the evening.", [10]),
        # kept for others, and how far a pen goes
        ("5 mg IM every 12 hours; the 15 mg/kg dose is reserved for sepsis.", [5]),
        ("20 units daily; the 200 units/mL pen gives up to 160 units per injection.", [20]),
        ("Parenteral: half the oral dose, e.g. 5 mg SC for 10 mg by mouth.", []),
        ("3 mg/kg daily. Drops hold 25 mg per mL, so a 10 kg toddler takes 1.2 mL daily.", [3]),
        ("Over 2 years 1.2 mg/kg; at 1 month the 1.2 mg/kg is multiplied by 0.68.", [1.2]),
        ("5 mg daily. In cirrhosis a single 1 mg dose gave double the AUC.", [5]),
        ("7 mg/kg once daily. Example: a weight of 60 kg gives 420 mg.", [7]),
        ("175 mg/kg once daily, e.g. 80 kg 14,000 mg.", [175]),
        ("From capsules: 6–12 mg → 9.5 mg at night.", [9.5]),
        # of the past
        ("A loading dose of 100 mg daily for 3 days used to be given; 20 mg daily is enough.", [20]),
        ("Start with 50 mg twice daily; he was on 100 mg twice daily before.", [50]),
        ("The dose of 80 mg is no longer licensed.", []),
        ("Doses of 20 mg/kg, which older textbooks quote, are obsolete.", []),
        ("20 mg daily. Until 2012 we used 60 mg daily.", [20]),
        ("10 mg every 8 hours until 2 hours before surgery.", [10]),
        ("20 mg daily. Nothing is gained by 40 mg.", [20]),
        ("20 mg daily. Few people need 80 mg.", [20]),
        ("20 mg daily. Doses of 200 mg have caused seizures.", [20]),
        ("Start with 20 mg. If 20 mg does not work, 40 mg will not either.", [20]),
        ("If 20 mg daily does not work, 40 mg daily is given.", [40]),
        # ends of a climb
        ("20 mg daily. The ceiling in our trust is 60 mg.", [20]),
        ("20 mg daily. Ring the consultant at 60 mg daily.", [20]),
        ("Start with 5 mg daily. Go no further than 40 mg daily.", [5]),
        ("Start with 5 mg daily. Stop at 40 mg.", [5]),
        ("Start with 5 mg daily. Callers are told that 25 mg in 48 hours is the ceiling.", [5]),
        # sums, and the most of others in brackets behind a most
        ("1 mg every 2 minutes. Stop at a total of 7.5 mg (3.5 mg in the elderly).", [1]),
        ("0.05 mg/kg IV; a total of 0.6 mg/kg may be needed.", [0.05]),
        ("1 g four times a day, maximum 4 g/day (2 g in liver disease).", [1]),
        ("Give a total of 10 mg over 20 minutes.", [10]),
        # for each amount of something, and how long a pack lasts
        ("1500 IU IM. Add 125 IU for each mL above 4 mL.", [1500]),
        ("4 units before meals, 0.5 units for each 15 to 20 g of carbohydrate.", [4]),
        ("4 units before meals; a cartridge of 300 units lasts 3 days.", [4]),
        ("Apply 1 g twice daily. One tube of 30 g is enough for two weeks.", [1]),
        ("200 IU IM with the first dose of vaccine (0.5 mL) in the other thigh.", [200]),
        ("0.5 mg twice daily until the pain goes, total 6 mg per attack.", [0.5]),
        ("5 mg daily. INR above 8: vitamin K 1 to 5 mg by mouth.", [5]),
        ("5 mg daily. Do not take 10 mg the next day if you take 5 mg.", [5]),
        ("15 mg/kg. Do not give more than 30 mg/kg (60 mg/kg over 10 kg) a day.", [15]),
        ("20 mg daily, top dose 40 mg.", [20]),
        ("20 mg daily. Wait 12 hours after 40 mg and 24 hours after 1 mg/kg.", [20]),
        ("20 mg daily. Take with 200 mg of ascorbic acid.", [20]),
        ("20 mg daily. IV iron sucrose 100 mg at each session.", [20]),
        ("1 g daily. Check the level every time the dose moves by 200 mg.", [1]),
        ("5 mg daily. So 60 mg oral gives 30 mg SC.", [5]),
        ("2 g daily, 4 g on the day of a missed visit is not advised.", [2]),
        # how much less
        ("18 units/kg/h. Over 90 s: 3 units/kg/h less.", [None]),
        ("20 mg daily. If dizzy, 5 mg less.", [20]),
        # what has not worked, and what is kept for others
        ("Start 5 mg once daily. If the patient remains symptomatic at 20 mg, ask a specialist.", [5]),
        ("If blood pressure remains high, 20 mg once daily.", [20]),
        ("If pain is not controlled with simple analgesics, start with 20 mg daily.", [20]),
        ("Start 5 mg once daily; reserve 40 mg for patients who fail 20 mg.", [5]),
        ("Keep the patient on 10 mg daily for 3 months.", [10]),
        # what holds as much as another form
        ("20 mg daily. One 10 mg tablet takes the place of two 5 mg tablets.", [20]),
        ("20 mg daily. Two 50 mg tablets equal one 100 mg tablet.", [20]),
        ("20 mg daily. Each 5 mL of syrup replaces one tablet.", [20]),
        ("20 mg daily. Patients often ask about 40 mg and above.", [20]),
        ("2 g four times daily. Show them the card, because nobody guesses 2 g right.", [2]),
        ("2 g daily. Most parents misread 0.3 mL on the syringe.", [2]),
        # what the patient comes from
        ("Those transferring from 5–10 mg a day can go straight to the injection.", []),
        ("Patients switching from another drug start with 5 mg daily.", [5]),
    ],
)
def test_amounts_spoken_of_are_no_doses(text: str, doses: list[float]) -> None:
    assert [r.dose_high for r in regimens(text)] == doses


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("100 mg qds. Drop to 50 mg qds if nausea is a problem.", ["standard", "dose_reduction"]),
        ("100 mg daily. Cut back to 50 mg daily if sedated.", ["standard", "dose_reduction"]),
        ("10 mg daily. If haemoglobin drops to 8 g/dL, stop.", ["standard"]),
        ("Increase to 100 mg, or reduce to 25 mg if it is poorly tolerated.", ["titration", "dose_reduction"]),
        ("50 mg tds. Or 100 mg bd.", ["standard", "alternative"]),
        ("Start with 1 mg/day (2 tablets); increase to up to 4 mg/day (8 tablets).", ["initial", "titration"]),
        (
            "Start with 25 mg in these groups:\n\n- Elderly: 25 mg\n- CrCl below 30 mL/min: 25 mg",
            ["initial", "initial"],
        ),
        ("Start with 5 mg daily, then:\n\n- Week 2: 10 mg daily", ["initial", "initial"]),
    ],
)
def test_which_step_a_dose_is(text: str, kinds: list[str]) -> None:
    assert [r.step_kind for r in regimens(text)] == kinds


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("2 g every 8 hours for ≥7 days", (7, None)),
        ("2 g every 8 hours for more than 7 days", (7, None)),
        ("2 g every 8 hours for <7 days", (None, 7)),
        ("| Use | Dose | Interval | Duration |\n|---|---|---|---|\n| Gout | 2 g | q8h | ≤14 d |", (None, 14)),
        ("| Patient | Capsules | Days |\n|---|---|---|\n| Men | 100 mg bd | 3 |", (3, 3)),
        ("| Patient | Capsules | Days |\n|---|---|---|\n| Men | 100 mg once daily | 3 |", (None, None)),
    ],
)
def test_how_long_a_dose_is_given(text: str, course: tuple[float | None, float | None]) -> None:
    (row,) = regimens(text)
    assert (row.bounds_low, row.bounds_high) == course


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Start with 5 mg once daily and measure blood pressure standing and lying after two weeks.", None),
        ("5 mg is given; if the response is poor 10 mg is given after 3 weeks.", 3),
    ],
)
def test_when_a_step_begins(text: str, start: float | None) -> None:
    assert regimens(text)[-1].start_after == start


def test_a_dose_given_once_and_a_value_that_has_lasted() -> None:
    assert [r.dose_count for r in regimens("Load with 40 mg x 1 before PCI, then 20 mg daily.")] == [1, None]
    (row,) = regimens("When the neutrophils have been above 1.0 × 10⁹/L for 3 days, reduce to 5 mg daily.")
    assert (row.param, row.dose_low) == (None, 5)


def test_columns_of_bands_and_of_one_dose_told_twice() -> None:
    rows = regimens(
        "| Usual dose | CrCl 30–60 | CrCl <30 | IHD |\n|---|---|---|---|\n"
        "| 1 g q12h | 1 g q24h | 500 mg q24h | 1 g load, then 250 mg q24h |"
    )
    assert [(r.dose_low, r.population, r.param_high) for r in rows] == [
        (1, "renal_impairment", 60),
        (500, "renal_impairment", 30),
        (1, "dialysis", None),
        (250, "dialysis", None),
    ]
    (row,) = regimens(
        "| Weight | Syringe | In million units | Volume |\n|---|---|---|---|\n| over 60 kg | 480 micrograms | 48 | 0.5 mL |"
    )
    assert (row.dose_low, row.quantity_low, row.quantity_unit) == (480, 0.5, "mL")


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("**Once weekly:** 16 mg SC. An extra 8 mg may be given after 2 days.", [1, None]),
        ("16 mg once daily; an additional 8 mg once daily if needed.", [1, 1]),
    ],
)
def test_a_dose_given_besides_inherits_no_frequency(text: str, often: list[int | None]) -> None:
    assert [r.frequency for r in regimens(text)] == often


def test_what_an_effect_does_and_what_a_first_day_holds() -> None:
    (row,) = regimens("5 mg once daily. Blood pressure falls by 10–20% within weeks.")
    assert row.step_kind == "standard"
    first, then = regimens("Start with 4 mg; at most 8 mg on the first day. Then 16 mg daily.")
    assert (first.max_daily_dose, then.max_daily_dose) == (8, None)


@pytest.mark.parametrize(
    "text",
    [
        "If fever persists on day 4, change to artesunate-mefloquine, 4 tablets BD for 3 days.",
        "If no better after 48 hours, move to co-amoxiclav, 1 tablet TDS for 5 days.",
        "If it fails, go over to venlafaxine: 75 mg daily.",
    ],
)
def test_what_is_changed_to_is_another_drug(text: str) -> None:
    assert regimens(text) == []


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("5 mg three times a day. A drop in blood pressure is common.", [5]),
        ("- Any drop in platelets during the infusion: stop.", []),
        ("A drop in each eye twice daily.", [1]),
        ("5 mg once daily; keep the adrenaline pen 0.3 mg at hand.", [5]),
    ],
)
def test_a_fall_is_no_drop_and_what_is_kept_at_hand_no_dose(text: str, doses: list[float]) -> None:
    assert [r.dose_low for r in regimens(text)] == doses


def test_a_total_in_parts_is_of_the_course() -> None:
    (row,) = regimens("Total dose 0.9 mg/kg IV (max. 90 mg), given in two parts.")
    assert row.dose_is == "per_course"


def test_columns_with_a_partner_and_numbered_ones() -> None:
    both, alone = regimens("| Line | With dexamethasone | Alone |\n|---|---|---|\n| Second | 4 mg | 3 mg |")
    assert (both.partners, alone.partners) == ("dexamethasone", None)
    first, second = regimens("| Weight | First dose | Second dose |\n|---|---|---|\n| 50 kg | 9 mg IV | 5 mg IV |")
    assert (first.step_kind, second.step_kind) == ("standard", "standard")
    (row,) = regimens("| Group | Testolol dose |\n|---|---|\n| Adult taking efavirenz | 80 mg BD |")
    assert row.dose_low == 80
    (row,) = regimens("| CrCl | Dose |\n|---|---|\n| Below 30 mL/min, on dialysis | 5 mg once daily |")
    assert row.population == "dialysis"
    (row,) = regimens(
        "It is given orally twice daily for 3 days (6 doses in all).\n\n| Age | Dose |\n|---|---|\n| 1–3 years | 9 mg |"
    )
    assert (row.bounds_low, row.dose_count) == (3, 6)


def test_what_is_said_of_both_of_two_doses() -> None:
    first, second = regimens("4 mg IV or 8 mg PO as a single dose.")
    assert (first.step_kind, first.dose_count, second.dose_count) == ("single", 1, 1)
    first, second = regimens("Gout is treated for up to 8 weeks with 40 mg once daily or 20 mg twice daily.")
    assert (first.indication_text, first.bounds_high, second.bounds_high) == ("Gout", 8, 8)
    (row,) = regimens("In the ICU, gout prophylaxis is 20 mg every 12 hours.")
    assert row.condition_norm == "gout"
    (row,) = regimens("80 mg BD for 3 days, start 8 hours after the last artesunate.")
    assert (row.start_after, row.start_after_unit) == (8, "h")
    (row,) = regimens("500 mg twice daily. The dose should never pass 2 g a day.")
    assert row.max_daily_dose == 2


def test_the_most_in_all_is_no_dose() -> None:
    assert [r.dose_low for r in regimens("Start with 1 mg IV, then 0.5–1 mg increments. Maximum total 3.5 mg.")] == [
        1,
        0.5,
    ]


@pytest.mark.parametrize(
    ("sentence", "doses"),
    [
        ("Patients not taking methotrexate may receive 40 mg every week.", [(40, "not taking methotrexate")]),
        ("In patients receiving rifampicin, 10 mg once daily is given.", [(10, "receiving rifampicin")]),
        ("Patients on prednisone should be tapered to 5 mg daily before starting.", []),
        ("Patients already on warfarin may continue 5 mg daily.", []),
        ("In patients taking levodopa, the dose of levodopa is reduced to 300 mg daily.", []),
        ("The maximum daily dose for patients taking ciclosporin is 10 mg.", []),
        ("Avoid in patients taking simvastatin above 20 mg daily.", []),
    ],
)
def test_what_patients_on_another_drug_are_given(sentence: str, doses: list[tuple[float, str]]) -> None:
    found = regimens(sentence)
    assert [(r.dose_low, r.condition_text) for r in found] == doses
    assert all(r.population == "other" for r in found)


def test_the_maximum_of_one_sex_is_not_everyone_s() -> None:
    body = "---\ntitle: Testolol\n---\n## Dosage\n\n- Gout: 5 mg daily.\n- The maximum dose in women is 15 mg daily.\n"
    assert not extract(read(body.encode(), "testolol.md"), "testolol").get("dose_limits")
