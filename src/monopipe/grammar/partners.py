"""Other drugs: partners, their doses, and what a dose is diluted in."""

from __future__ import annotations

from collections.abc import Collection

from monopipe.grammar.cycles import length
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NAME, NUMBER, TEXT, WORD, Token, skip
from monopipe.grammar.quantity import amount, dose, pers
from monopipe.grammar.text import sentence_end
from monopipe.grammar.words import (
    FORMS,
    OFTEN,
    SETS,
    TIMES,
    WHEN,
    WHO,
    drug_like,
    find,
    known,
)

_WITH_ONLY = SETS["with_only"]


# What is said of the partner behind its name.
_ITS_OWN = frozenset("tapered tapering reduced withdrawn continued stopped started added increased".split())


_INSTEAD = frozenset("alternative alternatives substitute option".split())


def partner(tokens: list[Token], i: int, text: str, own: Collection[str]) -> Island | None:
    """Drugs it is given with: 'in combination with dexamethasone', 'with X 40 mg weekly', 'plus Y'.

    A partner's own dose and schedule are read with it and never set a column of this drug.
    """
    strong = tokens[i].low in SETS["partner_lead"]
    j = i + 1
    if strong:
        j = skip(tokens, j, SETS["partner_link"])
        if j == i + 1 or tokens[j - 1].low not in ("with", "to"):
            return None
    elif tokens[i].low not in ("with", "plus", "+", "and"):
        return None
    if tokens[j].low in SETS["partner_adjectives"] and (strong or drug_like(tokens[j + 1]) or drug_like(tokens[j + 2])):
        j += 2 if tokens[j].low in ("low", "high") and tokens[j + 1].low == "dose" else 1
    names, k = _partner_names(tokens, j, text, own, strong=strong)
    if not names or (tokens[i].low == "and" and (tokens[k].value is None or not drug_like(tokens[j]))):
        return None
    if tokens[k].low in ("at", "of") and tokens[k + 1].value is not None:
        k += 1
    end = _partner_end(tokens, k, text, own)
    if tokens[i].low == "and" and not _INSTEAD.isdisjoint(t.low for t in tokens[k:end]):
        return Island("foreign", i, end)  # '…, and venlafaxine 75 mg once daily is the alternative'
    names += [text[t.start : t.end] for t in tokens[k:end] if drug_like(t) and t.low not in own]
    lost = tuple(n for n in range(k, end) if tokens[n].kind == NUMBER)
    return Island("partner", i, end, {"partners": "; ".join(names)}, None, lost)


def _partner_names(
    tokens: list[Token], k: int, text: str, own: Collection[str], *, strong: bool
) -> tuple[list[str], int]:
    """The names of a list of partners and where it ends; only behind strong words ('combined with') need none be known."""
    names: list[str] = []
    while True:
        token = tokens[k]
        if token.kind == TEXT:
            names.append(text[token.start + 1 : token.end - 1])
            k += 1
        else:
            if token.kind not in (WORD, NAME) or token.low in own or token.low in _WITH_ONLY or token.value is not None:
                return names, k
            looks = drug_like(token) or (token.low in ("iron", "zinc") and tokens[k + 1].value is not None)
            if not strong and not looks and not names:
                return [], k
            if (known(token.low) and not looks) or find(WHEN, tokens, k):
                return names, k
            end = k + 1
            while tokens[end].kind in (WORD, NAME) and not known(tokens[end].low) and end < k + 4:
                if tokens[end].low in own:
                    break
                end += 1
            names.append(text[token.start : tokens[end - 1].end])
            k = end
        if not _goes_on(tokens, k, own, strong=strong):
            return names, k
        k += 2 if tokens[k + 1].low == "and" else 1


def _goes_on(tokens: list[Token], k: int, own: Collection[str], *, strong: bool) -> bool:
    """Whether another partner follows a link: 'X and Y', 'X, and Y'."""
    link, after = tokens[k].low, tokens[k + 1]
    if link not in ("and", ",", "or", "+", "/", "plus", "with", "&") or after.low in own:
        return False
    return (
        drug_like(after)
        or (strong and after.kind == WORD and not known(after.low) and link != "with")
        or (link == "," and after.low == "and" and drug_like(tokens[k + 2]))
    )


def _partner_end(tokens: list[Token], k: int, text: str, own: Collection[str]) -> int:
    """Where the dose and schedule of a partner end: '40 mg weekly', 'tapered over 6 weeks', '(40 mg on days 1 to 4)'."""
    end = k
    if tokens[k].low in _ITS_OWN:  # 'with dexamethasone tapered over 6 weeks'
        while tokens[end].kind not in (END, BREAK) and tokens[end].low not in (",", ";", ")", "|", "then"):
            if tokens[end].low == "." and sentence_end(tokens, end, text):
                break
            end += 1
    held = dose(tokens, k) if tokens[k].value is not None else None
    if held is not None and held.kind in ("dose", "rate"):
        return foreign_end(tokens, held.j, text, own)
    if held is not None and held.kind == "strength":
        return held.j + (find(FORMS, tokens, held.j) is not None)  # 'combined with permethrin 5% cream'
    if tokens[k].low == "(":
        close = k + 1
        while tokens[close].kind not in (END, BREAK) and tokens[close].low != ")" and close < k + 30:
            close += 1
        doses = (t.value is not None and dose(tokens, k + n) for n, t in enumerate(tokens[k:close]))
        if tokens[close].low == ")" and any(doses):
            return close + 1
    return end


def partner_with_its_end(s: Scan, i: int) -> Island | None:
    """Drugs it is given with, and until when where only they are said to be repeated: 'with folinic acid 15 mg q6h until …'."""
    found = partner(s.tokens, i, s.text, s.own)
    if found is None or s.tokens[found.j].low != "until":
        return found
    for p in reversed(s.islands):
        if p.kind in ("often", "cycle", "days"):
            return found
        if p.kind == "sep" and p.note in ("sentence", "break"):
            break
    if any(t.low in ("every", "q") or find(OFTEN, s.tokens, k) for k, t in enumerate(s.tokens[i : found.j], i)):
        while s.tokens[found.j].kind not in (END, BREAK) and s.tokens[found.j].low not in (";", ")", "|"):
            if s.tokens[found.j].low == "." and sentence_end(s.tokens, found.j, s.text):
                break
            found.j += 1
    return found


def foreign_end(tokens: list[Token], j: int, text: str, own: Collection[str]) -> int:
    """The token after another drug's dose and schedule: up to the end of its clause."""
    while tokens[j].kind not in (END, BREAK):
        t = tokens[j]
        if t.low in (";", "|", ")", "then") or (t.low == "." and sentence_end(tokens, j, text)):
            break
        if t.low in own:
            while j > 0 and tokens[j - 1].low in ("and", ",", "plus", "with", "+"):
                j -= 1
            break
        if t.low in (",", "followed") and tokens[j + 1].low in ("then", "by", "followed", "until", "for"):
            break
        scheme = length(tokens, j) if t.low == "in" else None
        if scheme is not None and scheme.kind == "cycle" and tokens[scheme.j - 1].low == "cycles":
            break  # 'with topotecan 1.2 mg/m², in 21-day cycles': so both are given
        if t.low in ("in", "until", "if") and tokens[j + 1].low in SETS["foreign_end"] and find(WHO, tokens, j + 1):
            break
        if t.low == "for" and _ends_with_course(tokens, j, text):
            break
        if t.low == "until" or (
            t.low == "," and tokens[j + 1].low in ("give", "administer", "the", "take", "start", "use")
        ):
            break
        j += 1
    return j


def _ends_with_course(tokens: list[Token], j: int, text: str) -> bool:
    """Whether a clause ends with a course of weeks or longer, which is of all its drugs: '… with rifampicin 600 mg daily for 3 months'."""
    found = amount(tokens, j + 1)
    hit = find(TIMES, tokens, found.j) if found else None
    if hit is None or hit[0][1] not in ("wk", "mo", "a"):
        return False
    after = tokens[hit[1]]
    return (
        after.kind in (END, BREAK)
        or after.low in (";", "|")
        or (after.low == "." and sentence_end(tokens, hit[1], text))
    )


def foreign(tokens: list[Token], i: int, text: str, own: Collection[str]) -> Island | None:
    """Another drug's dose without 'with': 'docetaxel 75 mg/m² on day 1' in this drug's monograph is no dose of it."""
    if tokens[i].low in own or not drug_like(tokens[i]):
        return None
    j = i + 1
    while tokens[j].kind == WORD and (drug_like(tokens[j]) or tokens[j].low in SETS["foreign"]) and j < i + 5:
        if tokens[j].low in own:
            return None
        j += 1
    if tokens[j].value is None:
        return None
    if not own and any(t.low in ("is", "given") for t in tokens[i:j]):
        return None
    isl = dose(tokens, j)
    if isl is None or isl.kind not in ("dose", "rate") or isl.note == "count":
        return None
    if tokens[i - 1].low == "/" and i > 1 and tokens[i - 2].low in own and "dose_components" in isl.fields:
        # 'trastuzumab/pertuzumab 600/1,200 mg': one product of both, whose first amount is of this drug
        return Island("partner", i, j, {"partners": text[tokens[i].start : tokens[j - 1].end]})
    if tokens[i - 1].low == "from":  # 'switched from clopidogrel 75 mg take 180 mg': what is left behind
        often = find(OFTEN, tokens, isl.j)
        return Island("foreign", i, often[1] if often else isl.j)
    end = foreign_end(tokens, isl.j, text, own)
    if tokens[i - 1].low in _BESIDE and (i == 1 or tokens[i - 2].kind == BREAK or tokens[i - 2].low in (".", ";")):
        # 'After mifepristone 200 mg, 800 micrograms is given': the sentence goes on behind the comma
        end = next((k for k in range(isl.j, end) if tokens[k].low == ","), end)
    return Island("foreign", i, end)


def numbered(s: Scan, i: int) -> Island | None:
    """Another drug whose name begins with a number, with its doses: 'followed by 5-FU 400 mg/m² bolus and 600 mg/m²'."""
    tokens = s.tokens
    name = tokens[i + 1]
    if name.start != tokens[i].end + 1 or s.text[tokens[i].end] not in "-‑–":
        return None
    whole = _NUMBERED.get(name.low, (name.low,))
    if name.kind != WORD or not (name.low in _NUMBERED or drug_like(name)):
        return None
    if not {name.low, f"{tokens[i].low}-{name.low}", *whole}.isdisjoint(s.own):
        return None
    isl = dose(tokens, i + 2) if tokens[i + 2].value is not None else None
    if isl is None or isl.kind not in ("dose", "rate"):
        return None
    return Island("foreign", i, foreign_end(tokens, isl.j, s.text, s.own))


_NUMBERED = {
    "fu": ("fluorouracil",),
    "mp": ("mercaptopurine",),
    "asa": ("mesalazine", "mesalamine"),
    "tg": ("tioguanine", "thioguanine"),
    "fc": ("flucytosine",),
}


def of_another(s: Scan, isl: Island) -> Island | None:
    """What patients take of another drug, no dose of this one: '(at least 60 mg of oral morphine a day for a week)'."""
    tokens = s.tokens
    j = skip(tokens, isl.j, ("of", "oral", "intravenous", "the", "daily"))
    least = (tokens[isl.i].low, tokens[isl.i + 1].low) == ("at", "least") or tokens[isl.i - 1].low == "least"
    if not least or not drug_like(tokens[j]) or tokens[j].low in s.own:
        return None
    end = j + 1
    _, _, end = pers(tokens, end)
    if often := find(OFTEN, tokens, end):
        end = often[1]
    if (
        tokens[end].low == "for" and (length := amount(tokens, end + 1)) and (hit := find(TIMES, tokens, length.j))
    ) or (tokens[end].low == "for" and tokens[end + 1].low in ("a", "one") and (hit := find(TIMES, tokens, end + 2))):
        end = hit[1]
    return Island("lost", isl.i, end)


_BESIDE = frozenset("after before following besides beside alongside".split())


_ABOUT = frozenset("at least about approximately up to".split())


def diluent(tokens: list[Token], i: int) -> Island | None:
    """What it is diluted in: 'in 100 mL saline', 'diluted to 50 mL', 'in D5W 250 mL'; no column holds it."""
    j = i
    if tokens[j].low in (
        "added",
        "diluted",
        "dilute",
        "dissolved",
        "reconstituted",
        "reconstitute",
        "dissolve",
        "mixed",
    ):
        j += 1
    if tokens[j].low in ("in", "to", "with", "into"):
        j += 1
    else:
        return None
    while j < i + 12 and tokens[j].low in SETS["diluent_measure"]:
        if tokens[j].low == "5" and tokens[j + 1].low != "%":
            break
        if tokens[j].low == "to" and tokens[j + 1].value is None:
            break
        j += 1
    isl = dose(tokens, j)
    if isl is None or isl.note != "volume" or isl.fields.get("dose_basis") not in ("flat", "per_kg"):
        return None
    end = isl.j
    while tokens[end].low in SETS["diluent_words"]:
        if tokens[end].low == "for" and tokens[end + 1].low != "injection":
            break
        if tokens[end].low == "5" and tokens[end + 1].low != "%":
            break
        if tokens[end].low == "for":
            end += 1
        end += 1
    f = isl.fields
    whole = f["dose_basis"] == "flat"  # '150 mg/kg in 3 mL/kg of glucose' has no column for the volume
    held = (
        whole
        and tokens[i].low == "in"
        and f["dose_low"] == f["dose_high"]
        and not any(t.low in _ABOUT for t in tokens[i:j])
    )
    made = {k.replace("dose_", "quantity_"): f[k] for k in ("dose_low", "dose_high", "dose_unit")} if held else {}
    return Island("diluent", i, end, made, i)
