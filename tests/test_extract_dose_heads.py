"""Heads in bold, lead-ins and reports around a dose: what they say of it, and what is no dose at all."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def regimens(body: str) -> list[Regimen]:
    text = f"---\ntitle: Testolol\n---\n## Dosage\n\n{body}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return sorted((r for r in rows if isinstance(r, Regimen)), key=lambda r: r.char_start)


@pytest.mark.parametrize(
    ("line", "who", "condition"),
    [
        ("**Neonate, septic shock.** Start at 20–100 nanograms/kg/min.", "neonate", "septic shock"),
        ("**Septic shock, central line.** Start at 0.05 micrograms/kg/min.", "pediatric", "septic shock"),
        ("**Adolescents.** 5 mg once daily.", "adolescent", None),
    ],
)
def test_a_bold_head_that_ends_with_a_full_stop_is_the_label_of_its_list_item(
    line: str, who: str, condition: str | None
) -> None:
    (row,) = regimens(f"### Children\n\n- {line}")
    assert (row.age_group, row.condition_norm) == (who, condition)


@pytest.mark.parametrize(
    "lead",
    [
        "Normal tablet, always three times per day, at most 4.5 mg per day:",
        "Three times a day, at most 4.5 mg per day:",
        "Plain tablets are always to be taken three times daily with a meal, maximum 4.5 mg per day:",
    ],
)
def test_a_maximum_in_a_lead_in_is_that_of_the_list_below_it(lead: str) -> None:
    (row,) = regimens(f"{lead}\n\n- Pain: 0.5 mg")
    assert (row.dose_high, row.frequency, row.max_daily_dose, row.indication_text) == (0.5, 3, 4.5, "Pain")


@pytest.mark.parametrize(
    "sentence",
    [
        "1 mg of testolol is to be regarded as equivalent to 40 mg of furosemide.",
        "20 mg of testolol should be considered equal to 5 mg of ramipril.",
        "PainAID went up to 30 mg/day and found nothing.",
        "RELIEF II aimed for 60 mg daily.",
        "The mean final dose in the register was 12 mg daily.",
        "Refractory: methylene blue 2 mg/kg over 20 minutes.",
    ],
)
def test_what_is_compared_reported_or_another_drugs_is_no_dose(sentence: str) -> None:
    assert [r.dose_high for r in regimens(f"- Pain: 50 mg twice daily. {sentence}")] == [50]


@pytest.mark.parametrize(
    ("label", "population", "condition"),
    [
        ("Oedema due to hepatic cirrhosis", "none", "oedema due to hepatic cirrhosis"),
        ("Ascites caused by severe liver cirrhosis", "none", "ascites caused by severe liver cirrhosis"),
        ("Severe hepatic impairment", "hepatic_impairment", None),
    ],
)
def test_a_cause_of_the_disease_is_no_population(label: str, population: str, condition: str | None) -> None:
    (row,) = regimens(f"- {label}: 50 mg once daily")
    assert (row.population, row.condition_norm) == (population, condition)


TABLE = "| eGFR (mL/min) | Dose |\n|---|---|\n| 30–44 | 50 mg once daily |\n\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("**The same in words:** With an eGFR of 30–44 mL/min the dose is 50 mg once daily.", 1),
        ("In other words, with an eGFR of 30–44 mL/min the dose is 50 mg once daily.", 1),
        ("In short: with an eGFR of 15–29 mL/min the dose is 50 mg once daily.", 2),
        ("With an eGFR of 30–44 mL/min the dose is 50 mg twice daily.", 2),
    ],
)
def test_a_line_that_says_the_same_in_words_tells_a_dose_again(line: str, said: int) -> None:
    assert len(regimens(TABLE + line)) == said


@pytest.mark.parametrize(
    "sentence",
    [
        "Tablets of 25 mg, 50 mg and 100 mg, swallowed with or without food.",
        "Film-coated tablets 5 mg, 10 and 20 mg, to be taken with water.",
    ],
)
def test_strengths_that_are_swallowed_are_no_dose(sentence: str) -> None:
    assert not regimens(sentence)
