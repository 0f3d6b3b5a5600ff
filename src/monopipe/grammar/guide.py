"""The guide to the grammar, docs/grammar.md, from the docstrings of the productions and what `read` makes of examples."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from monopipe.grammar import (
    begins,
    bounds,
    changes,
    conditions,
    cycles,
    limits,
    moments,
    named_steps,
    onsets,
    partners,
    phrases,
    quantity,
    reader,
    rows,
    separators,
    timing,
    who,
)
from monopipe.grammar.not_doses import beside, replaced, spoken_of, strengths, sums, thresholds, times

Production = tuple[Callable[..., Any], str]

CHAPTERS: tuple[tuple[str, tuple[Production, ...]], ...] = (
    (
        "Amounts",
        (
            (quantity.number, "1½ tablets at night"),
            (quantity.amount, "between 10 and 20 mg once daily"),
            (quantity.pers, "12 mg per kilogram per day in 3 divided doses"),
            (quantity.dose, "250/125 mg every 8 hours"),
            (quantity.auc, "AUC 6 IV on day 1"),
            (quantity.bare, "take two every morning"),
            (strengths.product_name, "1 tablet of atenolol 50 mg daily"),
            (strengths.each_unit, "2 puffs, each puff (50 micrograms) inhaled slowly"),
            (thresholds.threshold, "5 mg daily; doses above 20 mg daily are harmful"),
        ),
    ),
    (
        "When and how long",
        (
            (timing.frequency_phrase, "10 mg BID"),
            (timing.every, "1 g q6-8h"),
            (timing.count_per, "2 tablets up to four times a day"),
            (timing.hourly, "100 mg 12-hourly"),
            (timing.divided, "30 mg/kg/day divided every 8 hours"),
            (moments.when, "20 mg 30 minutes before breakfast"),
            (bounds.bounds, "5 mg daily for 7–10 days"),
            (bounds.infusion_time, "1 g IV over 30 minutes"),
            (onsets.beginning, "5 mg/kg once daily, starting 24 hours later"),
            (onsets.start_after, "10 mg daily, increase to 20 mg daily after 2 weeks"),
        ),
    ),
    (
        "Cycles",
        (
            (cycles.days, "100 mg/m² IV on days 1, 8 and 15 every 28 days"),
            (cycles.length, "20 mg once daily on days 1–14 of each 21-day cycle"),
            (cycles.on_off, "50 mg once daily, 3 weeks on, 1 week off"),
            (cycles.continuous, "2 mg once daily continuously"),
        ),
    ),
    (
        "Who",
        (
            (who.group, "Elderly: 2.5 mg daily"),
            (who.parameter, "CrCl 15–29 mL/min: 50 mg daily"),
            (who.child_pugh, "Child-Pugh B: 20 mg daily"),
            (who.bare_band, "Children (6–11 years): 5 mg at night"),
        ),
    ),
    (
        "How, why and with what",
        (
            (phrases.route, "40 mg IM or IV once daily"),
            (phrases.form, "5 mg prolonged-release tablet once daily"),
            (limits.limit, "500 mg every 6 hours, max 2 g/day"),
            (limits.at_most, "5 mg daily; nobody should have more than 20 mg a day"),
            (conditions.as_needed, "10 mg every 4 hours as needed for pain"),
            (conditions.condition, "5 mg daily until symptoms settle"),
            (conditions.reached, "reduce by 5 mg a week; once at 20 mg, by 2.5 mg a week"),
            (partners.partner, "2 mg daily with lisinopril 10 mg daily"),
            (partners.foreign, "2 mg daily; naproxen 250 mg twice daily"),
            (partners.diluent, "1 g IV in 50 mL saline"),
        ),
    ),
    (
        "Steps",
        (
            (separators.separator, "10 mg daily for 1 week, then 20 mg daily"),
            (named_steps.step_word, "loading dose 300 mg, then 75 mg daily"),
            (changes.change, "5 mg daily, may be increased to 10 mg daily"),
            (changes.increment, "10 mg daily, increase by 5 mg every week"),
            (changes.repeat, "1 mg IM, repeat once after 2 hours"),
            (begins.week, "Week 1: 10 mg daily; Week 2: 20 mg daily"),
            (begins.since, "5 mg at night, then 10 mg at night from week 3"),
            (changes.changed_from, "the dose is reduced from 20 mg to 15 mg daily"),
            (spoken_of.spoken_of, "patients who cannot tolerate the 10 mg dose take 5 mg daily"),
            (replaced.taken_before, "patients taking 10 mg daily: 20 mg daily from now on"),
            (replaced.not_enough, "patients who have not responded to 40 mg daily: 60 mg daily"),
            (strengths.held, "a drop holds about 1.5 micrograms; one drop daily"),
            (sums.total, "2 mg IV as needed, to a total of 10 mg"),
            (sums.averaged, "20 mg daily (the mean dose was 17 mg/day)"),
            (times.clock, "10 mg at bedtime replaces the dose at 2 a.m."),
            (sums.part_of_dose, "200 mg/day in divided doses, with the larger part at bedtime"),
            (replaced.instead, "100 mg 12-hourly instead of once a day"),
            (replaced.left_behind, "From 40 mg daily we go down to 20 mg daily"),
            (beside.drink, "1 tablet with a glass of water (250 mL)"),
            (beside.between, "20 mg IV between two units"),
            (thresholds.halved, "20 mg daily; halve a dose of 20 mg in cirrhosis"),
        ),
    ),
)

_INTRODUCTION = """# The dose grammar

Generated from the docstrings of `monopipe.grammar` by `python -m monopipe.grammar.guide`; do not edit.

`read(text)` finds the dosing steps of a text, `render(dosage)` puts one back into words, `read_who(text)` reads who a
heading speaks of. A text is lexed once, with exact offsets; at each token the rules that can begin there are tried in
order, and what none reads is passed over and named in `unread_text` and `numbers_unread`. The pieces read ("islands")
are gathered into steps: a column is set at most once a step; where two pieces contradict each other, neither is taken.
What a step takes over from the step or heading before it is named in `inherited_fields`.

The words (units, routes, frequencies, times, groups, step words, drug stems) are in `src/monopipe/vocabulary/*.csv`.

Conventions of the columns that are easy to miss:

- "up to 4 times a day" is `frequency` 0, `frequency_max` 4 (FHIR takes a missing frequency for 1).
- "units" is `{unit}`, "IU" `[iU]`; a count without a unit ("take two") has no `dose_unit`.
- "every 3 weeks for 6 cycles" is how often; "on day 1 every 3 weeks" sets the cycle only.
- "Week 3:" begins after 2 weeks (`start_after`); its words stay in `condition_text`, as do "until …" and "if …".
- A tablet's strength ("two 500 mg tablets", "40 mg tablets, take one") is in `dose_form`, never the dose.
"""


def guide() -> str:
    """The text of docs/grammar.md."""
    parts = [_INTRODUCTION]
    for title, productions in CHAPTERS:
        parts.append(f"## {title}\n")
        for production, example in productions:
            doc = " ".join((inspect.getdoc(production) or "").split("\n>>>")[0].split())
            parts.append(f"### {production.__name__.replace('_', ' ')}\n\n{doc}\n")
            parts.append(f"> {example}\n")
            for step in reader.read(example, keep_doseless=True):
                d = step.dosage
                unread = f" (unread: {d.unread_text})" if d.unread_text else ""
                parts.append(f"- {d.readable}{unread}")
            parts.append("")
    parts.append("## Table rows\n")
    parts.append(" ".join((inspect.getdoc(rows) or "").split()) + "\n")
    heads, row = ("CrCl (mL/min)", "Dose (mg/kg)", "Interval"), "30–50 | 1.5 | 12 h"
    parts.append(f"> {' | '.join(heads)}\n> {row}\n")
    parts.extend(f"- {step.dosage.readable}" for step in reader.read(row, columns=heads))
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(guide(), end="")
