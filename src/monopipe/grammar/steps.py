"""Islands to clauses: which words belong to one step."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from monopipe.grammar.brackets import set_apart
from monopipe.grammar.equivalents import DOSE, equivalent, mark_products, put_dose, unit_of_product
from monopipe.grammar.fields import GROUPS, Clause, clash, days_of_cycle, infer_cycle, once_daily, rate_of, set_fields
from monopipe.grammar.island import Island
from monopipe.grammar.labels import read_label
from monopipe.grammar.lexer import NUMBER, Token
from monopipe.grammar.limits import MOST

_OF_A_ROW = frozenset((*GROUPS["who"], "indication_text", "route", "route_text"))
# Between the increment and what it leads to: 'to the recommended dose of 3000 mg/day'.
_UP_TO = frozenset("the a usual recommended full final maintenance dose dosage of".split())
# Between a dose and a rate these make the rate that of another step: 'a bolus of 5 mg/kg and an infusion of 1 mg/kg per hour'.
_SECOND = frozenset("or which infusion then thereafter before".split())
_REACHED = ("target", "maintenance")
_WAY = frozenset("route route_text admin_duration admin_duration_unit".split())
_STEP_ONLY = frozenset("step_kind dose_count cycle_days days_on start_after start_after_unit condition_text".split())


def build(
    tokens: list[Token], islands: list[Island], text: str, own: Collection[str] = (), row: bool = False
) -> list[Clause]:
    """The clauses of a text in order, each with the columns that its own words set."""
    done: list[Clause] = []
    instruction = 0
    c = Clause("", 0)
    label: dict[str, Any] = {}
    of_row: dict[str, Any] = {}  # what the first cells say for all columns
    sep = ""
    depth = 0
    skip = False

    def close(link: str) -> Clause:
        nonlocal c
        if c.parts or c.unread:
            done.append(c)
        new = Clause(link, instruction)
        new.label = label
        c = new
        return c

    islands = set_apart(tokens, islands)
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
                label, lost = read_label(tokens, inside, begin, isl.i, text, own)
                if "dose_form" in label:
                    keep = [p for p in _tail(c.unread, begin) if p.kind != "strength"]
                    _cut(c.unread, begin)
                    c.unread.extend(keep)
                open_label = c.dose is None and any(p.kind == "label" and p.j >= begin - 1 for p in c.parts[-3:])
                if row and open_label and "indication_text" in c.label:
                    label.pop(
                        "indication_text", None
                    )  # "alone" of a column "Regimen" is no condition beside the first cell's
                if open_label and clash(c.label, label):
                    for p in c.parts:  # the inner label says otherwise: the numbers of the outer one are in no column
                        if p.kind == "label":
                            p.lost = tuple(k for k in range(p.i, p.j) if tokens[k].kind == NUMBER)
                    for key in c.label:
                        c.fields.pop(key, None)
                around = c.label if open_label else done[-1].label if done else {}
                of_column = row and tokens[isl.i - 1].end == tokens[begin].start  # words of a head have no width
                if of_column:
                    around = of_row
                if row and "param" in label:
                    around = {k: v for k, v in around.items() if not k.startswith("param")}
                if row and "route" in label:
                    around = {k: v for k, v in around.items() if k not in _WAY}  # a column of another way
                if (open_label or row) and set(label) <= set(GROUPS["who"]) | {"route", "route_text"}:
                    if row and set(label) & _WAY:  # each column has its own way
                        around = {k: v for k, v in around.items() if k not in _WAY}
                    label = {**around, **label}
                elif row:  # the first column's words hold for the whole row
                    label = {**{k: v for k, v in around.items() if k in _OF_A_ROW}, **label}
                older = done[-1].label if done else {}
                if (
                    label.get("param") == older.get("param") == "age"
                    and "age_group" not in label
                    and "age_group" in older
                ):
                    label["age_group"] = older["age_group"]
                link = c.link
                _cut(c.parts, begin)
                only_step = bool(label) and set(label) <= (_STEP_ONLY | _WAY | {"dose_form"} if row else _STEP_ONLY)
                if c.parts and not open_label:
                    c.end = max(p.j for p in (*c.parts, *c.unread))
                    close("label")
                if not only_step:
                    if done:
                        instruction += 1
                    c.link = "label"
                else:
                    # a label such as 'Maintenance:' or 'Week 2:' continues the instruction and who it is for
                    previous = of_row if of_column else done[-1].label if done else {}
                    over = GROUPS["bounds"] if "condition_text" in previous else ()
                    if label.get("start_after_unit") == "cycle":
                        over = ("cycles_min", "cycles_max")
                    left = _STEP_ONLY.union(_WAY, over)  # 'Months 1–3: …; month 4 onwards:': the three months are over
                    label = {**{k: v for k, v in previous.items() if k not in left}, **label}
                    c.link = "then" if done else link
                c.instruction = instruction
                c.label = label
                if row and not of_column:
                    of_row = label
                c.fields.update(label)
                c.start = c.first = c.start if open_label and c.start >= 0 else begin
                c.taken = set(label)
                c.parts.append(Island("label", begin, isl.j, None, None, lost))
                c.end = isl.j
                sep, depth = "", 0
                continue
            if note == "open":
                depth += 1
                continue
            if note == "aside":
                close("or" if sep == "or" else "bracket")
                sep, depth = "", 0
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
            if note == "also":
                if c.dose is None:
                    c.link = "then"
                    continue
                note = "then"
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
        if depth and kind == "dose" and c.parts and c.parts[-1].kind == "limit" and c.parts[-1].j == isl.i - 1:
            skip = True  # 'maximum 60 mg daily (40 mg daily in the elderly)'
            c.unread.append(isl)
            _span(c, isl)
            continue
        if kind in ("dose", "rate") and c.dose is not None:
            joined = False
            old = c.dose
            link_word = tokens[isl.i - 1].low
            if (link_word in ("ie", "=", "≈") and kind == "dose") or (
                link_word == "to" and tokens[isl.i - 2].low == "equivalent"
            ):
                c.unread.append(isl)  # the same dose in other words
                _span(c, isl)
                continue
            if isl.note == MOST and old.kind == "dose" and "rate_unit" not in c.fields:
                c.fields.update({k: v for k, v in isl.fields.items() if v is not None})
                c.parts.append(isl)  # '15 mg/kg (max 1 g), not faster than 50 mg/min'
                _span(c, isl)
                sep = ""
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
                    _accept(c, top, tokens)
                _span(c, isl)
                continue
            if (
                (old.fields.get("dose_is") == "per_day" or (once_daily(c.fields) and isl.note == old.note != "count"))
                and kind == "dose"
                and (sep == "" or (sep == "comma" and tokens[isl.i - 2].low in ("taken", "given")))
                and tokens[isl.i - 1].low == "as"
                and isl.fields.get("dose_is") == "per_administration"
            ):
                # '2 g/day given as 1 g every 12 hours'
                c.total = old
                if once_daily(c.fields):
                    for key in GROUPS["frequency"]:
                        c.fields.pop(key, None)
                for key in DOSE:
                    c.fields.pop(key, None)
                put_dose(c, isl)
                joined = True
            elif depth and old.kind == "dose":
                basis = old.fields.get("dose_basis") == isl.fields.get("dose_basis")
                joined = (basis or tokens[isl.j].low not in _FOR_SOME) and equivalent(c, isl)
                if not joined:
                    skip = True
                    c.unread.append(isl)
                    continue
            elif (
                (
                    kind == "rate"
                    or (old.fields.get("dose_unit") == "{patch}" and isl.fields.get("dose_is") == "per_day")
                )
                and old.kind == "dose"
                and isl.fields.get("dose_is") != "increment"
                and sep in ("", "comma")
                and "rate_unit" not in c.fields
                and not any(t.low in _SECOND for t in tokens[old.j : isl.i])
            ):
                if not equivalent(c, isl) and kind == "rate":
                    c.fields.update({k: v for k, v in isl.fields.items() if v is not None})
                joined = True
            elif isl.i == old.j and old.note == "count" and isl.note in ("mass", "activity") and kind == "dose":
                joined = equivalent(c, isl)
            elif link_word == "as" and isl.note == "count" and old.note != "count" and kind == old.kind == "dose":
                joined = equivalent(c, isl)  # '400 micrograms twice daily, given as 2 puffs'
            if joined:
                c.parts.append(isl)
                c.end = max(c.end, isl.j)
                sep = ""
                continue
            counted = kind == old.kind == "dose" and isl.note == "count" and isl.i == old.j + 1 and sep == "comma"
            combined = "dose_components" in old.fields
            if counted and "quantity_unit" not in c.fields and (combined or _untimed(c)):
                one = _in_one_form(isl, tokens) and equivalent(c, isl)  # '5 mg/160 mg, one tablet once daily'
                if not one and combined:
                    # '160/4.5 micrograms, 2 inhalations twice daily': what each holds, and how many
                    held = c.fields["dose_components"]
                    for key in DOSE:
                        c.fields.pop(key, None)
                    put_dose(c, isl)
                    c.fields["dose_components"] = held
                if one or combined:
                    c.parts.append(isl)
                    _span(c, isl)
                    sep = ""
                    continue
            alternative = (kind == "rate" and any(t.low == "or" for t in tokens[old.j : isl.i])) or _or_before(
                tokens, old.j, isl.i
            )
            link = sep if sep in ("or", "and") else "or" if alternative else "comma"
            before_dose = isl.i - 1
            while tokens[before_dose].low in _UP_TO and before_dose > old.j:
                before_dose -= 1
            if tokens[before_dose].low == "to" and old.fields.get("dose_is") == "increment":
                link = "raised"
            moved = _moved(c, tokens, isl)
            before = c
            close(link)
            for part in moved:
                if part in before.parts:
                    before.parts.remove(part)
                _accept(c, part, tokens)
            if moved:
                before.end = max(p.j for p in (*before.parts, *before.unread))
            if link == "raised":  # 'increase by 25 mg weekly to 100 mg': what the change leads to
                c.fields["step_kind"] = before.fields.get("step_kind", "titration")
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
                moved = _reasons(c, tokens)
                close("then")
                for part in moved:
                    _accept(c, part, tokens)
                    _span(c, part)
            c.link = "then"
            if isl.note == "whole":
                c.taken.add("whole")
            if not (c.fields.get("step_kind") == "maintenance" and tokens[isl.i - 1].low in ("be", "is", "then")):
                c.fields["step_kind"] = isl.fields["step_kind"]  # but 'maintenance may be raised to 10 mg'
            if "condition_text" in isl.fields:
                c.fields.setdefault("condition_text", isl.fields["condition_text"])
            c.parts.append(isl)
            sep = ""
            _span(c, isl)
            continue
        elif kind == "further" and c.dose is not None and not depth:
            close("then")
        elif kind == "step" and c.dose is not None and not depth and isl.fields["step_kind"] not in ("single",):
            leads_to = tokens[isl.i - 1].low in ("a", "the", "to", "usual") and any(
                t.low == "to" for t in tokens[max(isl.i - 3, c.dose.j) : isl.i]
            )
            if c.dose.fields.get("dose_is") == "increment" and leads_to and isl.fields["step_kind"] in _REACHED:
                close("then")  # 'going up by 10 mg every week to a target of 50 mg'
            elif sep or c.fields.get("step_kind", isl.fields["step_kind"]) != isl.fields["step_kind"]:
                close("then" if sep != "or" else "or")
        elif (
            (c.dose is not None or (c.link == "then" and "cycle_days" in c.fields))
            and not depth
            and sep in ("and", "comma", "or")
            and kind in ("who", "days", "often", "when")
        ):
            probe = Clause("", 0)
            probe.fields = dict(c.fields)
            if not set_fields(probe, isl):
                if _dose_follows(islands, index):
                    close(sep)
                elif kind == "often" and (_thereafter(c, islands, index) or _on_another_day(c, islands, index)):
                    close("then")  # 'every 2 weeks for 3 doses and every 4 weeks thereafter'
                elif kind == "often" and sep == "or" and isl.fields.get("period_unit") == c.fields.get("period_unit"):
                    close("or")  # 'every 8 hours or every 12 hours': the same dose at another interval
        elif kind == "route" and c.dose is not None and not depth and _leads_on(islands, index, tokens):
            close(sep or "and")  # '5 mg orally and IV 2 mg': the way of the dose behind it
        if kind == "step" and c.dose is None and isl.fields["step_kind"] in _REACHED and _aimed_at(c, isl, tokens):
            c.fields["step_kind"] = isl.fields["step_kind"]  # 'then gradually reduced until a maintenance dose of …'
        if kind == "who" and c.dose is None:
            _leave_band(c, isl, tokens)
        if kind in ("dose", "rate"):
            put_dose(c, isl)
            c.parts.append(isl)
            if isl.note == "bare" and c.product is not None:
                unit_of_product(c, tokens)
        else:
            _accept(c, isl, tokens)
        _span(c, isl)
        sep = ""
    if c.parts or c.unread:
        done.append(c)
    for clause in done:
        _settle(clause, tokens, text)
    return done


def _in_one_form(isl: Island, tokens: list[Token]) -> bool:
    """Whether an amount is one tablet or the like, which holds the dose before it; a puff or drop may be one of several."""
    one = isl.fields["dose_low"] == isl.fields["dose_high"] == 1 and isl.fields["dose_unit"] in _HOLDS
    return one and tokens[isl.i].low in ("1", "one", "a", "an") and tokens[isl.i + 1].low not in _MORE


_HOLDS = frozenset(("{tablet}", "{capsule}", "{sachet}", "{vial}", "{suppository}"))
_MORE = frozenset("second third further additional extra more other".split())


def _untimed(c: Clause) -> bool:
    """Whether nothing says yet when or how often a step's dose is given."""
    return not any(p.kind in ("often", "when", "bounds", "prn", "times") for p in c.parts)


def _aimed_at(c: Clause, isl: Island, tokens: list[Token]) -> bool:
    """Whether a step is what a change without an amount goes on until: 'reduced until an oral maintenance dose of 5 mg'."""
    until = any(t.low == "until" for t in tokens[max(isl.i - 4, 0) : isl.i])
    return until and any(p.kind == "change" for p in c.parts)


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


def _apart(f: dict[str, Any], g: dict[str, Any]) -> bool:
    """Whether two bands of a parameter have nothing in common: '< 20 kg the same, ≥ 20 kg 2 mg'."""
    ends = ((f.get("param_high"), g.get("param_low")), (g.get("param_high"), f.get("param_low")))
    same = f.get("param_unit") == g.get("param_unit")
    return same and any(high is not None and low is not None and high <= low for high, low in ends)


def _leave_band(c: Clause, band: Island, tokens: list[Token]) -> None:
    """Take back a band with an amount of its own that nobody reads, before the next: '30–39 kg 2, 40–54 kg 3, > 70 kg 5 tablets'."""
    for p in [
        p for p in c.parts if p.kind == "who" and "param" in p.fields and p.fields["param"] == band.fields.get("param")
    ]:
        if any(t.kind == NUMBER for t in tokens[p.j : band.i]) or _apart(p.fields, band.fields):
            c.parts.remove(p)
            c.unread.append(p)
            for key in ("param", "param_low", "param_high", "param_unit"):
                c.fields.pop(key, None)


_FOR_SOME = frozenset("with if in when for during where unless".split())
_JOINS = frozenset(", and or with plus + &".split())


def _leads_on(islands: list[Island], index: int, tokens: list[Token]) -> bool:
    """Whether a route stands between a joining word and another dose, and so is the way of that dose alone."""
    way = islands[index]
    after = islands[index + 1] if index + 1 < len(islands) else None
    amount = after is not None and after.kind == "dose" and after.i == way.j and after.note != "bare"
    before = way.i - 1 - (tokens[way.i - 1].low in ("by", "via", "as", "an"))
    return amount and tokens[before].low in _JOINS


def _dose_follows(islands: list[Island], index: int) -> bool:
    for isl in islands[index + 1 : index + 6]:
        if isl.kind in ("dose", "rate"):
            return True
        if isl.kind == "sep" and isl.note not in ("open", "close"):
            return False
    return False


def _thereafter(c: Clause, islands: list[Island], index: int) -> bool:
    """Whether another interval follows a counted or bounded part of the treatment: '… and every 4 weeks thereafter'."""
    over = any(k in c.fields for k in ("dose_count", "bounds_unit"))
    return over and any(p.kind == "sep" and p.note == "then" for p in islands[index + 1 : index + 2])


def _on_another_day(c: Clause, islands: list[Island], index: int) -> bool:
    """Whether the same dose is given at another rate on another day: '50 mg once on day 1, twice on day 2'."""
    return "cycle_days" in c.fields and any(p.kind == "days" for p in islands[index + 1 : index + 2])


def _or_before(tokens: list[Token], begin: int, i: int) -> bool:
    """Whether 'or' opens the words before an amount: '…, or with intravenous top-ups of 0.5 mg/kg'."""
    if tokens[i - 1].low == ",":  # 'every 12 hours or, if acid output stays high, 80 mg every 8 hours'
        opens = next((k for k in range(i - 2, begin - 1, -1) if tokens[k].low in (",", ";", ".", "(", ")")), begin)
        return tokens[opens].low == "," and tokens[opens - 1].low == "or" and opens > begin
    for k in range(i - 1, begin - 1, -1):
        if tokens[k].low == "or":
            return True
        if tokens[k].low in (",", ";", "and", "then", "to", "(", ")"):
            return False
    return False


def _reasons(c: Clause, tokens: list[Token]) -> list[Island]:
    """A condition before a change, taken back from the step before it: '5 mg daily, and if pain persists increased to 10 mg'."""
    last = c.parts[-1]
    of_time = last.kind == "after" and tokens[last.i].low == "after"  # 'and after 7 days the dose is increased to'
    whose = (last.kind == "condition" and tokens[last.i].low in ("if", "when", "once")) or of_time
    if c.dose is None or last.i < c.dose.j or not whose:
        return []
    if tokens[last.i - 1].low not in ("and", ",", "but") or any(p.i > last.i for p in c.unread):
        return []
    c.parts.pop()
    for key in last.fields:
        c.fields.pop(key, None)
    c.taken.discard("if:param")
    c.end = max(p.j for p in (*c.parts, *c.unread))
    return [last]


def _moved(c: Clause, tokens: list[Token], isl: Island) -> list[Island]:
    """The words before a second dose that belong to it: after the last comma or 'and' behind the first dose."""
    if c.dose is None:
        return []
    moved: list[Island] = []
    if late := _late(c, tokens):
        return late
    last = c.parts[-1]
    divider = last.i - 2 if tokens[last.i - 1].low == "," else last.i - 1
    divided = last.i > c.dose.i and tokens[divider].low in ("and", "then") and tokens[isl.i - 1].low == "to"
    if divided and last.kind in ("condition", "prn"):
        for key in last.fields:  # 'to 20 mg after 4 weeks and, if necessary, to 40 mg'
            c.fields.pop(key, None)
        c.end = max(p.j for p in (*c.parts[:-1], *c.unread))
        return [last]
    for part in reversed(c.parts):
        of_change = part.kind == "often" and isl.note == "increment"  # ', and every week another 10 mg may be added'
        kinds = ("who", "days", "step", "after", "week", "route", "condition")
        if part.i <= c.dose.i or not (of_change or part.kind in kinds):
            break
        if part.kind == "condition" and any(t.low in ("and", "or", "then") for t in tokens[part.j : isl.i]):
            break
        before = tokens[part.i - 1].low if part.i else ""
        moved.append(part)
        if before in (",", "and", "or"):
            # give back what the clause had taken from these words
            if of_change or part.kind in ("who", "days", "step", "after", "condition"):
                for p in moved:
                    for key in p.fields:
                        c.fields.pop(key, None)
                for p in (p for p in c.parts if p.kind == "after" and p not in moved):
                    c.fields.update(p.fields)  # 'after 4 weeks to 5 mg, after another 4 weeks to 10 mg'
                return moved
            break
        if before in (")",):
            break
    return []


def _late(c: Clause, tokens: list[Token]) -> list[Island]:
    """The times and conditions that end a clause which has others of its own, and so are of the dose behind them.

    'after 2 weeks 20 mg daily and after 4 weeks 40 mg daily'
    """
    behind = sorted((p for p in (*c.parts, *c.unread) if c.dose is not None and p.i > c.dose.i), key=lambda p: p.i)
    first = len(behind)
    while first and behind[first - 1].kind in ("after", "condition"):
        first -= 1
    tail = behind[first:]
    if not any(p in c.unread for p in tail) or tokens[tail[0].i - 1].low not in (",", "and", "then", "or"):
        return []
    for p in tail:
        if p in c.unread:
            c.unread.remove(p)
        else:
            for key in p.fields:
                c.fields.pop(key, None)
    for p in c.parts:
        if p.kind in ("after", "condition") and p not in tail:
            c.fields.update(p.fields)
    return tail


def _accept(c: Clause, isl: Island, tokens: list[Token]) -> None:
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
        dosed = c.dose if c.dose is not None and c.dose.kind == "dose" and c.dose.j == isl.i else None
        by_mass = dosed is not None and dosed.note in ("mass", "activity")
        if kind == "diluent" and isl.fields and by_mass and "quantity_unit" not in c.fields:
            c.fields.update(isl.fields)  # '500 mg in 100 mL sodium chloride'
            c.parts.append(isl)
            return
        if kind in ("strength", "lab", "lost", "doubt", "diluent", "foreign"):
            c.unread.append(isl)
            if isl.note == "session":
                c.taken.add("doubt:frequency")
        else:
            c.parts.append(isl)
        if kind == "strength":
            c.product = isl
        return
    if isl.note == "course" and "bounds_unit" in c.fields:
        c.unread.append(isl)  # 'for 7 days; treatment should not exceed 10 days'
        return
    if kind == "over" and any(p.kind == "divided" for p in c.parts):
        c.unread.append(isl)
        return
    if kind == "hint":
        c.hints.append(isl)
        c.parts.append(isl)
        return
    if kind in ("weekdays", "times"):
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
        by_weight = f.get("dose_basis") in ("per_kg", "per_m2")
        # '0.1 mg/kg once daily (max. 5 mg)' caps what the weight gives
        of_weight = per_day and by_weight and tokens[isl.i - 1].low == "(" and f.get("dose_is") == "per_administration"
        per_day = per_day and not of_weight
        isl.fields["max_daily_dose" if per_day else "max_single_dose"] = value
        c.taken.add("max")
        sparse = f.get("frequency") == 1 and f.get("period_unit") in ("wk", "mo") and "frequency_max" not in f
        by_size = of_weight or (by_weight and ("period_unit" not in f or sparse))
        if not per_day and not by_size and (c.dose.j < isl.i - 3):
            c.unread.append(Island("lost", isl.i, isl.j))
            return
    if kind == "often" and isl.note == "whole":
        c.taken.add("whole")
        c.parts.append(isl)
        return
    if kind == "often" and isl.note == "interval" and (_is_changed_to(c) or tokens[isl.i - 1].low == "each"):
        c.unread.append(isl)  # 'increase to 30 mg, then 40 mg, at weekly intervals' is how fast the dose changes
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
        _second_frequency(c, isl, tokens)
        return
    if kind == "often" or set_fields(c, isl):
        c.parts.append(isl)
        return
    if (kind in ("bounds", "route", "days", "when") or (kind == "over" and "bounds_unit" in isl.fields)) and not (
        kind == "bounds" and "days_on" in c.fields
    ):
        _doubt(c, isl, tokens)
        return
    c.unread.append(isl)


def _is_changed_to(c: Clause) -> bool:
    return (
        c.fields.get("step_kind") in ("titration", "taper", "down") and c.fields.get("dose_is") == "per_administration"
    )


_KIND_GROUP = {
    "bounds": "bounds",
    "span": "bounds",
    "over": "bounds",
    "route": "route",
    "days": "cycle",
    "when": "when",
    "often": "frequency",
}


def _doubt(c: Clause, isl: Island, tokens: list[Token]) -> None:
    """Two candidates for one column: neither is set, both stay unread."""
    group = _KIND_GROUP[isl.kind]
    for key in GROUPS[group]:
        c.fields.pop(key, None)
    for part in c.parts:
        if part.kind == "label":
            part.lost = tuple(k for k in range(part.i, part.j) if tokens[k].kind == NUMBER)
    for part in [p for p in c.parts if _KIND_GROUP.get(p.kind) == group]:
        c.parts.remove(part)
        c.unread.append(part)
        if part.kind == "often" and part.fields.get("when_code"):
            c.fields.pop("when_code", None)
    c.taken.add("doubt:" + group)
    c.unread.append(isl)


def _second_frequency(c: Clause, isl: Island, tokens: list[Token]) -> None:
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
    _doubt(c, isl, tokens)


def _divide(c: Clause) -> None:
    """A dose in divided doses is that of a day: '3 mg daily in divided doses', '1 mg over 24 hours in divided doses'."""
    f = c.fields
    over = next((p for p in c.parts if p.kind == "over"), None)
    if over is not None:
        hours = (f.pop("admin_duration", None), f.pop("admin_duration_unit", None))
        if hours in ((24, "h"), (1, "d")):
            f["dose_is"] = "per_day"
        else:
            c.parts.remove(over)
            c.unread.append(over)
    portions = f.get("frequency_max") or f.get("frequency") or 0
    whole = f.get("dose_is") == "per_administration" and f.get("dose_basis") != "percent_of_dose"
    if portions > 1 and whole and any(p.note == "divided" for p in c.parts):
        f["dose_is"] = "per_day"  # '25 mg/kg in 3 divided doses': the amount is that of all three
    if once_daily(f) and f.get("dose_is") == "per_administration" and any(p.kind == "divided" for p in c.parts):
        f["dose_is"] = "per_day"
        for key in GROUPS["frequency"]:
            f.pop(key, None)


def _in_one_dose(c: Clause, tokens: list[Token]) -> None:
    """'10 mg as one dose' is a single dose; of an amount a day, or 'as one daily dose', it is how often."""
    f = c.fields
    said = next((p for p in c.parts if p.note == "divided"), None)
    if (
        said is None
        or not once_daily(f)
        or f.get("dose_is") != "per_administration"
        or "bounds_unit" in f
        or "when_code" in f
    ):
        return
    if any(t.low in _EACH_DAY for t in tokens[said.i : said.j + 2]):
        return
    for key in GROUPS["frequency"]:
        f.pop(key, None)
    f["dose_count"] = 1
    f.setdefault("step_kind", "single")


_EACH_DAY = frozenset("daily day nightly evening morning".split())


def _settle(c: Clause, tokens: list[Token], text: str) -> None:
    """What can only be said once a clause is whole: hints of the route, cycles told by 'every 3 weeks'."""
    f = c.fields
    if f.get("dose_is") == "per_day" and c.dose is not None and f.get("step_kind") in ("titration", "taper", "down"):
        for p in [p for p in c.parts if p.kind == "often" and p.note == "interval" and p.i < c.dose.i]:
            c.parts.remove(p)  # 'raised at weekly intervals to 320 mg a day': how fast, not how often
            c.unread.append(p)
            for key in GROUPS["frequency"]:
                f.pop(key, None)
    if any(p.note == "one" for p in c.parts) and ("period_unit" in f or "bounds_unit" in f):
        for key in ("step_kind", "dose_count"):  # 'one injection of 150 mg every 12 weeks'
            f.pop(key, None)
    for hint in c.hints:
        if "route" not in f and "route_text" not in f:
            f["route"] = hint.fields["route"]
            f["route_text"] = text[tokens[hint.i].start : tokens[hint.j - 1].end]
        form = text[tokens[hint.i].start : tokens[hint.j - 1].end]
        f.setdefault("dose_form", form)
    if c.dose is not None and c.dose.note == "patch" and "route" not in f and "route_text" not in f:
        f["route"] = "transdermal"
        f.setdefault("dose_form", "patch")
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
            form = text[tokens[begin].start : tokens[part.j - 1].end]
            each = part.note[0] == "each"
            kept = f.setdefault("dose_form", form) == form
            if each and f.get("dose_low") == f.get("dose_high") == 1 and "quantity_unit" not in f:
                value, unit = part.note[1]  # 'one 10 mg tablet' is 10 mg in one tablet
                f.update(quantity_low=1.0, quantity_high=1.0, quantity_unit=f["dose_unit"])
                f.update(dose_low=value, dose_high=value, dose_unit=unit)
            elif each and not kept:
                part.lost = tuple(k for k in range(begin, part.j) if tokens[k].kind == NUMBER)
    if c.total is not None:
        a, b = c.total.fields, f
        rate = rate_of(f)
        same = (
            rate is not None
            and a.get("dose_unit") == b.get("dose_unit")
            and a.get("dose_high") is not None
            and b.get("dose_high") is not None
        )
        if not (same and rate and abs(rate[1] * 24 * b["dose_high"] - a["dose_high"]) < 1e-6) and c.total in c.parts:
            c.parts.remove(c.total)
            c.unread.append(c.total)
    if "whole" in c.taken and f.get("dose_is") == "per_administration" and "period_unit" not in f:
        f["dose_is"] = "per_day"
    if any(p.kind == "divided" or p.note == "divided" for p in c.parts):
        _divide(c)
        _in_one_dose(c, tokens)
    if f.get("dose_basis") == "percent_of_dose" and tuple(f.get(k) for k in GROUPS["frequency"]) == (
        1,
        None,
        1,
        None,
        "d",
    ):
        f["dose_is"] = "per_administration"  # '80% of the daily dose once daily'
    if any(p.note == "portions" for p in c.parts) and f.get("dose_is") == "per_administration":
        f["dose_is"] = "per_course"  # '1 mg in 3 divided doses, 6 hours apart': the amount is that of all three
    bounds = [f.get(k) for k in GROUPS["bounds"]]
    if f.get("rate_unit") and bounds[2] == "min" and bounds[0] == bounds[1] and "admin_duration" not in f:
        f["admin_duration"], f["admin_duration_unit"] = (
            bounds[0],
            "min",
        )  # '0.5 units/min for 10 minutes' is one infusion
        for key in GROUPS["bounds"]:
            f.pop(key)
    outer = next((p for p in c.unread if p.note == "outer"), None)
    if outer is not None and f.get("dose_is") == "increment":
        # 'taper by 500 mg twice daily every 2 weeks': the amount changes every 2 weeks
        inner = [p for p in c.parts if p.kind == "often"]
        for key in GROUPS["frequency"]:
            f.pop(key, None)
        f.update({k: v for k, v in outer.fields.items() if v is not None})
        c.parts = [p for p in c.parts if p.kind != "often"] + [outer]
        c.unread = [p for p in c.unread if p is not outer] + inner
        outer = None
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
    days_of_cycle(f)
    infer_cycle(f)
    if f.get("continuous") and "days_on" in f and "cycle_length" in f:
        days = f["cycle_length"] * {"d": 1, "wk": 7}.get(f["cycle_unit"], 0)
        if f["days_on"] < days:  # 'a continuous regimen, for 84 days followed by a 7-day break'
            del f["continuous"]
