"""Contraindications: small sections and the rows they must give."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract


def rows(body: str) -> list[Any]:
    found = extract(read(f"---\ntitle: Testolol\n---\n{body}".encode(), "testolol.md"), "testolol")["contraindications"]
    return sorted(found, key=lambda r: r.char_start)


def listed(section: str) -> list[Any]:
    return rows(f"## Contraindications\n\n{section}\n")


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* Known hypersensitivity to testolol or any of its components.", ["hypersensitivity to testolol"]),
        ("* Known hypersensitivity (e.g., anaphylaxis or angioedema) to testolol or any component.",
         ["hypersensitivity (e.g., anaphylaxis or angioedema) to testolol"]),
        ("Hypersensitivity to testolol or any other beta-blocker.", ["Hypersensitivity to testolol or any other beta-blocker"]),
        ("Pregnancy, lactation, hepatic or renal impairment, and porphyria.",
         ["Pregnancy", "lactation", "hepatic or renal impairment", "porphyria"]),
        ("Testolol is contraindicated in patients with severe asthma or a history of angioedema.", ["severe asthma", "angioedema"]),
        ("Contraindicated in patients with A-V block (second degree) or sick sinus syndrome.",
         ["A-V block (second degree)", "sick sinus syndrome"]),
        ("Must not be used in pregnancy, or in children under 12 years.", ["pregnancy", "children under 12 years"]),
        ("* Rash or wheeze after captopril or another ACE inhibitor", ["Rash or wheeze after captopril or another ACE inhibitor"]),
        ("* Liver disease with ascites and a clotting defect", ["Liver disease with ascites and a clotting defect"]),
        ("* Intestinal or other active bleeding; fever", ["Intestinal or other active bleeding", "fever"]),
        ("* Azole use, currently or within the last 3 days", ["Azole use, currently or within the last 3 days"]),
        ("* **Artificial heart valves:** do not use.", ["Artificial heart valves"]),
        ("* **Hypersensitivity:** to testolol or similar drugs", ["Hypersensitivity"]),
        ("Patients with a history of stroke should not receive it.", ["stroke"]),
        ("It must not be used in porphyria or together with lithium or pimozide.", ["porphyria", "lithium", "pimozide"]),
        ("* Pregnancy, including the cream\n* Heart disease, including angina", ["Pregnancy", "Heart disease", "angina"]),
        ("Stable angina is not a contraindication; ask cardiology first.", ["Stable angina"]),
        ("Nobody with anuria, with hepatic coma or with gout should be given it.", ["anuria", "hepatic coma", "gout"]),
        ("No patient with porphyria may take it.", ["porphyria"]),
        ("* if you have diabetes and take aliskiren", ["diabetes and take aliskiren"]),
        ("I withhold it from anyone with an ulcer, with gout or with a creatinine above 200 µmol/L, and from asthmatics.",
         ["ulcer", "gout", "creatinine above 200 µmol/L", "asthmatics"]),
        ("In the last trimester it must not be given.", ["last trimester"]),
        ("It is out of the question after angioedema and in anuria.", ["angioedema", "anuria"]),
        ("People with myasthenia gravis must go without it.", ["myasthenia gravis"]),
        ("Heart block rules it out, and so does porphyria.", ["Heart block", "porphyria"]),
        ("Asthma is the one absolute contraindication.", ["Asthma"]),
        ("It is forbidden in porphyria and during breastfeeding.", ["porphyria", "breastfeeding"]),
        ("I never give it in porphyria, and I never give it with lithium.", ["porphyria", "lithium"]),
        ("Pregnancy is a contraindication. Concomitant use of ketoconazole is contraindicated.",
         ["Pregnancy", "ketoconazole"]),
        ("Testolol must not be given in gout, in complete block or second-degree block, in arrhythmias caused by toxins, or in asthma.",
         ["gout", "complete block", "second-degree block", "arrhythmias caused by toxins", "asthma"]),
        ("* Heart disease, such as stenosis or prolapse; fever", ["Heart disease", "stenosis", "prolapse", "fever"]),
        ("* Severe hypersensitivity to testolol, including fever or arthritis", ["Severe hypersensitivity to testolol"]),
        ("* Concurrent use of atazanavir, darunavir or voriconazole", ["atazanavir", "darunavir", "voriconazole"]),
        ("- Concomitant use of non-selective, irreversible MAO inhibitors\n- Treatment with linezolid or intravenous methylene blue",
         ["non-selective, irreversible MAO inhibitors", "linezolid", "intravenous methylene blue"]),
        ("Use of a MAO inhibitor within the last 14 days", ["Use of a MAO inhibitor within the last 14 days"]),
        ("The tablets and the patch are contraindicated in porphyria.", ["porphyria"]),
        ("In heart failure: severe bradycardia, anuria.", ["severe bradycardia", "anuria"]),
        ("Gout\n\n**Careful:** asthma, old age.", ["Gout"]),
        ("* Treatment with drugs known to harm the marrow, and depot antipsychotics",
         ["Treatment with drugs known to harm the marrow", "depot antipsychotics"]),
        ("It must not be given to patients with known hypersensitivity to quinolones, to those with a history of gout, or in epilepsy.",
         ["hypersensitivity to quinolones", "gout", "epilepsy"]),
        ("Testolol should not be used in patients with an aneurysm or a recent stroke, in whom a rise would be a hazard.",
         ["aneurysm", "recent stroke"]),
        ("Severe asthma and heart failure forbid its use.", ["Severe asthma", "heart failure"]),
        ("- Bulimia or anorexia nervosa, now or ever\n- Gout or stroke, past or present\n- Seizures at any time",
         ["Bulimia", "anorexia nervosa", "Gout", "stroke", "Seizures"]),
        ("It must not be given where there is hypersensitivity to testolol, or gout.", ["hypersensitivity to testolol", "gout"]),
        ("There are no absolute contraindications. Use with caution in asthma.", []),
        ("None known. See the prescribing information.", []),
    ],
)  # fmt: skip
def test_conditions(section: str, expected: list[str]) -> None:
    assert [c.condition for c in listed(section)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* Sinus node disease, second-degree block, unless a pacemaker is in place", [
            ("Sinus node disease", "conditional"), ("second-degree block", "conditional")]),
        ("* Cardiomyopathy (unless heart failure is severe), gout", [("Cardiomyopathy", "conditional"), ("gout", "affirmed")]),
        ("* Asthma; women of childbearing potential unless contraception is used", [
            ("Asthma", "affirmed"), ("women of childbearing potential", "conditional")]),
        ("Well-controlled asthma does not preclude treatment.", [("Well-controlled asthma", "negated")]),
        ("Epilepsy calls for caution but is not a contraindication.", [("Epilepsy", "negated")]),
        ("Head injury is no longer held to be a contraindication.", [("Head injury", "negated")]),
        ("There are no contraindications relating to liver disease.", [("liver disease", "negated")]),
    ],
)  # fmt: skip
def test_what_a_case_of_exception_or_denial_asserts(section: str, expected: list[tuple[str, str]]) -> None:
    assert [(c.condition, c.assertion) for c in listed(section)] == expected


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("Pregnancy", "physiological_state"),
        ("Third trimester of pregnancy", "physiological_state"),
        ("Hypersensitivity to testolol", "hypersensitivity"),
        ("Severe renal impairment (CrCl <30 mL/min)", "disease"),
        ("Drug addiction", "disease"),
        ("Use of nitrates", "drug"),
        ("Live vaccines", "drug"),
        ("Children under 12 years", "age"),
        ("Major surgery", "procedure"),
        ("Benzodiazepine withdrawal", "disease"),
        ("Alcohol use disorder", "disease"),
        ("Benzodiazepine use", "drug"),
        ("Severe malaria (as first treatment)", "disease"),
    ],
)
def test_kind(condition: str, kind: str) -> None:
    assert [c.kind for c in listed(condition)] == [kind]


def test_the_normal_form_leaves_out_brackets_and_keeps_ages() -> None:
    norms = [c.condition_norm for c in listed("* Severe renal impairment (CrCl <30 mL/min)\n* Children under 12 years")]
    assert norms == ["severe renal impairment", "children under 12 years"]


def test_strength_comes_from_headings_labels_tables_and_retellings() -> None:
    found = listed("### Absolute contraindications\n\n* Asthma\n\n### Others\n\n**Relative:** gout")
    assert [(c.condition, c.strength) for c in found] == [("Asthma", "absolute"), ("gout", "relative")]
    found = listed("| Condition | Type |\n|---|---|\n| Asthma | Absolute |")
    assert [(c.condition, c.strength) for c in found] == [("Asthma", "absolute")]
    found = rows(
        "## Contraindications\n\nAsthma\n\n## FAQs\n\n### What are the absolute contraindications?\n\nAsthma.\n"
    )
    assert [(c.condition, c.strength) for c in found] == [("Asthma", "absolute")]


def test_a_denied_contraindication_is_negated() -> None:
    assert [(c.condition, c.assertion) for c in listed("Testolol is not contraindicated in asthma.")] == [
        ("asthma", "negated")
    ]


def test_a_retelling_is_no_second_row() -> None:
    body = (
        "## Contraindications\n\n* Serious hypersensitivity to testolol or any other beta-blocker\n\n"
        "## Drug Profile Summary\n\n* **Contraindications:** Hypersensitivity\n\n"
        "## FAQs\n\n### Who should not take it?\n\nAnyone with a previous serious reaction to a beta-blocker should not take it.\n"
    )
    assert len(rows(body)) == 1
    body = "## Contraindications\n\n- Coronary artery bypass graft (CABG) surgery\n\n## Summary\n\n- **Contraindications:** CABG surgery\n"
    assert len(rows(body)) == 1


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Diabetes and hypertension call for closer supervision only.", []),
        ("Glaucoma and epilepsy are reasons for caution. Porphyria is a contraindication.", [("Porphyria", "affirmed")]),
        ("Myasthenia gravis and asthma are no bar to its use.", [("Myasthenia gravis", "negated"), ("asthma", "negated")]),
        ("A history of stroke is no obstacle to treatment.", [("stroke", "negated")]),
        ("* For prevention and infertility: deep vein thrombosis; pulmonary embolism.",
         [("deep vein thrombosis", "affirmed"), ("pulmonary embolism", "affirmed")]),
        ("It must not be used in keratitis, and a joint must not be injected in septic arthritis.",
         [("keratitis", "affirmed"), ("septic arthritis", "affirmed")]),
        ("It must not be combined with oral retinoids.", [("oral retinoids", "affirmed")]),
    ],
)  # fmt: skip
def test_what_forbids_and_what_only_asks_for_care(section: str, expected: list[tuple[str, str]]) -> None:
    assert [(r.condition, r.assertion) for r in listed(section)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Pregnancy, when used for bipolar disorder or migraine.", ["pregnancy"]),
        (
            "Asthma and heart block when given for hypertension; active ulcer.",
            ["asthma", "heart block", "active ulcer"],
        ),
        ("Gout, if used as an analgesic.", ["gout"]),
    ],
)
def test_what_it_is_used_for_forbids_nothing(line: str, expected: list[str]) -> None:
    body = f"---\ntitle: Testolol\n---\n## Contraindications\n\n* {line}\n"
    found = extract(read(body.encode(), "testolol.md"), "testolol")["contraindications"]
    assert [c.condition_norm for c in found] == expected


def test_what_is_fine_is_no_contraindication() -> None:
    section = (
        "| Situation | Bar |\n|---|---|\n| Glaucoma | relative |\n| Diabetes | not a contraindication |\n| Eczema | allowed |\n\n"
        "- asthma is OK, not a CI\n- BPH isn't a C/I\n- hypersens. to sulfonamides"
    )
    assert [(c.condition, c.assertion, c.kind) for c in listed(section)] == [
        ("Glaucoma", "affirmed", "disease"),
        ("Diabetes", "negated", "disease"),
        ("Eczema", "negated", "disease"),
        ("asthma", "negated", "disease"),
        ("BPH", "negated", "disease"),
        ("hypersens. to sulfonamides", "affirmed", "hypersensitivity"),
    ]


def test_contraindications_in_the_words_of_a_leaflet() -> None:
    section = "- are allergic to testolol or any of the other ingredients\n- are in the final stages of pregnancy\n- have porphyria or gout"
    assert [c.condition for c in listed(section)] == [
        "allergic to testolol",
        "final stages of pregnancy",
        "porphyria",
        "gout",
    ]


def test_a_denial_beside_a_condition_is_of_it_alone() -> None:
    rows = [(c.condition, c.assertion) for c in listed("VF; asthma: watch closely, not a CI; heart block.")]
    assert sorted(rows) == [("VF", "affirmed"), ("asthma", "negated"), ("heart block", "affirmed")]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- Acute gout. Wait until it is over.\n- Treated tuberculosis", [("Acute gout", "affirmed"), ("Treated tuberculosis", "affirmed")]),
        ("Severe volume depletion. This rarely matters in practice.", [("Severe volume depletion", "affirmed")]),
        ("Asthma is OK: not a contraindication.", [("Asthma", "negated")]),
        ("Pregnancy: not a contraindication in asthma.", [("Pregnancy", "negated")]),
        ("**Old age:** no bar to treatment.", [("Old age", "negated")]),
        ("Diabetes is not a contraindication, nor is stable angina.", [("Diabetes", "negated"), ("stable angina", "negated")]),
    ],
)  # fmt: skip
def test_remarks_and_denials_beside_the_list(section: str, expected: list[tuple[str, str]]) -> None:
    assert [(c.condition, c.assertion) for c in listed(section)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("**Absolute:** porphyria.\n**Not a contraindication:** glaucoma; asthma.",
         [("porphyria", "affirmed", "absolute"), ("glaucoma", "negated", "not_stated"), ("asthma", "negated", "not_stated")]),
        ("Absolute: porphyria. Relative: epilepsy, gout. Not contraindicated: asthma.",
         [("porphyria", "affirmed", "absolute"), ("epilepsy", "affirmed", "relative"), ("gout", "affirmed", "relative"), ("asthma", "negated", "not_stated")]),
        ("- Porphyria\n\nThe following are not contraindications:\n\n- glaucoma", [("Porphyria", "affirmed", "not_stated"), ("glaucoma", "negated", "not_stated")]),
        ("Safe in: epilepsy, glaucoma.", [("epilepsy", "negated", "not_stated"), ("glaucoma", "negated", "not_stated")]),
        ("There is no need to avoid it in glaucoma. Avoid it in gout.", [("glaucoma", "negated", "not_stated"), ("gout", "affirmed", "not_stated")]),
        ("- Disseminated intravascular coagulation – relative\n- Seizures, relative",
         [("Disseminated intravascular coagulation", "affirmed", "relative"), ("Seizures", "affirmed", "relative")]),
        ("- Allergy to penicillins (a rash alone is not a contraindication)",
         [("Allergy to penicillins (a rash alone is not a contraindication)", "affirmed", "not_stated"), ("rash alone", "negated", "not_stated")]),
        ("Hypertension, if treated, is not a contraindication.", [("Hypertension, if treated", "negated", "not_stated")]),
        ("Contraindicated in asthma, cor pulmonale and hypersensitivity to testolol.",
         [("asthma", "affirmed", "not_stated"), ("cor pulmonale", "affirmed", "not_stated"), ("hypersensitivity to testolol", "affirmed", "not_stated")]),
        ("- Live vaccines, while high doses are taken\n- Known, past or suspected breast cancer",
         [("Live vaccines", "affirmed", "not_stated"), ("breast cancer", "affirmed", "not_stated")]),
        ("| | |\n|---|---|\n| Absolute | porphyria; pregnancy |\n| Not contraindicated | glaucoma |",
         [("porphyria", "affirmed", "absolute"), ("pregnancy", "affirmed", "absolute"), ("glaucoma", "negated", "not_stated")]),
        ("- Pregnancy? Yes, contraindicated.\n- Breastfeeding: not contraindicated.\n- Epilepsy: OK",
         [("Pregnancy", "affirmed", "not_stated"), ("Breastfeeding", "negated", "not_stated"), ("Epilepsy", "negated", "not_stated")]),
        ("Contraindicated in (a) asthma; (b) coma. Caution, not contraindication: elderly.",
         [("asthma", "affirmed", "not_stated"), ("coma", "affirmed", "not_stated"), ("elderly", "negated", "not_stated")]),
        ("You must not give testolol to people with asthma or gout. Do not combine it with verapamil.",
         [("asthma", "affirmed", "not_stated"), ("gout", "affirmed", "not_stated"), ("verapamil", "affirmed", "not_stated")]),
    ],
)  # fmt: skip
def test_what_is_denied_and_how_strongly(section: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(c.condition, c.assertion, c.strength) for c in listed(section)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Caution is advised in gout, sickle cell anemia and bleeding disorders.", []),
        ("Use cautiously in elderly patients, gout and epilepsy.", []),
        ("Special care in renal failure, diabetes and gout.", []),
        ("Exercise caution in patients with asthma, gout or epilepsy.", []),
        ("Type 1 diabetes is regarded as a relative contraindication.", [("Type 1 diabetes", "affirmed", "relative")]),
        ("Heart block remains a contraindication.", [("Heart block", "affirmed", "not_stated")]),
        ("Severe asthma counts as a contraindication.", [("Severe asthma", "affirmed", "not_stated")]),
        ("Gout is no longer regarded as a contraindication.", [("Gout", "negated", "not_stated")]),
    ],
)
def test_sentences_that_open_with_care_and_words_for_a_bar(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(r.condition, r.assertion, r.strength) for r in listed(line)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- Severe hepatic/renal impairment", ["Severe hepatic/renal impairment"]),
        ("- Acute intoxication with alcohol, hypnotics or opioids", ["Acute intoxication with alcohol, hypnotics or opioids"]),
        ("Cardiomyopathy, unless AF and heart failure coexist; gout.", ["Cardiomyopathy", "gout"]),
    ],
)  # fmt: skip
def test_what_belongs_to_one_condition(section: str, expected: list[str]) -> None:
    assert [c.condition for c in listed(section)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Asthma is not a contraindication. Neither is pregnancy.", [("Asthma", "disease", "negated"), ("pregnancy", "physiological_state", "negated")]),
        ("Asthma is not a contraindication. Nor is pregnancy or old age.",
         [("Asthma", "disease", "negated"), ("pregnancy", "physiological_state", "negated"), ("old age", "age", "negated")]),
        ("- QTc above 500 ms", [("QTc above 500 ms", "disease", "affirmed")]),
        ("- Serum potassium over 5.5 mmol/L", [("Serum potassium over 5.5 mmol/L", "disease", "affirmed")]),
        ("- INR above 3", [("INR above 3", "disease", "affirmed")]),
        ("- Age under 18 years", [("Age under 18 years", "age", "affirmed")]),
        ("- Slow gastric emptying", [("Slow gastric emptying", "disease", "affirmed")]),
    ],
)  # fmt: skip
def test_what_is_neither_and_values_of_the_body(section: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(c.condition, c.kind, c.assertion) for c in listed(section)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* Use with MAO inhibitors, or within 14 days of stopping them", ["MAO inhibitors"]),
        ("* With MAOIs or within 14 days", ["MAOIs"]),
        ("* To be avoided in acute porphyria; safe in variegate porphyria", ["acute porphyria"]),
        ("* Asthma attacks brought on by aspirin or NSAIDs", ["Asthma attacks brought on by aspirin or NSAIDs"]),
        ("* With sacubitril/valsartan, or within 36 hours of it", ["sacubitril/valsartan"]),
        ("* Valve disease such as aortic or mitral stenosis", ["Valve disease", "aortic or mitral stenosis"]),
        ("* Metabolic acidosis, including ketoacidosis, with or without coma", ["Metabolic acidosis", "ketoacidosis"]),
        ("* Liver disease with nausea, anorexia or jaundice; heart failure",
         ["Liver disease with nausea, anorexia or jaundice", "heart failure"]),
        ("* Contains lactose: not for people with galactose intolerance", ["galactose intolerance"]),
        ("* Not for women who are or may become pregnant", ["pregnant"]),
        ("* Hypersensitivity to penicillins; cross-reaction occurs in about 5%", ["Hypersensitivity to penicillins"]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_condition_is_none(section: str, expected: list[str]) -> None:
    assert [r.condition for r in listed(section)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Children and adolescents under 18", [("Children and adolescents under 18", "age")]),
        ("- Age: under 12 months", [("under 12 months", "age")]),
        ("- Adults > 75 years", [("Adults > 75 years", "age")]),
        ("- Elderly patients: caution only", []),
        ("Gout. IBD – caution.", [("Gout", "disease")]),
        ("- Breast-feeding: see below", []),
        ("Pregnancy: see below. Contraindicated in gout.", [("gout", "disease")]),
        ("- Not to be used alone", []),
    ],
)
def test_ages_and_what_only_refers(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(r.condition, r.kind) for r in rows(f"## Contraindications\n\n{line}\n")] == expected


def test_cells_that_ask_for_care_or_see_no_problem() -> None:
    table = "| Condition | Why | Strength |\n|---|---|---|\n| Gout | | absolute |\n| Angina | | caution |\n| Asthma | no problem | |"
    assert [(r.condition, r.assertion) for r in listed(table)] == [("Gout", "affirmed"), ("Asthma", "negated")]


def test_what_a_drug_has_done_is_a_disease_and_what_is_taken_a_drug() -> None:
    found = listed("* Previous ACE inhibitor cough\n* NSAID asthma\n* Use of NSAIDs in ulcer\n* Alongside simvastatin")
    assert [r.kind for r in found] == ["disease", "disease", "drug", "drug"]


def test_what_does_not_rule_the_drug_out_is_denied() -> None:
    found = listed("Pregnancy does not rule it out, and neither does gout. Asthma does not forbid it.")
    assert [(r.condition, r.assertion) for r in found] == [(c, "negated") for c in ("Pregnancy", "gout", "Asthma")]


def test_a_column_that_asks_whether_it_is_absolute_answers_yes_or_no() -> None:
    found = listed("| Situation | Absolute? |\n|---|---|\n| Anuria | yes |\n| Gout | no, watch urate |")
    assert [(r.condition, r.strength) for r in found] == [("Anuria", "absolute"), ("Gout", "relative")]


def test_a_drug_taken_besides_is_no_disease_where_its_patients_have_one() -> None:
    (row,) = listed("* Concomitant use with aliskiren in patients with renal impairment (GFR < 60 mL/min)")
    assert row.kind == "drug"


def test_the_signs_of_an_allergic_reaction_forbid_nothing() -> None:
    answer = "**A:** Rash, hives, swelling of the face or throat, and difficulty breathing."
    assert rows(f"## FAQs\n\n### Q1: What are the signs of an allergic reaction?\n\n{answer}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "Sick sinus syndrome, except in the presence of a functioning pacemaker.",
        "Sick sinus syndrome, except in patients with an artificial pacemaker.",
        "Sick sinus syndrome (unless a pacemaker is present).",
    ],
)
def test_a_case_that_is_excepted_makes_it_conditional(line: str) -> None:
    (found,) = rows(f"## Contraindications\n\n* {line}\n")
    assert (found.condition_norm, found.assertion) == ("sick sinus syndrome", "conditional")
