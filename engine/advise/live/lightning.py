"""The observer as a callback of Lightning's `Trainer`.

trainer = Trainer(callbacks=[AdviseCallback()])
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightning.pytorch.callbacks import Callback

from advise.live.guard import Guarded, guarded
from advise.live.observer import Observer
from advise.live.record import FILE

if TYPE_CHECKING:
    from lightning.pytorch import LightningModule, Trainer


class AdviseCallback(Guarded, Callback):
    """Watches the training of a `Trainer`; one process writes, however many train.

    Args:
        path: The record; by default `advise.jsonl` in the log folder.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._path = path
        self._observer: Observer | None = None

    @guarded
    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin to watch."""
        if not trainer.is_global_zero:
            return
        path = self._path or os.path.join(trainer.log_dir or trainer.default_root_dir, FILE)
        optimizers = [getattr(each, "optimizer", each) for each in trainer.optimizers]
        settings = {"gradient_clip_val": trainer.gradient_clip_val, "accumulate_grad_batches": trainer.accumulate_grad_batches}
        self._observer = Observer(pl_module, optimizers, path, settings={name: value for name, value in settings.items() if value is not None})

    @guarded
    def on_train_batch_end(self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Take the loss of a step."""
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if self._observer is not None and loss is not None:
            self._observer.step(loss)

    @guarded
    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Take what was evaluated, but for the check before the training."""
        if self._observer is not None and not trainer.sanity_checking:
            # Metrics of training steps stand there too, under names that say so.
            metrics = {name: float(value) for name, value in trainer.callback_metrics.items() if "train" not in name}
            if metrics:
                self._observer.evaluated(metrics)

    @guarded
    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """End the record."""
        if self._observer is not None:
            self._observer.close()

    @guarded
    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """End the record with what ended the training."""
        if self._observer is not None:
            self._observer.__exit__(type(exception), exception, exception.__traceback__)
