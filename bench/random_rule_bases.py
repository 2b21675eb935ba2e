"""Random rule bases on which both chainers have to agree, with each other and with direct evaluation in topological order.

    python bench/random_rule_bases.py --count 20000 --seed 1

The oracle shares nothing with the engine but `conditions.evaluate`: it walks each condition as written and looks conclusions and derived facts up by
recursion. Every base is compiled, run and proved by both chainers, with implications and facts in another order each time.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TypeVar, cast

from advise.conditions import (
    All,
    AnyOf,
    AtLeast,
    Concluded,
    ConclusionKind,
    Condition,
    FactRef,
    FactValue,
    Leaf,
    Not,
    Op,
    Predicate,
    Truth,
    evaluate,
    holds,
)
from advise.errors import EngineUnavailableError, ProgramError
from advise.infer.chain import Chainer
from advise.infer.compile import compile_program
from advise.infer.driver import infer, open_chainer
from advise.infer.durable import DurableChainer
from advise.infer.inference import Inference, same
from advise.infer.plain import PlainChainer
from advise.infer.program import Implication, Program
from advise.infer.reach import reachable
from advise.knowledge.base import alarms
from advise.terms import SEVERITIES, Severity
from advise.text import Scalar, Value
from advise.uncertain import Measured

NUMBERS = tuple(f"n.{index}" for index in range(5))
FLAGS = tuple(f"b.{index}" for index in range(3))
WORDS = tuple(f"w.{index}" for index in range(3))
LISTS = ("l.0", "l.1")
DERIVED = ("d.flag", "d.kind", "d.late")
VALUES: Mapping[str, tuple[Value, ...]] = {
    **dict.fromkeys(NUMBERS, (-1, 0, 1, 2, 0.5, 1.0, 1e-9, Measured(0.5, 0.2, 0.8), Measured(1, 0, 2), Measured(0, -math.inf, 1e-9))),
    **dict.fromkeys(FLAGS, (True, False)),
    **dict.fromkeys(WORDS, ("adam", "sgd", "余弦", "")),
    **dict.fromkeys(LISTS, ((1, 2), ("adam",), ())),
    "d.flag": (True, False),
    "d.kind": ("a", "b", "c"),
    "d.late": (True, False),
}
KINDS = (ConclusionKind.DIAGNOSIS, ConclusionKind.DECISION, ConclusionKind.CHECK_PASSED, ConclusionKind.VETO)
# No rule asks whether there is anything at all: no alarm of `info` is raised.
ALARMS: Mapping[Severity, Concluded] = {severity: Concluded(ConclusionKind.ALARM, severity) for severity in SEVERITIES if severity != "info"}
COMPARISONS = tuple(op for op in Op if op is not Op.KNOWN)
# Wide enough that hardly any random condition is refused.
MAX_DISJUNCTS = 4096
Node = Concluded | str
_T = TypeVar("_T")


@dataclass(frozen=True)
class Case:
    """A rule base with facts to run it on.

    Attributes:
        severities: How bad each diagnosis is, by the key of its implication; the alarms that it raises are among the implications.
    """

    implications: tuple[Implication, ...]
    facts: Mapping[str, Value]
    given: frozenset[Concluded]
    severities: Mapping[str, Severity]


def random_case(rng: Random, conclusions: int = 9, implications: int = 22) -> Case:
    """A rule base without cycles: what concludes a node reads only nodes that stand before it in a random order."""
    named = [Concluded(rng.choice(KINDS), f"c{index}") for index in range(rng.randint(1, conclusions))]
    nodes: list[Node] = [*named, *DERIVED, *ALARMS.values()]
    rng.shuffle(nodes)
    made: list[Implication] = []
    severities: dict[str, Severity] = {}
    for number in range(rng.randint(1, implications)):
        rank = rng.choice([rank for rank, node in enumerate(nodes) if node not in ALARMS.values()])
        condition = _condition(rng, nodes[:rank], rng.randint(0, 3))
        node = nodes[rank]
        key = f"rule/{rng.randrange(1000)}-{number}"
        made.append(Implication(key, condition, FactValue(node, rng.choice(VALUES[node])) if isinstance(node, str) else node))
        if isinstance(node, Concluded) and node.kind is ConclusionKind.DIAGNOSIS:
            severities[key] = rng.choice(_severities_after(rank, nodes))
            made += alarms(key, condition, severities[key], ALARMS)
    facts = {name: rng.choice(values) for name, values in VALUES.items() if rng.random() < (0.15 if name in DERIVED else 0.65)}
    given = frozenset(rng.sample(named, 1)) if rng.random() < 0.2 else frozenset()
    return Case(tuple(made), facts, given, severities)


def _severities_after(rank: int, nodes: list[Node]) -> list[Severity]:
    """The severities of which a diagnosis at this place may be: no alarm that it raises can be among what it rests on."""
    ranks = {severity: nodes.index(alarm) for severity, alarm in ALARMS.items()}
    return [severity for index, severity in enumerate(SEVERITIES) if all(ranks[raised] > rank for raised in SEVERITIES[index:] if raised in ranks)]


def _condition(rng: Random, nodes: list[Node], depth: int) -> Condition:
    if depth == 0 or rng.random() < 0.15:
        return _leaf(rng, nodes)
    parts = tuple(_condition(rng, nodes, depth - 1) for _ in range(rng.choice((0, 1, 2, 2, 2, 3, 3, 4))))
    match rng.randrange(5):
        case 0:
            return All(parts)
        case 1:
            return AnyOf(parts)
        case 2:
            return Not(AnyOf(parts))
        case 3:
            return Not(_condition(rng, nodes, depth - 1))
        case _:
            return AtLeast(rng.randint(0, len(parts) + 1), parts)


def _leaf(rng: Random, nodes: list[Node]) -> Leaf:
    if nodes and rng.random() < 0.5:
        node = rng.choice(nodes)
        return node if isinstance(node, Concluded) else _predicate(rng, node)
    if rng.random() < 0.05:
        return Concluded(ConclusionKind.DIAGNOSIS, "never_concluded")
    return _predicate(rng, rng.choice((*NUMBERS, *NUMBERS, *FLAGS, *WORDS, *LISTS)))


def _predicate(rng: Random, fact: str) -> Predicate:
    if rng.random() < 0.15:
        return Predicate(fact, Op.KNOWN, rng.random() < 0.5)
    # Any operator on any fact: what does not fit is false, and both sides have to see it so.
    fitting = (Op.EQ, Op.NE, Op.IN) if fact not in NUMBERS and rng.random() < 0.9 else COMPARISONS
    op = rng.choice(fitting)
    values = [value for value in (*VALUES[fact], *VALUES[rng.choice(tuple(VALUES))]) if not isinstance(value, tuple | Measured)] or [0]
    if op is Op.IN:
        return Predicate(fact, op, tuple(rng.choices(values, k=rng.randint(0, 3))))
    if op is Op.BETWEEN:
        return Predicate(fact, op, (rng.choice((-1, 0, 0.5)), rng.choice((0, 1, 2.0))))
    if rng.random() < 0.3:
        return Predicate(fact, op, FactRef(rng.choice((fact, *NUMBERS, *FLAGS, *WORDS, *LISTS)), rng.choice((1, 2, -0.5)), rng.choice((0, 1))))
    return Predicate(fact, op, rng.choice(values), sure=rng.random() < 0.2)


class Oracle(Mapping[str, Value]):
    """What follows from a case, by looking it up; as a mapping, every known fact with the derived ones."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._truths: dict[str, Truth] = {}

    @cached_property
    def _by_head(self) -> Mapping[Node, list[Implication]]:
        heads: dict[Node, list[Implication]] = {}
        for item in self._case.implications:
            node = item.concludes.fact if isinstance(item.concludes, FactValue) else item.concludes
            heads.setdefault(node, []).append(item)
        return heads

    def truth(self, item: Implication) -> Truth:
        """The truth of a condition."""
        if item.key not in self._truths:
            self._truths[item.key] = evaluate(item.when, self, self.concluded)
        return self._truths[item.key]

    def concluded(self, conclusion: Concluded) -> bool:
        """Whether anything concludes it; an alarm, whether a rule holds whose diagnosis is of at least its severity."""
        if conclusion.kind is ConclusionKind.ALARM:
            bad = SEVERITIES[: SEVERITIES.index(cast(Severity, conclusion.id)) + 1]
            return any(self._case.severities.get(item.key) in bad and self.truth(item) is True for item in self._case.implications)
        return conclusion in self._case.given or any(self.truth(item) is True for item in self._by_head.get(conclusion, ()))

    def values_of(self, fact: str) -> list[Scalar]:
        """The values that are concluded for a fact."""
        found: list[Scalar] = []
        for item in sorted(self._by_head.get(fact, ()), key=lambda item: item.key):
            assert isinstance(item.concludes, FactValue)
            if self.truth(item) is True and not any(same(item.concludes.value, value) for value in found):
                found.append(item.concludes.value)
        return found

    def contradicts(self, fact: str) -> bool:
        """Whether what is known of a fact does not agree."""
        known = [self._case.facts[fact]] if fact in self._case.facts else []
        return any(same(value, other) is False for value in (*known, *self.values_of(fact)) for other in self.values_of(fact))

    def __getitem__(self, fact: str) -> Value:
        if fact in self._case.facts:
            return self._case.facts[fact]
        values = self.values_of(fact)
        if len(values) != 1:
            raise KeyError(fact)
        return values[0]

    def __iter__(self) -> Iterator[str]:
        return iter([fact for fact in VALUES if self.get(fact) is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))


def check(case: Case, rng: Random, tally: Counter[str]) -> None:
    """Compare both chainers with the oracle and with each other.

    Raises:
        AssertionError: They differ.
    """
    try:
        program = compile_program(case.implications, MAX_DISJUNCTS)
    except ProgramError:
        # Keys are unique and there are no circles: what is left is the number of alternatives.
        tally["refused for too many alternatives"] += 1
        return
    assert compile_program(_shuffled(case.implications, rng), MAX_DISJUNCTS) == program
    plain = PlainChainer(program)
    durable = _durable(program, tally) or plain
    inference = infer(plain, case.facts, case.given)
    check_against_oracle(inference, case)
    reached = open_chainer(program, only=reachable(program, case.facts, case.given))
    for chainer in (durable, plain, durable, reached):
        facts = dict(_shuffled(tuple(case.facts.items()), rng))
        assert_same(infer(chainer, facts, case.given), inference)
    _count(tally, program, inference)


def _durable(program: Program, tally: Counter[str]) -> Chainer | None:
    try:
        return DurableChainer(program)
    except EngineUnavailableError:
        tally["refused by the guards of durable-rules"] += 1
        return None


def assert_same(inference: Inference, other: Inference) -> None:
    """Everything that two inferences say is the same."""
    assert inference.chained == other.chained
    assert inference.fired == other.fired
    assert list(inference.fired) == list(other.fired)
    assert inference.concluded == other.concluded
    assert inference.by == other.by
    assert inference.facts == other.facts
    assert inference.derived == other.derived
    assert inference.contradictions == other.contradictions
    assert inference.undecided == other.undecided
    for key in inference.program.implications:
        assert inference.nearest(key) == other.nearest(key)


def check_against_oracle(inference: Inference, case: Case) -> None:
    """Everything that an inference says is what the oracle finds."""
    oracle = Oracle(case)
    for item in case.implications:
        truth = oracle.truth(item)
        assert inference.truth(item.key) is truth, item
        assert (item.key in inference.fired) is (truth is True), item
        assert (item.key in inference.undecided) is (truth is None), item
        if truth is True:
            check_proof(item, inference, oracle)
        else:
            check_gap(item, inference, oracle)
    heads = {item.concludes for item in case.implications if isinstance(item.concludes, Concluded)}
    assert inference.concluded == {name for name in heads | case.given if oracle.concluded(name)}
    assert inference.facts == dict(oracle)
    assert [item.fact for item in inference.contradictions] == [fact for fact in DERIVED if oracle.contradicts(fact)]


def check_proof(item: Implication, inference: Inference, oracle: Oracle) -> None:
    """The premises hold, and suffice."""
    proof = inference.fired[item.key]
    for premises in (proof.premises, *proof.also):
        for premise in premises:
            assert _actual(oracle)(premise.leaf, premise.holds)
        kept = {_name(premise.leaf, premise.holds) for premise in premises}
        assert _holds(item.when, True, lambda leaf, sign, kept=kept: _name(leaf, sign) in kept), item


def check_gap(item: Implication, inference: Inference, oracle: Oracle) -> None:
    """What is said to lack does lack, and with it the condition would hold."""
    gap = inference.nearest(item.key)
    lacking = {_name(premise.leaf, premise.holds) for premise in (*gap.unmet, *gap.unknown)}
    actual = _actual(oracle)
    assert not any(actual(premise.leaf, premise.holds) for premise in (*gap.unmet, *gap.unknown))
    assert all(isinstance(premise.leaf, Predicate) and holds(premise.leaf, oracle) is None for premise in gap.unknown)
    assert not lacking or _holds(item.when, True, lambda leaf, sign: actual(leaf, sign) or _name(leaf, sign) in lacking), item
    assert lacking or not _holds(item.when, True, lambda leaf, sign: True), item
    for fact in inference.undecided.get(item.key, ()):
        assert isinstance(inference.facts.get(fact), Measured | None)
    assert (item.key not in inference.undecided) or inference.undecided[item.key]


def _actual(oracle: Oracle) -> Callable[[Leaf, bool], bool]:
    def actual(leaf: Leaf, sign: bool) -> bool:
        truth = oracle.concluded(leaf) if isinstance(leaf, Concluded) else holds(leaf, oracle)
        return truth is sign

    return actual


def _holds(condition: Condition, sign: bool, literal: Callable[[Leaf, bool], bool]) -> bool:
    """Whether a condition (or its negation) follows from literals alone, by a walk over the condition as written."""
    match condition:
        case Not(of=inner):
            return _holds(inner, not sign, literal)
        case All(of=parts):
            need = len(parts)
        case AnyOf(of=parts):
            need = 1
        case AtLeast(count=need, of=parts):
            pass
        case _:
            return literal(condition, sign)
    return sum(_holds(part, sign, literal) for part in parts) >= (need if sign else len(parts) - need + 1)


def _name(leaf: Leaf, sign: bool) -> str:
    # Numbers that are equal are one to the engine too; `true` and 1 are not.
    if isinstance(leaf, Concluded):
        return repr((leaf, sign))
    return repr((leaf.fact, leaf.op, leaf.sure, _plain(leaf.operand), sign))


def _plain(operand: object) -> object:
    if isinstance(operand, tuple):
        return tuple(map(_plain, operand))
    return float(operand) if isinstance(operand, int) and not isinstance(operand, bool) else operand


def _shuffled(items: tuple[_T, ...], rng: Random) -> list[_T]:
    return rng.sample(items, len(items))


def _count(tally: Counter[str], program: Program, inference: Inference) -> None:
    tally["rule bases"] += 1
    tally["implications"] += len(program.implications)
    tally["clauses"] += len(program.clauses)
    tally["groups"] += len(program.groups)
    tally["strata"] += len(program.strata)
    tally["runs"] += 4
    tally["fired"] += len(inference.fired)
    tally["undecided"] += len(inference.undecided)
    tally["undecided for an interval"] += any(fact in inference.facts for waits in inference.undecided.values() for fact in waits)
    tally["derived"] += len(inference.derived)
    tally["contradictions"] += len(inference.contradictions)
    tally["alarms"] += sum(item.kind is ConclusionKind.ALARM for item in inference.concluded)
    tally["with given conclusions"] += bool(inference.given)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    tally: Counter[str] = Counter()
    start = time.perf_counter()
    for number in range(options.count):
        rng = Random(f"{options.seed}/{number}")
        try:
            check(random_case(rng), rng, tally)
        except BaseException:
            print(f"rule base {options.seed}/{number}")
            raise
    for name, value in tally.items():
        print(f"{value:>12,}  {name}")
    print(f"{time.perf_counter() - start:>12.1f}  seconds; no disagreement")


if __name__ == "__main__":
    main()
