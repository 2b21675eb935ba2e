"""What the hyperparameters are for: which are asked about, which must be tuned for fairness, and whether they were."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from advise.experiments.study.measures.given import counted, of_trial
from advise.experiments.study.measures.sampling import expected_best
from advise.experiments.study.parameter import Parameter, called
from advise.experiments.study.study import Study
from advise.runlog.measures.reading import Reading, Readings

_MOST_VALUES = 8


def purposes(study: Study) -> Readings:
    """The names of the hyperparameters by what they are for, and whether somebody said so."""
    readings: dict[str, Reading] = {}
    for role in ("scientific", "nuisance", "fixed"):
        named = [parameter for parameter in study.parameters if parameter.role == role]
        if named:
            readings[role] = counted(study, tuple(parameter.name for parameter in named), study.ended)
    if any(parameter.is_role_declared for parameter in study.searched):
        readings |= {f"{role}_named": counted(study, True, study.ended) for role in ("scientific", "nuisance", "fixed") if role in readings}
    return readings


def dominance(study: Study) -> Readings:
    """How much of the objective the nuisance hyperparameters explain, and how much those that are asked about explain at most.

    That an effect was not told from chance is no evidence that it is small: with few trials a large one may hide.
    """
    model = study.model
    if model is None or not any(parameter.role == "scientific" for parameter in study.searched):
        return {}
    shares: dict[str, float] = defaultdict(float, scientific=0.0, nuisance=0.0)
    for effect in model.effects:
        shares[effect.parameter.role] += effect.most if effect.parameter.role == "scientific" else effect.share
    return {role: counted(study, min(1.0, share), len(model.rows)) for role, share in shares.items() if role != "fixed"}


def by_value(study: Study) -> Readings:
    """The trials under each value of what is asked about: how evenly they are spread, and how far apart the best of each lie."""
    parameter = compared(study)
    if parameter is None:
        return {}
    counts = Counter(float(place) for place in parameter.places if np.isfinite(place))
    readings = {
        "parameter": counted(study, parameter.name, study.ended),
        "fewest": counted(study, min(counts.values()), study.ended),
        "most": counted(study, max(counts.values()), study.ended),
    }
    groups = [np.sort(study.goodness[study.usable][parameter.places[study.usable] == place])[::-1] for place in counts]
    groups = sorted((group for group in groups if len(group)), key=lambda group: -group[0])
    if len(groups) >= 2 and min(len(groups[0]), len(groups[1])) >= 2:
        drops = [float(group[0]) - expected_best(group, len(group) // 2) for group in groups[:2]]
        readings["gap"] = counted(study, float(groups[0][0] - groups[1][0]))
        readings["scatter"] = counted(study, max(drops))
    return readings


def compared(study: Study) -> Parameter | None:
    """The hyperparameter whose values are compared: the one that is asked about and has few values; None where there is none."""
    asked = [parameter for parameter in study.searched if parameter.role == "scientific" and parameter.distinct <= _MOST_VALUES]
    return min(asked, key=lambda parameter: (not parameter.is_role_declared, parameter.distinct), default=None)


def tunes(study: Study, *, names: list[str]) -> Readings:
    """Whether a hyperparameter of one of these names is searched."""
    return {"searched": counted(study, any(called(parameter.name, names) for parameter in study.searched), study.ended)}


def setting_of_best(study: Study, *, names: list[str]) -> Readings:
    """What the best trial has for the hyperparameter of one of these names; nothing where several bear one."""
    found = [value for name, value in study.best.settings.items() if called(name, names)]
    return {"value": of_trial(study.best, found[0])} if len(found) == 1 else {}


def declaration(study: Study, *, by_factors: list[str], wide: float) -> Readings:
    """What was declared of the space: whether all of it, whether by factors where it should be, and whether it is conditional.

    Args:
        study: Any.
        by_factors: Names of hyperparameters that work by factors.
        wide: A range that spans a smaller factor may as well be searched by differences.
    """
    readings: dict[str, Reading] = {}
    if study.searched and all(parameter.is_declared for parameter in study.searched):
        readings["bounds"] = counted(study, True, study.ended)
    scaled = [parameter for parameter in study.searched if parameter.is_scale_declared and called(parameter.name, by_factors)]
    scaled = [parameter for parameter in scaled if parameter.scale != "choice" and (parameter.low <= 0 or parameter.high / parameter.low >= wide)]
    if scaled:
        readings["log_scale"] = counted(study, all(parameter.scale == "log" for parameter in scaled), study.ended)
    if len(study.usable):
        missing = any(not np.isfinite(parameter.places[study.usable]).all() for parameter in study.searched)
        readings["conditional"] = counted(study, missing)
    return readings
