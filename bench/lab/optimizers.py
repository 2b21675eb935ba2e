"""Optimizers and schedules by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from spec import Spec
from torch import nn


class Lion(torch.optim.Optimizer):
    """Sign of the interpolated momentum, with decoupled weight decay (Chen et al. 2023)."""

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float, weight_decay: float, momentum: float, beta2: float) -> None:
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay, "betas": (momentum, beta2)})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            first, second = group["betas"]
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                held = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.sub_(group["lr"] * (first * held + (1 - first) * parameter.grad).sign())
                held.mul_(second).add_(parameter.grad, alpha=1 - second)


def optimizer_of(spec: Spec, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    betas = (spec.momentum, spec.beta2)
    decay, lr = spec.weight_decay, spec.lr
    made: dict[str, Callable[[], torch.optim.Optimizer]] = {
        "sgd": lambda: torch.optim.SGD(parameters, lr, weight_decay=decay),
        "momentum": lambda: torch.optim.SGD(parameters, lr, momentum=spec.momentum, weight_decay=decay),
        "nesterov": lambda: torch.optim.SGD(parameters, lr, momentum=spec.momentum, nesterov=True, weight_decay=decay),
        "adam": lambda: torch.optim.Adam(parameters, lr, betas, spec.eps, decay, fused=True),
        "adamw": lambda: torch.optim.AdamW(parameters, lr, betas, spec.eps, decay, fused=True),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, lr, alpha=0.99, eps=spec.eps, weight_decay=decay),
        "adagrad": lambda: torch.optim.Adagrad(parameters, lr, weight_decay=decay),
        "lion": lambda: Lion(parameters, lr, decay, spec.momentum, 0.99),
    }
    return made[spec.optimizer]()


def rate(spec: Spec, step: int) -> float:
    """The learning rate of a step, from 1."""
    peak = spec.lr * (spec.rate_jump if spec.rate_jump_at and step > spec.rate_jump_at * spec.steps else 1.0)
    if step <= spec.warmup:
        return peak * step / spec.warmup
    length = max(1.0, spec.decay_end * spec.steps - spec.warmup)
    return peak * _factor(spec.schedule, (step - spec.warmup) / length, spec.final)


def _factor(kind: str, progress: float, final: float) -> float:
    if kind == "cosine":
        return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * progress))
    progress = min(progress, 1.0)
    if kind == "linear":
        return max(final, 1 - progress)
    if kind == "step":
        return 1.0 if progress < 0.5 else 0.1 if progress < 0.8 else 0.01
    if kind == "exponential":
        return float(max(final, 0.01) ** progress)
    if kind == "wsd":
        return 1.0 if progress < 0.8 else max(final, (1 - progress) / 0.2)
    if kind == "inverse_sqrt":
        return 1 / math.sqrt(1 + 20 * progress)
    if kind == "one_cycle":
        rising = 0.3
        if progress < rising:
            return 0.04 + 0.96 * 0.5 * (1 - math.cos(math.pi * progress / rising))
        return 0.5 * (1 + math.cos(math.pi * (progress - rising) / (1 - rising))) + 1e-4
    return 1.0
