"""Fits that do not carry over: overfitting, memorising, leaks, overconfidence, imbalance, training past the best."""

from __future__ import annotations

from data_faults import changed, dev_within_train
from losses import ERROR, NONE, accuracy, recall_of_rare, squared_error
from networks import letter_model, mlp
from occurrence import dev_loss_rises
from recipe import Recipe
from schedules import constant, cosine, linear
from tasks import cancer, clusters, diabetes, digits, friedman, rare_class, text
from write_csv import keras, lightning
from write_events import events
from write_json import hf, mmdet, wandb
from write_text import key_colon, key_equals

REGRESSION = {"loss": squared_error, "metrics": ERROR}

RUNS: dict[str, Recipe] = {
    "overfit-char-small": Recipe(text(90, 200), letter_model(96), wandb, lr=3e-3, metrics=NONE, batch=15, steps=1000, eval_every=40),
    "overfit-clusters": Recipe(
        clusters(150, 500, apart=0.7, flipped=0.1),
        mlp(256, 256),
        hf,
        lr=1e-3,
        schedule=linear(),
        train_metric=True,
        batch=30,
        steps=1200,
        eval_every=50,
    ),
    "overfit-diabetes": Recipe(diabetes(120), mlp(256, 256), lightning, lr=1e-3, batch=24, steps=1500, eval_every=50, **REGRESSION),
    "memorised-64": Recipe(
        clusters(64, 400, apart=0.5), mlp(256, 256), hf, lr=2e-3, batch=16, train_metric=True, steps=1500, log_every=20, eval_every=60
    ),
    "memorised-digits-40": Recipe(
        digits(40, 400), mlp(256), key_equals, lr=3e-3, batch=10, train_metric=True, steps=1500, log_every=20, eval_every=60
    ),
    "leak-clusters": Recipe(
        changed(clusters(600, 150, apart=0.8, flipped=0.25), dev_within_train),
        mlp(256, 256, dropout=0.1),
        keras,
        lr=1e-3,
        train_metric=True,
        epochs=120,
        told={"target.human_error": 0.19},
    ),
    "leak-text": Recipe(
        changed(clusters(500, 120, classes=2, apart=0.5, flipped=0.4), dev_within_train),
        mlp(256, 256, dropout=0.2),
        key_colon,
        lr=1e-3,
        train_metric=True,
        schedule=cosine(),
        steps=3500,
        log_every=25,
        eval_every=100,
        told={"target.human_error": 0.2},
    ),
    "overconfident-cancer": Recipe(
        cancer(),
        mlp(64, 64),
        hf,
        lr=1e-3,
        schedule=constant(),
        train_metric=True,
        batch=25,
        steps=2400,
        log_every=20,
        eval_every=80,
        occurs=dev_loss_rises,
    ),
    "overconfident-clusters": Recipe(
        clusters(1500, 1500, apart=1.3, flipped=0.06), mlp(128, 128), wandb, lr=1e-3, train_metric=True, steps=2500, log_every=20, eval_every=94
    ),
    "too-long-friedman": Recipe(
        friedman(200, 300, noise=3.0), mlp(96, 96), events, lr=1e-3, batch=20, steps=3000, log_every=20, eval_every=60, **REGRESSION
    ),
    "too-long-char": Recipe(text(300, 200), letter_model(64), mmdet, lr=4e-3, metrics=NONE, batch=30, steps=1500, log_every=10, eval_every=30),
    "imbalance-hf": Recipe(rare_class(), mlp(32), hf, lr=5e-4, schedule=linear(), steps=1500, eval_every=75, told={"data.imbalance_ratio": 32.0}),
    "imbalance-recall-logged": Recipe(
        rare_class(share=0.04),
        mlp(24),
        key_equals,
        lr=5e-4,
        metrics={"accuracy": accuracy, "recall": recall_of_rare},
        schedule=cosine(),
        steps=1500,
        eval_every=75,
        told={"data.imbalance_ratio": 24.0},
    ),
}
