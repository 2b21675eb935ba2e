"""Histories as lists by name: JSON, what Python prints, and assignments."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from advise.errors import LogError
from advise.runlog.readers import listed
from advise.runlog.readers.open import is_log, read_log

LOSSES = "[2.1, 1.4, 1.1, 0.9]"


def columns(text: str) -> dict[str, list[float]]:
    (table,) = listed.read(text, "x")
    return {name: column.values.tolist() for name, column in table.columns.items()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f'{{"loss": {LOSSES}, "val_loss": {LOSSES}}}', ["loss", "val_loss"]),
        (f"{{'loss': {LOSSES}, 'val_loss': {LOSSES}}}\n", ["loss", "val_loss"]),
        (f'{{"train": {{"loss": {LOSSES}}}, "val": {{"loss": {LOSSES}}}}}', ["train/loss", "val/loss"]),
        (f"train_losses = {LOSSES}\nval_losses = {LOSSES}\n", ["train_loss", "val_loss"]),
        (f"Train loss: {LOSSES}\nVal loss: {LOSSES}\n", ["Train loss", "Val loss"]),
        ("val_accs = [np.float64(0.5), np.float64(0.6), tensor(0.7, device='cuda:0'), 0.8]\nlrs: [1e-3, 1e-3, 1e-4, 1e-4]", ["val_acc", "lr"]),
        ("val_loss_history=array([2.1, 1.4,\n       1.1])\nloss_history=array([2.1 1.4 1.1])", ["val_loss", "loss"]),
    ],
)
def test_each_form_of_a_list_with_a_name(text: str, names: list[str], tmp_path: Path) -> None:
    assert list(columns(text)) == names
    path = tmp_path / "history"
    path.write_text(text, encoding="utf-8")
    assert is_log(str(path))
    assert list(read_log(str(path))[0].columns) == names


def test_what_was_not_logged_is_left_out_and_nan_stays() -> None:
    found = columns('{"loss": [2.0, null, NaN, 1.0], "acc": [0.1, 0.2, 0.3, 0.4]}')
    assert found["loss"][0] == 2.0
    assert len(found["loss"]) == 3
    assert found["acc"] == [0.1, 0.2, 0.3, 0.4]


def test_a_list_that_is_shorter_by_a_factor_stands_where_its_part_ends() -> None:
    (table,) = listed.read(f"loss = {[1.5] * 6}\nval_loss = [3.5, 2.5, 1.5]", "x")
    assert table.columns["val_loss"].records.tolist() == [1, 3, 5]
    (table,) = listed.read("loss = [1.5, 1.2, 1.1]\nval_loss = [3.5, 2.5, 1.5, 1.4]", "x")
    assert table.columns["loss"].records.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        '{"betas": [0.9, 0.999], "milestones": [30, 60, 90]}',
        '{"anchors": [10, 13, 16, 30], "strides": [8, 16, 32, 64]}',
        '{"names": ["cat", "dog", "cow"]}',
        "class_weights: [0.5, 1.2, 0.7]\nlr: 0.1\n",
        "lr.peak: 0.1\nclip.rate: 0.5\n",
    ],
)
def test_a_configuration_is_no_history(text: str) -> None:
    assert not listed.sniff(text.encode())


def test_without_a_list_of_numbers_there_is_nothing_to_read() -> None:
    with pytest.raises(LogError, match="no list of numbers"):
        listed.read("a = [b, c, d]", "x")


@pytest.mark.parametrize("food", ["a={", "a=[", "a b c d e ", "'a", "a=[1,", "}", "a: {b: [", "tensor("])
def test_the_time_is_that_of_the_length(food: str) -> None:
    def seconds(count: int) -> float:
        text = food * count
        # What others do on the machine counts neither here nor in how often it is tried.
        start = time.process_time()
        list(listed.lists_in(text, cut_off=True))
        return time.process_time() - start

    seconds(1_000)
    short, long = min(seconds(20_000) for _ in range(5)), min(seconds(80_000) for _ in range(5))
    # Four times the text: a quadratic form would take sixteen times as long.
    assert long < 12 * max(short, 1e-3)
