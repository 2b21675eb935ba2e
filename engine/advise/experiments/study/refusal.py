"""What is said of trials that cannot be read as a study."""

from __future__ import annotations

from advise.documents.problems import Problem
from advise.errors import StudyError


def refused(place: str, message: str, *, accepted: str | None = None, nearest: str | None = None, line: int = 0) -> StudyError:
    """The error for a source of trials.

    Args:
        place: The file as the caller named it, or the option.
        message: What is wrong, in one sentence.
        accepted: What would be accepted.
        nearest: The name that was probably meant.
        line: Where in the file; 0 where there is no line.
    """
    return StudyError([Problem(place, line, 1 if line else 0, message, "", accepted=accepted, nearest=nearest)])


def listed(names: list[str], most: int = 12) -> str:
    """Names as a list in words, a long one cut."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
