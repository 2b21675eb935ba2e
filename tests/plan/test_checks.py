"""What a plan says was checked, and what could not be for want of a column."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advise import Advisor
from advise.plan.checks import checks
from advise.plan.model import Plan
from advise.render import render


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def plan_of(advisor: Advisor, path: Path, columns: str = "step,loss,val_loss", **stated: object) -> Plan:
    width = columns.count(",")
    rows = "".join(f"{step}" + f",{2 - step / 40}" * width + "\n" for step in range(1, 21))
    path.write_text(f"{columns}\n{rows}", encoding="utf-8")
    return advisor.examine(advisor.observe([str(path)], {name.replace("__", "."): value for name, value in stated.items()})).plan


def ran(plan: Plan) -> dict[str, bool]:
    return {check.id: check.ran for check in plan.checks}


def test_columns_decide(advisor: Advisor, tmp_path: Path) -> None:
    found = ran(plan_of(advisor, tmp_path / "log.csv", "step,loss,val_loss,grad_norm"))
    assert [name for name, done in found.items() if done] == ["training_loss", "dev_curve", "gradient_norm"]
    assert not found["learning_rate"]


def test_what_a_person_states_counts_too(advisor: Advisor, tmp_path: Path) -> None:
    assert ran(plan_of(advisor, tmp_path / "log.csv", clip__rate=0.2))["clipping"]


def test_only_what_such_a_training_has(advisor: Advisor) -> None:
    policy = {check.id for check in checks({"training.kind": "reinforcement"}, advisor.knowledge)}
    assert "policy" in policy
    assert "training_loss" not in policy
    assert "policy" not in {check.id for check in checks({}, advisor.knowledge)}


def test_every_family_has_facts_that_a_rule_reads(advisor: Advisor) -> None:
    base = advisor.knowledge
    for family in base.measures.families:
        assert base.measures.facts_of(family), family.id


def test_without_a_log_nothing_is_said(advisor: Advisor) -> None:
    assert advisor.advise({"lr.peak": 0.1}).checks == []


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_every_form_says_it(advisor: Advisor, tmp_path: Path, form: str) -> None:
    written = render(plan_of(advisor, tmp_path / "log.csv"), advisor.knowledge.strings, form, "en")  # type: ignore[arg-type]
    said = " ".join(written.split())
    assert "Checked: training loss, dev curve. Not checked, for want of a column: train metric, learning rate, gradient norm" in said


def test_both_languages(advisor: Advisor, tmp_path: Path) -> None:
    written = render(plan_of(advisor, tmp_path / "log.csv"), advisor.knowledge.strings, "text", "zh")
    assert "已检查：训练损失、验证曲线。因缺列而未检查：训练指标、学习率、梯度范数，另有" in written.replace("\n", "")


def test_json(advisor: Advisor, tmp_path: Path) -> None:
    found = json.loads(render(plan_of(advisor, tmp_path / "log.csv"), advisor.knowledge.strings, "json"))
    assert found["checks"][0] == {
        "id": "training_loss",
        "title": {"en": "training loss", "zh": "训练损失"},
        "ran": True,
        "roles": found["checks"][0]["roles"],
    }
