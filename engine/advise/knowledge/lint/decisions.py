"""Decisions that cannot be told apart or put in an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from advise.arbitrate import supersedes
from advise.knowledge.lint.finding import Finding, Subject


def superseding_is_acyclic(subject: Subject) -> Iterator[Finding]:
    """No decision supersedes itself by way of others: arbitration could not begin."""
    graph: dict[str, set[str]] = defaultdict(set)
    for name, decision in subject.base.decisions.items():
        graph[name] |= {item.decision for item in decision.supersedes}
    for _, spec in subject.decision_rules:
        graph[spec.concludes] |= {item.decision for item in supersedes(spec, subject.base)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = error.args[1]
        yield Finding("kb/decisions.yaml", ("decisions", cycle[0]), f"superseding goes in a circle: {' → '.join(cycle)}")


def verdicts_are_complete(subject: Subject) -> Iterator[Finding]:
    """Every verdict that a decision may call for has its sentence, and `cannot_tell` comes last."""
    listed = [spec.id for spec in subject.base.verdicts]
    if not listed or listed[-1] != "cannot_tell":
        yield Finding("kb/verdicts.yaml", ("verdicts",), "the last verdict has to be cannot_tell")
    for name, decision in subject.base.decisions.items():
        if decision.verdict != "none" and decision.verdict not in listed:
            yield Finding("kb/decisions.yaml", ("decisions", name, "verdict"), f"kb/verdicts.yaml has no `{decision.verdict}`")
