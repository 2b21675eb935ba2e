"""What follows from a condition alone: which facts are known whenever it holds, and which conclusions it asks about."""

from __future__ import annotations

from collections.abc import Sequence

from advise.conditions import All, AnyOf, AtLeast, Concluded, Condition, FactRef, Not, Op, Predicate, leaves


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


def conclusions_used(condition: Condition) -> frozenset[Concluded]:
    """Every conclusion that a condition asks about."""
    return frozenset(leaf for leaf in leaves(condition) if isinstance(leaf, Concluded))
