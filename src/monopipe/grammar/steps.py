"""Islands to steps: which words belong to one step, and a column set at most once in each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monopipe.grammar.island import Island
from monopipe.grammar.lexer import END, NUMBER, PUNCT, Token
from monopipe.grammar.words import FILLERS, UNITS, drug_like, find

GROUPS: dict[str, tuple[str, ...]] = {
    "indication": ("indication_text",),
    "who": ("age_group", "population", "param", "param_low", "param_high", "param_unit"),
    "form": ("dose_form",),
    "route": ("route",),
    "frequency": ("frequency", "frequency_max", "period", "period_max", "period_unit"),
    "when": ("when_code",),
    "bounds": ("bounds_low", "bounds_high", "bounds_unit"),
    "cycle": ("cycle_length", "cycle_unit", "cycle_days", "days_on", "continuous"),
    "partners": ("partners",),
    "dose": (
        "dose_low",
        "dose_high",
        "dose_unit",
        "dose_basis",
        "dose_is",
        "quantity_low",
        "quantity_high",
        "quantity_unit",
        "dose_components",
    ),
}
_DOSE = GROUPS["dose"]
_PER_H = {"min": 60.0, "h": 1.0, "d": 1 / 24, "wk": 1 / 168, "mo": 1 / 730, "a": 1 / 8766}


class Clause:
    """The words of one step while they are gathered: its columns, the islands read, those in doubt."""

    __slots__ = (
        "dose",
        "end",
        "fields",
        "first",
        "hints",
        "instruction",
        "label",
        "limits",
        "link",
        "parts",
        "product",
        "start",
        "taken",
        "total",
        "unread",
    )

    def __init__(self, link: str, instruction: int) -> None:
        self.link = link
        self.instruction = instruction
        self.fields: dict[str, Any] = {}
        self.parts: list[Island] = []
        self.unread: list[Island] = []
        self.dose: Island | None = None
        self.product: Island | None = None
        self.total: Island | None = None
        self.hints: list[Island] = []
        self.label: dict[str, Any] = {}
        self.taken: set[str] = set()
        self.limits: set[str] = set()
        self.start = self.end = -1
        self.first = -1


def _rate(f: dict[str, Any]) -> tuple[float, float] | None:
    unit = f.get("period_unit")
    if unit is None:
        return None
    low = f.get("frequency") or f.get("frequency_max") or 0
    high = f.get("frequency_max") or low
    period = (f.get("period") or 1.0) / _PER_H[unit]
    longest = (f.get("period_max") or f.get("period") or 1.0) / _PER_H[unit]
    return low / longest, high / period


def set_fields(c: Clause, isl: Island) -> bool:
    """Set an island's columns in a clause; false, and nothing set, where another value is there already."""
    f, new = c.fields, isl.fields
    if isl.kind == "often":
        when = new.get("when_code")
        if (
            isl.note == "divided"
            and f.get("frequency") == 1
            and f.get("period") == 1
            and f.get("period_unit") == "d"
            and "frequency_max" not in f
        ):
            if f.get("dose_is") == "per_administration":
                f["dose_is"] = "per_day"
            for key in GROUPS["frequency"]:
                f.pop(key, None)
        if "period_unit" in f:
            old, now = _rate(f), _rate(new)
            if f.get("frequency_max") is None and not new.get("frequency") and new.get("frequency_max") is not None:
                return False
            if old and now and abs(old[0] - now[0]) < 1e-6 and abs(old[1] - now[1]) < 1e-6:
                if when and "when_code" not in f:
                    f["when_code"] = when
                return True
            return False
        for key, value in new.items():
            if key != "when_code" and value is not None:
                f[key] = value
        if when and "when_code" not in f:
            f["when_code"] = when
        return True
    if isl.kind == "when":
        if f.get("when_code", new["when_code"]) != new["when_code"]:
            return False
        f.update(new)
        return True
    if isl.kind == "who":
        if "param" in new and "param" in f:
            return False
        if "age_group" in new and f.get("age_group", new["age_group"]) != new["age_group"]:
            return False
        if "population" in new and f.get("population", new["population"]) != new["population"]:
            if "param" not in new:
                return False
            new = {k: v for k, v in new.items() if k != "population"}
        f.update({k: v for k, v in new.items() if v is not None})
        return True
    if isl.kind == "limit":
        if any(k in f and f[k] != v for k, v in new.items()):
            return False
        f.update(new)
        return True
    if isl.kind == "step":
        old_kind = f.get("step_kind")
        kind = new["step_kind"]
        if old_kind is None or old_kind == kind or old_kind == "alternative" or (old_kind == "single"):
            f.update(new)
            return True
        if kind == "single":
            f.setdefault("dose_count", 1)
            return True
        return kind in ("initial", "alternative") or (old_kind == "initial" and kind == "loading")
    if isl.kind == "condition":
        if "condition_text" in f:
            return False
        f.update(new)
        return True
    if isl.kind == "form":
        if "dose_form" in f:
            return True
        f.update(new)
        return True
    if isl.kind == "partner" and "partners" in f:
        f["partners"] += "; " + new["partners"]
        return True
    if isl.kind == "route":
        if "route_text" in f:
            return bool(f.get("route") is not None and f.get("route") == new.get("route"))
        f.update(new)
        return True
    if isl.kind == "days" and "cycle_days" not in new and "days_on" in f:
        return False
    if any(k in f and f[k] != v for k, v in new.items()):
        return False
    f.update({k: v for k, v in new.items() if v is not None})
    return True


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
_TO_MG = {"g": 1000.0, "mg": 1.0, "ug": 0.001, "ng": 1e-6}


def _dimension(f: dict[str, Any]) -> str:
    return _DIMENSION.get(f.get("dose_unit") or "", "count" if f.get("dose_unit") else "")


def _put_dose(c: Clause, isl: Island) -> None:
    c.dose = isl
    c.fields.update({k: v for k, v in isl.fields.items() if v is not None})


def _as_quantity(f: dict[str, Any]) -> dict[str, Any]:
    return {
        k.replace("dose_", "quantity_"): f[k] for k in ("dose_low", "dose_high", "dose_unit") if f.get(k) is not None
    }


def equivalent(c: Clause, isl: Island) -> bool:
    """Join a second amount that says the same dose otherwise: '2 tablets (40 mg)', '160 mg (four 40 mg tablets)'.

    Of '1800 mg (1000 mg/m²)' the amount by body size is the dose; the other stays unread. False where they do not join.
    """
    old = c.dose
    if old is None or old.kind != "dose" or isl.kind != "dose":
        return False
    a, b = old.fields, isl.fields
    if a.get("dose_is") == "increment" or "quantity_unit" in c.fields:
        return False
    da, db = _dimension(a), _dimension(b)
    if isinstance(isl.note, tuple) and isl.note[0] == "each":  # '(four 40 mg tablets)'
        value, unit = isl.note[1]
        if (
            a.get("dose_unit") == unit
            and a.get("dose_low") == value * (b["dose_low"] or 0)
            and a.get("dose_high") == value * (b["dose_high"] or 0)
        ):
            c.fields.update(_as_quantity(b))
            return True
        return False
    if isinstance(isl.note, tuple):  # '(4 × 40 mg)'
        count, unit = isl.note[1]
        if da == db and a.get("dose_high") == b.get("dose_high") and a.get("dose_unit") == b.get("dose_unit"):
            if unit is not None:
                c.fields.update(quantity_low=count.low, quantity_high=count.high, quantity_unit=unit.code)
            else:
                c.unread.append(isl)
            return True
        return False
    if old.note == "share" and isl.note in ("mass", "activity", "volume"):
        for key in _DOSE:
            c.fields.pop(key, None)
        c.unread.append(old)
        _put_dose(c, isl)
        return True
    if a.get("dose_basis") != b.get("dose_basis") and da == db:
        if a.get("dose_basis") == "flat":
            for key in _DOSE:
                c.fields.pop(key, None)
            c.unread.append(old)
            c.parts.remove(old)
            _put_dose(c, isl)
            return True
        c.unread.append(isl)
        return True
    if da == db == "mass" and a.get("dose_is") == b.get("dose_is"):
        x = (a.get("dose_high") or 0) * _TO_MG[a["dose_unit"]]
        y = (b.get("dose_high") or 0) * _TO_MG[b["dose_unit"]]
        return bool(abs(x - y) < 1e-09 * max(x, y, 1))
    if b.get("dose_basis") != "flat" and db in ("volume", "count"):
        c.unread.append(isl)
        return True
    if a.get("dose_low") is None or b.get("dose_low") is None:
        return False
    if da == "count" and db in ("mass", "activity", "volume", "amount"):
        quantity = _as_quantity(a)
        for key in _DOSE:
            c.fields.pop(key, None)
        keep = {k: a[k] for k in ("dose_is",) if a.get(k) == "per_day" and b.get("dose_is") != "per_day"}
        _put_dose(c, isl)
        c.fields.update(quantity)
        c.fields.update(keep)
        return True
    if (db == "count" and da in ("mass", "activity", "volume", "amount")) or (
        db == "volume" and da in ("mass", "activity", "amount")
    ):
        c.fields.update(_as_quantity(b))
        return True
    if da == "volume" and db in ("mass", "activity", "amount") and a.get("dose_basis") != "flat":
        c.parts.remove(old)
        c.unread.append(old)
        for key in _DOSE:
            c.fields.pop(key, None)
        _put_dose(c, isl)
        return True
    if da == "volume" and db in ("mass", "activity", "amount"):
        quantity = _as_quantity(a)
        for key in _DOSE:
            c.fields.pop(key, None)
        _put_dose(c, isl)
        c.fields.update(quantity)
        return True
    return False


_STEP_ONLY = frozenset("step_kind dose_count cycle_days days_on start_after start_after_unit condition_text".split())


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


def build(
    tokens: list[Token], islands: list[Island], text: str, own: Collection[str] = (), row: bool = False
) -> list[Clause]:
    """The clauses of a text in order, each with the columns that its own words set."""
    done: list[Clause] = []
    instruction = 0
    c = Clause("", 0)
    label: dict[str, Any] = {}
    sep = ""
    depth = 0
    skip = False
    last_j = 0

    def close(link: str) -> Clause:
        nonlocal c
        if c.parts or c.unread:
            done.append(c)
        new = Clause(link, instruction)
        new.label = label
        c = new
        return c

    n = len(islands)
    mark_products(islands, tokens)
    for index in range(n):
        isl = islands[index]
        kind = isl.kind
        if kind == "sep":
            note = isl.note
            if isinstance(note, tuple):
                begin = note[1]
                inside = sorted((*_tail(c.parts, begin), *_tail(c.unread, begin)), key=lambda p: p.i)
                outside = c.dose is not None or any(p.kind in ("dose", "rate") for p in inside)
                if outside or (done and done[-1].end > begin):
                    sep = "comma"
                    continue
                label = read_label(tokens, inside, begin, isl.i, text, own)
                if "dose_form" in label:
                    keep = [p for p in _tail(c.unread, begin) if p.kind != "strength"]
                    _cut(c.unread, begin)
                    c.unread.extend(keep)
                open_label = c.dose is None and c.link == "label"
                if (open_label or row) and set(label) <= set(GROUPS["who"]) | {"route", "route_text"}:
                    label = {**(c.label if open_label else done[-1].label if done else {}), **label}
                older = done[-1].label if done else {}
                if (
                    label.get("param") == older.get("param") == "age"
                    and "age_group" not in label
                    and "age_group" in older
                ):
                    label["age_group"] = older["age_group"]
                link = c.link
                _cut(c.parts, begin)
                only_step = bool(label) and set(label) <= _STEP_ONLY
                if c.parts and not open_label:
                    close("label")
                if not only_step:
                    if done:
                        instruction += 1
                    c.link = "label"
                else:
                    # a label such as 'Maintenance:' or 'Week 2:' continues the instruction and who it is for
                    previous = done[-1].label if done else {}
                    label = {**{k: v for k, v in previous.items() if k not in _STEP_ONLY}, **label}
                    c.link = "then" if done else link
                c.instruction = instruction
                c.label = label
                c.fields.update(label)
                c.start = c.first = c.start if open_label and c.start >= 0 else begin
                c.taken = set(label)
                c.parts.extend(Island("label", p.i, p.j) for p in inside)
                c.parts.append(Island("label", begin, isl.j))
                c.end = isl.j
                sep, depth = "", 0
                last_j = isl.j
                continue
            if note == "open":
                depth += 1
                continue
            if note == "close":
                depth = max(0, depth - 1)
                if depth == 0:
                    skip = False
                continue
            if note in ("sentence", "break"):
                depth, skip = 0, False
                if c.parts or c.unread:
                    close(note)
                else:
                    c.link = note
                sep = note
                continue
            if depth and note in ("semi", "then"):
                continue
            if note in ("semi", "then"):
                if c.parts or c.unread:
                    close(note)
                elif not (c.link in ("sentence", "break", "label", "") and note == "semi"):
                    c.link = note if c.link != "label" else c.link
                sep = note
                continue
            if note and not depth:
                sep = note if sep not in ("or",) or note == "or" else sep
            continue
        if skip:
            c.unread.append(isl)
            continue
        if kind in ("dose", "rate") and c.dose is not None:
            joined = False
            old = c.dose
            link_word = tokens[isl.i - 1].low
            if link_word in ("ie", "=", "≈") or (link_word == "to" and tokens[isl.i - 2].low == "equivalent"):
                c.unread.append(isl)  # the same dose in other words
                _span(c, isl)
                continue
            if (
                depth
                and old.kind == "dose"
                and isl.fields.get("dose_low") is None
                and old.fields.get("dose_low") is not None
                and isl.fields.get("dose_high")
            ):
                top = Island(
                    "limit",
                    isl.i,
                    isl.j,
                    {"max": isl.fields["dose_high"], "max_dose_unit": isl.fields.get("dose_unit")},
                )
                if isl.fields.get("dose_is") == "per_day":
                    top.fields["max_daily_dose"] = top.fields.pop("max")
                if isl.fields.get("dose_basis") != "flat":
                    c.unread.append(isl)
                else:
                    _accept(c, top)
                _span(c, isl)
                continue
            if (
                old.fields.get("dose_is") == "per_day"
                and kind == "dose"
                and sep == ""
                and tokens[isl.i - 1].low == "as"
                and isl.fields.get("dose_is") == "per_administration"
            ):
                # '2 g/day given as 1 g every 12 hours'
                c.total = old
                for key in _DOSE:
                    c.fields.pop(key, None)
                _put_dose(c, isl)
                joined = True
            elif depth and old.kind == "dose":
                joined = equivalent(c, isl)
                if not joined:
                    skip = True
                    c.unread.append(isl)
                    continue
            elif kind == "rate" and old.kind == "dose" and sep in ("", "comma") and "rate_unit" not in c.fields:
                c.fields.update({k: v for k, v in isl.fields.items() if v is not None})
                joined = True
            elif isl.i == old.j and old.note == "count" and isl.note in ("mass", "activity") and kind == "dose":
                joined = equivalent(c, isl)
            if joined:
                c.parts.append(isl)
                c.end = max(c.end, isl.j)
                sep = ""
                last_j = isl.j
                continue
            link = sep if sep in ("or", "and") else "comma"
            if tokens[isl.i - 1].low == "to" and old.fields.get("dose_is") == "increment":
                link = "target"
            moved = _moved(c, last_j, tokens, isl)
            before = c
            close(link)
            for part in moved:
                before.parts.remove(part)
                _accept(c, part)
            if link == "target":
                c.fields["step_kind"] = "target"
                c.link = "then"
        elif kind == "repeat":
            if c.dose is not None:
                close("then")
            c.link = "then"
            c.fields.update(isl.fields)
            c.parts.append(isl)
            sep = ""
            _span(c, isl)
            continue
        elif kind == "change":
            if c.dose is not None:
                close("then")
            c.link = "then"
            c.fields["step_kind"] = isl.fields["step_kind"]
            c.parts.append(isl)
            sep = ""
            _span(c, isl)
            continue
        elif kind == "step" and c.dose is not None and not depth and isl.fields["step_kind"] not in ("single",):
            if sep or "step_kind" in c.fields:
                close("then" if sep != "or" else "or")
        elif (
            c.dose is not None
            and not depth
            and sep in ("and", "comma", "or")
            and kind in ("who", "days", "often", "when")
        ):
            probe = Clause("", 0)
            probe.fields = dict(c.fields)
            if not set_fields(probe, isl) and _dose_follows(islands, index):
                close(sep)
        if kind in ("dose", "rate"):
            _put_dose(c, isl)
            c.parts.append(isl)
            if isl.note == "bare" and c.product is not None:
                _unit_of_product(c, tokens)
        else:
            _accept(c, isl)
        _span(c, isl)
        sep = ""
        last_j = isl.j
    if c.parts or c.unread:
        done.append(c)
    for clause in done:
        _settle(clause, tokens, text)
    return done


def _span(c: Clause, isl: Island) -> None:
    if c.start < 0:
        c.start = isl.i
    c.start = min(c.start, isl.i)
    c.end = max(c.end, isl.j)


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


def _dose_follows(islands: list[Island], index: int) -> bool:
    for isl in islands[index + 1 : index + 6]:
        if isl.kind in ("dose", "rate"):
            return True
        if isl.kind == "sep" and isl.note not in ("open", "close"):
            return False
    return False


def _moved(c: Clause, last_j: int, tokens: list[Token], isl: Island) -> list[Island]:
    """The words before a second dose that belong to it: after the last comma or 'and' behind the first dose."""
    if c.dose is None:
        return []
    moved: list[Island] = []
    for part in reversed(c.parts):
        if part.i <= c.dose.i or part.kind not in ("who", "days", "step", "after", "week", "route"):
            break
        before = tokens[part.i - 1].low if part.i else ""
        moved.append(part)
        if before in (",", "and", "or"):
            # give back what the clause had taken from these words
            if part.kind in ("who", "days", "step", "after"):
                for p in moved:
                    for key in p.fields:
                        c.fields.pop(key, None)
                return moved
            break
        if before in (")",):
            break
    return []


def _accept(c: Clause, isl: Island) -> None:
    kind = isl.kind
    if kind in (
        "strength",
        "lab",
        "lost",
        "foreign",
        "doubt",
        "divided",
        "ignore",
        "diluent",
        "regardless",
        "plain_cycle",
        "product",
    ):
        if kind == "product":
            c.fields.setdefault("dose_form", isl.fields["dose_form"])
        if kind in ("strength", "lab", "lost", "doubt", "diluent", "foreign"):
            c.unread.append(isl)
        else:
            c.parts.append(isl)
        if kind == "strength":
            c.product = isl
        return
    if kind == "over" and any(p.kind == "divided" for p in c.parts):
        c.unread.append(isl)
        return
    if kind == "hint":
        c.hints.append(isl)
        c.parts.append(isl)
        return
    if kind == "weekdays":
        c.unread.append(isl)
        return
    if kind == "limit" and isl.note == "unitless":
        if c.dose is not None and c.fields.get("dose_unit"):
            isl.fields["max_dose_unit"] = c.fields["dose_unit"]
        else:
            c.unread.append(isl)
            return
    if kind == "limit" and "max" in isl.fields:
        value = isl.fields.pop("max")
        f = c.fields
        per_day = f.get("dose_is") == "per_day" or (
            f.get("frequency") == 1
            and f.get("period") == 1
            and f.get("period_unit") == "d"
            and "frequency_max" not in f
        )
        if c.dose is None:
            isl.note = ("max", value)
            c.parts.append(isl)
            return
        isl.fields["max_daily_dose" if per_day else "max_single_dose"] = value
        if not per_day and (c.dose.j < isl.i - 3):
            c.unread.append(Island("lost", isl.i, isl.j))
            return
    if kind == "often" and isl.note == "limit" and "period_unit" in c.fields:
        if (
            c.fields["period_unit"] == isl.fields["period_unit"]
            and c.fields.get("period") == isl.fields["period"]
            and "frequency_max" not in c.fields
            and isl.fields["frequency_max"] > (c.fields.get("frequency") or 0)
        ):
            c.fields["frequency_max"] = isl.fields["frequency_max"]
            c.parts.append(isl)
            return
        c.unread.append(isl)
        return
    if kind == "span" and not ("period_unit" in c.fields or "when_code" in c.fields):
        c.unread.append(isl)
        return
    if kind == "often" and not set_fields(c, isl):
        _second_frequency(c, isl)
        return
    if kind == "often" or set_fields(c, isl):
        c.parts.append(isl)
        return
    if kind in ("bounds", "route", "days", "when") and not (kind == "bounds" and "days_on" in c.fields):
        _doubt(c, isl)
        return
    c.unread.append(isl)


_KIND_GROUP = {
    "bounds": "bounds",
    "span": "bounds",
    "route": "route",
    "days": "cycle",
    "when": "when",
    "often": "frequency",
}


def _doubt(c: Clause, isl: Island) -> None:
    """Two candidates for one column: neither is set, both stay unread."""
    group = _KIND_GROUP[isl.kind]
    for key in GROUPS[group]:
        c.fields.pop(key, None)
    for part in [p for p in c.parts if _KIND_GROUP.get(p.kind) == group]:
        c.parts.remove(part)
        c.unread.append(part)
        if part.kind == "often" and part.fields.get("when_code"):
            c.fields.pop("when_code", None)
    c.taken.add("doubt:" + group)
    c.unread.append(isl)


def _second_frequency(c: Clause, isl: Island) -> None:
    """A second frequency of another scale is the schedule of days ('twice daily three times a week', 'daily every 4 weeks')."""
    f = c.fields
    old, new = f.get("period_unit"), isl.fields["period_unit"]
    long = ("wk", "mo", "a")
    old_long = old in long or (old == "d" and (f.get("period") or 1) >= 2)
    new_long = new in long or (new == "d" and (isl.fields.get("period") or 1) >= 2)
    if old_long != new_long:
        outer: dict[str, Any]
        if old_long:
            outer = {k: f[k] for k in ("frequency", "period", "period_max", "period_unit", "frequency_max") if k in f}
            for key in GROUPS["frequency"]:
                f.pop(key, None)
            previous = [p for p in c.parts if p.kind == "often"]
            for p in previous:
                c.parts.remove(p)
            for key, value in isl.fields.items():
                if value is not None:
                    f.setdefault(key, value)
            c.parts.append(isl)
            isl = Island("often", previous[0].i, previous[0].j, outer) if previous else isl
            if not previous:
                return
        else:
            outer = isl.fields
        isl.note = "outer"
        c.unread.append(isl)
        return
    if (
        not isl.fields.get("frequency")
        and f.get("frequency_max") is None
        and old == new
        and f.get("period") == isl.fields.get("period")
    ):
        c.unread.append(isl)
        return
    _doubt(c, isl)


def _unit_of_product(c: Clause, tokens: list[Token]) -> None:
    """Give a count its unit from the product before it: '40 mg tablets, take two' is 2 tablets."""
    if c.product is None:
        return
    for k in range(c.product.i, min(c.product.j + 6, len(tokens) - 8)):
        hit = find(UNITS, tokens, k)
        if hit and hit[0].dimension == "count":
            c.fields["dose_unit"] = hit[0].code
            return


def read_label(
    tokens: list[Token], parts: list[Island], begin: int, end: int, text: str, own: Collection[str]
) -> dict[str, Any]:
    """The columns that a label sets: who, route, step kind, days, or else the condition as printed."""
    fields: dict[str, Any] = {}
    used: set[int] = set()
    for p in parts:
        if p.kind in (
            "who",
            "route",
            "hint",
            "step",
            "days",
            "week",
            "often",
            "cycle",
            "cycles",
            "after",
            "when",
            "bounds",
        ) or (p.kind == "quoted"):
            if p.kind == "hint":
                fields.setdefault("route", p.fields["route"])
            else:
                for key, value in p.fields.items():
                    if value is not None:
                        fields.setdefault(key, value)
        if p.kind == "form" or (p.kind == "strength" and any(q.kind in ("form", "hint") and q.i == p.j for q in parts)):
            end_ = max((q.j for q in parts if q.kind in ("form", "hint") and q.i == p.j), default=p.j)
            fields.setdefault("dose_form", text[tokens[p.i].start : tokens[end_ - 1].end])
        if p.kind not in ("lost", "doubt", "foreign", "lab", "condition", "partner", "prn"):
            used.update(range(p.i, p.j))
    rest = [k for k in range(begin, end) if k not in used and not _filler(tokens[k])]
    words = [
        k for k in rest if tokens[k].kind not in (PUNCT, NUMBER) and not (tokens[k].low in own or drug_like(tokens[k]))
    ]
    if words and end - begin <= 22:
        if fields:
            # the words of the condition alone: 'OCD' of 'OCD, 6 to 12 years'
            first, last = words[0], words[-1]
            if any(k in used for k in range(first, last + 1)):
                last = first
                while last + 1 < end and last + 1 not in used:
                    last += 1
                while last > first and (
                    tokens[last].kind == PUNCT or tokens[last].low in ("with", "and", "in", "for", "of", "or")
                ):
                    last -= 1
            else:
                last = max(words)
        else:
            first, last = begin, end - 1
        while tokens[first].kind == PUNCT and tokens[first].low in "*_-•" and first < last:
            first += 1
        while tokens[last].kind == PUNCT and tokens[last].low in "*_" and last > first:
            last -= 1
        printed = text[tokens[first].start : tokens[last].end]
        while not fields and printed[:4].lower() == "for ":
            printed = printed[4:]
        fields.setdefault("indication_text", printed)
    return fields


def _filler(token: Token) -> bool:
    return token.low in FILLERS or token.kind in (PUNCT, END)


def _settle(c: Clause, tokens: list[Token], text: str) -> None:
    """What can only be said once a clause is whole: hints of the route, cycles told by 'every 3 weeks'."""
    f = c.fields
    for hint in c.hints:
        if "route" not in f and "route_text" not in f:
            f["route"] = hint.fields["route"]
            f["route_text"] = text[tokens[hint.i].start : tokens[hint.j - 1].end]
        form = text[tokens[hint.i].start : tokens[hint.j - 1].end]
        f.setdefault("dose_form", form)
    if c.product is not None and c.product.kind == "strength" and c.product in c.unread:
        end = c.product.j
        for part in c.parts:
            if part.kind in ("form", "hint") and part.i == end:
                end = part.j
        if end > c.product.j:
            f["dose_form"] = text[tokens[c.product.i].start : tokens[end - 1].end]
            c.unread.remove(c.product)
            c.parts.append(c.product)
    for part in c.parts:
        if part.kind == "dose" and isinstance(part.note, tuple):
            begin = part.note[2] if part.note[0] == "each" else part.i
            f.setdefault("dose_form", text[tokens[begin].start : tokens[part.j - 1].end])
    if c.total is not None:
        a, b = c.total.fields, f
        rate = _rate(f)
        same = (
            rate is not None
            and a.get("dose_unit") == b.get("dose_unit")
            and a.get("dose_high") is not None
            and b.get("dose_high") is not None
        )
        if not (same and rate and abs(rate[1] * 24 * b["dose_high"] - a["dose_high"]) < 1e-6) and c.total in c.parts:
            c.parts.remove(c.total)
            c.unread.append(c.total)
    outer = next((p for p in c.unread if p.note == "outer"), None)
    if "cycle_days" in f and "cycle_length" not in f:
        if (
            outer is not None
            and outer.fields.get("frequency") == 1
            and outer.fields.get("period_max") is None
            and outer.fields["period_unit"] in ("d", "wk")
        ):
            f["cycle_length"], f["cycle_unit"] = outer.fields["period"], outer.fields["period_unit"]
            c.unread.remove(outer)
            c.parts.append(outer)
    elif (
        outer is not None
        and "bounds_unit" in f
        and f["bounds_unit"] in ("d", "wk")
        and outer.fields.get("frequency") == 1
        and outer.fields.get("period_max") is None
    ):
        days = f.get("bounds_high")
        per = {"d": 1, "wk": 7}.get(outer.fields["period_unit"])
        if days is not None and days == f.get("bounds_low") and per and "cycle_length" not in f:
            on = days * {"d": 1, "wk": 7}[f["bounds_unit"]]
            if on == int(on) and on <= outer.fields["period"] * per:
                f["cycle_length"], f["cycle_unit"], f["days_on"] = (
                    outer.fields["period"],
                    outer.fields["period_unit"],
                    int(on),
                )
                for key in GROUPS["bounds"]:
                    f.pop(key, None)
                c.unread.remove(outer)
                c.parts.append(outer)
    infer_cycle(f)


def infer_cycle(f: dict[str, Any]) -> None:
    """The cycle that a long period tells: 'day 1 every 3 weeks', 'every 3 weeks for 6 cycles'."""
    if "cycle_length" in f or f.get("frequency") != 1 or f.get("period_max") is not None or "frequency_max" in f:
        return
    days = (f.get("period") or 0) * {"d": 1, "wk": 7}.get(f.get("period_unit") or "", 0)
    if "cycle_days" in f and days >= 7:
        f["cycle_length"], f["cycle_unit"] = f["period"], f["period_unit"]
        for key in GROUPS["frequency"]:
            f.pop(key, None)
    elif ("cycles_min" in f or "cycles_max" in f) and days >= 14:
        f["cycle_length"], f["cycle_unit"] = f["period"], f["period_unit"]


def clash(f: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether two sets of columns say different things about one matter (a group of columns)."""
    if any(k in f and f[k] != v for k, v in new.items()):
        return True
    for group in GROUPS.values():
        mine = {k: f[k] for k in group if k in f}
        theirs = {k: new[k] for k in group if k in new}
        if mine and theirs and mine != theirs and group is not GROUPS["who"] and group is not GROUPS["cycle"]:
            return True
    return False


__all__ = ["GROUPS", "Clause", "build", "clash", "infer_cycle", "read_label", "set_fields"]
