"""The text of a file with its lines, and plain text that remembers where in the file each character stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

_LINE_END = re.compile(r"\r\n|\r|\n")


class Source:
    """The decoded file. Offsets are in characters (a BOM and each of CR LF count), lines are 1-based."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line_starts = [0, *(m.end() for m in _LINE_END.finditer(text))]

    @cached_property
    def n_lines(self) -> int:
        """The number of lines; a line end at the very end of the file starts no further line."""
        return len(self.line_starts) - (self.line_starts[-1] == len(self.text))

    def line(self, offset: int) -> int:
        """The 1-based line that holds the character at `offset`."""
        return bisect_right(self.line_starts, offset)

    def line_span(self, line: int) -> tuple[int, int]:
        """The offsets of a 1-based line, its line end excluded."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end


class Mapped:
    """Plain text of which each character knows its offset in the file.

    `breaks` lists (offset in the plain text, offset in the file) wherever the two part company, in order.
    """

    __slots__ = ("_files", "_plains", "text")

    def __init__(self, text: str, breaks: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self._plains: tuple[int, ...]
        self._files: tuple[int, ...]
        self._plains, self._files = zip(*breaks, strict=True)

    def runs(self) -> Iterator[tuple[str, int]]:
        """The pieces of text that stand in the file as they are, each with its offset there."""
        ends = (*self._plains[1:], len(self.text))
        for start, end, offset in zip(self._plains, ends, self._files, strict=True):
            yield self.text[start:end], offset

    def offset(self, position: int) -> int:
        """The offset in the file of the character at `position`."""
        k = bisect_right(self._plains, position) - 1
        return self._files[k] + position - self._plains[k]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the file of text[start:end], surrounding white space left out."""
        text = self.text
        end = min(end, len(text))
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            at = self.offset(min(start, max(len(text) - 1, 0)))
            return at, at
        return self.offset(start), self.offset(end - 1) + 1


# No-break, narrow, thin and other spaces: what a number and its unit are kept together by. One for one, so places stay.
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

# "Nausea & vomiting": between words, also where the sign is a piece of its own (an entity).
_AND = re.compile(r"(?:(?<=\s)|^)&(?=\s|$)")
# "1 400 mg" with a space that does not break is one number.
_GROUPS = re.compile(r"[\u00a0\u2009\u202f](?<=\d.)(?=\d{3}(?!\d))")


class Pieces:
    """Collects pieces of text with their offsets into one `Mapped`."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._breaks: list[tuple[int, int]] = []
        self.length = 0

    def add(self, text: str, offset: int) -> None:
        """Append text that stands in the file at `offset`; a sign for "and" becomes the word, at the sign's place."""
        if "&" in text:
            k = 0
            for m in _AND.finditer(text):
                if m.start() or (self._texts and self._texts[-1][-1].isspace()):
                    self._append(text[k : m.start()], offset + k)
                    for letter in "and":
                        self._append(letter, offset + m.start())
                    k = m.end()
            text, offset = text[k:], offset + k
        self._append(text, offset)

    def _append(self, text: str, offset: int) -> None:
        if text:
            self._breaks.append((self.length, offset))
            self._texts.append(text)
            self.length += len(text)

    def mapped(self) -> Mapped:
        """The collected text, in which every kind of space is the plain one, or the thin one that groups digits."""
        text = "".join(self._texts)
        if not text.isascii():
            text = "\u2009".join(_SPACES.sub(" ", part) for part in _GROUPS.split(text))
        return Mapped(text, self._breaks or [(0, 0)])


def align(value: str, source: str, start: int, end: int) -> Mapped:
    """`value` mapped onto source[start:end], from which quoting, escapes or folding have made it.

    Characters are matched in order; white space matches any run of white space, and what the value lacks (markers,
    indentation, escapes) is passed over. A character that the source spells differently takes the place reached.
    """
    pieces = Pieces()
    at, k = _whole_lines(value, source, start, end, pieces)
    n = len(value)
    while k < n:
        c = value[k]
        if c.isspace():
            found = at
            while found < end and not source[found].isspace():
                found += 1
            if found == end:
                found = at
            pieces.add(" " if c == "\n" else c, min(found, max(end - 1, start)))
            at = found
            while at < end and source[at].isspace():
                at += 1
            k += 1
            continue
        stop = k
        while stop < n and not value[stop].isspace():
            stop += 1
        word = value[k:stop]
        found = source.find(word, at, end)
        if found < 0:  # the word holds an escape: place its characters one by one
            for c in word:
                found = source.find(c, at, min(at + 12, end))
                if found >= 0:
                    at = found
                pieces.add(c, min(at, max(end - 1, start)))
                at = min(at + 1, end)
        else:
            pieces.add(word, found)
            at = found + len(word)
        k = stop
    return pieces.mapped()


def _whole_lines(value: str, source: str, start: int, end: int, pieces: Pieces) -> tuple[int, int]:
    """Align line by line as long as each line stands in the value as it is; where that ends is returned.

    Plain and folded text is read whole by this, without a look at each word.
    """
    at, k = start, 0
    while at < end:
        stop = source.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = source[at:stop].rstrip()
        if not value.startswith(line, k):
            break
        pieces.add(line, at)
        k += len(line)
        at += len(line)
        gap = k
        while gap < len(value) and value[gap].isspace():
            gap += 1
        if gap > k:
            if gap < len(value) and at >= end:
                break
            for c in value[k:gap]:
                pieces.add(" " if c == "\n" else c, min(at, max(end - 1, start)))
            k = gap
        while at < end and source[at].isspace():
            at += 1
        if k == len(value):
            break
    return at, k
