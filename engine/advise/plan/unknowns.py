"""What could not be told, and the observation that would tell it: the cheapest that settles the most comes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from advise.bilingual import Text
from advise.conditions import Concluded, ConclusionKind, holds, leaves
from advise.infer.inference import Inference
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.rule import DecisionRule, DiagnosisRule
from advise.knowledge.vocabulary import Cost
from advise.plan.model import Unknown

_WEIGHT: Mapping[str, float] = {"high": 8, "medium": 4, "low": 2, "info": 1, "P0": 6, "P1": 3, "P2": 1}
_EFFORT: Mapping[Cost, float] = {Cost.LOOKUP: 1, Cost.JUDGEMENT: 1.5, Cost.MEASURE: 3, Cost.EXPERIMENT: 10}


@dataclass(slots=True)
class _Open:
    """A missing fact and the rules that wait for it."""

    value: float = 0
    rules: list[Rule] = field(default_factory=list)


def unknowns(inference: Inference, base: KnowledgeBase) -> list[Unknown]:
    """The missing facts that open rules wait for, most valuable first.

    A rule counts as open when something observed already speaks for it and nothing against it: what nothing points at is no question worth asking.
    """
    opened: dict[str, _Open] = defaultdict(_Open)
    for rule in base.rules.values():
        weight = _weight(rule)
        if weight == 0 or _settled(rule, inference):
            continue
        if rule.id not in inference.undecided or not _pointed_at(rule, inference):
            continue
        lacking = (name for premise in inference.nearest(rule.id).unknown for name, value in premise.values if value is None)
        missing = {fact for name in lacking for fact in inputs(name, inference, base)}
        for fact in missing:
            opened[fact].value += weight / len(missing) / _EFFORT[base.vocabulary[fact].cost]
            opened[fact].rules.append(rule)
    ranked = sorted(opened.items(), key=lambda item: (-round(item[1].value, 9), item[0]))
    return [_unknown(fact, item, base) for fact, item in ranked]


def inputs(fact: str, inference: Inference, base: KnowledgeBase) -> Iterator[str]:
    """The missing facts that a person can supply for a missing fact: itself, or what it is computed from."""
    if fact in inference.facts:
        return
    if fact not in base.derived:
        yield fact
        return
    for name in sorted(base.derived[fact].expression.facts):
        yield from inputs(name, inference, base)


def _pointed_at(rule: Rule, inference: Inference) -> bool:
    """Whether anything observed speaks for the rule."""
    for leaf in leaves(rule.when):
        speaks = leaf in inference.concluded if isinstance(leaf, Concluded) else holds(leaf, inference.facts) is True
        if speaks:
            return True
    return False


def _weight(rule: Rule) -> float:
    match rule.spec:
        case DiagnosisRule(severity=severity):
            return _WEIGHT[severity]
        case DecisionRule(priority=priority):
            return _WEIGHT[priority]
    return 0


def _settled(rule: Rule, inference: Inference) -> bool:
    match rule.spec:
        case DiagnosisRule(concludes=name):
            return Concluded(ConclusionKind.DIAGNOSIS, name) in inference.concluded
        case DecisionRule(concludes=name):
            return Concluded(ConclusionKind.DECISION, name) in inference.concluded
    return True


def _unknown(fact: str, item: _Open, base: KnowledgeBase) -> Unknown:
    rules = sorted(item.rules, key=lambda rule: (-_weight(rule), rule.id))
    spec = base.vocabulary[fact]
    return Unknown(
        fact=fact,
        title=spec.title,
        blocks=[rule.id for rule in rules],
        could_tell=list(dict.fromkeys(_title(rule, base) for rule in rules)),
        prompt=spec.prompt,
        observe=spec.observe,
    )


def _title(rule: Rule, base: KnowledgeBase) -> Text:
    match rule.spec:
        case DiagnosisRule(concludes=name):
            return base.diagnoses[name].title
        case DecisionRule(concludes=name):
            return base.decisions[name].title
    raise AssertionError("only diagnoses and decisions are waited for")
