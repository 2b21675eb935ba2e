"""Predicates as a run asks them: hundreds at a time, so the common kinds of comparison are looked up once, when the program is compiled."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from advise.conditions import Facts, Op, Predicate, Truth, holds

_Types = frozenset[type]
_NUMBERS: _Types = frozenset((int, float))
_KIND: Mapping[type, _Types] = {int: _NUMBERS, float: _NUMBERS, str: frozenset((str,)), bool: frozenset((bool,))}
_NO_TYPES: _Types = frozenset()
_Compare = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """A predicate, and the symbols for its being true and false; None where no clause asks.

    Attributes:
        types: The types of value for which `compare(value, predicate.operand)` is what `conditions.holds` says; where there are any, an unknown
            value makes the predicate unknown.
        compare: Not called for values of other types.
    """

    predicate: Predicate
    yes: int | None
    no: int | None
    types: _Types
    compare: _Compare


def question(predicate: Predicate, yes: int | None, no: int | None) -> Question:
    """The question that a predicate asks."""
    compare = _COMPARE[predicate.op]
    return Question(predicate, yes, no, _types(predicate), compare)


def answers(questions: Iterable[Question], facts: Facts) -> list[int]:
    """The symbols that the facts make the case."""
    symbols = []
    for asked in questions:
        predicate = asked.predicate
        value = facts.get(predicate.fact)
        truth: Truth
        if type(value) in asked.types:
            truth = asked.compare(value, predicate.operand)
        elif value is None and asked.types:
            continue
        else:
            truth = holds(predicate, facts)
        symbol = None if truth is None else asked.yes if truth else asked.no
        if symbol is not None:
            symbols.append(symbol)
    return symbols


def _types(predicate: Predicate) -> _Types:
    op, operand = predicate.op, predicate.operand
    listed = isinstance(operand, tuple)
    if op not in _COMPARE or listed != (op in _LISTED):
        return _NO_TYPES
    kinds = {_KIND.get(type(item), _NO_TYPES) for item in (operand if isinstance(operand, tuple) else (operand,))}
    return kinds.pop() if len(kinds) == 1 else _NO_TYPES
