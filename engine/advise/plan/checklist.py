"""The status of every item of the checklist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from advise.conditions import Predicate
from advise.infer.inference import Inference
from advise.infer.proof import Proof
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.catalog import ChecklistItem
from advise.plan.model import CheckItem, CheckStatus
from advise.plan.unknowns import inputs

# Where several rules speak of one item, the first of these statuses that any of them reached holds.
_OUTCOMES: Mapping[str, CheckStatus] = {"fail": "fail", "pass": "pass", "idle": "not_applicable"}


def checklist(inference: Inference, base: KnowledgeBase) -> list[CheckItem]:
    """Every item in the order of the checklist, with the facts that decided it or that it waits for."""
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in base.rules.values():
        if rule.kind == "check":
            rules[rule.concludes].append(rule)
    return [_item(item, rules[name], inference, base) for name, item in base.checklist.items()]


def _item(item: ChecklistItem, rules: list[Rule], inference: Inference, base: KnowledgeBase) -> CheckItem:
    for outcome, status in _OUTCOMES.items():
        for rule in rules:
            proof = inference.fired.get(f"{rule.id}#{outcome}")
            if proof is not None:
                return CheckItem.model_construct(id=item.id, title=item.title, status=status, because=_facts(proof))
    keys = (f"{rule.id}#{outcome}" for rule in rules for outcome in ("pass", "fail"))
    missing = (name for key in keys for name in inference.undecided.get(key, ()))
    waits = dict.fromkeys(fact for name in missing for fact in inputs(name, inference, base))
    return CheckItem.model_construct(id=item.id, title=item.title, status="unknown", because=list(waits))


def _facts(proof: Proof) -> list[str]:
    return list(dict.fromkeys(premise.leaf.fact for premise in proof.premises if isinstance(premise.leaf, Predicate)))
