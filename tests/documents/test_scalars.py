from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.documents.scalars import resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-5", 1e-5),
        ("1.0e-4", 1e-4),
        ("1E5", 1e5),
        (".5", 0.5),
        ("5.", 5.0),
        ("+3", 3),
        ("-3", -3),
        ("0", 0),
        ("0123", 123),
        ("0o17", 15),
        ("0x1F", 31),
        (".inf", math.inf),
        ("+.INF", math.inf),
        ("-.Inf", -math.inf),
        ("true", True),
        ("FALSE", False),
        ("", None),
        ("~", None),
        ("Null", None),
    ],
)
def test_values(text: str, value: object) -> None:
    resolved = resolve(text)
    assert resolved == value
    assert type(resolved) is type(value)


WORDS = "no on yes off y 1_000 1,000 1:30 190:20:30 0b11 -0x1 nan inf 1e e5 1.2.3 tRUE ２ . - 2024-01-01"


@pytest.mark.parametrize("word", [*WORDS.split(), "1 2"])
def test_words(word: str) -> None:
    assert resolve(word) == word


def test_not_a_number() -> None:
    assert math.isnan(float(str(resolve(".NaN"))))


@pytest.mark.parametrize("text", ["9" * 100_000, "0x" + "f" * 100_000, "1e400", "9" * 401])
def test_numbers_beyond_all_floats(text: str) -> None:
    assert resolve(text) == math.inf


@given(st.integers(-(10**30), 10**30))
def test_integers(value: int) -> None:
    assert resolve(str(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats(value: float) -> None:
    assert resolve(repr(value)) == value


@given(st.text())
def test_any_text_means_something(text: str) -> None:
    value = resolve(text)
    assert value is None or isinstance(value, bool | int | float) or value == text
