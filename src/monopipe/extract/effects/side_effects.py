"""Side effects: every place that names one, merged into one row per effect, with the places beside it.

Numbers win over a stated class, that over a heading; any place that calls an effect serious makes it so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from monopipe.cues import Cued
from monopipe.document import Item, sentences
from monopipe.extract import terms
from monopipe.extract.effects import frequency
from monopipe.extract.effects import words as effect_words
from monopipe.extract.effects.denials import denied_behind
from monopipe.extract.effects.members import Effect, effects, is_long_term, is_serious
from monopipe.extract.effects.merging import Merged, Place, merge, name_elsewhere, side_effect
from monopipe.extract.effects.overdoses import overdose_spans
from monopipe.extract.effects.sentences import is_advice, is_sentence, listings
from monopipe.extract.effects.settings import Setting, combined, heading, is_about_long_use, said
from monopipe.extract.effects.tables import table_row
from monopipe.extract.facts import content_key
from monopipe.extract.reading import Reading
from monopipe.tables import Fact, SideEffect, SideEffectMention

SIDE_EFFECT_TOPICS = (
    "side_effects",
    "side_effects_common",
    "side_effects_rare_serious",
    "side_effects_long_term",
    "side_effects_adr",
)
_LABEL_FIRST = re.compile(
    r"\s*((?:[A-Za-z≥<]|\d+ (?:in|to|out|or)\b)[^:;.()]{1,60}(?:\([^()]*\))?[^:;.()]{0,20}):\s+(?=\S)"
)
_LABEL = re.compile(
    r"(?<=[.;]\s)\s*((?:[A-Za-z≥<]|\d+ (?:in|to|out|or)\b)[^:;.()]{1,60}(?:\([^()]*\))?[^:;.()]{0,20}):\s+(?=\S)"
)
OVERDOSE_LABEL = re.compile(
    r"(?:(?:signs|symptoms|features|treatment|management)\s+(?:of|in)\s+|in\s+|acute\s+)?over-?dos(?:e|age)\b", re.I
)
"""A label under which overdose is told."""
_COUNT = re.compile(r"[<>≤≥~≈]?\s*\d[\d.]*(?:\s*[–-]\s*\d[\d.]*)?\s*%\s*[,;]\s*\S[^,;]*\s[–—-]\s")
_DASH_LABEL = re.compile(r"^([^–—:;,.()]{3,50}(?:\([^()]*\))?)\s+[–—-]\s+(?=\S)")


def side_effects(reading: Reading) -> Iterator[Fact]:
    """One SideEffect per effect of the document, and one SideEffectMention per place that names it."""
    items = list(reading.about(*SIDE_EFFECT_TOPICS))
    scaled = {_chapter(reading, item) for item in items if _on_scale(item)}
    headed = {item.section_ordinal for item in items if item.label and _heads_serious(item.label)}
    above, beside = _above_lists(items), _beside(reading, items)
    merged = merge(
        reading,
        [
            p
            for item in items
            for p in _places(
                item,
                reading,
                _chapter(reading, item) in scaled and item.section_ordinal not in headed,
                above.get(item.char_start),
                beside.get(item.char_start),
            )
        ],
    )
    name_elsewhere(reading, merged)
    rows: set[str] = set()
    for one in merged:
        effect = side_effect(one, reading)
        effect.drug_id = reading.drug_id
        effect.row_id = content_key(effect)
        if effect.row_id not in rows:
            rows.add(effect.row_id)
            yield effect
        yield from _mentions(one, effect)


def _mentions(one: Merged, effect: SideEffect) -> Iterator[SideEffectMention]:
    """Every place that names the effect; a place whose words stand twice in a section is quoted at full length."""
    quoted: set[tuple[str, str]] = set()
    places = [(p.item, p.at(), p.rule, p.effect.term) for p in one.places]
    places += [(n.item, n.item.at(n.start, n.end), "named", n.term) for n in one.named]
    for item, where, rule, term in places:
        quote = (where["section"], where["source_quote"].lower())
        if quote in quoted:
            where = item.whole()
        quoted.add(quote)
        yield SideEffectMention(
            **where,
            rule=rule,
            assertion=effect.assertion,
            side_effect_id=effect.row_id,
            term=term,
            context=_context(item),
        )


def _context(item: Item) -> Literal["listing", "summary", "faq", "other"]:
    if item.section in ("faqs", "front_matter"):
        return "faq"
    if item.section == "summary":
        return "summary"
    return "listing" if item.section.startswith("side_effects") else "other"


# Places of an item


def _chapter(reading: Reading, item: Item) -> int:
    """The outermost section on side effects that an item stands in."""
    sections = reading.document.sections
    at = sections[item.section_ordinal]
    while at.parent is not None and sections[at.parent].kind.startswith("side_effects"):
        at = sections[at.parent]
    return at.ordinal


def _above_lists(items: list[Item]) -> dict[int, str]:
    """The line right above a list that only says how often it comes: "**Common** (may affect up to 1 in 10 people)"."""
    found: dict[int, str] = {}
    line: Item | None = None
    for item in items:
        if item.kind == "paragraph" and item.label is None:
            line = item if len(item.text) < _LINE and not item.structural and heading(item.text).category else None
        elif item.kind != "list_item" or (line and item.section_ordinal != line.section_ordinal):
            line = None
        elif line:
            found[item.char_start] = line.text
    return found


_LINE = 90
"""Characters that a line above a list has at most."""


def _beside(reading: Reading, items: list[Item]) -> dict[int, str]:
    """The kind of the section that holds a paragraph with a class of its own for a label, whatever list stands above it.

    "**Long-term**", its list, then "**Frequency not known:** gout"; without bold type only right behind the list.
    """
    found: dict[int, str] = {}
    behind = False
    for before, item in pairwise(items):
        labelled = item.kind == "paragraph" and item.label and heading(item.label).category
        together = item.section_ordinal == before.section_ordinal
        behind = bool(labelled and together and (behind or before.kind in ("list_item", "table_row")))
        section = reading.document.sections[item.section_ordinal]
        if (
            (behind or (labelled and item.bold_end))
            and section.kind == "side_effects"
            and section.heading in item.leads[:-1]
        ):
            found[item.char_start] = section.kind
    return found


_NEVER = re.compile(
    r"(?:never|not)\s+(?:(?:been|known|thought|shown|yet|to|be|\w+ly)\s+)*"
    r"(?:seen|reported|observed|described|found|caused|expected|associated|linked|its fault)\b",
    re.I,
)
"""A label that denies what stands behind it: "Never seen: hair loss"."""


def _places(item: Item, reading: Reading, scaled: bool, above: str | None, beside: str | None) -> Iterator[Place]:
    denied = item.label is not None and _NEVER.match(item.label) is not None
    denied = denied or (bool(item.leads) and _NEVER_HEADS.fullmatch(item.leads[-1].strip(" :.")) is not None)
    for place in _named_in(item, reading, scaled, above, beside):
        yield replace(place, negated=True, rule="denied") if denied else place


_NEVER_HEADS = re.compile(
    rf"(?:{_NEVER.pattern}|no\s+(?:reports?|cases?|signs?|evidence)\s+of|does\s+not\s+cause|not\s+a\s+cause\s+of)"
    r"(?:\s+(?:with|so\s+far|to\s+date|yet|(?:in|with)\s+(?:it|this|(?:clinical\s+)?(?:trials|studies|practice)|normal\s+use)))?",
    re.I,
)
"""A heading that denies the list below it: "Not seen", "Not associated with"."""
_YES = re.compile(r"\s*yes\b\W*", re.I)


def _named_in(item: Item, reading: Reading, scaled: bool, above: str | None, beside: str | None) -> Iterator[Place]:
    if item.kind == "other" or (item.structural and not item.rest.strip()) or _CAPTION.match(item.text):
        return
    if item.label and OVERDOSE_LABEL.match(item.label):
        return
    setting = Setting()
    if item.question:
        setting = heading(item.question)
    elif item.section != "summary":
        for lead in item.leads if beside is None else ():
            setting = combined(setting, heading(_last_sentence(lead)), "heading")
        if above:
            setting = combined(setting, heading(above), "stated_category" if scaled else "heading")
        setting = _of_section(item, setting, beside or item.section)
    setting = replace(setting, category_text=None)  # the words of a heading stand outside the quote
    if item.kind == "table_row":
        yield from table_row(item, setting)
        return
    start = item.rest_start
    if item.question and (yes := _YES.match(item.text, start)):
        start = yes.end()
    if item.text.rstrip().endswith(":"):  # the last sentence only leads in what follows
        before = list(sentences(item.text, start))[:-1]
        if before:
            yield from _text(item, setting, start, before[-1][1], reading, scaled)
        return
    if item.label and item.section not in ("front_matter", "summary") and item.text.startswith(item.label[:3]):
        label_end = item.text.find(item.label) + len(item.label)
        label_start = 0 if label_end < len(item.label) else label_end - len(item.label)
        if _COUNT.match(item.text, start) or _is_counted(
            item.text, (label_start, label_end), *next(sentences(item.text, start), (start, start))
        ):
            yield from _text(item, setting, label_start, len(item.text), reading, scaled)
            return
        found = _labelled(item, setting, label_start, label_end, scaled)
        if isinstance(found, Place) and denied_behind(item.text[start:]):
            yield replace(found, negated=True, rule="denied")
            return
        if isinstance(found, Place):
            yield found
            end = next(sentences(item.text, start), (start, len(item.text)))[1]
            if figure := _FIGURE_AND_LABEL.match(item.text, start):
                end = figure.end()  # "Nausea: 12/100; headache: 3/100"
            elif not _labels(item.text, end, len(item.text)):
                end = len(item.text)
            yield from _below(item, found, start, end, reading)
            if end < len(item.text):  # "Nausea: 20%. Headache: 10%."
                yield from _text(item, setting, end, len(item.text), reading, scaled)
            return
        if not item.rest.strip() and not heading(item.label).category:  # "**Seizures, coma**", all of it in bold
            yield from _text(item, setting, label_start, label_end, reading, scaled)
            return
        for a, b, of in _reach(item.text, start, len(item.text), found, setting):
            yield from _text(item, of, a, b, reading, scaled, setting)
        return
    yield from _text(item, setting, start, len(item.text), reading, scaled)


_FIGURE_AND_LABEL = re.compile(
    r"\s*[<>≥≤~]?\s?\d[^A-Za-z;:]{0,20}(?:%|in\s[\d,]+)?\s*;\s+(?=[A-Za-z][^:;.()]{2,40}:\s)"
)
_CAPTION = re.compile(r"\W*(?:table|figure)\s+\d+\s*[.:–-]", re.I)


def _last_sentence(lead: str) -> str:
    """What leads in a list: the last sentence of its paragraph."""
    found = list(sentences(lead))
    return lead[slice(*found[-1])] if found else lead


def _of_section(item: Item, setting: Setting, section: str) -> Setting:
    """What the kind of a section says beyond the words of its heading: "The ones that keep us awake"."""
    if section == "side_effects_long_term":
        return replace(setting, is_long_term=True)
    if setting.is_long_term:
        return setting  # under "Months of tablets" what stands above it no longer holds
    if section == "side_effects_rare_serious" and not setting.category and not setting.numbers:
        label = heading(item.label) if item.label else Setting()
        return replace(setting, is_serious=setting.is_serious or not (label.category or label.is_long_term))
    return setting


def _on_scale(item: Item) -> bool:
    """Whether a label of an item is a class of the scale "common, uncommon, rare", not a heading's word."""
    labels = [item.label or "", *(m[1] for m in _labels(item.text, item.rest_start, len(item.text)))]
    return any(heading(label).category and not _is_plain(label) for label in labels if label)


def _heads_serious(label: str) -> bool:
    """Whether a label is the heading "Rare but serious", beside which "Common" is a heading's word too."""
    return is_serious(label) and heading(label).category is not None


def _labels(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The labels inside a text."""
    if ":" not in text[start:end]:
        return []
    first = _LABEL_FIRST.match(text, start, end)
    found = [
        *([first] if first else []),
        *_LABEL.finditer(text, first.end() if first else start, end),
    ]  # in lower case only what says how often is a label
    found = [m for m in found if text.count("(", start, m.start()) <= text.count(")", start, m.start())]
    return [m for m in found if not m[1][0].islower() or heading(m[1]).category or heading(m[1]).numbers]


def _is_counted(text: str, label: tuple[int, int], start: int, end: int) -> bool:
    """Whether a label lists effects and only their frequency stands behind it: "Leucopenia and rash: <1/10,000"."""
    if len(list(terms.split(text, *label))) < 2 or not effect_words.is_effect(text[slice(*label)]):
        return False
    numbers = frequency.numeric(text, start, end)
    if numbers is None:
        says = text[start:end].strip(" .*")
        return effect_words.is_generic(says) and frequency.stated(says) is not None
    return not (text[start : numbers.start] + text[numbers.end : end]).strip(" .*")


def _text(
    item: Item,
    setting: Setting,
    start: int,
    end: int,
    reading: Reading,
    scaled: bool,
    around: Setting | None = None,
) -> Iterator[Place]:
    """The places of a text that may hold labels of its own: "Common: nausea. Rare: hepatitis.".

    `around` holds what is said without the item's own label, for a later label in its stead: "… Isolated cases: gout."
    """
    text = item.text
    overdose = overdose_spans(text, start, end)
    if overdose:  # what is said of overdose is another table's
        for a, b in overdose:
            yield from _text(item, setting, start, a, reading, scaled, around)
            start = b
    if not text[start:end].strip():
        return
    labels = [
        m
        for m in _labels(text, start, end)
        if not _is_counted(text, m.span(1), *next(sentences(text, m.end(), end), (m.end(), end)))
    ]
    if not labels and item.kind == "list_item":
        dash = _DASH_LABEL.match(text[start:end].lstrip())
        numbered = dash and _COUNT.match(text[start:end].lstrip(), dash.end())  # "Fever – 8%, chills – 3%"
        if dash and not numbered and effect_words.is_effect(dash.group(1)) and not is_sentence(dash.group(1)):
            shift = start + len(text[start:end]) - len(text[start:end].lstrip())
            found = _labelled(item, setting, shift, shift + len(dash.group(1)), scaled)
            if isinstance(found, Place) and denied_behind(text[shift + dash.end() : end]):
                yield replace(found, negated=True, rule="denied")
                return
            if isinstance(found, Place):
                yield found
                yield from _below(item, found, shift + dash.end(), end, reading)
                return
    at, current = start, setting
    label: Place | None = None
    for m in [*labels, None]:
        stop = m.start(1) if m else end
        if label and (counted := frequency.numeric(text, at, stop)) and not effect_words.is_effect(text[at:stop]):
            label.effect.numbers = label.effect.numbers or counted  # "Nausea: 20%."
        elif label and (stated := _class_alone(text[at:stop])):
            label.effect.category, label.effect.category_text = stated
        # behind a label that stands beside the item's own, what speaks for itself is not under the item's either
        beside = around if around is not None and current is not setting else setting
        for a, b, of in _reach(text, at, stop, current, beside):
            yield from _plain(item, of, a, b, reading)
        if m is None:
            break
        apart = around is not None and _stands_apart(text, m)
        found = _labelled(item, around if around and apart else setting, m.start(1), m.end(1), scaled)
        label = found if isinstance(found, Place) else None
        if isinstance(found, Place):
            yield found
            current = replace(found.setting, parent=found.effect.term)
        else:
            current = found
        at = m.end()


def _class_alone(words: str) -> tuple[frequency.Category, str] | None:
    """The class that words behind an effect's label begin with: "very rare, but check the enzymes"."""
    first = re.split(r"[,;.]", words, maxsplit=1)[0]
    return frequency.stated(first) if effect_words.is_generic(first) else None


def _stands_apart(text: str, label: re.Match[str]) -> bool:
    """Whether a label inside a text stands beside the item's own, not below it as that of a body system does.

    "Common: nausea. Serious: hepatitis.", but "Common: skin: rash. Gut: nausea."
    """
    says = heading(label[1])
    if says.is_serious or says.is_long_term:
        return True
    return not says.body_system and text[: label.start(1)].rstrip().endswith(".")


def _reach(text: str, start: int, end: int, label: Setting, around: Setting) -> list[tuple[int, int, Setting]]:
    """The parts of the text behind a label with the setting that holds for each.

    A label holds for its list; a full sentence behind the list speaks for itself: "Rare: gout. Long use may cause rash."
    """
    if label is around:
        return [(start, end, label)]
    parts: list[tuple[int, int, Setting]] = []
    for a, b in sentences(text, start, end):
        left = parts and parts[-1][2] is around and not _LABEL_FIRST.match(text, a, b)
        goes_on = not parts or not (left or label.parent or is_sentence(text[a:b]))
        parts.append((a, b, label if goes_on else around))
    return [(start, end, label)] if all(of is label for _, _, of in parts) else parts


def _labelled(item: Item, setting: Setting, start: int, end: int, scaled: bool) -> Setting | Place:
    """What a label says of what follows; a Place when the label itself is an effect.

    "Common:" alone is a heading's word; beside "Uncommon:" and "Rare:" (`scaled`) it states a class as they do.
    """
    label = item.text[start:end].strip(" :*")
    inner = heading(label)
    if inner != Setting() or effect_words.is_generic(label):
        plain = _is_plain(label) and not (scaled and not is_serious(label))
        return combined(setting, inner, "heading" if plain else "stated_category")
    if not is_sentence(label) and not is_advice(label):
        found = effects(item.text, start, end, sure=True)
        if len(found) == 1 and (effect_words.is_effect(label) or effect_words.heads_group(found[0].term)):
            return Place(item, found[0], setting, "label")
    return setting


def _is_plain(label: str) -> bool:
    """Whether a label is what also heads sections: "Common", "Rare but serious side effects"."""
    words = label.lower().split("(")[0]
    return ("common" in words.split()[:2] and "very" not in words and "less" not in words) or "serious" in words


_BRACKETS = re.compile(r"\([^()]*\)")


def _below(item: Item, label: Place, start: int, end: int, reading: Reading) -> Iterator[Place]:
    """What stands behind a label that is an effect: a frequency, its examples, or a description."""
    rest = item.text[start:end]
    effect = label.effect
    first = next(sentences(item.text, start, end), (start, end))
    if not effect_words.is_effect(_BRACKETS.sub(" ", item.text[slice(*first)])):  # what a list states is its members'
        stated = frequency.stated(rest)
        if stated and not effect.category:
            effect.category, effect.category_text = stated
        effect.numbers = effect.numbers or frequency.numeric(
            item.text, start, frequency.before_comparison(item.text, start, end)
        )
        effect.is_serious |= is_serious(rest)
        effect.is_long_term |= is_long_term(rest)
    gathers = effect_words.heads_group(effect.term)
    if gathers or not is_sentence(rest):
        for n, (a, b) in enumerate(sentences(item.text, start, end)):
            if _IS_ONE.match(item.text, a, b):
                continue  # "Stevens-Johnson syndrome: A severe skin reaction" says what it is
            if is_sentence(item.text[a:b]) or is_advice(item.text[a:b]):
                if gathers and n:  # behind a group's examples a sentence speaks for itself
                    yield from _sentence(item, label.setting, a, b, reading)
                continue
            for e in effects(item.text, a, b, sure=gathers, parent=effect.term):
                yield Place(item, e, label.setting, "label_examples")


_IS_ONE = re.compile(r"(?:an?|the)\s+(?:[\w-]+,?\s+){0,5}\w+[.;]?\s*$", re.I)


def _plain(item: Item, setting: Setting, start: int, end: int, reading: Reading) -> Iterator[Place]:
    """The places in sentences without labels."""
    before: list[Place] = []
    for a, b in _statements(item.text, start, end):
        here = list(_sentence(item, setting, a, b, reading))
        _said_of_all(item.text, a, b, here or before)
        yield from before
        before = here
    yield from before


_CONTRAST = Cued(r",\s+(?:(?:al)?though|but|while|whereas)\s+")


def _statements(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences, each cut where a list ends and a clause on another effect begins: "Rash, although angioedema is rare"."""
    for a, b in sentences(text, start, end):
        m = _CONTRAST.search(text, a, b)
        if m and not is_sentence(text[a : m.start()]) and is_sentence(behind := text[m.end() : b]):
            subject = _OF_CLAUSE.match(behind)
            if subject and effect_words.is_effect(subject[1]):
                yield a, m.start()
                a = m.end()
        yield a, b


_OF_CLAUSE = re.compile(
    r"([^,;.]{3,60}?)\s+(?:is|are|was|were|occurs?|occurred|has|have|appears?|affects?|remains?)\b", re.I
)


def _sentence(item: Item, setting: Setting, a: int, b: int, reading: Reading) -> Iterator[Place]:
    """The places in one sentence."""
    text = item.text
    opening = text.find(",", a, b)
    if opening > 0 and is_about_long_use(text[a:opening]):  # "In the long run, …"
        setting = replace(setting, is_long_term=True, is_serious=False)
    for one in listings(text, a, b, reading.own_names):
        inside = setting
        rule = "list" if one.sure and one.about_end <= one.about_start else "sentence"
        if text[one.about_start : one.about_end]:
            told = said(text, one.about_start, one.about_end)
            if told.category == setting.category and _MOST.match(told.category_text or ""):
                told = replace(told, category=None, category_text=None)
            inside = combined(setting, told, "stated_category")
        if one.term:
            yield Place(item, Effect(one.start, one.end, one.end, one.term), inside, "denied", one.negated)
            continue
        if one.group:
            heads = effects(text, *one.group)
            for head in heads[:1]:
                yield Place(item, head, inside, rule)
                inside = replace(inside, parent=head.term)
        for e in effects(text, one.start, one.end, sure=one.sure, parent=inside.parent):
            _leave_out_drug(e, reading.own_names)
            if e.term.lower() not in reading.own_names:
                yield Place(item, e, inside, "denied" if one.negated else rule, one.negated)


_MOST = re.compile(r"most\b|commonest", re.I)
"""Words that compare: under "Common", "the most common complaints" states no class of its own."""
_OF_DRUG = re.compile(r"\s+(?:on|to|of|from|with)\s+(?:the\s+)?(?P<name>[\w-]+)$", re.I)


def _leave_out_drug(effect: Effect, own_names: frozenset[str]) -> None:
    """Cut the drug's own name from a term: "physical dependence on Testolol"."""
    m = _OF_DRUG.search(effect.term)
    if m and m["name"].lower() in own_names:
        if effect.until == effect.end:
            effect.until -= len(effect.term) - m.start()
        effect.end -= len(effect.term) - m.start()
        effect.term = effect.term[: m.start()]


_OF_ALL = Cued(
    r"(?:^|[;,]\s*(?:and\s+)?)(?:(?P<rate>(?:their|its|the)\s+(?:exact\s+)?(?:frequency|incidence)\b)|"
    r"(?:all|both|these|each)\s+(?:of\s+(?:them|these|which)\s+)?(?:\w+\s+)?(?:are|were|is|was|occurs?|occurred|appears?|affects?|ha(?:s|ve) been (?:seen|reported|noted)))"
    r"\s+(?P<said>[^.;]*)"
)
_NOT_ALWAYS = re.compile(r"\b(?:usually|mostly|often|generally|sometimes|mainly|typically|not)\b", re.I)


def _said_of_all(text: str, start: int, end: int, places: list[Place]) -> None:
    """Take up a remark on all effects just named: "all were mild", "their frequency is not known"."""
    for m in _OF_ALL.finditer(text[start:end]):
        words = m.group()
        stated = frequency.stated(words)
        numbers = frequency.numeric(text, start + m.start("said"), start + m.end())
        severity = None if m["rate"] or _NOT_ALWAYS.search(words) else effect_words.severity(words)
        for place in places:
            effect = place.effect
            if effect.start >= start + m.start():
                continue
            if not effect.numbers and not effect.category and place.setting.basis != "stated_category":
                effect.numbers = numbers
                if stated:
                    effect.category, effect.category_text = stated
            effect.severity = effect.severity or severity
