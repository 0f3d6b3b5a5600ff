"""What the head of a table's column says of its cells: whom or what they are of, in which unit, how often, how long."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from monopipe.grammar import timing
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import END, NUMBER, Token, lex
from monopipe.grammar.quantity import amount
from monopipe.grammar.scan import scan
from monopipe.grammar.words import NUMBER_WORDS, OFTEN, PARAMETERS, SETS, TIMES, UNITS, WHEN, find
from monopipe.signs import MASS
from monopipe.vocabulary import rows

_LAB_UNIT = re.compile(r"(?:[µμmnp]?(?:mol|g|U|IU)|cells)/(?:[dmµμ]?L|mm³)", re.I)
_SIZES = frozenset(("kg", "years", "m²", "m2"))
_MARK = re.compile(r"[*_†‡§¶#¹³]+|\^\w+\^?|\[\w\]|(?<![m\d])²")
_STRENGTH = re.compile(rf"\(\s*[\d.,]+\s*{MASS}\s*(?:/|per|in)\s*[\d.]*\s*m[lL]\s*\)")
# "Single dose, 30 min before incision": when it is given, which no column holds
_BEFORE_EVENT = re.compile(
    r",?\s*\(?(?:within\s+)?\d[\d\s–-]*(?:min(?:ute)?s?|h(?:ours?)?)\s+(?:before|prior\s+to|after)\s+[^()|]*\)?$", re.I
)
_UNIT_BEHIND = re.compile(r"(?:,\s*|\s+in\s+|\s*\((?:in\s+)?)(?P<unit>[^(),]+)\)?$")
_LASTING = re.compile(
    r"\s*(?:\((?:for\s+|[x×]\s*)?|,?\s+(?:for|x|×)\s+)(?P<time>\d+(?:\s*(?:[-–]|to)\s*\d+)?\s+(?:days?|weeks?|months?))\)?$",
    re.I,
)
# "Bolus over 1 min", "Loading dose (infused over 30 minutes)", "Infusion (15 min)": of each dose of the column.
_RUNNING = re.compile(
    r"\s*(?:[(,]\s*|\s)(?:(?:given|infused|run)\s+)?(?:over|(?<=infusion \())\s*(?P<time>\d+\s*(?:min(?:ute)?s?|h(?:ou)?rs?|h))\)?$",
    re.I,
)
_USUAL = re.compile(r"^(?:usual|normal|standard|recommended)\s+(?!dos|amount)")
_THEN = frozenset("then thereafter afterwards subsequently followed by".split())
_AFTERWARDS = frozenset("thereafter subsequent following afterwards next remaining".split())
_DOSES = frozenset("dose dosage doses dosing amount amounts".split())
_COUNTS = frozenset("number no count".split())
_HOLDERS = frozenset(
    "tablets capsules sachets vials puffs drops sprays patches suppositories ampoules pens syringes".split()
)
_TIMES = frozenset("days weeks months".split())
_A_DAY = frozenset("daily day 24 24h".split())
# Before a parameter: "Baseline CrCl", "Patient's actual body weight".
_WHOSE = frozenset(
    "baseline actual current patient patients child childs infants the s ' ’ estimated measured calculated initial ideal by renal function kidney".split()
)
_OFTEN_FIRST = frozenset("every each once twice thrice in into divided given q".split())
_KINDS: dict[tuple[str, ...], tuple[int, tuple[str, str, str]]] = {}
"""The phrases of heads, each with its place in the vocabulary, its kind, and the words before and behind its cells."""
for _row in rows("column_heads"):
    for _phrase in _row["words"].split("|"):
        _KINDS.setdefault(tuple(_phrase.split()), (len(_KINDS), (_row["kind"], _row["before"], _row["after"])))
_LONGEST = max(map(len, _KINDS))


class Head(NamedTuple):
    """What a column's head adds to its cells: words before, behind bare numbers, behind doses."""

    kind: str
    before: str = ""
    unit: str = ""
    often: str = ""
    lasting: str = ""


@lru_cache(maxsize=2048)
def head(text: str) -> Head:
    """How a column is read, from its head.

    >>> head("CrCl (mL/min)")
    Head(kind='who', before='crcl', unit='mL/min', often='', lasting='')
    >>> head("Tablets, dose twice daily").often
    'twice daily'
    >>> head("Dose, mg/kg").unit
    'mg/kg'
    >>> head("Tablets of 30 mg").kind
    'quantity'
    >>> head("Treatment (5 days)").lasting
    'for 5 days'
    >>> head("CrCl 30–59 mL/min").kind, head("Loading dose on day 1").before
    ('group', 'loading dose on day 1')
    """
    text = _BEFORE_EVENT.sub("", " ".join(_STRENGTH.sub(" ", _MARK.sub(" ", text)).split()))
    kind = _kind(text.lower().replace(".", "").split())[0]
    if kind == "times":
        return Head("times", "", "times daily")
    text, lasting = _without_time(text)
    text, often = (text, "") if kind == "limit" else _without_often(text)
    text, unit = _without_unit(text)
    low = _USUAL.sub("", text.lower())
    tokens = lex(low, NUMBER_WORDS)
    words = [t.low for t in tokens if t.low]
    islands = [p for p in scan(low, tokens, (), label=True) if p.kind != "sep"]
    dosed = not _DOSES.isdisjoint(words)
    if words[:2] == ["child", "pugh"] and not any("param" in p.fields for p in islands):
        return Head("who", "child-pugh score" if "score" in words else "child-pugh class")
    if not dosed and (param := _parameter(tokens, islands)):
        return Head("who", param, unit)
    if len(words) > 1 and words[-1] == "to" and words[0] in SETS["down"]:
        return Head("dose", "reduce the dose to", unit)  # "Reduce next dose to"
    if words[:1] == ["if"] and kind == "":
        return Head("next", "", unit, often, lasting)  # "If no response"
    if words == ["then"]:
        return Head("dose", "then", unit, often, lasting)  # as in a sentence: which step it is, no word says
    if words and set(words) <= _THEN:
        return Head("group", "maintenance dose", unit, often, lasting)
    kind, before, after = _kind(words)
    if unit and kind in ("often", "bounds", "over") and not find(TIMES, lex(unit, NUMBER_WORDS), 0):
        kind, before, after = "dose", "", ""  # "Regular dosing schedule (mg)"
    if kind == "days" and words == ["first", "day"]:
        return Head("group", "day 1", unit, often, lasting)
    if kind == "days" and not _AFTERWARDS.isdisjoint(words):
        return Head("dose", "then", unit, often, lasting)  # "Following days"
    if kind == "increment":
        at = next(k for k, w in enumerate(words) if w.startswith(("increment", "increase", "step", "raise")))
        rest = " ".join(words[at + 1 :]).removeprefix("by ").removeprefix("size ")
        # 'Increase of the daily dose' says of what, not how often
        return Head(kind, before, "" if rest.startswith(("of ", "in ", "to ")) else rest, often)
    if kind == "limit":
        scope = "daily " if not _A_DAY.isdisjoint(words) else "single " if {"single", "per"} & set(words) else ""
        return Head(kind, f"maximum {scope}dose", unit)
    named = _named(islands)
    if dosed and kind == "dose" and not _AFTERWARDS.isdisjoint(words):
        return Head("group", "maintenance dose", unit, often, lasting)
    if kind == "dose" and "daily" in words and unit:
        return Head(kind, "", f"{unit} per day", often, lasting)
    if kind == "dose" and "daily" in words and (not named or len(words) <= 3):
        return Head(kind, "", unit, f"per day {often}".strip(), lasting)
    if named and (kind in ("", "dose") or _numbered(kind, tokens)):
        single = {p.fields.get("step_kind") for p in islands if p.fields} == {"single"}
        return Head("single" if single and dosed else "group", re.sub(r"[()]", "", low), unit, often, lasting)
    if _numbered(kind, tokens):
        return Head("label", "", unit, often, lasting)  # "Cycle 1"
    if unit.lower().startswith("ml/min") and kind == "":
        return Head("who", "crcl", unit)
    if kind == "" and _COUNTS.intersection(words) and (form := next((w for w in words if w in _HOLDERS), None)):
        return Head("quantity", "", form)  # "Number of 3 mg tablets"
    if kind == "" and not named and (held := _held(tokens)):
        return Head("quantity", "", held)
    if kind == "quantity" and not unit:
        unit = next((w for w in words if w in _HOLDERS or w == "ml"), "")
    if kind == "bounds" and not unit:
        unit = next((w for w in words if w in _TIMES), "")  # "Days of treatment"
    if kind:
        return Head(kind, before, unit or after, often, lasting)
    if (unit or often) and not words:
        return Head("dose", "", unit, often, lasting)
    return Head("label", "", unit, often, lasting)


def _held(tokens: list[Token]) -> str:
    """The form that a column counts by its strength: 'Tablets of 30 mg', 'Tab 20/120 mg', '250 mg capsules'; else ''."""
    form, strengths, k = "", 0, 0
    while tokens[k].kind != END:
        while tokens[k].kind == NUMBER and tokens[k + 1].low == "/" and tokens[k + 2].kind == NUMBER:
            k += 2  # of a fixed combination, "20/120 mg"
        got = amount(tokens, k) if tokens[k].value is not None else None
        unit = find(UNITS, tokens, got.j if got else k)
        if got and unit and unit[0].dimension in ("mass", "activity"):
            strengths += 1
        elif not got and unit and unit[0].dimension == "count" and not form:
            form = tokens[k].low
        elif tokens[k].low not in ("of", "(", ")"):
            return ""
        else:
            unit = None
        k = unit[1] if unit else k + 1
    return form if strengths == 1 else ""


def _kind(words: list[str]) -> tuple[str, str, str]:
    """The kind of a column with the words before and behind its cells: that of the longest phrase in its head."""
    for n in range(min(_LONGEST, len(words)), 0, -1):
        runs = (tuple(words[k : k + n]) for k in range(len(words) - n + 1))
        if found := [_KINDS[run] for k, run in enumerate(runs) if run in _KINDS and (k == 0 or run != ("with",))]:
            return min(found)[1]
    return "", "", ""


def _parameter(tokens: list[Token], islands: list[Island]) -> str | None:
    """The measured value that the cells hold: 'Baseline CrCl', but not 'CrCl 30–59', which is itself the band."""
    if any("param" in p.fields for p in islands):
        return None
    for k, t in enumerate(tokens):
        if found := find(PARAMETERS, tokens, k):
            param: str = found[0][0]
            return {"creatinine clearance": "crcl"}.get(param, param)
        if t.low not in _WHOSE and t.low != "(":
            return None
    return None


def _named(islands: list[Island]) -> bool:
    """Whether a head says for whom, by which way, in which step or on which days its doses are."""
    return any(p.kind in ("who", "step", "route", "week", "days") and p.fields for p in islands)


def _numbered(kind: str, tokens: list[Token]) -> bool:
    """Whether a head says itself what cells of its kind hold: 'Day 1', 'Intravenous, over 1 minute'."""
    return kind in ("days", "over", "bounds", "cycle", "cycles") and any(t.kind == NUMBER for t in tokens)


def _without_unit(text: str) -> tuple[str, str]:
    """A head without the unit of its numbers, and that: 'Dose (mg)', 'Weight in kg', 'eGFR, mL/min', 'mg/kg'."""
    if m := _UNIT_BEHIND.search(text):
        inner = m["unit"].strip()
        tokens = lex(inner, NUMBER_WORDS)
        if any(t.kind == NUMBER and t.low != "1.73" for t in tokens):
            return text, ""  # "Loading (day 1)"
        if find(UNITS, tokens, 0) or find(TIMES, tokens, 0) or inner.lower() in _SIZES or _LAB_UNIT.fullmatch(inner):
            return text[: m.start()].rstrip(" ,("), inner
    tokens = lex(text.lower().removeprefix("in "), NUMBER_WORDS)[:-8]
    counts = tokens and not tokens[0].low.startswith("dose") and find(UNITS, [*tokens, *_NO_MORE], 0)
    if counts and all(t.low in _OF_A_UNIT or find(UNITS, [*tokens, *_NO_MORE], k) for k, t in enumerate(tokens)):
        return "", re.sub(r"^in\s+", "", text, flags=re.I)  # "In million units"
    return text, ""


_OF_A_UNIT = frozenset("/ per kg m² m2 day h hour".split())
_NO_MORE = lex("", NUMBER_WORDS)


def _without_time(text: str) -> tuple[str, str]:
    """A head without how long its doses are given, or each runs, and that: 'Treatment (5 days)', 'Bolus over 1 min'."""
    if (m := _RUNNING.search(text)) and m.start():
        return text[: m.start()], f"over {m['time']}"
    m = _LASTING.search(text)
    return (text[: m.start()], f"for {m['time']}") if m and m.start() else (text, "")


def _without_often(text: str) -> tuple[str, str]:
    """A head without the words that say how often or when, and those: 'Tablets, dose twice daily', 'Morning dose'."""
    tokens = lex(text, NUMBER_WORDS)
    dosed = any(t.low in _DOSES for t in tokens)
    for k in range(len(tokens) - 8):
        t = tokens[k]
        hit = find(OFTEN, tokens, k)
        end = hit[1] if hit and not (t.low == "daily" and tokens[k + 1].low in _DOSES) else 0
        for rule in (timing.count_per, timing.divided, timing.every):
            if not end and (t.value is not None or t.low in _OFTEN_FIRST) and (found := rule(tokens, k)):
                end = found.j if found.kind in ("often", "divided") else 0
        if not end and (time := find(WHEN, tokens, k)):
            end = time[1]
        apart = k == 0 or tokens[k - 1].low in (",", "(")
        closed = tokens[end].low in (")", "") if end else False
        if end and (dosed or (apart and closed)):
            rest = text[: t.start].rstrip(" ,;(") + text[tokens[end - 1].end :].lstrip(" )")
            rest += ")" * (rest.count("(") - rest.count(")"))
            return re.sub(r",?\s+(?:to be\s+)?(?:given|taken|injected)$", "", rest), text[t.start : tokens[end - 1].end]
    return text, ""


_PHASES = {"loading": "loading dose", "maintenance": "maintenance", "starting": "initially", "initial": "initially"}
KINDS_OF_PHASES = {"loading dose": "loading", "initially": "initial", "maintenance": "maintenance"}
_NAMELESS = frozenset(
    "induction continuation consolidation intensive thereafter afterwards then subsequent subsequently".split()
)


def phase_of(head_: Head, column: str) -> str | None:
    """The words for the step that a column "Induction" or "Maintenance" holds the schedule of; None for other columns."""
    words = [t.low for t in lex(column, NUMBER_WORDS)[:-8]]
    if head_.kind not in ("group", "label", "often") or head_.unit:
        return None
    named = next((_PHASES[w] for w in words if w in _PHASES), None)
    if named is not None:
        return "" if "phase" in words and named != "maintenance" else named  # "Initial phase": many doses
    return "" if not _NAMELESS.isdisjoint(words) or first_weeks(column) else None


def first_weeks(column: str) -> str:
    """How long the schedule of a column "First 4 weeks" holds."""
    words = column.lower().split()
    timed = len(words) == 3 and words[0] == "first" and words[1].isdigit() and words[2] in _TIMES
    return f"for {words[1]} {words[2]}" if timed else ""


__all__ = ["KINDS_OF_PHASES", "Head", "first_weeks", "head", "phase_of"]
