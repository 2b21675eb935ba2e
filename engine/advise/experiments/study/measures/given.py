"""Readings on trials: what they rest on."""

from __future__ import annotations

from advise.experiments.study.record import Trial
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Reading
from advise.text import Value


def counted(study: Study, value: Value, count: int | None = None, error: float | None = None) -> Reading:
    """A reading on the whole study, which rests on so many trials: the usable ones where nothing is said."""
    return Reading(value, study.read.source, 0, 0, len(study.usable) if count is None else count, error)


def of_trial(trial: Trial, value: Value) -> Reading:
    """A reading on one trial."""
    return Reading(value, trial.file, trial.line, trial.line, 1)
