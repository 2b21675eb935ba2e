from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from advise.runlog.measures.constancy import constancy, number_of_values
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]


def told(curve: Curve) -> dict[str, object]:
    return {name: reading.value for name, reading in constancy(curve, fewest=5, share=0.75).items()}


@pytest.mark.parametrize(
    ("values", "constant", "frozen", "zero"),
    [
        ([0.1043] * 20, True, True, False),
        ([0.0] * 6, True, True, True),
        ([1.7423, *[1.7411] * 11], False, True, False),
        ([3.0, 2.0, 1.0, *[0.5] * 8], False, False, False),
        ([0.5, 0.5, 0.5, 0.5, 0.500001], False, False, False),
        ([math.nan, *[0.25] * 5], True, True, False),
    ],
)
def test_what_never_moves(curve: Make, values: list[float], constant: bool, frozen: bool, zero: bool) -> None:
    assert told(curve(values)) == {"is_constant": constant, "is_frozen": frozen, "is_zero": zero}


def test_few_values_tell_nothing(curve: Make) -> None:
    assert told(curve([0.5] * 4)) == {}
    assert told(curve([math.nan] * 9)) == {}


def test_the_rows_of_a_frozen_end_are_named(curve: Make) -> None:
    reading = constancy(curve([2.0, *[1.5] * 9]), fewest=5, share=0.75)["is_frozen"]
    assert reading.count == 9


def test_values_are_counted_finite_or_not(curve: Make) -> None:
    assert number_of_values(curve([1.0, math.nan, math.inf]))["count"].value == 3
