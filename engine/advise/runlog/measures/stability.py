"""Instability: what is not finite, spikes that return, divergence that persists."""

from __future__ import annotations

import numpy as np

from advise.runlog.arrays import Integers
from advise.runlog.measures.noise import finite, median, medians_before, scales_below, scatter, scatter_of
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.trend import blocks
from advise.runlog.measures.uncertainty import Error
from advise.runlog.series.record import Curve

_BLOCKS = 20
_FEWEST = 5
_BASELINE = 20


def nonfinite(
    train: Curve | None = None,
    dev: Curve | None = None,
    epochs: Curve | None = None,
    norm: Curve | None = None,
    lr: Curve | None = None,
    *,
    soon: int,
    chance: float,
) -> Readings:
    """Whether a loss is NaN or infinite, whether it is so before an update can have done harm, and how many evaluations are so.

    Args:
        train: The loss of mini-batches.
        dev: The dev loss. Where a later training loss is finite, so are the weights: the evaluation alone is at fault then, not the loss.
        epochs: The epoch along the steps. Where rows are epochs, the first is the mean of many steps and tells nothing of the first.
        norm: The gradient norm: a gradient that is not finite while the rate is still 0 comes before any update.
        lr: The learning rate.
        soon: Up to which step the first record of mini-batches counts as the start.
        chance: How improbable a last stretch of NaN is that is no chance, where single losses were NaN before.
    """
    found: dict[str, Reading] = {}
    losses = [curve for curve in (train, dev) if curve is not None]
    hits = [(curve, int(places[0])) for curve in losses if len(places := np.flatnonzero(~np.isfinite(curve.values)))]
    if dev is not None and len(dev):
        found["evaluations"] = over(dev, float(np.mean(~np.isfinite(dev.values))))
    if train is not None:
        found |= _survived(train, chance)
        hits = [(curve, place) for curve, place in hits if curve is train or not _is_finite_after(train, float(curve.steps[place]))]
    if hits:
        curve, place = min(hits, key=lambda hit: hit[0].steps[hit[1]])
        found["is_nonfinite"] = over(curve, True, place, place + 1)
        found["step"] = over(curve, round(float(curve.steps[place])), place, place + 1)
        if norm is not None and _is_lost_at_rate_zero(norm, lr):
            found["from_start"] = over(norm, True, 0, 1)
        elif curve is train and not (epochs is not None and np.array_equal(epochs.values, epochs.steps)):
            found["from_start"] = over(curve, place == 0 and bool(curve.steps[0] <= soon), place, place + 1)
    elif losses:
        found["is_nonfinite"] = over(losses[0], False)
    return found


def _survived(train: Curve, chance: float) -> Readings:
    """Which share of the training losses is not finite, and that the weights are finite: a loss computed with NaN for weights is NaN for good.

    Where the log ends in a stretch of NaN longer than chance makes it from the share before, nothing is said of the weights.
    """
    bad = ~np.isfinite(train.values)
    if not bad.any() or bad.all():
        return {}
    found = {"share": over(train, float(np.mean(bad)))}
    last = int(np.argmin(bad[::-1]))
    before = float(np.mean(bad[: len(bad) - last]))
    if before > 0 and before**last > chance:
        found["weights"] = over(train, False)
    return found


def _is_finite_after(curve: Curve, step: float) -> bool:
    return bool(np.isfinite(curve.values[curve.steps > step]).any())


def _is_lost_at_rate_zero(norm: Curve, lr: Curve | None) -> bool:
    """Whether the first gradient is not finite, in a record whose rate has changed no weight yet."""
    if not len(norm) or np.isfinite(norm.values[0]) or lr is None or not len(lr):
        return False
    return bool(lr.lines[0] == norm.lines[0] and lr.file == norm.file and lr.values[0] == 0)


def nonfinite_norm(norm: Curve, *, last: int) -> Readings:
    """Whether the gradient norm has become NaN or infinite, and stays so.

    Args:
        norm: The gradient norm.
        last: How many values at the end must be so.
    """
    bad = ~np.isfinite(norm.values)
    return {"is_nonfinite": over(norm, len(norm) >= last and bool(bad[-last:].all()))}


def spikes(curve: Curve, *, height: float, deviations: float, window: int, fewest: int) -> Readings:
    """Values far above those before them, and whether the curve comes back.

    Noise of a loss is a share of it, so deviations are those of its logarithm.

    Args:
        curve: The loss of mini-batches; a loss that can be negative has no spikes by ratio.
        height: How many times the median of the block before it a spike is at least.
        deviations: How many standard deviations of the noise around it a spike lies above that median.
        window: Over how many values that noise is told.
        fewest: How many values it takes.
    """
    whole = finite(curve)
    if len(whole) < fewest or np.min(whole.values) <= 0:
        return {}
    tops = whole.values
    logs = np.log(tops)
    baseline = medians_before(tops, _BASELINE)
    is_high = (tops >= height * baseline) & (logs - np.log(baseline) >= deviations * scales_below(logs, _BASELINE, window))
    # What starts high is no spike: there is nothing it rises from.
    is_high[:_BASELINE] = False
    starts = np.flatnonzero(is_high & ~np.concatenate([[False], is_high[:-1]]))
    ends = np.flatnonzero(is_high & ~np.concatenate([is_high[1:], [False]]))
    found: dict[str, Reading] = {"count": over(whole, len(starts))}
    if not len(starts):
        return found
    place = int(np.argmax(np.where(is_high, tops / baseline, 0)))
    found["height"] = over(whole, float(tops[place] / baseline[place]), place, place + 1)
    found["longest"] = over(whole, round(float(np.max(whole.steps[ends] - whole.steps[starts]))))
    begun = float(whole.steps[starts[-1]])
    if 0 <= begun <= whole.steps[-1]:
        found["last"] = over(whole, begun / float(whole.steps[-1]), int(starts[-1]))
    end = int(ends[-1])
    after = tops[end + 1 :]
    if len(after) >= _FEWEST:
        found["return"] = over(whole, bool(np.median(after[: 2 * _BASELINE]) < height * baseline[int(starts[-1])]), int(starts[-1]))
    return found


def divergence(curve: Curve, *, lost: float, times: float, deviations: float) -> Readings:
    """Whether a loss has left its lowest level for good.

    The last tenth has to lie far above the lowest block of a twentieth: by a share of all that was gained, by a factor, and by more than the noise.

    Args:
        curve: The loss.
        lost: The share of the improvement that is gone.
        times: How many times the lowest level it is; does not count where the loss can be negative.
        deviations: How many scales of the noise of the blocks.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST:
        return {}
    with np.errstate(over="ignore", invalid="ignore"):
        means = np.array([median(block) for block in np.array_split(whole.values, min(_BLOCKS, len(whole)))])
    low = int(np.argmin(means))
    lowest, end = float(means[low]), float(np.min(means[-2:]))
    noise = max(scatter(means[: low + 1]), scatter_of(whole))
    gained = float(means[0]) - lowest
    has_left = (
        end - lowest >= max(lost * gained, deviations * noise) and (lowest <= 0 or end >= times * lowest) and end > lowest and low < len(means) - 2
    )
    found: dict[str, Reading] = {"diverged": over(whole, bool(has_left))}
    if has_left:
        smooth = np.array([np.median(whole.values[max(0, place - 2) : place + 3]) for place in _sampled(len(whole))])
        near = np.flatnonzero(smooth <= smooth.min() + 0.1 * abs(smooth.min()))
        place = int(_sampled(len(whole))[near[-1]])
        found["step"] = over(whole, round(float(whole.steps[place])), place, place + 1)
    initial = float(whole.values[0])
    if initial > 0:
        highest = float(np.max(whole.values))
        found["highest"] = over(whole, highest / initial if highest < 1e300 else 1e300)
    return found


def slow_rise(curve: Curve, *, deviations: float, share: float) -> Readings:
    """How far a loss has crept up from its lowest level, block after block.

    Args:
        curve: The loss of mini-batches.
        deviations: How many scales of the noise of the blocks the rise must be.
        share: How much of the whole improvement the rise must undo.
    """
    whole = finite(curve)
    if len(whole) < 2 * _BLOCKS:
        return {}
    with np.errstate(over="ignore", invalid="ignore"):
        means = blocks(whole.values, _BLOCKS)
    low = int(np.argmin(means))
    after = means[low:]
    lowest, rise = float(after[0]), float(after[-1] - after[0])
    if not np.isfinite(rise) or lowest <= 0:
        return {}
    noise = max(scatter(after), scatter_of(whole) / np.sqrt(len(whole) / _BLOCKS))
    is_steady = len(after) >= _FEWEST and bool(np.all(np.diff(after) >= -noise)) and rise >= deviations * noise
    undone = rise >= share * (float(means[0]) - lowest)
    found = over(whole, rise / lowest if is_steady and undone else 0.0)
    return {"rise": found.within(Error(noise * np.sqrt(2) / lowest, len(after) - 1)) if is_steady and undone else found}


def setback(curve: Curve, *, fewest: int, deviations: float) -> Readings:
    """The largest climb of a loss from a low of its own, block after block, as a share of its whole fall.

    Medians of twentieths, so that a spike is none; it is made up for where the last of them is down at that low again.

    Args:
        curve: The loss of mini-batches.
        fewest: How many values it takes.
        deviations: How many standard errors of a block the climb must be.
    """
    whole = finite(curve)
    if len(whole) < fewest:
        return {}
    parts = np.array_split(whole.values, _BLOCKS)
    levels = np.array([median(part) for part in parts])
    lows = np.minimum.accumulate(levels)
    top = int(np.argmax(levels - lows))
    climb, fall = float(levels[top] - lows[top]), float(whole.values[0] - np.min(levels))
    if not (np.isfinite(climb) and np.isfinite(fall)) or fall <= 0:
        return {}
    error = scatter_of(whole) / np.sqrt(len(whole) / _BLOCKS)
    if climb < deviations * error:
        return {"share": over(whole, 0.0)}
    start, stop = (sum(map(len, parts[:count])) for count in (int(np.argmin(levels[: top + 1])), top + 1))
    return {"share": over(whole, climb / fall, start, stop), "made_up": over(whole, bool(levels[-1] <= lows[top]), start)}


def early_rise(curve: Curve, *, budget: float | None = None, early: float, later: float) -> Readings:
    """How high a loss rose at the start, and whether it came down again.

    Args:
        curve: The loss of mini-batches.
        budget: The planned steps; the steps done where they are not known.
        early: Which share of the steps is the start.
        later: At which share of the steps it should be back.
    """
    whole = finite(curve)
    if len(whole) < 2 * _FEWEST or whole.values[0] <= 0:
        return {}
    end = max(budget or 0.0, float(whole.steps[-1]))
    stop = int(np.searchsorted(whole.steps, early * end, side="right"))
    if stop < _FEWEST:
        return {}
    head = whole.values[:stop]
    smooth = np.sort(np.lib.stride_tricks.sliding_window_view(head, _FEWEST), axis=1)[:, _FEWEST // 2]
    first = float(np.median(head[:3]))
    if first <= 0:
        return {}
    found = {"rise": over(whole, max(1.0, float(np.max(smooth)) / first), 0, stop)}
    back = int(np.searchsorted(whole.steps, later * end, side="right"))
    if back > stop and back < len(whole):
        found["recovered"] = over(whole, bool(np.median(whole.values[max(0, back - _FEWEST) : back]) < first), stop, back)
    return found


def _sampled(count: int) -> Integers:
    """At most a thousand places, evenly spaced."""
    return np.unique(np.linspace(0, count - 1, min(count, 1000)).astype(np.int64))
