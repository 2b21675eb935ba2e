"""From facts to a plan, on a knowledge base of three rules: everything in the plan follows from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from advise import Advisor
from advise.knowledge.files import RawFiles
from advise.knowledge.load import knowledge_of
from advise.plan.model import Plan

Make = Callable[[dict[str, bytes | str] | None], RawFiles]
SATURATED = {"clip.rate": 0.9, "clip.threshold": 2.0}


@pytest.fixture(scope="module")
def advisor(files_of: Make) -> Advisor:
    return Advisor(knowledge_of(files_of(None)), engine="plain")


def test_a_diagnosis_says_its_numbers_its_evidence_and_what_would_reverse_it(advisor: Advisor) -> None:
    (found,) = advisor.advise(SATURATED).diagnoses
    assert (found.id, found.severity, found.certainty, found.rule) == ("clipping_saturated", "medium", "certain", "stability/clipping-saturated")
    assert found.why.en == "90% of the updates were clipped."
    assert found.why.zh == "90% 的更新被裁剪。"
    assert [(item.fact, item.value, item.asked) for item in found.evidence] == [("clip.rate", 0.9, "> 0.5")]
    assert [(item.fact, item.op, item.value) for item in found.reversed_by] == [("clip.rate", "≤", 0.5)]
    assert [source.id for source in found.sources] == ["note#1"]


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_what_would_reverse_a_diagnosis_does(advisor: Advisor, rate: float) -> None:
    assert not advisor.advise({**SATURATED, "clip.rate": rate}).diagnoses


def test_a_decision_computes_its_numbers_and_the_change_of_the_config(advisor: Advisor) -> None:
    (decision,) = advisor.advise(SATURATED).decisions
    assert decision.params == {"threshold": 4.0}
    assert decision.because == ["clipping_saturated"]
    assert [step.en for step in decision.steps] == ["Clip at 4."]
    assert [(line.key, line.before, line.after) for line in decision.config] == [("clip.threshold", 2.0, 4.0)]


def test_a_number_that_is_unknown_is_asked_for_and_not_invented(advisor: Advisor) -> None:
    plan = advisor.advise({"clip.rate": 0.9})
    assert not plan.decisions
    assert (plan.unknown[0].fact, [title.en for title in plan.unknown[0].could_tell]) == ("clip.threshold", ["Loosen the clipping"])
    assert plan.verdict.id == "cannot_tell"


@pytest.mark.parametrize(("facts", "verdict"), [(SATURATED, "continue_with_changes"), ({"clip.rate": 0.1}, "cannot_tell"), ({}, "cannot_tell")])
def test_the_verdict_is_the_strongest_that_a_decision_calls_for(advisor: Advisor, facts: dict[str, Any], verdict: str) -> None:
    assert advisor.advise(facts).verdict.id == verdict


@pytest.mark.parametrize(
    ("facts", "status", "because"),
    [
        ({"clip.rate": 0.5, "clip.threshold": 1.0}, "pass", ["clip.threshold", "clip.rate"]),
        ({"clip.rate": 0.6, "clip.threshold": 1.0}, "fail", ["clip.threshold", "clip.rate"]),
        ({"clip.threshold": 1.0}, "unknown", ["clip.rate"]),
        ({"clip.rate": 0.1}, "not_applicable", ["clip.threshold"]),
    ],
)
def test_the_status_of_a_check_is_the_truth_of_its_condition(advisor: Advisor, facts: dict[str, Any], status: str, because: list[str]) -> None:
    (item,) = advisor.advise(facts).checklist
    assert (item.status, item.because) == (status, because)


def test_facts_are_shown_as_they_were_stated_and_where(advisor: Advisor) -> None:
    plan = advisor.advise(SATURATED)
    assert plan.facts == SATURATED
    assert plan.diagnoses[0].evidence[0].origin == "argument"


def test_a_plan_reads_back_as_itself_and_is_valid(advisor: Advisor) -> None:
    # Records are built without being validated; here they are.
    for facts in (SATURATED, {"clip.rate": 0.9}, {}):
        plan = advisor.advise(facts)
        assert Plan.model_validate_json(plan.to_json()) == plan


def test_the_first_answer_is_as_the_later_ones(files_of: Make) -> None:
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    advisor = Advisor(knowledge_of(files_of(None)), engine="durable")
    first, second, third = (advisor.advise(SATURATED) for _ in range(3))
    assert first == second == third
    assert advisor.advise({}) == Advisor(knowledge_of(files_of(None)), engine="plain").advise({})


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (SATURATED, "continue_with_changes"),
        ({**SATURATED, "clip.norm": 1}, "finished"),
        ({"clip.rate": 0.1, "clip.norm": 1}, "cannot_tell"),
    ],
)
def test_a_verdict_stands_in_for_others_where_more_is_known_of_the_run(
    files_of: Make, small: dict[str, str], facts: dict[str, Any], verdict: str
) -> None:
    stand_in = "  - {id: finished, title: {en: It is over., zh: 已结束。}, instead_of: [continue_with_changes], when: {clip.norm: {gt: 0}}}\n"
    verdicts = small["kb/verdicts.yaml"].replace("  - {id: cannot_tell", f"{stand_in}  - {{id: cannot_tell")
    norm = (
        small["kb/facts/clip.yaml"]
        + "  clip.norm:\n    type: number\n"
        + "".join(f"    {key}: {{en: Norm, zh: 范数}}\n" for key in ("title", "prompt", "observe"))
    )
    plan = Advisor(knowledge_of(files_of({"kb/verdicts.yaml": verdicts, "kb/facts/clip.yaml": norm})), engine="plain").advise(facts)
    assert plan.verdict.id == verdict
    assert plan.verdict.because == (["loosen_clip"] if plan.decisions else [])


def test_a_finding_is_told_with_its_numbers_or_otherwise_without(files_of: Make, small: dict[str, str]) -> None:
    rule = "rules/stability/clipping-saturated.yaml"
    numbered = small[rule].replace(
        "  en: Clipping cuts most updates\n  zh: 裁剪作用于大多数更新\n",
        "  en: Clipping at {clip.threshold:g} cuts most updates\n  zh: 阈值 {clip.threshold:g} 裁剪了大多数更新\n"
        "  otherwise:\n    en: Clipping cuts most updates\n    zh: 裁剪作用于大多数更新\n",
    )
    told = Advisor(knowledge_of(files_of({rule: numbered})), engine="plain")
    assert [item.title.en for item in told.advise(SATURATED).diagnoses] == ["Clipping at 2 cuts most updates"]
    assert [item.title.en for item in told.advise({"clip.rate": 0.9}).diagnoses] == ["Clipping cuts most updates"]
