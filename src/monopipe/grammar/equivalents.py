"""Two amounts of one dose: a count beside its strength, an equivalent in brackets, a product's strength."""

from __future__ import annotations

from typing import Any

from monopipe.grammar.fields import GROUPS, Clause
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import Token
from monopipe.grammar.words import UNITS, find

_DIMENSION = {
    "mg": "mass",
    "g": "mass",
    "ug": "mass",
    "ng": "mass",
    "mL": "volume",
    "L": "volume",
    "[iU]": "activity",
    "{unit}": "activity",
    "meq": "amount",
    "mmol": "amount",
    "%": "percent",
}


TO_MG = {"g": 1000.0, "mg": 1.0, "ug": 0.001, "ng": 1e-6}


def _dimension(f: dict[str, Any]) -> str:
    return _DIMENSION.get(f.get("dose_unit") or "", "count" if f.get("dose_unit") else "")


def put_dose(c: Clause, isl: Island) -> None:
    """Make an island the dose of its clause."""
    c.dose = isl
    c.fields.update({k: v for k, v in isl.fields.items() if v is not None})


def replace_dose(c: Clause, isl: Island) -> None:
    """Make an island the dose of its clause instead of another."""
    c.forget(GROUPS["dose"])
    put_dose(c, isl)


def _as_quantity(f: dict[str, Any]) -> dict[str, Any]:
    return {
        k.replace("dose_", "quantity_"): f[k] for k in ("dose_low", "dose_high", "dose_unit") if f.get(k) is not None
    }


def _runs_at(f: dict[str, Any], rate: dict[str, Any]) -> bool:
    """Whether a bracketed rate is that of the dose before it: '150 mg over 10 minutes (15 mg/min)'.

    Where the time of the infusion is said too, the three must agree.
    """
    amount, *per, time = str(rate["rate_unit"]).split("/")
    if "rate_unit" in f:
        return False
    given, low, high = str(f.get("dose_unit")), f.get("dose_low"), f.get("dose_high")
    if low is None or high is None or f.get("dose_is") != "per_administration":
        return False
    alike = given == amount or (given in TO_MG and amount in TO_MG)
    if f.get("admin_duration") is None:
        return alike
    if not alike or time not in _MINUTES or per != _PER.get(str(f.get("dose_basis")), []):
        return False
    share = TO_MG.get(given, 1.0) / TO_MG.get(amount, 1.0) / f["admin_duration"]
    share *= _MINUTES[time] / _MINUTES.get(f["admin_duration_unit"], 1.0)
    ends = ((low, rate.get("rate_low")), (high, rate.get("rate_high")))
    return all(said is not None and abs(dose * share - said) <= 0.02 * said for dose, said in ends)


_MINUTES = {"min": 1.0, "h": 60.0}
_PER = {"per_kg": ["kg"], "per_m2": ["m2"]}


def equivalent(c: Clause, isl: Island) -> bool:
    """Join a second amount that says the same dose otherwise: '2 tablets (40 mg)', '160 mg (four 40 mg tablets)'.

    Of '1800 mg (1000 mg/m²)' the amount by body size is the dose; the other stays unread. A patch is dosed by what it
    releases: 'one patch (25 micrograms/h)' is a rate, and one patch its quantity. False where they do not join.
    """
    old = c.dose
    if old is None:
        return False
    a, b = old.fields, isl.fields
    a_day = b.get("dose_is") == "per_day" and isl.note != "count"
    if (isl.kind == "rate" or a_day) and a.get("dose_unit") == "{patch}":
        _release(c, isl, old)
        return True
    if isl.kind == "rate" and old.kind == "dose" and _runs_at(c.fields, b):
        c.fields.update({k: v for k, v in b.items() if k.startswith("rate_")})
        return True
    if old.kind != "dose" or isl.kind != "dose" or a.get("dose_is") == "increment" or "quantity_unit" in c.fields:
        return False
    if isinstance(isl.note, tuple):
        return _in_products(c, isl, old)
    if old.note == "share" and isl.note in ("mass", "activity", "volume"):
        c.unread.append(old)
        replace_dose(c, isl)
        return True
    da, db = _dimension(a), _dimension(b)
    if da == db and a.get("dose_basis") != b.get("dose_basis"):
        if a.get("dose_basis") == "flat":
            c.leave([old])
            replace_dose(c, isl)
        else:
            c.unread.append(isl)
        return True
    if da == db == "mass" and a.get("dose_is") == b.get("dose_is"):
        x = (a.get("dose_high") or 0) * TO_MG[a["dose_unit"]]
        y = (b.get("dose_high") or 0) * TO_MG[b["dose_unit"]]
        return bool(abs(x - y) < 1e-09 * max(x, y, 1))
    if b.get("dose_basis") != "flat" and db in ("volume", "count"):
        c.unread.append(isl)
        return True
    return a.get("dose_low") is not None and b.get("dose_low") is not None and _with_quantity(c, isl, old)


def _release(c: Clause, isl: Island, patch: Island) -> None:
    """A patch is the quantity of what it releases."""
    replace_dose(c, isl)
    c.fields.update(_as_quantity(patch.fields))
    c.fields.setdefault("dose_form", "patch")
    if "route_text" not in c.fields:
        c.fields.setdefault("route", "transdermal")  # what releases its drug through the skin


def _in_products(c: Clause, isl: Island, old: Island) -> bool:
    """Join the products that make up a dose, where their strengths come to it."""
    a, b = old.fields, isl.fields
    if isl.note[0] == "each":  # '(four 40 mg tablets)'
        value, unit = isl.note[1]
        ends = ("dose_low", "dose_high")
        same = a.get("dose_unit") == unit and all(a.get(k) == value * (b[k] or 0) for k in ends)
        if same:
            c.fields.update(_as_quantity(b))
        return same
    count, unit = isl.note[1]  # '(4 × 40 mg)'
    if _dimension(a) != _dimension(b) or any(a.get(k) != b.get(k) for k in ("dose_high", "dose_unit")):
        return False
    if unit is not None:
        c.fields.update(quantity_low=count.low, quantity_high=count.high, quantity_unit=unit.code)
    else:
        c.unread.append(isl)
    return True


def _with_quantity(c: Clause, isl: Island, old: Island) -> bool:
    """Join an amount of the drug and what holds it: the drug is the dose, the tablets or millilitres are its quantity."""
    a, b = old.fields, isl.fields
    da, db = _dimension(a), _dimension(b)
    if (db == "count" and (da in _OF_DRUG or da == "volume")) or (db == "volume" and da in _OF_DRUG):
        c.fields.update(_as_quantity(b))
    elif da == "count" and (db in _OF_DRUG or db == "volume"):
        replace_dose(c, isl)
        c.fields.update(_as_quantity(a))
        if a.get("dose_is") == "per_day":
            c.fields["dose_is"] = "per_day"
    elif da == "volume" and db in _OF_DRUG:
        replace_dose(c, isl)
        if a.get("dose_basis") == "flat":
            c.fields.update(_as_quantity(a))
        else:
            c.leave([old])
    else:
        return False
    return True


_OF_DRUG = ("mass", "activity", "amount")


def mark_products(islands: list[Island], tokens: list[Token]) -> None:
    """Mark a strength that names a product: an amount with its form, before another amount and any timing.

    '40 mg tablets, take two', '30 tablets (…), 1 tablet', '2000 IU 2 tabs'.
    """
    first: Island | None = None
    formed = False
    for isl in islands:
        kind = isl.kind
        if kind == "sep":
            note = isl.note
            if note in ("sentence", "semi", "break", "then", "or", "and") or (isinstance(note, tuple) and not formed):
                first = None
        elif kind == "dose":
            if (
                first is not None
                and isl.fields.get("dose_is") != "increment"
                and isl.fields.get("dose_basis") != "percent_of_dose"
            ) and (
                formed
                or (first.note != "count" and isl.note == "count" and isl.i == first.j)
                or (first.note == "count" == isl.note and first.i == 1 and tokens[first.j].low in ("(", ","))
            ):
                first.kind = "lost" if first.note == "count" else "strength"
            ok = (
                isl.note in ("mass", "activity", "volume", "count")
                and isl.fields.get("dose_is") == "per_administration"
                and isl.fields.get("dose_basis") == "flat"
                and "period" not in isl.fields
            )
            first, formed = (isl if ok else None), False
        elif kind in ("form", "hint"):
            if first is not None and first.j == isl.i and first.note != "count":
                formed = True
        elif kind in (
            "often",
            "when",
            "bounds",
            "days",
            "over",
            "rate",
            "prn",
            "divided",
            "limit",
            "strength",
            "change",
        ):
            first = None


def unit_of_product(c: Clause, tokens: list[Token]) -> None:
    """Give a count its unit from the product before it: '40 mg tablets, take two' is 2 tablets."""
    if c.product is None:
        return
    for k in range(c.product.i, min(c.product.j + 6, len(tokens) - 8)):
        hit = find(UNITS, tokens, k)
        if hit and hit[0].dimension == "count":
            c.fields["dose_unit"] = hit[0].code
            return
