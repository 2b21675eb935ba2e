"""The exceptions of the package: each survives the way out of another process."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from advise import errors
from advise.documents.problems import Problem
from advise.infer.program import Fault
from advise.text import Text

MADE = [
    errors.LogError([Problem("log.txt", 3, 1, "nothing in it can be read", "")]),
    errors.FactsError([Problem("facts.yaml", 1, 2, "unknown fact", "lr: 1", accepted="lr.peak")]),
    errors.FileChangedError(Path("facts.yaml"), {"lr.peak": 0.1}),
    errors.ProgramError([Fault("topic/rule", "cannot be compiled")]),
    errors.AnswerError(Text(en="no number", zh="不是数字"), "lr.peak"),
    errors.ExpressionError("no such function", 4),
    errors.CircularError([[1, 2]]),
]


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
def test_an_error_comes_out_of_another_process_as_it_was_raised(error: errors.AdviseError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.__dict__ == error.__dict__
