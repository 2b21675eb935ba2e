"""Pictures: valid SVG, nothing of the data as markup, every point inside."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advise.render.charts.scale import Choices, Linear, Log, around
from advise.render.charts.svg import element, words
from advise.render.charts.trials import Axis, Mark, axis_plot, course_plot, isolation_plot

HOSTILE = '<script>alert("&")</script>\x1b[31m'
MARKS = [Mark(1e-3, 0.5, "best", HOSTILE), Mark(1e-2, 0.7, "point", "b"), Mark(5e-2, math.nan, "failed", "c")]


def drawn(markup: str) -> ElementTree.Element:
    """The picture, parsed: what is not well formed fails here."""
    return ElementTree.fromstring(markup)  # noqa: S314 - made by this package


def texts(root: ElementTree.Element) -> str:
    return " ".join(root.itertext())


@pytest.mark.parametrize("worst_is_high", [True, False])
def test_an_axis_plot_is_svg_and_carries_no_markup_of_its_data(worst_is_high: bool) -> None:
    axis = Axis(HOSTILE, Log(1e-5, 1e-1), "high", (3e-2, "high"))
    root = drawn(axis_plot(axis, Linear(0, 1), "val_loss", MARKS, worst_is_high=worst_is_high))
    assert root.tag.endswith("svg")
    assert not [part for part in root.iter() if part.tag.endswith("script")]
    assert "<script>" in texts(root)
    assert "\x1b" not in texts(root)


def test_every_point_stands_inside_the_picture() -> None:
    root = drawn(axis_plot(Axis("lr", Log(1e-5, 1e-1)), Linear(0, 1), "loss", MARKS, worst_is_high=True))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    circles = [part for part in root.iter() if part.tag.endswith("circle")]
    assert len(circles) == 2
    assert all(0 < float(part.attrib["cx"]) < width and 0 < float(part.attrib["cy"]) < height for part in circles)


def test_better_stands_at_the_end_that_is_better() -> None:
    marks = [Mark(1, 0.1, "best", "low"), Mark(2, 0.9, "point", "high")]
    root = drawn(axis_plot(Axis("depth", Linear(0, 3)), Linear(0, 1), "loss", marks, worst_is_high=True))
    heights = {part.attrib["class"].split()[0]: float(part.attrib["cy"]) for part in root.iter() if part.tag.endswith("circle")}
    assert heights["best"] > heights["point"], "y grows downwards in SVG, and a low loss is drawn low"


def test_an_isolation_plot_marks_the_best_of_each_value() -> None:
    marks = [Mark(0, 0.5, "point", "a"), Mark(1, 0.4, "point", "b")]
    best = [(0.0, 0.5, 0.6), (1.0, 0.4, 0.55)]
    root = drawn(isolation_plot(Axis("act", Choices(("relu", "gelu"))), Linear(0, 1), "loss", marks, best, worst_is_high=True))
    assert len([part for part in root.iter() if part.attrib.get("class") == "best"]) == 2
    assert {"relu", "gelu"} <= set(texts(root).split())


def test_courses_name_their_trials() -> None:
    courses = [("first", [(0.0, 1.0), (1.0, 0.5)]), (HOSTILE, [(0.0, 1.2), (1.0, 0.8)])]
    root = drawn(course_plot(Linear(0, 1), Linear(0, 2), "step", "loss", courses))
    assert "first" in texts(root)
    assert "alert" in texts(root)


def test_no_picture_refers_to_the_network() -> None:
    markup = axis_plot(Axis("lr", Log(1e-5, 1e-1)), Linear(0, 1), "loss", MARKS, worst_is_high=True)
    assert "href" not in markup
    assert "url(" not in markup


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), st.integers(2, 8))
@example(2.2250738585e-313, 2.2250738585e-313, 2)
@example(0.0, 5e-324, 3)
@example(-1e-300, 1e-295, 5)
def test_ticks_of_any_range_lie_on_the_axis_and_are_few(low: float, high: float, most: int) -> None:
    scale = around(min(low, high), max(low, high))
    ticks = scale.ticks(most)
    assert 1 <= len(ticks) <= most + 2
    assert all(-0.01 <= scale.share(tick.value) <= 1.01 for tick in ticks)


@given(st.floats(1e-300, 1e300), st.floats(1.5, 1e8))
def test_ratios_are_lengths_on_a_log_scale(low: float, ratio: float) -> None:
    if not math.isfinite(low * ratio):
        return
    scale = Log(low, low * ratio)
    assert scale.share(low) == pytest.approx(0, abs=1e-6)
    assert scale.share(low * ratio) == pytest.approx(1)
    assert scale.share(low * math.sqrt(ratio)) == pytest.approx(0.5, abs=1e-6)


@given(st.text())
def test_words_are_never_markup(text: str) -> None:
    assert "<" not in words(text)
    assert drawn(f"<p>{words(text)}</p>") is not None
    assert drawn(element("text", class_=text)) is not None
