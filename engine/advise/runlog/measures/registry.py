"""Every measure by the name that `kb/measures.yaml` calls it by."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from advise.runlog.measures import (
    best,
    checkpoints,
    constancy,
    course,
    epochs,
    extent,
    gap,
    gradients,
    levels,
    noise,
    pipeline,
    schedule,
    stability,
    trend,
)
from advise.runlog.measures.reading import Readings

_FUNCTIONS: tuple[Callable[..., Readings], ...] = (
    best.after_best,
    best.agreement,
    best.at_best,
    best.best,
    best.describe,
    best.evaluations,
    best.gain_over_guess,
    best.is_one_column,
    best.is_quantity,
    best.late_window,
    checkpoints.saved,
    constancy.constancy,
    constancy.number_of_values,
    course.course,
    extent.elapsed,
    extent.extent,
    extent.ran_out_of_patience,
    gap.gap,
    gap.loss_gap,
    gap.loss_scale,
    gap.modes,
    gap.split_errors,
    gradients.clip_rate,
    gradients.extremes,
    gradients.growth,
    gradients.layers,
    gradients.logged_rate,
    gradients.norms,
    gradients.warmup,
    epochs.rise_within_epochs,
    levels.column_there,
    levels.dev_loss,
    levels.ends,
    levels.level,
    levels.logged,
    levels.never_evaluated,
    levels.oscillation,
    levels.training_loss,
    noise.neighbours,
    noise.relative_noise,
    noise.samples_behind,
    pipeline.lasting_pace,
    pipeline.loader_share,
    pipeline.memory_growth,
    pipeline.step_times,
    pipeline.throughput,
    schedule.learning_rate,
    stability.divergence,
    stability.early_rise,
    stability.nonfinite,
    stability.nonfinite_norm,
    stability.setback,
    stability.slow_rise,
    stability.spikes,
    trend.first_half_of_the_fall,
    trend.loss_trend,
    trend.metric_trend,
    trend.recent_fall,
)
MEASURES: Mapping[str, Callable[..., Readings]] = {function.__name__: function for function in _FUNCTIONS}


def readings(measure: str, arguments: Mapping[str, object]) -> Readings:
    """What a measure gives; an output that is beyond all floats is left out.

    Logs hold values such as 1e300, of which neither squares nor sums exist.

    Args:
        measure: Its name.
        arguments: Its curves, facts and constants, by parameter.
    """
    with np.errstate(all="ignore"):
        found = MEASURES[measure](**arguments)
    return {output: reading for output, reading in found.items() if not isinstance(reading.value, float) or math.isfinite(reading.value)}
