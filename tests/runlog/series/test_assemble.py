from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.knowledge.roles import RolesFile
from advise.runlog.readers.table import Table
from advise.runlog.series.assemble import assemble
from advise.runlog.series.sessions import latest

Make = Callable[..., Table]


def test_rows_of_training_and_evaluation_stand_on_one_axis(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"step": [10, 20, 20, 30], "loss": [3.0, 2.0, None, 1.0], "eval_loss": [None, None, 2.5, None]})], roles)
    train, dev = log.curve("train.loss"), log.curve("dev.loss")
    assert train is not None
    assert dev is not None
    assert list(train.steps) == [10, 20, 30]
    assert list(dev.steps) == [20]
    assert list(dev.lines) == [4]
    assert log.axis == "step"


def test_a_run_appended_to_another_is_read_alone(roles: RolesFile, table: Make) -> None:
    epochs = [*range(10), *range(20)]
    log = assemble([table({"epoch": epochs, "train_loss": [9.0] * 10 + [1.0] * 20})], roles)
    curve = log.curve("train.loss")
    assert curve is not None
    assert len(curve) == 20
    assert set(curve.values) == {1.0}
    assert [(remark.code, remark.values["count"]) for remark in log.remarks] == [("appended_runs", 2)]


def test_steps_that_start_over_each_epoch_are_put_in_a_row(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"epoch": [1, 1, 2, 2, 3, 3], "iter": [50, 100, 50, 100, 50, 100], "loss": [6, 5, 4, 3, 2, 1]})], roles)
    curve = log.curve("train.loss")
    assert curve is not None
    assert list(curve.steps) == [50, 100, 150, 200, 250, 300]
    assert [remark.code for remark in log.remarks] == ["step_resets"]


def test_a_row_without_an_epoch_of_its_own_does_not_start_the_steps_over(roles: RolesFile, table: Make) -> None:
    # Lightning writes the learning rate in a row of its own, without the epoch.
    columns = {
        "epoch": [None, 0, None, 1, None, 2],
        "step": [9, 9, 19, 19, 29, 29],
        "lr-SGD": [1, None, 1, None, 1, None],
        "loss": [None, 3, None, 2, None, 1],
    }
    log = assemble([table(columns)], roles)
    curve = log.curve("train.loss")
    assert curve is not None
    assert list(curve.steps) == [9, 19, 29]
    assert not log.remarks


def test_one_row_an_epoch_at_the_same_step_each_time_is_put_in_a_row(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"epoch": [1, 2, 3], "iter": [100, 100, 100], "loss": [3, 2, 1]})], roles)
    curve = log.curve("train.loss")
    assert curve is not None
    assert list(curve.steps) == [100, 200, 300]


def test_a_resumed_run_replaces_what_it_repeats(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"step": [100, 200, 300, 400, 300, 400, 500], "loss": [5, 4, 3, 9, 2.5, 2, 1]})], roles)
    curve = log.curve("train.loss")
    assert curve is not None
    assert list(curve.steps) == [100, 200, 300, 400, 500]
    assert list(curve.values) == [5, 4, 2.5, 2, 1]
    assert [(remark.code, remark.values["count"]) for remark in log.remarks] == [("replaced_values", 2)]


def test_values_that_are_not_finite_stay(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"step": [1, 2, 3], "loss": [1.0, float("nan"), float("inf")]})], roles)
    curve = log.curve("train.loss")
    assert curve is not None
    assert len(curve) == 3


def test_the_total_decides_before_its_parts(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"iter": [1, 2], "loss_cls": [1, 1], "loss_box": [1, 1], "total_loss": [2, 2]})], roles)
    assert log.curves["train.loss"][0].column == "total_loss"


def test_the_dev_loss_stands_in_for_a_metric(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"step": [1, 2], "eval_loss": [2, 1]})], roles)
    curve = log.curve("dev.metric")
    assert curve is not None
    assert (curve.column, curve.direction) == ("eval_loss", "down")


def test_the_error_of_a_regression_is_the_loss_where_none_is_logged(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"epoch": [1, 2], "train_mae": [1, 2], "train_mse": [3, 4], "val_mse": [5, 6], "val_r2": [0.1, 0.2]})], roles)
    assert {role: curves[0].column for role, curves in log.curves.items() if role != "epoch"} == {
        "train.loss": "train_mse",
        "train.metric": "train_mae",
        "dev.loss": "val_mse",
        "dev.metric": "val_r2",
    }


def test_beside_a_loss_an_error_is_a_metric(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"epoch": [1, 2], "loss": [1, 2], "train_mse": [3, 4], "val_mse": [5, 6]})], roles)
    assert [curve.column for curve in log.curves["train.loss"]] == ["loss"]
    assert "dev.loss" not in log.curves


def test_a_metric_is_never_replaced_by_the_test_set(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"step": [1, 2], "loss": [2, 1], "test_acc": [0.1, 0.9]})], roles)
    assert log.curve("dev.metric") is None
    assert log.curve("test.metric") is not None


def test_what_is_evaluated_during_training_is_the_dev_set_whatever_it_is_called(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"epoch": [1, 2, 3], "loss": [2, 1, 0.5], "test_loss": [2.1, 1.2, 0.9], "test_acc": [0.1, 0.5, 0.6]})], roles)
    assert log.curve("dev.metric").column == "test_acc"
    assert log.curve("dev.loss").column == "test_loss"
    assert [remark.code for remark in log.remarks] == ["test_as_dev"]
    both = assemble([table({"epoch": [1, 2, 3], "loss": [2, 1, 0.5], "test_acc": [0.1, 0.5, 0.6], "val_acc": [0.1, 0.4, 0.5]})], roles)
    assert both.curve("dev.metric").column == "val_acc"
    assert "dev.loss" not in both.curves


def test_files_that_go_on_are_one_curve(roles: RolesFile, table: Make) -> None:
    first = table({"step": [1, 2], "loss": [4, 3]}, "a.csv")
    second = table({"step": [3, 4], "loss": [2, 1]}, "b.csv")
    for tables in ([first, second], [second, first]):
        curve = assemble(tables, roles).curve("train.loss")
        assert curve is not None
        assert list(curve.values) == [4, 3, 2, 1]
        assert curve.file == "a.csv + b.csv"


def test_a_log_without_numbers_along_it_counts_its_records(roles: RolesFile, table: Make) -> None:
    log = assemble([table({"loss": [3, 2, 1]})], roles)
    assert log.axis == "record"


@given(st.lists(st.one_of(st.floats(0, 1e6), st.sampled_from([float("nan"), float("inf")])), max_size=60))
def test_what_is_kept_rises_and_ends_where_the_log_ends(steps: list[float]) -> None:
    numbers = np.array(steps, dtype=np.float64)
    kept = latest(numbers)
    assert np.all(np.diff(numbers[kept]) > 0)
    finite = np.flatnonzero(np.isfinite(numbers))
    assert (len(finite) == 0) == (len(kept) == 0)
    if len(finite):
        assert kept[-1] == finite[-1]


COLUMNS = st.sampled_from(["step", "epoch", "iter", "loss", "val_loss", "lr", "x"])


@given(columns=st.dictionaries(COLUMNS, st.lists(st.one_of(st.none(), st.floats()), max_size=12), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_assembled(columns: dict[str, list[float | None]], roles: RolesFile, table: Make) -> None:
    for curves in assemble([table(columns)], roles).curves.values():
        for curve in curves:
            assert len(curve.steps) == len(curve.values) == len(curve.lines)
