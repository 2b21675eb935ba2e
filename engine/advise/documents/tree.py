"""Building the tree of a file from a stream of events, without recursion and within limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from advise.documents.decode import SourceText, decode
from advise.documents.located import Document, MappingNode, Node, Read, Scalar, ScalarNode, SequenceNode
from advise.documents.problems import Problems
from advise.errors import TooManyProblemsError, UnreadableError

MAX_DEPTH = 64
MAX_NODES = 100_000
MAX_SCALAR = 64 * 1024


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: line and column from 1, and how many characters it takes on that line."""

    line: int
    column: int
    width: int


@dataclass(frozen=True, slots=True)
class Built:
    """A finished node, how many nodes it comes to, and how deep it nests."""

    node: Node
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    spot: Spot
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    keys: list[ScalarNode] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    wants_key: bool = False
    drops_value: bool = False
    size: int = 1
    height: int = 1

    def finished(self) -> Built:
        spot = self.spot
        if self.is_mapping:
            pairs = tuple(zip(self.keys, self.items, strict=True))
            return Built(MappingNode(spot.line, spot.column, spot.width, pairs), self.size, self.height)
        return Built(SequenceNode(spot.line, spot.column, spot.width, tuple(self.items)), self.size, self.height)


def read_tree(data: bytes, name: str, breaks: re.Pattern[str], feed: Callable[[SourceText, TreeBuilder], None]) -> Read:
    """Decode a file and build its tree.

    Args:
        data: The bytes of the file.
        name: How to call the file in problems.
        breaks: What ends a line.
        feed: Gives the events of the text to the builder.
    """
    try:
        source = decode(data, name, breaks)
    except UnreadableError as refusal:
        return Read(None, (refusal.problem,))
    builder = TreeBuilder(source)
    try:
        feed(source, builder)
    except UnreadableError as refusal:
        return Read(None, (*builder.problems.sorted(), refusal.problem))
    except TooManyProblemsError:
        return Read(None, builder.problems.sorted())
    return Read(builder.document(), builder.problems.sorted())


class TreeBuilder:
    """Takes the events of one file and makes its document.

    A mistake that leaves the rest readable goes to `problems`; one that does not raises `UnreadableError`.
    """

    def __init__(self, source: SourceText) -> None:
        self.problems = Problems()
        self._source = source
        self._open: list[_Open] = []
        self._nodes = 0
        self._root: Node | None = None

    @property
    def wants_key(self) -> bool:
        """Whether the next event is the key of a mapping."""
        return bool(self._open) and self._open[-1].wants_key

    @property
    def innermost(self) -> Spot | None:
        """Where the innermost collection that is still open begins."""
        return self._open[-1].spot if self._open else None

    def begin(self, spot: Spot, *, is_mapping: bool) -> None:
        """A list or mapping begins."""
        if self.wants_key:
            raise self._refused(spot, "a key is a name, not a list or a mapping (text that begins with { or [ needs quotes)")
        self._check_room(spot, size=1, height=1)
        self._open.append(_Open(spot, is_mapping, wants_key=is_mapping))

    def end(self) -> Built:
        """The innermost list or mapping ends."""
        built = self._open.pop().finished()
        self._place(built)
        return built

    def scalar(self, spot: Spot, value: Scalar, text: str, *, quoted: bool, mistake: str | None = None) -> Built:
        """A single value, or a key.

        Args:
            spot: Where it stands.
            value: What it means.
            text: What stands there.
            quoted: Whether in quotes.
            mistake: What is wrong with it; a key with a mistake is left out, and its value with it.
        """
        if len(text) > MAX_SCALAR:
            raise self._refused(spot, f"a single value has at most {MAX_SCALAR // 1024} Ki characters, this one has {len(text):,}")
        self._check_room(spot, size=1, height=0)
        if mistake is not None:
            self.problem(spot, mistake)
        if self.wants_key:
            key = ScalarNode(spot.line, spot.column, spot.width, text, text, quoted)
            self._key(key, usable=mistake is None)
            return Built(key, 1, 0)
        built = Built(ScalarNode(spot.line, spot.column, spot.width, value, text, quoted), 1, 0)
        self._place(built)
        return built

    def repeat(self, spot: Spot, built: Built) -> None:
        """A finished node stands here again."""
        if isinstance(built.node, ScalarNode):
            self.scalar(spot, built.node.value, built.node.text, quoted=built.node.quoted)
            return
        if self.wants_key:
            raise self._refused(spot, "a key is a name; this alias stands for something else")
        self._check_room(spot, built.size, built.height)
        self._place(replace(built, node=replace(built.node, line=spot.line, column=spot.column, width=spot.width)))

    def problem(self, spot: Spot, message: str) -> None:
        """Note a mistake that leaves the rest readable."""
        self.problems.add(self._source.problem(spot.line, spot.column, message, spot.width))

    def document(self) -> Document:
        """The document; one without contents is an empty mapping."""
        root = self._root
        if root is None or (isinstance(root, ScalarNode) and root.value is None and not root.text):
            root = MappingNode(1, 1, 1, ())
        return Document(self._source.name, self._source.lines, root)

    def _key(self, key: ScalarNode, *, usable: bool) -> None:
        parent = self._open[-1]
        parent.wants_key = False
        parent.drops_value = not usable or key.text in parent.lines
        if not parent.drops_value:
            parent.lines[key.text] = key.line
            parent.keys.append(key)
        elif usable:
            spot = Spot(key.line, key.column, key.width)
            self.problem(spot, f"`{key.text}` is given twice; the first is on line {parent.lines[key.text]}")

    def _place(self, built: Built) -> None:
        if not self._open:
            self._root = built.node
            return
        parent = self._open[-1]
        parent.size += built.size
        parent.height = max(parent.height, built.height + 1)
        if not parent.drops_value:
            parent.items.append(built.node)
        parent.drops_value = False
        parent.wants_key = parent.is_mapping

    def _check_room(self, spot: Spot, size: int, height: int) -> None:
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise self._refused(spot, f"a file has at most {MAX_NODES:,} values, aliases counted each time they are used")
        if len(self._open) + height > MAX_DEPTH:
            raise self._refused(spot, f"lists and mappings nest at most {MAX_DEPTH} deep")

    def _refused(self, spot: Spot, message: str) -> UnreadableError:
        return UnreadableError(self._source.problem(spot.line, spot.column, message, spot.width))
