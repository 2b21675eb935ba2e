"""What keeps a conclusion from being reached: of its nearest rules, what is different and what is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from advise.conditions import Concluded, Op, Predicate
from advise.explain.records import ConclusionNode, Lacking, Missing, Node
from advise.explain.trace import Tracer, rule_of
from advise.infer.nearest import Gap
from advise.infer.proof import Premise
from advise.plan.evidence import required
from advise.plan.unknowns import inputs
from advise.plan.unsure import is_unsure

SHOWN = 3
_NESTED = 1


@dataclass(slots=True)
class Gaps:
    """Looks at the rules that did not fire in one run.

    Attributes:
        tracer: Shows what is different.
    """

    tracer: Tracer
    _opened: set[Concluded] = field(default_factory=set)

    def of_conclusion(self, conclusion: Concluded, shown: int = SHOWN) -> list[Lacking]:
        """What the nearest rules of a conclusion lack, the nearest first."""
        self._opened.add(conclusion)
        implications = self.tracer.found.inference.program.implications
        return self.of_rules([key for key, item in implications.items() if item.concludes == conclusion], shown)

    def of_rules(self, keys: Sequence[str], shown: int = SHOWN) -> list[Lacking]:
        """What the nearest of some rules lack, the nearest first; a rule that nothing could make fire is left out."""
        gaps = [(key, self.tracer.found.inference.nearest(key)) for key in keys]
        ordered = sorted((len(gap.unmet), len(gap.unknown), key, gap) for key, gap in gaps if gap.unmet or gap.unknown)
        return [self._lacking(key, gap) for _, _, key, gap in ordered[:shown]]

    def missing(self, fact: str, needed: str = "") -> list[Missing]:
        """The unknown facts that a person can supply for an unknown fact: itself, or what it is computed from."""
        found = self.tracer.found
        vocabulary = found.context.base.vocabulary
        return [
            Missing(
                fact=name,
                title=vocabulary[name].title,
                needed=needed if name == fact else "",
                part_of=None if name == fact else fact,
                prompt=vocabulary[name].prompt,
                observe=vocabulary[name].observe,
            )
            for name in inputs(fact, found.inference, found.context.base)
        ]

    def _lacking(self, key: str, gap: Gap) -> Lacking:
        unstated = [premise for premise in gap.unmet if _asks_to_be_known(premise)]
        unsure = [premise for premise in gap.unknown if is_unsure(premise, self.tracer.found.inference)]
        different = [self._different(premise) for premise in (*gap.unmet, *unsure) if premise not in unstated]
        missing = {item.fact: item for premise in (*unstated, *gap.unknown) for item in self._unknown(premise)}
        return Lacking(rule=rule_of(key), different=different, missing=list(missing.values()))

    def _different(self, premise: Premise) -> Node:
        if isinstance(premise.leaf, Predicate):
            return self.tracer.test(premise.leaf, premise.holds)
        node: ConclusionNode = self.tracer.conclusion(premise.leaf, premise.holds)
        if node.reached or premise.leaf in self._opened:
            return node
        return node.model_copy(update={"lacking": self.of_conclusion(premise.leaf, _NESTED)})

    def _unknown(self, premise: Premise) -> Iterator[Missing]:
        if isinstance(premise.leaf, Predicate):
            for name, value in premise.values:
                if value is None:
                    yield from self.missing(name, required(premise.leaf, premise.holds) if name == premise.leaf.fact else "")


def _asks_to_be_known(premise: Premise) -> bool:
    """Whether a fact has only to be known: what is missing then is the fact, though the question has its answer."""
    return isinstance(premise.leaf, Predicate) and premise.leaf.op is Op.KNOWN and premise.leaf.operand is premise.holds
