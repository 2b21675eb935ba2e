import pytest

from advise.advisor import Advisor
from advise.knowledge.questions import QuestionsFile, facts_of_topics


@pytest.fixture(scope="module")
def packaged() -> Advisor:
    return Advisor()


def asked_in_vain(advisor: Advisor, **facts: object) -> frozenset[str]:
    inference = advisor.examine({name.replace("__", "."): value for name, value in facts.items()}).inference
    return advisor.knowledge.questions.pointless_for(inference.facts, inference.concluded.__contains__)


def test_a_topic_stands_for_its_facts() -> None:
    spec = QuestionsFile.model_validate({"pointless": [{"facts": ["lr.peak"], "topics": ["labels"], "when": {"a.b": 1}}]}).pointless[0]
    assert facts_of_topics(spec, {"labels.min": 0, "labels.max": 0, "labelsx.min": 0}) == {"lr.peak", "labels.min", "labels.max"}


def test_every_topic_has_facts(packaged: Advisor) -> None:
    assert all(names for names, _ in packaged.knowledge.questions.pointless)
    first = [fact for fact, _ in packaged.knowledge.questions.first]
    assert len(first) == len(set(first))


def test_a_policy_has_no_classes_and_a_classifier_no_policy(packaged: Advisor) -> None:
    assert "task.num_classes" in asked_in_vain(packaged, task__kind="reinforcement")
    assert "policy.kl" not in asked_in_vain(packaged, task__kind="reinforcement")
    assert "policy.kl" in asked_in_vain(packaged, task__kind="classification")
    assert "task.num_classes" not in asked_in_vain(packaged, task__kind="classification")


def test_what_is_said_in_steps_is_not_asked_in_epochs_but_of_fine_tuning(packaged: Advisor) -> None:
    assert "budget.epochs" in asked_in_vain(packaged, budget__steps=1000)
    assert "budget.epochs" not in asked_in_vain(packaged)
    assert "budget.epochs" not in asked_in_vain(packaged, budget__steps=1000, weights__init="pretrained", task__kind="language_modeling")
