"""Tests of rules, written in YAML beside them: facts in, the expected finding out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from advise.conditions import Concluded, ConclusionKind
from advise.infer.inference import Inference
from advise.infer.open import awaited
from advise.knowledge.base import Rule
from advise.knowledge.rule import DecisionRule, DeriveRule, DiagnosisRule, Identifier, Shape
from advise.plan.checklist import checklist
from advise.plan.decisions import decision
from advise.plan.diagnoses import diagnoses
from advise.plan.examination import Examination
from advise.plan.model import Decision, Diagnosis
from advise.terms import CheckStatus, JsonValue

GivenKind = Literal["diagnosis", "decision", "passed", "failed", "alarm"]
_GIVEN: Mapping[str, ConclusionKind] = {
    "diagnosis": ConclusionKind.DIAGNOSIS,
    "decision": ConclusionKind.DECISION,
    "passed": ConclusionKind.CHECK_PASSED,
    "failed": ConclusionKind.CHECK_FAILED,
    "alarm": ConclusionKind.ALARM,
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
    asks: bool | None = None
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
_TEXTS = frozenset({"why_en", "why_zh"})
_ARBITRATED = _TEXTS | {"params", "missing_params", "taken", "asks"}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that was not met; `path` leads to it inside its test."""

    path: tuple[str | int, ...]
    message: str


def compare(case: Case, rule: Rule, found: Examination) -> Iterator[Mismatch]:
    """Everything in which the outcome differs from what a test expects.

    Args:
        case: The test.
        rule: The rule it is about.
        found: What the whole rule base makes of the test's facts; no plan is made where the test asks for none.
    """
    if rule.kind == "check":
        yield from _compare_check(case, rule, found)
        return
    yield from _compare_firing(case, rule, found.inference)
    if case.fires is True and case.expect.model_fields_set and rule.id in found.inference.fired:
        yield from _compare_finding(case.expect, _outcome(rule, found, case.expect.model_fields_set))


def _compare_check(case: Case, rule: Rule, found: Examination) -> Iterator[Mismatch]:
    base = found.context.base
    (item,) = checklist(found.inference, replace(base, checklist={rule.concludes: base.checklist[rule.concludes]}))
    if case.expect.status is None:
        yield Mismatch(("expect",), "the test of a check expects a `status`")
    elif case.expect.status != item.status:
        yield Mismatch(("expect", "status"), f"expected {case.expect.status}, got {item.status}")
    if case.waits_for is not None and sorted(case.waits_for) != sorted(item.because):
        yield Mismatch(("waits_for",), f"expected {sorted(case.waits_for)}, it waits for {sorted(item.because)}")


def _compare_firing(case: Case, rule: Rule, inference: Inference) -> Iterator[Mismatch]:
    state, missing = _state(rule, inference)
    if case.fires is None:
        yield Mismatch((), "`fires` is needed: true, false or undecided")
    elif state != case.fires:
        detail = f", waiting for {', '.join(missing)}" if missing else ""
        yield Mismatch(("fires",), f"expected {_word(case.fires)}, got {_word(state)}{detail}")
    elif case.waits_for is not None and sorted(case.waits_for) != missing:
        yield Mismatch(("waits_for",), f"expected {sorted(case.waits_for)}, it waits for {missing}")


def _state(rule: Rule, inference: Inference) -> tuple[bool | str, list[str]]:
    """Whether the rule fires, and what it waits for while that is open; a rule that does not speak never fires."""
    if rule.id not in inference.program.implications:
        return False, []
    truth, missing = awaited(rule.when, inference.facts, inference.concluded)
    return ("undecided" if truth is None else truth), sorted(missing)


def _word(state: bool | str) -> str:
    return str(state).lower()


def _outcome(rule: Rule, found: Examination, asked: Collection[str]) -> Mapping[str, object]:
    """What can be compared; where nothing asked about stands in a plan, none is made."""
    outcome: dict[str, object] = {"evidence": sorted({name for premise in found.inference.fired[rule.id].premises for name, _ in premise.values})}
    match rule.spec:
        case DeriveRule(concludes=concludes):
            outcome["value"] = next(iter(concludes.values()))
        case DiagnosisRule(severity=severity, certainty=certainty):
            outcome |= {"severity": severity, "certainty": certainty}
            if not _TEXTS.isdisjoint(asked):
                outcome |= _texts(rule, diagnoses(found.inference, found.context))
        case DecisionRule(priority=priority):
            outcome["priority"] = priority
            if not _ARBITRATED.isdisjoint(asked):
                outcome |= _decided(rule, found)
    return outcome


def _decided(rule: Rule, found: Examination) -> Mapping[str, object]:
    taken, waiting = (
        [decision(item, found.inference.fired, found.context) for item in items if item.candidate.rule.concludes == rule.concludes]
        for items in (found.outcome.taken, found.outcome.waiting)
    )
    outcome: dict[str, object] = {"taken": any(item.rule == rule.id for item in taken), "asks": any(item.rule == rule.id for item in waiting)}
    for item in (*waiting, *taken):
        outcome |= {"params": item.params, "missing_params": item.missing_params}
    return {**outcome, **_texts(rule, taken)}


def _texts(rule: Rule, made: Iterable[Diagnosis | Decision]) -> Mapping[str, object]:
    return next(({"why_en": item.why.en, "why_zh": item.why.zh} for item in made if item.rule == rule.id), {})


def _compare_finding(expected: Expectation, outcome: Mapping[str, object]) -> Iterator[Mismatch]:
    for name in sorted(expected.model_fields_set):
        wanted: object = getattr(expected, name)
        wanted = sorted(wanted) if name == "evidence" and isinstance(wanted, list) else wanted
        if name not in outcome:
            yield Mismatch(("expect", name), "there is no such thing to compare: another rule was stronger, or the decision was set aside")
        elif wanted != outcome[name]:
            yield Mismatch(("expect", name), f"expected {wanted!r}, got {outcome[name]!r}")
