"""Derived facts: put in order, unit-checked, and computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advise.bilingual import Value
from advise.knowledge.catalog import DerivedSpec
from advise.knowledge.expression import Expression, ExpressionError
from advise.knowledge.files import SourceFile
from advise.knowledge.report import Report
from advise.knowledge.vocabulary import Cost, FactSpec, FactType, Vocabulary
from advise.units import Unit


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact computed from other facts."""

    spec: DerivedSpec
    expression: Expression

    def as_fact(self) -> FactSpec:
        """What the vocabulary says of it; it is asked for by asking for what it is computed from."""
        title = self.spec.title
        return FactSpec(type=FactType.NUMBER, unit=self.spec.unit, title=title, prompt=title, observe=title, cost=Cost.LOOKUP)


def compute(derived: Mapping[str, Derived], facts: Mapping[str, Value]) -> dict[str, float]:
    """Every derived fact that can be computed and was not stated.

    Args:
        derived: In an order in which each can be computed from what stands before it.
        facts: What is known.
    """
    known = dict(facts)
    computed: dict[str, float] = {}
    for name, item in derived.items():
        value = None if name in known else item.expression.value(known)
        if value is not None:
            # Twelve digits: 9.742316 - 0.001 is 9.741316 to whoever reads it and to whatever compares with it.
            known[name] = computed[name] = float(f"{value:.12g}")
    return computed


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
