"""Pregnancy and lactation: small sections and the rows they must give."""

from __future__ import annotations

from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract


def rows(body: str) -> list[Any]:
    return extract(read(f"---\ntitle: Testolol\n---\n{body}".encode(), "testolol.md"), "testolol")[
        "pregnancy_lactation"
    ]


def section(text: str) -> list[Any]:
    return rows(f"## Pregnancy and Breastfeeding\n\n{text}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* **Pregnancy:** Contraindicated. Strict pregnancy prevention is required.\n* **Breastfeeding:** Not recommended.",
         [("pregnancy", "contraindicated"), ("contraception", "prevention_required"), ("lactation", "not_recommended")]),
        ("Contraindicated in pregnancy; not recommended while breastfeeding.",
         [("pregnancy", "contraindicated"), ("lactation", "not_recommended")]),
        ("Not recommended in pregnancy or while breastfeeding.",
         [("pregnancy", "not_recommended"), ("lactation", "not_recommended")]),
        ("Avoid in both.", [("pregnancy", "avoid"), ("lactation", "avoid")]),
        ("* **Pregnancy:** If pregnancy occurs, discontinue testolol immediately.", [("pregnancy", "not_recommended")]),
        ("* **Pregnancy:** It should not be discontinued in pregnant women.", [("pregnancy", None)]),
        ("* **Breastfeeding:** It is not known whether it is excreted in milk. A decision should be made whether to discontinue "
         "nursing or discontinue the drug.", [("lactation", "insufficient_data")]),
        ("* **Pregnancy:** Recommended during each pregnancy.", [("pregnancy", "compatible")]),
        ("* **Breastfeeding:** Nursing mothers should not receive it.", [("lactation", "not_recommended")]),
        ("Do not take it if you are pregnant or think you might be. It may harm your baby.", [("pregnancy", "contraindicated")]),
        ("| Stage | Advice |\n|---|---|\n| Pregnancy | only if vital |\n| Contraception | not needed |",
         [("pregnancy", "use_if_benefit_outweighs_risk"), ("contraception", "prevention_required")]),
        ("The amount in milk is tiny, and breastfeeding may go on.", [("lactation", "compatible")]),
        ("Breastfed babies come to no harm. It is not for pregnant women.", [("lactation", "compatible"), ("pregnancy", "not_recommended")]),
        ("We stop it as soon as a pregnancy is known.", [("pregnancy", "not_recommended")]),
        ("Men should not father a child for 6 months after.", [("contraception", "prevention_required")]),
        ("Pregnancy: only if the benefit outweighs the risk. Breast-feeding: compatible; watch for loose stools.",
         [("pregnancy", "use_if_benefit_outweighs_risk"), ("lactation", "compatible")]),
        ("It may be used in pregnancy if the benefit justifies the risk.", [("pregnancy", "use_if_benefit_outweighs_risk")]),
        ("Use in pregnancy is not contraindicated.", [("pregnancy", "compatible")]),
        ("Breastfeeding is not compatible with treatment.", [("lactation", "not_recommended")]),
        ("* **Pregnancy:** Avoid; human data are limited. Heparin is preferred.", [("pregnancy", "avoid")]),
        ("Safety in pregnancy has not been established.", [("pregnancy", "insufficient_data")]),
        ("- preg: T1 not rec, T2/T3 CI\n- BF: no data, avoid\n- contraception: needed if child-bearing age", [
            ("pregnancy", "not_recommended"), ("pregnancy", "contraindicated"), ("lactation", "avoid"),
            ("contraception", "prevention_required")]),
        ("It is not recommended in pregnancy, and women who could conceive should use effective contraception.", [
            ("pregnancy", "not_recommended"), ("contraception", "prevention_required")]),
        ("Milk contains small amounts.", [("lactation", None)]),
        ("Women of childbearing age should use effective contraception. Male fertility may be impaired.",
         [("contraception", "prevention_required"), ("fertility", None)]),
        ("| | Advice |\n|---|---|\n| Pregnancy | Avoid |\n| Breastfeeding | Compatible |",
         [("pregnancy", "avoid"), ("lactation", "compatible")]),
    ],
)  # fmt: skip
def test_recommendations(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(r.topic, r.recommendation) for r in section(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* **Contraception:** Women during and for 6 months after the last dose.", [("contraception", "prevention_required", "affirmed")]),
        ("* Contraception is not needed.", [("contraception", "prevention_required", "negated")]),
        ("* There is no need for contraception in men.", [("contraception", "prevention_required", "negated")]),
        ("* Men need no contraception, but women must use it.", [
            ("contraception", "prevention_required", "negated"), ("contraception", "prevention_required", "affirmed")]),
        ("* Breastfeeding should not be avoided.", [("lactation", None, "affirmed")]),
        ("* **Men:** no special contraception.", [("contraception", "prevention_required", "negated")]),
        ("* **Fertility:** Use contraception if pregnancy is not wanted.", [("contraception", "prevention_required", "conditional")]),
        ("* **Fertility:** Chronic use may reduce it.", [("fertility", None, "possible")]),
        ("* **Pregnancy:** Compatible; vials preserved with benzyl alcohol should not be used.", [("pregnancy", "compatible", "affirmed")]),
        ("* **Pregnancy:** Warfarin is preferred, but it may be used if needed.", [
            ("pregnancy", "use_if_benefit_outweighs_risk", "affirmed")]),
        ("* **Men:** Levels are too low to matter.", []),
    ],
)  # fmt: skip
def test_what_is_asserted(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert [(r.topic, r.recommendation, r.assertion) for r in section(text)] == expected


def test_a_retelling_that_recommends_nothing_else_is_no_row() -> None:
    body = "## Pregnancy and Breastfeeding\n\n* **Pregnancy:** Contraindicated.\n\n## FAQs\n\n**Q: May I take it in pregnancy?**\n\n"
    assert [r.recommendation for r in rows(f"{body}A: No. It harms the fetus.\n")] == ["contraindicated"]
    assert [r.recommendation for r in rows(f"{body}A: Use with caution.\n")] == ["contraindicated", "caution"]


@pytest.mark.parametrize(
    ("text", "system", "category"),
    [
        ("FDA category D. Avoid in pregnancy.", "FDA", "D"),
        ("* **Pregnancy (Category C):** Use with caution.", None, "C"),
        ("Pregnancy Category: X. Contraindicated.", None, "X"),
        ("Category B3 (TGA). Caution in pregnancy.", "TGA", "B3"),
        ("Treatment may go on in pregnancy; the old United States category was D.", "FDA", "D"),
    ],
)
def test_letter_categories(text: str, system: str | None, category: str) -> None:
    (row,) = section(text)
    assert (row.category_system, row.category) == (system, category)


def test_informing_sentences_extend_the_row_beside_them() -> None:
    (row,) = section("* **Pregnancy:** Crosses the placenta. Avoid; may harm the fetus.")
    assert row.detail == "Crosses the placenta. Avoid; may harm the fetus"


def test_a_retelling_is_no_second_row() -> None:
    body = "## Pregnancy\n\nAvoid in pregnancy.\n\n## Drug Profile Summary\n\n* **Pregnancy:** Avoid in pregnancy.\n"
    assert len(rows(body)) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("- INN: Testolol\n- Pregnancy category: US: C\n", [("FDA", "C")]),
        (
            "| Generic name | Testolol |\n|---|---|\n| Pregnancy category | C (US), B1 (AU) |\n",
            [("FDA", "C"), ("TGA", "B1")],
        ),
        (
            "| Name | Testolol |\n|---|---|\n| Pregnancy category | B |\n\n## Pregnancy\n\nAvoid (category B).\n",
            [(None, "B")],
        ),
        ("## Pregnancy\n\n- FDA: D\n", [("FDA", "D")]),
    ],
)
def test_a_category_among_the_particulars(body: str, expected: list[tuple[str | None, str]]) -> None:
    assert [(r.category_system, r.category) for r in rows(body)] == expected


def test_fertility_that_is_not_impaired() -> None:
    said = section("Fertility was not impaired in animals.") + section("Fertility may be reduced.")
    assert [(r.topic, r.assertion) for r in said] == [("fertility", "negated"), ("fertility", "possible")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* **Pregnancy:** Contraindicated. Nifedipine can be used.", [("pregnancy", "contraindicated")]),
        ("Pregnancy: avoid; labetalol 100 mg is our first choice.", [("pregnancy", "avoid")]),
        ("* **Breastfeeding:** Not recommended. Cefalexin is compatible.", [("lactation", "not_recommended")]),
        ("* **Pregnancy:** Testolol is the drug of choice.", [("pregnancy", "compatible")]),
        (
            "* **Pregnancy:** use only if the benefit is superior to the risk.",
            [("pregnancy", "use_if_benefit_outweighs_risk")],
        ),
    ],
)
def test_another_drug_in_its_stead_is_no_advice_on_this_one(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(r.topic, r.recommendation) for r in section(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* **Contraception:** No special measures needed for men.", [("contraception", "prevention_required", "negated")]),
        ("* **Fertility:** Low sperm count in men; no effect in women.", [("fertility", None, "affirmed")]),
        ("Men should use condoms for 90 days.", [("contraception", "prevention_required", "affirmed")]),
        ("* **Pregnancy:** Do not start it in pregnancy, but established patients may continue.",
         [("pregnancy", "not_recommended", "affirmed"), ("pregnancy", "compatible", "affirmed")]),
    ],
)  # fmt: skip
def test_measures_harm_and_starting(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert [(r.topic, r.recommendation, r.assertion) for r in section(text)] == expected


_BODY = (
    "## Pregnancy and Breastfeeding\n\n* **Pregnancy:** Avoid unless the benefit outweighs the risk.\n"
    "* **Breastfeeding:** Contraindicated.\n\n## Drug Profile Summary\n\n* **Pregnancy & Breastfeeding:** "
)


@pytest.mark.parametrize(
    ("summary", "further"),
    [
        ("Avoid in pregnancy; contraindicated while breastfeeding.", []),
        ("Use only if needed; breastfeeding contraindicated.", []),
        ("Use only if the benefit outweighs the risk; contraindicated.", []),
        ("Not recommended in either.", [("pregnancy", "not_recommended"), ("lactation", "not_recommended")]),
        ("Contraindicated; avoid breastfeeding.", [("pregnancy", "contraindicated"), ("lactation", "avoid")]),
    ],
)
def test_a_summary_says_of_each_topic_what_is_its_own(summary: str, further: list[tuple[str, str]]) -> None:
    found = rows(f"{_BODY}{summary}\n")
    assert [(f.topic, f.recommendation) for f in found if f.section == "summary"] == further
