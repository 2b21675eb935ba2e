"""A study ready to be measured: which trials count, which failed, and how good each was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from advise.experiments.study.record import History, Trial, Trials
from advise.experiments.study.refusal import refused
from advise.terms import Direction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advise.experiments.study.model import Model
    from advise.experiments.study.parameter import Parameter

TOP = 10
"""How many of the best trials are looked at closely: the playbook's number."""


@dataclass(frozen=True)
class Study:
    """A study.

    Attributes:
        read: What was read.
        direction: Whether more is better.
        parameters: Every hyperparameter, those that never vary included.
        hopeless: Indices of trials that ended with a number, and far from all others.
    """

    read: Trials
    direction: Direction
    parameters: tuple[Parameter, ...]
    hopeless: frozenset[int]

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every trial, in the order of the source."""
        return self.read.trials

    @cached_property
    def goodness(self) -> NDArray[np.float64]:
        """Shape (trials,): the objective turned so that more is better; NaN where there is none."""
        sign = 1.0 if self.direction == "up" else -1.0
        return np.array([np.nan if trial.value is None else sign * trial.value for trial in self.trials])

    @cached_property
    def failed(self) -> NDArray[np.bool_]:
        """Shape (trials,): which trials are infeasible: crashed, without a finite objective, or hopeless."""
        return np.array([trial.state == "failed" or index in self.hopeless for index, trial in enumerate(self.trials)])

    @cached_property
    def usable(self) -> NDArray[np.int64]:
        """Indices of the trials that ended well enough to be compared, in the order of the source."""
        return np.flatnonzero(np.isfinite(self.goodness) & ~self.failed)

    @cached_property
    def ranked(self) -> NDArray[np.int64]:
        """The usable trials, the best first; of equally good ones the earlier first."""
        return self.usable[np.argsort(-self.goodness[self.usable], kind="stable")]

    @property
    def best(self) -> Trial:
        """The best trial."""
        return self.trials[int(self.ranked[0])]

    @cached_property
    def ended(self) -> int:
        """How many trials ended: well, failed or pruned."""
        return sum(trial.state != "running" for trial in self.trials)

    @cached_property
    def searched(self) -> tuple[Parameter, ...]:
        """The hyperparameters that vary."""
        return tuple(parameter for parameter in self.parameters if parameter.varies)

    @cached_property
    def top_histories(self) -> Mapping[int, History]:
        """The courses of the best trials, the best first."""
        found = self.histories([int(index) for index in self.ranked[:TOP]])
        return {int(index): found[int(index)] for index in self.ranked[:TOP] if int(index) in found}

    @cached_property
    def model(self) -> Model | None:
        """What explains the objective; None where there are too few trials to tell."""
        from advise.experiments.study.model import fitted

        return fitted(self)

    def histories(self, indices: Sequence[int]) -> Mapping[int, History]:
        """The courses of these trials."""
        return self.read.histories(indices)


def hopeless_among(trials: Sequence[Trial], direction: Direction, gap: float, fewest: int) -> frozenset[int]:
    """The trials whose objective is finite and far from all others.

    Sorted from the best on, the first gap that is `gap` times as wide as everything above it splits the trials; what lies below is hopeless.

    Args:
        trials: Of one study.
        direction: Whether more is better.
        gap: Against the range of the better trials.
        fewest: How many better trials there must be to speak of a range.
    """
    sign = 1.0 if direction == "up" else -1.0
    order = sorted((index for index, trial in enumerate(trials) if trial.value is not None), key=lambda index: -sign * (trials[index].value or 0.0))
    values = np.array([sign * (trials[index].value or 0.0) for index in order])
    for split in range(fewest, len(order)):
        # Halves first: the difference of two floats may be beyond all floats.
        spread, step = values[0] / 2 - values[split - 1] / 2, values[split - 1] / 2 - values[split] / 2
        if spread > 0 and step > gap * spread:
            return frozenset(order[split:])
    return frozenset()


def check_measurable(read: Trials) -> None:
    """See that something can be said of a study.

    Raises:
        StudyError: It has no trial, a single one, or none that ended with an objective.
    """
    ended = [trial for trial in read.trials if trial.state != "running"]
    finished = [trial for trial in ended if trial.value is not None]
    if not read.trials:
        raise refused(read.source, "the study holds no trial")
    if not ended:
        raise refused(read.source, f"all {len(read.trials)} trials still run or wait: come back when some have ended")
    if len(ended) == 1:
        raise refused(
            read.source,
            "the study has one trial: a single trial says nothing about a search space",
            accepted="at least 2 trials; `advise PATH` reads a single run",
        )
    if not finished:
        states = ", ".join(
            f"{sum(trial.state == state for trial in ended)} {state}"
            for state in ("failed", "pruned")
            if any(trial.state == state for trial in ended)
        )
        message = f"no trial of {len(ended)} ended with a finite `{read.objective}` ({states}): this is a fault of the setup, not of the search space"
        raise refused(read.source, message, accepted="make one trial run through first; `advise PATH` on the log of a failed one says why it fails")
