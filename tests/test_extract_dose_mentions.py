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
        # units compared
        ("The label gives both milligrams and units (1 mg is 100 units).", []),
        ("The box states the base; 100 mg of base is 136 mg of the salt.", []),
        # another drug's
        ("20 mg once daily. Add bempedoic acid 180 mg daily if needed.", [20]),
        ("20 mg once daily. Add zorbexine 180 mg daily if needed.", [20]),
        ("10 mg daily. Add a further 5 mg at night.", [10, 5]),
        ("10 mg SC on days 1–4, then plerixafor 240 micrograms/kg SC in the evening.", [10]),
        # of the past
        ("The dose of 80 mg is no longer licensed.", []),
        ("Doses of 20 mg/kg, which older textbooks quote, are obsolete.", []),
        # ends of a climb
        ("Start with 5 mg daily. Go no further than 40 mg daily.", [5]),
        ("Start with 5 mg daily. Stop at 40 mg.", [5]),
        ("Start with 5 mg daily. Callers are told that 25 mg in 48 hours is the ceiling.", [5]),
        # what has not worked, and what is kept for others
        ("Start 5 mg once daily. If the patient remains symptomatic at 20 mg, ask a specialist.", [5]),
        ("If blood pressure remains high, 20 mg once daily.", [20]),
        ("If pain is not controlled with simple analgesics, start with 20 mg daily.", [20]),
        ("Start 5 mg once daily; reserve 40 mg for patients who fail 20 mg.", [5]),
        ("Keep the patient on 10 mg daily for 3 months.", [10]),
        # what the patient comes from
        ("Those transferring from 5–10 mg a day can go straight to the injection.", []),
        ("Patients switching from another drug start with 5 mg daily.", [5]),
    ],
)
def test_amounts_spoken_of_are_no_doses(text: str, doses: list[float]) -> None:
    assert [r.dose_high for r in regimens(text)] == doses
