"""Numbers near the ends of floats, names that are not UTF-8, folders that cannot be entered, terminals of any width: a plan or a refusal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FACTS = "clip.rate: 1.0\n"


def advise(*arguments: str, folder: Path, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "advise", *arguments]
    result = subprocess.run(command, check=False, cwd=folder, capture_output=True, timeout=120, env={**os.environ, **(environ or {})})
    assert b"internal error" not in result.stderr, result.stderr
    assert b"Traceback" not in result.stderr
    assert b"Warning" not in result.stderr
    return result


@pytest.mark.parametrize("form", ["html", "json", "md", "text"])
@pytest.mark.parametrize("value", ["1.5e308", "-1.5e308", "1e200", "1e-320"])
def test_losses_near_the_ends_of_floats(value: str, form: str, tmp_path: Path) -> None:
    rows = "".join(f"{step},{value},{-step * 1e300 if step % 2 else step * 1e307}\n" for step in range(120))
    (tmp_path / "run.csv").write_text(f"step,loss,val_loss\n{rows}", encoding="utf-8")
    assert advise("run.csv", "--format", form, folder=tmp_path).returncode == 0


def test_steps_near_the_end_of_floats(tmp_path: Path) -> None:
    rows = "".join(f"{step},{1 / (number + 1)}\n" for number, step in enumerate(["1e308", "0"] * 60))
    (tmp_path / "run.csv").write_text(f"step,loss\n{rows}", encoding="utf-8")
    assert advise("run.csv", "--format", "html", folder=tmp_path).returncode in (0, 2)


@pytest.mark.parametrize("objective", ["1.7e308", "1e-320", "1.0"])
@pytest.mark.parametrize("bounds", ["", "low: -1e308, high: 1e308", "low: 1e-320, high: 1e308, log: true", "low: 1e-5, high: 1, log: true"])
def test_studies_near_the_ends_of_floats(objective: str, bounds: str, tmp_path: Path) -> None:
    rows = "".join(f"{number + 1},{'-' * (number % 2)}{objective}\n" for number in range(30))
    (tmp_path / "trials.csv").write_text(f"lr,val_loss\n{rows}", encoding="utf-8")
    (tmp_path / "space.yaml").write_text(f"lr: {{{bounds}}}", encoding="utf-8")
    result = advise("study", "trials.csv", "--format", "html", *(["--space", "space.yaml"] if bounds else []), folder=tmp_path)
    assert result.returncode in (0, 2)
    if "308" in bounds and objective == "1.0":
        assert b"a bound of `lr` must lie between" in result.stderr


@pytest.fixture
def strange(tmp_path: Path) -> str:
    """A facts file whose name is not UTF-8."""
    path = os.fsencode(tmp_path) + b"/\xff.yaml"
    try:
        Path(os.fsdecode(path)).write_text(FACTS, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    return os.fsdecode(path)


@pytest.mark.parametrize("to_file", [False, True])
def test_a_name_that_is_not_utf8_survives_in_json(strange: str, tmp_path: Path, *, to_file: bool) -> None:
    jobs = [[strange], ["explain", strange, "clipping_saturated"]]
    for job in jobs:
        out = advise(*job, "--format", "json", *(["-o", "out.json"] if to_file else []), folder=tmp_path)
        assert out.returncode == 0, out.stderr
        found = (tmp_path / "out.json").read_bytes() if to_file else out.stdout
        assert "\udcff" in json.dumps(json.loads(found), ensure_ascii=False)
    assert advise("ask", strange, "--json", folder=tmp_path).returncode == 0


def test_words_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    strange = os.fsdecode(b"q\xff")
    assert b"must be text in UTF-8" in advise("round", "start", strange, "--ledger", "l.db", folder=tmp_path).stderr
    assert advise("whatif", "facts.yaml", f"metric.name={strange}", folder=tmp_path).returncode == 2


def test_a_page_with_colours_is_there_whatever_columns_says() -> None:
    from advise.render.page import Paragraph, Plain
    from advise.render.text import as_text

    with pytest.MonkeyPatch.context() as patch:
        for columns in ("0", "-1", "1", "2", "9" * 30, "x"):
            patch.setenv("COLUMNS", columns)
            for width in (20, 100):
                assert "here" in as_text((Paragraph(((Plain("here it is"),),)),), width, colour=True)


def test_a_directory_that_cannot_be_entered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from advise.errors import LogError
    from advise.experiments.compare import runs

    def closed(_: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(runs.os, "scandir", closed)
    with pytest.raises(LogError, match="cannot be read: Permission denied"):
        runs.runs_in(str(tmp_path))
