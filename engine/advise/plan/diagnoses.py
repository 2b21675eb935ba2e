"""From fired diagnosis rules to the diagnoses of the plan, each with its strongest proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from advise.conditions import ConclusionKind
from advise.infer.proof import Proof
from advise.knowledge.rule import DiagnosisRule
from advise.plan.decisions import spoken_value
from advise.plan.evidence import Context, evidence, rests_on, reversals
from advise.plan.model import CERTAINTIES, SEVERITIES, Diagnosis


def diagnoses(proofs: Mapping[str, Proof], context: Context) -> list[Diagnosis]:
    """Every diagnosis that was reached, the most severe and certain first."""
    fired = [rule.spec for key, rule in context.base.rules.items() if key in proofs and isinstance(rule.spec, DiagnosisRule)]
    fired.sort(key=lambda rule: (rule.concludes, _strength(rule)))
    found = [_diagnosis(list(group), proofs, context) for _, group in groupby(fired, key=lambda rule: rule.concludes)]
    return sorted(found, key=lambda item: (SEVERITIES.index(item.severity), CERTAINTIES.index(item.certainty), item.id))


def _strength(rule: DiagnosisRule) -> tuple[int, int, str]:
    return (CERTAINTIES.index(rule.certainty), SEVERITIES.index(rule.severity), rule.id)


def _diagnosis(rules: Sequence[DiagnosisRule], proofs: Mapping[str, Proof], context: Context) -> Diagnosis:
    strongest, *others = rules
    proof = proofs[strongest.id]
    values = {name: spoken_value(name, value, context) for name, value in context.facts.items()}
    return Diagnosis(
        id=strongest.concludes,
        title=strongest.title.filled(values),
        why=strongest.why.filled(values),
        certainty=strongest.certainty,
        severity=strongest.severity,
        rule=strongest.id,
        evidence=evidence(proof, context),
        because=rests_on(proof, ConclusionKind.DIAGNOSIS),
        supported_by=[rule.id for rule in others],
        reversed_by=reversals([proofs[rule.id] for rule in rules], context.facts),
        sources=context.sources(strongest.sources),
    )
