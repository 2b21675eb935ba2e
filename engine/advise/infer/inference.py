"""What came of a run: what fired and why, what was concluded, what contradicts, what is still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from advise.conditions import Concluded, Facts, Op, Predicate, Truth, holds
from advise.infer.chain import Chained
from advise.infer.nearest import Gap, Nearest
from advise.infer.open import awaited, possible
from advise.infer.program import Derivable, Program
from advise.infer.proof import Proof, prove
from advise.text import Scalar, Value


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Implications that disagree on a fact, with each other or with what was observed.

    Attributes:
        fact: An observed value stands; without one the fact is unknown.
        observed: The observed value, if there is one.
        concluded: Each concluded value with the implications that concluded it.
    """

    fact: str
    observed: Value | None
    concluded: tuple[tuple[Scalar, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Inference:
    """The outcome of chaining a program over facts. What is costly to say is computed when it is first asked for.

    Attributes:
        program: What was chained.
        engine: Which engine ran.
        note: Why it ran in place of another; empty when it was asked for.
        observed: The facts as given.
        facts: The facts with the derived ones.
        given: Conclusions that were taken as reached.
        chained: The fixpoint.
    """

    program: Program
    engine: str
    note: str
    observed: Facts
    facts: Facts
    given: frozenset[Concluded]
    chained: Chained

    @cached_property
    def fired(self) -> Mapping[str, Proof]:
        """The proof of every implication whose condition holds, by key, in the order of keys: also of one that an observed value overrules."""
        return prove(self.program, self.chained, self.facts)

    @cached_property
    def holding(self) -> frozenset[str]:
        """The key of every implication whose condition holds; `fired` with the proofs left out, which take longer."""
        return frozenset(self.program.by_implication(self.chained.fired))

    @cached_property
    def concluded(self) -> frozenset[Concluded]:
        """Every conclusion reached, the given ones included."""
        reached = self.chained.reached
        return self.given.union(name for name, symbol in self.program.conclusions.items() if symbol in reached)

    @cached_property
    def by(self) -> Mapping[Concluded, tuple[str, ...]]:
        """The implications behind each conclusion; a conclusion that was only given is not in it."""
        return {name: self._by_head[symbol] for name, symbol in self.program.conclusions.items() if symbol in self._by_head}

    @cached_property
    def derived(self) -> Mapping[str, tuple[str, ...]]:
        """The implications behind each derived fact; a fact that was observed, or is contradicted, is not in it."""
        found = {}
        for derivable in self.program.derivables:
            if derivable.fact in self.facts and derivable.fact not in self.observed:
                found[derivable.fact] = next(keys for _, keys in self._values(derivable))
        return found

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Derived facts on which the implications disagree, by fact."""
        found = []
        for derivable in sorted(self.program.derivables, key=lambda item: item.fact):
            values = tuple(self._values(derivable))
            observed = self.observed.get(derivable.fact)
            if len(values) > 1 or (observed is not None and any(same(observed, value) is False for value, _ in values)):
                found.append(Contradiction(derivable.fact, observed, values))
        return tuple(found)

    @cached_property
    def undecided(self) -> Mapping[str, tuple[str, ...]]:
        """The facts that each undecided implication waits for, by key: those that could still change its truth, in the order of its condition."""
        return {key: self.awaited(key) for key in self.program.implications if self.is_open(key)}

    def is_open(self, key: str) -> bool:
        """Whether there is such an implication, and it is undecided."""
        return key in self.program.implications and self.truth(key) is None

    def awaited(self, key: str) -> tuple[str, ...]:
        """The facts that one implication waits for; none where it is decided, or where there is no such implication."""
        item = self.program.implications.get(key)
        return () if item is None else awaited(item.when, self.facts, self.concluded)[1]

    def truth(self, key: str) -> Truth:
        """The truth of an implication's condition: False is decided, None waits for facts."""
        clauses = self.program.alternatives[key]
        if not self.chained.fired.isdisjoint(clauses):
            return True
        return None if any(self._possible.issuperset(self.program.clauses[clause].body) for clause in clauses) else False

    def nearest(self, key: str) -> Gap:
        """What the nearest alternative of an implication lacks."""
        return Nearest(self.program, self.chained.reached, self._possible, self.facts).gap(key)

    @cached_property
    def _possible(self) -> set[int]:
        return possible(self.program, self.chained, self.facts)

    @cached_property
    def _by_head(self) -> Mapping[int, tuple[str, ...]]:
        found: dict[int, list[str]] = defaultdict(list)
        for key, clauses in self.program.by_implication(self.chained.fired).items():
            found[self.program.clauses[clauses[0]].head].append(key)
        return {head: tuple(keys) for head, keys in found.items()}

    def _values(self, derivable: Derivable) -> Iterator[tuple[Scalar, tuple[str, ...]]]:
        for assignment in derivable.assignments:
            if assignment.symbol in self._by_head:
                yield assignment.value, self._by_head[assignment.symbol]


def same(observed: Value, value: Scalar) -> Truth:
    """Whether an observed value is the concluded one; `true` and 1 are different, and a number within an interval may be."""
    return holds(Predicate("", Op.EQ, value), {"": observed})
