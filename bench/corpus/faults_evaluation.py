"""Dev sets too small for what is asked of them."""

from __future__ import annotations

from networks import mlp
from recipe import Recipe
from schedules import constant, linear
from tasks import clusters, digits
from write_csv import keras
from write_json import hf, wandb
from write_text import key_colon

RUNS: dict[str, Recipe] = {
    "noisy-dev-clusters": Recipe(
        clusters(6000, 30, apart=0.6, flipped=0.1),
        mlp(12),
        hf,
        lr=4e-3,
        schedule=constant(),
        batch=16,
        train_metric=True,
        steps=2500,
        log_every=20,
        eval_every=50,
    ),
    "noisy-dev-two-classes": Recipe(
        clusters(6000, 36, classes=2, apart=0.5, flipped=0.2),
        mlp(8),
        wandb,
        lr=5e-3,
        batch=16,
        train_metric=True,
        steps=2500,
        log_every=20,
        eval_every=50,
    ),
    "coarse-metric-keras": Recipe(
        clusters(1200, 16, classes=3, apart=0.8, flipped=0.1), mlp(24), keras, lr=5e-4, train_metric=True, batch=16, epochs=50
    ),
    "coarse-metric-text": Recipe(digits(1200, 20), mlp(32), key_colon, lr=5e-4, schedule=linear(), train_metric=True, steps=1500, eval_every=50),
}
