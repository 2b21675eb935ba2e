"""Computing checked expressions: plain numbers in, a plain number out."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping

from advise.errors import ExpressionError
from advise.text import Value
from advise.uncertain import Measured

BINARY: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "sqrt": math.sqrt,
    "ln": math.log,
    "log10": math.log10,
    "exp": math.exp,
    "cos": math.cos,
    "count": float,
    "first": lambda *known: known[0],
    "value_of": lambda value: value,
    "give_or_take": lambda value, _: value,
}


def name_of(node: ast.expr) -> str:
    """The dotted name of a fact.

    Raises:
        ExpressionError: It is none.
    """
    match node:
        case ast.Attribute(value=inner, attr=attribute):
            return f"{name_of(inner)}.{attribute}"
        case ast.Name(id=name):
            return name
    raise ExpressionError("a fact's name is words joined by dots", node.col_offset)


def answer(node: ast.expr, facts: Mapping[str, Value]) -> float | None:
    """What a checked expression comes to; None where a fact is unknown, or the arithmetic has no finite answer.

    Args:
        node: The expression.
        facts: What is known; of a measured number its interval has no say.
    """
    try:
        value = _value(node, facts)
    except (ArithmeticError, ValueError):
        return None
    return value if value is not None and math.isfinite(value) else None


def _value(node: ast.expr, facts: Mapping[str, Value]) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Attribute():
            value = facts.get(name_of(node))
            if value is None or isinstance(value, bool | str | tuple):
                return None
            return float(value) if type(value) is Measured else value
        case ast.UnaryOp(operand=operand):
            inner = _value(operand, facts)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=op, right=right):
            return _apply(BINARY[type(op)], [_value(left, facts), _value(right, facts)])
        case ast.Call(func=ast.Name(id="first"), args=arguments):
            return next((value for argument in arguments if (value := answer(argument, facts)) is not None), None)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _apply(FUNCTIONS[name], [_value(argument, facts) for argument in arguments])
    raise AssertionError("an expression is checked when it is parsed")


def _apply(function: Callable[..., float], arguments: list[float | None]) -> float | None:
    return None if None in arguments else function(*arguments)
