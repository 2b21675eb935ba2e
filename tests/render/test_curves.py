from hypothesis import given
from hypothesis import strategies as st

from advise.render.curves import sparkline


def test_a_line_from_low_to_high() -> None:
    assert sparkline([0.0, 1.0, 2.0]) == "▁▅█"


def test_what_is_not_finite_is_a_cross() -> None:
    assert sparkline([1.0, None, 0.0]) == "█×▁"
    assert sparkline([None, None]) == "××"


def test_a_flat_line_is_flat() -> None:
    assert sparkline([5.0, 5.0]) == "▁▁"


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), max_size=60))
def test_every_point_has_its_mark(points: list[float | None]) -> None:
    assert len(sparkline(points)) == len(points)
