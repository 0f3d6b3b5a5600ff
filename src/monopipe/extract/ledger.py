"""The ledger: what became of every statement of the document, and its sections in full."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from monopipe.document import Item
from monopipe.extract.effects.frequency import is_legend
from monopipe.extract.reading import Reading
from monopipe.tables import Fact, SectionRow, StatementRow

_REPEATS = frozenset({"mentions", "side_effect_mentions"})


def statement_rows(reading: Reading, facts: Mapping[str, Sequence[Fact]]) -> list[StatementRow]:
    """One row per statement of the file, in order, with what became of it."""
    first = _Spans(f for name, rows in facts.items() if name not in _REPEATS and name != "findings" for f in rows)
    again = _Spans(f for name in _REPEATS for f in facts.get(name, ()))
    document = reading.document
    rows = []
    for ordinal, item in enumerate(_all_items(reading), 1):
        start, end = item.char_start, item.char_end
        n_facts = first.starting(start, end)
        if n_facts or first.touching(start, end):
            status = "structured"
        elif again.touching(start, end):
            status = "duplicate"
        elif item.kind == "front_matter" and not item.structural and item.topic != "faqs" and item.question is None:
            status = "structured"  # kept whole in documents.front_matter_json
        elif item.structural or item.kind == "heading" or _is_tail(item) or is_legend(item.text):
            status = "structural"
        else:
            status = "unstructured"
        line = document.source.line
        rows.append(
            StatementRow(
                document_id=document.document_id,
                ordinal=ordinal,
                drug_id=reading.drug_id,
                section=item.section,
                kind=item.kind,
                status=status,  # type: ignore[arg-type]
                n_facts=n_facts,
                source_quote=document.source.text[start:end],
                line_start=line(start),
                line_end=line(max(end - 1, start)),
                char_start=start,
                char_end=end,
            )
        )
    return rows


def _is_tail(item: Item) -> bool:
    """Whether it is what a heading says behind its colon, and states no number: "Serious: the ones to call us for"."""
    return item.kind == "heading_tail" and not any(c.isdigit() for c in item.text)


def coverage(statements: Iterable[StatementRow]) -> float:
    """The share of content characters in statements that gave a fact or repeat one; structure does not count."""
    read = total = 0
    for s in statements:
        if s.status == "structural":
            continue
        size = s.char_end - s.char_start
        total += size
        if s.status != "unstructured":
            read += size
    return round(read / total, 4) if total else 1.0


def section_rows(reading: Reading) -> Iterator[SectionRow]:
    """The sections with their text; together they hold every character of the body."""
    document = reading.document
    text, line = document.source.text, document.source.line
    for s in document.sections:
        yield SectionRow(
            document_id=document.document_id,
            ordinal=s.ordinal,
            parent_ordinal=s.parent,
            level=s.level,
            heading=s.heading,
            section=s.kind,
            line_start=line(s.char_start),
            line_end=line(max(s.char_end - 1, s.char_start)),
            text=text[s.char_start : s.char_end],
        )


def _all_items(reading: Reading) -> list[Item]:
    """The document's items, and the front-matter lines that hold no value (keys of lists, the rules)."""
    document = reading.document
    source = document.source
    items = list(document.items)
    covered: set[int] = set()
    for item in items:
        if item.kind == "front_matter":
            covered.update(range(source.line(item.char_start), source.line(max(item.char_end - 1, 0)) + 1))
    last = source.line(document.body_start) if document.body_start < len(source.text) else source.n_lines + 1
    for number in range(1, last):
        start, end = source.line_span(number)
        text = source.text[start:end]
        if text.strip("\ufeff \t") and number not in covered:
            item = document.title_item
            items.append(
                Item("front_matter", item.mapped, source, "front_matter", "front_matter", start, end, structural=True)
            )
    return sorted(items, key=lambda item: (item.char_start, item.char_end))


class _Spans:
    """Spans of facts in the file, to ask which start in or touch a statement."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        spans = sorted((f.char_start, f.char_end) for f in facts if f.char_end > f.char_start)
        self.starts = [s for s, _ in spans]
        self.furthest: list[int] = []
        for _, end in spans:
            self.furthest.append(max(end, self.furthest[-1] if self.furthest else 0))

    def starting(self, start: int, end: int) -> int:
        """How many begin in [start, end)."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def touching(self, start: int, end: int) -> bool:
        """Whether any begins in or reaches into [start, end)."""
        k = bisect_right(self.starts, start)
        return self.starting(start, end) > 0 or (k > 0 and self.furthest[k - 1] > start)
