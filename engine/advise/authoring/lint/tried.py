"""What the ledger compares attempts by is a number that the rules for their decision give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject


def tried_params_given(subject: Subject) -> Iterator[Finding]:
    """The param that makes one attempt differ from another is a param of some rule for the decision."""
    given: dict[str, set[str]] = defaultdict(set)
    for _, spec in subject.decision_rules:
        given[spec.concludes].update(spec.params)
    ledger = subject.base.ledger
    for decision, param in () if ledger is None else ledger.tried.items():
        if param is not None and param not in given[decision]:
            yield Finding("kb/ledger.yaml", ("ledger", "tried", decision), f"no rule for `{decision}` has a param `{param}`")
