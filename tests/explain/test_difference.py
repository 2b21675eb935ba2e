"""What would be otherwise in a plan under other facts: what appears, what vanishes, what changes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from advise.advisor import Advisor
from advise.explain import Difference, changed, difference
from advise.explain.difference import Part
from advise.text import Value

OVERFITTED: Mapping[str, object] = {"loss.train": 0.1, "loss.dev": 0.9, "run.finished": True, "lr.peak": 0.2}


def between(advisor: Advisor, facts: Mapping[str, object], changes: Mapping[str, Value | None]) -> Difference:
    observed = advisor.observe(facts)
    return difference(advisor.examine(observed), advisor.examine(changed(observed, changes)))


def ids(part: Part) -> tuple[list[str], list[str], list[str]]:
    return [item.id for item in part.appeared], [item.id for item in part.vanished], [item.id for item in part.changed]


def test_what_vanishes_with_its_diagnosis(advisor: Advisor) -> None:
    found = between(advisor, OVERFITTED, {"loss.dev": 0.2})
    assert ids(found.diagnoses) == ([], ["overfitting"], [])
    assert ids(found.decisions) == ([], ["stop"], [])
    assert ids(found.set_aside) == ([], ["extend"], [])


def test_what_appears_and_what_is_set_aside_anew(advisor: Advisor) -> None:
    found = between(advisor, {"clip.norm": 3, "clip.threshold": 1}, {"loss.train": 1000.0})
    assert ids(found.diagnoses) == (["divergence"], [], [])
    assert ids(found.decisions) == ([], ["clip"], [])
    assert ids(found.set_aside) == (["clip"], [], [])
    assert found.verdict is not None
    assert (found.verdict.before, found.verdict.after) == ("continue_with_changes", "cannot_tell")
    assert [text.en for text in found.verdicts] == ["continue_with_changes.", "cannot_tell."]


def test_what_stays_with_other_numbers_or_other_rules_changes(advisor: Advisor) -> None:
    found = between(advisor, {**OVERFITTED, "clip.norm": 3, "clip.threshold": 1}, {"clip.norm": 4.0, "loss.train": 0.35})
    assert ids(found.decisions) == ([], [], ["clip"])
    assert [(item.name, item.before, item.after) for item in found.decisions.changed[0].changes] == [("params.at", 3.0, 4.0)]
    changes = {item.name: (item.before, item.after) for item in found.diagnoses.changed[0].changes}
    assert changes == {"rule": ("gap/noted", "gap/wide"), "supported_by": (["gap/wide"], None)}


def test_the_checklist_and_the_errata(advisor: Advisor) -> None:
    found = between(advisor, {"run.finished": True, "lr.peak": 0.1}, {"goal.met": False, "lr.peak": 0.0001})
    assert [(item.before, item.after) for item in found.checklist.changed[0].changes] == [("unknown", "fail")]
    assert ids(found.errata) == (["lower-it"], [], [])


def test_what_is_no_longer_asked_for(advisor: Advisor) -> None:
    found = between(advisor, {"run.finished": True, "lr.peak": 0.2}, {"loss.dev": 2.0})
    assert ids(found.unknown) == ([], ["loss.dev"], [])


def test_forgetting_a_fact_makes_it_unknown_and_what_was_computed_from_it(advisor: Advisor) -> None:
    found = between(advisor, OVERFITTED, {"loss.train": None})
    assert {item.name: (item.before, item.after) for item in found.facts} == {"loss.train": (0.1, None), "loss.gap": (0.8, None)}
    assert ids(found.diagnoses)[1] == ["overfitting"]


def test_true_is_not_one(advisor: Advisor) -> None:
    found = between(advisor, {"run.finished": True}, {"run.finished": False})
    assert [(item.before, item.after) for item in found.facts] == [(True, False)]


@pytest.mark.parametrize("changes", [{}, {"noise.a": 0.0}])
def test_where_nothing_changes_the_difference_is_empty(changes: Mapping[str, Value | None], advisor: Advisor) -> None:
    assert between(advisor, {"lr.peak": 0.1}, changes).is_empty


def test_the_facts_of_the_run_itself_stay_as_they_are(advisor: Advisor) -> None:
    observed = advisor.observe(OVERFITTED)
    changed(observed, {"lr.peak": 1.0, "loss.dev": None})
    assert {name: fact.value for name, fact in observed.facts.items()} == OVERFITTED


def test_as_json_it_is_read_back_as_the_same(advisor: Advisor) -> None:
    found = between(advisor, OVERFITTED, {"loss.dev": 0.2, "clip.norm": 3.0})
    assert Difference.model_validate_json(found.to_json()) == found
