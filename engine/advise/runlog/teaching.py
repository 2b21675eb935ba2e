"""What a person teaches of a log: which column is what, how its lines look, which of several runs is meant.

It is said on the command line, or in a file `advise.yaml` beside the log:

    map: {dev.metric: val_dice}
    patterns:
      - step {step} trl {train.loss} val {dev.loss}
    run: version_3
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from advise.documents.detect import read_document
from advise.documents.line_pattern import LinePattern, line_pattern
from advise.documents.located import Document, MappingNode, Node, ScalarNode, SequenceNode
from advise.documents.problems import Problem, nearest
from advise.errors import InputError, PatternError, TeachingError
from advise.knowledge.roles import RolesFile
from advise.runlog.readers.limits import MAX_SETTINGS_BYTES

FILE = "advise.yaml"
_KEYS = ("map", "patterns", "run")
_OPTION = "--pattern"


@dataclass(frozen=True, slots=True)
class Teaching:
    """What is taught of the logs of one run.

    Attributes:
        columns: Column by role, where it shall not be guessed.
        patterns: How lines look.
        run: Which run is meant, where there are several in one place.
        places: Where a role was mapped, if in a file: what to point at should it be wrong.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[LinePattern, ...] = ()
    run: str | None = None
    places: Mapping[str, tuple[Document, Node]] = field(default_factory=dict)

    def over(self, other: Teaching) -> Teaching:
        """Both; where they differ, this one counts."""
        return Teaching(
            {**other.columns, **self.columns},
            tuple({pattern.source: pattern for pattern in (*self.patterns, *other.patterns)}.values()),
            other.run if self.run is None else self.run,
            {**other.places, **self.places},
        )

    def problem(self, role: str, message: str, accepted: str | None, meant: str | None) -> Problem:
        """What is wrong with the mapping of a role, where it was written."""
        place = self.places.get(role)
        if place is None:
            return Problem("--map", 0, 0, message, "", accepted=accepted, nearest=meant)
        document, node = place
        return document.at(node, message, accepted=accepted, nearest=meant)


def taught(columns: Mapping[str, str], patterns: Sequence[str], run: str | None, roles: RolesFile) -> Teaching:
    """What a caller says.

    Args:
        columns: Column by role.
        patterns: How lines look.
        run: The run that is meant.
        roles: The roles that there are.

    Raises:
        PatternError: A pattern cannot be understood.
    """
    read = tuple(line_pattern(source, _OPTION) for source in patterns)
    problems = [problem for pattern in read for problem in _unknown(pattern, roles, _OPTION)]
    if problems:
        raise PatternError(problems)
    return Teaching(dict(columns), read, run)


def beside(log: str, roles: RolesFile) -> Teaching:
    """What the file `advise.yaml` beside a log teaches.

    Args:
        log: The log.
        roles: The roles that there are.

    Raises:
        TeachingError: The file cannot be understood; every problem is listed.
    """
    file = os.path.join(os.path.dirname(log), FILE)
    return read_teaching(file, roles) if os.path.isfile(file) and not os.path.islink(file) else Teaching()


def with_roles(teaching: Teaching, roles: RolesFile) -> Teaching:
    """What is taught, the gaps of patterns that are called as roles being the columns of these roles."""
    named = {name: name for pattern in teaching.patterns for name in pattern.names if name in roles.roles and name not in roles.axes}
    return replace(teaching, columns={**named, **teaching.columns})


def read_teaching(file: str, roles: RolesFile) -> Teaching:
    """What a file `advise.yaml` teaches.

    Args:
        file: The file.
        roles: The roles that there are.

    Raises:
        TeachingError: It cannot be understood; every problem is listed.
    """
    try:
        with open(file, "rb") as stream:
            data = stream.read(MAX_SETTINGS_BYTES)
    except OSError as error:
        raise TeachingError([Problem(file, 1, 1, f"cannot be read: {error.strerror or error}", "")]) from error
    read = read_document(data, file)
    if read.document is None:
        raise TeachingError(read.problems)
    root = read.document.root
    if not isinstance(root, MappingNode):
        raise TeachingError([read.document.at(root, f"this says what `map`, `patterns` and `run` are, and is {root.described}")])
    entries = {key.text: node for key, node in root.pairs}
    problems = [read.document.at(key, f"unknown key `{key.text}`", accepted=", ".join(_KEYS)) for key, _ in root.pairs if key.text not in _KEYS]
    patterns, wrong = _patterns(entries.get("patterns"), read.document, roles)
    columns, places, mapped_wrong = _columns(entries.get("map"), read.document)
    run = entries.get("run")
    if run is not None and not isinstance(run, ScalarNode):
        problems.append(read.document.at(run, "`run` is the name of a run"))
    if problems + wrong + mapped_wrong:
        raise TeachingError([*problems, *wrong, *mapped_wrong])
    return Teaching(columns, patterns, run.text if isinstance(run, ScalarNode) else None, places)


def _patterns(node: Node | None, document: Document, roles: RolesFile) -> tuple[tuple[LinePattern, ...], list[Problem]]:
    items = () if node is None else node.items if isinstance(node, SequenceNode) else (node,)
    found: list[LinePattern] = []
    problems: list[Problem] = []
    for item in items:
        if not isinstance(item, ScalarNode):
            problems.append(document.at(item, "a pattern is a text, in quotes where it has `: ` or begins with `{`"))
            continue
        try:
            pattern = line_pattern(item.text, document.name)
        except InputError as error:
            problems += [_placed(problem, item, document) for problem in error.problems]
        else:
            problems += [_placed(problem, item, document) for problem in _unknown(pattern, roles, document.name)]
            found.append(pattern)
    return tuple(found), problems


def _placed(problem: Problem, item: ScalarNode, document: Document) -> Problem:
    """A problem of a pattern at its place in the file, where the pattern stands there letter for letter."""
    line = document.lines[item.line - 1] if 0 < item.line <= len(document.lines) else ""
    start = line.find(item.text, max(0, item.column - 1))
    if start < 0:
        return replace(problem, line=item.line, column=item.column, source_line=line, width=max(1, item.width))
    return replace(problem, line=item.line, column=start + problem.column, source_line=line)


def _unknown(pattern: LinePattern, roles: RolesFile, where: str) -> Iterator[Problem]:
    """Gaps that are called as roles are, and are none; a name without a dot may be any column."""
    for gap in pattern.gaps:
        if "." in gap.name and gap.name not in roles.roles:
            meant = nearest(gap.name, roles.roles)
            accepted = None if meant else ", ".join(sorted(roles.roles))
            yield Problem(where, 1, gap.column, f"`{gap.name}` is no role", pattern.source, gap.width, accepted, meant)


def _columns(node: Node | None, document: Document) -> tuple[dict[str, str], dict[str, tuple[Document, Node]], list[Problem]]:
    if node is None:
        return {}, {}, []
    if not isinstance(node, MappingNode):
        return {}, {}, [document.at(node, "`map` gives roles their columns, such as `dev.metric: val_dice`")]
    problems = [document.at(value, "a column is a name") for _, value in node.pairs if not isinstance(value, ScalarNode)]
    columns = {key.text: value.text for key, value in node.pairs if isinstance(value, ScalarNode)}
    places: dict[str, tuple[Document, Node]] = {key.text: (document, key) for key, _ in node.pairs}
    return columns, places, problems
