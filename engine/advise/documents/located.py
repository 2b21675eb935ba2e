"""A read file as a tree in which everything knows where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from advise.documents.problems import Problem
from advise.untrusted import shorten

Scalar = bool | int | float | str | None
Path = Sequence[str | int]


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    line: int
    column: int
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class ScalarNode(_Placed):
    """A single value.

    Attributes:
        value: What it means.
        text: What stands there, without quotes and escapes.
        quoted: Whether it stands in quotes, so that it is text whatever it looks like.
    """

    value: Scalar
    text: str
    quoted: bool

    @property
    def described(self) -> str:
        """What it is, in words: ``the word `abc` ``, `3.0`."""
        if self.value is None:
            return "nothing"
        if not isinstance(self.value, str):
            return shorten(self.text)
        return f"{'text' if self.quoted else 'the word'} `{shorten(self.text)}`"


@dataclass(frozen=True, slots=True, eq=False)
class SequenceNode(_Placed):
    """A list."""

    items: tuple[Node, ...]
    described: ClassVar[str] = "a list"


@dataclass(frozen=True, slots=True, eq=False)
class MappingNode(_Placed):
    """Values by name. A key is its text, whatever it looks like: `1` and `no` are names here; its `value` is that text."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    described: ClassVar[str] = "a mapping"

    def pair(self, name: str) -> tuple[ScalarNode, Node] | None:
        """The key of this name and its value; the first, should it be given twice."""
        return next((pair for pair in self.pairs if pair[0].text == name), None)


Node = ScalarNode | SequenceNode | MappingNode


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads.

    Attributes:
        node: The innermost node that the path reaches.
        key: The key it stands under; None in a list and at the root.
        unmatched: The parts of the path that led nowhere: names of union members, missing keys.
    """

    node: Node
    key: ScalarNode | None
    unmatched: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One read file.

    Attributes:
        name: As the caller named it.
        lines: Its text, line by line, without line ends.
        root: Its contents.
    """

    name: str
    lines: tuple[str, ...]
    root: Node

    def plain(self) -> object:
        """The contents as dicts, lists and scalars."""
        return plain(self.root)

    def find(self, path: Path) -> Place:
        """Follow a path of keys and indexes, skipping parts that lead nowhere (pydantic puts the names of union members into its paths)."""
        node, key = self.root, None
        unmatched: list[str | int] = []
        for part in path:
            found = _step(node, part)
            if found is None:
                unmatched.append(part)
            else:
                key, node = found
        return Place(node, key, tuple(unmatched))

    def problem(self, path: Path, message: str, *, accepted: str | None = None, nearest: str | None = None, on_key: bool = False) -> Problem:
        """A problem at the place a path leads to.

        Args:
            path: Keys and indexes from the root.
            message: What is wrong.
            accepted: What would be accepted.
            nearest: What was probably meant.
            on_key: Whether the key itself is wrong, rather than its value.
        """
        place = self.find(path)
        # The first line of something long says less than the key above it.
        to_key = on_key or not isinstance(place.node, ScalarNode) or not place.node.width
        return self.at(place.key if place.key and to_key else place.node, message, accepted=accepted, nearest=nearest)

    def at(self, node: Node, message: str, *, accepted: str | None = None, nearest: str | None = None) -> Problem:
        """A problem at a node."""
        source_line = self.lines[node.line - 1] if 0 < node.line <= len(self.lines) else ""
        return Problem(self.name, node.line, node.column, message, source_line, max(1, node.width), accepted, nearest)


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading a file.

    Attributes:
        document: None when the file could not be understood at all.
        problems: What is wrong with it; with a document these are mistakes that left the rest readable.
    """

    document: Document | None
    problems: tuple[Problem, ...]


def plain(node: Node) -> object:
    """A node as dicts, lists and scalars. Depth is bounded when a tree is built."""
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {key.text: plain(value) for key, value in node.pairs}


def _step(node: Node, part: str | int) -> tuple[ScalarNode | None, Node] | None:
    if isinstance(node, SequenceNode) and isinstance(part, int) and 0 <= part < len(node.items):
        return None, node.items[part]
    if isinstance(node, MappingNode):
        return node.pair(str(part))
    return None
