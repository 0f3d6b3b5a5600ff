"""What divides the steps of a text: marks, joining words, the labels of times, and where a label ends."""

from __future__ import annotations

from monopipe.grammar import begins, quantity
from monopipe.grammar.criteria import colon_behind
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, PUNCT, Token, skip
from monopipe.grammar.text import sentence_end
from monopipe.grammar.words import WHO, find

SEPARATORS = {
    ";": "semi",
    ",": "comma",
    "and": "and",
    "+": "and",
    "or": "or",
    "|": "cell",
    "(": "open",
    "[": "open",
    ")": "close",
    "]": "close",
    "then": "then",
    "thereafter": "then",
    "plus": "and",
    "&": "and",
    "•": "semi",
    "→": "then",
    "afterwards": "then",
    "than": "than",
    "subsequently": "then",
}


# 'maintenance may then be raised': the words before belong to the step that 'then' begins.
_AUXILIARIES = frozenset("may can should must might could is are be".split())


def separator(s: Scan, i: int) -> Island | None:
    """What divides steps: ';', 'then', 'followed by', 'or', the end of a sentence, a list item."""
    tokens = s.tokens
    t = tokens[i]
    if t.kind == BREAK:
        j = i + 1
        if tokens[j].kind == PUNCT and tokens[j].low in "-*•+":
            j += 1
        if tokens[j].kind == NUMBER and tokens[j + 1].low in (".", ")") and tokens[j + 1].start == tokens[j].end:
            j += 2
        return Island("sep", i, j, None, "break")
    if t.low == ".":
        return (
            Island("sep", i, i + 1, None, "sentence")
            if sentence_end(tokens, i, s.text)
            else Island("sep", i, i + 1, None, "")
        )
    if t.low == "followed":
        if tokens[i + 1].low == "by":
            return Island("sep", i, i + 2, None, "then")
        by = next((k for k in range(i + 2, i + 9) if tokens[k].low in ("by", ".", ";", "")), i)
        return Island("sep", i, i + 1, None, "then") if tokens[by].low == "by" else None
    note = SEPARATORS.get(t.low)
    if note is None:
        return None
    if note == "then" and tokens[i - 1].low in _AUXILIARIES and tokens[i + 1].value is None:
        return Island("sep", i, i + 1, None, "also")
    if note == "than":
        return Island("sep", i, i + 1, None, "then") if tokens[i - 1].low == "and" else None
    if note == "comma" and _labels_time(tokens, i + 1):
        note = "semi"  # 'Day 1: 200 mg, day 2: 100 mg'
    return Island("sep", i, i + 1, None, note)


_SPELLS = frozenset("day days week weeks wk wks month months cycle cycles".split())


def _labels_time(tokens: list[Token], j: int) -> bool:
    """Whether the label of a time begins at j, as of the next step: 'week 2:', 'days 2–5:', 'from week 3 onwards 40 mg'."""
    since = tokens[j].low == "from"
    j += since
    if tokens[j].low not in _SPELLS or tokens[j + 1].kind != NUMBER:
        return False
    ranged = tokens[j + 2].low in ("-", "–", "to", "and") and tokens[j + 3].kind == NUMBER
    j += 4 if ranged else 2
    if since and tokens[j].low in begins.LATER | {"on", ":"}:
        return tokens[j + 1].value is not None
    return tokens[j].low == ":"


def exception(s: Scan, i: int) -> Island | None:
    """What divides a dose from that of the people excepted: '20 mg daily, except in the elderly, who take 10 mg'."""
    if not any(p.kind in ("dose", "rate") for p in s.islands[-8:]):
        return None
    named = False
    for k in range(i + 1, i + 12):
        t = s.tokens[k]
        if t.kind in (END, BREAK) or t.low in (".", ";", "or", "and"):
            return None
        if t.value is not None and named and quantity.dose(s.tokens, k) is not None:
            return Island("sep", i, i + 1, None, "semi")
        named = named or find(WHO, s.tokens, k) is not None
    return None


_EXCHANGE = frozenset("change changing switch switching conversion converting transfer transferring".split())
_IS_MADE = frozenset("is are being made over the patient patients treatment therapy".split())


def exchange(s: Scan, i: int) -> Island | None:
    """What leads from one way of treatment to the next: '…, before a change is made to oral therapy', 'then a switch to'."""
    j = skip(s.tokens, i + 1, ("a", "the", "then"))
    if s.tokens[j].low not in _EXCHANGE or not any(p.kind in ("dose", "rate") for p in s.islands[-8:]):
        return None
    to = skip(s.tokens, j + 1, _IS_MADE)
    return Island("sep", i, to + 1, None, "then") if s.tokens[to].low == "to" else None


def label_end(tokens: list[Token], i: int) -> int:
    """The ':' that ends a label beginning at token i, or 0: at most 24 tokens on, no sentence end before it."""
    j = i
    stop = i + 24
    while j < stop:
        t = tokens[j]
        if t.kind in (END, BREAK) or t.low in (";", ".", "|"):
            return 0
        if t.low == ":":
            ratio = t.end > t.start and tokens[j + 1].start == t.end  # a colon that a table's head adds has no width
            if ratio and tokens[j - 1].kind == NUMBER and tokens[j + 1].kind == NUMBER:
                return 0
            if any(colon_behind(tokens, k) == j for k in range(max(j - 10, i), j)):
                return 0  # 'if two of the following: age over 80, weight under 60 kg'
            return j if j > i else 0
        j += 1
    return 0
