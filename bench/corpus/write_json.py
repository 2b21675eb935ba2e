"""Logs in JSON: Transformers' trainer state, a W&B history as lines, MMDetection's lines."""

from __future__ import annotations

import json
from pathlib import Path

from numbers_shown import wall
from record import Record, Row

_HF_NAMES = {"lr": "learning_rate", "grad_norm": "grad_norm"}


def hf(folder: Path, sessions: list[Record]) -> str:
    """`trainer_state.json` as Transformers 5 writes it; non-finite numbers are literal NaN and Infinity, as there."""
    record = sessions[-1]
    history = [_hf_row(row) for session in sessions for row in session.rows]
    last = record.rows[-1]
    if record.last_step == record.total_steps:
        history.append(
            {
                "epoch": last.epoch,
                "step": last.step,
                "total_flos": 0.0,
                "train_loss": sum(row.values["loss"] for row in record.rows if row.split == "train")
                / sum(row.split == "train" for row in record.rows),
                "train_runtime": round(last.seconds, 4),
                "train_samples_per_second": round(record.batch * last.step / last.seconds, 3),
                "train_steps_per_second": round(last.step / last.seconds, 3),
            }
        )
    state = {
        "best_global_step": None,
        "best_metric": None,
        "best_model_checkpoint": None,
        "epoch": last.epoch,
        "eval_steps": record.eval_every,
        "global_step": last.step,
        "is_hyper_param_search": False,
        "is_local_process_zero": True,
        "is_world_process_zero": True,
        "log_history": history,
        "logging_steps": record.log_every,
        "max_steps": record.total_steps,
        "num_input_tokens_seen": 0,
        "num_train_epochs": record.epochs,
        "save_steps": 500,
        "stateful_callbacks": {},
        "total_flos": 0.0,
        "train_batch_size": record.batch,
        "trial_name": None,
        "trial_params": None,
    }
    (folder / "log.json").write_text(json.dumps(state, indent=2, sort_keys=True) + "\n", "utf-8")
    return "eval_{}"


def _hf_row(row: Row) -> dict[str, object]:
    if row.split == "dev":
        named: dict[str, object] = {f"eval_{name}": value for name, value in row.values.items()}
        return named | {"eval_runtime": 1.4, "eval_samples_per_second": 285.7, "eval_steps_per_second": 35.7, "epoch": row.epoch, "step": row.step}
    return {_HF_NAMES.get(name, name): value for name, value in row.values.items()} | {"epoch": row.epoch, "step": row.step}


def wandb(folder: Path, sessions: list[Record]) -> str:
    """A history exported with `run.scan_history()`: a JSON object a line, sparse; NaN is written as W&B does, as a string."""
    lines = []
    for record in sessions:
        for row in record.rows:
            part = "train" if row.split == "train" else "eval"
            values = {_wandb_name(part, name): _wandb_number(value) for name, value in row.values.items()}
            meta = {"_step": row.step, "_timestamp": wall(row.seconds), "_runtime": row.seconds, "train/epoch": round(row.epoch, 4)}
            lines.append(json.dumps(meta | values))
    (folder / "log.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return "eval/{}"


def _wandb_name(part: str, name: str) -> str:
    if name.startswith("train_eval_"):
        return f"train_eval/{name.removeprefix('train_eval_')}"
    return name if "/" in name else f"{part}/{name}"


def _wandb_number(value: float) -> float | str:
    if value != value:
        return "NaN"
    if abs(value) == float("inf"):
        return "Infinity" if value > 0 else "-Infinity"
    return value


_MM_NAMES = {"step_time": "time"}


def mmdet(folder: Path, sessions: list[Record]) -> str:
    """MMDetection 2's `.log.json`: a line of environment and config, then lines with `mode`."""
    lines = []
    for record in sessions:
        lines.append(
            json.dumps({"env_info": "sys.platform: linux\nPython: 3.11", "config": f"data = dict(samples_per_gpu={record.batch})\n", "seed": 0})
        )
        for row in record.rows:
            epoch = int((row.step - 1) // record.steps_per_epoch) + 1
            within = (row.step - 1) % record.steps_per_epoch + 1
            named = {_MM_NAMES.get(name, name): round(value, 6) for name, value in row.values.items()}
            lines.append(json.dumps({"mode": "train" if row.split == "train" else "val", "epoch": epoch, "iter": within} | named))
    (folder / "log.json").write_text("\n".join(lines) + "\n", "utf-8")
    return "val/{}"
