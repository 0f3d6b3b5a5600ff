"""The user's own sample monograph, where it stands beside the project: what its tables must say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from monopipe.document import read
from monopipe.extract import extract

SEED = sorted((Path(__file__).parent.parent.parent / "shared" / "seed").glob("*.txt"))
pytestmark = pytest.mark.skipif(not SEED, reason="the sample monograph is not beside the project")


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Any]]:
    path = SEED[0]
    return extract(read(path.read_bytes(), path.name), "lenalidomide")


def test_seven_indications(rows: dict[str, list[Any]]) -> None:
    found = Counter((i.condition_norm, i.disease_status) for i in rows["indications"])
    assert found == Counter(
        [
            ("multiple myeloma", "newly_diagnosed"),
            ("multiple myeloma", "relapsed_refractory"),
            ("multiple myeloma", "maintenance"),
            ("myelodysplastic syndrome", "unspecified"),
            ("mantle cell lymphoma", "relapsed_or_progressed"),
            ("follicular lymphoma", "previously_treated"),
            ("marginal zone lymphoma", "previously_treated"),
        ]
    )
    lymphoma = next(i for i in rows["indications"] if i.condition_norm == "mantle cell lymphoma")
    assert (lymphoma.prior_therapies_min, lymphoma.prior_therapy_required) == (2, "bortezomib")


def test_six_regimen_steps(rows: dict[str, list[Any]]) -> None:
    steps = sorted(rows["regimens"], key=lambda r: r.char_start)
    assert [(s.dose_low, s.dose_high, s.dose_unit, s.cycle_days, s.step_kind) for s in steps] == [
        (25, 25, "mg", "1-21", "standard"),
        (10, 10, "mg", "1-28", "maintenance"),
        (15, 15, "mg", "1-28", "titration"),
        (10, 10, "mg", "1-21", "standard"),
        (25, 25, "mg", "1-21", "standard"),
        (20, 20, "mg", "1-21", "standard"),
    ]
    assert len({s.regimen_group for s in steps}) == 5
    maintenance, raised = steps[1:3]
    assert maintenance.regimen_group == raised.regimen_group
    assert (raised.start_after, raised.start_after_unit, raised.condition_text) == (3, "cycle", "if tolerated")
    assert raised.assertion == "conditional"
    first = steps[0]
    assert (first.dose_per_cycle_low, first.mean_daily_dose_low, first.partners) == (525, 18.75, "dexamethasone")
    assert {c.condition_norm for c in rows["regimen_conditions"] if c.regimen_group == steps[5].regimen_group} == {
        "follicular lymphoma",
        "marginal zone lymphoma",
    }
    assert steps[5].cycles_max == 12


def test_some_two_dozen_side_effects_none_twice(rows: dict[str, list[Any]]) -> None:
    terms = [s.term_norm for s in rows["side_effects"]]
    assert len(terms) == len(set(terms))
    assert 20 <= len(terms) <= 28
    assert {"diarrhea", "constipation", "angioedema", "pulmonary embolism"} <= set(terms)
    neuropathy = next(s for s in rows["side_effects"] if s.term_norm == "peripheral neuropathy")
    assert neuropathy.is_long_term


def test_warfarin_is_negated(rows: dict[str, list[Any]]) -> None:
    warfarin = next(i for i in rows["interactions"] if i.interactant_norm == "warfarin")
    assert (warfarin.assertion, warfarin.severity) == ("negated", "none")
    assert {"digoxin"} <= {i.interactant_norm for i in rows["interactions"] if i.assertion == "affirmed"}


def test_ten_clean_questions_in_one_copy_each(rows: dict[str, list[Any]]) -> None:
    faqs = sorted(rows["faqs"], key=lambda f: f.ordinal)
    assert [f.ordinal for f in faqs] == list(range(1, 11))
    assert all(f.in_body and f.in_front_matter and f.copies_agree for f in faqs)
    assert all(f.question.endswith("?") and "*" not in f.question + f.answer for f in faqs)
    assert not any(f.answer.startswith("A:") for f in faqs)


def test_places_that_send_the_reader_elsewhere(rows: dict[str, list[Any]]) -> None:
    found = {d.topic: d.deferred_to for d in rows["deferrals"]}
    assert found["dosage_adjustments"] == "prescribing information"
    assert {"interactions", "dosage_special"} <= set(found)


def test_a_dose_adjustment_of_another_drug_names_it(rows: dict[str, list[Any]]) -> None:
    elderly = next(
        g for g in rows["dose_guidance"] if g.basis == "Elderly Patients" and g.recommendation == "adjust_dose"
    )
    assert (elderly.for_drug, elderly.assertion) == ("dexamethasone", "possible")


def test_a_fact_inside_a_heading_is_read(rows: dict[str, list[Any]]) -> None:
    children = [g for g in rows["dose_guidance"] if g.section == "dosage_children"]
    assert [(c.basis, c.recommendation) for c in children] == [("Children", "not_recommended")]


def test_no_statement_is_unstructured(rows: dict[str, list[Any]]) -> None:
    unread = [(s.line_start, s.source_quote) for s in rows["statements"] if s.status == "unstructured"]
    assert unread == []
    assert rows["documents"][0].coverage_ratio == 1.0
