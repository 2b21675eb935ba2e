"""Numbers that leave the range: log(0), float16 overflow, and trainers that hide it."""

from __future__ import annotations

from data_faults import changed, unscaled
from losses import half_precision, log_of_softmax
from networks import cnn, mlp
from occurrence import not_finite
from recipe import Recipe
from schedules import cosine, linear
from tasks import clusters, digits
from write_csv import keras, lightning
from write_json import hf, wandb
from write_text import key_colon

FLOAT16 = {"precision.kind": "fp16"}

RUNS: dict[str, Recipe] = {
    "nan-log-of-zero-lightning": Recipe(
        changed(digits(), unscaled(16.0)),
        mlp(64, 64),
        lightning,
        lr=1e-2,
        loss=log_of_softmax,
        occurs=not_finite,
        steps=900,
        log_every=5,
        eval_every=37,
        stop_on_nan=True,
    ),
    "nan-log-of-zero-wandb": Recipe(
        changed(clusters(apart=2.0), unscaled(8.0)),
        mlp(64),
        wandb,
        lr=0.05,
        loss=log_of_softmax,
        occurs=not_finite,
        schedule=cosine(),
        steps=1000,
        log_every=5,
        eval_every=50,
        averages=False,
    ),
    "nan-float16-hf": Recipe(
        digits(),
        mlp(64, 64),
        hf,
        lr=5e-3,
        loss=half_precision,
        occurs=not_finite,
        schedule=linear(),
        steps=1000,
        log_every=10,
        eval_every=50,
        told=FLOAT16,
    ),
    "nan-float16-text": Recipe(
        digits(images=True), cnn(), key_colon, lr=2e-3, loss=half_precision, occurs=not_finite, steps=900, log_every=10, eval_every=37, told=FLOAT16
    ),
    "nan-hidden-hf-log-of-zero": Recipe(
        changed(digits(), unscaled(16.0)),
        mlp(64),
        hf,
        lr=2e-2,
        optimizer="adamw",
        loss=log_of_softmax,
        occurs=not_finite,
        schedule=linear(50),
        filtered=True,
        steps=1000,
        eval_every=100,
    ),
    "nan-hidden-hf-float16": Recipe(
        clusters(apart=2.0),
        mlp(96, 96),
        hf,
        lr=4e-3,
        optimizer="adamw",
        loss=half_precision,
        occurs=not_finite,
        schedule=linear(),
        filtered=True,
        steps=1200,
        eval_every=100,
        told=FLOAT16,
    ),
    "nan-epochs-keras": Recipe(
        changed(digits(), unscaled(16.0)), mlp(64), keras, lr=1.5e-2, loss=log_of_softmax, occurs=not_finite, train_metric=True, epochs=25
    ),
}
