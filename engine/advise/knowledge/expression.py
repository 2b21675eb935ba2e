"""Arithmetic of derived facts: parsed, unit-checked and computed without ever executing code.

The grammar is a small part of Python's: `+ - * /`, parentheses, numbers, facts by their dotted names, and the functions in `FUNCTIONS`. Python's
own parser reads it; only the node types named here are accepted, and nothing is evaluated by Python. `count(x)` is the bare number of x, for
statistics that need a count without its unit; `first(x, y)` is the first of several that is known; `give_or_take(x, margin)` is x, known to that
margin on either side; `value_of(x)` is x without its interval.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from advise.errors import ExpressionError
from advise.knowledge.arithmetic import BINARY, FUNCTIONS, answer, name_of
from advise.knowledge.bounds import bounds
from advise.text import Value
from advise.uncertain import Measured
from advise.units import DIMENSIONLESS, Unit

MAX_LENGTH = 300
_SAME_UNIT = frozenset({"min", "max", "abs", "floor", "ceil", "first", "give_or_take", "value_of"})
_ONE_ARGUMENT = frozenset(FUNCTIONS) - {"min", "max", "first", "give_or_take"}
_MARGIN = "give_or_take("


@dataclass(frozen=True)
class Expression:
    """A parsed expression and the facts it reads."""

    text: str
    tree: ast.expr
    facts: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Read an expression.

        Raises:
            ExpressionError: It is too long, or outside the grammar.
        """
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters, this one has {len(text)}")
        try:
            tree = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ExpressionError("this is no arithmetic expression", (getattr(error, "offset", None) or 1) - 1) from error
        facts: set[str] = set()
        _check(tree, facts)
        return cls(text, tree, frozenset(facts))

    def value(self, facts: Mapping[str, Value]) -> float | None:
        """The value, or None when a fact is unknown or the arithmetic has no answer (a division by zero, a logarithm of zero).

        Of measured numbers it is measured too: within the interval that the arithmetic reaches from theirs, each number taken for itself.
        """
        found = answer(self.tree, facts)
        if found is None or not (_MARGIN in self.text or any(type(facts.get(fact)) is Measured for fact in self.facts)):
            return found
        return Measured(found, *bounds(self.tree, facts))

    def unit(self, units: Mapping[str, Unit]) -> Unit | None:
        """The unit of the result; None for a bare number, which fits any.

        Raises:
            ExpressionError: Quantities of different units are added or compared.
        """
        return _unit(self.tree, units)


def _check(node: ast.expr, facts: set[str]) -> None:
    match node:
        case ast.Constant(value=bool() | str() | bytes() | complex() | None):
            raise ExpressionError("only numbers are allowed here", node.col_offset)
        case ast.Constant(value=int() | float()):
            return
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            _check(left, facts)
            _check(right, facts)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, facts)
        case ast.Attribute():
            facts.add(name_of(node))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            _check_call(node, name, len(arguments))
            for argument in arguments:
                _check(argument, facts)
        case ast.Name(id=name):
            raise ExpressionError(f"`{name}` is no fact: a fact's name has a dot", node.col_offset)
        case _:
            raise ExpressionError("only + - * /, parentheses, numbers, facts and functions are allowed", node.col_offset)


def _check_call(node: ast.Call, name: str, count: int) -> None:
    if name not in FUNCTIONS:
        raise ExpressionError(f"`{name}` is no function; there are {', '.join(sorted(FUNCTIONS))}", node.col_offset)
    if name == "give_or_take" and count != 2:
        raise ExpressionError("`give_or_take` takes a number and its margin", node.col_offset)
    if (name in _ONE_ARGUMENT and count != 1) or count == 0:
        raise ExpressionError(f"`{name}` takes {'one argument' if name in _ONE_ARGUMENT else 'arguments'}", node.col_offset)


def _unit(node: ast.expr, units: Mapping[str, Unit]) -> Unit | None:
    match node:
        case ast.Constant():
            return None
        case ast.Attribute():
            return units[name_of(node)]
        case ast.UnaryOp(operand=operand):
            return _unit(operand, units)
        case ast.BinOp(left=left, op=op, right=right):
            return _combined(node, op, _unit(left, units), _unit(right, units))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call_unit(node, name, [_unit(argument, units) for argument in arguments])
    raise AssertionError("an expression is checked when it is parsed")


def _combined(node: ast.expr, op: ast.operator, left: Unit | None, right: Unit | None) -> Unit | None:
    if isinstance(op, ast.Add | ast.Sub):
        return _common(node, [left, right])
    if left is None and right is None:
        return None
    return (left or DIMENSIONLESS) * (right or DIMENSIONLESS) if isinstance(op, ast.Mult) else (left or DIMENSIONLESS) / (right or DIMENSIONLESS)


def _call_unit(node: ast.expr, name: str, units: list[Unit | None]) -> Unit | None:
    if name == "count":
        return DIMENSIONLESS
    common = _common(node, units)
    if name in _SAME_UNIT:
        return common
    if common not in (None, DIMENSIONLESS):
        raise ExpressionError(f"`{name}` takes a dimensionless number, not {common}", node.col_offset)
    return DIMENSIONLESS


def _common(node: ast.expr, units: list[Unit | None]) -> Unit | None:
    known = {unit for unit in units if unit is not None}
    if len(known) > 1:
        raise ExpressionError(f"{' and '.join(sorted(map(str, known)))} do not go together", node.col_offset)
    return next(iter(known), None)
