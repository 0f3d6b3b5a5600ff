"""What a dose is for: small dosage sections and the condition that each step must name."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen

_USAGE = "* **Multiple Myeloma (MM):** all lines.\n* **Asthma:** maintenance.\n* **Heart failure:** chronic.\n"


def regimens(dosage: str) -> list[Any]:
    body = f"---\ntitle: Testolol\n---\n## Usage\n\n{_USAGE}\n## Dosage\n\n{dosage}\n"
    return sorted(extract(read(body.encode(), "testolol.md"), "testolol")["regimens"], key=lambda r: r.char_start)


@pytest.mark.parametrize(
    ("dosage", "conditions"),
    [
        # a label names it, without circumstances, people or purposes
        ("* **Migraine prophylaxis:** 50 mg daily.", ["migraine"]),
        ("* **Prevention of atrial fibrillation:** 50 mg daily.", ["atrial fibrillation"]),
        ("* **Gout, otherwise healthy adults:** 50 mg daily.", ["gout"]),
        ("* **Pneumonia, mild disease:** 50 mg daily.", ["pneumonia"]),
        ("* **Pneumonia with penicillin allergy:** 50 mg daily.", ["pneumonia"]),
        ("* **Asthma still uncontrolled on ICS/LABA:** 50 mg daily.", ["asthma"]),
        ("* **Gout poorly controlled with diet:** 50 mg daily.", ["gout"]),
        ("Adults who use it for heartburn without prescription: 50 mg daily.", ["heartburn"]),
        ("* **Gout**\n  * Penicillin allergy: 50 mg daily.", ["gout"]),
        ("* **Gout**\n  * Sulfa intolerance: 50 mg daily.", ["gout"]),
        ("* **Ulcers caused by NSAIDs**\n  * prophylaxis: 50 mg daily.", ["ulcers caused by nsaid"]),
        ("* **Prophylaxis in neutropenia:** 50 mg daily.", [None]),
        ("* **Children at risk of rickets:** 50 mg daily.", [None]),
        ("* **Newborns exposed to hepatitis:** 50 mg daily.", [None]),
        ("* **Surgical procedures:** 50 mg daily.", [None]),
        ("* **52 mg system (asthma):** 50 mg daily.", ["asthma"]),
        # below a disease, patients with another are some of its patients
        ("* **Asthma:** 6 mg orally twice daily.\n  * **Patients with low blood pressure:** 3 mg twice daily.", ["asthma"] * 2),
        ("* **Asthma:** 6 mg twice daily.\n  * **Patients with heart failure:** 3 mg daily.", ["asthma", "heart failure"]),
        # a test's bracket names what is looked for; what a dose is reduced for it does not treat
        ("* **Channel blocker challenge (suspected Brugada syndrome):** 2 mg/kg once.", ["brugada syndrome"]),
        ("* **Diagnostic use (primary aldosteronism):** 5 mg daily.", ["primary aldosteronism"]),
        ("* **Symptomatic hypotension:** The dose should be reduced to 5 mg daily if it persists.", [None]),
        # a genus by its letter is no end of a sentence
        ("* For E. coli infections, 500 mg twice daily.", ["e. coli infection"]),
        ("For eradication of H. pylori, 500 mg twice daily.", ["h. pylori"]),
        ("For breakthrough pain by the subcutaneous route, 5 mg daily.", ["breakthrough pain"]),
        # another stands behind the dose
        ("**Gout**\n\n- 2 g daily for asthma.\n- 1 g daily will do for pneumonia.", ["asthma", None]),
        ("**Gout**\n\n- 1 g daily for acute gout.\n- 500 mg daily for severe attacks.", ["gout", "gout"]),
        ("Gout: 10 mg daily for pain and swelling.", ["gout"]),
        # a label within the label of a place
        ("* **Emergency use:** Renal colic (ampoules only): 50 mg once; then 50 mg daily.", ["renal colic"] * 2),
        ("* **ICU:** Status epilepticus: 50 mg daily.", ["status epilepticus"]),
        ("The team treats gout only. From 6 to 17 years:\n\n| Weight | Dose |\n|---|---|\n| 5–10 kg | 3 mg |\n", ["gout"]),
        ("| DPYD result | Dose |\n|---|---|\n| Partial deficiency | start with 50% of the dose |\n", [None]),
        # people of whom a story is told first, and others whose dose is cut behind
        ("Patients with gout are often made worse at first, so please begin with 5 mg once daily.", ["gout"]),
        ("People with gout tend to feel worse in the first week, so start with 5 mg daily.", ["gout"]),
        ("In gout I usually start with 10 mg once daily.", ["gout"]),
        ("For psoriasis the dose is 10 mg daily, and those who cannot bear it may be reduced to 5 mg daily.", ["psoriasis"] * 2),
        # a heading asks, or says it in plain words and then in a bracket
        ("### What is the dose for gout?\n\nThe dose is 50 mg daily.", ["gout"]),
        ("### Is there a dose for a weak heart (heart failure)?\n\nThe dose is 50 mg daily.", ["heart failure"]),
        ("### Tight chest (asthma)\n\n* Give 50 mg daily.", ["asthma"]),
        ("### After a heart attack (heart failure)\n\n* Give 50 mg daily.", ["heart failure"]),
        ("The tablet is for adults with gout only. It begins at 50 mg once daily.", ["gout"]),
        ("These doses are for gout. The liquid holds 1 mg in each mL.\n\n| Weight | Dose |\n|---|---|\n| 5–10 kg | 3 mg |\n", ["gout"]),
        ("*Gout.* For the induction of remission, the dose is 50 mg daily.", ["gout"]),
        ("Gout, for general anaesthesia; first on the list.\n\n* **Adult:** 50 mg daily.", ["gout"]),
        ("* **Gout (chronic, mild):** 50 mg daily.", ["gout"]),
        ("### The weekly pen in gout\n\nAdults start with 50 mg weekly.", ["gout"]),
        ("* **After more than 3 weeks of treatment for other diseases:** adult, 50 mg daily.", [None]),
        ("### Gout\n\n200 mg daily in patients with mild gout and 400 mg daily in patients with severe tophaceous gout.",
         ["mild gout", "severe tophaceous gout"]),
        # a reason to change the dose is no condition
        ("* **Neutropenia:** Reduce to 50 mg daily.", [None]),
        ("* **Neuropathy grade 2:** Withhold; when resolved resume at 50 mg daily.", [None]),
        ("* **Hyperkalaemia:** Interrupt, then restart at 50 mg daily.", [None]),
        ("* **Withdrawal:** taper by 10 mg every 4 days.", [None]),
        ("* **Heart failure with oedema:** Reduce to 50 mg daily.", ["heart failure with oedema"]),
        ("* **Withdrawal in asthma:** Reduce by 5 mg every week.", ["asthma"]),
        # a label that says which step a dose is leaves it to the list around it
        ("* **Asthma (weekly, with theophylline):**\n    * Loading dose: 4 mg IV", ["asthma"]),
        ("* **Asthma:**\n    * Loading dose: 4 mg IV. In infantile spasms 5 mg IV.", ["asthma", None]),
        # beside a population or a place only an indication of the drug
        ("* **Hepatic impairment (cholestatic hepatitis):** 50 mg daily.", [None]),
        ("* **Severe renal impairment, MM:** 50 mg daily.", ["multiple myeloma"]),
        ("* **Emergency department, severe vomiting:** 50 mg once.", [None]),
        ("* **Intensive care, asthma:** 50 mg once.", ["asthma"]),
        # prose names it before its dose
        ("For septic shock 5 mg are injected slowly.", ["septic shock"]),
        ("For the prevention of gout after childbirth, 5 mg is given daily.", ["gout"]),
        ("Off-label, chronic pruritus is treated with 5 mg daily.", ["chronic pruritus"]),
        ("Acne was treated with 5 mg daily.", ["acne"]),
        ("In women with heart disease the bolus is replaced, for example 5 mg once daily.", [None]),
        ("In renal failure, 5 mg daily.", [None]),
        (
            "* **Pulmonary embolism:** 5 mg daily. In severe pulmonary embolism the dose is 10 mg daily.",
            ["pulmonary embolism", "severe pulmonary embolism"],
        ),
        ("* **Asthma:** 5 mg daily. In severe attacks, 10 mg daily.", ["asthma", "asthma"]),
        (
            "Experience in asthma is small. The dose goes by weight.\n\n| Body weight | Dose |\n|---|---|\n| 10–20 kg | 5 mg |",
            ["asthma"],
        ),
        ("In hospital patients with acute heart failure 9 mg once daily is given.", ["acute heart failure"]),
        # or behind it
        ("* **Emergency department:** 4 mg IV for vomiting of unclear cause in adults.", ["vomiting of unclear cause"]),
        ("Adults take 4 mg daily for gout.", ["gout"]),
        ("Adults take 4 mg daily for 7 days.", [None]),
        # or a paragraph begins with it
        ("**Scabies.** The cream is massaged into the skin, 30 g once daily for 7 days.", ["scabies"]),
        ("Head lice. Adults use 30 g once.", ["head lice"]),
        (
            "For the treatment of gout 5 mg are given daily. Where it is tolerated, 10 mg may be given daily.",
            ["gout", "gout"],
        ),
        # a sentence's subject, its people, what it is used in
        ("Onchocerciasis requires 5 mg once.", ["onchocerciasis"]),
        ("Severe atopic eczema (off-label) responds to 5 mg daily.", ["severe atopic eczema"]),
        ("Heart transplant recipients over 12 years need 5 mg daily.", ["heart transplant"]),
        ("Close contacts of a patient with pertussis receive 5 mg daily.", ["pertussis"]),
        ("Tablets are an option in asthma, at a dose of 5 mg daily.", ["asthma"]),
        ("For post-exposure prophylaxis of anthrax adults take 5 mg daily.", ["anthrax"]),
        ("Before transrectal biopsy of the prostate, 5 mg is taken.", ["transrectal biopsy of the prostate"]),
        ("Patients with renal impairment receive 5 mg daily.", [None]),
        ("For convenience, 5 mg may be taken on alternate days.", [None]),
        ("For longer procedures in neonates, 5 mg is given.", [None]),
        # the place tells where no word of disease does; people, times, places, ways and degrees are none
        ("For cold sores, 5 mg is taken once daily.", ["cold sore"]),
        ("For brain fog, 5 mg is taken once daily.", ["brain fog"]),
        ("For older people, 5 mg daily is enough.", [None]),
        ("For best results 10 mg is taken in the morning.", [None]),
        ("For the first week, 5 mg is taken once daily.", [None]),
        ("In Japan, 5 mg daily is used.", [None]),
        ("For switching from tablets, 5 mg daily is given.", [None]),
        ("* **Gout:** For flexibility, 5 mg may be taken twice daily.", ["gout"]),
        # as what, against what
        ("As conditioning before autologous transplantation, 140 mg/m² is infused once.",
         ["conditioning before autologous transplantation"]),
        ("As an add-on in resistant hypertension 25 mg once daily is used.", ["resistant hypertension"]),
        ("As prophylaxis against malaria, 250 mg once weekly.", ["malaria"]),
        ("Initial treatment of hypertension is 5 mg once daily.", ["hypertension"]),
        ("The recommended dose for patients with cystic fibrosis is 250 mg daily.", ["cystic fibrosis"]),
        ("Start MM treatment with 5 mg once weekly.", ["multiple myeloma"]),
        ("Treat otitis media with 40 mg/kg/day in two doses.", ["otitis media"]),
        ("Lupus nephritis can be treated by the low-dose scheme, in which 500 mg is given IV. The high-dose scheme starts with 750 mg IV.",
         ["lupus nephritis", "lupus nephritis"]),
        ("Oral thrush clears with 50 mg once daily for 7 days.", ["oral thrush"]),
        ("Alongside diet, patients with sarcoidosis take 20 mg daily.", ["sarcoidosis"]),
        ("### Adults\n\nIn patients with sarcoidosis, 20 mg daily is given.", ["sarcoidosis"]),
        ("### Special Cases\n\nIn patients with sarcoidosis, 20 mg daily is given.", [None]),
        ("Severe infections need 200 mg daily.", ["severe infection"]),
        ("Cystitis is treated with 50 mg daily. In severe infections, 100 mg daily.", ["cystitis", "cystitis"]),
        ("**Diagnosis of Cushing's syndrome.** For the overnight test, 1 mg is taken at 11 pm.", ["cushing's syndrome"]),
        # a lead-in, the head of a column
        ("The malaria doses go by body weight:\n\n* Treatment: 13 mg/kg once daily\n", ["malaria"]),
        ("Gout is treated in steps:\n\n1. 100 mg once daily for a week\n", ["gout"]),
        ("| CrCl | Stroke prevention | MM |\n|---|---|---|\n| 30–50 mL/min | 5 mg daily | 10 mg daily |\n", ["stroke", "multiple myeloma"]),
        # a label names more than its condition; places, combinations and infections in general are none
        ("* **Asthma, monotherapy:** 10 mg once daily.", ["asthma"]),
        ("* **Asthma, add-on to droxidolin:** 10 mg once daily.", ["asthma"]),
        ("* **Depot (schizophrenia, testolol decanoate):** 50 mg IM every 4 weeks.", ["schizophrenia"]),
        ("* **Mechanical ventilation:** 600 mg every 12 hours.", [None]),
        ("* **General infections:** 50 mg once daily.", [None]),
        ("* **Palliative care:** For nausea, 1.5 mg orally at bedtime.", ["nausea"]),
        ("* **Contacts of meningococcal disease:** 250 mg IM once.", ["meningococcal disease"]),
        ("* **Manic episodes:** Start with 5 mg once daily.", ["manic episode"]),
        ("For squamous cell carcinoma of the head and neck, 75 mg/m² is given.", ["squamous cell carcinoma of the head and neck"]),
        ("* **Carcinoma of the breast, ovary or lung:** 75 mg once daily.", ["carcinoma of the breast, ovary or lung"]),
        # behind a first clause, set against another, cut before what follows
        ("In intensive care, toxic shock syndrome is treated with 900 mg IV every 8 hours.", ["toxic shock syndrome"]),
        ("After stenting in heart failure, 110 mg is taken twice daily.", ["heart failure"]),
        ("In combination with prednisolone in MM, 5 mg is given once weekly.", ["multiple myeloma"]),
        ("To lower the intraocular pressure in open-angle glaucoma one drop is instilled daily.", ["open-angle glaucoma"]),
        ("Cystitis is treated with 100 mg twice daily, while pyelonephritis needs 200 mg twice daily.", ["cystitis", "pyelonephritis"]),
        ("In psoriasis 10 mg is taken once weekly, and in asthma 5 mg once weekly.", ["psoriasis", "asthma"]),
        ("In generalised anxiety disorder one starts with 150 mg daily.", ["generalised anxiety disorder"]),
        ("In patients older than 75 years with asthma the weekly dose is 20 mg.", ["asthma"]),
        ("The modified-release tablet is meant for asthma alone. The dose is 30 mg once daily.", ["asthma"]),
        # a paragraph that leads to a table, a cell with more than the condition
        ("The dose in heart failure is built up slowly, by mouth.\n\n| Phase | Dose |\n|---|---|\n| Initial | 1.25 mg once daily |\n", ["heart failure"]),
        ("| Indication | Dose |\n|---|---|\n| Chronic Q fever (with ciprofloxacin 100 mg twice daily) | 200 mg daily |\n", ["chronic q fever"]),
        ("Regimens by weight and condition:\n\n| Condition | Dose |\n|---|---|\n| Acute pericarditis, below 70 kg | 0.5 mg daily |\n", ["acute pericarditis"]),
        # it holds until the text turns to something else
        ("Plague calls for 5 mg daily. Established disease needs 10 mg daily.", ["plague", "plague"]),
        ("For anxiety, 5 mg daily. To keep a line open, 1 mg is given daily.", ["anxiety", None]),
        ("For gout, 5 mg daily. In blurfing, 1 mg daily.", ["gout", None]),
        ("* **Colitis:** 5 mg daily. In Crohn's disease 10 mg daily is given.", ["colitis", None]),
        # a label of a place or a product; a label that only tells a kind or phase of the condition around it
        ("* **Mechanical ventilation / ICU use (stress ulcer prophylaxis):** 5 mg daily.", ["stress ulcer"]),
        ("* **Operating theatre (prevention of shivering):** 5 mg daily.", ["shivering"]),
        ("* **Dental surgery:** For asthma, 5 mg daily.", ["asthma"]),
        ("* **Emergency room use:** 5 mg daily.", [None]),
        ("* **Gout:**\n  * Prophylaxis: 5 mg daily.\n  * Relapse: 10 mg daily.\n", ["gout", "gout"]),
        ("* **Gastric ulcer:** 5 mg daily. Poorly responsive ulcers: 10 mg daily.", ["gastric ulcer", "gastric ulcer"]),
        # a lead-in
        ("By body weight, in scabies:\n\n* 15–25 kg: 3 mg daily\n", ["scabies"]),
        ("Specialists use it off-label for thrombosis in children:\n\n* 15–25 kg: 3 mg daily\n", ["thrombosis"]),
        ("For general anaesthesia the doses go by age:\n\n| Age | Dose |\n|---|---|\n| 2–5 years | 3 mg |\n", ["general anaesthesia"]),
        ("Prevention of thrombosis:\n\n| Setting | Dose |\n|---|---|\n| Hip surgery | 3 mg |\n", ["thrombosis"]),
        ("| Setting | Dose |\n|---|---|\n| Home | 3 mg |\n", [None]),
        # a reason for less, an event, what another drug does
        ("Bleeding requires a dose reduction to 5 mg daily.", [None]),
        ("In hyponatraemia the dose is halved to 5 mg daily.", [None]),
        ("In case of vomiting within 2 hours, another 5 mg is taken.", [None]),
        ("In overdose, 5 mg is given.", [None]),
        ("Constipation is prevented with a laxative; testolol is given at 5 mg every 4 hours.", [None]),
        ("Vomiting responds to metoclopramide. Take 5 mg with food.", [None]),
        ("Ascites needs 100 mg daily, with 40 mg of furosemide.", ["ascites"]),
        # what stands around a name
        ("* **Toxoplasmosis prophylaxis in HIV:** 5 mg daily.", ["toxoplasmosis"]),
        ("* **Emergency control of heart failure in intensive care:** 5 mg daily.", ["heart failure"]),
        ("To help the let-down of milk, 5 mg is given.", ["let-down of milk"]),
        ("To stop a bleeding ulcer, 5 mg is given.", ["bleeding ulcer"]),
        ("* **Post-operative pain (day surgery):** 5 mg daily.", ["post-operative pain"]),
        ("* **Rheumatic fever, secondary prevention:** 5 mg daily.", ["rheumatic fever"]),
        ("* **Adjunct in partial seizures:** 5 mg daily.", ["partial seizure"]),
        ("For sedation in intensive care, 5 mg daily.", ["sedation"]),
        ("People at risk of thrombosis are given 5 mg daily.", [None]),
        ("Chickenpox in immunocompromised patients calls for 5 mg daily.", ["chickenpox"]),
        ("In meningeal disease treatment lasts 12 months with 5 mg daily.", ["meningeal disease"]),
        ("* **Acute heart failure / cardiogenic shock:** 5 mg daily.", ["acute heart failure; cardiogenic shock"]),
        # members that share their last word
        ("* **Bone and joint infection:** 5 mg daily.", ["bone and joint infection"]),
        ("* **Knee or hip replacement:** 5 mg daily.", ["knee replacement; hip replacement"]),
    ],
)  # fmt: skip
def test_condition(dosage: str, conditions: list[str | None]) -> None:
    assert [r.condition_norm for r in regimens(dosage)] == conditions


def test_a_dose_is_resumed_without_the_band_of_its_label() -> None:
    (dose,) = regimens("* **Neutropenia (ANC below 500/mcL):** Interrupt. Resume at 3 mg daily when it has recovered.")
    assert (dose.param, dose.param_low, dose.param_high, dose.condition_norm) == (None, None, None, None)
    (dose,) = regimens("* **CrCl 30 to 59 mL/min:** Reduce to 3 mg daily.")
    assert (dose.param, dose.param_low, dose.param_high) == ("creatinine clearance", 30, 59)


@pytest.mark.parametrize(
    "dosage",
    [
        "the 150 mg monthly tablet belongs to ibandronic acid",
        "* **Renal impairment:** No adjustment up to 600 mg daily.",
        "* **Renal impairment:** no dose reduction at 20 mg daily.",
        "* **Malnutrition:** add pyridoxine 10 mg daily; 50 mg daily if neuropathy develops.",
        # amounts set equal
        "20 mg of the tablets corresponds roughly to lisinopril 20 mg daily.",
        "An oral dose of 10 mg has the same effect as 3 mg intravenously.",
        "One unit is equivalent to 0.035 mg of the standard.",
        "One tablet is as potent as 2 mg of the older drug.",
        "| Drug | Equivalent dose |\n|---|---|\n| Testolol | 10 mg |\n",
        "| Current dose | Advice |\n|---|---|\n| 10 mg daily | continue |\n",
        "60 mg by mouth a day is 30 mg subcutaneously over 24 hours.",
        "Codeine 240 mg daily is about testolol 24 mg daily by mouth.",
        "Some give 15 mg SC for 20 mg by mouth.",
        "2.5 mg has the effect of 5 mg of the racemate.",
        "1 unit for each 2–3 mmol/L above 10 mmol/L.",
        "1 g of 1% cream contains 10 mg.",
        "One fingertip unit (500 mg) covers two adult palms.",
        "1 mL is made up to 10 mL with water.",
        "Never daily: fatal overdoses have followed 10 mg taken every day.",
        "Tablets: 0.5 mg (white), 1 mg (brown), 3 mg (blue).",
        "Most respond at 12 mg.",
        "* INR above 8: vitamin K 1–5 mg by mouth; above 8 with bleeding: 1–3 mg slowly IV.",
        "Paracetamol 1 g is tried first; 20 mg daily is added if it fails.",
        "20 micrograms of liothyronine equal 100 micrograms of testolol.",
        "100 micrograms does the work of 200 micrograms of beclometasone.",
        "150 mg/kg or 12 g is toxic.",
        "250 micrograms by mouth matches 175 micrograms IV.",
        "38 mg binds 0.5 mg of testolol.",
        "Prime with 6 sprays; after a week 1 spray into the air.",
        "1 g is 4 mmol (8 mEq) of magnesium.",
        "1 drop of 0.5% gives up to 0.25 mg to the blood.",
        "400 mg of the carbonate = 10.8 mmol of lithium.",
        "Two tablets of 200 mg are not the same as one of 400 mg.",
        "Toxic effects have been seen at 900 mg a day.",
        "* **CrCl 11–34:** half every 12 hours.",
        "A total of 10 g is the usual load.",
        "200 mg of testolol brings 75 mg of iodine.",
        "Single doses of 8 mg are rarely borne.",
        "600–900 mg twice weekly is no longer advised.",
        "For 3.5 mg draw up 4.4 mL, for 3.3 mg 4.1 mL.",
        "Tablets 200 mg, 500 mg; MR 300 mg.",
        "1 million units is 80 mg of the sodium salt or 33 mg of base.",
        "50 mg/50 mL at 0.6 mL/h is 10 micrograms/min.",
        # another drug's label
        "* **Add carnitine:** 50 mg/kg/day.",
        "Aspirin 30–50 mg/kg/day until 48 hours after the fever, then 3–5 mg/kg/day.",
        "* **Carbetocin instead:** 100 micrograms once.",
        "* **Folic acid:** 5 mg once a week, not on the day of testolol.",
        "* **Vitamin D:** 800 IU daily.",
        "* **Leucovorin rescue:** 15 mg every 6 hours.",
        "Take 5 mg folic acid the day after.",
        # rescue drugs
        "Hypotension is corrected with fluids, if needed with phenylephrine 100 mcg IV.",
        "Nausea is prevented with droxidolin 4 mg IV.",
        # bounds of what was studied, changes of no new dose
        "Doses above 0.58 mg/kg, or 40 mg, have not been studied.",
        "Amounts of more than 200 mg a day have not been evaluated.",
        "Use 5 mg less each week.",
        # reported, put together, given beside the drug, replaced by another
        "1200 mg a day was well tolerated by single patients.",
        "Loading doses of 160 mg were tried in older studies.",
        "Doses of 1.5 g consist of a 1 g and a 500 mg tablet.",
        "A dose of 75 mg is made up from three 25 mg tablets.",
        "The plain 100 mg capsule is no substitute for it.",
        "Albumin 25 g IV is sometimes given along with the diuretic.",
        "Urine output should reach 100 mL/h within 6 hours.",
        "Magnesium sulfate, 4 g IV, has largely replaced testolol.",
    ],
)
def test_no_dose(dosage: str) -> None:
    assert not regimens(dosage)


@pytest.mark.parametrize(
    ("dosage", "doses"),
    [
        ("125 mg rectally replaces each 100 mg taken by mouth.", [125]),
        ("Instead of 40 mg by mouth, 20 mg is given intravenously once daily.", [20]),
        ("The dose is 5 mg twice daily, which corresponds to 10 mg a day.", [5]),
        ("Give 5 mg (equivalent to 4 mg of base) once daily.", [5]),
        ("Doses above 20 mg are divided; the usual dose is 10 mg daily.", [10]),
        ("2.5 mg once daily if the patient needed only 0.6 mg of the injection.", [2.5]),
        ("Gout is treated with 5 mg once daily.", [5]),
        ("Those well controlled on two capsules of 100 mg a day may change to the tablet, 300 mg once daily.", [300]),
        ("If urine output is low, 40 mg is given IV.", [40]),
        ("When lorazepam 4 mg IV has failed, 20 mg/kg is given IV. A further 5 mg/kg may be added.", [20, 5]),
        ("If diazepam 10 mg is ineffective, 5 mg/kg is given IV.", [5]),
        ("Lorazepam 4 mg IV is given, then 2 mg.", []),
        ("8–10 mg/m²/day in 3 doses, so a child of 0.6 m² takes about 2 mg three times a day.", [8]),
        ("* **Overdose:** 5 mg IV, then 5 mg daily.", [5, 5]),
        ("* **Clarithromycin:** give 5 mg of testolol once daily.", [5]),
        ("The recommended dose consists of 40 mg once daily.", [40]),
    ],
)
def test_only_the_dose_given_is_one(dosage: str, doses: list[float]) -> None:
    assert [r.dose_low for r in regimens(dosage)] == doses


def test_long_lead_ins_and_heads_say_what_the_steps_are() -> None:
    lead = "Total loading doses, given as half of the total at once and a quarter at 8 and again at 16 hours:\n\n* Adults: 5 mg\n"
    (dose,) = regimens(lead)
    assert (dose.step_kind, dose.dose_is, dose.age_group) == ("loading", "per_course", "adult")
    (dose,) = regimens("Daily oral maintenance doses:\n\n| Age | Dose |\n|---|---|\n| Over 10 years | 2.5 mg/day |\n")
    assert (dose.step_kind, dose.route, dose.param_low) == ("maintenance", "oral", 10)
    table = "| BSA | Day 1 | Days 2 to 6 |\n|---|---|---|\n| Below 0.6 m² | 5 mg/m² IV | 2 mg orally every 12 hours |\n"
    first, second = regimens(table)
    assert (first.param, first.param_high, first.cycle_days, first.start_after) == ("body surface area", 0.6, "1", None)
    assert (second.param_high, second.cycle_days, second.days_on, second.start_after) == (0.6, "2-6", 5, None)
    table = "| Age | Starting dose (oral) | Increment every 2 weeks |\n|---|---|---|\n| 1 to 4 years | 7 mg/kg twice daily | 7 mg/kg twice daily |\n"
    assert [(r.param_high, r.route, r.step_kind) for r in regimens(table)] == [
        (4, "oral", "initial"),
        (4, "oral", "titration"),
    ]


@pytest.mark.parametrize(
    ("sentence", "route"),
    [
        ("Unless another route is named, the doses below are oral.", "oral"),
        ("All doses are oral unless otherwise stated.", "oral"),
        ("The following doses refer to intravenous use.", "intravenous"),
        ("The doses in this section are all for subcutaneous injection.", "subcutaneous"),
        ("All doses are expressed as oral morphine.", None),
        ("All doses of oral anticoagulants are reviewed.", None),
        ("Oral doses are absorbed poorly.", None),
    ],
)
def test_a_sentence_gives_the_route_of_all_doses_below_it(sentence: str, route: str | None) -> None:
    (dose,) = regimens(f"{sentence}\n\n### Adults\n\n* **Gout:** 5 mg once daily.")
    assert dose.route == route
    (dose,) = regimens(f"{sentence}\n\n### Adults\n\n* 5 mg is instilled into the sinus once a week.")
    assert dose.route != "oral"


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        # a list under the route alone; what is prevented in a treatment; how a lead-in goes on
        ("Intravenous doses:\n\n* **CrCl 25–50 mL/min:** 5 mg/kg every 12 hours\n", {"route": "intravenous"}),
        ("* **Bone marrow transplantation (prevention of herpes simplex):** 5 mg once daily.", {"indication_text": "herpes simplex"}),
        ("Doses for adults with gout differ by weight:\n\n- Over 50 kg: 5 mg daily\n", {"indication_text": "gout"}),
        ("* **Most infections:** 5 mg once daily.", {"condition_norm": None}),
        ("* **Melanoma, unresectable or metastatic:** 5 mg once daily.", {"condition_norm": "melanoma"}),
        ("### Children\n\n* **Gout, all ages:** 5 mg once daily.", {"age_group": "pediatric", "condition_norm": "gout"}),
        ("* In women with threatened preterm labour, 6 mg IM.", {"age_group": "unspecified", "dose_low": 6}),
        # a lead-in sentence; a clearance and a product's strength in it are no dose
        ("Severe renal impairment (creatinine clearance 15–30 mL/min) slows elimination, and the doses are lower:\n\n- Asthma: 5 mg daily\n",
         {"population": "renal_impairment", "param_low": 15, "param_high": 30, "condition_norm": "asthma"}),
        ("Gout in adults by intramuscular injection of the 40 mg/mL suspension into the gluteal muscle, once only:\n\n- 50–60 kg: 40 mg\n",
         {"route": "intramuscular", "step_kind": "single", "dose_count": 1, "condition_norm": "gout", "param": "weight"}),
        # a list item right above a table
        ("* **Over 4 years, gout (for 7 days):**\n\n| Body weight | Dose |\n|---|---|\n| 15–30 kg | 10 mg |\n",
         {"condition_norm": "gout", "bounds_low": 7, "param": "weight", "param_high": 30}),
        # each column its own way, the first column's words for all
        ("| Age | Intravenous, over 1 minute | Intramuscular |\n|---|---|---|\n| Neonate | – | 4 mg/kg |\n",
         {"age_group": "neonate", "route": "intramuscular", "admin_duration": None}),
        ("| Age | Intravenous, over 1 minute |\n|---|---|\n| Neonate | 2 mg/kg |\n",
         {"age_group": "neonate", "route": "intravenous", "admin_duration": 1}),
        # columns of degrees, of organs, of a measured value; "Then" as a head
        ("| Condition | Severity | Dose |\n|---|---|---|\n| Asthma | Mild | 5 mg daily |\n", {"condition_norm": "asthma"}),
        ("| Renal function | Dose |\n|---|---|\n| Moderate impairment | 5 mg daily |\n", {"population": "renal_impairment"}),
        ("| Liver function | Dose |\n|---|---|\n| Severe insufficiency | 5 mg daily |\n", {"population": "hepatic_impairment"}),
        ("| Serum creatinine (µmol/L) | Dose |\n|---|---|\n| 120–200 | 5 mg daily |\n",
         {"param": "serum creatinine", "param_low": 120, "param_unit": "umol/L"}),
        ("| Child-Pugh class | Dose |\n|---|---|\n| B | 5 mg daily |\n", {"param": "Child-Pugh B", "population": "hepatic_impairment"}),
        ("| Weight band | Loading dose | Then |\n|---|---|---|\n| under 50 kg | – | 400 mg daily |\n", {"step_kind": "standard"}),
        ("* **Gout prophylaxis on starting allopurinol:** 0.5 mg daily.", {"step_kind": "standard", "condition_norm": "gout"}),
        # an age that is old
        ("Patients over 70 years take 5 mg daily.", {"age_group": "geriatric", "param_low": 70}),
        ("* **Patients with comorbidities:** In asthma with serum sodium below 130 mmol/L, 5 mg daily.",
         {"population": "comorbidity", "param": "serum sodium", "param_high": 130}),
    ],
)  # fmt: skip
def test_a_dose_takes_whom_and_how_from_its_place(dosage: str, expected: dict[str, Any]) -> None:
    (dose,) = regimens(dosage)
    assert {name: getattr(dose, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        # ages and weights hold for a sentence that goes on; states that may have changed do not
        ("For asthma in children of 2–11 years the dose is 5 mg daily. If it fails, 10 mg daily is given.",
         [("age", 2), ("age", 2)]),
        ("For asthma in children of 2–11 years the dose is 5 mg daily. When they are older, 10 mg daily is given.",
         [("age", 2), (None, None)]),
        ("With a creatinine clearance of 30–50 mL/min, 5 mg daily is given. If tolerated, 10 mg daily is given.",
         [("creatinine clearance", 30), (None, None)]),
    ],
)  # fmt: skip
def test_whom_a_later_sentence_is_for(dosage: str, expected: list[tuple[str | None, float | None]]) -> None:
    assert [(r.param, r.param_low) for r in regimens(dosage)] == expected


def test_a_way_named_in_an_item_casts_doubt_on_that_of_the_section() -> None:
    way = "Doses are given by subcutaneous injection unless another way is named.\n\n"
    item = "**Asthma:** 5 mg is inhaled once daily. When needed, 10 mg may be given daily.\n"
    assert [r.route for r in regimens(way + item)] == ["inhalation", None]
    assert [r.route for r in regimens(way + "**Asthma:** 5 mg daily. When needed, 10 mg daily.\n")] == [
        "subcutaneous"
    ] * 2


def test_the_way_of_another_dose_is_none_of_this_one() -> None:
    for text in (
        "5 mg SC on the same days as the IV dose",
        "5 mg SC after the last oral dose",
        "5 mg SC before each IV infusion",
    ):
        assert [r.route for r in regimens(f"* {text}.")] == ["subcutaneous"]


def test_people_beside_a_label_are_a_comorbidity() -> None:
    (dose,) = regimens("* **Treatment of thrombosis:** Patients with active cancer receive 5 mg daily.")
    assert (dose.condition_norm, dose.population) == ("thrombosis", "comorbidity")


def test_a_form_of_the_drug_is_the_drug() -> None:
    assert [r.dose_low for r in regimens("* **Heart failure:** Testololat 1.25 mg IV every 6 hours.")] == [1.25]


@pytest.mark.parametrize(
    ("dosage", "population"),
    [
        ("In heart failure patients take 10 mg by mouth once a day.", "none"),
        ("In chronic kidney disease the dose is 10 mg once daily.", "none"),
        ("In gout with chronic kidney disease the dose is 10 mg once daily.", "renal_impairment"),
    ],
)
def test_what_is_treated_is_no_state_beside_it(dosage: str, population: str) -> None:
    uses = "## Usage\n\n* Heart failure\n* Chronic kidney disease\n* Gout\n\n## Dosage\n\n### Adults\n\n"
    body = f"---\ntitle: Testolol\n---\n{uses}{dosage}\n"
    doses = extract(read(body.encode(), "testolol.md"), "testolol")["regimens"]
    assert [r.population for r in doses if isinstance(r, Regimen)] == [population]


def test_a_label_that_tells_after_what_a_dose_is_changed_names_no_use() -> None:
    for text in (
        "**After myalgia on 40 mg:** Once the pain has gone, restart at 10 mg on alternate days.",
        "**Following pancreatitis:** when enzymes have fallen, restart with 10 mg daily.",
        "**Gout:** If gout develops, the dose should be reduced to 5 mg once daily.",
    ):
        assert [r.condition_norm for r in regimens(f"* {text}")] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Acute gout is not treated with testolol but with conjugated oestrogens 25 mg IV.",
        "Rather than testolol, conjugated oestrogens 25 mg IV are given in bleeding.",
        "The 5 mg infusion is contraindicated when creatinine clearance is below 35 mL/min.",
        "In renal failure doses of 24 mg once daily are strictly ruled out.",
    ],
)
def test_what_is_set_against_the_drug_or_ruled_out_is_no_dose_of_it(text: str) -> None:
    assert regimens(text) == []


def test_a_bracket_that_lists_uses_names_them_all() -> None:
    (dose,) = regimens("* **Maintenance (Brandol SC; asthma, heart failure):** 120 mg SC every 2 weeks.")
    assert dose.condition_norm == "asthma; heart failure"


@pytest.mark.parametrize(
    ("dosage", "conditions"),
    [
        ("Asthma can be treated in three ways. The tablet is taken at 10 mg daily.", ["asthma"]),
        ("After spinal surgery, an off-label use, 19 mg daily is given.", ["spinal surgery"]),
        ("In septic shock many experienced clinicians give 27 mg daily.", ["septic shock"]),
        ("In asthma increase to 11 mg daily.", ["asthma"]),
        ("Before frozen embryo transfer the endometrium is prepared with 2 mg.", ["frozen embryo transfer"]),
        ("In general practice, asthma of adults starts with 22 mg daily.", ["asthma"]),
        ("Treatment starts with 24 mg.", [None]),
    ],
)
def test_sentences_that_name_a_use_by_the_way(dosage: str, conditions: list[str | None]) -> None:
    assert [r.condition_norm for r in regimens(dosage)] == conditions


@pytest.mark.parametrize(
    ("dosage", "bands"),
    [
        (
            "* **CrCl > 90:** 1 g q12h; 50–90: 750 mg q12h; < 20: 1 g q24h.",
            [("creatinine clearance", 90, None), ("creatinine clearance", 50, 90), ("creatinine clearance", None, 20)],
        ),
        ("* **eGFR:** > 60: 10 mg daily; 30–60: 5 mg daily.", [("eGFR", 60, None), ("eGFR", 30, 60)]),
        ("* **Weight < 50 kg:** 10 mg; 50–70: 15 mg.", [("weight", None, 50), ("weight", 50, 70)]),
        ("* **Level 7 mg/L or less:** 100 mg daily; 7–12: 50 mg daily.", [("level", None, 7), (None, None, None)]),
        ("* **Over 75 years:** 8 mg daily; 65–74 years 16 mg daily.", [("age", 75, None), ("age", 65, 74)]),
        (
            "* **Pregnancy:** 40 mg for 50–90 kg, 60 mg for 91–130 kg, 80 mg above that.",
            [("weight", 50, 90), ("weight", 91, 130), ("weight", 130, None)],
        ),
        (
            "* **Psoriasis:** CrCl 50–60 3.5 mg, 40–49 3.3 mg.",
            [("creatinine clearance", 50, 60), ("creatinine clearance", 40, 49)],
        ),
        ("* **Age 6–12:** 10 mg daily; over 18: 40 mg daily.", [("age", 6, 12), ("age", 18, None)]),
        (
            "* **Child-Pugh A:** 10 mg daily; B: 5 mg daily.",
            [("Child-Pugh A", None, None), ("Child-Pugh B", None, None)],
        ),
    ],
)
def test_a_bare_band_is_of_the_labels_parameter(dosage: str, bands: list[tuple[object, ...]]) -> None:
    assert [(r.param, r.param_low, r.param_high) for r in regimens(dosage)] == bands


@pytest.mark.parametrize(
    ("dosage", "most"),
    [
        ("* 16 mg daily, max: 32 mg.", (16, 32)),
        ("* **Psoriasis:** 18 mg daily, max: 36 mg.", (18, 36)),
        ("* 9 mg daily; 30 mg daily at the most.", (9, 30)),
    ],
)
def test_what_stands_before_a_maximum_and_its_colon_is_the_dose(dosage: str, most: tuple[float, float]) -> None:
    assert [(r.dose_low, r.max_daily_dose) for r in regimens(dosage)] == [most]


def test_a_measured_value_in_a_condition_leaves_the_label_its_age() -> None:
    text = "* **2–11 years:** 5 mg if the glucose is above 15 mmol/L; 10 mg if blood ketones are above 1.5 mmol/L."
    assert [(r.param, r.param_low, r.param_high) for r in regimens(text)] == [("age", 2, 11)] * 2
    assert "15 mmol/L" in regimens(text)[0].condition_text


def test_an_infusion_slowed_as_a_value_falls_is_for_the_same_patients() -> None:
    text = "* 6 mg/h IV. When the glucose drops below 14 mmol/L, reduce to 3 mg/h."
    assert [(r.param, r.rate_low) for r in regimens(text)] == [(None, 6), (None, 3)]


def test_a_dose_behind_that_of_the_drug_that_is_stopped_is_of_the_drug_it_names() -> None:
    text = "* Coming off ipratropium nebs (0.5 mg QID): stop them and start testolol 18 mg once daily."
    assert [r.dose_low for r in regimens(text)] == [18]


@pytest.mark.parametrize(
    ("dosage", "unread"),
    [
        ("For asthma, 5 mg daily.", None),
        ("For asthma, 5 mg daily near water.", "near water"),
        ("In adults with type 2 diabetes, 5 mg daily.", None),
    ],
)
def test_the_words_of_a_condition_that_is_read_are_unread_no_longer(dosage: str, unread: str | None) -> None:
    (found,) = regimens(dosage)
    assert (found.unread_text, found.parse_status) == (unread, "partial" if unread else "full")


def test_below_a_dose_by_mouth_others_are_taken_the_same_way() -> None:
    found = regimens(
        "* **Asthma:** 6 mg orally twice daily.\n"
        "  * **Body weight above 85 kg:** 50 mg twice daily.\n"
        "  * **Severe disease:** 100 mg IV once."
    )
    assert [r.route for r in found] == ["oral", "oral", "intravenous"]
    assert "route" in (found[1].inherited_fields or "")


def test_some_of_a_disease_s_patients_are_a_group_with_its_condition() -> None:
    (_, lower) = regimens("* **Asthma:** 6 mg daily.\n  * **Patients with low blood pressure:** 3 mg daily.")
    assert (lower.population, lower.condition_text) == ("comorbidity", "Patients with low blood pressure")


@pytest.mark.parametrize(
    ("dosage", "conditions"),
    [
        ("* **Mild asthma:** 5 mg daily; **moderate:** 10 mg daily.", ["mild asthma", "asthma"]),
        ("* **Mild to moderate asthma:** 5 mg daily; **severe asthma:** 10 mg daily.", ["mild to moderate asthma", "severe asthma"]),
        ("* **Asthma:** Mild: 5 mg daily. Severe: 10 mg daily.", ["asthma", "asthma"]),
        ("* **Nerve agent exposure:** mild symptoms: 2 mg IM; severe symptoms: 6 mg IM.", ["nerve agent exposure"] * 2),
        ("* **Infants and small children:** 2 mg/kg IV.", [None]),
    ],
)  # fmt: skip
def test_a_degree_within_a_label_is_of_the_disease_of_the_label(dosage: str, conditions: list[str | None]) -> None:
    assert [r.condition_norm for r in regimens(dosage)] == conditions


def test_a_genus_by_its_letter_is_written_out_where_the_document_names_it() -> None:
    (found,) = regimens("Against *Helicobacter pylori*:\n\n* **H. pylori eradication:** 20 mg twice daily.")
    assert found.condition_norm == "helicobacter pylori"


def test_a_bare_band_holds_for_the_doses_that_follow_in_its_clause() -> None:
    text = "* **Renal impairment:** CrCl 30–49: 150 mg once daily; 15–29: 150 mg first dose, then 100 mg once daily."
    assert [(r.dose_low, r.param_low, r.param_high) for r in regimens(text)] == [
        (150, 30, 49),
        (150, 15, 29),
        (100, 15, 29),
    ]


def test_a_bare_band_with_a_sign_inside_holds_for_the_alternative_too() -> None:
    text = "* **Renal impairment:** CrCl 30–<50: 0.25 mg daily; 10–<30: 0.15 mg daily or 0.5 mg every 72 hours."
    assert [(r.param_low, r.param_high) for r in regimens(text)] == [(30, 50), (10, 30), (10, 30)]
