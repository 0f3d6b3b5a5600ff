"""Text to dosing steps: lex, scan, build clauses, then decide which are steps and what each inherits."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from monopipe.cues import Cued
from monopipe.grammar.choose import choose
from monopipe.grammar.coverage import SHARED
from monopipe.grammar.fields import GROUPS, PARAM, drop
from monopipe.grammar.finish import Step, finish
from monopipe.grammar.island import Island
from monopipe.grammar.labels import read_label
from monopipe.grammar.lexer import WORD, Token, lex
from monopipe.grammar.rows import row_clauses
from monopipe.grammar.scan import scan
from monopipe.grammar.steps import build
from monopipe.grammar.who import may_say_who
from monopipe.grammar.words import NUMBER_WORDS, drug_like, known

_DIGIT = re.compile(r"[\d½¼¾]")
_COUNTED_FORM = Cued(
    r"\b(?:one|two|three|four|five|six|half|a|an)\b[\s-]+(?:\w+[\s-]+)?(?:tab|cap|puff|drop|spray|patch|application|suppositor|sachet|vial|unit|pessar)"
)
_SPREAD = Cued(
    r"\b(?:apply|applied|rub|rubbed|dab|dabbed|smear|smeared|spread)\b[^.;]*\b(?:daily|day|night|every|weekly|week)\b"
)


def has_dose(text: str) -> bool:
    """Whether the text could hold a dose or a rate: it has a digit, a counted dose form, or says how often to apply."""
    return any(shape.search(text) is not None for shape in (_DIGIT, _COUNTED_FORM, _SPREAD))


@lru_cache(maxsize=64)
def _scanned(text: str) -> tuple[list[Token], list[Island]]:
    """The tokens and islands of a label or sentence, which is asked in turn for its route, its times and its people."""
    tokens = lex(text, NUMBER_WORDS)
    return tokens, scan(text, tokens, (), label=True)


@lru_cache(maxsize=4096)
def _context(lead: str) -> tuple[tuple[str, Any], ...]:
    """The columns that a heading, label or lead-in sentence gives to what it encloses."""
    tokens, scanned = _scanned(lead)
    end = len(tokens) - 8
    while end and tokens[end - 1].low in (":", ".", "*", "_"):
        end -= 1
    sentence = any(t.low in (".", ";") for t in tokens[:end]) or end > 14
    islands = [p for p in scanned if p.kind != "sep"]
    a_day = [p for p in islands if p.kind == "often" and _of_daily_dose(tokens, p)]
    islands = [p for p in islands if p not in a_day and not (p.kind == "over" and not _runs(p))]
    fields, _ = read_label(tokens, islands, 0, end, lead, ())
    if tokens[0].low == "total" and fields.get("step_kind") == "loading":
        fields["dose_is"] = "per_course"  # 'Total loading doses, given as a half and two quarters'
    if len({p.fields.get("route") for p in islands if p.kind in ("route", "hint")}) > 1:
        fields.pop("route", None)  # 'Conversion from oral morphine to the transdermal patch'
        fields.pop("route_text", None)
    if a_day:
        fields["dose_is"] = "per_day"
    for p in islands:
        if p.kind == "limit" and "max" not in p.fields and p.note is None and fields.keys().isdisjoint(SHARED):
            fields.update(p.fields)  # 'Epilepsy (maximum 60 mg/kg/day)'
    if _heads_start(tokens, end) or any(t.low in _TELLING for t in tokens[:end]):
        fields.pop("step_kind", None)  # 'How we start it', 'The starting doses depend on the disease' name no step
    if sentence:
        fields.pop("indication_text", None)
        for p in islands:
            if p.kind == "often" and ("frequency" not in fields or p.note == "divided"):
                drop(fields, GROUPS["frequency"])
                fields.update(p.fields)  # 'Total daily dose, given in 3 divided doses:'
    return tuple(fields.items())


def _heads_start(tokens: list[Token], end: int) -> bool:
    """Whether a heading is over all that is done to start, with many steps: 'Starting under the tongue', 'Slow start (outpatients)'."""
    for k in range(end):
        if tokens[k].low == "starting" and k + 1 < end and tokens[k + 1].low in _TO_BEGIN:
            return True
        last = k + 1 == end or tokens[k + 1].low == "("
        if tokens[k].low == "start" and k and last and tokens[k - 1].low not in ("to", "the", "at"):
            return True
    return False


# 'Starting under the tongue' heads a chapter of many steps, 'Starting dose' one.
_TO_BEGIN = frozenset("under by with in on at from low slowly the patients someone after".split())
_TELLING = frozenset("how what when who we you depend depends differ differs".split())
_DOSES = frozenset("dose doses dosage dosages amount amounts".split())


def _of_daily_dose(tokens: list[Token], p: Island) -> bool:
    """Whether 'daily' says of what the doses are, not how often: 'Total daily doses', 'Daily oral maintenance dose'."""
    alone = p.j == p.i + 1 and tokens[p.i].low == "daily"
    return alone and any(t.low in _DOSES for t in tokens[p.j : p.j + 3])


def _runs(p: Island) -> bool:
    """Whether a time is that of an infusion: 'over 30 minutes', but not 'built up over 5 days'."""
    return p.fields.get("admin_duration_unit") not in ("d", "wk", "mo")


def read_route(text: str) -> str | None:
    """The words of the one route that a sentence names: "Doses are taken by mouth, on an empty stomach." gives "by mouth"."""
    fields = dict(_context(text))
    if fields.get("route") is None or len(_routes(text)) != 1:
        return None
    return fields.get("route_text")


@lru_cache(maxsize=1024)
def _routes(text: str) -> frozenset[str]:
    """The codes of all routes that a text names."""
    _, islands = _scanned(text)
    return frozenset(p.fields["route"] for p in islands if p.kind == "route" and "route" in p.fields)


def read_often(text: str) -> str | None:
    """The words that say how often, where a sentence has just one: "Tablets are taken twice a day" gives "twice a day"."""
    return _only(text, "often")


def read_length(text: str) -> str | None:
    """The words for the length of an infusion, where a sentence has just one: "Each dose runs over 1 hour" gives itself."""
    return _only(text, "over")


def read_course(text: str) -> str | None:
    """The words for the length of a course, where a sentence has just one: "Give for 7–10 days" gives "for 7–10 days"."""
    return _only(text, "bounds")


def read_meal(text: str) -> str | None:
    """The words that tie doses to meals: "By mouth, with food" gives "with food".

    None where a sentence names another time too ("30 minutes before or 2 hours after a meal") or only an empty stomach.
    """
    words = _only(text, "when")
    if words is None or {"empty", "or"} & set(text.lower().split()) - {"or" if _OF_FOOD.search(text) else ""}:
        return None
    return words if "meal" in dict(_context(words)).get("when_code", "") else None


_OF_FOOD = re.compile(
    r"\b(?:food|meals?|milk|feeds?|snacks?)\s+or\s+(?:an?\s+)?(?:food|meals?|milk|feeds?|snacks?)\b", re.I
)


def _only(text: str, kind: str) -> str | None:
    tokens, islands = _scanned(text)
    found = [p for p in islands if p.kind == kind and _runs(p)]
    if len(found) != 1:
        return None
    end = next((p.j for p in islands if kind == "often" and p.kind == "when" and p.i == found[0].j), found[0].j)
    return text[tokens[found[0].i].start : tokens[end - 1].end]


def read_who(text: str) -> dict[str, Any]:
    """Who a heading, label or phrase speaks of: age_group, population, param and its band, as columns."""
    if not may_say_who(text):
        return {}
    fields = dict(_context(text))
    return {k: fields[k] for k in GROUPS["who"] if k in fields}


def read_lead(text: str) -> dict[str, Any]:
    """Whom a heading or label speaks of and by which route it gives, as columns: "Children, intravenous:"."""
    fields = dict(_context(text))
    return {k: fields[k] for k in _LEADS if k in fields}


def read_how(text: str) -> dict[str, Any]:
    """How long one administration runs and how it stands to meals, as columns: "over 2 hours", "before a meal"."""
    fields = dict(_context(text))
    return {k: fields[k] for k in ("admin_duration", "admin_duration_unit", "when_code") if k in fields}


def names_condition(text: str) -> bool:
    """Whether a heading or label has words for a condition beside those that say whom or by which route."""
    return "indication_text" in dict(_context(text))


_LEADS = (*GROUPS["who"], "route", "route_text")
NOT_NAMES = frozenset(("mild", "moderate", "severe", "acute", "chronic", "thinly", "reduce", "do", "monitor", "avoid"))


_OF_ANOTHER = frozenset("with plus + and combination taking receiving on treated".split())


def _own_name(tokens: list[Token]) -> Collection[str]:
    """The drug-like words before the first number: the text's own drug where none is named."""
    names: set[str] = set()
    for k, t in enumerate(tokens[:4]):
        if t.kind != WORD or known(t.low) or t.value is not None or t.low in NOT_NAMES:
            if t.low in (":", "|", "/"):
                names.clear()  # a label or a cell is a condition, unless it looks like a drug
            break
        names.add(t.low)
        if k == 3:
            names.clear()
    for t in tokens:
        if t.value is not None or t.low in _OF_ANOTHER:
            break
        if drug_like(t):
            names.add(t.low)
    return names


def read(
    text: str,
    *,
    leads: Sequence[str] = (),
    drug_names: Collection[str] = (),
    columns: Sequence[str] = (),
    keep_doseless: bool = False,
) -> list[Step]:
    """All dosing steps of a text, in order.

    `leads` are the headings and lead-in sentences around the text, outermost first; `columns` the heads of a table
    row's cells; `drug_names` the names of the drug itself. Steps without dose or rate come only with `keep_doseless`.

    >>> step = read("25 mg orally once daily on days 1-21 of repeated 28-day cycles")[0]
    >>> step.dosage.dose_low, step.dosage.route, step.dosage.cycle_days, step.dosage.dose_per_cycle_low
    (25.0, 'oral', '1-21', 525.0)
    """
    try:
        return _read(text, leads, drug_names, columns, keep_doseless)
    except RecursionError:  # pragma: no cover - the parser does not recurse; a promise is a promise
        return []


def _lasts(given: dict[str, Any]) -> bool:
    """Whether the months or days of a label that names more than them are no age of adults."""
    return given.get("param") == "age" and given["param_unit"] != "a" and not {*PARAM, "age_group"} >= given.keys()


@lru_cache(maxsize=16)
def _words_of(names: frozenset[str]) -> frozenset[str]:
    """The names of the drug and their words, in lower case; the same for every text of a document."""
    return frozenset(w for name in names for w in (name.lower(), *name.lower().split()))


def _read(
    text: str, leads: Sequence[str], drug_names: Collection[str], columns: Sequence[str], keep: bool
) -> list[Step]:
    if not keep and not columns and not has_dose(text):
        return []
    tokens = lex(text, NUMBER_WORDS)
    if drug_names:
        own: Collection[str] = _words_of(frozenset(drug_names))
    else:
        own = _own_name(tokens) if not columns else ()
    denied: Collection[str] = ()
    if columns:
        clauses, tokens, denied = row_clauses(text, tokens, columns, own)
    else:
        clauses = build(tokens, scan(text, tokens, own), text, own)
    context: dict[str, Any] = {}
    for lead in leads:
        given = dict(_context(lead))
        if any(k in given for k in ("route", "route_text")):
            context.pop("route", None)
            context.pop("route_text", None)
        if context.get("age_group") == "pediatric" and given.get("age_group") == "all" and "all ages" in lead.lower():
            del given["age_group"]  # all those of the children that a heading speaks of
        if context.get("age_group") == "adult" and _lasts(given):
            given = {k: v for k, v in given.items() if k not in PARAM}  # 'Deep vein thrombosis (3–6 months)'
        if "param" in given or (
            context.get("param") == "age"
            and given.get("age_group", context.get("age_group")) != context.get("age_group")
        ):  # the ages of the children that a heading speaks of are not those of its "Elderly"
            for k in ("param", "param_low", "param_high", "param_unit"):
                context.pop(k, None)
        if given.get("step_kind") in ("loading", "single") and "period_unit" not in given:
            for k in GROUPS["frequency"]:
                context.pop(k, None)  # 'Breast cancer (weekly)' over 'Loading dose:': how often the doses behind it are
        context.update(given)
    for group in denied:
        for k in GROUPS[group]:
            context.pop(k, None)
    chosen = choose(tokens, clauses, own)
    return finish(tokens, chosen, text, context, keep, own, bool(columns))


__all__ = [
    "Step",
    "has_dose",
    "read",
    "read_course",
    "read_lead",
    "read_length",
    "read_meal",
    "read_often",
    "read_route",
    "read_who",
]
