"""Who a text on interactions speaks of: this drug, the interactants, and which of them is known to act on the other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from monopipe import vocabulary
from monopipe.extract.drug_words import is_drug
from monopipe.extract.interactions.interactants import Interactant
from monopipe.extract.interactions.parties import Parties
from monopipe.extract.phrasing import lowered
from monopipe.extract.reading import Reading, salt_words


@cache
def _perpetrators() -> frozenset[str]:
    return _known_to_act("body", "gut")


@cache
def _binders() -> frozenset[str]:
    """Those that change what the gut takes up of other drugs."""
    return _known_to_act("gut", "stomach")


def _is_binder(norm: str) -> bool:
    return norm in _binders() or norm.split(" containing ")[0] in _binders()


def _known_to_act(*places: str) -> frozenset[str]:
    lines = (line for line in vocabulary.rows("perpetrator_drugs") if line["acts_in"] in places)
    return frozenset(w for line in lines for w in line["words"].split("|"))


def parties_of(reading: Reading, found: Iterable[Interactant], subject: str = "interactant") -> Parties:
    """The parties of a text about these interactants."""
    found = list(found)
    others = {i.norm for i in found} | {lowered(i.text) for i in found}
    others |= {n.rsplit(" ", 1)[-1] for n in others if " " in n and len(n.rsplit(" ", 1)[-1]) > 5}
    # "dabigatran" of "dabigatran etexilate"
    others |= {n.split(" ", 1)[0] for n in others if n.count(" ") == 1 and is_drug(n.split(" ", 1)[0])}
    strong = any(i.kind in ("enzyme_modulator", "food") or i.norm in _perpetrators() for i in found)
    this = _this_drug(reading)
    named = tuple(o for o in others if o not in this.names and len(o) > 3)
    is_test = bool(found) and all(i.kind == "lab_test" for i in found)
    return Parties(
        this.names,
        named,
        strong,
        subject,
        this.acts,
        binds=any(i.kind in ("food", "supplement") or _is_binder(i.norm) for i in found),
        own_binds=this.binds,
        is_test=is_test,
        eaten=bool(found) and all(i.kind in ("food", "supplement") for i in found),
        own_text=this.text,
    )


@lru_cache(maxsize=4096)
def _without_salt(name: str) -> str:
    """The name of a drug without its salt: "lithium" of "lithium carbonate"."""
    words = name.split()
    while len(words) > 1 and words[-1] in salt_words():
        words.pop()
    return " ".join(words)


class _ThisDrug(NamedTuple):
    """What holds of the document's drug in each of its interactions."""

    names: frozenset[str]
    acts: bool
    """Whether it is known to change the levels of others."""
    binds: bool
    """Whether it is known to change what the gut takes up of others."""
    text: str
    """Its classes, uses and description in lower case."""


@lru_cache(maxsize=1)
def _this_drug(reading: Reading) -> _ThisDrug:
    document = reading.document
    names = frozenset(n for name in reading.own_names for n in (name, _without_salt(name)) if len(n) > 2)
    parts = [item.text for item in document.about("classification", "usage")]
    return _ThisDrug(
        names,
        not names.isdisjoint(_perpetrators()),
        not names.isdisjoint(_binders()),
        lowered(" ".join([document.description or "", *parts])),
    )
