"""Pharmacokinetics and enzymes: small sections to their rows."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract.enzymes import drug_enzymes
from monopipe.extract.pharmacokinetics import pharmacokinetics
from monopipe.extract.reading import Reading


def reading(section: str, heading: str = "Pharmacokinetics", title: str = "Exemplol") -> Reading:
    text = f"---\ntitle: {title}\n---\n## How It Works\n\n### {heading}\n\n{section}\n"
    return Reading(read(text.encode(), "x.md"), "x")


def values(section: str, heading: str = "Pharmacokinetics") -> list[tuple[object, ...]]:
    return [
        (r.parameter, r.qualifier, r.value_low, r.value_high, r.value_unit, r.comparator, r.population)
        for r in pharmacokinetics(reading(section, heading))
    ]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* **Half-life:** About 12 hours.", [("half_life", None, 12, 12, "h", "about", None)]),
        ("* **Half-life:** 3.2–6 hours.", [("half_life", None, 3.2, 6, "h", None, None)]),
        ("* **Half-life:** between 2 and 4 days.", [("half_life", None, 2, 4, "d", None, None)]),
        ("* **Protein Binding:** Up to 97.5%.", [("protein_binding", None, None, 97.5, "%", "up_to", None)]),
        ("* **Protein binding:** >98%", [("protein_binding", None, 98, None, "%", "more_than", None)]),
        (
            "* **Volume of distribution:** about 0.14 L/kg.",
            [("volume_of_distribution", None, 0.14, 0.14, "L/kg", "about", None)],
        ),
        ("* **Peak:** 30 minutes to 2 hours.", [("tmax", None, 0.5, 2, "h", None, None)]),
        ("* **Bioavailability:** falls from 60% after 300 mg.", [("bioavailability", None, 60, 60, "%", None, None)]),
        (
            "* **Elimination:** About 50% is recovered in urine and 30% in faeces.",
            [
                ("elimination_route", "urine", 50, 50, "%", "about", None),
                ("elimination_route", "faeces", 30, 30, "%", None, None),
            ],
        ),
        (
            "Between 20% and 30% is bound to plasma proteins, and the volume of distribution is 2–3 L/kg.",
            [
                ("protein_binding", None, 20, 30, "%", None, None),
                ("volume_of_distribution", None, 2, 3, "L/kg", None, None),
            ],
        ),
        ("* **Metabolism:** It inhibits CYP2C19. CYP3A4 is not involved.", []),
        ("* **Half-life:** not established", []),
        ("* **Distribution:** crosses the placenta", []),
        (
            "* **Onset:** immediate after intravenous injection, 20 to 60 minutes after subcutaneous injection.",
            [("onset", "IV", None, None, None, None, None), ("onset", "SC", 20, 60, "min", None, None)],
        ),
        ("* **Onset:** 30 s", [("onset", None, 30, 30, "s", None, None)]),
        (
            "* **Elimination:** Half-life 5 to 7 hours; 52 hours when creatinine clearance is below 30 mL/min.",
            [
                ("half_life", None, 5, 7, "h", None, None),
                ("half_life", None, 52, 52, "h", None, "creatinine clearance is below 30 mL/min"),
            ],
        ),
        (
            "* **Bioavailability:** orange juice lowers it by about 60%.",
            [("food_effect", None, 60, 60, "%", "about", None)],
        ),
        (
            "* **Absorption:** Nearly complete on an empty stomach.",
            [("absorption", None, None, None, None, None, None)],
        ),
        ("* **Clearance:** 3.3 L/h", [("clearance", None, 3.3, 3.3, "L/h", None, None)]),
        (
            "* **Half-life:** About 26 hours; 62 to 104 hours for norexemplol.",
            [("half_life", None, 26, 26, "h", "about", None), ("half_life", "norexemplol", 62, 104, "h", None, None)],
        ),
        (
            "* **Elimination:** t½ 2–3 h; 3–12 h in neonates; can exceed 50 h in anuria",
            [
                ("half_life", None, 2, 3, "h", None, None),
                ("half_life", None, 3, 12, "h", None, "neonates"),
                ("half_life", None, 50, None, "h", "more_than", "anuria"),
            ],
        ),
        ("* **Half-life:** 4 to 6 hours (after IV administration)", [("half_life", "IV", 4, 6, "h", None, None)]),
        (
            "* **Elimination:** Effective half-life about 40 hours (range 20 to 60 hours).",
            [("half_life", None, 40, 40, "h", "about", None), ("half_life", "range", 20, 60, "h", None, None)],
        ),
        (
            "* **Elimination:** triphasic, with half-lives of 5 minutes, 2.3 hours and 85 hours (terminal).",
            [
                ("half_life", "triphasic", 5, 5, "min", None, None),
                ("half_life", "triphasic", 2.3, 2.3, "h", None, None),
                ("half_life", "terminal", 85, 85, "h", None, None),
            ],
        ),
        (
            "* **Elimination:** about 60% of a dose is recovered in urine within 8 hours.",
            [("elimination_route", "urine", 60, 60, "%", "about", None)],
        ),
        (
            "* **Elimination:** roughly 80% in faeces, 10–20% in urine.",
            [
                ("elimination_route", "faeces", 80, 80, "%", "about", None),
                ("elimination_route", "urine", 10, 20, "%", None, None),
            ],
        ),
        ("* **Absorption:** peak 3–4 mg/L after 2–3 hours.", [("tmax", None, 2, 3, "h", None, None)]),
        ("* **Absorption:** unaffected by food.", [("food_effect", None, None, None, None, None, None)]),
        (
            "* **Absorption:** Bioavailability about 50% for doses up to 10 mg.",
            [("bioavailability", None, 50, 50, "%", "about", None)],
        ),
        ("* **Onset:** within 5 minutes", [("onset", None, None, 5, "min", "up_to", None)]),
        ("* **Duration of Action:** About 24 hours, without a peak.", [("duration", None, 24, 24, "h", "about", None)]),
        ("* **Metabolism:** Extensive hepatic metabolism.", [("metabolism", None, None, None, None, None, None)]),
        (
            "| Parameter | Value |\n|---|---|\n| Oral bioavailability | 70–90 % |\n| Half-life | 1–4 h (usually ~2 h) |",
            [
                ("bioavailability", "oral", 70, 90, "%", None, None),
                ("half_life", None, 1, 4, "h", None, None),
                ("half_life", "usual", 2, 2, "h", "about", None),
            ],
        ),
    ],
)
def test_values(section: str, expected: list[tuple[object, ...]]) -> None:
    assert values(section) == expected


def test_uptake_and_enzymes_alone_tell_what_they_tell() -> None:
    assert [v[0] for v in values("It is taken up by neutrophils and broken down by proteases.")] == ["metabolism"]
    assert [v[0] for v in values("The antibody is catabolised to small peptides.")] == ["metabolism"]
    assert values("| Parameter | Value |\n|---|---|\n| CYP3A4 | not a substrate |\n| CYP2D6 | minor |") == []
    assert values("It is a substrate of DPD. Not a CYP3A4 substrate.") == []


def test_half_lives_also_in_hours() -> None:
    (row,) = pharmacokinetics(reading("* **Half-life:** 2 to 3 days."))
    assert (row.half_life_hours_low, row.half_life_hours_high) == (48, 72)


def test_the_half_life_of_something_else_is_not_the_drugs() -> None:
    section = "The effect is delayed until factor VII (half-life about 6 hours) has been cleared."
    assert values(section, "Pharmacodynamics") == []


def test_prose_under_mechanism_is_read_where_it_opens_with_kinetics() -> None:
    section = "It binds its receptor. Plasma half-life is 2–4 hours, while the biological half-life is 12–36 hours."
    assert [v[:4] for v in values(section, "Pharmacology")] == [
        ("half_life", None, 2, 4),
        ("half_life", "biological", 12, 36),
    ]
    section = "It blocks receptors. The effect begins after 1 hour and lasts for 10 to 12 hours. The drug is metabolized in the liver."
    assert [v[:4] for v in values(section, "Pharmacology")] == [
        ("onset", None, 1, 1),
        ("duration", None, 10, 12),
        ("metabolism", None, None, None),
    ]


def roles(section: str, heading: str = "Pharmacokinetics") -> list[tuple[object, ...]]:
    return [(e.enzyme, e.role, e.contribution, e.potency, e.assertion) for e in drug_enzymes(reading(section, heading))]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            "* **Metabolism:** Primarily metabolized by CYP1A2, with minor contributions from CYP2J2 and CYP3A4.",
            [
                ("CYP1A2", "substrate", "major", None, "affirmed"),
                ("CYP2J2", "substrate", "minor", None, "affirmed"),
                ("CYP3A4", "substrate", "minor", None, "affirmed"),
            ],
        ),
        (
            "It induces CYP3A4 but leaves CYP2C9 alone.",
            [
                ("CYP3A4", "inducer", "unspecified", None, "affirmed"),
                ("CYP2C9", "inducer", "unspecified", None, "negated"),
            ],
        ),
        (
            "* **Metabolism:** Mainly CYP3A4, with smaller shares by CYP1A2 and 2C9. Substrate of P-gp.",
            [
                ("CYP3A4", "substrate", "major", None, "affirmed"),
                ("CYP1A2", "substrate", "minor", None, "affirmed"),
                ("CYP2C9", "substrate", "minor", None, "affirmed"),
                ("P-glycoprotein", "substrate", "unspecified", None, "affirmed"),
            ],
        ),
        (
            "* **Metabolism:** not a CYP450 substrate",
            [("cytochrome P450", "substrate", "unspecified", None, "negated")],
        ),
        ("It is a weak inhibitor of CYP3A4.", [("CYP3A4", "inhibitor", "unspecified", "weak", "affirmed")]),
        ("It does not inhibit CYP2D6.", [("CYP2D6", "inhibitor", "unspecified", None, "negated")]),
        (
            "* **Metabolism:** CYP2C8 plays the main part, CYP3A4 and CYP2C9 lesser ones.",
            [
                ("CYP2C8", "substrate", "major", None, "affirmed"),
                ("CYP3A4", "substrate", "minor", None, "affirmed"),
                ("CYP2C9", "substrate", "minor", None, "affirmed"),
            ],
        ),
        (
            "* **Metabolism:** CYP3A4 (major), CYP1A2 and CYP2D6",
            [
                ("CYP3A4", "substrate", "major", None, "affirmed"),
                ("CYP1A2", "substrate", "unspecified", None, "affirmed"),
                ("CYP2D6", "substrate", "unspecified", None, "affirmed"),
            ],
        ),
        ("CYP3A4 plays no meaningful part.", [("CYP3A4", "substrate", "unspecified", None, "negated")]),
        (
            "Cytochrome P450 enzymes are not involved.",
            [("cytochrome P450", "substrate", "unspecified", None, "negated")],
        ),
        (
            "It neither induces nor inhibits CYP2C9.",
            [
                ("CYP2C9", "inhibitor", "unspecified", None, "negated"),
                ("CYP2C9", "inducer", "unspecified", None, "negated"),
            ],
        ),
        (
            "It is a weak inhibitor of CYP2D6 and does not induce CYP1A2.",
            [
                ("CYP2D6", "inhibitor", "unspecified", "weak", "affirmed"),
                ("CYP1A2", "inducer", "unspecified", None, "negated"),
            ],
        ),
        (
            "It is metabolised by CYP3A4 to norexemplol, which is active and is in turn a substrate of CYP2D6.",
            [("CYP3A4", "substrate", "unspecified", None, "affirmed")],
        ),
        ("It leaves by tubular secretion through OCT2.", [("OCT2", "substrate", "unspecified", None, "affirmed")]),
        (
            "Metabolism is mainly by CYP2C9, CYP2C19 to a lesser extent.",
            [
                ("CYP2C9", "substrate", "major", None, "affirmed"),
                ("CYP2C19", "substrate", "minor", None, "affirmed"),
            ],
        ),
        (
            "Metabolised mostly by COMT, and by MAO-B.",
            [
                ("COMT", "substrate", "major", None, "affirmed"),
                ("MAO-B", "substrate", "unspecified", None, "affirmed"),
            ],
        ),
        ("It inhibits the fungal CYP51.", []),
        ("Metabolism differs in CYP2D6 poor metabolizers.", []),
        ("Somethingelse is broken down by CYP2D6.", []),
    ],
)
def test_roles_at_enzymes(section: str, expected: list[tuple[object, ...]]) -> None:
    assert roles(section) == expected


@pytest.mark.parametrize(
    "section",
    [
        "* **CYP3A4 inducers:** Reduce its level.",
        "CYP2D6 inhibitors raise its level.",
        "* **Azoles:** CYP2C9 inhibition.",
    ],
)
def test_enzymes_that_describe_another_drug_give_no_role(section: str) -> None:
    text = f"---\ntitle: Exemplol\n---\n## Drug Interactions\n\n{section}\n"
    assert list(drug_enzymes(Reading(read(text.encode(), "x.md"), "x"))) == []


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            "The half-life is about 8 hours in adults and about 14 hours in people over 75 years.",
            [("half_life", 8.0, 8.0, "h", "adults"), ("half_life", 14.0, 14.0, "h", "people over 75 years")],
        ),
        ("The half-life is 30 hours in patients aged 65 to 80 years.", [("half_life", 30.0, 30.0, "h", None)]),
        (
            "Half-life: 2 h; in neonates 4–8 h; on haemodialysis 5 h.",
            [
                ("half_life", 2.0, 2.0, "h", None),
                ("half_life", 4.0, 8.0, "h", "neonates"),
                ("half_life", 5.0, 5.0, "h", "on haemodialysis"),
            ],
        ),
        ("The terminal half-life exceeds 10 years.", [("half_life", 10.0, None, "a", None)]),
        ("Food delays the peak by 2 hours.", [("food_effect", 2.0, 2.0, "h", None)]),
        ("The total clearance averages 21 L/h/m².", [("clearance", 21.0, 21.0, "L/h/m2", None)]),
        (
            "Exemplol is not bound to plasma proteins, and the volume of distribution is 0.56 L/kg.",
            [("volume_of_distribution", 0.56, 0.56, "L/kg", None), ("protein_binding", None, None, None, None)],
        ),
        (
            "Absorption from the gut is almost complete: bioavailability is about 93%. In all, 40% is excreted in the urine.",
            [("bioavailability", 93.0, 93.0, "%", None), ("elimination_route", 40.0, 40.0, "%", None)],
        ),
    ],
)
def test_what_a_value_is_of_and_for_whom(section: str, expected: list[tuple[object, ...]]) -> None:
    rows = pharmacokinetics(reading(section))
    assert [(r.parameter, r.value_low, r.value_high, r.value_unit, r.population) for r in rows] == expected


def test_a_value_of_metabolites_is_not_the_drugs() -> None:
    rows = list(pharmacokinetics(reading("Protein binding is 20%, and more than 60% for some metabolites.")))
    assert [(r.parameter, r.value_low, r.qualifier) for r in rows] == [
        ("protein_binding", 20.0, None),
        ("protein_binding", 60.0, "metabolites"),
    ]


def test_what_food_does_to_the_auc_is_not_what_it_does_to_the_peak() -> None:
    (row,) = pharmacokinetics(reading("A high-fat meal delays the peak a little and lowers the AUC by 7%."))
    assert (row.parameter, row.value_low, row.qualifier) == ("food_effect", 7.0, "AUC")


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            "* **Metabolism:** CYP3A4 and CYP2D6 take part, and exemplol is an inhibitor of CYP2D6.",
            [("CYP3A4", "substrate"), ("CYP2D6", "substrate"), ("CYP2D6", "inhibitor")],
        ),
        (
            "Activation is mainly by CYP2B6, with a minor contribution from CYP3A4.",
            [("CYP2B6", "substrate"), ("CYP3A4", "substrate")],
        ),
        (
            "It neither inhibits nor induces CYP3A4, and it is no substrate of P-glycoprotein.",
            [("CYP3A4", "inhibitor"), ("CYP3A4", "inducer"), ("P-glycoprotein", "substrate")],
        ),
        ("Metabolised by CYP3A4 to M1, which is cleared by CYP2D6.", [("CYP3A4", "substrate")]),
        ("Rifampicin, a CYP3A4 inducer, lowers the levels.", []),
    ],
)
def test_a_role_holds_for_the_enzymes_of_its_own_clause(section: str, expected: list[tuple[str, str]]) -> None:
    assert [(e.enzyme, e.role) for e in drug_enzymes(reading(section))] == expected


def test_what_leaves_in_the_urine_must_be_the_drug() -> None:
    section = "Up to 25% of the filtered sodium is then lost in the urine."
    assert list(pharmacokinetics(reading(section, heading="Mechanism of Action"))) == []


def test_a_word_of_the_sentence_goes_before_its_label() -> None:
    rows = list(
        pharmacokinetics(reading("* **Onset and duration:** It lasts 6 hours after oral and 2 hours after IV use."))
    )
    assert [(r.parameter, r.value_low) for r in rows] == [("duration", 6.0), ("duration", 2.0)]


def test_a_second_peak_is_no_time_to_the_peak() -> None:
    rows = pharmacokinetics(
        reading("Enterohepatic circulation gives a second plasma peak 6 to 12 hours after the dose.")
    )
    assert [r for r in rows if r.parameter == "tmax" and r.value_low] == []


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("F 45 %, t½ 2 h, PPB 99 %, 35 % urine/60 % faeces", [
            ("bioavailability", 45, 45), ("half_life", 2, 2), ("protein_binding", 99, 99), ("elimination_route", 35, 35),
            ("elimination_route", 60, 60)]),
        ("- F 33% (first pass), food no effect", [("bioavailability", 33, 33), ("food_effect", None, None)]),
        ("On an empty stomach the bioavailability is about 70%. Food raises it.", [
            ("bioavailability", 70, 70), ("food_effect", None, None)]),
        ("Half-life about 1.5 hours; in neonates 3–4 hours.", [("half_life", 1.5, 1.5), ("half_life", 3, 4)]),
        ("protein binding 85%; urine 75%, faeces 15%.", [
            ("protein_binding", 85, 85), ("elimination_route", 75, 75), ("elimination_route", 15, 15)]),
        ("- T½: 20–30 min (unchanged), ≥ 5 d (total platinum)\n- CL: 12 L/h\n- out: urine 70%", [
            ("half_life", 20, 30), ("half_life", 5, None), ("clearance", 12, 12), ("elimination_route", 70, 70)]),
        ("The level in the blood is highest two to four hours after a tablet.", [("tmax", 2, 4)]),
        ("*Elimination.* About 70% of a dose is excreted in the urine.", [("elimination_route", 70, 70)]),
        ("Absorption: bioavailability is 45%. It is highly bound (98%) to plasma proteins. 85% was recovered in faeces.", [
            ("bioavailability", 45, 45), ("protein_binding", 98, 98), ("elimination_route", 85, 85)]),
        ("Bioavailability 64–80%, not affected by food.", [("bioavailability", 64, 80), ("food_effect", None, None)]),
        ("About 60% is absorbed, independently of food.", [("absorption", 60, 60), ("food_effect", None, None)]),
        ("Works for 7–8 h in serum, 17 h in tissue.", [("duration", 7, 8), ("duration", 17, 17)]),
        ("Once it is stopped it takes 5 days to wear off.", [("duration", 5, 5)]),
        ("It is broken down in the liver, mainly by CYP3A4, and about 19% leaves unchanged in the urine.", [
            ("elimination_route", 19, 19), ("metabolism", None, None)]),
        ("The half-life is 3.5 hours (12-hour tablets 4.5 hours).", [("half_life", 3.5, 3.5), ("half_life", 4.5, 4.5)]),
        ("Excreted mostly in the urine (70%), the rest in bile.", [("elimination_route", 70, 70)]),
        ("Clearance about 12 mL/h.", [("clearance", 12, 12)]),
        ("Starts working in 30 min, full effect in 2 weeks.", [("onset", 30, 30), ("onset", 2, 2)]),
        ("No effect on CYP1A2 or CYP3A4.", []),
        ("| PK | Value |\n|---|---|\n| F (PO) | <1% |\n| Out | 12% in faeces |", [
            ("bioavailability", None, 1), ("elimination_route", 12, 12)]),
    ],
)  # fmt: skip
def test_values_in_shorthand(section: str, expected: list[tuple[object, ...]]) -> None:
    assert [(v[0], v[2], v[3]) for v in values(section)] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("CYP2C9 (main) + CYP3A4 (minor) → M1", [("CYP2C9", "substrate", "major"), ("CYP3A4", "substrate", "minor")]),
        ("CYP2C9 > 3A4", [("CYP2C9", "substrate", "major"), ("CYP3A4", "substrate", "minor")]),
        ("metab by CYP2D6, CYP1A2 minor; doesn't inhibit CYP2D6", [
            ("CYP2D6", "substrate", "unspecified"), ("CYP1A2", "substrate", "minor"), ("CYP2D6", "inhibitor", "negated")]),
        ("not a CYP2D6 inhibitor", [("CYP2D6", "inhibitor", "negated")]),
        ("It is a weak CYP2D6 inhibitor.", [("CYP2D6", "inhibitor", "unspecified")]),
        ("It does not inhibit CYP3A4, nor does it induce it.", [
            ("CYP3A4", "inhibitor", "negated"), ("CYP3A4", "inducer", "negated")]),
        ("P-glycoprotein carries it out of cells.", [("P-glycoprotein", "substrate", "unspecified")]),
        ("| PK | Value |\n|---|---|\n| CYP3A4 | neither inhibited nor induced |\n| CYP2D6 | not a substrate |", [
            ("CYP3A4", "inhibitor", "negated"), ("CYP3A4", "inducer", "negated"), ("CYP2D6", "substrate", "negated")]),
        ("CYP3A4 inhibitors raise the level.", []),
        ("It is activated, mainly by CYP2C19, with a minor contribution from CYP1A2.", [
            ("CYP2C19", "substrate", "major"), ("CYP1A2", "substrate", "minor")]),
        ("CYP3A4 is the major route, CYP2D6 a minor one.", [
            ("CYP3A4", "substrate", "major"), ("CYP2D6", "substrate", "minor")]),
        ("CYP2C9 mainly, CYP2C19 a little.", [("CYP2C9", "substrate", "major"), ("CYP2C19", "substrate", "minor")]),
        ("CYP3A4 is not inhibited. CYP2B6 is weakly induced.", [
            ("CYP3A4", "inhibitor", "negated"), ("CYP2B6", "inducer", "unspecified")]),
        ("When CYP2C8 is inhibited, the level rises. CYP2A6 is inhibited by ketoconazole.", []),
    ],
)  # fmt: skip
def test_roles_in_shorthand(section: str, expected: list[tuple[object, ...]]) -> None:
    found = roles(section)
    assert [(e, r, "negated" if a == "negated" else c) for e, r, c, _, a in found] == expected


def test_how_soon_and_how_long_it_works_is_no_mechanism() -> None:
    section = "It opens a channel. Works in 5 min by vein, in 1 h by mouth. Lasts 6–12 h."
    assert [v[:4] for v in values(section, "Mechanism of Action")] == [
        ("onset", "IV", 5, 5),
        ("onset", "oral", 1, 1),
        ("duration", None, 6, 12),
    ]


def test_whose_value_it_is() -> None:
    section = "Some people are slow metabolisers; half-life 89 hours in them. Urine (41%), faeces (47%)."
    found = values(section)
    assert found[0][2:] == (89, 89, "h", None, "slow metabolisers")
    assert [(v[1], v[2]) for v in found[1:]] == [("urine", 41), ("faeces", 47)]
    found = values("Protein binding 92–95% (less in uraemia). Half-life 5 h, longer in the elderly.")
    assert [(v[0], v[6]) for v in found] == [("protein_binding", None), ("half_life", None)]
    found = values("70–80% urine, 10–20% faeces, rest bile. Food slows absorption but does not reduce it.")
    assert [(v[1], v[2]) for v in found] == [("urine", 70), ("faeces", 10), (None, None)]


def test_a_box_without_a_heading() -> None:
    text = "---\ntitle: Exemplol\n---\n# Exemplol\n\n- Protein binding: 83–87%\n- Onset of action: 1 h\n- Duration: 14 days\n"
    found = pharmacokinetics(Reading(read(text.encode(), "x.md"), "x"))
    assert [(r.parameter, r.value_low) for r in found] == [("protein_binding", 83), ("onset", 1)]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("**Protein binding:** About 98%; fluoxetine, by contrast, is 94% bound.", [(None, 98), ("fluoxetine", 94)]),
        ("**Half-life:** 20 h; desmethyltestolol 60 h.", [(None, 20), ("desmethyltestolol", 60)]),
        ("Unlike citalopram, testolol has a half-life of 26 hours.", [(None, 26)]),
        ("**Half-life:** 3 h. After probenecid it is 5 h.", [(None, 3), ("After probenecid", 5)]),
    ],
)
def test_a_value_of_another_drug_or_of_a_derived_name(section: str, expected: list[tuple[str | None, float]]) -> None:
    text = f"---\ntitle: Testolol\n---\n## Pharmacokinetics\n\n{section}\n"
    found = pharmacokinetics(Reading(read(text.encode(), "x.md"), "x"))
    assert [(r.qualifier, r.value_low) for r in found] == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("**Half-life:** 30 h; 14 h with enzyme inducers; 70 h with valproate.",
         [(None, 30), ("with enzyme inducers", 14), ("with valproate", 70)]),
        ("The half-life of desethylexemplol averages 36 days (14–75 days).",
         [("desethylexemplol", 36), ("desethylexemplol", 14)]),
        ("Half-life is 58 days (range 15–142).", [(None, 58)]),
        ("Food shortens tmax from 7.1 to 4.5 hours.", [(None, None)]),
    ],
)  # fmt: skip
def test_what_limits_a_value_from_behind(section: str, expected: list[tuple[str | None, float | None]]) -> None:
    assert [(v[1], v[2]) for v in values(section)] == expected


def test_what_a_metabolite_does_to_an_enzyme() -> None:
    found = roles("Metabolised by CYP3A4; its metabolite inhibits CYP2B6. Ketoconazole inhibits CYP3A4.")
    assert [(e[0], e[1]) for e in found] == [("CYP3A4", "substrate")]
    found = roles("It strongly induces CYP3A4 and inhibits CYP2C8.")
    assert [(e[0], e[3]) for e in found] == [("CYP3A4", "strong"), ("CYP2C8", None)]


def test_short_names_and_food_behind_a_value() -> None:
    section = "Absorption 40–80% (fasting), less with food. T3 has a half-life of about 1 day. Half-life 33 h in healthy volunteers, 51 h in those over 65."
    assert [(v[0], v[1], v[2], v[6]) for v in values(section)] == [
        ("absorption", "fasting", 40, None),
        ("half_life", "T3", 1, None),
        ("half_life", None, 33, "healthy volunteers"),
        ("half_life", None, 51, "those over 65"),
    ]


def test_metabolites_by_number_and_levels_by_a_per_cent() -> None:
    section = "Tmax 1.6 h (M1: 3 h). Half-life 6.3 h (7.4 h for M1). On dialysis levels were lower by 60%."
    assert [(v[0], v[1], v[2]) for v in values(section)] == [
        ("tmax", None, 1.6),
        ("tmax", "M1", 3),
        ("half_life", None, 6.3),
        ("half_life", "M1", 7.4),
        ("elimination_route", None, None),
    ]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* **Distribution:** Vd 654 ± 358 L.", [("volume_of_distribution", None, 654, None)]),
        ("* **Elimination:** Half-life 12 h (± 3 h).", [("half_life", None, 12, None)]),
        ("* **Absorption:** Food delays Tmax by 1 hour but does not change AUC.", [("food_effect", "tmax", 1, None)]),
        ("* **Elimination:** Half-life 2–3 hours, about doubled in heart failure (up to 6–8 hours).",
         [("half_life", None, 2, None), ("half_life", None, 6, "heart failure")]),
        ("* **Elimination:** Half-life 49 hours; etretinate about 120 days.",
         [("half_life", None, 49, None), ("half_life", "etretinate", 120, None)]),
        ("* **Absorption:** Bioavailability is 40%, and antacids lower it by 20%.", [("bioavailability", None, 40, None)]),
        ("Tmax is 4–8 hours; food shortens it to 3 hours.", [("tmax", None, 4, None), ("tmax", "with food", 3, None)]),
        ("Peak plasma levels at 2 h, peak effect at 6 h.", [("tmax", None, 2, None), ("tmax", "effect", 6, None)]),
        ("* **Metabolism:** By CYP3A4 and CYP2C9, none above 40%.", [("metabolism", None, None, None)]),
        ("* **Metabolism:** 10% of the parent and 60% of the metabolites are found in urine.",
         [("elimination_route", None, 10, None), ("elimination_route", "metabolites; urine", 60, None)]),
        ("* **Elimination:** Half-life 30 h, after 3–4 weeks 20 h. It takes 5 half-lives (about 10 days) to clear.",
         [("half_life", None, 30, None), ("half_life", None, 20, None)]),
        ("* **Distribution:** Protein binding 90%; CSF penetration 50%; displaced by valproate (free fraction up 30%).",
         [("protein_binding", None, 90, None)]),
        ("* **Absorption:** 90% absorbed, but only 30% reaches the circulation. Tmax 1 h, 2 h later with food.",
         [("absorption", None, 90, None), ("bioavailability", None, 30, None), ("tmax", None, 1, None)]),
        ("* **Elimination:** In urine (70%, of which 10% unchanged) and faeces (20%).",
         [("elimination_route", "urine", 70, None), ("elimination_route", "faeces", 20, None)]),
        ("* **Metabolism:** 80% is metabolised; the remaining 20% is excreted unchanged.",
         [("metabolism", None, 80, None), ("elimination_route", "unchanged", 20, None)]),
        ("* **Elimination:** Renal clearance 400 mL/min, about 3.5 times creatinine clearance.",
         [("clearance", None, 400, None)]),
    ],
)  # fmt: skip
def test_spread_change_and_fate_beside_a_value(
    section: str, expected: list[tuple[str, str | None, float | None, str | None]]
) -> None:
    assert [(v[0], v[1], v[2], v[6]) for v in values(section)] == expected


def test_what_another_drug_is_to_an_enzyme_in_an_apposition() -> None:
    assert roles("**Metabolism:** Rifampicin, an inducer of CYP3A4, speeds its breakdown.") == []
    assert roles("**Metabolism:** Grapefruit inhibits intestinal CYP3A4.") == []
    assert roles("Its metabolite is a P-gp substrate.") == []


def test_with_food_and_phases_qualify_a_value() -> None:
    rows = list(pharmacokinetics(reading("- Tmax 1 h fasting, 2 h with food\n- Half-life: alpha 0.5 h, beta 12 h")))
    assert [(r.value_low, r.qualifier) for r in rows] == [
        (1.0, "fasting"),
        (2.0, "with food"),
        (0.5, "initial"),
        (12.0, "terminal"),
    ]


def test_how_long_to_try_the_drug_is_no_onset() -> None:
    body = "## FAQs\n\n**Q: How fast does it work?**\n\n**A:** Within 2 hours. Allow 3 weeks before you call it a failure.\n"
    document = read(f"---\ntitle: Testolol\n---\n{body}".encode(), "t.md")
    found = pharmacokinetics(Reading(document, "testolol"))
    assert [(f.parameter, f.value_high, f.value_unit) for f in found] == [("onset", 2.0, "h")]


@pytest.mark.parametrize(
    "aside",
    [
        "twice that in renal failure",
        "half that in smokers",
        "three times as long in the elderly",
        "longer in cirrhosis",
    ],
)
def test_a_multiple_in_other_patients_says_not_of_whom_the_value_is(aside: str) -> None:
    assert values(f"The half-life is 4 hours, {aside}.") == [("half_life", None, 4.0, 4.0, "h", None, None)]


def test_an_organ_as_the_whole_label_is_the_way_out() -> None:
    found = values("| Parameter | Figure |\n|---|---|\n| Renal | 65% unchanged |\n| Renal failure | 9 tablets |")
    assert [(f[0], f[2]) for f in found] == [("elimination_route", 65.0)]


@pytest.mark.parametrize(
    "section",
    [
        "**Receptor Binding:** Binds to the alpha subunit of L-type calcium channels.",
        "**Receptor binding/interaction:** Beta-1 selective antagonist; no intrinsic activity.",
        "**Receptor Binding, Enzyme Inhibition, or Neurotransmitter Modulation:** Not applicable.",
    ],
)
def test_binding_to_a_receptor_is_none_to_protein(section: str) -> None:
    assert values(f"* **Distribution:** Protein binding is 93%.\n\n{section}") == [
        ("protein_binding", None, 93, 93, "%", None, None)
    ]


def test_a_steady_state_tells_no_way_out() -> None:
    found = values("* **Elimination:** The half-life is 40 hours. Steady state is reached after 7 days.")
    assert found == [("half_life", None, 40, 40, "h", None, None)]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* **Absorption:** Peak concentrations of exemplol and its active metabolite are reached in 1 hour and 3-4 hours, respectively.",
         [("tmax", None, 1, 1), ("tmax", "metabolite", 3, 4)]),
        ("* **Elimination:** The half-lives of exemplol and its metabolite are 2 and 6 hours, respectively.",
         [("half_life", None, 2, 2), ("half_life", "metabolite", 6, 6)]),
        ("* **Elimination:** 60% and 30% of a dose are excreted in urine and feces, respectively.",
         [("elimination_route", "urine", 60, 60), ("elimination_route", "faeces", 30, 30)]),
        ("* **Distribution:** Protein binding and bioavailability are 90% and 50%, respectively.",
         [("protein_binding", None, 90, 90), ("bioavailability", None, 50, 50)]),
        ("* **Elimination:** Exemplol and desmethylexemplol have half-lives of 5 and 12 hours, respectively.",
         [("half_life", None, None, None)]),
        ("* **Absorption:** Well absorbed orally (74-92% bioavailability).", [("bioavailability", "oral", 74, 92)]),
        ("* **Absorption:** Not absorbed from the gut; must be given parenterally.", [("absorption", None, None, None)]),
        ("* **Metabolism:** Not metabolized; excreted unchanged in urine.",
         [("metabolism", None, None, None), ("elimination_route", None, None, None)]),
    ],
)  # fmt: skip
def test_values_told_one_by_one_and_words_about_another_parameter(
    section: str, expected: list[tuple[object, ...]]
) -> None:
    assert [v[:4] for v in values(section)] == expected


@pytest.mark.parametrize(
    ("sentence", "parameter", "assertion"),
    [
        ("Absorption is not significantly affected by food.", "food_effect", "negated"),
        ("Food has no clinically relevant effect.", "food_effect", "negated"),
        ("Metabolized in the liver to a glucuronide, which may cause neuroexcitation.", "metabolism", "affirmed"),
        ("Food may delay absorption.", "food_effect", "possible"),
    ],
)
def test_what_a_statement_without_a_value_asserts(sentence: str, parameter: str, assertion: str) -> None:
    (row,) = pharmacokinetics(reading(f"* **Absorption:** {sentence}"))
    assert (row.parameter, row.assertion) == (parameter, assertion)


def test_two_populations_told_one_by_one() -> None:
    told = values("* **Half-life:** 5 hours and 10 hours in adults and the elderly, respectively.")
    assert [(v[2], v[6]) for v in told] == [(5, "adults"), (10, "the elderly")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It is not a substrate, inhibitor, or inducer of CYP3A4.",
         {("CYP3A4", r, "negated") for r in ("substrate", "inhibitor", "inducer")}),
        ("It is both a substrate and a moderate inhibitor of CYP2D6.",
         {("CYP2D6", "substrate", "affirmed"), ("CYP2D6", "inhibitor", "affirmed")}),
        ("It is not metabolized and inhibits CYP2C9.", {("CYP2C9", "inhibitor", "negated")}),
        ("Metabolized by CYP3A4 and non-CYP pathways (carboxylesterase).",
         {(e, "substrate", "affirmed") for e in ("CYP3A4", "carboxylesterase")}),
        ("Metabolized by CYP3A4/5 and CYP2D6.",
         {(e, "substrate", "affirmed") for e in ("CYP3A4", "CYP3A5", "CYP2D6")}),
    ],
)  # fmt: skip
def test_roles_that_stand_in_a_list(sentence: str, expected: set[tuple[str, str, str]]) -> None:
    found = drug_enzymes(reading(f"* **Metabolism:** {sentence}"))
    assert {(r.enzyme, r.role, r.assertion) for r in found} == expected
