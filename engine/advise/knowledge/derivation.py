"""Reading derived facts: parsed, put in order, and unit-checked."""

from __future__ import annotations

from collections.abc import Mapping

from advise.errors import ExpressionError
from advise.knowledge.catalog import DerivedSpec
from advise.knowledge.derived import Derived
from advise.knowledge.expression import Expression
from advise.knowledge.files import SourceFile
from advise.knowledge.report import Report
from advise.knowledge.vocabulary import Vocabulary
from advise.units import Unit


def read_derived(specs: Mapping[str, DerivedSpec], vocabulary: Vocabulary, file: SourceFile | None, report: Report) -> dict[str, Derived]:
    """Parse and check the derived facts.

    Args:
        specs: The contents of `kb/derived.yaml`.
        vocabulary: The facts they may read besides each other.
        file: Where they stand.
        report: Takes every problem.

    Returns:
        The derived facts, each after those it reads.
    """
    if file is None:
        return {}
    parsed: dict[str, Derived] = {}
    for name, spec in specs.items():
        if name in vocabulary:
            report.at(file, ("derived", name), f"`{name}` is a fact of the vocabulary too")
        try:
            parsed[name] = Derived(spec, Expression.parse(spec.expr))
        except ExpressionError as error:
            report.at(file, ("derived", name, "expr"), str(error))
    ordered = _in_order(parsed)
    for name in sorted(parsed.keys() - ordered.keys()):
        among = ", ".join(sorted(parsed[name].expression.facts & parsed.keys()))
        report.at(file, ("derived", name, "expr"), f"`{name}` is computed from itself, by way of {among}")
    units = {name: spec.dimension for name, spec in vocabulary.specs.items()}
    for name, item in ordered.items():
        _check(name, item, units, file, report)
        units[name] = Unit.parse(item.spec.unit)
    return ordered


def _in_order(parsed: Mapping[str, Derived]) -> dict[str, Derived]:
    ordered: dict[str, Derived] = {}
    waiting = dict(parsed)
    while ready := [name for name, item in waiting.items() if not item.expression.facts & waiting.keys()]:
        for name in ready:
            ordered[name] = waiting.pop(name)
    return ordered


def _check(name: str, item: Derived, units: Mapping[str, Unit], file: SourceFile, report: Report) -> None:
    unknown = sorted(item.expression.facts - units.keys())
    for fact in unknown:
        report.at(file, ("derived", name, "expr"), f"unknown fact `{fact}`", tuple(units), fact)
    if unknown:
        return
    try:
        unit = item.expression.unit(units)
    except ExpressionError as error:
        report.at(file, ("derived", name, "expr"), str(error))
        return
    if unit is not None and unit != Unit.parse(item.spec.unit):
        report.at(file, ("derived", name, "unit"), f"the expression gives {unit}, not {item.spec.unit}")
