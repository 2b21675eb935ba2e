"""Rules that others have published, written anew from their descriptions, as far as they ask for what a log holds.

- W&B: the helper `diagnose_run` of the skill `wandb-primary`, https://github.com/coreweave/skills (NaN, overfitting at 1.2 times, converged at 1 %).
- SageMaker Debugger: the built-in rules with their defaults,
  https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html
- UMLAUT: Schoop et al. 2021, https://doi.org/10.1145/3411764.3445538, with the thresholds of its code.
- AutoTrainer: Zhang et al. 2021, https://github.com/shiningrain/AUTOTRAINER, with its default parameters.

What they ask of layers, weights and sources no log has, and is left out. A rule that looks at a growing log speaks once it has found something.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True, slots=True)
class Curves:
    """What a log holds, in the order of the log; empty where it holds none. `paired` are the last training and the dev values at each evaluation."""

    train_loss: Sequence[float]
    dev_loss: Sequence[float]
    lr: Sequence[float]
    grad_norm: Sequence[float]
    train_accuracy: Sequence[float]
    dev_accuracy: Sequence[float]
    paired_loss: Sequence[tuple[float, float]]
    paired_accuracy: Sequence[tuple[float, float]]


def weights_and_biases(curves: Curves) -> set[str]:
    train, dev = np.asarray(curves.train_loss), np.asarray(curves.dev_loss)
    found = set()
    if len(train) and not np.isfinite(train).all():
        found.add("has_nan")
    train = train[np.isfinite(train)]
    if len(dev) > 10 and len(train):
        tail = max(1, len(dev) // 5)
        if dev[-tail:].mean() > 1.2 * train[-tail:].mean():
            found.add("likely_overfit")
    if len(train) > 100:
        last = train[-max(1, len(train) // 10) :]
        if last.std() < 0.01 * last.mean():
            found.add("converged")
    return found


def sagemaker(curves: Curves) -> set[str]:
    found = set()
    loss = curves.train_loss
    if any(not math.isfinite(value) for value in (*loss, *curves.grad_norm)):
        found.add("exploding_tensor")
    # Over ten steps the loss has to fall by a tenth of a per cent.
    if any(not later < earlier * (1 - 0.001) for earlier, later in zip(loss, loss[10:], strict=False) if math.isfinite(earlier)):
        found.add("loss_not_decreasing")
    # The gap, as a share of the training loss, beyond a tenth for more than one evaluation.
    over = [dev - train > 0.1 * abs(train) for train, dev in curves.paired_loss]
    if any(first and second for first, second in pairwise(over)):
        found.add("overfit")
    if _idle(loss, 5) and _idle(curves.dev_loss, 10):
        found.add("overtraining")
    if any(value < 1e-7 for value in curves.grad_norm):
        found.add("vanishing_gradient")
    return found


def _idle(values: Sequence[float], patience: int, delta: float = 0.01) -> bool:
    """Whether so many values in a row were not better than the best by delta."""
    best, waited = math.inf, 0
    for value in values:
        waited = 0 if value < best - delta else waited + 1
        best = min(best, value)
        if waited > patience:
            return True
    return False


def umlaut(curves: Curves) -> set[str]:
    found = set()
    if any(math.isnan(value) for value in curves.train_loss):
        found.add("nan_in_loss")
    if any(value > 0.01 for value in curves.lr):
        found.add("lr_high")
    if any(value < 1e-7 for value in curves.lr):
        found.add("lr_low")
    if any(after[1] > before[1] and after[0] <= before[0] for before, after in pairwise(curves.paired_loss)):
        found.add("overfitting")
    if any(dev > 0.95 or dev > train for train, dev in curves.paired_accuracy[3:]):
        found.add("high_validation_accuracy")
    return found


def autotrainer(curves: Curves) -> set[str]:
    dev, accuracies = curves.dev_loss, curves.paired_accuracy
    if any(not math.isfinite(value) for value in (*curves.train_loss, *dev)) or (dev and dev[-1] >= 1e5):
        return {"explode"}
    if not accuracies:
        return set()
    train, best = [pair[0] for pair in accuracies], max(pair[1] for pair in accuracies)
    steps = [max((after[part] - before[part] for before, after in pairwise(accuracies)), default=0.0) for part in (0, 1)]
    if max(steps) < 0.01:
        return {"not_converge"}
    reached = best >= 0.7 and max(train) >= 0.7
    return {"unstable"} if reached and _swings(train, 0.03) >= 0.2 * len(train) else set()


def _swings(values: Sequence[float], least: float) -> int:
    """Pairs of a maximum and a minimum that lie so far apart."""
    inner = [(before, here, after) for before, here, after in zip(values, values[1:], values[2:], strict=False)]
    highs = [here for before, here, after in inner if here >= before and here >= after]
    lows = [here for before, here, after in inner if here <= before and here <= after]
    return sum(high - low >= least for high, low in zip(highs, lows, strict=False))


PUBLISHED: dict[str, Callable[[Curves], set[str]]] = {
    "W&B": weights_and_biases,
    "SageMaker Debugger": sagemaker,
    "UMLAUT": umlaut,
    "AutoTrainer": autotrainer,
}
