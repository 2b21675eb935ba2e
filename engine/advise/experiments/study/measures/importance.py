"""Which hyperparameters matter, and which need tuning together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from advise.experiments.study.measures.given import counted
from advise.experiments.study.model import FEWEST_TO_SPARE, Effect, terms
from advise.experiments.study.parameter import Parameter
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Reading, Readings
from advise.statistics import f_above

_MOST_PAIRS = 300


@dataclass(frozen=True, slots=True)
class Coupling:
    """Two hyperparameters of which the best value of one depends on the other.

    Attributes:
        first: One of them.
        second: The other.
        shift: By how much of its range the best value of one moves as the other goes from end to end.
        p: The probability of so large a cross term by chance, counted over all pairs.
    """

    first: Parameter
    second: Parameter
    shift: float
    p: float


def importance(study: Study, *, least_share: float) -> Readings:
    """Which hyperparameters explain the objective, and how much of it.

    Args:
        study: Any; with too few trials nothing is said.
        least_share: A smaller share of the variance is not worth a dimension of the search.
    """
    model = study.model
    if model is None or model.freedom < FEWEST_TO_SPARE:
        return {}
    ranked = sorted((effect for effect in model.effects if effect.share >= least_share), key=lambda effect: -effect.share)
    readings: dict[str, Reading] = {"explained": counted(study, model.explained, len(model.rows))}
    if ranked:
        weak = [effect.parameter.name for effect in model.effects if effect not in ranked]
        readings |= {
            "important": counted(study, tuple(effect.parameter.name for effect in ranked), len(model.rows)),
            "most_important": counted(study, ranked[0].parameter.name, len(model.rows)),
            "most_important_share": counted(study, ranked[0].share, len(model.rows)),
        }
        if weak:
            readings["unimportant"] = counted(study, tuple(weak), len(model.rows))
    return readings


def couplings(study: Study, level: float, least_shift: float) -> tuple[Coupling, ...]:
    """The pairs that need tuning together, the surest first.

    Args:
        study: Any.
        level: The probability of seeing a pair where there is none.
        least_shift: How far the best value of one must move with the other, as a share of its range.
    """
    model = study.model
    if model is None or model.freedom <= FEWEST_TO_SPARE:
        return ()
    told = [effect for effect in model.effects if effect.is_told]
    curved = [effect for effect in told if len(effect.coefficients) == 2 and effect.parameter.scale != "choice"]
    numeric = [effect.parameter for effect in model.effects if effect.parameter.scale != "choice"]
    pairs = [(first, second) for first, second in combinations(numeric, 2) if any(effect.parameter in (first, second) for effect in curved)]
    if not pairs or len(pairs) > _MOST_PAIRS:
        return ()
    # What the model leaves unexplained, less what a cross term shares with the terms that are in the model.
    matrix = np.concatenate([np.ones((len(model.rows), 1)), *(terms(effect.parameter, model.rows) for effect in told)], axis=1)
    basis = np.linalg.qr(matrix)[0]
    found = [coupling for pair in pairs for coupling in _coupling(model.rows, model.residuals, model.freedom, basis, pair, curved, len(pairs))]
    sure = [coupling for coupling in found if coupling.p < level and coupling.shift >= least_shift]
    return tuple(sorted(sure, key=lambda coupling: coupling.p))


def coupled(study: Study, *, level: float, least_shift: float) -> Readings:
    """The surest pair, and all of them."""
    found = couplings(study, level, least_shift)
    if not found:
        return {}
    return {
        "first": counted(study, found[0].first.name),
        "second": counted(study, found[0].second.name),
        "pairs": counted(study, tuple(f"{pair.first.name} × {pair.second.name}" for pair in found)),
    }


def _coupling(
    rows: np.typing.NDArray[np.int64],
    residuals: np.typing.NDArray[np.float64],
    freedom: int,
    basis: np.typing.NDArray[np.float64],
    pair: tuple[Parameter, Parameter],
    curved: list[Effect],
    pairs: int,
) -> list[Coupling]:
    product = terms(pair[0], rows)[:, 0] * terms(pair[1], rows)[:, 0]
    own = product - basis @ (basis.T @ product)
    length = float(own @ own)
    if length < 1e-9 * len(rows):
        return []
    # A cross term that only the ranks show, or only the raw values, goes away with the scale of the metric.
    p = min(1.0, pairs * max(_p_of(own, residual, freedom) for residual in residuals))
    weight = float(own @ residuals[0]) / length
    # Where straight · v + squared · v² + weight · v · w is greatest moves by weight / (2 · squared) as w goes from end to end.
    bends = [abs(float(effect.coefficients[1])) for effect in curved if effect.parameter in pair and effect.coefficients[1] < 0]
    shift = abs(weight) / (2 * max(bends)) if bends else math.inf
    return [Coupling(pair[0], pair[1], min(shift, 1.0), p)]


def _p_of(own: np.typing.NDArray[np.float64], residual: np.typing.NDArray[np.float64], freedom: int) -> float:
    gained = float(own @ residual) ** 2 / float(own @ own)
    rest = max(float(residual @ residual) - gained, 1e-12)
    return f_above(gained / (rest / (freedom - 1)), 1, freedom - 1)
