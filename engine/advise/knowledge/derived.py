"""Derived facts: what is computed from other facts, and computing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advise.knowledge.catalog import DerivedSpec
from advise.knowledge.expression import Expression
from advise.knowledge.vocabulary import Cost, FactSpec, FactType
from advise.text import Value


@dataclass(frozen=True)
class Derived:
    """A fact computed from other facts."""

    spec: DerivedSpec
    expression: Expression

    def as_fact(self) -> FactSpec:
        """What the vocabulary says of it; it is asked for by asking for what it is computed from."""
        title = self.spec.title
        return FactSpec(type=FactType.NUMBER, unit=self.spec.unit, title=title, prompt=title, observe=title, cost=Cost.LOOKUP)


def compute(derived: Mapping[str, Derived], facts: Mapping[str, Value]) -> dict[str, float]:
    """Every derived fact that can be computed and was not stated.

    Args:
        derived: In an order in which each can be computed from what stands before it.
        facts: What is known.
    """
    known = dict(facts)
    computed: dict[str, float] = {}
    for name, item in derived.items():
        value = None if name in known else item.expression.value(known)
        if value is not None:
            # Twelve digits: 9.742316 - 0.001 is 9.741316 to whoever reads it and to whatever compares with it.
            known[name] = computed[name] = float(f"{value:.12g}")
    return computed
