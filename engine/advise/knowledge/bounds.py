"""Between which numbers an expression lies, its facts lying anywhere within their intervals.

Interval arithmetic (Moore 1966): what it gives holds wherever the facts lie, each taken for itself, so that it is never too narrow, and too wide
where a fact occurs twice. Narrower intervals in give narrower ones out.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from advise.knowledge.arithmetic import FUNCTIONS, answer, name_of
from advise.text import Value
from advise.uncertain import high_of, low_of


class Bounds(NamedTuple):
    """The ends of an interval; they may be infinite, and are never NaN."""

    low: float
    high: float


_ANYWHERE = Bounds(-math.inf, math.inf)


def bounds(node: ast.expr, facts: Mapping[str, Value]) -> Bounds:
    """The interval of a checked expression that has an answer (see `arithmetic.answer`).

    Args:
        node: The expression.
        facts: What is known.
    """
    match node:
        case ast.Constant(value=int() | float() as number):
            return Bounds(number, number)
        case ast.Attribute():
            value = facts[name_of(node)]
            return _ANYWHERE if isinstance(value, str | tuple) else Bounds(low_of(value), high_of(value))
        case ast.UnaryOp(operand=operand):
            inner = bounds(operand, facts)
            return Bounds(-inner.high, -inner.low)
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](bounds(left, facts), bounds(right, facts))
        case ast.Call(func=ast.Name(id="value_of"), args=[argument]):
            exact = answer(argument, facts)
            return _ANYWHERE if exact is None else Bounds(exact, exact)
        case ast.Call(func=ast.Name(id="first"), args=arguments):
            return bounds(next(argument for argument in arguments if answer(argument, facts) is not None), facts)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, [bounds(argument, facts) for argument in arguments])
    raise AssertionError("an expression is checked when it is parsed")


def _added(left: Bounds, right: Bounds) -> Bounds:
    return _hull(left.low + right.low, left.high + right.high)


def _subtracted(left: Bounds, right: Bounds) -> Bounds:
    return _hull(left.low - right.high, left.high - right.low)


def _multiplied(left: Bounds, right: Bounds) -> Bounds:
    return _hull(*(_product(one, other) for one in left for other in right))


def _product(one: float, other: float) -> float:
    # Nothing times a number without bound is nothing: an end that is infinite stands for all finite numbers below it.
    return 0.0 if one == 0 or other == 0 else one * other


def _divided(left: Bounds, right: Bounds) -> Bounds:
    if right.low > 0 or right.high < 0:
        return _hull(*(one / other for one in left for other in right))
    if right.low == 0 < right.high:
        return Bounds(left.low / right.high if left.low >= 0 else -math.inf, left.high / right.high if left.high <= 0 else math.inf)
    if right.low < 0 == right.high:
        return Bounds(left.high / right.low if left.high <= 0 else -math.inf, left.low / right.low if left.low >= 0 else math.inf)
    return _ANYWHERE


def _hull(*numbers: float) -> Bounds:
    return _ANYWHERE if any(map(math.isnan, numbers)) else Bounds(min(numbers), max(numbers))


def _called(name: str, arguments: list[Bounds]) -> Bounds:
    match name:
        case "min" | "max":
            pick = FUNCTIONS[name]
            return Bounds(pick(*(each.low for each in arguments)), pick(*(each.high for each in arguments)))
        case "give_or_take":
            value, margin = arguments[0], max(0.0, arguments[1].high)
            return _hull(value.low - margin, value.high + margin)
        case "abs":
            return _absolute(arguments[0])
        case "cos":
            low, high = arguments[0]
            return Bounds(math.cos(low), math.cos(low)) if low == high else Bounds(-1.0, 1.0)
    return Bounds(_rising(name, arguments[0].low), _rising(name, arguments[0].high))


def _absolute(of: Bounds) -> Bounds:
    nearest = 0.0 if of.low <= 0 <= of.high else min(abs(of.low), abs(of.high))
    return Bounds(nearest, max(abs(of.low), abs(of.high)))


def _rising(name: str, argument: float) -> float:
    """A function that rises with its argument, at one end; below where it is defined its lowest value."""
    if math.isinf(argument):
        return _AT_INFINITY[name] if argument < 0 else argument
    try:
        return FUNCTIONS[name](argument)
    except ValueError:
        return _AT_INFINITY[name]
    except OverflowError:
        return math.inf


# What each tends to as its argument falls, or its lowest value.
_AT_INFINITY: Mapping[str, float] = {
    "floor": -math.inf,
    "ceil": -math.inf,
    "sqrt": 0.0,
    "ln": -math.inf,
    "log10": -math.inf,
    "exp": 0.0,
    "count": -math.inf,
}
_BINARY: Mapping[type[ast.operator], Callable[[Bounds, Bounds], Bounds]] = {
    ast.Add: _added,
    ast.Sub: _subtracted,
    ast.Mult: _multiplied,
    ast.Div: _divided,
}
