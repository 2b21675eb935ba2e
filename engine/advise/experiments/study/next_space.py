"""The search space of the next round: bounds moved outwards at edges, cut where trials fail, narrowed where the good region is known."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from advise.experiments.study.measures.edge import Edge, edges
from advise.experiments.study.measures.infeasible import Region, region
from advise.experiments.study.parameter import Parameter
from advise.experiments.study.record import Setting
from advise.experiments.study.run import constants
from advise.experiments.study.study import Study
from advise.experiments.study.values import is_finite
from advise.knowledge.base import KnowledgeBase

Change = Literal["kept", "widened", "cut", "narrowed", "fixed"]


@dataclass(frozen=True, slots=True)
class NextRange:
    """One hyperparameter in the next round.

    Attributes:
        name: Its name.
        change: What became of its range.
        low: The new lower bound of a number.
        high: The new upper bound.
        is_log: Whether it is searched by factors.
        is_whole: Whether only whole numbers were tried.
        choices: Its values, where it is chosen from a list; one value where it is held fixed.
    """

    name: str
    change: Change
    low: float = math.nan
    high: float = math.nan
    is_log: bool = False
    is_whole: bool = False
    choices: tuple[Setting, ...] = ()


def next_space(study: Study, base: KnowledgeBase, *, narrow: bool, drop: Collection[str] = ()) -> tuple[NextRange, ...]:
    """The space of the next round.

    Args:
        study: The round that ended.
        base: How far a bound moves.
        narrow: Whether to search the good region on, instead of exploring.
        drop: Hyperparameters to hold at their best value, when the good region is searched on.
    """
    at_edges = {(edge.parameter.name, edge.side): edge for edge in edges(study, **constants(base, "edges"))}
    failing = region(study, float(constants(base, "infeasible")["level"]))
    return tuple(_range(study, parameter, base, at_edges, failing, narrow, drop) for parameter in study.searched)


def _range(
    study: Study,
    parameter: Parameter,
    base: KnowledgeBase,
    at_edges: dict[tuple[str, Literal["low", "high"]], Edge],
    failing: Region | None,
    narrow: bool,
    drop: Collection[str],
) -> NextRange:
    if narrow and parameter.name in drop:
        best = study.best.settings.get(parameter.name)
        if best is not None:
            return NextRange(parameter.name, "fixed", choices=(best,))
    if parameter.scale == "choice":
        return NextRange(parameter.name, "kept", choices=parameter.choices)
    start, end, change = 0.0, 1.0, "kept"
    if narrow:
        start, end = _good_region(study, parameter, base)
        change = "narrowed" if (start, end) != (0.0, 1.0) else "kept"
    if failing is not None and failing.parameter.name == parameter.name:
        start, end = (start, min(end, failing.limit)) if failing.side == "high" else (max(start, failing.limit), end)
        change = "cut"
    sides = {side for side in ("low", "high") if (parameter.name, side) in at_edges and not _fails_at(failing, parameter, side)}
    if sides:
        step = _step(parameter, base)
        start, end = start - step * ("low" in sides), end + step * ("high" in sides)
        change = "widened"
    low, high = _clean(parameter.at(start)), _clean(parameter.at(end))
    whole = _is_whole(study, parameter)
    if whole:
        low, high = float(math.ceil(low)), float(max(math.floor(high), math.ceil(low) + 1))
    return NextRange(parameter.name, change, low, high, parameter.scale == "log", whole)  # type: ignore[arg-type]


def _fails_at(failing: Region | None, parameter: Parameter, side: str) -> bool:
    return failing is not None and failing.parameter.name == parameter.name and failing.side == side


def _step(parameter: Parameter, base: KnowledgeBase) -> float:
    """How far a bound moves, as a share of the range on its scale."""
    rule = base.study.next_round
    if parameter.scale == "log":
        return math.log(rule.factor) / (math.log(parameter.high) - math.log(parameter.low))
    return rule.part


def _good_region(study: Study, parameter: Parameter, base: KnowledgeBase) -> tuple[float, float]:
    rule = base.study.next_round
    count = max(3, math.ceil(rule.good_share * len(study.ranked)))
    places = parameter.places[study.ranked[:count]]
    places = places[np.isfinite(places)]
    if not len(places):
        return 0.0, 1.0
    return max(0.0, float(places.min()) - rule.margin), min(1.0, float(places.max()) + rule.margin)


def _is_whole(study: Study, parameter: Parameter) -> bool:
    values = [trial.settings[parameter.name] for trial in study.trials if parameter.name in trial.settings]
    return all(is_finite(value) and isinstance(value, int | float) and float(value).is_integer() for value in values)


def _clean(value: float) -> float:
    """Three digits are enough for a bound."""
    return float(f"{value:.3g}")
