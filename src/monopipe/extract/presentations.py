"""What the drug comes as, and what holds for all its doses: strengths, the route of a whole section, rates not to exceed."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.document import Item

_FORM = (
    r"(?:tablets?|tabs?|caplets?|capsules?|caps?|vials?|ampoules?|amps?|suspension|(?:oral )?solution|oral liquid|syrup|elixir|injection|pens?"
    r"|(?:prefilled )?syringes?|sachets?|packets?|patch(?:es)?|inhalers?|gel|cream|ointment|cassettes?|granules?|drops|suppositor(?:y|ies)"
    r"|powder|spray|enemas?|films?|kit|minibags?|premix|concentrate)"
)
_AMOUNT = r"\d[\d.,–/-]*\s*(?:mg|g|mcg|micrograms?|[µμ]g|units?|IU|mmol|mEq|%|mL)(?:\s*(?:/|per|in)\s*(?:\d[\d.]*\s*)?(?:mL|puff|tablet|g)\b)?"
# "Tablets hold 50 mg or 100 mg", "The suspension is 40 mg/mL", "The powder comes in vials of 150 mg".
_HOLDS = Cued(
    rf"(?:the|each|all|one|an?)?\s*(?:[\w/-]+\s){{0,4}}{_FORM}(?:\s\([^)]*\))?\s(?:(?:also|now|usually)\s)?"
    rf"(?:holds?|contains?|comes? (?:in|as)|(?:is|are) available (?:in|as)|(?:is|are)(?= [^.;,]{{0,40}}(?:/| per )\s?(?:\d+ ?)?mL\b))\s[^.;]*?{_AMOUNT}"
    r"(?! of (?:sodium|potassium|sucrose|lactose|sorbitol|fructose|ethanol|alcohol|aspartame|gluten)\b)"
)
# "Tablets 5 mg and 10 mg; oral solution 5 mg/5 mL": nothing but forms and their strengths.
_LIST = re.compile(
    rf"(?:[\w/-]+\s){{0,3}}?{_FORM}(?:\s\([^)]*\))?(?:\s(?:of|with|in))?:?\s{_AMOUNT}"
    rf"(?:\s*(?:,|;|and|or|&|/|\([^)]*\)|{_AMOUNT}|(?:[\w/-]+\s){{0,3}}?{_FORM}(?:\s(?:of|with|in))?:?(?=\s\d)|\d[\d.]*))*\s*\.?",
    re.I,
)
_AMOUNTS = re.compile(
    rf"{_AMOUNT}(?:\s*(?:,|and|or)\s*{_AMOUNT})*(?:,? (?:scored|film-coated|clear|sugar-free))*\.?", re.I
)
_LABEL = re.compile(
    r"(?:how supplied|supply|strengths?|presentations?|formulations?|(?:dosage |pharmaceutical )?forms?(?: and strengths?)?|preparations?|products?|available as"
    r"|packs?|on (?:the|our) (?:shelf|shelves|formulary)|(?:what )?we (?:keep|stock)|in (?:stock|the cupboard)|stock(?:ed|s)?|(?:tablets|capsules|vials|ampoules|syringes|pens|bottles)(?= \w))(?: (?:we )?(?:stocked|stock|keep|held|in stock|available|kept))?\W*",
    re.I,
)
_STRENGTH_HEAD = re.compile(r"\W*(?:strengths?|contents?|holds|contains)\b", re.I)
# "All doses are by mouth unless stated", "Everything here is SC", "Doses are oral.", "Subcutaneous, unless stated."
_SCOPE = Cued(
    r"(?=.*\b(?:unless|except where)\b|(?:every dose|(?:all|everything|the) (?:\w+ ){0,3}(?:doses|here|below))\b|doses (?:are|go)\b|all (?:po|iv|sc|im|oral|subcutaneous|intravenous|by mouth)\b)"
    r"[^.;]{3,140}"
)
# "The rate must not exceed 10 mL/min", "Rate of infusion: ≤10 mg/min", "each IV push runs over at least 3 minutes".
_RATE = Cued(
    r"\b(?:rate|infusions?|infusion time|IV push|injections?)\b[^.;]*\b(?:not exceed\w*|no faster|not? (?:be )?(?:shorter|less|faster|more)|never (?:be )?(?:shorter|faster)|at least|at most|limit|maximum|or less|max)\b"
    r"[^.;]*\d[^.;]*(?:/\s?(?:min\w*|h\w*)|per (?:minute|hour)|\bmin(?:utes)?|\bhours?)"
    r"|\brates?\b[^.;]{0,30}(?:limit|maximum|[≤<])[^.;]{0,12}\d[^.;]*(?:/\s?(?:min\w*|h\w*)|per (?:minute|hour))"
)
# "Dissolve each vial in 20 mL of water, then dilute to 100 mL".
_PREPARES = Cued(
    r"\b(?:dilute[sd]?|dissolve[sd]?|reconstitute[sd]?|made up|make (?:it )?up|draw (?:up|the|out)|dispersed?|crush(?:ed)? and mix(?:ed)?)\b[^.;]*"
    r"\b(?:mL|bags?|minibags?|sodium chloride|saline|glucose|dextrose|water)\b"
)
_PER_TIME = re.compile(r"\d[\d.,–-]*\s*\w+(?:/kg)?(?:\s?/\s?|\sper\s)(?:min|h)\w*", re.I)
_AMOUNT_ALONE = re.compile(r"\d\s*(?:mg|g|mcg|micrograms?|units?|IU|mmol|mEq)\b|\bbefore\b", re.I)
_SCHEDULE = re.compile(r"\b(?:every \d+|once|twice|daily|times|[OBTQ]D|dose)\b", re.I)


def states_strength(item: Item, start: int, end: int) -> bool:
    """Whether a sentence says what the drug comes as, by its label or by its words.

    A row of a table does where the head of its second column says so.
    """
    if len(item.cells) > 1:
        return len(item.columns) > 1 and _STRENGTH_HEAD.match(item.columns[1]) is not None
    if item.label and _LABEL.fullmatch(item.label):
        return re.search(r"\d", item.text[start:end]) is not None
    if item.label and re.fullmatch(_FORM, item.label, re.I):  # "Tablets: 100 mg and 300 mg, scored"
        return _AMOUNTS.fullmatch(item.text, start, end) is not None
    return _HOLDS.match(item.text, start, end) is not None or _LIST.fullmatch(item.text, start, end) is not None


def is_scope(sentence: str) -> bool:
    """Whether a sentence says what holds for all doses of its section.

    >>> [is_scope(s) for s in ("All doses are by mouth unless stated.", "Subcutaneous, unless stated.", "Take it by mouth.")]
    [True, True, False]
    """
    return _SCOPE.match(sentence) is not None


def bounds_rate(sentence: str) -> bool:
    """Whether a sentence says how fast it may be given at most, or over how long at least; a dose beside it is a regimen's.

    >>> [bounds_rate(s) for s in ("The rate must not exceed 4 mg/min.", "5 mg by infusion over at least 15 minutes once.")]
    [True, False]
    """
    return _RATE.search(sentence) is not None and _AMOUNT_ALONE.search(_PER_TIME.sub("", sentence)) is None


def prepares(sentence: str) -> bool:
    """Whether a sentence says in what the drug is diluted or dissolved."""
    return _PREPARES.search(sentence) is not None and _SCHEDULE.search(sentence) is None
