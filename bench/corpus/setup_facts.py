"""What an engineer would state about a run: its set-up, derived from the recipe so that it is true. Nothing that only the curves show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from losses import LOWER_IS_BETTER, NONE
from recipe import Recipe
from training import Training


def setup_facts(recipe: Recipe, dev_name: str) -> dict[str, Any]:
    training = Training(recipe)
    facts: dict[str, Any] = {
        "task.kind": training.data.kind,
        "optimizer.name": recipe.optimizer,
        "optimizer.weight_decay": recipe.weight_decay or None,
        "lr.peak": recipe.lr,
        "schedule.kind": recipe.schedule.kind,
        "warmup.steps": recipe.schedule.warmup or None,
        "batch.size": recipe.batch * recipe.accumulation,
        "batch.accumulation_steps": recipe.accumulation if recipe.accumulation > 1 else None,
        "budget.epochs": recipe.epochs,
        "budget.steps": None if recipe.epochs else training.steps,
        "clip.threshold": recipe.clip,
        "early_stopping.patience": recipe.patience,
        "data.train_size": len(training.data.train_x),
        "data.dev_size": len(training.data.dev_x),
        "model.params": sum(parameter.numel() for parameter in training.model.parameters()),
    }
    if training.data.classes:
        facts["task.num_classes"] = training.data.classes
    if recipe.metrics is not NONE:
        metric = next(iter(recipe.metrics))
        facts |= {"metric.name": dev_name.format(metric), "metric.direction": "minimize" if metric in LOWER_IS_BETTER else "maximize"}
    facts |= recipe.told
    return {name: value for name, value in facts.items() if value is not None}


def write_facts(folder: Path, recipe: Recipe, dev_name: str) -> None:
    shown = {"run": folder.name, "facts": setup_facts(recipe, dev_name)}
    (folder / "facts.yaml").write_text(yaml.safe_dump(shown, sort_keys=False, allow_unicode=True), "utf-8")
