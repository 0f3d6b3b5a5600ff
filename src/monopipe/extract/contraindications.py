"""Contraindications: one row a condition, named without 'known', 'history of' or 'or any of its components'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, cast

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract import terms
from monopipe.extract.contraindicated_conditions import (
    LEAD,
    conditions,
    has_escape,
    is_taken,
    kind,
    lists_drugs,
    stands,
)
from monopipe.extract.facts import content_key
from monopipe.extract.reading import RETOLD, Reading
from monopipe.signs import signs
from monopipe.tables import Assertion, Contraindication

Strength = Literal["absolute", "relative", "not_stated"]

_SIGN = signs("contraindications")
_CONTRAINDICATED = Cued(
    rf"\b(?P<not>not\s+(?:absolutely\s+)?)?{_SIGN['contraindicated']}"
    r"(?:\s+(?:in|for|with|by|during|when|if|to|within(?!\s+\d)|on|among)\b(?!\s+(?:case|order)))*\s*:?\s*"
)
_SUBJECT_IS = re.compile(rf"\s+{_SIGN['forbids_it']}\b", re.I)
# "Diabetes and hypertension call for closer supervision only": what asks for care does not forbid.
_CAUTIONS = re.compile(
    r"\b(?:calls?\s+for|needs?|requires?|warrants?|demands?|deserves?|merits?|(?:is|are)\s+(?:only\s+)?(?:an?\s+)?(?:reasons?|grounds?)\s+for)\s+(?:[\w-]+\s+){0,3}?"
    r"(?:caution|care|supervision|monitoring|observation|vigilance|attention|watching|checks?)\b",
    re.I,
)
# "Caution is advised in asthma, gout and epilepsy."
_CARE_FIRST = re.compile(
    r"\s*(?:(?:use|exercise|be|take|apply|give|great|special|particular|extra|some)\s+)*(?:it\s+)?(?:with\s+(?:\w+\s+)?)?(?:cautio(?:n|us(?:ly)?)|care(?:ful(?:ly)?)?|vigilance)\b",
    re.I,
)
_CARE_LAST = re.compile(
    r"\s[–—-]\s+(?:use\s+)?(?:with\s+)?(?:caution|care|careful)(?:\s+only)?\W*$", re.I
)  # "IBD – caution"
_CARE_LABEL = re.compile(
    r"(?:(?:use\s+)?with\s+)?(?:careful(?:ly)?|cautions?|caution\s+in|care|beware|be\s+careful|watch(?:\s+out)?|precautions?|warnings?)$",
    re.I,
)
"""A label under which care is asked for, among what forbids the drug."""
_FORBIDS = re.compile(
    r"^[\s:–—-]*(?:(?:absolutely|strictly|always)\s+)?(?:do not use|contra-?indicated|avoid|not recommended|must not be (?:used|given)|should not be (?:used|given)|never)\b",
    re.I,
)
_IS_STRENGTH = re.compile(r"\W*(?:absolute|relative)\b(?: contra\S+)?(?! \w)", re.I)
_LEAD = re.compile(r"\s*(?P<lead>[^:;.]{4,40}):\s+")
# "There is no need to avoid it in glaucoma."
_NO_NEED = Cued(
    r"\b(?:no\s+(?:need|reason)|not\s+(?:necessary|needed))\s+to\s+(?:avoid|withhold|stop)\b(?:\s+(?:it|the\s+drug))?\s+(?:in|for|with|during)\s+"
)
_NONE = re.compile(r"\b(?:no|none)\b[^.;]*\b(?:contra-?indications?|known|absolute)\b|^\s*none\b", re.I)
_REFERENCE = Cued(
    r"\b(?:see|refer|consult)\b.*\b(?:section|information|label|leaflet|guideline|doctor|physician|insert)"
)
_ABSOLUTE, _RELATIVE = re.compile(r"(?<!\bno )(?<!\bnot )(?<!\bnot an )\babsolut", re.I), re.compile(r"\brelativ", re.I)
_GENERIC_LABEL = re.compile(
    r"^(?:age|allergy|drugs?|medicines?|diseases?|conditions?|medical conditions?|absolute|relative|general|other|others|known|patients?|"
    r"contra-?indications?|(?:absolute|relative)\s+contra-?indications?|drug interactions?|warning|note|important|main|comorbidities)$",
    re.I,
)
# "For prevention and infertility: previous thrombosis": the label says for which use the list behind it holds.
_SCOPE = re.compile(
    r"(?:(?:when|if)\s+(?:used|given|taken)\s+)?(?:for|in\s+(?:the\s+)?(?:treatment|prevention))\b", re.I
)
# "In autoimmune disease: uncontrolled hypertension": in whom the list behind it holds.
_IN = re.compile(r"(?:in|among|with|for)\s", re.I)
# "must not be used in keratitis, and a joint must not be injected in arthritis" forbids twice.
_NEXT_BAR = re.compile(
    r"(?:,\s+(?:and|but)|;)\s+(?=[^,;.]{2,40}\s(?:must|should|may|can)\s*not\s+be\s|(?:(?:i|we)\s+)?(?:never|do\s+not)\s+(?:give|use)\s)",
    re.I,
)
# "Nobody with anuria or with hepatic coma should be given it."
_IT_LAST = re.compile(r",?\s(?:it|this|the\s+drug|this\s+drug)\s*$", re.I)
_NOBODY = re.compile(
    r"\s*(?:nobody|no\s+one|no-one|no\s+(?:patients?|person|woman|man|child))\s+(?:with|who\s+ha[sd]|who\s+(?:is|takes))\s+(?P<who>[^.;]{3,120}?)\s+"
    r"(?:should|may|must|can|ought\s+to|is\s+to)\s+(?:be\s+(?:given|started\s+on)|have|take|receive|use|get)\b",
    re.I,
)
# "Heart block rules it out, and so does bradycardia."
_SO_DOES = re.compile(r",?\s+(?:and\s+)?so\s+(?:do|does|is|are)\s+(?P<who>[^.;]{3,80})", re.I)
_ALLERGY = re.compile(
    r"\b(?:allerg\w+|hypersensitiv\w+|anaphyla\w+|(?:allergic |hypersensitivity )?reactions?)\b", re.I
)
_GI = re.compile(r"\bgi\b", re.I)
_EMPTY = frozenset(
    "a an the to any other previous serious of its known use administration treatment therapy with concomitant".split()
)


def contraindications(reading: Reading) -> Iterator[Contraindication]:
    """The contraindications of the document; a strength that only a retelling states goes to the first telling."""
    told: list[Contraindication] = []
    for item in reading.about("contraindications"):
        denied = list(_denied(item))
        spans = {(d.char_start, d.char_end) for d in denied}
        stated = (f for f in _of_item(item, reading) if not any(a <= f.char_start < b for a, b in spans))
        for fact in (*denied, *stated):
            if fact.strength == "not_stated" or fact.section in RETOLD:
                _share_strength(fact, told)
            if fact.section in RETOLD and (known := _told_before(fact, told)):
                fact.drug_id = known.drug_id = reading.drug_id
                fact.row_id = content_key(known)
            told.append(fact)
    yield from told


# What a table says beside a condition that does not forbid the drug.
_NO_BAR = re.compile(
    r"\b(?:not|no)\s+(?:(?:an?|absolute|longer)\s+)*(?:contra-?indications?|contra-?indicated|C/?I|bar|barrier|reason)\b|^\s*(?:allowed|permitted|fine|ok(?:ay)?)\b",
    re.I,
)
# A label or lead of what does not forbid it: "Not a contraindication: glaucoma", "The following are no reason to stop:".
_NO_BAR_LEAD = re.compile(
    r"\W*(?:(?:these|the\s+following)\s+)?(?:(?:is|are)\s+)?(?:"
    + _NO_BAR.pattern.replace(r"^\s*", "")
    + r"|(?:is\s+)?safe\b|(?:may|can)\s+(?:still\s+)?be\s+(?:used|given|taken)\b)",
    re.I,
)
# "Well-controlled diabetes is not a contraindication.", "There are no contraindications relating to hepatic disease."
_DENIED = Cued(
    rf"^(?!there\b)(?:an?\s+)?(?P<subject>[^.;:]{{3,90}}?)\s+{_SIGN['no_bar']}"
    r"|\bno\s+(?:absolute\s+)?contra-?indications?\s+(?:relating|related|due|with regard)\s+to\s+(?P<object>[^.;:]{3,60})"
)


def _denied(item: Item) -> Iterator[Contraindication]:
    """The conditions that a sentence says are no contraindication, each a negated row."""
    if item.cells:
        return
    spans = (
        [(0, len(item.text))]
        if item.label and (_IS_LABEL.search(item.label) or _NO_BAR.match(item.rest.strip()))
        else item.sentences()
    )
    for start, end in ((a, b) for s in spans for a, b in _between_semicolons(item.text, *s)):
        words = item.text[start:end]
        m = _DENIED.search(words) or _BESIDE_IT.match(words) or _NEITHER_IS.match(words)
        if m is None or _NO_SUBJECT.fullmatch(m["subject"] or ""):
            continue
        subject, until = m.span("subject" if m["subject"] else "object")
        if bracket := _OPEN_BRACKET.search(m.string, subject, until):  # "Penicillin allergy (a rash is no bar)"
            subject = bracket.end()
            start, end, subject, until = start + subject, start + m.end(), 0, until - subject
        named = [(start + subject, start + until)]
        if nor := _NOR_IS.search(item.text, start + m.end(), end):
            named.append(nor.span("subject"))
        for first, last in named:
            if verb := _SAYS_MORE.search(item.text, first, last):
                last = verb.start()
            whole = _IF_SO.search(item.text, first, last)
            for a, b in [(first, last)] if whole else terms.split(item.text, first, last):
                lead = LEAD.match(item.text, a, b)
                condition = _THERE.sub("", item.text[lead.end() if lead else a : b].strip(" ,"))
                if condition:
                    yield Contraindication(
                        **item.at(start, end),
                        rule="denied_contraindication",
                        assertion="negated",
                        condition=condition,
                        condition_norm=terms.normal(condition),
                        kind=cast("Any", kind(condition)),
                    )


# "Glaucoma is fine: not a contraindication", "Pregnancy: no contraindication": the label begins the sentence.
_IS_LABEL = re.compile(r"\s(?:is|are)\s", re.I)
# "Epilepsy is not a contraindication, and neither is stable coronary disease."
_NOR_IS = re.compile(r"[,)]?\s+(?:(?:and\s+)?neither|nor)\s+(?:is|are|does|do)\s+(?P<subject>[^.;:]{3,80})", re.I)
# "Asthma is not a contraindication. Neither is pregnancy."
_NEITHER_IS = re.compile(
    r"\s*(?:neither|nor)\s+(?:is|are)\s+(?P<subject>[^.;:]{3,80}?)(?:,?\s+(?:an?\s+)?contra-?indications?)?(?P<object>)\s*[.;]?\s*$",
    re.I,
)


# "Renal failure: reduce the dose, not a CI"
_BESIDE_IT = Cued(
    r"\s*(?P<subject>[^.;:,–(]{3,60}?)\s*(?::|,|\s[–-]\s|\()[^.;]*?\b(?:not\s+an?|no)\s+(?:absolute\s+)?(?:contra-?indication|C/I|CI|bar|barrier|obstacle)\b(?P<object>)"
)


def _between_semicolons(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for m in re.finditer(r";\s+", text[start:end]):
        yield at, start + m.start()
        at = start + m.end()
    yield at, end


# "Epilepsy calls for caution but is not a contraindication."
_SAYS_MORE = re.compile(
    r"\s(?:(?:is|are)\s+(?:only\s+)?(?:an?\s+)?(?:precautions?|cautions?|warnings?|risks?)\b|calls?\s+for|needs?|requires?|warrants?|should|must|may)(?:\s|$)",
    re.I,
)
_THERE = re.compile(r"\s(?:there|it)$", re.I)  # "In gout there is no contraindication"
_IF_SO = re.compile(r",\s+(?:even\s+)?(?:if|when|once|provided)\s", re.I)
_NO_SUBJECT = re.compile(r"there|it|this|they|that|he|she|none|these(?: \w+)?|(?:the )?following(?: \w+)?", re.I)
_OPEN_BRACKET = re.compile(r"\((?=[^)]*$)")


def _told_before(fact: Contraindication, told: list[Contraindication]) -> Contraindication | None:
    """The fact that a retelling says in other words: "allergy to penicillins" for "hypersensitivity to …"."""
    parts = [fact.condition_norm[a:b] for a, b in terms.split(fact.condition_norm)]
    if len(parts) > 1 and fact.kind == "drug":  # "pimozide, thioridazine": each was told before
        by_part = [_told_before(replace(fact, condition_norm=part), told) for part in parts]
        return by_part[0] if all(by_part) else None
    words = _plain_words(fact.condition_norm)
    for known in told:
        alike = known.section not in RETOLD and known.kind == fact.kind
        told_so = known.assertion == fact.assertion or (known.assertion, fact.assertion) == ("conditional", "affirmed")
        # as printed it keeps its abbreviation: "coronary artery bypass graft (CABG) surgery"
        if alike and told_so and words and _are_among(words, _plain_words(known.condition.lower())):
            return known
    return None


def _are_among(words: set[str], known: set[str]) -> bool:
    """Whether words are all among others, cut short or not: "preg" for "pregnancy"."""
    return all(w in known or (len(w) > 3 and any(k.startswith(w) for k in known)) for w in words)


def _plain_words(norm: str) -> set[str]:
    norm = _GI.sub("gastrointestinal", _ALLERGY.sub("hypersensitivity", norm))
    return {terms.singular(w) for w in re.findall(r"[\w-]+", norm)} - _EMPTY


def _share_strength(fact: Contraindication, told: list[Contraindication]) -> None:
    words = set(fact.condition_norm.split())
    for known in told:
        if words <= set(known.condition_norm.split()) and fact.assertion == known.assertion:
            if known.strength == "not_stated":
                known.strength = fact.strength
            else:
                fact.strength = known.strength
            return


def _of_item(item: Item, reading: Reading) -> Iterator[Contraindication]:
    if item.kind == "other" or item.structural or (item.label and _CARE_LABEL.match(item.label)):
        return
    denied = any(_NO_BAR_LEAD.match(words) for words in (item.label, *item.leads[-1:]) if words)
    strength = _strength(*item.leads[-2:], item.question or "")
    if item.kind == "table_row":
        if item.cells and [item.cell(k) for k in range(len(item.cells))] != list(item.columns):
            strength = _strength(*(item.cell(k) for k in range(1, len(item.cells))), default=strength)
            behind = [item.cell(k) for k in range(1, len(item.cells))]
            denied = any(_NO_BAR.search(words) or _NO_PROBLEM.match(words) for words in behind)
            if not denied and any(_CARE_CELL.fullmatch(words) for words in behind):
                return  # "Cystic fibrosis | caution"
            strength = _strength_by_cell(item) or strength
            head, place = item.cell(0), item.cells[0]
            if len(item.cells) > 1 and (_GENERIC_LABEL.match(head.strip()) or _NO_BAR_LEAD.match(head)):
                denied, strength, place = bool(_NO_BAR_LEAD.match(head)), _strength(head), item.cells[1]
            yield from _listed(item, *place, strength, "negated" if denied else "affirmed", "table")
        return
    label = item.label if item.section not in ("summary", "front_matter") and item.question is None else None
    aside = bool(label) and _ASIDE.match(item.rest) is not None
    if label and not denied and not aside:
        strength = _strength(label, default=strength)
        end = item.rest_start
        if (
            not _GENERIC_LABEL.match(label.strip())
            and not _SCOPE.match(label)
            and not (_IN.match(label) and not _FORBIDS.match(item.rest))
            and not _names_strength(label)
            and (_FORBIDS.match(item.rest) or _IS_STRENGTH.match(item.rest) or stands(label))
        ):
            start = max(item.text.find(label), 0)
            stop = len(item.text) if lists_drugs(label, item.rest) else min(start + len(label), end)
            told: Assertion = "negated" if _NO_BAR_LEAD.match(item.rest) else "affirmed"
            yield from _listed(item, start, stop, _strength(item.rest, default=strength), told, "label")
            return
    for a, b in list(item.sentences())[aside:]:
        lead = _LEAD.match(item.text, a, b)  # "Absolute: A. Relative: B. Not contraindicated: C."
        no_bar = lead is not None and bool(_NO_BAR_LEAD.match(lead["lead"]) or _NO_BAR.search(lead["lead"]))
        if lead and (no_bar or _names_strength(lead["lead"])):
            denied, strength, a = no_bar, _strength(lead["lead"]), lead.end()
        if denied:
            yield from _listed(item, a, b, "not_stated", "negated", "denied_list")
            continue
        for m in _NEXT_BAR.finditer(item.text, a, b):
            yield from _of_sentence(item, a, m.start(), strength, reading)
            a = m.end()
        yield from _of_sentence(item, a, b, strength, reading)


# "Pregnancy: see below", "Elderly patients: caution only" forbid nothing here.
_ASIDE = re.compile(r"\W*(?:(?:see|refer to)\b|(?:use\s+(?:it\s+)?with\s+)?(?:caution|care)\b)", re.I)


_NO_PROBLEM = re.compile(r"\W*(?:no (?:\w+ )?(?:problem|issue|concern)s?|safe)\W*$", re.I)
_CARE_CELL = re.compile(r"\W*(?:use\s+)?(?:with\s+)?(?:caution|care|monitor)\W*", re.I)


_YES_OR_NO = re.compile(r"\W*(?:(?P<yes>yes|y)|(?P<no>no|n))\b", re.I)


def _strength_by_cell(item: Item) -> Strength | None:
    """The strength that a column which asks whether it is absolute, or relative, answers with yes or no."""
    for k, head in enumerate(item.columns):
        answer = _YES_OR_NO.match(item.cell(k)) if k else None
        absolute = bool(_ABSOLUTE.search(head))
        if answer and absolute != bool(_RELATIVE.search(head)):
            return "absolute" if absolute == bool(answer["yes"]) else "relative"
    return None


def _names_strength(label: str) -> bool:
    return bool(_ABSOLUTE.search(label) or _RELATIVE.search(label))


def _strength(*texts: str, default: Strength = "not_stated") -> Strength:
    """The strength that headings, labels or words state; the last one that says so decides."""
    strength = default
    for text in texts:
        absolute, relative = _ABSOLUTE.search(text), _RELATIVE.search(text)
        if bool(absolute) != bool(relative):
            strength = "absolute" if absolute else "relative"
    return strength


def _of_sentence(item: Item, start: int, end: int, strength: Strength, reading: Reading) -> Iterator[Contraindication]:
    text = item.text
    sentence = text[start:end]
    if _REFERENCE.search(sentence):
        return
    if nobody := _NOBODY.match(text, start, end):
        yield from _listed(item, *nobody.span("who"), strength, "affirmed", "sentence")
        return
    said = _CONTRAINDICATED.search(text, start, end)
    negated = said is not None and said["not"] is not None and "contra" in said.group().lower()
    if need := _NO_NEED.search(text, start, end):
        yield from _listed(item, need.end(), end, "not_stated", "negated", "sentence")
        return
    if _NONE.search(sentence) and not negated:
        return
    subject = _SUBJECT_IS.search(text, start, end)
    if (
        not said
        and not subject
        and (_CAUTIONS.search(sentence) or _CARE_FIRST.match(sentence) or _CARE_LAST.search(sentence))
    ):
        return
    if said or subject:
        strength = _strength(sentence, default=strength)
    if not negated and subject and not _is_own(text[start : subject.start()], reading):
        it = _IT_LAST.search(text, start, subject.start())  # "In the last trimester it must not be given"
        yield from _listed(item, start, it.start() if it else subject.start(), strength, "affirmed", "sentence")
        if so := _SO_DOES.match(text, subject.end(), end):
            yield from _listed(item, *so.span("who"), strength, "affirmed", "sentence")
        return
    if said:
        rest = text[said.end() : end].strip(" .")
        if rest:
            assertion: Assertion = "negated" if negated else "affirmed"
            yield from _listed(item, said.end(), end, strength, assertion, "sentence")
        elif not negated and said.start() > start and not _is_own(text[start : said.start()], reading):
            it = _IT_LAST.search(text, start, said.start())
            yield from _listed(item, start, it.start() if it else said.start(), strength, "affirmed", "sentence")
        return
    if not_for := _NOT_FOR.match(text, start, end):
        start = not_for.end()
    if _NO_LIST.match(text, start, end) or (start > item.rest_start and _ACT.match(text, start, end)):
        return
    yield from _listed(item, start, end, strength, "affirmed", "list")


# "Not as a rule. It seldom extends to the loop diuretics.", "They may be switched"
_NO_LIST = re.compile(
    r"(?:it|this|these|that|they|there)\s+(?:\w+ly\s+|seldom\s+|often\s+)?(?!with\b|of\b)[a-z]+\s", re.I
)
# "Not for women who may become pregnant", "Contains lactose: not for people with galactose intolerance"
_NOT_FOR = re.compile(
    r"\W*(?:(?:it\s+)?contains?\s[^:;.]{3,40}?\s*[:;,(–—-]+\s*)?(?:and\s+(?:so\s+)?)?not\s+(?:(?:suitable|intended|meant)\s+)?(?:for|in|with)\s+(?!use\b|more\b|any\b)",
    re.I,
)
# "Uncorrected hypovolaemia. Fill first.", "Gout attack. Wait until it is over."
_ACT = re.compile(
    r"(?:fill|correct|treat|give|use(?!\s+of\b)|stop|check|ask|refer|wait|choose|switch|try|replace|test|start|call|see|tell|send|restore|rehydrate|consider|look)\s+(?!for\s*$)",
    re.I,
)


def _is_own(subject: str, reading: Reading) -> bool:
    """Whether a sentence's subject is the drug itself."""
    words = re.sub(r"^(?:yes|no)[,.]?\s+", "", subject.strip().lower())
    words = re.sub(r"^(?:the|this|its?\suse|use\sof)\s+", "", words).strip()
    if words and all(w.strip(",") in _FORMS for w in words.split()):
        return True
    return words in ("", "it", "drug", "medicine", "medication", "use", "therapy", "treatment", "not", "is") or any(
        words == n or words.startswith(f"{n} ") for n in reading.own_names
    )


_FORMS = frozenset(
    "the pen pens tablet tablets capsule capsules injection injections infusion drops cream gel ointment patch patches spray "
    "inhaler solution suspension syrup suppositories both all forms form preparations products and or alike each".split()
)


def _listed(
    item: Item, start: int, end: int, strength: Strength, assertion: Assertion, rule: str
) -> Iterator[Contraindication]:
    """The conditions of a list, each with its own span."""
    found = list(conditions(item.text, start, end))
    for a, b, until in found:
        condition = item.text[a:b]
        if item.text[:a].rstrip().endswith(";") and _ACT.match(condition):  # "…; ask cardiology first"
            continue
        behind = _IS_STRENGTH.match(item.text, until, end)
        yield Contraindication(
            **item.at(a, until),
            rule=rule,
            assertion="conditional" if assertion == "affirmed" and has_escape(item.text, b, end) else assertion,
            condition=condition,
            condition_norm=terms.normal(condition),
            kind=cast("Any", "drug" if is_taken(item.text, start, a) else kind(condition)),
            strength=_strength(item.text[a:until], behind.group() if behind else "", default=strength),
        )
