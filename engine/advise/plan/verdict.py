"""The one-line answer: the strongest verdict that a standing decision calls for."""

from __future__ import annotations

from collections.abc import Sequence

from advise.conditions import evaluate
from advise.infer.inference import Inference
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.catalog import VerdictSpec
from advise.plan.arbitration import Taken, verdict_of
from advise.plan.model import Verdict

_NOTHING_DECIDED = "cannot_tell"
_CHANGE = "continue_with_changes"
_GO_ON = "continue"


def verdict(taken: Sequence[Taken], inference: Inference, base: KnowledgeBase) -> Verdict:
    """The verdict of a plan.

    A decision of priority P2 is worth doing but changes nothing about a run that may go on. Where more is known of the run, such as that it is over,
    another verdict may stand in for the one that its decisions call for.
    """
    called: dict[str, list[str]] = {}
    for item in taken:
        called.setdefault(verdict_of(item.candidate.rule, base), []).append(item.candidate.rule.concludes)
    if _GO_ON in called and all(item.candidate.rule.priority == "P2" for item in taken if verdict_of(item.candidate.rule, base) == _CHANGE):
        called.pop(_CHANGE, None)
    strongest = next(spec for spec in base.verdicts if spec.id in called or spec.id == _NOTHING_DECIDED)
    said = _standing_in(strongest, inference, base)
    return Verdict.model_construct(id=said.id, title=said.title, because=called.get(strongest.id, []))


def _standing_in(spec: VerdictSpec, inference: Inference, base: KnowledgeBase) -> VerdictSpec:
    """What is said in place of a verdict, or of what stands in for that; each once."""
    passed: list[str] = []
    while spec.id not in passed:
        passed.append(spec.id)
        spec = next((other for other in base.verdicts if spec.id in other.instead_of and _holds(other, inference, base)), spec)
    return spec


def _holds(spec: VerdictSpec, inference: Inference, base: KnowledgeBase) -> bool:
    return evaluate(base.verdicts_when[spec.id], inference.facts, inference.concluded.__contains__) is True
