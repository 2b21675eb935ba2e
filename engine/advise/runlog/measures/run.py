"""Measuring a run: every measure of `kb/measures.yaml` whose curves were logged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from advise.facts.fitting import fitting
from advise.facts.record import Fact, Origin
from advise.knowledge.measures import EveryCurve, Measure, MeasuresFile
from advise.knowledge.vocabulary import Vocabulary
from advise.runlog.measures.extent import steps_per_epoch
from advise.runlog.measures.reading import Reading
from advise.runlog.measures.registry import MEASURES, readings
from advise.runlog.series.record import Axis, Curve, RunLog
from advise.statistics import normal_quantile, t_quantile
from advise.text import Text, Value
from advise.uncertain import Measured

# What ends before this share of the run shows its beginning.
_REACHES = 0.5


@dataclass(frozen=True, slots=True)
class _Call:
    """The arguments of a measure, or None where a curve that it needs was not logged."""

    arguments: Mapping[str, Any]


def measured(log: RunLog, measures: MeasuresFile, stated: Mapping[str, Value], vocabulary: Vocabulary) -> dict[str, Fact]:
    """What the curves of a run tell.

    Args:
        log: The run.
        measures: What is measured, and how.
        stated: Facts that are known already; measures may use them.
        vocabulary: The types and bounds of facts; a value outside them is no value.
    """
    known: dict[str, Value] = dict(stated)
    facts: dict[str, Fact] = {}
    for spec in measures.measures:
        for fact in _facts(spec, log, known, vocabulary, measures.confidence):
            facts.setdefault(fact.name, fact)
            known.setdefault(fact.name, fact.value)
    return facts


def _facts(spec: Measure, log: RunLog, known: Mapping[str, Value], vocabulary: Vocabulary, confidence: float) -> Iterator[Fact]:
    call = _call(spec, log, known, vocabulary)
    if call is None:
        return
    for output, reading in readings(spec.measure, call.arguments).items():
        name = spec.gives.get(output)
        if name is None or not _is_along(vocabulary[name].unit, log.axis):
            continue
        value = fitting(_with_interval(reading, confidence), vocabulary[name])
        if value is not None:
            origin = Origin(reading.file, reading.first, how="measured", last=reading.last)
            yield Fact(name, value, origin, _note(spec, reading))


def _call(spec: Measure, log: RunLog, known: Mapping[str, Value], vocabulary: Vocabulary) -> _Call | None:
    arguments: dict[str, Any] = {}
    for parameter, role in spec.of.items():
        found: Curve | tuple[Curve, ...] | None = log.curves.get(role.all, ()) if isinstance(role, EveryCurve) else log.curve(role)
        if found and not (spec.whole and _stops_early(found, log)):
            arguments[parameter] = found
        elif parameter in _needed(spec.measure):
            return None
    if spec.checkpoints is not None and log.checkpoints:
        arguments[spec.checkpoints] = log.checkpoints
    for parameter in spec.facts:
        values = (_given(fact, known, log, vocabulary, len(spec.sources(parameter)) > 1) for fact in spec.sources(parameter))
        value = next((value for value in values if value is not None), None)
        if value is not None:
            arguments[parameter] = value
    if not _needed(spec.measure) <= arguments.keys() | spec.parameters.keys():
        return None
    return _Call(arguments | spec.parameters)


def _stops_early(found: Curve | tuple[Curve, ...], log: RunLog) -> bool:
    """Whether a curve ends in the first half of the run, as others show it."""
    curves = found if isinstance(found, tuple) else (found,)
    end = max(curve.steps[-1] for held in log.curves.values() for curve in held if len(curve))
    return bool(max(curve.steps[-1] for curve in curves if len(curve)) < _REACHES * end)


def _given(fact: str, known: Mapping[str, Value], log: RunLog, vocabulary: Vocabulary, is_length: bool) -> Value | None:
    """A known fact; as a length along the axis, epochs count what steps they come to."""
    value, unit = known.get(fact), vocabulary[fact].unit
    if value is None or not _is_along(unit, log.axis):
        return None
    if not is_length or unit != "epochs" or log.axis == "epoch" or isinstance(value, bool | str | tuple):
        return value
    length = steps_per_epoch(log.curve("epoch"))
    return None if length is None else value * length


def _needed(measure: str) -> frozenset[str]:
    return _NEEDED[measure]


def _parameters_without_default(measure: str) -> frozenset[str]:
    import inspect

    signature = inspect.signature(MEASURES[measure])
    return frozenset(name for name, parameter in signature.parameters.items() if parameter.default is inspect.Parameter.empty)


_NEEDED: Mapping[str, frozenset[str]] = {measure: _parameters_without_default(measure) for measure in MEASURES}


def _is_along(unit: str, axis: Axis) -> bool:
    """Whether a value in this unit can be read along the axis: a count of steps only from a log that counts steps."""
    return axis == "step" or "steps" not in unit


def _with_interval(reading: Reading, confidence: float) -> Value:
    """The value with the interval in which it lies at a level of confidence, where its standard error is known."""
    value = reading.value
    if reading.error is None or isinstance(value, bool | str | tuple):
        return value
    if not math.isfinite(reading.error):
        return Measured(value, -math.inf, math.inf)
    margin = _quantile(0.5 + confidence / 2, reading.freedom) * reading.error
    return Measured(value, value - margin, value + margin)


@cache
def _quantile(probability: float, freedom: float) -> float:
    return normal_quantile(probability) if math.isinf(freedom) else t_quantile(probability, freedom)


def _note(spec: Measure, reading: Reading) -> Text:
    return spec.how.filled({"count": reading.count})
