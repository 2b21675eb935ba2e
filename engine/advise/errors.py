"""The one exception tree.

AdviseError
├── InputError          the caller's facts, rules or options are wrong; carries located problems (exit code 2)
│   ├── FactsError      a facts file or a mapping of facts
│   ├── KnowledgeError  a file of kb/ or rules/
│   ├── MappingError    a role is given a column that was not logged
│   ├── ScoresError     final scores that cannot be compared
│   ├── StudyError      trials that cannot be read as a study
│   ├── LogError        a training log of which nothing can be read
│   ├── WrongCursor     a cursor of another list (agent/pages.py)
│   └── MissingExtra    a log whose reader needs packages that are not installed
├── ProgramError        implications that cannot be compiled together (infer/program.py)
├── EngineUnavailable   a chaining engine cannot serve here
├── EngineFault         durable-rules broke its contract in a run (infer/durable.py)
├── NotFound            nothing in the knowledge base has the name (cli/shelves.py)
├── UnknownId           nothing that can be explained has the id (explain/lookup.py)
├── LedgerError         the ledger of rounds cannot be read or written
├── CannotCompare       the knowledge base does not say how configurations are compared (adoption/answer.py)
├── NoReport            a report for agents is not kept any more (agent/reports.py)
├── TooSlow             a tool call took longer than it may (agent/patience.py)
├── CannotListen        the server's address is taken or none of this machine (mcp/serve.py)
├── MissingServer       the packages of the extra `mcp` are not installed (cli/mcp.py)
├── OutputError         an output file cannot be written (cli/output.py)
└── ScaffoldError       a new entry cannot be scaffolded (cli/scaffold.py)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advise.documents.problems import Problem


class AdviseError(Exception):
    """Whatever this package raises on purpose."""


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


class MappingError(InputError):
    """A role that does not exist, or a column that no log has."""


class ScoresError(InputError):
    """Final scores that cannot be compared."""


class StudyError(InputError):
    """Trials that cannot be read as a study."""


class LogError(InputError):
    """A training log of which nothing can be read."""


class MissingExtra(InputError):
    """A log whose reader needs packages that are not installed; the message says how to install them."""


class EngineUnavailable(AdviseError):
    """The asked-for chaining engine cannot serve here: it cannot be imported, or the rules are too many for it; the message says why."""


class LedgerError(AdviseError):
    """The ledger of rounds cannot be read or written: a missing library, a file that is no ledger, a round that is not there."""
