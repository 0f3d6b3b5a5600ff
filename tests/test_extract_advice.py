"""Mechanisms, precautions, administration and overdose: small sections to their rows."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract.administration import administration
from monopipe.extract.mechanisms import mechanisms, target_and_action
from monopipe.extract.overdose import overdose
from monopipe.extract.precautions import precautions
from monopipe.extract.reading import Reading


def reading(section: str, heading: str) -> Reading:
    return Reading(read(f"---\ntitle: Exemplol\n---\n## {heading}\n\n{section}\n".encode(), "x.md"), "x")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Blocks the serotonin transporter (SERT), so more stays.", ("serotonin transporter", "blocker")),
        ("Binds penicillin-binding proteins and blocks cross-linking.", ("penicillin-binding proteins", "binder")),
        ("Activates insulin receptors, which lowers glucose.", ("insulin receptors", "activator")),
        ("Converted to fluorouracil, which inhibits thymidylate synthase.", ("thymidylate synthase", "inhibitor")),
        ("Factor Xa inhibition.", ("Factor Xa", "inhibitor")),
        ("It relieves pain.", (None, None)),
        ("Binds covalently to the H+/K+-ATPase of the parietal cell.", ("H+/K+-ATPase of the parietal cell", "binder")),
        ("Blockade of beta1-receptors lowers heart rate.", ("beta1-receptors", "blocker")),
        (
            "An antagonist at mu, kappa and delta opioid receptors.",
            ("mu, kappa and delta opioid receptors", "antagonist"),
        ),
        (
            "It blocks dopamine D4 and, more weakly, D2 receptors.",
            ("dopamine D4 and, more weakly, D2 receptors", "blocker"),
        ),
        ("About half is bound to plasma proteins.", (None, None)),
        ("It binds to its own receptors in the uterus.", (None, None)),
        ("Treatment opens with a loading phase.", (None, None)),
    ],
)
def test_target_and_action(sentence: str, expected: tuple[str | None, str | None]) -> None:
    assert target_and_action(sentence) == expected


def test_one_mechanism_a_sentence_without_kinetics() -> None:
    section = "Inhibits COX-2. It does not cause dependence. Half-life is 3 hours."
    found = list(mechanisms(reading(section, "Mechanism of Action")))
    assert [(m.target, m.assertion) for m in found] == [("COX-2", "affirmed"), (None, "negated")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("At usual doses it does not inhibit COX-1.", ("COX-1", "negated")),
        (
            "Unlike warfarin it does not inhibit vitamin K epoxide reductase; it blocks thrombin.",
            ("thrombin", "affirmed"),
        ),
        ("It is not a prodrug and inhibits factor Xa.", ("factor Xa", "affirmed")),
        ("It inhibits neither CYP3A4 nor CYP2C9.", ("CYP3A4", "negated")),
        ("It blocks D2 receptors without blocking H1 receptors.", ("D2 receptors", "affirmed")),
        ("It not only blocks D2 receptors, it slows gastric emptying.", ("D2 receptors", "affirmed")),
    ],
)
def test_a_denied_action_is_told_only_where_none_is_affirmed(sentence: str, expected: tuple[str, str]) -> None:
    found = list(mechanisms(reading(sentence, "Mechanism of Action")))
    assert [(m.target, m.assertion) for m in found] == [expected]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("* **General Precautions:** CBC monitoring.", [("general", "monitor")]),
        ("* **Lifestyle Considerations:** Grapefruit need not be avoided.", [("lifestyle", "no_restriction")]),
        ("* **General Precautions:** Not contraindicated in glaucoma.", [("general", "no_restriction")]),
        ("* **Specific Populations:** Strict pregnancy prevention.", [("specific_population", "prevent")]),
        (
            "* **Lifestyle Considerations:** No specific lifestyle restrictions, but advise patients on fatigue.",
            [("lifestyle", "no_restriction"), ("lifestyle", "counsel")],
        ),
        (
            "* **Lifestyle Considerations:** Contact sports carry a risk; alcohol in moderation.",
            [("lifestyle", "caution"), ("lifestyle", "caution")],
        ),
        ("Driving is not affected.", [("driving", "no_restriction")]),
        ("* **Boxed Warning:** Fetal toxicity.", [("warning", None)]),
        ("Never share a pen.", [("general", "avoid")]),
        ("For further warnings see prescribing information.", []),
        ("Check growth and height in children.", [("general", "monitor")]),
    ],
)
def test_precautions(section: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(p.category, p.recommendation) for p in precautions(reading(section, "Precautions"))] == expected


@pytest.mark.parametrize(
    ("section", "heading", "expected"),
    [
        ("Swallow whole with water.", "Dosage", [("handling", "swallow_whole")]),
        ("Take with or without food.", "Administration", [("food", "with_or_without_food")]),
        ("Take at least 2 hours after a meal.", "Administration", [("food", "without_food")]),
        ("Take 500 mg with food.", "Dosage", []),
        ("500 mg orally every 12 hours.", "Dosage", []),
        ("* **Route:** Oral.", "Drug Profile Summary", [("route", "oral")]),
        ("Store below 25 °C.", "Storage", [("storage", None)]),
        ("Inject at the same time each day.", "Dosage", [("timing", "same_time")]),
        ("Do not take with food.", "Administration", [("handling", None)]),
        ("Tablets hold 50 mg or 100 mg; swallow them with water.", "Dosage", [("dose_form", None)]),
        ("* **How supplied:** tablets 5 mg and 10 mg.", "Storage", [("dose_form", None)]),
        ("Capsules 50 mg and syrup 5 mg/5 mL.", "Background", [("dose_form", None)]),
        ("Tablets of 50 mg twice daily.", "Dosage", []),
        ("A 60 mg capsule contains 17 mg of sucrose.", "Background", []),
        ("| Product | Strength |\n|---|---|\n| Packet | 20 mEq |\n", "Background", [("dose_form", None)]),
        ("All doses are by mouth unless another route is named.", "Dosage", [("route", "oral")]),
        ("Subcutaneous, unless stated.", "Dosage", [("route", "subcutaneous")]),
        ("The IV dose is titrated.", "Dosage", []),
        ("The infusion rate must not exceed 10 mL/min.", "Dosage", [("infusion", None)]),
        ("5 mg by infusion over at least 15 minutes.", "Dosage", []),
        ("Dissolve 1 g in 20 mL of water for injections.", "Dosage", [("preparation", None)]),
        ("1 g dissolved in 20 mL of water every 8 hours.", "Dosage", []),
        ("Shake well before use.", "Administration", [("preparation", "shake")]),
        ("### Q1: What about a missed dose?\n\nSkip it; never double it.", "FAQs", [("missed_dose", "skip")]),
    ],
)
def test_administration(section: str, heading: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(a.aspect, a.value) for a in administration(reading(section, heading))] == expected


def test_overdose_aspects() -> None:
    section = "Nausea and vomiting. Give activated charcoal.\n\n**Management:** No antidote exists."
    assert [o.aspect for o in overdose(reading(section, "Overdose"))] == ["sign", "management", "management"]
