"""From a condition to the tree of what it came to, down to the facts and where they were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, FactRef, Not, Predicate, count_truth, holds
from advise.explain.records import ConclusionNode, FactNode, GroupNode, Node, RuleNode
from advise.knowledge.base import KnowledgeBase
from advise.plan.evidence import asked, interval_of, json_value, required
from advise.plan.examination import Examination
from advise.text import Text

_CHECKS = (ConclusionKind.CHECK_PASSED, ConclusionKind.CHECK_FAILED, ConclusionKind.CHECK_IDLE)


@dataclass(slots=True)
class Tracer:
    """Traces the conditions of one run. What was shown once in full is not unfolded again.

    Attributes:
        found: The run.
    """

    found: Examination
    _unfolded: set[str] = field(default_factory=set)

    def rule(self, key: str) -> RuleNode:
        """A rule, a veto or an erratum, by the key of its implication, with what its condition came to."""
        parts = self.condition(self.found.inference.program.implications[key].when)
        return RuleNode(rule=rule_of(key), holds=count_truth([part.holds for part in parts], len(parts)), below=parts)

    def condition(self, condition: Condition, positive: bool = True) -> list[Node]:
        """The parts of a condition, or of its negation, all of which have to hold."""
        match condition:
            case Predicate():
                return [self.test(condition, positive)]
            case Concluded():
                return [self.conclusion(condition, positive)]
            case Not(of=inner):
                return self.condition(inner, not positive)
            case All(of=parts):
                need = len(parts) if positive else 1
            case AnyOf(of=parts):
                need = 1 if positive else len(parts)
            case AtLeast(count=count, of=parts):
                need = count if positive else len(parts) - count + 1
        if need == len(parts):
            return [node for part in parts for node in self.condition(part, positive)]
        return [_group([self._member(part, positive) for part in parts], need)]

    def test(self, leaf: Predicate, positive: bool) -> FactNode:
        """A fact with what is asked of it."""
        truth = holds(leaf, self.found.context.facts)
        outcome = truth if truth is None or positive else not truth
        told = asked(leaf, positive) if outcome else required(leaf, positive)
        compared = [self.fact(leaf.operand.fact)] if isinstance(leaf.operand, FactRef) else []
        shown = self.fact(leaf.fact)
        return shown.model_copy(update={"asked": told, "holds": outcome, "below": [*compared, *shown.below]})

    def fact(self, name: str) -> FactNode:
        """A fact with where its value comes from."""
        context = self.found.context
        value = context.facts.get(name)
        derived = context.base.derived.get(name) if name not in self.found.stated else None
        return FactNode(
            fact=name,
            title=context.base.vocabulary[name].title,
            value=None if value is None else json_value(value),
            interval=interval_of(value),
            origin="" if derived else context.origins.get(name, ""),
            expression=derived.expression.text if derived else None,
            below=self._behind(name, sorted(derived.expression.facts) if derived else ()),
        )

    def conclusion(self, leaf: Concluded, wanted: bool) -> ConclusionNode:
        """A conclusion that is asked for, or whose absence is; where it was reached, with the rules that did."""
        reached = leaf in self.found.inference.concluded
        keys = self.found.inference.by.get(leaf, ()) if reached and self._first(f"{leaf.kind}:{leaf.id}") else ()
        return ConclusionNode(
            conclusion=leaf.kind,
            id=leaf.id,
            title=self.title(leaf),
            wanted=wanted,
            reached=reached,
            holds=reached is wanted,
            below=[self.rule(key) for key in keys],
        )

    def title(self, leaf: Concluded) -> Text:
        """What the catalogue calls a conclusion."""
        base = self.found.context.base
        if leaf.kind is ConclusionKind.DIAGNOSIS:
            return base.diagnoses[leaf.id].title
        if leaf.kind is ConclusionKind.DECISION:
            return base.decisions[leaf.id].title
        if leaf.kind is ConclusionKind.ALARM:
            return alarm(leaf.id, base)
        return base.checklist[leaf.id].title if leaf.kind in _CHECKS else base.errata[leaf.id].claim

    def _behind(self, fact: str, inputs: Sequence[str]) -> list[Node]:
        keys = self.found.inference.derived.get(fact, ())
        if not (inputs or keys) or not self._first(fact):
            return []
        return [*(self.fact(name) for name in inputs), *(self.rule(key) for key in keys)]

    def _member(self, part: Condition, positive: bool) -> Node:
        nodes = self.condition(part, positive)
        return nodes[0] if len(nodes) == 1 else _group(nodes, len(nodes))

    def _first(self, name: str) -> bool:
        is_new = name not in self._unfolded
        self._unfolded.add(name)
        return is_new


def alarm(severity: str, base: KnowledgeBase) -> Text:
    """What an alarm says: that some diagnosis of at least this severity stands."""
    return base.strings["alarm"].filled({"severity": base.strings[f"severity_{severity}"]})


def _group(members: Sequence[Node], need: int) -> GroupNode:
    truths = [member.holds for member in members]
    truth = count_truth(truths, need)
    enough = need == 1 and truth is True
    shown = [member for member, holding in zip(members, truths, strict=True) if holding or not enough]
    return GroupNode(need=need, total=len(members), met=truths.count(True), holds=truth, below=shown)


def rule_of(key: str) -> str:
    """The rule of an implication: those of a check are `topic/name#pass` and the like; a veto keeps its number."""
    return key if key.startswith("veto:") else key.partition("#")[0]
