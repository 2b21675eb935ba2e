"""Reading the runs of an MLflow database as the trials of a study."""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence

from advise.database import opened
from advise.experiments.study.columns import Choice, objective_column
from advise.experiments.study.record import MOST_TRIALS, Direction, History, Setting, State, Trial, Trials
from advise.experiments.study.refusal import listed, refused
from advise.experiments.study.values import setting_of
from advise.knowledge.base import KnowledgeBase
from advise.runlog.readers.table import Remark

TABLES = frozenset({"experiments", "runs", "params", "metrics"})
_STATES: Mapping[str, State] = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "failed", "RUNNING": "running", "SCHEDULED": "running"}
_AT_ONCE = 500


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
        runs = connection.execute(
            "SELECT run_uuid, name, status FROM runs WHERE experiment_id = ? AND lifecycle_stage = 'active' ORDER BY start_time, run_uuid LIMIT ?",
            (key, MOST_TRIALS + 1),
        ).fetchall()
        if len(runs) > MOST_TRIALS:
            raise refused(path, f"the experiment has more than {MOST_TRIALS} runs, which is the limit")
        of_experiment = "run_uuid IN (SELECT run_uuid FROM runs WHERE experiment_id = ?)"
        metrics = [str(metric) for (metric,) in connection.execute(f"SELECT DISTINCT key FROM latest_metrics WHERE {of_experiment}", (key,))]  # noqa: S608
        decided = objective_column(path, metrics, choice, base)
        values = _values(connection, key, decided.column, decided.direction)
        settings: dict[str, dict[str, Setting]] = defaultdict(dict)
        for run, parameter, value in connection.execute(f"SELECT run_uuid, key, value FROM params WHERE {of_experiment}", (key,)):  # noqa: S608
            settings[run][str(parameter)] = setting_of(str(value))
    trials = tuple(_trial(path, index, run, values.get(run[0]), settings.get(run[0], {})) for index, run in enumerate(runs))
    ids = [str(run[0]) for run in runs]
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
    found = [(int(key), str(name)) for key, name in rows]
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
        f"""SELECT m.run_uuid, {best}(CASE WHEN m.is_nan THEN NULL ELSE m.value END), MAX(l.is_nan)
        FROM metrics m JOIN latest_metrics l ON l.run_uuid = m.run_uuid AND l.key = m.key
        WHERE m.key = ? AND m.run_uuid IN (SELECT run_uuid FROM runs WHERE experiment_id = ?) GROUP BY m.run_uuid""",  # noqa: S608 - MAX or MIN
        (metric, experiment),
    )
    # A run that ends in NaN has failed, whatever it reached on the way.
    return {str(run): None if value is None or is_nan or not math.isfinite(value) else float(value) for run, value, is_nan in rows}


def _trial(path: str, index: int, run: tuple[str, str | None, str], value: float | None, settings: Mapping[str, Setting]) -> Trial:
    key, name, status = run
    state = _STATES.get(status, "failed")
    if state == "finished" and value is None:
        state = "failed"
    return Trial(str(name or key), index + 1, settings, value if state == "finished" else None, state, path)


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
                points[str(run)][float(step)] = math.nan if is_nan else float(value)
    return {by_id[run]: History(*np.array(sorted(rows.items()), dtype=float).T) for run, rows in points.items()}
