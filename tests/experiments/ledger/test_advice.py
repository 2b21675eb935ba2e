"""The next plan knows what was tried, and does not advise it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise.advisor import Advisor
from advise.experiments.ledger.advice import recalled
from advise.experiments.ledger.record import Ending, Opening, Result, Step
from advise.experiments.ledger.store import Ledger
from advise.facts.record import Observed
from advise.plan.model import Plan

CLIPPED = {"clip.rate": 0.93, "clip.threshold": 1.0, "gradient.norm_p90": 2.5}


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def plan_after(ledger: Ledger, advisor: Advisor, facts: dict[str, object] | None = None) -> Plan:
    observed: Observed = advisor.observe(CLIPPED if facts is None else facts)
    known = recalled(ledger.name, observed, advisor.knowledge)
    return advisor.examine(known.observed, tried=known.tried).plan


def round_of(ledger: Ledger, result: Result, params: dict[str, float], decision: str = "loosen_clip", why: str | None = "spikes came back") -> int:
    number = ledger.start(Opening("Does it help?", tried=(Step("tried", decision, params),))).number
    ledger.end(number, Ending(result, why=why))
    return number


def test_without_rounds_the_decision_is_taken(ledger: Ledger, advisor: Advisor) -> None:
    assert [decision.id for decision in plan_after(ledger, advisor).decisions] == ["loosen_clip"]


@pytest.mark.parametrize("result", ["not_adopted", "failed"])
def test_what_did_not_help_is_set_aside_with_the_round(ledger: Ledger, advisor: Advisor, result: Result) -> None:
    number = round_of(ledger, result, {"threshold": 2.6})
    plan = plan_after(ledger, advisor)
    assert not plan.decisions
    (aside,) = plan.set_aside
    assert (aside.id, aside.by) == ("loosen_clip", f"round:{number}")
    assert f"Round {number}" in aside.reason.en
    assert "spikes came back" in aside.reason.en
    assert f"第 {number} 轮" in aside.reason.zh


@pytest.mark.parametrize("result", ["adopted", "inconclusive"])
def test_what_helped_or_is_not_settled_may_be_advised(ledger: Ledger, advisor: Advisor, result: Result) -> None:
    round_of(ledger, result, {"threshold": 2.5})
    assert [decision.id for decision in plan_after(ledger, advisor).decisions] == ["loosen_clip"]


def test_an_open_round_has_shown_nothing_yet(ledger: Ledger, advisor: Advisor) -> None:
    ledger.start(Opening("Does it help?", tried=(Step("tried", "loosen_clip", {"threshold": 2.5}),)))
    plan = plan_after(ledger, advisor)
    assert [decision.id for decision in plan.decisions] == ["loosen_clip"]
    assert any("Does it help?" in finding.text.en for finding in plan.findings)


@pytest.mark.parametrize(("before", "again"), [(2.25, False), (2.24, True), (2.75, False), (2.79, True)])
def test_a_number_more_than_a_tenth_away_is_another_attempt(ledger: Ledger, advisor: Advisor, before: float, again: bool) -> None:
    round_of(ledger, "failed", {"threshold": before})
    assert bool(plan_after(ledger, advisor).decisions) is again


def test_another_decision_does_not_count(ledger: Ledger, advisor: Advisor) -> None:
    round_of(ledger, "failed", {"threshold": 2.5}, decision="clip")
    assert [decision.id for decision in plan_after(ledger, advisor).decisions] == ["loosen_clip"]


def test_an_attempt_without_a_reason_is_still_one(ledger: Ledger, advisor: Advisor) -> None:
    round_of(ledger, "failed", {"threshold": 2.5}, why=None)
    assert "no reason is on record" in plan_after(ledger, advisor).set_aside[0].reason.en


def test_the_rounds_are_facts_and_what_is_stated_wins(ledger: Ledger, advisor: Advisor) -> None:
    round_of(ledger, "failed", {"threshold": 2.5}, why=None)
    ledger.start(Opening("And now?"))
    facts = recalled(ledger.name, Observed({}), advisor.knowledge).observed.facts
    assert {name: fact.value for name, fact in facts.items()} == {
        "round.question_stated": True,
        "round.decision_recorded": True,
        "round.failures_recorded": False,
    }
    assert str(facts["round.question_stated"].origin) == ledger.name
    stated = advisor.observe({"round.failures_recorded": True})
    assert recalled(ledger.name, stated, advisor.knowledge).observed.facts["round.failures_recorded"].value is True


def test_a_ledger_written_by_anyone_cannot_put_markup_into_a_plan(ledger: Ledger, advisor: Advisor, tmp_path: Path) -> None:
    round_of(ledger, "failed", {"threshold": 2.5}, why="<script>alert(1)</script> {clip.rate}")
    from advise.render import render

    page = render(plan_after(ledger, advisor), advisor.knowledge.strings, "html")
    assert "<script>" not in page
