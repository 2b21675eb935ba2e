"""What follows from a condition alone: which facts are known whenever it holds, and whether it can hold at all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advise.conditions import All, AnyOf, AtLeast, Concluded, Condition, FactRef, Not, Op, Predicate, leaves
from advise.knowledge.base import Rule
from advise.knowledge.lint.finding import Finding, Subject, rule_key
from advise.knowledge.vocabulary import FactSpec, Vocabulary


def always_known(condition: Condition, holds: bool = True) -> frozenset[str]:
    """The facts that are known in every case in which the condition holds (or, asked for, does not hold)."""
    match condition:
        case Predicate(fact=fact, op=Op.KNOWN, operand=operand):
            return frozenset({fact} if operand == holds else ())
        case Predicate(fact=fact, operand=FactRef(fact=other)):
            return frozenset({fact, other})
        case Predicate(fact=fact):
            return frozenset({fact})
        case Concluded():
            return frozenset()
        case Not(of=inner):
            return always_known(inner, not holds)
        case All(of=parts):
            return _known_of(parts, len(parts) if holds else 1, holds)
        case AnyOf(of=parts):
            return _known_of(parts, 1 if holds else len(parts), holds)
        case AtLeast(count=count, of=parts):
            return _known_of(parts, count if holds else len(parts) - count + 1, holds)


def _known_of(parts: Sequence[Condition], need: int, holds: bool) -> frozenset[str]:
    """Known for sure when `need` of the parts are decided: what is missing in fewer than `need`… of them cannot be avoided."""
    each = [always_known(part, holds) for part in parts]
    everything = frozenset().union(*each)
    return frozenset(fact for fact in everything if sum(fact not in known for known in each) < need)


@dataclass(frozen=True, slots=True)
class _Interval:
    """The values a number may still have."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def cut(self, op: Op, bound: float) -> _Interval:
        match op:
            case Op.GT | Op.GE if (bound, op is Op.GT) > (self.low, self.low_open):
                return _Interval(bound, self.high, op is Op.GT, self.high_open)
            case Op.LT | Op.LE if (-bound, op is Op.LT) > (-self.high, self.high_open):
                return _Interval(self.low, bound, self.low_open, op is Op.LT)
            case Op.EQ:
                return self.cut(Op.GE, bound).cut(Op.LE, bound)
        return self

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))


def never_holds(subject: Subject) -> Iterator[Finding]:
    """No rule's top-level conjunction contradicts itself or the bounds of its facts."""
    for rule in subject.base.rules.values():
        for fact in _impossible(rule, subject.base.vocabulary):
            yield Finding(rule_key(rule.id), ("when",), f"this can never hold: no value of `{fact}` satisfies it")


def _impossible(rule: Rule, vocabulary: Vocabulary) -> Iterator[str]:
    intervals: dict[str, _Interval] = {}
    for leaf in _conjuncts(rule.when):
        if not isinstance(leaf, Predicate) or not vocabulary[leaf.fact].type.numeric:
            continue
        interval = intervals.get(leaf.fact) or _bounds(vocabulary[leaf.fact])
        intervals[leaf.fact] = _narrowed(interval, leaf)
    for fact, interval in intervals.items():
        if interval.empty:
            yield fact


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All):
        for part in condition.of:
            yield from _conjuncts(part)
    else:
        yield condition


def _bounds(spec: FactSpec) -> _Interval:
    interval = _Interval(-math.inf, math.inf)
    for op, bound in ((Op.GE, spec.min), (Op.LE, spec.max), (Op.GT, spec.above), (Op.LT, spec.below)):
        interval = interval if bound is None else interval.cut(op, bound)
    return interval


def _narrowed(interval: _Interval, leaf: Predicate) -> _Interval:
    operand = leaf.operand
    if leaf.op is Op.BETWEEN and isinstance(operand, tuple):
        low, high = operand
        return interval.cut(Op.GE, float(low)).cut(Op.LE, float(high))
    if isinstance(operand, int | float) and not isinstance(operand, bool):
        return interval.cut(leaf.op, operand)
    return interval


def conclusions_used(condition: Condition) -> frozenset[Concluded]:
    """Every conclusion that a condition asks about."""
    return frozenset(leaf for leaf in leaves(condition) if isinstance(leaf, Concluded))
