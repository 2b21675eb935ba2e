"""An observer in the training loop of PyTorch: it sees what no log holds, and writes it down with its evidence.

    with Observer(model, optimizer, "runs/exp7/advise.jsonl") as watch:
        for x, y in loader:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            watch.step(loss)
        watch.evaluated({"loss": dev_loss, "accuracy": dev_accuracy})

The record is read like any log: `advise runs/exp7/advise.jsonl`. The observer changes nothing of the training: it draws no random numbers and leaves
every tensor as it is. It looks at the first steps, then so rarely that looking takes a hundredth of the time. Whatever goes wrong in it is a warning,
after which it is off; the loop never hears of it.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from advise.live.guard import Guarded, guarded
from advise.live.record import FILE, RecordWriter
from advise.live.torch_data import overlap
from advise.live.torch_loss import LossWatch
from advise.live.torch_setup import normalises_by_batch, readings_of, settings_of
from advise.live.torch_step import are_left, copied, gradients, layers_of, updates
from advise.live.torch_units import UnitWatch
from advise.runlog.words import words_of

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.utils.data import Dataset
    from torch.utils.hooks import RemovableHandle

    from advise.knowledge.base import KnowledgeBase

Reading = bool | int | float | str

# These steps are looked at whatever that takes: most faults of the loop show in them.
_FIRST_LOOKS = 5
# Then looking takes this share of the time.
_SHARE = 0.01
# So many steps make a row; the first ones each.
_EVERY = 10
_FIRST_ROWS = 100
_MOST_WEIGHTS = 20_000
_FEWEST_LABELS = 20
# How large updates are is told from this step on, by so many of them, the latest.
_SIZES_FROM, _FEWEST_SIZES, _MOST_SIZES = 20, 5, 15
_SIZES = ("update_ratio", "update_smallest", "update_largest")
_MOST_TEXT = 2_000
# The first waits are for workers that start.
_WAITS_FROM = 5


class Observer(Guarded):
    """Watches a training loop.

    Args:
        model: What learns.
        optimizer: The optimizer, or all of them.
        path: The record; a resumed run goes on in it.
        scaler: The `GradScaler`, where there is one.
        train: The training set, to see how large it is and whether dev samples are in it; needs `dev`.
        dev: The dev set.
        settings: Further hyperparameters, by the names that trainers use, such as `batch_size`.
        knowledge: By default what came with the package.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer | Sequence[Optimizer],
        path: str | Path = FILE,
        *,
        scaler: Any = None,
        train: Dataset[Any] | None = None,
        dev: Dataset[Any] | None = None,
        settings: Mapping[str, object] | None = None,
        knowledge: KnowledgeBase | None = None,
    ) -> None:
        self.steps = 0
        self._model, self._scaler = model, scaler
        self._optimizers: list[Optimizer] = list(optimizer) if isinstance(optimizer, Sequence) else [optimizer]
        self._readings: dict[str, Reading] = {}
        self._hooks: list[RemovableHandle] = []
        self._started = time.perf_counter()
        self._spent = 0.0
        self._is_due = True
        self._norm: float | None = None
        self._before: list[Tensor] | None = None
        self._loss: Tensor | float | None = None
        self._counted = 0
        self._forwards = 0
        self._stepped = False
        self._ended_at: float | None = None
        self._waited = self._worked = 0.0
        self._scored_in_training: bool | None = None
        self._sizes: deque[dict[str, float]] = deque(maxlen=_MOST_SIZES)
        self._begin(Path(path), knowledge, train, dev, settings or {})

    @guarded
    def _begin(self, path: Path, knowledge: KnowledgeBase | None, train: Any, dev: Any, settings: Mapping[str, object]) -> None:
        base = knowledge or packaged()
        self._base, self._live = base, base.live
        self._splits = frozenset(word for words in base.roles.splits.values() for phrase in words for word in words_of(phrase))
        self._layers = layers_of(self._model)
        held = {id(parameter) for optimizer in self._optimizers for group in optimizer.param_groups for parameter in group["params"]}
        self._updated = [layer for layer in self._layers if id(layer.parameter) in held]
        self._by_batch = normalises_by_batch(self._model, self._live)
        self._record = RecordWriter(path, {**settings_of(self._optimizers, self._live), **settings})
        self._readings |= readings_of(self._model, self._optimizers, self._live)
        self._readings |= overlap(train, dev)
        if self._scaler is not None:
            self._readings["loss_scaling"] = bool(self._scaler.is_enabled())
        self._losses = LossWatch(self._live)
        self._units = UnitWatch(self._model, self._live)
        self._hooks.append(self._model.register_forward_pre_hook(self._before_forward, with_kwargs=True))
        for optimizer in self._optimizers:
            self._hooks.append(optimizer.register_step_pre_hook(self._before_step))
            self._hooks.append(optimizer.register_step_post_hook(self._after_step))
        self._losses.install()
        self._tell()

    def __enter__(self) -> Observer:
        """Nothing more: it watches from its making on."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write down how the loop ended, and let go of the model."""
        self._end(error)

    def close(self) -> None:
        """The same where there is no `with`."""
        self._end(None)

    @guarded
    def _end(self, error: BaseException | None) -> None:
        kind = None if error is None else type(error)
        self._flush()
        interrupted = kind is not None and issubclass(kind, KeyboardInterrupt | SystemExit)
        self._readings["state"] = "finished" if kind is None else "killed" if interrupted else "crashed"
        self._readings |= self._losses.readings
        self._tell()
        if error is not None:
            self._record.row({"step": self.steps, "ended": f"{type(error).__name__}: {error}"[:_MOST_TEXT]})
        self.let_go()

    @guarded
    def step(self, loss: Tensor | float | None = None, **numbers: float) -> None:
        """An update was made.

        Args:
            loss: Of its batch.
            **numbers: Whatever else shall be in the record.
        """
        self._take(loss)
        if self._counted >= _EVERY or self.steps <= _FIRST_ROWS or numbers:
            self._flush(numbers)
        self._ended_at = time.perf_counter()

    @guarded
    def evaluated(self, metrics: Mapping[str, float], split: str = "val") -> None:
        """The model was evaluated.

        Args:
            metrics: By name; one that says no split is of `split`.
            split: Of which data.
        """
        self._flush()
        named = {name if self._splits.intersection(words_of(name)) else f"{split}_{name}": float(value) for name, value in metrics.items()}
        if self._scored_in_training is not None:
            self._readings["eval_mode"] = not self._scored_in_training
            self._scored_in_training = None
        self._record.row({"step": self.steps, **named})
        self._tell()
        # An evaluation is no wait for data.
        self._ended_at = None

    def let_go(self) -> None:
        """Let go of the model, the loss functions and the record."""
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()
        for name in ("_losses", "_units"):
            if hasattr(self, name):
                getattr(self, name).remove()
        if hasattr(self, "_record"):
            self._record.close()
        self.is_off = True

    @guarded
    def _before_forward(self, model: nn.Module, args: Any, kwargs: Any) -> None:
        if not torch.is_grad_enabled() or torch.compiler.is_compiling():
            if not torch.compiler.is_compiling() and self.steps:
                self._scored_in_training = bool(self._scored_in_training) or model.training
            return
        start = time.perf_counter()
        self._forwards += 1
        if self._forwards == 1 and self._ended_at is not None and self.steps > _WAITS_FROM:
            self._waited += start - self._ended_at
        if self._is_due:
            self._look_at_inputs([*args, *kwargs.values()])
            if self._forwards == 1 and self._stepped:
                self._readings["cleared"] = not are_left(self._updated)
            self._units.look()
            self._losses.is_looking = True
            self._spent += time.perf_counter() - start

    def _look_at_inputs(self, given: Iterable[Any]) -> None:
        first = next((each for each in given if isinstance(each, Tensor) and each.dim() > 0), None)
        if first is None or first.is_meta:
            return
        self._readings["batch"] = int(first.shape[0])
        if self._by_batch:
            self._readings["batch_norm_batch"] = int(first.shape[0])
        device = first.device.type
        if torch.is_autocast_enabled(device):
            kind = str(torch.get_autocast_dtype(device)).removeprefix("torch.")
        else:
            kind = str(next(iter(self._model.parameters())).dtype).removeprefix("torch.")
        if kind in self._live.precisions:
            self._readings["precision"] = self._live.precisions[kind]
        if first.is_floating_point() and first.numel():
            with torch.no_grad():
                values = first.detach().float()
                finite = torch.isfinite(values)
                self._readings["input_nonfinite"] = float((~finite.reshape(len(values), -1).all(dim=1)).float().mean())
                values = torch.where(finite, values, 0.0)
                largest = float(values.abs().max())
                self._readings["input_largest"] = max(largest, float(self._readings.get("input_largest", 0.0)))
                self._readings["input_mean"] = float(values.mean().abs())

    @guarded
    def _before_step(self, optimizer: Optimizer, *_: Any) -> None:
        if not self._is_due:
            return
        start = time.perf_counter()
        # A scaler unscales before it steps, so that what is here is what the update follows.
        self._norm, found = gradients(self._layers)
        self._readings |= found
        self._before = copied(self._layers, _MOST_WEIGHTS)
        self._spent += time.perf_counter() - start

    @guarded
    def _after_step(self, optimizer: Optimizer, *_: Any) -> None:
        is_last = optimizer is self._optimizers[-1]
        if self._is_due and self._before is not None:
            start = time.perf_counter()
            self._take_updates(updates(self._layers, self._before))
            if is_last:
                self._conclude()
            self._spent += time.perf_counter() - start
        if is_last:
            self.steps += 1
            self._stepped = True
            self._forwards = 0
            self._before = None
            elapsed = time.perf_counter() - self._started
            self._is_due = self.steps < _FIRST_LOOKS or self._spent <= _SHARE * elapsed

    def _take_updates(self, found: Mapping[str, Reading]) -> None:
        """Keep what an update shows; how large it is, by the median of the latest, for the first steps of an adaptive optimizer are large."""
        sizes = {name: float(found[name]) for name in _SIZES if name in found}
        self._readings |= {name: value for name, value in found.items() if name not in sizes}
        if len(sizes) == len(_SIZES) and self.steps >= _SIZES_FROM:
            self._sizes.append(sizes)
            if len(self._sizes) >= _FEWEST_SIZES:
                self._readings |= {name: median(each[name] for each in self._sizes) for name in _SIZES}

    def _conclude(self) -> None:
        """Gather what was seen of this update."""
        self._losses.is_looking = False
        self._readings |= self._losses.readings
        imbalance = self._losses.imbalance(_FEWEST_LABELS)
        if imbalance is not None:
            self._readings["imbalance"] = imbalance
        self._readings["accumulation"] = max(1, self._forwards)
        self._readings |= self._units.readings()
        elapsed = time.perf_counter() - self._started
        if self.steps > 4 * _WAITS_FROM:
            self._readings["waiting"] = min(1.0, self._waited / elapsed)
        self._tell()

    def _take(self, loss: Tensor | float | None) -> None:
        if loss is None:
            return
        value = loss.detach().float().mean() if isinstance(loss, Tensor) else float(loss)
        self._loss = value if self._loss is None else self._loss + value
        self._counted += 1

    def _flush(self, numbers: Mapping[str, float] | None = None) -> None:
        """Write a row: the mean loss since the last one, the rate, the norm where it was measured."""
        row: dict[str, object] = {"step": self.steps}
        if self._counted and self._loss is not None:
            row["train_loss"] = float(self._loss) / self._counted
        if not self._counted and not numbers:
            return
        row["lr"] = max(float(group.get("lr", math.nan)) for optimizer in self._optimizers for group in optimizer.param_groups)
        if self._norm is not None:
            row["grad_norm"] = self._norm
        self._record.row({**row, **(numbers or {})})
        self._loss, self._counted, self._norm = None, 0, None

    def _tell(self) -> None:
        gives = self._live.gives
        self._record.observed(self.steps, {gives[name]: value for name, value in self._readings.items() if name in gives and _is_plain(value)})


def _is_plain(value: Reading) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def packaged() -> KnowledgeBase:
    """The knowledge that came with the package."""
    from advise.knowledge.prepared import prepare

    return prepare().knowledge
