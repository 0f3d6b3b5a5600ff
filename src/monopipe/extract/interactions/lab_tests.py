"""Laboratory tests that a drug disturbs, as sentences on interactions tell of them."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.extract.interactions.interactants import Interactant, listed
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal, split

_FALSE_RESULT = Cued(
    r"\bfalse[- ](?:positive|negative|high|low)(?:\s+or\s+false[- ]\w+)?\s+(?:(?:results?|readings?|reactions?|values?|tests?)\s*(?:\([^)]*\)\s*)?(?:for\s+[\w-]+\s+(?=in\s))?(?:in|for|on|of|with|from)\s+)?(?:the\s+|some\s+|certain\s+)?(?P<tests>[^.;:]{3,120})"
    r"|\binterfer(?:es?|ing) with\s+(?:the\s+|some\s+|certain\s+)?(?P<others>[^.;:]{3,120})"
    r"|\bfalsely (?:raises?|elevates?|increases?|lowers?|decreases?|reduces?|raised|elevated|increased|lowered|decreased|reduced|high|low)\s+(?P<false>[^.;:]{3,120})"
)
# "The chromogranin A test may give falsely high results.", "Creatinine assays by the Jaffe method are unreliable."
_TEST_READS = re.compile(
    r"(?:the\s+|an?\s+)?(?P<test>[\w ,-]{3,60}?\b(?:tests?|assays?|screens?|scans?))\s+(?:(?:by|with)\s+[^.,;:]{3,30}?\s+)?(?:(?:may|can|could|will)\s+)?(?:also\s+)?"
    r"(?:(?:gives?|shows?|reads?|produces?|yields?)\s+(?:an?\s+)?fals"
    r"|(?:becomes?|turns?|is|are|be|reads?|comes?\s+out)\s+(?:\w+ly\s+)?(?:positive|negative|unreliable|invalid|uninterpretable|inaccurate)|cannot\s+be\s+(?:trusted|relied|interpreted))",
    re.I,
)
_TEST_END = re.compile(
    r"\s+(?:that|which|because|since|when|if|for up to|for several|until|by|using|in|and (?:should|may|must|can|gives?|causes?|produces?|leads?))\b|,\s+(?:so|which|and (?:should|may|must))\b",
    re.I,
)


def disturbed_tests(reading: Reading, sentence: str) -> list[tuple[list[Interactant], str]]:
    """The laboratory tests that a sentence says are disturbed, each with the words that say so.

    "It may give a false-positive result in urine drug screens."
    """
    found = []
    reads = _TEST_READS.match(sentence)
    who = listed(reading, reads["test"]) if reads else []
    if who and all(i.kind == "lab_test" for i in who):
        return [(who, sentence)]
    for m in _FALSE_RESULT.finditer(sentence):
        group = m.lastgroup or "tests"
        end = _TEST_END.search(sentence, m.start(group), m.end(group))
        told_to = m.end() if end and _FALSELY.match(sentence, end.start()) else end.start() if end else m.end()
        words = sentence[m.start(group) : end.start() if end else m.end(group)]
        who = listed(reading, words) if group != "false" else _measured(words)
        if who and all(i.kind == "lab_test" for i in who):
            clause = re.search(r"[^.;,]*$" if group == "false" else r"[^.;]*$", sentence[: m.start()])
            found.append((who, sentence[clause.start() if clause else 0 : told_to]))
    return found


def _measured(text: str) -> list[Interactant]:
    """The measured values of a list: whatever is falsely raised is what a test tells."""
    names = [_ARTICLE.sub("", text[a:b].strip(" .,")) for a, b in split(text)]
    return [Interactant(n, normal(n), "lab_test") for n in names if len(n.split()) <= 4 and normal(n) not in _NO_TEST]


_FALSELY = re.compile(r"\s+and\s+(?:gives?|causes?|produces?|leads? to)\s+(?:a\s+)?fals", re.I)
_ARTICLE = re.compile(r"(?:the|some|certain)\s+", re.I)
_NO_TEST = frozenset(("reading", "result", "value", "level", "test", "titre"))
