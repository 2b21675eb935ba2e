"""Lengths and schedules that do not fit: flat with the rate spent, cut short, a rate that rises again, logs of two runs."""

from __future__ import annotations

from losses import ERROR, NONE, squared_error
from networks import cnn, letter_model, mlp
from recipe import Recipe
from schedules import constant, cosine, cosine_to, linear
from tasks import clusters, digits, friedman, spirals, text
from write_csv import keras, lightning
from write_json import hf, wandb
from write_text import key_colon, key_equals

REGRESSION = {"loss": squared_error, "metrics": ERROR}
INTERRUPT = ("Traceback (most recent call last):", '  File "train.py", line 141, in <module>', "    main()", "KeyboardInterrupt")

RUNS: dict[str, Recipe] = {
    "plateau-rate-spent-char": Recipe(
        text(), letter_model(), wandb, lr=2e-3, optimizer="adamw", schedule=cosine_to(300, clamped=True), metrics=NONE, steps=1000, eval_every=40
    ),
    "plateau-rate-spent-digits": Recipe(
        digits(images=True), cnn(8), lightning, lr=4e-4, schedule=cosine_to(250, clamped=True), steps=1300, eval_every=50
    ),
    "plateau-held-rate-sgd": Recipe(
        friedman(1500, 400),
        mlp(24),
        key_colon,
        lr=0.02,
        optimizer="momentum",
        batch=8,
        schedule=constant(),
        steps=6000,
        log_every=20,
        eval_every=150,
        **REGRESSION,
    ),
    "plateau-held-rate-adam": Recipe(
        clusters(6000, 1000, apart=0.6, flipped=0.1), mlp(12), hf, lr=0.02, batch=16, schedule=constant(), steps=5000, log_every=20, eval_every=125
    ),
    "undertrained-constant": Recipe(text(), letter_model(), hf, lr=5e-4, optimizer="adamw", metrics=NONE, steps=500, eval_every=25),
    "undertrained-spirals": Recipe(spirals(turns=1.25), mlp(32, 32), wandb, lr=1e-3, steps=700, eval_every=35, train_metric=True),
    "interrupted-hf": Recipe(
        text(), letter_model(), hf, lr=1e-3, optimizer="adamw", schedule=cosine(100), metrics=NONE, steps=3000, stop_after=600, eval_every=50
    ),
    "interrupted-text": Recipe(
        digits(),
        mlp(64, 64),
        key_equals,
        lr=4e-4,
        optimizer="adamw",
        schedule=linear(60),
        steps=4000,
        stop_after=640,
        eval_every=40,
        ending=INTERRUPT,
    ),
    "rate-rises-again-digits": Recipe(
        digits(images=True), cnn(), wandb, lr=0.02, optimizer="adam", schedule=cosine_to(500, clamped=False), steps=1000, eval_every=50
    ),
    "rate-rises-again-clusters": Recipe(
        clusters(), mlp(64, 64), lightning, lr=0.1, optimizer="momentum", schedule=cosine_to(900, clamped=False), steps=1500, eval_every=75
    ),
    "appended-second-healthy": Recipe(
        digits(),
        mlp(64, 64),
        key_equals,
        lr=1e-3,
        schedule=cosine(),
        steps=1200,
        eval_every=60,
        before=(Recipe(digits(), mlp(64, 64), key_equals, lr=20.0, optimizer="momentum", steps=1200, stop_after=300, eval_every=60),),
    ),
    "appended-second-diverged": Recipe(
        digits(),
        mlp(64, 64),
        lightning,
        lr=3.0,
        optimizer="momentum",
        steps=1000,
        eval_every=50,
        before=(Recipe(digits(), mlp(64, 64), lightning, lr=1e-3, schedule=cosine(), steps=1000, eval_every=50),),
    ),
    "early-stopped-eagerly-keras": Recipe(
        digits(images=True),
        cnn(),
        keras,
        lr=2e-4,
        train_metric=True,
        epochs=60,
        patience=1,
    ),
    "early-stopped-eagerly-hf": Recipe(
        spirals(dev=120, turns=1.25),
        mlp(48, 48),
        hf,
        lr=1e-3,
        train_metric=True,
        steps=4000,
        eval_every=20,
        patience=2,
    ),
}
