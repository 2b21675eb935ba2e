"""How long inference takes: compiling, chaining and proving a rule base of the size that is meant.

    python bench/inference.py --rules 300 --facts 100

Prints medians in milliseconds. A third of the rules reads facts alone, the next third also a diagnosis of the first, the last third also one of the
second. With `--sessions N` it then runs N sessions on durable-rules and prints the resident memory along the way.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, Not, Op, Predicate
from advise.infer.compile import compile_program
from advise.infer.driver import infer
from advise.infer.durable import DurableChainer
from advise.infer.inference import Inference
from advise.infer.plain import PlainChainer
from advise.infer.program import Implication, Program
from advise.text import Value

LEVELS = 3


def rule_base(rules: int, facts: int, rng: Random) -> list[Implication]:
    """Rules of one to four leaves each; every tenth has an `any`, every twentieth a k of n, every fifteenth an absence."""
    return [Implication(f"topic/rule-{number:03}", _condition(number, rules, facts, rng), _diagnosis(number)) for number in range(rules)]


def observations(facts: int, rng: Random) -> dict[str, Value]:
    """A value for every fact."""
    return {f"fact.{number}": round(rng.random(), 2) for number in range(facts)}


def _condition(number: int, rules: int, facts: int, rng: Random) -> Condition:
    leaves: list[Condition] = [_predicate(facts, rng) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    level = number * LEVELS // rules
    if level:
        below = rng.randrange((level - 1) * rules // LEVELS, level * rules // LEVELS)
        leaves.insert(0, Not(_diagnosis(below)) if number % 15 == 0 else _diagnosis(below))
    if number % 10 == 0:
        leaves.append(AnyOf((_predicate(facts, rng), _predicate(facts, rng))))
    if number % 20 == 5:
        leaves.append(AtLeast(2, tuple(_predicate(facts, rng) for _ in range(3))))
    return All(tuple(leaves))


def _predicate(facts: int, rng: Random) -> Predicate:
    return Predicate(f"fact.{rng.randrange(facts)}", rng.choice((Op.GT, Op.GE, Op.LT)), round(rng.gauss(0.5, 0.2), 2))


def _diagnosis(number: int) -> Concluded:
    return Concluded(ConclusionKind.DIAGNOSIS, f"diagnosis_{number}")


def milliseconds(work: Callable[[], object], repeat: int) -> float:
    """The median time of a call."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def everything(inference: Inference) -> None:
    """Ask for all that an inference computes late."""
    _ = inference.fired, inference.by, inference.derived, inference.contradictions, inference.undecided


def table(program: Program, implications: list[Implication], facts: dict[str, Value], repeat: int) -> list[tuple[str, float]]:
    plain, durable = PlainChainer(program), DurableChainer(program)
    return [
        ("compile the implications", milliseconds(lambda: compile_program(implications), 30)),
        ("  and index them for the plain chainer", milliseconds(lambda: PlainChainer(program), 30)),
        ("  or build the network of durable-rules", milliseconds(lambda: DurableChainer(program), 10)),
        ("infer on the plain chainer: predicates, chaining, proofs", milliseconds(lambda: infer(plain, facts).fired, repeat)),
        ("  with what is undecided and why", milliseconds(lambda: everything(infer(plain, facts)), repeat)),
        ("infer on durable-rules: predicates, chaining, proofs", milliseconds(lambda: infer(durable, facts).fired, repeat)),
        ("  with what is undecided and why", milliseconds(lambda: everything(infer(durable, facts)), repeat)),
    ]


def sessions(program: Program, facts: dict[str, Value], count: int) -> None:
    """Run many sessions; memory has to level out."""
    durable = DurableChainer(program)
    for number in range(count + 1):
        if number % max(1, count // 10) == 0:
            print(f"{number:>8,} sessions  {resident():7.1f} MB")
        infer(durable, facts)


def resident() -> float:
    """Resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=300)
    parser.add_argument("--facts", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=300)
    parser.add_argument("--sessions", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = Random(options.seed)
    implications = rule_base(options.rules, options.facts, rng)
    facts = observations(options.facts, rng)
    program = compile_program(implications)
    fired = len(infer(PlainChainer(program), facts).fired)
    print(f"{options.rules} rules, {len(program.clauses)} clauses, {len(program.strata)} strata, {options.facts} facts; {fired} rules fire")
    for name, median in table(program, implications, facts, options.repeat):
        print(f"{median:8.2f} ms  {name}")
    if options.sessions:
        sessions(program, facts, options.sessions)


if __name__ == "__main__":
    main()
