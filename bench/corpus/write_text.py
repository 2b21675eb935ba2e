"""Text logs: `key=value` behind a logger's prefix, and `key: value` between bars."""

from __future__ import annotations

from pathlib import Path

from numbers_shown import short, stamp
from record import Record, Row

_SHORT_NAMES = {"accuracy": "acc", "samples_per_second": "samples_per_sec"}


def key_equals(folder: Path, sessions: list[Record]) -> str:
    lines = []
    for record in sessions:
        lines.append(f"{stamp(record.rows[0].seconds - 2, '%Y-%m-%d %H:%M:%S,418')} INFO train.main: building model and optimizer")
        lines += [_equals(row) for row in record.rows]
        lines += record.ending
    (folder / "log.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return "val_{}"


def _equals(row: Row) -> str:
    if row.split == "train":
        pairs = [f"train_loss={short(row.values['loss'])}"] + [
            f"{_name(key)}={_shown(key, value)}" for key, value in row.values.items() if key != "loss"
        ]
    else:
        pairs = [f"val_{_name(key)}={short(value)}" for key, value in row.values.items()]
    module = "train.loop" if row.split == "train" else "train.evaluate"
    return f"{stamp(row.seconds, '%Y-%m-%d %H:%M:%S,418')} INFO {module}: step={row.step} epoch={row.epoch:.2f} {' '.join(pairs)}"


def key_colon(folder: Path, sessions: list[Record]) -> str:
    lines = []
    for record in sessions:
        for row in record.rows:
            epoch = int((row.step - 1) // record.steps_per_epoch) + 1
            head = f"[{stamp(row.seconds)}] Epoch {epoch}/{record.epochs} | step: {row.step}/{record.total_steps}"
            prefix = "train" if row.split == "train" else "val"
            pairs = [
                f"{prefix}_{_name(key)}: {short(value)}" if key in ("loss", "accuracy", "mae", "mIoU") else f"{_name(key)}: {_shown(key, value)}"
                for key, value in row.values.items()
            ]
            lines.append(" | ".join([head, *pairs]))
        lines += record.ending
    (folder / "log.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return "val_{}"


def _name(key: str) -> str:
    return _SHORT_NAMES.get(key, key)


def _shown(key: str, value: float) -> str:
    return f"{value:.3e}" if key == "lr" else short(value)
