"""What would withdraw a conclusion: for each fact that its rules read, the values at which none of them concludes it any more.

Found by trying. Between two numbers that a fact is compared with every value does the same, so that one stands for all; a word or a truth value is
tried by itself. What is found holds whatever the form of the condition: a spare member of a k of n reverses nothing, and a fact that is unknown
reverses what rests on its being unknown at just those values that do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from advise.conditions import All, Concluded, ConclusionKind, Condition, Not, Predicate
from advise.infer.inference import Inference
from advise.infer.proof import Proof
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.plan.model import Reversal
from advise.plan.regions import Region, merged, regions
from advise.plan.trial import Trial
from advise.text import Scalar, show

# How a condition asks for a conclusion; a reversal by one reads the same: `diagnosed = divergence`.
_ASKED_AS: Mapping[ConclusionKind, str] = {
    ConclusionKind.DIAGNOSIS: "diagnosed",
    ConclusionKind.DECISION: "decided",
    ConclusionKind.CHECK_PASSED: "passed",
    ConclusionKind.CHECK_FAILED: "failed",
    ConclusionKind.ALARM: "alarm",
}
_WORDS = (FactType.BOOLEAN, FactType.ENUM, FactType.TEXT)
# Stands for every text that no rule asks for.
_ANY_OTHER = ""


@dataclass(frozen=True)
class Reversals:
    """Looks for what would withdraw the conclusions of one run.

    Attributes:
        inference: The run.
        base: The knowledge behind it.
    """

    inference: Inference
    base: KnowledgeBase

    def of(self, conclusion: Concluded) -> list[Reversal]:
        """The observations of which each alone would withdraw a conclusion, those on facts in the order of its rules first."""
        return _each_once(self._of_conditions(self._conditions.get(conclusion, ())))

    def of_proof(self, proof: Proof) -> list[Reversal]:
        """The observations of which each alone would withdraw this one proof, whatever else there is for its conclusion."""
        parts = tuple(premise.leaf if premise.holds else Not(premise.leaf) for premise in proof.premises)
        return _each_once(self._of_conditions([All(parts)], [self.inference.program.implications[proof.key].when]))

    @cached_property
    def _conditions(self) -> Mapping[Concluded, Sequence[Condition]]:
        conditions = defaultdict(list)
        for item in self.inference.program.implications.values():
            if isinstance(item.concludes, Concluded):
                conditions[item.concludes].append(item.when)
        return conditions

    def _of_conditions(self, conditions: Sequence[Condition], written: Sequence[Condition] = ()) -> Iterator[Reversal]:
        trial = Trial(conditions, self.inference.facts, self.inference.concluded, written)
        if not trial.holding:
            return
        for fact in trial.facts:
            yield from _of_fact(fact, trial, self.base.vocabulary[fact])
        yield from _of_conclusions(trial)
        for needed in trial.needed:
            yield from self._of_conditions(self._conditions.get(needed, ()))


def _each_once(found: Iterable[Reversal]) -> list[Reversal]:
    return list({(item.fact, item.op, str(item.value)): item for item in found}.values())


def _of_conclusions(trial: Trial) -> Iterator[Reversal]:
    by_kind: dict[ConclusionKind, list[Scalar]] = defaultdict(list)
    for item in trial.excluded:
        by_kind[item.kind].append(item.id)
    for kind, names in by_kind.items():
        yield _among(_ASKED_AS[kind], names)


def _of_fact(fact: str, trial: Trial, spec: FactSpec) -> Iterator[Reversal]:
    if spec.type.numeric:
        tried = regions(fact, trial.asked_of(fact), trial.known, spec)
        withdrawn = [trial.withdrawn_at(fact, region.example) for region in tried]
        return (_at_numbers(fact, region) for region in merged(tried, withdrawn))
    if spec.type in _WORDS:
        return _at_words(fact, trial, spec)
    return iter(())


def _at_numbers(fact: str, region: Region) -> Reversal:
    low, high = region.low, region.high
    above, below = "≥" if region.includes_low else ">", "≤" if region.includes_high else "<"
    if low is None:
        return _known(fact) if high is None else Reversal.model_construct(fact=fact, op=below, value=high)
    if high is None:
        return Reversal.model_construct(fact=fact, op=above, value=low)
    if region.single:
        return Reversal.model_construct(fact=fact, op="=", value=low)
    # Both ends, the upper one as the value: `x ≥ 0.9, ≤ 1.1`.
    return Reversal.model_construct(fact=fact, op=f"{above} {show(low)}, {below}", value=high)


def _at_words(fact: str, trial: Trial, spec: FactSpec) -> Iterator[Reversal]:
    candidates = _candidates(spec, trial.asked_of(fact))
    withdrawing = [value for value in candidates if trial.withdrawn_at(fact, value) and not trial.is_another_case(fact, value)]
    keeping = [value for value in candidates if value not in withdrawing]
    if withdrawing and (_ANY_OTHER in withdrawing or len(keeping) < len(withdrawing)):
        yield _unless_among(fact, keeping)
    elif withdrawing:
        yield _among(fact, withdrawing)


def _candidates(spec: FactSpec, asked: Iterable[Predicate]) -> list[Scalar]:
    """The values to try: all there are, or the texts that are asked for and one that is not."""
    if spec.type is FactType.BOOLEAN:
        return [False, True]
    if spec.type is FactType.ENUM:
        return list(spec.values)
    operands = (leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,) for leaf in asked)
    return list(dict.fromkeys([*(item for items in operands for item in items if isinstance(item, str)), _ANY_OTHER]))


def _among(fact: str, values: list[Scalar]) -> Reversal:
    return (
        Reversal.model_construct(fact=fact, op="=", value=values[0])
        if len(values) == 1
        else Reversal.model_construct(fact=fact, op="in", value=values)
    )


def _unless_among(fact: str, values: list[Scalar]) -> Reversal:
    if not values:
        return _known(fact)
    return (
        Reversal.model_construct(fact=fact, op="≠", value=values[0])
        if len(values) == 1
        else Reversal.model_construct(fact=fact, op="not in", value=values)
    )


def _known(fact: str) -> Reversal:
    return Reversal.model_construct(fact=fact, op="known:", value=True)
