"""Rates at and beyond the edge of stability, warmup, clipping, spikes, oscillation, slow divergence."""

from __future__ import annotations

from collections.abc import Callable

import torch
from losses import ERROR, NONE, squared_error
from networks import cnn, decoder, letter_model, mlp, recurrent
from occurrence import gradients_of_thousands, loss_climbs_back
from recipe import Batch, Recipe
from schedules import Schedule, cosine, linear, warmed_constant
from tasks import clusters, digits, friedman, sums, text
from torch import Tensor, nn
from write_csv import algoperf, keras, lightning
from write_events import events
from write_json import hf, mmdet, wandb
from write_text import key_colon, key_equals

REGRESSION = {"loss": squared_error, "metrics": ERROR}


def spoiled_every(period: int, scale: float) -> Callable[[int, Tensor, Tensor], Batch]:
    """Every `period` steps a batch whose inputs were not scaled."""

    def corrupt(step: int, x: Tensor, y: Tensor) -> Batch:
        return (x * scale, y) if step % period == 0 else (x, y)

    return corrupt


def reward_for_large_weights(strength: float) -> Callable[[nn.Module], Tensor]:
    """Weight decay with the sign the wrong way round."""

    def penalty(model: nn.Module) -> Tensor:
        return -strength * torch.stack([parameter.square().sum() for parameter in model.parameters()]).sum()

    return penalty


def growing(by: float) -> Schedule:
    """An exponential decay whose factor was typed above 1."""
    return Schedule("exponential", lambda step, total: by**step)


RUNS: dict[str, Recipe] = {
    "lr-too-high-sgd": Recipe(digits(), mlp(64, 64), hf, lr=20.0, optimizer="momentum", schedule=linear(), steps=1000, log_every=20, eval_every=100),
    "lr-too-high-adam": Recipe(digits(images=True), cnn(), key_equals, lr=0.5, optimizer="adam", steps=900, log_every=10, eval_every=60),
    "lr-too-high-char": Recipe(text(), letter_model(), wandb, lr=0.6, optimizer="adam", metrics=NONE, steps=700, log_every=10, eval_every=50),
    "lr-edge-momentum": Recipe(
        digits(),
        mlp(96, 96),
        wandb,
        lr=0.3,
        optimizer="momentum",
        schedule=cosine(),
        steps=1200,
        averages=False,
        log_every=5,
        eval_every=60,
        occurs=loss_climbs_back,
    ),
    "lr-edge-char": Recipe(
        text(), letter_model(), lightning, lr=9.0, optimizer="momentum", schedule=linear(), metrics=NONE, steps=900, log_every=5, eval_every=60
    ),
    "exploded-finite-regression": Recipe(
        friedman(scale=20.0),
        mlp(),
        key_equals,
        lr=0.0025,
        optimizer="sgd",
        steps=600,
        log_every=5,
        eval_every=10,
        clip=None,
        **REGRESSION,
        stop_after=90,
        ending=("KeyboardInterrupt",),
    ),
    "exploded-finite-algoperf": Recipe(
        friedman(scale=12.0), mlp(), algoperf, lr=0.0075, optimizer="sgd", steps=80, log_every=5, eval_every=10, train_eval=True, **REGRESSION
    ),
    # With 100 steps of warmup the rates of these two train to a loss of 0.73.
    "no-warmup-post-ln": Recipe(
        text(),
        decoder(layers=3, pre_norm=False),
        hf,
        lr=0.75,
        optimizer="momentum",
        schedule=linear(),
        metrics=NONE,
        steps=450,
        log_every=5,
        eval_every=30,
    ),
    "no-warmup-pre-ln": Recipe(
        text(),
        decoder(layers=2),
        wandb,
        lr=1.2,
        optimizer="momentum",
        schedule=linear(),
        metrics=NONE,
        averages=False,
        steps=450,
        log_every=1,
        eval_every=30,
    ),
    "warmup-too-long-char": Recipe(
        text(), letter_model(), hf, lr=2e-3, optimizer="adamw", schedule=linear(700), metrics=NONE, steps=1000, log_every=10, eval_every=50
    ),
    "warmup-too-long-digits": Recipe(
        digits(), mlp(64), key_colon, lr=1e-3, optimizer="adam", schedule=warmed_constant(900), steps=1500, log_every=10, eval_every=75
    ),
    "clip-saturated-sgd": Recipe(
        digits(), mlp(64), hf, lr=0.05, optimizer="sgd", clip=0.02, schedule=cosine(), steps=1500, log_every=10, eval_every=75
    ),
    "clip-saturated-rate-logged": Recipe(
        clusters(), mlp(64, 64), key_equals, lr=0.02, optimizer="sgd", clip=0.05, steps=1500, clip_rate_logged=True, log_every=20, eval_every=100
    ),
    "clip-never-binds": Recipe(
        clusters(),
        mlp(64),
        key_equals,
        lr=1e-3,
        optimizer="adam",
        clip=500.0,
        schedule=cosine(),
        steps=1200,
        clip_rate_logged=True,
        log_every=10,
        eval_every=60,
    ),
    "clip-never-binds-hf": Recipe(
        digits(), mlp(48), hf, lr=1e-3, optimizer="adamw", clip=1000.0, schedule=linear(60), steps=1200, log_every=10, eval_every=60
    ),
    "exploding-rnn": Recipe(
        sums(),
        recurrent(gain=1.65, relu=True),
        wandb,
        lr=1e-5,
        optimizer="adam",
        steps=900,
        averages=False,
        log_every=5,
        eval_every=60,
        occurs=gradients_of_thousands,
        **REGRESSION,
    ),
    "exploding-rnn-sgd": Recipe(
        sums(),
        recurrent(gain=1.8, relu=True),
        hf,
        lr=1e-7,
        optimizer="sgd",
        schedule=linear(),
        steps=900,
        log_every=10,
        eval_every=60,
        occurs=gradients_of_thousands,
        **REGRESSION,
    ),
    "spikes-unscaled-batches": Recipe(
        digits(),
        mlp(64, 64),
        wandb,
        lr=1e-3,
        optimizer="adam",
        corrupt=spoiled_every(170, 25.0),
        averages=False,
        steps=1600,
        log_every=1,
        eval_every=80,
    ),
    "spikes-unscaled-batches-tb": Recipe(
        clusters(),
        mlp(64, 64),
        events,
        lr=1e-3,
        optimizer="adam",
        corrupt=spoiled_every(230, 40.0),
        averages=False,
        steps=1800,
        log_every=2,
        eval_every=90,
    ),
    "slow-divergence-sign": Recipe(
        friedman(),
        mlp(48),
        lightning,
        lr=0.01,
        optimizer="sgd",
        penalty=reward_for_large_weights(0.05),
        steps=1800,
        log_every=10,
        eval_every=60,
        **REGRESSION,
    ),
    "slow-divergence-growing-rate": Recipe(
        clusters(apart=0.8),
        mlp(64, 64),
        key_colon,
        lr=2e-3,
        optimizer="adam",
        schedule=growing(1.0035),
        lr_logged=False,
        steps=1600,
        log_every=10,
        eval_every=50,
    ),
    "oscillation-momentum": Recipe(friedman(), mlp(32), keras, lr=0.02, optimizer="momentum", momentum=0.9, batch=4, epochs=40, **REGRESSION),
    "oscillation-small-batch": Recipe(
        clusters(apart=0.9), mlp(64, 64), mmdet, lr=0.02, optimizer="adam", batch=8, steps=2400, log_every=20, eval_every=80
    ),
}
