"""Following up an earlier plan: its gates are evaluated on the facts of the run since."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise import Advisor, FactsError
from advise.plan.gates import MAX_PLAN_BYTES, follow_up, read_plan
from advise.plan.model import Gate, GateTest
from advise.text import Text, Value


def both(text: str) -> Text:
    return Text(en=text, zh=text)


GATE = Gate(
    id="second_section",
    need=2,
    of=[
        GateTest(fact="best.value", op="le", value=9.741316, title=both("best")),
        GateTest(fact="spread.median", op="le", value=0.008, title=both("spread")),
        GateTest(fact="tail.stable", op="eq", value=True, title=both("tail")),
    ],
    sets="gate.passed",
    carries={"previous.best_epoch": 192},
    passed=both("go on"),
    failed=both("stop"),
)


@pytest.mark.parametrize(
    ("facts", "passed", "met"),
    [
        ({"best.value": 9.741316, "spread.median": 0.008, "tail.stable": False}, True, 2),
        ({"best.value": 9.741317, "spread.median": 0.0081, "tail.stable": True}, False, 1),
        ({"best.value": 9.7, "tail.stable": True}, True, 2),
        ({"best.value": 9.7}, None, 1),
        ({"spread.median": 0.02, "tail.stable": False}, False, 0),
        ({}, None, 0),
    ],
)
def test_a_gate_is_undecided_while_the_unknown_tests_can_still_decide_it(facts: dict[str, Value], passed: bool | None, met: int) -> None:
    found = follow_up([GATE], facts, {})
    (result,) = found.results
    assert (result.passed, result.met) == (passed, met)
    assert found.facts.get("gate.passed") is passed
    assert found.facts["previous.best_epoch"] == 192


@pytest.mark.parametrize(
    ("facts", "passed"),
    [
        ({"best.value": 9.7, "spread.median": 0.008}, True),
        # The others suffice by their number, and do not make up for it.
        ({"best.value": 9.8, "spread.median": 0.008, "tail.stable": True}, False),
        ({"best.value": 9.8}, False),
        ({"spread.median": 0.008, "tail.stable": True}, None),
    ],
)
def test_a_required_test_has_to_hold_whatever_else_does(facts: dict[str, Value], passed: bool | None) -> None:
    required = GATE.model_copy(update={"of": [GATE.of[0].model_copy(update={"required": True}), *GATE.of[1:]]})
    assert follow_up([required], facts, {}).results[0].passed is passed


def test_an_earlier_plan_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    plan = Advisor(engine="plain").advise({"clip.rate": 1.0})
    path.write_text(plan.to_json(), encoding="utf-8")
    assert read_plan(path) == plan


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"schema": "advise/plan@2"}', b" " * (MAX_PLAN_BYTES + 1)])
def test_what_is_no_plan_is_refused_with_its_place(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(FactsError) as caught:
        read_plan(path)
    assert caught.value.problems[0].file == str(path)


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match="cannot be read"):
        read_plan(tmp_path / "none.json")
