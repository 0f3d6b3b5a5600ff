"""Dosing text to tokens with exact offsets, in one pass and linear time.

Nothing is normalised in place: a token keeps where it stands, and carries its lower-case word or its number.
"""

from __future__ import annotations

import re
from collections.abc import Collection

END, NUMBER, WORD, NAME, TEXT, PUNCT, BREAK = "end", "number", "word", "name", "text", "punct", "break"

_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 0.333333333333, "⅔": 0.666666666667, "⅛": 0.125}
_DECIMAL_UNIT = r"(?=[\s\u00a0]?(?:mg|g|m[lL]|µg|μg|mcg|units?|IU|mmol|%)\b)"

PATTERNS = {
    # Most words stand before white space or a comma, and so are no abbreviation or name: "word" without its tails.
    "plain": r"[A-Za-z]++(?=[\s,;:)]|$)",
    "text": r"‹[^‹›]*›",
    "break": r"\n[ \t]*(?:\n[ \t\n]*|(?=[-*•+][ \t])|(?=\d{1,2}[.)][ \t]))",
    # "i.v.", and of a genus: "E. coli"
    "abbreviation": r"[^\W\d_](?:\.[^\W\d_])+(?![^\W\d_])\.?|(?<![^\W_])(?<!\d[ \u00a0])[A-Z]\.(?=[ \u00a0][a-z]{4})",
    "name": (
        r"(?i:(?!(?:q|x|d|m(?=[23](?![^\W_]))|t|days?|weeks?|wk|wks|cycles?|for|po|every|month)[-‑]?\d"
        # a unit: "10 mg-20 mg"; but "5 G6PD deficient adults", "5 G2 patients" are people, not grams
        r"|(?:m?g|m?l|mcg|iu|units?)[-‑]\d|(?:(?<=\d)|(?<=\d[ \u00a0]))(?-i:m?g|m?[lL]|mcg|units?)\d+(?![^\W_]))[a-z][a-zα-ω]*[-‑]?\d[^\W_]*"
        r"|d\d{1,2}[a-z][^\W_]*|d\d{1,2}(?=\s+\d{3}))"
        r"|(?:(?:GM?|[LMU])-[A-Z]{2,}|L-[a-z]{4,})\b"  # "5 G-CSF doses": a name that begins like a unit
    ),
    "number": (
        r"\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d{1,3}(?:[ \u00a0\u2009\u202f]000)+(?!\d)"
        r"|\d{1,3}(?:[\u2009\u202f]\d{3})+(?!\d)|(?<![\d,])\d+,\d{1,2}"
        + _DECIMAL_UNIT
        + r"|\d+(?:[.·]\d+)?|(?<!\w)\.\d+|[½¼¾⅓⅔⅛]"
    ),
    "word": r"m[²2](?![^\W_])|[^\W\d_]+(?:['’][^\W\d_]+)*(?:\(s\)|[²³])?",
    "relation": r"<=|>=|[<>≤≥=~≈]",
    # "5/7" is five days, "3/52" three weeks, "6/12" six months where that ends a statement (_is_time has what stands before);
    # "50/12.5 mg", "2/7/2024", "5/7 days" and "3/12 vials used" are other things
    "time": (
        r"(?:(?<=\A\d)|(?<=[^\d./,]\d)|(?<=\A\d\d)|(?<=[^\d./,](?!24/)\d\d))/(?:7|52|12)(?![\w/%²³]|[.,:]\d|\s*[×x*]"
        r"|\s?%)(?=\s*(?:\Z|[^\w\s]|\n\s*\n|(?:for|then|thereafter|if|unless|until|when|and|or|as|followed)\b))"
    ),
    "punct": r"[^\s]",
}
# The blank before a token is read with it: where none begins, each pattern would be tried in vain.
_SCAN = re.compile(" ?+(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in PATTERNS.items()) + ")")
_TIMES = {"/7": "days", "/52": "weeks", "/12": "months"}
_CASED = {"MU": "megaunits", "MIU": "megaiu"}  # a thousand million times a mU
_NOTED = frozenset("mg g mcg ml l unit units tablet tablets".split())  # "500mg1 daily": a footnote, no amount
_LETTER_HYPHEN = "-‑"  # between two letters, or a number and a word, it joins: read like a blank


class Token:
    """One token: `kind`, offsets `start` and `end`, `low` (the word in lower case) and `value` (of a number)."""

    __slots__ = ("end", "kind", "low", "start", "value")

    def __init__(self, kind: str, start: int, end: int, low: str, value: float | None = None) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.low = low
        self.value = value

    def __repr__(self) -> str:
        return f"{self.kind}:{self.low!r}"


def _number(raw: str) -> float | None:
    """The value of a printed number: '1,000' is 1000, '0,5' (before a unit) 0.5, '0·5' 0.5."""
    if raw in _FRACTIONS:
        return _FRACTIONS[raw]
    if not raw.isdecimal():
        if "," in raw:
            head, _, tail = raw.rpartition(",")
            raw = f"{head}.{tail}" if len(tail) < 3 else raw.replace(",", "")
        for blank in " \u00a0\u2009\u202f":
            raw = raw.replace(blank, "")
    value = float(raw.replace("·", "."))
    return value if value < 1e12 else None


def _is_time(tokens: list[Token]) -> bool:
    """Whether the number that ends these tokens is a length: 'for 5-', 'twice daily', 'after another', not 'median 3'."""
    k = len(tokens) - 2
    if k > 0 and tokens[k].low in ("-", "–", "to") and tokens[k - 1].kind == NUMBER:
        k -= 2  # '5-7/7'
    while k >= 0 and tokens[k].low in _ABOUT:
        k -= 1
    return k < 0 or tokens[k].kind == BREAK or tokens[k].low in _BEFORE_TIME


_ABOUT = frozenset("at least up to about approximately a an the of next further another minimum maximum than".split())
_BEFORE_TIME = frozenset(
    "for x × after every each over within , ( : ; . | od bd bid tds tid qds qid qd daily nightly weekly monthly "
    "hourly h hr hrs hours day night nocte mane morning bedtime prn stat".split()
)


def lex(text: str, words: dict[str, float]) -> list[Token]:
    """The tokens of a text, with eight end tokens after the last so that rules may look ahead.

    `words` gives number words their value. A hyphen between letters, or between a number and a word, is skipped.
    """
    tokens: list[Token] = []
    add = tokens.append
    for m in _SCAN.finditer(text):
        kind = m.lastgroup or ""
        start, end = m.span(kind)
        raw = text[start:end]
        if kind == "plain":
            low = _CASED.get(raw) or raw.lower()
            add(Token(WORD, start, end, low, words.get(low)))
        elif kind == "word":
            low = _CASED.get(raw) or raw.lower().replace("’", "'").replace("(s)", "s")
            add(Token(WORD, start, end, low, words.get(low)))
        elif kind == "number":
            note = start > 0 and text[start - 1].isalpha() and tokens[-1].low in _NOTED
            add(Token(NUMBER, start, end, raw, _number(raw) if len(raw) < 20 and not note else None))
        elif kind == "punct" or kind == "relation":
            if raw in _LETTER_HYPHEN and start > 0 and end < len(text) and text[end].isalpha():
                before = text[start - 1]
                if before.isalpha() or before.isdigit() or before in ".²":
                    continue
            add(Token(PUNCT, start, end, raw))
        elif kind == "time" and _is_time(tokens):
            add(Token(WORD, start, end, _TIMES[raw]))
        elif kind == "time":
            add(Token(PUNCT, start, start + 1, "/"))
            add(Token(NUMBER, start + 1, end, raw[1:], _number(raw[1:])))
        elif kind == "abbreviation":
            add(Token(WORD, start, end, raw.lower().replace(".", "")))
        elif kind == "name":
            add(Token(NAME, start, end, raw.lower()))
        elif kind == "text":
            add(Token(TEXT, start, end, raw))
        else:
            add(Token(BREAK, start, end, "\n"))
    n = len(text)
    tokens.extend([Token(END, n, n, "")] * 8)
    return tokens


def skip(tokens: list[Token], j: int, words: Collection[str]) -> int:
    """The first token from j on that is none of these words; at most eight are skipped, which bounds every rule."""
    stop = j + 8
    while j < stop and tokens[j].low in words and tokens[j].kind != END:
        j += 1
    return j
