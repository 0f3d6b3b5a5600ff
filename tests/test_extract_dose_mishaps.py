"""Amounts of overdoses and of forgotten doses are no regimens."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def doses(dosage: str) -> list[float | None]:
    text = f"---\ntitle: Testolol\n---\n## Usage\n\n- Opioid overdose\n- Gout\n\n## Dosage\n\n{dosage}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return [r.dose_low for r in sorted(rows, key=lambda r: r.char_start) if isinstance(r, Regimen)]


@pytest.mark.parametrize(
    "text",
    [
        "Overdose: 150 mg/kg needs acetylcysteine.",
        "Toxicity is seen from 100 mg/kg.",
        "As little as 7.5 g may cause liver failure.",
        "Seizures have followed 2 g taken at once.",
        "10 tablets taken together have killed adults.",
        "Children have died after 50 mg.",
        "400 mg/day and above is associated with seizures.",
        "Ingestion of more than 20 tablets calls for admission.",
        "### Overdose\n\n- Adults 10 g: admit.",
    ],
)
def test_what_poisons_is_no_dose(text: str) -> None:
    assert doses(text) == []


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Opioid overdose: 0.4 mg IV every 2 minutes.", [0.4]),
        ("If toxicity occurs, 50 mg daily.", [50]),
        ("Take 20 mg at night as it may cause drowsiness.", [20]),
    ],
)
def test_what_treats_or_is_reduced_is_one(text: str, given: list[float]) -> None:
    assert doses(text) == given


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Missed dose: take the full 15 mg.", []),
        ("If a dose is forgotten, 20 mg within 12 h.", []),
        ("Patients who forget the evening dose take 10 mg in the morning.", []),
        ("### Missed doses\n\n- Within 12 hours: 20 mg.", []),
        ("If you are more than 12 hours late, skip it and take 10 mg as usual.", []),
        ("Delayed dose: 75 mg as soon as possible.", []),
        ("If several doses are missed, restart at 5 mg.", [5]),
        ("After 3 missed doses, restart at 12.5 mg once daily.", [12.5]),
    ],
)
def test_what_makes_up_for_a_missed_dose_is_none(text: str, given: list[float]) -> None:
    assert doses(text) == given
