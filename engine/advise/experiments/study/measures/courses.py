"""What the training curves of the best trials show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from advise.experiments.study.measures.given import counted
from advise.experiments.study.record import History
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Reading, Readings
from advise.statistics import MAD_TO_STD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def best_steps(study: Study, *, fewest: int) -> Readings:
    """Where in training the best trials were best, as a share of the longest of them.

    Args:
        study: Any.
        fewest: Evaluations below which a course is not read.
    """
    courses = _courses(study, fewest)
    if not courses:
        return {}
    longest = max(float(steps[-1]) for steps, _ in courses)
    if longest <= 0:
        return {}
    shares = [float(steps[int(np.argmax(values))]) / longest for steps, values in courses]
    return {"share": counted(study, float(np.median(shares)), len(shares))}


def top_courses(study: Study, *, fewest: int, late: int, noises: float, least_part: float) -> Readings:
    """Whether the best trials overfit, scatter late, or still improve: what more than half of them do.

    Args:
        study: Any.
        fewest: Evaluations below which a course is not read.
        late: How many of the last evaluations are the end of training.
        noises: A change must be this many times its standard error.
        least_part: And this share of all that the trial improved.
    """
    courses = _courses(study, fewest)
    if not courses:
        return {}
    count = len(courses)
    overfit = sum(_falls_back(values, late, noises, least_part) for _, values in courses)
    rising = sum(_rises(values, noises, least_part) for _, values in courses)
    readings: dict[str, Reading] = {
        "overfit": counted(study, overfit * 2 > count, count),
        "improving": counted(study, rising * 2 > count, count),
    }
    scatter = float(np.median([_scatter(_late(values, late)) for _, values in courses]))
    top = study.goodness[study.ranked[:count]]
    if count >= 3:
        readings["late_scatter"] = counted(study, scatter, count)
        readings["late_variance"] = counted(study, scatter > float(np.std(top, ddof=1)), count)
    return readings


def unstable(study: Study, *, fewest: int, jumps: float) -> Readings:
    """Whether the best trials jump away from their course and come back.

    Args:
        study: Any.
        fewest: Evaluations below which a course is not read.
        jumps: How many times the usual change a jump must be.
    """
    courses = _courses(study, fewest)
    if not courses:
        return {}
    jumping = sum(_jumps(values, jumps) for _, values in courses)
    return {"unstable": counted(study, jumping * 2 > len(courses), len(courses))}


def _courses(study: Study, fewest: int) -> list[tuple[Floats, Floats]]:
    sign = 1.0 if study.direction == "up" else -1.0
    found = [_finite(history, sign) for history in study.top_histories.values()]
    return [course for course in found if len(course[1]) >= fewest]


def _finite(history: History, sign: float) -> tuple[Floats, Floats]:
    kept = np.isfinite(history.values)
    return history.steps[kept], sign * history.values[kept]


def _smooth(values: Floats) -> Floats:
    """Medians of three neighbours; the ends as they are."""
    middle = np.median(np.stack([values[:-2], values[1:-1], values[2:]]), axis=0)
    return np.concatenate([values[:1], middle, values[-1:]])


def _noise(values: Floats) -> float:
    """The noise of one evaluation, from the differences of neighbours in the second half, where the trend is small."""
    changes = np.diff(values[len(values) // 2 :])
    return float(np.median(np.abs(changes - np.median(changes)))) * MAD_TO_STD / math.sqrt(2) if len(changes) else 0.0


def _improved(values: Floats) -> float:
    return float(np.max(values) - values[0])


def _falls_back(values: Floats, late: int, noises: float, least_part: float) -> bool:
    smooth = _smooth(values)
    end = smooth[-max(2, min(late, len(values) // 4)) :]
    fall = float(np.max(smooth) - np.mean(end))
    # The highest of many noisy values lies above the course by itself, so the noise of a single value counts.
    return fall > noises * _noise(values) and fall > least_part * _improved(values)


def _rises(values: Floats, noises: float, least_part: float) -> bool:
    end = values[-max(4, len(values) // 4) :]
    x = np.arange(len(end)) - (len(end) - 1) / 2
    slope = float(x @ end) / float(x @ x)
    rest = end - end.mean() - slope * x
    error = math.sqrt(float(rest @ rest) / max(len(end) - 2, 1) / float(x @ x))
    return slope > noises * error and slope * (len(end) - 1) > least_part * _improved(values)


def _late(values: Floats, late: int) -> Floats:
    """The end of a course: of a short one the second half, since its beginning bends, and a bend is no scatter."""
    return values[-min(late, max(4, len(values) // 2)) :]


def _scatter(end: Sequence[float] | Floats) -> float:
    """The scatter around a straight line."""
    values = np.asarray(end, dtype=float)
    if len(values) < 4:
        return 0.0
    x = np.arange(len(values)) - (len(values) - 1) / 2
    rest = values - values.mean() - float(x @ values) / float(x @ x) * x
    return math.sqrt(float(rest @ rest) / (len(values) - 2))


def _jumps(values: Floats, jumps: float) -> bool:
    away = values[1:-1] - np.median(np.stack([values[:-2], values[2:]]), axis=0)
    usual = float(np.median(np.abs(away))) * MAD_TO_STD
    return usual > 0 and bool(np.min(away) < -jumps * usual)
