"""Maxima that stand without a dose: 'The maximum in children is 400 mg daily'."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from monopipe.grammar import phrases, who
from monopipe.grammar.coverage import SHARED, ignorable
from monopipe.grammar.fields import GROUPS, PARAM, clash
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import END, Token, lex
from monopipe.grammar.limits import LIMIT_MARKS
from monopipe.grammar.scan import scan
from monopipe.grammar.whose_maximum import FURTHER
from monopipe.grammar.words import NUMBER_WORDS, SETS, drug_like

_SAID = frozenset((*GROUPS["who"], "route", "route_text"))
_BEGINS = SETS["no_step_of_time"]
_SEXES = frozenset("women men females males".split())
"""People that no column holds: their maximum would stand as everyone's."""
_AMOUNTS = frozenset(("dose", "rate", "foreign", "auc"))


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that may be given: its maxima, whom and which route it speaks of, the words that no rule read."""

    columns: dict[str, Any]
    condition_text: str | None
    unread_text: str | None


def read_ceilings(text: str, drug_names: Collection[str] = ()) -> list[Ceiling]:
    """The maxima of one clause; none beside a dose, whose limits they are, and none where two groups are spoken of.

    >>> read_ceilings("The maximum in children is 400 mg daily.")[0].columns
    {'max_daily_dose': 400.0, 'max_dose_unit': 'mg', 'age_group': 'pediatric'}
    """
    plain = text.lower().replace(".", "")  # "M.D.D." is a word of limits
    if not any(mark in plain for mark in LIMIT_MARKS):
        return []
    tokens = lex(text, NUMBER_WORDS)
    islands = scan(text, tokens, drug_names)
    limits = [
        p
        for p in islands
        if p.kind == "limit" and p.note is None and set(p.fields) <= set(SHARED) and p.fields["max_dose_unit"] != "%"
    ]  # a share of the dose limits a change ("by no more than 25 % a week")
    words = {t.low for t in tokens}
    if not limits or any(p.kind in _AMOUNTS for p in islands) or words & _BEGINS or words & _SEXES:
        return []  # "begin on no more than 5 mg daily" limits the first dose alone
    said = _said(text, tokens, islands)
    if said is None:
        return []
    columns, read = said
    conditions = [p for p in islands if p.kind in ("condition", "prn")]
    for p in (*limits, *conditions):
        read.update(range(p.i, p.j))
        read.difference_update(p.lost)
    own = {word for name in drug_names for word in name.lower().split()}
    unread = [
        text[t.start : t.end] for k, t in enumerate(tokens) if k not in read and not ignorable(t) and t.low not in own
    ]
    condition = "; ".join(text[tokens[p.i].start : tokens[p.j - 1].end] for p in conditions) or None
    return [
        Ceiling(
            {**{k: v for k, v in p.fields.items() if v is not None}, **columns},
            condition,
            " ".join(unread) or None,
        )
        for p in limits
    ]


def _said(text: str, tokens: list[Token], islands: list[Island]) -> tuple[dict[str, Any], set[int]] | None:
    """Whom and which route a clause speaks of, and the tokens that say it; None where it speaks of two.

    The words of a limit run over them ("the maximum in children is"), so each token is tried by itself.
    """
    found = [p for p in islands if p.kind in ("who", "route", "hint")]
    further = {p.i: p.j for p in islands if p.note == FURTHER}
    i = 0
    while tokens[i].kind != END:
        if i in further:
            i = further[i]  # 'do not exceed 40 mg daily, or 20 mg daily in the elderly': the first is not theirs
            continue
        if drug_like(tokens[i]):
            return None  # the maximum may be another drug's
        here = who.parameter(tokens, i) or who.group(tokens, i) or phrases.route(tokens, i, text)
        if here is not None and here.kind in ("who", "route", "hint"):
            found.append(here)
        i = here.j if here is not None else i + 1
    columns: dict[str, Any] = {}
    read: set[int] = set()
    for p in found:
        new = {k: v for k, v in p.fields.items() if v is not None and k in _SAID}
        band, told = ({k: f[k] for k in PARAM if k in f} for f in (new, columns))
        if clash(columns, new) or (band and told and band != told):
            return None
        columns.update(new)
        read.update(range(p.i, p.j))
    return columns, read
