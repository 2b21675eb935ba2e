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


def test_a_run_that_is_the_only_one_comes_to_the_same_plan() -> None:
    facts = {"clip.rate": 1.0, "lr.peak": 3e-4, "dev.trend": "worsening"}
    advisor = advise.Advisor(engine="durable")
    once = advisor.examine(facts, once=True).plan
    assert advisor.examine(facts).plan == once
    # What was laid out for one run is not used for another.
    assert advisor.examine({"data.nonfinite_share": 0.01}, once=True).plan == advisor.examine({"data.nonfinite_share": 0.01}).plan != once
