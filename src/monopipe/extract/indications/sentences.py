"""Sentences on what a drug is for: the uses they name, those they deny, and those they call off-label or doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.conditions import is_condition
from monopipe.extract.indications.licences import licences
from monopipe.extract.indications.lists import BRACKET, Condition, conditions_in, prevented_in
from monopipe.extract.indications.named_first import named_first
from monopipe.extract.indications.prose import Anchor, anchors
from monopipe.extract.indications.rows import limit_of, partners_in, row_of
from monopipe.extract.indications.words import Limit, age_group, included, limits_in, purpose_at
from monopipe.extract.reading import Reading
from monopipe.tables import Indication

# A sentence on a trial tells what was found, not what the drug is for.
_TRIAL = Cued(
    r"\bin (?:an?|one|the|two|three|several|some|\d+) (?:[\w-]+ ){0,2}(?:trials?|stud(?:y|ies)|meta-analys[ie]s)\b"
)

# "…, and in Alzheimer's disease a large trial has shown no benefit"
_NO_BENEFIT = re.compile(
    r"(?:,\s+(?:and|but|while)\s+|;\s+|^|(?<=\.\s))in\s+(?P<use>[^,;.]{3,60}?),?\s+(?:(?:an?|the|one|two|several|most|large|small|recent|early)\s+)+(?:trials?|stud(?:y|ies))\s+"
    r"(?:(?:has|have|had)\s+)?(?:shown|showed|found|failed)\s+(?:no\s+|to\s+show\s+(?:an?y?\s+)?)(?:benefit|effect|advantage|gain)[^.;]*",
    re.I,
)

_THIS_USE = re.compile(r"(?:t?here|this|these|that|such)(?: (?:use|uses|purpose|indication|condition)s?)?\b", re.I)

_PEOPLE = re.compile(r"\b(?:patients|recipients|people|persons|adults|children|women|men)$", re.I)

VERB = re.compile(r"\b(?:is|are|was|were|has|have|can|may|should|must|will|does|do|be)\b", re.I)

_BESIDE = re.compile(r"(?:with|as|in|for|off[- ]label|unlicen[cs]ed|also|only|if|when)\b", re.I)
# "The main groups are A (a, b), B (c, d)": the brackets list the conditions.
_GROUPS = re.compile(r"\b(?:groups?|conditions?|diseases?|uses?|indications?)\s+(?:are|include|comprise)\b", re.I)


def between_semicolons(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a list whose members hold commas of their own."""
    at = start
    for m in re.finditer(r";\s+", text[start:end]):
        if text.count("(", at, start + m.start()) > text.count(")", at, start + m.start()):
            continue
        yield at, start + m.start()
        at = start + m.end()
    yield at, end


def examples_in(reading: Reading, item: Item, start: int, end: int, sentence: str) -> Iterator[Indication]:
    """Conditions named as examples of another: "Invasive candidiasis, including candidaemia"."""
    for a, b in included(item.text, start, end):
        yield from examples_of(reading, item, a, b, sentence)


def examples_of(reading: Reading, item: Item, start: int, end: int, sentence: str = "") -> Iterator[Indication]:
    """The conditions of a list of examples."""
    for c in conditions_in(item, start, end):
        if is_condition(reading, c.text) and not _PEOPLE.search(c.text):
            yield from row_of(reading, item, c, sentence, (None, None), "example")


def in_prose(reading: Reading, item: Item) -> Iterator[Indication]:
    """The uses in a paragraph: sentence by sentence, groups in brackets, lists behind a lead, and bare lists."""
    for number, (a, b) in enumerate(span for s in item.sentences() for span in _clauses(item.text, *s)):
        if item.text[a:b].rstrip().endswith(":"):
            continue  # its conditions stand in the list that it opens
        found = False
        if _GROUPS.search(item.text, a, b) and item.section == "usage":
            for bracket in BRACKET.finditer(item.text, a, b):
                if _BESIDE.match(bracket[1]):
                    continue
                for c in conditions_in(item, bracket.start(1), bracket.end(1)):
                    found = True
                    yield from row_of(reading, item, c, c.text, c.limits[0], "group_examples")
        opened = _OPENED.match(item.text, a, b)
        rows = _opened_list(reading, item, opened, b) if opened else in_sentence(reading, item, a, b)
        for row in rows:
            found = True
            yield row
        if not found and (number == 0 or purpose_at(item.text, a, b)) and _is_bare_list(item, a, b):
            members = list(conditions_in(item, a, b))
            for c in members if all(is_condition(reading, c.text) for c in members) else ():
                yield from row_of(reading, item, c, item.text[a:b], c.limits[0], "bare_list")


_MAIN_VERB = (
    r"\b(?:is|are|was|were|may|can|has|have|should|must|will|does|do|covers?|provides?|serves?"
    r"|(?:it|they|this drug|the drug|the vaccine) (?:also )?\w+s)\b"
)
# "…; its use in delirium is off-label": a sentence of its own behind a semicolon, unless it speaks of what was listed.
_OWN_CLAUSE = re.compile(rf";\s+(?=(?!the (?:latter|former|first|last)\b)[^;:.]{{0,80}}?{_MAIN_VERB})", re.I)
_HAS_VERB = re.compile(_MAIN_VERB, re.I)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a sentence that are sentences of their own, divided by semicolons."""
    at = start
    for m in _OWN_CLAUSE.finditer(text, start, end):
        if _HAS_VERB.search(text, at, m.start()):
            yield at, m.start()
            at = m.end()
    yield at, end


_OPENED = re.compile(
    r"(?P<lead>[^:.;()]{0,80}\b(?:uses|indications|purposes|conditions|diseases|disorders|infections)\b[^:.;()]{0,60}):\s+(?=\S)",
    re.I,
)


def _opened_list(reading: Reading, item: Item, opened: re.Match[str], end: int) -> Iterator[Indication]:
    """The conditions behind the colon of a sentence that opens their list: "Several uses are off-label: gout, …"."""
    lead = opened.group("lead")
    denied = any(anchor.kind == "denied" for anchor in anchors(f"{lead} in", 0, len(lead) + 3))
    for a, b in between_semicolons(item.text, opened.end(), end):
        for c in conditions_in(item, a, b):
            for own in c.limits:
                for row in row_of(
                    reading, item, c, item.text[c.start : c.end], limit_of(own, lead), "opened_list", lead
                ):
                    row.assertion = "negated" if denied else row.assertion
                    yield row


def _is_bare_list(item: Item, start: int, end: int) -> bool:
    """Whether a sentence is nothing but a list of conditions: "Headache, toothache, period pain.", "Treatment of gout."."""
    sentence = item.text[start:end]
    plain = item.section == "usage" and item.label is None and not _TRIAL.search(sentence)
    plain = plain and ("," in sentence or purpose_at(item.text, start, end) is not None)
    return plain and not VERB.search(sentence) and not any(True for _ in anchors(item.text, start, end))


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
    if _TRIAL.search(item.text, start, end):
        return
    sentence = item.text[start:end]
    for begin in others_for_others(reading, item, start, end):
        ages = {age_group(item.text[start:begin]), age_group(item.text[begin:end])}
        if "unspecified" in ages or len(ages) < 2:
            continue
        yield from in_sentence(reading, item, start, begin)
        for c in conditions_in(item, begin, end):
            yield from row_of(reading, item, c, item.text[begin:end], c.limits[0], "used_for", sentence, start)
        return
    if (opening := named_first(reading, item, start, end)) is not None:
        yield from opening
        return
    taken = _TAKEN_BY.match(item.text, start, end)
    if taken and (whole := _of_takers(reading, item, taken)) is not None:
        yield from whole
        return
    rows: list[Indication] = []
    before = ""
    cut = _LATTER.search(item.text, start, end)
    one = 0 if cut and cut["which"].lower() in ("former", "first") else -1  # which of the uses the words behind are of
    uses_named, told_last, told_since, named_until = 0, rows, start, start
    placed: list[Condition] = []
    named = False  # whether a use stands before the patients who are given it
    spans = list(anchors(item.text, start, end))
    for anchor in spans:
        clause = item.text[anchor.since : anchor.end]
        found = list(conditions_in(item, anchor.start, anchor.end))
        if anchor.kind == "denied":
            strict = _DENIES_GERMS.search(item.text, anchor.at, anchor.start)
            found = [c for c in found if not strict or is_condition(reading, c.text)]
            mine = [
                r
                for n, c in enumerate(found)
                for r in _denied(
                    reading, item, c, _of_member(item.text, anchor, found, n, tail=True) if len(found) > 1 else clause
                )
            ]
            if not mine and rows and (_THIS_USE.match(item.text, anchor.start) or rows[-1].rule == "place"):
                for row in rows:
                    row.assertion = "negated"
            elif not mine and rows and not item.text[named_until : anchor.at].strip():
                for row in told_last:  # "Use in meningitis is not recommended"
                    row.assertion, row.label_status = "negated", "not_stated"
            rows += mine
            continue
        if anchor.kind != "for" or item.topic != "usage" or _needs_condition(item.text, anchor):
            found = [c for c in found if is_condition(reading, c.text)]
        if rows and _THEIR_RETURN.match(item.text, anchor.start, anchor.end):
            rows += [replace(row, disease_status="prevention") for row in told_last]
            continue
        if anchor.kind == "people" and found and rows and rows[-1].disease_status == "prevention" and told_last:
            for row in told_last:  # "to reduce the risk of infarction in adults with angina"
                row.prerequisite = row.prerequisite or found[0].text
                if row.age_group == "unspecified":
                    row.age_group = age_group(item.text[anchor.at : anchor.start])  # type: ignore[assignment]
            continue
        if (
            len(found) == 1 and rows and _STATE.fullmatch(found[0].text)
        ):  # "in lung cancer alone or, with cisplatin, in unresectable disease"
            said = item.text[anchor.since : anchor.end]
            rows += [
                replace(
                    row, prerequisite=found[0].text, partners=partners_in(reading, said), prior_therapy_required=None
                )
                for row in told_last
            ]
            continue
        own_use = _AND_IN.search(item.text, start, anchor.at) is not None
        if anchor.kind == "people" and ((named and not own_use) or item.topic != "usage"):
            continue
        named = anchor.kind == "for" and any(is_condition(reading, c.text) for c in found)
        if (
            anchor.kind == "people"
            and not own_use
            and rows
            and rows[-1].rule == "used_for"
            and rows[-1].disease_status != "prevention"
        ):
            rows.pop()  # "for raised pressure in children with glaucoma": the condition is that of the patients
        clause = f"{before} {clause}" if " those " in clause else clause
        before = clause
        outside = _without_members(item.text, anchor.since, anchor.end, found)
        status = (None, None) if any(any(c.limits[0]) for c in found) else limit_of((None, None), outside)
        if status[0] == "prevention":
            found = prevented_in(item, found, status[0])
        n_before = len(rows)
        if cut and found and anchor.start < cut.start() < anchor.end:
            told = tuple(_of_parts(item.text[cut.end() : anchor.end]))
            status = limit_of((None, None), item.text[anchor.since : cut.start()])
            found[one] = replace(found[one], limits=told or found[one].limits)
        said = _without_later(item.text, start, end, spans, anchor)
        serial = len(found) > 1 and _SERIAL.search(item.text, found[-2].end, found[-1].start)
        for n, c in enumerate(found):
            if vain := _IN_VAIN.search(c.text):  # "It has been tried in gout without success"
                bare = replace(c, text=c.text[: vain.start()].strip())
                rows += _denied(reading, item, bare, clause)
                continue
            for own in c.limits:
                limit = own if any(own) or len(c.limits) > 1 else limit_of(status, c.bracket)
                about = clause
                if len(found) > 1 and clause == item.text[anchor.since : anchor.end]:
                    about = _of_member(item.text, anchor, found, n, tail=not serial or c is found[-1])
                rows += row_of(reading, item, c, about, limit, _RULES[anchor.kind], said, start)
        if found:
            uses_named, told_last, told_since = uses_named + 1, rows[n_before:], anchor.since
            named_until = max(c.end for c in found)
            if anchor.kind == "place":
                placed = found
    if rows and rows[-1].assertion == "affirmed" and not _LATTER.search(item.text, start, end):
        rows += examples_in(reading, item, start, end, sentence)
    # "In crusted scabies it is combined with oral ivermectin", "…, and heart failure, where it is added to diuretics"
    since = start if uses_named == 1 else told_since
    for row in told_last if uses_named else ():
        until = cut.start() if cut and row is not told_last[one] else end
        row.partners = row.partners or partners_in(reading, BRACKET.sub("", item.text[since:until]))
    if uses_named == 1 and placed and rows[-1].assertion == "affirmed":
        parts = [(limit_of((None, None), part), part) for part in _AND_PART.split(item.text[placed[-1].end : end])]
        if len(parts) > 1 and len({limit for limit, _ in parts if any(limit)}) == len(parts):
            rows = [
                row for limit, part in parts for c in placed for row in row_of(reading, item, c, part, limit, "place")
            ]
    if rows and cut and _IN_VAIN.search(item.text, cut.end(), end):
        rows[one].assertion = "negated"
    if weak := _WEAK.search(item.text, start, end):
        for row in rows:
            if row.assertion == "affirmed" and item.text.find(row.condition, start, weak.end()) >= 0:
                row.assertion = "possible"
    who = _age_of_all(item.text, start, end)
    for row in rows:
        row.age_group = who if who and row.age_group == "unspecified" else row.age_group
    yield from rows


# "In adults, it is given for A, to treat B and to prevent C", "for A and for B, in adults as well as in children."
_OPENING = re.compile(r"in (?P<who>[^,;.]{3,40}),\s", re.I)
_VERB_IN = re.compile(
    r"\b(?:licen[cs]ed|approved|indicated|used|given|prescribed|recommended)(?: only)? in (?P<who>[^,;.]{3,40}?) (?:for|to)\b",
    re.I,
)
_CLOSING = re.compile(r",\s+(?:both )?in (?P<who>[^,;.]{3,50})[.;]?\s*$", re.I)


def _age_of_all(text: str, start: int, end: int) -> Any:
    """The age group that a sentence states once for all its uses: at its beginning, or at its end for everybody."""
    if m := _OPENING.match(text, start, end):
        who = age_group(m["who"])
        return who if who != "unspecified" else None
    if m := _VERB_IN.search(text, start, end):
        who = age_group(m["who"])
        if who != "unspecified":
            return who
    m = _CLOSING.search(text, start, end)
    return "all" if m and age_group(m["who"]) == "all" else None


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


def _of_member(text: str, anchor: Anchor, found: list[Condition], n: int, *, tail: bool) -> str:
    """A clause as it speaks of one member of its list: what stands within or between others is not said of this one."""
    c = found[n]
    start = found[n - 1].end if n and found[n - 1].end <= c.start else c.start
    end = found[n + 1].start if n + 1 < len(found) and found[n + 1].start >= c.end else c.end
    last = max(found[-1].end, c.end)
    return " ".join((text[anchor.since : found[0].start], text[start:end], text[last : anchor.end] if tail else ""))


def _without_later(text: str, start: int, end: int, spans: list[Anchor], anchor: Anchor) -> str:
    """A sentence without the words that open its later uses: "…, and many prescribe it off-label for" is not said of this one."""
    letters = list(text[start:end])
    for later in spans:
        if later.at >= anchor.end and anchor.kind != "place":
            letters[later.at - start : later.start - start] = " " * (later.start - later.at)
    return "".join(letters)


def _without_members(text: str, start: int, end: int, found: list[Condition]) -> str:
    """A clause without the members of its list."""
    letters = list(text[start:end])
    for c in found:
        letters[max(c.start - start, 0) : c.end - start] = " " * (c.end - max(c.start, start))
    return "".join(letters)


_IN_VAIN = Cued(r"\bwithout (?:success|benefit|effect)\b|\bunsuccessful|\bin vain\b|\bto no avail\b")

_LATTER = Cued(r"[,;]\s+the (?P<which>latter|former|first|last)\b\s*")


def _of_parts(text: str) -> Iterator[Limit]:
    """Status and phase of each use that a remark names: "both as treatment and as post-exposure prophylaxis"."""
    for part in re.split(r"\s+(?:and|or)\s+|,\s+", text):
        named = limits_in(part)[:1]
        if named or re.search(r"\b(?:treatment|therapy|relief)\b", part, re.I):
            yield named[0] if named else (None, None)


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
    r"^(?:for|in|against|on|the|an?|to treat|(?:the )?(?:preventive |prophylactic |curative )?treatment of|infestation with)\s+|\s+(?:and|or|but|which|because)$",
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
