"""Filters: read and never executed, three-valued, and wrong ones are shown with a caret."""

from __future__ import annotations

import pytest

from advise.errors import InputError
from advise.experiments.fleet import Fleet, Row
from advise.experiments.fleet.where import where

ROW = Row(
    run="runs/a",
    path="runs/a/log.csv",
    verdict="stop",
    finding="divergence",
    findings=("divergence", "lr_too_high"),
    rate=0.01,
    best=0.5,
    last=0.4,
    settings={"optimizer/lr": 0.01, "width": 64, "amp": True},
    facts={"lr.peak": 0.01},
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('verdict == "stop"', True),
        ('verdict == "stop" and lr.peak > 1e-3', True),
        ('verdict == "stop" and lr.peak > 1e-1', False),
        ('verdict in ("stop", "fix_first")', True),
        ('"lr_too_high" in findings', True),
        ('"overfitting" in findings', False),
        ('"overfitting" not in findings', True),
        ("best > last", True),
        ("0.3 < last < 0.45", True),
        ("not (best > 0.9)", True),
        ("`optimizer/lr` >= 0.01", True),
        ("amp", True),
        ("width == 64 or width == 128", True),
        ('"runs/" in run', True),
        ("hours == None", True),
        ("best is not None", True),
        ("rate > -1", True),
        # What is not known is neither so nor otherwise.
        ("hours > 1", False),
        ("not (hours > 1)", False),
    ],
)
def test_a_filter(text: str, holds: bool) -> None:
    assert where(text)(ROW) is holds


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("verdict = 1", 9, "this is no filter"),
        ("__import__('os')", 1, "this is no comparison"),
        ("best > (lambda: 1)()", 8, "a number or a text between quotes was expected here"),
        ("best > last + 1", 8, "a number or a text between quotes was expected here"),
        ("f(best) > 1", 1, "a name was expected here"),
        ("best", 0, ""),
        ("(" * 300 + "best" + ")" * 300, 1, "this is no filter"),
    ],
)
def test_what_is_no_filter_is_shown(text: str, column: int, message: str) -> None:
    if not message:
        where(text)
        return
    with pytest.raises(InputError) as caught:
        where(text)
    (problem,) = caught.value.problems
    assert problem.message == message
    assert problem.column == column or message == "this is no filter"


def test_a_name_that_no_run_has_is_refused_with_the_nearest(judged: Fleet) -> None:
    with pytest.raises(InputError) as caught:
        judged.where("verdict == 'stop' and lr.peek > 0")
    (problem,) = caught.value.problems
    assert (problem.column, problem.width, problem.nearest) == (23, 7, "lr.peak")


def test_a_part_of_a_part(judged: Fleet) -> None:
    high = judged.where("lr.peak > 0.002")
    assert len(high) == 8
    assert len(high.where("width == 64")) == 4
    assert high.whole.runs == 8
