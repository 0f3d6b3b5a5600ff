"""How the drug works: one row a sentence, with target and kind of action where a small grammar finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monopipe.document import Item
from monopipe.extract.pharmacokinetics import is_kinetic_item, is_kinetic_sentence
from monopipe.extract.phrasing import phrasebook, statement
from monopipe.extract.reading import Reading
from monopipe.headings import section_kind
from monopipe.tables import Mechanism

# What begins another thought behind a target: relatives, prepositions, verbs of what the action brings about.
_STOP = (
    r"(?:which|that|and|or|nor|leading|in|within|by|to|from|on|so|thereby|therefore|thus|hence|also|resulting|with|at|as|is|are"
    r"|was|were|for|through|via|into|during|without|after|when|where|but|causing|both|it|rather|than|has|have|may|can|will"
    r"|would|explains?|lowers?|raises?|reduces?|increases?|decreases?|closes?|opens?|relaxes|prevents?|arrests?|slows?|stops?"
    r"|leads?|results?|causes?|produces?|promotes?|enhances?|suppress(?:es)?|inhibits?|blocks?|stimulates?|activates?|makes?"
    r"|keeps?|allows?|depletes?|mimics?|triggers?|holds?)\b"
)
_LEAD = r"\s+(?:(?:the|a|an|both|several|neither|to|bacterial|human|\w+ly)\s+)*(?!(?:its|their|these|this|those)\b)"
_WORD = rf"(?!{_STOP})[\w'’/α-ω+–-]+"
_PART = rf"{_WORD}(?:\s{_WORD}){{0,2}}"
# One head for all: "sodium and calcium channels", "mu, kappa and delta opioid receptors".
_SHARED = re.compile(
    rf"{_LEAD}(?P<target>{_PART}(?:(?:,\s|,?\sand(?:,\s[a-z]+\s[a-z]+,)?\s){_PART}){{1,3}}?"
    r"\s(?:\w*receptors|\w*ceptors|channels|transporters|enzymes|pumps|subunits|kinases))\b"
)
_TARGET = re.compile(
    rf"{_LEAD}(?P<target>(?!{_STOP})[\w][\w'’,/α-ω+–-]*(?:\([\w ,/-]*\))?(?:\s+(?!{_STOP})[\w'’(][\w'’/α-ω(),+–-]*)*"
    r"(?:\s+and\s+(?=\S*[A-Z0-9])[\w-]+(?:\s+receptors?)?)?)"
)
_END = re.compile(r"[,;:.](?:\s|$)|\s[–—→]")
_BEFORE = re.compile(r"((?:[\w'’/α-ω-]+\s+){0,3}[\w'’/α-ω-]+)\s*$")
_LEADING = re.compile(
    r"^(?:(?:it|is|its|are|as|of|a|an|the|by|through|via|and|or|with|reversible|irreversible|selective|selectively|potent|direct|competitive|specific|"
    r"highly|non-selective|nonselective|preferential|acts|an?|partial|full|pure|strong|weak)\b\s*)+",
    re.I,
)
_MOLECULE = re.compile(r"(?i:receptor|channel|ase\b|factor|pump|transporter)|[A-Z0-9]{2}")
_ABBREVIATION = re.compile(r"\s*\((?:[A-Z][\w-]*|[a-z ]+)\)$")
_NOTHING = re.compile(r"\W*(?:not\s+applicable|n/?a|none(?:\s+known)?|unknown|not\s+known)\W*", re.I)
_NEGATED = re.compile(r"(?:it|this drug|the drug|\w+)\s+(?:neither|does not|do not|is not|has no|have no)\b", re.I)
_NO_TARGET = re.compile(
    r"^(?:it|this|its|them|their|these|the|that|production|growth|synthesis|action|effects?|blood|use|receptors?|channels?|enzymes?|(?:\w+ )?(?:plasma|serum|blood) proteins?|(?:\w+ )?albumin)$",
    re.I,
)


def mechanisms(reading: Reading) -> Iterator[Mechanism]:
    """The statements on how the drug works."""
    for item in reading.about("mechanism", "pharmacodynamics"):
        if item.structural or item.kind in ("heading", "other") or is_kinetic_item(item):
            continue
        start = item.rest_start if item.cells == () else 0
        for a, b in item.sentences() if not item.cells else ((start, len(item.text)),):
            words = item.text[a:b]
            if (
                not re.search(r"\w", words)
                or _NOTHING.fullmatch(words)
                or section_kind(words.strip(" .:"), exact=True)
                or is_kinetic_sentence(reading, item, a, b)
            ):
                continue
            yield _statement(item, a, b)


def _statement(item: Item, start: int, end: int) -> Mechanism:
    sentence = item.text[start:end]
    target, action, denied = _acts(sentence)
    return Mechanism(
        **item.at(start, end),
        rule="mechanism_sentence",
        assertion="negated" if denied or (target is None and _NEGATED.match(sentence)) else "affirmed",
        target=target,
        action_type=action,
        effect=statement(sentence),
    )


def target_and_action(sentence: str) -> tuple[str | None, str | None]:
    """The molecular target of a sentence and the kind of action on it; both None where the grammar finds none.

    >>> target_and_action("Blocks the serotonin transporter (SERT), so more serotonin stays in the synapse.")
    ('serotonin transporter', 'blocker')
    >>> target_and_action("Factor Xa inhibition.")
    ('Factor Xa', 'inhibitor')
    >>> target_and_action("It blocks sodium and calcium channels and slows conduction.")
    ('sodium and calcium channels', 'blocker')
    """
    return _acts(sentence)[:2]


# "It does not inhibit factor Xa", "without blocking muscarinic receptors"
_DENIED = re.compile(r"\b(?:not(?! only\b)|never|neither|nor|without)\s+(?:(?!and\b|but\b|or\b)\w+\s+){0,2}$", re.I)


_NEITHER = re.compile(r"\s+neither\b", re.I)


def _acts(sentence: str) -> tuple[str | None, str | None, bool]:
    """The first target and action that a sentence affirms, else the first that it denies, and whether it denies it."""
    denied: tuple[str, str] | None = None
    for found in phrasebook("action_types").scan(sentence):
        action = found.line["action_type"]
        if found.line["place"] == "after":
            stop = _END.search(sentence, found.end)
            m = _SHARED.match(sentence, found.end) or _TARGET.match(
                sentence, found.end, stop.start() if stop else len(sentence)
            )
            target = m["target"].strip(" ,") if m else ""
        else:
            m = _BEFORE.search(sentence[: found.start])
            target = _LEADING.sub("", m[1]) if m else ""
            if target and not _MOLECULE.search(target):
                target = ""
        if target.count("(") > target.count(")"):
            target = target.split("(")[0].strip()
        if target.count(")") > target.count("("):
            target = target.split(")")[0].strip()
        target = _ABBREVIATION.sub("", target)
        if not target or _NO_TARGET.match(target):
            continue
        if not (_DENIED.search(sentence, 0, found.start) or _NEITHER.match(sentence, found.end)):
            return target, action, False
        denied = denied or (target, action)
    return (*denied, True) if denied else (None, None, False)
