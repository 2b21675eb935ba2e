"""Reading the trials of an Optuna database, without Optuna: it takes seconds where the tables take a fraction of one."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from advise.database import columns_in, number, opened, whole
from advise.experiments.study.record import MOST_TRIALS, Declared, History, Setting, State, Trial, Trials
from advise.experiments.study.refusal import listed, refused
from advise.terms import Direction

TABLES = frozenset({"studies", "trials", "trial_params", "trial_values", "study_directions"})
_STATES: Mapping[str, State] = {"COMPLETE": "finished", "FAIL": "failed", "PRUNED": "pruned", "RUNNING": "running", "WAITING": "running"}
_DIRECTIONS: Mapping[str, Direction] = {"MINIMIZE": "down", "MAXIMIZE": "up"}
_NOT_FINITE = {"INF_POS": math.inf, "INF_NEG": -math.inf, "NAN": math.nan}
_TRACED = 100
_AT_ONCE = 500


def read_optuna(path: str, study: str | None, objective: str | None) -> Trials:
    """The trials of one study.

    Args:
        path: The database.
        study: Its name, where the database holds several.
        objective: The number of the objective from 0, where the study has several.

    Raises:
        StudyError: There is no such study or objective, or it is not said which.
    """
    with opened(path, path, refused) as connection:
        study_id, name = _study(connection, path, study)
        chosen, direction = _objective(connection, path, study_id, objective)
        ids, trials = _trials(connection, path, study_id, chosen)
        settings, declared = _settings(connection, path, study_id)
        traces = _traces(connection, ids)
    whole = tuple(replace(trial, settings=settings.get(key, {})) for key, trial in zip(ids, trials, strict=True))
    return Trials(
        source=path,
        name=name,
        objective="objective" if chosen == 0 else f"objective {chosen}",
        direction=direction,
        trials=whole,
        declared=declared,
        histories=lambda indices: _histories(path, ids, indices),
        traces=traces,
    )


def _study(connection: sqlite3.Connection, path: str, wanted: str | None) -> tuple[int, str]:
    studies = [(whole(key), str(name)) for key, name in connection.execute("SELECT study_id, study_name FROM studies ORDER BY study_id")]
    if wanted is not None:
        studies = [study for study in studies if study[1] == wanted] or studies
        if studies[0][1] != wanted:
            raise refused(path, f"there is no study `{wanted}`", accepted=listed([name for _, name in studies]))
    if not studies:
        raise refused(path, "the database holds no study")
    if len(studies) > 1:
        raise refused(path, f"the database holds {len(studies)} studies: name one with --study", accepted=listed([name for _, name in studies]))
    return studies[0]


def _objective(connection: sqlite3.Connection, path: str, study_id: int, wanted: str | None) -> tuple[int, Direction | None]:
    rows = connection.execute("SELECT objective, direction FROM study_directions WHERE study_id = ? ORDER BY objective", (study_id,))
    directions = {whole(place): str(direction) for place, direction in rows}
    numbers = ", ".join(f"{place} ({direction.lower()})" for place, direction in directions.items())
    if wanted is None and len(directions) > 1:
        mixed = "in different directions" if len(set(directions.values())) > 1 else "in the same direction"
        raise refused(path, f"the study has {len(directions)} objectives {mixed}: say which decides with --objective NUMBER", accepted=numbers)
    chosen = next(iter(directions), 0) if wanted is None else int(wanted) if wanted.isascii() and wanted.isdigit() else -1
    if directions and chosen not in directions:
        raise refused("--objective", f"the objectives of an Optuna study are numbered, and `{wanted}` is none of them", accepted=numbers)
    return chosen, _DIRECTIONS.get(directions.get(chosen, ""))


def _trials(connection: sqlite3.Connection, path: str, study_id: int, objective: int) -> tuple[list[int], list[Trial]]:
    typed = "value_type" in columns_in(connection, "trial_values")
    rows = connection.execute(
        f"""SELECT t.trial_id, t.number, t.state, v.value, {"v.value_type" if typed else "'FINITE'"}
        FROM trials t LEFT JOIN trial_values v ON v.trial_id = t.trial_id AND v.objective = ?
        WHERE t.study_id = ? ORDER BY t.number LIMIT ?""",  # noqa: S608 - one of two constants
        (objective, study_id, MOST_TRIALS + 1),
    ).fetchall()
    if len(rows) > MOST_TRIALS:
        raise refused(path, f"the study has more than {MOST_TRIALS} trials, which is the limit")
    ids, trials = [], []
    for key, index, state, value, kind in rows:
        ids.append(whole(key))
        ended = _STATES.get(str(state), "failed")
        finite = _finite(value, kind) if ended == "finished" else None
        trials.append(Trial(str(index), whole(index or 0) + 1, {}, finite, "failed" if ended == "finished" and finite is None else ended, path))
    return ids, trials


def _finite(value: object, kind: object) -> float | None:
    if not isinstance(value, float | int) or kind in _NOT_FINITE or not math.isfinite(value):
        return None
    return float(value)


@dataclass(frozen=True, slots=True)
class _Distribution:
    declared: Declared

    def setting(self, value: float) -> Setting:
        choices = self.declared.choices
        if choices is None:
            return value
        index = int(value)
        return choices[index] if 0 <= index < len(choices) else str(value)


def _settings(connection: sqlite3.Connection, path: str, study_id: int) -> tuple[dict[int, dict[str, Setting]], dict[str, Declared]]:
    rows = connection.execute(
        """SELECT p.trial_id, p.param_name, p.param_value, p.distribution_json
        FROM trial_params p JOIN trials t ON t.trial_id = p.trial_id WHERE t.study_id = ? ORDER BY p.param_id""",
        (study_id,),
    )
    known: dict[str, _Distribution] = {}
    settings: dict[int, dict[str, Setting]] = defaultdict(dict)
    declared: dict[str, Declared] = {}
    for key, name, value, text in rows:
        distribution = known.get(text)
        if distribution is None:
            distribution = known[text] = _distribution(path, str(name), text)
            declared[str(name)] = _widest(declared.get(str(name)), distribution.declared)
        if isinstance(value, float | int):
            settings[whole(key)][str(name)] = distribution.setting(value)
    return settings, declared


def _distribution(path: str, name: str, text: object) -> _Distribution:
    try:
        read = json.loads(str(text))
        kind, attributes = str(read["name"]), read["attributes"]
        if "choices" in attributes:
            return _Distribution(Declared(choices=tuple(_choice(choice) for choice in attributes["choices"])))
        is_log = bool(attributes.get("log", "LogUniform" in kind))
        return _Distribution(Declared(low=float(attributes["low"]), high=float(attributes["high"]), log=is_log))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refused(path, f"the distribution of `{name}` cannot be read: {type(error).__name__}") from error


def _choice(value: object) -> Setting:
    return value if isinstance(value, bool | int | float | str) else json.dumps(value)


def _widest(first: Declared | None, second: Declared) -> Declared:
    """The space of a parameter whose range was changed on the way."""
    if first is None:
        return second
    if first.choices is not None or second.choices is not None:
        return Declared(choices=tuple(dict.fromkeys((*(first.choices or ()), *(second.choices or ())))))
    lows, highs = [first.low, second.low], [first.high, second.high]
    return Declared(min(low for low in lows if low is not None), max(high for high in highs if high is not None), first.log and second.log)


def _traces(connection: sqlite3.Connection, ids: Sequence[int]) -> frozenset[str]:
    keys = set()
    for key in ids[:_TRACED]:
        keys |= {str(name) for (name,) in connection.execute("SELECT key FROM trial_system_attributes WHERE trial_id = ?", (key,))}
    keys |= {str(name) for (name,) in connection.execute("SELECT key FROM study_system_attributes LIMIT ?", (_TRACED,))}
    return frozenset(keys)


def _histories(path: str, ids: Sequence[int], indices: Sequence[int]) -> Mapping[int, History]:
    import numpy as np

    by_id = {ids[index]: index for index in indices}
    points: dict[int, list[tuple[float, float]]] = defaultdict(list)
    with opened(path, path, refused) as connection:
        typed = "intermediate_value_type" in columns_in(connection, "trial_intermediate_values")
        kind = "intermediate_value_type" if typed else "'FINITE'"
        wanted = list(by_id)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT trial_id, step, intermediate_value, {kind} FROM trial_intermediate_values WHERE trial_id IN ({marks}) ORDER BY step"  # noqa: S608
            for key, step, value, how in connection.execute(query, part):
                points[key].append((number(step), _NOT_FINITE.get(how, math.nan if value is None else number(value))))
    return {by_id[key]: History(*np.array(rows, dtype=float).T) for key, rows in points.items()}
