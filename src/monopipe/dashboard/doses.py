"""Instructions on dosing for people: for whom and for what, each step in words, and a picture of the schedule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from itertools import groupby

from markupsafe import Markup

from monopipe.dashboard.markup import badge, joined, one_line, words
from monopipe.dashboard.schedule import picture
from monopipe.evidence import Record
from monopipe.grammar.dosage import Dosage
from monopipe.grammar.readable import render

_COLUMNS = tuple(f.name for f in fields(Dosage))
_SHOWN_APART = {
    "age_group": "unspecified",
    "population": "none",
    "param": None,
    "indication_text": None,
    "step_kind": "standard",
    "condition_text": None,
    "partners": None,
}
_MARKED = re.compile(r"(\w+) ‹([^›]*)›")
_LEADS = {"via": "", "route": "", "reason": "for ", "form": "as ", "components": "", "dosing": "on "}
_UNITS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}
_GROUPS = {"adult": "adults", "pediatric": "children", "geriatric": "older people", "all": "all ages"}


def instructions(steps: Iterable[Record], proof: Callable[[Markup, Record], Markup]) -> Markup:
    """The steps of each instruction together, in the order of the text; `proof` puts the source behind a step."""
    steps = list(steps)
    firsts: dict[str, int] = {}
    for s in steps:
        firsts[s["regimen_group"]] = min(s["char_start"], firsts.get(s["regimen_group"], s["char_start"]))
    steps.sort(key=lambda s: (firsts[s["regimen_group"]], s["regimen_group"], s["sequence"]))
    cards = []
    for _, group in groupby(steps, key=lambda s: s["regimen_group"]):
        these = list(group)
        lines = joined(proof(step_line(s), s) for s in these)
        cards.append(
            Markup('<div class="mp-instruction"><div>{}</div>{}{}</div>').format(head(these[0]), lines, picture(these))
        )
    return joined(cards)


def head(step: Record) -> Markup:
    """For what and for whom an instruction is."""
    what = step["indication_text"] or step.get("conditions")
    pieces = [Markup('<span class="mp-for">{}</span>').format(one_line(what) if what else "General dose")]
    return joined([*pieces, *who(step)], " ")


def who(step: Record) -> list[Markup]:
    """The people that the dose is for, a badge each."""
    badges = []
    if step["age_group"] != "unspecified":
        badges.append(badge(_GROUPS.get(step["age_group"], step["age_group"] + "s"), "info"))
    if step["population"] != "none":
        badges.append(badge(words(step["population"]), "warn"))
    if step["param"]:
        badges.append(badge(parameter(step), "warn"))
    return badges


def parameter(row: Record) -> str:
    """A measured parameter and its bounds."""
    low, high = (None if row[c] is None else f"{row[c]:g}" for c in ("param_low", "param_high"))
    unit = _UNITS.get(row["param_unit"] or "", row["param_unit"] or "")
    bounds = f"{low}–{high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""
    return one_line(f"{row['param']} {bounds} {unit if bounds else ''}")


def step_line(step: Record) -> Markup:
    """A step: what it is, its dose in words, what it depends on, and what of it no rule read."""
    pieces: list[Markup] = []
    if step["step_kind"] not in ("standard", "single"):
        pieces.append(badge(words(step["step_kind"])))
    pieces.append(Markup("{}").format(dose(step)))
    if step["condition_text"]:
        pieces.append(Markup('<span class="mp-muted">— {}</span>').format(one_line(step["condition_text"])))
    if step["partners"]:
        pieces.append(Markup('<span class="mp-muted">with {}</span>').format(step["partners"].replace("; ", ", ")))
    if step["assertion"] != "affirmed" and not step["condition_text"]:
        pieces.append(badge(step["assertion"], "warn"))
    if step["parse_status"] != "full":
        rest = step["unread_text"] or step["numbers_unread"] or ""
        pieces.append(badge(f"not all read: {one_line(rest)}", "bad"))
    return joined(pieces, " ")


def dose(step: Record) -> str:
    """The dose in words, without what stands around it: 25 mg, orally, once daily."""
    bare = Dosage(**({c: step[c] for c in _COLUMNS} | _SHOWN_APART))
    text = _MARKED.sub(lambda m: _LEADS.get(m[1], m[1] + " ") + words(m[2]), render(bare))
    if step["step_kind"] == "single":
        text = f"{text}, as a single dose" if text else "a single dose"
    return text or one_line(step["source_quote"])
