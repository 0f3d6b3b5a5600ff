"""Dosing text to dosing steps.

    text ─ lexer ─→ tokens ─ scan ─→ islands ─ steps ─→ clauses ─ choose ─→ steps ─ finish ─→ Dosage columns, offsets

`scan` tries at each token the `rules` that can begin there; a rule stands in the room of its subject (`quantity`, `timing`,
`who` …). `choose` tells the clauses that are steps from those that `complete` the steps before them. `finish` gives a step
what it does not say: from the step before (`inherit`), from label and headings (`leads`), from the steps behind (`sharing`).

`read` finds the steps, `render` puts one back into words, `read_who` reads who a heading speaks of, `read_ceilings` the
maxima that stand without a dose.
"""

from monopipe.grammar.ceilings import Ceiling, read_ceilings
from monopipe.grammar.dosage import Dosage
from monopipe.grammar.maxima import is_capped
from monopipe.grammar.readable import render
from monopipe.grammar.reader import (
    Step,
    has_dose,
    names_condition,
    read,
    read_course,
    read_how,
    read_lead,
    read_length,
    read_meal,
    read_often,
    read_route,
    read_who,
)

__all__ = [
    "Ceiling",
    "Dosage",
    "Step",
    "has_dose",
    "is_capped",
    "names_condition",
    "read",
    "read_ceilings",
    "read_course",
    "read_how",
    "read_lead",
    "read_length",
    "read_meal",
    "read_often",
    "read_route",
    "read_who",
    "render",
]
