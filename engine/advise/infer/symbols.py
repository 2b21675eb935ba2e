"""Numbers for what can turn out to be the case; the same thing asked twice is one symbol."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from advise.bilingual import Scalar
from advise.conditions import Concluded, FactRef, FactValue, Leaf
from advise.infer.program import ALWAYS, Clause, Group, Literal

Disjunct = tuple[int, ...]


@dataclass(slots=True)
class Symbols:
    """The symbols, clauses and groups of a program while it is being compiled."""

    size: int = ALWAYS + 1
    literals: dict[int, Literal] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    groups: dict[int, Group] = field(default_factory=dict)
    hidden: dict[int, range] = field(default_factory=dict)
    conclusions: dict[Concluded, int] = field(default_factory=dict)
    _known: dict[Hashable, int] = field(default_factory=dict)

    def literal(self, leaf: Leaf, holds: bool) -> int:
        """The symbol of a leaf or of its negation."""
        key = (_identity(leaf), holds)
        symbol = self._known.get(key)
        if symbol is None:
            symbol = self._new(key)
            self.literals[symbol] = Literal(leaf, holds)
            if isinstance(leaf, Concluded) and holds:
                self.conclusions[leaf] = symbol
        return symbol

    def find(self, leaf: Leaf, holds: bool) -> int | None:
        """The symbol of a leaf or of its negation, if anything asks for it."""
        return self._known.get((_identity(leaf), holds))

    def assignment(self, concludes: FactValue) -> int:
        """The symbol of a fact's having been given a value."""
        key = (concludes.fact, _scalar(concludes.value))
        symbol = self._known.get(key)
        return self._new(key) if symbol is None else symbol

    def group(self, need: int, members: Sequence[Sequence[Disjunct]]) -> int:
        """The symbol of at least `need` of the members, each given by its disjuncts."""
        symbols = tuple(self._member(disjuncts) for disjuncts in members)
        key = ("group", need, symbols)
        symbol = self._known.get(key)
        if symbol is None:
            symbol = self._new(key)
            self.groups[symbol] = Group(symbol, need, symbols)
        return symbol

    def add(self, disjuncts: Sequence[Disjunct], head: int) -> range:
        """Add one clause a disjunct; their numbers."""
        start = len(self.clauses)
        self.clauses.extend(Clause(body or (ALWAYS,), head) for body in disjuncts)
        return range(start, len(self.clauses))

    def _member(self, disjuncts: Sequence[Disjunct]) -> int:
        if len(disjuncts) == 1 and len(disjuncts[0]) == 1:
            return disjuncts[0][0]
        key = ("member", tuple(disjuncts))
        symbol = self._known.get(key)
        if symbol is None:
            symbol = self._new(key)
            self.hidden[symbol] = self.add(disjuncts, symbol)
        return symbol

    def _new(self, key: Hashable) -> int:
        symbol = self._known[key] = self.size
        self.size += 1
        return symbol


def _identity(leaf: Leaf) -> Hashable:
    if isinstance(leaf, Concluded):
        return leaf
    return (leaf.fact, leaf.op, _operand(leaf.operand))


def _operand(operand: Scalar | tuple[Scalar, ...] | FactRef) -> Hashable:
    if isinstance(operand, FactRef):
        return operand
    return tuple(map(_scalar, operand)) if isinstance(operand, tuple) else _scalar(operand)


def _scalar(value: Scalar) -> Hashable:
    # `true` and 1 are equal to Python, and different values of a fact.
    return (isinstance(value, bool), value)
