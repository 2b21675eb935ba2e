"""Conditions over facts, and their truth in Kleene's three-valued logic.

Truth is `True`, `False` or `None` (unknown). A fact that is unknown makes a predicate unknown, never false. So does a number that is known within an
interval only, unless the predicate says the same of the whole interval: a narrower one decides more, and never otherwise. What rules conclude is
closed-world: a conclusion that no rule reached is absent, hence false (the chainers decide it by strata, after everything that could conclude it has
run).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from advise.text import Scalar, Value
from advise.uncertain import Measured, high_of, low_of

Truth = bool | None


class Op(StrEnum):
    """What a predicate asks of a fact."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    BETWEEN = "between"
    KNOWN = "known"


COMPLEMENT: Mapping[Op, Op] = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE, Op.LE: Op.GT}
_ORDER: Mapping[Op, Callable[[float, float], bool]] = {Op.LT: operator.lt, Op.LE: operator.le, Op.GT: operator.gt, Op.GE: operator.ge}
ORDER_OPS = frozenset(_ORDER)


class ConclusionKind(StrEnum):
    """What kind of thing a rule concludes."""

    DIAGNOSIS = "diagnosis"
    ALARM = "alarm"
    DECISION = "decision"
    CHECK_PASSED = "check_passed"
    CHECK_FAILED = "check_failed"
    CHECK_IDLE = "check_not_applicable"
    VETO = "veto"
    ERRATUM = "erratum"


@dataclass(frozen=True)
class FactRef:
    """Another fact as the right-hand side: its value times `times`, plus `plus`."""

    fact: str
    times: float = 1.0
    plus: float = 0.0


@dataclass(frozen=True)
class Predicate:
    """One question about one fact: `clip.rate > 0.5`.

    `operand` is a scalar, a tuple (`in`; `between`, both ends included), another fact, or a bool for `known`. What is asked for sure is false,
    and not unknown, where an interval reaches over it.
    """

    fact: str
    op: Op
    operand: Scalar | tuple[Scalar, ...] | FactRef
    sure: bool = False


@dataclass(frozen=True)
class Concluded:
    """True when a rule concluded it: closed-world."""

    kind: ConclusionKind
    id: str


@dataclass(frozen=True)
class FactValue:
    """A fact given a value by a `derive` rule."""

    fact: str
    value: Scalar


@dataclass(frozen=True)
class All:
    """Every part holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    of: Condition


@dataclass(frozen=True)
class AtLeast:
    """At least `count` of the parts hold."""

    count: int
    of: tuple[Condition, ...]


Leaf = Predicate | Concluded
Condition = Predicate | Concluded | All | AnyOf | Not | AtLeast
Facts = Mapping[str, Value]


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf of the condition, left to right."""
    match condition:
        case Predicate() | Concluded():
            yield condition
        case Not(of=inner):
            yield from leaves(inner)
        case All(of=parts) | AnyOf(of=parts) | AtLeast(of=parts):
            for part in parts:
                yield from leaves(part)


def facts_of(condition: Condition) -> frozenset[str]:
    """Every fact the condition reads, right-hand sides included."""
    names: set[str] = set()
    for leaf in leaves(condition):
        if isinstance(leaf, Predicate):
            names.add(leaf.fact)
            if isinstance(leaf.operand, FactRef):
                names.add(leaf.operand.fact)
    return frozenset(names)


def evaluate(condition: Condition, facts: Facts, concluded: Callable[[Concluded], bool]) -> Truth:
    """The truth of a condition.

    Args:
        condition: What is asked.
        facts: Value by fact name; an unknown fact is missing.
        concluded: Whether a conclusion was reached.
    """
    match condition:
        case Predicate():
            return holds(condition, facts)
        case Concluded():
            return concluded(condition)
        case Not(of=inner):
            truth = evaluate(inner, facts, concluded)
            return None if truth is None else not truth
        case All(of=parts):
            return count_truth([evaluate(part, facts, concluded) for part in parts], len(parts))
        case AnyOf(of=parts):
            return count_truth([evaluate(part, facts, concluded) for part in parts], 1)
        case AtLeast(count=count, of=parts):
            return count_truth([evaluate(part, facts, concluded) for part in parts], count)


def count_truth(truths: list[Truth], need: int) -> Truth:
    """Whether at least `need` of the parts are true: unknown while the unknown ones could still decide it."""
    true = sum(truth is True for truth in truths)
    if true >= need:
        return True
    possible = sum(truth is not False for truth in truths)
    return None if possible >= need else False


def holds(predicate: Predicate, facts: Facts) -> Truth:
    """The truth of one predicate; unknown when a fact it reads is, or when it holds at some places of an interval and not at others."""
    value = facts.get(predicate.fact)
    if predicate.op is Op.KNOWN:
        return (value is not None) == predicate.operand
    if value is None:
        return None
    operand: Scalar | tuple[Scalar, ...]
    if isinstance(predicate.operand, FactRef):
        other = facts.get(predicate.operand.fact)
        if other is None:
            return None
        operand = _scaled(other, predicate.operand)
    else:
        operand = predicate.operand
    if isinstance(value, Measured) or isinstance(operand, Measured):
        truth = _throughout(predicate.op, value, operand)
        return False if truth is None and predicate.sure else truth
    return _compare(predicate.op, value, operand)


def _scaled(value: Value, ref: FactRef) -> Scalar | tuple[Scalar, ...]:
    if isinstance(value, bool | str | tuple) or (ref.times == 1 and ref.plus == 0):
        return value
    if isinstance(value, Measured):
        ends = value.low * ref.times + ref.plus, value.high * ref.times + ref.plus
        return Measured(float(value) * ref.times + ref.plus, min(ends), max(ends))
    try:
        return value * ref.times + ref.plus
    except OverflowError:
        # A whole number beyond the floats.
        return math.inf if (value > 0) == (ref.times > 0) else -math.inf


def _compare(op: Op, value: Value, operand: Scalar | tuple[Scalar, ...]) -> bool:
    match op:
        case Op.EQ:
            return _same(value, operand)
        case Op.NE:
            return not _same(value, operand)
        case Op.IN:
            return isinstance(operand, tuple) and any(_same(value, item) for item in operand)
    if isinstance(value, bool | str | tuple):
        return False
    if op is Op.BETWEEN:
        return isinstance(operand, tuple) and len(operand) == 2 and _number(operand[0]) <= value <= _number(operand[1])
    return not isinstance(operand, tuple) and _ORDER[op](value, _number(operand))


def _throughout(op: Op, value: Value, operand: Scalar | tuple[Scalar, ...]) -> Truth:
    """What holds wherever in their intervals the two numbers lie."""
    match op:
        case Op.EQ:
            return _equal(value, operand)
        case Op.NE:
            equal = _equal(value, operand)
            return None if equal is None else not equal
        case Op.IN:
            return count_truth([_equal(value, item) for item in operand], 1) if isinstance(operand, tuple) else False
    if isinstance(value, bool | str | tuple) or isinstance(operand, bool | str):
        return False
    low, high = low_of(value), high_of(value)
    if op is Op.BETWEEN:
        return _inside(low, high, operand)
    if isinstance(operand, tuple):
        return False
    truth = _ORDER[op](low, high_of(operand))
    return truth if truth is _ORDER[op](high, low_of(operand)) else None


def _equal(value: Value, other: Scalar | tuple[Scalar, ...]) -> Truth:
    if isinstance(value, bool | str | tuple) or isinstance(other, bool | str | tuple):
        return False
    if high_of(value) < low_of(other) or high_of(other) < low_of(value):
        return False
    # Both are one number, or they may be different.
    return True if low_of(value) == high_of(value) == low_of(other) == high_of(other) else None


def _inside(low: float, high: float, bounds: Scalar | tuple[Scalar, ...]) -> Truth:
    if not isinstance(bounds, tuple) or len(bounds) != 2:
        return False
    least, most = map(_number, bounds)
    if least <= low and high <= most:
        return True
    return None if high >= least and low <= most else False


def _number(operand: Scalar) -> float:
    # NaN compares false with everything, which is what a comparison with a word is.
    return math.nan if isinstance(operand, bool | str) else operand


def _same(value: object, other: object) -> bool:
    # bool is an int to Python; a fact that is `1` is not `true`.
    return isinstance(value, bool) == isinstance(other, bool) and value == other
