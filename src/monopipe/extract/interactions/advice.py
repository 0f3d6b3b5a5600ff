"""What a text advises on an interaction, and how severe it calls it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from monopipe.cues import Cued
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.interactions.clauses import spans
from monopipe.extract.interactions.effects import CLAUSE_END
from monopipe.extract.phrasing import Found, lowered, phrasebook
from monopipe.signs import signs

_SOME_PATIENTS = re.compile(
    r"\s+(?:(?:in|for|if|when)\b(?!\s+(?:combination|all|any))|(?:at|with|above|over)\s+(?:(?:high|higher|large|daily)\s+)*(?:doses?\b|\d))"
)
_SOME_DOSES = re.compile(r"\s+(?:around|with|at|during|after)\s+(?:\w+\s+)?(?:high|low|large|higher)[- ]dos")
_SIGN = signs("interactions")
_SOON = re.compile(_SIGN["soon"])
"""Words behind "do not take" that forbid it only near in time: "within 2 hours of" (of a day or more is a ban), "from 48 hours before until 2 weeks after"."""
_NO_INTERVAL = re.compile(
    r"\b(?:up to|for|within|until|over|lasts?|about)\s+(?:\w+\s+)?[\d.,–-]+\s+$|\bfor (?:many|several|some)\s+$"
)
_DOES = re.compile(
    r"\s+(?:(?:may|can|could|will|also)\s+)?(?:increase|raise|cause|lead|have|carry|prolong|enhance|reduce|decrease|add|produce|were)\b"
)
_AT_DOSES = re.compile(r"\b(?:at|even with|with) (?:\w+ )?(?:lower|higher|reduced) doses?$")
_SEPARATE_THING = re.compile(r"\s+(?:sites?|limbs?|arms?|syringes?|injections?|needles?|lines?|occasions?|row|study)\b")
_STOPPED = re.compile(r"\b(?:stop|stopped|discontinue|discontinued|suspend|suspended|interrupt|interrupted|postpone)\b")
_INTERVAL_BEFORE = re.compile(r"[^.;]*?\b\d+\s*(?:h|hours?|days?|weeks?)\s+before\b|\s+(?:screening|testing|the test)")
_STRICTEST = ("contraindicated", "avoid", "adjust_dose", "separate_timing", "monitor", "none_needed")
_DOSE = Cued(_SIGN["adjust_dose"])


# "Choose something else.", "Switch to another antibiotic."
_SOMETHING_ELSE = re.compile(_SIGN["something_else"])
_INTERVAL = Cued(_SIGN["interval"])
_MEASURE = Cued(r"\bmeasure (?:the )?(?:[\w-]+ )?(?:(?:plasma|serum|blood) )?(?:levels?|concentrations?)\b")
_BEFOREHAND = re.compile(rf"[^.;]{{0,25}}?\b{_SIGN['time']}\s+(?:before|beforehand|earlier)\b", re.I)


class Advice(NamedTuple):
    """A piece of advice, its rank (the strictest is 0), and the clause that gives it."""

    rank: int
    management: str
    clause: str


def advice_of(texts: Iterable[str]) -> list[Advice]:
    """The pieces of advice of the texts, in order.

    >>> [a.management for a in advice_of(["more bleeding; avoid, or monitor the INR"])]
    ['avoid', 'monitor']
    """
    given: list[Advice] = []
    for text in texts:
        if not_with := _NOT_WITH.match(text):
            given.append(Advice(_STRICTEST.index("avoid"), "avoid", text[not_with.start() :].strip(" .;,")))
        for start, end in spans(CLAUSE_END, text, 0, len(text)):
            clause = text[start:end].strip(" .;,")
            for found in phrasebook("interaction_management").scan(text, start, end):
                management, rank = _read(text, start, end, found)
                if management:
                    given.append(Advice(rank, management, clause))
            if _NO_EXTRA.search(lowered(text), start, end):
                given.append(Advice(_STRICTEST.index("none_needed"), "none_needed", clause))
            stopped = _STOPPED.search(lowered(text), start, end)
            if stopped and _INTERVAL_BEFORE.match(lowered(text), stopped.end(), end):
                given.append(Advice(_STRICTEST.index("separate_timing"), "separate_timing", clause))
            if dose := _DOSE.search(text, start, end):
                # "no need to halve the dose", "the dose does not need to be halved"
                last = text.rfind(" ", 0, dose.end()) + 1
                spared = any(_is_spared(lowered(text), start, at) for at in (dose.start(), last))
                spared = spared or _NOT_NEEDED.match(text, dose.end(), end) is not None
                management = "none_needed" if spared else "adjust_dose"
                given.append(Advice(_STRICTEST.index(management), management, clause))
            if _SOMETHING_ELSE.search(lowered(text), start, end):
                given.append(Advice(_STRICTEST.index("avoid"), "avoid", clause))
            if _MEASURE.search(text, start, end):
                given.append(Advice(_STRICTEST.index("monitor"), "monitor", clause))
            if _INTERVAL.search(text, start, end):
                given.append(Advice(_STRICTEST.index("separate_timing"), "separate_timing", clause))
    if any(a.management == "separate_timing" for a in given):  # "must not be taken at the same time; 2 hours apart"
        given = [
            a
            for a in given
            if a.management not in ("contraindicated", "avoid") or not _AT_ONCE.search(lowered(a.clause))
        ]
    return given


_AT_ONCE = re.compile(r"\b(?:at the same time|simultaneous(?:ly)?|at once)\b")
# "No extra monitoring", "There is no need to separate them", "They need not be taken apart"
_SPARED = re.compile(_SIGN["spared"])
_NOT_NEEDED = re.compile(r"\s+(?:is|are)\s+not\s+(?:needed|necessary|required)\b", re.I)
_NEEDS_NOT = re.compile(r"\bneed\s+(?!not\b)")
# "No extra contraception"; "no additional bleeding" would tell an effect.
_NO_EXTRA = re.compile(_SIGN["no_extra"])


def _is_spared(low: str, start: int, at: int) -> bool:
    """Whether the words before a phrase say that what it advises need not be done."""
    m = _SPARED.search(low, start, at)
    return m is not None and not _NEEDS_NOT.match(m.group())


def _read(text: str, start: int, end: int, found: Found) -> tuple[str | None, int]:
    """What a phrase advises in its place, and the rank of that advice."""
    low = lowered(text)
    management = found.line["management"]
    rank = _STRICTEST.index(management)
    if management in ("avoid", "adjust_dose", "separate_timing", "monitor") and _is_spared(low, start, found.start):
        return "none_needed", _STRICTEST.index("none_needed")
    if management == "contraindicated" and _SOME_PATIENTS.match(low, found.end):
        return management, len(_STRICTEST)  # a ban for some patients: any other advice goes first
    if management == "avoid":
        if _MORE_THAN.match(low, found.end, end):
            return "adjust_dose", _STRICTEST.index("adjust_dose")
        if _SOME_DOSES.match(low, found.end, end):
            return management, len(_STRICTEST)
        if _SOON.match(low, found.end, end):
            return "separate_timing", _STRICTEST.index("separate_timing")
        if low.startswith("with", found.start) and _BEFOREHAND.match(low, found.end, end):
            return "separate_timing", _STRICTEST.index("separate_timing")
    if management == "separate_timing" and (
        _NOT_APART.search(low, start, found.start)
        or "within" in low[start : found.end]
        or _NO_INTERVAL.search(low, start, found.start)
        or _SEPARATE_THING.match(low, found.end)
    ):
        return None, rank
    if management == "adjust_dose" and (_DOES.match(low, found.end) or _AT_DOSES.search(low, start, found.end)):
        return None, rank  # "higher doses increase the bleeding" tells an effect
    if (
        management == "adjust_dose"
        and low.endswith("dose of", start, found.end)
        and _GIVEN_DOSE.search(low, start, found.start)
    ):
        return None, rank  # "falsely high after a dose of it"
    if management == "none_needed" and (
        _DIFFERENT_SITE.search(low, found.end, end) or _WITH_CARE.match(low, found.end, end)
    ):
        return None, rank
    return management, rank


_NOT_APART = re.compile(
    r"\b(?:not|never|needn['’]t)\s+(?:(?:to\s+)?(?:be\s+)?(?:taken\s+|given\s+)?)$"
)  # "should not be separated from food"
_GIVEN_DOSE = re.compile(r"\b(?:after|an?|each|every|one|single|same|any|last|first)\s+$")
_NOT_WITH = re.compile(r"\W*(?:not|never) (?:together )?with\b", re.I)  # "but not with …" denies an interaction
# "do not give more than 20 mg"
_MORE_THAN = re.compile(r"\s+(?:more than|above|over|doses? (?:above|over|of more than|higher than))\s+\d")
_WITH_CARE = re.compile(
    r"\s+(?:together\s+|at the same time\s+)?(?:only\b|(?:with|under)\s+(?:\w+\s+)?(?:care|caution|monitoring|supervision)\b|cautiously|carefully)"
)
_DIFFERENT_SITE = re.compile(r"\bat (?:different|separate|another|other) (?:injection )?sites?\b")


_OF_A_DRUG = re.compile(
    r"\b(?:avoid(?:ing)?|(?:do not|don't|never) (?:give|use|take|add|prescribe)|contraindicated with|combined? with|taken? with|given? with|not with)\s+(?:(?:the|use|of|with|oral|im|iv)\s+){0,2}(?P<banned>[a-z][a-z-]{4,})"
    r"|(?<!unless )(?<!if )(?<!when )(?<!because )(?<!while )(?<![\w-])(?P<it>[a-z][a-z-]{4,})(?:,?\s+(?:which|that))?\s+(?:is|are|should|must|may|can)\b"
)


def _is_of_another(clause: str, names: tuple[str, ...], own: Collection[str]) -> bool:
    """Whether a ban, or leave, is for another drug: "clarithromycin is contraindicated" among macrolides."""
    others = (m["banned"] or m["it"] for m in _OF_A_DRUG.finditer(clause))
    if not any(names_other_drug(word, own) and not any(word in name.split() for name in own) for word in others):
        return False
    return not any(re.search(rf"(?<![\w-]){re.escape(name)}", clause) for name in names)


def management_of(
    given: Iterable[Advice], mine: Iterable[str], others: Iterable[str], own: Collection[str] = ()
) -> tuple[str, str | None]:
    """The strictest advice for an interactant, and its clause; advice that names only others is theirs.

    >>> given = advice_of(["Enhanced sedation; avoid alcohol"])
    >>> management_of(given, ["diazepam"], ["alcohol"])
    ('not_stated', None)
    >>> management_of(advice_of(["avoid simvastatin"]), ["statins"], ())
    ('not_stated', None)
    """
    names, rest = tuple(mine), tuple(others)
    best: Advice | None = None
    for advice in _of_strength(list(given), names):
        low = lowered(advice.clause)
        if any(n in low for n in rest) and not any(n in low for n in names):
            continue
        if (
            names
            and advice.management in ("avoid", "contraindicated", "none_needed")
            and _is_of_another(low, names, own)
        ):
            continue
        if best is None or advice.rank < best.rank:
            best = advice
    return (best.management, best.clause) if best else ("not_stated", None)


_STRENGTH = re.compile(
    r"\b(?P<how>strong|potent|powerful|moderate|weak|mild)(?=\s+(?:ones?|inhibit|induc|cyp|p-gp)|\s*(?:[.;,:–-]|$)|\s+(?:and|or)\b)"
)


def _of_strength(given: list[Advice], names: tuple[str, ...]) -> list[Advice]:
    """The advice for an inhibitor or inducer of a strength; where only some are meant, none for all of them.

    "No adjustment for moderate; avoid strong ones" advises nothing on "CYP3A4 inhibitors".
    """
    told = [{m["how"] for m in _STRENGTH.finditer(lowered(a.clause))} for a in given]
    if len(set[str]().union(*told)) < 2:
        return given
    own = {m["how"] for name in names for m in _STRENGTH.finditer(name)}
    return [a for a, how in zip(given, told, strict=True) if not how or how & own]


_CONTRAINDICATED = re.compile(r"\bcontra-?indicated\b")
_SEVERITY = re.compile(
    r"\b(major|moderate|minor|severe|serious)\b(?=[\s-]*(?:drug[\s-]*)?(?:interaction|severity|$|\)))|severity:\s*(major|moderate|minor)"
)


def severity_of(text: str) -> str:
    """The severity of an interaction, only where the text calls it so."""
    low = lowered(text)
    barred = list(_CONTRAINDICATED.finditer(low))
    if any(not _SOME_PATIENTS.match(low, m.end()) for m in barred):
        return "contraindicated"  # "contraindicated in renal impairment" bars it for some
    m = _SEVERITY.search(low)
    return {"severe": "major", "serious": "major"}.get(m[1] or m[2], m[1] or m[2]) if m else "unknown"
