"""Amounts of mishaps, none to be prescribed: what poisons, and what makes up for a dose that was forgotten."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.extract.doses.surroundings import Surroundings
from monopipe.grammar import Step

_FORM = r"(?:doses?|tablets?|pills?|capsules?|injections?|patch(?:es)?|puffs?|applications?)"
_GONE = r"(?:missed|forgotten|omitted|skipped|overlooked|late|delayed)"
# "If a dose is forgotten", "who misses a dose", "Missed dose"; several that are missed begin a treatment anew.
_MISSED = Cued(
    rf"\b{_GONE}\s+(?:[a-z]+\s+)?{_FORM}\b(?!\s+in\s+a\s+row)|\bhours?\s+late\b"
    rf"|\b(?:a|an|the|one|any|your|last)\s+(?:[a-z]+\s+){{0,2}}?(?:dose|tablet|pill|capsule|injection|patch|puff|application)\s+(?:is|was|be|has\s+been|gets)\s+{_GONE}\b"
    r"|\b(?:miss(?:es|ed|ing)?|forg[eo]t(?:s|ten|ting)?|skip(?:s|ped|ping)?)\s+(?:to\s+take\s+)?(?:a|an|the|one|your|their|his|her)\s+"
    r"(?:[a-z]+\s+){0,2}?(?:dose|tablet|pill|capsule|injection|patch|puff|application)\b"
)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|several|many|more\s+than\s+(?!\w+\s+(?:hours?|h)\b)|\d+\s+or\s+more|restart\w*|re-?titrat\w*|reload\w*|resum\w*|(?:start|begin)\w*\s+(?:again|anew|afresh))\b",
    re.I,
)
_POISONED = re.compile(
    r"\W*(?:(?:acute|massive|accidental|deliberate|signs\s+of|in|if|an?)\s+)*(?:overdos(?:e|age)s?|poisoning|toxic\s+doses?|intoxication|lethal\s+doses?|fatal\s+doses?)\W*",
    re.I,
)
# "Toxicity is seen from 100 mg/kg", "ingestion of more than 7.5 g", "seizures have followed 2 g"
_HARM_BEFORE = Cued(
    r"\b(?:toxicity|poisoning|overdosage|intoxication|deaths?|(?:liver|kidney|hepatic|renal|nerve)\s+(?:damage|injury|failure|necrosis))\s+"
    r"(?:(?:is|are|was|were|has|have|been|may|can|be|to|begins?|starts?|occurs?|appears?|develops?|seen|reported|expected|likely|possible|described|usual|usually)\s+)+"
    r"(?:at|from|above|over|with|after|beyond|around|by)\s+(?:(?:single|about|doses?|of|an?|intake|more|than|over|as|little)\s+)*$"
    r"|\bingestion\s+of\s+(?:(?:more|than|over|about|at|least|up|to|as|little)\s+)*$|\b(?:have|has)\s+followed\s+(?:(?:a|single|doses?|of|as|little)\s+)*$"
    r"|\b(?:died?|dead|deaths?|killed|comatose|fits|convulsions|seizures)\s+(?:after|from|on|with|by|at)\s+(?:(?:(?:a|single|an?|doses?|of|only|just|about)\s+)+)?$"
    r"|\b(?:toxic|lethal|fatal)\s+(?:dose|amount)\s+(?:is|lies|of|starts|begins)\s+(?:(?:at|about|around|from|above|over|between)\s+)*$"
)
# "7.5 g may cause liver failure", "10 g at once can kill"
_HARMS = re.compile(
    r"[\d.,–-]+(?:\s+(?:to|or)\s+[\d.,]+)?\s?[A-Za-zµ/²\d]+(?:\s+(?:and|or)\s+(?:above|more|over))?(?:\s+(?!it\b|this\b|they\b|which\b|that\b|as\b|because\b|since\b|and\b|but\b|or\b)[A-Za-z-]+){0,5}?\s+"
    r"(?:(?:have|has|had)?\s*(?:killed|caused|poisoned|proved\s+fatal)|(?:is|are)\s+associated\s+with|(?:may|can|could|might|will)\s+(?:\w+ly\s+|even\s+)?(?:cause|kill|damage|harm|poison|provoke|be\s+(?:\w+ly\s+)?(?:fatal|lethal|toxic|deadly|dangerous)|prove\s+(?:fatal|lethal|toxic|deadly|dangerous)|lead\s+to))\b",
    re.I,
)


def of_mishap(words: Surroundings) -> bool:
    """Whether an amount is one that poisons, or the one to take after a dose was missed."""
    item, amount = words.item, words.at
    a, b = words.sentence
    said = item.text[max(a, item.text.rfind(";", a, amount) + 1) : amount]
    names = (item.label or "", *item.leads)
    missed = any(map(_MISSED.search, (*names, said))) and not _SEVERAL.search(item.text, a, b)
    return bool(
        missed
        or _HARM_BEFORE.search(said)
        or _HARMS.match(item.text, amount)
        or (not _is_given(words.step) and any(map(_POISONED.fullmatch, names)))
    )


def _is_given(step: Step) -> bool:
    """Whether something says how or how often a dose is given: an antidote's, where a poisoning is what is treated."""
    d = step.dosage
    return bool(d.route or d.frequency or d.admin_duration or d.rate_unit or d.when_code)


__all__ = ["of_mishap"]
