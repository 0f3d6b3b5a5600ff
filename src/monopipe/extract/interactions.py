"""Interactions: one row for each interactant and effect.

The text comes as labels ("Digoxin: …"), as tables (agent, effect, advice), as prose ("CYP3A4 inducers shorten its action;
avoid"), and as bare lists. An explicit "no interaction" is a negated row; a name without an effect is a row that says no
more than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache

from monopipe import vocabulary
from monopipe.document import Item, sentences
from monopipe.extract.interactants import Interactant, is_described, listed, plausible, vocabulary_words
from monopipe.extract.interaction_advice import management_of, severity_of
from monopipe.extract.interaction_effects import (
    MAY,
    NO_INTERACTION,
    Effect,
    Parties,
    effects,
    mechanism_of,
)
from monopipe.extract.interaction_sentences import VERB, Told, told_of
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.extract.reading import Reading
from monopipe.tables import Interaction

_NO_LEAD = re.compile(r"\b(?:no|without|lack)\b.*\binteraction", re.I)
_EFFECT_HEAD = re.compile(r"effect|result|consequence|outcome|impact|interaction|what happens|mechanism", re.I)
_ADVICE_HEAD = re.compile(r"manage|advice|action|what to do|recommend|comment", re.I)
_SEVERITY_HEAD = re.compile(r"severity|significance|level|grade", re.I)
_WHO_HEAD = re.compile(r"agent|drug|interact|with|medicine|class|substance|food", re.I)
_COLON = re.compile(r"[^.;:]{3,90}(?:\([^)]*\)[^.;:]{0,40})?:(?=\s)")
_LONGEST_LIST = 200
_EITHER = re.compile(r"either direction|unpredictabl|\bvar(?:y|ies|iabl)", re.I)
_ANSWER = re.compile(r"^(?:yes|no|yes and no|it depends)\b\s*[.,:;–-]+\s*", re.I)
_DOSE = re.compile(
    r"\b(?:adjust|reduce|lower|halve|increase|limit|decrease)\s+(?:the\s+)?(?:(?!risk|dose)[\w-]+\s+){0,3}dos(?:e|es|age)\b"
    r"|\bdose of [\w ]+ may (?:have to|need)|\bdose.{0,30}\b(?:be|go) (?:doubled|halved|reduced|increased|lowered|up|down)",
    re.I,
)
_PASSIVE = re.compile(
    r"\b(?:is|are) (?P<change>opposed|antagonised|antagonized|weakened|inhibited|reduced|potentiated|enhanced|increased)\b",
    re.I,
)


def interactions(reading: Reading) -> Iterator[Interaction]:
    """The interactions of the document."""
    for item in reading.about("interactions"):
        if item.structural or item.kind == "other":
            continue
        if item.cells:
            yield from _table_row(reading, item)
            continue
        start, end = _label(item)
        if start == end or item.question is not None or _is_category(item.text[start:end]):
            yield from _prose(reading, item)
        else:
            yield from _labelled(reading, item, item.text[start:end].strip(), max(end + 1, item.rest_start))


def _label(item: Item) -> tuple[int, int]:
    """The span of the words before the colon that begin an item, whether printed bold or not; empty where none do."""
    if item.label:
        return 0, max(item.rest_start - 1, 0)
    m = _COLON.match(item.text)
    return (0, m.end() - 1) if m else (0, 0)


def _is_category(label: str) -> bool:
    """Whether a label sorts interactions and names no interactant: 'Drug Interactions', 'Major interactions'."""
    low = lowered(label).strip(" .:")
    found = _categories(low)
    return found and not plausible(label)


@cache
def _categories(low: str) -> bool:
    for line in vocabulary.rows("interactant_words"):
        if line["role"] == "category":
            for words in line["words"].split("|"):
                if low == words or (words.endswith("*") and low.startswith(words[:-1])) or low.startswith(f"{words} "):
                    return True
    return False


@cache
def _perpetrators() -> frozenset[str]:
    return frozenset(w for line in vocabulary.rows("perpetrator_drugs") for w in line["words"].split("|"))


def _parties(reading: Reading, found: Iterable[Interactant], subject: str = "interactant") -> Parties:
    found = list(found)
    others = {i.norm for i in found} | {lowered(i.text) for i in found}
    others |= {n.rsplit(" ", 1)[-1] for n in others if " " in n and len(n.rsplit(" ", 1)[-1]) > 5}
    strong = any(i.kind in ("enzyme_modulator", "food") or i.norm in _perpetrators() for i in found)
    own = frozenset(n for n in reading.own_names if len(n) > 3)
    acts = any(n in _perpetrators() for n in own)
    named = tuple(o for o in others if o not in own and len(o) > 3)
    return Parties(own, named, strong, subject, acts, _own_text(reading))


@lru_cache(maxsize=1)
def _own_text(reading: Reading) -> str:
    """Classes, uses and description of the drug in lower case."""
    document = reading.document
    parts = [item.text for item in document.about("classification", "usage")]
    return lowered(" ".join([document.description or "", *parts]))


def _labelled(reading: Reading, item: Item, label: str, rest_start: int) -> Iterator[Interaction]:
    """`Interactants: effect; advice`. Where the text behind a class only lists names, they are its examples."""
    label = item.label or label.strip(" :–—-*")
    rest = item.text[rest_start:].strip()
    if lowered(label) in vocabulary_words("generic"):
        facts = list(_prose(reading, item, rest_start))
        if facts:
            yield from facts
            return
    who = listed(reading, label)
    names_only = listed(reading, rest, trusted=False) if _may_list(rest) else []
    if names_only and not effects(rest, _parties(reading, who)):
        if who and (who[0].kind == "drug" or is_described(label)):
            who = []
        said = effects(label, _parties(reading, names_only)) if not who else []
        yield from _rows(reading, item, [*who, *names_only], said, label if not who else "", (0, len(item.text)))
        return
    if not who:
        yield from _prose(reading, item, rest_start)
        return
    own_part, others = _subjects(reading, item, who, rest_start)
    yield from _rows(reading, item, who, effects(own_part, _parties(reading, who)), own_part, (0, len(item.text)))
    for span, more in others:
        text = item.text[slice(*span)]
        yield from _rows(reading, item, more, effects(text, _parties(reading, more)), text, span)


def _may_list(rest: str) -> bool:
    """Whether a text may only list names: it is short, and has no verb and no word for an effect."""
    if not rest or len(rest) > _LONGEST_LIST or VERB.search(f" {rest}"):
        return False
    return phrasebook("interaction_targets").first(rest) is None


def _subjects(
    reading: Reading, item: Item, who: list[Interactant], rest_start: int
) -> tuple[str, list[tuple[tuple[int, int], list[Interactant]]]]:
    """The text about the label's interactants, and the later sentences whose subject is another one."""
    mine: list[str] = []
    others = []
    known = {i.norm for i in who}
    for k, (start, end) in enumerate(sentences(item.text, rest_start)):
        sentence = item.text[start:end]
        verb = VERB.search(sentence)
        more = listed(reading, sentence[: verb.start()], trusted=False) if k and verb else []
        if more and not any(i.norm in known for i in more):
            others.append(((start, end), more))
        else:
            mine.append(sentence)
    return " ".join(mine), others


def _table_row(reading: Reading, item: Item) -> Iterator[Interaction]:
    """`Agent | Effect | Advice`, by the heads of the columns, else by their order."""
    roles: dict[str, int] = {}
    for k, head in enumerate(item.columns):
        for role, pattern in (
            ("severity", _SEVERITY_HEAD),
            ("advice", _ADVICE_HEAD),
            ("effect", _EFFECT_HEAD),
            ("who", _WHO_HEAD),
        ):
            if role == "who" and k == 0:
                break
            if k > 0 and pattern.search(head) and role not in roles:
                roles[role] = k
                break
    who = listed(reading, item.cell(0))
    effect_column = roles.get("effect", 1)
    effect = item.cell(effect_column)
    advice = item.cell(roles["advice"]) if "advice" in roles else ""
    severity = item.cell(roles["severity"]) if "severity" in roles else ""
    said = effects(effect, _parties(reading, who))
    if advice.strip().lower() in ("none", "no action", "nil", "–", "-", "none needed"):
        advice = "no action" if advice.strip(" –-") else ""
    yield from _rows(reading, item, who, said, effect, (0, len(item.text)), advice, severity)


def _prose(reading: Reading, item: Item, rest_start: int | None = None) -> Iterator[Interaction]:
    """Sentences that name their interactants, or leave them to the question."""
    asked: list[Told] = []
    for a, b in sentences(item.text, item.rest_start if rest_start is None else rest_start):
        sentence = item.text[a:b]
        answer = _ANSWER.match(sentence)
        body = sentence[answer.end() :] if answer else sentence
        told = told_of(reading, body)
        context = item.label or "" if item.question is None else ""
        if not told and item.question:
            asked = asked or told_of(reading, item.question)
            told = [Told(c.who, body, c.subject) for c in asked]
        if item.question and not VERB.search(body):
            context = item.question
        for clause in told:
            parties = _parties(reading, clause.who, clause.subject)
            said = effects(clause.text, parties)
            passive = _PASSIVE.match(clause.text.strip())
            if not said and passive and clause.subject == "interactant":
                up = passive["change"].lower() in ("potentiated", "enhanced", "increased")
                said = [Effect("efficacy", "increased" if up else "decreased", "interactant", text=body.strip(" ."))]
            yield from _rows(reading, item, clause.who, said, clause.text, (a, b), context)


def _rows(
    reading: Reading,
    item: Item,
    who: list[Interactant],
    said: list[Effect],
    text: str,
    span: tuple[int, int],
    advice: str = "",
    severity: str = "",
) -> Iterator[Interaction]:
    """A row for each interactant and effect; without an effect of their own they take that of their heading."""
    lead = next((ld for ld in reversed(item.leads[1:]) if not item.question), "")
    if not said and lead:
        said = [NO_INTERACTION] if _NO_LEAD.search(lead) else effects(lead, _parties(reading, who))
        said = [replace(e, text=None, direction="unclear" if _EITHER.search(text) else e.direction) for e in said]
    elif lead and _NO_LEAD.search(lead) and not any(e.assertion == "negated" for e in said):
        said = [NO_INTERACTION]
    management, management_text = management_of([text, advice])
    dosed = _DOSE.search(text) if management in ("not_stated", "monitor") else None
    if dosed:
        management, management_text = "adjust_dose", management_text or text.strip(" .")
    stated = severity_of(severity) if severity else severity_of(f"{text} {advice}")
    if stated == "unknown" and lead:
        stated = severity_of(lead)
    if stated == "contraindicated" and management != "contraindicated":
        stated = "unknown"
    said = said or [Effect(assertion="possible" if MAY.search(lowered(text)) else "affirmed")]
    stated_mechanism = mechanism_of(text)
    group: Interactant | None = None
    for interactant in who:
        group = interactant if not interactant.is_example else group
        for effect in said:
            kind, entity = effect.mechanism_kind, effect.mechanism_entity
            if kind == "unknown":
                kind, entity = stated_mechanism
            if kind == "unknown" and group and group.kind == "enzyme_modulator":
                kind, entity = mechanism_of(group.text)
            if kind == "unknown" and item.question is None:
                kind, entity = mechanism_of(item.label or "")
            if kind == "unknown" and item.question is None and lead:
                kind, entity = mechanism_of(lead)  # "Inhibition of CYP2C9 and CYP3A4" heads its interactants
            if kind in ("unknown", "pk_elimination") and group and group.kind == "enzyme_modulator":
                kind, entity = (
                    mechanism_of(group.text) if mechanism_of(group.text)[0] == "pk_enzyme" else (kind, entity)
                )
            none = effect.assertion == "negated"
            yield Interaction(
                **item.at(*span),
                rule="interaction_effect" if effect.target != "unknown" else "interaction_name",
                assertion=effect.assertion,  # type: ignore[arg-type]
                interactant=interactant.text,
                interactant_norm=interactant.norm,
                interactant_kind=interactant.kind,  # type: ignore[arg-type]
                affected=effect.affected,  # type: ignore[arg-type]
                effect_target=effect.target,  # type: ignore[arg-type]
                effect_direction=effect.direction,  # type: ignore[arg-type]
                effect_text=effect.text or re.sub(r"[\s.,;]*(?:\band)?\s*$", "", text).strip() or None,
                mechanism_kind="unknown" if none else kind,  # type: ignore[arg-type]
                mechanism_entity=None if none else entity,
                severity="none" if none and effect.target == "none" else stated,  # type: ignore[arg-type]
                management=management,  # type: ignore[arg-type]
                management_text=management_text,
            )
