"""Short ways of the extractors find what the long way finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monopipe import headings, vocabulary
from monopipe.cues import Cued
from monopipe.document import read
from monopipe.extract import conditions, enzymes
from monopipe.extract.doses.condition_of_label import _DEGREE, is_kind_of
from monopipe.extract.indications import words as indication_words
from monopipe.extract.reading import Reading
from monopipe.grammar import read_who, reader, words
from monopipe.grammar.fields import GROUPS

_STEMS = ["exemplol", "exemplola", "anothera", "nothera"]
_PARTS = st.sampled_from([*_STEMS, "Exemplol", "EXEMPLOL", "at", "ate", "s", "ly", "é", "x", "1", "-", " ", "\n", ". "])


@settings(max_examples=500, deadline=None)
@given(st.lists(_PARTS, max_size=14).map("".join))
def test_derived_names_are_the_words_that_lengthen_a_name(text: str) -> None:
    reading = Reading(read(f"---\ntitle: Exemplol\n---\n## Uses\n\n{text}\n".encode(), "x.md"), "x")
    words = set(re.findall(r"[a-z]{7,}", reading.document.source.text.lower()))
    longer = {w for w in words for n in _STEMS if w.startswith(n) and len(w) - len(n) <= 3 and not w.endswith("s")}
    assert set(reading._derived(set(_STEMS))) | set(_STEMS) == longer | set(_STEMS)


_KINDS = st.sampled_from(
    ["Poorly responsive ", "severe ", "Mild", "mild or ", "old  ", "gout", "GOUTS", "ulcers", "s", ""]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_KINDS, max_size=4).map("".join), st.sampled_from(["Gout", "Gastric ulcers", "Gastric ulcer", "s"]))
def test_a_kind_of_the_labels_condition_is_words_of_degree_and_its_last_word(said: str, label: str) -> None:
    last = re.escape(label.split()[-1].lower().rstrip("s"))
    plain = said.strip(" :")
    long_way = re.fullmatch(rf"{_DEGREE.pattern}{last}s?", plain, re.I) is not None and plain != label
    assert is_kind_of(said, SimpleNamespace(label=label)) == long_way  # type: ignore[arg-type]


_HEADING_WORDS = sorted({w for row in vocabulary.rows("headings") for w in headings.words(row["phrase"])})


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(_HEADING_WORDS), min_size=1, max_size=4).map(" ".join))
def test_a_whole_heading_is_a_phrase_with_all_its_words(heading: str) -> None:
    words = headings.words(heading)
    rows = [
        r
        for r in vocabulary.rows("headings")
        if headings.words(r["phrase"]) == words and r.get("within") in (None, "", "alone")
    ]
    kind = headings.section_kind(heading, exact=True)
    if rows or words[0] not in headings._emphasis():
        assert kind == (rows[0]["kind"] if rows else None)


_STATUS = st.sampled_from([p.expression for p, _ in indication_words._STATUSES]).flatmap(st.from_regex)
_EARLIER = st.sampled_from(indication_words._EARLIER).flatmap(st.from_regex)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(_STATUS | _EARLIER)
def test_texts_without_a_hint_of_a_status_or_an_earlier_treatment_name_none(text: str) -> None:
    short = indication_words.limits_in(text), indication_words.earlier_treatment(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indication_words, "_ANY_STATUS", Cued(""))
        patch.setattr(indication_words, "_ANY_EARLIER", Cued(""))
        assert (indication_words.limits_in(text), indication_words.earlier_treatment(text)) == short


_CONDITION = st.sampled_from([row["pattern"] for row in vocabulary.rows("condition_words")])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    _CONDITION.flatmap(lambda pattern: st.from_regex(re.compile(pattern, re.A))),
    st.sampled_from([str, str.upper, str.title, str.swapcase]),
)
def test_words_of_disease_are_found_in_any_case(words: str, cased: Callable[[str], str]) -> None:
    text = cased(words)
    any_case = re.compile(conditions._CONDITION_WORD.pattern, re.I)
    assert conditions.names_condition(text) == (any_case.search(text) is not None)


_ENZYMES = [w for row in vocabulary.rows("enzymes") for w in row["words"].split("|")]


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.sampled_from([*_ENZYMES, "CYP", "1A2", "2c9", "UGT", "OATP1B1", "/", " ", ", ", "and "]), max_size=6
    ).map("".join)
)
def test_a_text_that_names_an_enzyme_may_name_one(text: str) -> None:
    assert enzymes._may_name(text.lower()) or not list(enzymes.names(text))


_WHO_PHRASES = [" ".join((first, *rest)) for first, found in words.WHO.items() for rest, _ in found]
_WHO_PARTS = st.sampled_from(_WHO_PHRASES) | st.sampled_from(
    "Child-Pugh B|CKD|C.K.D.|kid(s)|Kids'|over 65|six months|½ year|in|of|and|the|severe|kg|weight|CrCl <|gout|.|,|:".split(
        "|"
    )
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_WHO_PARTS, max_size=4).map(" ".join))
def test_a_text_without_a_word_for_whom_speaks_of_nobody(text: str) -> None:
    fields = dict(reader._context(text))
    assert read_who(text) == {k: fields[k] for k in GROUPS["who"] if k in fields}
