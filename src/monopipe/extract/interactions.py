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
from monopipe.cues import Cued
from monopipe.document import Item, sentences
from monopipe.extract.facts import content_key
from monopipe.extract.interactants import Interactant, is_described, kind_of, listed, plausible, vocabulary_words
from monopipe.extract.interaction_advice import advice_of, management_of, severity_of
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
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import singular
from monopipe.tables import Interaction

_NO_LEAD = Cued(r"\b(?:no|without|lack)\b.*\binteraction")
_EFFECT_HEAD = re.compile(r"effect|result|consequence|outcome|impact|interaction|what happens|mechanism", re.I)
_ADVICE_HEAD = re.compile(r"manage|advice|action|what to do|recommend|comment", re.I)
_SEVERITY_HEAD = re.compile(r"severity|significance|level|grade", re.I)
_WHO_HEAD = re.compile(r"agent|drug|interact|with|medicine|class|substance|food", re.I)
_COLON = re.compile(r"[^.;:]{3,90}(?:\([^)]*\)[^.;:]{0,40})?:(?=\s)")
_LONGEST_LIST = 200
_EITHER = re.compile(r"either direction|unpredictabl|\bvar(?:y|ies|iabl)", re.I)
_ANSWER = re.compile(r"^(?:yes|no|yes and no|it depends)\b\s*[.,:;–-]+\s*", re.I)
_DENIES = re.compile(r"^no\b", re.I)
_ASKS_CHANGE = re.compile(r"\b(?:interact|affect|interfere|reduce|lower|weaken|increase|raise|change|influence)", re.I)
_SAME = re.compile(
    r"\b(?:do|does|have|has|show|shows) (?:so|likewise|the same)\b|\bthe same (?:applies|holds|is true|effect)\b", re.I
)
_PASSIVE = re.compile(
    r"\b(?:is|are) (?P<change>opposed|antagonised|antagonized|weakened|inhibited|reduced|potentiated|enhanced|increased)\b",
    re.I,
)


def interactions(reading: Reading) -> Iterator[Interaction]:
    """The interactions of the document."""
    told: list[Interaction] = []
    for item in reading.about("interactions"):
        if item.structural or item.kind == "other":
            continue
        for fact in _of_item(reading, item):
            if fact.section in RETOLD and (known := _told_before(fact, told)):
                fact.drug_id = known.drug_id = reading.drug_id
                fact.row_id = content_key(known)
            told.append(fact)
    yield from told


def _told_before(fact: Interaction, told: list[Interaction]) -> Interaction | None:
    """The fact that a retelling names in fewer words and without its effect: "antacids" for "antacids with zinc"."""
    if fact.effect_target != "unknown":
        return None
    words = set(fact.interactant_norm.split())
    for known in told:
        singulars = {singular(w) for w in known.interactant_norm.split()}
        if known.section not in RETOLD and words <= singulars | set(known.interactant_norm.split()):
            return known
    return None


def _of_item(reading: Reading, item: Item) -> Iterator[Interaction]:
    if item.cells:
        yield from _table_row(reading, item)
        return
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
    is_test = bool(found) and all(i.kind == "lab_test" for i in found)
    return Parties(own, named, strong, subject, acts, is_test, _own_text(reading))


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
        if facts and not (kind_of(label) == "food" and all(f.interactant_norm in _MEALS for f in facts)):
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


_MEALS = frozenset("food meal diet meals foods".split())
"""What advice on food names without naming a food: "take it with meals"."""


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
    """Sentences that name their interactants, or leave them to the question or to the sentence before."""
    asked: list[Told] = []
    before: list[Effect] = []
    for a, b in sentences(item.text, item.rest_start if rest_start is None else rest_start):
        sentence = item.text[a:b]
        answer = _ANSWER.match(sentence)
        body = sentence[answer.end() :] if answer else sentence
        if item.question and not body.strip() and _DENIES.match(sentence) and _ASKS_CHANGE.search(item.question):
            for clause in told_of(reading, item.question):
                yield from _rows(reading, item, clause.who, [NO_INTERACTION], sentence, (a, b))
            continue
        colon = _COLON.match(body) if item.question is None else None
        named = listed(reading, colon.group()[:-1], trusted=False) if colon else []
        if colon and named:
            rest = body[colon.end() :]
            yield from _rows(reading, item, named, effects(rest, _parties(reading, named)), rest, (a, b))
            continue
        told = told_of(reading, body)
        context = item.label or "" if item.question is None else ""
        if not told and item.question and body.strip():
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
            same = _SAME.search(clause.text)
            if not said and same:
                possible = MAY.search(lowered(clause.text)) is not None
                said = [replace(e, text=None, assertion="possible" if possible else e.assertion) for e in before]
            before = said or before
            yield from _rows(reading, item, clause.who, said, clause.text, (a, b), context, whole=clause.whole)


def _rows(
    reading: Reading,
    item: Item,
    who: list[Interactant],
    said: list[Effect],
    text: str,
    span: tuple[int, int],
    advice: str = "",
    severity: str = "",
    whole: str = "",
) -> Iterator[Interaction]:
    """A row for each interactant and effect; without an effect of their own they take that of their heading."""
    lead = next((ld for ld in reversed(item.leads[1:]) if not item.question), "")
    if not said and lead:
        said = [NO_INTERACTION] if _NO_LEAD.search(lead) else effects(lead, _parties(reading, who))
        said = [replace(e, text=None, direction="unclear" if _EITHER.search(text) else e.direction) for e in said]
    elif lead and _NO_LEAD.search(lead) and not any(e.assertion == "negated" for e in said):
        said = [NO_INTERACTION]
    given = advice_of([text, advice])
    names = {i: _called(i) for i in who}
    stated = severity_of(severity) if severity else severity_of(f"{text} {advice}")
    if stated == "unknown" and lead:
        stated = severity_of(lead)
    said = said or [Effect(assertion="possible" if MAY.search(lowered(text)) else "affirmed")]
    stated_mechanism = mechanism_of(text)
    if stated_mechanism[0] == "unknown" and whole:
        stated_mechanism = mechanism_of(whole)  # "Gemfibrozil, an inhibitor of CYP2C8, raises …"
    named_by_enzyme = any(i.kind == "enzyme_modulator" for i in who)
    group: Interactant | None = None
    for interactant in who:
        group = interactant if not interactant.is_example else group
        others = [n for i in who if i not in (interactant, group) for n in names[i]]
        mine = [*names[interactant], *(names[group] if group else ())]
        management, management_text = management_of(given, mine, others)
        forbidden = stated == "contraindicated" and management != "contraindicated"
        for effect in said:
            kind, entity = effect.mechanism_kind, effect.mechanism_entity
            if kind == "unknown":
                kind, entity = stated_mechanism
            if kind == "unknown" and group and group.kind == "enzyme_modulator":
                kind, entity = mechanism_of(group.text)
            if kind == "unknown" and item.question is None and not named_by_enzyme:
                kind, entity = mechanism_of(item.label or "")
            heads = mechanism_of(lead) if lead and item.question is None else ("unknown", None)
            if kind == "unknown" or (kind == "pk_elimination" and entity is None and heads[0] == "pk_enzyme"):
                kind, entity = heads if heads[0] != "unknown" else (kind, entity)  # "Inhibition of CYP2C9" heads a list
            if kind in ("unknown", "pk_elimination") and group and group.kind == "enzyme_modulator":
                enzyme = mechanism_of(group.text)
                kind, entity = enzyme if enzyme[0] == "pk_enzyme" else ("pk_enzyme", None)
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
                severity="none" if none and effect.target == "none" else "unknown" if forbidden else stated,  # type: ignore[arg-type]
                management=management,  # type: ignore[arg-type]
                management_text=management_text,
            )


def _called(interactant: Interactant) -> tuple[str, ...]:
    """The words by which advice calls an interactant."""
    return tuple({interactant.norm, lowered(interactant.text)})
