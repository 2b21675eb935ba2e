"""The settings of a run by one name each, and those in which two runs differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from advise.experiments.naming import SettingNames
from advise.facts.record import Observed
from advise.knowledge.base import KnowledgeBase
from advise.plan.evidence import json_value
from advise.runlog.measures.settings import facts_of_settings
from advise.runlog.series.columns import setting_facts
from advise.terms import JsonValue

# A log that shows every hundredth step meets the peak of a rate only nearly.
_NEAR = 0.01


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that is not the same; None where a run does not say it.

    Attributes:
        name: The fact, or what the files call it where it is none.
        before: Of the first run.
        after: Of the second.
        is_seed: Whether it only says which random numbers were drawn.
    """

    name: str
    before: JsonValue | None
    after: JsonValue | None
    is_seed: bool = False

    @property
    def is_change(self) -> bool:
        """Whether both runs say it, and it is no seed: what one of them does not say may be the same."""
        return self.before is not None and self.after is not None and not self.is_seed


def settings_of(observed: Observed, base: KnowledgeBase) -> Mapping[str, JsonValue]:
    """What a run was set to: as facts where there are such, whoever says so, else by the names of its files."""
    log = observed.log
    named = {} if log is None else facts_of_settings(log, base.roles, base.vocabulary)
    stated = (name for name, fact in observed.facts.items() if fact.origin.how == "stated")
    names = dict.fromkeys([*base.fleet.settings, *stated, *named])
    found: dict[str, JsonValue] = {name: json_value(observed.facts[name].value) for name in names if name in observed.facts}
    spoken = SettingNames(base)
    for name, (value, _) in ({} if log is None else log.settings).items():
        is_a_fact = any(fact in found for fact in setting_facts(name, base.roles.settings))
        if not is_a_fact and spoken.is_setting(name):
            found.setdefault(name, value)
    return found


def differing(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue], base: KnowledgeBase) -> Iterator[SettingChange]:
    """The settings that are not the same, those that both runs say first.

    Args:
        before: Of the first run.
        after: Of the second.
        base: Knows what a seed is called.
    """
    spoken = SettingNames(base)
    names = dict.fromkeys([*(name for name in before if name in after), *before, *after])
    for name in names:
        old, new = before.get(name), after.get(name)
        if not _same(old, new):
            yield SettingChange(name, old, new, spoken.is_seed(name))


def _same(old: JsonValue | None, new: JsonValue | None) -> bool:
    if isinstance(old, int | float) and isinstance(new, int | float) and not isinstance(old, bool) and not isinstance(new, bool):
        # Both NaN is the same; a whole number is exact.
        if isinstance(old, int) and isinstance(new, int):
            return old == new
        return old == new or math.isclose(old, new, rel_tol=_NEAR) or (math.isnan(old) and math.isnan(new))
    return old == new and type(old) is type(new)
