"""Bugs: what is not trained, labels that are not the inputs', losses that do not fit, modes that are mixed up, numbers on two scales."""

from __future__ import annotations

import copy

import torch
from data_faults import changed, dev_sorted, labels_shifted, shuffled_labels, some_labels
from losses import ERROR, Loss, cross_entropy, sigmoid_missing, softmax_missing, softmax_twice, squared_error
from networks import cnn, mlp
from recipe import Recipe
from schedules import cosine, linear
from tasks import cancer, clusters, digits, friedman
from torch import Tensor, nn
from write_csv import algoperf, keras, lightning
from write_json import hf, mmdet, wandb
from write_text import key_colon, key_equals

REGRESSION = {"loss": squared_error, "metrics": ERROR}


def parameters_of_a_copy(model: nn.Module) -> list[nn.Parameter]:
    """The optimizer was made before the model was rebuilt."""
    return list(copy.deepcopy(model).parameters())


def last_bias(model: nn.Module) -> list[nn.Parameter]:
    return [list(model.parameters())[-1]]


def detached(out: Tensor, y: Tensor) -> Tensor:
    """The output went through numpy on its way to the loss."""
    return cross_entropy(torch.tensor(out.detach().numpy()), y)


def weight_penalty(model: nn.Module) -> Tensor:
    return 1e-4 * torch.stack([parameter.square().sum() for parameter in model.parameters()]).sum()


def summed(loss: Loss) -> Loss:
    """`reduction="sum"` in the training step, a mean in the evaluation."""
    return lambda out, y: loss(out, y) * len(y)


RUNS: dict[str, Recipe] = {
    "not-in-optimizer-hf": Recipe(digits(), mlp(64, 64), hf, lr=1e-3, schedule=linear(), optimizes=parameters_of_a_copy, steps=1200, eval_every=60),
    "frozen-text": Recipe(clusters(), mlp(64, 64), key_equals, lr=1e-3, optimizes=last_bias, steps=1200, eval_every=60),
    "detached-wandb": Recipe(
        digits(images=True), cnn(), wandb, lr=1e-4, loss=detached, dev_loss=cross_entropy, penalty=weight_penalty, steps=900, eval_every=45
    ),
    "labels-shuffled-keras": Recipe(changed(digits(500), shuffled_labels), mlp(256, 256), keras, lr=1e-3, train_metric=True, epochs=70),
    "labels-shuffled-hf": Recipe(
        changed(clusters(600), shuffled_labels),
        mlp(192, 192),
        hf,
        lr=2e-3,
        train_metric=True,
        schedule=linear(),
        steps=2000,
        log_every=20,
        eval_every=80,
    ),
    "labels-shifted-lightning": Recipe(
        changed(digits(), labels_shifted), mlp(64, 64), lightning, lr=1e-3, train_metric=True, steps=1500, eval_every=75
    ),
    "labels-shifted-wandb": Recipe(
        changed(clusters(apart=1.5), labels_shifted), mlp(64, 64), wandb, lr=1e-3, schedule=cosine(), train_metric=True, steps=1500, eval_every=75
    ),
    "label-above-last-class": Recipe(
        changed(digits(), some_labels(10, 1)),
        mlp(64),
        key_equals,
        lr=1e-3,
        steps=1500,
        log_every=2,
        eval_every=10,
        seed=1,
        told={"labels.min": 0, "labels.max": 10},
        batch=8,
    ),
    "label-below-zero": Recipe(
        changed(clusters(4000), some_labels(-1, 1)),
        mlp(64, 64),
        key_colon,
        lr=1e-3,
        steps=1500,
        log_every=2,
        eval_every=15,
        seed=5,
        told={"labels.min": -1, "labels.max": 3},
    ),
    "softmax-twice-digits": Recipe(
        digits(),
        mlp(64, 64),
        wandb,
        lr=2e-3,
        loss=softmax_twice,
        train_metric=True,
        steps=1500,
        eval_every=75,
        told={"loss.kind": "cross_entropy", "loss.output_activation": "softmax", "loss.expects": "logits"},
    ),
    "softmax-twice-cnn": Recipe(
        digits(images=True),
        cnn(),
        hf,
        lr=2e-3,
        loss=softmax_twice,
        schedule=linear(),
        train_metric=True,
        steps=1200,
        eval_every=60,
        told={"loss.kind": "cross_entropy", "loss.output_activation": "softmax"},
    ),
    "bce-without-sigmoid": Recipe(
        cancer(),
        mlp(32),
        key_equals,
        lr=1e-3,
        loss=sigmoid_missing,
        train_metric=True,
        steps=1000,
        eval_every=50,
        told={"loss.kind": "binary_cross_entropy", "loss.output_activation": "none", "loss.expects": "probabilities"},
    ),
    "nll-of-logits": Recipe(
        clusters(),
        mlp(48),
        hf,
        lr=1e-3,
        loss=softmax_missing,
        train_metric=True,
        schedule=linear(),
        steps=1000,
        eval_every=50,
        told={"loss.kind": "cross_entropy", "loss.output_activation": "none", "loss.expects": "log_probabilities"},
    ),
    "accumulation-summed-hf": Recipe(
        digits(),
        mlp(64),
        hf,
        lr=2e-3,
        accumulation=8,
        summed=True,
        batch=4,
        schedule=linear(),
        clip=1.0,
        steps=600,
        log_every=10,
        eval_every=20,
    ),
    "accumulation-summed-text": Recipe(
        friedman(), mlp(64), key_equals, lr=1e-3, accumulation=4, summed=True, batch=16, schedule=cosine(), steps=800, eval_every=40, **REGRESSION
    ),
    "batchnorm-slow-statistics-algoperf": Recipe(
        digits(images=True), cnn(batch_norm=0.0005), algoperf, lr=3e-3, train_eval=True, steps=900, eval_every=45
    ),
    "batchnorm-last-batch-wandb": Recipe(digits(), mlp(64, 64, batch_norm=1.0), wandb, lr=3e-3, batch=6, train_eval=True, steps=1800, eval_every=60),
    "eval-left-in-train-mode": Recipe(
        changed(digits(), dev_sorted),
        mlp(64, 64, batch_norm=0.1),
        mmdet,
        lr=2e-3,
        schedule=cosine(),
        eval_mode=False,
        eval_batch=20,
        steps=1200,
        eval_every=60,
    ),
}
