"""The words of the grammar: every vocabulary file as lookups from a word to what it can begin.

A phrase ("by mouth", "every other day") is found by its first word, the longest first.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from monopipe.grammar.lexer import PUNCT, WORD, Token, lex
from monopipe.vocabulary import rows

NUMBER_WORDS = {row["word"]: float(row["value"]) for row in rows("number_words")}


class Unit(NamedTuple):
    """A dose unit: UCUM code, dimension (mass, volume, activity, amount, percent, count), factor to the code."""

    code: str
    dimension: str
    factor: float


class Per(NamedTuple):
    """What an amount is divided by: UCUM code and kind (weight, area, time, dose, course, volume, lab, form)."""

    code: str
    kind: str


class Often(NamedTuple):
    """A frequency phrase: times per period, and the time of day where the phrase says it."""

    frequency: int | None
    frequency_max: int | None
    period: float
    period_unit: str
    when_code: str | None


Phrases = dict[str, tuple[tuple[tuple[str, ...], Any], ...]]


def _phrases(entries: list[tuple[str, Any]]) -> Phrases:
    """Phrases by their first word, the longest first; each is the rest of its words and its meaning."""
    found: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
    for words, meaning in entries:
        parts = [t.low for t in lex(words, NUMBER_WORDS) if t.low]
        found.setdefault(parts[0], []).append((tuple(parts[1:]), meaning))
    return {first: tuple(sorted(rest, key=lambda r: -len(r[0]))) for first, rest in found.items()}


def _split(row: Any, key: str = "words") -> list[str]:
    return [w for w in row[key].split("|") if w]


def find(phrases: Phrases, tokens: list[Token], i: int) -> tuple[Any, int] | None:
    """The meaning of the longest phrase that begins at token i, and the token after it."""
    entry = phrases.get(tokens[i].low)
    if entry is None:
        return None
    for rest, meaning in entry:
        j = i + 1
        for word in rest:
            if tokens[j].low != word:
                break
            j += 1
        else:
            return meaning, j
    return None


def past(phrases: Phrases, tokens: list[Token], i: int) -> int:
    """The token behind the longest phrase that begins at token i; i where none does."""
    hit = find(phrases, tokens, i)
    return hit[1] if hit is not None else i


def _int(text: str) -> int | None:
    return int(text) if text else None


UNITS = _phrases(
    [(w, Unit(r["code"], r["dimension"], float(r["factor"]))) for r in rows("dose_units") for w in _split(r)]
)
MEASURES = frozenset(
    first
    for first, rest in UNITS.items()
    for words, unit in rest
    if not words and unit.dimension in ("mass", "activity")
)
"""The words that are a unit of mass or activity by themselves."""
PERS = _phrases([(w, Per(r["code"], r["kind"])) for r in rows("units") for w in _split(r)])
_TIME_ROWS = [(w, r) for r in rows("times") for w in _split(r)]
_MULTIPLE = {"2wk": (2.0, "wk"), "3mo": (3.0, "mo")}
TIMES: Phrases = _phrases([(w, _MULTIPLE.get(r["unit"], (1.0, r["unit"]))) for w, r in _TIME_ROWS if not r["adverb"]])
ADVERBS: Phrases = _phrases([(w, _MULTIPLE.get(r["unit"], (1.0, r["unit"]))) for w, r in _TIME_ROWS if r["adverb"]])
OFTEN = _phrases(
    [
        (
            w,
            Often(
                _int(r["frequency"]),
                _int(r["frequency_max"]),
                float(r["period"]),
                r["period_unit"],
                r["when_code"] or None,
            ),
        )
        for r in rows("frequencies")
        for w in _split(r)
    ]
)
WHEN = _phrases([(w, r["when_code"]) for r in rows("times_of_day") for w in _split(r)])
ROUTES = _phrases([(w, (r["route"], bool(r["hint"]))) for r in rows("routes") for w in _split(r)])
NOT_PARENTERAL = frozenset(
    "oral sublingual buccal inhalation nasal ophthalmic otic topical transdermal rectal vaginal".split()
)
"""The routes by which nothing is injected or infused."""
FORMS = _phrases([(w, r["kind"]) for r in rows("forms") for w in _split(r)])
WHO = _phrases([(w, (r["age_group"], r["population"])) for r in rows("who") for w in _split(r)])
PARAMETERS = _phrases([(w, (r["param"], r["unit"], r["population"])) for r in rows("parameters") for w in _split(r)])
STEPS = _phrases([(w, (r["step_kind"], bool(r["starts"]))) for r in rows("step_words") for w in _split(r)])
SETS = {r["set"]: frozenset(_split(r)) for r in rows("word_sets")}
FILLERS = frozenset(w for r in rows("fillers") for w in _split(r, "word"))
_STEMS = [(w, r["kind"]) for r in rows("drug_stems") for w in _split(r, "word")]
_STEM_ENDINGS = tuple(w for w, kind in _STEMS if kind == "stem")
_DRUG_WORDS = frozenset(w for w, kind in _STEMS if kind == "name")
_NO_DRUGS = frozenset(w for w, kind in _STEMS if kind == "not")
ORDINALS = {
    **{word: n for n, word in enumerate("second third fourth fifth sixth seventh eighth ninth tenth".split(), 2)},
    **{word: n for n, word in enumerate("2nd 3rd 4th 5th 6th 7th 8th 9th 10th".split(), 2)},
}
"""Which of several weeks, doses or cycles a word names; 'first' is none of these, for it names a step too."""

_KNOWN: tuple[Phrases, ...] = (UNITS, PERS, TIMES, ADVERBS, OFTEN, WHEN, ROUTES, FORMS, WHO, PARAMETERS, STEPS)


def known(word: str) -> bool:
    """Whether some vocabulary but the drug names has a phrase that begins with the word."""
    return word in FILLERS or word in NUMBER_WORDS or any(word in p for p in _KNOWN)


def drug_like(token: Token) -> bool:
    """Whether a word looks like a drug's name: 'docetaxel', 'warfarin', but not 'urine'."""
    return token.kind == WORD and _names_drug(token.low)


@lru_cache(maxsize=8192)
def _names_drug(word: str) -> bool:
    if word in _NO_DRUGS:
        return False
    return word in _DRUG_WORDS or (len(word) > 4 and word.endswith(_STEM_ENDINGS) and not known(word))


def is_punct(token: Token, chars: str) -> bool:
    """Whether the token is one of these punctuation characters."""
    return token.kind == PUNCT and token.low in chars
