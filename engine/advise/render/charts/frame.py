"""The frame of a plot: its axes, its grid, and from values to places in it."""

from __future__ import annotations

from dataclasses import dataclass

from advise.render.charts.scale import Scale
from advise.render.charts.svg import Markup, element, joined, words

_TICK_WIDTH = 64.0
_TICK_HEIGHT = 34.0
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle that is drawn in, and its two axes.

    Attributes:
        x: The scale across.
        y: The scale up.
        width: Of the whole picture, in CSS pixels.
        height: Likewise.
        left: Room for the labels of the axis up.
        right: Room on the right.
        top: Room above.
        bottom: Room for the labels of the axis across.
        lane: Room between the drawing and those labels, within `bottom`.
    """

    x: Scale
    y: Scale
    width: float = 440.0
    height: float = 260.0
    left: float = 62.0
    right: float = 14.0
    top: float = 12.0
    bottom: float = 40.0
    lane: float = 0.0

    @property
    def inner_width(self) -> float:
        """The length of the axis across."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> float:
        """The length of the axis up."""
        return self.height - self.top - self.bottom

    def across(self, value: float) -> float:
        """Where a value stands across, in pixels; what lies beyond the axis stands at its end."""
        return self.left + self.inner_width * min(1.0, max(0.0, self.x.share(value)))

    def up(self, value: float) -> float:
        """Where a value stands in height, in pixels from the top; what lies beyond the axis stands at its end."""
        return self.top + self.inner_height * (1.0 - min(1.0, max(0.0, self.y.share(value))))


def picture(frame: Frame, title: str, *layers: Markup) -> Markup:
    """A picture that says to a screen reader what it is."""
    return element(
        "svg",
        element("title", words(title)),
        *layers,
        viewBox=f"0 0 {frame.width:g} {frame.height:g}",
        width=frame.width,
        height=frame.height,
        role="img",
        class_="picture",
    )


def axes(frame: Frame, x_label: str, y_label: str) -> Markup:
    """Grid, marks and names of both axes."""
    return joined(_across(frame), _up(frame), _names(frame, x_label, y_label))


def rule_up(frame: Frame, value: float, class_: str) -> Markup:
    """A line over the whole height at a value of the axis across."""
    x = frame.across(value)
    return element("line", x1=x, x2=x, y1=frame.top, y2=frame.height - frame.bottom, class_=class_)


def band(frame: Frame, low: float, high: float, class_: str) -> Markup:
    """The part between two values of the axis across, over the whole height."""
    start, end = sorted((frame.across(low), frame.across(high)))
    return element("rect", x=start, y=frame.top, width=end - start, height=frame.inner_height, class_=class_)


def path(frame: Frame, points: list[tuple[float, float]], class_: str) -> Markup:
    """A line through points, given by value."""
    steps = " ".join(f"{'L' if index else 'M'}{frame.across(x):.1f} {frame.up(y):.1f}" for index, (x, y) in enumerate(points))
    return element("path", d=steps, class_=class_) if points else Markup("")


def _across(frame: Frame) -> Markup:
    y = frame.height - frame.bottom
    parts = []
    for tick in frame.x.ticks(max(2, int(frame.inner_width / _TICK_WIDTH))):
        x = frame.across(tick.value)
        parts.append(element("line", x1=x, x2=x, y1=frame.top, y2=y, class_="grid"))
        parts.append(element("text", words(tick.label), x=x, y=y + frame.lane + 15, text_anchor="middle", class_="tick"))
    parts.append(element("line", x1=frame.left, x2=frame.width - frame.right, y1=y, y2=y, class_="axis"))
    return joined(*parts)


def _up(frame: Frame) -> Markup:
    parts = []
    for tick in frame.y.ticks(max(2, int(frame.inner_height / _TICK_HEIGHT))):
        y = frame.up(tick.value)
        parts.append(element("line", x1=frame.left, x2=frame.width - frame.right, y1=y, y2=y, class_="grid"))
        parts.append(element("text", words(tick.label), x=frame.left - 6, y=y + 4, text_anchor="end", class_="tick"))
    return joined(*parts)


def _names(frame: Frame, x_label: str, y_label: str) -> Markup:
    middle = frame.top + frame.inner_height / 2
    return joined(
        element("text", words(_cut(x_label)), x=frame.left + frame.inner_width / 2, y=frame.height - 6, text_anchor="middle", class_="name"),
        element("text", words(_cut(y_label)), x=12, y=middle, text_anchor="middle", transform=f"rotate(-90 12 {middle:g})", class_="name"),
    )


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
