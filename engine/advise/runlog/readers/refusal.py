"""What is said of a log that cannot be read."""

from __future__ import annotations

from advise.documents.problems import Problem
from advise.errors import LogError, MissingExtraError


def unreadable(shown: str, message: str, accepted: str | None = None) -> LogError:
    """The error for a log of which nothing can be read.

    Args:
        shown: The file as the caller named it.
        message: What is wrong, in one sentence.
        accepted: What would be accepted.
    """
    return LogError([Problem(shown, 0, 0, message, "", accepted=accepted)])


def not_installed(shown: str, what: str, error: ImportError) -> MissingExtraError:
    """The error for a log whose reader needs packages that are not installed.

    Args:
        shown: The file as the caller named it.
        what: The kind of log, such as `a TensorBoard event file`.
        error: What importing them raised.
    """
    message = f"{what} needs the package `{error.name}`, which is not installed"
    return MissingExtraError([Problem(shown, 0, 0, message, "", accepted='pip install "playbook-advisor[logs]"')])
