"""The trials of an Optuna study as runs: their parameters, and the values that each reported on its way."""

from __future__ import annotations

from collections.abc import Iterator

from advise.experiments.study.optuna_db import read_optuna
from advise.experiments.study.record import History, Trial, Trials
from advise.facts.read import read_all
from advise.facts.record import Observed
from advise.knowledge.base import KnowledgeBase
from advise.runlog.observe import with_logs
from advise.runlog.readers.records import Records

FORMAT = "optuna"
_AT_ONCE = 500
_DIRECTIONS = {"up": "maximize", "down": "minimize"}


def observed_trials(path: str, base: KnowledgeBase) -> Iterator[tuple[str, Observed]]:
    """What is observed of each trial.

    Args:
        path: The database.
        base: The knowledge of columns, measures and facts.

    Yields:
        The name of each trial, and what is observed of it.

    Raises:
        StudyError: It holds several studies, or none that can be read.
    """
    trials = read_optuna(path, None, None)
    for start in range(0, len(trials.trials), _AT_ONCE):
        indices = range(start, min(start + _AT_ONCE, len(trials.trials)))
        histories = trials.histories(list(indices))
        for index in indices:
            trial = trials.trials[index]
            yield f"{trials.name}/{trial.name}", _observed(trial, histories.get(index), trials, path, base)


def _observed(trial: Trial, history: History | None, trials: Trials, path: str, base: KnowledgeBase) -> Observed:
    """A trial as a run whose dev metric is the objective."""
    records = Records()
    points = [] if history is None else list(zip(history.steps.tolist(), history.values.tolist(), strict=True))
    if not points and trial.value is not None:
        points = [(1.0, trial.value)]
    for number, (step, value) in enumerate(points, start=1):
        records.add(number, {"step": step, trials.objective: value})
    for name, setting in trial.settings.items():
        records.set(name, setting)
    records.set("state", trial.state)
    column = {base.study.objective.roles[0]: trials.objective} if base.study.objective.roles and points else {}
    directions = base.fleet.columns.get("direction", ())
    stated = {directions[0]: _DIRECTIONS[trials.direction]} if directions and trials.direction is not None else {}
    known = read_all((), base.vocabulary, stated)
    return with_logs(known, [records.table(path, FORMAT)], base, column, (), trial.name)
