"""A plan that contradicts itself is found out, in each of the five ways; and today's contradictions are none any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from advise import Advisor
from advise.knowledge.base import KnowledgeBase
from advise.plan.agreement import contradictions, disagreements
from advise.plan.model import ConfigChange, Decision
from advise.text import Text

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.fixture(scope="module")
def base(advisor: Advisor) -> KnowledgeBase:
    return advisor.knowledge


@pytest.fixture(scope="module")
def decision(advisor: Advisor) -> Callable[..., Decision]:
    """A decision of the packaged base that is sound, as its rule makes it, with something of it changed."""
    facts = {
        "dev.best_position": 0.06,
        "dev.best_recency": 0.06,
        "dev.trend": "flat",
        "run.finished": True,
        "dev.best_step": 600,
        "dev.best_epoch": 6,
        "budget.steps": 10_000,
        "budget.epochs": 100,
    }
    (sound,) = [item for item in advisor.advise(facts).decisions if item.id == "shorten_training"]

    def changed(**changes: object) -> Decision:
        return sound.model_copy(update=changes)

    return changed


def said(base: KnowledgeBase, *decisions: Decision, errata: tuple[str, ...] = ()) -> Iterator[str]:
    return disagreements(decisions, errata, base)


def test_a_sound_decision_disagrees_with_nothing(base: KnowledgeBase, decision: Callable[..., Decision]) -> None:
    assert not list(said(base, decision()))


def test_verdicts_that_exclude_each_other(base: KnowledgeBase, decision: Callable[..., Decision]) -> None:
    repair, go_on = decision(id="check_input_data", rule="data/check-what-the-model-gets"), decision(id="continue", rule="schedule/improving")
    first, *_ = [text for text in said(base, go_on, repair) if "verdicts" in text]
    assert first.startswith("`check_input_data` (data/check-what-the-model-gets) and `continue`")


def test_steps_of_several_rules(base: KnowledgeBase, decision: Callable[..., Decision]) -> None:
    step = Text(en="The steps become larger.", zh="步长会变大。")
    (found,) = said(base, decision(steps=[*decision().steps, step]))
    assert "joins the steps of several rules" in found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"params": {}, "missing_params": ["steps", "epochs"], "config": []}, "every number is unknown"),
        ({"steps": [Text(en="Train unknown steps.", zh="训练未知步。")]}, "instructs with an unknown number"),
    ],
)
def test_unknown_numbers(base: KnowledgeBase, decision: Callable[..., Decision], changes: dict[str, object], found: str) -> None:
    (text,) = said(base, decision(**changes))
    assert found in text


@pytest.mark.parametrize(
    ("before", "after", "sound"),
    [
        (12_030, 0, False),  # what was printed: no run has 0 steps
        (24_000, 34_500, False),  # what was printed under "train for fewer steps"
        (24_000, 24_000, False),
        (24_000, 20_000, False),  # hardly fewer
        (24_000, 19_200, True),
        (24_000, 480, True),
        (24_000, 479, False),
        (None, 900, True),
    ],
)
def test_a_number_that_moves_against_the_title(
    base: KnowledgeBase, decision: Callable[..., Decision], before: int | None, after: int, sound: bool
) -> None:
    found = list(said(base, decision(config=[ConfigChange(key="budget.steps", before=before, after=after)])))
    assert found == [] if sound else [f"`shorten_training` (schedule/train-shorter) sets `budget.steps` from {before} to {after}"]


def test_what_an_erratum_forbids(base: KnowledgeBase, decision: Callable[..., Decision]) -> None:
    stopping = decision(id="early_stopping", rule="schedule/stop-when-nothing-comes", config=[], steps=[])
    assert not list(said(base, stopping, errata=("btc-longer-warmup",)))
    (found,) = said(base, stopping, errata=("btc-early-stopping",))
    assert "does what `btc-early-stopping` forbids" in found
    # With a reason, a rule may do what an erratum forbids.
    smaller = decision(id="reduce_capacity", rule="generalisation/reduce-capacity-last", config=[], steps=[])
    assert not list(said(base, smaller, errata=("playnote-smaller-model-for-variance",)))


@pytest.mark.parametrize(
    "facts",
    [
        {"data.nonfinite_share": 0.01, "dev.trend": "improving"},
        {"hosts.count": 2, "hosts.init_seed_shared": False, "dev.trend": "improving"},
        {"clip.rate": 0.82, "optimizer.name": "adam", "dev.best_recency": 1, "clip.threshold": 1, "gradient.norm_p90": 3},
        {"schedule.tail_share": 0.3, "dev.best_recency": 0.96, "dev.best_step": 23_000, "run.steps_done": 24_000, "budget.steps": 24_000},
        {"dev.best_position": 0, "dev.trend": "flat", "run.finished": True, "dev.best_step": 0, "budget.steps": 12_030},
        {"loss.diverged": True, "loss.early_rise": 4},
    ],
)
def test_plans_that_contradicted_themselves_do_not(advisor: Advisor, facts: dict[str, object]) -> None:
    assert not list(contradictions(advisor.examine(facts)))


def test_no_plan_of_a_rule_test_whose_run_improves_contradicts_itself(script: Callable[[str], ModuleType]) -> None:
    judged = list(script("bench/agreement.py").of_rule_tests())
    assert len(judged) > 900
    assert not [item for item in judged if item.found]


@pytest.mark.skipif(not CASES.is_dir(), reason="../shared/cases is not here")
def test_no_plan_of_a_shared_case_contradicts_itself(script: Callable[[str], ModuleType]) -> None:
    judged = list(script("bench/agreement.py").of_cases(CASES))
    assert judged
    assert not [item for item in judged if item.found]
