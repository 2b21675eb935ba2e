"""What a plan says for the ledger: the numbers of the decisions that a round tries, and how a round ended."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from advise.documents.nearest import nearest
from advise.documents.scalars import resolve
from advise.errors import LedgerError
from advise.experiments.ledger.record import Result, Step
from advise.knowledge.base import KnowledgeBase
from advise.plan.gates import MAX_PLAN_BYTES
from advise.plan.model import Plan
from advise.terms import JsonValue

_COMPARISON = "advise/comparison@1"


def read_plan_or_comparison(path: Path) -> Plan:
    """The plan in a file: of `advise --format json`, or the one in a comparison or a study.

    Raises:
        LedgerError: It cannot be read, or is no plan.
    """
    try:
        with path.open("rb") as handle:
            content = handle.read(MAX_PLAN_BYTES + 1)
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > MAX_PLAN_BYTES:
        raise LedgerError(f"{path}: a plan has at most {MAX_PLAN_BYTES} bytes")
    try:
        found = json.loads(content)
        return Plan.model_validate(found["plan"] if isinstance(found, dict) and isinstance(found.get("plan"), dict) else found)
    except (ValueError, RecursionError, ValidationError) as error:
        raise LedgerError(f"{path}: is no plan of `advise --format json` or `advise compare --format json`") from error


def tried_steps(asked: Sequence[str], plan: Plan | None, base: KnowledgeBase) -> tuple[Step, ...]:
    """The decisions that a round tries.

    Args:
        asked: Each as `clip`, its numbers from the plan, or as `clip:threshold=1.3`.
        plan: The plan that advised them.
        base: The decisions there are.

    Raises:
        LedgerError: There is no such decision, the plan does not advise it, or what follows it is not written as name=value.
    """
    if not asked and plan is not None:
        candidates = ", ".join(decision.id for decision in plan.decisions)
        raise LedgerError(f"say with --decision which decision of the plan this round tries: {candidates or 'the plan has none'}")
    return tuple(_tried(item, plan, base) for item in asked)


def concluded_steps(plan: Plan, base: KnowledgeBase) -> tuple[Step, ...]:
    """The decisions of a plan that say how a round ended."""
    spec = base.ledger
    results = {} if spec is None else spec.results
    return tuple(Step("concluded", decision.id, decision.params) for decision in plan.decisions if decision.id in results)


def result_of(concluded: Sequence[Step], base: KnowledgeBase) -> Result | None:
    """How a round ended, by what concluded it; None where nothing says."""
    spec = base.ledger
    found: list[Result] = [] if spec is None else [spec.results[step.decision] for step in concluded]
    return found[0] if found else None


def _tried(item: str, plan: Plan | None, base: KnowledgeBase) -> Step:
    decision, colon, numbers = item.partition(":")
    if decision not in base.decisions:
        suggestion = nearest(decision, base.decisions)
        raise LedgerError(f"there is no decision `{decision}`" + (f"; did you mean `{suggestion}`?" if suggestion else ""))
    if colon:
        return Step("tried", decision, dict(_numbers(numbers, item)))
    return Step("tried", decision, _params(decision, plan))


def _params(decision: str, plan: Plan | None) -> Mapping[str, JsonValue]:
    if plan is None:
        return {}
    found = next((found.params for found in plan.decisions if found.id == decision), None)
    if found is None:
        advised = ", ".join(item.id for item in plan.decisions)
        raise LedgerError(f"the plan does not advise `{decision}`: it advises {advised or 'nothing'}")
    return found


def _numbers(text: str, item: str) -> Iterator[tuple[str, JsonValue]]:
    for piece in text.split(","):
        name, equals, value = piece.partition("=")
        scalar = resolve(value.strip())
        finite = scalar is not None and not (isinstance(scalar, float) and not math.isfinite(scalar))
        if not equals or not name.strip() or scalar is None or not finite:
            raise LedgerError(f"`{item}` is not written as DECISION:PARAM=VALUE, such as clip:threshold=1.3")
        yield name.strip(), scalar
