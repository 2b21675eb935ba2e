"""A document laid over another: it adds to it, and may replace nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from advise.documents.located import Document, MappingNode, Node, ScalarNode, SequenceNode
from advise.documents.problems import Problem

_ID = "id"


@dataclass(frozen=True, slots=True)
class JoinedDocument(Document):
    """Two documents as one; a problem is shown in the file in which its node stands.

    Attributes:
        others: The document of each node that is not of the first, by the identity of the node.
    """

    others: Mapping[int, Document] = field(default_factory=dict)

    def at(self, node: Node, message: str, *, accepted: str | None = None, nearest: str | None = None) -> Problem:
        """A problem at a node, in its own file."""
        home = self.others.get(id(node))
        if home is None:
            home = Document(self.name, self.lines, self.root)
        return home.at(node, message, accepted=accepted, nearest=nearest)


def joined(first: Document, second: Document, depth: int) -> tuple[Document, list[Problem]]:
    """Two documents as one, and every place in which the second would replace something.

    Args:
        first: The one that is added to.
        second: What is added.
        depth: So many levels below the root, mappings and lists of both are put together; below, a name is given once.
    """
    problems: list[Problem] = []
    root = _joined(first, first.root, second, second.root, depth, problems)
    others = {**getattr(first, "others", {}), **dict.fromkeys(map(id, _nodes(second.root)), second)}
    return JoinedDocument(first.name, first.lines, root, others), problems


def _joined(first: Document, ours: Node, second: Document, theirs: Node, depth: int, problems: list[Problem]) -> Node:
    if not isinstance(ours, MappingNode) or not isinstance(theirs, MappingNode):
        return ours
    pairs = dict(zip((key.text for key, _ in ours.pairs), ours.pairs, strict=True))
    for key, value in theirs.pairs:
        present = pairs.get(key.text)
        if present is None:
            pairs[key.text] = (key, value)
        elif depth > 0 and isinstance(present[1], MappingNode) and isinstance(value, MappingNode):
            pairs[key.text] = (present[0], _joined(first, present[1], second, value, depth - 1, problems))
        elif depth > 0 and isinstance(present[1], SequenceNode) and isinstance(value, SequenceNode):
            pairs[key.text] = (present[0], _appended(first, present[1], second, value, problems))
        else:
            problems.append(_twice(first, present[0], second, key))
    return MappingNode(ours.line, ours.column, ours.width, tuple(pairs.values()))


def _appended(first: Document, ours: SequenceNode, second: Document, theirs: SequenceNode, problems: list[Problem]) -> SequenceNode:
    known = {found.text: found for item in ours.items if (found := _id_of(item)) is not None}
    for item in theirs.items:
        own = _id_of(item)
        if own is not None and own.text in known:
            problems.append(_twice(first, known[own.text], second, own))
    return SequenceNode(ours.line, ours.column, ours.width, (*ours.items, *theirs.items))


def _id_of(item: Node) -> ScalarNode | None:
    pair = item.pair(_ID) if isinstance(item, MappingNode) else None
    return pair[1] if pair is not None and isinstance(pair[1], ScalarNode) else None


def _twice(first: Document, ours: ScalarNode, second: Document, theirs: ScalarNode) -> Problem:
    place = first.at(ours, "")
    return second.at(theirs, f"`{theirs.text}` is given in {place.file}:{place.line} already; what is laid over adds, and replaces nothing")


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, MappingNode):
        for key, value in node.pairs:
            yield key
            yield from _nodes(value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _nodes(item)
