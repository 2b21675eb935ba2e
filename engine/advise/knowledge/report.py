"""Collecting the problems of the knowledge base's files, each at its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from advise.documents.problems import Problem, nearest
from advise.documents.shape import explain
from advise.knowledge.files import SourceFile
from advise.knowledge.parts import Path

_LISTED = 12


@dataclass(slots=True)
class Report:
    """Every problem found so far."""

    problems: list[Problem] = field(default_factory=list)

    def at(self, file: SourceFile, path: Path, message: str, names: Sequence[str] = (), wrong: str = "") -> None:
        """Add a problem.

        Args:
            file: Where it is.
            path: The keys and indexes that lead to it.
            message: What is wrong.
            names: What would have been accepted.
            wrong: The name that was written, for a suggestion.
        """
        accepted = ", ".join(names) if 0 < len(names) <= _LISTED else None
        suggestion = nearest(wrong, names) if wrong else None
        on_key = bool(wrong) and path[-1:] == (wrong,)
        self.problems.append(file.document.problem(path, message, accepted=accepted, nearest=suggestion, on_key=on_key))

    def about(self, file: SourceFile | None) -> bool:
        """Whether something was found wrong with a file."""
        return file is not None and any(problem.file == file.path for problem in self.problems)

    def shape(self, file: SourceFile, error: ValidationError, adapter: TypeAdapter[Any]) -> None:
        """Add what pydantic found wrong with a file's shape."""
        self.problems.extend(explain(error, file.document, adapter))
