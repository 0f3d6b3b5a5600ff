"""A table's row as a sentence: every cell is read with the words of its column's head.

A head "CrCl (mL/min)" puts 'crcl' before its cell and 'mL/min' behind a bare number; "Interval" puts 'every' before,
"Maximum" a limit, "Duration" 'for'. The added tokens have no width, so offsets stay those of the row.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from monopipe.grammar.fields import Clause
from monopipe.grammar.heads import KINDS_OF_PHASES, Head, first_weeks, head, phase_of
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import END, NUMBER, PUNCT, TEXT, Token, lex
from monopipe.grammar.quantity import amount, dose
from monopipe.grammar.scan import scan
from monopipe.grammar.sharing import share_column
from monopipe.grammar.steps import build
from monopipe.grammar.timing import count_per, every
from monopipe.grammar.words import NUMBER_WORDS, OFTEN, PARAMETERS, ROUTES, TIMES, UNITS, WHO, drug_like, find

# What a column beside the first tells of the condition: how bad it is, or how far it has gone.
_DEGREES = frozenset("severity stage grade class risk".split())
_ORGANS = {"renal": "renal", "kidney": "renal", "hepatic": "hepatic", "liver": "hepatic"}
_STATES = frozenset("impairment insufficiency failure dysfunction".split())


# What a cell with a schedule of its own holds: the head's then says nothing of it.
_SCHEDULED = frozenset(
    "daily hourly weekly monthly once twice every each single then followed hours days weeks times or divided day od bd bid tds tid qds qid".split()
)


_TAKING = frozenset("taking on receiving with given having".split())


def _other_drug(column: str, own: Collection[str]) -> bool:
    """Whether a column holds the doses of another drug: 'Amoxicillin' in a table of a triple therapy.

    'Multiple myeloma (with dexamethasone)' holds those of this one.
    """
    tokens = _lexed(column)
    others = [k for k, t in enumerate(tokens) if drug_like(t)]
    return any(not k or tokens[k - 1].low != "with" for k in others) and not any(t.low in own for t in tokens)


def _partners(column: str, own: Collection[str]) -> str:
    """The drugs that the head of a column says its doses are given with, as printed."""
    tokens = _lexed(column)
    named = (t for k, t in enumerate(tokens) if k and tokens[k - 1].low == "with" and drug_like(t) and t.low not in own)
    return "; ".join(column[t.start : t.end] for t in named)


@lru_cache(maxsize=1024)
def _lexed(words: str) -> tuple[Token, ...]:
    return tuple(lex(words, NUMBER_WORDS)[:-8])


def _at(words: str, offset: int) -> list[Token]:
    return [Token(t.kind, offset, offset, t.low, t.value) for t in _lexed(words)]


def _cell(head_: Head, cell: list[Token], follows_label: bool) -> list[Token]:
    """The tokens of a cell with those its head adds."""
    begin, end = cell[0].start, cell[-1].end
    if head_.kind == "increment":
        return [*_at(head_.before, begin), *cell, *_at(head_.unit, end)]
    body = _with_unit(cell, head_.unit) if head_.unit else list(cell)
    if head_.kind == "dose" and head_.before and body[-1].low == "%":
        body += _at("of the dose", end)  # "80%" of a column "Reduce to"
    if head_.kind == "limit":
        k = next((k for k, t in enumerate(body) if t.value is not None), 0)
        body = body[k:] if all(t.low in _UP_TO for t in body[:k]) else body
    if _DAYS.isdisjoint(t.low for t in cell) and _SCHEDULED.isdisjoint(t.low for t in cell):
        body += _at(head_.often, end)
    if head_.lasting and (_TIMED if head_.lasting.startswith("over ") else _DAYS).isdisjoint(t.low for t in cell):
        body += _at(head_.lasting, end)
    if head_.kind == "group":
        return [*_at(f"{head_.before}:", begin), *body]
    if head_.kind == "cycle" and body[0].kind == NUMBER:
        body += _at("cycle", end)
    if head_.kind == "form":
        return [*body, *_at(":", end)] if follows_label else body
    if head_.kind == "label":
        return [*body, *_at(":", end)] if follows_label and _is_label(body) else body
    if head_.kind == "repeat" and _is_time(body):
        return [*_at("repeat after", begin), *body]  # "10 minutes"
    return [*_at(head_.before, begin), *body] if _needs(head_, body) else body


def _holds_several(cell: list[Token]) -> bool:
    """Whether a cell lists more than one amount; what a bracket adds to one is its own: "60 mg/kg (max. 2 g)"."""
    if not any(t.low in (";", ",") for t in cell):
        return False
    padded, found, k = _padded(cell), 0, 0
    while k < len(cell):
        isl = dose(padded, k) if padded[k].kind == NUMBER else None
        found += isl is not None and isl.kind == "dose"
        k = isl.j if isl is not None else k + 1
    return found > 1


_REPEATED = frozenset("repeat repeated repeating repeats again".split())
# "up to 3 g/day" of a column "Maximum": the limit itself.
_UP_TO = frozenset("up to not more than no ≤ < max max. maximum about . :".split())
_DAYS = frozenset("day days week weeks month months".split())
_TIMED = frozenset("over bolus push rapid rapidly slow slowly minutes min hour hours h".split())


def _padded(cell: list[Token]) -> list[Token]:
    return [*cell, *[Token(END, cell[-1].end, cell[-1].end, "")] * 8]


def _with_unit(cell: list[Token], unit: str) -> list[Token]:
    """A cell with its column's unit behind its first number, where that has none of its own."""
    k = next((k for k, t in enumerate(cell) if t.value is not None), None)
    if k is None:
        return list(cell)
    rest = _padded(cell[k:])
    got = amount(rest, 0)
    if got is None or any(find(words, rest, got.j) for words in (UNITS, TIMES, PARAMETERS)):
        return list(cell)
    if rest[got.j].low in ("/", "%", "kg", "times"):
        return list(cell)
    at = k + got.j
    return [*cell[:at], *_at(unit, cell[at - 1].end), *cell[at:]]


def _needs(head_: Head, body: list[Token]) -> bool:
    """Whether a cell needs the words of its head to say the same in a sentence: "7 days" of a column "Duration"."""
    first = body[0]
    if not head_.before:
        return False
    if head_.kind == "often":
        if any(t.low in ("before", "beforehand", "prior", "after") for t in body):
            return False  # "10 minutes before exercise" is a moment, no interval
        if first.value is not None and find(TIMES, _padded(body), 1):
            return True
        return _is_time(body) and first.low != "up"
    if head_.kind == "repeat":
        return _REPEATED.isdisjoint(t.low for t in body)
    if head_.kind in ("bounds", "over"):
        return (
            first.low in ("up", "at", "min", "max", "minimum", "maximum")
            or _is_time(body)
            or body[min(1, len(body) - 1)].low in _COUNTS
        )
    if head_.kind == "cycles" and first.low in ("up", "at", "maximum", "max"):
        return True
    if head_.kind in ("days", "cycles", "cycle", "count"):
        return first.kind == NUMBER
    return head_.kind != "limit" or first.value is not None


def _limit(cell: list[Token]) -> list[Token]:
    """The maximum that a cell of comments begins with, up to its first mark; empty where its period or dose is not said."""
    end = next((k for k, t in enumerate(cell) if t.low in (".", ";", ",", "(")), len(cell))
    said = cell[:end]
    words = [t.low for t in said]
    opens = words[:1] in (["max"], ["maximum"], ["max."]) or words[:3] in (
        ["not", "more", "than"],
        ["no", "more", "than"],
    )
    within = any(a.low == "in" and b.kind != NUMBER for a, b in pairwise(said))
    if not opens or within or len(said) > _MAX_LIMIT or _SCOPES.isdisjoint(words) or not _UNDER.isdisjoint(words):
        return []
    return said


_MAX_LIMIT = 9
_SCOPES = frozenset("day daily d 24 24h dose infusion injection".split())
_UNDER = frozenset("if for unless when where until with below above over adults children elderly total course".split())


def _without_other(cell: list[Token], own: Collection[str]) -> list[Token]:
    """A first cell without what it says of the doses of another drug: "PSVT" of "PSVT, after adenosine 6 mg"."""
    other = next((k for k, t in enumerate(cell) if drug_like(t) and t.low not in own), 0)
    cut = next((k for k, t in enumerate(cell[:other]) if t.low in _HAD), other)
    if not cut or (cut == other and cell[cut - 1].low != ","):
        return cell
    cut -= cell[cut - 1].low in (",", "(")
    return cell[:cut] if cut and _is_label(cell[:cut]) else cell


_HAD = frozenset("after despite not when if while following unresponsive refractory uncontrolled already on".split())


def _is_time(cell: list[Token]) -> bool:
    """Whether a cell begins with a length of time: "7–10 days"."""
    padded = _padded(cell)
    got = amount(padded, 0)
    return got is not None and find(TIMES, padded, got.j) is not None


def _is_label(cell: list[Token]) -> bool:
    """Whether a cell only names whom or what its row is for: it closes no sentence, holds no amount and bids nothing."""
    padded = _padded(cell)
    amounts = (
        t.kind == NUMBER and padded[k + 1].low not in _SIZES and find(UNITS, padded, k + 1) and not _rated(padded, k)
        for k, t in enumerate(cell)
    )
    bids = cell[0].low in ("apply", "applied")  # "apply twice daily" of a column "How to use"
    return not bids and not any(t.low in (":", ".", ";") for t in cell) and not any(amounts)


def _is_share(cell: list[Token]) -> bool:
    """Whether the one amount of a cell is how strong a preparation is: "5% cream", "0.5% solution with salicylic acid 10%"."""
    return all(cell[k + 1].low == "%" for k, t in enumerate(cell[:-1]) if t.kind == NUMBER)


_SIZES = frozenset(("kg", "m2", "m²"))
_ALSO = frozenset("in dose amount the same equivalent equivalents".split())
_PRODUCTS = frozenset("tablet capsule vial ampoule sachet patch".split())
_COUNTS = frozenset("dose doses cycle cycles".split())


def _is_number(cell: list[Token]) -> bool:
    """Whether a cell is a bare number or range: "30", "10–20"."""
    got = amount(_padded(cell), 0)
    return got is not None and got.j == len(cell)


def _rated(cell: list[Token], k: int) -> bool:
    """Whether a number is a clearance: "30 mL/min"."""
    return cell[k + 1].low == "ml" and cell[k + 2].low in ("/", "per") and cell[k + 3].low.startswith("min")


def _of_organ(column: str, cell: list[Token]) -> list[Token]:
    """A cell "Moderate impairment" of a column "Renal function" speaks of renal impairment."""
    organ = next((_ORGANS[w] for w in column.lower().split() if w in _ORGANS), None)
    k = next((k for k, t in enumerate(cell) if t.low in _STATES), None)
    if organ is None or k is None or any(t.low in _ORGANS for t in cell):
        return cell
    return [*cell[:k], *_at(organ, cell[k].start), *cell[k:]]


def _cells(tokens: list[Token], n_columns: int) -> list[list[Token]]:
    """The tokens of each cell of a row, which may stand between outer bars: "| 10–20 kg | 15 mg |"."""
    cells: list[list[Token]] = [[]]
    for t in tokens:
        if t.kind == END:
            break
        if t.low == "|" and t.kind == PUNCT:
            cells.append([])
        else:
            cells[-1].append(t)
    return cells[1:] if len(cells) > n_columns and not cells[0] else cells


def _divided(text: str, cell: list[Token]) -> list[Token]:
    """A cell with ';' where a line ends and the next has an amount or a label of its own: "15 mg<br>then 20 mg"."""
    starts = [k for k, t in enumerate(cell) if k and "\n" in text[cell[k - 1].end : t.start]]
    for k in reversed(starts):
        line = cell[k : next((n for n in starts if n > k), len(cell))]
        if line[0].kind != PUNCT and (any(t.low == ":" for t in line) or not _is_label(line)):
            cell = [*cell[:k], *_at(";", cell[k].start), *cell[k:]]
    return cell


def _says_nothing(cell: list[Token]) -> bool:
    words = {t.low for t in cell if t.kind != PUNCT}
    return words <= _NOTHING or [t.low for t in cell] in (["n", "/", "a"], ["not", "applicable"])


def _names_people(cell: list[Token]) -> bool:
    """Whether a cell begins with a group of people and gives their age or weight with its unit."""
    padded = _padded(cell)
    return find(WHO, padded, 0) is not None and any(t.low == "kg" or find(TIMES, padded, k) for k, t in enumerate(cell))


def _measures_other(cell: list[Token], measure: str) -> bool:
    """Whether a cell of a column of ages holds a weight, or one of a column of weights an age."""
    padded = _padded(cell)
    weighs = any(t.low in ("kg", "kilogram", "kilograms") for t in cell)
    return weighs if measure == "age" else not weighs and any(find(TIMES, padded, k) for k in range(len(cell)))


def _counts_days(cell: list[Token]) -> bool:
    """Whether a cell is one number or range too high to begin a cycle: "7", "5–7", but not "1–5" and "1, 8"."""
    got = amount(_padded(cell), 0)
    return _is_number(cell) and got is not None and got.low is not None and got.low > 2


def _within_day(cell: list[Token]) -> bool:
    """Whether a cell says that several doses are given a day: "100 mg bd", "q6h", "three times a day"."""
    padded = _padded(cell) if cell else []
    for k in range(len(cell)):
        hit = find(OFTEN, padded, k)
        if hit and (hit[0].period_unit == "h" or (hit[0].period_unit == "d" and (hit[0].frequency or 0) > 1)):
            return True
        counted = every(padded, k) if padded[k].low in ("every", "q") else count_per(padded, k)
        if counted is not None and counted.kind == "often":
            f = counted.fields
            if f["period_unit"] == "h" or (f["period_unit"] == "d" and (f["frequency"] or 0) > 1):
                return True
    return False


def _is_numbered(column: str, columns: Sequence[str]) -> bool:
    """Whether a column is the first of several alike: "First infusion" beside "Second infusion"."""
    first, _, of = column.lower().partition(" ")
    return first == "first" and any(other.lower().startswith(f"second {of.split()[0]}") for other in columns if of)


def _is_band(head_: Head) -> bool:
    """Whether a column holds the doses of one band of renal function or the like: "CrCl 30–60", "IHD"."""
    return head_.kind == "group" and any(
        find(PARAMETERS, list(_lexed(head_.before)) + _END, k) for k in range(len(_lexed(head_.before)))
    )


def _unsaid(column: str) -> bool:
    """Whether a head leaves open if its cells count days or name them: "Days", "Treatment days"; but "Day", "Cycle days"."""
    return _NAMES_DAYS.isdisjoint(column.lower().replace("(s)", "s").split())


_NAMES_DAYS = frozenset("day cycle on".split())
_COURSES = {"often"}  # of a table of intervals without cycles
_NOTHING = frozenset("none nil na".split())
_SO_FAR = frozenset("current previous existing present prior old patient's patient’s".split())
_USUAL = frozenset("usual normal standard full recommended".split())
_GROUP_OF = {"bounds": "bounds", "often": "frequency", "route": "route"}


def row_clauses(
    text: str, tokens: list[Token], columns: Sequence[str], own: Collection[str]
) -> tuple[list[Clause], list[Token], frozenset[str]]:
    """The clauses of a row, the tokens they count in (the row's own and those its heads add), and what it denies.

    A dash in a column "Duration" denies the duration that a lead-in gives to the rows.
    """
    row = _Row(text, tokens, columns, own)
    row.write()
    line = [*row.line, *[Token(END, len(text), len(text), "")] * 8]
    named = _named(text, line, row, own)
    # what a partner's cell says of its own dose, or an unsure cell, is read by no rule, and joins no words behind it
    read = [*line]
    for p in named:
        read[p.i : p.j] = [Token(TEXT, t.start, t.end, "") for t in line[p.i : p.j]]
    islands = [*scan(text, read, own), *named]
    islands.sort(key=lambda p: p.i)
    clauses = build(line, islands, text, own, row=True)
    phase_at, kind_of_phase = row.phase
    for c in clauses if kind_of_phase else ():
        if c.dose is not None and c.start <= phase_at < c.end:
            c.fields.setdefault("step_kind", kind_of_phase)
    for k, column in row.later:
        for c in clauses:
            if c.dose is not None and c.start <= k < c.end:
                c.fields.setdefault("condition_text", column[:1].lower() + column[1:])
    _begin_together(clauses)
    _add_to_daily_dose(clauses)
    for c in clauses if row.given_with else ():
        names = next((names for k, names in row.given_with if c.dose is not None and c.start <= k < c.end), None)
        if names is not None:
            c.fields.setdefault("partners", names)
        c.taken.add("doubt:partners")  # those of one column are not those of the next
    for kind, i, j in row.shared:
        share_column(clauses, kind, i, j)
    return clauses, line, frozenset(row.denied)


def _begin_together(clauses: list[Clause]) -> None:
    """Let the doses of one day that a row gives by time of day begin together: "Week 3 | 25 mg | 50 mg" of morning and evening."""
    first = next((c for c in clauses if c.dose is not None), None)
    said = {**first.label, **first.fields} if first is not None else {}
    begin: dict[str, Any] = {k: said[k] for k in ("start_after", "start_after_unit") if k in said}
    for c in clauses if begin and "when_code" in said else ():
        if c.dose is not None and "when_code" in c.fields and "start_after" not in c.fields:
            c.fields.update(begin)
            c.taken.update(begin)


def _add_to_daily_dose(clauses: list[Clause]) -> None:
    """Make the amount of a titration that is told a week what a dose taken each day grows by: "25 mg once daily | 25 mg every week"."""
    daily = False
    for c in clauses:
        f = {**c.label, **c.fields}
        often = f.get("period_unit"), f.get("period")
        rare = often[0] == "wk" or (often[0] == "d" and often[1] is not None and often[1] > 1)
        if daily and rare and f.get("step_kind") == "titration" and f.get("dose_is") == "per_administration":
            c.fields["dose_is"] = "increment"
        daily = c.dose is not None and f.get("step_kind") == "initial" and not rare and often[0] in ("d", "h")


def _named(text: str, line: list[Token], row: _Row, own: Collection[str]) -> list[Island]:
    """The cells that no rule reads: unsure ones, and those that name the drugs given beside this one."""
    named: list[Island] = []
    for kind, i, j in row.apart:
        lost = tuple(k for k in range(i, j) if line[k].kind == NUMBER)
        names = [text[t.start : t.end] for t in line[i:j] if drug_like(t) and t.low not in own]
        if kind == "unsure":
            named.append(Island("lost", i, j, {}, None, lost))
        elif names:
            named.append(Island("partner", i, j, {"partners": "; ".join(names)}, None, lost))
    return named


class _Row:
    """A row while its cells become one line: the line so far, and what the cells in it were.

    `before` is the kind of the last cell, `way` the words of a column "Route"; `labels` holds while all were labels.
    """

    __slots__ = (
        "apart",
        "bands",
        "before",
        "cells",
        "columns",
        "denied",
        "dosed",
        "dosing",
        "each",
        "given_with",
        "heads",
        "labels",
        "later",
        "line",
        "ours",
        "own",
        "phase",
        "phased",
        "shared",
        "text",
        "way",
    )

    def __init__(self, text: str, tokens: list[Token], columns: Sequence[str], own: Collection[str]) -> None:
        self.text = text
        self.columns = columns
        self.own = own
        self.heads = heads = [head(column) for column in columns]
        self.cells = _cells(tokens, len(columns))
        self.ours = any(t.low in own for column in columns[1:] for t in _lexed(column))
        self.each = any(h.kind in ("often", "times", "limit") or "per day" in (h.often, h.unit[-7:]) for h in heads)
        self.bands = sum(_is_band(h) for h in heads) > 1
        self.dosing = any(h.kind in ("dose", "group", "single") for h in heads[1:])
        self.line: list[Token] = []
        self.labels, self.dosed, self.phased = True, False, False
        self.before = self.way = ""
        self.phase: tuple[int, str | None] = (0, None)
        self.shared: list[tuple[str, int, int]] = []
        self.apart: list[tuple[str, int, int]] = []
        self.later: list[tuple[int, str]] = []
        self.given_with: list[tuple[int, str]] = []
        self.denied: set[str] = set()

    def write(self) -> None:
        """Put the cells into the line, each with the words of its head."""
        for n, cell in enumerate(self.cells):
            head_ = self.heads[n] if n < len(self.columns) else Head("label")
            column = self.columns[n] if n < len(self.columns) else ""
            if not cell or _says_nothing(cell):
                if cell and head_.kind in _GROUP_OF:
                    self.denied.add(_GROUP_OF[head_.kind])
                continue
            if n == 0 and head_.kind == "label" and head(self.text[cell[0].start : cell[-1].end]).kind == "limit":
                break  # the row of the limits in a table whose columns are the doses
            if head_.kind == "note" and (limit := _limit(cell)):
                head_, cell = Head("limit", "maximum dose"), limit  # "max 4 g/day" among the comments
            if n == 0 and head_.kind == "label" and not _is_label(cell):
                cell = _without_other(cell, self.own)  # "PSVT, after adenosine 6 mg"
            if head_.kind == "total":  # beside a column of doses no dose of its own
                head_ = head_._replace(kind="note" if self.dosing else "dose")
            if self.is_left_out(n, cell, head_, column):
                continue
            if _counts(head_, column) and len(cell) > 2 and cell[1].low in ("x", "×"):
                cell = cell[:1]  # "2 × 100 mg" of a column "Tablets"
            head_ = self.by_cell(n, cell, head_, column)
            if head_.kind == "form" and not (_is_label(cell) or _is_share(cell)):
                continue  # "5 mg tablet" of a column "Form" is what is given, not how much
            cell = _divided(self.text, _of_organ(column, cell))
            if head_.kind == "label" and any(t.low in self.own for t in cell) and len(cell) <= 3:
                continue
            self.put(n, cell, self.by_columns(n, cell, head_, column), column)

    def is_left_out(self, n: int, cell: list[Token], head_: Head, column: str) -> bool:
        """Whether a cell says nothing of this drug's doses."""
        if head_.kind == "repeat" and not any(t.value is not None for t in cell):
            return True  # "no", "in hospital only"
        if head_.kind in ("note", "beside") or (n and _other_drug(column, self.own)):
            return True
        if head_.kind == "limit" and _holds_several(cell):
            return True  # "2.4 g (adults); 40 mg/kg (children)": whose the maxima are, the row does not say
        if n:  # "mild" of a column "Severity" says more of the condition, and is none itself
            return bool(head_.kind == "label" and column and set(column.lower().split()) <= _DEGREES)
        if self.dosing and not _is_label(cell) and not _SO_FAR.isdisjoint(column.lower().split()):
            return True  # "10 mg od" of a column "Patient's current dose"
        if self.bands and not _is_label(cell) and not _USUAL.isdisjoint(column.lower().split()):
            return (
                True  # "1 g q12h" of a column "Usual dose" beside those of renal function: what the others start from
            )
        several = len(self.columns) > 1
        if several and (head_.unit or not _is_label(cell)) and _other_drug(column, self.own):
            return True  # "Oral morphine (mg/day)" beside the column of this drug
        # what is given beside the drug, whose own column has its name; but "Adults taking efavirenz" are people
        given = (k for k, t in enumerate(cell) if drug_like(t) and t.low not in self.own)
        return self.ours and any(not k or cell[k - 1].low not in _TAKING for k in given)

    def by_cell(self, n: int, cell: list[Token], head_: Head, column: str) -> Head:
        """The head as the cell's own words tell what its column holds."""
        if n == 0 and head_.kind == "dose" and head_.unit.lower().rstrip("s") in _PRODUCTS and not _is_label(cell):
            return Head("form")  # "25 micrograms" of a column "Tablet"
        if head_.before in ("age", "weight") and (_names_people(cell) or _measures_other(cell, head_.before)):
            # "Neonate, 7–28 days", "5–9 kg" of a column "Age or weight"
            head_ = head_._replace(kind="label", before="")
        if head_.kind == "days" and _is_time(cell):
            return Head("bounds", "for", "days")  # "7–10 d" of a column "Days" is how long, "1, 8" on which days
        kinds = {h.kind for h in self.heads} & {"often", "cycle", "cycles"}
        if head_.kind == "days" and _unsaid(column) and kinds <= _COURSES and _counts_days(cell):
            # "7": how long, or on which day; of doses given several times a day it counts days
            return Head("bounds", "for", "days") if any(map(_within_day, self.cells)) else Head("unsure")
        return head_

    def by_columns(self, n: int, cell: list[Token], head_: Head, column: str) -> Head:
        """The head as the columns beside it tell what it holds."""
        if 1 < n < len(self.columns) and head_.kind == "label" and self.heads[n - 1].kind == "group":
            return head_ if _is_label(cell) else Head("group", column)  # "On the machine" beside columns of clearances
        if head_.kind == "group" and _is_numbered(column, self.columns):
            return Head(
                "label", "", head_.unit, head_.often, head_.lasting
            )  # "First infusion" beside "Second infusion"
        if head_.kind == "single":  # the amount of each dose, where another column says how often it is given
            return head_._replace(kind="dose", before="") if self.each else head_._replace(kind="group")
        return head_

    def put(self, n: int, cell: list[Token], head_: Head, column: str) -> None:
        """Put a cell into the line, and note what it was."""
        phase = phase_of(head_, column) if self.dosed and _is_schedule(cell) else None
        if phase is not None:
            made = self.phase_of_course(cell, head_, column, phase)
            head_ = head_._replace(kind="phase")
        else:
            made = self.words(n, cell, head_, column)
        if head_.kind == "route":
            self.way = self.text[cell[0].start : cell[-1].end]
        if self.is_beside(n, cell, head_, column):
            if head_.kind == "quantity" and _several(self.text, self.cells[1:n], self.heads[1:n]):
                head_ = Head("unsure")  # which of several doses they hold, no word says
            else:
                made = [*_at("(", cell[0].start), *made, *_at(")", cell[-1].end)]
        if self.line and self.line[-1].low != ":" and made[0].low != "(":
            at = cell[0].start
            self.line.append(Token(PUNCT, at, at, ";" if head_.kind in ("group", "next") else ","))
        place = (head_.kind, len(self.line), len(self.line) + len(made))
        if head_.kind in ("partner", "unsure"):
            self.apart.append(place)
        if n and (partners := _partners(column, self.own)):
            self.given_with.append((len(self.line), partners))
        if head_.kind == "next":
            self.later.append((len(self.line), column))
        if head_.kind in ("route", "limit", "quantity"):
            self.shared.append(place)
        self.line.extend(made)
        if head_.kind != "label" or not _is_number(cell):  # a bare number parts no dose from its volume
            self.before = "dose" if n and head_.kind == "label" and _dimension(cell, head_) else head_.kind
        self.dosed = self.dosed or (head_.kind == "dose" and not _is_label(made))
        self.labels = self.labels and self.line[-1].low == ":"

    def is_beside(self, n: int, cell: list[Token], head_: Head, column: str) -> bool:
        """Whether a cell says otherwise what the cell before it gives: how many tablets or mL hold the dose."""
        if head_.kind == "quantity":
            return self.before in ("dose", "group")
        last = (self.cells[n - 1], head_, self.heads[n - 1]) if head_.kind == self.before == "dose" else None
        return last is not None and _counts_other(cell, *last, column)

    def phase_of_course(self, cell: list[Token], head_: Head, column: str, phase: str) -> list[Token]:
        """The words of a column that is a phase of the treatment: 'then' joins it to the phase before it."""
        timed = _cell(head_, cell, self.labels) if head_.kind == "often" else cell
        if not self.phased:
            self.phase = (len(self.line) + 1, KINDS_OF_PHASES.get(phase))
        lead = f"then {phase}" if self.phased else ""
        self.phased = True
        return [*_at(lead, cell[0].start), *timed, *_at(first_weeks(column), cell[-1].end)]

    def words(self, n: int, cell: list[Token], head_: Head, column: str) -> list[Token]:
        """The words of a cell and its head; a first cell of a group or of days is a label."""
        start, end = cell[0].start, cell[-1].end
        if n == 0 and head_.kind == "group" and not head_.unit and _is_label(cell):
            return [*_at(head_.before, start), *cell, *_at(":", end)]
        if n == 0 and (head_.kind == "days" or column.lower() in _DAYS) and cell[0].kind == NUMBER:
            return [*_at(column, start), *cell, *_at(":", end)]
        if head_.kind == "group" and self.way and not _names_route(head_.before):
            head_ = head_._replace(before=f"{head_.before} {self.way}")
        return _cell(head_, cell, self.labels)


def _counts(head_: Head, column: str) -> bool:
    """Whether the cells of a column count tablets, capsules or the like."""
    return head_.kind == "quantity" or any(w.rstrip("s") in _PRODUCTS for w in column.lower().split())


def _names_route(words: str) -> bool:
    """Whether words name a route."""
    tokens = _lexed(words)
    return any(find(ROUTES, [*tokens, *_END], k) for k in range(len(tokens)))


def _counts_other(cell: list[Token], last: list[Token], head_: Head, head_before: Head, column: str) -> bool:
    """Whether a column of counted forms and the one beside it hold one dose twice: "3 mg | 1 tablet" below "Dose | Tablets"."""
    here, there = (_dimension(a, b) for a, b in ((cell, head_), (last, head_before)))
    if {here, there} in ({"mass", "volume"}, {"mass", "activity"}, {"activity", "volume"}):
        # "Dose (mg) | Dose (mL)", "Syringe | In million units"; but "Tablets (mg) | Suspension (mL)" are two doses
        return set(column.lower().replace("(", " ").replace(")", " ").split()) <= {*_ALSO, *head_.unit.lower().split()}
    return {here, there} in ({"count", "mass"}, {"count", "activity"})


def _dimension(cell: list[Token], head_: Head) -> str | None:
    """What kind of amount a cell holds that holds nothing else: mass, activity, volume or a count."""
    padded = _padded(_with_unit(cell, head_.unit) if head_.unit else cell)
    got = amount(padded, 0)
    unit = find(UNITS, padded, got.j) if got is not None else None
    return unit[0].dimension if unit is not None and padded[unit[1]].kind == END else None


def _several(text: str, cells: Sequence[list[Token]], heads: Sequence[Head]) -> bool:
    """Whether cells hold several doses of one kind of unit: "30 mg | 60 mg", but not "300 micrograms | 30 million units"."""
    doses = {(_dimension(c, h), text[c[0].start : c[-1].end]) for c, h in zip(cells, heads, strict=False) if c}
    kinds = [kind for kind, _ in doses if kind]
    return len(kinds) > len(set(kinds))


def _is_schedule(cell: list[Token]) -> bool:
    """Whether a cell says only when or how often: "weeks 0, 2 and 6", "every 8 weeks"."""
    words = {t.low for t in cell}
    timed = not (_SCHEDULED.isdisjoint(words) and _DAYS.isdisjoint(words)) and words.isdisjoint(_NOT_GIVEN)
    return timed and _is_label(cell) and (cell[0].value is not None or cell[0].low in _OPENS_SCHEDULE)


_NOT_GIVEN = frozenset("not no none never stop stopped without unless if review until".split())
_OPENS_SCHEDULE = frozenset(
    "every each once twice thrice daily weekly monthly day days week weeks month months at on in for from then alternate".split()
)


_END = [Token(END, 0, 0, "")] * 8


__all__ = ["row_clauses"]
