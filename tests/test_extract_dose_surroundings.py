"""What a dose takes from its surroundings: paragraphs above, bold openings, heads of tables, sentences behind it."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import Regimen


def regimens(body: str) -> list[Regimen]:
    text = f"---\ntitle: Testolol\n---\n## Dosage\n\n{body}\n"
    rows = extract(read(text.encode(), "testolol.md"), "testolol")["regimens"]
    return sorted((r for r in rows if isinstance(r, Regimen)), key=lambda r: r.char_start)


LIST = "- Pain: 50 mg twice daily"
TABLE = "| Use | Dose |\n|---|---|\n| Gout | 300 mg |\n| Colitis | 500 mg once daily |"


@pytest.mark.parametrize(
    ("above", "route"),
    [
        ("Capsules are swallowed whole and not chewed.", "oral"),
        ("Treatment is started by a specialist. All doses are given by deep intramuscular injection.", "intramuscular"),
        ("The suspension is for oral use only.", "oral"),
        ("This product is for intramuscular use.", "intramuscular"),
        ("All injections are subcutaneous.", "subcutaneous"),
        ("**Route:** oral", "oral"),
        ("All doses are oral unless stated otherwise.", "oral"),
        (
            "Take it by mouth before food. The same dose is used intravenously when the oral route is not available.",
            "oral",
        ),
        ("The tablets are not given by mouth to patients with a stoma.", None),
        ("The lozenge is sucked and must not be swallowed whole.", None),
        ("Patients who cannot swallow receive the drug through a tube.", None),
        ("Warfarin is taken by mouth.", None),
        ("In most patients the drug is taken by mouth; in severe disease it is infused intravenously.", None),
        ("The drug may be given by mouth or intravenously.", None),
    ],
)
def test_a_paragraph_gives_the_way_of_the_doses_below_it(above: str, route: str | None) -> None:
    assert [r.route for r in regimens(f"{above}\n\n{LIST}")] == [route]


def test_a_way_ends_where_another_one_begins() -> None:
    oral = "Tablets are taken by mouth.\n\n"
    assert [r.route for r in regimens(f"### Adults\n\n{oral}{LIST}\n\n### Children\n\n{LIST}")] == ["oral", None]
    assert [r.route for r in regimens(f"{oral}### Injection\n\n- Pain: 5 mg daily\n\n### Tablets\n\n{LIST}")] == [
        None,
        "oral",
    ]
    assert [r.route for r in regimens(f"{oral}In hospital the injection is used:\n\n{LIST}")] == [None]
    rows = "| Use | Dose |\n|---|---|\n| Colitis | 1 g daily |\n| Status | 2 mg as a slow injection |"
    assert [r.route for r in regimens(oral + rows)] == ["oral", None]


def test_what_a_sentence_shows_is_the_table_behind_it() -> None:
    shown = f"The table gives the usual intravenous doses.\n\n{TABLE}\n\nIn renal colic 75 mg is given once."
    assert [r.route for r in regimens(shown)] == ["intravenous", "intravenous", None]


def test_bold_words_that_open_a_paragraph_say_whom_and_by_which_way() -> None:
    opened = regimens("**Intravenous injection.** 2 mg every 4 hours.\n\n**Children 2 to 5 years.** 4 mg once daily.")
    assert [(r.route, r.param_low, r.param_high) for r in opened] == [("intravenous", None, None), (None, 2, 5)]


@pytest.mark.parametrize(
    ("head", "cell", "expected"),
    [
        ("Tablets, dose twice daily", "75 mg", (75, "per_administration", 2)),
        ("Dose (three times a day)", "75 mg", (75, "per_administration", 3)),
        ("Dose (three times a day)", "75 mg once daily", (75, "per_administration", 1)),
        ("Oral dose (mg), given once daily", "100", (100, "per_administration", 1)),
        ("Daily dose (in 2 divided doses)", "200 mg", (200, "per_day", 2)),
        ("Daily dose", "200 mg", (200, "per_day", None)),
        ("Daily dose", "200 mg twice daily", (200, "per_administration", 2)),
        ("Dose", "200 mg", (200, "per_administration", None)),
    ],
)
def test_a_head_says_how_often(head: str, cell: str, expected: tuple[float, str, int | None]) -> None:
    (row,) = regimens(f"| Weight | {head} |\n|---|---|\n| 10 to 20 kg | {cell} |")
    assert (row.dose_low, row.dose_is, row.frequency) == expected
    assert (row.param_low, row.param_high) == (10, 20)


def test_a_column_of_volumes_holds_the_dose_beside_it() -> None:
    (row,) = regimens("| Weight | Dose | Volume |\n|---|---|---|\n| 5-10 kg | 50 mg | 2.5 mL |")
    assert (row.dose_low, row.dose_unit, row.quantity_low, row.quantity_unit) == (50, "mg", 2.5, "mL")


def test_how_often_holds_for_the_table_right_below() -> None:
    said = regimens(f"Doses are taken twice a day.\n\n{TABLE}\n\nFor absence seizures 250 mg is enough.")
    assert [r.frequency for r in said] == [2, 1, None]
