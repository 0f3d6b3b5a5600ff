"""Markdown inline text to plain text that keeps its place in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from monopipe.source import Mapped, Pieces

# It opens with a set of characters, for which `re` skips ahead.
_MARKED = re.compile(r"[*_`\\<&\]](?:(?<=[*_`\\])|(?<=<)[a-zA-Z/!?]|(?<=&)#?\w+;|(?<=\])\()")
_BOLD_LEAD = re.compile(r"(\*\*|__)(?=\S)([^*_`\\<&\[\]\n]+)(?<!\s)\1(?!\*)")
_EMPHASIS = re.compile(r"<(?P<close>/)?(?:b|strong|i|em)\s*>", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_STARS = re.compile(r"\*+")

# Without text_join each entity and escape stays a token of its own, whose markup tells its length in the file.
_INLINE = MarkdownIt("commonmark").disable("text_join")

Line = tuple[str, int]
"""A line of block content and its offset in the file."""


def plain(lines: Sequence[Line]) -> tuple[Mapped, int]:
    """The plain text of a block's content lines, and the length of its leading bold or italic run (0 for none).

    Line ends become one space, `<br>` a line end; tags, emphasis marks and link targets vanish; entities are decoded.
    """
    content = lines[0][0] if len(lines) == 1 else "\n".join(text for text, _ in lines)
    lead = _BOLD_LEAD.match(content)
    if _MARKED.search(content, lead.end() if lead else 0):
        return _parsed(content, lines)
    pieces = Pieces()  # nothing but a leading bold label: no parse needed
    bold = 0
    for k, (text, offset) in enumerate(lines):
        if k:
            pieces.add(" ", offset - 1)
        elif lead:
            pieces.add(lead[2], offset + lead.start(2))
            bold = pieces.length
            pieces.add(text[lead.end() :], offset + lead.end())
            continue
        pieces.add(text, offset)
    return pieces.mapped(), bold


def _parsed(content: str, lines: Sequence[Line]) -> tuple[Mapped, int]:
    offsets: list[tuple[int, int, int]] = []  # content start, content end, offset in the file
    at = 0
    for text, offset in lines:
        offsets.append((at, at + len(text), offset))
        at += len(text) + 1
    pieces = Pieces()

    def place(position: int) -> int:
        for start, end, offset in offsets:
            if position <= end:
                return offset + max(position - start, 0)
        return offsets[-1][2]

    def add(text: str, position: int) -> None:
        """Add text of the content; marks that Markdown left standing (`**Label:**text`) are noise."""
        k = 0
        for stars in _STARS.finditer(text):
            if len(stars.group()) > 1 or text.count("*") == 1:
                pieces.add(text[k : stars.start()], place(position + k))
                k = stars.end()
        pieces.add(text[k:], place(position + k))

    at, bold, depth, bold_open = 0, 0, 0, False

    def opens() -> None:
        nonlocal depth, bold_open
        depth += 1
        bold_open = bold_open or pieces.length == 0

    def closes() -> None:
        nonlocal bold, depth, bold_open
        depth -= 1
        if depth == 0 and bold_open:
            bold, bold_open = pieces.length, False

    for token in _flat(_INLINE.parseInline(content)[0].children or []):
        if token.type in ("text", "code_inline"):
            found = content.find(token.content, at)
            if found >= 0 and token.content:
                add(token.content, found)
                at = found + len(token.content)
        elif token.type == "text_special":
            found = max(content.find(token.markup, at), at)
            pieces.add(token.content, place(found))
            at = found + len(token.markup)
        elif token.type in ("softbreak", "hardbreak"):
            found = content.find("\n", at)
            pieces.add(" ", place(found))
            at = found + 1
        elif token.type == "html_inline":
            found = max(content.find(token.content, at), at)
            at = found + len(token.content)
            if _BREAK.fullmatch(token.content) and pieces.length and content[at:].strip():
                pieces.add("\n", place(found))
            if tag := _EMPHASIS.fullmatch(token.content):
                closes() if tag["close"] else opens()
        elif token.type == "link_close":
            found = content.find("](", at)
            at = content.find(")", found) + 1 if found >= 0 else at
        elif token.type in ("strong_open", "em_open"):
            opens()
        elif token.type in ("strong_close", "em_close"):
            closes()
    mapped = pieces.mapped()
    if not bold and content.startswith("**"):  # '**Label:**text', which Markdown does not read as bold
        closing = content.find("**", 2)
        if 0 < closing < 100 and content[2:closing].rstrip().endswith(":"):
            bold = mapped.text.find(":") + 1
    return mapped, bold


def _flat(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with those inside an image's description in its place."""
    flat: list[Token] = []
    for token in tokens:
        if token.type == "image":
            flat.extend(token.children or [])
        else:
            flat.append(token)
    return flat
