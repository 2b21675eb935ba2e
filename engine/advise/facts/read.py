"""Reading facts: from files, from standard input, from a mapping."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from advise.documents.decode import MAX_BYTES
from advise.documents.detect import read_document
from advise.documents.located import Read, ScalarNode
from advise.documents.problems import Problem, Problems
from advise.errors import FactsError, FactValueError, TooManyProblemsError
from advise.facts.answers import answers_of
from advise.facts.check import check_interval, check_text, check_value, is_left_out
from advise.facts.mapping import read_mapping
from advise.facts.merge import Stated, merge
from advise.facts.record import Fact, Observed, Origin
from advise.facts.sheet import Entry, Sheet, read_sheet
from advise.knowledge.vocabulary import Vocabulary
from advise.text import Value

STDIN = "-"
_NOT_FINITE = "is_nonfinite"


def read_all(paths: Iterable[str | Path], vocabulary: Vocabulary, stated: Mapping[str, object] | None = None) -> Observed:
    """Read facts files, each with its answers file, and put together what they state.

    Args:
        paths: YAML or JSON; `-` is standard input. One that is not there yet states nothing, if its answers are.
        vocabulary: The facts that exist, their types and bounds.
        stated: What is stated beside the files, as a mapping that says what a facts file would.

    Raises:
        FactsError: Something in them is wrong; every problem of every file is listed.
    """
    files = _files([str(path) for path in paths])
    return _observed(files if stated is None else chain(files, [(read_mapping(stated), Path())]), vocabulary)


def facts_from_mapping(mapping: Mapping[str, object], vocabulary: Vocabulary) -> Observed:
    """Take facts from a mapping that says what a facts file would.

    Args:
        mapping: Names to values, nested or dotted; `None` and `"unknown"` are the same as leaving a fact out.
        vocabulary: The facts that exist, their types and bounds.

    Raises:
        FactsError: Something in it is wrong; every problem is listed.
    """
    return read_all((), vocabulary, mapping)


def _observed(reads: Iterable[tuple[Read, Path]], vocabulary: Vocabulary) -> Observed:
    problems = Problems()
    merged: dict[str, Fact] = {}
    with suppress(TooManyProblemsError):
        merged = merge([item for read, folder in reads for item in _stated(read, folder, vocabulary, problems)], problems)
    if problems.found:
        raise FactsError(problems.sorted())
    run, follows = (merged.pop(name, None) for name in ("run", "follows"))
    return Observed(merged, None if run is None else str(run.value), None if follows is None else Path(str(follows.value)))


def _stated(read: Read, folder: Path, vocabulary: Vocabulary, problems: Problems) -> Iterator[Stated]:
    problems.extend(read.problems)
    if read.document is None:
        return
    sheet = read_sheet(read.document, vocabulary, problems)
    for entry in (*sheet.head, *sheet.facts.values()):
        if is_left_out(entry.node):
            continue
        try:
            value = _value(entry, folder, vocabulary)
            if entry.name in sheet.intervals and entry.name in vocabulary:
                value = check_interval(value, sheet.intervals[entry.name].node, vocabulary[entry.name])
        except FactValueError as wrong:
            # The first line of a list or mapping says less than the key above it.
            node = entry.key if wrong.node is entry.node and not isinstance(entry.node, ScalarNode) else wrong.node
            message = f"`{entry.name}` {wrong.message}"
            accepted = wrong.accepted or _instead(entry, vocabulary)
            problems.add(sheet.document.at(node, message, accepted=accepted, nearest=wrong.nearest))
        else:
            yield Stated(Fact(entry.name, value, _origin(entry, sheet)), sheet.document, entry.key)


def _instead(entry: Entry, vocabulary: Vocabulary) -> str | None:
    """The fact which says that a number is not finite, where that was written for one."""
    node = entry.node
    if not isinstance(node, ScalarNode) or node.text.strip().lstrip("+-.").casefold() not in ("nan", "inf", "infinity"):
        return None
    name = f"{entry.name.rpartition('.')[0]}.{_NOT_FINITE}"
    return f"{name}: true" if name in vocabulary else None


def _value(entry: Entry, folder: Path, vocabulary: Vocabulary) -> Value:
    match entry.name:
        case "run":
            return check_text(entry.node)
        case "follows":
            path = folder / check_text(entry.node)
            if not _is_within(path, folder):
                raise FactValueError(entry.node, "leads out of the folder of this file; name such a plan with --after")
            # Unlike Path.is_file, this is never surprised: by a name too long, by a folder that may not be looked into.
            if not os.path.isfile(path):
                raise FactValueError(entry.node, f"names no file: {path}")
            return str(path)
        case name:
            return check_value(entry.node, vocabulary[name])


def _is_within(path: Path, folder: Path) -> bool:
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def _origin(entry: Entry, sheet: Sheet) -> Origin:
    return Origin(sheet.document.name, entry.key.line, entry.key.column)


def _files(paths: Sequence[str]) -> Iterator[tuple[Read, Path]]:
    named = {os.path.normpath(path) for path in paths}
    for path in paths:
        answers = answers_of(path)
        has_answers = path not in (STDIN, answers) and os.path.isfile(answers)
        if not has_answers or os.path.lexists(path):
            yield _read_file(path), _folder(path)
        if has_answers and os.path.normpath(answers) not in named:
            named.add(os.path.normpath(answers))
            is_within = _is_within(Path(answers), _folder(answers))
            yield _read_file(answers) if is_within else _refused(answers, "leads out of its folder, and nobody named it"), _folder(answers)


def _folder(path: str) -> Path:
    return Path() if path == STDIN else Path(path).parent


def _read_file(path: str) -> Read:
    try:
        return read_document(_content(path), "<stdin>" if path == STDIN else path)
    except IsADirectoryError:
        message = "this is a folder; name the facts file in it"
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
    except ValueError as error:
        message = f"is no path: {error}"
    return _refused(path, message)


def _refused(path: str, message: str) -> Read:
    return Read(None, (Problem(path, 1, 1, message, ""),))


def _content(path: str) -> bytes:
    # One byte above the limit tells the reader that there is too much.
    if path == STDIN:
        if sys.stdin is None:
            raise OSError("there is no standard input")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)
