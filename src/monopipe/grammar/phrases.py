"""Routes, limits, reasons, conditions, partners, steps: what stands around the amount."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, END, NAME, NUMBER, PUNCT, TEXT, WORD, Token, skip
from monopipe.grammar.quantity import dose, number
from monopipe.grammar.timing import count_per
from monopipe.grammar.words import (
    FORMS,
    OFTEN,
    ROUTES,
    SETS,
    STEPS,
    TIMES,
    UNITS,
    WHEN,
    WHO,
    drug_like,
    find,
    known,
)

_STOP = frozenset((",", ";", "(", ")", ":", "|", ""))


def route(tokens: list[Token], i: int, text: str) -> Island | None:
    """A route: 'orally', 'by mouth', 'IV', 's.c.', 'into both ears'; two of them ('IM or IV') leave the code null."""
    hit = find(ROUTES, tokens, i)
    if hit is None:
        return None
    (code, hint), j = hit
    if i and tokens[i - 1].low == "with" and not hint:
        return Island("lost", i, j)
    if tokens[i].low == "pr" and tokens[j].low == "interval":
        return None
    if hint:
        return Island("hint", i, j, {"route": code}, None)
    k = j
    codes = {code}
    while tokens[k].low in ("or", "/", "and") or (tokens[k].low == "," and tokens[k + 1].low == "or"):
        m = k + (2 if tokens[k].low == "," else 1)
        second = find(ROUTES, tokens, m)
        if second is None or second[0][1]:
            break
        codes.add(second[0][0])
        k = second[1]
    if k > j and tokens[k].low in ("injection", "infusion"):
        k += 1
    if tokens[k].low in ("route",):
        k += 1
    fields: dict[str, Any] = {"route_text": text[tokens[i].start : tokens[k - 1].end]}
    if len(codes) == 1:
        fields["route"] = code
    return Island("route", i, k, fields)


def form(tokens: list[Token], i: int, text: str) -> Island | None:
    """A dose form: 'prolonged-release tablets', 'gastro-resistant', 'oral suspension'."""
    hit = find(FORMS, tokens, i)
    if hit is None:
        return None
    kind, j = hit
    while more := find(FORMS, tokens, j):
        kind, j = ("form" if "form" in (kind, more[0]) else kind), more[1]
    return Island("form", i, j, {"dose_form": text[tokens[i].start : tokens[j - 1].end]}, kind)


LIMIT_WORDS = SETS["limit_words"]
_BIGGER = SETS["bigger"]


def limit(tokens: list[Token], i: int) -> Island | None:
    """A maximum: 'max 4 g/day', 'not to exceed 2 g', 'no more than 8 tablets in 24 hours', 'maximum single dose 2 mg'.

    A limit is never a dose. Without a period it is a daily one beside a daily dose, else one of a single dose.
    """
    j = i
    scope = ""
    low = tokens[j].low
    negated = False
    seen = False
    for _ in range(16):
        low = tokens[j].low
        if low in LIMIT_WORDS:
            seen = True
        elif low in ("not", "no", "never", "don't", "seldom", "rarely"):
            negated = True
        elif low in _BIGGER:
            if not negated:
                return None
            seen = True
        elif low in ("daily", "day", "24", "hour", "hours", "24-hour") and low != "":
            if low == "24" and tokens[j + 1].low not in ("hour", "hours", "h", "hourly"):
                break
            if low in ("hour", "hours") and tokens[j - 1].low != "24":
                break
            scope = scope or "day"
        elif low in ("single", "individual"):
            scope = scope or "dose"
        elif low == "." and tokens[j - 1].low in ("max", "maximum"):
            pass
        elif low in ("weekly",):
            scope = scope or "week"
        elif low in ("cumulative", "lifetime"):
            scope = "life"
        elif low in SETS["limit 2"] and (j > i or low in SETS["limit"]):
            if low in ("infusion", "rate"):
                scope = scope or "rate"
            if low == "up" and seen:
                pass
        else:
            break
        j += 1
    if not seen:
        return None
    if tokens[j].value is None and tokens[j].low not in ("a", "an"):
        return None
    start = j
    if tokens[start].value is not None:
        bare = number(tokens, start)
        if (
            bare
            and not find(UNITS, tokens, bare[1])
            and (span := _per_day(tokens, bare[1]))
            and span[0] in ("day", "week")
        ):
            return Island(
                "limit", i, span[1], {"max_daily_dose" if span[0] == "day" else "max_weekly_dose": bare[0]}, "unitless"
            )
        _, after = number(tokens, start) or (0, start + 1)
        k = after
        if tokens[k].low in ("dose", "doses"):
            k += 1
            period = _per_day(tokens, k) or ((scope, k) if scope in ("day", "week") else None)
            if period:
                value = number(tokens, start)
                return Island(
                    "limit",
                    i,
                    period[1],
                    {
                        "max_daily_dose" if period[0] == "day" else "max_weekly_dose": value[0] if value else None,
                        "max_dose_unit": "{dose}",
                    },
                )
            return Island("lost", i, k)
        if tokens[k].low in ("times", "time") and (isl := count_per(tokens, start)):
            f = isl.fields
            f["frequency_max"], f["frequency"] = f.get("frequency_max") or f["frequency"], 0
            return Island("often", i, isl.j, f, "limit")
    return limit_value(tokens, i, start, scope)


def limit_value(tokens: list[Token], i: int, start: int, scope: str) -> Island | None:
    """The amount of a limit whose words begin at token i and whose amount begins at `start`: '8 puffs in 24 hours'."""
    isl = dose(tokens, start)
    if isl is None or isl.kind != "dose":
        if isl is not None and isl.kind == "rate":
            return Island("lost", i, isl.j)
        return Island("lost", i, start + 1) if tokens[start].value is not None else None
    f = isl.fields
    end = isl.j
    high = f.get("dose_high") or f.get("dose_low")
    unit = str(f.get("dose_unit"))
    basis = f.get("dose_basis")
    unit += {"per_kg": "/kg", "per_m2": "/m2"}.get(str(basis), "")
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
        period = _per_day(tokens, end)
        if period:
            scope, end = period
    lost: tuple[int, ...] = ()
    if (
        tokens[end].low == "("
        and tokens[end + 1].value is not None
        and (other := dose(tokens, end + 1))
        and tokens[other.j].low == ")"
    ):
        lost = tuple(range(end + 1, other.j))
        end = other.j + 1
    columns = {"day": "max_daily_dose", "dose": "max_single_dose", "week": "max_weekly_dose", "": "max"}
    if scope not in columns or f.get("dose_low") != f.get("dose_high"):
        return Island("lost", i, end)
    return Island("limit", i, end, {columns[scope]: high, "max_dose_unit": unit}, None, lost)


def _per_day(tokens: list[Token], k: int) -> tuple[str, int] | None:
    """The period of a limit after its amount: 'daily', 'a day', 'in 24 hours', 'every 24 hours', 'per dose', 'weekly', 'total'."""
    stop = k + 8
    while k < stop and tokens[k].low in SETS["per_day"] and tokens[k].low != "":
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
            and tokens[k - 1].low in ("in", "per", "every", "within")
        )
    ):
        return "other", k + 1
    return None


LIMIT_FIRST = (
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
)


def as_needed(tokens: list[Token], i: int, text: str) -> Island | None:
    """As needed, with its reason: 'PRN pain', 'as needed for nausea', 'when required', 'if necessary', 'after each loose stool'."""
    low = tokens[i].low
    j = i
    if low == "prn":
        j = i + 1
    elif low in ("as", "when", "if", "whenever", "where", "only"):
        j = i + 1
        j = skip(tokens, j, ("and", "when", "or", "if", "as", "often"))
        if tokens[j].low not in ("needed", "required", "necessary", "reqd", "need", "wanted"):
            return None
        j += 1
    elif low == "on" and tokens[i + 1].low == "demand":
        j = i + 2
    elif (
        low == "after"
        and tokens[i + 1].low in ("each", "every")
        and tokens[i + 2].low in ("episode", "loose", "unformed", "bowel", "stool", "attack")
    ):
        end = _reason(tokens, i + 1)
        return Island(
            "prn", i, end, {"as_needed": True, "as_needed_for": text[tokens[i + 1].start : tokens[end - 1].end]}
        )
    else:
        return None
    fields: dict[str, Any] = {"as_needed": True}
    k = j
    if tokens[k].low == "(" and tokens[k + 1].low == "prn" and tokens[k + 2].low == ")":
        k += 3
        j = k
    if (
        tokens[k].low in ("for", "when", "to", "if")
        and tokens[k + 1].low not in ("up", "a", "x")
        and tokens[k + 1].value is None
    ):
        k += 1
        if tokens[k].low in ("the", "relief") and tokens[k - 1].low == "for" and tokens[k].low == "the":
            pass
    elif low != "prn":
        return Island("prn", i, j, fields)
    start = k
    end = _reason(tokens, start)
    if end > start:
        fields["as_needed_for"] = text[tokens[start].start : tokens[end - 1].end]
        return Island("prn", i, end, fields)
    return Island("prn", i, j, fields)


def _reason(tokens: list[Token], i: int) -> int:
    """The token after a reason's words: it ends at punctuation, a number, or a dosing word."""
    j = i
    while tokens[j].kind in (WORD, NAME) and tokens[j].value is None and j < i + 9:
        low = tokens[j].low
        if low in SETS["reason"]:
            break
        if j > i and low == "for" and tokens[j + 1].value is not None:
            break
        if low == "for" and tokens[j + 1].low == "up":
            break
        if find(ROUTES, tokens, j) and j + 1 >= i and not (find(ROUTES, tokens, j) or ((0, True), 0))[0][1]:
            break
        if find(OFTEN, tokens, j) and j > i and low not in ("on",):
            break
        if find(WHEN, tokens, j) and j > i and low in ("at", "in", "with", "before", "after"):
            break
        j += 1
    while j > i and tokens[j - 1].low in ("or", "and", "for", "the", "of", "to", "a"):
        j -= 1
    return j


def condition(tokens: list[Token], i: int, text: str) -> Island | None:
    """A condition or an end as printed: 'if tolerated', 'until progression', 'as tolerated', 'according to response', 'unless …'."""
    low = tokens[i].low
    if low in SETS["condition 5"]:
        k = i + 1
        k = skip(
            tokens,
            k,
            SETS["condition 4"],
        )
        if low == "as":
            if tokens[k].low not in ("tolerated", "tolerability", "directed", "clinically"):
                return None
            if tokens[k].low == "directed":
                return Island("ignore", i, k + 1)
        elif tokens[k].low not in SETS["condition 3"]:
            return None
        end = k + 1
        while tokens[end].low in ("and", "or", "/") and tokens[end + 1].low in SETS["condition 2"]:
            end += 2
        if tokens[end].low in ("levels", "level", "function"):
            end += 1
        return Island("condition", i, end, {"condition_text": text[tokens[i].start : tokens[end - 1].end]})
    if low == "when" and tokens[i + 1].low == "used":
        return None
    if low == "in" and not (
        tokens[i + 1].low == "case"
        or (tokens[i + 1].low == "the" and tokens[i + 2].low in ("absence", "presence", "event"))
    ):
        return None
    j = i + 1
    depth = 0
    while tokens[j].kind not in (END, BREAK) and j < i + 40:
        t = tokens[j]
        if t.low == "(":
            if tokens[j + 1].low in LIMIT_WORDS or (tokens[j + 1].low == "up" and tokens[j + 2].low == "to"):
                break
            depth += 1
        elif t.low == ")":
            if depth == 0:
                break
            depth -= 1
        elif t.low in (";", "|") or (t.low == "." and tokens[j].end >= 0 and sentence_end(tokens, j, text)):
            break
        elif t.low in (",", ":") and depth == 0:
            if not (tokens[j + 1].low in ("or", "and") and not find(UNITS, tokens, j + 3)):
                break
        elif (
            t.low in ("then", "followed")
            or (
                t.low in ("max", "maximum", "not") and tokens[j + 1].low in ("to", "exceed", "dose") and low != "unless"
            )
            or (
                (
                    t.kind == NUMBER
                    and low != "unless"
                    and (isl := dose(tokens, j))
                    and isl.kind == "dose"
                    and isl.note in ("mass", "count", "activity", "volume")
                )
                and tokens[j - 1].low not in SETS["condition"]
            )
        ):
            break
        j += 1
    if j == i + 1:
        return None
    return Island("condition", i, j, {"condition_text": text[tokens[i].start : tokens[j - 1].end]})


_NO_STOP = SETS["no_stop"]


def sentence_end(tokens: list[Token], i: int, text: str) -> bool:
    """Whether the full stop at token i ends a sentence: '… daily. Increase', not 'max. 4 g'."""
    after = tokens[i + 1]
    if after.kind == END or after.kind == BREAK:
        return True
    if i and tokens[i - 1].low in _NO_STOP and after.start > tokens[i].end:
        first = text[after.start]
        return first.isupper() and tokens[i - 1].low not in SETS["sentence_end"]
    if after.start > tokens[i].end:
        return True
    return (text[after.start].isupper() and text[tokens[i].start - 1 : tokens[i].start].islower()) or text[
        tokens[i].start - 1 : tokens[i].start
    ] == ")"


_WITH_ONLY = SETS["with_only"]


def partner(tokens: list[Token], i: int, text: str, own: Collection[str]) -> Island | None:
    """Drugs it is given with: 'in combination with dexamethasone', 'with X 40 mg weekly', 'plus Y'.

    A partner's own dose and schedule are read with it and never set a column of this drug.
    """
    low = tokens[i].low
    j = i
    strong = False
    if low in SETS["partner 3"]:
        k = i + 1
        k = skip(
            tokens,
            k,
            SETS["partner 2"],
        )
        if k == i + 1 or tokens[k - 1].low not in ("with", "to"):
            return None
        strong, j = True, k
    elif low in ("with", "plus"):
        j = i + 1
        strong = False
    elif low in ("+", "and"):
        j = i + 1
    else:
        return None
    if tokens[j].low in SETS["partner"] and (strong or drug_like(tokens[j + 1]) or drug_like(tokens[j + 2])):
        j += 2 if tokens[j].low in ("low", "high") and tokens[j + 1].low == "dose" else 1
    names: list[str] = []
    k = j
    while True:
        token = tokens[k]
        if token.kind == TEXT:
            names.append(text[token.start + 1 : token.end - 1])
            k += 1
        else:
            if token.kind not in (WORD, NAME) or token.low in own or token.low in _WITH_ONLY or token.value is not None:
                break
            looks = drug_like(token)
            if not strong and not looks and not names:
                return None
            if (known(token.low) and not looks) or find(WHEN, tokens, k):
                break
            e = k + 1
            while (
                tokens[e].kind in (WORD, NAME) and not known(tokens[e].low) and e < k + 4 and tokens[e].low not in own
            ):
                e += 1
            names.append(text[token.start : tokens[e - 1].end])
            k = e
        link = tokens[k].low
        if (
            link in ("and", ",", "or", "+", "/", "plus", "with", "&")
            and (
                drug_like(tokens[k + 1])
                or (strong and tokens[k + 1].kind in (WORD,) and not known(tokens[k + 1].low) and link != "with")
                or (link == "," and tokens[k + 1].low == "and" and drug_like(tokens[k + 2]))
            )
            and tokens[k + 1].low not in own
        ):
            k += 2 if tokens[k + 1].low == "and" else 1
            continue
        break
    if not names:
        return None
    if low == "and" and (tokens[k].value is None or not drug_like(tokens[j])):
        return None
    if tokens[k].low in ("at", "of") and tokens[k + 1].value is not None:
        k += 1
    end = k
    if tokens[k].value is not None and (isl := dose(tokens, k)) and isl.kind in ("dose", "rate"):
        end = isl.j
        end = foreign_end(tokens, end, text, own)
    elif tokens[k].low == "(" and tokens[k + 1].value is not None and dose(tokens, k + 1):
        end = k + 1
        while tokens[end].kind not in (END, BREAK) and tokens[end].low != ")":
            end += 1
        end += 1
    names += [text[t.start : t.end] for t in tokens[k:end] if drug_like(t) and t.low not in own]
    lost = tuple(n for n in range(k, end) if tokens[n].kind == NUMBER)
    return Island("partner", i, end, {"partners": "; ".join(names)}, None, lost)


def foreign_end(tokens: list[Token], j: int, text: str, own: Collection[str]) -> int:
    """The token after another drug's dose and schedule: up to the end of its clause."""
    while tokens[j].kind not in (END, BREAK):
        t = tokens[j]
        if t.low in (";", "|", ")", "then") or (t.low == "." and sentence_end(tokens, j, text)):
            break
        if t.low in own:
            while j > 0 and tokens[j - 1].low in ("and", ",", "plus", "with", "+"):
                j -= 1
            break
        if t.low in (",", "followed") and tokens[j + 1].low in ("then", "by", "followed", "until", "for"):
            break
        if t.low in ("in", "until", "if") and tokens[j + 1].low in SETS["foreign_end"] and find(WHO, tokens, j + 1):
            break
        if t.low == "until" or (
            t.low == "," and tokens[j + 1].low in ("give", "administer", "the", "take", "start", "use")
        ):
            break
        j += 1
    return j


def foreign(tokens: list[Token], i: int, text: str, own: Collection[str]) -> Island | None:
    """Another drug's dose without 'with': 'docetaxel 75 mg/m² on day 1' in this drug's monograph is no dose of it."""
    if tokens[i].low in own or not drug_like(tokens[i]):
        return None
    j = i + 1
    while tokens[j].kind == WORD and (drug_like(tokens[j]) or tokens[j].low in SETS["foreign"]) and j < i + 5:
        if tokens[j].low in own:
            return None
        j += 1
    if tokens[j].value is None:
        return None
    if not own and any(t.low in ("is", "given") for t in tokens[i:j]):
        return None
    isl = dose(tokens, j)
    if isl is None or isl.kind not in ("dose", "rate") or isl.note == "count":
        return None
    return Island("foreign", i, foreign_end(tokens, isl.j, text, own))


def increment(tokens: list[Token], i: int) -> Island | None:
    """A change of dose by an amount: 'increase by 25 mg every week', 'in steps of 50 mg', 'reduce by 10 mg every 2 weeks'."""
    j = i
    low = tokens[j].low
    if low in ("in", "by", "with", "using"):
        j += 1
        if tokens[j].low in ("increments", "steps", "decrements", "increment"):
            j += 1
            if tokens[j].low == "of":
                j += 1
            isl = dose(tokens, j)
            if isl is None or isl.kind != "dose":
                return None
            isl.i, isl.note = i, "increment"
            isl.fields["dose_is"] = "increment"
            return isl
        isl = dose(tokens, j)
        if isl is None or isl.kind != "dose" or (isl.note == "count" and low == "with"):
            return None
        if tokens[isl.j].low in ("increments", "steps", "decrements", "increment", "step"):
            isl.j += 1
        elif low != "by":
            return None
        isl.i, isl.note = i, "increment"
        isl.fields["dose_is"] = "increment"
        return isl
    return None


def repeat(tokens: list[Token], i: int) -> Island | None:
    """A second dose after a time: 'may be repeated once after 12 hours', 'repeat in 4 weeks'; not 'repeat every 20 minutes'."""
    j = i + 1
    once = False
    while j < i + 9 and tokens[j].low in SETS["repeat"]:
        once = once or tokens[j].low in ("once", "time")
        j += 1
    if tokens[j].low not in ("after", "in", "at"):
        return None
    isl = start_after(tokens, j)
    if isl is None:
        return None
    if isl.kind != "after":
        return Island("repeat", i, j, {"dose_count": 1} if once else {})
    isl.kind, isl.i = "repeat", i
    if once:
        isl.fields["dose_count"] = 1
    return isl


_UP = SETS["up"]
_DOWN = SETS["down"]

CHANGE_FIRST = _UP | _DOWN


def change(tokens: list[Token], i: int) -> Island | None:
    """A word that begins a changed dose: 'increase to', 'may be increased', 'reduce to', 'titrate up to'."""
    low = tokens[i].low
    if low in _UP:
        kind = "titration"
    elif low in _DOWN:
        if low in ("lower", "cut") and tokens[i + 1].low not in ("the", "dose", "to", "by"):
            return None
        kind = "taper" if low.startswith(("taper", "wean")) else "down"
    else:
        return None
    j = i + 1
    while tokens[j].low in SETS["change"] and j < i + 8:
        if tokens[j].low == "if" and tokens[j + 1].low not in ("necessary", "required", "needed"):
            break
        if (
            tokens[j].low == "up"
            and tokens[j + 1].low == "to"
            and tokens[j + 2].low in ("a",)
            and tokens[j + 3].low in ("max", "maximum")
        ):
            break
        if tokens[j].low == "up" and tokens[j + 1].low == "to" and tokens[j + 2].value is not None:
            break
        if tokens[j].low == "as":
            break
        if tokens[j].low in ("weekly", "daily") and tokens[j + 1].low == "to":
            break
        j += 1
    if (tokens[j].low == "to" and tokens[j + 1].low not in ("a",)) or (
        tokens[j].low == "to" and tokens[j + 2].low not in ("max", "maximum", "total", "ceiling")
    ):
        j += 1
    return Island("change", i, j, {"step_kind": kind})


def step_word(tokens: list[Token], i: int) -> Island | None:
    """A word for the step: 'loading dose', 'initially', 'maintenance', 'as a single dose', 'target dose', 'alternatively'."""
    hit = find(STEPS, tokens, i)
    if hit is None:
        return None
    (kind, starts), j = hit
    if (tokens[i].low in SETS["step_word 2"] and j == i + 1) and (
        find(TIMES, tokens, j) or tokens[j].low in SETS["step_word"]
    ):
        return None
    if kind == "loading" and tokens[i].low == "bolus" and tokens[i - 1].low in ("iv", "intravenous"):
        return None
    if (
        tokens[i].low == "initial"
        and j == i + 1
        and tokens[j].value is None
        and tokens[j].low not in (":", ",", "(", "")
    ):
        return None
    if tokens[i].low == "target" and j == i + 1 and tokens[j].value is None and tokens[j].low not in ("of", ":", "is"):
        return None
    if tokens[i].low == "one" and tokens[j].low == "daily":
        return None
    if tokens[i].low == "immediately" and tokens[j].low in ("before", "after", "followed", "prior"):
        return Island("ignore", i, j)
    if tokens[i].low == "one" and tokens[i + 1].low == "dose" and tokens[j].low in ("of", "each", "per", "every", "in"):
        return None
    if kind == "alternative" and tokens[j].low in ("day", "days", "weeks"):
        return None
    fields: dict[str, Any] = {"step_kind": kind}
    if kind == "single":
        fields["dose_count"] = 1
    while j < i + 12 and tokens[j].low in ("of", "is", "dose", ":") and tokens[j].low != ":":
        j += 1
    return Island("step", i, j, fields, "starts" if starts else None)


def start_after(tokens: list[Token], i: int) -> Island | None:
    """When a step begins: 'after 3 cycles', 'after 2 weeks', 'after at least 6 months', 'after 12 hours'."""
    j = i + 1
    lost: tuple[int, ...] = ()
    j = skip(
        tokens,
        j,
        SETS["start_after"],
    )
    got = number(tokens, j)
    if got is None:
        hit = find(TIMES, tokens, j)
        if hit is None or j == i + 1:
            return None
        (factor, unit), k = hit
        return Island("after", i, k, {"start_after": factor, "start_after_unit": unit})
    value, k = got
    if (tokens[k].kind == PUNCT and tokens[k].low in "-–") or tokens[k].low == "to":
        second = number(tokens, k + 1)
        if second:
            hit = find(TIMES, tokens, second[1])
            return Island("doubt", i, hit[1]) if hit else None
    if tokens[k].low in ("cycle", "cycles"):
        return Island("after", i, k + 1, {"start_after": value, "start_after_unit": "cycle"})
    hit = find(TIMES, tokens, k)
    if hit is None:
        return None
    (factor, unit), k = hit
    if unit == "s":
        return None
    if tokens[k].low in ("of", "treatment", "therapy"):
        k = skip(tokens, k, ("of", "treatment", "therapy"))
    return Island("after", i, k, {"start_after": value * factor, "start_after_unit": unit}, None, lost)


def diluent(tokens: list[Token], i: int) -> Island | None:
    """What it is diluted in: 'in 100 mL saline', 'diluted to 50 mL', 'in D5W 250 mL'; no column holds it."""
    j = i
    if tokens[j].low in ("diluted", "dilute", "dissolved", "reconstituted", "reconstitute", "dissolve", "mixed"):
        j += 1
    if tokens[j].low in ("in", "to", "with", "into"):
        j += 1
    else:
        return None
    while j < i + 12 and tokens[j].low in SETS["diluent 2"]:
        if tokens[j].low == "5" and tokens[j + 1].low != "%":
            break
        if tokens[j].low == "to" and tokens[j + 1].value is None:
            break
        j += 1
    isl = dose(tokens, j)
    if isl is None or isl.note != "volume" or isl.fields.get("dose_basis") != "flat":
        return None
    end = isl.j
    while tokens[end].low in SETS["diluent"]:
        if tokens[end].low == "for" and tokens[end + 1].low != "injection":
            break
        if tokens[end].low == "5" and tokens[end + 1].low != "%":
            break
        if tokens[end].low == "for":
            end += 1
        end += 1
    return Island("diluent", i, end)


def quoted(tokens: list[Token], i: int, text: str) -> Island | None:
    """The texts of a rendered step: 'for ‹…›', 'form ‹…›', 'route ‹…›', 'needed for ‹…›', 'when ‹…›', 'made up as ‹…›'."""
    columns = {
        "for": "indication_text",
        "form": "dose_form",
        "route": "route_text",
        "reason": "as_needed_for",
        "condition": "condition_text",
        "components": "dose_components",
        "parameter": "param",
        "partners": "partners",
        "limit": "max_dose_unit",
        "via": "route",
        "dosing": "days_on",
    }
    column = columns.get(tokens[i].low)
    if column is None or tokens[i + 1].kind != TEXT:
        return None
    token = tokens[i + 1]
    fields: dict[str, Any] = {column: text[token.start + 1 : token.end - 1]}
    j = i + 2
    if column == "days_on":
        count = fields[column].split(" ")[0]
        if not count.isdecimal() or len(count) > 4:
            return None
        fields[column] = int(count)
    if column == "param":
        low = high = None
        side = tokens[j].low
        if side in ("≥", "≤"):
            j += 1
        if (first := number(tokens, j)) is not None:
            low = high = first[0]
            j = first[1]
            if tokens[j].low == "–" and (second := number(tokens, j + 1)):
                high, j = second
            fields.update(param_low=None if side == "≤" else low, param_high=None if side == "≥" else high)
        if tokens[j].low == "unit" and tokens[j + 1].kind == TEXT:
            fields["param_unit"] = text[tokens[j + 1].start + 1 : tokens[j + 1].end - 1]
            j += 2
    return Island("quoted", i, j, fields)
