"""What a check of the linter finds, and what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.condition_syntax import Path
from advise.knowledge.rule import DecisionRule, DiagnosisRule
from advise.knowledge.rule_test import RuleTests


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should be mended, and where.

    Attributes:
        key: The file, as `kb/...` or `rules/...`.
        path: The keys and indexes inside it.
    """

    key: str
    path: Path
    message: str


@dataclass(frozen=True)
class Subject:
    """What is linted: the knowledge base and the tests beside its rules."""

    base: KnowledgeBase
    tests: Mapping[str, RuleTests]

    @cached_property
    def diagnosis_rules(self) -> list[tuple[Rule, DiagnosisRule]]:
        """Every diagnosis rule that is not deprecated."""
        return [(rule, rule.spec) for rule in self._alive if isinstance(rule.spec, DiagnosisRule)]

    @cached_property
    def decision_rules(self) -> list[tuple[Rule, DecisionRule]]:
        """Every decision rule that is not deprecated."""
        return [(rule, rule.spec) for rule in self._alive if isinstance(rule.spec, DecisionRule)]

    @property
    def _alive(self) -> list[Rule]:
        return [rule for rule in self.base.rules.values() if rule.spec.status != "deprecated"]


def rule_key(rule_id: str) -> str:
    """The key of a rule's file."""
    return f"rules/{rule_id}.yaml"
