"""Whether a fault took place in a run, told from what was recorded, before it is shown as a trainer shows it or after."""

from __future__ import annotations

import math
from statistics import median

from record import Record

_THOUSANDS = 1000.0


def not_finite(records: list[Record]) -> bool:
    """A loss or a gradient of the training is NaN or infinite."""
    return any(not math.isfinite(value) for value in _trained(records, "loss") + _trained(records, "grad_norm"))


def gradients_of_thousands(records: list[Record]) -> bool:
    """Gradient norms are of thousands to the end: half of those of the second half at least."""
    norms = _trained(records, "grad_norm")
    return median(norms[len(norms) // 2 :]) >= _THOUSANDS


def dev_loss_rises(records: list[Record]) -> bool:
    """The dev loss ends half as high again as its lowest value, or higher."""
    losses = [row.values["loss"] for record in records for row in record.rows if row.split == "dev" and "loss" in row.values]
    return median(losses[-3:]) >= 1.5 * min(losses)


def loss_climbs_back(records: list[Record]) -> bool:
    """The training loss of some tenth of the run is four tenths above that of an earlier one, by medians, and in the end below both."""
    losses = _trained(records, "loss")
    levels = [median(losses[len(losses) * part // 10 : len(losses) * (part + 1) // 10]) for part in range(10)]
    return any(later >= 1.4 * earlier > levels[-1] for part, earlier in enumerate(levels) for later in levels[part + 1 :])


def _trained(records: list[Record], name: str) -> list[float]:
    return [row.values[name] for record in records for row in record.rows if row.split == "train" and name in row.values]
