"""The shape of `kb/questions.yaml`: what is asked first of anybody, and what is not worth asking of whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from advise.conditions import Concluded, Condition, Facts, evaluate
from advise.knowledge.rule import ConditionData, Shape
from advise.knowledge.vocabulary import KnownFact


class FirstSpec(Shape):
    """A fact that is asked for before all that is only worth it.

    Attributes:
        fact: What is asked for.
        when: Of which runs; by default of all.
    """

    fact: KnownFact
    when: ConditionData | None = None


class PointlessSpec(Shape):
    """Facts that are not worth asking for.

    Attributes:
        facts: Which, one by one.
        topics: The first words of their names: `labels` stands for all facts `labels.…`.
        when: Of which runs. What is not decided is asked.
    """

    facts: list[KnownFact] = []
    topics: list[str] = []
    when: ConditionData


class QuestionsFile(Shape):
    """`kb/questions.yaml`.

    Attributes:
        first: What an interview begins with, in this order.
        pointless: What is not asked at all, neither in an interview nor in a plan.
    """

    first: list[FirstSpec] = Field(default=[])
    pointless: list[PointlessSpec] = Field(default=[])


@dataclass(frozen=True, slots=True)
class QuestionsBase:
    """What is asked first and what never, with its conditions.

    Attributes:
        first: Facts in order, each with the runs of which it is asked; None for all.
        pointless: Sets of facts, each with the runs of which they are not asked.
    """

    first: tuple[tuple[str, Condition | None], ...]
    pointless: tuple[tuple[frozenset[str], Condition], ...]

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every condition in it."""
        yield from (when for _, when in self.first if when is not None)
        yield from (when for _, when in self.pointless)

    def first_of(self, facts: Facts, concluded: Callable[[Concluded], bool]) -> list[str]:
        """What is asked first of a run and is not known.

        Args:
            facts: What is known.
            concluded: Whether something was concluded.
        """
        return [fact for fact, when in self.first if fact not in facts and (when is None or evaluate(when, facts, concluded) is True)]

    def pointless_for(self, facts: Facts, concluded: Callable[[Concluded], bool]) -> frozenset[str]:
        """What is not worth asking of a run.

        Args:
            facts: What is known.
            concluded: Whether something was concluded.
        """
        return frozenset().union(*(names for names, when in self.pointless if evaluate(when, facts, concluded) is True))


def facts_of_topics(spec: PointlessSpec, vocabulary: Mapping[str, object]) -> frozenset[str]:
    """The facts that an entry names, one by one or by their topics."""
    return frozenset(spec.facts) | {name for name in vocabulary if any(name.startswith(f"{topic}.") for topic in spec.topics)}
