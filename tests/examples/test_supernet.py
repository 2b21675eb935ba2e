"""The supernet at epoch 200: clipping repaired, schedule used up, a gated trial instead of 100 blind epochs; and what the trial leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

import advise
from advise import Plan

HOME = Path(__file__).parents[2] / "examples" / "supernet"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return advise.advise(HOME / "facts.yaml")


def follow_up(plan: Plan, **trial: object) -> Plan:
    facts = {"run.stage": "continuation", "run.epochs_done": 230} | {f"followup.{name}": value for name, value in trial.items()}
    return advise.Advisor().advise(facts, after=plan)


def test_the_verdict_is_a_gated_trial(plan: Plan) -> None:
    assert plan.verdict.id == "resume_with_gates"
    assert plan.decisions[0].id == "resume_with_gates"
    assert "stop" not in {item.id for item in plan.decisions}


def test_clipping_was_saturated_and_no_longer_is(plan: Plan) -> None:
    diagnoses = {item.id: item for item in plan.diagnoses}
    assert "clipping_saturated" not in diagnoses
    found = diagnoses["clipping_no_longer_saturated"]
    assert (found.severity, found.certainty) == ("info", "certain")
    assert {item.fact: item.value for item in found.evidence} == {"clip.rate_early": 1.0, "clip.rate": 0.13, "clip.counting_changed": True}
    assert "not comparable" in found.title.en
    assert "supernet-clip-rate-across-definitions" in {item.id for item in plan.errata}


def test_the_flat_tail_is_explained_by_the_schedule(plan: Plan) -> None:
    diagnoses = {item.id: item for item in plan.diagnoses}
    assert "plateau" not in diagnoses
    assert diagnoses["schedule_exhausted"].certainty == "certain"
    assert "schedule/flat-and-decay-spent" in diagnoses["schedule_exhausted"].supported_by


def test_the_trial_has_its_numbers(plan: Plan) -> None:
    resume = plan.decisions[0]
    wanted = {
        "trial_epochs": 30,
        "second_epochs": 70,
        "lr": 5e-5,
        "cautious_lr": 4e-5,
        "min_gain": 0.0026,
        "target": 9.739224,
        "spread_limit": 0.008,
        "best_epoch": 192,
        "last_epoch": 200,
    }
    assert {name: resume.params[name] for name in wanted} == wanted
    assert not resume.missing_params
    assert resume.because == ["schedule_exhausted"]


def test_the_trial_gets_a_learning_rate_worth_the_name(plan: Plan) -> None:
    resume = plan.decisions[0]
    assert resume.params["start_lr"] == 1.25e-5
    assert {line.key: (line.before, line.after) for line in resume.config} == {
        "lr.peak": (1e-4, 5e-5),
        "schedule.total_epochs": (200, 300),
        "budget.epochs": (200, 230),
    }
    assert "supernet-trial-without-learning-rate" in {item.id for item in plan.errata}


def test_the_rest_is_decided_by_a_gain_beyond_the_noise_and_nothing_worse(plan: Plan) -> None:
    """Two of the source's three gates only ask that nothing gets worse, and its gain of 0.001 is less than one standard deviation."""
    (gate,) = plan.gates
    assert gate.need == 3
    assert [(test.fact, test.op, test.value, test.required) for test in gate.of] == [
        ("followup.gain", "ge", 0.0026, True),
        ("followup.spread_median", "le", 0.008, False),
        ("followup.tail_stable", "eq", True, False),
    ]
    assert "70" in gate.passed.en
    assert "192" in gate.failed.en
    assert "200" in gate.failed.en


def test_a_hundred_epochs_at_the_old_peak_are_considered_and_set_aside(plan: Plan) -> None:
    aside = next(item for item in plan.set_aside if item.id == "extend_training")
    assert aside.rule == "resume/extend-as-asked"
    assert "rewarm" in aside.reason.en
    assert "2.5e-05" in aside.reason.en
    assert "回温" in aside.reason.zh


def test_the_early_stopping_threshold_is_refined(plan: Plan) -> None:
    found = next(item for item in plan.diagnoses if item.id == "early_stopping_threshold_coarse")
    assert "0.002" in found.why.en
    decision = next(item for item in plan.decisions if item.id == "early_stopping")
    assert decision.params == {"min_delta": 0.0005}
    assert [(line.key, line.before, line.after) for line in decision.config] == [("early_stopping.min_delta", 0.002, 0.0005)]


def test_the_evaluation_is_narrow(plan: Plan) -> None:
    found = next(item for item in plan.diagnoses if item.id == "low_resolution_evaluation")
    assert (found.severity, found.certainty) == ("low", "possible")
    for number in ("12", "4", "0.0156"):
        assert number in found.why.en


def test_what_to_log_is_said(plan: Plan) -> None:
    steps = " ".join(step.en for step in next(item for item in plan.decisions if item.id == "log_more").steps)
    for column in ("`lr`", "`best_so_far`", "`delta_to_best`", "`tail_gap`"):
        assert column in steps


def test_only_this_case_is_corrected(plan: Plan) -> None:
    cited = {item.id for item in plan.errata}
    assert {"supernet-gates-without-improvement", "supernet-gate-within-noise", "supernet-flat-tail-is-no-ceiling"} <= cited
    assert not [name for name in cited if name.startswith(("btc-", "microsegformer-", "stuck-"))]


def test_in_window_a_clipping_is_saturated() -> None:
    plan = advise.advise(HOME / "window-a.yaml")
    (found,) = [item for item in plan.diagnoses if item.severity in ("high", "medium")]
    assert (found.id, found.certainty) == ("clipping_saturated", "certain")
    loosen = next(item for item in plan.decisions if item.id == "loosen_clip")
    # The norms were not logged: no number is made up, and the step says where it will come from.
    assert (loosen.params, loosen.config) == ({}, [])
    assert "90th percentile of these norms" in loosen.steps[1].en
    assert "continue" not in {item.id for item in plan.decisions}


def test_the_committed_trial_that_passes_runs_on_for_70_epochs() -> None:
    plan = advise.advise(HOME / "followup-pass.yaml")
    assert [result.passed for result in plan.gate_results] == [True]
    assert plan.verdict.id == "continue"
    decision = plan.decisions[0]
    assert (decision.id, decision.params["epochs"]) == ("continue", 70)


def test_the_committed_trial_that_fails_stops_with_both_checkpoints() -> None:
    plan = advise.advise(HOME / "followup-fail.yaml")
    assert [result.passed for result in plan.gate_results] == [False]
    assert plan.verdict.id == "stop"
    assert plan.decisions[0].params == {"best_epoch": 192, "last_epoch": 200}


@pytest.mark.parametrize(
    ("trial", "verdict"),
    [
        ({"metric_best": 9.739224, "spread_median": 0.008, "tail_stable": True}, "continue"),
        ({"metric_best": 9.739225, "spread_median": 0.008, "tail_stable": True}, "stop"),
        ({"metric_best": 9.739224, "spread_median": 0.0081, "tail_stable": True}, "stop"),
        ({"metric_best": 9.739224, "spread_median": 0.008, "tail_stable": False}, "stop"),
        # A standstill: the metric as it was, calm and stable.
        ({"metric_best": 9.7420, "spread_median": 0.007, "tail_stable": True}, "stop"),
        # Without a gain it is over, whatever the rest would be.
        ({"metric_best": 9.7420}, "stop"),
    ],
)
def test_the_gates_are_exact(plan: Plan, trial: dict[str, object], verdict: str) -> None:
    assert follow_up(plan, **trial).verdict.id == verdict


def test_one_gate_of_three_decides_nothing_yet(plan: Plan) -> None:
    after = follow_up(plan, metric_best=9.7390)
    assert [result.passed for result in after.gate_results] == [None]
    assert not {item.id for item in after.decisions} & {"stop", "continue"}


def test_a_constant_schedule_is_not_used_up(plan: Plan) -> None:
    """The schedule is what the whole plan rests on."""
    other = advise.advise(dict(plan.facts) | {"schedule.kind": "constant"})
    assert "resume_with_gates" not in {item.id for item in other.decisions}
    assert "schedule_exhausted" not in {item.id for item in other.diagnoses}
