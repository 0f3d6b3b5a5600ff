"""Limits: the most that may be given, which is never a dose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monopipe.grammar.fields import unit_by
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, END, NUMBER, Token, skip
from monopipe.grammar.quantity import dose, number
from monopipe.grammar.timing import count_per, every, hourly
from monopipe.grammar.words import OFTEN, SETS, TIMES, UNITS, Often, find

LIMIT_WORDS = SETS["limit_words"]


_IS = frozenset(("is", "as", "being", "was"))
_HIGHEST = frozenset(
    "the an a its highest largest biggest top greatest absolute upper usual recommended daily total single adult licensed safe".split()
)
_BIGGER = SETS["bigger"]
LIMIT_MARKS = LIMIT_WORDS | _BIGGER | {"most", "highest", "largest", "greatest"}
"""The words of which every maximum holds one."""
_TOP = frozenset("highest largest biggest top greatest".split())
BEHIND_MARKS = LIMIT_WORDS | _TOP | {"most", "exceeded", "surpassed"}
"""The words of which every maximum that stands behind its amount holds one."""
_ONCE_A = {Often(1, None, 1.0, "d", None): "day", Often(1, None, 1.0, "wk", None): "week"}


_OF_DOSES = frozenset("of the first two three these them doses dose injections subcutaneous single".split())
LIMIT_FIRST = (
    "neither",
    "none",
    *LIMIT_WORDS,
    "not",
    "no",
    "never",
    "do",
    "should",
    "must",
    "daily",
    "total",
    "dose",
    "up",
    "may",
    "single",
    "to",
    "seldom",
    "the",
    "with",
    "don't",
    "and",
    "at",
)


def limit(tokens: list[Token], i: int) -> Island | None:
    """A maximum: 'max 4 g/day', 'not to exceed 2 g', 'no more than 8 tablets in 24 hours', 'maximum single dose 2 mg'.

    A limit is never a dose. Without a period it is a daily one beside a daily dose, else one of a single dose.
    """
    words = _words_before(tokens, i)
    if words is None:
        return None
    start, scope, negated = words
    if negated and (often := _most_often(tokens, i, start)) is not None:
        return often
    if _of_a_step(tokens, i):
        return _largest_step(tokens, i, start)
    if tokens[start].value is not None:
        return _counted(tokens, i, start, scope) or limit_value(tokens, i, start, scope)
    return limit_value(tokens, i, start, scope) if tokens[start].low in ("a", "an") else None


_DENIALS = frozenset("not no never don't seldom rarely".split())
_SCOPES = {
    "daily": "day",
    "day": "day",
    "24": "day",
    "hour": "day",
    "hours": "day",
    "24-hour": "day",
    "single": "dose",
    "individual": "dose",
    "weekly": "week",
}
"""Of what a word makes a maximum the most, where no word before has said it."""


def _words_before(tokens: list[Token], i: int) -> tuple[int, str, bool] | None:
    """The words of a maximum before its amount: where they end, of what it is the most, and whether they deny more."""
    j, scope, negated, seen = i, "", False, False
    for _ in range(16):
        low = tokens[j].low
        if low in LIMIT_WORDS:
            seen = True
            scope = "day" if low == "mdd" else scope  # the maximum daily dose
        elif low == "at" and tokens[j + 1].low == "most" and tokens[j - 1].low != "to":
            seen = True  # 'at most 4 g/day'; but 'increased to at most 20 mg' is a dose
            j += 1
        elif low in ("neither", "none") and j == i:  # 'neither of the first two doses may exceed 100 mg'
            negated, scope = True, "dose"
            j = skip(tokens, j + 1, _OF_DOSES) - 1
        elif low in _DENIALS:
            negated = True
        elif low in _BIGGER:
            if not negated:
                return None
            seen = True
        elif low in ("24", "hour", "hours") and not _of_24_hours(tokens, j):
            break
        elif low in _SCOPES or (low == "dose" and tokens[j - 1].low == "per"):
            scope = scope or _SCOPES.get(low, "dose")
        elif low in ("cumulative", "lifetime"):
            scope = "life"
        elif low in SETS["limit_between"] and (j > i or low in SETS["limit_lead"]):
            scope = scope or ("rate" if low in ("infusion", "rate") else "")
        elif low != "." or tokens[j - 1].low not in ("max", "maximum"):
            break
        j += 1
    return (j, scope, negated) if seen else None


def _of_24_hours(tokens: list[Token], j: int) -> bool:
    if tokens[j].low == "24":
        return tokens[j + 1].low in ("hour", "hours", "h", "hourly")
    return tokens[j - 1].low == "24"


def _counted(tokens: list[Token], i: int, start: int, scope: str) -> Island | None:
    """A maximum whose number has no unit of mass: 'max 4 daily', 'no more than 6 cycles', '8 doses a day', 'twice a week'."""
    bare = number(tokens, start)
    if bare and not find(UNITS, tokens, bare[1]):
        span = _per_day(tokens, bare[1])
        if span and span[0] in _MOST_OF:
            return Island("limit", i, span[1], {_MOST_OF[span[0]]: bare[0]}, "unitless")
    most, k = bare or (0, start + 1)
    if tokens[k].low in ("cycle", "cycles", "courses") and most == int(most):
        return Island("cycles", i, k + 1, {"cycles_min": None, "cycles_max": int(most)})
    if tokens[k].low in ("dose", "doses"):
        k += 1
        period = _per_day(tokens, k) or ((scope, k) if scope in _MOST_OF else None)
        if period is None or period[0] not in _MOST_OF:
            return Island("lost", i, period[1] if period else k)  # 'max 4 doses in 12 hours'
        return Island(
            "limit", i, period[1], {_MOST_OF[period[0]]: bare[0] if bare else None, "max_dose_unit": "{dose}"}
        )
    if tokens[k].low in ("times", "time") and (isl := count_per(tokens, start)):
        return _at_most(isl, i)
    return None


_MOST_OF = {"day": "max_daily_dose", "week": "max_weekly_dose"}


def _most_often(tokens: list[Token], i: int, j: int) -> Island | None:
    """How often at most: 'no more than twice a day', 'not more often than every 4 hours'."""
    if tokens[j].low == "often" and tokens[j + 1].low == "than":
        j += 2
    hours = tokens[j].kind == NUMBER and tokens[j - 1].low == "than" and tokens[j - 2].low == "often"
    if not hours and tokens[j].low not in ("once", "twice", "every", "q"):
        return None
    isl = hourly(tokens, j) if hours else count_per(tokens, j) or every(tokens, j)
    if isl is None or isl.kind != "often" or isl.fields.get("frequency") is None:
        return None
    return _at_most(isl, i)


def _at_most(often: Island, i: int) -> Island:
    """How often as the most that may be given, with its words from token i on."""
    times = often.fields.pop("frequency", None)
    often.fields.setdefault("frequency_max", times)
    return Island("often", i, often.j, often.fields, "limit")


def most_is(tokens: list[Token], i: int) -> Island | None:
    """A maximum in plain words: 'the most they can have is 20 mg a day', 'the most that may be taken in a day is 4 g'."""
    if i == 0 or tokens[i - 1].low != "the":
        return None
    k = next(
        (
            k
            for k in range(i + 1, i + 10)
            if tokens[k].low in ("is", ",", ".", ";", ":") or tokens[k].kind in (NUMBER, END)
        ),
        i,
    )
    if tokens[k].low != "is" or tokens[k + 1].kind != NUMBER:
        return None
    between = {t.low for t in tokens[i + 1 : k]}
    if between and between.isdisjoint(_MAY):
        return None
    scope = "day" if between & {"day", "daily", "24"} else "dose" if between & {"dose", "time", "once"} else ""
    return limit_value(tokens, i - 1, k + 1, scope)


_MAY = frozenset("can may should could must have given taken used allowed".split())


def at_most(tokens: list[Token], i: int) -> Island | None:
    """A maximum in plain words: 'nobody should have more than 80 mg in a day', 'the highest dose is 20 mg a day'."""
    if tokens[i].low in ("nobody", "no"):
        j = i + 1 + (tokens[i].low == "no")
        start = skip(tokens, j, _HAVE)
        if start == j or tokens[start].low not in _BIGGER or tokens[j - 1].low not in _ANYONE:
            return None
        start += 1 + (tokens[start + 1].low == "than")
        return limit_value(tokens, i, start, "") if tokens[start].value is not None else None
    j = skip(tokens, i + 1, _HIGHEST)
    if tokens[i].low == "top" and tokens[skip(tokens, j, ("dose",))].kind == NUMBER:
        j = skip(tokens, j, ("dose",)) - 2  # 'top dose 3 mg', '(top 60 mg/kg a day)'
    elif tokens[j].low not in ("dose", "dosage", "amount") or tokens[j + 1].low not in (*_IS, ":"):
        return None
    words = {t.low for t in tokens[i + 1 : j]}
    scope = next((scope for word, scope in _SCOPES.items() if word in words), "")
    start = skip(tokens, j + 2, ("usually", "generally", "about"))
    return limit_value(tokens, i, start, scope) if tokens[start].value is not None else None


_SCOPES = {"daily": "day", "weekly": "week", "single": "dose"}
_ANYONE = frozenset("nobody one adult adults child children patient patients person".split())
_HAVE = frozenset(
    "should must may can is are to ever be have take get receive use need swallow given inject inhale".split()
)


def _of_a_step(tokens: list[Token], i: int) -> bool:
    """Whether a maximum at token i is that of a step whose amount is not told yet, unlike 'in increments of 15 mg up to a maximum of'."""
    near = tokens[max(i - 4, 0) : i]
    for k, t in enumerate(near):
        if t.low.startswith("increment") or t.low in ("steps", "increase", "increases"):
            leads = any(s.low == "to" for s in (*near[k + 1 :], tokens[i]))  # 'may increase to a maximum of 100 mg/day'
            return not (leads or any(s.kind == NUMBER for s in tokens[max(i - len(near) + k - 2, 0) : i]))
    return False


def _largest_step(tokens: list[Token], i: int, j: int) -> Island:
    """How much a dose may change at a time: 'increments are limited to 25 mg/day', 'in steps of no more than 5 mg'."""
    most = dose(tokens, j)
    if most is None or most.kind != "dose" or most.fields["dose_basis"] == "percent_of_dose":
        return Island("lost", i, most.j if most else j)
    fields = {**most.fields, "dose_low": None, "dose_is": "increment"}
    if most.fields["dose_is"] == "per_day":
        fields.update(frequency=1, period=1.0, period_unit="d")
    return Island("dose", i, most.j, fields, "increment")


def limit_value(tokens: list[Token], i: int, start: int, scope: str) -> Island | None:
    """The amount of a limit whose words begin at token i and whose amount begins at `start`: '8 puffs in 24 hours'."""
    isl = dose(tokens, start)
    if isl is None or isl.kind != "dose":
        if isl is not None and isl.kind == "rate":
            if isl.fields.get("rate_low") == isl.fields.get("rate_high") is not None:
                return Island("rate", i, isl.j, {**isl.fields, "rate_low": None}, MOST)  # 'at no more than 25 mg/min'
            return Island("lost", i, isl.j)
        return Island("lost", i, start + 1) if tokens[start].value is not None else None
    f = isl.fields
    end = isl.j
    high = f.get("dose_high") or f.get("dose_low")
    unit = unit_by(f)
    if f.get("dose_is") == "per_day":
        scope = "day"
    elif f.get("dose_is") == "per_course":
        scope = "course"
    elif isl.note == "each":
        scope = "dose"
    elif f.get("period_unit"):
        scope = (
            "day"
            if f["period_unit"] == "d" or (f["period_unit"] == "h" and f["period"] == 24)
            else "week"
            if f["period_unit"] == "wk" and f["period"] == 1
            else "other"
        )
    else:
        period = _per_day(tokens, end) or _per_day(tokens, skip(tokens, end, _TAKEN))
        if period and period[0] == "other" and (interval := _long_interval(tokens, end)) is not None:
            fields = {"max_single_dose": high, "max_dose_unit": unit}
            return Island("limit", i, interval.j, fields, interval.fields)  # 'max 50 mg every 2 weeks'
        if period:
            scope, end = period
        elif tokens[end].low in ("once", "od") and (often := find(OFTEN, tokens, end)) and often[0] in _ONCE_A:
            scope, end = (
                _ONCE_A[often[0]],
                often[1],
            )  # 'to a maximum of 2 g once daily' says nothing of the step's own frequency
        elif (often := find(OFTEN, tokens, end)) and often[0].period_unit == "d" and (often[0].frequency or 0) > 1:
            scope, end = "dose", often[1]  # 'maximum 1 g twice daily' caps each dose
        elif (again := _hourly(tokens, end)) is not None:
            scope, end = "dose", again  # 'no more than 200 mg q12h'
    lost: tuple[int, ...] = ()
    if behind := behind_bracket(tokens, end):
        lost = tuple(range(end + 1, behind - 1))
        end = behind
    if tokens[end].low == "in" and tokens[end + 1].low in ("total", "all"):
        return Island("lost", i, end + 2)  # of the whole course
    columns = {"day": "max_daily_dose", "dose": "max_single_dose", "week": "max_weekly_dose", "": "max"}
    if scope not in columns or f.get("dose_low") != f.get("dose_high"):
        return Island("lost", i, end)
    fields = {columns[scope]: high, "max_dose_unit": unit}
    if (differs := _another_top(tokens, end, f, scope)) is not None:
        return Island("lost", i, differs)
    second = _second(tokens, i, end, fields)
    if second is None:
        return Island("limit", i, end, fields, None, lost)
    if second.fields.get("max_dose_unit") != unit:  # '1 g per dose and 4000 mg per day': one unit has a column
        return Island("limit", i, second.j, fields, None, (*lost, *range(end, second.j)))
    return Island("limit", i, second.j, {**fields, **second.fields}, None, (*lost, *second.lost))


def _long_interval(tokens: list[Token], k: int) -> Island | None:
    """An interval of weeks or months at a token: what may be given in it is one dose where doses are so far apart."""
    found = every(tokens, k) if tokens[k].low == "every" else None
    return (
        found if found is not None and found.kind == "often" and found.fields["period_unit"] in ("wk", "mo") else None
    )


def most_a_day(tokens: list[Token], i: int, before: Sequence[Island]) -> Island | None:
    """The most of a day behind a dose: '2 mg IM, repeated if needed, up to 6 mg in 24 hours'."""
    if tokens[i].low != "up" or tokens[i + 1].low != "to" or not any(p.kind == "dose" for p in before):
        return None
    if before[-1].kind == "change" and before[-1].j == i:
        return None  # 'increase to up to 4 mg/day (8 tablets)' is the dose to reach
    found = limit_value(tokens, i, i + 2, "")
    if found is None or "max_daily_dose" not in found.fields:
        return None
    last = next(p.j for p in reversed(before) if p.kind == "dose")
    repeated = any(t.low in ("repeat", "repeated", "repeating") for t in tokens[last:i])
    return found if repeated or tokens[found.j - 1].low not in _DAILY else None


_DAILY = frozenset("daily day d".split())  # 'up to 400 mg daily' may be a dose as well: the schedule before it tells


def most_in_all(tokens: list[Token], i: int) -> Island | None:
    """The most of all doses together, none itself: 'up to 3 mg/kg total', 'up to a total of 20 mg', 'up to 40 mg in total'."""
    if tokens[i].low != "up" or tokens[i + 1].low != "to":
        return None
    most = dose(tokens, i + 2)
    if most is None or most.kind != "dose" or tokens[most.j - 1].low in _DAILY:
        return None
    k = most.j + (tokens[most.j].low == "in")
    end = k + 1 + (tokens[k + 1].low in ("dose", "doses"))
    summed = tokens[k].low in _IN_ALL and tokens[end].low not in (*_DAILY, "per", "a", "in", "each", "every")
    return Island("lost", i, end) if summed else None


_IN_ALL = frozenset("total altogether overall cumulative cumulatively".split())


def placed(isl: Island | None, before: Sequence[Island]) -> Island | None:
    """A limit as the islands before it allow: the most of an interval caps a dose given once in it, a rate the dose before it.

    '25 mg every 2 weeks, maximum 50 mg every 2 weeks', '15 mg/kg IV, not faster than 50 mg/min'
    """
    if isl is not None and isl.kind == "limit" and isinstance(isl.note, dict):
        last = next((p.fields for p in reversed(before) if p.kind == "often"), None)
        if last != isl.note:
            return Island("lost", isl.i, isl.j)
        isl.note = None
    if isl is not None and isl.note == MOST:
        dosed = next(
            (p for p in reversed(before) if p.kind in ("dose", "rate") or p.note in ("sentence", "break", "semi")), None
        )
        if dosed is None or dosed.kind != "dose" or dosed.note not in ("mass", "activity"):
            return Island("lost", isl.i, isl.j)
    return isl


MOST = "most"
"""The note of a rate that is no more than the fastest that a dose may be given at."""


def behind_bracket(tokens: list[Token], k: int) -> int:
    """The token behind a bracket with nothing but an amount, '(300 mg)', where one opens at token k; else 0."""
    told = dose(tokens, k + 1) if tokens[k].low == "(" and tokens[k + 1].value is not None else None
    return told.j + 1 if told is not None and tokens[told.j].low == ")" else 0


def _another_top(tokens: list[Token], end: int, f: dict[str, Any], scope: str) -> int | None:
    """The token behind a second amount of the same kind, of which nothing says when it holds: 'max 240 mcg or 360 mcg'."""
    if tokens[end].low not in ("or", "/") or tokens[end + 1].value is None:
        return None
    other = dose(tokens, end + 1)
    alike = ("dose_unit", "dose_basis", "dose_is")
    if other is None or other.kind != "dose" or any(other.fields.get(k) != f.get(k) for k in alike):
        return None
    period = _per_day(tokens, other.j)
    return other.j if period is None or period[0] == scope else None


def _second(tokens: list[Token], i: int, end: int, first: dict[str, Any]) -> Island | None:
    """A limit of another time that stands behind the first: '100 mg per dose and 400 mg/day'."""
    k = skip(tokens, end, (",", "and", "or"))
    if k == end or tokens[k].value is None:
        return None
    found = limit_value(tokens, i, k, "")
    if (
        found is None
        or found.kind != "limit"
        or "max" in found.fields
        or set(found.fields) & (set(first) - {"max_dose_unit"})
    ):
        return None
    if "or" in (tokens[k - 1].low, tokens[k - 2].low) and tokens[found.j].low in ("in", "for", "if"):
        return None  # '100 mg daily, or 12.5 mg twice daily in the elderly'
    closed = tokens[found.j].low in (".", ";", ")", "", ",")
    return found if closed or tokens[k - 1].low in ("and", "or") else None


def _hourly(tokens: list[Token], k: int) -> int | None:
    """The token after an interval of hours between doses: 'q12h', 'q6h'; 'every 6 hours' may bound a sum."""
    if tokens[k].low == "every":
        return None
    if (often := find(OFTEN, tokens, k)) and often[0].period_unit == "h":
        return often[1]
    found = every(tokens, k) if tokens[k].low == "q" else None
    return found.j if found is not None and found.kind == "often" and found.fields["period_unit"] == "h" else None


def limit_behind(tokens: list[Token], i: int) -> Island | None:
    """An amount that the words behind it make a maximum: '40 mg daily is the upper limit', '4 g a day must not be exceeded'."""
    found = limit_value(tokens, i, i, "")
    if found is None or found.kind != "limit":
        return None
    amount_of = dose(tokens, i)
    if amount_of is not None and tokens[amount_of.j].low in _IS and found.j > amount_of.j:
        found.j = amount_of.j  # '20 mg is the daily maximum': 'daily' belongs to the words behind
        if "max_daily_dose" in found.fields:
            found.fields["max"] = found.fields.pop("max_daily_dose")
    if end := _not_exceeded(tokens, found.j) or _at_the_most(tokens, found.j):
        if tokens[end - 1].low == "daily" and "max" in found.fields:
            found.fields["max_daily_dose"] = found.fields.pop("max")  # '40 mg max daily'
        found.j = end
        return found
    k = found.j
    if (
        tokens[k].low in ("per", "for", "in")
        and tokens[skip(tokens, k + 1, ("each", "every", "any", "one", "an"))].low in _OCCASIONS
    ):
        k = skip(tokens, k + 1, ("each", "every", "any", "one", "an")) + 1
        if "max" in found.fields:  # '800 micrograms per episode is the highest dose'
            found.fields["max_single_dose"] = found.fields.pop("max")
    if tokens[k].low not in _IS:
        return None
    k = start = skip(tokens, k + 1, ("also", "thus", "therefore", "then"))
    while tokens[k].low in _HIGHEST:
        k += 1
    top = tokens[k].low in ("dose", "dosage", "amount") and any(t.low in _TOP for t in tokens[start:k])
    most = tokens[k].low == "most" and tokens[k + 1].low in ("that", "a", "to")
    if tokens[k].low not in LIMIT_WORDS and not (most or top):
        return None
    found.j = k + 1
    behind = _per_day(tokens, found.j) if tokens[found.j].low in ("for", "in", "per", "a") else None
    if "max" in found.fields and behind is not None and behind[0] in ("day", "week"):
        found.fields[f"max_{'daily' if behind[0] == 'day' else 'weekly'}_dose"] = found.fields.pop("max")
        found.j = behind[1]  # '14 mg is also the maximum for a day'
    elif "max" in found.fields and any(t.low in ("daily", "24-hour") for t in tokens[start:k]):
        found.fields["max_daily_dose"] = found.fields.pop("max")
    elif most and "max" in found.fields and (end := _in_a_day(tokens, k + 1)):
        found.fields["max_daily_dose"] = found.fields.pop("max")
        found.j = end
    return found


def _at_the_most(tokens: list[Token], k: int) -> int:
    """The token after 'at most', 'at the most' or 'max' behind an amount, where nothing else is said: '20 mg at most'; else 0."""
    if tokens[k].low in ("max", "maximum"):
        end = k + 1
    else:
        end = k + 2 + (tokens[k + 1].low == "the")
        if tokens[k].low != "at" or tokens[end - 1].low != "most":
            return 0
    end += tokens[end].low == "daily"
    return end if tokens[end].kind in (END, BREAK) or tokens[end].low in (",", ";", ".", ")", "|") else 0


_OCCASIONS = frozenset("episode attack bout occasion flare".split())


def _in_a_day(tokens: list[Token], k: int) -> int:
    """The token behind '… that should be taken in a day'; 0 where no day is told before the sentence goes on."""
    for m in range(k, k + 8):
        if tokens[m].low in ("in", "per", "within", "a", "each", "every") and (
            span := _per_day(tokens, m + (tokens[m].low != "a"))
        ):
            return span[1] if span[0] == "day" else 0
        if tokens[m].kind == NUMBER or tokens[m].low in (",", ".", ";", "and", "but", "for"):
            return 0
    return 0


def _not_exceeded(tokens: list[Token], k: int) -> int:
    """The token after 'must not be exceeded', 'should never be surpassed'; 0 where it does not stand here."""
    if tokens[k].low in ("must", "should", "may", "can", "is", "are") and tokens[k + 1].low in ("not", "never"):
        k += 3 if tokens[k + 2].low in ("be", "to") else 2
        k += tokens[k].low == "be"
        return k + 1 if tokens[k].low in ("exceeded", "surpassed") else 0
    return 0


_TAKEN = frozenset("may must should can be is are taken given used administered to".split())


def _first_day(tokens: list[Token], k: int) -> int:
    """The token after 'on day 1' or 'on the first day'; k where they do not stand here."""
    words = [t.low for t in tokens[k : k + 4]]
    if words[:3] == ["on", "day", "1"]:
        return k + 3
    return k + 4 if words == ["on", "the", "first", "day"] else k


def _per_day(tokens: list[Token], k: int) -> tuple[str, int] | None:
    """The period of a limit after its amount: 'daily', 'a day', 'in 24 hours', 'every 24 hours', 'per dose', 'weekly', 'total'."""
    stop = k + 8
    if (end := _first_day(tokens, k)) > k:
        return "day", end
    while k < stop and tokens[k].low in SETS["per_day_words"] and tokens[k].low != "":
        if tokens[k].low == "(" or (
            tokens[k].low == "for" and tokens[k + 1].low not in ("each", "a", "one", "any", "single")
        ):
            return None
        k += 1
    low = tokens[k].low
    if low in ("day", "daily", "d"):
        return "day", k + 1
    if low in ("24", "24-hour") or tokens[k].value == 24:
        m = k + 1
        if tokens[m].low in ("hours", "h", "hour", "hrs", "hr", "hourly"):
            m += 1
            return ("day", m + 1) if tokens[m].low == "period" else ("day", m)
        return None
    if low == "twenty" and tokens[k + 1].low == "four" and tokens[k + 2].low.startswith("h"):
        return "day", k + 3
    if low in ("dose", "administration", "injection", "infusion"):
        return "dose", k + 1
    if low in ("week", "weekly"):
        return "week", k + 1
    if low in ("course", "cycle", "lifetime", "month"):
        return "course", k + 1
    if (
        low == "hour"
        or low == "hours"
        or (
            tokens[k].value is not None
            and tokens[k].kind == NUMBER
            and find(TIMES, tokens, k + 1)
            and tokens[k - 1].low in ("in", "per", "every", "within", "any", "each", "a", "one")
        )
    ):
        return "other", k + 1
    return None
