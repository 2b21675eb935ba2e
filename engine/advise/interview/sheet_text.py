"""Writing one more fact into the text of a facts file, everything else in it left as it stands.

Several ways are proposed, the most faithful first. They are proposals: text that comes from people holds anchors, folded scalars and what else YAML
has, so the caller reads each result again and takes the first that says what it should.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from advise.facts.written import as_json, written
from advise.text import Value

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FACTS = "facts"
_INDENT = 2


def proposals(text: str, fact: str, value: Value) -> Iterator[str]:
    """The text with a fact in it, in several ways.

    Args:
        text: YAML or JSON that is valid as a facts file, in which the fact has no value.
        fact: Its full dotted name.
        value: Its value.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        return
    newline = "\r\n" if "\r\n" in text else "\n"
    if not isinstance(root, MappingNode):
        yield _at_the_end(text, f"{fact}: {written(value)}", newline)
        return
    facts = next((node for key, node in root.value if key.value == _FACTS), root)
    if isinstance(facts, MappingNode):
        yield from _filled(text, facts, fact, value)
    match facts:
        case MappingNode(flow_style=True):
            yield _into_braces(text, facts, f"{json.dumps(fact)}: {as_json(value)}", newline)
        case MappingNode(value=[(first, _), *_]):
            line = f"{' ' * first.start_mark.column}{fact}: {written(value)}"
            yield _at_the_end(text, line, newline)
            yield _after_last(text, facts, line, newline)
        case _:
            # `facts:` with nothing below it.
            line = f"{' ' * _INDENT}{fact}: {written(value)}"
            bare = text[: facts.start_mark.index] + text[facts.end_mark.index :]
            yield _at_the_end(bare, line, newline)
            yield _below(bare, facts.start_mark.index, line, newline)


def _filled(text: str, facts: MappingNode, fact: str, value: Value) -> Iterator[str]:
    """The present value, which says that the fact is unknown, replaced where it stands."""
    node = _find(facts, "", fact)
    if not isinstance(node, ScalarNode) or node.start_mark.line != node.end_mark.line:
        return
    start, end = node.start_mark.index, node.end_mark.index
    space = "" if text[start - 1] in " \t" else " "
    yield f"{text[:start]}{space}{as_json(value) if facts.flow_style else written(value)}{text[end:]}"
    yield f"{text[:start]}{space}{as_json(value)}{text[end:]}"


def _find(mapping: MappingNode, prefix: str, fact: str) -> Node | None:
    pairs: list[tuple[Node, Node]] = mapping.value
    for key, node in pairs:
        name = f"{prefix}{key.value}"
        if name == fact:
            return node
        found = _find(node, f"{name}.", fact) if isinstance(node, MappingNode) and fact.startswith(f"{name}.") else None
        if found is not None:
            return found
    return None


def _at_the_end(text: str, line: str, newline: str) -> str:
    gap = "" if not text or text.endswith(("\n", "\r")) else newline
    return f"{text}{gap}{line}{newline}"


def _after_last(text: str, mapping: MappingNode, line: str, newline: str) -> str:
    last: Node = mapping
    while isinstance(last, CollectionNode) and last.value and not last.flow_style:
        last = last.value[-1][1] if isinstance(last, MappingNode) else last.value[-1]
    return _below(text, last.end_mark.index, line, newline)


def _below(text: str, index: int, line: str, newline: str) -> str:
    """A line below the one on which something ends."""
    if index and text[index - 1] == "\n":
        return f"{text[:index]}{line}{newline}{text[index:]}"
    stop = text.find("\n", index) + 1
    return f"{text[:stop]}{line}{newline}{text[stop:]}" if stop else _at_the_end(text, line, newline)


def _into_braces(text: str, mapping: MappingNode, pair: str, newline: str) -> str:
    if not mapping.value:
        index = mapping.start_mark.index + 1
        return f"{text[:index]}{newline}{' ' * _INDENT}{pair}{newline}{text[mapping.end_mark.index - 1 :]}"
    key, last = mapping.value[-1]
    margin = text[text.rfind("\n", 0, key.start_mark.index) + 1 : key.start_mark.index]
    gap = " " if margin.strip() else f"{newline}{margin}"
    index = last.end_mark.index
    return f"{text[:index]},{gap}{pair}{text[index:]}"
