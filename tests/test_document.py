"""The document reader: sections, items, labels, and exact places."""

from __future__ import annotations

import pytest

from monopipe.document import Document, read, slug, title_key
from monopipe.headings import question_topic, section_kind
from monopipe.source import Source, align


def document(body: str, front: str = "title: Testol") -> Document:
    return read(f"---\n{front}\n---\n{body}".encode(), "testol.md")


def items(body: str) -> list[tuple[str, str, str | None, str]]:
    found = [i for i in document(body).items if i.kind not in ("front_matter", "heading")]
    return [(i.kind, i.section, i.label, i.rest.strip()) for i in found]


@pytest.mark.parametrize(
    ("heading", "within", "kind"),
    [
        ("Usage", None, "usage"),
        ("1. Uses", None, "usage"),
        ("Therapeutic Indications", None, "usage"),
        ("IV. Adverse Effects", None, "side_effects"),
        ("Contra-indications", None, "contraindications"),
        ("Dosing", None, "dosage"),
        ("Paediatric dosing", None, "dosage_children"),
        ("Adults", "dosage", "dosage_adults"),
        ("Adults", None, None),
        ("Rare but Serious Side Effects", "side_effects", "side_effects_rare_serious"),
        ("Undesirable effects", None, "side_effects"),
        ("Use in Pregnancy and Lactation", None, "pregnancy_lactation"),
        ("Dose adjustment in renal impairment", None, "dosage_adjustments"),
        ("Frequently Asked Questions", None, "faqs"),
        ("Letter from the editor", None, None),
        ("What for", None, "usage"),
        ("What to look out for", None, None),
        ("4.5 Interaction with other medicinal products", None, "interactions"),
        ("Toxicity", None, "side_effects"),
        ("Other drugs", None, "interactions"),
        ("Other drugs", "usage", None),
        ("DDIs", None, "interactions"),
        ("CI", None, "contraindications"),
        ("3 DOSAGE FORMS AND STRENGTHS", None, "administration"),
        ("Renal function", None, "dosage_special"),
        ("Renal function", "pharmacokinetics", None),
        ("Serious reactions", "side_effects", "side_effects_rare_serious"),
        ("In a nutshell", None, "summary"),
        ("Kinetics in brief", None, "pharmacokinetics"),
        ("Interactions: the short version", None, "interactions"),
        ("Testol's side effects in a nutshell", None, "side_effects"),
        ("Protocol in brief", None, "summary"),
        ("The drug at a glance", None, "summary"),
        ("Combinations in practice", None, "combinations"),
        ("Dosing in practice", None, "clinical_use_cases"),
        ("How children are dosed", None, "dosage_children"),
        ("Those who need a second thought", None, "dosage_special"),
        ("Reliable partners", None, "combinations"),
        ("Partners to avoid", None, "interactions"),
        ("What to tell the patient", "monitoring", "precautions"),
        ("Long-acting injectables", None, "dosage"),
        ("Over the long run", "side_effects_common", "side_effects_long_term"),
        ("Who comes to us for it", None, "usage"),
        ("Don't", "other", "contraindications"),
        ("Don't", "administration", None),
        ("Stop signs", None, "contraindications"),
        ("How testolol works", None, "mechanism"),
        ("How we work", None, None),
        ("How to work out the dose", None, "dosage"),
        ("Giving the tablet", None, "administration"),
        ("Practical stuff", None, "administration"),
        ("GPs often ask", None, "faqs"),
        ("6. Special situations", None, "dosage_special"),
        ("14. Associations that we use", None, "combinations"),
        ("Known toxicities", None, "side_effects"),
        ("Having children", None, "pregnancy_lactation"),
        ("Mothers-to-be", None, "pregnancy_lactation"),
        ("What it does to the cell", None, "mechanism"),
        ("CYP2C19 genotype", "dosage", "dosage_adjustments"),
        ("CYP2C19 genotype", "pharmacokinetics", None),
        ("When to back off", None, "dosage_adjustments"),
    ],
)
def test_headings_are_matched_by_words(heading: str, within: str | None, kind: str | None) -> None:
    assert section_kind(heading, within) == kind  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "within", "kind"),
    [
        ("Main adverse effects", "summary", "side_effects"),
        ("Most frequently reported side effects", "summary", "side_effects"),
        ("Usual adult dose", "summary", "dosage_adults"),
        ("Key risks", "summary", "side_effects"),
        ("Key risks", "precautions", None),
        ("Pregnancy & Breastfeeding", "summary", "pregnancy_lactation"),
        ("Pregnancy and Breastfeeding", "summary", "pregnancy_lactation"),
        ("Main problem", "summary", None),
        ("Most important", "summary", None),
        ("Dose of the partner", "summary", None),
    ],
)
def test_labels_are_matched_whole_but_for_emphasis(label: str, within: str, kind: str | None) -> None:
    assert section_kind(label, within, exact=True) == kind  # type: ignore[arg-type]


def test_questions_have_topics() -> None:
    assert question_topic("What are the most common side effects of Testol?") == "side_effects_common"
    assert question_topic("Can it be stored in the fridge?") == "storage"
    assert question_topic("Why is the sky blue?") is None


@pytest.mark.parametrize(
    ("line", "label", "rest"),
    [
        ("* **Label:** rest", "Label", "rest"),
        ("* **Label**: rest", "Label", "rest"),
        ("* **Label:**rest", "Label", "rest"),
        ("* __Label:__ rest", "Label", "rest"),
        ("* **Label** – rest", "Label", "rest"),
        ("* Label: rest", "Label", "rest"),
        ("* bone: osteoporosis", "bone", "osteoporosis"),
        ("* Take 1:1 with water", None, "Take 1:1 with water"),
        ("* 10 – 20 mg daily", None, "10 – 20 mg daily"),
        ("* **Digoxin (and others):** more", "Digoxin (and others)", "more"),
    ],
)
def test_labels_in_and_out_of_bold(line: str, label: str | None, rest: str) -> None:
    assert items(f"## Drug Interactions\n\n{line}\n") == [("list_item", "interactions", label, rest)]


def test_a_fact_inside_a_heading_is_an_item_of_its_own() -> None:
    d = document("## Dosage\n\n#### **Children:**  Not recommended. Not studied.\n\ntext\n")
    tail = next(i for i in d.items if i.kind == "heading_tail")
    assert (tail.section, tail.label, tail.rest) == ("dosage_children", "Children", "Not recommended. Not studied.")
    assert [s.heading for s in d.sections] == [None, "Dosage", "Children"]


def test_a_label_moves_a_paragraph_to_its_own_section_kind() -> None:
    body = "## Usage\n\n**Drug Class:** statin\n\n**Pharmacokinetics:**\n* **Metabolism:** by CYP3A4\n"
    assert items(body) == [
        ("paragraph", "classification", "Drug Class", "statin"),
        ("paragraph", "pharmacokinetics", "Pharmacokinetics", ""),
        ("list_item", "pharmacokinetics", "Metabolism", "by CYP3A4"),
    ]


def test_nested_lists_and_lead_ins_govern_what_follows() -> None:
    body = "## Dosage\n\nFor hypertension:\n\n* **Adults:**\n    1. 5 mg daily\n    2. then 10 mg daily\n"
    d = document(body)
    steps = [i for i in d.items if i.depth == 2]
    assert [s.leads for s in steps] == [("Dosage", "For hypertension", "Adults")] * 2
    assert all(s.section == "dosage_adults" for s in steps)


def test_table_rows_know_their_column_heads() -> None:
    body = "## Dosage\n\n| CrCl | Dose |\n|---|---|\n| 30–60 | **5 mg** |\n| <30 | `2.5` mg |\n"
    rows = [i for i in document(body).items if i.kind == "table_row"]
    assert rows[0].structural
    assert [(r.columns, r.cell(0), r.cell(1)) for r in rows[1:]] == [
        (("CrCl", "Dose"), "30–60", "5 mg"),
        (("CrCl", "Dose"), "<30", "2.5 mg"),
    ]


def test_line_breaks_with_labels_split_a_paragraph() -> None:
    body = "## Side Effects\n\n**Common:** nausea<br>**Rare:** gout\n\nQ: one?\nA: two\n"
    assert [(s, label) for _, s, label, _ in items(body)[:2]] == [
        ("side_effects_common", "Common"),
        ("side_effects_rare_serious", "Rare"),
    ]


def test_a_head_in_bold_begins_a_statement_on_its_own_line() -> None:
    body = "## Dosing\n\n**Gout, adults.** 2 mg daily.\n**Fever, adults.** 3 mg daily.\n"
    assert [(i.label, i.rest.strip()) for i in document(body).items if i.kind == "paragraph"] == [
        ("Gout, adults", "2 mg daily."),
        ("Fever, adults", "3 mg daily."),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "## Clashes\n\n- Warfarin: INR up\n\n**PK:** slow\n\n**Bloods/checks:** FBC\n\n**Pairs:**\n- A + B\n\n**Trial note:** none\n",
            ["interactions", "pharmacokinetics", "monitoring", "combinations", "combinations", "other"],
        ),
        (
            "## Side effects\n\n**Common:** rash\n\n**Storage:** cool\n\n**Overdose:** coma\n",
            ["side_effects_common", "storage", "overdose"],
        ),
        ("## Clashes\n\n**Warfarin:** INR up\n\n**Monitoring:** INR\n", ["interactions"] * 2),
        (
            "## Contraindications\n\n**Pregnancy:** avoid\n\n**Interactions:** MAOIs\n",
            ["contraindications"] * 2,
        ),
    ],
)
def test_bold_paragraphs_that_name_several_others_end_a_list(body: str, expected: list[str]) -> None:
    assert [s for _, s, _, _ in items(body)] == expected


def test_a_section_told_in_brief_repeats_the_one_before_it() -> None:
    sections = document(
        "## Dosing\n\n5 mg daily.\n\n## Dosing in brief\n\n5 mg.\n\n## Kinetics in brief\n\nSlow.\n"
    ).sections
    assert [(s.kind, s.topic) for s in sections[1:]] == [
        ("dosage", "dosage"),
        ("summary", "dosage"),
        ("pharmacokinetics", "pharmacokinetics"),
    ]


def test_subsections_of_a_chapter_on_dosing_are_of_doses() -> None:
    body = "## How it is dosed in adults\n\n### Prevention and other arterial disease\n\n5 mg daily.\n\n### Thyroid disease\n\n5 mg daily.\n"
    assert [s.kind for s in document(body).sections[1:]] == ["dosage_adults"] * 3


def test_labelled_lines_before_any_section_are_of_what_they_name() -> None:
    body = "# Testol\n\n- INN: testol\n- Protein binding: 80%\n- Elimination half-life: 27 h\n- Legal status: open\n"
    assert [s for _, s, _, _ in items(body)] == [
        "alternate_names",
        "pharmacokinetics",
        "pharmacokinetics",
        "other",
    ]


def test_every_line_of_the_body_is_in_an_item_and_every_character_in_a_section() -> None:
    body = "intro\n\n## Usage\n***\n<!-- note -->\n<div>boxed\ntext</div>\n\n```\ncode: 5 mg\n```\n\n[x]: http://y\n    deep\n"
    d = document(body)
    assert d.source.text[d.body_start :] == "".join(d.source.text[s.char_start : s.char_end] for s in d.sections)
    lines = set()
    for item in d.items:
        lines |= set(range(d.source.line(item.char_start), d.source.line(max(item.char_end - 1, 0)) + 1))
    text_lines = {n for n in range(4, d.source.n_lines + 1) if d.source.text[slice(*d.source.line_span(n))].strip()}
    assert text_lines <= lines


def test_swallowed_answers_of_front_matter_questions_are_cleaned() -> None:
    front = (
        "title: T\nfaqs:\n  - q: >-\n      Is it safe?**\n\n\n      **A:** Yes, mostly.\n    a: 'A:** Yes, mostly.'\n"
    )
    (question,) = document("", front).questions
    assert (question.question, question.answer, question.place) == ("Is it safe?", "Yes, mostly.", "front_matter")


def test_offsets_count_bom_crlf_entities_and_astral_characters() -> None:
    text = "\ufeff---\r\ntitle: Tés😀tol\r\n---\r\n## Usage\r\n\r\n* **Gout&nbsp;😀:** pain &ge; 3 \\* mild\r\n"
    d = read(text.encode(), "x.md")
    item = next(i for i in d.items if i.kind == "list_item")
    assert item.label == "Gout 😀"  # the space is plain, its place that of the entity
    start = item.text.index("pain")
    place = item.at(start, start + 4)
    assert text[place["char_start"] : place["char_end"]] == place["source_quote"] == "pain"
    assert place["line_start"] == 6
    whole = item.whole()
    assert text[whole["char_start"] : whole["char_end"]] == whole["source_quote"]


def test_spaces_are_plain_but_those_that_group_digits() -> None:
    text = "---\ntitle: T\n---\n## Dosage\n\n1\u00a0400\u00a0mg in\u202f2\u2009doses\n"
    item = next(i for i in read(text.encode(), "x.md").items if i.kind == "paragraph")
    assert item.text == "1\u2009400 mg in 2 doses"
    assert item.whole()["source_quote"] == "1\u00a0400\u00a0mg in\u202f2\u2009doses"


def test_a_sign_for_and_is_the_word_at_its_place() -> None:
    text = "---\ntitle: T\n---\n## Uses\n\n* **Gout & colic:** in men &amp; women of AT&T\n"
    item = next(i for i in read(text.encode(), "x.md").items if i.kind == "list_item")
    assert (item.label, item.rest.strip()) == ("Gout and colic", "in men and women of AT&T")
    start = item.text.index("men and women")
    assert item.at(start, start + len("men and women"))["source_quote"] == "men &amp; women"


def test_front_matter_values_are_mapped_through_folding_and_quotes() -> None:
    text = "---\ntitle: T\ndescription: >-\n  one two\n  three\nx: 'it''s'\n---\n"
    d = read(text.encode(), "x.md")
    description = next(i for i in d.items if i.label == "description")
    start = description.text.index("two")
    place = description.at(start, len(description.text))
    assert place["source_quote"] == "two\n  three"
    assert (place["line_start"], place["line_end"]) == (4, 5)


def test_align_survives_escapes() -> None:
    source = r'"a\u00e9b c"'
    mapped = align("aéb c", source, 1, len(source) - 1)
    assert mapped.text == "aéb c"
    assert source[slice(*mapped.span(4, 5))] == "c"


def test_lines_end_at_any_line_end() -> None:
    source = Source("a\r\nb\rc\nd")
    assert [source.text[slice(*source.line_span(n))] for n in range(1, 5)] == ["a", "b", "c", "d"]
    assert source.n_lines == 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'2025-09-22T17:21:53.445Z'", "2025-09-22T17:21:53.445000+00:00"),
        ("2025-09-22", "2025-09-22T00:00:00+00:00"),
        ("2025-09-22T10:00:00+02:00", "2025-09-22T08:00:00+00:00"),
        ("2025-13-45", None),
        ("soon", None),
    ],
)
def test_dates_of_several_kinds(value: str, expected: str | None) -> None:
    found = document("", f"title: T\nlastModified: {value}").last_modified
    assert (found.isoformat() if found else None) == expected


def test_slugs_and_titles() -> None:
    assert slug("Amoxicilline / Acide clavulanique") == "amoxicilline-acide-clavulanique"
    assert slug("Ésoméprazole") == "esomeprazole"
    assert title_key("  Foo   BAR ") == title_key("foo bar")


def test_the_one_heading_above_all_others_is_the_title() -> None:
    kinds = {
        s.heading: s.kind
        for s in document("# Chemotherapy protocol\n\n## Toxicity\n\nNausea.\n\n## A\n\n## B\n\n## C\n").sections
    }
    assert kinds.items() >= {None: "other", "Chemotherapy protocol": "other", "Toxicity": "side_effects"}.items()
    kinds = {
        s.heading: s.kind for s in document("# Treatment protocol\n\n5 mg daily.\n\n# Toxicity\n\nNausea.\n").sections
    }
    assert kinds == {None: "other", "Treatment protocol": "dosage", "Toxicity": "side_effects"}
    kinds = {s.heading: s.kind for s in document("# Testol ICU card\n\n## Toxicity\n\nNausea.\n\n# Side B\n").sections}
    assert kinds == {None: "other", "Testol ICU card": "other", "Toxicity": "side_effects", "Side B": "other"}


def test_a_first_heading_that_names_the_drug_is_the_title() -> None:
    found = document("# Dosing protocol: Testol\n\nBox of ten.\n\n## Uses\n\nGout.\n").sections
    assert [(s.heading, s.kind) for s in found[1:]] == [("Dosing protocol: Testol", "other"), ("Uses", "usage")]


def test_a_question_may_head_a_section() -> None:
    kinds = {
        s.heading: s.kind
        for s in document("## Can it be crushed?\n\nNo.\n\n## Who would have thought?\n\nYes.\n").sections
    }
    assert kinds == {None: "other", "Can it be crushed?": "administration", "Who would have thought?": "other"}


@pytest.mark.parametrize(
    "body",
    [
        "USES\n\ngout\n\nDOSAGE\n\n5 mg daily\n\nSIDE EFFECTS\n\nrash\n",
        "Uses:\n- gout\n\nDosage:\n- 5 mg daily\n\nSide effects:\n- rash\n",
        "# Testol\n\n**Uses**\n\ngout\n\n**Dosage**\n\n5 mg daily\n\n**Side effects**\n\nrash\n",
        "1. Uses\n\n   gout\n\n2. Dosage\n\n   5 mg daily\n\n3. Side effects\n\n   rash\n",
    ],
)
def test_a_line_that_is_a_sections_name_heads_it_where_no_heading_does(body: str) -> None:
    found = [(section, rest) for _, section, _, rest in items(body) if rest]
    assert found == [("usage", "gout"), ("dosage", "5 mg daily"), ("side_effects", "rash")]


def test_bold_paragraphs_are_headings_where_there_are_no_others() -> None:
    body = (
        "**Usage**\n\ngout\n\n**Dosage**\n\n***Adults***\n\n5 mg\n\n**Side effects**\n\nCommon: rash\nSerious: gout\n"
    )
    found = [(section, rest) for _, section, _, rest in items(body) if rest]
    assert found == [
        ("usage", "gout"),
        ("dosage_adults", "5 mg"),
        ("side_effects_common", "rash"),
        ("side_effects_rare_serious", "gout"),
    ]


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("# TESTOL – ICU card\n\n## Uses\n", ["other", "other", "usage"]),
        ("## TESTOL – ICU card\n\n### Uses\n", ["other", "other", "usage"]),
        ("## TESTOL – ICU card\n\n## Uses\n", ["other", "other", "usage"]),
        ("## Testol dosing\n\n## Testol side effects\n", ["other", "dosage", "side_effects"]),
        ("### Testol – ICU card\n\n## Uses\n", ["other", "clinical_use_cases", "usage"]),
    ],
)
def test_a_first_heading_with_the_drug_s_name_is_the_title_unless_it_names_a_section(
    body: str, kinds: list[str]
) -> None:
    assert [s.kind for s in document(body).sections] == kinds


def test_a_chapter_on_people_tells_of_mothers_under_their_label_unless_it_tells_a_dose() -> None:
    lines = "* **Pregnancy:** Category C.\n* **Lactation:** 5 mg once daily.\n* **Elderly:** with care.\n"
    own = items(f"## Use in Specific Populations\n\n{lines}")
    assert [section for _, section, _, _ in own] == ["pregnancy_lactation", "dosage_special", "dosage_special"]
    below = items(f"## Dosage\n\n### Special populations\n\n{lines}")
    assert [section for _, section, _, _ in below] == ["dosage_special"] * 3
