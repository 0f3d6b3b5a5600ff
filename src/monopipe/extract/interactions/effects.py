"""What an interaction does: what changes, in which direction, for whom, and by which mechanism.

A text is read clause by clause; a clause of advice states an effect only in its reason, and a denial stands only where
the text states nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monopipe.cues import Cued
from monopipe.extract.interactions.clauses import ADVICE, ASIDE, CAUSE, MAY, clause_effects, only_advises, spans
from monopipe.extract.interactions.owners import NOT, PROCESS_KINDS
from monopipe.extract.interactions.parties import NO_INTERACTION, Effect, Parties
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.signs import signs

CLAUSE_END = re.compile(
    r"(?=[\s;.,])(?:\s*;\s*|\.\s+|\s[–—]\s|\.\s*$|,\s+(?:hence|but|so)\s+|\s+but\s+|,?\s+whereas\s+|,\s+although\s+)"
)

_REASON = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|as|since|on account of|given)\s+|:\s+|\(|,\s+(?=(?:increased?|higher|greater|additive|risk|may|possible|enhanced|severe|reduced|decreased)\b)"
)

_SOUGHT = re.compile(r"\b(?:for|of)\s+(?:signs?\s+(?:and symptoms\s+)?of\s+|symptoms?\s+of\s+|evidence\s+of\s+)?")

_SIGN = signs("interactions")
_NO_INTERACTION = Cued(_SIGN["no_interaction"], re.NOFLAG)

# "…; transdermal forms do not": what other forms do not do, the one just told of does.
_OTHER_FORMS = re.compile(
    r"\W*(?:[\w-]+ )?(?:forms?|preparations?|formulations?|products?|patch(?:es)?|gels?|injections?|others)\s+(?:do|does|did|are|is)(?: not|n't)\b"
)
_STOPPED = Cued(_SIGN["stopped"])
_LEVEL = re.compile(r"\b(?:levels?|concentrations?|exposure|auc|clearance|metabolism)\b")
_PROCESSES = {"metabolism": -1, "elimination": -1, "absorption": 1}
"""What happens to exposure as a process goes up."""


# "These painkillers make losartan work less well", in the words of other texts: they lower its effect.
_WORKS = re.compile(
    r"\bmakes?\s+(?P<who>[\w-]+)\s+(?:(?:much|a little|a bit|even)\s+)?(?:(?:work|act)\s+(?:(?:much|a little|a bit|even)\s+)?(?:less(?: well| strongly)?|worse|more weakly)"
    r"|(?:work|act)\s+(?P<up>better|more strongly|too strongly|longer)|weaker|less potent|(?P<strong>stronger|more potent))\b",
    re.I,
)


# "small increase, no action required" denies no effect, and the rate of absorption is no risk.
_NO_EFFECT_WORDS = re.compile(
    r"(?:,?\s+and)?,?\s*\bno (?:further |special |specific )?actions?(?: (?:is|are))?(?: (?:required|needed|necessary|advised|recommended))?(?=\W*(?:$|[.;,)]))"
    r"|\b(?:the )?rate (?:and extent )?of (?=(?:[\w-]+ )?(?:absorption|elimination|excretion|metabolism|clearance)\b)",
    re.I,
)
# "delays but does not reduce absorption" tells what is delayed.
_ONLY_DELAYS = re.compile(
    r"\b(?P<verb>delays?|slows?|retards?),? but (?:does|do) not (?:reduce|decrease|lower|affect|change|alter|diminish),? (?:the (?:extent|amount) of )?(?P<what>(?:its |the )?absorption)\b",
    re.I,
)
# "The vaccine may not take", "the pill may fail": it has less effect.
_FAILS = re.compile(
    r"\b(?:(?P<may>may|might|can|could|will) (?:fail|not (?:work|take|protect|respond))|(?:does|do) not (?:work|protect)|fails?)\b(?! (?:to|for|as|in|at|more|any|the|an?)\b)(?=[^.;]{0,20}(?:[.;]|$))",
    re.I,
)


_ACCUMULATES = re.compile(r"\b(?:accumulates?|builds? up)\b", re.I)


def _as_effect(m: re.Match[str]) -> str:
    return f"{'increase' if m['up'] or m['strong'] else 'reduce'} the effect of {m['who']}"


def _as_less(m: re.Match[str]) -> str:
    return f"{m['may'] or 'will'} have less effect"


def effects(text: str, parties: Parties) -> list[Effect]:
    """The effects that a text states, in order, each kind once; a denial only where it states none.

    A clause of advice states an effect only in its reason ("avoid because of bleeding"); where the text says nothing
    else, what the advice tells to look for counts ("monitor for bleeding").
    """
    text = _NO_EFFECT_WORDS.sub(lambda m: " " * len(m.group()), text)
    works = _ONLY_DELAYS.sub(r"\g<verb> \g<what>", _WORKS.sub(_as_effect, text))
    works = _ACCUMULATES.sub("its levels rise", _FAILS.sub(_as_less, works))
    if works != text:
        return [replace(e, text=text.strip(" .;,")) for e in effects(works, parties)]
    found: list[Effect] = []
    sought: list[Effect] = []
    denied: Effect | None = None
    for start, end in spans(CLAUSE_END, text, 0, len(text)):
        low = lowered(text[start:end])
        if ASIDE.match(low) or _OTHER_FORMS.match(low):
            continue
        if _STOPPED.search(low) and _LEVEL.search(low):
            continue  # "on stopping smoking levels rise" tells what the interactant does no more
        if _NO_INTERACTION.search(low) and not _affirmed_change(low):
            denied = denied or replace(NO_INTERACTION, text=text[start:end].strip())
            continue
        if advice := ADVICE.match(low):
            reason = _REASON.search(low, advice.end())
            if reason:
                found.extend(clause_effects(text[start + reason.end() : end], low[reason.end() :], parties))
            elif looked := _SOUGHT.search(low, advice.end()):
                sought.extend(clause_effects(text[start + looked.end() : end], low[looked.end() :], parties))
            continue
        told = list(clause_effects(text[start:end], low, parties))
        if only_advises(low):
            sought.extend(told)
            continue
        if found and low.startswith("that ") and text[:start].endswith("so "):
            found[-1] = replace(found[-1], leads=True)  # "excretion is reduced, so that levels rise"
        cause = CAUSE.search(low) if not told else None
        advised = cause and phrasebook("interaction_management").first(low, 0, cause.start())
        if cause and (advised or "caution" in low[: cause.start()]):
            told = list(
                clause_effects(text[start + cause.end() : end], low[cause.end() :], parties)
            )  # "is barred because of …"
        several = len({e.target for e in told}) > 1
        found.extend(replace(e, text=e.part or e.text) if several else e for e in told)
    if not found and not denied and parties.is_test:
        found.extend(_reading(text))
    unique: dict[tuple[str, str, str], Effect] = {}
    for effect in found or [] if denied else found or [e for e in sought if e.target == "toxicity_risk"]:
        key = effect.target, effect.direction, effect.assertion
        if key not in unique or (unique[key].affected == "patient" and effect.affected not in ("patient", "unknown")):
            unique[key] = effect
    stated = [e for e in unique.values() if e.assertion != "negated"]
    if _watches_other(text, parties):
        stated = [
            replace(e, affected="interactant")
            if e.target == "exposure" and e.affected != "both" and not _is_of_this(e, parties)
            else e
            for e in stated
        ]
    if not stated and (denied or unique):
        return [denied or replace(NO_INTERACTION, text=next(iter(unique.values())).text)]
    return _summed(stated)


_WATCHES = re.compile(
    r"\b(?:monitor|check|measure|follow|control|determine)\s+(?:the\s+)?(?:(?:plasma|serum|blood)\s+)?"
    r"(?:(?:levels?|concentrations?) of (?P<of>[\w-]+)|(?P<name>[\w-]+)(?: (?:plasma|serum|blood))? (?:levels?|concentrations?))"
)


def _is_of_this(effect: Effect, parties: Parties) -> bool:
    """Whether the words of an effect name this drug: "monitor phenytoin levels; testolol levels may fall"."""
    return any(m[2] == "this_drug" for m in parties.mentions(lowered(effect.text or "")))


def _watches_other(text: str, parties: Parties) -> bool:
    """Whether a text that names no owner tells to watch the other's level: "Increased levels; monitor digoxin levels"."""
    low = lowered(text)
    watched = _WATCHES.search(low)
    if watched is None or parties.modulator:
        return False
    named = parties.mentions(low[: watched.start()]) or re.search(r"\b(?:its|their)\b", low[: watched.start()])
    return not named and (watched["of"] or watched["name"]) in parties.others


_READS = re.compile(
    r"\b(?:be|is|are|reads?|appears?|seems?|looks?|comes? out|turns?(?: out)?|becomes?) (?:\w+ly )?(low|high|positive|negative|unreliable|invalid|uninterpretable|inaccurate)\b|\bcannot be (trusted|relied on|interpreted)\b"
)


_READINGS = {"low": "decreased", "negative": "decreased", "high": "increased", "positive": "increased"}


def _reading(text: str) -> Iterator[Effect]:
    """What becomes of a test's result, where no word but the test's name says what changes: "may read low"."""
    low = lowered(text)
    changes = list(phrasebook("interaction_changes").scan(text))
    clear = (c for c in changes if c.line["direction"] in ("increased", "decreased"))
    change = next(clear, changes[0] if changes else None)  # "interferes with … and gives falsely high readings"
    reads = _READS.search(low)
    at = reads.start() if reads else change.start if change else 0
    direction = _READINGS.get(reads[1] or "", "unclear") if reads else ""
    direction = direction or (change.line["direction"] if change else "none")
    if direction == "none" or NOT.search(low, 0, at):
        return
    yield Effect(
        "test_result", direction, "interactant", "possible" if MAY.search(low) else "affirmed", text.strip(" .;,")
    )


def _summed(told: list[Effect]) -> list[Effect]:
    """A process that leads to a change in exposure is its mechanism: "lower clearance with higher levels".

    Two findings side by side ("clearance falls and levels rise") are two effects.
    """
    outcome = next((e for e in told if e.target == "exposure" and e.direction in ("increased", "decreased")), None)
    if outcome is None or outcome.assertion == "negated":
        return told
    kept = []
    for effect in told:
        sign = _PROCESSES.get(effect.target)
        follows = effect.leads and sign is not None and effect.assertion != "negated"
        if follows and (effect.direction == outcome.direction) == (sign == 1) and effect.direction != "unclear":
            if outcome.mechanism_kind == "unknown":
                outcome = replace(outcome, mechanism_kind=effect.mechanism_kind or PROCESS_KINDS[effect.target])
            if outcome.affected == "unknown":
                outcome = replace(outcome, affected=effect.affected)
            continue
        kept.append(effect)
    return [outcome if e.target == "exposure" and e.direction == outcome.direction else e for e in kept]


def _affirmed_change(low: str) -> bool:
    change = phrasebook("interaction_changes").first(low)
    negation = NOT.search(low)
    return (
        change is not None
        and change.line["direction"] not in ("none", "unchanged")
        and (negation is None or change.end <= negation.start())
    )
