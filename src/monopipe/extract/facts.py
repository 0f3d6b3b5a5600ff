"""Facts to rows: content keys, repeats as mentions, and the rows about the document itself."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable

from monopipe.extract.findings import findings
from monopipe.extract.ledger import coverage, section_rows, statement_rows
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.summary import document_row, drug_row
from monopipe.schema import Row
from monopipe.tables import TABLES, Fact, Mention

_OPEN_VALUES = frozenset({None, "unknown", "unspecified", "unclear", "not_stated", "other", False})
_SUBJECT_MAY_SHRINK = frozenset({"contraindications", "monitoring", "indications", "interactions", "drug_classes"})
"""Tables in which a retelling may name its subject in fewer words ("hypersensitivity" for "… to lenalidomide")."""
_TOLD_TEXT = {
    "mechanisms": "effect",
    "precautions": "detail",
    "administration": "instruction",
    "pharmacokinetics": "value_text",
    "dose_guidance": "basis",
    "overdose": "detail",
    "pregnancy_lactation": "detail",
}
"""Tables whose facts are sentences, and the column that holds the words."""
_SAME_WORDS = 0.6
"""Share of a retold sentence's content words that an earlier sentence must hold to count as its repeat."""
_WORD = re.compile(r"[a-z0-9]{3,}")
_EMPTY_WORDS = frozenset(
    "the and for with that this are not may can should its due per such from has have use used".split()
)


def assemble(reading: Reading, facts: Iterable[Fact]) -> dict[str, list[Row]]:
    """All rows of the document by table name. The first place that says a fact makes its row."""
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    kept: dict[str, Fact] = {}
    by_table: dict[str, list[Fact]] = defaultdict(list)
    mentions: list[Mention] = []
    for fact in facts:
        table = fact.__table__
        fact.drug_id = reading.drug_id
        fact.row_id = fact.row_id or content_key(fact)
        known = kept.get(fact.row_id)
        if known is None and fact.section in RETOLD:
            known = _retold(fact, by_table[table.name])
        if known is None:
            kept[fact.row_id] = fact
            by_table[table.name].append(fact)
        elif fact.char_start != known.char_start and table.name != "side_effect_mentions":
            mentions.append(_mention(fact, known))
    by_table["mentions"] = list({m.row_id: m for m in mentions}.values())
    by_table["findings"] = _keyed(reading, findings(reading, by_table))
    rows.update(by_table)  # type: ignore[arg-type]
    statements = statement_rows(reading, by_table)
    rows["statements"] = list(statements)
    rows["sections"] = list(section_rows(reading))
    rows["documents"] = [document_row(reading, coverage(statements))]
    rows["drugs"] = [drug_row(reading, by_table)]
    return rows


def content_key(fact: Fact) -> str:
    """The row's key: a hash of its table, drug and identity columns, so that it does not depend on other lines."""
    table = fact.__table__
    parts = [table.name, fact.drug_id, *[_canonical(getattr(fact, name)) for name in table.identity]]
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()


def _canonical(value: object) -> str:
    if value is None:
        return ""
    return " ".join(value.lower().split()) if isinstance(value, str) else repr(value)


def _keyed(reading: Reading, facts: Iterable[Fact]) -> list[Fact]:
    unique: dict[str, Fact] = {}
    for fact in facts:
        fact.drug_id = reading.drug_id
        fact.row_id = content_key(fact)
        unique.setdefault(fact.row_id, fact)
    return list(unique.values())


def _mention(fact: Fact, known: Fact) -> Mention:
    mention = Mention(
        drug_id=fact.drug_id,
        assertion=fact.assertion,
        **fact.place(),
        rule="repeat",
        fact_table=known.__table__.name,
        fact_id=known.row_id,
    )
    mention.row_id = content_key(mention)
    return mention


def _retold(fact: Fact, earlier: list[Fact]) -> Fact | None:
    """The fact that this one, from a summary, an FAQ or the front matter, says again in fewer or other words."""
    table = fact.__table__
    told = _TOLD_TEXT.get(table.name)
    if told is not None:
        return _same_words(fact, earlier, told)
    if not table.identity:
        return None
    subject, *others = table.identity
    for known in earlier:
        if not _covers(getattr(known, subject), getattr(fact, subject), table.name in _SUBJECT_MAY_SHRINK):
            continue
        if all(getattr(fact, c) in _OPEN_VALUES or getattr(fact, c) == getattr(known, c) for c in others):
            return known
    return None


def _covers(known: object, value: object, may_shrink: bool) -> bool:
    if known == value:
        return True
    if not may_shrink or not isinstance(known, str) or not isinstance(value, str) or not value:
        return False
    return set(value.split()) <= set(known.split())


def _same_words(fact: Fact, earlier: list[Fact], column: str) -> Fact | None:
    words = _content_words(fact, column)
    best, best_share = None, _SAME_WORDS
    for known in earlier:
        share = len(words & _content_words(known, column)) / len(words) if words else 1.0
        if share >= best_share and _agree(fact, known):
            best, best_share = known, share
    return best


def _agree(fact: Fact, known: Fact) -> bool:
    """Whether a retelling says nothing else: same subject and recommendation, no number that the first lacks."""
    names = ("recommendation", "parameter", "aspect", "basis_kind", "for_drug")
    for name in (*names, "topic") if fact.__table__.name == "pregnancy_lactation" else names:
        mine = getattr(fact, name, None)
        if mine not in _OPEN_VALUES and mine != getattr(known, name, None):
            return False
    numbers = set(re.findall(r"\d+(?:\.\d+)?", fact.source_quote))
    return fact.assertion == known.assertion and numbers <= set(re.findall(r"\d+(?:\.\d+)?", known.source_quote))


def _content_words(fact: Fact, column: str) -> set[str]:
    text = str(getattr(fact, column) or fact.source_quote).lower()
    return {w[:6] for w in _WORD.findall(text) if w not in _EMPTY_WORDS}
