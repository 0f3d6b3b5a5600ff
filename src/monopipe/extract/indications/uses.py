"""The uses that a sentence names, those it denies, and those it calls off-label or doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import is_condition
from monopipe.extract.indications.licences import licences
from monopipe.extract.indications.lists import BRACKET, Condition, conditions_in, prevented_in
from monopipe.extract.indications.named_first import named_first
from monopipe.extract.indications.prose import Anchor, anchors
from monopipe.extract.indications.rows import limit_of, partners_in, row_of
from monopipe.extract.indications.shares import age_of_all, of_member, of_parts, without_later, without_members
from monopipe.extract.indications.words import Limit, age_group, included
from monopipe.extract.reading import Reading
from monopipe.tables import Indication

# A sentence on a trial tells what was found, not what the drug is for.
TRIAL = Cued(
    r"\bin (?:an?|one|the|two|three|several|some|\d+) (?:[\w-]+ ){0,2}(?:trials?|stud(?:y|ies)|meta-analys[ie]s)\b"
)

# "…, and in Alzheimer's disease a large trial has shown no benefit"
_NO_BENEFIT = re.compile(
    r"(?:,\s+(?:and|but|while)\s+|;\s+|^|(?<=\.\s))in\s+(?P<use>[^,;.]{3,60}?),?\s+(?:(?:an?|the|one|two|several|most|large|small|recent|early)\s+)+(?:trials?|stud(?:y|ies))\s+"
    r"(?:(?:has|have|had)\s+)?(?:shown|showed|found|failed)\s+(?:no\s+|to\s+show\s+(?:an?y?\s+)?)(?:benefit|effect|advantage|gain)[^.;]*",
    re.I,
)

_THIS_USE = re.compile(r"(?:t?here|this|these|that|such)(?: (?:use|uses|purpose|indication|condition)s?)?\b", re.I)

VERB = re.compile(r"\b(?:is|are|was|were|has|have|can|may|should|must|will|does|do|be)\b", re.I)

_AGE_GROUP = r"(?:adults|children|adolescents|infants|neonates|women|men)"
_IN_AGE_GROUP = re.compile(rf"\sin\s+(?:\w+\s+)?{_AGE_GROUP}\b", re.I)
_AND_ANOTHER = re.compile(rf",\s+and\s+(?P<what>[^,;.()]{{3,60}}?)(?=\s+in\s+(?:\w+\s+)?{_AGE_GROUP}\b)", re.I)


def others_for_others(reading: Reading, item: Item, start: int, end: int) -> Iterator[int]:
    """Where uses in other people begin: "depression in adults, and OCD in adults and children"."""
    for m in _AND_ANOTHER.finditer(item.text, start, end):
        named = m["what"].isupper() or is_condition(reading, m["what"])
        if named and _IN_AGE_GROUP.search(item.text, start, m.start()):
            yield m.start("what")
            start = m.start("what")


_RULES = {"for": "used_for", "in": "effect_in", "people": "people_with", "place": "place", "denied": "denied_use"}


def in_sentence(reading: Reading, item: Item, start: int, end: int) -> Iterator[Indication]:
    """The conditions that a sentence names as uses, and those it denies.

    "It lowers the pressure in adults with glaucoma and in those with ocular hypertension." names two.
    """
    if vain := _NO_BENEFIT.search(item.text, start, end):
        yield from in_sentence(reading, item, start, vain.start())
        for c in conditions_in(item, *vain.span("use")):
            yield from _denied(reading, item, c, vain.group())
        return
    if TRIAL.search(item.text, start, end):
        return
    for begin in others_for_others(reading, item, start, end):
        ages = {age_group(item.text[start:begin]), age_group(item.text[begin:end])}
        if "unspecified" in ages or len(ages) < 2:
            continue
        yield from in_sentence(reading, item, start, begin)
        for c in conditions_in(item, begin, end):
            yield from row_of(
                reading, item, c, item.text[begin:end], c.limits[0], "used_for", item.text[start:end], start
            )
        return
    if (opening := named_first(reading, item, start, end)) is not None:
        yield from opening
        return
    taken = _TAKEN_BY.match(item.text, start, end)
    if taken and (whole := _of_takers(reading, item, taken)) is not None:
        yield from whole
        return
    yield from _Sentence(reading, item, start, end).read()


class _Sentence:
    """A sentence as it is read from one anchor to the next, and what it has told so far."""

    def __init__(self, reading: Reading, item: Item, start: int, end: int) -> None:
        self.reading, self.item, self.text = reading, item, item.text
        self.start, self.end = start, end
        self.anchors = list(anchors(item.text, start, end))
        self.cut = _LATTER.search(item.text, start, end)
        """Where it goes on with one of the uses named: "…, the latter with steroids"."""
        self.one = 0 if self.cut and self.cut["which"].lower() in ("former", "first") else -1
        """Which of the uses that is."""
        self.rows: list[Indication] = []
        self.last = self.rows
        """The rows of the use named last."""
        self.n_uses = 0
        self.since, self.until = start, start
        """Where the clause of the last use begins, and where its conditions end."""
        self.before = ""
        self.has_use = False
        """Whether a use stands before the patients who are given it."""
        self.placed: list[Condition] = []
        """The conditions of a use that opens the sentence: "In crusted scabies it is …"."""

    def read(self) -> list[Indication]:
        """The rows of all uses, in order."""
        for anchor in self.anchors:
            found = list(conditions_in(self.item, anchor.start, anchor.end))
            if anchor.kind == "denied":
                self._deny(anchor, found)
                continue
            if anchor.kind != "for" or self.item.topic != "usage" or _needs_condition(self.text, anchor):
                found = self._known(found)
            if not (self._recurs(anchor) or self._has_people(anchor, found) or self._has_state(anchor, found)):
                self._name(anchor, found)
        self._give_examples()
        self._give_partners()
        self._part()
        self._doubt()
        self._give_age()
        return self.rows

    def _known(self, found: list[Condition]) -> list[Condition]:
        return [c for c in found if is_condition(self.reading, c.text)]

    def _deny(self, anchor: Anchor, found: list[Condition]) -> None:
        """As "It does not help in gout"; "use in meningitis is not recommended" denies what was named."""
        if _DENIES_GERMS.search(self.text, anchor.at, anchor.start):
            found = self._known(found)
        clause = self.text[anchor.since : anchor.end]
        mine: list[Indication] = []
        for n, c in enumerate(found):
            about = of_member(self.text, anchor, found, n, tail=True) if len(found) > 1 else clause
            mine += _denied(self.reading, self.item, c, about)
        for example in examples_in(self.reading, self.item, anchor.start, anchor.end, clause) if mine else ():
            example.assertion, example.label_status = "negated", "not_stated"
            mine.append(example)
        rows = self.rows
        if not mine and rows and (_THIS_USE.match(self.text, anchor.start) or rows[-1].rule == "place"):
            for row in rows:
                row.assertion = "negated"
        elif not mine and rows and not self.text[self.until : anchor.at].strip():
            for row in self.last:
                row.assertion, row.label_status = "negated", "not_stated"
        rows += mine

    def _recurs(self, anchor: Anchor) -> bool:
        """As "to treat thrombosis and to prevent its recurrence": the same uses again, as prevention."""
        if not self.rows or not _THEIR_RETURN.match(self.text, anchor.start, anchor.end):
            return False
        self.rows += [replace(row, disease_status="prevention") for row in self.last]
        return True

    def _has_people(self, anchor: Anchor, found: list[Condition]) -> bool:
        """As "to reduce the risk of infarction in adults with angina": what is prevented, in whom."""
        if anchor.kind != "people" or not found or not self.rows or not self.last:
            return False
        if self.rows[-1].disease_status != "prevention":
            return False
        for row in self.last:
            row.prerequisite = row.prerequisite or found[0].text
            if row.age_group == "unspecified":
                row.age_group = age_group(self.text[anchor.at : anchor.start])  # type: ignore[assignment]
        return True

    def _has_state(self, anchor: Anchor, found: list[Condition]) -> bool:
        """As "in lung cancer alone or, with cisplatin, in unresectable disease": the same use in a state of the disease."""
        if len(found) != 1 or not self.rows or not _STATE.fullmatch(found[0].text):
            return False
        partners = partners_in(self.reading, self.text[anchor.since : anchor.end])
        self.rows += [
            replace(row, prerequisite=found[0].text, partners=partners, prior_therapy_required=None)
            for row in self.last
        ]
        return True

    def _name(self, anchor: Anchor, found: list[Condition]) -> None:
        """A use of its own, unless it is the patients of the use before: "for raised pressure in children with glaucoma"."""
        own_use = _AND_IN.search(self.text, self.start, anchor.at) is not None
        if anchor.kind == "people" and ((self.has_use and not own_use) or self.item.topic != "usage"):
            return
        self.has_use = anchor.kind == "for" and bool(self._known(found))
        if anchor.kind == "people" and not own_use and self.rows:
            before = self.rows[-1]
            if before.rule == "used_for" and before.disease_status != "prevention":
                self.rows.pop()  # the condition is that of the patients
        clause = self.text[anchor.since : anchor.end]
        self.before = clause = f"{self.before} {clause}" if " those " in clause else clause
        found, status = self._limited(anchor, found)
        n_before = len(self.rows)
        for n, c in enumerate(found):
            self.rows += self._rows_of(anchor, found, n, c, clause, status)
        if found:
            self.n_uses += 1
            self.last, self.since = self.rows[n_before:], anchor.since
            self.until = max(c.end for c in found)
            if anchor.kind == "place":
                self.placed = found

    def _limited(self, anchor: Anchor, found: list[Condition]) -> tuple[list[Condition], Limit]:
        """The conditions of a use and its status; behind "the latter" another one may be told of one of them."""
        outside = without_members(self.text, anchor.since, anchor.end, found)
        status = (None, None) if any(any(c.limits[0]) for c in found) else limit_of((None, None), outside)
        if status[0] == "prevention":
            found = prevented_in(self.item, found, status[0])
        if self.cut and found and anchor.start < self.cut.start() < anchor.end:
            told = tuple(of_parts(self.text[self.cut.end() : anchor.end]))
            status = limit_of((None, None), self.text[anchor.since : self.cut.start()])
            found[self.one] = replace(found[self.one], limits=told or found[self.one].limits)
        return found, status

    def _rows_of(
        self, anchor: Anchor, found: list[Condition], n: int, c: Condition, clause: str, status: Limit
    ) -> Iterator[Indication]:
        """The rows of one of a use's conditions; "in gout without success" is a denial."""
        if vain := _IN_VAIN.search(c.text):
            bare = replace(c, text=c.text[: vain.start()].strip())
            yield from _denied(self.reading, self.item, bare, clause)
            return
        said = without_later(self.text, self.start, self.end, self.anchors, anchor)
        for own in c.limits:
            limit = own if any(own) or len(c.limits) > 1 else limit_of(status, c.bracket)
            about = clause
            if len(found) > 1 and clause == self.text[anchor.since : anchor.end]:
                serial = _SERIAL.search(self.text, found[-2].end, found[-1].start)
                about = of_member(self.text, anchor, found, n, tail=not serial or c is found[-1])
            yield from row_of(self.reading, self.item, c, about, limit, _RULES[anchor.kind], said, self.start)

    def _give_examples(self) -> None:
        """As "Invasive candidiasis, including candidaemia"."""
        if self.rows and self.rows[-1].assertion == "affirmed" and not self.cut:
            sentence = self.text[self.start : self.end]
            self.rows += examples_in(self.reading, self.item, self.start, self.end, sentence)

    def _give_partners(self) -> None:
        """As "In crusted scabies it is combined with oral ivermectin", "…, and heart failure, where it is added to diuretics"."""
        since = self.start if self.n_uses == 1 else self.since
        for row in self.last if self.n_uses else ():
            until = self.cut.start() if self.cut and row is not self.last[self.one] else self.end
            row.partners = row.partners or partners_in(self.reading, BRACKET.sub("", self.text[since:until]))

    def _part(self) -> None:
        """As "In myeloma it is given with steroids when newly diagnosed, and alone when relapsed": a row for each."""
        if self.n_uses != 1 or not self.placed or self.rows[-1].assertion != "affirmed":
            return
        behind = self.text[self.placed[-1].end : self.end]
        parts = [(limit_of((None, None), part), part) for part in _AND_PART.split(behind)]
        if len(parts) > 1 and len({limit for limit, _ in parts if any(limit)}) == len(parts):
            self.rows = [
                row
                for limit, part in parts
                for c in self.placed
                for row in row_of(self.reading, self.item, c, part, limit, "place")
            ]

    def _doubt(self) -> None:
        """As "…, the latter without success", and as "the evidence in gout is weak"."""
        if self.rows and self.cut and _IN_VAIN.search(self.text, self.cut.end(), self.end):
            self.rows[self.one].assertion = "negated"
        if weak := _WEAK.search(self.text, self.start, self.end):
            for row in self.rows:
                if row.assertion == "affirmed" and self.text.find(row.condition, self.start, weak.end()) >= 0:
                    row.assertion = "possible"

    def _give_age(self) -> None:
        """As "In adults, it is given for A and to treat B"."""
        who = age_of_all(self.text, self.start, self.end)
        for row in self.rows:
            row.age_group = who if who and row.age_group == "unspecified" else row.age_group


_PEOPLE = re.compile(r"\b(?:patients|recipients|people|persons|adults|children|women|men)$", re.I)


def examples_in(reading: Reading, item: Item, start: int, end: int, sentence: str) -> Iterator[Indication]:
    """Conditions named as examples of another: "Invasive candidiasis, including candidaemia"."""
    for a, b in included(item.text, start, end):
        yield from examples_of(reading, item, a, b, sentence)


def examples_of(reading: Reading, item: Item, start: int, end: int, sentence: str = "") -> Iterator[Indication]:
    """The conditions of a list of examples."""
    for c in conditions_in(item, start, end):
        if is_condition(reading, c.text) and not _PEOPLE.search(c.text):
            yield from row_of(reading, item, c, sentence, (None, None), "example")


_STATE = re.compile(
    r"(?:(?:locally|metastatic|advanced|unresectable|inoperable|relapsed|refractory|early|late|severe|active|resistant|recurrent|or|and)[\s-]+)+(?:disease|tumou?rs?|stages?|forms?|cases?)",
    re.I,
)
# "To treat thrombosis and embolism and to prevent their recurrence"
_THEIR_RETURN = re.compile(
    r"(?:to prevent |(?:the )?(?:secondary )?(?:prevention|prophylaxis) of )?(?:their|its|further|such|a) (?:recurrences?|return|relapses?|episodes?)\b",
    re.I,
)
# "Asthma, and croup in children": behind a comma and "and", what follows the last is said of the last alone.
_SERIAL = re.compile(r",\s+(?:and|or)\b")
# "…, and in adults with COVID-19": patients joined by a comma and "and" are a use of their own.
_AND_IN = re.compile(r",\s+(?:and|or)\s+(?:also\s+)?$")

_WEAK = Cued(
    r"\b(?:evidence|data|experience|support|benefit)\b[^.;,]{0,70}?\b(?:is|are|remains?|was|were) (?:only |still |very )?"
    r"(?:weak|limited|lacking|poor|insufficient|conflicting|inconclusive|mixed|scant|scarce|uncertain|disputed|doubtful)\b"
)


_AND_PART = re.compile(r",\s+(?:and|or)\s+|;\s+")
"""Where the second of two ways of use begins: "with chemotherapy when newly diagnosed, and alone when relapsed"."""

# "Adults with a stromal tumour take it for metastatic disease, and as adjuvant treatment"
_TAKEN_BY = re.compile(
    r"(?:adults|patients|people|children|women|men|adolescents|infants|those) with (?P<use>[^,;.:]{3,90}?)"
    r" (?:(?:may|can|should|usually|often) )?(?:take|receive|get|are given) (?:it|this drug|the drug)\b(?P<rest>[^.:]*)",
    re.I,
)
_DISEASE_STATE = re.compile(r"\s+(?:for|in) (?P<state>(?!the )[^,;]{3,60}?(?:disease|tumou?rs?))\s*$", re.I)


def _of_takers(reading: Reading, item: Item, taken: re.Match[str]) -> list[Indication] | None:
    """The uses of patients who take the drug for a state of their disease; none where they take it for another one."""
    rows: list[Indication] = []
    for part in _AND_PART.split(taken["rest"]):
        state = _DISEASE_STATE.match(part)
        if not state and not (any(limit_of((None, None), part)) and part.lower().startswith("as ")):
            return None
        for c in conditions_in(item, *taken.span("use")):
            for row in row_of(
                reading,
                item,
                c,
                taken.group().replace(taken["rest"], part),
                limit_of((None, None), part),
                "people_with",
            ):
                row.prerequisite = state["state"] if state else row.prerequisite
                rows.append(row)
    return rows


_IN_VAIN = Cued(r"\bwithout (?:success|benefit|effect)\b|\bunsuccessful|\bin vain\b|\bto no avail\b")

_LATTER = Cued(r"[,;]\s+the (?P<which>latter|former|first|last)\b\s*")


def _needs_condition(text: str, anchor: Anchor) -> bool:
    """Whether an anchor's words have other senses too: "an adjunct in", "an option for"."""
    return not re.match(r"\w+ed\b|first|uses", text[anchor.at : anchor.start], re.I)


# "Not active against", "not recommended in" deny germs and patients too; only what is known for a condition counts.
_DENIES_GERMS = re.compile(
    r"\b(?:active|activity|recommended|used|approved|advised|suitable)\b(?: (?:in|against))?\s*$|\b(?:not|none) in\s*$",
    re.I,
)

_NOT_ALWAYS = re.compile(r"\bnot (?:usually|normally|routinely|commonly|generally|ordinarily|always|often)\b", re.I)
_DENIED_LEAD = re.compile(
    r"^(?:for|in|against|on|the|an?|to treat|(?:the )?(?:preventive |prophylactic |curative )?treatment of|(?:the )?(?:(?:acute|rapid|immediate|quick|symptomatic) )?relief of|infestation with)\s+|\s+(?:and|or|but|which|because)$",
    re.I,
)


_PREVENTIVE = re.compile(r"(?:the )?(?:preventive|prophylactic) treatment of\b", re.I)
_AS_FIRST = re.compile(r"\)?,?\s+as (?:an? |the )?(?:first|initial|sole|only|mono)", re.I)


def only_first(item: Item, condition: str) -> bool:
    """Whether an item denies a use of first choice or alone, and so not the use: "not for hypertension as first choice"."""
    at = item.text.find(condition)
    return at >= 0 and _AS_FIRST.match(item.text, at + len(condition)) is not None


def _denied(reading: Reading, item: Item, c: Condition, clause: str) -> Iterator[Indication]:
    """A condition that a sentence says the drug is not for, as a negated row with its bare name."""
    words = re.sub(r"\s+is$", "", _DENIED_LEAD.sub("", c.text)).rstrip("! ")
    if words and (is_condition(reading, words) or item.topic == "usage") and not VERB.search(words):
        if age_group(words) != "unspecified" and not is_condition(reading, words):
            return  # "not for children under 2 years"
        if (
            only_first(item, words)
            or _NOT_ALWAYS.search(clause)
            or _THIS_USE.match(words)
            or re.match(r"as\s|routine\b", words)
        ):
            return
        at = item.text.find(words, c.start, c.end)
        bare = replace(c, text=words, start=at if at >= 0 else c.start)
        limit = ("prevention", None) if _PREVENTIVE.match(c.text) else c.limits[0]
        for row in row_of(reading, item, bare, clause, limit, "denied_use"):
            row.assertion = "negated"
            row.label_status = "investigational" if "investigational" in licences(clause) else "not_stated"
            yield row
