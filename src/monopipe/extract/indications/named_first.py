"""Sentences that name a use first, and then call it off-label, investigational, licensed, or say how it is treated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.document import Item
from monopipe.extract.conditions import is_condition
from monopipe.extract.indications.lists import conditions_in
from monopipe.extract.indications.rows import row_of
from monopipe.extract.reading import Reading
from monopipe.tables import Indication

# "Chronic urticaria is an off-label use.", "A role in septic shock remains investigational."
_SUBJECT = re.compile(
    r"(?P<use>[^.;]{4,120}?)\s+(?:is|are|remains?)\s+(?:still\s+|only\s+|both\s+|all\s+)?(?P<denied>not\s+)?(?:an?\s+)?(?:(?:common|frequent|usual|recogni[sz]ed|established|important|further|other|additional)(?:,| but| though)?\s+)?(?:off[- ]label|unlicen[cs]ed"
    r"|investigational|experimental|(?:(?:licen[cs]ed|approved|further|other|additional|accepted|recogni[sz]ed|common|rare|less common|minor)(?= (?:use|indication))))(?:\s+(?:use|indication)s?)?(?:\s+in (?:many|most|some|several|all) (?:countries|places|regions|markets))?\s*(?=[.,;]|$)",
    re.I,
)

# "Gastric cancer, including that of the junction, is treated together with cisplatin."
_IS_TREATED = re.compile(
    r"(?P<use>[^.;:]{4,90}?)\s+(?:is|are|can be|may be)\s+(?:also\s+|usually\s+|often\s+)?(?P<denied>not\s+)?(?:treated|managed|relieved|controlled|prevented)\b[^.;]*",
    re.I,
)

_WITHIN = re.compile(r".*\b(?:in|against|for)\s+(?=\S)", re.I)
_IT = re.compile(r"\s(?:it|its use|this use|use)$", re.I)  # "For uveitis it is unlicensed"
_ITS_USE = re.compile(r"(?:its |the |their )?(?:use|role|place|value)\b[^,;]{0,20}?\s(?:in|against|for)\s+(?=\S)", re.I)

_TO_PREVENT = re.compile(r".*?(?=\bto (?:prevent|treat|relieve)\b)", re.I)


def named_first(reading: Reading, item: Item, start: int, end: int) -> list[Indication] | None:
    """The uses that open a sentence which then says what they are or how they are treated; None for other sentences."""
    if subject := _SUBJECT.match(item.text, start, end):
        return list(_called(reading, item, subject))
    treated = _IS_TREATED.match(item.text, start, end)
    return (list(_called(reading, item, treated)) or None) if treated else None


def _called(reading: Reading, item: Item, subject: re.Match[str]) -> Iterator[Indication]:
    """The use that a sentence calls off-label, investigational, licensed or no approved use."""
    a, b = subject.span("use")
    b -= len(it.group()) if (it := _IT.search(subject["use"])) else 0
    starts = [
        m.end()
        for m in (_ITS_USE.match(item.text, a, b), _WITHIN.match(item.text, a, b), _TO_PREVENT.match(item.text, a, b))
        if m
    ]
    for start in (*starts, a):
        found = [c for c in conditions_in(item, start, b) if is_condition(reading, c.text)]
        for c in found:
            for row in row_of(reading, item, c, subject.group(), c.limits[0], "called"):
                if subject.group("denied"):
                    row.assertion, row.label_status = "negated", "not_stated"
                yield row
        if found:
            return
