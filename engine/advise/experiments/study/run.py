"""Measuring a study: every measure of `kb/study.yaml`, as facts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from advise.experiments.study.measures import courses, edge, importance, infeasible, pruning, purposes, sampling
from advise.experiments.study.study import Study
from advise.facts.fitting import fitting
from advise.facts.record import Fact, Observed, Origin
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.study import StudyMeasure
from advise.runlog.measures.reading import Reading, Readings
from advise.terms import Finding
from advise.text import Value

# As `kb/study.yaml` calls them.
_MEASURES: Mapping[str, Callable[..., Readings]] = {
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


def observed(study: Study, stated: Observed, base: KnowledgeBase) -> Observed:
    """What is observed of a study: what its trials tell, and what a person states; the person wins.

    Args:
        study: Any.
        stated: By a person.
        base: What is measured, and how.
    """
    known: dict[str, Value] = {name: fact.value for name, fact in stated.facts.items()}
    facts: dict[str, Fact] = {}
    for fact in (*_traced(study, base), *_measured(study, known, base)):
        facts.setdefault(fact.name, fact)
        known.setdefault(fact.name, fact.value)
    return Observed({**facts, **stated.facts}, stated.run or study.read.name, stated.follows, (*stated.findings, *_findings(study, base)))


def constants(base: KnowledgeBase, measure: str) -> Mapping[str, Any]:
    """The constants with which a measure is used, so that a picture shows what was measured."""
    return next((dict(spec.parameters) for spec in base.study.measures if spec.measure == measure), {})


def _measured(study: Study, known: dict[str, Value], base: KnowledgeBase) -> Iterator[Fact]:
    for spec in base.study.measures:
        arguments: dict[str, Any] = {parameter: known[fact] for parameter, fact in spec.facts.items() if fact in known}
        arguments |= spec.parameters
        if not _needed(spec.measure) <= arguments.keys():
            continue
        for output, reading in _MEASURES[spec.measure](study, **arguments).items():
            fact = _fact(spec, output, reading, base)
            if fact is not None:
                known.setdefault(fact.name, fact.value)
                yield fact


def _needed(measure: str) -> set[str]:
    """The parameters without which a measure cannot be asked."""
    parameters = list(inspect.signature(_MEASURES[measure]).parameters.values())[1:]
    return {parameter.name for parameter in parameters if parameter.default is inspect.Parameter.empty}


def _fact(spec: StudyMeasure, output: str, reading: Reading, base: KnowledgeBase) -> Fact | None:
    name = spec.gives.get(output)
    value = None if name is None else fitting(reading.value, base.vocabulary[name])
    if name is None or value is None:
        return None
    origin = Origin(reading.file, reading.first, how="measured", last=reading.last)
    return Fact(name, value, origin, spec.how.filled({"count": reading.count}))


def _traced(study: Study, base: KnowledgeBase) -> Iterator[Fact]:
    """What a sampler or pruner left behind says of itself."""
    for words, told in base.study.traces.items():
        if any(trace.lower().startswith(words) for trace in study.read.traces):
            for name, value in told.items():
                yield Fact(name, value, Origin(study.read.source, how="measured"), base.strings["study_trace"])


def _findings(study: Study, base: KnowledgeBase) -> Iterator[Finding]:
    for remark in study.read.remarks:
        yield Finding.model_construct(text=base.strings[remark.code].filled(remark.values), origin=remark.origin)
    running = sum(trial.state == "running" for trial in study.trials)
    if running:
        yield Finding.model_construct(text=base.strings["study_running"].filled({"count": running}), origin=study.read.source)
    inferred = [parameter.name for parameter in study.searched if not parameter.is_declared]
    if inferred:
        yield Finding.model_construct(text=base.strings["study_inferred"].filled({"names": ", ".join(inferred)}), origin=study.read.source)
