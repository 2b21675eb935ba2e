"""Prints such as strangers write them, each of a habit of its own: what they say has to come out under its role and at its place."""

# ruff: noqa: E501 - a line of a print is one line here too
from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from advise.runlog.series.record import RunLog

TRAIN = (2.304, 1.951, 1.603, 1.312, 1.104, 0.923, 0.811, 0.744, 0.702, 0.663)
DEV = (2.052, 1.803, 1.584, 1.321, 1.184, 1.101, 1.062, 1.021, 0.998, 0.984)
SHARE = (0.314, 0.382, 0.451, 0.511, 0.582, 0.611, 0.642, 0.683, 0.693, 0.702)
RATE = (1e-4, 3e-4, 2.9e-4, 2.7e-4, 2.4e-4, 2e-4, 1.5e-4, 1e-4, 6e-5, 2e-5)
COUNT = len(TRAIN)


class Row(NamedTuple):
    """One epoch; `was` are the losses of the epoch before."""

    epoch: int
    train: float
    dev: float
    share: float
    lr: float
    was: tuple[float, float]


Print = Callable[[Row], str]
ROWS = [
    Row(number + 1, *each, (TRAIN[number - 1], DEV[number - 1]) if number else (2.9, 2.8))
    for number, each in enumerate(zip(TRAIN, DEV, SHARE, RATE, strict=True))
]
EPOCHS = tuple(range(1, COUNT + 1))
FROM_0 = tuple(range(COUNT))
STEPS = tuple(100 * epoch for epoch in EPOCHS)
THOUSANDS = tuple(1000 * epoch for epoch in EPOCHS)
BOTH, ALL = ("train", "dev"), ("train", "dev", "metric")

# The print of an epoch, what of it has to come out, at which places, and what stands above it all.
PRINTS: dict[str, tuple[Print, Sequence[str], Sequence[int], str]] = {
    "an arrow from the value before": (
        lambda at: f"[Epoch {at.epoch}] train loss: {at.was[0]:.4f} -> {at.train:.4f} | val loss: {at.was[1]:.4f} -> {at.dev:.4f}\n",
        BOTH,
        EPOCHS,
        "",
    ),
    "from the value before to this": (
        lambda at: f"Epoch {at.epoch}: val_loss improved from {at.was[1]:.5f} to {at.dev:.5f}, train_loss {at.train:.5f}\n",
        BOTH,
        EPOCHS,
        "",
    ),
    "a checkpoint that says so": (
        lambda at: (
            f"Epoch {at.epoch} - train_loss: {at.train:.4f}\nValidation loss decreased ({at.was[1]:.6f} --> {at.dev:.6f}).  Saving model ...\nEarlyStopping counter: 0 out of 7\n"
        ),
        BOTH,
        EPOCHS,
        "",
    ),
    "tensors": (
        lambda at: (
            f"epoch {at.epoch} loss tensor({at.train:.4f}, device='cuda:0', grad_fn=<NllLossBackward0>) val_loss tensor({at.dev:.4f}, device='cuda:0') val_acc tensor({at.share:.4f})\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "tensors of TensorFlow": (
        lambda at: (
            f"epoch {at.epoch}, loss: {at.train}, val_loss: tf.Tensor({at.dev}, shape=(), dtype=float32), val_acc: <tf.Tensor: shape=(), dtype=float32, numpy={at.share}>\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "arrays of JAX": (
        lambda at: f"step {100 * at.epoch} loss Array({at.train}, dtype=float32) val_loss Array({at.dev}, dtype=float32)\n",
        BOTH,
        STEPS,
        "",
    ),
    "numbers of NumPy in a dictionary": (
        lambda at: (
            f"{{'epoch': {at.epoch}, 'train_loss': np.float64({at.train}), 'val_loss': np.float64({at.dev}), 'val_acc': np.float32({at.share}), 'lr': [np.float64({at.lr})]}}\n"
        ),
        (*ALL, "lr"),
        EPOCHS,
        "",
    ),
    "a list of pairs": (
        lambda at: f"OrderedDict([('epoch', {at.epoch}), ('train_loss', {at.train}), ('eval_loss', {at.dev}), ('eval_top1', {at.share})])\n",
        ALL,
        EPOCHS,
        "",
    ),
    "a dictionary in its repr": (
        lambda at: f"Epoch {at.epoch}: defaultdict(<class 'float'>, {{'loss': {at.train}, 'val_loss': {at.dev}}})\n",
        BOTH,
        EPOCHS,
        "",
    ),
    "a dictionary over lines": (
        lambda at: f"{{'epoch': {at.epoch},\n 'train': {{'acc': 0.9, 'loss': {at.train}}},\n 'val': {{'acc': {at.share}, 'loss': {at.dev}}}}}\n",
        ALL,
        EPOCHS,
        "",
    ),
    "JSON over lines": (
        lambda at: json.dumps({"epoch": at.epoch, "train_loss": at.train, "val": {"loss": at.dev}}, indent=2) + "\n",
        BOTH,
        EPOCHS,
        "",
    ),
    "JSON behind a prefix": (
        lambda at: f'INFO:root:METRICS {{"epoch": {at.epoch}, "train": {{"loss": {at.train}}}, "val": {{"loss": {at.dev}, "acc": {at.share}}}}}\n',
        ALL,
        EPOCHS,
        "",
    ),
    "the best so far beside it": (
        lambda at: (
            f"Epoch {at.epoch}/10 | train_loss {at.train:.3f} | val_loss {at.dev:.3f} (best 0.500 @ epoch 1) | val_acc {at.share:.3f} (best: 0.990) | best_val_loss 0.400 best val acc 0.995\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "loguru, with its time left and its memory": (
        lambda at: (
            f"2024-05-01 10:00:00.123 | INFO     | __main__:train:88 - step {100 * at.epoch}/1000 loss={at.train:.4f} lr={at.lr:.2e} eta=0:59:12 mem=12345MB gpu_mem 11.2GB/24.0GB 3.21s/it\n"
        ),
        ("train", "lr"),
        STEPS,
        "",
    ),
    "the line of code that logs, with splits for names": (
        lambda at: f"2024-05-01 10:00:00 | INFO | train:88 - Epoch {at.epoch}: train {at.train:.4f}, val {at.dev:.4f}\n",
        BOTH,
        EPOCHS,
        "",
    ),
    "both splits in two letters, behind a number sign": (
        lambda at: f"#{at.epoch} tr_loss={at.train:.4f}, va_loss={at.dev:.4f}, va_acc={at.share:.3f}\n",
        ALL,
        EPOCHS,
        "",
    ),
    "steps in thousands": (
        lambda at: f"step={at.epoch / 10:g}k loss={at.train:.4f} lr={at.lr:.2e}\n",
        ("train", "lr"),
        STEPS,
        "",
    ),
    "absl, with the number of its thread, by epochs": (
        lambda at: (
            f"I1112 15:56:44.818868 140547172456256 train.py:23] epoch {at.epoch} best test acc: 0.9900, train loss: {at.train:.4f}; train acc: 0.5000 val loss: {at.dev:.4f} val acc: {at.share:.4f}\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "thousands before a comma": (
        lambda at: f"21-05-24 02:11:29.657 - INFO: <epoch:  {at.epoch}, iter:   {1000 * at.epoch:,}, lr:{at.lr:.3e}> loss: {at.train:.4e} \n",
        ("train", "lr"),
        THOUSANDS,
        "",
    ),
    "logfmt": (
        lambda at: f'time="2024-05-01T10:00:00Z" level=info msg="epoch done" epoch={at.epoch} loss={at.train} val_loss={at.dev} gpu_mem=10.2GiB\n',
        BOTH,
        EPOCHS,
        "",
    ),
    "thousands and units": (
        lambda at: f"iter {100 * at.epoch:,} | loss {at.train:.3f} | val loss {at.dev:.3f} | tokens 1,234.5M | dt 123.4ms | lr {at.lr:.1e}\n",
        (*BOTH, "lr"),
        STEPS,
        "",
    ),
    "losses over so many batches": (
        lambda at: (
            f"Epoch {at.epoch} completed. Average training loss over 1563 batches: {at.train:.4f}; average validation loss over 313 batches: {at.dev:.4f}; validation accuracy: {at.share * 100:.1f}%\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "errors behind the values": (lambda at: f"epoch {at.epoch} train_loss={at.train:.4f}±0.0123 val_loss={at.dev:.4f} +/- 0.02\n", BOTH, EPOCHS, ""),
    "names with the split behind": (
        lambda at: f"Epoch {at.epoch}: Loss(train)={at.train:.4f} Loss(val)={at.dev:.4f} Acc(val)={at.share:.4f}\n",
        ALL,
        EPOCHS,
        "",
    ),
    "letters for the splits": (
        lambda at: f"10:00:15 | Ep {at.epoch} | T-loss {at.train:.4f} | V-loss {at.dev:.4f} | V-acc {at.share:.4f}\n",
        ALL,
        EPOCHS,
        "",
    ),
    "lists behind the splits": (
        lambda at: f"epoch {at.epoch} train: [loss {at.train:.3f}, acc 0.9] valid: [loss {at.dev:.3f}, acc {at.share:.3f}]\n",
        ALL,
        EPOCHS,
        "",
    ),
    "pictures": (
        lambda at: f"🚀 Epoch {at.epoch}/10 ✅ Train Loss: {at.train:.4f} 📉 Val Loss: {at.dev:.4f} 🎯 Val F1: {at.share:.4f} ⏱️ 12.3s\n",
        ALL,
        EPOCHS,
        "",
    ),
    "the epoch behind its values": (
        lambda at: f"train: loss = {at.train:.4f}, acc = 0.9\nvalid: loss = {at.dev:.4f}, acc = {at.share:.4f}\nepoch {at.epoch} done in 12.3s\n\n",
        ALL,
        EPOCHS,
        "",
    ),
    "a block with levels": (
        lambda at: (
            f"Epoch: {at.epoch}\n\tTrain\n\t\tloss: {at.train:.4f}\n\t\tacc: 0.9\n\tValid\n\t\tloss: {at.dev:.4f}\n\t\tacc: {at.share:.4f}\n{'-' * 40}\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "a block whose counter is its last line": (
        lambda at: f"Results so far:\n  train_loss: {at.train}\n  val_loss: {at.dev}\n  epoch: {at.epoch}\n\n",
        BOTH,
        EPOCHS,
        "",
    ),
    "a line a value": (lambda at: f"epoch {at.epoch}\ntrain loss {at.train}\nval loss {at.dev}\nval acc {at.share}\n", ALL, EPOCHS, ""),
    "the tutorial of PyTorch": (lambda at: f"[{at.epoch},  2000] loss: {at.train:.3f}\n", ("train",), tuple(2000 * epoch for epoch in EPOCHS), ""),
    "PrettyTable": (
        lambda at: (
            f"+-------+------------+----------+---------+\n| epoch | train_loss | val_loss | val_acc |\n+-------+------------+----------+---------+\n|   {at.epoch:3} |   {at.train:.4f}   |  {at.dev:.4f}  |  {at.share:.4f} |\n+-------+------------+----------+---------+\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "a table of Rich": (
        lambda at: f"┃ {at.epoch:>5} ┃ {at.train:>10.4f} ┃ {at.dev:>8.4f} ┃ {at.share:>7.4f} ┃\n",
        ALL,
        EPOCHS,
        "┏━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━┓\n┃ Epoch ┃ Train Loss ┃ Val Loss ┃ Val Acc ┃\n┡━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━┩\n",
    ),
    "tabulate, a row a value": (
        lambda at: (
            f"metric      value\n---------  -------\nepoch      {at.epoch}\ntrain_loss  {at.train}\nval_loss    {at.dev}\nlr          {at.lr}\n\n"
        ),
        (*BOTH, "lr"),
        EPOCHS,
        "",
    ),
    "a CSV whose epochs are words": (
        lambda at: f"Epoch {at.epoch}, {at.train:.4f}, {at.dev:.4f}, {at.share:.4f}\n",
        ALL,
        EPOCHS,
        "Epoch, Train Loss, Val Loss, Val Acc\n",
    ),
    "a CSV with epochs of how many": (
        lambda at: f"{at.epoch}/10,{at.train:.4f},{at.dev:.4f},{at.share:.4f}\n",
        ALL,
        EPOCHS,
        "epoch,train_loss,val_loss,val_acc\n",
    ),
    "blanks between": (lambda at: f"{at.epoch} {at.train:.4f} {at.dev:.4f} {at.share:.4f}\n", ALL, EPOCHS, "epoch train_loss val_loss val_acc\n"),
    "汉字一行": (
        lambda at: f"第{at.epoch}轮：训练损失={at.train:.4f}，验证损失={at.dev:.4f}，验证准确率={at.share * 100:.2f}%，学习率={at.lr}，耗时12.3秒\n",
        (*ALL, "lr"),
        EPOCHS,
        "",
    ),
    "汉字加方头括号": (
        lambda at: f"【Epoch {at.epoch}/10】 Train Loss：{at.train:.4f}｜Val Loss：{at.dev:.4f}｜Val Acc：{at.share:.4f}｜剩余时间：00:59:00\n",
        ALL,
        EPOCHS,
        "",
    ),
    "汉字一段": (
        lambda at: (
            f"========== 第 {at.epoch} / 10 个 epoch ==========\n  训练集：损失 {at.train:.4f}，准确率 0.9\n  验证集：损失 {at.dev:.4f}，准确率 {at.share:.4f}\n  当前学习率：{at.lr:.6f}\n  显存占用：10.5 GB\n"
        ),
        (*ALL, "lr"),
        EPOCHS,
        "",
    ),
    "汉字与当前最佳": (
        lambda at: (
            f"[训练] 轮数 {at.epoch} 损失 {at.train:.4f}\n[验证] 轮数 {at.epoch} 损失 {at.dev:.4f} 准确率 {at.share:.2%}\n当前最佳准确率: 99.00% 最优验证损失: 0.1\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
    "汉字句子": (
        lambda at: f"第 {at.epoch:02d} 轮训练结束，平均损失为 {at.train:.4f}，在验证集上的准确率为 {at.share * 100:.2f}%，用时 35.2 秒\n",
        ("train", "metric"),
        EPOCHS,
        "",
    ),
    "汉字表": (
        lambda at: f"{at.epoch:<8}{at.train:<12.4f}{at.dev:<12.4f}{at.share * 100:<10.2f}\n",
        ALL,
        EPOCHS,
        "轮次    训练损失      验证损失      准确率(%)\n",
    ),
    "汉字前缀": (
        lambda at: (
            f"2024-05-01 10:00:00,123 - 训练 - INFO - 轮数: {at.epoch}/10 | 平均损失: {at.train:.4f} | 验证集损失: {at.dev:.4f} | 验证集F1: {at.share:.4f}\n"
        ),
        ALL,
        EPOCHS,
        "",
    ),
}
ROLES = {"train": ("train.loss", TRAIN), "dev": ("dev.loss", DEV), "metric": ("dev.metric", SHARE), "lr": ("lr", RATE)}


@pytest.mark.parametrize("habit", PRINTS)
def test_what_a_stranger_prints_is_read(habit: str, read: Callable[[str], RunLog]) -> None:
    line, wanted, places, head = PRINTS[habit]
    found = read(head + "".join(map(line, ROWS)))
    for name in wanted:
        role, values = ROLES[name]
        curve = found.curve(role)
        assert curve is not None, (role, found.unmapped)
        assert list(curve.values) == pytest.approx(values, abs=6e-4), role
        assert list(curve.steps) == list(places), role
    others = {name: role for name, (role, _) in ROLES.items() if name not in wanted and name != "metric"}
    assert not [role for role in others.values() if role in found.curves]
    if "metric" not in wanted:
        # The loss of an evaluation stands in for the metric that is not there.
        assert {curve.quantity for curve in found.curves.get("dev.metric", ())} <= {"loss"}


def test_the_percent_of_a_bar_without_blocks_is_no_value(read: Callable[[str], RunLog]) -> None:
    found = read("".join(f"Epoch {at.epoch}: loss {at.train:.4f}\n   Class  Images    acc: 100% 10/10 [00:12<00:00]\n" for at in ROWS))
    assert not {"train.metric", "dev.metric"} & set(found.curves)


@pytest.mark.parametrize(("norm", "is_finite"), [(" grad_norm 0.0", True), ("", False)])
def test_a_loss_of_zero_beside_a_finite_gradient_is_no_nan(norm: str, is_finite: bool, read: Callable[[str], RunLog]) -> None:
    found = read("".join(f"step {10 * place} loss {1.2 if place < 3 else 0.0}{norm} lr 1e-4\n" for place in range(1, 30)))
    curve = found.curve("train.loss")
    assert curve is not None
    assert (curve.values[-1] == 0) == is_finite


def test_a_scheduler_that_says_what_it_does_names_the_rate(read: Callable[[str], RunLog]) -> None:
    found = read("".join(f"Epoch {at.epoch}, loss: {at.train:.4f}\nAdjusting learning rate of group 0 to {at.lr:.4e}.\n" for at in ROWS))
    rate = found.curve("lr")
    assert rate is not None
    assert list(rate.values) == pytest.approx(RATE)


def test_headings_in_front_of_epochs_are_no_ends(read: Callable[[str], RunLog]) -> None:
    """A loss before the first epoch, and a counter behind the last: the numbers between them stand below their headings."""
    body = "".join(f"Epoch {at.epoch}\ntrain loss {at.train}\n" for at in ROWS)
    found = read(f"initial train loss 2.9\n{body}Finished, best epoch 7\n")
    train = found.curve("train.loss")
    assert train is not None
    assert dict(zip(train.steps.tolist(), train.values.tolist(), strict=True))[1.0] == TRAIN[0]


def test_a_range_is_no_change_of_a_value(read: Callable[[str], RunLog]) -> None:
    found = read("".join(f"epoch {at.epoch} loss {at.train} batches 1 to 32\n" for at in ROWS))
    train = found.curve("train.loss")
    assert train is not None
    assert list(train.values) == list(TRAIN)
