"""From implications to a program: negations go to the leaves, what is a choice becomes clauses or groups, what rests on what gives the strata."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from advise.conditions import All, AnyOf, AtLeast, Concluded, Condition, FactValue, Leaf, Not, Predicate
from advise.errors import CircularError, ProgramError
from advise.infer.program import Assignment, Derivable, Fault, Implication, Literal, Program, reads
from advise.infer.strata import build_strata, levels
from advise.infer.symbols import Disjunct, Sides, Symbols

MAX_DISJUNCTS = 64


def compile_program(implications: Iterable[Implication], max_disjuncts: int = MAX_DISJUNCTS) -> Program:
    """Compile implications; their order does not matter.

    Args:
        implications: Several may share a conclusion; keys are unique.
        max_disjuncts: In how many ways a condition may hold, its choices multiplied out; a proof names them all.

    Raises:
        ProgramError: Two implications share a key, a condition has too many alternatives, or conclusions rest on themselves.
    """
    by_key = _by_key(implications)
    compiler = _Compiler(max_disjuncts)
    for item in by_key.values():
        if isinstance(item.concludes, FactValue):
            compiler.facts[item.concludes.fact] = compiler.symbols.fact(item.concludes.fact)
    for item in by_key.values():
        compiler.add(item)
    return compiler.finish(by_key)


def _by_key(implications: Iterable[Implication]) -> dict[str, Implication]:
    ordered = sorted(implications, key=lambda item: item.key)
    by_key = {item.key: item for item in ordered}
    if len(by_key) < len(ordered):
        twice = {first.key for first, second in pairwise(ordered) if first.key == second.key}
        raise ProgramError(Fault(key, "another implication has the same key") for key in twice)
    return by_key


class _TooManyError(Exception):
    pass


@dataclass(slots=True)
class _Compiler:
    """Collects symbols and clauses; `needs` says what each concluded symbol rests on, `causes` which implication makes it so."""

    limit: int
    symbols: Symbols = field(default_factory=Symbols)
    facts: dict[str, int] = field(default_factory=dict)
    needs: dict[int, dict[int, bool]] = field(default_factory=dict)
    causes: dict[tuple[int, int], str] = field(default_factory=dict)
    alternatives: dict[str, range] = field(default_factory=dict)
    assignments: dict[str, dict[int, Assignment]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _needed: dict[int, bool] = field(default_factory=dict)

    def add(self, item: Implication) -> None:
        """Add the clauses of one implication."""
        head = concluded = self._head(item.concludes)
        if isinstance(item.concludes, FactValue):
            concluded = self.facts[item.concludes.fact]
        self._needed = {}
        try:
            self.alternatives[item.key] = self.symbols.add(self._disjuncts(item.when, True), head)
        except _TooManyError as excess:
            self.faults.append(Fault(item.key, str(excess)))
        needs = self.needs.setdefault(concluded, {})
        for symbol, settled in self._needed.items():
            needs[symbol] = needs.get(symbol, False) or settled
            self.causes.setdefault((concluded, symbol), item.key)

    def finish(self, by_key: Mapping[str, Implication]) -> Program:
        """The program of what was added."""
        try:
            level = levels(self.needs)
        except CircularError as circular:
            self.faults += [self._circle(ring) for ring in circular.rings]
        if self.faults:
            raise ProgramError(self.faults)
        symbols = self.symbols
        derivables = {fact: Derivable(fact, tuple(values.values())) for fact, values in self.assignments.items()}
        return Program(
            implications=by_key,
            size=symbols.size,
            literals=dict(_literals(symbols.leaves.values())),
            clauses=tuple(symbols.clauses),
            groups=symbols.groups,
            alternatives=self.alternatives,
            hidden=symbols.hidden,
            conclusions={sides.leaf: sides.yes for sides in symbols.leaves.values() if isinstance(sides.leaf, Concluded) and sides.yes is not None},
            strata=build_strata(symbols.leaves.values(), derivables, level, self.facts),
        )

    def _head(self, concludes: Concluded | FactValue) -> int:
        if isinstance(concludes, Concluded):
            return self.symbols.literal(concludes, True)
        symbol = self.symbols.assignment(concludes)
        self.assignments.setdefault(concludes.fact, {}).setdefault(symbol, Assignment(symbol, concludes.value))
        return symbol

    def _disjuncts(self, condition: Condition, holds: bool) -> list[Disjunct]:
        """The ways in which the condition, or its negation, can hold."""
        match condition:
            case Predicate() | Concluded():
                return [(self._literal(condition, holds),)]
            case Not(of=inner):
                return self._disjuncts(inner, not holds)
            case All(of=parts):
                return self._at_least(len(parts), parts, holds)
            case AnyOf(of=parts):
                return self._at_least(1, parts, holds)
            case AtLeast(count=count, of=parts):
                return self._at_least(count, parts, holds)

    def _at_least(self, count: int, parts: Sequence[Condition], holds: bool) -> list[Disjunct]:
        # Fewer than `count` of n hold when at least n - count + 1 do not.
        need = count if holds else len(parts) - count + 1
        if need <= 0:
            return [()]
        if need > len(parts):
            return []
        expanded = [self._disjuncts(part, holds) for part in parts]
        if need == len(parts):
            return self._all(expanded)
        if need == 1:
            disjuncts = _unique([*chain.from_iterable(expanded)])
            self._limit(sum(map(self.symbols.ways, disjuncts)))
            return disjuncts
        return [(self.symbols.group(need, expanded),)]

    def _all(self, parts: list[list[Disjunct]]) -> list[Disjunct]:
        """Every part: one of n stands for a part that can hold in several ways, so that nothing is multiplied out."""
        self._limit(math.prod([sum(map(self.symbols.ways, part)) for part in parts]))
        if len(parts) == 1:
            return parts[0]
        if not all(parts):
            return []
        bodies = [part[0] if len(part) == 1 else (self.symbols.either(part),) for part in parts]
        return [tuple(dict.fromkeys(chain.from_iterable(bodies)))]

    def _limit(self, count: int) -> None:
        if count > self.limit:
            raise _TooManyError(f"the condition has {count} alternatives, at most {self.limit} are taken: conclude a part of it in a rule of its own")

    def _literal(self, leaf: Leaf, holds: bool) -> int:
        if isinstance(leaf, Concluded):
            present = self.symbols.literal(leaf, True)
            self._needed[present] = self._needed.get(present, False) or not holds
        elif self.facts:
            self._needed.update((self.facts[fact], True) for fact in reads(leaf) if fact in self.facts)
        return self.symbols.literal(leaf, holds)

    def _circle(self, ring: list[int]) -> Fault:
        names = {symbol: f"fact {fact}" for fact, symbol in self.facts.items()}
        for sides in self.symbols.leaves.values():
            if isinstance(sides.leaf, Concluded) and sides.yes is not None:
                names[sides.yes] = f"{sides.leaf.kind.replace('_', ' ')} {sides.leaf.id}"
        start = ring.index(min(ring, key=names.__getitem__))
        turned = [*ring[start:], *ring[: start + 1]]
        return Fault(self.causes[turned[0], turned[1]], "this rests on itself: " + " needs ".join(names[symbol] for symbol in turned))


def _literals(leaves: Iterable[Sides]) -> Iterable[tuple[int, Literal]]:
    for sides in leaves:
        if sides.yes is not None:
            yield sides.yes, Literal(sides.leaf, True)
        if sides.no is not None:
            yield sides.no, Literal(sides.leaf, False)


def _unique(disjuncts: Sequence[Disjunct]) -> list[Disjunct]:
    if len(disjuncts) == 1:
        return [*disjuncts]
    first: dict[frozenset[int], Disjunct] = {}
    for disjunct in disjuncts:
        first.setdefault(frozenset(disjunct), disjunct)
    return list(first.values())
