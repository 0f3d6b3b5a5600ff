"""Advice on dosing: whose it is, and what is none."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract


def rows(body: str) -> list[Any]:
    found = extract(read(f"---\ntitle: Testolol\n---\n{body}".encode(), "testolol.md"), "testolol")["dose_guidance"]
    return sorted(found, key=lambda g: (g.char_start, g.basis))


def advice(line: str) -> list[tuple[str, str, str]]:
    found = rows(f"## Dosage\n\n### Special Cases\n\n{line}\n")
    return [(g.basis_kind, g.basis, g.recommendation) for g in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Elderly patients need no dose adjustment. In moderate hepatic impairment it is used with caution; in severe "
         "hepatic impairment it is contraindicated.", [
            ("age", "Elderly patients", "no_adjustment"),
            ("hepatic", "moderate hepatic impairment", "caution"),
            ("hepatic", "severe hepatic impairment", "contraindicated")]),
        ("- **Elderly:** Caution. In renal impairment reduce the dose.", [
            ("age", "Elderly", "caution"), ("renal", "renal impairment", "reduce_dose")]),
        ("- **Liver disease:** Moderate impairment calls for caution. Severe impairment is a contraindication.", [
            ("hepatic", "Liver disease, Moderate", "caution"), ("hepatic", "Severe impairment", "contraindicated")]),
            ("- **Renal impairment:** Contraindicated in severe impairment; no change in mild.", [
                ("renal", "Renal impairment, severe", "contraindicated"),
                ("renal", "Renal impairment, mild", "no_adjustment")]),
            ("- **Liver disease:** no change in mild disease, reduce dose in moderate, avoid in severe.", [
                ("hepatic", "Liver disease, mild", "no_adjustment"), ("hepatic", "Liver disease, moderate", "reduce_dose"),
                ("hepatic", "Liver disease, severe", "not_recommended")]),
            ("- **Renal impairment:** No adjustment in mild, moderate, or severe impairment.", [
                ("renal", "Renal impairment, mild, moderate, or severe", "no_adjustment")]),
            ("- **Hepatic:** cirrhosis – halve the dose.", [("hepatic", "cirrhosis", "reduce_dose")]),
            ("- **Renal:** no adjustment except on dialysis.", [("renal", "Renal, except on dialysis", "no_adjustment")]),
            ("- **Renal:** no adjustment, also in severe disease.", [("renal", "Renal", "no_adjustment")]),
            ("- Reduce the dose in renal failure but not in hepatic disease.", [("renal", "renal failure", "reduce_dose")]),
            ("- Reduce the dose in renal, not hepatic, impairment.", [("renal", "renal impairment", "reduce_dose")]),
            ("- No adjustment in hepatic impairment, unlike renal impairment.", [
                ("hepatic", "hepatic impairment", "no_adjustment")]),
            ("- Severe cirrhosis (Child-Pugh C): contraindicated; Child-Pugh A: no adjustment.", [
                ("hepatic", "Severe cirrhosis (Child-Pugh C)", "contraindicated"),
                ("hepatic", "Child-Pugh A", "no_adjustment")]),
        ("Children under 6 years must not be treated.", [("age", "Children under 6 years", "contraindicated")]),
        ("The elderly get the same doses as others. In slow acetylators a lower dose suffices.", [
            ("age", "The elderly get the same doses as others", "no_adjustment"),
            ("genotype", "slow acetylators", "reduce_dose")]),
        ("Neither age nor sex requires a change of dose.", [("age", "Neither age nor sex", "no_adjustment")]),
        ("- **With paroxetine or fluoxetine:** reduce the dose.", [
            ("interaction", "fluoxetine", "reduce_dose"), ("interaction", "paroxetine", "reduce_dose")]),
        ("- **Rash or ALT above 200 U/L:** stop.", [
            ("lab", "ALT above 200 U/L", "discontinue"), ("toxicity", "Rash", "discontinue")]),
        ("- **ALT or AST above 200 U/L:** stop.", [
            ("lab", "ALT above 200 U/L", "discontinue"), ("lab", "AST above 200 U/L", "discontinue")]),
        ("- **Mucositis or diarrhoea grade 3:** interrupt.", [
            ("toxicity", "Mucositis grade 3", "interrupt"), ("toxicity", "diarrhoea grade 3", "interrupt")]),
        ("- **Chest pain:** stop, and do not restart.", [("comorbidity", "Chest pain", "discontinue")]),
        ("- **CYP2C9 poor metabolizers:** consider a lower dose.", [
            ("genotype", "CYP2C9 poor metabolizers", "consider")]),
        ("- **Elderly:** reduce the dose, and consider stopping.", [
            ("age", "Elderly", "reduce_dose"), ("age", "Elderly", "consider")]),
        ("Stop if jaundice appears. Stop if the QTc goes above 500 ms.", [
            ("toxicity", "jaundice", "discontinue"), ("lab", "QTc goes above 500 ms", "discontinue")]),
        ("If the QTc exceeds 500 ms, discontinue it, and if mania develops, discontinue it as well.", [
            ("lab", "QTc exceeds 500 ms", "discontinue"), ("toxicity", "mania", "discontinue")]),
        ("| DPYD result | Action |\n|---|---|\n| No variant | full dose |\n| Complete deficiency | contraindicated |", [
            ("genotype", "DPYD result: No variant", "no_adjustment"),
            ("genotype", "DPYD result: Complete deficiency", "contraindicated")]),
        ("- **Elderly:** Enteral feeding should be interrupted for one hour before each dose.", []),
        ("Lowest dose, shortest time.", []),
        ("- **Elderly:** Start with 25 mg twice daily. Increase slowly as tolerated.", []),
        ("- **Elderly:** Increase slowly.", [("age", "Elderly", "caution")]),
        ("- Neutrophils below 1.5 × 10⁹/L or platelets below 75 × 10⁹/L: delay by one week.", [
            ("lab", "Neutrophils below 1.5 × 10⁹/L", "interrupt"), ("lab", "platelets below 75 × 10⁹/L", "interrupt")]),
        ("Before major surgery, omit it for 24 hours: the fall in pressure is hard to treat. In sepsis, interrupt it.", [
            ("setting", "major surgery", "interrupt"), ("comorbidity", "sepsis", "interrupt")]),
        ("- **Stop rule:** discontinue for anaphylaxis, or if QTc exceeds 500 ms.", [
            ("lab", "QTc exceeds 500 ms", "discontinue"), ("toxicity", "anaphylaxis", "discontinue")]),
        ("- Contraindicated in severe hepatic impairment: risk of coma.", [
            ("hepatic", "severe hepatic impairment", "contraindicated")]),
        ("- Switching from warfarin: stop it 2 days before.", []),
        ("- **Surgery:** Do not stop testolol before the operation.", [("setting", "Surgery", "use_allowed")]),
        ("- **ICU:** intravenous peramivir 600 mg once daily may be considered.", []),
        ("- **With insulin:** carry on, but reduce if glucose is under 5 mmol/L.", [
            ("interaction", "With insulin", "use_allowed"), ("interaction", "With insulin", "reduce_dose")]),
        ("- Neonates: no loading dose in neonates.", [("age", "Neonates", "not_recommended")]),
        ("- Discontinue the drug gradually.", []),
        ("If the patient takes digoxin, cut the digoxin by half.", [("interaction", "digoxin", "reduce_dose")]),
        ("- Hepatic impairment: the normal dose is fine.", [("hepatic", "Hepatic impairment", "no_adjustment")]),
        ("- Acute stroke: no longer recommended.", [("comorbidity", "Acute stroke", "not_recommended")]),
        ("- Surgery: hold the pen for 2 weeks before the operation.", [("setting", "Surgery", "interrupt")]),
        ("- Surgery: testolol is held for 2 to 4 weeks before the operation.", [("setting", "Surgery", "interrupt")]),
        ("- Age 65 and up: start 150 mg daily and hold there for 2 weeks.", []),
        ("- Obesity: I leave that titration to the weight clinic.", []),
        ("- ICU use: Generally avoided because of bleeding.", [("setting", "ICU use", "not_recommended")]),
        ("- Poor metabolisers: no adjustment. Ultrarapid metabolisers: a higher dose may be needed.", [
            ("genotype", "Poor metabolisers", "no_adjustment"), ("genotype", "Ultrarapid metabolisers", "adjust_dose")]),
        ("Use the lowest effective dose and change to another analgesic as soon as possible.", []),
    ],
)  # fmt: skip
def test_whose_advice_it_is(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert advice(line) == expected


@pytest.mark.parametrize(
    ("line", "recommendation"),
    [
        ("Don't reduce the dose in the first 48 hours of sepsis.", "no_adjustment"),
        ("Never cut the dose in pregnancy.", "no_adjustment"),
        ("The dose shouldn't be changed in cirrhosis.", "no_adjustment"),
        ("Don't use in children under 2 years.", "not_recommended"),
        ("It mustn’t be given to infants under 2 months.", "contraindicated"),
        ("Don't stop before surgery.", "use_allowed"),
        ("Tooth extraction: don't hold the drug.", None),
    ],
)
def test_what_is_not_to_be_done(line: str, recommendation: str | None) -> None:
    assert [r for *_, r in advice(line)] == ([recommendation] if recommendation else [])


@pytest.mark.parametrize(
    "line",
    [
        "The trial in this group showed no reduction in mortality.",
        "- **Ankle oedema:** A diuretic is of no use.",
        "- Former schedule (30 mg/kg, then 16 mg/kg/h): withdrawn after too many seizures.",
        "These are rounded to what a syringe can measure.",
        "If it has been withheld for more than 7 days, begin again with 15 mg once daily.",
        "The tablet can be halved but not crushed.",
        "The smallest effective dose for the shortest time.",
        "It is unlicensed in children, but widely used.",
        "Over 120 kg the usual dose is too low.",
        "- **Secondary hypothyroidism:** titrate against free T4, because TSH is of no use here.",
    ],
)
def test_advice_of_another_kind(line: str) -> None:
    assert advice(line) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Diabetes, anaemia, folate or B12 deficiency: caution.", ["Diabetes", "anaemia", "folate deficiency", "B12 deficiency"]),
        ("- Sepsis, dehydration or major trauma: hold temporarily.", ["Sepsis", "dehydration", "major trauma"]),
        ("- Asthma, gout and epilepsy: use with care.", ["Asthma", "gout", "epilepsy"]),
        ("- Serious infection or sepsis: interrupt.", ["Serious infection or sepsis"]),
    ],
)  # fmt: skip
def test_a_list_before_advice_names_each_of_its_members(line: str, expected: list[str]) -> None:
    assert sorted(basis for _, basis, _ in advice(line)) == sorted(expected)


def test_rules_on_stopping() -> None:
    found = rows(
        "## When do we stop?\n\n* Stop when neutrophils stay above 2.5 × 10⁹/L.\n* Stop for suspected gout or hepatitis.\n"
        "* Interrupt in a donor whose platelets fall below 75 × 10⁹/L."
    )
    assert [(g.recommendation, g.param, g.param_low, g.param_high) for g in found] == [
        ("discontinue", "neutrophils", 2.5, None),
        ("discontinue", None, None, None),
        ("discontinue", None, None, None),
        ("interrupt", "platelets", None, 75),
    ]


@pytest.mark.parametrize(
    ("line", "recommendations"),
    [
        ("The tablets are not for use in children.", ["not_recommended"]),
        ("Testolol is not for anyone under 18 years.", ["not_recommended"]),
        ("Treatment must be ended in pancreatitis.", ["discontinue"]),
        ("End treatment in ketoacidosis.", ["discontinue"]),
        ("No titration is needed.", []),
    ],
)
def test_whom_it_is_not_for_and_what_ends_it(line: str, recommendations: list[str]) -> None:
    assert [r for _, _, r in advice(line)] == recommendations


def test_a_heading_that_joins_several_says_of_none_whose_advice_it_is() -> None:
    found = rows(
        "## Dosage\n\n### Age and organ function\n\n- **Renal impairment:** no adjustment.\n- **Septic shock:** avoid.\n\n"
        "## Dosing in children\n\nCheck the pressure against centile charts.\n"
    )
    assert [(g.basis_kind, g.basis) for g in found] == [
        ("renal", "Renal impairment"),
        ("comorbidity", "Septic shock"),
    ]


@pytest.mark.parametrize(
    ("line", "bands"),
    [
        ("- **eGFR 15–29 mL/min:** half the dose. Below 15: stop.", [("eGFR", 15, 29), ("eGFR", None, 15)]),
        ("Below 10 mL/min we avoid testolol.", [("creatinine clearance", None, 10)]),
        (
            "- **Kidneys:** no change at any eGFR, but caution below 30 mL/min.",
            [(None, None, None), ("eGFR", None, 30)],
        ),
        ("- **Renal:** half the dose. eGFR below 15 mL/min: avoid.", [(None, None, None), ("eGFR", None, 15)]),
        (
            "- **Renal impairment:** Contraindicated if eGFR <30; halve the dose at 30–45; not recommended below 45.",
            [("eGFR", None, 30), ("eGFR", 30, 45), ("eGFR", None, 45)],
        ),
        (
            "- **Liver disease:** Child-Pugh A: no change; C: avoid.",
            [("Child-Pugh A", None, None), ("Child-Pugh C", None, None)],
        ),
        ("- **Elderly:** contraindicated over 75 with prior stroke.", [("age", 75, None)]),
        ("- The over 80s: caution.", [("age", 80, None)]),
        ("- HR under 50/min: hold.", [("heart rate", None, 50)]),
        (
            "- **Kidneys:** Not recommended if creatinine clearance (CrCl) is below 30 mL/min.",
            [("creatinine clearance", None, 30)],
        ),
        ("- Do not start if systolic BP is persistently above 140 mmHg.", [("systolic blood pressure", 140, None)]),
        (
            "- **Renal impairment:** no change above 50 mL/min; half the dose at 30–50 mL/min.",
            [("creatinine clearance", 50, None), ("creatinine clearance", 30, 50)],
        ),
        (
            "| CrCl (mL/min) | Do |\n|---|---|\n| Below 10, not on dialysis | avoid |\n",
            [("creatinine clearance", None, 10)],
        ),
        ("Treatment is not started before the age of 11 years.", [("age", None, 11)]),
        ("Not recommended if creatinine clearance (CrCl) is below 30 mL/min.", [("creatinine clearance", None, 30)]),
        ("Not FDA approved under 18, and we send them on.", [("age", None, 18)]),
        ("If the Hb reaches 15 g/dL the treatment is stopped.", [("hb", 15, None)]),
        ("If platelets fall to 50 x 10^9/L, halve the dose.", [("platelets", None, 50)]),
        (
            "When the Hb exceeds 12 g/dL, reduce the dose. When it exceeds 13 g/dL, interrupt the treatment.",
            [("hb", 12, None), ("hb", 13, None)],
        ),
    ],
)
def test_bands(line: str, bands: list[tuple[str, float | None, float | None]]) -> None:
    found = rows(f"## Dosage\n\n### Special Cases\n\n{line}\n")
    assert [(g.param, g.param_low, g.param_high) for g in found] == bands


def test_a_bare_egfr_has_no_unit() -> None:
    (found,) = rows("## Dosage\n\n### Kidneys\n\nThe normal dose is fine with an eGFR above 30.\n")
    assert (found.param, found.param_low, found.param_unit) == ("eGFR", 30, None)


def test_the_drug_goes_by_both_words_of_its_name() -> None:
    text = "---\ntitle: Epoetin alfa\n---\n## Children\n\nEpoetin alfa is not recommended in children on dialysis.\n"
    found = extract(read(text.encode(), "e.md"), "e")["dose_guidance"]
    assert [g.recommendation for g in found] == ["not_recommended"]


def test_a_column_of_your_actions() -> None:
    (found,) = rows(
        "## Side effects\n\n| Reaction | Your action |\n|---|---|\n| Anaphylaxis | stop it, adrenaline 0.5 mg IM |\n"
    )
    assert (found.basis_kind, found.basis, found.recommendation) == ("toxicity", "Anaphylaxis", "discontinue")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- **Renal:** avoid below 30 mL/min; no change above.", [(None, 30.0), (30.0, None)]),
        (
            "- **Renal impairment:** reduce the dose if CrCl < 30, otherwise no adjustment.",
            [(None, 30.0), (30.0, None)],
        ),
        ("- **Children:** not recommended under 6 years; caution in older children.", [(None, 6.0), (6.0, None)]),
        ("- **Elderly:** caution; no adjustment below.", [(None, None)]),
    ],
)
def test_whom_a_band_leaves_out(line: str, expected: list[tuple[float | None, float | None]]) -> None:
    found = rows(f"## Dosage\n\n### Special Cases\n\n{line}\n")
    assert sorted((r.param_low or 0, r.param_high or 0) for r in found) == sorted((a or 0, b or 0) for a, b in expected)


@pytest.mark.parametrize(
    "behind",
    [
        "adjust after 14 days",
        "then titrate weekly",
        "doses >540 mg/day are generally not recommended",
        "doses greater than 40 mg are not advised",
        "avoid exceeding 30 mg",
        "avoid doses above 30 mg",
        "rates above 4 mg/min should be avoided",
        "not indicated for courses lasting longer than 4 weeks",
        "use beyond 4 weeks is not recommended",
    ],
)
def test_how_a_dose_goes_on_is_no_advice_against_its_indication(behind: str) -> None:
    body = (
        f"## Usage\n\n* **Hypertension**\n\n## Dosage\n\n### Adults\n\n* **Hypertension:** 5 mg once daily; {behind}.\n"
    )
    assert rows(body) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* **Patients on MAO inhibitors:** Start with one-tenth of the usual dose.", [
            ("interaction", "Patients on MAO inhibitors", "reduce_dose")]),
        ("* **Elderly:** Give a quarter of the recommended starting dose.", [("age", "Elderly", "reduce_dose")]),
        ("* **Renal Impairment:** Ineffective in mild disease; contraindicated in anuria.", [
            ("renal", "Renal Impairment, anuria", "contraindicated")]),
        ("* **Patients with Comorbid Conditions:** Obese: dose on ideal body weight. Asthma: avoid.", [
            ("weight", "Obese", "adjust_dose"), ("comorbidity", "Asthma", "not_recommended")]),
        ("* **Renal Impairment:** Avoid aluminum-containing antacids.", []),
        ("* **Heart failure:** Avoid potassium supplements; avoid use in shock.", [
            ("comorbidity", "Heart failure", "not_recommended")]),
        ("* Hold for HR < 50 bpm or SBP < 85 mmHg.", [
            ("toxicity", "HR < 50 bpm", "interrupt"), ("toxicity", "SBP < 85 mmHg", "interrupt")]),
        ("* If therapy is interrupted for more than two weeks, restart at 3.125 mg twice daily.", []),
        ("* Reduce infusion 25% if SBP <90.", [("toxicity", "SBP <90", "reduce_dose")]),
        ("* Discontinue 1 hour after the second dose if satisfactory control is maintained.", [
            ("other", "if satisfactory control is maintained", "discontinue")]),
    ],
)  # fmt: skip
def test_special_cases_and_adjustments(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert advice(line) == expected


def test_a_bound_behind_a_semicolon_is_of_what_was_measured_before_it() -> None:
    line = "* **Hepatic Dysfunction:** bilirubin 1.2–3 mg/dL: reduce dose by 50%; 3.1–5 mg/dL: reduce by 75%; >5 mg/dL: do not administer."
    found = rows(f"## Dosage\n\n### Special Cases\n\n{line}\n")
    assert [(g.param, g.param_low, g.param_high, g.recommendation) for g in found] == [
        ("bilirubin", 1.2, 3, "reduce_dose"),
        ("bilirubin", 3.1, 5, "reduce_dose"),
        ("bilirubin", 5, None, "not_recommended"),
    ]


def test_kidney_and_liver_of_one_degree_are_two_bases() -> None:
    assert advice("* **Severe hepatic or renal impairment:** not recommended.") == [
        ("hepatic", "Severe hepatic impairment", "not_recommended"),
        ("renal", "Severe renal impairment", "not_recommended"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("**QRS wider than 120 ms:** Stop treatment.", ("lab", "discontinue", "QRS", 120.0, None, "ms")),
        ("**Heart rate slower than 50 bpm:** Reduce the dose.", ("toxicity", "reduce_dose", "heart rate", None, 50.0, "/min")),
        ("Stop if the QRS widens by more than 30%.", ("lab", "discontinue", "QRS", 30.0, None, "%")),
        ("**Raised ALT:** Discontinuation at more than 3 times the upper limit of normal.",
         ("lab", "discontinue", "ALT", 3.0, None, "{upper_limit_of_normal}")),
        ("**High potassium:** Withhold above 6 mmol/L.", ("lab", "interrupt", "potassium", 6.0, None, "mmol/L")),
        ("**Transaminase elevation:** Stop above 5 x ULN.", ("lab", "discontinue", "transaminase", 5.0, None, "{upper_limit_of_normal}")),
        ("**Taste loss:** Stop above 6 mmol/L.", ("other", "discontinue", None, None, None, None)),
        ("**New heart failure or second-degree AV block:** Discontinue.", ("toxicity", "discontinue", None, None, None, None)),
    ],
)  # fmt: skip
def test_a_label_names_what_its_bound_is_of(line: str, expected: tuple[Any, ...]) -> None:
    (row,) = rows(f"## Dosage\n\n### Dosage Adjustments\n\n* {line}\n")
    assert (row.basis_kind, row.recommendation, row.param, row.param_low, row.param_high, row.param_unit) == expected


@pytest.mark.parametrize(
    "advice",
    [
        "Stop several days before elective surgery.",
        "Should be stopped a week before.",
        "Discontinue before major surgery.",
        "Stop at the time of the procedure.",
        "Usually withdrawn two weeks prior to the operation.",
    ],
)
def test_what_is_stopped_before_surgery_is_interrupted(advice: str) -> None:
    (row,) = rows(f"## Dosage\n\n### Clinical Use Cases\n\n* **Surgical Procedures:** {advice}\n")
    assert (row.basis_kind, row.recommendation) == ("setting", "interrupt")


def test_what_is_considered_in_its_stead_is_no_advice_on_this_drug() -> None:
    assert advice("* **Emergencies:** Andexanet alfa or 4-factor PCC may be considered for bleeding.") == []
    (kind, _, recommendation) = advice("* **Elderly:** A lower starting dose may be considered.")[0]
    assert (kind, recommendation) == ("age", "consider")


@pytest.mark.parametrize(
    ("line", "drug"),
    [
        ("* **Diabetes:** The insulin dose may need to be increased.", "insulin"),
        ("* **Diabetes:** Antidiabetic dose may need to be increased.", "antidiabetic"),
        ("* **Interactions:** On carbamazepine dose may need to be increased.", None),
        ("* **Diabetes:** The testolol dose may need to be increased.", None),
    ],
)
def test_whose_dose_is_to_change(line: str, drug: str | None) -> None:
    found = rows(f"## Dosage\n\n### Special Cases\n\n{line}\n")
    assert [(g.for_drug or "").lower() or None for g in found] == [drug]


def test_a_grade_behind_a_semicolon_takes_the_place_of_the_one_before_it() -> None:
    assert advice("* **Grade 2 colitis:** withhold; grade 4: discontinue.") == [
        ("toxicity", "Grade 2 colitis", "interrupt"),
        ("toxicity", "colitis, grade 4", "discontinue"),
    ]


def test_a_load_that_is_often_omitted_is_no_advice_to_interrupt() -> None:
    assert advice("* **Shock:** loading 50 mcg/kg IV over 10 min (often omitted).") == []
