"""What is for some, or for a second time: words behind a dose that must not reach it."""

from __future__ import annotations

from monopipe.grammar import quantity, timing
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, Token, skip
from monopipe.grammar.not_doses.sums import SUM
from monopipe.grammar.text import clause_end, part_end
from monopipe.grammar.words import OFTEN, ROUTES, SETS, TIMES, WHEN, WHO, find

AGAIN_FIRST = (
    "repeat repeated repeating again once twice second third fourth further another extra additional a an".split()
)
"""The words that begin with a second time."""
_TIMES = frozenset(
    "once twice it this the dose up to a second further time times more again only one may can be".split()
)
_ANOTHER = frozenset("second third fourth further another extra additional repeat".split())
_DOSE = frozenset("dose time injection infusion tablet puff spray bolus".split())
_IS_GIVEN = frozenset("may can should is be given taken used added needed only".split())
_IF = frozenset("if when whenever where should".split())


def again_if(s: Scan, i: int) -> Island | None:
    """When a dose is given once more, no condition of its first time: '5 mg IV, repeated if necessary', 'a second dose if in pain'."""
    tokens = s.tokens
    if not any(p.kind == "dose" for p in s.islands[-8:]):
        return None
    low = tokens[i].low
    if low.startswith("repeat"):
        k = skip(tokens, i + 1, _TIMES)
    elif low == "again" or (low in ("once", "twice") and tokens[i + 1].low in ("more", "again")):
        k = skip(tokens, i + 1, ("more", "again", "once"))
    else:
        k = i + (low in ("a", "an"))
        if tokens[k].low not in _ANOTHER or tokens[k + 1].low not in _DOSE:
            return None
        k = skip(tokens, k + 2, _IS_GIVEN)
        if time := find(WHEN, tokens, k + (tokens[k].low == "at")) or find(WHEN, tokens, k):
            k = time[1]  # 'a fourth tablet at night if sleepless'
    return _to_its_end(tokens, i, k + 1) if tokens[k].low in _IF else None


def often_of_others(s: Scan, i: int) -> Island | None:
    """How often a dose is given to some, not to all: '500 mg twice daily, only once daily below 70 kg', 'but daily if frail'."""
    tokens = s.tokens
    if not any(p.kind == "often" for p in s.islands[-4:]):
        return None
    j = i + 1 + (tokens[i + 1].low == "only")
    if often := find(OFTEN, tokens, j):
        k = often[1]
    elif (counted := timing.count_per(tokens, j) or timing.every(tokens, j)) is not None:
        k = counted.j
    else:
        return None
    return _to_its_end(tokens, i, k) if tokens[k].low in _FOR else None


def half_if(s: Scan, i: int) -> Island | None:
    """For whom half or double the dose is, no one whom all of it is for: '1 g at night, half each when CrCl is below 60'."""
    tokens = s.tokens
    if tokens[i].value is not None and tokens[i].low != "half":
        return None
    if tokens[i - 1].low not in (",", ";", "(", "and", "but") or not any(p.kind == "dose" for p in s.islands[-8:]):
        return None
    k = skip(tokens, i + 1, _OF_IT)
    if tokens[k].low == "in" and tokens[k + 1].low in ("each", "both", "the") and not find(WHO, tokens, k + 2):
        return None  # 'half in each nostril', 'half in the morning'
    return _to_its_end(tokens, i, k + 1) if tokens[k].low in _FOR else None


_OF_IT = frozenset("each of that this it them the dose doses amount as much only".split())


def people_behind(s: Scan, i: int) -> Island | None:
    """How it is for other people behind a comma: '7 mg twice daily, elderly once daily', 'for 10 days, children 7 days'."""
    tokens = s.tokens
    j = skip(tokens, i + 1, ("but", "and", "in", "for", "the"))
    hit = find(WHO, tokens, j)
    if hit is None or not hit[0][0]:
        return None
    said = _said_of_dose(s)
    k = skip(tokens, hit[1], ("only", "just", "for", "over"))
    if tokens[k].low == "by" or find(ROUTES, tokens, k):
        told = "route"
    elif find(OFTEN, tokens, k):
        told = "often"
    elif (lasts := quantity.amount(tokens, k)) is not None and find(TIMES, tokens, lasts.j):
        told = "over" if tokens[k - 1].low == "over" else "bounds"
    elif (counted := timing.count_per(tokens, k) or timing.every(tokens, k)) is not None:
        told = counted.kind
    else:
        return None
    return _to_its_end(tokens, i, k) if told in said else None


def _said_of_dose(s: Scan) -> set[str]:
    """What stands behind the last dose of the sentence."""
    kinds: set[str] = set()
    for p in reversed(s.islands[-12:]):
        if p.kind in ("dose", "rate"):
            return kinds
        if p.kind == "sep" and p.note in ("sentence", "break", "semi"):
            return set()
        kinds.add(p.kind)
    return set()


_FOR = frozenset("if in for when with below under over above where after".split())


def _to_its_end(tokens: list[Token], i: int, k: int) -> Island | None:
    """The words from token i to the end of what is said, where they hold no amount."""
    while tokens[k].kind not in (END, BREAK) and tokens[k].low not in (",", ";", ")", "|", "."):
        given = quantity.dose(tokens, k) if tokens[k].kind == NUMBER else None
        if (
            given is not None
            and given.kind in ("dose", "rate")
            and given.note in ("mass", "activity", "volume", "count")
        ):
            return None
        k += 1
    return Island("lost", i, k)


def otherwise_in_bracket(s: Scan, i: int) -> Island | None:
    """How long, how often or at most how much it is for others, in brackets behind what it is for most: 'for 4/52 (6/52 if prosthetic valve)'."""
    tokens = s.tokens
    last = s.islands[-1] if s.islands else None
    if last is not None and last.j == i and (last.kind == "limit" or last.note == SUM):
        return _most_of_others(tokens, i)
    told = _told_in_bracket(s, i + 1)
    if told is None:
        return None
    j, kinds = told
    if tokens[j].low not in ("if", "in", "when", "for") or (kinds and not _has_said(s, kinds)):
        return None
    return _to_bracket_end(tokens, i, j, (")", ";", ".", ""))


def _told_in_bracket(s: Scan, j: int) -> tuple[int, tuple[str, ...]] | None:
    """Where the amount, time or frequency at token j ends, and the kinds of which one must stand before the bracket."""
    tokens = s.tokens
    if often := timing.past_often(tokens, j):
        return often, ("often", "times", "when", "weekdays")
    span = quantity.amount(tokens, j)
    if span is None:
        return None
    if (time := find(TIMES, tokens, span.j)) is not None:
        return time[1], ("often", "bounds")
    dosed = span.unit is None and any(p.kind in ("dose", "rate") for p in s.islands[-8:])
    return (span.j, ()) if dosed else None  # '500 micrograms (300 if small)'


def _most_of_others(tokens: list[Token], i: int) -> Island | None:
    """The most for others in the brackets behind a most: 'to a total of 7.5 mg (3.5 mg in the elderly)', 'max 4 g/day (2 g if frail)'."""
    isl = quantity.numbered(tokens, skip(tokens, i + 1, SETS["rarely"]))
    return _to_bracket_end(tokens, i, isl.j, (")", ";", "")) if isl is not None and isl.kind == "dose" else None


def _to_bracket_end(tokens: list[Token], i: int, j: int, stops: tuple[str, ...]) -> Island | None:
    """The bracket that opens at token i, where it closes soon after token j and before the other stops."""
    end = next((k for k in range(j + 1, j + 12) if tokens[k].low in stops or tokens[k].kind == BREAK), j)
    return Island("lost", i, end + 1) if end > j and tokens[end].low == ")" else None


def _has_said(s: Scan, kinds: tuple[str, ...]) -> bool:
    """Whether something of these kinds stands behind the last dose: it can only be otherwise than what is said."""
    for p in s.islands[:-24:-1]:
        if p.kind in kinds:
            return True
        if p.kind in ("dose", "rate") or (p.kind == "sep" and p.note in ("sentence", "break", "semi")):
            return False
    return False


def prolonged(s: Scan, i: int) -> Island | None:
    """How long a course is for some, none of its usual length: 'for 5 days, extended to 10 days if severe'."""
    tokens = s.tokens
    first = ("for", "up") if tokens[i].low == "or" else ("to", "for", "by", "up")
    if tokens[i + 1].low not in first or not _has_said(s, ("bounds", "often")):
        return None
    found = quantity.amount(tokens, skip(tokens, i + 1, _PROLONGED_TO))
    time = find(TIMES, tokens, found.j) if found is not None else None
    if time is None or tokens[time[1]].low not in ("if", "in", "when", "for", "where"):
        return None
    return Island("lost", i, part_end(tokens, time[1], s.text, _PART_ENDS))


PROLONGED_FIRST = "or extended extending extend prolonged prolong lengthened increased continued".split()
_PROLONGED_TO = frozenset("to for by up at least a further total of".split())
_PART_ENDS = frozenset(", ; ) |".split())


def end_of_range(s: Scan, i: int) -> Island | None:
    """For whom an end of the range before it is, no one whom the whole dose is for: ', the lower end if CrCl < 30', 'lower in'."""
    tokens = s.tokens
    if not any(p.kind in ("dose", "rate") for p in s.islands[-10:]):
        return None
    j = skip(tokens, i + 1, _END_OF)
    if tokens[j].low not in ("if", "in", "when", "with", "for"):
        return None
    end = part_end(tokens, j, s.text, _PART_ENDS)
    if any(tokens[k].low in (":", "(") or _is_dose(quantity.numbered(tokens, k)) for k in range(j, end)):
        return None
    return Island("lost", i, end)


def _is_dose(isl: Island | None) -> bool:
    return isl is not None and isl.kind == "dose" and isl.note != "bare"


_END_OF = frozenset("end ends dose doses part amount amounts limit figure of the range".split())
ENDS_OF_RANGE = "lower higher upper smaller larger lowest highest".split()


def with_caution(s: Scan, i: int) -> Island | None:
    """Whom to treat with caution, not whom the dose is for: '20 mg daily, with caution in hepatic impairment'."""
    tokens = s.tokens
    if tokens[i + 1].low not in ("in", "for", "if", "when") or not any(p.kind == "dose" for p in s.islands[-8:]):
        return None
    end = clause_end(tokens, i + 2)
    if any(quantity.numbered(tokens, k) is not None for k in range(i + 2, end)):
        return None  # 'with caution in the elderly 5 mg'
    return Island("lost", i, end)
