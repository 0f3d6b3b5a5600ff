"""The condition that the words beside a dose name: its sentence, the sentences before it, or what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import GENERIC, condition_words, is_condition
from monopipe.extract.doses.condition_fields import drop, take
from monopipe.extract.doses.condition_of_label import PURPOSE_ALONE
from monopipe.extract.doses.condition_phrases import (
    SOME_GIVE,
    VERB,
    Named,
    accepts,
    bare,
    in_lead,
    in_sentence,
    is_kin_of_use,
    is_use,
    opens_otherwise,
    people_first,
)
from monopipe.extract.reading import Reading
from monopipe.grammar import Step, read_who, render

# "4 mg IV once for vomiting of unclear cause in adults": prose that names it behind.
_BEHIND = Cued(
    r"\b(?P<link>for|against|in|to\s+prevent|to\s+treat)\s+(?:the\s+)?(?P<condition>[A-Za-z][^.,;:()\d]{1,60}?)"
    r"(?=\s*(?:[.,;:()–—]|$)|\s+(?:in|for|until|if|when|where|as|by|with|on|at|given|has|is)\b)"
)
# A part ends at a semicolon, or where another condition is set against the first: "…, while pyelonephritis needs 200 mg",
# "Adults with gout take 5 mg, children with psoriasis 2 mg".
_SEMICOLON = re.compile(
    r";\s+|:\s+(?=(?:in|for)\s)|,\s+(?:while|whereas)\s+|,\s+(?:and|but)\s+(?=(?:in|for)\s)"
    r"|(?<=[a-z]),\s+(?:and\s+)?(?=(?:adults|children|patients|people|adolescents|infants|women|men|those)\s+(?:who\s+have|with)\s)"
)
# In a paragraph of several conditions a sentence that begins so stays with the last.
_GOES_ON = re.compile(
    rf"\s*(?:{SOME_GIVE}|if|when|where|the|this|these|it|they|then|thereafter|after|once|otherwise|alternatively|from (?:the|then)|beyond|later|subsequently|afterwards|should|most|maintenance|treatment|increase|a (?:second|further)"
    r"|in (?:severe|such|these|either|both|resistant|milder))\b",
    re.I,
)
# "It is an option in gout. The usual dose is 5 mg"
_TELLS_DOSE = re.compile(
    r"\s*(?:(?:the|its|a)\s+(?:[\w-]+\s+){0,2}(?:dos(?:e|age)|regimen|course)\s+(?:is|consists|of)|(?:it|this)\s+is\s+(?:given|taken|applied|used|dosed|injected|infused)|(?:it|this|treatment)\s+(?:begins|starts)\s+(?:at|with|on))\b",
    re.I,
)
_CUTS = Cued(
    r"\b(?:reduc(?:e|ed|ing|tion)|lower(?:ed)?|halved?|halving|decreas(?:e|ed|ing)|smaller|withh(?:o|e)ld|interrupt(?:ed)?)\b"
)
# "10 mg once daily, and those who cannot tolerate it may be reduced to 5 mg": the dose of others is cut.
_OTHERS_BEHIND = re.compile(
    r"(?<=[a-z]),?\s+(?:and|but|though|while|whereas)\s+(?:those|people|patients|others|anyone)\s+(?:who|with|on)\b(?=[^.;]*\d)",
    re.I,
)
# What the drug does, not what is done to its dose: "To lower blood pressure in …".
_AIM = re.compile(r"\s*to\s+(?:reduce|lower|decrease)\s+(?!(?:the\s+)?(?:[\w-]+\s+)?dos)", re.I)
# "For pericarditis, 4 mg" below "Gout" is against the former; "In asthma" may be a state of the patient.
_AGAINST = re.compile(r"\s*(?:for|against|to\s+(?:treat|prevent))\s", re.I)
# "In meningeal disease" below "Coccidioidomycosis": a form of the latter
_FORM_OF = re.compile(r"\b(?:diseases?|infections?|involvement|forms?|attacks?|episodes?|relapses?)$", re.I)
_DIGIT = re.compile(r"\d")
_CHANGE = re.compile(r"\b(?:reduc|lower|halv|increas|rais|decreas|add|adjust|titrat|continu|doubl)\w*\b", re.I)
_MAX_TITLE_WORDS = 5


class Part(NamedTuple):
    """A sentence or a part of one up to a semicolon: where it stands, which sentence, and the condition it names."""

    start: int
    end: int
    sentence: int
    named: Named | None
    otherwise: bool


def parts_of(reading: Reading, item: Item) -> Iterator[Part]:
    """The sentences of an item, divided at semicolons, with the conditions they name."""
    special = item.topic in ("dosage_special", "dosage_adjustments")
    for n, (a, b) in enumerate(item.sentences()):
        start = max(a, item.rest_start)
        ends = [m.end() for m in _SEMICOLON.finditer(item.text, start, b)]
        for x, y in zip([start, *ends], [*ends, b], strict=True):
            # where the dose is cut, words of disease are the reason for it, unless the drug is used against them
            aim = _AIM.match(item.text, x, y)
            others = _OTHERS_BEHIND.search(item.text, x, y)
            less = _CUTS.search(item.text, aim.end() if aim else x, others.start() if others else y) is not None
            named = in_sentence(reading, item.text, x, y, use=special or less)
            if named is None and special and not less and set(read_who(item.label or "")) <= {"age_group"}:
                state = in_sentence(reading, item.text, x, y)  # "Elderly patients: In depression, 10 mg"
                named = state if state is not None and is_kin_of_use(reading, state.words) else None
            yield Part(x, y, n, named, named is None and opens_otherwise(item.text, x, y))


def part_of(item: Item, step: Step, parts: list[Part]) -> int | None:
    """The ordinal of the part that holds the step's amount."""
    amount = _DIGIT.search(item.text, step.start, step.end)
    at = amount.start() if amount else step.start
    return next((k for k, p in enumerate(parts) if p.start <= at < p.end), None)


def of_sentence(reading: Reading, item: Item, step: Step, parts: list[Part]) -> bool:
    """Take the condition that the step's sentence names for its doses.

    Beside a label it must be a use of the drug, or of the label's kind: "In severe pulmonary embolism" under "Pulmonary
    embolism". It holds to the end of its sentence. False where it names another condition than the headings do, and does
    not say whether the dose is against it.
    """
    k = part_of(item, step, parts)
    if k is None:
        return True
    named = parts[k].named
    for p in reversed(parts[:k]):
        if named is not None or parts[k].otherwise or p.sentence != parts[k].sentence:
            break
        named = p.named
    said = step.dosage.indication_text
    if named is None:
        before = next((p for p in reversed(parts[:k]) if p.named is not None or p.otherwise), None)
        inherited = "indication_text" in (step.dosage.inherited_fields or "")
        if before is not None and before.named is not None and inherited and _carries_on(item, before, parts[k], parts):
            take(step, before.named.words)  # what the sentences before name, and not the heading's
        return True
    if said is not None and (named.by in ("place", "state") or GENERIC.fullmatch(named.words)):
        return True  # the label says what for
    if GENERIC.fullmatch(named.words) and any(p.named is not None and p.named != named for p in parts[:k]):
        return True  # "In severe infections" behind "For pneumonia": of the latter
    amount = _DIGIT.search(item.text, parts[k].start)
    if named.by == "use" and amount is not None and amount.start() < named.start:
        return True
    if said is not None:
        kind = condition_words(reading.expand(named.words)) & condition_words(reading.expand(said))
        against = named.by == "event" or (
            named.by == "opening" and _AGAINST.match(item.text, parts[k].start) is not None
        )
        if not kind and not against and not is_use(reading, named.words):
            if named.by == "people" and step.dosage.population == "none":
                step.dosage.population = "comorbidity"  # "Patients with active cancer" under "Treatment of thrombosis"
                step.dosage.readable = render(step.dosage)
            if named.by == "opening" and not _CHANGE.search(item.text, parts[k].start, parts[k].end):
                drop(step)  # another condition: whether a use or a state of the patient, the words do not say
                return _FORM_OF.search(named.words) is not None
            return True
        drop(step)
    take(step, named.words)
    return True


def behind(reading: Reading, item: Item, step: Step) -> None:
    """Take the condition from behind the dose: "10 mg once daily serves for perennial allergic rhinitis"."""
    quote = item.text[step.start : step.end]
    number = _DIGIT.search(quote)
    for m in _BEHIND.finditer(quote, number.start() if number else 0):
        words = m["condition"]
        if (
            is_condition(reading, words)
            and (
                m["link"].lower() != "in"
                or (is_use(reading, words) and PURPOSE_ALONE.fullmatch(item.label or "therapy"))
            )
            and not VERB.search(words)
            and not read_who(words)
            and not GENERIC.fullmatch(words)
        ):
            take(step, words)
            return


_PEOPLE_BEHIND = Cued(
    r"\bin\s+(?:adult\s+|elderly\s+)?(?:patients|adults|children|people|those|women|men)\s+with\s+(?P<condition>[A-Za-z][A-Za-z -]{2,60}?)"
    r"(?=\s*(?:[.,;:()]|$)|\s+(?:and|or|who|in|for|until|if|when)\b)"
)


def kind_behind(reading: Reading, item: Item, step: Step) -> None:
    """Take the kind of the condition that stands behind the dose: "… in patients with severe gout" below "Gout"."""
    said = (step.dosage.indication_text or "").lower()
    number = _DIGIT.search(item.text, step.start, step.end)
    found = _PEOPLE_BEHIND.search(item.text, number.start() if number else step.end, step.end)
    if found is None:
        return
    words = found["condition"]
    if words.lower() != said and words.lower().endswith(said) and is_condition(reading, words):
        drop(step)
        take(step, words)


def other_behind(reading: Reading, item: Item, step: Step) -> bool:
    """Whether another condition than the heading's stands behind the dose: "2 g daily for scabies" below "Gout".

    Of a use it is the dose; of any other condition, a disease or a symptom, the words do not say, and it has none.
    """
    d = step.dosage
    number = _DIGIT.search(item.text, step.start, step.end)
    for m in _BEHIND.finditer(item.text, number.start() if number else step.end, step.end):
        words = bare(m["condition"])
        if m["link"].lower() not in ("for", "against") or words in (d.as_needed_for or "") or GENERIC.fullmatch(words):
            continue
        use = is_use(reading, words)
        if not use and ("indication_text" not in (d.inherited_fields or "") or not accepts(reading, words)):
            continue
        if condition_words(reading.expand(words)) & condition_words(reading.expand(d.indication_text or "")):
            return False
        drop(step)
        if use:
            take(step, words)
        return True
    return False


def of_paragraph(reading: Reading, item: Item, step: Step, parts: list[Part]) -> None:
    """Take the condition that a paragraph has named: in its title ("Scabies. The 5% cream …") or a sentence before.

    What a sentence names holds until another opens with something else.
    """
    if item.question is not None or item.columns:
        return
    k = part_of(item, step, parts)
    if k is None or parts[k].otherwise:
        return
    topics = {p.named.words.lower() for p in parts if p.named is not None}
    for p in reversed(parts[:k]):
        if p.named is not None:
            alone = len(topics) < 2 and p.sentence == 0
            goes_on = alone or p.sentence == parts[k].sentence or _GOES_ON.match(item.text, parts[k].start)
            next_tells = p.sentence + 1 == parts[k].sentence and _TELLS_DOSE.match(item.text, parts[k].start)
            if (p.named.by != "use" and goes_on) or next_tells or _others_of(item, p, parts[k]):
                take(step, p.named.words)
            return
        if p.otherwise:
            return
    title = _title(item)
    if title and (named := in_lead(reading, title)):
        take(step, named)


_OF_THE_SAME = re.compile(rf"\s*(?:(?:if|when|then|thereafter|otherwise|alternatively)\b|{SOME_GIVE})", re.I)


def _carries_on(item: Item, before: Part, part: Part, parts: list[Part]) -> bool:
    """Whether a sentence goes on with what the one before it names: "If the patient is not better, 10 mg is given"."""
    by_use = before.named is not None and before.named.by == "use"
    opening = next(p for p in parts if p.sentence == part.sentence)
    goes_on = before.sentence < part.sentence and _OF_THE_SAME.match(item.text, opening.start) is not None
    return (goes_on and not by_use) or _others_of(item, before, part)


# "Those over 65 years take 25 mg"
_THOSE = re.compile(
    r"\s*(?:those|the\s+others|others|the\s+(?:rest|remainder)|(?:older|younger|heavier|lighter)\s+ones)\b", re.I
)


def _others_of(item: Item, before: Part, part: Part) -> bool:
    """Whether a sentence speaks of others with the condition of the one before it: "Patients older than 75 years take"."""
    if before.sentence + 1 != part.sentence or before.named is None or before.named.by == "use":
        return False
    who = read_who(item.text[part.start : part.end])
    if _THOSE.match(item.text, part.start):
        return bool(who)
    if before.named.by == "people" and "age_group" in who:
        return people_first(item.text, part.start)  # "Adults with mania start with 2 mg. Adolescents start with 1 mg"
    return "param" in who and read_who(item.text[before.start : before.end]).get("param") == who["param"]


def _title(item: Item) -> str | None:
    """The words that a paragraph begins with as its title: bold, or a few without a verb, with a full stop."""
    if item.label or item.kind != "paragraph":
        return None
    a, b = next(iter(item.sentences()), (0, 0))
    title = item.text[a:b].strip(" .*")
    bold = item.bold_end > 0 and abs(item.bold_end - b) <= 2
    return title if bold or (len(title.split()) <= _MAX_TITLE_WORDS and not VERB.search(title)) else None
