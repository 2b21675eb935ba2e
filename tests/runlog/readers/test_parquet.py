"""Parquet tables: a column a quantity, as pandas and polars write them, and a row a value, as Neptune's exporter does."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from advise import observe
from advise.errors import InputError, LogError, MissingExtraError, RunChoiceError
from advise.runlog.readers.open import is_log, read_log

polars = pytest.importorskip("polars")
STEPS = range(10, 210, 10)
START = datetime(2026, 3, 1, tzinfo=UTC)
# The columns of the exporter's README, one for each type of value, of which a row fills one.
COLUMNS = {
    "project_id": polars.String,
    "run_id": polars.String,
    "attribute_path": polars.String,
    "attribute_type": polars.String,
    "step": polars.Decimal(18, 6),
    "timestamp": polars.Datetime("ms", "UTC"),
    "int_value": polars.Int64,
    "float_value": polars.Float64,
    "string_value": polars.String,
    "bool_value": polars.Boolean,
    "datetime_value": polars.Datetime("ms", "UTC"),
    "string_set_value": polars.List(polars.String),
    "file_value": polars.Struct({"path": polars.String}),
}


def exported(path: Path, *runs: tuple[str, float], failed: bool = False) -> None:
    """What the exporter writes of runs with a rate each."""
    rows: list[dict[str, object]] = []
    for number, (run, rate) in enumerate(runs):
        common = {"project_id": "team/project", "run_id": run}
        rows += [
            {**common, "attribute_path": "parameters/learning_rate", "attribute_type": "float", "float_value": rate},
            {**common, "attribute_path": "parameters/optimizer", "attribute_type": "string", "string_value": "AdamW"},
            {**common, "attribute_path": "parameters/batch_size", "attribute_type": "int", "int_value": 32},
            {**common, "attribute_path": "sys/failed", "attribute_type": "bool", "bool_value": failed},
            {**common, "attribute_path": "data/sample", "attribute_type": "file", "file_value": {"path": "a/b.png"}},
        ]
        for step in STEPS:
            series = {**common, "attribute_type": "float_series", "step": Decimal(step), "timestamp": START + timedelta(days=number, seconds=step)}
            rows.append({**series, "attribute_path": "train/loss", "float_value": 3 - step / 100 + number})
            if step % 50 == 0:
                rows.append({**series, "attribute_path": "val/loss", "float_value": 3.2 - step / 100 + number})
    polars.DataFrame(rows, schema=COLUMNS).write_parquet(path, compression="snappy")


def test_an_export_of_neptune(tmp_path: Path) -> None:
    path = tmp_path / "RUN-1_part_0.parquet"
    exported(path, ("RUN-1", 3e-4))
    seen = observe(path)
    assert seen.log is not None
    train, dev = seen.log.curve("train.loss"), seen.log.curve("dev.loss")
    assert train is not None
    assert dev is not None
    assert list(train.steps) == list(STEPS)
    assert list(train.values) == pytest.approx([3 - step / 100 for step in STEPS])
    assert list(dev.steps) == [50, 100, 150, 200]
    facts = {name: fact.value for name, fact in seen.facts.items()}
    assert (facts["lr.peak"], facts["optimizer.name"], facts["batch.size"]) == (3e-4, "adamw", 32)
    assert seen.run == "RUN-1"


def test_several_runs_of_an_export_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "export.parquet"
    exported(path, ("RUN-1", 3e-4), ("RUN-2", 1e-4))
    assert [table.run for table in read_log(str(path))] == ["RUN-1", "RUN-2"]
    assert observe(path, run="RUN-1").facts["lr.peak"].value == 3e-4
    assert observe(path).facts["lr.peak"].value == 1e-4
    with pytest.raises(RunChoiceError):
        observe(path, run="RUN-3")


def test_a_run_that_neptune_has_as_failed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "RUN-1_part_0.parquet"
    exported(path, ("RUN-1", 3e-4), failed=True)
    assert "run_failed" in [remark.code for table in read_log(str(path)) for remark in table.remarks]


def test_a_column_a_quantity(tmp_path: Path) -> None:
    path = tmp_path / "history.parquet"
    frame = {"step": list(STEPS), "loss": [3 - step / 100 for step in STEPS], "val_loss": [None if step % 50 else 3.0 for step in STEPS]}
    polars.DataFrame({**frame, "note": ["x"] * len(STEPS)}).write_parquet(path)
    (table,) = read_log(str(path))
    assert list(table.columns) == ["step", "loss", "val_loss"]
    assert list(table.columns["val_loss"].records) == [4, 9, 14, 19]
    assert observe(tmp_path).facts["run.steps_done"].value == 200


def test_a_set_of_data_is_no_log(tmp_path: Path) -> None:
    path = tmp_path / "train-00000-of-00001.parquet"
    polars.DataFrame({"text": ["a", "b", "c"], "label": [0, 1, 0]}).write_parquet(path)
    assert not is_log(str(path))
    with pytest.raises(LogError, match="no column counts steps or epochs"):
        observe(path)


def test_a_table_of_runs_is_not_taken_for_the_log_of_one(tmp_path: Path) -> None:
    path = tmp_path / "runs.parquet"
    polars.DataFrame({"name": ["a", "b", "c"], "epoch": [9, 9, 9], "val_loss": [0.3, 0.2, 0.4]}).write_parquet(path)
    with pytest.raises(LogError, match="a table of runs"):
        read_log(str(path))


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "RUN-1_part_0.parquet"
    exported(path, ("RUN-1", 3e-4))
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtraError, match="a Parquet table needs the package `polars`") as caught:
        observe(path)
    assert "playbook-advisor[logs]" in str(caught.value.problems[0].accepted)


def test_broken_tables_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "RUN-1_part_0.parquet"
    exported(path, ("RUN-1", 3e-4))
    whole, rng = path.read_bytes(), Random(0)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 5, 50))):
            data[rng.randrange(4, len(data))] = rng.randrange(256)
        path.write_bytes(data[: rng.choice((len(data), rng.randrange(4, len(data))))])
        try:
            read_log(str(path))
        except InputError as error:
            found = error.problems[0].file
        else:
            found = str(path)
        assert found == str(path)
