"""A run examined: what was inferred from its facts, with where these were read, and the plan made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from advise.infer.inference import Inference
from advise.plan.arbitration import Outcome
from advise.plan.build import arbitrated, build_plan
from advise.plan.checks import checks
from advise.plan.evidence import Context
from advise.plan.model import GateResult, Plan
from advise.terms import Finding, Sketch
from advise.text import Value

if TYPE_CHECKING:
    from advise.plan.attempts import Tried
    from advise.runlog.series.record import RunLog


@dataclass(frozen=True)
class Examination:
    """Everything known about one run.

    Attributes:
        inference: What was concluded, with proofs.
        context: The knowledge it was concluded from, every known value, and where each was read.
        stated: The facts that were given, as opposed to derived.
        run: A name for the report.
        gate_results: How the gates of an earlier plan turned out.
        findings: Remarks about the input.
        log: What the logs say, where there are any.
        tried: What earlier rounds tried without success, in their order.
        brief: Whether the plan leaves out what is open, what could be asked, the checklist, the curves and what was checked.
    """

    inference: Inference
    context: Context
    stated: Mapping[str, Value]
    run: str | None = None
    gate_results: tuple[GateResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    log: RunLog | None = None
    tried: tuple[Tried, ...] = ()
    brief: bool = False

    @cached_property
    def outcome(self) -> Outcome:
        """Which of the proposed decisions stand."""
        return arbitrated(self.inference, self.context.base, self.tried)

    @cached_property
    def plan(self) -> Plan:
        """The plan, made when it is first asked for."""
        plan = build_plan(
            self.inference,
            self.context,
            self.outcome,
            stated=self.stated,
            run=self.run,
            gate_results=self.gate_results,
            findings=self.findings,
            brief=self.brief,
        )
        if self.log is None or self.brief:
            return plan
        return plan.model_copy(update={"curves": self._sketches(plan, self.log), "checks": checks(self.context.facts, self.context.base)})

    def _sketches(self, plan: Plan, log: RunLog) -> list[Sketch]:
        from advise.runlog.series.sketch import sketches

        proofs = [*(item.evidence for item in plan.diagnoses), *(item.evidence for item in plan.decisions)]
        spoken_of = {evidence.fact for proof in proofs for evidence in proof}
        return sketches(log, self.context.base.measures, spoken_of)
