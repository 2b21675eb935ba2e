"""`advise round` as a person meets it, and the plan that refers to rounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sqlalchemy")

from advise.cli.main import main

FACTS = "clip.rate: 0.93\nclip.threshold: 1.0\ngradient.norm_p90: 2.5\n"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")

    def invoke(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        captured = capsys.readouterr()
        return Result(int(end.value.code or 0), captured.out, captured.err)

    return invoke


def test_a_round_from_its_question_to_the_next_plan(run: Run, tmp_path: Path) -> None:
    assert run("facts.yaml", "-o", "plan.json").code == 0
    started = run("round", "start", "Does a looser clip help?", "--changed", "clip.threshold", "--plan", "plan.json", "--decision", "loosen_clip")
    assert started.code == 0, started.err
    assert "`threshold` = 2.5" in started.out
    assert (tmp_path / ".advise" / "ledger.db").exists()
    compared = run("compare", "0.912,0.915,0.913", "--with", "0.911,0.913,0.912", "--metric", "accuracy", "-o", "compared.json")
    assert compared.code == 0, compared.err
    ended = run("round", "end", "--plan", "compared.json", "--why", "spikes came back", "--format", "json")
    (record,) = ended.json["rounds"]
    assert record["ending"]["result"] == "not_adopted"
    assert [step["decision"] for step in record["ending"]["concluded"]] == ["keep_baseline"]
    plan = run("facts.yaml", "--ledger", ".advise/ledger.db", "--format", "json").json
    assert plan["decisions"] == []
    assert plan["set_aside"][0]["by"] == "round:1"
    assert "spikes came back" in plan["set_aside"][0]["reason"]["en"]


def test_the_list_one_round_and_the_export(run: Run) -> None:
    run("round", "start", "Does warmup help?", "--hypothesis", "early spikes", "--study", "runs/warmup", "--decision", "warmup:longest=4000")
    run("round", "end", "--result", "failed", "--what", "0.90 against 0.91", "--why", "it diverged later all the same")
    run("round", "start", "Does clipping help?")
    listed = run("round", "list", "--lang", "en").out.splitlines()
    assert ["failed" in listed[0], "open" in listed[1], len(listed)] == [True, True, 2]
    shown = run("round", "show", "1", "--lang", "en").out
    for said in ("Does warmup help?", "early spikes", "runs/warmup", "`longest` = 4000", "0.90 against 0.91", "it diverged later"):
        assert said in shown
    assert "Does clipping help?" in run("round", "show").out
    both = run("round", "export").out
    for said in ("## 无效尝试 · What did not work", "第 1 轮：Does warmup help? · Round 1: Does warmup help?", "失败 · failed", "进行中 · open"):
        assert said in both
    assert "What did not work" not in run("round", "export", "--lang", "zh").out
    assert "无效尝试" not in run("round", "export", "--lang", "en").out
    assert [item["number"] for item in run("round", "export", "--format", "json").json["rounds"]] == [1, 2]


def test_an_export_to_a_file_goes_by_its_ending(run: Run, tmp_path: Path) -> None:
    run("round", "start", "Why?")
    assert run("round", "export", "-o", "ledger.md").code == 0
    assert (tmp_path / "ledger.md").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("round", "list"), "there is no ledger"),
        (("round", "start", "Why?", "--decision", "clpi"), "did you mean `clip`?"),
        (("round", "start", "Why?", "--decision", "clip:threshold"), "DECISION:PARAM=VALUE"),
        (("round", "start", "Why?", "--decision", "clip:threshold=.nan"), "DECISION:PARAM=VALUE"),
        (("round", "start", "Why?", "--plan", "facts.yaml", "--decision", "clip"), "is no plan"),
        (("round", "start", "Why?", "--plan", "nowhere.json", "--decision", "clip"), "cannot be read"),
        (("round", "start", "", "--lang", "en"), "has a question"),
        (("facts.yaml", "--ledger", "nowhere.db"), "there is no ledger"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert "Traceback" not in result.err


def test_what_the_plan_does_not_say_is_asked_for(run: Run) -> None:
    run("facts.yaml", "-o", "plan.json")
    assert "say with --decision" in run("round", "start", "Why?", "--plan", "plan.json").err
    assert "does not advise `warmup`" in run("round", "start", "Why?", "--plan", "plan.json", "--decision", "warmup").err
    run("round", "start", "Why?")
    assert "how the round ended is not said" in run("round", "end").err
    assert "how the round ended is not said" in run("round", "end", "--plan", "plan.json").err
    run("round", "start", "And?")
    assert "open are 1, 2" in run("round", "end", "--result", "failed").err


def test_without_sqlalchemy_the_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    result = run("round", "list")
    assert result.code == 2
    assert "playbook-advisor[study]" in result.err
