"""Which rows are wanted: `verdict == "stop" and lr.peak > 1e-3`, read as conditions and never executed.

The grammar is a small part of Python's, read by Python's own parser: comparisons, `in`, `and`, `or`, `not`, names, numbers, texts. A name is a
column of the table, a fact, or a setting; one with other signs than letters, digits, `_` and `.` stands between backticks. What is not known of a
run is neither true nor false, and the run is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from advise.conditions import All, AnyOf, Condition, FactRef, Not, Op, Predicate, evaluate, facts_of
from advise.documents.problems import Problem, nearest
from advise.errors import InputError
from advise.experiments.fleet.row import FIELDS, Row
from advise.text import Scalar, Value

_OPTION = "--where"
_MAX_LENGTH = 2_000
_MAX_DEPTH = 50
_QUOTED = re.compile(r"`([^`]*)`")
_OPS: Mapping[type[ast.cmpop], Op] = {ast.Eq: Op.EQ, ast.NotEq: Op.NE, ast.Lt: Op.LT, ast.LtE: Op.LE, ast.Gt: Op.GT, ast.GtE: Op.GE}
_MIRRORED: Mapping[Op, Op] = {Op.LT: Op.GT, Op.LE: Op.GE, Op.GT: Op.LT, Op.GE: Op.LE, Op.EQ: Op.EQ, Op.NE: Op.NE}
_ACCEPTED = "comparisons such as lr.peak > 1e-3, joined by and, or, not"
_HAS = "\0has\0"
COLUMNS = frozenset(FIELDS) - {"settings", "facts", "told", "curve"}


@dataclass(frozen=True, slots=True)
class Where:
    """A parsed filter.

    Attributes:
        condition: What is asked of a row.
        names: What it reads.
        text: As it was written.
        places: Where each name stands, from 0, and how wide it is.
    """

    condition: Condition
    names: frozenset[str]
    text: str
    places: Mapping[str, tuple[int, int]]

    def __call__(self, row: Row) -> bool:
        """Whether a row is wanted."""
        return evaluate(self.condition, _values(row, self.names), lambda _: False) is True

    def check(self, known: Collection[str]) -> None:
        """See that every name is one.

        Args:
            known: Facts, and the settings of the fleet.

        Raises:
            InputError: One is not.
        """
        problems = []
        for name, (column, width) in self.places.items():
            if name not in COLUMNS and name not in known:
                meant = nearest(name, (*sorted(COLUMNS), *sorted(known)))
                accepted = f"a column ({', '.join(sorted(COLUMNS))}), a fact, or a setting of the runs"
                message = f"no run has anything called `{name}`"
                problems.append(Problem(_OPTION, 1, column + 1, message, self.text, width, accepted, meant))
        if problems:
            raise InputError(problems)


def _values(row: Row, names: Collection[str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in names:
        if name.startswith(_HAS):
            _, _, column, wanted = name.split("\0", 3)
            held = _value(row, column)
            if held is not None:
                found[name] = wanted in held if isinstance(held, str | tuple) else False
        elif (value := _value(row, name)) is not None:
            found[name] = value
    return found


def _value(row: Row, name: str) -> Any:
    value = getattr(row, name) if name in COLUMNS else row.facts.get(name, row.settings.get(name))
    return tuple(value) if isinstance(value, list) else value


def where(text: str) -> Where:
    """Read a filter.

    Args:
        text: As it was written.

    Raises:
        InputError: It is none; the problem points at what is wrong.
    """
    if len(text) > _MAX_LENGTH:
        raise InputError([Problem(_OPTION, 0, 0, f"a filter has at most {_MAX_LENGTH} characters", "")])
    quoted: dict[str, str] = {}

    def hidden(match: re.Match[str]) -> str:
        stand_in = f"q{len(quoted)}".ljust(len(match[0]), "_")
        quoted[stand_in] = match[1]
        return stand_in

    plain = _QUOTED.sub(hidden, text)
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = min(max(1, getattr(error, "offset", None) or 1), max(1, len(text)))
        raise InputError([Problem(_OPTION, 1, column, "this is no filter", text, accepted=_ACCEPTED)]) from error
    reader = _Reader(text, quoted)
    condition = reader.condition(tree, 0)
    return Where(condition, facts_of(condition), text, reader.places)


class _Reader:
    """Turns Python's tree into a condition."""

    def __init__(self, text: str, quoted: Mapping[str, str]) -> None:
        self.text = text
        self._quoted = quoted
        self.places: dict[str, tuple[int, int]] = {}

    def condition(self, node: ast.expr, depth: int) -> Condition:
        if depth > _MAX_DEPTH:
            raise self._refused(node, "this is nested too deeply")
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self.condition(value, depth + 1) for value in values)
                return All(parts) if isinstance(op, ast.And) else AnyOf(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.condition(operand, depth + 1))
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                pairs = zip([left, *comparators], ops, comparators, strict=False)
                parts = tuple(self._comparison(first, op, second) for first, op, second in pairs)
                return parts[0] if len(parts) == 1 else All(parts)
            case ast.Name() | ast.Attribute():
                return Predicate(self._name(node), Op.EQ, True)
        raise self._refused(node, "this is no comparison")

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Condition:
        if isinstance(op, ast.In | ast.NotIn):
            found = self._membership(left, right)
            return found if isinstance(op, ast.In) else Not(found)
        if isinstance(op, ast.Is | ast.IsNot):
            op = ast.Eq() if isinstance(op, ast.Is) else ast.NotEq()
        asked = _OPS[type(op)]
        if not isinstance(left, ast.Name | ast.Attribute) and isinstance(right, ast.Name | ast.Attribute):
            left, right, asked = right, left, _MIRRORED[asked]
        name = self._name(left)
        if isinstance(right, ast.Constant) and right.value is None:
            return Predicate(name, Op.KNOWN, asked is Op.NE)
        if isinstance(right, ast.Name | ast.Attribute):
            return Predicate(name, asked, FactRef(self._name(right)))
        return Predicate(name, asked, self._scalar(right))

    def _membership(self, left: ast.expr, right: ast.expr) -> Condition:
        if isinstance(right, ast.Tuple | ast.List | ast.Set):
            return Predicate(self._name(left), Op.IN, tuple(map(self._scalar, right.elts)))
        wanted, name = self._scalar(left), self._name(right)
        return Predicate(f"{_HAS}{name}\0{wanted}", Op.EQ, True)

    def _scalar(self, node: ast.expr) -> Scalar:
        match node:
            case ast.Constant(value=bool() | int() | float() | str()):
                return node.value  # type: ignore[return-value]
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
                return -node.operand.value  # type: ignore[attr-defined,no-any-return]
        raise self._refused(node, "a number or a text between quotes was expected here")

    def _name(self, node: ast.expr) -> str:
        parts: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self._refused(node, "a name was expected here")
        name = ".".join([self._quoted.get(inner.id, inner.id), *reversed(parts)])
        self.places.setdefault(name, (node.col_offset, (node.end_col_offset or node.col_offset + 1) - node.col_offset))
        return name

    def _refused(self, node: ast.expr, message: str) -> InputError:
        width = max(1, (node.end_col_offset or node.col_offset + 1) - node.col_offset)
        return InputError([Problem(_OPTION, 1, node.col_offset + 1, message, self.text, width, accepted=_ACCEPTED)])
