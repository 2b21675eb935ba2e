"""What others run: the GitHub Action and the hook of pre-commit. Their commands are run as they stand there."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[1]
ACTION: Mapping[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The commands `python` and `advise` are those of this test."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, call in (("python", '"$@"'), ("advise", '-m advise "$@"')):
        (commands / name).write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {call}\n", encoding="utf-8")
        (commands / name).chmod(0o755)
    path = os.pathsep.join([str(commands), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY / "engine")}


def test_the_action_hands_its_inputs_on_by_the_environment_alone() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" and "${{" not in step["run"] for step in STEPS.values())
    assert {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]} == set(STEPS["Advise"]["env"].values())
    assert "$GITHUB_ACTION_PATH" in STEPS["Install"]["run"]


def act(folder: Path, environment: Mapping[str, str], paths: str, fail_on: str) -> tuple[int, str, str]:
    outputs, summary = folder / "outputs", folder / "summary"
    given = {"ADVISE_PATHS": paths, "ADVISE_FAIL_ON": fail_on, "ADVISE_LANG": "en", "ADVISE_SARIF": "out.sarif"}
    more = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    # As GitHub runs it.
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["Advise"]["run"]]
    ended = subprocess.run(shell, cwd=folder, env={**environment, **given, **more}, capture_output=True, check=False)
    read = [path.read_text(encoding="utf-8") if path.exists() else "" for path in (outputs, summary)]
    return ended.returncode, read[0], read[1]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(("fail_on", "code"), [("stop", 1), ("never", 0)])
def test_the_action_advises(tmp_path: Path, environment: dict[str, str], fail_on: str, code: int) -> None:
    rows = [f"step {step} train loss {1 + 1 / step:.4f}" if step < 100 else f"step {step} train loss nan" for step in range(1, 200)]
    (tmp_path / "the log.txt").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "facts.yaml").write_text("facts:\n  lr.peak: 0.1\n", encoding="utf-8")
    ended, outputs, summary = act(tmp_path, environment, "\n  the log.txt \nfacts.yaml\n\n", fail_on)
    assert ended == code
    assert outputs == "verdict=stop\n"
    assert "NaN" in summary
    assert json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize("paths", ["$(touch made)", "`touch made`", "--help", "a; touch made", "missing.log"])
def test_what_the_action_is_given_is_no_command(tmp_path: Path, environment: dict[str, str], paths: str) -> None:
    ended, _, _ = act(tmp_path, environment, paths, "never")
    assert ended == 2
    assert not (tmp_path / "made").exists()


def test_the_hook_checks_the_rules_of_a_repository(tmp_path: Path, environment: dict[str, str]) -> None:
    repository = tmp_path / "theirs"
    rule = repository / "rules" / "mine" / "small-batches.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("id: mine/small-batches\nkind: diagnosis\n", encoding="utf-8")
    assert (HOOK["language"], HOOK["pass_filenames"]) == ("python", False)
    call = [*shlex.split(HOOK["entry"]), *HOOK["args"]]
    ended = subprocess.run(call, cwd=repository, env=environment, capture_output=True, check=False)
    assert ended.returncode != 0
    assert b"small-batches.yaml" in ended.stderr
    rule.unlink()
    assert subprocess.run(call, cwd=repository, env=environment, capture_output=True, check=False).returncode == 0
