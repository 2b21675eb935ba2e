"""Every exception of the package, in one tree.

AdviseError
├── InputError              the caller's facts, rules or options are wrong; carries located problems (exit code 2)
│   ├── FactsError          a facts file or a mapping of facts
│   ├── KnowledgeError      a file of kb/ or rules/
│   ├── SettingsError       the user's settings, such as `.advise.yaml`
│   ├── MappingError        a role is given a column that was not logged
│   ├── PatternError        a format of lines that cannot be understood
│   ├── TeachingError       a file beside a log that says how it is read
│   ├── RunChoiceError      the run that is asked for is not there, or there are several of its name
│   ├── ScoresError         final scores that cannot be compared
│   ├── StudyError          trials that cannot be read as a study
│   ├── LogError            a training log of which nothing can be read
│   ├── CursorError         a cursor of another list
│   └── MissingExtraError   a log whose reader needs packages that are not installed
├── UnknownNameError        nothing in the knowledge base has the name
├── OutputError             an output file cannot be written
├── ReaderLeftError         whoever reads standard output has left: nothing more is wanted
├── LedgerError             the ledger of rounds cannot be read or written
├── ComparisonError         the knowledge base does not say how configurations are compared
├── ScaffoldError           a new entry cannot be scaffolded
├── FileError               a facts file that is edited cannot be read or written
├── FileChangedError        someone else wrote to a facts file that is edited
├── AnswersChangedError     a facts file no longer agrees with the answers of a session
├── CallLimitError          a tool call took longer than it may, or there are too many of them
├── ReportError             a report for agents is not kept any more
├── WatchError              a run cannot be watched so: no command to tell, no place where a log could come
├── ListenError             the server's address is taken or none of this machine
├── MissingServerError      the packages of the extra `mcp` are not installed
├── ProgramError            implications that cannot be compiled together
├── EngineUnavailableError  a chaining engine cannot serve here
├── EngineError             durable-rules broke its contract in a run
└── inside the package, caught where the word "caught" says so; a caller never meets them
    ├── UnreadableError       caught by whoever reads a document
    ├── TooManyProblemsError  caught by the collector of problems
    ├── FactValueError        caught by the check of facts
    ├── AnswerError           caught by the dialogue
    ├── ExpressionError       caught by the loader of derived facts
    ├── CircularError         caught by the compiler of rules
    └── TooManyCasesError     caught by the linter
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advise.documents.located import Node
    from advise.documents.problems import Problem
    from advise.infer.program import Fault
    from advise.text import Text, Value


class AdviseError(Exception):
    """Whatever this package raises on purpose. It comes out of a pool of processes as it was raised, whatever its constructor asks for."""

    def __reduce__(self) -> tuple[Callable[..., AdviseError], tuple[type[AdviseError], tuple[object, ...], dict[str, object]]]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[AdviseError], args: tuple[object, ...], attributes: dict[str, object]) -> AdviseError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(attributes)
    return error


class InputError(AdviseError):
    """The input was wrong. Every problem found is in `problems`, in file order.

    Attributes:
        problems: What is wrong and where, each with its file, line and column.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class FactsError(InputError):
    """Facts that cannot be accepted."""


class KnowledgeError(InputError):
    """A file of the knowledge base that cannot be accepted."""


class SettingsError(InputError):
    """A user's settings that cannot be accepted."""


class MappingError(InputError):
    """A role that does not exist, or a column that no log has."""


class PatternError(InputError):
    """A format of lines that cannot be understood."""


class TeachingError(InputError):
    """A file beside a log that says how it is read, and cannot be understood."""


class RunChoiceError(InputError):
    """The run that is asked for is not there, or there are several of its name."""


class ScoresError(InputError):
    """Final scores that cannot be compared."""


class StudyError(InputError):
    """Trials that cannot be read as a study."""


class LogError(InputError):
    """A training log of which nothing can be read."""


class MissingExtraError(InputError):
    """A log whose reader needs packages that are not installed; the message says how to install them."""


class EngineUnavailableError(AdviseError):
    """The asked-for chaining engine cannot serve here: it cannot be imported, or the rules are too many for it; the message says why."""


class LedgerError(AdviseError):
    """The ledger of rounds cannot be read or written: a missing library, a file that is no ledger, a round that is not there."""


class CursorError(InputError):
    """A cursor that no answer gave, or that is of another list."""


class UnknownNameError(AdviseError):
    """Nothing in the knowledge base has this name; the nearest is suggested."""


class OutputError(AdviseError):
    """The output file cannot be written."""


class ReaderLeftError(AdviseError):
    """Whoever reads standard output has left; nothing more is wanted."""


class ComparisonError(AdviseError):
    """The knowledge base does not say how configurations are compared."""


class ScaffoldError(AdviseError):
    """A new entry cannot be scaffolded."""


class FileError(AdviseError):
    """A file cannot be read or written."""


class FileChangedError(AdviseError):
    """Someone else wrote to a file; it was left as it is."""


class AnswersChangedError(AdviseError):
    """Someone else changed the file so that it no longer agrees with this session; it was left as it is.

    Attributes:
        path: The file that was changed.
        lost: The answers of this session that are not in it, or not as they were given.
        problems: What is wrong with the file as it is now.
    """

    def __init__(self, path: Path, lost: Mapping[str, Value], problems: tuple[Problem, ...] = ()) -> None:
        self.path = path
        self.lost = dict(lost)
        self.problems = problems
        super().__init__(f"{path} was changed in the meantime and no longer agrees with this session")


class CallLimitError(AdviseError):
    """A call took longer than it may, or there are too many of them."""


class ReportError(AdviseError):
    """There is no report of this name, or no longer."""


class WatchError(AdviseError):
    """A run cannot be watched as is asked for: the command to tell is none, or there is no place where its log could come."""


class ListenError(AdviseError):
    """The server's address is taken, or none of this machine."""


class MissingServerError(AdviseError):
    """The packages that the server needs are not installed."""


class ProgramError(AdviseError):
    """Implications that cannot be compiled together.

    Attributes:
        faults: Every reason found, by key.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.key, fault.message)))
        super().__init__("; ".join(map(str, self.faults)))


class EngineError(AdviseError):
    """durable-rules did what it does not do inside its safe dialect."""


class UnreadableError(AdviseError):
    """A document cannot be read any further; what is wrong is in `problem`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class TooManyProblemsError(AdviseError):
    """Enough problems are collected; nothing further needs to be looked at."""


class FactValueError(AdviseError):
    """A value of a fact that cannot be accepted; it becomes a located problem of a `FactsError`.

    Attributes:
        node: The value, or the part of it that is wrong.
        message: What it must be; reads on after the name of the fact.
        accepted: What would be accepted, as a list in words.
        nearest: What was probably meant.
    """

    def __init__(self, node: Node, message: str, accepted: str | None = None, nearest: str | None = None) -> None:
        self.node = node
        self.message = message
        self.accepted = accepted
        self.nearest = nearest
        super().__init__(message)


class AnswerError(AdviseError):
    """An answer that cannot be accepted.

    Attributes:
        reason: Why, in both languages.
        nearest: What was probably meant.
    """

    def __init__(self, reason: Text, nearest: str | None = None) -> None:
        self.reason = reason
        self.nearest = nearest
        super().__init__(reason.en)


class ExpressionError(AdviseError, ValueError):
    """An expression that is outside the grammar or does not fit its units.

    Attributes:
        column: 0-based offset into the expression.
    """

    def __init__(self, message: str, column: int = 0) -> None:
        self.column = column
        super().__init__(message)


class CircularError(AdviseError):
    """Some symbols rest on themselves.

    Attributes:
        rings: In each, every symbol needs the next, and the last the first.
    """

    def __init__(self, rings: list[list[int]]) -> None:
        self.rings = rings


class TooManyCasesError(AdviseError):
    """A condition has too many cases to be looked at one by one."""
