"""Effects joined by "and", "or" or a slash: where each stands alone, and what the words that they share belong to.

"nausea and vomiting" is two effects. "joint or muscle pain" shares its last word, "urinary hesitancy/retention" and
"increased ALT and AST" share their first: each is two effects of one place. "mouth and throat irritation" is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from monopipe.cues import Cued
from monopipe.extract.effects import words as effect_words

_AND = re.compile(
    r"\s+(?:and/or|and|or|nor|&|as well as|followed by|plus|with or without)\s+(?!/|(?<=pins and )needles\b)", re.I
)
_JOINT = Cued(rf"{_AND.pattern}|(?<=[^\W\d])\s?/\s?(?=[^\W\d])")
_PARTS = re.compile(r"\s*,\s*(?:(?:and/or|and|or)\s+)?|\s+(and/or|and|or)\s+|\s?(/)\s?", re.I)
_PREFIX = re.compile(r"(?:hypo|hyper|brady|tachy|poly|oligo|intra|extra)", re.I)
_SITE = re.compile(
    r"^(?:injection|infusion|application|administration|catheter|vaccination|instillation)[- ]site\b", re.I
)
_ADJECTIVE = ("al", "ic", "ous", "ary", "ory", "ular", "ive")


def conjuncts(text: str, a: int, b: int) -> Iterator[tuple[int, int]]:
    """Spans between 'and', 'or' and '/' where both sides can stand alone.

    "loss of taste or smell" and "ulcer with bleeding or perforation" stay whole.
    """
    at = a
    for m in _JOINT.finditer(text, a, b):
        if text.count("(", a, m.start()) > text.count(")", a, m.start()) or m.start() < at:
            continue
        left, right = text[at : m.start()].strip(), text[m.end() : b].strip()
        slash = m.group().strip() == "/"
        if slash and text[m.start() - 4 : m.end() + 2].lower() == " and/or":
            continue
        bare_left, bare_right = left.split("(")[0].strip(), _AND.split(right.split("(")[0])[0].strip()
        if "(" not in left and shared_terms(text[at : m.end()].lstrip() + right.split("(")[0].strip()):
            continue
        if effect_words.hangs(bare_left) or (effect_words.hangs(bare_right) and not effect_words.is_effect(bare_right)):
            continue
        if slash and not (effect_words.is_effect(bare_left) or effect_words.is_abbreviation(bare_left)):
            continue
        if " with " in f" {bare_left.lower()} " and effect_words.is_effect(bare_left.lower().split(" with ")[0]):
            continue
        yield _trim(text, at, m.start())
        at = m.end()
    yield _trim(text, at, b)


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and (text[a].isspace() or text[a] in ",;.:*•"):
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in ",;.:*"):
        b -= 1
    return a, b


@lru_cache(maxsize=4_000)
def shared_terms(phrase: str) -> tuple[str, ...]:
    """The effects of a phrase whose members share a word; empty when they share none.

    >>> shared_terms("back, joint or muscle pain")
    ('back pain', 'joint pain', 'muscle pain')
    >>> shared_terms("urinary hesitancy/retention"), shared_terms("increased ALT and AST")
    (('urinary hesitancy', 'urinary retention'), ('increased ALT', 'increased AST'))
    >>> shared_terms("hypo- and hyperkalaemia"), shared_terms("nausea or vomiting")
    (('hypokalaemia', 'hyperkalaemia'), ())
    """
    phrase = phrase.strip(" .,;")
    if len(phrase) > 80 or not _PARTS.search(phrase):
        return ()
    pieces = _PARTS.split(phrase)
    members = [p.strip() for p in pieces[::3]]
    joints = {(word or "/").lower() for word in pieces[1::3] + pieces[2::3] if word}
    if not all(members) or not joints or " with " in phrase:
        return ()
    return _felt(members) or _prefixed(members) or _one_end(members, joints) or _one_beginning(members, joints)


def _felt(members: list[str]) -> tuple[str, ...]:
    """Two ways of having it before what one has: "feeling or being sick"."""
    last = members[-1].split()
    if len(members) != 2 or len(last) < 2 or {members[0].lower(), last[0].lower()} != {"feeling", "being"}:
        return ()
    return tuple(f"{way} {' '.join(last[1:])}" for way in (members[0], last[0]))


def _prefixed(members: list[str]) -> tuple[str, ...]:
    """Members before a common ending: "hypo- and hyperglycaemia"."""
    own = _PREFIX.match(members[-1])
    if own is None or not all(m.endswith("-") for m in members[:-1]):
        return ()
    return (*(m[:-1] + members[-1][own.end() :] for m in members[:-1]), members[-1])


def _one_end(members: list[str], joints: set[str]) -> tuple[str, ...]:
    """Attributes before one noun: "chest or throat tightness"; with "and" only adjectives, "renal and hepatic failure"."""
    *before, last = members
    attribute, _, noun = last.partition(" ")
    if not noun or effect_words.is_effect(attribute) or not _attributive(attribute) or not effect_words.is_effect(last):
        return ()
    if not all(" " not in m and _attributive(m) for m in before):
        return ()
    if effect_words.is_kind(attribute.lower(), "complaint") and effect_words.is_kind(noun.split()[-1].lower(), "part"):
        return ()
    if "and" in joints and not all(m.lower().endswith(_ADJECTIVE) for m in (*before, attribute)):
        return ()
    return tuple(f"{m} {noun}" for m in (*before, attribute))


def _attributive(word: str) -> bool:
    return effect_words.hangs(word) or effect_words.is_kind(word.lower(), "part", "change")


def _one_beginning(members: list[str], joints: set[str]) -> tuple[str, ...]:
    """One word before several: "raised urea and creatinine", "dry mouth/throat", "suicidal thoughts or behaviour"."""
    first, *others = members
    lower = [o.lower() for o in others]
    words = first.split()
    beginning = next(
        (w for k, w in enumerate(words) if k and effect_words.is_kind(words[k - 1].lower(), "change")), None
    )
    if beginning and all(
        effect_words.is_kind(o.split()[-1], "measure") and not effect_words.is_effect(o) for o in lower
    ):
        if not effect_words.is_kind(words[-1].lower(), "measure"):
            return ()
        upto = words.index(beginning) + (beginning.lower() in ("of", "in"))
        return (first, *(f"{' '.join(words[:upto])} {o}" for o in others))
    if site := _SITE.match(first):
        return (first, *(f"{site.group()} {o}" for o in others)) if all(map(effect_words.is_effect, others)) else ()
    if len(words) < 2 or any(" " in o for o in others):
        return ()
    shared = " ".join(words[:-1])
    if effect_words.is_kind(words[0].lower(), "complaint") and effect_words.is_kind(words[-1].lower(), "part"):
        whole = "and" in joints or len(words) > 2 or not all(effect_words.is_kind(o, "part") for o in lower)
        return () if whole else (first, *(f"{shared} {o}" for o in others))
    if not all(effect_words.is_kind(o, "sited") for o in lower) or not effect_words.hangs(shared):
        return ()
    if "and" in joints and any(map(effect_words.is_effect, others)):
        return ()  # "abdominal pain and swelling": the second may stand alone
    return (first, *(f"{shared} {o}" for o in others)) if effect_words.is_effect(first) else ()
