"""Runs with nothing wrong: different models, optimizers and schedules, noisy ones and long ones."""

from __future__ import annotations

from losses import ERROR, NONE, OVERLAP, squared_error
from model_tools import pretrained
from networks import cnn, decoder, letter_model, mlp, recurrent, segmenter
from recipe import Recipe
from schedules import constant, cosine, linear, one_cycle, steps_at
from tasks import cancer, clusters, diabetes, digits, friedman, shapes, sums, text
from write_csv import algoperf, keras, lightning
from write_events import events
from write_json import hf, mmdet, wandb
from write_text import key_colon, key_equals

REGRESSION = {"loss": squared_error, "metrics": ERROR}
STOPPED_EARLY = ("2025-03-04 09:40:02,418 INFO train.main: early stopping: no improvement for 8 evaluations",)

RUNS: dict[str, Recipe] = {
    "healthy-digits-cosine": Recipe(
        digits(), mlp(64, 64, dropout=0.1), hf, lr=1e-3, optimizer="adamw", weight_decay=0.01, schedule=cosine(60), steps=1500, eval_every=75
    ),
    "healthy-cnn-onecycle": Recipe(digits(images=True), cnn(dropout=0.2), lightning, lr=3e-3, schedule=one_cycle(), steps=1100, eval_every=55),
    "healthy-cancer-linear": Recipe(
        cancer(),
        mlp(16, dropout=0.2),
        keras,
        lr=2e-3,
        optimizer="adamw",
        weight_decay=0.05,
        schedule=linear(),
        train_metric=True,
        batch=25,
        epochs=30,
    ),
    "healthy-char-dropout": Recipe(
        text(3000, 400),
        letter_model(64, dropout=0.3),
        wandb,
        lr=3e-3,
        optimizer="adamw",
        schedule=linear(50),
        metrics=NONE,
        steps=1200,
        eval_every=60,
    ),
    "healthy-char-transformer": Recipe(
        text(3000, 300),
        decoder(layers=2, dropout=0.1),
        hf,
        lr=3e-3,
        optimizer="adamw",
        weight_decay=0.01,
        schedule=cosine(60),
        metrics=NONE,
        clip=1.0,
        steps=900,
        eval_every=60,
    ),
    "healthy-segmentation": Recipe(shapes(), segmenter(), mmdet, lr=4e-3, schedule=cosine(), metrics=OVERLAP, batch=20, steps=750, eval_every=50),
    "healthy-regression-steps": Recipe(
        friedman(3000, 600),
        mlp(64, 64),
        events,
        lr=2e-3,
        weight_decay=1e-4,
        schedule=steps_at([0.6, 0.85], 0.1),
        steps=2000,
        eval_every=100,
        **REGRESSION,
    ),
    "healthy-regression-small": Recipe(
        diabetes(), mlp(8), key_equals, lr=2e-3, optimizer="adamw", weight_decay=0.5, schedule=linear(), steps=600, eval_every=30, **REGRESSION
    ),
    "healthy-early-stopped": Recipe(
        clusters(1200, 600, apart=1.0),
        mlp(48, 48, dropout=0.2),
        key_equals,
        lr=1e-3,
        optimizer="adamw",
        schedule=constant(),
        train_metric=False,
        steps=4000,
        eval_every=40,
        patience=8,
        ending=STOPPED_EARLY,
        metrics=NONE,
    ),
    "healthy-noisy-small-batch": Recipe(
        clusters(4000, 800),
        mlp(64, 64),
        key_colon,
        lr=0.02,
        optimizer="sgd",
        batch=8,
        schedule=linear(),
        averages=False,
        steps=4000,
        log_every=10,
        eval_every=200,
    ),
    "healthy-flat-after-decay": Recipe(
        text(3000, 400), letter_model(64, dropout=0.1), wandb, lr=3e-3, schedule=cosine(40), metrics=NONE, steps=1500, eval_every=50
    ),
    "healthy-finetune": Recipe(
        digits(images=True),
        cnn(),
        hf,
        lr=5e-4,
        optimizer="adamw",
        schedule=linear(10),
        prepare=pretrained(digits(images=True), steps=300),
        batch=25,
        steps=144,
        log_every=4,
        eval_every=24,
    ),
    "healthy-lstm-sums": Recipe(
        sums(3000, 400, length=16), recurrent(48, lstm=True), events, lr=3e-3, schedule=cosine(), clip=1.0, steps=1500, eval_every=75, **REGRESSION
    ),
    "healthy-algoperf": Recipe(
        digits(images=True), cnn(dropout=0.1, batch_norm=0.1), algoperf, lr=2e-3, schedule=cosine(50), train_eval=True, steps=1000, eval_every=50
    ),
    "healthy-accumulation": Recipe(
        text(3000, 300), letter_model(), hf, lr=4e-3, accumulation=4, batch=8, schedule=linear(20), metrics=NONE, clip=1.0, steps=400, eval_every=20
    ),
    "healthy-momentum-steps": Recipe(
        digits(),
        mlp(64, dropout=0.2),
        key_equals,
        lr=0.1,
        optimizer="momentum",
        weight_decay=5e-4,
        schedule=steps_at([0.5, 0.8], 0.1),
        steps=1500,
        eval_every=75,
    ),
}
