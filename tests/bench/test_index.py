"""Whoever looks for a measurement finds every script in the index, and in it no script that is gone."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"


def test_every_script_is_in_the_index() -> None:
    listed = re.findall(r"^\| `([^`]+)`", (BENCH / "README.md").read_text("utf-8"), re.MULTILINE)
    scripts = [path.name for path in BENCH.glob("*.py")]
    folders = [f"{path.parent.name}/" for path in BENCH.glob("*/__main__.py")]
    laboratory = [f"lab/{path.name}" for path in (BENCH / "lab").glob("*.py") if "def main()" in path.read_text("utf-8")]
    assert sorted(listed) == sorted([*scripts, *folders, *laboratory])


def test_every_part_that_can_be_measured_has_its_place_in_the_page(script: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)
    measured = script("bench/measured.py")
    monkeypatch.setattr(measured, "DATA", BENCH)
    page = measured.PAGE.read_text("utf-8")
    for name in measured.parts(BENCH):
        assert page.count(f"<!-- begin generated: {name} -->") == page.count(f"<!-- end generated: {name} -->") == 1
