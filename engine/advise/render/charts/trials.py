"""Plots of trials: the objective against one hyperparameter, and the best under each value of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from advise.render.charts.frame import Frame, axes, band, path, picture, rule_up
from advise.render.charts.scale import Linear, Log, Scale
from advise.render.charts.svg import Markup, element, joined, words

Kind = Literal["point", "top", "best", "failed"]

_ORDER: tuple[Kind, ...] = ("point", "failed", "top", "best")
_RADII = {"point": 3.0, "top": 4.0, "best": 5.5}
_LANE = 14.0
_AIR = 0.04
_ZONE = 0.1


@dataclass(frozen=True, slots=True)
class Mark:
    """One trial.

    Attributes:
        x: Its value of the hyperparameter, or the number of its choice.
        y: Its objective; anything for a trial that failed.
        kind: How it is drawn.
        label: What is said of it when pointed at.
    """

    x: float
    y: float
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The hyperparameter of a plot.

    Attributes:
        name: What stands below the axis.
        scale: From bound to bound.
        edge: The bound that the best trials sit at.
        fails_from: From where on trials fail, and at which end.
    """

    name: str
    scale: Scale
    edge: Literal["low", "high"] | None = None
    fails_from: tuple[float, Literal["low", "high"]] | None = None


def axis_plot(axis: Axis, y: Scale, y_name: str, marks: Sequence[Mark], *, worst_is_high: bool) -> Markup:
    """The objective of every trial against one hyperparameter.

    Args:
        axis: The hyperparameter.
        y: The scale of the objective; what lies beyond is drawn at its end.
        y_name: What the objective is called.
        marks: The trials; those that failed stand in a lane of their own at the worse end.
        worst_is_high: Whether that is the upper end.
    """
    frame = _frame(_with_air(axis.scale), y, worst_is_high)
    layers = [_zones(frame, axis), axes(frame, axis.name, y_name), _bounds(frame, axis)]
    for kind in _ORDER:
        layers += [_mark(frame, mark, worst_is_high) for mark in marks if mark.kind == kind]
    return picture(frame, f"{y_name} / {axis.name}", *layers)


def isolation_plot(
    axis: Axis, y: Scale, y_name: str, marks: Sequence[Mark], best: Sequence[tuple[float, float, float]], *, worst_is_high: bool
) -> Markup:
    """Every trial under each value, and the best of each with what it would lose if there were half as many trials.

    Args:
        axis: The hyperparameter whose values are compared.
        y: The scale of the objective.
        y_name: What it is called.
        marks: The trials.
        best: For each value its number or place, the best objective, and the mean best of half of its trials.
        worst_is_high: Whether more is worse.
    """
    frame = _frame(axis.scale, y, worst_is_high)
    layers = [axes(frame, axis.name, y_name)]
    layers += [_mark(frame, mark, worst_is_high) for mark in marks]
    for place, value, of_half in best:
        x, top, end = frame.across(place), frame.up(value), frame.up(of_half)
        layers.append(element("line", x1=x, x2=x, y1=top, y2=end, class_="range"))
        layers.append(element("line", x1=x - 7, x2=x + 7, y1=end, y2=end, class_="range"))
        layers.append(element("circle", cx=x, cy=top, r=_RADII["best"], class_="best"))
    return picture(frame, f"{y_name} / {axis.name}", *layers)


def course_plot(x: Scale, y: Scale, x_name: str, y_name: str, courses: Sequence[tuple[str, list[tuple[float, float]]]]) -> Markup:
    """The courses of several trials, the best one last and on top.

    Args:
        x: The scale of the steps.
        y: The scale of the objective.
        x_name: What the steps are called.
        y_name: What the objective is called.
        courses: The name of each trial and its points, the best first.
    """
    frame = Frame(x, y)
    lines = []
    for index, (name, points) in reversed(list(enumerate(courses))):
        title = element("title", words(name))
        lines.append(element("g", title, path(frame, points, "curve-best" if index == 0 else "curve")))
    return picture(frame, f"{y_name} / {x_name}", axes(frame, x_name, y_name), *lines)


def _frame(x: Scale, y: Scale, worst_is_high: bool) -> Frame:
    frame = Frame(x, y)
    return replace(frame, top=frame.top + _LANE) if worst_is_high else replace(frame, bottom=frame.bottom + _LANE, lane=_LANE)


def _with_air(scale: Scale) -> Scale:
    """The axis a little longer than the range, so that points at a bound are seen whole."""
    match scale:
        case Linear(low, high):
            air = (high / 2 - low / 2) * 2 * _AIR
            return Linear(low - air, high + air)
        case Log(low, high):
            factor = (high / low) ** _AIR
            return Log(low / factor, high * factor)
        case _:
            return scale


def _at(scale: Scale, share: float) -> float:
    match scale:
        case Log(low, high):
            return float(low * (high / low) ** share)
        case Linear(low, high):
            return low + (high - low) * share
        case _:
            return share


def _zones(frame: Frame, axis: Axis) -> Markup:
    parts = []
    if axis.fails_from is not None:
        start, side = axis.fails_from
        parts.append(band(frame, start, _at(axis.scale, 1.0 if side == "high" else 0.0), "failed-zone"))
    if axis.edge is not None:
        ends = (1.0 - _ZONE, 1.0) if axis.edge == "high" else (0.0, _ZONE)
        parts.append(band(frame, _at(axis.scale, ends[0]), _at(axis.scale, ends[1]), "edge-zone"))
    return joined(*parts)


def _bounds(frame: Frame, axis: Axis) -> Markup:
    if not isinstance(axis.scale, Linear | Log):
        return Markup("")
    sides: tuple[tuple[Literal["low", "high"], float], ...] = (("low", axis.scale.low), ("high", axis.scale.high))
    return joined(*(rule_up(frame, value, "edge" if axis.edge == side else "bound") for side, value in sides))


def _mark(frame: Frame, mark: Mark, worst_is_high: bool) -> Markup:
    title = element("title", words(mark.label))
    x = frame.across(mark.x)
    if mark.kind == "failed":
        y = frame.top - _LANE / 2 if worst_is_high else frame.height - frame.bottom + _LANE / 2
        return element("path", title, d=f"M{x - 3.5:.1f} {y - 3.5:.1f}l7 7m0 -7l-7 7", class_="failed")
    return element("circle", title, cx=x, cy=frame.up(mark.y), r=_RADII[mark.kind], class_=mark.kind)
