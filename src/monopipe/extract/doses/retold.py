"""Doses that a summary or an FAQ tells again: the same dose in fewer words, or a range over those that the body gives."""

from __future__ import annotations

from collections.abc import Iterator

from monopipe.grammar.equivalents import TO_MG
from monopipe.tables import Regimen

# What a retelling of a dose must share with the step that it retells, where it says it at all.
_CORE = (
    "dose_low dose_high dose_unit dose_basis dose_is rate_low rate_high rate_unit frequency frequency_max period"
    " period_max period_unit bounds_low bounds_high bounds_unit cycle_days cycle_length route"
).split()


def told_before(row: Regimen, told: list[Regimen]) -> Regimen | None:
    """The dose that this one tells again, or the one that its range begins with: "4 to 8 mg", where 4 mg and 8 mg are told."""
    return next((r for r in told if _retells(row, r)), None) or _summed_up(row, told)


def told_again(row: Regimen, told: list[Regimen]) -> Regimen | None:
    """The dose that a line below it tells again for the same people: "The same in words: below 30 mL/min it is 25 mg"."""
    return next((r for r in told if _retells(row, r) and _same_people(row, r)), None)


def _same_people(row: Regimen, known: Regimen) -> bool:
    band = all(getattr(row, c) == getattr(known, c) for c in ("param", "param_low", "param_high"))
    return (
        band
        and row.age_group in ("unspecified", known.age_group)
        and row.population in ("none", known.population)
        and row.condition_norm in (None, known.condition_norm)
    )


def _retells(row: Regimen, known: Regimen) -> bool:
    said = [(c, getattr(row, c), getattr(known, c)) for c in _CORE]
    return all(mine is None or mine == theirs or (c == "route" and theirs is None) for c, mine, theirs in said)


def _summed_up(row: Regimen, told: list[Regimen]) -> Regimen | None:
    """The first told dose from which a range runs to another told one; a single amount must be one that is told.

    How often a summary says in passing; an amount that is not told, or by another way, is a fact of its own.
    """
    low, high = (_in_mg(row, getattr(row, c)) for c in ("dose_low", "dose_high"))
    low = high if low is None else low  # "pulses of up to 1 g"
    if low is None or high is None or row.dose_is == "increment":
        return None
    alike = [r for r in told if r.dose_basis == row.dose_basis and r.dose_is != "increment" and _same_way(row, r)]
    amounts = [(amount, r) for r in alike for amount in _amounts(r, row)]
    first = next((r for amount, r in amounts if amount == low), None)
    return first if any(amount == high for amount, _ in amounts) else None


def _same_way(row: Regimen, known: Regimen) -> bool:
    return row.route is None or known.route in (None, row.route)


def _amounts(known: Regimen, row: Regimen) -> Iterator[float]:
    """The amounts of a told dose: of one administration, and of a day where the retelling may mean a day's."""
    for value in (known.dose_low, known.dose_high, known.daily_dose_low, known.daily_dose_high):
        amount = _in_mg(known, value)
        if amount is not None and (known.dose_unit in TO_MG) == (row.dose_unit in TO_MG):
            yield amount
    if known.max_dose_unit == known.dose_unit and known.max_daily_dose is not None:
        yield _in_mg(known, known.max_daily_dose) or 0.0


def _in_mg(row: Regimen, value: float | None) -> float | None:
    """An amount in mg where its unit is one of mass, else as it is."""
    return None if value is None else round(value * TO_MG.get(row.dose_unit or "", 1.0), 9)
