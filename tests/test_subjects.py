"""What stands under an unknown heading: read where its words leave no doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.subjects import subject

RAW = Path(__file__).parent.parent / "data" / "raw"


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["Sepsis: 1 g IV q8h", "Meningitis: 2 g IV q8h", "Cystic fibrosis: up to 6 g/day"], "dosage"),
        (["Sepsis: 1 g IV q8h"], None),
        (["In the trial 40 patients took 20 mg daily.", "The placebo arm of the study took none, once daily."], None),
        (["Warfarin: INR rises", "Rifampicin: levels fall", "Antacids: take 2 h apart"], "interactions"),
        (["Common: nausea, headache", "Rare: anaphylaxis", "Very rare: neutropenia"], "side_effects"),
        (["Not in the first trimester.", "Passes into breast milk; stop breastfeeding."], "pregnancy_lactation"),
        (["Keep in the fridge.", "Protect from light.", "Do not freeze."], "storage"),
        (["Ramipril + furosemide (hypertension)", "Ramipril + amlodipine: angina"], "combinations"),
        (["Ramipril + lithium (toxicity)", "Ramipril + aliskiren: avoid"], None),
        (["Hypersensitivity to testol", "Severe hepatic impairment", "Porphyria"], "contraindications"),
        (["Full blood count: every 2 weeks", "Creatinine: monthly", "Weight"], "monitoring"),
        (["Creatinine up", "Potassium down", "Weight up"], None),
        (["Treatment of hypertension in adults", "Prevention of stroke", "Off-label: migraine"], "usage"),
        (["Hypertension (licensed)", "Heart failure (licensed)", "Migraine (off-label)"], "usage"),
        (
            ["Agranulocytosis has been reported.", "Heartburn occurs in 5%.", "Flushing in 2% of patients."],
            "side_effects",
        ),
        (["Avoid in pregnancy. Breastfeeding is not recommended."], "pregnancy_lactation"),
        (["Adults: caution", "Children under 12 years: not recommended"], None),
        (["Give it to those who need it.", "Think of the family."], None),
        ([], None),
    ],
)
def test_a_section_is_about_what_most_of_its_statements_speak_for(texts: list[str], kind: str | None) -> None:
    assert subject(texts) == kind


def test_under_an_unknown_heading_doses_are_read_and_the_heading_is_reported() -> None:
    body = "## The small print\n\n- Adults: 500 mg orally twice daily\n- Children: 10 mg/kg orally every 8 hours\n"
    tables = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")
    assert [(r.section, r.dose_low, r.line_start) for r in tables["regimens"]] == [
        ("dosage", 500, 7),
        ("dosage", 10, 8),
    ]
    message = "The heading “The small print” is not known; what stands under it is read as dosage."
    assert message in [f.message for f in tables["findings"]]


def test_lists_headed_by_how_common_they_are_are_of_side_effects() -> None:
    body = "## What people ring about\n\n*Very common*\n- back pain (34%)\n\nUncommon:\n\n- cystitis\n\nAsk about the teeth.\n"
    tables = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")
    assert [(s.term, s.frequency_category) for s in tables["side_effects"]] == [
        ("back pain", "very_common"),
        ("cystitis", "uncommon"),
    ]


@pytest.mark.parametrize(
    ("heads", "rows", "kind"),
    [
        ("Effect | How often", ["Diarrhoea | 5%", "Vein irritation | common"], "side_effects"),
        ("Reaction | Incidence (%)", ["Dry mouth | 12", "Cramps | 3"], "side_effects"),
        ("Effect | Dose", ["Sleep | 5 mg", "Coma | 50 mg"], "other"),
        ("CYP2C9 result | What to do", ["Normal | full dose", "Poor | half the dose"], "dosage_adjustments"),
        ("Other medicine | What happens | Advice", ["Digoxin | levels up | check", "Lithium | – | –"], "interactions"),
        ("Drug | Result | Do", ["Lithium | level up | halve", "Gold | flush | avoid"], "interactions"),
        ("Drug | Result", ["Lithium | level up", "Gold | flush"], "other"),
        ("Tumour | Status", ["Glioma | licensed", "Melanoma | off-label"], "usage"),
        ("Lesion | How to use | Course", ["Wart | paint it on daily | 6 weeks", "Corn | daily | 3 weeks"], "dosage"),
        ("Lesion | Course", ["Wart | 6 weeks", "Corn | 3 weeks"], "other"),
    ],
)
def test_the_column_heads_of_a_table_say_what_it_is_about(heads: str, rows: list[str], kind: str) -> None:
    table = [f"| {line} |" for line in (heads, " | ".join("-" * (heads.count("|") + 1)), *rows)]
    body = "## By the way\n\n" + "\n".join(table) + "\n"
    document = read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md")
    assert {i.section for i in document.items if i.kind == "table_row" and not i.structural} == {kind}


def test_a_title_with_the_drugs_name_makes_no_doses_of_its_foreword() -> None:
    body = "# Testol – notes\n\nTablets of 5 mg, and a 10 mg vial, once daily.\n\n## Uses\n\n- Testol is for gout\n"
    sections = read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md").sections
    assert [s.kind for s in sections] == ["other", "other", "usage"]


def test_a_section_is_heard_with_the_unknown_ones_below_it() -> None:
    body = "## Their share\n\n### Grown\n\n500 mg orally twice daily.\n\n### Small\n\n10 mg/kg orally every 8 hours.\n"
    kinds = [s.kind for s in read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md").sections]
    assert kinds == ["other", "dosage", "dosage", "dosage"]


def test_lines_whose_labels_name_a_kind_speak_for_those_beside_them() -> None:
    body = "## Figures\n\n- Half-life: 4 h\n- Excretion: urine 40%\n- Into the CSF: clearance is slow\n"
    document = read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md")
    assert [i.section for i in document.items if i.kind == "list_item"] == ["pharmacokinetics"] * 3


@pytest.mark.parametrize(
    ("heading", "line", "kind"),
    [
        ("From mouth to kidney", "Bioavailability 12%. Half-life 10 hours. Protein binding 98%.", "pharmacokinetics"),
        ("Bowel disease", "Crohn: 500 mg orally twice daily\n- Colitis: 1 g orally once daily", "dosage"),
        ("Kidneys", "Creatinine and potassium weekly, eGFR monthly", "dosage_special"),
        ("Renal dosing", "Bioavailability 12%. Half-life 10 hours. Protein binding 98%.", "dosage_special"),
    ],
)
def test_a_heading_known_by_a_word_of_little_weight_gives_way_to_its_lines(heading: str, line: str, kind: str) -> None:
    document = read(f"---\ntitle: Testol\n---\n\n## {heading}\n\n- {line}\n".encode(), "t.md")
    assert document.sections[-1].kind == kind


def test_known_sections_speak_for_their_own_kind() -> None:
    """The signs are held to the sections whose headings tell what they are about: few may be taken for another kind."""
    said = mistaken = 0
    for path in sorted(RAW.glob("*.md")):
        document = read(path.read_bytes(), path.name)
        for s in document.sections:
            here = [i for i in document.items if i.section_ordinal == s.ordinal and not i.structural]
            own = [i.text for i in here if i.section == s.kind]  # a label may have moved some
            if not s.known or not s.heading or s.kind in ("faqs", "summary", "other"):
                continue  # these speak of everything
            if (kind := subject(own)) is not None:
                said += 1
                mistaken += kind.split("_")[0] not in (
                    s.kind.split("_")[0],
                    "dosage" if s.kind == "clinical_use_cases" else "",
                )
    assert said > 200
    assert mistaken <= 0.05 * said


def test_further_uses_told_with_their_doses_are_doses_and_the_first_section_of_uses_stays_one() -> None:
    off = "## Off-label uses in adults\n\n- Raynaud phenomenon: 20 mg orally three times daily\n- Migraine: 50 mg at night\n"
    for before, doses in (("## Indications\n\n- Gout\n\n", [20, 50]), ("", [])):
        tables = extract(read(f"---\ntitle: Testol\n---\n\n{before}{off}".encode(), "t.md"), "testol")
        assert [r.dose_low for r in tables["regimens"]] == doses
        assert "Raynaud phenomenon" in {r.condition for r in tables["indications"]} or doses


def test_a_list_of_doses_is_one_whatever_the_paragraph_above_it_says() -> None:
    body = "## Odds\n\nThink of the family first.\n\n- Hiccups: 5 mg orally twice daily\n- Pruritus: 2 mg orally at night\n"
    tables = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")
    assert [r.dose_low for r in tables["regimens"]] == [5, 2]


def test_what_to_watch_for_is_effects_where_its_lines_say_how_common() -> None:
    for lines, kind in (
        ("Very common: headache\n\nRare: anaphylaxis", "side_effects"),
        ("Blood pressure: weekly\n\nWeight: monthly", "monitoring"),
    ):
        document = read(f"---\ntitle: Testol\n---\n\n## What to watch for\n\n{lines}\n".encode(), "t.md")
        assert document.sections[-1].kind == kind


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("## Whom we treat\n\nApproved:\n\n- Gout\n- Psoriasis\n\nUnlicensed:\n\n- Migraine\n", "usage"),
        ("## What there is\n\nApproved brands:\n\n- Testex\n- Testavil\n", "other"),
        ("## Hands off\n\nMust not be given in:\n\n- porphyria\n- heart block\n", "contraindications"),
        ("## Hands off\n\nMust not be given with:\n\n- porphyria\n- heart block\n", "other"),
        ("## Special people\n\n- Severe renal impairment: half the dose.\n- Cirrhosis: caution.\n- The over 80s: no change.\n- Gout: caution.\n", "dosage_special"),
        ("## A word on others\n\n- **Kidneys:** no adjustment.\n- **Dialysis:** 20 mg after each session.\n- **Frail:** start low.\n", "dosage_special"),
        ("## A word on others\n\n- **Warfarin:** avoid.\n- **Digoxin:** reduce the dose.\n- **Lithium:** monitor levels.\n", "interactions"),
        ("## Blood results\n\n| Result | Do |\n|---|---|\n| INR above 5 | hold |\n| Platelets below 30 | stop |\n| ALT over 200 | halve |\n", "dosage_adjustments"),
        ("## Blood results\n\n| Test | When |\n|---|---|\n| INR | weekly |\n| Platelets | monthly |\n| ALT | each visit |\n", "monitoring"),
        ("## Figures people ask for\n\n- t½: 5 h\n- Protein binding: 40%\n- Vd: 3 L/kg\n- Tmax: 2 h\n", "pharmacokinetics"),
        ("## Usage\n\n- Status asthmaticus (SA)\n\n## SA: when haematology ring\n\n- Adults: 5 mg IV over 10 minutes\n- Children: call us.\n", "dosage"),
        ("## Usage\n\n- Status asthmaticus\n\n## SA: when haematology ring\n\n- Adults: 5 mg IV over 10 minutes\n- Children: call us.\n", "other"),
    ],
)  # fmt: skip
def test_leads_patients_and_acts_tell_what_a_section_is_about(section: str, kind: str) -> None:
    assert read(f"---\ntitle: Testol\n---\n\n{section}".encode(), "t.md").sections[-1].kind == kind


def test_doses_listed_under_a_heading_on_giving_the_drug_are_read() -> None:
    body = (
        "## Giving it\n\nSwallow the tablets whole.\n\n- Angina: 5 mg twice daily.\n- Hypertension: 10 mg once daily.\n"
    )
    tables = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")
    assert [(r.dose_low, r.frequency) for r in tables["regimens"]] == [(5, 2), (10, 1)]
    assert [a.value for a in tables["administration"]] == ["swallow_whole"]


def test_what_happens_when_it_is_combined_is_an_interaction() -> None:
    table = "| Drug | Result | Do |\n|---|---|---|\n| Digoxin | level rises | measure |\n| Gold | flushing | avoid |\n"
    document = read(f"---\ntitle: Testol\n---\n\n## Combined with\n\n{table}".encode(), "t.md")
    assert [s.kind for s in document.sections if s.heading] == ["interactions"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("- with warfarin: bleeding\n- with lithium: the level rises\n- with gold: flushing\n", "interactions"),
        ("- with warfarin: 5 mg daily\n- with lithium: 10 mg daily\n- with gold: 5 mg weekly\n", "dosage"),
        ("- with food: half an hour before\n- with meals: never\n- with gold: flushing\n", "other"),
        ("Half-life 5 h. It sticks to albumin. Half of a dose leaves in the urine.\n", "pharmacokinetics"),
    ],
)
def test_lines_with_each_drug_and_sentences_of_prose_speak_for_a_kind(body: str, kind: str) -> None:
    document = read(f"---\ntitle: Testol\n---\n\n## Its ways\n\n{body}".encode(), "t.md")
    assert [s.kind for s in document.sections if s.heading] == [kind]
