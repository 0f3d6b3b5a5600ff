"""Whose dose an amount in dosing text is: this drug's, or that of a partner, an antidote, a fluid or a drug compared."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.doses.condition_phrases import is_use
from monopipe.extract.doses.not_given import OPENING
from monopipe.extract.doses.spoken_of import adds_unknown
from monopipe.extract.doses.surroundings import AMOUNT, HAD
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.reading import Reading
from monopipe.grammar import Step, read_who
from monopipe.grammar.words import known
from monopipe.signs import signs

_SIGN = signs("whose_dose")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_DIGIT = re.compile(r"\d")

# --- A whole item


_BESIDE = Cued(_SIGN["beside"])
_TURNED_TO = re.compile(rf"{_SIGN['turn_to']}\s+([a-z-]{{5,}})\W*$", re.I)
_OF_OTHER = frozenset(
    "acid supplement supplements supplementation rescue cover oral intravenous iv im sc tablets tablet capsules injection infusion"
    " and or plus instead alternatively dose doses dosing therapy vitamin sodium potassium calcium hydrochloride sulfate phosphate prophylaxis premedication d k b".split()
)


def is_of_other(reading: Reading, item: Item) -> bool:
    """Whether an item's label is the name of another drug and no more: "Folic acid: 5 mg once a week"."""
    if item.label is None or item.columns or item.topic == "dosage_adjustments":
        return False
    said_to = re.match(r"\W*add(?:ing)?\s+(?!a\b|an\b|the\b|on\b|back\b)([a-z]{5,})\W*$", item.label, re.I)
    if said_to and said_to[1].lower() not in reading.own_names and not known(said_to[1].lower()):
        return True  # "Add carnitine: 50 mg/kg/day"
    turned = _TURNED_TO.search(item.label)
    if turned and names_other_drug(turned[1], reading.own_names):
        return True  # "If it fails, go over to venlafaxine: 75 mg"
    words = re.findall(r"[a-z][a-z\d]*", item.label.lower())
    if len(words) > 4:
        return False
    vitamin = "vitamin" in words and not any("vitamin" in name for name in reading.own_names)
    others = [w for w in words if names_other_drug(w, reading.own_names) or (vitamin and w == "vitamin")]
    if not others or any(w not in others and w not in _OF_OTHER for w in words):
        return False
    # "give 250 mg of testolol", but not "5 mg weekly, not on the day of testolol"
    found = AMOUNT.search(item.text, item.rest_start)
    end = found.end() if found else len(item.text)
    said = item.text[item.rest_start : end].lower() + " ".join(item.text[end:].lower().split()[:3])
    return not any(name in said for name in reading.own_names) and not any(_BESIDE.search(w) for w in item.leads)


# --- A sentence that began with another drug


_FAILED = re.compile(_SIGN["failed"], re.I)
_THEN = re.compile(r"\b(?:then|followed\s+by|thereafter|afterwards)\b", re.I)
_PRODUCT = Cued(_SIGN["product"])


def turn(item: Item, step: Step) -> int:
    """Where the words on another drug's failure end, behind which this one's turn is: "When lorazepam 4 mg has failed, …"."""
    for a, b in item.sentences():
        if a <= step.start < b and (found := _FAILED.match(item.text, max(a, item.rest_start), b)):
            return found.end()
    return 0


def goes_on_with_another(reading: Reading, item: Item, amount: int, kept: list[int]) -> bool:
    """Whether a sentence dosed another drug before a semicolon and names none since: "vitamin K 5 mg by mouth; 1 mg IV if bleeding"."""
    start = next((a for a, b in item.sentences() if a <= amount < b), amount)
    start = max(start, item.rest_start)
    before = item.text[start:amount]
    part = before.rsplit(";", 1)[-1]
    if (then := _THEN.search(part)) is not None:  # "; aspirin 30 mg/kg until the fever goes, then 5 mg/kg"
        start, words = amount - len(part), part[: then.start()]
        before = part
    else:
        words = before.rsplit(";", 1)[0] if ";" in before else ""
    if not words:
        return False
    if any(start <= begin < amount for begin in kept):
        return False  # a dose of this drug stands before
    low = before.lower()
    if any(name in low for name in reading.own_names):
        return False
    return any(
        _PRODUCT.search(words[: found.start()])
        or names_other_drug((_WORD.findall(words[: found.start()]) or [""])[-1], reading.own_names)
        for found in AMOUNT.finditer(words)
    )


def names_other(reading: Reading, words: str) -> bool:
    """Whether words name a drug that is not this one."""
    return any(names_other_drug(word, reading.own_names) for word in _WORD.findall(words))


def is_named(reading: Reading, words: str) -> bool:
    """Whether the last word before an amount is this drug: "… (0.5 mg): stop it and start tiotropium 18 micrograms"."""
    return any(word.lower() in reading.own_names for word in _WORD.findall(words)[-1:])


# --- The words before an amount


_LEFT_BEHIND = Cued(_SIGN["left_behind"])
_IS_USED = Cued(_SIGN["is_used"])
_TAKES = re.compile(r"\b(?:taking|receiving|on)\s+[a-z][^|]*", re.I)
# "Patients on prednisone should be tapered to 5 mg", "those already on warfarin may continue 5 mg": of what they take
_KEEPS_TAKING = re.compile(r"\b(?:continu|taper|maintain|remain|kept|keep|wean|stay)\w*\b", re.I)
_BESIDE_CONDITION = re.compile(r",\s+|\s*\(|\s+(?=(?:with|on|in|and|if|when|where|resistant)\s)")
_MEASURED_TOO = frozenset("potassium calcium magnesium glucose iron zinc oxygen plasma bicarbonate sodium".split())
"""Drugs that are measured in blood as well: only right before an amount do they say whose dose it is."""
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,2}\b")  # "ATM/avibactam 2 g/0.67 g" of a drug that is also called ATM


def names_another(reading: Reading, item: Item, step: Step, amount: int) -> bool:
    """Whether the words before the amount name another drug: "Docetaxel itself is given as 75 mg/m²"."""
    start = next((a for a, b in item.sentences() if a <= step.start < b), step.start)
    words = _words_before(reading, item, step, amount, start)
    if _is_set_against(reading, words) or _is_of_antidote(reading, item, start, amount):
        return True
    if any(word.lower() in reading.own_names for word in (*_WORD.findall(words), *_CAPITALS.findall(words))):
        return False
    partners = (step.dosage.partners or "").lower()
    return (
        _has_replaced_this(reading, item.text[step.start : step.end])
        or _is_its_subject(reading, item, start)
        or _is_of_a_salt(reading, item.text[start:amount])
        or _is_of_a_product(reading, words)
        or adds_unknown(words, reading.own_names)
        or _is_of_drug_behind(reading, item, step, amount, partners)
        or _acts_by_another(words, partners)
        or _is_gonadotropin(reading, words)
        or (item.text[: step.start].rstrip().endswith("+") and _is_summand(reading, words))
        or _is_abbreviated(reading, words, partners)
        or _names_other_before(reading, words, partners)
    )


def _words_before(reading: Reading, item: Item, step: Step, amount: int, start: int) -> str:
    """The words of a step before its amount, without those that say for whom, or after which drug, it is."""
    quote = item.text[step.start : step.end]
    words = item.text[step.start : amount] if _DIGIT.search(quote) else quote
    opening = OPENING.match(item.text, max(start, item.rest_start), amount)
    if opening and opening.end() > step.start and not _IS_USED.search(opening.group()):
        words = item.text[opening.end() : amount]
    if item.columns and (told := _said_of_patients(reading, item)):
        words = words.replace(told, " ")
    taken = step.dosage.condition_text if step.dosage.population == "other" else None
    if taken and not _KEEPS_TAKING.search(words.partition(taken)[2]):  # "patients not taking methotrexate"
        words = words.replace(taken, " ")
    if left := _LEFT_BEHIND.search(words):
        words = words[: left.start()] + words[left.end() :]
    return words


def _said_of_patients(reading: Reading, item: Item) -> str:
    """What a row's first cell says of its patients behind the condition: "dolutegravir not tolerated" behind "HIV infection"."""
    if had := HAD.search(item.cell(0)):
        return had.group()
    if (takes := _TAKES.search(item.cell(0))) and read_who(item.cell(0)):
        return takes.group()  # "Adult taking efavirenz"
    condition = _BESIDE_CONDITION.split(item.cell(0), maxsplit=1)
    return condition[-1] if len(condition) > 1 and is_use(reading, condition[0]) else ""


_NOT_BUT = Cued(r"\bnot\b(?P<not>[^.;]*?),?\s+but\s+(?P<but>[^.;,]*)$")
_RATHER_THAN = Cued(r"\b(?:instead\s+of|rather\s+than|in\s+place\s+of)\s+(?P<not>[^.;,]{3,40}),\s+(?P<but>[^.;,]*)$")


def _is_set_against(reading: Reading, words: str) -> bool:
    """As "is not treated with estradiol but with conjugated oestrogens 25 mg", "Rather than estradiol, …"."""
    found = _NOT_BUT.search(words) or _RATHER_THAN.search(words)
    if found is None or not any(w.lower() in reading.own_names for w in _WORD.findall(found["not"])):
        return False
    instead = [w for w in _WORD.findall(found["but"]) if not known(w.lower())]
    return bool(instead) and not any(w.lower() in reading.own_names for w in instead)


_ANTIDOTE = Cued(rf"{_SIGN['antidote']}([A-Za-z]{{5,}})")


def _is_of_antidote(reading: Reading, item: Item, start: int, amount: int) -> bool:
    """As "The antidote is andexanet alfa; it starts with 400 mg"."""
    found = _ANTIDOTE.search(item.text, start if start > item.rest_start + 1 else 0, amount)
    return found is not None and not known(found[1].lower()) and found[1].lower() not in reading.own_names


_REPLACED = Cued(rf"{_SIGN['replaced']}\s+([A-Za-z]+)")


def _has_replaced_this(reading: Reading, quote: str) -> bool:
    """As "Magnesium sulfate, 4 g IV, has replaced phenytoin", where this is phenytoin."""
    found = _REPLACED.search(quote)
    return found is not None and found[1].lower() in reading.own_names


_IS_SUBJECT = re.compile(r"\s+(?:itself\s+)?(?:may|can|should|must|is|goes|starts|begins)\b")


def _is_its_subject(reading: Reading, item: Item, start: int) -> bool:
    """As "Spironolactone may go up to 400 mg", though a partner."""
    subject = _WORD.match(item.text, start)
    if subject is None or not names_other_drug(subject.group(), reading.own_names):
        return False
    return _IS_SUBJECT.match(item.text, subject.end()) is not None


_SALT_OF = Cued(_SIGN["salt_of"])


def _is_of_a_salt(reading: Reading, words: str) -> bool:
    """As "sodium chloride 0.9% 10 mL/kg"."""
    found = _SALT_OF.search(words)
    return found is not None and not any(name in found.group().lower() for name in reading.own_names)


def _is_of_a_product(reading: Reading, words: str) -> bool:
    """As "Factor VIII 50 units/kg goes in first"."""
    found = _PRODUCT.search(words)
    own = found and any(w in name for name in reading.own_names for w in _WORD.findall(found.group().lower()))
    return found is not None and not own


_OF_DRUG = re.compile(r"[\d.,–-]+(?:\s+to\s+[\d.,]+)?\s?[A-Za-zµμ/]{1,12}\s+(of\s+(?:oral\s+|the\s+)?)?([A-Za-z]{5,})")


def _is_of_drug_behind(reading: Reading, item: Item, step: Step, amount: int, partners: str) -> bool:
    """As "40 mg of furosemide", "5 mg folic acid the day after"; but "200 mg iron" may be what a salt of it holds."""
    of = _OF_DRUG.match(item.text, amount, step.end)
    if of is None:
        return False
    other = of[2].lower()
    holds = of[1] is None and other in _MEASURED_TOO
    return names_other_drug(other, reading.own_names) and other not in partners and not holds


_WITH = re.compile(r"\b(?:with|by|using)\s+([a-z]{5,})(?:\s+(?:i\.?v\.?|i\.?m\.?|oral))?\s+$")
_ACTS = re.compile(_SIGN["acts"], re.I)


def _acts_by_another(words: str, partners: str) -> bool:
    """As "hypotension is corrected with phenylephrine 100 mcg"."""
    by = _WITH.search(words)
    return by is not None and _ACTS.search(words) is not None and not known(by[1]) and by[1] not in partners


_GONADOTROPIN = re.compile(r"(?<!\w)(?:r|u|h|rh)-?(?:CG|FSH|MG|LH)\s+$")


def _is_gonadotropin(reading: Reading, words: str) -> bool:
    """As "hCG 10,000 units", "rFSH 75 units"."""
    return _GONADOTROPIN.search(words) is not None and not any("trop" in name for name in reading.own_names)


_SUMMAND = re.compile(r"\W*([A-Z][a-z]{3,})\s+$")


def _is_summand(reading: Reading, words: str) -> bool:
    """As Pylera, behind a plus: "testolol 30 mg + Pylera 3 capsules"."""
    summed = _SUMMAND.match(words)
    return summed is not None and summed[1].lower() not in reading.own_names and not known(summed[1].lower())


_SHORT_NAME = re.compile(r"(?:^|[^\w-])(?:[A-Z]{2}-)?([A-Z0-9]{1,5}(?:-[A-Z0-9]{1,2})?)\s+$")


def _is_abbreviated(reading: Reading, words: str, partners: str) -> bool:
    """As "HD-MTX 12 g/m²": capitals right before an amount may be another drug's abbreviation."""
    short = _SHORT_NAME.search(words)
    return short is not None and names_other_drug(short[1], reading.own_names) and short[1].lower() not in partners


def _names_other_before(reading: Reading, words: str, partners: str) -> bool:
    """As "docetaxel 75 mg/m²"; a bracket that is over gives nothing: "patients (on at least 60 mg of morphine a day) begin with"."""
    over = _WORD.findall(" ".join(re.findall(r"\([^()]*\)", words)))
    before = _WORD.findall(words)
    if before and before[-1].lower() not in _MEASURED_TOO:
        before = [word for word in before if word.lower() not in _MEASURED_TOO]
    return any(
        names_other_drug(word, reading.own_names) and word.lower() not in partners
        for word in before
        if word not in over
    )
