"""The one-line answer: the strongest verdict that a standing decision calls for."""

from __future__ import annotations

from collections.abc import Sequence

from advise.knowledge.base import KnowledgeBase
from advise.plan.arbitration import Taken, verdict_of
from advise.plan.model import Verdict

_NOTHING_DECIDED = "cannot_tell"
_CHANGE = "continue_with_changes"
_GO_ON = "continue"


def verdict(taken: Sequence[Taken], base: KnowledgeBase) -> Verdict:
    """The verdict of a plan.

    A decision of priority P2 is worth doing but changes nothing about a run that may go on.
    """
    called: dict[str, list[str]] = {}
    for item in taken:
        called.setdefault(verdict_of(item.candidate.rule, base), []).append(item.candidate.rule.concludes)
    if _GO_ON in called and all(item.candidate.rule.priority == "P2" for item in taken if verdict_of(item.candidate.rule, base) == _CHANGE):
        called.pop(_CHANGE, None)
    for spec in base.verdicts:
        if spec.id in called or spec.id == _NOTHING_DECIDED:
            return Verdict.model_construct(id=spec.id, title=spec.title, because=called.get(spec.id, []))
    raise AssertionError("the verdicts end with cannot_tell")
