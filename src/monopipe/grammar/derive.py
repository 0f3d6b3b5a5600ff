"""The derived columns: dose a day, dose a cycle, mean dose a day; only from what the step states."""

from __future__ import annotations

from monopipe.grammar.dosage import Dosage

_DAYS = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0}


def derive(d: Dosage) -> None:
    """Fill daily_dose, dose_per_cycle and mean_daily_dose where dose, timing and cycle say them.

    25 mg once daily on days 1–21 of a 28-day cycle: 25 mg a dosing day, 525 mg a cycle, 18.75 mg a day on average.
    """
    if d.dose_unit is None or d.dose_basis in ("percent_of_dose", "auc_target", None) or d.as_needed:
        return
    if d.dose_low is None and d.dose_high is None:
        return
    low = high = None
    if d.dose_is == "per_day":
        low, high = 1.0, 1.0
    elif d.dose_is == "per_administration":
        if d.frequency and d.period is not None and d.period_unit is not None:
            low, high = _per_day(d)
        elif d.frequency_max is not None and d.period is not None and d.period_unit is not None:
            high = _per_day(d)[1]
        elif d.cycle_days is not None and d.when_code is None:
            low, high = 1.0, 1.0  # no frequency: one dose on each day named
    else:
        return
    if low is not None and d.dose_low is not None:
        d.daily_dose_low = _round(d.dose_low * low)
    if high is not None and d.dose_high is not None:
        d.daily_dose_high = _round(d.dose_high * high)
    if _goes_on_to_the_maximum(d):
        d.daily_dose_low = d.daily_dose_high = None
    if d.dose_basis != "flat" or d.cycle_length is None or d.cycle_unit not in ("d", "wk"):
        return
    length = d.cycle_length * _DAYS[d.cycle_unit]
    days = float(d.days_on) if d.days_on is not None else length if d.continuous else None
    if days is None or days > length:
        if (
            d.days_on is None
            and d.frequency == 1
            and d.frequency_max is None
            and d.period_max is None
            and (d.period_unit in _DAYS and (d.period or 0) * _DAYS[d.period_unit] == length)
        ):
            days = 1.0
        else:
            return
    elif (d.frequency is not None and d.period_unit in ("wk", "mo", "a")) or (
        d.period_unit == "d" and (d.period or 1) > 1
    ):
        return
    if d.daily_dose_low is not None:
        d.dose_per_cycle_low = _round(d.daily_dose_low * days)
        d.mean_daily_dose_low = _round(d.daily_dose_low * days / length)
    if d.daily_dose_high is not None:
        d.dose_per_cycle_high = _round(d.daily_dose_high * days)
        d.mean_daily_dose_high = _round(d.daily_dose_high * days / length)


def _goes_on_to_the_maximum(d: Dosage) -> bool:
    """Whether a dose repeated within hours goes on until its maximum: "5 mg every hour, at most 20 mg in 24 hours"."""
    hours = (d.period or 0) * _DAYS.get(d.period_unit or "", 1.0) * 24
    most = d.max_daily_dose if d.max_dose_unit == d.dose_unit else None
    return bool(hours < 4 and most and (d.daily_dose_low or 0) > most)


def _per_day(d: Dosage) -> tuple[float | None, float | None]:
    """Doses of a dosing day, low and high; null where the text does not settle it."""
    unit, period = d.period_unit, d.period or 1.0
    most = d.frequency_max or d.frequency or 0
    least = d.frequency
    if unit in ("wk", "mo", "a") or (unit == "d" and period > 1):
        span = period * {"d": 1, "wk": 7, "mo": 30, "a": 365}[unit]
        return (1.0, 1.0) if most <= span else (None, None)
    if unit == "min" and period < 60:
        return None, None
    days = period * _DAYS[unit or "d"]
    if days > 1:
        return 1.0, 1.0
    longest = (d.period_max or period) * _DAYS[unit or "d"]
    return (None if least is None else least / max(longest, 0.001) if longest <= 1 else None), most / days


def _round(x: float) -> float:
    return round(x, 6)
