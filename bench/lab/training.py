"""The training loop: one plain loop for every run; what is wrong comes in through the spec."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from networks import built
from objectives import OBJECTIVES, Objective, Values, quality
from optimizers import optimizer_of, rate
from spec import Spec
from tasks import data_of
from torch import Tensor, nn

Run = dict[str, Any]
_EVALUATED = 300


class Training:
    """One run of a spec; `run` gives its record."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        torch.manual_seed(spec.seed)
        self.data = data_of(spec)
        self.model = built(spec, self.data)
        self.clean = Spec(spec.task, spec.network, batch=spec.batch)
        self.untrained = self._tested(OBJECTIVES[self.data.objective](self.clean, self.model))
        if spec.pretrained:
            self._pretrain()
        self.objective = OBJECTIVES[self.data.objective](spec, self.model)
        self.parameters = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = optimizer_of(spec, self._optimized())
        self.columns: dict[str, list[float]] = {}
        self.evaluations: list[dict[str, float]] = []
        self.best, self.since_best = math.inf, 0

    def run(self) -> Run:
        ending = self._through()
        objective = self.objective
        objective.spec = self.clean
        tested = self._tested(objective)
        return {
            "spec": self.spec.changed_fields(),
            "objective": self.data.objective,
            "chance": _short(self.data.chance),
            "classes": self.data.classes,
            "train_size": len(self.data.train_x),
            "params": sum(parameter.numel() for parameter in self.model.parameters()),
            "columns": {name: [_short(value) for value in values] for name, values in self.columns.items()},
            "evaluations": [{name: _short(value) for name, value in row.items()} for row in self.evaluations],
            "ending": ending,
            "untrained": _short(quality(self.data.objective, self.untrained)),
            "quality": _short(quality(self.data.objective, tested)),
            "test": {name: _short(value) for name, value in tested.items()},
        }

    def _pretrain(self) -> None:
        """Learns a neighbouring problem first: the same inputs, half of them, under the usual loss."""
        objective = OBJECTIVES[self.data.objective](self.clean, self.model)
        optimizer = torch.optim.AdamW(self.model.parameters(), 2e-3)
        count = len(self.data.test_x) // 2
        x, y = self.data.test_x[:count], self.data.test_y[:count]
        for step in range(self.spec.pretrained):
            at = step * 32 % (count - 32)
            loss, _ = objective.loss(self.model, x[at : at + 32], y[at : at + 32])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def _optimized(self) -> list[nn.Parameter]:
        if self.spec.optimizes == "copy":
            import copy

            return list(copy.deepcopy(self.model).parameters())
        return (
            self.parameters[-1:] if self.spec.optimizes == "last_bias" else self.parameters[-2:] if self.spec.optimizes == "head" else self.parameters
        )

    def _through(self) -> str:
        """Trains to the end, or to where it ends; says how it ended."""
        spec, batches = self.spec, self._batches()
        for step in range(1, spec.steps + 1):
            try:
                values = self._step(step, batches)
            except IndexError as error:
                return f"IndexError: {error}"
            for name, value in values.items():
                self.columns.setdefault(name, []).append(value)
            if spec.stop_on_nan and not math.isfinite(values["loss"]):
                return "nan"
            if step % spec.eval_every == 0 or step == spec.steps:
                self._evaluate(step)
                if spec.patience is not None and self._out_of_patience():
                    return "early"
            if step == spec.stop_at:
                return "kept"
        return "finished"

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        spec, count = self.spec, len(self.data.train_x)
        size = min(spec.batch, count)
        generator = torch.Generator().manual_seed(spec.seed + 1)
        while True:
            order = self._order(count, generator)
            for start in range(0, count - size + 1, size):
                chosen = order[:size] if spec.first_batch_only else order[start : start + size]
                yield self.data.train_x[chosen], self.data.train_y[chosen]
            if spec.first_batch_only:
                x, y = self.data.train_x[order[:size]], self.data.train_y[order[:size]]
                while True:
                    yield x, y

    def _order(self, count: int, generator: torch.Generator) -> Tensor:
        labels = self.data.train_y
        if self.spec.balanced and self.data.classes and labels.dim() == 1:
            weights = 1.0 / torch.bincount(labels).clamp_min(1)[labels].float()
            return torch.multinomial(weights, count, replacement=True, generator=generator)
        return torch.randperm(count, generator=generator) if self.spec.shuffled else torch.arange(count)

    def _step(self, step: int, batches: Iterator[tuple[Tensor, Tensor]]) -> Values:
        spec = self.spec
        if spec.optimizer_lost_at and step == int(spec.optimizer_lost_at * spec.steps):
            self.optimizer = optimizer_of(spec, self._optimized())
        now = rate(spec, step)
        for group in self.optimizer.param_groups:
            group["lr"] = now
        self.model.train()
        if spec.gradients_cleared:
            self.model.zero_grad()
        values = self._backward(step, batches)
        norm = float(nn.utils.get_total_norm([p.grad for p in self.parameters if p.grad is not None])) if self._has_gradients() else 0.0
        if spec.clip is not None:
            nn.utils.clip_grad_norm_(self.parameters, spec.clip)
        if spec.fp16_overflow:
            self._through_half(spec.fp16_overflow)
        self.optimizer.step()
        if spec.bfloat16_weights:
            with torch.no_grad():
                for parameter in self.parameters:
                    parameter.copy_(parameter.bfloat16())
        return values | {"lr": now, "grad_norm": norm}

    def _has_gradients(self) -> bool:
        return any(parameter.grad is not None for parameter in self.parameters)

    def _through_half(self, scale: float) -> None:
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad = (parameter.grad * scale).half().float() / scale

    def _backward(self, step: int, batches: Iterator[tuple[Tensor, Tensor]]) -> Values:
        """Gradients of all micro-batches, and what a trainer would log of them."""
        spec, summed = self.spec, dict[str, float]()
        for _ in range(spec.accumulation):
            x, y = next(batches)
            if spec.outlier_every and step % spec.outlier_every == 0 and x.is_floating_point():
                x = x * spec.outlier_scale
            loss, values = self.objective.loss(self.model, x, y)
            if spec.loss_summed:
                loss = loss * len(x)
            if spec.loss_divided:
                loss = loss / spec.accumulation
            wanted = -loss if spec.ascends else loss
            if not spec.loss_detached:
                wanted.backward()
            for name, value in (values | {"loss": float(loss.detach())}).items():
                share = 1.0 if name == "loss" else 1.0 / spec.accumulation
                summed[name] = summed.get(name, 0.0) + value * share
        return summed

    @torch.no_grad()
    def _evaluate(self, step: int) -> None:
        self.model.train(self.spec.dev_in_train_mode)
        data = self.data
        dev = self._scored(data.dev_x, data.dev_y)
        self.model.eval()
        train = self.objective.evaluate(self.model, data.train_x[:_EVALUATED], data.train_y[:_EVALUATED]) if not self.spec.label_out_of_range else {}
        row = (
            {"step": float(step)} | {f"dev/{name}": value for name, value in dev.items()} | {f"train/{name}": value for name, value in train.items()}
        )
        self.evaluations.append(row)

    def _scored(self, x: Tensor, y: Tensor) -> Values:
        """In parts where the mode matters, as a loader would give them."""
        if not self.spec.dev_in_train_mode:
            return self.objective.evaluate(self.model, x, y)
        parts = [self.objective.evaluate(self.model, x[at : at + 16], y[at : at + 16]) for at in range(0, len(x) - 15, 16)]
        return {name: sum(part[name] for part in parts) / len(parts) for name in parts[0]}

    @torch.no_grad()
    def _tested(self, objective: Objective) -> Values:
        """On the half of the test data that no pretraining has seen."""
        self.model.eval()
        half = len(self.data.test_x) // 2
        return objective.evaluate(self.model, self.data.test_x[half:], self.data.test_y[half:])

    def _out_of_patience(self) -> bool:
        value = self.evaluations[-1]["dev/loss"]
        self.since_best = 0 if value < self.best else self.since_best + 1
        self.best = min(self.best, value)
        return self.spec.patience is not None and self.since_best >= self.spec.patience


def trained(spec: Spec) -> Run:
    """The record of a training."""
    torch.set_num_threads(1)
    return Training(spec).run()


def _short(value: float) -> float:
    return float(f"{value:.5g}")
