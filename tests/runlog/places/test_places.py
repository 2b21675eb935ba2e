"""Several runs in one place are never mixed: one is read, named, the others are listed, and `run` chooses."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from advise import Advisor
from advise.errors import LogError, RunChoiceError
from advise.facts.record import Observed

Write = Callable[[Path, int], None]


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def curve(number: int) -> list[tuple[int, float, float]]:
    """Rows of one run: its losses end at its number, its rate has its number as the first digit."""
    return [(step, number + 5 / step, number / 1000) for step in range(10, 310, 10)]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def csv(path: Path, number: int) -> None:
    write(path, "step,loss,lr\n" + "".join(f"{step},{loss},{rate}\n" for step, loss, rate in curve(number)))


def text(path: Path, number: int, day: int = 1) -> None:
    rows = (f"2026-08-{day:02} 12:{step // 10:02}:00 step {step}: loss={loss} lr={rate}\n" for step, loss, rate in curve(number))
    write(path, "".join(rows))


def hf(path: Path, number: int, steps: int = 30) -> None:
    history = [{"step": step, "loss": loss, "learning_rate": rate} for step, loss, rate in curve(number)[:steps]]
    write(path, json.dumps({"log_history": history}))


def mlflow(folder: Path, number: int) -> None:
    start = 1700000000000 + number * 86_400_000
    write(folder / "meta.yaml", f"run_name: run-{number}\nrun_id: {folder.name}\nstart_time: {start}\nstatus: 3\nlifecycle_stage: active\n")
    write(folder / "metrics" / "loss", "".join(f"{start + step} {loss} {step}\n" for step, loss, _ in curve(number)))
    write(folder / "params" / "lr", f"{number / 1000}")


def lightning(folder: Path, number: int) -> None:
    csv(folder / "metrics.csv", number)
    write(folder / "hparams.yaml", f"learning_rate: {number / 1000}\noptimizer: AdamW\n")


def ray(folder: Path, number: int) -> None:
    rows = [
        {"training_iteration": step, "loss": loss, "timestamp": 1700000000 + number, "config": {"lr": rate}} for step, loss, rate in curve(number)
    ]
    write(folder / "result.json", "".join(json.dumps(row) + "\n" for row in rows))
    write(folder / "progress.csv", "training_iteration,loss,config/lr\n" + "".join(f"{step},{loss},{rate}\n" for step, loss, rate in curve(number)))
    write(folder / "params.json", json.dumps({"lr": number / 1000}))


def hydra(folder: Path, number: int) -> None:
    text(folder / "train.log", number, day=number)
    write(folder / ".hydra" / "config.yaml", f"optimizer: {{name: adamw, lr: {number / 1000}}}\n")
    write(folder / ".hydra" / "hydra.yaml", "hydra: {run: {dir: x}}\n")


def database(path: Path, numbers: range) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE experiments (experiment_id, name);"
        "CREATE TABLE runs (run_uuid, name, experiment_id, status, start_time, lifecycle_stage);"
        "CREATE TABLE metrics (run_uuid, key, value, timestamp, step, is_nan); CREATE TABLE params (run_uuid, key, value);"
        "INSERT INTO experiments VALUES (1, 'sweep');"
    )
    for number in numbers:
        connection.execute("INSERT INTO runs VALUES (?, ?, 1, 'FINISHED', ?, 'active')", (f"id{number}", f"run-{number}", number))
        rows = [(f"id{number}", "loss", loss, 1700000000000 + step, step, 0) for step, loss, _ in curve(number)]
        connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.execute("INSERT INTO params VALUES (?, 'lr', ?)", (f"id{number}", str(number / 1000)))
    connection.commit()
    connection.close()


def described(observed: Observed) -> str:
    """What the input is said to be, the first thing first."""
    first = observed.findings[0]
    assert first.first, "that there are several runs is the first thing said"
    return first.text.en


def check_is(observed: Observed, number: int) -> None:
    """That every fact is of the one run."""
    assert observed.facts["loss.train"].value == pytest.approx(number, abs=0.1)
    rate = observed.facts.get("lr.peak")
    assert rate is not None
    assert rate.value == pytest.approx(number / 1000)
    assert not any("stated as" in finding.text.en for finding in observed.findings)


LAYOUTS: dict[str, tuple[str, Write]] = {
    "Lightning's versions": ("version_{}", lightning),
    "Lightning's versions below their folder": ("lightning_logs/version_{}", lightning),
    "two loggers of Lightning": ("csv/version_{}", lightning),
    "Ultralytics": ("exp{}", lambda folder, number: csv(folder / "results.csv", number)),
    "Ray Tune": ("train_abc_{}_lr=1", ray),
    "Hydra multirun": ("multirun/2026-08-30/12-00-00/{}", hydra),
    "MLflow's file store": ("mlruns/4711/{}aaaa", mlflow),
    "MLflow's experiment": ("{}aaaa", mlflow),
    "plain folders": ("seed_{}", lambda folder, number: csv(folder / "log.csv", number)),
    "deep folders": ("a/{}/logs/train", lambda folder, number: csv(folder / "log.csv", number)),
    "text with times": ("{}", lambda folder, number: text(folder / "out.txt", number, day=number)),
    "Transformers": ("model-{}", lambda folder, number: hf(folder / "checkpoint-30" / "trainer_state.json", number)),
    "files side by side": (".", lambda folder, number: csv(folder / f"run{number}.csv", number)),
    "SLURM side by side": ("logs", lambda folder, number: text(folder / f"slurm-{number}.out", number, day=number)),
}


@pytest.mark.parametrize(("pattern", "writes"), LAYOUTS.values(), ids=LAYOUTS)
def test_of_several_runs_the_newest_is_read_alone(pattern: str, writes: Write, advisor: Advisor, tmp_path: Path) -> None:
    # Written in another order than they are numbered in.
    for number in (2, 3, 1):
        writes(tmp_path / pattern.format(number), number)
    observed = advisor.observe(tmp_path)
    said = described(observed)
    assert "There are 3 runs here" in said
    check_is(observed, 3)
    listed = re.findall(r"`([^`]+)`", said.partition("nothing of the others")[2])[:2]
    for name, number in zip(listed, (2, 1), strict=True):
        check_is(advisor.observe(tmp_path, run=name), number)


def test_a_hundred_runs(advisor: Advisor, tmp_path: Path) -> None:
    for number in range(1, 101):
        lightning(tmp_path / f"run_{number:03}", number)
    observed = advisor.observe(tmp_path)
    assert "There are 100 runs here. `run_100` was read" in described(observed)
    assert "(+87)" in described(observed)
    check_is(observed, 100)
    check_is(advisor.observe(tmp_path, run="run_042"), 42)


def test_a_database_of_several_runs(advisor: Advisor, tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", range(1, 4))
    observed = advisor.observe(tmp_path)
    assert "There are 3 runs here. `run-3` was read" in described(observed)
    check_is(observed, 3)
    check_is(advisor.observe(tmp_path / "mlflow.db", run="run-1"), 1)


def test_a_deleted_run_of_mlflow_is_none(advisor: Advisor, tmp_path: Path) -> None:
    mlflow(tmp_path / "mlruns/1/a", 1)
    mlflow(tmp_path / "mlruns/1/b", 2)
    meta = tmp_path / "mlruns/1/b/meta.yaml"
    meta.write_text(meta.read_text().replace("active", "deleted"))
    observed = advisor.observe(tmp_path)
    check_is(observed, 1)
    assert not any(finding.first for finding in observed.findings)


def test_tensorboard_parents(advisor: Advisor, tmp_path: Path) -> None:
    tensorboardx = pytest.importorskip("tensorboardX")
    for number in (2, 1):
        with tensorboardx.SummaryWriter(str(tmp_path / f"tb/run{number}")) as writer:
            for step, loss, rate in curve(number):
                writer.add_scalar("loss", loss, step, walltime=1.7e9 + number)
                writer.add_scalar("lr", rate, step, walltime=1.7e9 + number)
    observed = advisor.observe(tmp_path)
    assert "There are 2 runs here" in described(observed)
    check_is(observed, 2)


def test_the_splits_of_one_run_are_one_run(advisor: Advisor, tmp_path: Path) -> None:
    tensorboardx = pytest.importorskip("tensorboardX")
    for split, number in (("train", 1), ("validation", 2)):
        with tensorboardx.SummaryWriter(str(tmp_path / f"logs/{split}")) as writer:
            for step, loss, _ in curve(number):
                writer.add_scalar("epoch_loss", loss, step)
    observed = advisor.observe(tmp_path)
    assert not any(finding.first for finding in observed.findings)
    assert observed.facts["loss.train"].value == pytest.approx(1, abs=0.1)
    assert observed.facts["loss.dev"].value == pytest.approx(2, abs=0.1)


def test_hyperparameters_in_an_event_file_of_their_own_refuse_nothing(advisor: Advisor, tmp_path: Path) -> None:
    tensorboardx = pytest.importorskip("tensorboardX")
    with tensorboardx.SummaryWriter(str(tmp_path / "project")) as writer:
        for step, loss, rate in curve(1):
            writer.add_scalar("loss", loss, step)
            writer.add_scalar("lr", rate, step)
        writer.add_hparams({"optimizer": "adamw"}, {}, name="1700000000.1")
    observed = advisor.observe(tmp_path)
    check_is(observed, 1)
    assert observed.facts["optimizer.name"].value == "adamw"


def test_splits_in_files_of_their_own_are_one_run(advisor: Advisor, tmp_path: Path) -> None:
    csv(tmp_path / "train.csv", 1)
    csv(tmp_path / "val.csv", 2)
    observed = advisor.observe(tmp_path)
    assert observed.facts["loss.train"].value == pytest.approx(1, abs=0.1)
    assert observed.facts["loss.dev"].value == pytest.approx(2, abs=0.1)
    assert not any(finding.first for finding in observed.findings)


@pytest.mark.parametrize("name", ["rank_{}/log.csv", "log_rank{}.csv", "node{}/out.csv"])
def test_ranks_are_one_run(name: str, advisor: Advisor, tmp_path: Path) -> None:
    for rank in range(3):
        csv(tmp_path / name.format(rank), 1)
    observed = advisor.observe(tmp_path)
    assert not any(finding.first for finding in observed.findings)
    check_is(observed, 1)


def test_checkpoints_of_transformers_are_one_run(advisor: Advisor, tmp_path: Path) -> None:
    for step in (9, 10, 20):
        hf(tmp_path / f"checkpoint-{step}" / "trainer_state.json", 1, steps=step)
    observed = advisor.observe(tmp_path)
    assert observed.facts["run.steps_done"].value == 200
    assert [finding.text.en for finding in observed.findings] == [
        "2 trainer states of earlier checkpoints were left out; the longest holds all of them."
    ]


def test_a_log_beside_a_folder_of_its_logger_is_one_run(advisor: Advisor, tmp_path: Path) -> None:
    text(tmp_path / "train.log", 1)
    csv(tmp_path / "lightning_logs" / "version_0" / "metrics.csv", 1)
    assert not any(finding.first for finding in advisor.observe(tmp_path).findings)


def test_a_log_that_goes_on_in_another_file_is_one_run(advisor: Advisor, tmp_path: Path) -> None:
    rows = [f"{step},{1 + 5 / step}\n" for step in range(10, 610, 10)]
    write(tmp_path / "a.csv", "step,loss\n" + "".join(rows[:30]))
    write(tmp_path / "b.csv", "step,loss\n" + "".join(rows[30:]))
    observed = advisor.observe(tmp_path)
    assert not any(finding.first for finding in observed.findings)
    assert observed.facts["run.steps_done"].value == 600


def test_two_named_logs_of_two_runs_are_not_mixed(advisor: Advisor, tmp_path: Path) -> None:
    csv(tmp_path / "one.csv", 1)
    csv(tmp_path / "two.csv", 2)
    os.utime(tmp_path / "two.csv", (2e9, 2e9))
    observed = advisor.observe([tmp_path / "one.csv", tmp_path / "two.csv"])
    assert "There are 2 runs here. `two.csv` was read, the newest by the dates of the files" in described(observed)
    check_is(observed, 2)


def test_a_run_of_which_nothing_can_be_read_is_passed_over_and_named(advisor: Advisor, tmp_path: Path) -> None:
    csv(tmp_path / "v1" / "log.csv", 1)
    write(tmp_path / "v2" / "log.csv", "step,loss\n")
    observed = advisor.observe(tmp_path)
    check_is(observed, 1)
    assert any("`log.csv` (there is no row below its header)" in finding.text.en for finding in observed.findings)


def test_what_is_stated_above_the_runs_holds_for_each(advisor: Advisor, tmp_path: Path) -> None:
    for number in (1, 2):
        lightning(tmp_path / f"version_{number}", number)
        write(tmp_path / f"version_{number}" / "facts.yaml", f"batch.size: {number}\n")
    write(tmp_path / "facts.yaml", "task.num_classes: 7\n")
    observed = advisor.observe(tmp_path, run="version_1")
    assert (observed.facts["batch.size"].value, observed.facts["task.num_classes"].value) == (1, 7)


def test_a_bad_file_does_not_refuse_a_directory(advisor: Advisor, tmp_path: Path) -> None:
    csv(tmp_path / "metrics.csv", 1)
    write(tmp_path / "empty.log", "")
    write(tmp_path / "console.log", "".join(f"that is {number} all\n" for number in range(9)))
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 200)
    observed = advisor.observe(tmp_path)
    check_is(observed, 1)
    said = observed.findings[-1].text.en
    assert said.startswith("Not read: ")
    assert {"`empty.log`", "`console.log`", "`broken.db`"} <= set(re.findall(r"`[^`]+`", said))


def test_a_plan_beside_a_log_is_none(advisor: Advisor, tmp_path: Path) -> None:
    csv(tmp_path / "metrics.csv", 1)
    write(tmp_path / "plan.json", advisor.advise(tmp_path / "metrics.csv").to_json())
    assert advisor.observe(tmp_path).findings == ()


@pytest.mark.parametrize(("name", "hint"), [("version_9", "version_2"), ("verzion_2", "version_2")])
def test_a_run_that_is_not_there_is_told_with_those_that_are(name: str, hint: str, advisor: Advisor, tmp_path: Path) -> None:
    for number in (1, 2):
        lightning(tmp_path / f"version_{number}", number)
    with pytest.raises(RunChoiceError) as raised:
        advisor.observe(tmp_path, run=name)
    problem = raised.value.problems[0]
    assert problem.accepted == "version_1, version_2"
    assert problem.nearest == hint


def test_a_name_of_two_runs_is_no_choice(advisor: Advisor, tmp_path: Path) -> None:
    csv(tmp_path / "a" / "x" / "log.csv", 1)
    csv(tmp_path / "b" / "x" / "log.csv", 2)
    with pytest.raises(RunChoiceError, match="several runs are called `x`"):
        advisor.observe(tmp_path, run="x")
    check_is(advisor.observe(tmp_path, run="a/x"), 1)


def test_a_place_without_a_log_is_told_so(advisor: Advisor, tmp_path: Path) -> None:
    write(tmp_path / "notes.txt", "nothing here\n")
    (tmp_path / "model.pt").write_bytes(b"PK\x03\x04")
    with pytest.raises(LogError) as raised:
        advisor.observe(tmp_path)
    assert [problem.message for problem in raised.value.problems] == ["no log here", "not read: this is no log of a format that is known"]


def test_links_are_not_followed_and_weights_left_alone(advisor: Advisor, tmp_path: Path) -> None:
    run = tmp_path / "run"
    csv(run / "metrics.csv", 1)
    csv(run / ".hidden" / "metrics.csv", 2)
    (run / "model.pt").write_bytes(b"step,loss\n1,2\n")
    csv(tmp_path / "secret.csv", 3)
    (run / "link.csv").symlink_to(tmp_path / "secret.csv")
    (run / "latest").symlink_to(run / "metrics.csv")
    observed = advisor.observe(run)
    check_is(observed, 1)
    assert [(finding.text.en, Path(finding.origin).name) for finding in observed.findings] == [("Links are not followed.", "link.csv")]


def settings_of(observed: Observed) -> Iterator[tuple[str, object]]:
    for name in ("optimizer.name", "lr.peak", "batch.size"):
        if name in observed.facts:
            yield name, observed.facts[name].value


def test_the_set_up_that_hydra_hides_is_read(advisor: Advisor, tmp_path: Path) -> None:
    hydra(tmp_path / "outputs", 1)
    assert dict(settings_of(advisor.observe(tmp_path))) == {"optimizer.name": "adamw", "lr.peak": 0.001}


def test_the_arguments_of_transformers_are_never_opened(advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    csv(tmp_path / "log.csv", 1)
    (tmp_path / "training_args.bin").write_bytes(b"\x80\x02}q\x00.")
    (tmp_path / "training_args.bin").chmod(0)
    opened: list[str] = []
    unwatched = open

    def watching(file: object, *arguments: object, **named: object) -> object:
        opened.append(str(file))
        return unwatched(file, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", watching)
    check_is(advisor.observe(tmp_path), 1)
    assert any("log.csv" in file for file in opened)
    assert not any("training_args" in file for file in opened)
