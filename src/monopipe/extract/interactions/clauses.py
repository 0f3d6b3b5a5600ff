"""One clause on an interaction: a word for a change ("increased", "lowers") meets a word for what changes ("levels", "risk").

An untoward event ("bleeding") counts as increased by itself. What stands behind "by", "due to" or "through" explains the
mechanism and is no effect of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monopipe.extract.interactions.mechanisms import mechanism_of
from monopipe.extract.interactions.owners import NOT, Carried, Clause
from monopipe.extract.interactions.parties import NO_INTERACTION, Effect, Parties
from monopipe.extract.phrasing import Found, phrasebook
from monopipe.signs import signs

_PART = re.compile(r"(?=[\s,])(?:,\s+(?:and|or)\s+|,\s+|\s+and/or\s+|\s+and\s+|\s+or\s+|\s+\+\s+)")

CAUSE = re.compile(
    r"\b(?:by (?!up|about|\d|mouth|half|a factor)|due to|because|owing to|through|via|as a result of|from|secondary to|since|which in turn)\b"
    r"|(?<=,)\sas (?=(?:its|their|the|this|these|both|it|they)\b)"
)

ASIDE = re.compile(
    r"^(?:even|despite|although|regardless|without|unlike|e\.g\.|for example|in the uk|until|combine only|unless)\b"
)

_WORDING = signs("interactions")
ADVICE = re.compile(rf"\s*(?:please\s+|also\s+|therefore\s+)?{_WORDING['how_closely']}?{_WORDING['advice']}\b")

MAY = re.compile(
    r"\b(?:may(?! be (?:safely )?(?:used|given|taken|continued|combined|co-?administered|prescribed|needed|required|necessary|intended)\b)|might|could|possible|possibly|potential (?:for|to)|theoretical(?:ly)?|said to|thought to|believed to|likely to|expected to|suspected)\b"
)

_ALL_POSSIBLE = re.compile(
    r"(?<!where)(?<!if)(?<!when)(?<!whenever)(?<!as) possible\W*$"
    r"|^(?:(?!\b(?:is|are|was|were|has|have|\w+(?:reases|ises|ces|bits|leads|sults|auses))\b)[^;:])*\b(?:may|might|could)(?: also)? (?:result|occur|happen|develop|ensue|follow|arise|appear|be seen)\W*$"
)
"""What stands at the end and holds for all before it: "Profound sedation, coma and death may result"."""

_ADVISED = re.compile(
    r"\b(?:should|must|needs? to|ha(?:s|ve) to|(?:is|are|ought) to) (?:\w+ ){0,2}?be (?:\w+ly )?"
    r"(?:monitored|checked|measured|watched|observed|followed|controlled|assessed|tested|determined)\b"
)
"""Behind an effect, advice on what it changes: "…, and its levels should be monitored"."""

_AND_ACTS = re.compile(
    r",\s+(?:(?:causing|leading to|resulting in|with)\s+(?=(?:\w+\s+){0,3}risks?\b)|(?:and|so)\s+)(?=(?:an?|the|\w+ed|greater|higher)\s+(?:\w+\s+)?risks?\b|(?:it|this drug|[a-z]{5,})\s+(?:\w+ly\s+|may\s+)?[a-z]+s?\s+(?:its|their|the)\b)"
)
"""Where a clause with a subject of its own follows a cause: "… by xanthine oxidase, and febuxostat raises their levels"."""

_ACTS = re.compile(r"(?:acts?|works?) ")

_EACH = re.compile(r"^(?:the other|each other|one another)\b")

_UP = r"(?:rise|raised?|increased?|higher|up|more|longer|stronger|enhanced?)"

_DOWN = r"(?:fall|fallen|drop|lower|lowered|reduced?|decreased?|down|less|shorter|weaker)"

_WANTED = re.compile(
    r"\b(?:(?:reduc|blunt|weaken|lessen|lower|decreas|diminish|impair|oppos|antagoni[sz])\w*\s+(?:the\s+|its\s+)?(?:effects?|action)\s+on|control\s+of)\s+(?:the\s+)?$"
)
_LOWERING = re.compile(r"(?:[ -](?:sugar|glucose|pressure|lipid))?[ -](?:lowering|reducing|raising|controlling)\b")

_EITHER_WAY = re.compile(
    rf"\b(?:raises?|increases?|lowers?|reduces?|decreases?),\s+[^,.;]{{3,60}}\b(?:raises?|increases?|lowers?|reduces?|decreases?)\b|\beither\b|\b(?:falls?|rises?|drops?|increases?|decreases?) (?:at first|initially|first)\b|\b(?:at first|initially) (?:falls?|rises?|drops?|increases?|decreases?)\b|\b(?:potentiate|increase|enhance|raise|strengthen)(?:d|s|ed)? or (?:weaken|decrease|reduce|lower|impair|diminish)(?:d|s|ed)?\b|\b{_UP} or {_DOWN}\b|\b{_DOWN} or {_UP}\b|\bunpredictabl[ey]\b"
)

_PLASMA = re.compile(r"\b(?:plasma|serum|blood)\s+(?P<name>[a-z-]{5,})")

_DOSE = re.compile(r"\b(?:doses?|dosages?|dosing)\b")

_SETTING = re.compile(
    r"\b(?P<before>\w+\s+)?(?:in|during|when|if|after|while|with pre-?existing|patients with)\s+(?:[\w-]+\s+){0,4}$"
)

_OUTCOME = re.compile(
    r"(?:with|and so|leading to|resulting in|so that|which (?:raises|lowers|increases|decreases)|raising|lowering|thus|hence)\b"
)

_ITS_TOXICITY = re.compile(
    r"\s*(?:\w+ )?toxicity\b"
)  # of the drug just named: "methotrexate clearance and greater toxicity"

_RISES = re.compile(r"\b(?:may|can|could|will|might|levels|concentrations|both) (?:rise|increase|fall|decrease)s? $")

_SIGN = re.compile(r"\s+(?:as|is|being) (?:an?|the) (?:[\w-]+ )?(?:sign|clue|hint|marker|symptom)\b")

# "in elderly hypertensives"
_ARE_PEOPLE = re.compile(r"(?:hyper|hypo)tensives\b|[\w-]+ (?:patients|people|adults|children|volunteers)\b")
_NO_SETTING = frozenset(
    "result results resulting resulted increase increases rise rises fall falls decrease decreases drop reduction change changes".split()
)

_CONSEQUENCE = re.compile(
    r"\b(?:with|causing|cause|causes|leading to|leads? to|resulting in|results? in|and thus|which|hence)\b"
)


def spans(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of text[start:end] between matches that stand outside brackets."""
    at = start
    for m in pattern.finditer(text, start, end):
        if text.count("(", start, m.start()) > text.count(")", start, m.start()):
            continue
        if text[at : m.start()].strip():
            yield at, m.start()
        at = m.end()
    if text[at:end].strip():
        yield at, end


def clause_effects(text: str, low: str, parties: Parties) -> list[Effect]:
    """The effects of one clause; a change carries on over 'and' and commas: 'increased levels and toxicity'."""
    cause = CAUSE.search(low)
    region_end = cause.start() if cause and cause.start() > 3 else len(low)
    mechanism = mechanism_of(text)
    carried = Carried()
    told: list[Effect] = []
    for a, b in spans(_PART, low, 0, region_end):
        if a and (ADVICE.match(low[a:b]) or only_advises(low[a:b])):
            continue
        if told and _OUTCOME.match(low[a:b]):
            told[-1] = replace(told[-1], leads=True)
        told.extend(_part(text, low, a, b, parties, mechanism, carried))
    if region_end < len(low) and (more := _AND_ACTS.search(low, region_end)):
        for a, b in spans(_PART, low, more.end(), len(low)):
            told.extend(_part(text, low, a, b, parties, mechanism, Carried()))
    if _EITHER_WAY.search(low):
        told = [replace(e, direction="unclear") if e.direction != "unchanged" else e for e in told]
    if any(e.target == "toxicity_risk" and e.direction == "increased" for e in told):
        # "an additive effect with pancytopenia": the event is what the effect comes to
        told = [e for e in told if (e.target, e.direction, e.affected) != ("efficacy", "increased", "unknown")]
    return told


def only_advises(part: str) -> bool:
    """Whether words only tell to watch something: "seizure control should be monitored"."""
    advised = _ADVISED.search(part)
    return advised is not None and phrasebook("interaction_changes").first(part, 0, advised.start()) is None


def _part(
    text: str, low: str, a: int, b: int, parties: Parties, mechanism: tuple[str, str | None], carried: Carried
) -> Iterator[Effect]:
    """The effects of one part of a clause."""
    part = low[a:b]
    changes = [
        c
        for c in phrasebook("interaction_changes").scan(part)
        if part[c.start - 1 : c.start] != "-" and c.line["direction"] != "none"
    ]
    if changes or part.startswith(("with ", "by ", "in ")):
        carried.change = None
    if changes and changes[0].line["form"] == "verb" and not NOT.search(part):
        carried.negated = False
    targets = [t for t in phrasebook("interaction_targets").scan(part) if not _is_setting(part, t)]
    plasma = _PLASMA.search(part)
    if not targets and not (plasma and changes):
        yield from _opposed(text, part, changes, parties, mechanism)
        carried.change = changes[-1] if changes and not _DOSE.search(part) else carried.change
        carried.negated = carried.negated or NOT.search(part) is not None
        return
    if ASIDE.match(part.strip()):
        return
    reach = len(low) if parties.is_test or _ALL_POSSIBLE.search(low) else b
    clause = Clause(text, low, a, b, parties, mechanism, bool(MAY.search(low, 0, reach)), carried)
    if not targets and plasma:
        yield clause.effect("exposure", _nearest(changes, plasma.start(), plasma.end()), plasma.start(), plasma.end())
    seen: set[str] = set()
    at = 0
    for target in targets:
        kind = target.line["target"]
        event = target.line["event"]
        change = _change_of(part, target, changes, at, carried.change)
        if event and _LOWERING.match(part, target.end):
            continue  # the "blood-pressure-lowering effect" is an effect, no event
        if event == "value" and change is not None and _WANTED.search(part, 0, target.start):
            continue  # "blunts the effect on blood pressure" is an effect lost, no event
        adjacent = not event and 0 < at <= target.start and not part[at : target.start].strip()
        after, at = at, target.end
        degree = part[target.start : target.end] == "fatal" and target is not targets[-1]
        acts = target is not targets[-1] and any(
            c.line["form"] == "verb" and target.end <= c.start <= target.end + 2 for c in changes
        )  # "hypokalaemia favours digoxin toxicity" is about the toxicity
        if kind in seen or adjacent or degree or acts or (change is None and event != "1"):
            continue
        seen.add(kind)
        effect = clause.effect(kind, change, target.start, target.end, target, after)
        if effect.affected == "patient" and carried.owner and _ITS_TOXICITY.match(part):
            effect = replace(effect, affected=carried.affected or carried.owner)
        if event or change is not carried.change:
            effect = replace(effect, part=text[a:b].strip(" .;,"))
        if effect.affected in ("this_drug", "interactant", "both") and kind != "toxicity_risk":
            carried.affected = effect.affected
        acts = change is not None and change.line["form"] == "verb"
        yield replace(effect, leads=acts or target is not targets[-1])
    carried.change = changes[-1] if changes else carried.change
    carried.owner = parties.owner(part) or carried.owner
    carried.negated = carried.negated or any(n.group() != "without" for n in NOT.finditer(part))


def _is_setting(part: str, target: Found) -> bool:
    """Whether an event is only where or when something else happens: "in anaphylaxis", "in renal impairment"."""
    if target.line["event"] != "1" or target.line["target"] != "toxicity_risk":
        return False
    m = _SETTING.search(part, 0, target.start)
    if _SIGN.match(part, target.end) or _ARE_PEOPLE.match(part, target.start):
        return True
    if m is None:
        return False
    return (m["before"] or "").strip() not in _NO_SETTING or _RISES.search(part, 0, m.end("before")) is not None


def _change_of(part: str, target: Found, changes: list[Found], at: int, carried: Found | None) -> Found | None:
    """The change that belongs to a target.

    An untoward event is increased by itself: a change before it counts unless another target or a word like "with"
    stands between them, as in "lower levels with a risk of rejection".
    """
    event = target.line["event"]
    inside = [c for c in changes if target.start < c.start and c.end <= target.end]
    if inside and _ACTS.match(part, target.start):
        return inside[-1]  # "act more strongly"
    if event == "1" and target.line["target"] != "test_result":
        before = [c for c in changes if c.end <= target.start]
        after = [c for c in changes if c.start >= target.end]
        if before and before[-1].start >= at and not _CONSEQUENCE.search(part, before[-1].end, target.start):
            return before[-1]
        if not before and after and after[0].line["form"] == "noun":
            return after[0]
        own = carried is not None and carried.line["direction"] == "increased" and not before
        return carried if own else None
    return _nearest(changes, target.start, target.end) or carried


def _opposed(
    text: str, part: str, changes: list[Found], parties: Parties, mechanism: tuple[str, str | None]
) -> Iterator[Effect]:
    """The effect of a verb whose object is the drug itself: 'opposes warfarin', 'binds oral vancomycin'."""
    possible = "possible" if MAY.search(part) else "affirmed"
    for change in changes:
        target = change.line["object"]
        if not target:
            continue
        told = part[change.end :].strip()
        imperative = not part[: change.start].strip() and not part[: change.end].endswith("s")
        if imperative and _TO_AMOUNT.match(told):
            continue  # "reduce testolol to 1 mg" is advice
        behind = re.sub(r"^(?:the|oral|it\b)\s*", "", told) or "it"
        if NOT.search(part):
            if behind.startswith((*parties.own, "this drug", *parties.others)):
                yield replace(NO_INTERACTION, text=text.strip(" .;,"))
                return
            continue
        if target == "efficacy" and _BY_SHARE.search(told):
            target = "exposure"  # "decreases methadone by about 50%"
        kind = ("pk_absorption", None) if target == "absorption" else mechanism
        acts = parties.subject == "interactant"
        direction = change.line["direction"]
        if _EACH.match(told):
            yield Effect(target, direction, "both", possible, text.strip(" .;,"), *kind)
            return
        if acts and behind.startswith((*parties.own, "this drug")):
            yield Effect(target, direction, "this_drug", possible, text.strip(" .;,"), *kind)
            return
        if behind.startswith(parties.others) and parties.others and (not acts or _own_acts(part, change, parties)):
            yield Effect(target, direction, "interactant", possible, text.strip(" .;,"), *kind)
            return


_BY_SHARE = re.compile(r"\bby\s+(?:about\s+|up\s+to\s+|some\s+)?[\d–-]+\s?%|\b\d+[- ]?fold\b")
_TO_AMOUNT = re.compile(r"[\w -]{3,40}?\s(?:to|by)\s+(?:an?\s|one\s|half\b|\d)")


def _own_acts(part: str, change: Found, parties: Parties) -> bool:
    return any(owner == "this_drug" and end <= change.start for _, end, owner in parties.mentions(part))


def _nearest(changes: list[Found], start: int, end: int) -> Found | None:
    """The change that belongs to a target: the last one before it, else the first behind it."""
    before = [c for c in changes if c.start <= start]
    after = [c for c in changes if c.start >= end]
    return before[-1] if before else after[0] if after else None
