"""Where a sentence, or a part of one, ends."""

from __future__ import annotations

from collections.abc import Collection

from monopipe.grammar.lexer import BREAK, END, Token
from monopipe.grammar.words import SETS

_NO_STOP = SETS["no_stop"]


def sentence_end(tokens: list[Token], i: int, text: str) -> bool:
    """Whether the full stop at token i ends a sentence: '… daily. Increase', not 'max. 4 g'."""
    after = tokens[i + 1]
    if after.kind == END or after.kind == BREAK:
        return True
    rate = i > 1 and tokens[i - 1].low == "min" and tokens[i - 2].low == "/"  # 'below 10 mL/min. Above …'
    if i and not rate and tokens[i - 1].low in _NO_STOP and after.start > tokens[i].end:
        first = text[after.start]
        return first.isupper() and tokens[i - 1].low not in SETS["sentence_end"]
    if after.start > tokens[i].end:
        return True
    return (text[after.start].isupper() and text[tokens[i].start - 1 : tokens[i].start].islower()) or text[
        tokens[i].start - 1 : tokens[i].start
    ] == ")"


def part_end(tokens: list[Token], j: int, text: str, marks: Collection[str]) -> int:
    """The first token from j on that ends a sentence or a line, or is one of these marks."""
    while tokens[j].kind not in (END, BREAK) and tokens[j].low not in marks:
        if tokens[j].low == "." and sentence_end(tokens, j, text):
            break
        j += 1
    return j


def clause_end(tokens: list[Token], j: int) -> int:
    """The first token from j on that ends a clause."""
    while tokens[j].kind not in (BREAK, END) and tokens[j].low not in _CLAUSE_ENDS:
        j += 1
    return j


_CLAUSE_ENDS = frozenset(". , ; : ) |".split())
