"""Dosing text to dosing steps.

    text ─ lexer ─→ tokens ─ scan ─→ islands ─ steps ─→ clauses ─ reader ─→ steps (Dosage columns, offsets)

`read` finds the steps, `render` puts one back into words, `read_who` reads who a heading speaks of, `read_ceilings` the
maxima that stand without a dose.
"""

from monopipe.grammar.ceilings import Ceiling, read_ceilings
from monopipe.grammar.dosage import Dosage
from monopipe.grammar.readable import render
from monopipe.grammar.reader import (
    Step,
    has_dose,
    names_condition,
    read,
    read_course,
    read_lead,
    read_length,
    read_meal,
    read_often,
    read_route,
    read_who,
)
from monopipe.grammar.sharing import is_capped

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
    "read_lead",
    "read_length",
    "read_meal",
    "read_often",
    "read_route",
    "read_who",
    "render",
]
