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

from advise.bilingual import Scalar, Value
from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, Not, Op, Predicate, evaluate, facts_of, holds, leaves
from advise.infer.inference import Inference
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.plan.model import Reversal
from advise.plan.regions import Region, merged, regions

# How a condition asks for a conclusion; a reversal by one reads the same: `diagnosed = divergence`.
_ASKED_AS: Mapping[ConclusionKind, str] = {
    ConclusionKind.DIAGNOSIS: "diagnosed",
    ConclusionKind.DECISION: "decided",
    ConclusionKind.CHECK_PASSED: "passed",
    ConclusionKind.CHECK_FAILED: "failed",
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
        found = self._found(conclusion)
        return list({(item.fact, item.op, str(item.value)): item for item in found}.values())

    @cached_property
    def _conditions(self) -> Mapping[Concluded, Sequence[Condition]]:
        conditions = defaultdict(list)
        for item in self.inference.program.implications.values():
            if isinstance(item.concludes, Concluded):
                conditions[item.concludes].append(item.when)
        return conditions

    def _found(self, conclusion: Concluded) -> Iterator[Reversal]:
        trial = _Trial(self._conditions.get(conclusion, ()), self.inference.facts, self.inference.concluded)
        if not trial.holding:
            return
        for fact in trial.facts:
            yield from _of_fact(fact, trial, self.base.vocabulary[fact])
        yield from _of_conclusions(trial)
        for needed in trial.needed:
            yield from self._found(needed)


@dataclass(frozen=True)
class _Trial:
    """The conditions of one conclusion, as things are and as they might be."""

    conditions: Sequence[Condition]
    known: Mapping[str, Value]
    concluded: frozenset[Concluded]

    @cached_property
    def holding(self) -> list[Condition]:
        """The conditions that hold now."""
        return [condition for condition in self.conditions if self._holds(condition, self.known, self.concluded)]

    @property
    def facts(self) -> list[str]:
        """The facts that are asked something wherever the conclusion holds, in the order of its first rule."""
        asked = [list(dict.fromkeys(leaf.fact for leaf in leaves(condition) if isinstance(leaf, Predicate))) for condition in self.holding]
        return [fact for fact in asked[0] if all(fact in others for others in asked[1:])]

    @property
    def needed(self) -> list[Concluded]:
        """The conclusions without which this one would be withdrawn."""
        return [item for item in self._conclusions if item in self.concluded and self._withdrawn(self.known, self.concluded - {item})]

    @property
    def excluded(self) -> list[Concluded]:
        """The conclusions that would withdraw this one."""
        return [item for item in self._conclusions if item not in self.concluded and self._withdrawn(self.known, self.concluded | {item})]

    def asked_of(self, fact: str) -> list[Predicate]:
        """The predicates that read a fact."""
        read = (leaf for condition in self._reading[fact] for leaf in leaves(condition) if isinstance(leaf, Predicate))
        return [leaf for leaf in read if fact in facts_of(leaf)]

    def is_another_case(self, fact: str, value: Value) -> bool:
        """Whether the conditions go through the cases of a fact, and this is another of them: no observation against the present one."""
        now = self.known.get(fact)
        asking = (leaf for condition in self.holding for leaf in _asking_for(condition) if leaf.fact == fact)
        return now is not None and any(holds(leaf, {fact: value}) is True and holds(leaf, {fact: now}) is not True for leaf in asking)

    def withdrawn_at(self, fact: str, value: Value) -> bool:
        """Whether it would be withdrawn if the fact had this value."""
        return self._withdrawn({**self.known, fact: value}, self.concluded, fact)

    @property
    def _conclusions(self) -> list[Concluded]:
        return list(dict.fromkeys(leaf for condition in self.holding for leaf in leaves(condition) if isinstance(leaf, Concluded)))

    @cached_property
    def _reading(self) -> Mapping[str, Sequence[Condition]]:
        """The conditions that a fact can change."""
        reading = defaultdict(list)
        for condition in self.conditions:
            for fact in facts_of(condition):
                reading[fact].append(condition)
        return reading

    def _withdrawn(self, known: Mapping[str, Value], concluded: frozenset[Concluded], changed: str | None = None) -> bool:
        concerned = self.conditions if changed is None else self._reading[changed]
        return not any(self._holds(condition, known, concluded) for condition in concerned)

    def _holds(self, condition: Condition, known: Mapping[str, Value], concluded: frozenset[Concluded]) -> bool:
        return evaluate(condition, known, concluded.__contains__) is True


def _of_conclusions(trial: _Trial) -> Iterator[Reversal]:
    by_kind: dict[ConclusionKind, list[Scalar]] = defaultdict(list)
    for item in trial.excluded:
        by_kind[item.kind].append(item.id)
    for kind, names in by_kind.items():
        yield _among(_ASKED_AS[kind], names)


def _of_fact(fact: str, trial: _Trial, spec: FactSpec) -> Iterator[Reversal]:
    if spec.type.numeric:
        tried = regions(fact, trial.asked_of(fact), trial.known, spec)
        withdrawn = [trial.withdrawn_at(fact, region.example) for region in tried]
        return (_at_numbers(fact, region) for region in merged(tried, withdrawn))
    if spec.type in _WORDS:
        return _at_words(fact, trial, spec)
    return iter(())


def _at_numbers(fact: str, region: Region) -> Reversal:
    if region.low is None and region.high is None:
        return Reversal(fact=fact, op="known:", value=True)
    if region.low is None:
        return Reversal(fact=fact, op="≤" if region.includes_high else "<", value=region.high)
    if region.high is None:
        return Reversal(fact=fact, op="≥" if region.includes_low else ">", value=region.low)
    return Reversal(fact=fact, op="=", value=region.low) if region.single else Reversal(fact=fact, op="between", value=[region.low, region.high])


def _at_words(fact: str, trial: _Trial, spec: FactSpec) -> Iterator[Reversal]:
    now = trial.known.get(fact)
    candidates = _candidates(spec, trial.asked_of(fact))
    withdrawing = [value for value in candidates if value != now and trial.withdrawn_at(fact, value)]
    if not withdrawing or any(trial.is_another_case(fact, value) for value in withdrawing):
        return
    keeping = [value for value in candidates if value not in withdrawing]
    if _ANY_OTHER in withdrawing or len(keeping) < len(withdrawing):
        yield _unless_among(fact, keeping)
    else:
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
    return Reversal(fact=fact, op="=", value=values[0]) if len(values) == 1 else Reversal(fact=fact, op="in", value=values)


def _unless_among(fact: str, values: list[Scalar]) -> Reversal:
    if not values:
        return Reversal(fact=fact, op="known:", value=True)
    return Reversal(fact=fact, op="≠", value=values[0]) if len(values) == 1 else Reversal(fact=fact, op="not in", value=values)


def _asking_for(condition: Condition, positive: bool = True) -> Iterator[Predicate]:
    """The predicates that ask for certain values, and whose holding speaks for the condition."""
    match condition:
        case Predicate(op=Op.EQ | Op.IN) if positive:
            yield condition
        case Not(of=inner):
            yield from _asking_for(inner, not positive)
        case All(of=parts) | AnyOf(of=parts) | AtLeast(of=parts):
            for part in parts:
                yield from _asking_for(part, positive)
