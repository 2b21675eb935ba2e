"""Why an implication fired: the leaves of its condition that hold, with the values that make them hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from advise.bilingual import Value
from advise.conditions import Facts, Leaf, Predicate
from advise.infer.chain import Chained
from advise.infer.program import Group, Literal, Program, reads


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
        necessary: The premises without each of which no alternative would hold.
        also: The premises of the further alternatives that hold.
    """

    key: str
    premises: tuple[Premise, ...]
    necessary: tuple[Premise, ...]
    also: tuple[tuple[Premise, ...], ...] = ()


def premise(literal: Literal, facts: Facts) -> Premise:
    """A literal with the values of the facts that it reads."""
    values = tuple((fact, facts.get(fact)) for fact in reads(literal.leaf)) if isinstance(literal.leaf, Predicate) else ()
    return Premise(literal.leaf, literal.holds, values)


def prove(program: Program, chained: Chained, facts: Facts) -> Mapping[str, Proof]:
    """The proof of every implication that fired, by key, in the order of keys."""
    support = _Support(program, chained, facts)
    proofs = {}
    for key, alternatives in program.alternatives.items():
        fired = [clause for clause in alternatives if clause in chained.fired]
        if fired:
            premises, *also = (support.premises(program.clauses[clause].body) for clause in fired)
            necessary = support.shown(support.necessary(fired))
            proofs[key] = Proof(key, premises, tuple(item for item in premises if item in necessary), tuple(also))
    return proofs


class _Support:
    """Looks through groups and hidden symbols to the leaves behind them."""

    def __init__(self, program: Program, chained: Chained, facts: Facts) -> None:
        self._program = program
        self._chained = chained
        self._premise = cache(lambda symbol: premise(program.literals[symbol], facts))

    def premises(self, body: Iterable[int]) -> tuple[Premise, ...]:
        """The leaves behind the symbols of a body, each once."""
        return tuple(map(self._premise, dict.fromkeys(leaf for symbol in body for leaf in self._leaves(symbol))))
