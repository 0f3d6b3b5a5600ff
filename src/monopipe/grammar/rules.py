"""The rules of the grammar in order, by the word or number that each can begin with; the first that reads something wins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from monopipe.grammar import (
    bands,
    begins,
    bounds,
    changes,
    conditions,
    criteria,
    cycles,
    fixed,
    lengths,
    limits,
    moments,
    named_steps,
    onsets,
    otherwise,
    partners,
    phrases,
    quantity,
    separators,
    standing,
    systems,
    taking,
    timing,
    who,
)
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import Token
from monopipe.grammar.not_doses import beside, replaced, spoken_of, strengths, sums, thresholds, times
from monopipe.grammar.words import FORMS as FORM_WORDS
from monopipe.grammar.words import MEASURES, OFTEN, PARAMETERS, ROUTES, STEPS, WHEN, WHO

Rule = Callable[[Scan, int], "Island | None"]


def _plain(rule: Callable[[list[Token], int], Island | None]) -> Rule:
    return lambda s, i: rule(s.tokens, i)


def _worded(rule: Callable[[list[Token], int, str], Island | None]) -> Rule:
    return lambda s, i: rule(s.tokens, i, s.text)


def _owned(rule: Callable[[list[Token], int, str, Collection[str]], Island | None]) -> Rule:
    return lambda s, i: rule(s.tokens, i, s.text, s.own)


_NUMBER_RULES: tuple[Rule, ...] = (
    partners.numbered,
    criteria.criteria,
    otherwise.half_if,
    times.date,
    _plain(times.aimed_count),
    times.clock,
    times.free_time,
    _plain(spoken_of.multiple),
    sums.part_of_dose,
    _plain(named_steps.one_given),
    _plain(named_steps.step_word),
    _plain(timing.doses_apart),
    timing.apart,
    _plain(timing.counted),
    _plain(cycles.on_off),
    _plain(cycles.days_of_each),
    _plain(cycles.length),
    _plain(bounds.infusion_time),
    _plain(timing.single),
    _plain(timing.count_per),
    standing.hourly,
    _plain(moments.when),
    onsets.later,
    bands.band,
    fixed.listed,
    fixed.counted,
    fixed.parts,
    standing.dose,
    _plain(bounds.bounds),
    _plain(quantity.bare),
)
# Of numbers before a unit of mass or activity, "25 to 50 mg", the rules before these read nothing: they are of time and people.
_MEASURED_RULES = _NUMBER_RULES[_NUMBER_RULES.index(fixed.parts) :]

_RULES: list[tuple[Rule, Iterable[str]]] = [
    (
        _worded(phrases.quoted),
        "for form route reason condition components parameter unit partners limit via dosing".split(),
    ),
    (otherwise.otherwise_in_bracket, ("(",)),
    (replaced.while_rising, ("when", "while", "on", "before")),
    (criteria.criteria, ("any", "either")),
    (otherwise.people_behind, (",", "but")),
    (separators.separator, (*tuple(separators.SEPARATORS), ".", "followed", "\n")),
    (_plain(lengths.infusion), lengths.INFUSION_FIRST),
    (_plain(lengths.course), lengths.COURSE_FIRST),
    (lengths.worn, lengths.WORN_FIRST),
    (replaced.instead, ("instead", "rather", "in")),
    (_plain(replaced.left_behind), ("from",)),
    (_plain(beside.drink), ("glass", "glassful", "cup", "tumbler")),
    (beside.between, ("between",)),
    (replaced.taken_on, ("on",)),
    (_plain(who.from_gestation), ("from",)),
    (_plain(changes.changed_from), ("from",)),
    (spoken_of.spoken_of, ("the",)),
    (replaced.taken_before, replaced.TAKEN_FIRST),
    (replaced.not_enough, "to on with fail fails failed failing".split()),
    (spoken_of.way_of_another, ("as", "after", "before", "than", "from", "of")),
    (_plain(spoken_of.referred), "after before than since following once when until".split()),
    (_plain(who.parameter), (*PARAMETERS, "child")),
    (begins.week, ("week", "weeks", "month", "months", "cycle", "cycles")),
    (times.date, times.MONTHS),
    (_plain(spoken_of.multiple), ("twice",)),
    (_plain(sums.of_daily_dose), ("of",)),
    (_plain(timing.dose_times), ("at", "on", "in", "days", "weeks", "months")),
    (_plain(timing.doses_apart), ("twice", "in", "as")),
    (times.not_before, ("before", "until", "from")),
    (_plain(cycles.days), "on from day days d the cycle for given".split()),
    (begins.since, begins.SINCE_FIRST),
    (_plain(limits.at_most), ("highest", "largest", "biggest", "greatest", "top", "nobody", "no")),
    (standing.limit, (*limits.LIMIT_FIRST,)),
    (_plain(limits.most_is), ("most",)),
    (bands.band_for, ("for", "at", "with")),
    (bands.age_for, ("at", "from")),
    (bands.from_birth, ("birth",)),
    (_plain(who.mother), ("mother", "mothers")),
    (strengths.thing, ("a", "the", "one")),
    (bands.the_rest, "older younger heavier lighter above below others".split()),
    (cycles.repeated, ("x", "×")),
    (_plain(cycles.on_off), ("for", "x")),
    (_plain(cycles.days_of_each), ("for",)),
    (otherwise.with_caution, ("caution", "cautiously", "care")),
    (bands.band, "up over under below above ≥ ≤ < >".split()),
    (
        _plain(cycles.length),
        "of in a an each every the repeated cycle cycles per as for on repeating over".split(),
    ),
    (_worded(conditions.as_needed), "prn as when if whenever where only on after".split()),
    (separators.exception, ("except", "excepting")),
    (separators.exchange, ("before", "with", "and")),
    (otherwise.again_if, otherwise.AGAIN_FIRST),
    (otherwise.half_if, ("double", "halve", "halved", "doubled")),
    (otherwise.often_of_others, ("only", "but", "just")),
    (_plain(changes.repeat), ("repeat", "repeated", "repeating", "rpt", "again")),
    (
        _plain(changes.increment),
        (
            "in",
            "by",
            "with",
            "using",
            "add",
            "adding",
            "steps",
            "increments",
            "↑",
            "↓",
            *changes.RISES,
            *changes.FALLS,
            *changes.CHANGES_BY,
        ),
    ),
    (_plain(timing.count_per), "up once twice thrice maximum at".split()),
    (_plain(timing.divided), "given divided as split in into (".split()),
    (_plain(timing.single), ("as", "in", "a", "one")),
    (_worded(conditions.reached), ("once", "when", "after")),
    (_worded(conditions.once_borne), ("once",)),
    (_plain(timing.once), ("once",)),
    (_worded(timing.frequency_phrase), OFTEN),
    (_plain(timing.every), ("every", "each", "q", "at")),
    (
        standing.when,
        (
            *WHEN,
            "an",
            "at",
            "half",
            "within",
            "about",
            "shortly",
            "immediately",
            "just",
            "right",
            "without",
            "regardless",
            "irrespective",
            "with",
            "before",
            "after",
            "directly",
        ),
    ),
    (_plain(moments.weekdays), (*moments.DAYS, "on", "every", "each")),
    (
        _plain(bounds.infusion_time),
        "over during infused infuse given administered as a by run slowly inject injected via".split(),
    ),
    (_plain(onsets.start_after), ("after", "beyond")),
    (_plain(onsets.paused), ("stop", "hold", "withhold", "pause", "interrupt", "omit", "stopped", "withheld", "held")),
    (
        _plain(onsets.beginning),
        "beginning starting commencing initiating begun started commenced initiated start starts begin begins".split(),
    ),
    (
        _plain(partners.diluent),
        "added diluted dilute dissolved reconstituted reconstitute dissolve mixed in with into".split(),
    ),
    (
        _plain(bounds.bounds),
        "for x × during over times up at no not minimum maximum within".split(),
    ),
    (
        standing.condition,
        "if until till unless as according depending based guided adjusted adjust adjusting titrated in when provided".split(),
    ),
    (_plain(named_steps.step_word), STEPS),
    (_plain(named_steps.begun_at), ("initiated", "started", "begun", "commenced")),
    (_plain(named_steps.single_amount), ("single",)),
    (onsets.later, ("a", "an")),
    (named_steps.booster, "booster third fourth fifth sixth".split()),
    (systems.released, systems.RELEASE_FIRST),
    (
        strengths.held,
        "contain contains containing hold holds holding deliver delivers delivering provide provides gives yields brings supplies binds neutralises neutralizes".split(),
    ),
    (systems.changed, systems.CHANGED_FIRST),
    (strengths.in_each, ("in", "per")),
    (strengths.is_strength, ("is", "are")),
    (sums.total, ("cumulative", "total")),
    (sums.averaged, ("mean", "median", "average")),
    (
        sums.part_of_dose,
        "larger largest greater greatest bigger biggest major smaller remaining most rest".split(),
    ),
    (beside.other_form, ("with", "and", "plus", "the")),
    (otherwise.prolonged, otherwise.PROLONGED_FIRST),
    (otherwise.end_of_range, otherwise.ENDS_OF_RANGE),
    (thresholds.halved, "halve halved double doubled halving doubling".split()),
    (_plain(changes.change), (*changes.CHANGE_FIRST, "drop")),
    (
        partners.partner_with_its_end,
        "in combined combination together along concomitantly concurrently coadministered co with plus + and".split(),
    ),
    (_plain(quantity.auc), ("auc",)),
    (standing.applied, "apply applied applies rub rubbed dab dabbed smear smeared spread".split()),
    (sums.of_which, ("of",)),
    (strengths.of_solution, ("of", "containing", "with")),
    (strengths.product_name, ("of",)),
    (strengths.for_each, ("each", "every")),
    (strengths.each_unit, ("each", "per", "one")),
    (
        thresholds.threshold,
        thresholds.THRESHOLD_FIRST,
    ),
    (
        bands.band,
        "< ≤ <= > ≥ >= below under less lower over above more greater from up at between older younger no not of exceeding fewer".split(),
    ),
    (
        standing.dose,
        "another about approximately approx around ~ ≈ up at between from a an as usually roughly = total".split(),
    ),
    (_plain(quantity.bare), "a half up at between about".split()),
    (taking.on_another, taking.TAKING_FIRST),
    (_plain(who.group), (*WHO, *who.SEVERITY, "liver", "kidneys")),
    (_plain(phrases.no_way), ("no", "without")),
    (spoken_of.dose_later, ROUTES),
    (standing.route, ROUTES),
    (_worded(phrases.form), FORM_WORDS),
    (
        _plain(cycles.continuous),
        "continuously continuous indefinitely lifelong without with life for".split(),
    ),
]


def _dispatch() -> dict[str, tuple[Rule, ...]]:
    table: dict[str, list[Rule]] = {}
    for rule, firsts in _RULES:
        for word in dict.fromkeys(firsts):
            table.setdefault(word, []).append(rule)
    # ',' and ';' and the like begin nothing else; words such as 'and' divide only where no other rule reads them
    for word in "and or plus + than ( followed then".split():
        if word in table and separators.separator in table[word]:
            table[word].remove(separators.separator)
            table[word].append(separators.separator)
    return {word: tuple(rules) for word, rules in table.items()}


RULES_BY_WORD = _dispatch()
"""The rules that can begin with a word, in order."""
foreign = _owned(partners.foreign)


def rules_of_number(tokens: list[Token], i: int) -> tuple[Rule, ...]:
    """The rules that can begin with the number at token i, in order."""
    return _MEASURED_RULES if _is_measured(tokens, i) else _NUMBER_RULES


def _is_measured(tokens: list[Token], i: int) -> bool:
    """Whether a number, or a range that begins with it, stands before a unit of mass or activity."""
    j = i + 1
    if tokens[j].low in ("to", "-", "–") and tokens[j + 1].value is not None:
        j += 2
    return tokens[j].low in MEASURES
