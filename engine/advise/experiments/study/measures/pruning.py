"""Whether pruning cut trials that could not yet be told from the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from advise.experiments.study.measures.given import counted
from advise.experiments.study.record import History
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Readings
from advise.statistics import MAD_TO_STD

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AROUND = 5
_MOST = 200


def pruned(study: Study, *, fewest: int) -> Readings:
    """When pruning began, and which share of the pruned trials were within the noise of the median at that step.

    Args:
        study: Any.
        fewest: Pruned trials, and finished ones with a course, below which nothing is said.
    """
    cut = [index for index, trial in enumerate(study.trials) if trial.state == "pruned"][:_MOST]
    whole = [int(index) for index in study.ranked[:_MOST]]
    if len(cut) < fewest or len(whole) < fewest:
        return {}
    courses = study.histories([*cut, *whole])
    finished = [courses[index] for index in whole if index in courses]
    stopped = [courses[index] for index in cut if index in courses and len(courses[index].values)]
    if len(finished) < fewest or len(stopped) < fewest:
        return {}
    longest = max(float(history.steps[-1]) for history in finished)
    first = min(float(history.steps[-1]) for history in stopped)
    sign = 1.0 if study.direction == "up" else -1.0
    doubtful = sum(_doubtful(history, finished, sign) for history in stopped)
    readings = {"doubtful_share": counted(study, doubtful / len(stopped), len(stopped))}
    if longest > 0:
        readings["first_share"] = counted(study, min(1.0, first / longest), len(stopped))
    return readings


def _doubtful(history: History, finished: list[History], sign: float) -> bool:
    step, value = float(history.steps[-1]), sign * float(history.values[-1])
    there = np.array([sign * _at(other, step) for other in finished])
    there = there[np.isfinite(there)]
    if not len(there) or not math.isfinite(value):
        return False
    noise = [_local_noise(other, step) for other in finished]
    usual = float(np.median([each for each in noise if math.isfinite(each)] or [0.0]))
    return float(np.median(there)) - value < 2 * usual


def _at(history: History, step: float) -> float:
    index = int(np.searchsorted(history.steps, step, side="right")) - 1
    return float(history.values[index]) if index >= 0 else math.nan


def _local_noise(history: History, step: float) -> float:
    """The noise of one evaluation around a step: second differences, so that a steady trend is none."""
    index = int(np.searchsorted(history.steps, step))
    near: NDArray[np.float64] = history.values[max(0, index - _AROUND) : index + _AROUND + 1]
    near = near[np.isfinite(near)]
    if len(near) < 4:
        return math.nan
    bends = near[2:] - 2 * near[1:-1] + near[:-2]
    return float(np.median(np.abs(bends))) * MAD_TO_STD / math.sqrt(6)
