"""What a product, a unit or a solution holds, which is no dose: 'each puff (100 micrograms)', 'the syrup is 5 mg per 5 mL'."""

from __future__ import annotations

from monopipe.grammar import quantity
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import BREAK, END, NUMBER, WORD, Token, skip
from monopipe.grammar.text import sentence_end
from monopipe.grammar.words import OFTEN, ROUTES, SETS, TIMES, UNITS, WHEN, find


def product_name(s: Scan, i: int) -> Island | None:
    """The product after a count: '2 tablets of amoxicillin 500 mg' — its strength is not the dose."""
    if not s.islands or s.islands[-1].j != i or s.islands[-1].note != "count":
        return None
    tokens = s.tokens
    if tokens[i + 1].low == "the" and tokens[i + 2].kind == NUMBER:
        return _device(tokens, i)
    j = _past_name(tokens, i + 1)
    if j == i + 1:
        return None
    held = quantity.numbered(tokens, j)
    if held is not None and held.kind == "dose" and held.note in ("mass", "activity"):
        j = held.j
        if held.fields.get("dose_is") != "per_administration":
            return None
        if "dose_components" in held.fields:
            _count_components(s.islands[-1], held)
    return Island("product", i, j, {"dose_form": s.text[tokens[i + 1].start : tokens[j - 1].end]})


def _device(tokens: list[Token], i: int) -> Island | None:
    """The device behind a count: '2 puffs of the 2.5 mcg inhaler'."""
    holds = quantity.dose(tokens, i + 2)
    if holds is None or holds.kind != "dose" or holds.note not in ("mass", "activity"):
        return None
    named = tokens[holds.j].kind == WORD and not (find(OFTEN, tokens, holds.j) or find(ROUTES, tokens, holds.j))
    return Island("lost", i, holds.j + named) if holds.fields.get("dose_is") == "per_administration" else None


def _past_name(tokens: list[Token], first: int) -> int:
    """The token behind the words that name a product, five at most; `first` where no name begins there."""
    j = first
    while j < first + 5 and tokens[j].value is None and not _ends_name(tokens, j):
        in_name = tokens[j].kind == WORD or (tokens[j].low == "/" and tokens[j + 1].kind == WORD and j > first)
        if not in_name:
            break
        j += 1
    return j


def _ends_name(tokens: list[Token], j: int) -> bool:
    """Whether a token says how the product is given, and so is no part of its name."""
    return tokens[j].low in _NO_NAME or any(find(known, tokens, j) for known in (OFTEN, ROUTES, TIMES, WHEN))


_NO_NAME = frozenset("a the x once twice q every for as daily".split())


def _count_components(counted: Island, held: Island) -> None:
    """Gives a count what its product holds: '1 tablet of sitagliptin/metformin 50/1000 mg' is 50 mg in one tablet."""
    count = {k.replace("dose_", "quantity_"): counted.fields[k] for k in ("dose_low", "dose_high", "dose_unit")}
    counted.fields = {**held.fields, **count}
    counted.note = held.note


def thing(s: Scan, i: int) -> Island | None:
    """A thing named after a form, no count of it: 'day 1 of a pill cycle', 'a tablet box'."""
    of_thing = s.tokens[i + 2].low in _THINGS and find(UNITS, s.tokens, i + 1) is not None
    return Island("lost", i, i + 3) if of_thing else None


_THINGS = SETS["things_of_forms"]


def each_unit(s: Scan, i: int) -> Island | None:
    """What one unit holds: 'each puff (100 micrograms)', 'per tablet 5 mg' — a strength, not a dose."""
    tokens = s.tokens
    if (
        tokens[i].low == "each" and tokens[i + 1].value is not None and _is_counted(s)
    ):  # '2 sprays (each 50 micrograms)'
        held = quantity.dose(tokens, i + 1)
        return Island("lost", i, held.j) if held is not None and held.note in ("mass", "activity") else None
    hit = find(UNITS, tokens, i + 1)
    if hit is None or hit[0].dimension != "count":
        return None
    j = hit[1]
    while j < hit[1] + 3 and tokens[j].low in ("(", "contains", "containing", "of", "delivers", "="):
        j += 1
    if tokens[i].low == "one" and (j == hit[1] or tokens[j - 1].low == "("):
        return None  # 'one tablet 5 mg' is a dose
    isl = quantity.numbered(tokens, j)
    return Island("lost", i, isl.j) if isl is not None and isl.kind == "dose" and isl.note != "count" else None


def _is_counted(s: Scan) -> bool:
    """Whether the dose just read is a count: '2 sprays'."""
    return any(p.kind == "dose" and p.note == "count" for p in s.islands[-2:])


def held(s: Scan, i: int) -> Island | None:
    """What a product or a unit holds, no dose: 'a drop holds about 1.5 micrograms', 'the inhaler delivers 160 µg'."""
    tokens = s.tokens
    end = _past_content(tokens, i + 1)
    if not end:
        return None
    before = [p for p in s.islands[-4:] if p.kind == "dose" and p.j <= i]
    measured = [p for p in before if i <= p.j + 5 and tokens[p.j].low == "of" and p.j < i]
    if tokens[i].low in _GIVES and not measured:
        return None  # but '1 drop of 0.5% gives up to 0.25 mg'
    for p in (*measured, *(p for p in before if p.j == i)):
        p.kind = "lost"  # 'a drop holds', '2 mg of the citrate contain': the holder is no dose either
    return Island("lost", i, end)


def _past_content(tokens: list[Token], j: int) -> int:
    """Where the amounts held end that begin at token j, their substances named or not; 0 where none is."""
    j = skip(tokens, j, _ABOUT)
    for _ in range(2):  # 'contains trimethoprim 160 mg'
        j += _is_name(tokens[j])
    first = quantity.numbered(tokens, j)
    if first is None or first.kind not in ("dose", "strength"):
        return 0
    end = _past_second(tokens, first.j)
    while tokens[end].low == "or" and (other := quantity.dose(tokens, end + 1)) is not None:
        end = other.j  # 'enemas holding 2 g or 4 g'
    again = quantity.dose(tokens, end + 1) if tokens[end].low == "(" else None
    if again is not None and tokens[again.j].low == ")":
        end = again.j + 1  # 'holds 48 mg (2 mmol) of sodium'
    return end


def _past_second(tokens: list[Token], end: int) -> int:
    """The token behind a second substance and its amount: '… and sulfamethoxazole 800 mg', '… and clavulanic acid 31 mg'."""
    k = skip(tokens, end, ("and", "plus", "with", ","))
    if k == end or not _is_name(tokens[k]):
        return end
    k += _is_name(tokens[k + 1])
    second = quantity.numbered(tokens, k + 1)
    return second.j if second is not None and second.kind in ("dose", "strength") else end


def _is_name(token: Token) -> bool:
    return token.kind == WORD and token.value is None


_ABOUT = frozenset("about approximately around roughly only".split())
_GIVES = ("gives", "yields", "brings", "supplies")


def is_strength(s: Scan, i: int) -> Island | None:
    """What a preparation is: 'the gel is levodopa 20 mg and carbidopa 5 mg per mL', 'the syrup is 5 mg per 5 mL'."""
    made = s.tokens[i - 1].low in _PREPARED if i else False
    isl = held(s, i) if made else None
    return isl if isl is not None and s.tokens[isl.j - 1].low in _VOLUMES else None


_PREPARED = SETS["prepared_forms"]


def in_each(s: Scan, i: int) -> Island | None:
    """What each millilitre or litre holds: 'which gives 10 mIU in each mL'; the amount before it is no dose."""
    tokens = s.tokens
    if tokens[i + 1].low not in ("each", "every", "one", "1") or tokens[i + 2].low not in _VOLUMES:
        return None
    if s.islands and s.islands[-1].kind == "dose" and s.islands[-1].j == i:
        s.islands[-1].kind = "lost"
    return Island("lost", i, i + 3)


_VOLUMES = frozenset("ml millilitre milliliter l litre liter".split())


def for_each(s: Scan, i: int) -> Island | None:
    """An amount that another replaces: '125 mg rectally replaces each 100 mg taken by mouth', '1 mg for every 100 units'."""
    tokens = s.tokens
    isl = quantity.numbered(tokens, i + 1)
    if isl is None or isl.kind != "dose" or isl.note not in ("mass", "activity", "volume"):
        return None
    does = tokens[isl.j].low in _EFFECTS  # 'each 0.5 mg/kg raises the level by 1 mg/L'
    if not does and (i == 0 or tokens[i - 1].low not in ("for", "replaces", "replace", "replacing", "of")):
        return None
    end = isl.j
    while tokens[end].low in ("taken", "given", "of", "by", "mouth", "orally", "intravenously"):
        end += 1
    return Island("lost", i, end)


_EFFECTS = frozenset(
    "raises raise increases increase lowers reduces decreases elevates will corresponds equals".split()
)


def of_solution(s: Scan, i: int) -> Island | None:
    """What a solution that runs at a rate is made of, no dose: '2 mL/hour of a solution of 10 units in 500 mL'."""
    tokens = s.tokens
    runs = s.islands and s.islands[-1].j == i and str(s.islands[-1].fields.get("rate_unit")).startswith("mL")
    made = i > 0 and tokens[i - 1].low in _MADE and any(p.kind in ("dose", "rate") for p in s.islands[-4:])
    isl = quantity.numbered(tokens, i + 1) if runs or made else None
    if isl is None or isl.kind not in ("dose", "strength"):
        return None
    held = quantity.dose(tokens, isl.j + 1) if tokens[isl.j].low in ("in", "per") else None
    return Island("lost", i, held.j if held is not None else isl.j)


_MADE = frozenset("solution mixture dilution bag syringe concentration strength".split())


def prepared(tokens: list[Token], isl: Island, text: str) -> bool:
    """Whether an amount is only made ready for what runs at a rate: '10 IU are added to 500 mL of saline and run at 20 mIU/min'."""
    k = skip(tokens, isl.j, ("is", "are", "should", "may", "be"))
    if k == isl.j or tokens[k].low not in _MADE_READY:
        return False
    while tokens[k].kind not in (END, BREAK) and not (tokens[k].low == "." and sentence_end(tokens, k, text)):
        if tokens[k].kind == NUMBER and (run := quantity.dose(tokens, k)) is not None and run.kind == "rate":
            return True
        k += 1
    return False


_MADE_READY = frozenset("added diluted dissolved mixed reconstituted".split())
