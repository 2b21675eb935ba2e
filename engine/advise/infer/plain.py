"""Forward chaining in plain Python: a counter for each clause, of the symbols that it still waits for."""

from __future__ import annotations

from advise.infer.chain import Chained, Feed
from advise.infer.program import Program


class PlainChainer:
    """Chains a program with indexed counters; takes time in proportion to the symbols that turn out to be the case."""

    name = "plain"

    def __init__(self, program: Program, note: str = "") -> None:
        self.program = program
        self.note = note
        # A k of n is a clause that waits for k symbols out of n.
        counted = [(len(clause.body), clause.body, clause.head) for clause in program.clauses]
        counted += [(group.need, group.members, group.symbol) for group in program.groups.values()]
        self._needs = [need for need, _, _ in counted]
        self._heads = [head for _, _, head in counted]
        self._waiting: list[list[int]] = [[] for _ in range(program.size)]
        for number, (_, symbols, _) in enumerate(counted):
            for symbol in symbols:
                self._waiting[symbol].append(number)

    def run(self, feed: Feed) -> Chained:
        """Chain every stratum to its fixpoint, in order."""
        missing = self._needs.copy()
        reached: set[int] = set()
        fired: list[int] = []
        for stratum in range(len(self.program.strata)):
            agenda = list(feed(stratum, reached))
            while agenda:
                symbol = agenda.pop()
                if symbol in reached:
                    continue
                reached.add(symbol)
                for number in self._waiting[symbol]:
                    missing[number] -= 1
                    if not missing[number]:
                        fired.append(number)
                        agenda.append(self._heads[number])
        clauses = len(self.program.clauses)
        return Chained(frozenset(reached), frozenset(number for number in fired if number < clauses))
