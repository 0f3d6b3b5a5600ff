"""An amount of a dosing step, and the words that it stands among: what comes before it, its step, clause and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monopipe.document import Item
from monopipe.grammar import Step
from monopipe.signs import MASS

AMOUNT = re.compile(rf"\d[\d.,]*(?:\s?[–-]\s?\d[\d.,]*)?\s?(?:{MASS}|mL|mmol|mEq|%|mIU)\b")
"""An amount with its unit, as printed."""
# "PSVT, after adenosine 6 mg and 12 mg failed" in a first cell
HAD = re.compile(
    r"\b(?:after|despite|following|already\s+on|(?:unresponsive|refractory|not\s+responding)\s+to|uncontrolled\s+(?:by|on|with)|not\s+controlled\s+(?:by|on|with))\s[^|]*",
    re.I,
)
"""What the patients of a table's row have had."""
_COUNT = re.compile(
    r"\d[\d.,–-]*\s?(?:[a-z-]+\s+)?(?:tab|cap|puff|drop|spray|patch|supposit|sachet|vial|unit|applic|dose)", re.I
)
_DIGIT = re.compile(r"\d")
_LOW_END = re.compile(r"\d[\d.,]*\s+to\s+$")  # "1 to 5 mg" begins at 1
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An amount of a step, and the words around it."""

    item: Item
    step: Step
    at: int
    """Where the amount stands."""
    spans: tuple[tuple[int, int], ...]
    """The sentences that the step stands in."""
    quote: str
    """The words of the step."""
    before: str
    """What stands before the amount, or before the end of a step without a number, since the last full stop or semicolon."""
    clause: str
    """The sentences of the step without their parts beyond a semicolon."""

    @classmethod
    def of(cls, item: Item, step: Step, at: int) -> Surroundings:
        """Those of a step's amount, which stands at `at`."""
        text = item.text
        spans = tuple((a, b) for a, b in item.sentences() if a < step.end and b > step.start)
        quote = text[step.start : step.end]
        end = at if _DIGIT.search(quote) else step.end
        before = text[max(text.rfind(stop, 0, end) for stop in ".;") + 1 : end]
        return cls(item, step, at, spans, quote, before, _clause(text, step, spans))

    @property
    def end(self) -> int:
        """Where `before` ends."""
        return self.at if _DIGIT.search(self.quote) else self.step.end

    @property
    def sentences(self) -> str:
        """The sentences of the step, whole."""
        return " ".join(self.item.text[a:b] for a, b in self.spans)

    @property
    def sentence(self) -> tuple[int, int]:
        """Where the sentence of the amount begins and ends."""
        return next(((a, b) for a, b in self.spans if a <= self.at < b), (self.at, self.step.end))

    @property
    def opening(self) -> str:
        """What stands before the amount in its sentence, behind a semicolon or not."""
        begins = next((a for a, b in self.spans if a <= self.end < b), self.end)
        return self.item.text[begins : self.end]

    @property
    def head(self) -> str:
        """The head of the column that the amount of a table's row stands in."""
        columns = zip(self.item.columns, self.item.cells, strict=False)
        return next((head for head, (a, b) in columns if a <= self.at < b), "")


def _clause(text: str, step: Step, spans: tuple[tuple[int, int], ...]) -> str:
    words = []
    for a, b in spans:
        start = text.rfind(";", a, max(step.start, a)) + 1 or a
        end = text.find(";", min(step.end, b), b)
        words.append(text[start : end if end >= 0 else b])
    return " ".join(words)


def amount_at(item: Item, step: Step) -> int:
    """Where the amount of the step's dose stands, or its first number."""
    d = step.dosage
    values = (d.dose_low, d.dose_high, d.rate_low, d.rate_high)
    first = None
    start = step.start
    if item.columns and HAD.search(item.cell(0)):
        start = max(start, item.cells[0][1])
    counted = d.dose_unit is not None and d.dose_unit.startswith("{")
    for number in (_COUNT if counted else AMOUNT).finditer(item.text, start, step.end):
        first = first or number
        if float(_NUMBER.findall(number.group())[0].replace(",", "")) in values:
            low = _LOW_END.search(item.text, start, number.start())
            return low.start() if low else number.start()
    for number in _NUMBER.finditer(item.text, start, step.end):  # "0.3%/0.1% ear drops, 4 drops"
        if float(number.group().replace(",", "")) in values:
            return number.start()
    first = first or _DIGIT.search(item.text, start, step.end)
    return first.start() if first else start
