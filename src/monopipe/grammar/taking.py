"""Patients by what else they take: 'in patients taking rifampicin', 'those not receiving enzyme inducers'."""

from __future__ import annotations

from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, Token
from monopipe.grammar.who import is_excepted
from monopipe.grammar.words import WHO, drug_like, find

TAKING_FIRST = "taking receiving on using treated not already currently concurrently concomitantly also".split()
_ADVERBS = frozenset("not already currently concurrently concomitantly also being still yet both".split())
_TAKING = frozenset("taking receiving using on".split())
_PEOPLE = frozenset(
    "patients patient adults children adolescents people persons those individuals women men subjects anyone who".split()
)
_CLASSES = tuple(
    "inhibitor inducer opioid statin diuretic nitrate steroid corticosteroid glucocorticoid anticonvulsant anticoagulant insulin blocker"
    " sulfonylurea sulphonylurea antihypertensive antidepressant benzodiazepine".split()
)
_LINKS = frozenset("are is aged".split())
_AND_ON = frozenset("and or , /".split())
_ENDS = frozenset(
    ": ; . ) ( | – — should may might can could must need needs require requires receive receives take takes start starts begin begins"
    " benefit give given use are is will the dose reduce limit increase halve then".split()
)


def on_another(s: Scan, i: int) -> Island | None:
    """A condition: the patients take another drug, or do not: 'patients not taking methotrexate may receive 40 mg'."""
    tokens = s.tokens
    k = i - 1
    while k > 0 and tokens[k].low in _LINKS:
        k -= 1
    if k < 0 or tokens[k].low not in _PEOPLE:
        return None
    j = i
    while tokens[j].low in _ADVERBS and j < i + 4:
        j += 1
    if tokens[j].low == "treated" and tokens[j + 1].low == "with":
        j += 2
    elif tokens[j].low in _TAKING:
        j += 1
    else:
        return None
    end = _end(tokens, j)
    if is_excepted(tokens, k, end) or any(find(WHO, tokens, n) for n in range(j, end)):
        return None  # 'except in patients taking rifampicin', 'patients on haemodialysis receiving heparin'
    named = [t for t in tokens[j:end] if drug_like(t) or t.low.startswith(_CLASSES)]
    if not named or any(t.low in s.own for t in named) or tokens[end].kind == NUMBER:
        return None  # 'patients on haloperidol 100 mg': the dose is of that
    words = s.text[tokens[i].start : tokens[end - 1].end]
    return Island("who", i, end, {"population": "other", "condition_text": words}, "group")


def _end(tokens: list[Token], j: int) -> int:
    """Where the names of the drugs end that begin at token j: at a verb, a mark or a number, but not within their list."""
    k = j
    while k < j + 16 and tokens[k].kind not in (END, BREAK, NUMBER) and tokens[k].low not in _ENDS:
        if tokens[k].low == "," and not _lists_on(tokens, k):
            break
        k += 1
    while k > j and tokens[k - 1].low in _AND_ON:
        k -= 1
    return k


def _lists_on(tokens: list[Token], k: int) -> bool:
    """Whether another drug follows a comma: 'carbamazepine, phenytoin or primidone'."""
    first = k + 1 + (tokens[k + 1].low in ("or", "and"))
    return any(drug_like(t) for t in tokens[first : first + 2])
