"""The condition that stands above a dose: in the list's parents and lead-ins, in a column's head, in a paragraph before."""

from __future__ import annotations

import re

from monopipe.document import Item
from monopipe.extract.conditions import conditions_of
from monopipe.extract.doses.condition_fields import inherit, take
from monopipe.extract.doses.condition_of_label import of_bracket
from monopipe.extract.doses.condition_phrases import (
    VERB,
    accepts,
    bare,
    in_lead,
    is_use,
    listed_uses,
    opens_otherwise,
    uses,
)
from monopipe.extract.doses.surroundings import AMOUNT
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal
from monopipe.grammar import Step, names_condition, read_lead, read_who
from monopipe.headings import section_kind
from monopipe.signs import MASS

CONDITION_HEAD = re.compile(
    r"\W*(?:indication|condition|disease|disorder|use|setting|infection|problem|diagnosis|tumou?r|cancer|malignancy)s?\b"
    r"|\W*(?:used\s+)?for\W*$",
    re.I,
)
# A first column of such a head says where the dose is given; what for, the lead-in may say.
SETTING_HEAD = re.compile(r"\W*(?:settings?|situations?|scenarios?|circumstances?|contexts?)\b", re.I)
_BRACKET = re.compile(r"\(([^()]*)\)")
_DIGIT = re.compile(r"\d")


def of_other_column(reading: Reading, item: Item) -> str | None:
    """The condition in a column behind the first: "| 1–11 years | Meningitis | 40 mg/kg |".

    What a column "Infection" or "For" holds is one; in other columns only a use of the drug that fills the cell.
    """
    found = []
    for head, (a, b) in zip(item.columns[1:], item.cells[1:], strict=False):
        cell = _BESIDE.split(item.text[a:b].strip(), 1)[0]
        if not cell or AMOUNT.search(cell) or _NO_CONDITION_HEAD.match(head):
            continue
        declared = CONDITION_HEAD.match(head) is not None and SETTING_HEAD.match(head) is None
        words = in_lead(reading, cell) if declared else bare(cell)
        if words and (declared or is_use(reading, words) or (_WHO_HEAD.match(head) and accepts(reading, words))):
            found.append(words)
    return found[0] if len(found) == 1 else None


_BESIDE = re.compile(r",?\s+(?:alongside|together\s+with|with|plus|\+)\s", re.I)
_WHO_HEAD = re.compile(r"\W*(?:who|(?:in|for)\s+whom|patients?)\W*$", re.I)
# Of columns with such heads a disease says what to watch, or what another drug is for.
_NO_CONDITION_HEAD = re.compile(
    r"\W*(?:with|note|remark|comment|nb|n\.b|caution|warning|monitor|reason|partner|combination|other|contra|evidence|source)",
    re.I,
)
# "An example for giant cell arteritis"
_SCHEME_FOR = re.compile(
    r"^\W*(?:an?|the|one)\s+(?:[\w-]+\s+)?(?:example|scheme|schedule|plan|protocol)\s+(?:for|in|of|against)\s+", re.I
)
# "2.3 Hyperuricemia": the number of a heading
_ORDINAL = re.compile(r"^\s*\d+(?:\.\d+)*\.?\s+(?=[A-Za-z])")
_FULL_STOP = re.compile(r"\.(?<=[a-z\d)]{2}\.)\s+(?=[A-Z])")
_MAX_HEADING_WORDS = 12


def last_sentence(lead: str) -> str:
    """Of a paragraph that leads in only what stands right above the doses: "Avoid it in asthma. In gout it is given by mouth"."""
    first, *others = _FULL_STOP.split(lead)
    told = others and (len(lead.split()) > _MAX_HEADING_WORDS or VERB.search(first))
    return _SCHEME_FOR.sub("", others[-1] if told else lead)


_COLON = re.compile(r":\s+|\s[–—-]\s")
_MARKS = frozenset(":–—-")


def subject_and_way(reading: Reading, lead: str) -> tuple[str, ...]:
    """A heading "Gout: starting low" as the condition and what is said of its doses; any other as it is."""
    if _MARKS.isdisjoint(lead):
        return (lead,)
    subject, *rest = _COLON.split(lead, maxsplit=1)
    way = "".join(rest)
    if (
        not way
        or len(lead.split()) > _MAX_HEADING_WORDS
        or not (accepts(reading, subject) or in_lead(reading, subject))
    ):
        return (lead,)
    return (subject,) if names_condition(way) and not read_lead(way) else (subject, way)


def of_list(reading: Reading, item: Item, step: Step, *, label: bool = True) -> None:
    """Take the nearest list parent or lead-in that names a condition: "Cardiac arrest" over "Non-shockable rhythm: 1 mg"."""
    own = tuple(filter(None, (item.label,))) if label else ()
    for lead in (*own, *reversed(item.leads)):
        if lead == reading.title_heading or section_kind(lead, exact=True):
            return
        words = listed_uses(_ORDINAL.sub("", last_sentence(lead)).strip(" :*?"))
        if named := in_lead(reading, words):
            if lead == item.label and _is_state(reading, item, named):
                continue  # "CKD not on dialysis" under "Renal anaemia"
            (take if lead == item.label else inherit)(step, _printed(reading, words, named))
            return
        if of_bracket(reading, words, step):
            return


def _is_state(reading: Reading, item: Item, named: str) -> bool:
    """Whether a label's condition is the state of the people below a heading that says what the dose is for."""
    if not read_who(named).get("population") or normal(reading.expand(named)) in uses(reading):
        return False
    return any(in_lead(reading, _ORDINAL.sub("", x).strip(" .:*")) for x in item.leads[-1:])


def _printed(reading: Reading, lead: str, named: str) -> str:
    """A short lead that lists several conditions stands whole."""
    short = _BRACKET.sub("", lead)
    members = conditions_of(reading, short)
    whole = len(members) > 1 and all(accepts(reading, words) for words, _ in members)
    return short if whole and not VERB.search(short) else named


def of_column(reading: Reading, item: Item, step: Step) -> None:
    """Take the condition that heads the column of the dose: "| CrCl | Stroke prevention | Treatment of DVT |"."""
    heads = {
        item.columns[k]
        for k, (a, b) in enumerate(item.cells[: len(item.columns)])
        if k > 0 and a < step.end and b > step.start and _DIGIT.search(item.text, a, b)
    }
    named = {words for head in heads if not section_kind(head, exact=True) and (words := in_lead(reading, head))}
    if len(named) == 1:
        inherit(step, named.pop())
    elif not named and (words := in_lead(reading, item.columns[0])) and is_use(reading, words):
        inherit(step, words)  # "| Delayed puberty in girls | Dose |" over "| Months 1–6 | 5 mg |"


# A paragraph that leads to the table below it: "Doses for asthma depend on age."
_LEADS_ON = re.compile(
    r"\b(?:dos(?:e|es|ed|age|ages|ing)|treated|regimens?|schedules?|table|below|follow\w*|shown)\b", re.I
)
# "The liquid holds 1 mg in each mL", "Oral solution is 0.5 mg/mL": a strength
_CONCENTRATION = re.compile(
    rf"\d[\d.,]*\s?{MASS}(?:\s+(?:in|per)\s+|\s?/\s?)(?:each\s+|every\s+|one\s+)?(?:[\d.]+\s?)?(?:m?L|millilit\w+)\b",
    re.I,
)


def uses_of(reading: Reading, paragraph: Item) -> str | None:
    """The conditions that a sentence of a paragraph lists as the uses of the doses below it."""
    for a, b in ((0, len(paragraph.text)), *paragraph.sentences()):
        words = paragraph.text[a:b].strip(" .")
        listed = listed_uses(words)
        if listed != words and all(accepts(reading, x) for x, _ in conditions_of(reading, listed) or [("", "")]):
            return listed
    return None


_FOR_ONLY = re.compile(
    r"\b(?:treats?|(?:treated|licensed|used|given|indicated|prescribed|approved)\s+for)\s+(?P<words>[^.;:,\d]{3,50}?)\s+(?:only|alone)\b",
    re.I,
)


def of_what_stands_above(reading: Reading, item: Item) -> str | None:
    """The condition of the doses of a table, or below a list item, that the paragraph or item right above them names."""
    above = reading.above_tables.get(item.char_start) if item.columns else item.parent
    if above is None or AMOUNT.search(_CONCENTRATION.sub("", above.text)):
        return None
    if listed := uses_of(reading, above):
        return listed
    before = alone = None
    for a, b in above.sentences():
        named = in_lead(reading, above.text[a:b].strip(" .:"))
        only = _FOR_ONLY.search(above.text, a, b)
        if only is not None and accepts(reading, words := bare(only["words"])):
            named, alone = None, words  # "In children it treats hypertension only. From 6 to 17 years:"
        if alone and above.text[a:b].endswith(":") and read_who(above.text[a:b]):
            return named or alone
        if _LEADS_ON.search(above.text, a, b) and (named or before):
            return named or before
        before = named or (None if opens_otherwise(above.text, a, b) else before)
    return None
