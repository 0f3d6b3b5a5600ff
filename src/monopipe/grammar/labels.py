"""Labels and headings: the columns that 'Adults:' or 'Cystitis:' gives to what follows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monopipe.grammar.fields import GROUPS, clash, drop, widen
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import END, NUMBER, PUNCT, Token
from monopipe.grammar.words import FILLERS, TIMES, drug_like, find

# Words of a band or of a way of giving that no rule took: none of them names a condition.
_NO_CONDITION = frozenset(
    "kg above below over under more less weight body-weight bodyweight body continuous intermittent slow rapid".split()
)
_WAYS = ("route", "hint", "form", "sep")
_WHILE = frozenset("on upon when while before after during".split())
_LABEL_KINDS = frozenset("who route hint step days week often over cycle cycles after when bounds count quoted".split())


def read_label(
    tokens: list[Token], parts: list[Island], begin: int, end: int, text: str, own: Collection[str]
) -> tuple[dict[str, Any], tuple[int, ...]]:
    """The columns that a label sets: who, route, step kind, days, or else the condition as printed.

    The second value is the number tokens that none of them holds.
    """
    fields: dict[str, Any] = {}
    used: set[int] = set()
    for p in parts:
        if p.kind == "step" and _coordinated(tokens, p, begin, end):
            continue  # 'maintenance and reliever therapy', 'starting and titrating': of one step and of another
        if p.kind == "step" and p.i > begin and tokens[p.i - 1].low in _WHILE:
            continue  # 'prophylaxis on starting allopurinol': of another treatment
        if p.kind == "who" and p is not parts[0] and "param" in p.fields and tokens[p.i - 1].low == "or":
            used.update(range(p.i, p.j))
            continue  # 'Elderly, or below 50 kg'
        if (
            p.kind == "over"
            and tokens[p.i - 1].low == "("
            and not any(q.kind in _WAYS and q.j == p.i - 1 for q in parts)
        ):
            continue  # 'Surgery (over 2 hours)'
        if p.kind in _LABEL_KINDS:
            # a word that a table's head adds is printed nowhere in the row: its text is empty
            new = {k: v for k, v in p.fields.items() if v not in (None, "") and not (p.kind == "hint" and k != "route")}
            if clash(fields, new) or ("param" in fields and "param" in new):
                continue
            fields.update(new)
            widen(fields)
        if p.kind == "form" or (p.kind == "strength" and any(q.kind in ("form", "hint") and q.i == p.j for q in parts)):
            end_ = max((q.j for q in parts if q.kind in ("form", "hint") and q.i == p.j), default=p.j)
            used.update(range(p.i, end_) if "dose_form" not in fields else ())
            fields.setdefault("dose_form", text[tokens[p.i].start : tokens[end_ - 1].end])
        if p.kind in _LABEL_KINDS or p.kind in ("form", "ignore"):
            used.update(range(p.i, p.j))
        if p.kind == "limit":  # 'at most' of 'Three times a day, at most 4 mg a day' names no condition
            used.update(k for k in range(p.i, p.j) if tokens[k].kind != NUMBER)
    if fields.get("step_kind") == "taper":
        drop(fields, GROUPS["bounds"])  # 'Taper over 2 weeks: 20 mg, then 10 mg': how long all its steps take
    rest = [k for k in range(begin, end) if k not in used and not _filler(tokens[k], text)]
    words = [
        k
        for k in rest
        if tokens[k].kind not in (PUNCT, NUMBER)
        and not (tokens[k].low in own or tokens[k].low in _NO_CONDITION or drug_like(tokens[k]))
        and not (find(TIMES, tokens, k) and tokens[k - 1].kind == NUMBER)
    ]
    if words and end - begin <= 22:
        first, last = _apart(tokens, words, used, end) if fields else (begin, end - 1)
        first, last = _trimmed(tokens, first, last)
        printed = text[tokens[first].start : tokens[last].end]
        while not fields and printed[:4].lower() == "for ":
            printed = printed[4:]
        if printed:
            fields.setdefault("indication_text", printed)
        used.update(range(first, last + 1))
    return fields, tuple(k for k in range(begin, end) if tokens[k].kind == NUMBER and k not in used)


_VERBS = frozenset("depend depends vary varies differ differs".split())


def _apart(tokens: list[Token], words: list[int], used: set[int], end: int) -> tuple[int, int]:
    """The first and last words of the condition alone: 'OCD' of 'OCD, 6 to 12 years'."""
    first = last = words[0]
    if not any(k in used for k in range(first, words[-1] + 1)):
        return first, words[-1]
    while last + 1 < end and last + 1 not in used:
        last += 1
    while last > first and (tokens[last].kind == PUNCT or tokens[last].low in _LEAD_ON):
        last -= 1
    return first, last


_LEAD_ON = frozenset("with and in for of or".split())


def _trimmed(tokens: list[Token], first: int, last: int) -> tuple[int, int]:
    """A label without its marks, and up to its verb: 'asthma' of 'asthma depend on age'."""
    while tokens[first].kind == PUNCT and tokens[first].low in "*_-•" and first < last:
        first += 1
    while tokens[last].kind == PUNCT and tokens[last].low in "*_" and last > first:
        last -= 1
    return first, next((k for k in range(first + 1, last + 1) if tokens[k].low in _VERBS), last + 1) - 1


def _coordinated(tokens: list[Token], p: Island, begin: int, end: int) -> bool:
    after = p.j < end - 1 and tokens[p.j].low in ("and", "or", "/") and tokens[p.j + 1].kind != NUMBER
    return after or (p.i - 1 > begin and tokens[p.i - 1].low in ("and", "or", "/"))


def _filler(token: Token, text: str) -> bool:
    if token.kind in (PUNCT, END):
        return True
    short = token.end - token.start > 1 and text[token.start : token.end].isupper()  # 'ALL' is a leukaemia
    return token.low in FILLERS and not short
