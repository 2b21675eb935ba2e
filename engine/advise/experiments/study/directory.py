"""Reading trials from a directory of runs: each a folder with its hyperparameters and its log."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advise.documents.json import read_json
from advise.documents.settings import settings_of
from advise.documents.yaml import read_yaml
from advise.errors import LogError
from advise.experiments.study.columns import Choice
from advise.experiments.study.record import MOST_PARAMETERS, History, Setting, Trial, Trials
from advise.experiments.study.refusal import refused
from advise.knowledge.base import KnowledgeBase
from advise.runlog.lexicon import lexicon_of
from advise.runlog.places.gather import logs_of_run
from advise.runlog.readers.open import read_log
from advise.runlog.readers.progress import watched
from advise.runlog.readers.table import Remark, Table
from advise.runlog.series.assemble import assemble
from advise.runlog.series.record import Curve, RunLog
from advise.terms import Direction

MOST_RUNS = 2_000
_DEEPEST = 4
_MOST_BYTES = 1024**2
_TRAINING = "train.loss"


@dataclass(frozen=True, slots=True)
class _Run:
    folder: Path
    file: Path
    settings: Mapping[str, Setting]
    log: RunLog | None


def read_directory(path: str, choice: Choice, base: KnowledgeBase) -> Trials:
    """The runs of a directory.

    Args:
        path: The directory.
        choice: What the caller says of the objective; its column is one of the logs'.
        base: What is known of hyperparameter files and of the names of columns.

    Raises:
        StudyError: It holds no runs, a hyperparameter file cannot be read, or no log has the objective.
    """
    roles = base.study.objective.roles
    columns = {} if choice.objective is None else {roles[0]: choice.objective}
    found = watched(list(_found(Path(path), base.study.columns.files)), "reading", lambda each: each[0])
    runs = [_Run(folder, file, _settings(file), _log_of(folder, file, base, columns)) for folder, file in found]
    if not runs:
        accepted = f"folders with a log and one of {', '.join(base.study.columns.files)}"
        raise refused(path, "no run with a file of hyperparameters lies in this directory", accepted=accepted)
    role = _role(path, runs, roles)
    column, direction = _column(path, runs, role, choice)
    trials = tuple(_trial(Path(path), run, role, column, direction) for run in runs)
    common = set.intersection(*(set(trial.settings) for trial in trials)) if len(trials) <= MOST_RUNS else set()
    if len(common) > MOST_PARAMETERS:
        raise refused(
            path, f"the files hold {len(common)} settings, and {MOST_PARAMETERS} is the limit", accepted="files with the hyperparameters alone"
        )
    return Trials(
        source=path,
        name=Path(path).resolve().name,
        objective=column,
        direction=direction,
        trials=trials,
        histories=lambda indices: _histories(runs, indices, role, column),
        remarks=(Remark("study_best_over_run", path, {"column": column}), *_remarks(path, runs, role)),
    )


def _found(top: Path, files: Sequence[str]) -> Iterator[tuple[Path, Path]]:
    """Each folder that holds a file of hyperparameters, with the most telling one; no link is followed."""
    count = 0
    for folder, inside, names in os.walk(top):
        here = Path(folder)
        depth = len(here.relative_to(top).parts)
        inside[:] = sorted(name for name in inside if not (here / name).is_symlink()) if depth < _DEEPEST else []
        name = next((name for name in files if name in names and not (here / name).is_symlink()), None)
        if name is not None and here != top:
            count += 1
            if count > MOST_RUNS:
                raise refused(str(top), f"the directory holds more than {MOST_RUNS} runs, which is the limit")
            yield here, here / name


def _log_of(folder: Path, settings: Path, base: KnowledgeBase, columns: Mapping[str, str]) -> RunLog | None:
    """What a run in a folder logged; None where it logged nothing that can be read.

    Args:
        folder: Of the run.
        settings: Its file of hyperparameters, which is no log.
        base: What is known of the names of columns.
        columns: Column by role, where the user says which it is.

    Raises:
        MissingExtraError: A log's reader needs packages that are not installed.
    """
    tables: list[Table] = []
    lexicon = lexicon_of(base.roles)
    for path in logs_of_run(str(folder), base.places):
        if Path(path) == settings:
            continue
        try:
            tables += read_log(path, lexicon=lexicon)
        except LogError:
            # A run that died early leaves an empty log; its trial is judged by having none.
            continue
    return assemble([table for table in tables if len(table.lines)], base.roles, columns) if tables else None


def _settings(file: Path) -> Mapping[str, Setting]:
    with file.open("rb") as handle:
        data = handle.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise refused(str(file), f"the file is larger than {_MOST_BYTES // 1024**2} MiB: no file of hyperparameters is")
    read = read_json(data, str(file)) if file.suffix == ".json" else read_yaml(data, str(file))
    if read.document is None:
        raise refused(str(file), read.problems[0].message, line=read.problems[0].line)
    return dict(settings_of(read.document.root))


def _role(path: str, runs: Sequence[_Run], roles: Sequence[str]) -> str:
    """The role that decides: the one that most runs logged, the earlier one where it is even."""
    logged = Counter(role for run in runs if run.log is not None for role in roles if role in run.log.curves)
    if not logged:
        raise refused(path, "no run logs a dev metric: name its column with --objective")
    return max(roles, key=lambda role: logged[role])


def _column(path: str, runs: Sequence[_Run], role: str, choice: Choice) -> tuple[str, Direction]:
    curves = [curve for run in runs if (curve := _curve(run, role)) is not None]
    columns = Counter(curve.column for curve in curves)
    column = choice.objective or columns.most_common(1)[0][0]
    if column not in columns:
        raise refused(path, f"no run logs a column `{choice.objective}`")
    direction = choice.direction or next((curve.direction for curve in curves if curve.column == column), None)
    if direction is None:
        raise refused("--direction", f"nothing says whether more or less is better of `{column}`", accepted="--direction max or --direction min")
    return column, direction


def _curve(run: _Run, role: str, column: str | None = None) -> Curve | None:
    curves = () if run.log is None else run.log.curves.get(role, ())
    return next((curve for curve in curves if column in (None, curve.column)), None)


def _trial(top: Path, run: _Run, role: str, column: str, direction: Direction) -> Trial:
    name = str(run.folder.relative_to(top))
    curve = _curve(run, role, column)
    if curve is None:
        return Trial(name, 1, run.settings, None, "running" if run.log is None else "failed", str(run.file))
    values = [float(value) for value in curve.values]
    finite = [value for value in values if math.isfinite(value)]
    if not finite or not math.isfinite(values[-1]):
        return Trial(name, 1, run.settings, None, "failed", curve.file)
    best = max(finite) if direction == "up" else min(finite)
    return Trial(name, int(curve.lines[values.index(best)]), run.settings, best, "finished", curve.file)


def _histories(runs: Sequence[_Run], indices: Sequence[int], role: str, column: str) -> Mapping[int, History]:
    found = {}
    for index in indices:
        curve = _curve(runs[index], role, column)
        training = _curve(runs[index], _TRAINING)
        if curve is not None:
            found[index] = History(curve.steps, curve.values, None if training is None else (training.steps, training.values))
    return found


def _remarks(path: str, runs: Sequence[_Run], role: str) -> Iterator[Remark]:
    without = sum(_curve(run, role) is None for run in runs)
    if without:
        yield Remark("study_runs_without_objective", path, {"count": without})
