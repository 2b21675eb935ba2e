"""The training loop: one plain loop for every run; the faults come in through the recipe."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from losses import LOWER_IS_BETTER
from model_tools import dead_fractions, optimizer_of
from recipe import Batch, Recipe
from record import Record, Row
from tasks import Data
from torch import Tensor, nn

# What a step and an evaluation would take on the clock of the log, in seconds, where time is not measured.
STEP_SECONDS, EVAL_SECONDS = 0.08, 1.5
# What a console shows above the message when a label has no class in the head.
TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "train.py", line 141, in <module>',
    "    main()",
    '  File "train.py", line 96, in main',
    "    loss = criterion(model(x), y)",
)


@dataclass(slots=True)
class Window:
    """The steps since the last logged row."""

    sums: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    count: int = 0

    def add(self, values: dict[str, float]) -> None:
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
        self.last = values
        self.count += 1

    def take(self, averages: bool) -> dict[str, float]:
        means = {name: total / self.count for name, total in self.sums.items()}
        kept = means if averages else {**self.last, **{name: means[name] for name in ("clip_rate",) if name in means}}
        self.sums, self.last, self.count = {}, {}, 0
        return kept


class Training:
    """One session of a recipe."""

    def __init__(self, recipe: Recipe, started: float = 0.0) -> None:
        self.recipe = recipe
        rng = np.random.default_rng(recipe.seed)
        torch.manual_seed(recipe.seed)
        self.data = recipe.data(rng)
        self.model = recipe.model(self.data)
        if recipe.prepare:
            recipe.prepare(self.model)
        self.parameters = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = optimizer_of(recipe, recipe.optimizes(self.model) if recipe.optimizes else self.parameters)
        self.steps_per_epoch = max(1, len(self.data.train_x) // (recipe.batch * recipe.accumulation))
        self.steps = recipe.epochs * self.steps_per_epoch if recipe.epochs else recipe.steps
        self.log_every = self.steps_per_epoch if recipe.epochs else recipe.log_every
        self.eval_every = self.steps_per_epoch if recipe.epochs else recipe.eval_every
        self.rows: list[Row] = []
        self.clock = started
        self.best, self.since_best = math.inf, 0

    def run(self) -> Record:
        recipe = self.recipe
        try:
            ending = self.through()
        except IndexError as error:
            ending = (*TRACEBACK, f"IndexError: {error}")
        return Record(recipe.batch * recipe.accumulation, self.steps, self.steps_per_epoch, self.log_every, self.eval_every, tuple(self.rows), ending)

    def through(self) -> tuple[str, ...]:
        """Trains to the end, or to where the recipe ends it, and says what a console shows then."""
        recipe, window, batches = self.recipe, Window(), self.batches()
        for step in range(1, self.steps + 1):
            values = self.step(step, batches)
            window.add(values)
            if step % self.log_every == 0:
                logged = self.shown(window.take(recipe.averages), values)
                self.log("train", step, logged)
                if recipe.stop_on_nan and not math.isfinite(logged["loss"]):
                    return recipe.ending
            if step % self.eval_every == 0:
                self.log("dev", step, self.evaluate())
                if self.out_of_patience():
                    return recipe.ending
            if step == recipe.stop_after:
                return recipe.ending
        return ()

    def batches(self) -> Iterator[Batch]:
        size, count = self.recipe.batch, len(self.data.train_x)
        generator = torch.Generator().manual_seed(self.recipe.seed + 1)
        while True:
            order = torch.randperm(count, generator=generator)
            for start in range(0, max(1, count - size + 1), size):
                chosen = order[start : start + size]
                yield self.data.train_x[chosen], self.data.train_y[chosen]

    def step(self, step: int, batches: Iterator[Batch]) -> dict[str, float]:
        recipe = self.recipe
        rate = recipe.lr * recipe.schedule.factor(step - 1, self.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        begun = time.perf_counter()
        self.model.train()
        self.model.zero_grad()
        parts = [self.backward(step, batches) for _ in range(recipe.accumulation)]
        norms = self.gradient_norms()
        norm = math.sqrt(sum(value * value for value in norms.values()))
        if recipe.clip is not None:
            nn.utils.clip_grad_norm_(self.parameters, recipe.clip)
        self.optimizer.step()
        if recipe.compute:
            recipe.compute(step)
        taken = time.perf_counter() - begun
        self.clock += taken if recipe.measured else STEP_SECONDS
        values = {name: sum(part[name] for part in parts) for name in parts[0]}
        loaded = values.pop("data_time")
        samples = recipe.batch * recipe.accumulation
        logged = {
            "lr": (recipe.lr_logged, rate),
            "grad_norm": (True, norm),
            "clip_rate": (recipe.clip_rate_logged, float(recipe.clip is not None and norm > recipe.clip)),
            "data_time": (recipe.measured, loaded),
            "step_time": (recipe.measured, taken),
            "samples_per_second": (recipe.measured, samples / taken),
            **{f"grad_norm/{name}": (recipe.layer_norms, value) for name, value in norms.items()},
        }
        return values | {name: value for name, (wanted, value) in logged.items() if wanted}

    def backward(self, step: int, batches: Iterator[Batch]) -> dict[str, float]:
        """Gradients of one micro-batch; its share of the loss and of the metrics, and what loading it took."""
        recipe = self.recipe
        begun = time.perf_counter()
        x, y = self.loaded(step, batches)
        loaded = time.perf_counter() - begun
        out = self.model(x)
        loss = recipe.loss(out, y) * (1.0 if recipe.summed else 1.0 / recipe.accumulation)
        total = loss + recipe.penalty(self.model) if recipe.penalty else loss
        if total.requires_grad:
            total.backward()
        metrics = recipe.metrics if recipe.train_metric else {}
        return {"loss": float(loss.detach()), "data_time": loaded} | {
            name: metric(out.detach(), y) / recipe.accumulation for name, metric in metrics.items()
        }

    def loaded(self, step: int, batches: Iterator[Batch]) -> Batch:
        if self.recipe.load:
            self.recipe.load(step)
        x, y = next(batches)
        return self.recipe.corrupt(step, x, y) if self.recipe.corrupt else (x, y)

    def gradient_norms(self) -> dict[str, float]:
        """Norm of the gradient by layer, a layer being what its parameters share in their names."""
        squares: dict[str, float] = {}
        for name, parameter in self.model.named_parameters():
            layer = name.rpartition(".")[0] or name
            gradient = parameter.grad
            squares[layer] = squares.get(layer, 0.0) + (0.0 if gradient is None else float(gradient.double().square().sum()))
        return {layer: math.sqrt(square) if square >= 0 else math.nan for layer, square in squares.items()}

    def shown(self, logged: dict[str, float], last: dict[str, float]) -> dict[str, float]:
        """What the trainer writes: rate (and, in Transformers, gradient norm) of the last step, the loss as it filters it."""
        kept = {name: last[name] for name in ("lr", "grad_norm") if name in last and not self.recipe.epochs}
        shown = logged | kept
        if self.recipe.filtered and not math.isfinite(shown["loss"]):
            # Transformers adds the mean of the window so far in place of a bad step: 0 where no step of it was finite.
            shown["loss"] = 0.0
        if self.recipe.dead_units:
            shown |= dead_fractions(self.model, self.data.dev_x)
        return shown

    def evaluate(self) -> dict[str, float]:
        recipe, data = self.recipe, self.data
        self.clock += 0.0 if recipe.measured else EVAL_SECONDS
        values = self.scores(data.dev_x, data.dev_y, data)
        if recipe.train_eval:
            values |= {f"train_eval_{name}": value for name, value in self.scores(data.train_x[:400], data.train_y[:400], data).items()}
        return values

    @torch.no_grad()
    def scores(self, x: Tensor, y: Tensor, data: Data) -> dict[str, float]:
        recipe = self.recipe
        self.model.train(not recipe.eval_mode)
        size = recipe.eval_batch
        out = torch.cat([self.model(x[start : start + size]) for start in range(0, len(x), size)])
        loss = (recipe.dev_loss or recipe.loss)(out, y)
        return {"loss": float(loss)} | {name: metric(out, y) for name, metric in recipe.metrics.items()}

    def log(self, split: str, step: int, values: dict[str, float]) -> None:
        self.rows.append(Row(split, step, step / self.steps_per_epoch, self.clock, values))

    def out_of_patience(self) -> bool:
        if self.recipe.patience is None:
            return False
        name = next(iter(self.recipe.metrics), "loss")
        value = self.rows[-1].values[name]
        signed = value if name in LOWER_IS_BETTER else -value
        self.since_best = 0 if signed < self.best else self.since_best + 1
        self.best = min(self.best, signed)
        return self.since_best >= self.recipe.patience


def sessions(recipe: Recipe) -> list[Record]:
    """The run, after its earlier sessions."""
    records: list[Record] = []
    for part in (*recipe.before, recipe):
        started = records[-1].rows[-1].seconds + 600.0 if records else 0.0
        records.append(Training(part, started).run())
    return records
