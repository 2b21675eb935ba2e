"""The set-up that stands in the names of columns, by `told_by_names` of `kb/roles.yaml`."""

from __future__ import annotations

from collections.abc import Iterable

from advise.facts.fitting import fitting
from advise.facts.record import Fact, Origin
from advise.knowledge.base import KnowledgeBase
from advise.runlog.series.record import Curve, RunLog
from advise.runlog.words import Names, words_of


def facts_of_names(log: RunLog, base: KnowledgeBase) -> dict[str, Fact]:
    """What the names of columns tell; nothing of a fact for which they tell several values.

    Args:
        log: The run.
        base: Which names tell a fact, how its values are written, and its type.
    """
    told = {fact: _told(fact, log.curves.get(role, ()), base) for fact, role in base.roles.told_by_names.items() if fact in base.vocabulary}
    return {name: fact for name, fact in told.items() if fact is not None}


def _told(name: str, curves: Iterable[Curve], base: KnowledgeBase) -> Fact | None:
    spelled = Names((form, value) for value, forms in base.roles.spellings.get(name, {}).items() for form in forms)
    told: dict[str, Curve] = {}
    for curve in curves:
        meant = spelled.find(words_of(curve.column))
        if meant is not None:
            told.setdefault(meant[0], curve)
    if len(told) != 1:
        return None
    ((meaning, curve),) = told.items()
    value = fitting(meaning, base.vocabulary[name])
    how = base.strings["how_named"].filled({"column": curve.column})
    return None if value is None else Fact(name, value, Origin(curve.file, int(curve.lines[0]), how="measured"), how)
