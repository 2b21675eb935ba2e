"""The first lines of a plan, made of the packaged knowledge."""

from __future__ import annotations

import re

import pytest

from advise import Advisor, Plan
from advise.plan.model import Head
from advise.terms import JsonValue

LINES = ("finding", "cost", "checkpoint", "cause", "next", "would_change")
NAN: dict[str, JsonValue] = {
    "loss.is_nonfinite": True,
    "loss.first_nonfinite_step": 390,
    "run.steps_done": 1000,
    "budget.steps": 1000,
    "run.finished": True,
    "dev.best_step": 300,
    "dev.metric_first": 0.9,
    "dev.metric_best": 0.9575,
    "dev.metric_last": 0.09,
    "metric.name": "accuracy",
    "metric.direction": "maximize",
    "optimizer.name": "adamw",
    "lr.peak": 0.02,
}
HEALTHY: dict[str, JsonValue] = {
    "loss.train": 0.8,
    "loss.dev": 0.9,
    "run.steps_done": 900,
    "budget.steps": 900,
    "run.finished": True,
    "lr.peak": 0.003,
}


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def head(plan: Plan) -> Head:
    assert plan.head is not None
    return plan.head


def test_the_fault_its_step_its_cost_and_the_checkpoint_are_said(advisor: Advisor) -> None:
    found = head(advisor.advise(NAN))
    assert found.finding.en.startswith("The loss is NaN or infinite from step 390 on (certain).")
    assert found.finding.zh.count("390") == 1
    assert found.cost.en == "610 steps after it are lost: 61% of the run."
    assert found.checkpoint.en == "Step 300: accuracy 0.9575, the best evaluation."
    assert "learning rate" in found.cause.en.lower()
    assert "学习率" in found.cause.zh


@pytest.mark.parametrize(
    ("facts", "cost"),
    [
        ({"run.elapsed": 100.0}, "610 steps after it are lost: 61% of the run, 61 s."),
        ({"run.elapsed": 7200.0}, "610 steps after it are lost: 61% of the run, 1.2 h."),
        ({"run.elapsed": 7200.0, "compute.devices": 8}, "610 steps after it are lost: 61% of the run, 1.2 h, 9.76 device-hours."),
    ],
)
def test_the_cost_is_in_hours_where_they_are_known(facts: dict[str, JsonValue], cost: str, advisor: Advisor) -> None:
    assert head(advisor.advise({**NAN, **facts})).cost.en == cost


def test_a_fault_whose_step_is_not_known_is_said_without_one(advisor: Advisor) -> None:
    found = head(advisor.advise({name: value for name, value in NAN.items() if name != "loss.first_nonfinite_step"}))
    assert found.finding.en.startswith("The loss became NaN or infinite (certain).")
    assert "unknown" not in found.cost.en


def test_a_finished_healthy_run_is_told_so(advisor: Advisor) -> None:
    plan = advisor.advise(HEALTHY)
    assert plan.verdict.id == "finished"
    assert head(plan).finding.en.startswith("No fault was seen in the training and dev curves.")
    assert "finished: 900 of 900 steps" in head(plan).finding.en


def test_a_running_healthy_run_is_not_told_that_too_little_is_known(advisor: Advisor) -> None:
    plan = advisor.advise({**HEALTHY, "run.finished": False, "run.steps_done": 300})
    assert plan.verdict.id == "continue"
    assert "300 of 900 steps" in head(plan).finding.en


@pytest.mark.parametrize("facts", [{"loss.train": 0.8}, {"lr.peak": 0.01}, {}])
def test_without_evaluations_nothing_is_called_well(facts: dict[str, JsonValue], advisor: Advisor) -> None:
    plan = advisor.advise(facts)
    assert plan.verdict.id == "cannot_tell"
    assert "Nothing wrong" not in head(plan).finding.en


def test_a_finished_run_with_a_fault_keeps_the_stronger_verdict(advisor: Advisor) -> None:
    assert advisor.advise(NAN).verdict.id == "fix_first"


@pytest.mark.parametrize("facts", [NAN, HEALTHY, {}, {"clip.rate": 1.0}, {"loss.train": 1.0}])
def test_every_line_is_said_in_both_languages_without_ids_and_unknowns(facts: dict[str, JsonValue], advisor: Advisor) -> None:
    found = head(advisor.advise(facts))
    for line in LINES:
        text = getattr(found, line)
        assert text.en
        assert text.zh
        assert re.search("[\u4e00-\u9fff]", text.zh)
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", text.en)
        assert "unknown" not in text.en


def test_each_question_marked_changes_the_plan(advisor: Advisor) -> None:
    plan = advisor.advise(NAN)
    marked = [item.fact for item in plan.unknown if item.changes_plan]
    assert 0 < len(marked) <= 3
    assert marked == [item.fact for item in plan.unknown][: len(marked)]


def test_a_plan_made_before_there_was_a_head_is_still_read(advisor: Advisor) -> None:
    old = advisor.advise(NAN).model_dump(by_alias=True, exclude={"head", "idle_lines"})
    assert Plan.model_validate(old).head is None
