"""Front matter: YAML values, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from monopipe.errors import DocumentError
from monopipe.source import Mapped, Source, align

MAX_DEPTH = 32
"""Nesting allowed in front matter; libyaml's composer would exhaust the C stack long after it."""
MAX_NODES = 20_000
"""Values allowed in front matter, aliases counted as often as they are used."""

_NESTING = re.compile(r"[\[{]|(?:[-?]\s+){4}|^[ ]{64}", re.M)
_MAY_NEST_AT = 40


class _Loader(yaml.CSafeLoader):
    """The safe loader, with dates that do not exist kept as text instead of failing the document."""

    def timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.timestamp)


@dataclass(frozen=True)
class Value:
    """One scalar of the front matter: its keys from the root, its value and its text mapped onto the file."""

    path: tuple[str | int, ...]
    value: Any
    mapped: Mapped
    start: int
    end: int


@dataclass(frozen=True)
class FrontMatter:
    """The front matter's mapping, its scalars in file order, and the offset at which the body begins."""

    data: dict[str, Any]
    values: tuple[Value, ...]
    body_start: int


def read(source: Source) -> FrontMatter:
    """The front matter of a file. Raises DocumentError when there is none that can be used."""
    text = source.text
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    handler = YAMLHandler()
    opening = handler.FM_BOUNDARY.match(text[start : start + 80])  # a copy, for `^` matches no BOM's right side
    if opening is None:
        raise DocumentError(
            "no_front_matter",
            "the file does not begin with '---'; put the title and other keys between two '---' lines",
            1,
        )
    opened = start + opening.end()
    closing = handler.FM_BOUNDARY.search(text, opened)
    if closing is None:
        message = "the front matter is opened by '---' but not closed; add a line '---' behind its last key"
        raise DocumentError("front_matter_not_closed", message, source.line(start))
    # python-frontmatter splits at the same boundaries; `split` is asked so that both agree on the YAML text.
    yaml_text, _ = handler.split(text[start:])
    yaml_start = text.index(yaml_text, opened) if yaml_text else opened
    node, data = _load(yaml_text, source, yaml_start)
    values = tuple(_values(node, (), source, yaml_start))
    body_start = closing.end()
    while body_start > closing.start() and text[body_start - 1].isspace():
        body_start -= 1
    line_end = re.compile(r"[ \t]*(?:\r\n|\r|\n|$)").match(text, body_start)
    return FrontMatter(data, values, line_end.end() if line_end else body_start)


def _load(yaml_text: str, source: Source, yaml_start: int) -> tuple[yaml.Node, dict[str, Any]]:
    """The node tree and the constructed mapping, bounded in depth and size."""
    first_line = source.line(yaml_start)
    try:
        if sum(1 for _ in zip(_NESTING.finditer(yaml_text), range(_MAY_NEST_AT), strict=False)) == _MAY_NEST_AT:
            _check_depth(yaml_text, first_line)
        loader = _Loader(yaml_text)
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                message = "the front matter is no mapping; write it as 'key: value' lines"
                raise DocumentError("front_matter_not_mapping", message, first_line)
            _check_size(node, first_line)
            data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = first_line + mark.line if mark is not None else first_line
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise DocumentError("yaml_error", f"the front matter is no valid YAML: {problem}", line) from error
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise DocumentError("yaml_error", f"a value of the front matter cannot be read: {error}", first_line) from error
    return node, data


def _check_depth(yaml_text: str, first_line: int) -> None:
    depth = 0
    for event in yaml.parse(yaml_text, Loader=_Loader):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                line = first_line + (event.start_mark.line if event.start_mark else 0)
                message = f"the front matter is nested more than {MAX_DEPTH} deep"
                raise DocumentError("yaml_too_complex", message, line)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1


def _check_size(root: yaml.Node, first_line: int) -> None:
    """Refuse trees that aliases blow up, or that contain themselves, before anything is built of them."""
    count, todo = 0, [(root, 0)]
    while todo:
        node, depth = todo.pop()
        count += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            message = f"the front matter holds more than {MAX_NODES:,} values or {MAX_DEPTH} levels, aliases counted"
            raise DocumentError("yaml_too_complex", message, first_line)
        if isinstance(node, yaml.MappingNode):
            todo.extend((child, depth + 1) for pair in node.value for child in pair)
        elif isinstance(node, yaml.SequenceNode):
            todo.extend((child, depth + 1) for child in node.value)


def _values(node: yaml.Node, path: tuple[str | int, ...], source: Source, base: int) -> Iterator[Value]:
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            yield from _values(child, (*path, str(key.value)), source, base)
    elif isinstance(node, yaml.SequenceNode):
        for k, child in enumerate(node.value):
            yield from _values(child, (*path, k), source, base)
    elif isinstance(node, yaml.ScalarNode):
        start, end = base + node.start_mark.index, base + node.end_mark.index
        text = source.text
        if node.style in ("|", ">"):  # the indicator line is no part of the value
            header = text.find("\n", start, end)
            start = header + 1 if header >= 0 else start
        elif node.style in ("'", '"'):
            start, end = start + 1, end - 1
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        yield Value(path, node.value, align(node.value.strip(), text, start, end), start, end)
