"""What a user would state of a run: its set-up as it is in the config. Nothing that only the curves show, and nothing that names the fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from families import LOWER, NORMALISATION, TASKS
from habits import EPOCHWISE, Habit
from spec import Spec

_SCHEDULES = {"wsd": "warmup_stable_decay"}


def stated_of(run: Mapping[str, Any], habit: Habit) -> dict[str, object]:
    """Facts by name."""
    spec = Spec.of(run["spec"])
    task = TASKS[spec.task]
    epochwise = habit.form in EPOCHWISE
    facts: dict[str, object] = {
        "task.kind": task.kind,
        "training.kind": task.training,
        "optimizer.name": spec.optimizer,
        "optimizer.weight_decay": spec.weight_decay or None,
        "optimizer.momentum": spec.momentum if spec.optimizer in ("momentum", "nesterov") else None,
        "optimizer.epsilon": spec.eps if spec.optimizer in ("adam", "adamw", "rmsprop") else None,
        "lr.peak": spec.lr,
        "schedule.kind": _SCHEDULES.get(spec.schedule, spec.schedule),
        "warmup.steps": spec.warmup or None,
        "batch.size": spec.batch * spec.accumulation,
        "batch.accumulation_steps": spec.accumulation if spec.accumulation > 1 else None,
        "budget.steps": None if epochwise else spec.steps,
        "clip.threshold": spec.clip,
        "early_stopping.patience": spec.patience,
        # With a line an evaluation, what is called an epoch is no pass over the data.
        "data.train_size": None if epochwise else run["train_size"],
        "data.dev_size": spec.dev_size if spec.evaluated else None,
        "model.params": run["params"],
        "model.dropout": spec.dropout,
        "model.normalization": NORMALISATION.get(spec.network, "none"),
        "transfer.used": True if spec.pretrained else None,
    }
    if task.kind == "classification":
        facts["task.num_classes"] = run["classes"]
    if task.metric and spec.evaluated and task.training == "supervised":
        facts |= {"metric.name": task.metric, "metric.direction": "minimize" if task.metric in LOWER else "maximize"}
    return {name: value for name, value in facts.items() if value is not None}
