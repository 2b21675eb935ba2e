"""`advise watch`, from the command line to its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advise.cli import main


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "train.log"
    rows = [f"step {step} train loss {1 + 1 / step:.4f} lr 1e-3" for step in range(1, 100)]
    rows += [f"step {step} train loss nan lr 1e-3" for step in range(100, 200)]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return path


@pytest.fixture
def ended() -> str:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return str(process.pid)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["watch", *arguments])
    return int(stopped.value.code or 0)


def test_events_come_a_line_each_and_the_plan_at_the_end(log: Path, ended: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(log), "--pid", ended, "--lang", "en") == 1
    out = capsys.readouterr().out
    assert "found: [high] certain" in out
    assert "the run has ended" in out
    assert out.index("the run has ended") < out.index("Stop this run")


def test_events_as_data(log: Path, ended: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(log), "--pid", ended, "--format", "json", "--fail-on", "never") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {event["schema"] for event in events} == {"advise/event@1"}
    (found,) = (event for event in events if event.get("id") == "divergence")
    assert (found["since"], found["severity"], found["log"]) == (100, "high", str(log))
    assert events[-1]["what"] == "ended"
    assert events[-1]["verdict"] == "stop"


def test_what_is_below_the_level_is_not_told(log: Path, ended: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(log), "--pid", ended, "--format", "json", "--on", "high")
    assert {json.loads(line).get("severity", "high") for line in capsys.readouterr().out.splitlines()} == {"high"}


def test_a_command_is_told(log: Path, ended: str, tmp_path: Path) -> None:
    out = tmp_path / "told"
    script = tmp_path / "tell.sh"
    script.write_text(f'echo "$ADVISE_WHAT $ADVISE_ID" >> {out}\n', encoding="utf-8")
    run(str(log), "--pid", ended, "--exec", f"/bin/sh {script}")
    assert "found divergence" in out.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("command", ["", "echo 'open"])
def test_a_command_that_is_none_is_wrong_input(log: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(log), "--exec", command) == 2
    assert "--exec" in capsys.readouterr().err


def test_a_pipe_and_a_place_that_is_not_there_are_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert run(str(tmp_path / "pipe")) == 2
    assert run(str(tmp_path / "no" / "where.log")) == 2
    assert "advise: " in capsys.readouterr().err
