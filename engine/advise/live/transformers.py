"""The observer as a callback of Transformers' `Trainer`, and so of TRL's.

trainer = Trainer(model, args, …, callbacks=[AdviseCallback()])
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from advise.live.guard import Guarded, guarded
from advise.live.observer import Observer
from advise.live.record import FILE

if TYPE_CHECKING:
    from transformers import TrainerControl, TrainerState, TrainingArguments

# What the arguments call hyperparameters that no optimizer holds.
_SETTINGS = (
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "max_grad_norm",
    "warmup_steps",
    "lr_scheduler_type",
    "label_smoothing_factor",
    "num_train_epochs",
    "max_steps",
    "seed",
)


class AdviseCallback(Guarded, TrainerCallback):
    """Watches the training of a `Trainer`; one process writes, however many train.

    Args:
        path: The record; by default `advise.jsonl` in the output folder.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._path = path
        self._observer: Observer | None = None

    @guarded
    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **given: Any) -> None:
        """Begin to watch."""
        model, optimizer = given.get("model"), given.get("optimizer")
        if model is None or optimizer is None or not state.is_world_process_zero:
            return
        path = self._path or os.path.join(args.output_dir or os.curdir, FILE)
        settings = {name: _plain(value) for name in _SETTINGS if (value := getattr(args, name, None)) is not None}
        # Accelerate wraps the optimizer; what the hooks see is the one inside.
        self._observer = Observer(model, getattr(optimizer, "optimizer", optimizer), path, settings=settings)

    @guarded
    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        """Write down what the trainer logs."""
        if self._observer is not None and logs:
            numbers = {name: float(value) for name, value in logs.items() if isinstance(value, int | float)}
            if any(name.startswith("eval_") for name in numbers):
                self._observer.evaluated(numbers, "eval")
            elif "loss" in numbers:
                loss = numbers.pop("loss")
                self._observer.step(loss, **numbers)

    @guarded
    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """End the record."""
        if self._observer is not None:
            self._observer.close()


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) else getattr(value, "value", str(value))
