"""Numbers for what can turn out to be the case; the same thing asked twice is one symbol."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from advise.conditions import Concluded, FactRef, FactValue, Leaf
from advise.infer.program import ALWAYS, Clause, Group
from advise.text import Scalar

Disjunct = tuple[int, ...]


@dataclass(slots=True)
class Sides:
    """A leaf with the symbols for its holding and its not holding; None where nothing asks."""

    leaf: Leaf
    yes: int | None = None
    no: int | None = None


@dataclass(slots=True)
class Symbols:
    """The symbols, clauses and groups of a program while it is being compiled."""

    size: int = ALWAYS + 1
    leaves: dict[Hashable, Sides] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    groups: dict[int, Group] = field(default_factory=dict)
    hidden: dict[int, int] = field(default_factory=dict)
    _known: dict[Hashable, int] = field(default_factory=dict)
    _ways: dict[int, int] = field(default_factory=dict)

    def literal(self, leaf: Leaf, holds: bool) -> int:
        """The symbol of a leaf, or of its negation."""
        identity = _identity(leaf)
        sides = self.leaves.get(identity)
        if sides is None:
            sides = self.leaves[identity] = Sides(leaf)
        if holds:
            if sides.yes is None:
                sides.yes = self._next()
            return sides.yes
        if sides.no is None:
            sides.no = self._next()
        return sides.no

    def fact(self, name: str) -> int:
        """The symbol of a derived fact's being settled; no clause asks for it."""
        return self._of(("fact", name))

    def assignment(self, concludes: FactValue) -> int:
        """The symbol of a fact's having been given a value."""
        return self._of(("value", concludes.fact, _scalar(concludes.value)))

    def group(self, need: int, members: Sequence[Sequence[Disjunct]]) -> int:
        """The symbol of at least `need` of the members, each given by its disjuncts."""
        symbols = tuple([self.either(disjuncts) for disjuncts in members])
        symbol = self._of(("group", need, symbols))
        if symbol not in self.groups:
            self.groups[symbol] = Group(symbol, need, symbols)
            self._ways[symbol] = sum([self.ways((member,)) for member in symbols]) if need == 1 else 1
        return symbol

    def either(self, disjuncts: Sequence[Disjunct]) -> int:
        """The symbol of any of the disjuncts: one of n, where there are several."""
        if len(disjuncts) == 1:
            return self._all(disjuncts[0])
        return self.group(1, [[disjunct] for disjunct in disjuncts])

    def _all(self, disjunct: Disjunct) -> int:
        if len(disjunct) < 2:
            return disjunct[0] if disjunct else ALWAYS
        symbol = self._of(("all", disjunct))
        if symbol not in self.hidden:
            self.hidden[symbol] = self.add([disjunct], symbol)[0]
            self._ways[symbol] = self.ways(disjunct)
        return symbol

    def add(self, disjuncts: Sequence[Disjunct], head: int) -> range:
        """Add one clause a disjunct; their numbers."""
        start = len(self.clauses)
        self.clauses.extend([Clause(body or (ALWAYS,), head) for body in disjuncts])
        return range(start, len(self.clauses))

    def ways(self, body: Disjunct) -> int:
        """In how many ways the symbols of a body can be the case; two or more of n count as one way."""
        if self._ways.keys().isdisjoint(body):
            return 1
        return math.prod([self._ways.get(symbol, 1) for symbol in body])

    def _of(self, key: Hashable) -> int:
        symbol = self._known.get(key)
        if symbol is None:
            symbol = self._known[key] = self._next()
        return symbol

    def _next(self) -> int:
        self.size += 1
        return self.size - 1


def _identity(leaf: Leaf) -> Hashable:
    if isinstance(leaf, Concluded):
        return (leaf.kind, leaf.id)
    operand = leaf.operand
    if isinstance(operand, FactRef):
        return (leaf.fact, leaf.op, leaf.sure, operand.fact, operand.times, operand.plus)
    return (leaf.fact, leaf.op, leaf.sure, tuple(map(_scalar, operand)) if isinstance(operand, tuple) else _scalar(operand))


def _scalar(value: Scalar) -> Hashable:
    # `true` and 1 are equal to Python, and different values of a fact.
    return (isinstance(value, bool), value)
