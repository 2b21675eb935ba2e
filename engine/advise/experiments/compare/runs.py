"""The final score of a training run out of its logs: the best or the last value of the deciding dev metric."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from advise.documents.problems import Problem
from advise.errors import ScoresError
from advise.experiments.compare.sample import Score, Take
from advise.knowledge.comparison import ComparisonSpec
from advise.runlog.readers.open import is_log
from advise.runlog.readers.refusal import unreadable
from advise.runlog.words import words_of
from advise.terms import Direction

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.runlog.series.record import Curve, RunLog

_MOST_RUNS = 1_000


def runs_in(path: str) -> list[str]:
    """The runs of a path: a log is one; so is a directory with a log in it; of any other directory each directory in it."""
    if not os.path.isdir(path):
        return [path]
    try:
        with os.scandir(path) as entries:
            # A link may lead out of the directory, so none is followed.
            inside = sorted((entry for entry in entries if not entry.is_symlink()), key=lambda entry: entry.name)
    except OSError as error:
        raise unreadable(path, f"the directory cannot be read: {error.strerror}") from error
    folders = [entry.path for entry in inside if entry.is_dir()]
    if not folders or any(entry.is_file() and is_log(entry.path) for entry in inside):
        return [path]
    return folders[:_MOST_RUNS]


def score_of_run(
    path: str, advisor: Advisor, spec: ComparisonSpec, take: Take, metric: str | None, direction: Direction | None
) -> tuple[str, Direction | None, Score]:
    """The metric, its direction and the score of one run.

    Args:
        path: A log, or the directory of a run.
        advisor: Reads logs.
        spec: Which curves can decide.
        take: Whether the best value counts, or the last.
        metric: The column that decides; None to find it.
        direction: Whether more is better; None to go by what the metric is called.

    Raises:
        ScoresError: The run logs no dev metric, or none that is finite, or nothing says whether more is better.
        InputError: It cannot be read.
    """
    log = advisor.observe(path, columns=_columns(metric, spec)).log
    curve = None if log is None else _deciding(log, spec)
    if log is None or curve is None:
        raise ScoresError([Problem(path, 0, 0, "this run logs no dev metric: name its column with --metric, or give final scores", "")])
    better = direction or curve.direction
    if better is None and take == "best":
        raise ScoresError([Problem(path, 0, 0, f"nothing says whether more is better of `{curve.column}`: say so with --direction", "")])
    index = _index(curve, take, better)
    if index is None:
        raise ScoresError([Problem(path, 0, 0, f"`{curve.column}` is nowhere finite: a run that failed is no score", "")])
    score = Score(float(curve.values[index]), curve.file, int(curve.lines[index]), _seed(log.settings, spec))
    return curve.column, better, score


def _columns(metric: str | None, spec: ComparisonSpec) -> Mapping[str, str]:
    return {} if metric is None else {spec.roles[0]: metric}


def _deciding(log: RunLog, spec: ComparisonSpec) -> Curve | None:
    return next((curve for role in spec.roles if (curve := log.curve(role)) is not None), None)


def _index(curve: Curve, take: Take, direction: Direction | None) -> int | None:
    finite = [index for index, value in enumerate(curve.values) if math.isfinite(value)]
    if not finite:
        return None
    if take == "last":
        # A last value that is not finite is a run that failed at the end, not one that ended before.
        return finite[-1] if finite[-1] == len(curve) - 1 else None
    sign = 1 if direction == "up" else -1
    return max(finite, key=lambda index: sign * float(curve.values[index]))


def _seed(settings: Mapping[str, tuple[object, str]], spec: ComparisonSpec) -> str | None:
    wanted = {tuple(name.split()) for name in spec.seeds}
    for name, (value, _) in settings.items():
        words = words_of(name)
        if any(words[-len(seed) :] == seed for seed in wanted):
            return str(value)
    return None
