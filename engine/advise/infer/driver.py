"""Runs a program on facts: answers the questions of each stratum, and lets an engine chain what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from typing import Literal

from advise.conditions import Concluded, Facts
from advise.errors import EngineUnavailableError
from advise.infer.chain import Chainer
from advise.infer.durable import DurableChainer
from advise.infer.inference import Inference
from advise.infer.plain import PlainChainer
from advise.infer.program import ALWAYS, Derivable, Program
from advise.infer.question import answers
from advise.text import Value

Engine = Literal["auto", "durable", "plain"]
# What reasons where a process makes many plans: laying a run out for durable-rules takes longer than the plain chainer does for all of it.
MANY_PLANS: Engine = "plain"


def open_chainer(program: Program, engine: Engine = "auto", only: AbstractSet[int] | None = None) -> Chainer:
    """An engine for a program.

    Args:
        program: What it is to chain.
        only: The numbers of the clauses that may fire in the runs to come; by default every clause.
        engine: `auto` is durable-rules where it can be had, and else the plain chainer, whose `note` then says why.

    Raises:
        EngineUnavailableError: durable-rules was asked for and cannot serve.
    """
    if engine == "plain":
        return PlainChainer(program)
    try:
        return DurableChainer(program, only)
    except EngineUnavailableError as reason:
        if engine == "durable":
            raise
        return PlainChainer(program, str(reason))


def infer(chainer: Chainer, facts: Facts, given: Collection[Concluded] = ()) -> Inference:
    """Chain a program over facts.

    Args:
        chainer: The engine with its program.
        facts: Value by name; an unknown fact is missing.
        given: Conclusions to take as reached, whatever the facts.
    """
    run = _Run(chainer.program, facts, frozenset(given))
    chained = chainer.run(run.feed)
    return Inference(chainer.program, chainer.name, chainer.note, dict(facts), run.facts, run.given, chained)


class _Run:
    """Settles what each stratum begins with; `facts` grows by what is derived."""

    def __init__(self, program: Program, facts: Facts, given: frozenset[Concluded]) -> None:
        self.facts: dict[str, Value] = dict(facts)
        self.given = given
        self._program = program

    def feed(self, stratum: int, reached: AbstractSet[int]) -> list[int]:
        """The symbols that are the case when a stratum begins."""
        settled = self._program.strata[stratum]
        symbols = list(self._start()) if stratum == 0 else []
        present = reached | set(symbols)
        symbols += [absence.absent for absence in settled.absences if absence.present not in present]
        for derivable in settled.derivables:
            self._resolve(derivable, reached)
        return symbols + answers(settled.questions, self.facts)

    def _start(self) -> Iterator[int]:
        yield ALWAYS
        for conclusion in self.given:
            if conclusion in self._program.conclusions:
                yield self._program.conclusions[conclusion]

    def _resolve(self, derivable: Derivable, reached: AbstractSet[int]) -> None:
        """One concluded value makes the fact known; an observation stands; values that contradict each other leave it unknown."""
        values = [assignment.value for assignment in derivable.assignments if assignment.symbol in reached]
        if len(values) == 1:
            self.facts.setdefault(derivable.fact, values[0])
