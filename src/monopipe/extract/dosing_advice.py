"""What a clause advises on dosing this drug: phrases of a vocabulary, and what takes them back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe import vocabulary
from monopipe.cues import Cued, Family, folded
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.reading import Reading
from monopipe.signs import MASS

_DOSE = r"(?:dos(?:e|es|age|ages|ing)|requirements?|amounts?|needs?)"
_ADVICE = tuple(
    (
        Cued(v["pattern"].replace("DOSE", _DOSE)),
        v["recommendation"],
        Cued(v["unless"]) if v["unless"] else None,
    )
    for v in vocabulary.rows("guidance")
)
_MAY_ADVISE = Family(advice for advice, _, _ in _ADVICE)
_ACTS = frozenset(("discontinue", "interrupt", "use_allowed", "consider"))
_REFUSALS = frozenset(("not_recommended", "contraindicated"))

# "Interrupt treatment until calcium is normal": what is done ends before the condition.
_THEN = re.compile(r"\b(?:until|when|if|once|while|unless)\b", re.I)

# "During treatment with methotrexate a break is advised": the words that open a sentence are not what is done.
_BESIDE = re.compile(r"^(?:during|with|on|under|beside|alongside)\s.*?\s(?=(?:an?|the|it)\s)", re.I)

# "Peramivir 600 mg once daily may be considered": the dose stands between what is advised and the drug.
_DOSE_WORDS = re.compile(
    rf"\d[\d.,–-]*\s*(?:{MASS}|mL)\b(?:/\w+)?(?: (?:once|twice|(?:three|four) times)? ?(?:daily|a day|weekly))?",
    re.I,
)

# "An echinocandin is preferred" speaks for another drug.
_PREFERRED = re.compile(r"(?:an?|another|other) [\w -]{3,40} (?:is|are|may be) (?:usually )?preferred", re.I)

# "Andexanet alfa or 4-factor PCC may be considered": what is considered is no change of this drug's dose.
_CONSIDERED = re.compile(r"\W*(?P<what>[^.;:]{3,80}?)\s+(?:may|can|should|could)\s+be\s+considered\b", re.I)
_OF_THIS = re.compile(
    r"\b(?:it|its|this|drug|dos\w+|reduc\w+|adjust\w+|lower|higher|half|start\w*|initiat\w+|titrat\w+|interval\w*|us(?:e|ing)|treatment|therapy|monitor\w*|interrupt\w*|discontinu\w*|stop\w*|withh\w+|withdraw\w*|switch\w*|delay\w*|taper\w*|increas\w*|decreas\w*|risks?|benefits?|infusion|administration|prophylaxis|loading|patch|tablets?|injections?)\b|\d\s*(?:mg|mcg|g|mL|%)",
    re.I,
)

# "Don't stop", "mustn't be given": the vocabulary knows the word "not".
_SHORT_NOT = re.compile(r"(?<=[a-z])n['’]t\b", re.I)

# "Titrate against free T4, because TSH is of no use here": what gives the reason advises nothing.
_IN_REASON = Cued(r"\S(?<!\bbut)(?<!\band)\s+(?:because|since)\s[^,;]*$")

# "A diuretic is of no use here", "An enzyme inducer is not recommended".
_OTHER_CLASS = re.compile(
    r"(?:an?|another|other) (?:[\w-]+ )?(?:\w+(?:tics?|blockers?|inhibitors?|inducers?|agonists?|steroids?)|statin|vaccine)\b",
    re.I,
)

_HALVED = re.compile(
    r"[^,;]*\b(?:can|may)\s+(?:\w+ly\s+|often\s+)?be\s+(?:halved|reduced|lowered|cut)\s+(?:first|before)\b", re.I
)
_FOR_A_WHILE = re.compile(
    r"\b(?:until|(?<!not )(?<!never )(?<!nor )re-?start(?:ed)?|resum(?:e|ed)|temporarily|on the (?:day|morning)|beforehand|at the time of (?:the |an? )?(?:\w+ )?(?:procedure|surgery|operation|scan|contrast)"
    r"|(?:\d+|an?|one|two|three|several|some|few) (?:hours?|days?|weeks?) (?:before|in advance|ahead|prior to|earlier)"
    r"|(?:before|prior to) (?:(?:the|an?|any|all|major|elective|planned|scheduled) )*(?:surgery|operations?|procedures?|ana?esthesia))\b",
    re.I,
)


_AND_CONSIDER = re.compile(r"[,;]?\s+(?:and|or|then)\s+(?:also\s+)?consider\b", re.I)


def recommendations(clause: str, sentence: str, reading: Reading) -> Iterator[tuple[str, int]]:
    """What a clause advises on this drug, and where the words of it end; `sentence` is the clause with what follows it.

    "Stop until it falls" interrupts, "stop" discontinues; what is done with another drug is no advice on this one.
    """
    ends: dict[str, int] = {}
    short: list[int] = []
    if "'" in clause or "’" in clause:
        short = [m.start() + k for k, m in enumerate(_SHORT_NOT.finditer(clause))]
        clause = _SHORT_NOT.sub(" not", clause)
    for k in _MAY_ADVISE.may_match(folded(clause)):
        advice, recommendation, unless = _ADVICE[k]
        if recommendation in ends:
            continue
        m = advice.expression.search(clause)
        if m is None or (unless and unless.search(clause)):
            continue
        if _IN_REASON.search(clause, 0, m.start()):
            continue
        if recommendation in _ACTS and _acts_on_other(clause, m.start(), m.end(), reading):
            continue
        if recommendation == "use_allowed" and _PREFERRED.match(clause):
            continue
        other = _AVOIDED.match(clause, m.start()) if recommendation == "not_recommended" else None
        if other is not None and not _names_own(other["what"], reading):
            continue  # "Renal impairment: avoid aluminium-containing antacids"
        if recommendation == "consider" and _considers_other(clause, reading):
            continue
        if recommendation in _REFUSALS and _is_about_other(clause[: m.start()], reading):
            continue  # "Unfractionated heparin should not be given on top."
        if recommendation == "reduce_dose" and _HALVED.match(clause) and _is_about_other(clause[: m.start()], reading):
            continue  # "Furosemide can usually be halved before it is touched"
        if recommendation == "no_adjustment" and names_other_drug(clause.split(" ", 1)[0], reading.own_names):
            continue  # "doxycycline in the same dose throughout"
        if recommendation == "discontinue" and _FOR_A_WHILE.search(sentence):
            recommendation = "interrupt"
        ends[recommendation] = m.end() - sum(at < m.end() for at in short)
    found = list(ends)
    if "not_recommended" in found or "contraindicated" in found:
        found = [r for r in found if r in ("not_recommended", "contraindicated", "monitor", "caution")]
    if "contraindicated" in found and "not_recommended" in found:
        found.remove("not_recommended")
    if "consider" in found and not _AND_CONSIDER.search(
        clause
    ):  # "consider a lower dose", "a lower dose is considered"
        found = [r for r in found if r not in ("adjust_dose", "reduce_dose")]
    if "no_adjustment" in found:
        found = [r for r in found if r not in ("adjust_dose", "reduce_dose", "use_allowed", "consider")]
    if "reduce_dose" in found:
        found = [r for r in found if r not in ("adjust_dose", "use_allowed")]
    if len(found) > 1 and "use_allowed" in found:
        found.remove("use_allowed")
    yield from ((r, ends[r]) for r in found)


# What else is to be avoided: products, other treatments, ways of giving.
_AVOIDED = re.compile(
    r"\W*(?:best\s+|should\s+)?avoid\s+(?P<what>(?:\w[\w-]*\s+){0,3}?(?:[\w-]+-containing|products?|supplements?|antacids?|foods?|drugs|medicines"
    r"|medications|agents|preparations|formulations|diuretics|NSAIDs?|bolus(?:es)?|injections?|loading doses?|alcohol|exposure|salt substitutes)\b)",
    re.I,
)


def _names_own(words: str, reading: Reading) -> bool:
    return any(w.lower() in reading.own_names for w in re.findall(r"[A-Za-z-]+", words))


def _considers_other(clause: str, reading: Reading) -> bool:
    """Whether what may be considered is another remedy, and no change of this drug's use."""
    m = _CONSIDERED.match(clause)
    if m is None or _OF_THIS.search(m["what"]):
        return False
    return not any(name in m["what"].lower() for name in reading.own_names)


def _acts_on_other(clause: str, start: int, end: int, reading: Reading) -> bool:
    """Whether the act is done with another drug: "stop warfarin", "fentanyl is preferred", "consider prednisone"."""
    acted_on = _THEN.split(clause[end:])[0]
    acted_on = acted_on.split(",")[0].strip() or acted_on  # "stop it, adrenaline 0.5 mg"
    before = re.findall(r"[A-Za-z-]+", _DOSE_WORDS.sub("", _BESIDE.sub("", clause[:start])))
    behind = re.findall(r"[A-Za-z-]+", acted_on)[:3]
    words = behind if not before else [*before[-5:], *behind[:2]]
    if any(w.lower() in reading.own_names for w in words):
        return False
    return any(names_other_drug(w, reading.own_names) for w in words)


def _is_about_other(subject: str, reading: Reading) -> bool:
    """Whether a sentence's first words name another drug and not this one."""
    words = [w.lower() for w in re.findall(r"[A-Za-z-]+", subject)[:4]]
    if reading.own_names & set(words) or reading.document.title.lower() in subject.lower():  # "Epoetin alfa"
        return False
    return any(names_other_drug(w, reading.own_names) for w in words) or _OTHER_CLASS.match(subject) is not None
