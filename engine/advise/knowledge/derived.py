"""Derived facts: what is computed from other facts, or is the kind of their value; and deriving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advise.knowledge.catalog import DerivedSpec
from advise.knowledge.expression import Expression
from advise.knowledge.vocabulary import Cost, FactSpec, FactType
from advise.text import Value
from advise.uncertain import Measured


@dataclass(frozen=True)
class Grouping:
    """The values of an enum, each of one kind or with one number."""

    text: str
    kinds: Mapping[str, str | float]

    @property
    def facts(self) -> frozenset[str]:
        """The fact whose values are grouped."""
        return frozenset((self.text,))

    def value(self, facts: Mapping[str, Value]) -> str | float | None:
        """The kind or number of the fact's value; None where that is unknown."""
        value = facts.get(self.text)
        return self.kinds.get(value) if isinstance(value, str) else None


@dataclass(frozen=True)
class Derived:
    """A fact computed from other facts."""

    spec: DerivedSpec
    expression: Expression | Grouping

    def as_fact(self) -> FactSpec:
        """What the vocabulary says of it; it is asked for by asking for what it is computed from."""
        title = self.spec.title
        kind = FactType.ENUM if self.spec.kinds else FactType.NUMBER
        values = {name: kind.title for name, kind in self.spec.kinds.items()}
        return FactSpec(
            type=kind, unit=self.spec.unit, values=values, title=title, prompt=title, observe=title, cost=Cost.LOOKUP, shown=self.spec.shown
        )


def compute(derived: Mapping[str, Derived], facts: Mapping[str, Value]) -> dict[str, Value]:
    """Every derived fact that can be computed and was not stated.

    Args:
        derived: In an order in which each can be computed from what stands before it.
        facts: What is known.
    """
    known = dict(facts)
    computed: dict[str, Value] = {}
    for name, item in derived.items():
        value = None if name in known else item.expression.value(known)
        if value is not None:
            # Twelve digits: 9.742316 - 0.001 is 9.741316 to whoever reads it and to whatever compares with it.
            known[name] = computed[name] = _rounded(value)
    return computed


def _rounded(value: str | float) -> Value:
    if isinstance(value, str):
        return value
    number = float(f"{value:.12g}")
    # Rounding keeps order, so that the number stays within its interval.
    return Measured(number, *(float(f"{end:.12g}") for end in (value.low, value.high))) if isinstance(value, Measured) else number
