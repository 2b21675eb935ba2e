"""What was measured too roughly to tell, and what would tell it."""

from __future__ import annotations

from collections import defaultdict

from advise.conditions import Predicate
from advise.infer.inference import Inference
from advise.infer.open import unsure_facts
from advise.infer.proof import Premise
from advise.knowledge.base import KnowledgeBase, Rule
from advise.plan.evidence import interval_of, json_value, required
from advise.plan.model import Unsure
from advise.plan.unknowns import could_tell, settled, speaks_for, weightiest_first

# What a reader would act on.
_WEIGHTY = frozenset({"high", "medium", "P0", "P1"})


def unsure(inference: Inference, base: KnowledgeBase) -> list[Unsure]:
    """The measured facts whose intervals alone keep rules from being decided, by the weight of these.

    Only of rules that matter, and of which everything else that they ask for is the case.

    Args:
        inference: What is known and concluded.
        base: The knowledge behind it.
    """
    opened: dict[str, list[Rule]] = defaultdict(list)
    asked: dict[str, str] = {}
    for rule in weightiest_first(base.rules.values()):
        if rule.weight not in _WEIGHTY or not inference.is_open(rule.id) or settled(rule, inference) or not speaks_for(rule.when, inference):
            continue
        lacking = inference.nearest(rule.id).unknown
        if lacking and all(is_unsure(premise, inference) for premise in lacking):
            for premise in lacking:
                for fact in unsure_facts(_leaf(premise), inference.facts):
                    opened[fact].append(rule)
                    asked.setdefault(fact, required(_leaf(premise), premise.holds))
    return [_unsure(fact, rules, asked[fact], inference, base) for fact, rules in opened.items()]


def is_unsure(premise: Premise, inference: Inference) -> bool:
    """Whether all facts that a premise reads are known, and the interval of one leaves it unknown."""
    return isinstance(premise.leaf, Predicate) and bool(unsure_facts(premise.leaf, inference.facts)) and None not in dict(premise.values).values()


def _leaf(premise: Premise) -> Predicate:
    assert isinstance(premise.leaf, Predicate)  # noqa: S101 - what is unsure was asked of a fact
    return premise.leaf


def _unsure(fact: str, rules: list[Rule], asked: str, inference: Inference, base: KnowledgeBase) -> Unsure:
    blocking = list({rule.id: rule for rule in rules}.values())
    value = inference.facts[fact]
    return Unsure.model_construct(
        fact=fact,
        title=base.vocabulary[fact].title,
        value=json_value(value),
        interval=interval_of(value) or [],
        asked=asked,
        blocks=[rule.id for rule in blocking],
        could_tell=could_tell(blocking, base),
        would_tell=base.strings["more_would_tell"],
    )
