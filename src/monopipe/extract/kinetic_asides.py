"""Values in a text on pharmacokinetics that are none of the drug's: of people, other fluids, changes and counts."""

from __future__ import annotations

import re

from monopipe.extract.measures import Measure

_ABOUT = r"(?:about\s+|around\s+|approximately\s+|up\s+to\s+|some\s+)?"
_OF_PEOPLE = re.compile(
    r"\s+of\s+(?:the\s+|all\s+|most\s+)?(?:\w+\s+)?(?:people|patients|population|individuals|subjects|caucasians|whites|europeans|asians|chinese|japanese|africans|blacks)\b",
    re.I,
)
_CHANGED_BY = re.compile(
    r"\b(?:increas|rais|reduc|lower|decreas|cut|enhanc|improv|diminish)\w*\s+(?:it|this|that|the\s+\w+|absorption|bioavailability|uptake|binding|clearance|excretion|elimination)"
    rf"\s+by\s+{_ABOUT}$",
    re.I,
)
_NONE_ABOVE = re.compile(r"\bnone\s+$", re.I)
_NOT_BOUND = re.compile(
    r"\b(?:csf|cerebrospinal fluid|milk|saliva|placenta\w*|cord blood|penetrat\w+|free fraction|unbound(?: fraction)?|tissue levels?)\b[^;.]*$",
    re.I,
)
_LONGER = re.compile(r"\s+(?:later|longer|earlier|sooner|more|less)\b", re.I)
_AFTER = re.compile(rf"\bafter\s+{_ABOUT}$", re.I)
_HALF_LIVES = re.compile(r"\b(?:\d+|four|five|six|seven|several)\s+half-li(?:ves|fes)\b", re.I)
_NEAR = 24
"""Characters right before a value that a word about it alone stands in."""


def is_aside(text: str, start: int, measure: Measure, parameter: str) -> bool:
    """Whether a value in the words from `start` is no value of the parameter that these words name.

    "slow metabolisers, 7% of Caucasians", "CSF penetration 50%", "5 half-lives (10 days)", "2 h later with food".
    """
    near = max(measure.start - _NEAR, 0), measure.start
    if _NONE_ABOVE.search(text, *near):
        return True
    if measure.kind == "percent":
        if _OF_PEOPLE.match(text, measure.end):
            return True
        if parameter == "protein_binding" and _NOT_BOUND.search(text, start, measure.start):
            return True
        return parameter != "food_effect" and _CHANGED_BY.search(text, start, measure.start) is not None
    if parameter in ("tmax", "half_life", "onset") and _LONGER.match(text, measure.end):
        return True
    return parameter == "half_life" and bool(
        _AFTER.search(text, *near) or _HALF_LIVES.search(text, start, measure.start)
    )
