"""The pictures of a comparison: the scores of both sides, and the interval of the gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advise.experiments.compare.answer import Answer
from advise.experiments.compare.comparison import Comparison, Side
from advise.experiments.compare.page import shown, standing
from advise.render.charts.frame import Frame, band, picture, rule_up
from advise.render.charts.scale import Linear, around
from advise.render.charts.svg import Markup, element, joined, words

_WIDTH = 440.0
_ROW = 46.0
_INTERVAL_ROWS = 1.5
_TOP = 12.0
_BOTTOM = 42.0
_RIGHT = 16.0
_LEFT = 74.0
_TICKS = 5
_SPREAD = 12.0
_LANES = 5
_DOT = 4.0
_PADDING = 0.08


@dataclass(frozen=True, slots=True)
class Labels:
    """What the pictures say, in one language choice.

    Attributes:
        base: The baseline.
        new: The new configuration.
        scores: The axis of the scores.
        gain: The axis of the gain.
        same: The line of no difference.
        worth: The line of the smallest gain worth having.
    """

    base: str
    new: str
    scores: str
    gain: str
    same: str
    worth: str


def scores_picture(answer: Answer, labels: Labels) -> Markup:
    """Every score of both sides, with mean and spread; runs of equal seeds are joined where they were compared pair by pair."""
    found = answer.comparison
    values = (*found.base.values, *found.new.values, *(edge for side in (found.base, found.new) for edge in _edges(side)))
    frame = _frame(around(min(values), max(values), padding=_PADDING), rows=2)
    pairs = _pairs(frame, found) if found.pairs else Markup("")
    sides = [_side(frame, side, row, class_) for row, (side, class_) in enumerate(((found.base, "base"), (found.new, "new")))]
    names = [_name(frame, text, row) for row, text in enumerate((labels.base, labels.new))]
    return picture(frame, f"{labels.base}, {labels.new}: {labels.scores}", _axis(frame, labels.scores), pairs, *sides, *names)


def interval_picture(answer: Answer, labels: Labels) -> Markup:
    """The gain with its interval, against no difference and against what is worth having."""
    found = answer.comparison
    marks = [0.0, found.low, found.high, *([answer.worth] if answer.worth else [])]
    frame = _frame(around(min(marks), max(marks), padding=_PADDING), rows=_INTERVAL_ROWS, above=18.0)
    tone = {"established": "is-established", "within": "is-open", "worse": "is-worse"}[standing(found)]
    y = frame.top + frame.inner_height * 0.46
    start, end, middle = frame.across(found.low), frame.across(found.high), frame.across(found.gain)
    parts = [
        band(frame, frame.x.low if isinstance(frame.x, Linear) else 0.0, 0.0, "loss-zone"),
        _axis(frame, labels.gain),
        rule_up(frame, 0.0, "no-difference"),
        _above(frame, 0.0, labels.same),
        *_worth(frame, answer, labels),
        element("line", x1=start, x2=end, y1=y, y2=y, class_=f"interval {tone}"),
        *(element("line", x1=x, x2=x, y1=y - 8, y2=y + 8, class_=f"interval {tone}") for x in (start, end)),
        element("circle", cx=middle, cy=y, r=5.5, class_=f"gain {tone}"),
        *_numbers(frame, found, y),
    ]
    title = f"{labels.gain}: {shown(found.gain, found.gain_error)} [{shown(found.low, found.gain_error)}, {shown(found.high, found.gain_error)}]"
    return picture(frame, title, *parts)


def _frame(x: Linear, rows: float, above: float = 0.0) -> Frame:
    height = _TOP + above + rows * _ROW + _BOTTOM
    return Frame(x, Linear(0.0, 1.0), _WIDTH, height, _LEFT, _RIGHT, _TOP + above, _BOTTOM)


def _axis(frame: Frame, label: str) -> Markup:
    bottom = frame.height - frame.bottom
    parts = [element("line", x1=frame.left, x2=frame.width - frame.right, y1=bottom, y2=bottom, class_="axis")]
    for tick in frame.x.ticks(_TICKS):
        x = frame.across(tick.value)
        parts.append(element("line", x1=x, x2=x, y1=frame.top, y2=bottom, class_="grid"))
        parts.append(element("text", words(tick.label), x=x, y=bottom + 15, text_anchor="middle", class_="tick"))
    middle = frame.left + frame.inner_width / 2
    parts.append(element("text", words(label), x=middle, y=frame.height - 7, text_anchor="middle", class_="name"))
    return joined(*parts)


def _side(frame: Frame, side: Side, row: int, class_: str) -> Markup:
    y = _height(frame, row)
    low, high = _edges(side)
    middle = frame.across(side.mean)
    parts = [element("rect", x=frame.across(low), y=y - 5, width=frame.across(high) - frame.across(low), height=10, class_=f"spread {class_}")]
    parts += [
        element("circle", cx=frame.across(value), cy=y + _lane(index, side.values), r=_DOT, class_=f"run {class_}")
        for index, value in enumerate(side.values)
    ]
    parts.append(element("line", x1=middle, x2=middle, y1=y - 15, y2=y + 15, class_=f"mean {class_}"))
    return joined(*parts)


def _pairs(frame: Frame, found: Comparison) -> Markup:
    first, second = _height(frame, 0), _height(frame, 1)
    before, after = found.base.values, found.new.values
    lines = [
        element(
            "line",
            x1=frame.across(one),
            x2=frame.across(other),
            y1=first + _lane(index, before),
            y2=second + _lane(index, after),
            class_="pair",
        )
        for index, (one, other) in enumerate(zip(before, after, strict=True))
    ]
    return joined(*lines)


def _lane(index: int, values: Sequence[float]) -> float:
    """How far from the middle of its row a dot stands, so that equal scores do not hide each other."""
    if len(values) <= 2:
        return 0.0
    return ((index * 2) % _LANES - (_LANES - 1) / 2) * 2 * _SPREAD / (_LANES - 1)


def _edges(side: Side) -> tuple[float, float]:
    return side.mean - side.std, side.mean + side.std


def _height(frame: Frame, row: int) -> float:
    return frame.top + _ROW * (row + 0.5)


def _name(frame: Frame, text: str, row: int) -> Markup:
    return element("text", words(text), x=frame.left - 8, y=_height(frame, row) + 4, text_anchor="end", class_="name")


def _above(frame: Frame, value: float, text: str, class_: str = "tick") -> Markup:
    return element("text", words(text), x=frame.across(value), y=frame.top - 6, text_anchor="middle", class_=class_)


def _worth(frame: Frame, answer: Answer, labels: Labels) -> tuple[Markup, ...]:
    if not answer.worth:
        return ()
    return (rule_up(frame, answer.worth, "worthwhile"), _above(frame, answer.worth, labels.worth, "tick worthwhile-name"))


def _numbers(frame: Frame, found: Comparison, y: float) -> tuple[Markup, ...]:
    places = ((found.low, y + 22), (found.gain, y - 13), (found.high, y + 22))
    return tuple(
        element("text", words(shown(value, found.gain_error)), x=frame.across(value), y=height, text_anchor="middle", class_="figure")
        for value, height in places
    )
