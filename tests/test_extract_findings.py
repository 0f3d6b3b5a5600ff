"""Findings: for each rule a small document that it tells of, and a near miss that it keeps silent about."""

from __future__ import annotations

import pytest

from monopipe.document import read
from monopipe.extract import extract
from monopipe.tables import FINDING_RULES

FRONT = "title: Testolol\nlastModified: 2024-05-01"
GOUT = "## Usage\n\n* Gout\n* Tremor\n\n## Dosage\n\n### Adults\n\n"

CASES: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "limited_use": (
        ("", f"{GOUT}* **Gout:** 5 mg once daily.\n\n## Contraindications\n\n* Gout (as sole treatment)\n"),
        ("", f"{GOUT}* **Gout:** 5 mg once daily.\n\n## Contraindications\n\n* Gout (Podagra)\n"),
    ),
    "contraindicated_use": (
        ("", f"{GOUT}* **Gout:** 5 mg once daily.\n\n## Contraindications\n\n* Gout\n"),
        (
            "",
            f"{GOUT}* **Gout:** 5 mg once daily.\n\n## Contraindications\n\n* Severe gout\n* Gout, unless colchicine fails\n",
        ),
    ),
    "dose_above_maximum": (
        ("", f"{GOUT}* **Gout:** 50 mg three times daily; maximum 100 mg/day.\n"),
        ("", f"{GOUT}* **Gout:** 50 mg twice daily; maximum 100 mg/day.\n"),
    ),
    "doses_differ": (
        ("", f"{GOUT}* **Gout:** 5 mg once daily.\n* **Tremor:** 2 mg once daily.\n* **Gout:** 8 mg once daily.\n"),
        (
            "",
            f"{GOUT}* **Gout:** 5 mg once daily.\n* **Gout, severe:** 8 mg once daily.\n* **Gout:** 8 mg twice weekly.\n",
        ),
    ),
    "told_dose_differs": (
        (
            "",
            f"{GOUT}* **Gout:** 5 to 20 mg once daily.\n\n## Drug Profile Summary\n\n* **Usual dose:** 50 mg once daily\n",
        ),
        (
            "",
            f"{GOUT}* **Gout:** 5 to 20 mg twice daily.\n\n## Drug Profile Summary\n\n* **Usual dose:** 0.04 g once daily\n",
        ),
    ),
    "dose_far_from_others": (
        ("", f"{GOUT}* **Gout:** 5 mg once daily.\n* **Gout:** 50 mg once daily.\n"),
        ("", f"{GOUT}* **Gout:** 5 mg once daily.\n* **Gout:** 70 mg once weekly.\n"),
    ),
    "half_lives_differ": (
        (
            "",
            "## Pharmacokinetics\n\n* **Half-life:** 3 to 5 hours.\n\n## Drug Profile Summary\n\n* **Half-life:** 12 hours\n",
        ),
        (
            "",
            "## Pharmacokinetics\n\n* **Half-life:** 3 to 5 hours; 12 hours in renal impairment.\n\n"
            "## Drug Profile Summary\n\n* **Half-life:** about 4 hours\n",
        ),
    ),
    "faq_copies_differ": (
        (
            "faqs:\n  - q: What is the dose?\n    a: It is 5 mg.",
            "## FAQs\n\n**Q: What is the dose?**\n\nA: It is 50 mg.\n",
        ),
        (
            "faqs:\n  - q: What is the dose?\n    a: It is 5 mg.",
            "## FAQs\n\n**Q: What is the dose?**\n\nA: It is 5 mg.\n",
        ),
    ),
    "truncated_description": (
        ("description: 'Testolol is used for gout and:'", "x\n"),
        ("description: 'Testolol is used for gout: a classic.'", "x\n"),
    ),
    "empty_section": (
        ("", "## Usage\n\n* Gout\n\n## Overdose\n\n## Storage\n\nBelow 25 °C.\n"),
        ("", "## Dosage\n\n### Adults\n\n5 mg once daily.\n"),
    ),
    "denied_in_list": (
        ("", "## Side Effects\n\n* Rash\n* No dependence was seen.\n"),
        ("", "## Side Effects\n\n* Rash\n* Nausea\n\nNo dependence was seen.\n"),
    ),
    "indication_without_regimen": (
        ("", f"{GOUT}* **Gout:** 5 mg once daily.\n"),
        ("", "## Usage\n\n* Gout\n* Tremor (off-label)\n\n## Dosage\n\n### Adults\n\n* **Gout:** 5 mg once daily.\n"),
    ),
    "adjustment_without_threshold": (
        ("", "## Dosage\n\n* **Renal impairment:** reduce the dose.\n"),
        ("", "## Dosage\n\n* **Renal impairment:** reduce the dose.\n* **CrCl below 30 mL/min:** 5 mg once daily.\n"),
    ),
    "unknown_heading": (("", "## Poetry\n\nx\n"), ("", "## Side Effects\n\n* Rash\n\n## Testolol\n\nx\n")),
    "no_last_modified": (("lastModified: soon", "x\n"), ("lastModified: 2023-01-01", "x\n")),
}


def found(front: str, body: str) -> set[str]:
    keys = {line.split(":")[0] for line in front.splitlines()}
    head = "\n".join([*(line for line in FRONT.splitlines() if line.split(":")[0] not in keys), front]).strip()
    return {f.rule for f in extract(read(f"---\n{head}\n---\n{body}".encode(), "t.md"), "testolol")["findings"]}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_tells_of_its_case_and_of_no_near_miss(rule: str) -> None:
    case, near_miss = CASES[rule]
    assert rule in found(*case)
    assert rule not in found(*near_miss)


def test_an_off_label_use_may_be_relatively_contraindicated() -> None:
    uses = "## Usage\n\n* Gout (off-label)\n\n## Contraindications\n\n"
    told = [
        found("", f"{uses}{line}\n")
        for line in ("Gout is a relative contraindication.", "Gout is an absolute contraindication.")
    ]
    assert ["contraindicated_use" in rules for rules in told] == [False, True]


def test_every_rule_has_a_case() -> None:
    assert set(CASES) | {"duplicate_drug"} == set(FINDING_RULES)


def test_whom_to_ask_and_what_prevails_are_where_the_text_sends_its_reader() -> None:
    body = """## Notes

It does not replace the national guidelines. Local practice follows the ward protocol.

## Dosage

- Neonates: ring the neonatal pharmacist.
- Dialysis: 20 mg as a single dose; ask nephrology first.
- If two doses fail, call the anaesthetic registrar.
- Call the family first.
"""
    found = extract(read(f"---\ntitle: Testol\n---\n\n{body}".encode(), "t.md"), "testol")["deferrals"]
    assert [d.deferred_to for d in found] == [
        "national guidelines",
        "ward protocol",
        "neonatal pharmacist",
        "nephrology",
        "anaesthetic registrar",
    ]
