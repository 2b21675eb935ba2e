"""The fine-tuning at epoch 14 of 30: go on, guarded, and say what cannot be told from two different losses."""

from __future__ import annotations

from pathlib import Path

import pytest

import advise
from advise import Plan

FACTS = Path(__file__).parents[2] / "examples" / "btc-finetune" / "facts.yaml"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return advise.advise(FACTS)


def test_the_run_goes_on(plan: Plan) -> None:
    assert plan.verdict.id in ("continue", "continue_with_changes")
    assert not {item.id for item in plan.decisions} & {"stop", "lr_drop", "raise_lr", "restart_schedule", "increase_batch", "regularize"}
    assert not [item.id for item in plan.diagnoses if item.severity in ("high", "medium")]


def test_a_one_cycle_is_judged_at_its_end(plan: Plan) -> None:
    """The source stops early after 5 epochs without 1e-5 and asks for a longer warmup; neither is advised, and it is said why."""
    assert not {item.id for item in plan.decisions} & {"early_stopping", "extend_patience", "warmup"}
    assert {"btc-early-stopping", "btc-longer-warmup", "btc-final-div-factor"} <= {item.id for item in plan.errata}


def test_three_checkpoints_are_kept(plan: Plan) -> None:
    decision = next(item for item in plan.decisions if item.id == "select_best_checkpoint")
    assert decision.params == {"keep": 3}


def test_the_losses_are_on_different_scales(plan: Plan) -> None:
    found = next(item for item in plan.diagnoses if item.id == "logging_scale_artifact")
    assert (found.severity, found.certainty) == ("low", "certain")
    assert "learning/losses-of-opposite-sign" in found.supported_by


def test_overfitting_is_neither_claimed_nor_excluded(plan: Plan) -> None:
    assert "overfitting" not in {item.id for item in plan.diagnoses}
    question = next(item for item in plan.unknown if item.fact == "loss.train_eval_mode")
    assert "generalisation/gap-on-the-same-loss" in question.blocks
    logged = next(item for item in plan.decisions if item.id == "log_more")
    assert "evaluation mode" in logged.steps[0].en


def test_more_is_logged(plan: Plan) -> None:
    steps = " ".join(step.en for step in next(item for item in plan.decisions if item.id == "log_more").steps)
    assert "term of the loss apart" in steps
    assert "gradient norm before clipping" in steps


def test_the_schedule_runs_to_its_end(plan: Plan) -> None:
    decision = next(item for item in plan.decisions if item.id == "continue")
    assert decision.rule == "schedule/decay-to-come"
    assert "retune_schedule" not in {item.id for item in plan.decisions}


@pytest.mark.parametrize(
    "erratum",
    [
        "btc-negative-loss",
        "btc-no-overfitting",
        "btc-lower-lr-for-slow-convergence",
        "btc-batch-64",
        "btc-early-stopping",
        "btc-slow-before-the-decay",
    ],
)
def test_unsound_claims_are_answered(plan: Plan, erratum: str) -> None:
    assert erratum in {item.id for item in plan.errata}


def test_the_same_loss_on_both_sides_would_tell(plan: Plan) -> None:
    """With the dev loss measured on training data, the gap can be read."""
    told = advise.advise(dict(plan.facts) | {"loss.train_eval_mode": 0.0036})
    assert "overfitting" in {item.id for item in told.diagnoses}
    alike = advise.advise(dict(plan.facts) | {"loss.train_eval_mode": 0.0071})
    assert "overfitting" not in {item.id for item in alike.diagnoses}


def test_no_erratum_of_another_case_is_cited(plan: Plan) -> None:
    assert not [item.id for item in plan.errata if item.id.startswith(("stuck-", "microsegformer-", "supernet-"))]
