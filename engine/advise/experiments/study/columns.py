"""Which column of a table of trials decides, and which are hyperparameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advise.documents.problems import nearest
from advise.experiments.study.refusal import listed, refused
from advise.experiments.tables import called, column_called
from advise.knowledge.base import KnowledgeBase
from advise.runlog.series.columns import ColumnReader
from advise.terms import Direction


@dataclass(frozen=True, slots=True)
class Choice:
    """What the caller says of the objective.

    Attributes:
        objective: The column that decides; None to find it.
        direction: Whether more is better; None to go by its name.
        known: The direction that the source itself states.
    """

    objective: str | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The column that decides, and whether more of it is better."""

    column: str
    direction: Direction


def objective_column(place: str, columns: Sequence[str], choice: Choice, base: KnowledgeBase) -> Decided:
    """The column that decides.

    Args:
        place: The file, for pointing at it.
        columns: Every column that could.
        choice: What the caller says.
        base: What is known of the names of columns.

    Raises:
        StudyError: There is none, several could, or nothing says whether more is better.
    """
    column = _column(place, columns, choice.objective, base)
    direction = choice.direction or direction_of(column, base)
    if direction is None:
        message = f"nothing says whether more or less is better of `{column}`"
        raise refused("--direction", message, accepted="--direction max or --direction min")
    return Decided(column, direction)


def direction_of(column: str, base: KnowledgeBase) -> Direction | None:
    """Whether more is better of a column of this name, where the name tells."""
    meanings = ColumnReader(base.roles).meanings([column])
    return meanings[0].direction if meanings else None


def _column(place: str, columns: Sequence[str], wanted: str | None, base: KnowledgeBase) -> str:
    if wanted is not None:
        found = column_called(columns, wanted)
        if found is None:
            raise refused(
                place, f"there is no column `{wanted}` to be the objective", accepted=listed(list(columns)), nearest=nearest(wanted, columns)
            )
        return found
    named = called(columns, base.study.objective.names)
    if named:
        return named[0]
    meanings = ColumnReader(base.roles).meanings(columns)
    for role in base.study.objective.roles:
        ranked = sorted(
            (meaning.preference, place_, meaning.column) for place_, meaning in enumerate(meanings) if meaning.role == role and not meaning.group
        )
        if ranked:
            return ranked[0][2]
    raise refused(place, "no column is known to be the objective of the trials: name it with --objective", accepted=listed(list(columns)))


def results_among(columns: Iterable[str], base: KnowledgeBase) -> frozenset[str]:
    """The columns that came out of a trial, or say something about it, and were not set."""
    listed_columns = list(columns)
    spec = base.study.columns
    came_out = {meaning.column for meaning in ColumnReader(base.roles).meanings(listed_columns) if meaning.role.split(".")[0] in spec.results}
    return frozenset(came_out | set(called(listed_columns, [*spec.others, *spec.state, *base.study.objective.names])))


def parameters_among(columns: Sequence[str], decided: str, base: KnowledgeBase) -> dict[str, str]:
    """The columns that hold hyperparameters, each with the name of its hyperparameter.

    Args:
        columns: Every column.
        decided: The column of the objective.
        base: What is known of the names of columns.
    """
    for prefix in base.study.columns.settings:
        marked = {column: column[len(prefix) :] for column in columns if column.startswith(prefix) and len(column) > len(prefix)}
        if marked:
            return marked
    results = results_among(columns, base)
    return {column: column for column in columns if column != decided and column not in results}


def state_column(columns: Sequence[str], base: KnowledgeBase) -> str | None:
    """The column that says how a trial ended."""
    return next(iter(called(columns, base.study.columns.state)), None)
