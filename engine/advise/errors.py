"""The one exception tree.

AdviseError
├── InputError          the caller's facts, rules or options are wrong; carries located problems (exit code 2)
│   ├── FactsError      a facts file or a mapping of facts
│   └── KnowledgeError  a file of kb/ or rules/
└── EngineUnavailable   a chaining engine cannot be imported on this machine
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advise.source.problems import Problem


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


class EngineUnavailable(AdviseError):
    """The asked-for chaining engine cannot be imported here; the message says why."""
