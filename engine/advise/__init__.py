"""An advisor on deep-learning training: facts of a run in, a bilingual action plan with proof out.

>>> import advise
>>> plan = advise.advise({"clip.rate": 1.0})
>>> plan.diagnoses[0].id
'clipping_saturated'
>>> advise.observe({"lr": {"peak": 3e-4}}).facts["lr.peak"].value
0.0003
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from advise.advisor import Advisor, FactsInput
from advise.errors import AdviseError, FactsError, InputError, KnowledgeError
from advise.facts.record import Observed
from advise.plan.model import Plan

if TYPE_CHECKING:
    from advise.experiments.fleet import Fleet

__all__ = ["AdviseError", "Advisor", "FactsError", "InputError", "KnowledgeError", "Observed", "Plan", "advise", "fleet", "observe"]


@cache
def _advisor() -> Advisor:
    return Advisor()


def advise(facts: FactsInput = (), *, history: object = None, after: str | Path | Plan | None = None) -> Plan:
    """Make the plan for a run with the knowledge that came with the package.

    Args:
        facts: Facts by name, or the path or paths of facts files.
        history: What a program holds of the run: a list of dicts, a mapping of lists, a pandas or polars data frame, a Keras `History`.
        after: An earlier plan, or the path of one in JSON, whose gates these facts answer.

    Raises:
        FactsError: Something in the facts is wrong; every problem is listed.
    """
    return _advisor().advise(facts, history=history, after=after)


def observe(
    facts: FactsInput = (),
    *,
    history: object = None,
    columns: Mapping[str, str] | None = None,
    run: str | None = None,
    patterns: Sequence[str] = (),
) -> Observed:
    """Read facts and measure logs, without a verdict.

    Args:
        facts: Facts by name, or the path or paths of facts files, training logs and run directories of one run.
        history: What a program holds of the run: a list of dicts, a mapping of lists, a pandas or polars data frame, a Keras `History`.
        columns: Column of the logs by role, such as `{"dev.metric": "val_dice"}`, where it shall not be guessed.
        run: Which run is read, where there are several in one place; by default the newest.
        patterns: How lines of the logs look, such as `step {step} trl {train.loss} val {dev.loss}`, where they are of no known form.

    Raises:
        FactsError: Something in the facts is wrong; every problem is listed.
        LogError: A log cannot be read at all.
        MappingError: There is no such role or column.
        RunChoiceError: There is no such run.
    """
    return _advisor().observe(facts, history=history, columns=columns, run=run, patterns=patterns)


def fleet(
    paths: str | Path | Sequence[str | Path],
    *,
    workers: int = 0,
    seconds: float = 60.0,
    store: str | Path | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Fleet:
    """Find runs and advise on each: a row a run, and what they say together.

    Args:
        paths: Folders of runs, logs, patterns of paths, `mlflow:PATH`, `optuna:PATH`.
        workers: How many runs are judged at once; 0 for one a core. More than one takes joblib, from the extra `fleet`.
        seconds: How long each run may take; one that takes longer is a row that says so.
        store: A file in which results are kept, so that what did not change is not judged again; by default nowhere.
        tell: Called with how many runs are judged, and of how many.

    Raises:
        InputError: A place does not exist, or there is no run in any of them.
        OutputError: The store cannot be written.
    """
    from advise.experiments.fleet import fleet as judged
    from advise.experiments.fleet.driving import Work

    kept = None if store is None else Path(store)
    return judged(paths, work=Work(workers, seconds=seconds), store=kept, tell=tell or (lambda done, total: None))
