"""The rows about the document as a whole: documents and drugs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from monopipe.extract.reading import Reading
from monopipe.tables import DocumentRow, Drug

try:
    VERSION = version("monopipe")
except PackageNotFoundError:  # run from a source tree that is not installed
    VERSION = "0"

# From the strictest recommendation to the mildest.
_STRICTEST = (
    "contraindicated",
    "not_recommended",
    "avoid",
    "use_if_benefit_outweighs_risk",
    "caution",
    "prevention_required",
    "compatible",
    "insufficient_data",
)


def document_row(reading: Reading, coverage_ratio: float) -> DocumentRow:
    """The row of the document itself."""
    d = reading.document
    return DocumentRow(
        document_id=d.document_id,
        drug_id=reading.drug_id,
        source_path=d.source_path,
        source_bytes=d.source_bytes,
        title=d.title,
        description=d.description,
        is_banned=d.is_banned,
        last_modified=d.last_modified,
        front_matter_json=json.dumps(d.front_matter, ensure_ascii=False, default=_json),
        n_lines=d.source.n_lines,
        coverage_ratio=coverage_ratio,
        extractor_version=VERSION,
    )


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def drug_row(reading: Reading, facts: Mapping[str, Sequence[Any]]) -> Drug:
    """The row of the drug, with what its facts add up to."""
    d = reading.document
    names = facts.get("drug_names", ())
    half_life = _half_life(facts.get("pharmacokinetics", ()))
    return Drug(
        drug_id=reading.drug_id,
        name=d.title,
        inn=next((n.name for n in names if n.name_kind == "inn"), None),
        is_banned=d.is_banned,
        last_modified=d.last_modified,
        description=d.description,
        classes="; ".join(c.class_name for c in facts.get("drug_classes", ())) or None,
        brands="; ".join(n.name for n in names if n.name_kind == "brand") or None,
        half_life_hours_low=half_life[0],
        half_life_hours_high=half_life[1],
        pregnancy=_strictest(facts, "pregnancy"),
        lactation=_strictest(facts, "lactation"),
        document_id=d.document_id,
        n_indications=sum(i.assertion != "negated" for i in facts.get("indications", ())),
        n_regimens=len(facts.get("regimens", ())),
        n_side_effects=sum(s.assertion != "negated" for s in facts.get("side_effects", ())),
        n_interactions=len(facts.get("interactions", ())),
        n_findings=len(facts.get("findings", ())),
    )


def _half_life(facts: Sequence[Any]) -> tuple[float | None, float | None]:
    """The half-life stated for all patients and the drug itself; null where none or several differ."""
    stated = {
        (f.half_life_hours_low, f.half_life_hours_high)
        for f in facts
        if f.parameter == "half_life" and f.half_life_hours_high is not None and not f.population and not f.qualifier
    }
    return stated.pop() if len(stated) == 1 else (None, None)


def _strictest(facts: Mapping[str, Sequence[Any]], topic: str) -> Any:
    stated = {f.recommendation for f in facts.get("pregnancy_lactation", ()) if f.topic == topic}
    return next((r for r in _STRICTEST if r in stated), None)
