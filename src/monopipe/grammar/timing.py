"""How often: frequencies, intervals, divided and counted doses."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, PUNCT, WORD, Token, skip
from monopipe.grammar.moments import or_when
from monopipe.grammar.quantity import Amount, amount, dose, number
from monopipe.grammar.words import ADVERBS, OFTEN, ORDINALS, PARAMETERS, ROUTES, SETS, TIMES, UNITS, Often, find, known

_NTH = {**ORDINALS, "other": 2}  # 'every other day'


def _often(f: Often) -> dict[str, Any]:
    fields: dict[str, Any] = {"frequency": f.frequency, "period": f.period, "period_unit": f.period_unit}
    if f.frequency_max is not None:
        fields["frequency_max"] = f.frequency_max
    if f.when_code is not None:
        fields["when_code"] = f.when_code
    return fields


_OF_NAMES = frozenset(("weekly", "monthly"))


def _in_name(tokens: list[Token], i: int, text: str) -> bool:
    """Whether 'Weekly' ends a name in capitals, which may be a product's: 'Buvidal Weekly:', but not 'Psoriasis, weekly:'."""
    name = tokens[i - 1]
    printed = text[name.start : name.end]
    return (
        i > 0
        and text[tokens[i].start : tokens[i].end].istitle()
        and printed.istitle()
        and not known(name.low)
        and tokens[i + 1].low in (":", ",", "", ")")
    )


def frequency_phrase(tokens: list[Token], i: int, text: str) -> Island | None:
    """A fixed phrase: 'twice daily', 'BID', 'every other day', 'tds–qds', 'nocte and mane' from frequencies.csv."""
    hit = find(OFTEN, tokens, i)
    if hit is None:
        return None
    often, j = hit
    if j == i + 1 and tokens[i].low in _OF_NAMES and _in_name(tokens, i, text):
        return Island("ignore", i, j, {})
    link = tokens[j]
    second = None
    if (link.kind == PUNCT and link.low in "-–/") or link.low in ("to", "or"):
        second = find(OFTEN, tokens, j + 1)
    elif text[tokens[j - 1].end : link.start] in ("-", "‑"):  # 'tds-qds'
        second = find(OFTEN, tokens, j)
    if second and (second[0].period, second[0].period_unit) == (often.period, often.period_unit):
        most = second[0].frequency or 0
        if most > (often.frequency or 0):
            fields = _often(often)
            fields["frequency_max"] = most
            return Island("often", i, second[1], fields)
    if tokens[i].low == "td" and tokens[j].low == "vaccine":
        return None
    if tokens[i - 1].low == "than" and tokens[i - 2].low in ("more", "oftener") and often.frequency is not None:
        return Island("lost", i, j)  # 'it should not be used more than once a day'
    if tokens[i - 1].low == "," and tokens[i - 2].low in ("once", "twice", "thrice", "times"):
        return Island("lost", i, j)  # '1 g twice, daily': twice a day, or twice and then each day
    if tokens[i].low == "daily" and j == i + 1 and tokens[j].low in _WHOLE and _of_the_day(tokens, i, j + 1):
        return Island("often", i, j + 1, {}, "whole")  # 'the daily dose is increased to 300 mg' is 300 mg a day
    if tokens[i - 1].low == "the" and j == i + 1 and _is_checked(tokens, j):
        return Island("lost", i, j)  # 'adjusted to the hourly glucose' is how often it is measured
    if tokens[j].low in _TREATMENT and tokens[i - 1].low in _GIVEN_UP:
        return Island("lost", i, j)  # 'who cannot tolerate daily treatment'
    if often.when_code and (other_end := or_when(tokens, j, often.when_code)):
        return Island("often", i, other_end, _often(often._replace(when_code=None)))  # 'every morning or evening'
    return Island("often", i, j, _often(often))


def _of_the_day(tokens: list[Token], i: int, k: int) -> bool:
    """Whether 'daily dose' is the amount of a whole day: 'the total daily dose', 'the daily amount is increased to'."""
    changed = skip(tokens, k, ("is", "are", "may", "can", "should", "must", "be", "then", "gradually", "slowly"))
    return tokens[i - 1].low == "total" or (changed > k and tokens[changed].low in SETS["up"] | SETS["down"])


def _is_checked(tokens: list[Token], j: int) -> bool:
    """Whether what is measured in the patient follows: 'the hourly blood glucose', 'the daily weight', 'the weekly INR'."""
    return find(PARAMETERS, tokens, j) is not None or any(t.low in _MEASURED for t in tokens[j : j + 2])


_MEASURED = frozenset(
    "glucose sugar sugars ketones output readings reading measurement measurements levels level count counts check checks"
    " aptt pressure temperature score scores".split()
)
_WHOLE = frozenset("dose dosage amount quantity".split())
_TREATMENT = frozenset("treatment therapy dosing administration use".split())
_GIVEN_UP = frozenset("tolerate tolerates tolerating tolerated than from not".split())


def _period(tokens: list[Token], j: int) -> tuple[float, float | None, str, int] | None:
    """A period after 'every' or 'per': '8 hours', '4–6 h', 'day', 'third week', '28-day cycle'."""
    ordinal = _NTH.get(tokens[j].low)
    if ordinal is not None and (hit := find(TIMES, tokens, j + 1)) and hit[0][1] != "s":
        (factor, unit), k = hit
        return ordinal * factor, None, unit, k
    found = amount(tokens, j)
    if found is not None and found.low is not None:
        k = found.j
        if hit := find(TIMES, tokens, k):
            (factor, unit), k = hit
            high = None if found.high is None or found.high == found.low else found.high * factor
            return found.low * factor, high, unit, k
        # 'every 4 hours to 6 hours'
        return None
    if hit := find(TIMES, tokens, j):
        (factor, unit), k = hit
        return factor, None, unit, k
    return None


def _ranged(i: int, low: float, high: float | None, unit: str, j: int, n: Any = 1) -> Island:
    fields: dict[str, Any] = {"frequency": n, "period": low, "period_unit": unit}
    if high is not None:
        fields["period_max"] = high
    return Island("often", i, j, fields)


def _interval(isl: Island) -> Island:
    isl.note = "interval"
    return isl


def every(tokens: list[Token], i: int) -> Island | None:
    """'every 8 hours', 'every 4–6 h', 'q8h', 'q 6-8 hrs', 'every third day', 'each week', 'at intervals of 4 weeks'."""
    low = tokens[i].low
    j = i + 1
    if low == "q":
        if tokens[j].low == ".":
            j += 1
        found = amount(tokens, j)
        if found is None or found.low is None:
            return None
        k = found.j
        if tokens[k].low == ".":
            k += 1
        if tokens[k].low in (")", "-"):
            return None
        hit = find(TIMES, tokens, k) or find(ADVERBS, tokens, k)
        if hit is None:
            return None
        (factor, unit), k = hit
        if unit in ("s",):
            return None
        high = None if found.high in (None, found.low) else (found.high or 0) * factor
        return _ranged(i, found.low * factor, high, unit, k)
    if low == "at":
        if tokens[j].low in ("intervals", "an") and tokens[j + 1].low in ("of", "interval"):
            j += 3 if tokens[j].low == "an" and tokens[j + 2].low == "of" else 2
            j = skip(tokens, j, ("at", "least", "no", "not", "less", "than", "about", "approximately"))
            got = _period(tokens, j)
            return _interval(_ranged(i, *got)) if got else None
        if tokens[j].low == "least":
            j += 1
        hit = find(ADVERBS, tokens, j)
        if hit and tokens[hit[1]].low in ("intervals", "interval"):
            (factor, unit), k = hit
            return _interval(_ranged(i, factor, None, unit, k + 1))
        found = amount(tokens, j)
        if found and found.low is not None:
            hit = find(TIMES, tokens, found.j) or find(ADVERBS, tokens, found.j)
            if hit and tokens[hit[1]].low in ("intervals", "interval"):
                (factor, unit), k = hit
                high = None if found.high in (None, found.low) else (found.high or 0) * factor
                return _interval(_ranged(i, found.low * factor, high, unit, k + 1))
        return None
    got = _period(tokens, j)
    if got is None:
        return None
    value, high, unit, k = got
    if unit == "s":
        return None
    if tokens[k].low in ("cycle", "cycles"):
        return Island("cycle", i, k + 1, {"cycle_length": value, "cycle_unit": unit})
    if tokens[k].low == "of" and tokens[k + 1].low in _SESSIONS:
        return Island("lost", i, k + 2, None, "session")  # 'after every 4 hours of haemodialysis'
    return _ranged(i, value, high, unit, k)


_SESSIONS = frozenset("haemodialysis hemodialysis dialysis infusion treatment surgery operation".split())


def count_per(tokens: list[Token], i: int) -> Island | None:
    """'3 times a day', 'up to four times daily', '2–3 times per week', '2 x daily', '4/day', '3 times every week'.

    'once every 8 weeks', 'twice in 24 hours', 'three days per week' read the same way.
    """
    up_to = _UP_TO.get(tokens[i].low) == tokens[i + 1].low
    if up_to and (hit := find(OFTEN, tokens, i + 2)):
        f = _often(hit[0])
        f["frequency_max"] = f.pop("frequency")
        return Island("often", i, hit[1], f)
    times = _times(tokens, i, up_to)
    if times is None or (times.low or 0) > _MOST_TIMES:
        return None
    low, high, j, _ = times
    if any(v is not None and v != int(v) for v in (low, high)):
        return None
    numbered = tokens[j + 1].low in ("day", "days") and tokens[j + 2].kind == NUMBER
    first = tokens[j + 1].low == "the" and tokens[j + 2].low in ("first", *_NTH) and tokens[j + 3].low == "day"
    if tokens[j].low == "on" and (numbered or first) and j > i:  # 'twice on day 2' is twice a day
        return Island("often", i, j, _frequency(low, high, 1.0, "d")) if low is not None else None
    link, got = _period_of(tokens, j)
    word = tokens[i].low
    if got is None:
        # 'Day 1: 800 mg twice', 'once or twice'; 'once' alone is a single dose
        several = (word == "once" and high is not None and high > (low or 0)) or word in ("twice", "thrice")
        alone = several and tokens[j].low in _ENDS
        return Island("times", i, j, {}, (int(low or 0), int(high or 0))) if alone else None
    value, period_max, unit, k = got
    if tokens[k].low == "(" and tokens[k + 1].low == "s":
        k += 3
    if unit == "s" or tokens[k].low in ("cycle", "cycles"):
        return None
    if word == "once" and (longer := find(OFTEN, tokens, i)) and longer[1] > k:
        return Island("often", i, longer[1], _often(longer[0]))  # 'once daily on alternate days'
    fields = _frequency(low, high, value, unit)
    if period_max is not None:
        fields["period_max"] = period_max
    if up_to and low is not None:
        fields["frequency_max"] = int(high or low)
        del fields["frequency"]
    if unit == "h" and value == 24 and (low or high or 0) >= 1 and link in ("in", "per", "/"):
        fields["period"], fields["period_unit"] = 1.0, "d"
    return Island("often", i, k, fields)


def past_often(tokens: list[Token], j: int) -> int:
    """Where words on how often, or for how long, end that begin at token j, or 0: 'twice daily', 'every 8 hours', 'for 6 weeks'."""
    if often := find(OFTEN, tokens, j):
        return int(often[1])
    found = count_per(tokens, j) or every(tokens, j)
    return found.j if found is not None and found.kind == "often" else 0


_UP_TO = {"up": "to", "maximum": "of", "at": "most"}
_COUNTS = {"once": 1.0, "twice": 2.0, "thrice": 3.0, "three": 3.0}
_MOST_TIMES = 48  # in any period


def _times(tokens: list[Token], i: int, up_to: bool) -> Amount | None:
    """How many times, and where its words end: 'once or twice', '3 times', '2–3 divided doses', '4' of '4/day'."""
    word = tokens[i].low
    if up_to and tokens[i + 2].low in ("once", "twice", "thrice"):
        return Amount(None, _COUNTS[tokens[i + 2].low], i + 3, None)
    if word in ("once", "twice", "thrice"):
        j = i + 1
        if tokens[j].low == "over":
            return None  # '2 g/kg once over 12 hours'
        if tokens[j].low in ("or", "to") and tokens[j + 1].low in ("twice", "thrice", "three"):
            high = _COUNTS[tokens[j + 1].low]
            return Amount(_COUNTS[word], high, j + 2 + (tokens[j + 2].low == "times"), None)
        return Amount(_COUNTS[word], _COUNTS[word], j, None)
    found = amount(tokens, i)
    if found is None:
        return None
    j = found.j
    if tokens[j].low in ("times", "time", "x", "×", "tiems", "divided", "doses", "days", "nights"):
        end = _past_times(tokens, j)
        return Amount(found.low, found.high, end, None) if end else None
    if tokens[j].low == "/":
        return found if tokens[j + 1].low in ("day", "d", "week", "wk", "24", "month") else None
    return found if tokens[j].low in ("a", "per") and tokens[i].value is not None else None


def _past_times(tokens: list[Token], j: int) -> int:
    """Where 'times', 'divided doses', or 'days' of a week end that begin at token j, or 0."""
    low, behind = tokens[j].low, tokens[j + 1]
    if (low == "x" and behind.kind == NUMBER) or (low == "divided" and behind.low != "doses"):
        return 0
    if low in ("days", "nights"):
        of_week = behind.low in ("per", "a", "each", "/", "every") and tokens[j + 2].low in ("week", "wk")
        return j + 1 if of_week else 0
    return j + 2 if low == "divided" else j + 1


def _period_of(tokens: list[Token], j: int) -> tuple[str, tuple[float, float | None, str, int] | None]:
    """The word that links how many times to a period, and the period: 'in any 24 hours', 'a day', 'weekly'."""
    k = j + (tokens[j].low == "in" and tokens[j + 1].low in ("any", "each", "every"))
    link = tokens[k].low
    if link in SETS["count_per"]:
        got = _period(tokens, k + 1 + (tokens[k + 1].low == "a"))
        return link, None if got and link in ("in", "over") and got[2] not in ("h", "d") else got
    if hit := find(ADVERBS, tokens, k):
        (factor, unit), end = hit
        return link, (factor, None, unit, end)
    return link, None


def _frequency(low: float | None, high: float | None, period: float, unit: str) -> dict[str, Any]:
    """The columns of so many times a period; 'up to 4 times a day' has the most alone."""
    fields: dict[str, Any] = {"period": period, "period_unit": unit}
    if low is not None:
        fields["frequency"] = int(low)
    if high is not None and high != low:
        fields["frequency_max"] = int(high)
    return fields


def hourly(tokens: list[Token], i: int) -> Island | None:
    """'6 hourly', '4–6 hrly', '12-hourly', '3-weekly', 'two weekly': every so many units."""
    if tokens[i].value is None:
        return None
    found = amount(tokens, i)
    if found is None or found.low is None:
        return None
    hit = find(ADVERBS, tokens, found.j)
    if hit is None:
        return None
    (factor, unit), k = hit
    if unit == "d":
        return None
    high = None if found.high in (None, found.low) else (found.high or 0) * factor
    if unit in ("wk", "mo") and tokens[k].low in _GIVEN_TIMES:
        fields = {"frequency": 1, "period": float(factor), "period_unit": unit}
        if high is None and found.low == int(found.low):
            fields["dose_count"] = int(found.low)
        return Island("often", i, k + 1, fields, "doses")  # '4 weekly doses' are four, one a week
    return _ranged(i, found.low * factor, high, unit, k)


_GIVEN_TIMES = frozenset("doses injections infusions administrations treatments".split())


def divided(tokens: list[Token], i: int) -> Island | None:
    """'in 3 divided doses', 'in two to four doses', 'divided every 6–8 hours', 'divided into 2 doses', 'in divided doses'."""
    j = i
    if tokens[j].low in ("given", "divided", "as", "split", "(") and tokens[j + 1].low in ("in", "into", "as"):
        j += 1
    low = tokens[j].low
    if low in ("in", "into", "as"):
        k = j + 1
        if tokens[k].low in ("a", "one") and tokens[k + 1].low == "single":
            k += 1
        if (
            tokens[k].low in ("single", "one", "1")
            and tokens[k + 1].low in ("daily", "dose")
            and tokens[k + 2].low in ("dose", "or")
        ):
            m = k + (2 if tokens[k + 1].low == "dose" else 3)
            if (
                tokens[m].low == "or"
                and (rest := divided(tokens, m + 1))
                and rest.note == "divided"
                and rest.kind == "often"
            ):
                top = rest.fields.get("frequency_max") or rest.fields.get("frequency")
                fields = {"frequency": 1, "frequency_max": top, "period": 1.0, "period_unit": "d"}
                return Island("often", i, rest.j, fields, "divided")
        if tokens[k].low in ("equally", "evenly", "equal") and tokens[k + 1].low == "divided":
            k += 1
        if tokens[k].low == "divided" and tokens[k + 1].low in ("dose", "doses"):
            k += 2
            if f := find(OFTEN, tokens, k):
                return Island("often", i, f[1], _often(f[0]), "divided")
            if tokens[k].low in ("every", "q") and (isl := every(tokens, k)):
                isl.i, isl.note = i, "divided"
                return isl
            return Island("divided", i, k)
        found = amount(tokens, k)
        if found is None or found.low is None or found.low != int(found.low):
            # 'in single or two divided doses'
            if tokens[k].low in ("single", "1") and tokens[k + 1].low in ("or", "to"):
                found = amount(tokens, k + 2)
                if found and found.low and _doses(tokens, found.j):
                    fields = {
                        "frequency": 1,
                        "frequency_max": int(found.high or found.low),
                        "period": 1.0,
                        "period_unit": "d",
                    }
                    return Island("often", i, _doses(tokens, found.j), fields, "divided")
            return None
        end = _doses(tokens, found.j)
        parts = tokens[i].low in ("split", "divided") and j > i and tokens[found.j].low in _ENDS | {"and"}
        if not end and parts:
            end = found.j  # 'the daily dose of 900 mg is split into three'
        if not end or (found.high or found.low) > 24:
            return None
        fields = {"frequency": int(found.low), "period": 1.0, "period_unit": "d"}
        if found.high not in (None, found.low):
            fields["frequency_max"] = int(found.high or 0)
        if tokens[end].low in ("daily", "per", "a") and (tokens[end].low == "daily" or tokens[end + 1].low == "day"):
            end += 1 if tokens[end].low == "daily" else 2
        return Island("often", i, end, fields, "divided")
    if low == "divided":
        if tokens[j + 1].low in ("every", "q") and (isl := every(tokens, j + 1)):
            isl.i, isl.note = i, "divided"
            return isl
        if f := find(OFTEN, tokens, j + 1):
            return Island("often", i, f[1], _often(f[0]), "divided")
        if tokens[j + 1].low in ("dose", "doses"):
            return Island("divided", i, j + 2)
        if isl2 := hourly(tokens, j + 1):
            isl2.i, isl2.note = i, "divided"
            return isl2
    return None


def _doses(tokens: list[Token], j: int) -> int:
    """The token after '(equally) divided doses', 'doses' or 'daily injections' at j; 0 where it is not there."""
    k = skip(tokens, j, ("equally", "evenly", "equal", "divided", "separate", "single"))
    if tokens[k].low == "daily" and tokens[k + 1].low in ("dose", "doses", "injections"):
        return k + 2
    return k + 1 if tokens[k].low in _PORTIONS else 0


_PORTIONS = frozenset("dose doses portions administrations".split())


_ENDS = frozenset(
    (
        ".",
        ";",
        ",",
        ")",
        "(",
        "|",
        ":",
        "",
        "only",
        "if",
        "as",
        "when",
        "where",
        "unless",
        "for",
        "before",
        "after",
        "then",
        "at",
    )
)


def once(tokens: list[Token], i: int) -> Island | None:
    """A dose given once: '6 mg s.c. once', '150 mg orally once for thrush'; not 'once daily', 'once stable'."""
    after = tokens[i + 1]
    before = tokens[i - 1] if i else after
    either = after.low == "or" and tokens[i + 2].kind == NUMBER and tokens[i + 2].low not in ("twice", "thrice")
    if after.low not in _ENDS and after.kind not in (END, BREAK) and not either:
        return None  # '1 g once or 500 mg for three days', but not 'once or twice'
    if after.low in ("if", "as", "when", "at", "before", "after") and before.kind == PUNCT:
        return None
    if (
        i == 0
        or before.low in ("at", "than", "and", "or", "repeat", "repeated", "more", "all")
        or find(OFTEN, tokens, i)
    ):
        return None
    return Island("step", i, i + 1, {"step_kind": "single", "dose_count": 1}, "once")


def dose_times(tokens: list[Token], i: int) -> Island | None:
    """The times of each dose: 'at 0, 1 and 6 months', 'on days 0, 7 and 21', 'at 0 and 6 months' count the doses.

    No column holds the times themselves; they stay unread.
    """
    j = i + 1 if tokens[i].low in ("at", "on", "in") else i
    before = find(TIMES, tokens, j)  # 'days 0, 7 and 21'
    if before is not None and tokens[j].kind == WORD:
        j = before[1]
    times: list[float] = []
    numbers: list[int] = []
    while (
        len(times) < 20 and tokens[j].kind == NUMBER and (value := tokens[j].value) is not None and value == int(value)
    ):
        if find(UNITS, tokens, j + 1) and not find(TIMES, tokens, j + 1):
            break  # 'at week 0, 80 mg at week 2'
        times.append(value)
        numbers.append(j)
        j += 1
        j = skip(tokens, j, (",", "and", "&"))
        again = find(TIMES, tokens, j) == (before[0], j + 1) if before is not None else False
        if again and tokens[j + 2].low != ":" and tokens[j + 2].kind != NUMBER:
            j += tokens[j + 1].kind == NUMBER  # 'at week 0, week 2 and week 6'
    if (
        len(times) < 2
        or sorted(set(times)) != times
        or (times[0] != 0 and (tokens[i].low != "at" or before is not None))
    ):
        return None
    while tokens[j - 1].low in (",", "and", "&"):
        j -= 1
    if before is None:
        after = find(TIMES, tokens, j)
        if after is None:
            return None
        j = after[1]
    return Island("count", i, j, {"dose_count": len(times)}, None, tuple(numbers))


def doses_apart(tokens: list[Token], i: int) -> Island | None:
    """Doses and the time between them: 'in 2 doses one month apart', 'twice, 12 hours apart', '3 divided doses, 6 to 8 hours apart'."""
    j = i + 1 if tokens[i].low in ("in", "as") else i
    divided, found, most = False, None, None
    if tokens[j].low == "twice":
        count = most = 2.0
        k = j + 1
    else:
        found = amount(tokens, j)
        if found is None or found.low is None or found.low != int(found.low):
            return None
        k = found.j + 1 if tokens[found.j].low in ("divided", "equal", "separate") else found.j
        if tokens[k].low not in ("doses", "times", "portions", "parts"):
            return None
        divided = tokens[k].low == "parts" or k > found.j
        count, most, k = found.low, found.high, k + 1
    k = skip(tokens, k, (",", "given", "taken", "at", "least", "("))
    gap = amount(tokens, k)
    hit = find(TIMES, tokens, gap.j) if gap else None
    if gap is None or gap.low is None or hit is None or hit[0][1] == "s" or tokens[hit[1]].low != "apart":
        return None
    if not 1 < count < 20:
        return None
    (factor, unit), end = hit
    fields: dict[str, Any] = {"frequency": 1, "period": gap.low * factor, "period_unit": unit}
    if gap.high not in (None, gap.low):
        fields["period_max"] = (gap.high or 0) * factor
    if most == count:
        fields["dose_count"] = int(count)
    lost = tuple(n for n in range(i, found.j) if tokens[n].kind == NUMBER) if found and most != count else ()
    divided = divided or (
        j > i and unit in ("h", "min")
    )  # '60 mg/kg in 3 doses 4 hours apart'; vaccines are months apart
    return Island("often", i, end + 1, fields, "portions" if divided else None, lost)


def counted(tokens: list[Token], i: int) -> Island | None:
    """How many doses of an amount: 'two 1000 mg IV infusions', 'two doses of 1000 mg'; the amount is read by itself."""
    if tokens[i + 1].kind != NUMBER and tokens[i + 1].low not in _GIVEN:
        return None
    got = number(tokens, i)
    if got is None or got[0] != int(got[0]) or not 1 < got[0] <= 12 or (i and tokens[i - 1].low == "("):
        return None
    count, j = int(got[0]), got[1]
    if tokens[j].low in _GIVEN and tokens[j + 1].low == "of" and tokens[j + 2].value is not None:
        return Island("count", i, j + 1, {"dose_count": count})
    inner = dose(tokens, j) if tokens[j].kind == NUMBER else None
    if inner is None or inner.kind != "dose" or inner.note not in ("mass", "activity"):
        return None
    k = inner.j
    while (way := find(ROUTES, tokens, k)) and k < inner.j + 4 and tokens[k].low not in _GIVEN:
        k = way[1]
    return (
        Island("count", i, j, {"dose_count": count}) if tokens[k].low in _GIVEN or tokens[k - 1].low in _GIVEN else None
    )


_GIVEN = frozenset("doses injections infusions boluses".split())


def apart(s: Scan, i: int) -> Island | None:
    """The time between doses that have been counted: 'two doses of 1000 mg 14 days apart', 'for 2 doses 2 weeks apart'."""
    if not any(t.low == "apart" for t in s.tokens[i + 2 : i + 6]):
        return None
    gap = amount(s.tokens, i)
    hit = find(TIMES, s.tokens, gap.j) if gap else None
    if gap is None or gap.low is None or hit is None or hit[0][1] == "s" or s.tokens[hit[1]].low != "apart":
        return None
    (factor, unit), end = hit
    if not any("dose_count" in p.fields for p in s.islands[-8:]):
        return Island("lost", i, end + 1)
    fields: dict[str, Any] = {"frequency": 1, "period": gap.low * factor, "period_unit": unit}
    if gap.high not in (None, gap.low):
        fields["period_max"] = (gap.high or 0) * factor
    return Island("often", i, end + 1, fields)


def single(tokens: list[Token], i: int) -> Island | None:
    """'in one dose' and 'as a single daily dose'; other words for a single dose are in step_words.csv."""
    j = i
    j = skip(tokens, j, ("as", "in", "a"))
    if tokens[j].low == "one" and tokens[j + 1].low == "single":
        j += 1
    if tokens[j].low in ("single", "one") and tokens[j + 1].low == "daily" and tokens[j + 2].low in ("dose", "doses"):
        return Island("often", i, j + 3, {"frequency": 1, "period": 1.0, "period_unit": "d"}, "divided")
    if (
        tokens[j].low == "single"
        and tokens[j + 1].low in ("nightly", "evening", "morning")
        and tokens[j + 2].low == "dose"
    ):
        code = {"nightly": "bedtime", "evening": "evening", "morning": "morning"}[tokens[j + 1].low]
        rest = amount(tokens, j + 4 + (tokens[j + 4].low == "in")) if tokens[j + 3].low == "or" else None
        end = _doses(tokens, rest.j) if rest is not None else 0
        if rest is not None and rest.high and end:  # 'as a single morning dose or in two divided doses'
            often = {"frequency": 1, "frequency_max": int(rest.high), "period": 1.0, "period_unit": "d"}
            return Island("often", i, end, often, "divided")
        return Island(
            "often", i, j + 3, {"frequency": 1, "period": 1.0, "period_unit": "d", "when_code": code}, "divided"
        )
    if tokens[i].low == "in" and tokens[i + 1].low == "one" and tokens[i + 2].low == "dose":
        return Island("often", i, i + 3, {"frequency": 1, "period": 1.0, "period_unit": "d"}, "divided")
    return None


__all__ = [
    "count_per",
    "divided",
    "every",
    "frequency_phrase",
    "hourly",
    "single",
]
