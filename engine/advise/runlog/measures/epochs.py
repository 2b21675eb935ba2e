"""What repeats with each epoch: batches that come in the same order show in a loss that rises at the same place of every epoch."""

from __future__ import annotations

import numpy as np

from advise.runlog.measures.noise import finite
from advise.runlog.measures.reading import Readings, over
from advise.runlog.series.record import Curve


def rise_within_epochs(curve: Curve, *, length: float, parts: int, fewest: int, clear: float) -> Readings:
    """By how much a training loss rises from one part of an epoch to a later one, on average over the epochs, as a share of its level.

    A loss that falls within each epoch is none: averages that start over do that, and so does memorising. What rises at the same place of every
    epoch comes from the order of the batches.

    Args:
        curve: The loss of mini-batches; values that are not finite are left out.
        length: Steps an epoch.
        parts: Into how many parts an epoch is cut.
        fewest: How many whole epochs it takes.
        clear: How many standard errors the rise has to be.
    """
    whole = finite(curve)
    if length < parts or not len(whole):
        return {}
    epoch = np.floor(whole.steps / length).astype(np.int64)
    part = np.minimum((np.mod(whole.steps, length) / length * parts).astype(np.int64), parts - 1)
    first, last = int(epoch[0]) + 1, int(epoch[-1])
    if last - first < fewest:
        return {}
    inside = (epoch >= first) & (epoch < last)
    cells = (epoch[inside] - first) * parts + part[inside]
    # An epoch such as 1e11 is none, and as many cells are no memory of this world.
    if (last - first) * parts > 2 * len(cells) + parts:
        return {}
    counts = np.bincount(cells, minlength=(last - first) * parts)
    if not counts.all():
        return {}
    means = (np.bincount(cells, weights=whole.values[inside], minlength=len(counts)) / counts).reshape(-1, parts)
    level = float(np.mean(means))
    if level <= 0:
        return {}
    rises = [(late, early) for early in range(parts) for late in range(early + 1, parts)]
    differences = np.stack([means[:, late] - means[:, early] for late, early in rises])
    averages = differences.mean(axis=1)
    highest = int(np.argmax(averages))
    error = float(differences[highest].std(ddof=1)) / np.sqrt(differences.shape[1])
    start = int(np.argmax(inside))
    share = float(averages[highest]) / level
    return {"rise": over(whole, share if averages[highest] > clear * error else 0.0, start)}
