"""What the catalogues of verdicts and of the ledger say of decisions, against the rules for these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject


def verdicts_are_complete(subject: Subject) -> Iterator[Finding]:
    """Every verdict that a decision may call for has its sentence, and `cannot_tell` comes last."""
    listed = [spec.id for spec in subject.base.verdicts]
    if not listed or listed[-1] != "cannot_tell":
        yield Finding("kb/verdicts.yaml", ("verdicts",), "the last verdict has to be cannot_tell")
    for name, decision in subject.base.decisions.items():
        if decision.verdict != "none" and decision.verdict not in listed:
            yield Finding("kb/decisions.yaml", ("decisions", name, "verdict"), f"kb/verdicts.yaml has no `{decision.verdict}`")


def tried_params_given(subject: Subject) -> Iterator[Finding]:
    """The param that makes one attempt differ from another is a param of some rule for the decision."""
    given: dict[str, set[str]] = defaultdict(set)
    for _, spec in subject.decision_rules:
        given[spec.concludes].update(spec.params)
    ledger = subject.base.ledger
    for decision, param in () if ledger is None else ledger.tried.items():
        if param is not None and param not in given[decision]:
            yield Finding("kb/ledger.yaml", ("ledger", "tried", decision), f"no rule for `{decision}` has a param `{param}`")
