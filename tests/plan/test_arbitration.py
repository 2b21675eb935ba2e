"""Arbitration: total, deterministic, and everything that lost is there with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from advise.conditions import All
from advise.knowledge.base import KnowledgeBase, VetoRule
from advise.knowledge.calibration import CalibrationFile, UnrecordedFile
from advise.knowledge.catalog import DecisionSpec, ErratumSpec, Excludes, Forbidden, SlotSpec, Supersedes, VerdictSpec
from advise.knowledge.comparison import ComparisonFile
from advise.knowledge.fleet import FleetFile
from advise.knowledge.glossary import TermsFile
from advise.knowledge.head import HeadBase, HeadFile
from advise.knowledge.ledger import LedgerFile
from advise.knowledge.live import LiveFile
from advise.knowledge.measures import MeasuresFile
from advise.knowledge.messages import MessagesFile
from advise.knowledge.places import PlacesFile
from advise.knowledge.questions import QuestionsBase
from advise.knowledge.roles import RolesFile
from advise.knowledge.rule import DecisionRule
from advise.knowledge.stored import Stored
from advise.knowledge.study import StudyFile
from advise.knowledge.symptoms import SymptomsFile
from advise.knowledge.vocabulary import Vocabulary
from advise.knowledge.watch import WatchFile
from advise.plan.arbitration import Candidate, Outcome, arbitrate
from advise.text import Text


def both(text: str) -> Text:
    return Text(en=text, zh=text)


def knowledge(*verdicts: VerdictSpec, **decisions: dict[str, Any]) -> KnowledgeBase:
    return KnowledgeBase(
        vocabulary=Vocabulary(specs={}),
        derived={},
        rules={},
        slots={
            "run": SlotSpec(id="run", exclusive=True, title=both("run control")),
            "data": SlotSpec(id="data", exclusive=False, title=both("data")),
        },
        decisions={name: DecisionSpec(title=both(name), **{"slot": "data", **spec}) for name, spec in decisions.items()},
        diagnoses={},
        verdicts=verdicts,
        checklist={},
        documents={},
        errata={},
        errata_when={},
        verdicts_when={},
        vetoes=(),
        strings={"slot_taken": both("{slot} is held by {decision}"), "other_numbers": both("{rule} has other numbers")},
        stored_roles=Stored(RolesFile(splits={}, aggregates=[], axes={}, quantities={})),
        stored_measures=Stored(MeasuresFile(measures=[])),
        stored_calibration=Stored(CalibrationFile()),
        stored_comparison=Stored(ComparisonFile()),
        stored_fleet=Stored(FleetFile()),
        stored_head=Stored(HeadBase(HeadFile(), {})),
        stored_ledger=Stored(LedgerFile()),
        stored_live=Stored(LiveFile()),
        stored_places=Stored(PlacesFile()),
        stored_messages=Stored(MessagesFile()),
        stored_questions=Stored(QuestionsBase((), ())),
        stored_study=Stored(StudyFile()),
        stored_symptoms=Stored(SymptomsFile()),
        stored_unrecorded=Stored(UnrecordedFile()),
        stored_terms=Stored(TermsFile()),
        stored_watch=Stored(WatchFile()),
    )


def proposal(
    decision: str, priority: str = "P1", rule: str = "", params: dict[str, Any] | None = None, supersedes: tuple[str, ...] = ()
) -> Candidate:
    data = {
        "id": rule or f"topic/{decision.replace('_', '-')}",
        "kind": "decision",
        "status": "stable",
        "concludes": decision,
        "priority": priority,
        "when": {},
        "sources": ["a#b"],
        "why": {"en": "why", "zh": "why"},
        "steps": [{"en": "step", "zh": "step"}],
        "confirm": {"en": "look", "zh": "look"},
        "supersedes": [Supersedes(decision=other, reason=both(f"{decision} goes before")) for other in supersedes],
    }
    return Candidate(DecisionRule.model_validate(data), params or {}, ())


def taken(outcome: Outcome) -> list[str]:
    return [item.candidate.rule.concludes for item in outcome.taken]


def aside(outcome: Outcome) -> dict[str, tuple[str, str]]:
    return {item.candidate.rule.concludes: (item.by, item.reason.en) for item in outcome.set_aside}


def test_decisions_are_done_by_priority_and_then_in_the_order_of_the_catalogue() -> None:
    base = knowledge(warmup={}, clip={}, lr_drop={})
    outcome = arbitrate([proposal("lr_drop"), proposal("clip"), proposal("warmup"), proposal("lr_drop", "P0", "topic/urgent")], [], base)
    assert taken(outcome) == ["lr_drop", "warmup", "clip"]


def test_an_exclusive_slot_holds_the_decision_of_the_highest_priority() -> None:
    base = knowledge(**{"stop": {"slot": "run"}, "continue": {"slot": "run"}, "clean": {}})
    outcome = arbitrate([proposal("continue", "P1"), proposal("stop", "P0"), proposal("clean", "P2")], [], base)
    assert taken(outcome) == ["stop", "clean"]
    assert aside(outcome) == {"continue": ("stop", "run control is held by stop")}


def test_a_superseding_decision_wins_whatever_its_priority() -> None:
    base = knowledge(
        extend={"slot": "run"}, gates={"slot": "run", "supersedes": [{"decision": "extend", "reason": both("the rate would rise again")}]}
    )
    outcome = arbitrate([proposal("extend", "P0"), proposal("gates", "P1")], [], base)
    assert taken(outcome) == ["gates"]
    assert aside(outcome) == {"extend": ("gates", "the rate would rise again")}


def test_a_rule_may_supersede_beyond_the_catalogue() -> None:
    outcome = arbitrate([proposal("warmup", supersedes=("lr_drop",)), proposal("lr_drop", "P0")], [], knowledge(warmup={}, lr_drop={}))
    assert aside(outcome) == {"lr_drop": ("warmup", "warmup goes before")}


def test_what_is_superseded_by_something_set_aside_stands() -> None:
    base = knowledge(
        first={"supersedes": [{"decision": "second", "reason": both("x")}]},
        second={"supersedes": [{"decision": "third", "reason": both("y")}]},
        third={},
    )
    outcome = arbitrate([proposal("first"), proposal("second"), proposal("third")], [], base)
    assert taken(outcome) == ["first", "third"]


def test_a_veto_goes_before_everything_and_says_why() -> None:
    base = knowledge(extend={"supersedes": [{"decision": "stop", "reason": both("x")}]}, stop={})
    veto = VetoRule("extend", All(()), both("not on an unstable run"), "veto:extend#0")
    outcome = arbitrate([proposal("extend", "P0"), proposal("stop", "P2")], [veto], base)
    assert taken(outcome) == ["stop"]
    assert aside(outcome) == {"extend": ("veto:extend#0", "not on an unstable run")}


def test_of_rules_that_agree_one_speaks_and_rules_with_other_numbers_are_set_aside() -> None:
    base = knowledge(clip={})
    outcome = arbitrate(
        [
            proposal("clip", "P1", "topic/a", {"at": 1.0}),
            proposal("clip", "P1", "topic/b", {"at": 1.0}),
            proposal("clip", "P2", "topic/c", {"at": 5.0}),
        ],
        [],
        base,
    )
    (only,) = outcome.taken
    assert only.candidate.rule.id == "topic/a"
    assert not only.merged
    assert [item.rule.id for item in only.supporting] == ["topic/b"]
    assert [(item.candidate.rule.id, item.by, item.reason.en) for item in outcome.set_aside] == [("topic/c", "clip", "topic/a has other numbers")]


def test_a_collecting_decision_merges_whatever_its_rules_ask_for() -> None:
    outcome = arbitrate(
        [proposal("log", rule="t/a", params={"x": 1}), proposal("log", rule="t/b", params={"y": 2})], [], knowledge(log={"collects": True})
    )
    assert not outcome.set_aside
    assert len(outcome.taken[0].merged) == 1
    assert not outcome.taken[0].supporting


EXCLUSIVE = (
    VerdictSpec(id="fix_first", title=both("fix it"), excludes=[Excludes(verdict="continue", reason=both("a defect comes first"))]),
    VerdictSpec(id="continue", title=both("go on")),
)


def test_a_verdict_excludes_another_whatever_the_priorities() -> None:
    base = knowledge(*EXCLUSIVE, repair={"verdict": "fix_first"}, go_on={"verdict": "continue"}, log={"verdict": "none"})
    outcome = arbitrate([proposal("go_on", "P0"), proposal("repair", "P2"), proposal("log", "P1")], [], base)
    assert taken(outcome) == ["log", "repair"]
    assert aside(outcome) == {"go_on": ("repair", "a defect comes first")}


def test_what_was_set_aside_excludes_nothing() -> None:
    base = knowledge(*EXCLUSIVE, repair={"verdict": "fix_first"}, go_on={"verdict": "continue"})
    outcome = arbitrate([proposal("go_on"), proposal("repair")], [VetoRule("repair", All(()), both("no"), "veto:repair#0")], base)
    assert taken(outcome) == ["go_on"]


def test_the_verdict_of_the_rule_goes_before_that_of_the_decision() -> None:
    base = knowledge(*EXCLUSIVE, repair={"verdict": "fix_first"}, go_on={"verdict": "continue"})
    mild = proposal("repair")
    mild = Candidate(mild.rule.model_copy(update={"verdict": "continue_with_changes"}), {}, ())
    assert taken(arbitrate([proposal("go_on"), mild], [], base)) == ["repair", "go_on"]


NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")


@st.composite
def disputes(draw: st.DrawFn) -> tuple[KnowledgeBase, list[Candidate], list[VetoRule]]:
    specs: dict[str, dict[str, Any]] = {}
    for index, name in enumerate(NAMES):
        later = draw(st.lists(st.sampled_from(NAMES[index + 1 :]), unique=True)) if index + 1 < len(NAMES) else []
        supersedes = [{"decision": other, "reason": both("superseded")} for other in later]
        # What stands earlier calls for the stronger verdict, so that nothing goes in a circle.
        verdict = "fix_first" if index < 2 else draw(st.sampled_from(["continue", "none"]))
        specs[name] = {"slot": draw(st.sampled_from(["run", "data"])), "supersedes": supersedes, "verdict": verdict}
    proposals = draw(
        st.lists(
            st.builds(proposal, st.sampled_from(NAMES), st.sampled_from(["P0", "P1", "P2"]), st.sampled_from(["t/a", "t/b", "t/c"])),
            min_size=1,
            max_size=8,
        )
    )
    unique = list({(item.rule.concludes, item.rule.id): item for item in proposals}.values())
    vetoes = [
        VetoRule(name, All(()), both("forbidden"), f"veto:{name}#0") for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
    ]
    return knowledge(*EXCLUSIVE, **specs), unique, vetoes


@given(disputes(), st.randoms(use_true_random=False))
def test_the_outcome_is_total_and_does_not_depend_on_order(dispute: tuple[KnowledgeBase, list[Candidate], list[VetoRule]], random: Any) -> None:
    base, proposals, vetoes = dispute
    outcome = arbitrate(proposals, vetoes, base)
    random.shuffle(proposals)
    random.shuffle(vetoes)
    assert arbitrate(proposals, vetoes, base) == outcome
    accounted = [item.candidate for item in outcome.taken] + [other for item in outcome.taken for other in item.supporting]
    accounted += [item.candidate for item in outcome.set_aside]
    # Proposals that only agree with a decision that fell are accounted for by it.
    assert {item.rule.concludes for item in accounted} == {item.rule.concludes for item in proposals}
    held = [base.decisions[name].slot for name in taken(outcome)]
    assert held.count("run") <= 1
    assert {"fix_first", "continue"} - {base.decisions[name].verdict for name in taken(outcome)}
    assert not {veto.decision for veto in vetoes} & set(taken(outcome))


def test_what_an_erratum_of_the_run_forbids_is_set_aside_unless_the_rule_says_why() -> None:
    erratum = ErratumSpec(source="a#b", claim=both("clip harder"), correction=both("clip no harder"), forbids=[Forbidden(decision="clip")])
    base = replace(knowledge(clip={}, log={}), errata={"clip-harder": erratum})
    bold = proposal("clip")
    reasoned = Candidate(bold.rule.model_copy(update={"in_spite_of": {"clip-harder": both("a sweep says so")}}), {}, ())
    assert taken(arbitrate([bold, proposal("log")], [], base)) == ["clip", "log"]
    outcome = arbitrate([bold, proposal("log")], [], base, cited={"clip-harder"})
    assert taken(outcome) == ["log"]
    assert aside(outcome) == {"clip": ("erratum:clip-harder", "clip no harder")}
    assert taken(arbitrate([reasoned], [], base, cited={"clip-harder"})) == ["clip"]
