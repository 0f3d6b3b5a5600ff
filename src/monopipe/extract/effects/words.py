"""Whether a phrase names an adverse effect, and when two phrases name the same one; from the effect vocabularies."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from monopipe import vocabulary
from monopipe.extract import terms
from monopipe.extract.effects.frequency import class_words
from monopipe.signs import signs

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_ABBREVIATION = re.compile(r"^[A-Z][A-Za-z]{0,2}[A-Z]{1,4}$|^[A-Z]{2,6}s?$")
_SEVERITY = {"mild": "mild", "moderate": "moderate", "severe": "severe"}
"""How bad an effect is; "serious", "fatal" and the like say what it leads to, which `is_serious` holds."""
_SIGN = signs("effects")
_NO_TERM = re.compile(_SIGN["no_term"], re.I)
_GENERIC = re.compile(rf"^(?:{_SIGN['generic']}\b[\s,/&-]*)+$", re.I)


@cache
def _words() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for line in vocabulary.rows("effect_words"):
        kinds.setdefault(line["kind"], set()).update(line["words"].split("|"))
    return {kind: frozenset(words) for kind, words in kinds.items()}


@cache
def _endings(kind: str) -> tuple[str, ...]:
    return tuple(sorted(_words()[kind]))


@lru_cache(maxsize=4_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a phrase in lower case."""
    return tuple(w.lower() for w in _TOKEN.findall(text))


@lru_cache(maxsize=4_000)
def is_effect(text: str) -> bool:
    """Whether a phrase holds a word that only effects have.

    >>> is_effect("hyperkalaemia"), is_effect("gum bleeding"), is_effect("spinal"), is_effect("docetaxel")
    (True, True, False, False)
    >>> is_effect("sore throat"), is_effect("raised serum creatinine"), is_effect("throat"), is_effect("JC virus PML")
    (True, True, False, True)
    """
    known, endings = _words(), _endings("ending")
    tokens = words(text)
    for k, token in enumerate(tokens):
        for word in {token, token.rpartition("-")[2]}:
            if word in known["word"] or (len(word) > 4 and word.endswith(endings)):
                return True
            if word.endswith("s") and (word[:-1] in known["word"] or word[:-1].endswith(endings)) and len(word) > 5:
                return True
        if k and f"{tokens[k - 1]} {token}" in known["phrase"]:
            return True
        if token in known["part"] and any(t in known["complaint"] for t in tokens[max(k - 2, 0) : k]):
            return True
        if k and tokens[k - 1].endswith(_COLOURED):
            return True
        if token in known["measure"] and tokens[k + 1 :] and tokens[-1] in known["change"] and k + 2 == len(tokens):
            return True  # "haematocrit increased"
        if token in known["measure"] and any(t in known["change"] for t in tokens[max(k - 4, 0) : k]):
            return True
    if not tokens:
        return False
    if text.lstrip()[:1] in "↑↓" and tokens[-1] in known["measure"]:
        return True
    short = text.split()[-1]
    return tokens[0].endswith("-like") or (is_abbreviation(short) and short.lower() in _abbreviations())


_COLOURED = ("-tinged", "-coloured", "-colored", "-stained")
"""Ends of words that say how a part of the body looks: "blue-tinged vision"."""


def is_abbreviation(text: str) -> bool:
    """Whether a term is a short word of capitals, such as SVT."""
    return _ABBREVIATION.match(text) is not None


def heads_group(text: str) -> bool:
    """Whether a phrase gathers other effects: its last word is reactions, disorders and the like."""
    tokens = words(text)
    return bool(tokens) and tokens[-1] in _words()["group"]


_OF_PART = re.compile(
    r"(?<=\w)(?:ing|ion|ness|ity|age)\s+of\s+(?:the\s+)?\w+$", re.I
)  # "bleaching of the hair" is whole


def hangs(text: str) -> bool:
    """Whether a phrase is only an attribute that waits for its noun: "spinal", "mouth"."""
    if text.rstrip().endswith("-"):  # "hypo- and hyperglycaemia"
        return True
    if is_effect(text) or is_abbreviation(text) or _OF_PART.search(text):
        return False
    last = words(text)[-1:]
    if not last:
        return True
    return _is_attribute(last[0]) or (len(last[0]) > 3 and last[0].endswith(_endings("attribute_ending")))


def _is_attribute(word: str) -> bool:
    """Whether a word describes effects without being one."""
    known = _words()
    return word in known["attribute"] or word in known["part"] or word in known["measure"]


def is_kind(word: str, *kinds: str) -> bool:
    """Whether the vocabulary lists a word (in lower case) under one of these kinds."""
    known = _words()
    return any(word in known[kind] for kind in kinds)


def is_no_effect(text: str) -> bool:
    """Whether a phrase is about the treatment, not an effect of it: "treatment discontinuation"."""
    tokens = words(text)
    return any(t in _words()["no_effect"] for t in tokens[-1:]) or " ".join(tokens) in _words()["no_effect"]


@lru_cache(maxsize=4_000)
def is_term(text: str) -> bool:
    """Whether a phrase may stand as a term: short, no sentence, no measure, not only words such as "other effects".

    >>> is_term("peripheral neuropathy"), is_term("other reactions"), is_term("which may be fatal")
    (True, False, False)
    """
    tokens = words(text)
    if not tokens or len(tokens) > 8 or (len(tokens) == 1 and len(tokens[0]) < 2):
        return False
    if (
        tokens in _NO_TERM_ALONE
        or not any(c.isalpha() for c in norm(text))
        or _NO_TERM.search(text)
        or is_generic(text)
    ):
        return False
    ends = tokens[-1] not in _ENDS_NO_TERM or text.endswith(" A")  # "acquired haemophilia A"
    return tokens[0] not in _STARTS_NO_TERM and ends


_NO_TERM_ALONE = frozenset((("feeling",), ("being",), ("getting",), ("trouble",), ("difficulty",)))
_STARTS_NO_TERM = frozenset(
    """none nil nothing no of in at on with during after before from within for due because although but some most many if when while as by to
    until such than especially particularly mainly mostly chiefly usually often generally typically notably according
    compared whether where however therefore also then including include like per via upon under over up only even
    unlike without except placebo look watch settles subsides passes fades wears""".split()
)
_ENDS_NO_TERM = frozenset("of in with the a an and or to by from for on at as other than such".split())


@lru_cache(maxsize=4_000)
def is_generic(text: str) -> bool:
    """Whether a phrase holds nothing but words about side effects as such, frequency classes included."""
    return _GENERIC.match(class_words().sub("common", text).strip(" .:;-–*")) is not None


def severity(text: str) -> str | None:
    """The severity that a phrase names; None for a range such as "mild to moderate"."""
    found = {_SEVERITY[w] for w in words(text) if w in _SEVERITY}
    return found.pop() if len(found) == 1 else None


_SEVERITY_FIRST = re.compile(
    r"^(?:(?:mild|slight|minor|moderate|severe|serious|fatal|life-threatening|fulminant|or|to)\s+)+(?=\w)"
)


@lru_cache(maxsize=4_000)
def norm(text: str) -> str:
    """The normal form of an effect; its severity stands in a column of its own.

    >>> norm("Severe allergic reactions")
    'allergic reaction'
    """
    normal = terms.normal(text)
    return _SEVERITY_FIRST.sub("", normal) or normal


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    return tuple((r["british"], r["american"]) for r in vocabulary.rows("spellings"))


@cache
def _abbreviations() -> dict[str, str]:
    lines = vocabulary.rows("effect_abbreviations")
    return {terms.normal(line["short"]): terms.normal(line["long"]) for line in lines}


@lru_cache(maxsize=4_000)
def same(text: str) -> str:
    """A key that spellings and the common abbreviation of one effect share; for comparing, not for printing.

    >>> same("Diarrhoea") == same("diarrhea"), same("SJS") == same("Stevens–Johnson syndrome")
    (True, True)
    """
    key = norm(text)
    key = _abbreviations().get(key, key)
    for british, american in _spellings():
        key = key.replace(british, american)
    return " ".join(re.sub(r"[-–—/]", " ", key).split())


_LOOSE = re.compile(
    r"\b(?:severe|serious|mild|moderate|fatal|acute|reactions?|events?|increased|elevated|raised|the|a|an|of|in|risk)\b"
)


@lru_cache(maxsize=4_000)
def loose(key: str) -> frozenset[str]:
    """The words of a key that a retelling keeps: severity and words such as "reaction" come and go."""
    return frozenset(terms.singular(w) for w in _LOOSE.sub(" ", key).split()) or frozenset(key.split())
