"""A rule that cites an erratum does not do what it forbids, unless it says why."""

from __future__ import annotations

from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.knowledge.forbidden import disobeys, does_what_is_forbidden


def errata_obeyed(subject: Subject) -> Iterator[Finding]:
    """A rule obeys the errata that it cites, or gives a reason; and no reason is left over."""
    for rule, spec in subject.decision_rules:
        if not subject.concerns(rule):
            continue
        for index, name in enumerate(spec.errata):
            if disobeys(spec, name, subject.base):
                message = f"this does what `{name}` forbids: obey it, or say why not in `in_spite_of`"
                yield Finding(rule_key(rule.id), ("errata", index), message)
        for name in spec.in_spite_of:
            if not does_what_is_forbidden(spec, name, subject.base):
                yield Finding(rule_key(rule.id), ("in_spite_of", name), f"`{name}` forbids nothing of what this does")
