"""What could not be told, and the observation that would tell it: the cheapest that settles the most comes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, Not, Op, Predicate, holds
from advise.infer.inference import Inference
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.entries import concluded_title
from advise.knowledge.vocabulary import Cost
from advise.plan.arbitration import Taken
from advise.plan.model import Unknown
from advise.text import Text

# What an undecided rule is worth, and what it takes to find a fact out. A checklist item is worth less than any conclusion about the run.
WORTH: Mapping[str | None, float] = {"high": 8, "medium": 4, "low": 2, "info": 1, "P0": 6, "P1": 3, "P2": 1, None: 0.5}
# What is asked of a fact for want of which a decision that stands is no instruction: more than of any that is only looked into.
DECIDED = 100
EFFORT: Mapping[Cost, float] = {Cost.LOOKUP: 1, Cost.JUDGEMENT: 1.5, Cost.MEASURE: 3, Cost.EXPERIMENT: 10}


@dataclass(slots=True)
class _Open:
    """A missing fact and the rules that wait for it."""

    value: float = 0
    rules: list[Rule] = field(default_factory=list)


def unknowns(inference: Inference, base: KnowledgeBase, waiting: Iterable[Taken] = ()) -> list[Unknown]:
    """The missing facts that open rules wait for, most valuable first: before all, those that a decision which stands has to ask for.

    A rule counts as open when something observed already speaks for it and nothing against it, or when it could tell more about a severe
    diagnosis that stands: what nothing points at is no question worth asking.

    Args:
        inference: What is known and concluded.
        base: The knowledge behind it.
        waiting: Decisions that stand and cannot be said.
    """
    opened: dict[str, _Open] = defaultdict(_Open)
    not_asked = judged_by_rules(base) | pointless(inference, base)
    alarmed = _alarmed_groups(inference, base)
    for rule in base.rules.values():
        if rule.weight is None or not inference.is_open(rule.id) or settled(rule, inference):
            continue
        if not speaks_for(rule.when, inference) and not (rule.kind == "diagnosis" and base.diagnoses[rule.concludes].group in alarmed):
            continue
        weight = WORTH[rule.weight]
        lacking = (name for premise in inference.nearest(rule.id).unknown for name, value in premise.values if value is None)
        missing = {fact for name in lacking for fact in inputs(name, inference, base)} - not_asked
        for fact in missing:
            opened[fact].value += weight / len(missing) / EFFORT[base.vocabulary[fact].cost]
            opened[fact].rules.append(rule)
    for item in waiting:
        for proposal in (item.candidate, *item.merged):
            for fact in dict.fromkeys(each for name in proposal.waits_for for each in inputs(name, inference, base) if each not in not_asked):
                opened[fact].value += DECIDED * WORTH[proposal.rule.priority]
                opened[fact].rules.append(base.rules[proposal.rule.id])
    ranked = sorted(opened.items(), key=lambda item: (-round(item[1].value, 9), item[0]))
    return [_unknown(fact, item, base) for fact, item in ranked]


def judged_by_rules(base: KnowledgeBase) -> frozenset[str]:
    """The judgements that rules draw from other facts: nobody has to be asked for them."""
    derived = {rule.concludes for rule in base.rules.values() if rule.kind == "derive"}
    return frozenset(fact for fact in derived if base.vocabulary[fact].cost is Cost.JUDGEMENT)


def pointless(inference: Inference, base: KnowledgeBase) -> frozenset[str]:
    """The facts that are not worth asking for, as the run is known."""
    return base.questions.pointless_for(inference.facts, inference.concluded.__contains__)


def inputs(fact: str, inference: Inference, base: KnowledgeBase) -> Iterator[str]:
    """The missing facts that a person can supply for a missing fact: itself, or what it is computed from."""
    if fact in inference.facts:
        return
    if fact not in base.derived:
        yield fact
        return
    for name in sorted(base.derived[fact].expression.facts):
        yield from inputs(name, inference, base)


def _alarmed_groups(inference: Inference, base: KnowledgeBase) -> frozenset[str]:
    """The groups in which a diagnosis of severity high stands."""
    fired = (rule for rule in base.rules.values() if rule.weight == "high" and rule.id in inference.fired)
    return frozenset(base.diagnoses[rule.concludes].group for rule in fired)


def speaks_for(condition: Condition, inference: Inference) -> bool:
    """Whether anything observed speaks for a condition. That a fact is known at all says nothing, nor does what only keeps a rule from firing."""
    match condition:
        case Concluded():
            return condition in inference.concluded
        case Predicate():
            return condition.op is not Op.KNOWN and holds(condition, inference.facts) is True
        case Not():
            return False
        case All(of=parts) | AnyOf(of=parts) | AtLeast(of=parts):
            return any(speaks_for(part, inference) for part in parts)


def settled(rule: Rule, inference: Inference) -> bool:
    """Whether what a diagnosis or decision rule would conclude is concluded already; a check never is."""
    kind = ConclusionKind.DIAGNOSIS if rule.kind == "diagnosis" else ConclusionKind.DECISION
    return rule.kind != "check" and Concluded(kind, rule.concludes) in inference.concluded


def weightiest_first(rules: Iterable[Rule]) -> list[Rule]:
    """Rules in the order in which they are named as waiting for a fact."""
    return sorted(rules, key=lambda rule: (-WORTH[rule.weight], rule.id))


def could_tell(rules: Iterable[Rule], base: KnowledgeBase) -> list[Text]:
    """The titles of what diagnosis and decision rules would conclude, each once."""
    return list(dict.fromkeys(concluded_title(rule, base) for rule in rules))


def _unknown(fact: str, item: _Open, base: KnowledgeBase) -> Unknown:
    rules = weightiest_first(item.rules)
    spec = base.vocabulary[fact]
    return Unknown.model_construct(
        fact=fact,
        title=spec.title,
        blocks=[rule.id for rule in rules],
        could_tell=could_tell(rules, base),
        prompt=spec.prompt,
        observe=spec.observe,
    )
