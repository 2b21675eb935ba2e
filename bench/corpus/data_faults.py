"""What can be wrong with data: labels, scales, splits, order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from tasks import Data, Source
from torch import Tensor

Change = Callable[[Data, np.random.Generator], Data]


def changed(source: Source, *changes: Change) -> Source:
    def load(rng: np.random.Generator) -> Data:
        data = source(rng)
        for change in changes:
            data = change(data, rng)
        return data

    return load


def noisy_labels(share: float, *, dev: bool = False) -> Change:
    """A share of the training labels (with `dev`, of the dev labels too) drawn anew among all classes."""

    def redraw(y: Tensor, classes: int, rng: np.random.Generator) -> Tensor:
        hit = torch.as_tensor(rng.random(len(y)) < share)
        return torch.where(hit, torch.as_tensor(rng.integers(0, classes, len(y))), y)

    def change(data: Data, rng: np.random.Generator) -> Data:
        noisy = replace(data, train_y=redraw(data.train_y, data.classes, rng))
        return replace(noisy, dev_y=redraw(data.dev_y, data.classes, rng)) if dev else noisy

    return change


def shuffled_labels(data: Data, rng: np.random.Generator) -> Data:
    return replace(data, train_y=data.train_y[torch.as_tensor(rng.permutation(len(data.train_y)))])


def labels_shifted(data: Data, rng: np.random.Generator) -> Data:
    """Training ids count from 1 and wrap, dev ids count from 0: two class maps in one project."""
    return replace(data, train_y=(data.train_y + 1) % data.classes)


def unscaled(factor: float) -> Change:
    """The inputs in the units that they came in."""
    return lambda data, rng: replace(data, train_x=data.train_x * factor, dev_x=data.dev_x * factor)


def some_labels(value: int, count: int) -> Change:
    """A few training samples carry an id that the head does not have."""

    def change(data: Data, rng: np.random.Generator) -> Data:
        y = data.train_y.clone()
        y[torch.as_tensor(rng.choice(len(y), count, replace=False))] = value
        return replace(data, train_y=y)

    return change


def dev_within_train(data: Data, rng: np.random.Generator) -> Data:
    return replace(data, train_x=torch.cat([data.train_x, data.dev_x]), train_y=torch.cat([data.train_y, data.dev_y]))


def dev_sorted(data: Data, rng: np.random.Generator) -> Data:
    order = torch.argsort(data.dev_y, stable=True)
    return replace(data, dev_x=data.dev_x[order], dev_y=data.dev_y[order])
