"""A monograph as a document: sections and items, each character of which knows its place in the file.

`read` takes a file's bytes. An `Item` is one paragraph, list item, heading, heading tail, table row or front-matter
value, reduced to plain text; `item.at(start, end)` gives the provenance columns of a fact found there.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, Literal

from monopipe import blocks, front_matter, run_on, subjects
from monopipe.errors import DocumentError
from monopipe.headings import question_topic
from monopipe.items import Item, Section, sentences
from monopipe.source import Source
from monopipe.tables import SectionKind

__all__ = ["MAX_BYTES", "Document", "Item", "Question", "Section", "read", "sentences", "slug", "title_key"]

MAX_BYTES = 2 * 1024 * 1024
"""Largest file that is read."""
MAX_STATEMENT = 50_000
"""Longest statement whose words are read, in characters, seventy times the longest paragraph of the monographs here.

Beyond it stands no prose but a broken file, of which every word would cost a kilobyte; it is kept, as unstructured.
"""

_DATE_KEYS = ("lastModified", "last_modified", "last-modified", "lastmodified", "updated", "modified", "date")
_BANNED_KEYS = ("is_banned", "isBanned", "banned")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")
_ANSWER_MARK = re.compile(r"^[\s*]*(?:A|Ans|Answer)\s*\d*\s*[:.)][\s*]*", re.I)
_QUESTION_MARK = re.compile(r"^[\s*]*(?:(?:Q|Question)\s*\d*\s*[:.)-]|\d{1,2}[.)])[\s*]*", re.I)


@dataclass
class Question:
    """A question and the items of its answer, in the body or the front matter."""

    ordinal: int
    question: str
    item: Item
    question_span: tuple[int, int]
    answers: list[Item]
    place: Literal["body", "front_matter"]
    topic: SectionKind

    @property
    def answer(self) -> str:
        """The answer in plain text."""
        return " ".join(a.rest.strip() for a in self.answers).strip()


@dataclass
class Document:
    """One monograph: identity, front matter, sections with their items, questions."""

    source: Source
    source_path: str
    document_id: str
    source_bytes: int
    front_matter: dict[str, Any]
    title: str
    title_item: Item
    description: str | None
    is_banned: bool | None
    last_modified: datetime | None
    body_start: int
    sections: list[Section]
    items: list[Item]
    questions: list[Question] = field(default_factory=list)

    def about(self, *kinds: str) -> Iterator[Item]:
        """The items whose text is about one of these section kinds, in order; no headings, none beyond `MAX_STATEMENT`."""
        return iter([item for item in self._statements if item.topic in kinds])

    @cached_property
    def _statements(self) -> list[Item]:
        return [item for item in self.items if item.kind != "heading" and len(item.text) <= MAX_STATEMENT]


def title_key(title: str) -> str:
    """What two titles have in common when they count as one: case and white space do not matter."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())


def slug(title: str) -> str:
    """The drug id that a title gives: lower case words joined by hyphens, accents off.

    >>> slug("Amoxicillin / Clavulanic Acid")
    'amoxicillin-clavulanic-acid'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-")


def read(data: bytes, source_path: str) -> Document:
    """The document in a file's bytes. Raises DocumentError when it cannot be read, with kind, message and line."""
    source = Source(_decode(data))
    matter = front_matter.read(source)
    title_item: Item | None = None
    items: list[Item] = []
    for value in matter.values:
        item = _front_matter_item(value, source)
        items.append(item)
        if value.path == ("title",):
            title_item = item
    title = matter.data.get("title")
    if title_item is None or not isinstance(title, (str, int, float)) or not slug(str(title)):
        line = source.line(title_item.char_start) if title_item else 1
        raise DocumentError("no_title", "the front matter has no usable 'title'; add the name of the drug", line)
    sections, body_items = blocks.read_body(source, matter.body_start, str(title))
    run_on.divide(sections, body_items)
    subjects.settle(sections, body_items)
    document = Document(
        source=source,
        source_path=source_path,
        document_id=hashlib.sha256(data).hexdigest(),
        source_bytes=len(data),
        front_matter=matter.data,
        title=" ".join(str(title).split()),
        title_item=title_item,
        description=_text(matter.data.get("description")),
        is_banned=_flag(_first(matter.data, _BANNED_KEYS)),
        last_modified=_timestamp(_first(matter.data, _DATE_KEYS)),
        body_start=matter.body_start,
        sections=sections,
        items=[*items, *body_items],
    )
    document.questions = [*_body_questions(document), *_front_matter_questions(document)]
    return document


def _decode(data: bytes) -> str:
    if not data.strip():
        raise DocumentError("empty_file", "the file is empty", 1)
    if len(data) > MAX_BYTES:
        raise DocumentError("too_large", f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise DocumentError("nul_bytes", "the file holds NUL bytes; it is no text", line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        bad = data[error.start : error.start + 1].hex()
        message = f"byte 0x{bad} at offset {error.start} is not UTF-8; save the file as UTF-8"
        raise DocumentError("not_utf8", message, line) from error


def _front_matter_item(value: front_matter.Value, source: Source) -> Item:
    keys = [k for k in value.path if isinstance(k, str)]
    topic: SectionKind = "usage" if keys == ["description"] else "front_matter"
    return Item(
        kind="front_matter",
        mapped=value.mapped,
        source=source,
        section="front_matter",
        topic=topic,
        label=".".join(map(str, value.path)),
        char_start=value.start,
        char_end=value.end,
    )


def _front_matter_questions(document: Document) -> Iterator[Question]:
    """Questions of the front matter; those that swallowed their answer are cleaned."""
    asked: dict[int, dict[str, Item]] = {}
    for item in document.items:
        if item.kind == "front_matter" and item.label:
            path = item.label.split(".")
            if len(path) == 3 and path[0].lower() in ("faqs", "faq") and path[1].isdigit():
                part = {"q": "q", "question": "q", "a": "a", "answer": "a"}.get(path[2].lower())
                if part:
                    asked.setdefault(int(path[1]), {})[part] = item
    for ordinal, parts in enumerate(asked.values(), 1):
        if "q" not in parts:
            continue
        item = parts["q"]
        span = _question_span(item.text)
        question = item.text[slice(*span)]
        topic = question_topic(question) or "faqs"
        item.topic = "faqs"
        answers = []
        if "a" in parts:
            answer = parts["a"]
            mark = _ANSWER_MARK.match(answer.text)
            answer.rest_start = mark.end() if mark else 0
            if answer.rest.strip():
                answer.topic, answer.question = topic, question
                answers.append(answer)
        if not answers and len(item.text) > span[1] + 12:  # the answer stands only inside the question
            mark = _ANSWER_MARK.match(item.text, span[1])
            tail = re.compile(r"[\s*]*(?:A\s*:)?[\s*]*").match(item.text, span[1])
            item.rest_start = mark.end() if mark else (tail.end() if tail else span[1])
            item.topic, item.question = topic, question
            answers.append(item)
        else:
            item.rest_start = len(item.text)
        yield Question(ordinal, question, item, span, answers, "front_matter", topic)


def _body_questions(document: Document) -> Iterator[Question]:
    """Questions of the FAQ sections: headings, bold paragraphs or list items that end in a question mark."""
    question: Question | None = None
    ordinal = 0
    for item in document.items:
        if item.section != "faqs":
            continue
        text = item.text
        whole = item.kind == "heading" or item.bold_end >= len(text.rstrip()) > 0
        mark = text.find("?")
        asks = (
            mark > 0
            and not _ANSWER_MARK.match(text)
            and (
                whole
                or _QUESTION_MARK.match(text)
                or (item.bold_end and mark <= item.bold_end)
                or text.rstrip().endswith("?")
            )
        )
        parent = document.sections[item.section_ordinal].parent
        below = parent is not None and document.sections[parent].kind == "faqs"
        if asks or (item.kind == "heading" and below and _QUESTION_MARK.match(text)):
            if question:
                yield question
            ordinal += 1
            span = _question_span(text)
            words = text[slice(*span)]
            question = Question(ordinal, words, item, span, [], "body", question_topic(words) or "faqs")
            item.rest_start, item.structural = len(text), True
            rest = _ANSWER_MARK.match(text, span[1])
            start = rest.end() if rest else span[1]
            if len(text[start:].strip(" *\n")) > 2:
                item.rest_start, item.structural = start, False
                item.topic, item.question = question.topic, words
                question.answers.append(item)
        elif item.kind == "heading":
            if question and item.heading_level <= question.item.heading_level:
                yield question
                question = None
        elif question:
            mark_match = _ANSWER_MARK.match(text)
            if mark_match:
                item.rest_start, item.label = mark_match.end(), None
            item.topic, item.question = question.topic, question.question
            question.answers.append(item)
    if question:
        yield question


def _question_span(text: str) -> tuple[int, int]:
    """Where the question itself stands: without its number, and without an answer that it swallowed."""
    start = 0
    number = _QUESTION_MARK.match(text)
    if number:
        start = number.end()
    end = text.find("?", start) + 1
    if end == 0:
        answer = re.compile(r"\*\*\s*A\s*:|\n").search(text, start)
        end = answer.start() if answer else len(text.rstrip(" *"))
    while start < end and text[start] in " *":
        start += 1
    return start, end


def _first(data: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((data[k] for k in keys if data.get(k) is not None), None)


def _text(value: Any) -> str | None:
    text = " ".join(value.split()) if isinstance(value, str) else None
    return text or None


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _timestamp(value: Any) -> datetime | None:
    """A front-matter date in UTC; a time without a zone is taken as UTC, what is no date gives None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            try:
                value = parsedate_to_datetime(value)
            except (ValueError, IndexError):
                return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return None
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        return None
