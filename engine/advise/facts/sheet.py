"""What a facts file says, by name: nesting is the same as dots, in any mixture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from advise.documents.located import Document, MappingNode, Node, ScalarNode
from advise.documents.problems import Problem, Problems, nearest
from advise.facts.check import is_left_out
from advise.knowledge.vocabulary import Vocabulary
from advise.untrusted import shorten

_LISTED = 12
HEAD = ("run", "follows")
INTERVALS = "intervals"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that is given a value: the full dotted name, its last key, and the value."""

    name: str
    key: ScalarNode
    node: Node


@dataclass(slots=True)
class Sheet:
    """One facts file.

    Attributes:
        document: Where everything stands.
        head: What it says about itself: `run` and `follows`.
        facts: Each fact it gives, once.
        intervals: Between which ends facts that it gives lie, by name.
    """

    document: Document
    head: list[Entry] = field(default_factory=list)
    facts: dict[str, Entry] = field(default_factory=dict)
    intervals: dict[str, Entry] = field(default_factory=dict)


def read_sheet(document: Document, vocabulary: Vocabulary, problems: Problems) -> Sheet:
    """Take a facts file apart.

    Args:
        document: The file.
        vocabulary: The facts that exist.
        problems: Takes every name that does not.

    Returns:
        The file's entries, their values unchecked.
    """
    sheet = Sheet(document)
    root = document.root
    if not isinstance(root, MappingNode):
        problems.add(document.at(root, f"a facts file gives names their values, such as `lr.peak: 0.001`; this is {root.described}"))
        return sheet
    for entry in _entries(_facts(sheet, root, problems), "", document, vocabulary, problems):
        first = sheet.facts.setdefault(entry.name, entry)
        if first is not entry:
            where = f"; the first is at {document.name}:{first.key.line}:{first.key.column}" if first.key.line else ""
            problems.add(document.at(entry.key, f"`{entry.name}` is given twice{where}"))
    _read_intervals(sheet, root, vocabulary, problems)
    return sheet


def _read_intervals(sheet: Sheet, root: MappingNode, vocabulary: Vocabulary, problems: Problems) -> None:
    pair = root.pair(INTERVALS)
    if pair is None or root.pair("facts") is None:
        return
    if not isinstance(pair[1], MappingNode):
        problems.add(sheet.document.at(pair[0], f"`{INTERVALS}` gives facts their ends, such as `dev.worsening: [0.01, 0.03]`"))
        return
    for entry in _entries(pair[1].pairs, "", sheet.document, vocabulary, problems):
        sheet.intervals[entry.name] = entry
        if entry.name not in sheet.facts:
            problems.add(sheet.document.at(entry.key, f"`{entry.name}` has an interval here, and no value among the facts"))


def _facts(sheet: Sheet, root: MappingNode, problems: Problems) -> Iterable[tuple[ScalarNode, Node]]:
    wrapped = root.pair("facts")
    bare = []
    for key, node in root.pairs:
        # `run` is also a group of facts, and a run is not called a mapping.
        if key.text in HEAD and (wrapped is not None or not isinstance(node, MappingNode)):
            sheet.head.append(Entry(key.text, key, node))
        elif wrapped is None:
            bare.append((key, node))
        elif key is not wrapped[0] and key.text != INTERVALS:
            message = f"`{shorten(key.text)}` stands beside `facts:`; facts stand below it"
            problems.add(sheet.document.at(key, message, accepted="run, follows, facts, intervals"))
    if wrapped is None:
        return bare
    if isinstance(wrapped[1], MappingNode):
        return wrapped[1].pairs
    if not is_left_out(wrapped[1]):
        problems.add(sheet.document.at(wrapped[0], f"`facts` gives names their values, such as `lr.peak: 0.001`; this is {wrapped[1].described}"))
    return ()


def _entries(
    pairs: Iterable[tuple[ScalarNode, Node]], prefix: str, document: Document, vocabulary: Vocabulary, problems: Problems
) -> Iterator[Entry]:
    for key, node in pairs:
        name = f"{prefix}{key.text}"
        if name in vocabulary:
            yield Entry(name, key, node)
        elif name not in vocabulary.prefixes:
            problems.add(_unknown(name, key, node, document, vocabulary))
        elif isinstance(node, MappingNode):
            yield from _entries(node.pairs, f"{name}.", document, vocabulary, problems)
        elif not is_left_out(node):
            problems.add(document.at(key, f"`{name}` is a group of facts, not a fact", accepted=_below(name, vocabulary)))


def _unknown(name: str, key: ScalarNode, node: Node, document: Document, vocabulary: Vocabulary) -> Problem:
    group = name.rpartition(".")[0]
    accepted = _below(group, vocabulary) if group in vocabulary.prefixes else None
    names = (*sorted(vocabulary.prefixes), *vocabulary.specs) if isinstance(node, MappingNode) else vocabulary.specs
    return document.at(key, f"unknown fact `{shorten(name)}`", accepted=accepted, nearest=nearest(name, names))


def _below(group: str, vocabulary: Vocabulary) -> str:
    names = [name for name in vocabulary.specs if name.startswith(f"{group}.")]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
