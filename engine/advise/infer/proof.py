"""Why an implication fired: the leaves of its condition that hold, with the values that make them hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, product

from advise.conditions import Facts, Leaf, Predicate
from advise.infer.chain import Chained
from advise.infer.program import Literal, Program, reads
from advise.text import Value


@dataclass(frozen=True, slots=True)
class Premise:
    """A leaf that a proof rests on.

    Attributes:
        leaf: A predicate or a conclusion.
        holds: Whether it holds; False is a predicate that is false, or a conclusion that is absent.
        values: For a predicate, the facts it reads with their values; None is unknown.
    """

    leaf: Leaf
    holds: bool
    values: tuple[tuple[str, Value | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Why one implication fired. It does not depend on the order of facts or implications.

    Attributes:
        key: The implication.
        premises: What holds, as written, in the first of its alternatives that holds; of a k of n, every member that holds.
        also: The premises of the further alternatives that hold.
    """

    key: str
    premises: tuple[Premise, ...]
    also: tuple[tuple[Premise, ...], ...] = ()


def premise(literal: Literal, facts: Facts) -> Premise:
    """A literal with the values of the facts that it reads."""
    values = tuple((fact, facts.get(fact)) for fact in reads(literal.leaf)) if isinstance(literal.leaf, Predicate) else ()
    return Premise(literal.leaf, literal.holds, values)


def prove(program: Program, chained: Chained, facts: Facts) -> dict[str, Proof]:
    """The proof of every implication that fired, by key, in the order of keys."""
    support = _Support(program, chained, facts)
    return {key: support.proof(key, clauses) for key, clauses in program.by_implication(chained.fired).items()}


@dataclass(frozen=True, slots=True)
class _Support:
    """Looks through groups and hidden symbols to the leaves that make them the case."""

    program: Program
    chained: Chained
    facts: Facts
    _shown: dict[int, Premise] = field(default_factory=dict)

    def proof(self, key: str, clauses: list[int]) -> Proof:
        """The proof of an implication of which these clauses fired."""
        body = self.program.clauses[clauses[0]].body
        if len(clauses) == 1 and all(symbol in self.program.literals for symbol in body):
            premises = self._show(body)
            return Proof(key, premises)
        found: dict[frozenset[int], tuple[int, ...]] = {}
        for way in chain.from_iterable(map(self._ways_of, clauses)):
            found.setdefault(frozenset(way), way)
        first, *others = found.values()
        return Proof(key, self._show(first), tuple(map(self._show, others)))

    def _show(self, leaves: Iterable[int]) -> tuple[Premise, ...]:
        premises = []
        for leaf in leaves:
            if leaf not in self._shown:
                self._shown[leaf] = premise(self.program.literals[leaf], self.facts)
            premises.append(self._shown[leaf])
        return tuple(premises)

    def _ways_of(self, clause: int) -> Iterator[tuple[int, ...]]:
        """The leaves behind a fired clause, in every way in which it is fulfilled, in the order written."""
        for way in product(*map(self._ways, self.program.clauses[clause].body)):
            yield tuple(dict.fromkeys(chain.from_iterable(way)))

    def _ways(self, symbol: int) -> list[tuple[int, ...]]:
        if symbol in self.program.literals:
            return [(symbol,)]
        if symbol in self.program.hidden:
            return list(self._ways_of(self.program.hidden[symbol]))
        if symbol not in self.program.groups:
            return [()]
        held = map(self._ways, self._held(symbol))
        if self.program.groups[symbol].need == 1:
            return list(chain.from_iterable(held))
        return [tuple(chain.from_iterable(ways[0] for ways in held))]

    def _held(self, group: int) -> list[int]:
        return [member for member in self.program.groups[group].members if member in self.chained.reached]
