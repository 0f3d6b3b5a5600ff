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
_WHICH = r"(?:(?:an?|the|its|another|one of (?:the|its)|among (?:the|its))\s+)?"
_HOW_COMMON = (
    r"(?:(?:common|frequent|usual|recogni[sz]ed|established|important|further|other|additional)(?:,| but| though)?\s+)?"
)
_STANDING = r"(?:off[- ]label|unlicen[cs]ed|investigational|experimental)"
_USE = r"(?:licen[cs]ed|approved|further|other|additional|accepted|recogni[sz]ed|common|rare|less common|minor)(?= (?:use|indication))"
_WHERE = r"(?:\s+in (?:many|most|some|several|all) (?:countries|places|regions|markets))?"
# "… are licensed indications too", "… an off-label use that you will meet"
_BEHIND = r"(?:\s+(?:too|as well|also)|\s+(?:that|which)\s[^.;]*)?\s*(?=[.,;]|$)"
_SUBJECT = re.compile(
    r"(?P<use>[^.;]{4,120}?)\s+(?:is|are|remains?)\s+(?:(?:still|only|both|all|also)\s+)?(?P<denied>not\s+)?"
    rf"{_WHICH}{_HOW_COMMON}(?:{_STANDING}|{_USE})(?:\s+(?:use|indication)s?)?{_WHERE}{_BEHIND}",
    re.I,
)
# "Angina completes the licence, although …", "Gout and acne are within its licence", "Tics count among the off-label uses"
_OF_LICENCE = re.compile(
    r"(?P<use>[^.;]{4,120}?)\s+(?:also\s+)?(?:(?:completes?|rounds?\s+off|makes?\s+up)|(?:is|are|falls?|counts?|belongs?|lies?)\s+(?:also\s+|both\s+|all\s+)?(?P<denied>not\s+)?"
    r"(?:an?\s+(?:use|indication)\s+(?:(?:that|which)\s+(?:is|lies)\s+)?)?(?:within|outside|beyond|without|on|under|among|to|part\s+of|covered\s+by))\s+(?:the\s+rest\s+of\s+)?(?:the|its|an?)\s+"
    r"(?:licen[cs]e|label|marketing\s+authori[sz]ation|(?:off[- ]label|licen[cs]ed|unlicen[cs]ed|approved)\s+(?:uses|indications))\b[^.;]*",
    re.I,
)

_COVERS = re.compile(r"\W*(?:the|its)\s+licen[cs]e\s+(?:also\s+)?(?:covers|extends|includes)\b", re.I)

# "Oedema is what we use it for nine times out of ten."
_IS_WHAT_FOR = re.compile(
    r"(?P<use>[^.;]{4,120}?)\s+(?:is|are)\s+(?P<denied>not\s+)?what\s+(?:[\w-]+\s+){1,3}(?:use|uses|take|takes|give|gives|prescribe|prescribes|want|need)\s+(?:it|this)\s+(?:\w+\s+)?for\b[^.;]*",
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


def calls_a_use(text: str, start: int, end: int) -> bool:
    """Whether a sentence says by a verb of its own how a use stands to the licence: "… completes it", "It also covers …"."""
    return _OF_LICENCE.match(text, start, end) is not None or _COVERS.match(text, start, end) is not None


def named_first(reading: Reading, item: Item, start: int, end: int) -> list[Indication] | None:
    """The uses that open a sentence which then says what they are or how they are treated; None for other sentences."""
    for pattern in (_SUBJECT, _OF_LICENCE, _IS_WHAT_FOR):
        if subject := pattern.match(item.text, start, end):
            return list(_called(reading, item, subject))
    treated = _IS_TREATED.match(item.text, start, end)
    return (list(_called(reading, item, treated)) or None) if treated else None


def _called(reading: Reading, item: Item, subject: re.Match[str]) -> Iterator[Indication]:
    """The use that a sentence calls off-label, investigational, licensed or no approved use."""
    a, b = subject.span("use")
    b -= len(it.group()) if (it := _IT.search(subject["use"])) else 0
    within = _WITHIN.match(item.text, a, b)
    if within and is_condition(reading, within.group()):
        within = None  # "Oedema in heart failure" is one
    starts = [m.end() for m in (_ITS_USE.match(item.text, a, b), within, _TO_PREVENT.match(item.text, a, b)) if m]
    for start in (*starts, a):
        found = [c for c in conditions_in(item, start, b) if is_condition(reading, c.text)]
        for c in found:
            for row in row_of(reading, item, c, subject.group(), c.limits[0], "called"):
                if subject.group("denied"):
                    row.assertion, row.label_status = "negated", "not_stated"
                yield row
        if found:
            return
