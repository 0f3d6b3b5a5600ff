"""Which steps of a dosing text give a dose of this drug: amounts of other drugs and those not to be given are left out."""

from __future__ import annotations

from monopipe.document import Item
from monopipe.extract.doses import whose_dose
from monopipe.extract.doses.not_given import is_not_given
from monopipe.extract.doses.surroundings import Surroundings, amount_at
from monopipe.extract.reading import Reading
from monopipe.grammar import Step


def doses_of_this_drug(reading: Reading, item: Item, steps: list[Step]) -> list[Step]:
    """The steps that give a dose of this drug; what follows another drug's dose in one instruction goes on with that drug."""
    if steps and whose_dose.is_of_other(reading, item):
        return []
    amounts = [amount_at(item, s) for s in steps]
    others: dict[int, int] = {}
    """Where in an instruction another drug's dose begins."""
    failed: list[int] = []
    for s, at in zip(steps, amounts, strict=True):
        if whose_dose.names_another(reading, item, s, at):
            turn = whose_dose.turn(item, s)
            if at < turn:
                failed.append(s.start)
            elif not turn or whose_dose.names_other(reading, item.text[turn:at]):
                others.setdefault(s.instruction, s.start)
    kept: list[Step] = []
    for s, at in zip(steps, amounts, strict=True):
        if s.start in failed or not _has_amount(s):
            continue
        begun = others.get(s.instruction, len(item.text))
        if s.start == begun or (s.start > begun and not whose_dose.is_named(reading, item.text[s.start : at])):
            continue
        if whose_dose.goes_on_with_another(reading, item, at, [k.start for k in kept]):
            continue
        if not is_not_given(Surroundings.of(item, s, at)):
            kept.append(s)
    return kept


def _has_amount(step: Step) -> bool:
    d = step.dosage
    if d.dose_unit is None and d.rate_unit is None and 0 < (d.dose_high or 0) < 1:
        return False  # "half every 24 hours": of what, it does not say
    return d.dose_low is not None or d.dose_high is not None or d.rate_low is not None or d.rate_high is not None
