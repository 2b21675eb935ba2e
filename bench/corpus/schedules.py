"""Learning-rate schedules: the factor on the peak rate at a step, and the name that `schedule.kind` has for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """`factor(step, total)`: what the peak rate is multiplied by, with `step` from 0 to `total - 1`."""

    kind: str
    factor: Callable[[int, int], float]
    warmup: int = 0


def constant() -> Schedule:
    return Schedule("constant", lambda step, total: 1.0)


def linear(warmup: int = 0) -> Schedule:
    return Schedule("linear", lambda step, total: _warmed(step, warmup, lambda at: 1.0 - at, total), warmup)


def cosine(warmup: int = 0, floor: float = 0.0) -> Schedule:
    def decay(at: float) -> float:
        return floor + (1.0 - floor) * 0.5 * (1.0 + math.cos(math.pi * at))

    return Schedule("cosine", lambda step, total: _warmed(step, warmup, decay, total), warmup)


def cosine_to(length: int, *, clamped: bool) -> Schedule:
    """A cosine whose length does not follow the run's: past its end it stays at 0, or, as in PyTorch's own class, rises again."""

    def factor(step: int, total: int) -> float:
        at = min(step, length) if clamped else step
        return 0.5 * (1.0 + math.cos(math.pi * at / length))

    return Schedule("cosine", factor)


def steps_at(milestones: Sequence[float], gamma: float) -> Schedule:
    """`milestones` are shares of the run."""
    return Schedule("step", lambda step, total: gamma ** sum(step >= share * total for share in milestones))


def exponential(gamma: float) -> Schedule:
    return Schedule("exponential", lambda step, total: gamma**step)


def one_cycle(rise: float = 0.3) -> Schedule:
    """PyTorch's OneCycleLR with its default factors (25 and 1e4) and cosine annealing."""

    def factor(step: int, total: int) -> float:
        top = rise * total - 1
        low, last = 1 / 25, 1 / 25 / 1e4
        if step <= top:
            return 1.0 + (low - 1.0) * 0.5 * (1.0 + math.cos(math.pi * step / top))
        return last + (1.0 - last) * 0.5 * (1.0 + math.cos(math.pi * (step - top) / (total - 1 - top)))

    return Schedule("one_cycle", factor)


def warmed_constant(warmup: int) -> Schedule:
    return Schedule("constant", lambda step, total: min(1.0, (step + 1) / warmup), warmup)


def _warmed(step: int, warmup: int, decay: Callable[[float], float], total: int) -> float:
    if step < warmup:
        return (step + 1) / warmup
    return decay((step - warmup) / max(1, total - warmup))
