"""Optimizers by name, the share of dead units, and a model trained beforehand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from recipe import Recipe
from tasks import Source
from torch import Tensor, nn


def optimizer_of(recipe: Recipe, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    decay = recipe.weight_decay
    match recipe.optimizer:
        case "sgd":
            return torch.optim.SGD(parameters, recipe.lr, weight_decay=decay)
        case "momentum":
            return torch.optim.SGD(parameters, recipe.lr, momentum=recipe.momentum, weight_decay=decay)
        case "adam":
            return torch.optim.Adam(parameters, recipe.lr, weight_decay=decay)
        case "adamw":
            return torch.optim.AdamW(parameters, recipe.lr, weight_decay=decay)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, recipe.lr, weight_decay=decay)
        case other:
            raise ValueError(f"no optimizer {other}")


@torch.no_grad()
def dead_fractions(model: nn.Module, x: Tensor) -> dict[str, float]:
    """Share of units that are 0 for every input of `x`, by layer; for a plain sequence of layers."""
    shares, hidden = {}, x
    model.eval()
    for name, layer in model.named_children():
        hidden = layer(hidden)
        if isinstance(layer, nn.ReLU):
            shares[f"dead_fraction/{name}"] = float((hidden.flatten(2).amax((0, 2)) if hidden.dim() > 2 else hidden.amax(0)).le(0).float().mean())
    return shares


def pretrained(source: Source, steps: int) -> Callable[[nn.Module], None]:
    """Trains the model first on poor copies of the run's own training images: the split comes from the run's seed, so no dev image is seen."""

    def prepare(model: nn.Module) -> None:
        data = source(np.random.default_rng(torch.initial_seed()))
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        for step in range(steps):
            chosen = torch.arange(step * 32, step * 32 + 32) % len(data.train_x)
            images = data.train_x[chosen]
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images + 0.6 * torch.randn_like(images)), data.train_y[chosen]).backward()
            optimizer.step()

    return prepare
