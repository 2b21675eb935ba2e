"""A fleet from folders to rows: every run once, nothing mixed, and what cannot be judged is a row."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.experiments.fleet.conftest import HERE, write_run

from advise.errors import InputError, OutputError
from advise.experiments.fleet import Fleet, fleet, judging
from advise.experiments.fleet.driving import Work
from advise.experiments.fleet.row import PLAIN
from advise.facts.record import Observed
from advise.runlog.paths import observe_each
from advise.runlog.places.runs import RunPlace


def names(found: Fleet) -> list[str]:
    return [Path(row.run).name for row in found]


def test_a_run_is_a_row(judged: Fleet) -> None:
    rows = list(judged)
    assert len(rows) == len(judged) == 12
    sick = [row for row in rows if row.finding is not None]
    assert {row.rate for row in sick} == {0.1}
    assert len(sick) == 4
    assert all(row.severity == "high" and row.since_unit == "steps" and 1300 <= (row.since or 0) <= 2600 for row in sick)
    sound = next(row for row in rows if row.rate == 0.001)
    assert (sound.steps, sound.direction, sound.seed, sound.settings["width"]) == (4000, "down", 1, 64) or sound.seed == 1
    assert sound.best is not None
    assert len(sound.curve) == 24
    assert sound.told["en"]["head"]
    assert sound.told["zh"]["verdict"]


def test_the_flat_folder_of_a_sweep_is_many_runs(tmp_path: Path) -> None:
    for number in range(20):
        folder = write_run(tmp_path / "made" / str(number), 0.001 * (number + 1), number)
        (tmp_path / "flat").mkdir(exist_ok=True)
        (folder / "log.csv").rename(tmp_path / "flat" / f"run_{number:03}.csv")
    assert names(fleet(tmp_path / "flat", work=HERE)) == [f"run_{number:03}.csv" for number in range(20)]


def test_a_few_files_side_by_side_are_told_apart_when_they_are_read(tmp_path: Path) -> None:
    for number in range(3):
        folder = write_run(tmp_path / "made" / str(number), 0.001, number)
        (tmp_path / "flat").mkdir(exist_ok=True)
        (folder / "log.csv").rename(tmp_path / "flat" / f"run_{number}.csv")
    assert sorted(names(fleet(tmp_path / "flat", work=HERE))) == ["run_0.csv", "run_1.csv", "run_2.csv"]


def test_splits_of_one_run_are_one_run(tmp_path: Path) -> None:
    for split in ("train", "val"):
        (tmp_path / f"{split}.csv").write_text("step,loss\n" + "".join(f"{step},{3 - step / 50}\n" for step in range(1, 60)), encoding="utf-8")
    (row,) = fleet(tmp_path, work=HERE)
    assert row.error is None


def test_what_cannot_be_read_is_a_row_with_its_reason(sweep: Path) -> None:
    (sweep / "broken").mkdir()
    (sweep / "broken" / "log.csv").write_text("step,loss\n", encoding="utf-8")
    found = fleet([sweep, sweep / "broken" / "log.csv"], work=HERE)
    (row,) = [row for row in found if row.error is not None]
    assert Path(row.path).parent.name == "broken"
    assert row.verdict is None
    assert len(found) == 13


def test_a_run_that_takes_too_long_is_a_row(sweep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(place: RunPlace, *_: object) -> Iterator[tuple[str, Observed]]:
        if "lr0.1-w64-s1" in place.name:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                pass
        return observe_each(place, *_)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "observe_each", never)
    found = list(fleet(sweep, work=Work(workers=1, seconds=0.5)))
    assert [row.error for row in found if "lr0.1-w64-s1" in row.run] == ["it took longer than 0.5 s"]
    assert sum(row.error is None for row in found) == 11


def test_what_did_not_change_is_not_judged_again(sweep: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    store = tmp_path / "kept.db"
    fleet(sweep, work=HERE, store=store, tell=lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)
    told.clear()
    fleet(sweep, work=HERE, store=store, tell=lambda done, total: told.append((done, total)))
    assert told == [(0, 0)]
    write_run(sweep / "lr0.001-w64-s1", 0.1, 1)
    told.clear()
    again = fleet(sweep, work=HERE, store=store, tell=lambda done, total: told.append((done, total)))
    assert told[-1] == (1, 1)
    assert sum(row.finding is not None for row in again) == 5


def test_a_copy_is_judged_once_and_has_its_own_name(sweep: Path, tmp_path: Path) -> None:
    first = sweep / "lr0.001-w64-s1"
    copy = sweep / "copy-of-it"
    copy.mkdir()
    for file in first.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    found = fleet(sweep, work=HERE)
    assert len(found) == 13
    assert [sorted(Path(run).name for run in held) for held in found.whole.copies] == [["copy-of-it", "lr0.001-w64-s1"]]


def test_a_killed_fleet_goes_on_where_it_was(sweep: Path, tmp_path: Path) -> None:
    store = tmp_path / "kept.db"

    class StoppedError(Exception):
        pass

    def stop(done: int, _: int) -> None:
        if done == 5:
            raise StoppedError

    with pytest.raises(StoppedError):
        fleet(sweep, work=HERE, store=store, tell=stop)
    told: list[tuple[int, int]] = []
    found = fleet(sweep, work=HERE, store=store, tell=lambda done, total: told.append((done, total)))
    assert told[-1] == (7, 7)
    assert len(found) == 12


def test_several_places_and_a_pattern(sweep: Path) -> None:
    assert len(fleet([str(sweep / "lr0.1-*"), sweep / "lr0.001-w64-s1"], work=HERE)) == 5
    # What is named twice is one run.
    assert len(fleet([sweep, sweep], work=HERE)) == 12


@pytest.mark.parametrize("source", ["nowhere", "nowhere/*.csv", "mlflow:nowhere", "optuna:nowhere"])
def test_a_place_that_is_not_there_is_refused(source: str) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        fleet(source, work=HERE)


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run in here"):
        fleet(tmp_path, work=HERE)


def test_links_that_loop_are_reported(sweep: Path) -> None:
    (sweep / "loop").symlink_to(sweep.parent)
    found = fleet(sweep, work=HERE)
    assert len(found) == 12
    assert [remark.code for remark in found.remarks] == ["link_not_followed"]


def test_a_name_that_is_not_utf8_survives(sweep: Path) -> None:
    odd = os.fsencode(sweep) + b"/od\xffd"
    os.rename(sweep / "lr0.001-w64-s1", odd)
    found = fleet(sweep, work=HERE)
    assert any("od\\xffd" in row.run or "od\\udcffd" in row.run for row in found)


def test_optuna_trials_are_runs(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    with sqlite3.connect(path) as db:
        db.executescript(
            """CREATE TABLE studies (study_id INTEGER, study_name TEXT);
            CREATE TABLE study_directions (study_id INTEGER, objective INTEGER, direction TEXT);
            CREATE TABLE trials (trial_id INTEGER, number INTEGER, study_id INTEGER, state TEXT);
            CREATE TABLE trial_params (param_id INTEGER, trial_id INTEGER, param_name TEXT, param_value REAL, distribution_json TEXT);
            CREATE TABLE trial_values (trial_id INTEGER, objective INTEGER, value REAL, value_type TEXT);
            CREATE TABLE study_system_attributes (study_system_attribute_id INTEGER, study_id INTEGER, key TEXT, value_json TEXT);
            CREATE TABLE trial_system_attributes (trial_system_attribute_id INTEGER, trial_id INTEGER, key TEXT, value_json TEXT);
            CREATE TABLE trial_intermediate_values (trial_id INTEGER, step INTEGER, intermediate_value REAL, intermediate_value_type TEXT);
            INSERT INTO studies VALUES (1, 'search'); INSERT INTO study_directions VALUES (1, 0, 'MAXIMIZE');"""
        )
        space = '{"name": "FloatDistribution", "attributes": {"low": 1e-5, "high": 1.0, "log": true, "step": null}}'
        for trial in range(4):
            db.execute("INSERT INTO trials VALUES (?, ?, 1, 'COMPLETE')", (trial, trial))
            db.execute("INSERT INTO trial_params VALUES (?, ?, 'lr', ?, ?)", (trial, trial, 10.0 ** -(trial + 1), space))
            db.execute("INSERT INTO trial_values VALUES (?, 0, ?, 'FINITE')", (trial, 0.9 - 0.1 * trial))
            rows = [(trial, step, (0.9 - 0.1 * trial) * step / 10, "FINITE") for step in range(1, 11)]
            db.executemany("INSERT INTO trial_intermediate_values VALUES (?, ?, ?, ?)", rows)
    rows = list(fleet(f"optuna:{path}", work=HERE))
    assert [row.run for row in rows] == [f"search/{trial}" for trial in range(4)]
    assert [row.best for row in rows] == pytest.approx([0.9, 0.8, 0.7, 0.6])
    assert [row.settings["lr"] for row in rows] == pytest.approx([0.1, 0.01, 0.001, 0.0001])


def test_a_store_that_is_something_else_is_left_alone(sweep: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE precious (x)")
    before = other.read_bytes()
    with pytest.raises(OutputError, match="no store of a fleet"):
        fleet(sweep, work=HERE, store=other)
    assert other.read_bytes() == before


def test_rows_as_records_and_as_a_frame(judged: Fleet) -> None:
    records = judged.to_records()
    assert set(PLAIN) <= records[0].keys()
    frame = judged.to_frame()
    assert frame.shape[0] == 12
    assert {"run", "verdict", "params_width"} <= set(frame.columns)
    assert "<table>" in judged._repr_html_()


def test_workers_of_their_own(sweep: Path) -> None:
    pytest.importorskip("joblib")
    alone = {row.run: (row.verdict, row.finding, row.best) for row in fleet(sweep, work=HERE)}
    assert {row.run: (row.verdict, row.finding, row.best) for row in fleet(sweep, work=Work(workers=2))} == alone
