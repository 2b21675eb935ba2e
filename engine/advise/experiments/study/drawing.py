"""The pictures of a study: every hyperparameter's axis plot, the isolation plot, and the courses of the best trials."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from advise.experiments.study.measures.edge import edges
from advise.experiments.study.measures.infeasible import region
from advise.experiments.study.measures.purposes import compared
from advise.experiments.study.measures.sampling import expected_best
from advise.experiments.study.parameter import Parameter
from advise.experiments.study.run import constants
from advise.experiments.study.study import TOP, Study
from advise.knowledge.base import KnowledgeBase
from advise.render.charts.scale import Choices, Linear, Log, Scale, around
from advise.render.charts.svg import Markup
from advise.render.charts.trials import Axis, Kind, Mark, axis_plot, course_plot, isolation_plot
from advise.text import show

_MOST_POINTS = 400
_MOST_STEPS = 300
_SHOWN_SHARE = 0.9
_WIDE = 100.0
_JITTER = 0.28


def axis_pictures(study: Study, base: KnowledgeBase, most: int) -> dict[str, Markup]:
    """The axis plot of each hyperparameter that varies, the most important first.

    Args:
        study: Any.
        base: With which constants edges and failing ends are found.
        most: How many plots at most.
    """
    at_edges = {edge.parameter.name: edge.side for edge in edges(study, **constants(base, "edges"))}
    failing = region(study, float(constants(base, "infeasible")["level"]))
    chosen = _chosen(study)
    y = _objective_scale(study)
    drawn = {}
    for parameter in _by_importance(study)[:most]:
        gathers = failing is not None and failing.parameter.name == parameter.name
        fails_from = (parameter.at(failing.limit), failing.side) if gathers and failing is not None else None
        axis = Axis(parameter.name, _scale(parameter), at_edges.get(parameter.name), fails_from)
        marks = list(_marks(study, parameter, chosen))
        drawn[parameter.name] = axis_plot(axis, y, study.read.objective, marks, worst_is_high=study.direction == "down")
    return drawn


def isolation_picture(study: Study) -> Markup | None:
    """The isolation plot of what is compared; None where nothing is."""
    parameter = compared(study)
    if parameter is None:
        return None
    places = sorted({float(place) for place in parameter.places[study.usable] if np.isfinite(place)})
    names = [_name(study, parameter, place) for place in places]
    numbered = {place: index for index, place in enumerate(places)}
    sign = 1.0 if study.direction == "up" else -1.0
    best, marks = [], []
    for place in places:
        rows = study.usable[parameter.places[study.usable] == place]
        values = np.sort(study.goodness[rows])[::-1]
        of_half = expected_best(values, len(values) // 2) if len(values) > 1 else float(values[0])
        best.append((float(numbered[place]), sign * float(values[0]), sign * of_half))
        for order, row in enumerate(rows[:_MOST_POINTS]):
            x = numbered[place] + _spread(order)
            marks.append(Mark(x, sign * float(study.goodness[row]), "point", _label(study, int(row))))
    axis = Axis(parameter.name, Choices(tuple(names)))
    return isolation_plot(axis, _objective_scale(study), study.read.objective, marks, best, worst_is_high=study.direction == "down")


def course_picture(study: Study, x_name: str) -> Markup | None:
    """The courses of the best trials; None where none was logged.

    Args:
        study: Any.
        x_name: What stands below the steps.
    """
    courses = []
    for index, history in study.top_histories.items():
        kept = np.isfinite(history.values)
        steps, values = history.steps[kept], history.values[kept]
        thin: Iterable[int] = np.unique(np.linspace(0, len(steps) - 1, min(len(steps), _MOST_STEPS)).astype(int)) if len(steps) else []
        points = [(float(steps[place]), float(values[place])) for place in thin]
        if len(points) > 1:
            courses.append((_label(study, index), points))
    if not courses:
        return None
    every = np.array([value for _, points in courses for _, value in points])
    last = np.array([points[-1][0] for _, points in courses])
    low, high = _shown(every, study.direction == "up")
    first = min(points[0][0] for _, points in courses)
    x = Linear(first, max(float(last.max()), first + 1.0))
    return course_plot(x, _value_scale(low, high), x_name, study.read.objective, courses)


def _by_importance(study: Study) -> list[Parameter]:
    shares = {} if study.model is None else {effect.parameter.name: effect.share for effect in study.model.effects}
    return sorted(study.searched, key=lambda parameter: -shares.get(parameter.name, 0.0))


def _scale(parameter: Parameter) -> Scale:
    if parameter.scale == "choice":
        return Choices(tuple(map(str, parameter.choices)))
    if parameter.scale == "log":
        return Log(parameter.low, parameter.high)
    return Linear(parameter.low, parameter.high) if parameter.high > parameter.low else around(parameter.low, parameter.high)


def _chosen(study: Study) -> list[tuple[int, Kind]]:
    """The trials that are drawn: the best and the failed, and of the rest an even selection."""
    best = [int(index) for index in study.ranked[:TOP]]
    rest = [int(index) for index in study.ranked[TOP:]]
    failed = [int(index) for index in np.flatnonzero(study.failed)]
    found: list[tuple[int, Kind]] = [(index, "point") for index in _thinned(rest)]
    found += [(index, "failed") for index in _thinned(failed)]
    found += [(index, "top") for index in best[1:]]
    return [*found, (best[0], "best")]


def _thinned(indices: list[int]) -> list[int]:
    if len(indices) <= _MOST_POINTS:
        return indices
    return [indices[int(place)] for place in np.linspace(0, len(indices) - 1, _MOST_POINTS)]


def _marks(study: Study, parameter: Parameter, chosen: list[tuple[int, Kind]]) -> Iterator[Mark]:
    sign = 1.0 if study.direction == "up" else -1.0
    for order, (index, kind) in enumerate(chosen):
        place = float(parameter.places[index])
        if not math.isfinite(place):
            continue
        x = place + _spread(order) if parameter.scale == "choice" else parameter.at(place)
        y = sign * float(study.goodness[index]) if kind != "failed" else 0.0
        yield Mark(x, y, kind, _label(study, index))


def _spread(order: int) -> float:
    """How far beside its place a trial is drawn, so that many at one place are seen."""
    return _JITTER * (((order * 0.618034) % 1.0) * 2 - 1)


def _label(study: Study, index: int) -> str:
    trial = study.trials[index]
    return f"{trial.name}: {trial.state if trial.value is None else show(trial.value)}"


def _name(study: Study, parameter: Parameter, place: float) -> str:
    if parameter.scale == "choice":
        return str(parameter.choices[int(place)])
    return f"{parameter.at(place):.3g}"


def _objective_scale(study: Study) -> Scale:
    sign = 1.0 if study.direction == "up" else -1.0
    values = sign * study.goodness[study.usable]
    return _value_scale(*_shown(values, study.direction == "up"))


def _shown(values: np.typing.NDArray[np.float64], up: bool) -> tuple[float, float]:
    """The part of the values that is worth the room: all but a worst tenth that would squeeze the rest."""
    low, high = float(values.min()), float(values.max())
    worst = float(np.quantile(values, 1 - _SHOWN_SHARE if up else _SHOWN_SHARE))
    best = high if up else low
    span, whole = abs(best / 2 - worst / 2), abs(high / 2 - low / 2)
    if not span > 0 or whole < 2 * span:
        return low, high
    return (worst, high) if up else (low, worst)


def _value_scale(low: float, high: float) -> Scale:
    if low > 0 and high / low > _WIDE:
        factor = (high / low) ** 0.04
        return Log(low / factor, high * factor)
    return around(low, high)
