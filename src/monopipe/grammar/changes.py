"""How a step changes the dose before it: by an amount, to an amount, by a share, again."""

from __future__ import annotations

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import BREAK, END, NUMBER, WORD, Token, skip
from monopipe.grammar.onsets import start_after
from monopipe.grammar.quantity import amount, dose, number
from monopipe.grammar.words import ADVERBS, OFTEN, SETS, TIMES, UNITS, WHEN, find


def increment(tokens: list[Token], i: int) -> Island | None:
    """A change of dose by an amount: 'increase by 25 mg every week', 'in steps of 50 mg', 'reduce by 10 mg every 2 weeks'."""
    j = i
    low = tokens[j].low
    if low in ("steps", "increments", *RISES, *FALLS) and (tokens[j + 1].low == "of" or low not in _CHANGES_BY):
        isl = dose(tokens, j + 2) if tokens[j + 1].low == "of" else None
        if isl is None or isl.kind not in ("dose", "rate") or (low in RISES and tokens[i - 1].low in ("no", "without")):
            return None
        if low in RISES or low in FALLS:  # 'with a reduction of 20 mg every third day'
            isl.fields["step_kind"] = "titration" if low in RISES else "down"
        return _by(isl, i, tokens)
    if low == "down" and tokens[j + 1].low == "by" and tokens[j + 2].value is not None:
        isl = dose(tokens, j + 2)
        if isl is None or isl.kind != "dose":
            return None
        isl.fields["step_kind"] = "down"  # 'then down by 5 mg a week'
        return _by(isl, i, tokens)
    if low in _CHANGES_BY:
        isl = dose(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
        each = isl is not None and isl.kind == "dose" and isl.fields.get("period_unit") in ("wk", "mo")
        slash = isl is not None and "/" in [t.low for t in tokens[i + 1 : isl.j]]
        paced = _at_a_pace(tokens, isl) if isl is not None and isl.kind == "dose" else 0
        if isl is not None and paced and not slash:
            daily = any(t.low in _EACH_DAY for t in tokens[:i])
            if not daily:
                return Island("lost", i, paced)  # 'increase 2.5 mg weekly' may be the new dose or a step to it
            isl.fields["step_kind"] = _CHANGES_BY[low]  # '5 mg twice daily; increase 5–10 mg weekly'
            return _by(isl, i, tokens)
        if isl is None or not each or not slash:
            return None
        isl.fields["step_kind"] = _CHANGES_BY[low]  # 'down 5 mg/wk', 'reduce 5 mg/week'
        return _by(isl, i, tokens)
    if low in _ARROWS:
        isl = dose(tokens, i + 1) if tokens[i + 1].value is not None else None
        paced = _at_a_pace(tokens, isl) if isl is not None and isl.kind == "dose" else 0
        if isl is None or not paced:
            return None
        if "/" not in [t.low for t in tokens[i + 1 : isl.j]]:
            return Island("lost", i, paced)  # '↓ 10 mg weekly' may be the new dose or a step to it
        isl.fields["step_kind"] = _ARROWS[low]  # '↓ 25 mg/wk', but '↑ 10 mg daily'
        return _by(isl, i, tokens)
    if low in ("add", "adding"):
        isl = dose(tokens, j + 1) if tokens[j + 1].value is not None else None
        again = isl is not None and (tokens[isl.j].low in ("each", "every") or find(ADVERBS, tokens, isl.j))
        if isl is None or isl.kind != "dose" or not again:
            return None
        isl.fields["step_kind"] = "titration"  # 'add 5 mg each week'
        return _by(isl, i, tokens)
    if low == "by" and (_met(tokens[i - 1].low) or follows(tokens, i)):
        return None  # 'recurrences are dealt with by 500 mg twice daily'
    if low in ("in", "by", "with", "using"):
        j += 1
        pace = find(OFTEN, tokens, j)
        if pace is not None and tokens[pace[1]].low in ("increments", "steps") and tokens[pace[1] + 1].low == "of":
            isl = dose(tokens, pace[1] + 2)  # 'in weekly steps of 25 mg'
            if isl is None or isl.kind != "dose":
                return None
            once = pace[0]
            isl.fields.update(frequency=once.frequency, period=once.period, period_unit=once.period_unit)
            return _by(isl, i, tokens)
        if tokens[j].low in ("increments", "steps", "decrements", "increment"):
            j += 1
            if tokens[j].low == "of":
                j += 1
            isl = dose(tokens, j)
            if isl is None or isl.kind not in ("dose", "rate"):
                return None
            return _by(isl, i, tokens)
        most = skip(tokens, j, ("no", "not", "more", "than", "at", "most"))
        isl = _share(tokens, most) or (_stepped_to(tokens, i, most) if low == "by" else None) or dose(tokens, most)
        if isl is None or isl.kind not in ("dose", "rate") or (isl.note == "count" and low == "with"):
            return None
        if most > j:  # 'by no more than 25% each week'
            for key in ("dose_low", "rate_low"):
                if key in isl.fields:
                    isl.fields[key] = None
        if tokens[isl.j].low in ("increments", "steps", "decrements", "increment", "step"):
            isl.j += 1
        elif low != "by":
            return None
        elif isl.fields.get("dose_basis") == "percent_of_dose" and not _is_of_dose(tokens, i):
            return Island("lost", i, isl.j)
        return _by(isl, i, tokens)
    return None


def _is_of_dose(tokens: list[Token], i: int) -> bool:
    """Whether a share behind 'by' is one of the dose: 'reduce by 25%', 'the dose falls by 25%', but not 'LDL falls by 25%'."""
    for k in range(i - 1, max(i - 16, -1), -1):
        if tokens[k].low in (".", ";") or tokens[k].kind == BREAK:
            return False
        if tokens[k].low in _CHANGED_DOSE or tokens[k].low in _CHANGES:
            return True
    return i < 3  # 'by 25% each week' opens its line


_CHANGED_DOSE = frozenset("dose doses dosage infusion rate".split())
_ARROWS = {"↑": "titration", "↓": "down"}
_CHANGES_BY = dict.fromkeys(("down", "reduce", "decrease", "lower", "taper", "drop"), "down") | {
    "increase": "titration",
    "raise": "titration",
}
CHANGES_BY = tuple(_CHANGES_BY)
_EACH_DAY = frozenset("daily day bid tid qid qd od bd tds qds bedtime nightly night morning hs".split())


def _at_a_pace(tokens: list[Token], isl: Island) -> int:
    """The token after a time in weeks or months, or of several days, behind an amount: no dose is so far from the next; else 0."""
    if isl.fields.get("period_unit") in ("wk", "mo"):
        return isl.j
    often = find(OFTEN, tokens, isl.j)
    if often is not None:
        return often[1] if often[0].period_unit in ("wk", "mo") else 0
    if (each := find(ADVERBS, tokens, isl.j)) is not None:
        return each[1] if each[0][1] in ("wk", "mo") else 0
    gap = amount(tokens, isl.j + 1) if tokens[isl.j].low == "every" else None
    hit = find(TIMES, tokens, gap.j if gap else isl.j + 1) if tokens[isl.j].low == "every" else None
    slow = hit is not None and (
        hit[0][1] in ("wk", "mo") or (hit[0][1] == "d" and gap is not None and (gap.low or 0) > 1)
    )
    return hit[1] if hit is not None and slow else 0


def _stepped_to(tokens: list[Token], i: int, j: int) -> Island | None:
    """The step alone, where what stands behind it is the dose it leads to: 'weekly by 10 mg to 60 mg once daily'.

    A range of steps has its pace behind it, and none before: 'by 25 mg to 100 mg every week'.
    """
    first = number(tokens, j)
    if first is None or find(UNITS, tokens, first[1]) is None:
        return None
    whole = dose(tokens, j)
    to = next((k for k in range(j, whole.j) if tokens[k].low == "to"), 0) if whole is not None else 0
    if whole is None or not to:
        return None
    low, high = (
        whole.fields.get(k) for k in (("rate_low", "rate_high") if whole.kind == "rate" else ("dose_low", "dose_high"))
    )
    if low is None or high is None or low == high:
        return None
    begin = next((k for k in range(i - 1, max(i - 5, -1), -1) if tokens[k].low in (".", ";", ",", ":")), max(i - 5, -1))
    paced = any(find(OFTEN, tokens, k) or tokens[k].low == "every" for k in range(begin + 1, i))
    if not paced and _at_a_pace(tokens, whole):
        return None
    timed = find(WHEN, tokens, whole.j) or (paced and (find(OFTEN, tokens, whole.j) or tokens[whole.j].low == "every"))
    if not (timed or high >= _FAR * low):
        return None
    return dose([*tokens[:to], *[Token(END, t.start, t.start, "") for t in tokens[to : to + 8]]], j)


_FAR = 4  # so many times a step is where it leads, and no other step


def added(tokens: list[Token], isl: Island) -> Island:
    """A dose as an increment where it is added to the one before: '10 mg may be added every week'; else as it is."""
    k = skip(tokens, isl.j, ("is", "are", "may", "can", "should", "be", "then"))
    if k == isl.j or tokens[k].low != "added" or tokens[k + 1].low in ("to", "with"):
        return isl
    isl.fields["step_kind"] = "titration"
    begin = isl.i
    isl = _by(isl, begin, tokens)
    isl.j = k + 1
    return isl


def _met(word: str) -> bool:
    """Whether 'by' behind a word tells what helps, not how much a dose changes: 'is eased by 5 mg'."""
    return word == "with" or (word.endswith("ed") and word not in CHANGE_FIRST and word not in _ALTERED)


def follows(tokens: list[Token], i: int) -> bool:
    """Whether 'by' at token i names what follows a dose: 'followed every 3 weeks by 6 mg/kg', 'followed after 4 hours by'."""
    for k in range(i - 1, max(i - 10, -1), -1):
        if tokens[k].low == "followed":
            return True
        if tokens[k].low in (".", ";", ":", "then") or tokens[k].low in CHANGE_FIRST:
            return False
    return False


_ALTERED = frozenset("adjusted changed altered modified varied advanced boosted stopped tapered weaned".split())
RISES = frozenset("increase increases rise rises".split())
FALLS = frozenset("reduction reductions decrease decreases decrement decrements".split())
# 'it lowers pressure by 10%' tells what the drug does
_CHANGES = {w for w in SETS["up"] | SETS["down"] | RISES | FALLS if not w.endswith("s")} | {
    *("adjust", "adjusted", "adjustment", "change", "changed", "steps", "increments", "decrements", "reductions")
}


def _share(tokens: list[Token], j: int) -> Island | None:
    """A change by a share of the dose: 'by 10–25% every 2 weeks'."""
    found = amount(tokens, j)
    if found is None or tokens[found.j].low not in ("%", "percent"):
        return None
    end = found.j + 1
    if tokens[end].low == "of":
        rest = skip(tokens, end + 1, SETS["share_of"])
        end = rest + 1 if tokens[rest].low in ("dose", "dosage") else end
    fields = {"dose_low": found.low, "dose_high": found.high, "dose_unit": "%", "dose_basis": "percent_of_dose"}
    return Island("dose", j, end, fields, "share")


def _by(isl: Island, i: int, tokens: list[Token]) -> Island:
    """The amount as an increment whose words begin at token i; a tablet's strength beside a count stays unread."""
    if isinstance(isl.note, tuple) and isl.note[0] == "each":
        isl.lost = tuple(k for k in range(isl.note[2], isl.j) if tokens[k].kind == NUMBER)
    isl.i, isl.note = i, "increment"
    isl.fields["dose_is"] = "increment"
    return isl


def repeat(tokens: list[Token], i: int) -> Island | None:
    """A second dose after a time: 'repeat once after 12 hours', 'repeat in 4 weeks'; not 'repeat every 20 minutes'."""
    if tokens[i].low == "again" and tokens[i - 1].low not in (",", "and", "(", "given"):
        return None  # 'spirometry again after 15 minutes'
    j = i + 1
    once = False
    while j < i + 9 and tokens[j].low in SETS["repeat_words"]:
        once = once or tokens[j].low in ("once", "time")
        j += 1
    if tokens[j].low in ("x", "×") and tokens[j + 1].value == 1:
        once, j = True, j + 2  # 'repeat ×1 after 15 min'
    if any(t.low in _PERMITS for t in tokens[max(i - 2, 0) : i]):
        once = False  # 'may be repeated once after 2 hours' is one dose or two
    if tokens[j].low == "on" and tokens[j + 1].low in ("day", "days") and tokens[j + 2].kind == NUMBER:
        end = j + 3
        while tokens[j + 3].low in ("if", "when") and tokens[end].kind == WORD and tokens[end].value is None:
            end += 1
        return Island("repeat", i, end, {})  # 'repeated on day 3 if need be'
    if tokens[j].low not in ("after", "in", "at"):
        return None
    isl = start_after(tokens, j)
    if isl is None:
        return None
    if isl.note is not None:
        return Island("repeat", i, isl.j, {"dose_count": 1} if once else {}, isl.note)
    if isl.kind != "after":
        return Island("repeat", i, j, {"dose_count": 1} if once else {})
    isl.kind, isl.i = "repeat", i
    if once:
        isl.fields["dose_count"] = 1
    return isl


_PERMITS = frozenset("may can could might".split())
_UP = SETS["up"]
_DOWN = SETS["down"]
_STEPPED = frozenset("step stepped stepping bring brought move moved build built cut fall scale scaled".split())
_DROPS = frozenset("drop drops dropped dropping".split())
_MOVES = frozenset("go goes going rise rises climb climbs climbing creep creeps work works".split())
_NEVER = frozenset("not never nor".split())
CHANGE_FIRST = _UP | _DOWN | _STEPPED | _DROPS | _MOVES
_DOUBLED = frozenset("the dose if every up to this it in as after weekly at again once , .".split())


def change(tokens: list[Token], i: int) -> Island | None:
    """A word that begins a changed dose: 'increase to', 'may be increased', 'reduce to', 'titrate up to'."""
    low = tokens[i].low
    if low == "double" and tokens[i + 1].low not in _DOUBLED:
        return None  # 'double vascular access'
    if low in _DROPS:  # 'drop to 50 mg', but not 'if it drops to 90 mmHg'
        to = skip(tokens, i + 1, ("back", "down", "then"))
        leads = dose(tokens, to + 1) if tokens[to].low == "to" and tokens[to + 1].value is not None else None
        given = leads is not None and leads.kind in ("dose", "rate") and leads.note in ("mass", "activity", "count")
        return Island("change", i, to + 1, {"step_kind": "down"}) if given else None
    if low in _STEPPED and not (
        low == "cut" and tokens[i + 1].low not in ("back", "down")
    ):  # 'the dose can be stepped up to 300 mg'
        to = skip(tokens, i + 2, ("slowly", "gradually", "further", "again"))
        if tokens[i + 1].low not in ("up", "down", "back") or tokens[to].low not in ("to", "by"):
            return None
        kind = "titration" if tokens[i + 1].low == "up" else "down"
        return Island("change", i, to + (tokens[to].low == "to"), {"step_kind": kind})
    if low in _MOVES:  # 'the dose may go to 5 mg'
        to = skip(tokens, i + 1, ("up", "down", "then", "slowly", "gradually"))
        leads = dose(tokens, to + 1) if tokens[to].low == "to" and tokens[to + 1].value is not None else None
        # 'one starts with … and goes up to', 'after 4 days go up to', but not 'do not go up to'
        upwards = tokens[i + 1].low in ("up", "down") and tokens[i - 1].low not in _NEVER
        if leads is None or leads.kind not in ("dose", "rate") or not (upwards or _of_the_dose(tokens, i)):
            return None
        kind = "down" if tokens[i + 1].low == "down" else "titration"
        return Island("change", i, to + 1, {"step_kind": kind})
    if low in _UP:
        kind = "titration"
    elif (
        low == "drop" and tokens[i + 1].low == "to" and tokens[i - 1].value is None and tokens[i + 2].value is not None
    ):
        kind = "down"  # 'Drop to 50 mg'; but '1 drop to each eye'
    elif low in _DOWN:
        if low in ("lower", "cut") and tokens[i + 1].low not in ("the", "dose", "to", "by", "from"):
            return None
        if low == "lower" and tokens[i - 1].low == "a" and tokens[i + 2].low not in ("of", "to"):
            return None  # 'a lower dose is chosen at the start'
        kind = "taper" if low.startswith(("taper", "wean")) else "down"
    else:
        return None
    if tokens[i - 1].low == "to" and _aims(tokens, i + 1):
        return None  # 'to reduce the risk of stroke, start with 10 mg': what the dose is for
    j = i + 1
    if tokens[j].low in ("or", "and", "/") and tokens[j + 1].low in CHANGE_FIRST:
        kind, j = "titration", j + 2  # 'increase or decrease by 25 mg'
    while tokens[j].low in SETS["change_words"] and j < i + 8:
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
        if tokens[j].low in ("weekly", "daily") and tokens[j + 1].low in ("to", "by"):
            break
        j += 1
    if (tokens[j].low == "to" and tokens[j + 1].low not in ("a",)) or (
        tokens[j].low == "to" and tokens[j + 2].low not in ("max", "maximum", "total", "ceiling")
    ):
        j += 1
    whole = any(
        t.low == "daily" and tokens[k + 1].low in ("dose", "dosage", "amount") for k, t in enumerate(tokens[i:j], i)
    )
    return Island("change", i, j, {"step_kind": kind}, "whole" if whole else None)


def changed_from(tokens: list[Token], i: int) -> Island | None:
    """What a dose is changed from is none to give: 'reduced from 20 mg to 15 mg once a day', 'the dose rises from 5 to 10 mg'."""
    k = i - 1
    while k > 0 and tokens[k].low in _THE_DOSE:
        k -= 1
    low = tokens[max(k, 0)].low
    falls = low in _DOWN or low in FALLS
    if not (falls or low in _UP or low in RISES) or (low.endswith("ed") and tokens[k + 1].low in _OF_DOSE):
        return None  # 'a reduced dose from 5 to 10 mg' is a range
    kind = "taper" if low.startswith(("taper", "wean")) else "down" if falls else "titration"
    first = skip(tokens, i + 1, ("the", "a", "usual", "normal", "previous", "initial", "dose", "of"))
    before = dose(tokens, first) if tokens[first].value is not None else None
    if before is None or before.kind not in ("dose", "rate"):
        return None
    to = next((k for k in range(first, before.j) if tokens[k].low in ("to", "-", "–")), before.j)
    if to == before.j:
        often = find(OFTEN, tokens, to)
        to = often[1] if often else to
    if tokens[to].low != "to" or tokens[to + 1].value is None or _turned(tokens, first, to + 1, falls):
        return None
    lost = tuple(k for k in range(i, to) if tokens[k].value is not None)
    return Island("change", i, to + 1, {"step_kind": kind}, None, lost)


_THE_DOSE = frozenset(
    "the daily total usual maintenance infusion dose dosage rate gradually slowly stepwise weekly up down then".split()
)


def _turned(tokens: list[Token], first: int, then: int, falls: bool) -> bool:
    """Whether a fall leads to a higher amount, or a rise to a lower one: 'reduced from 5 to 10 mg'."""
    before, after = number(tokens, first), number(tokens, then)
    if before is None or after is None:
        return True
    units = [hit[0] for got in (before, after) if (hit := find(UNITS, tokens, got[1]))]
    return len(set(units)) < 2 and (after[0] >= before[0] if falls else after[0] <= before[0])


def _of_the_dose(tokens: list[Token], i: int) -> bool:
    """Whether what moves is the dose: 'the dose may go to 5 mg', '…, which may rise to 5 mg'."""
    k = i - 1
    while k > 0 and tokens[k].low in ("may", "can", "should", "then", "gradually", "slowly", "usually", "later"):
        k -= 1
    return tokens[k].low in ("dose", "dosage", "which", "amount", "it") or tokens[i - 1].low == "before"


_OF_AIM = frozenset("the a an his her their this these".split())
_CHANGED = frozenset("to by it them slowly gradually with if when as in until".split())
_OF_DOSE = frozenset("dose doses dosage dosages dosing amount rate infusion interval frequency strength".split())


def _aims(tokens: list[Token], j: int) -> bool:
    """Whether what is reduced or increased is no dose: 'the risk of …', 'nausea', 'intraocular pressure'."""
    j = skip(tokens, j, _OF_AIM)
    first = tokens[j]
    if first.kind != WORD or first.value is not None or first.low in _CHANGED | SETS["change_words"]:
        return False
    return not any(t.low in _OF_DOSE for t in tokens[j : j + 4])
