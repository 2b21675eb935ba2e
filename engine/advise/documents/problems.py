"""A problem in an input, where it is, and how it is shown to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from advise.documents.display import window
from advise.documents.nearest import nearest
from advise.errors import TooManyProblemsError
from advise.untrusted import shorten, verbatim

__all__ = ["MAX_PROBLEMS", "Problem", "Problems", "TooManyProblemsError", "nearest", "render"]

MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        file: The file as the caller named it.
        line: From 1; 0 where there is no file to point into.
        column: From 1, in characters.
        message: What is wrong, in one sentence.
        source_line: The text of the line; empty when there is none to show.
        width: How many characters are meant.
        accepted: What would be accepted, as a list in words.
        nearest: The one of these names that was probably meant.
        details: Further lines that say more, such as what the file looks like.
    """

    file: str
    line: int
    column: int
    message: str
    source_line: str
    width: int = 1
    accepted: str | None = None
    nearest: str | None = None
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return verbatim(f"{place}: {self.message}")

    def __lt__(self, other: Problem) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, int, int, str, int, str, str, str]:
        return (self.file, self.line, self.column, self.message, self.width, self.source_line, self.accepted or "", self.nearest or "")


@dataclass(slots=True)
class Problems:
    """Collects problems, up to a number that a person could still read."""

    found: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep a problem.

        Raises:
            TooManyProblemsError: There are `MAX_PROBLEMS` already.
        """
        if len(self.found) >= MAX_PROBLEMS:
            raise TooManyProblemsError
        self.found.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep several problems.

        Raises:
            TooManyProblemsError: There are `MAX_PROBLEMS` already.
        """
        for problem in problems:
            self.add(problem)

    def sorted(self) -> tuple[Problem, ...]:
        """Each problem once, by file and position."""
        return tuple(sorted(set(self.found)))


def render(problems: Iterable[Problem]) -> str:
    """Every problem with its line, a caret under what is meant, and what would be accepted."""
    listed = list(problems)
    shown = [_shown(problem) for problem in listed[:MAX_PROBLEMS]]
    if len(listed) >= MAX_PROBLEMS:
        shown.append(f"At most {MAX_PROBLEMS} problems are listed; there may be more.")
    return "\n".join(shown)


def _shown(problem: Problem) -> str:
    lines = [str(problem)]
    if problem.source_line:
        margin = f"  {problem.line} | "
        text, carets = window(problem.source_line, problem.column - 1, problem.width)
        lines += [f"{margin}{text}", f"{' ' * (len(margin) - 2)}| {carets}"]
    lines += [f"    {verbatim(detail)}" for detail in problem.details]
    if problem.accepted is not None:
        lines.append(f"    accepted: {verbatim(problem.accepted)}")
    if problem.nearest is not None:
        lines.append(f"    did you mean `{verbatim(shorten(problem.nearest))}`?")
    return "\n".join(lines)
