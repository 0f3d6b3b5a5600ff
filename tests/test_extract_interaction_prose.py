"""Interactions told in prose: what is told of several at once, of the next by the one before, of tests, and denied."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract.interactions.interactions import interactions
from monopipe.extract.reading import Reading
from monopipe.tables import Interaction


def rows_of(section: str) -> list[Interaction]:
    text = f"---\ntitle: Exemplol\n---\n\n## Drug Interactions\n\n{section}\n"
    return list(interactions(Reading(read(text.encode(), "x.md"), "x")))


def short(row: Interaction) -> tuple[str, str, str]:
    return row.interactant_norm, row.effect_target, "denied" if row.assertion == "negated" else row.effect_direction


@pytest.mark.parametrize(
    "text",
    [
        "Phenobarbital lowers exemplol levels. Phenytoin does likewise.",
        "Phenobarbital lowers exemplol levels, and phenytoin is expected to do the same; no dose change is required.",
        "Phenobarbital lowers exemplol levels, as does phenytoin.",
        "Phenobarbital lowers exemplol levels; so does phenytoin.",
        "Phenobarbital lowers exemplol levels. The same applies to phenytoin.",
        "Phenobarbital lowers exemplol levels.\n\nPhenytoin has a similar effect.",
        "* **Phenobarbital:** lowers exemplol levels.\n* **Phenytoin:** as for phenobarbital.",
    ],
)
def test_the_same_is_told_of_the_next(text: str) -> None:
    assert [short(row) for row in rows_of(text)] == [
        ("phenobarbital", "exposure", "decreased"),
        ("phenytoin", "exposure", "decreased"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Phenobarbital lowers exemplol levels. Phenytoin does not do so.",
        "Phenobarbital lowers exemplol levels, whereas phenytoin does not.",
        "Phenobarbital, but not phenytoin, lowers exemplol levels.",
        "* **Phenobarbital:** lowers exemplol levels. No interaction with phenytoin.",
        "* **Phenobarbital:** lowers exemplol levels; phenytoin does not interact.",
        "Phenobarbital lowers exemplol levels. Phenytoin is not expected to change them.",
    ],
)
def test_the_next_is_denied_what_is_told_of_the_first(text: str) -> None:
    assert [short(row) for row in rows_of(text)] == [
        ("phenobarbital", "exposure", "decreased"),
        ("phenytoin", "none", "denied"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Diltiazem raises and carbamazepine lowers the concentration of Exemplol.",
            [("diltiazem", "exposure", "increased"), ("carbamazepine", "exposure", "decreased")],
        ),
        (
            "Exemplol raises the level of ciclosporin and lowers that of lamotrigine.",
            [("ciclosporin", "exposure", "increased"), ("lamotrigine", "exposure", "decreased")],
        ),
        (
            "Its metabolism is inhibited by ketoconazole and induced by rifampicin.",
            [("ketoconazole", "metabolism", "decreased"), ("rifampicin", "metabolism", "increased")],
        ),
        (
            "Neither ranitidine nor food alters its absorption.",
            [("ranitidine", "none", "denied"), ("food", "none", "denied")],
        ),
        (
            "These drugs increase the risk of bleeding: aspirin in any dose, NSAIDs (ketorolac), clopidogrel.",
            [(n, "toxicity_risk", "increased") for n in ("aspirin", "nsaid", "ketorolac", "clopidogrel")],
        ),
        (
            "CYP2D6 inhibitors raise exemplol levels. Rifampicin lowers them.",
            [("cyp2d6 inhibitor", "exposure", "increased"), ("rifampicin", "exposure", "decreased")],
        ),
        ("Phenytoin levels may rise or fall with Exemplol.", [("phenytoin", "exposure", "unclear")]),
        (
            "* **Cimetidine:** Higher levels; with cimetidine limit exemplol to 100 mg.",
            [("cimetidine", "exposure", "increased")],
        ),
    ],
)
def test_several_in_one_sentence_each_with_its_own(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [short(row) for row in rows_of(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Exemplol may cause false-positive results in urine opiate immunoassays.",
            [("urine opiate immunoassay", "increased")],
        ),
        (
            "It interferes with folate and vitamin B12 assays.",
            [("folate assay", "unclear"), ("vitamin b12 assay", "unclear")],
        ),
        ("* **Thyroid function tests:** Free T4 may read low.", [("thyroid function test", "decreased")]),
        ("* **Urine drug screens:** May give a false-positive result.", [("urine drug screen", "increased")]),
        ("* **Laboratory tests:** false-negative glucose test.", [("glucose test", "decreased")]),
        ("* **Cortisol assays:** values appear high.", [("cortisol assay", "increased")]),
    ],
)
def test_what_becomes_of_a_test(text: str, expected: list[tuple[str, str]]) -> None:
    found = rows_of(text)
    assert [(row.interactant_norm, row.effect_direction) for row in found] == expected
    assert {(row.interactant_kind, row.affected, row.effect_target) for row in found} == {
        ("lab_test", "interactant", "test_result")
    }


@pytest.mark.parametrize(
    ("text", "management"),
    [
        ("* **Iron:** Less absorption; should be separated by 2 hours.", "separate_timing"),
        ("* **Vaccines:** Complete vaccination at least 4 weeks before the first dose.", "separate_timing"),
        ("* **Ramipril:** Hypotension; withhold for 12 hours beforehand.", "separate_timing"),
        ("* **Calcium:** Take at least 4 hours before or 2 hours after it.", "separate_timing"),
        ("* **Alcohol:** More drowsiness; withhold.", "avoid"),
        ("* **Aspirin:** Higher doses increase bleeding.", "not_stated"),
        ("* **Thyroxine:** May increase the requirement.", "not_stated"),
    ],
)
def test_what_is_advised(text: str, management: str) -> None:
    assert [row.management for row in rows_of(text)] == [management]


def test_only_the_sentence_that_opens_a_list_tells_the_mechanism_of_its_members() -> None:
    lead = "Exemplol is a substrate of CYP3A4. The most important interactions:"
    (row,) = rows_of(f"{lead}\n\n* **Isoniazid:** Exemplol levels rise.")
    assert row.mechanism_kind == "unknown"


def test_less_absorption_is_that_of_the_drug_which_does_not_act_in_the_gut() -> None:
    text = "---\ntitle: Omeprazole\n---\n\n## Drug Interactions\n\n* **Erlotinib:** Decreased absorption.\n"
    (row,) = interactions(Reading(read(text.encode(), "x.md"), "x"))
    assert row.affected == "interactant"
    assert [r.affected for r in rows_of("* **Erlotinib:** Decreased absorption.")] == ["unknown"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "* **Increased exemplol levels:** clarithromycin, grapefruit juice. Reduce the dose.",
            [("clarithromycin", "exposure", "increased"), ("grapefruit juice", "exposure", "increased")],
        ),
        (
            "Corticosteroids: increased risk of ulceration. Methotrexate: avoid, since its clearance is reduced.",
            [("corticosteroid", "toxicity_risk", "increased"), ("methotrexate", "elimination", "decreased")],
        ),
        (
            "The following drugs may reduce its effect: oestrogens, phenothiazines and corticosteroids.",
            [(n, "efficacy", "decreased") for n in ("oestrogen", "phenothiazine", "corticosteroid")],
        ),
        (
            "| Class | Examples | Effect |\n|---|---|---|\n| CYP3A4 inhibitors | ketoconazole, ritonavir | higher exposure |",
            [(n, "exposure", "increased") for n in ("cyp3a4 inhibitor", "ketoconazole", "ritonavir")],
        ),
        (
            "Because Exemplol inhibits CYP2D6, levels of metoprolol, nebivolol and tricyclics may rise.",
            [(n, "exposure", "increased") for n in ("metoprolol", "nebivolol", "tricyclic")],
        ),
        (
            "Exemplol is metabolized by CYP2D6, so inhibitors such as fluoxetine, paroxetine, and bupropion may raise its levels.",
            [(n, "exposure", "increased") for n in ("inhibitor", "fluoxetine", "paroxetine", "bupropion")],
        ),
        ("* **Zidovudine:** not recommended (neutropenia)", [("zidovudine", "toxicity_risk", "increased")]),
        (
            "* **Major interactions:** warfarin, digoxin.",
            [("warfarin", "unknown", "unclear"), ("digoxin", "unknown", "unclear")],
        ),
    ],
)
def test_lists_labels_and_columns_that_name_several(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [short(row) for row in rows_of(text)] == expected


def full(row: Interaction) -> str:
    return f"{row.interactant_norm}: {row.affected} {row.effect_target} {row.effect_direction}, {row.management}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Rifampicin, an inducer of CYP3A4, markedly decreases exemplol levels.",
            ["rifampicin: this_drug exposure decreased, not_stated"],
        ),
        (
            "Gemfibrozil, an inhibitor of CYP2C8, raised its exposure 4.4-fold.",
            ["gemfibrozil: this_drug exposure increased, not_stated"],
        ),
        (
            "Exemplol roughly doubles the exposure to simvastatin, whose dose should not exceed 20 mg daily.",
            ["simvastatin: interactant exposure increased, adjust_dose"],
        ),
        (
            "Exemplol levels double when it is given with fluvoxamine.",
            ["fluvoxamine: this_drug exposure increased, not_stated"],
        ),
        (
            "Blood levels rise when it is taken with fluvoxamine; halve the dose.",
            ["fluvoxamine: this_drug exposure increased, adjust_dose"],
        ),
        (
            "The plasma level of digoxin rises by 20%.",
            ["digoxin: interactant exposure increased, not_stated"],
        ),
        (
            "Exemplol reduces the absorption of digoxin tablets, and digoxin levels should be checked.",
            ["digoxin: interactant absorption decreased, monitor"],
        ),
        (
            "Methotrexate clearance may be reduced, and its levels should be monitored.",
            ["methotrexate: interactant elimination decreased, monitor"],
        ),
        (
            "The dose of warfarin may have to be lowered, since exemplol inhibits CYP2C9.",
            ["warfarin: unknown unknown unclear, adjust_dose"],
        ),
        (
            "Azathioprine is broken down by xanthine oxidase, and exemplol raises its level; avoid.",
            ["azathioprine: interactant exposure increased, avoid"],
        ),
        (
            "Its effect is strengthened by alcohol and opioids.",
            [
                "alcohol: this_drug efficacy increased, not_stated",
                "opioid: this_drug efficacy increased, not_stated",
            ],
        ),
        (
            "The sedative effect is increased by benzodiazepines.",
            ["benzodiazepine: patient toxicity_risk increased, not_stated"],
        ),
        (
            "NSAIDs blunt the effect of exemplol.",
            ["nsaid: this_drug efficacy decreased, not_stated"],
        ),
        (
            "Neuromuscular blockers act more strongly under exemplol.",
            ["neuromuscular blocker: interactant efficacy increased, not_stated"],
        ),
        (
            "* **Neuromuscular blockers:** neuromuscular block is enhanced.",
            ["neuromuscular blocker: interactant efficacy increased, not_stated"],
        ),
        (
            "* **Dopamine, epinephrine:** The pressor effect is increased.",
            [
                "dopamine: interactant efficacy increased, not_stated",
                "epinephrine: interactant efficacy increased, not_stated",
            ],
        ),
        (
            "* **Insulin:** Blood-glucose-lowering effect reduced.",
            ["insulin: interactant efficacy decreased, not_stated"],
        ),
        (
            "* **Ciclosporin:** Bioavailability increased; monitor ciclosporin levels.",
            ["ciclosporin: interactant exposure increased, monitor"],
        ),
        (
            "Antacids reduce the absorption of exemplol; an interval of at least 4 hours is advised.",
            ["antacid: this_drug absorption decreased, separate_timing"],
        ),
        (
            "Colchicine and naproxen can be given without dose adjustment.",
            [
                "colchicine: unknown unknown unclear, none_needed",
                "naproxen: unknown unknown unclear, none_needed",
            ],
        ),
        (
            "The combination with lithium calls for caution because lithium toxicity has been seen.",
            ["lithium: interactant toxicity_risk increased, not_stated"],
        ),
        (
            "Exposure to ciclosporin is increased, and with metoprolol a higher exposure is likewise seen.",
            [
                "ciclosporin: interactant exposure increased, not_stated",
                "metoprolol: interactant exposure increased, not_stated",
            ],
        ),
        (
            "The clearance of exemplol is reduced by about 40% in patients taking cimetidine.",
            ["cimetidine: this_drug elimination decreased, not_stated"],
        ),
        (
            "Exemplol should not be taken with milk, because calcium impairs its absorption.",
            ["milk: this_drug absorption decreased, avoid"],
        ),
        (
            "It should be used cautiously with other drugs that prolong the QT interval, for example sotalol.",
            [
                "drugs that prolong the qt interval: patient toxicity_risk increased, not_stated",
                "sotalol: patient toxicity_risk increased, not_stated",
            ],
        ),
        ("Heavy drinkers are at greater risk of liver damage from exemplol.", []),
        (
            "* **Theophylline:** clearance halved.",
            ["theophylline: unknown elimination decreased, not_stated"],
        ),
        (
            "* **Lamotrigine:** levels of lamotrigine are doubled by inhibition of its metabolism, with a risk of rash.",
            [
                "lamotrigine: interactant exposure increased, not_stated",
                "lamotrigine: patient toxicity_risk increased, not_stated",
            ],
        ),
        (
            "* **Lithium:** Excretion of lithium is reduced, so that lithium levels rise.",
            ["lithium: interactant exposure increased, not_stated"],
        ),
        (
            "* **Contraceptives:** Exemplol levels fall; seizure control should be monitored.",
            ["contraceptive: this_drug exposure decreased, monitor"],
        ),
        (
            "* **Infliximab:** thioguanine nucleotide levels rise for some weeks.",
            ["infliximab: unknown exposure increased, not_stated"],
        ),
        (
            "Beta-blockers mask the signs of hypoglycaemia.",
            ["beta-blocker: patient toxicity_risk increased, not_stated"],
        ),
        (
            "The aPTT is prolonged, and exemplol may falsely raise the INR in point-of-care tests.",
            ["inr: interactant test_result increased, not_stated"],
        ),
        (
            "Exemplol may interfere with digoxin assays and give falsely high readings.",
            ["digoxin assay: interactant test_result increased, not_stated"],
        ),
        (
            "* **Losartan:** Blood pressure control is blunted.",
            ["losartan: interactant efficacy decreased, not_stated"],
        ),
        ("* **Metformin:** Blood sugar control worsens.", ["metformin: interactant efficacy decreased, not_stated"]),
        ("* **Phenytoin:** Seizure control is lost.", ["phenytoin: interactant efficacy decreased, not_stated"]),
        ("* **Typhoid vaccine:** It may not work.", ["typhoid vaccine: interactant efficacy decreased, not_stated"]),
        ("* **Live vaccines:** They may not take.", ["live vaccine: interactant efficacy decreased, not_stated"]),
        ("* **BCG vaccine:** The vaccine may fail.", ["bcg vaccine: interactant efficacy decreased, not_stated"]),
        ("Far fewer than with clarithromycin.", []),
        ("NSAIDs take the edge off its effect.", ["nsaid: this_drug efficacy decreased, not_stated"]),
        ("Rifampicin takes its level down by half.", ["rifampicin: this_drug exposure decreased, not_stated"]),
        (
            "* lithium, for mood problems: your lithium level goes up",
            ["lithium: interactant exposure increased, not_stated"],
        ),
        ("* ibuprofen: exemplol works less well", ["ibuprofen: this_drug efficacy decreased, not_stated"]),
        ("Lithium accumulates, so be careful.", ["lithium: interactant exposure increased, not_stated"]),
        ("Trimethoprim pushes the potassium up.", ["trimethoprim: patient toxicity_risk increased, not_stated"]),
        ("Colestyramine stops it being absorbed.", ["colestyramine: this_drug absorption decreased, not_stated"]),
        ("* Do not give it with simvastatin: levels rise.", ["simvastatin: unknown exposure increased, not_stated"]),
        ("Not as many as with rifampicin.", []),
        (
            "No interaction with ramipril has been found, but warfarin levels rise.",
            ["ramipril: none none unchanged, not_stated", "warfarin: interactant exposure increased, not_stated"],
        ),
    ],
)
def test_whom_a_sentence_names_and_what_changes_for_whom(text: str, expected: list[str]) -> None:
    assert [full(row) for row in rows_of(text)] == expected


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Phenytoin, lamotrigine and valproic acid do not interact with exemplol.", 3),
        ("Warfarin does not interact with exemplol, and neither does theophylline.", 2),
        ("Warfarin does not interact with exemplol, nor does theophylline.", 2),
        ("No interaction was found with lithium, nor with paroxetine.", 2),
        ("No interaction is seen with oral contraceptives either.", 1),
        ("No interaction with digoxin or lorazepam has been found.", 2),
        ("Interactions with digoxin, warfarin and food have not been seen.", 3),
        ("There is no known interaction between exemplol and digoxin.", 1),
        ("Nothing has been found with digoxin or lorazepam.", 2),
        ("I know of no trouble with warfarin, simvastatin or amlodipine.", 3),
        ("Nothing is known against paracetamol.", 1),
        ("Food makes no difference.", 1),
        ("* **Alcohol:** No disulfiram-like reaction has been shown.", 1),
    ],
)
def test_what_does_not_interact_is_a_denial_for_each(text: str, denied: int) -> None:
    rows = rows_of(text)
    assert [(row.assertion, row.effect_target, row.severity) for row in rows] == [("negated", "none", "none")] * denied


def test_a_mechanism_belongs_to_the_sentence_that_tells_it() -> None:
    first, second = rows_of("Rifampicin lowers its blood levels by inducing CYP3A4. Cimetidine may raise them.")
    assert first.mechanism_entity == "CYP3A4"
    assert (second.effect_target, second.effect_direction) == ("exposure", "increased")
    assert (second.mechanism_kind, second.mechanism_entity) == ("unknown", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Together with lithium there is a danger of neurotoxicity.", ("lithium", "toxicity_risk", "increased")),
        ("If exemplol is combined with morphine, sedation deepens.", ("morphine", "toxicity_risk", "increased")),
        ("Taken with grapefruit juice its level rises.", ("grapefruit juice", "exposure", "increased")),
        ("Severe hypotension can follow when nitrates are added.", ("nitrate", "toxicity_risk", "increased")),
        ("Adding amiodarone raises the level of exemplol.", ("amiodarone", "exposure", "increased")),
    ],
)
def test_whom_an_opening_or_closing_clause_says_the_drug_is_given_with(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert [short(row) for row in rows_of(text)] == [expected]
