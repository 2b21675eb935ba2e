"""Losses, right and wrong ones, and metrics."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Loss = Callable[[Tensor, Tensor], Tensor]
cross_entropy: Loss = functional.cross_entropy


def squared_error(out: Tensor, y: Tensor) -> Tensor:
    return functional.mse_loss(out.squeeze(-1), y)


def softmax_twice(out: Tensor, y: Tensor) -> Tensor:
    """The model ends in softmax, and the loss applies it again."""
    return functional.cross_entropy(torch.softmax(out, 1), y)


def sigmoid_missing(out: Tensor, y: Tensor) -> Tensor:
    """The loss for probabilities gets logits, which were clamped to silence its complaint."""
    return functional.binary_cross_entropy(out[:, 1].clamp(1e-4, 1 - 1e-4), y.float())


def softmax_missing(out: Tensor, y: Tensor) -> Tensor:
    """NLLLoss wants log-probabilities and gets logits: it has no lower bound."""
    return functional.nll_loss(out, y)


def log_of_softmax(out: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy as in the textbook, over all classes: log(0) as soon as a probability underflows."""
    hot = functional.one_hot(y, out.shape[1]).float()
    return -(hot * torch.log(torch.softmax(out, 1))).sum(1).mean()


def half_precision(out: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy in float16 without subtracting the maximum: exp overflows above 11."""
    half = out.half()
    return (torch.log(torch.exp(half).sum(1)) - half.gather(1, y[:, None])[:, 0]).float().mean()


def accuracy(out: Tensor, y: Tensor) -> float:
    return float((out.argmax(1) == y).float().mean())


def recall_of_rare(out: Tensor, y: Tensor) -> float:
    return float((out.argmax(1) == y)[y == 1].float().mean())


def mean_absolute_error(out: Tensor, y: Tensor) -> float:
    return float((out.squeeze(-1) - y).abs().mean())


def mean_iou(out: Tensor, y: Tensor) -> float:
    guess = out.argmax(1)
    parts = [((guess == k) & (y == k)).sum() / ((guess == k) | (y == k)).sum().clamp(min=1) for k in range(out.shape[1])]
    return float(torch.stack(parts).mean())


ERROR = {"mae": mean_absolute_error}
OVERLAP = {"mIoU": mean_iou}
NONE: dict[str, Callable[[Tensor, Tensor], float]] = {}
LOWER_IS_BETTER = frozenset({"mae", "loss"})
