"""How long, where words of their own say it: "each dose runs over 1 hour", "treatment lasts 10 days".

Such words follow a dose, often as a sentence, and nothing else stands in them.
"""

from __future__ import annotations

from typing import Any

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, Token
from monopipe.grammar.quantity import amount
from monopipe.grammar.words import TIMES, find

_INFUSIONS = frozenset("infusion infusions injection injections".split())
_DOSES = frozenset("dose doses bag bags".split())
_RUNS = frozenset("run runs running".split())
_LASTS = frozenset("last lasts lasting take takes taking requires".split())
_GIVEN = frozenset("infused given administered injected delivered".split())
_AROUND = frozenset(
    "each every all the an a these single intravenous iv slow time duration of is are be should must can may will"
    " usually normally slowly intravenously in over for during about approximately at least not no less than period :".split()
)
_TREATMENT = frozenset(
    "treatment therapy course courses duration self-treatment self-medication use medication".split()
)
_TREATED = frozenset("treat use take give continue used taken given continued".split())
_LIMITED = frozenset("exceed exceeding longer more limited restricted beyond maximum max up most".split())
_AT_LEAST = frozenset("least minimum less".split())
_COURSE = frozenset(
    "the a an it this usual total whole self normal recommended is are be lasts last lasting should must may will can"
    " for to of than no not do never at about approximately usually normally only : and without continues continued".split()
)
_OF_INFUSION = _AROUND | _INFUSIONS | _DOSES | _RUNS | _LASTS | _GIVEN
_OF_COURSE = _COURSE | _TREATMENT | _TREATED | _LIMITED | _AT_LEAST
INFUSION_FIRST = ("each", "every", "all", "the", "these", *sorted(_INFUSIONS | _DOSES))
COURSE_FIRST = ("the", "a", "it", "self", "maximum", "not", "do", "never", "should", "must", "may", "usual", "total", "treat",
                *sorted(_TREATMENT))  # fmt: skip


def _opens(tokens: list[Token], i: int) -> bool:
    """Whether a token opens a sentence or what stands behind a comma, a bracket or a semicolon."""
    before = tokens[i - 1]
    return i == 0 or before.kind == BREAK or before.low in (".", ";", ",", "(", ":", "and", "|")


def _closes(tokens: list[Token], k: int) -> bool:
    """Whether nothing more is said behind a length: 'for 10 days', but not 'for 10 days after the operation'."""
    if tokens[k].low in ("only", "altogether"):
        k += 1
    elif tokens[k].low == "in" and tokens[k + 1].low in ("all", "total"):
        k += 2
    return tokens[k].kind in (END, BREAK) or tokens[k].low in (".", ";", ",", ")", "|")


def _length(tokens: list[Token], j: int) -> tuple[float, float, str, int] | None:
    """A length with nothing behind it: ends, unit and the token after."""
    found = amount(tokens, j)
    if found is None or found.low is None:
        return None
    hit = find(TIMES, tokens, found.j)
    if hit is None or not _closes(tokens, hit[1]):
        return None
    (factor, unit), end = hit
    return found.low * factor, (found.high or found.low) * factor, unit, end


def infusion(tokens: list[Token], i: int) -> Island | None:
    """How long an infusion takes: 'each dose runs over at least 1 hour', 'the infusion time must not be less than 15 minutes'."""
    if not _opens(tokens, i):
        return None
    j = i
    while j < i + 14 and tokens[j].value is None:
        if tokens[j].low not in _OF_INFUSION:
            return None
        j += 1
    words = {t.low for t in tokens[i:j]}
    told = (
        (words & _INFUSIONS and words & (_RUNS | _LASTS | {"time", "duration"}))
        or (words & (_INFUSIONS | _DOSES) and "over" in words)
        or (words & _DOSES and words & _RUNS)
    )
    if not told or (words & {"not", "no"} and "less" not in words) or (got := _length(tokens, j)) is None:
        return None
    low, high, unit, end = got
    if unit not in ("min", "h") or low != high:
        return Island("doubt", i, end)
    each = bool(words & {"each", "every", "all", "these", "infusions", "injections", "doses"})
    return Island("over", i, end, {"admin_duration": low, "admin_duration_unit": unit}, "each" if each else "this")


def course(tokens: list[Token], i: int) -> Island | None:
    """How long treatment goes on: 'treatment lasts 10 days', 'not for longer than 5 days', 'self-treatment is limited to 7 days'."""
    if not _opens(tokens, i):
        return None
    j = i
    while j < i + 14 and tokens[j].value is None:
        if tokens[j].low not in _OF_COURSE:
            return None
        j += 1
    words = {t.low for t in tokens[i:j]}
    negated = bool(words & {"not", "no", "never"})
    most = bool(words & {"limited", "restricted", "maximum", "max"}) or {"up", "to"} <= words or {"at", "most"} <= words
    most = most or (negated and bool(words & {"exceed", "longer", "more", "beyond"}))
    least = bool(words & {"least", "minimum"}) or (negated and "less" in words)
    told = bool(words & _TREATMENT) or ("treat" in words and "for" in words) or (negated and most)
    loose = negated or bool(words & {"more", "longer", "less", "exceed", "exceeding", "beyond"})
    if not told or (loose and not (most or least)) or (got := _length(tokens, j)) is None:
        return None
    low, high, unit, end = got
    if unit == "s" or (most and low != high):
        return None
    fields: dict[str, Any] = {"bounds_unit": unit}
    if not most:
        fields["bounds_low"] = low
    if not least:
        fields["bounds_high"] = high
    return Island("bounds", i, end, fields, "course")


def worn(s: Scan, i: int) -> Island | None:
    """How long a system that releases the drug stays: 'replace after 8 years', 'the ring is replaced after 3 months'."""
    tokens, j = s.tokens, i
    if not _opens(tokens, i) or not any(p.kind == "rate" for p in s.islands[-6:]):
        return None
    while j < i + 8 and tokens[j].low in _WORN:
        j += 1
    if tokens[j - 1].low != "after" or not {t.low for t in tokens[i:j]} & _REPLACED:
        return None
    got = _length(tokens, j)
    if got is None or got[0] != got[1] or got[2] not in ("wk", "mo", "a"):
        return None
    low, high, unit, end = got
    return Island("bounds", i, end, {"bounds_low": low, "bounds_high": high, "bounds_unit": unit}, "course")


_REPLACED = frozenset("replace replaced remove removed exchange exchanged".split())
_WORN = _REPLACED | frozenset("the it is are should must be to system device ring implant or and after".split())
WORN_FIRST = ("the", "it", "to", *sorted(_REPLACED))

__all__ = ["COURSE_FIRST", "INFUSION_FIRST", "WORN_FIRST", "course", "infusion", "worn"]
