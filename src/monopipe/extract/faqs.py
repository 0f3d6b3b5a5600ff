"""Questions and answers; the copies in front matter and body are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from monopipe.document import Question
from monopipe.extract.reading import Reading
from monopipe.tables import Faq

_LETTERS = re.compile(r"[^\w]+")


def faqs(reading: Reading) -> Iterator[Faq]:
    """One row per question, at its place in the body where it has one; the other copy is yielded as a repeat."""
    body = [q for q in reading.document.questions if q.place == "body"]
    front = [q for q in reading.document.questions if q.place == "front_matter"]
    by_words = {_words(q.question): q for q in front}
    known = {_words(q.question) for q in body}
    ordinal = 0
    for question in body:
        copy = by_words.get(_words(question.question))
        ordinal += 1
        yield from _rows(question, copy, ordinal)
    for question in front:
        if _words(question.question) not in known:
            ordinal += 1
            yield from _rows(question, None, ordinal)


def _rows(question: Question, copy: Question | None, ordinal: int) -> Iterator[Faq]:
    agree = None if copy is None else _words(copy.answer) == _words(question.answer)
    answer = question.answer or (copy.answer if copy else "")
    if not answer:
        return
    in_body = question.place == "body"
    for place in _places(question, copy):
        yield Faq(
            **place,
            rule="question_and_answer",
            ordinal=ordinal,
            question=question.question,
            answer=answer,
            topic=question.topic,
            in_front_matter=copy is not None or not in_body,
            in_body=in_body,
            copies_agree=agree,
        )


def _places(question: Question, copy: Question | None) -> Iterator[dict[str, Any]]:
    """Where the question stands, where its answers stand, and where its copy does; the first makes the row."""
    yield question.item.at(*question.question_span)
    for answer in question.answers:
        yield answer.at(answer.rest_start, len(answer.text))
    if copy is not None:
        yield copy.item.at(0, len(copy.item.text))
        for answer in copy.answers:
            yield answer.at(0, len(answer.text))
    elif question.place == "front_matter":
        yield question.item.at(0, len(question.item.text))
        for answer in question.answers:
            yield answer.at(0, len(answer.text))


def _words(text: str) -> str:
    return " ".join(_LETTERS.split(text.lower())).strip()
