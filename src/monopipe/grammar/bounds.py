"""How long: the length of a treatment, and of one administration."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import NUMBER, Token, skip
from monopipe.grammar.quantity import amount
from monopipe.grammar.words import SETS, TIMES, find


def bounds(tokens: list[Token], i: int) -> Island | None:
    """A course: 'for 7–10 days', 'x 5 days', 'for up to 12 weeks', 'for at least 6 months', 'for 6 doses', 'for 4 cycles'."""
    low = tokens[i].low
    if (
        low == "at"
        and (gap := amount(tokens, i))
        and (hit := find(TIMES, tokens, gap.j))
        and tokens[hit[1]].low == "apart"
    ):
        return Island("lost", i, hit[1] + 1)  # 'twice daily, at least 8 hours apart'
    j = i + 1 if low in ("for", "x", "×", "during", "over", "times", "within") else i
    if (
        low == "for"
        and tokens[j].low in ("the", "a", "an", "next", "first", "another", "further")
        and tokens[i + 1].value is None
    ):
        j = skip(
            tokens,
            j,
            SETS["course_lead"],
        )
    elif (low == "times" and tokens[j].low == "for") or (low == "for" and tokens[j].low in ("x", "total")):
        j += 1
    up_to = any(t.low == "maximum" for t in tokens[i + 1 : j])  # 'for a maximum of 6 cycles'
    if tokens[j].low == "up" and tokens[j + 1].low == "to":
        up_to = True
        if tokens[j + 2].low in ("a", "an", "one") and (hit := find(TIMES, tokens, j + 3)):
            (factor, unit), k = hit
            return Island("bounds", i, k, {"bounds_high": factor, "bounds_unit": unit})
    if tokens[j].low in ("a", "an") and tokens[j + 1].low in ("total", "maximum", "minimum", "further", "period"):
        up_to = tokens[j + 1].low == "maximum"
        j += 2
        if tokens[j].low == "of":
            j += 1
    elif tokens[j].low in ("no", "not") and tokens[j + 1].low in ("more", "longer") and tokens[j + 2].low == "than":
        up_to = True
        j += 3
    elif tokens[j].low == "at" and tokens[j + 1].low == "most" and j > i:
        up_to = True
        j += 2
    elif tokens[j].low in ("longer", "more") and tokens[j + 1].low == "than" and _denied(tokens, i):
        up_to = True  # 'not for longer than 10 days', 'do not use for more than 5 days'
        j += 2
    elif (
        low == "for"
        and _denied(tokens, i)
        and any(t.low in ("repeat", "repeated", "given", "used", "taken") for t in tokens[i - 2 : i])
    ):
        pause = amount(tokens, j)  # 'not repeated for 2 weeks' is no course
        unit_of = find(TIMES, tokens, pause.j) if pause else None
        return Island("lost", i, unit_of[1]) if unit_of else None
    if low == "for" and _so_far(tokens, i):  # 'only in patients who have taken it for 12 months'
        lasted = amount(tokens, j)
        unit_of = find(TIMES, tokens, lasted.j) if lasted else find(TIMES, tokens, j)
        return Island("lost", i, unit_of[1]) if unit_of else None
    if low == "for" and any(t.low in SETS["not_a_course"] for t in tokens[max(i - 2, 0) : i]):
        waited = amount(tokens, j)  # 'observed for at least 2 hours', 'remain upright for 30 minutes'
        unit_of = find(TIMES, tokens, waited.j) if waited else None
        return Island("lost", i, unit_of[1]) if unit_of else None
    at_least = False
    sign = tokens[j if j > i else i - 1].low
    if sign in _LEAST_SIGNS or sign in _MOST_SIGNS:  # 'for ≥7 days', '≤ 10 d'
        at_least, up_to = sign in _LEAST_SIGNS, sign in _MOST_SIGNS
        j += j > i
    elif j > i and not up_to and tokens[j].low in (*_LONGER, *_SHORTER):  # 'for more than 7 days'
        m = j + 1 + (tokens[j + 1].low == "than")
        if tokens[m].value is not None:
            at_least, up_to, j = tokens[j].low in _LONGER, tokens[j].low in _SHORTER, m
    found = amount(tokens, j)
    if found is None:
        m = j + 1 + (tokens[j + 1].low == ".")
        if tokens[j].low in ("minimum", "maximum", "min", "max") and (found := amount(tokens, m)):
            up_to, at_least = tokens[j].low.startswith("max"), tokens[j].low.startswith("min")
        elif (
            low in ("for",)
            and (hit := find(TIMES, tokens, j))
            and hit[0][1] != "s"
            and tokens[j].low not in ("d", "h", "w")
        ):
            (factor, unit), k = hit
            return Island("bounds", i, k, {"bounds_low": factor, "bounds_high": factor, "bounds_unit": unit})
        else:
            return None
    k = found.j
    k = skip(
        tokens,
        k,
        SETS["course_adjectives"],
    )
    low_value, high = found.low, found.high
    if up_to and low_value is not None:
        low_value, high = None, high or low_value
    if at_least:
        high = None
    if tokens[k].low in SETS["counted_doses"]:
        in_all = tokens[k + 1].low == "in" and tokens[k + 2].low in ("all", "total")
        if low_value is None or low_value != high or low_value != int(low_value) or (j == i and not in_all):
            return None
        return Island("count", i, k + 3 if in_all else k + 1, {"dose_count": int(low_value)})
    if tokens[k].low in ("cycle", "cycles", "courses"):
        if any(v is not None and v != int(v) for v in (low_value, high)):
            return None
        fields: dict[str, Any] = {
            "cycles_min": None if low_value is None else int(low_value),
            "cycles_max": None if high is None else int(high),
        }
        return Island("cycles", i, k + 1, fields)
    hit = find(TIMES, tokens, k)
    if hit is None:
        return None
    (factor, unit), k = hit
    if tokens[k].low == "later" and low_value is not None and low_value == high and j == i:
        return Island("after", i, k + 1, {"start_after": low_value * factor, "start_after_unit": unit})
    if unit == "s":
        return None
    of_a_week = tokens[k].low in ("a", "per", "each", "every") and tokens[k + 1].low in ("week", "wk")
    if unit == "d" and of_a_week and low_value is not None and low_value == high and low_value == int(low_value) <= 7:
        days = {"days_on": int(low_value), "cycle_length": 1.0, "cycle_unit": "wk"}  # 'on 3 consecutive days a week'
        return Island("days", i, k + 2, days, "week")
    m = k + (tokens[k].low == "of")
    of_a_month = tokens[m].low in ("a", "per", "each", "every") and tokens[m + 1].low == "month"
    if of_a_month and unit == "d" and low_value is not None and low_value == high and low_value == int(low_value) <= 31:
        days = {"days_on": int(low_value), "cycle_length": 1.0, "cycle_unit": "mo"}
        return Island("days", i, m + 2, days, "month")  # 'for 12 days of each month'
    if tokens[k].low == "only":
        k += 1
    m = skip(tokens, k, (",", "(", "or"))
    if tokens[m - 1].low == "or" and tokens[m].low == "up" and tokens[m + 1].low == "to" and high is not None:
        longer = amount(tokens, m + 2)  # 'for 4 weeks, or up to 8 weeks if needed'
        again = find(TIMES, tokens, longer.j) if longer else None
        if longer and again and again[0] == (factor, unit) and (longer.high or 0) > high:
            high, k = longer.high, again[1]
            if tokens[k].low in ("if", "when", "as") and tokens[k + 1].low in ("needed", "necessary", "required"):
                k += 2
    fields = {
        "bounds_low": None if low_value is None else low_value * factor,
        "bounds_high": None if high is None else high * factor,
        "bounds_unit": unit,
    }
    if tokens[k].low in ("before", "prior", "after", "old", "of", "beforehand") and not (
        tokens[k].low == "of" and j > i
    ):
        event = tokens[skip(tokens, k + 1, ("the", "a", "an"))].low
        ahead = tokens[k].low in ("before", "prior") and tokens[k + 1].low not in ("and", "or") and unit in _LONG
        at_once = low == "for" and ((tokens[k].low == "after" and event in _EVENTS) or ahead)
        if not at_once or tokens[i - 1].low == "and" or tokens[i - 1].low.startswith("continu"):
            return None  # 'for 2 days after the procedure' begins with it; 'before and for 4 weeks after it' does not
    if low_value is None and high is None:
        return None
    if unit == "h" and _is_on_or_off(tokens, i, k):
        return Island("lost", i, k)
    kind = "bounds" if j > i or up_to or (tokens[i - 1].low == "prn" and unit in _LONG) else "span"  # '10 mg prn 7/7'
    if low == "over":
        kind = "over"
    rises = low == "over" and any(t.low in SETS["up"] for t in tokens[max(i - 2, 0) : i])
    if low == "within" or rises:  # 'increased over 1–2 weeks to 10 mg' is how long the change takes
        return Island("lost", i, k)
    return Island(kind, i, k, fields)


def _is_on_or_off(tokens: list[Token], i: int, k: int) -> bool:
    """Whether hours are those a patch is on or off each day: 'on for 12 hours, off for 12', '12 h followed by a 12-hour break'."""
    if tokens[i - 1].low in _ON_SKIN or tokens[k].low in ("on", "off"):
        return True
    m = skip(tokens, k, SETS["on_off_link"])
    gap = amount(tokens, m) if m > k else None
    hit = find(TIMES, tokens, gap.j) if gap else None
    return hit is not None and hit[0][1] == "h" and any(t.low in _PAUSE for t in tokens[hit[1] : hit[1] + 2])


_ON_SKIN = frozenset("on off worn wear wearing".split())
_PAUSE = frozenset("off free rest break pause".split())


def _so_far(tokens: list[Token], i: int) -> bool:
    """Whether 'for' tells how long something has lasted with those who may have the dose: 'who have taken it for'."""
    for k in range(i - 1, max(i - 9, 0), -1):
        if tokens[k].low in (".", ";", ",", "|", "") or tokens[k].kind == NUMBER:
            return False
        if tokens[k].low in _WHO:
            return tokens[k + 1].low in ("have", "has", "had", "were", "was", "already")
    return False


_WHO = frozenset("who whom that which".split())


def _denied(tokens: list[Token], i: int) -> bool:
    return any(t.low in ("not", "never", "don't") for t in tokens[max(i - 4, 0) : i])


_LONG = ("d", "wk", "mo")
_LEAST_SIGNS = frozenset("≥ >= >".split())
_MOST_SIGNS = frozenset("≤ <= <".split())
_LONGER = frozenset("more longer over".split())
_SHORTER = frozenset("less under".split())
_EVENTS = frozenset(
    "it surgery operation procedure delivery birth chemotherapy angiography transplantation exposure".split()
)


# 'over no less than 15 minutes', 'over a period of at least 2 hours'
_LENGTH_LEAD = "period at of least next following remaining first last no not less shorter fewer than a minimum".split()


def infusion_time(tokens: list[Token], i: int) -> Island | None:
    """One administration's length: 'over 60 minutes', 'infused over 2 h', 'as a 30-minute infusion'."""
    j = i
    j = skip(
        tokens,
        j,
        SETS["infusion_lead"],
    )
    if tokens[j].low in ("over", "during"):
        k = j + 1
        if tokens[k].low in ("a", "the"):
            k += 1
        k = skip(tokens, k, _LENGTH_LEAD)
        found = amount(tokens, k)
        hit = find(TIMES, tokens, found.j) if found else find(TIMES, tokens, k)
        if hit is None:
            return None
        (factor, unit), end = hit
        if unit == "s":
            return Island("doubt", i, end)
        if unit in ("wk", "mo", "a") or (unit == "d" and found is None):
            return None
        value = (found.low if found else 1.0, found.high if found else 1.0)
    else:
        if j == i and tokens[i].value is None:
            return None
        found = amount(tokens, j)
        if found is None:
            return None
        hit = find(TIMES, tokens, found.j)
        if hit is None:
            return None
        (factor, unit), end = hit
        end = skip(tokens, end, ("continuous", "iv", "intravenous", "subcutaneous", "sc"))
        if tokens[end].low not in ("infusion", "infusions"):
            return None
        if tokens[end - 1].low in ("iv", "intravenous", "subcutaneous", "sc"):
            end -= 1
        else:
            end += 1
        value = (found.low, found.high)
    if unit not in ("min", "h", "d"):
        return None
    if value[0] is None or value[0] != value[1]:
        return Island("doubt", i, end)
    return Island("over", i, end, {"admin_duration": value[0] * factor, "admin_duration_unit": unit})


__all__ = ["bounds", "infusion_time"]
