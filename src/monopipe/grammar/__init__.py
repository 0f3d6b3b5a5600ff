"""Dosing text to dosing steps.

    text ─ lexer ─→ tokens ─ scan ─→ islands ─ steps ─→ clauses ─ reader ─→ steps (Dosage columns, offsets)

`read` finds the steps, `render` puts one back into words, `read_who` reads who a heading speaks of.
"""

from monopipe.grammar.dosage import Dosage
from monopipe.grammar.readable import render
from monopipe.grammar.reader import Step, has_dose, read, read_route, read_who

__all__ = ["Dosage", "Step", "has_dose", "read", "read_route", "read_who", "render"]
