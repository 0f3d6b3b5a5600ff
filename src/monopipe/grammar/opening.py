"""How a label opens a clause: 'Adults:', 'Maintenance:', the head of a column of a table.

What a label sets holds for the steps behind it until the next one. An inner label adds to the outer one ('Pneumonia:
children:'), and one that only names a step or its time goes on with the instruction before it.
"""

from __future__ import annotations

from typing import Any

from monopipe.grammar.bands import REST
from monopipe.grammar.fields import GROUPS, clash
from monopipe.grammar.gathering import Gathering
from monopipe.grammar.island import Island
from monopipe.grammar.labels import read_label

_OF_A_ROW = frozenset((*GROUPS["who"], "indication_text", "route", "route_text"))
_OF_INNER = frozenset((*GROUPS["who"], "route", "route_text"))
_WAY = frozenset("route route_text admin_duration admin_duration_unit".split())
_STEP_ONLY = frozenset("step_kind dose_count cycle_days days_on start_after start_after_unit condition_text".split())
_STEP_OF_ROW = _STEP_ONLY | _WAY | {"dose_form"}


def open_clause(g: Gathering, colon: Island) -> None:
    """Make the words before a colon the label of a clause; where they hold a dose, the colon only divides."""
    c, begin = g.c, colon.note[1]
    inside = sorted((*_tail(c.parts, begin), *_tail(c.unread, begin)), key=lambda p: p.i)
    dosed = c.dose is not None or any(p.kind in ("dose", "rate") for p in inside)
    if dosed or (g.done and g.done[-1].end > begin):
        g.sep = "comma"
        return
    label, lost = read_label(g.tokens, inside, begin, colon.i, g.text, g.own)
    for key in {k for p in inside if p.kind in ("over", "bounds") for k in p.fields} - label.keys():
        c.fields.pop(key, None)
    if "dose_form" in label:
        keep = [p for p in _tail(c.unread, begin) if p.kind != "strength"]
        _cut(c.unread, begin)
        c.unread.extend(keep)
    inner = c.dose is None and any(p.kind == "label" and p.j >= begin - 1 for p in c.parts[-3:])
    of_column = g.row and g.tokens[colon.i - 1].end == g.tokens[begin].start  # words of a head have no width
    if inner:
        _within(g, label)
    label = _with_outer(g, label, inner, of_column)
    _cut(c.parts, begin)
    link, opened = c.link, begin
    if inner and c.start >= 0:
        opened = c.start
    elif c.parts and not inner:
        c.shrink()
        g.close("label")
    _begin(g, label, link, of_column)
    c = g.c
    if any(p.note == REST for p in inside):
        c.taken.add("doubt:band")
    c.start = c.first = opened
    c.parts.append(Island("label", begin, colon.j, None, None, lost))
    c.end = colon.j
    g.sep, g.depth = "", 0


def _within(g: Gathering, label: dict[str, Any]) -> None:
    """Settle an inner label against the outer one before it: where they differ, the inner one holds."""
    c = g.c
    if g.row and "indication_text" in c.label:
        # "alone" of a column "Regimen" is no condition beside the first cell's
        label.pop("indication_text", None)
    if clash(c.label, label):
        c.lose_labels(g.tokens)  # the numbers of the outer one are in no column
        for key in c.label:
            c.fields.pop(key, None)


def _with_outer(g: Gathering, label: dict[str, Any], inner: bool, of_column: bool) -> dict[str, Any]:
    """A label with what still holds of the label around it, or of the first cells of its row."""
    older = g.done[-1].label if g.done else {}
    outer = g.of_row if of_column else g.c.label if inner else older
    if g.row and "param" in label:
        outer = {k: v for k, v in outer.items() if not k.startswith("param")}
    if g.row and not label.keys().isdisjoint(("route", "route_text")):
        outer = {k: v for k, v in outer.items() if k not in _WAY}  # a column of another way
    if (inner or g.row) and label.keys() <= _OF_INNER:
        label = {**outer, **label}
    elif g.row:  # the first column's words hold for the whole row
        label = {**{k: v for k, v in outer.items() if k in _OF_A_ROW}, **label}
    if label.get("param") == older.get("param") == "age" and "age_group" not in label and "age_group" in older:
        label["age_group"] = older["age_group"]
    return label


def _begin(g: Gathering, label: dict[str, Any], link: str, of_column: bool) -> None:
    """Begin the clause of a label as another instruction, or as another step of the one before it."""
    only_step = bool(label) and label.keys() <= (_STEP_OF_ROW if g.row else _STEP_ONLY)
    if only_step:
        # a label such as 'Maintenance:' or 'Week 2:' continues the instruction and who it is for
        previous = g.of_row if of_column else g.done[-1].label if g.done else {}
        over = GROUPS["bounds"] if "condition_text" in previous else ()
        if label.get("start_after_unit") == "cycle":
            over = ("cycles_min", "cycles_max")
        left = _STEP_ONLY.union(_WAY, over)  # 'Months 1–3: …; month 4 onwards:': the three months are over
        label = {**{k: v for k, v in previous.items() if k not in left}, **label}
        g.c.link = "then" if g.done else link
    else:
        g.instruction += bool(g.done)
        g.c.link = "label"
    if g.row and not of_column:
        g.of_row = label
    c = g.c
    c.instruction = g.instruction
    c.label = g.label = label
    c.fields.update(label)
    c.taken = set(label)


def _tail(parts: list[Island], begin: int) -> list[Island]:
    """The islands at the end of a list that stand at or after a token."""
    found: list[Island] = []
    for p in reversed(parts):
        if p.i < begin:
            break
        found.append(p)
    return found


def _cut(parts: list[Island], begin: int) -> None:
    """Remove the islands at the end of a list that stand at or after a token."""
    while parts and parts[-1].i >= begin:
        parts.pop()
