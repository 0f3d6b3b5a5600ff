"""A step in words, from its columns alone; reading the words again gives the same columns."""

from __future__ import annotations

import re
from functools import lru_cache

from monopipe.grammar.dosage import Dosage
from monopipe.grammar.lexer import lex
from monopipe.grammar.words import NUMBER_WORDS, ROUTES, find

_WORDS = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")

_UNITS = {"ug": "micrograms", "ng": "nanograms", "[iU]": "IU", "{unit}": "units", "meq": "mEq", "%": "%"}
_TIME = {"min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years", "cycle": "cycles"}
_ONE = {"min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_WHEN = {
    "morning": "in the morning",
    "noon": "at noon",
    "evening": "in the evening",
    "bedtime": "at bedtime",
    "before_meal": "before meals",
    "with_meal": "with meals",
    "after_meal": "after meals",
}
_AGES = {
    "neonate": "neonates",
    "infant": "infants",
    "pediatric": "children",
    "adolescent": "adolescents",
    "adult": "adults",
    "geriatric": "elderly",
    "all": "all ages",
}
_POPULATIONS = {
    "renal_impairment": "renal impairment",
    "hepatic_impairment": "hepatic impairment",
    "dialysis": "on dialysis",
    "pregnancy": "in pregnancy",
    "lactation": "breastfeeding",
    "obesity": "obesity",
    "poor_metabolizer": "poor metabolizers",
    "comorbidity": "debilitated patients",
    "other": "another population",
}
_KINDS = {
    "loading": "loading dose",
    "initial": "initially",
    "titration": "titration",
    "target": "target dose",
    "maintenance": "maintenance dose",
    "taper": "taper",
    "single": "as a single dose",
    "alternative": "alternatively",
    "dose_reduction": "dose reduction",
}


def show(x: float) -> str:
    """A number as short as it can be printed without changing it: 25, 0.5, 1200000."""
    return str(int(x)) if x == int(x) and abs(x) < 1e15 else repr(x)


def _counted(low: float | None, high: float | None, unit: str | None) -> str:
    words = _unit(unit)
    if unit is not None and unit.startswith("{") and unit != "{unit}" and low == high and low is not None and low <= 1:
        words = unit[1:-1]
    return f"{_range(low, high)} {words}".rstrip()


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return f"up to {show(high or 0)}"
    if high is None:
        return f"at least {show(low)}"
    return show(low) if low == high else f"{show(low)}–{show(high)}"


def _unit(code: str | None) -> str:
    if code is None:
        return ""
    if code in _UNITS:
        return _UNITS[code]
    if code.startswith("{"):
        name = code[1:-1]
        return {"patch": "patches", "suppository": "suppositories"}.get(name, name + "s")
    return code


def _time(low: float | None, high: float | None, unit: str) -> str:
    return f"{_range(low, high)} {_TIME[unit]}"


def _quoted(word: str, text: str) -> str:
    return f"{word} ‹{text.replace('‹', '<').replace('›', '>')}›"


def _who(d: Dosage) -> list[str]:
    parts = []
    if d.age_group != "unspecified":
        parts.append(_AGES[d.age_group])
    if d.population != "none":
        parts.append(_POPULATIONS[d.population])
    if d.param is not None:
        band = ""
        if d.param_low is not None and d.param_high is not None:
            band = f" {_range(d.param_low, d.param_high)}"
        elif d.param_low is not None:
            band = f" ≥ {show(d.param_low)}"
        elif d.param_high is not None:
            band = f" ≤ {show(d.param_high)}"
        unit = f" {_quoted('unit', d.param_unit)}" if d.param_unit is not None else ""
        parts.append(_quoted("parameter", d.param) + band + unit)
    return parts


def _dose(d: Dosage) -> str:
    low, high = d.dose_low, d.dose_high
    if low is None and high is None:
        return ""
    if d.dose_basis == "auc_target":
        return f"AUC {_range(low, high)}"
    words = _counted(low, high, d.dose_unit)
    words += {"per_kg": "/kg", "per_m2": "/m²", "percent_of_dose": " of the dose"}.get(d.dose_basis or "", "")
    if d.dose_is == "per_day":
        share = d.dose_basis == "percent_of_dose"
        words = words.replace(" of the dose", " of the daily dose") if share else f"{words} per day"
    elif d.dose_is == "per_course":
        words += " per course"
    elif d.dose_is == "increment":
        words = f"by {words}"
    elif d.dose_unit is None and d.dose_basis == "flat":
        words = f"take {words}"
    if d.quantity_unit is not None:
        words += f" ({_counted(d.quantity_low, d.quantity_high, d.quantity_unit)})"
    return words


@lru_cache(maxsize=1024)
def _code_of(route_text: str) -> str | None:
    """The route that printed words begin with, where they are no more than words."""
    found = find(ROUTES, lex(route_text, NUMBER_WORDS), 0)
    return found[0][0] if found is not None and not found[0][1] and _WORDS.fullmatch(route_text) else None


def _route(d: Dosage) -> list[str]:
    """The route as printed where it reads as the code; else text and code apart."""
    text = d.route_text
    if text is not None and d.route is not None and _code_of(text) == d.route:
        return [text]
    parts = [_quoted("route", text)] if text is not None else []
    if d.route is not None:
        parts.append(_quoted("via", d.route))
    return parts


def _frequency(d: Dosage) -> str:
    if d.period is None or d.period_unit is None or (d.frequency is None and d.frequency_max is None):
        return ""
    n, most = d.frequency, d.frequency_max
    period = show(d.period) if d.period_max is None else f"{show(d.period)}–{show(d.period_max)}"
    every = _ONE[d.period_unit] if period == "1" else f"{period} {_TIME[d.period_unit]}"
    if n == 1 and most is None:
        return "once daily" if every == "day" else f"every {every}"
    times = f"up to {most}" if not n else f"{n}" if most is None else f"{n}–{most}"
    if times == "2":
        return f"twice {'daily' if every == 'day' else 'every ' + every}"
    return f"{times} times {'daily' if every == 'day' else 'every ' + every}"


def render(d: Dosage) -> str:
    """The step in words, from its columns alone.

    >>> render(Dosage(dose_low=25.0, dose_high=25.0, dose_unit="mg", dose_basis="flat", dose_is="per_administration",
    ...     route="oral", route_text="orally", frequency=1, period=1.0, period_unit="d", cycle_days="1-21", days_on=21,
    ...     cycle_length=28.0, cycle_unit="d"))
    '25 mg, orally, once daily, on days 1–21 of a 28-day cycle'
    """
    parts: list[str] = _who(d)
    if d.indication_text is not None:
        parts.append(_quoted("for", d.indication_text))
    if d.step_kind not in ("standard", "single"):
        parts.append(_KINDS[d.step_kind])
    if dose := _dose(d):
        parts.append(dose)
    if d.dose_components is not None:
        parts.append(_quoted("components", d.dose_components))
    if d.rate_unit is not None:
        unit = d.rate_unit.replace("{", "").replace("}", "").replace("[iU]", "IU")
        head, _, tail = unit.partition("/")
        unit = _unit(head if head not in ("tablet", "unit", "puff") else "{" + head + "}")
        verb = "releasing " if tail == "d" else ""  # without the verb '20 micrograms/d' would be a dose of a day
        rate = f"{verb}{_range(d.rate_low, d.rate_high)} {unit}/{tail}"
        held = d.dose_unit is None and d.quantity_unit is not None
        if d.dose_is == "increment":
            rate = f"by {rate}"
        parts.append(f"{_counted(d.quantity_low, d.quantity_high, d.quantity_unit)} ({rate})" if held else rate)
    if d.dose_form is not None:
        parts.append(_quoted("form", d.dose_form))
    parts.extend(_route(d))
    if frequency := _frequency(d):
        parts.append(frequency)
    if d.when_code is not None:
        parts.append(_WHEN[d.when_code])
    if d.admin_duration is not None and d.admin_duration_unit is not None:
        parts.append(f"infused over {show(d.admin_duration)} {_TIME[d.admin_duration_unit]}")
    if d.as_needed:
        parts.append("as needed" + (f", {_quoted('reason', d.as_needed_for)}" if d.as_needed_for is not None else ""))
    if d.cycle_days is not None:
        days = d.cycle_days.replace("-", "–").replace(",", ", ")
        parts.append(f"on day{'' if days.isdigit() else 's'} {days}" + _cycle(d, " of a "))
    elif d.cycle_length is not None and d.cycle_unit is not None:
        off = _off(d)
        if d.days_on is not None and off is not None:
            on = d.days_on if d.cycle_unit == "d" else d.days_on // 7
            parts.append(
                ", ".join(
                    f"{n} {_ONE[d.cycle_unit] if n == '1' else _TIME[d.cycle_unit]} {word}"
                    for n, word in ((str(on), "on"), (off, "off"))
                )
            )
        else:
            parts.append(_cycle(d, "in a "))
            if d.days_on is not None:
                parts.append(_quoted("dosing", f"{d.days_on} days"))
    elif d.days_on is not None:
        parts.append(_quoted("dosing", f"{d.days_on} days"))
    if d.continuous:
        parts.append("continuously")
    if d.bounds_unit is not None:
        parts.append(f"for {_time(d.bounds_low, d.bounds_high, d.bounds_unit)}")
    if d.cycles_min is not None or d.cycles_max is not None:
        parts.append(f"for {_range(d.cycles_min, d.cycles_max)} cycles")
    if d.step_kind == "single":
        parts.append(_KINDS["single"])
    elif d.dose_count is not None:
        parts.append(f"for {d.dose_count} doses")
    if d.start_after is not None and d.start_after_unit is not None:
        parts.append(f"after {show(d.start_after)} {_TIME[d.start_after_unit]}")
    if d.condition_text is not None:
        parts.append(_quoted("condition", d.condition_text))
    for value, words in (
        (d.max_single_dose, "maximum single dose"),
        (d.max_daily_dose, "maximum daily dose"),
        (d.max_weekly_dose, "maximum weekly dose"),
    ):
        if value is not None and d.max_dose_unit is not None:
            if d.max_dose_unit == "{dose}":
                parts.append(f"maximum {show(value)} doses {'weekly' if 'weekly' in words else 'daily'}")
            else:
                parts.append(f"{words} {_maximum(value, d.max_dose_unit)}")
    if d.partners is not None:
        parts.append(_quoted("partners", d.partners))
    return ", ".join(parts)


def _off(d: Dosage) -> str | None:
    """The days or weeks without a dose in a cycle, where they are whole units of the cycle."""
    if d.cycle_length is None or d.days_on is None or d.cycle_unit not in ("d", "wk"):
        return None
    per = 7 if d.cycle_unit == "wk" else 1
    off = d.cycle_length - d.days_on / per
    return show(off) if off > 0 and d.days_on and d.days_on % per == 0 else None


def _cycle(d: Dosage, link: str) -> str:
    if d.cycle_length is None or d.cycle_unit is None:
        return ""
    return f"{link}{show(d.cycle_length)}-{_ONE[d.cycle_unit]} cycle"


def _maximum(value: float, unit: str) -> str:
    head, slash, tail = unit.partition("/")
    return f"{show(value)} {_unit(head)}{slash}{tail.replace('m2', 'm²')}"
