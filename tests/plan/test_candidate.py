"""What a decision rule proposes: said with its numbers, said otherwise, or asked about; and nothing that goes against its decision's title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from advise.advisor import Advisor
from advise.knowledge.files import RawFiles
from advise.knowledge.load import knowledge_of
from advise.knowledge.rule import DecisionRule
from advise.plan.candidate import candidate
from advise.text import Value

Make = Callable[[dict[str, bytes | str] | None], RawFiles]


def both(text: str) -> dict[str, Any]:
    return {"en": text, "zh": text}


def rule(*steps: dict[str, Any], params: Mapping[str, Any] | None = None) -> DecisionRule:
    return DecisionRule.model_validate(
        {
            "id": "topic/rule",
            "kind": "decision",
            "status": "stable",
            "concludes": "clip",
            "priority": "P1",
            "when": {},
            "sources": ["a#b"],
            "why": both("why"),
            "confirm": both("look"),
            "steps": list(steps),
            "params": params or {},
        }
    )


AT: Mapping[str, Any] = {"at": {"fact": "clip.norm"}}
NUMBERED = both("Clip at {params.at}.")


@pytest.mark.parametrize(
    ("steps", "params", "facts", "said", "asks"),
    [
        ([NUMBERED], AT, {"clip.norm": 1}, ["Clip at {params.at}."], ()),
        ([NUMBERED], AT, {}, [], ("clip.norm",)),
        ([{**NUMBERED, "otherwise": both("Clip.")}], AT, {}, ["Clip."], ()),
        ([{**NUMBERED, "otherwise": {**both("At {clip.old}."), "otherwise": both("Clip.")}}], AT, {"clip.old": 2}, ["At {clip.old}."], ()),
        # A step of which no number is known does not make an instruction of one that speaks of none.
        ([both("Look on."), NUMBERED], AT, {}, ["Look on."], ("clip.norm",)),
        # What has another number is said without that step.
        ([both("For {params.steps} steps."), NUMBERED], {**AT, "steps": 500}, {}, ["For {params.steps} steps."], ()),
        ([both("Look at {loss.train}.")], {}, {}, [], ("loss.train",)),
    ],
)
def test_a_step_without_its_number_is_said_otherwise_or_not_and_where_nothing_is_left_it_is_a_question(
    steps: list[dict[str, Any]], params: Mapping[str, Any], facts: Mapping[str, Value], said: list[str], asks: tuple[str, ...]
) -> None:
    proposal = candidate(rule(*steps, params=params), facts)
    assert [step.en for step in proposal.steps] == said
    assert proposal.waits_for == asks


def test_a_param_is_missed_where_something_is_left_unsaid_for_want_of_it() -> None:
    assert candidate(rule(NUMBERED, both("For {params.steps} steps."), params={**AT, "steps": 500}), {}).missing == ("at",)
    assert candidate(rule({**NUMBERED, "otherwise": both("Clip.")}, params=AT), {}).missing == ()


LOOSEN = "rules/stability/loosen.yaml"
DECISIONS = "kb/decisions.yaml"


def advisor(files_of: Make, small: Mapping[str, str], moves: str, to: str = "clip.doubled") -> Advisor:
    rule_text = small[LOOSEN].replace("{fact: clip.doubled}", f"{{fact: {to}}}")
    return Advisor(
        knowledge_of(files_of({DECISIONS: f"{small[DECISIONS]}    moves:\n      clip.threshold: {moves}\n", LOOSEN: rule_text})), engine="plain"
    )


@pytest.mark.parametrize(
    ("moves", "stands"),
    [
        ("{to: up}", True),
        ("{to: down}", False),
        ("{to: up, most: 2}", True),
        ("{to: up, most: 1.9}", False),
        ("{to: up, least: 2}", True),
        ("{to: up, least: 2.1}", False),
    ],
)
def test_a_decision_moves_its_number_the_way_its_title_says_and_not_beyond_its_bounds(
    files_of: Make, small: dict[str, str], moves: str, stands: bool
) -> None:
    plan = advisor(files_of, small, moves).advise({"clip.rate": 0.9, "clip.threshold": 1})
    assert [item.id for item in plan.decisions] == ["loosen_clip"] * stands
    assert [(item.id, item.by) for item in plan.set_aside] == [("loosen_clip", "clip.threshold")] * (not stands)


def test_what_would_stay_as_it_is_is_no_move(files_of: Make, small: dict[str, str]) -> None:
    plan = advisor(files_of, small, "{to: up}", to="clip.threshold").advise({"clip.rate": 0.9, "clip.threshold": 1})
    assert [(item.id, item.by) for item in plan.set_aside] == [("loosen_clip", "clip.threshold")]


def test_a_number_that_a_setting_cannot_have_is_set_aside_whatever_is_promised(files_of: Make, small: dict[str, str]) -> None:
    facts = small["kb/facts/clip.yaml"].replace("    above: 0\n", "    above: 0\n    below: 2\n")
    plan = Advisor(knowledge_of(files_of({"kb/facts/clip.yaml": facts})), engine="plain").advise({"clip.rate": 0.9, "clip.threshold": 1})
    assert [(item.id, item.by, item.reason.en) for item in plan.set_aside] == [("loosen_clip", "clip.threshold", "Clip threshold cannot be that")]


def test_where_the_present_value_is_unknown_nothing_contradicts_the_title(files_of: Make, small: dict[str, str]) -> None:
    made = advisor(files_of, small, "{to: up}", to="clip.rate").advise({"clip.rate": 0.9})
    assert [item.id for item in made.decisions] == ["loosen_clip"]


def test_what_a_standing_decision_waits_for_is_asked_first_and_no_other_takes_its_place(files_of: Make, small: dict[str, str]) -> None:
    other = small[LOOSEN].replace("stability/loosen", "stability/other").replace("concludes: loosen_clip", "concludes: other")
    other = (
        other.replace("priority: P1", "priority: P2")
        .replace("params:\n  threshold: {fact: clip.doubled}\n", "")
        .replace("{params.threshold:.3g}", "it")
    )
    other = other.replace("config:\n  - key: clip.threshold\n    to: {param: threshold}\n", "")
    decisions = f"{small[DECISIONS]}  other:\n    title: {{en: Other, zh: 别的}}\n    slot: clipping\n"
    base = knowledge_of(files_of({DECISIONS: decisions, "rules/stability/other.yaml": other}))
    found = Advisor(base, engine="plain").examine({"clip.rate": 0.9})
    assert not found.plan.decisions
    assert [(item.id, item.by) for item in found.plan.set_aside] == [("other", "loosen_clip")]
    assert found.plan.verdict.id == "cannot_tell"
    assert [(item.fact, item.blocks) for item in found.plan.unknown] == [("clip.threshold", ["stability/loosen"])]
