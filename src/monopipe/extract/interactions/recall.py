"""What was told last of interactions, for a text that only says "does the same" or "lowers them"."""

from __future__ import annotations

import re
from dataclasses import replace

from monopipe.extract.interactions.clauses import MAY
from monopipe.extract.interactions.parties import Effect
from monopipe.extract.interactions.sentences import says_the_same
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.tables import Interaction

_THEM = re.compile(r"\W*(?:may |can |also )*\w+ (?:it|them|these|both)\s*(?:[.;,]|$|\b(?:and|by)\b)", re.I)


class Before:
    """What was told last, for a text that only says "does the same"."""

    def __init__(self) -> None:
        self._of = ""
        self._effects: list[Effect] = []

    def take(self, row: Interaction) -> None:
        """Remember the effects of the interactant told last."""
        if row.effect_target == "unknown":
            return
        effect = Effect(
            row.effect_target,
            row.effect_direction,
            row.affected,
            row.assertion,
            None,
            row.mechanism_kind,
            row.mechanism_entity,
        )
        if row.interactant_norm != self._of:
            self._of, self._effects = row.interactant_norm, []
        if effect not in self._effects:
            self._effects.append(effect)

    def turned(self, text: str) -> list[Effect]:
        """The levels told last, changed by the verb of a text that only says "lowers them"."""
        m = _THEM.match(text)
        change = phrasebook("interaction_changes").first(text) if m else None
        if change is None or change.line["direction"] not in ("increased", "decreased"):
            return []
        return [
            # what is told last was the mechanism of another: "… by inducing CYP3A4. Cimetidine may raise them."
            replace(
                e,
                direction=change.line["direction"],
                assertion="possible" if MAY.search(text) else "affirmed",
                mechanism_kind="unknown",
                mechanism_entity=None,
            )
            for e in self._effects
            if e.target in ("exposure", "elimination", "metabolism", "absorption", "efficacy")
        ][:1]

    def same(self, text: str) -> list[Effect]:
        """The effects told last where a text says that it has the same; none where it does not, or denies it."""
        if not says_the_same(text):
            return []
        possible = MAY.search(lowered(text)) is not None
        return [
            replace(e, assertion="possible") if possible and e.assertion == "affirmed" else e for e in self._effects
        ]
