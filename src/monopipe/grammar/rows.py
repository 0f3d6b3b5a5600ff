"""A table's row as a sentence: every cell is read with the words of its column's head.

A head "CrCl (mL/min)" puts 'crcl' before its cell and 'mL/min' behind a bare number; "Interval" puts 'every' before,
"Maximum" a limit, "Duration" 'for'. The added tokens have no width, so offsets stay those of the row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from monopipe.grammar import timing
from monopipe.grammar.fields import Clause
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import END, NUMBER, PUNCT, Token, lex
from monopipe.grammar.quantity import amount
from monopipe.grammar.scan import scan
from monopipe.grammar.steps import build
from monopipe.grammar.words import NUMBER_WORDS, OFTEN, PARAMETERS, ROUTES, STEPS, TIMES, UNITS, WHO, drug_like, find

_LAB_UNIT = re.compile(r"(?:[µμmnp]?(?:mol|g|U|IU)|cells)/(?:[dmµμ]?L|mm³)", re.I)
_THEN = frozenset("then thereafter afterwards subsequently followed by".split())
# What a column beside the first tells of the condition: how bad it is, or how far it has gone.
_DEGREES = frozenset("severity stage grade class risk".split())
_ORGANS = {"renal": "renal", "kidney": "renal", "hepatic": "hepatic", "liver": "hepatic"}
_STATES = frozenset("impairment insufficiency failure dysfunction".split())


class Head(NamedTuple):
    """What a column's head adds to its cells: words before, a unit behind bare numbers, how often behind a dose."""

    kind: str
    before: str
    unit: str
    often: str = ""


_KINDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("increment", "increments", "increase", "step", "steps"), "increment", "increase by"),
    (("max", "maximum", "ceiling", "limit", "max.", "highest", "largest"), "limit", "maximum"),
    (("interval", "frequency", "every", "schedule", "how often", "dosing interval"), "often", "every"),
    (("duration", "course", "length of treatment"), "bounds", "for"),
    (("infusion time", "infuse over", "infusion duration"), "over", "over"),
    (("cycles", "number of cycles", "no. of cycles"), "cycles", "for"),
    (("cycle length", "cycle"), "cycle", "in a"),
    (("days", "day"), "days", "on days"),
    (
        ("with", "partner", "partners", "combination", "other drugs", "given with", "combined", "concomitant"),
        "partner",
        "",
    ),
    (("dose", "dosage", "dosing", "amount"), "dose", ""),
    (("volume", "number of tablets", "no. of tablets", "number of capsules", "no. of capsules"), "quantity", ""),
    (("route",), "route", ""),
    (("note", "notes", "comment", "comments", "remark", "remarks", "monitoring", "evidence", "reference"), "note", ""),
)


@lru_cache(maxsize=2048)
def head(text: str) -> Head:
    """How a column is read, from its head.

    >>> head("CrCl (mL/min)")
    Head(kind='who', before='crcl', unit='mL/min', often='')
    >>> head("Tablets, dose twice daily").often
    'twice daily'
    >>> head("Dose (mg/kg)").unit
    'mg/kg'
    """
    text = " ".join(text.replace("*", "").replace("_", " ").split())
    text, often = _without_often(text)
    low = text.lower()
    unit = ""
    if "(" in low and low.endswith(")"):
        inner = text[text.rindex("(") + 1 : text.rindex(")")].strip()
        tokens = lex(inner, NUMBER_WORDS)
        sizes = inner.lower() in ("kg", "years", "m²", "m2") or _LAB_UNIT.fullmatch(inner)
        if find(UNITS, tokens, 0) or find(TIMES, tokens, 0) or sizes:
            unit = inner
    tokens = lex(low, NUMBER_WORDS)
    found = find(PARAMETERS, tokens, 0)
    words = [t.low for t in tokens if t.low]
    if found is not None and not any(w in words for w in ("dose", "dosage")):
        return Head("who", {"creatinine clearance": "crcl"}.get(found[0][0], found[0][0]), unit)
    if words[:2] == ["child", "pugh"]:
        return Head("who", "child-pugh class", "")
    if words and set(words) <= _THEN:
        return Head("group", "maintenance dose", unit)
    named = any(find(WHO, tokens, k) or find(STEPS, tokens, k) for k in range(len(tokens) - 8)) or (
        any((r := find(ROUTES, tokens, k)) and not r[0][1] for k in range(len(tokens) - 8))
    )
    named = named or any(
        find(PARAMETERS, tokens, k) and any(t.kind == NUMBER for t in tokens[k:]) for k in range(len(tokens) - 8)
    )
    for keys, kind, before in _KINDS:
        if any(k in words or (" " in k and k in low) for k in keys):
            if kind == "increment":
                at = next(k for k, w in enumerate(words) if w in keys)
                rest = " ".join(words[at + 1 :]).removeprefix("by ").removeprefix("size ")
                # 'Increase of the daily dose' says of what, not how often
                return Head(kind, "increase by", "" if rest.startswith(("of ", "in ", "to ")) else rest)
            if kind == "limit":
                scope = (
                    "daily "
                    if any(w in words for w in ("daily", "day", "24", "24h"))
                    else "single "
                    if "single" in words
                    else ""
                )
                return Head(kind, f"maximum {scope}dose", unit)
            if kind == "dose" and any(w in ("thereafter", "subsequent", "following", "afterwards") for w in words):
                return Head("group", "maintenance dose", unit, often)
            if kind == "dose" and "daily" in words and unit:
                unit += " per day"
            elif kind == "dose" and "daily" in words and not named:
                often = f"per day {often}".strip()
            if kind == "dose" and named and not ("daily" in words and len(words) <= 3):
                way = any((r := find(ROUTES, tokens, k)) and not r[0][1] for k in range(len(tokens) - 8))
                return Head(
                    "group", re.sub(r"[()]", "", low) if way and not unit else low.split("(")[0].strip(), unit, often
                )
            if kind == "days" and words[0] in ("day", "days") and len(words) > 1 and tokens[1].kind == NUMBER:
                return Head("group", low, unit)
            return Head(kind, before, unit, often)
    if named:
        return Head("group", low.split("(")[0].strip() if unit else low, unit)
    return Head("label", "", unit)


def _without_often(text: str) -> tuple[str, str]:
    """A dose's head without the words that say how often, and those: 'Tablets, dose' and 'twice daily'."""
    tokens = lex(text, NUMBER_WORDS)
    if not any(t.low in ("dose", "dosage", "doses", "amount") for t in tokens):
        return text, ""
    for k in range(len(tokens) - 8):
        t = tokens[k]
        hit = find(OFTEN, tokens, k)
        end = hit[1] if hit and not (t.low == "daily" and tokens[k + 1].low in ("dose", "dosage")) else 0
        for rule in (timing.count_per, timing.divided, timing.every):
            if not end and (t.value is not None or t.low in _OFTEN_FIRST) and (found := rule(tokens, k)):
                end = found.j if found.kind in ("often", "divided") else 0
        if end:
            rest = text[: t.start].rstrip(" ,;(") + text[tokens[end - 1].end :].lstrip(" )")
            rest += ")" * (rest.count("(") - rest.count(")"))
            return re.sub(r",?\s+(?:to be\s+)?(?:given|taken|injected)$", "", rest), text[t.start : tokens[end - 1].end]
    return text, ""


_OFTEN_FIRST = frozenset("every each once twice thrice in into divided given q".split())
# What a cell with a schedule of its own holds: the head's then says nothing of it.
_SCHEDULED = frozenset(
    "daily hourly weekly monthly once twice every each single then followed hours days weeks times or divided day od bd bid tds tid qds qid".split()
)


def _other_drug(column: str, own: Collection[str]) -> bool:
    """Whether a column holds the doses of another drug: 'Amoxicillin' in a table of a triple therapy."""
    tokens = _lexed(column)
    return any(drug_like(t) for t in tokens) and not any(t.low in own for t in tokens)


@lru_cache(maxsize=1024)
def _lexed(words: str) -> tuple[Token, ...]:
    return tuple(lex(words, NUMBER_WORDS)[:-8])


def _at(words: str, offset: int) -> list[Token]:
    return [Token(t.kind, offset, offset, t.low, t.value) for t in _lexed(words)]


def _cell(head_: Head, cell: list[Token], follows_label: bool) -> list[Token]:
    """The tokens of a cell with those its head adds."""
    begin, end = cell[0].start, cell[-1].end
    body = list(cell)
    if head_.kind == "increment":
        return [*_at("increase by", begin), *body, *_at(head_.unit, end)]
    if head_.unit:
        k = 0
        while k < len(body):
            padded = body[k:] + [Token(END, end, end, "")] * 8
            got = amount(padded, 0) if body[k].value is not None else None
            if got is not None:
                after = padded[got.j]
                if not (
                    find(UNITS, padded, got.j)
                    or find(TIMES, padded, got.j)
                    or find(PARAMETERS, padded, got.j)
                    or after.low in ("/", "%", "kg", "times")
                ):
                    at = body[k + got.j - 1].end
                    body[k + got.j : k + got.j] = _at(head_.unit, at)
                break
            if body[k].value is not None:
                break
            k += 1
    before = head_.before
    first = body[0]
    if head_.kind == "often":
        if any(t.low in ("before", "beforehand", "prior", "after") for t in body):
            before = ""  # "10 minutes before exercise" is a moment, no interval
        elif first.value is None or find(TIMES, body[1:] + [Token(END, end, end, "")] * 8, 0) is None:
            padded = body + [Token(END, end, end, "")] * 8
            got = amount(padded, 0)
            if got is None or find(TIMES, padded, got.j) is None or first.low in ("up",):
                before = ""
    elif (
        (head_.kind == "bounds" and first.value is None and first.low not in ("up", "at"))
        or (head_.kind == "days" and first.kind != NUMBER)
        or (head_.kind == "limit" and first.value is None)
    ):
        before = ""
    if head_.often and not any(t.low in _SCHEDULED for t in cell):
        body = [*body, *_at(head_.often, end)]
    if head_.kind == "group":
        return [*_at(before + ":", begin), *body]
    if head_.kind == "cycles":
        return [*_at(before, begin), *body, *_at("cycles", end)] if first.kind == NUMBER else body
    if head_.kind == "cycle":
        return [*_at(before, begin), *body, *_at("cycle", end)] if first.kind == NUMBER else body
    if (
        head_.kind == "label"
        and follows_label
        and not any(t.low in (":", ".", ";") for t in body)
        and not (
            any(
                t.kind == NUMBER and find(UNITS, [*body, *[Token(END, end, end, "")] * 8], n + 1)
                for n, t in enumerate(body)
            )
        )
    ):
        return [*body, *_at(":", end)]
    return [*_at(before, begin), *body] if before else body


def _of_organ(column: str, cell: list[Token]) -> list[Token]:
    """A cell "Moderate impairment" of a column "Renal function" speaks of renal impairment."""
    organ = next((_ORGANS[w] for w in column.lower().split() if w in _ORGANS), None)
    k = next((k for k, t in enumerate(cell) if t.low in _STATES), None)
    if organ is None or k is None or any(t.low in _ORGANS for t in cell):
        return cell
    return [*cell[:k], *_at(organ, cell[k].start), *cell[k:]]


def row_clauses(
    text: str, tokens: list[Token], columns: Sequence[str], own: Collection[str]
) -> tuple[list[Clause], list[Token]]:
    """The clauses of a row and the tokens they count in: the row's own and those its heads add."""
    cells: list[list[Token]] = [[]]
    for k, t in enumerate(tokens):
        if t.kind == END:
            break
        if t.low == "|" and t.kind == PUNCT:
            if k:
                cells.append([])
        else:
            cells[-1].append(t)
    line: list[Token] = []
    labels, before = True, ""
    partners: list[tuple[int, int]] = []
    for n, cell in enumerate(cells):
        if not cell or all(t.kind == PUNCT and t.low in "-–—/" for t in cell):
            continue
        head_ = head(columns[n]) if n < len(columns) else Head("label", "", "")
        if head_.kind == "note" or (n and n < len(columns) and _other_drug(columns[n], own)):
            continue
        if n and head_.kind == "label" and columns[n : n + 1] and set(columns[n].lower().split()) <= _DEGREES:
            continue  # "mild" of a column "Severity" says more of the condition, and is none itself
        cell = _of_organ(columns[n] if n < len(columns) else "", cell)
        if head_.kind == "label" and any(t.low in own for t in cell) and len(cell) <= 3:
            continue
        made = _cell(head_, cell, labels)
        if head_.kind == "quantity" and before == "dose":  # how many tablets or mL hold the dose
            made = [*_at("(", cell[0].start), *made, *_at(")", cell[-1].end)]
        if line and line[-1].low != ":" and made[0].low != "(":
            line.append(Token(PUNCT, cell[0].start, cell[0].start, ";" if head_.kind == "group" else ","))
        if head_.kind == "partner":
            partners.append((len(line), len(line) + len(made)))
        line.extend(made)
        before = head_.kind
        labels = labels and line[-1].low == ":"
    end = len(text)
    line.extend([Token(END, end, end, "")] * 8)
    islands = scan(text, line, own)
    for i, j in partners:
        names = [text[t.start : t.end] for t in line[i:j] if drug_like(t) and t.low not in own]
        if names:
            islands = [p for p in islands if p.j <= i or p.i >= j]
            lost = tuple(k for k in range(i, j) if line[k].kind == NUMBER)
            islands.append(Island("partner", i, j, {"partners": "; ".join(names)}, None, lost))
    islands.sort(key=lambda p: p.i)
    return build(line, islands, text, own, row=True), line


__all__ = ["Head", "head", "row_clauses"]
