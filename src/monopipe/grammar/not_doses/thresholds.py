"""Amounts that bound a dose or that it is compared with: 'doses above 40 mg/day', '1 mg less than before', 'halve a dose of 20 mg'."""

from __future__ import annotations

from monopipe.grammar import limits, quantity, timing
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, Token, skip
from monopipe.grammar.not_doses.spoken_of import QUALITIES, REFERS, WHAT_IS_GIVEN
from monopipe.grammar.text import clause_end
from monopipe.grammar.words import OFTEN, find, past


def threshold(s: Scan, i: int) -> Island | None:
    """A dose that is a bound of something else: 'doses above 40 mg/day', 'more than 5 mg', '20 mg daily or more'."""
    tokens = s.tokens
    j = _past_bound(tokens, i)
    found = quantity.dose(tokens, j) if j else None
    if found is None or found.kind not in ("dose", "rate"):
        return None
    if _is_above(tokens, i, j) and (barred := _barred(tokens, i, j)) is not None:
        return barred
    if found.kind == "dose" and tokens[j - 1].low in ("than", "above", "over", ">") and is_needed(tokens, found.j):
        found.i, found.fields["dose_high"] = i, None  # 'doses above 2 micrograms/kg/day are usually required'
        return found if tokens[j - 2].low not in ("less", "lower", "fewer") else None
    return Island("lost", i, past(OFTEN, tokens, found.j))


def _past_bound(tokens: list[Token], i: int) -> int:
    """The token behind the words at i that make a bound of an amount: 'above', 'higher doses than'; 0 where none do."""
    if tokens[i].low in _BOUNDS:
        return i + 1
    if tokens[i].low not in _COMPARED:
        return 0
    than = i + 2 if tokens[i + 1].low in _OF_A_DOSE and tokens[i + 2].low == "than" else i + 1
    return than + 1 if tokens[than].low == "than" else 0


def _is_above(tokens: list[Token], i: int, j: int) -> bool:
    """Whether a bound from token i to the amount at j is a lower one: 'above', 'more than'."""
    return tokens[j - 1].low in _ABOVE or (tokens[j - 1].low == "than" and tokens[i].low in _MORE)


_ABOVE = frozenset("above over beyond exceeding > ≥ >=".split())
_BOUNDS = _ABOVE | frozenset("past exceed exceeds below under within < ≤ <=".split())
_MORE = frozenset("more greater higher larger".split())
_COMPARED = _MORE | frozenset("less lower smaller fewer faster slower quicker".split())
_OF_A_DOSE = frozenset("dose doses amount amounts".split())
THRESHOLD_FIRST = _BOUNDS | _COMPARED


def _barred(tokens: list[Token], i: int, j: int) -> Island | None:
    """The maximum that an amount is beyond which none is given: 'more than 1.8 mg/day is not recommended'."""
    top = limits.limit_value(tokens, i, j, "")
    if top is None or top.kind != "limit" or tokens[top.j].low not in ("is", "are", "should", "must"):
        return None
    if tokens[top.j + 1].low not in ("not", "never"):
        return None
    end = skip(tokens, top.j + 2, ("be", "generally", "usually", "normally"))
    if tokens[end].low not in ("recommended", "advised", "given", "used", "taken", "licensed", "prescribed"):
        return None
    top.j = end + 1
    return top if tokens[top.j].low in _CLOSES else None  # '… is not recommended in the elderly': of them alone


_CLOSES = frozenset((".", ";", ",", ")", "", "|", "and", "but"))


def is_needed(tokens: list[Token], j: int) -> bool:
    """Whether an amount is said to be needed: '… are usually required', '… may be needed'."""
    if tokens[j].low not in ("are", "is", "may", "might"):
        return False
    return tokens[skip(tokens, j + 1, _HOW_OFTEN)].low in ("required", "needed", "necessary")


_HOW_OFTEN = frozenset("be usually often sometimes generally commonly frequently normally typically".split())


def or_more(s: Scan, isl: Island) -> Island:
    """A dose that bounds or compares by the words behind it: '20 mg or more', '1 mg less than before'; else the dose as it is."""
    tokens = s.tokens
    k = past(OFTEN, tokens, isl.j)
    end = _past_comparison(tokens, isl, k)
    if end == k and tokens[k].low in _BESIDE_ANOTHER and tokens[k + 1].low in REFERS:
        named = skip(tokens, k + 1, REFERS | QUALITIES | _OTHERS)
        end = k + 1 if tokens[named].low in WHAT_IS_GIVEN else k  # '30 mg above the starting dose'
    return Island("lost", isl.i, end) if end > k else isl


def _past_comparison(tokens: list[Token], isl: Island, k: int) -> int:
    """Where the words at token k end that compare the dose before them with another; k where none do."""
    low, behind = tokens[k].low, tokens[k + 1]
    if low == "at" and behind.low == "a" and tokens[k + 2].low == "time":
        return k + 3  # '10 puffs, one puff at a time'
    if low == "or" and behind.low in _OR_MORE:
        return k + 2
    if low not in _COMPARES:
        return k
    if low != "fewer" and tokens[isl.i - 1].low in ("dose", "doses", "dosage"):
        return k + 1  # 'restart at a dose 2.5 mg lower'
    if behind.low in ("than", "each", "every", "per", "a"):
        return k + 2  # 'resume at 1 mg less than the previous dose', '5 mg less each week'
    closes = behind.kind in (END, BREAK) or behind.low in _CLOSES
    return k + 1 if low in ("less", "lower", "fewer") and closes else k  # 'over 90 s: 3 units less'


_COMPARES = frozenset("less more lower higher fewer".split())
_OR_MORE = frozenset("more less above over higher below greater lower".split())
_BESIDE_ANOTHER = frozenset("above below over under beyond".split())
_OTHERS = frozenset("starting usual current former existing baseline original maintenance".split())


def halved(s: Scan, i: int) -> Island | None:
    """A dose that is to be halved or doubled is not the new dose: 'halve a dose of 5 mg or 10 mg BID'."""
    tokens = s.tokens
    j = i + 1
    while j < i + 6 and tokens[j].low in ("a", "the", "dose", "doses", "usual", "of", "any"):
        j += 1
    if tokens[j - 1].low != "of" or tokens[j].value is None:
        return None
    while (found := quantity.dose(tokens, j)) is not None and found.kind == "dose":
        j = past(OFTEN, tokens, found.j)
        if tokens[j].low not in ("or", "and") or tokens[j + 1].value is None:
            break
        j += 1
    return Island("lost", i, j)


def on_top(tokens: list[Token], isl: Island) -> Island | None:
    """What is added to each day's or week's dose and is none: 'an extra 25 micrograms daily', 'two extra tablets a week'."""
    k = isl.i - 1
    while k > 0 and tokens[k].low in ("dose", "doses", "of"):
        k -= 1
    behind = tokens[isl.j].low
    end = isl.j + (behind in _EXTRA or (behind == "more" and timing.past_often(tokens, isl.j + 1) > 0))
    if end == isl.j and tokens[k].low not in _EXTRA and not any(t.low in _EXTRA for t in tokens[isl.i : isl.j]):
        return None
    often = find(OFTEN, tokens, end)
    end = often[1] if often else end
    if tokens[end].low in ("as", "prn") or tokens[end + 1].low in ("needed", "required", "necessary"):
        return None  # 'an additional 8 mg once daily if needed' is a dose beside
    of_time = often[0].period_unit if often else isl.fields.get("period_unit")
    if of_time not in ("d", "wk") and isl.fields.get("dose_is") != "per_day":
        return None
    return Island("lost", isl.i, clause_end(tokens, end))


_EXTRA = frozenset("extra additional".split())
