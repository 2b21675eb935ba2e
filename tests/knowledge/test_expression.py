"""Arithmetic of derived facts: nothing is executed, units are checked, and there is no answer where there is none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.errors import ExpressionError
from advise.knowledge.expression import MAX_LENGTH, Expression
from advise.uncertain import Measured
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


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("x.a + x.b", (4, 8)),
        ("x.a - x.b", (-4, 0)),
        ("-x.a * x.b", (-15, -3)),
        ("x.a / x.b", (0.2, 1)),
        ("x.a / (x.b - 3)", (0.5, math.inf)),
        ("x.a / (x.b - 4.5)", (-math.inf, math.inf)),
        ("abs(x.a - x.b)", (0, 4)),
        ("min(x.a, 2)", (1, 2)),
        ("max(x.a, x.b)", (3, 5)),
        ("sqrt(x.a - 1)", (0, 2**0.5)),
        ("ln(x.a - 1)", (-math.inf, math.log(2))),
        ("cos(x.a)", (-1, 1)),
        ("ceil(x.a * 0.5)", (1, 2)),
        ("first(x.none, x.b) * 2", (6, 10)),
        ("0 * exp(1000 * (x.a - 2))", (0, 0)),
    ],
)
def test_of_measured_numbers_the_interval_holds_whatever_they_are(text: str, ends: tuple[float, float]) -> None:
    value = Expression.parse(text).value({"x.a": Measured(2, 1, 3), "x.b": Measured(4, 3, 5)})
    assert isinstance(value, Measured)
    assert (value.low, value.high) == pytest.approx(ends)


def test_of_exact_numbers_the_value_is_exact() -> None:
    assert type(Expression.parse("x.a + 1").value({"x.a": 2.5, "x.b": Measured(4, 3, 5)})) is float


TREES = st.recursive(
    st.sampled_from(("x.a", "x.b", "2", "0.5")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("({0[0]} {0[1]} {0[2]})".format),
        st.tuples(st.sampled_from(("abs", "sqrt", "ln", "exp", "floor", "cos")), inner).map("{0[0]}({0[1]})".format),
        st.tuples(st.sampled_from(("min", "max", "first")), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
    ),
    max_leaves=6,
)
SHARES = st.floats(0, 1)


@given(TREES, SHARES, SHARES)
def test_no_number_within_the_intervals_leaves_that_of_the_result(text: str, first: float, second: float) -> None:
    expression = Expression.parse(text)
    whole = expression.value({"x.a": Measured(2, -1, 3), "x.b": Measured(0.5, 0, 1)})
    at = expression.value({"x.a": -1 + 4 * first, "x.b": second})
    # What is known of several may be another where the first has no answer there.
    if not isinstance(whole, Measured) or at is None or "first" in text:
        return
    slack = 1e-9 * max(1.0, abs(at))
    assert whole.low - slack <= at <= whole.high + slack


@given(TREES, SHARES)
def test_narrower_intervals_give_narrower_ones(text: str, share: float) -> None:
    expression = Expression.parse(text)
    wide = expression.value({"x.a": Measured(2, -1, 3), "x.b": Measured(0.5, 0, 1)})
    narrow = expression.value({"x.a": Measured(2, 2 - 3 * share, 2 + share), "x.b": Measured(0.5, 0.5 - 0.5 * share, 0.5 + 0.5 * share)})
    assert (wide is None) is (narrow is None)
    if isinstance(wide, Measured) and isinstance(narrow, Measured):
        assert narrow == wide
        slack = 1e-9 * max([1.0, *(abs(end) for end in (wide.low, wide.high) if math.isfinite(end))])
        assert wide.low - slack <= narrow.low
        assert narrow.high <= wide.high + slack
