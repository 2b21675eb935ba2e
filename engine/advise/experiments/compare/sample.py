"""The final scores of one configuration: one a training run, which differ in the seed only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from advise.terms import Direction

Take = Literal["best", "last"]
"""Which value of a training log counts."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one training run ended.

    Attributes:
        value: Its deciding dev metric.
        file: The file it was read from, or the words of the command line.
        line: From 1; 0 where there is no file to point into.
        seed: As the file writes it; None where it is not named.
    """

    value: float
    file: str
    line: int = 0
    seed: str | None = None

    @property
    def origin(self) -> str:
        """The place, as people write it."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Sample:
    """The scores of one side.

    Attributes:
        side: `BASE` or `NEW`, as the command line calls it.
        scores: In the order of the input.
        metric: What the scores are called, where the input says it.
        direction: Whether more is better, where the input says it.
    """

    side: str
    scores: tuple[Score, ...]
    metric: str | None = None
    direction: Direction | None = None

    @property
    def values(self) -> tuple[float, ...]:
        """The scores alone."""
        return tuple(score.value for score in self.scores)

    @property
    def files(self) -> tuple[str, ...]:
        """Each file once."""
        return tuple(dict.fromkeys(score.file for score in self.scores))

    @property
    def seeds(self) -> dict[str, float] | None:
        """The score of each seed; None where a seed is not named, or named twice."""
        named = {score.seed: score.value for score in self.scores if score.seed is not None}
        return named if len(named) == len(self.scores) else None


def mean(values: Sequence[float]) -> float:
    """The mean; at least one value."""
    return math.fsum(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """The sample variance, with n - 1 below; at least two values."""
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)
