"""Where a sentence ends."""

from __future__ import annotations

from monopipe.grammar.lexer import BREAK, END, Token
from monopipe.grammar.words import (
    SETS,
)

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
