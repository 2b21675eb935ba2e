"""What a person states, on the scale of the log."""

from __future__ import annotations

from dataclasses import replace

from advise.facts.record import Observed
from advise.knowledge.roles import RolesFile
from advise.runlog.series.record import RunLog
from advise.runlog.series.scales import rescaled


def on_the_metrics_scale(stated: Observed, log: RunLog, roles: RolesFile) -> Observed:
    """What a person states in the unit of the deciding metric, on the scale on which the metric is read.

    Args:
        stated: What a person states.
        log: The run.
        roles: The facts that are in the unit of the metric.
    """
    curve = log.curve("dev.metric") or log.curve("train.metric")
    if curve is None or curve.scale is None:
        return stated
    facts = dict(stated.facts)
    for name in roles.on_metric_scale:
        fact = facts.get(name)
        if fact is not None and isinstance(fact.value, int | float):
            facts[name] = replace(fact, value=rescaled(float(fact.value), curve.scale))
    return replace(stated, facts=facts)
