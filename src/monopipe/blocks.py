"""Markdown blocks to sections and items.

markdown-it finds the blocks and their lines, where `outline` does not know a shorter way; where a line's text stands in
the file is worked out here. Rules that would hide text of a loosely written document (indented code, fences, link
definitions) are switched off.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote
from markdown_it.token import Token

from monopipe.errors import DocumentError
from monopipe.grammar import read_lead
from monopipe.headings import in_brief, is_loose, question_topic, section_kind
from monopipe.inline import Line, plain
from monopipe.items import Item, ItemKind, Section, trimmed
from monopipe.outline import Block, pieces, simple_blocks
from monopipe.signs import MASS
from monopipe.source import Mapped, Pieces, Source
from monopipe.tables import SectionKind

MAX_NESTING = 60
"""Depth of lists and quotes that is read; no monograph needs it, a hostile file does."""


def _parser(*unused: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING + 40}).enable("table")
    return parser.disable(["inline", "code", "fence", "reference", *unused])


# Each rule is tried on every line, so the rare ones are left out where no line can begin a quote, a tag, a ruler or
# the mark under a heading.
_ANY = _parser()
_TABLES = _parser("blockquote", "html_block", "hr", "lheading")
_LISTS = _parser("blockquote", "html_block", "hr", "lheading", "table")
_RARE = re.compile(r"^[ \t*+\-\d.)]*[<>]|^[ \t*+\-\d.)=_]+$|\r", re.M)


def _quote(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A quoted block; the sign of a bound begins none: "- >65 y: not recommended"."""
    mark = state.bMarks[line] + state.tShift[line]
    bound = state.src[mark : mark + 1] == ">" and state.src[mark + 1 : mark + 3].lstrip("=")[:1].isdigit()
    return not bound and blockquote(state, line, end, silent)


_ANY.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})

_MARKERS = r"^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)"
_DEEP = re.compile(f"{_MARKERS}{{{MAX_NESTING}}}", re.M)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^>]*>|<!--.*", re.S)
_ADVISES = re.compile(r"\bcontra-?indicated\b|\b(?:caution|avoid(?:ed)?|monitor)\b", re.I)
_RULER = re.compile(r"[\s|:*_=>`~#+-]*")

# Sections whose paragraphs and list items may, by their label, belong to another kind of section.
_SWITCHING = frozenset(
    "usage classification mechanism alternate_names pharmacodynamics pharmacokinetics other summary".split()
)
_PLAIN_LABEL = re.compile(r"([A-Z0-9][^.;?!:|\n]{0,80}?)\s*:(?=\s|$)")
# "**Septic shock, central line.** Start at 0.05 …": a head in bold that ends with a full stop, and its text in plain type.
_RUN_IN_HEAD = re.compile(r"[A-Z0-9][^.;?!:|\n]*\.")
# "Before major surgery, omit it for 24 hours: low pressure is hard to treat" is a sentence.
_BIDS = re.compile(
    r",\s+(?:omit|stop|hold|withhold|interrupt|reduce|avoid|give|use|take|continue|discontinue)\s+(?:it|them|the|treatment)\b",
    re.I,
)
_DASH_LABEL = re.compile(r"([A-Z][^.;:?!|\n]{1,60}?)\s+[–—-]\s+(?=\S)")
_LOWER_LABEL = re.compile(r"([a-z][a-z ,/-]{2,40}?):\s")
# What may head the rows below it: some words without an amount or the end of a sentence.
_HEADS_ROWS = re.compile(rf"(?!.*\d\s*(?:{MASS}|m?L|%)(?![\w/]))[^.;|]{{3,80}}", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
# "• Schizophrenia": the bullets of other programs stand for those of Markdown.
_BULLET = re.compile(r"^( {0,3})[•‣▪●◦](?= \S)", re.M)
# "(a) Gout", "b) angina", "(ii) asthma": so do letters; the star takes the place of the last bracket.
_LETTERED = re.compile(r"^ ?\(?(?:[a-j]|[ivx]{1,3})\)(?= \S)", re.M)
# "1.1 INN: testolol" above "1.2 Brands: Abcor": so do the numbers of an outline, line by line.
_OUTLINED = re.compile(r"^(?: ?\d{1,2}\.\d{1,2}\.? +[A-Z][^\n]*(?:\n|\Z)){2,}", re.M)
_OUTLINE_NUMBER = re.compile(r"^ ?\d{1,2}\.\d{1,2}\.?(?= )", re.M)
# A line inside a paragraph that begins with a label of its own starts a statement of its own.
_LABELLED_LINE = re.compile(
    r"(\*\*|__)[^*_\n]{2,80}(:\1|\1\s*:)|(?:\*\*[A-Z][^*.\n]{1,80}\.\*\*|__[A-Z][^_.\n]{1,80}\.__) (?=\S)|<(b|strong)>[^<\n]{2,80}(?::</\3>|</\3>\s*:)|<(b|strong)>[A-Z][^<.\n]{1,80}\.</\4> (?=\S)|(?:Q|A|Question|Answer)\s*\d*\s*[:.]\s|[A-Z][a-z]+(?: [a-z]+)?(?: \([^()\n]{1,40}\))?:\s"
    r"|(?P<mark>[*_])[A-Z][^*_\n]{1,80}(?::(?P=mark)|(?P=mark)\s*:)"
)
_HEADING_NUMBER = re.compile(r"(?:\W*|section\s+)(\d{1,2})\b", re.I)
_CLAUSE_NUMBER = re.compile(r"(\d{1,2})\.\d{1,2}\.?\s+(?=[A-Z])")
_MAX_WHOSE = 4
_SPACED_DASH = re.compile(r"\s*[–—-]\s+")


def read_body(source: Source, body_start: int, title: str = "") -> tuple[list[Section], list[Item]]:
    """The sections and items of the body, every non-blank line of the file in some item but the front matter's.

    `title` is the document's, which its first heading may repeat.
    """
    return _Reader(source, body_start, title).read()


@dataclass
class _Governor:
    """A lead-in that governs the blocks behind it: its words, and the section kind it switches to."""

    leads: tuple[str, ...]
    section: SectionKind
    topic: SectionKind


_AMOUNT = re.compile(r"\d\s?(?:m?g|mcg|[µμ]g|micrograms?|units?|IU|mL|%|tablets?|capsules?)(?![A-Za-z])", re.I)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]|^ {0,3}=+[ \t]*$", re.M)
_MANY = 4
"""More headings than these a document has that bears its title above them all."""


def _star(number: re.Match[str]) -> str:
    """A star of a list as wide as the number that it stands for."""
    return "*".rjust(min(len(number.group()), 3)).ljust(len(number.group()))


def _title_level(levels: list[int]) -> int:
    """The level of the first of these headings where all others stand below it, as under a title; else 0."""
    return levels[0] if len(levels) > _MANY and min(levels[1:]) > levels[0] else 0


class _Reader:
    """Walks the blocks of one body once."""

    def __init__(self, source: Source, body_start: int, title: str) -> None:
        self.source = source
        self.title = title.lower()
        self.body_start = body_start
        self.first_line = 0
        """The line of the file, from 0, at which the block tokens at hand begin to count."""
        self.sections = [Section(0, None, 0, None, "other", "other", body_start)]
        self.items: list[Item] = []
        self.lists: list[Item | None] = []
        self.sticky: _Governor | None = None
        self.passing: _Governor | None = None
        self.columns: tuple[str, ...] = ()
        self.over_table: Item | None = None
        self.first_cell = self.row_head = ""
        self.headings: tuple[str, ...] = ()
        """The headings above, that of the current section last."""
        levels = [len(m[1] or "#") for m in _HEADING.finditer(source.text, body_start)]
        self.title_level = _title_level(levels)
        self.top_level = min(levels, default=1)
        """The level of the headings that stand below no other."""

    def read(self) -> tuple[list[Section], list[Item]]:
        text, start = self.source.text, self.body_start
        for a, b in pieces(text[start:]):
            simple = simple_blocks(text, start + a, start + b)
            if simple is None:
                self.markdown(start + a, start + b)
            else:
                self.simple(simple)
        self.sections[-1].char_end = len(text)
        self.leftovers()
        return self.sections, self.items

    def simple(self, blocks: list[Block]) -> None:
        """Read headings, paragraphs and flat lists."""
        for block in blocks:
            if block.level:
                self.heading(block.level, "#", block.lines)
                continue
            if block.is_item:
                self.lists.append(None)
            self.paragraph(block.lines)
            self.lists.clear()

    def markdown(self, start: int, end: int) -> None:
        """Read a piece of the body that may hold any Markdown."""
        text = _BULLET.sub(r"\1*", self.source.text[start:end])
        if len(_LETTERED.findall(text)) > 1:
            text = _LETTERED.sub(lambda m: "*".rjust(len(m.group())), text)
        text = _OUTLINED.sub(lambda m: _OUTLINE_NUMBER.sub(_star, m.group()), text)
        self.first_line = self.source.line(start) - 1
        if deep := _DEEP.search(text):
            message = f"lists or quotes are nested more than {MAX_NESTING} deep"
            raise DocumentError("markdown_too_deep", message, self.source.line(start + deep.start()))
        parser = _ANY if _RARE.search(text) else _TABLES if "|" in text else _LISTS
        tokens = parser.parse(text)
        k, n = 0, len(tokens)
        while k < n:
            token = tokens[k]
            kind = token.type
            if kind == "heading_open":
                self.heading(int(token.tag[1]), token.markup, self.lines(tokens[k + 1]))
                k += 2
            elif kind == "paragraph_open":
                self.paragraph(self.lines(tokens[k + 1]))
                k += 2
            elif kind == "list_item_open":
                self.lists.append(None)
            elif kind == "list_item_close":
                self.lists.pop()
            elif kind == "thead_open":
                self.columns = ()
                self.over_table = self.items[-1] if self.items else None
                k = self.row(tokens, k + 1, head=True)
            elif kind == "tr_open":
                k = self.row(tokens, k, head=False)
            elif kind == "html_block":
                self.html(token)
            k += 1

    # -- where a block's text stands

    def lines(self, token: Token) -> list[Line]:
        """The content lines of an inline token with their offsets in the file."""
        row, last = token.map or [0, 0]
        found: list[Line] = []
        for content in token.content.split("\n"):
            while row < last:
                start, end = self.source.line_span(self.first_line + row + 1)
                # Content reaches to its line's end; from the left, the list mark of "1. 1" would be found.
                position = self.source.text.rfind(content, start, end) if content else start
                row += 1
                if position >= 0:
                    found.append((content, position))
                    break
        return found

    @property
    def section(self) -> Section:
        return self.sections[-1]

    def item(self, kind: ItemKind, mapped: Mapped, start: int, end: int, **more: object) -> Item:
        """A new item in the current section, governed by what stands before it."""
        governor = self.passing if self.passing and kind != "paragraph" else self.sticky
        section = self.section
        leads = self.headings + (governor.leads if governor else ())
        place, topic = (governor.section, governor.topic) if governor else (section.kind, section.topic)
        item = Item(
            kind=kind,
            mapped=mapped,
            source=self.source,
            section=place,
            topic=topic,
            char_start=start,
            char_end=end,
            leads=leads,
            section_ordinal=section.ordinal,
            **more,  # type: ignore[arg-type]
        )
        self.items.append(item)
        section.n_content += kind != "heading"
        return item

    # -- blocks

    def heading(self, level: int, markup: str, lines: list[Line]) -> None:
        if not lines:
            return
        mapped, bold = plain(lines)
        start = self.source.line_starts[self.source.line(lines[0][1]) - 1]
        if markup in ("=", "-") and (len(mapped.text) > 80 or len(lines) > 1):
            self.text_item("paragraph", mapped, bold, lines)  # a rule right under a paragraph is no heading
            return
        parent = next((s for s in reversed(self.sections) if 0 < s.level < level), None)
        label_end, rest_start = _heading_label(mapped.text, bold, parent)
        if len(self.sections) == 1 and self.is_named(level, mapped.text):
            label_end = rest_start = len(mapped.text)  # "Protocol 12: methotrexate"
        heading = mapped.text[:label_end].strip(" :*\n")
        section = self.new_section(heading, level, parent, start)
        start, end = lines[0][1], lines[-1][1] + len(lines[-1][0])
        self.sticky = self.passing = None
        if rest_start < len(mapped.text):
            end = mapped.offset(rest_start)
            item = self.item("heading", mapped, start, end, structural=True, heading_level=level, bold_end=bold)
            item.rest_start = len(mapped.text)
            tail_start, tail_end = mapped.span(rest_start, len(mapped.text))
            tail = self.item("heading_tail", mapped, tail_start, tail_end, label=heading, rest_start=rest_start)
            tail.leads = tail.leads[:-1] if tail.leads else ()
        else:
            item = self.item("heading", mapped, start, end, structural=True, heading_level=level, bold_end=bold)
            item.rest_start = len(mapped.text)
        section.n_content = int(rest_start < len(mapped.text))

    def is_named(self, level: int, heading: str) -> bool:
        """Whether a heading names the drug as a title does: no other stands above it, and it is of no section."""
        if level > self.top_level or not self.title or self.title not in heading.lower():
            return False
        return level == 1 or is_loose(heading) or section_kind(heading) is None  # not "## Testolol dosing"

    def new_section(self, heading: str, level: int, parent: Section | None, start: int) -> Section:
        kind, known = _kind_under(heading, parent, self.sections[-1])
        first = len(self.sections) == 1 and section_kind(heading, exact=True) is None
        if first and (self.is_named(level, heading) or level == self.title_level):
            kind, known = "other", False  # "Oral drug protocols: methotrexate" is no section of doses
        topic = kind
        if kind == in_brief(heading) and any(s.kind.split("_")[0] == kind.split("_")[0] for s in self.sections):
            kind = "summary"  # "Dosing in brief" behind the chapter on dosing
        if parent is not None and parent.kind in ("summary", "faqs"):
            kind, topic, known = parent.kind, kind if known else parent.topic, True
        self.sections[-1].char_end = start
        section = Section(
            len(self.sections), parent.ordinal if parent else None, level, heading, kind, topic, start, known=known
        )
        self.sections.append(section)
        self.headings = self.above(section)
        return section

    def above(self, section: Section) -> tuple[str, ...]:
        """The headings of a section and of those that it stands in, outermost first."""
        parents = self.above(self.sections[section.parent]) if section.parent is not None else ()
        return (*parents, section.heading) if section.heading else parents

    def paragraph(self, content: list[Line]) -> None:
        clauses = _clauses(content, self.section.heading)
        statements = [lines for clause in clauses for lines in _split(clause)]
        for lines in statements:
            mapped, bold = plain(lines)
            if self.lists:
                self.list_text(mapped, bold, lines)
            else:
                self.text_item("paragraph", mapped, bold, lines, listed=len(statements) > 1)

    def text_item(self, kind: ItemKind, mapped: Mapped, bold: int, lines: list[Line], *, listed: bool = False) -> Item:
        """A paragraph outside lists; it may label itself, switch the section kind, or lead in what follows."""
        self.passing = None
        end = lines[-1][1] + len(lines[-1][0])
        item = self.item(kind, mapped, lines[0][1], end, bold_end=bold)
        _set_label(item, dashes=False, listed=listed)
        text = item.text.rstrip()
        if item.label is not None and not bold and text.endswith(":") and not item.rest.strip():
            item.label, item.rest_start = None, 0  # "X is used for:" leads in a list, it labels nothing
        self.name_section(item)
        label_only = item.label is not None and not item.rest.strip()
        switched = self.switch(item)
        if switched and self.sticky and item.section.split("_")[0] != self.sticky.section.split("_")[0]:
            self.sticky = None
        leads = (item.label,) if item.label else ()
        if label_only:
            item.structural = True
            self.sticky = _Governor(leads, item.section, item.topic)
        elif text.endswith(":"):
            item.structural = True
            self.passing = self.under_sticky((*leads, item.rest.strip().rstrip(":")), item)
        elif item.label and not _lists_all(item):
            self.passing = self.under_sticky(leads, item)
        return item

    def under_sticky(self, leads: tuple[str, ...], item: Item) -> _Governor:
        return _Governor((self.sticky.leads if self.sticky else ()) + leads, item.section, item.topic)

    def list_text(self, mapped: Mapped, bold: int, lines: list[Line]) -> None:
        """The first paragraph of a list item is the item; later ones are paragraphs in it."""
        parents = [p for p in self.lists[:-1] if p is not None]
        first = self.lists[-1] is None
        start, end = lines[0][1], lines[-1][1] + len(lines[-1][0])
        item = self.item("list_item", mapped, start, end, bold_end=bold, depth=len(self.lists))
        if parents:
            parent = parents[-1]
            item.parent, item.section, item.topic = parent, parent.section, parent.topic
            rest = parent.rest.strip()
            own = (parent.label,) if parent.label else ()
            if rest.endswith(":") or (not own and rest):
                own = (*own, rest.rstrip(":"))
            item.leads = parent.leads + tuple(o for o in own if o)
            if rest.endswith(":") or not rest:
                parent.structural = True
        _set_label(item, dashes=True, listed=True)
        if first and not parents:
            self.name_section(item)
        self.switch(item)
        if first:
            self.lists[-1] = item
        else:
            item.kind = "paragraph"
            head = self.lists[-1]
            if head is not None and item.section == "other":
                item.section, item.topic = head.section, head.topic
            if head is not None and head.label and not item.label:
                item.leads = (*item.leads, head.label)
        if item.label is not None and not item.rest.strip() and not item.bold_end:
            item.structural = True

    @property
    def unheaded(self) -> bool:
        """Whether no Markdown heading tells what stands here: then paragraphs of a section's name are the headings."""
        return self.section.kind == "other" and not (self.section.level and self.section.known)

    def name_section(self, item: Item) -> None:
        """Label an item with all its words where they are the name of a section, as a heading's would be."""
        words = item.text.strip(" :\n")
        if self.unheaded and item.label is None and section_kind(words, exact=True) is not None:
            item.label, item.rest_start = words, len(item.text)

    def switch(self, item: Item) -> bool:
        """Let a label that names another kind of section move the item there (in a summary: its topic)."""
        if item.label is None or item.section == "faqs":
            return False
        kind = section_kind(item.label, item.section, exact=True)
        if kind is None or item.section == kind or item.section.startswith(f"{kind}_"):
            return False  # "Dose:" under the adults' heading stays with the adults
        if item.section == "summary":
            item.topic = kind
            return True
        family = kind.split("_")[0] == item.section.split("_")[0] and kind != "dosage_adjustments"
        heads = item.kind == "paragraph" and self.unheaded and (item.bold_end > 0 or not item.rest.strip())
        mother = kind == "pregnancy_lactation" and self.is_on_people() and not _AMOUNT.search(item.rest)
        if item.section in _SWITCHING or family or heads or mother:
            item.section = item.topic = kind
            return True
        return False

    def is_on_people(self) -> bool:
        """Whether the section is a chapter of its own on groups of people, as "Use in Specific Populations", and none of doses."""
        section = self.section
        above = self.sections[section.parent].kind if section.parent is not None else "other"
        return section.kind == "dosage_special" and not above.startswith("dosage")

    def row(self, tokens: list[Token], k: int, *, head: bool) -> int:
        """A table row: its cells joined by '|', each mapped to its place."""
        pieces = Pieces()
        cells: list[tuple[int, int]] = []
        texts: list[str] = []
        line_map = tokens[k].map or [0, 0]
        at = self.source.line_span(self.first_line + line_map[0] + 1)[0]
        start, end = self.source.line_span(self.first_line + line_map[0] + 1)
        while tokens[k].type != "tr_close":
            if tokens[k].type == "inline" and tokens[k].content:
                content = tokens[k].content
                position = self.source.text.find(content, at, end)
                if position < 0:  # an escaped pipe: the content is shorter than the source
                    position = self.source.text.find(content[:1], at, end)
                position = max(position, at)
                mapped, _ = plain([(content, position)])
                if cells or texts:
                    pieces.add(" | ", max(position - 1, start))
                cell_start = pieces.length
                for text, file_offset in mapped.runs():
                    pieces.add(text, file_offset)
                cells.append((cell_start, pieces.length))
                texts.append(mapped.text.strip())
                at = position + len(content)
            elif tokens[k].type == "inline":
                if cells or texts:
                    pieces.add(" | ", min(at, end - 1))
                cells.append((pieces.length, pieces.length))
                texts.append("")
            k += 1
        if head:
            self.columns, self.first_cell, self.row_head = tuple(texts), "", ""
        item = self.item("table_row", pieces.mapped(), *trimmed(self.source.text, start, end))
        item.columns, item.cells, item.structural = self.columns, tuple(cells), head
        item.leads = self.leads_of_table(item)
        if not head:
            self.govern(item, texts)
        if (
            not head
            and len(cells) > 1
            and texts[0]
            and (item.section == "summary" or (item.section == "other" and len(cells) == 2))
        ):
            item.label, item.rest_start = texts[0], cells[1][0]  # "| Class | statin |" is a label and its text
            if not self.switch(item) and item.section == "other":
                item.label, item.rest_start = None, 0
        return k

    def govern(self, row: Item, texts: list[str]) -> None:
        """Give a table's row the words above it that govern it.

        An empty first cell goes on with the one above; a row that only its first cell fills ("Children over 2 years")
        heads those below it.
        """
        first = texts[0] if texts else ""
        if len(texts) > 1 and first and not any(texts[1:]) and _HEADS_ROWS.fullmatch(first):
            self.row_head, self.first_cell, row.structural = first, "", True
            return
        above = (self.row_head, self.first_cell if self.columns[0] and not first else "")
        row.leads = (*row.leads, *filter(None, above))
        self.first_cell = first or self.first_cell

    def leads_of_table(self, row: Item) -> tuple[str, ...]:
        """A row's leads; a list item right above the table that ends in a colon leads it in as a paragraph would."""
        over = self.over_table
        if over is None or over.kind != "list_item" or not over.text.rstrip().endswith(":"):
            return row.leads
        rest = over.rest.strip().rstrip(":")
        return tuple(lead for lead in (*over.leads, over.label, rest) if lead)

    def html(self, token: Token) -> None:
        """An HTML block: its text without tags; a comment is structure."""
        first, last = token.map or [0, 0]
        start = self.source.line_span(self.first_line + first + 1)[0]
        end = self.source.line_span(self.first_line + last)[1]
        pieces, at = Pieces(), start
        for tag in _TAG.finditer(self.source.text, start, end):
            pieces.add(self.source.text[at : tag.start()], at)
            if pieces.length:
                pieces.add("\n", tag.start())
            at = tag.end()
        pieces.add(self.source.text[at:end], at)
        item = self.item("other", pieces.mapped(), *trimmed(self.source.text, start, end))
        item.structural = not item.text.strip()

    def leftovers(self) -> None:
        """Lines that no block holds (rules, table delimiters, markers) become items too, so that none is lost."""
        source = self.source
        covered = bytearray(len(source.line_starts) + 2)
        for item in self.items:
            for line in range(source.line(item.char_start), source.line(max(item.char_end - 1, item.char_start)) + 1):
                covered[line] = 1
        extra: list[Item] = []
        for line in range(source.line(self.body_start), len(source.line_starts) + 1):
            if covered[line]:
                continue
            start, end = trimmed(source.text, *source.line_span(line))
            if start == end:
                continue
            k = bisect_right([s.char_start for s in self.sections], start) - 1
            section = self.sections[max(k, 0)]
            pieces = Pieces()
            pieces.add(source.text[start:end], start)
            structural = _RULER.fullmatch(source.text, start, end) is not None
            extra.append(
                Item("other", pieces.mapped(), source, section.kind, section.topic, start, end, structural=structural)
            )
            extra[-1].section_ordinal = section.ordinal
        if extra:
            self.items = sorted([*self.items, *extra], key=lambda item: (item.char_start, item.char_end))


def _kind_under(heading: str, parent: Section | None, previous: Section) -> tuple[SectionKind, bool]:
    """The kind of a heading under its parent, and whether the vocabulary knows it.

    A heading under a known section keeps that kind unless its words clearly name another one.
    """
    if parent is not None and parent.kind == "faqs":
        return "faqs", True
    within = parent.kind if parent is not None and parent.kind != "other" else None
    if within is None:  # all headings of one level: "Adults" right behind "Dosage" belongs to it
        kind = section_kind(heading)
        if kind is None or (kind == "usage" and previous.kind.startswith("side_effects")):  # "With chronic use"
            kind = section_kind(heading, previous.kind) or kind
        if kind is None and "?" in heading:
            kind = question_topic(heading)
        return (kind, True) if kind else ("other", False)
    kind = section_kind(heading, within, exact=True) or section_kind(heading, within)
    if kind is None:
        return within, True
    family = kind.split("_")[0] == within.split("_")[0]
    whole = section_kind(heading, within, exact=True) is not None
    if within == "interactions" and _ADVISES.search(heading):
        return within, True  # "Contraindicated", "Use with caution": how its drugs are sorted
    if within.startswith("dosage") and kind in ("usage", "combinations") and not whole:
        return within, True  # "Off-label uses", "Use with other drugs": doses for them
    if within == "summary" or family or whole or len(heading.split()) <= 3:
        return kind, True
    return within, True


def _heading_label(text: str, bold: int, parent: Section | None) -> tuple[int, int]:
    """Where a heading's own words end and its tail begins; both at the end when it has no tail."""
    n = len(text)
    if "?" in text:
        return n, n
    if 0 < bold < n and text[bold:].strip(" :–—-"):
        if text[:bold].rstrip().endswith(":") or text[bold:].lstrip().startswith((":", "–", "—")):
            rest = bold
            while rest < n and text[rest] in " :–—":
                rest += 1
            return bold, rest
        return n, n
    colon = text.find(": ")
    kind = section_kind(text[:colon], parent.kind if parent else None) if colon > 0 else None
    if kind is None or not text[colon + 1 :].strip() or (kind.startswith("dosage") and _says_whose(text[colon + 1 :])):
        return n, n
    return colon, colon + 2


def _says_whose(tail: str) -> bool:
    """Whether what stands behind a heading's colon says of all doses below it whose they are: "Dosage: adults"."""
    return len(tail.split()) <= _MAX_WHOSE and bool(read_lead(tail))


def _clauses(lines: list[Line], heading: str | None) -> list[list[Line]]:
    """The clauses of a paragraph that go by their heading's number, each without it: "4.1 Adults: …" below "4. Doses"."""
    number = _HEADING_NUMBER.match(heading or "")
    if number is None:
        return [lines]
    clauses: list[list[Line]] = []
    for text, offset in lines:
        clause = _CLAUSE_NUMBER.match(text)
        if clause is not None and clause[1] == number[1]:
            clauses.append([(text[clause.end() :], offset + clause.end())])
        elif clauses:
            clauses[-1].append((text, offset))
        else:
            clauses.append([(text, offset)])
    return clauses


def _split(lines: list[Line]) -> Iterator[list[Line]]:
    """The statements of a paragraph: `<br>` and lines with a label of their own begin a new one."""
    group: list[Line] = []
    for text, offset in lines:
        at = 0
        if group and _LABELLED_LINE.match(text):
            yield group
            group = []
        for br in _BREAK.finditer(text):
            if text[at : br.start()].strip():
                group.append((text[at : br.start()], offset + at))
            if group:
                yield group
            group, at = [], br.end()
            while at < len(text) and text[at] == " ":
                at += 1
        if text[at:].strip():
            group.append((text[at:], offset + at))
    if group:
        yield group


_OF_LISTS = ("side_effects", "interactions", "contraindications", "usage")
_SAYS = re.compile(
    r"\b(?:is|are|was|were|has|have|may|might|can|could|should|must|will|do|does|did|not|these|this|those|they|it|following|follows|below|list(?:ed)?|include[sd]?)\b",
    re.I,
)


def _lists_all(item: Item) -> bool:
    """Whether a labelled paragraph names all that its label holds for: "**No interaction:** warfarin, digoxin."."""
    warns = "warning" in (item.label or "").lower()
    return item.topic.startswith(_OF_LISTS) and (warns or _SAYS.search(item.rest) is None)


def _set_label(item: Item, *, dashes: bool, listed: bool) -> None:
    """Split an item's text into label and rest, where it has a label."""
    text, bold = item.text, item.bold_end
    n = len(text)
    if bold:
        head = text[:bold].rstrip()
        inner = _PLAIN_LABEL.match(head) if not head.endswith(":") else None
        after = text[bold:].lstrip()
        if head.endswith(":"):
            item.label, item.rest_start = head[:-1].strip(), bold
        elif after.startswith(":"):
            item.label, item.rest_start = head, text.index(":", bold) + 1
        elif (dash := _SPACED_DASH.match(text, bold)) and dash.end() < n:
            item.label, item.rest_start = head, dash.end()
        elif inner and len(inner.group(1).split()) <= 10:
            item.label, item.rest_start = inner.group(1), inner.end()
        elif listed and _RUN_IN_HEAD.fullmatch(head) and after and len(head.split()) <= 10:
            item.label, item.rest_start = head[:-1], bold
        elif bold >= len(text.rstrip()) and n <= 80 and not head.endswith((".", "?", "!")):
            item.label, item.rest_start = head, n
        return
    match = _PLAIN_LABEL.match(text) or (_LOWER_LABEL.match(text) if dashes else None)
    if match and match.group(1).count("(") > match.group(1).count(")"):
        return  # "Asthma (off-label: COPD)"
    if match and len(match.group(1).split()) <= 10 and not _BIDS.search(match.group(1)):
        item.label, item.rest_start = match.group(1).strip(), match.end()
        return
    if dashes:
        match = _DASH_LABEL.match(text)
        if match and len(match.group(1).split()) <= 6:
            item.label, item.rest_start = match.group(1).strip(), match.end()
