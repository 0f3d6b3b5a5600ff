"""Doses that another is given in place of: 'from 40 mg go down to 20 mg', 'instead of 5 mg twice daily', 'patients taking 20 mg daily'."""

from __future__ import annotations

from typing import Any

from monopipe.grammar import quantity, timing
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, NUMBER, WORD, Token, skip
from monopipe.grammar.text import clause_end
from monopipe.grammar.words import OFTEN, SETS, TIMES, find, past


def while_rising(s: Scan, i: int) -> Island | None:
    """The doses between which care is needed, none to give: 'caution when increasing from 5 micrograms to 10 micrograms'."""
    tokens = s.tokens
    if tokens[i + 1].low not in _RISING:
        return None
    k = skip(tokens, i + 2, ("the", "dose", "dosage", "from"))
    before = quantity.numbered(tokens, k) if tokens[k - 1].low == "from" else None
    if before is not None and tokens[before.j].low == "to" and tokens[before.j + 1].value is not None:
        before = quantity.dose(tokens, before.j + 1)
    return Island("lost", i, before.j) if before is not None and before.kind in ("dose", "rate") else None


_RISING = frozenset("increasing escalating raising titrating uptitrating going moving switching changing".split())


def left_behind(tokens: list[Token], i: int) -> Island | None:
    """The dose that patients come down from, none to give: 'from 40 mg we go down to 20 mg', 'From 20 mg daily, reduce to 10 mg'."""
    opens = i == 0 or tokens[i - 1].low in _OPENS or tokens[i - 1].kind == BREAK
    found = quantity.numbered(tokens, i + 1) if opens else None
    if found is None or found.kind != "dose":
        return None
    end = past(OFTEN, tokens, found.j)
    if tokens[end].low == "to" and tokens[end + 1].value is not None:
        return Island("lost", i, end + 1) if _is_less(quantity.dose(tokens, end + 1), found) else None
    k = skip(tokens, end, _WHO_COMES_DOWN)
    down = tokens[k].low in _COMES_DOWN or (tokens[k].low in _GOES and tokens[k + 1].low in ("down", "back"))
    return Island("lost", i, end) if down else None


def _is_less(other: Island | None, than: Island) -> bool:
    """Whether another dose is the smaller: of 'From 20 mg to 10 mg with ketoconazole' the second."""
    if other is None or other.kind != "dose":
        return False
    high, low = other.fields.get("dose_high"), than.fields.get("dose_low")
    return high is not None and low is not None and high < low


_OPENS = frozenset(". ; : ( , but and then".split())
_WHO_COMES_DOWN = frozenset(", we i you it one they can may is then the dose".split())
_COMES_DOWN = frozenset("reduce reduced reducing taper tapered drop cut lower lowered decrease decreased halve".split())
_GOES = frozenset("step go come work move stepped going coming".split())


def gives_way(tokens: list[Token], isl: Island) -> Island | None:
    """The dose that another takes the place of, none to give: '5 mg goes to 2.5 mg with …', '1 g is replaced by 500 mg'."""
    k = skip(tokens, past(OFTEN, tokens, isl.j), _WHAT_IS_GIVEN)
    j = skip(tokens, k, _AUXILIARY)
    verb = tokens[j].low
    links = (_GIVEN_WAY if j > k else _GIVES_WAY).get(verb)
    if links is None:
        return None
    if links:
        j = skip(tokens, j + 1, ("down", "back", "then"))
        if tokens[j].low not in links:
            return None
    end = j + 1
    other = quantity.numbered(tokens, end)
    if other is None or other.kind != isl.kind or other.fields.get("dose_is") == "increment":
        return None
    same_unit = isl.fields.get("dose_unit") == other.fields.get("dose_unit")
    less = same_unit and _amount(other, "dose_high") < _amount(isl, "dose_low")
    if verb in _LESSENS and not (less and _is_for_some(tokens, other.j)):
        return None
    if not less:
        return Island("lost", isl.i, end)
    numbers = tuple(n for n in range(isl.i, isl.j) if tokens[n].kind == NUMBER)
    return Island("change", isl.i, end, {"step_kind": "down"}, None, numbers)


def _amount(isl: Island, column: str) -> Any:
    return isl.fields.get(column) or 0


def _is_for_some(tokens: list[Token], j: int) -> bool:
    """Whether the dose that ends at j is for some: '10 mg is reduced to 5 mg in renal failure', but not '… to 5 mg after a week'."""
    k = past(OFTEN, tokens, j)
    timed = find(TIMES, tokens, k + 1) is not None or tokens[k + 1].value is not None
    return tokens[k].low in _FOR_SOME and not timed


_WHAT_IS_GIVEN = SETS["what_is_given"]
_AUXILIARY = frozenset("is are be then should must may can has to".split())
_LESSENS = frozenset("reduced decreased halved →".split())
_FOR_SOME = frozenset("if in with when where below under".split())
# Words for 'gives way' and 'is given up', each with the words one of which must link it to the new dose; () needs none.
_GIVES_WAY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("→", "becomes", "become"), ()),
    **dict.fromkeys(("goes", "go", "drops", "falls", "moves", "shrinks", "comes"), ("to",)),
    **dict.fromkeys(("turns", "changes"), ("to", "into")),
}
_GIVEN_WAY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cut", "brought", "lowered", "changed", "reduced", "decreased", "halved"), ("to",)),
    **dict.fromkeys(("replaced", "substituted"), ("by", "with")),
}


def instead(s: Scan, i: int) -> Island | None:
    """The dose, or how often, that is not to be: '10 mg once a day instead of 5 mg twice daily', 'rather than twice daily'."""
    tokens = s.tokens
    j = i + 1 + (tokens[i].low == "in" and tokens[i + 1].low == "place")
    if (tokens[j - 1].low, tokens[j].low) not in (("instead", "of"), ("rather", "than"), ("place", "of")):
        return None
    j += 1
    if tokens[j].low.endswith("ing"):  # 'instead of adding a third tablet'
        return Island("lost", i, clause_end(tokens, j))
    other = quantity.numbered(tokens, skip(tokens, j, _NOT_THIS))
    end = other.j if other is not None and other.kind in ("dose", "rate") else i
    often = find(OFTEN, tokens, max(end, j))
    end = often[1] if often else end
    return Island("lost", i, end) if end > i else None


_NOT_THIS = frozenset("a an the one usual full normal standard another second third dose doses of".split())


def taken_before(s: Scan, i: int) -> Island | None:
    """The dose that patients are on when this one is for them: 'patients taking 20 mg daily', 'who took codeine 240 mg a day'."""
    tokens = s.tokens
    if not _are_taking(tokens, i):
        return None
    j = i + 1 + (tokens[i + 1].kind == WORD and tokens[i + 1].value is None and tokens[i + 2].value is not None)
    isl = quantity.numbered(tokens, j)
    if isl is None or isl.kind != "dose" or isl.note not in ("mass", "activity", "volume"):
        return None
    often = timing.past_often(tokens, isl.j)
    end = skip(tokens, often or isl.j, ("alone",))
    left = tokens[end].low in _LEAVES  # 'those on 10 mg move to 20 mg'
    return Island("lost", i, end) if often or left or isl.fields.get("dose_is") == "per_day" else None


def _are_taking(tokens: list[Token], i: int) -> bool:
    """Whether the verb at token i says what patients are on: 'patients currently taking', 'those who took'."""
    k = i - 1
    while k > 0 and tokens[k].low in _SO_FAR:
        k -= 1
    if k < 0:
        return False
    if tokens[k].low in ("who", "that"):  # not 'except in the elderly, who take 10 mg daily'
        return not any(t.low in ("except", "excepting") for t in tokens[max(k - 8, 0) : k])
    if tokens[k].low not in _PATIENTS or tokens[i].low not in _ON:
        return False
    return not any(t.low in _PUT for t in tokens[max(k - 3, 0) : k])  # not 'start adult patients on 20 mg daily'


_ON = frozenset("taking receiving on requiring needing".split())
TAKEN_FIRST = _ON | frozenset("take takes took receive receives received need needs needed require requires".split())
_PUT = frozenset("start starts starting begin beginning put place keep maintain commence initiate we".split())
_SO_FAR = frozenset("already currently previously now usually regularly are is were was have been".split())
_PATIENTS = frozenset("patients patient people person those adults children women men someone anyone".split())
_LEAVES = SETS["leaves_a_dose"]


def not_enough(s: Scan, i: int) -> Island | None:
    """The dose that has not done, before the one to give: 'who have not responded to 40 mg daily after 6 weeks', 'who fail 20 mg'."""
    tokens = s.tokens
    failed = tokens[i].low in _FAILS
    left = tokens[i].low in ("to", "on", "with") and tokens[i - 1].low in _ANSWERS
    if not failed and not left:
        return None
    said = {t.low for t in tokens[max(i - 6, 0) : i]}
    if not (failed and "who" in said) and not (left and said & _NOT_ENOUGH):
        return None
    isl = quantity.dose(tokens, i + 1) if tokens[i + 1].kind == NUMBER else None
    if isl is None or isl.kind != "dose" or isl.note not in ("mass", "activity", "volume"):
        return None
    return Island("lost", i, timing.past_often(tokens, isl.j) or isl.j)


_FAILS = frozenset("fail fails failed failing".split())
_ANSWERS = frozenset(
    "respond responds responded responding response responsive controlled symptomatic uncontrolled".split()
)
_NOT_ENOUGH = frozenset(
    "not no inadequate inadequately insufficient insufficiently poor poorly still uncontrolled who".split()
)


def taken_on(s: Scan, i: int) -> Island | None:
    """What patients take of another drug whom a dose is for: '12 micrograms/hour on 30–44 mg of morphine'."""
    if not s.islands or s.islands[-1].kind not in ("dose", "rate") or s.islands[-1].j != i:
        return None
    isl = quantity.numbered(s.tokens, i + 1)
    return Island("lost", i, isl.j) if isl is not None and isl.kind == "dose" and isl.note != "count" else None
