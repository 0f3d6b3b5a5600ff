"""A pattern that looks for its cues first finds what it finds without them."""

from __future__ import annotations

import gc
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import monopipe.extract  # noqa: F401  (loads every module that holds patterns)
from monopipe import vocabulary
from monopipe.cues import Cued, Family, cues, folded
from monopipe.extract import thresholds

CUED = sorted((o for o in gc.get_objects() if isinstance(o, Cued)), key=lambda c: c.expression.pattern)
WORDS = [*re.findall(r"\w+|[^\w\s]", " ".join(c.expression.pattern for c in CUED)), "doſe", "SPECIALİST", "ıs"]


def test_every_pattern_of_the_rules_has_cues() -> None:
    assert len(CUED) > len(vocabulary.rows("guidance"))
    assert [c.expression.pattern for c in CUED if "" in c.cues] == []


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(CUED).flatmap(lambda c: st.tuples(st.just(c), st.from_regex(c.expression))))
def test_a_text_that_matches_holds_a_cue(case: tuple[Cued, str]) -> None:
    cued, text = case
    assert cued.may_match(folded(text)), (cued.expression.pattern, text)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(CUED), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), st.integers(0, 20))
def test_a_search_finds_what_the_expression_finds(cued: Cued, text: str, start: int) -> None:
    for end in (None, len(text) - 2):
        stop = len(text) if end is None else end
        mine, plain = cued.search(text, start, end), cued.expression.search(text, start, max(stop, 0))
        assert (mine and mine.span()) == (plain and plain.span())


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\bcontra-?indicated\b", ("indicated",)),
        (r"halve[ds]?|lower|lowered", ("halve", "lower")),
        (r"(?:do )?not", ("not",)),
        (r"(?<=before )it", ("it",)),
        (r"it(?= follows)", (" follows",)),
        (r"it(?! follows)", ("it",)),
        (r"a*", ("",)),
        (r"\d+|mg", ("",)),
        (r"µg", ("g",)),
        (r"(?:ab)+", ("ab",)),
    ],
)
def test_cues_are_pieces_that_must_stand_in_the_text(pattern: str, expected: tuple[str, ...]) -> None:
    assert cues(pattern) == expected


_UNITS = [word for row in vocabulary.rows("threshold_units") for word in row["words"].split("|")]
_MEASURED = st.lists(
    st.sampled_from([*_UNITS, "creatinine", "above", "three", "1,200", "6.0", "30–59", "or more", ","]), max_size=6
)


@settings(max_examples=600, deadline=None)
@given(_MEASURED.map(" ".join) | _MEASURED.map("".join))
def test_a_text_without_a_number_before_a_unit_has_no_threshold(text: str) -> None:
    found = list(thresholds.thresholds(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thresholds, "_measured", lambda: re.compile(""))
        assert list(thresholds.thresholds(text)) == found


_FAMILY = Family(CUED)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_a_family_names_the_patterns_that_may_match(text: str) -> None:
    low = folded(text)
    assert _FAMILY.may_match(low) == [k for k, cued in enumerate(CUED) if cued.may_match(low)]
