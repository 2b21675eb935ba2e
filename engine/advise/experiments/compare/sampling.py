"""The sampling error of a dev metric: how far another dev set of the same size would move it."""

from __future__ import annotations

import math

from advise.experiments.compare.sample import mean
from advise.knowledge.comparison import ComparisonSpec
from advise.knowledge.roles import RolesFile
from advise.runlog.words import words_of

_PERCENT = 100.0


def sampling_error(values: tuple[float, ...], metric: str | None, n_dev: int, spec: ComparisonSpec, roles: RolesFile) -> float | None:
    """The standard error of a share of samples, sqrt(p(1 - p)/n), in the unit of the values.

    Of scores between 0 and 1 of any other kind it is the upper bound (Bhatia & Davis, Am. Math. Monthly 107, 2000), so that a metric without a name
    that lies between 0 and 1 is taken as a share.

    Args:
        values: The scores of both sides.
        metric: What they are called; None where nothing says.
        n_dev: Samples of the dev set, above 0.
        spec: Which metrics are shares.
        roles: The words of a name that tell the split of the data.

    Returns:
        The error; None where the metric is no share of samples.
    """
    unit = _unit(values, metric is not None)
    if unit is None or not (metric is None or _is_proportion(metric, spec, roles)):
        return None
    share = mean(values) / unit
    return unit * math.sqrt(share * (1 - share) / n_dev) if 0 < share < 1 else None


def _unit(values: tuple[float, ...], named: bool) -> float | None:
    """1 for shares, 100 for percentages; None for what is neither."""
    if min(values) < 0:
        return None
    if max(values) <= 1:
        return 1.0
    return _PERCENT if named and max(values) <= _PERCENT else None


def _is_proportion(metric: str, spec: ComparisonSpec, roles: RolesFile) -> bool:
    other = {word for words in roles.splits.values() for word in words} | set(roles.aggregates) | set(spec.ends)
    words = tuple(word for word in words_of(metric) if word not in other)
    return any(words == tuple(name.split()) for name in spec.proportions)
