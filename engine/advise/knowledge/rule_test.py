"""Tests of rules, written in YAML beside them: facts in, the expected finding out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from advise.conditions import Concluded, ConclusionKind
from advise.infer.inference import Inference
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.rule import CheckRule, DecisionRule, DiagnosisRule, Identifier, Shape
from advise.plan.model import CheckStatus, Decision, Diagnosis, JsonValue, Plan

GivenKind = Literal["diagnosis", "decision", "passed", "failed"]
_GIVEN: Mapping[str, ConclusionKind] = {
    "diagnosis": ConclusionKind.DIAGNOSIS,
    "decision": ConclusionKind.DECISION,
    "passed": ConclusionKind.CHECK_PASSED,
    "failed": ConclusionKind.CHECK_FAILED,
}


class Expectation(Shape):
    """What the finding looks like; every key that is given is compared exactly."""

    severity: str | None = None
    certainty: str | None = None
    priority: str | None = None
    evidence: list[str] | None = None
    why_en: str | None = None
    why_zh: str | None = None
    params: dict[str, JsonValue] | None = None
    missing_params: list[str] | None = None
    taken: bool | None = None
    status: CheckStatus | None = None
    value: JsonValue | None = None


class Case(Shape):
    """One test: these facts, and whether the rule fires on them."""

    name: str
    facts: dict[str, object] = {}
    concluded: dict[GivenKind, list[Identifier]] = {}
    fires: bool | Literal["undecided"] | None = None
    waits_for: list[str] | None = None
    expect: Expectation = Expectation()

    def given(self) -> list[Concluded]:
        """The conclusions that the test takes as reached."""
        return [Concluded(_GIVEN[kind], name) for kind, names in self.concluded.items() for name in names]


class RuleTests(Shape):
    """One `<rule>.test.yaml`."""

    rule: str
    tests: Annotated[list[Case], Field(min_length=1)]


RULE_TESTS = TypeAdapter(RuleTests)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that was not met; `path` leads to it inside its test."""

    path: tuple[str | int, ...]
    message: str


def compare(case: Case, rule: Rule, inference: Inference, plan: Plan, base: KnowledgeBase) -> Iterator[Mismatch]:
    """Everything in which the outcome differs from what a test expects.

    Args:
        case: The test.
        rule: The rule it is about.
        inference: What the whole rule base concluded from the test's facts.
        plan: The plan of that.
        base: The rule base.
    """
    if isinstance(rule.spec, CheckRule):
        yield from _compare_check(case, rule.spec, plan)
        return
    yield from _compare_firing(case, rule, inference)
    if rule.id in inference.fired and case.fires is True:
        yield from _compare_finding(case.expect, _outcome(rule, inference, plan))


def _compare_check(case: Case, spec: CheckRule, plan: Plan) -> Iterator[Mismatch]:
    item = next(item for item in plan.checklist if item.id == spec.concludes)
    if case.expect.status is None:
        yield Mismatch(("expect",), "the test of a check expects a `status`")
    elif case.expect.status != item.status:
        yield Mismatch(("expect", "status"), f"expected {case.expect.status}, got {item.status}")
    if case.waits_for is not None and sorted(case.waits_for) != sorted(item.because):
        yield Mismatch(("waits_for",), f"expected {sorted(case.waits_for)}, it waits for {sorted(item.because)}")


def _compare_firing(case: Case, rule: Rule, inference: Inference) -> Iterator[Mismatch]:
    missing = sorted(inference.undecided.get(rule.id, ()))
    state: bool | str = True if rule.id in inference.fired else "undecided" if rule.id in inference.undecided else False
    if case.fires is None:
        yield Mismatch((), "`fires` is needed: true, false or undecided")
    elif state != case.fires:
        detail = f", waiting for {', '.join(missing)}" if missing else ""
        yield Mismatch(("fires",), f"expected {_word(case.fires)}, got {_word(state)}{detail}")
    elif case.waits_for is not None and sorted(case.waits_for) != missing:
        yield Mismatch(("waits_for",), f"expected {sorted(case.waits_for)}, it waits for {missing}")


def _word(state: bool | str) -> str:
    return str(state).lower()


def _outcome(rule: Rule, inference: Inference, plan: Plan) -> Mapping[str, object]:
    outcome: dict[str, object] = {"evidence": sorted({name for premise in inference.fired[rule.id].premises for name, _ in premise.values})}
    match rule.spec:
        case DiagnosisRule(concludes=name):
            found: Diagnosis | Decision | None = next(item for item in plan.diagnoses if item.id == name)
            outcome |= {"severity": rule.spec.severity, "certainty": rule.spec.certainty}
        case DecisionRule(concludes=name):
            found = next((item for item in plan.decisions if item.id == name), None)
            outcome |= {"priority": rule.spec.priority, "taken": found is not None and found.rule == rule.id}
            if isinstance(found, Decision):
                outcome |= {"params": found.params, "missing_params": found.missing_params}
        case _:
            found = None
            outcome["value"] = next(iter(rule.spec.concludes.values())) if isinstance(rule.spec.concludes, dict) else None
    if found is not None and found.rule == rule.id:
        outcome |= {"why_en": found.why.en, "why_zh": found.why.zh}
    return outcome


def _compare_finding(expected: Expectation, outcome: Mapping[str, object]) -> Iterator[Mismatch]:
    for name in sorted(expected.model_fields_set):
        wanted: object = getattr(expected, name)
        wanted = sorted(wanted) if name == "evidence" and isinstance(wanted, list) else wanted
        if name not in outcome:
            yield Mismatch(("expect", name), "there is no such thing to compare: another rule was stronger, or the decision was set aside")
        elif wanted != outcome[name]:
            yield Mismatch(("expect", name), f"expected {wanted!r}, got {outcome[name]!r}")
