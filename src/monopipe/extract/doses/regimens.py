"""Dosing steps: the dose grammar's reading of the dosage sections, with what their headings and labels say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import conditions_of, is_condition
from monopipe.extract.doses.condition_above import last_sentence, subject_and_way
from monopipe.extract.doses.condition_phrases import BIDS, VERB, is_event, listed_uses
from monopipe.extract.doses.conditions import place_conditions
from monopipe.extract.doses.limits import AT_MOST, MAXIMUM, cap_steps, dose_limits, limits_below
from monopipe.extract.doses.measured import bands_again, bound_by_values
from monopipe.extract.doses.no_doses import doses_of_this_drug
from monopipe.extract.doses.not_given import FORBIDS
from monopipe.extract.doses.retold import told_again, told_before
from monopipe.extract.doses.sequels import by_mouth_too, keep_on
from monopipe.extract.doses.surroundings import AMOUNT
from monopipe.extract.doses.turned import Words, read_turned, turned
from monopipe.extract.doses.ways import Ways
from monopipe.extract.doses.weeks import count_from_zero, counted_from_zero
from monopipe.extract.facts import content_key
from monopipe.extract.names import normal_name
from monopipe.extract.reading import RETOLD, Reading
from monopipe.grammar import Step, has_dose, names_condition, read, read_lead, read_route, read_who, render
from monopipe.grammar.heads import head
from monopipe.headings import section_kind
from monopipe.signs import MASS
from monopipe.tables import Fact, Regimen, RegimenCondition, RegimenPartner

DOSAGE_KINDS = (
    "dosage",
    "dosage_adults",
    "dosage_children",
    "dosage_special",
    "dosage_adjustments",
    "clinical_use_cases",
)

_MAX_LEAD_WORDS = 12
_MAX_LEAD_IN = 22
_STEP_WORD = Cued(
    r"\b(?:loading|maintenance|starting|initial|first|target|titration|tapering|induction|single|booster) (?:dos|infusion|therap|treatment|regimen|schedule|phase)"
    r"|\bdos(?:e|age) (?:titration|escalation|increase|reduction|taper)"
)
# A list item that begins so goes on with the instruction of the item before it.
_GOES_ON = re.compile(
    r"\s*(?:then|followed by|thereafter|after (?:that|this)|next|(?:from\s+)?(?:week|day|month|step|cycle)s?\s*\d"
    r"|(?:reduce|decrease|increase|taper|titrate)\b)",
    re.I,
)
# "**The same in words:** with an eGFR of 30–44 the dose is 50 mg": what stands above is told again.
_SAME_AGAIN = re.compile(
    r"\s*(?:the\s+(?:same|table)\b|(?:put\s+)?in\s+(?:other\s+|plain\s+)?words\b|in\s+(?:short|brief|summary|sum|a\s+nutshell)\b"
    r"|put\s+(?:differently|another\s+way)\b|to\s+(?:sum\s+up|summari[sz]e|repeat)\b|summary\b|recap\b)[^.;]{0,30}[:,]",
    re.I,
)
_OR = re.compile(r"\bor\W*$", re.I)
_OR_NOW = re.compile(r"[.;]\s+or\s+$", re.I)
_IF = re.compile(r"\b(?:if|when|unless|in case|provided|where)\b", re.I)
# "15–30 mL/min", "the 50 mg/mL solution": of a clearance or a product, no amount of a dose.
_PER_VOLUME = re.compile(rf"\d[\d.,–-]*\s?(?:mL\s?/\s?min|(?:{MASS}|mmol)\s?/\s?(?:\d+\s?)?(?:mL|L|dL))\b")
# "Tablets, always three times a day, at most 4.5 mg a day:": a maximum in a lead-in is no dose of its own.
_MAXIMUM = re.compile(rf"\b{AT_MOST}\s+(?:of\s+|dose\s+)*{AMOUNT.pattern}", re.I)
_LIMIT_LABEL = Cued(rf"(?:.*\b)?{MAXIMUM}$|{MAXIMUM}")


# "5 mg daily, max: 20 mg": what stands before the colon is a dose, no label.
_DOSE_AND_LIMIT = re.compile(rf"\d.*\b{MAXIMUM}\W*$", re.I)


@dataclass
class _Group:
    """The instruction that following list items may go on with."""

    key: str = ""
    sequence: int = 0
    leads: tuple[str, ...] = ()
    depth: int = 0
    section: int = -1
    said: set[str] = field(default_factory=set)
    """Partners and conditions that a step of it has named already."""


def regimens(reading: Reading) -> Iterator[Fact]:
    """One row per dosing step of the dosage sections; steps of one instruction share `regimen_group`."""
    group = _Group()
    told: list[Regimen] = []
    ways = Ways(reading.own_names)
    before = ""
    items = list(reading.about(*DOSAGE_KINDS))
    on_side = turned(items)
    below, from_zero = limits_below(items, reading.own_names), counted_from_zero(items)
    led, of_table = "", ""
    oral: set[int] = set()
    """Where items begin whose doses are all by mouth."""
    said_below = _said_below(items)
    for printed in items:
        item = _below_heading_words(reading, printed)
        ways.hear(item)
        if item.kind == "paragraph":
            led, of_table = (item.rest.strip().rstrip(":") if item.text.endswith(":") else ""), ""
        elif item.columns and led:
            of_table = led
        if (item.structural and item.kind in ("heading", "table_row")) or not has_dose(item.text):
            continue
        if item.char_start in said_below:
            continue
        other = item.kind == "list_item" and _OR.search(before) is not None
        before = item.text if item.kind == "list_item" else ""
        way, often = ways.of(item) or _of_volume(item.columns), ways.often(item)
        leads = (*ways.of_all(item), *dose_leads(reading, item))
        if of_table and not item.columns:
            leads = tuple(lead for lead in leads if lead != of_table)  # the list behind a table is led in by nothing
        steps = _steps(reading, item, way, (often, *leads) if often else leads, on_side.get(item.char_start))
        ways.give_by_route(item, steps)
        if item.parent is not None and item.parent.char_start in oral:
            by_mouth_too(steps)
        if steps and all(step.dosage.route == "oral" for step in steps):
            oral.add(item.char_start)
        if item.char_start in from_zero:
            count_from_zero(item, steps)
        if limit := below.get(item.char_start):
            cap_steps(steps, limit)
        spans = [(step.start, step.end) for step in steps]
        yield from dose_limits(reading, item, leads, spans, told)
        for n, step in enumerate(steps):
            # "1. 300 mg for 6 months, or / 2. 300 mg …", "50 mg tds. Or 100 mg bd."
            or_else = other if n == 0 else _OR_NOW.search(item.text, 0, step.start) is not None
            if or_else and step.dosage.step_kind == "standard":
                step.dosage.step_kind = "alternative"
                step.dosage.readable = render(step.dosage)
        instruction = -1
        for step in steps:
            if step.instruction != instruction:
                instruction = step.instruction
                if not _goes_on(group, item, first=step is steps[0]):
                    group = _Group(_group_key(reading, item, step), 0, item.leads, item.depth, item.section_ordinal)
            group.sequence += 1
            row = _row(reading, item, step, group)
            if item.section in RETOLD or _SAME_AGAIN.match(item.text):
                known = told_before(row, told) if item.section in RETOLD else told_again(row, told)
                if known is not None:
                    row.row_id, row.regimen_group = known.row_id, known.regimen_group
                    yield row
                    continue
            row.row_id = content_key(row)
            told.append(row)
            yield row
            yield from _children(reading, row, group.said)


def _said_below(items: Sequence[Item]) -> frozenset[int]:
    """The lead-ins whose dose every item of the list below gives: "25 mg is advised in these groups:" over "Elderly: 25 mg"."""
    found = set()
    for n, lead in enumerate(items):
        if lead.kind != "paragraph" or not lead.text.endswith(":") or not (told := set(AMOUNT.findall(lead.text))):
            continue
        below = takewhile(lambda item: item.kind == "list_item", items[n + 1 :])
        listed = [AMOUNT.findall(_PER_VOLUME.sub("", item.text)) for item in below]
        if listed and all(amounts and told.issuperset(amounts) for amounts in listed):
            found.add(lead.char_start)
    return frozenset(found)


# "No data in children", "Dose as above": a remark, and no heading of the list below it.
_REMARK = re.compile(
    r"\b(?:no|not|none|never|without|only if|see|above|as for|cases|some|sometimes|rarely|occasionally|alternatively|also|instead)\b",
    re.I,
)


_TABLE_NUMBER = re.compile(r"^\W*table\s+[\dIVX]+(?:[.–-]\d+)*[.:]\W*", re.I)  # of a caption


def _below_heading_words(reading: Reading, item: Item) -> Item:
    """An item below a paragraph without a verb, which says of the list or table under it what a heading would.

    "In severe spasticity, by implanted pump, after a positive test dose."
    """
    above = reading.above_lists.get(item.char_start) or reading.above_tables.get(item.char_start)
    if above is None or above.text.rstrip().endswith(":") or AMOUNT.search(above.text):
        return item
    words = listed_uses(_TABLE_NUMBER.sub("", above.text).split(";")[0].strip(" .*"))
    if len(words.split()) > _MAX_LEAD_IN or ". " in words or VERB.search(words) or _REMARK.search(words):
        return item
    if not read_lead(words) and not is_condition(reading, words):
        return item
    if above.label == words:
        return item  # a label alone leads in its list as it is
    shared = next(
        (n for n, (a, b) in enumerate(zip(above.leads, item.leads, strict=False)) if a != b), len(above.leads)
    )
    label = (above.label,) if above.label and above.label not in words and above.label not in item.leads else ()
    return replace(item, leads=(*item.leads[:shared], *label, words, *item.leads[shared:]))


def _steps(
    reading: Reading, item: Item, way: str | None, leads: tuple[str, ...], beside: Words | None = None
) -> list[Step]:
    dosed = item.label is not None and _DOSE_AND_LIMIT.search(item.label) is not None
    if item.label and not dosed and _LIMIT_LABEL.match(item.label):
        return []  # "Maximum: 8 puffs in 24 hours", "Peripheral rate limit: 10 mmol/h" limits doses and is none
    leads = (*((way,) if way else ()), *leads)
    start = 0 if item.columns or dosed else item.rest_start
    if opening := _opening(item):
        leads = (*leads, opening)
    if item.label and not dosed and not item.columns and item.section != "front_matter":
        leads = (*leads, *_kept(reading, (item.label,)))
    if beside:
        steps = read_turned(item, beside, leads, reading.own_names)
    else:
        steps = read(item.text[start:], leads=leads, drug_names=reading.own_names, columns=_columns(item))
        for step in steps:
            step.start, step.end = step.start + start, step.end + start
            _own_words(step, item.label)
    place_conditions(reading, item, steps)
    _when_it_happens(item, steps)
    steps = doses_of_this_drug(reading, item, steps)
    keep_on(item, steps, way)
    bands_again(item, steps)
    bound_by_values(item, steps)
    return steps


def _when_it_happens(item: Item, steps: list[Step]) -> None:
    """A label that tells of an event, or of a bound it does not say of what, is the condition of its doses: "Over 75: 1 g"."""
    if item.label is None or item.columns or not (is_event(item.label) or _UNNAMED_BOUND.fullmatch(item.label)):
        return
    if read_who(item.label):
        return
    for step in steps:
        d = step.dosage
        if (
            d.condition_text is None
            and d.start_after is None
            and (d.indication_text is None or d.indication_text not in item.label)
        ):
            d.condition_text = item.label
            d.readable = render(d)


_UNNAMED_BOUND = re.compile(
    r"(?:[\w\s,-]+?\s)?\W*(?:over|under|above|below|more\s+than|less\s+than)\s+(?:the\s+)?\d+s?\b[^\d%]*", re.I
)


@lru_cache(maxsize=64)  # every row of a table asks for its columns
def _of_volume(columns: tuple[str, ...]) -> str | None:
    """The way that the head of a column of volumes names: "Volume of oral solution"."""
    found = [route for column in columns if head(column).kind == "quantity" and (route := read_route(column))]
    return found[0] if len(found) == 1 else None


def _columns(item: Item) -> tuple[str, ...]:
    """The heads of a row; for a first one "Band" over bare numbers the measured value that the heading names."""
    if not item.columns or not (_VAGUE_HEAD.match(item.columns[0]) and _BARE_BAND.match(item.cell(0))):
        return item.columns
    for lead in item.leads[-1:]:
        inner = _IN_BRACKETS.search(lead)
        named = next(
            (words for words in (lead, inner[1] if inner else "") if words and head(words).kind == "who"), None
        )
        if named is not None:
            return (named, *item.columns[1:])
    return item.columns


_VAGUE_HEAD = re.compile(r"\W*(?:band|range|value|function)?s?\W*$", re.I)
_BARE_BAND = re.compile(r"\s*[<>≥≤]?=?\s*\d[\d.]*(?:\s*[–-]\s*\d[\d.]*)?\s*$")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")


def _opening(item: Item) -> str | None:
    """The bold words that a paragraph opens with and closes by a full stop, as far as they say whom or by which way."""
    words = item.text[: item.bold_end].strip()
    if item.label is not None or item.columns or not words.endswith(".") or len(words.split()) > _MAX_LEAD_WORDS:
        return None
    words = words.rstrip(".")
    if AMOUNT.search(words) or not read_lead(words):
        return None
    return words if read_who(words) or not names_condition(words) else read_route(words)


def _own_words(step: Step, label: str | None) -> None:
    """What the item's own label says is no inheritance: only headings, lead-ins and earlier steps are."""
    if not label or not step.dosage.inherited_fields:
        return
    own = {"indication_text", "step_kind", *read_who(label)} if step.dosage.sequence == 1 else {"indication_text"}
    kept = [name for name in step.dosage.inherited_fields.split("; ") if name not in own]
    step.dosage.inherited_fields = "; ".join(kept) or None


def dose_leads(reading: Reading, item: Item) -> tuple[str, ...]:
    """The headings, lead-ins and list parents that say for whom, what or how a dose is; mere section names drop out."""
    if item.question is not None:
        return ()
    leads = item.leads[1:] if item.leads[:1] == (reading.title_heading,) else item.leads
    return _kept(reading, tuple(words for lead in leads for words in subject_and_way(reading, lead)))


def _kept(reading: Reading, leads: tuple[str, ...]) -> tuple[str, ...]:
    kept = []
    for lead, worth in map(_worth, leads):
        if (
            worth != "none"
            and lead.lower() not in reading.own_names
            and (worth == "full" or is_condition(reading, lead))
        ):
            kept.append(lead)
    return tuple(kept)


@lru_cache(maxsize=4096)
def _worth(lead: str) -> tuple[str, Literal["none", "full", "as_condition"]]:
    """The words of a lead that count, and whether they say something of a dose: always, never, or as a condition."""
    last = last_sentence(lead)
    # "The first dose is the usual one, and the interval is then altered": a story of several steps
    lead = _step_words(lead if _STEP_WORD.search(last) else last)
    n_words, says_who = len(lead.split()), bool(read_who(lead))
    names_section = section_kind(lead, "dosage", exact=True) or section_kind(lead, exact=True)
    sentence = n_words > _MAX_LEAD_WORDS and not (
        ". " in lead or AMOUNT.search(_MAXIMUM.sub("", _PER_VOLUME.sub("", lead))) or FORBIDS.search(lead)
    )
    too_long = n_words > (_MAX_LEAD_IN if sentence else _MAX_LEAD_WORDS)
    if too_long or (names_section and not says_who) or BIDS.match(lead):
        return lead, "none"
    vague = (
        section_kind(lead, "dosage") and n_words < 5 and not (says_who or _STEP_WORD.search(lead) or read_route(lead))
    )
    return lead, "as_condition" if vague else "full"


def _step_words(lead: str) -> str:
    """Of a long lead-in that says what its steps are only its head: "Total loading doses, given as …"."""
    head = lead.split(",")[0]
    return head if len(lead.split()) > _MAX_LEAD_WORDS and _STEP_WORD.search(head) else lead


def _goes_on(group: _Group, item: Item, *, first: bool) -> bool:
    """Whether the item is a further step of the list before it: "2. Reduce by 10 mg every 2 weeks"."""
    return (
        first
        and bool(group.key)
        and item.kind == "list_item"
        and (group.leads, group.depth, group.section) == (item.leads, item.depth, item.section_ordinal)
        and _GOES_ON.match(item.text) is not None
    )


def _group_key(reading: Reading, item: Item, step: Step) -> str:
    d = step.dosage
    quote = " ".join(item.text[step.start : step.end].lower().split())
    who = (d.indication_text, d.age_group, d.population, d.param, d.param_low, d.param_high)
    # "Oral: 35 µg/kg" and "Intravenous: 35 µg/kg" print the same dose
    way = (d.route,) if "route" in (d.inherited_fields or "") else ()
    parts = (reading.drug_id, *who, quote, *way)
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).hexdigest()


def _row(reading: Reading, item: Item, step: Step, group: _Group) -> Regimen:
    columns = dict(vars(step.dosage))
    columns["sequence"] = group.sequence
    conditions = conditions_of(reading, step.dosage.indication_text)
    return Regimen(
        **item.at(step.start, step.end),
        **columns,
        drug_id=reading.drug_id,
        assertion="conditional" if _IF.match(step.dosage.condition_text or "") else "affirmed",
        rule="dose_table_row" if item.columns else "dose_grammar",
        regimen_group=group.key,
        condition_norm="; ".join(norm for _, norm in conditions) or None,
    )


def _children(reading: Reading, row: Regimen, said: set[str]) -> Iterator[Fact]:
    """The partners and conditions of a step, one row each."""
    place = row.place()
    for partner in (row.partners or "").split("; "):
        norm = normal_name(partner)
        if partner and f"with {norm}" not in said:
            said.add(f"with {norm}")
            yield RegimenPartner(
                **place, rule=row.rule, regimen_group=row.regimen_group, partner=partner, partner_norm=norm
            )
    for condition, norm in conditions_of(reading, row.indication_text):
        if f"for {norm}" not in said:
            said.add(f"for {norm}")
            yield RegimenCondition(
                **place, rule=row.rule, regimen_group=row.regimen_group, condition=condition, condition_norm=norm
            )
