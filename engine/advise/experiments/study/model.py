"""Which hyperparameters the objective depends on, and how: a second-order response surface without the cross terms.

The response is the rank of the objective, so that one bad trial weighs no more than another and a monotone change of the metric changes nothing. A
hyperparameter enters with a straight and a squared term on its own scale, or with a term for each choice; those enter one after another whose effect
can be told from chance (F test, the level divided by the number of candidates), and the rest is left out. See Box & Draper, Response Surfaces,
Mixtures, and Ridge Analyses, 2nd ed., chapters 3 and 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from advise.statistics import f_above, middle_ranks, normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advise.experiments.study.parameter import Parameter
    from advise.experiments.study.study import Study

    Floats = NDArray[np.float64]

LEVEL = 0.05
_ONE_SIDED = normal_quantile(1 - LEVEL)
"""Standard normal deviate that is exceeded with this probability."""
FEWEST_TO_SPARE = 4
"""Degrees of freedom that must remain for the noise; with fewer, nothing is told from chance."""
_MOST_ROWS = 2_000
_LEVELS_FOR_SQUARE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What one hyperparameter does.

    Attributes:
        parameter: Which.
        share: Share of the variance of the ranks that it explains, what chance would explain taken off; 0 where it cannot be told from chance.
        most: The share that it explains at most (one-sided 95 %), also where it cannot be told from chance.
        p: The probability of so large an effect if there is none.
        coefficients: Of its terms, in the order of `terms`; none where it is left out.
        covariance: Of these coefficients.
    """

    parameter: Parameter
    share: float
    most: float
    p: float
    coefficients: Floats
    covariance: Floats

    @property
    def is_told(self) -> bool:
        """Whether the effect can be told from chance."""
        return len(self.coefficients) > 0


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What the trials say of all hyperparameters together.

    Attributes:
        rows: Indices of the trials that it rests on.
        effects: In the order of the study's hyperparameters.
        freedom: Degrees of freedom that remain for the noise.
        explained: Share of the variance that it predicts of a trial that it has not seen (leave one out); never below 0.
        residuals: Shape (2, rows): what it does not explain of the ranks, from 0 to 1, and, fitted anew, of the objective itself.
    """

    rows: NDArray[np.int64]
    effects: tuple[Effect, ...]
    freedom: int
    explained: float
    residuals: Floats

    def effect(self, name: str) -> Effect | None:
        """The effect of a hyperparameter."""
        return next((effect for effect in self.effects if effect.parameter.name == name), None)


def fitted(study: Study) -> Model | None:
    """The model of a study; None where too few trials are usable to tell anything from chance.

    Args:
        study: With any number of trials; of very many, an even selection is used.
    """
    rows = study.usable
    if len(rows) > _MOST_ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, _MOST_ROWS).astype(int)]
    candidates = [parameter for parameter in study.searched if _told_apart(parameter, rows)]
    if not candidates or len(rows) < FEWEST_TO_SPARE + 2:
        return None
    response = ranks(study.goodness[rows])
    if not np.ptp(response) > 0:
        return None
    designs = {parameter.name: terms(parameter, rows) for parameter in candidates}
    chosen, tested = _selected(designs, response)
    return _model(study, rows, response, designs, chosen, tested)


def ranks(values: Floats) -> Floats:
    """Shape (n,): from 0 for the worst to 1 for the best; equal values share their middle rank."""
    return (middle_ranks(values) - 1) / max(len(values) - 1, 1)


def terms(parameter: Parameter, rows: NDArray[np.int64]) -> Floats:
    """Shape (rows, terms): the columns of a hyperparameter; where a trial has it not, it stands in the middle and has no say."""
    places = parameter.places[rows]
    missing = ~np.isfinite(places)
    if parameter.scale == "choice":
        used = np.unique(places[~missing])
        columns = np.stack([(places == choice).astype(float) for choice in used[1:]], axis=1)
    else:
        centred = np.where(missing, 0.0, places - 0.5)
        distinct = len(np.unique(places[~missing]))
        columns = np.stack([centred, centred**2] if distinct >= _LEVELS_FOR_SQUARE else [centred], axis=1)
    columns[missing] = columns[~missing].mean(axis=0)
    return columns


def _told_apart(parameter: Parameter, rows: NDArray[np.int64]) -> bool:
    places = parameter.places[rows]
    distinct = len(np.unique(places[np.isfinite(places)]))
    return distinct > 1 and (parameter.scale != "choice" or distinct <= len(rows) / 3)


def _selected(designs: dict[str, Floats], response: Floats) -> tuple[list[str], dict[str, float]]:
    """The hyperparameters that enter, in their order, and for each candidate the probability by which it was judged last."""
    chosen: list[str] = []
    tested: dict[str, float] = {}
    while len(chosen) < len(designs):
        open_ = [name for name in designs if name not in chosen]
        base = _rest(response, [designs[name] for name in chosen])
        judged = {name: _p_of(response, [designs[other] for other in (*chosen, name)], designs[name].shape[1], base) for name in open_}
        tested |= judged
        best = min(open_, key=lambda name: judged[name])
        if judged[best] >= LEVEL / len(open_):
            break
        chosen.append(best)
    return chosen, tested


def _p_of(response: Floats, designs: Sequence[Floats], added: int, base: float) -> float:
    freedom = len(response) - 1 - sum(design.shape[1] for design in designs)
    if freedom < FEWEST_TO_SPARE:
        return 1.0
    rest = _rest(response, designs)
    if rest <= 1e-12:
        return 0.0 if base > 1e-12 else 1.0
    return f_above((base - rest) / added / (rest / freedom), added, freedom)


def _matrix(count: int, designs: Sequence[Floats]) -> Floats:
    return np.concatenate([np.ones((count, 1)), *designs], axis=1)


def _rest(response: Floats, designs: Sequence[Floats]) -> float:
    """The sum of squares that remains."""
    matrix = _matrix(len(response), designs)
    solution = np.linalg.lstsq(matrix, response, rcond=None)[0]
    return float(np.sum((response - matrix @ solution) ** 2))


def _model(study: Study, rows: NDArray[np.int64], response: Floats, designs: dict[str, Floats], chosen: list[str], tested: dict[str, float]) -> Model:
    matrix = _matrix(len(response), [designs[name] for name in chosen])
    inverse = np.linalg.pinv(matrix.T @ matrix)
    coefficients = inverse @ matrix.T @ response
    residual = response - matrix @ coefficients
    freedom = max(len(response) - matrix.shape[1], 1)
    noise = float(residual @ residual) / freedom
    total = float(np.sum((response - response.mean()) ** 2))
    leverage = np.minimum(np.einsum("ij,jk,ik->i", matrix, inverse, matrix), 1 - 1e-9)
    unseen = float(np.sum((residual / (1 - leverage)) ** 2))
    blocks, start = {}, 1
    for name in chosen:
        blocks[name] = slice(start, start + designs[name].shape[1])
        start = blocks[name].stop
    effects = []
    for parameter in study.searched:
        block = blocks.get(parameter.name)
        if block is None:
            most = _most(response, designs, chosen, parameter.name, total)
            effects.append(Effect(parameter, 0.0, most, tested.get(parameter.name, 1.0), np.empty(0), np.empty((0, 0))))
            continue
        others = [designs[name] for name in chosen if name != parameter.name]
        gained = _rest(response, others) - float(residual @ residual)
        share = max(0.0, (gained - noise * designs[parameter.name].shape[1]) / (total + noise))
        most = _at_most(gained, noise, total)
        effects.append(Effect(parameter, share, most, tested[parameter.name], coefficients[block], noise * inverse[block, block]))
    raw = study.goodness[rows] / max(float(np.ptp(study.goodness[rows])), 1e-300)
    residuals = np.stack([residual, raw - matrix @ (inverse @ matrix.T @ raw)])
    return Model(rows, tuple(effects), freedom, max(0.0, 1 - unseen / total), residuals)


def _most(response: Floats, designs: dict[str, Floats], chosen: list[str], name: str, total: float) -> float:
    """The share that a hyperparameter outside the model may explain for all that can be told."""
    if name not in designs:
        return 1.0
    without, added = [designs[other] for other in chosen], designs[name].shape[1]
    rest = _rest(response, [*without, designs[name]])
    freedom = len(response) - 1 - added - sum(design.shape[1] for design in without)
    return 1.0 if freedom < FEWEST_TO_SPARE else _at_most(_rest(response, without) - rest, rest / freedom, total)


def _at_most(gained: float, noise: float, total: float) -> float:
    # The root of a non-central chi-squared is close to normal with unit variance about the root of its non-centrality.
    return min(1.0, float((np.sqrt(max(gained, 0.0)) + _ONE_SIDED * np.sqrt(noise)) ** 2 / total))
