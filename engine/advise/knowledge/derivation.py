"""Reading derived facts: parsed, put in order, and unit-checked."""

from __future__ import annotations

from collections.abc import Mapping

from advise.errors import ExpressionError
from advise.knowledge.catalog import DerivedSpec
from advise.knowledge.derived import Derived, Grouping
from advise.knowledge.expression import Expression
from advise.knowledge.files import SourceFile
from advise.knowledge.report import Report
from advise.knowledge.vocabulary import Vocabulary
from advise.units import Unit


def read_derived(
    specs: Mapping[str, DerivedSpec], vocabulary: Vocabulary, file: SourceFile | None, report: Report, *, certain: bool = True
) -> dict[str, Derived]:
    """Parse and check the derived facts.

    Args:
        specs: The contents of `kb/derived.yaml`.
        vocabulary: The facts they may read besides each other.
        file: Where they stand.
        report: Takes every problem.
        certain: Whether there are no facts but these; else one that is not there is not called unknown.

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
            parsed[name] = Derived(spec, _grouping(spec, spec.of) if spec.of is not None else Expression.parse(spec.expr or ""))
        except ExpressionError as error:
            report.at(file, ("derived", name, "expr"), str(error))
    ordered = _in_order(parsed)
    for name in sorted(parsed.keys() - ordered.keys()):
        among = ", ".join(sorted(parsed[name].expression.facts & parsed.keys()))
        report.at(file, ("derived", name, "expr"), f"`{name}` is computed from itself, by way of {among}")
    certain = certain and ordered.keys() == specs.keys()
    units = {name: spec.dimension for name, spec in vocabulary.specs.items()}
    for name, item in ordered.items():
        if not certain and item.expression.facts - units.keys():
            pass
        elif isinstance(item.expression, Expression):
            _check(name, item, item.expression, units, file, report)
        else:
            _check_kinds(name, item, vocabulary, file, report)
        units[name] = Unit.parse(item.spec.unit)
    return ordered


def _in_order(parsed: Mapping[str, Derived]) -> dict[str, Derived]:
    ordered: dict[str, Derived] = {}
    waiting = dict(parsed)
    while ready := [name for name, item in waiting.items() if not item.expression.facts & waiting.keys()]:
        for name in ready:
            ordered[name] = waiting.pop(name)
    return ordered


def _grouping(spec: DerivedSpec, of: str) -> Grouping:
    return Grouping(of, {**spec.numbers, **{value: kind for kind, group in spec.kinds.items() for value in group.of}})


def _check_kinds(name: str, item: Derived, vocabulary: Vocabulary, file: SourceFile, report: Report) -> None:
    """Every value of an enum of the vocabulary is of one kind, or has at most one number."""
    path, of = ("derived", name), item.spec.of or ""
    enums = tuple(fact for fact, spec in vocabulary.specs.items() if spec.values)
    if of not in enums:
        report.at(file, (*path, "of"), f"`{of}` is no enum", enums, of)
        return
    left = list(vocabulary[of].values)
    for kind, group in item.spec.kinds.items():
        for index, value in enumerate(group.of):
            if value not in left:
                problem = "is of another kind already" if value in vocabulary[of].values else f"is no value of `{of}`"
                report.at(file, (*path, "kinds", kind, "of", index), f"`{value}` {problem}", tuple(left), value)
            else:
                left.remove(value)
    for value in item.spec.numbers:
        if value not in left:
            report.at(file, (*path, "numbers", value), f"`{value}` is no value of `{of}`", tuple(left), value)
        else:
            left.remove(value)
    if left and item.spec.kinds:
        report.at(file, (*path, "kinds"), f"of no kind: {', '.join(left)}")


def _check(name: str, item: Derived, expression: Expression, units: Mapping[str, Unit], file: SourceFile, report: Report) -> None:
    unknown = sorted(expression.facts - units.keys())
    for fact in unknown:
        report.at(file, ("derived", name, "expr"), f"unknown fact `{fact}`", tuple(units), fact)
    if unknown:
        return
    try:
        unit = expression.unit(units)
    except ExpressionError as error:
        report.at(file, ("derived", name, "expr"), str(error))
        return
    if unit is not None and unit != Unit.parse(item.spec.unit):
        report.at(file, ("derived", name, "unit"), f"the expression gives {unit}, not {item.spec.unit}")
