"""One dosing text, outside of any document: as records for programs and as a card for people."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from monopipe.grammar import Dosage, Step, read

COLUMNS = tuple(f.name for f in dataclasses.fields(Dosage))
_DEFAULTS = {f.name: f.default for f in dataclasses.fields(Dosage)}
_HONESTY = ("readable", "parse_status", "unread_text", "numbers_unread")
_values = attrgetter(*COLUMNS)
_encode = json.JSONEncoder(ensure_ascii=False).encode


def regimens(text: str) -> list[dict[str, Any]]:
    """The steps of the text as the columns of `regimens`, with the step's own words and where they stand.

    >>> [step["dose_low"] for step in regimens("10 mg once daily; may increase to 15 mg daily")]
    [10.0, 15.0]
    """
    return [_record(step, text) for step in read(text, keep_doseless=True)]


def _record(step: Step, text: str) -> dict[str, Any]:
    dosage = step.dosage
    return {
        "regimen_group": str(step.instruction + 1),
        **dict(zip(COLUMNS, _values(dosage), strict=True)),
        "condition_norm": _condition(dosage.indication_text),
        "source_quote": text[step.start : step.end],
        "char_start": step.start,
        "char_end": step.end,
    }


def _condition(text: str | None) -> str | None:
    """The normal form of a condition; the module that knows it is loaded when there is one."""
    if not text:
        return None
    from monopipe.extract.terms import normal

    return normal(text)


def as_json(text: str) -> str:
    """One JSON object: `{"regimens": [{column: value, …}, …]}`."""
    return _encode({"regimens": regimens(text)})


def as_json_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """One JSON object for each line, empty ones included, so that the answers can be counted off."""
    for line in lines:
        yield as_json(line.decode("utf-8", "replace").rstrip("\r\n"))


def card(text: str) -> str:
    """The steps in words, each with the columns that it sets and a caret under what was not read."""
    steps = regimens(text)
    if not steps:
        return "No dose was read in this text.\n"
    return "\n".join("\n".join(_lines(step)) + "\n" for step in steps)


def _lines(step: dict[str, Any]) -> list[str]:
    columns = [c for c in COLUMNS if c not in _HONESTY and step[c] not in (None, _DEFAULTS[c])]
    width = max(map(len, columns), default=0)
    status = {"full": "read in full", "partial": "read in part", "text_only": "not understood"}[step["parse_status"]]
    lines = [f"{step['regimen_group']}.{step['sequence']}  {step['readable'] or '(nothing)'}   [{status}]"]
    lines += [f"     {c:<{width}}  {_shown(step[c])}" for c in columns]
    lines += [f"     {line}" for line in marked(step["source_quote"], step["unread_text"])]
    if step["numbers_unread"]:
        lines.append(f"     numbers in no column: {step['numbers_unread']}")
    return lines


def marked(quote: str, unread: str | None) -> list[str]:
    """The quote with carets under its unread pieces; only the quote when all was read.

    >>> marked("25 mg gladly", "gladly")
    ['25 mg gladly', '      ^^^^^^']
    """
    quote = " ".join(quote.split("\n"))
    marks = [" "] * len(quote)
    start = 0
    for piece in (unread or "").split("; "):
        at = quote.find(piece, start)
        if piece and at >= 0:
            start = at + len(piece)
            marks[at:start] = "^" * len(piece)
    under = "".join(marks).rstrip()
    return [quote, under] if under else [quote]


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
