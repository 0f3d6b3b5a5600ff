"""Places where the text sends the reader elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe import vocabulary
from monopipe.cues import Cued, folded
from monopipe.extract.reading import Reading
from monopipe.tables import Deferral

_SOURCES = "|".join(line["pattern"] for line in vocabulary.rows("deferral_sources"))
_SENDS = Cued(
    r"\b(?:see|consult(?:ing)?|refer to|check|according to|as per|per|follow|available in|found in|given in|described in"
    r"|detailed in|outlined in)\s+(?:with\s+)?(?P<source>(?:the |a |an |your |their )?(?:\w+[\s-]){0,3}?(?:"
    + _SOURCES
    + r"))"
    r"(?=[\s.,;:)]|$)"
)
_SPECIALIST = Cued(r"(?P<source>specialist (?:advice|guidance|supervision))\b")
_ARTICLE = re.compile(r"^(?:the|a|an|your|their)\s+", re.I)


def deferrals(reading: Reading) -> Iterator[Deferral]:
    """One row per sentence that sends the reader to another work, with the subject it stands under.

    "See the prescribing information for infants." defers to the prescribing information.
    """
    for item in reading.document.items:
        if item.kind == "heading" or (item.structural and item.kind == "table_row"):
            continue
        low = folded(item.text)
        if not (_SENDS.may_match(low) or _SPECIALIST.may_match(low)):
            continue
        topic = item.topic if item.topic not in ("front_matter", "other") else item.section
        for a, b in item.sentences():
            m = _SENDS.search(item.text, a, b) or _SPECIALIST.expression.match(item.text, a, b)
            if m:
                source = _ARTICLE.sub("", " ".join(m.group("source").split()))
                yield Deferral(**item.at(a, b), rule="sends_elsewhere", topic=topic, deferred_to=source)
