"""Promises over any text: never raises, offsets exact and ordered, linear time, no number lost, render reads back."""

from __future__ import annotations

import dataclasses
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monopipe.grammar import Dosage, Step, ceilings, lexer, read, render, rules, scan, words
from monopipe.grammar.lexer import NUMBER, lex
from monopipe.grammar.limits import LIMIT_MARKS
from monopipe.grammar.words import MEASURES, NUMBER_WORDS

_NOT_CONTENT = {"sequence", "inherited_fields", "readable", "parse_status", "unread_text", "numbers_unread"}
_AMOUNTS = st.sampled_from(["25", "0.5", "1,000", "10–20", "½", "1/2", "two", "up to 3", "500/125", "1.2 million"])
_UNITS = st.sampled_from(
    "mg|g|mU/min|MU|mIU/min|mg/kg|mg/m²|units|mL|tablets|puffs|mg/h|µg/kg/min|mg/day|mg/5 mL|%|mg per dose".split("|")
)
_WORDS = st.sampled_from(
    "once daily|twice daily|q8h|every 6 hours|orally|IV|IM or IV|for 7 days|x 5 days|on days 1-21|of a 28-day cycle|until better|"
    "if tolerated|then|;|.|,|and|or|(|)|max 4 g/day|with dexamethasone|increase to|reduce by|after 2 weeks|Adults:|"
    "CrCl 30-60 mL/min:|children 2–12 years|at night|with food|as needed for pain|over 30 minutes|in 100 mL saline|"
    "to a maximum of 10 mg|not to exceed 2 g daily|increased as needed|titrated|nightly|every morning|or more|at least|on the first day|"
    "20 mg tablets|one 500 mg tablet|per dose|doubled|halved|continue|same dose|50% of the usual dose|thereafter|reduced by 25%|"
    "in 3 divided doses|loading dose|as a single dose|repeat after 4 hours|Week 2:|every 3 weeks|for 6 cycles|7 days off|"
    "40 mg tablets|each puff|not recommended|three times a week|on Mondays|INR 2-3|2019|CYP3A4|\n\n- ".split("|")
)
_TEXTS = st.lists(st.one_of(_WORDS, st.tuples(_AMOUNTS, _UNITS).map(" ".join)), max_size=12).map(" ".join)


def _content(d: Dosage) -> dict[str, object]:
    return {k: v for k, v in dataclasses.asdict(d).items() if k not in _NOT_CONTENT}


def _check(text: str, steps: list[Step]) -> None:
    end = 0
    for step in steps:
        assert end <= step.start < step.end <= len(text)
        end = step.end
        d = step.dosage
        unread = (d.numbers_unread or "").split("; ") if d.numbers_unread else []
        columns = [v for v in dataclasses.astuple(d) if isinstance(v, str)]
        values = {v for v in dataclasses.astuple(d) if isinstance(v, float | int) and not isinstance(v, bool)}
        for token in lex(text[step.start : step.end], NUMBER_WORDS):
            if token.kind == NUMBER and token.low not in unread and token.value is not None:
                held = any(token.low in c for c in columns) or any(
                    abs(v - x) < 1e-6 * max(1, abs(x)) for v in values for x in _forms(token.value, values)
                )
                assert held, (text, token, d)
        assert (d.parse_status == "full") == (not d.unread_text and not d.numbers_unread)


def _forms(value: float, values: set[float]) -> list[float]:
    """What a number may stand as in a column: itself, scaled by its unit, a fraction's part, a part of a cycle."""
    forms = [
        value,
        value / 2,
        value / 3,
        value / 4,
        value / 8,
        value * 1e6,
        value * 5e5,
        value * 2.5e5,
        value / 1000,
        value * 1000,
        value * 12,
        value - 1,
        1 / value if value else 0,
        value * 7,
    ]
    return forms + [v + value for v in values] + [value + part for part in (0.25, 0.5, 0.75)]


@given(_TEXTS)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_dosing_texts(text: str) -> None:
    steps = read(text, keep_doseless=True)
    _check(text, steps)
    for step in steps:
        again = read(step.dosage.readable, keep_doseless=True)
        assert len(again) == 1, step.dosage.readable
        assert _content(again[0].dosage) == _content(step.dosage), step.dosage.readable


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_random_text(text: str) -> None:
    steps = read(text, keep_doseless=True, leads=(text,))
    assert all(0 <= s.start < s.end <= len(text) for s in steps)


@given(st.lists(st.text(max_size=12), max_size=5), st.lists(_TEXTS, max_size=5))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_random_rows(columns: list[str], cells: list[str]) -> None:
    text = " | ".join(cells)
    for step in read(text, columns=columns, keep_doseless=True):
        assert 0 <= step.start <= step.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "(",
        "1 mg ",
        "1,",
        "1/",
        "in a ",
        "‹",
        "max of ",
        "days 1,8 ",
        "a: ",
        "5 mg; ",
        "with x and ",
        "up to ",
        "if ",
        "\n",
        "for a ",
        ".",
    ],
)
def test_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    begin = time.process_time()
    read(text, keep_doseless=True)
    assert time.process_time() - begin < 12


def test_offsets_in_any_unicode() -> None:
    text = "💊\u00a0Dose:\u00a025\u00a0mg\u2009orally\nonce daily — 💊"
    (step,) = read(text)
    assert "25\u00a0mg" in text[step.start : step.end]
    assert (step.dosage.dose_low, step.dosage.route, step.dosage.frequency) == (25, "oral", 1)


def test_render_of_nothing() -> None:
    assert render(Dosage()) == ""


_LIMITS = st.sampled_from(sorted(LIMIT_MARKS)).flatmap(
    lambda w: st.sampled_from([w, w.upper(), ".".join(w), f"not {w}"])
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(_TEXTS, st.tuples(_LIMITS, _TEXTS).map(" ".join)))
def test_a_clause_without_a_word_of_limits_has_no_ceiling(text: str) -> None:
    found = ceilings.read_ceilings(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ceilings, "LIMIT_MARKS", ("",))
        assert ceilings.read_ceilings(text) == found


_SIGNS = st.sampled_from(
    [*"aDqxmtkµéßU²½’'‹›.,;:()-‑–/\n \t\u00a03210%*•_", "MU", "day", "q8h", "D12 300", "e.g.", "m²", "(s)"]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_SIGNS, max_size=12).map("".join))
def test_the_short_way_to_plain_words_reads_the_tokens_of_the_long_way(text: str) -> None:
    long_way = re.compile("|".join(f"(?P<{n}>{p})" for n, p in lexer.PATTERNS.items() if n != "plain"))
    short = list(map(_token, lex(text, NUMBER_WORDS)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexer, "_SCAN", long_way)
        assert list(map(_token, lex(text, NUMBER_WORDS))) == short


def _token(token: lexer.Token) -> tuple[object, ...]:
    return token.kind, token.start, token.end, token.low, token.value


_FIRST_WORDS = sorted({w for p in vars(words).values() if isinstance(p, dict) for w in p if isinstance(w, str) and w})
_BEFORE_UNIT = st.tuples(
    st.sampled_from(["5", "½", "two", "10–20", "5 to 10", "two-8", "1.2 million", "8"]),
    st.sampled_from(sorted(MEASURES)),
)
_BEHIND = st.sampled_from([*_FIRST_WORDS, "to", "-", "/", "apart", "off", "+", "1", "7", "(", ")", ",", "older", "am"])


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.one_of(_BEFORE_UNIT.map(" ".join), _BEHIND, _WORDS), max_size=10).map(" ".join), st.booleans())
def test_before_a_measure_only_rules_of_amounts_read(text: str, label: bool) -> None:
    tokens = lex(text, NUMBER_WORDS)
    short = [repr(p) for p in scan.scan(text, tokens, (), label)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "_MEASURED_RULES", rules._NUMBER_RULES)
        assert [repr(p) for p in scan.scan(text, tokens, (), label)] == short
