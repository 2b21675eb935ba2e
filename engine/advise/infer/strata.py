"""In which order conclusions and derived facts are settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from advise.conditions import Predicate
from advise.errors import CircularError
from advise.infer.program import Absence, Derivable, Stratum, reads
from advise.infer.question import Question, question
from advise.infer.symbols import Sides

# For each conclusion and derived fact, by its symbol, the ones that it rests on, and whether it needs them settled (an absence, a derived fact) or
# merely reached.
Needs = Mapping[int, Mapping[int, bool]]


def levels(needs: Needs) -> dict[int, int]:
    """The stratum in which each key reaches its fixpoint.

    Raises:
        CircularError: There is no such order.
    """
    graph = {symbol: [other for other in others if other in needs] for symbol, others in needs.items()}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError:
        raise CircularError(list(_rings(graph))) from None
    found: dict[int, int] = {}
    for symbol in order:
        found[symbol] = max((found[other] + settled for other, settled in needs[symbol].items() if other in needs), default=0)
    return found


def _rings(graph: dict[int, list[int]]) -> Iterable[list[int]]:
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            # In `args[1]` each is needed by the next, and the first stands again at the end.
            ring: list[int] = error.args[1][:0:-1]
            yield ring
            graph[ring[-1]].remove(ring[0])
        else:
            return


def build_strata(
    leaves: Iterable[Sides], derivables: Mapping[str, Derivable], level: Mapping[int, int], facts: Mapping[str, int]
) -> tuple[Stratum, ...]:
    """What is settled at the beginning of each stratum.

    Args:
        leaves: Every leaf that a clause asks for.
        derivables: Every derived fact.
        level: The stratum in which each concluded symbol reaches its fixpoint; the next one may rely on it.
        facts: The symbols of derived facts, by name.
    """
    absences: dict[int, list[Absence]] = defaultdict(list)
    derived: dict[int, list[Derivable]] = defaultdict(list)
    questions: dict[int, list[Question]] = defaultdict(list)
    ready = {fact: level[symbol] + 1 for fact, symbol in facts.items()}
    for fact, derivable in derivables.items():
        derived[ready[fact]].append(derivable)
    for sides in leaves:
        if isinstance(sides.leaf, Predicate):
            begins = max([ready.get(fact, 0) for fact in reads(sides.leaf)])
            questions[begins].append(question(sides.leaf, sides.yes, sides.no))
        elif sides.yes is not None and sides.no is not None:
            absences[level.get(sides.yes, -1) + 1].append(Absence(sides.yes, sides.no))
    last = max((*absences, *derived, *questions), default=0)
    return tuple(Stratum(tuple(absences[index]), tuple(derived[index]), tuple(questions[index])) for index in range(last + 1))
