"""Which questions are worth asking: their answers are tried, and what is computed from an answer is computed anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise import Advisor
from advise.knowledge.derived import compute
from advise.plan.questions import ENOUGH, _answers, _reading

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.mark.parametrize("name", ["supernet", "microsegformer", "stuck-cross-entropy"])
def test_what_an_answer_has_no_part_in_stays_as_it_was(name: str, advisor: Advisor) -> None:
    found = advisor.examine(EXAMPLES / name / "facts.yaml")
    base = advisor.knowledge
    computed = compute(base.derived, found.stated)
    for item in found.plan.unknown:
        concerned = _reading(item.fact, base)
        kept = {key: value for key, value in computed.items() if key not in concerned}
        for value in list(_answers(item, found.inference, base))[:3]:
            whole = {**found.stated, item.fact: value}
            part = {**found.stated, **kept, item.fact: value}
            assert {**part, **compute(concerned, part)} == {**whole, **compute(base.derived, whole)}


@pytest.mark.parametrize("name", ["supernet", "microsegformer", "stuck-cross-entropy", "btc-finetune"])
def test_some_answer_to_what_is_asked_changes_the_plan(name: str, advisor: Advisor) -> None:
    found = advisor.examine(EXAMPLES / name / "facts.yaml")
    asked = [item for item in found.plan.unknown if item.changes_plan]
    assert 0 < len(asked) <= ENOUGH
    for item in asked:
        plans = [advisor.advise({**found.stated, item.fact: value}) for value in list(_answers(item, found.inference, advisor.knowledge))]
        assert any(
            [(each.id, each.severity) for each in plan.diagnoses] != [(each.id, each.severity) for each in found.plan.diagnoses]
            or [(each.id, each.rule) for each in plan.decisions] != [(each.id, each.rule) for each in found.plan.decisions]
            for plan in plans
        )
