"""Who a drug interacts with: the drugs, classes, foods and tests of a label or a sentence, one by one.

"CYP3A4 inducers/inhibitors" are two, "loop and thiazide diuretics" are two classes, and a class with examples in brackets
is the class and each example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from monopipe import vocabulary
from monopipe.cues import Cued
from monopipe.extract.drug_words import drug_words, is_drug
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.extract.reading import Reading
from monopipe.extract.terms import example_mark, is_examples, normal, singular, split
from monopipe.signs import MASS

_BRACKET = re.compile(r"\s*[(\[]")
_ENZYME = Cued(
    r"\b(?:cyp\w*|ugt\w*|oatp?\w*|oct\d?|mate\d?\w*|p-gp|p-glycoprotein|pgp|bcrp|comt|dpd|tpmt|xanthine oxidase|aldehyde oxidase|enzymes?|hepatic enzymes?|liver enzymes?)\b"
)
_EXAMPLES = re.compile(
    r",?\s+(?:such as|including|incl\.?|e\.g\.,?|for example,?|for instance,?|like|especially|particularly|notably)\s+",
    re.I,
)
_DESCRIBED = Cued(
    r"^(?:[\w-]+\s+){0,2}\w+s\s+(?:containing\b|that\s+contain\b|with\s+(?=alumin|magnes|calcium|iron|zinc))|^(?:any(?:thing)?\s+)?(?:other\s+)?(?:drugs?|medicines?|medications?|agents?|substances|products|compounds)\s+(?:that|which|known|with|affecting|causing|"
    r"metaboli[sz]ed|prolonging|increasing|lowering|inhibiting|inducing|containing|cleared|acting|eliminated|transported)\b"
    r"|^anything\s+(?:else\s+)?(?:that|which|sedating|with)\b"
)
_TAIL = re.compile(
    r"\s+(?:(?:up to |more than |less than |above |below |[≥≤<>]=?\s*)?\d[\d.,]*(?:\s*[–-]\s*\d[\d.,]*)?\s*(?:mg|g|mcg|µg|ml|units?|iu|%).*|(?:in|during|with|at|over|when|while|if|including|given|taken|within|after|before|for|on|"
    r"plus|as|because|concurrently|concomitantly|together|alone|daily|simultaneously|is|are|may|can|and other|to|also|too|itself|used|combined|do|does|among (?:them|others)|above all|included|not least)\b.*)$",
    re.I,
)
_FORM = re.compile(
    r"\s+(?:eye drops|nasal spray|tablets|capsules|injections?|infusions?|oral gel|cream|gel|patch(?:es)?|inhalers?)\b.*$",
    re.I,
)
_WITHOUT = re.compile(r"\s+with or without\b.*$", re.I)
_DASH = re.compile(r"\s[-–—]\s|:\s")
_PARENTERAL = re.compile(r"^(?:intravenous|iv|parenteral|injectable|injected)\s", re.I)
_TRAILING = re.compile(
    r"\s+(?:and|or|also|with|by|the|its|hardly|barely|(?:slight|marked|strong|weak|great|moderate|rare|part|substantial|consider|significant)\w*ly)$",
    re.I,
)
_SENTENCES = re.compile(r"[a-z]{3}\.\s")
_SINGLE_WORD = re.compile(r"^[A-Za-z][a-z]{4,}$")
_DOSE_TAIL = Cued(
    rf"\s+(?:(?:(?:of )?(?:up to|more than|less than|above|below|over|under)\s|[≥≤<>]=?)\s*)?\d[\d.,]*(?:\s*[–-]\s*\d[\d.,]*)?\s*(?:{MASS}|ml)\b(?:(?!\s(?:and|or)\s)[^(),])*$"
)
_ABBREVIATION = re.compile(r"^[A-Z][A-Za-z0-9/-]{0,3}[A-Z0-9]s?$")
_WORD = re.compile(r"[\w'’./-]+")


_TEST_HEAD = Cued(r"\s(?:tests|assays|immunoassays|measurements|determinations|screens)$")


@dataclass(frozen=True, slots=True)
class Interactant:
    """One interactant: its name as printed, its normal form and its kind."""

    text: str
    norm: str
    kind: str
    is_example: bool = False


@cache
def vocabulary_words(role: str) -> frozenset[str]:
    """The words of interactant_words.csv in a role."""
    return frozenset(
        w for line in vocabulary.rows("interactant_words") if line["role"] == role for w in line["words"].split("|")
    )


@lru_cache(maxsize=4096)
def kind_of(name: str) -> str:
    """The kind of an interactant.

    >>> [kind_of(n) for n in ("Strong CYP3A4 inhibitors", "MAO inhibitors", "Grapefruit juice", "St John's wort", "Digoxin")]
    ['enzyme_modulator', 'drug_class', 'food', 'supplement', 'drug']
    """
    low = lowered(name)
    if is_modulator_of(name):
        return "drug_class" if "substrate" in low else "enzyme_modulator"
    head = _head(low)
    known = list(phrasebook("interactants").scan(low))
    if known and known[-1].line["kind"] == "supplement" and _PARENTERAL.match(low):
        return "drug"
    if known and known[-1].line["kind"] == "supplement" and low.endswith((" infusions", " injections")):
        return "drug_class"
    if known and known[0].start == 0 and known[0].end == len(low):
        return known[0].line["kind"]
    if known and known[-1].end == len(low) and known[-1].line["kind"] != "supplement":
        return known[-1].line["kind"]
    if known and known[0].start == 0 and known[0].line["kind"] == "other":
        return "other"
    if _DESCRIBED.match(low):
        return "drug_class"
    if head:
        return "enzyme_modulator" if head == "modulator" and _ENZYME.search(low) else "drug_class"
    if known and (known[-1].end == len(low) or known[0].start == 0):
        return known[0].line["kind"]
    last = low.split()[-1] if low.split() else ""
    if singular(last) != last and len(last) > 4:
        return "drug_class"
    return "drug"


def _head(low: str) -> str | None:
    """The role of the last word: class, modulator or none."""
    last = re.split(r"[\s/-]", low.strip(" .,"))[-1]
    found = phrasebook("interactant_heads").first(last)
    return found.line["role"] if found and found.start == 0 and found.end == len(last) else None


def listed(reading: Reading, text: str, *, trusted: bool = True) -> list[Interactant]:
    """The interactants of a list. Unless the place is trusted (a label), its members must look like interactants.

    Among names that do, a single unknown word passes as a drug. An empty list means that the text names none, or that a
    member cannot be an interactant.
    """
    found: list[Interactant] = []
    if " + " in text:  # "Lithium + testolol" under testolol
        text = " + ".join(part for part in text.split(" + ") if part.strip().lower() not in reading.own_names)
    text = _FOR_WHAT.sub("", _BARRED_WITH.sub("", text.strip(" .,:;?!–—-")))
    text = _WITHOUT.sub("", _DOSE_TAIL.sub("", _without_exception(text)))
    if (group := _group_before_dash(text)) is not None:
        head, rest = group
        return [*listed(reading, head, trusted=trusted), *listed(reading, rest, trusted=trusted)]
    described = _DESCRIBED.match(text) or is_modulator_of(text)
    cut = _EXAMPLES.search(text)
    if cut and not _inside_bracket(text, cut.start()):
        head, examples = text[: cut.start()], text[cut.end() :]
        groups = listed(reading, head, trusted=trusted)
        # behind a class the words "such as" vouch for single words that no vocabulary knows
        vouched = bool(groups) and groups[-1].kind == "drug_class" and _only_words(examples)
        return [*groups, *listed(reading, examples, trusted=trusted or vouched)] if examples else []
    members = [(0, len(text))] if described else list(_members(text))
    pending: list[str] = []
    doubtful = 0
    test = _TEST_HEAD.search(text)
    for start, end in members:
        whole = text[start:end]
        if test and end != members[-1][1] and kind_of(whole) != "lab_test":
            whole += test.group()  # "folate and vitamin B12 assays" are two assays
        opening = _BRACKET.search(whole)
        name = whole[: opening.start()] if opening and opening.start() > 0 else whole
        bracket = _inner(whole, opening.end()) if opening and opening.start() > 0 else ""
        name = _stripped(name)
        if not name:
            continue
        if not bracket and _needs_head(name) and end != members[-1][1]:
            pending.append(name)
            continue
        if found and lowered(name) in vocabulary_words("modifier") and not pending and end == members[-1][1]:
            continue  # "Steroids, systemic"
        names = _with_head(pending, _completed(name, found))
        pending = []
        for one in names:
            interactant = _interactant(one)
            if interactant is None and not trusted:
                return []
            if interactant is None:
                continue
            if not trusted and not plausible(one, interactant.kind):
                doubtful += 1
                if phrasebook("interaction_targets").first(one):
                    return []  # "With theophylline, convulsions …"
                if not _SINGLE_WORD.match(one):
                    return []
            found.append(interactant)
        if bracket and found and found[-1].kind != "drug":
            found.extend(_examples(reading, bracket, kind_of(whole[: opening.start()] if opening else name)))
    if doubtful * 2 > len(found):
        return []
    own = reading.own_names
    found = _vaccines(found)
    return [i for i in dict.fromkeys(found) if i.norm not in own and not _is_own(i.norm, own)]


# "Do not give it with simvastatin": the words forbid, and except nobody.
_BARRED_WITH = re.compile(
    r"(?:please\s+)?(?:do\s+not|don['’]t|never|not\s+to\s+be)\s+(?:give|given|use|used|take|taken|combine|combined|mix|mixed|prescribe)\s+(?:(?:it|this)\s+)?(?:together\s+)?with\s+",
    re.I,
)
# "Lithium, for mood problems": what it is taken for.
_FOR_WHAT = re.compile(
    r",\s+(?:used\s+|taken\s+)?(?:for(?!\s+(?:example|instance)\b)|to\s+treat)\s[^,;()]{3,40}$", re.I
)
_EXCEPTION = re.compile(
    r"(?:^|(?<=\S)[\s,;–—-]+)(?:except(?:ing|ions?)?|excluding|but\s+not|though\s+not|not|apart\s+from|aside\s+from|with\s+the\s+exception\s+of"
    r"|save(?:\s+for)?|(?<=[,;]\s)unlike)\s",
    re.I,
)


def _without_exception(text: str) -> str:
    """The list without those that it excepts: "statins except pravastatin", "methadone, but not buprenorphine"."""
    m = next((m for m in _EXCEPTION.finditer(text) if not _inside_bracket(text, m.start())), None)
    return text[: m.start()] if m and not is_described(text) else text


def _vaccines(found: list[Interactant]) -> list[Interactant]:
    """The members of a list that ends in a vaccine, those that are no drug by their name being vaccines as well.

    "Measles, mumps and rubella vaccines".
    """
    if not found or found[-1].kind != "vaccine":
        return found
    return [
        replace(i, kind="vaccine") if i.kind == "drug" and not any(map(is_drug, i.norm.split())) else i for i in found
    ]


def _only_words(text: str) -> bool:
    """Whether every member of a list is a single lower-case word, as names of drugs are."""
    return all(re.fullmatch(r"[a-zA-Z][a-z-]{4,}", _stripped(text[a:b])) for a, b in split(text.strip(" .,")))


def _group_before_dash(text: str) -> tuple[str, str] | None:
    """A class and what a dash behind it lists: "QT-prolonging drugs – sotalol, macrolides"."""
    m = _DASH.search(text)
    if m is None or _inside_bracket(text, m.start()) or text.count("(", 0, m.start()):
        return None
    head = text[: m.start()]
    is_class = kind_of(_stripped(head)) in ("drug_class", "enzyme_modulator")
    return (head, text[m.end() :]) if len(head.split()) <= 4 and is_class else None


def _inner(text: str, start: int) -> str:
    """What a bracket holds that opens before `start`."""
    depth = 0
    for k in range(start, len(text)):
        if text[k] in "([":
            depth += 1
        elif text[k] in ")]":
            if depth == 0:
                return text[start:k]
            depth -= 1
    return text[start:].rstrip(" .")


_MODULATORS_OF = re.compile(
    r"(?:(?:other|strong|moderate|weak|mild|potent|powerful|dual|combined)\s+(?:(?:or|and)\s+)?){0,3}"
    r"(?:inhibitors?|inducers?|substrates?)\s+of\s+(?:the\s+)?(?:\b(?:cyp|ugt|oatp|oat|oct|mate)[\w/-]*|\b(?:p-?gp|p-glycoprotein|bcrp|mao-?[ab]?)\b|\b\d\w{1,3}\b|\s*(?:,|/|\band\b|\bor\b)\s*|\s+)+(?:\s*\([^()]*\))?\s*$",
    re.I,
)


def is_modulator_of(name: str) -> bool:
    """Whether a name is that of a class by its enzyme behind it: "potent inhibitors of CYP1A2 (fluvoxamine)"."""
    return " of " in name and _MODULATORS_OF.match(name) is not None


def is_described(name: str) -> bool:
    """Whether a class is named by what its drugs do: 'drugs that prolong the QT interval'."""
    return _DESCRIBED.match(name) is not None


def _is_own(norm: str, own: frozenset[str]) -> bool:
    if norm.startswith("other "):
        return False
    bare = _GIVEN_BY.sub("", norm)  # "dopamine and intravenous phenytoin together"
    return any(bare in (name, singular(name)) for name in own)


_GIVEN_BY = re.compile(
    r"^(?:(?:oral|intravenous|iv|parenteral|topical|inhaled|nebuli[sz]ed|rectal|nasal|intramuscular|subcutaneous|systemic|(?:high|low)[- ]dose)\s+)+"
)


def _inside_bracket(text: str, position: int) -> bool:
    return text.count("(", 0, position) > text.count(")", 0, position)


_COMBINED = re.compile(r"(?:strong\s+)?(?:combined|dual)\b", re.I)
_SLASH = re.compile(r"(?<=[a-zA-Z]{2}[a-zA-Z)])\s*/\s*(?=[A-Za-z]{3})")


def _members(text: str) -> Iterator[tuple[int, int]]:
    """The members of a list, also parted by slashes between names ('inducers/inhibitors', 'aspirin/clopidogrel')."""
    combined = _COMBINED.match(text)
    spans = list(split(text))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if (
            merged
            and combined
            and _ENZYME.search(text[merged[-1][0] : merged[-1][1]])
            and not _head(lowered(text[merged[-1][0] : merged[-1][1]]))
        ):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    for start, end in merged:
        at = start
        for m in _SLASH.finditer(text[start:end]) if "/" in text[start:end] else ():
            position = start + m.start()
            if (
                _inside_bracket(text, position)
                or _shares_head(text[at:position], text[start + m.end() : end])
                or _ENZYME.search(text[position : position + 8])
                or "/or" in text[position : position + 4]
            ):
                continue
            yield at, position
            at = start + m.end()
        yield at, end


def _shares_head(left: str, right: str) -> bool:
    """Whether both sides of a slash belong to one head: "mixed agonist/antagonist opioids"."""
    first, *more = right.split("(")[0].split()
    last = left.split()[-1] if left.split() else ""
    return (
        bool(more) and _head(lowered(last)) is not None and _head(lowered(first)) is not None and not last.endswith("s")
    )


_AMOUNT_BEHIND = re.compile(r"\s+[<>≥≤]\s*\d.*$")  # "Alcohol >3 drinks a day"


@lru_cache(maxsize=4096)
def _stripped(name: str) -> str:
    """The name without what only stands around it: 'other', 'concomitant use of', a dose, 'in neonates'."""
    name = _AMOUNT_BEHIND.sub("", name).strip(" .,:;?!–—-*_+↑↓")
    lead = _leads().match(lowered(name))
    if lead:
        name = name[lead.end() :].strip()
    if not _DESCRIBED.match(name):
        name = _TRAILING.sub("", _TAIL.sub("", name))
        bare = _FORM.sub("", name)
        if bare != name and bare and kind_of(bare) == "drug" and lowered(bare) not in vocabulary_words("modifier"):
            name = bare  # the form of a drug is no part of its name; "NSAID eye drops" are a class of their own
    return name.strip(" .,:;")


@cache
def _leads() -> re.Pattern[str]:
    words = sorted(vocabulary_words("lead"), key=len, reverse=True)
    return re.compile(rf"(?:(?:{'|'.join(map(re.escape, words))})\s+)+(?=\S)")


def _needs_head(name: str) -> bool:
    """Whether a member is only a modifier of a head that follows: 'loop' of 'loop and thiazide diuretics'."""
    low = lowered(name)
    if low in vocabulary_words("modifier"):
        return True
    return _ENZYME.search(low) is not None and _head(low) is None and kind_of(name) == "drug"


def _with_head(pending: list[str], name: str) -> list[str]:
    if not pending:
        return [name]
    if " " not in name and lowered(name) not in vocabulary_words("modifier") and _head(lowered(name)) is None:
        return [*pending, name]  # "aluminium, sevelamer"
    head = _WORD.findall(name)[-1]
    return [*(f"{modifier} {head}" for modifier in pending), name]


def _completed(name: str, found: list[Interactant]) -> str:
    """A bare 'inducers' with the enzyme of the member before it: 'CYP3A4 inhibitors and inducers'."""
    if not found or found[-1].kind != "enzyme_modulator" or " " in name or _head(lowered(name)) != "modulator":
        return name
    return f"{found[-1].text.rsplit(' ', 1)[0]} {name}"


def _interactant(name: str) -> Interactant | None:
    low = lowered(name)
    if (
        low in vocabulary_words("not")
        or not _LETTERS.search(name)
        or len(name) > 90
        or ": " in name
        or _SENTENCES.search(name)
    ):
        return None
    if _INTERACTIONS.search(low) or _WHEN.match(low):
        return None  # "the interactions fall into two groups"; "milk, within two hours"
    words = name.split()
    if len(words) > 3 and is_drug(words[0].lower()) and words[1].islower() and kind_of(name) == "drug":
        name = words[0]  # "Erythromycin kills the gut flora"
    return Interactant(name, _norm(name), kind_of(name))


_INTERACTIONS = re.compile(r"\b(?:interactions?|partners?)\b")
_WHEN = re.compile(
    r"(?:watch|check|monitor|measure|within|after|before|during|if|when|while|until|unless|even)\s|(?:hours?|days?|weeks?|months?)\b"
)
_LETTERS = re.compile(r"[A-Za-z]{2}")
_PLURAL = re.compile(r"(?<=[A-Z]{2})s$")


def _norm(name: str) -> str:
    """The normal form; the plural s of an abbreviation falls too ('MAOIs')."""
    return normal(_PLURAL.sub("", name))


@lru_cache(maxsize=4096)
def plausible(name: str, kind: str | None = None) -> bool:
    """Whether a name in running text can be an interactant: a class, a known food or supplement, or a drug's name."""
    low = lowered(name).strip()
    if is_modulator_of(name):
        return True
    if low in vocabulary_words("not") or not low or not vocabulary_words("function").isdisjoint(low.split()):
        return False
    change = phrasebook("interaction_changes").first(low)
    if change and change.end - change.start == len(low):
        return False  # "concurrent use increases the risk"
    kind = kind or kind_of(name)
    words = low.split()
    if words[-1] in vocabulary_words("last") or (not is_described(name) and not _ARTICLES.isdisjoint(words[1:-1])):
        return False
    if is_described(name):
        return len(words) <= 9
    if kind == "drug_class" and _head(low) is None and phrasebook("interaction_targets").first(low):
        return False  # "convulsions" is no class of drugs
    if kind != "drug":
        return len(words) <= 7 and not any(w in vocabulary_words("not") for w in words[:-1])
    if len(words) > 3:
        return False
    stems, known, excluded = drug_words()
    participle = words[-1].endswith("ed") and not words[-1].endswith("trexed")
    if participle or any(w in excluded or w in vocabulary_words("not") for w in words) or words[0] in _verbs():
        return False
    if _ABBREVIATION.match(name):
        return False
    return any(w in known or (len(w) >= 6 and w.endswith(stems)) for w in words) or (
        len(words) <= 2 and len(words[0]) >= 6 and words[-1].endswith(_NAME_ENDINGS)
    )


_ARTICLES = frozenset(("a", "an", "the"))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(w for line in vocabulary.rows("interaction_verbs") for w in line["words"].split("|"))


_NAME_ENDINGS = tuple(
    "amine apine arin atine azine azone azide bital caine cin cline dine dol done drine ene fen fil fine gine idone ilin "
    "irin line lide lin lol mab mide mine nib nide nine noin oin olin olone one oxin pam phen phylline pine pride pril profen "
    "pram prim rine rol sartan sone statin stine tadine tine tol toin trel triptyline uracil vir xel xin zide zine zole zone "
    "ram fenac micin rubin purinol thium purine exate opram pramine zepam idol apam ozil fibrate urea farin".split()
)


_DRINKS = frozenset(("wine", "beer", "red wine", "chianti"))
"""Drinks that foods rich in tyramine are named with, not for their alcohol."""


def _examples(reading: Reading, bracket: str, group_kind: str) -> list[Interactant]:
    """The members of a bracket behind a class; an abbreviation or a remark in it is no example."""
    marked = is_examples(bracket)
    inner = bracket[example_mark(bracket) :]
    spans = list(_members(inner))
    if len(spans) == 1 and not marked and re.search(r"(?:therapy|treatment|agents)$", inner):
        return []  # "oestrogens (hormone replacement therapy)": another name of the class
    if len(spans) == 1 and not marked and (_ABBREVIATION.match(inner) or not plausible(_stripped(inner))):
        return []
    found = []
    for i in listed(reading, inner, trusted=True):
        if not marked and _ABBREVIATION.match(i.text) and len(spans) == 1:
            continue
        kind = (
            group_kind
            if (i.kind == "drug" or (group_kind == "food" and i.norm in _DRINKS))
            and group_kind in ("food", "supplement", "vaccine", "lab_test")
            else i.kind
        )
        found.append(Interactant(i.text, i.norm, kind, True))
    return found
