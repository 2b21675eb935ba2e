"""What an erratum forbids is told from what a rule does: its decision, its settings, what they rest on, its gates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advise.knowledge.base import KnowledgeBase
from advise.knowledge.catalog import Forbidden
from advise.knowledge.forbidden import does_what_is_forbidden
from advise.knowledge.load import load_knowledge
from advise.knowledge.rule import DecisionRule


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load_knowledge()


def rule(base: KnowledgeBase, name: str) -> DecisionRule:
    spec = base.rules[name].spec
    assert isinstance(spec, DecisionRule)
    return spec


@pytest.mark.parametrize(
    ("name", "pattern", "does"),
    [
        ("schedule/train-shorter", {"decision": "shorten_training"}, True),
        ("schedule/train-shorter", {"decision": "extend_training"}, False),
        ("schedule/train-shorter", {"setting": "budget.steps"}, True),
        ("schedule/train-shorter", {"setting": "budget.steps", "to": "down"}, True),
        ("schedule/train-shorter", {"setting": "budget.steps", "to": "up"}, False),
        ("schedule/train-shorter", {"setting": "lr.peak"}, False),
        # By way of what it is computed from.
        ("schedule/train-shorter", {"setting": "budget.epochs", "computed_from": "dev.best_epoch"}, True),
        ("schedule/train-shorter", {"setting": "budget.steps", "computed_from": "dev.best_epoch"}, False),
        ("schedule/train-shorter", {"computed_from": "dev.best_epoch"}, True),
        ("schedule/train-shorter", {"decision": "extend_training", "setting": "budget.steps"}, False),
        ("schedule/plan-what-will-be-run", {"computed_from": "dev.best_epoch"}, False),
        ("resume/trial-before-the-rest", {"gate_without": "followup.metric_best"}, False),
        ("resume/trial-before-the-rest", {"gate_without": "followup.spread_median"}, True),
        ("schedule/train-shorter", {"gate_without": "followup.metric_best"}, False),
    ],
)
def test_a_pattern_is_met_where_all_of_it_is_so(base: KnowledgeBase, name: str, pattern: dict[str, Any], does: bool) -> None:
    erratum = base.errata["btc-early-stopping"].model_copy(update={"forbids": [Forbidden(**pattern)]})
    changed = replace(base, errata={"e": erratum})
    assert does_what_is_forbidden(rule(base, name), "e", changed) is does


def test_a_gate_that_a_standstill_passes_is_forbidden(base: KnowledgeBase) -> None:
    spec = rule(base, "resume/trial-before-the-rest")
    (gate,) = spec.gates
    lax = gate.model_copy(update={"of": [test.model_copy(update={"required": False}) for test in gate.of], "need": 2})
    assert not does_what_is_forbidden(spec, "supernet-gates-without-improvement", base)
    assert does_what_is_forbidden(spec.model_copy(update={"gates": [lax]}), "supernet-gates-without-improvement", base)
