"""The inputs of ../shared/cases, each of which failed once: what is right now stays right, and what is not met yet is told in `unmet.yaml`."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import io
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from advise.cli.main import main

CASES = Path(__file__).parents[3] / "shared" / "cases"
FOLDERS = sorted(path.parent for path in CASES.rglob("case.yaml"))
# Each with its reason. Strict: what is met leaves the list.
UNMET: dict[str, str] = yaml.safe_load((Path(__file__).parent / "unmet.yaml").read_text(encoding="utf-8")) or {}


def run(command: Sequence[str], folder: str | Path) -> tuple[int, str, str]:
    """Run the command line in this process: the code at its end, and what it wrote to both streams."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(command[1:])
        except SystemExit as end:
            return int(end.code or 0), out.getvalue(), err.getvalue()
        finally:
            gc.enable()
            gc.unfreeze()
    raise AssertionError("the command line ends by SystemExit")


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    """The program that stands beside the cases, which starts no process here."""
    spec = importlib.util.spec_from_file_location("check_cases", CASES / "check_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__["run"] = run
    return module


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, prepared_once: None) -> None:
    """As a person without a terminal has it; the knowledge is loaded once."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.skipif(not FOLDERS, reason="../shared/cases is not here")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case(folder: Path, checker: ModuleType, request: pytest.FixtureRequest) -> None:
    if folder.name in UNMET:
        request.applymarker(pytest.mark.xfail(reason=UNMET[folder.name], strict=True))
    case = checker.Case(folder, ["advise"]).check()
    assert not case.faults


def test_what_is_told_as_unmet_is_a_case() -> None:
    if not FOLDERS:
        pytest.skip("../shared/cases is not here")
    assert not UNMET.keys() - {folder.name for folder in FOLDERS}
