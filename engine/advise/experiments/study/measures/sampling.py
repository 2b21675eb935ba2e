"""Whether there are enough trials: what fewer would have found."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from advise.experiments.study.measures.given import counted
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Readings


def counts(study: Study) -> Readings:
    """How many trials there are over how many hyperparameters."""
    pruned = sum(trial.state == "pruned" for trial in study.trials)
    return {
        "trials": counted(study, study.ended, study.ended),
        "dimensions": counted(study, len(study.searched), study.ended),
        "pruned_share": counted(study, pruned / study.ended, study.ended),
    }


def best_of_fewer(study: Study, *, few: int, many: int, algorithm: str = "", adaptive: list[str]) -> Readings:
    """How much worse the best of a random part of the trials is than the best of all, on average over all parts of that size.

    Args:
        study: Any; of an adaptive search nothing is said, since its trials depend on each other.
        few: A small study.
        many: A study of usual size.
        algorithm: How the trials were chosen, where that is known.
        adaptive: The algorithms whose trials depend on each other.
    """
    values = study.goodness[study.ranked]
    if algorithm in adaptive or len(values) <= few:
        return {}
    readings = {"half_drop": counted(study, float(values[0]) - expected_best(values, len(values) // 2))}
    if len(values) > many:
        readings["few_to_many"] = counted(study, max(0.0, expected_best(values, many) - expected_best(values, few)))
    return readings


def good(study: Study, *, noise: float) -> Readings:
    """How many trials come within the noise of the best."""
    values = study.goodness[study.ranked]
    return {"trials": counted(study, int(np.sum(values >= values[0] - noise)))}


def repeats(study: Study, *, fewest: int) -> Readings:
    """The spread of trials with the same hyperparameters, pooled over all that were repeated.

    Args:
        study: Any.
        fewest: Degrees of freedom below which no spread is told.
    """
    groups: dict[tuple[tuple[str, str], ...], list[float]] = defaultdict(list)
    for index in study.usable:
        settings = study.trials[int(index)].settings
        groups[tuple(sorted((name, repr(value)) for name, value in settings.items()))].append(float(study.goodness[index]))
    repeated = [np.array(values) for values in groups.values() if len(values) > 1]
    freedom = sum(len(values) - 1 for values in repeated)
    if freedom < fewest:
        return {}
    variance = sum(float(np.sum((values - values.mean()) ** 2)) for values in repeated) / freedom
    used = sum(map(len, repeated))
    # Repeats that agree to the last digit share their seed too, and show no spread.
    return {"spread": counted(study, math.sqrt(variance), used)} if variance > 0 else {}


def grid(study: Study) -> Readings:
    """Whether the trials are a grid: every combination of a few values of each hyperparameter, once."""
    if len(study.searched) < 2 or not study.read.trials:
        return {}
    tried = {tuple(repr(trial.settings.get(parameter.name)) for parameter in study.searched) for trial in study.trials}
    size = math.prod(parameter.distinct for parameter in study.searched)
    is_grid = size == len(tried) == len(study.trials)
    return {"algorithm": counted(study, "grid", study.ended)} if is_grid else {}


def expected_best(values: np.typing.NDArray[np.float64], size: int) -> float:
    """The mean, over all parts of a size, of the best of the part; `values` falls."""
    count = len(values)
    # The chance that the best of the part is the value of this rank: none of those before it is in the part, and it is.
    chance, total, none_before = 0.0, 0.0, 1.0
    for rank, value in enumerate(values):
        remaining = count - rank
        if size > remaining:
            break
        chance = none_before * size / remaining
        total += chance * float(value)
        none_before *= 1 - size / remaining
    return total
