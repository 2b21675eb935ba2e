"""What a fact is good for in one run: the conclusions that rest on it, or the rules that wait for it."""

from __future__ import annotations

from advise.conditions import ConclusionKind, FactValue
from advise.explain.trace import rule_of
from advise.infer.proof import Proof
from advise.knowledge.base import KnowledgeBase
from advise.plan.examination import Examination


def uses_of(fact: str, found: Examination) -> list[str]:
    """The conclusions whose proofs read a known fact, or the rules that wait for an unknown one; by way of derived facts too.

    An alarm is not named: the diagnosis that raised it is.
    """
    names = _with_derived(fact, found.context.base)
    inference = found.inference
    if fact not in found.context.facts:
        return list(dict.fromkeys(rule_of(key) for key, missing in inference.undecided.items() if not names.isdisjoint(missing)))
    reading = (key for key, proof in inference.fired.items() if not names.isdisjoint(_read(proof)))
    concluded = (inference.program.implications[key].concludes for key in reading)
    named = (item for item in concluded if isinstance(item, FactValue) or item.kind is not ConclusionKind.ALARM)
    return list(dict.fromkeys(item.fact if isinstance(item, FactValue) else item.id for item in named))


def _with_derived(fact: str, base: KnowledgeBase) -> set[str]:
    names = {fact}
    for name, item in base.derived.items():
        if not names.isdisjoint(item.expression.facts):
            names.add(name)
    return names


def _read(proof: Proof) -> set[str]:
    return {name for premise in proof.premises for name, _ in premise.values}
