"""Which question comes next."""

from __future__ import annotations

import pytest

from advise.advisor import Advisor
from advise.errors import UnknownNameError
from advise.interview.agenda import Agenda, Question, items_of


def asked(advisor: Advisor, facts: dict[str, object], *sections: str) -> list[Question]:
    return list(Agenda(advisor.knowledge, items_of(sections, advisor.knowledge)).questions(advisor.examine(facts).inference))


def names(found: list[Question]) -> list[str]:
    return [question.fact for question in found]


def test_with_nothing_known_what_settles_the_most_severe_comes_first(advisor: Advisor) -> None:
    found = asked(advisor, {})
    # high severity over two facts, one of which a checklist item waits for too; then medium over one; the costly measurement is last of its rule.
    assert names(found)[:3] == ["clip.enabled", "lr.peak", "clip.rate"]
    assert names(found).index("budget.steps") < names(found).index("pipeline.step_time")
    assert found[0].blocks == ("stability/high",)
    assert [title.en for title in found[0].could_tell] == ["Rate is too high"]


def test_what_an_observation_points_at_goes_before_everything(advisor: Advisor) -> None:
    assert names(asked(advisor, {"clip.enabled": False}))[0] == "lr.peak"
    assert names(asked(advisor, {"lr.peak": 2.0}))[0] == "clip.enabled"


def test_what_is_known_or_can_change_nothing_is_not_asked(advisor: Advisor) -> None:
    found = names(asked(advisor, {"clip.enabled": True, "clip.rate": 0.1}))
    assert not {"clip.enabled", "clip.rate"} & set(found)
    # With clipping on the diagnosis is decided, whatever the rate is.
    assert "lr.peak" not in found
    assert "run.seconds" not in found


def test_a_derived_fact_is_asked_for_by_what_it_is_computed_from(advisor: Advisor) -> None:
    found = names(asked(advisor, {"budget.steps": 10}))
    assert "pipeline.step_time" in found
    assert "run.total_seconds" not in found


def test_what_only_has_to_be_known_is_asked_for(advisor: Advisor) -> None:
    assert "memory.used" in names(asked(advisor, {}))
    assert "memory.used" not in names(asked(advisor, {"clip.threshold": 2.0}))
    assert names(asked(advisor, {}, "F")) == ["run.notes"]
    assert names(asked(advisor, {"run.notes": "x"}, "F")) == []


def test_every_question_comes_once_and_the_order_is_always_the_same(advisor: Advisor) -> None:
    found = asked(advisor, {"lr.peak": 2.0})
    assert len(set(names(found))) == len(found)
    assert asked(advisor, {"lr.peak": 2.0}) == found


def test_a_section_is_asked_in_the_order_of_the_checklist(advisor: Advisor) -> None:
    found = asked(advisor, {}, "D")
    assert [(question.item.id if question.item else None, question.fact) for question in found] == [
        ("batch_fixed", "batch.size"),
        ("schedule_set", "schedule.kind"),
    ]
    assert names(asked(advisor, {}, "D.1")) == ["schedule.kind"]
    assert names(asked(advisor, {}, "d")) == names(found)


def test_the_section_for_agents_is_asked_in_their_order(advisor: Advisor) -> None:
    assert names(asked(advisor, {}, "I")) == ["clip.enabled", "clip.rate", "run.odd"]
    assert names(asked(advisor, {}, "I", "D.1")) == ["clip.enabled", "clip.rate", "run.odd", "schedule.kind"]


def test_an_item_that_is_decided_asks_no_more(advisor: Advisor) -> None:
    assert names(asked(advisor, {"clip.enabled": False}, "I")) == ["run.odd"]


def test_a_section_that_is_not_there(advisor: Advisor) -> None:
    for section in ("Z", "", "D.", "D.9"):
        with pytest.raises(UnknownNameError, match=r"D\.3, D\.1, F, I"):
            items_of([section], advisor.knowledge)
