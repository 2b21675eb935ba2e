"""Rules that say nothing that another rule does not say whenever they fire, and before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.authoring.lint.settings import params_of
from advise.knowledge.base import Rule
from advise.knowledge.rule import DecisionRule, DeriveRule, DiagnosisRule
from advise.plan.diagnoses import strength


def shadowed(subject: Subject) -> Iterator[Finding]:
    """No rule is silenced by another wherever it fires."""
    for rules in _with_one_conclusion(subject):
        for rule in filter(subject.concerns, rules):
            for other in rules:
                if _goes_before(other, rule, subject) and subject.reach.implies(rule.when, other.when):
                    yield Finding(rule_key(rule.id), ("when",), f"wherever this holds, `{other.id}` holds too and goes before: {_consequence(rule)}")
                    break


def _with_one_conclusion(subject: Subject) -> Iterator[list[Rule]]:
    groups: dict[object, list[Rule]] = defaultdict(list)
    for rule in subject.alive:
        groups[rule.kind, rule.concludes].append(rule)
    yield from groups.values()


def _goes_before(other: Rule, rule: Rule, subject: Subject) -> bool:
    """Whether a rule would be heard, and not the other, where both fire; a rule that has yet to be measured silences none that was."""
    if other is rule or (other.status == "draft" and rule.status == "stable"):
        return False
    match other.spec, rule.spec:
        case DiagnosisRule() as first, DiagnosisRule() as second:
            return strength(first) < strength(second)
        case DecisionRule() as first, DecisionRule() as second:
            if subject.base.decisions[first.concludes].collects or params_of(first) == params_of(second):
                return False
            return (first.priority, first.id) < (second.priority, second.id)
        case DeriveRule() as first, DeriveRule() as second:
            # Of two that say the same under the same condition, one is to stay.
            twins = subject.reach.implies(other.when, rule.when)
            return first.concludes == second.concludes and (first.id < second.id or not twins)
    return False


def _consequence(rule: Rule) -> str:
    if rule.kind == "diagnosis":
        return "this one only supports it, and its severity and its text are never seen"
    return "its numbers are never taken" if rule.kind == "decision" else "it adds nothing"
