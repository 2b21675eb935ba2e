"""A study as it was read: its trials, what they were given, and how they ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from advise.terms import Direction

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats
    from advise.runlog.readers.table import Remark

Setting = bool | int | float | str
State = Literal["finished", "failed", "pruned", "running"]
Role = Literal["scientific", "nuisance", "fixed"]

MOST_TRIALS = 100_000
MOST_PARAMETERS = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """One training run of a study.

    Attributes:
        name: What the source calls it.
        line: Of its file, from 1; in a database its number from 1; 0 where it has a file of its own.
        settings: Its hyperparameters.
        value: The objective; None where it has none that is finite.
        state: How it ended. A trial without a finite objective has failed, unless it was pruned or still runs.
        file: Where it was read.
        last_step: How far a pruned trial came.
    """

    name: str
    line: int
    settings: Mapping[str, Setting]
    value: float | None
    state: State
    file: str
    last_step: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The course of one trial.

    Attributes:
        steps: Shape (n,): rising.
        values: Shape (n,): the objective, NaN and infinities as logged.
        training: Steps and values of the training loss, where it was logged.
    """

    steps: Floats
    values: Floats
    training: tuple[Floats, Floats] | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody said of a hyperparameter before the search.

    Attributes:
        low: Lower bound of a number.
        high: Upper bound.
        log: Whether it is searched by factors; None where that is not said.
        choices: Its values, where it is chosen from a list.
        role: What it is for in this study, where that is said.
    """

    low: float | None = None
    high: float | None = None
    log: bool | None = None
    choices: tuple[Setting, ...] | None = None
    role: Role | None = None


Histories = Callable[[Sequence[int]], Mapping[int, History]]
"""The courses of the trials of these indices; a trial without one is left out."""


def no_histories(_: Sequence[int]) -> Mapping[int, History]:
    """Where no course of any trial was logged."""
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """What a reader finds, before anything is made of it.

    Attributes:
        source: The file or directory, as the caller named it.
        name: What the source calls the study.
        objective: What decides.
        direction: Whether more is better; None where the source does not say.
        trials: In the order of the source.
        declared: The search space by hyperparameter, as far as the source declares it.
        histories: Loads the courses of trials.
        traces: Words that a sampler or pruner left behind.
        remarks: What was skipped or repaired.
    """

    source: str
    name: str
    objective: str
    direction: Direction | None
    trials: tuple[Trial, ...]
    declared: Mapping[str, Declared] = field(default_factory=dict)
    histories: Histories = no_histories
    traces: frozenset[str] = frozenset()
    remarks: tuple[Remark, ...] = ()
