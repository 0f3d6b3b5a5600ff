"""Interactions as rows: an effect with its mechanism, severity and advice for each interactant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monopipe.cues import Cued
from monopipe.document import Item, sentences
from monopipe.extract.interactions.actors import parties_of
from monopipe.extract.interactions.advice import advice_of, management_of, severity_of
from monopipe.extract.interactions.clauses import MAY
from monopipe.extract.interactions.effects import effects
from monopipe.extract.interactions.interactants import Interactant
from monopipe.extract.interactions.mechanisms import mechanism_of
from monopipe.extract.interactions.parties import NO_INTERACTION, Effect
from monopipe.extract.phrasing import lowered
from monopipe.extract.reading import Reading
from monopipe.tables import Interaction

NO_LEAD = Cued(r"(?<!\bor )(?<!/)\b(?:no|without|lack)\b.*\binteraction|^\W*safe (?:together|with|to combine)\b")

_EITHER = re.compile(r"either direction|unpredictabl|\bvar(?:y|ies|iabl)", re.I)

_SORTS = re.compile(
    r"\W*(?:contra-?indicated|(?:(?:to|must|should) be |best )?avoid(?:ed)?|monitor|adjust (?:the )?dose|(?:do not|never) combine)"
    r"(?: (?:with|closely|combinations?|drugs|together|use))*\W*",
    re.I,
)
"""A heading or label that sorts the interactions below it by what is to be done."""

_TRAILING = re.compile(r"[\s.,;]*(?:\band)?\s*$")

_WITHOUT = re.compile(r"\b(?:without (?:food|meals?)|on an empty stomach|fasting|fasted)\b", re.I)

_BRACKETED = re.compile(r"\s*\(([^()]*)\)")

_KINETIC = frozenset(("exposure", "absorption", "metabolism", "elimination"))


def rows_of(
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
    lead = lead[[a for a, _ in sentences(lead)][-1] :] if lead.strip() else ""  # the sentence that opens the list
    lead = "" if lead and _is_behind_list(reading, item) else lead
    if not said and lead:
        said = [NO_INTERACTION] if NO_LEAD.search(lead) else effects(lead, parties_of(reading, who))
        said = [replace(e, text=None, direction="unclear" if _EITHER.search(text) else e.direction) for e in said]
    elif lead and NO_LEAD.search(lead) and not any(e.assertion == "negated" for e in said):
        said = [NO_INTERACTION]
    if all(i.kind == "food" for i in who):
        said = [e for e in said if not (e.text and _WITHOUT.search(e.text))]  # "less effective without food"
    given = advice_of([text, advice])
    names = {i: _called(i) for i in who}
    said = [_by_advice(reading, _owned(reading, e, who, text, lead), who, f"{text} {advice}") for e in said]
    stated = severity_of(severity) if severity else severity_of(f"{text} {advice}")
    if stated == "unknown" and lead:
        stated = severity_of(lead)
    said = said or [Effect(assertion="possible" if MAY.search(lowered(text)) else "affirmed")]
    bare = text
    for name in [i.text for i in who] if len(who) > 1 and all(e.text is None for e in said) else ():
        bare = _BRACKETED.sub(
            "", bare.replace(name, "")
        )  # in a list of names that of one is no mechanism of the others
    stated_mechanism = mechanism_of(bare)
    if stated_mechanism[0] == "unknown" and whole:
        stated_mechanism = mechanism_of(whole)  # "Gemfibrozil, an inhibitor of CYP2C8, raises …"
    in_label = any(i.text in (item.label or "") for i in who) and re.search(r"inhibit|induc", item.label or "")
    named_by_enzyme = any(i.kind == "enzyme_modulator" for i in who)
    plain = None if all(effect.text for effect in said) else _TRAILING.sub("", text).strip() or None
    group: Interactant | None = None
    for interactant in who:
        group = interactant if not interactant.is_example else group
        others = [n for i in who if i not in (interactant, group) for n in names[i]]
        mine = [*names[interactant], *(names[group] if group else ())]
        if _BY_INR.search(interactant.norm):
            mine += _INR
        management, management_text = management_of(given, mine, others, reading.own_names)
        if management == "not_stated" and lead and _SORTS.fullmatch(lead):  # "Contraindicated", "To be avoided"
            management, management_text = management_of(advice_of([lead]), (), ())
        forbidden = stated == "contraindicated" and management != "contraindicated"
        for effect in said:
            kind, entity = effect.mechanism_kind, effect.mechanism_entity
            if kind == "unknown":
                own = _in_bracket(interactant.text, text) if effect.text is None else None
                kind, entity = (
                    mechanism_of(own) if own is not None else stated_mechanism
                )  # "fluconazole (CYP2C9 inhibitor), …"
                if interactant.kind == "drug_class" and (kind, entity) == mechanism_of(interactant.text):
                    kind, entity = mechanism_of(bare.replace(interactant.text, ""))  # its name is no mechanism
            if kind == "unknown" and group and group.kind == "enzyme_modulator":
                kind, entity = mechanism_of(group.text)
            if kind == "unknown" and item.question is None and not named_by_enzyme and not in_label:
                kind, entity = mechanism_of(item.label or "")
            heads = mechanism_of(lead) if lead and item.question is None else ("unknown", None)
            if kind == "unknown" or (kind == "pk_elimination" and entity is None and heads[0] == "pk_enzyme"):
                kind, entity = heads if heads[0] != "unknown" else (kind, entity)  # "Inhibition of CYP2C9" heads a list
            if kind in ("unknown", "pk_elimination") and group and group.kind == "enzyme_modulator":
                enzyme = mechanism_of(group.text)
                kind, entity = enzyme if enzyme[0] == "pk_enzyme" else ("pk_enzyme", None)
            if kind == "pharmacodynamic" and effect.target in _KINETIC:
                kind, entity = "unknown", None  # "adds to the level" is no pharmacodynamic effect
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
                effect_text=effect.text or plain,
                mechanism_kind="unknown" if none else kind,  # type: ignore[arg-type]
                mechanism_entity=None if none else entity,
                severity="none" if none and effect.target == "none" else "unknown" if forbidden else stated,  # type: ignore[arg-type]
                management=management,  # type: ignore[arg-type]
                management_text=management_text,
            )


def _in_bracket(name: str, text: str) -> str | None:
    """What stands in a bracket behind a name: "fluconazole (CYP2C9 inhibitor)"."""
    at = text.find(name)
    while at >= 0:
        if bracket := _BRACKETED.match(text, at + len(name)):
            return bracket[1]
        at = text.find(name, at + 1)
    return None


def _is_behind_list(reading: Reading, item: Item) -> bool:
    """Whether a paragraph with a label of its own follows the list that the label above opened, and is no part of it."""
    if item.kind != "paragraph" or item.label is None:
        return False
    before = (i for i in reading.document.items if i.char_start < item.char_start and i.leads == item.leads)
    return any(i.kind in ("list_item", "table_row") for i in before)


_ON_OTHERS = re.compile(
    r"\b(?:effects?|influence|impact|action) of (?P<what>.+?) on (?:other|the|co-?administered|concomitant|sensitive)",
    re.I,
)
_ON_THIS = re.compile(
    r"\b(?:effects?|influence|impact|action) of (?:other|co-?administered|concomitant)\b.* on\b", re.I
)


_DEPRESSES = re.compile(r"\b(?:depressant|sedative|hypnotic|tranquilli[sz]er|alcohol)\b")


_HAVE_LEVELS = ("caffeine", "coffee")
"""What is eaten or drunk for a drug in it."""


def _owned(reading: Reading, effect: Effect, who: list[Interactant], text: str, lead: str) -> Effect:
    """The effect with whose level it is where the names alone tell: food has none, that of substrates is their own.

    A heading may tell it too: "Effect of testolol on other drugs".
    """
    if effect.target not in (*_KINETIC, "efficacy") or effect.assertion == "negated" or not who:
        return effect
    if (effect.target, effect.direction, effect.affected) == ("efficacy", "increased", "interactant") and all(
        _DEPRESSES.search(i.norm) for i in who
    ):
        return replace(effect, target="toxicity_risk", affected="patient")  # "adds to the effect of other sedatives"
    food = all(i.kind == "food" and i.norm not in _HAVE_LEVELS for i in who)
    if effect.affected == "interactant" and effect.target in (*_KINETIC, "efficacy") and food:
        return replace(effect, affected="this_drug")
    low = lowered(text)
    if any(name in low for name in reading.own_names):
        return effect
    if effect.target in _KINETIC and any(" substrate" in f" {lowered(i.text)}" for i in who):
        return replace(effect, affected="interactant")
    if effect.affected == "unknown" and effect.target in _KINETIC:
        if _ON_THIS.search(lead):
            return replace(effect, affected="this_drug")
        on = _ON_OTHERS.search(lead)
        if on and any(name in lowered(on["what"]) for name in reading.own_names):
            return replace(effect, affected="interactant")
    return effect


def _called(interactant: Interactant) -> tuple[str, ...]:
    """The words by which advice calls an interactant."""
    return tuple({interactant.norm, lowered(interactant.text)})


_INR = ("inr", "prothrombin time")
_BY_INR = re.compile(
    r"\b(?:warfarin|coumarin|acenocoumarol|phenprocoumon|phenindione|vitamin k antagonist|oral anticoagulant)"
)
"""Drugs that the INR tells of, whatever else the advice names."""


_DOSE_OF = re.compile(
    r"\bdos(?:e|es|age) of (?:the )?(?P<of>[\w-]+)|\b(?:the|a|its) (?P<name>[\w-]+) dos(?:e|es|age)\b"
)


def _by_advice(reading: Reading, effect: Effect, who: list[Interactant], advice: str) -> Effect:
    """An effect whose owner the advice tells: "effect reduced; raise the prednisolone dose", "… check the INR"."""
    if effect.affected != "unknown" or effect.target not in ("exposure", "efficacy") or effect.assertion == "negated":
        return effect
    low = lowered(advice)
    others = {name for i in who for name in _called(i)}
    if m := _DOSE_OF.search(low):
        name = m["of"] or m["name"]
        if name in reading.own_names:
            return replace(effect, affected="this_drug")
        return replace(effect, affected="interactant") if name in others else effect
    by_inr = all(_BY_INR.search(i.norm) for i in who) and any(word in low for word in _INR)
    return replace(effect, affected="interactant") if by_inr else effect
