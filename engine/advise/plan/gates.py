"""Following up an earlier plan: its gates are evaluated on the facts of the run that it asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from advise.conditions import Op, Predicate, count_truth, holds
from advise.documents.problems import Problem
from advise.errors import FactsError
from advise.knowledge.derived import Derived, compute
from advise.plan.model import Gate, GateResult, GateTest, GateTestResult, Plan
from advise.terms import JsonValue
from advise.text import Value

MAX_PLAN_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What an earlier plan contributes to this run's facts.

    Attributes:
        facts: What it carries over, and for each decided gate whether it passed.
        results: How each gate turned out.
    """

    facts: Mapping[str, Value]
    results: tuple[GateResult, ...]


def read_plan(path: Path) -> Plan:
    """Read a plan that `advise --format json` wrote.

    Raises:
        FactsError: It cannot be read, or is no such plan.
    """
    try:
        with path.open("rb") as handle:
            content = handle.read(MAX_PLAN_BYTES + 1)
        if len(content) > MAX_PLAN_BYTES:
            raise _refused(path, f"a plan has at most {MAX_PLAN_BYTES} bytes")
        return Plan.model_validate_json(content)
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole file"
        raise _refused(path, f"this is no plan of `advise --format json`: {where}: {first['msg']}") from error


def follow_up(gates: list[Gate], facts: Mapping[str, Value], derived: Mapping[str, Derived]) -> FollowUp:
    """Evaluate the gates of an earlier plan.

    Args:
        gates: The gates.
        facts: What is known of the run since.
        derived: What is computed from that, and from what the plan carries over.
    """
    brought: dict[str, Value] = {name: _value(value) for gate in gates for name, value in gate.carries.items()}
    known = {**brought, **facts}
    known |= compute(derived, known)
    results = tuple(_result(gate, known) for gate in gates)
    for gate, result in zip(gates, results, strict=True):
        if result.passed is not None:
            brought[gate.sets] = result.passed
    return FollowUp(brought, results)


def _result(gate: Gate, facts: Mapping[str, Value]) -> GateResult:
    tests = [_test(test, facts) for test in gate.of]
    truths = [test.passed for test in tests]
    required = [test.passed for test in tests if test.required]
    passed = count_truth([count_truth(truths, gate.need), count_truth(required, len(required))], 2)
    return GateResult(id=gate.id, passed=passed, met=truths.count(True), need=gate.need, tests=tests)


def _test(test: GateTest, facts: Mapping[str, Value]) -> GateTestResult:
    operand = _value(test.value)
    observed = facts.get(test.fact)
    return GateTestResult(
        **test.model_dump(exclude={"title"}),
        title=test.title,
        observed=list(observed) if isinstance(observed, tuple) else observed,
        passed=holds(Predicate(test.fact, Op(test.op), operand), facts),
    )


def _value(value: JsonValue) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _refused(path: Path, message: str) -> FactsError:
    return FactsError([Problem(str(path), 1, 1, message, "")])
