"""Predicates as a run asks them: hundreds at a time, so how to compare is looked up once, when the program is compiled."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from advise.conditions import ORDER_OPS, Facts, Op, Predicate, Truth, holds
from advise.uncertain import Measured

_Types = frozenset[type]
_Compare = Callable[[Any, Any], bool]


class Question(NamedTuple):
    """A predicate, and the symbols for its being true and false; None where no clause asks.

    Attributes:
        types: The types of value for which `compare(value, operand)` is what `conditions.holds` says. Where there are any, the predicate reads no
            other fact, and is unknown when its own is.
    """

    predicate: Predicate
    yes: int | None
    no: int | None
    types: _Types
    compare: _Compare


def question(predicate: Predicate, yes: int | None, no: int | None) -> Question:
    """The question that a predicate asks."""
    return Question(predicate, yes, no, _types(predicate), _COMPARE.get(predicate.op, operator.eq))


def answers(questions: Iterable[Question], facts: Facts) -> list[int]:
    """The symbols that the facts make the case."""
    symbols = []
    for asked in questions:
        value = facts.get(asked.predicate.fact)
        truth: Truth
        if type(value) in asked.types:
            truth = asked.compare(value, asked.predicate.operand)
        elif value is None and asked.types:
            truth = None
        elif type(value) is Measured and float in asked.types and asked.predicate.op in ORDER_OPS:
            truth = asked.compare(value.low, asked.predicate.operand)
            if truth is not asked.compare(value.high, asked.predicate.operand):
                truth = False if asked.predicate.sure else None
        else:
            truth = holds(asked.predicate, facts)
        symbol = None if truth is None else asked.yes if truth else asked.no
        if symbol is not None:
            symbols.append(symbol)
    return symbols


def _among(value: object, items: tuple[object, ...]) -> bool:
    return any(value == item for item in items)


def _inside(value: float, ends: tuple[float, ...]) -> bool:
    return len(ends) == 2 and ends[0] <= value <= ends[1]


_COMPARE: Mapping[Op, _Compare] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.IN: _among,
    Op.BETWEEN: _inside,
}
_LISTED = frozenset((Op.IN, Op.BETWEEN))
_OF_ANY_KIND = frozenset((Op.EQ, Op.NE, Op.IN))
_NONE: _Types = frozenset()
_NUMBERS: _Types = frozenset((int, float))
_KIND: Mapping[type, _Types] = {int: _NUMBERS, float: _NUMBERS, str: frozenset((str,)), bool: frozenset((bool,))}


def _types(predicate: Predicate) -> _Types:
    op, operand = predicate.op, predicate.operand
    if op is Op.KNOWN or isinstance(operand, tuple) is not (op in _LISTED):
        return _NONE
    kinds = {_KIND.get(type(item), _NONE) for item in (operand if isinstance(operand, tuple) else (operand,))}
    kind = kinds.pop() if len(kinds) == 1 else _NONE
    return kind if kind == _NUMBERS or op in _OF_ANY_KIND else _NONE
