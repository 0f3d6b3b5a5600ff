"""Names, classes and combinations where no section of their own lists them: tables, labels and sentences."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract


def rows(body: str, table: str) -> list[Any]:
    found = extract(read(f"---\ntitle: Testolol\n---\n{body}".encode(), "testolol.md"), "testolol")[table]
    return sorted(found, key=lambda r: r.char_start)


SHEET = """# Testolol card

| What | Entry |
|---|---|
| Generic | testolol |
| Trade | Abcor; Befix (tablets) |
| Abbrev. | TST |
| Class | Beta blocker; antihypertensive |
| Salts | testolol maleate |
| Half-life | 4 hours |
| Stock | Befix 50 mg |
"""
PROSE = "## Description\n\nTestolol (INN), also supplied as testolol tartrate, is marketed under the brand names Abcor and Befix. Pharmacologic class: beta blocker, antianginal agent.\n"
NOTES = "## What sort of medicine is this?\n\n- Drug class: beta blocker.\n- The official name (INN) is testolol.\n- Brand names you may see on the box: Abcor, Befix (a liquid).\n"
LINES = "## Names\n\nINN: testolol. Proprietary names: Abcor; Befix. Trade names in Germany: Dolux, Ember. Also called compound T.\n"
ESSAY = "## What it goes by\n\nTestolol (that is also the international nonproprietary name) is sold as Abcor for angina and as Befix for migraine, while the drops go by the name of Cedol.\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SHEET, [("testolol", "inn"), ("Abcor", "brand"), ("Befix", "brand"), ("TST", "abbreviation"), ("testolol maleate", "synonym")]),
        (PROSE, [("Testolol", "inn"), ("testolol tartrate", "synonym"), ("Abcor", "brand"), ("Befix", "brand")]),
        (NOTES, [("testolol", "inn"), ("Abcor", "brand"), ("Befix", "brand")]),
        (LINES, [("testolol", "inn"), ("Abcor", "brand"), ("Befix", "brand"), ("Dolux", "brand"), ("Ember", "brand"), ("compound T", "synonym")]),
        (ESSAY, [("Testolol", "inn"), ("Abcor", "brand"), ("Befix", "brand"), ("Cedol", "brand")]),
        ("# Testolol (r-TST)\n\nGeneric: testolol. You will also see it charted as amfetolol.\n", [("r-TST", "abbreviation"), ("testolol", "inn"), ("amfetolol", "synonym")]),
        ("Booklet for the team. International name: testolol. Marketed here as Abcor and Befix.\n", [("testolol", "inn"), ("Abcor", "brand"), ("Befix", "brand")]),
        ("Fact sheet. Testolol (TST) is the INN; stores know it as Abcor.\n", [("Testolol", "inn"), ("TST", "abbreviation"), ("Abcor", "brand")]),
        ("- Other denominations: compound T, rHuTST\n- Commercial names in our hospital: Abcor, Befix\n",
         [("compound T", "synonym"), ("rHuTST", "abbreviation"), ("Abcor", "brand"), ("Befix", "brand")]),
    ],
)  # fmt: skip
def test_names_wherever_they_stand(body: str, expected: list[tuple[str, str]]) -> None:
    assert [(n.name, n.name_kind) for n in rows(body, "drug_names") if n.name_kind != "title"] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SHEET, ["Beta blocker", "antihypertensive"]),
        (PROSE, ["beta blocker", "antianginal agent"]),
        (NOTES, ["beta blocker"]),
        ("## About\n\nIt belongs to the beta blockers, a branch of the antihypertensives, and lowers the pulse.\n", ["beta blockers", "antihypertensives"]),
        ("## About\n\nTestolol (a tablet) is a xanthine oxidase inhibitor that lowers urate.\n", ["xanthine oxidase inhibitor"]),
        ("## About\n\nTestolol is a medicine that lowers urate. It belongs to the proton pump inhibitors and, by its structure, to the benzimidazoles.\n",
         ["proton pump inhibitors", "benzimidazoles"]),
        ("## Class\n\nGroup: serotonin antagonist and reuptake inhibitor (SARI); antidepressant.\n",
         ["serotonin antagonist and reuptake inhibitor (SARI)", "antidepressant"]),
        ("## Class\n\nGroup: serotonin and noradrenaline reuptake inhibitor (SNRI); antidepressant. Inhibits the reuptake of serotonin and dopamine.\n",
         ["serotonin and noradrenaline reuptake inhibitor (SNRI)", "antidepressant"]),
        ("Generic: testolol. Brands: Abcor. It is an oral antiplatelet agent, an ADP receptor antagonist.\n", ["oral antiplatelet agent", "ADP receptor antagonist"]),
        ("**Class:** CCB / antihypertensive\n", ["CCB", "antihypertensive"]),
        ("**Class:** aminoglycoside; not a beta-lactam\n", ["aminoglycoside"]),
        ("## Uses\n\nTestolol is a good choice for angina.\n", []),
    ],
)  # fmt: skip
def test_classes_wherever_they_stand(body: str, expected: list[str]) -> None:
    assert [c.class_name for c in rows(body, "drug_classes")] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## At a glance\n\n- **INN:** testolol\n- **Trade names in Britain:** Abcor, Befix\n- **Esters:** testolol valerate, in oil\n",
         [("testolol", "inn"), ("Abcor", "brand"), ("Befix", "brand"), ("testolol valerate", "synonym")]),
        ("## Overview\n\n| | |\n|---|---|\n| Brands in use here | Abcor |\n| Salts | testolol maleate |\n",
         [("Abcor", "brand"), ("testolol maleate", "synonym")]),
        ("## Names and class\n\nThe generic name of the drug is testolol, and the salt in most tablets is testolol bisulfate.\n",
         [("testolol", "inn"), ("testolol bisulfate", "synonym")]),
        ("## Names\n\nThe INN is testolol; old charts and our German colleagues write testololum. Brands that you may meet: Abcor.\n",
         [("testolol", "inn"), ("testololum", "synonym"), ("Abcor", "brand")]),
        ("## An old beta blocker\n\nINN: testolol. Originator brand: Abcor. Patients say TST for short.\n",
         [("testolol", "inn"), ("Abcor", "brand"), ("TST", "abbreviation")]),
        ("## Names\n\nIt is stocked as Abcor and Befix. Please write testolol in full.\n", [("Abcor", "brand"), ("Befix", "brand")]),
        ("## What it is\n\nTestolol (rINN; USAN testalol) is a pill. It is sold as Abcor and, as a depot, as Befix (US), belongs to the statins.\n",
         [("testalol", "synonym"), ("Abcor", "brand"), ("Befix", "brand")]),
        ("# Testolol\n\nTestolol (brand name Abcor, among others) is a statin.\n", [("Abcor", "brand")]),
        ("## Names\n\n- Other names: testolol (INN), TST\n", [("testolol", "inn"), ("TST", "abbreviation")]),
        ("## At a glance\n\n- **Brand switching:** not recommended\n- **Salt intake:** low\n", []),
    ],
)  # fmt: skip
def test_names_on_labels_that_say_where_and_of_salts(body: str, expected: list[tuple[str, str]]) -> None:
    found = [(n.name, n.name_kind) for n in rows(body, "drug_names") if n.name_kind != "title"]
    assert found == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**Also listed as:** testolol calcium\n\n**US brand names:** Abcor, Befix Sprinkle; Cedix (with ezetimibe)",
         [("testolol calcium", "synonym"), ("Abcor", "brand"), ("Befix Sprinkle", "brand"), ("Cedix", "brand")]),
        ("## Names\n\nINN: testolol. Also written as testolol maleate; TST on our charts.\n\n| Brand | Form | Strengths |\n|---|---|---|\n"
         "| Abcor | tablet | 2 mg |\n| Befix | tablet; ampoule | 1 mg |",
         [("testolol", "inn"), ("testolol maleate", "synonym"), ("TST", "abbreviation"), ("Abcor", "brand"), ("Befix", "brand")]),
        ("## What is it sold as?\n\nIt is marketed in Canada as:\n\n- Abcor (25 and 50 mg tablets)\n- Befix (20 mg tablets)\n\n"
         "Nonproprietary name: testolol. Generic tablets exist for both brands.",
         [("Abcor", "brand"), ("Befix", "brand"), ("testolol", "inn")]),
        ("## What is it?\n\n**You will also hear:** T-TST, testing factor", [("T-TST", "abbreviation"), ("testing factor", "synonym")]),
        ("## Dosage\n\n| Product | Dose | Days |\n|---|---|---|\n| Tablets | 5 mg | 3 |", []),
    ],
)  # fmt: skip
def test_names_in_labels_lists_and_tables_of_brands(body: str, expected: list[tuple[str, str]]) -> None:
    assert [(n.name, n.name_kind) for n in rows(body, "drug_names") if n.name_kind != "title"] == expected


def test_kinetics_on_a_sheet_of_the_drug_are_read() -> None:
    assert [(k.parameter, k.value_low, k.section) for k in rows(SHEET, "pharmacokinetics")] == [
        ("half_life", 4, "pharmacokinetics")
    ]


def test_a_combined_drug_is_no_partner_of_its_own() -> None:
    body = "---\ntitle: Testolol and Probam\n---\n## Combinations\n\n- Testolol/probam + amikacin (sepsis)\n"
    found = extract(read(body.encode(), "t.md"), "testolol-and-probam")["combinations"]
    assert [c.partners for c in found] == ["amikacin"]


def test_combinations_in_tables_and_prose() -> None:
    body = (
        "## Combinations\n\n| Pair | For |\n|---|---|\n| Testolol + furosemide | heart failure |\n\n"
        "Testolol is mostly given as testolol + amlodipine + valsartan for hypertension. It is often combined with metformin "
        "or with insulin glargine. It may be given with other drugs.\n"
    )
    assert [(c.partners, c.condition_text) for c in rows(body, "combinations")] == [
        ("furosemide", "heart failure"),
        ("amlodipine; valsartan", "hypertension"),
        ("metformin", None),
        ("insulin glargine", None),
    ]


@pytest.mark.parametrize(
    ("body", "brands", "others"),
    [
        ("- On the packet: Abcor, Befix\n", ["Abcor", "Befix"], []),
        ("Testolol is the international nonproprietary name. The packs say Abcor (UK) or Befix.\n", ["Abcor", "Befix"], ["Testolol"]),
        ("Brands: Abcor; in combination tablets Cedol (with metformin).\n", ["Abcor", "Cedol"], []),
        ("Brands: Abcor; as a fixed combination Duodol (with insulin) and Tridol.\n", ["Abcor", "Duodol", "Tridol"], []),
        ("Older books call it compound T. The proprietary preparations are Abcor and Befix, both given by vein.\n", ["Abcor", "Befix"], ["compound T"]),
        ("Chemists call it a beta blocker.\n", [], []),
    ],
)  # fmt: skip
def test_names_on_the_box_and_in_lectures(body: str, brands: list[str], others: list[str]) -> None:
    found = rows(f"## What to call it\n\n{body}", "drug_names")
    assert [n.name for n in found if n.name_kind == "brand"] == brands
    assert [n.name for n in found if n.name_kind in ("inn", "synonym")] == others


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## What it is\n\n- Class: beta blocker (a propanolamine)\n- Works by: slowing the heart; calming\n", ["beta blocker", "propanolamine"]),
        ("## What it is\n\nTestolol is an H2 receptor antagonist. It belongs to the group of the antiulcer drugs.\n",
         ["H2 receptor antagonist", "antiulcer drugs"]),
        ("## Names\n\nBy chemical class, it is a beta lactam antibiotic (BLA) and, strictly, a penem derivative.\n",
         ["beta lactam antibiotic", "penem derivative"]),
        ("## Origin and action\n\n**Drug class.** Anthracycline; topoisomerase inhibitor.\n", ["Anthracycline", "topoisomerase inhibitor"]),
        ("## Names and class\n\nTestolol, supplied as the bisulfate (hydrogen sulfate), is a thienopyridine and P2Y12 inhibitor.\n",
         ["thienopyridine", "P2Y12 inhibitor"]),
        ("## What it is\n\nIt belongs to the opioid analgesics and is a semi-synthetic opioid. It is an antiviral and given by mouth.\n",
         ["opioid analgesics", "semi-synthetic opioid"]),
        ("## What it is\n\nTestolol is a human antibody; its class is TNF-alpha inhibitor.\n", ["human antibody", "TNF-alpha inhibitor"]),
        ("## Class\n\nAn azole antifungal (an imidazole). Fungistatic at usual doses.\n", ["azole antifungal", "imidazole"]),
        ("## Class\n\nTestolol is a member of the thiazide diuretics.\n", ["thiazide diuretics"]),
        ("## Class\n\nTricyclic antidepressant (TCA) – secondary amine.\n", ["Tricyclic antidepressant (TCA)", "secondary amine"]),
        ("## Class\n\nBeta blocker – cardioselective.\n", ["Beta blocker – cardioselective"]),
        ("## Name and class\n\n**Salts and esters:** testolol acetate (depot)\n\n**Class:** statin\n", ["statin"]),
        ("## What it is\n\nTestolol is a beta blocker (selective). It is a useful drug.\n", ["beta blocker"]),
        ("## What it is\n\n- Group: statin\n- On the box: Abcor\n- Acts by: blocking HMG-CoA reductase\n", ["statin"]),
    ],
)  # fmt: skip
def test_classes_beside_what_is_none(body: str, expected: list[str]) -> None:
    assert [c.class_name for c in rows(body, "drug_classes")] == expected


@pytest.mark.parametrize(
    ("title", "body", "names", "classes"),
    [
        (
            "Testolol",
            "## What is it?\n\nTestolol is the approved name; you will also see it written as TST. The brands we stock are Abcor and Befix (biosimilar) – never swap them.\n\nIt is a beta blocker.",
            [("Testolol", "inn"), ("TST", "abbreviation"), ("Abcor", "brand"), ("Befix", "brand")],
            ["beta blocker"],
        ),
        (
            "Testium Chloride",
            "## Background\n\nTestium chloride (TsCl) is an electrolyte supplement. Trade names on our shelves are T-Tab and Micro-T; the older name testium muriate still turns up in outside records.",
            [("TsCl", "abbreviation"), ("T-Tab", "brand"), ("Micro-T", "brand"), ("testium muriate", "synonym")],
            ["electrolyte supplement"],
        ),
        (
            "Testolol",
            "## About the drug\n\n1.1 INN: testolol\n1.2 Other names: TST\n1.3 Brands available in India: Abcor, Befix\n1.4 Class: beta blocker",
            [("testolol", "inn"), ("TST", "abbreviation"), ("Abcor", "brand"), ("Befix", "brand")],
            ["beta blocker"],
        ),
        (
            "Testolol",
            "# Testolol\n\nGeneric: testolol\nCanadian brands: Abcor SR; older charts may say Befix\nFamily: calcium channel blocker (phenylalkylamine); class IV antiarrhythmic",
            [("testolol", "inn"), ("Abcor SR", "brand"), ("Befix", "brand")],
            ["calcium channel blocker", "phenylalkylamine", "class IV antiarrhythmic"],
        ),
    ],
)
def test_names_and_classes_in_house_style(
    title: str, body: str, names: list[tuple[str, str]], classes: list[str]
) -> None:
    found = extract(read(f"---\ntitle: {title}\n---\n{body}\n".encode(), "testolol.md"), "testolol")
    told = sorted(found["drug_names"], key=lambda n: n.char_start)
    assert [(n.name, n.name_kind) for n in told if n.name_kind != "title"] == names
    assert [c.class_name for c in sorted(found["drug_classes"], key=lambda c: c.char_start)] == classes


@pytest.mark.parametrize(
    "text",
    [
        "Testolol (IV) is a beta blocker. Brand name: Abcor.",
        "The old name is still seen on charts. Brand name: Abcor.",
        "The brands we stock are not interchangeable. Brand name: Abcor.",
    ],
)
def test_words_around_names_are_no_names(text: str) -> None:
    assert [n.name for n in rows(f"## Background\n\n{text}\n", "drug_names") if n.name_kind != "title"] == ["Abcor"]


@pytest.mark.parametrize(
    ("bracket", "expected"),
    [
        ("taken as the prodrug testolol cilexetil; Abcor in the UK, Befix abroad",
         [("testolol cilexetil", "synonym"), ("Abcor", "brand"), ("Befix", "brand")]),
        ("Abcor here, Befix elsewhere", [("Abcor", "brand"), ("Befix", "brand")]),
        ("Abcor in New Zealand", [("Abcor", "brand")]),
        ("tablets in a box, seldom abroad", []),
    ],
)  # fmt: skip
def test_a_bracket_behind_the_name_tells_brands_by_their_place(bracket: str, expected: list[tuple[str, str]]) -> None:
    found = rows(f"# Testolol\n\nTestolol ({bracket}) is a beta blocker.\n", "drug_names")
    assert [(n.name, n.name_kind) for n in found if n.name_kind != "title"] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It belongs to the loop diuretics, and it is an antihypertensive.", ["loop diuretics", "antihypertensive"]),
        ("Testolol is a thiazide diuretic and belongs to the antihypertensives.",
         ["thiazide diuretic", "antihypertensives"]),
        ("It is counted among the macrolide antibiotics.", ["macrolide antibiotics"]),
        ("Testolol belongs to a group of medicines called angiotensin-converting enzyme (ACE) inhibitors.",
         ["angiotensin-converting enzyme (ACE) inhibitors"]),
        ("It is a serotonin reuptake inhibitor (SSRI) and a phthalane derivative.",
         ["serotonin reuptake inhibitor", "phthalane derivative"]),
        ("Beta blocker, antianginal agent.", ["Beta blocker", "antianginal agent"]),
    ],
)  # fmt: skip
def test_behind_a_label_of_classes_may_stand_a_sentence(sentence: str, expected: list[str]) -> None:
    found = rows(f"## Usage\n\n**Pharmacological Classification:** {sentence}\n", "drug_classes")
    assert [c.class_name for c in found] == expected


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        ("Norvasc (US), Amlor; in combination with benazepril: Lotrel; with atorvastatin: Caduet.",
         ["Norvasc", "Amlor", "Lotrel", "Caduet"]),
        ("Amlex, Amcard, combined with valsartan as Exforgix", ["Amlex", "Amcard", "Exforgix"]),
        ("Norvasc, Amlong, and generics", ["Norvasc", "Amlong"]),
        ("Available under various brand names, including Stamlo and Amlogard.", ["Stamlo", "Amlogard"]),
    ],
)  # fmt: skip
def test_a_brand_is_named_without_what_it_is_combined_with(brands: str, expected: list[str]) -> None:
    found = rows(f"## Alternate Names\n\n* **Brand Names:** {brands}\n", "drug_names")
    assert [n.name for n in found if n.name_kind == "brand"] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Recombinant, adjuvanted subunit vaccine.", ["Recombinant, adjuvanted subunit vaccine"]),
        ("Selective, reversible COX-2 inhibitor", ["Selective, reversible COX-2 inhibitor"]),
        ("Oral, direct factor Xa inhibitor, anticoagulant", ["Oral, direct factor Xa inhibitor", "anticoagulant"]),
        ("Selective beta-1 blocker, antihypertensive", ["Selective beta-1 blocker", "antihypertensive"]),
    ],
)
def test_a_word_that_only_describes_a_class_is_part_of_its_name(said: str, expected: list[str]) -> None:
    found = rows(f"## Usage\n\n**Pharmacological Classification:** {said}\n", "drug_classes")
    assert [c.class_name for c in found] == expected
