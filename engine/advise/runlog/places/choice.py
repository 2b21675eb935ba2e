"""Choosing one run of several by the name that a person gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from advise.documents.problems import Problem, nearest
from advise.errors import RunChoiceError

_LISTED = 24


@dataclass(slots=True)
class Choice:
    """The run that a person asks for, and what the places that were looked through offer.

    Attributes:
        asked: Its name; None to take the newest.
        met: Whether a place had it.
        offered: The names of the runs there are.
    """

    asked: str | None = None
    met: bool = False
    offered: list[str] = field(default_factory=list)

    def among(self, runs: Sequence[Sequence[str]]) -> int | None:
        """The one of several runs that was asked for; None where none was, or it is not here.

        Args:
            runs: The names by which each is known: its folder below the one that was given, and what its log calls it; the first is shown.

        Raises:
            RunChoiceError: Several go by that name.
        """
        self.offered += [names[0] for names in runs if names[0] not in self.offered]
        if self.asked is None:
            return None
        found = next((hits for hits in _ways(self.asked.strip().rstrip("/"), runs) if hits), [])
        if len(found) > 1:
            raise RunChoiceError([_problem(f"several runs are called `{self.asked}`", [runs[index][0] for index in found])])
        self.met |= bool(found)
        return found[0] if found else None

    def check(self) -> None:
        """See that the run that was asked for was found.

        Raises:
            RunChoiceError: It was not.
        """
        if self.asked is not None and not self.met:
            message = f"no run is called `{self.asked}`" if self.offered else f"there are not several runs, so none is called `{self.asked}`"
            raise RunChoiceError([_problem(message, self.offered, nearest(self.asked, self.offered))])


def _ways(asked: str, runs: Sequence[Sequence[str]]) -> Iterable[list[int]]:
    """From the strictest way to meet a name to the loosest: the whole, its last part, its end, the beginning of its last part."""
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: name == asked,
        lambda name: name.rpartition("/")[2] == asked,
        lambda name: name.endswith(f"/{asked}"),
        lambda name: name.rpartition("/")[2].startswith(asked),
    )
    for fits in ways:
        yield [index for index, names in enumerate(runs) if any(map(fits, names))]


def _problem(message: str, names: Sequence[str], meant: str | None = None) -> Problem:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return Problem("--run", 0, 0, message, "", accepted=", ".join(names[:_LISTED]) + more if names else None, nearest=meant)
