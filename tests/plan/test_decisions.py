"""The numbers that a plan gives to be set."""

from __future__ import annotations

import pytest

from advise.plan.candidate import Setting
from advise.plan.decisions import _config


@pytest.mark.parametrize(
    ("computed", "told"),
    [
        (0.5 / 3, 0.167),
        (2.977664, 2.98),
        (1.0e-8, 1.0e-8),
        (0.95, 0.95),
        (0.9997654321, 0.999765),
        (24_000, 24_000),
        (34_567.0, 34_567),
        (True, True),
        ("linear", "linear"),
    ],
)
def test_a_computed_number_has_the_digits_that_advice_has(computed: float, told: float) -> None:
    assert _config(Setting("lr.peak", None, computed)).after == told
