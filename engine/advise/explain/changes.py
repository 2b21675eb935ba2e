"""Changes to the facts, checked as a facts file is: by name, or as `lr.peak=5e-5` on a command line, every mistake pointing into its argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from advise.documents.located import Document, MappingNode, Node, ScalarNode
from advise.documents.problems import Problem, Problems
from advise.documents.yaml import read_yaml
from advise.errors import FactsError, FactValueError, TooManyProblemsError
from advise.facts.check import check_value, is_left_out
from advise.facts.mapping import ARGUMENT, read_mapping
from advise.facts.sheet import Entry, read_sheet
from advise.knowledge.vocabulary import Vocabulary
from advise.text import Value


def read_changes(arguments: Sequence[str], vocabulary: Vocabulary) -> Mapping[str, Value | None]:
    """The facts that arguments give other values; None leaves a fact unknown.

    Args:
        arguments: Each `fact=value`.
        vocabulary: The facts that exist, their types and bounds.

    Raises:
        FactsError: Something in them is wrong; every problem is listed.
    """
    problems = Problems()
    changes: dict[str, Value | None] = {}
    with suppress(TooManyProblemsError):
        _read_into(changes, (_document(argument, problems) for argument in arguments), vocabulary, problems)
    return _unless_wrong(changes, problems)


def changes_from_mapping(mapping: Mapping[str, object], vocabulary: Vocabulary) -> Mapping[str, Value | None]:
    """The facts that a mapping gives other values; None leaves a fact unknown.

    Args:
        mapping: Names to values, nested or dotted; `None` and `"unknown"` leave a fact unknown.
        vocabulary: The facts that exist, their types and bounds.

    Raises:
        FactsError: Something in it is wrong; every problem is listed.
    """
    read = read_mapping(mapping)
    problems = Problems()
    changes: dict[str, Value | None] = {}
    with suppress(TooManyProblemsError):
        problems.extend(read.problems)
        _read_into(changes, [read.document], vocabulary, problems)
    return _unless_wrong(changes, problems)


def _read_into(changes: dict[str, Value | None], documents: Iterable[Document | None], vocabulary: Vocabulary, problems: Problems) -> None:
    for document in filter(None, documents):
        for entry in _entries(document, vocabulary, problems):
            if entry.name in changes:
                problems.add(document.at(entry.key, f"`{entry.name}` is changed twice"))
            changes[entry.name] = _value(entry, document, vocabulary, problems)


def _unless_wrong(changes: Mapping[str, Value | None], problems: Problems) -> Mapping[str, Value | None]:
    if problems.found:
        raise FactsError(problems.found)
    return changes


def _entries(document: Document, vocabulary: Vocabulary, problems: Problems) -> Iterable[Entry]:
    sheet = read_sheet(document, vocabulary, problems)
    for entry in sheet.head:
        problems.add(document.at(entry.key, f"`{entry.name}` is no fact; only facts can be changed"))
    return sheet.facts.values()


def _document(argument: str, problems: Problems) -> Document | None:
    """The argument as the facts file that would say the same, each thing where it stands in the argument."""
    written, _, value = argument.partition("=")
    name = written.strip()
    if not name:
        problems.add(Problem(ARGUMENT, 1, 1, "the name of a fact is missing before `=`", argument))
        return None
    before = " " * (len(written) + 1)
    read = read_yaml(f"{before}{value}".encode("utf-8", "surrogateescape"), ARGUMENT)
    problems.extend(_shown_in(argument, problem) for problem in read.problems)
    if read.document is None:
        return None
    # An empty document is an empty mapping; an empty value is no value.
    node = read.document.root if value.strip() else ScalarNode(1, len(before) + 1, 1, None, "", quoted=False)
    key = ScalarNode(1, written.index(name) + 1, len(name), name, name, quoted=False)
    return Document(ARGUMENT, (argument,), MappingNode(1, 1, 1, ((key, node),)))


def _shown_in(argument: str, problem: Problem) -> Problem:
    return replace(problem, source_line=argument)


def _value(entry: Entry, document: Document, vocabulary: Vocabulary, problems: Problems) -> Value | None:
    if is_left_out(entry.node) and _text(entry.node):
        return None
    try:
        return check_value(entry.node, vocabulary[entry.name])
    except FactValueError as wrong:
        problems.add(document.at(wrong.node, f"`{entry.name}` {wrong.message}", accepted=wrong.accepted, nearest=wrong.nearest))
        return None


def _text(node: Node) -> str:
    return node.text if isinstance(node, ScalarNode) else ""
