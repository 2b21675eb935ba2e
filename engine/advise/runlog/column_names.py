"""The set-up that stands in the names of columns: Lightning calls the rate of an optimizer `lr-AdamW`."""

from __future__ import annotations

from advise.facts.fitting import fitting
from advise.facts.record import Fact, Origin
from advise.knowledge.base import KnowledgeBase
from advise.runlog.series.record import Curve, RunLog
from advise.runlog.words import Names, words_of

_RATE = "lr"
_OPTIMIZER = "optimizer.name"


def facts_of_names(log: RunLog, base: KnowledgeBase) -> dict[str, Fact]:
    """The optimizer that the names of the learning rates tell; none where they tell several.

    Args:
        log: The run.
        base: How optimizers are written, and the fact that holds one.
    """
    spec = base.vocabulary.specs.get(_OPTIMIZER)
    spelled = Names((form, value) for value, forms in base.roles.spellings.get(_OPTIMIZER, {}).items() for form in forms)
    told: dict[str, Curve] = {}
    for curve in log.curves.get(_RATE, ()):
        meant = spelled.find(words_of(curve.column))
        if meant is not None:
            told.setdefault(meant[0], curve)
    if spec is None or len(told) != 1:
        return {}
    ((name, curve),) = told.items()
    value = fitting(name, spec)
    how = base.strings["how_named"].filled({"column": curve.column})
    return {} if value is None else {_OPTIMIZER: Fact(_OPTIMIZER, value, Origin(curve.file, int(curve.lines[0]), how="measured"), how)}
