"""What a piece of dosing advice depends on: the words of its label, of a table's first cell, or of its own sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from monopipe import vocabulary
from monopipe.cues import Cued, Family, folded
from monopipe.document import Item
from monopipe.extract.conditions import names_condition
from monopipe.extract.drug_words import is_drug
from monopipe.extract.terms import split
from monopipe.extract.thresholds import is_param, thresholds
from monopipe.grammar import read_who
from monopipe.headings import section_kind

_BASES = tuple((Cued(v["pattern"]), v["kind"]) for v in vocabulary.rows("guidance_bases"))
_ANY_BASIS = Family(words for words, _ in _BASES)
# "adjust based on renal function and age": the words behind name what the advice depends on.
_DEPENDS = Cued(
    r"\b(?:based on|depend(?:s|ing)? on|according to|guided by|in response to|in the context of|in the setting of"
    r"|(?:used|needed|given|studied|efficacy|effectiveness|suitable|recommended|appropriate|necessary|required|(?<!but )(?<!and )(?<!, )not|advised|role|place|use|caution|none) (?:in|for|during|after)|(?:adjustments?|changes?) for|none(?=\s(?:above|below|over|under|at|with)\s))\s+"
    r"(?:the (?:context|setting|case|event|management|treatment) of\s+)?(?P<basis>[^.;]+)"
)
_SUBJECT = re.compile(
    r"(?!(?:In|On|For|With|During|After|Before|Around|At|When|If|Once|Because|No|Below|Under|Above|Over|Between|Up to|Monitor|Check|Watch|Avoid|Stop|Reduce|Give|Use)\s)(?P<basis>(?:[A-Z]|(?:those|patients|people|adults|children|women|men|renal|hepatic|mild|moderate|severe|elderly)\b)[^.;,:]{3,60}?)\s+(?:(?:also|often|usually)\s+)?(?:have|has|is|are|needs?|should|may|must|does|do|calls?|requires?|demands?)\b"
)
# "Before elective surgery the drug may be continued": the words that open a sentence, up to what is advised.
_OPENING = re.compile(
    r"(?:in|on|for|with|during|after|before|around|at|when|if|(?<!at )once(?! (?:daily|weekly|a|every)\b))\s+(?P<basis>[^.;:,]{3,80}?)"
    r"(?:,\s|\s(?=[↑↓])|(?:(?<=impairment)|(?<=failure)|(?<=disease)|(?<=surgery)|(?<=dialysis)|(?<=bypass))\s"
    r"|\s+(?=(?:the \w+ (?:may|should|must|can|is|are)\b|the (?:\w+ )?(?:dos(?:e|es|age)|drug|medicine|treatment|infusion|patch|pen|tablets?)|treatment|therapy|no|it|doses?|dosage|caution|one|do not|nothing|an? (?:lower|higher|smaller|reduced)|we)\b))",
    re.I,
)
# "… should be discontinued in patients who develop seizures", "Stop at once if wheeze occurs": the words behind an act.
_BEHIND = re.compile(
    r"[^.;,:]{0,45}?\s(?P<how>in(?! advance)|on|for(?! (?:in|good|at least|up to|an?|one|some|several|\d)\b)|with|during|after|before|around|through|throughout|when|if|(?<!at )once(?! (?:daily|weekly|a|every)\b)|as soon as(?! possible)|in case of|at the first signs? of)\s+(?P<basis>(?:[^.;]|(?<=\d)\.(?=\d))+)",
    re.I,
)
_IF = re.compile(
    r"[^.;:]{0,40}?\s(?:if|when|as soon as(?! possible)|(?<!at )once(?! (?:daily|weekly|a|every)\b))\s+(?P<basis>[^.;]+)",
    re.I,
)
_THERE_IS = re.compile(r"^(?:there (?:is|are|has been)|(?:the )?(?:event|case|presence|setting|context) of)\s+", re.I)
_PEOPLE = re.compile(
    r"^(?:(?:all|any|those|other|some|most)\s+)?(?:patients|people|those|persons|adults|anyone|women|men|children)\s+(?:going for |scheduled for |due for |who (?:(?:are|is|have|has|had) )?(?:a history of )?|with |undergoing |having )?(?:develops?|undergo(?:ing)?|need|experience[sd]?|shows?|get)?\s*",
    re.I,
)
_OF_AGE = re.compile(r"(?:under|over|above|below|aged?|of|from|between|older|younger|at least|up to|\d|[<>≤≥])", re.I)
_OCCURS = re.compile(
    r"\s+(?:(?:is|are|has|have|been|be)\s+)*(?:develop(?:s|ed)?|occur(?:s|red)?|appear(?:s|ed)?|arises?|emerges?|sets? in|follows?|recurs?|persists?|suspected|confirmed|diagnosed|detected|identified|recogni[sz]ed|established|found|seen|noticed)(?:\s+(?:during treatment|at any time))?$",
    re.I,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|cannot|can|may|must|should|will|not|takes?|taken|needs?|lasts?|goes|comes|gets?|removes?|clears?|shows?|calls?)\b",
    re.I,
)
_LIKE = re.compile(r"\s+(?:like|such as|including)\s+", re.I)
REASON = Cued(
    r",?\s+(?:because|since|(?<!such )(?<!soon )(?<!long )as(?! soon| long)|although|though|even though|but|so(?! long)|unless|while(?!\s+(?:the\s+)?(?:[\w-]+\s+){1,3}(?:is|are|remains?|stays?|lies?)\s+(?:below|above|under|over|less|more|[<>≤≥]))|whereas|until)\s.*",
    re.I | re.S,
)
_NEXT = re.compile(
    r",?\s+(?:as|so)\s+long\s+as\s.*|,\s+(?:and\s+)?(?:then|which|where|with)\b.*|\s+(?:to avoid|down to)\s.*|\s+and\s+(?:then\s+)?(?:resume|re-?start|continue|check|monitor|give|use|consider|measure|treat)\b.*",
    re.I | re.S,
)
_SAID_OF = re.compile(r"(?<=\w)\s+(?:have|has|are|is|was|were|should|must)\s.*", re.I | re.S)
_SPAN = re.compile(
    r"^(?:at least |about |up to )?(?:\d[\d–-]*|an?|one|two|three|four|six)(?: to \d+)? ?(?:h|hours?|days?|weeks?|months?)\s+(?:before|after|in advance of)\s+",
    re.I,
)
_BASIS_LEAD = re.compile(
    r"^(?:(?:nor|or|and)\s+)?(?:also\s+)?(?:(?:in|on|for|with|during|after|when|if)\s+)?(?:(?:the|a|an|other|any|its)\s+)?",
    re.I,
)
_BOTH = re.compile(r"(?P<degree>(?:mild|moderate|severe)(?:\s+(?:to|or)\s+(?:moderate|severe))?\s+)?(?P<one>\w+)\s*(?:/|\bor\b|\band\b)\s*(?P<two>\w+)\s+(?P<noun>impairment|dysfunction|disease|failure|insufficiency)", re.I)  # fmt: skip
# "Mild or moderate hepatic impairment" is one.
_DEGREES = re.compile(
    r"(?:(?:the|an?)\s+)?(?:mild|moderate|severe|acute|chronic|minor|major|primary|secondary|first|second)(?:,| or| and| to|/)\s",
    re.I,
)
_HALF = re.compile(r"([a-z-]+) (?:or|and) [\w-]+ [\w-]+")  # "mood or behaviour changes"
_ENZYMES = re.compile(r"\b(?:inhibitors?|inducers?) of\b", re.I)
_BEYOND = re.compile(r"above|below|more|over|older|higher|less|lower|worse", re.I)  # "grade 3 or above"
# "Broken or secondarily infected skin": the first lacks its noun.
_ADJECTIVES = re.compile(r"[a-z]+(?:ed|en|al|ic|ar|ous|ive) (?:or|and) [\w-]+(?: [\w-]+){1,2}$", re.I)
_PARTS = re.compile(r"\s*/\s*|,\s+(?:or\s+|and\s+)?|\s+(?:or|and)\s+(?!more\b|above\b|over\b|older\b|less\b)", re.I)
_EVENTS = re.compile(r",?\s+or\s+")
_COMMAS = re.compile(r",\s+|\s+/\s+|\s+\+\s+")
_LAST_TWO = re.compile(r"(?P<one>[^,]+?)\s+(?:or|and|and/or)\s+(?P<two>[^,]+)")
# "aortic/mitral stenosis" names two, of which the first lacks its last word.
_SHARED_NOUN = re.compile(r"(?P<one>[\w-]+)/(?P<two>[\w-]+)(?P<noun>\s+[\w-]+)", re.I)
# A label or heading that sorts advice and says of none on what it depends.
_GENERAL = re.compile(
    r"\bcomorbid|\b(?:use|dose|treatment|care) in (?:the )?(?:hospital|critical|intensive)|\bhospital use|\bspecial\b|^(?:toxicity|safety|adverse \w+|adults?|adult use|how much .*|(?:stop|stopping|withdrawal) (?:rules?|criteria))$",
    re.I,
)
PATIENTS = frozenset(("age", "renal", "hepatic", "weight", "genotype", "pregnancy"))
"""Kinds of basis that say whom the advice is for."""
# "in moderate impairment caution is enough": of which organ, the label or the sentence said before.
GRADE = re.compile(
    r"(?:mild|moderate|severe|end-stage|such)\s+(?:impairment|disease|dysfunction|cases?|failure|forms?)", re.I
)
# "Liver and other situations" holds more than the liver.
_WIDE = re.compile(r"\b(?:others?|organs?)\b", re.I)
_EMPTY_BASIS = frozenset(
    "factors needs combination use therapy treatment it them this these that both time start beginning all".split()
)
_WHO_HEAD = re.compile(
    r"(?:patients?|groups?|populations?|who|whom|category|categories|situations?|settings?|case|condition)(?: groups?)?",
    re.I,
)
_HEAD_UNIT = re.compile(r"(.+?)\s*[(\[](.+)[)\]]")
# A cell that bounds what its column's head names: "30–44", "below 30", "≥ 60".
_BAND_CELL = re.compile(r"\W*(?:\d|(?:above|below|under|over|less|more|up to|at least|from|between)\b)", re.I)
_BARE_BAND = re.compile(
    r"(?:(?:above|below|under|over|less than|more than|at least|[<>≤≥])\s*)?\d+(?:\s*[-–—]\s*\d+)?(?=,\s)", re.I
)
# The head of a second column that says how bad the event of the first is: "Neutropenia | ANC <0.5 × 10⁹/L | withhold".
_DEGREE_HEAD = re.compile(r"severity|\bgrade|criteri|threshold|\blevel|\bvalue|finding|result|degree", re.I)
_ANY = re.compile(r"[\s–—-]*|\s*(?:any|all)\b[\w\s]*", re.I)
_PLAIN_LABEL = re.compile(r"(?P<label>(?:[^.;:|]|(?<=\d)\.(?=\d)){2,70}):\s+(?=\S)")
# "Elderly. Experience is limited …": words that open an item like a heading.
_RUN_IN = re.compile(r"(?P<label>[A-Z][^.;:|]{2,50})\.\s+(?=[A-Z])")
_BIDS = re.compile(
    r"(?:stop|discontinue|withdraw|withhold|hold|interrupt|pause|omit|reduce|halve|lower|avoid|check|monitor|watch|give|use|start|do|if|when)\s",
    re.I,
)
_ACT_LABEL = re.compile(
    r"(?:(?:when to|do i|then)\s+)?(?:(?:permanently\s+)?(?:stop|discontinue|withdraw|hold|withhold|interrupt|pause|avoid|caution|careful)\b(?: for good| at once| treatment| permanently)*)(?:\s+(?:if|when|in|for|on|with))?\W*",
    re.I,
)
"""A label that is itself the advice, its text a list of what it depends on: "Stop if: jaundice, agranulocytosis"."""
# "Not recommended in children under 3 years: no data": the words before the colon are the advice.
_ADVISING_LABEL = re.compile(
    r"(?:not (?:recommended|advised|suitable|licensed|established)|contra-?indicated|avoid|caution|no (?:dose )?adjustment)"
    r" (?:in|for|during|under|below|with|if|when|after) \w",
    re.I,
)

# An age that bounds advice: "under 12 years", "children of 6 months"; "3 months before surgery" is a time.
AGE = re.compile(
    r"(?:\b(?:aged?|under|below|over|above|older than|younger than|at least|from|up to|less than|children|infants|adults|patients)\b|[<>≤≥])"
    r"\D{0,12}\d+(?:\s*(?:[-–—]|to|and)\s*\d+)?\s*(?:years?|months?|weeks?|y|mo)\b(?!\s+(?:before|after|of (?:treatment|therapy|postmenstrual|gestation)|later|ago|gestation|postmenstrual))"
    r"|\d\s*(?:years?|months?|y|weeks?)\s+(?:of age|old|and (?:over|above|older)|or (?:over|above|older|more))",
    re.I,
)


_AGED = re.compile(r"\b(?P<side>over|under|above|below)[- ](?:the )?(?P<age>\d{2})s\b", re.I)  # "Over 65s"
_APPROVED_UNDER = re.compile(r"(?<=(?:approved|licensed) )(under|below) (1?\d)(?=\s*(?:[,;.)]|$|(?:and|or)\s))", re.I)
"""A bare number that can only be an age: "not approved under 18"."""
_BEFORE_AGE = Cued(r"\bbefore(?= the age of \d| \d+ (?:years?|months?|weeks?) (?:of age|old)\b)")


@lru_cache(maxsize=4096)
def basis_kind(basis: str) -> Any:
    """What kind of basis the words name.

    >>> [basis_kind(w) for w in ("CrCl < 30 mL/min", "Child-Pugh C", "Peri-op", "Thursday")]
    ['renal', 'hepatic', 'setting', 'other']
    """
    for words, kind in (_BASES[k] for k in _ANY_BASIS.may_match(folded(basis))):
        if words.expression.search(basis):
            return kind
    return "other"


def plain_label(item: Item) -> int:
    """Where the words behind a label begin that only a colon sets off: "aortic/mitral stenosis, HOCM: caution"."""
    if item.label or item.cells or item.question is not None or item.section == "front_matter":
        return item.rest_start
    m = _PLAIN_LABEL.match(item.text)
    if m is None:
        m = _RUN_IN.match(item.text)
        words = m["label"].split() if m else []
        if m and (len(words) > 4 or "only" in words or _BIDS.match(m["label"]) or basis_kind(m["label"]) == "other"):
            return 0
    if m and advises(m["label"]):
        return 0
    if m is None or _FINITE.search(m["label"]) or _ORDERS.search(m["label"]):
        return 0
    return m.end() if len(m["label"].split()) <= 9 or len(list(thresholds(m["label"]))) > 1 else 0


# "Before major surgery, omit it for 24 hours: hypotension is hard to treat": a sentence, and no label.
_ORDERS = re.compile(
    r"\b(?:omit|stop|hold|withhold|interrupt|reduce|avoid|give|use|continue|discontinue)\s+(?:it|the|this)\b", re.I
)


def advises(label: str) -> bool:
    """Whether the words before a colon are the advice and the rest its reason: "Contraindicated in pregnancy: …"."""
    return _ADVISING_LABEL.match(label) is not None


def is_act(label: str | None) -> bool:
    """Whether a label is itself the advice on what its text lists: "Stop if"."""
    return bool(label) and _ACT_LABEL.fullmatch(label or "") is not None


def label_basis(item: Item) -> str | None:
    """The label, or the heading or lead-in right above, when it says on what the advice depends.

    In a table it is the first cell with its column's head: "eGFR (mL/min)", "30–44" give "eGFR 30–44 mL/min".
    """
    if len(item.cells) > 1 and item.columns:
        cell = item.cell(0).strip()
        if (
            len(item.cells) > 2
            and len(item.columns) > 1
            and _DEGREE_HEAD.search(item.columns[1])
            and not _ANY.fullmatch(item.cell(1))
        ):
            return f"{cell}, {item.cell(1).strip()}"
        head = _HEAD_UNIT.fullmatch(item.columns[0])
        name, unit = (head.group(1), head.group(2)) if head else (item.columns[0], "")
        if head and (band := _BARE_BAND.match(cell)):
            return f"{name.split(' / ')[0]} {band.group()} {unit}{cell[band.end() :]}"  # "Below 10, not on dialysis"
        if basis_kind(name) == "genotype" != basis_kind(cell):
            return f"{name}: {cell}"  # "No variant" of a column "DPYD result"
        if basis_kind(cell) != "other" or not _BAND_CELL.match(cell):
            return cell
        if _WHO_HEAD.fullmatch(name.strip()):
            return cell  # "Group", "Over 65"
        return f"{name.split(' / ')[0]} {cell} {unit}".strip()
    if item.question is not None:
        return item.question.rstrip("?").strip()
    label = item.label if item.section != "front_matter" else None
    if label is None and (behind := plain_label(item)):
        label = item.text[:behind].rstrip(" :.")
    if label and (basis_kind(label) != "other" or not section_kind(label, "other", exact=True)):
        return label
    return next((lead for lead in reversed(item.leads[1:]) if lead_kind(lead) != "other"), label)


@lru_cache(maxsize=4096)
def lead_kind(lead: str) -> Any:
    """What kind of basis a heading or lead-in names for all that stands below it; `other` where it joins several.

    >>> [lead_kind(w) for w in ("Infants and children", "Age and organ function", "Liver and other situations")]
    ['age', 'other', 'other']
    """
    if len(lead.split()) > 10 or _WIDE.search(lead):
        return "other"
    kinds = {basis_kind(part) for part in _PARTS.split(lead)} - {"other"}
    return basis_kind(lead) if len(kinds) < 2 or _two_organs(lead) else "other"


def bases(
    clause: str,
    advised_at: int,
    act: bool,
    label: str | None,
    item: Item,
    *,
    listed: bool,
    first: bool,
    opens: bool = True,
) -> list[str]:
    """The words that the advice of a clause depends on; `advised_at` is where its advice ends, `act` whether it stops.

    They are the label, else what the clause names; empty where neither does. Where a label sorts advice of several
    kinds, what the clause names goes first, and so do the patients that any but the `first` sentence names.
    """
    if listed:
        return members(clause) or [clause.strip(" .")]
    clause = _without_others(clause)
    wide = label is not None and _GENERAL.search(label) is not None  # "Comorbid conditions: Obese: by ideal weight."
    if (not first or wide) and (own_label := _OWN_LABEL.match(clause)) and basis_kind(own_label["basis"]) != "other":
        return members(own_label["basis"])
    label = None if is_act(label) else label
    kind = basis_kind(label) if label is not None else "other"
    labelled = label is not None and item.label == label and _GENERAL.search(label) is None
    own = _named(clause, advised_at, act, labelled=labelled)
    if kind != "other" and not first:
        others = _named(clause, advised_at, act, labelled=False)
        others = [] if not opens and any(words.endswith("function") for words in others) else others
        same = not opens and kind in {basis_kind(re.sub(r"\([^()]*\)", "", words)) for words in others}
        if others and not same and all(basis_kind(words) in PATIENTS or GRADE.fullmatch(words) for words in others):
            return others  # "Elderly: caution. In renal impairment reduce the dose."
    if not own and label is not None and kind == "other" and act and not re.search(r"\d", label):
        m = _IF.match(clause, advised_at)
        own = members(m["basis"]) if m else []  # "Rheumatoid arthritis: stop if there is no response"
    if label is not None and kind != "other" and not (own and _is_general(label, item, own)):
        if (
            (age := AGE.search(clause))
            and band_of_people(label)
            and band_of_people(clause) not in ({}, band_of_people(label))
        ):
            return [age.group()]  # "Under 3 years: contraindicated. The injection is not recommended below 18 years."
        if (
            (narrower := _DASHED.match(clause))
            and basis_kind(narrower["basis"]) == kind
            and kind in ("renal", "hepatic")
        ):
            return [narrower["basis"]]
        if not opens and (kind_of_it := _OWN_KIND.match(clause)):
            kind_words = kind_of_it["kind"]
            whole = _GRADES.sub("", label).strip(" ,") if _GRADES.fullmatch(kind_words) else label
            return [f"{whole or label}, {kind_words}"]
        return _graded(label, clause, advised_at) or parted(label, item)
    return own or (parted(label, item) if label else [])


_DASHED = re.compile(r"\s*(?P<basis>[A-Za-z][\w -]{2,40}?)\s[–—-]\s")  # "Hepatic: cirrhosis – halve"
# "Poor metabolisers: halve the dose; intermediate: no change"
_OWN_KIND = re.compile(r"\s*(?P<kind>[A-Za-z][\w /-]{0,25}):\s")
# "in renal but not in hepatic impairment", "in severe, not mild, disease", "unlike renal impairment": whom it is not for.
_OF_OTHERS = re.compile(
    r"(?:,?\s+(?:but|and)\s+|,\s+)not\s+(?:(?:in|for|with)\s+)?(?:mild|moderate|severe|acute|chronic|renal|hepatic|kidney|liver)\b,?"
    r"|,?\s+(?:unlike|in contrast (?:to|with)|as opposed to)\s[^,;.]*",
    re.I,
)
_GRADE_WORD = r"(?:mild|moderate|severe|end-stage|advanced|terminal|(?:de)?compensated|ESRD|ESKD|anuri[ac]|oliguri[ac]|(?:first|second|third|last)\strimester|(?:NYHA|stages?|classe?s?|grades?)\s(?:[IV]+|\d[ab]?)\b)"
_GRADES = re.compile(
    rf"\b{_GRADE_WORD}(?:(?:,?\s+(?:or|and|to)\s+|\s*[/–-]\s*|,\s+)(?:{_GRADE_WORD}|[IV]+\b|\d[ab]?\b))*", re.I
)
_NOUN = re.compile(
    r"\s*(?:(?:renal|hepatic|kidney|liver)\s+)?(?:impairment|dysfunction|disease|failure|insufficiency)\b", re.I
)
_EXCEPT = re.compile(r"\b(?:except|other than|apart from|with the exception of)\s[^,;.]*", re.I)
_EVEN = re.compile(r"\b(?:also|even|including|and|or|not)\s+(?:(?:in|with|for)\s+)?$", re.I)
_GRADED = frozenset(("renal", "hepatic", "comorbidity", "pregnancy"))


def _without_others(clause: str) -> str:
    """A clause with blanks for those whom its advice is not for.

    "in renal but not in hepatic impairment" leaves "in renal … impairment", "in renal failure but not in hepatic disease"
    leaves "in renal failure".
    """
    for m in _OF_OTHERS.finditer(clause):
        noun = _NOUN.match(clause, m.end())
        whole = noun is not None and _NOUN.search(clause, 0, m.start()) is not None
        end = noun.end() if noun and whole else m.end()
        clause = clause[: m.start()] + " " * (end - m.start()) + clause[end:]
    return clause


def _graded(label: str, clause: str, advised_at: int) -> list[str]:
    """The label with the degree that advice behind it is for: "Renal impairment: avoid in severe disease; no change in mild".

    Of several degrees in a clause the one counts that stands between the same commas as the advice.
    """
    kind = basis_kind(label)
    if (
        kind not in _GRADED
        or "?" in label
        or _GRADES.search(label)
        or any(thresholds(label))
        or any(thresholds(clause))
    ):
        return []
    if left_out := _EXCEPT.search(clause):
        return [f"{label}, {left_out.group().strip()}"]
    found = list(_GRADES.finditer(clause))
    if len(found) > 1:
        start = clause.rfind(",", 0, advised_at) + 1
        stop = clause.find(",", advised_at)
        found = [m for m in found if start <= m.start() and (stop < 0 or m.end() <= stop)]
    if len(found) != 1 or _EVEN.search(clause, 0, found[0].start()):
        return []
    noun = _NOUN.match(clause, found[0].end())
    if noun and basis_kind(noun.group()) in {"renal", "hepatic"} - {kind}:
        return []  # "Angina: avoid in severe hepatic impairment"
    return [f"{label}, {' '.join(found[0].group().split())}"]


_OWN_LABEL = re.compile(r"\s*(?P<basis>[A-Z][^;:,]{3,60}):\s")
"""What a further sentence begins with for a label: "Elderly: caution. Renal impairment: reduce the dose."."""


def _is_general(label: str, item: Item, own: list[str]) -> bool:
    """Whether a label or heading is too wide for advice that names a basis of its own."""
    if _GENERAL.search(label):
        return True
    if all(basis_kind(words) == "other" for words in own):
        return False
    if label in item.leads and label != item.label and basis_kind(label) == "setting":
        return True  # "On the ward" over "In sepsis, interrupt it"
    kinds = {basis_kind(part) for part in _PARTS.split(label)}
    return len(kinds) > 1 and not _two_organs(label) and label in item.leads


def _named(clause: str, advised_at: int, act: bool, *, labelled: bool) -> list[str]:
    """What a clause names as the basis of its advice, one by one; empty where it names none in a known way.

    Behind a label only words that say "in the setting of" and the like count.
    """
    found: list[str] = []
    if m := _DEPENDS.search(clause):
        found = members(m["basis"], strict=False)
    if found or labelled:
        return found
    if m := _OPENING.match(re.sub(r"\s*\([^()]*\)", "", clause)):
        found = members(m["basis"])
    if not found and (m := _BEHIND.match(clause, advised_at)) and (act or m["how"].lower() not in ("for", "with")):
        found = members(m["basis"])
    if (
        not found
        and (m := _SUBJECT.match(clause))
        and (basis_kind(m["basis"]) != "other" or GRADE.fullmatch(m["basis"]))
    ):
        found = members(m["basis"])
    return found


def members(words: str, *, strict: bool = True) -> list[str]:
    """The members of a list of conditions, without the people who have them and the verb by which they come about.

    "patients who develop seizures or interstitial lung disease" has two, "hypertension develops and cannot be controlled"
    is one.
    """
    words = " ".join(_NEXT.sub("", REASON.sub("", words)).split()).strip(" .,")
    words = words if strict else _SAID_OF.sub("", words)
    words = _OCCURS.sub("", _without_people(_SPAN.sub("", _THERE_IS.sub("", words))))
    if both := _two_organs(words):
        return both
    if _DEGREES.match(words) or _ADJECTIVES.match(words):
        return [_BASIS_LEAD.sub("", words)]
    if _ENZYMES.search(words):
        return [_BASIS_LEAD.sub("", words)]
    members = [part for a, b in split(words) for part in re.split(r"\s+/\s+", words[a:b])]
    members = [part for member in members for part in _LIKE.split(member)]
    members = [m for m in members if not _BEYOND.fullmatch(m)]
    cleaned = [_OCCURS.sub("", _BASIS_LEAD.sub("", _without_people(m.strip()))).strip(" .,") for m in members]
    kept = [m for m in cleaned if m and m.lower() not in _EMPTY_BASIS and len(m.split()) <= 8]
    kept = kept if strict else [m for m in kept if m is kept[0] or not _FINITE.search(m)]
    if strict and (len(kept) != len(cleaned) or any(_FINITE.search(m) and not any(thresholds(m)) for m in kept)):
        return []
    if strict and any(re.match(r"\W*\d", m) for m in kept):
        return []  # "for 2 weeks", "between 5 and 6 mmol/L"
    half = _HALF.fullmatch(words)
    return [words] if half and basis_kind(half[1]) == "other" and not names_condition(half[1]) else kept


def _without_people(words: str) -> str:
    """Words without the people that they are about, unless they say only how old these are: "children under 6"."""
    rest = _PEOPLE.sub("", words)
    return words if _OF_AGE.match(rest) else rest


def parted(words: str, item: Item) -> list[str]:
    """The bases that a label joins: two organs, settings of use, a list of diseases, or parts of different kinds.

    "Renal or hepatic impairment" names two, "Epilepsy, glaucoma or DM" three, "Diabetes or asthma" stays one; each of
    "paroxetine or fluoxetine" and of "rash or ALT above 200 U/L" counts by itself.
    """
    if both := _two_organs(words) or _two_measured(words) or _two_of_a_grade(words):
        return both
    parts = [p.strip() for p in _PARTS.split(re.sub(r"\([^()]*\)", "", words)) if p.strip()]
    if len(parts) < 2 or any(len(p.split()) > 6 for p in parts):
        return [words]
    named = [_BASIS_LEAD.sub("", p) for p in parts]
    if all(is_drug(p.lower()) for p in named):
        return named
    kinds = [basis_kind(p) for p in parts]
    events = _EVENTS.split(words)  # "ALT above 200 U/L" is not parted at its slash
    bounded = [any(thresholds(p)) for p in events] if len(events) > 1 else []
    if any(bounded) and all(b or _is_event(p, basis_kind(p)) for p, b in zip(events, bounded, strict=True)):
        return events
    if item.topic == "clinical_use_cases" and all(
        k == "setting" or (p[0].isupper() and len(p.split()) <= 2) for k, p in zip(kinds, parts, strict=True)
    ):
        return parts
    if "other" not in kinds and len(set(kinds)) == len(kinds) and "genotype" in kinds:
        return parts
    commas, listed = _listed(words)
    for found in (listed, commas) if len(commas) > 1 else ():
        if all(map(_is_of_patients, found)):
            return found
    return [words]


def _listed(words: str) -> tuple[list[str], list[str]]:
    """The parts of a list between its commas, and its members: the last part may join two, which may share a noun."""
    commas = [p.strip() for p in _COMMAS.split(_SHARED_NOUN.sub(r"\g<one>\g<noun>, \g<two>\g<noun>", words))]
    pair = _LAST_TWO.fullmatch(commas[-1])
    if pair is None:
        return commas, commas
    one, two = pair["one"], pair["two"]
    if " " not in one and not _is_of_patients(one) and " " in two:
        one = f"{one} {two.rsplit(' ', 1)[-1]}"  # "folate or B12 deficiency"
    return commas, [*commas[:-1], one, two]


def _two_organs(words: str) -> list[str]:
    """Kidney and liver, where one noun serves both: "renal or hepatic impairment"."""
    both = _BOTH.fullmatch(words.strip())
    if both and {basis_kind(both["one"]), basis_kind(both["two"])} == {"renal", "hepatic"}:
        return [f"{both['degree'] or ''}{both[n]} {both['noun']}" for n in ("one", "two")]
    return []


# "ALT or AST more than 3 times the upper limit of normal"
_MEASURED = re.compile(
    r"(?P<one>[\w-]+)(?:\s*/\s*|\s+(?:or|and|and/or)\s+)(?P<two>[\w-]+)(?P<bound>\s.*\d.*|\s.*\btwice\b.*)", re.S
)
# "Mucositis or diarrhoea grade 3", "Grade 3 rash or colitis"
_OF_GRADE = re.compile(
    r"(?P<before>grade\s+\d(?:\s*[–-]\s*\d)?\s+)?(?P<one>[\w-]+)\s+or\s+(?P<two>[\w-]+)(?P<behind>,?\s+(?:of\s+)?grade\s+\d.*)?",
    re.I | re.S,
)


def _two_measured(words: str) -> list[str]:
    """Two measured values that one bound serves: "ALT or AST above 200 U/L"."""
    both = _MEASURED.fullmatch(words.strip())
    if both is None or any(_is_event(both[name], basis_kind(both[name])) for name in ("one", "two")):
        return []
    parts = [both[name] + both["bound"] for name in ("one", "two")]
    told = [[t.param.lower() for t in thresholds(part)] for part in parts]
    return parts if told == [[both["one"].lower()], [both["two"].lower()]] else []


def _two_of_a_grade(words: str) -> list[str]:
    """Two effects that one grade serves: "mucositis or diarrhoea grade 3"."""
    both = _OF_GRADE.fullmatch(words.strip())
    if both is None or not (both["before"] or both["behind"]):
        return []
    parts = [(both["before"] or "") + both[name] + (both["behind"] or "") for name in ("one", "two")]
    return parts if all(_is_event(both[name], basis_kind(both[name])) for name in ("one", "two")) else []


def _is_event(words: str, kind: str) -> bool:
    """Whether words name an event by themselves, and nothing that a number beside them could be of: "rash", not "ALT"."""
    if is_param(words):
        return False
    return kind == "toxicity" or (kind in ("comorbidity", "other") and names_condition(words))


def _is_of_patients(words: str) -> bool:
    """Whether words name a disease, a setting or a state by themselves, so that a list of them can be parted."""
    if re.search(r"(?<!\w)\d", words) or len(words.split()) > 4:
        return False
    kind = basis_kind(words)
    return kind in ("setting", "comorbidity", "toxicity") or (
        kind in ("other", "renal", "hepatic")
        and (re.fullmatch(r"[A-Z]{2,5}", words) is not None or names_condition(words))
    )


def band_of_people(text: str) -> dict[str, Any]:
    """The parameter and band of a label or clause; a bare "65 y" bounds nothing."""
    text = _APPROVED_UNDER.sub(r"\1 \2 years", text)
    who = read_who(_AGED.sub(r"\g<side> \g<age> years", _BEFORE_AGE.sub("below", text)))
    if who.get("param") is None:
        return {}
    low, high = who.get("param_low"), who.get("param_high")
    bounded = (
        who["param"] != "age" or AGE.search(text) or _AGED.search(text) or re.match(r"\d+\s*(?:[-–—]|to)\s*\d", text)
    )
    if not bounded or (low is not None and low == high):
        return {}
    if who.get("param_unit", "").startswith("mL/min/") and "ml" not in text.lower():
        who["param_unit"] = None  # a bare "eGFR above 30" may be of the body surface or not
    return {k: v for k, v in who.items() if k.startswith("param")}
