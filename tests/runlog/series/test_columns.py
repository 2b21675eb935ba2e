import pytest

from advise.knowledge.roles import RolesFile
from advise.runlog.series.columns import ColumnReader, column_named, setting_facts

ROLE_OF = {
    "loss": "train.loss",
    "train_loss_epoch": "train.loss",
    "train/CrossEntropyLoss": "train.loss",
    "eval_loss": "dev.loss",
    "val_loss": "dev.loss",
    "validation/ctc_loss": "dev.loss",
    "eval_g0_loss": "dev.loss",
    "test/loss": "test.loss",
    "val_dice_coef": "dev.metric",
    "validation/mean_average_precision": "dev.metric",
    "metrics/mAP50(B)": "dev.metric",
    "val/bbox_mAP": "dev.metric",
    "accuracy": "train.metric",
    "eval_rougeL": "dev.metric",
    "learning_rate": "lr",
    "lr-AdamW/pg1": "lr",
    "grad_norm": "gradient.norm",
    "grad_norm_p90": "gradient.norm_p90",
    "grad_norm/layer3.weight": "layer.gradient_norm",
    "clip_rate": "clip.rate",
    "data_time": "time.data",
    "train_samples_per_second": "throughput",
}
WITHOUT_ROLE = ["eval_samples_per_second", "validation/num_examples", "score", "loss_weight", "weight_decay", "test_eta_seconds"]


@pytest.mark.parametrize(("column", "role"), ROLE_OF.items())
def test_a_column_has_the_role_that_its_name_tells(column: str, role: str, roles: RolesFile) -> None:
    (meaning,) = ColumnReader(roles).meanings([column])
    assert meaning.role == role


@pytest.mark.parametrize("column", WITHOUT_ROLE)
def test_what_is_something_else_has_no_role(column: str, roles: RolesFile) -> None:
    assert ColumnReader(roles).meanings([column]) == []


def test_directions_come_with_the_quantity(roles: RolesFile) -> None:
    directions = {meaning.column: meaning.direction for meaning in ColumnReader(roles).meanings(["val_wer", "val_accuracy", "val_loss", "lr"])}
    assert directions == {"val_wer": "down", "val_accuracy": "up", "val_loss": "down", "lr": None}


def test_a_signature_overrules_the_names(roles: RolesFile) -> None:
    columns = ["global_step", "accumulated_submission_time", "loss", "train/loss"]
    found = {meaning.column: meaning.role for meaning in ColumnReader(roles).meanings(columns, ["global_step"])}
    assert found["train/loss"] == "train.loss_eval_mode"
    assert found["loss"] == "train.loss"


def test_the_user_overrules_everything(roles: RolesFile) -> None:
    reader = ColumnReader(roles, {"dev.metric": "my_score"})
    assert [meaning.role for meaning in reader.meanings(["my_score"])] == ["dev.metric"]


def test_steps_are_found_by_the_best_name(roles: RolesFile) -> None:
    reader = ColumnReader(roles)
    assert reader.axis("step", ["batch", "global_step", "epoch"]) == "global_step"
    assert reader.axis("epoch", ["batch", "global_step", "epoch"]) == "epoch"
    assert reader.axis("step", ["loss"]) is None


@pytest.mark.parametrize(("name", "column"), [("val_dice", "val_dice"), ("dice", "val_dice"), ("accuracy", "val_accuracy"), ("bleu", None)])
def test_a_person_may_name_a_metric_without_its_split(name: str, column: str | None, roles: RolesFile) -> None:
    assert column_named(name, "dev.metric", ["val_dice", "val_accuracy", "loss"], roles) == column


@pytest.mark.parametrize(
    ("name", "columns", "column"),
    [
        ("accuracy", ["loss", "accuracy", "eval_loss", "eval_accuracy"], "eval_accuracy"),
        ("accuracy", ["accuracy", "loss", "val_accuracy", "val_loss"], "val_accuracy"),
        ("accuracy", ["loss", "val_loss", "accuracy"], "accuracy"),
        ("train_accuracy", ["train_accuracy", "val_accuracy"], "train_accuracy"),
    ],
)
def test_a_metric_named_without_a_split_is_that_of_the_evaluation(name: str, columns: list[str], column: str, roles: RolesFile) -> None:
    assert column_named(name, "dev.metric", columns, roles) == column


def test_a_setting_is_known_by_its_last_words(roles: RolesFile) -> None:
    assert "budget.steps" in setting_facts("max_steps", roles.settings)
    assert list(setting_facts("optimizer/weight_decay", roles.settings)) == ["optimizer.weight_decay"]
    assert not setting_facts("favourite_colour", roles.settings)


def test_a_bare_split_beside_the_training_loss_is_a_loss(roles: RolesFile) -> None:
    found = {meaning.column: meaning.role for meaning in ColumnReader(roles).meanings(["iter", "loss train", "val"], ["iter"])}
    assert found == {"loss train": "train.loss", "val": "dev.loss"}


@pytest.mark.parametrize("beside", [["loss", "val"], ["train loss", "train acc", "val"], ["train loss", "val loss", "val"], ["train acc", "val"]])
def test_a_bare_split_that_may_be_anything_has_no_role(beside: list[str], roles: RolesFile) -> None:
    assert "val" not in [meaning.column for meaning in ColumnReader(roles).meanings(beside)]


def test_an_error_of_top_answers_is_no_accuracy(roles: RolesFile) -> None:
    directions = {meaning.column: meaning.direction for meaning in ColumnReader(roles).meanings(["val/err-top1", "val top-5 error", "val/top1"])}
    assert directions == {"val/err-top1": "down", "val top-5 error": "down", "val/top1": "up"}
