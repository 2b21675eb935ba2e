"""What is found of a run over time."""

from __future__ import annotations

import pytest

from advise import Advisor
from advise.live.findings import Change, FindingsOverTime, is_at_least
from advise.plan.examination import Examination
from advise.plan.extent import Place


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def told(changes: tuple[Change, ...], name: str) -> list[str]:
    return [change.what for change in changes if change.finding.id == name]


class Followed:
    """A run whose facts are given look after look."""

    def __init__(self, advisor: Advisor) -> None:
        self.advisor = advisor
        self.over_time = FindingsOverTime()

    def look(self, *, is_new: bool = True, **facts: object) -> tuple[Change, ...]:
        found: Examination = self.advisor.examine({name.replace("__", "."): value for name, value in facts.items()})
        return self.over_time.look(found, is_new=is_new)


@pytest.fixture
def followed(advisor: Advisor) -> Followed:
    return Followed(advisor)


def test_a_finding_is_told_once_with_where_the_run_was(followed: Followed) -> None:
    first = followed.look(clip__rate=0.9, run__steps_done=400)
    assert told(first, "clipping_saturated") == ["found"]
    (change,) = (item for item in first if item.finding.id == "clipping_saturated")
    assert change.at == change.finding.began == Place("steps", 400)
    assert told(followed.look(clip__rate=0.95, run__steps_done=500), "clipping_saturated") == []
    (standing,) = (item for item in followed.over_time.standing if item.id == "clipping_saturated")
    assert standing.seen == Place("steps", 400)


def test_where_it_began_is_what_the_log_says(followed: Followed) -> None:
    changes = followed.look(loss__max_to_initial=500, loss__divergence_step=120, run__steps_done=400)
    assert Place("steps", 120) in [change.finding.began for change in changes]
    assert {change.finding.seen for change in changes} == {Place("steps", 400)}


def test_not_to_know_withdraws_nothing(followed: Followed) -> None:
    followed.look(clip__rate=0.9)
    for _ in range(20):
        assert told(followed.look(lr__peak=1e-3), "clipping_saturated") == []
    (standing,) = (item for item in followed.over_time.standing if item.id == "clipping_saturated")
    assert not standing.is_current


def test_two_looks_that_speak_against_it_withdraw_it(followed: Followed) -> None:
    followed.look(clip__rate=0.9)
    assert told(followed.look(clip__rate=0.2), "clipping_saturated") == []
    assert told(followed.look(clip__rate=0.2), "clipping_saturated") == ["withdrawn"]
    assert "clipping_saturated" not in [item.id for item in followed.over_time.standing]


def test_a_look_at_nothing_new_is_no_second_opinion(followed: Followed) -> None:
    followed.look(clip__rate=0.9)
    for _ in range(20):
        assert told(followed.look(is_new=False, clip__rate=0.2), "clipping_saturated") == []


def test_what_flaps_is_told_ever_more_rarely(followed: Followed) -> None:
    said: list[str] = []
    for number in range(120):
        said += told(followed.look(clip__rate=0.9 if number % 3 == 0 else 0.2), "clipping_saturated")
    assert said == ["found", "withdrawn", "found"]


def test_one_that_is_reached_again_in_time_was_never_gone(followed: Followed) -> None:
    followed.look(clip__rate=0.9)
    said: list[str] = []
    for rate in (0.2, 0.9, 0.2, 0.9, 0.2, 0.9):
        said += told(followed.look(clip__rate=rate), "clipping_saturated")
    assert said == []


@pytest.mark.parametrize(("severity", "least", "holds"), [("high", "medium", True), ("medium", "medium", True), ("low", "medium", False)])
def test_as_bad_as(severity: str, least: str, holds: bool) -> None:
    assert is_at_least(severity, least) is holds  # type: ignore[arg-type]
