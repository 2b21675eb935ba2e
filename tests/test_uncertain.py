"""Numbers within an interval."""

from __future__ import annotations

import copy
import math
import pickle

import pytest

from advise.text import show
from advise.uncertain import Measured, ends_of


def test_it_is_a_number_wherever_only_that_is_asked_for() -> None:
    value = Measured(0.9, 0.89, 0.91)
    assert value == 0.9
    assert f"{value:.0%}" == "90%"
    assert show(value, ".2f") == "0.90"
    assert ends_of(value) == (0.89, 0.91)
    assert ends_of(0.9) is ends_of(Measured(0.9, 0.9, 0.9)) is None


def test_the_number_lies_within_its_ends() -> None:
    assert ends_of(Measured(0.9, 0.95, 0.99)) == (0.9, 0.99)
    assert ends_of(Measured(0.9, 0.1, 0.2)) == (0.1, 0.9)


def test_it_survives_pickling_and_copying() -> None:
    value = Measured(0.9, 0.89, math.inf)
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):  # noqa: S301 - of our own making
        assert (again, ends_of(again)) == (0.9, (0.89, math.inf))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Measured(0.9, 0.89, 0.91), "0.90 ± 0.01"),
        (Measured(0.9034, 0.8912, 0.9156), "0.903 ± 0.012"),
        (Measured(1234.5, 1200, 1269), "1234 ± 34"),
        (Measured(0.97, 0.94, 0.98), "0.97 (0.94 … 0.98)"),
        (Measured(2, -math.inf, 3), "2 (-∞ … 3)"),
        (Measured(2, 2, 2), "2"),
        (Measured(3e-7, 2e-7, 4e-7), "3e-07 ± 1e-07"),
    ],
)
def test_it_is_shown_with_the_digits_of_its_margin(value: Measured, shown: str) -> None:
    assert show(value) == shown
