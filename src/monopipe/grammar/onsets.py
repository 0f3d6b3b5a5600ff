"""When a step begins: after a time, behind a pause, in the days that follow, at an age."""

from __future__ import annotations

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NAME, NUMBER, PUNCT, WORD, Token, skip
from monopipe.grammar.not_doses.spoken_of import OF_DOSES, WHAT_IS_GIVEN, other_way, referred
from monopipe.grammar.quantity import amount, number
from monopipe.grammar.words import ORDINALS, SETS, STEPS, TIMES, WHO, find


def beginning(tokens: list[Token], i: int) -> Island | None:
    """When a step begins: 'starting 24 hours later', 'beginning 15 minutes after the last injection'."""
    if tokens[i + 1].low in ("at", "in", "from", "on") and (named := find(TIMES, tokens, i + 2)):
        at = number(tokens, named[1])  # 'starting at month 12'
        if at is not None and named[0][1] in ("wk", "mo", "a"):
            return Island("after", i, at[1], {"start_after": at[0] * named[0][0], "start_after_unit": named[0][1]})
    got = amount(tokens, skip(tokens, i + 1, ("at", "least", "about", "approximately")))
    hit = find(TIMES, tokens, got.j) if got else None
    if got is None or got.low is None or hit is None or hit[0][1] == "s":
        return None
    (factor, unit), k = hit
    if tokens[k].low not in ("later", "after", "following"):
        return None
    end = k if referred(tokens, k) or other_way(tokens, k) else k + 1
    lost = tuple(n for n in range(i, got.j) if tokens[n].kind == NUMBER)[1:]
    return Island("after", i, end, {"start_after": got.low * factor, "start_after_unit": unit}, None, lost)


def later(s: Scan, i: int) -> Island | None:
    """When a step begins that opens with it: 'One week after the last weekly dose: 6 mg/kg', '4 hours after ingestion: 5 mg/kg'.

    In prose only behind a dose: 'Four weeks after the loading doses, 150 mg'.
    """
    tokens = s.tokens
    behind = bool(s.islands) and s.islands[-1].kind == "dose" and s.islands[-1].j == i
    if i and tokens[i - 1].low not in _OPENS and not behind:
        return None
    got = amount(tokens, i) if tokens[i].value is not None else None
    hit = find(TIMES, tokens, got.j if got is not None else i + 1)
    if hit is None or hit[0][1] == "s" or (got is not None and got.low is None):
        return None
    (factor, unit), k = hit
    if tokens[k].low not in ("after", "following", "later"):
        return None
    end = skip(tokens, k + 1, SETS["start_after_words"] | OF_DOSES)
    while end > k + 1 and tokens[end].low not in WHAT_IS_GIVEN and find(STEPS, tokens, end) is not None:
        end += 1
    if behind and tokens[skip(tokens, k + 1, ("the",))].low not in _FIRST:
        return None  # '50 mg 2 hours after each session'
    if tokens[k].low == "later":
        end = k + 1
    elif tokens[end].low in WHAT_IS_GIVEN or (tokens[end - 1].low in WHAT_IS_GIVEN and end > k + 1):
        end += tokens[end].low in WHAT_IS_GIVEN
    elif s.label and tokens[k + 1].low not in _BIRTH:
        end = k + 1
        while tokens[end].kind in (WORD, NAME) and tokens[end].low not in _AFTER_EVENT and not find(WHO, tokens, end):
            end += 1  # what it is counted from is no condition: 'ingestion', 'onset of symptoms'
    else:
        return None
    low, high = (got.low, got.high) if got is not None else (1.0, 1.0)
    upper = tuple(n for n in range(i + 1, k) if tokens[n].value is not None) if high != low else ()
    return Island("after", i, end, {"start_after": (low or 0) * factor, "start_after_unit": unit}, None, upper)


_OPENS = frozenset((":", ";", ".", ",", "|", "*", "-", "•", "and", "then"))
_FIRST = frozenset("first initial loading starting".split())
_AFTER_EVENT = frozenset("in for with if and or as at by when".split())
_BIRTH = frozenset("birth delivery".split())


def paused(tokens: list[Token], i: int) -> Island | None:
    """A pause before the step: 'stop for 1 hour, then decrease by 3 units/kg/hour'; without a step it is no time of a dose."""
    j = skip(tokens, i + 1, ("the", "infusion", "treatment", "drug", "it", "dose", "doses", "therapy"))
    got = number(tokens, j + 1) if tokens[j].low == "for" else None
    hit = find(TIMES, tokens, got[1]) if got else None
    if got is None or hit is None or hit[0][1] == "s":
        return None
    (factor, unit), k = hit
    m = skip(tokens, k, (",", "and", ";"))
    if tokens[m].low not in ("then", "resume", "restart"):
        return Island("lost", i, k)
    if tokens[m].low == "then":  # no divider here: the pause is of the step that follows
        k = m + 1
    return Island("after", i, k, {"start_after": got[0] * factor, "start_after_unit": unit})


def start_after(tokens: list[Token], i: int) -> Island | None:
    """When a step begins: 'after 3 cycles', 'after 2 weeks', 'beyond 8 cycles', 'after 12 hours'."""
    found = time_after(tokens, i)
    given = tokens[i - 1].low in _GIVEN and tokens[i - 2].low in _NTH
    label = found is not None and (tokens[found.j].low == ":" or (i == 2 and tokens[found.j].kind == END))
    if found is not None and given and not label:  # but 'Second dose after 30 min: 1 g' is one that begins then
        return Island("lost", i, found.j)  # 'second dose after 1 month' is when that one is given
    if found is not None and tokens[i - 1].low in ("again", "more") and tokens[i - 2].low != "given":
        return Island("lost", i, found.j)  # 'spirometry again after 15 minutes', 'once more after 10 minutes'
    if found is not None and tokens[i].low == "beyond" and tokens[found.j].low in ("is", "are", "has", "should"):
        return Island("lost", i, found.j)  # 'use beyond 4 weeks is not recommended'
    if found is not None and _of_other_act(tokens, i):
        return Island("lost", i, found.j)  # 'rinsed off after 10 minutes', 'check potassium after one week'
    return found


_CHECKS = frozenset("check measure monitor recheck review test assess reassess".split())


def _of_other_act(tokens: list[Token], i: int) -> bool:
    """Whether a time is that of an act beside the dose: 'and measure blood pressure standing and lying after two weeks'."""
    for k in range(i - 1, max(i - 11, -1), -1):
        if tokens[k].low in (SETS["other_act"] if i - k <= 4 else _CHECKS):
            return True
        if i - k >= 4 and (tokens[k].kind in (NUMBER, BREAK) or tokens[k].kind == PUNCT):
            return False
    return False


_GIVEN = frozenset("dose injection infusion vaccination".split())
_NTH = frozenset((*ORDINALS, "next"))


def time_after(tokens: list[Token], i: int) -> Island | None:
    """The time that stands behind 'after', of whatever it is."""
    j = i + 1
    lost: tuple[int, ...] = ()
    j = skip(
        tokens,
        j,
        SETS["start_after_words"],
    )
    got = number(tokens, j)
    if got is None:
        hit = find(TIMES, tokens, j)
        if hit is None or j == i + 1 or hit[0][1] == "s":
            return None  # 'after the second injection' counts injections
        (factor, unit), k = hit
        return Island("after", i, k, {"start_after": factor, "start_after_unit": unit})
    value, k = got
    if (tokens[k].kind == PUNCT and tokens[k].low in "-–") or tokens[k].low == "to":
        second = number(tokens, k + 1)
        if second:
            hit = find(TIMES, tokens, second[1])
            if hit is None or hit[0][1] == "s":
                return None
            (factor, unit), end = hit  # the earliest time; its upper end has no column
            fields = {"start_after": value * factor, "start_after_unit": unit}
            span = (value * factor, second[0] * factor, unit)
            return Island("after", i, end, fields, span, tuple(range(k + 1, second[1])))
    if tokens[k].low in ("cycle", "cycles"):
        return Island("after", i, k + 1, {"start_after": value, "start_after_unit": "cycle"})
    hit = find(TIMES, tokens, skip(tokens, k, ("further", "more", "additional", "full")))
    if hit is None:
        return None
    (factor, unit), k = hit
    if unit == "s":
        return None
    k += tokens[k].low == "more"  # 'after 4 weeks more'
    if tokens[k].low in ("of", "treatment", "therapy"):
        k = skip(tokens, k, ("of", "treatment", "therapy"))
    return Island("after", i, k, {"start_after": value * factor, "start_after_unit": unit}, None, lost)
