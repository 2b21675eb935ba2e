"""Which questions are worth asking: those whose answer would change this plan, found by trying the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from advise.conditions import Predicate, facts_of, leaves
from advise.infer.driver import infer
from advise.infer.plain import PlainChainer
from advise.knowledge.derived import Derived, compute
from advise.knowledge.vocabulary import Cost, FactType
from advise.plan.model import Unknown
from advise.plan.regions import regions
from advise.terms import ALARMING
from advise.text import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from advise.infer.inference import Inference
    from advise.knowledge.base import KnowledgeBase
    from advise.plan.arbitration import Outcome

ENOUGH = 3
# A cold start has no time for more; what is asked first is worth most, and tried first.
_FACTS_TRIED = 8
_VALUES_TRIED = 4
# What a reader acts on; the rest changes no plan.
_WEIGHTY = frozenset({"high", "medium", "P0", "P1"})

Arbitrate: TypeAlias = "Callable[[Inference, KnowledgeBase], Outcome]"
Conclusion = tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]


def marked(
    found: Sequence[Unknown],
    stated: Mapping[str, Value],
    inference: Inference,
    base: KnowledgeBase,
    arbitrate: Arbitrate,
) -> list[Unknown]:
    """The unknown facts, those first of which some answer would change the plan, up to as many as a reader is asked.

    Args:
        found: What is unknown, the most valuable first.
        stated: The facts that were given, as opposed to computed.
        inference: What follows from them.
        base: The knowledge behind it.
        arbitrate: Decides between what is proposed.
    """
    chainer = PlainChainer(inference.program)
    now = _conclusion(inference, base, arbitrate)
    computed = compute(base.derived, stated)

    def changes(item: Unknown) -> bool:
        concerned = _reading(item.fact, base)
        kept = {name: known for name, known in computed.items() if name not in concerned}
        for value in islice(_answers(item, inference, base), _VALUES_TRIED):
            facts = {**stated, **kept, item.fact: value}
            tried = infer(chainer, {**facts, **compute(concerned, facts)}, inference.given)
            if not tried.contradictions and _conclusion(tried, base, arbitrate) != now:
                return True
        return False

    askable = (item for item in found if base.vocabulary[item.fact].cost is not Cost.EXPERIMENT and _is_weighty(item, base))
    asked = list(islice(filter(changes, islice(askable, _FACTS_TRIED)), ENOUGH))
    names = {item.fact for item in asked}
    return [*(item.model_copy(update={"changes_plan": True}) for item in asked), *(item for item in found if item.fact not in names)]


def _conclusion(inference: Inference, base: KnowledgeBase, arbitrate: Arbitrate) -> Conclusion:
    """What a reader would act on: the alarming diagnoses, and the decisions that do not wait."""
    holding = (base.rules[key] for key in inference.holding if key in base.rules)
    alarming = frozenset((rule.concludes, str(rule.weight)) for rule in holding if rule.weight in ALARMING)
    taken = arbitrate(inference, base).taken
    return alarming, frozenset((item.candidate.rule.concludes, item.candidate.rule.id) for item in taken if item.candidate.rule.priority != "P2")


def _reading(fact: str, base: KnowledgeBase) -> Mapping[str, Derived]:
    """The computed facts that a fact has a part in, in the order of computing."""
    concerned: dict[str, Derived] = {}
    for name, item in base.derived.items():
        if fact in item.expression.facts or not item.expression.facts.isdisjoint(concerned):
            concerned[name] = item
    return concerned


def _is_weighty(item: Unknown, base: KnowledgeBase) -> bool:
    return any(base.rules[name].weight in _WEIGHTY for name in item.blocks)


def _answers(item: Unknown, inference: Inference, base: KnowledgeBase) -> Iterator[Value]:
    """One answer of each kind that the rules which wait for it tell apart."""
    fact, spec = item.fact, base.vocabulary[item.fact]
    if spec.type is FactType.BOOLEAN:
        yield from (True, False)
    elif spec.type is FactType.ENUM:
        yield from spec.values
    elif spec.type.numeric:
        read = (leaf for name in item.blocks for leaf in leaves(base.rules[name].when))
        asked = [leaf for leaf in read if isinstance(leaf, Predicate) and fact in facts_of(leaf)]
        yield from (region.example for region in regions(fact, asked, inference.facts, spec))
