"""What one run of the corpus is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from losses import Loss, accuracy, cross_entropy
from networks import Build
from record import Record
from schedules import Schedule, constant
from tasks import Source
from torch import Tensor, nn

if TYPE_CHECKING:
    from pathlib import Path

Batch = tuple[Tensor, Tensor]
Writer = Callable[["Path", list[Record]], str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training: what an engineer would configure, and what is wrong with it.

    Attributes:
        write: Writes the log and returns the name that the format gives the deciding dev metric.
        epochs: The length, where it is not given in `steps`; log and evaluation are then an epoch apart.
        stop_after: The step at which the run ends early, with `ending` as its last lines.
        stop_on_nan: The trainer ends the run when the loss of a logging window is not finite.
        optimizes: Which parameters the optimizer gets; all where None.
        prepare: Changes the model before training (initialisation, frozen layers).
        penalty: A term added to the loss that is not logged.
        corrupt: Changes the batch of a step.
        load: What loading the batch of a step costs, by really waiting.
        compute: Further real work of a step.
        averages: Logs the mean of the window rather than the step's own loss.
        train_eval: Evaluates training data in eval mode too, as AlgoPerf does.
        summed: Logs (and steps on) the sum over accumulated micro-batches.
        filtered: Replaces non-finite losses in the log as Transformers does.
        measured: Logs real times of the step and of its data.
        told: Facts an engineer would add to those that the recipe gives.
        before: Earlier sessions, in the same log.
        occurs: Whether the fault took place, told from what was recorded: with other weights some do not. Then the next seed is tried.
    """

    data: Source
    model: Build
    write: Writer
    lr: float
    optimizer: str = "adam"
    weight_decay: float = 0.0
    momentum: float = 0.9
    schedule: Schedule = field(default_factory=constant)
    steps: int = 1500
    epochs: int | None = None
    batch: int = 32
    accumulation: int = 1
    clip: float | None = None
    loss: Loss = cross_entropy
    dev_loss: Loss | None = None
    metrics: Mapping[str, Callable[[Tensor, Tensor], float]] = field(default_factory=lambda: {"accuracy": accuracy})
    log_every: int = 10
    eval_every: int = 50
    seed: int = 0
    patience: int | None = None
    stop_after: int | None = None
    stop_on_nan: bool = False
    ending: tuple[str, ...] = ()
    optimizes: Callable[[nn.Module], list[nn.Parameter]] | None = None
    prepare: Callable[[nn.Module], None] | None = None
    penalty: Callable[[nn.Module], Tensor] | None = None
    corrupt: Callable[[int, Tensor, Tensor], Batch] | None = None
    load: Callable[[int], None] | None = None
    compute: Callable[[int], None] | None = None
    eval_batch: int = 512
    eval_mode: bool = True
    averages: bool = True
    train_eval: bool = False
    train_metric: bool = False
    lr_logged: bool = True
    clip_rate_logged: bool = False
    layer_norms: bool = False
    dead_units: bool = False
    summed: bool = False
    filtered: bool = False
    measured: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Recipe, ...] = ()
    occurs: Callable[[list[Record]], bool] | None = None
