"""What a clause advises on dosing this drug: phrases of a vocabulary, and what takes them back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe import vocabulary
from monopipe.cues import Cued, Family, folded
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.reading import Reading

_DOSE = r"(?:dos(?:e|es|age|ages|ing)|requirements?|amounts?|needs?)"
_ADVICE = tuple(
    (
        Cued(v["pattern"].replace("DOSE", _DOSE)),
        v["recommendation"],
        Cued(v["unless"]) if v["unless"] else None,
    )
    for v in vocabulary.rows("guidance")
)
_MAY_ADVISE = Family(advice for advice, _, _ in _ADVICE)
_ACTS = frozenset(("discontinue", "interrupt", "use_allowed", "consider"))
_REFUSALS = frozenset(("not_recommended", "contraindicated"))

# "Interrupt treatment until calcium is normal": what is done ends before the condition.
_THEN = re.compile(r"\b(?:until|when|if|once|while|unless)\b", re.I)

_FOR_A_WHILE = re.compile(
    r"\b(?:until|re-?start(?:ed)?|resum(?:e|ed)|temporarily|on the day|beforehand|\d+ (?:hours|days|weeks) (?:before|in advance|ahead))\b",
    re.I,
)


def recommendations(clause: str, sentence: str, reading: Reading) -> Iterator[str]:
    """What a clause advises on this drug; `sentence` is the clause with what follows it.

    "Stop until it falls" interrupts, "stop" discontinues; what is done with another drug is no advice on this one.
    """
    found: list[str] = []
    for k in _MAY_ADVISE.may_match(folded(clause)):
        advice, recommendation, unless = _ADVICE[k]
        if recommendation in found:
            continue
        m = advice.expression.search(clause)
        if m is None or (unless and unless.search(clause)):
            continue
        if recommendation in _ACTS and _acts_on_other(clause, m.start(), m.end(), reading):
            continue
        if recommendation in _REFUSALS and _is_about_other(clause[: m.start()], reading):
            continue  # "Unfractionated heparin should not be given on top."
        if recommendation == "discontinue" and _FOR_A_WHILE.search(sentence):
            recommendation = "interrupt"
        found.append(recommendation)
    if "not_recommended" in found or "contraindicated" in found:
        found = [r for r in found if r in ("not_recommended", "contraindicated", "monitor", "caution")]
    if "contraindicated" in found and "not_recommended" in found:
        found.remove("not_recommended")
    if "no_adjustment" in found:
        found = [r for r in found if r not in ("adjust_dose", "reduce_dose", "use_allowed", "consider")]
    if "reduce_dose" in found:
        found = [r for r in found if r not in ("adjust_dose", "use_allowed")]
    if len(found) > 1 and "use_allowed" in found:
        found.remove("use_allowed")
    yield from found


def _acts_on_other(clause: str, start: int, end: int, reading: Reading) -> bool:
    """Whether the act is done with another drug: "stop warfarin", "fentanyl is preferred", "consider prednisone"."""
    before, behind = (
        re.findall(r"[A-Za-z-]+", clause[:start]),
        re.findall(r"[A-Za-z-]+", _THEN.split(clause[end:])[0])[:3],
    )
    words = behind if not before else [*before[-5:], *behind[:2]]
    if any(w.lower() in reading.own_names for w in words):
        return False
    return any(names_other_drug(w, reading.own_names) for w in words)


def _is_about_other(subject: str, reading: Reading) -> bool:
    """Whether a sentence's first words name another drug and not this one."""
    words = [w.lower() for w in re.findall(r"[A-Za-z-]+", subject)[:4]]
    return any(names_other_drug(w, reading.own_names) for w in words) and not reading.own_names & set(words)
