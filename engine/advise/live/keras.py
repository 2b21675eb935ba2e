"""The observer as a callback of Keras 3, on any of its backends: what a callback sees of a model, its optimizer and its logs.

model.fit(x, y, validation_data=…, callbacks=[AdviseCallback("runs/exp7/advise.jsonl")])
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from advise.live.guard import Guarded, guarded
from advise.live.record import FILE, RecordWriter

_DROPOUT = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")


class AdviseCallback(Guarded, keras.callbacks.Callback):  # type: ignore[misc]
    """Writes the record of a `fit`.

    Args:
        path: The record.
    """

    def __init__(self, path: str | Path = FILE) -> None:
        super().__init__()
        self._path = Path(path)
        self._record: RecordWriter | None = None
        self._step = 0
        self._before: list[Any] = []

    @guarded
    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Write down the set-up."""
        from advise.live.observer import packaged

        self._gives = packaged().live.gives
        optimizer = self.model.optimizer
        config = {name: value for name, value in optimizer.get_config().items() if isinstance(value, bool | int | float | str)}
        settings = {**config, "optimizer": type(optimizer).__name__, "lr": float(optimizer.learning_rate)}
        settings |= {name: value for name, value in (self.params or {}).items() if isinstance(value, int | float | str)}
        self._record = RecordWriter(self._path, settings)
        rates = [float(layer.rate) for layer in self.model.layers if type(layer).__name__ in _DROPOUT]
        readings = {"params": int(self.model.count_params()), **({"dropout": max(rates)} if rates else {})}
        self._tell(readings)

    @guarded
    def on_train_batch_begin(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Keep the weights before the first update."""
        if not self._step:
            self._before = [np.array(value) for value in self.model.get_weights()]

    @guarded
    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """See whether the first update moved anything."""
        self._step += 1
        if self._step == 1 and self._before:
            after = self.model.get_weights()
            moved = any(not np.array_equal(one, np.array(other)) for one, other in zip(self._before, after, strict=True))
            finite = all(np.isfinite(np.asarray(value, dtype=np.float64)).all() for value in after)
            self._tell({"update_applied": moved, "weights_nonfinite": not finite})
            self._before = []

    @guarded
    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Write down what was logged."""
        if self._record is not None:
            numbers = {name: float(value) for name, value in (logs or {}).items()}
            self._record.row({"epoch": epoch + 1, "step": self._step, "lr": float(self.model.optimizer.learning_rate), **numbers})

    @guarded
    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """End the record."""
        if self._record is not None:
            self._tell({"state": "finished"})
            self._record.close()

    def _tell(self, readings: Mapping[str, bool | int | float | str]) -> None:
        if self._record is not None:
            self._record.observed(self._step, {self._gives[name]: value for name, value in readings.items() if name in self._gives})
