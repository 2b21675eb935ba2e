"""The small public API, as its docstrings show it."""

from __future__ import annotations

import doctest

import pytest

import advise


def test_the_examples_of_the_docstrings_hold() -> None:
    result = doctest.testmod(advise)
    assert result.attempted >= 3
    assert result.failed == 0


def test_wrong_facts_are_one_exception_with_every_problem() -> None:
    with pytest.raises(advise.FactsError) as caught:
        advise.advise({"clip.rat": 1.0, "lr.peak": "fast"})
    assert {problem.nearest for problem in caught.value.problems} == {"clip.rate", None}


def test_what_is_public_is_there() -> None:
    assert all(hasattr(advise, name) for name in advise.__all__)
