"""The interface of a chaining engine: symbols in, the least fixpoint of the clauses out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from advise.infer.program import Program

# Called at the beginning of each stratum with its number and every symbol that is the case by then; says which symbols are the case besides.
Feed = Callable[[int, AbstractSet[int]], Iterable[int]]


@dataclass(frozen=True, slots=True)
class Chained:
    """The fixpoint.

    Attributes:
        reached: Every symbol that is the case.
        fired: The number of every clause whose body is the case.
    """

    reached: frozenset[int]
    fired: frozenset[int]


class Chainer(Protocol):
    """Chains the clauses of one program, run after run, from any thread.

    Attributes:
        program: What it chains.
        name: Which engine this is.
        note: Why it serves in place of another; empty when it was asked for.
    """

    program: Program
    name: str
    note: str

    def run(self, feed: Feed) -> Chained:
        """Chain every stratum to its fixpoint, in order."""
        ...
