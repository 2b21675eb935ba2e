"""How far an implication is from firing: what its nearest alternative lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from advise.conditions import Facts
from advise.infer.program import Group, Program
from advise.infer.proof import Premise, premise

# How many leaves are false, then how many are unknown.
_Distance = tuple[int, int]
_TRUE: _Distance = (0, 0)
_UNKNOWN: _Distance = (0, 1)
_FALSE: _Distance = (1, 0)
# Of what nothing can make true, such as an empty `any`.
_NEVER: _Distance = (1_000_000_000, 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps an implication from firing, in the alternative with the fewest false and then the fewest unknown leaves.

    Attributes:
        unmet: Leaves that would have to hold as stated, and do not.
        unknown: Leaves that would have to hold as stated, and whose facts are unknown.
    """

    unmet: tuple[Premise, ...]
    unknown: tuple[Premise, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The distances of one run.

    Attributes:
        reached: The symbols that are the case.
        possible: Those and the ones that could be, were the unknown facts known.
    """

    program: Program
    reached: AbstractSet[int]
    possible: AbstractSet[int]
    facts: Facts
    _distances: dict[int, _Distance] = field(default_factory=dict)

    def gap(self, key: str) -> Gap:
        """What an implication lacks; empty when it fired, or when nothing could make it fire."""
        clause = min(self.program.alternatives[key], key=self._of_clause, default=None)
        if clause is None or self._of_clause(clause) >= _NEVER:
            return Gap((), ())
        lacking = tuple(dict.fromkeys(self._lacking(self.program.clauses[clause].body)))
        return Gap(self._shown(lacking, _FALSE), self._shown(lacking, _UNKNOWN))

    def _shown(self, leaves: Iterable[int], distance: _Distance) -> tuple[Premise, ...]:
        return tuple(premise(self.program.literals[leaf], self.facts) for leaf in leaves if self._of(leaf) == distance)

    def _of(self, symbol: int) -> _Distance:
        if symbol in self.reached:
            return _TRUE
        if symbol not in self._distances:
            self._distances[symbol] = self._measure(symbol)
        return self._distances[symbol]

    def _measure(self, symbol: int) -> _Distance:
        if symbol in self.program.groups:
            group = self.program.groups[symbol]
            return _sum(map(self._of, self._cheapest(group))) if group.need <= len(group.members) else _NEVER
        if symbol in self.program.hidden:
            return self._of_clause(self.program.hidden[symbol])
        return _UNKNOWN if symbol in self.possible else _FALSE

    def _of_clause(self, clause: int) -> _Distance:
        return _sum(map(self._of, self.program.clauses[clause].body))

    def _cheapest(self, group: Group) -> list[int]:
        return sorted(group.members, key=self._of)[: group.need]

    def _lacking(self, symbols: Iterable[int]) -> Iterator[int]:
        for symbol in symbols:
            if symbol in self.reached:
                continue
            if symbol in self.program.groups:
                yield from self._lacking(self._cheapest(self.program.groups[symbol]))
            elif symbol in self.program.hidden:
                yield from self._lacking(self.program.clauses[self.program.hidden[symbol]].body)
            else:
                yield symbol


def _sum(distances: Iterable[_Distance]) -> _Distance:
    false = unknown = 0
    for more_false, more_unknown in distances:
        false += more_false
        unknown += more_unknown
    return false, unknown
