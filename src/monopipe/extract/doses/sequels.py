"""What a later sentence of an item keeps of an earlier one: by which way, and for whom a dose is."""

from __future__ import annotations

import re
from itertools import pairwise

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.grammar import Step, render

_OTHER_WAY = Cued(
    r"\b(?:iv|im|sc|intraven\w+|intramus\w+|subcut\w+|inject\w*|infus\w*|bolus|rectal\w*|suppositor\w+|patch\w*|inhal\w+|nebuli\w+|nasal\w*"
    r"|topical\w*|cream|ointment|drops?|tube|transderm\w+|vaginal\w*|sublingual\w*|buccal\w*|i\.v|i\.m|s\.c)\b"
)
_INTO = Cued(
    r"\b(?:instil\w*|irrigat\w*|intra[a-z-]+|injected|implant\w*|enema\w*|pessar\w+|eyes?|ears?|nostrils?|skin)\b"
    r"|\binto\s+(?:the|each|both|a|an)\s+(?!stomach)"
)
# A sentence that begins so goes on with those whom the one before it speaks of, unless they have changed.
_GOES_ON = re.compile(r"\s*(?:if|when|where|then|thereafter|otherwise|alternatively|instead)\b", re.I)
_CHANGED = Cued(
    r"\b(?:older|younger|heavier|lighter|grown|others?|improv\w*|recover\w*|resolv\w*|normal\w*|reach\w*|adult\w*|child\w*)\b"
)
_LASTING = ("age", "weight", "body surface area")
_WHO = ("age_group", "population", "param", "param_low", "param_high", "param_unit")


def keep_on(item: Item, steps: list[Step], way: str | None) -> None:
    """Let the steps of later sentences keep what those before them said."""
    if item.columns:
        return
    _whom(item, steps)
    _by_mouth(item, steps)
    if way is not None:
        _by_another_way(item, steps)


def _inherit(step: Step, names: tuple[str, ...], source: Step) -> None:
    d = step.dosage
    for name in names:
        setattr(d, name, getattr(source.dosage, name))
    given = [name for name in names if getattr(d, name) not in (None, "none", "unspecified")]
    d.inherited_fields = (
        "; ".join(dict.fromkeys([*filter(None, (d.inherited_fields or "").split("; ")), *given])) or None
    )
    d.readable = render(d)


def _whom(item: Item, steps: list[Step]) -> None:
    """A sentence such as "If the oral route is not possible, …" is for the same ages or weights as the one before it."""
    spans = list(item.sentences())
    for before, step in pairwise(steps):
        a, b = next(((a, b) for a, b in spans if a <= step.start < b), (0, 0))
        own = step.dosage.param is not None or step.dosage.population != "none"
        if before.start >= a or own or before.dosage.param not in _LASTING or not _GOES_ON.match(item.text, a):
            continue
        if before.end < a - 2 and any(before.end <= x < a - 2 for x, _ in spans):
            continue  # a sentence stands between them
        if step.dosage.age_group in ("unspecified", before.dosage.age_group) and not _CHANGED.search(item.text, a, b):
            _inherit(step, _WHO, before)


def _by_another_way(item: Item, steps: list[Step]) -> None:
    """Where an item names a way of its own, the way given for the whole section is in doubt for its later doses.

    So it is where the sentence says how the drug reaches the body: "500 mg is instilled into the bladder".
    """
    own = None
    for step in steps:
        d = step.dosage
        inherited = (d.inherited_fields or "").split("; ")
        sentence = " ".join(item.text[a:b] for a, b in item.sentences() if a < step.end and b > step.start)
        elsewhere = d.route == "oral" and (_OTHER_WAY.search(sentence) or _INTO.search(sentence))
        if d.route is not None and "route" not in inherited:
            own = d.route
        elif d.route is not None and (elsewhere or (own is not None and d.route != own)):
            d.route = d.route_text = None
            d.inherited_fields = "; ".join(n for n in inherited if n not in ("route", "route_text")) or None
            d.readable = render(d)


def _by_mouth(item: Item, steps: list[Step]) -> None:
    """Where an item's first dose is by mouth and no other way is named, so are the doses of its later sentences."""
    routes = {s.dosage.route or s.dosage.route_text for s in steps}
    if (
        not steps
        or (item.kind == "paragraph" and not item.label)
        or item.columns
        or routes - {None} != {"oral"}
        or steps[0].dosage.route != "oral"
        or _OTHER_WAY.search(item.text)
    ):
        return
    for step in steps:
        d = step.dosage
        if d.route is None:
            d.route = "oral"
            d.inherited_fields = "; ".join(filter(None, (d.inherited_fields, "route")))
            d.readable = render(d)
