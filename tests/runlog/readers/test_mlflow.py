"""MLflow's databases and folders."""
# ruff: noqa: S608 - the databases are written here, and thrown away

from __future__ import annotations

import math
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advise.errors import LogError
from advise.runlog.readers import mlflow, mlflow_files
from advise.runlog.readers.table import Table

GENERATED = Path(__file__).parents[4] / "shared/data/generated"

SCHEMA = """
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256) NOT NULL);
CREATE TABLE runs (
  run_uuid VARCHAR(32) PRIMARY KEY, name VARCHAR(250), status VARCHAR(9), start_time BIGINT, lifecycle_stage VARCHAR(20), experiment_id INTEGER
);
CREATE TABLE params (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32));
CREATE TABLE metrics (key VARCHAR(250), value FLOAT, timestamp BIGINT, run_uuid VARCHAR(32), step BIGINT, is_nan BOOLEAN);
INSERT INTO experiments VALUES (0, 'Default'), (1, 'other');
"""


def database(path: Path, statements: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"BEGIN; {SCHEMA} {statements} COMMIT;")
    return str(path)


def run(name: str, start: int, status: str = "FINISHED", stage: str = "active", experiment: int = 0, title: str | None = None) -> str:
    return f"INSERT INTO runs VALUES ('{name}', '{title or name}', '{status}', {start}, '{stage}', {experiment});"


def metric(owner: str, key: str, step: int, value: float | str, nan: int = 0) -> str:
    return f"INSERT INTO metrics VALUES ('{key}', {value}, {1_700_000_000_000 + step}, '{owner}', {step}, {nan});"


def codes(table: Table) -> dict[str, dict[str, int | float | str]]:
    return {remark.code: dict(remark.values) for remark in table.remarks}


def test_reads_a_run(tmp_path: Path) -> None:
    rows = [metric("a", "loss", 0, 2), metric("a", "loss", 10, 1), metric("a", "val/loss", 10, 3), metric("a", "loss", 20, 0, nan=1)]
    rows.append(
        "INSERT INTO params VALUES ('lr', '1e-05', 'a'), ('layers', '12', 'a'), ('amp', 'True', 'a'), ('opt', 'adam', 'a'), ('seed', 'None', 'a');"
    )
    path = database(tmp_path / "m.db", run("a", 5) + "".join(rows))
    assert mlflow.sniff(Path(path).read_bytes()[:64])
    (table,) = mlflow.read(path, "m.db")
    assert (table.file, table.format, table.run, table.remarks, table.lines.tolist()) == ("m.db", "mlflow", "a", (), [1, 2, 4])
    assert table.settings == {"lr": 1e-5, "layers": 12, "amp": True, "opt": "adam", "mlflow run status": "finished"}
    assert table.columns["step"].values.tolist() == [0, 10, 20]
    assert table.columns["wall_time"].values.tolist() == [1.7e9, 1.7e9 + 0.01, 1.7e9 + 0.02]
    assert table.columns["loss"].values.tolist() == pytest.approx([2, 1, math.nan], nan_ok=True)
    assert (table.columns["val/loss"].records.tolist(), table.columns["val/loss"].values.tolist()) == ([1], [3])


def test_the_largest_number_stands_for_infinity(tmp_path: Path) -> None:
    values = [sys.float_info.max, -sys.float_info.max, 1e140]
    path = database(tmp_path / "m.db", run("a", 5) + "".join(metric("a", "loss", step, repr(value)) for step, value in enumerate(values)))
    (table,) = mlflow.read(path, "m.db")
    assert table.columns["loss"].values.tolist() == [math.inf, -math.inf, 1e140]


def test_returns_every_run_the_newest_last(tmp_path: Path) -> None:
    runs = [run("new", 9), run("old", 1), run("gone", 10, stage="deleted"), run("empty", 11), run("killed", 5, "KILLED"), run("going", 6, "RUNNING")]
    path = database(tmp_path / "m.db", "".join(runs) + "".join(metric(name, "loss", 0, 1) for name in ("new", "old", "gone", "killed", "going")))
    tables = mlflow.read(path, "m.db")
    assert [table.run for table in tables] == ["old", "killed", "going", "new"]
    assert [codes(table) for table in tables] == [{}, {"run_failed": {"status": "KILLED"}}, {"no_end": {}}, {"runs_without_metrics": {"count": 1}}]


def test_runs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    runs = [run("1234567890", 1, title="x"), run("abcdefghij", 2, title="x"), run("c", 3, experiment=1, title="x")]
    path = database(tmp_path / "m.db", "".join(runs) + "".join(metric(name, "loss", 0, 1) for name in ("1234567890", "abcdefghij", "c")))
    assert [table.run for table in mlflow.read(path, "m.db")] == ["Default/x (12345678)", "Default/x (abcdefgh)", "other/x"]


def test_values_of_the_wrong_type_are_skipped(tmp_path: Path) -> None:
    rows = [metric("a", "loss", 0, 1), metric("a", "loss", 1, "'word'"), metric("a", "loss", 2, "x'ff'"), metric("a", "loss", 3, "NULL")]
    (table,) = mlflow.read(database(tmp_path / "m.db", run("a", 1) + "".join(rows)), "m.db")
    assert table.columns["loss"].values.tolist() == [1]
    assert codes(table) == {"values_broken": {"count": 3}}


def test_a_journal_beside_it_is_mentioned(tmp_path: Path) -> None:
    path = database(tmp_path / "m.db", run("a", 1) + metric("a", "loss", 0, 1))
    (tmp_path / "m.db-wal").write_bytes(b"x")
    (table,) = mlflow.read(path, "m.db")
    assert codes(table) == {"database_in_use": {}}


def test_nothing_is_written_and_names_are_taken_literally(tmp_path: Path) -> None:
    folder = tmp_path / "a?mode=rwc#%41 运行"
    folder.mkdir()
    path = database(folder / "m.db", run("a", 1) + metric("a", "loss", 0, 1))
    before = Path(path).read_bytes()
    Path(path).chmod(0o444)
    assert len(mlflow.read(path, "m.db")) == 1
    assert [file.name for file in folder.iterdir()] == ["m.db"]
    assert Path(path).read_bytes() == before


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ("", "no run in the database has metrics"),
        ("DROP TABLE metrics; CREATE VIEW metrics AS SELECT 1 AS key;", "neither MLflow nor Optuna"),
        ("ALTER TABLE metrics DROP COLUMN is_nan;", "no such column: is_nan"),
        ("DROP TABLE metrics; CREATE TABLE studies (a); CREATE TABLE trials (a);", "advise study m.db"),
    ],
)
def test_another_database_is_an_error(statements: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=message):
        mlflow.read(database(tmp_path / "m.db", statements), "m.db")


def test_a_column_that_computes_does_not_fill_the_memory(tmp_path: Path) -> None:
    table = "DROP TABLE metrics; CREATE TABLE metrics (key, timestamp, run_uuid, step, is_nan, value AS (zeroblob(900000000)));"
    with pytest.raises(LogError, match="too big"):
        mlflow.read(database(tmp_path / "m.db", table + run("a", 1) + "INSERT INTO metrics VALUES ('loss', 0, 'a', 0, 0);"), "m.db")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(1000), b"no database"])
def test_what_is_no_database_is_an_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    for path in (tmp_path / "x", tmp_path / "none", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(LogError, match=r"^shown: "):
            mlflow.read(str(path), "shown")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sample") / "m.db"
    database(path, run("a", 1) + "".join(metric("a", f"metric{step % 5}", step, step) for step in range(600)))
    return path.read_bytes()


def test_a_schema_that_is_no_text_is_an_error(sample: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.db").write_bytes(sample.replace(b"CREATE TABLE runs", b"CREATE TABL\xff runs"))
    with pytest.raises(LogError, match="its schema is malformed"):
        mlflow.read(str(tmp_path / "m.db"), "m.db")


@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_database_gives_tables_or_an_error(data: st.DataObject, sample: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    damaged = bytearray(sample[: data.draw(st.integers(0, len(sample)))] if data.draw(st.booleans()) else sample)
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, len(sample) - 1) | st.integers(0, 200), st.integers(0, 255)), max_size=6)):
        if place < len(damaged):
            damaged[place] = byte
    path = tmp_path_factory.getbasetemp() / "any.db"
    path.write_bytes(bytes(damaged))
    try:
        tables = mlflow.read(str(path), "x")
    except LogError:
        return
    for table in tables:
        for each in table.columns.values():
            assert len(each.records) == len(each.values) > 0
            assert np.all(np.diff(each.records) > 0)


def test_what_can_be_read_of_a_damaged_database_is_kept(sample: bytes, tmp_path: Path) -> None:
    damaged = bytearray(sample)
    # The last page holds the last rows of the largest table.
    damaged[-4096:] = b"\xff" * 4096
    path = tmp_path / "m.db"
    path.write_bytes(bytes(damaged))
    (table,) = mlflow.read(str(path), "m.db")
    assert 0 < len(table.lines) < 600
    assert set(codes(table)) == {"database_damaged"}


@pytest.mark.skipif(not GENERATED.exists(), reason="the real runs in ../shared/data are not at hand")
def test_reads_what_mlflow_wrote() -> None:
    (table,) = mlflow.read(str(GENERATED / "mlflow.db"), "mlflow.db")
    assert (table.run, table.settings, len(table.lines), table.remarks) == (
        "sneaky-carp-559",
        {"lr": 0.001, "mlflow run status": "finished"},
        200,
        (),
    )
    assert list(table.columns) == ["step", "wall_time", "loss", "val_loss"]
    assert table.columns["val_loss"].values.argmin() in range(90, 110)


@pytest.mark.skipif(not GENERATED.exists(), reason="the real runs in ../shared/data are not at hand")
def test_a_real_database_of_optuna_is_pointed_to_its_command() -> None:
    with pytest.raises(LogError, match="advise study"):
        mlflow.read(str(GENERATED / "optuna_200trials.db"), "optuna.db")


def folder_of(path: Path, metrics: dict[str, str], params: dict[str, str] | None = None, meta: str = "run_name: calm-owl\nstatus: 3\n") -> Path:
    for kind, files in (("metrics", metrics), ("params", params or {})):
        (path / kind).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (path / kind / name).parent.mkdir(parents=True, exist_ok=True)
            (path / kind / name).write_text(content)
    (path / "meta.yaml").write_text(meta)
    return path


def test_reads_the_folder_of_a_run(tmp_path: Path) -> None:
    metrics = {"train/loss": "1700000000000 2.0 0\n1700000001000 nan 10\n", "acc": "1700000000500 0.5 0\n1700000001000 inf 10 dataset digest\n"}
    folder = folder_of(tmp_path, metrics, {"lr": "0.1", "opt/name": "adam"})
    assert mlflow_files.is_run_folder(str(folder))
    (table,) = mlflow_files.read_run_folder(str(folder), "run")
    assert (table.file, table.run, table.settings, table.remarks, table.lines.tolist()) == (
        "run",
        "calm-owl",
        {"lr": 0.1, "opt/name": "adam", "mlflow run status": "finished"},
        (),
        [1, 3],
    )
    assert table.columns["step"].values.tolist() == [0, 10]
    assert table.columns["train/loss"].values.tolist() == pytest.approx([2, math.nan], nan_ok=True)
    assert table.columns["acc"].values.tolist() == [0.5, math.inf]


def test_a_resumed_run_goes_back_in_all_its_metrics(tmp_path: Path) -> None:
    lines = "".join(f"{time} {time} {step}\n" for time, step in enumerate([0, 1, 2, 3, 2, 3, 4]))
    (table,) = mlflow_files.read_run_folder(str(folder_of(tmp_path, {"a": lines, "b": lines})))
    assert table.columns["step"].values.tolist() == [0, 1, 2, 3, 2, 3, 4]
    assert table.columns["a"].values.tolist() == table.columns["b"].values.tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_broken_lines_are_skipped(tmp_path: Path) -> None:
    lines = f"1 1.0 0\nword\n1 x 1\n1 1 {2**70}\n{10**400} 1 1\n2 2.0 1\n3"
    (table,) = mlflow_files.read_run_folder(str(folder_of(tmp_path, {"a": lines}, meta="status: 1\n")), "run")
    assert table.columns["a"].values.tolist() == [1, 2]
    assert codes(table) == {"values_broken": {"count": 5}, "no_end": {}}


def test_lines_without_end_are_read_in_pieces_and_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, {"a": "1 1.0 0\n" + "9" * 100_000 + "\n2 2.0 1\n"})
    (table,) = mlflow_files.read_run_folder(str(folder))
    assert table.columns["a"].values.tolist() == [1, 2]
    monkeypatch.setattr(mlflow_files, "MAX_RECORDS", 10)
    (table,) = mlflow_files.read_run_folder(str(folder))
    assert table.columns["a"].values.tolist() == [1]
    assert "scalars_over_limit" in codes(table)


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "run", {"a": "1 1.0 0\n"})
    secret = folder_of(tmp_path / "elsewhere", {"secret": "1 7.0 0\n"})
    (folder / "metrics/file").symlink_to(secret / "metrics/secret")
    (folder / "metrics/folder").symlink_to(secret / "metrics")
    (folder / "params").rmdir()
    (folder / "params").symlink_to(secret / "metrics")
    (table,) = mlflow_files.read_run_folder(str(folder))
    assert "a" in table.columns
    assert not any("secret" in name or "file" in name for name in (*table.columns, *table.settings))


@pytest.mark.parametrize("meta", ["", "\0", "- a\n", "status: [", "status: 99\nrun_name: {a: b}\n"])
def test_whatever_the_description_holds_the_metrics_are_read(meta: str, tmp_path: Path) -> None:
    assert len(mlflow_files.read_run_folder(str(folder_of(tmp_path, {"a": "1 1.0 0\n"}, meta=meta)))) == 1


def test_a_folder_without_values_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"^run: no metric"):
        mlflow_files.read_run_folder(str(folder_of(tmp_path, {"a": ""})), "run")
    with pytest.raises(LogError, match=r"^run: "):
        mlflow_files.read_run_folder(str(tmp_path / "none"), "run")
