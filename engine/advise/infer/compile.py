"""From implications to a program: negation normal form, disjunctive normal form, strata."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise, product

from advise.conditions import All, AnyOf, AtLeast, Concluded, Condition, FactValue, Leaf, Not
from advise.infer.program import Assignment, Derivable, Fault, Implication, Program, ProgramError, reads
from advise.infer.strata import Needs, Node, build_strata, cycles, levels, node_text
from advise.infer.symbols import Disjunct, Symbols

MAX_DISJUNCTS = 64


def compile_program(implications: Iterable[Implication], max_disjuncts: int = MAX_DISJUNCTS) -> Program:
    """Compile implications; their order does not matter.

    Args:
        implications: Several may share a conclusion; keys are unique.
        max_disjuncts: How many alternatives a condition may have once its `any` are multiplied out.

    Raises:
        ProgramError: Two implications share a key, a condition has too many alternatives, or conclusions rest on themselves.
    """
    by_key = _by_key(implications)
    expander = _Expander(frozenset(_node(item) for item in by_key.values()), max_disjuncts)
    needs: dict[Node, dict[Node, bool]] = defaultdict(dict)
    alternatives: dict[str, range] = {}
    assignments: dict[str, dict[int, Assignment]] = defaultdict(dict)
    faults: list[Fault] = []
    for key, item in by_key.items():
        expander.needs = needs[_node(item)]
        try:
            disjuncts = expander.disjuncts(item.when)
        except _TooMany as excess:
            faults.append(Fault(key, str(excess)))
            continue
        head = _head(expander.symbols, item, assignments)
        alternatives[key] = expander.symbols.add(disjuncts, head)
    faults.extend(_circles(needs, by_key))
    if faults:
        raise ProgramError(faults)
    symbols = expander.symbols
    derivables = [Derivable(fact, tuple(values.values())) for fact, values in assignments.items()]
    return Program(
        implications=by_key,
        size=symbols.size,
        literals=symbols.literals,
        clauses=tuple(symbols.clauses),
        groups=symbols.groups,
        alternatives=alternatives,
        hidden=symbols.hidden,
        conclusions=symbols.conclusions,
        strata=build_strata(symbols, derivables, levels(needs)),
    )


def _by_key(implications: Iterable[Implication]) -> dict[str, Implication]:
    ordered = sorted(implications, key=lambda item: item.key)
    by_key = {item.key: item for item in ordered}
    if len(by_key) < len(ordered):
        twice = {first.key for first, second in pairwise(ordered) if first.key == second.key}
        raise ProgramError(Fault(key, "another implication has the same key") for key in twice)
    return by_key


def _node(item: Implication) -> Node:
    return item.concludes if isinstance(item.concludes, Concluded) else item.concludes.fact


def _head(symbols: Symbols, item: Implication, assignments: Mapping[str, dict[int, Assignment]]) -> int:
    if isinstance(item.concludes, FactValue):
        symbol = symbols.assignment(item.concludes)
        assignments[item.concludes.fact].setdefault(symbol, Assignment(symbol, item.concludes.value))
        return symbol
    return symbols.literal(item.concludes, True)


class _TooMany(Exception):
    pass


@dataclass(slots=True)
class _Expander:
    """Turns conditions into disjunctive normal form, and notes in `needs` what they read that is concluded."""

    concluded: frozenset[Node]
    limit: int
    symbols: Symbols = field(default_factory=Symbols)
    needs: dict[Node, bool] = field(default_factory=dict)

    def disjuncts(self, condition: Condition, holds: bool = True) -> list[Disjunct]:
        """The ways in which the condition, or its negation, can hold."""
        match condition:
            case All(of=parts):
                return self._at_least(len(parts), parts, holds)
            case AnyOf(of=parts):
                return self._at_least(1, parts, holds)
            case AtLeast(count=count, of=parts):
                return self._at_least(count, parts, holds)
            case Not(of=inner):
                return self.disjuncts(inner, not holds)
        return [(self._literal(condition, holds),)]

    def _at_least(self, count: int, parts: Sequence[Condition], holds: bool) -> list[Disjunct]:
        # Fewer than `count` of n hold when at least n - count + 1 do not.
        need = count if holds else len(parts) - count + 1
        if need <= 0:
            return [()]
        if need > len(parts):
            return []
        expanded = [self.disjuncts(part, holds) for part in parts]
        if need == len(parts):
            self._check(math.prod(map(len, expanded)))
            return _unique(tuple(dict.fromkeys(chain(*combination))) for combination in product(*expanded))
        if need == 1:
            self._check(sum(map(len, expanded)))
            return _unique(chain(*expanded))
        return [(self.symbols.group(need, expanded),)]

    def _check(self, count: int) -> None:
        if count > self.limit:
            raise _TooMany(f"the condition has {count} alternatives, at most {self.limit} are taken: conclude a part of it in a rule of its own")

    def _literal(self, leaf: Leaf, holds: bool) -> int:
        if isinstance(leaf, Concluded):
            if leaf in self.concluded:
                self.needs[leaf] = self.needs.get(leaf, False) or not holds
            if not holds:
                self.symbols.literal(leaf, True)
        else:
            self.needs.update((fact, True) for fact in reads(leaf) if fact in self.concluded)
        return self.symbols.literal(leaf, holds)


def _unique(disjuncts: Iterable[Disjunct]) -> list[Disjunct]:
    first: dict[frozenset[int], Disjunct] = {}
    for disjunct in disjuncts:
        first.setdefault(frozenset(disjunct), disjunct)
    return list(first.values())


def _circles(needs: Needs, by_key: Mapping[str, Implication]) -> list[Fault]:
    keys: dict[Node, list[str]] = defaultdict(list)
    for key, item in by_key.items():
        keys[_node(item)].append(key)
    return [
        Fault(keys[circle[0]][0], "this rests on itself: " + " needs ".join(map(node_text, (*circle, circle[0])))) for circle in cycles(needs)
    ]
