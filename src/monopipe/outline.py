"""A Markdown body cut at its headings, and the short way to read a piece of plain paragraphs and flat lists.

markdown-it tries eight rules on every line. Nine pieces in ten of a monograph need none of them: under their heading
stand paragraphs and lists without nesting, of lines that begin with a word or a bold label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from monopipe.inline import Line

_HEADING_LINE = re.compile(r"\n(?=#{1,6}(?:[ \t\r\n]|\Z))")
# An HTML block hides headings, so a body that may hold one is not cut.
_TAG_LINE = re.compile(r"[\r\n][ \t>*+\-\d.)]*<")

_LINE_END = r"(?<=\S)[ \t]*(?:\r?\n|\Z)"
_MARKER = r"(?:[-*+]|\d{1,9}[.)])"
_LETTER = r"(?:[a-jvx]{1,3}\)|\d{1,2}\.\d{1,2}\.?)"  # "a) gout", "1.1 Gout", which stand for a list
_WORDS = rf"(?!(?:{_MARKER}|{_LETTER})(?:\s|\Z))(?:\*\*|__|[*_])?[^\W_][^|\r\n]*"
_SIMPLE = re.compile(
    rf"(?:#{{1,6}}[ \t]+(?=\S)[^\r\n]*(?<!#){_LINE_END})?(?:(?:{_MARKER}[ ]{{1,4}})?{_WORDS}{_LINE_END}|[ \t]*(?:\r?\n|\Z))*+"
)
_ITEM = re.compile(r"(?:[-*+]|(?P<number>\d{1,9})[.)]) {1,4}(?=\S)")


class Block(NamedTuple):
    """A heading (with its level), a paragraph or a list item (level 0): its lines with their offsets in the text."""

    level: int
    is_item: bool
    lines: list[Line]


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """The spans of what stands before the first heading and of each heading with what follows, all of the text."""
    start, lines = 0, "\n" + text
    if not _TAG_LINE.search(lines):
        for heading in _HEADING_LINE.finditer(lines):
            if heading.start() > start:
                yield start, heading.start()
                start = heading.start()
    yield start, len(text)


def simple_blocks(text: str, start: int, end: int) -> list[Block] | None:
    r"""The blocks of a piece as markdown-it finds them; None where it holds more than paragraphs and flat lists.

    >>> [b.lines for b in simple_blocks("# Uses\n- pain\n- high\nfever\n", 0, 27) or ()]
    [[('Uses', 2)], [('pain', 9)], [('high', 16), ('fever', 21)]]
    >>> simple_blocks("- pain\n  - chronic\n", 0, 19) is None
    True
    """
    if not _SIMPLE.fullmatch(text, start, end):
        return None
    blocks: list[Block] = []
    open_block: Block | None = None
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        line = text[start:stop].rstrip("\r")
        if not line.strip(" \t"):
            open_block = None
        elif line[0] == "#":
            level = len(line) - len(line.lstrip("#"))
            words = line[level:].lstrip(" \t")
            blocks.append(Block(level, False, [(words, start + len(line) - len(words))]))
        else:
            item = _ITEM.match(line)
            # A number other than 1 does not end the paragraph before it.
            if item and (open_block is None or open_block.is_item or int(item["number"] or 1) == 1):
                open_block = Block(0, True, [])
                blocks.append(open_block)
                line, start = line[item.end() :], start + item.end()
            elif open_block is None:
                open_block = Block(0, False, [])
                blocks.append(open_block)
            open_block.lines.append((line, start))
        start = stop + 1
    for block in blocks:
        words, at = block.lines[-1]
        block.lines[-1] = (words.rstrip(" \t"), at)
    return blocks
