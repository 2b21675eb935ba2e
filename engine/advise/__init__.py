"""An advisor on deep-learning training: facts of a run in, a bilingual action plan with proof out.

>>> import advise
>>> plan = advise.advise({"clip.rate": 1.0})
>>> plan.diagnoses[0].id
'clipping_saturated'
>>> advise.observe({"lr": {"peak": 3e-4}}).facts["lr.peak"].value
0.0003
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from advise.advisor import Advisor, FactsInput
from advise.errors import AdviseError, FactsError, InputError, KnowledgeError
from advise.facts.record import Observed
from advise.plan.model import Plan

__all__ = ["AdviseError", "Advisor", "FactsError", "InputError", "KnowledgeError", "Observed", "Plan", "advise", "observe"]


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
