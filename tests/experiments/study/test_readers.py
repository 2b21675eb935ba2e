"""The same trials out of every kind of source."""

from __future__ import annotations

import ast
import csv
import json
import math
import sqlite3
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from advise import Advisor
from advise.experiments.study.read import Asked, read_study
from advise.experiments.study.report import report_of
from advise.experiments.study.run import observed
from advise.experiments.study.study import Study
from advise.facts.record import Observed
from advise.terms import Direction

Opened = Callable[[Path], AbstractContextManager[Connection]]
RATES = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]
LOSSES = [0.9, 0.7, 0.5, 0.4, 0.45, None]
OPTIMIZERS = ["adam", "sgd", "adam", "sgd", "adam", "sgd"]


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def to_csv(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["lr", "optimizer", "val_loss"])
        writer.writerows((rate, name, "nan" if loss is None else loss) for rate, name, loss in zip(RATES, OPTIMIZERS, LOSSES, strict=True))
    return path


def to_jsonl(path: Path) -> Path:
    rows = ({"lr": rate, "optimizer": name, "val_loss": loss} for rate, name, loss in zip(RATES, OPTIMIZERS, LOSSES, strict=True))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def to_runs(path: Path) -> Path:
    for number, (rate, name, loss) in enumerate(zip(RATES, OPTIMIZERS, LOSSES, strict=True)):
        run = path / f"trial_{number}"
        run.mkdir(parents=True)
        (run / "hparams.json").write_text(json.dumps({"lr": rate, "optimizer": name}), encoding="utf-8")
        values = [1.2, 1.1, 1.0, loss if loss is not None else "nan"]
        (run / "log.csv").write_text("step,val_loss\n" + "".join(f"{step},{value}\n" for step, value in enumerate(values, 1)), encoding="utf-8")
    return path


def to_optuna(path: Path, optuna: Opened) -> Path:
    lr = {"name": "FloatDistribution", "attributes": {"step": None, "low": 1e-5, "high": 1e-1, "log": True}}
    choice = {"name": "CategoricalDistribution", "attributes": {"choices": ["adam", "sgd"]}}
    with optuna(path) as database:
        database.execute("INSERT INTO studies VALUES (1, 'only')")
        database.execute("INSERT INTO study_directions VALUES (1, 'MINIMIZE', 1, 0)")
        for number, (rate, name, loss) in enumerate(zip(RATES, OPTIMIZERS, LOSSES, strict=True)):
            database.execute("INSERT INTO trials VALUES (?, ?, 1, ?)", (number + 1, number, "FAIL" if loss is None else "COMPLETE"))
            params = [(number + 1, "lr", rate, json.dumps(lr)), (number + 1, "optimizer", ["adam", "sgd"].index(name), json.dumps(choice))]
            database.executemany("INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)", params)
            if loss is not None:
                database.execute("INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, 0, ?, 'FINITE')", (number + 1, loss))
    return path


def to_mlflow(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """CREATE TABLE experiments (experiment_id INTEGER, name);
            CREATE TABLE runs (run_uuid, name, status, lifecycle_stage, start_time INTEGER, experiment_id INTEGER);
            CREATE TABLE params (run_uuid, key, value);
            CREATE TABLE metrics (run_uuid, key, value REAL, timestamp INTEGER, step INTEGER, is_nan INTEGER);
            CREATE TABLE latest_metrics (run_uuid, key, value REAL, is_nan INTEGER);
            INSERT INTO experiments VALUES (1, 'only');"""
        )
        for number, (rate, name, loss) in enumerate(zip(RATES, OPTIMIZERS, LOSSES, strict=True)):
            run = f"r{number}"
            database.execute("INSERT INTO runs VALUES (?, ?, 'FINISHED', 'active', ?, 1)", (run, run, number))
            database.executemany("INSERT INTO params VALUES (?, ?, ?)", [(run, "lr", str(rate)), (run, "optimizer", name)])
            values = [1.2, 1.1, 0.0 if loss is None else loss]
            ends = [int(loss is None and step == 2) for step in range(3)]
            rows = [(run, "val_loss", value, step, step, is_nan) for step, (value, is_nan) in enumerate(zip(values, ends, strict=True))]
            database.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
            database.execute("INSERT INTO latest_metrics VALUES (?, 'val_loss', ?, ?)", (run, values[-1], ends[-1]))
        database.commit()
    return path


def read(path: Path, advisor: Advisor) -> Study:
    return read_study(str(path), Asked(), advisor.knowledge)


@pytest.fixture(params=["csv", "jsonl", "runs", "optuna", "mlflow"])
def source(request: pytest.FixtureRequest, tmp_path: Path, optuna: Opened) -> Path:
    writers: dict[str, Callable[[], Path]] = {
        "csv": lambda: to_csv(tmp_path / "trials.csv"),
        "jsonl": lambda: to_jsonl(tmp_path / "trials.jsonl"),
        "runs": lambda: to_runs(tmp_path / "runs"),
        "optuna": lambda: to_optuna(tmp_path / "optuna.db", optuna),
        "mlflow": lambda: to_mlflow(tmp_path / "mlflow.db"),
    }
    return writers[str(request.param)]()


def test_every_source_gives_the_same_trials(source: Path, advisor: Advisor) -> None:
    study = read(source, advisor)
    assert study.direction == "down"
    assert len(study.trials) == 6
    assert study.best.value == pytest.approx(0.4)
    assert dict(study.best.settings) == {"lr": 3e-3, "optimizer": "sgd"}
    assert int(study.failed.sum()) == 1
    assert {parameter.name: parameter.scale for parameter in study.searched} == {"lr": "log", "optimizer": "choice"}


def test_what_a_writer_has_not_brought_into_the_database_is_not_read_and_that_is_said(tmp_path: Path, advisor: Advisor, optuna: Opened) -> None:
    path = to_optuna(tmp_path / "optuna.db", optuna)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO trials VALUES (7, 6, 1, 'RUNNING')")
        writer.commit()
        study = read(path, advisor)
        assert len(study.trials) == 6
        assert [remark.code for remark in study.read.remarks] == ["log_database_in_use"]
    assert read(path, advisor).read.remarks == ()


@pytest.mark.parametrize("direction", ["up", "down"])
def test_an_infinity_is_no_result_of_a_run(tmp_path: Path, advisor: Advisor, direction: Direction) -> None:
    """MLflow stores one as the largest number there is."""
    path = to_mlflow(tmp_path / "mlflow.db")
    with closing(sqlite3.connect(path)) as database:
        for run, sign in (("r0", 1), ("r1", -1)):
            for table in ("metrics", "latest_metrics"):
                last = "" if table == "latest_metrics" else "AND step = 2"
                database.execute(f"UPDATE {table} SET value = ? WHERE run_uuid = ? {last}", (sign * sys.float_info.max, run))  # noqa: S608
        database.execute("UPDATE metrics SET value = ? WHERE run_uuid = 'r2' AND step = 0", (sys.float_info.max,))
        database.execute("UPDATE metrics SET value = 'text', step = 'text' WHERE run_uuid = 'r3' AND step = 0")
        database.commit()
    study = read_study(str(path), Asked(direction=direction), advisor.knowledge)
    assert [trial.state for trial in study.trials] == ["failed", "failed", "finished", "finished", "finished", "failed"]
    assert study.best.value == pytest.approx(1.2 if direction == "up" else 0.4)
    courses = study.read.histories(range(6))
    assert [course.values[0] for course in (courses[0], courses[2])] == pytest.approx([1.2, math.inf])
    assert courses[0].values[-1] == math.inf
    assert len(courses[3].values) == 2


def test_a_space_is_declared_where_the_source_declares_one(tmp_path: Path, advisor: Advisor, optuna: Opened) -> None:
    declared = {parameter.name: parameter for parameter in read(to_optuna(tmp_path / "optuna.db", optuna), advisor).searched}
    assert (declared["lr"].low, declared["lr"].high, declared["lr"].is_declared) == (1e-5, 1e-1, True)
    tried = {parameter.name: parameter for parameter in read(to_csv(tmp_path / "trials.csv"), advisor).searched}
    assert (tried["lr"].low, tried["lr"].high, tried["lr"].is_declared) == (1e-4, 3e-2, False)


def test_the_program_of_the_next_round_is_python_and_names_every_hyperparameter(source: Path, advisor: Advisor) -> None:
    study = read(source, advisor)
    plan = advisor.examine(observed(study, Observed({}), advisor.knowledge)).plan
    program = report_of(study, plan, advisor.knowledge).program
    named = {node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {"lr", "optimizer", "minimize"} <= named


def test_names_are_never_code(tmp_path: Path, advisor: Advisor) -> None:
    name = "'); import os; os.remove('x'); ('"
    path = tmp_path / "trials.jsonl"
    path.write_text("".join(json.dumps({name: 0.1 * (index + 1), "val_loss": 1 / (index + 1)}) + "\n" for index in range(8)), encoding="utf-8")
    study = read(path, advisor)
    plan = advisor.examine(observed(study, Observed({}), advisor.knowledge)).plan
    tree = ast.parse(report_of(study, plan, advisor.knowledge).program)
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert imported == ["optuna"]
