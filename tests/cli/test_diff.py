"""`advise diff`: two runs, from the command line."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest

from advise.cli import main


def log(path: Path, *, rate: float = 1e-3, decay: float = 0.01, seed: int = 1, worse_from: int = 10**9, noise: int = 7) -> str:
    drawn = random.Random(noise)
    rows = [f"learning_rate: {rate}", f"weight_decay: {decay}", f"seed: {seed}", f"run_name: {path.stem}"]
    for step in range(1, 600):
        loss = 2 * math.exp(-step / 200) + 0.5 + drawn.gauss(0, 0.02) + (0.3 if step > worse_from else 0)
        rows.append(f"step {step} train loss {loss:.4f}")
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return str(path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["diff", *arguments])
    return int(stopped.value.code or 0)


def test_several_changes_are_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = log(tmp_path / "a.log"), log(tmp_path / "b.log", rate=3e-3, decay=0.1, worse_from=300)
    assert run(before, after, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["several_changed"] is True
    assert {change["name"]: (change["before"], change["after"]) for change in found["settings"]} == {
        "lr.peak": (0.001, 0.003),
        "optimizer.weight_decay": (0.01, 0.1),
    }
    (pair,) = (pair for pair in found["curves"] if pair["role"] == "train.loss")
    assert pair["parting"]["same_until"] == 300
    assert 290 <= pair["parting"]["parts_at"] <= 320
    assert run(before, after, "--lang", "en") == 0
    assert "2 settings were changed at once" in capsys.readouterr().out


def test_one_change_is_no_cause_for_a_warning_and_a_seed_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = log(tmp_path / "a.log")
    assert run(before, log(tmp_path / "b.log", rate=3e-3, seed=2), "--lang", "en") == 0
    assert "at once" not in capsys.readouterr().out
    assert run(before, log(tmp_path / "c.log", seed=2, noise=8), "--lang", "en") == 0
    out = capsys.readouterr().out
    assert "No setting is known that was changed" in out
    assert "no farther apart than their noise at step 599" in out


def test_facts_alone_can_be_held_against_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, rate in (("a", 0.9), ("b", 0.1)):
        (tmp_path / f"{name}.yaml").write_text(f"facts:\n  clip.rate: {rate}\n  lr.peak: 0.001\n", encoding="utf-8")
    assert run(str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "--lang", "en") == 0
    out = capsys.readouterr().out
    assert "clip.rate" in out
    assert "clipping_saturated" in out


def test_what_is_not_there_is_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(log(tmp_path / "a.log"), str(tmp_path / "no.log")) == 2


def test_names_are_foreign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(log(tmp_path / "a\x1b[31m.log"), log(tmp_path / "b|`*.log", rate=1), "--lang", "en", "--format", "md") == 0
    assert "\x1b" not in capsys.readouterr().out
