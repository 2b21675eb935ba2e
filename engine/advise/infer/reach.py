"""Which clauses could fire on given facts at all.

Laying every rule out for durable-rules takes far longer than chaining them once: where there is one run to make, only what can fire in it
is laid out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from advise.conditions import Concluded, Facts
from advise.infer.plain import PlainChainer
from advise.infer.program import ALWAYS, Program, reads
from advise.infer.question import answers


def reachable(program: Program, facts: Facts, given: Collection[Concluded] = ()) -> frozenset[int]:
    """The numbers of the clauses that could fire: those that do when every conclusion is absent and present, and every derived fact has any value.

    Args:
        program: What is to be chained.
        facts: Every fact that is known.
        given: Conclusions that are taken as reached.
    """
    symbols = list(_possible(program, facts, given))
    return PlainChainer(program).run(lambda stratum, _: () if stratum else symbols).fired


def _possible(program: Program, facts: Facts, given: Collection[Concluded]) -> Iterator[int]:
    open_facts = {derivable.fact for derivable in program.derivables} - facts.keys()
    yield ALWAYS
    for conclusion in given:
        if conclusion in program.conclusions:
            yield program.conclusions[conclusion]
    for stratum in program.strata:
        yield from (absence.absent for absence in stratum.absences)
        yield from answers((asked for asked in stratum.questions if open_facts.isdisjoint(reads(asked.predicate))), facts)
        for asked in stratum.questions:
            if not open_facts.isdisjoint(reads(asked.predicate)):
                yield from (symbol for symbol in (asked.yes, asked.no) if symbol is not None)
