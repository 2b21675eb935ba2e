"""The status of every item of the checklist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from advise.conditions import Predicate
from advise.infer.inference import Inference
from advise.infer.proof import Proof
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.catalog import ChecklistItem
from advise.plan.model import CheckItem
from advise.plan.unknowns import inputs
from advise.terms import CheckStatus

# Where several rules speak of one item, the first of these statuses that any of them reached holds.
_OUTCOMES: Mapping[str, CheckStatus] = {"fail": "fail", "pass": "pass", "idle": "not_applicable"}


def checklist(inference: Inference, base: KnowledgeBase) -> list[CheckItem]:
    """Every item in the order of the checklist, with the facts that decided it or that it waits for."""
    rules = _rules(base)
    return [_item(item, rules[name], inference, base) for name, item in base.checklist.items()]


def statuses(inference: Inference, base: KnowledgeBase) -> dict[str, CheckStatus]:
    """The status of every item, without what it rests on."""
    rules = _rules(base)
    return {name: _decided(rules[name], inference)[0] for name in base.checklist}


def _rules(base: KnowledgeBase) -> Mapping[str, list[Rule]]:
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in base.rules.values():
        if rule.kind == "check":
            rules[rule.concludes].append(rule)
    return rules


def _decided(rules: list[Rule], inference: Inference) -> tuple[CheckStatus, Proof | None]:
    for outcome, status in _OUTCOMES.items():
        for rule in rules:
            proof = inference.fired.get(f"{rule.id}#{outcome}")
            if proof is not None:
                return status, proof
    return "unknown", None


def _item(item: ChecklistItem, rules: list[Rule], inference: Inference, base: KnowledgeBase) -> CheckItem:
    status, proof = _decided(rules, inference)
    because = _awaited(rules, inference, base) if proof is None else _facts(proof)
    return CheckItem.model_construct(id=item.id, title=item.title, status=status, because=because)


def _awaited(rules: list[Rule], inference: Inference, base: KnowledgeBase) -> list[str]:
    missing = (name for rule in rules for outcome in ("pass", "fail") for name in inference.awaited(f"{rule.id}#{outcome}"))
    return list(dict.fromkeys(fact for name in missing for fact in inputs(name, inference, base)))


def _facts(proof: Proof) -> list[str]:
    return list(dict.fromkeys(premise.leaf.fact for premise in proof.premises if isinstance(premise.leaf, Predicate)))
