"""The table of symptoms says no more than the rules and their tests hold."""

from __future__ import annotations

from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject
from advise.authoring.rule_test import RuleTests

_KEY = "kb/symptoms.yaml"


def symptoms_answered(subject: Subject) -> Iterator[Finding]:
    """Symptoms are numbered from 1 on, and every rule that one names exists, is stable, and fires in a test on facts alone."""
    for index, symptom in enumerate(subject.base.symptoms):
        if symptom.number != index + 1:
            yield Finding(_KEY, ("symptoms", index, "number"), f"symptom {index + 1} is expected here")
        for place, rule_id in enumerate(symptom.rules):
            fault = _fault(rule_id, subject)
            if fault is not None:
                yield Finding(_KEY, ("symptoms", index, "rules", place), f"`{rule_id}` {fault}, so it does not count for this symptom")


def _fault(rule_id: str, subject: Subject) -> str | None:
    rule = subject.base.rules.get(rule_id)
    if rule is None:
        return "is no rule"
    if rule.status != "stable":
        return f"is {rule.status}"
    return None if fires_on_facts(subject.tests.get(rule_id)) else "has no test in which it fires on facts alone"


def fires_on_facts(tests: RuleTests | None) -> bool:
    """Whether a rule fires in one of its tests without a conclusion that is taken as reached."""
    return tests is not None and any(case.fires is True and not case.concluded for case in tests.tests)
