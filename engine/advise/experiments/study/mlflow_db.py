"""Reading the runs of an MLflow database as the trials of a study."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence

from advise.database import number, opened, whole
from advise.experiments.study.columns import Choice, objective_column
from advise.experiments.study.record import MOST_PARAMETERS, MOST_TRIALS, History, Setting, State, Trial, Trials
from advise.experiments.study.refusal import listed, refused
from advise.experiments.study.values import setting_of
from advise.knowledge.base import KnowledgeBase
from advise.runlog.readers.mlflow_rows import IS_FINITE, RunRow, metrics_in, params_in, runs_in, value_of
from advise.runlog.readers.table import Remark
from advise.terms import Direction

_STATES: Mapping[str, State] = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "failed", "RUNNING": "running", "SCHEDULED": "running"}
_AT_ONCE = 500
_MOST_PARAMS = MOST_TRIALS * MOST_PARAMETERS


def read_mlflow(path: str, experiment: str | None, choice: Choice, base: KnowledgeBase) -> Trials:
    """The runs of one experiment.

    Args:
        path: The database.
        experiment: Its name, where several hold runs.
        choice: What the caller says of the objective.
        base: What is known of the names of columns.

    Raises:
        StudyError: There is no such experiment or metric, or it is not said which.
    """
    with opened(path, path, refused) as connection:
        key, name = _experiment(connection, path, experiment)
        runs = runs_in(connection, MOST_TRIALS + 1, key)
        if len(runs) > MOST_TRIALS:
            raise refused(path, f"the experiment has more than {MOST_TRIALS} runs, which is the limit")
        decided = objective_column(path, metrics_in(connection, key), choice, base)
        values = _values(connection, key, decided.column, decided.direction)
        settings: dict[str, dict[str, Setting]] = defaultdict(dict)
        for run, parameter, value in params_in(connection, _MOST_PARAMS, key):
            settings[run][parameter] = setting_of(value)
    trials = tuple(_trial(path, index, run, values.get(run.id), settings.get(run.id, {})) for index, run in enumerate(runs))
    ids = [run.id for run in runs]
    return Trials(
        source=path,
        name=name,
        objective=decided.column,
        direction=decided.direction,
        trials=trials,
        histories=lambda indices: _histories(path, ids, indices, decided.column),
        remarks=(Remark("study_best_over_run", path, {"column": decided.column}),),
    )


def _experiment(connection: sqlite3.Connection, path: str, wanted: str | None) -> tuple[int, str]:
    rows = connection.execute(
        """SELECT e.experiment_id, e.name FROM experiments e JOIN runs r ON r.experiment_id = e.experiment_id
        WHERE r.lifecycle_stage = 'active' GROUP BY e.experiment_id ORDER BY e.experiment_id"""
    )
    found = [(whole(key), str(name)) for key, name in rows]
    named = [item for item in found if item[1] == wanted]
    if wanted is not None and not named:
        raise refused(path, f"there is no experiment `{wanted}` with runs", accepted=listed([name for _, name in found]))
    if not found:
        raise refused(path, "the database holds no run")
    if wanted is None and len(found) > 1:
        raise refused(path, f"{len(found)} experiments hold runs: name one with --study", accepted=listed([name for _, name in found]))
    return (named or found)[0]


def _values(connection: sqlite3.Connection, experiment: int, metric: str, direction: Direction) -> dict[str, float | None]:
    best = "MAX" if direction == "up" else "MIN"
    rows = connection.execute(
        f"""SELECT m.run_uuid, {best}(CASE WHEN {IS_FINITE.format("m")} THEN m.value END), MIN({IS_FINITE.format("l")})
        FROM metrics m JOIN latest_metrics l ON l.run_uuid = m.run_uuid AND l.key = m.key
        WHERE m.key = ? AND m.run_uuid IN (SELECT run_uuid FROM runs WHERE experiment_id = ?) GROUP BY m.run_uuid""",  # noqa: S608 - MAX or MIN, and a condition of ours
        (metric, experiment),
    )
    # A run that ends in NaN or infinity has failed, whatever it reached on the way.
    return {str(run): None if value is None or not ends_well else number(value) for run, value, ends_well in rows}


def _trial(path: str, index: int, run: RunRow, value: float | None, settings: Mapping[str, Setting]) -> Trial:
    state = _STATES.get(run.status, "failed")
    if state == "finished" and value is None:
        state = "failed"
    return Trial(run.name, index + 1, settings, value if state == "finished" else None, state, path)


def _histories(path: str, ids: Sequence[str], indices: Sequence[int], metric: str) -> Mapping[int, History]:
    import numpy as np

    by_id = {ids[index]: index for index in indices}
    points: dict[str, dict[float, float]] = defaultdict(dict)
    with opened(path, path, refused) as connection:
        wanted = list(by_id)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT run_uuid, step, value, is_nan FROM metrics WHERE key = ? AND run_uuid IN ({marks}) ORDER BY step, timestamp"  # noqa: S608
            for run, step, value, is_nan in connection.execute(query, (metric, *part)):
                if isinstance(value, int | float) and isinstance(step, int | float):
                    points[str(run)][float(step)] = value_of(value, is_nan)
    return {by_id[run]: History(*np.array(sorted(rows.items()), dtype=float).T) for run, rows in points.items()}
