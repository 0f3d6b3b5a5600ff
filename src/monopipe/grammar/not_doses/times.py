"""Times that are none of a dose: dates, the clock, days that only bound it, how often something happens to the patient."""

from __future__ import annotations

from monopipe.grammar import quantity
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import NUMBER, WORD, Token, skip
from monopipe.grammar.words import SETS, TIMES, find

MONTHS = SETS["months"]


def date(s: Scan, i: int) -> Island | None:
    """A date, which is no dose: '16 January 2015', 'Jan 15-20, 2015', 'in 2022'."""
    if s.tokens[i].low in MONTHS:
        return _month_first(s.tokens, i)
    return _day_first(s.tokens, i) if s.tokens[i].kind == NUMBER and s.tokens[i].value is not None else None


def _month_first(tokens: list[Token], i: int) -> Island | None:
    """'January 2015', 'Jan 15-20, 2015'; 'may' is a month only before a number."""
    if tokens[i].low == "may" and tokens[i + 1].kind != NUMBER:
        return None
    j = i + 1
    while tokens[j].kind == NUMBER or tokens[j].low in _IN_DATES:
        if tokens[j].low == "," and (tokens[j + 1].value or 0) < _FIRST_YEAR:
            break
        j += 1
    return Island("lost", i, j) if j > i + 1 else None


def _day_first(tokens: list[Token], i: int) -> Island | None:
    """'16 January 2015', '3rd March'."""
    j = i + 1 + (tokens[i + 1].low in _ORDINAL_ENDINGS)
    if tokens[j].low not in MONTHS or tokens[j].low == "may":
        return None
    j += 1
    j += tokens[j].low == ","
    j += (tokens[j].value or 0) > _FIRST_YEAR
    return Island("lost", i, j)


_FIRST_YEAR = 1900
_ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
_IN_DATES = (",", "-", "–", *_ORDINAL_ENDINGS)


def clock(s: Scan, i: int) -> Island | None:
    """A time of the clock: '2 a.m.', '10 pm'."""
    return Island("lost", i, i + 2) if s.tokens[i + 1].low in ("am", "pm") else None


def free_time(s: Scan, i: int) -> Island | None:
    """Time without the drug: 'then 7 tablet-free days', 'followed by a 7 pill-free day interval'; no dose.

    Behind the days of treatment, 'for 21 days, then 7 tablet-free days', both make a cycle.
    """
    tokens = s.tokens
    if tokens[i].kind != NUMBER or tokens[i + 1].low not in ("tablet", "pill", "drug", "treatment"):
        return None
    if tokens[i + 2].low not in ("free", "-"):
        return None
    hit = find(TIMES, tokens, skip(tokens, i + 2, ("-", "free")))
    if hit is None:
        return None
    (factor, unit), end = hit
    on = next((p for p in reversed(s.islands[-4:]) if p.kind == "bounds"), None)
    days = _whole_days(on) if on is not None and unit == "d" else None
    if on is None or days is None:
        return Island("lost", i, end)
    on.kind, on.note = "days", "on_off"
    on.fields = {
        "cycle_length": days + (tokens[i].value or 0) * factor,
        "cycle_unit": "d",
        "days_on": int(days),
    }
    return Island("ignore", i, end)


def _whole_days(length: Island) -> float | None:
    """How many days a treatment lasts, where it is one number of days."""
    low, high, unit = (length.fields.get(k) for k in ("bounds_low", "bounds_high", "bounds_unit"))
    return high if unit == "d" and low == high else None


def not_before(s: Scan, i: int) -> Island | None:
    """A day or week that bounds when, and is not that of the dose: 'again not before day 7', 'from 36 weeks of pregnancy'."""
    tokens = s.tokens
    if tokens[i].low == "from":
        return _from_late_week(tokens, i)
    if tokens[i + 1].low not in ("day", "days") or tokens[i + 2].kind != NUMBER:
        return None
    return Island("lost", i, i + 3)


def _from_late_week(tokens: list[Token], i: int) -> Island | None:
    """'from 36 weeks of pregnancy', but not 'from 36 weeks on'."""
    found = quantity.amount(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
    time = find(TIMES, tokens, found.j) if found is not None else None
    if time is None or time[0][1] != "wk" or (tokens[i + 1].value or 0) <= _EARLY_WEEKS:
        return None
    return Island("lost", i, time[1]) if tokens[time[1]].low not in ("to", "on", "onwards", "onward") else None


_EARLY_WEEKS = 12  # later weeks that a dose is given from are those of pregnancy


def aimed_count(tokens: list[Token], i: int) -> Island | None:
    """How often something happens to the patient: 'to give two to three soft stools a day', 'more than 3 attacks a week'."""
    found = quantity.amount(tokens, i)
    if found is None or tokens[found.j].kind != WORD:
        return None
    k = next((k for k in range(found.j, found.j + 4) if tokens[k].low in _HAPPENS), 0)
    if not k or any(t.kind != WORD for t in tokens[found.j : k]):
        return None
    end = k + 1
    if tokens[end].low in ("a", "per", "each", "every"):
        end += 1
    end += tokens[end].low in ("day", "daily", "week", "weekly", "month", "year", "night")
    return Island("lost", i, end)


_HAPPENS = frozenset("stools motions attacks episodes seizures relapses exacerbations migraines".split())
