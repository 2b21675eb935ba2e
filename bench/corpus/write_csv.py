"""Logs in CSV: Lightning's sparse metrics, Keras' CSVLogger, AlgoPerf's measurements."""

from __future__ import annotations

import csv
from pathlib import Path

from record import Record

Cells = dict[str, object]


def lightning(folder: Path, sessions: list[Record]) -> str:
    """`metrics.csv` of Lightning's CSVLogger: a row a call, so train, dev and rate stand in rows of their own; steps count from 0."""
    rows: list[Cells] = []
    for record in sessions:
        for row in record.rows:
            at: Cells = {"epoch": (row.step - 1) // record.steps_per_epoch, "step": row.step - 1}
            if "lr" in row.values:
                rows.append({"step": row.step - 1, "lr-Optimizer": row.values["lr"]})
            prefix = "train_" if row.split == "train" else "val_"
            rows.append(at | {name if "/" in name else prefix + name: value for name, value in row.values.items() if name != "lr"})
    _write(folder / "log.csv", rows, sorted({name for row in rows for name in row}))
    return "val_{}"


def keras(folder: Path, sessions: list[Record]) -> str:
    """Keras 3's CSVLogger: a row an epoch, the epoch from 0, the other columns in alphabetical order."""
    rows: list[Cells] = []
    for record in sessions:
        train: Cells = {}
        for row in record.rows:
            if row.split == "train":
                train = {("learning_rate" if name == "lr" else name): value for name, value in row.values.items() if name != "grad_norm"}
                continue
            epoch: Cells = {"epoch": row.step // record.steps_per_epoch - 1}
            rows.append(epoch | train | {f"val_{name}": value for name, value in row.values.items()})
    _write(folder / "log.csv", rows, ["epoch", *sorted({name for row in rows for name in row} - {"epoch"})])
    return "val_{}"


def algoperf(folder: Path, sessions: list[Record]) -> str:
    """AlgoPerf's `measurements.csv`: `loss` is of the mini-batch, `train/…` of training data in eval mode."""
    rows: list[Cells] = []
    for record in sessions:
        for row in record.rows:
            if row.split == "train":
                rows.append({"global_step": row.step, "loss": row.values["loss"], "grad_norm": row.values["grad_norm"]})
                continue
            scores: Cells = {
                (f"train/{name.removeprefix('train_eval_')}" if name.startswith("train_eval_") else f"validation/{name}"): value
                for name, value in row.values.items()
            }
            times: Cells = {"accumulated_submission_time": row.seconds, "total_duration": row.seconds * 1.3, "preemption_count": 0.0}
            rows.append({"global_step": row.step} | scores | times)
    _write(folder / "log.csv", rows, list(dict.fromkeys(name for row in rows for name in row)))
    return "validation/{}"


def _write(path: Path, rows: list[Cells], columns: list[str]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
