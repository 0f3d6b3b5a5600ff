"""A document to rows: every extractor in turn, then keys, repeats and the ledger.

An extractor is a generator `(reading) -> rows`. It yields a fact at every place that says it; facts with the same
content become one row here, at the place that ranks first, and the other places become mentions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monopipe.document import Document
from monopipe.extract.administration import administration
from monopipe.extract.classes import classes
from monopipe.extract.combinations import combinations
from monopipe.extract.contraindications import contraindications
from monopipe.extract.deferrals import deferrals
from monopipe.extract.doses.regimens import regimens
from monopipe.extract.effects.side_effects import side_effects
from monopipe.extract.enzymes import drug_enzymes
from monopipe.extract.facts import assemble
from monopipe.extract.faqs import faqs
from monopipe.extract.guidance import guidance
from monopipe.extract.indications.indications import indications
from monopipe.extract.interactions.interactions import interactions
from monopipe.extract.mechanisms import mechanisms
from monopipe.extract.monitoring import monitoring
from monopipe.extract.names import names
from monopipe.extract.overdose import overdose
from monopipe.extract.pharmacokinetics import pharmacokinetics
from monopipe.extract.precautions import precautions
from monopipe.extract.pregnancy import pregnancy_lactation
from monopipe.extract.reading import Reading
from monopipe.schema import Row
from monopipe.tables import Fact

Extractor = Callable[[Reading], Iterator[Fact]]


def extract(document: Document, drug_id: str) -> dict[str, list[Row]]:
    """All rows of a document by table name, with keys and provenance filled in."""
    reading = Reading(document, drug_id)
    found: list[Fact] = []
    for extractor in EXTRACTORS:
        found.extend(extractor(reading))
    return assemble(reading, found)


EXTRACTORS: tuple[Extractor, ...] = (
    names,
    classes,
    combinations,
    faqs,
    deferrals,
    indications,
    regimens,
    guidance,
    interactions,
    pharmacokinetics,
    drug_enzymes,
    mechanisms,
    precautions,
    administration,
    overdose,
    side_effects,
    contraindications,
    pregnancy_lactation,
    monitoring,
)
