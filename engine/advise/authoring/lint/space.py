"""Whether facts and conclusions can be such that a case holds, and what holds whenever it does.

What cannot be told counts as possible: that derived facts hang together with what they are computed from is not looked at. So a case that is called
impossible is impossible, and one that is called implied is implied.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from advise.authoring.lint.cases import Case
from advise.authoring.lint.numbers import Numbers
from advise.conditions import COMPLEMENT, Concluded, FactRef, Op, Predicate
from advise.infer.program import Literal, reads
from advise.knowledge.vocabulary import FactSpec, FactType, Vocabulary
from advise.text import Scalar, is_number


@dataclass(frozen=True, slots=True)
class Words:
    """The words or truth values that tests leave: some, or all but some."""

    listed: frozenset[Scalar]
    are_excluded: bool = False

    def only(self, words: Iterable[Scalar]) -> Words:
        """Those among these."""
        wanted = frozenset(words)
        return Words(wanted - self.listed if self.are_excluded else wanted & self.listed)

    def without(self, words: Iterable[Scalar]) -> Words:
        """Those not among these."""
        unwanted = frozenset(words)
        return Words(self.listed | unwanted, True) if self.are_excluded else Words(self.listed - unwanted)

    @property
    def empty(self) -> bool:
        """Whether there is none."""
        return not self.listed and not self.are_excluded


@dataclass(slots=True)
class Space:
    """What is left of every fact and conclusion once the tests of some cases hold."""

    vocabulary: Vocabulary
    _numbers: dict[Hashable, Numbers] = field(default_factory=dict)
    _words: dict[Hashable, Words] = field(default_factory=dict)
    _known: dict[str, bool] = field(default_factory=dict)
    _concluded: dict[Concluded, bool] = field(default_factory=dict)
    _compared: dict[Hashable, tuple[str, FactRef]] = field(default_factory=dict)
    _broken: bool = False

    def with_case(self, case: Case) -> Space:
        """What is left when a case holds too."""
        space = Space(
            self.vocabulary,
            self._numbers.copy(),
            self._words.copy(),
            self._known.copy(),
            self._concluded.copy(),
            self._compared.copy(),
            self._broken,
        )
        for literal in case:
            space._take(literal)
        return space

    @property
    def possible(self) -> bool:
        """Whether anything is left of each."""
        if self._broken or any(numbers.empty for numbers in self._numbers.values()) or any(words.empty for words in self._words.values()):
            return False
        return all(self._comparable(key, fact, other) for key, (fact, other) in self._compared.items())

    @property
    def conclusions(self) -> dict[Concluded, bool]:
        """The conclusions that have to be reached, and those that have to be absent."""
        return dict(self._concluded)

    def implies(self, literal: Literal) -> bool:
        """Whether a test holds wherever this is the case."""
        leaf = literal.leaf
        if isinstance(leaf, Concluded):
            return self._concluded.get(leaf) is literal.holds
        if leaf.op is Op.KNOWN:
            return self._known.get(leaf.fact) is (leaf.operand is literal.holds)
        if not all(self._known.get(fact) for fact in reads(leaf)):
            return False
        return not self.with_case((Literal(leaf, not literal.holds),)).possible

    def _take(self, literal: Literal) -> None:
        leaf = literal.leaf
        if isinstance(leaf, Concluded):
            self._broken |= self._concluded.setdefault(leaf, literal.holds) is not literal.holds
        elif leaf.op is Op.KNOWN:
            self._need(leaf.fact, leaf.operand is literal.holds)
        else:
            for fact in reads(leaf):
                self._need(fact, True)
            self._compare(leaf, literal.holds)

    def _need(self, fact: str, known: bool) -> None:
        self._broken |= self._known.setdefault(fact, known) is not known

    def _compare(self, leaf: Predicate, holds: bool) -> None:
        spec = self.vocabulary[leaf.fact]
        operator = leaf.op if holds else COMPLEMENT.get(leaf.op, leaf.op)
        if spec.type.numeric:
            self._compare_number(leaf, operator, spec)
        elif isinstance(leaf.operand, FactRef):
            key = (leaf.fact, leaf.operand.fact)
            self._words[key] = self._words.get(key, _BOTH).only([operator is Op.EQ])
        elif spec.type in (FactType.BOOLEAN, FactType.ENUM, FactType.TEXT):
            wanted = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
            left = self._words.get(leaf.fact) or _words_of(spec)
            excluded = operator is Op.NE or (operator is Op.IN and not holds)
            self._words[leaf.fact] = left.without(wanted) if excluded else left.only(wanted)

    def _compare_number(self, leaf: Predicate, operator: Op, spec: FactSpec) -> None:
        operand = leaf.operand
        if isinstance(operand, FactRef):
            fact, other, operator = _turned(leaf.fact, operand, operator)
            key = (fact, other.fact, other.times, other.plus)
            self._compared[key] = (fact, other)
            self._numbers[key] = self._numbers.get(key, Numbers()).where(operator, 0)
        elif is_number(operand):
            self._numbers[leaf.fact] = self._of(leaf.fact).where(operator, operand)

    def _comparable(self, key: Hashable, fact: str, other: FactRef) -> bool:
        """Whether the values that are left of two facts can compare as they have to."""
        between = self._of(fact).minus(self._of(other.fact), other.times, other.plus)
        asked = self._numbers[key]
        return not asked.where(Op.GE, between.low).where(Op.LE, between.high).empty

    def _of(self, fact: str) -> Numbers:
        return self._numbers.get(fact) or _numbers_of(self.vocabulary[fact])


_BOTH = Words(frozenset({True, False}))
_TURNED = {Op.LT: Op.GT, Op.GT: Op.LT, Op.LE: Op.GE, Op.GE: Op.LE}


def _turned(fact: str, other: FactRef, op: Op) -> tuple[str, FactRef, Op]:
    """A plain comparison of two facts with the facts in a fixed order: `b > a` is `a < b`."""
    if other.times != 1 or other.plus != 0 or fact <= other.fact:
        return fact, other, op
    return other.fact, FactRef(fact), _TURNED.get(op, op)


def _words_of(spec: FactSpec) -> Words:
    if spec.type is FactType.BOOLEAN:
        return _BOTH
    return Words(frozenset(spec.values)) if spec.type is FactType.ENUM else Words(frozenset(), True)


def _numbers_of(spec: FactSpec) -> Numbers:
    numbers = Numbers(whole=spec.type is FactType.INTEGER)
    for op, bound in ((Op.GE, spec.min), (Op.LE, spec.max), (Op.GT, spec.above), (Op.LT, spec.below)):
        numbers = numbers if bound is None else numbers.where(op, bound)
    return numbers
