"""What a check of the linter finds, and what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from advise.authoring.lint.reach import Reach
from advise.authoring.rule_test import RuleTests
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.parts import Path
from advise.knowledge.rule import DecisionRule, DiagnosisRule


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should be mended, and where.

    Attributes:
        key: The file, as `kb/...` or `rules/...`.
        path: The keys and indexes inside it.
        is_warning: Whether it may be meant.
    """

    key: str
    path: Path
    message: str
    is_warning: bool = False


@dataclass(frozen=True)
class Subject:
    """What is linted: the knowledge base and the tests beside its rules.

    Attributes:
        tests: Of the rules that are looked at.
        homes: The file of `kb/facts/` in which each fact is defined; asked for only where the whole base is looked at.
        about: The rules that are looked at; None for the whole knowledge base.
    """

    base: KnowledgeBase
    tests: Mapping[str, RuleTests]
    homes: Mapping[str, str]
    about: frozenset[str] | None = None

    def concerns(self, rule: Rule) -> bool:
        """Whether a rule is looked at."""
        return self.about is None or rule.id in self.about

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules that are looked at."""
        return [rule for rule in self.base.rules.values() if self.concerns(rule)]

    def place_of_fact(self, name: str) -> tuple[str, Path]:
        """Where a fact, stated or derived, is defined."""
        return ("kb/derived.yaml", ("derived", name)) if name in self.base.derived else (self.homes[name], ("facts", name))

    @cached_property
    def reach(self) -> Reach:
        """What can come about under these rules."""
        return Reach(self.base)

    @cached_property
    def diagnosis_rules(self) -> list[tuple[Rule, DiagnosisRule]]:
        """Every diagnosis rule that is not deprecated."""
        return [(rule, rule.spec) for rule in self.alive if rule.kind == "diagnosis" and isinstance(rule.spec, DiagnosisRule)]

    @cached_property
    def decision_rules(self) -> list[tuple[Rule, DecisionRule]]:
        """Every decision rule that is not deprecated."""
        return [(rule, rule.spec) for rule in self.alive if rule.kind == "decision" and isinstance(rule.spec, DecisionRule)]

    @cached_property
    def alive(self) -> list[Rule]:
        """Every rule that is not deprecated."""
        return [rule for rule in self.base.rules.values() if rule.status != "deprecated"]


def rule_key(rule_id: str) -> str:
    """The key of a rule's file."""
    return f"rules/{rule_id}.yaml"
