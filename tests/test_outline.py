"""The short way to read plain pieces of a body finds what markdown-it finds in the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monopipe import blocks, front_matter
from monopipe.document import Item
from monopipe.outline import pieces, simple_blocks
from monopipe.source import Source

MONOGRAPHS = sorted((Path(__file__).parents[1] / "data" / "raw").glob("*.md"))
_STARTS = st.sampled_from(
    "||- |* |+ |1. |2. |10) |  - |   |    |\t|> |# |## |###### |####### |#|-|1.|-\t|-     |- - |<b>|<!-- |<div>|**|*|__|\u00a0".split(
        "|"
    )
)
_MIDDLES = st.sampled_from(
    "word;a b;**Label:** text;Label: text;1;12 mg;5–10;a | b;|---|;---;===;***;_;é;½;x #;x ##;#;x\u00a0;x\u00a0 ;<br>;a<br>b;"
    "1. x;- x;\\;`a;[a]: b;;-->;:--;µg;>;* *".split(";")
)
_ENDS = st.sampled_from(
    ["\n", "\n", "\n", "\n\n", "\n\n", "  \n", "\n \n", "\r\n", "\r", "\t\n", "\x0b\n", "\u2003\n", ""]
)
_BODIES = st.lists(st.tuples(_STARTS, _MIDDLES, _ENDS).map("".join), max_size=8).map("".join)


def _read(body: str, start: int = 0) -> tuple[list[object], ...]:
    sections, items = blocks.read_body(Source(body), start)
    return [vars(s) for s in sections], [_content(i) for i in items]


def _content(item: Item) -> dict[str, object]:
    parent = item.parent and item.parent.char_start
    places = [item.mapped.offset(k) for k in range(len(item.text) + 1)]
    return {**vars(item), "source": None, "parent": parent, "mapped": (item.text, places)}


def _read_whole(body: str, start: int = 0) -> tuple[list[object], ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "pieces", lambda text: [(0, len(text))])
        patch.setattr(blocks, "simple_blocks", lambda *_: None)
        return _read(body, start)


@settings(max_examples=1500, deadline=None)
@given(_BODIES)
@example("text\n2. no item\n")
@example("- a\n2. an item\nlazy\n\ntext\n1. an item\n")
@example("# a | b\n---|---\n")
@example("<!-- \n# no heading\n-->\n# a heading")
@example("1. 1\n")
def test_a_body_read_in_pieces_is_the_body_read_whole(body: str) -> None:
    assert _read(body) == _read_whole(body)


@pytest.mark.parametrize("path", MONOGRAPHS, ids=lambda p: p.stem)
def test_a_monograph_read_in_pieces_is_the_monograph_read_whole(path: Path) -> None:
    source = Source(path.read_text(encoding="utf-8"))
    start = front_matter.read(source).body_start
    assert _read(source.text, start) == _read_whole(source.text, start)


def test_most_pieces_of_a_monograph_go_the_short_way() -> None:
    texts = [path.read_text(encoding="utf-8").split("---", 2)[2].lstrip("\n") for path in MONOGRAPHS]
    simple = [simple_blocks(text, a, b) is not None for text in texts for a, b in pieces(text)]
    assert sum(simple) > 0.8 * len(simple)
