"""Interactions: small sections to their rows."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract.interactions.interactants import listed
from monopipe.extract.interactions.interactions import interactions
from monopipe.extract.reading import Reading
from monopipe.tables import Interaction


def rows_of(
    section: str, title: str = "Exemplol", before: str = "", heading: str = "Drug Interactions"
) -> list[Interaction]:
    text = f"---\ntitle: {title}\n---\n{before}\n## {heading}\n\n{section}\n"
    return list(interactions(Reading(read(text.encode(), "x.md"), "x")))


def short(row: Interaction) -> tuple[str, str, str, str]:
    return row.interactant_norm, row.affected, row.effect_target, row.effect_direction


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Digoxin", [("digoxin", "drug")]),
        (
            "CYP3A4 inducers/inhibitors",
            [("cyp3a4 inducer", "enzyme_modulator"), ("cyp3a4 inhibitor", "enzyme_modulator")],
        ),
        (
            "CYP2C9 inhibitors and inducers",
            [("cyp2c9 inhibitor", "enzyme_modulator"), ("cyp2c9 inducer", "enzyme_modulator")],
        ),
        ("Loop and thiazide diuretics", [("loop diuretic", "drug_class"), ("thiazide diuretic", "drug_class")]),
        ("NSAIDs (ibuprofen, naproxen)", [("nsaid", "drug_class"), ("ibuprofen", "drug"), ("naproxen", "drug")]),
        ("ARBs (losartan)", [("arb", "drug_class"), ("losartan", "drug")]),
        ("Nonsteroidal anti-inflammatory drugs (NSAIDs)", [("nonsteroidal anti-inflammatory drug", "drug_class")]),
        ("Paracetamol (acetaminophen)", [("paracetamol", "drug")]),
        ("Warfarin and other anticoagulants", [("warfarin", "drug"), ("anticoagulant", "drug_class")]),
        ("Ketoconazole 400 mg once daily", [("ketoconazole", "drug")]),
        ("NSAIDs (indometacin in neonates)", [("nsaid", "drug_class"), ("indometacin", "drug")]),
        ("MAO inhibitors", [("mao inhibitor", "drug_class")]),
        ("St John's wort", [("st john's wort", "supplement")]),
        ("Grapefruit juice", [("grapefruit juice", "food")]),
        ("Alcohol", [("alcohol", "alcohol")]),
        ("Live vaccines", [("live vaccine", "vaccine")]),
        ("Drugs that prolong the QT interval", [("drugs that prolong the qt interval", "drug_class")]),
        ("Exemplol, lithium", [("lithium", "drug")]),
    ],
)
def test_interactants_of_a_label(text: str, expected: list[tuple[str, str]]) -> None:
    reading = Reading(read(b"---\ntitle: Exemplol\n---\n", "x.md"), "x")
    assert [(i.norm, i.kind) for i in listed(reading, text)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* **Digoxin:** Increased digoxin levels.", [("digoxin", "interactant", "exposure", "increased")]),
        ("* **Oestrogens:** Increased risk of thrombosis.", [("oestrogen", "patient", "toxicity_risk", "increased")]),
        ("* **Rifampicin:** Reduces exemplol concentrations.", [("rifampicin", "this_drug", "exposure", "decreased")]),
        ("* **CYP3A4 inhibitors:** Higher exposure.", [("cyp3a4 inhibitor", "this_drug", "exposure", "increased")]),
        ("* **Theophylline:** Increased levels.", [("theophylline", "unknown", "exposure", "increased")]),
        ("* **Alcohol:** Dizziness may be worse.", [("alcohol", "patient", "toxicity_risk", "increased")]),
        ("* **Ibuprofen** blunts the effect on blood pressure.", [("ibuprofen", "this_drug", "efficacy", "decreased")]),
        ("* **Ritonavir:** Control of heart rate may worsen.", [("ritonavir", "this_drug", "efficacy", "decreased")]),
        ("* **Steroids:** Glycaemic control is worse.", [("steroid", "unknown", "efficacy", "decreased")]),
        ("* **Phenytoin:** Its plasma level falls.", [("phenytoin", "interactant", "exposure", "decreased")]),
        (
            "* **Pimozide:** Raised pimozide levels and QT prolongation.",
            [
                ("pimozide", "interactant", "exposure", "increased"),
                ("pimozide", "patient", "toxicity_risk", "increased"),
            ],
        ),
        (
            "* **Lithium:** Clearance falls and plasma lithium rises.",
            [("lithium", "unknown", "elimination", "decreased"), ("lithium", "interactant", "exposure", "increased")],
        ),
        ("* **Colestyramine:** Reduced absorption.", [("colestyramine", "this_drug", "absorption", "decreased")]),
        ("* **Alcohol:** Either strengthens or weakens the effect.", [("alcohol", "this_drug", "efficacy", "unclear")]),
        ("* **Furosemide:** Weaker diuretic response.", [("furosemide", "unknown", "efficacy", "decreased")]),
        ("* **Tramadol:** Serotonin syndrome.", [("tramadol", "patient", "toxicity_risk", "increased")]),
        ("* **Digoxin:** ototoxicity ↑", [("digoxin", "patient", "toxicity_risk", "increased")]),
        ("* **Ciclosporin:** Each raises the level of the other.", [("ciclosporin", "both", "exposure", "increased")]),
        (
            "Exemplol may increase plasma levels of digoxin.",
            [("digoxin", "interactant", "exposure", "increased")],
        ),
        (
            "CYP3A4 inducers (rifampicin, phenytoin) shorten its action.",
            [
                ("cyp3a4 inducer", "this_drug", "efficacy", "decreased"),
                ("rifampicin", "this_drug", "efficacy", "decreased"),
                ("phenytoin", "this_drug", "efficacy", "decreased"),
            ],
        ),
        (
            "The response to warfarin can change in either direction.",
            [("warfarin", "interactant", "efficacy", "unclear")],
        ),
        (
            "* Numerous, including digoxin and estrogen-containing therapies.",
            [
                ("digoxin", "unknown", "unknown", "unclear"),
                ("estrogen-containing therapy", "unknown", "unknown", "unclear"),
            ],
        ),
        (
            "### Drugs that lower the INR\n\n* **Rifampicin:** Profound fall.",
            [("rifampicin", "patient", "test_result", "decreased")],
        ),
        (
            "### Drugs that lower the INR\n\n* **Barbiturates:** Enzyme induction. Phenytoin may act in either direction.",
            [
                ("barbiturate", "patient", "test_result", "decreased"),
                ("phenytoin", "patient", "test_result", "unclear"),
            ],
        ),
        (
            "| Agent | Effect | What to do |\n|---|---|---|\n| Diltiazem 360 mg | AUC up 1.4-fold | None |",
            [("diltiazem", "this_drug", "exposure", "increased")],
        ),
    ],
)
def test_who_is_affected_and_how(section: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [short(row) for row in rows_of(section)] == expected


@pytest.mark.parametrize(
    "section",
    [
        "* **Warfarin:** No clinically significant interaction.",
        "* **Warfarin:** Does not interact with exemplol.",
        "### No interaction of importance\n\n* **Warfarin:** may be used freely.",
        "| With | Result |\n|---|---|\n| Warfarin | No relevant interaction |",
    ],
)
def test_an_explicit_no_interaction_is_a_negated_row(section: str) -> None:
    (row,) = rows_of(section)
    assert (row.assertion, row.affected, row.effect_target, row.effect_direction, row.severity) == (
        "negated",
        "none",
        "none",
        "unchanged",
        "none",
    )


def test_a_denied_effect_is_a_denied_interaction() -> None:
    (row,) = rows_of("* **Ondansetron:** Does not alter exemplol levels.")
    assert (row.assertion, row.effect_target, row.effect_direction) == ("negated", "none", "unchanged")


def test_a_denial_for_some_doses_does_not_undo_the_effect() -> None:
    (row,) = rows_of("* **Warfarin:** regular use may raise the INR; occasional doses have no meaningful effect.")
    assert (row.assertion, row.effect_direction) == ("possible", "increased")


def test_may_makes_an_effect_possible_only_from_there_on() -> None:
    first, second = rows_of("* **Propranolol:** blocks the effect and may provoke bronchospasm.")
    assert (first.assertion, second.assertion) == ("affirmed", "possible")


@pytest.mark.parametrize(
    ("advice", "management", "severity"),
    [
        ("Serotonin syndrome; contraindicated.", "contraindicated", "contraindicated"),
        ("More bleeding; avoid.", "avoid", "unknown"),
        ("Do not combine.", "avoid", "unknown"),
        ("Don't combine; more bleeding.", "avoid", "unknown"),
        ("More bleeding; avoid within 48 hours of a dose.", "avoid", "unknown"),
        ("Less absorption; do not take within 2 hours.", "separate_timing", "unknown"),
        ("The requirement may increase. Adjust the warfarin.", "adjust_dose", "unknown"),
        ("Levels rise slightly; no change in dose.", "none_needed", "unknown"),
        ("Higher levels; halve the dose.", "adjust_dose", "unknown"),
        ("Reduced absorption; separate by 4 hours.", "separate_timing", "unknown"),
        ("More bleeding; monitor INR.", "monitor", "unknown"),
        ("No dose adjustment is required.", "none_needed", "unknown"),
        ("More bleeding; not recommended, contraindicated in severe liver disease.", "avoid", "unknown"),
        ("Caution if taken within 24 hours before or after.", "not_stated", "unknown"),
        ("Severe neurotoxicity.", "not_stated", "unknown"),
        ("Major interaction; bleeding.", "not_stated", "major"),
    ],
)
def test_management_and_severity_only_as_stated(advice: str, management: str, severity: str) -> None:
    row = rows_of(f"* **Warfarin:** {advice}")[0]
    assert (row.management, row.severity) == (management, severity)


def test_the_cause_is_mechanism_and_no_effect() -> None:
    (row,) = rows_of("* **Probenecid:** Raises exemplol concentrations by blocking renal tubular secretion.")
    assert (row.effect_target, row.mechanism_kind, row.mechanism_entity) == (
        "exposure",
        "pk_elimination",
        "renal tubular secretion",
    )


def test_examples_take_the_mechanism_of_their_class() -> None:
    rows = rows_of("* **CYP3A4 inhibitors (ketoconazole):** Higher exposure.")
    assert {(r.mechanism_kind, r.mechanism_entity) for r in rows} == {("pk_enzyme", "CYP3A4")}


def test_a_question_names_what_its_answer_leaves_out() -> None:
    faq = "### Q1: May I drink alcohol while taking exemplol?\n\nSmall amounts are acceptable.\n"
    assert [r.interactant_norm for r in rows_of(faq, heading="FAQs")] == ["alcohol"]


@pytest.mark.parametrize(
    "section",
    [
        "See prescribing information before adding anything.",
        "The list is long and no table is complete.",
        "Exemplol interacts with numerous medications.",
        "Patients should tell their doctor about all medications they take.",
    ],
)
def test_sentences_that_name_nobody_give_no_row(section: str) -> None:
    assert rows_of(section) == []


def test_own_names_are_no_interactants() -> None:
    names = "## Alternate Names\n\nBrand Names: Exempla, Novexem\n"
    rows = rows_of("Ciclosporin and exempla each raise the level of the other.", before=names)
    assert [r.interactant_norm for r in rows] == ["ciclosporin"]


@pytest.mark.parametrize(("kind", "affected"), [("Loop diuretic.", "this_drug"), ("Analgesic.", "interactant")])
def test_an_effect_is_the_drugs_own_where_its_classes_name_the_action(kind: str, affected: str) -> None:
    usage = f"## Usage\n\n**Pharmacological Classification:** {kind}\n"
    (row,) = rows_of("* **Furosemide:** Weaker diuretic response.", before=usage)
    assert (row.affected, row.effect_target) == (affected, "efficacy")


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* **Lithium:** Sodium loss raises the risk of lithium toxicity.", [("lithium", "interactant", "toxicity_risk", "increased")]),
        ("* **Digoxin, theophylline:** Exemplol raises the levels of both.", [
            ("digoxin", "interactant", "exposure", "increased"), ("theophylline", "interactant", "exposure", "increased")]),
        ("* **Digoxin:** Levels of both drugs rise.", [("digoxin", "both", "exposure", "increased")]),
        ("* **Insulin:** Reduced blood-glucose-lowering effect.", [("insulin", "interactant", "efficacy", "decreased")]),
        ("Dopamine and intravenous exemplol together may cause hypotension.", [("dopamine", "patient", "toxicity_risk", "increased")]),
        ("As it inhibits CYP2D6, exemplol raises the levels of metoprolol, whose dose may need to be reduced.", [
            ("metoprolol", "interactant", "exposure", "increased")]),
    ],
)  # fmt: skip
def test_whose_effect_it_is(section: str, expected: list[tuple[str, str, str, str]]) -> None:
    usage = "## Usage\n\n**Pharmacological Classification:** Corticosteroid\n"
    assert [short(r) for r in rows_of(section, before=usage)] == expected


def test_the_members_before_a_vaccine_are_vaccines() -> None:
    rows = rows_of("* **Measles, mumps and rubella vaccines:** Reduced response.")
    assert [r.interactant_kind for r in rows] == ["vaccine"] * 3


def advised(row: Interaction) -> tuple[str, str, str, str]:
    return row.interactant_norm, row.effect_target, row.affected, row.management


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("| Concomitant Drug | Clinical Impact | Intervention |\n|---|---|---|\n| Warfarin | anticoagulant effect ↑ | INR daily |\n"
         "| Digoxin | Increased digoxin levels | Reduce its dosage |", [
            ("warfarin", "efficacy", "interactant", "monitor"), ("digoxin", "exposure", "interactant", "adjust_dose")]),
        ("- Phenytoin; sodium valproate: no interaction.\n- Ibuprofen; aspirin: increased risk of bleeding; avoid.", [
            ("phenytoin", "none", "none", "not_stated"), ("sodium valproate", "none", "none", "not_stated"),
            ("ibuprofen", "toxicity_risk", "patient", "avoid"), ("aspirin", "toxicity_risk", "patient", "avoid")]),
        ("*Serotonin syndrome.* Triptans increase the risk of serotonin syndrome. Monitoring is advised.", [
            ("triptan", "toxicity_risk", "patient", "monitor")]),
        ("*Monoamine oxidase inhibitors.* Increased risk of serotonin syndrome. Concomitant use is contraindicated.", [
            ("monoamine oxidase inhibitor", "toxicity_risk", "patient", "contraindicated")]),
        ("Potent inhibitors of CYP1A2 (fluvoxamine) increase the plasma concentration of exemplol; avoid.", [
            ("potent inhibitors of cyp1a2", "exposure", "this_drug", "avoid"), ("fluvoxamine", "exposure", "this_drug", "avoid")]),
        ("The absorption of levothyroxine may be reduced.", [("levothyroxine", "absorption", "interactant", "not_stated")]),
        ("Levels go up with clarithromycin but down with phenytoin.", [
            ("clarithromycin", "exposure", "this_drug", "not_stated"), ("phenytoin", "exposure", "unknown", "not_stated")]),
        ("- No relevant interactions: amlodipine, atenolol.\n- Nothing seen with warfarin.", [
            ("amlodipine", "none", "none", "not_stated"), ("atenolol", "none", "none", "not_stated"),
            ("warfarin", "none", "none", "not_stated")]),
        ("- CYP2C8 substrates, e.g. repaglinide: increased exposure.\n- Food: a high-fat meal increased Cmax.", [
            ("cyp2c8 substrate", "exposure", "interactant", "not_stated"), ("repaglinide", "exposure", "interactant", "not_stated"),
            ("high-fat meal", "exposure", "this_drug", "not_stated")]),
        ("| Drug | Mechanism | Consequence |\n|---|---|---|\n| Ketoconazole | CYP3A4 inhibition | exemplol AUC x3 |", [
            ("ketoconazole", "exposure", "this_drug", "not_stated")]),
        ("- NSAIDs incl. ibuprofen: ↑ risk of bleeding\n- trimethoprim: ↑ K+, monitor", [
            ("nsaid", "toxicity_risk", "patient", "not_stated"), ("ibuprofen", "toxicity_risk", "patient", "not_stated"),
            ("trimethoprim", "toxicity_risk", "patient", "monitor")]),
        ("- Cortisol assay: falsely high after a dose of exemplol.", [("cortisol assay", "test_result", "interactant", "not_stated")]),
        ("- NSAIDs: these painkillers make exemplol work less well.", [("nsaid", "efficacy", "this_drug", "not_stated")]),
        ("Exemplol has no effect on digoxin or warfarin.", [
            ("digoxin", "none", "none", "not_stated"), ("warfarin", "none", "none", "not_stated")]),
        ("The chromogranin A test may give falsely high results.", [
            ("chromogranin a test", "test_result", "interactant", "not_stated")]),
        ("Opioids and alcohol may enhance sedation; alcohol should be avoided.", [
            ("opioid", "toxicity_risk", "patient", "not_stated"), ("alcohol", "toxicity_risk", "patient", "avoid")]),
    ],
)  # fmt: skip
def test_interactions_of_other_hands(section: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [advised(r) for r in rows_of(section)] == expected


def test_a_row_that_names_the_drug_gives_an_own_name() -> None:
    names = "\n| Item | Entry |\n|---|---|\n| Abbrev. | EXL |\n| Stock | vials 100 mg |\n"
    (row,) = rows_of("- Probenecid: EXL level ↑", before=names)
    assert row.affected == "this_drug"


@pytest.mark.parametrize(
    ("heads", "cells", "severity", "management", "mechanism"),
    [
        ("Effect | Action | Rating", "Exemplol levels increased | Adjust dose | Moderate", "moderate", "adjust_dose", "unknown"),
        ("What happens | How bad | Then", "raises exemplol levels | serious | avoid", "major", "avoid", "unknown"),
        ("And you get | So", "exemplol levels ↑ | halve the dose", "unknown", "adjust_dose", "unknown"),
        ("Result | Why | Advice", "exemplol level doubled | CYP2C9 inhibited | – ", "unknown", "not_stated", "pk_enzyme"),
        ("Effect | Do", "level falls | give twice daily", "unknown", "adjust_dose", "unknown"),
    ],
)  # fmt: skip
def test_columns_told_by_their_cells(heads: str, cells: str, severity: str, management: str, mechanism: str) -> None:
    rule = "---|" * (heads.count("|") + 2)
    (row,) = rows_of(f"| Drug | {heads} |\n|{rule}\n| Fluconazole | {cells} |")
    assert (row.severity, row.management, row.mechanism_kind) == (severity, management, mechanism)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Nitrates must not be given within 24 hours of a tablet: profound hypotension.",
         [("nitrate", "toxicity_risk", "contraindicated")]),
        ("Live vaccines should be avoided for 6 months afterwards: risk of infection.",
         [("live vaccine", "toxicity_risk", "avoid")]),
        ("Moderate CYP3A4 inhibitors (diltiazem): increase exemplol levels. Adjust the dose.",
         [("moderate cyp3a4 inhibitor", "exposure", "adjust_dose"), ("diltiazem", "exposure", "adjust_dose")]),
        ("Simvastatin: its exposure is doubled. No more than 20 mg of simvastatin daily.",
         [("simvastatin", "exposure", "adjust_dose")]),
        ("Rizatriptan: its level is increased. The dose is limited to 5 mg.", [("rizatriptan", "exposure", "adjust_dose")]),
        ("Digoxin: increased risk of arrhythmia. Potassium should be monitored.", [("digoxin", "toxicity_risk", "monitor")]),
        ("Alcohol: flushing and vomiting possible.", [("alcohol", "toxicity_risk", "not_stated")]),
        ("Paracetamol 500 mg, amoxicillin: no interaction.",
         [("paracetamol", "none", "not_stated"), ("amoxicillin", "none", "not_stated")]),
        ("Warfarin, ciclosporin: their levels may fall. Monitor INR and ciclosporin level.",
         [("warfarin", "exposure", "monitor"), ("ciclosporin", "exposure", "monitor")]),
        ("The interactions fall into two groups: those that alter the metabolism and those that add to the bleeding.", []),
    ],
)  # fmt: skip
def test_sentences_of_advice(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(r.interactant_norm, r.effect_target, r.management) for r in rows_of(f"- {line}")] == expected


@pytest.mark.parametrize(
    ("line", "affected"),
    [
        ("Prednisolone: effect reduced; raise the prednisolone dose.", "interactant"),
        ("Phenprocoumon: effect reduced; check the INR.", "interactant"),
        ("Phenytoin: levels reduced; increase the exemplol dose.", "this_drug"),
        ("Fibrinolytics: lytic effect reduced.", "interactant"),
        ("Levodopa: effect weakened.", "unknown"),
    ],
)
def test_whose_effect_the_advice_tells(line: str, affected: str) -> None:
    assert [r.affected for r in rows_of(f"- {line}")] == [affected]


def test_what_a_bracket_of_a_label_says() -> None:
    first, second, test = rows_of(
        "- Gemfibrozil (CYP2C8 inhibitor): raises exemplol levels.\n- Ketoconazole (major): raises exemplol levels.\n"
        "- PT: no interaction."
    )
    assert (first.mechanism_kind, first.mechanism_entity) == ("pk_enzyme", "CYP2C8")
    assert (second.interactant, second.severity, test.interactant_kind) == ("Ketoconazole", "major", "lab_test")


def test_what_a_bracket_says_of_each_member_is_of_it_alone() -> None:
    rows = rows_of(
        "- **Avoid:** ketoconazole (levels of exemplol rise), alcohol (sedation).\n"
        "- Use with care: prazosin (hypotension), lithium."
    )
    assert [(*short(r), r.management) for r in rows] == [
        ("ketoconazole", "this_drug", "exposure", "increased", "avoid"),
        ("alcohol", "patient", "toxicity_risk", "increased", "avoid"),
        ("prazosin", "patient", "toxicity_risk", "increased", "not_stated"),
        ("lithium", "unknown", "unknown", "unclear", "not_stated"),
    ]


def test_headings_that_sort_interactions_by_what_is_to_be_done() -> None:
    rows = rows_of(
        "### Contraindicated combinations\n\n- Nitrates: profound hypotension.\n\n"
        "### To be avoided\n\n- Ritonavir: level increased.\n\n### Safe together\n\nParacetamol, amoxicillin."
    )
    assert [(r.interactant, r.severity, r.management) for r in rows] == [
        ("Nitrates", "contraindicated", "contraindicated"),
        ("Ritonavir", "unknown", "avoid"),
        ("Paracetamol", "none", "not_stated"),
        ("amoxicillin", "none", "not_stated"),
    ]


def test_labels_of_one_paragraph_own_no_level() -> None:
    rows = rows_of("Warfarin: more bleeding. Rifampicin: level down; double the dose. Lithium: nil.")
    assert [short(r) for r in rows] == [
        ("warfarin", "patient", "toxicity_risk", "increased"),
        ("rifampicin", "this_drug", "exposure", "decreased"),
        ("lithium", "none", "none", "unchanged"),
    ]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Anything that lengthens QT (sotalol, methadone): torsades.", ["Anything that lengthens QT", "sotalol", "methadone"]),
        ("Milk, within two hours: less is absorbed.", ["Milk"]),
        ("Statins (simvastatin above all): myopathy.", ["Statins", "simvastatin"]),
    ],
)  # fmt: skip
def test_names_without_what_stands_around_them(label: str, expected: list[str]) -> None:
    assert [r.interactant for r in rows_of(f"- {label}")] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("With rifampicin the exposure falls to a tenth.", [("rifampicin", "this_drug", "exposure", "decreased")]),
        ("With lithium the lithium level climbs.", [("lithium", "interactant", "exposure", "increased")]),
        ("Ketoconazole trebles its AUC.", [("ketoconazole", "this_drug", "exposure", "increased")]),
        ("Carbamazepine → exemplol levels down.", [("carbamazepine", "this_drug", "exposure", "decreased")]),
        ("Lithium + exemplol = neurotoxicity.", [("lithium", "patient", "toxicity_risk", "increased")]),
        ("Exemplol slows the breakdown of theophylline.", [("theophylline", "interactant", "metabolism", "decreased")]),
    ],
)
def test_short_sentences_on_one_partner(section: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [short(r) for r in rows_of(section)] == expected


def test_advice_on_another_drug_is_that_of_the_other() -> None:
    rows = rows_of("- Diuretics: dehydration. Do not combine with aliskiren.\n- Caution with lithium: toxicity.")
    assert [(r.interactant, r.management) for r in rows] == [
        ("Diuretics", "not_stated"),
        ("aliskiren", "avoid"),
        ("lithium", "not_stated"),
    ]


def test_severity_behind_a_name() -> None:
    rows = rows_of(
        "- Warfarin – minor: INR a little higher.\n- Ketoconazole – contraindicated: QT prolongation.\n"
        "- **CYP3A4 inhibitors (diltiazem) – major:** higher levels."
    )
    assert [(r.interactant, r.severity, r.management) for r in rows] == [
        ("Warfarin", "minor", "not_stated"),
        ("Ketoconazole", "contraindicated", "contraindicated"),
        ("CYP3A4 inhibitors", "major", "not_stated"),
        ("diltiazem", "major", "not_stated"),
    ]


def test_what_the_drug_does_to_a_list_behind_a_colon() -> None:
    rows = rows_of(
        "Exemplol raises the level of: ciclosporin, digoxin. It lowers the level of: oestrogens, doxycycline."
    )
    assert [short(r) for r in rows] == [
        ("ciclosporin", "interactant", "exposure", "increased"),
        ("digoxin", "interactant", "exposure", "increased"),
        ("oestrogen", "interactant", "exposure", "decreased"),
        ("doxycycline", "interactant", "exposure", "decreased"),
    ]


@pytest.mark.parametrize(
    ("own", "who", "affected"),
    [
        ("partial opioid agonist; analgesic", "Opioids", "unknown"),
        ("opioid antagonist", "Opioids", "interactant"),
        ("opioid analgesic", "Rifampicin", "this_drug"),
    ],
)
def test_an_effect_that_both_may_have_is_nobodys(own: str, who: str, affected: str) -> None:
    (row,) = rows_of(f"- {who}: analgesic effect reduced.", before=f"**Drug class:** {own}\n")
    assert row.affected == affected


def test_words_that_are_no_interactant() -> None:
    rows = rows_of(
        "- Watch INR with warfarin.\n- The most important partner is warfarin: the INR can double.\n- Two groups matter.\n"
        "- + opioids: sedation"
    )
    assert {r.interactant for r in rows} == {"warfarin", "opioids"}


def test_those_excepted_are_no_interactants() -> None:
    rows = rows_of(
        "- **HIV protease inhibitors (except ritonavir):** contraindicated.\n"
        "- **Azoles (ketoconazole, itraconazole, but not fluconazole):** avoid.\n- **Methadone, but not buprenorphine:** withdrawal."
    )
    assert [r.interactant for r in rows] == [
        "HIV protease inhibitors",
        "Azoles",
        "ketoconazole",
        "itraconazole",
        "Methadone",
    ]


@pytest.mark.parametrize(
    "says",
    [
        "avoid simvastatin; levels rise.",
        "simvastatin is contraindicated, pravastatin may be used.",
        "less of a concern than with simvastatin, which should be avoided.",
    ],
)
def test_a_ban_on_one_drug_is_none_on_its_class(says: str) -> None:
    (row, *_) = rows_of(f"- **Statins:** {says}")
    assert (row.interactant, row.management, row.severity) == ("Statins", "not_stated", "unknown")


def test_sentences_that_begin_with_another_name() -> None:
    rows = rows_of(
        "Tizanidine levels rise tenfold: contraindicated. Antacids and calcium (but not ranitidine) reduce absorption. "
        "Glibenclamide – hypoglycaemia. Ropinirole's AUC is up by 84%. Probenecid reduces its renal clearance."
    )
    assert [(r.interactant, r.effect_direction, r.affected) for r in rows] == [
        ("Tizanidine", "increased", "interactant"),
        ("Antacids", "decreased", "this_drug"),
        ("calcium", "decreased", "this_drug"),
        ("Glibenclamide", "increased", "patient"),
        ("Ropinirole", "increased", "interactant"),
        ("Probenecid", "decreased", "this_drug"),
    ]


def test_severity_and_advice_in_one_cell_and_other_forms() -> None:
    rows = rows_of(
        "| With | Result | Severity |\n|---|---|---|\n| Aspirin | bleeding | major, monitor closely |\n"
        "| DOACs | bleeding | contraindicated together |\n\n"
        "- Oestrogens: TBG rises; transdermal forms do not.\n- Calcium, aluminium, sevelamer: keep 4 hours away."
    )
    assert [(r.interactant, r.assertion, r.severity, r.management) for r in rows] == [
        ("Aspirin", "affirmed", "major", "monitor"),
        ("DOACs", "affirmed", "contraindicated", "contraindicated"),
        ("Oestrogens", "affirmed", "unknown", "not_stated"),
        ("Calcium", "affirmed", "unknown", "separate_timing"),
        ("aluminium", "affirmed", "unknown", "separate_timing"),
        ("sevelamer", "affirmed", "unknown", "separate_timing"),
    ]


@pytest.mark.parametrize(
    ("says", "management"),
    [
        ("no interaction. No extra monitoring.", "none_needed"),
        ("no interaction. No extra contraception.", "none_needed"),
        ("no interaction; there is no need to separate them.", "none_needed"),
        ("level slightly raised; the dose does not need to be reduced.", "none_needed"),
        ("level raised; monitor closely.", "monitor"),
        ("additional bleeding; watch for bruises.", "monitor"),
    ],
)
def test_what_need_not_be_done_is_no_advice(says: str, management: str) -> None:
    assert [r.management for r in rows_of(f"- **Digoxin:** {says}")] == [management]


@pytest.mark.parametrize(
    ("line", "test", "direction"),
    [
        ("Urine glucose tests become positive.", "Urine glucose tests", "increased"),
        ("The Coombs test turns positive.", "Coombs test", "increased"),
        ("Creatinine assays by the Jaffe method are unreliable.", "Creatinine assays", "unclear"),
        ("The cortisol assay cannot be trusted.", "cortisol assay", "unclear"),
        ("**Bone scans:** may turn falsely positive.", "Bone scans", "increased"),
        ("**Urine amphetamine screen:** false positives.", "Urine amphetamine screen", "increased"),
    ],
)
def test_tests_that_mislead(line: str, test: str, direction: str) -> None:
    (row,) = rows_of(line)
    assert (row.interactant, row.interactant_kind, row.effect_target) == (test, "lab_test", "test_result")
    assert (row.affected, row.effect_direction) == ("interactant", direction)


def test_a_class_that_heads_a_paragraph_leaves_it_to_its_members() -> None:
    rows = rows_of("**Diuretics.** Thiazides and furosemide may increase the risk of gout. Monitor uric acid.")
    assert [(r.interactant, r.management) for r in rows] == [("Thiazides", "monitor"), ("furosemide", "monitor")]


def test_a_dose_with_its_bound_is_no_part_of_a_name() -> None:
    rows = rows_of(
        "| Agent | Effect |\n|---|---|\n| Niacin ≥1 g/day | risk of gout increased |\n| Aspirin > 100 mg daily | bleeding |"
    )
    assert [r.interactant for r in rows] == ["Niacin", "Aspirin"]


def test_a_question_that_calls_the_drug_by_its_class() -> None:
    rows = rows_of(
        "**Can I drink alcohol with a statin?** Yes, it does not matter.",
        before="**Drug class:** statin\n",
        heading="FAQs",
    )
    assert {r.interactant for r in rows} == {"alcohol"}


def test_labels_that_tell_what_their_list_does() -> None:
    rows = rows_of(
        "- Raise levels: amiodarone (by half; halve the dose), verapamil\n- Not affected by: losartan\n"
        "- Erythromycin kills the gut flora that break it down: levels rise.\n- Steroids, systemic: osteoporosis."
    )
    assert [(r.interactant, r.effect_direction, r.assertion) for r in rows] == [
        ("amiodarone", "increased", "affirmed"),
        ("verapamil", "increased", "affirmed"),
        ("losartan", "unchanged", "negated"),
        ("Erythromycin", "increased", "affirmed"),
        ("Steroids", "unclear", "affirmed"),
    ]


def test_a_label_sorts_only_its_own_list() -> None:
    rows = rows_of("Contraindicated: pimozide, methadone. Fluoxetine raises the level. Smoking lowers levels.")
    rows += rows_of("- OCT1 inhibitors such as verapamil – weaker effect; OCT2 inhibitors (cimetidine) – higher levels")
    assert [(r.interactant, r.severity, r.effect_direction) for r in rows] == [
        ("pimozide", "contraindicated", "unclear"),
        ("methadone", "contraindicated", "unclear"),
        ("Fluoxetine", "unknown", "increased"),
        ("Smoking", "unknown", "decreased"),
        ("OCT1 inhibitors", "unknown", "decreased"),
        ("verapamil", "unknown", "decreased"),
        ("OCT2 inhibitors", "unknown", "increased"),
        ("cimetidine", "unknown", "increased"),
    ]


SEDATIVE = "## Classification\n\nHypnotic, sedative"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* **Aminophylline:** It may reduce the sedative effect of Exemplol.", ("this_drug", "efficacy", "decreased", "not_stated")),
        ("* **Caffeine:** It weakens the sedative effect.", ("this_drug", "efficacy", "decreased", "not_stated")),
        ("* **Rifampicin:** Levels fall. Choose something else.", ("this_drug", "exposure", "decreased", "avoid")),
        ("* **Rifabutin:** Levels fall. Switch to another antibiotic.", ("this_drug", "exposure", "decreased", "avoid")),
        ("* **Levothyroxine:** No interaction. No separation needed.", ("none", "none", "unchanged", "none_needed")),
        ("* **Combined oral contraceptives:** efficacy may be reduced.", ("interactant", "efficacy", "decreased", "not_stated")),
        ("* **Beta blockers:** mask the warning signs of hypoglycaemia.", ("patient", "toxicity_risk", "increased", "not_stated")),
        ("* **Varicella vaccine:** efficacy reduced. Do not give it from 2 weeks before until 4 weeks after Exemplol.",
         ("interactant", "efficacy", "decreased", "separate_timing")),
        ("* **Urine ketone strips:** may give a false-positive result.", ("interactant", "test_result", "increased", "not_stated")),
        ("Exemplol adds to the effect of other sedatives. Notable ones are:\n\n* **Opium:**", ("patient", "toxicity_risk", "increased", "not_stated")),
    ],
)  # fmt: skip
def test_what_is_lost_added_and_advised(line: str, expected: tuple[str, str, str, str]) -> None:
    row = rows_of(line, before=SEDATIVE)[0]
    assert (row.affected, row.effect_target, row.effect_direction, row.management) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Digoxin deserves a word. Low potassium makes it toxic.", []),
        ("Warfarin is the drug we are asked about most.", []),
        ("Warfarin interacts with it.", ["warfarin"]),
        ("* **Haloperidol:** reduces its efficacy. Avoid; quetiapine 12.5 mg at night if you must.", ["haloperidol"]),
        ("* **Haloperidol:** reduces its efficacy. Avoid; paracetamol is the safer choice.", ["haloperidol"]),
    ],
)
def test_a_name_that_nothing_is_told_of_is_no_interaction(text: str, expected: list[str]) -> None:
    assert [r.interactant_norm for r in rows_of(text)] == expected


def test_a_prodrug_is_called_without_its_ester() -> None:
    row = rows_of("* **Probenecid:** may reduce renal excretion of cefuroxime.", title="Cefuroxime axetil")[0]
    assert (row.affected, row.effect_target) == ("this_drug", "elimination")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* **Diuretics:** reduce Exemplol to 1–2 mg.", [("diuretic", "unknown", "adjust_dose")]),
        ("* **Antacids:** reduce absorption by 90%.", [("antacid", "absorption", "not_stated")]),
        ("* **Smoking:** Lowers levels; on stopping smoking levels rise.", [("smoking", "exposure", "not_stated")]),
        (
            "Avoid potassium-sparing diuretics, but furosemide may be used.",
            [("potassium-sparing diuretic", "unknown", "avoid"), ("furosemide", "unknown", "none_needed")],
        ),
        ("* **Simvastatin:** do not give more than 20 mg of it.", [("simvastatin", "unknown", "adjust_dose")]),
        ("* **Diltiazem:** Exemplol AUC rises in elderly hypertensives.", [("diltiazem", "exposure", "not_stated")]),
        ("* **Warfarin:** may be given with care.", [("warfarin", "unknown", "not_stated")]),
        ("* **Digoxin:** digoxin slightly lowers Exemplol levels.", [("digoxin", "exposure", "not_stated")]),
    ],
)
def test_whose_advice_and_what_is_lost_on_stopping(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(r.interactant_norm, r.effect_target, r.management) for r in rows_of(text)] == expected


def test_a_ban_for_some_patients_tells_no_severity_for_all() -> None:
    (row,) = rows_of("* **Aliskiren:** contraindicated in patients with diabetes.")
    assert row.severity == "unknown"


def test_caffeine_has_a_level_of_its_own() -> None:
    (row,) = rows_of("* **Caffeine:** clearance of caffeine is halved.")
    assert short(row) == ("caffeine", "interactant", "elimination", "decreased")


def test_leave_for_another_leaves_the_ban_affirmed() -> None:
    row = rows_of("* **Tetracyclines:** Contraindicated; other antibiotics may be used.")[0]
    assert (row.management, row.assertion) == ("contraindicated", "affirmed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "* **Phenytoin:** monitor phenytoin levels; Exemplol levels may fall.",
            ("this_drug", "exposure", "decreased"),
        ),
        ("* **Alcohol:** bingeing raises, heavy use lowers the INR.", ("patient", "test_result", "unclear")),
    ],
)
def test_whose_level_and_both_ways(text: str, expected: tuple[str, str, str]) -> None:
    assert [short(r)[1:] for r in rows_of(text)] == [expected]


@pytest.mark.parametrize("says", ["the same may occur. Monitor.", "the same can happen.", "similar."])
def test_what_is_said_to_be_the_same(says: str) -> None:
    first, second = rows_of(f"- Ciclosporin: its blood level may fall.\n- Tacrolimus: {says}")
    assert second.interactant == "Tacrolimus"
    assert (
        (second.affected, second.effect_target) == (first.affected, first.effect_target) == ("interactant", "exposure")
    )


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- **CYP3A4 inhibitors:** no adjustment for moderate; avoid strong ones.", [("cyp3a4 inhibitor", "not_stated", "affirmed")]),
        ("- **Strong CYP3A4 inhibitors:** avoid; moderate ones: monitor.", [("strong cyp3a4 inhibitor", "avoid", "affirmed")]),
        ("- Should not be separated from food.", [("food", "not_stated", "affirmed")]),
        ("- **Grapefruit juice:** small increase, no action required.", [("grapefruit juice", "none_needed", "affirmed")]),
        ("- **Iron:** must not be taken at the same time; take 2 hours apart.", [("iron", "separate_timing", "affirmed")]),
        ("- **MAOIs:** must not be taken at the same time.", [("maoi", "contraindicated", "affirmed")]),
        ("- Do not give with MAOIs, or within 14 days of stopping one.", [("maoi", "avoid", "affirmed")]),
        ("- No interaction with lithium has been reported.", [("lithium", "not_stated", "negated")]),
        ("- There was no effect on the pharmacokinetics of warfarin.", [("warfarin", "not_stated", "negated")]),
        ("- In contrast to erythromycin, azithromycin has no effect.", [("azithromycin", "not_stated", "negated")]),
        ("- **Macrolides:** clarithromycin raises levels; azithromycin does not.", [
            ("clarithromycin", "not_stated", "affirmed"), ("azithromycin", "not_stated", "negated")]),
        ("- **Azoles:** fluconazole doubles levels; no change with clotrimazole cream.", [
            ("fluconazole", "not_stated", "affirmed"), ("clotrimazole", "not_stated", "negated")]),
    ],
)  # fmt: skip
def test_of_whom_it_is_told_and_what_is_advised(section: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(r.interactant_norm, r.management, r.assertion) for r in rows_of(section)] == expected


@pytest.mark.parametrize(
    ("section", "target", "direction"),
    [
        ("- Food delays but does not reduce absorption.", "absorption", "decreased"),
        ("- **Antacids:** rate of absorption falls.", "absorption", "decreased"),
        ("- Efavirenz decreases exemplol by about 50%.", "exposure", "decreased"),
        ("- **Warfarin:** INR falls at first and rises later.", "test_result", "unclear"),
        ("- **Iron:** absorption of exemplol is halved; absorption of iron is not changed.", "absorption", "decreased"),
    ],
)
def test_what_changes_where_two_things_are_said(section: str, target: str, direction: str) -> None:
    assert [(r.effect_target, r.effect_direction) for r in rows_of(section)] == [(target, direction)]


def test_a_paragraph_that_lists_its_own_says_nothing_of_the_list_behind_it() -> None:
    found = rows_of("**No interaction:** warfarin, digoxin.\n\n- Ritonavir: raises levels\n- Food: delays the onset")
    assert [(r.interactant_norm, r.assertion) for r in found] == [
        ("warfarin", "negated"),
        ("digoxin", "negated"),
        ("ritonavir", "affirmed"),
        ("food", "affirmed"),
    ]
    behind = rows_of("**No interaction:** these are safe.\n\n- Paracetamol\n- Penicillin")
    assert {r.assertion for r in behind} == {"negated"}


def test_arrows_and_amounts_are_no_part_of_a_name() -> None:
    found = rows_of("- Lithium ↑\n- Alcohol >3 drinks a day: bleeding")
    assert [r.interactant_norm for r in found] == ["lithium", "alcohol"]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* **Oral contraceptives:** May reduce the efficacy of oral contraceptives; additional contraception is advised.",
         [("oral contraceptive", "interactant", "efficacy", "decreased")]),
        ("* **Warfarin:** Additional monitoring of INR is advised.", [("warfarin", "unknown", "unknown", "unclear")]),
        ("* **MAO inhibitors:** Concurrent use or use within 14 days can cause serotonin syndrome.",
         [("mao inhibitor", "patient", "toxicity_risk", "increased")]),
        ("* **Sertraline:** Co-administration of sertraline increased the AUC.",
         [("sertraline", "this_drug", "exposure", "increased")]),
        ("* **Digoxin:** Concomitant use with digoxin increased digoxin levels.",
         [("digoxin", "interactant", "exposure", "increased")]),
        ("* **Digoxin:** Exemplol increases digoxin levels and toxicity may occur.",
         [("digoxin", "interactant", "exposure", "increased"), ("digoxin", "interactant", "toxicity_risk", "increased")]),
        ("* **CYP2C9 inhibitors:** May decrease conversion to the active metabolite.",
         [("cyp2c9 inhibitor", "this_drug", "metabolism", "decreased")]),
    ],
)  # fmt: skip
def test_what_is_given_and_what_is_advised_change_nothing_themselves(
    section: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert [short(r) for r in rows_of(section)] == expected


def test_may_result_at_the_end_holds_for_the_whole_list() -> None:
    (row,) = rows_of("* **Benzodiazepines:** Profound sedation, coma, and death may result.")
    assert row.assertion == "possible"


@pytest.mark.parametrize(
    ("section", "management"),
    [
        ("* **Insulin:** Dosage of insulin may need to be reduced.", "adjust_dose"),
        ("* **Ketoconazole:** Co-administration with a 200 mg dose of ketoconazole doubled the AUC.", "not_stated"),
    ],
)
def test_a_dose_is_advice_only_where_it_is_to_change(section: str, management: str) -> None:
    (row,) = rows_of(section)
    assert row.management == management


def test_a_paragraph_behind_a_list_is_not_under_the_label_that_opened_it() -> None:
    section = (
        "**Minor/No Interactions:**\n\n* **Digoxin:** No relevant interaction.\n\n"
        "**Alcohol:** Increased risk of bleeding.\n\n**Herbal:** St. John's wort may lower exemplol levels.\n"
    )
    assert [(r.interactant_norm, r.assertion, r.severity) for r in rows_of(section)] == [
        ("digoxin", "negated", "none"),
        ("alcohol", "affirmed", "unknown"),
        ("st. john's wort", "possible", "unknown"),
    ]


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ("* **CYP3A4 Inhibitors:** Ketoconazole and clarithromycin may increase exemplol levels.",
         ["cyp3a4 inhibitor", "ketoconazole", "clarithromycin"]),
        ("* **Serotonergic Drugs:** SSRIs, triptans, and MAOIs may increase the risk of serotonin syndrome.",
         ["serotonergic drug", "ssri", "triptan", "maoi"]),
        ("* **CNS Depressants:** Benzodiazepines and alcohol increase sedation.", ["cns depressant", "benzodiazepine", "alcohol"]),
        ("* **Oral contraceptives:** Levonorgestrel AUC falls by about 15%.", ["oral contraceptive"]),
        ("* **CYP450:** Minimal interaction potential, as it is metabolized by glucuronidation.", []),
        ("* **CYP2D6 Interactions:** Fluoxetine and paroxetine increase exemplol levels.", ["fluoxetine", "paroxetine"]),
        ("**Food Interactions:** None known.", ["food"]),
    ],
)  # fmt: skip
def test_whom_a_label_and_the_sentence_behind_it_name(section: str, named: list[str]) -> None:
    assert [r.interactant_norm for r in rows_of(section)] == named


def test_food_has_no_effect_to_lose_and_an_enzyme_in_a_list_is_of_its_own_name() -> None:
    (food,) = rows_of("* **Food:** Must be taken with food; efficacy may be diminished without food.")
    assert (food.affected, food.effect_target) == ("unknown", "unknown")
    listing = rows_of("MAOIs, serotonergic drugs, CYP3A4 inhibitors, NSAIDs.")
    assert [r.mechanism_kind for r in listing] == ["unknown", "unknown", "pk_enzyme", "unknown"]
    answer = "### Q1: Can Exemplol be taken with ibuprofen?\n\n**A:** Concurrent use increases the risk of bleeding. Consult your doctor."
    assert [short(r) for r in rows_of(answer, heading="FAQs")] == [
        ("ibuprofen", "patient", "toxicity_risk", "increased")
    ]


def test_either_way_is_unclear_and_a_bracket_tells_of_its_own_name() -> None:
    (warfarin,) = rows_of("* **Warfarin:** The effect may be potentiated or weakened; monitor INR.")
    assert (warfarin.effect_direction, warfarin.management) == ("unclear", "monitor")
    listing = rows_of(
        "**Drugs that may increase exemplol levels:**\n\n* Fluconazole (CYP2C9 inhibitor), sulfonamides, MAOIs\n"
    )
    assert [r.mechanism_kind for r in listing] == ["pk_enzyme", "unknown", "unknown"]


def test_none_for_a_time_is_advice_and_no_denial() -> None:
    (found,) = rows_of("* **Alcohol:** none for 24 hours afterwards.")
    assert (found.assertion, found.management) == ("affirmed", "avoid")
