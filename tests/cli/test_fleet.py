"""`advise fleet` as a person calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.experiments.fleet.conftest import write_run


def advise(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "advise", "fleet", *arguments], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    for number, rate in enumerate((0.001, 0.1, 0.002)):
        write_run(tmp_path / "runs" / f"run{number}", rate, number)
    return tmp_path


def test_a_folder(runs: Path) -> None:
    done = advise("runs", "--lang", "en", "--jobs", "1", "--store", "kept.db", cwd=runs)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Fleet of 3 runs\n1 of 3 have a fault of medium or high severity.\n")
    assert (runs / "kept.db").exists()


def test_the_ending_of_the_output_chooses_the_form(runs: Path) -> None:
    for name, begins in (("f.jsonl", "{"), ("f.csv", "run,"), ("f.html", "<!doctype html>"), ("f.md", "# ")):
        done = advise("runs", "-o", name, "--jobs", "1", cwd=runs)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (runs / name).read_text(encoding="utf-8").startswith(begins)
    assert len((runs / "f.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_a_filter(runs: Path) -> None:
    done = advise("runs", "--where", "lr.peak > 0.01", "--format", "jsonl", "--jobs", "1", "--store", "kept.db", cwd=runs)
    assert [json.loads(line)["run"] for line in done.stdout.splitlines()] == ["runs/run1"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere",), "nowhere: there is no such file or folder"),
        (("runs", "--where", "lr.peek > 1"), "^^^^^^^"),
        (("runs", "--sort", "hour"), "did you mean"),
        (("runs", "--format", "parquet"), "-o fleet.parquet"),
    ],
)
def test_what_is_wrong_is_said_in_one_place(runs: Path, arguments: tuple[str, ...], says: str) -> None:
    done = advise(*arguments, "--jobs", "1", "--store", "kept.db", cwd=runs)
    assert done.returncode == 2
    assert says in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_fresh_judges_anew_and_deletes_nothing_that_is_no_store(runs: Path) -> None:
    assert advise("runs", "--jobs", "1", "--store", "kept.db", cwd=runs).returncode == 0
    again = advise("runs", "--lang", "en", "--jobs", "1", "--store", "kept.db", "--fresh", cwd=runs)
    assert again.stdout.startswith("Fleet of 3 runs\n")
    (runs / "precious.txt").write_text("do not lose this", encoding="utf-8")
    refused = advise("runs", "--jobs", "1", "--store", "precious.txt", "--fresh", cwd=runs)
    assert refused.returncode == 2
    assert (runs / "precious.txt").read_text(encoding="utf-8") == "do not lose this"


def test_a_parquet_file_that_cannot_be_written_is_refused(runs: Path) -> None:
    pytest.importorskip("polars")
    done = advise("runs", "-o", "nowhere/f.parquet", "--jobs", "1", "--store", "kept.db", cwd=runs)
    assert done.returncode == 2
    assert "nowhere/f.parquet: cannot be written" in done.stderr
    assert advise("runs", "-o", "f.parquet", "--jobs", "1", "--store", "kept.db", cwd=runs).returncode == 0
    assert [path.name for path in runs.iterdir() if path.name.endswith(".tmp")] == []
