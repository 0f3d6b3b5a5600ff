"""Lists of which so many must hold: 'two of the following: age 80 years or over, weight 60 kg or less'.

None of them alone says whom a dose is for.
"""

from __future__ import annotations

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, WORD, Token, lex
from monopipe.grammar.text import sentence_end
from monopipe.grammar.words import NUMBER_WORDS

_COUNTS = frozenset("one two three four any either 1 2 3 4".split())


def colon_behind(tokens: list[Token], i: int) -> int:
    """The colon behind the words at token i for how many of a list must hold: 'any of:', '2 or more of the following criteria:'; or 0."""
    if tokens[i].low not in _COUNTS:
        return 0
    k = i + 1
    if tokens[k].low == "or" and tokens[k + 1].low == "more":
        k += 2
    if tokens[k].low != "of":
        return 0
    k += 1
    stop = k + 8
    while tokens[k].low != ":":
        if tokens[k].kind != WORD or k == stop:
            return 0
        k += 1
    return k


def counts_criteria(text: str) -> bool:
    """Whether a text says how many of a list must hold: "if two of: age over 80, weight under 60 kg"."""
    if " of" not in text or ":" not in text:
        return False
    tokens = lex(text, NUMBER_WORDS)
    return any(colon_behind(tokens, k) for k in range(len(tokens)))


def criteria_end(tokens: list[Token], i: int, text: str) -> int:
    """The end of a list that begins at token i with how many of it must hold, or 0."""
    k = colon_behind(tokens, i)
    if not k:
        return 0
    depth = 0
    while tokens[k].kind not in (END, BREAK) and tokens[k].low not in (";", "|"):
        if tokens[k].low == "." and sentence_end(tokens, k, text):
            break
        depth += (tokens[k].low == "(") - (tokens[k].low == ")")
        if depth < 0:
            break
        k += 1
    return k - (tokens[k - 1].low == ":")  # the list may stand below


def criteria(s: Scan, i: int) -> Island | None:
    """The condition that so many of a list hold, of which none sets a column."""
    end = criteria_end(s.tokens, i, s.text)
    if not end:
        return None
    begin = i - 2 if (s.tokens[i - 2].low, s.tokens[i - 1].low) == ("at", "least") else i
    words = s.text[s.tokens[begin].start : s.tokens[end - 1].end]
    return Island("condition", i, end, {"condition_text": words})


__all__ = ["colon_behind", "counts_criteria", "criteria", "criteria_end"]
