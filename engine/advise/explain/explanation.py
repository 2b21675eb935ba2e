"""One id of one run explained: its proof down to the facts, or what keeps it from being reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from advise.bilingual import Text
from advise.conditions import Concluded, ConclusionKind
from advise.explain.lacking import Gaps
from advise.explain.lookup import kind_of
from advise.explain.records import Explanation, Kind, Lacking, Node, Outcome
from advise.explain.trace import Tracer
from advise.knowledge.base import Rule
from advise.plan.examination import Examination
from advise.plan.model import Diagnosis, SetAside
from advise.plan.reversal import Reversals

_STATUS_OF: Mapping[str, ConclusionKind] = {
    "pass": ConclusionKind.CHECK_PASSED,
    "fail": ConclusionKind.CHECK_FAILED,
    "not_applicable": ConclusionKind.CHECK_IDLE,
}


def explain(found: Examination, name: str) -> Explanation:
    """Explain how an id turned out.

    Args:
        found: The run.
        name: A diagnosis, decision, rule, checklist item, erratum or fact.

    Raises:
        UnknownId: Nothing has this id.
    """
    kind = kind_of(name, found.context.base)
    return _EXPLAIN[kind](_Explainer(found, name), name)


class _Explainer:
    def __init__(self, found: Examination, name: str) -> None:
        self.found = found
        self.name = name
        self.base = found.context.base
        self.tracer = Tracer(found)
        self.gaps = Gaps(self.tracer)

    def diagnosis(self, name: str) -> Explanation:
        conclusion = Concluded(ConclusionKind.DIAGNOSIS, name)
        reached = next((item for item in self.found.plan.diagnoses if item.id == name), None)
        if reached is None:
            return self._not_reached("diagnosis", conclusion, "not_concluded")
        return Explanation(
            run=self.found.run,
            id=name,
            kind="diagnosis",
            title=reached.title,
            outcome="concluded",
            severity=reached.severity,
            certainty=reached.certainty,
            why=reached.why,
            proofs=self._rules([reached.rule, *reached.supported_by]),
            reversed_by=reached.reversed_by,
            weakened_by=reached.weakened_by,
            sources=reached.sources,
        )
