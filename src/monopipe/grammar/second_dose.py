"""An amount behind the dose of a clause: that dose in other words, its rate or ceiling, or else the dose of another step.

Each of the rules takes the amount into the clause or leaves it to the next; what none takes opens a clause.
"""

from __future__ import annotations

from monopipe.grammar.accept import accept
from monopipe.grammar.equivalents import equivalent, replace_dose
from monopipe.grammar.fields import GROUPS, Clause, comes_to, once_daily, rate_of
from monopipe.grammar.gathering import Gathering
from monopipe.grammar.island import Island
from monopipe.grammar.lexer import Token
from monopipe.grammar.limits import MOST
from monopipe.grammar.words import OFTEN, find

# Between the increment and what it leads to: 'to the recommended dose of 3000 mg/day'.
_UP_TO = frozenset("the a usual recommended full final maintenance dose dosage of".split())
# Between a dose and a rate these make the rate that of another step: 'a bolus of 5 mg/kg and an infusion of 1 mg/kg per hour'.
_SECOND = frozenset("or which infusion then thereafter before".split())
_FOR_SOME = frozenset("with if in when for during where unless".split())
_COUNTED_FORMS = frozenset(("{tablet}", "{capsule}", "{sachet}", "{vial}", "{suppository}"))
_MORE = frozenset("second third further additional extra more other".split())


def second_dose(g: Gathering, isl: Island, old: Island) -> bool:
    """Take an amount into the clause of an older one; false where it is the dose of the clause that it opens."""
    if any(rule(g, isl, old) for rule in _RULES):
        return True
    _open(g, isl, old)
    return False


def _in_other_words(g: Gathering, isl: Island, old: Island) -> bool:
    """'300 mg (ie 2 tablets)', 'equivalent to 200 mg of the base': stays unread."""
    low = g.tokens[isl.i - 1].low
    alike = isl.kind == "dose" or old.kind == "rate"
    said = (low in ("ie", "=", "≈") and alike) or (low == "to" and g.tokens[isl.i - 2].low == "equivalent")
    if said:
        g.pass_by(isl)
    return said


def _fastest(g: Gathering, isl: Island, old: Island) -> bool:
    """'15 mg/kg (max 1 g), not faster than 50 mg/min'."""
    if isl.note != MOST or old.kind != "dose" or "rate_unit" in g.c.fields:
        return False
    g.c.fields.update({k: v for k, v in isl.fields.items() if v is not None})
    g.join(isl)
    return True


def _ceiling(g: Gathering, isl: Island, old: Island) -> bool:
    """An amount 'up to' in the bracket behind a dose is its maximum: '5 mg (up to 20 mg daily)', '15 mg/kg, up to 1 g'."""
    new = isl.fields
    if old.kind != "dose" or old.fields.get("dose_low") is None or not (g.depth or _caps_weight(g, isl, old)):
        return False
    if new.get("dose_low") is not None or not new.get("dose_high"):
        return False
    if new.get("dose_basis") == "flat":
        of_day = new.get("dose_is") == "per_day"
        most = {"max_daily_dose" if of_day else "max": new["dose_high"], "max_dose_unit": new.get("dose_unit")}
        accept(g.c, Island("limit", isl.i, isl.j, most), g.tokens)
        g.c.span(isl)
    else:
        g.pass_by(isl)
    return True


def _caps_weight(g: Gathering, isl: Island, old: Island) -> bool:
    """Whether nothing but its way, how often and a comma stands between a dose by weight and the amount that it goes up to."""
    by_size = old.fields.get("dose_basis") in ("per_kg", "per_m2") and isl.fields.get("dose_basis") == "flat"
    read = {k for p in g.c.parts if p.kind in _WHEN_AND_HOW for k in range(p.i, p.j)}
    between = [k for k in range(old.j, isl.i) if k not in read]
    near = not between or (between == [isl.i - 1] and g.tokens[isl.i - 1].low == ",")
    return by_size and near and old.note == isl.note and g.tokens[isl.j].low not in _FOR_SOME


_WHEN_AND_HOW = frozenset("route often when step divided over".split())


def _given_as(g: Gathering, isl: Island, old: Island) -> bool:
    """'2 g/day given as 1 g every 12 hours': the dose is what is given at once, the day's amount its total."""
    if isl.kind != "dose" or isl.fields.get("dose_is") != "per_administration":
        return False
    c, tokens = g.c, g.tokens
    of_day = old.fields.get("dose_is") == "per_day" or (once_daily(c.fields) and isl.note == old.note != "count")
    near = g.sep == "" or (g.sep == "comma" and tokens[isl.i - 2].low in ("taken", "given"))
    if not of_day or not near or tokens[isl.i - 1].low != "as":
        return False
    _divide(g, isl, old)
    return True


def _divide(g: Gathering, isl: Island, old: Island) -> None:
    """Make the amount of a day the total of what is given at once."""
    c = g.c
    c.total = old
    if once_daily(c.fields):
        c.forget(GROUPS["frequency"])
    replace_dose(c, isl)
    g.join(isl)


def _shared_out(g: Gathering, isl: Island, old: Island) -> bool:
    """'12 g daily (2 g every 4 hours)', '600–900 mg/day (200–300 mg three times a day)': the bracket tells what is given at once."""
    f, day = isl.fields, old.fields
    if not g.depth or isl.kind != "dose" or f.get("dose_is") != "per_administration" or isl.note != old.note:
        return False
    if day.get("dose_is") != "per_day" and not once_daily(g.c.fields):
        return False
    often = next((p for p in g.islands if p.i >= isl.j), None)
    rate = rate_of(often.fields) if often is not None and often.kind == "often" and often.i == isl.j else None
    if often is None or rate is None or rate[0] != rate[1] or g.tokens[often.j].low in _FOR_SOME:
        return False
    if not comes_to({**f, **often.fields}, day):
        return False
    _divide(g, isl, old)
    return True


def _in_bracket(g: Gathering, isl: Island, old: Island) -> bool:
    """'2 tablets (40 mg)'; what says another amount in a bracket is for some, and stays unread with what follows it there."""
    if not g.depth:
        return False
    if old.kind == "rate":
        if isl.kind != "rate":
            return False
        g.pass_by(isl)  # '18 micrograms/min (0.3 micrograms/kg/min)'
        return True
    same_basis = old.fields.get("dose_basis") == isl.fields.get("dose_basis")
    often = find(OFTEN, g.tokens, isl.j)
    for_some = often is not None and g.tokens[often[1]].low in _FOR_SOME  # '2.5 mg BID (2.5 mg daily with nefazodone)'
    after = next((p for p in g.islands if p.i >= isl.j), None)
    portion = after is not None and after.kind == "when" and after.i == isl.j and old.fields.get("dose_is") == "per_day"
    instead = portion or for_some or g.tokens[isl.i - 1].low == "or"  # '250 mg three times daily (or 25 mg/kg/day)'
    if not instead and (same_basis or g.tokens[isl.j].low not in _FOR_SOME) and equivalent(g.c, isl):
        g.join(isl)
    else:
        g.skip = True
        g.c.unread.append(isl)
    return True


def _rate(g: Gathering, isl: Island, old: Island) -> bool:
    """'500 mg at 25 mg/min', 'one patch, 25 micrograms a day': how fast the dose is given."""
    released = old.fields.get("dose_unit") == "{patch}" and isl.fields.get("dose_is") == "per_day"
    if not (isl.kind == "rate" or released) or old.kind != "dose" or isl.fields.get("dose_is") == "increment":
        return False
    if g.sep not in ("", "comma") or "rate_unit" in g.c.fields:
        return False
    if any(t.low in _SECOND for t in g.tokens[old.j : isl.i]):
        return False
    if g.sep == "comma" and g.tokens[isl.i - 1].low == "," and _runs_behind(g.c, isl):
        return False  # '30 mg/kg over 20 minutes, 16 mg/kg/h during bypass' is a load and what runs behind it
    if not equivalent(g.c, isl) and isl.kind == "rate":
        g.c.fields.update({k: v for k, v in isl.fields.items() if v is not None})
    g.join(isl)
    return True


def _runs_behind(c: Clause, isl: Island) -> bool:
    """Whether a rate is not that at which the dose before it is given, which lasts otherwise or is a load by weight."""
    f, rate, unit = c.fields, isl.fields.get("rate_low"), str(isl.fields.get("rate_unit"))
    dose, lasts = f.get("dose_low"), f.get("admin_duration")
    if dose is None or lasts is None or rate is None:
        return unit.endswith("/kg/h")
    minutes = float(lasts) * (60 if f.get("admin_duration_unit") == "h" else 1)
    per_minute = float(rate) / (60 if unit.endswith("/h") else 1)
    return abs(per_minute * minutes - float(dose)) > _ROUNDED * float(dose)


_ROUNDED = 0.05


def _counted(g: Gathering, isl: Island, old: Island) -> bool:
    """A count beside what it counts: '1 capsule 40 mg daily', '400 micrograms twice daily, given as 2 puffs'."""
    if isl.kind != "dose":
        return False
    counts = isl.i == old.j and old.note == "count" and isl.note in ("mass", "activity")
    as_count = g.tokens[isl.i - 1].low == "as" and isl.note == "count" != old.note and old.kind == "dose"
    if not (counts or as_count) or not equivalent(g.c, isl):
        return False
    g.join(isl)
    return True


def _count_behind_comma(g: Gathering, isl: Island, old: Island) -> bool:
    """'5 mg/160 mg, one tablet once daily'."""
    c = g.c
    counted = isl.kind == old.kind == "dose" and isl.note == "count" and isl.i == old.j + 1 and g.sep == "comma"
    combined = "dose_components" in old.fields
    if not counted or "quantity_unit" in c.fields or not (combined or _untimed(c)):
        return False
    if not (_in_one_form(isl, g.tokens) and equivalent(c, isl)):
        if not combined:
            return False
        # '160/4.5 micrograms, 2 inhalations twice daily': what each holds, and how many
        held = c.fields["dose_components"]
        replace_dose(c, isl)
        c.fields["dose_components"] = held
    g.join(isl)
    return True


def _in_one_form(isl: Island, tokens: list[Token]) -> bool:
    """Whether an amount is one tablet or the like, which holds the dose before it; a puff or drop may be one of several."""
    one = isl.fields["dose_low"] == isl.fields["dose_high"] == 1 and isl.fields["dose_unit"] in _COUNTED_FORMS
    return one and tokens[isl.i].low in ("1", "one", "a", "an") and tokens[isl.i + 1].low not in _MORE


def _untimed(c: Clause) -> bool:
    """Whether nothing says yet when or how often a step's dose is given."""
    return not any(p.kind in ("often", "when", "bounds", "prn", "times") for p in c.parts)


_RULES = (
    _in_other_words,
    _fastest,
    _ceiling,
    _given_as,
    _shared_out,
    _in_bracket,
    _rate,
    _counted,
    _count_behind_comma,
)


def _open(g: Gathering, isl: Island, old: Island) -> None:
    """Close the clause before a dose; the words before that dose which belong to it go over to its clause."""
    before, tokens = g.c, g.tokens
    either = isl.kind == "rate" and any(t.low == "or" for t in tokens[old.j : isl.i])
    alternative = either or _or_before(tokens, old.j, isl.i)
    link = g.sep if g.sep in ("or", "and") else "or" if alternative else "comma"
    raised = old.fields.get("dose_is") == "increment" and _leads_to(tokens, old.j, isl.i)
    moved = _late(before, tokens, old) or _if_necessary(before, tokens, isl, old) or _behind_comma(g, isl, old)
    g.close(link)
    for part in moved:
        if part in before.parts:
            before.parts.remove(part)
        accept(g.c, part, tokens)
    if moved:
        before.shrink()
    if raised:  # 'increase by 25 mg weekly to 100 mg': what the change leads to
        g.c.fields["step_kind"] = before.fields.get("step_kind", "titration")
        g.c.link = "then"


def _leads_to(tokens: list[Token], begin: int, i: int) -> bool:
    """Whether an amount is what a change leads to: 'to the recommended dose of 3000 mg/day'."""
    k = i - 1
    while tokens[k].low in _UP_TO and k > begin:
        k -= 1
    return tokens[k].low == "to"


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


def _late(c: Clause, tokens: list[Token], old: Island) -> list[Island]:
    """The times and conditions that end a clause which has others of its own, and so are of the dose behind them.

    'after 2 weeks 20 mg daily and after 4 weeks 40 mg daily'
    """
    behind = sorted((p for p in (*c.parts, *c.unread) if p.i > old.i), key=lambda p: p.i)
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
            _give_back(c, p)
    for p in c.parts:
        if p.kind in ("after", "condition") and p not in tail:
            c.fields.update(p.fields)
    return tail


def _if_necessary(c: Clause, tokens: list[Token], isl: Island, old: Island) -> list[Island]:
    """The condition between 'and' and 'to': 'to 20 mg after 4 weeks and, if necessary, to 40 mg'."""
    last = c.parts[-1]
    if last.kind not in ("condition", "prn") or last.i <= old.i or tokens[isl.i - 1].low != "to":
        return []
    divider = last.i - 2 if tokens[last.i - 1].low == "," else last.i - 1
    if tokens[divider].low not in ("and", "then"):
        return []
    _give_back(c, last)
    return [last]


def _behind_comma(g: Gathering, isl: Island, old: Island) -> list[Island]:
    """The words after the last comma or 'and' behind the first dose: '5 mg daily, and in the elderly 2 mg'."""
    c, tokens = g.c, g.tokens
    moved: list[Island] = []
    for part in reversed(c.parts):
        of_change = part.kind == "often" and isl.note == "increment"  # ', and every week another 10 mg may be added'
        if part.i <= old.i or not (of_change or part.kind in _MOVED or part.kind in ("week", "route")):
            return []
        if part.kind == "condition" and any(t.low in ("and", "or", "then") for t in tokens[part.j : isl.i]):
            return []
        if [t.low for t in tokens[part.j : isl.i] if t.low in ("(", ")")][:1] == [")"]:
            return []  # in a bracket that is over: '1 mg (women, elderly) or 3 mg'
        moved.append(part)
        opens = part.i
        while part.kind == "who" and tokens[opens - 1].low in _FOR:  # '10 mg daily, in children 5 mg'
            opens -= 1
        before = tokens[opens - 1].low if opens else ""
        if before in (",", "and", "or"):
            if not (of_change or part.kind in _MOVED):
                return []
            for p in moved:
                _give_back(c, p)
            for p in (p for p in c.parts if p.kind == "after" and p not in moved):
                c.fields.update(p.fields)  # 'after 4 weeks to 5 mg, after another 4 weeks to 10 mg'
            return moved
        if before == ")":
            return []
    return []


_FOR = frozenset("in for among the patients people those aged".split())
_MOVED = frozenset(("who", "days", "step", "after", "condition", "continuous"))


def _give_back(c: Clause, part: Island) -> None:
    """Take back what a clause has from a part."""
    for key in part.fields:
        c.fields.pop(key, None)


__all__ = ["second_dose"]
