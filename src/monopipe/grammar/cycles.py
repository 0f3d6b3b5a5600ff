"""Treatment cycles: their days, length and number, weeks on and off."""

from __future__ import annotations

import itertools
from typing import Any

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import NUMBER, PUNCT, WORD, Token, skip
from monopipe.grammar.quantity import amount
from monopipe.grammar.words import SETS, TIMES, UNITS, find

_DASHES = "-–—‑"


def days(tokens: list[Token], i: int) -> Island | None:
    """The days of a cycle: 'on days 1–21', 'days 1, 8 and 15', 'day 1', 'D1-14', 'from day 2 to day 6'.

    A cycle's length may follow: 'of a 28-day cycle', 'of each 21-day cycle', 'every 28 days'.
    """
    j = i
    if tokens[i - 1].low == "(" and any(t.low in ("until", "till", "to") for t in tokens[max(i - 4, 0) : i]):
        return None  # 'until day 100 (day 200 after a kidney transplant)'
    while tokens[j].low in ("on", "from", "the", "for", "cycle", "given") and j < i + 4:
        j += 1
    if tokens[j].low not in ("day", "days", "d") or tokens[j + 1].kind != NUMBER:
        return None
    j += 1
    parts: list[tuple[int, int]] = []
    while True:
        token = tokens[j]
        if token.kind != NUMBER or token.value is None or token.value != int(token.value) or token.value > 400:
            break
        low = high = int(token.value)
        k = j + 1
        link = tokens[k]
        if (link.kind == PUNCT and link.low in _DASHES) or link.low in ("to", "through", "until"):
            m = k + 1
            if tokens[m].low in ("day", "d", "days"):
                m += 1
            if tokens[m].kind == NUMBER and (last := tokens[m].value) is not None and last >= low:
                high = int(last)
                k = m + 1
        parts.append((low, high))
        j = k
        m = j
        m = skip(tokens, m, (",", "and", "&", "+", "/"))
        if m > j and tokens[m].low in ("day", "days", "d") and tokens[m + 1].kind == NUMBER:
            m += 1
        if m == j or tokens[m].kind != NUMBER or find_unit_after(tokens, m):
            break
        j = m
    if not parts or any(a > b for a, b in parts) or any(x[1] >= y[0] for x, y in itertools.pairwise(parts)):
        return None
    before = tokens[i - 1].low if i else ""
    beside = (
        i > 1
        and tokens[i - 2].low == "with"
        and tokens[i - 1].kind == WORD
        and tokens[i - 1].low not in SETS["with_only"]
    )  # 'with leukapheresis on days 5 and 6', not 'with food on days 1 and 8'
    if beside or before in _BEGINS or before == "by" or (before == "doses" and tokens[i - 2].low != "divided"):
        return Island("lost", i, j)  # 'beginning on day 1 of the cycle', '3 doses on day 1'
    end = _onwards(tokens, j)
    open_end = tokens[i].low == "from" or end > j
    if open_end and len(parts) == 1 and parts[0][0] == parts[0][1] and tokens[j].low != "of":
        first = parts[0][0]
        start = {"start_after": float(first - 1), "start_after_unit": "d"} if first > 1 else {}
        return Island("after", i, end, start)  # 'from day 15' has no last day
    if tokens[i].low == "from" and tokens[j].low == "of" and len(parts) == 1 and parts[0][0] == parts[0][1]:
        return Island("lost", i, j)  # 'from day 5 of the cycle' is when it begins
    text = ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
    fields: dict[str, Any] = {"cycle_days": text, "days_on": sum(b - a + 1 for a, b in parts)}
    return Island("days", i, j, fields)


_BEGINS = frozenset("begin beginning begins begun start starting starts started commence commencing".split())


def _is_given_once(s: Scan, i: int, end: int) -> bool:
    """Whether '× 1' counts the dose before it: 'a 40 mg dose × 1', but not '40 mg × 1 tablet' and '× 1 week'."""
    tokens = s.tokens
    last = next((p for p in reversed(s.islands) if p.kind != "sep"), None)
    counts = find(UNITS, tokens, end) or find(TIMES, tokens, end) or tokens[end].low in ("/", "cycle", "course")
    return last is not None and last.j == i and last.kind in ("dose", "route", "over") and not counts


def repeated(s: Scan, i: int) -> Island | None:
    """The number of cycles behind their interval: 'D1 q3w × 6', 'd1, 8 q21d x 4–6', 'D1 every 4 weeks (× up to 8)'.

    Weekly doses are counted one by one; of others whose days in the cycle nothing tells, "× 6" may count either.
    """
    tokens = s.tokens
    j = i + 1
    while tokens[j].low in ("max", "maximum", "of", ".") and j < i + 4:
        j += 1
    found = amount(tokens, j)
    if found is not None and j == i + 1 and found.low == found.high == 1 and _is_given_once(s, i, found.j):
        return Island("count", i, found.j, {"dose_count": 1})  # '40 mg x 1 before surgery'
    if found is None or tokens[found.j].low not in _ENDS or tokens[j].kind not in (NUMBER, WORD):
        return None
    before = [p for p in s.islands[-8:] if p.kind != "sep" or p.note in ("sentence", "semi", "break")]
    last = before[-1] if before else None
    long = last is not None and (
        last.kind == "cycle"
        or (last.kind == "often" and _DAYS_OF.get(last.fields["period_unit"], 0) * last.fields["period"] > 7)
    )
    if last is None or i > last.j + 2:
        return None
    weekly = last.kind == "often" and tuple(last.fields.get(k) for k in ("frequency", "period", "period_unit")) == (
        1,
        1,
        "wk",
    )
    if weekly and j == i + 1 and found.low is not None and found.low == found.high == int(found.low) <= 60:
        return Island("count", i, found.j, {"dose_count": int(found.low)})
    if not long or not any(p.kind == "days" for p in before[-4:]):
        return None
    low, high = (None, found.low) if j > i + 1 and found.low == found.high else (found.low, found.high)
    if any(v is not None and (v != int(v) or not 1 <= v <= 60) for v in (low, high)):
        return None
    numbers = {"cycles_min": None if low is None else int(low), "cycles_max": None if high is None else int(high)}
    return Island("cycles", i, found.j, numbers)


_ENDS = frozenset(("", ",", ";", ".", ")", "|", "\n", "with", "then", "and", "+", "plus"))
_DAYS_OF = {"d": 1, "wk": 7, "mo": 30}


def find_unit_after(tokens: list[Token], m: int) -> bool:
    """Whether the number at m begins an amount of its own ('day 1, 100 mg'), not another day."""
    after = tokens[m + 1]
    low = after.low
    if low in SETS["units_after_number"]:
        return True
    if low in _DASHES and after.kind == PUNCT and tokens[m + 2].kind == NUMBER:
        return tokens[m + 3].low in SETS["units_after_range"]
    return low in ("hours", "h", "hourly", "weeks", "cycles")


def length(tokens: list[Token], i: int) -> Island | None:
    """A cycle's length: 'of repeated 28-day cycles', 'in a 21-day cycle', '(28-day cycle)', 'cycle of 3 weeks', 'of cycle'."""
    j = i
    while tokens[j].low in SETS["cycle_lead"]:
        j += 1
        if j > i + 6:
            return None
    if tokens[j].low in ("cycle", "cycles"):
        k = j + 1
        again = skip(tokens, k, ("is", "are", "being", "repeated", "repeat", "repeating"))
        if again > k and tokens[again].low == "every":  # 'cycles are repeated every 21 days'
            found = amount(tokens, again + 1)
            hit = find(TIMES, tokens, found.j) if found else None
            if found and hit and found.low == found.high:
                return Island(
                    "cycle", i, hit[1], {"cycle_length": (found.low or 0) * hit[0][0], "cycle_unit": hit[0][1]}
                )
        if tokens[k].low in ("of", "length", "=", ":"):
            found = amount(tokens, k + 1)
            hit = find(TIMES, tokens, found.j) if found else None
            if found and hit and found.low == found.high:
                (factor, unit), k = hit
                return Island("cycle", i, k, {"cycle_length": (found.low or 0) * factor, "cycle_unit": unit})
        if tokens[k].kind == NUMBER:
            return None
        return Island("plain_cycle", i, j + 1) if j > i else None
    found = amount(tokens, j)
    if found is None or found.low is None or found.low != found.high:
        return None
    hit = find(TIMES, tokens, found.j)
    if hit is None:
        return None
    (factor, unit), k = hit
    k = skip(tokens, k, ("treatment", "dosing", "repeating"))
    if tokens[k].low not in ("cycle", "cycles", "schedule", "course", "courses"):
        return None
    if tokens[k].low in ("course", "courses", "schedule") and unit != "d":
        return None
    if tokens[k].low in ("course", "courses"):
        return Island(
            "bounds",
            i,
            k + 1,
            {"bounds_low": found.low * factor, "bounds_high": found.low * factor, "bounds_unit": unit},
        )
    return Island("cycle", i, k + 1, {"cycle_length": found.low * factor, "cycle_unit": unit})


def on_off(tokens: list[Token], i: int) -> Island | None:
    """Time on and off: '14 days on, 7 days off', '4 weeks on/2 weeks off', 'for 21 days followed by 7 days off'.

    'for 2 weeks followed by a 1-week rest' and 'then 7 days rest' read the same way.
    """
    j = i + 1 if tokens[i].low in ("for", "x") else i
    first = amount(tokens, j)
    if first is None or first.low is None or first.low != first.high:
        return None
    after = first.j
    while tokens[after].low in ("consecutive", "successive"):
        after += 1
    hit = find(TIMES, tokens, after)
    if hit is None:
        return None
    (factor, unit), k = hit
    marked = tokens[k].low in ("on", "of", "treatment")
    if tokens[k].low in ("on", "treatment"):
        k += 1
        if tokens[k].low in ("treatment", "therapy"):
            k += 1
    elif tokens[k].low == "of" and tokens[k + 1].low in ("treatment", "therapy"):
        k += 2
    m = k
    while tokens[m].low in SETS["on_off_link"]:
        m += 1
        if m > k + 5:
            return None
    if m == k:
        return None
    second = amount(tokens, m)
    if second is None or second.low is None or second.low != second.high:
        return None
    hit2 = find(TIMES, tokens, second.j)
    if hit2 is None:
        return None
    (factor2, unit2), e = hit2
    e = skip(tokens, e, ("treatment", "drug", "tablet", "pill", "therapy", "of"))
    if tokens[e].low not in ("off", "rest", "break", "free", "pause", "without"):
        return None
    if (tokens[e].low == "free" and tokens[e + 1].low in ("interval", "period", "week")) or (
        tokens[e].low == "rest" and tokens[e + 1].low in ("period", "week")
    ):
        e += 1
    if unit not in ("d", "wk") or unit2 not in ("d", "wk"):
        return None
    del marked
    on, off = first.low * factor, second.low * factor2
    day = {"d": 1, "wk": 7}
    if unit != unit2:
        on, off, unit = on * day[unit], off * day[unit2], "d"
    on_days = on * day[unit]
    if on_days != int(on_days):
        return None
    fields: dict[str, Any] = {"cycle_length": on + off, "cycle_unit": unit, "days_on": int(on_days)}
    return Island("days", i, e + 1, fields, "on_off")


def _onwards(tokens: list[Token], j: int) -> int:
    """The token behind the words that leave a day without a last one: 'onwards', 'to end of treatment', 'and thereafter'; else j."""
    low = tokens[j].low
    if low in _OPEN or (low == "and" and tokens[j + 1].low in (*_OPEN, "on", "after")):
        return j + 1 + (low == "and")
    if low in ("+", "on") and tokens[j + 1].low in (":", ")", "|"):
        return j + 1
    k = skip(tokens, j + 1, ("the",))
    if (low in ("to", "until", "till", "through") or low in _DASHES) and tokens[k].low in ("end", "completion"):
        k += 1
        return skip(tokens, k, ("of", "the", "treatment", "therapy", "course")) if tokens[k].low == "of" else k
    return j


_OPEN = frozenset("onwards onward thereafter beyond".split())


def days_of_each(tokens: list[Token], i: int) -> Island | None:
    """The first days of each of so many: '7 days in every 28', 'for 5 days out of every 28 days', '14 of every 21 days', '5 days out of 7'."""
    j = i + (tokens[i].low in ("for", "on"))
    on = amount(tokens, j)
    if on is None or on.low is None or on.low != on.high or on.low != int(on.low):
        return None
    k = on.j + (tokens[on.j].low in ("day", "days"))
    told = k > on.j
    start = k
    k = skip(tokens, k, ("out", "in", "of"))
    of_week = tokens[k].value == 7 and (told or tokens[k + 1].low == "days")
    if k == start or not (of_week or (tokens[k].low in ("every", "each") and tokens[k + 1].kind == NUMBER)):
        return None
    whole = amount(tokens, k + (not of_week))
    if whole is None or whole.low is None or whole.low != whole.high or whole.low <= on.low:
        return None
    end = whole.j + (tokens[whole.j].low in ("day", "days"))
    if end == whole.j and (not told or find(TIMES, tokens, end) or tokens[end].low == "-"):
        return None  # '5 days in every 4 weeks', '5 days of each 28-day cycle'
    end += tokens[end].low in ("cycle", "cycles")
    return Island("days", i, end, {"cycle_length": whole.low, "cycle_unit": "d", "days_on": int(on.low)}, "on_off")


def continuous(tokens: list[Token], i: int) -> Island | None:
    """'continuously', 'indefinitely', 'lifelong', 'without a break'; not 'continuous infusion'."""
    low = tokens[i].low
    if low == "continuous" and tokens[i + 1].low in (
        "infusion",
        "iv",
        "intravenous",
        "subcutaneous",
        "sc",
        "nebulisation",
        "nebulization",
    ):
        return None
    if low in ("without", "with") and tokens[i + 1].low in ("a", "no", "interruption"):
        if tokens[i + 1].low == "interruption":
            return Island("continuous", i, i + 2, {"continuous": True})
        if tokens[i + 2].low in ("break", "breaks", "interruption", "rest"):
            return Island("continuous", i, i + 3, {"continuous": True})
        return None
    if low == "without":
        return None
    if low == "with":
        return None
    j = i + 1
    if low == "life":  # 'long term' tells no more than that the treatment is a long one
        if tokens[j].low != "long":
            return None
        j += 1
        if tokens[j].low not in (",", ".", ";", ")", ""):
            return None
    elif low == "for":
        if tokens[j].low != "life" or tokens[j + 1].low == "threatening":
            return None
        j += 1
    return Island("continuous", i, j, {"continuous": True})
