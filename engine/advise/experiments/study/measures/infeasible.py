"""How many trials fail, and at which end of which hyperparameter they gather."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from advise.experiments.study.measures.edge import Side
from advise.experiments.study.measures.given import counted
from advise.experiments.study.model import terms
from advise.experiments.study.parameter import Parameter
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Reading, Readings
from advise.statistics import f_above, rank_sum


@dataclass(frozen=True, slots=True)
class Region:
    """Where failing trials gather.

    Attributes:
        parameter: Along which hyperparameter.
        side: At which of its ends.
        limit: From where on, on the scale from 0 to 1; most trials beyond it fail, and most within it do not.
        p: The probability of gathering so much by chance, counted over all hyperparameters and both ends.
    """

    parameter: Parameter
    side: Side
    limit: float
    p: float


def region(study: Study, level: float) -> Region | None:
    """The end where failing trials gather most clearly; None where it cannot be told from chance.

    Args:
        study: Any.
        level: The probability of seeing an end where there is none.
    """
    found = [item for parameter in _numeric(study) for item in _gathered(study, parameter)]
    best = min(found, key=lambda item: item.p, default=None)
    if best is None or best.p * len(found) >= level:
        return None
    return Region(best.parameter, best.side, best.limit, min(1.0, best.p * len(found)))


def measured_region(study: Study, *, level: float, scattered_from: int, scattered_above: float) -> Readings:
    """The share of failing trials, and where they lie as far as that can be told."""
    ended = [index for index, trial in enumerate(study.trials) if trial.state in ("finished", "failed")]
    failing = int(study.failed.sum())
    readings: dict[str, Reading] = {"share": counted(study, failing / len(ended), len(ended))} if ended else {}
    found = region(study, level)
    if found is None:
        if failing >= scattered_from and _smallest_p(study) > scattered_above:
            readings["side"] = counted(study, "scattered", len(ended))
        return readings
    limit = found.parameter.at(found.limit)
    inside = found.parameter.low if found.side == "high" else found.parameter.high
    return readings | {
        "side": counted(study, found.side, len(ended)),
        "parameter": counted(study, found.parameter.name, len(ended)),
        "limit": counted(study, limit, len(ended)),
        "low": counted(study, min(limit, inside), len(ended)),
        "high": counted(study, max(limit, inside), len(ended)),
    }


def _numeric(study: Study) -> list[Parameter]:
    return [parameter for parameter in study.searched if parameter.scale != "choice"]


def _gathered(study: Study, parameter: Parameter) -> list[Region]:
    places, failing = _ended(study, parameter)
    bad, good = places[failing], places[~failing]
    if len(bad) < 2 or len(good) < 2:
        return []
    by_chance = rank_sum(bad, good)
    return [
        Region(parameter, "high", _split(bad, good), by_chance.high),
        Region(parameter, "low", 1 - _split(1 - bad, 1 - good), by_chance.low),
    ]


def _ended(study: Study, parameter: Parameter) -> tuple[np.typing.NDArray[np.float64], np.typing.NDArray[np.bool_]]:
    ended = np.array([trial.state in ("finished", "failed") for trial in study.trials]) & np.isfinite(parameter.places)
    return parameter.places[ended], study.failed[ended]


def _split(bad: np.typing.NDArray[np.float64], good: np.typing.NDArray[np.float64]) -> float:
    """The place beyond which trials fail: where the fewest stand on the wrong side, half-way between neighbours."""
    places = np.unique(np.concatenate([bad, good]))
    cuts = np.concatenate([(places[:-1] + places[1:]) / 2, [places[-1]]]) if len(places) > 1 else places
    wrong = (bad[None, :] < cuts[:, None]).sum(axis=1) + (good[None, :] > cuts[:, None]).sum(axis=1)
    return float(cuts[int(np.argmin(wrong))])


def _smallest_p(study: Study) -> float:
    """The smallest probability, over all hyperparameters, of failures that depend on it as much by chance."""
    found = [item.p for parameter in _numeric(study) for item in _gathered(study, parameter)]
    rows = np.flatnonzero([trial.state in ("finished", "failed") for trial in study.trials])
    choices = [parameter for parameter in study.searched if parameter.scale == "choice"]
    found += [_p_of_choice(parameter, rows, study.failed[rows].astype(float)) for parameter in choices]
    return min(found, default=1.0) * max(len(found), 1)


def _p_of_choice(parameter: Parameter, rows: np.typing.NDArray[np.int64], failing: np.typing.NDArray[np.float64]) -> float:
    columns = terms(parameter, rows)
    matrix = np.concatenate([np.ones((len(rows), 1)), columns], axis=1)
    rest = failing - matrix @ np.linalg.lstsq(matrix, failing, rcond=None)[0]
    freedom = len(rows) - matrix.shape[1]
    total, left = float(np.sum((failing - failing.mean()) ** 2)), float(rest @ rest)
    if freedom < 1 or left <= 1e-12:
        return 1.0 if freedom < 1 else 0.0
    return f_above((total - left) / columns.shape[1] / (left / freedom), columns.shape[1], freedom)
