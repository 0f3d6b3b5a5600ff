"""Two values told one by one: "reached in 1 hour and 3–4 hours, respectively" of a drug and its metabolite."""

from __future__ import annotations

import re
from dataclasses import replace

from monopipe.extract.measures import Measure, measures
from monopipe.extract.phrasing import phrasebook

_ONE_BY_ONE = re.compile(r"\brespectively\b", re.I)
_NUMBER = r"\d+(?:\.\d+)?"
# "are 2 and 6 hours": the first has its unit from the second.
_WITHOUT_UNIT = re.compile(rf"(?<![\w.])(?P<low>{_NUMBER})(?:\s*[-–]\s*(?P<high>{_NUMBER}))?\s+and\s+(?:about\s+)?$")
_SECOND = re.compile(r"\band\s+(?:(?:its|the|that of)\s+)?(?:\w+\s+)?$", re.I)
_FORMS = ("tablets", "capsules", "oral solution")

Limits = tuple[tuple[str, ...], str | None]


def one_by_one(text: str, start: int, end: int) -> list[Measure]:
    """The two values of a clause that says "respectively"; empty where it does not, or holds others.

    >>> t = "The half-lives of testolol and its metabolite are 2 and 6 hours, respectively"
    >>> [m.low for m in one_by_one(t, 0, len(t))]
    [2.0, 6.0]
    """
    if not _ONE_BY_ONE.search(text, start, end):
        return []
    found = list(measures(text, start, end))
    if len(found) == 1 and (first := _WITHOUT_UNIT.search(text, start, found[0].start)):
        low, high = float(first["low"]), float(first["high"] or first["low"])
        found.insert(0, replace(found[0], start=first.start(), end=first.end("low"), low=low, high=high))
    return found if len(found) == 2 and found[0].kind == found[1].kind else []


def limits_of_two(text: str, start: int, end: int, parameter: str) -> tuple[Limits, Limits] | None:
    """What limits the first and the second of two values: two qualifiers, two groups of patients, or a metabolite.

    >>> limits_of_two("60% and 30% leave in urine and feces, respectively", 0, 50, "elimination_route")
    ((('urine',), None), (('faeces',), None))
    """
    places = {
        p.line["qualifier"]: p
        for p in phrasebook("kinetic_qualifiers").scan(text, start, end)
        if not p.line["for"] or parameter in p.line["for"].split()
    }
    if len(places) > 2:
        places = {name: p for name, p in places.items() if name not in _FORMS}
    groups = list(phrasebook("kinetic_populations").scan(text, start, end))
    if len(places) == 2 and not groups:
        one, two = places
        return ((one,), None), ((two,), None)
    if len(groups) == 2 and not places:
        one, two = (text[g.start : g.end] for g in groups)
        return ((), one), ((), two)
    if list(places) == ["metabolite"] and not groups:
        second = _SECOND.search(text, start, places["metabolite"].start)
        own, other = ((), None), (("metabolite",), None)
        return (own, other) if second else (other, own)
    return None
