"""Indications in running prose: sentences as they stand in monographs, and the rows they must give."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract

PLAIN = {"disease_status": "unspecified", "treatment_phase": "unspecified", "label_status": "not_stated"}


def rows(body: str) -> list[Any]:
    document = read(f"---\ntitle: Testolol\n---\n## Usage\n\n{body}\n".encode(), "testolol.md")
    return sorted(extract(document, "testolol")["indications"], key=lambda r: r.char_start)


def told(text: str) -> list[dict[str, Any]]:
    """What the rows of a sentence say beyond the defaults, in the order of the text."""
    body = f"---\ntitle: Testolol\n---\n## Indications and Uses\n\n{text}\n"
    found = extract(read(body.encode(), "testolol.md"), "testolol")["indications"]
    names = ("condition", "prerequisite", "partners", *PLAIN)
    facts = [{n: getattr(i, n) for n in names if getattr(i, n) not in (None, PLAIN.get(n))} for i in found]
    for fact, row in zip(facts, found, strict=True):
        if row.age_group != "unspecified":
            fact["age_group"] = row.age_group
        if row.assertion != "affirmed":
            fact["assertion"] = row.assertion
    return facts


PREVENTED: dict[str, Any] = {"disease_status": "prevention"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In adults, it is given to prevent stroke and systemic embolism in atrial fibrillation, to treat pulmonary embolism, "
            "and to prevent its recurrence.",
            [
                {"condition": "stroke", "prerequisite": "atrial fibrillation", "age_group": "adult", **PREVENTED},
                {"condition": "systemic embolism", "prerequisite": "atrial fibrillation", "age_group": "adult", **PREVENTED},
                {"condition": "pulmonary embolism", "age_group": "adult"},
                {"condition": "pulmonary embolism", "age_group": "adult", **PREVENTED},
            ],
        ),
        ("It is licensed for the prevention of relapse in duodenal ulcer.", [{"condition": "duodenal ulcer", "label_status": "licensed", **PREVENTED}]),
        ("It prevents seizures during and after surgery.", [{"condition": "seizures during and after surgery", **PREVENTED}]),
        ("As a cream it is applied for eczema, and as a lotion for scalp psoriasis.", [{"condition": "eczema"}, {"condition": "scalp psoriasis"}]),
        (
            "It is indicated in breast cancer, in lung cancer after failure of platinum, and, with prednisone, in prostate cancer.",
            [{"condition": "breast cancer"}, {"condition": "lung cancer", "prerequisite": "after failure of platinum"}, {"condition": "prostate cancer", "partners": "prednisone"}],
        ),
        (
            "It is approved for schizophrenia and for tics; its use in delirium and in nausea is off-label.",
            [
                {"condition": "schizophrenia", "label_status": "licensed"},
                {"condition": "tics", "label_status": "licensed"},
                {"condition": "delirium", "label_status": "off_label"},
                {"condition": "nausea", "label_status": "off_label"},
            ],
        ),
        (
            "It is used for gout, and many clinicians prescribe it off-label for pericarditis.",
            [{"condition": "gout"}, {"condition": "pericarditis", "label_status": "off_label"}],
        ),
        ("The principal indication is status epilepticus; tremor and muscle spasm are further uses.", [{"condition": "status epilepticus"}, {"condition": "tremor"}, {"condition": "muscle spasm"}]),
        ("It does not help in gout, and there is no evidence for its use in back pain.", [{"condition": "gout", "assertion": "negated"}, {"condition": "back pain", "assertion": "negated"}]),
        ("In surgery it provides prophylaxis against wound infection; in obstetrics it treats endometritis.", [{"condition": "wound infection", "treatment_phase": "prophylaxis", **PREVENTED}, {"condition": "endometritis"}]),
        ("Gastric cancer, including that of the junction, is treated together with cisplatin.", [{"condition": "Gastric cancer", "partners": "cisplatin"}]),
        ("It is used for asthma, for hay fever and for urticaria, in adults as well as in children.", [{"condition": c, "age_group": "all"} for c in ("asthma", "hay fever", "urticaria")]),
        ("It is given for remission induction in vasculitis and in lupus nephritis.", [{"condition": "vasculitis", "treatment_phase": "induction"}, {"condition": "lupus nephritis"}]),
        ("After a heart attack, testolol reduces the risk of another.", []),
        ("In phaeochromocytoma it is given only after an alpha-blocker.", []),
        ("It is licensed to reduce the risk of infarction in adults with angina.", [{"condition": "infarction", "prerequisite": "angina", "label_status": "licensed", "age_group": "adult", **PREVENTED}]),
        ("It is licensed in adults for neuropathy and for neuralgia.", [{"condition": c, "label_status": "licensed", "age_group": "adult"} for c in ("neuropathy", "neuralgia")]),
        ("For the prevention of migraine 5 mg is taken every evening.", [{"condition": "migraine", **PREVENTED}]),
        ("- Winter arthritis, prevention of the winter attacks", [{"condition": "Winter arthritis", **PREVENTED}]),
        ("- Gout, prevention of flares", [{"condition": "Gout", **PREVENTED}]),
        ("Off-label uses are ovarian cancer, sarcoma (with gemcitabine) and gout.", [{"condition": "ovarian cancer", "label_status": "off_label"}, {"condition": "sarcoma", "partners": "gemcitabine", "label_status": "off_label"}, {"condition": "gout", "label_status": "off_label"}]),
        ("Neither the patch nor the spray is indicated for migraine.", [{"condition": "migraine", "assertion": "negated"}]),
        ("It is indicated in adults and in children aged 10 years and above with asthma.", [{"condition": "asthma"}]),
        ("| Licensed for | Patients |\n|---|---|\n| Gout | adults |\n", [{"condition": "Gout", "label_status": "licensed", "age_group": "adult"}]),
        ("It is being studied in myelofibrosis.", [{"condition": "myelofibrosis", "label_status": "investigational"}]),
        ("Its indications are pneumonia and gonorrhoea; the last is treated together with azithromycin.", [{"condition": "pneumonia"}, {"condition": "gonorrhoea", "partners": "azithromycin"}]),
    ],
)  # fmt: skip
def test_a_sentence_names_its_uses(text: str, expected: list[dict[str, Any]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Registered: gout. Not registered here but used: croup; acne.", [("gout", "affirmed", "unspecified", "licensed"),
         ("croup", "affirmed", "unspecified", "off_label"), ("acne", "affirmed", "unspecified", "off_label")]),
        ("Outside the technical sheet:\n\n- Croup", [("Croup", "affirmed", "unspecified", "off_label")]),
        ("- Croup; child\n- Angina; unlicensed", [("Croup", "affirmed", "pediatric", "not_stated"), ("Angina", "affirmed", "unspecified", "off_label")]),
        ("- to treat a blockage of a lung vessel, often sudden (pulmonary embolism, PE),\n- Severe, active psoriasis",
         [("pulmonary embolism", "affirmed", "unspecified", "not_stated"), ("active psoriasis", "affirmed", "unspecified", "not_stated")]),
        ("- Uveitis in adults with pain, and keratitis in children and adolescents", [("Uveitis", "affirmed", "adult", "not_stated"), ("keratitis", "affirmed", "pediatric", "not_stated")]),
        ("- Hypertension, on its own or with a thiazide\n- NOT for tremor - won't work", [("Hypertension", "affirmed", "unspecified", "not_stated"), ("tremor", "negated", "unspecified", "not_stated")]),
        ("- off-label: Marfan syndrome / polycystic ovary syndrome", [("Marfan syndrome", "affirmed", "unspecified", "off_label"), ("polycystic ovary syndrome", "affirmed", "unspecified", "off_label")]),
        ("* **Gout:** Testolol is not indicated for gout.", [("Gout", "negated", "unspecified", "not_stated")]),
        ("We don't use it for sepsis; it is not indicated there.", [("sepsis", "negated", "unspecified", "not_stated")]),
        ("It is not indicated in gout, and in dementia two large trials have shown no benefit.", [("gout", "negated", "unspecified", "not_stated"), ("dementia", "negated", "unspecified", "not_stated")]),
        ("It has a licence for obesity and in the United Kingdom also for epilepsy.", [("obesity", "affirmed", "unspecified", "licensed"), ("epilepsy", "affirmed", "unspecified", "licensed")]),
        ("Use outside the approved indications has been described in fibromyalgia.", [("fibromyalgia", "affirmed", "unspecified", "off_label")]),
        ("| Infection | Status |\n|---|---|\n| Pneumonia | licensed |\n| MRSA infection | not indicated |",
         [("Pneumonia", "affirmed", "unspecified", "licensed"), ("MRSA infection", "negated", "unspecified", "not_stated")]),
    ],
)  # fmt: skip
def test_uses_in_shorthand_and_plain_words(line: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = rows(line)
    assert [(i.condition, i.assertion, i.age_group, i.label_status) for i in found] == expected


def test_what_stands_around_a_treatment_is_no_use() -> None:
    found = rows(
        "FDA-labeled:\n\n- Opioid dependence, within a framework of medical and psychosocial support\n"
        "- Alcohol dependence, alongside counselling and social support\n- Persistent pulmonary hypertension of the newborn"
    )
    assert [(i.condition, i.label_status, i.age_group) for i in found] == [
        ("Opioid dependence", "licensed", "unspecified"),
        ("Alcohol dependence", "licensed", "unspecified"),
        ("Persistent pulmonary hypertension of the newborn", "licensed", "neonate"),
    ]


def test_a_list_of_differing_purposes_says_none_of_its_last_member() -> None:
    found = rows("It is indicated for the treatment of gout, the prevention of migraine, and asthma.")
    assert {(i.condition, i.disease_status) for i in found} == {
        ("gout", "unspecified"),
        ("migraine", "prevention"),
        ("asthma", "unspecified"),
    }
    found = rows("- Prevention of recurrence of depression\n- Cluster headache, prophylaxis (off-label)")
    assert {(i.condition, i.disease_status) for i in found} == {
        ("depression", "prevention"),
        ("Cluster headache", "prevention"),
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Rhinitis, 6 months and over\n- Tonsillitis, third line after macrolides\n- Asthma, mild to moderate",
         [("Rhinitis", "affirmed", "not_stated"), ("Tonsillitis", "affirmed", "not_stated"), ("Asthma", "affirmed", "not_stated")]),
        ("Don't supply it for asthma, migraine or colds.",
         [("asthma", "negated", "not_stated"), ("migraine", "negated", "not_stated"), ("colds", "negated", "not_stated")]),
        ("Do not give for: asthma; migraine.", [("asthma", "negated", "not_stated"), ("migraine", "negated", "not_stated")]),
        ("Do not use for gout: it makes it worse.\nDo not use for migraine that has stopped.", [("gout", "negated", "not_stated"), ("migraine", "negated", "not_stated")]),
        ("**Not for:** Acute asthma; migraine.", [("Acute asthma", "negated", "not_stated"), ("migraine", "negated", "not_stated")]),
        ("The Formulary Board has approved it for the following:\n\n- Gout\n- Asthma (unlicensed)",
         [("Gout", "affirmed", "not_stated"), ("Asthma", "affirmed", "off_label")]),
        ("In the essential tremor of the adult it shows no benefit.", [("essential tremor of the adult", "negated", "not_stated")]),
        ("Off-label it is well established in gastric cancer and in gout.",
         [("gastric cancer", "affirmed", "off_label"), ("gout", "affirmed", "off_label")]),
    ],
)  # fmt: skip
def test_what_a_counter_card_or_a_formulary_says(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(i.condition, i.assertion, i.label_status) for i in rows(line)] == expected


def test_the_age_of_one_denied_use_is_not_the_others() -> None:
    found = rows("Not indicated in autism spectrum disorder or neonatal seizures.")
    assert [(i.condition, i.age_group) for i in found] == [
        ("autism spectrum disorder", "unspecified"),
        ("neonatal seizures", "neonate"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("### Registered indications\n\n- Gout\n\n### Outside the registration\n\n- Lupus",
         {"Gout": ("affirmed", "licensed"), "Lupus": ("affirmed", "off_label")}),
        ("**Within the licence:** gout, asthma.\n\n**Outside the marketing authorisation:** lupus; acne.",
         {"gout": ("affirmed", "licensed"), "asthma": ("affirmed", "licensed"),
          "lupus": ("affirmed", "off_label"), "acne": ("affirmed", "off_label")}),
        ("Licensed: gout, asthma. Outside the licence: lupus, acne.",
         {"gout": ("affirmed", "licensed"), "asthma": ("affirmed", "licensed"),
          "lupus": ("affirmed", "off_label"), "acne": ("affirmed", "off_label")}),
        ("- Off-label for gout and asthma\n- Licensed in adults for COPD, and off-label for lupus\n- FDA-approved for malaria; not approved for cholera",
         {"gout": ("affirmed", "off_label"), "asthma": ("affirmed", "off_label"), "COPD": ("affirmed", "licensed"),
          "lupus": ("affirmed", "off_label"), "malaria": ("affirmed", "licensed"), "cholera": ("negated", "not_stated")}),
        ("- **Gout:** prophylaxis. Off-label.\n- **Lupus:** with steroids. Licensed in adults.\n- **Asthma:** treatment. For acne it is used off-label.",
         {"Gout": ("affirmed", "off_label"), "Lupus": ("affirmed", "licensed"), "Asthma": ("affirmed", "not_stated")}),
        ("It is licensed in Europe for gout. It is registered in Germany. It is approved by the FDA for lupus.",
         {"gout": ("affirmed", "licensed"), "lupus": ("affirmed", "licensed")}),
        ("It is not yet approved for lupus. It has never been licensed for acne.",
         {"lupus": ("negated", "not_stated"), "acne": ("negated", "not_stated")}),
        ("It is not the right choice for gout. We would not choose it for lupus. It is never begun for acne. Nobody should use it for scabies.",
         dict.fromkeys(("gout", "lupus", "acne", "scabies"), ("negated", "not_stated"))),
        ("Use in meningitis is not recommended. It is used for gout.",
         {"meningitis": ("negated", "not_stated"), "gout": ("affirmed", "not_stated")}),
        ("It is used to treat these infections: pneumonia, cystitis. It is also used, off-label, for: acne.",
         {"pneumonia": ("affirmed", "not_stated"), "cystitis": ("affirmed", "not_stated"), "acne": ("affirmed", "off_label")}),
        ("It is not routinely used for gout.", {}),
        ("Off-label we sometimes give it for gout, and it has been tried in lupus without success.",
         {"gout": ("affirmed", "off_label"), "lupus": ("negated", "not_stated")}),
        ("It is ineffective in gout, and no longer first choice in asthma.",
         {"gout": ("negated", "not_stated"), "asthma": ("affirmed", "not_stated")}),
    ],
)  # fmt: skip
def test_how_a_use_is_licensed(text: str, expected: dict[str, tuple[str, str]]) -> None:
    assert {i.condition: (i.assertion, i.label_status) for i in rows(text)} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Bipolar I disorder, maintenance treatment (tablets only)", [("Bipolar I disorder", "maintenance", "maintenance", "unspecified")]),
        ("Lymphoma, maintenance therapy of elderly patients", [("Lymphoma", "maintenance", "maintenance", "geriatric")]),
        ("Glioma in adults, recurrent or progressive after temozolomide", [("Glioma", "relapsed_or_progressed", "unspecified", "adult")]),
        ("Bipolar disorder (acute depressive episodes)", [("Bipolar disorder", "acute", "unspecified", "unspecified")]),
        ("Acute manic episodes", [("Acute manic episodes", "acute", "unspecified", "unspecified")]),
        ("Lymphoma (induction and consolidation)",
         [("Lymphoma", "unspecified", "induction", "unspecified"), ("Lymphoma", "unspecified", "consolidation", "unspecified")]),
        ("OCD disorder, augmentation of an SSRI", [("OCD disorder", "unspecified", "unspecified", "unspecified")]),
        ("Phaeochromocytoma, only with an alpha-blocker", [("Phaeochromocytoma", "unspecified", "unspecified", "unspecified")]),
        ("Croup, paediatric patients", [("Croup", "unspecified", "unspecified", "pediatric")]),
        ("Hepatitis C, genotypes 1 and 4", [("Hepatitis C", "unspecified", "unspecified", "unspecified")]),
        ("Irritability in autism (ages 6–17)", [("Irritability in autism", "unspecified", "unspecified", "pediatric")]),
        ("Autism (ages 6 and up)", [("Autism", "unspecified", "unspecified", "unspecified")]),
        ("Late-onset neonatal sepsis", [("Late-onset neonatal sepsis", "unspecified", "unspecified", "neonate")]),
        ("Preterm labour", [("Preterm labour", "unspecified", "unspecified", "unspecified")]),
        ("Varicella: not used in healthy children", [("Varicella", "unspecified", "unspecified", "unspecified")]),
        ("Bleeding in hip or knee replacement (off-label)", [("Bleeding in hip or knee replacement", "unspecified", "unspecified", "unspecified")]),
        ("Nocturnal enuresis – second line", [("Nocturnal enuresis", "unspecified", "unspecified", "unspecified")]),
        ("Short courses for croup", [("croup", "unspecified", "unspecified", "unspecified")]),
        ("Adjuvant treatment after resection in breast cancer", [("breast cancer", "unspecified", "adjuvant", "unspecified")]),
        ("Prophylaxis of organ rejection in kidney, liver or heart transplant recipients",
         [("organ rejection", "prevention", "prophylaxis", "unspecified")]),
        ("Second choice in syphilis", [("syphilis", "unspecified", "unspecified", "unspecified")]),
        ("Elderly: systolic hypertension", [("systolic hypertension", "unspecified", "unspecified", "geriatric")]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_condition(line: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = rows(f"- {line}\n- Gout")
    told = [(i.condition, i.disease_status, i.treatment_phase, i.age_group) for i in found]
    assert told == [*expected, ("Gout", "unspecified", "unspecified", "unspecified")]


def test_a_use_of_two_ages_has_neither() -> None:
    found = rows("**Adults:** gout, angina.\n\n**Children:** gout.")
    assert {i.condition: i.age_group for i in found} == {"gout": "unspecified", "angina": "adult"}


def test_a_warning_that_denies_a_use() -> None:
    body = "---\ntitle: Testolol\n---\n## Boxed Warning\n\nNot approved for dementia-related psychosis. It is not approved for patients with gout.\n"
    found = extract(read(body.encode(), "testolol.md"), "testolol")["indications"]
    assert [(i.condition, i.assertion) for i in found] == [("dementia-related psychosis", "negated")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* Treatment: pulmonary embolism\n* Prevention: thrombosis after hip surgery; stroke in atrial fibrillation\n* Maintenance: asthma",
         {"pulmonary embolism": ("unspecified", None), "thrombosis": ("prevention", "after hip surgery"),
          "stroke": ("prevention", "atrial fibrillation"), "asthma": ("maintenance", None)}),
        ("### Prevention\n\n- Stroke in atrial fibrillation\n\n### Treatment\n\n- Gout",
         {"Stroke": ("prevention", "atrial fibrillation"), "Gout": ("unspecified", None)}),
        ("It is used for the prevention of:\n\n- malaria\n- cholera", {"malaria": ("prevention", None), "cholera": ("prevention", None)}),
        ("First line: pneumonia, sinusitis. Second line: otitis media. Reserve: cholera.",
         dict.fromkeys(("pneumonia", "sinusitis", "otitis media", "cholera"), ("unspecified", None))),
        ("- **Cardiology:** angina, heart failure\n- **Palliative care:** nausea",
         dict.fromkeys(("angina", "heart failure", "nausea"), ("unspecified", None))),
        ("Mostly for gout, sometimes for asthma. Never for lupus.", dict.fromkeys(("gout", "asthma", "lupus"), ("unspecified", None))),
        ("**Not for:** hypertension as first choice; migraine", {"migraine": ("unspecified", None)}),
    ],
)  # fmt: skip
def test_labels_and_leads_that_name_no_condition(text: str, expected: dict[str, tuple[str, str | None]]) -> None:
    assert {i.condition: (i.disease_status, i.prerequisite) for i in rows(text)} == expected


def test_what_failed_before_and_who_joins_one_member() -> None:
    found = rows(
        "- Psoriasis not adequately responsive to phototherapy, PUVA or retinoids\n- Gout, angina (with a nitrate)"
    )
    assert [(i.condition, i.partners) for i in found] == [("Psoriasis", None), ("Gout", None), ("angina", "nitrate")]


@pytest.mark.parametrize("says", ["two trials were negative; not recommended", "of no benefit"])
def test_a_label_denied_in_a_later_clause(says: str) -> None:
    assert [i.assertion for i in rows(f"- **Gout:** {says}\n")] == ["negated"]


def test_exceptions_and_denials_behind_a_list_are_no_uses() -> None:
    found = rows(
        "- Treatment of DVT, except after surgery or trauma\n- Gout; in unexplained miscarriage no benefit was shown\n"
        "- Asthma with wheezing, children included\n- **Anorexia:** not established"
    )
    told = [(i.condition, i.assertion, i.age_group) for i in found]
    assert told == [
        ("DVT", "affirmed", "unspecified"),
        ("Gout", "affirmed", "unspecified"),
        ("Asthma with wheezing", "affirmed", "all"),
        ("Anorexia", "negated", "unspecified"),
    ]


def test_a_purpose_inside_a_list_is_of_its_member() -> None:
    found = rows("Hypothyroidism, prevention of goitre recurrence, benign euthyroid goitre and thyroid cancer.")
    assert [i.disease_status for i in found] == ["unspecified", "prevention", "unspecified", "unspecified"]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It is no longer indicated for gout, and it is not authorised for asthma.", ["gout", "asthma"]),
        ("It is not indicated for angina, nor registered for migraine.", ["angina", "migraine"]),
        ("It is not registered for anxiety. It has not been authorized for depression.", ["anxiety", "depression"]),
        ("It should not be used in asthma and is not authorised for insomnia.", ["asthma", "insomnia"]),
    ],
)
def test_what_it_is_not_authorised_for(text: str, denied: list[str]) -> None:
    assert [(i.condition, i.assertion) for i in rows(text)] == [(c, "negated") for c in denied]


def test_a_bracket_licenses_what_it_names_and_no_later_member() -> None:
    found = rows("- Asthma (off-label: COPD)\n- Epilepsy (unlicensed for migraine)\n- Gout (off-label), angina")
    assert {i.condition: i.label_status for i in found} == {
        "Asthma": "not_stated",
        "COPD": "off_label",
        "Epilepsy": "not_stated",
        "migraine": "off_label",
        "Gout": "off_label",
        "angina": "not_stated",
    }


def test_where_and_in_whom_a_use_is_allowed_is_no_part_of_its_name() -> None:
    found = rows("- Approved for acne in the US only\n- First-line in pregnancy for hypertension")
    assert [(i.condition, i.prerequisite) for i in found] == [("acne", None), ("hypertension", "pregnancy")]


def test_a_column_that_asks_for_the_licence_is_answered() -> None:
    found = rows("| Indication | Licensed? | Notes |\n|---|---|---|\n| Gout | yes | |\n| Angina | no | one trial |")
    assert [(i.condition, i.label_status) for i in found] == [("Gout", "licensed"), ("Angina", "off_label")]


def test_uses_of_the_past_and_in_vain_are_denied() -> None:
    found = rows("- Angina (historical)\n- Migraine? No evidence.\n- Gout")
    assert [(i.condition, i.assertion) for i in found] == [("Angina", "negated"), ("Gout", "affirmed")]
    found = rows("It has been tried, with little success, in gout.")
    assert [(i.condition, i.assertion, i.partners) for i in found] == [("gout", "negated", None)]


def test_what_others_have_replaced_is_no_use() -> None:
    found = rows("In cough it has been replaced by safer drugs. It has been superseded by statins in angina.")
    assert [(i.condition, i.assertion) for i in found] == [("cough", "negated"), ("angina", "negated")]


def test_neither_is_licensed() -> None:
    found = rows("- Gout, angina (neither is licensed)\n- Asthma (licensed)")
    assert [i.label_status for i in found] == ["off_label", "off_label", "licensed"]


def test_a_heading_that_denies_its_list() -> None:
    found = rows("- Gout\n\n### Not recommended\n\n- Obesity\n- Heart failure, unless stable")
    assert [(i.condition, i.assertion) for i in found] == [
        ("Gout", "affirmed"),
        ("Obesity", "negated"),
        ("Heart failure", "negated"),
    ]


def test_bullets_of_other_programs_make_a_list() -> None:
    found = rows("Used in:\n• Gout\n• Hiccups (unlicensed)")
    assert [(i.condition, i.label_status, i.line_start) for i in found] == [
        ("Gout", "not_stated", 7),
        ("Hiccups", "off_label", 8),
    ]


@pytest.mark.parametrize("marks", [("(a)", "(b)"), ("a)", "b)"), ("(i)", "(ii)")])
def test_letters_make_a_list(marks: tuple[str, str]) -> None:
    found = rows(f"Used in:\n{marks[0]} Gout\n{marks[1]} Hiccups, off-label")
    assert [(i.condition, i.label_status) for i in found] == [("Gout", "not_stated"), ("Hiccups", "off_label")]


@pytest.mark.parametrize("heading", ["Approved uses in this Trust", "Approved indications at our hospital"])
def test_what_a_house_approves_is_no_licence(heading: str) -> None:
    assert [i.label_status for i in rows(f"### {heading}\n\n- Gout")] == ["not_stated"]


@pytest.mark.parametrize(
    ("text", "condition", "status"),
    [
        ("It is not a treatment for migraine!", "migraine", "unspecified"),
        ("There is no clear indication in psoriasis.", "psoriasis", "unspecified"),
        ("It has no place in the preventive treatment of malaria.", "malaria", "prevention"),
    ],
)
def test_denied_uses_bear_their_bare_names(text: str, condition: str, status: str) -> None:
    found = [i for i in rows(f"- Gout\n\n{text}") if i.assertion == "negated"]
    assert [(i.condition, i.disease_status) for i in found] == [(condition, status)]


def test_what_a_drug_causes_is_named_with_it() -> None:
    found = rows("- Ulcers caused by NSAIDs\n- Infections caused by susceptible bacteria")
    assert [i.condition for i in found] == ["Ulcers caused by NSAIDs", "Infections"]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It has no role in tremor of unknown origin or in essential tremor.", ["tremor of unknown origin", "essential tremor"]),
        ("It has no role in asthma, in bronchitis or in croup.", ["asthma", "bronchitis", "croup"]),
        ("It does not help in migraine or in cluster headache.", ["migraine", "cluster headache"]),
        ("It should not be used in gout or for osteoarthritis.", ["gout", "osteoarthritis"]),
    ],
)  # fmt: skip
def test_a_denial_holds_for_what_goes_on_with_or(text: str, denied: list[str]) -> None:
    assert [(r["condition"], r.get("assertion")) for r in told(text)] == [(c, "negated") for c in denied]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Parkinsonism after carbon monoxide or manganese poisoning", [{"condition": "Parkinsonism after carbon monoxide or manganese poisoning", "prerequisite": "after carbon monoxide or manganese poisoning"}]),
        ("- Sedation for refractory agitation", [{"condition": "Sedation for refractory agitation"}]),
        ("- Diabetic ketoacidosis (DKA), potassium replacement", [{"condition": "Diabetic ketoacidosis"}]),
        ("- Post-exposure prophylaxis of HIV (PEP)", [{"condition": "Post-exposure prophylaxis of HIV", **PREVENTED, "treatment_phase": "prophylaxis"}]),
        ("- Seasonal prophylaxis of influenza", [{"condition": "influenza", **PREVENTED, "treatment_phase": "prophylaxis"}]),
        ("- Gout (licensed in adults, off-label in adolescents)", [{"condition": "Gout", "label_status": "licensed", "age_group": "adult"}]),
        ("- Sedation of ventilated patients", [{"condition": "Sedation", "prerequisite": "ventilated patients"}]),
        ("- Cytokine release syndrome (CRS) after CAR-T cells", [{"condition": "Cytokine release syndrome", "prerequisite": "after CAR-T cells"}]),
        ("On the PBS label:\n\n- Gout\n\nNot labeled, but supported by literature:\n\n- Acne",
         [{"condition": "Gout", "label_status": "licensed"}, {"condition": "Acne", "label_status": "off_label"}]),
    ],
)  # fmt: skip
def test_what_a_member_of_a_list_names(line: str, expected: list[dict[str, Any]]) -> None:
    assert told(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is used for gout but not in asthma or in croup.", [("gout", "affirmed"), ("asthma", "negated"), ("croup", "negated")]),
        ("We never give it in gout or to treat fever.", [("gout", "negated"), ("fever", "negated")]),
        ("We do not give it for gout or migraine, and in epilepsy it is harmful.", [("gout", "negated"), ("migraine", "negated")]),
        ("We do not start it for arteritis, where it has shown no benefit.", [("arteritis", "negated")]),
    ],
)  # fmt: skip
def test_what_a_sentence_takes_out_of_its_uses(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(r["condition"], r.get("assertion", "affirmed")) for r in told(text)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* **Gout:** prophylaxis, not during an acute attack", [("Gout", "prevention")]),
        ("* Depression, but not bipolar depression", [("Depression", "unspecified")]),
        ("* Epilepsy (partial seizures only; ineffective in absences)", [("Epilepsy", "unspecified")]),
        ("* Used with rifampicin to treat leprosy; withdrawn for acne", [("leprosy", "unspecified")]),
        ("Testolol treats high blood pressure.", [("high blood pressure", "unspecified")]),
    ],
)
def test_what_a_list_takes_out_of_its_uses(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(r.condition, r.disease_status) for r in rows(line)] == expected


def test_uses_in_other_people_have_their_age() -> None:
    found = rows("Testolol treats depression and gout in adults, and OCD in adults and children.")
    assert [(r.condition, r.age_group) for r in found] == [("depression", "adult"), ("gout", "adult"), ("OCD", "all")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Gout and migraine are licensed indications too.", [("Gout", "licensed"), ("migraine", "licensed")]),
        ("Angina (CAD) completes the licence, although rarely.", [("Angina", "licensed")]),
        ("Epilepsy makes up the rest of the licence.", [("Epilepsy", "licensed")]),
        ("Hot flushes are an off-label use that you will meet.", [("Hot flushes", "off_label")]),
        ("Tinnitus is one of the off-label uses.", [("Tinnitus", "off_label")]),
        ("Asthma and croup are both outside the licence.", [("Asthma", "off_label"), ("croup", "off_label")]),
        ("The licence also covers bulimia nervosa.", [("bulimia nervosa", "licensed")]),
        ("Off-label uses you will meet are cough and hiccups.", [("cough", "off_label"), ("hiccups", "off_label")]),
        ("Oedema in heart failure is what we mostly use it for.", [("Oedema in heart failure", "not_stated")]),
        ("It has a licence for gout as well, though few doctors use it for that.", [("gout", "licensed")]),
        ("Hypercalcaemia is a use without a licence.", [("Hypercalcaemia", "off_label")]),
    ],
)
@pytest.mark.parametrize("mark", ["", "* "])
def test_a_use_may_be_named_before_how_it_stands_to_the_licence(
    mark: str, line: str, expected: list[tuple[str, str]]
) -> None:
    assert [(r.condition, r.label_status) for r in rows(f"{mark}{line}")] == expected


@pytest.mark.parametrize(
    ("head", "cell", "status"),
    [
        ("Licensed?", "yes", "licensed"),
        ("Licence", "no", "off_label"),
        ("Off-label", "yes", "off_label"),
        ("Approved", "✓", "licensed"),
        ("First choice", "yes", "not_stated"),
    ],
)
def test_a_column_that_asks_for_the_licence_answers_yes_or_no(head: str, cell: str, status: str) -> None:
    found = rows(f"| Condition | {head} |\n|---|---|\n| Gout | {cell} |")
    assert [(r.condition, r.label_status) for r in found] == [("Gout", status)]


@pytest.mark.parametrize(
    "line",
    [
        "* **H. pylori eradication:** with clarithromycin.",
        "* E. coli infections",
        "* **Contraception:** in women.",
        "Testolol is used for P. falciparum malaria.",
    ],
)
def test_a_genus_by_its_letter_and_contraception_are_uses(line: str) -> None:
    (row,) = rows(line)
    assert row.condition in ("H. pylori eradication", "E. coli infections", "Contraception", "P. falciparum malaria")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "* **Erosive esophagitis:** Healing and maintenance of healing.",
            [("Erosive esophagitis", "unspecified"), ("Erosive esophagitis", "maintenance")],
        ),
        (
            "* **Gastric ulcer:** Treatment, and risk reduction in patients who need NSAIDs.",
            [("Gastric ulcer", "unspecified"), ("Gastric ulcer", "prevention")],
        ),
        (
            "* **Helicobacter pylori infection:** Eradication to reduce the risk of duodenal ulcer recurrence.",
            [("Helicobacter pylori infection", "unspecified")],
        ),
        ("* **Stroke:** To reduce the risk of stroke in atrial fibrillation.", [("Stroke", "prevention")]),
        ("* **Candidiasis:** to reduce the incidence of relapse.", [("Candidiasis", "prevention")]),
        (
            "* **Bleeding gastric or duodenal ulcer:** after endoscopy.",
            [("Bleeding gastric or duodenal ulcer", "unspecified")],
        ),
        (
            "* **Multiple myeloma:** in patients who have received at least one prior therapy.",
            [("Multiple myeloma", "previously_treated")],
        ),
        ("Testolol is not indicated for the immediate relief of heartburn.", [("heartburn", "unspecified")]),
    ],
)
def test_what_stands_behind_a_label_says_its_status(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(r.condition, r.disease_status) for r in rows(line)] == expected


def test_a_partner_is_named_without_when_it_is_given() -> None:
    (row,) = rows("* **Leukaemia:** In combination with vincristine and corticosteroids during induction.")
    assert row.partners == "vincristine; corticosteroids"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Testolol is not used for inflammatory conditions such as asthma.",
         [("inflammatory conditions", "negated"), ("asthma", "negated")]),
        ("It is not effective against viral infections, including influenza.",
         [("viral infections", "negated"), ("influenza", "negated")]),
        ("It should not be used for chronic conditions like osteoarthritis or gout.",
         [("chronic conditions", "negated"), ("osteoarthritis", "negated"), ("gout", "negated")]),
        ("Testolol is used to treat bacterial infections like pneumonia and bronchitis.",
         [("bacterial infections", "affirmed"), ("pneumonia", "affirmed"), ("bronchitis", "affirmed")]),
        ("It is also used for gout, although evidence is limited.", [("gout", "possible")]),
        ("* **Immunocompromised adults:** Aged 18 years and older at increased risk of herpes zoster.", [("herpes zoster", "affirmed")]),
        ("* **Myxedema coma:** Intravenous form.\n* **TSH suppression:** As an adjunct to surgery and radioiodine therapy in thyroid cancer.",
         [("Myxedema coma", "affirmed"), ("TSH suppression", "affirmed")]),
        ("It is not indicated for the relief of acute bronchospasm.", [("acute bronchospasm", "negated")]),
        ("It is indicated for influenza-like illness.", [("influenza-like illness", "affirmed")]),
        ("* **Skin Infections:** Conditions like cellulitis and impetigo.",
         [("Skin Infections", "affirmed"), ("cellulitis", "affirmed"), ("impetigo", "affirmed")]),
        ("* **Respiratory Tract Infections:** Sinusitis, tonsillitis, and community-acquired pneumonia.",
         [("Respiratory Tract Infections", "affirmed"), ("Sinusitis", "affirmed"), ("tonsillitis", "affirmed"),
          ("community-acquired pneumonia", "affirmed")]),
        ("* **Anxiety Disorders:** Generalized anxiety disorder, panic disorder.",
         [("Anxiety Disorders", "affirmed"), ("Generalized anxiety disorder", "affirmed"), ("panic disorder", "affirmed")]),
        ("* **Sexually Transmitted Infections:** Single-dose treatment of chlamydia.", [("Sexually Transmitted Infections", "affirmed")]),
        ("* **Myelodysplastic Syndromes (MDS):** Anemia due to low- or intermediate-1-risk MDS.", [("Myelodysplastic Syndromes", "affirmed")]),
        ("* **Endocarditis Prophylaxis:** For high-risk patients undergoing dental procedures.", [("Endocarditis Prophylaxis", "affirmed")]),
        ("* **Recent-Onset Atrial Fibrillation:** Pharmacological cardioversion.",
         [("Recent-Onset Atrial Fibrillation", "affirmed")]),
    ],
)  # fmt: skip
def test_examples_share_what_is_said_of_their_kind(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(i.condition, i.assertion) for i in rows(text)] == expected
