"""Verdicts that decisions call for."""

from __future__ import annotations

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
