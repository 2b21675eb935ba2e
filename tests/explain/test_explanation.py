"""What is explained of each kind of id: the proof down to the facts, or exactly what is missing or different."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from advise.advisor import Advisor
from advise.explain import Explanation, UnknownNameError, explain
from advise.explain.records import ConclusionNode, FactNode, GroupNode, Node, RuleNode
from advise.knowledge.base import KnowledgeBase
from advise.plan.examination import Examination

Examine = Callable[[Mapping[str, object]], Examination]
OVERFITTED: Mapping[str, object] = {"loss.train": 0.1, "loss.dev": 0.9, "run.finished": True, "lr.peak": 0.2}


def outline(node: Node) -> object:
    """A tree as nested tuples: what it says, and whether it holds."""
    below = [outline(item) for item in node.below]
    match node:
        case FactNode():
            said = f"{node.fact}={node.value} {node.asked}".strip()
        case ConclusionNode():
            said = f"{'' if node.wanted else 'not '}{node.conclusion.value}:{node.id}"
        case GroupNode():
            said = f"{node.need} of {node.total}"
        case RuleNode():
            said = node.rule
    return (said, node.holds, *below)


def proofs(explained: Explanation) -> list[object]:
    return [outline(node) for node in explained.proofs]


def test_a_diagnosis_is_proved_down_to_the_facts_its_strongest_rule_first(examine: Examine) -> None:
    explained = explain(examine(OVERFITTED), "overfitting")
    assert (explained.kind, explained.outcome, explained.severity, explained.certainty) == ("diagnosis", "concluded", "medium", "likely")
    gap = ("loss.gap=0.8 > 0.5", True, ("loss.dev=0.9", None), ("loss.train=0.1", None))
    alternatives = ("1 of 2", True, ("lr.peak=0.2 > 0.1", True))
    noted = ("loss.dev=0.9 > 3 × loss.train", True, ("loss.train=0.1", None))
    assert proofs(explained) == [
        ("gap/noted", True, noted),
        ("gap/wide", True, gap, ("run.finished=True", True), alternatives, ("not diagnosis:divergence", True)),
    ]
    assert [source.id for source in explained.sources] == ["note#1"]


def test_each_fact_says_where_it_was_read_and_a_derived_one_how_it_was_computed(examine: Examine) -> None:
    (_, wide) = explain(examine(OVERFITTED), "overfitting").proofs
    gap = wide.below[0]
    assert isinstance(gap, FactNode)
    assert (gap.origin, gap.expression) == ("", "loss.dev - loss.train")
    assert [node.origin for node in gap.below if isinstance(node, FactNode)] == ["argument", "argument"]


def test_what_the_plan_says_would_reverse_it_is_said_here_too(examine: Examine) -> None:
    found = examine(OVERFITTED)
    (diagnosis,) = found.plan.diagnoses
    explained = explain(found, "overfitting")
    assert (explained.reversed_by, explained.weakened_by) == (diagnosis.reversed_by, diagnosis.weakened_by)


def test_of_a_k_of_n_every_member_is_shown_and_which_hold(examine: Examine) -> None:
    explained = explain(examine({"noise.a": 2, "noise.b": 0, "noise.c": 3}), "noisy")
    assert proofs(explained) == [
        ("run/noisy", True, ("2 of 3", True, ("noise.a=2.0 > 1", True), ("noise.b=0.0 > 1", False), ("noise.c=3.0 > 1", True)))
    ]


def test_a_fact_that_a_rule_derived_is_proved_by_that_rule(examine: Examine) -> None:
    explained = explain(examine({"run.kind": "long"}), "over")
    derived = ("run.spent=True", True, ("run/spent", True, ("run.kind=long", True)))
    assert proofs(explained) == [("run/over", True, derived, ("run.kind=long", True))]


def test_what_is_shown_once_in_full_is_not_unfolded_again(examine: Examine) -> None:
    explained = explain(examine({"run.kind": "long"}), "run/over")
    assert str(proofs(explained)).count("run/spent") == 1


def test_a_conclusion_that_is_only_short_of_facts_is_open_and_says_which_with_their_prompts(examine: Examine) -> None:
    explained = explain(examine({"run.finished": True, "lr.peak": 0.2, "loss.dev": 2.0}), "overfitting")
    assert explained.outcome == "open"
    nearest = explained.nearest[0]
    assert (nearest.rule, nearest.different) == ("gap/noted", [])
    assert [(item.fact, item.prompt.en) for item in nearest.missing] == [("loss.train", "The prompt of loss.train")]
    derived = explained.nearest[1].missing
    assert [(item.fact, item.part_of, item.needed) for item in derived] == [("loss.train", "loss.gap", "")]


def test_a_conclusion_that_facts_speak_against_says_what_is_different(examine: Examine) -> None:
    explained = explain(examine({"loss.train": 1.0, "loss.dev": 1.2, "run.finished": True, "lr.peak": 0.05}), "overfitting")
    assert explained.outcome == "not_concluded"
    nearest, further = explained.nearest
    assert (nearest.rule, [outline(node) for node in nearest.different]) == (
        "gap/noted",
        [("loss.dev=1.2 > 3 × loss.train", False, ("loss.train=1.0", None))],
    )
    assert further.rule == "gap/wide"
    assert [outline(node)[:2] for node in further.different] == [("loss.gap=0.2 > 0.5", False), ("lr.peak=0.05 > 0.1", False)]  # type: ignore[index]


def test_drafts_are_no_nearest_rules_unless_they_speak(examine: Examine, base: KnowledgeBase) -> None:
    facts = {"loss.dev": 50.0}
    assert [item.rule for item in explain(examine(facts), "overfitting").nearest] == ["gap/noted", "gap/wide"]
    drafts = Advisor(base, engine="plain", drafts=True).examine(facts)
    assert "gap/draft" in [item.rule for item in explain(drafts, "overfitting").nearest]


def test_a_decision_without_its_diagnosis_leads_to_what_the_diagnosis_lacks(examine: Examine) -> None:
    explained = explain(examine({"loss.train": 1.0, "loss.dev": 1.2}), "stop")
    assert explained.outcome == "not_proposed"
    (lacking,) = explained.nearest
    (diagnosis,) = lacking.different
    assert isinstance(diagnosis, ConclusionNode)
    assert (diagnosis.id, diagnosis.wanted, diagnosis.reached) == ("overfitting", True, False)
    assert [item.rule for item in diagnosis.lacking] == ["gap/noted"]


def test_a_fact_that_has_only_to_be_known_is_missing_and_not_different(examine: Examine) -> None:
    (lacking,) = explain(examine({"clip.norm": 3}), "clip").nearest
    assert (lacking.different, [(item.fact, item.needed) for item in lacking.missing]) == ([], [("clip.threshold", "known")])


def test_a_conclusion_that_should_be_absent_is_different_with_its_proof(examine: Examine) -> None:
    explained = explain(examine({**OVERFITTED, "loss.train": 1000, "loss.dev": 2000}), "gap/wide")
    assert explained.outcome == "not_fired"
    (lacking,) = explained.nearest
    assert [outline(node) for node in lacking.different] == [
        ("not diagnosis:divergence", False, ("run/diverged", True, ("loss.train=1000.0 ≥ 1000", True)))
    ]


def test_a_decision_that_was_taken(examine: Examine) -> None:
    explained = explain(examine({"clip.norm": 3, "clip.threshold": 1}), "clip")
    assert (explained.outcome, explained.priority, explained.set_aside) == ("taken", "P1", [])
    assert proofs(explained) == [("act/clip", True, ("clip.norm=3.0 > 2", True), ("clip.threshold=1.0", True))]


def test_a_decision_that_was_set_aside_by_another_says_by_which_and_proves_it(examine: Examine) -> None:
    explained = explain(examine(OVERFITTED), "extend")
    assert explained.outcome == "set_aside"
    assert [(item.by, item.reason.en) for item in explained.set_aside] == [("stop", "It is being stopped.")]
    (against,) = explained.against
    assert isinstance(against, ConclusionNode)
    assert (against.id, [item.rule for item in against.below if isinstance(item, RuleNode)]) == ("stop", ["act/stop"])


def test_a_decision_that_was_forbidden_shows_the_veto(examine: Examine) -> None:
    explained = explain(examine({"clip.norm": 3, "clip.threshold": 1, "loss.train": 1000}), "clip")
    assert [outline(node) for node in explained.against] == [
        ("veto:clip#0", True, ("diagnosis:divergence", True, ("run/diverged", True, ("loss.train=1000.0 ≥ 1000", True))))
    ]


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"run.finished": True, "goal.met": True}, "pass"),
        ({"run.finished": True, "goal.met": False}, "fail"),
        ({"run.finished": False}, "not_applicable"),
        ({"run.finished": True}, "unknown"),
    ],
)
@pytest.mark.parametrize("name", ["goal_met", "check/goal"])
def test_a_checklist_item_and_its_rule(facts: Mapping[str, object], outcome: str, name: str, examine: Examine) -> None:
    explained = explain(examine(facts), name)
    assert explained.outcome == outcome
    if outcome == "unknown":
        assert [item.fact for item in explained.nearest[0].missing] == ["goal.met"]
    else:
        (proof,) = explained.proofs
        assert isinstance(proof, RuleNode)
        assert (proof.rule, proof.holds) == ("check/goal", True)


def test_a_rule_that_does_not_speak(examine: Examine) -> None:
    explained = explain(examine({"loss.dev": 200}), "gap/draft")
    assert (explained.outcome, explained.proofs, explained.nearest) == ("silent", [], [])


def test_a_conclusion_of_drafts_alone(examine: Examine) -> None:
    explained = explain(examine({"noise.a": 6}), "sketched")
    assert (explained.outcome, explained.nearest) == ("silent", [])


def test_a_fact_on_which_rules_disagree_is_unknown_and_shows_them(examine: Examine) -> None:
    explained = explain(examine({"run.kind": "long", "noise.a": 10}), "run.spent")
    assert explained.outcome == "unknown"
    rules = sorted(map(str, proofs(explained)[1:]))
    assert rules == [str(("run/spent", True, ("run.kind=long", True))), str(("run/unspent", True, ("noise.a=10.0 > 9", True)))]


def test_a_derive_rule(examine: Examine) -> None:
    assert explain(examine({"run.kind": "long"}), "run/spent").outcome == "fired"
    assert explain(examine({"run.kind": "short"}), "run/spent").outcome == "not_fired"
    assert explain(examine({}), "run/spent").outcome == "open"


def test_an_erratum(examine: Examine) -> None:
    cited = explain(examine({"lr.peak": 0.0001}), "lower-it")
    assert (cited.outcome, proofs(cited)) == ("cited", [("erratum:lower-it", True, ("lr.peak=0.0001 < 0.001", True))])
    not_cited = explain(examine({"lr.peak": 0.1}), "lower-it")
    assert not_cited.outcome == "not_cited"
    assert [outline(node) for node in not_cited.nearest[0].different] == [("lr.peak=0.1 < 0.001", False)]


def test_a_known_fact_says_what_rests_on_it_by_way_of_derived_facts_too(examine: Examine) -> None:
    explained = explain(examine(OVERFITTED), "loss.train")
    assert (explained.outcome, proofs(explained), explained.used_by) == ("known", [("loss.train=0.1", None)], ["overfitting"])


def test_an_unknown_fact_says_how_to_find_it_out_and_what_waits_for_it(examine: Examine) -> None:
    explained = explain(examine({"loss.dev": 0.9}), "loss.gap")
    assert explained.outcome == "unknown"
    assert [(item.fact, item.observe.en) for item in explained.missing] == [("loss.train", "The observe of loss.train")]
    assert explained.used_by == ["gap/wide"]


def test_an_unknown_id_suggests_the_nearest(examine: Examine) -> None:
    with pytest.raises(UnknownNameError, match="nothing is called `overfiting`; did you mean `overfitting`"):
        explain(examine({}), "overfiting")
    with pytest.raises(UnknownNameError, match=r"^nothing is called `zzzzzz`$"):
        explain(examine({}), "zzzzzz")


def test_as_json_it_is_read_back_as_the_same(examine: Examine) -> None:
    for name in ("overfitting", "stop", "extend", "noisy", "goal_met", "gap/wide", "loss.gap", "lower-it"):
        explained = explain(examine(OVERFITTED), name)
        assert Explanation.model_validate_json(explained.to_json()) == explained


def test_an_alarm_is_proved_by_the_diagnoses_that_raise_it(examine: Examine) -> None:
    quiet = explain(examine({"run.finished": False}), "go_on")
    assert proofs(quiet) == [("act/go-on", True, ("run.finished=False", True), ("not alarm:medium", True))]
    assert [(item.fact, item.op, item.value) for item in quiet.reversed_by] == [("run.finished", "=", True), ("alarm", "=", "medium")]
    (lacking,) = explain(examine({"run.finished": False, "loss.train": 1000}), "go_on").nearest
    (alarm,) = lacking.different
    assert isinstance(alarm, ConclusionNode)
    assert alarm.title.en == "a diagnosis of severity medium or above"
    assert outline(alarm) == ("not alarm:medium", False, ("run/diverged", True, ("loss.train=1000.0 ≥ 1000", True)))
