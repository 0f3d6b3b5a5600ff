"""Routes, dose forms, and the marked texts of a rendered step."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import TEXT, WORD, Token, skip
from monopipe.grammar.quantity import number
from monopipe.grammar.words import (
    FORMS,
    ROUTES,
    SETS,
    find,
)

_UNABLE = frozenset("not never without cannot unable difficult hard difficulty can't".split())


_PLACES = frozenset("oral vaginal nasal rectal buccal otic ophthalmic cutaneous".split())
_DISEASES = tuple(
    "itis osis iasis oma thrush herpes polyps polyposis mucositis infection infections congestion atrophy dryness bleeding cancer"
    " ulcer ulcers lesions symptoms discharge prolapse fissure fissures obstruction pruritus warts carcinoma".split()
)


_ACCESS = frozenset("access route line formulation preparation form".split())


def no_way(tokens: list[Token], i: int) -> Island | None:
    """A way that is not open: 'no IV access', 'without an oral route'."""
    k = skip(tokens, i + 1, ("a", "an"))
    hit = find(ROUTES, tokens, k)
    if hit is None:
        return None
    end = hit[1]
    if tokens[end].low in _ACCESS:
        return Island("ignore", i, end + 1)
    return Island("ignore", i, end) if tokens[end - 1].low in _ACCESS else None


def route(tokens: list[Token], i: int, text: str) -> Island | None:
    """A route: 'orally', 'by mouth', 'IV', 's.c.', 'into both ears'; two of them ('IM or IV') leave the code null."""
    hit = find(ROUTES, tokens, i)
    if hit is None:
        return None
    (code, hint), j = hit
    if tokens[j].low in SETS["seated_there"] and not hint:
        return Island(
            "lost", i, j
        )  # 'vaginal thrush', 'oral mucositis', 'after vaginal birth': where it is, not the way
    if i and tokens[i - 1].low == "with" and not hint and tokens[j].value is None:
        return Island("lost", i, j)
    if tokens[i].low.startswith("swallow") and any(t.low in _UNABLE for t in tokens[max(i - 3, 0) : i]):
        return Island("lost", i, j)  # 'sucked, not swallowed', 'patients who cannot swallow tablets'
    if j == i + 1 and tokens[i].low in _PLACES and tokens[j].kind == WORD and tokens[j].low.endswith(_DISEASES):
        return None  # 'vaginal candidiasis clears after 150 mg'
    if tokens[i].low == "pr" and tokens[j].low == "interval":
        return None
    if hint:
        return Island("hint", i, j, {"route": code}, None)
    k = j
    codes = {code}
    while tokens[k].low in ("or", "/", "and", ","):
        m = k + (2 if tokens[k].low == "," and tokens[k + 1].low in ("or", "and") else 1)
        second = find(ROUTES, tokens, m)
        if second is None or second[0][1]:
            break
        codes.add(second[0][0])
        k = second[1]
    if k > j and tokens[k].low in ("injection", "infusion"):
        k += 1
    if tokens[k].low in ("route",):
        k += 1
    printed = text[tokens[i].start : tokens[k - 1].end]  # nothing where a table's head says it
    fields: dict[str, Any] = {"route_text": printed} if printed else {}
    if len(codes) == 1:
        fields["route"] = code
    form_follows = codes == {"oral"} and find(FORMS, tokens, k) is not None
    return Island("route", i, k, fields, "form" if form_follows else None)


def form(tokens: list[Token], i: int, text: str) -> Island | None:
    """A dose form: 'prolonged-release tablets', 'gastro-resistant', 'oral suspension'."""
    if text[tokens[i].start : tokens[i].end] == "CAP":
        return None  # community-acquired pneumonia; '1 CAP' is read as an amount
    hit = find(FORMS, tokens, i)
    if hit is None:
        return None
    kind, j = hit
    while more := find(FORMS, tokens, j):
        kind, j = ("form" if "form" in (kind, more[0]) else kind), more[1]
    if tokens[j].low in ("driver", "drivers", "pump", "pumps"):
        return Island("ignore", i, j + 1)
    return Island("form", i, j, {"dose_form": text[tokens[i].start : tokens[j - 1].end]}, kind)


def quoted(tokens: list[Token], i: int, text: str) -> Island | None:
    """The texts of a rendered step: 'for ‹…›', 'form ‹…›', 'route ‹…›', 'needed for ‹…›', 'when ‹…›', 'made up as ‹…›'."""
    columns = {
        "for": "indication_text",
        "form": "dose_form",
        "route": "route_text",
        "reason": "as_needed_for",
        "condition": "condition_text",
        "components": "dose_components",
        "parameter": "param",
        "partners": "partners",
        "limit": "max_dose_unit",
        "via": "route",
        "dosing": "days_on",
    }
    column = columns.get(tokens[i].low)
    if column is None or tokens[i + 1].kind != TEXT:
        return None
    token = tokens[i + 1]
    fields: dict[str, Any] = {column: text[token.start + 1 : token.end - 1]}
    j = i + 2
    if column == "days_on":
        count = fields[column].split(" ")[0]
        if not count.isdecimal() or len(count) > 4:
            return None
        fields[column] = int(count)
    if column == "param":
        low = high = None
        side = tokens[j].low
        if side in ("≥", "≤"):
            j += 1
        if (first := number(tokens, j)) is not None:
            low = high = first[0]
            j = first[1]
            if tokens[j].low == "–" and (second := number(tokens, j + 1)):
                high, j = second
            fields.update(param_low=None if side == "≤" else low, param_high=None if side == "≥" else high)
        if tokens[j].low == "unit" and tokens[j + 1].kind == TEXT:
            fields["param_unit"] = text[tokens[j + 1].start + 1 : tokens[j + 1].end - 1]
            j += 2
    return Island("quoted", i, j, fields)
