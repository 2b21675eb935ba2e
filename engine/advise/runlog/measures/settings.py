"""Hyperparameters that a log, or a file beside it, states, as facts."""

from __future__ import annotations

from collections import defaultdict

from advise.facts.fitting import fitting
from advise.facts.record import Fact, Origin
from advise.knowledge.roles import RolesFile
from advise.knowledge.vocabulary import FactSpec, Vocabulary
from advise.runlog.readers.table import Setting
from advise.runlog.series.columns import levels_of, setting_facts
from advise.runlog.series.record import RunLog
from advise.runlog.words import Names, words_of
from advise.text import Value


def facts_of_settings(log: RunLog, roles: RolesFile, vocabulary: Vocabulary) -> dict[str, Fact]:
    """The facts behind the names of hyperparameters.

    A value that does not fit its fact is no fact: tools mean different things by one name. Nor are two that differ,
    as the rates of a generator and a discriminator, unless one of them stands at the top and the other within a part.

    Args:
        log: The run.
        roles: The facts behind names.
        vocabulary: The types and bounds of facts.
    """
    spelled = {fact: Names((words, value) for value, names in values.items() for words in names) for fact, values in roles.spellings.items()}
    found: dict[str, dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for name, (value, file) in log.settings.items():
        for fact in setting_facts(name, roles.settings):
            fitted = _fitting(value, vocabulary[fact], spelled.get(fact))
            if fitted is not None:
                found[fact][len(levels_of(name))].append(Fact(fact, fitted, Origin(file, how="measured")))
    highest = {fact: by_depth[min(by_depth)] for fact, by_depth in found.items()}
    return {fact: same[0] for fact, same in highest.items() if len({each.value for each in same}) == 1}


def _fitting(value: Setting, spec: FactSpec, spelled: Names | None) -> Value | None:
    if spelled is None:
        return fitting(value, spec)
    meant = spelled.find(words_of(str(value)))
    return fitting(str(value).lower() if meant is None else meant[0], spec)
