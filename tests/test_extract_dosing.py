"""Names, indications, doses, advice, combinations and deferrals: small documents and the rows they must give."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from monopipe import grammar
from monopipe.document import read
from monopipe.extract import extract

MONOGRAPHS = sorted((Path(__file__).parent.parent / "data" / "raw").glob("*.md"))
DOSAGE = [
    f.name
    for f in fields(grammar.Dosage)
    if f.name not in {"sequence", "inherited_fields", "readable", "parse_status", "unread_text", "numbers_unread"}
]


def rows(body: str, table: str, title: str = "Testolol") -> list[Any]:
    found = extract(read(f"---\ntitle: {title}\n---\n{body}".encode(), "testolol.md"), "testolol")[table]
    return sorted(found, key=lambda r: r.char_start)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("INN: testolol; USAN: testalol", [("testolol", "inn"), ("testalol", "synonym")]),
        ("Brands: Abcor, Befix and Cefam", [("Abcor", "brand"), ("Befix", "brand"), ("Cefam", "brand")]),
        ("Testolol (INN). Also sold as Abcor.", [("Testolol", "inn"), ("Abcor", "brand")]),
        ("Synonyms: TST, testololum", [("TST", "abbreviation"), ("testololum", "synonym")]),
        ("Brand names: none", []),
        (
            "The International Nonproprietary Name (INN) is testolol. Brand names include Abcor and Befix.",
            [("testolol", "inn"), ("Abcor", "brand"), ("Befix", "brand")],
        ),
        ("Its brand names differ by country.", []),
        (
            "It is sold as Abcor (tablets), and as Befix (drops). In hospitals the abbreviation TST is common.",
            [("Abcor", "brand"), ("Befix", "brand"), ("TST", "abbreviation")],
        ),
        ("* **Brand Names:** Abcor<sup>®</sup>, Befix™", [("Abcor", "brand"), ("Befix", "brand")]),
        (
            "* **INN:** testolol (as testolol sodium phosphate)",
            [("testolol", "inn"), ("testolol sodium phosphate", "synonym")],
        ),
        ("* **Salt form:** Testolol hydrochloride", [("Testolol hydrochloride", "synonym")]),
        ("* **INN:** Testolol; tablets contain sodium chloride.", [("Testolol", "inn")]),
        ("* **INN:** Testolol and exemplin", [("Testolol and exemplin", "inn")]),
        (
            "* **Other names:** 2-(1-phenylethyl)testic acid; fractionated testolol (FTL)",
            [
                ("2-(1-phenylethyl)testic acid", "synonym"),
                ("fractionated testolol", "synonym"),
                ("FTL", "abbreviation"),
            ],
        ),
        ("| Kind | Name |\n|---|---|\n| Brand names | Abcor, Befix |", [("Abcor", "brand"), ("Befix", "brand")]),
    ],
)
def test_names(line: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"## Alternate Names\n\n{line}\n", "drug_names")
    assert [(n.name, n.name_kind) for n in found if n.name_kind != "title"] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* **Gout (GT):** newly diagnosed and relapsed GT.", [("Gout", "newly_diagnosed"), ("Gout", "relapsed_refractory")]),
        ("* **Asthma (AS) and Croup (CR):** in children.", [("Asthma", "unspecified"), ("Croup", "unspecified")]),
        ("* Prevention of migraine", [("migraine", "prevention")]),
        ("* Hypertension (alone or with a diuretic)", [("Hypertension", "unspecified")]),
        ("Testolol is indicated for angina, hypertension and heart failure.", [
            ("angina", "unspecified"), ("hypertension", "unspecified"), ("heart failure", "unspecified")]),
        ("Headache, toothache, period pain.", [
            ("Headache", "unspecified"), ("toothache", "unspecified"), ("period pain", "unspecified")]),
        ("It is indicated for the treatment of gout in adults and children aged 10 years and above.", [("gout", "unspecified")]),
        ("It is also used off-label for tremor.", [("tremor", "unspecified")]),
        ("* Acute and chronic bronchitis", [("Acute bronchitis", "acute"), ("chronic bronchitis", "chronic")]),
        ("* Bone and joint infections", [("Bone and joint infections", "unspecified")]),
        ("* Migraine with or without aura", [("Migraine with or without aura", "unspecified")]),
        ("* Prevention and treatment of gout", [("gout", "prevention"), ("gout", "unspecified")]),
        ("* Gout, including tophaceous gout", [("Gout", "unspecified"), ("tophaceous gout", "unspecified")]),
        ("* **Gout:** Treatment, and maintenance therapy to prevent relapse.", [("Gout", "maintenance"), ("Gout", "unspecified")]),
        ("* **Leukaemia (LK):** maintenance after consolidation, and prophylaxis of fever.", [
            ("Leukaemia", "maintenance"), ("fever", "prevention")]),
        ("* **Gout:** Prophylaxis; not for acute attacks.", [("Gout", "prevention")]),
        ("* **Gout (GT), early relapse:** with colchicine.", [("Gout", "relapsed_or_progressed")]),
        ("* Treatment-resistant depression", [("Treatment-resistant depression", "relapsed_refractory")]),
        ("Testolol lowers the pressure in adults with glaucoma and in those with ocular hypertension.", [
            ("glaucoma", "unspecified"), ("ocular hypertension", "unspecified")]),
        ("It is used to slow the pulse in atrial flutter, and to relieve pain in angina.", [
            ("atrial flutter", "unspecified"), ("angina", "unspecified")]),
        ("It is licensed for raised pressure in children with glaucoma.", [("glaucoma", "unspecified")]),
        ("After the birth it serves the prevention and treatment of bleeding.", [
            ("bleeding", "prevention"), ("bleeding", "unspecified")]),
        ("In a trial of 600 patients with gout, pain and swelling fell.", []),
        ("It relieves most of these conditions.", []),
        ("It is made in Sweden, Norway and Spain.", []),
    ],
)  # fmt: skip
def test_indications(line: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"## Usage\n\n{line}\n", "indications")
    assert sorted((i.condition, i.disease_status) for i in found) == sorted(expected)


def test_an_indication_may_be_negated_or_off_label() -> None:
    body = "## Usage\n\nIt is not indicated for acute angina.\n\n* Tremor (off-label)\n"
    found = rows(body, "indications")
    assert [(i.condition_norm, i.assertion, i.label_status) for i in found] == [
        ("acute angina", "negated", "not_stated"),
        ("tremor", "affirmed", "off_label"),
    ]


@pytest.mark.parametrize(
    ("line", "denied"),
    [
        ("It is not effective for gout and should not be used for fever.", ["gout", "fever"]),
        ("Not intended for mild acne, for gout or for wrinkles.", ["mild acne", "gout", "wrinkles"]),
        ("It does not abort migraine and has no place in the treatment of angina, where trials failed.", ["migraine", "angina"]),
        ("In neuralgia it is not recommended as first choice.", ["neuralgia"]),
        ("It has been studied in gout, but is not approved for this use.", ["gout"]),
        ("It is not a treatment for obesity, and does not protect against infection.", ["obesity", "infection"]),
        ("Elective surgery is not an approved use.", ["Elective surgery"]),
        ("* **Carriage:** To clear the nose. It is not a treatment for meningitis.", ["meningitis"]),
        ("Experience in gout is too limited to advise it.", ["gout"]),
        ("It has no activity against moulds and is not used for candidiasis.", ["candidiasis"]),
        ("* Not for oral, nasal or vaginal candidiasis; not for children", [
            "oral candidiasis", "nasal candidiasis", "vaginal candidiasis"]),
    ],
)  # fmt: skip
def test_uses_that_a_text_denies_are_negated_rows(line: str, denied: list[str]) -> None:
    found = [i for i in rows(f"## Usage\n\n{line}\n", "indications") if i.condition != "Carriage"]
    assert [(i.condition, i.assertion) for i in found] == [(c, "negated") for c in denied]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* Shock, added to noradrenaline.", {"condition": "Shock", "partners": "noradrenaline"}),
        ("* Bradycardia unresponsive to atropine.", {"condition": "Bradycardia", "prior_therapy_required": "atropine"}),
        ("* **Psychosis:** In patients who have failed at least two other antipsychotics.", {
            "prior_therapies_min": 2, "prior_therapy_required": "other antipsychotics"}),
        ("* **Acne:** For adults and for children from 12 years.", {"age_group": "unspecified"}),
        ("* **Gout in Adult Women:** Off-label.", {"age_group": "adult", "label_status": "off_label"}),
        ("Chronic urticaria is an off-label use.", {"condition": "Chronic urticaria", "label_status": "off_label"}),
        ("A role in septic shock remains investigational.", {
            "condition": "septic shock", "label_status": "investigational"}),
        ("* **Investigational:** gout, as a gel.", {"condition": "gout", "label_status": "investigational"}),
        ("It is sometimes tried, outside its licence, for gout.", {"condition": "gout", "label_status": "off_label"}),
    ],
)  # fmt: skip
def test_what_stands_beside_a_condition(line: str, expected: dict[str, Any]) -> None:
    (found,) = rows(f"## Usage\n\n{line}\n", "indications")
    assert {name: getattr(found, name) for name in expected} == expected


def test_one_sentence_may_name_a_licensed_use_and_one_that_is_not() -> None:
    found = rows("## Usage\n\nIt is licensed for gout and, off-label, for fever.\n", "indications")
    assert [(i.condition, i.label_status) for i in found] == [("gout", "licensed"), ("fever", "off_label")]


DOSES = """## Usage

* **Wilson disease (WD):** lifelong treatment.

## Dosage

### Adults

* **WD:** 250 mg orally twice daily.
* **Treatment of hypertension:** 5 mg once daily, then 10 mg once daily.
* **Tablets:** 20 mg once daily.
* **Maximum:** 40 mg a day.
* Docetaxel itself is given as 75 mg/m² on day 1.
* The 30 mg tablet must not be used.

### Children

| Age | Dose | Interval |
|---|---|---|
| 2–5 years | 5 mg | 12 hours |

## Drug Profile Summary

* **Dosage:** 250 mg twice daily.
"""


def test_regimens_take_who_and_condition_from_their_place() -> None:
    found = rows(DOSES, "regimens")
    assert [(r.dose_low, r.age_group, r.condition_norm, r.sequence) for r in found] == [
        (250, "adult", "wilson disease", 1),
        (5, "adult", "hypertension", 1),
        (10, "adult", "hypertension", 2),
        (20, "adult", None, 1),
        (5, "pediatric", None, 1),
    ]
    child = found[-1]
    assert (child.param, child.param_low, child.param_high, child.param_unit) == ("age", 2, 5, "a")
    assert (child.frequency, child.period, child.period_unit) == (1, 12, "h")


def test_a_dose_told_again_is_a_mention() -> None:
    assert [(m.fact_table, m.source_quote) for m in rows(DOSES, "mentions")] == [("regimens", "250 mg twice daily")]


@pytest.mark.parametrize(
    ("told", "more"), [("5 to 20 mg", 0), ("5 to 30 mg", 1), ("5 to 20 g", 1), ("5 to 20 mg IV", 0)]
)
def test_a_bare_range_of_told_doses_is_a_mention(told: str, more: int) -> None:
    body = DOSES.replace("**Dosage:** 250 mg twice daily", f"**Usual adult dose:** {told}")
    assert len(rows(body, "regimens")) - len(rows(DOSES, "regimens")) == more


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The maximum in children is 400 mg daily.", {"max_daily_dose": 400, "age_group": "pediatric"}),
        ("**Maximum:** 40 mg a day.", {"max_daily_dose": 40}),
        ("No single intravenous dose may exceed 16 mg.", {"max_single_dose": 16, "route": "intravenous"}),
        ("**Severe hepatic impairment:** do not exceed 2 g in 24 hours.", {"max_daily_dose": 2, "max_dose_unit": "g", "population": "hepatic_impairment"}),
        ("In patients weighing less than 50 kg the maximum is 2 g/day.", {"param": "weight", "param_high": 50, "max_daily_dose": 2}),
        ("Do not exceed 50 mg daily if the creatinine clearance is below 30 mL/min.", {"max_daily_dose": 50, "assertion": "conditional"}),
        ("Never more than 10 mg/kg per day, in athletes.", {"max_daily_dose": 10, "max_dose_unit": "mg/kg", "unread_text": "athletes"}),
        ("Never more than 10 mg/kg per day, in smokers.", {"max_daily_dose": 10, "population": "other"}),
        ("The maximum is 100 mg.", None),
        ("At most 4 g a day in adults and 2 g in children.", {"max_daily_dose": 4, "age_group": "adult", "unread_text": "2 g children"}),
        ("Maximum 18 mg/day (Parkinson's disease), 3 mg/day (restless legs).", None),
        ("Maximum: 25 mg twice daily (<85 kg) or 50 mg twice daily (>85 kg).", None),
        ("Children <3 years: no more than 4 doses in 12 hours.", None),
        ("The maximum is 240 mg/day or 360 mg/day.", None),
        ("Start with no more than 5 mg daily.", None),
        ("Digoxin must not exceed 0.25 mg daily.", None),
        ("Reduce by no more than 25% of the dose each week.", None),
        ("5 mg once daily, max 20 mg daily.", None),
    ],
)  # fmt: skip
def test_a_maximum_apart_from_a_dose(line: str, expected: dict[str, Any] | None) -> None:
    found = rows(f"## Dosage\n\n* {line}\n", "dose_limits")
    assert [{k: getattr(limit, k) for k in expected or ()} for limit in found] == (
        [] if expected is None else [expected]
    )


def test_a_maximum_takes_who_and_condition_from_its_place_and_is_told_once() -> None:
    body = (
        "## Dosage\n\n### Children\n\n* **Asthma:**\n  * The dose must not exceed 8 mg in 24 hours.\n* 5 mg once daily, max 20 mg daily.\n\n"
        "## Drug Profile Summary\n\n* **Dosage:** Do not exceed 8 mg a day.\n* **Dose:** Never more than 20 mg a day.\n"
    )
    (limit,) = rows(body, "dose_limits")
    assert (limit.age_group, limit.condition_norm, limit.max_daily_dose) == ("pediatric", "asthma", 8)
    assert {(m.fact_table, m.line_start) for m in rows(body, "mentions")} == {("dose_limits", 14), ("regimens", 15)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("**Renal impairment:** dose adjustments are required.", [("renal", "adjust_dose", None)]),
        ("**Renal impairment:** no dose adjustment is needed.", [("renal", "no_adjustment", None)]),
        ("**Hepatic impairment:** use with caution; monitor closely.", [("hepatic", "caution", None), ("hepatic", "monitor", None)]),
        ("**Elderly:** reduce the dose of digoxin.", [("age", "reduce_dose", "digoxin")]),
        ("**Severe liver disease:** contraindicated.", [("hepatic", "contraindicated", None)]),
        ("See the product information.", []),
        ("**Elderly:** age by itself does not call for a lower dose.", [("age", "no_adjustment", None)]),
        ("**With a strong CYP3A4 inhibitor:** give one third of the usual dose.", [("interaction", "reduce_dose", None)]),
        ("**Slow metabolisers:** may need twice the usual dose.", [("genotype", "adjust_dose", None)]),
        ("**Elderly:** start at the lower end of the range.", [("age", "reduce_dose", None)]),
        ("**Nephrotoxicity:** stop until creatinine has recovered.", [("toxicity", "interrupt", None)]),
        ("**Nephrotoxicity:** stop.", [("toxicity", "discontinue", None)]),
        ("**Heart failure:** not a reason to withhold testolol.", [("comorbidity", "use_allowed", None)]),
        ("**Renal or hepatic impairment:** no adjustment.", [("renal", "no_adjustment", None), ("hepatic", "no_adjustment", None)]),
        ("**Elderly:** start at 5 mg daily and check potassium after a week.", [("age", "monitor", None)]),
        ("**Renal impairment:** doses above 100 mg add little to the fall in blood pressure.", []),
        ("**Hepatic impairment:** fentanyl is preferred.", []),
        ("**Switching from warfarin:** stop warfarin first.", []),
        ("**Neuropathy:** consider another drug.", []),
        ("**Angioedema:** stop at once and do not give any ACE inhibitor again.", [("toxicity", "discontinue", None)]),
        ("**Surgery:** the feed is stopped 1 hour before each dose.", []),
        ("**Surgery:** unfractionated heparin should not be given on top.", []),
        ("In severe renal impairment the doses are lower:", []),
        ("**Comorbid conditions:** caution is advised in epilepsy and asthma.", [
            ("comorbidity", "caution", None), ("comorbidity", "caution", None)]),
        ("**Children:** the drops should not be used more than once daily.", []),
    ],
)  # fmt: skip
def test_guidance(line: str, expected: list[tuple[str, str, str | None]]) -> None:
    found = rows(f"## Dosage\n\n### Special Cases\n\n* {line}\n", "dose_guidance")
    assert [(g.basis_kind, g.recommendation, g.for_drug) for g in found] == expected


def test_the_band_of_a_clearance_is_no_rate_of_the_drug() -> None:
    body = (
        "## Dosage\n\n### Special Cases\n\n| eGFR | Dose |\n|---|---|\n| 30–60 mL/min | no adjustment |\n"
        "| Below 30 mL/min | 200 mg once daily |\n"
    )
    found = rows(body, "dose_guidance")
    assert [(g.recommendation, g.param, g.param_low, g.param_high) for g in found] == [
        ("no_adjustment", "eGFR", 30, 60)
    ]


def test_two_thresholds_joined_by_or_bound_the_advice_each() -> None:
    line = "Treatment is interrupted when neutrophils fall below 1,000/µL or platelets fall below 50,000/µL."
    found = rows(f"## Dosage\n\n### Dosage Adjustments\n\n{line}\n", "dose_guidance")
    assert [(g.recommendation, g.param, g.param_high) for g in found] == [
        ("interrupt", "neutrophils", 1000),
        ("interrupt", "platelets", 50000),
    ]


@pytest.mark.parametrize(
    ("line", "recommendation", "high"),
    [
        ("* **Under 3 years:** The injection is not recommended below 18 years.", "not_recommended", 18),
        ("* **Under 3 years:** Not recommended.", "not_recommended", 3),
        ("Infants younger than 1 month should not receive exemplol.", "not_recommended", 1),
        ("Older patients need no other dose.", "no_adjustment", None),
        ("In haemodialysis no extra dose is needed.", "no_adjustment", None),
        ("Before surgery exemplol is stopped 24 to 96 hours in advance.", "interrupt", None),
    ],
)
def test_whom_advice_without_a_dose_is_for(line: str, recommendation: str, high: float | None) -> None:
    (found,) = rows(f"## Dosage\n\n### Special Cases\n\n{line}\n", "dose_guidance")
    assert (found.recommendation, found.param_high) == (recommendation, high)


def test_guidance_in_a_table_knows_its_band() -> None:
    body = (
        "## Dosage\n\n### Renal impairment\n\n| eGFR (mL/min) | Advice |\n|---|---|\n"
        "| ≥45 | No adjustment |\n| <30 | Contraindicated |\n"
    )
    found = rows(body, "dose_guidance")
    assert [(g.basis, g.param_low, g.param_high, g.recommendation) for g in found] == [
        ("eGFR ≥45 mL/min", 45, None, "no_adjustment"),
        ("eGFR <30 mL/min", None, 30, "contraindicated"),
    ]


@pytest.mark.parametrize(
    ("line", "bands"),
    [
        ("**Heart rate above 180/min:** omit the next dose.", [("heart rate", 180, None, "/min")]),
        ("**Trough above 20 ng/mL:** reduce the dose.", [("trough", 20, None, "ng/mL")]),
        ("**Platelets below 50 × 10⁹/L:** reduce the dose.", [("platelets", None, 50, "10*9/L")]),
        ("**ANC below 1.3 x 10³/µL:** reduce the dose.", [("ANC", None, 1.3, "10*3/uL")]),
        ("**Transaminases above three times the upper limit of normal:** stop.", [
            ("transaminases", 3, None, "{upper_limit_of_normal}")]),
        ("**Potassium 6.0 mmol/L or more, or creatinine above 310 µmol/L:** stop.", [
            ("potassium", 6, None, "mmol/L"), ("creatinine", 310, None, "umol/L")]),
        ("**Contrast media:** stop if eGFR is 30 to 60 mL/min.", [("eGFR", 30, 60, "mL/min")]),
        ("**Children under 2 years:** not recommended.", [("age", None, 2, "a")]),
        ("**Blood count:** stop if neutrophils drop below 1500/mm³.", [("neutrophils", None, 1500, "/mm3")]),
        ("**Inhibitors started:** reduce the dose and follow levels (target 4-12 µg/mL).", [(None,) * 4, (None,) * 4]),
        ("Treatment is stopped when ALT exceeds 200 U/L, and interrupted during surgery.", [
            ("ALT", 200, None, "U/L"), (None, None, None, None)]),
        ("**Gout:** not recommended; not licensed below 18 years.", [("age", None, 18, "a")]),
        ("**Renal impairment:** no change down to a creatinine clearance of 10 mL/min.", [(None, None, None, None)]),
        ("* >65 y: not recommended", [("age", 65, None, "a")]),
        ("**Dental extraction:** consider a pause 3 months before surgery.", [(None, None, None, None)]),
        ("**Elderly:** no adjustment, although bleeding is seen more often above 65 years.", [(None, None, None, None)]),
        ("**Use on ≥10 days/month:** stop.", [(None, None, None, None)]),
    ],
)  # fmt: skip
def test_thresholds_of_advice(line: str, bands: list[tuple[Any, ...]]) -> None:
    found = rows(f"## Dosage\n\n### Dosage Adjustments\n\n{line}\n", "dose_guidance")
    assert [(g.param, g.param_low, g.param_high, g.param_unit) for g in found] == bands


def test_settings_of_no_use_are_negated_one_row_each() -> None:
    body = "## Clinical Use Cases\n\nIt is not used in intubation, cardiac arrest, or shock.\n"
    found = rows(body, "dose_guidance")
    assert [(g.basis, g.basis_kind, g.assertion) for g in found] == [
        (basis, "setting", "negated") for basis in ("intubation", "cardiac arrest", "shock")
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Antimetabolite (folate analogue); conventional DMARD",
            ["Antimetabolite", "folate analogue", "conventional DMARD"],
        ),
        ("Selective serotonin reuptake inhibitor (SSRI)", ["Selective serotonin reuptake inhibitor (SSRI)"]),
        ("alpha- and beta-adrenergic agonist", ["alpha- and beta-adrenergic agonist"]),
        ("Testolol is a beta blocker and belongs to the antiarrhythmics.", ["beta blocker", "antiarrhythmics"]),
        ("Oxytocic agent. **Route:** Intravenous, intramuscular.", ["Oxytocic agent"]),
    ],
)
def test_classes(line: str, expected: list[str]) -> None:
    found = rows(f"## Classification\n\n**Pharmacological Classification:** {line}\n", "drug_classes")
    assert [c.class_name for c in found] == expected


@pytest.mark.parametrize(
    ("line", "partners"),
    [
        ("Testolol + Hydrochlorothiazide 12.5 mg (hypertension)", "Hydrochlorothiazide"),
        ("Testolol + Mycophenolate mofetil 1 g twice daily + Prednisone", "Mycophenolate mofetil; Prednisone"),
        ("Testolol + Doxapram (apnoea; in special centres only)", "Doxapram"),
        ("Testolol plus Amphotericin B: candidaemia", "Amphotericin B"),
        ("Testolol/Dapsone/Clofazimine — leprosy", "Dapsone; Clofazimine"),
        ("Testolol with warfarin", "warfarin"),
        ("Testolol with warfarin after a stroke", "warfarin"),
        ("Testolol with warfarin, to prevent stroke", "warfarin"),
        ("Testolol with food", None),
        ("Asthma/COPD", None),
    ],
)
def test_partners_of_combinations(line: str, partners: str | None) -> None:
    found = rows(f"## Popular Combinations\n\n- {line}\n", "combinations")
    assert [c.partners for c in found] == ([partners] if partners else [])


def test_combinations_and_their_components() -> None:
    body = "## Popular Combinations\n\n* Testolol + Abcide (gout)\n* Take both with water.\n"
    (combination,) = rows(body, "combinations")
    assert (combination.combination_key, combination.partners, combination.condition_text) == (
        "abcide + testolol",
        "Abcide",
        "gout",
    )
    components = sorted(rows(body, "combination_components"), key=lambda c: c.position)
    assert [(c.component_norm, c.is_self) for c in components] == [("testolol", True), ("abcide", False)]


def test_a_first_word_shared_by_many_drugs_is_no_own_name() -> None:
    body = "## Popular Combinations\n\n* Insulin glargine + Insulin lispro\n"
    (combination,) = rows(body, "combinations", title="Insulin Glargine")
    assert combination.partners == "Insulin lispro"


@pytest.mark.parametrize("path", MONOGRAPHS, ids=lambda p: p.stem)
def test_readable_of_every_regimen_reads_back(path: Path) -> None:
    for regimen in extract(read(path.read_bytes(), path.name), path.stem)["regimens"]:
        assert isinstance(regimen, grammar.Dosage)
        (again,) = grammar.read(regimen.readable)
        differing = {c for c in DOSAGE if getattr(again.dosage, c) != getattr(regimen, c)}
        assert not differing, regimen.readable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is given for prophylaxis of the rejection of kidney, heart and liver transplants.", [
            ("rejection of kidney transplants", "prevention"), ("rejection of heart transplants", "prevention"),
            ("rejection of liver transplants", "prevention")]),
        ("It serves to maintain remission in Crohn's disease and ulcerative colitis.", [
            ("Crohn's disease", "maintenance"), ("ulcerative colitis", "maintenance")]),
        ("Two purposes are plague and anthrax, the latter both as treatment and as post-exposure prophylaxis.", [
            ("plague", "unspecified"), ("anthrax", "unspecified"), ("anthrax", "prevention")]),
        ("Several uses lie outside the licence: myasthenia gravis, eczema, and maintenance of remission in vasculitis.", [
            ("myasthenia gravis", "unspecified"), ("eczema", "unspecified"), ("vasculitis", "maintenance")]),
        ("* **Epilepsy:** Focal seizures and absence seizures, alone or with another drug.", [
            ("Epilepsy", "unspecified"), ("Focal seizures", "unspecified"), ("absence seizures", "unspecified")]),
        ("* **Psoriasis:** Severe plaque psoriasis in adults.", [("Psoriasis", "unspecified")]),
        ("* **Neuralgia:** Relief of the pain. Cluster headache is treated in the same way.", [
            ("Neuralgia", "unspecified"), ("Cluster headache", "unspecified")]),
        ("* **Reflux disease:** Healing of erosive oesophagitis and maintenance of healed oesophagitis.", [
            ("Reflux disease", "unspecified"), ("erosive oesophagitis", "unspecified"), ("healed oesophagitis", "maintenance")]),
        ("* Relapsed or refractory multiple myeloma after at least two prior therapies, including lenalidomide", [
            ("multiple myeloma", "relapsed_refractory")]),
        ("It is used for pemphigus vulgaris and immune thrombocytopenia.", [
            ("pemphigus vulgaris", "unspecified"), ("immune thrombocytopenia", "unspecified")]),
        ("Its uses are hypertension, angina and secondary prevention after myocardial infarction.", [
            ("hypertension", "unspecified"), ("angina", "unspecified"), ("myocardial infarction", "prevention")]),
    ],
)  # fmt: skip
def test_conditions_that_share_words_or_stand_behind_a_lead(text: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"## Usage\n\n{text}\n", "indications")
    assert sorted((i.condition, i.disease_status) for i in found) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is no longer recommended for gonorrhoea.", [("gonorrhoea", "negated")]),
        ("It was formerly used for leprosy.", [("leprosy", "negated")]),
        ("It has fallen out of use in gout.", [("gout", "negated")]),
        ("* Not for use in acute porphyria", [("acute porphyria", "negated")]),
        ("It is of no value in poisoning with barbiturates or alcohol.", [
            ("poisoning with barbiturates", "negated"), ("poisoning with alcohol", "negated")]),
        ("Evidence for its use in fibromyalgia is weak.", [("fibromyalgia", "possible")]),
        ("It was withdrawn in Spain, Finland and Ireland.", []),
        ("It is also used, off label, in migraine.", [("migraine", "affirmed")]),
    ],
)  # fmt: skip
def test_uses_that_are_past_denied_or_doubtful(text: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"## Usage\n\n{text}\n", "indications")
    assert [(i.condition, i.assertion) for i in found] == expected
    assert all(i.label_status == "off_label" for i in found if "off label" in text)


def test_what_is_said_of_one_member_is_not_said_of_the_others() -> None:
    text = "* **Off-Label:** Thrombocytopenia, membranous nephropathy, nephrotic syndrome in children."
    found = rows(f"## Usage\n\n{text}\n", "indications")
    assert [i.age_group for i in found] == ["unspecified", "unspecified", "pediatric"]
    text = (
        "It is given for pneumonia and, combined with metronidazole, for abscesses. It is used in all ages for fever."
    )
    found = rows(f"## Usage\n\n{text}\n", "indications")
    assert [(i.condition, i.partners, i.age_group) for i in found] == [
        ("pneumonia", None, "unspecified"),
        ("abscesses", "metronidazole", "unspecified"),
        ("fever", None, "all"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* Psoriatic arthritis, alone or in combination with methotrexate", [("Psoriatic arthritis", "affirmed")]),
        ("* Uveitis, non-infectious", [("Uveitis", "affirmed")]),
        ("Vaccination against influenza is recommended for adults over 65 years.", [("influenza", "affirmed")]),
        ("**Not recommended:** chronic back pain.", [("chronic back pain", "negated")]),
        ("It has been tried in cholangitis and asthma, the last without success.", [
            ("cholangitis", "affirmed"), ("asthma", "negated")]),
        ("It is used to induce and maintain general anaesthesia.", [("general anaesthesia", "affirmed")]),
        ("It is useful in acute and recurrent pericarditis.", [
            ("acute pericarditis", "affirmed"), ("recurrent pericarditis", "affirmed")]),
        ("It has a licence for partial seizures.", [("partial seizures", "affirmed")]),
    ],
)  # fmt: skip
def test_what_is_a_condition_of_a_list_and_what_is_not(text: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"## Usage\n\n{text}\n", "indications")
    assert [(i.condition, i.assertion) for i in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is used in neonates for apnoea, in older children for enuresis, and in adults for depression.", [
            ("apnoea", "unspecified", "neonate"), ("enuresis", "unspecified", "pediatric"), ("depression", "unspecified", "adult")]),
        ("It is indicated as monotherapy or with metformin for diabetes, and to reduce the risk of stroke in adults with angina.", [
            ("diabetes", "unspecified", "unspecified"), ("stroke", "prevention", "adult")]),
    ],
)  # fmt: skip
def test_each_use_has_its_own_people_and_purpose(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = rows(f"## Usage\n\n{text}\n", "indications")
    assert [(i.condition, i.disease_status, i.age_group) for i in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is part of the standard treatment of tuberculosis.", [("tuberculosis", "unspecified", "unspecified")]),
        ("It belongs to the treatment of newly diagnosed and relapsed or refractory myeloma and of acute leukaemia.", [
            ("myeloma", "newly_diagnosed", "unspecified"), ("myeloma", "relapsed_refractory", "unspecified"),
            ("acute leukaemia", "acute", "unspecified")]),
        ("Eye drops treat conjunctivitis and blepharitis.", [
            ("conjunctivitis", "unspecified", "unspecified"), ("blepharitis", "unspecified", "unspecified")]),
        ("It is used for migraine and, at higher doses, heart failure.", [
            ("migraine", "unspecified", "unspecified"), ("heart failure", "unspecified", "unspecified")]),
        ("It is used for hypotension caused by septic shock and for pneumonia caused by susceptible bacteria.", [
            ("hypotension caused by septic shock", "unspecified", "unspecified"), ("pneumonia", "unspecified", "unspecified")]),
        ("It is licensed for asthma, rhinitis, and croup in children.", [
            ("asthma", "unspecified", "unspecified"), ("rhinitis", "unspecified", "unspecified"), ("croup", "unspecified", "pediatric")]),
        ("In juvenile arthritis it is combined with prednisone when the disease is newly diagnosed, and given alone when it is refractory.", [
            ("juvenile arthritis", "newly_diagnosed", "unspecified"), ("juvenile arthritis", "relapsed_refractory", "unspecified")]),
        ("It is used in adults for:\n\n* Gout\n* Fever", [("Gout", "unspecified", "adult"), ("Fever", "unspecified", "adult")]),
        ("Adults with melanoma take it for metastatic disease, and as adjuvant treatment after surgery.", [
            ("melanoma", "unspecified", "adult"), ("melanoma", "unspecified", "adult")]),
    ],
)  # fmt: skip
def test_uses_told_in_prose_with_their_status_and_people(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = sorted(rows(f"## Usage\n\n{text}\n", "indications"), key=lambda i: i.char_start)
    assert [(i.condition, i.disease_status, i.age_group) for i in found] == expected


@pytest.mark.parametrize(
    ("said", "assertion"),
    [
        ("Not indicated; trials have shown no benefit.", "negated"),
        ("Not recommended, as it does not help.", "negated"),
        ("No longer used.", "negated"),
        ("Contraindicated.", "negated"),
        ("Not recommended as first choice.", "affirmed"),
        ("Not used alone.", "affirmed"),
    ],
)
def test_a_label_is_denied_by_what_opens_the_words_behind_it(said: str, assertion: str) -> None:
    (row,) = rows(f"## Usage\n\n* **Insomnia:** {said}\n", "indications")
    assert (row.condition_norm, row.assertion) == ("insomnia", assertion)


@pytest.mark.parametrize(
    "line",
    [
        "In heart failure, doses of 2400 mg/day and above should be avoided.",
        "The 200 mg tablet is not suitable for a body weight below 31 kg.",
        "Levocarnitine 100 mg/kg IV is an option in hyperammonaemia.",
    ],
)
def test_amounts_to_be_avoided_or_of_an_antidote_are_no_doses(line: str) -> None:
    assert rows(f"## Dosage\n\n* {line}\n", "regimens") == []


@pytest.mark.parametrize(
    "denied", ["nor is it recommended for", "nor should it be used in", "nor is it approved against", "nor for"]
)
def test_nor_denies_the_use_behind_it(denied: str) -> None:
    found = rows(f"## Usage\n\nIt is not indicated for gout, {denied} asthma.\n", "indications")
    assert sorted((i.condition, i.assertion) for i in found) == [("asthma", "negated"), ("gout", "negated")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* **Renal impairment:** See Dosage Adjustments.", [("Renal impairment", "Dosage Adjustments")]),
        ("* **Neuropathy:** *see Dosage Adjustments*", [("Neuropathy", "Dosage Adjustments")]),
        ("* **Renal impairment:** See the table under Contraindications.", [("Renal impairment", "table under Contraindications")]),
        ("* Renal: below", [("Renal", "below")]),
        ("* Diabetes, heart disease: see section 4.4", [("Diabetes, heart disease", "section 4.4")]),
        ("* **HIV:** Review all drugs first; see Drug Interactions.", [("HIV", "Drug Interactions")]),
        ("* **Pain:** see improvement in weeks.", []),
        ("* **Liver:** Levels fall below 2.", []),
    ],
)  # fmt: skip
def test_references_within_the_document_are_deferrals(line: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"## Dosage\n\n### Special Populations\n\n{line}\n\n## Drug Interactions\n\n* None\n", "deferrals")
    assert [(d.subject or d.topic, d.deferred_to) for d in found] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* **Older patients:** Choose the low end of the dosing range.", [("age", "reduce_dose")]),
        ("* **Obesity:** Base the dose on lean body weight.", [("weight", "adjust_dose")]),
        ("* **12–17 years:** as adults", [("age", "no_adjustment")]),
        ("* **Under 7 years:** Not established.", [("age", "not_recommended")]),
        ("* **Surgery:** It need not be stopped.", [("setting", "use_allowed")]),
        ("* **Severe hypercalcemia:** Interrupt treatment until calcium is normal.", [("toxicity", "interrupt")]),
        ("* **Renal impairment:** Doses and intervals must be adapted.", [("renal", "adjust_dose")]),
        ("* **Poor veins:** Fosphenytoin may also be given by muscle.", []),
    ],
)  # fmt: skip
def test_lines_on_people_without_a_dose(line: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"## Dosage\n\n### Special Populations\n\n{line}\n", "dose_guidance")
    assert [(g.basis_kind, g.recommendation) for g in found] == expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Frequencies: common (≥ 1/100 to < 1/10), rare (< 1/1,000).", "structural"),
        ("Frequency is defined as very common ≥1/10, common ≥1/100 and <1/10.", "structural"),
        ("Common (1 in 10): rash; rare (1 in 1000): cough.", "structured"),
    ],
)
def test_a_legend_of_frequencies_is_structure(text: str, status: str) -> None:
    found = rows(f"## Side Effects\n\n{text}\n", "statements")
    assert next(s.status for s in found if s.source_quote == text) == status


@pytest.mark.parametrize(
    ("line", "doses"),
    [
        ("**Gout:** 10 mg orally once daily; the tablets must not be chewed.", [10]),
        ("**Gout:** 10 mg once daily, which should not be stopped abruptly.", [10]),
        ("**Gout:** If the patient does not respond, 30 mg once daily.", [30]),
        ("**Gout:** In women who do not respond, 40 mg once daily.", [40]),
        ("**Gout:** 50 mg at night to avoid drowsiness.", [50]),
        ("**Gout:** 60 mg at once, never more than 120 mg in 24 hours.", [60]),
        ("**Gout:** When an opioid such as morphine is given as well, 5 mg at night.", [5]),
        ("**Gout:** In patients taking amiodarone, 6 mg twice daily.", [6]),
        ("**Gout:** Ciprofloxacin 0.3%/testolol 0.1% ear drops, 4 drops twice daily.", [4]),
        ("**Gout:** If doxycycline is used, 100 mg once daily.", []),
        ("**Gout:** Patients who are switched from colchicine 75 mg take 180 mg once daily.", [180]),
        ("**Gout:** Those switched from testolol 20 mg to losartan 50 mg need no pause.", []),
        ("**Gout:** Patients without relief after 12 weeks on 3 mg/day should stop.", []),
        ("**Gout:** Adults are then maintained on 7 mg once daily.", [7]),
        ("**Gout:** Patients who are maintained on 8 mg once daily go on.", []),
        ("**Gout:** 9 mg once daily; more than 20 mg a day is not recommended.", [9]),
        ("**Gout:** The 70 mg tablet must not be used in children.", []),
        ("**Gout:** Doses of 2400 mg/day should be avoided.", []),
    ],
)
def test_handling_aims_and_conditions_forbid_no_dose(line: str, doses: list[float]) -> None:
    found = rows(f"# Testolol\n## Dosage\n### Adults\n* {line}\n", "regimens")
    assert [r.dose_low for r in found] == doses


def test_labels_of_doses_say_which_step_it_is() -> None:
    body = "# Testolol\n## Dosage\n### Adults\n* **Starting dose:** No more than 5 mg once daily.\n* **Target dose:** 9 mg daily.\n"
    first, second = rows(body, "regimens")
    assert (first.step_kind, first.dose_low, first.dose_high, first.frequency) == ("initial", None, 5, 1)
    assert second.step_kind == "target"


@pytest.mark.parametrize(
    "line",
    [
        "Tablets of 1.25 mg to 10 mg are available.",
        "Tablets of 0.6 mg are usual in the United States, those of 0.5 mg elsewhere.",
        "Strengths run from 25 mg to 300 mg.",
        "Tablets of 3 mg are swallowed with water.",
        "The powder comes in vials of 150 mg and 420 mg.",
        "Available as 250 mg and 500 mg tablets.",
        "Testolol is supplied as tablets of 5 mg and 10 mg.",
        "Some patients have needed 700 mg/day.",
        "In a randomised comparison, 4 mg/day was no more effective.",
        "ELITE II used only 50 mg daily.",
        "Swap: ramipril 10 mg daily roughly = testolol 100 mg daily.",
        "For a usual dose of 1 g q8h.",
        "The volume of distribution is about 12.5 L; clearance is about 0.05 L/h.",
        "Enough to pass at least 2 litres of urine a day.",
    ],
)
def test_what_is_sold_and_what_some_have_needed_is_no_dose(line: str) -> None:
    assert rows(f"# Testolol\n## Dosage\n{line}\n", "regimens") == []


def test_a_summary_that_spans_told_doses_is_a_mention() -> None:
    body = "# Testolol\n## Dosage\n### Adults\n* **Gout:** 5 mg orally once daily.\n* **Angina:** 35 mg twice daily.\n## Summary\n"
    for line in ("* Usual dose: 5–70 mg daily", "* Dosage: 5 mg once", "* Dosage: 5–35 mg"):
        assert [r.dose_low for r in rows(body + line + "\n", "regimens")] == [5, 35]
        assert [m.fact_table for m in rows(body + line + "\n", "mentions")] == ["regimens"]
    assert [r.dose_low for r in rows(body + "* Usual dose: 5–100 mg daily\n", "regimens")] == [5, 35, 5]


def _table(head: str, *lines: str) -> str:
    return f"| {head} |\n" + "|---" * (head.count("|") + 1) + "|\n" + "".join(f"| {line} |\n" for line in lines)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (_table("eGFR (mL/min) | Do", "<20 | do not give", ">60 | full dose", "HD | no top-up"), [
            ("renal", "not_recommended", None, 20), ("renal", "no_adjustment", 60, None), ("renal", "no_adjustment", None, None)]),
        (_table("Who | Advice", "Asthma, psoriasis, DM | caution", "Peri-op | continue"), [
            *[("comorbidity", "caution", None, None)] * 3, ("setting", "use_allowed", None, None)]),
        (_table("Use | Dose | Notes", "Angina | 5 mg daily | not after stroke"), [("comorbidity", "not_recommended", None, None)]),
        ("- renal: no adj\n- hepatic, severe: CI\n- <12 y: not rec\n- liver, mod: ↓ dose\n- avoid if eGFR <30 mL/min\n", [
            ("renal", "no_adjustment", None, None), ("hepatic", "contraindicated", None, None), ("age", "not_recommended", None, 12),
            ("hepatic", "reduce_dose", None, None), ("renal", "not_recommended", None, 30)]),
        ("- ↓ if K+ >5.5 mmol/L\n- SCr ↑ >50%: halve dose\n- plts <50 x 10⁹/L: w/h\n- ANC <1.5 × 10⁹/L: delay 1 week.\n", [
            ("lab", "reduce_dose", 5.5, None), ("renal", "reduce_dose", 50, None), ("lab", "interrupt", None, 50),
            ("lab", "interrupt", None, 1.5)]),
        ("**Stop if:** jaundice, or neutrophils <0.5 x 10⁹/L. On phenytoin dose may need ↑.\n", [
            ("toxicity", "discontinue", None, None), ("lab", "discontinue", None, 0.5), ("interaction", "adjust_dose", None, None)]),
        ("It should be discontinued in patients who develop seizures or interstitial lung disease.\n", [
            *[("toxicity", "discontinue", None, None)] * 2]),
        ("No change is needed in renal impairment, and none above the age of 70 years.\n", [
            ("renal", "no_adjustment", None, None), ("age", "no_adjustment", 70, None)]),
        ("Severe hepatic impairment calls for caution, and so does psoriasis.\n", [
            ("hepatic", "caution", None, None), ("comorbidity", "caution", None, None)]),
        ("If creatinine rises by 0.5 mg/dL or more the next dose is withheld.\n", [("renal", "interrupt", None, None)]),
        ("Patients who have lost less than 5% of their weight should stop.\n", [("weight", "discontinue", None, 5)]),
        ("The dose of insulin may have to be lowered.\n", [("interaction", "reduce_dose", None, None)]),
        ("Mild hepatic impairment needs no change, whereas those with severe impairment should not receive it.\n", [
            ("hepatic", "no_adjustment", None, None)]),
        ("It has not been studied in severe renal impairment, and its use is not recommended.\n", [
            ("renal", "not_recommended", None, None)]),
        ("Hold testolol for at least 1 week before elective surgery and resume once the wound has healed.\n", [
            ("setting", "interrupt", None, None)]),
        (_table("Reaction | Severity | Change", "Neutropenia | ANC 0.5 to <1.0 × 10⁹/L | Withhold until it recovers"), [
            ("toxicity", "interrupt", 0.5, 1.0)]),
        ("Infusion is preferred for this purpose. Abrupt discontinuation should be avoided. It is not licensed for this.\n", []),
        ("More than 2 mg a week should never be given. Doses above 40 mg are not recommended.\n", []),
    ],
)  # fmt: skip
def test_guidance_in_cells_shorthand_and_prose(
    body: str, expected: list[tuple[str, str, float | None, float | None]]
) -> None:
    found = rows(f"## Dosage\n\n### Special Cases\n\n{body}", "dose_guidance")
    assert [(g.basis_kind, g.recommendation, g.param_low, g.param_high) for g in found] == expected


def test_what_a_table_of_adverse_effects_says_to_do() -> None:
    table = _table(
        "Reaction | What to do", "Pancreatitis | stop; fluids", "Rash | withhold; antihistamine 10 mg", "Cough | tea"
    )
    found = rows(f"## Side effects\n\n### Serious reactions\n\n{table}", "dose_guidance")
    assert [(g.basis, g.basis_kind, g.recommendation) for g in found] == [
        ("Pancreatitis", "toxicity", "discontinue"),
        ("Rash", "toxicity", "interrupt"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Epilepsy: take care.", [("caution", None, None)]),
        ("Cirrhosis: don't use.", [("not_recommended", None, None)]),
        ("Titrate the infusion to a mean arterial pressure of 70 mmHg. Hold the arterial pressure above 65 mmHg.", []),
        ("Patients who suddenly stop report dizziness.", []),
        ("No course is started while platelets are below 50 × 10⁹/L.", [("interrupt", None, 50)]),
        ("No dose adjustment is needed in renal impairment as long as creatinine clearance is above 40 mL/min.", [("no_adjustment", 40, None)]),
        ("Capsule with creatinine clearance 30–60 mL/min: no dose adjustment. Below 30 mL/min the capsule should not be used.",
         [("no_adjustment", 30, 60), ("not_recommended", None, 30)]),
        ("**Trough above 20 ng/mL:** Hold until below 15 ng/mL.", [("interrupt", 20, None)]),
    ],
)  # fmt: skip
def test_bounds_of_advice_and_what_is_none(line: str, expected: list[tuple[str, float | None, float | None]]) -> None:
    found = rows(f"## Dosage\n\n### Special Cases\n\n* {line}\n", "dose_guidance")
    assert [(g.recommendation, g.param_low, g.param_high) for g in found] == expected
