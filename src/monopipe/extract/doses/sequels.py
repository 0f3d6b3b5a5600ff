"""What a later sentence of an item keeps of an earlier one: by which way, and for whom a dose is."""

from __future__ import annotations

import re
from itertools import pairwise

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.doses.condition_phrases import SOME_GIVE
from monopipe.extract.doses.ways import OTHER_WAY, speaks_of_another_way
from monopipe.grammar import Step, read_who, render

_OTHER_FORM = Cued(
    r"\b(?:injections?|infusions?|suppositor\w+|enemas?|cream|ointment|gel|patch(?:es)?|drops|spray|iv|im|sc|i\.v|i\.m|s\.c)\b"
)
# A sentence that begins so goes on with those whom the one before it speaks of, unless they have changed.
_GOES_ON = re.compile(rf"\s*(?:(?:if|when|where|then|thereafter|otherwise|alternatively|instead)\b|{SOME_GIVE})", re.I)
_CHANGED = Cued(
    r"\b(?:older|younger|heavier|lighter|grown|others?|improv\w*|recover\w*|resolv\w*|normal\w*|reach\w*|adult\w*|child\w*)\b"
)
_LASTING = ("age", "weight", "body surface area")
_WHO = ("age_group", "population", "param", "param_low", "param_high", "param_unit")


def keep_on(item: Item, steps: list[Step], way: str | None) -> None:
    """Let the steps of later sentences keep what those before them said."""
    if not item.columns:
        _given_besides(item, steps)
        _whom(item, steps)
        _by_the_same_way(item, steps)
    if way is not None:
        _by_another_way(item, steps)
        _away_from_meals(steps)


def by_mouth_too(steps: list[Step]) -> None:
    """Give the doses of an item below one whose doses are by mouth that way, where they say none."""
    for step in steps if all(step.dosage.route is None for step in steps) else ():
        d = step.dosage
        d.route = "oral"
        d.inherited_fields = "; ".join(filter(None, (d.inherited_fields, "route")))
        d.readable = render(d)


def _given_besides(item: Item, steps: list[Step]) -> None:
    """A dose given besides is not given as often as headings and labels say of others: "Weekly: 16 mg. A further 8 mg after 1 day"."""
    for step in steps:
        d = step.dosage
        inherited = (d.inherited_fields or "").split("; ")
        if "frequency" not in inherited or not _BESIDES.match(item.text, step.start):
            continue
        for name in (*_OFTEN, *_SUMS):
            setattr(d, name, None)
        d.inherited_fields = "; ".join(name for name in inherited if name not in _OFTEN) or None
        d.readable = render(d)


_BESIDES = re.compile(
    r"\W*(?:(?:and|or)\s+)?(?:an?\s+(?:further|extra|additional|supplementary)|another|one\s+more)\b", re.I
)
_OFTEN = ("frequency", "frequency_max", "period", "period_max", "period_unit")
_SUMS = (
    "daily_dose_low",
    "daily_dose_high",
    "dose_per_cycle_low",
    "dose_per_cycle_high",
    "mean_daily_dose_low",
    "mean_daily_dose_high",
)


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
    kept: list[Step] = []
    for step in steps:
        _of_sentence_before(item, step, spans)
    for before, step in pairwise(steps):
        a, b = next(((a, b) for a, b in spans if a <= step.start < b), (0, 0))
        own = step.dosage.param is not None or step.dosage.population != "none"
        if before in kept and before.start >= a and not own:
            _inherit(step, _WHO, before)  # "… begin with 5 mg and increase to 10 mg"
            kept.append(step)
        if before.start >= a or own or before.dosage.param not in _LASTING or not _GOES_ON.match(item.text, a):
            continue
        if before.end < a - 2 and any(before.end <= x < a - 2 for x, _ in spans):
            continue  # a sentence stands between them
        if step.dosage.age_group in ("unspecified", before.dosage.age_group) and not _CHANGED.search(item.text, a, b):
            _inherit(step, _WHO, before)
            kept.append(step)


def _of_sentence_before(item: Item, step: Step, spans: list[tuple[int, int]]) -> None:
    """Let a sentence that goes on be for those whom the one before it opens with, and not for all of the heading."""
    n = next((n for n, (a, b) in enumerate(spans) if a <= step.start < b), 0)
    d = step.dosage
    if not n or "age_group" not in (d.inherited_fields or "") or not _GOES_ON.match(item.text, spans[n][0]):
        return
    people = _IN_PEOPLE.match(item.text, *spans[n - 1])
    group = read_who(people["who"]).get("age_group") if people else None
    if group and not _CHANGED.search(item.text, *spans[n]):
        d.age_group = group
        d.readable = render(d)


_IN_PEOPLE = re.compile(r"\s*(?:in|for)\s+(?P<who>(?:[\w-]+\s+){0,2}?[a-z]+s)\b", re.I)


def _by_another_way(item: Item, steps: list[Step]) -> None:
    """Where an item names a way of its own, the way given for the whole section is in doubt for its later doses.

    So it is where the sentence says how the drug reaches the body: "500 mg is instilled into the bladder".
    """
    own = None
    for step in steps:
        d = step.dosage
        inherited = (d.inherited_fields or "").split("; ")
        elsewhere = d.route == "oral" and _elsewhere(item, step)
        if d.route is not None and "route" not in inherited:
            own = d.route
        elif d.route is not None and (elsewhere or (own not in (None, d.route) and not item.columns)):
            d.route = d.route_text = None
            d.inherited_fields = "; ".join(n for n in inherited if n not in ("route", "route_text")) or None
            d.readable = render(d)


def _away_from_meals(steps: list[Step]) -> None:
    """A dose that is injected is tied to no meal, even where the section says of all "by mouth, with food"."""
    for step in steps:
        d = step.dosage
        inherited = (d.inherited_fields or "").split("; ")
        if d.route in (None, "oral", "enteral_tube", "buccal", "sublingual") or "when_code" not in inherited:
            continue
        if "meal" in (d.when_code or ""):
            d.when_code = None
            d.inherited_fields = "; ".join(n for n in inherited if n != "when_code") or None
            d.readable = render(d)


# "…, with amiodarone 5 mg/kg IV": the way of the drug that is given beside it
_PARTNER = re.compile(r",?\s+(?:with|alongside|together with|plus)\s+(?:\w+\s+){1,2}\d[^.;]*")


def _elsewhere(item: Item, step: Step) -> bool:
    """Whether the words around a dose speak of another way than by mouth.

    A table's first cell names a condition, "Inhalational anthrax", so there only a dose form counts; what stands
    behind "with" is given by a way of its own.
    """
    if item.columns:
        own = [(a, b) for a, b in item.cells[1:] if a < step.end and b > step.start]
        cells = " ".join(item.text[a:b].split(" with ")[0] for a, b in own)
        return bool(_OTHER_FORM.search(item.cell(0)) or speaks_of_another_way(cells))
    spans = [(a, b) for a, b in item.sentences() if a < step.end and b > step.start]
    return any(speaks_of_another_way(_PARTNER.sub("", item.text[a:b])) for a, b in spans)


# "A second bolus of 12 mg is injected": by the way of the first one.
_AGAIN = re.compile(
    r"\b(?:second|third|further|another|repeat(?:ed)?|additional)\s+(?:dose|bolus|injection|infusion)\b"
    r"|\bthe\s+same\s+(?:dose\b|amount\b|\d)",
    re.I,
)


def _by_the_same_way(item: Item, steps: list[Step]) -> None:
    """A further dose is given as the one before it; where an item's first dose is by mouth, so are its later ones.

    In a paragraph those for the same condition are, and nowhere where another way is named.
    """
    for before, step in pairwise(steps):
        same = step.dosage.indication_text == before.dosage.indication_text
        if same and step.dosage.route_text is None and _AGAIN.search(item.text, before.end, step.end):
            _inherit(step, ("route", "route_text"), before)
    first = steps[0].dosage if steps else None
    routes = {s.dosage.route or s.dosage.route_text for s in steps} - {None}
    if first is None or first.route != "oral" or routes != {"oral"} or all(s.dosage.route for s in steps):
        return
    if OTHER_WAY.search(item.text):
        return
    prose = item.kind == "paragraph" and not item.label
    before = steps[0]
    for step in steps:
        same = step.dosage.indication_text == before.dosage.indication_text
        of_usual = step.dosage.dose_basis == "percent_of_dose"  # by whichever way that is given
        if step.dosage.route is None and not of_usual and (not prose or (same and before.dosage.route)):
            step.dosage.route = "oral"
            step.dosage.inherited_fields = "; ".join(filter(None, (step.dosage.inherited_fields, "route")))
            step.dosage.readable = render(step.dosage)
        before = step
