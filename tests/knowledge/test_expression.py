"""Arithmetic of derived facts: nothing is executed, units are checked, and there is no answer where there is none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.errors import ExpressionError
from advise.knowledge.expression import MAX_LENGTH, Expression
from advise.units import DIMENSIONLESS, Unit


def test_computes_the_chance_level_of_cross_entropy() -> None:
    assert Expression.parse("ln(task.num_classes)").value({"task.num_classes": 400}) == pytest.approx(5.991464547)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-a.b / 4", -0.5), ("min(a.b, 3, 1)", 1), ("max(a.b, 3)", 3), ("abs(-a.b)", 2), ("ceil(a.b * 1.2)", 3)],
)
def test_computes(text: str, expected: float) -> None:
    assert Expression.parse(text).value({"a.b": 2}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("first(a.c, a.b)", 2), ("first(a.b, a.c)", 2), ("first(a.b / 0, 7)", 7), ("first(a.c, ln(0))", None), ("1 + first(a.c, a.b) * 2", 5)],
)
def test_the_first_of_several_is_the_first_that_is_known(text: str, expected: float | None) -> None:
    assert Expression.parse(text).value({"a.b": 2}) == expected


@pytest.mark.parametrize("text", ["a.b / 0", "ln(0)", "ln(0 - a.b)", "sqrt(-1)", "exp(a.b * 10000)", "a.c + 1"])
def test_has_no_value_where_arithmetic_has_none(text: str) -> None:
    assert Expression.parse(text).value({"a.b": 1}) is None


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.b ** 9",
        "a.b if a.b else 1",
        "[a.b]",
        "lambda: 1",
        "'word'",
        "True",
        "plain",
        "a.b(1)",
        "a.b < 1",
        "eval(1)",
        "min()",
        "ln(1, 2)",
        "min(*a.b)",
        "ln(x=1)",
        "a.b; 1",
        "",
        "1 +" * MAX_LENGTH,
    ],
)
def test_refuses_whatever_is_not_arithmetic(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    try:
        value = Expression.parse(text).value({"a.b": 1.5})
    except ExpressionError:
        return
    assert value is None or math.isfinite(value)


UNITS = {
    "data.size": Unit.parse("samples"),
    "time.total": Unit.parse("seconds"),
    "time.rate": Unit.parse("samples/second"),
    "share.of": Unit.parse("ratio"),
}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("data.size / time.total", "samples/second"),
        ("time.rate * time.total", "samples"),
        ("data.size + 100", "samples"),
        ("min(data.size, 5) * 0.5", "samples"),
        ("data.size / data.size", "1"),
        ("ln(share.of)", "1"),
        ("1 / time.total", "1/second"),
    ],
)
def test_units_follow_the_arithmetic(text: str, unit: str) -> None:
    assert Expression.parse(text).unit(UNITS) == Unit.parse(unit)


@pytest.mark.parametrize("text", ["data.size + time.total", "max(data.size, time.total)", "ln(data.size)", "share.of - data.size"])
def test_units_that_do_not_go_together_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(text).unit(UNITS)


def test_ratio_and_one_carry_no_dimension() -> None:
    assert Unit.parse("ratio") == Unit.parse("1") == DIMENSIONLESS
    assert str(Unit.parse("samples/second")) == "sample/second"
    with pytest.raises(ValueError, match="no unit"):
        Unit.parse("samples per second")
