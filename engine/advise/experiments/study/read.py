"""Reading a study from wherever its trials lie."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from advise.database import has_unwritten, is_database, opened, tables_in
from advise.documents.problems import nearest
from advise.experiments.study import mlflow_db, optuna_db, table
from advise.experiments.study.columns import Choice
from advise.experiments.study.directory import read_directory
from advise.experiments.study.parameter import parameters_of
from advise.experiments.study.record import Declared, Trials
from advise.experiments.study.refusal import listed, refused
from advise.experiments.study.space import read_space
from advise.experiments.study.study import Study, check_measurable, hopeless_among
from advise.experiments.tables import ENDINGS
from advise.knowledge.base import KnowledgeBase
from advise.runlog.readers import mlflow_rows
from advise.runlog.readers.table import Remark
from advise.runlog.words import words_of
from advise.terms import Direction

_ACCEPTED = "an Optuna or MLflow database, a table (.csv, .tsv, .json, .jsonl), or a directory of runs"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller says of a study.

    Attributes:
        objective: The column that decides; None to find it.
        direction: Whether more is better; None to go by the source or the name.
        study: Which study of a database.
        space: The file that declares the search space.
        scientific: The hyperparameters that the study asks about.
    """

    objective: str | None = None
    direction: Direction | None = None
    study: str | None = None
    space: str | None = None
    scientific: tuple[str, ...] = ()


def read_study(path: str, asked: Asked, base: KnowledgeBase) -> Study:
    """Read trials, and make a study of them.

    Args:
        path: A database, a table or a directory.
        asked: What the caller says.
        base: What is known of studies.

    Raises:
        StudyError: It cannot be read, or nothing can be said of it.
    """
    read = _read(path, asked, base)
    check_measurable(read)
    direction = asked.direction or read.direction
    if direction is None:
        raise refused(
            "--direction", f"nothing says whether more or less is better of `{read.objective}`", accepted="--direction max or --direction min"
        )
    if read.direction is not None and direction != read.direction and asked.direction is not None and _states_direction(path):
        stated = {"up": "max", "down": "min"}[read.direction]
        raise refused("--direction", f"the study itself says `{stated}` for `{read.objective}`", accepted=f"--direction {stated}, or leave it out")
    declared = {**read.declared, **({} if asked.space is None else _matched(read, read_space(asked.space), asked.space))}
    names = list(dict.fromkeys(name for trial in read.trials for name in trial.settings))
    for name in asked.scientific:
        if name not in names:
            raise refused("--scientific", f"no trial has a hyperparameter `{name}`", accepted=listed(names), nearest=nearest(name, names))
    parameters = parameters_of(read.trials, declared, asked.scientific, base.study)
    limits = base.study.hopeless
    return Study(read, direction, parameters, hopeless_among(read.trials, direction, limits.gap, limits.better))


def _read(path: str, asked: Asked, base: KnowledgeBase) -> Trials:
    if not os.path.exists(path):
        raise refused(path, "there is no such file or directory", accepted=_ACCEPTED)
    choice = Choice(asked.objective, asked.direction)
    if os.path.isdir(path):
        return read_directory(path, choice, base)
    try:
        if is_database(path):
            return _from_database(path, asked, choice, base)
        if path.lower().endswith(ENDINGS):
            return table.read_table(path, choice, base)
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror or error}", accepted=_ACCEPTED) from error
    raise refused(path, "this is no source of trials that is known", accepted=_ACCEPTED)


def _from_database(path: str, asked: Asked, choice: Choice, base: KnowledgeBase) -> Trials:
    with opened(path, path, refused) as connection:
        tables = tables_in(connection)
    if tables >= optuna_db.TABLES:
        trials = optuna_db.read_optuna(path, asked.study, asked.objective)
    elif tables >= mlflow_rows.TABLES:
        trials = mlflow_db.read_mlflow(path, asked.study, choice, base)
    else:
        raise refused(path, "the database is neither Optuna's nor MLflow's", accepted=_ACCEPTED)
    # What a writer has not brought into the database itself is not read.
    in_use = (Remark("log_database_in_use", path),) if has_unwritten(path) else ()
    return replace(trials, remarks=(*trials.remarks, *in_use))


def _states_direction(path: str) -> bool:
    """Whether the direction is written in the source, and not gone by the name of a column."""
    if os.path.isdir(path) or not is_database(path):
        return False
    with opened(path, path, refused) as connection:
        return tables_in(connection) >= optuna_db.TABLES


def _matched(read: Trials, declared: Mapping[str, Declared], file: str) -> Mapping[str, Declared]:
    """The declared ranges by the names that the trials use."""
    names: Sequence[str] = list(dict.fromkeys(name for trial in read.trials for name in trial.settings))
    by_words = {words_of(name): name for name in names}
    matched = {}
    for name, space in declared.items():
        found = name if name in names else by_words.get(words_of(name))
        if found is None:
            raise refused(file, f"no trial has a hyperparameter `{name}`", accepted=listed(list(names)), nearest=nearest(name, names))
        matched[found] = space
    return matched
