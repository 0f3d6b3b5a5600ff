"""Doses that are only spoken of: 'after the last 20 mg dose', 'twice the usual dose', 'on the same days as the oral dose'."""

from __future__ import annotations

from monopipe.grammar import quantity
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import NUMBER, Token, skip
from monopipe.grammar.words import ROUTES, SETS, TIMES, find

WHAT_IS_GIVEN = SETS["what_is_given"]
QUALITIES = SETS["qualities_of_doses"]
OF_DOSES = QUALITIES | frozenset("last previous final second third fourth fifth sixth monthly".split())
REFERS = frozenset("the a an last first final previous initial full at least one of each every".split())


def referred(tokens: list[Token], i: int) -> Island | None:
    """A dose that is spoken of, not given: '7 days after the last 20 mg dose', 'once the 5 mg tablets have been stopped'."""
    j = skip(tokens, i + 1, REFERS)
    isl = quantity.dose(tokens, j) if tokens[j].kind == NUMBER and tokens[j].value is not None else None
    if isl is None or isl.kind != "dose":
        return None
    if j == i + 1 and tokens[i].low == "after" and i and find(TIMES, tokens, i - 1):
        return Island("lost", i, isl.j) if isl.note in ("mass", "activity") else None  # 'wait 12 hours after 40 mg'
    if j == i + 1 or tokens[j - 1].low in ("least", "each", "every") or isl.note not in ("mass", "activity", "volume"):
        return None
    end = skip(tokens, isl.j, QUALITIES)
    return Island("lost", i, end + 1) if tokens[end].low in WHAT_IS_GIVEN else None


def spoken_of(s: Scan, i: int) -> Island | None:
    """A dose that is not borne: 'patients who cannot tolerate the 10 mg dose', 'if the 20 mg tablet is too much'."""
    tokens = s.tokens
    isl = quantity.dose(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
    if isl is None or isl.kind != "dose":
        return None
    end = isl.j
    if tokens[end - 1].low not in WHAT_IS_GIVEN:
        end = skip(tokens, end, QUALITIES) + 1
    return Island("lost", i, end) if tokens[end - 1].low in WHAT_IS_GIVEN and _is_not_borne(tokens, i, end) else None


def _is_not_borne(tokens: list[Token], i: int, end: int) -> bool:
    """Whether the words before a dose, or those behind it in a condition, say that it is not borne."""
    for k in range(i - 1, max(i - 9, -1), -1):
        if tokens[k].low in (",", ";", ".", ":") or tokens[k].kind == NUMBER:
            return False
        if tokens[k].low in _NOT_BORNE:
            return True
    return False


_NOT_BORNE = frozenset("cannot intolerant tolerate tolerates tolerated".split())


def multiple(tokens: list[Token], i: int) -> Island | None:
    """A multiple of another dose: '10–15 times the previous oral daily dose', 'twice the usual dose'; no frequency."""
    found = quantity.amount(tokens, i)
    j = found.j if found is not None else i
    j += tokens[j].low in ("times", "fold", "twice")
    if j == i or tokens[j].low not in ("the", "that", "their", "his", "her"):
        return None
    k = skip(tokens, j, _OF_ANOTHER)
    return Island("lost", i, k + 1) if tokens[k].low in ("dose", "doses", "dosage") else None


_OF_ANOTHER = REFERS | QUALITIES | frozenset("usual normal recommended total their that".split())


def way_of_another(s: Scan, i: int) -> Island | None:
    """The way of another dose, no way of this one: 'on the same days as the IV dose', 'after the last oral dose'."""
    return other_way(s.tokens, i)


def other_way(tokens: list[Token], i: int) -> Island | None:
    """The words from token i on that name the way of another dose."""
    j = skip(tokens, i + 1, REFERS)
    if j == i + 1 or (tokens[i].low == "as" and tokens[j - 1].low != "the"):
        return None
    if tokens[i].low == "of" and not _is_share(tokens[i - 1].low):
        return None
    hit = find(ROUTES, tokens, j)
    if hit is None or hit[0][1]:
        return None
    end = hit[1] + (tokens[hit[1]].low in WHAT_IS_GIVEN)
    if tokens[end].low == "of" and tokens[end + 1].value is not None:
        return None  # 'clears after one oral dose of 150 mg'
    return Island("ignore", i, end) if tokens[end - 1].low in WHAT_IS_GIVEN else None


def _is_share(word: str) -> bool:
    """Whether a word before 'of' is a share: 'a tenth of', 'half of', '20% of'."""
    return word in _SHARES or word.endswith("th")


_SHARES = SETS["fractions"] | {"%"}


def dose_later(s: Scan, i: int) -> Island | None:
    """A dose by another way of which no amount is told, so that none of this is of the dose before: 'oral dose 6 hours later'."""
    tokens = s.tokens
    k = i - 1 - (tokens[i - 1].low in ("a", "an", "the"))
    hit = find(ROUTES, tokens, i)
    if k < 1 or tokens[k].low not in _NEXT or hit is None or tokens[hit[1]].low not in _UNSIZED:
        return None
    if not any(p.kind == "dose" for p in s.islands):
        return None
    j = hit[1] + 1
    after = tokens[j].low == "after"
    gap = quantity.amount(tokens, j + after)
    time = find(TIMES, tokens, gap.j) if gap else None
    if time is None or not (after or tokens[time[1]].low == "later"):
        return None
    end = time[1] + (not after)
    if tokens[end].low in ("if", "when", "as") and tokens[end + 1].low in ("needed", "necessary", "required"):
        end += 2
    return Island("lost", i, end)


_NEXT = frozenset(", ; then by and".split())
_UNSIZED = frozenset("dose doses therapy treatment".split())
