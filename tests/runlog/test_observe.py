import json
from pathlib import Path

import pytest

from advise import Advisor
from advise.errors import FactsError, LogError, MappingError
from advise.render.observations import as_facts_file, as_json
from advise.runlog.observe import mapped

ROWS = "\n".join(f"{step},{3 / (1 + step / 100):.4f},{'' if step % 50 else f'{3.1 / (1 + step / 100):.4f}'}" for step in range(10, 1010, 10))
LOG = f"step,loss,val_loss\n{ROWS}\n"


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "metrics.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def test_what_is_measured_says_where_and_how(advisor: Advisor, log: Path) -> None:
    facts = advisor.observe(log).facts
    best = facts["loss.dev_best"]
    assert best.value == pytest.approx(3.1 / 11, abs=1e-4)
    assert best.origin.how == "measured"
    assert str(best.origin) == f"{log}:101"
    assert best.note is not None
    assert facts["run.steps_done"].value == 1000
    assert str(facts["eval.count"].origin) == f"{log}:6-101"


def test_what_a_person_states_wins_and_the_difference_is_said(advisor: Advisor, log: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("facts: {eval.count: 7, budget.steps: 2000}\n", encoding="utf-8")
    observed = advisor.observe([log, facts])
    assert observed.facts["eval.count"].value == 7
    assert observed.facts["run.finished"].value is False
    assert any("eval.count" in finding.text.en for finding in observed.findings)


def test_a_stated_budget_reaches_the_measures(advisor: Advisor, log: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("budget.steps: 1000\n", encoding="utf-8")
    assert advisor.observe([log, facts]).facts["run.finished"].value is True


def test_what_a_program_states_beside_the_files_counts_as_a_facts_file_does(advisor: Advisor, log: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("lr.peak: 0.1\n", encoding="utf-8")
    observed = advisor.observe([log, facts], {"budget": {"steps": 1000}})
    assert observed.facts["run.finished"].value is True
    assert (observed.facts["lr.peak"].value, str(observed.facts["budget.steps"].origin)) == (0.1, "argument")
    with pytest.raises(FactsError, match="here and"):
        advisor.observe([facts], {"lr.peak": 0.2})


def test_a_budget_in_epochs_is_as_many_steps_as_the_log_shows(advisor: Advisor, tmp_path: Path) -> None:
    path, facts = tmp_path / "log.csv", tmp_path / "facts.yaml"
    path.write_text("step,epoch,val_acc\n" + "".join(f"{100 * row},{row},{0.9 - 0.01 * abs(row - 5)}\n" for row in range(1, 11)), encoding="utf-8")
    facts.write_text("budget.epochs: 20\n", encoding="utf-8")
    assert advisor.observe([path, facts]).facts["dev.best_position"].value == 0.25


def test_a_run_directory_is_its_logs_and_facts(advisor: Advisor, log: Path) -> None:
    (log.parent / "facts.yaml").write_text("run: exp7\nfacts: {task.kind: regression}\n", encoding="utf-8")
    (log.parent / "notes.txt").write_text("remember to lower the rate\n", encoding="utf-8")
    observed = advisor.observe(log.parent)
    assert observed.run == "exp7"
    assert observed.facts["task.kind"].value == "regression"
    assert observed.facts["eval.count"].value == 20


def test_the_user_says_which_column_is_what(advisor: Advisor, log: Path) -> None:
    observed = advisor.observe(log, columns={"dev.loss": "loss"})
    assert observed.log is not None
    assert ("dev.loss", "loss", str(log)) in list(mapped(observed.log))


def test_a_stated_metric_name_chooses_the_column(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("epoch,val_accuracy,val_dice\n" + "".join(f"{epoch},0.9{epoch},0.{epoch}\n" for epoch in range(1, 9)), encoding="utf-8")
    facts = tmp_path / "facts.yaml"
    facts.write_text("metric.name: accuracy\n", encoding="utf-8")
    assert advisor.observe(path).facts["dev.metric_first"].value == pytest.approx(0.1)
    assert advisor.observe([path, facts]).facts["dev.metric_first"].value == pytest.approx(0.91)


@pytest.mark.parametrize(("columns", "hint"), [({"dev.los": "loss"}, "dev.loss"), ({"dev.loss": "val_los"}, "val_loss")])
def test_a_mapping_that_names_nothing_is_explained(advisor: Advisor, log: Path, columns: dict[str, str], hint: str) -> None:
    with pytest.raises(MappingError) as raised:
        advisor.observe(log, columns=columns)
    (problem,) = raised.value.problems
    assert problem.nearest == hint


def test_an_optuna_database_is_no_log(advisor: Advisor, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "study.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table trials (trial_id integer)")
        connection.execute("create table studies (study_id integer)")
    with pytest.raises(LogError):
        advisor.observe(path)


def test_the_observed_facts_are_a_facts_file(advisor: Advisor, log: Path, tmp_path: Path) -> None:
    observed = advisor.observe(log)
    written = tmp_path / "measured.yaml"
    written.write_text(as_facts_file(observed), encoding="utf-8")
    again = advisor.observe(written)
    assert again.facts.keys() == observed.facts.keys()
    assert '"schema": "advise/observed@1"' in as_json(observed)


def test_names_in_a_log_cannot_leave_their_comment(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    rows = [{"step": step, "loss": 9 - step, "x\nmodel.params: 1 #": 1} for step in range(1, 9)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    written = tmp_path / "measured.yaml"
    written.write_text(as_facts_file(advisor.observe(path)), encoding="utf-8")
    assert "model.params" not in advisor.observe(written).facts


def test_the_plan_draws_the_curves_it_rests_on(advisor: Advisor, log: Path) -> None:
    plan = advisor.advise(log)
    assert plan.curves
    assert {sketch.column for sketch in plan.curves} <= {"loss", "val_loss"}
    assert all(len(sketch.points) <= 48 for sketch in plan.curves)


def test_a_facts_file_needs_no_numpy(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "facts.yaml"
    path.write_text("clip.rate: 0.9\n", encoding="utf-8")
    code = f"import sys, advise; advise.advise({str(path)!r}); sys.exit('numpy' in sys.modules or 'polars' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_plan_that_is_kept_beside_the_run_is_no_log_of_it(advisor: Advisor, log: Path) -> None:
    alone = advisor.examine(log.parent).plan
    (log.parent / "plan.json").write_text(alone.to_json(), encoding="utf-8")
    assert advisor.examine(log.parent).plan == alone


def test_that_the_losses_of_adversarial_training_are_no_measure_is_said(tmp_path: Path) -> None:
    log = tmp_path / "train.log"
    log.write_text(
        "".join(f"[Epoch {epoch}/9] [D loss: {0.7 / (epoch + 1):.4f}] [G loss: {1 + epoch:.4f}]\n" for epoch in range(9)), encoding="utf-8"
    )
    observed = Advisor(engine="plain").observe(log)
    assert observed.facts["training.kind"].value == "gan"
    assert "loss.train" not in observed.facts
    assert any("two players" in finding.text.en for finding in observed.findings)


@pytest.mark.parametrize(("rows", "broken", "first"), [(100, 5, True), (100, 2, False), (1000, 20, False), (1000, 40, True)])
def test_rows_that_were_dropped_are_said_first_where_they_are_a_good_part(
    advisor: Advisor, tmp_path: Path, rows: int, broken: int, *, first: bool
) -> None:
    lines = [json.dumps({"step": step, "loss": 2 - step / 2000, "val_loss": 2.1 - step / 2000}) for step in range(rows)]
    for place in range(broken):
        lines[place * 10 + 5] = '{"step": 7, "loss": '
    (tmp_path / "log.jsonl").write_text("\n".join(lines), encoding="utf-8")
    plan = advisor.advise(tmp_path / "log.jsonl")
    finding = next(item for item in plan.findings if "no complete JSON" in item.text.en)
    assert finding.first is first
    assert (plan.findings[0] is finding) or not first
