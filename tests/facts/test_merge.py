from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advise.documents.problems import Problem
from advise.facts.record import Observed

Read = Callable[..., Observed]
Refused = Callable[..., tuple[Problem, ...]]


def test_files_add_up(read: Read) -> None:
    observed = read("run: x\nlr.peak: 0.1", "lr.current: 0.01\nlr: {peak: 0.10}", "run: x\nbatch.size: 8")
    assert {name: fact.value for name, fact in observed.facts.items()} == {"lr.peak": 0.1, "lr.current": 0.01, "batch.size": 8}
    assert observed.run == "x"
    assert observed.facts["lr.peak"].origin.file.endswith("a.yaml")


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("lr.peak: 0.1", "lr: {peak: 0.2}", "`lr.peak` is 0.2 here and 0.1 at {0}:1:1"),
        ("early_stopping.enabled: yes", "early_stopping.enabled: false", "`early_stopping.enabled` is no here and yes at {0}:1:1"),
        ("\nmilestones.steps: [1, 2]", "milestones.steps: [1]", "`milestones.steps` is 1 here and 1, 2 at {0}:2:1"),
        ("run: a\nfacts: {}", "run: b", "`run` is b here and a at {0}:1:1"),
    ],
)
def test_a_contradiction_names_both_places(refused: Refused, tmp_path: Path, first: str, second: str, message: str) -> None:
    (problem,) = refused(first, second)
    assert problem.file == str(tmp_path / "b.yaml")
    assert problem.message == message.format(tmp_path / "a.yaml")


def test_unknown_contradicts_nothing(read: Read) -> None:
    assert read("lr.peak: unknown", "lr.peak: 0.1").facts["lr.peak"].value == 0.1
