"""The cross-entropy that stays at ln 400: No-Go, checks in their order, the gate, and the window after it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import advise
from advise import Plan

HOME = Path(__file__).parents[2] / "examples" / "stuck-cross-entropy"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return advise.advise(HOME / "facts.yaml")


@pytest.fixture(scope="module")
def follow_up(plan: Plan) -> Plan:
    return advise.Advisor().advise(HOME / "followup.yaml", after=plan)


def test_no_go(plan: Plan) -> None:
    found = plan.diagnoses[0]
    assert plan.verdict.id == "fix_first"
    assert (found.id, found.severity, found.certainty) == ("not_learning", "high", "certain")
    assert f"{math.log(400):.4g}" in found.why.en


def test_checks_come_in_order_and_before_any_rate(plan: Plan) -> None:
    decided = [item.id for item in plan.decisions]
    assert decided[:3] == ["check_labels", "check_gradient_flow", "fit_one_batch"]
    assert decided.index("set_head_lr") > decided.index("fit_one_batch")
    assert not set(decided) & {"continue", "raise_lr", "add_trials", "extend_training"}


def test_labels_are_checked_against_the_400_classes(plan: Plan) -> None:
    labels = plan.decisions[0]
    assert labels.params["classes"] == 400
    assert "0 ≤ label < 400" in labels.steps[0].en


def test_gradient_flow_is_checked_from_the_wiring_to_the_clipping(plan: Plan) -> None:
    steps = [step.en for step in next(item for item in plan.decisions if item.id == "check_gradient_flow").steps]
    places = [
        next(index for index, step in enumerate(steps) if word in step) for word in ("output layer", "optimizer's groups", "no_grad", "clipping")
    ]
    assert places == sorted(places)


def test_the_head_starts_at_5e_3_and_is_looked_at_after_100_steps(plan: Plan) -> None:
    head = next(item for item in plan.decisions if item.id == "set_head_lr")
    assert head.params == {"lr": 0.005, "look_after_steps": 100}
    assert [(line.key, line.before, line.after) for line in head.config] == [("head.lr", 0.01, 0.005)]
    assert head.priority == "P1"


def test_the_gate_asks_for_loss_weights_and_gradient(plan: Plan) -> None:
    gate = next(item for item in plan.gates if item.id == "smoke_go")
    assert gate.need == 3
    assert [(test.fact, test.op, test.value) for test in gate.of] == [
        ("smoke.loss_end", "le", 5.6),
        ("head.weight_growth", "ne", 1),
        ("head.gradient_norm", "gt", 0),
    ]
    confirm = next(item for item in plan.decisions if item.id == "check_gradient_flow").confirm.en
    assert "200 to 300" in confirm
    assert "5.6" in confirm


@pytest.mark.parametrize(
    "erratum",
    ["stuck-cross-entropy-head-lr", "stuck-cross-entropy-lr-before-checks", "stuck-cross-entropy-norm-grows", "stuck-cross-entropy-clipping-off"],
)
def test_unsound_claims_are_answered(plan: Plan, erratum: str) -> None:
    assert erratum in {item.id for item in plan.errata}


def test_a_passed_window_brings_the_second_loss_back(follow_up: Plan) -> None:
    assert [(item.id, item.passed, item.met) for item in follow_up.gate_results] == [("smoke_go", True, 3)]
    assert follow_up.verdict.id == "continue_with_changes"
    restored = next(item for item in follow_up.decisions if item.id == "restore_auxiliary_loss")
    assert restored.params == {"looks": 2, "look_every_steps": 100, "ramp_epochs": 1, "loss_limit": 5.6}
    assert "not_learning" not in {item.id for item in follow_up.diagnoses}


def test_a_window_whose_weights_stand_still_is_no_pass(plan: Plan) -> None:
    facts = dict(plan.facts) | {"smoke.loss_end": 5.42, "head.weight_norm": 0.0312, "head.weight_norm_start": 0.0312, "head.gradient_norm": 0.08}
    del facts["smoke.passed"]
    second = advise.Advisor().advise(facts, after=plan)
    assert second.gate_results[0].passed is False
    assert second.verdict.id == "fix_first"
    assert "restore_auxiliary_loss" not in {item.id for item in second.decisions}


def test_labels_out_of_range_are_told_at_once(plan: Plan) -> None:
    worse = advise.advise(dict(plan.facts) | {"labels.min": 0, "labels.max": 425})
    found = next(item for item in worse.diagnoses if item.id == "labels_out_of_range")
    assert (found.severity, found.certainty) == ("high", "certain")
    assert worse.decisions[0].id == "check_labels"
