"""Which question comes next: what could change the most, or what the checklist asks in its order."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advise.conditions import All, AnyOf, AtLeast, Condition, Not, Op, Predicate, Truth
from advise.infer.inference import Inference
from advise.infer.open import awaited
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.catalog import ChecklistItem
from advise.knowledge.entries import unknown_name
from advise.plan.build import arbitrated
from advise.plan.unknowns import EFFORT, WORTH, could_tell, inputs, judged_by_rules, pointless, settled, unknowns, weightiest_first
from advise.text import Text

# What no fact is.
_NO_VALUE = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for.

    Attributes:
        fact: Its name.
        blocks: The diagnosis and decision rules that wait for it, the weightiest first.
        could_tell: Titles of what those would conclude.
        item: The item of the checklist that it is asked for.
    """

    fact: str
    blocks: tuple[str, ...]
    could_tell: tuple[Text, ...]
    item: ChecklistItem | None = None


def items_of(sections: Sequence[str], base: KnowledgeBase) -> list[ChecklistItem]:
    """The items of some sections of the checklist, in the order in which they are asked.

    Args:
        sections: `C` is C.1, C.2 and so on; a section with an order of its own for agents is asked in that.
        base: The knowledge that has the checklist.

    Raises:
        UnknownNameError: The checklist has no such section.
    """
    found: dict[str, ChecklistItem] = {}
    for section in sections:
        wanted = section.casefold()
        items = [item for item in base.checklist.values() if f"{item.section.casefold()}.".startswith(f"{wanted}.")]
        if not items:
            known = list(dict.fromkeys(item.section for item in base.checklist.values()))
            raise unknown_name(f"the checklist has no section `{section}`; it has {', '.join(known)}", section, known)
        found |= {item.id: item for item in sorted(items, key=lambda item: item.agent_order or 0)}
    return list(found.values())


class Agenda:
    """What remains to be asked about a run, in order.

    Args:
        base: The knowledge that waits for facts.
        items: Items of the checklist to ask for, in order; by default the most valuable question comes first.
    """

    def __init__(self, base: KnowledgeBase, items: Sequence[ChecklistItem] = ()) -> None:
        self._base = base
        self._items = items
        self._conditions = {rule.id: _asking(_whole(rule)) for rule in base.rules.values() if rule.kind != "derive"}
        self._checks: dict[str, list[Rule]] = defaultdict(list)
        for rule in base.rules.values():
            if rule.kind == "check":
                self._checks[rule.concludes].append(rule)

    def questions(self, inference: Inference) -> Iterator[Question]:
        """Everything worth asking, the next question first.

        Args:
            inference: What is known and concluded so far.
        """
        return self._by_item(inference) if self._items else self._by_value(inference)

    def _by_value(self, inference: Inference) -> Iterator[Question]:
        """First what is asked of anybody, then what the observations point at, then what the most and weightiest open conclusions wait for."""
        waiting = self._waiting(inference)
        asked = set()
        for fact in self._base.questions.first_of(inference.facts, inference.concluded.__contains__):
            asked.add(fact)
            yield self._question(fact, waiting)
        for unknown in unknowns(inference, self._base, arbitrated(inference, self._base).waiting):
            if unknown.fact not in asked:
                asked.add(unknown.fact)
                yield Question(unknown.fact, tuple(unknown.blocks), tuple(unknown.could_tell))
        reach = {fact: _reach(rules) / EFFORT[self._base.vocabulary[fact].cost] for fact, rules in waiting.items()}
        not_asked = asked | judged_by_rules(self._base) | pointless(inference, self._base)
        for fact in sorted(waiting.keys() - not_asked, key=lambda name: (-round(reach[name], 9), name)):
            yield self._question(fact, waiting)

    def _by_item(self, inference: Inference) -> Iterator[Question]:
        """The facts that each open item waits for, in the order of its rules."""
        waiting = self._waiting(inference)
        asked = set()
        for item in self._items:
            for fact in self._open_facts(item, inference):
                if fact not in asked:
                    asked.add(fact)
                    yield self._question(fact, waiting, item)

    def _open_facts(self, item: ChecklistItem, inference: Inference) -> Sequence[str]:
        found: dict[str, None] = {}
        for rule in self._checks[item.id]:
            passed, facts = self._awaited(rule, inference)
            if passed is False and self._applies(rule, inference):
                # The item has failed, whatever its other rules say.
                return ()
            found |= dict.fromkeys(facts)
        return tuple(found)

    def _applies(self, rule: Rule, inference: Inference) -> bool:
        return rule.applies is None or awaited(_asking(rule.applies), inference.facts, inference.concluded)[0] is not False

    def _waiting(self, inference: Inference) -> Mapping[str, list[tuple[Rule, float]]]:
        """The open rules that wait for each fact, and how much of each hangs on it."""
        found: dict[str, list[tuple[Rule, float]]] = defaultdict(list)
        for rule in self._base.rules.values():
            facts = () if rule.id not in self._conditions or settled(rule, inference) else self._awaited(rule, inference)[1]
            for fact in facts:
                # The root: rules that wait for much are many, and what they share is what most of them need.
                found[fact].append((rule, WORTH[rule.weight] / math.sqrt(len(facts))))
        return found

    def _awaited(self, rule: Rule, inference: Inference) -> tuple[Truth, Sequence[str]]:
        """The truth of a rule's condition and the facts, as a person can supply them, that could still change it."""
        truth, missing = awaited(self._conditions[rule.id], inference.facts, inference.concluded)
        return truth, tuple(dict.fromkeys(fact for name in missing for fact in inputs(name, inference, self._base)))

    def _question(self, fact: str, waiting: Mapping[str, list[tuple[Rule, float]]], item: ChecklistItem | None = None) -> Question:
        rules = weightiest_first(rule for rule, _ in waiting.get(fact, ()) if rule.weight is not None)
        return Question(fact, tuple(rule.id for rule in rules), tuple(could_tell(rules, self._base)), item)


def _whole(rule: Rule) -> Condition:
    return rule.when if rule.applies is None else All((rule.applies, rule.when))


def _asking(condition: Condition) -> Condition:
    """The condition in which what depends on a fact being known is itself unknown while the fact is: asking can still change it."""
    match condition:
        case Predicate(fact=fact, op=Op.KNOWN, operand=wanted):
            return Predicate(fact, Op.NE if wanted else Op.EQ, _NO_VALUE)
        case Not(of=inner):
            return Not(_asking(inner))
        case All(of=parts):
            return All(tuple(map(_asking, parts)))
        case AnyOf(of=parts):
            return AnyOf(tuple(map(_asking, parts)))
        case AtLeast(count=count, of=parts):
            return AtLeast(count, tuple(map(_asking, parts)))
    return condition


def _reach(rules: Sequence[tuple[Rule, float]]) -> float:
    """What hangs on a fact: many rules for one conclusion settle no more than that conclusion."""
    best: dict[tuple[str, str], float] = {}
    for rule, share in rules:
        key = (rule.kind, rule.concludes)
        best[key] = max(share, best.get(key, 0))
    return sum(best.values())
