"""Side effects: small sections and the rows they must give, and what must never become a row."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract


def tables(body: str, front: str = "") -> dict[str, list[Any]]:
    return extract(read(f"---\ntitle: Testolol\n{front}---\n{body}".encode(), "testolol.md"), "testolol")


def effects(section: str, table: str = "side_effects") -> list[Any]:
    return sorted(tables(f"## Side Effects\n\n{section}\n")[table], key=lambda r: r.char_start)


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("Nausea and vomiting, rash.", ["Nausea", "vomiting", "rash"]),
        ("Pain in extremity, neck pain", ["Pain in extremity", "neck pain"]),
        ("Sinus arrest, 2:1 AV block, and 1:1 atrial flutter", ["Sinus arrest", "2:1 AV block", "1:1 atrial flutter"]),
        ("Diarrhea/constipation; nausea and/or vomiting, etc.", ["Diarrhea", "constipation", "nausea", "vomiting"]),
        ("Stomach upset, spinal or epidural haematoma", ["Stomach upset", "spinal haematoma", "epidural haematoma"]),
        ("Mouth and throat irritation, loss of taste or smell",
         ["Mouth and throat irritation", "loss of taste", "loss of smell"]),
        ("Peptic ulcer with bleeding or perforation, fever", ["Peptic ulcer with bleeding or perforation", "fever"]),
        ("Hypo- and hyperglycaemia, increased or decreased appetite",
         ["Hypoglycaemia", "hyperglycaemia", "increased appetite", "decreased appetite"]),
        ("Back, joint or muscle pain (16%), urinary hesitancy/retention",
         ["Back pain", "joint pain", "muscle pain", "urinary hesitancy", "urinary retention"]),
        ("Increased ALT and AST, injection-site pain, erythema", ["Increased ALT", "Increased AST", "injection-site pain", "erythema"]),
        ("Dry mouth/throat, cold hands and feet", ["Dry mouth", "Dry throat", "cold hands and feet"]),
        ("Hepatic and renal failure, suicidal thoughts or behaviour",
         ["Hepatic failure", "renal failure", "suicidal thoughts", "suicidal behaviour"]),
        ("Gangrene in severe vascular disease, pain in the legs, difficulty in breathing",
         ["Gangrene", "pain in the legs", "difficulty in breathing"]),
        ("Over-suppression of bone turnover, bruising at the injection site, loose stools, metallic taste",
         ["Over-suppression of bone turnover", "bruising at the injection site", "loose stools", "metallic taste"]),
        ("Corneal deposits, usually without effect on vision.", ["Corneal deposits"]),
        ("Thrombocytopenia with or without purpura, asymptomatic rises in transaminases",
         ["Thrombocytopenia", "purpura", "asymptomatic rises in transaminases"]),
        ("Gingivitis, severe cutaneous reactions including SJS, fever",
         ["Gingivitis", "severe cutaneous reactions", "SJS", "fever"]),
        ("ECG changes are expected and do not mean toxicity.", ["ECG changes"]),
        ("Lactic acidosis presents with malaise and myalgia.", ["Lactic acidosis"]),
        ("The gravest effects are uterine rupture and arrhythmia.", ["uterine rupture", "arrhythmia"]),
        ("Arrhythmia and QT prolongation have followed rapid injection.", ["Arrhythmia", "QT prolongation"]),
        ("Oesophageal reactions (oesophagitis, waterbrash, ulcer)",
         ["Oesophageal reactions", "oesophagitis", "waterbrash", "ulcer"]),
        ("Raised lipids, depression, sore throat, PML", ["Raised lipids", "depression", "sore throat", "PML"]),
        ("Risk of infections, adrenal crisis on sudden withdrawal", ["infections", "adrenal crisis"]),
        ("Acidosis, mostly in malnourished, septic or frail people; rash", ["Acidosis", "rash"]),
        ("Angioedema (swelling of face, lips, tongue), flu-like symptoms", ["Angioedema", "flu-like symptoms"]),
        ("Patients may notice headache, thirst and hot flushes.", ["headache", "thirst", "hot flushes"]),
        ("Some patients report vivid dreams. It can cause drowsiness.", ["vivid dreams", "drowsiness"]),
        ("The most common side effects of Testolol are nausea, headache and rash.", ["nausea", "headache", "rash"]),
        ("Bruising and nosebleeds are the forms patients notice.", ["Bruising", "nosebleeds"]),
        ("Prolonged use has been linked with nephropathy and with small rises in blood pressure.",
         ["nephropathy", "rises in blood pressure"]),
        ("Constipation, nausea; tolerance does not develop to either.", ["Constipation", "nausea"]),
        ("1. Nausea\n2. Muscle cramps (severe)", ["Nausea", "Muscle cramps"]),
    ],
)  # fmt: skip
def test_terms(section: str, terms: list[str]) -> None:
    assert [e.term for e in effects(section) if e.assertion == "affirmed"] == terms


@pytest.mark.parametrize(
    "section",
    [
        "Monitor for signs of bleeding. Stop treatment if jaundice occurs. Tell your doctor about chest pain.",
        "Most side effects are mild and transient. Side effects are dose-related.",
        "Figures differ between series. See the prescribing information for others.",
        "Less sedation than diphenhydramine.",
        "Overdose causes tachycardia and coma; serum potassium may fall.",
        "In overdose, profound hypotension and seizures occur. At 5 mg/kg sweating was seen.",
        "Overdose resembles vitamin poisoning: flushing, ataxia, vomiting.",
        "Bradycardia and heart block call for prompt dose reduction.",
        "A gain of 2 kg is sometimes reported.",
        "Emetic risk is minimal.",
        "Frequencies: common (≥1/100 to <1/10), rare (≥1/10,000 to <1/1,000).",
        "* **2 months to 12 years:**",
    ],
)
def test_no_effects(section: str) -> None:
    assert effects(section) == []


@pytest.mark.parametrize(
    ("section", "denied", "affirmed"),
    [
        ("Testolol does not cause sedation or dry mouth.", ["sedation", "dry mouth"], []),
        ("Unlike codeine, it does not cause constipation, but nausea is common.", ["constipation"], ["nausea"]),
        ("It is not associated with weight gain.", ["weight gain"], []),
        ("No hepatotoxicity has been reported.", ["hepatotoxicity"], []),
        (
            "Weight gain is not seen at licensed doses, and bone density is not reduced.",
            ["Weight gain", "reduced bone density"],
            [],
        ),
        ("Studies do not show that Testolol causes autism or lymphoma.", ["autism", "lymphoma"], []),
        (
            "No causal link with leukaemia or with aplastic anaemia has been found.",
            ["leukaemia", "aplastic anaemia"],
            [],
        ),
        (
            "Treated children did not have more seizures. Retinopathy was not more frequent than with placebo.",
            ["seizures", "Retinopathy"],
            [],
        ),
        ("Marrow suppression is not a feature. Growth was not affected.", ["Marrow suppression", "Growth"], []),
        (
            "Physical dependence on Testolol does not occur. It does not worsen heart failure.",
            ["Physical dependence", "heart failure"],
            [],
        ),
        (
            "It is not associated with neuropathy (isoniazid is) or optic neuritis.",
            ["neuropathy", "optic neuritis"],
            [],
        ),
        ("No dependence seen; it does not lower testosterone.", ["dependence", "lower testosterone"], []),
        ("Unlike drops of another class, Testolol does not slow the heart or cause fatigue.", ["fatigue"], []),
        ("Rash. Testolol does not cause rash.", [], ["Rash"]),
    ],
)
def test_denied_effects_are_never_affirmed(section: str, denied: list[str], affirmed: list[str]) -> None:
    found = effects(section)
    assert [e.term for e in found if e.assertion == "negated"] == denied
    assert [e.term for e in found if e.assertion == "affirmed"] == affirmed


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Headache (12%)", ("very_common", "numeric", 0.12, 0.12, "12%")),
        ("Ejaculation failure (8% of men)", ("common", "numeric", 0.08, 0.08, "8% of men")),
        # numbers of some patients beside those of others, or of all
        ("Rash in men: 4%, in women: 1%", (None, "none", None, None, None)),
        ("Headache: 8% in children and 3% overall", ("common", "numeric", 0.03, 0.03, "3%")),
        ("Flushing: women 4.5%, men 1.5%", (None, "none", None, None, None)),
        ("Myopathy (2% at 5 mg, 4% at 10 mg)", ("common", "numeric", 0.02, 0.04, "2% at 5 mg, 4%")),
        ("Nausea led to withdrawal in 3% of patients.", (None, "none", None, None, None)),
        # a share of the cases, of placebo, of the weight is no frequency of the effect
        ("Lactic acidosis: 0.03 cases per 1000 patient-years, fatal in around 50%", (None, "none", None, None, None)),
        ("Agranulocytosis (1 in 10,000; mortality 10%)", ("rare", "numeric", 0.0001, 0.0001, "1 in 10,000")),
        ("Alopecia, reversible in 90%", (None, "none", None, None, None)),
        ("Rash leading to discontinuation in 2%", (None, "none", None, None, None)),
        ("Insomnia (placebo: 4%; Testolol: 9%)", ("common", "numeric", 0.09, 0.09, "9%")),
        ("Weight gain of more than 7% in 20% of patients", ("very_common", "numeric", 0.2, 0.2, "20% of patients")),
        ("Rash (10% in children)", ("very_common", "numeric", 0.1, 0.1, "10%")),
        ("Nausea – 5-9%", ("common", "numeric", 0.05, 0.09, "5-9%")),
        ("Nausea (5–10%)", (None, "numeric", 0.05, 0.1, "5–10%")),
        ("### Common Side Effects\n\nNausea (5–10%)", ("common", "numeric", 0.05, 0.1, "5–10%")),
        ("### Common Side Effects\n\nNausea (up to 20%)", ("common", "numeric", None, 0.2, "up to 20%")),
        ("### Rare but Serious\n\nNephrotoxicity (5–15%)", (None, "numeric", 0.05, 0.15, "5–15%")),
        ("Lactic acidosis (about 4 cases per 100,000 patient-years)", (None, "none", None, None, None)),
        ("Rash (together with fever in 20%)", (None, "none", None, None, None)),
        ("Common (1–10%): rash", ("common", "numeric", 0.01, 0.1, "1–10%")),
        ("Rash (about 1 in 1,000,000 doses)", ("very_rare", "numeric", 0.000001, 0.000001, "about 1 in 1,000,000")),
        ("Rash (5–15%)", (None, "numeric", 0.05, 0.15, "5–15%")),
        ("Seizures (<0.01%)", ("very_rare", "numeric", None, 0.0001, "<0.01%")),
        ("Rash (up to 30%)", (None, "numeric", None, 0.3, "up to 30%")),
        ("Very common (≥1/10): rash", ("very_common", "numeric", 0.1, None, "≥1/10")),
        ("Uncommon (0.1–1%): rash", ("uncommon", "numeric", 0.001, 0.01, "0.1–1%")),
        ("Common (>1/100, <1/10): rash", ("common", "numeric", 0.01, 0.1, ">1/100, <1/10")),
        ("Rash occurs in about 1 in 100 patients.", ("common", "numeric", 0.01, 0.01, "about 1 in 100 patients")),
        ("Rash occurred in 4% of patients, against 2% with placebo.",
         ("common", "numeric", 0.04, 0.04, "4% of patients")),
        ("Nephrotoxicity (10–25% with courses >7 days)", ("very_common", "numeric", 0.1, 0.25, "10–25%")),
        ("Uncommon: rash", ("uncommon", "stated_category", None, None, "Uncommon")),
        ("Rash is rare and occurs late.", ("rare", "stated_category", None, None, "rare")),
        ("Rash (very common)", ("very_common", "stated_category", None, None, "very common")),
        ("### Common Side Effects\n\nRash", ("common", "heading", None, None, None)),
        ("### Common Side Effects\n\nRash (0.5%)", ("uncommon", "numeric", 0.005, 0.005, "0.5%")),
        ("* **Common:** rash", ("common", "heading", None, None, "Common")),
        ("Rash", (None, "none", None, None, None)),
    ],
)  # fmt: skip
def test_frequency(section: str, expected: tuple[Any, ...]) -> None:
    (e,) = effects(section)
    found = (e.frequency_category, e.frequency_basis, e.frequency_low, e.frequency_high, e.frequency_text)
    assert found == expected


def test_what_a_sentence_says_of_all_it_names() -> None:
    found = effects(
        "* Cardiac: infarction; arrhythmia (ventricular tachycardia); all <1/10,000\n"
        "* Optic neuropathy; dystonia: frequency not known\n"
        "* Burning was reported by 12% of patients and pruritus by 7%; all were mild.\n"
        "* Rash and alopecia have been reported; their frequency is not known.\n"
        "* Hypotension (very rarely with syncope), and, very rarely, angina"
    )
    assert [(e.term, e.frequency_category, e.severity) for e in found] == [
        ("infarction", "very_rare", "unspecified"),
        ("arrhythmia", "very_rare", "unspecified"),
        ("ventricular tachycardia", "very_rare", "unspecified"),
        ("Optic neuropathy", "not_known", "unspecified"),
        ("dystonia", "not_known", "unspecified"),
        ("Burning", "very_common", "mild"),
        ("pruritus", "common", "mild"),
        ("Rash", "not_known", "unspecified"),
        ("alopecia", "not_known", "unspecified"),
        ("Hypotension", None, "unspecified"),
        ("syncope", "very_rare", "unspecified"),
        ("angina", "very_rare", "unspecified"),
    ]


def test_common_beside_other_classes_states_a_class() -> None:
    found = effects("* **Common:** nausea\n* **Uncommon:** rash")
    assert [e.frequency_basis for e in found] == ["stated_category", "stated_category"]


def test_overdose_told_among_side_effects_stands_in_its_table() -> None:
    rows = effects("Nausea is common. In overdose, coma occurs; give naloxone.", "overdose")
    assert [(o.aspect, o.detail) for o in rows] == [("sign", "In overdose, coma occurs; give naloxone")]


def test_a_class_stated_of_a_group_is_not_that_of_its_examples() -> None:
    found = effects(
        "* Flu-like syndrome, mainly with pulses (uncommon): fever, chills\n* Arrhythmias: heart block (very rare), beats"
    )
    assert [(e.term, e.parent_term, e.frequency_category) for e in found] == [
        ("Flu-like syndrome", None, "uncommon"),
        ("fever", "Flu-like syndrome", None),
        ("chills", "Flu-like syndrome", None),
        ("Arrhythmias", None, None),
        ("heart block", "Arrhythmias", "very_rare"),
        ("beats", "Arrhythmias", None),
    ]


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("Dizziness, blue-tinged vision, and back pain.", ["Dizziness", "blue-tinged vision", "back pain"]),
        ("Cough, red-coloured urine and gout.", ["Cough", "red-coloured urine", "gout"]),
        ("Enlarged spleen, osteoporosis.", ["Enlarged spleen", "osteoporosis"]),
        ("Haematocrit increased and gout are seen over time.", ["Haematocrit increased", "gout"]),
    ],
)
def test_how_parts_and_values_look(section: str, terms: list[str]) -> None:
    assert [e.term for e in effects(section)] == terms


def test_groups_are_followed_by_their_examples() -> None:
    found = effects(
        "Skin reactions (e.g., SJS, rash), thromboembolic events (deep vein thrombosis, pulmonary embolism)"
    )
    assert [(e.term, e.parent_term) for e in found] == [
        ("Skin reactions", None),
        ("SJS", "Skin reactions"),
        ("rash", "Skin reactions"),
        ("thromboembolic events", None),
        ("deep vein thrombosis", "thromboembolic events"),
        ("pulmonary embolism", "thromboembolic events"),
    ]


def test_a_number_behind_two_effects_holds_for_both() -> None:
    assert [e.frequency_low for e in effects("Nausea and vomiting (26%), rash")] == [0.26, 0.26, None]


def test_serious_and_long_term_come_from_headings_and_words() -> None:
    found = effects(
        "### Rare but Serious Side Effects\n\n* Anaphylaxis\n* **Lactic acidosis:** may be fatal\n\n"
        "### Long-Term Effects\n\nOsteoporosis\n\n### Other\n\nCataract with prolonged use, severe cramps, rash"
    )
    assert [(e.term, e.is_serious, e.is_long_term, e.severity) for e in found] == [
        ("Anaphylaxis", True, False, "unspecified"),
        ("Lactic acidosis", True, False, "unspecified"),
        ("Osteoporosis", False, True, "unspecified"),
        ("Cataract", False, True, "unspecified"),
        ("severe cramps", False, False, "severe"),
        ("rash", False, False, "unspecified"),
    ]
    assert found[4].term_norm == "cramp"


def test_a_column_of_frequencies() -> None:
    found = effects(
        "| Organ class | Effect | Testolol (%) | Placebo (%) |\n|---|---|---|---|\n"
        "| Skin | Rash, pruritus | 4 | 2 |\n| Nervous system | Neuropathy, any grade | <1 | 0 |"
    )
    assert [(e.term, e.frequency_low, e.frequency_high, e.body_system) for e in found] == [
        ("Rash", 0.04, 0.04, "Skin"),
        ("pruritus", 0.04, 0.04, "Skin"),
        ("Neuropathy", None, 0.01, "Nervous system"),
    ]


def test_a_column_named_after_the_drug_holds_its_figures() -> None:
    found = effects("| Effect | Testolol (N=769) | Placebo (N=439) |\n|---|---|---|\n| Somnolence | 15% | 8% |")
    assert [(e.term, e.frequency_low) for e in found] == [("Somnolence", 0.15)]


def test_a_column_for_each_class() -> None:
    found = effects("| System | Very common | Rare |\n|---|---|---|\n| Skin | Rash | Alopecia, erythema (mild) |")
    assert [(e.term, e.frequency_category, e.body_system) for e in found] == [
        ("Rash", "very_common", "Skin"),
        ("Alopecia", "rare", "Skin"),
        ("erythema", "rare", "Skin"),
    ]


def test_labels_of_body_systems() -> None:
    found = effects("* **Nervous system:** headache\n* Skin and subcutaneous tissue disorders: rash")
    assert [e.body_system for e in found] == ["Nervous system", "Skin and subcutaneous tissue disorders"]


def test_one_effect_told_again_is_one_row_with_its_places() -> None:
    body = (
        "## Side Effects\n\n### Common Side Effects\n\nDiarrhoea, infections, Stevens-Johnson syndrome (SJS)\n\n"
        "### Adverse Drug Reactions (ADR)\n\nSJS (0.01%)\n\n## Precautions\n\n* Drink enough when diarrhoea occurs.\n\n"
        "## Drug Profile Summary\n\n* **Side Effects:** Diarrhea, increased risk of infections\n"
    )
    found = tables(body)
    assert {(e.term, e.n_mentions, e.n_sections) for e in found["side_effects"]} == {
        ("Diarrhoea", 3, 3),
        ("infections", 2, 2),
        ("Stevens-Johnson syndrome", 2, 2),
    }
    (sjs,) = (e for e in found["side_effects"] if e.term_norm == "stevens-johnson syndrome")
    assert (sjs.frequency_category, sjs.frequency_basis) == ("rare", "numeric")
    contexts = sorted(m.context for m in found["side_effect_mentions"] if m.term.lower().startswith("diarrh"))
    assert contexts == ["listing", "other", "summary"]
    assert {m.side_effect_id for m in found["side_effect_mentions"]} == {e.row_id for e in found["side_effects"]}


def test_abbreviations_are_resolved_by_the_document() -> None:
    body = "## Usage\n\nMyelodysplastic Syndromes (MDS)\n\n## Side Effects\n\nSecond malignancies (e.g., AML, MDS)\n"
    assert [e.term_norm for e in tables(body)["side_effects"]] == [
        "second malignancy",
        "aml",
        "myelodysplastic syndrome",
    ]


def test_quotes_hold_the_number_and_are_verbatim() -> None:
    text = "---\ntitle: Testolol\n---\n## Side Effects\n\n* **Gut:** *Nausea* (26%), rash\n"
    for e in extract(read(text.encode(), "t.md"), "t")["side_effects"]:
        assert text[e.char_start : e.char_end] == e.source_quote  # type: ignore[attr-defined]
    assert [e.source_quote for e in effects("Nausea (26%), rash")] == ["Nausea (26%)", "rash"]


def test_a_frequency_label_does_not_reach_into_the_next_sentence() -> None:
    from monopipe.document import read
    from monopipe.extract import extract

    body = "## Side Effects\n\nRare: gout, rash. Long-term use may cause osteoporosis.\n"
    found = extract(read(f"---\ntitle: Testolol\n---\n{body}".encode(), "testolol.md"), "testolol")["side_effects"]
    assert {(s.term_norm, s.frequency_category) for s in found} == {  # type: ignore[attr-defined]
        ("gout", "rare"),
        ("rash", "rare"),
        ("osteoporosis", None),
    }


def test_words_behind_an_effect_call_it_serious_or_of_long_use() -> None:
    hepatitis, osteoporosis = effects("Hepatitis, some cases fatal; osteoporosis, especially with prolonged use")
    assert (hepatitis.is_serious, hepatitis.is_long_term) == (True, False)
    assert (osteoporosis.is_serious, osteoporosis.is_long_term) == (False, True)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Urticaria (very common), photosensitivity and alopecia (both very rare).", [
            ("Urticaria", "very_common"), ("photosensitivity", "very_rare"), ("alopecia", "very_rare")]),
        ("Nystagmus, tremor, and dystonia (all uncommon); neuropathy (rare).", [
            ("Nystagmus", "uncommon"), ("tremor", "uncommon"), ("dystonia", "uncommon"), ("neuropathy", "rare")]),
        ("DRESS, anaemia and agranulocytosis (each fewer than 1 in 10,000), hepatitis.", [
            ("DRESS", None), ("anaemia", "very_rare"), ("agranulocytosis", "very_rare"), ("hepatitis", None)]),
        ("Headache, nausea and rash. Each of these occurs in 1–10% of patients.", [
            ("Headache", "common"), ("nausea", "common"), ("rash", "common")]),
        ("Local burning is very common, and a white deposit forms in 7% of those treated.", [
            ("Local burning", "very_common"), ("white deposit", "common")]),
        ("About one in ten patients notices a dry mouth.", [("dry mouth", "very_common")]),
        ("Rash, although severe skin reactions are rare", [("Rash", None), ("severe skin reactions", "rare")]),
        ("Hypotension, while syncope occurs in about 0.05%", [("Hypotension", None), ("syncope", "rare")]),
        ("Nausea occurred in 12% of patients (placebo 8%), and diarrhoea no more often than with placebo.", [
            ("Nausea", "very_common")]),
    ],
)  # fmt: skip
def test_what_is_said_of_several_effects(section: str, expected: list[tuple[str, str | None]]) -> None:
    found = [e for e in effects(section) if e.assertion == "affirmed"]
    assert [(e.term, e.frequency_category) for e in found] == expected


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("Other grave reactions are aortic dissection, seizures and liver failure.",
         ["aortic dissection", "seizures", "liver failure"]),
        ("Osteoporosis and fractures of the hip, wrist or spine after years of use.",
         ["Osteoporosis", "fractures of the hip", "fractures of the wrist", "fractures of the spine"]),
        ("Severe cutaneous reactions (SCARs) such as Stevens-Johnson syndrome.",
         ["Severe cutaneous reactions", "Stevens-Johnson syndrome"]),
        ("There were isolated reports of hepatitis and pancreatitis.", ["hepatitis", "pancreatitis"]),
        ("Anorexia, anxiety and snappiness have been reported.", ["Anorexia", "anxiety", "snappiness"]),
    ],
)  # fmt: skip
def test_further_wordings_of_lists(section: str, terms: list[str]) -> None:
    assert sorted(e.term for e in effects(section)) == sorted(terms)


@pytest.mark.parametrize(
    ("section", "denied"),
    [
        ("Neither weight gain nor sedation was observed.", ["weight gain", "sedation"]),
        ("Malignant hyperthermia is not triggered by it.", ["Malignant hyperthermia"]),
        (
            "ALX does not cause gout (that is quinine) and is not associated with hearing loss.",
            ["gout", "hearing loss"],
        ),
        ("Lasting harm has not been shown.", ["Lasting harm"]),
        ("Diarrhoea was no more common than with placebo.", ["Diarrhoea"]),
    ],
)
def test_further_denials(section: str, denied: list[str]) -> None:
    assert [(e.term, e.assertion) for e in effects(section)] == [(term, "negated") for term in denied]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Dizziness, blurred vision and, in older men, urinary retention.", [
            ("Dizziness", None), ("blurred vision", None), ("urinary retention", None)]),
        ("Hepatitis, rarely fatal; jaundice (rarely severe).", [("Hepatitis", None), ("jaundice", None)]),
        ("Weight gain of 2–5 kg over the first year.", [("Weight gain", None)]),
        ("Hypersensitivity reactions range from urticaria to anaphylaxis.", [("Hypersensitivity reactions", None)]),
        ("Rash, hair loss, and (in women) menstrual irregularities are uncommon.", [("Rash", "uncommon"),
            ("hair loss", "uncommon"), ("menstrual irregularities", "uncommon")]),
        ("The frequency of bleeding was 2.1% per year.", [("bleeding", "common")]),
    ],
)  # fmt: skip
def test_asides_and_how_bad_an_effect_may_turn_out(section: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(e.term, e.frequency_category) for e in effects(section)] == expected


def test_a_severe_form_of_one_effect_makes_none_of_the_others_serious() -> None:
    found = effects("Unwanted effects are nausea, vomiting and diarrhoea that may be severe.")
    assert [(e.term, e.is_serious) for e in found] == [("nausea", False), ("vomiting", False), ("diarrhoea", False)]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* Leucopenia and thrombocytopenia: <1/10,000", [("Leucopenia", None, 0.0001), ("thrombocytopenia", None, 0.0001)]),
        ("In trials, insomnia affected 28% of patients and peripheral oedema 15%.", [
            ("insomnia", 0.28, 0.28), ("peripheral oedema", 0.15, 0.15)]),
        ("Dry mouth was very common and headache occurred in 22%.", [("Dry mouth", None, None), ("headache", 0.22, 0.22)]),
        ("Nausea was found in 5% of patients against 3% with placebo.", [("Nausea", 0.05, 0.05)]),
        ("Among the dangerous effects are haemorrhage, stroke and rash.", [
            ("haemorrhage", None, None), ("stroke", None, None), ("rash", None, None)]),
        ("Treatment of infections can set off a skin reaction.", [("skin reaction", None, None)]),
    ],
)  # fmt: skip
def test_each_effect_of_a_sentence_has_its_own_number(
    section: str, expected: list[tuple[str, float | None, float | None]]
) -> None:
    assert [(e.term, e.frequency_low, e.frequency_high) for e in effects(section)] == expected


def test_a_denial_goes_on_behind_a_comparison() -> None:
    found = effects("It is not associated with nephrotoxicity and, unlike valproate, does not cause weight gain.")
    assert sorted((e.term, e.assertion) for e in found) == [("nephrotoxicity", "negated"), ("weight gain", "negated")]


NUMERIC_10000 = ("very_rare", "numeric", None, 0.0001)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("### Rare\n\nGout and hepatitis are dangers, as is necrolysis (fewer than 1 in 10,000).",
         {"Gout": ("rare", "heading", None, None), "hepatitis": ("rare", "heading", None, None), "necrolysis": NUMERIC_10000}),
        ("Nausea (42%) is very common, and so are anaemia and oedema.",
         {"Nausea": ("very_common", "numeric", 0.42, 0.42), "anaemia": ("very_common", "stated_category", None, None), "oedema": ("very_common", "stated_category", None, None)}),
        ("Sepsis, gout, necrolysis and anaphylaxis (the last two very rare).",
         {"Sepsis": (None, "none", None, None), "gout": (None, "none", None, None),
          "necrolysis": ("very_rare", "stated_category", None, None), "anaphylaxis": ("very_rare", "stated_category", None, None)}),
        ("Abdominal pain, nausea and a rash (10%).",
         {"Abdominal pain": (None, "none", None, None), "nausea": (None, "none", None, None), "rash": ("very_common", "numeric", 0.1, 0.1)}),
        ("Nausea and vomiting (26%), headache.",
         {"Nausea": ("very_common", "numeric", 0.26, 0.26), "vomiting": ("very_common", "numeric", 0.26, 0.26), "headache": (None, "none", None, None)}),
        ("On high doses nausea and vomiting are each seen in about 70% of patients.",
         {"nausea": ("very_common", "numeric", 0.7, 0.7), "vomiting": ("very_common", "numeric", 0.7, 0.7)}),
        ("Febrile neutropenia complicates 12% of courses.", {"Febrile neutropenia": ("very_common", "numeric", 0.12, 0.12)}),
        ("Cyanosis and fever are uncommon, and miosis rare.",
         {"Cyanosis": ("uncommon", "stated_category", None, None), "fever": ("uncommon", "stated_category", None, None), "miosis": ("rare", "stated_category", None, None)}),
        ("Roughly one patient in four develops a dry cough.", {"dry cough": ("very_common", "numeric", 0.25, 0.25)}),
        ("Microangiopathy (haemolytic uraemic syndrome, purpura) in frail patients; very rare",
         {"Microangiopathy": ("very_rare", "stated_category", None, None), "haemolytic uraemic syndrome": ("very_rare", "stated_category", None, None), "purpura": ("very_rare", "stated_category", None, None)}),
    ],
)  # fmt: skip
def test_how_often_is_said_of_the_right_members(section: str, expected: dict[str, Any]) -> None:
    found = effects(section)
    assert {
        r.term: (r.frequency_category, r.frequency_basis, r.frequency_low, r.frequency_high) for r in found
    } == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Agranulocytosis has been described, as have skin reactions.", [("Agranulocytosis", "affirmed"), ("skin reactions", "affirmed")]),
        ("Dizziness and somnolence lead the list.", [("Dizziness", "affirmed"), ("somnolence", "affirmed")]),
        ("Anaemia and gingival haemorrhage also belong here.", [("Anaemia", "affirmed"), ("gingival haemorrhage", "affirmed")]),
        ("After years of treatment osteomalacia and gout are seen.", [("osteomalacia", "affirmed"), ("gout", "affirmed")]),
        ("Less often palpitations, flushing or oedema are seen.", [("palpitations", "affirmed"), ("flushing", "affirmed"), ("oedema", "affirmed")]),
        ("It can lead to bleaching of the hair, myopathy and neuropathy.", [("bleaching of the hair", "affirmed"), ("myopathy", "affirmed"), ("neuropathy", "affirmed")]),
        ("It does not increase the risk of cancer.", [("cancer", "negated")]),
        ("It is not known to cause addiction.", [("addiction", "negated")]),
        ("It has not been linked with amputation, with fracture or with gout.", [("amputation", "negated"), ("fracture", "negated"), ("gout", "negated")]),
        ("An increase in amputations was seen with canagliflozin.", []),
        ("Tolerance and gout must be expected in long treatment.", [("Tolerance", "affirmed"), ("gout", "affirmed")]),
        ("Necrolysis and a decline in renal function have been described.", [("Necrolysis", "affirmed"), ("decline in renal function", "affirmed")]),
        ("Respiratory depression (uncommon with the patch) and apnoea are the effects that kill.", [("Respiratory depression", "affirmed"), ("apnoea", "affirmed")]),
        ("It does not cause hearing loss, nor is it associated with QT prolongation.", [("hearing loss", "negated"), ("QT prolongation", "negated")]),
    ],
)  # fmt: skip
def test_the_verbs_behind_and_before_a_list(section: str, expected: list[tuple[str, str]]) -> None:
    assert [(r.term, r.assertion) for r in effects(section)] == expected


def test_an_age_is_no_length_of_use() -> None:
    assert [r.is_long_term for r in effects("Suicidal thoughts (mostly under 25 years of age).")] == [False]


def test_brackets_that_never_close_are_read_without_a_fault() -> None:
    assert [r.term for r in effects("- **Nervous system:**(!7%[ Insomnia (20%), tremor (9%).")] == []


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- v common (≥1/10): tremor\n- common (≥1/100 to <1/10): gout, fever\n- NK: tinnitus",
         [("tremor", "very_common", "numeric"), ("gout", "common", "numeric"), ("fever", "common", "numeric"), ("tinnitus", "not_known", "stated_category")]),
        ("- **Heart disorders:** very common: bradycardia; rare (<1/1000): syncope; freq not known: angina.",
         [("bradycardia", "very_common", "stated_category"), ("syncope", "rare", "numeric"), ("angina", "not_known", "stated_category")]),
        ("Reactions that occurred in 2% to 4% of patients were cough and gout (3%). The following events were seen in 0.2% to 0.5% of patients:\n\n- *Skin:* rash",
         [("cough", "common", "numeric"), ("gout", "common", "numeric"), ("rash", "uncommon", "numeric")]),
        ("The common effects, reported by 1% to 10% of users, are fever and cough.", [("fever", "common", "numeric"), ("cough", "common", "numeric")]),
        ("Headache is very common and was seen in 12.2% of patients.", [("Headache", "very_common", "numeric")]),
        ("Insomnia (18%, compared with 9% of patients on placebo), tremor (4.7%).", [("Insomnia", "very_common", "numeric"), ("tremor", "common", "numeric")]),
        ("These reactions have been reported since approval; their incidence is unknown: hepatitis and uveitis.",
         [("hepatitis", "not_known", "stated_category"), ("uveitis", "not_known", "stated_category")]),
        ("Angioedema / hepatitis / agranulocytosis (v rare)", [("Angioedema", None, "none"), ("hepatitis", None, "none"), ("agranulocytosis", "very_rare", "stated_category")]),
        ("| System | ≥10% | 1–10% |\n|---|---|---|\n| Nervous system | headache (14%) | tremor |",
         [("headache", "very_common", "numeric"), ("tremor", "common", "numeric")]),
        ("| How often | What |\n|---|---|\n| NK | tinnitus |", [("tinnitus", "not_known", "stated_category")]),
    ],
)  # fmt: skip
def test_classes_in_shorthand_and_label_style(section: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert [(r.term, r.frequency_category, r.frequency_basis) for r in effects(section)] == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Rare but nasty", ("rare", True, False)),
        ("6.2 Rare, serious harms", ("rare", True, False)),
        ("Rare but serious: call for help", ("rare", True, False)),
        ("Common harms", ("common", False, False)),
        ("Late effects", (None, False, True)),
        ("What can come after a long time?", (None, False, True)),
        ("Effects of prolonged treatment", (None, False, True)),
    ],
)
def test_what_a_heading_says_of_its_list(heading: str, expected: tuple[str | None, bool, bool]) -> None:
    (row,) = effects(f"### {heading}\n\nHepatitis.")
    assert (row.frequency_category, row.is_serious, row.is_long_term) == expected


def test_late_effects_under_a_serious_heading_are_not_called_serious() -> None:
    rows = effects(
        "### Serious reactions\n\nSeizures.\n\nLong courses: superinfection. Not linked w/ gout; rash not seen."
    )
    assert [(r.term, r.is_serious, r.is_long_term, r.assertion) for r in rows] == [
        ("Seizures", True, False, "affirmed"),
        ("superinfection", False, True, "affirmed"),
        ("gout", False, False, "negated"),
        ("rash", False, False, "negated"),
    ]


def test_a_line_above_a_list_says_how_often_and_when_to_seek_help() -> None:
    rows = effects(
        "**Stop taking it and see a doctor straight away if you get:**\n\n- chest pain\n\n"
        "**Common** (may affect up to 1 in 10 people)\n\n- wind\n- headache\n\n**Not known** (frequency cannot be estimated)\n\n- hair loss"
    )
    assert [(r.term, r.is_serious, r.frequency_category, r.frequency_high) for r in rows] == [
        ("chest pain", True, None, None),
        ("wind", False, "common", 0.1),
        ("headache", False, "common", 0.1),
        ("hair loss", False, "not_known", None),
    ]


def test_rows_of_a_label_table() -> None:
    rows = effects(
        "Table 1: Adverse Experiences Occurring in ≥1% of Patients\n\n| | Testolol (%) | Placebo (%) |\n|---|---|---|\n"
        "| Digestive System Disorders | | |\n| Pain, abdominal | 2.9 | 2.5 |\n| Dyspepsia | 2.1 | 1.1 |\n\n↓ renal function (rare)."
    )
    assert [(r.term, r.frequency_low, r.frequency_category) for r in rows] == [
        ("abdominal pain", 0.029, "common"),
        ("Dyspepsia", 0.021, "common"),
        ("↓ renal function", None, "rare"),
    ]


def test_what_patients_have_described() -> None:
    section = "Patients have also described cold hands and, less often, hallucinations."
    assert [r.term for r in effects(section)] == ["cold hands", "hallucinations"]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("In the clinical trials the complaints were headache (12%) and tremor (3%).", [("headache", "very_common"), ("tremor", "common")]),
        ("Common (≥1/100 to <1/10) are rash and cough.", [("rash", "common"), ("cough", "common")]),
        ("Uncommon: pins and needles, dry mouth. The cough is due to ramipril.", [("pins and needles", "uncommon"), ("dry mouth", "uncommon")]),
        ("One also sees hallucinations. Hair loss belongs to valproate.", [("hallucinations", None)]),
    ],
)  # fmt: skip
def test_what_lectures_say_of_effects(section: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(r.term, r.frequency_category) for r in effects(section)] == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("### Often", ("common", False, False)),
        ("### What patients meet very often", ("very_common", False, False)),
        ("**Now and then**", ("uncommon", False, False)),
        ("### Less often", ("uncommon", False, False)),
        ("### Seldom, but serious", ("rare", True, False)),
        ("### A rare few will have something serious", ("rare", True, False)),
        ("### How often, from the books", (None, False, False)),
        ("**Serious, act today:**", (None, True, False)),
        ("**Nuisances (common):**", ("common", False, False)),
        ("**Down the road (long-term):**", (None, False, True)),
        ("**Rare but serious**\n\n- Sepsis\n\n**Months of tablets**", (None, False, True)),
        ("**Rare but serious**\n\n- Sepsis\n\n**Long-term**", (None, False, True)),
    ],
)
def test_everyday_headings(head: str, expected: tuple[Any, ...]) -> None:
    rash = next(e for e in effects(f"{head}\n\n- Rash") if e.term == "Rash")
    assert (rash.frequency_category, rash.is_serious, rash.is_long_term) == expected


def test_a_class_beside_a_list_on_long_use_is_not_of_it() -> None:
    found = effects("**Long-term**\n\n- Cataract\n\n**Postmarketing, frequency not known:** gout")
    assert [(e.term, e.frequency_category, e.is_long_term) for e in found] == [
        ("Cataract", None, True),
        ("gout", "not_known", False),
    ]


def test_a_class_behind_a_serious_list_and_a_column_of_serious_reactions() -> None:
    found = effects("**Serious, call us:**\n\n- Seizure\n\nRare: hepatitis.\n\nUncommon: tremor.")
    assert [(e.term, e.is_serious) for e in found] == [("Seizure", True), ("hepatitis", False), ("tremor", False)]
    found = effects("**Red flags:**\n\n| Serious event | Do |\n|---|---|\n| Ileus | stop |\n\nRare: priapism.")
    assert [(e.term, e.is_serious) for e in found] == [("Ileus", True), ("priapism", False)]
    (found,) = effects("| Serious reaction | Do |\n|---|---|\n| Angioedema | stop |")
    assert found.is_serious


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("Band | Reactions", "Common (≥1/100 to <1/10) | rash", ("common", 0.01, 0.1)),
        ("Group | Examples", "1 in 100 to 1 in 10 | rash", ("common", 0.01, 0.1)),
        ("Group | Examples", "Fewer than 1 in 10,000 | rash", ("very_rare", None, 0.0001)),
        ("Bucket | What happens", "Often | rash", ("common", None, None)),
        ("System | Often (>10%) | Seldom (<0.1%)", "Skin | – | rash", ("rare", None, 0.001)),
        ("Effect | Rate", "rash | 10 to 20%", ("very_common", 0.1, 0.2)),
    ],
)
def test_bands_that_a_table_tells_in_its_cells(head: str, row: str, expected: tuple[Any, ...]) -> None:
    (e,) = effects(f"| {head} |\n|{'---|' * (head.count('|') + 1)}\n| {row} |")
    assert (e.frequency_category, e.frequency_low, e.frequency_high) == expected


def test_a_figure_behind_the_last_of_a_list_is_of_it_alone() -> None:
    found = effects("Diarrhoea (11%), nausea (7%), constipation, headache, insomnia and rash (4%).")
    assert {e.term: e.frequency_low for e in found} == {
        "Diarrhoea": 0.11, "nausea": 0.07, "constipation": None, "headache": None, "insomnia": None, "rash": 0.04,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("The reactions that must not be missed are acquired haemophilia A, angioedema and seizures.",
         ["acquired haemophilia A", "angioedema", "seizures"]),
        ("Effects for which treatment should be stopped are jaundice and pancreatitis.", ["jaundice", "pancreatitis"]),
        ("Reactions to stop the drug for include hepatitis and stroke.", ["hepatitis", "stroke"]),
        ("Prolonged treatment may be followed by iron deficiency anaemia.", ["iron deficiency anaemia"]),
        ("Over years of treatment we watch for lymphoma and cataract.", ["lymphoma", "cataract"]),
        ("Congestive heart failure, new or worsening. Tuberculosis, new or reactivated.",
         ["Congestive heart failure", "Tuberculosis"]),
        ("The effects that should be reported to the doctor are listed in the leaflet.", []),
        ("Furred tongue, vaginal candidiasis", ["Furred tongue", "vaginal candidiasis"]),
    ],
)  # fmt: skip
def test_lists_behind_what_is_to_be_done(section: str, terms: list[str]) -> None:
    assert [e.term for e in effects(section)] == terms


def test_what_a_denied_list_names_beside_a_known_effect_is_denied_too() -> None:
    found = effects("It is not associated with lens discoloring or hearing loss.")
    assert [(e.term, e.assertion) for e in found] == [("lens discoloring", "negated"), ("hearing loss", "negated")]


def test_labels_of_one_paragraph_stand_side_by_side() -> None:
    found = effects(
        "Common (1–10%): nausea. Serious: hepatitis. Isolated cases: gout. Long-term: bone loss.\n\n"
        "**Rare:** Skin: rash. Gut: ileus.\n\n**Not known to be linked:** hair loss."
    )
    assert [(e.term, e.frequency_category, e.is_serious, e.is_long_term, e.assertion) for e in found] == [
        ("nausea", "common", False, False, "affirmed"),
        ("hepatitis", None, True, False, "affirmed"),
        ("gout", None, False, False, "affirmed"),
        ("bone loss", None, False, True, "affirmed"),
        ("rash", "rare", False, False, "affirmed"),
        ("ileus", "rare", False, False, "affirmed"),
        ("hair loss", None, False, False, "negated"),
    ]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Less common effects are rash, taste change and gout.",
         [("rash", "uncommon"), ("taste change", "uncommon"), ("gout", "uncommon")]),
        ("The commonest complaint is dry mouth. Next come thirst and gout.",
         [("dry mouth", "common"), ("thirst", None), ("gout", None)]),
        ("More than one patient in ten has nausea. One in twenty complains of thirst.",
         [("nausea", "very_common"), ("thirst", "common")]),
        ("10 in 100 or more: gout. 1 to 10 in 100: headache. Fewer than 1 in 100: rash.", [("gout", "very_common"), ("headache", "common"), ("rash", None)]),
        ("Rash, 3%. Nausea, 12%; headache, 0.2%", [("Rash", "common"), ("Nausea", "very_common"), ("headache", "uncommon")]),
        ("Drowsiness wears off within a week.", [("Drowsiness", None)]),
        ("Treatment for years is associated with pneumonia and gout.", [("pneumonia", None), ("gout", None)]),
    ],
)  # fmt: skip
def test_lists_in_plain_sentences(section: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(e.term, e.frequency_category) for e in effects(section)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Nausea: 20%. Headache: 10%. Rash: rare.",
         [("Nausea", 0.2, None), ("Headache", 0.1, None), ("Rash", None, None)]),
        ("Serious effects are rare: hepatitis 1 in 10,000, ulcers in the mouth.",
         [("hepatitis", 0.0001, None), ("ulcers in the mouth", None, None)]),
        ("Minor ones are common and include nausea (12%), thirst.", [("nausea", 0.12, None), ("thirst", None, None)]),
        ("Neutropenia (grade 3–4 in 12%), gout", [("Neutropenia", 0.12, None), ("gout", None, None)]),
        ("Bleeding: epistaxis. Serious: stroke.",
         [("Bleeding", None, None), ("epistaxis", None, "Bleeding"), ("stroke", None, None)]),
        ("Later on weight gain and fatigue set in.", [("weight gain", None, None), ("fatigue", None, None)]),
        ("Sometimes severe: rash", [("rash", None, None)]),
    ],
)  # fmt: skip
def test_figures_and_examples_are_of_their_own_effect(section: str, expected: list[tuple[Any, ...]]) -> None:
    assert [(e.term, e.frequency_low, e.parent_term) for e in effects(section)] == expected


def test_a_comment_in_a_table_tells_of_long_use() -> None:
    (e,) = effects("| Side effect | Frequency | Comment |\n|---|---|---|\n| Gout | Rare | on long-term use |")
    assert (e.frequency_category, e.is_long_term) == ("rare", True)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Nausea and dyspepsia: common. Rash: very rare, but check the enzymes.",
         [("Nausea", "common"), ("dyspepsia", "common"), ("Rash", "very_rare")]),
        ("Thyroid tumours were seen in rats. Gout is rare.", [("Gout", "rare")]),
        ("Nausea* (12%), headache† (8%). †Placebo 7%.", [("Nausea", "very_common"), ("headache", "common")]),
        ("Rare: bleeding, above all with NSAIDs; gout", [("bleeding", "rare"), ("gout", "rare")]),
    ],
)  # fmt: skip
def test_no_effects_in_animals_footnotes_and_remarks(section: str, expected: list[tuple[str, str]]) -> None:
    assert [(e.term, e.frequency_category) for e in effects(section)] == expected


def test_a_class_inside_a_list_is_of_its_member() -> None:
    found = effects("**Common:** anorexia or, seldom, weight gain; tremor")
    assert [(e.term, e.frequency_category) for e in found] == [
        ("anorexia", "common"),
        ("weight gain", "rare"),
        ("tremor", "common"),
    ]


@pytest.mark.parametrize(
    ("section", "assertion"),
    [
        ("- Stroke: not seen in trials", "negated"),
        ("- Stroke – no cases so far", "negated"),
        ("- Stroke: not seen in children", "affirmed"),
        ("| Effect | Frequency |\n|---|---|\n| Stroke | Never seen |", "negated"),
        ("| Effect | Frequency |\n|---|---|\n| Stroke | Not reported |", "affirmed"),
    ],
)
def test_what_stands_behind_an_effect_may_deny_it(section: str, assertion: str) -> None:
    assert [(e.term, e.assertion) for e in effects(section)] == [("Stroke", assertion)]


def test_a_class_of_some_patients_is_not_that_of_the_heading() -> None:
    found = effects("### Uncommon\n\nAtaxia (common in epilepsy trials), rash (rare)")
    assert [(e.term, e.frequency_category) for e in found] == [("Ataxia", "uncommon"), ("rash", "rare")]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Stomach upset is usual at first (nausea 25%, constipation 5%).",
         [("Stomach upset", None), ("nausea", 0.25), ("constipation", 0.05)]),
        ("Stroke occurs in 2%, far less often than with exemplamide.", [("Stroke", 0.02)]),
        ("Hypoglycaemia mainly affects elderly diabetics.", [("Hypoglycaemia", None)]),
    ],
)  # fmt: skip
def test_figures_of_examples_and_what_others_cause(section: str, expected: list[tuple[str, float | None]]) -> None:
    assert [(e.term, e.frequency_low) for e in effects(section)] == expected


def test_a_comparison_in_a_bracket_takes_no_list_away() -> None:
    found = effects("**Common:** eosinophilia, akathisia (less than with haloperidol), dry mouth")
    assert [(e.term, e.frequency_category) for e in found] == [
        ("eosinophilia", "common"),
        ("akathisia", "common"),
        ("dry mouth", "common"),
    ]


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("Positive Coombs test without hemolysis (16.2%), rash, nausea.", ["Positive Coombs test", "rash", "nausea"]),
        ("Headache, eosinophilia without rash (2%), fever.", ["Headache", "eosinophilia", "fever"]),
        ("It may be used without sedation.", []),
    ],
)
def test_a_limit_of_one_member_denies_no_list(section: str, terms: list[str]) -> None:
    assert [e.term for e in effects(section) if e.assertion == "affirmed"] == terms


def test_common_beside_rare_but_serious_is_a_heading() -> None:
    found = effects("**Common:** gout.\n\n**Uncommon:** rash.\n\n**Rare but serious:** hepatitis.\n")
    assert [(e.term, e.frequency_basis) for e in found] == [
        ("gout", "heading"),
        ("rash", "stated_category"),
        ("hepatitis", "heading"),
    ]


def test_lines_with_labels_in_italics_are_statements_of_their_own() -> None:
    found = effects("*Very common (≥1/10):* cheilitis, dry eyes\n*Common (≥1/100):* headache\n_Very rare:_ suicide")
    assert [(e.term, e.frequency_category) for e in found] == [
        ("cheilitis", "very_common"),
        ("dry eyes", "very_common"),
        ("headache", "common"),
        ("suicide", "very_rare"),
    ]


def test_a_class_behind_a_name_without_a_verb_and_what_follows_a_group() -> None:
    found = effects("Cough (rare). Arrhythmias of any kind: bigeminy common; syncope very rare. Stroke (rare).")
    assert [(e.term, e.frequency_category, e.parent_term) for e in found] == [
        ("Cough", "rare", None),
        ("Arrhythmias of any kind", None, None),
        ("bigeminy", "common", "Arrhythmias of any kind"),
        ("syncope", "very_rare", "Arrhythmias of any kind"),
        ("Stroke", "rare", None),
    ]


def test_what_stands_behind_the_last_label_is_not_under_the_first() -> None:
    found = effects(
        "Very common: headache. Not known: agranulocytosis. Akathisia appears in the first days. Blood pressure rarely falls."
    )
    assert [e.frequency_category for e in found][:2] == ["very_common", "not_known"]
    assert {e.frequency_category for e in found[2:]} <= {None, "rare"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It does not cause flushing (that is niacin) and it does not trigger migraine.", [("flushing", "negated", False), ("migraine", "negated", False)]),
        ("It does not provoke bronchospasm. It does not precipitate gout.", [("bronchospasm", "negated", False), ("gout", "negated", False)]),
        ("After long ICU infusions: tolerance, delirium.", [("tolerance", "affirmed", True), ("delirium", "affirmed", True)]),
        ("After prolonged inhalation: hoarseness.", [("hoarseness", "affirmed", True)]),
        ("We pooled the package labeling and one large trial of the tablets.\n\n* Nausea", [("Nausea", "affirmed", False)]),
    ],
)  # fmt: skip
def test_what_is_not_triggered_what_comes_of_long_use_and_where_figures_come_from(
    text: str, expected: list[tuple[str, str, bool]]
) -> None:
    body = f"---\ntitle: Testolol\n---\n## Side Effects\n\n{text}\n"
    found = extract(read(body.encode(), "testolol.md"), "testolol")["side_effects"]
    assert [(r.term, r.assertion, r.is_long_term) for r in found] == expected


def test_the_yes_of_an_answer_is_no_effect() -> None:
    body = "---\ntitle: Testolol\n---\n## Side Effects\n\nWeight gain.\n\n## FAQs\n\n**Does Testolol cause weight gain?**\nYes, usually 1-3 kg in the first year.\n"
    found = extract(read(body.encode(), "testolol.md"), "testolol")["side_effects"]
    assert [r.term for r in found] == ["Weight gain"]


@pytest.mark.parametrize(
    ("heading", "basis"), [("Common Side Effects", "heading"), ("Adverse Drug Reactions", "stated_category")]
)
def test_the_most_common_under_common_states_no_class_of_its_own(heading: str, basis: str) -> None:
    body = f"---\ntitle: Testolol\n---\n## Side Effects\n\n### {heading}\n\nFatigue and ataxia are the most common complaints.\n"
    found = extract(read(body.encode(), "testolol.md"), "testolol")["side_effects"]
    assert [(r.frequency_category, r.frequency_basis) for r in found] == [("common", basis)] * 2


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("* Hypotension on the first dose\n* Fever with the first infusion", ["Hypotension", "Fever"]),
        ("* Priapism (needs emergency treatment), hepatitis (check LFTs)", ["Priapism", "hepatitis"]),
        ("* Depression, though a causal link has not been shown", ["Depression"]),
        ("* Suicidal thoughts (causality has not been established)", ["Suicidal thoughts"]),
        ("* Myocarditis (0.01%), half the cases in the first month", ["Myocarditis"]),
        ("* Flushing and headache often settle in a week.", ["Flushing", "headache"]),
        ("* Rash\n* Symptoms of the disease itself (fever, joint pain) may persist", ["Rash"]),
        ("* Diarrhoea (less with extended-release tablets)", ["Diarrhoea"]),
    ],
)
def test_when_and_how_surely_an_effect_comes_denies_none(section: str, terms: list[str]) -> None:
    found = effects(section)
    assert [(e.term, e.assertion, e.is_long_term) for e in found] == [(t, "affirmed", False) for t in terms]


@pytest.mark.parametrize(
    ("section", "shares"),
    [
        ("The problems you will meet are constipation, which occurs in 12% of patients, and drowsiness (8%).",
         {"constipation": 0.12, "drowsiness": 0.08}),
        ("What you will hear about is nausea (15%), and rash.", {"nausea": 0.15, "rash": None}),
        ("The commonest complaint is nausea, affecting 15% of patients, followed by headache (24%).",
         {"nausea": 0.15, "headache": 0.24}),
        ("It causes nausea in 15%, headache in 24% and insomnia in 9% of patients.",
         {"nausea": 0.15, "headache": 0.24, "insomnia": 0.09}),
        ("Expect nausea in 15% of patients and headache in 24%.", {"nausea": 0.15, "headache": 0.24}),
        ("You will meet ankle swelling in one patient in ten, and flushing in 4%.",
         {"ankle swelling": 0.1, "flushing": 0.04}),
        ("Headache troubles roughly 6% of patients.", {"Headache": 0.06}),
        ("A dry cough bothers one patient in ten.", {"dry cough": 0.1}),
        ("Nausea: 12/100; headache: 3/100.", {"Nausea": 0.12, "headache": 0.03}),
        ("* Rash: 4%; itching: 1 in 100; fever: 0.5%", {"Rash": 0.04, "itching": 0.01, "fever": 0.005}),
        ("Angioedema strikes 1 or 2 in 1000, and rash is seen in 2 or 3 in 100.", {"Angioedema": 0.001, "rash": 0.02}),
    ],
)  # fmt: skip
def test_a_sentence_gives_each_effect_its_share(section: str, shares: dict[str, float | None]) -> None:
    assert {e.term: e.frequency_low for e in effects(section)} == shares


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("Please send a yellow card for jaundice or a seizure.", []),
        ("Kindly notify the pharmacovigilance centre of any anaphylaxis.", []),
        ("You should know of myocarditis and ileus, the last of these chiefly in patients over 65 years.",
         ["myocarditis", "ileus"]),
        ("Ring me about agranulocytosis or a potassium below 3 mmol/L.", []),
        ("Less often I have seen gout and a rash.", ["gout", "rash"]),
        ("* feeling or being sick\n* being unable to get an erection",
         ["feeling sick", "being sick", "being unable to get an erection"]),
        ("Never miss agranulocytosis or Stevens-Johnson syndrome.", ["agranulocytosis", "Stevens-Johnson syndrome"]),
        ("The prescriber should be alert to haemolysis and liver failure.", ["haemolysis", "liver failure"]),
        ("Patients also mention tremor, and there is a higher rate of bone fractures.", ["tremor", "bone fractures"]),
        ("Weight gain and rash are what patients mention.", ["Weight gain", "rash"]),
    ],
)  # fmt: skip
def test_what_is_to_be_known_is_an_effect_and_what_is_to_be_reported_none(section: str, terms: list[str]) -> None:
    assert [e.term for e in effects(section)] == terms


def test_effects_that_are_to_be_reported_are_mentions() -> None:
    found = effects("Jaundice, rash.\n\nJaundice should be reported.", "side_effect_mentions")
    assert [(m.term, m.rule) for m in found] == [("Jaundice", "list"), ("rash", "list"), ("Jaundice", "named")]


@pytest.mark.parametrize(
    ("label", "serious"),
    [("Serious and worth a phone call", True), ("Serious (ring the team)", True), ("Skin and mouth", False)],
)
def test_a_label_may_say_what_to_do_about_serious_effects(label: str, serious: bool) -> None:
    assert [e.is_serious for e in effects(f"{label}: angioedema, hepatitis.")] == [serious] * 2


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- Bleeding: minor 6–10%; major 1–3%", [("Bleeding", None, None)]),
        ("- Diarrhoea (5% mild, 1% severe)", [("Diarrhoea", None, None)]),
        ("- Neutropenia (grade 3–4 in 30%; all grades 60%)", [("Neutropenia", 0.6, 0.6)]),
        ("- Tremor (10%, grade 3–4 in 1%)", [("Tremor", 0.1, 0.1)]),
        ("- Fever – 8%, chills – 3%", [("Fever", 0.08, 0.08), ("chills", 0.03, 0.03)]),
        ("- Oedema 2–3 times as often as with placebo", [("Oedema", None, None)]),
    ],
)
def test_numbers_for_degrees_are_none_of_all(
    section: str, expected: list[tuple[str, float | None, float | None]]
) -> None:
    assert [(e.term, e.frequency_low, e.frequency_high) for e in effects(section)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- Suicide: no increase over background", [("Suicide", "negated")]),
        ("- Gynaecomastia: no more often than with placebo", [("Gynaecomastia", "negated")]),
        ("- Hepatitis, but no cases of liver failure", [("Hepatitis", "affirmed"), ("liver failure", "negated")]),
        ("- Loss of appetite, not weight loss", [("Loss of appetite", "affirmed")]),
        ("### Not seen\n\n- Nephrotoxicity", [("Nephrotoxicity", "negated")]),
        ("### Not seen in renal failure\n\n- Gout", [("Gout", "affirmed")]),
    ],
)
def test_what_is_denied_and_what_is_affirmed_beside_it(section: str, expected: list[tuple[str, str]]) -> None:
    assert [(e.term, e.assertion) for e in effects(section)] == expected


def test_a_paragraph_that_lists_its_own_effects_sets_no_class_for_the_list_behind_it() -> None:
    found = effects("**Rare:** angioedema, hepatitis.\n\n- Nausea\n- Rash")
    assert [(e.term, e.frequency_category) for e in found] == [
        ("angioedema", "rare"),
        ("hepatitis", "rare"),
        ("Nausea", None),
        ("Rash", None),
    ]
    led = effects("**Rare:** these are seen seldom.\n\n- Nausea")
    assert [(e.term, e.frequency_category) for e in led] == [("Nausea", "rare")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("**Hypotension, including syncope**", [("Hypotension", None), ("syncope", None)]),
        ("**Liver injury (elevated transaminases, jaundice)**",
         [("Liver injury", None), ("elevated transaminases", None), ("jaundice", None)]),
        ("**Severe rash and urticaria**", [("Severe rash", None), ("urticaria", None)]),
        ("**Stevens-Johnson Syndrome (SJS)**: A severe skin reaction", [("Stevens-Johnson Syndrome", None)]),
        ("**Anaphylaxis (approximately 1 per million doses)**", [("Anaphylaxis", 1e-06)]),
        ("Fever >38°C (10–15%)", [("Fever", 0.15)]),
    ],
)  # fmt: skip
def test_items_in_bold_and_what_explains_an_effect(line: str, expected: list[tuple[str, float | None]]) -> None:
    found = effects(f"### Rare but Serious Side Effects\n\n* {line}")
    assert [(e.term, e.frequency_high) for e in found] == expected
