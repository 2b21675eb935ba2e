"""In which order conclusions and derived facts are settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from advise.conditions import Concluded, Predicate
from advise.infer.program import Absence, Derivable, Question, Stratum, reads
from advise.infer.symbols import Symbols

# What is concluded: a conclusion, or the name of a derived fact.
Node = Concluded | str
# For each node what it needs, and whether it needs that settled (an absence, a derived fact) rather than merely reached.
Needs = Mapping[Node, Mapping[Node, bool]]


def levels(needs: Needs) -> dict[Node, int]:
    """The stratum in which each node reaches its fixpoint.

    Args:
        needs: Free of cycles; a needed node that is no key is settled before the first stratum.
    """
    found: dict[Node, int] = {}
    for node in TopologicalSorter({node: [other for other in needs[node] if other in needs] for node in needs}).static_order():
        found[node] = max((found[other] + settled for other, settled in needs[node].items() if other in needs), default=0)
    return found


def build_strata(symbols: Symbols, derivables: Iterable[Derivable], level: Mapping[Node, int]) -> tuple[Stratum, ...]:
    """What is settled at the beginning of each stratum.

    Args:
        symbols: Every symbol that a clause asks for.
        derivables: Every derived fact.
        level: The stratum in which each concluded node reaches its fixpoint; the next one may rely on it.
    """
    absences: dict[int, list[Absence]] = defaultdict(list)
    derived: dict[int, list[Derivable]] = defaultdict(list)
    questions: dict[int, list[Question]] = defaultdict(list)
    for derivable in derivables:
        derived[level[derivable.fact] + 1].append(derivable)
    for symbol, literal in symbols.literals.items():
        leaf, other = literal.leaf, symbols.find(literal.leaf, not literal.holds)
        if isinstance(leaf, Predicate):
            if literal.holds or other is None:
                ready = max((level[fact] + 1 for fact in reads(leaf) if fact in level), default=0)
                questions[ready].append(Question(leaf, symbol, other) if literal.holds else Question(leaf, None, symbol))
        elif not literal.holds and other is not None:
            absences[level.get(leaf, -1) + 1].append(Absence(other, symbol))
    last = max((*absences, *derived, *questions), default=0)
    return tuple(Stratum(tuple(absences[index]), tuple(derived[index]), tuple(questions[index])) for index in range(last + 1))


def cycles(needs: Needs) -> list[tuple[Node, ...]]:
    """Ways in which nodes need themselves: each from its least node on, every node needing the next and the last the first."""
    graph = {node: sorted((other for other in needs[node] if other in needs), key=node_text) for node in sorted(needs, key=node_text)}
    found = []
    while cycle := _one_cycle(graph):
        found.append(cycle)
        graph[cycle[-1]].remove(cycle[0])
    return found


def node_text(node: Node) -> str:
    """A node as people read it: `diagnosis overfitting`, `fact gate.passed`."""
    return f"{node.kind.replace('_', ' ')} {node.id}" if isinstance(node, Concluded) else f"fact {node}"


def _one_cycle(graph: Mapping[Node, Sequence[Node]]) -> tuple[Node, ...]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # Each node of `args[1]` is needed by the next, and the first stands again at the end.
        ring: list[Node] = error.args[1][:0:-1]
        start = ring.index(min(ring, key=node_text))
        return (*ring[start:], *ring[:start])
    return ()
