"""The mechanism that a text on an interaction states."""

from __future__ import annotations

import re
from functools import lru_cache

from monopipe.extract.enzymes import GENERAL
from monopipe.extract.enzymes import names as enzyme_names
from monopipe.extract.phrasing import lowered, phrasebook

_METABOLISM = re.compile(
    r"\b(?:inhibit|induc|accelerat|speed|slow|block|stimulat)\w*\s+(?:\w+\s+){0,3}?metabolism|\bmetabolism\s+(?:\w+\s+){0,3}?(?:inhibited|induced|accelerated)"
    r"|\b(?:by|through|via)\s+(?:reduc|lower|decreas|impair|increas|enhanc|delay)\w+\s+(?:(?:the|its|their|hepatic|liver)\s+){0,2}(?:[\w-]+\s+)?metabolism"
    r"|\b(?:inhibit|induc|block)\w*\s+(?:of\s+)?(?:[\w-]+\s+){0,2}?[\w-]*(?:hydrolase|dehydrogenase|transferase|hydroxylase|aldehyde oxidase|xanthine oxidase)s?\b"
)


@lru_cache(maxsize=1024)
def mechanism_of(text: str) -> tuple[str, str | None]:
    """The mechanism that a text states, and its enzyme, transporter or process."""
    low = lowered(text)
    for name in enzyme_names(text):
        if name.enzyme != GENERAL or "induc" in low or "inhib" in low:
            return ("pk_transporter" if name.kind == "transporter" else "pk_enzyme"), name.enzyme
    if _METABOLISM.search(low):
        return "pk_enzyme", None
    found = phrasebook("interaction_mechanisms").first(low)
    if found:
        return found.line["mechanism"], text[found.start : found.end] if found.line["entity"] else None
    return "unknown", None
