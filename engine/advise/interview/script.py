"""Answers from a file in place of a person: checked all together, every mistake with its place."""

from __future__ import annotations

import sys
from pathlib import Path

from advise.documents.decode import MAX_BYTES
from advise.documents.detect import read_document
from advise.documents.located import Document, Node, ScalarNode, SequenceNode
from advise.documents.problems import Problem, Problems
from advise.errors import AnswerError, FactsError, FactValueError, FileError, TooManyProblemsError
from advise.facts.check import check_value, is_left_out
from advise.facts.sheet import Entry, read_sheet
from advise.facts.written import written
from advise.interview.accepted import accepted
from advise.interview.answer import parse_items
from advise.interview.commands import Command, command_of
from advise.interview.interview import Interview
from advise.interview.whole_file import WholeFile
from advise.text import Value

STDIN = "-"


def read_answers(path: str, interview: Interview) -> dict[str, Value]:
    """Read answers: a mapping of facts to what a person would type, in YAML or JSON.

    Args:
        path: The file; `-` is standard input.
        interview: What they answer. A fact that is known already with this value is left out, and so is what the answers say is unknown.

    Raises:
        FactsError: An answer cannot be accepted, or contradicts what is known; every problem is listed.
        FileError: The file cannot be read.
    """
    name, data = ("<stdin>", sys.stdin.buffer.read(MAX_BYTES + 1)) if path == STDIN else (path, WholeFile(Path(path)).read())
    if data is None:
        raise FileError(f"{path}: cannot be read: there is no such file")
    read = read_document(data, name)
    problems = Problems()
    answers: dict[str, Value] = {}
    try:
        problems.extend(read.problems)
        if read.document is not None:
            answers = _answers(read.document, interview, problems)
    except TooManyProblemsError:
        answers = {}
    if problems.found:
        raise FactsError(problems.sorted())
    return answers


def _answers(document: Document, interview: Interview, problems: Problems) -> dict[str, Value]:
    sheet = read_sheet(document, interview.base.vocabulary, problems)
    for entry in sheet.head:
        problems.add(document.at(entry.key, f"`{entry.name}` is no fact: it belongs into the facts file"))
    answers = {}
    for entry in sheet.facts.values():
        if _is_unknown(entry.node):
            continue
        try:
            value = _value(entry, interview)
        except AnswerError as rejected:
            problems.add(_problem(document, entry, rejected, interview))
        except FactValueError as wrong:
            problems.add(document.at(wrong.node, f"`{entry.name}` {wrong.message}", accepted=wrong.accepted, nearest=wrong.nearest))
        else:
            known = interview.examination.context
            if entry.name not in interview.examination.stated:
                answers[entry.name] = value
            elif interview.examination.stated[entry.name] != value:
                stated = written(interview.examination.stated[entry.name])
                problems.add(document.at(entry.key, f"`{entry.name}` is {written(value)} here and {stated} at {known.origins[entry.name]}"))
    return answers


def _value(entry: Entry, interview: Interview) -> Value:
    node, spec = entry.node, interview.base.vocabulary[entry.name]
    if isinstance(node, ScalarNode):
        return interview.parsed(entry.name, node.text)
    if isinstance(node, SequenceNode) and spec.type.value.endswith("s") and all(isinstance(item, ScalarNode) for item in node.items):
        return parse_items([item.text for item in node.items if isinstance(item, ScalarNode)], spec, interview.words)
    return check_value(node, spec)


def _is_unknown(node: Node) -> bool:
    return is_left_out(node) or (isinstance(node, ScalarNode) and command_of(node.text) is Command.UNKNOWN)


def _problem(document: Document, entry: Entry, rejected: AnswerError, interview: Interview) -> Problem:
    spec = interview.base.vocabulary[entry.name]
    listed = ", ".join(spec.values) or accepted(spec, interview.words).en
    return document.at(entry.node, f"`{entry.name}`: {rejected.reason.en}", accepted=listed, nearest=rejected.nearest)
