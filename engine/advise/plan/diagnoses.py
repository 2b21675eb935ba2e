"""From fired diagnosis rules to the diagnoses of the plan, each with its strongest proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from advise.conditions import Concluded, ConclusionKind
from advise.infer.inference import Inference
from advise.infer.proof import Proof
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.rule import DiagnosisRule
from advise.plan.candidate import said_of
from advise.plan.decisions import spoken_value
from advise.plan.evidence import Context, evidence, rests_on
from advise.plan.model import Diagnosis
from advise.plan.reversal import Reversals
from advise.terms import CERTAINTIES, SEVERITIES


def diagnoses(inference: Inference, context: Context) -> list[Diagnosis]:
    """Every diagnosis that was reached, the most severe and certain first."""
    reversals = Reversals(inference, context.base)
    return [_diagnosis(rules, inference.fired, context, reversals) for rules in reached(inference, context.base)]


def reached(inference: Inference, base: KnowledgeBase) -> list[list[DiagnosisRule]]:
    """The rules that reached each diagnosis, the strongest first; of the diagnoses the most severe and certain first."""
    specs = (rule.spec for rule in base.rules.values() if rule.kind == "diagnosis" and rule.id in inference.fired)
    fired = sorted((spec for spec in specs if isinstance(spec, DiagnosisRule)), key=lambda rule: (rule.concludes, strength(rule)))
    groups = (list(group) for _, group in groupby(fired, key=lambda rule: rule.concludes))
    return sorted(groups, key=lambda rules: (SEVERITIES.index(rules[0].severity), CERTAINTIES.index(rules[0].certainty), rules[0].concludes))


def strength(rule: DiagnosisRule) -> tuple[int, int, str]:
    """What orders the rules for one diagnosis, the strongest first."""
    return (CERTAINTIES.index(rule.certainty), SEVERITIES.index(rule.severity), rule.id)


def _diagnosis(rules: Sequence[DiagnosisRule], proofs: Mapping[str, Proof], context: Context, reversals: Reversals) -> Diagnosis:
    strongest, *others = rules
    proof = proofs[strongest.id]
    withdrawing = reversals.of(Concluded(ConclusionKind.DIAGNOSIS, strongest.concludes))
    weakening = reversals.of_proof(proof) if others or proof.also else []
    values = {name: spoken_value(name, value, context) for name, value in context.facts.items()}
    return Diagnosis.model_construct(
        id=strongest.concludes,
        title=said_of(strongest.title, values),
        why=said_of(strongest.why, values),
        certainty=strongest.certainty,
        severity=strongest.severity,
        rule=strongest.id,
        evidence=evidence(proof, context),
        because=rests_on(proof, ConclusionKind.DIAGNOSIS),
        supported_by=[rule.id for rule in others],
        reversed_by=withdrawing,
        weakened_by=[item for item in weakening if item not in withdrawing],
        sources=context.sources(strongest.sources),
        record=context.base.record_text(strongest.id),
    )
