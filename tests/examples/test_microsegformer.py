"""The segmentation run that stalls late: what the plan concludes from the numbers of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

import advise
from advise import Plan

FACTS = Path(__file__).parents[2] / "examples" / "microsegformer" / "facts.yaml"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return advise.advise(FACTS)


def test_the_run_is_over_and_its_checkpoint_is_named(plan: Plan) -> None:
    decisions = {item.id: item for item in plan.decisions}
    assert plan.verdict.id == "stop"
    assert decisions["stop"].params == {"checkpoint": 92}
    assert decisions["select_best_checkpoint"].params["epoch"] == 92


def test_overfitting_is_told_with_the_gap_and_the_scores(plan: Plan) -> None:
    found = next(item for item in plan.diagnoses if item.id == "overfitting")
    assert (found.severity, found.certainty) == ("medium", "likely")
    for number in ("0.6976", "0.7192", "0.6889", "0.6544", "1.3%", "9.9%"):
        assert number in found.why.en
        assert number in found.why.zh
    evidence = {item.fact: item.value for item in found.evidence}
    assert evidence["gap.last"] == 0.099
    assert "facts.yaml:" in next(item.origin for item in found.evidence if item.fact == "gap.last")
    assert "generalisation/phase-gap-grows" in found.supported_by


def test_the_augmented_dev_set_is_a_fault_and_comes_first(plan: Plan) -> None:
    diagnoses = {item.id: item for item in plan.diagnoses}
    assert diagnoses["augmented_evaluation"].certainty == "certain"
    assert "0.019" in diagnoses["noisy_evaluation"].why.en
    first = plan.decisions[0]
    assert (first.id, first.priority) == ("stop_dev_augmentation", "P0")
    assert [(line.key, line.before, line.after) for line in first.config] == [("data.dev_augmented", True, False)]


def test_the_small_dev_set_is_widened(plan: Plan) -> None:
    decision = next(item for item in plan.decisions if item.id == "widen_evaluation")
    assert {"noisy_evaluation", "low_resolution_evaluation"} <= set(decision.because)
    assert decision.params["dev_size"] == 200
    assert decision.params["folds"] == 5


def test_regularization_is_raised_one_change_at_a_time(plan: Plan) -> None:
    decision = next(item for item in plan.decisions if item.id == "regularize")
    changes = {line.key: (line.before, line.after) for line in decision.config}
    assert changes == {"model.dropout": (0.15, 0.2), "optimizer.weight_decay": (1e-4, 2e-4)}
    first, second = decision.steps[:2]
    assert "0.15 → 0.2" in first.en
    assert "everything else as in the run before it" in first.en
    assert "second run" in second.en
    assert "0.0001 → 0.0002" in second.en


def test_the_patience_of_20_stays_and_the_noise_is_named_as_its_trouble(plan: Plan) -> None:
    decision = next(item for item in plan.decisions if item.id == "early_stopping")
    assert decision.params == {"patience": 20}
    assert "20 evaluations" in decision.title.en
    assert "extend_patience" in {item.id for item in plan.set_aside}
    eager = next(item for item in plan.diagnoses if item.id == "early_stopping_too_eager")
    assert "evaluation/stopped-against-a-lucky-peak" in (eager.rule, *eager.supported_by)


def test_the_gain_of_the_dice_weight_is_within_noise(plan: Plan) -> None:
    found = next(item for item in plan.diagnoses if item.id == "gain_within_noise")
    assert "0.007" in found.why.en
    assert "0.019" in found.why.en
    assert "adopt" not in {item.id for item in plan.decisions}
    assert "rerun_seeds" in {item.id for item in plan.decisions}


def test_the_schedule_does_not_match_the_real_length(plan: Plan) -> None:
    assert "schedule_mismatch" in {item.id for item in plan.diagnoses}
    retuned = next(item for item in plan.decisions if item.id == "retune_schedule")
    # As many as were run: the epoch of the best value of a flat, noisy curve is no length.
    assert retuned.params == {"total_epochs": 112}


def test_nothing_follows_from_the_unsound_claims(plan: Plan) -> None:
    decided = {item.id for item in plan.decisions}
    assert "lr_too_low" not in {item.id for item in plan.diagnoses}
    assert not decided & {"raise_lr", "restart_schedule", "extend_training"}


@pytest.mark.parametrize(
    "erratum",
    [
        "microsegformer-lr-too-low",
        "microsegformer-shorter-t-max",
        "microsegformer-confidence-interval",
        "microsegformer-float32-precision",
        "microsegformer-test-as-ceiling",
        "microsegformer-patience",
        "microsegformer-dice-gain",
        "microsegformer-validation-augmented",
        "microsegformer-decline-after-best",
        "microsegformer-seven-changes",
    ],
)
def test_unsound_claims_are_answered(plan: Plan, erratum: str) -> None:
    assert erratum in {item.id for item in plan.errata}


def test_no_erratum_of_another_case_is_cited(plan: Plan) -> None:
    assert not [item.id for item in plan.errata if item.id.startswith(("stuck-", "btc-", "supernet-"))]
