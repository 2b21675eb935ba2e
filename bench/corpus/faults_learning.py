"""Rates too low or dropped too early, models too small or held back too much, gradients and units that die."""

from __future__ import annotations

import torch
from data_faults import changed, noisy_labels, unscaled
from losses import ERROR, squared_error
from networks import cnn, mlp
from recipe import Recipe
from schedules import cosine, exponential, linear, steps_at
from tasks import clusters, digits, friedman, spirals
from torch import nn
from write_csv import keras, lightning
from write_events import events
from write_json import hf, mmdet, wandb
from write_text import key_colon, key_equals

REGRESSION = {"loss": squared_error, "metrics": ERROR}


@torch.no_grad()
def negative_biases(model: nn.Module) -> None:
    """Hidden biases far below 0: a sign lost in a hand-written initialisation."""
    for name, layer in model.named_children():
        if isinstance(layer, nn.Linear) and name != "head":
            layer.bias.fill_(-6.0)


RUNS: dict[str, Recipe] = {
    "lr-too-low-adam": Recipe(digits(), mlp(64, 64), hf, lr=1e-7, schedule=linear(), steps=1500, eval_every=75),
    "lr-too-low-sgd": Recipe(clusters(), mlp(64, 64), events, lr=2e-4, optimizer="sgd", steps=1800, eval_every=90),
    "decay-too-early-steps": Recipe(
        digits(images=True), cnn(), lightning, lr=5e-4, schedule=steps_at([0.05, 0.08, 0.11], 0.1), steps=1200, eval_every=40
    ),
    "decay-too-early-exponential": Recipe(digits(), mlp(64, 64), wandb, lr=1e-3, schedule=exponential(0.96), steps=1500, eval_every=50),
    "underfit-tiny-spirals": Recipe(spirals(), mlp(2), keras, lr=5e-3, train_metric=True, epochs=50, told={"target.metric": 0.97}),
    "underfit-linear-regression": Recipe(
        friedman(noise=0.3), mlp(), mmdet, lr=5e-3, schedule=cosine(), steps=1500, eval_every=62, told={"target.metric": 0.15}, **REGRESSION
    ),
    "over-regularized-dropout": Recipe(
        digits(), mlp(48, 48, dropout=0.9), wandb, lr=1e-3, steps=1800, train_metric=True, eval_every=75, told={"model.dropout": 0.9}
    ),
    "over-regularized-decay": Recipe(
        digits(), mlp(64, 64), hf, lr=5e-3, optimizer="adamw", weight_decay=10.0, schedule=cosine(), steps=1500, eval_every=75
    ),
    "dead-relu-biases": Recipe(digits(), mlp(48, 48), wandb, lr=1e-4, prepare=negative_biases, dead_units=True, steps=1200, eval_every=60),
    "dead-relu-first-steps": Recipe(
        changed(digits(), unscaled(16.0)), mlp(48, 48), events, lr=0.3, optimizer="sgd", dead_units=True, steps=1000, eval_every=50
    ),
    "vanishing-sigmoid-wandb": Recipe(
        digits(), mlp(*(32,) * 9, activation=nn.Sigmoid), wandb, lr=0.01, optimizer="sgd", layer_norms=True, steps=1200, eval_every=60
    ),
    "vanishing-sigmoid-text": Recipe(
        clusters(), mlp(*(24,) * 7, activation=nn.Sigmoid), key_equals, lr=5e-4, optimizer="adam", layer_norms=True, steps=500, eval_every=25
    ),
    "label-noise-digits": Recipe(
        changed(digits(), noisy_labels(0.45)),
        mlp(128, 128),
        hf,
        lr=1e-3,
        schedule=linear(),
        steps=2500,
        train_metric=True,
        log_every=20,
        eval_every=100,
    ),
    "label-noise-clusters": Recipe(
        changed(clusters(apart=1.5), noisy_labels(0.5)),
        mlp(128, 128),
        key_colon,
        lr=1e-3,
        steps=2500,
        train_metric=True,
        log_every=20,
        eval_every=100,
    ),
}
