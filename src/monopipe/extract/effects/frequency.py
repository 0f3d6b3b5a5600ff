"""How often an effect is met: numbers as fractions of patients, and the CIOMS III class that they or words give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from monopipe import vocabulary
from monopipe.cues import Cued
from monopipe.signs import MASS

Category = Literal["very_common", "common", "uncommon", "rare", "very_rare", "not_known"]
_BANDS: tuple[tuple[float, float, Category], ...] = (
    (0.1, 1.0, "very_common"),
    (0.01, 0.1, "common"),
    (0.001, 0.01, "uncommon"),
    (0.0001, 0.001, "rare"),
    (0.0, 0.0001, "very_rare"),
)

_DIGIT = re.compile(r"\d|\bone\b", re.I)
_WORDS = {
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "eight": 8.0,
    "ten": 10.0,
    "twenty": 20.0,
    "fifty": 50.0,
    "a hundred": 100.0,
    "one hundred": 100.0,
    "hundred": 100.0,
    "a thousand": 1000.0,
    "one thousand": 1000.0,
    "a million": 1_000_000.0,
    "one million": 1_000_000.0,
    "million": 1_000_000.0,
}
_WRITTEN = "|".join(w.replace(" ", "\\s+") for w in sorted(_WORDS, key=len, reverse=True))
_NUMBER = r"\d+(?:[,\s]\d{3})+(?!\d)|\d+(?:\.\d+)?|\.\d+"
_COMPARATOR = (
    r"≥|≤|>=|<=|=>|=<|>|<|~|≈|"
    r"up to|at most|no more than|not more than|fewer than|less than|under|below|"
    r"at least|more than|greater than|over|above|about|around|approximately|approx\.?|roughly|nearly|almost|circa|ca\.?"
)
_SPACED = re.compile(r"(?<!\\) ")  # blanks of a phrase, which a verbose pattern would drop
_COMPARATOR = _SPACED.sub(r"\\s+", _COMPARATOR)
_PEOPLE = r"(?:\s+(?:people|patients?|users?|persons?|adults?|child(?:ren)?|wom[ae]n|m[ae]n|cases?|recipients?))?"
_JOIN = r"\s*(?:-|–|—|−|to|and|,|but|or)\s*(?:<|>|≤|≥)?\s*"
_VALUE = Cued(
    rf"""(?:(?P<comparator>{_COMPARATOR})\s*)?(?:
      (?P<low>{_NUMBER})\s*%?(?:{_JOIN}(?:(?:{_COMPARATOR})\s*)?(?P<high>{_NUMBER}))?\s*(?:%|per\s?cent\b)
    | (?P<part>{_NUMBER}|one)(?:\s*(?:-|–|to|or)\s*(?P<part_high>{_NUMBER}|two))?{_PEOPLE}\s*
      (?:in(?:\s+every)?|out\s+of(?:\s+every)?|/|:(?=[1-9]0{{1,4}}\b)|per|of(?:\s+every)?)\s*(?P<whole>{_NUMBER}|(?:{_WRITTEN})\b)(?!\d|[,.]\d)(?!\s*(?:%|(?:m?g|µg|m[lL]|kg|h|d|hours?|days?|weeks?|mmol)\b))
    )""",
    re.I | re.X,
)
_NEXT = re.compile(rf"\s*(?:people|patients)?\s*(?:-|–|—|to|and|,|but|or)?\s*(?:but\s+)?(?={_COMPARATOR}|\d|one)", re.I)
_OF_WHOM = re.compile(
    r"\s*(?:of\s+)?(?:(?:all|the|treated|adult|male|female)\s+)*(?:people|patients|persons|users|men|women|males|females|children|"
    r"adults|infants|recipients|cases)\b(?:\s+(?:per|a)\s+(?:patient-)?year)?|\s*(?:per|a|/)\s*(?:patient-)?year",
    re.I,
)
_NO_SHARE = re.compile(r"\s*(?:patient|person|woman|women|treatment)[- ]years?\b", re.I)
"""A rate over time is no fraction of patients: "4 cases per 100,000 patient-years"."""
_SOME = (
    r"(?:the\s+)?(?:children|adults|infants|newborns|neonates|adolescents|boys|girls|men|women|males|females|elderly|older\s+\w+|smokers|diabetics"
    r"|(?:patients|people|those|adults|children)\s+(?:with|who|aged|over|under|above|below|on|taking)\b)"
)
_OF_SOME_BEHIND = re.compile(rf"\s*(?:of\s+cases\s+)?(?:in|among|for)\s+{_SOME}", re.I)
_OF_SOME_BEFORE = re.compile(
    rf"\b(?:(?:in|among)\s+{_SOME}|(?:wo)?men|(?:fe)?males|boys|girls|children|adults)\s*[:(]?\s*(?:about\s+)?$", re.I
)
"""Of numbers for some patients each ("in men 4%, in women 1%") none is that of all; a number for all goes before them."""
_OF_KIND = (
    r"(?:in|among|of)\s+(?!(?:all|the|these|those|our|treated|adult|male|female|study|most|many|some|other|clinical|medical|affected|individual)\b)"
    r"(?:[\w/+-]+\s+){1,2}(?:patients|recipients)\b"
)
_OF_KIND_BEFORE = re.compile(rf"\b{_OF_KIND}[^,;.()%\d]{{0,25}}[:(]?\s*(?:up\s+to\s+|about\s+)?$", re.I)
_OF_KIND_BEHIND = re.compile(rf"\s*{_OF_KIND}", re.I)
"""Patients of one kind: "12%, in dialysis patients 30%"."""
_DEGREE = r"(?:minor|major|mild(?:er)?|moderate|severe|serious|clinically\s+relevant|(?:grades?|stages?|CTC)\s*[1-5](?:\s*(?:[-–/]|to|or|and)\s*[1-5])?(?:\s+or\s+(?:more|higher|above|worse))?)"
_OF_DEGREE_BEFORE = re.compile(rf"\b{_DEGREE}(?:\s+(?:cases|forms|ones))?\s*[:,(]?\s*(?:in\s+)?(?:about\s+)?$", re.I)
_OF_DEGREE_BEHIND = re.compile(rf"\s*\(?(?:of\s+patients\s+)?(?:(?:is|are|was|were)\s+)?{_DEGREE}\b", re.I)
"""Of numbers for several degrees ("minor 6–10%, major 1–3%") none is that of all."""
_AMOUNT = rf"\s*(?:[<>≥≤]\s*)?\d[\d.,]*(?:\s*(?:[-–]|to)\s*[\d.,]+)?\s*{MASS}\b"
_OF_DOSE_BEHIND = re.compile(
    rf"\s*(?:of\s+(?:patients|people)\s+)?(?:below|above|under|over|at|on|with|for|from|up\s+to)\s+(?:doses?\s+)?(?:of\s+)?{_AMOUNT}",
    re.I,
)
"""Numbers for several doses ("2% at 5 mg, 4% at 10 mg") are the ends of a range."""
_OUTCOME = r"(?:fatal|lethal|(?:ir)?reversible|permanent|life-threatening)"
_COURSE = (
    r"(?:resol(?:v(?:es?|ed|ing)|ution)|recover(?:s|ed|y|ing)?|subsid(?:es?|ed|ing)|disappear(?:s|ed|ing)?|persist(?:s|ed|ing)?"
    r"|discontinu(?:ation|ed|ing)|withdrawn|stopp(?:ed|ing)|die[sd]?|died)"
)
_ELSE_BEFORE = Cued(
    rf"(?:\b(?:{_OUTCOME}|severe|serious)\s+(?:in|for)|\b(?:mortality|fatality|lethality|death\s+rate)\b[^,;.()\d]*|\b(?:{_COURSE}|(?:led|leads|leading)\s+to\s+(?:withdrawal|stopping))\b[^,;.()\d]*\bin"
    r"|\b(?:placebo|controls)(?:\s+(?:group|arm))?\s*[:=,]?|\b(?:gain|loss|increase|rise|fall|decrease|drop|reduction)s?\s+(?:of|by))\s*$"
)
_ELSE_BEHIND = re.compile(
    rf"\s*(?:of\s+(?:(?:these|such|those|the|all)\s+)?(?:cases|patients|them|people|whom)\s+|of\s+them\s+|of\s+these\s+)?(?:(?:is|are|was|were|being|proved|have|has)\s+)?(?:{_OUTCOME}|mortality|fatality|{_COURSE})\b"
    r"|\s*(?:(?:on|with|for|in|given|taking|receiving)\s+)?(?:the\s+)?(?:placebo|controls)\b(?![- ]controlled)|\s*(?:of|from)\s+(?:body\s+weight|baseline)\b",
    re.I,
)
"""A share of the cases that die, heal or stop, one on placebo and the size of a change are no frequency of the effect."""
_LOWER = frozenset({"≥", ">=", "=>", ">", "at least", "more than", "greater than", "over", "above"})
_UPPER = frozenset(
    {"≤", "<=", "=<", "<", "up to", "at most", "no more than", "not more than", "fewer than", "less than"}
    | {"under", "below"}
)
_OR_MORE = re.compile(r"\s+or\s+(?:(?P<more>more|over|above)|less|fewer|under)\b", re.I)
_COMPARED = re.compile(r"\b(?:vs\.?|versus|against|compared|than(?! 1\b)(?! \d)(?! one\b)|placebo|control)\b", re.I)


@dataclass(frozen=True, slots=True)
class Frequency:
    """Where the text states a frequency in numbers, its ends as fractions, and the class they lie in."""

    start: int
    end: int
    low: float | None
    high: float | None

    @property
    def category(self) -> Category | None:
        """The CIOMS class that holds both ends, or is printed as they are ("1–10%"); None when they reach over a border."""
        low, high = self.low, self.high
        if high is None:
            return "very_common" if low is not None and low >= 0.1 else None
        for bottom, top, name in _BANDS:
            if low is None:
                if bottom == 0.0 and high <= top:
                    return name
            elif bottom <= low < top and (high < top or (high == top and low == bottom)):
                return name
        return "very_common" if low == 1.0 else None

    def reaches(self, category: Category | None) -> bool:
        """Whether a class holds a part of the numbers, so that a heading's "common" may stand beside "0.6 to 3.6%"."""
        band = next(((bottom, top) for bottom, top, name in _BANDS if name == category), None)
        return band is not None and (self.low or 0.0) < band[1] and (1.0 if self.high is None else self.high) >= band[0]


def numeric(text: str, start: int = 0, end: int | None = None) -> Frequency | None:
    """The first frequency stated in numbers in text[start:end].

    >>> f = numeric("rash (1–10 %)")
    >>> f.low, f.high, f.category
    (0.01, 0.1, 'common')
    >>> f = numeric("fewer than 1 in 10,000 people")
    >>> f.low, f.high, f.category
    (None, 0.0001, 'very_rare')
    """
    end = len(text) if end is None else end
    if not _DIGIT.search(text, start, end):
        return None
    of_some: list[Frequency] = []
    doses = 0
    for m in _VALUE.finditer(text, start, end):
        first = _bounds(m)
        if first is None or _NO_SHARE.match(text, m.end(), end):
            continue
        low, high, last = *first, m.end()
        if (more := _OR_MORE.match(text, last, end)) and low == high:
            low, high, last = low if more["more"] else None, None if more["more"] else high, more.end()
        gap = _NEXT.match(text, last, end)
        other = _VALUE.expression.match(text, gap.end(), end) if gap else None
        bounds = _bounds(other) if other else None
        if other and bounds:
            ends = [x for x in (low, high, *bounds) if x is not None]
            # "1–5%, up to 10% in children" are two frequencies; ">1/100, <1/10" is one.
            if "," not in text[m.end() : other.start()] or text[other.start()] in "<≤":
                low, high, last = min(ends), max(ends), other.end()
        before = max(m.start() - 60, 0), m.start()
        if _ELSE_BEFORE.search(text, *before) or _ELSE_BEHIND.match(text, last, end):
            continue
        whom = _OF_WHOM.match(text, last, end)
        found = Frequency(m.start(), whom.end() if whom else last, low, high)
        at_dose = _OF_DOSE_BEHIND.match(text, last, end) is not None
        doses += at_dose
        if not (
            at_dose
            or _OF_SOME_BEHIND.match(text, last, end)
            or _OF_SOME_BEFORE.search(text, max(m.start() - 40, 0), m.start())
            or _OF_KIND_BEHIND.match(text, last, end)
            or _OF_KIND_BEFORE.search(text, max(m.start() - 60, start), m.start())
            or _OF_DEGREE_BEHIND.match(text, last, end)
            or _OF_DEGREE_BEFORE.search(text, max(m.start() - 40, start), m.start())
        ):
            return found
        of_some.append(found)
    if len(of_some) > 1 and doses == len(of_some):
        return _range_of(of_some)
    return of_some[0] if len(of_some) == 1 else None


def _range_of(found: list[Frequency]) -> Frequency:
    """The frequency of all doses together: "0.03% with 20 mg, 0.08% with 40 mg" is 0.03 to 0.08%."""
    ends = [x for f in found for x in (f.low, f.high) if x is not None]
    return Frequency(found[0].start, found[-1].end, min(ends), max(ends))


def _bounds(m: re.Match[str]) -> tuple[float | None, float | None] | None:
    if m["whole"]:
        whole = _value(m["whole"])
        if whole < 10 or (m["part"] != "1" and whole not in (10, 100, 1000, 10000, 100000)):
            return None if whole < 2 else _compared(m, _value(m["part"]) / whole, None)
        return _compared(m, _value(m["part"]) / whole, _value(m["part_high"]) / whole if m["part_high"] else None)
    return _compared(m, _value(m["low"]) / 100, _value(m["high"]) / 100 if m["high"] else None)


def _compared(m: re.Match[str], low: float, high: float | None) -> tuple[float | None, float | None] | None:
    if low > 1 or (high or 0) > 1:
        return None
    if high is not None:
        return round(min(low, high), 8), round(max(low, high), 8)
    word = " ".join((m["comparator"] or "").lower().split())
    value = round(low, 8)
    return (value, None) if word in _LOWER else (None, value) if word in _UPPER else (value, value)


def _value(text: str) -> float:
    words = " ".join(text.lower().split())
    return 1.0 if words == "one" else _WORDS.get(words) or float(re.sub(r"[,\s]", "", text))


@cache
def _classes(*places: str) -> tuple[re.Pattern[str], dict[str, Category]]:
    table: dict[str, Category] = {
        r["phrase"]: r["category"]  # type: ignore[misc]
        for r in vocabulary.rows("frequency_classes")
        if r["where"] in places
    }
    phrases = "|".join(re.escape(p) for p in sorted(table, key=len, reverse=True))
    return re.compile(rf"\b(?<!how )(?<!\bas )(?:{phrases})\b(?!\s+(?:cold|bile|to|than)\b)", re.I), table


@cache
def labels() -> dict[str, Category]:
    """What states a class only where it is a whole label: "NK"."""
    return {r["phrase"]: r["category"] for r in vocabulary.rows("frequency_classes") if r["where"] == "label"}  # type: ignore[misc]


def stated(text: str, *, heads: bool = False) -> tuple[Category, str] | None:
    """The frequency class that a text states in words, and the words; None when it states none or several.

    With `heads` the text is a heading or a label, where "often" is a class, not a word about a single effect.

    >>> stated("Rare but serious side effects"), stated("Often"), stated("Often seen", heads=True)
    (('rare', 'Rare'), None, ('common', 'Often'))
    """
    pattern, table = _classes("", "heading") if heads else _classes("")
    found = [(table[" ".join(m.group().lower().split())], m.group()) for m in pattern.finditer(text)]
    kinds = {kind for kind, _ in found}
    if len(kinds) == 1:
        return found[0]
    if kinds in ({"common", "very_common"}, {"rare", "very_rare"}):  # "common or very common" claims the weaker one
        return ("common" if "common" in kinds else "rare"), found[0][1]
    return None


def class_words(*, heads: bool = False) -> re.Pattern[str]:
    """The pattern of all words that state a frequency class, in sentences or also in headings."""
    return (_classes("", "heading") if heads else _classes(""))[0]


def before_comparison(text: str, start: int, end: int) -> int:
    """Where a comparison with another arm begins ("against 3% with placebo"), or `end`; "placebo: 4%; drug: 9%" begins with it."""
    m = _COMPARED.search(text, start, end)
    opens = m is not None and m.group().lower() == "placebo" and text[: m.start()].rstrip().endswith("(")
    return m.start() if m and not opens else end


_LEGEND_LEAD = re.compile(
    r"[\w\s,]{0,60}?\b(?:frequenc(?:y|ies)|classes|categories|convention|terms)\b"
    r"(?:\s+(?:is|are|as|used|of|defined|here|follows?|the|following|in|this|list|section|mean))*\s*:?\s+",
    re.I,
)
_LEGEND_REST = re.compile(
    r"[^\w]|\d|&[lg][te];|\b(?:to|and|but|or|from|in|of|as|is|are|up|means?|less|fewer|more|than|at|least|below|above|between|patients?|users?|people)\b",
    re.I,
)


def is_legend(text: str) -> bool:
    """Whether a text only says what the classes of frequency mean.

    >>> is_legend("Frequencies: common (≥1/100 to <1/10), uncommon (≥1/1,000 to <1/100).")
    True
    >>> is_legend("Common (≥1/100 to <1/10): nausea. Rare (<1/1,000): rash.")
    False
    """
    lead = _LEGEND_LEAD.match(text)
    body = text[lead.end() :] if lead else text
    classes = _LEGEND_CLASS.findall(body)
    return (
        len(classes) > 1 and len(re.findall(r"\d", body)) > 3 and not _LEGEND_REST.sub("", _LEGEND_CLASS.sub("", body))
    )


_LEGEND_CLASS = re.compile(
    r"\b(?:very common|very rare|common|uncommon|rare|not known|unknown|frequent|infrequent|occasional)\b", re.I
)
