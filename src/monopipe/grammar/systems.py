"""Patches, rings and other systems: they release their drug at a rate and are changed every so often."""

from __future__ import annotations

from itertools import pairwise

from monopipe.grammar import quantity
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, NUMBER, Token, skip
from monopipe.grammar.words import OFTEN, find

_PATCHES = frozenset(("patch", "patches"))
_SYSTEMS = _PATCHES | frozenset("ring rings system systems implant implants iud ius pessary pessaries insert".split())
_CHANGED = frozenset("changed replaced renewed exchanged".split())
_ABOUT = frozenset("about approximately approx roughly an average of ~ ≈ only".split())
_DAYS = frozenset("day d 24 24h".split())
_GIVES = frozenset("give gives giving sends sending lets letting sets setting".split())
_OFF = frozenset("off out free".split())
_DELIVERS = frozenset("delivers delivering emits emitting".split())
RELEASE_FIRST = ("release", "releases", "releasing", *_GIVES, *_DELIVERS)
CHANGED_FIRST = (*sorted(_CHANGED), "changing", "replacing", "renewing")
# Between a system and its rate: 'patch of', 'patch (', 'patch: initially'.
_BETWEEN = frozenset("of ( : , | - – at with strength dose initially usually start first transdermal vaginal".split())


def released(s: Scan, i: int) -> Island | None:
    """What a system releases is a rate: 'releases 20 micrograms/day', 'gives off 7.5 micrograms per 24 hours'."""
    tokens = s.tokens
    low = tokens[i].low
    if low in _GIVES and tokens[i + 1].low not in _OFF:
        return None
    if low in _DELIVERS and not _system_before(tokens, i, 12):
        return None
    j = skip(tokens, i + (2 if low in _GIVES else 1), _ABOUT)
    isl = quantity.dose(tokens, j) if tokens[j].value is not None else None
    if isl is not None and isl.kind == "dose" and isl.fields.get("dose_is") == "per_administration":
        end = isl.j + 2 if tokens[isl.j].low == "of" else isl.j  # 'sets free 120 micrograms of etonogestrel a day'
        per, count, end = quantity.pers(tokens, end)
        if count is not None or [p.code for p in per] != ["d"]:
            return None
        isl.j, isl.fields["dose_is"] = end, "per_day"
    if isl is None or isl.kind != "dose" or isl.fields.get("dose_is") != "per_day":
        return None
    _as_rate(isl)
    isl.i, isl.j = i, isl.j + 1 if tokens[isl.j].low == "initially" else isl.j
    return isl


def changed(s: Scan, i: int) -> Island | None:
    """That a system is changed says no more than how often: 'changed every 72 hours', 'is replaced every 90 days'."""
    after = s.tokens[i + 1]
    if not s.islands or not any(p.kind in ("dose", "rate") for p in s.islands[-4:]):
        return None
    return Island("ignore", i, i + 1) if after.low in ("every", "each") or find(OFTEN, s.tokens, i + 1) else None


def by_rate(tokens: list[Token], islands: list[Island]) -> None:
    """Make a daily amount of a system what it is, a rate: '25 micrograms/day, changed twice a week', 'a 0.1 mg/24 h patch'.

    What follows in the same unit, 'then 14 mg/24 hours', is one as well, as long as no other way is spoken of.
    """
    unit, worn = "", False
    for n, p in enumerate(islands):
        if p.kind == "route" and p.fields.get("route") not in ("transdermal", "vaginal"):
            unit = ""
        if p.kind not in ("dose", "rate"):
            continue
        daily = p.kind == "dose" and p.fields.get("dose_basis") == "flat" and _per_day(tokens, p)
        if p.kind == "rate" or (daily and (_is_system(tokens, p) or p.fields["dose_unit"] == unit)):
            patch = tokens[_behind(tokens, p.j)].low in _PATCHES or _system_before(tokens, p.i, 8) in _PATCHES
            if daily:
                _as_rate(p)
                last, unit = unit, str(p.fields["rate_unit"]).removesuffix("/d")
                worn = patch = patch or (worn and last == unit)
            _count(tokens, p, islands[n - 1] if n else None)
            if patch and p.note != "increment":
                p.note = "patch"


def _as_rate(isl: Island) -> None:
    """Turn a daily amount into a rate; a step of a change keeps that it is one."""
    f = isl.fields
    rate = {"rate_low": f["dose_low"], "rate_high": f["dose_high"], "rate_unit": f"{f['dose_unit']}/d"}
    names = ("step_kind", "frequency", "period", "period_unit", *(("dose_is",) if f["dose_is"] == "increment" else ()))
    kept = {k: f[k] for k in names if k in f}
    isl.kind, isl.fields = "rate", {**rate, **kept}


def _per_day(tokens: list[Token], isl: Island) -> bool:
    """Whether an amount is over a day: '25 micrograms/day', '9.5 mg per 24 hours', '7.5 micrograms a day and is replaced every'."""
    words = [t.low for t in tokens[isl.i : isl.j]]
    printed = any(a in ("/", "per") and b in _DAYS for a, b in pairwise(words))
    return printed or (isl.fields.get("dose_is") == "per_day" and _is_changed(tokens, isl))


def _is_system(tokens: list[Token], isl: Island) -> bool:
    """Whether the words beside an amount make it what a system releases."""
    behind = tokens[_behind(tokens, isl.j)].low in _SYSTEMS
    return _is_changed(tokens, isl) or behind or bool(_system_before(tokens, isl.i, 5, _BETWEEN))


def _is_changed(tokens: list[Token], isl: Island) -> bool:
    """Whether what has been said to hold an amount is changed: '…, changed twice a week', '… and is replaced every 90 days'."""
    end = skip(tokens, isl.j, (",", "and", "is", "are", "it", "to", "be", "which", "(", "the", "must", "should"))
    after = tokens[end + 1].low in ("every", "each", "after") or find(OFTEN, tokens, end + 1) is not None
    return tokens[end].low in _CHANGED and after


def _behind(tokens: list[Token], j: int) -> int:
    return skip(tokens, j, ("transdermal", "vaginal", "matrix", "skin"))


def _system_before(tokens: list[Token], i: int, most: int, between: frozenset[str] | None = None) -> str:
    """The system named at most so many words before token i in its sentence, where only the given words stand between."""
    for k in range(i - 1, max(i - 1 - most, -1), -1):
        t = tokens[k]
        if t.low in _SYSTEMS:
            return t.low
        if t.kind in (BREAK, NUMBER) or t.low == "." or (between is not None and t.low not in between):
            return ""
    return ""


def _count(tokens: list[Token], isl: Island, before: Island | None) -> None:
    """How many systems of a rate are worn, where a word before the rate says so: 'one 21 mg/24 hours patch'."""
    number, form = tokens[isl.i - 1], tokens[_behind(tokens, isl.j)].low
    value = number.value if isl.i and number.kind != NUMBER else None
    if before is not None and before.note == "bare" and before.j == isl.i and form in _PATCHES:
        before.kind, before.fields, before.j = "ignore", {}, before.i  # 'apply one 21 mg/24 h patch'
    if form in _PATCHES and value is not None and value == int(value) and (before is None or before.j < isl.i):
        isl.i -= 1
        isl.fields.update(quantity_low=value, quantity_high=value, quantity_unit="{patch}")
