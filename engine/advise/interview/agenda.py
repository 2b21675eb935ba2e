"""Which question comes next: what could change the most, or what the checklist asks in its order."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advise.bilingual import Text
from advise.conditions import Concluded, ConclusionKind
from advise.errors import AdviseError
from advise.infer.inference import Inference
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.catalog import ChecklistItem
from advise.knowledge.vocabulary import Cost
from advise.plan.checklist import checklist
from advise.plan.unknowns import inputs, unknowns
from advise.source.nearest import nearest

# What an undecided rule is worth, and what it takes to find a fact out. A checklist item is worth less than any conclusion about the run.
_WORTH: Mapping[str | None, float] = {"high": 8, "medium": 4, "low": 2, "info": 1, "P0": 6, "P1": 3, "P2": 1, None: 0.5}
_EFFORT: Mapping[Cost, float] = {Cost.LOOKUP: 1, Cost.JUDGEMENT: 1.5, Cost.MEASURE: 3, Cost.EXPERIMENT: 10}


class UnknownSection(AdviseError):
    """The checklist has no such section."""


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


def questions(inference: Inference, base: KnowledgeBase, items: Sequence[ChecklistItem] = ()) -> Iterator[Question]:
    """Everything worth asking, in order.

    Args:
        inference: What is known and concluded so far.
        base: The knowledge it was concluded from.
        items: Items of the checklist to ask for, in order; by default the most valuable question comes first.
    """
    return _by_item(inference, base, items) if items else _by_value(inference, base)


def items_of(sections: Sequence[str], base: KnowledgeBase) -> list[ChecklistItem]:
    """The items of some sections of the checklist, in the order in which they are asked.

    Args:
        sections: `C` is C.1, C.2 and so on; a section with an order of its own for agents is asked in that.
        base: The knowledge that has the checklist.

    Raises:
        UnknownSection: The checklist has no such section.
    """
    found: dict[str, ChecklistItem] = {}
    for section in sections:
        wanted = section.casefold()
        items = [item for item in base.checklist.values() if f"{item.section.casefold()}.".startswith(f"{wanted}.")]
        if not items:
            known = list(dict.fromkeys(item.section for item in base.checklist.values()))
            close = nearest(section, known)
            raise UnknownSection(
                f"the checklist has no section `{section}`; it has {', '.join(known)}" + (f". Did you mean `{close}`?" if close else "")
            )
        found |= {item.id: item for item in sorted(items, key=lambda item: item.agent_order or 0)}
    return list(found.values())


def _by_value(inference: Inference, base: KnowledgeBase) -> Iterator[Question]:
    """First what the observations point at, then what most undecided rules wait for."""
    asked = set()
    for unknown in unknowns(inference, base):
        asked.add(unknown.fact)
        yield Question(unknown.fact, tuple(unknown.blocks), tuple(unknown.could_tell))
    waiting = _waiting(inference, base)
    reach = {fact: _reach(rules) / _EFFORT[base.vocabulary[fact].cost] for fact, rules in waiting.items()}
    for fact in sorted(waiting.keys() - asked, key=lambda name: (-round(reach[name], 9), name)):
        yield _question(fact, [rule for rule, _ in waiting[fact]], base)


def _reach(rules: Sequence[tuple[Rule, float]]) -> float:
    """What hangs on a fact: many rules for one conclusion settle no more than that conclusion."""
    best: dict[tuple[str, str], float] = {}
    for rule, share in rules:
        key = (rule.kind, rule.concludes)
        best[key] = max(share, best.get(key, 0))
    return sum(best.values())


def _by_item(inference: Inference, base: KnowledgeBase, items: Sequence[ChecklistItem]) -> Iterator[Question]:
    """The facts that each open item waits for, in the order of its rules."""
    found = {item.id: item for item in checklist(inference, base)}
    waiting = _waiting(inference, base)
    asked = set()
    for item in items:
        for fact in found[item.id].because if found[item.id].status == "unknown" else ():
            if fact not in asked:
                asked.add(fact)
                yield _question(fact, [rule for rule, _ in waiting[fact]], base, item)


def _waiting(inference: Inference, base: KnowledgeBase) -> Mapping[str, list[tuple[Rule, float]]]:
    """The undecided rules that wait for each fact, and how much of each hangs on it."""
    found: dict[str, list[tuple[Rule, float]]] = defaultdict(list)
    for rule in base.rules.values():
        missing = () if _settled(rule, inference) else inference.undecided.get(f"{rule.id}#pass" if rule.kind == "check" else rule.id, ())
        facts = dict.fromkeys(fact for name in missing for fact in inputs(name, inference, base))
        for fact in facts:
            # The root: rules that wait for much are many, and what they share is what most of them need.
            found[fact].append((rule, _WORTH[rule.weight] / math.sqrt(len(facts))))
    return found


def _settled(rule: Rule, inference: Inference) -> bool:
    match rule.kind:
        case "diagnosis":
            return Concluded(ConclusionKind.DIAGNOSIS, rule.concludes) in inference.concluded
        case "decision":
            return Concluded(ConclusionKind.DECISION, rule.concludes) in inference.concluded
        case "check":
            return False
    # What a derived fact is good for, the rules that read it say.
    return True


def _question(fact: str, rules: Sequence[Rule], base: KnowledgeBase, item: ChecklistItem | None = None) -> Question:
    concluding = sorted((rule for rule in rules if rule.weight is not None), key=lambda rule: (-_WORTH[rule.weight], rule.id))
    titles = dict.fromkeys(_title(rule, base) for rule in concluding)
    return Question(fact, tuple(rule.id for rule in concluding), tuple(titles), item)


def _title(rule: Rule, base: KnowledgeBase) -> Text:
    return base.diagnoses[rule.concludes].title if rule.kind == "diagnosis" else base.decisions[rule.concludes].title
