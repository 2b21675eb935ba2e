"""The measure functions by name, as `kb/study.yaml` calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from advise.experiments.study.measures import courses, edge, importance, infeasible, pruning, purposes, sampling
from advise.runlog.measures.reading import Readings

MEASURES: Mapping[str, Callable[..., Readings]] = {
    "counts": sampling.counts,
    "best_of_fewer": sampling.best_of_fewer,
    "good": sampling.good,
    "repeats": sampling.repeats,
    "grid": sampling.grid,
    "edges": edge.measured_edges,
    "infeasible": infeasible.measured_region,
    "importance": importance.importance,
    "coupled": importance.coupled,
    "purposes": purposes.purposes,
    "dominance": purposes.dominance,
    "by_value": purposes.by_value,
    "tunes": purposes.tunes,
    "declaration": purposes.declaration,
    "setting_of_best": purposes.setting_of_best,
    "best_steps": courses.best_steps,
    "top_courses": courses.top_courses,
    "unstable": courses.unstable,
    "pruned": pruning.pruned,
}
