"""Places where the text sends the reader elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe import vocabulary
from monopipe.cues import Cued, folded
from monopipe.document import Item
from monopipe.extract.reading import Reading
from monopipe.headings import section_kind
from monopipe.tables import Deferral, SectionKind

_SOURCES = "|".join(line["pattern"] for line in vocabulary.rows("deferral_sources"))
_SENDS = Cued(
    r"\b(?:see|consult(?:ing)?|refer to|check|according to|as per|per|follow|available in|found in|given in|described in"
    r"|detailed in|outlined in)\s+(?:with\s+)?(?P<source>(?:the |a |an |your |their )?(?:\w+[\s-]){0,3}?(?:"
    + _SOURCES
    + r"))"
    r"(?=[\s.,;:)]|$)"
)
# "Ring the PD nurse or the consultant on call", "Call peds cardiology first", "discuss with the renal team".
_PERSON = Cued(
    r"\b(?:ask|ring|call|phone|page|bleep|contact|discuss with|check with|speak to|in consultation with|advice from)\s+"
    r"(?P<source>(?:the |a |an |your |our )?(?:[\w-]+\s){0,2}?(?:nurse|consultant|registrar|specialist|pharmacist|pa?ediatrician|an(?:a)?esthetist|surgeon"
    r"|\w+ologist|[a-z]{3,}ology|psychiatr(?:y|ist)|(?:renal|pain|transplant|palliative care|infection|diabetes) (?:team|service)|poisons? (?:centre|center|information)))\b"
)
# "It does not replace the national guidelines", "checked against the product monograph".
_PREVAILS = Cued(
    r"\b(?:(?:does|do) not replace|follows|checked against)\s+(?P<source>(?:the |a |our )?(?:\w+[\s-]){0,3}?(?:"
    + _SOURCES
    + r"))(?=[\s.,;:)]|$)"
)
_SPECIALIST = Cued(r"(?P<source>specialist (?:advice|guidance|supervision))\b")
# "See Dosage Adjustments", "see the table under Contraindications", "(see section 4.4)", "see below".
_WITHIN = Cued(
    r"(?:^|[;.(,]\s*|\s[–—-]\s+)[*_]*(?:please )?(?:see|refer to)\s+(?:also\s+)?"
    r"(?P<target>(?:the\s+)?sections?\s+\d+(?:\.\d+)*|(?:the\s+)?(?:next|previous|following)\s+(?:section|table|paragraph)|(?:(?:the\s+)?(?:table|section|note|list)\s+)?(?:above|below|overleaf)"
    r"|(?:the\s+(?:table|section|paragraph|part|notes?)\s+(?:under|on|in|of|for)\s+)?(?:the\s+)?(?:(?:\w+\s+){1,3}section|(?P<heading>[A-Za-z][\w /&'-]{3,60}?)(?:\s+(?:below|above))?))"
    r"[*_]*\s*(?=[.;,)]|$)"
)
_PLACE_ALONE = Cued(r"[*_]*(?P<target>(?:see )?(?:above|below))[*_]*\s*\.?\s*$")
_ARTICLE = re.compile(r"^(?:the|a|an|your|their)\s+", re.I)


def deferrals(reading: Reading) -> Iterator[Deferral]:
    """One row per sentence that sends the reader elsewhere, with the subject it stands under.

    "See the prescribing information for infants." defers to the prescribing information, "Renal impairment: see Dosage
    Adjustments" to a section of the document.
    """
    for item in reading.document.items:
        if item.kind == "heading" or (item.structural and item.kind == "table_row"):
            continue
        low = folded(item.text)
        topic = item.topic if item.topic not in ("front_matter", "other") else item.section
        if _SENDS.may_match(low) or _PERSON.may_match(low) or _PREVAILS.may_match(low) or _SPECIALIST.may_match(low):
            for a, b in item.sentences():
                m = _SENDS.search(item.text, a, b) or _SPECIALIST.expression.match(item.text, a, b)
                if m is None and item.section not in ("faqs", "front_matter"):
                    m = _PERSON.search(item.text, a, b) or _PREVAILS.search(item.text, a, b)
                if m:
                    source = _ARTICLE.sub("", " ".join(m.group("source").split()))
                    yield Deferral(
                        **item.at(a, b), rule="sends_elsewhere", topic=topic, subject=item.label, deferred_to=source
                    )
        if item.section != "front_matter" and (_WITHIN.may_match(low) or _PLACE_ALONE.may_match(low)):
            yield from _within(reading, item, topic)


def _within(reading: Reading, item: Item, topic: SectionKind) -> Iterator[Deferral]:
    """References to another place of the document, under the label they stand behind."""
    label = item.label or _own_label(item.text)
    start = item.rest_start if item.label else len(label) + 1 if label else 0
    start += len(item.text[start:]) - len(item.text[start:].lstrip(" :*_"))
    rest = item.text[start:]
    alone = _PLACE_ALONE.expression.match(rest) if label else None
    for m in (alone,) if alone else _WITHIN.finditer(rest):
        heading = m.groupdict().get("heading")
        if heading and not _is_heading(reading, heading):
            continue
        at = start + m.start("target")
        span = next(((a, b) for a, b in item.sentences() if a <= at < b), (start, len(item.text)))
        target = _ARTICLE.sub("", " ".join(m["target"].split())).removeprefix("see ")
        yield Deferral(
            **item.at(*span), rule="elsewhere_in_document", topic=topic, subject=label or None, deferred_to=target
        )


def _own_label(text: str) -> str:
    """The words before a colon that open an item without bold: "Renal: below"."""
    m = re.match(r"[A-Z][^.:;]{1,60}(?=:\s)", text)
    return m.group() if m else ""


def _is_heading(reading: Reading, words: str) -> bool:
    """Whether words name a section of the document, by its heading or by what such sections are called."""
    plain = " ".join(words.split())
    if any(plain.casefold() == (s.heading or "").strip(" *_#:").casefold() for s in reading.document.sections):
        return True
    named = plain[0].isupper() and len(plain.split()) <= 4
    return named and section_kind(plain, "other", exact=True) != "other"
