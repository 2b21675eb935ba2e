"""Texts filled with numbers read as a person would write them."""

import pytest

from advise.text import Text, Value


@pytest.mark.parametrize(
    ("en", "values", "filled"),
    [
        ("from {n} evaluations", {"n": 1}, "from 1 evaluation"),
        ("from {n} evaluations", {"n": 11}, "from 11 evaluations"),
        ("{n} more epochs", {"n": 1.0}, "1 more epoch"),
        ("evaluated {n} times", {"n": 1}, "evaluated 1 time"),
        ("a rate of {n} samples", {"n": 0.1}, "a rate of 0.1 samples"),
        ("1 of {n} steps", {"n": 3}, "1 of 3 steps"),
        ("step {n} is left", {"n": 1}, "step 1 is left"),
    ],
)
def test_of_one_the_singular_is_said(en: str, values: dict[str, Value], filled: str) -> None:
    text = Text(en=en, zh="{n} 次").filled(values)
    assert text.en == filled
    assert text.zh == f"{values['n']:g} 次"
