"""How long: the length of a treatment, and of one administration."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import NUMBER, WORD, Token, skip
from monopipe.grammar.quantity import Amount, amount
from monopipe.grammar.words import SETS, TIMES, find


def bounds(tokens: list[Token], i: int) -> Island | None:
    """A course: 'for 7–10 days', 'x 5 days', 'for up to 12 weeks', 'for at least 6 months', 'for 6 doses', 'for 4 cycles'."""
    if tokens[i].low == "at" and (apart := _apart(tokens, i)):
        return apart
    if i and tokens[i - 1].low in ("at", "from") and tokens[i].kind == NUMBER:
        return None  # 'trough 10–15 mg/L at 24 h', 'once daily from 12 years'
    c = _Course(tokens, i)
    if (one := c.pass_up_to()) is not None:
        return one
    moved = c.pass_most()
    if tokens[i].low == "for" and c.is_none(moved):
        return c.lost()
    c.pass_sign()
    found = amount(tokens, c.j)
    if found is None:
        m = c.j + 1 + (tokens[c.j + 1].low == ".")
        if tokens[c.j].low not in ("minimum", "maximum", "min", "max") or not (found := amount(tokens, m)):
            return c.one()
        c.up_to, c.at_least = tokens[c.j].low.startswith("max"), tokens[c.j].low.startswith("min")
    return c.counted(found)


def _apart(tokens: list[Token], i: int) -> Island | None:
    """What is no course but a gap: 'twice daily, at least 8 hours apart'."""
    gap = amount(tokens, i)
    hit = find(TIMES, tokens, gap.j) if gap else None
    return Island("lost", i, hit[1] + 1) if hit is not None and tokens[hit[1]].low == "apart" else None


class _Course:
    """The words of a course from token i on, while they are read: where its number begins, and whether that is a bound."""

    __slots__ = ("at_least", "i", "j", "low", "tokens", "up_to")

    def __init__(self, tokens: list[Token], i: int) -> None:
        self.tokens = tokens
        self.i = i
        self.low = low = tokens[i].low
        self.at_least = False
        j = i + 1 if low in ("for", "x", "×", "during", "over", "times", "within") else i
        leads = ("the", "a", "an", "next", "first", "another", "further")
        if low == "for" and tokens[j].low in leads and tokens[i + 1].value is None:
            j = skip(tokens, j, SETS["course_lead"])
        elif (low == "times" and tokens[j].low == "for") or (low == "for" and tokens[j].low in ("x", "total")):
            j += 1
        self.up_to = any(t.low == "maximum" for t in tokens[i + 1 : j])  # 'for a maximum of 6 cycles'
        self.j = j

    def pass_up_to(self) -> Island | None:
        """Note 'up to'; all of 'up to a week', but not of 'up to a second dose'."""
        tokens, j = self.tokens, self.j
        if tokens[j].low != "up" or tokens[j + 1].low != "to":
            return None
        self.up_to = True
        hit = find(TIMES, tokens, j + 3) if tokens[j + 2].low in ("a", "an", "one") else None
        if hit is None or hit[0][1] == "s":
            return None
        (factor, unit), k = hit
        return Island("bounds", self.i, k, {"bounds_high": factor, "bounds_unit": unit})

    def pass_most(self) -> bool:
        """Go past 'a total of', 'a maximum of', 'no more than' or 'at most'; whether one of them was there."""
        tokens, j = self.tokens, self.j
        low, second, third = tokens[j].low, tokens[j + 1].low, tokens[j + 2].low
        if low in ("a", "an") and second in ("total", "maximum", "minimum", "further", "period"):
            self.up_to = second == "maximum"
            self.j = j + 2 + (third == "of")
        elif low in ("no", "not") and second in ("more", "longer") and third == "than":
            self.up_to, self.j = True, j + 3
        elif (low == "at" and second == "most" and j > self.i) or (
            low in ("longer", "more") and second == "than" and _denied(tokens, self.i)
        ):
            self.up_to, self.j = True, j + 2  # 'not for longer than 10 days', 'do not use for more than 5 days'
        return self.j > j

    def is_none(self, moved: bool) -> bool:
        """Whether 'for' says how long something else lasts."""
        tokens, i = self.tokens, self.i
        if not moved and _not_again(tokens, i):
            return True  # 'not repeated for 2 weeks', 'nothing more for 12 hours' is no course
        if _so_far(tokens, i):
            return True  # 'only in patients who have taken it for 12 months'
        if tokens[i - 1].low == "kept" and tokens[i - 2].low in ("is", "are"):
            return False  # '25 mg once daily is kept for 4 days', but 'urine kept for 9 hours'
        if _puts_off(tokens, i):
            return True  # 'delay the next dose for up to 2 weeks'
        # 'observed for at least 2 hours', 'remain upright for 30 minutes'
        return any(t.low in SETS["not_a_course"] for t in tokens[max(i - 2, 0) : i])

    def is_left(self, k: int) -> bool:
        """Whether the time up to token k is what is left of the night: 'with at least 7–8 hours remaining before waking'."""
        return self.tokens[k].low in ("remaining", "remain", "left", "remains")

    def lost(self) -> Island | None:
        """The words of a time that is no course."""
        lasted = amount(self.tokens, self.j)
        hit = find(TIMES, self.tokens, lasted.j if lasted else self.j)
        return Island("lost", self.i, hit[1]) if hit else None

    def pass_sign(self) -> None:
        """Note a sign or words that make the number a bound: 'for ≥7 days', '≤ 10 d', 'for more than 7 days'."""
        tokens, j = self.tokens, self.j
        sign = tokens[j if j > self.i else self.i - 1].low
        if sign in _LEAST_SIGNS or sign in _MOST_SIGNS:
            self.at_least, self.up_to = sign in _LEAST_SIGNS, sign in _MOST_SIGNS
            self.j += j > self.i
        elif j > self.i and not self.up_to and tokens[j].low in (*_LONGER, *_SHORTER):
            m = j + 1 + (tokens[j + 1].low == "than")
            if tokens[m].value is not None:
                self.at_least, self.up_to, self.j = tokens[j].low in _LONGER, tokens[j].low in _SHORTER, m

    def one(self) -> Island | None:
        """A course of one: 'for a week'."""
        tokens, j = self.tokens, self.j
        hit = find(TIMES, tokens, j) if self.low == "for" and tokens[j].low not in ("d", "h", "w") else None
        if hit is None or hit[0][1] == "s":
            return None
        (factor, unit), k = hit
        return Island("bounds", self.i, k, {"bounds_low": factor, "bounds_high": factor, "bounds_unit": unit})

    def counted(self, found: Amount) -> Island | None:
        """A course of so many doses, cycles, days or weeks."""
        tokens = self.tokens
        k = skip(tokens, found.j, SETS["course_adjectives"])
        low, high = found.low, found.high
        if self.up_to and low is not None:
            low, high = None, high or low
        if self.at_least:
            high = None
        if tokens[k].low in SETS["counted_doses"]:
            return self.doses(low, high, k)
        if tokens[k].low in ("cycle", "cycles", "courses"):
            return self.cycles(low, high, k)
        hit = find(TIMES, tokens, k)
        if hit is None:
            return None
        (factor, unit), k = hit
        if self.is_left(k):
            return Island("lost", self.i, k + 1)
        if tokens[k].low == "later" and low is not None and low == high and self.j == self.i:
            return Island("after", self.i, k + 1, {"start_after": low * factor, "start_after_unit": unit})
        if unit == "s":
            return None
        each = {"d": 1, "wk": 7}.get(unit)
        if each and low and high and (days := self.days(low * each, high * each, k)) is not None:
            return days
        return self.time(low, high, factor, unit, k)

    def doses(self, low: float | None, high: float | None, k: int) -> Island | None:
        """So many doses: 'for 6 doses', '3 doses in all'."""
        tokens = self.tokens
        in_all = tokens[k + 1].low == "in" and tokens[k + 2].low in ("all", "total")
        if low is None or low != high or low != int(low) or (self.j == self.i and not in_all):
            return None
        return Island("count", self.i, k + 3 if in_all else k + 1, {"dose_count": int(low)})

    def cycles(self, low: float | None, high: float | None, k: int) -> Island | None:
        """So many cycles: 'for 4–6 cycles'."""
        if any(v is not None and v != int(v) for v in (low, high)):
            return None
        fields: dict[str, Any] = {
            "cycles_min": None if low is None else int(low),
            "cycles_max": None if high is None else int(high),
        }
        return Island("cycles", self.i, k + 1, fields)

    def days(self, low: float | None, high: float | None, k: int) -> Island | None:
        """Days of each week or month: 'on 3 consecutive days a week', 'for 12 days of each month', 'for 1 week per month'."""
        if low is None or low != high or low != int(low):
            return None
        tokens = self.tokens
        m = k + (tokens[k].low == "of")
        each = ("a", "per", "each", "every")
        if tokens[k].low in each and tokens[k + 1].low in ("week", "wk") and low <= 7:
            unit, note, end = "wk", "week", k + 2
        elif tokens[m].low in each and tokens[m + 1].low == "month" and low <= 31:
            unit, note, end = "mo", "month", m + 2
        else:
            return None
        return Island("days", self.i, end, {"days_on": int(low), "cycle_length": 1.0, "cycle_unit": unit}, note)

    def time(self, low: float | None, high: float | None, factor: float, unit: str, k: int) -> Island | None:
        """So much time: 'for 7–10 days', 'for 4 weeks, or up to 8 weeks if needed'."""
        tokens, i = self.tokens, self.i
        k += tokens[k].low == "only"
        if tokens[k].low == "(" and (close := next((m for m in range(k + 1, k + 9) if tokens[m].low == ")"), 0)):
            k = close + 1 if tokens[close + 1].low == "after" else k  # 'for 4 weeks (8 weeks in some) after leaving'
        if high is not None and (longer := self.longer(high, factor, unit, k)) is not None:
            high, k = longer
        if tokens[k].low in ("before", "prior", "after", "old", "of", "beforehand") and not (
            tokens[k].low == "of" and self.j > i
        ):
            first = skip(tokens, k + 1, ("the", "a", "an"))
            events = {t.low for t in tokens[first : first + 1 + (tokens[first].kind == WORD)]}
            ahead = tokens[k].low in ("before", "prior") and tokens[k + 1].low not in ("and", "or") and unit in _LONG
            at_once = self.low == "for" and ((tokens[k].low == "after" and not events.isdisjoint(_EVENTS)) or ahead)
            if not at_once or tokens[i - 1].low == "and" or tokens[i - 1].low.startswith("continu"):
                return (
                    None  # 'for 2 days after the procedure' begins with it; 'before and for 4 weeks after it' does not
                )
        if low is None and high is None:
            return None
        bounded = tokens[i - 1].low in _LEAST_SIGNS | _MOST_SIGNS and i == self.j
        if unit in ("h", "min") and (bounded or tokens[k].low.startswith(("pre", "post"))):
            return Island("lost", i, k)  # 'Circuit < 4 h: 2000 IU', '12 h pre-op'
        if unit == "h" and _is_on_or_off(tokens, i, k):
            return Island("lost", i, k)
        rises = self.low == "over" and any(t.low in SETS["up"] for t in tokens[max(i - 2, 0) : i])
        if self.low == "within" or rises:  # 'increased over 1–2 weeks to 10 mg' is how long the change takes
            return Island("lost", i, k)
        said = self.j > i or self.up_to or (tokens[i - 1].low == "prn" and unit in _LONG)  # '10 mg prn 7/7'
        fields = {
            "bounds_low": None if low is None else low * factor,
            "bounds_high": None if high is None else high * factor,
            "bounds_unit": unit,
        }
        return Island("over" if self.low == "over" else "bounds" if said else "span", i, k, fields)

    def longer(self, high: float, factor: float, unit: str, k: int) -> tuple[float, int] | None:
        """A longer course that may be needed, and where its words end: 'for 4 weeks, or up to 8 weeks if needed'."""
        tokens = self.tokens
        m = skip(tokens, k, (",", "(", "or"))
        if tokens[m - 1].low != "or" or tokens[m].low != "up" or tokens[m + 1].low != "to":
            return None
        found = amount(tokens, m + 2)
        again = find(TIMES, tokens, found.j) if found else None
        if found is None or again is None or again[0] != (factor, unit) or (found.high or 0) <= high:
            return None
        k = again[1]
        if tokens[k].low in ("if", "when", "as") and tokens[k + 1].low in ("needed", "necessary", "required"):
            k += 2
        return found.high or 0, k


_GIVEN = frozenset("repeat repeated given used taken again more another".split())
_NOT = frozenset("not never don't no nothing none".split())


def _not_again(tokens: list[Token], i: int) -> bool:
    """Whether nothing is given for the time at token i: 'not repeated', 'do not repeat the course', 'nothing more'."""
    given = False
    for k in range(i - 1, max(i - 6, -1), -1):
        if tokens[k].kind != WORD:
            return False
        given = given or (tokens[k].low in _GIVEN and k >= i - 3)
        if given and tokens[k].low in _NOT:
            return True
    return False


def _is_on_or_off(tokens: list[Token], i: int, k: int) -> bool:
    """Whether hours are those a patch is on or off each day: 'on for 12 hours, off for 12', '12 h followed by a 12-hour break'."""
    if tokens[i - 1].low in _ON_SKIN or tokens[k].low in ("on", "off"):
        return True
    if tokens[k].low in ("in", "of", "out", "per", "within") and any(
        t.value == 24 or t.low in ("day", "24-hour") for t in tokens[k + 1 : k + 3]
    ):
        return True  # 'for up to 12 hours in 24', 'for 12 hours of each day
    m = skip(tokens, k, SETS["on_off_link"])
    gap = amount(tokens, m) if m > k else None
    hit = find(TIMES, tokens, gap.j) if gap else None
    return hit is not None and hit[0][1] == "h" and any(t.low in _PAUSE for t in tokens[hit[1] : hit[1] + 2])


_ON_SKIN = frozenset("on off worn wear wearing".split())
_PAUSE = frozenset("off free rest break pause".split())


def _so_far(tokens: list[Token], i: int) -> bool:
    """Whether 'for' tells how long something has lasted with those who may have the dose: 'who have taken it for'."""
    steady = tokens[i - 1].low in _STEADY
    for k in range(i - 1, max(i - 9, -1), -1):
        if tokens[k].low in (".", ";", ",", "|", "") or tokens[k].kind == NUMBER:
            return False
        if steady and tokens[k].low in _ONCE:
            return True  # 'after the target pressure has been maintained for 8 hours'
        if tokens[k].low in _WHO:
            return tokens[k + 1].low in ("have", "has", "had", "were", "was", "already")
    return False


_WHO = frozenset("who whom that which".split())
_ONCE = frozenset("after once when if until".split())
_STEADY = frozenset(
    "maintained sustained controlled stable stabilised stabilized steady free absent normal achieved present persisted"
    " persists lasted afebrile asymptomatic suppressed negative".split()
)


def _puts_off(tokens: list[Token], i: int) -> bool:
    """Whether 'for' tells how long a dose is put off: 'delay the next dose for', 'withhold treatment for'."""
    k = i - 1
    while k > max(i - 6, 0) and tokens[k].low in _PUT_OFF:
        k -= 1
    return k < i - 1 and tokens[k].low in _PUTS_OFF


_PUT_OFF = frozenset(
    "the next a any each following dose doses treatment therapy drug infusion administration dosing it cycle".split()
)
_PUTS_OFF = frozenset("delay withhold hold interrupt postpone pause suspend defer stop skip omit".split())


def _denied(tokens: list[Token], i: int) -> bool:
    return any(t.low in ("not", "never", "don't") for t in tokens[max(i - 4, 0) : i])


_LONG = ("d", "wk", "mo")
_LEAST_SIGNS = frozenset("≥ >= >".split())
_MOST_SIGNS = frozenset("≤ <= <".split())
_LONGER = frozenset("more longer over".split())
_SHORTER = frozenset("less under".split())
_EVENTS = frozenset(
    "it surgery operation procedure delivery birth chemotherapy angiography transplant transplantation exposure replacement".split()
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
        end = skip(
            tokens, end, ("continuous", "extended", "prolonged", "slow", "iv", "intravenous", "subcutaneous", "sc")
        )
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
