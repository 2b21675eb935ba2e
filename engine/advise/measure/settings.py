"""Hyperparameters that a log states, as facts."""

from __future__ import annotations

from advise.curves.columns import setting_facts
from advise.curves.record import RunLog
from advise.facts.fitting import fitting
from advise.facts.record import Fact, Origin
from advise.knowledge.roles import RolesFile
from advise.knowledge.vocabulary import Vocabulary


def facts_of_settings(log: RunLog, roles: RolesFile, vocabulary: Vocabulary) -> dict[str, Fact]:
    """The facts behind the names of hyperparameters.

    A value that does not fit its fact is no fact: tools mean different things by one name.

    Args:
        log: The run.
        roles: The facts behind names.
        vocabulary: The types and bounds of facts.
    """
    facts: dict[str, Fact] = {}
    for name, (value, file) in log.settings.items():
        for fact in setting_facts(name, roles.settings):
            fitted = fitting(value, vocabulary[fact])
            if fitted is not None:
                facts.setdefault(fact, Fact(fact, fitted, Origin(file, how="measured")))
    return facts
