"""What a training leaves behind: rows in the order in which they were logged, whatever the format they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """What was logged at one step.

    Attributes:
        split: `train` or `dev`.
        step: Optimizer steps done, from 1.
        epoch: Epochs done, as a fraction.
        seconds: Time since the start of the run.
        values: Name to value: `loss`, `lr`, `grad_norm`, metrics, times; `train_eval_loss` is training data in eval mode.
    """

    split: str
    step: int
    epoch: float
    seconds: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Record:
    """One run, or one session of it.

    Attributes:
        total_steps: What was planned.
        steps_per_epoch: Optimizer steps an epoch.
        ending: Lines that a text log shows after the last step (a traceback, a note of early stopping).
    """

    batch: int
    total_steps: int
    steps_per_epoch: int
    log_every: int
    eval_every: int
    rows: tuple[Row, ...]
    ending: tuple[str, ...] = field(default=())

    @property
    def epochs(self) -> int:
        return -(-self.total_steps // self.steps_per_epoch)

    @property
    def last_step(self) -> int:
        return self.rows[-1].step if self.rows else 0
