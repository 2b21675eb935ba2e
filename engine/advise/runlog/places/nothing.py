"""What is said where no log was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from advise.documents.problems import Problem
from advise.errors import InputError, LogError, MissingExtraError

if TYPE_CHECKING:
    from advise.runlog.places.gather import Unread

LOOKED_FOR = (
    "CSV and TSV tables, trainer_state.json, JSON lines, lists of numbers by name, "
    "text with `step` or `epoch` and `name=value`, TensorBoard event files, W&B and MLflow runs,"
    " and facts files called facts.yaml"
)


def nothing_here(paths: Sequence[str], unread: Sequence[Unread]) -> InputError:
    """The error for places in which there is neither a log nor a facts file that can be read.

    Args:
        paths: The places, as the caller named them.
        unread: What could have been a log.
    """
    problems = [Problem(path, 0, 0, "no log here", "", accepted=LOOKED_FOR) for path in paths]
    for each in unread:
        reason = "this is no log of a format that is known" if each.error is None else each.error.problems[0].message
        accepted = None if each.error is None else each.error.problems[0].accepted
        problems.append(Problem(each.path, 0, 0, f"not read: {reason}", "", accepted=accepted))
    lacks = unread and all(isinstance(each.error, MissingExtraError) for each in unread)
    return MissingExtraError(problems) if lacks else LogError(problems)
