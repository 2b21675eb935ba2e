"""A compiled rule base: symbols, clauses over them, and the strata in which they are asserted.

A symbol stands for something that can turn out to be the case: a predicate observed true, a predicate observed false, a conclusion reached, a
conclusion absent. A clause says that when all symbols of its body are the case, so is its head. Clauses have no negation and no unknowns, so which of
them fire is one least fixpoint, whatever the order in which facts and clauses are taken.

What is not monotone lies between the strata. A conclusion's absence, the value of a derived fact and the predicates that read it are settled only
when everything that could bear on them has reached its fixpoint; they are asserted when the next stratum begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from advise.conditions import Concluded, Condition, FactRef, FactValue, Leaf, Predicate
from advise.infer.question import Question
from advise.text import Scalar

# Thousands of the small records are restored from a cache at every start: as named tuples they take half the time that dataclasses would.

# The symbol that is always the case: the body of a clause that asks for nothing.
ALWAYS = 0


@dataclass(frozen=True)
class Implication:
    """When the condition holds, so does the conclusion.

    Attributes:
        key: Names the implication; the order of keys is the only order that the result knows.
        when: The condition.
        concludes: A conclusion, or the value of a derived fact.
    """

    key: str
    when: Condition
    concludes: Concluded | FactValue


@dataclass(frozen=True)
class Fault:
    """Why an implication cannot be compiled."""

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}"


class Literal(NamedTuple):
    """A leaf of a condition, or its negation."""

    leaf: Leaf
    holds: bool


class Clause(NamedTuple):
    """All of the body makes the head; the body has no symbol twice and is never empty."""

    body: tuple[int, ...]
    head: int


@dataclass(frozen=True)
class Group:
    """`need` of the members make the symbol; a member that is listed twice counts twice. One of n is an `any` inside a condition."""

    symbol: int
    need: int
    members: tuple[int, ...]


class Absence(NamedTuple):
    """A conclusion that is asked about negatively: the symbols for its presence and its absence."""

    present: int
    absent: int


class Assignment(NamedTuple):
    """One value that a derived fact may be given."""

    symbol: int
    value: Scalar


@dataclass(frozen=True)
class Derivable:
    """A fact that implications give a value."""

    fact: str
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Stratum:
    """What is settled when the stratum begins, in this order: absences and derived facts, then the predicates that read settled facts."""

    absences: tuple[Absence, ...]
    derivables: tuple[Derivable, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Program:
    """A compiled rule base: immutable, and good for any number of runs.

    Attributes:
        implications: By key, in the order of keys.
        size: How many symbols there are.
        literals: What a symbol of a leaf means; groups, hidden symbols and `ALWAYS` are not in it.
        clauses: Every clause, hidden ones included.
        groups: Every k of n, by its symbol.
        alternatives: The clauses of each implication, each a way in which it fires, in the order in which its condition was written.
        hidden: The clause of each hidden symbol: a member of a group that is more than one leaf.
        conclusions: The symbol of each conclusion that is concluded or asked about.
        strata: From first to last.
    """

    implications: Mapping[str, Implication]
    size: int
    literals: Mapping[int, Literal]
    clauses: tuple[Clause, ...]
    groups: Mapping[int, Group]
    alternatives: Mapping[str, range]
    hidden: Mapping[int, int]
    conclusions: Mapping[Concluded, int]
    strata: tuple[Stratum, ...]

    @cached_property
    def owners(self) -> Mapping[int, str]:
        """The implication of each clause; hidden clauses have none."""
        return {clause: key for key, clauses in self.alternatives.items() for clause in clauses}

    def by_implication(self, clauses: Iterable[int]) -> dict[str, list[int]]:
        """Clauses by the implication they belong to, in the order of keys, and of each implication in the order written."""
        found: dict[str, list[int]] = {}
        for clause in sorted(clauses):
            if clause in self.owners:
                found.setdefault(self.owners[clause], []).append(clause)
        return found

    @property
    def derivables(self) -> tuple[Derivable, ...]:
        """Every fact that implications give a value."""
        return tuple(derivable for stratum in self.strata for derivable in stratum.derivables)


def reads(predicate: Predicate) -> tuple[str, ...]:
    """The facts that a predicate reads, its own first, each once."""
    if isinstance(predicate.operand, FactRef) and predicate.operand.fact != predicate.fact:
        return (predicate.fact, predicate.operand.fact)
    return (predicate.fact,)
