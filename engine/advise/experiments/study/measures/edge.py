"""Whether the objective still improves at a bound of the search space."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from advise.experiments.study.measures.given import counted
from advise.experiments.study.model import Effect
from advise.experiments.study.parameter import Parameter
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Reading, Readings
from advise.statistics import t_quantile

Side = Literal["low", "high"]


@dataclass(frozen=True, slots=True)
class Edge:
    """A bound towards which the objective still improves.

    Attributes:
        parameter: Whose bound it is.
        side: Which of its two.
        ratio: The slope at the bound against its standard error.
    """

    parameter: Parameter
    side: Side
    ratio: float


def edges(study: Study, level: float, zone: float, top_share: float, beyond: int) -> tuple[Edge, ...]:
    """Every bound at which the fitted response still rises outwards, and near which the best trials lie; the surest first.

    Args:
        study: Any.
        level: The probability of taking a level end for a rising one.
        zone: The best trials' median must lie within this share of the range from the bound.
        top_share: Which share of the usable trials are the best; three at least.
        beyond: With so many trials further out than each of the best there is no edge.
    """
    model = study.model
    if model is None:
        return ()
    critical = t_quantile(1 - level, model.freedom)
    best = study.ranked[: max(3, math.ceil(top_share * len(study.ranked)))]
    every = (edge for effect in model.effects for edge in _edges(study, effect))
    found = [edge for edge in every if edge.ratio > critical and _crowded(study, edge, best, zone, beyond)]
    return tuple(sorted(found, key=lambda edge: -edge.ratio))


def measured_edges(study: Study, *, level: float, zone: float, top_share: float, beyond: int) -> Readings:
    """The surest edge, with its bounds and scale; whether there is any, where that can be told."""
    if study.model is None or not any(effect.is_told for effect in study.model.effects):
        return {}
    found = edges(study, level, zone, top_share, beyond)
    readings: dict[str, Reading] = {"at_edge": counted(study, bool(found))}
    if not found:
        return readings
    first = found[0].parameter
    readings |= {
        "parameter": counted(study, first.name),
        "side": counted(study, found[0].side),
        "axis": counted(study, first.scale),
        "low": counted(study, first.low),
        "high": counted(study, first.high),
        "all": counted(study, tuple(dict.fromkeys(edge.parameter.name for edge in found))),
    }
    return readings


def _edges(study: Study, effect: Effect) -> list[Edge]:
    if len(effect.coefficients) != 2 or effect.parameter.scale == "choice":
        return []
    places = effect.parameter.places[study.usable]
    straight, squared = effect.coefficients
    sides: list[Edge] = []
    for side, sign, end in (("high", 1.0, np.nanmax(places)), ("low", -1.0, np.nanmin(places))):
        # The response is straight · v + squared · v², with v from -0.5 to 0.5; this is its slope outwards at the outermost trial.
        weight = 2 * (float(end) - 0.5)
        slope = sign * (straight + weight * squared)
        variance = effect.covariance[0, 0] + 2 * weight * effect.covariance[0, 1] + weight**2 * effect.covariance[1, 1]
        sides.append(Edge(effect.parameter, "high" if side == "high" else "low", slope / math.sqrt(max(variance, 1e-30))))
    return sides


def _crowded(study: Study, edge: Edge, best: np.typing.NDArray[np.int64], zone: float, beyond: int) -> bool:
    places = edge.parameter.places[best]
    places = places[np.isfinite(places)]
    if not len(places):
        return False
    end = 1.0 if edge.side == "high" else 0.0
    away, all_away = np.abs(places - end), np.abs(edge.parameter.places[study.usable] - end)
    # Where many trials lie further out than each of the best, what lies outwards was tried and is worse.
    return float(np.median(away)) <= zone and int(np.sum(all_away < away.min())) < beyond
