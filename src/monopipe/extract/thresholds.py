"""Thresholds: the measured values that bound a piece of advice, as its label or condition states them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from monopipe import vocabulary
from monopipe.cues import folded


class Threshold(NamedTuple):
    """A parameter as printed, the ends of its band, and its unit (UCUM)."""

    param: str
    low: float | None
    high: float | None
    unit: str | None


_NUMBER_WORDS = {"twice": 2.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|" + "|".join(_NUMBER_WORDS) + ")"
_ABOVE = r"above|over|more than|greater than|higher than|at least|(?:wider|longer|faster) than|(?:prolonged )?beyond|in excess of|exceed(?:s|ing|ed)?|rises? above|>=|≥|>"
_BELOW = r"below|under|less than|lower than|fewer than|(?:slower|shorter) than|up to|at most|falls? below|<=|≤|<"
_VERB = r"is|are|of|was|were|has fallen|have fallen|has risen|have risen|falls?|fell|rises?|drops?|remains?|goes|stays?|lies?|reach(?:es)?|climbs?|persists?"
# "if the haemoglobin reaches 15 g/dL", "when it falls to 8 g/dL": the value itself is the end of the band.
_UP, _DOWN = r"reach(?:es)?|(?:rises?|climbs?) to", r"(?:falls?|drops?) to"
# "creatinine rises by more than 50%": the band is of the change, which only a share of the value before makes plain.
_CHANGE = r"(?:increases?|increased|rises?|rose|has risen|decreases?|decreased|declines?|falls?|fell|drops?|dropped|widens?|lengthens?|prolongs?|(?:is|are) (?:widened|prolonged|lengthened)|up|down) by|[↑↓](?: by)?"
_NO_NAME = re.compile(
    r"(?:.*\s)?(?:whose|who|if|when|where|with|and|or|the|a|an|at|in|for|on|patients?|of|once|until|while|whenever|as|is|are|any|it|this|that|which|they|low|high|raised|elevated|to)\s+",
    re.I,
)
_DOSING = re.compile(
    r"\b(?:dos\w+|mg|tablets?|after|for|every|within|use|cycles?|lasting|treatment|course|reduc\w+|increas\w+|lower\w*|by|targets?|range|aim|goal|normal|caution|care|avoid\w*|stop\w*|hold|interrupt\w*|discontinu\w*|withh\w+|halve\w*|contra\w*|safe|(?:un)?chang\w+|adjust\w+|needed|possible)\b",
    re.I,
)


_MEASURED = re.compile(
    r"\b(?:levels?|concentrations?|counts?|titres?|titers?|sodium|potassium|calcium|transaminases?|enzymes)$", re.I
)
# What is done, or what a pronoun does, is no parameter: "not recommended below 30 kg", "if it lies above 300 ng/mL".
# "Patients who have lost less than 5% of their weight", "has not lost 5% of body weight": the band is of the weight lost.
_WEIGHT_LOST = re.compile(
    rf"(?:(?P<not>\bnot)\s+)?\b(?:lost|losing|lose)\s+(?:(?P<more>{_ABOVE})\s+|(?:{_BELOW})\s+)?(?P<share>\d+(?:\.\d+)?)\s*%\s+of\s+(?:\w+\s+){{0,2}}weight",
    re.I,
)
_DONE = re.compile(rf"\b(?:not|\w+(?<!spe)(?<!se)(?<!ne)ed|{_VERB})$", re.I)


@cache
def _unit() -> str:
    units = sorted((w for line in vocabulary.rows("threshold_units") for w in line["words"].split("|")), key=len)
    return "|".join(re.escape(u) for u in reversed(units))


@cache
def _measured() -> re.Pattern[str]:
    """A number before a unit, without which nothing is a threshold; looked for in a folded text."""
    return re.compile(rf"(?:\d|{'|'.join(_NUMBER_WORDS)})\s*(?:{folded(_unit())})(?![\w³²])")


@cache
def _pattern() -> re.Pattern[str]:
    unit = _unit()
    return re.compile(
        rf"(?P<name>[A-Za-z][\w-]*[+⁺]?(?:\s(?!(?:{_ABOVE}|{_BELOW}|between|of)\s)[A-Za-z][\w-]*){{0,3}}?)(?:\s\([A-Z][\w-]{{1,7}}\))?"
        rf"(?:\s+(?P<change>{_CHANGE})|\s+(?P<up>{_UP})|\s+(?P<down>{_DOWN})|\s+(?:{_VERB})(?:\s+\w+ly)?)?(?:\s*(?P<open>\()?(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))|\s+between|\s+of)?"
        rf"\s*(?P<first>{_NUMBER})(?:\s*(?:{unit}))?(?:\s*(?:[-–—]|to|and)\s*[<≤]?\s*(?P<second>{_NUMBER}))?"
        rf"\s*(?P<unit>{unit})(?![\w³²])(?:\s+or\s+|\s+and\s+)?(?P<behind>more|above|over|higher|greater|less|below|lower|under)?",
        re.I,
    )


@cache
def _units() -> dict[str, str]:
    return {w.lower(): line["unit"] for line in vocabulary.rows("threshold_units") for w in line["words"].split("|")}


def thresholds(text: str) -> Iterator[Threshold]:
    """The thresholds that a label or condition states; a number without a unit or without a side is none.

    >>> list(thresholds("Potassium 6.0 mmol/L or more, or creatinine above 310 µmol/L"))
    [Threshold(param='Potassium', low=6.0, high=None, unit='mmol/L'), Threshold(param='creatinine', low=310.0, high=None, unit='umol/L')]
    >>> list(thresholds("Transaminases above three times the upper limit of normal"))
    [Threshold(param='Transaminases', low=3.0, high=None, unit='{upper_limit_of_normal}')]
    >>> list(thresholds("if it lies above 300 mg/dL")), list(thresholds("It is not recommended below 30 kg"))
    ([], [Threshold(param='weight', low=None, high=30.0, unit='kg')])
    """
    if not _measured().search(folded(text)):
        return
    if m := _WEIGHT_LOST.search(text):
        least = bool(m["more"]) and not m["not"]
        yield Threshold("weight", _number(m["share"]) if least else None, None if least else _number(m["share"]), "%")
        return
    for m in _pattern().finditer(text):
        name = m["name"]
        if lead := _NO_NAME.match(name):
            name = name[lead.end() :]
        if _DONE.search(name) and m["unit"].lower() == "kg":
            name = "weight"  # "not recommended below 30 kg"
        if _DOSING.search(name) or _NO_NAME.match(f"{name} ") or _DONE.search(name):
            continue
        reaches = (m["up"] or m["down"]) and not (m["above"] or m["below"])
        if m["open"] and not is_param(name):
            continue  # "Anaemia (below 8 g/dL)" does not say what was measured
        if m["change"] and m["unit"] != "%":
            continue
        first, second = _number(m["first"]), _number(m["second"]) if m["second"] else None
        behind = (m["behind"] or "").lower()
        if second is not None:
            low, high = (first, second) if first <= second else (None, None)
        elif m["above"] or (reaches and m["up"]) or behind in ("more", "above", "over", "higher", "greater"):
            low, high = first, None
        elif m["below"] or reaches or behind:
            low, high = None, first
        else:
            continue
        if low is not None or high is not None:
            yield Threshold(name, low, high, _units()[m["unit"].lower()])


def bound(text: str) -> tuple[float | None, float | None, str] | None:
    """The bound that a text opens with without saying of what, where it sets but one.

    >>> bound("Under 30 mL/min the prolonged tablet should not be used.")
    (None, 30.0, 'mL/min')
    >>> bound("Hold until below 15 ng/mL.")
    """
    found = list(_bare().finditer(text))
    if len(found) != 1 or text[: found[0].start()].strip():
        return None
    m = found[0]
    number = _number(m["number"])
    return (number if m["above"] else None, None if m["above"] else number, _units()[m["unit"].lower()])


def bound_of_label(label: str, text: str) -> Threshold | None:
    """The one bound that a text sets, of what its label names: "Raised ALT: stop at more than 3 times the upper limit of normal".

    >>> bound_of_label("Low platelets", "Discontinue below 50 x 10⁹/L.")
    Threshold(param='platelets', low=None, high=50.0, unit='10*9/L')
    >>> bound_of_label("Taste loss", "Stop if above 3 g/L.")
    """
    name = _LEVEL_BEHIND.sub("", _LEVEL_BEFORE.sub("", label.strip()))
    found = list(_bare().finditer(text)) if is_param(name) else []
    if len(found) != 1:
        return None
    number = _number(found[0]["number"])
    low, high = (number, None) if found[0]["above"] else (None, number)
    return Threshold(name, low, high, _units()[found[0]["unit"].lower()])


_LEVEL_BEFORE = re.compile(
    r"(?:(?:an?|any|marked|severe)\s+)?(?:raised|elevated|high|low|increased|decreased|reduced|rising|falling|(?:increase|rise|elevation|fall|decrease|drop)\s+(?:in|of))\s+",
    re.I,
)
_LEVEL_BEHIND = re.compile(r"\s+(?:elevations?|increases?|rises?|decreases?|falls?)$", re.I)


def bound_of_it(text: str, before: Sequence[str]) -> Threshold | None:
    """The bound of the parameter that the texts before it told last, where a text only says "it" and the unit is the same.

    >>> bound_of_it("When it exceeds 13 g/dL, stop.", ["Start if Hb is below 10 g/dL.", "Give it weekly."])
    Threshold(param='Hb', low=13.0, high=None, unit='g/dL')
    """
    m = _it().search(text)
    told = next((t for words in reversed(before) for t in thresholds(words)), None) if m else None
    if m is None or told is None or _units()[m["unit"].lower()] != told.unit:
        return None
    number = _number(m["number"])
    return told._replace(low=number if m["above"] else None, high=None if m["above"] else number)


def bound_again(text: str, before: Sequence[str]) -> Threshold | None:
    """The bound or band that a text opens with, of what the texts before it told last in the same unit.

    >>> bound_again("3.1–5 mg/dL: reduce by 75%", ["bilirubin 1.2–3 mg/dL: reduce by 50%"])
    Threshold(param='bilirubin', low=3.1, high=5.0, unit='mg/dL')
    >>> bound_again("> 8 × ULN: discontinue", ["ALT 3–8 × ULN: withhold"]).low
    8.0
    """
    one, band = bound(text), _banded().match(text)
    if one is None and band is None:
        return None
    ends = (_number(band["low"]), _number(band["high"]), _units()[band["unit"].lower()]) if band else one
    told = next((t for words in reversed(before) for t in thresholds(words)), None)
    if told is None or ends is None or told.unit != ends[2]:
        return None
    return told._replace(low=ends[0], high=ends[1])


@cache
def _banded() -> re.Pattern[str]:
    return re.compile(
        rf"\W*(?P<low>{_NUMBER})\s*(?:[-–—]|to)\s*(?P<high>{_NUMBER})\s*(?P<unit>{_unit()})(?![\w³²])", re.I
    )


@cache
def _it() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:it|they|this)\s+(?:(?:{_VERB})\s+)?(?:(?P<above>{_ABOVE}|{_UP})|{_BELOW}|{_DOWN})\s*(?P<number>{_NUMBER})\s*(?P<unit>{_unit()})(?![\w³²])",
        re.I,
    )


def opening_bound(text: str) -> tuple[float | None, float | None] | None:
    """The bound that a text opens with, where it names neither parameter nor unit.

    >>> opening_bound("Below 15: stop."), opening_bound("Below 15 mL/min: stop.")
    ((None, 15.0), None)
    >>> opening_bound("11–34: half the dose")
    (11.0, 34.0)
    """
    if (band := _OPENING_BAND.match(text)) is not None:
        return _number(band["low"]), _number(band["high"])
    m = _OPENING.match(text)
    if m is None:
        return None
    number = _number(m["number"])
    return (number, None) if m["above"] else (None, number)


_OPENING_BAND = re.compile(rf"\W*(?P<low>{_NUMBER})\s*[–-]\s*(?P<high>{_NUMBER})\s*:")
_OPENING = re.compile(
    rf"\W*(?:(?P<above>{_ABOVE})|(?:{_BELOW}))\s*(?P<number>{_NUMBER})(?=\s*[:,;]|\s+(?:the|it|we|stop|avoid|do|not|give|use|reduce)\b)",
    re.I,
)


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\b|(?=[<>≤≥]))(?:(?P<above>{_ABOVE})|(?:{_BELOW}))\s*(?P<number>{_NUMBER})\s*(?P<unit>{_unit()})(?![\w³²])",
        re.I,
    )


@cache
def _params() -> dict[str, str]:
    return {w: line["param"] for line in vocabulary.rows("parameters") for w in line["words"].split("|")}


def is_param(words: str) -> bool:
    """Whether words name a parameter that doses or advice may be bounded by."""
    return words.lower() in _params() or _MEASURED.search(words) is not None


def named(t: Threshold) -> str:
    """The name of a threshold's parameter: a word as printed, what stands for it in short as doses have it."""
    short = sum(c.isupper() for c in t.param) > 1 or t.param.endswith(("+", "⁺"))
    name = t.param if short else t.param.lower()
    if name.startswith("weigh"):
        return "weight"
    return _params().get(t.param.lower(), name) if name != t.param.lower() else name


def _number(text: str) -> float:
    return _NUMBER_WORDS.get(text.lower()) or float(text.replace(",", ""))
