"""Trying what would become of a conclusion if one thing were different."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from advise.conditions import All, AnyOf, AtLeast, Concluded, Condition, Not, Op, Predicate, evaluate, facts_of, holds, leaves
from advise.text import Value


@dataclass(frozen=True)
class Trial:
    """The conditions of one conclusion, as things are and as they might be.

    Attributes:
        conditions: Any one of them reaches it.
        known: Value by fact.
        concluded: What is concluded now.
        written: The conditions as rules have them, where these are but a part.
    """

    conditions: Sequence[Condition]
    known: Mapping[str, Value]
    concluded: frozenset[Concluded]
    written: Sequence[Condition] = ()

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
        asking = (leaf for condition in self.written or self.holding for leaf in _asking_for(condition) if leaf.fact == fact)
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
